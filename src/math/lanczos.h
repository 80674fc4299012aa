/* lanczos.h: the lowest eigenpairs of a large Hermitian operator that is only known by its products with vectors.
 *
 * Thick-restart Lanczos (Wu, Simon, SIAM J. Matrix Anal. Appl. 22, 602 (2000)) in bounded memory,
 * reorthogonalised when rounding asks for it. A Krylov space holds one vector of each degenerate level, so after the
 * wanted pairs are found the search is repeated in their complement from a fresh random vector until nothing lower
 * turns up there: multiplicities come out right. */
#ifndef QN_MATH_LANCZOS_H
#define QN_MATH_LANCZOS_H

#include "base/status.h"

typedef struct qn__lanczos_problem {
    uint64_t dimension;
    bool is_complex; /* vectors are re, im pairs */
    uint32_t wanted; /* at most the dimension */
    uint32_t threads;
    double tolerance;      /* wanted norm of H v - E v */
    double norm;           /* some bound of the operator's norm, to tell zero from rounding */
    uint64_t max_products; /* then the best so far is returned; up to `wanted` more go into the closing check */
    uint64_t seed;
    uint64_t guess; /* entry to favour in the start vector; UINT64_MAX: none */
    qn_status (*multiply)(void *user, const double *x, double *y);
    /* false: stop with the best so far. `value`: lowest so far (NaN: none yet). May be NULL. */
    bool (*proceed)(void *user, uint64_t products, double value);
    void *user;
} qn__lanczos_problem;

typedef struct qn__lanczos_outcome {
    uint64_t products;
    bool converged, interrupted;
} qn__lanczos_outcome;

/* All bytes that a solve takes; UINT64_MAX on overflow. */
uint64_t qn__lanczos_bytes(uint64_t dimension, bool is_complex, uint32_t wanted);

/* `values` (rising) and `residuals` have `wanted` entries; residuals are recomputed from the final vectors. `vectors`
 * may be NULL, else takes wanted vectors one after another. The outcome does not depend on the number of threads. */
QN_MUST_USE qn_status qn__lanczos_solve(const qn__lanczos_problem *problem, double *values, double *residuals,
                                        double *vectors, qn__lanczos_outcome *outcome);

#endif
