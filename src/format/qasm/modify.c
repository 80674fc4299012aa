/* modify.c: ctrl @, negctrl @, inv @ and pow @ on lists of operations. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/gate.h"
#include "format/qasm/reader.h"

static qn_status control_count(qn__qasm_reader *r, qn__qasm_modifier *m)
{
    m->controls = 1;
    if (!qn__qasm_accept(r, QN__QT_LEFT_ROUND)) {
        return QN_OK;
    }
    const qn__qasm_token at = r->token;
    qn__qasm_operand value;
    int64_t count = 0;
    bool known = false;
    QN_TRY(qn__qasm_read_expression(r, &value));
    QN_TRY(qn__qasm_operand_index(r, &value, &at, "the number of controls", &count, &known));
    if (known && (count < 1 || count > QN__CONTROLS_MAX)) {
        return QN_QASM_FAIL(r, &at, "%lld controls; expected 1 to %d", (long long)count, QN__CONTROLS_MAX);
    }
    m->controls = known ? (uint32_t)count : 1;
    return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the number of controls");
}

static qn_status exponent(qn__qasm_reader *r, qn__qasm_modifier *m)
{
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "and the exponent"));
    const qn__qasm_token at = r->token;
    qn__qasm_operand value;
    QN_TRY(qn__qasm_read_expression(r, &value));
    QN_TRY(qn__qasm_operand_lower(r, &value, &at));
    m->power = 1;
    if (value.kind == QN__OPERAND_TOKENS) {
        return QN_QASM_UNSUPPORTED(r, &at,
                                   "an exponent that depends on a measurement or a free parameter is not "
                                   "supported; expected a number that is known when the program is read");
    }
    if (value.kind == QN__OPERAND_CONSTANT) {
        m->power = qn_value_number(&value.value);
        if (!isfinite(m->power)) {
            return QN_QASM_FAIL(r, &at, "the exponent is not a finite number");
        }
    }
    return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the exponent");
}

qn_status qn__qasm_modifiers(qn__qasm_reader *r, qn__qasm_modifier *out, uint32_t *count)
{
    *count = 0;
    for (;;) {
        qn__qasm_modifier m = {.token = r->token};
        switch (r->token.kind) {
        case QN__QT_CTRL:
            m.kind = QN__MODIFIER_CTRL;
            break;
        case QN__QT_NEGCTRL:
            m.kind = QN__MODIFIER_NEGCTRL;
            break;
        case QN__QT_INV:
            m.kind = QN__MODIFIER_INV;
            break;
        case QN__QT_POW:
            m.kind = QN__MODIFIER_POW;
            break;
        default:
            return QN_OK;
        }
        if (*count == QN__QASM_MODIFIERS) {
            return QN_QASM_LARGE(r, &r->token, "more than %d modifiers of one gate", QN__QASM_MODIFIERS);
        }
        qn__qasm_advance(r);
        if (m.kind == QN__MODIFIER_CTRL || m.kind == QN__MODIFIER_NEGCTRL) {
            QN_TRY(control_count(r, &m));
        } else if (m.kind == QN__MODIFIER_POW) {
            QN_TRY(exponent(r, &m));
        }
        QN_TRY(qn__qasm_expect(r, QN__QT_AT, "after the modifier"));
        out[(*count)++] = m;
    }
}

/* Inverse. */

static qn_status invert_one(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_kept *k,
                            const uint32_t *qubits, const qn_param *params, qn__qasm_operations *to, unsigned depth);

/* A step of a text of the gate table about `k`, or its inverse. */
static qn_status add_step(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_kept *k,
                          const uint32_t *qubits, const qn_param *params, const qn__gate_step *step, bool inverted,
                          qn__qasm_operations *to, unsigned depth)
{
    uint32_t all[QN__CONTROLS_MAX + QN__GATE_QUBITS];
    qn_param values[QN__GATE_PARAMS];
    if (k->ncontrols > 0) {
        memcpy(all, qubits, k->ncontrols * sizeof *all);
    }
    for (uint32_t i = 0; i < step->nqubits; i++) {
        all[k->ncontrols + i] = qubits[k->ncontrols + step->qubits[i]];
    }
    for (uint32_t i = 0; i < step->nparams; i++) {
        QN_TRY(
            qn__qasm_param_affine(r, step->params[i].constant, step->params[i].slope, params, k->nparams, &values[i]));
    }
    qn__qasm_kept out = *k;
    out.gate = step->gate;
    out.nqubits = step->nqubits;
    out.nparams = step->nparams;
    return inverted ? invert_one(r, token, &out, all, values, to, depth + 1)
                    : qn__qasm_operations_add(to, &out, all, values, NULL);
}

static qn_status invert_one(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_kept *k,
                            const uint32_t *qubits, const qn_param *params, qn__qasm_operations *to, unsigned depth)
{
    enum { MOST_STEPS = 32 };
    const qn__gate_row *row = qn__gate_row_of(k->gate);
    QN_CHECK(depth < MOST_STEPS, ERR_INTERNAL, "the gate table turns in circles at %s", row->info.name);
    qn__gate_step step;
    bool found = false;
    if (row->inverse != NULL) {
        const char *text = row->inverse;
        QN_TRY(qn__gate_text_next(&text, &step, &found));
        return add_step(r, token, k, qubits, params, &step, false, to, depth);
    }
    if (row->info.controls > 0) { /* the base's inverse under the same controls */
        qn__qasm_kept base = *k;
        base.gate = row->info.base;
        base.ncontrols += row->info.controls;
        base.nqubits -= row->info.controls;
        base.state |= ((UINT64_C(1) << row->info.controls) - 1) << k->ncontrols;
        return invert_one(r, token, &base, qubits, params, to, depth + 1);
    }
    const char *starts[MOST_STEPS], *text = row->decomposition;
    size_t nsteps = 0;
    QN_CHECK(text != NULL, ERR_INTERNAL, "gate %s has no inverse in the table", row->info.name);
    for (;;) {
        const char *start = text;
        QN_TRY(qn__gate_text_next(&text, &step, &found));
        if (!found) {
            break;
        }
        QN_CHECK(nsteps < MOST_STEPS, ERR_INTERNAL, "text of gate %s is too long", row->info.name);
        starts[nsteps++] = start;
    }
    while (nsteps-- > 0) {
        text = starts[nsteps];
        QN_TRY(qn__gate_text_next(&text, &step, &found));
        QN_TRY(add_step(r, token, k, qubits, params, &step, true, to, depth));
    }
    return QN_OK;
}

qn_status qn__qasm_operations_invert(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_operations *from,
                                     qn__qasm_operations *to)
{
    for (size_t i = from->count; i-- > 0;) {
        const qn__qasm_kept *k = &from->kept[i];
        const uint32_t *qubits = from->qubits + k->qubits;
        if (k->kind == QN_OP_BARRIER) {
            QN_TRY(qn__qasm_operations_add(to, k, qubits, NULL, NULL));
        } else if (k->gate == QN_GATE_UNITARY1 || k->gate == QN_GATE_UNITARY2) {
            qn_complex adjoint[16];
            const size_t size = (size_t)1 << k->nqubits;
            const qn_complex *m = from->matrices + k->matrix;
            for (size_t a = 0; a < size; a++) {
                for (size_t b = 0; b < size; b++) {
                    adjoint[a * size + b] = (qn_complex){m[b * size + a].re, -m[b * size + a].im};
                }
            }
            QN_TRY(qn__qasm_operations_add(to, k, qubits, NULL, adjoint));
        } else {
            QN_TRY(invert_one(r, token, k, qubits, qn__qasm_params_of(from, k), to, 0));
        }
    }
    return QN_OK;
}

/* Controls. */

/* The name of a gate under so many positive controls, as a writer of programs would give it. */
static void name_controls(qn__qasm_kept *k)
{
    const qn_gate_info *info = qn_gate_describe(k->gate);
    const uint32_t total = k->ncontrols + info->controls;
    const uint64_t ones = k->ncontrols >= 64 ? UINT64_MAX : (UINT64_C(1) << k->ncontrols) - 1;
    qn_gate named = k->gate;
    uint32_t taken = 0;
    if (k->ncontrols == 0 || (k->state & ones) != ones) {
        return;
    }
    if (info->base == QN_GATE_GPHASE) { /* a phase of the last control is the gate p on it */
        if (total > 2 || !qn__gate_find_controlled(QN_GATE_P, total - 1, &named)) {
            return;
        }
        named = total == 1 ? QN_GATE_P : named;
        taken = total;
    } else if (qn__gate_find_controlled(info->base, total, &named) && qn_gate_describe(named)->params == k->nparams) {
        taken = k->ncontrols;
    } else {
        return;
    }
    k->gate = named;
    k->nqubits += taken;
    k->ncontrols -= taken;
    k->state = 0;
}

static qn_status add_controls(qn__qasm_reader *r, const qn__qasm_modifier *m, const uint32_t *controls,
                              const qn__qasm_operations *from, qn__qasm_operations *to)
{
    for (size_t i = 0; i < from->count; i++) {
        qn__qasm_kept k = from->kept[i];
        const uint32_t *qubits = from->qubits + k.qubits;
        if (k.kind == QN_OP_BARRIER) {
            QN_TRY(qn__qasm_operations_add(to, &k, qubits, NULL, NULL));
            continue;
        }
        if (k.gate == QN_GATE_UNITARY1 || k.gate == QN_GATE_UNITARY2) {
            return QN_QASM_UNSUPPORTED(r, &m->token,
                                       "controls on a real power of a two-qubit operation are not supported");
        }
        const uint32_t own = qn_gate_describe(k.gate)->controls;
        if (k.ncontrols + own + m->controls > QN__CONTROLS_MAX) {
            return QN_QASM_LARGE(r, &m->token, "a gate under more than %d controls", QN__CONTROLS_MAX);
        }
        uint32_t all[QN__CONTROLS_MAX + QN__GATE_QUBITS];
        memcpy(all, controls, m->controls * sizeof *all);
        const uint32_t rest = k.ncontrols + k.nqubits;
        if (rest > 0) {
            memcpy(all + m->controls, qubits, rest * sizeof *all);
        }
        const uint64_t ones = m->controls >= 64 ? UINT64_MAX : (UINT64_C(1) << m->controls) - 1;
        k.state = (m->controls >= 64 ? 0 : k.state << m->controls) | (m->kind == QN__MODIFIER_CTRL ? ones : 0);
        k.ncontrols += m->controls;
        name_controls(&k);
        QN_TRY(qn__qasm_operations_add(to, &k, all, qn__qasm_params_of(from, &k), NULL));
    }
    return QN_OK;
}

qn_status qn__qasm_modify(qn__qasm_reader *r, const qn__qasm_modifier *modifier, const uint32_t *controls,
                          qn__qasm_operations *operations)
{
    qn__qasm_operations out = {0};
    qn_status status = QN_OK;
    switch (modifier->kind) {
    case QN__MODIFIER_INV:
        status = qn__qasm_operations_invert(r, &modifier->token, operations, &out);
        break;
    case QN__MODIFIER_POW:
        status = qn__qasm_operations_power(r, modifier, operations, &out);
        break;
    default:
        status = add_controls(r, modifier, controls, operations, &out);
        break;
    }
    if (status != QN_OK) {
        qn__qasm_operations_free(&out);
        return status;
    }
    qn__qasm_operations_free(operations);
    *operations = out;
    return QN_OK;
}
