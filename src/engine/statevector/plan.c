/* plan.c: what the structure of each operation saves: constant factors multiplied out, diagonal and real matrices told
 * apart, the first gates of each qubit taken as the product state the circuit starts from. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "engine/statevector/lower.h"
#include "engine/statevector/schedule.h"

static const double identity[8] = {1, 0, 0, 0, 0, 0, 1, 0};

/* Rounding left over from multiplying fixed matrices must not hide their structure. */
static void snap(double *m)
{
    for (int k = 0; k < 8; k++) {
        m[k] = fabs(m[k]) < 1e-15 ? 0.0 : m[k];
    }
}

static bool is_diagonal(const qn__sv_factor *f)
{
    return f->kind == QN__SV_RZ || f->kind == QN__SV_PHASE ||
           (f->kind == QN__SV_FIXED && f->m[2] == 0.0 && f->m[3] == 0.0 && f->m[4] == 0.0 && f->m[5] == 0.0);
}

static bool is_phase(const qn__sv_factor *f)
{
    return f->kind == QN__SV_PHASE || (f->kind == QN__SV_FIXED && is_diagonal(f) && f->m[0] == 1.0 && f->m[1] == 0.0);
}

static bool is_real(const qn__sv_factor *f)
{
    return f->kind == QN__SV_RY ||
           (f->kind == QN__SV_FIXED && f->m[1] == 0.0 && f->m[3] == 0.0 && f->m[5] == 0.0 && f->m[7] == 0.0);
}

static bool is_imaginary(const qn__sv_factor *f)
{
    return f->kind == QN__SV_RX ||
           (f->kind == QN__SV_FIXED && f->m[1] == 0.0 && f->m[2] == 0.0 && f->m[4] == 0.0 && f->m[7] == 0.0);
}

static bool is_swap(const qn__sv_factor *f)
{
    static const double x[8] = {0, 0, 1, 0, 1, 0, 0, 0};
    bool equal = f->kind == QN__SV_FIXED;
    for (size_t k = 0; k < sizeof x / sizeof x[0]; k++) {
        equal = equal && f->m[k] == x[k];
    }
    return equal;
}

/* Copies a chain into the program, runs of constant factors multiplied into one. */
static qn_status lay_out(qn__sv_lowering *lowering, const qn__sv_draft *draft, qn__sv_op *op)
{
    qn__sv_program *program = lowering->program;
    op->first = (uint32_t)program->nfactors;
    op->count = 0;
    op->variable = false;
    bool joining = false; /* the last factor is constant */
    for (uint32_t node = draft->head; node != QN__SV_NONE; node = lowering->nodes[node].next) {
        const qn__sv_factor *factor = &lowering->nodes[node].factor;
        if (joining && !factor->variable) {
            qn__sv_factor *last = &program->factors[program->nfactors - 1];
            double m[8];
            memcpy(m, identity, sizeof m);
            qn__sv_factor_multiply(last, m);
            qn__sv_factor_multiply(factor, m);
            *last = (qn__sv_factor){.kind = QN__SV_FIXED};
            memcpy(last->m, m, sizeof m);
            snap(last->m);
            continue;
        }
        QN_TRY(qn__grow((void **)&program->factors, &program->factors_capacity, program->nfactors + 1,
                        sizeof *program->factors));
        program->factors[program->nfactors++] = *factor;
        op->count++;
        op->variable |= factor->variable;
        joining = !factor->variable;
    }
    return QN_OK;
}

/* A diagonal 2x2 on one qubit is a diagonal operation; when it leaves |0> alone it meets only half of the amplitudes.
 */
static void make_diagonal(qn__sv_op *op, bool phase)
{
    const uint64_t target = op->gate.x;
    op->kind = QN__SV_OP_DIAGONAL;
    op->gate.x = 0;
    op->gate.z = target;
    if (phase) {
        op->gate.fixed |= target;
        op->gate.value |= target;
    } else {
        op->gate.fixed &= ~target;
    }
}

void qn__sv_classify(const qn__sv_program *program, qn__sv_op *op, bool start)
{
    bool diagonal = true, phase = true, real = true, imaginary = true;
    const qn__sv_factor *factors = program->factors + op->first;
    for (uint32_t k = 0; k < op->count; k++) {
        diagonal = diagonal && is_diagonal(&factors[k]);
        phase = phase && is_phase(&factors[k]);
        real = real && is_real(&factors[k]);
        imaginary = imaginary && is_imaginary(&factors[k]);
    }
    if (op->kind != QN__SV_OP_PAIR) {
        return;
    }
    const bool one_qubit = (op->gate.x & (op->gate.x - 1)) == 0;
    if (diagonal && one_qubit && !start) {
        make_diagonal(op, phase);
    } else if (op->count == 1 && is_swap(&factors[0])) {
        op->shape = QN__SHAPE_SWAP;
    } else {
        op->shape = real ? QN__SHAPE_REAL : imaginary ? QN__SHAPE_IMAGINARY : QN__SHAPE_GENERAL;
    }
}

static qn_status add_op(qn__sv_program *program, qn__sv_op op, bool start)
{
    if (op.kind != QN__SV_OP_DENSE) {
        qn__sv_classify(program, &op, start);
        qn__sv_bind_op(program, &op, NULL); /* constant factors; variable ones stand at their constants until bound */
    }
    if (start) {
        QN_TRY(qn__grow((void **)&program->starts, &program->starts_capacity, program->nstarts + 1, sizeof op));
        program->starts[program->nstarts++] = op;
    } else {
        QN_TRY(qn__grow((void **)&program->ops, &program->ops_capacity, program->nops + 1, sizeof op));
        program->ops[program->nops++] = op;
    }
    return QN_OK;
}

/* `count` factors of an operation from `first` on, as an operation of its own. */
static qn_status add_range(qn__sv_program *program, const qn__sv_op *op, uint32_t first, uint32_t count)
{
    qn__sv_op part = *op;
    part.first = first;
    part.count = count;
    part.variable = false;
    for (uint32_t k = first; k < first + count; k++) {
        part.variable |= program->factors[k].variable;
    }
    return count == 0 ? QN_OK : add_op(program, part, false);
}

/* Diagonal factors before and after a real or imaginary 2x2 stand alone: they cost half of what making it complex
 * would, and merge with other phases of the qubit. */
static qn_status add_split(qn__sv_program *program, const qn__sv_op *op)
{
    const qn__sv_factor *f = program->factors + op->first;
    uint32_t begin = 0, end = op->count;
    while (begin < op->count && is_diagonal(&f[begin])) {
        begin++;
    }
    while (end > begin && is_diagonal(&f[end - 1])) {
        end--;
    }
    bool real = true, imaginary = true;
    for (uint32_t k = begin; k < end; k++) {
        real = real && is_real(&f[k]);
        imaginary = imaginary && is_imaginary(&f[k]);
    }
    if (!real && !imaginary) {
        return add_op(program, *op, false);
    }
    QN_TRY(add_range(program, op, op->first, begin));
    QN_TRY(add_range(program, op, op->first + begin, end - begin));
    return add_range(program, op, op->first + end, op->count - end);
}

qn_status qn__sv_plan(qn__sv_lowering *lowering)
{
    qn__sv_program *program = lowering->program;
    for (size_t k = 0; k < lowering->ndrafts; k++) {
        const qn__sv_draft *draft = &lowering->drafts[k];
        qn__sv_op op = draft->op;
        if (op.kind != QN__SV_OP_DENSE) {
            QN_TRY(lay_out(lowering, draft, &op));
        }
        const bool alone =
            op.kind == QN__SV_OP_PAIR && op.gate.fixed == op.gate.x && (op.gate.x & (op.gate.x - 1)) == 0;
        if (alone && !draft->start && op.count > 1) {
            QN_TRY(add_split(program, &op));
        } else {
            QN_TRY(add_op(program, op, draft->start));
        }
    }
    for (size_t k = 0; k < program->ndense; k++) {
        qn__sv_dense *dense = &program->dense[k];
        const size_t reals = (size_t)2 << (2 * dense->forward.ntargets);
        dense->forward.matrix = program->matrices + dense->first;
        dense->inverse.matrix = program->matrices + dense->first + reals;
    }
    return QN_OK;
}
