/* primitive.h: what algorithms ask for: expectation values, gradients, samples. No caller ever holds a state. */
#ifndef QUERN_PRIMITIVE_H
#define QUERN_PRIMITIVE_H

#include <quern/engine.h>

QN_BEGIN_DECLS

typedef enum qn_gradient_method {
    QN_GRADIENT_AUTO = 0,    /* adjoint when the estimator is exact and the engine has it, else parameter shift */
    QN_GRADIENT_ADJOINT = 1, /* reverse mode in the engine; exact estimators only */
    QN_GRADIENT_SHIFT = 2,   /* parameter-shift rule; also on hardware */
    QN_GRADIENT_FINITE = 3   /* central differences of step fd_step */
} qn_gradient_method;
QN_API const char *qn_gradient_method_name(qn_gradient_method method); /* "auto", "adjoint", "shift", "fd" */
QN_API QN_MUST_USE qn_status qn_gradient_method_from_name(const char *name, qn_gradient_method *out);

typedef struct qn_estimator qn_estimator;

typedef struct qn_estimator_options {
    uint32_t size;
    uint64_t
        shots; /* 0: exact (unless precision is set). Shots per evaluation of one observable, over all its groups */
    double precision;     /* > 0: as many shots as make the standard error at most this (a pilot run sets the split) */
    qn_grouping grouping; /* of the sampled terms */
    qn_gradient_method gradient;
    double fd_step; /* 0: 1e-6 when exact; when sampled the caller must choose */
    uint64_t seed;
} qn_estimator_options;
#define QN_ESTIMATOR_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_estimator_options), 0, 0.0, QN_GROUPING_COMMUTING, QN_GRADIENT_AUTO, 0.0, 0                \
    }

/** Compile a circuit with its observables. The engine must outlive the estimator.
 *  Errors: those of qn_engine_compile; QN_ERR_NOISE when a finite-difference step is asked of a sampled estimator and
 * the noise of the difference quotient, sigma / (sqrt(2) step), exceeds the largest possible derivative. */
QN_API QN_MUST_USE qn_status qn_estimator_create(qn_engine *engine, const qn_circuit *circuit,
                                                 const qn_pauli_sum *const *observables, size_t nobservables,
                                                 const qn_estimator_options *options, qn_estimator **out);
QN_API void qn_estimator_free(qn_estimator *estimator);
QN_API size_t qn_estimator_symbols(const qn_estimator *estimator);
QN_API size_t qn_estimator_observables(const qn_estimator *estimator);

/** values[row * nobs + o] and, unless NULL, their standard errors (0 when exact). */
QN_API QN_MUST_USE qn_status qn_estimator_run(qn_estimator *estimator, const double *theta, size_t rows, double *values,
                                              double *std_errors);
/** Values and the gradient of sum_o weights[o] values[o] for one row; std_errors (symbols entries) may be NULL.
 * `values` may be NULL. `weights` NULL: all ones. */
QN_API QN_MUST_USE qn_status qn_estimator_gradient(qn_estimator *estimator, const double *theta, const double *weights,
                                                   double *values, double *grad, double *std_errors);
/** Random draws are keyed by (seed, position): each run or gradient takes the next positions. Setting the position
 * makes a later call repeat an earlier one. */
QN_API uint64_t qn_estimator_position(const qn_estimator *estimator);
QN_API void qn_estimator_set_position(qn_estimator *estimator, uint64_t position);

/** What the estimator does and has done. */
typedef struct qn_estimator_stats {
    bool exact;
    uint32_t groups;                                  /* measured circuits per evaluation of all observables */
    uint64_t evaluations, gradients, circuits, shots; /* so far; circuits: what hardware would have run */
    double noise;                /* a bound on the standard error of one value at these shots; 0 when exact */
    double one_norm;             /* largest over observables */
    qn_gradient_method gradient; /* what AUTO became */
} qn_estimator_stats;
QN_API void qn_estimator_get_stats(const qn_estimator *estimator, qn_estimator_stats *out);
/** Shots that reach standard error `precision` for observable `o` at `theta` on noiseless hardware, from exact
 * variances of the groups with optimal split (sum_g sigma_g)^2 / precision^2. Uses the engine. */
QN_API QN_MUST_USE qn_status qn_estimator_shots_for(qn_estimator *estimator, const double *theta, size_t o,
                                                    double precision, double *shots);
/** Quantum geometric tensor Re(<d_i|d_j> - <d_i|psi><psi|d_j>), symbols x symbols row-major, one row; exact engines
 * with amplitudes, up to 20 qubits, else QN_ERR_UNSUPPORTED. */
QN_API QN_MUST_USE qn_status qn_estimator_metric(qn_estimator *estimator, const double *theta, double *metric);
/** |<psi(a)|psi(b)>|^2, exact; same limits. */
QN_API QN_MUST_USE qn_status qn_estimator_fidelity(qn_estimator *estimator, const double *a, const double *b,
                                                   double *out);

typedef struct qn_sampler qn_sampler;
QN_API QN_MUST_USE qn_status qn_sampler_create(qn_engine *engine, const qn_circuit *circuit, uint64_t seed,
                                               qn_sampler **out);
QN_API void qn_sampler_free(qn_sampler *sampler);
/** Counts of all qubits; `out[row]` made by the caller with qn_counts_create(qubits). */
QN_API QN_MUST_USE qn_status qn_sampler_run(qn_sampler *sampler, const double *theta, size_t rows, uint64_t shots,
                                            qn_counts *const *out);

QN_END_DECLS
#endif
