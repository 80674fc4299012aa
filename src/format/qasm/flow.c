/* flow.c: if, switch, and the statements that leave something: break, continue, end. */
#include "base/alloc.h"
#include "format/qasm/reader.h"

/* A branch that the circuit takes or not. */
static qn_status branch(qn__qasm_reader *r)
{
    const qn_status status = qn__qasm_block(r);
    r->flow = QN__FLOW_NORMAL; /* the other way goes on */
    return status;
}

/* The condition is tokens: both branches go into the circuit. The current token stands at the first. */
static qn_status run_time_if(qn__qasm_reader *r, const qn__qasm_lexer *start, qn__qasm_operand *condition,
                             const qn__qasm_token *token)
{
    uint32_t expression = 0;
    if (r->in_gate) {
        return QN_QASM_UNSUPPORTED(r, token,
                                   "a condition in the body of a gate that is not known when the program is read "
                                   "is not supported");
    }
    QN_TRY(qn__qasm_operand_expression(r, condition, &expression));
    QN_TRY(qn__qasm_region_enter(r, start));
    QN_TRY(qn__qasm_emit_flow(r, QN_OP_IF, expression));
    QN_TRY(branch(r));
    if (qn__qasm_at(r, QN__QT_ELSE)) {
        qn__qasm_advance(r);
        QN_TRY(qn__qasm_region_again(r));
        QN_TRY(qn__qasm_emit_flow(r, QN_OP_ELSE, 0));
        QN_TRY(branch(r));
    }
    QN_TRY(qn__qasm_emit_flow(r, QN_OP_END, 0));
    qn__qasm_region_leave(r);
    return QN_OK;
}

/* register == number, of any length: all its words, the highest first. */
static qn_status register_equals(qn__qasm_reader *r, const qn__qasm_wires *bits, uint64_t value, qn__qasm_operand *out)
{
    *out = (qn__qasm_operand){.kind = QN__OPERAND_TOKENS, .type = QN_TYPE_BOOL, .width = 1, .start = r->ntokens};
    const uint32_t words = (bits->count + 63) / 64;
    for (uint32_t w = words; w-- > 0;) {
        const uint32_t width = bits->count - 64 * w < 64 ? bits->count - 64 * w : 64;
        const qn_token read = {
            .kind = QN_TOKEN_BITS, .type = QN_TYPE_UINT, .width = width, .index = bits->first + 64 * w};
        qn_token number = {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 64};
        number.integer = w == 0 ? (int64_t)value : 0;
        const qn_token equal = {.kind = QN_TOKEN_EQUAL, .type = QN_TYPE_UINT, .width = 64};
        const qn_token both = {.kind = QN_TOKEN_LOGICAL_AND, .type = QN_TYPE_BOOL, .width = 1};
        QN_TRY(qn__qasm_token_push(r, &read));
        QN_TRY(qn__qasm_token_push(r, &number));
        QN_TRY(qn__qasm_token_push(r, &equal));
        if (w + 1 < words) {
            QN_TRY(qn__qasm_token_push(r, &both));
        }
    }
    return QN_OK;
}

/* Version 2: if (c == 3) and one quantum operation. */
static qn_status old_if(qn__qasm_reader *r, const qn__qasm_lexer *start, const qn__qasm_token *token)
{
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "after 'if'"));
    const qn__qasm_token name = r->token;
    qn__qasm_wires bits;
    QN_TRY(qn__qasm_bits(r, &bits));
    if (bits.scalar) {
        return QN_QASM_FAIL(r, &name, "a condition on one bit; OpenQASM 2 compares a whole register");
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_EQUAL, "and a number"));
    const qn__qasm_token number = r->token;
    QN_TRY(qn__qasm_expect(r, QN__QT_INTEGER, "to compare the register with"));
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the condition"));
    switch (r->token.kind) {
    case QN__QT_NAME:
    case QN__QT_MEASURE:
    case QN__QT_RESET:
    case QN__QT_BAD:
        break;
    default:
        return qn__qasm_expected(r, "a gate, measure or reset after the condition");
    }
    if (r->dry > 0) {
        return qn__qasm_statement(r);
    }
    qn__qasm_operand condition;
    QN_TRY(register_equals(r, &bits, number.integer, &condition));
    return run_time_if(r, start, &condition, token);
}

qn_status qn__qasm_if(qn__qasm_reader *r)
{
    const qn__qasm_lexer start = qn__qasm_mark(r);
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    if (r->version2) {
        return old_if(r, &start, &token);
    }
    qn__qasm_operand condition;
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "after 'if'"));
    QN_TRY(qn__qasm_condition(r, &condition));
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the condition"));
    if (condition.kind == QN__OPERAND_TOKENS) {
        return run_time_if(r, &start, &condition, &token);
    }
    const bool known = condition.kind == QN__OPERAND_CONSTANT && r->dry == 0;
    const bool taken = known && condition.value.integer != 0;
    QN_TRY(!known ? qn__qasm_block_dry(r) : taken ? qn__qasm_block(r) : qn__qasm_block_unused(r));
    if (!qn__qasm_at(r, QN__QT_ELSE)) {
        return QN_OK;
    }
    qn__qasm_advance(r);
    if (taken && r->flow != QN__FLOW_NORMAL) { /* left already: the rest is only checked */
        return qn__qasm_block_unused(r);
    }
    return !known ? qn__qasm_block_dry(r) : taken ? qn__qasm_block_unused(r) : qn__qasm_block(r);
}

/* switch */

/* The values of a case, which are constants; *matches when `value` is one of them. */
static qn_status case_values(qn__qasm_reader *r, int64_t value, bool *matches, int64_t **list, size_t *count)
{
    size_t capacity = 8;
    *count = 0;
    *matches = false;
    *list = qn__qasm_arena(r, capacity * sizeof **list);
    QN_ALLOC_CHECK(*list);
    do {
        const qn__qasm_token at = r->token;
        if (qn__qasm_at(r, QN__QT_LEFT_CURLY) && *count > 0) {
            break; /* a comma too many */
        }
        qn__qasm_operand operand;
        int64_t number = 0;
        bool known = false;
        QN_TRY(qn__qasm_read_expression(r, &operand));
        QN_TRY(qn__qasm_operand_index(r, &operand, &at, "the value of a case", &number, &known));
        if (*count == capacity) {
            int64_t *more = qn__qasm_arena(r, 2 * capacity * sizeof *more);
            QN_ALLOC_CHECK(more);
            for (size_t i = 0; i < *count; i++) {
                more[i] = (*list)[i];
            }
            *list = more;
            capacity *= 2;
        }
        (*list)[(*count)++] = number;
        *matches = *matches || (known && number == value);
    } while (qn__qasm_accept(r, QN__QT_COMMA));
    return QN_OK;
}

/* variable == a || variable == b || ... */
static qn_status one_of(qn__qasm_reader *r, uint32_t variable, const int64_t *list, size_t count, uint32_t *expression)
{
    qn__qasm_operand out = {.kind = QN__OPERAND_TOKENS, .type = QN_TYPE_BOOL, .width = 1, .start = r->ntokens};
    for (size_t i = 0; i < count; i++) {
        const qn_token read = {.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_INT, .width = 64, .index = variable};
        qn_token number = {.kind = QN_TOKEN_INT, .type = QN_TYPE_INT, .width = 64};
        number.integer = list[i];
        const qn_token equal = {.kind = QN_TOKEN_EQUAL, .type = QN_TYPE_INT, .width = 64};
        const qn_token either = {.kind = QN_TOKEN_LOGICAL_OR, .type = QN_TYPE_BOOL, .width = 1};
        QN_TRY(qn__qasm_token_push(r, &read));
        QN_TRY(qn__qasm_token_push(r, &number));
        QN_TRY(qn__qasm_token_push(r, &equal));
        if (i > 0) {
            QN_TRY(qn__qasm_token_push(r, &either));
        }
    }
    return qn__qasm_operand_expression(r, &out, expression);
}

/* How the cases run. */
typedef struct choice {
    qn__qasm_operand_kind kind;
    int64_t value;     /* CONSTANT */
    uint32_t variable; /* TOKENS: holds it */
    uint32_t opened;   /* IFs of the circuit */
    bool done;         /* a case was taken, or the default was there */
} choice;

static qn_status one_case(qn__qasm_reader *r, choice *c, bool is_default)
{
    bool matches = is_default && !c->done;
    int64_t *list = NULL;
    size_t count = 0;
    if (!is_default) {
        QN_TRY(case_values(r, c->value, &matches, &list, &count));
    }
    if (!qn__qasm_at(r, QN__QT_LEFT_CURLY)) {
        return qn__qasm_expect(r, QN__QT_LEFT_CURLY, "before the statements of the case");
    }
    if (c->kind == QN__OPERAND_UNKNOWN) {
        return qn__qasm_block_dry(r);
    }
    if (c->kind == QN__OPERAND_CONSTANT) {
        if (!matches || c->done) {
            return qn__qasm_block_unused(r);
        }
        c->done = true;
        return qn__qasm_block(r);
    }
    QN_TRY(qn__qasm_region_again(r));
    if (c->opened > 0) {
        QN_TRY(qn__qasm_emit_flow(r, QN_OP_ELSE, 0));
    }
    if (!is_default) {
        uint32_t expression = 0;
        QN_TRY(one_of(r, c->variable, list, count, &expression));
        QN_TRY(qn__qasm_emit_flow(r, QN_OP_IF, expression));
        c->opened++;
    }
    return branch(r);
}

qn_status qn__qasm_switch(qn__qasm_reader *r)
{
    const qn__qasm_lexer start = qn__qasm_mark(r);
    const qn__qasm_token token = r->token;
    qn__qasm_operand value;
    qn__qasm_advance(r);
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "after 'switch'"));
    const qn__qasm_token at = r->token;
    QN_TRY(qn__qasm_read_expression(r, &value));
    QN_TRY(qn__qasm_operand_lower(r, &value, &at));
    if (value.type == QN_TYPE_FLOAT || value.type == QN_TYPE_ANGLE) {
        return QN_QASM_FAIL(r, &at, "switch on %s; expected an integer or bits", qn__qasm_type_name(value.type));
    }
    QN_TRY(qn__qasm_operand_cast(r, &value, QN_TYPE_INT, 64, &at));
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the value"));
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_CURLY, "before the cases"));
    choice c = {.kind = value.kind, .value = value.kind == QN__OPERAND_CONSTANT ? value.value.integer : 0};
    c.kind = r->dry > 0 ? QN__OPERAND_UNKNOWN : c.kind;
    const bool run_time = c.kind == QN__OPERAND_TOKENS;
    if (run_time) {
        uint32_t first = 0, expression = 0;
        QN_TRY(qn__qasm_hidden(r, token.at, 0, QN_TYPE_INT, 64, &c.variable, &first));
        QN_TRY(qn__qasm_operand_expression(r, &value, &expression));
        QN_TRY(qn__qasm_emit_assign(r, c.variable, expression));
        QN_TRY(qn__qasm_region_enter(r, &start));
    }
    bool has_default = false;
    while (!qn__qasm_at(r, QN__QT_RIGHT_CURLY)) {
        if (has_default) {
            return qn__qasm_expected(r, "'}' after the default");
        }
        if (qn__qasm_accept(r, QN__QT_DEFAULT)) {
            has_default = true;
            if (run_time && c.opened == 0) { /* nothing but the default */
                QN_TRY(branch(r));
                continue;
            }
        } else if (!qn__qasm_accept(r, QN__QT_CASE)) {
            return qn__qasm_expected(r, "case, default or '}'");
        }
        QN_TRY(one_case(r, &c, has_default));
    }
    qn__qasm_advance(r);
    if (run_time) {
        while (c.opened-- > 0) {
            QN_TRY(qn__qasm_emit_flow(r, QN_OP_END, 0));
        }
        qn__qasm_region_leave(r);
    }
    return QN_OK;
}

/* break, continue, end */

static qn_status stop(qn__qasm_reader *r)
{
    if (r->dry == 0 && (r->region_depth > 0 || r->nframes > 0)) {
        QN_TRY(qn__qasm_emit_flow(r, QN_OP_STOP, 0));
    }
    r->flow = r->dry > 0 ? r->flow : QN__FLOW_STOP;
    return QN_OK;
}

qn_status qn__qasm_exit_statement(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, ""));
    if (token.kind == QN__QT_STOP) {
        return stop(r);
    }
    qn__qasm_target *target = r->target;
    if (target == NULL || target->subroutine) {
        return QN_QASM_FAIL(r, &token, "'%.*s' outside of a loop; expected it inside of one", QN_TEXT(r, &token));
    }
    if (r->dry > 0) {
        return QN_OK;
    }
    const bool next = token.kind == QN__QT_CONTINUE;
    const uint32_t frame = next ? target->next_frame : target->break_frame;
    if (frame != QN__NONE) {
        /* Of a frame that runs once, going on with the next turn is leaving it. */
        QN_TRY(qn__qasm_frame_exit(r, frame, next && r->frames[frame].loop));
    } else if (r->region_depth > target->region) {
        r->retry = target;
        return QN_ERR_PARSE;
    }
    r->flow = next ? QN__FLOW_CONTINUE : QN__FLOW_BREAK;
    return QN_OK;
}
