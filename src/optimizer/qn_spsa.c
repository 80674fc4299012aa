/* qn_spsa.c: SPSA whose gradient goes through a sampled quantum metric (Gacon, Zoufal, Carleo, Woerner, Quantum 5, 567
 * (2021), arXiv:2103.09232).
 *
 * With F(a, b) = |<a|b>|^2 and two directions of signs D, E, the difference
 *   d = F(x, x+cD+cE) - F(x, x+cD) - F(x, x-cD+cE) + F(x, x-cD)
 * gives the unbiased sample -d / (4 c^2) (D E^T + E D^T) / 2 of the Fubini-Study metric (1 - F(x, x+v) = v^T g v).
 * Samples are averaged over the run, starting from the identity; the average is made positive as |g| + shift. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "optimizer/dense.h"
#include "optimizer/spsa.h"

enum { D_STREAM = 11, E_STREAM = 12 };

typedef struct metric {
    qn__run *run;
    double *mean, *positive, *scratch, *point, *d, *e;
} metric;

/* F(x, x + c (sd D + se E)) */
static qn_status overlap(const metric *self, const double *x, double c, double sd, double se, double *out)
{
    for (size_t i = 0; i < self->run->n; i++) {
        self->point[i] = x[i] + c * (sd * self->d[i] + se * self->e[i]);
    }
    QN_TRY(self->run->objective->fidelity(self->run->objective->user, x, self->point, out));
    QN_CHECK(isfinite(*out), ERR_NAN, "a fidelity is %g", *out);
    return QN_OK;
}

static qn_status precondition(void *user, uint64_t k, const double *x, double c, double *grad)
{
    metric *self = user;
    const size_t n = self->run->n;
    for (size_t i = 0; i < n; i++) {
        self->d[i] = qn__spsa_sign(self->run, D_STREAM, k, i);
        self->e[i] = qn__spsa_sign(self->run, E_STREAM, k, i);
    }
    double f[4] = {0, 0, 0, 0};
    QN_TRY(overlap(self, x, c, 1, 1, &f[0]));
    QN_TRY(overlap(self, x, c, 1, 0, &f[1]));
    QN_TRY(overlap(self, x, c, -1, 1, &f[2]));
    QN_TRY(overlap(self, x, c, -1, 0, &f[3]));
    const double weight = -(f[0] - f[1] - f[2] + f[3]) / (4.0 * c * c);
    const double share = 1.0 / ((double)k + 2.0);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            const double sample = 0.5 * weight * (self->d[i] * self->e[j] + self->e[i] * self->d[j]);
            self->mean[i * n + j] += share * (sample - self->mean[i * n + j]);
        }
    }
    memcpy(self->positive, self->mean, n * n * sizeof *self->mean);
    qn__dense_absolute(n, self->positive, self->scratch);
    double shift = 1e-2;
    while (!qn__dense_solve(n, self->positive, shift, grad, grad, self->scratch)) {
        shift *= 4.0; /* |g| is positive but for rounding */
        QN_CHECK(shift < 1e12, ERR_NUMERIC, "the sampled metric cannot be made positive");
    }
    return QN_OK;
}

qn_status qn__qn_spsa_run(qn__run *run)
{
    const size_t n = run->n;
    size_t entries = 0, all = 0;
    QN_CHECK(!__builtin_mul_overflow(n, n, &entries) && !__builtin_mul_overflow(entries, 4, &all), ERR_TOO_LARGE,
             "a metric of %zu x %zu overflows", n, n);
    double *memory = qn__calloc(all, sizeof *memory); /* average, |average|, and twice scratch */
    QN_ALLOC_CHECK(memory);
    double *vectors = qn__alloc(3 * n, sizeof *vectors);
    if (vectors == NULL) {
        qn__free(memory);
        return QN_ERR_MEMORY;
    }
    metric self = {run, memory, memory + entries, memory + 2 * entries, vectors, vectors + n, vectors + 2 * n};
    for (size_t i = 0; i < n; i++) {
        self.mean[i * n + i] = 1.0;
    }
    const qn__spsa how = {precondition, &self};
    const qn_status status = qn__spsa_loop(run, &how);
    qn__free(vectors);
    qn__free(memory);
    return status;
}
