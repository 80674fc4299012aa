/* softmax.c: the exponential of scores as a polynomial. */
#include <math.h>

#include "algorithm/attention/head.h"
#include "base/alloc.h"
#include "base/status.h"

enum { MOST_DEGREE = 4000 };
static const double most_beta = 600;

/* e^-beta I_k(beta) for k = 0 ... count - 1 by Miller's backward recurrence I_{k-1} = I_{k+1} + (2k / beta) I_k, made
 * right by I_0 + 2 sum I_k = e^beta (DLMF 10.35.5). */
static void scaled_bessel(double beta, size_t count, double *out)
{
    double sum = 0;
    out[count - 1] = 0;
    out[count - 2] = 1e-300;
    for (size_t k = count - 2; k > 0; k--) {
        out[k - 1] = out[k + 1] + 2 * (double)k / beta * out[k];
        if (out[k - 1] > 1e250) {
            for (size_t j = k - 1; j < count; j++) {
                out[j] *= 1e-250;
            }
        }
    }
    for (size_t k = count - 1; k > 0; k--) {
        sum += 2 * out[k];
    }
    sum += out[0];
    for (size_t k = 0; k < count; k++) {
        out[k] /= sum;
    }
}

qn_status qn_softmax_polynomial(double beta, uint32_t degree, double *coefficients, double *left)
{
    QN_CHECK(coefficients != NULL, ERR_ARGUMENT, "a place for the coefficients");
    QN_CHECK(beta >= 0 && beta <= most_beta, ERR_RANGE, "beta is %g; 0 to %g", beta, most_beta);
    QN_CHECK(degree <= MOST_DEGREE, ERR_RANGE, "degree %u; at most %d", degree, (int)MOST_DEGREE);
    /* I_k(beta) falls faster than 2^-k beyond k = 2 beta */
    const size_t count = (size_t)degree + (size_t)(2 * beta) + 128;
    double *const terms = qn__alloc(count, sizeof *terms);
    QN_ALLOC_CHECK(terms);
    if (beta > 0) {
        scaled_bessel(beta, count, terms);
    } else {
        for (size_t k = 0; k < count; k++) {
            terms[k] = k == 0 ? 1 : 0;
        }
    }
    double rest = 0;
    for (size_t k = count - 1; k > degree; k--) {
        rest += 2 * terms[k];
    }
    for (size_t k = 0; k <= degree; k++) {
        coefficients[k] = (k == 0 ? 1 : 2) * terms[k];
    }
    if (left != NULL) {
        *left = rest;
    }
    qn__free(terms);
    return QN_OK;
}

double qn__softmax_value(const double *c, uint32_t degree, double t)
{
    double one = 0, two = 0; /* Clenshaw */
    for (uint32_t k = degree; k > 0; k--) {
        const double next = c[k] + 2 * t * one - two;
        two = one;
        one = next;
    }
    return c[0] + t * one - two;
}

void qn__softmax_row(const double *c, uint32_t degree, double scale, double shift, const double *scores, size_t seen,
                     double *out)
{
    for (size_t j = 0; j < seen; j++) {
        out[j] = qn__softmax_value(c, degree, fmax(-1, fmin(1, (scores[j] - shift) * scale)));
    }
}
