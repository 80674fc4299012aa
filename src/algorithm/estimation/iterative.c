/* iterative.c: iterative amplitude estimation: an interval of theta, magnified by as many steps as keep its image in
 * one half of the circle, so that a probability tells the angle (Grinko, Gacon, Zoufal, Woerner, arXiv:1912.05559). */
#include <math.h>

#include "algorithm/estimation/amplitude.h"
#include "base/alloc.h"
#include "base/status.h"
#include "math/special.h"

static const double PI = 3.14159265358979323846;

enum { MOST_ROUNDS = 10000, MOST_MULTIPLES = 12, MOST_INTERVALS = 20000 };

/* The largest K = 4k + 2 of at least twice the present one for which [K low, K high] lies in one half of the circle;
 * the present one when there is none. */
static double next_factor(double low, double high, double present, bool *upper)
{
    double k = floor(PI / (high - low));
    k -= fmod(k - 2, 4);
    while (k >= 2 * present) {
        const double a = fmod(k * low, 2 * PI), b = fmod(k * high, 2 * PI);
        if (a <= b && b <= PI) {
            *upper = true;
            return k;
        }
        if (a <= b && a >= PI) {
            *upper = false;
            return k;
        }
        k -= 4;
    }
    return present;
}

double qn__iterative_rounds(double epsilon)
{
    return fmax(1, ceil(log2(PI / (8 * epsilon))));
}

/* Pairs before those of m units of shots: sum over n < m of n unit + 1. */
static uint64_t place(uint64_t unit, uint64_t m)
{
    return unit * (m * (m - 1) / 2) + (m - 1);
}

qn_status qn__interval_table_fill(const qn_estimation_options *options, qn__interval_table *table)
{
    *table = (qn__interval_table){options->shots, 1, options->alpha / qn__iterative_rounds(options->epsilon), NULL};
    while (table->multiples < MOST_MULTIPLES && place(table->unit, table->multiples + 2) < MOST_INTERVALS) {
        table->multiples++;
    }
    const uint64_t pairs = place(table->unit, table->multiples + 1);
    table->bounds = qn__alloc(pairs, 2 * sizeof *table->bounds);
    QN_ALLOC_CHECK(table->bounds);
    for (uint64_t m = 1; m <= table->multiples; m++) {
        double *const at = table->bounds + 2 * place(table->unit, m);
        for (uint64_t good = 0; good <= m * table->unit; good++) {
            qn__clopper_pearson(good, m * table->unit, table->alpha, &at[2 * good], &at[2 * good + 1]);
        }
    }
    return QN_OK;
}

static void interval_of_share(const qn__trial *trial, double rounds, uint64_t good, uint64_t shots, double *low,
                              double *high)
{
    const qn_estimation_options *const options = trial->options;
    const qn__interval_table *const table = trial->table;
    const uint64_t m = shots / options->shots;
    if (options->chernoff) {
        const double share = (double)good / (double)shots;
        const double radius = sqrt(log(2 * rounds / options->alpha) / (2 * (double)shots));
        *low = fmax(0, share - radius);
        *high = fmin(1, share + radius);
    } else if (table != NULL && m <= table->multiples) {
        const double *const at = table->bounds + 2 * (place(table->unit, m) + good);
        *low = at[0];
        *high = at[1];
    } else {
        qn__clopper_pearson(good, shots, options->alpha / rounds, low, high);
    }
}

qn_status qn__estimate_iterative(qn__trial *trial)
{
    const qn_estimation_options *const options = trial->options;
    const double rounds = qn__iterative_rounds(options->epsilon);
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
        interval_of_share(trial, rounds, good, shots, &least, &most);
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
