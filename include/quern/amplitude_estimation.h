/* amplitude_estimation.h: means by amplitude estimation: the square root of Monte Carlo's samples, at the price of
 * depth.
 *
 * A|0> = sqrt(1-a)|bad> + sqrt(a)|good>, a = sin(theta)^2, and Q = -A S_0 A^-1 S_good turns by 2 theta, so that k steps
 * show "good" with probability sin((2k+1) theta)^2. Estimators ask for that probability at powers of their choice:
 * SPECTRAL takes it from the formula, GATE from the circuit of Q on a state vector; tests hold both equal to 1e-10. */
#ifndef QUERN_AMPLITUDE_ESTIMATION_H
#define QUERN_AMPLITUDE_ESTIMATION_H

#include <quern/circuit.h>
#include <quern/context.h>
#include <quern/formula.h>
#include <quern/ledger.h>

QN_BEGIN_DECLS

/* ---- the amplitude ---- */

/** What is estimated. Not to be used by two threads at once when it is a circuit. */
typedef struct qn_amplitude qn_amplitude;
/** SPECTRAL: a known number in [0, 1]. */
QN_API QN_MUST_USE qn_status qn_amplitude_of_number(double a, qn_amplitude **out);
/** GATE: the circuit A and the qubit whose 1 is good. The context must outlive it. Errors: those of compiling it. */
QN_API QN_MUST_USE qn_status qn_amplitude_of_circuit(qn_context *context, const qn_circuit *a, uint32_t good,
                                                     qn_amplitude **out);
QN_API void qn_amplitude_free(qn_amplitude *amplitude);
/** Probability of "good" after `power` steps; a circuit is stepped up to there once and remembers. */
QN_API QN_MUST_USE qn_status qn_amplitude_probability(qn_amplitude *amplitude, uint64_t power, double *out);
/** One step Q as a circuit. */
QN_API QN_MUST_USE qn_status qn_amplitude_step(const qn_circuit *a, uint32_t good, qn_circuit **out);
/** Phase estimation of Q with `bits` clock qubits above those of A: 2^bits - 1 controlled steps. Only the two
 * reflections need the control. */
QN_API QN_MUST_USE qn_status qn_amplitude_canonical_circuit(const qn_circuit *a, uint32_t good, uint32_t bits,
                                                            qn_circuit **out);
/** Probability that its clock shows y, in closed form. */
QN_API double qn_amplitude_canonical_probability(double a, uint32_t bits, uint64_t y);

/* ---- estimators ---- */

typedef enum qn_estimation_method {
    QN_ESTIMATION_ITERATIVE = 0,  /* IQAE: Grinko, Gacon, Zoufal, Woerner, arXiv:1912.05559 */
    QN_ESTIMATION_CANONICAL = 1,  /* phase estimation: Brassard, Hoyer, Mosca, Tapp, arXiv:quant-ph/0005055 */
    QN_ESTIMATION_LIKELIHOOD = 2, /* MLAE: Suzuki et al., arXiv:1904.10246 */
    QN_ESTIMATION_FASTER = 3      /* FAE: Nakaji, arXiv:2003.02417 */
} qn_estimation_method;
QN_API const char *qn_estimation_method_name(qn_estimation_method method); /* "iterative", ... */

typedef struct qn_estimation_options {
    uint32_t size;
    qn_estimation_method method;
    double epsilon; /* wanted half-width of the interval of a; 0: 0.01 */
    double alpha;   /* the interval may miss with this probability; 0: 0.05 */
    bool chernoff;  /* ITERATIVE: Chernoff-Hoeffding bounds instead of Clopper and Pearson's */
    uint64_t shots; /* of one circuit, ITERATIVE and LIKELIHOOD; 0: 100 */
    uint32_t
        doublings; /* LIKELIHOOD: powers 0, 1, 2, 4, .. 2^(doublings-1); CANONICAL: clock qubits; 0: from epsilon */
    uint64_t seed, stream;
} qn_estimation_options;
#define QN_ESTIMATION_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_estimation_options), QN_ESTIMATION_ITERATIVE, 0.0, 0.0, false, 0, 0, 1, 0                  \
    }

typedef struct qn_estimation {
    double estimate, low, high; /* of a; the interval covers it with probability 1 - alpha at least */
    uint64_t calls;             /* of A and its inverse: (2k + 1) a shot; what a Monte Carlo sample costs once */
    uint64_t steps;             /* of Q */
    uint64_t shots, circuits;   /* measurements; different powers */
    uint64_t deepest;           /* largest power: steps that must run coherently one after the other */
} qn_estimation;
/** Errors: QN_ERR_RANGE (options), and those of the circuit. */
QN_API QN_MUST_USE qn_status qn_amplitude_estimate(qn_amplitude *amplitude, const qn_estimation_options *options,
                                                   qn_estimation *out);
/** Many runs of one experiment on a known amplitude, stream `options->stream + run` each, over the context's threads.
 */
typedef struct qn_experiment {
    double rmse, median_error; /* of |estimate - a|; runs whose interval missed may be far off, and rule the first */
    double coverage;           /* share of runs whose interval holds a */
    double mean_calls, mean_steps; /* of a run */
    double seconds, runs_per_second;
} qn_experiment;
QN_API QN_MUST_USE qn_status qn_amplitude_experiment(const qn_context *context, double a,
                                                     const qn_estimation_options *options, uint64_t runs,
                                                     qn_experiment *out);

/* ---- means ---- */

/** A mean over 2^bits grid points: sum_i weight[i] value[i], brought to an amplitude (mean - low) / (high - low). */
typedef struct qn_mean {
    uint32_t bits;
    size_t count;    /* points, at most 2^bits */
    double *weights; /* non-negative, sum 1 */
    double *values;
    double low, high; /* least and largest value; high > low unless all are alike */
    double exact;     /* the mean over the grid */
    double truth; /* of what the grid stands for (Black and Scholes; a fine grid's integral); NaN: the grid itself */
} qn_mean;
QN_API void qn_mean_free(qn_mean *mean);
/** A column of numbers, all of the same weight. */
QN_API QN_MUST_USE qn_status qn_mean_of_table(const double *values, size_t count, qn_mean **out);
/** A European call: max(S_T - strike, 0) for log-normal S_T, on a grid of 2^bits prices within `deviations` standard
 * deviations of the mean, not discounted. truth: the closed form E[max(S_T - strike, 0)] = S e^{rT} N(d1) - K N(d2). */
typedef struct qn_call_option {
    double spot, strike, rate, volatility, years;
} qn_call_option;
QN_API QN_MUST_USE qn_status qn_mean_of_option(const qn_call_option *option, uint32_t bits, double deviations,
                                               qn_mean **out);
/** A formula over `dimensions` numbers uniform in [0, 1] (at most 10), at the centres of 2^bits cells in all (bits a
 * multiple of dimensions, at most 24). QN_ERR_NAN where it is not finite. */
QN_API QN_MUST_USE qn_status qn_mean_of_formula(const qn_formula *formula, uint32_t dimensions, uint32_t bits,
                                                qn_mean **out);
/** Circuit A of a mean: weights loaded by controlled rotations, then the value's rotation of qubit `*good` = bits under
 * every grid point: 2^(bits+1) - 1 rotations. At most 12 bits. */
QN_API QN_MUST_USE qn_status qn_mean_circuit(const qn_mean *mean, uint32_t *good, qn_circuit **out);
QN_API double qn_mean_amplitude(const qn_mean *mean);

/* ---- rivals ---- */

typedef enum qn_mean_rule { QN_MEAN_RANDOM = 0, QN_MEAN_SOBOL = 1 } qn_mean_rule;
/** A mean by samples: of an option (continuous prices), of a formula (uniform numbers; Sobol points have at most 10
 * dimensions), or of a table. Exactly one of the three is not NULL. */
typedef struct qn_sampled {
    const qn_call_option *option;
    const qn_formula *formula;
    uint32_t dimensions;
    const qn_mean *table;
} qn_sampled;
/** Mean of `samples` draws; Sobol points are moved by a random digital shift drawn from (seed, stream), so that runs
 *  differ and their spread is the error. */
QN_API QN_MUST_USE qn_status qn_mean_sample(const qn_sampled *what, qn_mean_rule rule, uint64_t samples, uint64_t seed,
                                            uint64_t stream, double *mean, double *seconds);

/** Fill a ledger (workload "montecarlo") for one estimation of a mean: gates of A counted on its circuit where that is
 * small, by formula (2^(bits+1) - 1 rotations) elsewhere. The caller adds the rival. */
QN_API QN_MUST_USE qn_status qn_estimation_ledger(const qn_mean *mean, const qn_estimation *estimation,
                                                  const qn_estimation_options *options, qn_ledger *ledger);

QN_END_DECLS
#endif
