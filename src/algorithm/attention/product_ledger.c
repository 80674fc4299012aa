/* product_ledger.c: the bill of a matrix product. */
#include <math.h>
#include <stdio.h>

#include <quern/amplitude_estimation.h>
#include <quern/load.h>

#include "algorithm/attention/product.h"
#include "base/alloc.h"
#include "base/status.h"

enum { COUNTED = 1024 };                     /* inner numbers up to which circuits are written out to be counted */
static const double synthesis_error = 1e-10; /* of a rotation */
static const double T_PER_BIT = 3;           /* T gates of a rotation to error e: 3 log2(1/e), arXiv:1403.2975 */

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

static double bits_of(size_t count)
{
    return fmax(1, ceil(log2((double)count)));
}

static void add(const qn_circuit_cost *cost, double times, qn_ledger *ledger)
{
    const struct {
        qn_quantity *to;
        double value;
    } parts[] = {{&ledger->gates, (double)cost->gates},         {&ledger->two_qubit_gates, (double)cost->cx},
                 {&ledger->depth, (double)cost->depth},         {&ledger->two_qubit_depth, (double)cost->cx_depth},
                 {&ledger->rotations, (double)cost->rotations}, {&ledger->toffoli_count, (double)cost->toffoli},
                 {&ledger->t_count, (double)cost->t_count}};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
        const double before = parts[k].to->source == QN_SOURCE_UNKNOWN ? 0 : parts[k].to->value;
        set(parts[k].to, before + times * parts[k].value, QN_SOURCE_COUNTED);
    }
    ledger->t_count.source = QN_SOURCE_MODELLED;
}

/* The largest row and column, of which the test is written out. */
static qn_status count_test(const qn_context *context, const qn_product *p, const double *a, const double *b,
                            qn_ledger *ledger)
{
    const qn_overlap_test test = p->method == QN_PRODUCT_SWAP ? QN_OVERLAP_SWAP : QN_OVERLAP_HADAMARD;
    size_t entry = 0;
    for (size_t k = 0; k < p->rows * p->columns; k++) {
        entry = fabs(p->exact[k]) > fabs(p->exact[entry]) ? k : entry;
    }
    double *y = qn__alloc(p->inner, sizeof *y);
    QN_ALLOC_CHECK(y);
    for (size_t k = 0; k < p->inner; k++) {
        y[k] = b[k * p->columns + entry % p->columns];
    }
    qn_circuit *circuit = NULL, *step = NULL;
    qn_circuit_cost cost, more;
    qn_status status = qn_overlap_circuit(context, test, a + entry / p->columns * p->inner, y, p->inner, &circuit);
    status = status == QN_OK ? qn_circuit_count(circuit, NULL, synthesis_error, &cost) : status;
    if (status == QN_OK) {
        add(&cost, 1, ledger);
        set(&ledger->qubits, qn_circuit_qubits(circuit), QN_SOURCE_COUNTED);
    }
    if (status == QN_OK && p->method == QN_PRODUCT_ESTIMATE) {
        status = qn_amplitude_step(circuit, qn_circuit_qubits(circuit) - 1, &step);
        status = status == QN_OK ? qn_circuit_count(step, NULL, synthesis_error, &more) : status;
        if (status == QN_OK) {
            add(&more, p->steps_mean, ledger);
        }
    }
    qn__free(y);
    qn_circuit_free(circuit);
    qn_circuit_free(step);
    return status;
}

/* Loaders by trees of rotations, a CX each (arXiv:quant-ph/0406176); under a control each rotation becomes two. */
static void by_formula(const qn_product *p, qn_ledger *ledger)
{
    const double n = bits_of(p->inner);
    double rotations = 0, qubits = n + 1, toffoli = 0;
    if (p->method == QN_PRODUCT_STATE) {
        const double k = n, i = bits_of(p->rows), j = bits_of(p->columns);
        /* |B>, and A in a square of the larger side */
        rotations = exp2(k + j) + exp2(2 * fmax(k, i));
        qubits = 2 * fmax(k, i) + j;
    } else if (p->method == QN_PRODUCT_SWAP) {
        rotations = 2 * exp2(n);
        toffoli = n;
        qubits = 2 * n + 1;
    } else {
        rotations = 4 * exp2(n) * (1 + 2 * p->steps_mean);
        toffoli = p->steps_mean * fmax(0, 2 * n - 3);
    }
    set(&ledger->qubits, qubits, QN_SOURCE_MODELLED);
    set(&ledger->rotations, rotations, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_gates, rotations + 8 * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->gates, 2 * rotations + 8 * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->depth, 2 * rotations + 8 * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_depth, rotations + 8 * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->toffoli_count, toffoli, QN_SOURCE_MODELLED);
    set(&ledger->t_count, 7 * toffoli + rotations * T_PER_BIT * log2(1 / synthesis_error), QN_SOURCE_MODELLED);
}

static void fill_answer(const qn_product *p, qn_ledger *ledger)
{
    const double entries = (double)p->rows * (double)p->columns;
    (void)snprintf(ledger->workload, sizeof ledger->workload, "matmul");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "%s of the product, Frobenius norm",
                   p->method == QN_PRODUCT_SWAP ? "sizes" : "entries");
    double sum = 0;
    for (size_t k = 0; k < p->rows * p->columns; k++) {
        sum += p->quantum[k] * p->quantum[k];
    }
    set(&ledger->answer, sqrt(sum), QN_SOURCE_SAMPLED);
    set(&ledger->answer_error, p->error_frobenius * p->norm, QN_SOURCE_EXACT);
    (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "dgemm (OpenBLAS), %.3g Gflop/s",
                   p->gemm_flops / 1e9);
    set(&ledger->classical_value, p->norm, QN_SOURCE_EXACT);
    set(&ledger->classical_error, p->freivalds_exact * p->alpha_a * p->alpha_b, QN_SOURCE_SAMPLED);
    set(&ledger->classical_seconds, p->gemm_seconds, QN_SOURCE_MEASURED);
    set(&ledger->problem_size, fmax((double)p->rows, fmax((double)p->inner, (double)p->columns)), QN_SOURCE_EXACT);
    set(&ledger->simulator_seconds, p->simulator_seconds, QN_SOURCE_MEASURED);
    set(&ledger->evaluations, entries, QN_SOURCE_EXACT);
    set(&ledger->success_probability, p->success_probability, QN_SOURCE_EXACT);
    set(&ledger->target_precision, p->epsilon, QN_SOURCE_EXACT);
    set(&ledger->shots_per_evaluation, p->shots_per_entry, QN_SOURCE_COUNTED);
    set(&ledger->shots_total, p->shots_total, QN_SOURCE_COUNTED);
    set(&ledger->queries, p->shots_total > 0 ? p->queries_total / p->shots_total : 0, QN_SOURCE_COUNTED);
    set(&ledger->data_bytes, 8 * (double)p->inner * ((double)p->rows + (double)p->columns), QN_SOURCE_EXACT);
}

qn_status qn_product_ledger(const qn_context *context, const qn_product *product, const double *a, const double *b,
                            qn_ledger *ledger)
{
    QN_CHECK(product != NULL && a != NULL && b != NULL && ledger != NULL, ERR_ARGUMENT,
             "a product, its matrices and a ledger");
    fill_answer(product, ledger);
    set(&ledger->synthesis_error, synthesis_error, QN_SOURCE_MODELLED);
    double first = 0, second = 0;
    QN_TRY(qn_load_copy_seconds(context, a, product->rows * product->inner * sizeof(double), &first));
    QN_TRY(qn_load_copy_seconds(context, b, product->inner * product->columns * sizeof(double), &second));
    set(&ledger->loading_seconds, first + second, QN_SOURCE_MEASURED);
    if (product->method == QN_PRODUCT_STATE || product->inner > COUNTED) {
        by_formula(product, ledger);
    } else {
        QN_TRY(count_test(context, product, a, b, ledger));
    }
    qn_ledger_add_reason(ledger,
                         "Sub-normalisation: alpha = |A| |B| = %.4g against |C| = %.4g; every block-encoded factor "
                         "multiplies it.",
                         product->alpha_a * product->alpha_b, product->norm);
    qn_ledger_add_reason(ledger,
                         "The angles of the loaders are the data: all rotations of a run read it, and each run loads "
                         "it again.");
    return QN_OK;
}
