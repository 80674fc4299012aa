/* lp_sum.c: names, sums and relations of LP files. */
#include <string.h>

#include "base/alloc.h"
#include "format/instance/lp.h"
#include "format/number.h"

enum { LONGEST_NAME = 255 };

static const struct {
    const char *word;
    qn__lp_section section;
} keywords[] = {
    {"MINIMIZE", QN__LP_MINIMISE},
    {"MINIMISE", QN__LP_MINIMISE},
    {"MINIMUM", QN__LP_MINIMISE},
    {"MIN", QN__LP_MINIMISE},
    {"MAXIMIZE", QN__LP_MAXIMISE},
    {"MAXIMISE", QN__LP_MAXIMISE},
    {"MAXIMUM", QN__LP_MAXIMISE},
    {"MAX", QN__LP_MAXIMISE},
    {"SUBJECT TO", QN__LP_CONSTRAINTS},
    {"SUCH THAT", QN__LP_CONSTRAINTS},
    {"S.T.", QN__LP_CONSTRAINTS},
    {"ST.", QN__LP_CONSTRAINTS},
    {"ST", QN__LP_CONSTRAINTS},
    {"BOUNDS", QN__LP_BOUNDS},
    {"BOUND", QN__LP_BOUNDS},
    {"BINARIES", QN__LP_BINARY},
    {"BINARY", QN__LP_BINARY},
    {"BIN", QN__LP_BINARY},
    {"GENERALS", QN__LP_GENERAL},
    {"GENERAL", QN__LP_GENERAL},
    {"GEN", QN__LP_GENERAL},
    {"INTEGERS", QN__LP_GENERAL},
    {"INTEGER", QN__LP_GENERAL},
    {"INT", QN__LP_GENERAL},
    {"END", QN__LP_END},
    {"SEMI-CONTINUOUS", QN__LP_REFUSED},
    {"SEMIS", QN__LP_REFUSED},
    {"SEMI", QN__LP_REFUSED},
    {"SOS", QN__LP_REFUSED},
    {"SOS1", QN__LP_REFUSED},
    {"SOS2", QN__LP_REFUSED},
    {"LAZY CONSTRAINTS", QN__LP_REFUSED},
    {"USER CUTS", QN__LP_REFUSED},
    {"PWLOBJ", QN__LP_REFUSED},
    {"GENERAL CONSTRAINTS", QN__LP_REFUSED},
    {"MULTI-OBJECTIVES", QN__LP_REFUSED},
};

/* Keywords begin a line, and a blank, a colon-free line end or a new line follows: "min: x" has a label, not a keyword.
 */
static bool begins_line(const qn__cursor *cursor)
{
    size_t at = cursor->at;
    while (at > cursor->source->start && qn__is_blank(cursor->source->text[at - 1])) {
        at--;
    }
    return at == cursor->source->start || qn__is_newline(cursor->source->text[at - 1]);
}

qn__lp_section qn__lp_keyword(qn__cursor *cursor)
{
    if (!begins_line(cursor)) {
        return QN__LP_NONE;
    }
    size_t longest = 0, at = cursor->at;
    qn__lp_section found = QN__LP_NONE;
    for (size_t k = 0; k < sizeof keywords / sizeof *keywords; k++) {
        qn__cursor probe = *cursor;
        if (strlen(keywords[k].word) <= longest || !qn__scan_keyword(&probe, keywords[k].word)) {
            continue;
        }
        const int next = qn__cursor_peek(&probe);
        if (next < 0 || qn__is_blank(next) || qn__is_newline(next) || next == '\\') {
            longest = strlen(keywords[k].word);
            found = keywords[k].section;
            at = probe.at;
        }
    }
    cursor->at = at;
    return found;
}

static bool keyword_here(const qn__cursor *cursor)
{
    qn__cursor probe = *cursor;
    return qn__lp_keyword(&probe) != QN__LP_NONE;
}

static void skip_comments(qn__cursor *cursor)
{
    while (qn__scan_word(cursor) && qn__cursor_peek(cursor) == '\\') {
        qn__cursor_skip_line(cursor);
    }
}

bool qn__lp_more(qn__lp *lp)
{
    skip_comments(&lp->cursor);
    qn__cursor probe = lp->cursor;
    return qn__cursor_peek(&probe) >= 0 && qn__lp_keyword(&probe) == QN__LP_NONE;
}

static bool is_name_byte(int byte)
{
    return byte > ' ' && byte < 0x7f && strchr("+-*/^<>=:[]\\", byte) == NULL;
}

bool qn__lp_is_name(const qn__cursor *cursor)
{
    const int first = qn__cursor_peek(cursor);
    return is_name_byte(first) && !qn__is_digit(first) && first != '.';
}

static size_t name_length(const qn__cursor *cursor)
{
    size_t length = 0;
    while (is_name_byte(qn__cursor_ahead(cursor, length))) {
        length++;
    }
    return length;
}

qn_status qn__lp_variable_here(qn__lp *lp, uint32_t *variable)
{
    char quote[QN__QUOTE];
    qn__cursor *const c = &lp->cursor;
    const size_t length = name_length(c), at = c->at;
    bool fresh = false;
    if (!qn__lp_is_name(c) || length > LONGEST_NAME) {
        return QN_PARSE_FAIL(c->source, at, "%s; expected a variable's name%s", qn__cursor_quote(c, at, quote),
                             length > LONGEST_NAME ? " of at most 255 letters" : "");
    }
    QN_TRY(qn__words_add(&lp->variables, c->source->text + at, length, variable, &fresh));
    c->at += length;
    if (fresh) {
        QN_TRY(qn__grow((void **)&lp->about, &lp->about_capacity, lp->variables.count, sizeof *lp->about));
        lp->about[*variable] = (struct qn__lp_variable){.low = 0, .high = 0, .seen = at};
    }
    return QN_OK;
}

qn_status qn__lp_label(qn__lp *lp, uint32_t *name)
{
    qn__cursor probe = lp->cursor;
    const size_t length = name_length(&probe), at = probe.at;
    bool fresh = false;
    *name = UINT32_MAX;
    probe.at += length;
    qn__cursor_skip_blanks(&probe);
    if (length == 0 || qn__cursor_peek(&probe) != ':') {
        return QN_OK;
    }
    lp->cursor.at = probe.at + 1;
    return qn__words_add(&lp->row_names, lp->cursor.source->text + at, length, name, &fresh);
}

/* [sign] [number]: the coefficient in front of a name, if any. `none`: neither stood here. */
static qn_status coefficient(qn__lp *lp, bool first, bool one_line, double *value, bool *number)
{
    qn__cursor *const c = &lp->cursor;
    char quote[QN__QUOTE];
    double sign = 1;
    bool signed_ = false;
    *value = 1;
    *number = false;
    for (int next = qn__cursor_peek(c); next == '+' || next == '-'; next = qn__cursor_peek(c)) {
        if (signed_) {
            return QN_PARSE_FAIL(c->source, c->at, "two signs in a row; expected a term");
        }
        sign = next == '-' ? -1 : 1;
        signed_ = true;
        c->at++;
        skip_comments(c);
    }
    if (!first && !signed_) {
        return QN_PARSE_FAIL(c->source, c->at, "%s; expected + or - between terms", qn__cursor_quote(c, c->at, quote));
    }
    if (qn__is_digit(qn__cursor_peek(c)) || qn__cursor_peek(c) == '.') {
        QN_TRY(qn__cursor_number(c, false, "a coefficient", value));
        *number = true;
        if (one_line) {
            qn__cursor_skip_blanks(c);
        } else {
            skip_comments(c);
        }
        if (qn__cursor_peek(c) == '*') { /* "3 * x": tolerated */
            c->at++;
            skip_comments(c);
        }
    }
    *value *= sign;
    return QN_OK;
}

/* A right side ends with its line: what follows may be the next constraint, which needs no label. */
static bool sum_ends(qn__lp *lp, bool one_line)
{
    if (one_line && (qn__scan_line_ends(&lp->cursor) || qn__cursor_peek(&lp->cursor) == '\\')) {
        return true;
    }
    skip_comments(&lp->cursor);
    const int next = qn__cursor_peek(&lp->cursor);
    qn__cursor probe = lp->cursor;
    return next < 0 || strchr("<>=]:", next) != NULL || qn__lp_keyword(&probe) != QN__LP_NONE;
}

/* [ 2 x ^ 2 - 4 x * y ] / 2; without "/ 2" as it stands. */
static qn_status bracket(qn__lp *lp, double factor)
{
    qn__cursor *const c = &lp->cursor;
    const size_t opening = c->at++, first = lp->quadratic.count;
    for (bool start = true; !sum_ends(lp, false); start = false) {
        double value = 0, power = 0;
        bool number = false;
        uint32_t i = 0, j = 0;
        const size_t at = c->at;
        QN_TRY(coefficient(lp, start, false, &value, &number));
        QN_TRY(qn__lp_variable_here(lp, &i));
        skip_comments(c);
        if (qn__cursor_peek(c) == '^') {
            c->at++;
            qn__cursor_skip_blanks(c);
            QN_TRY(qn__cursor_number(c, false, "a power", &power));
            if (power != 2) {
                return QN_PARSE_FAIL(c->source, at, "a power of %g; expected 2", power);
            }
            j = i;
        } else if (qn__cursor_peek(c) == '*') {
            c->at++;
            skip_comments(c);
            QN_TRY(qn__lp_variable_here(lp, &j));
        } else {
            return QN_PARSE_FAIL(c->source, at, "a linear term in brackets; expected x ^ 2 or x * y");
        }
        QN_TRY(qn__entries_add(&lp->quadratic, i, j, factor * value, at));
    }
    if (qn__cursor_peek(c) != ']') {
        return QN_PARSE_FAIL(c->source, opening, "the bracket that opens here is not closed");
    }
    c->at++;
    skip_comments(c);
    if (qn__cursor_peek(c) == '/') {
        c->at++;
        double divisor = 0;
        qn__cursor_skip_blanks(c);
        const size_t at = c->at;
        QN_TRY(qn__cursor_number(c, false, "what the bracket is divided by", &divisor));
        if (divisor != 2) {
            return QN_PARSE_FAIL(c->source, at, "a bracket divided by %g; expected 2", divisor);
        }
        for (size_t k = first; k < lp->quadratic.count; k++) {
            lp->quadratic.list[k].value /= 2;
        }
    }
    return QN_OK;
}

qn_status qn__lp_sum(qn__lp *lp, double sign, qn__lp_side side, double *constant)
{
    qn__cursor *const c = &lp->cursor;
    for (bool first = true; !sum_ends(lp, side == QN__LP_RIGHT); first = false) {
        double value = 0;
        bool number = false;
        uint32_t variable = 0;
        QN_TRY(coefficient(lp, first, side == QN__LP_RIGHT, &value, &number));
        if (qn__cursor_peek(c) == '[') {
            if (side != QN__LP_OBJECTIVE || number) {
                return QN_PARSE_FAIL(c->source, c->at,
                                     number ? "a number in front of a bracket; expected + or -"
                                            : "quadratic constraints are not supported; expected a linear one");
            }
            QN_TRY(bracket(lp, sign * value));
        } else if (qn__lp_is_name(c) && !keyword_here(c)) {
            QN_TRY(qn__lp_variable_here(lp, &variable));
            QN_TRY(qn__grow((void **)&lp->terms, &lp->term_capacity, lp->nterms + 1, sizeof *lp->terms));
            lp->terms[lp->nterms++] = (qn__lp_term){variable, sign * value};
        } else if (number) {
            *constant += sign * value;
        } else {
            char quote[QN__QUOTE];
            return QN_PARSE_FAIL(c->source, c->at, "%s; expected a term such as 3 x",
                                 qn__cursor_quote(c, c->at, quote));
        }
    }
    return QN_OK;
}

bool qn__lp_relation_follows(const qn__lp *lp)
{
    const int next = qn__cursor_peek(&lp->cursor);
    return next == '<' || next == '>' || next == '=';
}

qn_status qn__lp_relation(qn__lp *lp, qn_relation *relation)
{
    qn__cursor *const c = &lp->cursor;
    char quote[QN__QUOTE];
    skip_comments(c);
    if (!qn__lp_relation_follows(lp)) {
        return QN_PARSE_FAIL(c->source, c->at, "%s; expected <=, = or >=", qn__cursor_quote(c, c->at, quote));
    }
    const int one = qn__cursor_peek(c), two = qn__cursor_ahead(c, 1);
    const bool both = two == '<' || two == '>' || two == '=';
    const int mark = one == '=' && both ? two : one;
    *relation = mark == '<' ? QN_AT_MOST : mark == '>' ? QN_AT_LEAST : QN_EQUAL;
    c->at += both ? 2 : 1;
    skip_comments(c);
    return QN_OK;
}
