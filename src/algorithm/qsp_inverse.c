/* qsp_inverse.c: polynomials near 1/x away from 0. */
#include <math.h>
#include <stdbool.h>

#include "algorithm/qsp.h"
#include "base/alloc.h"

/* With a = 1/kappa, k = (1-a)/(1+a), t = (2x^2 - 1 - a^2) / (1 - a^2):
 *     P(x) = [1 - (-1)^n ((1+a)^2 / 2a) k^n (T_n(t) + k T_{n-1}(t))] / x,
 *     largest error (1-a)^n / (a (1+a)^(n-1))                               (arXiv:2507.15537). */
static double half_of(double degree)
{
    return (degree + 1) / 2;
}

double qn_qsp_inverse_degree(double kappa, double epsilon)
{
    const double a = 1 / kappa;
    if (!(a < 1)) {
        return 1;
    }
    const double n = ceil(log((1 + a) / (a * epsilon)) / (log1p(a) - log1p(-a)));
    return 2 * fmax(n, 1) - 1;
}

double qn_qsp_inverse_error(double kappa, double degree)
{
    const double a = 1 / kappa, n = half_of(degree);
    return a < 1 ? exp(n * (log1p(-a) - log1p(a))) * (1 + a) / a : 0;
}

/* k^n (T_n(s) - k T_{n-1}(s)) at s = -t = 1 + 2 (a^2 - x^2) / (1 - a^2), written so that nothing cancels where s is
 * near 1 and n is large: with s = cosh(h), half of e^{nh} (1 - k e^{-h}) + e^{-nh} (1 - k e^h); with s = cos(h),
 * cos(nh) (1 - k cos h) - k sin(nh) sin(h). */
static double weighted(double n, double a, double x)
{
    const double log_k = log1p(-a) - log1p(a), k = exp(log_k), square = (1 - a) * (1 + a);
    if (x < a) {
        const double d = 2 * (a - x) * (a + x) / square, h = log1p(d + sqrt(d * (2 + d)));
        return -0.5 * (exp(n * (log_k + h)) * expm1(log_k - h) + exp(n * (log_k - h)) * expm1(log_k + h));
    }
    const double half = fmin(1, sqrt((x - a) * (x + a) / square)), h = 2 * asin(half);
    return exp(n * log_k) * (cos(n * h) * (-expm1(log_k) + 2 * k * half * half) - k * sin(n * h) * sin(h));
}

double qn_qsp_inverse_value(double kappa, double degree, double x)
{
    const double a = 1 / kappa, n = half_of(degree);
    if (!(a < 1)) {
        return x;
    }
    if (fpclassify(x) == FP_ZERO) {
        return 0;
    }
    return (1 - (1 + a) * (1 + a) / (2 * a) * weighted(n, a, fabs(x))) / x;
}

double qn_qsp_inverse_maximum(double kappa, double degree)
{
    enum { STEPS = 2000 };
    const double a = 1 / kappa;
    if (!(a < 1)) {
        return 1;
    }
    double best = 0, at = a;
    for (int i = 1; i <= STEPS; i++) {
        const double x = a * (double)i / STEPS, value = fabs(qn_qsp_inverse_value(kappa, degree, x));
        if (value > best) {
            best = value;
            at = x;
        }
    }
    double low = fmax(at - a / STEPS, 0), high = at + a / STEPS;
    for (int i = 0; i < 60; i++) { /* by thirds: one maximum lies between */
        const double left = low + (high - low) / 3, right = high - (high - low) / 3;
        if (fabs(qn_qsp_inverse_value(kappa, degree, left)) < fabs(qn_qsp_inverse_value(kappa, degree, right))) {
            low = left;
        } else {
            high = right;
        }
    }
    return fmax(best, fabs(qn_qsp_inverse_value(kappa, degree, 0.5 * (low + high))));
}

typedef struct inverse {
    double kappa, degree;
} inverse;

static double inverse_function(double x, const void *user)
{
    const inverse *const i = user;
    return qn_qsp_inverse_value(i->kappa, i->degree, x);
}

qn_status qn_qsp_inverse(double kappa, uint64_t degree, qn_qsp_polynomial **out)
{
    QN_CHECK(isfinite(kappa) && kappa >= 1, ERR_RANGE, "condition number %g; expected 1 or more", kappa);
    QN_CHECK(degree % 2 == 1, ERR_RANGE, "degree %llu; the inverse is odd", (unsigned long long)degree);
    const inverse user = {kappa, (double)degree};
    return qn_qsp_interpolate(inverse_function, &user, degree, out);
}

static double cks_b(double kappa, double epsilon)
{
    return ceil(kappa * kappa * log(kappa / epsilon));
}

double qn_qsp_inverse_degree_cks(double kappa, double epsilon)
{
    const double b = cks_b(kappa, epsilon);
    return 2 * floor(sqrt(b * log(4 * b / epsilon))) + 1;
}

/* 4 sum_j (-1)^j [sum_{i > j} C(2b, b+i) / 4^b] T_{2j+1}. The inner sums are added from their small end. */
qn_status qn_qsp_inverse_cks(double kappa, double epsilon, qn_qsp_polynomial **out)
{
    QN_CHECK(isfinite(kappa) && kappa >= 1 && epsilon > 0 && epsilon < 1, ERR_RANGE,
             "condition number %g, error %g; expected at least 1, and between 0 and 1", kappa, epsilon);
    const double b = cks_b(kappa, epsilon), degree = qn_qsp_inverse_degree_cks(kappa, epsilon);
    QN_CHECK(degree <= (double)QN__QSP_MOST_DEGREE, ERR_TOO_LARGE, "degree %g", degree);
    qn_qsp_polynomial *p = NULL;
    QN_TRY(qn_qsp_polynomial_create((uint64_t)degree, &p));
    const double wide = fmin(b, (double)p->count + 40 * sqrt(b)); /* beyond, terms are under 1e-300 of the whole */
    const size_t last = (size_t)wide;
    double *term = qn__alloc(last + 1, sizeof *term);
    if (term == NULL) {
        qn_qsp_polynomial_free(p);
        return QN_ERR_MEMORY;
    }
    term[0] = exp(lgamma(2 * b + 1) - 2 * lgamma(b + 1) - 2 * b * 0.69314718055994530942);
    for (size_t i = 0; i < last; i++) {
        term[i + 1] = term[i] * (b - (double)i) / (b + (double)i + 1);
    }
    /* lgamma loses digits at large b: the terms are scaled to add up to (1 - term 0) / 2 in all, sum + sum + term 0 = 1
     */
    double whole = 0.5 * term[0];
    for (size_t i = last; i > 0; i--) {
        whole += term[i];
    }
    double sum = 0;
    for (size_t i = last; i > 0; i--) {
        sum += term[i];
        if (i - 1 < p->count) {
            p->coefficient[i - 1] = ((i - 1) % 2 == 0 ? 4 : -4) * sum / (2 * whole);
        }
    }
    qn__free(term);
    *out = p;
    return QN_OK;
}
