/* shortcut_gate.c: the kernel reflection as a circuit: a block-encoding of G = (1 - b'b'^H) A_t from one of A, and QSVT
 * with the phases of K. */
#include <math.h>

#include "algorithm/block_encoding/encoding.h"
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
                          double t, qn_circuit **out)
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
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(encoding);
    qn_circuit_free(prepare);
    qn_circuit_free(undo);
    qn_circuit_free(circuit);
    return status;
}

/* T_l(z) grows on the kernel alone: 2 (T_l(z(x)) + 1) / (T_l(z0) + 1) - 1 as a series. */
typedef struct kernel {
    double delta, length, top;
} kernel;

static double kernel_value(double x, const void *user)
{
    const kernel *const k = user;
    const double d2 = k->delta * k->delta, z = (1 + d2 - 2 * x * x) / (1 - d2);
    const double value = z > 1 ? cosh(k->length * acosh(z)) : cos(k->length * acos(fmax(-1, z)));
    return 2 * (value + 1) / k->top - 1;
}

qn_status qn__shortcut_phases(const qn_context *context, double delta, uint64_t length, double *phases,
                              double *residual)
{
    kernel k = {delta, (double)length, 0};
    k.top = cosh(k.length * acosh((1 + delta * delta) / (1 - delta * delta))) + 1;
    qn_qsp_polynomial *p = NULL;
    qn_qsp_report report = {0};
    QN_TRY(qn_qsp_interpolate(kernel_value, &k, 2 * length, &p));
    qn_qsp_polynomial_scale(p, qn__shortcut_scale);
    const qn_status status = qn_qsp_phases(context, p, QN_QSP_AUTO, 1e-12, phases, &report);
    qn_qsp_polynomial_free(p);
    *residual = report.residual;
    return status;
}

qn_status qn__shortcut_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options,
                                 qn_linear_plan *plan)
{
    uint32_t ancillas = 0;
    double gates = 0;
    QN_TRY(qn__linear_encoding_check(problem, options));
    qn__linear_encoding_size(problem, options, &ancillas, &gates);
    const layout l = lay_out(problem, ancillas);
    return qn__linear_gate_limit("shortcut", plan->degree * (gates + 4 * exp2(l.n + 1)), l.count + 2, plan);
}

qn_status qn__shortcut_gate_reflect(const qn_context *context, const qn_linear_problem *problem,
                                    const qn_linear_options *options, double t, double delta, uint64_t length,
                                    qn_linear_result *result, double *success)
{
    const uint32_t n = qn__linear_bits(problem);
    const size_t size = (size_t)1 << n;
    qn_circuit *g = NULL, *adjoint = NULL, *sequence = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    double *phases = qn__alloc(2 * length + 1, sizeof *phases);
    qn_complex *amplitudes = qn__alloc(size, sizeof *amplitudes);
    if (phases == NULL || amplitudes == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__shortcut_phases(context, delta, length, phases, &result->phase_residual));
    QN_TRY_CLEANUP(encode_g(context, problem, options, t, &g));
    /* the circuit of f begins with the adjoint of what it is given: G first, as in f of G^H G */
    QN_TRY_CLEANUP(qn_circuit_inverse(g, &adjoint));
    QN_TRY_CLEANUP(qn_qsvt_circuit(adjoint, n + 1, phases, 2 * length, &sequence));
    QN_TRY_CLEANUP(qn_circuit_create(qn_circuit_qubits(sequence), &circuit));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_X, n)); /* |1>|0> */
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, sequence));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, size, amplitudes));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, 1e-10, &result->cost));
    result->qubits = qn_circuit_qubits(circuit);
    *success = 0;
    for (size_t i = 0; i < size; i++) {
        *success += amplitudes[i].re * amplitudes[i].re + amplitudes[i].im * amplitudes[i].im;
    }
    for (size_t i = 0; i < problem->dimension; i++) {
        result->x[problem->matrix->is_complex ? 2 * i : i] = amplitudes[i].re;
        if (problem->matrix->is_complex) {
            result->x[2 * i + 1] = amplitudes[i].im;
        }
    }
cleanup:
    qn__free(phases);
    qn__free(amplitudes);
    qn_circuit_free(g);
    qn_circuit_free(adjoint);
    qn_circuit_free(sequence);
    qn_circuit_free(circuit);
    return status;
}
