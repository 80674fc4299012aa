/* hhl_gate.c: HHL as a whole circuit: b, the clock's window, controlled evolutions, inverse Fourier transform, the
 * rotation that outcomes choose, and all of it back.
 *
 * The exact evolution is V e^{i Lambda t} V^H with the eigenvectors V as one circuit at either end: between them
 * nothing touches the vector but phases that clock bits and eigenvectors choose together. */
#include "algorithm/linear/hhl_gate.h"

#include <math.h>
#include <string.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"
#include "load/multiplexed.h"
#include "load/synthesis.h"

enum { MOST_QUBITS = 22, MOST_SYSTEM = 9, CHEBYSHEV_QUBITS = 3 /* dilation, QSVT's real part, cos or sin */ };

static const double most_work = 4e11; /* amplitudes times gates: some minutes */

typedef struct layout {
    uint32_t system, clock, flag; /* qubits of the vector; of the clock, behind it; the one that turns */
    uint32_t count;               /* all of them, with those of a Chebyshev evolution behind it */
    size_t dimension;             /* of H, before it is filled up to a power of two */
    size_t size;                  /* 2^system */
} layout;

static layout lay_out(const qn_linear_problem *problem, const qn_linear_options *options, uint32_t clock)
{
    layout l = {.clock = clock};
    l.dimension = problem->matrix->hermitian ? problem->dimension : 2 * problem->dimension;
    l.system = qn_load_address_bits(l.dimension) > 0 ? qn_load_address_bits(l.dimension) : 1;
    l.size = (size_t)1 << l.system;
    l.flag = l.system + clock;
    l.count = l.flag + 1 + (options->evolution == QN_EVOLUTION_CHEBYSHEV ? CHEBYSHEV_QUBITS : 0);
    return l;
}

static double gates_of(const layout *l, const qn_linear_options *options)
{
    const double clock = exp2(l->clock), size = (double)l->size;
    const double ends = 2 * clock + 2 * l->clock * l->clock;
    if (options->evolution == QN_EVOLUTION_EXACT) {
        return ends + 4 * size * size + 4 * l->clock * size;
    }
    if (options->evolution == QN_EVOLUTION_CHEBYSHEV) { /* angles up to pi 2^clock / 2 in all, some more a bit */
        return ends + 2 * 5 * 2 * (1.6 * clock + 40.0 * l->clock) * 12 * size * size;
    }
    const double sweeps = options->evolution == QN_EVOLUTION_TROTTER1   ? 1
                          : options->evolution == QN_EVOLUTION_TROTTER2 ? 2
                                                                        : 10;
    const double steps = options->evolution_steps > 0 ? options->evolution_steps : 1;
    return ends + 2 * clock * steps * sweeps * size * size * (2 * l->system + 1); /* Pauli strings: size^2 at most */
}

qn_status qn__hhl_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options, qn_linear_plan *plan)
{
    const layout l = lay_out(problem, options, (uint32_t)plan->clock_bits);
    const uint32_t qubits = l.count;
    QN_CHECK(qubits <= MOST_QUBITS && l.system <= MOST_SYSTEM, ERR_TOO_LARGE,
             "the gate tier of hhl takes %u qubits for the vector and %u for the clock; at most %d together, %d of "
             "them for the vector",
             l.system, l.clock, (int)MOST_QUBITS, (int)MOST_SYSTEM);
    const double gates = gates_of(&l, options), work = gates * exp2(qubits);
    QN_CHECK(work <= most_work && gates <= 2e7, ERR_TOO_LARGE,
             "some %.2g gates on %u qubits; the gate tier stops at %.2g gates times amplitudes", gates, qubits,
             most_work);
    plan->bytes = gates * 150 + 64 * exp2(qubits);
    plan->seconds = 5e-10 * work + 2e-6 * gates;
    return QN_OK;
}

/* H as a dense matrix with ones behind its end. */
static qn_status dense_h(const qn_context *context, const qn_linear_problem *problem, const layout *l, qn_complex **out)
{
    qn_sparse *dilation = NULL;
    if (!problem->matrix->hermitian) {
        QN_TRY(qn_sparse_dilation(problem->matrix, &dilation));
    }
    const qn_status status = qn__encoding_dense(context, dilation != NULL ? dilation : problem->matrix, out);
    qn_sparse_free(dilation);
    for (size_t k = 0; status == QN_OK && k < l->size * l->size; k++) {
        (*out)[k].re /= problem->alpha;
        (*out)[k].im /= problem->alpha;
    }
    for (size_t r = l->dimension; status == QN_OK && r < l->size; r++) {
        (*out)[r * l->size + r].re = 1;
    }
    return status;
}

/* Eigenvalues, and V^H and V as circuits. */
typedef struct eigenbasis {
    double *lambda;
    qn_circuit *to, *back;
} eigenbasis;

static void eigenbasis_free(eigenbasis *e)
{
    qn__free(e->lambda);
    qn_circuit_free(e->to);
    qn_circuit_free(e->back);
}

static qn_status eigenbasis_open(const qn_context *context, const qn_linear_problem *problem, const layout *l,
                                 eigenbasis *out)
{
    qn_linear_problem dense = *problem;
    dense.gridded = false; /* eigenvectors themselves are needed */
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, &dense, &s));
    eigenbasis e = {0};
    qn_status status = QN_OK;
    const size_t parts = s.width / s.size;
    uint32_t qubits[MOST_SYSTEM];
    qn_complex *v = qn__calloc(l->size * l->size, sizeof *v);
    e.lambda = qn__alloc(l->size, sizeof *e.lambda);
    if (v == NULL || e.lambda == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t j = 0; j < l->size; j++) {
        e.lambda[j] = j < s.size ? s.lambda[j] : 1;
        v[j + l->size * j].re = 1;
        for (size_t i = 0; j < s.size && i < s.size; i++) { /* column j */
            const double *const entry = &s.vectors[j * s.width + i * parts];
            v[i + l->size * j] = (qn_complex){entry[0], parts == 2 ? entry[1] : 0};
        }
    }
    for (uint32_t q = 0; q < l->system; q++) {
        qubits[q] = q;
    }
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &e.back));
    QN_TRY_CLEANUP(qn__synthesise(e.back, qubits, l->system, false, v));
    QN_TRY_CLEANUP(qn_circuit_inverse(e.back, &e.to));
    *out = e;
    e = (eigenbasis){0};
cleanup:
    qn__free(v);
    eigenbasis_free(&e);
    qn__linear_spectrum_close(&s);
    return status;
}

/* e^{i lambda_j t 2^k} on clock bit k, but for a phase of j alone, which the way back takes away. */
static qn_status append_phases(qn_circuit *circuit, const layout *l, const double *lambda, double time)
{
    uint32_t controls[MOST_SYSTEM];
    double *angles = qn__alloc(l->size, sizeof *angles);
    QN_ALLOC_CHECK(angles);
    qn_status status = QN_OK;
    for (uint32_t q = 0; q < l->system; q++) {
        controls[q] = q;
    }
    for (uint32_t k = 0; k < l->clock; k++) {
        uint64_t pending = 0;
        const qn__multiplexed z = {QN_GATE_RZ, QN_GATE_CX, l->system + k, controls, l->system, false, 0};
        for (size_t j = 0; j < l->size; j++) {
            angles[j] = lambda[j] * time * exp2(k);
        }
        QN_TRY_CLEANUP(qn__multiplexed_append(circuit, &z, angles, &pending));
        QN_TRY_CLEANUP(qn__multiplexed_flush(circuit, &z, &pending));
    }
cleanup:
    qn__free(angles);
    return status;
}

static qn_status append_trotter(const qn_context *context, const qn_linear_problem *problem, const layout *l,
                                const qn_linear_options *options, double time, qn_circuit *circuit)
{
    qn_complex *h = NULL;
    qn_pauli_sum *sum = NULL;
    qn_status status = QN_OK;
    const unsigned order = options->evolution == QN_EVOLUTION_TROTTER1   ? 1
                           : options->evolution == QN_EVOLUTION_TROTTER2 ? 2
                                                                         : 4;
    const uint32_t steps = options->evolution_steps > 0 ? options->evolution_steps : 1;
    QN_TRY_CLEANUP(dense_h(context, problem, l, &h));
    QN_TRY_CLEANUP(qn_pauli_sum_from_matrix(l->system, h, 1e-15, &sum));
    for (uint32_t k = 0; k < l->clock; k++) {
        QN_TRY_CLEANUP(qn__append_product_formula(circuit, sum, l->system + k, time * exp2(k), order, steps << k));
    }
cleanup:
    qn__free(h);
    qn_pauli_sum_free(sum);
    return status;
}

/* Each clock bit's evolution, controlled. */
static qn_status append_chebyshev(const qn_context *context, const qn_linear_problem *problem, const layout *l,
                                  double time, qn_circuit *circuit)
{
    qn_complex *h = NULL;
    qn_circuit *encoding = NULL, *evolution = NULL;
    qn_status status = QN_OK;
    uint32_t map[MOST_SYSTEM + CHEBYSHEV_QUBITS];
    for (uint32_t q = 0; q < l->system + CHEBYSHEV_QUBITS; q++) {
        map[q] = q < l->system ? q : l->flag + 1 + (q - l->system);
    }
    QN_TRY_CLEANUP(dense_h(context, problem, l, &h));
    QN_TRY_CLEANUP(qn_halmos_circuit(l->system, h, &encoding));
    for (uint32_t k = 0; k < l->clock; k++) {
        const uint32_t control = l->system + k;
        qn_circuit_free(evolution);
        evolution = NULL;
        QN_TRY_CLEANUP(qn__evolution_circuit(context, encoding, l->system, time * exp2(k), &evolution));
        QN_TRY_CLEANUP(qn__append_mapped(circuit, evolution, map, &control, 1, 1));
    }
cleanup:
    qn__free(h);
    qn_circuit_free(encoding);
    qn_circuit_free(evolution);
    return status;
}

/* |tau> to T^(-1/2) sum_k e^{-2 pi i k tau / T} |k>. */
static qn_status append_fourier(qn_circuit *circuit, const layout *l)
{
    for (uint32_t i = 0; i < l->clock / 2; i++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_SWAP, (uint32_t[]){l->system + i, l->system + l->clock - 1 - i}, 2,
                                 NULL, 0));
    }
    for (uint32_t i = 0; i < l->clock; i++) {
        for (uint32_t j = 0; j < i; j++) {
            const qn_param angle = QN_PARAM(-3.14159265358979323846 / exp2(i - j));
            QN_TRY(qn_circuit_append(circuit, QN_GATE_CP, (uint32_t[]){l->system + j, l->system + i}, 2, &angle, 1));
        }
        QN_TRY(qn__append_gate(circuit, QN_GATE_H, l->system + i));
    }
    return QN_OK;
}

static qn_status prepare(const qn_context *context, const qn_complex *amplitudes, size_t count, uint32_t first,
                         qn_circuit *circuit)
{
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    qn_circuit *state = NULL;
    QN_TRY(qn_load_prepare(context, amplitudes, count, &options, &state, NULL));
    const qn_status status = qn__append_at(circuit, state, first);
    qn_circuit_free(state);
    return status;
}

/* The window on the clock, evolutions, Fourier transform. */
static qn_status append_clock(const qn_context *context, const qn_linear_problem *problem, const layout *l,
                              const qn_linear_options *options, const qn_hhl_clock *clock, const double *lambda,
                              qn_circuit *circuit)
{
    const size_t size = (size_t)1 << l->clock;
    double *w = qn__alloc(size, sizeof *w);
    qn_complex *amplitudes = qn__alloc(size, sizeof *amplitudes);
    qn_status status = QN_OK;
    if (w == NULL || amplitudes == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    qn__hhl_window(clock, size, w);
    for (size_t k = 0; k < size; k++) {
        amplitudes[k] = (qn_complex){w[k], 0};
    }
    QN_TRY_CLEANUP(prepare(context, amplitudes, size, l->system, circuit));
    if (lambda != NULL) {
        QN_TRY_CLEANUP(append_phases(circuit, l, lambda, clock->time / (double)size));
    } else if (options->evolution == QN_EVOLUTION_CHEBYSHEV) {
        QN_TRY_CLEANUP(append_chebyshev(context, problem, l, clock->time / (double)size, circuit));
    } else {
        QN_TRY_CLEANUP(append_trotter(context, problem, l, options, clock->time / (double)size, circuit));
    }
    QN_TRY_CLEANUP(append_fourier(circuit, l));
cleanup:
    qn__free(w);
    qn__free(amplitudes);
    return status;
}

/* RY(2 asin f_k) on the flag; X behind it, so that the wanted part is where it is 0. */
static qn_status append_rotation(const layout *l, const qn_hhl_clock *clock, qn_circuit *circuit)
{
    const size_t size = (size_t)1 << l->clock;
    uint32_t controls[MOST_QUBITS];
    uint64_t pending = 0;
    double *f = qn__alloc(2 * size, sizeof *f);
    QN_ALLOC_CHECK(f);
    qn__hhl_rotation(clock, size, f, f + size);
    for (uint32_t q = 0; q < l->clock; q++) {
        controls[q] = l->system + q;
    }
    for (size_t k = 0; k < size; k++) {
        f[k] = 2 * asin(f[k]);
    }
    const qn__multiplexed y = {QN_GATE_RY, QN_GATE_CX, l->flag, controls, l->clock, false, 0};
    qn_status status = qn__multiplexed_append(circuit, &y, f, &pending);
    status = status == QN_OK ? qn__multiplexed_flush(circuit, &y, &pending) : status;
    status = status == QN_OK ? qn__append_gate(circuit, QN_GATE_X, l->flag) : status;
    qn__free(f);
    return status;
}

static qn_status append_b(const qn_context *context, const qn_linear_problem *problem, const layout *l,
                          qn_circuit *circuit)
{
    qn_complex *b = qn__calloc(l->size, sizeof *b);
    QN_ALLOC_CHECK(b);
    for (size_t i = 0; i < problem->dimension; i++) { /* the upper half of a dilation */
        b[i] = problem->matrix->is_complex ? (qn_complex){problem->b[2 * i], problem->b[2 * i + 1]}
                                           : (qn_complex){problem->b[i], 0};
    }
    const qn_status status = prepare(context, b, l->size, 0, circuit);
    qn__free(b);
    return status;
}

static qn_status assemble(const qn_context *context, const qn_linear_problem *problem, const layout *l,
                          const qn_linear_options *options, const qn_hhl_clock *clock, qn_circuit **out)
{
    eigenbasis e = {0};
    qn_circuit *circuit = NULL, *there = NULL, *back = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &circuit));
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &there));
    if (options->evolution == QN_EVOLUTION_EXACT) {
        QN_TRY_CLEANUP(eigenbasis_open(context, problem, l, &e));
    }
    QN_TRY_CLEANUP(append_b(context, problem, l, circuit));
    if (e.to != NULL) {
        QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, e.to));
    }
    QN_TRY_CLEANUP(append_clock(context, problem, l, options, clock, e.lambda, there));
    QN_TRY_CLEANUP(qn_circuit_inverse(there, &back));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, there));
    QN_TRY_CLEANUP(append_rotation(l, clock, circuit));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, back));
    if (e.back != NULL) {
        QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, e.back));
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    eigenbasis_free(&e);
    qn_circuit_free(circuit);
    qn_circuit_free(there);
    qn_circuit_free(back);
    return status;
}

qn_status qn__hhl_gate_run(const qn_context *context, const qn_linear_problem *problem,
                           const qn_linear_options *options, const qn_hhl_clock *clock, qn_linear_result *result)
{
    const layout l = lay_out(problem, options, clock->bits);
    const size_t count = (size_t)1 << l.flag, first = problem->matrix->hermitian ? 0 : problem->dimension;
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    qn_complex *amplitudes = qn__alloc(count, sizeof *amplitudes);
    QN_ALLOC_CHECK(amplitudes);
    QN_TRY_CLEANUP(assemble(context, problem, &l, options, clock, &circuit));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, count, amplitudes));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, 1e-10, &result->cost));
    const double unit = problem->b_norm / (clock->constant * problem->alpha);
    double success = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        const double weight = amplitudes[i].re * amplitudes[i].re + amplitudes[i].im * amplitudes[i].im;
        success += weight;
        kept += i < l.size ? weight : 0; /* the clock is back at 0 */
    }
    for (size_t i = 0; i < problem->dimension; i++) {
        const qn_complex x = amplitudes[first + i];
        result->x[problem->matrix->is_complex ? 2 * i : i] = unit * x.re;
        if (problem->matrix->is_complex) {
            result->x[2 * i + 1] = unit * x.im;
        }
    }
    result->success_probability = success;
    result->leakage = success > 0 ? fmax(0, 1 - kept / success) : 0;
    result->solution_norm = sqrt(success) * unit;
    result->qubits = l.count;
cleanup:
    qn__free(amplitudes);
    qn_circuit_free(circuit);
    return status;
}
