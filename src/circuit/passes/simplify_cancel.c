/* simplify_cancel.c: each element, in turn, goes back past those it commutes with until it meets one that it merges
 * with, cancels, or cannot pass. */
#include <math.h>

#include "base/alloc.h"
#include "circuit/passes/simplify.h"

enum { REACH = 100 /* elements looked at for one */ };

static const double PI = 3.14159265358979323846, NOTHING = 1e-12;
static const size_t NONE = SIZE_MAX;

/* A qubit's elements, linked: one link for each role. */
typedef struct link {
    size_t element, before, after;
} link;

typedef struct canceller {
    qn__simplify *s;
    link *links;  /* by role */
    size_t *last; /* of each qubit: its last link, NONE */
    qn__gate_step *inverses;
    uint8_t *known; /* of each gate: 0 not read, 1 no one-step inverse, 2 read */
} canceller;

static qn__element *at(const canceller *c, size_t link_index)
{
    return &c->s->elements[c->links[link_index].element];
}

static void append(canceller *c, size_t index)
{
    const qn__element *e = &c->s->elements[index];
    for (size_t i = e->roles; i < e->roles + e->nroles; i++) {
        const uint32_t q = c->s->roles[i].qubit;
        c->links[i] = (link){index, c->last[q], NONE};
        if (c->last[q] != NONE) {
            c->links[c->last[q]].after = i;
        }
        c->last[q] = i;
    }
}

static void take_out(canceller *c, size_t index)
{
    qn__element *e = &c->s->elements[index];
    for (size_t i = e->roles; i < e->roles + e->nroles; i++) {
        const link *l = &c->links[i];
        if (l->before != NONE) {
            c->links[l->before].after = l->after;
        }
        if (l->after != NONE) {
            c->links[l->after].before = l->before;
        } else {
            c->last[c->s->roles[i].qubit] = l->before;
        }
    }
    e->kind = QN__ELEMENT_DEAD;
    c->s->merges++;
}

static bool same_roles(const qn__simplify *s, const qn__element *a, const qn__element *b)
{
    const qn__role *x = s->roles + a->roles, *y = s->roles + b->roles;
    bool same = a->nroles == b->nroles;
    for (uint32_t i = 0; same && i < a->nroles; i++) {
        same = x[i].qubit == y[i].qubit && x[i].letter == y[i].letter;
    }
    return same;
}

/* z on one qubit is a phase, rz a string: the same axis. */
static bool same_axis(const qn__simplify *s, const qn__element *a, const qn__element *b)
{
    const qn__role *x = &s->roles[a->roles], *y = &s->roles[b->roles];
    const bool one = a->nroles == 1 && b->nroles == 1 && x->qubit == y->qubit;
    return (one && (x->letter == 'Z' || x->letter == '1') && (y->letter == 'Z' || y->letter == '1')) ||
           same_roles(s, a, b);
}

static char kind_of_letter(char letter)
{
    return letter == '0' || letter == '1' ? 'Z' : letter;
}

/* Elements that act on each shared qubit along one axis commute; so do strings that differ on an even number of them.
 */
static bool commute(const qn__simplify *s, const qn__element *a, const qn__element *b)
{
    const qn__role *x = s->roles + a->roles, *y = s->roles + b->roles;
    uint32_t different = 0;
    bool strings = a->kind == QN__ELEMENT_ROTATION && b->kind == QN__ELEMENT_ROTATION;
    for (uint32_t i = 0, j = 0; i < a->nroles && j < b->nroles;) {
        if (x[i].qubit != y[j].qubit) {
            i += x[i].qubit < y[j].qubit ? 1 : 0;
            j += i < a->nroles && x[i].qubit > y[j].qubit ? 1 : 0;
            continue;
        }
        if (x[i].letter == '?' || y[j].letter == '?') {
            return false;
        }
        if (kind_of_letter(x[i].letter) != kind_of_letter(y[j].letter)) {
            different++;
            strings = strings && x[i].letter > '1' && y[j].letter > '1';
        }
        i++;
        j++;
    }
    return different == 0 || (strings && different % 2 == 0);
}

/* Gates that undo each other. */

static qn_status inverse_of(canceller *c, qn_gate gate, const qn__gate_step **out)
{
    *out = NULL;
    if (c->known[gate] == 0) {
        const char *text = qn__gate_row_of(gate)->inverse;
        bool found = false;
        c->known[gate] = 1;
        if (text != NULL) {
            QN_TRY(qn__gate_text_next(&text, &c->inverses[gate], &found));
        }
        c->known[gate] = found && *text == '\0' ? 2 : 1;
    }
    *out = c->known[gate] == 2 ? &c->inverses[gate] : NULL;
    return QN_OK;
}

static qn_status same_param(qn__simplify *s, const qn_param *a, const qn_param *b, bool *out)
{
    qn_param rest = QN_PARAM(1);
    if (a->expression == 0 && b->expression == 0) {
        QN_TRY(qn__affine_sum(&s->pool, 1, a, -1, b, &rest));
    }
    *out = qn__affine_fixed(&rest) && fabs(rest.constant) < NOTHING;
    return QN_OK;
}

static qn_status undoes(canceller *c, const qn__element *a, const qn__element *b, bool *out)
{
    *out = false;
    if (a->kind != b->kind || !same_roles(c->s, a, b) || a->kind == QN__ELEMENT_OTHER) {
        return QN_OK;
    }
    if (a->kind == QN__ELEMENT_HADAMARD) {
        *out = true;
        return QN_OK;
    }
    qn_operation x, y;
    const qn__gate_step *inverse = NULL;
    qn_circuit_operation(c->s->from, a->source, &x);
    qn_circuit_operation(c->s->from, b->source, &y);
    QN_TRY(inverse_of(c, x.base, &inverse));
    if (inverse == NULL || inverse->gate != y.base || x.matrix != NULL || x.pauli != NULL) {
        return QN_OK;
    }
    bool same = true, turned = (qn_gate_describe(x.base)->flags & QN_GATE_FLAG_SYMMETRIC) != 0 && x.ntargets == 2;
    for (uint32_t i = 0; i < x.ntargets; i++) {
        const uint32_t place = x.targets[inverse->qubits[i]];
        same = same && y.targets[i] == place;
        turned = turned && y.targets[1 - i] == place;
    }
    *out = same || turned;
    for (uint32_t i = 0; *out && i < y.nparams; i++) {
        qn_param value = QN_PARAM(inverse->params[i].constant);
        for (uint32_t k = 0; k < x.nparams; k++) {
            if (x.params[k].expression != 0 || y.params[i].expression != 0) {
                *out = false;
                return QN_OK;
            }
            QN_TRY(qn__affine_sum(&c->s->pool, 1, &value, inverse->params[i].slope[k], &x.params[k], &value));
        }
        QN_TRY(same_param(c->s, &value, &y.params[i], out));
    }
    return QN_OK;
}

/* Hadamard gates. */

static bool is_hadamard(const canceller *c, size_t link_index)
{
    return link_index != NONE && at(c, link_index)->kind == QN__ELEMENT_HADAMARD;
}

static size_t link_on(const canceller *c, const qn__element *e, uint32_t qubit)
{
    for (size_t i = e->roles; i < e->roles + e->nroles; i++) {
        if (c->s->roles[i].qubit == qubit) {
            return i;
        }
    }
    return NONE;
}

/* H x H and H z H, under controls too; only into gates that the circuit has. */
static bool change_axis(canceller *c, qn__element *e, size_t link_index)
{
    qn__role *role = &c->s->roles[link_index];
    const bool z = qn__element_is_phase(c->s, e) && role->letter == '1';
    const bool x = qn__element_is_x(c->s, e) && role->letter == 'X';
    const bool half = e->style == QN__STYLE_NAMED && fabs(fabs(remainder(e->angle.constant, 2 * PI)) - PI) < NOTHING;
    qn_gate wanted = z ? QN_GATE_X : QN_GATE_Z;
    if ((!z && !x) || !half || !qn__gate_find_controlled(wanted, e->nroles - 1, &wanted) || !c->s->seen[wanted]) {
        return false;
    }
    role->letter = z ? 'X' : '1';
    e->changed = true;
    return true;
}

/* Four H around a cx turn it round. The fourth one is about to come on `qubit`. */
static bool turn_round(canceller *c, qn__element *e, size_t mine)
{
    if (!qn__element_is_x(c->s, e) || e->nroles != 2) {
        return false;
    }
    const size_t other = mine == e->roles ? e->roles + 1 : e->roles;
    qn__role *a = &c->s->roles[mine], *b = &c->s->roles[other];
    if (a->letter == '0' || b->letter == '0' || !is_hadamard(c, c->links[mine].before) ||
        !is_hadamard(c, c->links[other].before) || !is_hadamard(c, c->links[other].after)) {
        return false;
    }
    const char letter = a->letter;
    a->letter = b->letter;
    b->letter = letter;
    e->changed = true;
    take_out(c, c->links[c->links[mine].before].element);
    take_out(c, c->links[c->links[other].before].element);
    take_out(c, c->links[c->links[other].after].element);
    return true;
}

static qn_status insert(canceller *c, size_t index);

/* H s H = exp(i pi/4) sdg H sdg and its like: one H less. The new last gate takes the place of the H that comes. */
static qn_status root_of_x(canceller *c, size_t index, qn__element *e, bool *done)
{
    const double angle = qn__affine_fixed(&e->angle) ? remainder(e->angle.constant, 2 * PI) : 0;
    *done = e->kind == QN__ELEMENT_ROTATION && e->nroles == 1 && fabs(fabs(angle) - PI / 2) < NOTHING &&
            (qn__element_is_phase(c->s, e) || c->s->roles[e->roles].letter == 'Z') &&
            (e->style != QN__STYLE_NAMED || c->s->seen[QN_GATE_S] || c->s->seen[QN_GATE_SDG]);
    if (!*done) {
        return QN_OK;
    }
    const bool pure = e->style == QN__STYLE_ROTATION; /* rz: HRz(a)H = exp(-i a) Rz(-a) H Rz(-a) for a = +-pi/2 */
    if (pure) {
        c->s->phase.constant += fabs(remainder(e->angle.constant - angle, 4 * PI)) > PI ? PI : 0;
    }
    c->s->phase.constant += pure ? -angle : angle / 2;
    qn__element *first = at(c, c->links[e->roles].before), *last = &c->s->elements[index];
    const char letter = c->s->roles[e->roles].letter;
    const uint8_t style = e->style;
    for (int i = 0; i < 2; i++) {
        qn__element *turn = i == 0 ? first : last;
        turn->kind = QN__ELEMENT_ROTATION;
        turn->style = style;
        turn->angle = QN_PARAM(-angle);
        turn->changed = true;
        c->s->roles[turn->roles].letter = letter;
    }
    e->kind = QN__ELEMENT_HADAMARD;
    e->changed = true;
    c->s->roles[e->roles].letter = '?';
    c->s->merges++;
    return insert(c, index);
}

static qn_status insert_hadamard(canceller *c, size_t index, bool *done)
{
    const uint32_t qubit = c->s->roles[c->s->elements[index].roles].qubit;
    *done = false;
    if (c->last[qubit] == NONE) {
        return QN_OK;
    }
    qn__element *e = at(c, c->last[qubit]);
    const size_t mine = link_on(c, e, qubit), before = c->links[mine].before;
    if (e->kind != QN__ELEMENT_ROTATION || !is_hadamard(c, before)) {
        return QN_OK;
    }
    if (change_axis(c, e, mine)) {
        take_out(c, c->links[before].element);
        c->s->elements[index].kind = QN__ELEMENT_DEAD;
        *done = true;
        return QN_OK;
    }
    if (turn_round(c, e, mine)) {
        c->s->elements[index].kind = QN__ELEMENT_DEAD;
        *done = true;
        return QN_OK;
    }
    return root_of_x(c, index, e, done);
}

/* The walk back. */

static qn_status meet(canceller *c, size_t index, size_t other, bool *done)
{
    qn__element *e = &c->s->elements[index], *o = &c->s->elements[other];
    *done = false;
    if (same_axis(c->s, e, o) && qn__element_may_merge(c->s, o, e)) {
        bool nothing = false;
        QN_TRY(qn__element_merge(c->s, o, e, 1));
        e->kind = QN__ELEMENT_DEAD;
        QN_TRY(qn__element_is_identity(c->s, o, &nothing));
        if (nothing) {
            take_out(c, other);
        }
        *done = true;
        return QN_OK;
    }
    QN_TRY(undoes(c, o, e, done));
    if (*done) {
        e->kind = QN__ELEMENT_DEAD;
        take_out(c, other);
    }
    return QN_OK;
}

static qn_status walk_back(canceller *c, size_t index, bool *done)
{
    enum { WIDEST = 80 };
    const qn__element *e = &c->s->elements[index];
    size_t cursors[WIDEST];
    if (e->nroles > WIDEST) {
        return QN_OK;
    }
    for (uint32_t i = 0; i < e->nroles; i++) {
        cursors[i] = c->last[c->s->roles[e->roles + i].qubit];
    }
    for (int seen = 0; seen < (c->s->level > 1 ? REACH : 1); seen++) {
        size_t latest = NONE;
        for (uint32_t i = 0; i < e->nroles; i++) {
            if (cursors[i] != NONE && (latest == NONE || c->links[cursors[i]].element > latest)) {
                latest = c->links[cursors[i]].element;
            }
        }
        if (latest == NONE) {
            return QN_OK;
        }
        QN_TRY(meet(c, index, latest, done));
        if (*done || !commute(c->s, e, &c->s->elements[latest])) {
            return QN_OK;
        }
        for (uint32_t i = 0; i < e->nroles; i++) {
            if (cursors[i] != NONE && c->links[cursors[i]].element == latest) {
                cursors[i] = c->links[cursors[i]].before;
            }
        }
    }
    return QN_OK;
}

static qn_status insert(canceller *c, size_t index)
{
    bool done = false;
    QN_TRY(qn__element_is_identity(c->s, &c->s->elements[index], &done));
    if (done) {
        c->s->elements[index].kind = QN__ELEMENT_DEAD;
        c->s->merges++;
        return QN_OK;
    }
    if (c->s->elements[index].kind != QN__ELEMENT_OTHER) {
        QN_TRY(walk_back(c, index, &done));
    }
    if (!done && c->s->level > 1 && c->s->elements[index].kind == QN__ELEMENT_HADAMARD) {
        QN_TRY(insert_hadamard(c, index, &done));
    }
    if (!done) {
        append(c, index);
    }
    return QN_OK;
}

static void forget(canceller *c)
{
    for (uint32_t q = 0; q < c->s->nqubits; q++) {
        c->last[q] = NONE;
    }
}

static qn_status insert_all(canceller *c)
{
    forget(c);
    for (size_t i = 0; i < c->s->count; i++) {
        const qn__element *e = &c->s->elements[i];
        if (e->kind == QN__ELEMENT_DEAD) {
            continue;
        }
        if (e->kind == QN__ELEMENT_OTHER) {
            qn_operation op;
            qn_circuit_operation(c->s->from, e->source, &op);
            if (op.kind >= QN_OP_IF || (op.kind != QN_OP_ASSIGN && op.ntargets == 0)) {
                forget(c);
                continue;
            }
        }
        QN_TRY(insert(c, i));
    }
    return QN_OK;
}

qn_status qn__simplify_cancel(qn__simplify *s)
{
    canceller c = {.s = s};
    qn_status status = QN_OK;
    c.links = qn__alloc(s->roles_used, sizeof *c.links);
    c.last = qn__alloc(s->nqubits, sizeof *c.last);
    c.inverses = qn__calloc(QN_GATE_COUNT_, sizeof *c.inverses);
    c.known = qn__calloc(QN_GATE_COUNT_, sizeof *c.known);
    if (c.links == NULL || c.last == NULL || c.inverses == NULL || c.known == NULL) {
        status = QN_ERR_MEMORY;
    } else {
        status = insert_all(&c);
    }
    qn__free(c.links);
    qn__free(c.last);
    qn__free(c.inverses);
    qn__free(c.known);
    return status;
}
