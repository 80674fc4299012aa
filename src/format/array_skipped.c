/* array_skipped.c: columns of a file of which some were left out, by their names and numbers in the file. */
#include <string.h>

#include <quern/array.h>
#include <quern/formula.h>

#include "base/alloc.h"
#include "base/status.h"
#include "format/formula.h"

void qn_array_skipped_free(qn_array_skipped *skipped)
{
    if (skipped == NULL) {
        return;
    }
    for (size_t k = 0; skipped->names != NULL && k < skipped->count; k++) {
        qn__free(skipped->names[k]);
    }
    qn__free(skipped->names);
    qn__free(skipped->columns);
    *skipped = (qn_array_skipped){0};
}

size_t qn_array_file_column(const qn_array_skipped *skipped, size_t column)
{
    for (size_t k = 0; skipped != NULL && k < skipped->count && skipped->columns[k] <= column; k++) {
        column++;
    }
    return column;
}

/* "12" or "c12", below `columns`. */
static bool read_number(const char *word, size_t columns, size_t *out)
{
    const char *digit = word[0] == 'c' ? word + 1 : word;
    size_t value = 0;
    if (*digit == '\0') {
        return false;
    }
    for (; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9' || value >= columns) {
            return false;
        }
        value = value * 10 + (size_t)(*digit - '0');
    }
    *out = value;
    return value < columns;
}

qn_status qn_array_find(const qn_array *array, const qn_array_skipped *skipped, const char *word, size_t *out)
{
    QN_CHECK(array != NULL && word != NULL && out != NULL, ERR_ARGUMENT, "an array, a name and a place are needed");
    const size_t left_out = skipped != NULL ? skipped->count : 0;
    size_t number = 0;
    const bool by_number = read_number(word, array->columns + left_out, &number);
    const bool plain = by_number && word[0] != 'c'; /* "c2" may well be a name */
    for (size_t k = 0; !plain && array->names != NULL && k < array->columns; k++) {
        if (strcmp(array->names[k], word) == 0) {
            return qn_array_column(array, word, out); /* which refuses a name that stands twice */
        }
    }
    size_t before = 0; /* columns left out before this one */
    for (size_t k = 0; k < left_out; k++) {
        const bool same = !plain && skipped->names != NULL && strcmp(skipped->names[k], word) == 0;
        QN_CHECK(!same && !(by_number && skipped->columns[k] == number), ERR_NAME,
                 "column '%s' holds text and was left out", word);
        before += skipped->columns[k] < number;
    }
    if (by_number) {
        *out = number - before;
        return QN_OK;
    }
    const char *const digits = word + (word[0] == 'c');
    QN_CHECK(*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0', ERR_NAME,
             "no column '%s': there are %zu, numbered from 0", word, array->columns + left_out);
    return qn_array_column(array, word, out);
}

qn_status qn_formula_parse_columns(const char *name, const char *text, const qn_array *array,
                                   const qn_array_skipped *skipped, qn_formula **out)
{
    QN_CHECK(array != NULL, ERR_ARGUMENT, "an array is needed");
    const size_t left_out = skipped != NULL ? skipped->count : 0, columns = array->columns + left_out;
    const char **names = qn__calloc(columns, sizeof *names);
    size_t *places = qn__alloc(columns, sizeof *places);
    qn_status status = names != NULL && places != NULL ? QN_OK : QN_ERR_MEMORY;
    for (size_t file = 0, next = 0; status == QN_OK && file < columns; file++) {
        if (next < left_out && skipped->columns[next] == file) {
            names[file] = skipped->names != NULL ? skipped->names[next] : NULL;
            places[file] = QN__LEFT_OUT;
            next++;
        } else {
            names[file] = array->names != NULL ? array->names[file - next] : NULL;
            places[file] = file - next;
        }
    }
    status = status == QN_OK ? qn__formula_parse(name, text, names, columns, places, out) : status;
    qn__free(names);
    qn__free(places);
    return status;
}
