/* diagonal.h: all 2^n costs of a function of spins, computed once: as 16-bit multiples of a unit when the costs are
 * whole multiples of one, else as numbers. */
#ifndef QN_ALGORITHM_QAOA_DIAGONAL_H
#define QN_ALGORITHM_QAOA_DIAGONAL_H

#include <quern/context.h>
#include <quern/qubo.h>

enum { QN__QAOA_LEAST_BITS = 5, QN__QAOA_MOST_BITS = 34 };

/* C = offset + sum_t c_t (-1)^popcount(x & z_t), at most 63 variables. */
typedef struct qn__spin_terms {
    uint32_t nqubits;
    size_t count;
    double offset;
    uint64_t *z; /* no zeros */
    double *c;
} qn__spin_terms;

QN_MUST_USE qn_status qn__spin_terms_create(qn_cost cost, qn__spin_terms *out);
void qn__spin_terms_release(qn__spin_terms *terms);
double qn__spin_terms_value(const qn__spin_terms *terms, uint64_t x);

typedef struct qn__diagonal {
    uint32_t nqubits; /* of the problem */
    uint32_t bits;   /* of the table: those of the problem, less one when `mirrored`, at least QN__QAOA_LEAST_BITS; what
                        is beyond the problem's own costs nothing */
    bool mirrored;   /* C(x) = C(not x): only x with the last spin up is kept */
    uint16_t *index; /* C = low + unit * index, or NULL */
    double *value;   /* when index is NULL */
    double low, high, unit;
    uint64_t best;   /* a state of cost `low` */
    uint64_t optima; /* states of cost within rounding of `low`, of all 2^nqubits */
} qn__diagonal;

/* Bytes of the table at worst. */
uint64_t qn__diagonal_bytes(uint32_t nqubits, bool mirrored);
/* `mirrored` is a wish: it holds when every term has an even number of spins. */
QN_MUST_USE qn_status qn__diagonal_create(const qn_context *context, const qn__spin_terms *terms, bool mirrored,
                                          qn__diagonal *out);
void qn__diagonal_release(qn__diagonal *diagonal);
static inline double qn__diagonal_at(const qn__diagonal *d, uint64_t x)
{
    return d->index != NULL ? d->low + d->unit * (double)d->index[x] : d->value[x];
}
/* Within rounding of the lowest cost. */
static inline bool qn__diagonal_is_best(const qn__diagonal *d, uint64_t x)
{
    return d->index != NULL ? d->index[x] == 0 : d->value[x] - d->low <= 1e-9 * (d->high - d->low);
}

#endif
