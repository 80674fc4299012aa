/* special.c: beta and normal distributions, and binomial draws. */
#include "math/special.h"

#include <float.h>
#include <math.h>

#include "base/rng.h"

enum { TERMS = 500, NEWTON = 60, INVERSION = 10 };

/* The continued fraction of I_x(a, b), by Lentz's method; converges fast for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
    double value = d;
    for (int m = 1; m < TERMS; m++) {
        const double k = m;
        const double even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
        c = fabs(c) < DBL_MIN ? DBL_MIN : c;
        value *= d * c;
        const double odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < DBL_MIN ? DBL_MIN : d);
        c = fabs(c) < DBL_MIN ? DBL_MIN : c;
        value *= d * c;
        if (fabs(d * c - 1) < 1e-15) {
            break;
        }
    }
    return value;
}

static double beta_log_front(double x, double a, double b)
{
    return lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x);
}

double qn__beta_cdf(double x, double a, double b)
{
    if (x <= 0 || x >= 1) {
        return x <= 0 ? 0 : 1;
    }
    const double front = exp(beta_log_front(x, a, b));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(x, a, b) / a : 1 - front * beta_fraction(1 - x, b, a) / b;
}

double qn__beta_quantile(double p, double a, double b)
{
    /* Newton's steps where they stay inside the bracket, halving elsewhere. */
    double low = 0, high = 1, x = a / (a + b);
    for (int k = 0; k < NEWTON && high - low > 1e-15 * high; k++) {
        const double off = qn__beta_cdf(x, a, b) - p;
        if (off > 0) {
            high = x;
        } else {
            low = x;
        }
        const double slope = exp(beta_log_front(x, a, b)) / (x * (1 - x));
        const double next = x - off / slope;
        const double moved = next > low && next < high ? next : (low + high) / 2;
        if (fabs(moved - x) < 1e-15 * x) {
            break;
        }
        x = moved;
    }
    return x;
}

void qn__clopper_pearson(uint64_t hits, uint64_t shots, double alpha, double *low, double *high)
{
    const double h = (double)hits, n = (double)shots;
    *low = hits == 0 ? 0 : qn__beta_quantile(alpha / 2, h, n - h + 1);
    *high = hits == shots ? 1 : qn__beta_quantile(1 - alpha / 2, h + 1, n - h);
}

double qn__normal_cdf(double x)
{
    return erfc(-x * 0.70710678118654752440) / 2;
}

double qn__normal_quantile(double p)
{
    /* A rough start (Hastings' rational form, Abramowitz and Stegun 26.2.23), then Halley's steps on erfc. */
    const double tail = p < 0.5 ? p : 1 - p, t = sqrt(-2 * log(tail));
    double x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
    for (int k = 0; k < 2; k++) { /* 4.5e-4, then its cube twice */
        const double off = (qn__normal_cdf(x) - tail) * 2.50662827463100050242 * exp(x * x / 2);
        x -= off / (1 + x * off / 2);
    }
    return p < 0.5 ? x : -x;
}

/* Few expected hits: along the distribution from 0 upwards. q^n is within range as n p < 10. */
static uint64_t binomial_by_inversion(uint64_t n, double p, double u)
{
    const double ratio = p / (1 - p);
    double weight = exp((double)n * log1p(-p));
    uint64_t k = 0;
    while (u >= weight && k < n) {
        u -= weight;
        weight *= ratio * (double)(n - k) / (double)(k + 1);
        k++;
    }
    return k;
}

/* What Stirling's formula leaves out of log k!: log k! = (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2 + this. */
static double stirling(double k)
{
    static const double first[10] = {0.0810614667953272,  0.0413406959554092, 0.0276779256849983, 0.02079067210376509,
                                     0.0166446911898211,  0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
                                     0.00925546218271273, 0.00833056343336287};
    if (k < 10) {
        return first[(int)k];
    }
    const double r = 1 / (k + 1), r2 = r * r;
    return (1.0 / 12 - (1.0 / 360 - r2 / 1260) * r2) * r;
}

/* Many expected hits: transformed rejection with squeeze, algorithm BTRS of W. Hormann, "The generation of binomial
 * random variates", J. Stat. Comput. Simul. 46 (1993). p <= 1/2. */
static uint64_t binomial_by_rejection(uint64_t n, double p, uint64_t seed, uint64_t stream, uint64_t *index)
{
    const double count = (double)n, deviation = sqrt(count * p * (1 - p));
    const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p, c = count * p + 0.5;
    const double squeeze = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation, ratio = p / (1 - p);
    const double mode = floor((count + 1) * p);
    for (;;) {
        const double u = qn__random_uniform(seed, stream, (*index)++) - 0.5;
        const double v = qn__random_uniform(seed, stream, (*index)++);
        const double near = 0.5 - fabs(u), k = floor((2 * a / near + b) * u + c);
        if (k < 0 || k > count) {
            continue;
        }
        if (near >= 0.07 && v <= squeeze) {
            return (uint64_t)k;
        }
        const double height = log(v * alpha / (a / (near * near) + b));
        const double bound = (mode + 0.5) * log((mode + 1) / (ratio * (count - mode + 1))) +
                             (count + 1) * log((count - mode + 1) / (count - k + 1)) +
                             (k + 0.5) * log(ratio * (count - k + 1) / (k + 1)) + stirling(mode) +
                             stirling(count - mode) - stirling(k) - stirling(count - k);
        if (height <= bound) {
            return (uint64_t)k;
        }
    }
}

uint64_t qn__draw_binomial(uint64_t n, double p, uint64_t seed, uint64_t stream, uint64_t *index)
{
    if (p > 0.5) {
        return n - qn__draw_binomial(n, 1 - p, seed, stream, index);
    }
    if (n == 0 || p <= 0) {
        return 0;
    }
    return (double)n * p < INVERSION ? binomial_by_inversion(n, p, qn__random_uniform(seed, stream, (*index)++))
                                     : binomial_by_rejection(n, p, seed, stream, index);
}
