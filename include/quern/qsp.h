/* qsp.h: quantum signal processing: polynomials, and the phase factors that make a circuit of them.
 *
 * Convention: W(x) = [[x, i s], [i s, x]] with s = sqrt(1 - x^2), U(x) = e^{i p_0 Z} prod_{k=1}^{d} W(x) e^{i p_k Z}.
 * A real polynomial f of degree d and parity d mod 2 with |f| <= 1 is Im <0|U|0> for symmetric phases (p_k = p_{d-k}):
 * Y. Dong, L. Lin, H. Ni, J. Wang, arXiv:2209.10162. */
#ifndef QUERN_QSP_H
#define QUERN_QSP_H

#include <quern/context.h>

QN_BEGIN_DECLS

/** sum_k coefficient[k] T_{2k}(x) for even degrees, sum_k coefficient[k] T_{2k+1}(x) for odd ones. */
typedef struct qn_qsp_polynomial {
    uint64_t degree;
    size_t count; /* degree / 2 + 1 */
    double *coefficient;
} qn_qsp_polynomial;
/** Zero. Errors: QN_ERR_TOO_LARGE over degree 2^28, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_qsp_polynomial_create(uint64_t degree, qn_qsp_polynomial **out);
QN_API void qn_qsp_polynomial_free(qn_qsp_polynomial *polynomial);
/** By Clenshaw's recurrence; any x. */
QN_API double qn_qsp_polynomial_value(const qn_qsp_polynomial *polynomial, double x);
QN_API void qn_qsp_polynomial_scale(qn_qsp_polynomial *polynomial, double factor);
/** Largest |f| on [-1, 1], from samples eight to a wave: low by 2 percent at most, as a rule by far less. */
QN_API QN_MUST_USE qn_status qn_qsp_polynomial_maximum(const qn_qsp_polynomial *polynomial, double *out);

/** The odd polynomial of degree 2n - 1 that is nearest to 1/x on [-1, -1/kappa] and [1/kappa, 1] in the largest error:
 * C. Sunderhauf et al., arXiv:2507.15537. Smallest odd degree whose error is at most epsilon; kappa > 1 (1 gives 1),
 * epsilon > 0. */
QN_API double qn_qsp_inverse_degree(double kappa, double epsilon);
/** Its largest error for an odd degree. */
QN_API double qn_qsp_inverse_error(double kappa, double degree);
/** Its value from the closed form. */
QN_API double qn_qsp_inverse_value(double kappa, double degree, double x);
/** max |P| on [-1, 1]. */
QN_API double qn_qsp_inverse_maximum(double kappa, double degree);
/** Its coefficients. Errors: QN_ERR_RANGE (kappa < 1, even degree), QN_ERR_TOO_LARGE. */
QN_API QN_MUST_USE qn_status qn_qsp_inverse(double kappa, uint64_t degree, qn_qsp_polynomial **out);
/** For comparison: A. Childs, R. Kothari, R. Somma, arXiv:1511.02306, lemma 14. */
QN_API double qn_qsp_inverse_degree_cks(double kappa, double epsilon);
QN_API QN_MUST_USE qn_status qn_qsp_inverse_cks(double kappa, double epsilon, qn_qsp_polynomial **out);

typedef double (*qn_qsp_function)(double x, const void *user);
/** Interpolation of a function of the degree's parity in the Chebyshev nodes. Exact for polynomials. */
QN_API QN_MUST_USE qn_status qn_qsp_interpolate(qn_qsp_function function, const void *user, uint64_t degree,
                                                qn_qsp_polynomial **out);
/** The shortest Chebyshev series of this parity (0 or 1) whose left-out coefficients add up to epsilon at most.
 * QN_ERR_RANGE when it needs more than `most` degrees. */
QN_API QN_MUST_USE qn_status qn_qsp_approximate(qn_qsp_function function, const void *user, unsigned parity,
                                                double epsilon, uint64_t most, qn_qsp_polynomial **out);
/** cos(tau x) and sin(tau x) (Jacobi-Anger), erf(steepness x) for the sign, exp(-(x/width)^2 / 2). */
QN_API QN_MUST_USE qn_status qn_qsp_cosine(double tau, double epsilon, qn_qsp_polynomial **out);
QN_API QN_MUST_USE qn_status qn_qsp_sine(double tau, double epsilon, qn_qsp_polynomial **out);
QN_API QN_MUST_USE qn_status qn_qsp_sign(double steepness, double epsilon, qn_qsp_polynomial **out);
QN_API QN_MUST_USE qn_status qn_qsp_gaussian(double width, double epsilon, qn_qsp_polynomial **out);
/** Kernel reflection of A. Dalzell, arXiv:2406.12086: even, degree 2 ell, 1 at 0, within `error` of -1 for |x| from
 * delta to 1, ell = ceil(ln(2/error) / (2 delta)). */
QN_API QN_MUST_USE qn_status qn_qsp_kernel_reflection(double delta, double error, qn_qsp_polynomial **out);

typedef enum qn_qsp_method {
    QN_QSP_AUTO = 0,        /* fixed point; when that does not converge, the Fourier method, then Newton */
    QN_QSP_FIXED_POINT = 1, /* for small coefficients: sum |c| up to 0.86 provably */
    QN_QSP_NEWTON = 2,      /* for max |f| near 1; degrees up to 6000 */
    QN_QSP_FOURIER = 3      /* Weiss and inverse nonlinear Fourier transform: any degree, max |f| < 1 */
} qn_qsp_method;
typedef struct qn_qsp_report {
    qn_qsp_method method;
    uint32_t iterations; /* fixed point, Newton; Fourier: doublings of the grid */
    double residual;     /* sum over coefficients of |those of the phases - those wanted| */
    double seconds;
    bool converged; /* residual at most the tolerance */
} qn_qsp_report;
/** Symmetric phases p_0 … p_degree of f. `tolerance` of the residual; 0: 1e-12. Not converging is told in the report.
 * Errors: QN_ERR_RANGE when |f| passes 1, QN_ERR_NAN, QN_ERR_TOO_LARGE, QN_ERR_MEMORY, QN_ERR_INTERRUPTED. */
QN_API QN_MUST_USE qn_status qn_qsp_phases(const qn_context *context, const qn_qsp_polynomial *polynomial,
                                           qn_qsp_method method, double tolerance, double *phases,
                                           qn_qsp_report *report);
/** <0|U(x)|0> for |x| <= 1. */
QN_API qn_complex qn_qsp_response(const double *phases, uint64_t degree, double x);
/** The imaginary part becomes the real one: subtracts pi/4 from both end phases. In place allowed. */
QN_API void qn_qsp_to_real(const double *phases, uint64_t degree, double *out);
/** From W to the reflection R(x) = [[x, s], [s, -x]]: U = i^degree e^{i q_0 Z} prod R e^{i q_k Z}, q at the ends pi/4,
 * inside pi/2 lower. The q are angles for e^{i q (2 Pi - 1)} between a block-encoding and its adjoint. */
QN_API void qn_qsp_to_reflection(const double *phases, uint64_t degree, double *out);

QN_END_DECLS
#endif
