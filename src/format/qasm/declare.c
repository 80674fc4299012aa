/* declare.c: registers, variables, constants, inputs, outputs, aliases, and the values they begin with. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

static qn_status take_name(qn__qasm_reader *r, qn__qasm_token *out)
{
    *out = r->token;
    if (out->kind != QN__QT_NAME) {
        if (out->kind >= QN__QT_OPENQASM && out->kind < QN__QT_COUNT) {
            return QN_QASM_FAIL(r, out, "'%.*s' is a word of the language; expected a name", QN_TEXT(r, out));
        }
        return qn__qasm_expected(r, "a name");
    }
    qn__qasm_advance(r);
    return QN_OK;
}

/* qreg q[3]; creg c[3]; */
static qn_status old_register(qn__qasm_reader *r, qn__qasm_token *name)
{
    const bool quantum = r->token.kind == QN__QT_QREG;
    qn__qasm_advance(r);
    QN_TRY(take_name(r, name));
    uint64_t count = 1;
    bool known = true;
    qn__qasm_token at = r->token;
    const bool sized = r->version2 || qn__qasm_at(r, QN__QT_LEFT_SQUARE);
    if (sized) {
        QN_TRY(qn__qasm_designator(r, "the size of the register", &count, &known, &at));
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the declaration"));
    if (count == 0) {
        return QN_QASM_FAIL(r, &at, "a register of size 0; expected at least 1");
    }
    if (quantum) {
        return qn__qasm_declare_qubits(r, name, count, !sized);
    }
    qn__qasm_symbol *symbol = NULL;
    return qn__qasm_declare_bits(r, name, count, !sized, false, &symbol);
}

static qn_status bit_declaration(qn__qasm_reader *r, const qn__qasm_parsed_type *type, const qn__qasm_token *name,
                                 bool output)
{
    qn__qasm_operand value = {.kind = QN__OPERAND_VOID};
    qn__qasm_wires measured = {0};
    const bool has_value = qn__qasm_accept(r, QN__QT_ASSIGN);
    const qn__qasm_token at = r->token;
    const bool measures = has_value && qn__qasm_at(r, QN__QT_MEASURE);
    if (measures) {
        QN_TRY(qn__qasm_measured_qubits(r, &measured));
    } else if (has_value) {
        QN_TRY(qn__qasm_read_expression(r, &value));
        QN_TRY(qn__qasm_operand_lower(r, &value, &at));
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the declaration"));
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_declare_bits(r, name, type->width, type->scalar, output, &symbol));
    if (measures) {
        return qn__qasm_measure_into(r, &at, &measured, &symbol->wires);
    }
    if (has_value && value.kind == QN__OPERAND_CONSTANT && value.type == QN_TYPE_UINT && at.kind == QN__QT_STRING &&
        value.width != symbol->wires.count) {
        return QN_QASM_FAIL(r, &at, "a string of %u bits for %u; expected as many", value.width, symbol->wires.count);
    }
    return has_value ? qn__qasm_bits_assign(r, &symbol->wires, &value, &at) : QN_OK;
}

/* {1, 2, 3} */
static qn_status array_values(qn__qasm_reader *r, qn__qasm_symbol *symbol)
{
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_CURLY, "before the elements of the array"));
    uint32_t k = 0;
    while (!qn__qasm_at(r, QN__QT_RIGHT_CURLY)) {
        const qn__qasm_token at = r->token;
        qn__qasm_operand value;
        QN_TRY(qn__qasm_read_expression(r, &value));
        QN_TRY(qn__qasm_operand_lower(r, &value, &at));
        if (k == symbol->count) {
            return QN_QASM_FAIL(r, &at, "more than %u elements; expected as many as the array has", symbol->count);
        }
        QN_TRY(qn__qasm_cell_assign(r, symbol, &symbol->cells[k], &value, &at));
        k++;
        if (!qn__qasm_accept(r, QN__QT_COMMA)) {
            break;
        }
    }
    const qn__qasm_token end = r->token;
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_CURLY, "after the elements of the array"));
    if (k != symbol->count && r->dry == 0) {
        return QN_QASM_FAIL(r, &end, "%u elements for an array of %u; expected as many", k, symbol->count);
    }
    return QN_OK;
}

static qn_status array_declaration(qn__qasm_reader *r, const qn__qasm_parsed_type *type, const qn__qasm_token *name,
                                   bool constant)
{
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_declare(r, name, QN__SYMBOL_ARRAY, &symbol));
    symbol->cells = qn__calloc(type->length, sizeof *symbol->cells);
    QN_ALLOC_CHECK(symbol->cells);
    symbol->count = type->length;
    symbol->type = type->type;
    symbol->width = type->width;
    for (uint32_t i = 0; i < symbol->count; i++) {
        symbol->cells[i].variable = QN__NONE;
        symbol->cells[i].value = qn__qasm_zero(type->type, type->width);
        symbol->cells[i].state = r->dry > 0 ? QN__CELL_UNKNOWN : QN__CELL_KNOWN;
    }
    if (constant || qn__qasm_at(r, QN__QT_ASSIGN)) {
        QN_TRY(qn__qasm_expect(r, QN__QT_ASSIGN, "and the elements"));
        QN_TRY(array_values(r, symbol));
    }
    symbol->constant = constant;
    return qn__qasm_expect(r, QN__QT_SEMICOLON, "after the declaration");
}

static qn_status number_declaration(qn__qasm_reader *r, const qn__qasm_parsed_type *type, const qn__qasm_token *name,
                                    bool constant, bool output)
{
    qn__qasm_operand value;
    const bool has_value = constant || qn__qasm_at(r, QN__QT_ASSIGN);
    qn__qasm_token at = r->token;
    if (has_value) {
        QN_TRY(qn__qasm_expect(r, QN__QT_ASSIGN, "and the value of the constant"));
        at = r->token;
        if (qn__qasm_at(r, QN__QT_MEASURE)) {
            return QN_QASM_FAIL(r, &at, "a measurement into '%.*s', %s; expected a bit", QN_TEXT(r, name),
                                qn__qasm_type_name(type->type));
        }
        QN_TRY(qn__qasm_read_expression(r, &value));
        QN_TRY(qn__qasm_operand_lower(r, &value, &at));
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the declaration"));
    if (constant && value.kind == QN__OPERAND_TOKENS) {
        return QN_QASM_FAIL(r, &at,
                            "the value of a constant depends on a measurement or an input; expected one that is "
                            "known when the program is read");
    }
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_declare_number(r, name, type->type, type->width, &symbol));
    symbol->output = output;
    symbol->constant = constant;
    if (has_value) {
        const qn_status status = qn__qasm_cell_assign(r, symbol, &symbol->cell, &value, &at);
        symbol->constant = constant;
        return status;
    }
    return output ? qn__qasm_cell_promote(r, symbol, &symbol->cell) : QN_OK;
}

static qn_status declaration(qn__qasm_reader *r, bool constant, bool output, qn__qasm_token *name)
{
    const qn__qasm_token token = r->token;
    qn__qasm_parsed_type type;
    if (qn__qasm_at(r, QN__QT_QREG) || qn__qasm_at(r, QN__QT_CREG)) {
        if (constant || (output && qn__qasm_at(r, QN__QT_QREG))) {
            return qn__qasm_expected(r, "a classical type");
        }
        return old_register(r, name);
    }
    QN_TRY(qn__qasm_type(r, &type));
    QN_TRY(take_name(r, name));
    if (type.is_array) {
        return array_declaration(r, &type, name, constant);
    }
    if (type.type == QN_TYPE_QUBITS) {
        if (constant || output) {
            return QN_QASM_FAIL(r, &token, "a quantum register here; expected a classical type");
        }
        if (r->nscopes > 1) {
            return QN_QASM_FAIL(r, &token, "qubits declared inside of a block; expected at the outermost level");
        }
        QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the declaration"));
        return qn__qasm_declare_qubits(r, name, type.width, type.scalar);
    }
    if (type.type == QN_TYPE_BITS && !constant) {
        return bit_declaration(r, &type, name, output);
    }
    if (type.type == QN_TYPE_BITS) { /* a constant register of bits is a number */
        if (type.width > 64) {
            return QN_QASM_UNSUPPORTED(r, &token, "a constant of over 64 bits is not supported");
        }
        type.type = type.scalar ? QN_TYPE_BOOL : QN_TYPE_UINT;
    }
    return number_declaration(r, &type, name, constant, output);
}

/* Names of failed declarations are poisoned, so that each mistake is told once. */
static qn_status declare(qn__qasm_reader *r, bool constant, bool output)
{
    qn__qasm_token name = {.kind = QN__QT_END};
    const qn_status status = declaration(r, constant, output, &name);
    if (status == QN_ERR_PARSE && name.kind == QN__QT_NAME) {
        qn__qasm_poison(r, name.name, name.at);
    }
    return status;
}

qn_status qn__qasm_declaration(qn__qasm_reader *r)
{
    return declare(r, false, false);
}

qn_status qn__qasm_register_declaration(qn__qasm_reader *r)
{
    if (r->nscopes > 1) {
        return QN_QASM_FAIL(r, &r->token, "a register declared inside of a block; expected at the outermost level");
    }
    return declare(r, false, false);
}

qn_status qn__qasm_const_declaration(qn__qasm_reader *r)
{
    qn__qasm_advance(r);
    return declare(r, true, false);
}

static const qn_binding *binding_of(const qn__qasm_reader *r, const qn__qasm_token *name)
{
    const qn__qasm_ident *ident = &r->idents.names[name->name];
    for (size_t i = 0; i < r->options.nbindings; i++) {
        const qn_binding *b = &r->options.bindings[i];
        if (b->name != NULL && strlen(b->name) == ident->length && memcmp(b->name, ident->text, ident->length) == 0) {
            return b;
        }
    }
    return NULL;
}

static qn_status bound_input(qn__qasm_reader *r, const qn__qasm_parsed_type *type, const qn__qasm_token *name,
                             double value)
{
    const bool whole = type->type != QN_TYPE_FLOAT && type->type != QN_TYPE_ANGLE;
    if (!isfinite(value) || (whole && (value != floor(value) || fabs(value) >= 0x1p53))) {
        return QN_QASM_FAIL(r, name, "the value %g of input '%.*s' is no %s; expected another", value, QN_TEXT(r, name),
                            whole ? "whole number" : "finite number");
    }
    qn__qasm_operand operand;
    if (whole) {
        qn__qasm_operand_integer(&operand, (int64_t)value);
    } else {
        qn__qasm_operand_float(&operand, value);
    }
    qn__qasm_symbol *symbol = NULL;
    if (type->type == QN_TYPE_BITS) {
        QN_TRY(qn__qasm_declare_bits(r, name, type->width, type->scalar, false, &symbol));
        return qn__qasm_bits_assign(r, &symbol->wires, &operand, name);
    }
    QN_TRY(qn__qasm_declare_number(r, name, type->type, type->width, &symbol));
    return qn__qasm_cell_assign(r, symbol, &symbol->cell, &operand, name);
}

static qn_status free_input(qn__qasm_reader *r, const qn__qasm_parsed_type *type, const qn__qasm_token *name)
{
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_declare_number(r, name, type->type, type->width, &symbol));
    if (r->dry > 0) {
        return QN_OK;
    }
    char *text = qn__qasm_arena(r, name->length + 1);
    QN_ALLOC_CHECK(text);
    memcpy(text, qn__qasm_text_at(r, name->at), name->length);
    text[name->length] = '\0';
    uint32_t index = 0;
    QN_TRY(qn_circuit_add_symbol(r->circuit, text, &index));
    const qn_token token = {.kind = QN_TOKEN_SYMBOL, .type = QN_TYPE_FLOAT, .width = 64, .index = index};
    qn__qasm_operand operand = {.kind = QN__OPERAND_TOKENS, .type = QN_TYPE_FLOAT, .width = 64, .start = r->ntokens};
    QN_TRY(qn__qasm_token_push(r, &token));
    return qn__qasm_cell_assign(r, symbol, &symbol->cell, &operand, name);
}

static qn_status input(qn__qasm_reader *r, qn__qasm_token *name)
{
    const qn__qasm_token token = r->token;
    qn__qasm_parsed_type type;
    QN_TRY(qn__qasm_type(r, &type));
    QN_TRY(take_name(r, name));
    if (type.is_array) {
        return QN_QASM_UNSUPPORTED(r, &token, "arrays as inputs are not supported");
    }
    if (type.type == QN_TYPE_QUBITS) {
        return QN_QASM_FAIL(r, &token, "a quantum register as input; expected a classical type");
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the declaration"));
    const qn_binding *binding = binding_of(r, name);
    if (binding != NULL) {
        return bound_input(r, &type, name, binding->value);
    }
    if (r->options.free_inputs && (type.type == QN_TYPE_FLOAT || type.type == QN_TYPE_ANGLE)) {
        return free_input(r, &type, name);
    }
    return QN_QASM_FAIL(r, name, "input '%.*s' has no value; expected one to be given with the program",
                        QN_TEXT(r, name));
}

qn_status qn__qasm_io_declaration(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    if (r->nscopes > 1) {
        return QN_QASM_FAIL(r, &token, "'%.*s' inside of a block; expected at the outermost level", QN_TEXT(r, &token));
    }
    if (token.kind == QN__QT_OUTPUT) {
        return declare(r, false, true);
    }
    qn__qasm_token name = {.kind = QN__QT_END};
    const qn_status status = input(r, &name);
    if (status == QN_ERR_PARSE && name.kind == QN__QT_NAME) {
        qn__qasm_poison(r, name.name, name.at);
    }
    return status;
}

/* let a = q[0:2] ++ r; the wires of an alias are its own. */
static qn_status alias(qn__qasm_reader *r, qn__qasm_token *name)
{
    qn__qasm_advance(r);
    QN_TRY(take_name(r, name));
    QN_TRY(qn__qasm_expect(r, QN__QT_ASSIGN, "of the alias"));
    const qn__qasm_token first = r->token;
    qn__qasm_symbol *symbol = NULL;
    bool bits = false;
    if (first.kind == QN__QT_NAME) {
        QN_TRY(qn__qasm_find(r, &first, "register", &symbol));
        bits = symbol->kind == QN__SYMBOL_BITS;
    }
    qn__qasm_wires wires;
    QN_TRY(bits ? qn__qasm_bits(r, &wires) : qn__qasm_qubits(r, &wires));
    while (qn__qasm_accept(r, QN__QT_CONCATENATE)) {
        qn__qasm_wires more;
        QN_TRY(bits ? qn__qasm_bits(r, &more) : qn__qasm_qubits(r, &more));
        QN_TRY(qn__qasm_wires_join(r, &wires, &more));
        wires.scalar = false;
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the alias"));
    QN_TRY(qn__qasm_declare(r, name, bits ? QN__SYMBOL_BITS : QN__SYMBOL_QUBITS, &symbol));
    if (wires.list != NULL) {
        symbol->list = qn__alloc(wires.count, sizeof *symbol->list);
        QN_ALLOC_CHECK(symbol->list);
        memcpy(symbol->list, wires.list, wires.count * sizeof *wires.list);
        wires.list = symbol->list;
    }
    symbol->wires = wires;
    return QN_OK;
}

qn_status qn__qasm_let(qn__qasm_reader *r)
{
    qn__qasm_token name = {.kind = QN__QT_END};
    const qn_status status = alias(r, &name);
    if (status == QN_ERR_PARSE && name.kind == QN__QT_NAME) {
        qn__qasm_poison(r, name.name, name.at);
    }
    return status;
}
