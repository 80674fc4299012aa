/* expression_evaluate.c: the value of an expression, with the arithmetic of OpenQASM 3.1: integers wrap, angles are
 * computed on their bits as unsigned numbers, floats are IEEE doubles (rounded to single for float[32]). */
#include <math.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "circuit/expression.h"
#include "circuit/store.h"

static uint64_t mask_of(uint32_t width)
{
    return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

static uint64_t raw(const qn_value *value)
{
    return (uint64_t)value->integer & mask_of(value->width);
}

static void set_bool(qn_value *out, bool value)
{
    *out = (qn_value){.type = QN_TYPE_BOOL, .width = 1};
    out->integer = value;
}

static void set_number(qn_value *out, double number, uint32_t width)
{
    *out = (qn_value){.type = QN_TYPE_FLOAT, .width = width == 32 ? 32 : 64};
    out->number = width == 32 ? (double)(float)number : number;
}

/* The low bits of a result, as a value of the type. */
static void set_raw(qn_value *out, uint64_t bits, qn_type type, uint32_t width)
{
    width = type == QN_TYPE_BOOL ? 1 : width;
    bits &= mask_of(width);
    if (type == QN_TYPE_INT && width > 0 && width < 64 && (bits >> (width - 1) & 1) != 0) {
        bits |= ~mask_of(width);
    }
    *out = (qn_value){.type = type, .width = width};
    out->integer = (int64_t)bits;
}

static qn_status cast(const qn_value *value, qn_type type, uint32_t width, size_t at, qn_value *out)
{
    QN_CHECK(qn_value_cast(value, type, width, out), ERR_NUMERIC,
             "token %zu of an expression: the value %g does not convert to the type it should have", at,
             qn_value_number(value));
    return QN_OK;
}

static uint64_t read_bits(const uint64_t *bits, uint32_t first, uint32_t width)
{
    const uint32_t shift = first % 64;
    uint64_t value = bits[first / 64] >> shift;
    if (shift + width > 64) {
        value |= bits[first / 64 + 1] << (64 - shift);
    }
    return value & mask_of(width);
}

static qn_status leaf(const qn_token *token, size_t at, const qn_classical_state *state, qn_value *out)
{
    switch (token->kind) {
    case QN_TOKEN_INT:
        set_raw(out, (uint64_t)token->integer, token->type, token->width);
        return QN_OK;
    case QN_TOKEN_FLOAT:
        set_number(out, token->number, 64);
        return QN_OK;
    case QN_TOKEN_BOOL:
        set_bool(out, token->integer != 0);
        return QN_OK;
    case QN_TOKEN_BIT:
    case QN_TOKEN_BITS:
        QN_CHECK(state != NULL && state->bits != NULL, ERR_ARGUMENT,
                 "token %zu of an expression reads classical bits, there are none here", at);
        if (token->kind == QN_TOKEN_BIT) {
            set_bool(out, qn__bit(state->bits, token->index));
        } else {
            set_raw(out, read_bits(state->bits, token->index, token->width), QN_TYPE_UINT, token->width);
        }
        return QN_OK;
    case QN_TOKEN_VARIABLE:
        QN_CHECK(state != NULL && state->variables != NULL, ERR_ARGUMENT,
                 "token %zu of an expression reads a variable, there are none here", at);
        *out = state->variables[token->index];
        return QN_OK;
    default:
        QN_CHECK(state != NULL && state->theta != NULL, ERR_ARGUMENT,
                 "token %zu of an expression reads a free parameter, there are none here", at);
        set_number(out, state->theta[token->index], 64);
        return QN_OK;
    }
}

static double function(qn_token_kind kind, double x)
{
    switch (kind) {
    case QN_TOKEN_SIN:
        return sin(x);
    case QN_TOKEN_COS:
        return cos(x);
    case QN_TOKEN_TAN:
        return tan(x);
    case QN_TOKEN_ARCSIN:
        return asin(x);
    case QN_TOKEN_ARCCOS:
        return acos(x);
    case QN_TOKEN_ARCTAN:
        return atan(x);
    case QN_TOKEN_EXP:
        return exp(x);
    case QN_TOKEN_LOG:
        return log(x);
    case QN_TOKEN_SQRT:
        return sqrt(x);
    case QN_TOKEN_FLOOR:
        return floor(x);
    default:
        return ceil(x);
    }
}

static qn_status unary(const qn_token *token, size_t at, qn_value *a)
{
    const qn_type type = token->type;
    const uint32_t width = token->width;
    qn_value x;
    switch (token->kind) {
    case QN_TOKEN_CAST:
        QN_TRY(cast(a, type, width, at, &x));
        *a = x;
        return QN_OK;
    case QN_TOKEN_NOT:
        QN_TRY(cast(a, QN_TYPE_BOOL, 1, at, &x));
        set_bool(a, x.integer == 0);
        return QN_OK;
    case QN_TOKEN_NEGATE:
    case QN_TOKEN_ABS:
        QN_TRY(cast(a, type, width, at, &x));
        if (type == QN_TYPE_FLOAT) {
            set_number(a, token->kind == QN_TOKEN_ABS ? fabs(x.number) : -x.number, width);
        } else if (token->kind == QN_TOKEN_ABS && (type != QN_TYPE_INT || x.integer >= 0)) {
            *a = x;
        } else {
            set_raw(a, UINT64_C(0) - (uint64_t)x.integer, type, width);
        }
        return QN_OK;
    case QN_TOKEN_COMPLEMENT:
        QN_TRY(cast(a, type, width, at, &x));
        set_raw(a, ~(uint64_t)x.integer, type, width);
        return QN_OK;
    case QN_TOKEN_POPCOUNT:
        set_raw(a, qn__popcount(raw(a)), type, width);
        return QN_OK;
    default:
        QN_TRY(cast(a, QN_TYPE_FLOAT, 64, at, &x));
        set_number(a, function(token->kind, x.number), 64);
        return QN_OK;
    }
}

static uint64_t power(uint64_t base, uint64_t exponent)
{
    uint64_t out = 1;
    for (; exponent > 0; exponent >>= 1, base *= base) {
        out = (exponent & 1) != 0 ? out * base : out;
    }
    return out;
}

static double float_operator(qn_token_kind kind, double a, double b)
{
    switch (kind) {
    case QN_TOKEN_ADD:
        return a + b;
    case QN_TOKEN_SUBTRACT:
        return a - b;
    case QN_TOKEN_MULTIPLY:
        return a * b;
    case QN_TOKEN_DIVIDE:
        return a / b;
    case QN_TOKEN_MODULO:
        return fmod(a, b);
    default:
        return pow(a, b);
    }
}

/* Quotient or remainder, towards zero. */
static qn_status divide(const qn_token *token, size_t at, const qn_value *a, const qn_value *b, uint64_t *out)
{
    const bool quotient = token->kind == QN_TOKEN_DIVIDE;
    const uint64_t ua = raw(a), ub = raw(b);
    QN_CHECK(ub != 0, ERR_NUMERIC, "token %zu of an expression divides by zero", at);
    if (token->type != QN_TYPE_INT) {
        *out = quotient ? ua / ub : ua % ub;
    } else if (b->integer == -1) { /* also the one quotient that overflows */
        *out = quotient ? UINT64_C(0) - (uint64_t)a->integer : 0;
    } else {
        *out = (uint64_t)(quotient ? a->integer / b->integer : a->integer % b->integer);
    }
    return QN_OK;
}

/* The raw bits of an integer or angle operation on operands that have their types. */
static qn_status integer_operator(const qn_token *token, size_t at, const qn_value *a, const qn_value *b, uint64_t *out)
{
    const uint64_t ua = (uint64_t)a->integer, ub = (uint64_t)b->integer;
    switch (token->kind) {
    case QN_TOKEN_ADD:
        *out = ua + ub;
        return QN_OK;
    case QN_TOKEN_SUBTRACT:
        *out = ua - ub;
        return QN_OK;
    case QN_TOKEN_MULTIPLY:
        *out = ua * ub;
        return QN_OK;
    case QN_TOKEN_DIVIDE:
    case QN_TOKEN_MODULO:
        return divide(token, at, a, b, out);
    case QN_TOKEN_POWER:
        QN_CHECK(token->type != QN_TYPE_INT || b->integer >= 0, ERR_NUMERIC,
                 "token %zu of an expression raises an integer to the power %lld; expected 0 or more", at,
                 (long long)b->integer);
        *out = power(ua, ub);
        return QN_OK;
    case QN_TOKEN_AND:
        *out = ua & ub;
        return QN_OK;
    case QN_TOKEN_OR:
        *out = ua | ub;
        return QN_OK;
    default:
        *out = ua ^ ub;
        return QN_OK;
    }
}

static bool compare(qn_token_kind kind, const qn_value *a, const qn_value *b)
{
    int less, equal;
    if (a->type == QN_TYPE_FLOAT) {
        less = a->number < b->number;
        equal = a->number == b->number;
        if (isnan(a->number) || isnan(b->number)) {
            return kind == QN_TOKEN_NOT_EQUAL;
        }
    } else if (a->type == QN_TYPE_INT) {
        less = a->integer < b->integer;
        equal = a->integer == b->integer;
    } else {
        less = raw(a) < raw(b);
        equal = raw(a) == raw(b);
    }
    switch (kind) {
    case QN_TOKEN_EQUAL:
        return equal;
    case QN_TOKEN_NOT_EQUAL:
        return !equal;
    case QN_TOKEN_LESS:
        return less;
    case QN_TOKEN_LESS_EQUAL:
        return less || equal;
    case QN_TOKEN_GREATER:
        return !less && !equal;
    default:
        return !less;
    }
}

static qn_status shift(const qn_token *token, size_t at, qn_value *a, const qn_value *b)
{
    qn_value x = {0};
    QN_TRY(cast(a, token->type, token->width, at, &x));
    const uint32_t width = x.width;
    const uint64_t bits = raw(&x);
    if (token->kind == QN_TOKEN_ROTATE_LEFT || token->kind == QN_TOKEN_ROTATE_RIGHT) {
        int64_t left = b->type == QN_TYPE_INT ? b->integer % (int64_t)width : (int64_t)(raw(b) % width);
        left = token->kind == QN_TOKEN_ROTATE_LEFT ? left : -left;
        left = left < 0 ? left + width : left;
        set_raw(a, left == 0 ? bits : bits << left | bits >> (width - left), token->type, width);
        return QN_OK;
    }
    QN_CHECK(b->type != QN_TYPE_INT || b->integer >= 0, ERR_NUMERIC,
             "token %zu of an expression shifts by %lld; expected 0 or more", at, (long long)b->integer);
    const uint64_t by = raw(b);
    if (token->kind == QN_TOKEN_SHIFT_LEFT) {
        set_raw(a, by >= width ? 0 : bits << by, token->type, width);
    } else if (token->type == QN_TYPE_INT) { /* keeps the sign; done on the complement, where zeros come in */
        const uint64_t flip = x.integer < 0 ? UINT64_MAX : 0, magnitude = (uint64_t)x.integer ^ flip;
        set_raw(a, (by >= 64 ? 0 : magnitude >> by) ^ flip, token->type, width);
    } else {
        set_raw(a, by >= width ? 0 : bits >> by, token->type, width);
    }
    return QN_OK;
}

static bool is_shift(qn_token_kind kind)
{
    return kind == QN_TOKEN_SHIFT_LEFT || kind == QN_TOKEN_SHIFT_RIGHT || kind == QN_TOKEN_ROTATE_LEFT ||
           kind == QN_TOKEN_ROTATE_RIGHT;
}

static qn_status binary(const qn_token *token, size_t at, qn_value *a, const qn_value *b)
{
    qn_value x = {0}, y = {0};
    if (is_shift(token->kind)) {
        return shift(token, at, a, b);
    }
    if (token->kind == QN_TOKEN_LOGICAL_AND || token->kind == QN_TOKEN_LOGICAL_OR) {
        QN_TRY(cast(a, QN_TYPE_BOOL, 1, at, &x));
        QN_TRY(cast(b, QN_TYPE_BOOL, 1, at, &y));
        set_bool(a, token->kind == QN_TOKEN_LOGICAL_AND ? x.integer != 0 && y.integer != 0
                                                        : x.integer != 0 || y.integer != 0);
        return QN_OK;
    }
    const bool angles = token->kind == QN_TOKEN_MULTIPLY || token->kind == QN_TOKEN_DIVIDE;
    if (angles && (a->type == QN_TYPE_ANGLE || b->type == QN_TYPE_ANGLE) && token->type != QN_TYPE_FLOAT) {
        x = *a; /* angle * uint, uint * angle, angle / uint, angle / angle: on the bits */
        y = *b;
    } else {
        QN_TRY(cast(a, token->type, token->width, at, &x));
        QN_TRY(cast(b, token->type, token->width, at, &y));
    }
    if (token->kind >= QN_TOKEN_EQUAL && token->kind <= QN_TOKEN_GREATER_EQUAL) {
        set_bool(a, compare(token->kind, &x, &y));
        return QN_OK;
    }
    if (token->type == QN_TYPE_FLOAT) {
        set_number(a, float_operator(token->kind, x.number, y.number), token->width);
        return QN_OK;
    }
    uint64_t bits = 0;
    QN_TRY(integer_operator(token, at, &x, &y, &bits));
    set_raw(a, bits, token->type, token->width);
    return QN_OK;
}

qn_status qn_tokens_evaluate(const qn_token *tokens, size_t count, const qn_classical_state *state, qn_value *out)
{
    QN_CHECK(tokens != NULL && count > 0 && out != NULL, ERR_ARGUMENT,
             "an expression and a place for its value are needed");
    qn_value stack[QN__EXPRESSION_DEPTH];
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t operands = qn__token_operands(tokens[i].kind);
        QN_CHECK(depth >= operands && (operands > 0 || depth < QN__EXPRESSION_DEPTH), ERR_ARGUMENT,
                 "token %zu of an expression needs %u operands, %zu are there", i, operands, depth);
        if (operands == 0) {
            qn_value value = {0};
            QN_TRY(leaf(&tokens[i], i, state, &value));
            stack[depth++] = value;
        } else if (operands == 1) {
            QN_TRY(unary(&tokens[i], i, &stack[depth - 1]));
        } else {
            QN_TRY(binary(&tokens[i], i, &stack[depth - 2], &stack[depth - 1]));
            depth--;
        }
    }
    QN_CHECK(depth == 1, ERR_ARGUMENT, "an expression leaves %zu values, expected one", depth);
    *out = stack[0];
    return QN_OK;
}
