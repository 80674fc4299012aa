/* measured.h: one observable as a device measures it: groups of terms, a circuit each, and shots split over them. */
#ifndef QN_PRIMITIVE_MEASURED_H
#define QN_PRIMITIVE_MEASURED_H

#include <quern/engine.h>

/* Running mean and sum of squared deviations (Welford). */
typedef struct qn__moments {
    uint64_t count;
    double mean, squares;
} qn__moments;

typedef struct qn__measured_group {
    size_t nterms;
    double *coefficients; /* with the sign of the basis change */
    uint64_t *z;          /* nterms x words: the bits whose parity is the outcome */
    double one_norm;
    uint64_t shots;      /* of the fixed split */
    qn_circuit *circuit; /* with the basis change; kept when there is no room for all programs */
    qn_program *program;
    qn__moments moments; /* of the value being estimated */
    double spread;       /* sigma, for the split */
} qn__measured_group;

typedef struct qn__measured {
    qn_engine *engine;
    double constant; /* identity term */
    double one_norm;
    size_t words, ngroups;
    qn__measured_group *groups;
    qn_counts *counts;
} qn__measured;

/* Where the draws of one evaluation come from, and what was spent. */
typedef struct qn__measured_run {
    uint64_t seed, stream; /* the stream goes up by one a sampled circuit */
    uint64_t circuits, shots;
} qn__measured_run;

/* `shots` 0: to be measured to a precision. Programs are not compiled yet. `sum` is simplified. */
QN_MUST_USE qn_status qn__measured_create(qn_engine *engine, const qn_circuit *circuit, const qn_pauli_sum *sum,
                                          qn_grouping grouping, uint64_t shots, qn__measured **out);
void qn__measured_free(qn__measured *measured);
/* Compile all groups now, so that evaluations need not. */
QN_MUST_USE qn_status qn__measured_compile(qn__measured *measured);
/* Bound of the standard error with the fixed split: sigma_g <= one_norm_g, so sqrt(sum one_norm_g^2 / shots_g). */
double qn__measured_noise(const qn__measured *measured);
/* Estimate at these angles with the fixed split, or, with precision > 0, to that standard error. */
QN_MUST_USE qn_status qn__measured_estimate(qn__measured *measured, const double *angles, double precision,
                                            qn__measured_run *run, double *value, double *variance);

#endif
