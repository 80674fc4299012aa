/* qaoa.h: the quantum approximate optimization algorithm and its relatives, on cost functions of bits (qubo.h).
 *
 * A layer is the phase exp(-i gamma C), then the mixer exp(-i beta sum_k X_k); the start is |+...+>. Costs are
 * minimised. Angles of p layers are 2p numbers: all gammas, then all betas. A run that follows an adiabatic path has
 * gamma > 0 and beta < 0 here (papers on cuts maximise: their angles are gamma and -beta). */
#ifndef QUERN_QAOA_H
#define QUERN_QAOA_H

#include <quern/circuit.h>
#include <quern/context.h>
#include <quern/ledger.h>
#include <quern/qubo.h>

QN_BEGIN_DECLS

/* --- the state ------------------------------------------------------------------------------------------------- */

/** A state of alternating layers of one cost function; for one thread at a time. */
typedef struct qn_qaoa qn_qaoa;

typedef struct qn_qaoa_options {
    uint32_t size;
    uint32_t layers;       /* most layers of a run; 0: 1 */
    bool single_precision; /* half the memory; values to about 1e-5 */
    bool whole_space;      /* do not use C(x) = C(not x), which else halves memory and time where it holds */
    bool gradients;        /* room for a second state */
    double cvar;           /* the value is the mean of the lowest fraction of the costs, 0 < cvar < 1; 0: of all */
} qn_qaoa_options;
#define QN_QAOA_OPTIONS_INIT                                                                                           \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_qaoa_options), 1, false, false, false, 0.0                                                 \
    }

/** Bytes that qn_qaoa_create will take at most. */
QN_API QN_MUST_USE qn_status qn_qaoa_bytes_needed(const qn_context *context, qn_cost cost,
                                                  const qn_qaoa_options *options, uint64_t *bytes);
/** Computes all costs once. The context must outlive the object.
 *  Errors: QN_ERR_TOO_LARGE (need and limit; nothing allocated), QN_ERR_ARGUMENT, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_qaoa_create(qn_context *context, qn_cost cost, const qn_qaoa_options *options,
                                            qn_qaoa **out);
QN_API void qn_qaoa_free(qn_qaoa *qaoa);
QN_API uint32_t qn_qaoa_qubits(const qn_qaoa *qaoa);
/** Lowest and highest cost of all states, and a state of the lowest; how many states have it (within rounding). */
QN_API double qn_qaoa_lowest(const qn_qaoa *qaoa);
QN_API double qn_qaoa_highest(const qn_qaoa *qaoa);
QN_API uint64_t qn_qaoa_best_state(const qn_qaoa *qaoa);
QN_API double qn_qaoa_optima(const qn_qaoa *qaoa);
/** Bytes of the states and of the table of costs. */
QN_API uint64_t qn_qaoa_bytes(const qn_qaoa *qaoa);

/** Prepare the state and average the cost over it (or its lowest tail). `slopes` (2 * layers, may be NULL) gets the
 * derivatives by the adjoint method, for about three times the price of the value alone; then the state is spent.
 *  Errors: QN_ERR_RANGE (more layers than room, or slopes without room), QN_ERR_NAN, QN_ERR_INTERRUPTED. */
QN_API QN_MUST_USE qn_status qn_qaoa_run(qn_qaoa *qaoa, uint32_t layers, const double *angles, double *value,
                                         double *slopes);
/** The same for several rows of angles; small states are shared out among the threads. `slopes` (rows x 2 layers) may
 * be NULL. The state of qn_qaoa_run is spent. */
QN_API QN_MUST_USE qn_status qn_qaoa_run_rows(qn_qaoa *qaoa, uint32_t layers, size_t rows, const double *angles,
                                              double *values, double *slopes);

/* Of the state that the last qn_qaoa_run without slopes left; QN_ERR_ARGUMENT when there is none. */
/** Probability of measuring a state of lowest cost. */
QN_API QN_MUST_USE qn_status qn_qaoa_success(const qn_qaoa *qaoa, double *probability);
/** Mean of all costs measured. */
QN_API QN_MUST_USE qn_status qn_qaoa_mean(const qn_qaoa *qaoa, double *value);
/** Mean of the lowest `fraction` of measured costs. */
QN_API QN_MUST_USE qn_status qn_qaoa_tail(const qn_qaoa *qaoa, double fraction, double *value);
/** Probability of the costs nearest to each of `bins` equally spaced ones from lowest to highest; and, unless NULL,
 * that under uniform guesses. */
QN_API size_t
qn_qaoa_levels(const qn_qaoa *qaoa); /* distinct places of costs: a good number of bins when it is small */
QN_API QN_MUST_USE qn_status qn_qaoa_histogram(const qn_qaoa *qaoa, size_t bins, double *probability, double *uniform);
/** Measured states, in rising order of the draw; a pure function of angles, seed and shots. */
QN_API QN_MUST_USE qn_status qn_qaoa_sample(const qn_qaoa *qaoa, uint64_t shots, uint64_t seed, uint64_t *states);
/** Amplitudes first, first + 1, … of all 2^n. */
QN_API QN_MUST_USE qn_status qn_qaoa_amplitudes(const qn_qaoa *qaoa, uint64_t first, size_t count, qn_complex *out);

/* --- angles ---------------------------------------------------------------------------------------------------- */

/** Angles for D-regular graphs without short cycles, best for cuts of unit weight (minimised as minus the cut), and the
 * cut fraction that they guarantee there: from data/qaoa_angles.tsv. QN_ERR_RANGE when that table has no such row. */
QN_API QN_MUST_USE qn_status qn_qaoa_fixed_angles(uint32_t degree, uint32_t layers, double *angles, double *fraction);
/** Most layers of the table for a degree; 0: none. */
QN_API uint32_t qn_qaoa_fixed_layers(uint32_t degree);
/** The scale of a cost function's phases: root of the mean over variables of sum_t (2 c_t)^2, over the spin terms t of
 * the variable; sqrt(D) for a cut of a D-regular graph. */
QN_API double qn_qaoa_scale(qn_cost cost);
/** Linear ramp: gamma_l = 2 (l + 1/2) dt / (p scale), beta_l = -(1 - (l + 1/2) / p) dt. */
QN_API void qn_qaoa_ramp(uint32_t layers, double dt, double scale, double *angles);
/** Angles of layers + 1 layers by linear interpolation of the optimum for `layers` (Zhou et al., arXiv:1812.01041). */
QN_API void qn_qaoa_interpolate(uint32_t layers, const double *angles, double *out);
/** Angles from `modes` amplitudes u (sine, gamma) and v (cosine, beta), the FOURIER heuristic of the same paper:
 * gamma_l = sum_k u_k sin((k + 1/2)(l + 1/2) pi / p). `modes` numbers u, then v. */
QN_API void qn_qaoa_fourier(uint32_t layers, uint32_t modes, const double *amplitudes, double *angles);

/** The cut fraction of D-regular graphs of large girth for given angles (cut convention: beta > 0), by the iteration of
 * Basso et al., arXiv:2110.14206; `slopes` may be NULL. 2 <= degree <= 1000, layers <= 12. */
QN_API QN_MUST_USE qn_status qn_qaoa_tree(uint32_t degree, uint32_t layers, const double *angles, double *fraction,
                                          double *slopes);

/* --- one layer at any size ------------------------------------------------------------------------------------- */

/** Average cost of one layer, in closed form (weights and fields; Ozaeta, van Dam, McMahon, Quantum Sci. Technol. 7,
 * 045036 (2022)). */
QN_API QN_MUST_USE qn_status qn_qaoa_one_layer(const qn_qubo *qubo, double gamma, double beta, double *value);
/** <s_i> of all variables and <s_i s_j> of all pairs i < j with a coupling, in the order of the rows. */
QN_API QN_MUST_USE qn_status qn_qaoa_one_layer_correlations(const qn_qubo *qubo, double gamma, double beta,
                                                            double *spins, double *pairs);
/** Best angles of one layer: along beta in closed form, along gamma by search. */
QN_API QN_MUST_USE qn_status qn_qaoa_one_layer_angles(const qn_qubo *qubo, double *gamma, double *beta, double *value);

/* --- whole runs ------------------------------------------------------------------------------------------------ */

typedef enum qn_qaoa_method {
    QN_QAOA_STANDARD = 0,  /* "qaoa" */
    QN_QAOA_RECURSIVE = 1, /* "rqaoa": one layer in closed form, variables tied one by one; any size */
    QN_QAOA_MULTI = 2,     /* "ma-qaoa": an angle for every term and every qubit */
    QN_QAOA_WARM = 3,      /* "warm": start and mixer from a relaxed solution */
    QN_QAOA_XY = 4,        /* "xy": mixers that keep the number of ones of groups, inside the feasible subspace */
    QN_QAOA_GROVER = 5,    /* "grover-mixer": only the histogram of costs matters */
    QN_QAOA_FALQON = 6,    /* "falqon": feedback instead of an optimizer */
    QN_QAOA_ADAPTIVE = 7,  /* "gas": Grover adaptive search by the law of its counts */
    QN_QAOA_DQI = 8, /* "dqi": decoded quantum interferometry of parities, by its exact law; layers: errors decoded */
    QN_QAOA_METHOD_COUNT_
} qn_qaoa_method;
QN_API const char *qn_qaoa_method_name(qn_qaoa_method method); /* NULL behind the last */
QN_API const char *qn_qaoa_method_text(qn_qaoa_method method);

typedef enum qn_qaoa_schedule {
    QN_QAOA_FREE = 0,   /* "optimize": from the table's or the ramp's angles, all layers at once */
    QN_QAOA_FIXED = 1,  /* "fixed": the table's angles, scaled; no optimization */
    QN_QAOA_RAMP = 2,   /* "ramp": no optimization */
    QN_QAOA_INTERP = 3, /* "interp": layer after layer */
    QN_QAOA_FOURIER = 4 /* "fourier": in amplitudes of slow modes */
} qn_qaoa_schedule;
QN_API const char *qn_qaoa_schedule_name(qn_qaoa_schedule schedule); /* NULL behind the last */

/** Of method XY: which pairs of a group's variables exchange their bits in a layer. */
typedef enum qn_qaoa_mixer {
    QN_QAOA_MIXER_RING = 0,    /* "ring": neighbours in the group's order, n turns */
    QN_QAOA_MIXER_COMPLETE = 1 /* "complete": all pairs, n (n - 1) / 2 turns in n - 1 (odd groups: n) rounds */
} qn_qaoa_mixer;
QN_API const char *qn_qaoa_mixer_name(qn_qaoa_mixer mixer); /* NULL behind the last */

typedef struct qn_qaoa_solve_options {
    uint32_t size;
    qn_qaoa_method method;
    uint32_t layers; /* 0: what suits the method */
    qn_qaoa_schedule schedule;
    qn_qaoa_mixer mixer;      /* XY */
    const char *optimizer;    /* NULL: "l-bfgs" */
    uint64_t max_evaluations; /* 0: 200 a stage */
    uint32_t starts;          /* random starts beside the first; rows of a batch */
    uint64_t shots;           /* measured at the end; 0: 1024 */
    double cvar;              /* as in qn_qaoa_options */
    bool single_precision;
    uint64_t seed;
    const uint8_t *warm;    /* WARM: a relaxed or rounded solution; NULL: by greedy descent */
    const char *checkpoint; /* path; NULL: none. Every evaluation is logged there; of all costs their
                               histogram, up to 2^20 of them */
    bool resume;            /* continue from the checkpoint when it exists; without, it is never overwritten */
} qn_qaoa_solve_options;
#define QN_QAOA_SOLVE_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_qaoa_solve_options), QN_QAOA_STANDARD, 0, QN_QAOA_FREE, QN_QAOA_MIXER_RING, NULL, 0, 0, 0, \
            0.0, false, 42, NULL, NULL, false                                                                          \
    }

/** Owned by the caller. Numbers that a method does not have are NaN; lists that it does not have are NULL. */
typedef struct qn_qaoa_solution {
    qn_qaoa_method method;
    qn_qaoa_mixer mixer;
    uint32_t variables, layers;
    uint8_t *x;                           /* the best that was measured */
    double cost;                          /* of x */
    double expected;                      /* average over the final state */
    double lowest, highest;               /* of all (feasible) states */
    double success;                       /* probability of a lowest state in one measurement */
    double uniform_mean, uniform_success; /* the same for uniform guesses */
    double sample_mean;                   /* of the measured costs */
    double random_best, random_mean;      /* of as many uniform guesses, drawn beside */
    uint64_t shots;
    size_t nangles;
    double *angles;
    uint32_t nhistory; /* expected and best cost after each layer (or step) */
    double *history_expected, *history_best;
    uint32_t bins; /* probabilities of the costs nearest to equally spaced ones from lowest to highest, and under
                      guesses */
    double *histogram, *histogram_uniform;
    uint64_t evaluations, gradients;
    uint64_t replayed; /* answers taken from the checkpoint */
    double queries;    /* evaluations of the cost by the quantum circuit, in all its shots (GAS: Grover iterations) */
    double seconds, state_bytes;
    bool interrupted;
    char note[200]; /* what a reader should know; "" */
} qn_qaoa_solution;

/** Minimise by one of the methods. The answer is what measurements of the final state give; nothing else is looked at.
 *  Errors: QN_ERR_UNSUPPORTED (the method does not fit the cost: RECURSIVE of a polynomial, XY without groups, DQI of
 *  products of spins with different weights),
 *  QN_ERR_TOO_LARGE, QN_ERR_RANGE, QN_ERR_CHECKPOINT (a file that exists without `resume`, or of another run),
 *  QN_ERR_IO. Interrupted: the best so far. A run that resumes equals the uninterrupted one byte for byte. */
QN_API QN_MUST_USE qn_status qn_qaoa_solve(qn_context *context, qn_cost cost, const qn_qaoa_solve_options *options,
                                           qn_qaoa_solution **out);
QN_API void qn_qaoa_solution_free(qn_qaoa_solution *solution);
/** Fill the quantum side of a ledger ("optimize"): counted on the method's circuit where there is one. The caller adds
 * the classical rival. */
QN_API QN_MUST_USE qn_status qn_qaoa_ledger(qn_cost cost, const qn_qaoa_solution *solution, qn_ledger *ledger);

/* --- circuits and laws ----------------------------------------------------------------------------------------- */

/** A cost histogram: distinct costs, rising, and how many states have each. */
typedef struct qn_spectrum {
    size_t count;
    double *cost, *states;
} qn_spectrum;
QN_API QN_MUST_USE qn_status qn_spectrum_create(qn_context *context, qn_cost cost, qn_spectrum **out);
QN_API void qn_spectrum_free(qn_spectrum *spectrum);

/** Layers with the mixer exp(-i beta |u><u|), u uniform: the average over a spectrum, and its slopes (may be NULL);
 * `probability` (count numbers, may be NULL) of each cost. Any number of variables. */
QN_API QN_MUST_USE qn_status qn_grover_mixer(const qn_spectrum *spectrum, uint32_t layers, const double *angles,
                                             double *value, double *slopes, double *probability);
/** The same as a circuit, for a test or a count: phases of the cost, mixer by a multi-controlled phase. */
QN_API QN_MUST_USE qn_status qn_grover_mixer_circuit(qn_cost cost, uint32_t layers, const double *angles,
                                                     qn_circuit **out);

/** One oracle-and-diffusion step of Grover adaptive search for integer costs (Gilliam, Woerner, Gonciulea, Quantum 5,
 * 428 (2021)): n variable qubits, then `value_bits` qubits that hold C - threshold in two's complement. The circuit
 * prepares the start and does `iterations` steps. */
QN_API QN_MUST_USE qn_status qn_gas_circuit(const qn_qubo *qubo, double threshold, uint32_t value_bits,
                                            uint32_t iterations, qn_circuit **out);
/** Bits that hold every C - threshold. */
QN_API uint32_t qn_gas_value_bits(const qn_qubo *qubo, double threshold);

/** Decoded quantum interferometry (Jordan et al., Nature 646 (2025)): expected fraction of satisfied constraints of
 * max-LINSAT over F_p, m constraints of r allowed values each, decoding up to l errors: exact for 2 l + 1 < distance,
 * as the largest eigenvalue of a tridiagonal matrix. */
QN_API QN_MUST_USE qn_status qn_dqi_fraction(uint32_t m, uint32_t l, uint32_t p, uint32_t r, double *fraction);
/** Its limit for large m at l/m = mu: the semicircle law. */
QN_API double qn_dqi_limit(double mu, double ratio);

QN_END_DECLS
#endif
