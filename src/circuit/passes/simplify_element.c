/* simplify_element.c: operations to elements and back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/passes/simplify.h"
#include "circuit/store.h"

static const double PI = 3.14159265358979323846, NOTHING = 1e-12;

/* Gates with a name that are rotations by a number: base, letter, angle. */
typedef struct named {
    qn_gate gate;
    char letter;
    int eighths; /* angle over pi/4 */
} named;
static const named NAMED[] = {{QN_GATE_Z, 'Z', 4},  {QN_GATE_S, 'Z', 2},     {QN_GATE_SDG, 'Z', -2},
                              {QN_GATE_T, 'Z', 1},  {QN_GATE_TDG, 'Z', -1},  {QN_GATE_X, 'X', 4},
                              {QN_GATE_SX, 'X', 2}, {QN_GATE_SXDG, 'X', -2}, {QN_GATE_Y, 'Y', 4}};
enum { NNAMED = sizeof NAMED / sizeof *NAMED };

/* Reading. */

static int by_qubit(const void *a, const void *b)
{
    const qn__role *x = a, *y = b;
    return (x->qubit > y->qubit) - (x->qubit < y->qubit);
}

static bool diagonal(const qn_operation *op)
{
    return (qn_gate_describe(op->base)->flags & QN_GATE_FLAG_DIAGONAL) != 0;
}

/* Style, angle and letters of a gate that is a rotation. */
static bool as_rotation(const qn_operation *op, qn__element *e, const char **letters)
{
    for (size_t i = 0; i < NNAMED; i++) {
        if (NAMED[i].gate == op->base) {
            static const char *const one[] = {"X", "Y", "Z"};
            *letters = one[NAMED[i].letter - 'X'];
            e->style = QN__STYLE_NAMED;
            e->angle = QN_PARAM(NAMED[i].eighths * (PI / 4));
            return true;
        }
    }
    const char *generator = qn__gate_row_of(op->base)->generator;
    e->style = QN__STYLE_ROTATION;
    *letters = op->pauli != NULL ? op->pauli : generator;
    if (op->base == QN_GATE_P) {
        e->style = QN__STYLE_PHASE;
        *letters = "Z";
    }
    if (*letters == NULL) {
        return false;
    }
    e->angle = op->params[0];
    return e->angle.expression == 0;
}

static qn_status add_roles(qn__simplify *s, const qn_operation *op, qn__element *e, const char *letters, char other)
{
    const size_t count = (size_t)op->ncontrols + op->ntargets;
    if (s->roles_capacity - s->roles_used < count) {
        void *roles = s->roles;
        const qn_status status = qn__grow(&roles, &s->roles_capacity, s->roles_used + count, sizeof *s->roles);
        s->roles = roles;
        QN_TRY(status);
    }
    qn__role *roles = s->roles + s->roles_used;
    for (uint32_t i = 0; i < op->ncontrols; i++) {
        roles[i] = (qn__role){op->controls[i], (op->control_state >> i & 1) != 0 ? '1' : '0'};
    }
    const bool phase = letters != NULL && letters[0] == 'Z' && e->style != QN__STYLE_ROTATION;
    for (uint32_t i = 0; i < op->ntargets; i++) {
        roles[op->ncontrols + i] = (qn__role){op->targets[i], phase ? '1' : letters != NULL ? letters[i] : other};
    }
    qsort(roles, count, sizeof *roles, by_qubit);
    e->roles = s->roles_used;
    e->nroles = (uint32_t)count;
    s->roles_used += count;
    return QN_OK;
}

static qn_status read_gate(qn__simplify *s, const qn_operation *op, qn__element *e, bool *keep)
{
    const char *letters = NULL;
    s->seen[op->gate] = true;
    *keep = !(op->base == QN_GATE_ID || op->base == QN_GATE_U0);
    if (op->base == QN_GATE_GPHASE && op->ncontrols == 0 && op->params[0].expression == 0) {
        *keep = false;
        return qn__affine_sum(&s->pool, 1, &s->phase, 1, op->params, &s->phase);
    }
    if (op->base == QN_GATE_GPHASE && op->ncontrols > 0 && op->params[0].expression == 0 &&
        (op->control_state & 1) != 0) { /* a phase on the controls: there must be one that fires on 1 */
        e->kind = QN__ELEMENT_ROTATION;
        e->style = QN__STYLE_PHASE;
        e->angle = op->params[0];
        return add_roles(s, op, e, NULL, '?');
    }
    if (op->base == QN_GATE_H && op->ncontrols == 0) {
        e->kind = QN__ELEMENT_HADAMARD;
        return add_roles(s, op, e, NULL, '?');
    }
    if (as_rotation(op, e, &letters)) {
        e->kind = QN__ELEMENT_ROTATION;
        return add_roles(s, op, e, letters, '?');
    }
    e->kind = QN__ELEMENT_GATE;
    return add_roles(s, op, e, NULL, diagonal(op) ? 'Z' : '?');
}

qn_status qn__simplify_read(qn__simplify *s)
{
    const size_t count = qn_circuit_operations(s->from);
    s->elements = qn__alloc(count, sizeof *s->elements);
    QN_ALLOC_CHECK(s->elements);
    for (size_t i = 0; i < count; i++) {
        qn_operation op;
        qn_circuit_operation(s->from, i, &op);
        qn__element e = {.source = i, .kind = QN__ELEMENT_OTHER};
        bool keep = true;
        if (op.kind == QN_OP_GATE) {
            QN_TRY(read_gate(s, &op, &e, &keep));
        } else {
            QN_TRY(add_roles(s, &op, &e, NULL, op.kind == QN_OP_MEASURE ? 'Z' : '?'));
        }
        if (keep) {
            s->elements[s->count++] = e;
        }
    }
    return QN_OK;
}

/* Merging. */

bool qn__element_controlled(const qn__simplify *s, const qn__element *a)
{
    const qn__role *r = s->roles + a->roles;
    uint32_t controls = 0;
    for (uint32_t i = 0; i < a->nroles; i++) {
        controls += r[i].letter == '0' || r[i].letter == '1';
    }
    return controls > (qn__element_is_phase(s, a) ? 1 : 0);
}

bool qn__element_is_phase(const qn__simplify *s, const qn__element *a)
{
    const qn__role *r = s->roles + a->roles;
    bool phase = a->kind == QN__ELEMENT_ROTATION && a->nroles > 0;
    for (uint32_t i = 0; i < a->nroles; i++) {
        phase = phase && (r[i].letter == '0' || r[i].letter == '1');
    }
    return phase;
}

bool qn__element_is_x(const qn__simplify *s, const qn__element *a)
{
    bool x = false;
    for (uint32_t i = 0; i < a->nroles; i++) {
        x = x || s->roles[a->roles + i].letter == 'X';
    }
    return x && a->kind == QN__ELEMENT_ROTATION && a->style == QN__STYLE_NAMED &&
           fabs(fabs(remainder(a->angle.constant, 2 * PI)) - PI) < NOTHING;
}

bool qn__element_may_merge(const qn__simplify *s, const qn__element *a, const qn__element *b)
{
    if (a->kind != QN__ELEMENT_ROTATION || b->kind != QN__ELEMENT_ROTATION) {
        return false;
    }
    const bool a_pure = a->style == QN__STYLE_ROTATION, b_pure = b->style == QN__STYLE_ROTATION;
    return a_pure == b_pure || (!qn__element_controlled(s, a) && !qn__element_controlled(s, b));
}

qn_status qn__element_merge(qn__simplify *s, qn__element *a, const qn__element *b, double sign)
{
    const bool a_phase = a->style != QN__STYLE_ROTATION, b_phase = b->style != QN__STYLE_ROTATION;
    qn_param angle;
    QN_TRY(qn__affine_sum(&s->pool, 1, &a->angle, sign, &b->angle, &angle));
    const uint8_t style = a->style > b->style ? a->style : b->style;
    const bool phase = style != QN__STYLE_ROTATION;
    if (a_phase != phase || b_phase != phase || sign != 1) {
        /* What the two had of phase, less what the sum has; nothing under controls, where the styles agree. */
        qn_param rest = QN_PARAM(0);
        QN_TRY(qn__affine_sum(&s->pool, a_phase ? 0.5 : 0, &a->angle, b_phase ? 0.5 : 0, &b->angle, &rest));
        QN_TRY(qn__affine_sum(&s->pool, 1, &rest, phase ? -0.5 : 0, &angle, &rest));
        QN_TRY(qn__affine_sum(&s->pool, 1, &s->phase, 1, &rest, &s->phase));
    }
    if (a->style == QN__STYLE_ROTATION && style == QN__STYLE_ROTATION && qn__element_is_phase(s, a)) {
        return QN_FAIL(ERR_INTERNAL, "a rotation without letters");
    }
    if (a->style != QN__STYLE_ROTATION && style == QN__STYLE_ROTATION && qn__element_is_phase(s, a)) {
        s->roles[a->roles].letter = 'Z'; /* z, p became rz: one qubit, see may_merge */
    }
    a->angle = angle;
    a->style = style;
    a->changed = true;
    s->merges++;
    return QN_OK;
}

qn_status qn__element_is_identity(qn__simplify *s, const qn__element *a, bool *out)
{
    *out = false;
    if (a->kind != QN__ELEMENT_ROTATION || !qn__affine_fixed(&a->angle)) {
        return QN_OK;
    }
    const double period = a->style == QN__STYLE_ROTATION && qn__element_controlled(s, a) ? 4 * PI : 2 * PI;
    *out = fabs(remainder(a->angle.constant, period)) < NOTHING;
    if (*out && a->style == QN__STYLE_ROTATION && fabs(remainder(a->angle.constant, 4 * PI)) > PI) {
        s->phase.constant += PI; /* exp(-i pi P) = -1 */
    }
    return QN_OK;
}

/* Writing. */

static qn_status write_phase(qn__simplify *s)
{
    qn_param phase = s->phase;
    s->phase = QN_PARAM(0);
    phase.constant = remainder(phase.constant, 2 * PI);
    if (qn__affine_fixed(&phase) && fabs(phase.constant) < NOTHING) {
        return QN_OK;
    }
    return qn_circuit_append(s->to, QN_GATE_GPHASE, NULL, 0, &phase, 1);
}

/* A base gate on one target under the controls of an element, as the row of the table that has them if there is one. */
static qn_status write_base(qn__simplify *s, const qn__element *e, uint32_t target, qn_gate base,
                            const qn_param *params)
{
    uint32_t qubits[QN__CONTROLS_MAX + 1], count = 0;
    uint64_t state = 0;
    for (uint32_t i = 0; i < e->nroles; i++) {
        const qn__role *r = &s->roles[e->roles + i];
        if (i != target) {
            state |= (uint64_t)(r->letter == '1') << count;
            qubits[count++] = r->qubit;
        }
    }
    qubits[count] = s->roles[e->roles + target].qubit;
    qn_gate gate = base;
    const uint64_t ones = count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
    if (state != ones || !qn__gate_find_controlled(base, count, &gate)) {
        gate = base;
    }
    const uint32_t own = qn_gate_describe(gate)->controls, extra = count - own;
    return qn_circuit_append_controlled(s->to, gate, qubits, extra, state, qubits + extra, own + 1, params,
                                        qn_gate_describe(gate)->params);
}

static qn_status write_named(qn__simplify *s, const qn__element *e, uint32_t target, char letter)
{
    int eighths = (int)lrint(remainder(e->angle.constant, 2 * PI) / (PI / 4));
    if (letter == 'Z' && e->nroles == 1 && s->seen[QN_GATE_T] && !s->seen[QN_GATE_TDG] && !s->seen[QN_GATE_S] &&
        !s->seen[QN_GATE_SDG] && !s->seen[QN_GATE_Z]) { /* a set that has t only */
        for (int n = (eighths + 8) % 8; n > 0; n--) {
            QN_TRY(write_base(s, e, target, QN_GATE_T, NULL));
        }
        return QN_OK;
    }
    for (int sign = eighths < 0 ? -1 : 1; eighths != 0;) {
        const named *best = NULL;
        for (size_t i = 0; i < NNAMED; i++) { /* z and t, not s and t twice */
            const int m = NAMED[i].eighths, size = abs(m);
            if (NAMED[i].letter == letter && (m * sign > 0 || size == 4) && size <= abs(eighths) &&
                (best == NULL || size > abs(best->eighths))) {
                best = &NAMED[i];
            }
        }
        QN_CHECK(best != NULL, ERR_INTERNAL, "no gate of %d eighths", eighths);
        QN_TRY(write_base(s, e, target, best->gate, NULL));
        eighths -= sign * abs(best->eighths);
    }
    return QN_OK;
}

static qn_status write_string(qn__simplify *s, const qn__element *e)
{
    qn_operation op;
    qn_circuit_operation(s->from, e->source, &op);
    if (op.pauli != NULL && op.ncontrols == 0) {
        return qn_circuit_append_pauli_rotation(s->to, op.pauli, op.targets, op.ntargets, e->angle);
    }
    const uint32_t own = qn_gate_describe(op.gate)->controls, extra = op.ncontrols - own;
    uint32_t qubits[QN__CONTROLS_MAX + QN__GATE_QUBITS];
    memcpy(qubits, op.ncontrols > 0 ? op.controls : op.targets, ((size_t)op.ncontrols + op.ntargets) * sizeof *qubits);
    return qn_circuit_append_controlled(s->to, op.gate, qubits, extra, op.control_state, qubits + extra,
                                        own + op.ntargets, &e->angle, 1);
}

static qn_status write_rotation(qn__simplify *s, qn__element *e)
{
    uint32_t target = UINT32_MAX, letters = 0;
    const bool phase = qn__element_is_phase(s, e);
    for (uint32_t i = 0; i < e->nroles; i++) {
        const char letter = s->roles[e->roles + i].letter;
        const bool is_letter = letter != '0' && letter != '1';
        letters += is_letter;
        target = (phase ? letter == '1' : is_letter) ? i : target;
    }
    if (letters > 1) {
        return write_string(s, e);
    }
    const char letter = phase ? 'Z' : s->roles[e->roles + target].letter;
    if (e->style == QN__STYLE_NAMED) {
        return write_named(s, e, target, letter);
    }
    if (e->style == QN__STYLE_PHASE) {
        e->angle.constant = qn__affine_fixed(&e->angle) ? remainder(e->angle.constant, 2 * PI) : e->angle.constant;
        return write_base(s, e, target, QN_GATE_P, &e->angle);
    }
    if (qn__affine_fixed(&e->angle) && e->nroles == 1) {
        const double before = e->angle.constant;
        e->angle.constant = remainder(before, 2 * PI);
        s->phase.constant += fabs(remainder(before - e->angle.constant, 4 * PI)) > PI ? PI : 0;
    }
    const qn_gate gate = letter == 'X' ? QN_GATE_RX : letter == 'Y' ? QN_GATE_RY : QN_GATE_RZ;
    return write_base(s, e, target, gate, &e->angle);
}

qn_status qn__simplify_write(qn__simplify *s)
{
    bool straight = true; /* still in the run that s->phase belongs to */
    for (size_t i = 0; i < s->count; i++) {
        qn__element *e = &s->elements[i];
        qn_operation op;
        if (e->kind == QN__ELEMENT_DEAD) {
            continue;
        }
        qn_circuit_operation(s->from, e->source, &op);
        qn_circuit_set_line(s->to, op.line);
        if (straight && op.kind >= QN_OP_IF) {
            QN_TRY(write_phase(s));
            straight = false;
        }
        if (e->changed && e->kind == QN__ELEMENT_ROTATION) {
            QN_TRY(write_rotation(s, e));
        } else if (e->changed && e->kind == QN__ELEMENT_HADAMARD) {
            QN_TRY(qn_circuit_append(s->to, QN_GATE_H, &s->roles[e->roles].qubit, 1, NULL, 0));
        } else {
            QN_TRY(qn__circuit_copy_operation(s->from, e->source, s->to));
        }
    }
    qn_circuit_set_line(s->to, 0);
    return write_phase(s);
}
