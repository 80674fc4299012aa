/* quantum.h: one run of value iteration with estimated means, whatever its schedule. */
#ifndef QN_ALGORITHM_DECISION_QUANTUM_H
#define QN_ALGORITHM_DECISION_QUANTUM_H

#include <quern/decision.h>

#include "base/status.h"

typedef struct qn__quantum_run {
    const qn_context *context;
    const qn_mdp *mdp;
    qn_quantum_iteration_options options;
    qn_quantum_iteration *out;
    qn_mdp_solution *optimal;
    double *next;
    bool always_by_variance; /* reduced: in every epoch, whatever it costs */
    double per_mean;         /* wanted error of a mean; plain sweeps */
    double per_failure;      /* that one median may fail with */
    double began, reported;
} qn__quantum_run;

/* So many estimations that their median fails with this probability at most. */
uint32_t qn__repeats_for(double failure);
/* Clock qubits with which phase estimation errs by `error` at most, as an amplitude. */
uint32_t qn__clock_for(double error);
/* The median of what `repeats` clocks show for an amplitude. */
double qn__median_estimate(const qn__quantum_run *run, double amplitude, uint32_t clock, uint64_t stream);
double qn__largest_gap(const double *a, const double *b, uint32_t count);

/* qn_quantum_value_iteration with that choice; for tests. */
QN_MUST_USE qn_status qn__quantum_value_iteration(const qn_context *context, const qn_mdp *mdp,
                                                  const qn_quantum_iteration_options *options, bool always_by_variance,
                                                  qn_quantum_iteration **out);

/* By epochs with variance reduction, from run->out->value and policy on, which are there. */
QN_MUST_USE qn_status qn__iterate_reduced(qn__quantum_run *run);

#endif
