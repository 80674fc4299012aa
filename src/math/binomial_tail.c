/* binomial_tail.c: binomial tails without cancellation.
 *
 * The mass at a point is Loader's saddle-point form (C. Loader, Fast and accurate computation of binomial
 * probabilities, 2000), which keeps its digits for any n; the tail is a sum of ratios from there outwards. */
#include "math/binomial_tail.h"

#include <math.h>

/* ln n! - ln(sqrt(2 pi n) (n/e)^n), by lgamma where that is small and by Stirling's series beyond. */
static double stirling_error(double n)
{
    if (n < 0.5) {
        return 0;
    }
    if (n < 16) {
        return lgamma(n + 1) - ((n + 0.5) * log(n) - n + 0.918938533204672741780329736406);
    }
    const double s = 1 / (n * n);
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - s / 1188) * s) * s) * s) / n;
}

/* x ln(x / m) + m - x, without cancellation near x = m. */
static double deviance(double x, double m)
{
    if (fabs(x - m) >= 0.1 * (x + m)) {
        return x * log(x / m) + m - x;
    }
    const double v = (x - m) / (x + m);
    double sum = (x - m) * v, term = 2 * x * v;
    for (int j = 1; j < 1000; j++) {
        term *= v * v;
        const double next = sum + term / (2 * j + 1);
        if (next == sum) {
            break;
        }
        sum = next;
    }
    return sum;
}

static double mass(double n, double k, double q)
{
    if (q <= 0 || q >= 1) {
        return k == (q <= 0 ? 0 : n) ? 1 : 0;
    }
    if (k == 0) {
        return exp(n * log1p(-q));
    }
    if (k == n) {
        return exp(n * log(q));
    }
    const double lead = stirling_error(n) - stirling_error(k) - stirling_error(n - k) - deviance(k, n * q) -
                        deviance(n - k, n * (1 - q));
    return exp(lead) * sqrt(n / (2 * 3.14159265358979323846 * k * (n - k)));
}

/* Sum of the masses from a outwards, away from the mean: a >= n q, or the mirror image. */
static double outer_tail(double n, double a, double q)
{
    const double ratio = q / (1 - q);
    double term = 1, sum = 1, next = 1, k = a;
    do {
        sum = next;
        term *= (n - k) / (k + 1) * ratio; /* 0 at k = n */
        k += 1;
        next = sum + term;
    } while (next > sum);
    return mass(n, a, q) * sum;
}

double qn__binomial_upper_tail(double n, double a, double q)
{
    if (a <= 0) {
        return 1;
    }
    if (a > n || q <= 0) {
        return 0;
    }
    if (q >= 1) {
        return 1;
    }
    return a >= n * q ? outer_tail(n, a, q) : 1 - outer_tail(n, n - a + 1, 1 - q);
}

double qn__binomial_quantile(double n, double p, double level)
{
    double low = -1, high = n; /* P(X <= low) < level <= P(X <= high) */
    while (high - low > 1) {
        const double middle = floor((low + high) / 2);
        /* P(X <= k) = P(n - X >= n - k) */
        if (qn__binomial_upper_tail(n, n - middle, 1 - p) >= level) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

/* The quantile of n trials is at least `successes` when P(X <= successes - 1) < level; counted in failures, so that
 * the small tail is summed. */
static int enough(double n, double successes, double failure, double level)
{
    const double failures = n - successes + 1;
    return n >= successes && failures > n * failure && qn__binomial_upper_tail(n, failures, failure) < level;
}

double qn__binomial_trials(double successes, double p, double level, double most)
{
    const double failure = 1 - p;
    if (enough(successes, successes, failure, level)) {
        return successes;
    }
    double low = successes, high = successes;
    while (!enough(high, successes, failure, level)) {
        low = high;
        high *= 2;
        if (high > most) {
            return (double)INFINITY;
        }
    }
    while (high - low > 1) {
        const double middle = floor((low + high) / 2);
        if (enough(middle, successes, failure, level)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}
