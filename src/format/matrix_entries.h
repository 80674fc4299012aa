/* matrix_entries.h: entries of a matrix as they are read, the same for every file format. */
#ifndef QN_FORMAT_MATRIX_ENTRIES_H
#define QN_FORMAT_MATRIX_ENTRIES_H

#include <quern/matrix_market.h>

#include "format/cursor.h"

typedef enum qn__symmetry {
    QN__SYMMETRY_GENERAL,
    QN__SYMMETRY_SYMMETRIC, /* a_ji = a_ij */
    QN__SYMMETRY_SKEW,      /* a_ji = -a_ij */
    QN__SYMMETRY_HERMITIAN  /* a_ji = conj a_ij */
} qn__symmetry;

typedef struct qn__matrix_entries {
    size_t rows, columns;
    bool is_complex;
    qn__symmetry symmetry;
    uint64_t limit; /* bytes that all of it may take */
    size_t count, capacity;
    uint32_t *row, *column;
    double *value;
} qn__matrix_entries;

/* QN_ERR_TOO_LARGE when the matrix alone passes the limit; `at`: where the size stands. */
QN_MUST_USE qn_status qn__matrix_entries_start(const qn__source *source, size_t at, qn__matrix_entries *entries);
/* Adds an entry, counted from 0, and its mirror image. */
QN_MUST_USE qn_status qn__matrix_entries_add(const qn__source *source, size_t at, qn__matrix_entries *entries,
                                             size_t row, size_t column, const double value[2]);
QN_MUST_USE qn_status qn__matrix_entries_finish(const qn__matrix_entries *entries, qn_sparse **out);
void qn__matrix_entries_free(qn__matrix_entries *entries);

/* A whole number without sign; the cursor stands behind the blanks. */
QN_MUST_USE qn_status qn__matrix_read_count(qn__cursor *cursor, const char *what, size_t *out);
/* To the next line with something on it, past comments that begin with %; false at the end. */
bool qn__matrix_next_line(qn__cursor *cursor);
/* Blanks, then the end of the line or file. */
QN_MUST_USE qn_status qn__matrix_end_line(qn__cursor *cursor, const char *behind);

QN_MUST_USE qn_status qn__matrix_market_read(const qn__source *source, uint64_t limit, qn_sparse **out);
QN_MUST_USE qn_status qn__cholmod_triplet_read(const qn__source *source, uint64_t limit, qn_sparse **out);
/* Either, told apart by the banner. */
QN_MUST_USE qn_status qn__matrix_read(const char *text, size_t length, const char *name, uint64_t limit,
                                      qn_sparse **out);

#endif
