/* semidefinite.c: min sum C_ij v_i.v_j over unit vectors by the mixing method (Wang, Chang, Kolter, arXiv:1706.00476):
 * coordinate by coordinate v_i <- -g_i / |g_i|, g_i = sum_j C_ij v_j, at rank above sqrt(2 n) where local minima are
 * global (Barvinok, Pataki).
 *
 * Bound: for any multipliers y with C + diag(y) >= 0 (positive semidefinite), every spin vector has
 *   s'Cs = s'(C + diag(y))s - sum y_i >= -sum y_i,   and E = offset + s'Cs / 2.
 * At the minimum y_i = |g_i| does; short of it, all y_i are raised by one shift until a Cholesky factorisation goes
 * through. That proves the matrix positive up to its own rounding, (N + 2) u max(C_ii + y_i) and a few times more,
 * which is added to the shift. */
#include "problem/solver/semidefinite.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/rng.h"
#include "math/linalg.h"

enum { MOST_SWEEPS = 2000, MOST_SHIFTS = 30 };

/* g = sum_j C_ij v_j for spin i of 0..n; J_ij = b_ij / 4 among the spins, h_i with spin 0. */
static void gather(const qn_qubo *qubo, const double *h, const qn__relaxation *r, uint32_t i, double *g)
{
    const uint32_t rank = r->rank;
    memset(g, 0, rank * sizeof *g);
    if (i == 0) {
        for (uint32_t j = 0; j < r->n; j++) {
            const double *const v = r->vectors + (size_t)(j + 1) * rank;
            for (uint32_t k = 0; k < rank && h[j] != 0; k++) {
                g[k] += h[j] * v[k];
            }
        }
        return;
    }
    for (uint64_t e = qubo->start[i - 1]; e < qubo->start[i]; e++) {
        const double *const v = r->vectors + (size_t)(qubo->neighbour[e] + 1) * rank;
        const double J = qubo->weight[e] / 4;
        for (uint32_t k = 0; k < rank; k++) {
            g[k] += J * v[k];
        }
    }
    for (uint32_t k = 0; k < rank; k++) {
        g[k] += h[i - 1] * r->vectors[k];
    }
}

static double norm(const double *g, uint32_t rank)
{
    double sum = 0;
    for (uint32_t k = 0; k < rank; k++) {
        sum += g[k] * g[k];
    }
    return sqrt(sum);
}

static void start_vectors(qn__relaxation *r, uint64_t seed)
{
    for (uint32_t i = 0; i <= r->n; i++) {
        double *const v = r->vectors + (size_t)i * r->rank;
        for (uint32_t k = 0; k < r->rank; k++) {
            v[k] = qn__random_normal(seed, 2, (uint64_t)i * r->rank + k);
        }
        const double length = norm(v, r->rank);
        for (uint32_t k = 0; k < r->rank; k++) {
            v[k] = length > 0 ? v[k] / length : (k == 0 ? 1 : 0);
        }
    }
}

/* One pass; the sum of |v_new - v_old| |g|, which is half of what the value fell by at least. */
static double mix(const qn_qubo *qubo, const double *h, qn__relaxation *r, double *g)
{
    double fell = 0;
    for (uint32_t i = 0; i <= r->n; i++) {
        double *const v = r->vectors + (size_t)i * r->rank;
        gather(qubo, h, r, i, g);
        const double length = norm(g, r->rank);
        if (length > 0) {
            for (uint32_t k = 0; k < r->rank; k++) {
                fell += (v[k] + g[k] / length) * g[k];
                v[k] = -g[k] / length;
            }
        }
    }
    return fell;
}

/* Lower triangle of C + diag(y + shift), column-major. */
static void fill_matrix(const qn_qubo *qubo, const double *h, const double *y, double shift, double *a)
{
    const size_t size = (size_t)qubo->n + 1;
    memset(a, 0, size * size * sizeof *a);
    for (size_t i = 0; i < size; i++) {
        a[i * size + i] = y[i] + shift;
    }
    for (uint32_t i = 0; i < qubo->n; i++) {
        a[i + 1] = h[i];
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        a[(qubo->pairs[k].i + 1) * size + qubo->pairs[k].j + 1] = qubo->pairs[k].b / 4;
    }
}

static qn_status prove(const qn_qubo *qubo, const double *h, double offset, double *g, double *y, qn__relaxation *r)
{
    const size_t size = (size_t)qubo->n + 1;
    double sum = 0, largest = 0;
    for (uint32_t i = 0; i <= r->n; i++) {
        gather(qubo, h, r, i, g);
        y[i] = norm(g, r->rank);
        sum += y[i];
        largest = fmax(largest, y[i]);
    }
    r->value = offset - sum / 2; /* exact once v_i = -g_i / |g_i| everywhere */
    r->bound = -(double)INFINITY;
    if (size > QN__MOST_CERTIFIED) {
        return QN_OK;
    }
    if (largest == 0) {
        r->bound = offset;
        return QN_OK;
    }
    double *a = qn__alloc(size * size, sizeof *a);
    QN_ALLOC_CHECK(a);
    double shift = 1e-8 * largest;
    for (int k = 0; k < MOST_SHIFTS; k++, shift *= 4) {
        fill_matrix(qubo, h, y, shift, a);
        if (qn__linalg_is_positive(size, a)) {
            const double rounding = 4 * ((double)size + 2) * DBL_EPSILON * (largest + shift) * 2;
            r->bound = offset - (sum + (double)size * (shift + rounding * (double)size)) / 2;
            break;
        }
    }
    qn__free(a);
    return QN_OK;
}

qn_status qn__relax(qn_context *context, const qn_qubo *qubo, uint64_t seed, double seconds, qn__relaxation *out)
{
    const double started = qn__clock();
    qn__relaxation r = {.n = qubo->n};
    r.rank = (uint32_t)ceil(sqrt(2.0 * (qubo->n + 1))) + 1;
    r.vectors = qn__alloc(((size_t)r.n + 1) * r.rank, sizeof(double));
    double *h = qn__alloc(2 * ((size_t)r.n + 1) + r.rank, sizeof *h);
    qn_status status = QN_OK;
    if (r.vectors == NULL || h == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    double *const g = h + r.n + 1, *const y = g + r.rank;
    const double offset = qn_qubo_to_ising(qubo, h);
    double low = 0, high = 0;
    qn_qubo_bounds(qubo, &low, &high);
    start_vectors(&r, seed);
    for (; r.sweeps < MOST_SWEEPS; r.sweeps++) {
        const double fell = mix(qubo, h, &r, g);
        if (fell <= 1e-9 * (high - low) || qn_context_interrupted(context) ||
            (seconds > 0 && qn__clock() - started >= seconds)) {
            break;
        }
    }
    QN_TRY_CLEANUP(prove(qubo, h, offset, g, y, &r));
    *out = r;
    r.vectors = NULL;
cleanup:
    qn__free(r.vectors);
    qn__free(h);
    return status;
}

void qn__relaxation_release(qn__relaxation *relaxation)
{
    qn__free(relaxation->vectors);
    relaxation->vectors = NULL;
}
