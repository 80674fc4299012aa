/* sparse_multiply.c: products with vectors, and the norms that are read off the entries. */
#include "math/sparse.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { FEWEST_PARALLEL = 65536 }; /* entries; below, threads cost more than they give */

static void multiply_real(const qn_sparse *m, const double *x, double *y, uint32_t threads)
{
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (m->nonzeros >= FEWEST_PARALLEL)
    for (size_t r = 0; r < m->rows; r++) {
        double sum = 0;
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            sum += m->value[e] * x[m->column[e]];
        }
        y[r] = sum;
    }
}

void qn_sparse_multiply_complex(const qn_context *context, const qn_sparse *m, const qn_complex *x, qn_complex *y)
{
    const uint32_t threads = qn_context_threads(context);
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (m->nonzeros >= FEWEST_PARALLEL)
    for (size_t r = 0; r < m->rows; r++) {
        double re = 0, im = 0;
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            const qn_complex v = x[m->column[e]];
            if (m->is_complex) {
                const double a = m->value[2 * e], b = m->value[2 * e + 1];
                re += a * v.re - b * v.im;
                im += a * v.im + b * v.re;
            } else {
                re += m->value[e] * v.re;
                im += m->value[e] * v.im;
            }
        }
        y[r] = (qn_complex){re, im};
    }
}

void qn_sparse_multiply(const qn_context *context, const qn_sparse *matrix, const double *x, double *y)
{
    if (matrix->is_complex) {
        qn_sparse_multiply_complex(context, matrix, (const qn_complex *)(const void *)x, (qn_complex *)(void *)y);
    } else {
        multiply_real(matrix, x, y, qn_context_threads(context));
    }
}

qn_status qn_sparse_measure(const qn_sparse *matrix, qn_sparse_norms *out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the result are needed");
    double *sums = qn__calloc(matrix->columns, sizeof *sums);
    uint32_t *counts = qn__calloc(matrix->columns, sizeof *counts);
    if (sums == NULL || counts == NULL) {
        qn__free(sums);
        qn__free(counts);
        return QN_ERR_MEMORY;
    }
    qn_sparse_norms norms = {0};
    for (size_t r = 0; r < matrix->rows; r++) {
        double row = 0;
        for (uint64_t e = matrix->start[r]; e < matrix->start[r + 1]; e++) {
            const double size =
                matrix->is_complex ? hypot(matrix->value[2 * e], matrix->value[2 * e + 1]) : fabs(matrix->value[e]);
            row += size;
            sums[matrix->column[e]] += size;
            counts[matrix->column[e]]++;
            norms.frobenius += size * size;
            norms.largest = fmax(norms.largest, size);
        }
        const size_t entries = matrix->start[r + 1] - matrix->start[r];
        norms.row_entries = entries > norms.row_entries ? entries : norms.row_entries;
        norms.infinity = fmax(norms.infinity, row);
    }
    for (size_t c = 0; c < matrix->columns; c++) {
        norms.one = fmax(norms.one, sums[c]);
        norms.column_entries = counts[c] > norms.column_entries ? counts[c] : norms.column_entries;
    }
    norms.frobenius = sqrt(norms.frobenius);
    qn__free(sums);
    qn__free(counts);
    *out = norms;
    return QN_OK;
}
