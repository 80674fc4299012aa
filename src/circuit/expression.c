/* expression.c: expressions of a circuit: checked for types, balance and ranges once, kept in a pool. */
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/expression.h"
#include "circuit/store.h"

typedef struct kind {
    qn_type type;
    uint32_t width;
} kind;

static const kind BOOL = {QN_TYPE_BOOL, 1}, FLOAT = {QN_TYPE_FLOAT, 64};

static const char *type_text(kind k)
{
    static const char *const names[] = {"qubits", "bit", "bool", "int", "uint", "float", "angle"};
    return (unsigned)k.type < sizeof names / sizeof names[0] ? names[k.type] : "unknown type";
}

uint32_t qn__token_operands(qn_token_kind token)
{
    switch (token) {
    case QN_TOKEN_INT:
    case QN_TOKEN_FLOAT:
    case QN_TOKEN_BOOL:
    case QN_TOKEN_BIT:
    case QN_TOKEN_BITS:
    case QN_TOKEN_VARIABLE:
    case QN_TOKEN_SYMBOL:
        return 0;
    case QN_TOKEN_CAST:
    case QN_TOKEN_NEGATE:
    case QN_TOKEN_NOT:
    case QN_TOKEN_COMPLEMENT:
    case QN_TOKEN_SIN:
    case QN_TOKEN_COS:
    case QN_TOKEN_TAN:
    case QN_TOKEN_ARCSIN:
    case QN_TOKEN_ARCCOS:
    case QN_TOKEN_ARCTAN:
    case QN_TOKEN_EXP:
    case QN_TOKEN_LOG:
    case QN_TOKEN_SQRT:
    case QN_TOKEN_FLOOR:
    case QN_TOKEN_CEILING:
    case QN_TOKEN_ABS:
    case QN_TOKEN_POPCOUNT:
        return 1;
    default:
        return 2;
    }
}

/* The declared type of a token, its width filled in. */
static qn_status declared(const qn_token *token, size_t at, kind *out)
{
    *out = (kind){token->type, token->width};
    switch (token->type) {
    case QN_TYPE_BOOL:
        out->width = 1;
        return QN_OK;
    case QN_TYPE_FLOAT:
        out->width = token->width == 32 ? 32 : 64;
        QN_CHECK(token->width == 0 || token->width == 32 || token->width == 64, ERR_RANGE,
                 "token %zu of an expression has a float of %u bits; expected 32 or 64", at, token->width);
        return QN_OK;
    case QN_TYPE_INT:
    case QN_TYPE_UINT:
    case QN_TYPE_ANGLE:
    case QN_TYPE_BITS:
        QN_CHECK(token->width >= 1 && token->width <= 64, ERR_RANGE,
                 "token %zu of an expression has a width of %u bits; expected 1 to 64", at, token->width);
        return QN_OK;
    default:
        return QN_FAIL(ERR_ARGUMENT, "token %zu of an expression has type %d, which holds no value", at,
                       (int)token->type);
    }
}

static qn_status check_leaf(const qn_circuit *circuit, const qn_token *token, size_t at, kind *out)
{
    switch (token->kind) {
    case QN_TOKEN_INT:
        QN_CHECK(token->type != QN_TYPE_FLOAT && token->type != QN_TYPE_BOOL, ERR_ARGUMENT,
                 "token %zu of an expression is an integer of type %s", at, type_text((kind){token->type, 0}));
        return declared(token, at, out);
    case QN_TOKEN_FLOAT:
        *out = FLOAT;
        return QN_OK;
    case QN_TOKEN_BOOL:
        *out = BOOL;
        return QN_OK;
    case QN_TOKEN_BIT:
        QN_CHECK(token->index < circuit->nbits, ERR_RANGE,
                 "token %zu of an expression reads classical bit %u, the circuit has %u of them", at, token->index,
                 circuit->nbits);
        *out = BOOL;
        return QN_OK;
    case QN_TOKEN_BITS:
        QN_CHECK(token->width >= 1 && token->width <= 64, ERR_RANGE,
                 "token %zu of an expression reads %u bits; expected 1 to 64", at, token->width);
        QN_CHECK(token->index < circuit->nbits && token->width <= circuit->nbits - token->index, ERR_RANGE,
                 "token %zu of an expression reads %u classical bits from %u on, the circuit has %u of them", at,
                 token->width, token->index, circuit->nbits);
        *out = (kind){QN_TYPE_UINT, token->width};
        return QN_OK;
    case QN_TOKEN_VARIABLE: {
        QN_CHECK(token->index < circuit->nvariables, ERR_RANGE,
                 "token %zu of an expression reads variable %u, the circuit has %zu of them", at, token->index,
                 circuit->nvariables);
        const qn_variable *v = &circuit->variables[token->index];
        QN_CHECK(v->type != QN_TYPE_QUBITS && v->type != QN_TYPE_BITS, ERR_ARGUMENT,
                 "token %zu of an expression reads register \"%.64s\" as a variable", at, v->name);
        *out = (kind){v->type, v->width};
        return QN_OK;
    }
    default:
        QN_CHECK(token->index < circuit->symbols.count, ERR_RANGE,
                 "token %zu of an expression reads symbol %u, the circuit has %zu of them", at, token->index,
                 circuit->symbols.count);
        *out = FLOAT;
        return QN_OK;
    }
}

static qn_status need(size_t at, kind from, kind to)
{
    QN_CHECK(qn__cast_allowed(from.type, from.width, to.type, to.width), ERR_ARGUMENT,
             "token %zu of an expression: %s[%u] does not convert to %s[%u]", at, type_text(from), from.width,
             type_text(to), to.width);
    return QN_OK;
}

static bool integral(qn_type type)
{
    return type == QN_TYPE_INT || type == QN_TYPE_UINT || type == QN_TYPE_BITS;
}

/* Of the types that an operator works on: the bits of a set. */
enum {
    N = 1 << QN_TYPE_INT | 1 << QN_TYPE_UINT,
    B = 1 << QN_TYPE_BITS,
    L = 1 << QN_TYPE_BOOL,
    F = 1 << QN_TYPE_FLOAT,
    A = 1 << QN_TYPE_ANGLE
};

static unsigned types_of(qn_token_kind token)
{
    switch (token) {
    case QN_TOKEN_CAST:
    case QN_TOKEN_EQUAL:
    case QN_TOKEN_NOT_EQUAL:
    case QN_TOKEN_LESS:
    case QN_TOKEN_LESS_EQUAL:
    case QN_TOKEN_GREATER:
    case QN_TOKEN_GREATER_EQUAL:
        return N | B | L | F | A;
    case QN_TOKEN_NEGATE:
    case QN_TOKEN_ADD:
    case QN_TOKEN_SUBTRACT:
    case QN_TOKEN_MULTIPLY:
    case QN_TOKEN_DIVIDE:
        return N | F | A;
    case QN_TOKEN_MODULO:
    case QN_TOKEN_POWER:
    case QN_TOKEN_ABS:
        return N | F;
    case QN_TOKEN_COMPLEMENT:
    case QN_TOKEN_AND:
    case QN_TOKEN_OR:
    case QN_TOKEN_XOR:
        return N | B | L | A;
    case QN_TOKEN_SHIFT_LEFT:
    case QN_TOKEN_SHIFT_RIGHT:
    case QN_TOKEN_ROTATE_LEFT:
    case QN_TOKEN_ROTATE_RIGHT:
        return N | B | A;
    default: /* POPCOUNT */
        return N | B;
    }
}

/* Products and quotients of angles mix types: angle * uint, uint * angle, angle / uint, angle / angle (a uint). */
static bool mixed_angles(const qn_token *token, const kind *operands)
{
    if (token->kind == QN_TOKEN_MULTIPLY && token->type == QN_TYPE_ANGLE) {
        return (operands[0].type == QN_TYPE_ANGLE && integral(operands[1].type)) ||
               (operands[1].type == QN_TYPE_ANGLE && integral(operands[0].type));
    }
    return token->kind == QN_TOKEN_DIVIDE && operands[0].type == QN_TYPE_ANGLE &&
           (token->type == QN_TYPE_ANGLE ? integral(operands[1].type)
                                         : token->type == QN_TYPE_UINT && operands[1].type == QN_TYPE_ANGLE);
}

static qn_status check_operator(const qn_token *token, size_t at, const kind *operands, kind *out)
{
    switch (token->kind) {
    case QN_TOKEN_NOT:
        *out = BOOL;
        return need(at, operands[0], BOOL);
    case QN_TOKEN_LOGICAL_AND:
    case QN_TOKEN_LOGICAL_OR:
        *out = BOOL;
        QN_TRY(need(at, operands[0], BOOL));
        return need(at, operands[1], BOOL);
    case QN_TOKEN_SIN:
    case QN_TOKEN_COS:
    case QN_TOKEN_TAN:
    case QN_TOKEN_ARCSIN:
    case QN_TOKEN_ARCCOS:
    case QN_TOKEN_ARCTAN:
    case QN_TOKEN_EXP:
    case QN_TOKEN_LOG:
    case QN_TOKEN_SQRT:
    case QN_TOKEN_FLOOR:
    case QN_TOKEN_CEILING:
        *out = FLOAT;
        return need(at, operands[0], FLOAT);
    default:
        break;
    }
    kind type = {0};
    QN_TRY(declared(token, at, &type));
    QN_CHECK((types_of(token->kind) >> type.type & 1) != 0, ERR_ARGUMENT,
             "token %zu of an expression: operator %d does not work on %s", at, (int)token->kind, type_text(type));
    *out = type;
    if (mixed_angles(token, operands)) {
        return QN_OK;
    }
    QN_CHECK(type.type != QN_TYPE_ANGLE || (token->kind != QN_TOKEN_MULTIPLY && token->kind != QN_TOKEN_DIVIDE),
             ERR_ARGUMENT, "token %zu of an expression: an angle is multiplied and divided by a uint, got %s and %s",
             at, type_text(operands[0]), type_text(operands[1]));
    if (token->kind == QN_TOKEN_POPCOUNT) {
        QN_CHECK(integral(operands[0].type), ERR_ARGUMENT, "token %zu of an expression: popcount of a %s", at,
                 type_text(operands[0]));
        return QN_OK;
    }
    QN_TRY(need(at, operands[0], type));
    switch (token->kind) {
    case QN_TOKEN_SHIFT_LEFT:
    case QN_TOKEN_SHIFT_RIGHT:
    case QN_TOKEN_ROTATE_LEFT:
    case QN_TOKEN_ROTATE_RIGHT:
        QN_CHECK(integral(operands[1].type) || operands[1].type == QN_TYPE_BOOL, ERR_ARGUMENT,
                 "token %zu of an expression: shift by a %s, expected an integer", at, type_text(operands[1]));
        return QN_OK;
    case QN_TOKEN_EQUAL:
    case QN_TOKEN_NOT_EQUAL:
    case QN_TOKEN_LESS:
    case QN_TOKEN_LESS_EQUAL:
    case QN_TOKEN_GREATER:
    case QN_TOKEN_GREATER_EQUAL:
        *out = BOOL;
        break;
    default:
        break;
    }
    return qn__token_operands(token->kind) == 2 ? need(at, operands[1], type) : QN_OK;
}

qn_status qn__expression_check(const qn_circuit *circuit, const qn_token *tokens, size_t count, qn_type *type,
                               uint32_t *width)
{
    QN_CHECK(tokens != NULL && count > 0, ERR_ARGUMENT, "an expression needs at least one token");
    QN_CHECK(count <= QN__EXPRESSION_TOKENS, ERR_TOO_LARGE, "an expression of %zu tokens; at most %d are taken", count,
             QN__EXPRESSION_TOKENS);
    kind stack[QN__EXPRESSION_DEPTH] = {{0}};
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        QN_CHECK((unsigned)tokens[i].kind <= (unsigned)QN_TOKEN_ROTATE_RIGHT, ERR_RANGE,
                 "token %zu of an expression has kind %d; expected 0..%d", i, (int)tokens[i].kind,
                 (int)QN_TOKEN_ROTATE_RIGHT);
        const uint32_t operands = qn__token_operands(tokens[i].kind);
        QN_CHECK(depth >= operands, ERR_ARGUMENT, "token %zu of an expression needs %u operands, %zu are there", i,
                 operands, depth);
        QN_CHECK(operands > 0 || depth < QN__EXPRESSION_DEPTH, ERR_TOO_LARGE,
                 "an expression is nested more than %d deep", QN__EXPRESSION_DEPTH);
        depth -= operands;
        kind result = {0};
        QN_TRY(operands == 0 ? check_leaf(circuit, &tokens[i], i, &result)
                             : check_operator(&tokens[i], i, &stack[depth], &result));
        stack[depth++] = result;
    }
    QN_CHECK(depth == 1, ERR_ARGUMENT, "an expression leaves %zu values, expected one", depth);
    *type = stack[0].type;
    *width = stack[0].width;
    return QN_OK;
}

qn_status qn_circuit_add_expression(qn_circuit *circuit, const qn_token *tokens, size_t count, uint32_t *out)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    qn_type type = QN_TYPE_BOOL;
    uint32_t width = 0;
    QN_TRY(qn__expression_check(circuit, tokens, count, &type, &width));
    QN_CHECK(circuit->nexpressions < UINT32_MAX - 1, ERR_TOO_LARGE, "a circuit holds at most %u expressions",
             UINT32_MAX - 1);
    void *pool = circuit->tokens;
    qn_status status =
        qn__grow(&pool, &circuit->tokens_capacity, circuit->tokens_used + count, sizeof *circuit->tokens);
    circuit->tokens = pool;
    QN_TRY(status);
    pool = circuit->expressions;
    status = qn__grow(&pool, &circuit->expressions_capacity, circuit->nexpressions + 1, sizeof *circuit->expressions);
    circuit->expressions = pool;
    QN_TRY(status);
    memcpy(circuit->tokens + circuit->tokens_used, tokens, count * sizeof *tokens);
    circuit->expressions[circuit->nexpressions++] =
        (qn__expression){circuit->tokens_used, (uint32_t)count, width, type};
    circuit->tokens_used += count;
    if (out != NULL) {
        *out = (uint32_t)circuit->nexpressions;
    }
    return QN_OK;
}

size_t qn_circuit_expressions(const qn_circuit *circuit)
{
    return circuit->nexpressions;
}

const qn_token *qn_circuit_expression(const qn_circuit *circuit, uint32_t expression, size_t *count)
{
    if (expression < 1 || expression > circuit->nexpressions) {
        *count = 0;
        return NULL;
    }
    const qn__expression *e = &circuit->expressions[expression - 1];
    *count = e->count;
    return circuit->tokens + e->first;
}

qn_status qn_expression_evaluate(const qn_circuit *circuit, uint32_t expression, const qn_classical_state *state,
                                 qn_value *out)
{
    QN_CHECK(expression >= 1 && expression <= circuit->nexpressions, ERR_RANGE, "expression %u is outside 1..%zu",
             expression, circuit->nexpressions);
    const qn__expression *e = &circuit->expressions[expression - 1];
    return qn_tokens_evaluate(circuit->tokens + e->first, e->count, state, out);
}
