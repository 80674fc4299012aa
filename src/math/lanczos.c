/* lanczos.c: thick-restart Lanczos with locking and partial reorthogonalisation.
 *
 * In exact arithmetic H v_j needs to be made orthogonal to v_j and v_(j-1) only. Rounding spoils that, at a rate that a
 * recurrence of T alone foretells (Simon, Math. Comp. 42, 115 (1984)); w is made orthogonal to the whole basis when the
 * estimate passes a limit. Such a correction is not part of T, so the limit is a small part of the wanted residual. */
#include "math/lanczos.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"
#include "math/linalg.h"
#include "math/vectors.h"

enum {
    LEAST_EXTRA = 20, /* vectors beyond the wanted, */
    MOST_EXTRA = 60,  /* as memory allows: a long basis takes fewer products */
    MOST_KEPT = 12,   /* over a restart, beyond the wanted: rotations get dear */
    CHECK_EVERY = 4,
    MOST_WANTED = QN__VECTORS_MOST - MOST_EXTRA
};
#define EXTRA_BYTES (UINT64_C(512) << 20)

typedef struct lanczos {
    const qn__lanczos_problem *problem;
    size_t width;           /* doubles a vector */
    size_t room;            /* Lanczos vectors between restarts */
    double *locked, *basis; /* wanted, room + 1 vectors */
    double *t, *s, *theta;  /* projected operator, its eigenvectors (columns) and eigenvalues */
    double *coefficients, *scratch, *dense;
    double *values;                                  /* of the locked pairs, rising */
    double *overlap, *overlap_before, *overlap_next; /* estimates of v_j^H v_i, v_(j-1)^H v_i, v_(j+1)^H v_i */
    double limit;                                    /* of estimates */
    double size;                                     /* of the operator, as far as seen */
    unsigned full;                                   /* steps to come that take a whole orthogonalisation */
    size_t nlocked;
    uint64_t products, streams;
    bool stopped, interrupted;
} lanczos;

static size_t room_for(uint64_t dimension, bool is_complex, uint32_t wanted)
{
    const uint64_t fit = EXTRA_BYTES / (dimension * sizeof(double) * (is_complex ? 2 : 1));
    const uint64_t extra = fit < LEAST_EXTRA ? LEAST_EXTRA : fit > MOST_EXTRA ? MOST_EXTRA : fit;
    const uint64_t room = wanted + extra;
    return (size_t)(room < dimension ? room : dimension);
}

uint64_t qn__lanczos_bytes(uint64_t dimension, bool is_complex, uint32_t wanted)
{
    if (dimension > UINT64_C(1) << 50 || wanted > MOST_WANTED) {
        return UINT64_MAX;
    }
    const uint64_t width = dimension * (is_complex ? 2 : 1), room = room_for(dimension, is_complex, wanted),
                   all = room + wanted + 1;
    uint64_t doubles = 0;
    if (qn__mul_overflows(width, all, &doubles)) {
        return UINT64_MAX;
    }
    doubles += 2 * room * room + room + 3 * (room + 1) + 2 * all + qn__vectors_scratch(width, all);
    return doubles * sizeof(double) + qn__linalg_scratch(room, false);
}

static qn_status allocate(lanczos *self, void **memory)
{
    const qn__lanczos_problem *p = self->problem;
    const uint64_t bytes = qn__lanczos_bytes(p->dimension, p->is_complex, p->wanted);
    QN_CHECK(bytes < SIZE_MAX / 2, ERR_TOO_LARGE, "%llu vectors of %llu entries overflow (at most %d eigenpairs)",
             (unsigned long long)p->wanted, (unsigned long long)p->dimension, (int)MOST_WANTED);
    self->width = (size_t)p->dimension * (p->is_complex ? 2 : 1);
    self->room = room_for(p->dimension, p->is_complex, p->wanted);
    double *next = qn__alloc((size_t)bytes, 1);
    QN_ALLOC_CHECK(next);
    *memory = next;
    qn__large_pages(next, (size_t)bytes);
    const size_t all = self->room + p->wanted + 1;
    self->locked = next;
    self->basis = self->locked + p->wanted * self->width;
    self->t = self->basis + (self->room + 1) * self->width;
    self->s = self->t + self->room * self->room;
    self->theta = self->s + self->room * self->room;
    self->overlap = self->theta + self->room;
    self->overlap_before = self->overlap + self->room + 1;
    self->overlap_next = self->overlap_before + self->room + 1;
    self->coefficients = self->overlap_next + self->room + 1;
    self->scratch = self->coefficients + 2 * all;
    self->dense = self->scratch + qn__vectors_scratch(self->width, all);
    return QN_OK;
}

/* w made orthogonal to the locked vectors and the first `count` of the basis, twice ("twice is enough", Kahan and
 * Parlett); its norm. *alpha, when wanted, gets the component along the last of them. */
static double orthogonalise(const lanczos *self, double *w, size_t count, double *alpha)
{
    const qn__lanczos_problem *p = self->problem;
    double along = 0;
    for (unsigned pass = 0; pass < 2; pass++) {
        qn__vectors_project(self->locked, self->nlocked, self->width, p->is_complex, w, self->coefficients,
                            self->scratch, p->threads);
        qn__vectors_project(self->basis, count, self->width, p->is_complex, w, self->coefficients, self->scratch,
                            p->threads);
        along += count > 0 ? self->coefficients[2 * (count - 1)] : 0.0;
    }
    if (alpha != NULL) {
        *alpha = along;
    }
    return sqrt(qn__vectors_norm2(w, self->width, self->scratch, p->threads));
}

/* A fresh unit vector orthogonal to all so far at w. False when there is none (the space is exhausted). */
static bool fresh_vector(lanczos *self, double *w, size_t count, uint64_t guess)
{
    const qn__lanczos_problem *p = self->problem;
    for (unsigned attempt = 0; attempt < 5; attempt++) {
        const uint64_t stream = self->streams++;
        const double size = 1.0 / sqrt((double)self->width);
#pragma omp parallel for schedule(static) num_threads((int)p->threads) if (self->width >= 32768)
        for (size_t i = 0; i < self->width; i++) {
            w[i] = size * (2.0 * qn__random_uniform(p->seed, stream, i) - 1.0);
        }
        if (guess < p->dimension) {
            w[guess * (p->is_complex ? 2 : 1)] += 1.0;
        }
        const double norm = orthogonalise(self, w, count, NULL);
        if (norm > 1e-8) {
            qn__vectors_scale(w, 1.0 / norm, self->width, p->threads);
            /* once more: scaling up a small remainder scales up its error */
            const double again = orthogonalise(self, w, count, NULL);
            qn__vectors_scale(w, 1.0 / again, self->width, p->threads);
            return true;
        }
    }
    return false;
}

static bool may_go_on(lanczos *self, double value)
{
    const qn__lanczos_problem *p = self->problem;
    if (p->proceed != NULL && !p->proceed(p->user, self->products, value)) {
        self->interrupted = true;
        self->stopped = true;
    } else if (self->products >= p->max_products) {
        self->stopped = true;
    }
    return !self->stopped;
}

static qn_status decompose(lanczos *self, size_t size)
{
    for (size_t j = 0; j < size; j++) {
        memcpy(self->s + j * size, self->t + j * self->room, size * sizeof *self->s);
    }
    return qn__linalg_symmetric_eigen(size, self->s, self->theta, self->dense);
}

/* What one search looks for. */
typedef struct search {
    size_t target;    /* pairs */
    double reference; /* a lowest value well above this needs no closer look; infinity: always look */
} search;

/* The Ritz pairs that count have converged; beta couples the last vector to the rest of the space. */
static bool found(const lanczos *self, const search *what, size_t size, double beta)
{
    for (size_t i = 0; i < what->target; i++) {
        const double residual = beta * fabs(self->s[i * size + size - 1]);
        const double above = self->theta[i] - what->reference; /* not positive for infinity */
        if (residual > fmax(0.5 * self->problem->tolerance, 0.01 * above)) {
            return false;
        }
    }
    return true;
}

/* w made orthogonal to the locked vectors and the first `count` of the basis; its norm. A second pass when the first
 * takes away much ("twice is enough", Kahan and Parlett). *alpha gains the component along the last of them. */
static double clean(lanczos *self, double *w, size_t count, double norm, bool twice, double *alpha)
{
    const qn__lanczos_problem *p = self->problem;
    for (unsigned pass = 0; pass < 3; pass++) {
        const double before = norm;
        qn__vectors_project(self->locked, self->nlocked, self->width, p->is_complex, w, self->coefficients,
                            self->scratch, p->threads);
        qn__vectors_project(self->basis, count, self->width, p->is_complex, w, self->coefficients, self->scratch,
                            p->threads);
        *alpha += self->coefficients[2 * (count - 1)];
        norm = sqrt(qn__vectors_norm2(w, self->width, self->scratch, p->threads));
        if (!(norm < 0.9 * before) && !(twice && pass == 0)) {
            break;
        }
    }
    return norm;
}

/* Estimates for v_(j+1), of norm `norm` before it is scaled; the largest. */
static double foretell(lanczos *self, size_t j, double norm)
{
    const double *t = self->t + j * self->room, noise = DBL_EPSILON * self->size;
    double largest = 0;
    self->overlap[j] = 1;
    for (size_t i = 0; i < j; i++) {
        double sum = -t[j] * self->overlap[i] - (i + 1 < j ? t[j - 1] * self->overlap_before[i] : t[j - 1]);
        for (size_t k = 0; k <= j; k++) {
            sum += self->t[i * self->room + k] * self->overlap[k];
        }
        self->overlap_next[i] = (sum + copysign(noise, sum)) / norm;
        largest = fmax(largest, fabs(self->overlap_next[i]));
    }
    self->overlap_next[j] = noise / norm;
    return fmax(largest, self->overlap_next[j]);
}

/* The next vector becomes the present one. */
static void shift_estimates(lanczos *self)
{
    double *before = self->overlap_before;
    self->overlap_before = self->overlap;
    self->overlap = self->overlap_next;
    self->overlap_next = before;
}

/* One Lanczos step: column j of T and the next vector. *beta 0: the space so far is invariant. */
static qn_status step(lanczos *self, size_t j, size_t limit, double *beta)
{
    const qn__lanczos_problem *p = self->problem;
    double *w = self->basis + (j + 1) * self->width;
    const double *v = self->basis + j * self->width;
    QN_TRY(p->multiply(p->user, v, w));
    self->products++;
    double alpha = qn__vectors_dot(v, w, self->width, self->scratch, p->threads);
    const double before = j > 0 ? self->t[j * self->room + j - 1] : 0.0;
    double norm = sqrt(qn__vectors_recur(w, alpha, v, before, before != 0 ? v - self->width : NULL, self->width,
                                         self->scratch, p->threads));
    QN_CHECK(isfinite(norm) && isfinite(alpha), ERR_NAN, "a product of the operator is not finite");
    self->t[j * self->room + j] = alpha;
    self->size = fmax(self->size, fabs(alpha) + fabs(before) + norm);
    const bool due = self->full == 0 && !(foretell(self, j, norm) < self->limit);
    if (due || self->full > 0) {
        /* two vectors in a row: each estimate follows from the two before */
        const bool restarted = self->full == 2; /* what it takes away is large */
        self->full = due ? 1 : self->full - 1;
        norm = clean(self, w, j + 1, norm, restarted, &alpha);
        self->t[j * self->room + j] = alpha;
        for (size_t i = 0; i <= j; i++) {
            self->overlap_next[i] = DBL_EPSILON;
        }
    } else if (self->nlocked > 0) {
        qn__vectors_project(self->locked, self->nlocked, self->width, p->is_complex, w, self->coefficients,
                            self->scratch, p->threads);
        norm = sqrt(qn__vectors_norm2(w, self->width, self->scratch, p->threads));
    }
    shift_estimates(self);
    if (norm > 1e-14 * (p->norm + fabs(alpha))) {
        qn__vectors_scale(w, 1.0 / norm, self->width, p->threads);
    } else {
        norm = 0;
        if (j + 1 < limit) {
            QN_CHECK(fresh_vector(self, w, j + 1, UINT64_MAX), ERR_NUMERIC,
                     "no vector is left in a space that is not exhausted");
        }
    }
    if (j + 1 < limit) {
        self->t[j * self->room + j + 1] = self->t[(j + 1) * self->room + j] = norm;
    }
    *beta = norm;
    return QN_OK;
}

/* Restart from the `kept` lowest Ritz vectors and the residual vector, which couples to each of them. */
static void restart(lanczos *self, size_t size, size_t kept, double beta)
{
    qn__vectors_rotate(self->basis, size, self->width, self->s, kept, self->problem->threads);
    memmove(self->basis + kept * self->width, self->basis + size * self->width, self->width * sizeof *self->basis);
    memset(self->t, 0, self->room * self->room * sizeof *self->t);
    for (size_t i = 0; i < kept; i++) {
        const double coupling = beta * self->s[i * size + size - 1];
        self->t[i * self->room + i] = self->theta[i];
        self->t[i * self->room + kept] = self->t[kept * self->room + i] = coupling;
    }
    self->full = 2; /* the first couples to all kept vectors, and the second follows from it */
}

/* The target lowest pairs orthogonal to the locked ones: vectors in the first of the basis, values in theta. *size: how
 * many Ritz values there are (0: stopped before the first); *exhausted: the basis spans everything. */
static qn_status look(lanczos *self, const search *what, uint64_t guess, size_t *pairs, bool *exhausted)
{
    const size_t free_dimension = (size_t)self->problem->dimension - self->nlocked;
    const size_t limit = free_dimension < self->room ? free_dimension : self->room;
    size_t kept = 0, size = 0;
    double beta = 0;
    bool done = false;
    *pairs = 0;
    *exhausted = false;
    /* The caller made t. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    memset(self->t, 0, self->room * self->room * sizeof *self->t);
    self->full = 0;
    QN_CHECK(fresh_vector(self, self->basis, 0, guess), ERR_NUMERIC, "no start vector outside the eigenvectors found");
    double lowest = self->nlocked > 0 ? self->values[0] : (double)NAN;
    while (!done) {
        for (size_t j = kept; j < limit && !done; j++) {
            if (!may_go_on(self, lowest)) {
                done = true;
                break;
            }
            QN_TRY(step(self, j, limit, &beta));
            size = j + 1;
            if (size >= what->target && (size == limit || (size - kept) % CHECK_EVERY == 0)) {
                QN_TRY(decompose(self, size));
                lowest = self->nlocked > 0 ? fmin(self->values[0], self->theta[0]) : self->theta[0];
                done = found(self, what, size, beta);
            }
        }
        *exhausted = size == free_dimension;
        done = done || *exhausted;
        if (!done) {
            const size_t half = (size - what->target) / 2;
            kept = what->target + (half < MOST_KEPT ? half : MOST_KEPT);
            restart(self, size, kept, beta);
            size = kept;
        }
    }
    if (size > 0) {
        QN_TRY(decompose(self, size));
        *pairs = size < what->target ? size : what->target;
        qn__vectors_rotate(self->basis, size, self->width, self->s, *pairs, self->problem->threads);
    }
    return QN_OK;
}

/* A pair joins the locked ones, in order; the highest goes when there are `wanted` already. */
static void lock_pair(lanczos *self, const double *vector, double value)
{
    if (self->nlocked == self->problem->wanted) {
        self->nlocked--;
    }
    size_t place = self->nlocked;
    while (place > 0 && self->values[place - 1] > value) {
        self->values[place] = self->values[place - 1];
        memcpy(self->locked + place * self->width, self->locked + (place - 1) * self->width,
               self->width * sizeof *vector);
        place--;
    }
    self->values[place] = value;
    memcpy(self->locked + place * self->width, vector, self->width * sizeof *vector);
    self->nlocked++;
}

static qn_status find_all(lanczos *self, uint64_t guess, bool *certain)
{
    const qn__lanczos_problem *p = self->problem;
    search what = {p->wanted, (double)INFINITY};
    size_t pairs = 0;
    bool exhausted = false;
    QN_TRY(look(self, &what, guess, &pairs, &exhausted));
    for (size_t i = 0; i < pairs; i++) {
        lock_pair(self, self->basis + i * self->width, self->theta[i]);
    }
    *certain = !self->stopped && (p->wanted == 1 || exhausted);
    while (!*certain && !self->stopped && self->nlocked == p->wanted) {
        what = (search){1, self->values[p->wanted - 1]};
        if (p->dimension == p->wanted) {
            *certain = true;
            break;
        }
        QN_TRY(look(self, &what, UINT64_MAX, &pairs, &exhausted));
        if (self->stopped && pairs == 0) {
            break;
        }
        if (self->theta[0] < what.reference - p->tolerance) {
            lock_pair(self, self->basis, self->theta[0]);
        } else {
            *certain = !self->stopped;
        }
    }
    return QN_OK;
}

static void swap(double *a, double *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const double kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

/* Values and residuals from the locked vectors themselves. */
static qn_status measure(lanczos *self, double *values, double *residuals)
{
    const qn__lanczos_problem *p = self->problem;
    for (size_t k = 0; k < self->nlocked; k++) {
        const double *v = self->locked + k * self->width;
        double *w = self->basis;
        QN_TRY(p->multiply(p->user, v, w));
        self->products++;
        const double norm2 = qn__vectors_norm2(v, self->width, self->scratch, p->threads);
        values[k] = qn__vectors_dot(v, w, self->width, self->scratch, p->threads) / norm2;
        qn__vectors_subtract(w, values[k], v, self->width, p->threads);
        residuals[k] = sqrt(qn__vectors_norm2(w, self->width, self->scratch, p->threads) / norm2);
    }
    for (size_t k = 1; k < self->nlocked; k++) { /* the quotients may differ from the Ritz values by a rounding */
        for (size_t i = k; i > 0 && values[i - 1] > values[i]; i--) {
            swap(values + i, values + i - 1, 1);
            swap(residuals + i, residuals + i - 1, 1);
            swap(self->locked + i * self->width, self->locked + (i - 1) * self->width, self->width);
        }
    }
    return QN_OK;
}

qn_status qn__lanczos_solve(const qn__lanczos_problem *problem, double *values, double *residuals, double *vectors,
                            qn__lanczos_outcome *outcome)
{
    QN_CHECK(problem->wanted >= 1 && problem->wanted <= problem->dimension, ERR_ARGUMENT,
             "%u eigenpairs of an operator of dimension %llu", problem->wanted, (unsigned long long)problem->dimension);
    lanczos self = {.problem = problem, .values = values};
    self.limit = fmin(1e-10, fmax(1e-14, 0.002 * problem->tolerance / fmax(problem->norm, DBL_MIN)));
    void *memory = NULL;
    QN_TRY(allocate(&self, &memory));
    qn_status status = QN_OK;
    bool certain = false;
    QN_TRY_CLEANUP(find_all(&self, problem->guess, &certain));
    for (size_t k = self.nlocked; k < problem->wanted; k++) {
        values[k] = residuals[k] = (double)NAN; /* stopped before so many vectors were there */
    }
    QN_TRY_CLEANUP(measure(&self, values, residuals));
    if (vectors != NULL) {
        memcpy(vectors, self.locked, self.nlocked * self.width * sizeof *vectors);
    }
    outcome->products = self.products;
    outcome->interrupted = self.interrupted;
    outcome->converged = certain;
    for (size_t k = 0; k < problem->wanted; k++) {
        outcome->converged = outcome->converged && residuals[k] <= problem->tolerance;
    }
cleanup:
    qn__free(memory);
    return status;
}
