/* head.h: what the files on an attention head share. */
#ifndef QN_ALGORITHM_HEAD_H
#define QN_ALGORITHM_HEAD_H

#include <quern/attention.h>

/* Tokens that row i sees: 0 ... seen - 1. */
static inline size_t qn__head_seen(const qn_attention_input *input, size_t i)
{
    return input->causal ? i + 1 : input->tokens;
}

/* Projections and scores, then exact weights and output. Memory of the caller: query, key, value tokens x head, scores
 * tokens x tokens. */
typedef struct qn__head_work {
    double *query, *key, *value, *scores;
    double *block;
} qn__head_work;
QN_MUST_USE qn_status qn__head_work_create(const qn_attention_input *input, qn__head_work *work);
QN_MUST_USE qn_status qn__head_exact(const qn_attention_input *input, qn__head_work *work, double *weights,
                                     double *output);

/* sum c_k T_k(t) for k up to the degree. */
double qn__softmax_value(const double *coefficients, uint32_t degree, double t);
/* Row i of P(t), not normalised, for `seen` scores, t = (score - shift) * scale. */
void qn__softmax_row(const double *coefficients, uint32_t degree, double scale, double shift, const double *scores,
                     size_t seen, double *out);

#endif
