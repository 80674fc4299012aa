/* model.h: a Bayesian pairwise model of scores.
 *
 *   f(l) = c + sum_a u_a(l_a) + sum_{a<b} w_ab(l_a, l_b) + noise,
 *
 * all coefficients normal with mean 0: ridge regression on one-hot features of single levels and of pairs, in Bayesian
 * dress (BOCS: Baptista, Poloczek, ICML 2018). Two configurations that agree in s of c choices share s single features
 * and s (s - 1) / 2 pairs, so the covariance of their values needs only s, and the posterior is solved in as many
 * unknowns as there are evaluations. */
#ifndef QN_ALGORITHM_NAS_MODEL_H
#define QN_ALGORITHM_NAS_MODEL_H

#include "algorithm/nas/search.h"

typedef struct qn__nas_model_state {
    const qn_nas_table *table;
    size_t singles, pairs; /* coefficients */
    double *unary, *pair;  /* the current draw or mean: a qn_surrogate's coefficients */
    double *target;        /* normal scores of the seen entries' costs */
    double *gram, *right;  /* n x n and n */
    double pair_share;     /* of the prior variance that is in pairs */
    double noise;          /* variance, in units of the prior's */
    double amplitude;      /* the prior's variance */
    size_t chosen_at;      /* evaluations when these were chosen last */
} qn__nas_model_state;

QN_MUST_USE qn_status qn__nas_model_create(const qn_nas_table *table, size_t evaluations, qn__nas_model_state *out);
void qn__nas_model_release(qn__nas_model_state *model);
/* A draw from the posterior given all that the run has seen (the mean on options.mean). The prior's scale, its share of
 * pairs and the noise are those of the largest marginal likelihood on a grid, chosen anew every time the number of
 * evaluations has grown by a quarter. */
QN_MUST_USE qn_status qn__nas_model_draw(qn__nas_model_state *model, qn__nas_run *run);
/* The current draw as a function to minimise; borrowed. */
qn_surrogate qn__nas_model_surrogate(const qn__nas_model_state *model);

#endif
