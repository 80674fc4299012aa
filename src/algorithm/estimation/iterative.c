/* iterative.c: iterative amplitude estimation: an interval of theta, magnified by as many steps as keep its image in
 * one half of the circle, so that a probability tells the angle (Grinko, Gacon, Zoufal, Woerner, arXiv:1912.05559). */
#include <math.h>

#include "algorithm/estimation/amplitude.h"
#include "base/status.h"
#include "math/special.h"

static const double PI = 3.14159265358979323846;

enum { MOST_ROUNDS = 10000 };

/* The largest K = 4k + 2 of at least twice the present one for which [K low, K high] lies in one half of the circle;
 * the present one when there is none. */
static double next_factor(double low, double high, double present, bool *upper)
{
    double k = floor(PI / (high - low));
    k -= fmod(k - 2, 4);
    for (; k >= 2 * present; k -= 4) {
        const double a = fmod(k * low, 2 * PI), b = fmod(k * high, 2 * PI);
        if (a <= b && b <= PI) {
            *upper = true;
            return k;
        }
        if (a <= b && a >= PI) {
            *upper = false;
            return k;
        }
    }
    return present;
}

static void interval_of_share(const qn_estimation_options *options, double rounds, uint64_t good, uint64_t shots,
                              double *low, double *high)
{
    if (options->chernoff) {
        const double share = (double)good / (double)shots;
        const double radius = sqrt(log(2 * rounds / options->alpha) / (2 * (double)shots));
        *low = fmax(0, share - radius);
        *high = fmin(1, share + radius);
    } else {
        qn__clopper_pearson(good, shots, options->alpha / rounds, low, high);
    }
}

qn_status qn__estimate_iterative(qn__trial *trial)
{
    const qn_estimation_options *const options = trial->options;
    const double rounds = fmax(1, ceil(log2(PI / (8 * options->epsilon))));
    double low = 0, high = PI / 2, factor = 2;
    bool upper = true;
    uint64_t shots = 0, good = 0;
    for (int round = 0; high - low > 2 * options->epsilon && round < MOST_ROUNDS; round++) {
        const double next = next_factor(low, high, factor, &upper);
        if (next > factor || round == 0) {
            shots = good = 0; /* another circuit: its counts start anew */
        }
        factor = next;
        uint64_t some = 0;
        QN_TRY(qn__trial_measure(trial, ((uint64_t)factor - 2) / 4, options->shots, &some));
        shots += options->shots;
        good += some;
        double least = 0, most = 1;
        interval_of_share(options, rounds, good, shots, &least, &most);
        /* a = (1 - cos(K theta)) / 2 rises in the upper half of the circle and falls in the lower one */
        const double turns = floor(factor * low / (2 * PI)) * 2 * PI;
        const double one = acos(1 - 2 * (upper ? least : most)), two = acos(1 - 2 * (upper ? most : least));
        const double from = (turns + (upper ? one : 2 * PI - one)) / factor;
        const double to = (turns + (upper ? two : 2 * PI - two)) / factor;
        low = fmax(low, from);
        high = fmin(high, to);
        if (high < low) { /* the rounds contradict each other, which happens with probability alpha at most */
            low = high = (low + high) / 2;
        }
    }
    const double a = sin(low), b = sin(high), middle = sin((low + high) / 2);
    trial->out->low = a * a;
    trial->out->high = b * b;
    trial->out->estimate = middle * middle;
    return QN_OK;
}
