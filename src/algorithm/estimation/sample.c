/* sample.c: the rivals of amplitude estimation: Monte Carlo and quasi-Monte-Carlo. */
#include <math.h>

#include <quern/amplitude_estimation.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "math/sobol.h"
#include "math/special.h"

enum { BLOCK = 4096 };

/* Where samples come from: numbers in (0, 1), and what an option's price needs of them. */
typedef struct source {
    qn_mean_rule rule;
    uint64_t seed, stream;
    uint32_t dimensions;
    uint32_t shift[QN__SOBOL_DIMENSIONS], directions[QN__SOBOL_DIMENSIONS][QN__SOBOL_BITS];
    double sigma, mu;
} source;

/* Coordinate d of sample i. */
static double coordinate(const source *from, uint64_t i, uint32_t d)
{
    if (from->rule == QN_MEAN_SOBOL) {
        const uint32_t point = qn__sobol_point(from->directions[d], (uint32_t)i) ^ from->shift[d];
        return ((double)point + 0.5) * 0x1p-32;
    }
    return qn__random_uniform(from->seed, from->stream, i * from->dimensions + d);
}

static double payoff(const qn_call_option *option, const source *from, uint64_t i)
{
    const double z = from->rule == QN_MEAN_SOBOL ? qn__normal_quantile(coordinate(from, i, 0))
                                                 : qn__random_normal(from->seed, from->stream, i);
    return fmax(0, exp(from->mu + from->sigma * z) - option->strike);
}

static double value_at(const qn_sampled *what, const source *from, uint64_t i)
{
    if (what->option != NULL) {
        return payoff(what->option, from, i);
    }
    if (what->table != NULL) {
        const size_t row = (size_t)(coordinate(from, i, 0) * (double)what->table->count);
        return what->table->values[row < what->table->count ? row : what->table->count - 1];
    }
    double x[QN__SOBOL_DIMENSIONS];
    for (uint32_t d = 0; d < what->dimensions; d++) {
        x[d] = coordinate(from, i, d);
    }
    return qn_formula_value(what->formula, x);
}

static source open_source(const qn_sampled *what, qn_mean_rule rule, uint32_t dimensions, uint64_t seed,
                          uint64_t stream)
{
    source from = {.rule = rule, .seed = seed, .stream = stream, .dimensions = dimensions};
    for (uint32_t d = 0; d < dimensions; d++) {
        from.shift[d] = (uint32_t)qn__random_bits(seed, stream, d);
        qn__sobol_directions(d, from.directions[d]);
    }
    if (what->option != NULL) {
        const qn_call_option *const o = what->option;
        from.sigma = o->volatility * sqrt(o->years);
        from.mu = log(o->spot) + (o->rate - o->volatility * o->volatility / 2) * o->years;
    }
    return from;
}

qn_status qn_mean_sample(const qn_sampled *what, qn_mean_rule rule, uint64_t samples, uint64_t seed, uint64_t stream,
                         double *mean, double *seconds)
{
    QN_CHECK(what != NULL && mean != NULL && seconds != NULL, ERR_ARGUMENT, "something to sample and places");
    QN_CHECK((what->option != NULL) + (what->formula != NULL) + (what->table != NULL) == 1, ERR_ARGUMENT,
             "one of option, formula and table");
    QN_CHECK(samples >= 1 && samples <= UINT32_MAX, ERR_RANGE, "%llu samples; from 1 to 2^32 - 1",
             (unsigned long long)samples);
    const uint32_t dimensions = what->formula != NULL ? what->dimensions : 1;
    QN_CHECK(dimensions >= 1 && dimensions <= QN__SOBOL_DIMENSIONS, ERR_RANGE, "%u dimensions; from 1 to %d",
             dimensions, (int)QN__SOBOL_DIMENSIONS);
    const source from = open_source(what, rule, dimensions, seed, stream);
    const double began = qn__clock();
    double total = 0;
    for (uint64_t first = 0; first < samples; first += BLOCK) {
        double block = 0;
        for (uint64_t i = first; i < samples && i < first + BLOCK; i++) {
            block += value_at(what, &from, i);
        }
        total += block;
    }
    *seconds = qn__clock() - began;
    *mean = total / (double)samples;
    return QN_OK;
}
