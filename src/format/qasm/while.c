/* while.c: while loops. As long as the condition is known the loop is unrolled; from where it depends on a measurement
 * it becomes a WHILE of the circuit. */
#include "base/alloc.h"
#include "format/qasm/reader.h"

typedef struct loop {
    qn__qasm_token token;
    qn__qasm_lexer start, condition, body, after;
    bool breaks, continues;
} loop;

static qn_status read_condition(qn__qasm_reader *r, const loop *l, qn__qasm_operand *out)
{
    qn__qasm_seek(r, &l->condition);
    r->expansions++;
    QN_TRY(qn__qasm_condition(r, out));
    r->expansions--;
    return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the condition");
}

static qn_status pass(qn__qasm_reader *r, const loop *l)
{
    qn__qasm_seek(r, &l->body);
    r->expansions++;
    QN_TRY(qn__qasm_block(r));
    r->expansions--;
    return QN_OK;
}

/* From here on in the circuit. */
static qn_status run_in_circuit(qn__qasm_reader *r, const loop *l, qn__qasm_target *target)
{
    uint32_t expression = 0;
    qn__qasm_operand condition;
    QN_TRY(qn__qasm_region_enter(r, &l->start));
    qn__qasm_region_forget(r);
    const uint32_t region = target->region, break_frame = target->break_frame, next_frame = target->next_frame;
    const qn__circuit_mark mark = qn__circuit_mark_now(r->circuit);
    const size_t operations = qn_circuit_operations(r->circuit);
    QN_TRY(read_condition(r, l, &condition));
    if (qn_circuit_operations(r->circuit) == operations) {
        QN_TRY(qn__qasm_operand_expression(r, &condition, &expression));
        QN_TRY(qn__qasm_frame_open(r, &l->token, true, expression, &target->break_frame));
    } else { /* the condition does something itself: while (true) { condition; if (!it) break; body } */
        qn__qasm_operand_drop(r, &condition);
        qn__circuit_rollback(r->circuit, &mark);
        qn__qasm_locals_forget(r);
        QN_TRY(qn__qasm_always(r, &expression));
        QN_TRY(qn__qasm_frame_open(r, &l->token, true, expression, &target->break_frame));
        QN_TRY(read_condition(r, l, &condition));
        QN_TRY(qn__qasm_operand_unary(r, QN_TOKEN_NOT, &condition, &l->token));
        QN_TRY(qn__qasm_operand_expression(r, &condition, &expression));
        QN_TRY(qn__qasm_emit_flow(r, QN_OP_IF, expression));
        QN_TRY(qn__qasm_emit_flow(r, QN_OP_BREAK, 0));
        QN_TRY(qn__qasm_emit_flow(r, QN_OP_END, 0));
    }
    target->next_frame = target->break_frame;
    target->region = r->region_depth;
    QN_TRY(pass(r, l));
    r->flow = QN__FLOW_NORMAL;
    QN_TRY(qn__qasm_frame_close(r));
    qn__qasm_region_leave(r);
    target->region = region;
    target->break_frame = break_frame;
    target->next_frame = next_frame;
    return QN_OK;
}

static qn_status unroll(qn__qasm_reader *r, const loop *l, qn__qasm_target *target, bool framed)
{
    uint64_t turns = 0;
    for (;;) {
        QN_TRY(qn__qasm_step(r, &l->token));
        qn__qasm_operand condition;
        const qn__circuit_mark mark = qn__circuit_mark_now(r->circuit);
        const size_t operations = qn_circuit_operations(r->circuit);
        QN_TRY(read_condition(r, l, &condition));
        if (condition.kind == QN__OPERAND_TOKENS) {
            qn__qasm_operand_drop(r, &condition);
            if (qn_circuit_operations(r->circuit) != operations) {
                qn__circuit_rollback(r->circuit, &mark);
                qn__qasm_locals_forget(r);
            }
            if (r->in_gate) {
                return QN_QASM_UNSUPPORTED(r, &l->token,
                                           "a condition in the body of a gate that is not known when the "
                                           "program is read is not supported");
            }
            return run_in_circuit(r, l, target);
        }
        if (condition.value.integer == 0) {
            return QN_OK;
        }
        if (++turns > r->options.max_iterations) {
            return QN_QASM_LARGE(r, &l->token, "a loop of more than %llu turns; expected it to end before",
                                 (unsigned long long)r->options.max_iterations);
        }
        if (framed && l->continues) {
            QN_TRY(qn__qasm_frame_open(r, &l->token, false, 0, &target->next_frame));
        }
        QN_TRY(pass(r, l));
        const qn__qasm_flow flow = r->flow;
        if (framed && l->continues) {
            r->flow = QN__FLOW_NORMAL;
            QN_TRY(qn__qasm_frame_close(r));
            target->next_frame = QN__NONE;
            qn__qasm_region_forget(r);
            if (flow == QN__FLOW_BREAK) {
                return QN_OK;
            }
            continue;
        }
        r->flow = flow == QN__FLOW_CONTINUE || flow == QN__FLOW_BREAK ? QN__FLOW_NORMAL : flow;
        if (flow != QN__FLOW_NORMAL && flow != QN__FLOW_CONTINUE) {
            return QN_OK;
        }
    }
}

/* Read again, as something is left under a run-time condition. A condition that says yes whatever the loop assigns is a
 * loop of the circuit; else turns are unrolled in a frame. */
static qn_status run_framed(qn__qasm_reader *r, const loop *l, qn__qasm_target *target)
{
    qn__qasm_operand condition;
    QN_TRY(qn__qasm_region_enter(r, &l->start));
    const qn__circuit_mark mark = qn__circuit_mark_now(r->circuit);
    qn__qasm_region_forget(r);
    QN_TRY(read_condition(r, l, &condition));
    const bool always = condition.kind == QN__OPERAND_CONSTANT;
    qn__qasm_operand_drop(r, &condition);
    qn__circuit_rollback(r->circuit, &mark);
    qn__qasm_locals_forget(r);
    r->target = target;
    if (always) {
        QN_TRY(run_in_circuit(r, l, target));
    } else {
        QN_TRY(qn__qasm_cells_restore(r, &r->region->saved));
        target->region = r->region_depth;
        QN_TRY(qn__qasm_frame_open(r, &l->token, false, 0, &target->break_frame));
        QN_TRY(unroll(r, l, target, true));
        QN_TRY(qn__qasm_frame_close(r));
    }
    r->flow = QN__FLOW_NORMAL;
    qn__qasm_region_leave(r);
    return QN_OK;
}

static qn_status check(qn__qasm_reader *r, loop *l)
{
    qn__qasm_operand condition;
    qn__qasm_target target = {.outer = r->target, .break_frame = QN__NONE, .next_frame = QN__NONE};
    r->dry++;
    QN_TRY(qn__qasm_condition(r, &condition));
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the condition"));
    l->body = qn__qasm_mark(r);
    qn__qasm_scan_exits(r, &l->breaks, &l->continues);
    r->target = &target;
    QN_TRY(qn__qasm_block(r));
    r->target = target.outer;
    r->dry--;
    return QN_OK;
}

static qn_status run(qn__qasm_reader *r, loop *l)
{
    qn__qasm_target target = {
        .outer = r->target, .region = r->region_depth, .break_frame = QN__NONE, .next_frame = QN__NONE};
    r->target = &target;
    qn_status status;
    if (!l->breaks && !l->continues) {
        status = unroll(r, l, &target, false);
        r->target = target.outer;
        return status;
    }
    qn__qasm_undo *undo = qn__alloc(1, sizeof *undo);
    QN_ALLOC_CHECK(undo);
    status = qn__qasm_undo_open(r, &l->start, undo);
    if (status != QN_OK) {
        qn__free(undo);
        return status;
    }
    status = unroll(r, l, &target, false);
    if (r->retry == &target) {
        r->retry = NULL;
        status = qn__qasm_undo_apply(r, undo);
        if (status == QN_OK) {
            status = run_framed(r, l, &target);
        }
    }
    qn__qasm_undo_close(undo);
    qn__free(undo);
    r->target = target.outer;
    return status;
}

static qn_status whole(qn__qasm_reader *r, loop *l)
{
    qn__qasm_advance(r);
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "after 'while'"));
    l->condition = qn__qasm_mark(r);
    const uint32_t errors = r->errors;
    QN_TRY(check(r, l));
    l->after = qn__qasm_mark(r);
    if (r->dry > 0 || r->errors > errors) {
        return QN_OK;
    }
    QN_TRY(run(r, l));
    qn__qasm_seek(r, &l->after);
    return QN_OK;
}

qn_status qn__qasm_while(qn__qasm_reader *r)
{
    loop *l = qn__qasm_arena(r, sizeof *l);
    QN_ALLOC_CHECK(l);
    *l = (loop){.token = r->token, .start = qn__qasm_mark(r)};
    QN_TRY(qn__qasm_enter(r, &l->token));
    const qn_status status = whole(r, l);
    qn__qasm_leave(r);
    return status;
}
