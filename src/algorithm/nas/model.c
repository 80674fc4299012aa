/* model.c: posterior draws of the pairwise model (see model.h).
 *
 * A draw is the prior's draw corrected by what it gets wrong (Matheron's rule): with coefficients beta0 from the prior
 * and noise e, beta = beta0 + V X' (X V X' + s2)^-1 (y - X beta0 - e) is distributed as the posterior. */
#include "algorithm/nas/model.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "math/linalg.h"
#include "math/special.h"

static const double share_grid[] = {0.05, 0.2, 0.4, 0.7}, noise_grid[] = {0.003, 0.02, 0.1, 0.4};
enum { SHARES = 4, NOISES = 4 };
static const double most_features = 0x1p22;

qn_status qn__nas_model_create(const qn_nas_table *table, size_t evaluations, qn__nas_model_state *out)
{
    qn__nas_model_state m = {.table = table};
    double pairs = 0;
    for (uint32_t a = 0; a < table->choices; a++) {
        m.singles += table->levels[a];
        for (uint32_t b = a + 1; b < table->choices; b++) {
            pairs += (double)table->levels[a] * table->levels[b];
        }
    }
    QN_CHECK(pairs <= most_features, ERR_TOO_LARGE, "a model of %.0f pairs of levels; at most %.0f", pairs,
             most_features);
    m.pairs = (size_t)pairs;
    m.unary = qn__alloc(m.singles + m.pairs, sizeof *m.unary);
    m.target = qn__alloc(2 * evaluations, sizeof *m.target);
    m.gram = qn__alloc(evaluations, evaluations * sizeof *m.gram);
    if (m.unary == NULL || m.target == NULL || m.gram == NULL) {
        qn__nas_model_release(&m);
        return QN_ERR_MEMORY;
    }
    m.pair = m.unary + m.singles;
    m.right = m.target + evaluations;
    *out = m;
    return QN_OK;
}

void qn__nas_model_release(qn__nas_model_state *model)
{
    qn__free(model->unary);
    qn__free(model->target);
    qn__free(model->gram);
}

qn_surrogate qn__nas_model_surrogate(const qn__nas_model_state *m)
{
    return (qn_surrogate){m->table->choices, m->table->levels, 0, m->unary, m->pairs > 0 ? m->pair : NULL};
}

/* Normal scores: the k-th lowest of n costs becomes the quantile (k - 3/8) / (n + 1/4) of the normal distribution, ties
 * the mean of theirs. What a pairwise model is asked for is the order at the low end; a few hopeless entries must not
 * set the scale. */
static void make_targets(qn__nas_model_state *m, const qn__nas_run *run)
{
    const size_t n = run->spent;
    for (size_t k = 0; k < n; k++) {
        const double cost = run->table->cost[run->seen[k]];
        size_t below = 0, same = 0;
        for (size_t i = 0; i < n; i++) {
            const double other = run->table->cost[run->seen[i]];
            below += other < cost;
            same += other == cost;
        }
        const double rank = (double)below + ((double)same + 1) / 2;
        m->target[k] = qn__normal_quantile((rank - 0.375) / ((double)n + 0.25));
    }
}

/* Variances of a single coefficient and of one of a pair, for a prior of variance 1. */
static void variances(const qn__nas_model_state *m, double share, double *single, double *pair)
{
    const double c = m->table->choices;
    *single = m->pairs > 0 ? (1 - share) / c : 1;
    *pair = m->pairs > 0 ? 2 * share / (c * (c - 1)) : 0;
}

/* Lower triangle of the covariance of the seen values (a constant of variance 1 included) plus noise, in units of the
 * amplitude. */
static void covariance(qn__nas_model_state *m, const qn__nas_run *run, double share, double noise)
{
    const size_t n = run->spent;
    const uint32_t c = m->table->choices;
    double single = 0, pair = 0;
    variances(m, share, &single, &pair);
    for (size_t j = 0; j < n; j++) {
        const uint32_t *const x = qn__nas_levels(m->table, run->seen[j]);
        for (size_t i = j; i < n; i++) {
            const uint32_t *const y = qn__nas_levels(m->table, run->seen[i]);
            uint32_t same = 0;
            for (uint32_t a = 0; a < c; a++) {
                same += x[a] == y[a];
            }
            m->gram[i + n * j] = 1 + single * same + pair * same * (same - 1.0) / 2 + (i == j ? noise : 0);
        }
    }
}

/* The grid point of largest marginal likelihood, -n/2 log(y' R^-1 y / n) - 1/2 log det R with the amplitude at its
 * best. */
static qn_status choose_prior(qn__nas_model_state *m, const qn__nas_run *run)
{
    const size_t n = run->spent;
    double best = -(double)INFINITY;
    for (int s = 0; s < (m->pairs > 0 ? SHARES : 1); s++) {
        for (int v = 0; v < NOISES; v++) {
            double log_determinant = 0, fit = 0;
            covariance(m, run, share_grid[s], noise_grid[v]);
            memcpy(m->right, m->target, n * sizeof *m->right);
            QN_TRY(qn__linalg_positive_solve(n, m->gram, m->right, &log_determinant));
            for (size_t k = 0; k < n; k++) {
                fit += m->target[k] * m->right[k] / (double)n;
            }
            fit = fmax(fit, 1e-12);
            const double likelihood = -0.5 * (double)n * log(fit) - 0.5 * log_determinant;
            if (likelihood > best) {
                best = likelihood;
                m->pair_share = share_grid[s];
                m->noise = noise_grid[v];
                m->amplitude = fit;
            }
        }
    }
    m->chosen_at = n;
    return QN_OK;
}

/* beta0, and the right side y - X beta0 - e. */
static void draw_prior(qn__nas_model_state *m, qn__nas_run *run, double single, double pair)
{
    const double scale = run->options.mean ? 0 : sqrt(m->amplitude);
    const double of_single = scale * sqrt(single), of_pair = scale * sqrt(pair), of_noise = scale * sqrt(m->noise);
    for (size_t k = 0; k < m->singles; k++) {
        m->unary[k] = scale > 0 ? of_single * qn__nas_normal(run) : 0;
    }
    for (size_t k = 0; k < m->pairs; k++) {
        m->pair[k] = scale > 0 ? of_pair * qn__nas_normal(run) : 0;
    }
    qn_surrogate prior = qn__nas_model_surrogate(m);
    prior.constant = scale > 0 ? scale * qn__nas_normal(run) : 0;
    for (size_t k = 0; k < run->spent; k++) {
        const double value = qn_surrogate_value(&prior, qn__nas_levels(m->table, run->seen[k]));
        m->right[k] = m->target[k] - value - (scale > 0 ? of_noise * qn__nas_normal(run) : 0);
    }
}

/* Adds V X' alpha. */
static void correct(qn__nas_model_state *m, const qn__nas_run *run, double single, double pair)
{
    const qn_nas_table *const t = m->table;
    for (size_t k = 0; k < run->spent; k++) {
        const uint32_t *const x = qn__nas_levels(t, run->seen[k]);
        double *u = m->unary, *w = m->pair;
        for (uint32_t a = 0; a < t->choices; u += t->levels[a++]) {
            u[x[a]] += single * m->right[k];
            for (uint32_t b = a + 1; b < t->choices; b++) {
                w[(size_t)x[a] * t->levels[b] + x[b]] += pair * m->right[k];
                w += (size_t)t->levels[a] * t->levels[b];
            }
        }
    }
}

qn_status qn__nas_model_draw(qn__nas_model_state *m, qn__nas_run *run)
{
    double single = 0, pair = 0;
    make_targets(m, run);
    if (m->chosen_at == 0 || run->spent >= m->chosen_at + m->chosen_at / 4) {
        QN_TRY(choose_prior(m, run));
    }
    variances(m, m->pair_share, &single, &pair);
    draw_prior(m, run, single, pair);
    covariance(m, run, m->pair_share, m->noise);
    QN_TRY(qn__linalg_positive_solve(run->spent, m->gram, m->right, NULL));
    correct(m, run, single, pair);
    return QN_OK;
}
