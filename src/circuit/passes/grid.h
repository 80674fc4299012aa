/* grid.h: the grid problem of approximate synthesis: all u = U / sqrt 2^k, U in Z[omega], with |u| <= 1, |u bullet|
 * <= 1 and Re(u conj z) >= 1 - eps^2 / 2, for z = exp(i angle) on the unit circle. */
#ifndef QN_CIRCUIT_PASSES_GRID_H
#define QN_CIRCUIT_PASSES_GRID_H

#include "base/status.h"
#include "circuit/passes/fixed.h"

/* A vector of the lattice in its exact and its rounded coordinates. */
typedef struct qn__grid_vector {
    int64_t c[4];     /* coefficients of U */
    qn__fixed x[4];   /* Re, Im of U conj z, Re, Im of U bullet */
    long double f[4]; /* the same, weighted by the inverse half-axes of the region */
} qn__grid_vector;

typedef struct qn__grid {
    long double error;
    long double weights[4];
    qn__grid_vector basis[4]; /* reduced */
} qn__grid;

typedef struct qn__grid_point {
    qn__omega u;       /* numerator over sqrt 2^k */
    qn__root2 rest;    /* 2^k - |U|^2, which both embeddings make >= 0 */
    long double error; /* |u - z| with the rest of the column: the operator norm error */
} qn__grid_point;

enum { QN__GRID_POINTS = 256 };

void qn__grid_begin(qn__grid *grid, qn__fixed angle, long double error);
/* The points for denominator exponent k, nearest first; at most QN__GRID_POINTS of them. */
size_t qn__grid_solve(const qn__grid *grid, uint32_t k, qn__grid_point *out);

#endif
