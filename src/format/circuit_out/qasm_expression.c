/* qasm_expression.c: expressions of a circuit as text of OpenQASM 3. Every operand gets a cast to the type that its
 * operator works in unless it has it, so that a reader's own promotions have nothing to do. */
#include "format/circuit_out/qasm_writer.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "circuit/expression.h"

/* A subexpression, of the token that ends it. */
typedef struct node {
    size_t first; /* its first token */
    qn_type type;
    uint32_t width;
} node;

typedef struct printer {
    qn__qasm_writer *w;
    qn__buffer *out;
    const qn_token *tokens;
    const node *nodes; /* [token] */
} printer;

static const struct {
    const char *text;
    bool call;
} spelling[] = {[QN_TOKEN_NEGATE] = {"-", false},         [QN_TOKEN_NOT] = {"!", false},
                [QN_TOKEN_COMPLEMENT] = {"~", false},     [QN_TOKEN_ADD] = {" + ", false},
                [QN_TOKEN_SUBTRACT] = {" - ", false},     [QN_TOKEN_MULTIPLY] = {" * ", false},
                [QN_TOKEN_DIVIDE] = {" / ", false},       [QN_TOKEN_MODULO] = {" % ", false},
                [QN_TOKEN_POWER] = {" ** ", false},       [QN_TOKEN_AND] = {" & ", false},
                [QN_TOKEN_OR] = {" | ", false},           [QN_TOKEN_XOR] = {" ^ ", false},
                [QN_TOKEN_SHIFT_LEFT] = {" << ", false},  [QN_TOKEN_SHIFT_RIGHT] = {" >> ", false},
                [QN_TOKEN_LOGICAL_AND] = {" && ", false}, [QN_TOKEN_LOGICAL_OR] = {" || ", false},
                [QN_TOKEN_EQUAL] = {" == ", false},       [QN_TOKEN_NOT_EQUAL] = {" != ", false},
                [QN_TOKEN_LESS] = {" < ", false},         [QN_TOKEN_LESS_EQUAL] = {" <= ", false},
                [QN_TOKEN_GREATER] = {" > ", false},      [QN_TOKEN_GREATER_EQUAL] = {" >= ", false},
                [QN_TOKEN_SIN] = {"sin", true},           [QN_TOKEN_COS] = {"cos", true},
                [QN_TOKEN_TAN] = {"tan", true},           [QN_TOKEN_ARCSIN] = {"arcsin", true},
                [QN_TOKEN_ARCCOS] = {"arccos", true},     [QN_TOKEN_ARCTAN] = {"arctan", true},
                [QN_TOKEN_EXP] = {"exp", true},           [QN_TOKEN_LOG] = {"log", true},
                [QN_TOKEN_SQRT] = {"sqrt", true},         [QN_TOKEN_FLOOR] = {"floor", true},
                [QN_TOKEN_CEILING] = {"ceiling", true},   [QN_TOKEN_ABS] = {"abs", true},
                [QN_TOKEN_POPCOUNT] = {"popcount", true}, [QN_TOKEN_ROTATE_LEFT] = {"rotl", true},
                [QN_TOKEN_ROTATE_RIGHT] = {"rotr", true}};

static qn_status put_type(qn__buffer *out, qn_type type, uint32_t width)
{
    switch (type) {
    case QN_TYPE_BOOL:
        return qn__qasm_put(out, "bool");
    case QN_TYPE_FLOAT:
        return qn__buffer_print(out, "float[%d]", width == 32 ? 32 : 64);
    case QN_TYPE_INT:
        return qn__buffer_print(out, "int[%" PRIu32 "]", width);
    case QN_TYPE_UINT:
        return qn__buffer_print(out, "uint[%" PRIu32 "]", width);
    case QN_TYPE_ANGLE:
        return qn__buffer_print(out, "angle[%" PRIu32 "]", width);
    default:
        return qn__buffer_print(out, "bit[%" PRIu32 "]", width);
    }
}

/* The same value in the number of bits of its type, read as the type reads them. */
static qn_status put_integer(qn__buffer *out, const qn_token *token)
{
    const uint64_t mask = token->width >= 64 ? UINT64_MAX : (UINT64_C(1) << token->width) - 1;
    const uint64_t bits = (uint64_t)token->integer & mask;
    if (token->type != QN_TYPE_INT || token->integer >= 0) {
        return qn__buffer_print(out, "%" PRIu64, token->type == QN_TYPE_INT ? (uint64_t)token->integer : bits);
    }
    return token->integer == INT64_MIN ? qn__qasm_put(out, "(-9223372036854775807 - 1)")
                                       : qn__buffer_print(out, "-%" PRIu64, (uint64_t)-token->integer);
}

/* Bits first .. first + width - 1, which may lie in several registers, as a uint of that width. */
static qn_status put_bits(printer *p, uint32_t first, uint32_t width)
{
    const qn__qasm_register *reg = qn__qasm_register_of(p->w->cregs, p->w->ncregs, first);
    const uint32_t low = first - reg->first, here = reg->width - low < width ? reg->width - low : width;
    if (here < width) { /* the upper part shifted over the lower one */
        QN_TRY(qn__buffer_print(p->out, "((uint[%" PRIu32 "](", width));
        QN_TRY(put_bits(p, first + here, width - here));
        QN_TRY(qn__buffer_print(p->out, ") << %" PRIu32 ") | uint[%" PRIu32 "](", here, width));
        QN_TRY(put_bits(p, first, here));
        return qn__qasm_put(p->out, "))");
    }
    QN_TRY(qn__buffer_print(p->out, "uint[%" PRIu32 "](", width));
    QN_TRY(qn__qasm_put_name(p->w, p->out, reg->name));
    if (here < reg->width) {
        QN_TRY(here == 1 ? qn__buffer_print(p->out, "[%" PRIu32 "]", low)
                         : qn__buffer_print(p->out, "[%" PRIu32 ":%" PRIu32 "]", low, low + here - 1));
    }
    return qn__qasm_put(p->out, ")");
}

static qn_status put_node(printer *p, size_t at);

/* A node as (type, width). */
static qn_status put_as(printer *p, size_t at, qn_type type, uint32_t width)
{
    const node *n = &p->nodes[at];
    if (n->type == type && (n->width == width || type == QN_TYPE_BOOL)) {
        return put_node(p, at);
    }
    QN_TRY(put_type(p->out, type, width));
    QN_TRY(qn__qasm_put(p->out, "("));
    QN_TRY(put_node(p, at));
    return qn__qasm_put(p->out, ")");
}

static qn_status put_leaf(printer *p, const qn_token *token)
{
    switch (token->kind) {
    case QN_TOKEN_INT:
        QN_TRY(put_type(p->out, token->type, token->width));
        QN_TRY(qn__qasm_put(p->out, "("));
        QN_TRY(put_integer(p->out, token));
        return qn__qasm_put(p->out, ")");
    case QN_TOKEN_FLOAT:
        return qn__qasm_put_number(p->out, token->number);
    case QN_TOKEN_BOOL:
        return qn__qasm_put(p->out, token->integer != 0 ? "true" : "false");
    case QN_TOKEN_BIT:
        QN_TRY(qn__qasm_put(p->out, "bool("));
        QN_TRY(qn__qasm_put_bit(p->w, p->out, token->index));
        return qn__qasm_put(p->out, ")");
    case QN_TOKEN_BITS:
        return put_bits(p, token->index, token->width);
    case QN_TOKEN_VARIABLE:
        return qn__qasm_put_name(p->w, p->out, p->w->variables[token->index]);
    default:
        return qn__qasm_put_name(p->w, p->out, p->w->symbols[token->index]);
    }
}

/* The type that an operand is wanted in; false: as it is. */
static bool operand_type(const printer *p, const qn_token *token, size_t left, size_t right, bool second, qn_type *type,
                         uint32_t *width)
{
    *type = token->type;
    *width = token->type == QN_TYPE_BOOL ? 1 : token->width;
    switch (token->kind) {
    case QN_TOKEN_NOT:
    case QN_TOKEN_LOGICAL_AND:
    case QN_TOKEN_LOGICAL_OR:
        *type = QN_TYPE_BOOL;
        *width = 1;
        return true;
    case QN_TOKEN_SHIFT_LEFT:
    case QN_TOKEN_SHIFT_RIGHT:
    case QN_TOKEN_ROTATE_LEFT:
    case QN_TOKEN_ROTATE_RIGHT:
        return !second;
    case QN_TOKEN_POPCOUNT:
        return false;
    case QN_TOKEN_MULTIPLY:
    case QN_TOKEN_DIVIDE: /* an angle and an integer stay what they are */
        return !(p->nodes[left].type == QN_TYPE_ANGLE || p->nodes[right].type == QN_TYPE_ANGLE) ||
               token->type == QN_TYPE_FLOAT;
    default:
        break;
    }
    if (token->kind >= QN_TOKEN_SIN && token->kind <= QN_TOKEN_CEILING) {
        *type = QN_TYPE_FLOAT;
    }
    *width = *type == QN_TYPE_FLOAT ? (token->width == 32 && token->kind < QN_TOKEN_SIN ? 32 : 64) : *width;
    return true;
}

static qn_status put_operand(printer *p, const qn_token *token, size_t left, size_t right, bool second)
{
    qn_type type = QN_TYPE_BOOL;
    uint32_t width = 0;
    const size_t at = second ? right : left;
    return operand_type(p, token, left, right, second, &type, &width) ? put_as(p, at, type, width) : put_node(p, at);
}

static qn_status put_node(printer *p, size_t at)
{
    const qn_token *token = &p->tokens[at];
    const uint32_t operands = qn__token_operands(token->kind);
    if (operands == 0) {
        return put_leaf(p, token);
    }
    const size_t right = at - 1; /* the last operand ends just before its operator */
    const size_t left = operands == 2 ? p->nodes[right].first - 1 : right;
    if (token->kind == QN_TOKEN_CAST) {
        QN_TRY(put_type(p->out, token->type, token->width));
        QN_TRY(qn__qasm_put(p->out, "("));
        if (p->tokens[right].kind == QN_TOKEN_INT) { /* one cast is enough for a number */
            QN_TRY(put_integer(p->out, &p->tokens[right]));
        } else {
            QN_TRY(put_node(p, right));
        }
        return qn__qasm_put(p->out, ")");
    }
    const char *text = spelling[token->kind].text;
    if (spelling[token->kind].call) {
        QN_TRY(qn__qasm_put(p->out, text));
        QN_TRY(qn__qasm_put(p->out, "("));
        QN_TRY(put_operand(p, token, left, right, false));
        if (operands == 2) {
            QN_TRY(qn__qasm_put(p->out, ", "));
            QN_TRY(put_operand(p, token, left, right, true));
        }
        return qn__qasm_put(p->out, ")");
    }
    QN_TRY(qn__qasm_put(p->out, "("));
    if (operands == 1) {
        QN_TRY(qn__qasm_put(p->out, text));
        QN_TRY(put_operand(p, token, left, right, false));
    } else {
        QN_TRY(put_operand(p, token, left, right, false));
        QN_TRY(qn__qasm_put(p->out, text));
        QN_TRY(put_operand(p, token, left, right, true));
    }
    return qn__qasm_put(p->out, ")");
}

/* The type of what a token pushes. */
static void result_type(const qn__qasm_writer *w, const qn_token *token, node *n)
{
    n->type = token->type;
    n->width = token->width;
    if (token->kind == QN_TOKEN_VARIABLE) {
        qn_variable v;
        qn_circuit_variable(w->circuit, token->index, &v);
        n->type = v.type;
        n->width = v.width;
    } else if (token->kind == QN_TOKEN_BITS) {
        n->type = QN_TYPE_UINT;
    } else if (token->kind == QN_TOKEN_BOOL || token->kind == QN_TOKEN_BIT || token->kind == QN_TOKEN_NOT ||
               (token->kind >= QN_TOKEN_LOGICAL_AND && token->kind <= QN_TOKEN_GREATER_EQUAL)) {
        n->type = QN_TYPE_BOOL;
        n->width = 1;
    } else if (token->kind == QN_TOKEN_FLOAT || token->kind == QN_TOKEN_SYMBOL ||
               (token->kind >= QN_TOKEN_SIN && token->kind <= QN_TOKEN_CEILING)) {
        n->type = QN_TYPE_FLOAT;
        n->width = 64;
    } else if (token->type == QN_TYPE_FLOAT) {
        n->width = token->width == 32 ? 32 : 64;
    }
}

/* First token and type of every subexpression. */
static void analyse(const qn__qasm_writer *w, const qn_token *tokens, size_t count, node *nodes)
{
    for (size_t i = 0; i < count; i++) {
        nodes[i].first = i;
        for (uint32_t k = qn__token_operands(tokens[i].kind); k > 0; k--) {
            nodes[i].first = nodes[nodes[i].first - 1].first;
        }
        result_type(w, &tokens[i], &nodes[i]);
    }
}

static qn_status with_expression(qn__qasm_writer *w, qn__buffer *out, uint32_t expression, bool as_is, qn_type *type,
                                 uint32_t width)
{
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(w->circuit, expression, &count);
    node *nodes = qn__alloc(count, sizeof *nodes);
    QN_ALLOC_CHECK(nodes);
    printer p = {w, out, tokens, nodes};
    qn_status status = QN_OK;
    analyse(w, tokens, count, nodes);
    if (as_is) {
        *type = nodes[count - 1].type;
        status = put_node(&p, count - 1);
    } else {
        status = put_as(&p, count - 1, *type, width);
    }
    qn__free(nodes);
    return status;
}

qn_status qn__qasm_put_expression(qn__qasm_writer *w, qn__buffer *out, uint32_t expression, qn_type type,
                                  uint32_t width)
{
    return with_expression(w, out, expression, false, &type, width);
}

qn_status qn__qasm_put_expression_as_is(qn__qasm_writer *w, qn__buffer *out, uint32_t expression, qn_type *type)
{
    return with_expression(w, out, expression, true, type, 0);
}

/* The number that an expression of one literal, cast or not, stands for. */
static bool literal(const qn_token *tokens, size_t count, uint64_t *value)
{
    if (count == 0 || count > 2 || tokens[0].kind != QN_TOKEN_INT || tokens[0].integer < 0 ||
        (count == 2 && (tokens[1].kind != QN_TOKEN_CAST || tokens[1].type == QN_TYPE_ANGLE ||
                        tokens[1].type == QN_TYPE_BOOL || tokens[1].type == QN_TYPE_FLOAT))) {
        return false;
    }
    const uint64_t number = (uint64_t)tokens[0].integer;
    const uint32_t width = count == 2 && tokens[1].width < tokens[0].width ? tokens[1].width : tokens[0].width;
    const bool sign = (count == 2 ? tokens[1].type : tokens[0].type) == QN_TYPE_INT;
    *value = number;
    return width - sign >= 64 || number >> (width - sign) == 0;
}

bool qn__qasm_whole_register(const qn__qasm_writer *w, uint32_t expression, const qn__qasm_register **reg,
                             uint64_t *value)
{
    size_t count = 0;
    const qn_token *t = qn_circuit_expression(w->circuit, expression, &count);
    if (count == 0 || (t[0].kind != QN_TOKEN_BITS && t[0].kind != QN_TOKEN_BIT)) {
        return false;
    }
    *reg = qn__qasm_register_of(w->cregs, w->ncregs, t[0].index);
    if (t[0].kind == QN_TOKEN_BIT) {
        const bool negated = count == 2 && t[1].kind == QN_TOKEN_NOT;
        *value = !negated;
        return (*reg)->width == 1 && (count == 1 || negated);
    }
    if ((*reg)->first != t[0].index || (*reg)->width != t[0].width || count < 3 ||
        t[count - 1].kind != QN_TOKEN_EQUAL) {
        return false;
    }
    /* A cast of the register must hold all its values. */
    size_t begin = 1;
    if (t[1].kind == QN_TOKEN_CAST) {
        if ((t[1].type != QN_TYPE_UINT && t[1].type != QN_TYPE_BITS && t[1].type != QN_TYPE_INT) ||
            t[1].width - (t[1].type == QN_TYPE_INT) < t[0].width) {
            return false;
        }
        begin = 2;
    }
    const qn_token *equal = &t[count - 1];
    const bool exact = (equal->type == QN_TYPE_UINT || equal->type == QN_TYPE_BITS || equal->type == QN_TYPE_INT) &&
                       equal->width - (equal->type == QN_TYPE_INT) >= t[0].width;
    const bool fits = count > begin && literal(t + begin, count - 1 - begin, value);
    const uint32_t room = equal->width - (equal->type == QN_TYPE_INT);
    return exact && fits && (room >= 64 || *value >> room == 0);
}

qn_status qn__qasm_put_condition(qn__qasm_writer *w, uint32_t expression)
{
    size_t count = 0;
    const qn_token *t = qn_circuit_expression(w->circuit, expression, &count);
    const qn__qasm_register *reg = NULL;
    uint64_t value = 0;
    if (t[0].kind == QN_TOKEN_BIT && (count == 1 || (count == 2 && t[1].kind == QN_TOKEN_NOT))) {
        QN_TRY(qn__qasm_put(&w->body, count == 2 ? "!" : ""));
        return qn__qasm_put_bit(w, &w->body, t[0].index);
    }
    if (qn__qasm_whole_register(w, expression, &reg, &value)) {
        QN_TRY(qn__qasm_put_name(w, &w->body, reg->name));
        return qn__buffer_print(&w->body, " == %" PRIu64, value);
    }
    return qn__qasm_put_expression(w, &w->body, expression, QN_TYPE_BOOL, 1);
}
