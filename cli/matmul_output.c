/* matmul_output.c: a matrix product as text, JSON and picture. */
#include <math.h>
#include <stdio.h>

#include "matmul_view.h"

void matmul_input_json(qn_json *json, const void *user)
{
    const matmul_view *const view = user;
    qn_json_string(json, "a", view->invocation->operands[0]);
    qn_json_string(json, "b", view->invocation->operands[1]);
    qn_json_unsigned(json, "rows", view->product->rows);
    qn_json_unsigned(json, "inner", view->product->inner);
    qn_json_unsigned(json, "columns", view->product->columns);
}

void matmul_result_json(qn_json *json, const void *user)
{
    const matmul_view *const view = user;
    const qn_product *const p = view->product;
    qn_json_string(json, "method", qn_product_method_name(p->method));
    qn_json_string(json, "tier", cli_value_of(view->invocation, "tier")->text);
    qn_json_number(json, "epsilon", p->epsilon);
    qn_json_bool(json, "signs", p->method != QN_PRODUCT_SWAP);
    qn_json_bool(json, "interrupted", p->interrupted);
    qn_json_number(json, "norm", p->norm);
    qn_json_number(json, "alpha_a", p->alpha_a);
    qn_json_number(json, "alpha_b", p->alpha_b);
    qn_json_number(json, "alpha", p->alpha_a * p->alpha_b);
    qn_json_number(json, "success_probability", p->success_probability);
    qn_json_number(json, "shots", p->shots_total);
    qn_json_number(json, "shots_per_entry", p->shots_per_entry);
    qn_json_number(json, "queries", p->queries_total);
    qn_json_number(json, "steps_per_shot", p->steps_mean);
    qn_json_number(json, "error", p->error_frobenius);
    qn_json_number(json, "error_largest", p->error_largest);
    qn_json_number(json, "error_rms", p->error_rms);
    qn_json_begin_object(json, "gemm");
    qn_json_number(json, "seconds", p->gemm_seconds);
    qn_json_number(json, "flops_per_second_of_clock", p->gemm_flops);
    qn_json_end_object(json);
    qn_json_begin_object(json, "freivalds");
    qn_json_unsigned(json, "rounds", p->freivalds_rounds);
    qn_json_number(json, "seconds", p->freivalds_seconds);
    qn_json_number(json, "residual_gemm", p->freivalds_exact);
    qn_json_number(json, "residual_quantum", p->freivalds_quantum);
    qn_json_end_object(json);
    qn_json_number(json, "simulator_seconds", p->simulator_seconds);
    const double quantum = view->ledger.quantum_seconds_p50.value;
    qn_json_number(json, "gemm_advantage",
                   view->ledger.quantum_seconds_p50.source != QN_SOURCE_UNKNOWN ? quantum / p->gemm_seconds
                                                                                : (double)NAN);
    if (p->rows * p->columns <= 64) {
        qn_json_begin_array(json, "matrix");
        for (size_t k = 0; k < p->rows * p->columns; k++) {
            qn_json_number(json, NULL, p->quantum[k]);
        }
        qn_json_end_array(json);
    }
}

static void how_text(qn_text *text, const qn_product *p)
{
    char runs[32], loads[32];
    switch (p->method) {
    case QN_PRODUCT_STATE:
        qn_text_printf(text,
                       "product    state of C from |B> and a block-encoding of A: alpha %.5g = |A| |B| against |C| = "
                       "%.5g, so a run succeeds with %.3g\n",
                       p->alpha_a * p->alpha_b, p->norm, p->success_probability);
        break;
    case QN_PRODUCT_SWAP:
        qn_text_printf(text, "swap       a swap test an entry: sizes, no signs; small entries are the worst read\n");
        break;
    case QN_PRODUCT_HADAMARD:
        qn_text_printf(text, "hadamard   a Hadamard test an entry: (1 + overlap) / 2\n");
        break;
    case QN_PRODUCT_ESTIMATE:
        qn_text_printf(text, "estimate   amplitude estimation of the Hadamard test, %.3g steps a run on average\n",
                       p->steps_mean);
        break;
    }
    qn_text_printf(text, "runs       %s (%.4g an entry), %s loads of a vector or a matrix\n",
                   qn_human(runs, sizeof runs, p->shots_total, NULL), p->shots_per_entry,
                   qn_human(loads, sizeof loads, p->queries_total, NULL));
}

void matmul_text(qn_text *text, const qn_style *style, const void *user)
{
    (void)style;
    const matmul_view *const view = user;
    const qn_product *const p = view->product;
    char time[32], speed[32], check[32];
    qn_text_printf(text, "C = A B, %zu x %zu times %zu x %zu\n", p->rows, p->inner, p->inner, p->columns);
    how_text(text, p);
    qn_text_printf(text,
                   "error      |C' - C| / |C| = %.3g; an entry over its row's and column's norms: %.3g rms, %.3g "
                   "at most (asked: %.3g)\n",
                   p->error_frobenius, p->error_rms, p->error_largest, p->epsilon);
    if (p->interrupted) {
        qn_text_printf(text, "interrupted: entries not reached are 0\n");
    }
    if (cli_value_of(view->invocation, "quiet")->given) {
        return;
    }
    qn_text_printf(text, "dgemm      %s, %s\n", qn_human(time, sizeof time, p->gemm_seconds, "s"),
                   qn_human(speed, sizeof speed, p->gemm_flops, "flop/s"));
    qn_text_printf(text,
                   "Freivalds  |A (B r) - C r| over |A| |B| |r| in %u rounds, %s: %.1e for dgemm's C, %.1e for the one "
                   "read out\n",
                   p->freivalds_rounds, qn_human(check, sizeof check, p->freivalds_seconds, "s"), p->freivalds_exact,
                   p->freivalds_quantum);
    if (view->ledger.quantum_seconds_p50.source != QN_SOURCE_UNKNOWN) {
        qn_text_printf(text,
                       "dgemm is ahead by a factor of %.1e (modelled time of all runs on an error-corrected machine "
                       "over dgemm's measured time)\n",
                       view->ledger.quantum_seconds_p50.value / p->gemm_seconds);
    }
}

void matmul_picture(matmul_view *view)
{
    const qn_product *const p = view->product;
    const size_t entries = p->rows * p->columns, count = entries < MATMUL_POINTS ? entries : MATMUL_POINTS;
    view->ends[0] = HUGE_VAL;
    view->ends[1] = -HUGE_VAL;
    for (size_t k = 0; k < count; k++) {
        const size_t entry = k * (entries / count);
        view->exact[k] = p->method == QN_PRODUCT_SWAP ? fabs(p->exact[entry]) : p->exact[entry];
        view->quantum[k] = p->quantum[entry];
        view->ends[0] = fmin(view->ends[0], view->exact[k]);
        view->ends[1] = fmax(view->ends[1], view->exact[k]);
    }
    view->series[0] =
        (qn_series){.name = "read out", .x = view->exact, .y = view->quantum, .count = count, .points = true};
    view->series[1] = (qn_series){.name = "exact", .x = view->ends, .y = view->ends, .count = 2};
    (void)snprintf(view->subtitle, sizeof view->subtitle, "%zu x %zu x %zu, method %s, epsilon %g, %.3g runs%s",
                   p->rows, p->inner, p->columns, qn_product_method_name(p->method), p->epsilon, p->shots_total,
                   count < entries ? "; some of the entries" : "");
    const qn_plot plain = QN_PLOT_INIT;
    view->plot = plain;
    view->plot.title = "Entries of the product: read out against exact";
    view->plot.subtitle = view->subtitle;
    view->plot.x_label = p->method == QN_PRODUCT_SWAP ? "size of the entry by dgemm" : "entry by dgemm";
    view->plot.y_label = "entry read out";
    view->plot.series = view->series;
    view->plot.nseries = 2;
}
