/* array.h: tables of numbers from files: NumPy's .npy and comma-separated values. */
#ifndef QUERN_ARRAY_H
#define QUERN_ARRAY_H

#include <quern/status.h>

QN_BEGIN_DECLS

/** A matrix of numbers, row-major; a vector has one column. */
typedef struct qn_array {
    size_t rows, columns;
    bool is_complex;
    double *data; /* rows * columns numbers; re, im pairs when complex */
    char **names; /* of the columns, from a CSV header; NULL when there was none */
} qn_array;

/** Read a file, "-" is standard input. .npy is told by its magic bytes (versions 1 to 3; bool, integers, f2, f4, f8,
 * c8, c16, either byte order, C or Fortran order, up to two dimensions), everything else is CSV: comma, semicolon or
 * tab (told from the first line), an optional header line, quotes as in RFC 4180, UTF-8 with or without a byte-order
 * mark. Errors: QN_ERR_PARSE with file:line:column, for entries that are not finite too; QN_ERR_TOO_LARGE, QN_ERR_IO.
 */
QN_API QN_MUST_USE qn_status qn_array_read(const char *path, qn_array **out);
QN_API QN_MUST_USE qn_status qn_array_parse(const char *name, const char *bytes, size_t length, qn_array **out);

/** Columns of text that a reader left out. Empty: {0}. */
typedef struct qn_array_skipped {
    size_t count;
    size_t *columns; /* their numbers in the file, from 0, ascending */
    char **names;    /* as many; NULL when there was no header line */
} qn_array_skipped;

/** As qn_array_read, but columns of a CSV file whose first row of data holds text (an id, a name) are left out as a
 * whole and listed in `skipped`, which the caller frees. Text further down in a column that starts with a number is an
 * error as before, and so are empty cells outside of the columns left out, and a file of text columns alone. A first
 * line with text is a header when the text of one column ends there; when the line below has text in the same columns,
 * both are data. */
QN_API QN_MUST_USE qn_status qn_array_read_numbers(const char *path, qn_array **out, qn_array_skipped *skipped);
/** Leaves it empty. */
QN_API void qn_array_skipped_free(qn_array_skipped *skipped);
/** A column of the array by its number in the file from 0 ("2"), else by its name, else by "c2". QN_ERR_NAME for one
 * that was left out and for one that is not there, with the nearest name. */
QN_API QN_MUST_USE qn_status qn_array_find(const qn_array *array, const qn_array_skipped *skipped, const char *word,
                                           size_t *out);
/** Number in the file, from 0, of a column of the array. */
QN_API size_t qn_array_file_column(const qn_array_skipped *skipped, size_t column);

QN_API QN_MUST_USE qn_status qn_array_create(size_t rows, size_t columns, bool is_complex, qn_array **out); /* zeros */
QN_API void qn_array_free(qn_array *array);
/** Index of a named column. QN_ERR_NAME with the nearest name. */
QN_API QN_MUST_USE qn_status qn_array_column(const qn_array *array, const char *name, size_t *out);
/** Write .npy (f8 or c16; one-dimensional when there is one column), whole or not at all; "-" is standard output. */
QN_API QN_MUST_USE qn_status qn_array_write_npy(const char *path, const qn_array *array);

/** The same piece by piece, for arrays that are never in memory as a whole: row-major numbers (doubles, re, im pairs
 *  when complex), `count` doubles at a time. */
typedef struct qn_npy qn_npy;
QN_API QN_MUST_USE qn_status qn_npy_create(const char *path, uint64_t rows, uint64_t columns, bool is_complex,
                                           qn_npy **out);
QN_API QN_MUST_USE qn_status qn_npy_append(qn_npy *npy, const double *numbers, size_t count);
/** Ends the file and releases `npy` whatever comes of it. `so_far` QN_OK: the file takes its place (QN_ERR_SHAPE when
 *  numbers are missing); else nothing is left of it, and `so_far` comes back with its message untouched. */
QN_API QN_MUST_USE qn_status qn_npy_finish(qn_npy *npy, qn_status so_far);

QN_END_DECLS
#endif
