/* qng.c: the quantum natural gradient: direction g^+ grad with g the Fubini-Study metric (Stokes, Izaac, Killoran,
 * Carleo, Quantum 4, 269 (2020), arXiv:1909.02108). The metric is singular where parameters are redundant, so g + shift
 * I is solved instead. */
#include <math.h>

#include "base/alloc.h"
#include "optimizer/dense.h"
#include "optimizer/descent.h"

typedef struct natural {
    qn__run *run;
    double *metric, *factor;
} natural;

static qn_status precondition(void *user, const double *x, const double *grad, double *direction)
{
    const natural *self = user;
    const size_t n = self->run->n;
    QN_TRY(self->run->objective->metric(self->run->objective->user, x, self->metric));
    double largest = 0;
    for (size_t i = 0; i < n * n; i++) {
        if (!isfinite(self->metric[i])) {
            return QN_FAIL(ERR_NAN, "metric entry %zu, %zu is %g", i / n, i % n, self->metric[i]);
        }
        largest = fmax(largest, fabs(self->metric[i]));
    }
    /* rotations have entries up to 1/4; a millesimal shift bounds the amplification of directions that hardly change
     * the state */
    double shift = 1e-3 * largest + 1e-12;
    for (unsigned attempt = 0; attempt < 60; attempt++, shift *= 4.0) {
        if (qn__dense_solve(n, self->metric, shift, grad, direction, self->factor)) {
            return QN_OK;
        }
    }
    return QN_FAIL(ERR_NUMERIC, "the metric is not positive semidefinite: a shift of %g does not make it so", shift);
}

qn_status qn__qng_run(qn__run *run)
{
    const size_t n = run->n;
    size_t entries = 0;
    QN_CHECK(!__builtin_mul_overflow(n, n, &entries), ERR_TOO_LARGE, "a metric of %zu x %zu overflows", n, n);
    double *memory = qn__alloc(entries, 2 * sizeof *memory);
    QN_ALLOC_CHECK(memory);
    natural self = {run, memory, memory + entries};
    const qn__descent how = {.rate = 0.1, .precondition = precondition, .user = &self};
    const qn_status status = qn__descent_run(run, &how);
    qn__free(memory);
    return status;
}
