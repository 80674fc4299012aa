/* plateau_samples.h: squared deviations of sampled gradients, and what is fitted to them. */
#ifndef QN_LEARN_PLATEAU_SAMPLES_H
#define QN_LEARN_PLATEAU_SAMPLES_H

#include <quern/plateau.h>

/* One size: deviation[part * count + row] is the squared deviation of a part from its mean (MEAN: the mean of those of
 * all angles), so that variances are sums of it over rows, divided by count - 1. */
typedef struct qn__plateau_samples {
    size_t count;
    double *deviation;
} qn__plateau_samples;

/* The bootstrap's intervals of each size's variance, and the fits over sizes. Rows hold their variances already. */
QN_MUST_USE qn_status qn__plateau_fit(const qn_plateau_options *options, const qn__plateau_samples *samples,
                                      qn_plateau_row *rows, size_t count,
                                      qn_plateau_decay decay[QN_PLATEAU_PART_COUNT_]);

#endif
