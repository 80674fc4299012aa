/* qaoa_graphs.h: small graphs with known cuts, and random models. */
#ifndef QAOA_GRAPHS_H
#define QAOA_GRAPHS_H

#include <qn_random.h>

#include <quern/qaoa.h>

/* Minus the cut: each edge adds -(1 - s_i s_j) / 2. */
static inline void add_cut(qn_qubo *qubo, uint32_t i, uint32_t j, double weight)
{
    assert_ok(qn_qubo_add_constant(qubo, -0.5 * weight));
    assert_ok(qn_qubo_add_coupling(qubo, i, j, 0.5 * weight));
}

static inline qn_qubo *new_model(uint32_t n)
{
    qn_qubo *qubo = NULL;
    assert_ok(qn_qubo_create(n, &qubo));
    return qubo;
}

static inline qn_qubo *ring_cut(uint32_t n)
{
    qn_qubo *qubo = new_model(n);
    for (uint32_t i = 0; i < n; i++) {
        add_cut(qubo, i, (i + 1) % n, 1.0);
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

static inline qn_qubo *petersen_cut(void)
{
    qn_qubo *qubo = new_model(10);
    for (uint32_t i = 0; i < 5; i++) {
        add_cut(qubo, i, (i + 1) % 5, 1.0);
        add_cut(qubo, i, i + 5, 1.0);
        add_cut(qubo, 5 + i, 5 + (i + 2) % 5, 1.0);
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

/* LCF [5, -5]^7 */
static inline qn_qubo *heawood_cut(void)
{
    qn_qubo *qubo = new_model(14);
    for (uint32_t i = 0; i < 14; i++) {
        add_cut(qubo, i, (i + 1) % 14, 1.0);
        if (i % 2 == 0) {
            add_cut(qubo, i, (i + 5) % 14, 1.0);
        }
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

static inline qn_qubo *complete_cut(uint32_t n)
{
    qn_qubo *qubo = new_model(n);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < i; j++) {
            add_cut(qubo, j, i, 1.0);
        }
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

/* Weighted, with fields unless `even`; whole numbers on request. */
static inline qn_qubo *random_model(qn_random *r, uint32_t n, bool even, bool whole)
{
    qn_qubo *qubo = new_model(n);
    for (uint32_t i = 0; i < n; i++) {
        if (whole) {
            assert_ok(qn_qubo_add_linear(qubo, i, (double)qn_random_below(r, 9) - 4.0));
        } else if (!even) {
            assert_ok(qn_qubo_add_field(qubo, i, qn_random_between(r, -1, 1)));
        }
        for (uint32_t j = 0; j < i; j++) {
            if (qn_random_below(r, 2) == 0) {
                if (whole) {
                    assert_ok(qn_qubo_add_quadratic(qubo, i, j, (double)qn_random_below(r, 7) - 3.0));
                } else {
                    assert_ok(qn_qubo_add_coupling(qubo, i, j, qn_random_between(r, -1, 1)));
                }
            }
        }
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

/* Low-autocorrelation sequences, E = sum_k C_k^2, straight from the definition. */
static inline qn_polynomial *autocorrelation(uint32_t n)
{
    qn_polynomial *p = NULL;
    assert_ok(qn_polynomial_create(n, &p));
    for (uint32_t k = 1; k < n; k++) {
        for (uint32_t i = 0; i + k < n; i++) {
            for (uint32_t j = 0; j + k < n; j++) {
                const uint32_t spins[4] = {i, i + k, j, j + k};
                assert_ok(qn_polynomial_add_spins(p, 1.0, spins, 4));
            }
        }
    }
    assert_ok(qn_polynomial_finish(p));
    return p;
}

static inline qn_cost cost_of(const qn_qubo *qubo)
{
    return (qn_cost){qubo, NULL};
}

#endif
