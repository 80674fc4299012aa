/* head_exact.c: an attention head by BLAS: what the quantum one is held against, and its rival. */
#include <math.h>

#include "algorithm/attention/head.h"
#include "base/alloc.h"
#include "base/status.h"
#include "math/product.h"

qn_status qn__head_work_create(const qn_attention_input *in, qn__head_work *work)
{
    const size_t flat = in->tokens * in->head;
    double *const block = qn__calloc(3 * flat + in->tokens * in->tokens, sizeof(double));
    QN_ALLOC_CHECK(block);
    *work = (qn__head_work){block, block + flat, block + 2 * flat, block + 3 * flat, block};
    return QN_OK;
}

static void softmax(const double *scores, size_t seen, size_t tokens, double *weights)
{
    double most = -HUGE_VAL, sum = 0;
    for (size_t j = 0; j < seen; j++) {
        most = fmax(most, scores[j]);
    }
    for (size_t j = 0; j < tokens; j++) {
        weights[j] = j < seen ? exp(scores[j] - most) : 0;
        sum += weights[j];
    }
    for (size_t j = 0; j < seen; j++) {
        weights[j] /= sum;
    }
}

qn_status qn__head_exact(const qn_attention_input *in, qn__head_work *work, double *weights, double *output)
{
    const size_t n = in->tokens, w = in->width, d = in->head;
    QN_TRY(qn__matrix_product(false, false, n, d, w, 1, in->x, in->query, 0, work->query));
    QN_TRY(qn__matrix_product(false, false, n, d, w, 1, in->x, in->key, 0, work->key));
    QN_TRY(qn__matrix_product(false, false, n, d, w, 1, in->x, in->value, 0, work->value));
    QN_TRY(qn__matrix_product(false, true, n, n, d, 1 / sqrt((double)d), work->query, work->key, 0, work->scores));
    for (size_t i = 0; i < n; i++) {
        softmax(work->scores + i * n, qn__head_seen(in, i), n, weights + i * n);
    }
    return qn__matrix_product(false, false, n, d, n, 1, weights, work->value, 0, output);
}
