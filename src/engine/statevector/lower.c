/* lower.c: from the gate table to kernel operations. Every gate with parameters becomes elementary factors whose
 * generators are known; one-qubit gates in a row on a qubit join into one 2x2 matrix. */
#include "engine/statevector/lower.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/operation.h"

/* Controls and targets of one operation as masks. */
typedef struct site {
    uint64_t fixed, value; /* of the controls */
    const qn_operation *op;
} site;

static uint64_t bit(uint32_t qubit)
{
    return UINT64_C(1) << qubit;
}

/* scale * param, its terms copied to the program's pool. */
static qn_status make_angle(qn__sv_program *program, const qn_param *param, double scale, qn__sv_angle *out)
{
    QN_TRY(qn__grow((void **)&program->terms, &program->terms_capacity, program->nterms + param->count,
                    sizeof *program->terms));
    *out = (qn__sv_angle){scale * param->constant, (uint32_t)program->nterms, 0};
    for (size_t k = 0; k < param->count; k++) {
        if (param->terms[k].coefficient != 0.0) {
            program->terms[program->nterms++] =
                (qn_param_term){param->terms[k].symbol, scale * param->terms[k].coefficient};
            out->count++;
        }
    }
    return QN_OK;
}

static qn_status make_factor(qn__sv_program *program, qn__sv_factor_kind kind, const qn_param *param, double scale,
                             qn__sv_factor *out)
{
    *out = (qn__sv_factor){.kind = kind};
    QN_TRY(make_angle(program, param, scale, &out->angle));
    out->variable = out->angle.count > 0;
    qn__sv_factor_set(out, out->angle.constant);
    return QN_OK;
}

static qn__sv_factor fixed_factor(const qn_complex *m)
{
    qn__sv_factor out = {.kind = QN__SV_FIXED};
    for (int k = 0; k < 4; k++) {
        out.m[2 * k] = m[k].re;
        out.m[2 * k + 1] = m[k].im;
    }
    return out;
}

static qn_status add_node(qn__sv_lowering *lowering, uint32_t draft, const qn__sv_factor *factor)
{
    QN_TRY(
        qn__grow((void **)&lowering->nodes, &lowering->nodes_capacity, lowering->nnodes + 1, sizeof *lowering->nodes));
    const uint32_t node = (uint32_t)lowering->nnodes++;
    lowering->nodes[node] = (qn__sv_node){*factor, QN__SV_NONE};
    qn__sv_draft *d = &lowering->drafts[draft];
    if (d->head == QN__SV_NONE) {
        d->head = node;
    } else {
        lowering->nodes[d->tail].next = node;
    }
    d->tail = node;
    return QN_OK;
}

/* A new operation; the qubits it meets are no longer fresh or open. */
static qn_status add_draft(qn__sv_lowering *lowering, qn__sv_op_kind kind, const qn__kernel_gate *gate, uint64_t qubits,
                           uint32_t *out)
{
    QN_TRY(qn__grow((void **)&lowering->drafts, &lowering->drafts_capacity, lowering->ndrafts + 1,
                    sizeof *lowering->drafts));
    *out = (uint32_t)lowering->ndrafts++;
    lowering->drafts[*out] =
        (qn__sv_draft){.op = {.kind = kind, .gate = *gate}, .head = QN__SV_NONE, .tail = QN__SV_NONE};
    for (uint64_t left = qubits; left != 0; left &= left - 1) {
        lowering->open[__builtin_ctzll(left)] = QN__SV_NONE;
    }
    lowering->touched |= qubits;
    return QN_OK;
}

static qn_status add_with_factors(qn__sv_lowering *lowering, qn__sv_op_kind kind, const qn__kernel_gate *gate,
                                  const qn__sv_factor *factors, size_t count)
{
    uint32_t draft = 0;
    QN_TRY(add_draft(lowering, kind, gate, gate->x | gate->z | gate->fixed, &draft));
    for (size_t k = 0; k < count; k++) {
        QN_TRY(add_node(lowering, draft, &factors[k]));
    }
    return QN_OK;
}

/* Factors on one target: joined to the open operation there when there are no controls. */
static qn_status add_one_qubit(qn__sv_lowering *lowering, const site *at, uint32_t target, const qn__sv_factor *factors,
                               size_t count)
{
    const uint64_t t = bit(target);
    const qn__kernel_gate gate = {.x = t, .fixed = at->fixed | t, .value = at->value};
    if (at->fixed != 0) {
        return add_with_factors(lowering, QN__SV_OP_PAIR, &gate, factors, count);
    }
    uint32_t draft = lowering->open[target];
    if (draft == QN__SV_NONE) {
        const bool fresh = (lowering->touched & t) == 0;
        QN_TRY(add_draft(lowering, QN__SV_OP_PAIR, &gate, t, &draft));
        lowering->drafts[draft].start = fresh;
        lowering->open[target] = draft;
    }
    for (size_t k = 0; k < count; k++) {
        QN_TRY(add_node(lowering, draft, &factors[k]));
    }
    return QN_OK;
}

/* exp(i scale * param) on the subspace of the controls; without any, a phase of the whole state that only amplitudes
 * show. */
static qn_status add_phase(qn__sv_lowering *lowering, const site *at, const qn_param *param, double scale)
{
    qn__sv_program *program = lowering->program;
    if (at->fixed == 0) {
        QN_TRY(qn__grow((void **)&program->phases, &program->phases_capacity, program->nphases + 1,
                        sizeof *program->phases));
        QN_TRY(make_angle(program, param, scale, &program->phases[program->nphases]));
        program->nphases++;
        return QN_OK;
    }
    /* with z = 0 only the upper left entry acts: exp(-i a / 2) of RZ with a = -2 scale * param */
    qn__sv_factor factor;
    QN_TRY(make_factor(program, QN__SV_RZ, param, -2.0 * scale, &factor));
    const qn__kernel_gate gate = {.fixed = at->fixed, .value = at->value};
    return add_with_factors(lowering, QN__SV_OP_DIAGONAL, &gate, &factor, 1);
}

/* exp(-i param P / 2). With w = -i s i^y, s the sine and y the number of Y, the matrix on a pair is [[c, (-1)^y w], [w,
 * c]]: that of RX for y = 0, RY for y = 1, and the same with the angle negated for y = 2, 3. */
static qn_status add_rotation(qn__sv_lowering *lowering, const site *at, const char *letters)
{
    static const qn__sv_factor_kind axes[3] = {QN__SV_RX, QN__SV_RY, QN__SV_RZ};
    const qn_operation *op = at->op;
    uint64_t x = 0, z = 0;
    uint32_t ys = 0;
    for (uint32_t k = 0; k < op->ntargets; k++) {
        const char letter = letters[k];
        x |= letter == 'X' || letter == 'Y' ? bit(op->targets[k]) : 0;
        z |= letter == 'Z' || letter == 'Y' ? bit(op->targets[k]) : 0;
        ys += letter == 'Y' ? 1 : 0;
    }
    if ((x | z) == 0) {
        return add_phase(lowering, at, &op->params[0], -0.5);
    }
    qn__sv_factor factor;
    if (qn__popcount(x | z) == 1) {
        const qn__sv_factor_kind axis = axes[x == 0 ? 2 : z == 0 ? 0 : 1];
        QN_TRY(make_factor(lowering->program, axis, &op->params[0], 1.0, &factor));
        return add_one_qubit(lowering, at, (uint32_t)__builtin_ctzll(x | z), &factor, 1);
    }
    if (x == 0) {
        QN_TRY(make_factor(lowering->program, QN__SV_RZ, &op->params[0], 1.0, &factor));
        const qn__kernel_gate gate = {.z = z, .fixed = at->fixed, .value = at->value};
        return add_with_factors(lowering, QN__SV_OP_DIAGONAL, &gate, &factor, 1);
    }
    QN_TRY(make_factor(lowering->program, axes[ys % 2], &op->params[0], ys % 4 < 2 ? 1.0 : -1.0, &factor));
    const uint64_t pivot = bit(63 - (uint32_t)__builtin_clzll(x));
    const qn__kernel_gate gate = {.x = x, .z = z, .fixed = at->fixed | pivot, .value = at->value};
    return add_with_factors(lowering, QN__SV_OP_PAULI, &gate, &factor, 1);
}

/* A 2x2 matrix between the two-qubit states `first` and its complement (two bits: target 0 low). */
static qn_status add_subspace(qn__sv_lowering *lowering, const site *at, unsigned first, const qn__sv_factor *factors,
                              size_t count)
{
    const uint64_t a = bit(at->op->targets[0]), b = bit(at->op->targets[1]);
    const qn__kernel_gate gate = {.x = a | b,
                                  .fixed = at->fixed | a | b,
                                  .value = at->value | ((first & 1) != 0 ? a : 0) | ((first & 2) != 0 ? b : 0)};
    return add_with_factors(lowering, QN__SV_OP_PAIR, &gate, factors, count);
}

static qn_status add_dense(qn__sv_lowering *lowering, const site *at, const qn_complex *matrix)
{
    qn__sv_program *program = lowering->program;
    const qn_operation *op = at->op;
    QN_CHECK(op->ntargets <= QN__KERNEL_TARGETS, ERR_UNSUPPORTED, "a dense gate on %u qubits; at most %d", op->ntargets,
             (int)QN__KERNEL_TARGETS);
    QN_TRY(qn__grow((void **)&program->dense, &program->dense_capacity, program->ndense + 1, sizeof *program->dense));
    const size_t size = (size_t)1 << op->ntargets, reals = 2 * size * size;
    QN_TRY(qn__grow((void **)&program->matrices, &program->matrices_capacity, program->nmatrices + 2 * reals,
                    sizeof *program->matrices));
    qn__sv_dense *dense = &program->dense[program->ndense];
    double *m = program->matrices + program->nmatrices, *inverse = m + reals;
    uint64_t targets = 0;
    dense->forward = (qn__kernel_dense){.ntargets = op->ntargets, .fixed = at->fixed, .value = at->value};
    for (uint32_t t = 0; t < op->ntargets; t++) {
        dense->forward.targets[t] = op->targets[t];
        targets |= bit(op->targets[t]);
    }
    dense->inverse = dense->forward;
    dense->first = program->nmatrices;
    program->nmatrices += 2 * reals;
    for (size_t r = 0; r < size; r++) {
        for (size_t c = 0; c < size; c++) {
            const qn_complex entry = matrix[r * size + c];
            m[2 * (r * size + c)] = entry.re;
            m[2 * (r * size + c) + 1] = entry.im;
            inverse[2 * (c * size + r)] = entry.re;
            inverse[2 * (c * size + r) + 1] = -entry.im;
        }
    }
    uint32_t draft = 0;
    const qn__kernel_gate none = {0};
    QN_TRY(add_draft(lowering, QN__SV_OP_DENSE, &none, at->fixed | targets, &draft));
    lowering->drafts[draft].op.first = (uint32_t)program->ndense++;
    return QN_OK;
}

/* u(p0, p1, p2) = P(p1) RY(p0) P(p2), P(p2) first. */
static qn_status add_u(qn__sv_lowering *lowering, const site *at, const qn_param *theta, const qn_param *phi,
                       const qn_param *lambda)
{
    qn__sv_factor factors[3];
    QN_TRY(make_factor(lowering->program, QN__SV_PHASE, lambda, 1.0, &factors[0]));
    QN_TRY(make_factor(lowering->program, QN__SV_RY, theta, 1.0, &factors[1]));
    QN_TRY(make_factor(lowering->program, QN__SV_PHASE, phi, 1.0, &factors[2]));
    return add_one_qubit(lowering, at, at->op->targets[0], factors, 3);
}

/* A rotation about an axis in the plane: RZ(b) R(a) RZ(-b) in matrix order, `sign` that of b. */
static qn_status turned(qn__sv_program *program, qn__sv_factor_kind axis, const qn_param *a, const qn_param *b,
                        double sign, qn__sv_factor factors[3])
{
    QN_TRY(make_factor(program, QN__SV_RZ, b, -sign, &factors[0]));
    QN_TRY(make_factor(program, axis, a, 1.0, &factors[1]));
    return make_factor(program, QN__SV_RZ, b, sign, &factors[2]);
}

static qn_status add_constant(qn__sv_lowering *lowering, const site *at)
{
    const qn_operation *op = at->op;
    qn_complex matrix[1 << (2 * QN__KERNEL_TARGETS)];
    const qn_complex *m = op->matrix;
    if (m == NULL) {
        QN_CHECK(op->ntargets <= QN__KERNEL_TARGETS, ERR_UNSUPPORTED, "a dense gate on %u qubits; at most %d",
                 op->ntargets, (int)QN__KERNEL_TARGETS);
        const double none[1] = {0.0};
        QN_TRY(qn_gate_matrix(op->base, none, matrix));
        m = matrix;
    }
    if (op->ntargets == 1) {
        const qn__sv_factor factor = fixed_factor(m);
        return add_one_qubit(lowering, at, op->targets[0], &factor, 1);
    }
    return add_dense(lowering, at, m);
}

/* The middle block of a two-qubit matrix, between 01 and 10. */
static qn_status add_exchange(qn__sv_lowering *lowering, const site *at)
{
    qn_complex m[16];
    const double none[1] = {0.0};
    QN_TRY(qn_gate_matrix(at->op->base, none, m));
    const qn_complex middle[4] = {m[5], m[6], m[9], m[10]};
    const qn__sv_factor factor = fixed_factor(middle);
    return add_subspace(lowering, at, 1, &factor, 1);
}

uint64_t qn__sv_moved(const qn__sv_program *program, uint64_t qubits)
{
    uint64_t out = 0;
    for (; qubits != 0; qubits &= qubits - 1) {
        out |= bit(program->position[__builtin_ctzll(qubits)]);
    }
    return out;
}

/* Z or a phase under controls whose target is flipped: the phase comes where it is 0. */
static qn_status add_flipped_phase(qn__sv_lowering *lowering, site at)
{
    static const qn_complex minus[4] = {{-1.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}, {1.0, 0.0}};
    const qn_operation *op = at.op;
    QN_ASSERT(at.fixed != 0 && (op->base == QN_GATE_Z || op->base == QN_GATE_P));
    at.fixed |= bit(op->targets[0]);
    if (op->base == QN_GATE_P) {
        return add_phase(lowering, &at, &op->params[0], 1.0);
    }
    const qn__kernel_gate gate = {.fixed = at.fixed, .value = at.value};
    const qn__sv_factor factor = fixed_factor(minus);
    return add_with_factors(lowering, QN__SV_OP_DIAGONAL, &gate, &factor, 1);
}

static qn_status add_operation(qn__sv_lowering *lowering, const qn_operation *op)
{
    qn__sv_program *program = lowering->program;
    site at = {.op = op};
    for (uint32_t k = 0; k < op->ncontrols; k++) {
        at.fixed |= bit(op->controls[k]);
        at.value |= (op->control_state >> k & 1) != 0 ? bit(op->controls[k]) : 0;
    }
    at.value ^= at.fixed & lowering->flipped;
    if (op->ntargets == 1 && (lowering->flipped & bit(op->targets[0])) != 0) {
        return add_flipped_phase(lowering, at);
    }
    static const qn_param quarter = {1.5707963267948966192, NULL, 0, 0};
    const qn_param *p = op->params;
    qn__sv_factor factors[3];
    switch (op->base) {
    case QN_GATE_ID:
    case QN_GATE_U0:
        return QN_OK;
    case QN_GATE_GPHASE:
        return add_phase(lowering, &at, &p[0], 1.0);
    case QN_GATE_RX:
        return add_rotation(lowering, &at, "X");
    case QN_GATE_RY:
        return add_rotation(lowering, &at, "Y");
    case QN_GATE_RZ:
        return add_rotation(lowering, &at, "Z");
    case QN_GATE_RXX:
        return add_rotation(lowering, &at, "XX");
    case QN_GATE_RYY:
        return add_rotation(lowering, &at, "YY");
    case QN_GATE_RZZ:
        return add_rotation(lowering, &at, "ZZ");
    case QN_GATE_RZX:
        return add_rotation(lowering, &at, "ZX");
    case QN_GATE_PAULI_ROTATION:
        return add_rotation(lowering, &at, op->pauli);
    case QN_GATE_P:
        QN_TRY(make_factor(program, QN__SV_PHASE, &p[0], 1.0, &factors[0]));
        return add_one_qubit(lowering, &at, op->targets[0], factors, 1);
    case QN_GATE_U2:
        return add_u(lowering, &at, &quarter, &p[0], &p[1]);
    case QN_GATE_U:
        return add_u(lowering, &at, &p[0], &p[1], &p[2]);
    case QN_GATE_UPHASE:
        QN_TRY(add_phase(lowering, &at, &p[3], 1.0));
        return add_u(lowering, &at, &p[0], &p[1], &p[2]);
    case QN_GATE_PRX:
        QN_TRY(turned(program, QN__SV_RX, &p[0], &p[1], 1.0, factors));
        return add_one_qubit(lowering, &at, op->targets[0], factors, 3);
    case QN_GATE_XX_PLUS_YY: /* between target 0 clear, 1 set, and the reverse: rz(p1) on target 0 acts first */
        QN_TRY(turned(program, QN__SV_RX, &p[0], &p[1], -1.0, factors));
        return add_subspace(lowering, &at, 2, factors, 3);
    case QN_GATE_XX_MINUS_YY: /* between 00 and 11: rz(-p1) on target 1 acts first */
        QN_TRY(turned(program, QN__SV_RX, &p[0], &p[1], 1.0, factors));
        return add_subspace(lowering, &at, 0, factors, 3);
    case QN_GATE_GIVENS:
        QN_TRY(make_factor(program, QN__SV_RY, &p[0], 2.0, &factors[0]));
        return add_subspace(lowering, &at, 1, factors, 1);
    case QN_GATE_SWAP:
    case QN_GATE_ISWAP:
    case QN_GATE_ISWAP_DG:
        return add_exchange(lowering, &at);
    default:
        QN_CHECK(op->nparams == 0, ERR_UNSUPPORTED, "gate '%s' has parameters and no lowering here",
                 qn_gate_describe(op->base)->name);
        return add_constant(lowering, &at);
    }
}

bool qn__sv_supports(const qn_circuit *circuit, char *why, size_t capacity)
{
    /* How many qubits is a question of size, which bytes_needed answers. */
    for (size_t k = 0; k < qn_circuit_operations(circuit); k++) {
        qn_operation op;
        qn_circuit_operation(circuit, k, &op);
        const char *reason = qn__operation_refusal(&op);
        if (reason != NULL) {
            (void)snprintf(why, capacity, "operation %zu %s", k, reason);
            return false;
        }
        if (op.kind != QN_OP_GATE) {
            continue;
        }
        const qn_gate_info *info = qn_gate_describe(op.base);
        const bool known =
            (info->flags & QN_GATE_FLAG_UNITARY) != 0 &&
            (op.nparams == 0 || op.base == QN_GATE_GPHASE || op.base == QN_GATE_U0 ||
             (info->flags & QN_GATE_FLAG_ROTATION) != 0 || op.base == QN_GATE_P || op.base == QN_GATE_U2 ||
             op.base == QN_GATE_U || op.base == QN_GATE_UPHASE || op.base == QN_GATE_PRX ||
             op.base == QN_GATE_XX_PLUS_YY || op.base == QN_GATE_XX_MINUS_YY || op.base == QN_GATE_GIVENS);
        if (!known || (op.nparams == 0 && op.ntargets > QN__KERNEL_TARGETS)) {
            (void)snprintf(why, capacity, "operation %zu, '%s' on %u targets, is not one of its gates", k, info->name,
                           op.ntargets);
            return false;
        }
    }
    return true;
}

qn_status qn__sv_lower(qn__sv_program *program, const qn_circuit *circuit)
{
    qn__sv_lowering lowering = {.program = program, .touched = program->live ? UINT64_MAX : 0};
    for (size_t q = 0; q < sizeof lowering.open / sizeof lowering.open[0]; q++) {
        lowering.open[q] = QN__SV_NONE;
    }
    qn_status status = QN_OK;
    for (size_t k = 0; k < qn_circuit_operations(circuit); k++) {
        qn_operation op;
        qn_circuit_operation(circuit, k, &op);
        if (op.kind != QN_OP_GATE) {
            continue;
        }
        if (!program->live && op.base == QN_GATE_SWAP && op.ncontrols == 0) { /* only renames */
            const uint8_t kept = program->position[op.targets[0]];
            program->position[op.targets[0]] = program->position[op.targets[1]];
            program->position[op.targets[1]] = kept;
            continue;
        }
        uint32_t controls[64], targets[64];
        for (uint32_t i = 0; i < op.ncontrols; i++) {
            controls[i] = program->position[op.controls[i]];
        }
        for (uint32_t i = 0; i < op.ntargets; i++) {
            targets[i] = program->position[op.targets[i]];
        }
        op.controls = controls;
        op.targets = targets;
        const uint64_t target = op.ntargets == 1 ? bit(targets[0]) : 0;
        if ((op.base == QN_GATE_X && op.ncontrols == 0 && (lowering.flipped & target) != 0) ||
            qn__sv_flips_back(circuit, k)) {
            lowering.flipped ^= target;
            continue;
        }
        QN_TRY_CLEANUP(add_operation(&lowering, &op));
    }
    QN_TRY_CLEANUP(qn__sv_plan(&lowering));
cleanup:
    qn__free(lowering.nodes);
    qn__free(lowering.drafts);
    return status;
}
