/* function.c: the functions that the languages bring along. */
#include "format/qasm/reader.h"

typedef struct row {
    uint32_t name;
    unsigned versions; /* 2, 3, 23 */
    unsigned arguments;
    qn_token_kind kind;
} row;

static const row rows[] = {
    {QN__NAME_SIN, 23, 1, QN_TOKEN_SIN},
    {QN__NAME_COS, 23, 1, QN_TOKEN_COS},
    {QN__NAME_TAN, 23, 1, QN_TOKEN_TAN},
    {QN__NAME_EXP, 23, 1, QN_TOKEN_EXP},
    {QN__NAME_LN, 2, 1, QN_TOKEN_LOG},
    {QN__NAME_SQRT, 23, 1, QN_TOKEN_SQRT},
    {QN__NAME_ASIN, 2, 1, QN_TOKEN_ARCSIN},
    {QN__NAME_ACOS, 2, 1, QN_TOKEN_ARCCOS},
    {QN__NAME_ATAN, 2, 1, QN_TOKEN_ARCTAN},
    {QN__NAME_ARCSIN, 3, 1, QN_TOKEN_ARCSIN},
    {QN__NAME_ARCCOS, 3, 1, QN_TOKEN_ARCCOS},
    {QN__NAME_ARCTAN, 3, 1, QN_TOKEN_ARCTAN},
    {QN__NAME_LOG, 3, 1, QN_TOKEN_LOG},
    {QN__NAME_FLOOR, 3, 1, QN_TOKEN_FLOOR},
    {QN__NAME_CEILING, 3, 1, QN_TOKEN_CEILING},
    {QN__NAME_ABS, 3, 1, QN_TOKEN_ABS},
    {QN__NAME_MOD, 3, 2, QN_TOKEN_MODULO},
    {QN__NAME_POPCOUNT, 3, 1, QN_TOKEN_POPCOUNT},
    {QN__NAME_ROTL, 3, 2, QN_TOKEN_ROTATE_LEFT},
    {QN__NAME_ROTR, 3, 2, QN_TOKEN_ROTATE_RIGHT},
    {QN__NAME_KEYWORD_POW, 3, 2, QN_TOKEN_POWER},
    {QN__NAME_SIZEOF, 3, 1, QN_TOKEN_INT},
    {QN__NAME_REAL, 3, 1, QN_TOKEN_INT},
    {QN__NAME_IMAG, 3, 1, QN_TOKEN_INT},
};

static const row *find(const qn__qasm_reader *r, uint32_t name)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].name == name && (rows[i].versions == 23 || (rows[i].versions == 2) == r->version2)) {
            return &rows[i];
        }
    }
    return NULL;
}

bool qn__qasm_is_function(const qn__qasm_reader *r, uint32_t name)
{
    return find(r, name) != NULL;
}

static qn_status of_one(qn__qasm_reader *r, qn_token_kind kind, qn__qasm_operand *value, const qn__qasm_token *name)
{
    QN_TRY(qn__qasm_operand_lower(r, value, name));
    if (kind == QN_TOKEN_POPCOUNT) {
        if (value->type == QN_TYPE_BOOL) {
            QN_TRY(qn__qasm_operand_cast(r, value, QN_TYPE_UINT, 1, name));
        }
        if (value->type != QN_TYPE_UINT && value->type != QN_TYPE_INT) {
            return QN_QASM_FAIL(r, name, "popcount of %s; expected bits or a uint", qn__qasm_type_name(value->type));
        }
    } else if (kind != QN_TOKEN_ABS || value->type == QN_TYPE_BOOL || value->type == QN_TYPE_ANGLE) {
        QN_TRY(qn__qasm_operand_cast(r, value, QN_TYPE_FLOAT, 64, name));
    }
    if (value->kind == QN__OPERAND_UNKNOWN) {
        return QN_OK;
    }
    const qn_token operation = {.kind = kind, .type = value->type, .width = value->width};
    if (value->kind == QN__OPERAND_CONSTANT) {
        const qn_token tokens[2] = {qn__qasm_literal(&value->value), operation};
        return qn__qasm_fold(r, tokens, 2, name, value);
    }
    return qn__qasm_token_push(r, &operation);
}

static qn_status rotate(qn__qasm_reader *r, qn_token_kind kind, qn__qasm_operand *value, qn__qasm_operand *by,
                        const qn__qasm_token *name)
{
    if (value->type == QN_TYPE_FLOAT || value->type == QN_TYPE_BOOL || by->type == QN_TYPE_FLOAT ||
        by->type == QN_TYPE_ANGLE) {
        return QN_QASM_FAIL(r, name, "'%.*s' of these types; expected bits or a uint, and an int", QN_TEXT(r, name));
    }
    if (value->kind == QN__OPERAND_UNKNOWN || by->kind == QN__OPERAND_UNKNOWN) {
        qn__qasm_operand_drop(r, by);
        qn__qasm_operand_drop(r, value);
        qn__qasm_operand_unknown(value, value->type, value->width);
        return QN_OK;
    }
    const qn_token operation = {.kind = kind, .type = value->type, .width = value->width};
    if (value->kind == QN__OPERAND_CONSTANT && by->kind == QN__OPERAND_CONSTANT) {
        const qn_token tokens[3] = {qn__qasm_literal(&value->value), qn__qasm_literal(&by->value), operation};
        return qn__qasm_fold(r, tokens, 3, name, value);
    }
    if (value->kind == QN__OPERAND_CONSTANT) {
        return QN_QASM_UNSUPPORTED(r, name,
                                   "rotating a constant by a value that depends on a measurement is not supported");
    }
    QN_TRY(qn__qasm_operand_literal(r, by));
    return qn__qasm_token_push(r, &operation);
}

/* sizeof(array) or sizeof(array, 0). */
static qn_status size_of(qn__qasm_reader *r, qn__qasm_operand *out)
{
    const qn__qasm_token token = r->token;
    QN_TRY(qn__qasm_expect(r, QN__QT_NAME, "of an array in sizeof"));
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_find(r, &token, "name", &symbol));
    uint32_t count = symbol->count;
    if (symbol->kind == QN__SYMBOL_BITS || symbol->kind == QN__SYMBOL_QUBITS) {
        count = symbol->wires.count;
    } else if (symbol->kind != QN__SYMBOL_ARRAY) {
        return QN_QASM_FAIL(r, &token, "sizeof of %s; expected an array or a register", qn__qasm_symbol_noun(symbol));
    }
    if (qn__qasm_accept(r, QN__QT_COMMA)) {
        const qn__qasm_token at = r->token;
        qn__qasm_operand dimension;
        int64_t d = 0;
        bool known = false;
        QN_TRY(qn__qasm_read_expression(r, &dimension));
        QN_TRY(qn__qasm_operand_index(r, &dimension, &at, "the dimension", &d, &known));
        if (known && d != 0) {
            return QN_QASM_FAIL(r, &at, "dimension %lld of an array of one; expected 0", (long long)d);
        }
    }
    qn__qasm_operand_integer(out, count);
    out->type = out->value.type = QN_TYPE_UINT;
    return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the array");
}

qn_status qn__qasm_function(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_operand *out)
{
    const row *function = find(r, name->name);
    QN_ASSERT(function != NULL);
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_ROUND, "after the function"));
    if (name->name == QN__NAME_REAL || name->name == QN__NAME_IMAG) {
        return QN_QASM_UNSUPPORTED(r, name, "complex numbers are not supported");
    }
    if (name->name == QN__NAME_SIZEOF) {
        return size_of(r, out);
    }
    QN_TRY(qn__qasm_read_expression(r, out));
    if (function->arguments == 1) {
        QN_TRY(of_one(r, function->kind, out, name));
        return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the argument");
    }
    QN_TRY(qn__qasm_operand_lower(r, out, name));
    QN_TRY(qn__qasm_expect(r, QN__QT_COMMA, "and the second argument"));
    qn__qasm_operand second;
    QN_TRY(qn__qasm_read_expression(r, &second));
    QN_TRY(qn__qasm_operand_lower(r, &second, name));
    QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the arguments"));
    if (function->kind == QN_TOKEN_ROTATE_LEFT || function->kind == QN_TOKEN_ROTATE_RIGHT) {
        return rotate(r, function->kind, out, &second, name);
    }
    return qn__qasm_operand_binary(r, function->kind, out, &second, name);
}
