/* product_rival.c: the product by BLAS, measured, and Freivalds' check of a product in O(n^2). */
#include <math.h>

#include "algorithm/attention/product.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "math/product.h"

enum { FREIVALDS_ROUNDS = 20, FREIVALDS_PART = 9, LEAST_REPEATS = 3, MOST_REPEATS = 1000 };
static const double enough_seconds = 0.02;

qn_status qn__product_rival(qn__product_job *job)
{
    qn_product *const p = job->out;
    double best = HUGE_VAL, spent = 0;
    for (unsigned k = 0; k < MOST_REPEATS && (k < LEAST_REPEATS || spent < enough_seconds); k++) {
        const double start = qn__clock();
        QN_TRY(qn__matrix_product(false, false, p->rows, p->columns, p->inner, 1, job->a, job->b, 0, p->exact));
        const double seconds = qn__clock() - start;
        best = fmin(best, seconds);
        spent += seconds;
    }
    p->gemm_seconds = fmax(best, 1e-9);
    p->gemm_flops = 2 * (double)p->rows * (double)p->columns * (double)p->inner / p->gemm_seconds;
    return QN_OK;
}

/* |A (B r) - C r| / (|A| |B| |r|), largest over the rounds. */
static qn_status residual(const qn__product_job *job, const double *c, double *scratch, double *out)
{
    const qn_product *const p = job->out;
    double *const r = scratch, *const br = r + p->columns, *const abr = br + p->inner;
    double largest = 0;
    for (uint64_t round = 0; round < FREIVALDS_ROUNDS; round++) {
        for (size_t j = 0; j < p->columns; j++) {
            const uint64_t bits = qn__random_bits(qn__random_derive(job->options->seed, FREIVALDS_PART), round, j / 64);
            r[j] = bits >> (j % 64) & 1 ? 1 : -1;
        }
        QN_TRY(qn__matrix_product(false, false, p->inner, 1, p->columns, 1, job->b, r, 0, br));
        QN_TRY(qn__matrix_product(false, false, p->rows, 1, p->inner, 1, job->a, br, 0, abr));
        QN_TRY(qn__matrix_product(false, false, p->rows, 1, p->columns, -1, c, r, 1, abr));
        double sum = 0;
        for (size_t i = 0; i < p->rows; i++) {
            sum += abr[i] * abr[i];
        }
        largest = fmax(largest, sqrt(sum / (double)p->columns) / (p->alpha_a * p->alpha_b));
    }
    *out = largest;
    return QN_OK;
}

qn_status qn__product_check(qn__product_job *job)
{
    qn_product *const p = job->out;
    double *scratch = qn__alloc(p->columns + p->inner + p->rows, sizeof *scratch);
    QN_ALLOC_CHECK(scratch);
    const double start = qn__clock();
    qn_status status = residual(job, p->exact, scratch, &p->freivalds_exact);
    p->freivalds_seconds = qn__clock() - start;
    p->freivalds_rounds = FREIVALDS_ROUNDS;
    status = status == QN_OK ? residual(job, p->quantum, scratch, &p->freivalds_quantum) : status;
    qn__free(scratch);
    return status;
}
