/* amplitude.h: the inside of an amplitude, and the estimators over it. */
#ifndef QN_ALGORITHM_ESTIMATION_AMPLITUDE_H
#define QN_ALGORITHM_ESTIMATION_AMPLITUDE_H

#include <quern/amplitude_estimation.h>
#include <quern/engine.h>

struct qn_amplitude {
    double theta; /* of a known one */
    /* of a circuit */
    qn_engine *engine;
    qn_program *start, *step;
    qn_live *live;
    uint32_t good;
    double *known; /* probabilities at powers 0 .. reached-1 */
    size_t reached, capacity;
};

/* Clopper and Pearson's intervals for unit, 2 unit, .. multiples * unit shots, as repeated experiments ask for the same
 * few thousand again and again. */
typedef struct qn__interval_table {
    uint64_t unit, multiples;
    double alpha;   /* of each interval */
    double *bounds; /* low, high of 0, 1, .. good ones among unit shots, then among 2 unit, and so on */
} qn__interval_table;

/* A run under way: the random numbers it has taken and the calls it has made. */
typedef struct qn__trial {
    qn_amplitude *amplitude;
    const qn_estimation_options *options; /* with defaults filled in */
    uint64_t draws;
    double share; /* the amplitude that the circuit shows is share * a; 1 but for FAE */
    qn_estimation *out;
    const qn__interval_table *table; /* may be NULL */
} qn__trial;

/* Rounds that the iterative method may take, over which alpha is shared out. */
double qn__iterative_rounds(double epsilon);
/* Table for an experiment; `table->bounds` is to be freed. */
QN_MUST_USE qn_status qn__interval_table_fill(const qn_estimation_options *options, qn__interval_table *table);

/* Measures `shots` times after `power` steps; books them and gives how many were good. */
QN_MUST_USE qn_status qn__trial_measure(qn__trial *trial, uint64_t power, uint64_t shots, uint64_t *good);

/* The inverse Fourier transform that reads a clock, least significant bit on the first qubit. */
QN_MUST_USE qn_status qn__clock_read(qn_circuit *circuit, uint32_t first, uint32_t bits);

QN_MUST_USE qn_status qn__estimate_iterative(qn__trial *trial);
QN_MUST_USE qn_status qn__estimate_canonical(qn__trial *trial);
QN_MUST_USE qn_status qn__estimate_likelihood(qn__trial *trial);
QN_MUST_USE qn_status qn__estimate_faster(qn__trial *trial);

#endif
