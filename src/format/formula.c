/* formula.c: compiles formulas to postfix code by precedence climbing, and runs it on a small stack. */
#include "format/formula.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "format/cursor.h"
#include "format/number.h"

enum { DEEPEST = 64, LONGEST_NAME = 128 };

typedef enum operation {
    PUSH,
    COLUMN,
    OR,
    AND,
    EQUAL,
    UNEQUAL,
    LESS_EQUAL,
    LESS,
    GREATER_EQUAL,
    GREATER,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    POWER,
    NEGATE,
    NOT,
    ABS,
    CEIL,
    COS,
    EXP,
    FLOOR,
    LOG,
    MAX,
    MIN,
    SIN,
    SQRT,
    TAN
} operation;

/* Operators between two values; level 1 binds loosest. Longer signs first, so that < does not hide <=. */
static const struct sign {
    const char *text;
    operation operation;
    int level;
} signs[] = {{"||", OR, 1},      {"&&", AND, 2},           {"==", EQUAL, 3},  {"!=", UNEQUAL, 3}, {"<=", LESS_EQUAL, 3},
             {"<", LESS, 3},     {">=", GREATER_EQUAL, 3}, {">", GREATER, 3}, {"+", ADD, 4},      {"-", SUBTRACT, 4},
             {"*", MULTIPLY, 5}, {"/", DIVIDE, 5},         {"^", POWER, 7}};
enum { COMPARISON = 3, UNARY = 6, POWER_LEVEL = 7 };

static const struct function {
    const char *name;
    operation operation;
    int arguments;
} functions[] = {{"abs", ABS, 1},     {"ceil", CEIL, 1}, {"cos", COS, 1}, {"exp", EXP, 1},
                 {"floor", FLOOR, 1}, {"log", LOG, 1},   {"max", MAX, 2}, {"min", MIN, 2},
                 {"sin", SIN, 1},     {"sqrt", SQRT, 1}, {"tan", TAN, 1}};

typedef struct instruction {
    operation operation;
    size_t column;
    double number;
} instruction;

struct qn_formula {
    instruction *code;
    size_t count, capacity, comparisons;
};

typedef struct parser {
    qn__cursor cursor;
    const char *const *names;
    size_t columns;
    const size_t *places; /* of the columns in a row; NULL: their numbers */
    qn_formula *formula;
    int nested; /* parentheses and unary signs open: bounds the recursion */
    int height; /* values on the stack at this point of the code */
} parser;

static qn_status emit(parser *p, instruction what, int change)
{
    void *code = p->formula->code;
    QN_TRY(qn__grow(&code, &p->formula->capacity, p->formula->count + 1, sizeof what));
    p->formula->code = code;
    p->formula->code[p->formula->count++] = what;
    p->height += change;
    if (p->height > DEEPEST) {
        return QN_PARSE_FAIL(p->cursor.source, p->cursor.at, "the formula is nested too deeply");
    }
    return QN_OK;
}

static void skip(parser *p)
{
    while (qn__is_blank(qn__cursor_peek(&p->cursor)) || qn__is_newline(qn__cursor_peek(&p->cursor))) {
        p->cursor.at++;
    }
}

static bool take(parser *p, const char *sign)
{
    skip(p);
    const size_t length = strlen(sign);
    for (size_t i = 0; i < length; i++) {
        if (qn__cursor_ahead(&p->cursor, i) != (unsigned char)sign[i]) {
            return false;
        }
    }
    p->cursor.at += length;
    return true;
}

static qn_status expected(parser *p, const char *what)
{
    char quote[QN__QUOTE];
    skip(p);
    return QN_PARSE_FAIL(p->cursor.source, p->cursor.at, "expected %s, got %s", what,
                         p->cursor.at >= p->cursor.end ? "the end of the formula"
                                                       : qn__cursor_quote(&p->cursor, p->cursor.at, quote));
}

static qn_status parse_level(parser *p, int level);

static qn_status parse_call(parser *p, const struct function *f)
{
    for (int k = 0; k < f->arguments; k++) {
        if (k > 0 && !take(p, ",")) {
            return expected(p, "a comma and the second argument");
        }
        QN_TRY(parse_level(p, 1));
    }
    if (!take(p, ")")) {
        return expected(p, "')'");
    }
    return emit(p, (instruction){.operation = f->operation}, 1 - f->arguments);
}

static bool is_name_byte(int byte)
{
    return qn__is_letter(byte) || qn__is_digit(byte) || byte == '_' || byte >= 128;
}

/* "c12" by number. */
static bool column_by_number(const char *name, size_t columns, size_t *out)
{
    size_t value = 0;
    if (name[0] != 'c' || name[1] == '\0') {
        return false;
    }
    for (const char *c = name + 1; *c != '\0'; c++) {
        if (!qn__is_digit(*c) || value > columns) {
            return false;
        }
        value = value * 10 + (size_t)(*c - '0');
    }
    *out = value;
    return value < columns;
}

static const char *column_name(const void *user, size_t index)
{
    const parser *const p = user;
    return p->names != NULL && p->names[index] != NULL ? p->names[index] : "";
}

static const char *function_name(const void *user, size_t index)
{
    (void)user;
    return functions[index].name;
}

static qn_status use_column(parser *p, size_t at, const char *name, size_t column)
{
    const size_t place = p->places != NULL ? p->places[column] : column;
    if (place == QN__LEFT_OUT) {
        return QN_PARSE_FAIL(p->cursor.source, at, "column '%s' holds text and was left out", name);
    }
    return emit(p, (instruction){.operation = COLUMN, .column = place}, 1);
}

static qn_status resolve(parser *p, size_t at, const char *name)
{
    for (size_t k = 0; k < p->columns; k++) {
        if (strcmp(column_name(p, k), name) != 0) {
            continue;
        }
        for (size_t other = k + 1; other < p->columns; other++) {
            if (strcmp(column_name(p, other), name) == 0) {
                return QN_PARSE_FAIL(p->cursor.source, at, "several columns are called '%s'; write c%zu or c%zu", name,
                                     k, other);
            }
        }
        return use_column(p, at, name, k);
    }
    if (strcmp(name, "pi") == 0) {
        return emit(p, (instruction){.operation = PUSH, .number = 3.14159265358979323846}, 1);
    }
    size_t column = 0;
    if (column_by_number(name, p->columns, &column)) {
        return use_column(p, at, name, column);
    }
    const char *nearest = qn__suggest(name, p->columns, column_name, p);
    if (nearest != NULL) {
        return QN_PARSE_FAIL(p->cursor.source, at, "no column is called '%s'; did you mean '%s'?", name, nearest);
    }
    return QN_PARSE_FAIL(p->cursor.source, at, "no column is called '%s'", name);
}

static qn_status parse_name(parser *p)
{
    const size_t at = p->cursor.at;
    const bool quoted = qn__cursor_peek(&p->cursor) == '`';
    char name[LONGEST_NAME];
    size_t length = 0;
    p->cursor.at += quoted;
    for (;; p->cursor.at++) {
        const int byte = qn__cursor_peek(&p->cursor);
        if (byte < 0 || (quoted ? byte == '`' : !is_name_byte(byte))) {
            break;
        }
        if (length + 1 >= sizeof name) {
            return QN_PARSE_FAIL(p->cursor.source, at, "this name is too long");
        }
        name[length++] = (char)byte;
    }
    name[length] = '\0';
    if (quoted) {
        return take(p, "`") ? resolve(p, at, name) : expected(p, "a closing backquote");
    }
    const size_t behind = p->cursor.at;
    if (take(p, "(")) {
        for (size_t k = 0; k < sizeof functions / sizeof *functions; k++) {
            if (strcmp(functions[k].name, name) == 0) {
                return parse_call(p, &functions[k]);
            }
        }
        const char *nearest = qn__suggest(name, sizeof functions / sizeof *functions, function_name, NULL);
        return QN_PARSE_FAIL(p->cursor.source, at, "no function is called '%s'%s%s%s", name,
                             nearest != NULL ? "; did you mean '" : "", nearest != NULL ? nearest : "",
                             nearest != NULL ? "'?" : "");
    }
    p->cursor.at = behind;
    return resolve(p, at, name);
}

static qn_status parse_primary(parser *p)
{
    skip(p);
    const int next = qn__cursor_peek(&p->cursor);
    if (next == '(') {
        p->cursor.at++;
        QN_TRY(parse_level(p, 1));
        return take(p, ")") ? QN_OK : expected(p, "')'");
    }
    if (qn__is_digit(next) || next == '.') {
        double number = 0;
        QN_TRY(qn__cursor_number(&p->cursor, false, "number", &number));
        return emit(p, (instruction){.operation = PUSH, .number = number}, 1);
    }
    if (next == '`' || (is_name_byte(next) && !qn__is_digit(next))) {
        return parse_name(p);
    }
    return expected(p, "a number, a name or '('");
}

static qn_status parse_unary(parser *p)
{
    const bool minus = take(p, "-");
    if (minus || take(p, "!")) {
        QN_TRY(parse_level(p, UNARY));
        return emit(p, (instruction){.operation = minus ? NEGATE : NOT}, 0);
    }
    return parse_primary(p);
}

static const struct sign *next_sign(parser *p, int level)
{
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++) {
        const size_t before = p->cursor.at;
        if (take(p, signs[k].text)) {
            if (signs[k].level >= level) {
                return &signs[k];
            }
            p->cursor.at = before;
            return NULL;
        }
    }
    return NULL;
}

/* Everything that binds at least as tightly as `level`. */
static qn_status parse_level(parser *p, int level)
{
    if (++p->nested > DEEPEST) {
        return QN_PARSE_FAIL(p->cursor.source, p->cursor.at, "the formula is nested too deeply");
    }
    QN_TRY(parse_unary(p));
    bool compared = false;
    for (const struct sign *sign; (sign = next_sign(p, level)) != NULL;) {
        if (sign->level == COMPARISON && compared) {
            return QN_PARSE_FAIL(p->cursor.source, p->cursor.at,
                                 "comparisons are not chained; write a < b && b < c, or use parentheses");
        }
        compared = sign->level == COMPARISON || (compared && sign->level > COMPARISON);
        p->formula->comparisons += sign->level == COMPARISON;
        QN_TRY(parse_level(p, sign->level + (sign->level != POWER_LEVEL)));
        QN_TRY(emit(p, (instruction){.operation = sign->operation}, -1));
    }
    p->nested--;
    return QN_OK;
}

qn_status qn_formula_parse(const char *name, const char *text, const char *const *names, size_t columns,
                           qn_formula **out)
{
    return qn__formula_parse(name, text, names, columns, NULL, out);
}

static qn_status parse(const char *name, const char *text, const char *const *names, size_t columns,
                       const size_t *places, qn_formula **out)
{
    qn__source source;
    QN_TRY(qn__source_open(&source, text, strlen(text), name));
    qn_formula *formula = qn__calloc(1, sizeof *formula);
    QN_ALLOC_CHECK(formula);
    parser p = {{&source, source.start, source.length}, names, columns, places, formula, 0, 0};
    qn_status status = parse_level(&p, 1);
    if (status == QN_OK) {
        skip(&p);
        status = p.cursor.at < p.cursor.end ? expected(&p, "an operator or the end") : QN_OK;
    }
    if (status != QN_OK) {
        qn_formula_free(formula);
        return status;
    }
    *out = formula;
    return QN_OK;
}

/* A formula is written on a command line or in a program: its mistakes are wrong usage, not a bad file. */
qn_status qn__formula_parse(const char *name, const char *text, const char *const *names, size_t columns,
                            const size_t *places, qn_formula **out)
{
    QN_CHECK(text != NULL && out != NULL, ERR_ARGUMENT, "a text and a place for the formula");
    const qn_status status = parse(name, text, names, columns, places, out);
    if (status != QN_ERR_PARSE) {
        return status;
    }
    char message[512];
    (void)snprintf(message, sizeof message, "%s", qn_last_error()->message);
    return QN_FAIL(ERR_FORMULA, "%s", message);
}

void qn_formula_free(qn_formula *formula)
{
    if (formula != NULL) {
        qn__free(formula->code);
        qn__free(formula);
    }
}

size_t qn_formula_comparisons(const qn_formula *formula)
{
    return formula->comparisons;
}

bool qn_formula_uses(const qn_formula *formula, size_t column)
{
    for (size_t k = 0; k < formula->count; k++) {
        if (formula->code[k].operation == COLUMN && formula->code[k].column == column) {
            return true;
        }
    }
    return false;
}

static double of_one(operation what, double a)
{
    switch (what) {
    case NEGATE:
        return -a;
    case NOT:
        return a == 0.0;
    case ABS:
        return fabs(a);
    case CEIL:
        return ceil(a);
    case COS:
        return cos(a);
    case EXP:
        return exp(a);
    case FLOOR:
        return floor(a);
    case LOG:
        return log(a);
    case SIN:
        return sin(a);
    case SQRT:
        return sqrt(a);
    default:
        return tan(a);
    }
}

static double of_two(operation what, double a, double b)
{
    switch (what) {
    case OR:
        return a != 0.0 || b != 0.0;
    case AND:
        return a != 0.0 && b != 0.0;
    case EQUAL:
        return a == b;
    case UNEQUAL:
        return a != b;
    case LESS_EQUAL:
        return a <= b;
    case LESS:
        return a < b;
    case GREATER_EQUAL:
        return a >= b;
    case GREATER:
        return a > b;
    case ADD:
        return a + b;
    case SUBTRACT:
        return a - b;
    case MULTIPLY:
        return a * b;
    case DIVIDE:
        return a / b;
    case POWER:
        return pow(a, b);
    case MAX:
        return fmax(a, b);
    default:
        return fmin(a, b);
    }
}

double qn_formula_value(const qn_formula *formula, const double *row)
{
    double stack[DEEPEST + 1] = {0};
    size_t top = 0;
    for (size_t k = 0; k < formula->count; k++) {
        const instruction *const i = &formula->code[k];
        if (i->operation == PUSH) {
            stack[top++] = i->number;
        } else if (i->operation == COLUMN) {
            stack[top++] = row[i->column];
        } else if (i->operation == MAX || i->operation == MIN || (i->operation >= OR && i->operation <= POWER)) {
            top--;
            stack[top - 1] = of_two(i->operation, stack[top - 1], stack[top]);
        } else {
            stack[top - 1] = of_one(i->operation, stack[top - 1]);
        }
    }
    return stack[0];
}
