/* bench_output.c: what `quern bench` measured, shown. */
#include "bench_output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

double bench_row_unit(const bench_row *row)
{
    return row->gates == 0 ? (double)NAN : row->times.median / (double)row->gates / ldexp(1.0, (int)row->nqubits);
}

/* By the least time: a step is the engine's own, and other load must not make one. */
static double least_unit(const bench_row *row)
{
    return bench_row_unit(row) * row->times.least / row->times.median;
}

static const char *precision_name(bool single_precision)
{
    return single_precision ? "f32" : "f64";
}

static bool same_curve(const bench_row *a, const bench_row *b)
{
    return a->workload == b->workload && a->threads == b->threads && a->single_precision == b->single_precision;
}

const bench_row *bench_largest_step(const bench_result *result, double *ratio)
{
    const bench_row *largest = NULL;
    *ratio = 0.0;
    for (size_t i = 0; i < result->nrows; i++) {
        const bench_row *from = &result->rows[i];
        for (size_t k = 0; k < result->nrows && from->workload->kind == BENCH_STATE; k++) {
            const bench_row *to = &result->rows[k];
            const double step = least_unit(to) / least_unit(from);
            if (same_curve(from, to) && to->nqubits == from->nqubits + 1 && step > *ratio) {
                *ratio = step;
                largest = to;
            }
        }
    }
    return largest;
}

/* Half the distance of the quartiles, relative to the median. */
static double spread(const bench_row *row)
{
    return 0.5 * (row->times.high - row->times.low) / row->times.median;
}

/* "0.53", "84", or "-" when it is not defined. */
static const char *multiple(char *buffer, size_t capacity, double value)
{
    if (!isfinite(value)) {
        (void)snprintf(buffer, capacity, "-");
    } else {
        (void)snprintf(buffer, capacity, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
    }
    return buffer;
}

static void ceilings_text(qn_text *text, const bench_result *result)
{
    char a[64], b[64];
    for (size_t k = 0; k < result->nceilings; k++) {
        const bench_ceiling *c = &result->ceilings[k];
        qn_text_printf(text, "%u thread%s: at most %s (f64) and %s (f32) fused multiply-adds a second\n", c->threads,
                       c->threads == 1 ? "" : "s", qn_human(a, sizeof a, c->fmadd_rate[0], NULL),
                       qn_human(b, sizeof b, c->fmadd_rate[1], NULL));
    }
    for (size_t k = 0; k < result->npasses; k++) {
        const bench_pass *p = &result->passes[k];
        qn_text_printf(text, "%u qubits, %u thread%s: a pass takes %s (%.3g GB/s)\n", p->nqubits, p->threads,
                       p->threads == 1 ? "" : "s", qn_human(a, sizeof a, p->seconds[0], "s"),
                       2e-9 * 16.0 * ldexp(1.0, (int)p->nqubits) / p->seconds[0]);
    }
}

void bench_text(qn_text *text, const bench_result *result, bool quiet)
{
    char time[64], passes[32], floor_multiple[32], unit[32];
    double ratio = 0.0;
    qn_text_printf(text, "%-19s %6s %9s %7s %11s %6s %6s %11s %8s %7s\n", "workload", "qubits", "precision", "threads",
                   "time", "+-", "gates", "ns/amp/gate", "passes", "x floor");
    for (size_t k = 0; k < result->nrows; k++) {
        const bench_row *row = &result->rows[k];
        const double ns = 1e9 * bench_row_unit(row);
        (void)snprintf(unit, sizeof unit, isfinite(ns) ? "%.4f" : "-", ns);
        qn_text_printf(text, "%-19s %6u %9s %7u %11s %5.1f%% %6zu %11s %8s %7s\n", row->workload->name, row->nqubits,
                       precision_name(row->single_precision), row->threads,
                       qn_human(time, sizeof time, row->times.median, "s"), 100.0 * spread(row), row->gates, unit,
                       multiple(passes, sizeof passes, row->times.median / row->pass),
                       multiple(floor_multiple, sizeof floor_multiple,
                                row->floor > 0.0 ? row->times.median / row->floor : (double)NAN));
    }
    if (quiet) {
        return;
    }
    qn_text_printf(text,
                   "\nTimes are medians, +- half the distance of the quartiles. A pass reads and writes 16 bytes an "
                   "amplitude in place;\nthe floor is the arithmetic of the gates as written at the processor's "
                   "peak.\n");
    ceilings_text(text, result);
    const bench_row *step = bench_largest_step(result, &ratio);
    if (step != NULL) {
        qn_text_printf(text,
                       "Largest step in time per amplitude and gate from one size to the next: x%.2f (%s %s, %u to "
                       "%u qubits, %u thread%s)\n",
                       ratio, step->workload->name, precision_name(step->single_precision), step->nqubits - 1,
                       step->nqubits, step->threads, step->threads == 1 ? "" : "s");
    }
    qn_text_printf(text, "Engine %s with %s kernels, %s in all\n", result->engine, result->arch,
                   qn_human(time, sizeof time, result->seconds, "s"));
    if (result->interrupted || result->out_of_time) {
        qn_text_printf(text, "%s: this is not all that was asked for.\n",
                       result->interrupted ? "Interrupted" : "The time budget is spent");
    }
}

/* Numbers that are not defined are empty fields. */
static void csv_number(qn_text *text, double value)
{
    qn_text_append(text, ",", 1);
    if (isfinite(value)) {
        qn_text_printf(text, "%.9g", value);
    }
}

void bench_csv(qn_text *text, const bench_result *result)
{
    qn_text_printf(text,
                   "workload,qubits,precision,threads,gates,terms,parameters,seconds,quartile_low,quartile_high,least,"
                   "batches,calls,seconds_per_amplitude_gate,pass_seconds,passes,floor_seconds,floors\n");
    for (size_t k = 0; k < result->nrows; k++) {
        const bench_row *row = &result->rows[k];
        qn_text_printf(text, "%s,%u,%s,%u,%zu,%zu,%zu", row->workload->name, row->nqubits,
                       precision_name(row->single_precision), row->threads, row->gates, row->terms, row->parameters);
        csv_number(text, row->times.median);
        csv_number(text, row->times.low);
        csv_number(text, row->times.high);
        csv_number(text, row->times.least);
        qn_text_printf(text, ",%zu,%llu", row->times.batches, (unsigned long long)row->times.calls);
        csv_number(text, bench_row_unit(row));
        csv_number(text, row->pass);
        csv_number(text, row->times.median / row->pass);
        csv_number(text, row->floor);
        csv_number(text, row->floor > 0.0 ? row->times.median / row->floor : (double)NAN);
        qn_text_append(text, "\n", 1);
    }
}

static void row_json(qn_json *json, const bench_row *row)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "workload", row->workload->name);
    qn_json_unsigned(json, "qubits", row->nqubits);
    qn_json_string(json, "precision", precision_name(row->single_precision));
    qn_json_unsigned(json, "threads", row->threads);
    qn_json_unsigned(json, "gates", row->gates);
    qn_json_unsigned(json, "terms", row->terms);
    qn_json_unsigned(json, "parameters", row->parameters);
    qn_json_number(json, "seconds", row->times.median);
    qn_json_number(json, "quartile_low", row->times.low);
    qn_json_number(json, "quartile_high", row->times.high);
    qn_json_number(json, "least", row->times.least);
    qn_json_unsigned(json, "batches", row->times.batches);
    qn_json_unsigned(json, "calls", row->times.calls);
    qn_json_number(json, "seconds_per_amplitude_gate", bench_row_unit(row));
    qn_json_number(json, "pass_seconds", row->pass);
    qn_json_number(json, "passes", row->times.median / row->pass);
    qn_json_number(json, "floor_seconds", row->floor);
    qn_json_number(json, "floors", row->floor > 0.0 ? row->times.median / row->floor : (double)NAN);
    qn_json_end_object(json);
}

static void machine_json(qn_json *json, const bench_result *result)
{
    qn_json_begin_object(json, "machine");
    qn_json_string(json, "arch", result->arch);
    qn_json_begin_array(json, "multiply_adds");
    for (size_t k = 0; k < result->nceilings; k++) {
        qn_json_begin_object(json, NULL);
        qn_json_unsigned(json, "threads", result->ceilings[k].threads);
        qn_json_number(json, "f64_per_second", result->ceilings[k].fmadd_rate[0]);
        qn_json_number(json, "f32_per_second", result->ceilings[k].fmadd_rate[1]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_begin_array(json, "passes");
    for (size_t k = 0; k < result->npasses; k++) {
        qn_json_begin_object(json, NULL);
        qn_json_unsigned(json, "qubits", result->passes[k].nqubits);
        qn_json_unsigned(json, "threads", result->passes[k].threads);
        qn_json_number(json, "seconds", result->passes[k].seconds[0]);
        qn_json_number(json, "seconds_f32", result->passes[k].seconds[1]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
}

void bench_json(qn_json *json, const bench_result *result)
{
    double ratio = 0.0;
    const bench_row *step = bench_largest_step(result, &ratio);
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.bench.engine/1");
    qn_json_string(json, "version", qn_version());
    qn_json_string(json, "engine", result->engine);
    machine_json(json, result);
    qn_json_begin_array(json, "rows");
    for (size_t k = 0; k < result->nrows; k++) {
        row_json(json, &result->rows[k]);
    }
    qn_json_end_array(json);
    if (step != NULL) {
        qn_json_begin_object(json, "largest_step");
        qn_json_string(json, "workload", step->workload->name);
        qn_json_string(json, "precision", precision_name(step->single_precision));
        qn_json_unsigned(json, "threads", step->threads);
        qn_json_unsigned(json, "qubits", step->nqubits);
        qn_json_number(json, "ratio", ratio);
        qn_json_end_object(json);
    }
    qn_json_unsigned(json, "left_out", result->left_out);
    qn_json_bool(json, "interrupted", result->interrupted);
    qn_json_bool(json, "out_of_time", result->out_of_time);
    qn_json_number(json, "seconds", result->seconds);
    qn_json_end_object(json);
}

/* Every workload with gates, precision and number of threads is a curve. */
enum { MOST_CURVES = 24, NAME_LENGTH = 64 };

typedef struct curves {
    qn_series series[MOST_CURVES];
    char names[MOST_CURVES][NAME_LENGTH];
    size_t count;
    double *numbers; /* x and y of all curves */
} curves;

static void add_curve(curves *c, const bench_result *result, size_t first, size_t *used)
{
    const bench_row *row = &result->rows[first];
    double *x = c->numbers + 2 * *used;
    size_t count = 0;
    for (size_t k = first; k < result->nrows; k++) {
        count += same_curve(row, &result->rows[k]) ? 1 : 0;
    }
    double *y = x + count;
    size_t at = 0;
    for (size_t k = first; k < result->nrows; k++) {
        if (same_curve(row, &result->rows[k])) {
            x[at] = result->rows[k].nqubits;
            y[at++] = 1e9 * bench_row_unit(&result->rows[k]);
        }
    }
    *used += count;
    (void)snprintf(c->names[c->count], NAME_LENGTH, "%s %s, %u thread%s", row->workload->name,
                   precision_name(row->single_precision), row->threads, row->threads == 1 ? "" : "s");
    c->series[c->count] = (qn_series){c->names[c->count], x, y, count, NULL, NULL, count == 1};
    c->count++;
}

qn_status bench_svg(qn_text *text, const bench_result *result)
{
    curves c = {.count = 0, .numbers = malloc((2 * result->nrows + 1) * sizeof *c.numbers)};
    char subtitle[160];
    double ratio = 0.0;
    size_t used = 0;
    if (c.numbers == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t k = 0; k < result->nrows && c.count < MOST_CURVES; k++) {
        bool begun = false;
        for (size_t other = 0; other < k; other++) {
            begun = begun || same_curve(&result->rows[other], &result->rows[k]);
        }
        if (!begun && result->rows[k].gates > 0) {
            add_curve(&c, result, k, &used);
        }
    }
    if (c.count > 0) {
        const bench_row *step = bench_largest_step(result, &ratio);
        (void)snprintf(subtitle, sizeof subtitle, "engine %s, %s kernels%s", result->engine, result->arch,
                       step == NULL ? "" : "; largest step x");
        if (step != NULL) {
            const size_t length = strlen(subtitle);
            (void)snprintf(subtitle + length, sizeof subtitle - length, "%.2f at %u qubits", ratio, step->nqubits);
        }
        qn_plot plot = QN_PLOT_INIT;
        plot.title = "Time per amplitude and gate";
        plot.subtitle = subtitle;
        plot.x_label = "qubits";
        plot.y_label = "nanoseconds";
        plot.log_y = true;
        plot.series = c.series;
        plot.nseries = c.count;
        qn_text_plot(text, &plot, true);
    }
    free(c.numbers);
    return c.count > 0 ? QN_OK : QN_ERR_ARGUMENT;
}
