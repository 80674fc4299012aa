/* fermion_sum.h: the inside of a fermion sum, for the files of this folder. */
#ifndef QN_OPERATOR_FERMION_SUM_H
#define QN_OPERATOR_FERMION_SUM_H

#include <quern/fermion.h>

/* Term t is coefficients[t] times ladders[starts[t] .. starts[t] + counts[t]). */
struct qn_fermion_sum {
    uint32_t nmodes;
    size_t terms;
    qn_complex *coefficients;
    size_t *starts, *counts;
    size_t coefficients_capacity, starts_capacity, counts_capacity;
    qn_ladder *ladders;
    size_t used, ladders_capacity;
};

/* Append without looking at modes or numbers. `product` must not lie in the sum itself. */
QN_MUST_USE qn_status qn__fermion_sum_push(qn_fermion_sum *sum, qn_complex coefficient, const qn_ladder *product,
                                           size_t count);

#endif
