/* gates_exact.c: IQP circuits and their bit-flip twins of few qubits, exactly, by Walsh-Hadamard transforms.
 *
 * exp(i sum_j theta_j X_{g_j})|0> has the amplitudes psi(x) = 2^-n sum_z e^{i phi(z)} (-1)^{x.z}, where phi(z) = sum_j
 * theta_j (-1)^{z.g_j} is the transform of the parameters put at their masks. With O the slope of a loss on the
 * probabilities and chi the transform of O psi, dL/dtheta_j = sum_z (-1)^{z.g_j} 2 Re(i e^{i phi(z)} conj chi(z)): a
 * transform again, read at the masks. A step costs a few transforms, whatever the number of gates.
 *
 * The twin flips g_j with probability sin^2 theta_j, so <Z_a> = prod_j cos(2 theta_j)^[a.g_j]: logarithms are added by
 * a transform, signs counted by another. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "learn/generative.h"
#include "math/walsh.h"

typedef struct exact {
    const qn_generative_model *model;
    qn__discrepancy target;
    double *probabilities, *slope, *scratch; /* 2^n, 2^n, 5 * 2^n */
} exact;

/* Transform of numbers that stand at the gates' masks. */
static void spread(const qn_generative_model *model, const double *numbers, double *out)
{
    memset(out, 0, sizeof *out << model->bits);
    for (size_t j = 0; j < model->ngates; j++) {
        out[model->masks[j]] += numbers[j];
    }
    qn__walsh_hadamard(model->bits, out);
}

/* e^{i phi} 2^-n as two arrays, and the amplitudes as two more. */
static void iqp_state(const qn_generative_model *model, const double *parameters, double *cosine, double *sine,
                      double *re, double *im)
{
    const uint64_t size = UINT64_C(1) << model->bits;
    const double scale = 1 / (double)size;
    spread(model, parameters, re);
    for (uint64_t z = 0; z < size; z++) {
        const double phase = re[z];
        re[z] = cosine[z] = cos(phase) * scale;
        im[z] = sine[z] = sin(phase) * scale;
    }
    qn__walsh_hadamard(model->bits, re);
    qn__walsh_hadamard(model->bits, im);
}

static qn_status iqp_evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    (void)step;
    exact *const e = user;
    const uint64_t size = e->target.size;
    double *const cosine = e->scratch, *const sine = cosine + size, *const re = sine + size, *const im = re + size;
    iqp_state(e->model, parameters, cosine, sine, re, im);
    for (uint64_t x = 0; x < size; x++) {
        e->probabilities[x] = re[x] * re[x] + im[x] * im[x];
    }
    *loss = qn__discrepancy_slope(&e->target, e->probabilities, e->slope);
    for (uint64_t x = 0; x < size; x++) {
        re[x] *= e->slope[x];
        im[x] *= e->slope[x];
    }
    qn__walsh_hadamard(e->model->bits, re);
    qn__walsh_hadamard(e->model->bits, im);
    for (uint64_t z = 0; z < size; z++) {
        re[z] = 2 * (cosine[z] * im[z] - sine[z] * re[z]);
    }
    qn__walsh_hadamard(e->model->bits, re);
    for (size_t j = 0; j < e->model->ngates; j++) {
        gradient[j] = re[e->model->masks[j]];
    }
    return QN_OK;
}

/* <Z_a> for all masks. */
static void bitflip_moments(const qn_generative_model *model, const double *parameters, double *moments, double *logs)
{
    const uint64_t size = UINT64_C(1) << model->bits;
    double log_sum = 0, negatives = 0;
    memset(moments, 0, size * sizeof *moments);
    memset(logs, 0, size * sizeof *logs);
    for (size_t j = 0; j < model->ngates; j++) {
        const double c = cos(2 * parameters[j]), size_log = log(fmax(fabs(c), 1e-300));
        logs[model->masks[j]] += size_log;
        log_sum += size_log;
        moments[model->masks[j]] += c < 0;
        negatives += c < 0;
    }
    qn__walsh_hadamard(model->bits, logs);
    qn__walsh_hadamard(model->bits, moments);
    for (uint64_t a = 0; a < size; a++) {
        const long long flips = llround((negatives - moments[a]) / 2);
        moments[a] = exp((log_sum - logs[a]) / 2) * (flips % 2 == 0 ? 1 : -1);
    }
}

static qn_status bitflip_evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    (void)step;
    exact *const e = user;
    const qn__discrepancy *const d = &e->target;
    double *const pull = e->scratch;
    double all = 0;
    bitflip_moments(e->model, parameters, e->probabilities, pull);
    *loss = 0;
    for (uint64_t a = 0; a < d->size; a++) {
        const double m = e->probabilities[a], away = m - d->moments[a];
        *loss += d->weights[a] * away * away;
        pull[a] = 2 * d->weights[a] * away * m;
        all += pull[a];
    }
    qn__walsh_hadamard(d->bits, pull);
    for (size_t j = 0; j < e->model->ngates; j++) {
        gradient[j] = -tan(2 * parameters[j]) * (all - pull[e->model->masks[j]]);
    }
    return QN_OK;
}

void qn__iqp_probabilities(const qn_generative_model *model, const double *parameters, double *probabilities,
                           double *scratch)
{
    const uint64_t size = UINT64_C(1) << model->bits;
    double *const im = scratch;
    iqp_state(model, parameters, scratch + size, scratch + 2 * size, probabilities, im);
    for (uint64_t x = 0; x < size; x++) {
        probabilities[x] = probabilities[x] * probabilities[x] + im[x] * im[x];
    }
}

void qn__bitflip_probabilities(const qn_generative_model *model, const double *parameters, double *probabilities,
                               double *scratch)
{
    const uint64_t size = UINT64_C(1) << model->bits;
    bitflip_moments(model, parameters, probabilities, scratch);
    qn__walsh_hadamard(model->bits, probabilities);
    for (uint64_t x = 0; x < size; x++) {
        probabilities[x] = fmax(probabilities[x], 0) / (double)size;
    }
}

static void close_exact(void *user)
{
    exact *const e = user;
    qn__discrepancy_close(&e->target);
    qn__free(e->probabilities);
    qn__free(e);
}

qn_status qn__gates_exact(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                          const double *sigma, size_t nsigmas, bool divergence, qn__trainee *out)
{
    const uint64_t size = UINT64_C(1) << model->bits;
    QN_TRY(qn__context_check_bytes(context, size * 10 * sizeof(double), "exact training", "fewer bits"));
    exact *const e = qn__calloc(1, sizeof *e);
    QN_ALLOC_CHECK(e);
    e->model = model;
    e->probabilities = qn__alloc(7 * size, sizeof(double));
    const qn_status status =
        e->probabilities == NULL ? QN_ERR_MEMORY : qn__discrepancy_open(context, data, sigma, nsigmas, &e->target);
    if (status != QN_OK) {
        qn__free(e->probabilities);
        qn__free(e);
        return status;
    }
    e->target.divergence = divergence;
    e->slope = e->probabilities + size;
    e->scratch = e->slope + size;
    *out = (qn__trainee){e, model->kind == QN_GENERATIVE_IQP ? iqp_evaluate : bitflip_evaluate, close_exact};
    return QN_OK;
}
