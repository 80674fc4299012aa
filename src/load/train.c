/* train.c: matrix product states by singular values, from the last site to the first: what is kept of a site is an
 * isometry from its bond to the left, and the rest moves on. */
#include "load/train.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "math/factorize.h"

void qn__train_free(qn__train *train)
{
    for (uint32_t k = 0; train->site != NULL && k < train->n; k++) {
        qn__free(train->site[k]);
    }
    qn__free(train->site);
    qn__free(train->bond);
    *train = (qn__train){0};
}

qn_status qn__train_start(uint32_t n, qn__train *train)
{
    *train = (qn__train){.n = n, .scale = {1, 0}, .fidelity = 1};
    train->bond = qn__calloc((size_t)n + 1, sizeof *train->bond);
    train->site = qn__calloc(n, sizeof(void *));
    QN_ALLOC_CHECK(train->bond);
    QN_ALLOC_CHECK(train->site);
    train->bond[0] = train->bond[n] = 1;
    return QN_OK;
}

size_t qn__train_largest_bond(const qn__train *train)
{
    size_t largest = 1;
    for (uint32_t k = 0; k <= train->n; k++) {
        largest = train->bond[k] > largest ? train->bond[k] : largest;
    }
    return largest;
}

/* How many singular values stay: as few as the loss allows of the square of the norm, none that is rounding, at most
 * the bond. `*kept` is multiplied by the part of the square that stays. */
static size_t rank_of(const double *s, size_t count, double loss, size_t bond, double *kept)
{
    double whole = 0, cut = 0;
    for (size_t i = 0; i < count; i++) {
        whole += s[i] * s[i];
    }
    size_t rank = count;
    while (rank > 1 && (cut + s[rank - 1] * s[rank - 1] <= loss * whole || s[rank - 1] <= 1e-14 * s[0] ||
                        (bond > 0 && rank > bond))) {
        rank--;
        cut += s[rank] * s[rank];
    }
    *kept *= whole > 0 ? 1 - cut / whole : 1;
    return rank;
}

/* The last step of a sweep to the left: site 0 is one column; its length and phase go into the scale. */
static void finish(qn__train *train, const qn_complex *rest)
{
    const qn_complex a = train->scale, b = rest[0];
    train->scale = (qn_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* SVD of rows x columns in `m` (overwritten): site k becomes the left vectors, m the rest (rank x columns). */
static qn_status split(qn__train *train, uint32_t k, size_t rows, size_t columns, double loss, size_t bond,
                       qn_complex *m)
{
    const size_t least = rows < columns ? rows : columns;
    qn_complex *u = qn__alloc(rows * least, sizeof *u), *vh = qn__alloc(least * columns, sizeof *vh);
    double *s = qn__alloc(least, sizeof *s);
    qn_status status = u != NULL && vh != NULL && s != NULL ? QN_OK : QN_ERR_MEMORY;
    status = status == QN_OK ? qn__factorize_svd(rows, columns, m, u, s, vh) : status;
    if (status == QN_OK) {
        const size_t rank = rank_of(s, least, loss, bond, &train->fidelity);
        for (size_t j = 0; j < columns; j++) {
            for (size_t i = 0; i < rank; i++) {
                m[i + rank * j].re = s[i] * vh[i + least * j].re;
                m[i + rank * j].im = s[i] * vh[i + least * j].im;
            }
        }
        qn_complex *kept = qn__realloc(u, rows * rank, sizeof *u);
        u = kept != NULL ? kept : u;
        qn__free(train->site[k]);
        train->site[k] = u;
        train->bond[k] = rank;
        u = NULL;
    }
    qn__free(u);
    qn__free(vh);
    qn__free(s);
    return status;
}

qn_status qn__train_of_vector(const qn_context *context, uint32_t n, const qn_complex *amplitudes,
                              const qn__train_cut *cut, qn__train *out)
{
    const uint64_t count = UINT64_C(1) << n;
    QN_TRY(qn__context_check_bytes(context, 4 * count * sizeof(qn_complex), "the singular values of a state",
                                   "load a function, or a smaller array"));
    qn__train train;
    qn_complex *m = qn__alloc((size_t)count, sizeof *m);
    qn_status status = qn__train_start(n, &train);
    status = m == NULL ? QN_ERR_MEMORY : status;
    if (status == QN_OK) {
        memcpy(m, amplitudes, (size_t)count * sizeof *m);
    }
    double begun = 0;
    for (uint32_t k = n; status == QN_OK && k-- > 0;) {
        const qn_progress progress = {"singular values", n - k, n, n - k, (double)NAN, 0};
        qn__context_progress(context, &progress, &begun, false);
        status = qn_context_interrupted(context) ? QN_FAIL(ERR_INTERRUPTED, "interrupted") : QN_OK;
        const size_t rows = 2 * train.bond[k + 1], columns = (size_t)1 << k;
        const double loss = n > 1 ? cut->loss / (n - 1) : 0;
        status = status == QN_OK ? split(&train, k, rows, columns, loss, cut->bond, m) : status;
    }
    if (status == QN_OK) {
        finish(&train, m);
        *out = train;
    } else {
        qn__train_free(&train);
    }
    qn__free(m);
    return status;
}

/* To the right without loss, so that the cut on the way back is the best one: site k as rows (alpha, bit), columns
 * beta; the left vectors stay, the rest goes into site k + 1. */
static qn_status move_right(qn__train *train, uint32_t k)
{
    const size_t left = train->bond[k], right = train->bond[k + 1], rows = 2 * left;
    const size_t least = rows < right ? rows : right, next = train->bond[k + 2];
    qn_complex *m = qn__alloc(rows * right, sizeof *m), *u = qn__alloc(rows * least, sizeof *u);
    qn_complex *vh = qn__alloc(least * right, sizeof *vh);
    qn_complex *here = qn__alloc(2 * least * left, sizeof *here), *there = qn__calloc(2 * next * least, sizeof *there);
    double *s = qn__alloc(least, sizeof *s);
    qn_status status = m && u && vh && here && there && s ? QN_OK : QN_ERR_MEMORY;
    for (size_t i = 0; status == QN_OK && i < rows * right; i++) {
        const size_t alpha = i % rows / 2, bit = i % 2, beta = i / rows;
        m[i] = train->site[k][bit * right + beta + 2 * right * alpha];
    }
    status = status == QN_OK ? qn__factorize_svd(rows, right, m, u, s, vh) : status;
    if (status == QN_OK) {
        for (size_t i = 0; i < 2 * least * left; i++) {
            const size_t bit = i % (2 * least) / least, beta = i % least, alpha = i / (2 * least);
            here[i] = u[2 * alpha + bit + rows * beta];
        }
        for (size_t beta = 0; beta < least; beta++) { /* column beta: sum over gamma of s vh[beta, gamma] site[gamma] */
            for (size_t gamma = 0; gamma < right; gamma++) {
                const qn_complex w = {s[beta] * vh[beta + least * gamma].re, s[beta] * vh[beta + least * gamma].im};
                for (size_t row = 0; row < 2 * next; row++) {
                    const qn_complex a = train->site[k + 1][row + 2 * next * gamma];
                    there[row + 2 * next * beta].re += w.re * a.re - w.im * a.im;
                    there[row + 2 * next * beta].im += w.re * a.im + w.im * a.re;
                }
            }
        }
        qn__free(train->site[k]);
        qn__free(train->site[k + 1]);
        train->site[k] = here;
        train->site[k + 1] = there;
        train->bond[k + 1] = least;
        here = there = NULL;
    }
    qn__free(m);
    qn__free(u);
    qn__free(vh);
    qn__free(here);
    qn__free(there);
    qn__free(s);
    return status;
}

/* Back to the left with the cut: site k keeps its left vectors, the rest (rank x alpha) goes into site k - 1. */
static qn_status move_left(qn__train *train, uint32_t k, double loss, size_t bond)
{
    const size_t rows = 2 * train->bond[k + 1], columns = train->bond[k];
    qn_complex *m = qn__alloc(rows * columns, sizeof *m), *there = NULL;
    QN_ALLOC_CHECK(m);
    memcpy(m, train->site[k], rows * columns * sizeof *m);
    qn_status status = split(train, k, rows, columns, loss, bond, m);
    if (status == QN_OK && k == 0) {
        finish(train, m);
    } else if (status == QN_OK) {
        const size_t rank = train->bond[k], left = train->bond[k - 1];
        there = qn__alloc(2 * rank * left, sizeof *there);
        status = there != NULL ? QN_OK : QN_ERR_MEMORY;
        if (status == QN_OK) { /* a column of site k - 1 is two columns of length `columns` one behind another */
            qn__multiply(rank, columns, 2 * left, m, train->site[k - 1], there);
            qn__free(train->site[k - 1]);
            train->site[k - 1] = there;
        }
    }
    qn__free(m);
    return status;
}

qn_status qn__train_cut_down(qn__train *train, const qn__train_cut *cut)
{
    for (uint32_t k = 0; k + 1 < train->n; k++) {
        QN_TRY(move_right(train, k));
    }
    const double loss = train->n > 1 ? cut->loss / (train->n - 1) : 0;
    for (uint32_t k = train->n; k-- > 0;) {
        QN_TRY(move_left(train, k, loss, cut->bond));
    }
    return QN_OK;
}

qn_status qn__train_amplitude(const qn__train *train, uint64_t index, qn_complex *out)
{
    const size_t most = qn__train_largest_bond(train);
    qn_complex *room = qn__alloc(2 * most, sizeof *room);
    QN_ALLOC_CHECK(room);
    qn_complex *row = room, *next = room + most;
    row[0] = train->scale;
    for (uint32_t k = 0; k < train->n; k++) {
        const size_t right = train->bond[k + 1], bit = index >> (train->n - 1 - k) & 1;
        for (size_t beta = 0; beta < right; beta++) {
            next[beta] = (qn_complex){0, 0};
            for (size_t alpha = 0; alpha < train->bond[k]; alpha++) {
                const qn_complex a = train->site[k][bit * right + beta + 2 * right * alpha];
                next[beta].re += row[alpha].re * a.re - row[alpha].im * a.im;
                next[beta].im += row[alpha].re * a.im + row[alpha].im * a.re;
            }
        }
        qn_complex *const swapped = row;
        row = next;
        next = swapped;
    }
    *out = row[0];
    qn__free(room);
    return QN_OK;
}
