/* for.c: for loops. Over values that are known now they are unrolled; a range whose ends depend on measurements becomes
 * a WHILE of the circuit. */
#include "base/alloc.h"
#include "format/qasm/reader.h"

/* One `for` while it runs. */
typedef struct loop {
    qn__qasm_lexer start, body, after;
    qn__qasm_token name;
    qn_type type;
    uint32_t width;
    /* what it runs over */
    bool unknown, run_time, is_range, is_bits;
    int64_t first, step;
    uint32_t first_expression, last_expression;
    uint64_t turns;
    qn__qasm_operand *list; /* arena: CONSTANT, or VOID with an expression of the circuit */
    uint32_t *expressions;
    qn__qasm_wires bits;
    const qn__qasm_symbol *array;
    bool breaks, continues;
} loop;

/* An end of a range: a number, or an expression of the circuit. */
static qn_status range_end(qn__qasm_reader *r, int64_t *value, uint32_t *expression, bool *unknown)
{
    const qn__qasm_token at = r->token;
    qn__qasm_operand operand;
    bool known = false;
    *expression = 0;
    QN_TRY(qn__qasm_read_expression(r, &operand));
    QN_TRY(qn__qasm_operand_lower(r, &operand, &at));
    if (operand.kind == QN__OPERAND_TOKENS && operand.type != QN_TYPE_FLOAT && operand.type != QN_TYPE_ANGLE) {
        QN_TRY(qn__qasm_operand_cast(r, &operand, QN_TYPE_INT, 64, &at));
        return qn__qasm_operand_expression(r, &operand, expression);
    }
    QN_TRY(qn__qasm_operand_index(r, &operand, &at, "the end of a range", value, &known));
    *unknown = *unknown || !known;
    return QN_OK;
}

/* [a:b] or [a:step:b] */
static qn_status over_range(qn__qasm_reader *r, loop *l)
{
    qn__qasm_advance(r);
    int64_t middle = 0, last = 0;
    uint32_t middle_expression = 0;
    const qn__qasm_token at = r->token;
    l->is_range = true;
    QN_TRY(range_end(r, &l->first, &l->first_expression, &l->unknown));
    QN_TRY(qn__qasm_expect(r, QN__QT_COLON, "and the last value of the range"));
    QN_TRY(range_end(r, &middle, &middle_expression, &l->unknown));
    l->step = 1;
    last = middle;
    l->last_expression = middle_expression;
    if (qn__qasm_accept(r, QN__QT_COLON)) {
        if (middle_expression != 0) {
            return QN_QASM_UNSUPPORTED(r, &at, "a step that depends on a measurement is not supported");
        }
        l->step = middle;
        QN_TRY(range_end(r, &last, &l->last_expression, &l->unknown));
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the range"));
    if (l->step == 0 && !l->unknown) {
        return QN_QASM_FAIL(r, &at, "a range with step 0; expected any other");
    }
    l->run_time = l->first_expression != 0 || l->last_expression != 0;
    if (l->run_time && !l->unknown) {
        for (int i = 0; i < 2; i++) { /* both ends as expressions */
            uint32_t *expression = i == 0 ? &l->first_expression : &l->last_expression;
            qn__qasm_operand number;
            qn__qasm_operand_integer(&number, i == 0 ? l->first : last);
            QN_TRY(*expression != 0 ? QN_OK : qn__qasm_operand_expression(r, &number, expression));
        }
    }
    if (l->unknown || l->run_time) {
        return QN_OK;
    }
    if (l->step > 0 ? l->first > last : l->first < last) {
        return QN_OK;
    }
    const uint64_t distance = l->step > 0 ? (uint64_t)last - (uint64_t)l->first : (uint64_t)l->first - (uint64_t)last;
    const uint64_t stride = l->step > 0 ? (uint64_t)l->step : 0 - (uint64_t)l->step;
    l->turns = distance / stride == UINT64_MAX ? UINT64_MAX : distance / stride + 1;
    return QN_OK;
}

/* {1, 4, n} */
static qn_status over_set(qn__qasm_reader *r, loop *l)
{
    size_t capacity = 8;
    l->list = qn__qasm_arena(r, capacity * sizeof *l->list);
    l->expressions = qn__qasm_arena(r, capacity * sizeof *l->expressions);
    if (l->list == NULL || l->expressions == NULL) {
        return QN_ERR_MEMORY;
    }
    qn__qasm_advance(r);
    while (!qn__qasm_at(r, QN__QT_RIGHT_CURLY)) {
        const qn__qasm_token at = r->token;
        qn__qasm_operand value;
        QN_TRY(qn__qasm_read_expression(r, &value));
        QN_TRY(qn__qasm_operand_cast(r, &value, l->type, l->width, &at));
        if (l->turns == capacity) {
            qn__qasm_operand *list = qn__qasm_arena(r, 2 * capacity * sizeof *list);
            uint32_t *expressions = qn__qasm_arena(r, 2 * capacity * sizeof *expressions);
            if (list == NULL || expressions == NULL) {
                return QN_ERR_MEMORY;
            }
            for (size_t i = 0; i < capacity; i++) {
                list[i] = l->list[i];
                expressions[i] = l->expressions[i];
            }
            l->list = list;
            l->expressions = expressions;
            capacity *= 2;
        }
        l->unknown = l->unknown || value.kind == QN__OPERAND_UNKNOWN;
        l->expressions[l->turns] = 0;
        if (value.kind == QN__OPERAND_TOKENS) {
            QN_TRY(qn__qasm_operand_expression(r, &value, &l->expressions[l->turns]));
        }
        l->list[l->turns++] = value;
        if (!qn__qasm_accept(r, QN__QT_COMMA)) {
            break;
        }
    }
    return qn__qasm_expect(r, QN__QT_RIGHT_CURLY, "after the values");
}

static qn_status over_name(qn__qasm_reader *r, loop *l)
{
    qn__qasm_symbol *symbol = NULL;
    if (!qn__qasm_at(r, QN__QT_NAME)) {
        return qn__qasm_expected(r, "a range [a:b], a set {a, b}, a bit register or an array");
    }
    const qn__qasm_token name = r->token;
    QN_TRY(qn__qasm_find(r, &name, "register or array", &symbol));
    if (symbol->kind == QN__SYMBOL_ARRAY) {
        qn__qasm_advance(r);
        l->array = symbol;
        l->turns = symbol->count;
        return QN_OK;
    }
    if (symbol->kind != QN__SYMBOL_BITS) {
        return QN_QASM_FAIL(r, &name,
                            "a loop over %s; expected a range [a:b], a set {a, b}, a bit register or an array",
                            qn__qasm_symbol_noun(symbol));
    }
    QN_TRY(qn__qasm_bits(r, &l->bits));
    l->is_bits = true;
    l->unknown = l->bits.unknown;
    l->turns = l->bits.count;
    return QN_OK;
}

static qn_status header(qn__qasm_reader *r, loop *l)
{
    const qn__qasm_token token = r->token;
    qn__qasm_parsed_type type;
    qn__qasm_advance(r);
    QN_TRY(qn__qasm_type(r, &type));
    if (type.is_array || type.type == QN_TYPE_QUBITS || (type.type == QN_TYPE_BITS && !type.scalar)) {
        return QN_QASM_FAIL(r, &token, "a loop variable of this type; expected a number or a bit");
    }
    l->type = type.type == QN_TYPE_BITS ? QN_TYPE_BOOL : type.type;
    l->width = type.width;
    l->name = r->token;
    QN_TRY(qn__qasm_expect(r, QN__QT_NAME, "of the loop variable"));
    QN_TRY(qn__qasm_expect(r, QN__QT_IN, "after the loop variable"));
    if (qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        return over_range(r, l);
    }
    return qn__qasm_at(r, QN__QT_LEFT_CURLY) ? over_set(r, l) : over_name(r, l);
}

/* The value of a turn. */
static qn_status value_of(qn__qasm_reader *r, const loop *l, uint64_t turn, qn__qasm_operand *out)
{
    if (l->is_range) {
        qn__qasm_operand_integer(out, (int64_t)((uint64_t)l->first + turn * (uint64_t)l->step));
        return QN_OK;
    }
    if (l->is_bits) {
        *out = (qn__qasm_operand){.kind = QN__OPERAND_BITS, .type = QN_TYPE_BITS, .width = 1};
        out->bits = (qn__qasm_wires){.first = qn__qasm_wire(&l->bits, (uint32_t)turn), .count = 1, .scalar = true};
        return qn__qasm_operand_lower(r, out, &l->name);
    }
    if (l->array != NULL) {
        return qn__qasm_cell_read(r, l->array, &l->array->cells[turn], out);
    }
    *out = l->list[turn];
    if (out->kind == QN__OPERAND_TOKENS) {
        size_t count = 0;
        const qn_token *tokens = qn_circuit_expression(r->circuit, l->expressions[turn], &count);
        out->start = r->ntokens;
        for (size_t i = 0; i < count; i++) {
            QN_TRY(qn__qasm_token_push(r, &tokens[i]));
        }
    }
    return QN_OK;
}

/* One pass through the body. */
static qn_status pass(qn__qasm_reader *r, const loop *l, qn__qasm_operand *value)
{
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_scope_push(r));
    QN_TRY(qn__qasm_declare_number(r, &l->name, l->type, l->width, &symbol));
    QN_TRY(qn__qasm_cell_assign(r, symbol, &symbol->cell, value, &l->name));
    qn__qasm_seek(r, &l->body);
    r->expansions++;
    QN_TRY(qn__qasm_block(r));
    r->expansions--;
    qn__qasm_scope_pop(r);
    return QN_OK;
}

static qn_status check(qn__qasm_reader *r, loop *l)
{
    qn__qasm_symbol *symbol = NULL;
    qn__qasm_target target = {.outer = r->target, .break_frame = QN__NONE, .next_frame = QN__NONE};
    r->target = &target;
    r->dry++;
    QN_TRY(qn__qasm_scope_push(r));
    QN_TRY(qn__qasm_declare_number(r, &l->name, l->type, l->width, &symbol));
    QN_TRY(qn__qasm_block(r));
    qn__qasm_scope_pop(r);
    r->dry--;
    r->target = target.outer;
    return QN_OK;
}

static qn_status unroll(qn__qasm_reader *r, const loop *l, qn__qasm_target *target, bool framed)
{
    if (framed && l->breaks) {
        QN_TRY(qn__qasm_frame_open(r, &l->name, false, 0, &target->break_frame));
    }
    for (uint64_t turn = 0; turn < l->turns; turn++) {
        QN_TRY(qn__qasm_step(r, &l->name));
        qn__qasm_operand value;
        QN_TRY(value_of(r, l, turn, &value));
        if (framed && l->continues) {
            QN_TRY(qn__qasm_frame_open(r, &l->name, false, 0, &target->next_frame));
        }
        QN_TRY(pass(r, l, &value));
        const qn__qasm_flow flow = r->flow;
        if (framed && l->continues) {
            r->flow = QN__FLOW_NORMAL;
            QN_TRY(qn__qasm_frame_close(r));
            target->next_frame = QN__NONE;
            qn__qasm_region_forget(r);
            if (flow == QN__FLOW_BREAK) {
                break;
            }
            continue; /* what else was left was left on one way only */
        }
        r->flow = flow == QN__FLOW_CONTINUE || flow == QN__FLOW_BREAK ? QN__FLOW_NORMAL : flow;
        if (flow != QN__FLOW_NORMAL && flow != QN__FLOW_CONTINUE) {
            break;
        }
    }
    if (framed && l->breaks) {
        QN_TRY(qn__qasm_frame_close(r));
    }
    return QN_OK;
}

static qn_status run_unrolled(qn__qasm_reader *r, loop *l)
{
    qn__qasm_target target = {
        .outer = r->target, .region = r->region_depth, .break_frame = QN__NONE, .next_frame = QN__NONE};
    if (l->turns > r->options.max_iterations) {
        return QN_QASM_LARGE(r, &l->name, "a loop of %llu turns; expected at most %llu", (unsigned long long)l->turns,
                             (unsigned long long)r->options.max_iterations);
    }
    if (!l->breaks && !l->continues) {
        r->target = &target;
        QN_TRY(unroll(r, l, &target, false));
        r->target = target.outer;
        return QN_OK;
    }
    qn__qasm_undo *undo = qn__alloc(1, sizeof *undo);
    QN_ALLOC_CHECK(undo);
    qn_status status = qn__qasm_undo_open(r, &l->start, undo);
    if (status != QN_OK) {
        qn__free(undo);
        return status;
    }
    r->target = &target;
    status = unroll(r, l, &target, false);
    if (r->retry == &target) {
        r->retry = NULL;
        status = qn__qasm_undo_apply(r, undo);
        if (status == QN_OK) {
            status = qn__qasm_region_enter(r, &l->start);
        }
        if (status == QN_OK) {
            target.region = r->region_depth;
            r->target = &target;
            status = unroll(r, l, &target, true);
        }
        if (status == QN_OK) {
            r->flow = QN__FLOW_NORMAL;
            qn__qasm_region_leave(r);
        }
    }
    qn__qasm_undo_close(undo);
    qn__free(undo);
    r->target = target.outer;
    return status;
}

/* counter = first - step; while (counter + step <= last) { counter += step; variable = counter; body } */
static qn_status run_in_circuit(qn__qasm_reader *r, loop *l)
{
    uint32_t counter = 0, last = 0, first_bit = 0, expression = 0;
    QN_TRY(qn__qasm_hidden(r, l->name.at, 2, QN_TYPE_INT, 64, &counter, &first_bit));
    QN_TRY(qn__qasm_hidden(r, l->name.at, 3, QN_TYPE_INT, 64, &last, &first_bit));
    const qn_token read = {.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_INT, .width = 64, .index = counter};
    const qn_token read_last = {.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_INT, .width = 64, .index = last};
    qn_token step = {.kind = QN_TOKEN_INT, .type = QN_TYPE_INT, .width = 64};
    step.integer = l->step;
    const qn_token add = {.kind = QN_TOKEN_ADD, .type = QN_TYPE_INT, .width = 64};
    const qn_token subtract = {.kind = QN_TOKEN_SUBTRACT, .type = QN_TYPE_INT, .width = 64};
    const qn_token compare = {
        .kind = l->step > 0 ? QN_TOKEN_LESS_EQUAL : QN_TOKEN_GREATER_EQUAL, .type = QN_TYPE_INT, .width = 64};
    const qn_token back[] = {read, step, subtract}, condition[] = {read, step, add, read_last, compare},
                   forward[] = {read, step, add};
    QN_TRY(qn__qasm_emit_assign(r, counter, l->first_expression));
    QN_TRY(qn__qasm_emit_assign(r, last, l->last_expression));
    QN_TRY(qn_circuit_add_expression(r->circuit, back, 3, &expression));
    QN_TRY(qn__qasm_emit_assign(r, counter, expression));
    QN_TRY(qn__qasm_region_enter(r, &l->start));
    qn__qasm_region_forget(r);
    qn__qasm_target target = {.outer = r->target, .region = r->region_depth};
    QN_TRY(qn_circuit_add_expression(r->circuit, condition, 5, &expression));
    QN_TRY(qn__qasm_frame_open(r, &l->name, true, expression, &target.break_frame));
    target.next_frame = target.break_frame;
    QN_TRY(qn_circuit_add_expression(r->circuit, forward, 3, &expression));
    QN_TRY(qn__qasm_emit_assign(r, counter, expression));
    r->target = &target;
    qn__qasm_operand value = {.kind = QN__OPERAND_TOKENS, .type = QN_TYPE_INT, .width = 64, .start = r->ntokens};
    QN_TRY(qn__qasm_token_push(r, &read));
    QN_TRY(pass(r, l, &value));
    r->flow = QN__FLOW_NORMAL;
    r->target = target.outer;
    QN_TRY(qn__qasm_frame_close(r));
    qn__qasm_region_leave(r);
    return QN_OK;
}

static qn_status run(qn__qasm_reader *r, loop *l)
{
    l->body = qn__qasm_mark(r);
    qn__qasm_scan_exits(r, &l->breaks, &l->continues);
    if (r->dry > 0) {
        return check(r, l);
    }
    if (r->expansions == 0) {
        const uint32_t errors = r->errors;
        QN_TRY(check(r, l));
        if (r->errors > errors) {
            return QN_OK; /* recovered from; nothing more is emitted */
        }
    } else {
        qn__qasm_skip_statement(r);
    }
    l->after = qn__qasm_mark(r);
    if (l->run_time && r->in_gate) {
        return QN_QASM_UNSUPPORTED(r, &l->name,
                                   "a range in the body of a gate that is not known when the program is read "
                                   "is not supported");
    }
    QN_TRY(l->run_time ? run_in_circuit(r, l) : run_unrolled(r, l));
    qn__qasm_seek(r, &l->after);
    return QN_OK;
}

qn_status qn__qasm_for(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    loop *l = qn__qasm_arena(r, sizeof *l);
    QN_ALLOC_CHECK(l);
    *l = (loop){.start = qn__qasm_mark(r)};
    QN_TRY(qn__qasm_enter(r, &token));
    qn_status status = header(r, l);
    if (status == QN_OK) {
        status = run(r, l);
    }
    qn__qasm_leave(r);
    return status;
}
