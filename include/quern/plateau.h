/* plateau.h: barren plateaus: how fast the gradients of a variational circuit vanish as it grows, why, and what helps.
 *
 * The loss is <psi(theta)|O|psi(theta)> with angles drawn at random; what is measured is the variance of its partial
 * derivatives over those draws (McClean et al., Nat. Commun. 9, 4812 (2018)). A variance that falls like 2^-n means
 * that the shots which tell a gradient's sign grow like 2^n. */
#ifndef QUERN_PLATEAU_H
#define QUERN_PLATEAU_H

#include <quern/context.h>
#include <quern/ledger.h>
#include <quern/pauli.h>

#include <quern/circuit.h>

QN_BEGIN_DECLS

/* --- models ---------------------------------------------------------------------------------------------------- */

/** Circuits on a chain of qubits; a rotation is exp(-i theta P / 2), a shared one exp(-i theta sum P). */
typedef enum qn_plateau_ansatz {
    QN_PLATEAU_HARDWARE = 0,   /* "hardware-efficient": RX, RY on every qubit, CZ between neighbours, from
                                * RY(pi/4) on every qubit; universal */
    QN_PLATEAU_PRODUCT = 1,    /* "product": one RY on every qubit */
    QN_PLATEAU_MATCHGATE = 2,  /* "matchgate": RZ on every qubit, RXX between neighbours; free fermions */
    QN_PLATEAU_ISING = 3,      /* "ising": the Hamiltonian-variational sum ZZ, sum X from |+...+> */
    QN_PLATEAU_HEISENBERG = 4, /* "heisenberg": RXX, RYY, RZZ between neighbours, from |...0101> */
    QN_PLATEAU_ANSATZ_COUNT_
} qn_plateau_ansatz;
QN_API const char *qn_plateau_ansatz_name(size_t ansatz); /* NULL behind the last */
QN_API const char *qn_plateau_ansatz_text(size_t ansatz);

/** Where training begins: what is said to help against plateaus. */
typedef enum qn_plateau_start {
    QN_PLATEAU_UNIFORM = 0,    /* "none": all angles uniform in [-pi, pi) */
    QN_PLATEAU_IDENTITY = 1,   /* "identity": blocks of two layers and their inverse (Grant et al., Quantum 3, 214) */
    QN_PLATEAU_SMALL = 2,      /* "small-angles": normal with variance 1 / (4 S (L + 2)), S-local observable, L layers
                                *  (Zhang et al., arXiv:2203.09376) */
    QN_PLATEAU_LAYERWISE = 3,  /* "layerwise": the first two layers alone, as layerwise training begins (Skolik et al.,
                                *  arXiv:2006.14904) */
    QN_PLATEAU_CORRELATED = 4, /* "correlated": one angle for all qubits of a layer (Volkoff, Coles,
                                *  arXiv:2005.12200) */
    QN_PLATEAU_START_COUNT_
} qn_plateau_start;
QN_API const char *qn_plateau_start_name(size_t start); /* NULL behind the last */
QN_API const char *qn_plateau_start_text(size_t start);

typedef enum qn_plateau_observable {
    QN_PLATEAU_GLOBAL = 0, /* the projector on |0...0>: 1 minus the usual global cost (Cerezo et al. 2021) */
    QN_PLATEAU_LOCAL = 1,  /* the mean over qubits of the projector on |0> */
    QN_PLATEAU_SUM = 2     /* a Pauli sum, `sum`; on more qubits than it has it acts on the lowest ones */
} qn_plateau_observable;

typedef struct qn_plateau_options {
    uint32_t size;
    qn_plateau_ansatz ansatz;
    qn_plateau_start start;
    qn_plateau_observable observable;
    const qn_pauli_sum *sum; /* QN_PLATEAU_SUM; borrowed, Hermitian */
    uint32_t layers;         /* 0: what suits the model: 1 (product), 4 n, 2 n (ising) */
    uint64_t samples;        /* random starts of each size; at least 8 */
    uint32_t resamples;      /* of the bootstrap; 0: 1000 */
    uint64_t seed;
    bool twin; /* sample with the classical twin (below) instead of states: sizes up to 4096 qubits */
} qn_plateau_options;
#define QN_PLATEAU_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_plateau_options), QN_PLATEAU_HARDWARE, QN_PLATEAU_UNIFORM, QN_PLATEAU_GLOBAL, NULL, 0,     \
            500, 0, 42, false                                                                                          \
    }

/** The circuit of one size. QN_PLATEAU_GLOBAL adds one qubit at the top that reads the projector: P = (1 - Z_n) / 2.
 * Errors: QN_ERR_RANGE (fewer than 2 qubits or more than 62), QN_ERR_SHAPE (the sum needs more qubits). */
QN_API QN_MUST_USE qn_status qn_plateau_circuit(const qn_plateau_options *options, uint32_t qubits, qn_circuit **out);
/** The observable of that circuit, on its qubits. */
QN_API QN_MUST_USE qn_status qn_plateau_observe(const qn_plateau_options *options, uint32_t qubits, qn_pauli_sum **out);
/** Angles of random start `row`; `theta` has room for the circuit's symbols. */
QN_API void qn_plateau_angles(const qn_plateau_options *options, uint32_t qubits, size_t symbols, uint64_t row,
                              double *theta);
/** Layers that a size gets. */
QN_API uint32_t qn_plateau_layers(const qn_plateau_options *options, uint32_t qubits);

/* --- variances ------------------------------------------------------------------------------------------------- */

/** What a variance is of. */
typedef enum qn_plateau_part {
    QN_PLATEAU_FIRST = 0,  /* derivative by the first angle of the circuit */
    QN_PLATEAU_MIDDLE = 1, /* by the middle one: index symbols / 2 */
    QN_PLATEAU_LAST = 2,
    QN_PLATEAU_MEAN = 3, /* the mean over all angles of the variance of their derivatives */
    QN_PLATEAU_LOSS = 4, /* the loss itself */
    QN_PLATEAU_PART_COUNT_
} qn_plateau_part;
QN_API const char *qn_plateau_part_name(size_t part); /* "first", …; NULL behind the last */

/** A size. Intervals are bootstrapped over the random starts, 95 %. */
typedef struct qn_plateau_row {
    uint32_t qubits, layers;
    size_t parameters;
    double variance[QN_PLATEAU_PART_COUNT_], low[QN_PLATEAU_PART_COUNT_], high[QN_PLATEAU_PART_COUNT_];
    double mean_square;    /* of the derivatives, over angles and starts: what a sign must be told from */
    double shots_per_sign; /* of one derivative by shifts of every gate that its angle turns, typical angle: right
                            * at two standard errors */
    double law[QN_PLATEAU_PART_COUNT_]; /* predicted variance; NaN: no law is known */
    double seconds;
} qn_plateau_row;

/** log2 of the variance against the number of qubits (exponential) and against its log2 (power), least squares. */
typedef struct qn_plateau_decay {
    double slope, low, high; /* per qubit, with the bootstrap's 95 % interval; NaN with one size */
    double intercept;
    double residual; /* root mean square of log2 */
    double power, power_low, power_high, power_intercept, power_residual;
    bool vanished; /* some variance is 0: nothing to fit */
} qn_plateau_decay;

/** Owned by the caller; qn_plateau_result_free. */
typedef struct qn_plateau_result {
    size_t count; /* sizes done */
    qn_plateau_row *rows;
    qn_plateau_decay decay[QN_PLATEAU_PART_COUNT_];
    char law[160]; /* where the law comes from, or why there is none */
    uint64_t gradients;
    double seconds;
    bool interrupted; /* the sizes done so far */
} qn_plateau_result;

/** Sample gradients by the adjoint method for each number of qubits (rising). The result does not depend on the number
 * of threads. Errors: those of qn_plateau_circuit; QN_ERR_TOO_LARGE; QN_ERR_INTERRUPTED before the first size is done.
 */
QN_API QN_MUST_USE qn_status qn_plateau_run(qn_context *context, const qn_plateau_options *options,
                                            const uint32_t *qubits, size_t count, qn_plateau_result **out);
QN_API void qn_plateau_result_free(qn_plateau_result *result);
/** Variances that are known in closed form or from the circuit's Lie algebra; NaN where none is. `source`: room for 160
 * letters. */
QN_API QN_MUST_USE qn_status qn_plateau_law(const qn_context *context, const qn_plateau_options *options,
                                            uint32_t qubits, double law[QN_PLATEAU_PART_COUNT_], char *source);
/** Fill a ledger ("train") for the largest size done: its circuit, and the shots of one full gradient. */
QN_API QN_MUST_USE qn_status qn_plateau_ledger(const qn_plateau_options *options, const qn_plateau_result *result,
                                               qn_ledger *ledger);

/* --- layerwise training ---------------------------------------------------------------------------------------- */

typedef struct qn_plateau_layerwise_options {
    uint32_t size;
    uint32_t runs;  /* random starts, at least 2 */
    uint32_t steps; /* of Adam a stage */
    uint32_t grow;  /* layers that join at a time */
    double rate;    /* of Adam, for as many angles as `grow` layers have; of m times as many, over sqrt(m) */
} qn_plateau_layerwise_options;
#define QN_PLATEAU_LAYERWISE_OPTIONS_INIT                                                                              \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_plateau_layerwise_options), 8, 20, 2, 0.05                                                 \
    }

/** A stage: the circuit has `layers` layers, and the angles of layers first to last - 1 move. */
typedef struct qn_plateau_stage {
    uint32_t layers, first, last;
    size_t parameters;              /* that move */
    double variance, mean_square;   /* of their derivatives where the stage begins, over the runs, mean over angles */
    double loss_before, loss_after; /* the observable, mean over the runs */
} qn_plateau_stage;

/** Owned by the caller; qn_plateau_layerwise_free. */
typedef struct qn_plateau_layerwise {
    uint32_t qubits;
    size_t count; /* stages done: growth, then the halves of the whole circuit */
    qn_plateau_stage *stages;
    qn_plateau_stage plain; /* the whole circuit from uniform angles, all of them trained, as many gradients */
    uint64_t gradients;     /* of the stages */
    double seconds;
    bool interrupted; /* the stages done so far; `plain` is not done and has 0 layers or no loss_after */
} qn_plateau_layerwise;

/** Train a model layer by layer to its end (Skolik et al., arXiv:2006.14904): layers join with angles 0 and are trained
 * while the others are frozen; then each half of the layers in turn. The projectors of QN_PLATEAU_GLOBAL and _LOCAL are
 * made to rise, a sum to fall. `options->start` is not looked at; `layers` are those of the whole circuit.
 * Errors: those of qn_plateau_circuit; QN_ERR_UNSUPPORTED (twin), QN_ERR_RANGE, QN_ERR_TOO_LARGE, QN_ERR_INTERRUPTED
 * before the first stage is done. */
QN_API QN_MUST_USE qn_status qn_plateau_train_layerwise(qn_context *context, const qn_plateau_options *options,
                                                        uint32_t qubits, const qn_plateau_layerwise_options *wanted,
                                                        qn_plateau_layerwise **out);
QN_API void qn_plateau_layerwise_free(qn_plateau_layerwise *layerwise);

/* --- dynamical Lie algebras ------------------------------------------------------------------------------------ */

/** The real Lie algebra spanned by nested commutators of i times the generators. */
typedef struct qn_lie qn_lie;

/** Close the generators (Hermitian; identities are dropped). Generators of one string each: closed string by string
 * with bit masks, any number of qubits. Sums: Gram-Schmidt over strings, up to 2,000 dimensions. `limit`: stop at so
 * many dimensions (0: 2^20, or 2,000 for sums); the algebra is then incomplete and only its dimension so far is known.
 * Errors: QN_ERR_SHAPE (different numbers of qubits), QN_ERR_NOT_HERMITIAN, QN_ERR_TOO_LARGE, QN_ERR_INTERRUPTED. */
QN_API QN_MUST_USE qn_status qn_lie_close(const qn_context *context, const qn_pauli_sum *const *generators,
                                          size_t count, uint64_t limit, qn_lie **out);
QN_API void qn_lie_free(qn_lie *lie);
QN_API bool qn_lie_complete(const qn_lie *lie);
QN_API bool qn_lie_of_strings(const qn_lie *lie);    /* every generator was one string */
QN_API uint64_t qn_lie_dimension(const qn_lie *lie); /* "at least" when incomplete */
/** Whether centre and simple ideals are known: of complete algebras of strings, and of sums over at most 1,024 strings
 * (by the roots of a random element). */
QN_API bool qn_lie_is_split(const qn_lie *lie);
QN_API uint64_t qn_lie_centre(const qn_lie *lie); /* dimension of the centre; 0 when it is not split */
/** Simple ideals: `copies` of one `dimension` each. NULL behind the last. */
typedef struct qn_lie_ideals {
    uint64_t dimension, copies;
} qn_lie_ideals;
QN_API const qn_lie_ideals *qn_lie_ideals_at(const qn_lie *lie, size_t index);
/** Variance of <O> over the group, sum over ideals of P(rho) P(O) / dim (Ragone et al., Nat. Commun. 15, 7172 (2024)),
 * of a circuit deep enough to be a 2-design of its group; and of the derivative by a rotation exp(-i theta G / 2) of
 * generator `generator` with such circuits on both sides, P(rho) P(O) a / dim^2, a: strings of the ideal that do not
 * commute with G (Fontana et al., Nat. Commun. 15, 7171 (2024)). `input`: one of 0 1 + - for each qubit, qubit 0 first.
 * For a generator that is a sum, a is the sum of |[G / 2, v]|^2 over an orthonormal basis of the ideal.
 * NaN where O is not inside the algebra, which the law does not cover. Either result may be NULL.
 * Errors: QN_ERR_UNSUPPORTED (not split), QN_ERR_SHAPE, QN_ERR_ARGUMENT (input). */
QN_API QN_MUST_USE qn_status qn_lie_variance(const qn_lie *lie, const char *input, const qn_pauli_sum *observable,
                                             size_t generator, double *loss, double *derivative);
/** Generators of a model on so many qubits, 2 to 4096: one sum for each kind of angle; a fixed CZ counts as ZZ.
 * `split`: every string by itself, also where the model shares angles. `*out` is owned by the caller
 * (qn_plateau_generators_free).
 */
QN_API QN_MUST_USE qn_status qn_plateau_generators(const qn_plateau_options *options, uint32_t qubits, bool split,
                                                   qn_pauli_sum ***out, size_t *count);
QN_API void qn_plateau_generators_free(qn_pauli_sum **generators, size_t count);

/* --- the classical twin ---------------------------------------------------------------------------------------- */

/** A simulator in the adjoint representation ("g-sim", Goh et al., arXiv:2308.01432): an observable inside a small
 * algebra stays inside under exp(-i a G / 2), so as many numbers as the algebra has dimensions replace 2^n amplitudes.
 * Immutable once made; borrows the algebra. */
typedef struct qn_lie_twin qn_lie_twin;
typedef struct qn_lie_gate {
    uint32_t generator, symbol; /* exp(-i factor theta[symbol] G / 2) */
    double factor;
} qn_lie_gate;
/** Errors: QN_ERR_UNSUPPORTED (incomplete, or an algebra of sums), QN_ERR_ARGUMENT (input, as for qn_lie_variance). */
QN_API QN_MUST_USE qn_status qn_lie_twin_create(const qn_lie *lie, const char *input, qn_lie_twin **out);
QN_API void qn_lie_twin_free(qn_lie_twin *twin);
/** Value of the observable behind the gates, the first one first, and unless NULL its derivatives by all `symbols`
 * angles. Errors: QN_ERR_UNSUPPORTED (a string of the observable is outside the algebra), QN_ERR_RANGE (generator or
 * symbol). */
QN_API QN_MUST_USE qn_status qn_lie_twin_run(const qn_lie_twin *twin, const qn_pauli_sum *observable,
                                             const qn_lie_gate *gates, size_t count, const double *theta,
                                             size_t symbols, double *value, double *gradient);
/** The gates of a model on its generators with `split`; symbols as in qn_plateau_circuit. Release with
 * qn_plateau_gates_free. Errors: QN_ERR_UNSUPPORTED (hardware-efficient: CZ is no rotation; the identity start). */
QN_API QN_MUST_USE qn_status qn_plateau_gates(const qn_plateau_options *options, uint32_t qubits, qn_lie_gate **out,
                                              size_t *count, size_t *symbols);
QN_API void qn_plateau_gates_free(qn_lie_gate *gates);

QN_END_DECLS
#endif
