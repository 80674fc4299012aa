/* product.h: what the files on matrix products share. */
#ifndef QN_ALGORITHM_PRODUCT_H
#define QN_ALGORITHM_PRODUCT_H

#include <quern/attention.h>

/* A product under way. */
typedef struct qn__product_job {
    qn_context *context;
    const double *a, *b;
    double *b_columns;                 /* columns x inner: B transposed */
    double *row_norms, *column_norms;  /* |a_i|, |b_j| */
    const qn_product_options *options; /* defaults filled in */
    qn_product *out;
    double calls; /* of amplitude estimation's circuit and inverse, all entries */
} qn__product_job;

/* Fill out->quantum. */
QN_MUST_USE qn_status qn__product_entries(qn__product_job *job);
QN_MUST_USE qn_status qn__product_state(qn__product_job *job);
/* The rival and Freivalds' check of both results. */
QN_MUST_USE qn_status qn__product_rival(qn__product_job *job);
QN_MUST_USE qn_status qn__product_check(qn__product_job *job);

#endif
