/* primitive.h: what algorithms ask for: expectation values, gradients, samples. No caller ever holds a state. */
#ifndef QUERN_PRIMITIVE_H
#define QUERN_PRIMITIVE_H

#include <quern/classical.h>
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

/** One unit of work: a circuit, an array of observables, an array of parameter vectors. Shapes follow numpy's
 *  broadcasting, as Qiskit's EstimatorV2 does: the result has the broadcast shape of both. */
typedef struct qn_pub {
    const qn_circuit *circuit;
    const qn_pauli_sum *const *observables; /* product of observable_shape of them, row-major */
    const size_t *observable_shape;
    size_t observable_dimensions; /* 0: a single one */
    const double *theta;          /* parameter_shape x symbols */
    const size_t *parameter_shape;
    size_t parameter_dimensions; /* 0: a single vector */
    double precision;            /* 0: that of the options */
} qn_pub;
/** Shape of a pub's result: at most `capacity` dimensions; QN_ERR_SHAPE when the two do not broadcast. */
QN_API QN_MUST_USE qn_status qn_pub_shape(const qn_pub *pub, size_t capacity, size_t *shape, size_t *dimensions);
/** values[p] and std_errors[p] (either may be NULL, and so may std_errors) hold the result of pub p, row-major. Each
 *  distinct circuit is compiled once. */
QN_API QN_MUST_USE qn_status qn_estimate(qn_engine *engine, const qn_pub *pubs, size_t npubs,
                                         const qn_estimator_options *options, double *const *values,
                                         double *const *std_errors);

/* Sampling. A circuit without measurements gives its qubits; one with measurements gives its classical bits. */
typedef enum qn_sampling_method {
    QN_SAMPLING_FINAL = 0,    /* one run: nothing depends on a measurement */
    QN_SAMPLING_BRANCHES = 1, /* one run a branch, shots dealt out at each measurement */
    QN_SAMPLING_SHOTS = 2     /* shot by shot */
} qn_sampling_method;

typedef struct qn_sampler qn_sampler;
/** The engine must outlive the sampler. Errors: those of qn_engine_compile; QN_ERR_UNSUPPORTED when the circuit is
 *  dynamic and the engine has no live states. */
QN_API QN_MUST_USE qn_status qn_sampler_create(qn_engine *engine, const qn_circuit *circuit, uint64_t seed,
                                               qn_sampler **out);
QN_API void qn_sampler_free(qn_sampler *sampler);
QN_API uint32_t qn_sampler_bits(const qn_sampler *sampler); /* of one result: classical bits, or qubits without any */
QN_API qn_sampling_method qn_sampler_method(const qn_sampler *sampler);
/** `out[row]` made by the caller with qn_counts_create(qn_sampler_bits). Reproducible: the draws are keyed by (seed,
 *  position, row, shot), whatever the number of threads; each run takes the next position. */
QN_API QN_MUST_USE qn_status qn_sampler_run(qn_sampler *sampler, const double *theta, size_t rows, uint64_t shots,
                                            qn_counts *const *out);
/** Every shot by itself, in order: strings[shot * words .. ], words = ceil(bits / 64). */
QN_API QN_MUST_USE qn_status qn_sampler_memory(qn_sampler *sampler, const double *theta, uint64_t shots,
                                               uint64_t *strings);
/** Counts of one bit register of the circuit (made with its width) out of counts over all bits. */
QN_API QN_MUST_USE qn_status qn_counts_of_register(const qn_counts *counts, const qn_circuit *circuit, size_t variable,
                                                   qn_counts *out);

/** A distribution over bit strings; strings in rising order. */
typedef struct qn_distribution qn_distribution;
QN_API void qn_distribution_free(qn_distribution *distribution);
QN_API size_t qn_distribution_size(const qn_distribution *distribution);
QN_API const uint64_t *qn_distribution_string(const qn_distribution *distribution, size_t index);
QN_API double qn_distribution_value(const qn_distribution *distribution, size_t index);
/** Exact probabilities of all results above `cutoff`, by following every branch; QN_ERR_TOO_LARGE when more than
 * `limit` results or branches would be needed (0: 2^20), QN_ERR_UNSUPPORTED for loops that need not end. */
QN_API QN_MUST_USE qn_status qn_sampler_probabilities(qn_sampler *sampler, const double *theta, double cutoff,
                                                      uint64_t limit, qn_distribution **out);
/** counts / shots. */
QN_API QN_MUST_USE qn_status qn_distribution_from_counts(const qn_counts *counts, qn_distribution **out);

QN_END_DECLS
#endif
