/* plot_scale.h: one axis: its range, where its ticks stand and what they say. */
#ifndef QN_REPORT_PLOT_SCALE_H
#define QN_REPORT_PLOT_SCALE_H

#include <stdbool.h>
#include <stddef.h>

enum { QN__TICKS = 24, QN__TICK_TEXT = 24 };

typedef struct qn__tick {
    double value;
    bool minor; /* a mark without a label */
    char text[QN__TICK_TEXT];
} qn__tick;

typedef struct qn__scale {
    double low, high; /* what the ends of the axis stand for */
    bool log;
    size_t count;
    qn__tick ticks[QN__TICKS];
    /* Where numbers differ only far behind the point, labels give the difference from `offset` in units of 10^exponent,
     * and `note` says so: "-2.0198 + n x 1e-9". Empty otherwise. */
    double offset;
    char note[64];
} qn__scale;

/* An axis that shows [low, high] (finite; both positive when log) with about `wanted` ticks at 1, 2 or 5 times a power
 * of ten, its ends moved out by `margin` of the span. `whole`: ticks at whole numbers only, as for iterations. */
void qn__scale_make(qn__scale *scale, double low, double high, bool log, unsigned wanted, double margin, bool whole);
/* Where a value stands: 0 at the low end, 1 at the high end. */
double qn__scale_place(const qn__scale *scale, double value);

#endif
