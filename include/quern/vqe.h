/* vqe.h: the variational quantum eigensolver (Peruzzo et al., Nat. Commun. 5, 4213 (2014)). */
#ifndef QUERN_VQE_H
#define QUERN_VQE_H

#include <quern/exact.h>
#include <quern/ledger.h>
#include <quern/optimizer.h>
#include <quern/primitive.h>

QN_BEGIN_DECLS

/** One line of a run's history. */
typedef struct qn_vqe_step {
    uint32_t start;
    uint64_t iteration, evaluations;
    double energy, best; /* at the iterate; lowest of this start so far */
} qn_vqe_step;

/** How one random start ended. */
typedef struct qn_vqe_start {
    double energy; /* best of this start: exact estimators the energy, sampled ones the estimate that was lowest */
    uint64_t evaluations, gradients;
    bool converged;
    qn_stop_reason reason;
} qn_vqe_start;

typedef struct qn_vqe_options {
    uint32_t size;
    const char *engine;             /* NULL: "statevector" */
    qn_estimator_options estimator; /* its seed is replaced by one derived from `seed` and the start */
    qn_optimizer_options optimizer; /* its seed, callback and interrupt are replaced */
    uint32_t starts;                /* random starts; at least 1 */
    const double *initial;          /* first start's parameters; NULL: uniform in [-initial_range, initial_range] */
    double initial_range;           /* 0: pi */
    uint64_t seed;
    const char *checkpoint; /* path; NULL: none */
    bool resume;            /* continue from the checkpoint when it exists */
    bool history;           /* keep the steps of the best start */
    bool final_exact;       /* for a sampled run: also the exact energy at the best parameters */
    uint64_t
        final_shots; /* sampled runs: shots of the closing estimate at the best parameters; 0: 16 evaluations' worth */
} qn_vqe_options;
#define QN_VQE_OPTIONS_INIT                                                                                            \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_vqe_options), NULL, QN_ESTIMATOR_OPTIONS_INIT, QN_OPTIMIZER_OPTIONS_INIT, 1, NULL, 0.0, 0, \
            NULL, false, true, true, 0                                                                                 \
    }

/** Owned by the caller; qn_vqe_result_free. */
typedef struct qn_vqe_result {
    double energy;              /* of the best start; a sampled run estimates it afresh at the best parameters */
    double std_error;           /* 0 when exact */
    double exact_at_parameters; /* the state's true energy at `parameters` (NaN when not asked for) */
    size_t nparameters;
    double *parameters;
    uint32_t best_start;
    uint32_t starts_done;
    uint32_t nstarts;
    qn_vqe_start *starts; /* nstarts; one that was never begun has 0 evaluations */
    size_t nsteps;
    qn_vqe_step *steps;                               /* history of the best start */
    uint64_t evaluations, gradients, circuits, shots; /* all starts together */
    bool converged;                                   /* of the best start */
    bool interrupted;
    qn_stop_reason reason;
    char note[160];
    double seconds;
    uint64_t replayed; /* evaluations taken from the checkpoint */
    qn_estimator_stats estimator;
} qn_vqe_result;

/** Minimise <ansatz(theta)|H|ansatz(theta)>. Starts are spread over the context's threads; the result does not depend
 * on how many. With a checkpoint every evaluation is logged; a resumed run repeats the interrupted one byte for byte.
 *  An interrupted run returns QN_OK with the best so far and `interrupted`. */
QN_API QN_MUST_USE qn_status qn_vqe_run(qn_context *context, const qn_circuit *ansatz, const qn_pauli_sum *hamiltonian,
                                        const qn_vqe_options *options, qn_vqe_result **out);
QN_API void qn_vqe_result_free(qn_vqe_result *result);

/** Fill a ledger from a run; `exact` (may be NULL) is the rival. `precision`: for the shots line (0: 1.6e-3, chemical
 * accuracy). */
QN_API QN_MUST_USE qn_status qn_vqe_ledger(qn_context *context, const qn_circuit *ansatz,
                                           const qn_pauli_sum *hamiltonian, const qn_vqe_result *result,
                                           const qn_exact_result *exact, double precision, qn_ledger *ledger);

QN_END_DECLS
#endif
