/* table.c: reading and looking up tables of facts. */
#include "advise/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "format/cursor.h"
#include "format/number.h"

enum { MOST_COLUMNS = 64 };

struct qn__table {
    char *name;
    size_t ncolumns, nrows, capacity;
    char *columns[MOST_COLUMNS];
    qn__row *rows;
    char newest[8];
    qn__lines remarks;
};

static const char *const mandatory[] = {"id", "source", "url", "date", "tag"};
enum { MANDATORY = sizeof mandatory / sizeof mandatory[0] };

qn_status qn__table_new(const char *name, qn__table **out)
{
    qn__table *table = qn__calloc(1, sizeof *table);
    QN_ALLOC_CHECK(table);
    table->name = qn__strdup(name);
    if (table->name == NULL) {
        qn__free(table);
        return QN_ERR_MEMORY;
    }
    *out = table;
    return QN_OK;
}

/* A row's cells and texts are one block: the cells in front, the row's text and the file's name behind. */
static void free_row(qn__row *row)
{
    qn__free(row->cells);
}

void qn__table_free(qn__table *table)
{
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; i < table->nrows; i++) {
        free_row(&table->rows[i]);
    }
    for (size_t i = 0; i < table->ncolumns; i++) {
        qn__free(table->columns[i]);
    }
    qn__lines_clear(&table->remarks);
    qn__free(table->rows);
    qn__free(table->name);
    qn__free(table);
}

static size_t column_of(const qn__table *table, const char *name, size_t length)
{
    for (size_t i = 0; i < table->ncolumns; i++) {
        if (strlen(table->columns[i]) == length && memcmp(table->columns[i], name, length) == 0) {
            return i;
        }
    }
    return MOST_COLUMNS;
}

/* The next cell of a line: [start, end) without blanks around it; *at moves behind its tab, or to the line's end. */
static bool next_cell(const qn__cursor *line, size_t *at, size_t *start, size_t *end)
{
    const char *const text = line->source->text;
    if (*at > line->end) {
        return false;
    }
    size_t a = *at, b = *at;
    while (b < line->end && text[b] != '\t') {
        b++;
    }
    *at = b + 1;
    while (a < b && text[a] == ' ') {
        a++;
    }
    while (b > a && text[b - 1] == ' ') {
        b--;
    }
    *start = a;
    *end = b;
    return true;
}

/* What one file's columns are in the table; MOST_COLUMNS: ignored. */
typedef struct header {
    size_t count, column[MOST_COLUMNS];
} header;

static const char *column_at(const void *user, size_t index)
{
    return ((const qn__table *)user)->columns[index];
}

/* A column that the table does not know may be a note of the user's, or a misspelt one. */
static void remark_on_column(qn__table *table, const qn__cursor *line, size_t start, size_t length)
{
    char word[64];
    size_t number = 0, column = 0;
    (void)snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1),
                   line->source->text + start);
    const char *const near = qn__suggest(word, table->ncolumns, column_at, table);
    qn__source_position(line->source, start, &number, &column);
    qn__lines_add(&table->remarks, "%.256s:%zu:%zu: column '%s' is unknown and ignored%s%s%s", line->source->name,
                  number, column, word, near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                  near != NULL ? "'?" : "");
}

static qn_status read_header(qn__table *table, const qn__cursor *line, header *out)
{
    const bool first = table->ncolumns == 0;
    bool seen[MANDATORY] = {false};
    size_t at = line->at, start = 0, end = 0;
    out->count = 0;
    while (next_cell(line, &at, &start, &end)) {
        const char *const name = line->source->text + start;
        const size_t length = end - start;
        if (out->count == MOST_COLUMNS) {
            return QN_PARSE_FAIL(line->source, start, "more than %d columns", MOST_COLUMNS);
        }
        if (length == 0) {
            return QN_PARSE_FAIL(line->source, start, "a column without a name");
        }
        const size_t known = column_of(table, name, length);
        for (size_t i = 0; i < out->count; i++) {
            if (known != MOST_COLUMNS && out->column[i] == known) {
                return QN_PARSE_FAIL(line->source, start, "column '%.*s' stands twice",
                                     (int)(length > 64 ? 64 : length), name);
            }
        }
        size_t column = known;
        if (first) {
            char *copy = qn__alloc(length + 1, 1);
            QN_ALLOC_CHECK(copy);
            memcpy(copy, name, length);
            copy[length] = '\0';
            column = table->ncolumns;
            table->columns[table->ncolumns++] = copy;
        } else if (known == MOST_COLUMNS) {
            remark_on_column(table, line, start, length);
        }
        for (size_t m = 0; m < MANDATORY; m++) {
            seen[m] |= strlen(mandatory[m]) == length && memcmp(mandatory[m], name, length) == 0;
        }
        out->column[out->count++] = column;
    }
    for (size_t m = 0; m < MANDATORY; m++) {
        if (!seen[m]) {
            return QN_PARSE_FAIL(line->source, line->at,
                                 "the first line has no column '%s'; every table needs id, "
                                 "source, url, date and tag, separated by tabs",
                                 mandatory[m]);
        }
    }
    return QN_OK;
}

static bool is_date(const char *text)
{
    static const char pattern[] = "dddd-dd-dd";
    const size_t length = strlen(text);
    if (length != 7 && length != 10) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (pattern[i] == 'd' ? !qn__is_digit(text[i]) : text[i] != pattern[i]) {
            return false;
        }
    }
    const int month = (text[5] - '0') * 10 + text[6] - '0';
    const int day = length == 10 ? (text[8] - '0') * 10 + text[9] - '0' : 1;
    const int year =
        (text[2] - '0') * 10 + text[3] - '0'; /* of the century: 2000 is a leap year, 1900 is no date here */
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && year % 4 == 0 ? 1 : 0);
}

static bool is_address(const char *text)
{
    static const char *const schemes[] = {"https://", "http://", "arXiv:", "doi:"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        const size_t length = strlen(schemes[i]);
        if (strncmp(text, schemes[i], length) == 0) {
            return text[length] != '\0' && text[length] != ' ';
        }
    }
    return false;
}

/* The five cells without which a row is hearsay. `places` are the offsets of the columns' cells. */
static qn_status check_row(const qn__table *table, const qn__cursor *line, const qn__row *row, const size_t *places)
{
    const char *const id = row->cells[column_of(table, "id", 2)];
    for (size_t m = 0; m < MANDATORY; m++) {
        const size_t column = column_of(table, mandatory[m], strlen(mandatory[m]));
        if (row->cells[column][0] != '\0') {
            continue;
        }
        if (m == 0) {
            return QN_PARSE_FAIL(line->source, places[column], "a row has no id");
        }
        return QN_PARSE_FAIL(line->source, places[column], "row '%.64s' has no %s", id, mandatory[m]);
    }
    const size_t url = column_of(table, "url", 3), date = column_of(table, "date", 4), tag = column_of(table, "tag", 3);
    if (!is_address(row->cells[url])) {
        return QN_PARSE_FAIL(line->source, places[url],
                             "row '%.64s': url '%.64s' is none; expected https://…, arXiv:… or doi:…", id,
                             row->cells[url]);
    }
    if (!is_date(row->cells[date])) {
        return QN_PARSE_FAIL(line->source, places[date], "row '%.64s': date '%.64s'; expected YYYY-MM or YYYY-MM-DD",
                             id, row->cells[date]);
    }
    if (row->cells[tag][1] != '\0' || strchr("VPSMDCRE", row->cells[tag][0]) == NULL) {
        return QN_PARSE_FAIL(line->source, places[tag],
                             "row '%.64s': tag '%.64s'; expected one of V (reproduced here), P (primary paper), S "
                             "(secondary), M (memory), D (demonstrated), C (company claim), R (roadmap), E (editorial)",
                             id, row->cells[tag]);
    }
    return QN_OK;
}

static qn_status make_row(const qn__table *table, const qn__cursor *line, const header *columns, const char *file,
                          bool user, qn__row *out)
{
    const size_t room = line->end - line->at + 2, name = strlen(file) + 1;
    const char **cells = qn__alloc(table->ncolumns * sizeof *cells + room + name, 1);
    QN_ALLOC_CHECK(cells);
    char *text = (char *)(void *)(cells + table->ncolumns);
    size_t places[MOST_COLUMNS], number = 0, column = 0;
    qn__source_position(line->source, line->at, &number, &column);
    memcpy(text + room, file, name);
    text[room - 1] = '\0';
    for (size_t i = 0; i < table->ncolumns; i++) {
        cells[i] = text + room - 1;
        places[i] = line->end;
    }
    *out = (qn__row){cells, text + room, number, user};
    size_t at = line->at, start = 0, end = 0, used = 0, count = 0;
    qn_status status = QN_OK;
    for (size_t i = 0; status == QN_OK && next_cell(line, &at, &start, &end); i++, count++) {
        if (i >= columns->count) {
            status =
                QN_PARSE_FAIL(line->source, start, "more cells than the %zu columns of the first line", columns->count);
        } else if (columns->column[i] != MOST_COLUMNS) {
            memcpy(text + used, line->source->text + start, end - start);
            cells[columns->column[i]] = text + used;
            places[columns->column[i]] = start;
            used += end - start;
            text[used++] = '\0';
        }
    }
    status = status == QN_OK ? check_row(table, line, out, places) : status;
    if (status == QN_OK && count < columns->count) {
        status = QN_PARSE_FAIL(line->source, line->end, "row '%.64s' has %zu cells; the first line names %zu columns",
                               cells[column_of(table, "id", 2)], count, columns->count);
    }
    if (status != QN_OK) {
        qn__free(cells);
    }
    return status;
}

static qn__row *find(const qn__table *table, const char *id)
{
    const size_t column = column_of(table, "id", 2);
    for (size_t i = 0; column != MOST_COLUMNS && i < table->nrows; i++) {
        if (strcmp(table->rows[i].cells[column], id) == 0) {
            return &table->rows[i];
        }
    }
    return NULL;
}

static qn_status take_row(qn__table *table, const qn__cursor *line, qn__row *row)
{
    const char *const id = row->cells[column_of(table, "id", 2)];
    qn__row *old = find(table, id);
    if (old != NULL && old->user == row->user) {
        return QN_PARSE_FAIL(line->source, line->at, "row '%.64s' stands already in line %zu", id, old->line);
    }
    if (old != NULL) {
        free_row(old);
        *old = *row;
        return QN_OK;
    }
    void *rows = table->rows;
    QN_TRY(qn__grow(&rows, &table->capacity, table->nrows + 1, sizeof *table->rows));
    table->rows = rows;
    table->rows[table->nrows++] = *row;
    const char *const date = row->cells[column_of(table, "date", 4)];
    if (!row->user && strncmp(date, table->newest, 7) > 0) {
        memcpy(table->newest, date, 7);
    }
    return QN_OK;
}

qn_status qn__table_read(qn__table *table, const char *text, size_t length, const char *file, bool user)
{
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, file));
    header columns = {0};
    bool started = false;
    size_t at = source.start;
    while (at < length) {
        qn__cursor line = {&source, at, at};
        while (line.end < length && !qn__is_newline((unsigned char)text[line.end])) {
            line.end++;
        }
        at = line.end + 1;
        if (line.end == line.at || text[line.at] == '#') {
            continue;
        }
        if (!started) {
            QN_TRY(read_header(table, &line, &columns));
            started = true;
            continue;
        }
        qn__row row;
        QN_TRY(make_row(table, &line, &columns, file, user, &row));
        const qn_status status = take_row(table, &line, &row);
        if (status != QN_OK) {
            free_row(&row);
            return status;
        }
    }
    if (!started) {
        return QN_PARSE_FAIL(&source, source.start, "no table: the first line must name the columns");
    }
    return table->remarks.status;
}

const qn__lines *qn__table_remarks(const qn__table *table)
{
    return &table->remarks;
}

const char *qn__table_name(const qn__table *table)
{
    return table->name;
}

size_t qn__table_rows(const qn__table *table)
{
    return table->nrows;
}

const qn__row *qn__table_row(const qn__table *table, size_t index)
{
    return index < table->nrows ? &table->rows[index] : NULL;
}

const qn__row *qn__table_look(const qn__table *table, const char *id)
{
    return find(table, id);
}

static const char *id_at(const void *user, size_t index)
{
    const qn__table *table = user;
    return qn__table_text(table, &table->rows[index], "id");
}

qn_status qn__table_find(const qn__table *table, const char *id, const char *what, const qn__row **out)
{
    const qn__row *row = find(table, id);
    if (row != NULL) {
        *out = row;
        return QN_OK;
    }
    const char *const near = qn__suggest(id, table->nrows, id_at, table);
    char list[384] = "";
    size_t used = 0;
    for (size_t i = 0; i < table->nrows && used + 48 < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.40s", i == 0 ? "" : ", ", id_at(table, i));
    }
    if (near != NULL) {
        return QN_FAIL(ERR_NAME, "unknown %s \"%.64s\"; did you mean \"%s\"? There are: %s", what, id, near, list);
    }
    return QN_FAIL(ERR_NAME, "unknown %s \"%.64s\"; there are: %s", what, id, list);
}

const char *qn__table_text(const qn__table *table, const qn__row *row, const char *column)
{
    const size_t at = column_of(table, column, strlen(column));
    return at == MOST_COLUMNS ? "" : row->cells[at];
}

qn_status qn__row_fail(const qn__table *table, const qn__row *row, const char *format, ...)
{
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return QN_FAIL(ERR_PARSE, "%s:%zu: error: row '%.64s': %s", row->file, row->line, qn__table_text(table, row, "id"),
                   message);
}

qn_status qn__table_number_or(const qn__table *table, const qn__row *row, const char *column, double fallback,
                              double *out)
{
    const char *const text = qn__table_text(table, row, column);
    if (text[0] == '\0' || strcmp(text, "-") == 0) {
        *out = fallback;
        return QN_OK;
    }
    size_t used = 0;
    double value = 0;
    if (qn__number_scan(text, strlen(text), false, &value, &used) != QN__NUMBER_OK || used != strlen(text)) {
        return qn__row_fail(table, row, "%s '%.64s' is not a number", column, text);
    }
    *out = value;
    return QN_OK;
}

qn_status qn__table_number(const qn__table *table, const qn__row *row, const char *column, double *out)
{
    const char *const text = qn__table_text(table, row, column);
    if (text[0] == '\0' || strcmp(text, "-") == 0) {
        return qn__row_fail(table, row, "%s is missing", column);
    }
    return qn__table_number_or(table, row, column, 0, out);
}

const char *qn__table_newest(const qn__table *table)
{
    return table->newest;
}
