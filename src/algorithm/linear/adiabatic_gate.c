/* adiabatic_gate.c: the adiabatic walk and its filter as one circuit, branch bits of adiabatic.h as qubits.
 *
 * Between walk and filter a flag notes that no ancilla is left over, which on hardware is a measurement. The filter is
 * a combination of T_2k(H(1)) whose Chebyshev coefficients alternate and add up to 1 in size (as those of the
 * shortcut's filter, shortcut_gate.c), so it costs no success. H(1) = [[0, X A Q], [Q X A, 0]] needs no sum over f: its
 * encoding has alpha 1. The encoding of A must be Hermitian for U_H to be so: Halmos' dilation is. */
#include <math.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/adiabatic.h"
#include "algorithm/linear/chebyshev_sum.h"
#include "algorithm/linear/gate_parts.h"
#include "base/alloc.h"

enum { MOST_QUBITS = 22 };

/* Vector, the ancillas of A, of the projection and of the sum over f, then which block of H, z, the flag, the counter.
 */
typedef struct layout {
    uint32_t n, dilation, projection, sum, block, z, flag, counter, count;
} layout;

static layout lay_out(uint32_t n, size_t terms)
{
    return (layout){n, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 6 + qn__chebyshev_sum_bits(terms)};
}

/* The circuits of a system, all on its layout but for the last three. */
typedef struct pieces {
    layout l;
    qn_circuit *prepare, *undo, *encoding; /* of b; A / alpha with the dilation's qubit */
} pieces;

static void pieces_free(pieces *p)
{
    qn_circuit_free(p->prepare);
    qn_circuit_free(p->undo);
    qn_circuit_free(p->encoding);
}

/* U_Q where the block's qubit reads `block`. */
static qn_status append_projection(const pieces *p, uint64_t block, qn_circuit *circuit)
{
    const layout *const l = &p->l;
    uint32_t controls[64];
    for (uint32_t q = 0; q < l->n; q++) {
        controls[q] = q;
    }
    controls[l->n] = l->z;
    controls[l->n + 1] = l->block;
    QN_TRY(qn__append_gate(circuit, QN_GATE_H, l->projection));
    QN_TRY(qn__append_gate(circuit, QN_GATE_H, l->z));
    QN_TRY(qn__append_at(circuit, p->undo, 0));
    QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_Z, controls, l->n + 2, block << (l->n + 1), &l->projection, 1,
                                        NULL, 0));
    QN_TRY(qn__append_at(circuit, p->prepare, 0));
    QN_TRY(qn__append_gate(circuit, QN_GATE_H, l->z));
    return qn__append_gate(circuit, QN_GATE_H, l->projection);
}

/* [[cos, sin], [sin, -cos]] on the sum's qubit, of half the angle that the block chooses. */
static qn_status append_weights(const layout *l, double of_block_0, double of_block_1, qn_circuit *circuit)
{
    const qn_param more = QN_PARAM(of_block_1 - of_block_0);
    QN_TRY(qn__append_gate(circuit, QN_GATE_Z, l->sum));
    QN_TRY(qn__append_turn(circuit, QN_GATE_RY, l->sum, of_block_0));
    return qn_circuit_append(circuit, QN_GATE_CRY, (uint32_t[]){l->block, l->sum}, 2, &more, 1);
}

/* The sum's qubit reads 0: Z on z. It reads 1: X on z and the encoding. */
static qn_status append_choice(const pieces *p, qn_circuit *circuit)
{
    const layout *const l = &p->l;
    QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_Z, &l->sum, 1, 0, &l->z, 1, NULL, 0));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_CX, (uint32_t[]){l->sum, l->z}, 2, NULL, 0));
    return qn__append_mapped(circuit, p->encoding, NULL, &l->sum, 1, 1);
}

/* (2 Pi - 1) U_H(f) */
static qn_status append_step(const pieces *p, double f, qn_circuit *circuit)
{
    const layout *const l = &p->l;
    const double half = 1.57079632679489661923, angle = 2 * atan2(f, 1 - f);
    QN_TRY(append_projection(p, 1, circuit));
    QN_TRY(append_weights(l, half, angle, circuit));
    QN_TRY(append_choice(p, circuit));
    QN_TRY(append_weights(l, angle, half, circuit));
    QN_TRY(append_projection(p, 0, circuit));
    QN_TRY(qn__append_gate(circuit, QN_GATE_X, l->block));
    return qn__append_reflection(circuit, l->dilation, 3);
}

/* U_H(1), which is its own inverse. */
static qn_status make_last(const pieces *p, qn_circuit **out)
{
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY(qn_circuit_create(p->l.counter, &circuit));
    QN_TRY_CLEANUP(append_projection(p, 1, circuit));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_X, p->l.z));
    QN_TRY_CLEANUP(qn__append_at(circuit, p->encoding, 0));
    QN_TRY_CLEANUP(append_projection(p, 0, circuit));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_X, p->l.block));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    return status;
}

/* 1 unless dilation, projection and sum are 0. */
static qn_status append_flag(const layout *l, qn_circuit *circuit)
{
    const uint32_t controls[3] = {l->dilation, l->projection, l->sum};
    QN_TRY(qn__append_gate(circuit, QN_GATE_X, l->flag));
    return qn_circuit_append_controlled(circuit, QN_GATE_X, controls, 3, 0, &l->flag, 1, NULL, 0);
}

typedef struct filter {
    double gap, length;
} filter;

static double filter_value(double x, const void *user)
{
    const filter *const f = user;
    const double g2 = f->gap * f->gap, at = -1 + 2 * (x * x - g2) / (1 - g2), top = 1 + 2 * g2 / (1 - g2);
    const double sign = at < -1 && fmod(f->length, 2) > 0 ? -1 : 1, all = fmod(f->length, 2) > 0 ? -1 : 1;
    const double value = at < -1 ? sign * cosh(f->length * acosh(-at)) : cos(f->length * acos(fmin(1, at)));
    return value / (all * cosh(f->length * acosh(top)));
}

static qn_status append_filter(const qn_context *context, const pieces *p, double kappa, uint64_t length,
                               qn_circuit *circuit)
{
    const filter f = {qn__adiabatic_gap(kappa), (double)length};
    qn_qsp_polynomial *series = NULL;
    qn_circuit *last = NULL;
    qn_status status = QN_OK;
    double weight = 0;
    QN_TRY_CLEANUP(qn_qsp_interpolate(filter_value, &f, 2 * length, &series));
    QN_TRY_CLEANUP(make_last(p, &last));
    const qn__chebyshev_sum sum = {last, last, p->l.dilation, 2, p->l.counter};
    QN_TRY_CLEANUP(qn__append_chebyshev_sum(context, &sum, series->coefficient, series->count, circuit, &weight));
    QN_ASSERT(weight < 1 + 1e-9);
cleanup:
    qn_qsp_polynomial_free(series);
    qn_circuit_free(last);
    return status;
}

static qn_status assemble(const qn_context *context, const qn_linear_problem *problem, const pieces *p, uint64_t steps,
                          uint64_t length, qn_circuit **out)
{
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY(qn_circuit_create(p->l.count, &circuit));
    QN_TRY_CLEANUP(qn__append_at(circuit, p->prepare, 0));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_X, p->l.z));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_H, p->l.z));
    for (uint64_t k = 0; k < steps; k++) {
        QN_TRY_CLEANUP(append_step(p, qn__adiabatic_schedule(problem->kappa, (double)k / (double)steps), circuit));
    }
    QN_TRY_CLEANUP(append_flag(&p->l, circuit));
    QN_TRY_CLEANUP(append_filter(context, p, problem->kappa, length, circuit));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_H, p->l.z));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    return status;
}

/* Of the run, and of the one that tells |x|. */
static uint64_t filter_length(const qn_linear_problem *problem, const qn_linear_options *options, bool sharp)
{
    return (uint64_t)qn__adiabatic_filter_length(problem->kappa, options->epsilon / (sharp ? 4 * problem->kappa : 4));
}

qn_status qn__adiabatic_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options,
                                  qn_linear_plan *plan)
{
    qn__linear_twin twin;
    QN_CHECK(options->encoding == NULL, ERR_UNSUPPORTED,
             "the walk needs a Hermitian block-encoding, Halmos' dilation; another one was given");
    QN_TRY(qn__linear_twin_open(problem, &twin));
    const qn_status fits = qn__linear_encoding_check(&twin.problem, options);
    if (fits != QN_OK) {
        qn__linear_twin_close(&twin);
        return fits;
    }
    uint32_t ancillas = 0;
    double gates = 0;
    qn__linear_encoding_size(&twin.problem, options, &ancillas, &gates);
    const size_t terms = filter_length(problem, options, true) + 1;
    const layout l = lay_out(qn__linear_bits(&twin.problem), terms);
    qn__linear_twin_close(&twin);
    QN_CHECK(l.count <= MOST_QUBITS, ERR_TOO_LARGE, "walk and filter take %u qubits; at most %d are simulated", l.count,
             (int)MOST_QUBITS);
    return qn__linear_gate_limit(
        "adiabatic", 3 * plan->queries * (gates + 8 * exp2(l.n) + 20) + qn__chebyshev_sum_gates(terms), l.count, plan);
}

/* `direction` is x's; its length is told by one more query on `sharp`, |A y|, its phase by <b|A y>. */
static qn_status conclude(const qn_context *context, const qn__linear_twin *twin, const qn_linear_problem *problem,
                          const qn_complex *direction, const qn_complex *sharp, qn_linear_result *result)
{
    const qn_linear_problem *const p = &twin->problem;
    double *memory = qn__alloc(2 * p->width, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    double *const x = memory, *const image = x + p->width;
    const double sharp_norm = qn__linear_take(p, sharp, 1, x);
    double square = 0, along = 0, aside = 0;
    qn_sparse_multiply(context, p->matrix, x, image);
    for (size_t i = 0; i < p->width; i++) {
        image[i] /= p->alpha;
        square += image[i] * image[i];
        along += p->b[i] / p->b_norm * image[i];
    }
    for (size_t i = 0; p->matrix->is_complex && i < p->width; i += 2) {
        aside += (p->b[i] * image[i + 1] - p->b[i + 1] * image[i]) / p->b_norm;
    }
    const double norm = qn__linear_take(p, direction, 1, x), turn = hypot(along, aside);
    const double length = sharp_norm / sqrt(square), size = length / norm * (p->b_norm / p->alpha);
    const double re = size * along / turn, im = -size * aside / turn;
    const size_t parts = p->matrix->is_complex ? 2 : 1;
    for (size_t i = 0; i < problem->dimension; i++) {
        const double *const from = &x[(twin->first + i) * parts];
        result->x[i * parts] = re * from[0] - (parts == 2 ? im * from[1] : 0);
        if (parts == 2) {
            result->x[2 * i + 1] = re * from[1] + im * from[0];
        }
    }
    result->success_probability = norm * norm;
    result->solution_norm = length * (p->b_norm / p->alpha);
    result->residual_bound = result->error_bound * length;
    qn__free(memory);
    return QN_OK;
}

static qn_status open_pieces(const qn_context *context, const qn_linear_problem *twin, const qn_linear_options *options,
                             size_t terms, pieces *out)
{
    pieces p = {.l = lay_out(qn__linear_bits(twin), terms)};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__linear_prepare(context, twin, 0, &p.prepare));
    QN_TRY_CLEANUP(qn_circuit_inverse(p.prepare, &p.undo));
    QN_TRY_CLEANUP(qn__linear_encoding(context, twin, options, &p.encoding));
    *out = p;
    p = (pieces){0};
cleanup:
    pieces_free(&p);
    return status;
}

/* The vector's part of the state with the filter of `length`; the cost of that circuit where wanted. */
static qn_status run_once(const qn_context *context, const qn__linear_twin *twin, const qn_linear_options *options,
                          uint64_t length, qn_complex *y, qn_linear_result *result)
{
    const uint64_t steps = (uint64_t)qn__adiabatic_walk_length(twin->problem.kappa);
    const double queries = (double)steps + 2 * (double)length;
    pieces p = {0};
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(open_pieces(context, &twin->problem, options, length + 1, &p));
    QN_TRY_CLEANUP(assemble(context, &twin->problem, &p, steps, length, &circuit));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, (size_t)1 << p.l.n, y));
    if (result != NULL) {
        QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, QN__LINEAR_SYNTHESIS, &result->cost));
        /* two projections a query, each with b there and back */
        QN_TRY_CLEANUP(qn__linear_loading(options, p.encoding, queries, p.prepare, 4 * queries + 1, &result->loading));
        result->qubits = p.l.count;
    }
cleanup:
    qn_circuit_free(circuit);
    pieces_free(&p);
    return status;
}

qn_status qn__adiabatic_gate_run(const qn_context *context, const qn_linear_problem *problem,
                                 const qn_linear_options *options, qn_linear_result *result)
{
    qn__linear_twin twin;
    QN_TRY(qn__linear_twin_open(problem, &twin));
    qn_status status = QN_OK;
    const size_t size = (size_t)1 << qn__linear_bits(&twin.problem);
    qn_complex *y = qn__alloc(2 * size, sizeof *y);
    if (y == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(run_once(context, &twin, options, filter_length(problem, options, false), y, result));
    QN_TRY_CLEANUP(run_once(context, &twin, options, filter_length(problem, options, true), y + size, NULL));
    result->error_bound = options->epsilon;
    QN_TRY_CLEANUP(conclude(context, &twin, problem, y, y + size, result));
cleanup:
    qn__free(y);
    qn__linear_twin_close(&twin);
    return status;
}
