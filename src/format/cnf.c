/* cnf.c: reads DIMACS CNF. Format: "Satisfiability: Suggested Format", DIMACS challenge, 1993. */
#include <quern/cnf.h>

#include <inttypes.h>

#include <quern/format.h>

#include "base/alloc.h"
#include "format/cursor.h"

enum { MOST_VARIABLES = INT32_MAX };

/* What has been read so far. */
typedef struct reader {
    qn__cursor cursor;
    qn_cnf cnf;
    size_t promised; /* clauses, by the header */
    size_t literals, literal_room, start_room;
} reader;

static void skip_space(qn__cursor *cursor)
{
    while (qn__is_blank(qn__cursor_peek(cursor)) || qn__is_newline(qn__cursor_peek(cursor))) {
        cursor->at++;
    }
}

static bool at_line_start(const qn__cursor *cursor)
{
    return cursor->at == cursor->source->start || qn__is_newline(cursor->source->text[cursor->at - 1]);
}

/* Blanks, empty lines, and comment lines: a "c" that begins a line. */
static void skip_comments(qn__cursor *cursor)
{
    for (skip_space(cursor); qn__cursor_peek(cursor) == 'c'; skip_space(cursor)) {
        if (!at_line_start(cursor)) {
            return;
        }
        qn__cursor_skip_line(cursor);
    }
}

/* An integer of magnitude up to `most`, ended by blank, newline or the end. */
static qn_status read_integer(qn__cursor *cursor, bool negative_allowed, uint64_t most, const char *what, int64_t *out)
{
    const size_t at = cursor->at;
    char quote[QN__QUOTE];
    const bool negative = negative_allowed && qn__cursor_peek(cursor) == '-';
    cursor->at += negative;
    const size_t first = cursor->at;
    uint64_t value = 0;
    while (qn__is_digit(qn__cursor_peek(cursor))) {
        value = value <= most ? value * 10 + (uint64_t)(qn__cursor_peek(cursor) - '0') : value;
        cursor->at++;
    }
    const int behind = qn__cursor_peek(cursor);
    if (cursor->at == first || (behind >= 0 && !qn__is_blank(behind) && !qn__is_newline(behind))) {
        return QN_PARSE_FAIL(cursor->source, at, "expected %s, got %s", what, qn__cursor_quote(cursor, at, quote));
    }
    if (value > most) {
        return QN_PARSE_FAIL(cursor->source, at, "%s %s is above %" PRIu64, what, qn__cursor_quote(cursor, at, quote),
                             most);
    }
    *out = negative ? -(int64_t)value : (int64_t)value;
    return QN_OK;
}

static bool take_word(qn__cursor *cursor, const char *word)
{
    size_t length = 0;
    for (; word[length] != '\0'; length++) {
        if (qn__cursor_ahead(cursor, length) != (unsigned char)word[length]) {
            return false;
        }
    }
    if (!qn__is_blank(qn__cursor_ahead(cursor, length))) {
        return false;
    }
    cursor->at += length;
    qn__cursor_skip_blanks(cursor);
    return true;
}

static qn_status read_header(reader *r)
{
    qn__cursor *const cursor = &r->cursor;
    char quote[QN__QUOTE];
    skip_comments(cursor);
    const size_t at = cursor->at;
    if (!take_word(cursor, "p") || !take_word(cursor, "cnf")) {
        return QN_PARSE_FAIL(cursor->source, at, "expected the line \"p cnf VARIABLES CLAUSES\", got %s",
                             qn__cursor_quote(cursor, at, quote));
    }
    int64_t variables = 0, clauses = 0;
    QN_TRY(read_integer(cursor, false, MOST_VARIABLES, "the number of variables", &variables));
    qn__cursor_skip_blanks(cursor);
    QN_TRY(read_integer(cursor, false, MOST_VARIABLES, "the number of clauses", &clauses));
    qn__cursor_skip_blanks(cursor);
    if (qn__cursor_peek(cursor) >= 0 && !qn__is_newline(qn__cursor_peek(cursor))) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "expected the end of the line, got %s",
                             qn__cursor_quote(cursor, cursor->at, quote));
    }
    r->cnf.variables = (uint32_t)variables;
    r->promised = (size_t)clauses;
    return QN_OK;
}

/* Notes where the next clause begins. */
static qn_status close_clause(reader *r)
{
    void *starts = r->cnf.start;
    QN_TRY(qn__grow(&starts, &r->start_room, r->cnf.clauses + 2, sizeof *r->cnf.start));
    r->cnf.start = starts;
    r->cnf.start[0] = 0;
    r->cnf.start[++r->cnf.clauses] = r->literals;
    return QN_OK;
}

static qn_status add_literal(reader *r, int32_t literal)
{
    void *literals = r->cnf.literals;
    QN_TRY(qn__grow(&literals, &r->literal_room, r->literals + 1, sizeof *r->cnf.literals));
    r->cnf.literals = literals;
    r->cnf.literals[r->literals++] = literal;
    return QN_OK;
}

static qn_status read_clauses(reader *r)
{
    qn__cursor *const cursor = &r->cursor;
    size_t opened = 0; /* where the clause being read began */
    bool open = false;
    for (;;) {
        skip_comments(cursor);
        const int next = qn__cursor_peek(cursor);
        if (next < 0 || (next == '%' && at_line_start(cursor))) {
            break;
        }
        if (!open && r->cnf.clauses == r->promised) {
            return QN_PARSE_FAIL(cursor->source, cursor->at, "more clauses than the %zu of the header", r->promised);
        }
        opened = open ? opened : cursor->at;
        const size_t at = cursor->at;
        int64_t literal = 0;
        QN_TRY(read_integer(cursor, true, MOST_VARIABLES, "a literal or the 0 that ends a clause", &literal));
        if (literal == 0) {
            QN_TRY(close_clause(r));
            open = false;
            continue;
        }
        if ((literal < 0 ? -literal : literal) > (int64_t)r->cnf.variables) {
            return QN_PARSE_FAIL(cursor->source, at, "variable %" PRId64 " is above the %" PRIu32 " of the header",
                                 literal < 0 ? -literal : literal, r->cnf.variables);
        }
        QN_TRY(add_literal(r, (int32_t)literal));
        open = true;
    }
    if (open) {
        return QN_PARSE_FAIL(cursor->source, opened, "this clause is not ended by 0");
    }
    if (r->cnf.clauses < r->promised) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "the file ends after %zu clauses; the header promises %zu",
                             r->cnf.clauses, r->promised);
    }
    return QN_OK;
}

qn_status qn_cnf_parse(const char *name, const char *text, size_t length, qn_cnf **out)
{
    QN_CHECK(out != NULL && (text != NULL || length == 0), ERR_ARGUMENT, "a text and a place for the formula");
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    reader r = {.cursor = {&source, source.start, length}};
    qn_cnf *cnf = NULL;
    qn_status status = read_header(&r);
    QN_TRY_CLEANUP(status);
    QN_TRY_CLEANUP(read_clauses(&r));
    if (r.cnf.start == NULL) { /* no clauses: one start all the same */
        r.cnf.start = qn__calloc(1, sizeof *r.cnf.start);
        status = r.cnf.start == NULL ? QN_ERR_MEMORY : QN_OK;
        QN_TRY_CLEANUP(status);
    }
    cnf = qn__alloc(1, sizeof *cnf);
    status = cnf == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    *cnf = r.cnf;
    *out = cnf;
    return QN_OK;
cleanup:
    qn__free(r.cnf.start);
    qn__free(r.cnf.literals);
    return status;
}

qn_status qn_cnf_read(const char *path, qn_cnf **out)
{
    char *text = NULL;
    size_t length = 0;
    QN_TRY(qn_file_read(path, 0, &text, &length));
    const qn_status status = qn_cnf_parse(path, text, length, out);
    qn_text_free(text);
    return status;
}

void qn_cnf_free(qn_cnf *cnf)
{
    if (cnf != NULL) {
        qn__free(cnf->start);
        qn__free(cnf->literals);
        qn__free(cnf);
    }
}

bool qn_cnf_satisfied(const qn_cnf *cnf, const bool *values)
{
    for (size_t c = 0; c < cnf->clauses; c++) {
        bool met = false;
        for (size_t k = cnf->start[c]; !met && k < cnf->start[c + 1]; k++) {
            const int32_t literal = cnf->literals[k];
            met = values[(literal < 0 ? -literal : literal) - 1] == (literal > 0);
        }
        if (!met) {
            return false;
        }
    }
    return true;
}
