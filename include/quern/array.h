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
 * mark. Errors: QN_ERR_PARSE with file:line:column, for entries that are not finite too; QN_ERR_TOO_LARGE, QN_ERR_IO. */
QN_API QN_MUST_USE qn_status qn_array_read(const char *path, qn_array **out);
QN_API QN_MUST_USE qn_status qn_array_parse(const char *name, const char *bytes, size_t length, qn_array **out);
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
