/* generative.h: what the files of the generative models share. */
#ifndef QN_LEARN_GENERATIVE_H
#define QN_LEARN_GENERATIVE_H

#include <quern/generative.h>

#include "base/status.h"

/* A distance between the distribution of a small model and data, with its slope on the probabilities. */
typedef struct qn__discrepancy {
    uint32_t bits;
    uint64_t size;   /* 2^bits */
    double *data;    /* empirical probabilities */
    double *moments; /* <Z_a> of the data */
    double *weights; /* of the masks; they add up to 1 */
    bool divergence; /* KL(data, model) instead */
} qn__discrepancy;
QN_MUST_USE qn_status qn__discrepancy_open(const qn_context *context, const qn_bit_table *data, const double *sigma,
                                           size_t nsigmas, qn__discrepancy *out);
void qn__discrepancy_close(qn__discrepancy *d);
/* sum_a w_a (<Z_a>_p - <Z_a>_data)^2; `slope` gets its derivative by each probability. */
double qn__discrepancy_slope(const qn__discrepancy *d, const double *probabilities, double *slope);

/* Probability that a bit of a mask is set, for a kernel of width sigma. */
double qn__mask_probability(double sigma);
/* Empirical probabilities of rows of up to 24 bits. */
void qn__bit_table_histogram(const qn_bit_table *table, double *probabilities);
/* Columns as rows of bits over the rows: column q at q * words. Words: of rows / 64, rounded up. */
QN_MUST_USE qn_status qn__bit_table_columns(const qn_bit_table *table, uint64_t **columns, size_t *words);
/* <Z_a> of the data for a mask, from its columns. */
double qn__columns_parity_mean(const uint64_t *columns, size_t words, size_t rows, uint32_t bits, const uint64_t *mask);
/* Strings from probabilities. */
QN_MUST_USE qn_status qn__draw(const double *probabilities, uint32_t bits, size_t rows, uint64_t seed,
                               qn_bit_table **out);

/* What training asks of a kind of model: the loss of the current parameters and its gradient. */
typedef struct qn__trainee {
    void *user;
    qn_status (*evaluate)(void *user, const double *parameters, uint64_t step, double *loss, double *gradient);
    void (*close)(void *user);
} qn__trainee;
/* By kinds; all borrow context, model and data. */
QN_MUST_USE qn_status qn__rbm_trainee(const qn_context *context, const qn_generative_model *model,
                                      const qn_bit_table *data, const double *sigma, size_t nsigmas, uint64_t seed,
                                      qn__trainee *out);
QN_MUST_USE qn_status qn__rbm_tempered(const qn_context *context, const qn_generative_model *model,
                                       const qn_bit_table *data, const double *sigma, size_t nsigmas, uint64_t seed,
                                       qn__trainee *out);
QN_MUST_USE qn_status qn__rbm_exact(const qn_context *context, const qn_generative_model *model,
                                    const qn_bit_table *data, const double *sigma, size_t nsigmas, qn__trainee *out);
QN_MUST_USE qn_status qn__qcbm_trainee(const qn_context *context, const qn_generative_model *model,
                                       const qn_bit_table *data, const double *sigma, size_t nsigmas, bool divergence,
                                       qn__trainee *out);
/* Parameters of the circuit come first, then those of the discriminator, whose gradient is that of its own loss. */
QN_MUST_USE qn_status qn__qgan_trainee(const qn_context *context, const qn_generative_model *model,
                                       const qn_bit_table *data, const double *sigma, size_t nsigmas, qn__trainee *out);
size_t qn__qcbm_parameters(uint32_t bits, uint32_t layers);
size_t qn__discriminator_parameters(uint32_t bits);
/* Logit of each string, and for slopes on the logits those on the parameters. */
void qn__discriminator_logits(uint32_t bits, const double *parameters, double *logits);
void qn__discriminator_gradient(uint32_t bits, const double *parameters, const double *slopes, double *gradient);
QN_MUST_USE qn_status qn__qbm_trainee(const qn_context *context, const qn_generative_model *model,
                                      const qn_bit_table *data, qn__trainee *out);
QN_MUST_USE qn_status qn__rbm_probabilities(const qn_generative_model *model, double *probabilities);
QN_MUST_USE qn_status qn__qcbm_probabilities(const qn_context *context, const qn_generative_model *model,
                                             double *probabilities);
QN_MUST_USE qn_status qn__qbm_probabilities(const qn_generative_model *model, double *probabilities);
/* Gibbs chains from random strings. */
QN_MUST_USE qn_status qn__rbm_sample(const qn_context *context, const qn_generative_model *model, size_t rows,
                                     uint64_t seed, qn_bit_table **out);
/* Unbiased MMD^2 between two tables, over all pairs of rows. */
double qn__tables_mmd2(const qn_bit_table *a, const qn_bit_table *b, double sigma);

/* IQP and bit-flip models, exactly in the Walsh basis. Each copies what it needs but borrows context, model and data.
 */
QN_MUST_USE qn_status qn__gates_exact(const qn_context *context, const qn_generative_model *model,
                                      const qn_bit_table *data, const double *sigma, size_t nsigmas, bool divergence,
                                      qn__trainee *out);
/* The same with masks, and for IQP strings, drawn anew each step. */
QN_MUST_USE qn_status qn__gates_sampled(const qn_context *context, const qn_generative_model *model,
                                        const qn_bit_table *data, const double *sigma, size_t nsigmas,
                                        const qn_generative_options *options, qn__trainee *out);
QN_MUST_USE qn_status qn__gates_choose(const qn_context *context, uint32_t bits, const qn_generative_options *options,
                                       qn_generative_model **out);
QN_MUST_USE qn_status qn__model_create(qn_generative_kind kind, uint32_t bits, size_t ngates, size_t nparameters,
                                       qn_generative_model **out);
/* How many parameters a model of this size has. */
size_t qn__model_parameters(qn_generative_kind kind, uint32_t bits, uint32_t hidden, uint32_t layers, size_t ngates);
/* Probabilities of the IQP and bit-flip models; scratch: 3 * 2^bits. */
void qn__iqp_probabilities(const qn_generative_model *model, const double *parameters, double *probabilities,
                           double *scratch);
void qn__bitflip_probabilities(const qn_generative_model *model, const double *parameters, double *probabilities,
                               double *scratch);

/* A random Ising model, fully connected: sum J_ab s_a s_b + sum h_a s_a of all 2^spins strings (a set bit is s = -1);
 * gives the square of its Frobenius norm over 2^spins. */
double qn__chain_energy(uint32_t spins, uint64_t seed, double *energy);
typedef struct qn__chain_target {
    uint32_t spins;
    const double *energy;
    double norm, temperature;
} qn__chain_target;
/* Parts of the chains that are run. Metropolis: probability of accepting a rise of energy over temperature. */
double qn__chain_accept(double rise);
/* Of exchanging the strings of two replicas at inverse temperatures a and b. */
double qn__chain_exchange(double inverse_a, double inverse_b, double energy_a, double energy_b);
/* The proposal of QN_CHAIN_LOCAL or QN_CHAIN_UNIFORM for a number in [0, 1). */
uint64_t qn__chain_propose(int chain, uint32_t spins, uint64_t from, double uniform);
/* Probabilities of all strings proposed by the quantum chain; scratch: 4 * 2^spins, they are the first quarter. */
void qn__chain_evolve(const qn__chain_target *target, uint64_t from, double mix, double time, double *scratch);

/* Adam with history, progress and checkpoint. */
QN_MUST_USE qn_status qn__train(const qn_context *context, const qn__trainee *trainee,
                                const qn_generative_options *options, uint64_t fingerprint, qn_generative_model *model,
                                qn_generative_training *training);

#endif
