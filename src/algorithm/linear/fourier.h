/* fourier.h: the combination of evolutions, for its tiers. */
#ifndef QN_ALGORITHM_FOURIER_H
#define QN_ALGORITHM_FOURIER_H

#include "algorithm/linear/linear.h"

/* g(x) = dy dz / sqrt(2 pi) sum_j' sum_k 2 z_k e^{-z_k^2/2} sin(x y_j z_k) for 1/x, the first and the last j at half
 * weight. */
typedef struct qn__fourier {
    double dy, dz;
    size_t ny, nz; /* y = j dy, j < ny; |z| = k dz, 1 <= k <= nz */
    double weight; /* sum of |coefficients| */
    double time;   /* longest evolution */
} qn__fourier;
qn__fourier qn__fourier_of(double kappa, double epsilon);

QN_MUST_USE qn_status qn__fourier_gate_plan(const qn_linear_problem *problem, const qn__fourier *f,
                                            qn_linear_plan *plan);
/* Fills x, cost and qubits; *norm = |g(A / alpha) b| / |b|. */
QN_MUST_USE qn_status qn__fourier_gate_run(const qn_context *context, const qn_linear_problem *problem,
                                           const qn__fourier *f, double *norm, qn_linear_result *result);

#endif
