/* run.c: writes one-qubit gates in a row as one unitary of the gate set, and the pair gates between them.
 *
 * A run is brought to the form Rz(z0), Ry(a1), Rz(z1), Ry(a2), ... in time order: numbers are multiplied out (one Ry at
 * most between two symbols), symbols stay in Rz, and Ry(pi/2) Rz(s) Ry(pi/2) = Rz(-pi/2) Ry(s + pi) Rz(-pi/2) brings
 * symbolic rotations about other axes back to one gate. Each gate set then writes its Ry. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/passes/lower.h"
#include "circuit/passes/two_qubit.h"

static const double PI = 3.14159265358979323846, NOTHING = 1e-13;

/* rz(before), then ry(turn); the last step of a sequence has no turn. */
typedef struct step {
    qn_param before, turn;
} step;

qn_status qn__run_append(qn__lower *l, qn_gate gate, const uint32_t *qubits, const qn_param *params)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    return qn_circuit_append(l->to, gate, qubits, info->qubits, params, info->params);
}

qn_status qn__run_phase(qn__lower *l, double factor, const qn_param *angle)
{
    if (qn__affine_fixed(&l->phase) && qn__affine_fixed(angle)) {
        l->phase.constant = remainder(l->phase.constant + factor * angle->constant, 2 * PI);
        return QN_OK;
    }
    return qn__affine_sum(&l->pool, 1, &l->phase, factor, angle, &l->phase);
}

qn_status qn__run_turn(qn__lower *l, double angle)
{
    const qn_param value = QN_PARAM(angle);
    return qn__run_phase(l, 1, &value);
}

static qn_status push(qn__lower *l, uint32_t qubit, const qn__run_item *item)
{
    qn__run *run = &l->runs[qubit];
    if (run->count == run->capacity) {
        void *items = run->items;
        const qn_status status = qn__grow(&items, &run->capacity, run->count + 1, sizeof *item);
        run->items = items;
        QN_TRY(status);
    }
    run->items[run->count++] = *item;
    return QN_OK;
}

qn_status qn__run_gate(qn__lower *l, uint32_t qubit, qn_gate gate)
{
    const qn__run_item item = {gate, QN_PARAM(0)};
    return push(l, qubit, &item);
}

qn_status qn__run_rz(qn__lower *l, uint32_t qubit, const qn_param *angle)
{
    const qn__run_item item = {QN_GATE_RZ, *angle};
    return push(l, qubit, &item);
}

/* The form Rz, Ry, Rz, ... */

typedef struct sequence {
    step *steps;
    size_t count; /* the last one without a turn */
} sequence;

static qn_status add(qn__lower *l, qn_param *to, double number)
{
    if (qn__affine_fixed(to)) {
        to->constant += number;
        return QN_OK;
    }
    return qn__affine_scale(&l->pool, 1, to, number, to);
}

static bool is_number(const qn_param *a, double value)
{
    return qn__affine_fixed(a) && fabs(a->constant - value) < NOTHING;
}

/* After the turn of step n - 2 the sequence ends with step n - 1: put the last two turns together where one will do. */
static qn_status collapse(qn__lower *l, sequence *s)
{
    if (s->count < 3) {
        return QN_OK;
    }
    step *first = &s->steps[s->count - 3], *second = first + 1, *end = first + 2;
    if (is_number(&first->turn, PI / 2) && is_number(&second->turn, PI / 2)) {
        QN_TRY(add(l, &first->before, -PI / 2));
        QN_TRY(qn__affine_scale(&l->pool, 1, &second->before, PI, &first->turn));
        *second = *end;
        QN_TRY(add(l, &second->before, -PI / 2));
        s->count--;
    } else if (is_number(&first->turn, PI) && is_number(&second->turn, PI)) {
        /* Ry(pi) Rz(s) Ry(pi) = -Rz(-s) */
        QN_TRY(qn__affine_sum(&l->pool, 1, &first->before, -1, &second->before, &first->before));
        QN_TRY(qn__affine_sum(&l->pool, 1, &first->before, 1, &end->before, &first->before));
        s->count -= 2;
        QN_TRY(qn__run_turn(l, PI));
    }
    return QN_OK;
}

static qn_status add_matrix(qn__lower *l, sequence *s, const qn_complex matrix[4])
{
    double angles[4];
    qn__one_qubit_angles(matrix, angles);
    step *last = &s->steps[s->count - 1];
    QN_TRY(qn__run_turn(l, angles[3] + (angles[1] + angles[2]) / 2));
    QN_TRY(add(l, &last->before, angles[2]));
    if (fabs(angles[0]) < NOTHING) {
        return add(l, &last->before, angles[1]);
    }
    last->turn = QN_PARAM(angles[0]);
    s->steps[s->count++] = (step){QN_PARAM(angles[1]), QN_PARAM(0)};
    return collapse(l, s);
}

static qn_status item_matrix(const qn__run_item *item, qn_complex out[4])
{
    return qn_gate_matrix(item->gate, &item->angle.constant, out);
}

static const qn_complex ONE[4] = {{1, 0}, {0, 0}, {0, 0}, {1, 0}};

static qn_status build(qn__lower *l, const qn__run *run, sequence *s)
{
    if (l->sequence_capacity < run->count + 2) {
        QN_TRY(qn__grow(&l->sequence, &l->sequence_capacity, run->count + 2, sizeof(step)));
    }
    s->steps = l->sequence;
    s->count = 1;
    s->steps[0] = (step){QN_PARAM(0), QN_PARAM(0)};
    qn_complex product[4];
    bool any = false;
    memcpy(product, ONE, sizeof product);
    for (size_t i = 0; i < run->count; i++) {
        const qn__run_item *item = &run->items[i];
        if (qn__affine_fixed(&item->angle)) {
            qn_complex m[4];
            QN_TRY(item_matrix(item, m));
            qn__one_qubit_multiply(m, product, product);
            any = true;
            continue;
        }
        if (any) {
            QN_TRY(add_matrix(l, s, product));
            memcpy(product, ONE, sizeof product);
            any = false;
        }
        qn_param *before = &s->steps[s->count - 1].before;
        QN_TRY(qn__affine_sum(&l->pool, 1, before, 1, &item->angle, before));
    }
    return any ? add_matrix(l, s, product) : QN_OK;
}

/* Writing. */

/* A rotation gate of angle a: numbers are brought to -pi..pi, exp(-i (a + 2 pi) P / 2) = -exp(-i a P / 2). */
static qn_status write_rotation(qn__lower *l, qn_gate gate, const uint32_t *qubits, const qn_param *angle)
{
    qn_param a = *angle;
    if (qn__affine_fixed(&a)) {
        const double turns = rint(a.constant / (2 * PI));
        a.constant = remainder(a.constant, 2 * PI);
        if (fmod(turns, 2) != 0) {
            QN_TRY(qn__run_turn(l, PI));
        }
        if (fabs(a.constant) < NOTHING) {
            return QN_OK;
        }
    }
    return qn__run_append(l, gate, qubits, &a);
}

static qn_status write_sx(qn__lower *l, uint32_t q, const sequence *s)
{
    for (size_t i = 0; i + 1 < s->count; i++) {
        step *at = &s->steps[i], *next = at + 1;
        if (is_number(&at->turn, PI) && s->count == 2) { /* X Rz(before - pi - after) */
            QN_TRY(qn__affine_sum(&l->pool, 1, &at->before, -1, &next->before, &at->before));
            QN_TRY(add(l, &at->before, -PI));
            QN_TRY(write_rotation(l, QN_GATE_RZ, &q, &at->before));
            QN_TRY(qn__run_turn(l, -PI / 2));
            return qn__run_append(l, QN_GATE_X, &q, NULL);
        }
        if (is_number(&at->turn, PI) || is_number(&at->turn, PI / 2)) {
            const bool whole = is_number(&at->turn, PI);
            QN_TRY(add(l, &at->before, -PI / 2));
            QN_TRY(write_rotation(l, QN_GATE_RZ, &q, &at->before));
            QN_TRY(qn__run_append(l, whole ? QN_GATE_X : QN_GATE_SX, &q, NULL));
            QN_TRY(add(l, &next->before, PI / 2));
            QN_TRY(qn__run_turn(l, whole ? -PI / 2 : -PI / 4));
            continue;
        }
        QN_TRY(write_rotation(l, QN_GATE_RZ, &q, &at->before)); /* Ry(a) = -i Rz(pi) sx Rz(a - pi) sx */
        QN_TRY(qn__run_append(l, QN_GATE_SX, &q, NULL));
        QN_TRY(add(l, &at->turn, -PI));
        QN_TRY(write_rotation(l, QN_GATE_RZ, &q, &at->turn));
        QN_TRY(qn__run_append(l, QN_GATE_SX, &q, NULL));
        QN_TRY(add(l, &next->before, PI));
        QN_TRY(qn__run_turn(l, -PI / 2));
    }
    return write_rotation(l, QN_GATE_RZ, &q, &s->steps[s->count - 1].before);
}

static qn_status write_h(qn__lower *l, uint32_t q, const sequence *s)
{
    for (size_t i = 0; i + 1 < s->count; i++) {
        step *at = &s->steps[i], *next = at + 1;
        const bool half = is_number(&at->turn, PI / 2); /* Ry(pi/2) = i H Rz(pi) */
        QN_TRY(add(l, &at->before, half ? PI : 3 * PI / 2));
        QN_TRY(write_rotation(l, QN_GATE_RZ, &q, &at->before));
        QN_TRY(qn__run_append(l, QN_GATE_H, &q, NULL));
        if (!half) { /* Ry(a) = -Rz(pi/2) H Rz(a) H Rz(3 pi/2) */
            QN_TRY(write_rotation(l, QN_GATE_RZ, &q, &at->turn));
            QN_TRY(qn__run_append(l, QN_GATE_H, &q, NULL));
            QN_TRY(add(l, &next->before, PI / 2));
        }
        QN_TRY(qn__run_turn(l, half ? PI / 2 : PI));
    }
    return write_rotation(l, QN_GATE_RZ, &q, &s->steps[s->count - 1].before);
}

static qn_status write_rotations(qn__lower *l, uint32_t q, const sequence *s)
{
    const bool rx = l->basis->local == QN__LOCAL_RX; /* Ry(a) = Rz(pi/2) Rx(a) Rz(-pi/2) */
    for (size_t i = 0; i + 1 < s->count; i++) {
        step *at = &s->steps[i], *next = at + 1;
        QN_TRY(add(l, &at->before, rx ? -PI / 2 : 0));
        QN_TRY(write_rotation(l, QN_GATE_RZ, &q, &at->before));
        QN_TRY(write_rotation(l, rx ? QN_GATE_RX : QN_GATE_RY, &q, &at->turn));
        QN_TRY(add(l, &next->before, rx ? PI / 2 : 0));
    }
    return write_rotation(l, QN_GATE_RZ, &q, &s->steps[s->count - 1].before);
}

/* u(a, after, before) = exp(i (after + before) / 2) Rz(after) Ry(a) Rz(before) */
static qn_status write_u(qn__lower *l, uint32_t q, const sequence *s)
{
    step *last = &s->steps[s->count - 1];
    if (s->count == 1 && qn__affine_fixed(&last->before)) {
        const double turns = rint(last->before.constant / (2 * PI));
        last->before.constant = remainder(last->before.constant, 2 * PI);
        QN_TRY(qn__run_turn(l, fmod(turns, 2) != 0 ? PI : 0));
        if (fabs(last->before.constant) < NOTHING) {
            return QN_OK;
        }
    }
    if (s->count == 1) {
        const qn_param params[3] = {QN_PARAM(0), QN_PARAM(0), last->before};
        QN_TRY(qn__run_phase(l, -0.5, &last->before));
        return qn__run_append(l, QN_GATE_U, &q, params);
    }
    for (size_t i = 0; i + 1 < s->count; i++) {
        const qn_param after = i + 2 == s->count ? s->steps[i + 1].before : QN_PARAM(0);
        qn_param params[3] = {s->steps[i].turn, after, s->steps[i].before};
        QN_TRY(qn__run_phase(l, -0.5, &params[1]));
        QN_TRY(qn__run_phase(l, -0.5, &params[2]));
        for (int k = 1; k < 3; k++) { /* whole turns change nothing */
            params[k].constant = remainder(params[k].constant, 2 * PI);
        }
        QN_TRY(qn__run_append(l, QN_GATE_U, &q, params));
    }
    return QN_OK;
}

/* Ry(a) Rz(f) = Rz(f) prx(a, pi/2 - f): the rz waits as a change of frame. */
static qn_status write_prx(qn__lower *l, uint32_t q, const sequence *s)
{
    qn_param *frame = &l->runs[q].frame;
    for (size_t i = 0; i < s->count; i++) {
        QN_TRY(qn__affine_sum(&l->pool, 1, frame, 1, &s->steps[i].before, frame));
        if (i + 1 == s->count) {
            break;
        }
        qn_param params[2] = {s->steps[i].turn, QN_PARAM(0)};
        QN_TRY(qn__affine_scale(&l->pool, -1, frame, PI / 2, &params[1]));
        params[1].constant = remainder(params[1].constant, 2 * PI);
        QN_TRY(qn__run_append(l, QN_GATE_PRX, &q, params));
    }
    return QN_OK;
}

/* Rz(f) = -prx(pi, f/2) prx(pi, 0) */
static qn_status write_frame(qn__lower *l, uint32_t q)
{
    const qn_param frame = l->runs[q].frame;
    l->runs[q].frame = QN_PARAM(0);
    if (qn__affine_fixed(&frame) && fabs(remainder(frame.constant, 2 * PI)) < NOTHING) {
        return qn__run_turn(l, fmod(rint(frame.constant / (2 * PI)), 2) != 0 ? PI : 0);
    }
    qn_param params[2] = {QN_PARAM(PI), QN_PARAM(0)};
    QN_TRY(qn__run_append(l, QN_GATE_PRX, &q, params));
    QN_TRY(qn__affine_scale(&l->pool, 0.5, &frame, 0, &params[1]));
    QN_TRY(qn__run_append(l, QN_GATE_PRX, &q, params));
    return qn__run_turn(l, PI);
}

static qn_status write_run(qn__lower *l, uint32_t q, const sequence *s)
{
    switch (l->basis->local) {
    case QN__LOCAL_SX:
        return write_sx(l, q, s);
    case QN__LOCAL_H:
        return write_h(l, q, s);
    case QN__LOCAL_RX:
    case QN__LOCAL_RY:
        return write_rotations(l, q, s);
    case QN__LOCAL_U:
        return write_u(l, q, s);
    case QN__LOCAL_PRX:
        return write_prx(l, q, s);
    case QN__LOCAL_CLIFFORD_T:
    case QN__LOCAL_H_T:
        break;
    }
    return QN_FAIL(ERR_INTERNAL, "gate set %s has no rotations", l->basis->info.name);
}

qn_status qn__run_flush(qn__lower *l, uint32_t qubit, bool frame)
{
    qn__run *run = &l->runs[qubit];
    if (run->count > 0 && qn__basis_exact(l->basis)) {
        QN_TRY(qn__run_exact(l, qubit, run));
    } else if (run->count > 0) {
        sequence s;
        QN_TRY(build(l, run, &s));
        QN_TRY(write_run(l, qubit, &s));
    }
    run->count = 0;
    return frame && l->basis->local == QN__LOCAL_PRX ? write_frame(l, qubit) : QN_OK;
}

qn_status qn__run_flush_all(qn__lower *l)
{
    for (uint32_t q = 0; q < l->nqubits; q++) {
        QN_TRY(qn__run_flush(l, q, true));
    }
    if (!is_number(&l->phase, 0)) {
        QN_TRY(qn_circuit_append(l->to, QN_GATE_GPHASE, NULL, 0, &l->phase, 1));
        l->phase = QN_PARAM(0);
    }
    return QN_OK;
}

/* Pair gates. */

static qn_status write_pair(qn__lower *l, uint32_t a, uint32_t b, const qn_param *angle)
{
    const uint32_t qubits[2] = {a, b};
    QN_TRY(qn__run_flush(l, a, false));
    QN_TRY(qn__run_flush(l, b, false));
    return angle != NULL ? write_rotation(l, l->basis->pair, qubits, angle)
                         : qn__run_append(l, l->basis->pair, qubits, NULL);
}

static qn_status about_h(qn__lower *l, uint32_t control, uint32_t target,
                         qn_status (*gate)(qn__lower *, uint32_t, uint32_t))
{
    QN_TRY(qn__run_gate(l, target, QN_GATE_H));
    QN_TRY(gate(l, control, target));
    return qn__run_gate(l, target, QN_GATE_H);
}

qn_status qn__run_cx(qn__lower *l, uint32_t control, uint32_t target)
{
    if (l->basis->pair == QN_GATE_CX) {
        return write_pair(l, control, target, NULL);
    }
    if (l->basis->pair != QN_GATE_ECR) {
        return about_h(l, control, target, qn__run_cz);
    }
    /* cx = exp(i pi/4) X0 ecr S0+ SX1+ */
    QN_TRY(qn__run_gate(l, control, QN_GATE_SDG));
    QN_TRY(qn__run_gate(l, target, QN_GATE_SXDG));
    QN_TRY(write_pair(l, control, target, NULL));
    QN_TRY(qn__run_gate(l, control, QN_GATE_X));
    return qn__run_turn(l, PI / 4);
}

qn_status qn__run_cz(qn__lower *l, uint32_t a, uint32_t b)
{
    if (l->basis->pair == QN_GATE_CZ) {
        return write_pair(l, a, b, NULL);
    }
    if (!qn__basis_has_rzz(l->basis)) {
        return about_h(l, a, b, qn__run_cx);
    }
    /* cz = exp(i pi (1 - Za - Zb + Za Zb) / 4) */
    const qn_param half = QN_PARAM(PI / 2), back = QN_PARAM(-PI / 2);
    QN_TRY(qn__run_rz(l, a, &half));
    QN_TRY(qn__run_rz(l, b, &half));
    QN_TRY(qn__run_rzz(l, a, b, &back));
    return qn__run_turn(l, PI / 4);
}

qn_status qn__run_rzz(qn__lower *l, uint32_t a, uint32_t b, const qn_param *angle)
{
    if (!qn__basis_has_rzz(l->basis)) {
        QN_TRY(qn__run_cx(l, a, b));
        QN_TRY(qn__run_rz(l, b, angle));
        return qn__run_cx(l, a, b);
    }
    const bool xx = l->basis->pair == QN_GATE_RXX;
    for (int i = 0; xx && i < 2; i++) {
        QN_TRY(qn__run_gate(l, i == 0 ? a : b, QN_GATE_H));
    }
    QN_TRY(write_pair(l, a, b, angle));
    for (int i = 0; xx && i < 2; i++) {
        QN_TRY(qn__run_gate(l, i == 0 ? a : b, QN_GATE_H));
    }
    return QN_OK;
}
