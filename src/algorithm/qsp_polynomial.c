/* qsp_polynomial.c: Chebyshev series of one parity: values, size, interpolation. */
#include <quern/qsp.h>

#include <math.h>
#include <string.h>

#include "algorithm/qsp.h"
#include "base/alloc.h"
#include "math/fft.h"

static const double pi = 3.14159265358979323846;

qn_status qn_qsp_polynomial_create(uint64_t degree, qn_qsp_polynomial **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the polynomial is needed");
    QN_CHECK(degree <= QN__QSP_MOST_DEGREE, ERR_TOO_LARGE, "a polynomial of degree %llu; at most %llu",
             (unsigned long long)degree, (unsigned long long)QN__QSP_MOST_DEGREE);
    qn_qsp_polynomial *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    p->degree = degree;
    p->count = (size_t)(degree / 2 + 1);
    p->coefficient = qn__calloc(p->count, sizeof *p->coefficient);
    if (p->coefficient == NULL) {
        qn__free(p);
        return QN_ERR_MEMORY;
    }
    *out = p;
    return QN_OK;
}

void qn_qsp_polynomial_free(qn_qsp_polynomial *polynomial)
{
    if (polynomial != NULL) {
        qn__free(polynomial->coefficient);
        qn__free(polynomial);
    }
}

/* In y = T_2(x): T_{k+2} = 2 y T_k - T_{k-2}. */
double qn_qsp_polynomial_value(const qn_qsp_polynomial *polynomial, double x)
{
    const double y = 2 * (2 * x * x - 1);
    double u = 0, v = 0; /* u_{k+1}, u_{k+2} */
    for (size_t k = polynomial->count; k-- > 1;) {
        const double next = polynomial->coefficient[k] + y * u - v;
        v = u;
        u = next;
    }
    /* odd: T_{-1} = T_1, even: T_{-2} = T_2 */
    return polynomial->degree % 2 == 1 ? x * (polynomial->coefficient[0] + (y - 1) * u - v)
                                       : polynomial->coefficient[0] + y / 2 * u - v;
}

void qn_qsp_polynomial_scale(qn_qsp_polynomial *polynomial, double factor)
{
    for (size_t k = 0; k < polynomial->count; k++) {
        polynomial->coefficient[k] *= factor;
    }
}

qn_status qn_qsp_polynomial_maximum(const qn_qsp_polynomial *polynomial, double *out)
{
    QN_CHECK(polynomial != NULL && out != NULL, ERR_ARGUMENT, "a polynomial and a place for the result are needed");
    const size_t n = qn__fft_size(8 * ((size_t)polynomial->degree + 1));
    qn__fft *plan = NULL;
    QN_TRY(qn__fft_create(n, &plan));
    qn_complex *z = qn__calloc(n, sizeof *z);
    if (z != NULL) {
        for (size_t k = 0; k < polynomial->count; k++) {
            z[2 * k + polynomial->degree % 2].re = polynomial->coefficient[k];
        }
        qn__fft_forward(plan, z);
        double largest = 0;
        for (size_t k = 0; k < n; k++) {
            largest = fmax(largest, fabs(z[k].re));
        }
        *out = largest;
    }
    qn__fft_free(plan);
    const bool memory = z != NULL;
    qn__free(z);
    return memory ? QN_OK : QN_ERR_MEMORY;
}

/* Coefficients from values at cos((2j+1) pi / 4m), j < m: cosine transforms of type IV (odd) and II (even). */
static qn_status coefficients(qn_qsp_function function, const void *user, unsigned parity, size_t m, double *c)
{
    for (size_t j = 0; j < m; j++) {
        c[j] = function(cos(pi * (double)(2 * j + 1) / (4 * (double)m)), user);
        QN_CHECK(isfinite(c[j]), ERR_NAN, "the function to be interpolated is not finite at x = %g",
                 cos(pi * (double)(2 * j + 1) / (4 * (double)m)));
    }
    QN_TRY(parity == 1 ? qn__dct4(m, c) : qn__dct2(m, c));
    for (size_t j = 0; j < m; j++) {
        c[j] *= (parity == 0 && j == 0 ? 1 : 2) / (double)m;
    }
    return QN_OK;
}

qn_status qn_qsp_interpolate(qn_qsp_function function, const void *user, uint64_t degree, qn_qsp_polynomial **out)
{
    QN_CHECK(function != NULL && out != NULL, ERR_ARGUMENT, "a function and a place for the polynomial are needed");
    qn_qsp_polynomial *p = NULL;
    QN_TRY(qn_qsp_polynomial_create(degree, &p));
    QN_ALLOC_CHECK(p);
    const size_t m = qn__fft_size(p->count);
    double *c = qn__alloc(m, sizeof *c);
    qn_status status = c != NULL ? coefficients(function, user, degree % 2, m, c) : QN_ERR_MEMORY;
    if (status == QN_OK) {
        memcpy(p->coefficient, c, p->count * sizeof *c);
        *out = p;
        p = NULL;
    }
    qn__free(c);
    qn_qsp_polynomial_free(p);
    return status;
}

/* Series on m nodes; `kept` coefficients are enough when those of the last eighth are at the level of rounding. */
static qn_status try_nodes(qn_qsp_function function, const void *user, unsigned parity, double epsilon, size_t m,
                           double *c, size_t *kept)
{
    QN_TRY(coefficients(function, user, parity, m, c));
    double tail = 0, size = 0;
    for (size_t j = 0; j < m; j++) {
        size = fmax(size, fabs(c[j]));
    }
    for (size_t j = m - m / 8; j < m; j++) {
        tail += fabs(c[j]);
    }
    *kept = m;
    if (tail > epsilon / 4 && tail > 1e-14 * size * (double)m) {
        return QN_OK;
    }
    tail = 0;
    while (*kept > 1 && tail + fabs(c[*kept - 1]) <= epsilon) {
        tail += fabs(c[--*kept]);
    }
    return QN_OK;
}

qn_status qn_qsp_approximate(qn_qsp_function function, const void *user, unsigned parity, double epsilon, uint64_t most,
                             qn_qsp_polynomial **out)
{
    QN_CHECK(function != NULL && out != NULL && parity <= 1, ERR_ARGUMENT,
             "a function, its parity 0 or 1 and a place are needed");
    QN_CHECK(epsilon > 0 && isfinite(epsilon), ERR_RANGE, "error %g; expected a positive number", epsilon);
    for (size_t m = 16; m / 2 <= most && m <= QN__QSP_MOST_DEGREE; m *= 2) {
        double *c = qn__alloc(m, sizeof *c);
        QN_ALLOC_CHECK(c);
        size_t kept = m;
        qn_status status = try_nodes(function, user, parity, epsilon, m, c, &kept);
        qn_qsp_polynomial *p = NULL;
        const uint64_t degree = 2 * (uint64_t)(kept - 1) + parity;
        if (status == QN_OK && kept < m && degree <= most) {
            status = qn_qsp_polynomial_create(degree, &p);
            if (status == QN_OK && p != NULL) {
                memcpy(p->coefficient, c, kept * sizeof *c);
                *out = p;
            }
        }
        qn__free(c);
        if (status != QN_OK || p != NULL) {
            return status;
        }
    }
    return QN_FAIL(ERR_RANGE, "error %g needs a polynomial of degree over %llu", epsilon, (unsigned long long)most);
}
