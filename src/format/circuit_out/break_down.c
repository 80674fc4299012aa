/* break_down.c: gates under any number of controls down to one-qubit gates, cx and ccx, without clean ancillas.
 *
 * X under k controls: with k - 2 borrowed qubits, in any state and given back, 4 (k - 2) Toffoli; with one, the
 * controls are split in halves (Barenco and others, quant-ph/9503016, lemmas 7.2 and 7.3). Any other one-qubit U under
 * k controls: V = sqrt U under the last control, an X under the others on that control, and so on (lemma 7.5); the
 * target is the qubit that those X borrow. Gates on more qubits: their text from the gate table, where steps at both
 * ends that undo each other need no controls. */
#include "format/circuit_out/break_down.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "circuit/gate.h"
#include "circuit/passes/two_qubit.h"

typedef double complex number;

enum {
    MOST = 72,       /* controls of an operation, and those of a text's steps */
    STEPS_MOST = 24, /* of one text */
    DEEPEST = 16
};

/* A base gate under positive controls. */
typedef struct piece {
    qn_gate base;
    uint32_t ncontrols, ntargets;
    uint32_t controls[MOST];
    uint32_t targets[QN__GATE_QUBITS];
    double params[QN__GATE_PARAMS];
} piece;

static qn_status lower_piece(const qn__break_down_target *t, const piece *p, unsigned depth);

static qn_status emit(const qn__break_down_target *t, qn_gate gate, const double *params, uint32_t a, uint32_t b,
                      uint32_t c)
{
    const uint32_t qubits[3] = {a, b, c};
    return t->emit(t->user, gate, qubits, params);
}

/* X under controls. */

static qn_status ladder(const qn__break_down_target *t, const uint32_t *controls, uint32_t k, const uint32_t *borrowed,
                        uint32_t target, bool outer)
{
    const uint32_t top = outer ? k - 1 : k - 2;
    for (uint32_t i = top; i >= 2; i--) {
        QN_TRY(emit(t, QN_GATE_CCX, NULL, controls[i], borrowed[i - 2], i == k - 1 ? target : borrowed[i - 1]));
    }
    QN_TRY(emit(t, QN_GATE_CCX, NULL, controls[0], controls[1], borrowed[0]));
    for (uint32_t i = 2; i <= top; i++) {
        QN_TRY(emit(t, QN_GATE_CCX, NULL, controls[i], borrowed[i - 2], i == k - 1 ? target : borrowed[i - 1]));
    }
    return QN_OK;
}

static qn_status many_controls_x(const qn__break_down_target *t, const uint32_t *controls, uint32_t k, uint32_t target,
                                 const uint32_t *borrowed, uint32_t nborrowed)
{
    if (k == 0) {
        return emit(t, QN_GATE_X, NULL, target, 0, 0);
    }
    if (k == 1) {
        return emit(t, QN_GATE_CX, NULL, controls[0], target, 0);
    }
    if (k == 2) {
        return emit(t, QN_GATE_CCX, NULL, controls[0], controls[1], target);
    }
    if (nborrowed >= k - 2) {
        QN_TRY(ladder(t, controls, k, borrowed, target, true));
        return ladder(t, controls, k, borrowed, target, false);
    }
    const uint32_t low = (k + 1) / 2;
    uint32_t upper[MOST], helpers[MOST];
    memcpy(upper, controls + low, (k - low) * sizeof *upper);
    upper[k - low] = borrowed[0];
    memcpy(helpers, upper, (k - low) * sizeof *helpers);
    helpers[k - low] = target;
    for (int round = 0; round < 2; round++) {
        QN_TRY(many_controls_x(t, controls, low, borrowed[0], helpers, k - low + 1));
        QN_TRY(many_controls_x(t, upper, k - low + 1, target, controls, low));
    }
    return QN_OK;
}

/* Qubits of the circuit that a piece leaves alone, at most `wanted`. */
static uint32_t find_borrowed(const qn__break_down_target *t, const piece *p, uint32_t wanted, uint32_t *out)
{
    uint32_t count = 0;
    for (uint32_t q = 0; q < t->nqubits && count < wanted; q++) {
        bool used = q == p->targets[0];
        for (uint32_t k = 0; k < p->ncontrols && !used; k++) {
            used = q == p->controls[k];
        }
        if (!used) {
            out[count++] = q;
        }
    }
    return count;
}

/* One-qubit gates under controls. */

/* The square root of exp(i alpha) W nearest to the identity. */
static void root(const number m[4], number out[4])
{
    number det = m[0] * m[3] - m[1] * m[2];
    double alpha = carg(det) / 2;
    number phase = cos(alpha) - (number)I * sin(alpha);
    if (creal(phase * (m[0] + m[3])) < 0) { /* the sign that keeps W's angle at most pi, far from where it jumps */
        alpha += alpha > 0 ? -3.14159265358979323846 : 3.14159265358979323846;
        phase = -phase;
    }
    number w[4];
    for (size_t i = 0; i < 4; i++) {
        w[i] = phase * m[i];
    }
    /* W = cos b - i sin b (n . sigma) */
    const double c = creal(w[0] + w[3]) / 2, x = -cimag(w[1] + w[2]) / 2, y = -creal(w[1] - w[2]) / 2,
                 z = -cimag(w[0] - w[3]) / 2, s = sqrt(x * x + y * y + z * z), half = atan2(s, c) / 2,
                 k = s > 0 ? sin(half) / s : 0.5;
    const number turn = cos(alpha / 2) + (number)I * sin(alpha / 2);
    out[0] = turn * (cos(half) - (number)I * k * z);
    out[1] = turn * (-(number)I * k * x - k * y);
    out[2] = turn * (-(number)I * k * x + k * y);
    out[3] = turn * (cos(half) + (number)I * k * z);
}

static qn_status emit_cu(const qn__break_down_target *t, const number m[4], uint32_t control, uint32_t target,
                         unsigned depth)
{
    qn_complex matrix[4];
    piece p = {.base = QN_GATE_UPHASE, .ncontrols = 1, .ntargets = 1, .controls = {control}, .targets = {target}};
    for (size_t i = 0; i < 4; i++) {
        matrix[i] = (qn_complex){creal(m[i]), cimag(m[i])};
    }
    qn__one_qubit_angles(matrix, p.params);
    return lower_piece(t, &p, depth);
}

static qn_status controlled_one_qubit(const qn__break_down_target *t, const piece *p, unsigned depth)
{
    const uint32_t target = p->targets[0];
    qn_complex matrix[4];
    number u[4], v[4], dagger[4];
    uint32_t borrowed[MOST];
    QN_TRY(qn_gate_matrix(p->base, p->params, matrix));
    const uint32_t free = find_borrowed(t, p, p->ncontrols, borrowed);
    const bool flips = p->base == QN_GATE_X || p->base == QN_GATE_Y || p->base == QN_GATE_Z;
    if (flips && (p->ncontrols <= 2 || free > 0)) {
        const qn_gate before = p->base == QN_GATE_Y ? QN_GATE_SDG : QN_GATE_H;
        const qn_gate after = p->base == QN_GATE_Y ? QN_GATE_S : QN_GATE_H;
        QN_TRY(p->base != QN_GATE_X ? emit(t, before, NULL, target, 0, 0) : QN_OK);
        QN_TRY(many_controls_x(t, p->controls, p->ncontrols, target, borrowed, free));
        return p->base != QN_GATE_X ? emit(t, after, NULL, target, 0, 0) : QN_OK;
    }
    for (size_t i = 0; i < 4; i++) {
        u[i] = matrix[i].re + (number)I * matrix[i].im;
    }
    for (uint32_t k = p->ncontrols; k >= 2; k--) {
        const uint32_t last = p->controls[k - 1];
        root(u, v);
        for (size_t i = 0; i < 4; i++) {
            dagger[i] = conj(v[i % 2 * 2 + i / 2]);
        }
        /* The target and what the circuit has left over are borrowed; so are the controls already dealt with. */
        uint32_t helpers[2 * MOST], nhelpers = 0;
        helpers[nhelpers++] = target;
        for (uint32_t i = k; i < p->ncontrols; i++) {
            helpers[nhelpers++] = p->controls[i];
        }
        for (uint32_t i = 0; i < free; i++) {
            helpers[nhelpers++] = borrowed[i];
        }
        QN_TRY(emit_cu(t, v, last, target, depth + 1));
        QN_TRY(many_controls_x(t, p->controls, k - 1, last, helpers, nhelpers));
        QN_TRY(emit_cu(t, dagger, last, target, depth + 1));
        QN_TRY(many_controls_x(t, p->controls, k - 1, last, helpers, nhelpers));
        memcpy(u, v, sizeof u);
    }
    return emit_cu(t, u, p->controls[0], target, depth + 1);
}

/* Texts. */

static bool is_inverse(const qn__gate_step *a, const double *pa, const qn__gate_step *b, const double *pb)
{
    const qn_gate_info *first = qn_gate_describe(a->gate), *second = qn_gate_describe(b->gate);
    if (a->nqubits != b->nqubits || memcmp(a->qubits, b->qubits, a->nqubits * sizeof *a->qubits) != 0 ||
        first->controls != second->controls || first->qubits - first->controls != 1) {
        return false;
    }
    qn_complex x[4], y[4], product[4];
    if (qn_gate_matrix(a->gate, pa, x) != QN_OK || qn_gate_matrix(b->gate, pb, y) != QN_OK) {
        return false;
    }
    qn__one_qubit_multiply(y, x, product);
    double off = 0;
    for (size_t i = 0; i < 4; i++) {
        off += hypot(product[i].re - (i % 3 == 0), product[i].im);
    }
    return off < 1e-14;
}

static qn_status read_text(qn_gate gate, const double *params, qn__gate_step *steps, double (*values)[QN__GATE_PARAMS],
                           size_t *count)
{
    const qn__gate_row *row = qn__gate_row_of(gate);
    const char *text = row->decomposition;
    QN_CHECK(text != NULL, ERR_INTERNAL, "gate %s has no decomposition", row->info.name);
    bool found = true;
    for (*count = 0; found;) {
        qn__gate_step step;
        QN_TRY(qn__gate_text_next(&text, &step, &found));
        if (found) {
            QN_CHECK(*count < STEPS_MOST, ERR_INTERNAL, "the decomposition of %s is longer than expected",
                     row->info.name);
            for (uint32_t k = 0; k < step.nparams; k++) {
                values[*count][k] = qn__affine_value(&step.params[k], params, row->info.params);
            }
            steps[(*count)++] = step;
        }
    }
    return QN_OK;
}

/* The text of a row whose qubits are `qubits`, under `ncontrols` controls besides. */
static qn_status expand(const qn__break_down_target *t, qn_gate gate, const double *params, const uint32_t *qubits,
                        const uint32_t *controls, uint32_t ncontrols, unsigned depth)
{
    qn__gate_step steps[STEPS_MOST];
    double values[STEPS_MOST][QN__GATE_PARAMS] = {{0}};
    size_t count = 0, edge = 0;
    QN_TRY(read_text(gate, params, steps, values, &count));
    while (ncontrols > 0 && 2 * edge + 2 < count &&
           is_inverse(&steps[edge], values[edge], &steps[count - 1 - edge], values[count - 1 - edge])) {
        edge++;
    }
    for (size_t i = 0; i < count; i++) {
        const qn_gate_info *info = qn_gate_describe(steps[i].gate);
        const bool free = i < edge || i >= count - edge;
        piece p = {.base = info->base, .ntargets = info->qubits - info->controls};
        p.ncontrols = free ? 0 : ncontrols;
        for (uint32_t k = 0; k < p.ncontrols; k++) {
            p.controls[k] = controls[k];
        }
        for (uint32_t q = 0; q < info->qubits; q++) {
            if (q < info->controls) {
                p.controls[p.ncontrols++] = qubits[steps[i].qubits[q]];
            } else {
                p.targets[q - info->controls] = qubits[steps[i].qubits[q]];
            }
        }
        memcpy(p.params, values[i], sizeof p.params);
        QN_TRY(lower_piece(t, &p, depth + 1));
    }
    return QN_OK;
}

static qn_status lower_piece(const qn__break_down_target *t, const piece *p, unsigned depth)
{
    QN_CHECK(depth < DEEPEST, ERR_INTERNAL, "decompositions go round in a circle at gate %d", (int)p->base);
    piece q = *p;
    if (q.base == QN_GATE_GPHASE) {
        if (q.ncontrols == 0) {
            return QN_OK; /* the global phase */
        }
        q.base = QN_GATE_P;
        q.ntargets = 1;
        q.targets[0] = q.controls[--q.ncontrols];
    }
    if (q.base == QN_GATE_UPHASE && q.ncontrols == 0) {
        q.base = QN_GATE_U;
    }
    if (q.base == QN_GATE_ID || q.base == QN_GATE_U0) {
        return QN_OK;
    }
    if (t->emit_controlled != NULL && (q.ntargets == 1 || q.base == QN_GATE_SWAP)) {
        return t->emit_controlled(t->user, q.base, q.controls, q.ncontrols, q.targets, q.params);
    }
    qn_gate row = QN_GATE_ID;
    if (qn__gate_find_controlled(q.base, q.ncontrols, &row)) {
        uint32_t qubits[QN__GATE_QUBITS + MOST];
        memcpy(qubits, q.controls, q.ncontrols * sizeof *qubits);
        memcpy(qubits + q.ncontrols, q.targets, q.ntargets * sizeof *qubits);
        if (t->native(row)) {
            return t->emit(t->user, row, qubits, q.params);
        }
        if (qn__gate_row_of(row)->decomposition != NULL) {
            return expand(t, row, q.params, qubits, NULL, 0, depth);
        }
    }
    if (q.ncontrols > 0 && q.ntargets == 1) {
        return controlled_one_qubit(t, &q, depth);
    }
    return expand(t, q.base, q.params, q.targets, q.controls, q.ncontrols, depth);
}

/* Operations that carry data. */

static qn_status one_qubit(const qn__break_down_target *t, const piece *like, qn_gate base, uint32_t target)
{
    piece p = *like;
    p.base = base;
    p.ntargets = 1;
    p.targets[0] = target;
    return lower_piece(t, &p, 0);
}

static qn_status pauli_rotation(const qn__break_down_target *t, const qn_operation *op, const piece *like)
{
    const piece bare = {.base = QN_GATE_H};
    const uint32_t n = op->ntargets;
    for (uint32_t i = 0; i < n; i++) {
        if (op->pauli[i] != 'Z') {
            QN_TRY(one_qubit(t, &bare, op->pauli[i] == 'X' ? QN_GATE_H : QN_GATE_SX, op->targets[i]));
        }
    }
    for (uint32_t i = 0; i + 1 < n; i++) {
        QN_TRY(emit(t, QN_GATE_CX, NULL, op->targets[i], op->targets[i + 1], 0));
    }
    QN_TRY(one_qubit(t, like, QN_GATE_RZ, op->targets[n - 1]));
    for (uint32_t i = n - 1; i-- > 0;) {
        QN_TRY(emit(t, QN_GATE_CX, NULL, op->targets[i], op->targets[i + 1], 0));
    }
    for (uint32_t i = n; i-- > 0;) {
        if (op->pauli[i] != 'Z') {
            QN_TRY(one_qubit(t, &bare, op->pauli[i] == 'X' ? QN_GATE_H : QN_GATE_SXDG, op->targets[i]));
        }
    }
    return QN_OK;
}

static qn_status matrix_gate(const qn__break_down_target *t, const qn_operation *op, const piece *like)
{
    piece p = *like;
    if (op->ntargets == 1) {
        qn__one_qubit_angles(op->matrix, p.params);
        return one_qubit(t, &p, QN_GATE_UPHASE, op->targets[0]);
    }
    qn__two_qubit d;
    QN_TRY(qn__two_qubit_decompose(op->matrix, &d));
    for (uint32_t layer = 0; layer <= d.ncx; layer++) {
        for (uint32_t q = 0; q < 2; q++) {
            qn__one_qubit_angles(d.local[layer][q], p.params);
            QN_TRY(one_qubit(t, &p, QN_GATE_UPHASE, op->targets[q]));
        }
        if (layer < d.ncx) {
            piece cx = *like;
            cx.controls[cx.ncontrols++] = op->targets[d.control[layer]];
            QN_TRY(one_qubit(t, &cx, QN_GATE_X, op->targets[1 - d.control[layer]]));
        }
    }
    piece phase = *like;
    phase.base = QN_GATE_GPHASE;
    phase.ntargets = 0;
    phase.params[0] = d.phase;
    return lower_piece(t, &phase, 0);
}

static qn_status flip(const qn__break_down_target *t, const qn_operation *op)
{
    for (uint32_t k = 0; k < op->ncontrols; k++) {
        if ((op->control_state >> k & 1) == 0) {
            QN_TRY(emit(t, QN_GATE_X, NULL, op->controls[k], 0, 0));
        }
    }
    return QN_OK;
}

qn_status qn__break_down(const qn__break_down_target *target, const qn_operation *op)
{
    piece p = {.base = op->base, .ncontrols = op->ncontrols};
    for (uint32_t k = 0; k < op->ncontrols; k++) {
        p.controls[k] = op->controls[k];
    }
    for (uint32_t i = 0; i < op->nparams; i++) {
        p.params[i] = op->params[i].constant;
    }
    QN_TRY(flip(target, op));
    if (op->pauli != NULL) {
        QN_TRY(pauli_rotation(target, op, &p));
    } else if (op->matrix != NULL) {
        QN_TRY(matrix_gate(target, op, &p));
    } else {
        p.ntargets = op->ntargets;
        for (uint32_t i = 0; i < op->ntargets; i++) {
            p.targets[i] = op->targets[i];
        }
        QN_TRY(lower_piece(target, &p, 0));
    }
    return flip(target, op);
}
