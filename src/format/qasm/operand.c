/* operand.c: values of expressions while they are read: known now, or tokens for the circuit, and the types between. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

const char *qn__qasm_type_name(qn_type type)
{
    static const char *const names[] = {
        "a quantum register", "a bit register", "a bool", "an int", "a uint", "a float", "an angle"};
    return names[type];
}

void qn__qasm_operand_integer(qn__qasm_operand *out, int64_t value)
{
    *out = (qn__qasm_operand){.kind = QN__OPERAND_CONSTANT, .type = QN_TYPE_INT, .width = 64};
    out->value = (qn_value){.type = QN_TYPE_INT, .width = 64};
    out->value.integer = value;
}

void qn__qasm_operand_float(qn__qasm_operand *out, double value)
{
    *out = (qn__qasm_operand){.kind = QN__OPERAND_CONSTANT, .type = QN_TYPE_FLOAT, .width = 64};
    out->value = (qn_value){.type = QN_TYPE_FLOAT, .width = 64};
    out->value.number = value;
}

void qn__qasm_operand_bool(qn__qasm_operand *out, bool value)
{
    *out = (qn__qasm_operand){.kind = QN__OPERAND_CONSTANT, .type = QN_TYPE_BOOL, .width = 1};
    out->value = (qn_value){.type = QN_TYPE_BOOL, .width = 1};
    out->value.integer = value;
}

void qn__qasm_operand_unknown(qn__qasm_operand *out, qn_type type, uint32_t width)
{
    *out = (qn__qasm_operand){.kind = QN__OPERAND_UNKNOWN, .type = type, .width = width};
}

void qn__qasm_operand_drop(qn__qasm_reader *r, const qn__qasm_operand *operand)
{
    if (operand->kind == QN__OPERAND_TOKENS) {
        r->ntokens = operand->start;
    }
}

qn_status qn__qasm_token_push(qn__qasm_reader *r, const qn_token *token)
{
    void *tokens = r->tokens;
    QN_TRY(qn__grow(&tokens, &r->tokens_capacity, r->ntokens + 1, sizeof *r->tokens));
    r->tokens = tokens;
    r->tokens[r->ntokens++] = *token;
    return QN_OK;
}

static qn_status insert(qn__qasm_reader *r, size_t at, const qn_token *token)
{
    QN_TRY(qn__qasm_token_push(r, token));
    memmove(r->tokens + at + 1, r->tokens + at, (r->ntokens - 1 - at) * sizeof *r->tokens);
    r->tokens[at] = *token;
    return QN_OK;
}

qn_status qn__qasm_operand_literal(qn__qasm_reader *r, qn__qasm_operand *operand)
{
    if (operand->kind != QN__OPERAND_CONSTANT) {
        return QN_OK;
    }
    const qn_token token = qn__qasm_literal(&operand->value);
    operand->start = r->ntokens;
    operand->kind = QN__OPERAND_TOKENS;
    return qn__qasm_token_push(r, &token);
}

static qn_status push_unary(qn__qasm_reader *r, qn__qasm_operand *operand, qn_token_kind kind, qn_type type,
                            uint32_t width, const qn__qasm_token *token)
{
    const qn_token operation = {.kind = kind, .type = type, .width = width};
    if (operand->kind == QN__OPERAND_CONSTANT) {
        const qn_token tokens[2] = {qn__qasm_literal(&operand->value), operation};
        return qn__qasm_fold(r, tokens, 2, token, operand);
    }
    return qn__qasm_token_push(r, &operation);
}

/* Bits one by one: b0 | b1 << 1 | ..., for those that do not lie side by side. */
static qn_status gather_bits(qn__qasm_reader *r, const qn__qasm_wires *bits)
{
    for (uint32_t i = 0; i < bits->count; i++) {
        const qn_token bit = {.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = qn__qasm_wire(bits, i)};
        const qn_token cast = {.kind = QN_TOKEN_CAST, .type = QN_TYPE_UINT, .width = bits->count};
        qn_token by = {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 8};
        by.integer = i;
        const qn_token shift = {.kind = QN_TOKEN_SHIFT_LEFT, .type = QN_TYPE_UINT, .width = bits->count};
        const qn_token both = {.kind = QN_TOKEN_OR, .type = QN_TYPE_UINT, .width = bits->count};
        QN_TRY(qn__qasm_token_push(r, &bit));
        QN_TRY(qn__qasm_token_push(r, &cast));
        if (i > 0) {
            QN_TRY(qn__qasm_token_push(r, &by));
            QN_TRY(qn__qasm_token_push(r, &shift));
            QN_TRY(qn__qasm_token_push(r, &both));
        }
    }
    return QN_OK;
}

qn_status qn__qasm_operand_lower(qn__qasm_reader *r, qn__qasm_operand *operand, const qn__qasm_token *token)
{
    if (operand->kind == QN__OPERAND_VOID) {
        return QN_QASM_FAIL(r, token, "a subroutine without a value stands where a value is expected");
    }
    if (operand->kind != QN__OPERAND_BITS) {
        return QN_OK;
    }
    const qn__qasm_wires bits = operand->bits;
    const qn_type type = bits.scalar ? QN_TYPE_BOOL : QN_TYPE_UINT;
    if (bits.count > 64) {
        return QN_QASM_UNSUPPORTED(r, token, "a register of %u bits in an expression is not supported; at most 64 bits",
                                   bits.count);
    }
    if (bits.unknown || r->dry > 0) {
        qn__qasm_operand_unknown(operand, type, bits.count == 0 ? 1 : bits.count);
        return QN_OK;
    }
    bool known = true, aligned = true;
    uint64_t value = 0;
    for (uint32_t i = 0; i < bits.count; i++) {
        const uint32_t bit = qn__qasm_wire(&bits, i);
        known = known && r->bits[bit] < 2;
        value |= (uint64_t)(r->bits[bit] & 1) << i;
        aligned = aligned && bit == qn__qasm_wire(&bits, 0) + i;
    }
    *operand = (qn__qasm_operand){.type = type, .width = bits.count, .start = r->ntokens};
    if (known) {
        operand->kind = QN__OPERAND_CONSTANT;
        operand->value = (qn_value){.type = type, .width = bits.count};
        operand->value.integer = (int64_t)value;
        return QN_OK;
    }
    operand->kind = QN__OPERAND_TOKENS;
    if (!bits.scalar && !aligned) {
        return gather_bits(r, &bits);
    }
    const qn_token read = {.kind = bits.scalar ? QN_TOKEN_BIT : QN_TOKEN_BITS,
                           .type = type,
                           .width = bits.count,
                           .index = qn__qasm_wire(&bits, 0)};
    return qn__qasm_token_push(r, &read);
}

qn_status qn__qasm_operand_cast(qn__qasm_reader *r, qn__qasm_operand *operand, qn_type type, uint32_t width,
                                const qn__qasm_token *token)
{
    QN_TRY(qn__qasm_operand_lower(r, operand, token));
    if (type == QN_TYPE_BITS) {
        type = QN_TYPE_UINT;
    }
    if (operand->type == type && operand->width == width) {
        return QN_OK;
    }
    if (type == QN_TYPE_ANGLE && operand->type != QN_TYPE_FLOAT && operand->type != QN_TYPE_ANGLE &&
        !(operand->type == QN_TYPE_UINT && operand->width == width)) {
        QN_TRY(qn__qasm_operand_cast(r, operand, QN_TYPE_FLOAT, 64, token)); /* in radians, as a literal of version 2 */
    }
    if ((type == QN_TYPE_INT || type == QN_TYPE_UINT) && operand->type == QN_TYPE_ANGLE) {
        if (type == QN_TYPE_INT || operand->width != width) {
            return QN_QASM_FAIL(r, token, "an angle does not convert to %s; expected bit[%u] or uint[%u] of its width",
                                qn__qasm_type_name(type), operand->width, operand->width);
        }
    }
    if (operand->kind == QN__OPERAND_UNKNOWN) {
        qn__qasm_operand_unknown(operand, type, width);
        return QN_OK;
    }
    if (operand->kind == QN__OPERAND_CONSTANT) {
        qn_value value;
        bool done = qn_value_cast(&operand->value, type, width, &value);
        if (!done && type == QN_TYPE_UINT && operand->type == QN_TYPE_ANGLE && operand->width == width) {
            value = operand->value;
            value.type = QN_TYPE_UINT;
            done = true;
        }
        if (!done) {
            return QN_QASM_FAIL(r, token, "%s of this value does not convert to %s", qn__qasm_type_name(operand->type),
                                qn__qasm_type_name(type));
        }
        operand->value = value;
        operand->type = type;
        operand->width = value.width;
        return QN_OK;
    }
    if (type == QN_TYPE_UINT && operand->type == QN_TYPE_ANGLE) {
        const qn_token cast = {.kind = QN_TOKEN_CAST, .type = QN_TYPE_BITS, .width = width};
        QN_TRY(qn__qasm_token_push(r, &cast));
    }
    operand->type = type;
    operand->width = width;
    return push_unary(r, operand, QN_TOKEN_CAST, type, width, token);
}

qn_status qn__qasm_operand_unary(qn__qasm_reader *r, qn_token_kind kind, qn__qasm_operand *operand,
                                 const qn__qasm_token *token)
{
    QN_TRY(qn__qasm_operand_lower(r, operand, token));
    if (kind == QN_TOKEN_NEGATE && operand->type == QN_TYPE_FLOAT && operand->kind == QN__OPERAND_CONSTANT) {
        operand->value.number = -operand->value.number;
        return QN_OK;
    }
    switch (kind) {
    case QN_TOKEN_NOT:
        QN_TRY(qn__qasm_operand_cast(r, operand, QN_TYPE_BOOL, 1, token));
        break;
    case QN_TOKEN_COMPLEMENT:
        if (operand->type == QN_TYPE_BOOL) { /* of one bit: 0 and 1 change places */
            kind = QN_TOKEN_NOT;
        } else if (operand->type == QN_TYPE_FLOAT) {
            return QN_QASM_FAIL(r, token, "'~' of a float; expected bits, an int, a uint or an angle");
        }
        break;
    case QN_TOKEN_NEGATE:
        if (operand->type == QN_TYPE_BOOL) {
            QN_TRY(qn__qasm_operand_cast(r, operand, QN_TYPE_INT, 64, token));
        }
        break;
    default:
        break;
    }
    if (operand->kind == QN__OPERAND_UNKNOWN) {
        return QN_OK;
    }
    return push_unary(r, operand, kind, operand->type, operand->width, token);
}

static bool is_comparison(qn_token_kind kind)
{
    return kind >= QN_TOKEN_EQUAL && kind <= QN_TOKEN_GREATER_EQUAL;
}

/* Integers as in C: the wider one's width; at equal width a uint wins, and against a constant that fits it. */
static void integer_type(const qn__qasm_operand *a, const qn__qasm_operand *b, qn_type *type, uint32_t *width)
{
    const uint32_t wa = a->type == QN_TYPE_BOOL ? 1 : a->width, wb = b->type == QN_TYPE_BOOL ? 1 : b->width;
    *width = wa > wb ? wa : wb;
    const bool ua = a->type == QN_TYPE_UINT, ub = b->type == QN_TYPE_UINT;
    if (a->type == QN_TYPE_BOOL && b->type == QN_TYPE_BOOL) {
        *type = QN_TYPE_INT;
        *width = 64;
        return;
    }
    const bool fits_a = a->kind == QN__OPERAND_CONSTANT && a->value.integer >= 0;
    const bool fits_b = b->kind == QN__OPERAND_CONSTANT && b->value.integer >= 0;
    *type = QN_TYPE_INT;
    if ((ua && (ub || wa >= wb || fits_b || b->type == QN_TYPE_BOOL)) ||
        (ub && (wb >= wa || fits_a || a->type == QN_TYPE_BOOL))) {
        *type = QN_TYPE_UINT;
    }
}

/* The type that both operands get; of ANGLE products the operands keep theirs. */
static qn_status common_type(qn__qasm_reader *r, qn_token_kind kind, const qn__qasm_operand *a,
                             const qn__qasm_operand *b, const qn__qasm_token *token, qn_type *type, uint32_t *width)
{
    const bool angle_a = a->type == QN_TYPE_ANGLE, angle_b = b->type == QN_TYPE_ANGLE;
    const bool float_a = a->type == QN_TYPE_FLOAT, float_b = b->type == QN_TYPE_FLOAT;
    switch (kind) {
    case QN_TOKEN_AND:
    case QN_TOKEN_OR:
    case QN_TOKEN_XOR:
    case QN_TOKEN_SHIFT_LEFT:
    case QN_TOKEN_SHIFT_RIGHT:
        if (float_a || float_b) {
            return QN_QASM_FAIL(r, token, "'%.*s' of a float; expected bits, integers or angles", QN_TEXT(r, token));
        }
        break;
    default:
        break;
    }
    if (kind == QN_TOKEN_SHIFT_LEFT || kind == QN_TOKEN_SHIFT_RIGHT) {
        *type = a->type == QN_TYPE_BOOL ? QN_TYPE_UINT : a->type;
        *width = a->width;
        return QN_OK;
    }
    if (angle_a || angle_b) {
        const uint32_t wide = angle_a && angle_b ? (a->width > b->width ? a->width : b->width)
                              : angle_a          ? a->width
                                                 : b->width;
        *type = QN_TYPE_ANGLE;
        *width = wide;
        if (kind == QN_TOKEN_MULTIPLY || kind == QN_TOKEN_DIVIDE || kind == QN_TOKEN_MODULO || kind == QN_TOKEN_POWER) {
            const bool quotient = angle_a && angle_b && kind == QN_TOKEN_DIVIDE;
            const bool scaled =
                (kind == QN_TOKEN_MULTIPLY && !(angle_a && angle_b)) || (kind == QN_TOKEN_DIVIDE && !angle_b);
            if (quotient) {
                *type = QN_TYPE_UINT;
            } else if (!scaled || float_a || float_b) {
                *type = QN_TYPE_FLOAT;
                *width = 64;
            }
        }
        return QN_OK;
    }
    if (float_a || float_b) {
        *type = QN_TYPE_FLOAT;
        *width = 64;
        return QN_OK;
    }
    if (a->type == QN_TYPE_BOOL && b->type == QN_TYPE_BOOL &&
        (kind == QN_TOKEN_AND || kind == QN_TOKEN_OR || kind == QN_TOKEN_XOR || is_comparison(kind))) {
        *type = QN_TYPE_BOOL;
        *width = 1;
        return QN_OK;
    }
    integer_type(a, b, type, width);
    if (kind == QN_TOKEN_POWER && b->kind == QN__OPERAND_CONSTANT && b->type == QN_TYPE_INT && b->value.integer < 0) {
        *type = QN_TYPE_FLOAT;
        *width = 64;
    }
    return QN_OK;
}

/* Plain arithmetic of gate parameters, the one thing that large files are full of. */
static bool fold_floats(qn_token_kind kind, qn__qasm_operand *left, const qn__qasm_operand *right)
{
    double *a = &left->value.number;
    const double b = right->value.number;
    switch (kind) {
    case QN_TOKEN_ADD:
        *a += b;
        return true;
    case QN_TOKEN_SUBTRACT:
        *a -= b;
        return true;
    case QN_TOKEN_MULTIPLY:
        *a *= b;
        return true;
    case QN_TOKEN_DIVIDE:
        *a /= b;
        return true;
    case QN_TOKEN_POWER:
        *a = pow(*a, b);
        return true;
    default:
        return false;
    }
}

/* Angles take part in ADD and comparisons as angles; integers and floats beside them convert by way of a float. */
static qn_status meet_angle(qn__qasm_reader *r, qn__qasm_operand *operand, size_t boundary, const qn__qasm_token *token)
{
    if (operand->type == QN_TYPE_ANGLE || operand->type == QN_TYPE_FLOAT) {
        return QN_OK;
    }
    if (operand->kind == QN__OPERAND_TOKENS) {
        const qn_token cast = {.kind = QN_TOKEN_CAST, .type = QN_TYPE_FLOAT, .width = 64};
        return insert(r, boundary, &cast);
    }
    return qn__qasm_operand_cast(r, operand, QN_TYPE_FLOAT, 64, token);
}

qn_status qn__qasm_operand_binary(qn__qasm_reader *r, qn_token_kind kind, qn__qasm_operand *left,
                                  qn__qasm_operand *right, const qn__qasm_token *token)
{
    const bool both = left->kind == QN__OPERAND_CONSTANT && right->kind == QN__OPERAND_CONSTANT;
    if (both && left->type == QN_TYPE_FLOAT && right->type == QN_TYPE_FLOAT && fold_floats(kind, left, right)) {
        return QN_OK;
    }
    QN_TRY(qn__qasm_operand_lower(r, right, token));
    if (kind == QN_TOKEN_LOGICAL_AND || kind == QN_TOKEN_LOGICAL_OR) {
        const bool ends = kind == QN_TOKEN_LOGICAL_OR;
        if (left->kind == QN__OPERAND_CONSTANT &&
            (left->value.type == QN_TYPE_FLOAT ? left->value.number != 0 : left->value.integer != 0) == ends) {
            qn__qasm_operand_drop(r, right);
            qn__qasm_operand_bool(left, ends);
            return QN_OK;
        }
    }
    qn_type type = QN_TYPE_BOOL;
    uint32_t width = 1;
    if (kind != QN_TOKEN_LOGICAL_AND && kind != QN_TOKEN_LOGICAL_OR) {
        QN_TRY(common_type(r, kind, left, right, token, &type, &width));
    }
    const bool truth = is_comparison(kind) || kind == QN_TOKEN_LOGICAL_AND || kind == QN_TOKEN_LOGICAL_OR;
    if (left->kind == QN__OPERAND_UNKNOWN || right->kind == QN__OPERAND_UNKNOWN) {
        qn__qasm_operand_drop(r, right);
        qn__qasm_operand_drop(r, left);
        qn__qasm_operand_unknown(left, truth ? QN_TYPE_BOOL : type, truth ? 1 : width);
        return QN_OK;
    }
    qn_token operation = {.kind = kind, .type = type, .width = width};
    if (type == QN_TYPE_ANGLE && (kind == QN_TOKEN_ADD || kind == QN_TOKEN_SUBTRACT || is_comparison(kind))) {
        const size_t boundary = right->kind == QN__OPERAND_TOKENS ? right->start : r->ntokens;
        const size_t before = r->ntokens;
        QN_TRY(meet_angle(r, left, boundary, token));
        right->start += r->ntokens - before;
        QN_TRY(meet_angle(r, right, r->ntokens, token));
    }
    if (type == QN_TYPE_BOOL && kind <= QN_TOKEN_XOR) { /* of single bits */
        operation.kind = kind == QN_TOKEN_AND  ? QN_TOKEN_LOGICAL_AND
                         : kind == QN_TOKEN_OR ? QN_TOKEN_LOGICAL_OR
                                               : QN_TOKEN_NOT_EQUAL;
    }
    if (left->kind == QN__OPERAND_CONSTANT && right->kind == QN__OPERAND_CONSTANT) {
        const qn_token tokens[3] = {qn__qasm_literal(&left->value), qn__qasm_literal(&right->value), operation};
        return qn__qasm_fold(r, tokens, 3, token, left);
    }
    if (left->kind == QN__OPERAND_CONSTANT) {
        const qn_token literal = qn__qasm_literal(&left->value);
        left->start = right->start;
        QN_TRY(insert(r, right->start, &literal));
    } else {
        QN_TRY(qn__qasm_operand_literal(r, right));
    }
    left->kind = QN__OPERAND_TOKENS;
    left->type = truth ? QN_TYPE_BOOL : type;
    left->width = truth ? 1 : width;
    return qn__qasm_token_push(r, &operation);
}

qn_status qn__qasm_operand_expression(qn__qasm_reader *r, qn__qasm_operand *operand, uint32_t *expression)
{
    QN_TRY(qn__qasm_operand_literal(r, operand));
    const qn_status status =
        qn_circuit_add_expression(r->circuit, r->tokens + operand->start, r->ntokens - operand->start, expression);
    qn__qasm_operand_drop(r, operand);
    if (status == QN_ERR_TOO_LARGE) {
        return QN_QASM_LARGE(r, &r->token, "the expression before this is too large: %.200s", qn_last_error()->message);
    }
    return status;
}

qn_status qn__qasm_operand_index(qn__qasm_reader *r, qn__qasm_operand *operand, const qn__qasm_token *token,
                                 const char *what, int64_t *out, bool *known)
{
    QN_TRY(qn__qasm_operand_lower(r, operand, token));
    *out = 0;
    *known = operand->kind == QN__OPERAND_CONSTANT;
    if (operand->type == QN_TYPE_FLOAT || operand->type == QN_TYPE_ANGLE) {
        const double number = operand->kind == QN__OPERAND_CONSTANT ? qn_value_number(&operand->value) : 0;
        if (!(number == floor(number) && fabs(number) < 0x1p53) || operand->type == QN_TYPE_ANGLE || !r->version2) {
            return QN_QASM_FAIL(r, token, "%s is %s; expected a whole number", what, qn__qasm_type_name(operand->type));
        }
        *out = (int64_t)number;
        return QN_OK;
    }
    if (operand->kind == QN__OPERAND_TOKENS) {
        qn__qasm_operand_drop(r, operand);
        return QN_QASM_UNSUPPORTED(
            r, token,
            "%s depends on a measurement or a free parameter, which is not supported; expected a "
            "number that is known when the program is read",
            what);
    }
    if (*known) {
        *out = operand->value.integer;
        if (operand->type == QN_TYPE_UINT && *out < 0) {
            return QN_QASM_LARGE(r, token, "%s is over 2^63; expected less", what);
        }
    }
    return QN_OK;
}
