/* merge.c: what is to be done on a qubit is kept as one matrix until an entangling gate needs it. In front of a control
 * the matrix is rz ry rz, and the last rz waits on, for it commutes with the control; in front of a target rx ry rx,
 * and the last rx waits. A first rz on |0> is a phase. So each CNOT is left with four angles, as many as can be
 * independent (Shende, Markov, Bullock, quant-ph/0308033). */
#include "load/merge.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/passes/two_qubit.h"
#include "load/lookup.h"

static const double ZERO = 1e-14; /* an angle that is rounding */

typedef struct merger {
    qn_circuit *out;
    qn_complex (*waiting)[4]; /* by qubit, row-major */
    bool *fresh;              /* the qubit is |0> but for what waits */
    double phase;
} merger;

static const qn_complex hadamard[4] = {
    {0x1.6a09e667f3bcdp-1, 0}, {0x1.6a09e667f3bcdp-1, 0}, {0x1.6a09e667f3bcdp-1, 0}, {-0x1.6a09e667f3bcdp-1, 0}};

static void set_rotation(qn_complex m[4], bool about_x, double angle)
{
    const double c = cos(angle / 2), s = sin(angle / 2);
    m[0] = about_x ? (qn_complex){c, 0} : (qn_complex){c, -s};
    m[3] = about_x ? (qn_complex){c, 0} : (qn_complex){c, s};
    m[1] = m[2] = about_x ? (qn_complex){0, -s} : (qn_complex){0, 0};
}

static qn_status rotate(merger *g, qn_gate gate, uint32_t qubit, double angle)
{
    return fabs(angle) < ZERO ? QN_OK : qn__append_angle(g->out, gate, qubit, angle);
}

/* Emits all of what waits but the last rotation, about z or x; `end`: that one too. */
static qn_status settle(merger *g, uint32_t qubit, bool about_x, bool end)
{
    qn_complex m[4];
    double u[4];
    memcpy(m, g->waiting[qubit], sizeof m);
    if (about_x) { /* in the frame where x is z and y is -y */
        qn__one_qubit_multiply(hadamard, m, m);
        qn__one_qubit_multiply(m, hadamard, m);
    }
    qn__one_qubit_angles(m, u);
    const double last = u[1], first = u[2], middle = about_x ? -u[0] : u[0];
    const qn_gate outer = about_x ? QN_GATE_RX : QN_GATE_RZ;
    g->phase += u[3] + (last + first) / 2;
    if (fabs(middle) < ZERO) { /* one rotation */
        set_rotation(g->waiting[qubit], about_x, last + first);
    } else {
        if (g->fresh[qubit] && !about_x) {
            g->phase -= first / 2;
        } else {
            QN_TRY(rotate(g, outer, qubit, first));
        }
        QN_TRY(rotate(g, QN_GATE_RY, qubit, middle));
        set_rotation(g->waiting[qubit], about_x, last);
        g->fresh[qubit] = false;
    }
    if (end) {
        const double left = fabs(middle) < ZERO ? last + first : last;
        if (g->fresh[qubit]) {
            g->phase -= left / 2;
            return QN_OK;
        }
        return rotate(g, outer, qubit, left);
    }
    return QN_OK;
}

/* A fresh control does nothing to its qubit as long as only z rotations wait there; it stays fresh. */
static qn_status entangle(merger *g, const qn_operation *op)
{
    const bool cz = op->base == QN_GATE_Z;
    const uint32_t control = op->controls[0], target = op->targets[0];
    QN_TRY(settle(g, control, false, false));
    if (cz) {
        QN_TRY(settle(g, target, false, false));
    } else {
        if (g->fresh[target]) { /* x rotations of |0> are no phases: take them as they come */
            QN_TRY(settle(g, target, false, false));
        }
        QN_TRY(settle(g, target, true, false));
    }
    g->fresh[control] = g->fresh[target] = false;
    return qn_circuit_append(g->out, cz ? QN_GATE_CZ : QN_GATE_CX, (const uint32_t[]){control, target}, 2, NULL, 0);
}

static qn_status take(merger *g, const qn_operation *op)
{
    if (op->base == QN_GATE_GPHASE) {
        g->phase += op->params[0].constant;
        return QN_OK;
    }
    if (op->ncontrols == 1 && op->ntargets == 1 && (op->base == QN_GATE_X || op->base == QN_GATE_Z)) {
        return entangle(g, op);
    }
    QN_CHECK(op->ncontrols == 0 && op->ntargets == 1, ERR_INTERNAL, "gate %s cannot be merged",
             qn_gate_describe(op->gate)->name);
    qn_complex m[4];
    double angles[4] = {0};
    for (uint32_t i = 0; i < op->nparams; i++) {
        angles[i] = op->params[i].constant;
    }
    if (op->matrix != NULL) {
        memcpy(m, op->matrix, sizeof m);
    } else {
        QN_TRY(qn_gate_matrix(op->base, angles, m));
    }
    qn__one_qubit_multiply(m, g->waiting[op->targets[0]], g->waiting[op->targets[0]]);
    return QN_OK;
}

static qn_status merge_all(merger *g, const qn_circuit *circuit)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    for (uint32_t q = 0; q < n; q++) {
        set_rotation(g->waiting[q], false, 0);
        g->fresh[q] = true;
    }
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        QN_TRY(take(g, &op));
    }
    for (uint32_t q = 0; q < n; q++) {
        QN_TRY(settle(g, q, false, true));
    }
    const qn_param phase = QN_PARAM(remainder(g->phase, 2 * 3.14159265358979323846));
    return fabs(phase.constant) < ZERO ? QN_OK : qn_circuit_append(g->out, QN_GATE_GPHASE, NULL, 0, &phase, 1);
}

qn_status qn__merge_rotations(const qn_circuit *circuit, qn_circuit **out)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    merger g = {.waiting = qn__alloc(n, sizeof *g.waiting), .fresh = qn__alloc(n, sizeof *g.fresh)};
    qn_status status = g.waiting != NULL && g.fresh != NULL ? qn_circuit_create(n, &g.out) : QN_ERR_MEMORY;
    status = status == QN_OK ? merge_all(&g, circuit) : status;
    qn__free(g.waiting);
    qn__free(g.fresh);
    if (status != QN_OK) {
        qn_circuit_free(g.out);
        return status;
    }
    *out = g.out;
    return QN_OK;
}
