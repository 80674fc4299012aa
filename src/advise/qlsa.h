/* qlsa.h: quantum linear-system solvers as numbers of calls, and one of them as T gates.
 *
 * kappa' is the norm that the block-encoding divides by, times the norm of the inverse: alpha ||A^-1||. */
#ifndef QN_ADVISE_QLSA_H
#define QN_ADVISE_QLSA_H

#include "advise/loading.h"

/* A. M. Dalzell, arXiv:2406.12086: c kappa' + c' kappa' ln(1/eps), 56 and 1.05. */
qn__count qn__qlsa_dalzell(qn__count kappa, qn__count eps, qn__count constant, qn__count log_constant);
/* The same paper, norm of the solution known: kappa' ln(2 sqrt 2 / eps). */
qn__count qn__qlsa_known_norm(qn__count kappa, qn__count eps);
/* P. C. S. Costa et al., arXiv:2111.08152: C kappa' steps of the walk and a filter of kappa' ln(2/eps). */
qn__count qn__qlsa_costa(qn__count kappa, qn__count eps, qn__count constant);
/* A. W. Harrow, A. Hassidim, S. Lloyd, arXiv:0811.3171: c kappa'^2 / eps. */
qn__count qn__qlsa_hhl(qn__count kappa, qn__count eps, qn__count constant);

/* Dense data from start to end, A. M. Dalzell et al., arXiv:2211.12489: L = 2^l >= N unknowns, K = kappa ||A||_F /
 * ||A||. */
typedef struct qn__dense_solver {
    qn__count L, K, walk, filter, attempts;          /* Q, d and ceil(log2 1/delta) */
    qn__count eps_matrix, eps_vector;                /* of the rotations of matrix and vector */
    qn__count encoding_t, t, depth, queries, qubits; /* t, depth and queries with all attempts */
    qn__count loading_t;                             /* the part of t inside block-encodings and preparations */
} qn__dense_solver;
qn__dense_solver qn__qlsa_dense(qn__count unknowns, qn__count K, qn__count eps, qn__count delta, qn__count constant);

/* Copies of the solution to read all L components to eps with failure delta (proposition 4), of two circuits each. */
qn__count qn__tomography_copies(qn__count L, qn__count eps, qn__count delta, qn__count constant);
/* Iterations of conjugate gradients to eps; without a positive definite matrix those of the normal equations. Not more
 * than N. */
qn__count qn__gradient_iterations(qn__count unknowns, qn__count kappa, qn__count eps, int positive);

#endif
