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

/* From the basis state in w->bits. H then a measurement on a qubit of value v gives m at random and the phase (-1)^(m
 * v), and the qubit is m. */
static inline void basis_run(basis_walk *w, const qn_circuit *circuit, qn_random *r)
{
    w->minus = false;
    w->toffoli = 0;
    bool outcome = false, skipping = false;
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op, next;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_IF) {
            skipping = !outcome;
        } else if (op.kind == QN_OP_END) {
            skipping = false;
        } else if (skipping) {
            continue;
        } else if (op.kind == QN_OP_GATE && op.base == QN_GATE_H) {
            qn_circuit_operation(circuit, ++i, &next);
            assert_int_equal(next.kind, QN_OP_MEASURE);
            assert_int_equal(next.targets[0], op.targets[0]);
            outcome = qn_random_below(r, 2) == 1;
            w->minus ^= outcome && w->bits[op.targets[0]];
            w->bits[op.targets[0]] = outcome;
        } else {
            assert_int_equal(op.kind, QN_OP_GATE);
            basis_gate(w, &op);
        }
    }
}

#endif
