/* rbm_exact.c: restricted Boltzmann machines of few bits, trained by the exact gradient of the likelihood.
 *
 * With p the machine's and d the data's probabilities and m_j(v) = P(h_j = 1 | v): the slopes of -log-likelihood are
 * sum_v (p - d)(v) m_j(v) v_q, sum_v (p - d)(v) v_q and sum_v (p - d)(v) m_j(v). Chains that do not mix between modes,
 * the usual reason for badly trained machines, do not occur: this is the rival at its best. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "learn/generative.h"

typedef struct rbm {
    const qn_context *context;
    const qn_generative_model *model;
    qn__discrepancy target;
    double *probabilities, *excess; /* p, p - d */
    double *room;                   /* 2^bits for each thread's unit */
    double *slope;
    double *parameters; /* of a copy of the model */
} rbm;

/* c + sum_q w_q v_q for all strings. */
static void fill_fields(uint32_t bits, double start, const double *weights, double *fields)
{
    fields[0] = start;
    for (uint32_t q = 0; q < bits; q++) {
        const uint64_t half = UINT64_C(1) << q;
        for (uint64_t x = 0; x < half; x++) {
            fields[half + x] = fields[x] + weights[q];
        }
    }
}

/* sums[q] = sum of f over strings with bit q set; gives the sum over all. Folds f. */
static double fold(uint32_t bits, double *f, double *sums)
{
    for (uint32_t q = bits; q-- > 0;) {
        const uint64_t half = UINT64_C(1) << q;
        double sum = 0;
        for (uint64_t x = 0; x < half; x++) {
            sum += f[half + x];
            f[x] += f[half + x];
        }
        sums[q] = sum;
    }
    return f[0];
}

static qn_status evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    (void)step;
    rbm *const r = user;
    const uint32_t bits = r->model->bits, hidden = r->model->hidden;
    const uint64_t size = r->target.size;
    const size_t weights = (size_t)bits * hidden;
    qn_generative_model model = *r->model;
    memcpy(r->parameters, parameters, model.nparameters * sizeof *parameters);
    model.parameters = r->parameters;
    QN_TRY(qn__rbm_probabilities(&model, r->probabilities));
    *loss = qn__discrepancy_slope(&r->target, r->probabilities,
                                  r->slope); /* for comparison; the likelihood is what rises */
    for (uint64_t x = 0; x < size; x++) {
        r->excess[x] = r->probabilities[x] - r->target.data[x];
    }
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(r->context))
    for (uint32_t j = 0; j < hidden; j++) {
        double *const f = r->room + j * size;
        const double *const w = parameters + (size_t)j * bits;
        fill_fields(bits, parameters[weights + bits + j], w, f);
        for (uint64_t x = 0; x < size; x++) {
            f[x] = r->excess[x] / (1 + exp(-f[x]));
        }
        gradient[weights + bits + j] = fold(bits, f, gradient + (size_t)j * bits);
    }
    (void)fold(bits, r->excess, gradient + weights);
    return QN_OK;
}

static void close_rbm(void *user)
{
    rbm *const r = user;
    qn__discrepancy_close(&r->target);
    qn__free(r->probabilities);
    qn__free(r->parameters);
    qn__free(r);
}

qn_status qn__rbm_exact(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                        const double *sigma, size_t nsigmas, qn__trainee *out)
{
    const uint64_t size = UINT64_C(1) << model->bits;
    QN_TRY(qn__context_check_bytes(context, size * (6 + model->hidden) * sizeof(double), "exact training",
                                   "fewer bits or hidden units"));
    rbm *const r = qn__calloc(1, sizeof *r);
    QN_ALLOC_CHECK(r);
    r->context = context;
    r->model = model;
    r->probabilities = qn__alloc(size * (3 + (size_t)model->hidden), sizeof(double));
    r->parameters = qn__alloc(model->nparameters, sizeof(double));
    const qn_status status = r->probabilities == NULL || r->parameters == NULL
                                 ? QN_ERR_MEMORY
                                 : qn__discrepancy_open(context, data, sigma, nsigmas, &r->target);
    if (status != QN_OK) {
        close_rbm(r);
        return status;
    }
    r->excess = r->probabilities + size;
    r->slope = r->excess + size;
    r->room = r->slope + size;
    *out = (qn__trainee){r, evaluate, close_rbm};
    return QN_OK;
}
