/* basis_walk.h: one basis state through a circuit that only permutes basis states, phase included; measurements in the
 * X basis give outcomes of a given stream of bits. For tests: exhaustive where a state vector would be far too long. */
#ifndef QN_TEST_BASIS_WALK_H
#define QN_TEST_BASIS_WALK_H

#include <qn_random.h>

#include <quern/classical.h>

typedef struct basis_walk {
    bool *bits; /* of the qubits */
    bool minus; /* the phase is -1 */
    uint64_t toffoli;
} basis_walk;

static inline bool basis_fires(const basis_walk *w, const qn_operation *op)
{
    bool fires = true;
    for (uint32_t k = 0; k < op->ncontrols; k++) {
        fires = fires && w->bits[op->controls[k]] == ((op->control_state >> k & 1) != 0);
    }
    return fires;
}

static inline void basis_gate(basis_walk *w, const qn_operation *op)
{
    const bool fires = basis_fires(w, op);
    w->toffoli += op->ncontrols == 2 || (op->base == QN_GATE_SWAP && op->ncontrols == 1);
    if (op->base == QN_GATE_X) {
        w->bits[op->targets[0]] ^= fires;
    } else if (op->base == QN_GATE_Z) {
        w->minus ^= fires && w->bits[op->targets[0]];
    } else if (op->base == QN_GATE_SWAP) {
        if (fires) {
            const bool a = w->bits[op->targets[0]];
            w->bits[op->targets[0]] = w->bits[op->targets[1]];
            w->bits[op->targets[1]] = a;
        }
    } else {
        fail_msg("gate %s is no permutation", qn_gate_describe(op->gate)->name);
    }
}

/* Whether an IF's block runs, by the bits measured so far. */
static inline bool basis_holds(const qn_circuit *circuit, uint32_t expression, const uint64_t *measured)
{
    const qn_classical_state state = {measured, NULL, NULL};
    qn_value value;
    assert_ok(qn_expression_evaluate(circuit, expression, &state, &value));
    assert_int_equal(value.type, QN_TYPE_BOOL);
    return value.integer != 0;
}

/* From the basis state in w->bits, operations from `first` on. H then a measurement on a qubit of value v gives m at
 * random and the phase (-1)^(m v), and the qubit is m. */
static inline void basis_run_from(basis_walk *w, const qn_circuit *circuit, size_t first, qn_random *r)
{
    w->minus = false;
    w->toffoli = 0;
    bool skipping = false;
    uint64_t *measured = calloc(qn_circuit_bits(circuit) / 64 + 1, sizeof *measured);
    for (size_t i = first; i < qn_circuit_operations(circuit); i++) {
        qn_operation op, next;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_IF) {
            skipping = !basis_holds(circuit, op.expression, measured);
        } else if (op.kind == QN_OP_END) {
            skipping = false;
        } else if (skipping) {
            continue;
        } else if (op.kind == QN_OP_GATE && op.base == QN_GATE_H) {
            qn_circuit_operation(circuit, ++i, &next);
            assert_int_equal(next.kind, QN_OP_MEASURE);
            assert_int_equal(next.targets[0], op.targets[0]);
            const uint64_t outcome = qn_random_below(r, 2);
            measured[next.bit / 64] &= ~(UINT64_C(1) << (next.bit % 64));
            measured[next.bit / 64] |= outcome << (next.bit % 64);
            w->minus ^= outcome != 0 && w->bits[op.targets[0]];
            w->bits[op.targets[0]] = outcome != 0;
        } else {
            assert_int_equal(op.kind, QN_OP_GATE);
            basis_gate(w, &op);
        }
    }
    free(measured);
}

static inline void basis_run(basis_walk *w, const qn_circuit *circuit, qn_random *r)
{
    basis_run_from(w, circuit, 0, r);
}

#endif
