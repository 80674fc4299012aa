/* affine.h: parameters of a circuit under construction: sums and multiples of affine ones, symbols and expressions
 * included. */
#ifndef QN_CIRCUIT_PASSES_AFFINE_H
#define QN_CIRCUIT_PASSES_AFFINE_H

#include <quern/classical.h>

#include "base/status.h"

/* Memory of terms, released all at once. */
typedef struct qn__affine_pool {
    qn_circuit *circuit; /* gets the expressions that sums make; has those of the parameters under the same numbers */
    struct qn__affine_block *blocks;
} qn__affine_pool;

void qn__affine_pool_release(qn__affine_pool *pool);
/* fa a + fb b; like terms are put together. */
QN_MUST_USE qn_status qn__affine_sum(qn__affine_pool *pool, double fa, const qn_param *a, double fb, const qn_param *b,
                                     qn_param *out);
/* factor a + constant */
QN_MUST_USE qn_status qn__affine_scale(qn__affine_pool *pool, double factor, const qn_param *a, double constant,
                                       qn_param *out);
/* A number, not affine in anything. */
static inline bool qn__affine_fixed(const qn_param *a)
{
    return a->count == 0 && a->expression == 0;
}

#endif
