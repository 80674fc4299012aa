/* gate_parts.c: block-encoding, right-hand side and limits of circuits that solve linear systems. */
#include "algorithm/linear/gate_parts.h"

#include <math.h>
#include <string.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"
#include "load/synthesis.h"

static const double most_gates = 4e6, most_work = 4e11; /* gates, and gates times amplitudes */

uint32_t qn__linear_bits(const qn_linear_problem *problem)
{
    const uint32_t bits = qn_load_address_bits(problem->dimension);
    return bits > 0 ? bits : 1;
}

qn_status qn__linear_encoding_check(const qn_linear_problem *problem, const qn_linear_options *options)
{
    const qn_block_encoding *const e = options->encoding;
    const uint32_t bits = qn__linear_bits(problem);
    QN_CHECK(e != NULL || problem->dimension <= QN__LINEAR_GATE_DIMENSION, ERR_TOO_LARGE,
             "the gate tier compiles a dense dilation of the matrix: up to %d unknowns (this one: %zu)",
             (int)QN__LINEAR_GATE_DIMENSION, problem->dimension);
    if (e == NULL) {
        return QN_OK;
    }
    QN_CHECK(e->system == bits, ERR_SHAPE, "the block-encoding is of %u qubits, the system of %u", e->system, bits);
    QN_CHECK(fabs(e->alpha - problem->alpha) <= 1e-9 * problem->alpha, ERR_RANGE,
             "the block-encoding has alpha %.12g, the problem was made for %.12g", e->alpha, problem->alpha);
    return QN_OK;
}

void qn__linear_encoding_size(const qn_linear_problem *problem, const qn_linear_options *options, uint32_t *ancillas,
                              double *gates)
{
    const double size = exp2(qn__linear_bits(problem) + 1);
    *ancillas = options->encoding != NULL ? options->encoding->ancillas : 1;
    *gates = options->encoding != NULL ? (double)qn_circuit_operations(options->encoding->circuit)
                                       : size * (size - 1) / 2 * 5;
}

qn_status qn__linear_encoding(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_circuit **out)
{
    QN_TRY(qn__linear_encoding_check(problem, options));
    if (options->encoding != NULL) {
        return qn_circuit_clone(options->encoding->circuit, out);
    }
    const uint32_t n = qn__linear_bits(problem);
    const size_t size = (size_t)1 << n;
    qn_complex *a = NULL;
    QN_TRY(qn__encoding_dense(context, problem->matrix, &a));
    for (size_t k = 0; k < size * size; k++) {
        a[k].re /= problem->alpha;
        a[k].im /= problem->alpha;
    }
    for (size_t r = problem->dimension; r < size; r++) {
        a[r * size + r].re = 1;
    }
    const qn_status status = qn_halmos_circuit(n, a, out);
    qn__free(a);
    return status;
}

qn_status qn__linear_prepare(const qn_context *context, const qn_linear_problem *problem, uint32_t more,
                             qn_circuit **out)
{
    const size_t size = (size_t)1 << qn__linear_bits(problem);
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    qn_complex *b = qn__calloc(size << more, sizeof *b);
    QN_ALLOC_CHECK(b);
    for (size_t i = 0; i < problem->dimension; i++) {
        b[i] = problem->matrix->is_complex
                   ? (qn_complex){problem->b[2 * i] / problem->b_norm, problem->b[2 * i + 1] / problem->b_norm}
                   : (qn_complex){problem->b[i] / problem->b_norm, 0};
    }
    if (more > 0) {
        b[size].re = 1;
    }
    const qn_status status = qn_load_prepare(context, b, size << more, &options, out, NULL);
    qn__free(b);
    return status;
}

qn_status qn__append_zero_sign(qn_circuit *circuit, uint32_t first, uint32_t count, uint32_t control)
{
    uint32_t qubits[64];
    for (uint32_t k = 0; k < count; k++) {
        qubits[k] = first + k;
    }
    return qn_circuit_append_controlled(circuit, QN_GATE_Z, qubits, count, 0, &control, 1, NULL, 0);
}

/* X around one of them makes its 0 the control that fires; the sign of all is a global phase. */
qn_status qn__append_reflection(qn_circuit *circuit, uint32_t first, uint32_t count)
{
    const qn_param half_turn = QN_PARAM(3.14159265358979323846);
    QN_TRY(qn__append_gate(circuit, QN_GATE_X, first));
    QN_TRY(qn__append_zero_sign(circuit, first + 1, count - 1, first));
    QN_TRY(qn__append_gate(circuit, QN_GATE_X, first));
    return qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &half_turn, 1);
}

double qn__linear_take(const qn_linear_problem *problem, const qn_complex *y, double factor, double *x)
{
    double sum = 0;
    for (size_t i = 0; i < problem->dimension; i++) {
        sum += y[i].re * y[i].re + y[i].im * y[i].im;
        x[problem->matrix->is_complex ? 2 * i : i] = factor * y[i].re;
        if (problem->matrix->is_complex) {
            x[2 * i + 1] = factor * y[i].im;
        }
    }
    return sqrt(sum);
}

qn_status qn__linear_data_gates(const qn_circuit *circuit, qn_data_gates *out)
{
    qn_circuit_cost cost;
    QN_TRY(qn_circuit_count(circuit, NULL, QN__LINEAR_SYNTHESIS, &cost));
    *out = (qn_data_gates){(double)cost.toffoli, (double)cost.t_count};
    return QN_OK;
}

void qn__data_gates_add(qn_data_gates *sum, double times, qn_data_gates part)
{
    sum->toffoli += times * part.toffoli;
    sum->t_count += times * part.t_count;
}

qn_status qn__linear_loading(const qn_linear_options *options, const qn_circuit *encoding, double queries,
                             const qn_circuit *prepare, double times, qn_data_gates *out)
{
    qn_data_gates a, b, sum = {0};
    QN_TRY(qn__linear_data_gates(prepare, &b));
    if (options->encoding != NULL) {
        a = qn__encoding_loading(&options->encoding->cost);
    } else {
        QN_TRY(qn__linear_data_gates(encoding, &a));
    }
    qn__data_gates_add(&sum, queries, a);
    qn__data_gates_add(&sum, times, b);
    *out = sum;
    return QN_OK;
}

void qn__eigenbasis_free(qn__eigenbasis *e)
{
    qn__free(e->lambda);
    qn_circuit_free(e->to);
    qn_circuit_free(e->back);
    *e = (qn__eigenbasis){0};
}

qn_status qn__eigenbasis_open(const qn_context *context, const qn_linear_problem *problem, uint32_t bits,
                              uint32_t count, qn__eigenbasis *out)
{
    qn_linear_problem dense = *problem;
    dense.gridded = false; /* eigenvectors themselves are needed */
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, &dense, &s));
    qn__eigenbasis e = {0};
    qn_status status = QN_OK;
    const size_t parts = s.width / s.size, size = (size_t)1 << bits;
    uint32_t qubits[QN__EIGENBASIS_BITS];
    qn_complex *v = qn__calloc(size * size, sizeof *v);
    e.lambda = qn__alloc(size, sizeof *e.lambda);
    if (v == NULL || e.lambda == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t j = 0; j < size; j++) {
        e.lambda[j] = j < s.size ? s.lambda[j] : 1;
        v[j + size * j].re = 1;
        for (size_t i = 0; j < s.size && i < s.size; i++) { /* column j */
            const double *const entry = &s.vectors[j * s.width + i * parts];
            v[i + size * j] = (qn_complex){entry[0], parts == 2 ? entry[1] : 0};
        }
    }
    for (uint32_t q = 0; q < bits; q++) {
        qubits[q] = q;
    }
    QN_TRY_CLEANUP(qn_circuit_create(count, &e.back));
    QN_TRY_CLEANUP(qn__synthesise(e.back, qubits, bits, false, v));
    QN_TRY_CLEANUP(qn_circuit_inverse(e.back, &e.to));
    *out = e;
    e = (qn__eigenbasis){0};
cleanup:
    qn__free(v);
    qn__eigenbasis_free(&e);
    qn__linear_spectrum_close(&s);
    return status;
}

qn_status qn__linear_twin_open(const qn_linear_problem *problem, qn__linear_twin *out)
{
    qn__linear_twin t = {.problem = *problem};
    t.problem.owned_matrix = t.problem.owned_adjoint = NULL;
    if (!problem->matrix->hermitian) {
        QN_TRY(qn_sparse_dilation(problem->matrix, &t.owned_matrix));
        t.owned_b = qn__calloc(2 * problem->width, sizeof *t.owned_b);
        if (t.owned_b == NULL) {
            qn_sparse_free(t.owned_matrix);
            return QN_ERR_MEMORY;
        }
        memcpy(t.owned_b, problem->b, problem->width * sizeof *t.owned_b);
        t.first = problem->dimension;
        t.problem.matrix = t.problem.adjoint = t.owned_matrix;
        t.problem.b = t.owned_b;
        t.problem.dimension *= 2;
        t.problem.width *= 2;
        t.problem.gridded = false;
    }
    *out = t;
    return QN_OK;
}

void qn__linear_twin_close(qn__linear_twin *twin)
{
    qn_sparse_free(twin->owned_matrix);
    qn__free(twin->owned_b);
    *twin = (qn__linear_twin){0};
}

qn_status qn__linear_gate_limit(const char *method, double gates, uint32_t qubits, qn_linear_plan *plan)
{
    QN_CHECK(gates <= most_gates && gates * exp2(qubits) <= most_work, ERR_TOO_LARGE,
             "%s makes a circuit of some %.2g gates on %u qubits; at most %.2g gates, and %.2g gates times amplitudes, "
             "are simulated",
             method, gates, qubits, most_gates, most_work);
    plan->bytes = gates * 600 + 32 * exp2(qubits);
    plan->seconds = gates * (4e-6 + 5e-10 * exp2(qubits));
    return QN_OK;
}
