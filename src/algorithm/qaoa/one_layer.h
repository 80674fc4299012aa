/* one_layer.h: the closed form of one layer, for those who call it often. */
#ifndef QN_ALGORITHM_QAOA_ONE_LAYER_H
#define QN_ALGORITHM_QAOA_ONE_LAYER_H

#include <quern/qaoa.h>

/* offset + sine sin 2b + twice sin 4b + square sin^2 2b, at a fixed gamma. */
typedef struct qn__one_layer {
    double offset, sine, twice, square;
} qn__one_layer;

/* h: fields in spins (qn_qubo_to_ising), whose offset is given too. */
qn__one_layer qn__one_layer_at(const qn_qubo *qubo, const double *h, double offset, double gamma);
double qn__one_layer_value(const qn__one_layer *e, double beta);
double qn__one_layer_best_beta(const qn__one_layer *e, double *value);
/* The best gamma in (low, high]: a grid, then golden sections; the value, and beta with it. */
double qn__one_layer_search(const qn_qubo *qubo, const double *h, double offset, double low, double high, int grid,
                            double *gamma, double *beta);
void qn__one_layer_correlations(const qn_qubo *qubo, const double *h, double gamma, double beta, double *spins,
                                double *pairs);

#endif
