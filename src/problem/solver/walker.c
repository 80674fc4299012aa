/* walker.c: flips by increments, for quadratic models and for polynomials. */
#include "problem/solver/walker.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

qn_status qn__walker_create(qn_cost cost, qn__walker *out)
{
    qn__walker walker = {.cost = cost, .n = qn_cost_variables(cost)};
    const size_t terms = cost.polynomial != NULL ? cost.polynomial->nterms : 0;
    walker.delta = qn__alloc(walker.n + terms, sizeof *walker.delta);
    walker.x = qn__calloc(walker.n, 1);
    if (walker.delta == NULL || walker.x == NULL) {
        qn__walker_release(&walker);
        return QN_ERR_MEMORY;
    }
    walker.signed_terms = walker.delta + walker.n;
    *out = walker;
    return QN_OK;
}

void qn__walker_release(qn__walker *walker)
{
    qn__free(walker->delta);
    qn__free(walker->x);
    walker->delta = NULL;
    walker->x = NULL;
}

static void settle_quadratic(qn__walker *w)
{
    const qn_qubo *const qubo = w->cost.qubo;
    double twice = 0;
    w->value = qubo->constant;
    for (uint32_t i = 0; i < w->n; i++) {
        double field = 0;
        for (uint64_t k = qubo->start[i]; k < qubo->start[i + 1]; k++) {
            field += w->x[qubo->neighbour[k]] != 0 ? qubo->weight[k] : 0;
        }
        w->value += w->x[i] != 0 ? qubo->linear[i] : 0;
        twice += w->x[i] != 0 ? field : 0;
        field += qubo->linear[i];
        w->delta[i] = w->x[i] != 0 ? -field : field;
    }
    w->value += twice / 2;
}

static void settle_polynomial(qn__walker *w)
{
    const qn_polynomial *const p = w->cost.polynomial;
    w->value = p->constant;
    memset(w->delta, 0, w->n * sizeof *w->delta);
    for (size_t t = 0; t < p->nterms; t++) {
        const uint32_t *const list = p->variables + p->terms[t].first;
        unsigned parity = 0;
        for (uint32_t k = 0; k < p->terms[t].count; k++) {
            parity ^= w->x[list[k]];
        }
        const double product = (parity & 1) != 0 ? -p->terms[t].c : p->terms[t].c;
        w->signed_terms[t] = product;
        w->value += product;
        for (uint32_t k = 0; k < p->terms[t].count; k++) {
            w->delta[list[k]] -= 2 * product;
        }
    }
}

void qn__walker_settle(qn__walker *walker)
{
    if (walker->cost.qubo != NULL) {
        settle_quadratic(walker);
    } else {
        settle_polynomial(walker);
    }
}

static void flip_quadratic(qn__walker *w, uint32_t i)
{
    const qn_qubo *const qubo = w->cost.qubo;
    const uint32_t *const neighbour = qubo->neighbour;
    const double *const weight = qubo->weight;
    const double up = w->x[i] != 0 ? -1 : 1; /* x_i moves by this, and so does every field it enters */
    for (uint64_t k = qubo->start[i]; k < qubo->start[i + 1]; k++) {
        const uint32_t j = neighbour[k];
        w->delta[j] += w->x[j] != 0 ? -up * weight[k] : up * weight[k];
    }
}

static void flip_polynomial(qn__walker *w, uint32_t i)
{
    const qn_polynomial *const p = w->cost.polynomial;
    for (uint64_t k = p->start[i]; k < p->start[i + 1]; k++) {
        const uint32_t t = p->term_of[k];
        const double change = 4 * w->signed_terms[t];
        const uint32_t *const list = p->variables + p->terms[t].first;
        for (uint32_t v = 0; v < p->terms[t].count; v++) {
            w->delta[list[v]] += list[v] == i ? 0 : change;
        }
        w->signed_terms[t] = -w->signed_terms[t];
    }
}

void qn__walker_flip(qn__walker *walker, uint32_t i)
{
    if (walker->cost.qubo != NULL) {
        flip_quadratic(walker, i);
    } else {
        flip_polynomial(walker, i);
    }
    walker->value += walker->delta[i];
    walker->delta[i] = -walker->delta[i];
    walker->x[i] ^= 1;
}

uint64_t qn__walker_sweep(qn__walker *walker, qn__draws *draws, double temperature)
{
    const double beta = 1 / temperature, never = 22.2 * temperature; /* e^-22.2 is below the generator's 2^-32 */
    uint64_t flips = 0;
    for (uint32_t i = 0; i < walker->n; i++) {
        const double change = walker->delta[i];
        if (change <= 0 || (change < never && qn__draw_uniform(draws) < exp(-change * beta))) {
            qn__walker_flip(walker, i);
            flips++;
        }
    }
    return flips;
}

static void add_step(double step, double *squares, double *cold)
{
    *squares += step * step;
    if (step != 0 && !(fabs(step) >= *cold)) {
        *cold = fabs(step);
    }
}

void qn__cost_scales(qn_cost cost, const uint8_t *skip, double *hot, double *cold)
{
    double largest = 0, smallest = (double)INFINITY;
    for (uint32_t i = 0; i < qn_cost_variables(cost); i++) {
        double squares = 0;
        if (skip != NULL && skip[i] != 0) {
            continue;
        }
        if (cost.qubo != NULL) {
            const qn_qubo *const qubo = cost.qubo;
            double h = qubo->linear[i];
            for (uint64_t k = qubo->start[i]; k < qubo->start[i + 1]; k++) {
                h += qubo->weight[k] / 2;
                add_step(qubo->weight[k] / 2, &squares, &smallest); /* a flip changes E by 2 J s s = b / 2 */
            }
            add_step(fabs(h) > 1e-9 * fabs(qubo->linear[i]) ? h : 0, &squares, &smallest);
        } else {
            const qn_polynomial *const p = cost.polynomial;
            for (uint64_t k = p->start[i]; k < p->start[i + 1]; k++) {
                add_step(2 * p->terms[p->term_of[k]].c, &squares, &smallest);
            }
        }
        largest = squares > largest ? squares : largest;
    }
    *hot = sqrt(largest);
    *cold = isfinite(smallest) ? smallest : 0;
}

double qn__cost_degree(qn_cost cost)
{
    double touched = 0;
    if (cost.qubo != NULL) {
        touched = 2 * (double)cost.qubo->npairs;
    } else {
        for (size_t t = 0; t < cost.polynomial->nterms; t++) {
            touched += (double)cost.polynomial->terms[t].count * cost.polynomial->terms[t].count;
        }
    }
    return fmax(1, touched / qn_cost_variables(cost));
}
