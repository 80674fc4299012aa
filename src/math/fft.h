/* fft.h: fast Fourier, cosine and sine transforms in double precision.
 *
 * Plans are read-only once made and may be shared between threads. */
#ifndef QN_MATH_FFT_H
#define QN_MATH_FFT_H

#include <quern/types.h>

#include "base/status.h"

enum { QN__FFT_LARGEST_LOG2 = 27 };

/* Smallest power of two that is at least n (and at least 1). */
size_t qn__fft_size(size_t n);

/* Complex transforms of a power-of-two length. */
typedef struct qn__fft qn__fft;
/* Errors: QN_ERR_ARGUMENT when n is no power of two, QN_ERR_TOO_LARGE over 2^27, QN_ERR_MEMORY. */
QN_MUST_USE qn_status qn__fft_create(size_t n, qn__fft **out);
void qn__fft_free(qn__fft *plan);
/* exp(-2 pi i k / n). */
qn_complex qn__fft_root(const qn__fft *plan, size_t k);
/* X_k = sum_j x_j exp(-+2 pi i j k / n), in place; neither direction is scaled. */
void qn__fft_forward(const qn__fft *plan, qn_complex *x);
void qn__fft_backward(const qn__fft *plan, qn_complex *x);

/* c = a * b, polynomials with real coefficients: na + nb - 1 numbers. c may not overlap a or b. Short ones are
 * multiplied directly. */
QN_MUST_USE qn_status qn__fft_convolve(const double *a, size_t na, const double *b, size_t nb, double *c);

/* In place, n a power of two:
 * X_k = sum_j x_j cos(pi k (2j + 1) / (2n))            (type II)
 * X_k = sum_j x_j cos(pi (2k + 1) (2j + 1) / (4n))     (type IV) */
QN_MUST_USE qn_status qn__dct2(size_t n, double *x);
QN_MUST_USE qn_status qn__dct4(size_t n, double *x);

/* Sine transforms of any length: X_k = sqrt(2 / (n+1)) sum_j x_j sin(pi j k / (n+1)), j and k from 1 to n: orthogonal
 * and its own inverse. */
typedef struct qn__dst qn__dst;
QN_MUST_USE qn_status qn__dst_create(size_t n, qn__dst **out);
void qn__dst_free(qn__dst *plan);
/* Complex numbers of scratch for one call. */
size_t qn__dst_scratch(const qn__dst *plan);
/* n complex numbers, real and imaginary part each on its own, in place. */
void qn__dst_run(const qn__dst *plan, qn_complex *x, qn_complex *scratch);

#endif
