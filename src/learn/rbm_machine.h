/* rbm_machine.h: one restricted Boltzmann machine, p(v) ~ exp(b.v) prod_j (1 + exp(c_j + W_j.v)), and its Gibbs sweeps.
 *
 * At inverse temperature t, p_t(v) ~ exp(t b.v + (1 - t) a.v) prod_j (1 + exp(t (c_j + W_j.v))): at 0 the bits are
 * independent with the biases a (R. Salakhutdinov, I. Murray, ICML 2008). */
#ifndef QN_LEARN_RBM_MACHINE_H
#define QN_LEARN_RBM_MACHINE_H

#include <quern/generative.h>

typedef struct qn__rbm {
    uint32_t bits, hidden;
    const double *weights, *visible, *biases; /* W, b, c */
    const double *base;                       /* a; NULL: all 0 */
} qn__rbm;

/* Borrows the parameters: W row by row (a row a hidden unit), b, c. */
qn__rbm qn__rbm_of(const qn_generative_model *model, const double *parameters);
/* P(h_j = 1 | v) */
void qn__rbm_hidden(const qn__rbm *m, double inverse, const uint64_t *row, double *means);
/* One sweep of a chain: hidden units, then visible ones. `fields` has room for the bits. */
void qn__rbm_sweep(const qn__rbm *m, double inverse, uint64_t *row, double *means, double *fields, uint64_t seed,
                   uint64_t stream);
/* Adds `weight` times v h, v and h of a row with its hidden means. */
void qn__rbm_add_statistics(const qn__rbm *m, const uint64_t *row, const double *means, double weight,
                            double *gradient);
/* Rows of the data, drawn: chains begin there. */
void qn__rbm_draw_rows(const qn_bit_table *data, uint64_t seed, uint64_t stream, qn_bit_table *rows);
/* The positive phase: draws a batch and adds minus its mean statistics. `means`: hidden. */
void qn__rbm_add_batch(const qn__rbm *m, const qn_bit_table *data, uint64_t seed, qn_bit_table *batch, double *means,
                       double *gradient);
/* Logarithm of p_t(v), not normalised, at two inverse temperatures. */
void qn__rbm_log_weights(const qn__rbm *m, const uint64_t *row, double first, double second, double out[2]);

/* rbm_tempered.c: probability of exchanging the strings of replicas at inverse temperatures a and b. */
double qn__rbm_exchange(const qn__rbm *m, double a, double b, const uint64_t *row_a, const uint64_t *row_b);
/* A sweep of every replica, then exchanges of even or odd neighbours; `scratch`: hidden + bits. */
void qn__rbm_ladder_sweep(const qn__rbm *m, size_t replicas, const double *inverse, uint64_t *rows, size_t words,
                          double *scratch, uint64_t seed, uint64_t stream);

#endif
