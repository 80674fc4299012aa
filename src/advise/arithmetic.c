/* arithmetic.c: a parser by recursive descent. */
#include "advise/arithmetic.h"

#include <math.h>
#include <string.h>

#include "format/cursor.h"
#include "format/number.h"

enum { DEEPEST = 64 };

typedef struct parser {
    qn__cursor at;
    unsigned depth;
} parser;

static qn_status sum(parser *p, double *out);

static bool take(parser *p, char sign)
{
    qn__cursor_skip_blanks(&p->at);
    if (qn__cursor_peek(&p->at) != sign) {
        return false;
    }
    p->at.at++;
    return true;
}

static const struct {
    const char *name;
    double (*of)(double);
} functions[] = {{"sqrt", sqrt},   {"exp", exp},   {"ln", log},      {"log2", log2},
                 {"log10", log10}, {"ceil", ceil}, {"floor", floor}, {"round", round}};

static qn_status call(parser *p, double *out)
{
    const size_t start = p->at.at;
    while (qn__is_letter(qn__cursor_peek(&p->at)) || qn__is_digit(qn__cursor_peek(&p->at))) {
        p->at.at++;
    }
    const char *const name = p->at.source->text + start;
    const size_t length = p->at.at - start;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strlen(functions[i].name) == length && memcmp(functions[i].name, name, length) == 0) {
            double value = 0;
            if (!take(p, '(')) {
                break;
            }
            QN_TRY(sum(p, &value));
            if (!take(p, ')')) {
                return QN_PARSE_FAIL(p->at.source, p->at.at, "expected ')'");
            }
            *out = functions[i].of(value);
            return QN_OK;
        }
    }
    return QN_PARSE_FAIL(p->at.source, start, "expected a number, a function of one argument or '('");
}

static qn_status atom(parser *p, double *out)
{
    qn__cursor_skip_blanks(&p->at);
    const int byte = qn__cursor_peek(&p->at);
    if (take(p, '(')) {
        QN_TRY(sum(p, out));
        return take(p, ')') ? QN_OK : QN_PARSE_FAIL(p->at.source, p->at.at, "expected ')'");
    }
    if (qn__is_letter(byte)) {
        return call(p, out);
    }
    size_t used = 0;
    const size_t rest = p->at.end - p->at.at;
    if ((!qn__is_digit(byte) && byte != '.') ||
        qn__number_scan(p->at.source->text + p->at.at, rest, false, out, &used) != QN__NUMBER_OK) {
        return QN_PARSE_FAIL(p->at.source, p->at.at, "expected a number, a function of one argument or '('");
    }
    p->at.at += used;
    return QN_OK;
}

/* A power binds its right side first, and stronger than a sign before it: -2^2 = -4. */
static qn_status power(parser *p, double *out)
{
    if (++p->depth > DEEPEST) {
        return QN_PARSE_FAIL(p->at.source, p->at.at, "nested deeper than %d", DEEPEST);
    }
    if (take(p, '-')) {
        QN_TRY(power(p, out));
        *out = -*out;
        p->depth--;
        return QN_OK;
    }
    QN_TRY(atom(p, out));
    if (take(p, '^')) {
        double exponent = 0;
        QN_TRY(power(p, &exponent));
        *out = pow(*out, exponent);
    }
    p->depth--;
    return QN_OK;
}

static qn_status product(parser *p, double *out)
{
    QN_TRY(power(p, out));
    for (;;) {
        double right = 0;
        if (take(p, '*')) {
            QN_TRY(power(p, &right));
            *out *= right;
        } else if (take(p, '/')) {
            QN_TRY(power(p, &right));
            *out /= right;
        } else {
            return QN_OK;
        }
    }
}

static qn_status sum(parser *p, double *out)
{
    QN_TRY(product(p, out));
    for (;;) {
        double right = 0;
        if (take(p, '+')) {
            QN_TRY(product(p, &right));
            *out += right;
        } else if (take(p, '-')) {
            QN_TRY(product(p, &right));
            *out -= right;
        } else {
            return QN_OK;
        }
    }
}

qn_status qn__arithmetic(const char *text, size_t length, double *out)
{
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, "expression"));
    parser p = {.at = {&source, source.start, length}};
    double value = 0;
    QN_TRY(sum(&p, &value));
    qn__cursor_skip_blanks(&p.at);
    if (p.at.at != p.at.end) {
        return QN_PARSE_FAIL(&source, p.at.at, "expected an operator or the end");
    }
    QN_CHECK(isfinite(value), ERR_NAN, "\"%.*s\" is not a finite number", (int)(length > 200 ? 200 : length), text);
    *out = value;
    return QN_OK;
}
