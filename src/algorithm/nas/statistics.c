/* statistics.c: intervals and tests over repeated runs, and the law of Grover minimum finding on a whole table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algorithm/nas/search.h"
#include "base/alloc.h"
#include "base/rng.h"
#include "math/special.h"

#include <quern/search.h>

enum { RESAMPLES = 1000, MOST_EXACT = 200 };

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void qn__nas_bootstrap(const double *x, size_t count, size_t stride, uint64_t seed, double *mean, double *low,
                       double *high)
{
    double means[RESAMPLES], sum = 0;
    for (size_t k = 0; k < count; k++) {
        sum += x[k * stride];
    }
    *mean = sum / (double)count;
    for (size_t r = 0; r < RESAMPLES; r++) {
        double resampled = 0;
        for (size_t k = 0; k < count; k++) {
            resampled += x[(size_t)(qn__random_uniform(seed, r, k) * (double)count) * stride];
        }
        means[r] = resampled / (double)count;
    }
    qsort(means, RESAMPLES, sizeof *means, compare);
    *low = means[RESAMPLES / 40];
    *high = means[RESAMPLES - 1 - RESAMPLES / 40];
}

typedef struct ranked {
    double size;
    bool positive;
} ranked;

static int by_size(const void *a, const void *b)
{
    return compare(&((const ranked *)a)->size, &((const ranked *)b)->size);
}

/* Twice the mean ranks, so that ties stay whole; the sum of the positive ones and of the squares. */
static void rank_all(const ranked *r, size_t n, uint32_t *twice, uint64_t *positive, double *squares)
{
    *positive = 0;
    *squares = 0;
    for (size_t k = 0; k < n;) {
        size_t end = k;
        while (end < n && r[end].size == r[k].size) {
            end++;
        }
        const uint32_t rank = (uint32_t)(k + end + 1); /* 2 * mean of k+1 .. end */
        for (; k < end; k++) {
            twice[k] = rank;
            *positive += r[k].positive ? rank : 0;
            *squares += (double)rank * rank;
        }
    }
}

/* Probability, signs being fair, of a sum of positive ranks as far from its middle as this or farther. */
static qn_status exact_tail(const uint32_t *twice, size_t n, uint64_t positive, double *p_value)
{
    const size_t total = n * (n + 1);
    double *chance = qn__calloc(total + 1, sizeof *chance);
    QN_ALLOC_CHECK(chance);
    chance[0] = 1;
    size_t top = 0;
    for (size_t k = 0; k < n; k++) {
        top += twice[k];
        for (size_t s = top + 1; s-- > 0;) {
            chance[s] = 0.5 * chance[s] + (s >= twice[k] ? 0.5 * chance[s - twice[k]] : 0);
        }
    }
    const uint64_t far = positive * 2 > total ? positive : total - positive; /* the upper of the two tails */
    double tail = 0;
    for (size_t s = (size_t)far; s <= total; s++) {
        tail += chance[s];
    }
    *p_value = fmin(1, 2 * tail);
    qn__free(chance);
    return QN_OK;
}

qn_status qn_wilcoxon(size_t count, const double *difference, double *p_value)
{
    QN_CHECK(difference != NULL && p_value != NULL && count <= 1000000, ERR_ARGUMENT,
             "up to a million differences and a place for the answer are needed");
    ranked *r = qn__alloc(count, sizeof *r);
    uint32_t *twice = qn__alloc(count, sizeof *twice);
    qn_status status = r != NULL && twice != NULL ? QN_OK : QN_ERR_MEMORY;
    size_t n = 0;
    for (size_t k = 0; status == QN_OK && k < count; k++) {
        if (isnan(difference[k])) {
            status = QN_FAIL(ERR_NAN, "difference %zu is not a number", k + 1);
        } else if (difference[k] != 0) {
            r[n++] = (ranked){fabs(difference[k]), difference[k] > 0};
        }
    }
    if (status == QN_OK) {
        uint64_t positive = 0;
        double squares = 0;
        qsort(r, n, sizeof *r, by_size);
        rank_all(r, n, twice, &positive, &squares);
        if (n == 0) {
            *p_value = 1;
        } else if (n <= MOST_EXACT) {
            status = exact_tail(twice, n, positive, p_value);
        } else { /* the sum of fair signs times ranks is normal: mean half of all, variance a quarter of the squares */
            const double away = fabs((double)positive - 0.5 * (double)n * ((double)n + 1)) - 1;
            *p_value = 2 * qn__normal_cdf(-fmax(0, away) / (0.5 * sqrt(squares)));
        }
    }
    qn__free(r);
    qn__free(twice);
    return status;
}

qn_status qn_nas_compare(const qn_nas_result *a, const qn_nas_result *b, uint64_t seed, qn_nas_comparison *out)
{
    QN_CHECK(a != NULL && b != NULL && out != NULL, ERR_ARGUMENT, "two results and a place are needed");
    QN_CHECK(a->evaluations == b->evaluations, ERR_SHAPE, "%u evaluations against %u: not the same budget",
             a->evaluations, b->evaluations);
    const uint32_t runs = a->runs < b->runs ? a->runs : b->runs; /* an interrupted one has fewer */
    const size_t width = a->evaluations;
    qn_nas_comparison made = {.pairs = runs};
    double *difference = qn__alloc(runs, sizeof *difference);
    QN_ALLOC_CHECK(difference);
    for (size_t k = 0; k < runs; k++) {
        difference[k] = a->regret[(k + 1) * width - 1] - b->regret[(k + 1) * width - 1];
        made.better += difference[k] < 0;
        made.worse += difference[k] > 0;
    }
    qn__nas_bootstrap(difference, runs, 1, seed, &made.difference, &made.low, &made.high);
    const qn_status status = qn_wilcoxon(runs, difference, &made.p_value);
    qn__free(difference);
    QN_TRY(status);
    *out = made;
    return QN_OK;
}

void qn_nas_grover_law(const qn_nas_table *table, uint32_t runs, uint64_t seed, qn_nas_grover *out)
{
    double sum = 0, squares = 0;
    for (uint32_t k = 0; k < runs; k++) {
        const double calls = (double)qn_search_minimum_draw(table->entries, seed, k);
        sum += calls;
        squares += calls * calls;
    }
    const double mean = sum / runs;
    *out = (qn_nas_grover){(double)table->entries, mean,
                           runs > 1 ? sqrt(fmax(0, squares / runs - mean * mean) / (runs - 1)) : (double)NAN,
                           22.5 * sqrt((double)table->entries)};
}
