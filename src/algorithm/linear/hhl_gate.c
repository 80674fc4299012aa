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
#include "algorithm/linear/gate_parts.h"
#include "base/alloc.h"
#include "load/multiplexed.h"

enum {
    MOST_QUBITS = 22,
    MOST_SYSTEM = QN__EIGENBASIS_BITS,
    CHEBYSHEV_QUBITS = 3 /* dilation, QSVT's real part, cos or sin */
};

static const double most_work = 4e11; /* amplitudes times gates: some minutes */

typedef struct layout {
    uint32_t system, clock, flag; /* qubits of the vector; of the clock, behind it; the one that turns */
    uint32_t flags;               /* 1; 2 with filter functions: "ill" is the second one's 1 */
    uint32_t count;               /* all of them, with those of a Chebyshev evolution behind it */
    size_t dimension;             /* of H, before it is filled up to a power of two */
    size_t size;                  /* 2^system */
} layout;

static layout lay_out(const qn_linear_problem *problem, const qn_linear_options *options, uint32_t clock, bool filtered)
{
    layout l = {.clock = clock, .flags = filtered ? 2 : 1};
    l.dimension = problem->matrix->hermitian ? problem->dimension : 2 * problem->dimension;
    l.system = qn_load_address_bits(l.dimension) > 0 ? qn_load_address_bits(l.dimension) : 1;
    l.size = (size_t)1 << l.system;
    l.flag = l.system + clock;
    l.count = l.flag + l.flags + (options->evolution == QN_EVOLUTION_CHEBYSHEV ? CHEBYSHEV_QUBITS : 0);
    return l;
}

static double gates_of(const layout *l, const qn_linear_options *options)
{
    const double clock = exp2(l->clock), size = (double)l->size;
    const double ends = (l->flags == 2 ? 6 : 2) * clock + 2 * l->clock * l->clock;
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
    QN_CHECK(options->encoding == NULL, ERR_UNSUPPORTED,
             "the gate tier of hhl makes its evolution itself; a block-encoding was given");
    const layout l = lay_out(problem, options, (uint32_t)plan->clock_bits, problem->cutoff > 0);
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
        map[q] = q < l->system ? q : l->flag + l->flags + (q - l->system);
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

/* The evolutions of all clock bits; between eigenvectors where `lambda` is given. */
static qn_status append_evolution(const qn_context *context, const qn_linear_problem *problem, const layout *l,
                                  const qn_linear_options *options, const qn_hhl_clock *clock, const double *lambda,
                                  qn_circuit *circuit)
{
    const double unit = clock->time / exp2(l->clock);
    return lambda != NULL                                 ? append_phases(circuit, l, lambda, unit)
           : options->evolution == QN_EVOLUTION_CHEBYSHEV ? append_chebyshev(context, problem, l, unit, circuit)
                                                          : append_trotter(context, problem, l, options, unit, circuit);
}

/* The window on the clock. */
static qn_status append_window(const qn_context *context, const layout *l, const qn_hhl_clock *clock,
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
cleanup:
    qn__free(w);
    qn__free(amplitudes);
    return status;
}

/* RY on `target` by an angle that the qubits before it from the clock on choose. */
static qn_status append_turns(const layout *l, uint32_t target, double *angles, qn_circuit *circuit)
{
    uint32_t controls[MOST_QUBITS];
    uint64_t pending = 0;
    for (uint32_t q = l->system; q < target; q++) {
        controls[q - l->system] = q;
    }
    const qn__multiplexed y = {QN_GATE_RY, QN_GATE_CX, target, controls, target - l->system, false, 0};
    QN_TRY(qn__multiplexed_append(circuit, &y, angles, &pending));
    return qn__multiplexed_flush(circuit, &y, &pending);
}

/* RY(2 asin r_k) on the flag, r^2 = f^2 + g^2; X behind it, so that the wanted part is where it is 0; there, with a
 * filter, RY(2 atan2(g_k, f_k)) on the second flag leaves f at 0 and g at 1. */
static qn_status append_rotation(const layout *l, const qn_hhl_clock *clock, qn_circuit *circuit)
{
    const size_t size = (size_t)1 << l->clock;
    double *memory = qn__alloc(4 * size, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    double *const f = memory, *const g = f + size, *const second = g + size; /* its upper half: the flag is 1 */
    qn__hhl_rotation(clock, size, f, g);
    for (size_t k = 0; k < size; k++) {
        second[k] = 2 * atan2(g[k], f[k]);
        f[k] = 2 * (clock->filtered ? asin(hypot(f[k], g[k])) : asin(f[k]));
    }
    qn_status status = append_turns(l, l->flag, f, circuit);
    status = status == QN_OK ? qn__append_gate(circuit, QN_GATE_X, l->flag) : status;
    if (status == QN_OK && clock->filtered) {
        memset(second + size, 0, size * sizeof *second);
        status = append_turns(l, l->flag + 1, second, circuit);
    }
    qn__free(memory);
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

/* Data gates of b, of the eigenvectors at both ends and of the evolution there and back. */
static qn_status count_loading(const qn_circuit *b, const qn__eigenbasis *e, const qn_circuit *evolution,
                               qn_data_gates *out)
{
    qn_data_gates of_b, of_vectors = {0}, of_evolution;
    QN_TRY(qn__linear_data_gates(b, &of_b));
    if (e->to != NULL) {
        QN_TRY(qn__linear_data_gates(e->to, &of_vectors));
    }
    QN_TRY(qn__linear_data_gates(evolution, &of_evolution));
    qn__data_gates_add(&of_b, 2, of_vectors);
    qn__data_gates_add(&of_b, 2, of_evolution);
    *out = of_b;
    return QN_OK;
}

static qn_status assemble(const qn_context *context, const qn_linear_problem *problem, const layout *l,
                          const qn_linear_options *options, const qn_hhl_clock *clock, qn_circuit **out,
                          qn_data_gates *loading)
{
    qn__eigenbasis e = {0};
    qn_circuit *circuit = NULL, *evolution = NULL, *there = NULL, *back = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &circuit));
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &evolution));
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &there));
    if (options->evolution == QN_EVOLUTION_EXACT) {
        QN_TRY_CLEANUP(qn__eigenbasis_open(context, problem, l->system, l->count, &e));
    }
    QN_TRY_CLEANUP(append_b(context, problem, l, circuit));
    QN_TRY_CLEANUP(append_evolution(context, problem, l, options, clock, e.lambda, evolution));
    QN_TRY_CLEANUP(count_loading(circuit, &e, evolution, loading));
    if (e.to != NULL) {
        QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, e.to));
    }
    QN_TRY_CLEANUP(append_window(context, l, clock, there));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(there, evolution));
    QN_TRY_CLEANUP(append_fourier(there, l));
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
    qn__eigenbasis_free(&e);
    qn_circuit_free(circuit);
    qn_circuit_free(evolution);
    qn_circuit_free(there);
    qn_circuit_free(back);
    return status;
}

qn_status qn__hhl_gate_run(const qn_context *context, const qn_linear_problem *problem,
                           const qn_linear_options *options, const qn_hhl_clock *clock, qn_linear_result *result)
{
    const layout l = lay_out(problem, options, clock->bits, clock->filtered);
    const size_t half = (size_t)1 << l.flag, count = clock->filtered ? 4 * half : half; /* the flag's outcomes */
    const size_t first = problem->matrix->hermitian ? 0 : problem->dimension;
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    qn_complex *amplitudes = qn__alloc(count, sizeof *amplitudes);
    QN_ALLOC_CHECK(amplitudes);
    QN_TRY_CLEANUP(assemble(context, problem, &l, options, clock, &circuit, &result->loading));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, count, amplitudes));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, QN__LINEAR_SYNTHESIS, &result->cost));
    const double unit = problem->b_norm / problem->alpha / clock->constant;
    double flag[4] = {0}, kept = 0;
    for (size_t i = 0; i < count; i++) {
        const double weight = amplitudes[i].re * amplitudes[i].re + amplitudes[i].im * amplitudes[i].im;
        flag[i / half] += weight;
        kept += i < l.size ? weight : 0; /* the clock is back at 0 */
    }
    if (clock->filtered) {
        qn__hhl_note_flag(flag[0], flag[2], flag[1], result);
    }
    (void)qn__linear_take(problem, amplitudes + first, unit, result->x);
    qn__hhl_conclude(problem, clock, flag[0], kept, result);
    result->qubits = l.count;
cleanup:
    qn__free(amplitudes);
    qn_circuit_free(circuit);
    return status;
}
