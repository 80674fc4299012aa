/* subroutine.c: def, calls and return. A call runs the body from its text, with the arguments as local variables. */
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

enum { MOST_FORMALS = 1024, PART_RESULT = 1 };

/* Parameters up to ')'. */
static qn_status formals(qn__qasm_reader *r, qn__qasm_formal **list, size_t *count, size_t *capacity)
{
    while (!qn__qasm_at(r, QN__QT_RIGHT_ROUND)) {
        const qn__qasm_token at = r->token;
        qn__qasm_formal formal = {0};
        if (qn__qasm_at(r, QN__QT_QREG) || qn__qasm_at(r, QN__QT_CREG)) { /* the old form: qreg q[2] */
            formal.type = qn__qasm_at(r, QN__QT_QREG) ? QN_TYPE_QUBITS : QN_TYPE_BITS;
            qn__qasm_advance(r);
            formal.name = r->token;
            QN_TRY(qn__qasm_expect(r, QN__QT_NAME, "of the parameter"));
            uint64_t width = 1;
            bool known = true;
            qn__qasm_token size = at;
            formal.scalar = !qn__qasm_at(r, QN__QT_LEFT_SQUARE);
            if (!formal.scalar) {
                QN_TRY(qn__qasm_designator(r, "the size of the register", &width, &known, &size));
            }
            if (width == 0 || width > (UINT64_C(1) << 24)) {
                return QN_QASM_FAIL(r, &size, "a register of this size; expected 1 to %u", 1u << 24);
            }
            formal.width = (uint32_t)width;
        } else {
            qn__qasm_parsed_type type;
            QN_TRY(qn__qasm_type(r, &type));
            if (type.is_array) {
                return QN_QASM_UNSUPPORTED(r, &at, "arrays as parameters of subroutines are not supported");
            }
            formal.type = type.type;
            formal.width = type.width;
            formal.scalar = type.scalar;
            formal.name = r->token;
            QN_TRY(qn__qasm_expect(r, QN__QT_NAME, "of the parameter"));
        }
        if (*count == MOST_FORMALS) {
            return QN_QASM_LARGE(r, &at, "more than %d parameters", MOST_FORMALS);
        }
        void *array = *list;
        QN_TRY(qn__grow(&array, capacity, *count + 1, sizeof **list));
        *list = array;
        (*list)[(*count)++] = formal;
        if (!qn__qasm_accept(r, QN__QT_COMMA)) {
            break;
        }
    }
    return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the parameters");
}

static qn_status declare_dry(qn__qasm_reader *r, const qn__qasm_symbol *subroutine)
{
    for (uint32_t i = 0; i < subroutine->count; i++) {
        const qn__qasm_formal *f = &subroutine->formals[i];
        qn__qasm_symbol *symbol = NULL;
        if (f->type == QN_TYPE_QUBITS) {
            QN_TRY(qn__qasm_declare(r, &f->name, QN__SYMBOL_QUBITS, &symbol));
            symbol->wires =
                (qn__qasm_wires){.first = 0x40000000u + 0x10000u * i, .count = f->width, .scalar = f->scalar};
        } else if (f->type == QN_TYPE_BITS) {
            QN_TRY(qn__qasm_declare_bits(r, &f->name, f->width, f->scalar, false, &symbol));
        } else {
            QN_TRY(qn__qasm_declare_number(r, &f->name, f->type, f->width, &symbol));
        }
    }
    return QN_OK;
}

/* The body without effect, to find its errors. */
static qn_status check_body(qn__qasm_reader *r, const qn__qasm_symbol *symbol)
{
    const uint32_t base_level = r->base_level, base_serial = r->base_serial;
    qn__qasm_target target = {.outer = r->target, .subroutine = true, .symbol = symbol, .result = QN__NONE};
    r->dry++;
    r->target = &target;
    r->in_subroutine = true;
    QN_TRY(qn__qasm_scope_push(r));
    r->base_level = (uint32_t)r->nscopes - 1;
    r->base_serial = symbol->serial;
    QN_TRY(declare_dry(r, symbol));
    QN_TRY(qn__qasm_statements(r));
    qn__qasm_scope_pop(r);
    r->base_level = base_level;
    r->base_serial = base_serial;
    r->in_subroutine = false;
    r->target = target.outer;
    r->dry--;
    return QN_OK;
}

static qn_status result_type(qn__qasm_reader *r, qn__qasm_symbol *symbol)
{
    symbol->is_void = true;
    if (!qn__qasm_accept(r, QN__QT_ARROW)) {
        return QN_OK;
    }
    const qn__qasm_token at = r->token;
    qn__qasm_parsed_type type;
    if (qn__qasm_accept(r, QN__QT_VOID)) {
        return QN_OK;
    }
    QN_TRY(qn__qasm_type(r, &type));
    if (type.is_array || type.type == QN_TYPE_QUBITS) {
        return QN_QASM_FAIL(r, &at,
                            "a subroutine that returns this type; expected bool, bit, int, uint, float or angle");
    }
    symbol->is_void = false;
    symbol->type = type.type;
    symbol->width = type.width;
    symbol->result_scalar = type.scalar;
    return QN_OK;
}

static qn_status definition(qn__qasm_reader *r, qn__qasm_token *name)
{
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    if (r->nscopes > 1) {
        return QN_QASM_FAIL(r, &token, "a subroutine defined inside of a block; expected at the outermost level");
    }
    *name = r->token;
    if (!qn__qasm_at(r, QN__QT_NAME)) {
        name->kind = QN__QT_END;
        return qn__qasm_expected(r, "the name of the subroutine");
    }
    qn__qasm_advance(r);
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "before the parameters"));
    qn__qasm_formal *list = NULL;
    size_t count = 0, capacity = 0;
    qn_status status = formals(r, &list, &count, &capacity);
    qn__qasm_symbol *symbol = NULL;
    if (status == QN_OK) {
        status = qn__qasm_declare(r, name, QN__SYMBOL_SUBROUTINE, &symbol);
    }
    if (status != QN_OK) {
        qn__free(list);
        return status;
    }
    symbol->formals = list;
    symbol->count = (uint32_t)count;
    symbol->constant = true;
    QN_TRY(result_type(r, symbol));
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_CURLY, "before the body of the subroutine"));
    symbol->body = qn__qasm_mark(r);
    return check_body(r, symbol);
}

qn_status qn__qasm_subroutine_definition(qn__qasm_reader *r)
{
    qn__qasm_token name = {.kind = QN__QT_END};
    const qn_status status = definition(r, &name);
    if (status == QN_ERR_PARSE && name.kind == QN__QT_NAME) {
        qn__qasm_poison(r, name.name, name.at);
    }
    return status;
}

/* Calls. */

/* An argument: qubits, or a value whose tokens were moved to the arena. */
typedef struct argument {
    qn__qasm_wires wires;
    qn__qasm_operand value;
    qn_token *tokens;
    size_t ntokens;
    qn__qasm_token at;
} argument;

static qn_status quantum_argument(qn__qasm_reader *r, const qn__qasm_formal *f, argument *a)
{
    QN_TRY(qn__qasm_qubits_joined(r, &a->wires));
    if (!a->wires.unknown && a->wires.count != f->width) {
        return QN_QASM_FAIL(r, &a->at, "%u qubits as an argument; expected %u", a->wires.count, f->width);
    }
    return QN_OK;
}

static qn_status classical_argument(qn__qasm_reader *r, const qn__qasm_formal *f, argument *a)
{
    QN_TRY(qn__qasm_read_expression(r, &a->value));
    if (f->type == QN_TYPE_BITS && a->value.kind == QN__OPERAND_BITS) {
        if (!a->value.bits.unknown && a->value.bits.count != f->width) {
            return QN_QASM_FAIL(r, &a->at, "%u bits as an argument; expected %u", a->value.bits.count, f->width);
        }
        return QN_OK;
    }
    QN_TRY(qn__qasm_operand_lower(r, &a->value, &a->at));
    if (a->value.kind == QN__OPERAND_TOKENS) {
        a->ntokens = r->ntokens - a->value.start;
        a->tokens = qn__qasm_arena(r, a->ntokens * sizeof *a->tokens);
        QN_ALLOC_CHECK(a->tokens);
        memcpy(a->tokens, r->tokens + a->value.start, a->ntokens * sizeof *a->tokens);
        qn__qasm_operand_drop(r, &a->value);
    }
    return QN_OK;
}

static qn_status arguments(qn__qasm_reader *r, const qn__qasm_token *name, const qn__qasm_symbol *symbol,
                           argument *list)
{
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "and the arguments of the subroutine"));
    uint32_t count = 0;
    while (!qn__qasm_at(r, QN__QT_RIGHT_ROUND)) {
        if (count == symbol->count) {
            return QN_QASM_FAIL(r, &r->token, "'%.*s' takes %u argument%s; expected ')'", QN_TEXT(r, name),
                                symbol->count, symbol->count == 1 ? "" : "s");
        }
        argument *a = &list[count];
        const qn__qasm_formal *f = &symbol->formals[count++];
        *a = (argument){.at = r->token};
        QN_TRY(f->type == QN_TYPE_QUBITS ? quantum_argument(r, f, a) : classical_argument(r, f, a));
        if (!qn__qasm_accept(r, QN__QT_COMMA)) {
            break;
        }
    }
    if (count != symbol->count && qn__qasm_at(r, QN__QT_RIGHT_ROUND)) {
        return QN_QASM_FAIL(r, name, "'%.*s' takes %u argument%s, got %u", QN_TEXT(r, name), symbol->count,
                            symbol->count == 1 ? "" : "s", count);
    }
    return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the arguments");
}

static qn_status bind(qn__qasm_reader *r, const qn__qasm_formal *f, const argument *a)
{
    qn__qasm_symbol *symbol = NULL;
    qn__qasm_operand value = a->value; /* the argument stays: a body may be read again */
    if (f->type == QN_TYPE_QUBITS) {
        QN_TRY(qn__qasm_declare(r, &f->name, QN__SYMBOL_QUBITS, &symbol));
        symbol->wires = a->wires;
        symbol->wires.scalar = f->scalar;
        return QN_OK;
    }
    if (a->tokens != NULL) {
        value.start = r->ntokens;
        for (size_t i = 0; i < a->ntokens; i++) {
            QN_TRY(qn__qasm_token_push(r, &a->tokens[i]));
        }
    }
    if (f->type == QN_TYPE_BITS) {
        QN_TRY(qn__qasm_declare_bits(r, &f->name, f->width, f->scalar, false, &symbol));
        return qn__qasm_bits_assign(r, &symbol->wires, &value, &a->at);
    }
    QN_TRY(qn__qasm_declare_number(r, &f->name, f->type, f->width, &symbol));
    return qn__qasm_cell_assign(r, symbol, &symbol->cell, &value, &a->at);
}

static qn_status run_body(qn__qasm_reader *r, const qn__qasm_symbol *symbol, argument *list, qn__qasm_target *target)
{
    const qn__qasm_lexer back = qn__qasm_mark(r);
    const uint32_t base_level = r->base_level, base_serial = r->base_serial;
    const bool in_subroutine = r->in_subroutine;
    r->expansions++;
    r->calls++;
    QN_TRY(qn__qasm_scope_push(r));
    r->base_level = (uint32_t)r->nscopes - 1;
    r->base_serial = symbol->serial;
    r->in_subroutine = true;
    r->target = target;
    for (uint32_t i = 0; i < symbol->count; i++) {
        QN_TRY(bind(r, &symbol->formals[i], &list[i]));
    }
    qn__qasm_seek(r, &symbol->body);
    QN_TRY(qn__qasm_statements(r));
    r->flow = r->flow == QN__FLOW_RETURN ? QN__FLOW_NORMAL : r->flow;
    qn__qasm_scope_pop(r);
    r->target = target->outer;
    r->in_subroutine = in_subroutine;
    r->base_level = base_level;
    r->base_serial = base_serial;
    r->calls--;
    r->expansions--;
    qn__qasm_seek(r, &back);
    return r->hard;
}

/* The body in a frame, which a return under a run-time condition leaves. */
static qn_status run_framed(qn__qasm_reader *r, const qn__qasm_symbol *symbol, argument *list, qn__qasm_target *target)
{
    const qn__qasm_lexer body = symbol->body;
    QN_TRY(qn__qasm_region_enter(r, &body)); /* locals only are assigned to: the region holds nothing */
    target->region = r->region_depth;
    target->returned = false;
    QN_TRY(qn__qasm_frame_open(r, &list[0].at, false, 0, &target->break_frame));
    QN_TRY(run_body(r, symbol, list, target));
    r->flow = QN__FLOW_NORMAL;
    QN_TRY(qn__qasm_frame_close(r));
    qn__qasm_region_leave(r);
    return QN_OK;
}

static qn_status run(qn__qasm_reader *r, qn__qasm_symbol *symbol, argument *list, qn__qasm_target *target)
{
    const qn__qasm_lexer here = qn__qasm_mark(r);
    if (symbol->needs_frame) {
        return run_framed(r, symbol, list, target);
    }
    qn__qasm_undo *undo = qn__alloc(1, sizeof *undo);
    QN_ALLOC_CHECK(undo);
    undo->saved = (qn__qasm_saved_cells){0};
    undo->checkpoint = qn__qasm_checkpoint_now(r);
    undo->mark = qn__circuit_mark_now(r->circuit);
    memcpy(undo->frames, r->frames, sizeof r->frames);
    qn_status status = run_body(r, symbol, list, target);
    if (r->retry == target) {
        r->retry = NULL;
        symbol->needs_frame = true;
        status = qn__qasm_undo_apply(r, undo);
        if (status == QN_OK) {
            qn__qasm_seek(r, &here);
            status = run_framed(r, symbol, list, target);
        }
    }
    qn__free(undo);
    return status;
}

static qn_status take_result(qn__qasm_reader *r, const qn__qasm_token *name, const qn__qasm_symbol *symbol,
                             qn__qasm_target *target, qn__qasm_operand *out)
{
    if (symbol->is_void) {
        *out = (qn__qasm_operand){.kind = QN__OPERAND_VOID};
        return QN_OK;
    }
    if (!target->returned) {
        return QN_QASM_FAIL(r, name, "'%.*s' ends without a return; expected a value", QN_TEXT(r, name));
    }
    if (symbol->type == QN_TYPE_BITS && target->result != QN__NONE) {
        *out = (qn__qasm_operand){
            .kind = QN__OPERAND_BITS, .type = QN_TYPE_BITS, .width = symbol->width, .bits = target->bits};
        return QN_OK;
    }
    if (target->tokens != NULL) {
        *out = target->value;
        out->start = r->ntokens;
        for (size_t i = 0; i < target->ntokens; i++) {
            QN_TRY(qn__qasm_token_push(r, &target->tokens[i]));
        }
        return QN_OK;
    }
    if (target->result == QN__NONE) {
        *out = target->value;
        return QN_OK;
    }
    const qn_token read = {
        .kind = QN_TOKEN_VARIABLE, .type = symbol->type, .width = symbol->width, .index = target->result};
    *out = (qn__qasm_operand){
        .kind = QN__OPERAND_TOKENS, .type = symbol->type, .width = symbol->width, .start = r->ntokens};
    return qn__qasm_token_push(r, &read);
}

qn_status qn__qasm_subroutine_call(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_symbol *symbol,
                                   qn__qasm_operand *out)
{
    argument *list = qn__qasm_arena(r, ((size_t)symbol->count + 1) * sizeof *list);
    QN_ALLOC_CHECK(list);
    list[0] = (argument){.at = *name};
    QN_TRY(qn__qasm_step(r, name));
    QN_TRY(qn__qasm_enter(r, name));
    QN_TRY(arguments(r, name, symbol, list));
    if (r->dry > 0) {
        const qn_type type = symbol->type == QN_TYPE_BITS && symbol->result_scalar ? QN_TYPE_BOOL
                             : symbol->type == QN_TYPE_BITS                        ? QN_TYPE_UINT
                                                                                   : symbol->type;
        qn__qasm_operand_unknown(out, type, symbol->width);
        out->kind = symbol->is_void ? QN__OPERAND_VOID : QN__OPERAND_UNKNOWN;
        qn__qasm_leave(r);
        return QN_OK;
    }
    qn__qasm_target target = {.outer = r->target,
                              .region = r->region_depth,
                              .break_frame = QN__NONE,
                              .next_frame = QN__NONE,
                              .subroutine = true,
                              .symbol = symbol,
                              .call = name->at,
                              .result = QN__NONE};
    QN_TRY(run(r, symbol, list, &target));
    QN_TRY(take_result(r, name, symbol, &target, out));
    qn__qasm_leave(r);
    return QN_OK;
}

/* return */

static qn__qasm_target *subroutine_of(const qn__qasm_reader *r)
{
    qn__qasm_target *target = r->target;
    while (target != NULL && !target->subroutine) {
        target = target->outer;
    }
    return target;
}

/* A variable of the circuit that belongs to the call, not to the body. */
static qn_status result_variable(qn__qasm_reader *r, qn__qasm_target *target)
{
    if (target->result != QN__NONE) {
        return QN_OK;
    }
    const qn__qasm_symbol *symbol = target->symbol;
    uint32_t first = 0;
    r->calls--;
    const qn_status status =
        qn__qasm_hidden(r, target->call, PART_RESULT, symbol->type, symbol->width, &target->result, &first);
    r->calls++;
    target->bits = (qn__qasm_wires){
        .first = first, .count = symbol->width, .scalar = symbol->result_scalar, .whole = target->result + 1};
    return status;
}

static bool timeless(const qn_token *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].kind == QN_TOKEN_BIT || tokens[i].kind == QN_TOKEN_BITS || tokens[i].kind == QN_TOKEN_VARIABLE) {
            return false;
        }
    }
    return true;
}

static qn_status keep_result(qn__qasm_reader *r, qn__qasm_target *target, qn__qasm_operand *value,
                             const qn__qasm_token *at)
{
    const qn__qasm_symbol *symbol = target->symbol;
    const bool framed = target->break_frame != QN__NONE;
    if (symbol->type == QN_TYPE_BITS) {
        if (value->kind == QN__OPERAND_CONSTANT && !framed) {
            QN_TRY(qn__qasm_operand_cast(r, value, symbol->result_scalar ? QN_TYPE_BOOL : QN_TYPE_UINT,
                                         symbol->width > 64 ? 64 : symbol->width, at));
            target->value = *value;
            return QN_OK;
        }
        QN_TRY(result_variable(r, target));
        if (value->kind == QN__OPERAND_BITS && !value->bits.unknown && value->bits.count != symbol->width) {
            return QN_QASM_FAIL(r, at, "%u bits are returned; expected %u", value->bits.count, symbol->width);
        }
        qn__qasm_bits_forget(r, &target->bits);
        QN_TRY(qn__qasm_bits_assign(r, &target->bits, value, at));
        if (framed) {
            qn__qasm_bits_forget(r, &target->bits); /* other returns may give other values */
        }
        return QN_OK;
    }
    QN_TRY(qn__qasm_operand_cast(r, value, symbol->type, symbol->width, at));
    if (value->kind == QN__OPERAND_CONSTANT && !framed) {
        target->value = *value;
        return QN_OK;
    }
    const size_t count = value->kind == QN__OPERAND_TOKENS ? r->ntokens - value->start : 0;
    if (value->kind == QN__OPERAND_TOKENS && !framed && timeless(r->tokens + value->start, count)) {
        qn_token *tokens = qn__qasm_arena(r, count * sizeof *tokens);
        QN_ALLOC_CHECK(tokens);
        memcpy(tokens, r->tokens + value->start, count * sizeof *tokens);
        target->tokens = tokens;
        target->ntokens = count;
        target->value = *value;
        qn__qasm_operand_drop(r, value);
        return QN_OK;
    }
    uint32_t expression = 0;
    QN_TRY(result_variable(r, target));
    QN_TRY(qn__qasm_operand_expression(r, value, &expression));
    return qn__qasm_emit_assign(r, target->result, expression);
}

/* The value behind `return`, up to the ';'. */
static qn_status returned_value(qn__qasm_reader *r, qn__qasm_target *target)
{
    const qn__qasm_symbol *symbol = target->symbol;
    const qn__qasm_token at = r->token;
    if (symbol->is_void) {
        return QN_QASM_FAIL(r, &at, "a value is returned by a subroutine without one; expected ';'");
    }
    if (qn__qasm_at(r, QN__QT_MEASURE)) {
        qn__qasm_wires qubits;
        QN_TRY(qn__qasm_measured_qubits(r, &qubits));
        QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the measurement"));
        if (symbol->type != QN_TYPE_BITS) {
            return QN_QASM_FAIL(r, &at, "a measurement is returned as %s; expected a subroutine that returns bits",
                                qn__qasm_type_name(symbol->type));
        }
        if (r->dry > 0) {
            return QN_OK;
        }
        QN_TRY(result_variable(r, target));
        return qn__qasm_measure_into(r, &at, &qubits, &target->bits);
    }
    qn__qasm_operand value;
    QN_TRY(qn__qasm_read_expression(r, &value));
    if (value.kind != QN__OPERAND_BITS || symbol->type != QN_TYPE_BITS) {
        QN_TRY(qn__qasm_operand_lower(r, &value, &at));
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the value"));
    if (r->dry > 0) {
        qn__qasm_operand_drop(r, &value);
        return QN_OK;
    }
    return keep_result(r, target, &value, &at);
}

qn_status qn__qasm_return(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    qn__qasm_target *target = subroutine_of(r);
    qn__qasm_advance(r);
    if (target == NULL) {
        return QN_QASM_FAIL(r, &token, "'return' outside of a subroutine; expected it inside of one");
    }
    if (r->dry == 0 && target->break_frame == QN__NONE && r->region_depth > target->region) {
        r->retry = target;
        return QN_ERR_PARSE;
    }
    if (!qn__qasm_at(r, QN__QT_SEMICOLON)) {
        QN_TRY(returned_value(r, target));
    } else if (!target->symbol->is_void) {
        return qn__qasm_expected(r, "a value to return");
    } else {
        qn__qasm_advance(r);
    }
    if (r->dry > 0) {
        return QN_OK;
    }
    target->returned = true;
    if (target->break_frame != QN__NONE) {
        QN_TRY(qn__qasm_frame_exit(r, target->break_frame, false));
    }
    r->flow = QN__FLOW_RETURN;
    return QN_OK;
}
