/* amplify.c: the polynomial that amplifies what a block-encoding with a large alpha has made small.
 *
 * f(x) = gamma x (erf(k (x + c)) - erf(k (x - c))) / 2 with c = (1 - margin / 2) / gamma is gamma x where |x| <= (1 -
 * margin) / gamma, nearly 0 beyond 1 / gamma and below 1 everywhere (A. Gilyen et al., arXiv:1806.01838, section 5.5:
 * a line times a rectangle). k is such that erfc(k margin / (2 gamma)) = epsilon, which costs epsilon / 2 inside. Its
 * Chebyshev series is cut where what is left adds up to epsilon / 2; the coefficients come from a Fourier transform of
 * f(cos theta). Degree, error and largest value are those of the polynomial that was made. */
#include <math.h>

#include <quern/attention.h>

#include "base/alloc.h"
#include "base/status.h"
#include "math/fft.h"

static const double pi = 3.14159265358979323846;
/* Degrees lie below this over the margin, times gamma, for epsilon down to 1e-9. */
static const double enough = 60;

enum { INSIDE = 200, OUTSIDE = 400 };

void qn_amplification_free(qn_amplification *a)
{
    if (a != NULL) {
        qn__free(a->coefficients);
        qn__free(a);
    }
}

double qn_amplification_largest_gamma(double margin)
{
    return margin * QN_AMPLIFICATION_MOST_DEGREE / enough;
}

double qn_amplification_value(const qn_amplification *a, double x)
{
    /* Clenshaw over odd degrees: T_{2j+3} = 2 T_2 T_{2j+1} - T_{2j-1}, T_{-1} = T_1 = x */
    const double twice = 2 * (2 * x * x - 1);
    double one = 0, two = 0;
    for (uint32_t k = (a->degree + 1) / 2; k-- > 0;) {
        const double next = a->coefficients[2 * k + 1] + twice * one - two;
        two = one;
        one = next;
    }
    return x * (one - two);
}

/* erfc(z) = epsilon. */
static double inverse_erfc(double epsilon)
{
    double low = 0, high = 30;
    for (int k = 0; k < 200; k++) {
        const double middle = (low + high) / 2;
        *(erfc(middle) > epsilon ? &low : &high) = middle;
    }
    return high;
}

static double rectangle_line(const qn_amplification *a, double k, double x)
{
    const double c = (1 - a->margin / 2) / a->gamma;
    return a->gamma * x * (erf(k * (x + c)) - erf(k * (x - c))) / 2;
}

/* c_j = 2 / M sum_i f(cos(2 pi i / M)) cos(2 pi i j / M), odd j. */
static qn_status expand(qn_amplification *a, double k, double epsilon)
{
    const double wanted = enough * a->gamma / a->margin;
    const size_t points = 2 * qn__fft_size((size_t)fmax(wanted, 512));
    qn__fft *plan = NULL;
    QN_TRY(qn__fft_create(points, &plan));
    qn_complex *const values = qn__alloc(points, sizeof *values);
    if (values == NULL) {
        qn__fft_free(plan);
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; i < points; i++) {
        values[i] = (qn_complex){rectangle_line(a, k, cos(2 * pi * (double)i / (double)points)), 0};
    }
    qn__fft_forward(plan, values);
    qn__fft_free(plan);
    double left = 0;
    size_t degree = points / 2 - 1;
    for (; degree > 1; degree -= 2) {
        const double c = fabs(2 / (double)points * values[degree].re);
        if (left + c > epsilon / 2) {
            break;
        }
        left += c;
    }
    a->degree = (uint32_t)degree;
    a->coefficients = qn__calloc(degree + 1, sizeof *a->coefficients);
    for (size_t j = 1; a->coefficients != NULL && j <= degree; j += 2) {
        a->coefficients[j] = 2 / (double)points * values[j].re;
    }
    qn__free(values);
    QN_ALLOC_CHECK(a->coefficients);
    return QN_OK;
}

/* On points, close enough to each other for a bend of the polynomial to show where it is not nearly 0. */
static void measure(qn_amplification *a)
{
    const double edge = (1 - a->margin) / a->gamma;
    a->error = a->largest = 0;
    for (int i = 0; i <= INSIDE; i++) {
        const double x = edge * i / INSIDE;
        a->error = fmax(a->error, fabs(qn_amplification_value(a, x) - a->gamma * x));
    }
    for (int i = 0; i <= OUTSIDE; i++) {
        const double near = fmin(1, 2 * (double)i / OUTSIDE / a->gamma), far = (double)i / OUTSIDE;
        a->largest =
            fmax(a->largest, fmax(fabs(qn_amplification_value(a, near)), fabs(qn_amplification_value(a, far))));
    }
}

qn_status qn_amplification_create(double gamma, double margin, double epsilon, qn_amplification **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the polynomial");
    QN_CHECK(isfinite(gamma) && gamma > 0, ERR_RANGE, "an amplification by %g; above 0", gamma);
    QN_CHECK(margin > 0 && margin < 1, ERR_RANGE, "the margin is %g; above 0 and below 1", margin);
    QN_CHECK(epsilon >= 1e-9 && epsilon < 1, ERR_RANGE, "epsilon is %g; from 1e-9 to below 1", epsilon);
    QN_CHECK(gamma <= qn_amplification_largest_gamma(margin), ERR_TOO_LARGE,
             "an amplification by %g with a margin of %g; polynomials are made up to %g", gamma, margin,
             qn_amplification_largest_gamma(margin));
    qn_amplification *a = qn__calloc(1, sizeof *a);
    QN_ALLOC_CHECK(a);
    a->gamma = gamma;
    a->margin = margin;
    qn_status status = QN_OK;
    if (gamma <= 1) { /* nothing to amplify: the line itself */
        a->degree = 1;
        a->coefficients = qn__calloc(2, sizeof *a->coefficients);
        status = a->coefficients == NULL ? QN_ERR_MEMORY : QN_OK;
        if (status == QN_OK) {
            a->coefficients[1] = gamma;
        }
    } else {
        status = expand(a, inverse_erfc(epsilon) * 2 * gamma / margin, epsilon);
    }
    if (status != QN_OK) {
        qn_amplification_free(a);
        return status;
    }
    measure(a);
    *out = a;
    return QN_OK;
}
