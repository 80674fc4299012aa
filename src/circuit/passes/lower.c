/* lower.c: operations down to one-qubit gates and pair gates, by the texts of gates.def. */
#include "circuit/passes/lower.h"

#include <string.h>

#include "base/alloc.h"
#include "circuit/passes/two_qubit.h"

enum { DEEPEST = 24, MOST_CONTROLS = 80 };

/* Texts. */

qn_status qn__lower_text(qn__lower *l, qn_gate gate, const qn__gate_steps **out)
{
    if (!l->texts[gate].done) {
        QN_TRY(qn__gate_text_parse(qn__gate_row_of(gate)->decomposition, &l->texts[gate]));
    }
    *out = &l->texts[gate];
    return QN_OK;
}

/* Whether step b undoes step a: the inverse text of a is b. */
static qn_status undoes(qn__lower *l, const qn__gate_step *a, const qn__gate_step *b, bool *out)
{
    if (!l->inverses[a->gate].done) {
        QN_TRY(qn__gate_text_parse(qn__gate_row_of(a->gate)->inverse, &l->inverses[a->gate]));
    }
    const qn__gate_steps *inverse = &l->inverses[a->gate];
    bool same = inverse->count == 1 && inverse->steps[0].gate == b->gate;
    for (uint32_t i = 0; same && i < b->nqubits; i++) {
        same = a->qubits[inverse->steps[0].qubits[i]] == b->qubits[i];
    }
    for (uint32_t i = 0; same && i < b->nparams; i++) {
        const qn__affine *e = &inverse->steps[0].params[i];
        qn__affine value = {e->constant, {0}};
        for (uint32_t k = 0; k < a->nparams; k++) {
            value.constant += e->slope[k] * a->params[k].constant;
            for (size_t s = 0; s < QN__GATE_PARAMS; s++) {
                value.slope[s] += e->slope[k] * a->params[k].slope[s];
            }
        }
        same = value.constant == b->params[i].constant;
        for (size_t s = 0; same && s < QN__GATE_PARAMS; s++) {
            same = value.slope[s] == b->params[i].slope[s];
        }
    }
    *out = same;
    return QN_OK;
}

static qn_status step_params(qn__lower *l, const qn__gate_step *step, const qn_param *params, qn_param *out)
{
    for (uint32_t i = 0; i < step->nparams; i++) {
        qn_param value = QN_PARAM(step->params[i].constant);
        for (size_t k = 0; k < QN__GATE_PARAMS; k++) {
            if (step->params[i].slope[k] != 0) {
                QN_TRY(qn__affine_sum(&l->pool, 1, &value, step->params[i].slope[k], &params[k], &value));
            }
        }
        out[i] = value;
    }
    return QN_OK;
}

/* One step about qubits `places`, under `ncontrols` more controls. */
static qn_status lower_step(qn__lower *l, const qn__gate_step *step, const uint32_t *controls, uint32_t ncontrols,
                            const uint32_t *places, const qn_param *params)
{
    const qn_gate_info *info = qn_gate_describe(step->gate);
    uint32_t all[MOST_CONTROLS], targets[QN__GATE_QUBITS];
    qn_param values[QN__GATE_PARAMS];
    QN_CHECK(ncontrols + info->controls <= MOST_CONTROLS, ERR_INTERNAL, "over %d controls", MOST_CONTROLS);
    if (ncontrols > 0) {
        memcpy(all, controls, ncontrols * sizeof *all);
    }
    for (uint32_t i = 0; i < step->nqubits; i++) {
        if (i < info->controls) {
            all[ncontrols + i] = places[step->qubits[i]];
        } else {
            targets[i - info->controls] = places[step->qubits[i]];
        }
    }
    QN_TRY(step_params(l, step, params, values));
    const qn__piece piece = {
        info->base, ncontrols + info->controls, step->nqubits - info->controls, all, targets, values, NULL, NULL};
    return qn__lower_piece(l, &piece);
}

/* All steps of the base's text; pairs at both ends that undo each other need no control. */
static qn_status lower_by_text(qn__lower *l, const qn__piece *p)
{
    const qn__gate_steps *text = NULL;
    QN_CHECK(qn__gate_row_of(p->base)->decomposition != NULL, ERR_INTERNAL, "gate %s has no decomposition",
             qn_gate_describe(p->base)->name);
    QN_TRY(qn__lower_text(l, p->base, &text));
    size_t first = 0, last = text->count;
    while (p->ncontrols > 0 && last - first >= 3) {
        bool pair = false;
        QN_TRY(undoes(l, &text->steps[first], &text->steps[last - 1], &pair));
        if (!pair) {
            break;
        }
        first++;
        last--;
    }
    for (size_t i = 0; i < text->count; i++) {
        const bool inside = i >= first && i < last;
        QN_TRY(lower_step(l, &text->steps[i], p->controls, inside ? p->ncontrols : 0, p->targets, p->params));
    }
    return QN_OK;
}

/* Gates that carry data. */

/* Basis changes at both ends, parities down a ladder of CX, one rotation of two qubits (or one). */
static qn_status lower_pauli(qn__lower *l, const qn__piece *p)
{
    const uint32_t n = p->ntargets;
    for (uint32_t i = 0; i < n; i++) {
        if (p->pauli[i] != 'Z') {
            QN_TRY(qn__run_gate(l, p->targets[i], p->pauli[i] == 'X' ? QN_GATE_H : QN_GATE_SX));
        }
    }
    const uint32_t ladder = p->ncontrols > 0 ? n - 1 : n < 2 ? 0 : n - 2;
    for (uint32_t i = 0; i < ladder; i++) {
        QN_TRY(qn__run_cx(l, p->targets[i], p->targets[i + 1]));
    }
    if (p->ncontrols > 0 || n == 1) {
        QN_TRY(qn__lower_rz(l, p->controls, p->ncontrols, p->targets[n - 1], p->params));
    } else {
        QN_TRY(qn__run_rzz(l, p->targets[n - 2], p->targets[n - 1], p->params));
    }
    for (uint32_t i = ladder; i-- > 0;) {
        QN_TRY(qn__run_cx(l, p->targets[i], p->targets[i + 1]));
    }
    for (uint32_t i = 0; i < n; i++) {
        if (p->pauli[i] != 'Z') {
            QN_TRY(qn__run_gate(l, p->targets[i], p->pauli[i] == 'X' ? QN_GATE_H : QN_GATE_SXDG));
        }
    }
    return QN_OK;
}

static qn_status lower_matrix1(qn__lower *l, const qn_complex *matrix, const uint32_t *controls, uint32_t ncontrols,
                               uint32_t target)
{
    double angles[4];
    qn__one_qubit_angles(matrix, angles);
    const qn_param params[4] = {QN_PARAM(angles[0]), QN_PARAM(angles[1]), QN_PARAM(angles[2]), QN_PARAM(angles[3])};
    const qn__piece piece = {QN_GATE_UPHASE, ncontrols, 1, controls, &target, params, NULL, NULL};
    return qn__lower_piece(l, &piece);
}

static qn_status lower_matrix2(qn__lower *l, const qn__piece *p)
{
    qn__two_qubit d;
    uint32_t controls[MOST_CONTROLS];
    QN_TRY(qn__two_qubit_decompose(p->matrix, &d));
    if (p->ncontrols > 0) {
        memcpy(controls, p->controls, p->ncontrols * sizeof *controls);
    }
    for (uint32_t k = 0; k <= d.ncx; k++) {
        for (uint32_t q = 0; q < 2; q++) {
            QN_TRY(lower_matrix1(l, d.local[k][q], p->controls, p->ncontrols, p->targets[q]));
        }
        if (k < d.ncx) {
            controls[p->ncontrols] = p->targets[d.control[k]];
            QN_TRY(qn__lower_x(l, controls, p->ncontrols + 1, p->targets[1 - d.control[k]]));
        }
    }
    const qn_param phase = QN_PARAM(d.phase);
    return qn__lower_phase(l, p->controls, p->ncontrols, &phase);
}

/* Rotations of two qubits where rzz is a gate: one rzz between changes of basis. */
static qn_status lower_rotation2(qn__lower *l, const qn__piece *p, bool *handled)
{
    const char *generator = qn__gate_row_of(p->base)->generator;
    *handled = generator != NULL && p->ntargets == 2;
    if (!*handled) {
        return QN_OK;
    }
    qn__piece rotation = *p;
    rotation.pauli = generator;
    return lower_pauli(l, &rotation);
}

static qn_status lower_local(qn__lower *l, const qn__piece *p)
{
    if (p->base == QN_GATE_ID || p->base == QN_GATE_U0) {
        return QN_OK;
    }
    if (p->base == QN_GATE_RZ) {
        return qn__run_rz(l, p->targets[0], p->params);
    }
    if (qn_gate_describe(p->base)->params == 0) {
        return qn__run_gate(l, p->targets[0], p->base);
    }
    return lower_by_text(l, p);
}

static qn_status lower_any(qn__lower *l, const qn__piece *p)
{
    bool handled = true;
    if (p->base == QN_GATE_PAULI_ROTATION) {
        return lower_pauli(l, p);
    }
    if (p->base == QN_GATE_UNITARY1) {
        return lower_matrix1(l, p->matrix, p->controls, p->ncontrols, p->targets[0]);
    }
    if (p->base == QN_GATE_UNITARY2) {
        return lower_matrix2(l, p);
    }
    if (p->base == QN_GATE_GPHASE) {
        return qn__lower_phase(l, p->controls, p->ncontrols, p->params);
    }
    if (p->ncontrols > 0) {
        QN_TRY(qn__lower_controlled(l, p, &handled));
        return handled ? QN_OK : lower_by_text(l, p);
    }
    if (p->ntargets == 1) {
        return lower_local(l, p);
    }
    QN_TRY(lower_rotation2(l, p, &handled));
    return handled ? QN_OK : lower_by_text(l, p);
}

qn_status qn__lower_piece(qn__lower *l, const qn__piece *p)
{
    QN_CHECK(l->depth < DEEPEST, ERR_INTERNAL, "texts of gate %s are nested too deep", qn_gate_describe(p->base)->name);
    l->depth++;
    const qn_status status = lower_any(l, p);
    l->depth--;
    return status;
}

qn_status qn__lower_operation(qn__lower *l, const qn_operation *op)
{
    for (uint32_t i = 0; i < op->nparams; i++) {
        l->has_expressions = l->has_expressions || op->params[i].expression != 0;
        QN_CHECK(!qn__basis_exact(l->basis) || qn__affine_fixed(&op->params[i]), ERR_UNSUPPORTED,
                 "gate %s has a free parameter: %s has fixed angles only, bind the parameters first",
                 qn_gate_describe(op->gate)->name, l->basis->info.name);
    }
    const qn__piece piece = {op->base,    op->ncontrols, op->ntargets, op->controls,
                             op->targets, op->params,    op->pauli,    op->matrix};
    for (uint32_t round = 0; round < 2; round++) { /* a control on 0 stands between two X */
        for (uint32_t k = 0; k < op->ncontrols; k++) {
            if ((op->control_state >> k & 1) == 0) {
                QN_TRY(qn__run_gate(l, op->controls[k], QN_GATE_X));
            }
        }
        if (round == 0) {
            QN_TRY(qn__lower_piece(l, &piece));
        }
    }
    return QN_OK;
}
