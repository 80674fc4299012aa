/* count.c: what a circuit costs, as written and over {one-qubit, CX} and Clifford+T.
 *
 * Every operation is expanded by the texts of gates.def until only CX, one-qubit Cliffords, T and rz are left:
 *  - One control: the text of the controlled row if there is one; else every step of the base's text is controlled, but
 *    for steps at both ends that undo each other (V+ W V needs the control on W alone).
 *  - X under k >= 3 controls: the AND ladder on k - 2 clean ancillas, 2 (k - 2) + 1 = 2k - 3 Toffoli (Nielsen, Chuang,
 *    figure 4.10). Anything else under k >= 2 controls, unless its text comes down to one step: the AND of all on k - 1
 *    ancillas, up and down again 2 (k - 1) Toffoli, and the gate under one control. Ancillas are never short.
 *  - A Pauli rotation of weight w: basis changes, 2 (w - 1) CX, one rz. unitary1, unitary2: the figures of their rows
 *    (Vatan, Williams, arXiv:quant-ph/0308006: 3 CX and 15 rotations suffice).
 * What is not a gate is not counted: a barrier brings the depth of its qubits level, a measurement or reset is one step
 * of depth on its qubit, a delay none. Bodies of if, else and while count once each, as if they ran one after the
 * other. A Toffoli counts 7 T and 6 CX, without measurement; with measurement 4 T would do (Jones, arXiv:1212.5069). An
 * arbitrary rz to error eps costs 3 log2(1/eps) T (Ross, Selinger, arXiv:1403.2975, the leading term, which their
 * search attains for typical angles); cheaper ways with measurement are left to the cost models. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/gate.h"

enum {
    DEEPEST = 24,       /* nested texts */
    MOST_CONTROLS = 80, /* 64 of an operation and those of the texts */
    TWO_QUBIT_TURNS = 8 /* rotations one behind the other in a two-qubit unitary */
};

static const double PI = 3.14159265358979323846;

/* A number, or a symbol's value that is not known. */
typedef struct angle {
    double value;
    bool known;
} angle;

/* A base gate in its place. */
typedef struct piece {
    qn_gate base;
    uint32_t ncontrols, ntargets;
    uint32_t controls[MOST_CONTROLS];
    uint32_t targets[QN__GATE_QUBITS];
    angle params[QN__GATE_PARAMS];
} piece;

/* A text once read: looking names up again for each operation would cost most of the time. */
typedef struct counter {
    qn_circuit_cost cost;
    uint32_t nqubits, ancillas; /* in use */
    uint64_t *level;            /* CX depth of each qubit, then of each ancilla */
    uint64_t *turns;            /* rotations one behind the other, of the same */
    unsigned depth;
    qn__gate_steps texts[QN_GATE_COUNT_], inverses[QN_GATE_COUNT_];
} counter;

enum { ANCILLAS = 4 * MOST_CONTROLS };

static qn_status expand(counter *c, const piece *p);

/* Texts. */

static qn_status text_of(counter *c, qn_gate gate, const qn__gate_steps **out)
{
    if (!c->texts[gate].done) {
        QN_TRY(qn__gate_text_parse(qn__gate_row_of(gate)->decomposition, &c->texts[gate]));
    }
    *out = &c->texts[gate];
    return QN_OK;
}

/* Whether step b undoes step a: the inverse text of a is b. */
static qn_status undoes(counter *c, const qn__gate_step *a, const qn__gate_step *b, bool *out)
{
    const qn__gate_row *row = qn__gate_row_of(a->gate);
    if (!c->inverses[a->gate].done) {
        QN_TRY(qn__gate_text_parse(row->inverse, &c->inverses[a->gate]));
    }
    const qn__gate_steps *inverse = &c->inverses[a->gate];
    *out = inverse->count == 1 && inverse->steps[0].gate == b->gate;
    for (uint32_t i = 0; *out && i < b->nqubits; i++) {
        *out = a->qubits[inverse->steps[0].qubits[i]] == b->qubits[i];
    }
    for (uint32_t i = 0; *out && i < b->nparams; i++) {
        const qn__affine *e = &inverse->steps[0].params[i];
        qn__affine value = {e->constant, {0}};
        for (uint32_t k = 0; k < a->nparams; k++) {
            value.constant += e->slope[k] * a->params[k].constant;
            for (size_t s = 0; s < QN__GATE_PARAMS; s++) {
                value.slope[s] += e->slope[k] * a->params[k].slope[s];
            }
        }
        *out = value.constant == b->params[i].constant;
        for (size_t s = 0; *out && s < QN__GATE_PARAMS; s++) {
            *out = value.slope[s] == b->params[i].slope[s];
        }
    }
    return QN_OK;
}

/* The piece for a step about qubits `places` and parameters `params`, under `ncontrols` more controls. */
static void place(const qn__gate_step *step, const uint32_t *controls, uint32_t ncontrols, const uint32_t *places,
                  const angle *params, piece *out)
{
    const qn_gate_info *info = qn_gate_describe(step->gate);
    out->base = info->base;
    out->ncontrols = ncontrols + info->controls;
    out->ntargets = step->nqubits - info->controls;
    if (ncontrols > 0) {
        memcpy(out->controls, controls, ncontrols * sizeof *controls);
    }
    for (uint32_t i = 0; i < step->nqubits; i++) {
        const uint32_t qubit = places[step->qubits[i]];
        if (i < info->controls) {
            out->controls[ncontrols + i] = qubit;
        } else {
            out->targets[i - info->controls] = qubit;
        }
    }
    for (uint32_t i = 0; i < step->nparams; i++) {
        angle value = {step->params[i].constant, true};
        for (size_t k = 0; k < QN__GATE_PARAMS; k++) {
            if (step->params[i].slope[k] != 0) {
                value.value += step->params[i].slope[k] * params[k].value;
                value.known = value.known && params[k].known;
            }
        }
        out->params[i] = value;
    }
}

/* Leaves. */

static void count_cx(counter *c, uint32_t a, uint32_t b)
{
    c->cost.cx++;
    const uint64_t level = (c->level[a] > c->level[b] ? c->level[a] : c->level[b]) + 1;
    c->level[a] = c->level[b] = level;
    c->cost.cx_depth = level > c->cost.cx_depth ? level : c->cost.cx_depth;
    c->turns[a] = c->turns[b] = c->turns[a] > c->turns[b] ? c->turns[a] : c->turns[b];
}

/* `count` arbitrary rotations, `deep` of them one behind the other on a qubit. */
static void count_rotations(counter *c, uint32_t qubit, uint64_t count, uint64_t deep)
{
    c->cost.rotations += count;
    c->turns[qubit] += deep;
    c->cost.rotation_depth = c->turns[qubit] > c->cost.rotation_depth ? c->turns[qubit] : c->cost.rotation_depth;
}

/* rz by a multiple of pi/2 is Clifford, by an odd multiple of pi/4 one T. */
static void count_rz(counter *c, uint32_t qubit, angle a)
{
    const double eighths = a.value * 4 / PI, nearest = nearbyint(eighths);
    if (!a.known || fabs(eighths - nearest) > 1e-10 * fmax(1, fabs(eighths))) {
        count_rotations(c, qubit, 1, 1);
    } else if (fmod(nearest, 2) != 0) {
        c->cost.t_direct++;
    }
}

/* Expansions. */

static qn_status expand_text(counter *c, const piece *p, const qn__gate_steps *text, const uint32_t *places)
{
    for (size_t i = 0; i < text->count; i++) {
        piece next;
        place(&text->steps[i], NULL, 0, places, p->params, &next);
        QN_TRY(expand(c, &next));
    }
    return QN_OK;
}

static qn_status expand_toffoli(counter *c, uint32_t a, uint32_t b, uint32_t target)
{
    const piece p = {.base = QN_GATE_X, .ncontrols = 2, .ntargets = 1, .controls = {a, b}, .targets = {target}};
    return expand(c, &p);
}

/* Fresh ancillas in |0>: what used them before does not hold them up. */
static qn_status take_ancillas(counter *c, uint32_t count, uint32_t *first)
{
    QN_CHECK(count <= ANCILLAS - c->ancillas, ERR_INTERNAL, "over %d ancillas in one gate", ANCILLAS);
    *first = c->nqubits + c->ancillas;
    for (uint32_t i = 0; i < count; i++) {
        c->level[*first + i] = 0;
        c->turns[*first + i] = 0;
    }
    c->ancillas += count;
    c->cost.ancillas = c->ancillas > c->cost.ancillas ? c->ancillas : c->cost.ancillas;
    return QN_OK;
}

/* Ancilla first + i gets the AND of controls 0 .. i + 1. */
static qn_status ladder(counter *c, const uint32_t *controls, uint32_t count, uint32_t first, bool up)
{
    for (uint32_t k = 0; k < count; k++) {
        const uint32_t i = up ? k : count - 1 - k;
        QN_TRY(expand_toffoli(c, i == 0 ? controls[0] : first + i - 1, controls[i + 1], first + i));
    }
    return QN_OK;
}

/* Two or more controls through their AND: X keeps the last one for its Toffoli, anything else is left with one. */
static qn_status expand_by_ladder(counter *c, const piece *p)
{
    const bool keep = p->base == QN_GATE_X;
    const uint32_t count = p->ncontrols - (keep ? 2 : 1);
    uint32_t first = 0;
    QN_TRY(take_ancillas(c, count, &first));
    QN_TRY(ladder(c, p->controls, count, first, true));
    piece inner = *p;
    inner.ncontrols = keep ? 2 : 1;
    inner.controls[0] = first + count - 1;
    inner.controls[1] = p->controls[p->ncontrols - 1];
    QN_TRY(expand(c, &inner));
    QN_TRY(ladder(c, p->controls, count, first, false));
    c->ancillas -= count;
    return QN_OK;
}

/* Steps [first, last) of a text that are left when pairs that undo each other are taken from both ends. */
static qn_status core_of(counter *c, const qn__gate_steps *text, size_t *first, size_t *last)
{
    *first = 0;
    *last = text->count;
    while (*last - *first >= 3) {
        bool pair = false;
        QN_TRY(undoes(c, &text->steps[*first], &text->steps[*last - 1], &pair));
        if (!pair) {
            break;
        }
        ++*first;
        --*last;
    }
    return QN_OK;
}

static qn_status expand_controlled(counter *c, const piece *p)
{
    if (p->base == QN_GATE_GPHASE) { /* a phase on the last control, under the others */
        piece phase = *p;
        phase.base = QN_GATE_P;
        phase.ncontrols--;
        phase.ntargets = 1;
        phase.targets[0] = p->controls[phase.ncontrols];
        return expand(c, &phase);
    }
    qn_gate row = p->base;
    const qn__gate_steps *text = NULL;
    if (p->ncontrols <= 2 && qn__gate_find_controlled(p->base, p->ncontrols, &row)) {
        uint32_t places[QN__GATE_QUBITS];
        memcpy(places, p->controls, p->ncontrols * sizeof *places);
        memcpy(places + p->ncontrols, p->targets, p->ntargets * sizeof *places);
        c->cost.toffoli += row == QN_GATE_CCX;
        QN_TRY(text_of(c, row, &text));
        return expand_text(c, p, text, places);
    }
    if (p->base == QN_GATE_X) {
        return expand_by_ladder(c, p);
    }
    QN_TRY(text_of(c, p->base, &text));
    if (text->count == 0 && qn__gate_row_of(p->base)->decomposition != NULL) {
        return QN_OK; /* the identity */
    }
    size_t first = 0, last = 0;
    QN_TRY(core_of(c, text, &first, &last));
    if (p->ncontrols > 1 && (last - first != 1 || text->count == 0)) {
        return expand_by_ladder(c, p);
    }
    QN_CHECK(qn__gate_row_of(p->base)->decomposition != NULL, ERR_INTERNAL, "gate %s has no decomposition",
             qn_gate_describe(p->base)->name);
    for (size_t i = 0; i < text->count; i++) {
        const bool inside = i >= first && i < last;
        piece next;
        place(&text->steps[i], p->controls, inside ? p->ncontrols : 0, p->targets, p->params, &next);
        QN_TRY(expand(c, &next));
    }
    return QN_OK;
}

static qn_status expand_plain(counter *c, const piece *p)
{
    const qn__gate_row *row = qn__gate_row_of(p->base);
    if (p->base == QN_GATE_GPHASE) {
        return QN_OK;
    }
    if (p->base == QN_GATE_RZ) {
        count_rz(c, p->targets[0], p->params[0]);
        return QN_OK;
    }
    if (p->ntargets == 1 && row->info.params == 0) {
        c->cost.t_direct += row->t;
        return QN_OK;
    }
    const qn__gate_steps *text = NULL;
    QN_CHECK(row->decomposition != NULL, ERR_INTERNAL, "gate %s has no decomposition", row->info.name);
    QN_TRY(text_of(c, p->base, &text));
    return expand_text(c, p, text, p->targets);
}

static qn_status expand(counter *c, const piece *p)
{
    if (p->ncontrols == 1 && p->base == QN_GATE_X) {
        count_cx(c, p->controls[0], p->targets[0]);
        return QN_OK;
    }
    QN_CHECK(c->depth < DEEPEST && p->ncontrols <= MOST_CONTROLS - QN__GATE_QUBITS, ERR_INTERNAL,
             "texts of gate %s are nested too deep", qn_gate_describe(p->base)->name);
    c->depth++;
    const qn_status status = p->ncontrols > 0 ? expand_controlled(c, p) : expand_plain(c, p);
    c->depth--;
    return status;
}

/* Operations. */

static angle angle_of(const qn_param *param, const double *theta)
{
    if (param->expression != 0) {
        return (angle){0, false}; /* known at run time only */
    }
    if (theta != NULL) {
        return (angle){qn_param_value(param, theta), true};
    }
    for (size_t k = 0; k < param->count; k++) {
        if (param->terms[k].coefficient != 0) {
            return (angle){0, false};
        }
    }
    return (angle){param->constant, true};
}

static void count_pauli_rotation(counter *c, const qn_operation *op, const double *theta)
{
    for (uint32_t i = 0; i + 1 < op->ntargets; i++) {
        count_cx(c, op->targets[i], op->targets[i + 1]);
    }
    count_rz(c, op->targets[op->ntargets - 1], angle_of(op->params, theta));
    for (uint32_t i = op->ntargets; i-- > 1;) {
        count_cx(c, op->targets[i - 1], op->targets[i]);
    }
}

static qn_status count_decomposed(counter *c, const qn_operation *op, const double *theta)
{
    if (op->pauli != NULL) {
        count_pauli_rotation(c, op, theta);
        return QN_OK;
    }
    if (op->matrix != NULL) {
        const uint64_t rotations = qn__gate_row_of(op->gate)->rotations;
        for (int i = 0; i < 3 && op->ntargets == 2; i++) {
            count_cx(c, op->targets[0], op->targets[1]);
        }
        /* of the 15 of two qubits: three on each at both ends, and between the CX one on each, then one */
        count_rotations(c, op->targets[0], rotations, op->ntargets == 2 ? TWO_QUBIT_TURNS : rotations);
        if (op->ntargets == 2) {
            c->turns[op->targets[1]] = c->turns[op->targets[0]];
        }
        return QN_OK;
    }
    piece p = {.base = op->base, .ncontrols = op->ncontrols, .ntargets = op->ntargets};
    if (op->ncontrols > 0) {
        memcpy(p.controls, op->controls, op->ncontrols * sizeof *p.controls);
    }
    if (op->ntargets > 0) {
        memcpy(p.targets, op->targets, op->ntargets * sizeof *p.targets);
    }
    for (uint32_t i = 0; i < op->nparams; i++) {
        p.params[i] = angle_of(&op->params[i], theta);
    }
    return expand(c, &p);
}

/* One step of depth over the qubits of an operation, as soon as possible. */
static uint64_t schedule(uint64_t *level, const qn_operation *op)
{
    uint64_t latest = 0;
    for (uint32_t i = 0; i < op->ncontrols + op->ntargets; i++) {
        const uint32_t q = i < op->ncontrols ? op->controls[i] : op->targets[i - op->ncontrols];
        latest = level[q] > latest ? level[q] : latest;
    }
    for (uint32_t i = 0; i < op->ncontrols + op->ntargets; i++) {
        level[i < op->ncontrols ? op->controls[i] : op->targets[i - op->ncontrols]] = latest + 1;
    }
    return latest + 1;
}

static void count_written(qn_circuit_cost *cost, const qn_operation *op, uint64_t *level, uint64_t *level2)
{
    const uint64_t width = (uint64_t)op->ncontrols + op->ntargets;
    cost->gates++;
    cost->one_qubit += width == 1;
    cost->two_qubit += width == 2;
    cost->multi_qubit += width > 2;
    if (width > 0) { /* a global phase takes no time */
        const uint64_t depth = schedule(level, op);
        cost->depth = depth > cost->depth ? depth : cost->depth;
    }
    if (width > 1) { /* layers of everything that entangles */
        const uint64_t depth = schedule(level2, op);
        cost->two_qubit_depth = depth > cost->two_qubit_depth ? depth : cost->two_qubit_depth;
    }
}

/* The qubits of a barrier reach one level; without targets it is on all of them. */
static void align(uint64_t *level, const qn_operation *op, uint32_t nqubits)
{
    uint64_t latest = 0;
    const uint32_t count = op->ntargets == 0 ? nqubits : op->ntargets;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t q = op->ntargets == 0 ? i : op->targets[i];
        latest = level[q] > latest ? level[q] : latest;
    }
    for (uint32_t i = 0; i < count; i++) {
        level[op->ntargets == 0 ? i : op->targets[i]] = latest;
    }
}

static qn_status count_operation(counter *c, const qn_operation *op, const double *theta, uint64_t *levels)
{
    const uint32_t n = c->nqubits;
    switch (op->kind) {
    case QN_OP_GATE:
        count_written(&c->cost, op, levels, levels + n);
        return count_decomposed(c, op, theta);
    case QN_OP_BARRIER:
        align(levels, op, n);
        align(levels + n, op, n);
        align(c->level, op, n);
        align(c->turns, op, n);
        return QN_OK;
    case QN_OP_MEASURE:
    case QN_OP_RESET: {
        const uint64_t depth = schedule(levels, op);
        c->cost.depth = depth > c->cost.depth ? depth : c->cost.depth;
        return QN_OK;
    }
    default:
        return QN_OK;
    }
}

static qn_status count_all(counter *c, const qn_circuit *circuit, const double *theta)
{
    const size_t n = c->nqubits;
    uint64_t *levels = qn__calloc(4 * n + (size_t)2 * ANCILLAS, sizeof *levels);
    QN_ALLOC_CHECK(levels);
    c->level = levels + 2 * n;
    c->turns = c->level + n + ANCILLAS;
    qn_status status = QN_OK;
    for (size_t i = 0; i < qn_circuit_operations(circuit) && status == QN_OK; i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        status = count_operation(c, &op, theta, levels);
    }
    qn__free(levels);
    return status;
}

qn_status qn_circuit_count(const qn_circuit *circuit, const double *theta, double synthesis_error, qn_circuit_cost *out)
{
    QN_CHECK(circuit != NULL && out != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    QN_CHECK(synthesis_error > 0 && synthesis_error < 1, ERR_RANGE, "synthesis error %g is outside (0, 1)",
             synthesis_error);
    for (size_t i = 0; theta != NULL && i < qn_circuit_symbols(circuit); i++) {
        QN_CHECK(isfinite(theta[i]), ERR_NAN, "value %zu (\"%.64s\") is not a finite number", i,
                 qn_circuit_symbol_name(circuit, (uint32_t)i));
    }
    counter *c = qn__calloc(1, sizeof *c);
    QN_ALLOC_CHECK(c);
    c->nqubits = qn_circuit_qubits(circuit);
    c->cost.t_per_rotation = 3 * log2(1 / synthesis_error);
    const qn_status status = count_all(c, circuit, theta);
    if (status == QN_OK) {
        c->cost.t_count = c->cost.t_direct + (uint64_t)ceil((double)c->cost.rotations * c->cost.t_per_rotation);
        *out = c->cost;
    }
    for (size_t i = 0; i < QN_GATE_COUNT_; i++) {
        qn__free(c->texts[i].steps);
        qn__free(c->inverses[i].steps);
    }
    qn__free(c);
    return status;
}
