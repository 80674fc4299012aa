/* clock.h: elapsed time. */
#ifndef QN_BASE_CLOCK_H
#define QN_BASE_CLOCK_H

/* Seconds on a clock that only goes forward. */
double qn__clock(void);

#endif
