/* assign.c: x = ..., x += ..., c[0] = measure q[0]. */
#include "format/qasm/reader.h"

bool qn__qasm_is_assignment(qn__qasm_token_kind kind)
{
    return kind >= QN__QT_ASSIGN && kind <= QN__QT_TILDE_ASSIGN;
}

/* The operator of "+=" and the like; false for a plain "=". */
static bool compound(qn__qasm_token_kind kind, qn_token_kind *out)
{
    static const struct {
        qn__qasm_token_kind mark;
        qn_token_kind kind;
    } rows[] = {{QN__QT_PLUS_ASSIGN, QN_TOKEN_ADD},
                {QN__QT_MINUS_ASSIGN, QN_TOKEN_SUBTRACT},
                {QN__QT_STAR_ASSIGN, QN_TOKEN_MULTIPLY},
                {QN__QT_SLASH_ASSIGN, QN_TOKEN_DIVIDE},
                {QN__QT_PERCENT_ASSIGN, QN_TOKEN_MODULO},
                {QN__QT_POWER_ASSIGN, QN_TOKEN_POWER},
                {QN__QT_AND_ASSIGN, QN_TOKEN_AND},
                {QN__QT_OR_ASSIGN, QN_TOKEN_OR},
                {QN__QT_XOR_ASSIGN, QN_TOKEN_XOR},
                {QN__QT_SHIFT_LEFT_ASSIGN, QN_TOKEN_SHIFT_LEFT},
                {QN__QT_SHIFT_RIGHT_ASSIGN, QN_TOKEN_SHIFT_RIGHT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].mark == kind) {
            *out = rows[i].kind;
            return true;
        }
    }
    return false;
}

/* The right side; `current` is the value so far, for compound assignments. */
static qn_status right_side(qn__qasm_reader *r, const qn__qasm_token *mark, qn__qasm_operand *current, bool reads,
                            qn__qasm_operand *value)
{
    qn_token_kind kind = QN_TOKEN_ADD;
    const bool combines = compound(mark->kind, &kind);
    if (mark->kind == QN__QT_TILDE_ASSIGN) {
        return QN_QASM_FAIL(r, mark, "'~=' is no assignment; expected '=' and '~' before the value");
    }
    const qn__qasm_token at = r->token;
    QN_TRY(qn__qasm_read_expression(r, value));
    if (combines && reads) {
        QN_TRY(qn__qasm_operand_lower(r, value, &at));
        QN_TRY(qn__qasm_operand_binary(r, kind, current, value, mark));
        *value = *current;
    }
    return qn__qasm_expect(r, QN__QT_SEMICOLON, "after the assignment");
}

static qn_status assign_bits(qn__qasm_reader *r, const qn__qasm_token *name, const qn__qasm_symbol *symbol)
{
    qn__qasm_wires bits = symbol->wires;
    while (qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        QN_TRY(qn__qasm_index(r, name, &bits));
    }
    const qn__qasm_token mark = r->token;
    if (!qn__qasm_is_assignment(mark.kind)) {
        return qn__qasm_expected(r, "'=' and a value");
    }
    qn__qasm_advance(r);
    const qn__qasm_token at = r->token;
    if (mark.kind == QN__QT_ASSIGN && qn__qasm_at(r, QN__QT_MEASURE)) {
        qn__qasm_wires qubits;
        QN_TRY(qn__qasm_measured_qubits(r, &qubits));
        QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the measurement"));
        return qn__qasm_measure_into(r, &at, &qubits, &bits);
    }
    qn__qasm_operand current = {.kind = QN__OPERAND_BITS, .type = QN_TYPE_BITS, .width = bits.count, .bits = bits};
    qn__qasm_operand value = {0};
    if (mark.kind != QN__QT_ASSIGN) {
        QN_TRY(qn__qasm_operand_lower(r, &current, &mark));
    }
    QN_TRY(right_side(r, &mark, &current, mark.kind != QN__QT_ASSIGN, &value));
    if (at.kind == QN__QT_STRING && value.kind == QN__OPERAND_CONSTANT && value.type == QN_TYPE_UINT &&
        mark.kind == QN__QT_ASSIGN && value.width != bits.count && !bits.unknown) {
        return QN_QASM_FAIL(r, &at, "a string of %u bits for %u; expected as many", value.width, bits.count);
    }
    return qn__qasm_bits_assign(r, &bits, &value, &at);
}

static qn_status assign_number(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_symbol *symbol)
{
    qn__qasm_cell *cell = &symbol->cell;
    bool known = true;
    if (symbol->kind == QN__SYMBOL_ARRAY) {
        if (!qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
            return QN_QASM_UNSUPPORTED(r, name, "assignments to whole arrays are not supported; expected an index");
        }
        qn__qasm_advance(r);
        const qn__qasm_token at = r->token;
        qn__qasm_operand index;
        int64_t k = 0;
        QN_TRY(qn__qasm_read_expression(r, &index));
        QN_TRY(qn__qasm_operand_index(r, &index, &at, "the index of an array", &k, &known));
        QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the index"));
        k = k < 0 ? k + symbol->count : k;
        if (known && (k < 0 || k >= (int64_t)symbol->count)) {
            return QN_QASM_FAIL(r, &at, "index outside of '%.*s'; expected 0 to %u", QN_TEXT(r, name),
                                symbol->count - 1);
        }
        cell = &symbol->cells[known ? k : 0];
    } else if (qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        return QN_QASM_UNSUPPORTED(r, &r->token, "assignments to single bits of a number are not supported");
    }
    const qn__qasm_token mark = r->token;
    if (!qn__qasm_is_assignment(mark.kind)) {
        return qn__qasm_expected(r, "'=' and a value");
    }
    qn__qasm_advance(r);
    const qn__qasm_token at = r->token;
    if (qn__qasm_at(r, QN__QT_MEASURE)) {
        return QN_QASM_FAIL(r, &at, "a measurement into '%.*s', %s; expected a bit", QN_TEXT(r, name),
                            qn__qasm_symbol_noun(symbol));
    }
    qn__qasm_operand current, value;
    if (mark.kind != QN__QT_ASSIGN) {
        QN_TRY(qn__qasm_cell_read(r, symbol, cell, &current));
    }
    QN_TRY(right_side(r, &mark, &current, mark.kind != QN__QT_ASSIGN, &value));
    QN_TRY(qn__qasm_operand_lower(r, &value, &at));
    return qn__qasm_cell_assign(r, symbol, cell, &value, &at);
}

qn_status qn__qasm_assignment(qn__qasm_reader *r, qn__qasm_symbol *symbol)
{
    const qn__qasm_token name = r->token;
    qn__qasm_advance(r);
    if (r->in_gate) {
        return QN_QASM_FAIL(r, &name, "an assignment in the body of a gate; expected gates only");
    }
    if (symbol->constant) {
        return QN_QASM_FAIL(r, &name, "'%.*s' is a constant; expected a variable", QN_TEXT(r, &name));
    }
    if (symbol->level == 0 && r->in_subroutine) {
        return QN_QASM_FAIL(r, &name,
                            "'%.*s' is %s of the program; expected a parameter or local variable in the body "
                            "of a subroutine",
                            QN_TEXT(r, &name), qn__qasm_symbol_noun(symbol));
    }
    return symbol->kind == QN__SYMBOL_BITS ? assign_bits(r, &name, symbol) : assign_number(r, &name, symbol);
}
