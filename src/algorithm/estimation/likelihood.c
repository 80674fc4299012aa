/* likelihood.c: maximum likelihood estimation from powers 0, 1, 2, 4, ... (Suzuki et al., arXiv:1904.10246).
 *
 * The likelihood has as many peaks as the deepest circuit has periods; so it is evaluated on a grid of 16 (2 k + 1)
 * points over all angles, and only then refined. The interval is every angle whose log-likelihood is within
 * chi^2(alpha)/2 of the maximum (Wilks), from the first to the last. */
#include <math.h>

#include "algorithm/estimation/amplitude.h"
#include "base/status.h"
#include "math/special.h"

static const double PI = 3.14159265358979323846;

enum { MOST_DOUBLINGS = 20, GRID = 16, REFINEMENTS = 60 };

typedef struct record {
    uint32_t circuits;
    double factor[MOST_DOUBLINGS + 1], good[MOST_DOUBLINGS + 1], shots;
} record;

static double log_likelihood(const record *r, double theta)
{
    double sum = 0;
    for (uint32_t k = 0; k < r->circuits; k++) {
        const double s = sin(r->factor[k] * theta), p = s * s, q = 1 - p;
        /* a share that cannot be is as unlikely as doubles can say */
        sum += r->good[k] > 0 ? r->good[k] * log(fmax(p, 1e-300)) : 0;
        sum += r->good[k] < r->shots ? (r->shots - r->good[k]) * log(fmax(q, 1e-300)) : 0;
    }
    return sum;
}

/* Golden section on the cell around a grid point. */
static double refine(const record *r, double low, double high)
{
    const double ratio = 0.61803398874989484820;
    double a = high - ratio * (high - low), b = low + ratio * (high - low);
    double fa = log_likelihood(r, a), fb = log_likelihood(r, b);
    for (int k = 0; k < REFINEMENTS && high - low > 1e-15; k++) {
        if (fa > fb) {
            high = b;
            b = a;
            fb = fa;
            a = high - ratio * (high - low);
            fa = log_likelihood(r, a);
        } else {
            low = a;
            a = b;
            fa = fb;
            b = low + ratio * (high - low);
            fb = log_likelihood(r, b);
        }
    }
    return (low + high) / 2;
}

/* Where the log-likelihood crosses `level` between an angle inside and one outside. */
static double crossing(const record *r, double inside, double outside, double level)
{
    for (int k = 0; k < REFINEMENTS; k++) {
        const double middle = (inside + outside) / 2;
        if (log_likelihood(r, middle) >= level) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    return inside;
}

/* Doublings whose Fisher information I = sum N (2k+1)^2 / (a (1-a)) makes z / sqrt(I) at most epsilon at a = 1/2. */
static uint32_t doublings_for(const qn_estimation_options *options)
{
    const double z = qn__normal_quantile(1 - options->alpha / 2);
    double sum = (double)options->shots;
    uint32_t doublings = 0;
    while (doublings < MOST_DOUBLINGS && z / (2 * sqrt(sum)) > options->epsilon) {
        const double factor = 2 * ldexp(1, (int)doublings) + 1;
        sum += (double)options->shots * factor * factor;
        doublings++;
    }
    return doublings;
}

qn_status qn__estimate_likelihood(qn__trial *trial)
{
    const qn_estimation_options *const options = trial->options;
    const uint32_t doublings = options->doublings > 0 ? options->doublings : doublings_for(options);
    QN_CHECK(doublings <= MOST_DOUBLINGS, ERR_RANGE, "%u doublings; at most %d", doublings, (int)MOST_DOUBLINGS);
    record r = {.circuits = doublings + 1, .shots = (double)options->shots};
    for (uint32_t k = 0; k <= doublings; k++) {
        const uint64_t power = k == 0 ? 0 : UINT64_C(1) << (k - 1);
        uint64_t good = 0;
        QN_TRY(qn__trial_measure(trial, power, options->shots, &good));
        r.factor[k] = 2 * (double)power + 1;
        r.good[k] = (double)good;
    }
    const double cells = GRID * r.factor[doublings], step = PI / 2 / cells;
    double best = 0, peak = -HUGE_VAL;
    for (uint64_t k = 0; k <= (uint64_t)cells; k++) {
        const double value = log_likelihood(&r, (double)k * step);
        if (value > peak) {
            peak = value;
            best = (double)k;
        }
    }
    const double theta = refine(&r, fmax(0, (best - 1) * step), fmin(PI / 2, (best + 1) * step));
    const double z = qn__normal_quantile(1 - options->alpha / 2);
    const double level = fmax(peak, log_likelihood(&r, theta)) - z * z / 2;
    double first = best, last = best;
    for (uint64_t k = 0; k <= (uint64_t)cells; k++) {
        if (log_likelihood(&r, (double)k * step) >= level) {
            first = fmin(first, (double)k);
            last = fmax(last, (double)k);
        }
    }
    /* When the whole interval lies between two grid points its ends are bracketed from theta itself. */
    const double from = first < best ? first * step : theta, to = last > best ? last * step : theta;
    const double low = first > 0 ? crossing(&r, from, fmin(from, (first - 1) * step), level) : 0;
    const double high = last < cells ? crossing(&r, to, fmax(to, (last + 1) * step), level) : PI / 2;
    const double s = sin(theta), a = sin(low), b = sin(high);
    trial->out->estimate = s * s;
    trial->out->low = a * a;
    trial->out->high = b * b;
    return QN_OK;
}
