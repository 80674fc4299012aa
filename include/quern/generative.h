/* generative.h: models of bit strings: circuits that are sampled, and the classical models they must beat.
 *
 * A model gives probabilities to strings of `bits` bits. Data is a table of strings. How far a model is from data is
 * told by the squared maximum mean discrepancy of the Gaussian kernel of the Hamming distance, k(x, y) =
 * exp(-|x xor y| / (2 sigma^2)), which is diagonal in the Walsh basis: MMD^2 is the mean of (<Z_a>_model -
 * <Z_a>_data)^2 over masks a whose bits are set with probability (1 - exp(-1/(2 sigma^2))) / 2 (Rudolph et al.,
 * arXiv:2305.02881; Recio-Armengol et al., arXiv:2503.02934). */
#ifndef QUERN_GENERATIVE_H
#define QUERN_GENERATIVE_H

#include <quern/context.h>
#include <quern/ledger.h>

QN_BEGIN_DECLS

enum {
    QN_GENERATIVE_EXACT_MOST = 24, /* bits up to which all probabilities are written down */
    QN_GENERATIVE_SIGMAS = 4
};

/** Rows of bits. Bit q of word q/64 of a row is column q. */
typedef struct qn_bit_table {
    size_t rows;
    uint32_t bits;
    size_t words; /* of a row */
    uint64_t *data;
} qn_bit_table;

QN_API QN_MUST_USE qn_status qn_bit_table_create(size_t rows, uint32_t bits, qn_bit_table **out); /* zeros */
QN_API void qn_bit_table_free(qn_bit_table *table);
/** From numbers, all 0 or 1, or all -1 or 1 (1 is bit 0, as the eigenvalue of Z). `name` is for messages.
 *  Errors: QN_ERR_PARSE with row and column of any other number, QN_ERR_SHAPE for an empty table. */
QN_API QN_MUST_USE qn_status qn_bit_table_from_numbers(const char *name, size_t rows, size_t columns,
                                                       const double *numbers, qn_bit_table **out);

/** Data made by formula; the same seed gives the same rows. */
typedef enum qn_bit_source {
    QN_BIT_SOURCE_BARS = 0,      /* bars and stripes on a square of side sqrt(bits), uniformly over the patterns */
    QN_BIT_SOURCE_BLOBS = 1,     /* eight strings, each bit flipped with probability .05 */
    QN_BIT_SOURCE_ISING = 2,     /* square periodic Ising lattice at temperature 3, by Metropolis */
    QN_BIT_SOURCE_GAUSSIANS = 3, /* two discretised normal distributions on 0..2^bits - 1; bits <= 24 */
    QN_BIT_SOURCE_LOGNORMAL = 4  /* exp of a standard normal number plus 1, rounded down, below 2^bits; bits <= 24 */
} qn_bit_source;
/** Errors: QN_ERR_ARGUMENT where `bits` is not a square. */
QN_API QN_MUST_USE qn_status qn_bit_table_generate(qn_bit_source source, uint32_t bits, size_t rows, uint64_t seed,
                                                   qn_bit_table **out);

typedef enum qn_generative_kind {
    QN_GENERATIVE_IQP = 0,     /* exp(i sum theta_j X_{g_j}) on |0>, measured: all gates commute */
    QN_GENERATIVE_BITFLIP = 1, /* its classical twin: g_j is flipped with probability sin^2 theta_j */
    QN_GENERATIVE_RBM = 2, /* restricted Boltzmann machine, classical: `hidden` units; of few bits by the exact gradient
                            * of the likelihood, else by persistent contrastive divergence (Tieleman, ICML 2008), plain
                            * or with tempered chains (Desjardins et al., AISTATS 2010) */
    QN_GENERATIVE_QCBM = 3, /* layers of RX, RZ and RZZ on all pairs, measured; up to 12 bits */
    QN_GENERATIVE_QBM = 4,  /* Gibbs state of fields X, Z and couplings ZZ, measured; up to 10 bits */
    QN_GENERATIVE_QGAN = 5  /* the circuit of a QCBM against a small classical discriminator */
} qn_generative_kind;
QN_API const char *qn_generative_kind_name(qn_generative_kind kind);
QN_API QN_MUST_USE qn_status qn_generative_kind_from_name(const char *name, qn_generative_kind *out);

typedef struct qn_generative_model {
    qn_generative_kind kind;
    uint32_t bits;
    uint32_t hidden, layers; /* of the models that have them, else 0 */
    size_t words;            /* of a mask */
    size_t ngates;           /* IQP, bit flips */
    uint64_t *masks;         /* ngates x words */
    size_t nparameters;
    double *parameters;
} qn_generative_model;

QN_API void qn_generative_model_free(qn_generative_model *model);
/** All probabilities, index = the string as a binary number with column 0 lowest; 2^bits numbers. Exact.
 *  Errors: QN_ERR_TOO_LARGE above QN_GENERATIVE_EXACT_MOST bits. */
QN_API QN_MUST_USE qn_status qn_generative_probabilities(const qn_context *context, const qn_generative_model *model,
                                                         double *probabilities);
/** Draw strings. Errors: QN_ERR_TOO_LARGE for a circuit of more qubits than a state vector holds: what then needs
 *  hardware. */
QN_API QN_MUST_USE qn_status qn_generative_sample(const qn_context *context, const qn_generative_model *model,
                                                  size_t rows, uint64_t seed, qn_bit_table **out);
/** <Z_a> of an IQP model: the mean over the strings z of cos(2 sum_j theta_j (a . g_j) (-1)^(z . g_j)); all 2^bits
 *  strings when `samples` is 0 (bits <= 24), else that many drawn. Of a bit-flip model the exact product of cos(2
 *  theta_j) over the gates that meet a in an odd number of bits. */
QN_API QN_MUST_USE qn_status qn_generative_expectation(const qn_generative_model *model, const uint64_t *mask,
                                                       size_t samples, uint64_t seed, double *out);

typedef struct qn_generative_options {
    uint32_t size;
    qn_generative_kind kind;
    uint32_t weight;   /* gates on up to so many qubits, all of them, lightest first; 0: 6 up to 16 bits, else 2 */
    uint32_t hidden;   /* units of an RBM; 0: twice the bits, at most 256 */
    uint32_t layers;   /* of a QCBM; 0: 5 */
    bool divergence;   /* the loss is the divergence KL(data, model) instead of MMD^2: exact IQP and QCBM */
    size_t most_gates; /* 0: no limit; where all of a weight do not fit, they are drawn */
    uint64_t steps;    /* of Adam (Kingma and Ba, arXiv:1412.6980); 0: 1000 */
    double rate;       /* 0: 0.01 exact, 0.001 sampled, 0.02 and 0.003 of an RBM */
    double sigma[QN_GENERATIVE_SIGMAS]; /* the loss is the mean of MMD^2 over them; all 0: from the data */
    size_t operators, samples;          /* drawn each step above `exact_bits`; 0: 1000 */
    uint32_t exact_bits;                /* up to here the loss is exact; 0: 18 */
    double spread;                      /* of the first parameters; 0: 0.3 of a QCBM, 0.1 of an RBM, else 0.01 */
    uint64_t seed;
    const char *checkpoint; /* file to which the state of training goes every minute, or NULL */
    bool resume;
    bool tempered; /* an RBM that is not trained exactly: against tempered chains, not plain persistent ones */
} qn_generative_options;
#define QN_GENERATIVE_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_generative_options), QN_GENERATIVE_IQP, 0, 0, 0, false, 0, 0, 0.0, {0.0}, 0, 0, 0, 0.0,    \
            42, NULL, false, false                                                                                     \
    }

typedef struct qn_generative_training {
    uint64_t steps;               /* done */
    double *loss;                 /* one a step; estimates when not exact */
    double first_loss, last_loss; /* last: mean over the last twentieth of the steps */
    double sigma[QN_GENERATIVE_SIGMAS];
    size_t nsigmas;
    double seconds, seconds_a_step, operations_a_step; /* operations: multiply-adds the formulas need */
    bool exact, interrupted;
} qn_generative_training;

/** Train a model on data. Interruption ends training, which is a result.
 *  Errors: QN_ERR_RANGE, QN_ERR_TOO_LARGE, QN_ERR_CHECKPOINT. */
QN_API QN_MUST_USE qn_status qn_generative_train(const qn_context *context, const qn_bit_table *data,
                                                 const qn_generative_options *options, qn_generative_model **model,
                                                 qn_generative_training **training);
QN_API void qn_generative_training_free(qn_generative_training *training);

/** How far a model is from data. */
typedef struct qn_generative_score {
    double sigma[QN_GENERATIVE_SIGMAS], mmd2[QN_GENERATIVE_SIGMAS]; /* unbiased: may be below 0 */
    double uniform_mmd2[QN_GENERATIVE_SIGMAS];                      /* of fair coins, for scale */
    double error[QN_GENERATIVE_SIGMAS];                             /* standard error; 0 but for the data's: exact */
    size_t nsigmas;
    double kl, nll,
        tv; /* of the empirical distribution against the model (nats), and total variation; NaN: too large */
    bool exact;
} qn_generative_score;
/** `sigma`: nsigmas widths, or none: median heuristic, and its 0.6-fold. */
QN_API QN_MUST_USE qn_status qn_generative_evaluate(const qn_context *context, const qn_generative_model *model,
                                                    const qn_bit_table *data, const double *sigma, size_t nsigmas,
                                                    uint64_t seed, qn_generative_score *out);
/** The width of the median heuristic: square root of the median Hamming distance of 100,000 pairs of rows. */
QN_API QN_MUST_USE qn_status qn_generative_median_width(const qn_bit_table *data, double *out);

/** Markov chains on the Gibbs distribution of random fully connected Ising models at n spins (couplings and fields
 * standard normal), proposals accepted by Metropolis: one flip, any string, or the strings that measuring exp(-iHt)
 * gives, H = (1 - g) a H_problem + g sum X, averaged over g in [.25, .6] and t in [2, 20] (Layden et al., Nature 619,
 * 282 (2023)). Their spectral gap is what bounds the mixing time. */
enum { QN_CHAIN_LOCAL = 0, QN_CHAIN_UNIFORM = 1, QN_CHAIN_QUANTUM = 2, QN_CHAINS = 3 };
typedef struct qn_chain_gaps {
    uint32_t spins, instances;
    double mean[QN_CHAINS], error[QN_CHAINS]; /* over the instances, and its standard error */
} qn_chain_gaps;
/** Exact, by eigenvalues; 2 to 9 spins. */
QN_API QN_MUST_USE qn_status qn_generative_chain_gaps(const qn_context *context, uint32_t spins, uint32_t instances,
                                                      double temperature, uint64_t seed, qn_chain_gaps *out);
/** Least-squares k of gap ~ 2^(-k n), weighted alike. */
QN_API double qn_generative_chain_rate(const qn_chain_gaps *rows, size_t count, int chain);

/** The same chains run as samplers, and parallel tempering (6 replicas of the one-flip chain, from `temperature` up to
 * 2 sqrt(n), neighbours exchanged after each step), each from random strings with the same number of energy
 * evaluations; beside them as many independent draws from the exact distribution, for scale. */
enum { QN_CHAIN_TEMPERING = 3, QN_CHAIN_INDEPENDENT = 4, QN_CHAIN_SAMPLERS = 5 };
typedef struct qn_chain_sample {
    double energy, energy_error;               /* mean over the chains, its standard error by their spread */
    double magnetisation, magnetisation_error; /* mean spin, in [-1, 1] */
    double variation, variation_error; /* total variation distance of one chain's histogram from the exact law */
    double autocorrelation; /* integrated time of the energy in evaluations (1: independent), from the mean square
                             * deviation of the chains' means from the exact one; not below `evaluations` where chains
                             * did not mix */
} qn_chain_sample;
typedef struct qn_chain_samples {
    uint32_t spins, chains;
    uint64_t evaluations; /* of each chain, the first fifth of whose records is left out */
    double temperature;
    double energy, magnetisation; /* exact, by enumeration */
    qn_chain_sample of[QN_CHAIN_SAMPLERS];
} qn_chain_samples;
/** On the first instance that qn_generative_chain_gaps draws for this seed and size. 2 to 16 spins, 2 to 4,096 chains,
 * at least 100 evaluations. The quantum proposal is a Trotter product, drawn anew each step and simulated. Errors:
 * QN_ERR_RANGE, QN_ERR_TOO_LARGE, QN_ERR_INTERRUPTED. */
QN_API QN_MUST_USE qn_status qn_generative_chain_samples(const qn_context *context, uint32_t spins, uint32_t chains,
                                                         uint64_t evaluations, double temperature, uint64_t seed,
                                                         qn_chain_samples *out);

/** Model files, JSON (docs/generative.md). */
QN_API QN_MUST_USE qn_status qn_generative_write(const char *path, const qn_generative_model *model);
QN_API QN_MUST_USE qn_status qn_generative_read(const char *path, qn_generative_model **out);

QN_END_DECLS
#endif
