/* vqe_worker.h: one thread's share of a VQE run: an engine, an estimator, and the start it is working on. */
#ifndef QN_ALGORITHM_VQE_WORKER_H
#define QN_ALGORITHM_VQE_WORKER_H

#include <quern/vqe.h>

#include "algorithm/journal.h"

/* What all workers of a run share; none of it changes while they work, the journal apart. */
typedef struct qn__vqe_run {
    qn_context *context;
    const qn_circuit *ansatz;
    const qn_pauli_sum *hamiltonian;
    const qn_vqe_options *options;
    qn__journal *journal;
    size_t nparameters;
    bool sinusoidal; /* the energy is a sinusoid along each parameter */
    double began;    /* on the monotonic clock */
} qn__vqe_run;

/* The best start a worker has seen, with all that the result needs of it. */
typedef struct qn__vqe_best {
    bool any;
    uint32_t start;
    double energy;
    bool converged;
    qn_stop_reason reason;
    char note[160];
    double *parameters;
    qn_vqe_step *steps;
    size_t nsteps, capacity;
} qn__vqe_best;

typedef struct qn__vqe_worker {
    const qn__vqe_run *run;
    qn_engine *engine;
    qn_estimator *estimator;
    bool reports; /* the calling thread's worker, which may call back */
    double last_report;

    /* the start at work */
    uint32_t start;
    double *point; /* nparameters; the optimizer's */
    double lowest;
    uint64_t evaluations, gradients;
    qn_vqe_step *steps;
    size_t nsteps, capacity;

    /* over all its starts */
    uint64_t all_evaluations, all_gradients, circuits, shots, replayed;
    uint32_t done;
    qn__vqe_best best;
} qn__vqe_worker;

/* Open an engine and compile; `alone`: the only worker, whose engine may use all threads. */
QN_MUST_USE qn_status qn__vqe_worker_open(const qn__vqe_run *run, bool alone, bool reports, qn__vqe_worker *worker);
void qn__vqe_worker_close(qn__vqe_worker *worker);
/* Run one start from its own random (or given) point and keep it if it is the best so far; *record says how it ended.
 */
QN_MUST_USE qn_status qn__vqe_worker_start(qn__vqe_worker *worker, uint32_t start, qn_vqe_start *record);

#endif
