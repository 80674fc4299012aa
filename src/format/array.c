/* array.c: making, finding one's way in, and reading arrays of either kind. */
#include "format/array.h"

#include <string.h>

#include <quern/format.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/suggest.h"
#include "format/cursor.h"

qn_status qn_array_create(size_t rows, size_t columns, bool is_complex, qn_array **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the array is needed");
    QN_CHECK(rows > 0 && columns > 0, ERR_SHAPE, "%zu x %zu: an array has at least one row and one column", rows,
             columns);
    uint64_t numbers = 0, doubles = 0;
    const bool overflow = qn__mul_overflows(rows, columns, &numbers) || qn__mul_overflows(numbers, 2, &doubles) ||
                          doubles > SIZE_MAX / 16;
    QN_CHECK(!overflow, ERR_TOO_LARGE, "%zu x %zu numbers do not fit an address space", rows, columns);
    qn_array *array = qn__calloc(1, sizeof *array);
    QN_ALLOC_CHECK(array);
    array->rows = rows;
    array->columns = columns;
    array->is_complex = is_complex;
    array->data = qn__calloc((size_t)numbers, (is_complex ? 2 : 1) * sizeof(double));
    if (array->data == NULL) {
        qn_array_free(array);
        return QN_ERR_MEMORY;
    }
    *out = array;
    return QN_OK;
}

void qn_array_free(qn_array *array)
{
    if (array == NULL) {
        return;
    }
    for (size_t i = 0; array->names != NULL && i < array->columns; i++) {
        qn__free(array->names[i]);
    }
    qn__free(array->names);
    qn__free(array->data);
    qn__free(array);
}

static const char *name_at(const void *user, size_t index)
{
    return ((const qn_array *)user)->names[index];
}

qn_status qn_array_column(const qn_array *array, const char *name, size_t *out)
{
    QN_CHECK(array != NULL && name != NULL && out != NULL, ERR_ARGUMENT, "an array, a name and a place are needed");
    QN_CHECK(array->names != NULL, ERR_NAME, "no column '%s': the columns have no names (no header line)", name);
    for (size_t i = 0; i < array->columns; i++) {
        if (strcmp(array->names[i], name) != 0) {
            continue;
        }
        for (size_t k = i + 1; k < array->columns; k++) {
            QN_CHECK(strcmp(array->names[k], name) != 0, ERR_NAME, "several columns are called '%s'; give a number",
                     name);
        }
        *out = i;
        return QN_OK;
    }
    const char *near = qn__suggest(name, array->columns, name_at, array);
    if (near == NULL) {
        return QN_FAIL(ERR_NAME, "no column '%s' among %zu; the first is '%s'", name, array->columns, array->names[0]);
    }
    return QN_FAIL(ERR_NAME, "no column '%s'; did you mean '%s'?", name, near);
}

qn_status qn__array_parse(const char *name, const char *bytes, size_t length, uint64_t limit, qn_array **out)
{
    return qn__array_is_npy(bytes, length) ? qn__array_npy_parse(name, bytes, length, limit, out)
                                           : qn__array_csv_parse(name, bytes, length, limit, out);
}

qn_status qn_array_parse(const char *name, const char *bytes, size_t length, qn_array **out)
{
    QN_CHECK((bytes != NULL || length == 0) && out != NULL, ERR_ARGUMENT, "bytes and a place for the array are needed");
    return qn__array_parse(name != NULL ? name : "input", bytes != NULL ? bytes : "", length, QN__READ_LIMIT, out);
}

/* `skipped`: NULL when text is an error. */
static qn_status read_path(const char *path, qn_array **out, qn_array_skipped *skipped)
{
    char *bytes = NULL;
    size_t length = 0;
    QN_TRY(qn_file_read(path, QN__READ_LIMIT + (UINT64_C(1) << 20), &bytes, &length));
    const char *const name = strcmp(path, "-") == 0 ? "standard input" : path;
    const qn_status status = skipped == NULL || qn__array_is_npy(bytes, length)
                                 ? qn_array_parse(name, bytes, length, out)
                                 : qn__array_csv_parse_numbers(name, bytes, length, QN__READ_LIMIT, out, skipped);
    qn_text_free(bytes);
    return status;
}

qn_status qn_array_read(const char *path, qn_array **out)
{
    QN_CHECK(path != NULL && out != NULL, ERR_ARGUMENT, "a path and a place for the array are needed");
    return read_path(path, out, NULL);
}

qn_status qn_array_read_numbers(const char *path, qn_array **out, qn_array_skipped *skipped)
{
    QN_CHECK(path != NULL && out != NULL && skipped != NULL, ERR_ARGUMENT,
             "a path and places for the array and for what was left out are needed");
    qn_array_skipped found = {0};
    QN_TRY(read_path(path, out, &found));
    *skipped = found;
    return QN_OK;
}
