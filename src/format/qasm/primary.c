/* primary.c: what an expression is made of: literals, constants, variables, indices, casts, calls. */
#include <string.h>

#include "format/qasm/reader.h"

static const double PI = 3.14159265358979323846, EULER = 2.71828182845904523536;

qn_status qn__qasm_bit_string(qn__qasm_reader *r, const qn__qasm_token *token, uint64_t *value, uint32_t *width)
{
    const char *text = qn__qasm_text_at(r, token->at);
    *value = 0;
    *width = 0;
    for (size_t i = 1; i + 1 < token->length; i++) {
        if (text[i] == '_') {
            continue;
        }
        if (text[i] != '0' && text[i] != '1') {
            return QN_QASM_FAIL(r, token, "a string of something else than bits; expected 0 and 1, as in \"0101\"");
        }
        if (*width == 64) {
            return QN_QASM_UNSUPPORTED(r, token, "a bit string of over 64 bits is not supported");
        }
        *value = *value << 1 | (uint64_t)(text[i] == '1');
        ++*width;
    }
    return *width > 0 ? QN_OK : QN_QASM_FAIL(r, token, "an empty bit string; expected 0 and 1, as in \"0101\"");
}

static qn_status integer_literal(qn__qasm_reader *r, qn__qasm_operand *out)
{
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    if (r->version2) {
        qn__qasm_operand_float(out, (double)token.integer);
        return QN_OK;
    }
    if (token.integer <= INT64_MAX) {
        qn__qasm_operand_integer(out, (int64_t)token.integer);
        return QN_OK;
    }
    qn__qasm_operand_integer(out, (int64_t)token.integer);
    out->type = out->value.type = QN_TYPE_UINT;
    return QN_OK;
}

/* int[8](x), bool(x), float(x), angle[4](x), bit[3](x). */
static qn_status cast_call(qn__qasm_reader *r, qn__qasm_operand *out)
{
    const qn__qasm_token token = r->token;
    qn__qasm_parsed_type type;
    QN_TRY(qn__qasm_type(r, &type));
    if (type.is_array || type.type == QN_TYPE_QUBITS) {
        return QN_QASM_FAIL(r, &token, "a cast to this type; expected bool, bit, int, uint, float or angle");
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "of the cast"));
    QN_TRY(qn__qasm_read_expression(r, out));
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the value of the cast"));
    QN_TRY(qn__qasm_operand_lower(r, out, &token));
    if (type.type == QN_TYPE_BITS && !type.scalar) {
        if (type.width > 64) {
            return QN_QASM_UNSUPPORTED(r, &token, "a cast to over 64 bits is not supported");
        }
        if (out->type == QN_TYPE_FLOAT) {
            return QN_QASM_FAIL(r, &token, "a float does not convert to bits; expected an int, a uint or an angle");
        }
        return qn__qasm_operand_cast(r, out, QN_TYPE_UINT, type.width, &token);
    }
    return qn__qasm_operand_cast(r, out, type.type == QN_TYPE_BITS ? QN_TYPE_BOOL : type.type, type.width, &token);
}

/* value[k] or value[a:b] of an int, uint or angle: its bits. The current token is '['. */
static qn_status number_bits(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_operand *out)
{
    if (out->type == QN_TYPE_FLOAT || out->type == QN_TYPE_BOOL) {
        return QN_QASM_FAIL(r, name, "'%.*s' is %s, which has no index", QN_TEXT(r, name),
                            qn__qasm_type_name(out->type));
    }
    const uint32_t width = out->width;
    const qn__qasm_token at = r->token;
    qn__qasm_advance(r);
    qn__qasm_operand index;
    QN_TRY(qn__qasm_read_expression(r, &index));
    QN_TRY(qn__qasm_operand_lower(r, &index, &at));
    if (qn__qasm_at(r, QN__QT_COLON)) {
        return QN_QASM_UNSUPPORTED(r, &r->token,
                                   "a slice of the bits of a number is not supported; expected one index");
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the index"));
    if (index.kind == QN__OPERAND_CONSTANT) {
        if (index.value.integer < 0 && index.type == QN_TYPE_INT) {
            index.value.integer += width;
        }
        if (index.type == QN_TYPE_FLOAT || index.value.integer < 0 || index.value.integer >= (int64_t)width) {
            return QN_QASM_FAIL(r, &at, "bit outside of '%.*s'; expected 0 to %u", QN_TEXT(r, name), width - 1);
        }
    }
    if (out->type == QN_TYPE_ANGLE || out->type == QN_TYPE_INT) {
        /* The bits as they are; the index stands behind them on the stack. */
        if (out->kind == QN__OPERAND_TOKENS && index.kind == QN__OPERAND_TOKENS) {
            return QN_QASM_UNSUPPORTED(r, &at, "an index that depends on a measurement is not supported here");
        }
        if (out->kind == QN__OPERAND_CONSTANT) {
            out->value.type = out->type = QN_TYPE_UINT;
            out->value.integer &= width == 64 ? INT64_MAX | INT64_MIN : (int64_t)((UINT64_C(1) << width) - 1);
        } else {
            QN_TRY(qn__qasm_operand_cast(r, out, QN_TYPE_UINT, width, &at));
        }
    }
    QN_TRY(qn__qasm_operand_binary(r, QN_TOKEN_SHIFT_RIGHT, out, &index, &at));
    qn__qasm_operand one;
    qn__qasm_operand_integer(&one, 1);
    one.type = one.value.type = QN_TYPE_UINT;
    QN_TRY(qn__qasm_operand_binary(r, QN_TOKEN_AND, out, &one, &at));
    return qn__qasm_operand_cast(r, out, QN_TYPE_BOOL, 1, &at);
}

static qn_status array_element(qn__qasm_reader *r, const qn__qasm_token *name, const qn__qasm_symbol *symbol,
                               qn__qasm_operand *out)
{
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_SQUARE, "after an array; whole arrays have no value in an expression"));
    const qn__qasm_token at = r->token;
    qn__qasm_operand index;
    int64_t k = 0;
    bool known = false;
    QN_TRY(qn__qasm_read_expression(r, &index));
    QN_TRY(qn__qasm_operand_index(r, &index, &at, "the index of an array", &k, &known));
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the index"));
    if (!known) {
        qn__qasm_operand_unknown(out, symbol->type, symbol->width);
        return QN_OK;
    }
    k = k < 0 ? k + symbol->count : k;
    if (k < 0 || k >= (int64_t)symbol->count) {
        return QN_QASM_FAIL(r, &at, "index outside of '%.*s'; expected 0 to %u", QN_TEXT(r, name), symbol->count - 1);
    }
    return qn__qasm_cell_read(r, symbol, &symbol->cells[k], out);
}

static qn_status variable(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_operand *out)
{
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_find(r, name, r->in_gate ? "parameter" : "name", &symbol));
    if (symbol->level == 0 && !symbol->constant &&
        (symbol->kind == QN__SYMBOL_NUMBER || symbol->kind == QN__SYMBOL_ARRAY || symbol->kind == QN__SYMBOL_BITS) &&
        (r->in_gate || r->in_subroutine)) {
        return QN_QASM_FAIL(r, name,
                            "'%.*s' is %s of the program; expected a parameter or a constant in the body of %s",
                            QN_TEXT(r, name), qn__qasm_symbol_noun(symbol), r->in_gate ? "a gate" : "a subroutine");
    }
    switch (symbol->kind) {
    case QN__SYMBOL_NUMBER:
        QN_TRY(qn__qasm_cell_read(r, symbol, &symbol->cell, out));
        return qn__qasm_at(r, QN__QT_LEFT_SQUARE) ? number_bits(r, name, out) : QN_OK;
    case QN__SYMBOL_ARRAY:
        QN_TRY(array_element(r, name, symbol, out));
        return qn__qasm_at(r, QN__QT_LEFT_SQUARE) ? number_bits(r, name, out) : QN_OK;
    case QN__SYMBOL_BITS: {
        *out = (qn__qasm_operand){.kind = QN__OPERAND_BITS, .type = QN_TYPE_BITS, .bits = symbol->wires};
        QN_TRY(qn__qasm_at(r, QN__QT_LEFT_SQUARE) ? qn__qasm_index(r, name, &out->bits) : QN_OK);
        out->width = out->bits.count;
        return QN_OK;
    }
    case QN__SYMBOL_SUBROUTINE:
        if (qn__qasm_at(r, QN__QT_LEFT_ROUND)) {
            return qn__qasm_subroutine_call(r, name, symbol, out);
        }
        return QN_QASM_FAIL(r, name, "'%.*s' is a subroutine; expected '(' and its arguments", QN_TEXT(r, name));
    default:
        return QN_QASM_FAIL(r, name, "'%.*s' is %s, which has no value; expected a number or a bit", QN_TEXT(r, name),
                            qn__qasm_symbol_noun(symbol));
    }
}

static qn_status named(qn__qasm_reader *r, qn__qasm_operand *out)
{
    const qn__qasm_token name = r->token;
    const bool hidden = qn__qasm_lookup(r, name.name) != NULL; /* a program's own name wins */
    qn__qasm_advance(r);
    if (!hidden) {
        switch (name.name) {
        case QN__NAME_PI:
            qn__qasm_operand_float(out, PI);
            return QN_OK;
        case QN__NAME_PI_LETTER:
        case QN__NAME_TAU:
        case QN__NAME_TAU_LETTER:
        case QN__NAME_EULER:
        case QN__NAME_EULER_LETTER:
            if (!r->version2) {
                qn__qasm_operand_float(out, name.name == QN__NAME_PI_LETTER                                 ? PI
                                            : name.name == QN__NAME_TAU || name.name == QN__NAME_TAU_LETTER ? 2 * PI
                                                                                                            : EULER);
                return QN_OK;
            }
            break;
        default:
            if (qn__qasm_at(r, QN__QT_LEFT_ROUND) && qn__qasm_is_function(r, name.name)) {
                return qn__qasm_function(r, &name, out);
            }
            break;
        }
    }
    return variable(r, &name, out);
}

qn_status qn__qasm_primary(qn__qasm_reader *r, qn__qasm_operand *out)
{
    const qn__qasm_token token = r->token;
    switch (token.kind) {
    case QN__QT_INTEGER:
        return integer_literal(r, out);
    case QN__QT_FLOAT:
        qn__qasm_advance(r);
        qn__qasm_operand_float(out, token.number);
        return QN_OK;
    case QN__QT_NAME:
        return named(r, out);
    case QN__QT_LEFT_ROUND:
        qn__qasm_advance(r);
        QN_TRY(qn__qasm_read_expression(r, out));
        return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "to close the bracket");
    case QN__QT_TRUE:
    case QN__QT_FALSE:
        qn__qasm_advance(r);
        qn__qasm_operand_bool(out, token.kind == QN__QT_TRUE);
        return QN_OK;
    case QN__QT_STRING:
        if (!r->version2) {
            uint64_t value = 0;
            uint32_t width = 0;
            QN_TRY(qn__qasm_bit_string(r, &token, &value, &width));
            qn__qasm_advance(r);
            qn__qasm_operand_integer(out, (int64_t)value);
            out->type = out->value.type = QN_TYPE_UINT;
            out->width = out->value.width = width;
            return QN_OK;
        }
        break;
    case QN__QT_POW:
        qn__qasm_advance(r);
        return qn__qasm_function(r, &token, out);
    case QN__QT_BOOL:
    case QN__QT_BIT:
    case QN__QT_INT:
    case QN__QT_UINT:
    case QN__QT_FLOAT_TYPE:
    case QN__QT_ANGLE:
        return cast_call(r, out);
    case QN__QT_MEASURE:
        return QN_QASM_FAIL(r, &token,
                            "a measurement inside an expression; expected it alone behind '=', as in c = "
                            "measure q;");
    case QN__QT_IMAGINARY:
    case QN__QT_COMPLEX:
        return QN_QASM_UNSUPPORTED(r, &token, "complex numbers are not supported");
    case QN__QT_DURATION:
    case QN__QT_DURATIONOF:
        return QN_QASM_UNSUPPORTED(r, &token,
                                   "durations in expressions are not supported; only delay[100ns] and the like");
    case QN__QT_PHYSICAL:
        return QN_QASM_FAIL(r, &token, "a qubit has no value; expected a number or a bit");
    default:
        break;
    }
    return qn__qasm_expected(r, "an expression");
}
