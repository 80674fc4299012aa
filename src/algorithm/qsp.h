/* qsp.h: what the files on signal processing share. */
#ifndef QN_ALGORITHM_QSP_H
#define QN_ALGORITHM_QSP_H

#include <quern/qsp.h>

#include "base/status.h"

#define QN__QSP_MOST_DEGREE (UINT64_C(1) << 28)
enum { QN__QSP_NEWTON_DEGREE = 6000 };

/* The nonlinear Fourier transform of real sequences gamma_k = tan(p_k): the product over k of
 * cos p_k [[1, gamma_k z^k], [-gamma_k z^-k, 1]] is [[a, b], [-b*, a*]], where a*(z) and b(z) are polynomials with n
 * real coefficients: H. Ni, R. Sarkar, L. Ying, L. Lin, arXiv:2505.12615. With z = e^{2 i theta}, x = cos theta and
 * symmetric phases, f(x) = sum_k b_k cos((2k - d) theta). */

/* a* and b of n phases, in n coefficients each. */
QN_MUST_USE qn_status qn__nlft_forward(const double *phases, size_t n, double *a, double *b);
/* The phases of a* and b, of which the first n coefficients are given; both arrays are destroyed. */
QN_MUST_USE qn_status qn__nlft_inverse(double *a, double *b, size_t n, double *phases);
/* a* of the outer function with |a|^2 + |b|^2 = 1 on the circle, from values on `grid` roots of unity (a power of two,
 * at least n): G. Weiss' algorithm. */
QN_MUST_USE qn_status qn__nlft_complement(const double *b, size_t n, size_t grid, double *a);

/* Between b (degree + 1 symmetric coefficients) and Chebyshev coefficients of one parity. */
void qn__qsp_spread(const double *c, uint64_t degree, double *b);
void qn__qsp_gather(const double *b, uint64_t degree, double *c);

/* One method each: phases (degree + 1) of c; report's iterations, residual and converged are filled. */
QN_MUST_USE qn_status qn__qsp_fixed_point(const qn_context *context, const double *c, uint64_t degree, double tolerance,
                                          double *phases, qn_qsp_report *report);
QN_MUST_USE qn_status qn__qsp_newton(const qn_context *context, const double *c, uint64_t degree, double tolerance,
                                     double *phases, qn_qsp_report *report);
QN_MUST_USE qn_status qn__qsp_fourier(const qn_context *context, const double *c, uint64_t degree, double tolerance,
                                      double *phases, qn_qsp_report *report);
/* Sum of |coefficients of the phases - c|. */
QN_MUST_USE qn_status qn__qsp_residual(const double *phases, const double *c, uint64_t degree, double *out);

#endif
