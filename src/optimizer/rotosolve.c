/* rotosolve.c: the exact minimum along one angle after another (Ostaszewski, Grant, Benedetti, Quantum 5, 391 (2021),
 * arXiv:1905.09692).
 *
 * Along one coordinate the value is a + p cos(t) + q sin(t), t the distance from x_i. Three values give a, p, q; the
 * minimum is a - sqrt(p^2 + q^2) at t = atan2(-q, -p). An iteration is one sweep over all coordinates. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "optimizer/run.h"

static const double PI = 3.14159265358979323846;

typedef struct sinusoid {
    double a, p, q;
} sinusoid;

static double at(const sinusoid *s, double t)
{
    return s->a + s->p * cos(t) + s->q * sin(t);
}

/* The sinusoid through three points, by elimination of a and Cramer's rule. False when the points do not tell p from q.
 */
static bool fit(const double t[3], const double f[3], sinusoid *out)
{
    const double c1 = cos(t[1]) - cos(t[0]), s1 = sin(t[1]) - sin(t[0]);
    const double c2 = cos(t[2]) - cos(t[0]), s2 = sin(t[2]) - sin(t[0]);
    const double determinant = c1 * s2 - c2 * s1;
    if (fabs(determinant) < 1e-12) {
        return false;
    }
    out->p = ((f[1] - f[0]) * s2 - (f[2] - f[0]) * s1) / determinant;
    out->q = (c1 * (f[2] - f[0]) - c2 * (f[1] - f[0])) / determinant;
    out->a = f[0] - out->p * cos(t[0]) - out->q * sin(t[0]);
    return true;
}

/* t moved by whole turns into [low, high], which is at least a turn wide. */
static double turn_into(double t, double low, double high)
{
    if (t < low) {
        t += 2 * PI * ceil((low - t) / (2 * PI));
    } else if (t > high) {
        t -= 2 * PI * ceil((t - high) / (2 * PI));
    }
    return fmin(fmax(t, low), high);
}

/* Best t for coordinate i; *value is the value at x before and the predicted one at x after. False: the run is over. */
static bool solve(qn__run *run, double *x, size_t i, double *value)
{
    const double low = run->options.lower != NULL ? run->options.lower[i] - x[i] : -(double)INFINITY;
    const double high = run->options.upper != NULL ? run->options.upper[i] - x[i] : (double)INFINITY;
    const bool turn = high - low >= 2 * PI;
    double t[3] = {0, PI / 2, -PI / 2};
    for (size_t k = 1; k < 3 && turn; k++) {
        t[k] = turn_into(t[k], low, high);
    }
    if (!turn) { /* the two points of the interval that lie farthest from each other and from x */
        t[1] = high > -low ? high : low;
        t[2] = high > -low ? (low < -0.25 * high ? low : 0.5 * high) : (high > -0.25 * low ? high : 0.5 * low);
    }
    const double start = x[i];
    double f[3] = {*value, 0, 0};
    for (size_t k = 1; k < 3; k++) {
        x[i] = start + t[k];
        if (!turn) {
            /* Only bounds make the interval shorter than a turn. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
            x[i] = fmin(fmax(x[i], run->options.lower[i]), run->options.upper[i]);
        }
        if (!qn__run_evaluate(run, x, &f[k], NULL)) {
            x[i] = start;
            return false;
        }
    }
    x[i] = start;
    sinusoid s = {0, 0, 0};
    if (!fit(t, f, &s)) {
        return true; /* no room between the bounds */
    }
    double best = atan2(-s.q, -s.p);
    best = turn ? turn_into(best, low, high) : best;
    if (best < low || best > high) {
        const double up = best + 2 * PI, down = best - 2 * PI;
        const double edge = at(&s, low) <= at(&s, high) ? low : high;
        best = up >= low && up <= high ? up : down >= low && down <= high ? down : edge;
    }
    x[i] = start + best;
    *value = at(&s, best);
    qn__run_clamp(run, x);
    return true;
}

qn_status qn__rotosolve_run(qn__run *run)
{
    const size_t n = run->n;
    double *x = qn__alloc(n, sizeof *x);
    QN_ALLOC_CHECK(x);
    memcpy(x, run->x, n * sizeof *x);
    const bool noisy = run->objective->noise > 0;
    double value = 0;
    bool going = qn__run_evaluate(run, x, &value, NULL);
    while (going) {
        const double before = value;
        for (size_t i = 0; i < n && going; i++) {
            going = solve(run, x, i, &value);
        }
        /* a fresh value each sweep, so that rounding, noise and a value that is no sinusoid do not pile up */
        double fresh = value;
        going = going && qn__run_evaluate(run, x, &fresh, NULL);
        if (!going) {
            break;
        }
        value = fresh;
        if (noisy) {
            qn__run_answer(run, x, value);
        }
        going = qn__run_iterate(run, x, value, (double)NAN);
        /* below a few roundings of the value there is no direction left */
        const double change = fabs(before - value);
        if (going && change <= fmax(run->options.ftol * fabs(value), noisy ? run->objective->noise : 1e-14)) {
            qn__run_stop(run, QN_STOP_CONVERGED);
            going = false;
        }
    }
    qn__free(x);
    return QN_OK;
}
