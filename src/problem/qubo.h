/* qubo.h: the inside of cost functions, for the solvers beside them. */
#ifndef QN_PROBLEM_QUBO_H
#define QN_PROBLEM_QUBO_H

#include <quern/qubo.h>

typedef struct qn__pair {
    uint32_t i, j; /* i < j */
    double b;
} qn__pair;

struct qn_qubo {
    uint32_t n;
    bool finished;
    double constant;
    double *linear;
    qn__pair *pairs; /* as added; sorted and merged once finished */
    size_t npairs, pair_capacity;
    uint64_t *start; /* n + 1; rows of the symmetric matrix, once finished */
    uint32_t *neighbour;
    double *weight;
    uint32_t *members; /* of all groups */
    size_t nmembers, member_capacity;
    struct qn__group {
        size_t end; /* in members */
        uint32_t ones;
    } * groups;
    size_t ngroups, group_capacity;
};

typedef struct qn__product {
    size_t first; /* in `variables` */
    uint32_t count;
    double c;
} qn__product;

struct qn_polynomial {
    uint32_t n, degree;
    bool finished;
    double constant;
    qn__product *terms;
    size_t nterms, term_capacity;
    uint32_t *variables;
    size_t nvariables, variable_capacity;
    uint64_t *start; /* n + 1; the terms of each variable, once finished */
    uint32_t *term_of;
};

/* The coupling b_ij of a finished model, by halving its row; 0 when there is none. */
static inline double qn__qubo_coupling(const qn_qubo *qubo, uint32_t i, uint32_t j)
{
    uint64_t low = qubo->start[i], high = qubo->start[i + 1];
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (qubo->neighbour[middle] < j) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < qubo->start[i + 1] && qubo->neighbour[low] == j ? qubo->weight[low] : 0;
}

/* Solutions of at most 63 variables as words and as bytes. */
static inline void qn__unpack(uint64_t state, uint32_t n, uint8_t *x)
{
    for (uint32_t i = 0; i < n; i++) {
        x[i] = (uint8_t)(state >> i & 1);
    }
}

#endif
