/* table.c: tables of words and numbers: CSV (RFC 4180; comma, semicolon or tab) and the JSON of NAS-Bench-Macro. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "format/instance/scan.h"
#include "format/json_locate.h"
#include "format/number.h"

enum { MOST_COLUMNS = 4096 };

/* Levels of one column while it is read. */
typedef struct column {
    qn__names levels;
    double *values;
    size_t capacity;
    bool words;
    size_t word_line, word_column; /* of the first word */
} column;

typedef struct table {
    const qn__source *source;
    qn__cursor cursor;
    char separator;
    column *columns;
    char **names;
    uint32_t ncolumns;
    size_t rows, ncells, cell_capacity;
    uint32_t *cells;
    char *text; /* of one cell, quotes undone */
    size_t length, text_capacity;
} table;

/* `at`: the cell's offset. */
static qn_status add_level(table *t, uint32_t c, size_t at, const char *text, size_t length, bool number, double value)
{
    QN_CHECK(t->columns != NULL && c < t->ncolumns, ERR_INTERNAL, "a cell before its column");
    column *const to = &t->columns[c];
    uint32_t level = 0;
    bool fresh = false;
    QN_TRY(qn__words_add(&to->levels, text, length, &level, &fresh));
    if (fresh) {
        QN_TRY(qn__grow((void **)&to->values, &to->capacity, to->levels.count, sizeof *to->values));
        to->values[level] = number ? value : (double)NAN;
        if (!number && !to->words) {
            qn__source_position(t->source, at, &to->word_line, &to->word_column);
            to->words = true;
        }
    }
    QN_TRY(qn__grow((void **)&t->cells, &t->cell_capacity, t->ncells + 1, sizeof *t->cells));
    t->cells[t->ncells++] = level;
    return QN_OK;
}

static qn_status make_columns(table *t, uint32_t count)
{
    t->columns = qn__calloc(count, sizeof *t->columns);
    t->names = qn__calloc(count, sizeof *t->names);
    if (t->columns == NULL || t->names == NULL) {
        return QN_ERR_MEMORY;
    }
    t->ncolumns = count;
    return QN_OK;
}

static void clear(table *t)
{
    for (uint32_t c = 0; c < t->ncolumns && t->columns != NULL; c++) {
        qn__names_release(&t->columns[c].levels);
        qn__free(t->columns[c].values);
        qn__free(t->names != NULL ? t->names[c] : NULL);
    }
    qn__free(t->columns);
    qn__free(t->names);
    qn__free(t->cells);
    qn__free(t->text);
}

/* Hands everything over. */
static qn_status build(table *t, qn_instance *out)
{
    qn_score_table *made = qn__calloc(1, sizeof *made);
    QN_ALLOC_CHECK(made);
    out->table = made;
    made->column = qn__calloc(t->ncolumns, sizeof *made->column);
    QN_ALLOC_CHECK(made->column);
    made->columns = t->ncolumns;
    made->rows = t->rows;
    made->cell = t->cells;
    t->cells = NULL;
    for (uint32_t c = 0; c < t->ncolumns; c++) {
        column *const from = &t->columns[c];
        made->column[c] = (qn_column){t->names[c],        !from->words, (uint32_t)from->levels.count,
                                      from->levels.names, from->values, from->word_line,
                                      from->word_column};
        t->names[c] = NULL;
        from->levels.names = NULL;
        from->levels.count = 0;
        from->values = NULL;
    }
    return QN_OK;
}

void qn__score_table_free(qn_score_table *made)
{
    if (made == NULL) {
        return;
    }
    for (uint32_t c = 0; made->column != NULL && c < made->columns; c++) {
        for (uint32_t l = 0; l < made->column[c].levels; l++) {
            qn__free(made->column[c].texts[l]);
        }
        qn__free(made->column[c].texts);
        qn__free(made->column[c].values);
        qn__free(made->column[c].name);
    }
    qn__free(made->column);
    qn__free(made->cell);
    qn__free(made);
}

/* Of the first line's tabs, semicolons and commas outside quotes the one it has most of. */
static char separator_of(const qn__cursor *cursor)
{
    static const char candidates[3] = {',', ';', '\t'};
    size_t counts[3] = {0, 0, 0}, best = 0;
    bool quoted = false;
    for (size_t at = cursor->at; at < cursor->end && (quoted || !qn__is_newline(cursor->source->text[at])); at++) {
        const char byte = cursor->source->text[at];
        quoted = byte == '"' ? !quoted : quoted;
        for (size_t k = 0; k < 3; k++) {
            counts[k] += !quoted && byte == candidates[k];
        }
    }
    for (size_t k = 1; k < 3; k++) {
        best = counts[k] > counts[best] ? k : best;
    }
    return candidates[best];
}

static qn_status add_byte(table *t, char byte)
{
    QN_TRY(qn__grow((void **)&t->text, &t->text_capacity, t->length + 2, 1));
    t->text[t->length++] = byte;
    t->text[t->length] = '\0';
    return QN_OK;
}

static void skip_padding(table *t)
{
    while (qn__is_blank(qn__cursor_peek(&t->cursor)) && qn__cursor_peek(&t->cursor) != t->separator) {
        t->cursor.at++;
    }
}

/* One cell into t->text; `last` of its line. */
static qn_status read_cell(table *t, size_t *at, bool *last)
{
    qn__cursor *const c = &t->cursor;
    QN_TRY(add_byte(t, ' ')); /* so that there is room for the 0 of an empty cell */
    t->length = 0;
    t->text[0] = '\0';
    skip_padding(t);
    *at = c->at;
    if (qn__cursor_peek(c) == '"') {
        for (c->at++; qn__cursor_peek(c) != '"' || qn__cursor_ahead(c, 1) == '"'; c->at++) {
            if (qn__cursor_peek(c) < 0) {
                return QN_PARSE_FAIL(t->source, *at, "the quote that opens here is not closed");
            }
            c->at += qn__cursor_peek(c) == '"' ? 1 : 0;
            QN_TRY(add_byte(t, t->source->text[c->at]));
        }
        c->at++;
        skip_padding(t);
    } else {
        while (qn__cursor_peek(c) >= 0 && qn__cursor_peek(c) != t->separator && !qn__is_newline(qn__cursor_peek(c))) {
            QN_TRY(add_byte(t, t->source->text[c->at++]));
        }
        while (t->length > 0 && qn__is_blank(t->text[t->length - 1])) {
            t->text[--t->length] = '\0';
        }
    }
    const int next = qn__cursor_peek(c);
    *last = next < 0 || qn__is_newline(next);
    if (!*last && next != t->separator) {
        return QN_PARSE_FAIL(t->source, c->at, "text behind a closing quote; expected a separator");
    }
    c->at += *last ? 0 : 1;
    return QN_OK;
}

/* Whether the text is a number; nan and infinities are refused, be they quoted or not. */
static qn_status read_number(const table *t, size_t at, bool *number, double *value)
{
    size_t used = 0;
    const qn__number_result result = qn__number_scan(t->text, t->length, false, value, &used);
    *number = result == QN__NUMBER_OK && used == t->length;
    const size_t letters = t->length - (t->length > 0 && (t->text[0] == '-' || t->text[0] == '+') ? 1 : 0);
    const bool word = result == QN__NUMBER_NAN || result == QN__NUMBER_INFINITE; /* nan, inf, infinity: all of it */
    if ((word && (letters == 3 || letters == 8)) || result == QN__NUMBER_OVERFLOW) {
        return QN_PARSE_FAIL(t->source, at, "a cell is %.20s; expected a finite number or a word", t->text);
    }
    return QN_OK;
}

/* The first line: names. A line of nothing but numbers is data, and columns are called c1, c2, …. */
static qn_status read_header(table *t)
{
    const qn__cursor start = t->cursor;
    uint32_t count = 0, numbers = 0;
    bool last = false;
    while (!last) {
        size_t at = 0;
        bool number = false;
        double value = 0;
        QN_TRY(read_cell(t, &at, &last));
        QN_TRY(read_number(t, at, &number, &value));
        numbers += number;
        if (++count > MOST_COLUMNS) {
            return QN_PARSE_FAIL(t->source, at, "more than %d columns", (int)MOST_COLUMNS);
        }
    }
    QN_TRY(make_columns(t, count));
    qn__cursor behind = t->cursor;
    t->cursor = start;
    for (uint32_t c = 0; c < count; c++) {
        size_t at = 0;
        QN_TRY(read_cell(t, &at, &last));
        if (numbers == count) {
            t->length = 0;
            for (const char *p = "column "; *p != '\0'; p++) {
                QN_TRY(add_byte(t, *p));
            }
            for (uint32_t part = 1000, started = 0; part > 0; part /= 10) {
                started += (c + 1) / part;
                if (started > 0) {
                    QN_TRY(add_byte(t, (char)('0' + (c + 1) / part % 10)));
                }
            }
        } else if (t->length == 0) {
            return QN_PARSE_FAIL(t->source, at, "column %u has no name", c + 1);
        }
        t->names[c] = qn__strdup(t->text);
        QN_ALLOC_CHECK(t->names[c]);
        for (uint32_t other = 0; other < c; other++) {
            if (strcmp(t->names[other], t->names[c]) == 0) {
                return QN_PARSE_FAIL(t->source, at, "two columns are called '%.40s'", t->text);
            }
        }
    }
    t->cursor = numbers == count ? start : behind;
    return QN_OK;
}

static qn_status read_row(table *t)
{
    const size_t line = t->cursor.at;
    bool last = false;
    uint32_t c = 0;
    for (; !last; c++) {
        size_t at = 0;
        bool number = false;
        double value = 0;
        QN_TRY(read_cell(t, &at, &last));
        if (c == t->ncolumns) {
            return QN_PARSE_FAIL(t->source, at, "more cells than the %u columns", t->ncolumns);
        }
        if (t->length == 0) {
            return QN_PARSE_FAIL(t->source, at, "the cell of '%.40s' is empty", t->names[c]);
        }
        QN_TRY(read_number(t, at, &number, &value));
        QN_TRY(add_level(t, c, at, t->text, t->length, number, value));
    }
    if (c < t->ncolumns) {
        return QN_PARSE_FAIL(t->source, line, "%u cells; expected %u", c, t->ncolumns);
    }
    t->rows++;
    return QN_OK;
}

qn_status qn__read_table(const qn__source *source, qn_instance *out)
{
    table t = {.source = source, .cursor = {source, source->start, source->length}};
    qn_status status = QN_OK;
    if (!qn__scan_word(&t.cursor)) {
        return QN_PARSE_FAIL(source, source->length, "nothing in this file; expected a table");
    }
    t.separator = separator_of(&t.cursor);
    QN_TRY_CLEANUP(read_header(&t));
    while (qn__scan_word(&t.cursor)) {
        QN_TRY_CLEANUP(read_row(&t));
    }
    if (t.rows == 0) {
        status = QN_PARSE_FAIL(source, source->length, "a header, but no rows");
        goto cleanup;
    }
    QN_TRY_CLEANUP(build(&t, out));
cleanup:
    clear(&t);
    return status;
}

/* Of the whole text, an entry's record, or a member of it. */
static size_t place_of(const qn__source *source, const char *entry, const char *member)
{
    const qn__json_step steps[2] = {{entry, 0}, {member, 0}};
    return qn__json_locate(source->text, source->length, source->start, steps,
                           entry == NULL    ? 0
                           : member == NULL ? 1
                                            : 2);
}

static qn_status fail_at(const qn__source *source, const char *entry, const char *member, const char *what)
{
    return QN_PARSE_FAIL(source, place_of(source, entry, member), "%s", what);
}

/* The positions of the key are columns "op1", "op2", …; numbers of the record are columns by their names. */
static qn_status nas_columns(table *t, const char *key, json_t *record)
{
    const size_t letters = strlen(key);
    size_t numbers = 0;
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(record, name, value)
    {
        numbers += json_is_number(value);
    }
    if (letters == 0 || letters > 64 || numbers == 0 || numbers > 64) {
        return fail_at(t->source, key, NULL,
                       "expected entries such as \"0120\": {\"mean_acc\": 93.1}: up to 64 choices and numbers");
    }
    QN_TRY(make_columns(t, (uint32_t)(letters + numbers)));
    for (size_t k = 0; k < letters; k++) {
        const size_t number = k + 1;
        const char text[5] = {'o', 'p', (char)(number < 10 ? '0' + number : '0' + number / 10),
                              (char)(number < 10 ? '\0' : '0' + number % 10), '\0'};
        t->names[k] = qn__strdup(text);
        QN_ALLOC_CHECK(t->names[k]);
    }
    size_t c = letters;
    json_object_foreach(record, name, value)
    {
        if (json_is_number(value)) {
            t->names[c] = qn__strdup(name);
            QN_ALLOC_CHECK(t->names[c]);
            c++;
        }
    }
    return QN_OK;
}

static qn_status nas_entry(table *t, size_t letters, const char *key, const json_t *record)
{
    QN_CHECK(t->columns != NULL && letters <= t->ncolumns, ERR_INTERNAL, "cells before their columns");
    if (strlen(key) != letters) {
        return fail_at(t->source, key, NULL, "the key of this entry is longer or shorter than the first one");
    }
    for (size_t k = 0; k < letters; k++) {
        const bool digit = key[k] >= '0' && key[k] <= '9';
        /* looking for the place takes a pass over the text: for the first word of a column alone */
        const size_t at = digit || t->columns[k].words ? 0 : place_of(t->source, key, NULL);
        QN_TRY(add_level(t, (uint32_t)k, at, key + k, 1, digit, digit ? key[k] - '0' : 0));
    }
    for (uint32_t c = (uint32_t)letters; c < t->ncolumns; c++) {
        const json_t *const value = json_object_get(record, t->names[c]);
        char text[QN__NUMBER_ROOM];
        if (!json_is_number(value) || !isfinite(json_number_value(value))) {
            return fail_at(t->source, key, value != NULL ? t->names[c] : NULL,
                           value != NULL ? "expected a finite number here, as in the first entry"
                                         : "this entry lacks a number that the first one has");
        }
        const size_t length = qn__number_print(text, json_number_value(value), false);
        QN_TRY(add_level(t, c, 0, text, length, true, json_number_value(value)));
    }
    t->rows++;
    return QN_OK;
}

static qn_status nas_entries(table *t, json_t *root)
{
    const char *key = NULL;
    json_t *record = NULL;
    size_t letters = 0;
    json_object_foreach(root, key, record)
    {
        if (!json_is_object(record)) {
            return fail_at(t->source, key, NULL, "expected an object such as {\"mean_acc\": 93.1}");
        }
        if (t->ncolumns == 0) {
            letters = strlen(key);
            QN_TRY(nas_columns(t, key, record));
        }
        QN_TRY(nas_entry(t, letters, key, record));
    }
    return t->rows > 0 ? QN_OK : fail_at(t->source, NULL, NULL, "no entries");
}

qn_status qn__read_nas(const qn__source *source, qn_instance *out)
{
    json_error_t error;
    json_t *const root = json_loadb(source->text + source->start, source->length - source->start,
                                    JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    if (root == NULL && json_error_code(&error) == json_error_out_of_memory) {
        return QN_FAIL(ERR_MEMORY, "%s: no memory to read JSON", source->name);
    }
    if (root == NULL) {
        return QN_PARSE_FAIL(source, source->start + (error.position > 0 ? (size_t)error.position : 0),
                             "%s; expected JSON", error.text);
    }
    table t = {.source = source};
    qn_status status = QN_OK;
    if (!json_is_object(root)) {
        status = fail_at(source, NULL, NULL, "expected an object of entries \"0120\": {\"mean_acc\": 93.1}");
        goto cleanup;
    }
    QN_TRY_CLEANUP(nas_entries(&t, root));
    QN_TRY_CLEANUP(build(&t, out));
cleanup:
    clear(&t);
    json_decref(root);
    return status;
}
