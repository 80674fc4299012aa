/* flips.c: X before and after controls. A control between two X acts for the other value, so neither of them has to
 * move an amplitude, and the gates around them stay what they are. */
#include "engine/statevector/lower.h"

/* Operations looked at from an X on: its partner stands on the other side of one controlled gate, or of a few. */
enum { FAR = 512 };

static bool is_x(const qn_operation *op, uint32_t qubit)
{
    return op->kind == QN_OP_GATE && op->base == QN_GATE_X && op->ncontrols == 0 && op->targets[0] == qubit;
}

/* Does the operation act on the qubit otherwise than as its control? A phase under controls has its target for one. */
static bool targets(const qn_operation *op, uint32_t qubit)
{
    if (op->ncontrols > 0 && (op->base == QN_GATE_Z || op->base == QN_GATE_P)) {
        return false;
    }
    for (uint32_t t = 0; t < op->ntargets; t++) {
        if (op->targets[t] == qubit) {
            return true;
        }
    }
    return false;
}

bool qn__sv_flips_back(const qn_circuit *circuit, size_t at)
{
    qn_operation op;
    qn_circuit_operation(circuit, at, &op);
    const uint32_t qubit = op.ntargets == 1 ? op.targets[0] : 0;
    if (op.ntargets != 1 || !is_x(&op, qubit)) {
        return false;
    }
    const size_t end = qn_circuit_operations(circuit) - at > FAR ? at + FAR : qn_circuit_operations(circuit);
    for (size_t k = at + 1; k < end; k++) {
        qn_circuit_operation(circuit, k, &op);
        if (is_x(&op, qubit)) {
            return true;
        }
        if (op.kind == QN_OP_GATE && targets(&op, qubit)) {
            return false;
        }
    }
    return false;
}
