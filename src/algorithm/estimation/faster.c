/* faster.c: faster amplitude estimation (K. Nakaji, arXiv:2003.02417): powers 1, 2, 4, ... whose cosines give the angle
 * directly while it stays in half a period, and by an addition theorem afterwards.
 *
 * It needs theta below asin(1/4): one more qubit, turned so that its 1 has probability 1/16, makes good a/16. */
#include <math.h>

#include "algorithm/estimation/amplitude.h"
#include "base/status.h"

static const double PI = 3.14159265358979323846;
static const double FIRST_SHOTS = 1944, SECOND_SHOTS = 972; /* times ln(2 / delta), from the paper */

enum { MOST_STAGES = 30 };

/* cos((4m + 2) theta) by its share of 1s, with the Chernoff radius of the paper. */
static qn_status measure_cosine(qn__trial *trial, uint64_t power, double shots, double delta, double *value,
                                double *radius)
{
    uint64_t good = 0;
    const uint64_t count = (uint64_t)ceil(shots);
    QN_TRY(qn__trial_measure(trial, power, count, &good));
    *value = 1 - 2 * (double)good / (double)count;
    *radius = sqrt(2 * log(2 / delta) / (double)count); /* of a mean of signs, Hoeffding */
    return QN_OK;
}

static double clip(double x)
{
    return fmin(1, fmax(-1, x));
}

qn_status qn__estimate_faster(qn__trial *trial)
{
    const qn_estimation_options *const options = trial->options;
    /* The last stage leaves +- pi/3 over 2^(l+1) + 2 for theta; a = 16 sin(theta)^2 changes by 16 sin(2 theta) times
     * that at most, and sin(2 theta) < 0.4842 for theta below asin(1/4). */
    uint32_t stages = 1;
    while (stages < MOST_STAGES && 16 * 0.4842 * PI / 3 / (ldexp(1, (int)stages + 1) + 2) > options->epsilon) {
        stages++;
    }
    const double delta = options->alpha / (2 * (double)stages), log_term = log(2 / delta);
    double low = 0, high = asin(0.25), phase = 0;
    uint32_t switched = 0;
    for (uint32_t j = 1; j <= stages; j++) {
        const double factor = ldexp(1, (int)j + 1) + 2;
        double c = 0, radius = 0;
        if (switched == 0) {
            QN_TRY(measure_cosine(trial, UINT64_C(1) << (j - 1), FIRST_SHOTS * log_term, delta, &c, &radius));
            low = fmax(low, acos(clip(c + radius)) / factor);
            high = fmin(high, acos(clip(c - radius)) / factor);
            if (ldexp(high, (int)j + 1) >= 3 * PI / 8 && j < stages) {
                switched = j;
                phase = ldexp(low + high, (int)j);
            }
            continue;
        }
        double other = 0;
        QN_TRY(measure_cosine(trial, UINT64_C(1) << (j - 1), SECOND_SHOTS * log_term, delta, &c, &radius));
        QN_TRY(measure_cosine(trial, (UINT64_C(1) << (j - 1)) + (UINT64_C(1) << (switched - 1)),
                              SECOND_SHOTS * log_term, delta, &other, &radius));
        const double s = (c * cos(phase) - other) / sin(phase);
        const double rho = atan2(s, c);
        const double turns = floor((factor * high - rho + PI / 3) / (2 * PI));
        low = (2 * PI * turns + rho - PI / 3) / factor;
        high = (2 * PI * turns + rho + PI / 3) / factor;
    }
    const double a = sin(fmax(0, low)), b = sin(high), middle = sin((fmax(0, low) + high) / 2);
    trial->out->low = fmin(1, a * a / trial->share);
    trial->out->high = fmin(1, b * b / trial->share);
    trial->out->estimate = fmin(1, middle * middle / trial->share);
    return QN_OK;
}
