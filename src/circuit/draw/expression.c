/* expression.c: postfix tokens as the infix text of OpenQASM, with the brackets that precedence asks for.
 * Precedence: https://openqasm.com/versions/3.1, "classical types", table of operators. */
#include "circuit/draw/words.h"

#include <string.h>

enum {
    TOKENS = 4096, /* of one expression, by its contract */
    UNARY = 11,    /* strength of - ! ~; names and calls are stronger, binary ones weaker */
    ATOM = 13
};

typedef struct operator_row {
    const char *text;
    int strength; /* 0: a function */
} operator_row;

static operator_row operator_of(qn_token_kind kind)
{
    switch (kind) {
    case QN_TOKEN_NEGATE:
        return (operator_row){"-", UNARY};
    case QN_TOKEN_NOT:
        return (operator_row){"!", UNARY};
    case QN_TOKEN_COMPLEMENT:
        return (operator_row){"~", UNARY};
    case QN_TOKEN_POWER:
        return (operator_row){"**", 12};
    case QN_TOKEN_MULTIPLY:
        return (operator_row){"*", 10};
    case QN_TOKEN_DIVIDE:
        return (operator_row){"/", 10};
    case QN_TOKEN_MODULO:
        return (operator_row){"%", 10};
    case QN_TOKEN_ADD:
        return (operator_row){"+", 9};
    case QN_TOKEN_SUBTRACT:
        return (operator_row){"-", 9};
    case QN_TOKEN_SHIFT_LEFT:
        return (operator_row){"<<", 8};
    case QN_TOKEN_SHIFT_RIGHT:
        return (operator_row){">>", 8};
    case QN_TOKEN_LESS:
        return (operator_row){" < ", 7};
    case QN_TOKEN_LESS_EQUAL:
        return (operator_row){" <= ", 7};
    case QN_TOKEN_GREATER:
        return (operator_row){" > ", 7};
    case QN_TOKEN_GREATER_EQUAL:
        return (operator_row){" >= ", 7};
    case QN_TOKEN_EQUAL:
        return (operator_row){" == ", 6};
    case QN_TOKEN_NOT_EQUAL:
        return (operator_row){" != ", 6};
    case QN_TOKEN_AND:
        return (operator_row){"&", 5};
    case QN_TOKEN_XOR:
        return (operator_row){"^", 4};
    case QN_TOKEN_OR:
        return (operator_row){"|", 3};
    case QN_TOKEN_LOGICAL_AND:
        return (operator_row){" && ", 2};
    case QN_TOKEN_LOGICAL_OR:
        return (operator_row){" || ", 1};
    case QN_TOKEN_SIN:
        return (operator_row){"sin", 0};
    case QN_TOKEN_COS:
        return (operator_row){"cos", 0};
    case QN_TOKEN_TAN:
        return (operator_row){"tan", 0};
    case QN_TOKEN_ARCSIN:
        return (operator_row){"arcsin", 0};
    case QN_TOKEN_ARCCOS:
        return (operator_row){"arccos", 0};
    case QN_TOKEN_ARCTAN:
        return (operator_row){"arctan", 0};
    case QN_TOKEN_EXP:
        return (operator_row){"exp", 0};
    case QN_TOKEN_LOG:
        return (operator_row){"log", 0};
    case QN_TOKEN_SQRT:
        return (operator_row){"sqrt", 0};
    case QN_TOKEN_FLOOR:
        return (operator_row){"floor", 0};
    case QN_TOKEN_CEILING:
        return (operator_row){"ceiling", 0};
    case QN_TOKEN_ABS:
        return (operator_row){"abs", 0};
    case QN_TOKEN_POPCOUNT:
        return (operator_row){"popcount", 0};
    case QN_TOKEN_ROTATE_LEFT:
        return (operator_row){"rotl", 0};
    case QN_TOKEN_ROTATE_RIGHT:
        return (operator_row){"rotr", 0};
    default:
        return (operator_row){"", ATOM};
    }
}

static unsigned arity(qn_token_kind kind)
{
    if (kind < QN_TOKEN_CAST) {
        return 0;
    }
    return kind <= QN_TOKEN_COMPLEMENT || (kind >= QN_TOKEN_SIN && kind <= QN_TOKEN_POPCOUNT) ? 1 : 2;
}

typedef struct printer {
    qn__words *words;
    const qn_circuit *circuit;
    const qn_token *tokens;
    uint16_t left[TOKENS]; /* where the left operand of a binary token ends; the right one ends just before it */
} printer;

static void put_bits(printer *p, const qn_token *token)
{
    const size_t count = qn_circuit_variables(p->circuit);
    for (size_t i = 0; i < count; i++) {
        qn_variable variable;
        qn_circuit_variable(p->circuit, i, &variable);
        if (variable.type != QN_TYPE_BITS || token->index < variable.first ||
            token->index - variable.first >= variable.width) {
            continue;
        }
        const uint32_t from = token->index - variable.first;
        qn__words_put(p->words, variable.name);
        if (token->width != variable.width) {
            qn__words_format(p->words, "[%u:%u]", from, from + token->width - 1);
        }
        return;
    }
    qn__words_format(p->words, "c[%u:%u]", token->index, token->index + token->width - 1);
}

static void put_leaf(printer *p, const qn_token *token)
{
    qn_variable variable;
    const char *name = NULL;
    switch (token->kind) {
    case QN_TOKEN_INT:
        if (token->type == QN_TYPE_UINT) {
            qn__words_format(p->words, "%llu", (unsigned long long)token->integer);
        } else {
            qn__words_format(p->words, "%lld", (long long)token->integer);
        }
        break;
    case QN_TOKEN_FLOAT:
        qn__words_angle(p->words, token->number);
        break;
    case QN_TOKEN_BOOL:
        qn__words_put(p->words, token->integer != 0 ? "true" : "false");
        break;
    case QN_TOKEN_BIT:
        qn__words_bit(p->words, p->circuit, token->index);
        break;
    case QN_TOKEN_BITS:
        put_bits(p, token);
        break;
    case QN_TOKEN_VARIABLE:
        if (token->index < qn_circuit_variables(p->circuit)) {
            qn_circuit_variable(p->circuit, token->index, &variable);
            name = variable.name;
        }
        qn__words_put(p->words, name != NULL ? name : "?");
        break;
    default:
        name = qn_circuit_symbol_name(p->circuit, token->index);
        qn__words_put(p->words, name != NULL ? name : "?");
        break;
    }
}

static qn_type type_of(const qn_token *token)
{
    switch (token->kind) {
    case QN_TOKEN_FLOAT:
    case QN_TOKEN_SYMBOL:
        return QN_TYPE_FLOAT;
    case QN_TOKEN_BIT:
    case QN_TOKEN_BOOL:
    case QN_TOKEN_NOT:
        return QN_TYPE_BOOL;
    case QN_TOKEN_BITS:
    case QN_TOKEN_POPCOUNT:
        return QN_TYPE_UINT;
    default:
        if (token->kind >= QN_TOKEN_LOGICAL_AND && token->kind <= QN_TOKEN_GREATER_EQUAL) {
            return QN_TYPE_BOOL;
        }
        return token->kind >= QN_TOKEN_SIN && token->kind <= QN_TOKEN_ABS ? QN_TYPE_FLOAT : token->type;
    }
}

/* Only conversions in which digits may be lost are worth the room. */
static const char *cast_name(const printer *p, const qn_token *cast, const qn_token *operand)
{
    qn_type from = type_of(operand);
    if (operand->kind == QN_TOKEN_VARIABLE && operand->index < qn_circuit_variables(p->circuit)) {
        qn_variable variable;
        qn_circuit_variable(p->circuit, operand->index, &variable);
        from = variable.type;
    }
    const bool fraction = from == QN_TYPE_FLOAT || from == QN_TYPE_ANGLE;
    switch (cast->type) {
    case QN_TYPE_INT:
        return fraction ? "int" : NULL;
    case QN_TYPE_UINT:
        return fraction ? "uint" : NULL;
    case QN_TYPE_ANGLE:
        return from == QN_TYPE_FLOAT && operand->kind != QN_TOKEN_FLOAT ? "angle" : NULL;
    default:
        return NULL;
    }
}

/* Strength of what stands at `end`; a cast that is not shown is as strong as what it converts. */
static int strength_at(const printer *p, size_t end)
{
    while (p->tokens[end].kind == QN_TOKEN_CAST) {
        if (cast_name(p, &p->tokens[end], &p->tokens[end - 1]) != NULL) {
            return ATOM;
        }
        end--;
    }
    const operator_row row = operator_of(p->tokens[end].kind);
    return row.strength == 0 ? ATOM : row.strength;
}

static void put_operand(printer *p, size_t end, int needed);

/* Recursion is as deep as the expression, 4096 at most, in frames of some 100 bytes. */
static void put_tokens(printer *p, size_t end)
{
    const qn_token *token = &p->tokens[end];
    const operator_row row = operator_of(token->kind);
    const unsigned operands = arity(token->kind);
    if (p->words->cut) {
        return;
    }
    if (operands == 0) {
        put_leaf(p, token);
    } else if (token->kind == QN_TOKEN_CAST) {
        const char *name = cast_name(p, token, &p->tokens[end - 1]);
        if (name == NULL) {
            put_tokens(p, end - 1);
        } else {
            qn__words_format(p->words, "%s(", name);
            put_tokens(p, end - 1);
            qn__words_format(p->words, ")");
        }
    } else if (row.strength == 0) {
        qn__words_format(p->words, "%s(", row.text);
        if (operands == 2) {
            put_tokens(p, p->left[end]);
            qn__words_format(p->words, ",");
        }
        put_tokens(p, end - 1);
        qn__words_format(p->words, ")");
    } else if (operands == 1) {
        qn__words_put(p->words, row.text);
        put_operand(p, end - 1, UNARY);
    } else {
        const bool from_right = token->kind == QN_TOKEN_POWER; /* a ** (b ** c) */
        put_operand(p, p->left[end], row.strength + (from_right ? 1 : 0));
        qn__words_put(p->words, row.text);
        put_operand(p, end - 1, row.strength + (from_right ? 0 : 1));
    }
}

static void put_operand(printer *p, size_t end, int needed)
{
    const bool brackets = strength_at(p, end) < needed;
    if (brackets) {
        qn__words_format(p->words, "(");
    }
    put_tokens(p, end);
    if (brackets) {
        qn__words_format(p->words, ")");
    }
}

void qn__words_expression(qn__words *words, const qn_circuit *circuit, uint32_t expression)
{
    size_t count = 0;
    printer p = {.words = words, .circuit = circuit};
    p.tokens = qn_circuit_expression(circuit, expression, &count);
    if (p.tokens == NULL || count == 0 || count > TOKENS) {
        qn__words_put(words, "?");
        return;
    }
    uint16_t starts[TOKENS]; /* where each value on the stack begins */
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        const unsigned operands = arity(p.tokens[i].kind);
        if (depth < operands) {
            qn__words_put(words, "?");
            return;
        }
        if (operands == 0) {
            starts[depth++] = (uint16_t)i;
        } else if (operands == 2) {
            p.left[i] = (uint16_t)(starts[depth - 1] - 1);
            depth--;
        }
    }
    put_tokens(&p, count - 1);
}
