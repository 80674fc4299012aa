/* rival.c: rows of data/classical.tsv and the measured machine as one struct. */
#include "advise/rival.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise/advice.h"

static qn_status read_row(const qn_advice *advice, const char *id, qn__rival *out)
{
    const qn__table *table = NULL;
    const qn__row *row = NULL;
    QN_TRY(qn__advice_table(advice, "classical", &table));
    QN_TRY(qn__table_find(table, id, "baseline", &row));
    const struct {
        const char *column;
        qn__count *to;
    } rates[] = {
        {"copy_bytes_s", &out->copy_bytes_s},
        {"fma_f64_s", &out->fma_f64_s},
        {"fma_f32_s", &out->fma_f32_s},
        {"gemm_f64_s", &out->gemm_f64_s},
        {"gemm_f32_s", &out->gemm_f32_s},
        {"gemm_bf16_s", &out->gemm_bf16_s},
        {"int32_ops_s", &out->int32_ops_s},
        {"binary_ops_s", &out->binary_ops_s},
        {"monte_carlo_paths_s", &out->monte_carlo_paths_s},
        {"scan_bytes_s", &out->scan_bytes_s},
        {"hash_probe_s", &out->hash_probe_s},
        {"memory_bytes", &out->memory_bytes},
    };
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        double value = 0;
        QN_TRY(qn__table_number(table, row, rates[i].column, &value));
        if (!(value > 0)) {
            return qn__row_fail(table, row, "%s must be above zero", rates[i].column);
        }
        *rates[i].to = (qn__count)value;
    }
    out->machines = 1;
    (void)snprintf(out->name, sizeof out->name, "%s", qn__table_text(table, row, "name"));
    return QN_OK;
}

/* What was measured replaces the row; the rates that are not measured follow the nearest that is. */
static void use_machine(const qn_machine *machine, qn__rival *out)
{
    const qn__count faster = (qn__count)machine->fma_f32_s / out->fma_f32_s;
    out->int32_ops_s *= faster;
    out->binary_ops_s *= faster;
    out->copy_bytes_s = (qn__count)machine->copy_bytes_s;
    out->fma_f64_s = (qn__count)machine->fma_f64_s;
    out->fma_f32_s = (qn__count)machine->fma_f32_s;
    out->gemm_f64_s = (qn__count)machine->gemm_f64_s;
    out->gemm_f32_s = (qn__count)machine->gemm_f32_s;
    out->gemm_bf16_s = (qn__count)machine->gemm_f32_s;
    out->monte_carlo_paths_s = (qn__count)machine->monte_carlo_paths_s;
    out->scan_bytes_s = (qn__count)machine->scan_bytes_s;
    out->hash_probe_s = (qn__count)machine->hash_probe_s;
    out->cg_nonzeros_s = 1 / (qn__count)machine->cg_s_per_nonzero;
    out->measured = true;
    (void)snprintf(out->name, sizeof out->name, "this machine (%.80s, measured %.10s)", machine->cpu, machine->date);
}

void qn__rival_scale(qn__rival *rival, qn__count factor)
{
    qn__count *const rates[] = {
        &rival->copy_bytes_s,        &rival->fma_f64_s,    &rival->fma_f32_s,     &rival->gemm_f64_s,
        &rival->gemm_f32_s,          &rival->gemm_bf16_s,  &rival->int32_ops_s,   &rival->binary_ops_s,
        &rival->monte_carlo_paths_s, &rival->scan_bytes_s, &rival->cg_nonzeros_s,
    };
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        *rates[i] *= factor;
    }
    rival->hash_probe_s /= factor;
}

qn_status qn__rival_find(const qn_advice *advice, const char *baseline, const qn_machine *machine, qn__rival *out)
{
    *out = (qn__rival){0};
    if (strncmp(baseline, "cluster:", 8) == 0) {
        char *end = NULL;
        const double count = strtod(baseline + 8, &end);
        QN_CHECK(baseline[8] != '\0' && *end == '\0' && count >= 1 && count <= 1e9, ERR_RANGE,
                 "baseline '%.64s': cluster:K needs a number of GPUs from 1 to 1e9", baseline);
        QN_TRY(read_row(advice, "h200", out));
        qn__rival_scale(out, (qn__count)count);
        out->machines = count;
        out->memory_bytes *= (qn__count)count;
        (void)snprintf(out->name, sizeof out->name, "%.0f NVIDIA H200", count);
        return QN_OK;
    }
    QN_TRY(read_row(advice, baseline, out));
    if (machine != NULL && strcmp(baseline, "cpu") == 0) {
        use_machine(machine, out);
    }
    return QN_OK;
}
