/* qasm3_gate.c: gates as statements of OpenQASM 3. Controls become modifiers. The U of the language is exp(i theta/2)
 * times ours, and not all tools follow: uncontrolled, the phase goes into a gphase of its own; under controls `cu` is
 * used, which all agree about. */
#include "format/circuit_out/qasm_writer.h"

#include <math.h>

#include "circuit/passes/two_qubit.h"

static const double PI = 3.14159265358979323846;

/* A statement in the making: controls that become modifiers, then the operands of what is called. */
typedef struct call {
    const char *name; /* with modifiers of its own, such as "inv @ sx" */
    const qn_param *params;
    uint32_t nparams;
    const uint32_t *controls;
    uint64_t state;
    uint32_t ncontrols;
    const uint32_t *operands; /* in two parts */
    uint32_t noperands;
    const uint32_t *targets;
    uint32_t ntargets;
} call;

/* "ctrl(2) @ negctrl @ " */
static qn_status put_modifiers(qn__qasm_writer *w, uint64_t state, uint32_t ncontrols)
{
    for (uint32_t k = 0, run; k < ncontrols; k += run) {
        const bool fires = (state >> k & 1) != 0;
        for (run = 1; k + run < ncontrols && (state >> (k + run) & 1) == fires; run++) {
        }
        QN_TRY(qn__qasm_put(&w->body, fires ? "ctrl" : "negctrl"));
        QN_TRY(run > 1 ? qn__buffer_print(&w->body, "(%u)", (unsigned)run) : QN_OK);
        QN_TRY(qn__qasm_put(&w->body, " @ "));
    }
    return QN_OK;
}

static qn_status put_call(qn__qasm_writer *w, const call *c)
{
    QN_TRY(qn__qasm_begin(w));
    QN_TRY(put_modifiers(w, c->state, c->ncontrols));
    QN_TRY(qn__qasm_put(&w->body, c->name));
    for (uint32_t i = 0; i < c->nparams; i++) {
        QN_TRY(qn__qasm_put(&w->body, i > 0 ? ", " : "("));
        QN_TRY(qn__qasm_put_param(w, &w->body, &c->params[i]));
    }
    QN_TRY(c->nparams > 0 ? qn__qasm_put(&w->body, ")") : QN_OK);
    const uint32_t *const lists[] = {c->controls, c->operands, c->targets};
    const uint32_t counts[] = {c->ncontrols, c->noperands, c->ntargets};
    bool any = false;
    for (size_t i = 0; i < 3; i++) {
        if (counts[i] > 0) {
            QN_TRY(qn__qasm_put(&w->body, any ? ", " : " "));
            QN_TRY(qn__qasm_put_qubits(w, lists[i], counts[i]));
            any = true;
        }
    }
    return qn__qasm_end(w);
}

qn_status qn__qasm_flush_phase(qn__qasm_writer *w)
{
    const double phase = remainder(w->phase, 2 * PI);
    w->phase = 0;
    if (phase == 0) {
        return QN_OK;
    }
    const qn_param param = QN_PARAM(phase);
    return put_call(w, &(call){.name = "gphase", .params = &param, .nparams = 1});
}

/* Controls with a positive one, where there is one, moved to the end. */
typedef struct arranged {
    uint32_t controls[64];
    uint64_t state;
    uint32_t count;
    bool positive; /* the last one fires on 1 */
} arranged;

static arranged arrange(const qn_operation *op)
{
    arranged a = {.count = op->ncontrols};
    uint32_t last = op->ncontrols;
    for (uint32_t k = 0; k < op->ncontrols; k++) {
        last = (op->control_state >> k & 1) != 0 ? k : last;
    }
    a.positive = last < op->ncontrols;
    for (uint32_t k = 0, to = 0; k < op->ncontrols; k++) {
        const uint32_t place = k == last ? op->ncontrols - 1 : to++;
        a.controls[place] = op->controls[k];
        a.state |= (op->control_state >> k & 1) << place;
    }
    return a;
}

/* Adds an affine phase to what is gathered, or writes it where it cannot wait. */
static qn_status add_phase(qn__qasm_writer *w, const qn_param *angle, double scale)
{
    if (angle->count == 0 && angle->expression == 0) {
        w->phase += scale * angle->constant;
        return QN_OK;
    }
    QN_TRY(qn__qasm_begin(w));
    QN_TRY(qn__qasm_put(&w->body, scale < 0 ? "gphase(-(" : "gphase(("));
    QN_TRY(qn__qasm_put_param(w, &w->body, angle));
    QN_TRY(fabs(scale) == 1 ? qn__qasm_put(&w->body, "))") : qn__qasm_put(&w->body, ")/2)"));
    return qn__qasm_end(w);
}

/* exp(i p3) u(p0, p1, p2) under any controls. */
static qn_status put_uphase(qn__qasm_writer *w, const qn_operation *op, const qn_param params[4])
{
    if (op->ncontrols == 0) {
        QN_TRY(
            put_call(w, &(call){.name = "U", .params = params, .nparams = 3, .targets = op->targets, .ntargets = 1}));
        QN_TRY(add_phase(w, &params[0], -0.5));
        return add_phase(w, &params[3], 1);
    }
    const arranged a = arrange(op);
    if (a.positive) {
        return put_call(w, &(call){.name = "cu",
                                   .params = params,
                                   .nparams = 4,
                                   .controls = a.controls,
                                   .state = a.state,
                                   .ncontrols = a.count - 1,
                                   .operands = &a.controls[a.count - 1],
                                   .noperands = 1,
                                   .targets = op->targets,
                                   .ntargets = 1});
    }
    uint32_t name = 0;
    QN_TRY(qn__qasm_define(w, QN_GATE_UPHASE, &name));
    return put_call(w, &(call){.name = w->names.names[name],
                               .params = params,
                               .nparams = 4,
                               .controls = op->controls,
                               .state = op->control_state,
                               .ncontrols = op->ncontrols,
                               .targets = op->targets,
                               .ntargets = 1});
}

/* A phase on the states that all controls fire on. */
static qn_status put_gphase(qn__qasm_writer *w, const qn_operation *op, const qn_param *angle)
{
    const arranged a = arrange(op);
    if (!a.positive) {
        return put_call(w, &(call){.name = "gphase",
                                   .params = angle,
                                   .nparams = 1,
                                   .controls = op->controls,
                                   .state = op->control_state,
                                   .ncontrols = op->ncontrols});
    }
    /* The last control, which fires on 1, is the target of p; the last two, if both do, of cp. */
    const bool pair = a.count == 2 && (a.state & 1) != 0;
    const uint32_t taken = pair ? 2 : 1;
    return put_call(w, &(call){.name = pair ? "cp" : "p",
                               .params = angle,
                               .nparams = 1,
                               .controls = a.controls,
                               .state = a.state,
                               .ncontrols = a.count - taken,
                               .targets = &a.controls[a.count - taken],
                               .ntargets = taken});
}

/* A gate without parameters, or with one angle, on one or two qubits without controls. */
static qn_status put_plain(qn__qasm_writer *w, const char *name, const qn_param *angle, uint32_t first, uint32_t second,
                           uint32_t count)
{
    const uint32_t qubits[2] = {first, second};
    return put_call(
        w, &(call){.name = name, .params = angle, .nparams = angle != NULL, .targets = qubits, .ntargets = count});
}

/* Basis changes to Z on every qubit, a ladder of cx, rz at its end, and back; only rz needs the controls. */
static qn_status put_pauli_rotation(qn__qasm_writer *w, const qn_operation *op)
{
    const uint32_t n = op->ntargets;
    if (n == 1) {
        const char *name = op->pauli[0] == 'X' ? "rx" : op->pauli[0] == 'Y' ? "ry" : "rz";
        return put_call(w, &(call){.name = name,
                                   .params = op->params,
                                   .nparams = 1,
                                   .controls = op->controls,
                                   .state = op->control_state,
                                   .ncontrols = op->ncontrols,
                                   .targets = op->targets,
                                   .ntargets = 1});
    }
    for (uint32_t i = 0; i < n; i++) {
        if (op->pauli[i] != 'Z') {
            QN_TRY(put_plain(w, op->pauli[i] == 'X' ? "h" : "sx", NULL, op->targets[i], 0, 1));
        }
    }
    for (uint32_t i = 0; i + 1 < n; i++) {
        QN_TRY(put_plain(w, "cx", NULL, op->targets[i], op->targets[i + 1], 2));
    }
    QN_TRY(put_call(w, &(call){.name = "rz",
                               .params = op->params,
                               .nparams = 1,
                               .controls = op->controls,
                               .state = op->control_state,
                               .ncontrols = op->ncontrols,
                               .targets = &op->targets[n - 1],
                               .ntargets = 1}));
    for (uint32_t i = n - 1; i-- > 0;) {
        QN_TRY(put_plain(w, "cx", NULL, op->targets[i], op->targets[i + 1], 2));
    }
    for (uint32_t i = n; i-- > 0;) {
        if (op->pauli[i] != 'Z') {
            QN_TRY(put_plain(w, op->pauli[i] == 'X' ? "h" : "inv @ sx", NULL, op->targets[i], 0, 1));
        }
    }
    return QN_OK;
}

static qn_status put_matrix1(qn__qasm_writer *w, const qn_operation *op, const uint32_t *target,
                             const qn_complex *matrix)
{
    double angles[4];
    qn__one_qubit_angles(matrix, angles);
    const qn_param params[4] = {QN_PARAM(angles[0]), QN_PARAM(angles[1]), QN_PARAM(angles[2]), QN_PARAM(angles[3])};
    qn_operation single = *op;
    single.targets = target;
    single.ntargets = 1;
    return put_uphase(w, &single, params);
}

static qn_status put_matrix2(qn__qasm_writer *w, const qn_operation *op)
{
    qn__two_qubit d;
    QN_TRY(qn__two_qubit_decompose(op->matrix, &d));
    for (uint32_t layer = 0; layer <= d.ncx; layer++) {
        QN_TRY(put_matrix1(w, op, &op->targets[0], d.local[layer][0]));
        QN_TRY(put_matrix1(w, op, &op->targets[1], d.local[layer][1]));
        if (layer < d.ncx) {
            const uint32_t pair[2] = {op->targets[d.control[layer]], op->targets[1 - d.control[layer]]};
            QN_TRY(put_call(w, &(call){.name = "cx",
                                       .controls = op->controls,
                                       .state = op->control_state,
                                       .ncontrols = op->ncontrols,
                                       .targets = pair,
                                       .ntargets = 2}));
        }
    }
    const qn_param phase = QN_PARAM(d.phase);
    return op->ncontrols == 0 ? add_phase(w, &phase, 1) : put_gphase(w, op, &phase);
}

/* A table gate: by its own name, or the base under modifiers, defined if need be. */
static qn_status put_named(qn__qasm_writer *w, const qn_operation *op)
{
    const uint64_t ones = op->ncontrols >= 64 ? UINT64_MAX : (UINT64_C(1) << op->ncontrols) - 1;
    qn_gate row = op->gate;
    const qn_gate_info *info = NULL;
    if ((op->control_state & ones) == ones && qn__gate_find_controlled(op->base, op->ncontrols, &row)) {
        info = qn_gate_describe(row);
        if (info->qasm3 != NULL) {
            return put_call(w, &(call){.name = info->qasm3,
                                       .params = op->params,
                                       .nparams = op->nparams,
                                       .operands = op->controls,
                                       .noperands = op->ncontrols,
                                       .targets = op->targets,
                                       .ntargets = op->ntargets});
        }
    }
    info = qn_gate_describe(op->base);
    const char *name = op->base == QN_GATE_SXDG ? "inv @ sx" : info->qasm3;
    if (name == NULL) {
        uint32_t defined = 0;
        QN_TRY(qn__qasm_define(w, op->base, &defined));
        name = w->names.names[defined];
    }
    return put_call(w, &(call){.name = name,
                               .params = op->params,
                               .nparams = op->nparams,
                               .controls = op->controls,
                               .state = op->control_state,
                               .ncontrols = op->ncontrols,
                               .targets = op->targets,
                               .ntargets = op->ntargets});
}

qn_status qn__qasm3_put_gate(qn__qasm_writer *w, const qn_operation *op)
{
    qn_param params[4] = {QN_PARAM(0), QN_PARAM(0), QN_PARAM(0), QN_PARAM(0)};
    switch (op->base) {
    case QN_GATE_GPHASE:
        return put_gphase(w, op, op->params);
    case QN_GATE_U0: /* the identity, however long it lasts */
        return put_plain(w, "id", NULL, op->targets[0], 0, 1);
    case QN_GATE_U2:
        params[0] = QN_PARAM(PI / 2);
        params[1] = op->params[0];
        params[2] = op->params[1];
        return put_uphase(w, op, params);
    case QN_GATE_U:
    case QN_GATE_UPHASE:
        for (uint32_t i = 0; i < op->nparams; i++) {
            params[i] = op->params[i];
        }
        return put_uphase(w, op, params);
    case QN_GATE_PAULI_ROTATION:
        return put_pauli_rotation(w, op);
    case QN_GATE_UNITARY1:
        return put_matrix1(w, op, op->targets, op->matrix);
    case QN_GATE_UNITARY2:
        return put_matrix2(w, op);
    default:
        return put_named(w, op);
    }
}
