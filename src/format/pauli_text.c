/* pauli_text.c: Pauli sums written as text. Terms stand on lines of their own, between ';', or are joined by '+' and
 * '-'. */
#include <quern/format.h>

#include "format/number.h"
#include "format/pauli_terms.h"

/* What of a term decides how the next one may be joined to it. */
typedef struct shape {
    bool joined;    /* follows a '+' or '-' of the same statement */
    bool glued;     /* the joining sign had a blank before it and none behind: "ZZ -1.0" */
    bool number;    /* a number, in brackets or not, gives the coefficient */
    bool bracketed; /* … in round brackets */
    bool imaginary; /* … which stands without brackets and ends in j */
    bool string;    /* has a Pauli string */
} shape;

static bool at_comment(const qn__cursor *cursor)
{
    const int byte = qn__cursor_peek(cursor);
    return byte == '#' || (byte == '/' && qn__cursor_ahead(cursor, 1) == '/');
}

static bool at_term_end(const qn__cursor *cursor)
{
    const int byte = qn__cursor_peek(cursor);
    return byte < 0 || byte == ';' || qn__is_newline(byte) || at_comment(cursor);
}

/* Blanks, line ends and comments; `empty_terms` also ';'. */
static void skip_between(qn__cursor *cursor, bool empty_terms)
{
    for (;;) {
        const int byte = qn__cursor_peek(cursor);
        if (at_comment(cursor)) {
            qn__cursor_skip_line(cursor);
        } else if (qn__is_blank(byte) || qn__is_newline(byte) || (empty_terms && byte == ';')) {
            cursor->at++;
        } else {
            return;
        }
    }
}

static bool at_number(const qn__cursor *cursor)
{
    double value = 0;
    size_t used = 0;
    return qn__number_scan(cursor->source->text + cursor->at, cursor->end - cursor->at, false, &value, &used) !=
           QN__NUMBER_NONE;
}

/* A number, and whether j follows it at once. */
static qn_status read_part(qn__cursor *cursor, double *value, bool *imaginary)
{
    QN_TRY(qn__cursor_number(cursor, false, "coefficient", value));
    const int next = qn__cursor_peek(cursor);
    *imaginary = next == 'j' || next == 'J';
    cursor->at += *imaginary;
    return QN_OK;
}

static qn_status expect_closing(qn__cursor *cursor)
{
    qn__cursor_skip_blanks(cursor);
    if (qn__cursor_peek(cursor) != ')') {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(cursor->source, cursor->at, "expected ')' after the coefficient, got %s",
                             qn__cursor_quote(cursor, cursor->at, quote));
    }
    cursor->at++;
    return QN_OK;
}

/* (1), (2j), (1+2j), (1 - 2j): the cursor stands on the opening bracket. */
static qn_status read_bracketed(qn__cursor *cursor, qn_complex *value)
{
    cursor->at++;
    qn__cursor_skip_blanks(cursor);
    double first = 0;
    bool imaginary = false;
    QN_TRY(read_part(cursor, &first, &imaginary));
    *value = imaginary ? (qn_complex){0, first} : (qn_complex){first, 0};
    qn__cursor_skip_blanks(cursor);
    const int sign = qn__cursor_peek(cursor);
    if (imaginary || (sign != '+' && sign != '-')) {
        return expect_closing(cursor);
    }
    cursor->at++;
    qn__cursor_skip_blanks(cursor);
    const size_t at = cursor->at;
    double second = 0;
    QN_TRY(read_part(cursor, &second, &imaginary));
    if (!imaginary) {
        return QN_PARSE_FAIL(cursor->source, at, "expected an imaginary part such as 2j");
    }
    value->im = sign == '-' ? -second : second;
    return expect_closing(cursor);
}

/* The number of a coefficient, without its sign; 1 when none stands there. */
static qn_status read_coefficient(qn__cursor *cursor, shape *form, qn_complex *value)
{
    *value = (qn_complex){1, 0};
    if (qn__cursor_peek(cursor) == '(') {
        form->number = true;
        form->bracketed = true;
        return read_bracketed(cursor, value);
    }
    const int byte = qn__cursor_peek(cursor);
    if (byte == '+' || byte == '-' || !at_number(cursor)) {
        return QN_OK;
    }
    double number = 0;
    QN_TRY(read_part(cursor, &number, &form->imaginary));
    form->number = true;
    *value = form->imaginary ? (qn_complex){0, number} : (qn_complex){number, 0};
    return QN_OK;
}

/* Refuses two things that a reader who only adds terms up would take for something else than their writer meant. */
static qn_status check_joint(const qn__source *source, size_t offset, const shape *before, const shape *form)
{
    if (before->number && !before->bracketed && !before->string && form->imaginary) {
        return QN_PARSE_FAIL(source, offset, "a complex coefficient needs brackets; expected a form such as (1+2j)");
    }
    if (!before->number && form->glued && form->number && !form->string) {
        return QN_PARSE_FAIL(
            source, offset,
            "a coefficient stands before its Pauli string; expected \"-1.0 ZZ\", or blanks on both sides "
            "of the sign for one more term");
    }
    return QN_OK;
}

/* One term; the cursor stands on its first byte, and `negative` is the sign that joined it. */
static qn_status read_term(qn__pauli_terms *terms, qn__cursor *cursor, bool negative, const shape *before, shape *form)
{
    const size_t offset = cursor->at;
    const int sign = qn__cursor_peek(cursor);
    if (sign == '+' || sign == '-') {
        negative = negative != (sign == '-');
        cursor->at++;
        qn__cursor_skip_blanks(cursor);
    }
    qn_complex value;
    QN_TRY(read_coefficient(cursor, form, &value));
    bool times = false;
    const size_t behind = cursor->at;
    if (form->number) {
        qn__cursor_skip_blanks(cursor);
        times = qn__cursor_peek(cursor) == '*';
        if (times) {
            cursor->at++;
            qn__cursor_skip_blanks(cursor);
        }
    }
    qn__pauli_term term;
    QN_TRY(qn__pauli_string_read(terms, cursor, &term, &form->string));
    if (!form->string && (times || !form->number)) {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(cursor->source, cursor->at, "expected %s, got %s",
                             times ? "a Pauli string" : "a coefficient or a Pauli string such as ZZ or X0 X1",
                             qn__cursor_quote(cursor, cursor->at, quote));
    }
    if (!form->string) {
        cursor->at = behind;
    }
    if (form->joined) {
        QN_TRY(check_joint(cursor->source, offset, before, form));
    }
    term.coefficient = negative ? (qn_complex){-value.re, -value.im} : value;
    term.coefficient.re += 0.0; /* -0.5j has the real part 0, not -0 */
    term.coefficient.im += 0.0;
    term.offset = offset;
    return qn__pauli_terms_add(terms, &term);
}

static qn_status fail_behind(const qn__cursor *cursor, const shape *form)
{
    char quote[QN__QUOTE];
    const char *const got = qn__cursor_quote(cursor, cursor->at, quote);
    if (!form->number && (at_number(cursor) || qn__cursor_peek(cursor) == '(')) {
        return QN_PARSE_FAIL(cursor->source, cursor->at,
                             "a coefficient stands before its Pauli string; expected \"0.5 ZZ\", got %s behind one",
                             got);
    }
    if (!form->string) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "expected a Pauli string such as ZZ or X0 X1, got %s", got);
    }
    return QN_PARSE_FAIL(cursor->source, cursor->at,
                         "expected '+', '-', ';' or the end of the line behind a term, got %s", got);
}

/* Terms joined by signs, to the end of a line or ';'. A sign that ends a line joins the next. */
static qn_status read_statement(qn__pauli_terms *terms, qn__cursor *cursor)
{
    shape before = {0}, form = {0};
    bool negative = false;
    for (;;) {
        QN_TRY(read_term(terms, cursor, negative, &before, &form));
        const size_t behind = cursor->at;
        qn__cursor_skip_blanks(cursor);
        if (at_term_end(cursor)) {
            return QN_OK;
        }
        const int sign = qn__cursor_peek(cursor);
        if (sign != '+' && sign != '-') {
            return fail_behind(cursor, &form);
        }
        const size_t at = cursor->at++;
        before = form;
        form = (shape){.joined = true, .glued = at > behind && !qn__is_blank(qn__cursor_peek(cursor))};
        negative = sign == '-';
        skip_between(cursor, false);
        if (at_term_end(cursor)) {
            return QN_PARSE_FAIL(cursor->source, at, "expected a term behind '%c'", sign);
        }
    }
}

qn_status qn__pauli_text_read(const char *text, size_t length, const char *name, uint32_t nqubits,
                              const qn__pauli_request *request, qn_pauli_sum **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the sum is needed");
    QN_CHECK(nqubits <= QN__PAULI_QUBITS, ERR_RANGE, "%u qubits; at most %d are read", nqubits, QN__PAULI_QUBITS);
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    qn__cursor cursor = {&source, source.start, length};
    qn__pauli_terms terms = QN__PAULI_TERMS_INIT;
    terms.nqubits = nqubits;
    qn_status status = QN_OK;
    for (skip_between(&cursor, true); qn__cursor_peek(&cursor) >= 0; skip_between(&cursor, true)) {
        QN_TRY_CLEANUP(read_statement(&terms, &cursor));
    }
    if (terms.nterms == 0 && nqubits == 0) {
        status = QN_PARSE_FAIL(&source, length, "no terms; expected a Pauli sum such as \"-1.0 ZZ\"");
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__pauli_terms_build(&terms, &source, request, out));
cleanup:
    qn__pauli_terms_clear(&terms);
    return status;
}

qn_status qn_read_pauli_text(const char *text, size_t length, const char *name, uint32_t nqubits, qn_pauli_sum **out)
{
    const qn__pauli_request request = {.limit = QN__READ_LIMIT};
    return qn__pauli_text_read(text, length, name, nqubits, &request, out);
}
