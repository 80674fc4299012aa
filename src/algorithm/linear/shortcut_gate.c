/* shortcut_gate.c: the kernel reflection as a circuit: a block-encoding of G = (1 - b'b'^H) A_t from one of A, and K
 * of it. */
#include <math.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/chebyshev_sum.h"
#include "algorithm/linear/gate_parts.h"
#include "algorithm/linear/shortcut.h"
#include "base/alloc.h"

/* Qubits: vector, the one that tells b's part from the other, ancillas of A, then f (1/t), w (not |0>), q (1 - b'b').
 */
typedef struct layout {
    uint32_t n, side, ancilla, ancillas, turn, wrong, choice, count;
} layout;

static layout lay_out(const qn_linear_problem *problem, uint32_t ancillas)
{
    layout l = {.n = qn__linear_bits(problem), .ancillas = ancillas};
    l.side = l.n;
    l.ancilla = l.n + 1;
    l.turn = l.ancilla + ancillas;
    l.wrong = l.turn + 1;
    l.choice = l.turn + 2;
    l.count = l.turn + 3;
    return l;
}

/* A / alpha where `side` is 0; where it is 1, |0><0| / t: f keeps |0> with amplitude 1/t, w becomes 1 unless the vector
 * is |0>. */
static qn_status append_a_t(const layout *l, const qn_circuit *encoding, double t, qn_circuit *circuit)
{
    uint32_t map[64];
    for (uint32_t q = 0; q < l->n + l->ancillas; q++) {
        map[q] = q < l->n ? q : l->ancilla + (q - l->n);
    }
    QN_TRY(qn__append_mapped(circuit, encoding, map, &l->side, 1, 0));
    const qn_param angle = QN_PARAM(2 * acos(fmin(1, 1 / t)));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_CRY, (uint32_t[]){l->side, l->turn}, 2, &angle, 1));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_CX, (uint32_t[]){l->side, l->wrong}, 2, NULL, 0));
    for (uint32_t q = 0; q < l->n; q++) {
        map[q] = q;
    }
    map[l->n] = l->side;
    return qn_circuit_append_controlled(circuit, QN_GATE_X, map, l->n + 1, UINT64_C(1) << l->n, &l->wrong, 1, NULL, 0);
}

/* Half the sum of 1 and 1 - 2 b'b'^H. */
static qn_status append_cut(const layout *l, const qn_circuit *prepare, const qn_circuit *undo, qn_circuit *circuit)
{
    QN_TRY(qn__append_gate(circuit, QN_GATE_H, l->choice));
    QN_TRY(qn__append_at(circuit, undo, 0));
    QN_TRY(qn__append_zero_sign(circuit, 0, l->n + 1, l->choice));
    QN_TRY(qn__append_at(circuit, prepare, 0));
    return qn__append_gate(circuit, QN_GATE_H, l->choice);
}

static qn_status encode_g(const qn_context *context, const qn_linear_problem *problem, const qn_linear_options *options,
                          double t, qn_circuit **out, qn_data_gates *loading)
{
    qn_circuit *encoding = NULL, *prepare = NULL, *undo = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__linear_encoding(context, problem, options, &encoding));
    QN_TRY_CLEANUP(qn__linear_prepare(context, problem, 1, &prepare));
    QN_TRY_CLEANUP(qn_circuit_inverse(prepare, &undo));
    const layout l = lay_out(problem, qn_circuit_qubits(encoding) - qn__linear_bits(problem));
    QN_TRY_CLEANUP(qn_circuit_create(l.count, &circuit));
    QN_TRY_CLEANUP(append_a_t(&l, encoding, t, circuit));
    QN_TRY_CLEANUP(append_cut(&l, prepare, undo, circuit));
    QN_TRY_CLEANUP(qn__linear_loading(options, encoding, 1, prepare, 2, loading)); /* there and back */
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(encoding);
    qn_circuit_free(prepare);
    qn_circuit_free(undo);
    qn_circuit_free(circuit);
    return status;
}

/* K = 2 g^2 - 1 with g = T_{l/2}(z) / T_{l/2}(z0), since T_l = 2 T_{l/2}^2 - 1: as a function of x = cos t it is
 * T_l(x0 sin t) / T_l(x0), whose Chebyshev coefficients alternate and add up to g(0) = 1 in size (C. Dolph, Proc. IRE
 * 34, 335 (1946)). So a combination of T_2k with these weights encodes g itself, not a multiple, and V^H (2 Pi - 1) V
 * around it encodes K: exact, without phase factors, with the calls that a polynomial of degree 2 l takes. */
typedef struct filter {
    double delta, half;
} filter;

static double filter_value(double x, const void *user)
{
    const filter *const f = user;
    const double d2 = f->delta * f->delta, z = (1 + d2 - 2 * x * x) / (1 - d2), top = (1 + d2) / (1 - d2);
    const double value = z > 1 ? cosh(f->half * acosh(z)) : cos(f->half * acos(fmax(-1, z)));
    return value / cosh(f->half * acosh(top));
}

qn_status qn__shortcut_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options,
                                 qn_linear_plan *plan)
{
    uint32_t ancillas = 0;
    double gates = 0;
    QN_TRY(qn__linear_encoding_check(problem, options));
    qn__linear_encoding_size(problem, options, &ancillas, &gates);
    const layout l = lay_out(problem, ancillas);
    const size_t count = (size_t)(plan->degree / 4) + 1;
    return qn__linear_gate_limit("shortcut",
                                 plan->degree * (gates + 4 * exp2(l.n + 1)) + 2 * qn__chebyshev_sum_gates(count),
                                 l.count + qn__chebyshev_sum_bits(count), plan);
}

/* V, the reflection about all ancillas, V back; from |1>|0>. */
static qn_status assemble(const qn_context *context, const qn_linear_problem *problem, const qn_circuit *g,
                          const qn_circuit *g_inverse, const qn_qsp_polynomial *p, qn_circuit **out)
{
    const uint32_t n = qn__linear_bits(problem), counter = qn_circuit_qubits(g);
    const uint32_t count = counter + qn__chebyshev_sum_bits(p->count);
    const qn__chebyshev_sum sum = {g, g_inverse, n + 1, counter - n - 1, counter};
    qn_circuit *v = NULL, *back = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    double weight = 0;
    QN_TRY_CLEANUP(qn_circuit_create(count, &v));
    QN_TRY_CLEANUP(qn__append_chebyshev_sum(context, &sum, p->coefficient, p->count, v, &weight));
    QN_ASSERT(weight < 1 + 1e-9);
    QN_TRY_CLEANUP(qn_circuit_inverse(v, &back));
    QN_TRY_CLEANUP(qn_circuit_create(count, &circuit));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_X, n));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, v));
    QN_TRY_CLEANUP(qn__append_reflection(circuit, n + 1, count - n - 1));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, back));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(v);
    qn_circuit_free(back);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn__shortcut_gate_reflect(const qn_context *context, const qn_linear_problem *problem,
                                    const qn_linear_options *options, double t, double delta, uint64_t length,
                                    qn_linear_result *result, double *success)
{
    const size_t size = (size_t)1 << qn__linear_bits(problem);
    const filter f = {delta, 0.5 * (double)length}; /* length is even */
    qn_circuit *g = NULL, *inverse = NULL, *circuit = NULL;
    qn_qsp_polynomial *p = NULL;
    qn_status status = QN_OK;
    qn_complex *amplitudes = qn__alloc(size, sizeof *amplitudes);
    QN_ALLOC_CHECK(amplitudes);
    QN_TRY_CLEANUP(qn_qsp_interpolate(filter_value, &f, length, &p));
    QN_TRY_CLEANUP(encode_g(context, problem, options, t, &g, &result->loading));
    result->loading.toffoli *= 2 * (double)length;
    result->loading.t_count *= 2 * (double)length;
    QN_TRY_CLEANUP(qn_circuit_inverse(g, &inverse));
    QN_TRY_CLEANUP(assemble(context, problem, g, inverse, p, &circuit));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, size, amplitudes));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, QN__LINEAR_SYNTHESIS, &result->cost));
    result->qubits = qn_circuit_qubits(circuit);
    const double norm = qn__linear_take(problem, amplitudes, 1, result->x);
    *success = norm * norm;
cleanup:
    qn__free(amplitudes);
    qn_qsp_polynomial_free(p);
    qn_circuit_free(g);
    qn_circuit_free(inverse);
    qn_circuit_free(circuit);
    return status;
}
