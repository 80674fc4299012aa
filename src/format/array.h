/* array.h: the readers of arrays behind <quern/array.h>. */
#ifndef QN_FORMAT_ARRAY_H
#define QN_FORMAT_ARRAY_H

#include <quern/array.h>

#include "base/status.h"

/* `limit`: bytes that the numbers of the result may take. */
QN_MUST_USE qn_status qn__array_parse(const char *name, const char *bytes, size_t length, uint64_t limit,
                                      qn_array **out);
QN_MUST_USE qn_status qn__array_npy_parse(const char *name, const char *bytes, size_t length, uint64_t limit,
                                          qn_array **out);
QN_MUST_USE qn_status qn__array_csv_parse(const char *name, const char *bytes, size_t length, uint64_t limit,
                                          qn_array **out);
/* Columns of text are left out. */
QN_MUST_USE qn_status qn__array_csv_parse_numbers(const char *name, const char *bytes, size_t length, uint64_t limit,
                                                  qn_array **out, qn_array_skipped *skipped);
bool qn__array_is_npy(const char *bytes, size_t length);

/* What the header of a .npy file says. */
typedef struct qn__npy_header {
    char order; /* '<' little-endian, '>' big-endian, '|' does not matter */
    char kind;  /* b bool, i, u, f, c */
    uint32_t item_size;
    bool fortran_order;
    uint64_t rows, columns;
    size_t data; /* offset of the first number */
} qn__npy_header;
QN_MUST_USE qn_status qn__npy_header_parse(const char *name, const char *bytes, size_t length, qn__npy_header *out);

/* The header of a file of ours; QN__NPY_HEADER bytes, a multiple of 64 that holds every shape of ours. */
enum { QN__NPY_HEADER = 128 };
void qn__npy_header_print(uint64_t rows, uint64_t columns, bool is_complex, char out[QN__NPY_HEADER]);

/* Magic bytes, version, length of the header. */
enum { QN__NPY_MAGIC = 6 };

#endif
