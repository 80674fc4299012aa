/* linear_readout.c: what leaves the machine, and how many runs that takes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "base/rng.h"

static double weight(const qn_linear_result *result, size_t i)
{
    return result->is_complex ? result->x[2 * i] * result->x[2 * i] + result->x[2 * i + 1] * result->x[2 * i + 1]
                              : result->x[i] * result->x[i];
}

static int by_index(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Draws of |x_i|^2 by inversion, sorted. */
static qn_status draw(const qn_linear_result *result, uint64_t shots, uint64_t seed, uint64_t *out)
{
    double *sums = qn__alloc(result->dimension, sizeof *sums);
    QN_ALLOC_CHECK(sums);
    double total = 0;
    for (size_t i = 0; i < result->dimension; i++) {
        total += weight(result, i);
        sums[i] = total;
    }
    if (!(total > 0)) {
        qn__free(sums);
        return QN_FAIL(ERR_NUMERIC, "the solution is zero: there is nothing to sample");
    }
    for (uint64_t k = 0; k < shots; k++) {
        const double at = qn__random_uniform(seed, 0, k) * total;
        size_t low = 0, high = result->dimension - 1;
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (sums[middle] > at) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        out[k] = low;
    }
    qn__free(sums);
    qsort(out, shots, sizeof *out, by_index);
    return QN_OK;
}

typedef struct tally {
    uint64_t index, count;
} tally;

/* Most frequent first; ties by index. */
static int by_count(const void *a, const void *b)
{
    const tally *const x = a, *const y = b;
    return x->count != y->count ? (x->count > y->count ? -1 : 1) : x->index < y->index ? -1 : x->index > y->index;
}

static qn_status read_samples(const qn_linear_result *result, uint64_t shots, uint64_t most, uint64_t seed,
                              qn_readout_result *out)
{
    uint64_t *drawn = qn__alloc(shots, sizeof *drawn);
    tally *tallies = qn__alloc(shots, sizeof *tallies);
    qn_status status = QN_OK;
    if (drawn == NULL || tallies == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(draw(result, shots, seed, drawn));
    size_t count = 0;
    for (uint64_t k = 0; k < shots; k++) {
        if (count == 0 || tallies[count - 1].index != drawn[k]) {
            tallies[count++] = (tally){drawn[k], 0};
        }
        tallies[count - 1].count++;
    }
    qsort(tallies, count, sizeof *tallies, by_count);
    count = most < count ? (size_t)most : count;
    out->index = qn__alloc(count, sizeof *out->index);
    out->probability = qn__alloc(count, sizeof *out->probability);
    if (out->index == NULL || out->probability == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t i = 0; i < count; i++) {
        out->index[i] = tallies[i].index;
        out->probability[i] = (double)tallies[i].count / (double)shots;
    }
    out->count = count;
    out->shots = (double)shots;
cleanup:
    qn__free(drawn);
    qn__free(tallies);
    return status;
}

/* <x|M|x> / <x|x> and its variance <M^2> - <M>^2, which is what samples of M's eigenvalues scatter by. */
static qn_status read_scalar(const qn_context *context, const qn_linear_problem *problem,
                             const qn_linear_result *result, const qn_readout *readout, qn_readout_result *out)
{
    const qn_sparse *const m = readout->observable;
    QN_CHECK(m != NULL && m->hermitian, ERR_NOT_HERMITIAN, "the observable must be a Hermitian matrix");
    QN_CHECK(m->rows == problem->dimension, ERR_SHAPE, "the observable is of dimension %zu, the system of %zu", m->rows,
             problem->dimension);
    const size_t n = result->dimension;
    qn_complex *x = qn__alloc(2 * n, sizeof *x);
    QN_ALLOC_CHECK(x);
    qn_complex *const y = x + n;
    double norm = 0, mean = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] =
            result->is_complex ? (qn_complex){result->x[2 * i], result->x[2 * i + 1]} : (qn_complex){result->x[i], 0};
        norm += weight(result, i);
    }
    qn_sparse_multiply_complex(context, m, x, y);
    for (size_t i = 0; i < n; i++) {
        mean += x[i].re * y[i].re + x[i].im * y[i].im;
        square += y[i].re * y[i].re + y[i].im * y[i].im;
    }
    qn__free(x);
    QN_CHECK(norm > 0, ERR_NUMERIC, "the solution is zero: there is no state to measure");
    qn_sparse_norms norms;
    QN_TRY(qn_sparse_measure(m, &norms));
    out->scalar = mean / norm;
    const double variance = fmax(0, square / norm - out->scalar * out->scalar);
    out->shots =
        readout->shots > 0 ? (double)readout->shots : fmax(1, ceil(variance / (readout->epsilon * readout->epsilon)));
    out->scalar_error = sqrt(variance / out->shots);
    out->shots_amplified = ceil(3.14159265358979323846 * norms.infinity / readout->epsilon);
    return QN_OK;
}

static qn_status check(const qn_readout *readout)
{
    enum { MOST_SHOTS = 100000000 };
    QN_CHECK(readout->size == sizeof *readout, ERR_ARGUMENT, "options have size %u, expected %zu; use QN_READOUT_INIT",
             readout->size, sizeof *readout);
    QN_CHECK((unsigned)readout->kind <= QN_READOUT_SCALAR, ERR_ARGUMENT, "read-out %d is none of qn_readout_kind",
             (int)readout->kind);
    QN_CHECK(readout->epsilon > 0 && readout->epsilon < 1e9, ERR_RANGE, "read-out error %g; expected a positive number",
             readout->epsilon);
    QN_CHECK(readout->shots <= MOST_SHOTS, ERR_RANGE, "%llu samples; at most %d", (unsigned long long)readout->shots,
             (int)MOST_SHOTS);
    return QN_OK;
}

qn_status qn_linear_read(const qn_context *context, const qn_linear_problem *problem, const qn_linear_result *result,
                         const qn_readout *readout, qn_readout_result **out)
{
    QN_CHECK(context != NULL && problem != NULL && result != NULL && readout != NULL && out != NULL, ERR_ARGUMENT,
             "every argument is needed");
    QN_TRY(check(readout));
    qn_readout_result *r = qn__calloc(1, sizeof *r);
    QN_ALLOC_CHECK(r);
    const uint64_t shots = readout->shots > 0 ? readout->shots : 10000;
    qn_status status = QN_OK;
    r->scalar = r->scalar_error = r->shots_amplified = (double)NAN;
    switch (readout->kind) {
    case QN_READOUT_VECTOR: /* each of N entries to epsilon of the norm: a tomography of pure states needs as many
                               samples */
        r->shots = ceil((double)result->dimension / (readout->epsilon * readout->epsilon));
        break;
    case QN_READOUT_SAMPLES:
        status = read_samples(result, shots, UINT64_MAX, readout->seed, r);
        break;
    case QN_READOUT_TOP:
        status = read_samples(result, shots, readout->top, readout->seed, r);
        break;
    case QN_READOUT_SCALAR:
        status = read_scalar(context, problem, result, readout, r);
        break;
    }
    if (status != QN_OK) {
        qn_readout_result_free(r);
        return status;
    }
    *out = r;
    return QN_OK;
}

void qn_readout_result_free(qn_readout_result *result)
{
    if (result != NULL) {
        qn__free(result->index);
        qn__free(result->probability);
        qn__free(result);
    }
}
