/* controlled.c: gates under any number of controls, without clean ancillas.
 *
 *  - A phase on n <= 4 qubits (5 where angles are free): all parities by a Gray code, 2^n - 2 CX and 2^n - 1 rotations.
 *    Above: C^k P(a) = C^k Rz(a) and C^(k-1) P(a/2) (Barenco et al., arXiv:quant-ph/9503016): 8 k^2 CX and more.
 *  - Rz under k >= 2 controls, in two halves: X1 A+ X2 A X1 A+ X2 A with A = Rz(a/4) and X1, X2 under half of the
 * controls each, which borrow the other half (Vale et al., arXiv:2302.06377): linear, about 24 k CX here.
 *  - X under k >= 3 controls borrows idle qubits in any state: k - 2 of them, a ladder of 4 (k - 2) Toffoli, all but
 * two of them up to relative phases, 3 CX each (Barenco et al., lemma 7.2; Maslov, arXiv:1508.03273): 12 k - 18 CX and
 *    16 k - 26 T. With one idle qubit only, two such in turn (lemma 7.3). With none: H, phase, H.
 *  - Any other gate comes to these by a change of basis on the target. */
#include <math.h>
#include <string.h>

#include "circuit/passes/lower.h"

enum { MOST = 80, GRAY_EXACT = 3, GRAY = 5 };

static const double PI = 3.14159265358979323846;

static qn_status plain(qn__lower *l, qn_gate gate, uint32_t target)
{
    return qn__run_gate(l, target, gate);
}

/* Phases. */

/* exp(i a x0 .. xn-1): the product is sum over parities p of (-1)^(|p| - 1) p / 2^(n - 1). Parities with highest qubit
 * j are collected on it, along a Gray code of the lower ones. */
static qn_status phase_by_parities(qn__lower *l, const uint32_t *qubits, uint32_t n, const qn_param *angle)
{
    const double share = exp2(1 - (double)n);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t mask = 0;
        for (uint32_t step = 1; step <= 1u << j; step++) {
            const double factor = __builtin_popcount(mask) % 2 == 0 ? share : -share;
            qn_param part;
            QN_TRY(qn__affine_scale(&l->pool, factor, angle, 0, &part));
            QN_TRY(qn__run_rz(l, qubits[j], &part));
            QN_TRY(qn__run_phase(l, 0.5, &part));
            if (j > 0) {
                const uint32_t flip = step == 1u << j ? j - 1 : (uint32_t)__builtin_ctz(step);
                QN_TRY(qn__run_cx(l, qubits[flip], qubits[j]));
                mask ^= 1u << flip;
            }
        }
    }
    return QN_OK;
}

static bool is_half_turn(const qn_param *angle)
{
    return qn__affine_fixed(angle) && fabs(fabs(remainder(angle->constant, 2 * PI)) - PI) < 1e-14;
}

qn_status qn__lower_phase(qn__lower *l, const uint32_t *qubits, uint32_t n, const qn_param *angle)
{
    if (n == 0) {
        return qn__run_phase(l, 1, angle);
    }
    if (n == 1) {
        QN_TRY(qn__run_rz(l, qubits[0], angle));
        return qn__run_phase(l, 0.5, angle);
    }
    if (n == 2) {
        if (is_half_turn(angle)) {
            return qn__run_cz(l, qubits[0], qubits[1]);
        }
        qn_param half, back;
        QN_TRY(qn__affine_scale(&l->pool, 0.5, angle, 0, &half));
        QN_TRY(qn__affine_scale(&l->pool, -0.5, angle, 0, &back));
        QN_TRY(qn__run_rz(l, qubits[0], &half));
        QN_TRY(qn__run_rz(l, qubits[1], &half));
        QN_TRY(qn__run_rzz(l, qubits[0], qubits[1], &back));
        return qn__run_phase(l, 0.25, angle);
    }
    if (n <= (qn__basis_exact(l->basis) ? GRAY_EXACT : GRAY)) {
        return phase_by_parities(l, qubits, n, angle);
    }
    qn_param half;
    QN_TRY(qn__affine_scale(&l->pool, 0.5, angle, 0, &half));
    QN_TRY(qn__lower_rz(l, qubits, n - 1, qubits[n - 1], angle));
    return qn__lower_phase(l, qubits, n - 1, &half);
}

qn_status qn__lower_rz(qn__lower *l, const uint32_t *controls, uint32_t n, uint32_t target, const qn_param *angle)
{
    if (n == 0) {
        return qn__run_rz(l, target, angle);
    }
    qn_param part, back;
    const double share = n == 1 ? 0.5 : 0.25;
    QN_TRY(qn__affine_scale(&l->pool, share, angle, 0, &part));
    QN_TRY(qn__affine_scale(&l->pool, -share, angle, 0, &back));
    if (n == 1) {
        QN_TRY(qn__run_rz(l, target, &part));
        return qn__run_rzz(l, controls[0], target, &back);
    }
    const uint32_t half = n / 2;
    for (uint32_t round = 0; round < 4; round++) {
        QN_TRY(qn__run_rz(l, target, round % 2 == 0 ? &part : &back));
        QN_TRY(round % 2 == 0 ? qn__lower_x(l, controls + half, n - half, target)
                              : qn__lower_x(l, controls, half, target));
    }
    return QN_OK;
}

/* X. */

/* A Toffoli gate up to relative phases, its own inverse (Margolus). */
static qn_status relative_toffoli(qn__lower *l, uint32_t a, uint32_t b, uint32_t target)
{
    const uint32_t qubits[3] = {a, b, target};
    const qn__piece piece = {QN_GATE_RCCX, 0, 3, NULL, qubits, NULL, NULL, NULL};
    return qn__lower_piece(l, &piece);
}

/* n >= 3 controls, n - 2 borrowed qubits. */
static qn_status x_by_ladder(qn__lower *l, const uint32_t *c, uint32_t n, uint32_t target, const uint32_t *borrowed)
{
    const uint32_t last = n - 3;
    for (uint32_t round = 0; round < 2; round++) {
        const uint32_t top[2] = {c[n - 1], borrowed[last]};
        QN_TRY(qn__lower_x(l, top, 2, target));
        for (uint32_t i = last; i > 0; i--) {
            QN_TRY(relative_toffoli(l, c[i + 1], borrowed[i - 1], borrowed[i]));
        }
        QN_TRY(relative_toffoli(l, c[0], c[1], borrowed[0]));
        for (uint32_t i = 1; i <= last; i++) {
            QN_TRY(relative_toffoli(l, c[i + 1], borrowed[i - 1], borrowed[i]));
        }
    }
    return QN_OK;
}

/* Up to `wanted` qubits that the gate does not touch. */
static uint32_t find_idle(qn__lower *l, const uint32_t *controls, uint32_t n, uint32_t target, uint32_t wanted,
                          uint32_t *out)
{
    uint32_t count = 0;
    l->busy[target] = true;
    for (uint32_t i = 0; i < n; i++) {
        l->busy[controls[i]] = true;
    }
    for (uint32_t q = 0; q < l->nqubits && count < wanted; q++) {
        if (!l->busy[q]) {
            out[count++] = q;
        }
    }
    l->busy[target] = false;
    for (uint32_t i = 0; i < n; i++) {
        l->busy[controls[i]] = false;
    }
    return count;
}

/* A part b of the controls is collected on an idle qubit, twice. */
static qn_status x_by_halves(qn__lower *l, const uint32_t *controls, uint32_t n, uint32_t target, uint32_t idle)
{
    const uint32_t half = (n + 1) / 2;
    uint32_t rest[MOST];
    memcpy(rest, controls + half, (n - half) * sizeof *rest);
    rest[n - half] = idle;
    for (uint32_t round = 0; round < 2; round++) {
        QN_TRY(qn__lower_x(l, controls, half, idle));
        QN_TRY(qn__lower_x(l, rest, n - half + 1, target));
    }
    return QN_OK;
}

qn_status qn__lower_x(qn__lower *l, const uint32_t *controls, uint32_t n, uint32_t target)
{
    if (n == 0) {
        return plain(l, QN_GATE_X, target);
    }
    if (n == 1) {
        return qn__run_cx(l, controls[0], target);
    }
    uint32_t all[MOST], idle[MOST];
    QN_CHECK(n < MOST, ERR_INTERNAL, "over %d controls", MOST);
    const uint32_t parities = qn__basis_exact(l->basis) ? GRAY_EXACT : GRAY;
    if (n + 1 > parities) {
        const uint32_t found = find_idle(l, controls, n, target, n - 2, idle);
        if (found == n - 2) {
            return x_by_ladder(l, controls, n, target, idle);
        }
        if (found > 0) {
            return x_by_halves(l, controls, n, target, idle[0]);
        }
    }
    const qn_param half_turn = QN_PARAM(PI);
    memcpy(all, controls, n * sizeof *all);
    all[n] = target;
    QN_TRY(plain(l, QN_GATE_H, target));
    QN_TRY(qn__lower_phase(l, all, n + 1, &half_turn));
    return plain(l, QN_GATE_H, target);
}

/* The rest. */

static qn_status phase_with_target(qn__lower *l, const qn__piece *p, const qn_param *angle)
{
    uint32_t all[MOST];
    QN_CHECK(p->ncontrols < MOST, ERR_INTERNAL, "over %d controls", MOST);
    memcpy(all, p->controls, p->ncontrols * sizeof *all);
    all[p->ncontrols] = p->targets[0];
    return qn__lower_phase(l, all, p->ncontrols + 1, angle);
}

static qn_status controlled_rx(qn__lower *l, const qn__piece *p, const qn_param *angle)
{
    const uint32_t t = p->targets[0];
    QN_TRY(plain(l, QN_GATE_H, t));
    QN_TRY(qn__lower_rz(l, p->controls, p->ncontrols, t, angle));
    return plain(l, QN_GATE_H, t);
}

static qn_status controlled_ry(qn__lower *l, const qn__piece *p, const qn_param *angle)
{
    const uint32_t t = p->targets[0];
    QN_TRY(plain(l, QN_GATE_SDG, t));
    QN_TRY(controlled_rx(l, p, angle));
    return plain(l, QN_GATE_S, t);
}

static qn_status run_ry(qn__lower *l, uint32_t target, double angle)
{
    const qn_param value = QN_PARAM(angle);
    const qn__piece piece = {QN_GATE_RY, 0, 1, NULL, &target, &value, NULL, NULL};
    return qn__lower_piece(l, &piece);
}

static qn_status run_rz(qn__lower *l, uint32_t target, double angle)
{
    const qn_param value = QN_PARAM(angle);
    return qn__run_rz(l, target, &value);
}

/* Rz(phi) Ry(theta) Rz(lambda) with numbers: a rotation by psi about an axis n, that is V Rz(psi) V+ with V =
 * Rz(azimuth) Ry(polar). */
static qn_status controlled_axis(qn__lower *l, const qn__piece *p, double theta, double phi, double lambda)
{
    const double c = cos(theta / 2), s = sin(theta / 2), plus = (phi + lambda) / 2, minus = (phi - lambda) / 2;
    const double w = c * cos(plus), x = -s * sin(minus), y = s * cos(minus), z = c * sin(plus);
    const double length = sqrt(x * x + y * y + z * z);
    const double psi = 2 * atan2(length, w), polar = atan2(hypot(x, y), z), azimuth = atan2(y, x);
    const uint32_t t = p->targets[0];
    const qn_param angle = QN_PARAM(psi);
    QN_TRY(run_rz(l, t, -azimuth));
    QN_TRY(run_ry(l, t, -polar));
    QN_TRY(qn__lower_rz(l, p->controls, p->ncontrols, t, &angle));
    QN_TRY(run_ry(l, t, polar));
    return run_rz(l, t, azimuth);
}

/* exp(i p3) u(p0, p1, p2) */
static qn_status controlled_u(qn__lower *l, const qn__piece *p, const qn_param *theta, const qn_param *phi,
                              const qn_param *lambda, const qn_param *phase)
{
    qn_param sum, half, total, back;
    const uint32_t t = p->targets[0];
    QN_TRY(qn__affine_sum(&l->pool, 1, phi, 1, lambda, &sum));
    QN_TRY(qn__affine_scale(&l->pool, 0.5, &sum, 0, &half));
    QN_TRY(qn__affine_sum(&l->pool, 1, phase, 1, &half, &total));
    QN_TRY(qn__lower_phase(l, p->controls, p->ncontrols, &total));
    if (qn__affine_fixed(theta) && qn__affine_fixed(phi) && qn__affine_fixed(lambda)) {
        return controlled_axis(l, p, theta->constant, phi->constant, lambda->constant);
    }
    if (p->ncontrols == 1) { /* Rz(a) Ry(theta/2) X Ry(-theta/2) Rz(-sum/2) X Rz(b), a = phi, b = (lambda - phi)/2 */
        qn_param half_theta, back_theta, back_sum, rest;
        QN_TRY(qn__affine_scale(&l->pool, 0.5, theta, 0, &half_theta));
        QN_TRY(qn__affine_scale(&l->pool, -0.5, theta, 0, &back_theta));
        QN_TRY(qn__affine_scale(&l->pool, -1, &half, 0, &back_sum));
        QN_TRY(qn__affine_sum(&l->pool, 0.5, lambda, -0.5, phi, &rest));
        const qn__piece first = {QN_GATE_RY, 0, 1, NULL, &t, &back_theta, NULL, NULL};
        const qn__piece second = {QN_GATE_RY, 0, 1, NULL, &t, &half_theta, NULL, NULL};
        QN_TRY(qn__run_rz(l, t, &rest));
        QN_TRY(qn__run_cx(l, p->controls[0], t));
        QN_TRY(qn__run_rz(l, t, &back_sum));
        QN_TRY(qn__lower_piece(l, &first));
        QN_TRY(qn__run_cx(l, p->controls[0], t));
        QN_TRY(qn__lower_piece(l, &second));
        return qn__run_rz(l, t, phi);
    }
    /* Rz(-lambda) [Rz(phi + lambda) Ry(theta)] Rz(lambda): the outer two need no control. */
    QN_TRY(qn__affine_scale(&l->pool, -1, lambda, 0, &back));
    QN_TRY(qn__run_rz(l, t, lambda));
    QN_TRY(controlled_ry(l, p, theta));
    QN_TRY(qn__lower_rz(l, p->controls, p->ncontrols, t, &sum));
    return qn__run_rz(l, t, &back);
}

static qn_status controlled_h(qn__lower *l, const qn__piece *p)
{
    static const qn_gate before[] = {QN_GATE_S, QN_GATE_H, QN_GATE_T}, after[] = {QN_GATE_TDG, QN_GATE_H, QN_GATE_SDG};
    for (size_t i = 0; i < 3; i++) {
        QN_TRY(plain(l, before[i], p->targets[0]));
    }
    QN_TRY(qn__lower_x(l, p->controls, p->ncontrols, p->targets[0]));
    for (size_t i = 0; i < 3; i++) {
        QN_TRY(plain(l, after[i], p->targets[0]));
    }
    return QN_OK;
}

static qn_status controlled_swap(qn__lower *l, const qn__piece *p)
{
    uint32_t all[MOST];
    QN_CHECK(p->ncontrols < MOST, ERR_INTERNAL, "over %d controls", MOST);
    memcpy(all, p->controls, p->ncontrols * sizeof *all);
    all[p->ncontrols] = p->targets[0];
    QN_TRY(qn__run_cx(l, p->targets[1], p->targets[0]));
    QN_TRY(qn__lower_x(l, all, p->ncontrols + 1, p->targets[1]));
    return qn__run_cx(l, p->targets[1], p->targets[0]);
}

static qn_status controlled_root(qn__lower *l, const qn__piece *p, double angle)
{
    const qn_param value = QN_PARAM(angle);
    QN_TRY(plain(l, QN_GATE_H, p->targets[0]));
    QN_TRY(phase_with_target(l, p, &value));
    return plain(l, QN_GATE_H, p->targets[0]);
}

static qn_status controlled_prx(qn__lower *l, const qn__piece *p)
{
    qn_param back;
    QN_TRY(qn__affine_scale(&l->pool, -1, &p->params[1], 0, &back));
    QN_TRY(qn__run_rz(l, p->targets[0], &back));
    QN_TRY(controlled_rx(l, p, &p->params[0]));
    return qn__run_rz(l, p->targets[0], &p->params[1]);
}

static qn_status controlled_fixed_phase(qn__lower *l, const qn__piece *p, double angle)
{
    const qn_param value = QN_PARAM(angle);
    return phase_with_target(l, p, &value);
}

qn_status qn__lower_controlled(qn__lower *l, const qn__piece *p, bool *handled)
{
    static const qn_param zero = {0, NULL, 0, 0}, quarter = {1.57079632679489661923, NULL, 0, 0};
    const qn_param *params = p->params;
    *handled = true;
    switch ((int)p->base) {
    case QN_GATE_ID:
    case QN_GATE_U0:
        return QN_OK;
    case QN_GATE_X:
        return qn__lower_x(l, p->controls, p->ncontrols, p->targets[0]);
    case QN_GATE_Y:
        QN_TRY(plain(l, QN_GATE_SDG, p->targets[0]));
        QN_TRY(qn__lower_x(l, p->controls, p->ncontrols, p->targets[0]));
        return plain(l, QN_GATE_S, p->targets[0]);
    case QN_GATE_Z:
        if (p->ncontrols > 2) { /* X borrows idle qubits */
            QN_TRY(plain(l, QN_GATE_H, p->targets[0]));
            QN_TRY(qn__lower_x(l, p->controls, p->ncontrols, p->targets[0]));
            return plain(l, QN_GATE_H, p->targets[0]);
        }
        return controlled_fixed_phase(l, p, PI);
    case QN_GATE_S:
        return controlled_fixed_phase(l, p, PI / 2);
    case QN_GATE_SDG:
        return controlled_fixed_phase(l, p, -PI / 2);
    case QN_GATE_T:
        return controlled_fixed_phase(l, p, PI / 4);
    case QN_GATE_TDG:
        return controlled_fixed_phase(l, p, -PI / 4);
    case QN_GATE_P:
        return phase_with_target(l, p, &params[0]);
    case QN_GATE_H:
        return controlled_h(l, p);
    case QN_GATE_SX:
        return controlled_root(l, p, PI / 2);
    case QN_GATE_SXDG:
        return controlled_root(l, p, -PI / 2);
    case QN_GATE_RX:
        return controlled_rx(l, p, &params[0]);
    case QN_GATE_RY:
        return controlled_ry(l, p, &params[0]);
    case QN_GATE_RZ:
        return qn__lower_rz(l, p->controls, p->ncontrols, p->targets[0], &params[0]);
    case QN_GATE_U2:
        return controlled_u(l, p, &quarter, &params[0], &params[1], &zero);
    case QN_GATE_U:
        return controlled_u(l, p, &params[0], &params[1], &params[2], &zero);
    case QN_GATE_UPHASE:
        return controlled_u(l, p, &params[0], &params[1], &params[2], &params[3]);
    case QN_GATE_PRX:
        return controlled_prx(l, p);
    case QN_GATE_SWAP:
        return controlled_swap(l, p);
    default:
        *handled = false;
        return QN_OK;
    }
}
