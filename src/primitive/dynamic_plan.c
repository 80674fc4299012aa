/* dynamic_plan.c: from a circuit to steps: which measurements are final, where pieces begin and end, where jumps go. */
#include "primitive/dynamic_plan.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "circuit/gate.h"
#include "circuit/store.h"

/* What an operation does to bits and qubits, one word mask each. */
typedef struct marks {
    uint64_t *touched; /* qubits */
    uint64_t *used;    /* classical bits read or written */
} marks;

/* A block that is open while steps are written. */
typedef struct block {
    qn_op_kind kind;
    size_t test;  /* step that leaves it when false; of an ELSE: the jump over it */
    size_t jumps; /* of a WHILE: first of the breaks that wait for its end, chained through target; SIZE_MAX: none */
} block;

typedef struct builder {
    qn__plan *plan;
    const qn_circuit *circuit;
    size_t noperations;
    uint8_t *final;   /* of each operation: a measurement that is final */
    uint8_t *dropped; /* of each operation: has no effect on results */
    block *blocks;
    size_t nblocks, blocks_capacity;
    bool open; /* the last piece takes more gates */
} builder;

/* Analysis. */

static void mark_expression(const qn_circuit *circuit, uint32_t expression, uint64_t *used)
{
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(circuit, expression, &count);
    for (size_t i = 0; i < count; i++) {
        const uint32_t width = tokens[i].kind == QN_TOKEN_BIT    ? 1
                               : tokens[i].kind == QN_TOKEN_BITS ? tokens[i].width
                                                                 : 0;
        for (uint32_t k = 0; k < width; k++) {
            qn__bit_set(used, tokens[i].index + k);
        }
    }
}

static void mark_operation(const qn_circuit *circuit, const qn_operation *op, marks *m)
{
    if (op->kind == QN_OP_BARRIER || op->kind == QN_OP_DELAY) {
        return;
    }
    for (uint32_t k = 0; k < op->ncontrols; k++) {
        qn__bit_set(m->touched, op->controls[k]);
    }
    for (uint32_t k = 0; k < op->ntargets; k++) {
        qn__bit_set(m->touched, op->targets[k]);
    }
    for (uint32_t k = 0; k < op->nparams; k++) {
        if (op->params[k].expression != 0) {
            mark_expression(circuit, op->params[k].expression, m->used);
        }
    }
    if (op->expression != 0) {
        mark_expression(circuit, op->expression, m->used);
    }
    if (op->bit != QN_NO_BIT) {
        qn__bit_set(m->used, op->bit);
    } else if (op->kind == QN_OP_ASSIGN) {
        qn_variable v;
        qn_circuit_variable(circuit, op->variable, &v);
        for (uint32_t k = 0; v.type == QN_TYPE_BITS && k < v.width; k++) {
            qn__bit_set(m->used, v.first + k);
        }
    }
}

/* Backwards: final measurements, and resets at the end; `depth` of each operation is known. */
static void find_final(builder *b, const uint32_t *depth, marks *m)
{
    for (size_t i = b->noperations; i-- > 0;) {
        qn_operation op;
        qn_circuit_operation(b->circuit, i, &op);
        if (depth[i] == 0 && op.kind == QN_OP_MEASURE) {
            b->final[i] = !qn__bit(m->touched, op.targets[0]) && (op.bit == QN_NO_BIT || !qn__bit(m->used, op.bit));
            b->dropped[i] = b->final[i] && op.bit == QN_NO_BIT;
        }
        if (depth[i] == 0 && op.kind == QN_OP_RESET && !b->plan->all_qubits) {
            b->dropped[i] = !qn__bit(m->touched, op.targets[0]);
        }
        if (!b->dropped[i]) {
            mark_operation(b->circuit, &op, m);
        }
    }
}

/* Forwards: resets of fresh qubits. */
static void find_fresh(builder *b, const uint32_t *depth, marks *m)
{
    for (size_t i = 0; i < b->noperations; i++) {
        qn_operation op;
        qn_circuit_operation(b->circuit, i, &op);
        if (depth[i] == 0 && op.kind == QN_OP_RESET && !qn__bit(m->touched, op.targets[0])) {
            b->dropped[i] = true;
        } else {
            mark_operation(b->circuit, &op, m);
        }
    }
}

static qn_status analyse(builder *b)
{
    const size_t nq = qn__words(qn_circuit_qubits(b->circuit)), nb = qn__words(qn_circuit_bits(b->circuit));
    uint64_t *masks = qn__calloc(2 * (nq + nb), sizeof *masks);
    uint32_t *depth = qn__alloc(b->noperations, sizeof *depth);
    if (masks == NULL || depth == NULL) {
        qn__free(masks);
        qn__free(depth);
        return QN_ERR_MEMORY;
    }
    uint32_t now = 0;
    for (size_t i = 0; i < b->noperations; i++) {
        qn_operation op;
        qn_circuit_operation(b->circuit, i, &op);
        depth[i] = now;
        now += op.kind == QN_OP_IF || op.kind == QN_OP_WHILE;
        now -= op.kind == QN_OP_END;
    }
    find_fresh(b, depth, &(marks){masks, masks + nq});
    find_final(b, depth, &(marks){masks + nq + nb, masks + 2 * nq + nb});
    qn__free(masks);
    qn__free(depth);
    return QN_OK;
}

/* Steps. */

static qn_status add_step(builder *b, qn__step_kind kind, const qn_operation *op, size_t *out)
{
    qn__plan *p = b->plan;
    void *steps = p->steps;
    const qn_status status = qn__grow(&steps, &p->steps_capacity, p->nsteps + 1, sizeof *p->steps);
    p->steps = steps;
    QN_TRY(status);
    p->steps[p->nsteps] = (qn__step){.kind = kind,
                                     .qubit = op->ntargets > 0 ? op->targets[0] : 0,
                                     .bit = op->bit,
                                     .variable = op->variable,
                                     .expression = op->expression,
                                     .line = op->line,
                                     .loop = QN__NO_LOOP,
                                     .target = SIZE_MAX};
    if (out != NULL) {
        *out = p->nsteps;
    }
    p->nsteps++;
    return QN_OK;
}

static qn_status open_piece(builder *b, const qn_operation *op)
{
    qn__plan *p = b->plan;
    void *pieces = p->pieces;
    const qn_status status = qn__grow(&pieces, &p->pieces_capacity, p->npieces + 1, sizeof *p->pieces);
    p->pieces = pieces;
    QN_TRY(status);
    size_t step = 0;
    qn__piece piece = {0};
    QN_TRY(qn_circuit_create(qn_circuit_qubits(b->circuit), &piece.circuit));
    p->pieces[p->npieces++] = piece;
    for (size_t i = 0; i < p->symbols; i++) {
        QN_TRY(qn_circuit_add_symbol(piece.circuit, qn_circuit_symbol_name(b->circuit, (uint32_t)i), NULL));
    }
    QN_TRY(add_step(b, QN__STEP_PIECE, op, &step));
    p->steps[step].piece = p->npieces - 1;
    b->open = true;
    return QN_OK;
}

/* A further symbol of the piece for an expression. */
static qn_status add_run_time_symbol(qn__piece *piece, uint32_t expression, uint32_t line, uint32_t *symbol)
{
    uint32_t *expressions = qn__realloc(piece->expressions, piece->nexpressions + 1, sizeof *expressions);
    QN_ALLOC_CHECK(expressions);
    piece->expressions = expressions;
    uint32_t *lines = qn__realloc(piece->lines, piece->nexpressions + 1, sizeof *lines);
    QN_ALLOC_CHECK(lines);
    piece->lines = lines;
    char name[32];
    (void)snprintf(name, sizeof name, "\x01%zu", piece->nexpressions); /* no reader makes such a name */
    QN_TRY(qn_circuit_add_symbol(piece->circuit, name, symbol));
    expressions[piece->nexpressions] = expression;
    lines[piece->nexpressions++] = line;
    return QN_OK;
}

static qn_status add_gate(builder *b, size_t index, const qn_operation *op)
{
    if (!b->open) {
        QN_TRY(open_piece(b, op));
    }
    qn__piece *piece = &b->plan->pieces[b->plan->npieces - 1];
    qn__entry entry = qn__circuit_entry(b->circuit, index);
    if (!qn__operation_has_expression(op)) {
        return qn__circuit_push(piece->circuit, &entry);
    }
    qn_param params[QN__GATE_PARAMS];
    qn_param_term *terms[QN__GATE_PARAMS] = {NULL};
    qn_status status = QN_OK;
    for (size_t k = 0; k < entry.nparams && status == QN_OK; k++) {
        params[k] = entry.params[k];
        if (params[k].expression == 0) {
            continue;
        }
        terms[k] = qn__alloc(params[k].count + 1, sizeof **terms);
        status = terms[k] == NULL ? QN_ERR_MEMORY : QN_OK;
        if (status == QN_OK) {
            qn_param_term *last = &terms[k][params[k].count];
            *last = (qn_param_term){0, 1.0};
            status = add_run_time_symbol(piece, params[k].expression, op->line, &last->symbol);
        }
        if (status == QN_OK && params[k].count > 0) {
            memcpy(terms[k], params[k].terms, params[k].count * sizeof **terms);
        }
        params[k] = (qn_param){params[k].constant, terms[k], params[k].count + 1, 0};
    }
    entry.params = params;
    if (status == QN_OK) {
        status = qn__circuit_push(piece->circuit, &entry);
    }
    for (size_t k = 0; k < QN__GATE_PARAMS; k++) {
        qn__free(terms[k]);
    }
    return status;
}

static bool in_loop(const builder *b)
{
    for (size_t i = 0; i < b->nblocks; i++) {
        if (b->blocks[i].kind == QN_OP_WHILE) {
            return true;
        }
    }
    return false;
}

static qn_status add_random(builder *b, qn__step_kind kind, const qn_operation *op)
{
    qn__plan *p = b->plan;
    p->random = true;
    p->splits = in_loop(b) || p->splits == SIZE_MAX ? SIZE_MAX : p->splits + 1;
    return add_step(b, kind, op, NULL);
}

static qn_status add_final(builder *b, const qn_operation *op)
{
    qn__plan *p = b->plan;
    p->final_qubits[p->nfinals] = op->targets[0];
    p->final_bits[p->nfinals++] = op->bit;
    return add_step(b, QN__STEP_FINAL, op, NULL);
}

/* Blocks. */

static qn_status open_block(builder *b, const qn_operation *op)
{
    void *blocks = b->blocks;
    const qn_status status = qn__grow(&blocks, &b->blocks_capacity, b->nblocks + 1, sizeof *b->blocks);
    b->blocks = blocks;
    QN_TRY(status);
    block new = {op->kind, 0, SIZE_MAX};
    uint32_t loop = QN__NO_LOOP;
    if (op->kind == QN_OP_WHILE) {
        size_t enter = 0;
        QN_TRY(add_step(b, QN__STEP_ENTER, op, &enter));
        loop = b->plan->loops++;
        b->plan->steps[enter].loop = loop;
    }
    QN_TRY(add_step(b, QN__STEP_TEST, op, &new.test));
    b->plan->steps[new.test].loop = loop;
    b->blocks[b->nblocks++] = new;
    return QN_OK;
}

static qn_status turn_to_else(builder *b, const qn_operation *op)
{
    QN_CHECK(b->blocks != NULL && b->nblocks > 0, ERR_INTERNAL, "an else outside of any block");
    block *top = &b->blocks[b->nblocks - 1];
    const size_t test = top->test;
    QN_TRY(add_step(b, QN__STEP_JUMP, op, &top->test));
    b->plan->steps[test].target = b->plan->nsteps;
    top->kind = QN_OP_ELSE;
    return QN_OK;
}

static qn_status close_block(builder *b, const qn_operation *op)
{
    QN_CHECK(b->blocks != NULL && b->nblocks > 0, ERR_INTERNAL, "an end outside of any block");
    block *top = &b->blocks[b->nblocks - 1];
    if (top->kind == QN_OP_WHILE) {
        size_t back = 0;
        QN_TRY(add_step(b, QN__STEP_JUMP, op, &back));
        b->plan->steps[back].target = top->test;
    }
    b->plan->steps[top->test].target = b->plan->nsteps;
    for (size_t jump = top->jumps; jump != SIZE_MAX;) {
        const size_t next = b->plan->steps[jump].target;
        b->plan->steps[jump].target = b->plan->nsteps;
        jump = next;
    }
    b->nblocks--;
    return QN_OK;
}

static qn_status add_leave(builder *b, const qn_operation *op)
{
    size_t loop = b->nblocks;
    while (loop > 0 && b->blocks[loop - 1].kind != QN_OP_WHILE) {
        loop--;
    }
    QN_CHECK(loop > 0, ERR_INTERNAL, "a break or continue outside of any while");
    block *around = &b->blocks[loop - 1];
    size_t jump = 0;
    QN_TRY(add_step(b, QN__STEP_JUMP, op, &jump));
    if (op->kind == QN_OP_CONTINUE) {
        b->plan->steps[jump].target = around->test;
    } else {
        b->plan->steps[jump].target = around->jumps;
        around->jumps = jump;
    }
    return QN_OK;
}

static qn_status add_operation(builder *b, size_t index)
{
    qn_operation op;
    qn_circuit_operation(b->circuit, index, &op);
    if (b->dropped[index] || op.kind == QN_OP_BARRIER || op.kind == QN_OP_DELAY) {
        return QN_OK;
    }
    if (op.kind == QN_OP_GATE) {
        return add_gate(b, index, &op);
    }
    if (b->final[index]) {
        return add_final(b, &op); /* nothing later touches the qubit: the piece goes on */
    }
    b->open = false;
    switch (op.kind) {
    case QN_OP_MEASURE:
        return add_random(b, QN__STEP_MEASURE, &op);
    case QN_OP_RESET:
        return add_random(b, QN__STEP_RESET, &op);
    case QN_OP_ASSIGN:
        return add_step(b, QN__STEP_ASSIGN, &op, NULL);
    case QN_OP_IF:
    case QN_OP_WHILE:
        return open_block(b, &op);
    case QN_OP_ELSE:
        return turn_to_else(b, &op);
    case QN_OP_END:
        return close_block(b, &op);
    case QN_OP_BREAK:
    case QN_OP_CONTINUE:
        return add_leave(b, &op);
    default:
        return add_step(b, QN__STEP_STOP, &op, NULL);
    }
}

/* One piece that every shot runs exactly once, before anything could end the shot. */
static bool is_single(const qn__plan *p)
{
    if (p->random || p->npieces > 1 || p->loops > 0) {
        return false;
    }
    for (size_t i = 0; i < p->nsteps; i++) {
        if (p->steps[i].kind == QN__STEP_TEST || p->steps[i].kind == QN__STEP_STOP) {
            return p->npieces == 0;
        }
    }
    return true;
}

static qn_status build(builder *b)
{
    qn__plan *p = b->plan;
    QN_CHECK(qn__circuit_open_blocks(b->circuit) == 0, ERR_ARGUMENT,
             "the circuit has %zu blocks that are not closed; every if and while needs an end",
             qn__circuit_open_blocks(b->circuit));
    b->final = qn__calloc(b->noperations, 1);
    b->dropped = qn__calloc(b->noperations, 1);
    p->final_qubits = qn__alloc(b->noperations, sizeof *p->final_qubits);
    p->final_bits = qn__alloc(b->noperations, sizeof *p->final_bits);
    if (b->final == NULL || b->dropped == NULL || p->final_qubits == NULL || p->final_bits == NULL) {
        return QN_ERR_MEMORY;
    }
    QN_TRY(analyse(b));
    for (size_t i = 0; i < b->noperations; i++) {
        QN_TRY(add_operation(b, i));
    }
    for (size_t i = 0; i < p->npieces; i++) {
        const size_t parameters = p->symbols + p->pieces[i].nexpressions;
        p->most_parameters = parameters > p->most_parameters ? parameters : p->most_parameters;
    }
    p->single = is_single(p);
    return qn__loops_may_not_end(b->circuit, b->final, &p->endless);
}

qn_status qn__plan_create(const qn_circuit *circuit, qn__plan **out)
{
    qn__plan *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    builder b = {.plan = p};
    p->symbols = qn_circuit_symbols(circuit);
    p->all_qubits = qn_circuit_bits(circuit) == 0;
    qn_status status = qn_circuit_clone(circuit, &p->circuit);
    if (status == QN_OK) {
        b.circuit = p->circuit;
        b.noperations = qn_circuit_operations(circuit);
        status = build(&b);
    }
    qn__free(b.final);
    qn__free(b.dropped);
    qn__free(b.blocks);
    if (status != QN_OK) {
        qn__plan_free(p);
        return status;
    }
    *out = p;
    return QN_OK;
}

void qn__plan_free(qn__plan *plan)
{
    if (plan == NULL) {
        return;
    }
    for (size_t i = 0; i < plan->npieces; i++) {
        qn_circuit_free(plan->pieces[i].circuit);
        qn_program_free(plan->pieces[i].program);
        qn__free(plan->pieces[i].expressions);
        qn__free(plan->pieces[i].lines);
    }
    qn__free(plan->pieces);
    qn__free(plan->steps);
    qn__free(plan->final_qubits);
    qn__free(plan->final_bits);
    qn_circuit_free(plan->circuit);
    qn__free(plan);
}
