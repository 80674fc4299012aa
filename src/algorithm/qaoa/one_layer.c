/* one_layer.c: averages after one layer in closed form, for any number of variables.
 *
 * With C = sum h_i Z_i + sum J_ij Z_i Z_j (Ozaeta, van Dam, McMahon, Quantum Sci. Technol. 7, 045036 (2022); Wang,
 * Hadfield, Jiang, Rieffel, arXiv:1706.02998, for cuts):
 *   <Z_i> = sin 2b sin(2 g h_i) prod_k cos(2 g J_ik)
 *   <Z_i Z_j> = 1/2 sin 4b sin(2 g J_ij) [cos(2 g h_i) prod_k cos(2 g J_ik) + cos(2 g h_j) prod_k cos(2 g J_jk)]
 *               - 1/2 sin^2 2b [cos(2 g (h_i + h_j)) prod_k cos(2 g (J_ik + J_jk))
 *                               - cos(2 g (h_i - h_j)) prod_k cos(2 g (J_ik - J_jk))],  k not i, j. */
#include "algorithm/qaoa/one_layer.h"

#include <math.h>

#include "base/alloc.h"
#include "base/status.h"

/* Of a pair: the factors of 1/2 sin 4b and of - 1/2 sin^2 2b. */
typedef struct pair_factors {
    double first, second;
} pair_factors;

/* Product over the neighbours of i but j. */
static double product_of(const qn_qubo *qubo, uint32_t i, uint32_t j, double gamma)
{
    const uint32_t *neighbours = NULL;
    const double *weights = NULL;
    const size_t degree = qn_qubo_row(qubo, i, &neighbours, &weights);
    double product = 1.0;
    for (size_t k = 0; k < degree; k++) {
        product *= neighbours[k] != j ? cos(0.5 * gamma * weights[k]) : 1.0;
    }
    return product;
}

/* Both rows side by side, merged. */
static pair_factors factors_of(const qn_qubo *qubo, const double *h, double gamma, uint32_t i, uint32_t j, double b)
{
    const uint32_t *ni = NULL, *nj = NULL;
    const double *wi = NULL, *wj = NULL;
    const size_t di = qn_qubo_row(qubo, i, &ni, &wi), dj = qn_qubo_row(qubo, j, &nj, &wj);
    const double g = 0.5 * gamma; /* 2 g J = g b / 2 */
    double only_i = 1.0, only_j = 1.0, shared_i = 1.0, shared_j = 1.0, sum = 1.0, difference = 1.0;
    for (size_t x = 0, y = 0; x < di || y < dj;) {
        const uint32_t kx = x < di ? ni[x] : UINT32_MAX, ky = y < dj ? nj[y] : UINT32_MAX;
        if (kx == j) {
            x++;
        } else if (ky == i) {
            y++;
        } else if (kx == ky) {
            const double cx = cos(g * wi[x]), sx = sin(g * wi[x]), cy = cos(g * wj[y]), sy = sin(g * wj[y]);
            shared_i *= cx;
            shared_j *= cy;
            sum *= cx * cy - sx * sy;
            difference *= cx * cy + sx * sy;
            x++;
            y++;
        } else if (kx < ky) {
            only_i *= cos(g * wi[x++]);
        } else {
            only_j *= cos(g * wj[y++]);
        }
    }
    const double hi = 2.0 * gamma * h[i], hj = 2.0 * gamma * h[j], apart = only_i * only_j;
    return (pair_factors){sin(g * b) * (cos(hi) * only_i * shared_i + cos(hj) * only_j * shared_j),
                          apart * (cos(hi + hj) * sum - cos(hi - hj) * difference)};
}

qn__one_layer qn__one_layer_at(const qn_qubo *qubo, const double *h, double offset, double gamma)
{
    qn__one_layer e = {offset, 0.0, 0.0, 0.0};
    for (uint32_t i = 0; i < qn_qubo_variables(qubo); i++) {
        if (h[i] != 0.0) {
            e.sine += h[i] * sin(2.0 * gamma * h[i]) * product_of(qubo, i, UINT32_MAX, gamma);
        }
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(qubo, i, &neighbours, &weights);
        for (size_t k = 0; k < degree; k++) {
            if (neighbours[k] > i) {
                const pair_factors f = factors_of(qubo, h, gamma, i, neighbours[k], weights[k]);
                e.twice += 0.125 * weights[k] * f.first;
                e.square -= 0.125 * weights[k] * f.second;
            }
        }
    }
    return e;
}

double qn__one_layer_value(const qn__one_layer *e, double beta)
{
    const double s = sin(2.0 * beta);
    return e->offset + e->sine * s + e->twice * sin(4.0 * beta) + e->square * s * s;
}

/* A smooth function of period pi: a grid, then golden sections. */
double qn__one_layer_best_beta(const qn__one_layer *e, double *value)
{
    enum { GRID = 48, half = GRID / 2 };
    const double step = 3.14159265358979323846 / GRID, ratio = 0.61803398874989484820;
    double best = 0.0;
    *value = HUGE_VAL;
    for (int k = 0; k < GRID; k++) {
        const double v = qn__one_layer_value(e, step * (double)(k - half));
        if (v < *value) {
            *value = v;
            best = step * (double)(k - half);
        }
    }
    double low = best - step, high = best + step;
    for (int k = 0; k < 60; k++) {
        const double a = high - ratio * (high - low), b = low + ratio * (high - low);
        if (qn__one_layer_value(e, a) < qn__one_layer_value(e, b)) {
            high = b;
        } else {
            low = a;
        }
    }
    best = 0.5 * (low + high);
    *value = qn__one_layer_value(e, best);
    return best;
}

static double value_at(const qn_qubo *qubo, const double *h, double offset, double gamma, double *beta)
{
    const qn__one_layer e = qn__one_layer_at(qubo, h, offset, gamma);
    double value = 0.0;
    *beta = qn__one_layer_best_beta(&e, &value);
    return value;
}

double qn__one_layer_search(const qn_qubo *qubo, const double *h, double offset, double low, double high, int grid,
                            double *gamma, double *beta)
{
    const double step = (high - low) / grid, ratio = 0.61803398874989484820;
    double best = HUGE_VAL, at = low, unused = 0.0;
    for (int k = 1; k <= grid; k++) {
        const double v = value_at(qubo, h, offset, low + step * k, &unused);
        if (v < best) {
            best = v;
            at = low + step * k;
        }
    }
    double from = at - step, to = at + step;
    double a = to - ratio * (to - from), b = from + ratio * (to - from);
    double va = value_at(qubo, h, offset, a, &unused), vb = value_at(qubo, h, offset, b, &unused);
    while (to - from > 1e-7 * fabs(to) + 1e-12) {
        if (va < vb) {
            to = b;
            b = a;
            vb = va;
            a = to - ratio * (to - from);
            va = value_at(qubo, h, offset, a, &unused);
        } else {
            from = a;
            a = b;
            va = vb;
            b = from + ratio * (to - from);
            vb = value_at(qubo, h, offset, b, &unused);
        }
    }
    *gamma = 0.5 * (from + to);
    return value_at(qubo, h, offset, *gamma, beta);
}

static qn_status fields_of(const qn_qubo *qubo, double **h, double *offset)
{
    QN_CHECK(qubo != NULL, ERR_ARGUMENT, "a quadratic model is needed");
    *h = qn__alloc(qn_qubo_variables(qubo), sizeof **h);
    QN_ALLOC_CHECK(*h);
    *offset = qn_qubo_to_ising(qubo, *h);
    return QN_OK;
}

qn_status qn_qaoa_one_layer(const qn_qubo *qubo, double gamma, double beta, double *value)
{
    QN_CHECK(isfinite(gamma) && isfinite(beta), ERR_NAN, "an angle is not a finite number");
    double *h = NULL, offset = 0.0;
    QN_TRY(fields_of(qubo, &h, &offset));
    const qn__one_layer e = qn__one_layer_at(qubo, h, offset, gamma);
    *value = qn__one_layer_value(&e, beta);
    qn__free(h);
    return QN_OK;
}

void qn__one_layer_correlations(const qn_qubo *qubo, const double *h, double gamma, double beta, double *spins,
                                double *pairs)
{
    const double s = sin(2.0 * beta), twice = sin(4.0 * beta);
    size_t next = 0;
    for (uint32_t i = 0; i < qn_qubo_variables(qubo); i++) {
        spins[i] = h[i] != 0.0 ? s * sin(2.0 * gamma * h[i]) * product_of(qubo, i, UINT32_MAX, gamma) : 0.0;
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(qubo, i, &neighbours, &weights);
        for (size_t k = 0; k < degree; k++) {
            if (neighbours[k] > i) {
                const pair_factors f = factors_of(qubo, h, gamma, i, neighbours[k], weights[k]);
                pairs[next++] = 0.5 * (twice * f.first - s * s * f.second);
            }
        }
    }
}

qn_status qn_qaoa_one_layer_correlations(const qn_qubo *qubo, double gamma, double beta, double *spins, double *pairs)
{
    QN_CHECK(isfinite(gamma) && isfinite(beta), ERR_NAN, "an angle is not a finite number");
    double *h = NULL, offset = 0.0;
    QN_TRY(fields_of(qubo, &h, &offset));
    qn__one_layer_correlations(qubo, h, gamma, beta, spins, pairs);
    qn__free(h);
    return QN_OK;
}

qn_status qn_qaoa_one_layer_angles(const qn_qubo *qubo, double *gamma, double *beta, double *value)
{
    double *h = NULL, offset = 0.0;
    QN_TRY(fields_of(qubo, &h, &offset));
    const double scale = qn_qaoa_scale((qn_cost){qubo, NULL});
    *value = qn__one_layer_search(qubo, h, offset, 0.0, 3.0 / scale, 64, gamma, beta);
    qn__free(h);
    return QN_OK;
}
