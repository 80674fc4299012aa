/* storage.c: where the values of a program are: qubits, classical bits and variables of the circuit, or only here. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

/* A hidden variable by the place that declares it. */
struct qn__qasm_local {
    size_t offset;
    uint32_t file, part, calls, width, variable, first;
    qn_type type;
};

qn_value qn__qasm_zero(qn_type type, uint32_t width)
{
    qn_value out = {.type = type, .width = width};
    if (type == QN_TYPE_FLOAT) {
        out.number = 0;
    }
    return out;
}

void qn__qasm_cell_clear(qn__qasm_cell *cell)
{
    qn__free(cell->tokens);
    cell->tokens = NULL;
    cell->ntokens = 0;
}

/* Qubits. */

qn_status qn__qasm_add_qubits(qn__qasm_reader *r, const qn__qasm_token *token, uint64_t count, uint32_t *first)
{
    if (count == 0) {
        return QN_QASM_FAIL(r, token, "a register of 0 qubits; expected at least 1");
    }
    if (count > r->options.max_qubits || r->nqubits > r->options.max_qubits - count) {
        return QN_QASM_LARGE(r, token, "%llu qubits in all; expected at most %u",
                             (unsigned long long)(count > UINT64_MAX - r->nqubits ? count : count + r->nqubits),
                             r->options.max_qubits);
    }
    *first = r->nqubits;
    r->nqubits += (uint32_t)count;
    if (r->dry == 0) {
        /* A circuit is as large as what was declared so far; nothing in it depends on how many qubits come later. */
        r->circuit->nqubits = r->nqubits;
        qn__free(r->circuit->seen);
        r->circuit->seen = NULL;
    }
    return QN_OK;
}

static qn_status text_of(qn__qasm_reader *r, uint32_t name, const char **out)
{
    const qn__qasm_ident *ident = &r->idents.names[name];
    char *text = qn__qasm_arena(r, (size_t)ident->length + 1);
    QN_ALLOC_CHECK(text);
    memcpy(text, ident->text, ident->length);
    text[ident->length] = '\0';
    *out = text;
    return QN_OK;
}

/* A variable of the circuit; names that are taken (by hidden ones) get a tail. */
static qn_status add_variable(qn__qasm_reader *r, const char *name, qn_type type, uint32_t width, uint32_t first,
                              uint32_t flags, uint32_t *out)
{
    uint32_t found = 0;
    size_t length = strlen(name);
    char *text = NULL;
    while (qn__circuit_find_variable(r->circuit, name, &found)) {
        text = qn__qasm_arena(r, length + 2);
        QN_ALLOC_CHECK(text);
        memcpy(text, name, length);
        text[length++] = '_';
        text[length] = '\0';
        name = text;
    }
    return qn_circuit_add_variable(r->circuit, name, type, width, first, flags, out);
}

qn_status qn__qasm_declare_qubits(qn__qasm_reader *r, const qn__qasm_token *name, uint64_t count, bool scalar)
{
    uint32_t first = 0;
    qn__qasm_symbol *symbol = NULL;
    if (r->nphysical > 0) {
        return QN_QASM_UNSUPPORTED(r, name, "physical qubits beside declared qubits are not supported");
    }
    QN_TRY(qn__qasm_declare(r, name, QN__SYMBOL_QUBITS, &symbol));
    symbol->kind = QN__SYMBOL_POISON;
    QN_TRY(qn__qasm_add_qubits(r, name, count, &first));
    symbol->kind = QN__SYMBOL_QUBITS;
    symbol->wires = (qn__qasm_wires){.first = first, .count = (uint32_t)count, .scalar = scalar};
    if (r->dry > 0) {
        return QN_OK;
    }
    const char *text = NULL;
    QN_TRY(text_of(r, name->name, &text));
    return add_variable(r, text, QN_TYPE_QUBITS, (uint32_t)count, first, 0, &symbol->variable);
}

/* Bits. */

static qn_status add_bits(qn__qasm_reader *r, uint32_t count, uint32_t *first)
{
    void *bits = r->bits;
    QN_TRY(qn__grow(&bits, &r->bits_capacity, r->nbits + count, 1));
    r->bits = bits;
    memset(r->bits + r->nbits, 3, count);
    *first = (uint32_t)r->nbits;
    r->nbits += count;
    return QN_OK;
}

static qn_status check_bits(qn__qasm_reader *r, const qn__qasm_token *token, uint64_t count)
{
    enum { MOST = 1 << 24 };
    if (count == 0) {
        return QN_QASM_FAIL(r, token, "a register of 0 bits; expected at least 1");
    }
    if (count > MOST || r->nbits > MOST - count) {
        return QN_QASM_LARGE(r, token, "%llu classical bits; expected at most %d in all", (unsigned long long)count,
                             MOST);
    }
    return QN_OK;
}

qn_status qn__qasm_hidden(qn__qasm_reader *r, qn__qasm_place at, uint32_t part, qn_type type, uint32_t width,
                          uint32_t *variable, uint32_t *first)
{
    for (size_t i = 0; i < r->nlocals; i++) {
        const struct qn__qasm_local *l = &r->locals[i];
        if (l->offset == at.offset && l->file == at.file && l->part == part && l->calls == r->calls &&
            l->type == type && l->width == width) {
            *variable = l->variable;
            *first = l->first;
            return QN_OK;
        }
    }
    void *locals = r->locals;
    QN_TRY(qn__grow(&locals, &r->locals_capacity, r->nlocals + 1, sizeof *r->locals));
    r->locals = locals;
    char name[40];
    (void)snprintf(name, sizeof name, "_hidden_%u", r->hidden++);
    *first = 0;
    QN_TRY(add_variable(r, name, type, width, 0, QN_VARIABLE_HIDDEN, variable));
    if (type == QN_TYPE_BITS) {
        QN_TRY(add_bits(r, width, first));
    }
    r->locals[r->nlocals++] =
        (struct qn__qasm_local){at.offset, at.file, part, r->calls, width, *variable, *first, type};
    return QN_OK;
}

void qn__qasm_locals_forget(qn__qasm_reader *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->nlocals; i++) {
        if (r->locals[i].variable < qn_circuit_variables(r->circuit)) {
            r->locals[kept++] = r->locals[i];
        }
    }
    r->nlocals = kept;
    if (r->nbits > qn_circuit_bits(r->circuit)) {
        r->nbits = qn_circuit_bits(r->circuit);
    }
}

qn_status qn__qasm_declare_bits(qn__qasm_reader *r, const qn__qasm_token *name, uint64_t count, bool scalar,
                                bool output, qn__qasm_symbol **out)
{
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_declare(r, name, QN__SYMBOL_BITS, &symbol));
    symbol->kind = QN__SYMBOL_POISON;
    QN_TRY(check_bits(r, name, count));
    symbol->kind = QN__SYMBOL_BITS;
    symbol->wires = (qn__qasm_wires){.count = (uint32_t)count, .scalar = scalar};
    symbol->output = output;
    *out = symbol;
    if (r->dry > 0) {
        return QN_OK;
    }
    uint32_t variable = 0, first = 0;
    if (symbol->level > 0) {
        QN_TRY(qn__qasm_hidden(r, name->at, 0, QN_TYPE_BITS, (uint32_t)count, &variable, &first));
        qn__qasm_bits_forget(r, &(qn__qasm_wires){.first = first, .count = (uint32_t)count});
    } else {
        const char *text = NULL;
        QN_TRY(text_of(r, name->name, &text));
        QN_TRY(add_variable(r, text, QN_TYPE_BITS, (uint32_t)count, 0, output ? QN_VARIABLE_OUTPUT : 0, &variable));
        QN_TRY(add_bits(r, (uint32_t)count, &first));
    }
    symbol->variable = variable;
    symbol->wires.first = first;
    symbol->wires.whole = variable + 1;
    return QN_OK;
}

void qn__qasm_bits_forget(qn__qasm_reader *r, const qn__qasm_wires *bits)
{
    for (uint32_t i = 0; i < bits->count && !bits->unknown && r->dry == 0; i++) {
        r->bits[qn__qasm_wire(bits, i)] = 2;
    }
}

static qn_status assign_known_bits(qn__qasm_reader *r, const qn__qasm_wires *bits, uint64_t value)
{
    bool written = false;
    for (uint32_t i = 0; i < bits->count; i++) {
        const uint64_t bit = i < 64 ? value >> i & 1 : 0;
        /* A bit that nothing has written yet is 0. */
        written = written || !(bit == 0 && r->bits[qn__qasm_wire(bits, i)] == 3 && r->region_depth == 0);
    }
    uint32_t expression = 0;
    if (written && bits->whole != 0 && bits->count > 1 && bits->count <= 64) {
        qn_token token = {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = bits->count};
        token.integer = (int64_t)value;
        QN_TRY(qn_circuit_add_expression(r->circuit, &token, 1, &expression));
        QN_TRY(qn__qasm_emit_assign(r, bits->whole - 1, expression));
        written = false;
    }
    for (uint32_t i = 0; i < bits->count; i++) {
        const uint32_t bit = qn__qasm_wire(bits, i);
        const uint64_t one = i < 64 ? value >> i & 1 : 0;
        if (written) {
            qn_token token = {.kind = QN_TOKEN_BOOL, .type = QN_TYPE_BOOL, .width = 1};
            token.integer = (int64_t)one;
            QN_TRY(qn_circuit_add_expression(r->circuit, &token, 1, &expression));
            QN_TRY(qn__qasm_emit_assign_bit(r, bit, expression));
        }
        r->bits[bit] = (uint8_t)one;
    }
    return QN_OK;
}

/* By way of a hidden variable, as the value may depend on bits that are written first. */
static qn_status spread_bits(qn__qasm_reader *r, const qn__qasm_wires *bits, qn__qasm_operand *value,
                             const qn__qasm_token *token)
{
    uint32_t variable = 0, first = 0, expression = 0;
    QN_TRY(qn__qasm_hidden(r, token->at, 1, QN_TYPE_UINT, bits->count, &variable, &first));
    QN_TRY(qn__qasm_operand_expression(r, value, &expression));
    QN_TRY(qn__qasm_emit_assign(r, variable, expression));
    for (uint32_t i = 0; i < bits->count; i++) {
        qn_token by = {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 8};
        by.integer = i;
        qn_token one = {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = bits->count};
        one.integer = 1;
        const qn_token tokens[] = {
            {.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_UINT, .width = bits->count, .index = variable},
            by,
            {.kind = QN_TOKEN_SHIFT_RIGHT, .type = QN_TYPE_UINT, .width = bits->count},
            one,
            {.kind = QN_TOKEN_AND, .type = QN_TYPE_UINT, .width = bits->count},
            {.kind = QN_TOKEN_CAST, .type = QN_TYPE_BOOL, .width = 1}};
        QN_TRY(qn_circuit_add_expression(r->circuit, tokens, sizeof tokens / sizeof tokens[0], &expression));
        QN_TRY(qn__qasm_emit_assign_bit(r, qn__qasm_wire(bits, i), expression));
    }
    qn__qasm_bits_forget(r, bits);
    return QN_OK;
}

/* Register to register: also of over 64 bits. */
static qn_status copy_bits(qn__qasm_reader *r, const qn__qasm_wires *to, const qn__qasm_wires *from)
{
    for (uint32_t i = 0; i < to->count; i++) {
        const uint32_t source = qn__qasm_wire(from, i), bit = qn__qasm_wire(to, i);
        if (source == bit) {
            continue;
        }
        const qn_token token = {.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = source};
        uint32_t expression = 0;
        QN_TRY(qn_circuit_add_expression(r->circuit, &token, 1, &expression));
        QN_TRY(qn__qasm_emit_assign_bit(r, bit, expression));
        r->bits[bit] = r->bits[source] == 3 ? 0 : r->bits[source];
    }
    return QN_OK;
}

qn_status qn__qasm_bits_assign(qn__qasm_reader *r, const qn__qasm_wires *bits, qn__qasm_operand *value,
                               const qn__qasm_token *token)
{
    if (value->kind == QN__OPERAND_BITS && !value->bits.scalar && !bits->scalar && !value->bits.unknown &&
        !bits->unknown && value->bits.count != bits->count) {
        return QN_QASM_FAIL(r, token, "%u bits into %u; expected as many on both sides", value->bits.count,
                            bits->count);
    }
    if (value->kind == QN__OPERAND_BITS && bits->count > 64 && !value->bits.scalar && r->dry == 0) {
        return copy_bits(r, bits, &value->bits);
    }
    QN_TRY(qn__qasm_operand_lower(r, value, token));
    if (value->type == QN_TYPE_FLOAT) {
        return QN_QASM_FAIL(r, token, "a float does not convert to bits; expected bits, a bool or an integer");
    }
    if (bits->unknown || r->dry > 0) {
        qn__qasm_operand_drop(r, value);
        return QN_OK;
    }
    if (bits->count > 64 && value->kind != QN__OPERAND_CONSTANT) {
        return QN_QASM_UNSUPPORTED(r, token, "a value that depends on measurements into over 64 bits is not supported");
    }
    QN_TRY(qn__qasm_operand_cast(r, value, bits->scalar ? QN_TYPE_BOOL : QN_TYPE_UINT,
                                 bits->count > 64 ? 64 : bits->count, token));
    if (value->kind == QN__OPERAND_CONSTANT) {
        return assign_known_bits(r, bits, (uint64_t)value->value.integer);
    }
    uint32_t expression = 0;
    if (bits->count == 1) {
        QN_TRY(qn__qasm_operand_cast(r, value, QN_TYPE_BOOL, 1, token));
        QN_TRY(qn__qasm_operand_expression(r, value, &expression));
        QN_TRY(qn__qasm_emit_assign_bit(r, qn__qasm_wire(bits, 0), expression));
        qn__qasm_bits_forget(r, bits);
        return QN_OK;
    }
    if (bits->whole != 0) {
        QN_TRY(qn__qasm_operand_expression(r, value, &expression));
        QN_TRY(qn__qasm_emit_assign(r, bits->whole - 1, expression));
        qn__qasm_bits_forget(r, bits);
        return QN_OK;
    }
    return spread_bits(r, bits, value, token);
}

/* Numbers. */

qn_status qn__qasm_declare_number(qn__qasm_reader *r, const qn__qasm_token *name, qn_type type, uint32_t width,
                                  qn__qasm_symbol **out)
{
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_declare(r, name, QN__SYMBOL_NUMBER, &symbol));
    symbol->type = type;
    symbol->width = width;
    symbol->cell.state = r->dry > 0 ? QN__CELL_UNKNOWN : QN__CELL_KNOWN;
    symbol->cell.value = qn__qasm_zero(type, width);
    *out = symbol;
    return QN_OK;
}

/* The circuit's variable behind a cell. */
static qn_status ensure_variable(qn__qasm_reader *r, qn__qasm_symbol *symbol, qn__qasm_cell *cell)
{
    if (cell->variable != QN__NONE) {
        return QN_OK;
    }
    uint32_t first = 0;
    if (symbol->level > 0 || symbol->kind == QN__SYMBOL_ARRAY) {
        const uint32_t part = symbol->kind == QN__SYMBOL_ARRAY ? 2 + (uint32_t)(cell - symbol->cells) : 0;
        return qn__qasm_hidden(r, symbol->at, part, symbol->type, symbol->width, &cell->variable, &first);
    }
    const char *text = NULL;
    QN_TRY(text_of(r, symbol->name, &text));
    return add_variable(r, text, symbol->type, symbol->width, 0, symbol->output ? QN_VARIABLE_OUTPUT : 0,
                        &cell->variable);
}

qn_status qn__qasm_cell_promote(qn__qasm_reader *r, qn__qasm_symbol *symbol, qn__qasm_cell *cell)
{
    if (cell->state == QN__CELL_RUNTIME || cell->mirrored || r->dry > 0) {
        return QN_OK;
    }
    QN_TRY(ensure_variable(r, symbol, cell));
    uint32_t expression = 0;
    if (cell->state == QN__CELL_TOKENS) {
        QN_TRY(qn_circuit_add_expression(r->circuit, cell->tokens, cell->ntokens, &expression));
    } else {
        const qn_token token = qn__qasm_literal(&cell->value);
        QN_TRY(qn_circuit_add_expression(r->circuit, &token, 1, &expression));
    }
    QN_TRY(qn__qasm_emit_assign(r, cell->variable, expression));
    cell->mirrored = true;
    return QN_OK;
}

/* Free parameters and numbers only: the value never changes. */
static bool is_timeless(const qn_token *tokens, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].kind == QN_TOKEN_BIT || tokens[i].kind == QN_TOKEN_BITS || tokens[i].kind == QN_TOKEN_VARIABLE) {
            return false;
        }
    }
    return true;
}

qn_status qn__qasm_cell_assign(qn__qasm_reader *r, qn__qasm_symbol *symbol, qn__qasm_cell *cell,
                               qn__qasm_operand *value, const qn__qasm_token *token)
{
    const bool timeless =
        value->kind == QN__OPERAND_TOKENS && is_timeless(r->tokens + value->start, r->ntokens - value->start);
    /* A free parameter keeps its meaning as a real number: rounding it to an angle of so many bits would hide it. */
    if (!(timeless && symbol->type == QN_TYPE_ANGLE && value->type == QN_TYPE_FLOAT)) {
        QN_TRY(qn__qasm_operand_cast(r, value, symbol->type, symbol->width, token));
    }
    if (r->dry > 0) {
        qn__qasm_operand_drop(r, value);
        if (value->kind == QN__OPERAND_CONSTANT && symbol->constant) {
            cell->state = QN__CELL_KNOWN;
            cell->value = value->value;
        } else if (symbol->dry > 0) {
            cell->state = QN__CELL_UNKNOWN;
        }
        return QN_OK;
    }
    const bool mirror = symbol->region < r->region_depth || symbol->output;
    qn__qasm_cell_clear(cell);
    cell->mirrored = false;
    if (value->kind == QN__OPERAND_CONSTANT) {
        cell->state = QN__CELL_KNOWN;
        cell->value = value->value;
        return mirror ? qn__qasm_cell_promote(r, symbol, cell) : QN_OK;
    }
    const size_t count = r->ntokens - value->start;
    if (timeless && !mirror) {
        cell->tokens = qn__alloc(count, sizeof *cell->tokens);
        QN_ALLOC_CHECK(cell->tokens);
        memcpy(cell->tokens, r->tokens + value->start, count * sizeof *cell->tokens);
        cell->ntokens = (uint32_t)count;
        cell->state = QN__CELL_TOKENS;
        qn__qasm_operand_drop(r, value);
        return QN_OK;
    }
    uint32_t expression = 0;
    QN_TRY(ensure_variable(r, symbol, cell));
    QN_TRY(qn__qasm_operand_cast(r, value, symbol->type, symbol->width, token));
    QN_TRY(qn__qasm_operand_expression(r, value, &expression));
    QN_TRY(qn__qasm_emit_assign(r, cell->variable, expression));
    cell->state = QN__CELL_RUNTIME;
    return QN_OK;
}

qn_status qn__qasm_cell_read(qn__qasm_reader *r, const qn__qasm_symbol *symbol, const qn__qasm_cell *cell,
                             qn__qasm_operand *out)
{
    if ((r->dry > 0 && !symbol->constant) || cell->state == QN__CELL_UNKNOWN) {
        qn__qasm_operand_unknown(out, symbol->type, symbol->width);
        return QN_OK;
    }
    *out = (qn__qasm_operand){.type = symbol->type, .width = symbol->width, .start = r->ntokens};
    if (cell->state == QN__CELL_KNOWN) {
        out->kind = QN__OPERAND_CONSTANT;
        out->value = cell->value;
        out->type = cell->value.type;
        out->width = cell->value.width;
        return QN_OK;
    }
    out->kind = QN__OPERAND_TOKENS;
    if (cell->state == QN__CELL_RUNTIME) {
        const qn_token token = {
            .kind = QN_TOKEN_VARIABLE, .type = symbol->type, .width = symbol->width, .index = cell->variable};
        return qn__qasm_token_push(r, &token);
    }
    for (uint32_t i = 0; i < cell->ntokens; i++) {
        QN_TRY(qn__qasm_token_push(r, &cell->tokens[i]));
    }
    if (symbol->type == QN_TYPE_ANGLE) { /* see qn__qasm_cell_assign */
        out->type = QN_TYPE_FLOAT;
        out->width = 64;
    }
    return QN_OK;
}
