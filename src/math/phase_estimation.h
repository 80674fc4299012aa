/* phase_estimation.h: the outcomes of phase estimation with any window, for many phases at once. */
#ifndef QN_MATH_PHASE_ESTIMATION_H
#define QN_MATH_PHASE_ESTIMATION_H

#include "base/status.h"

/* The clock's start: sum of squares 1. sine: sqrt(2/T) sin(pi (tau + 1/2) / T) (Buzek, Derka, Massar, PRL 82, 2207
 * (1999)); Kaiser: I_0(shape sqrt(1 - u^2)), u from -1 to 1. */
void qn__window_uniform(size_t size, double *w);
void qn__window_sine(size_t size, double *w);
void qn__window_kaiser(size_t size, double shape, double *w);

/* With alpha_k(theta) = T^(-1/2) sum_tau w_tau e^{i tau (theta - 2 pi k / T)}: the means sum_k |alpha_k(theta_j)|^2 f_k
 * of two functions f and g of the outcome k = 0 … T-1, T = size a power of two. They are trigonometric polynomials in
 * theta of degree T - 1 with coefficients W_s F_s, W the window's autocorrelation and F the transform of f; evaluated
 * at all theta by a non-uniform Fourier transform (A. Barnett, J. Magland, L. af Klinteberg, arXiv:1808.06736), to
 * about 1e-13 of max |f|. */
QN_MUST_USE qn_status qn__phase_means(size_t size, const double *w, const double *f, const double *g, size_t count,
                                      const double *theta, double *mean_f, double *mean_g, uint32_t threads);

#endif
