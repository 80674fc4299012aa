/* generative_train.c: from options and data to a trained model. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/record_log.h"
#include "base/rng.h"
#include "learn/generative.h"

enum { EXACT_BITS = 18, STEPS = 1000, DRAWN = 1000, LAYERS = 5, MOST_HIDDEN = 256, RBM_EXACT = 1 << 21 };

static qn_status check_options(const qn_bit_table *data, const qn_generative_options *o)
{
    QN_CHECK(data != NULL && data->rows > 1, ERR_ARGUMENT, "at least two rows of data are needed");
    QN_CHECK(o != NULL && o->size == sizeof *o, ERR_ARGUMENT, "options made by QN_GENERATIVE_OPTIONS_INIT are needed");
    QN_CHECK(o->rate >= 0 && isfinite(o->rate) && o->spread >= 0 && isfinite(o->spread), ERR_RANGE,
             "rate %g, spread %g; expected numbers of at least 0", o->rate, o->spread);
    QN_CHECK(o->exact_bits <= QN_GENERATIVE_EXACT_MOST, ERR_RANGE, "exact up to %u bits; expected at most %d",
             o->exact_bits, QN_GENERATIVE_EXACT_MOST);
    QN_CHECK(o->operators != 1 && o->samples != 1, ERR_RANGE, "one mask or string has no spread; expected at least 2");
    for (size_t k = 0; k < QN_GENERATIVE_SIGMAS; k++) {
        QN_CHECK(o->sigma[k] >= 0 && isfinite(o->sigma[k]), ERR_RANGE, "width %g; expected a positive number",
                 o->sigma[k]);
    }
    return QN_OK;
}

/* Widths given, or half and all of the median heuristic, so that fine and coarse structure are seen. */
static qn_status choose_widths(const qn_bit_table *data, const qn_generative_options *o, qn_generative_training *t)
{
    for (size_t k = 0; k < QN_GENERATIVE_SIGMAS; k++) {
        if (o->sigma[k] > 0) {
            t->sigma[t->nsigmas++] = o->sigma[k];
        }
    }
    if (t->nsigmas == 0) {
        double median = 0;
        QN_TRY(qn_generative_median_width(data, &median));
        t->sigma[0] = median / 2;
        t->sigma[1] = median;
        t->nsigmas = 2;
    }
    return QN_OK;
}

static uint64_t fingerprint_of(const qn_bit_table *data, const qn_generative_options *o,
                               const qn_generative_model *model, const qn_generative_training *t)
{
    const double numbers[] = {o->rate, o->spread, t->sigma[0], t->sigma[1], t->sigma[2], t->sigma[3]};
    const uint64_t counts[] = {o->kind + (o->tempered ? UINT64_C(1) << 32 : 0),
                               o->divergence,
                               o->operators,
                               o->samples,
                               o->exact_bits,
                               o->seed,
                               model->ngates,
                               model->hidden,
                               model->layers};
    uint64_t hash = qn__hash(QN__HASH_START, numbers, sizeof numbers);
    hash = qn__hash(hash, counts, sizeof counts);
    hash = qn__hash(hash, model->masks, model->ngates * model->words * sizeof *model->masks);
    return qn__hash(hash, data->data, data->rows * data->words * sizeof *data->data);
}

void qn_generative_training_free(qn_generative_training *training)
{
    if (training != NULL) {
        qn__free(training->loss);
        qn__free(training);
    }
}

static qn_status make_model(const qn_context *context, const qn_bit_table *data, const qn_generative_options *o,
                            qn_generative_model **model)
{
    if (o->kind == QN_GENERATIVE_IQP || o->kind == QN_GENERATIVE_BITFLIP) {
        return qn__gates_choose(context, data->bits, o, model);
    }
    const bool layered = o->kind == QN_GENERATIVE_QCBM || o->kind == QN_GENERATIVE_QGAN;
    const uint32_t most = layered ? 12 : o->kind == QN_GENERATIVE_QBM ? 10 : 1 << 16;
    QN_CHECK(data->bits <= most, ERR_TOO_LARGE, "%u bits; a model of kind %s is trained here up to %u", data->bits,
             qn_generative_kind_name(o->kind), most);
    const uint32_t layers = layered ? (o->layers != 0 ? o->layers : LAYERS) : 0;
    const uint32_t usual = 2 * data->bits < MOST_HIDDEN ? 2 * data->bits : MOST_HIDDEN;
    const uint32_t hidden = o->kind == QN_GENERATIVE_RBM ? (o->hidden != 0 ? o->hidden : usual) : 0;
    QN_CHECK(layers <= 1000 && hidden <= 1 << 16, ERR_RANGE, "%u layers, %u hidden units; at most 1000 and 65536",
             layers, hidden);
    QN_TRY(
        qn__model_create(o->kind, data->bits, 0, qn__model_parameters(o->kind, data->bits, hidden, layers, 0), model));
    (*model)->layers = layers;
    (*model)->hidden = hidden;
    return QN_OK;
}

static qn_status make_trainee(const qn_context *context, const qn_bit_table *data, const qn_generative_options *o,
                              const qn_generative_model *model, qn_generative_training *t, qn__trainee *trainee)
{
    const double size = ldexp(1, (int)data->bits);
    t->exact = data->bits <= o->exact_bits || o->kind > QN_GENERATIVE_RBM;
    if (o->kind == QN_GENERATIVE_RBM) { /* a step meets every string once a unit */
        t->exact = t->exact && size * model->hidden <= RBM_EXACT;
    }
    QN_CHECK(!o->divergence || (t->exact && (o->kind == QN_GENERATIVE_IQP || o->kind == QN_GENERATIVE_QCBM)),
             ERR_UNSUPPORTED, "the divergence as loss needs all probabilities of a circuit: iqp or qcbm of few bits");
    t->operations_a_step = (double)NAN; /* known for the gates' models */
    switch (o->kind) {
    case QN_GENERATIVE_RBM:
        if (t->exact) {
            return qn__rbm_exact(context, model, data, t->sigma, t->nsigmas, trainee);
        }
        return (o->tempered ? qn__rbm_tempered : qn__rbm_trainee)(context, model, data, t->sigma, t->nsigmas, o->seed,
                                                                  trainee);
    case QN_GENERATIVE_QCBM:
        return qn__qcbm_trainee(context, model, data, t->sigma, t->nsigmas, o->divergence, trainee);
    case QN_GENERATIVE_QGAN:
        return qn__qgan_trainee(context, model, data, t->sigma, t->nsigmas, trainee);
    case QN_GENERATIVE_QBM:
        return qn__qbm_trainee(context, model, data, trainee);
    case QN_GENERATIVE_IQP:
    case QN_GENERATIVE_BITFLIP:
        break;
    }
    if (t->exact) {
        t->operations_a_step = 8 * size * data->bits;
        return qn__gates_exact(context, model, data, t->sigma, t->nsigmas, o->divergence, trainee);
    }
    /* both products have a term for each gate, mask and string; half of the masks' bits are clear or more */
    t->operations_a_step =
        2.0 * (double)model->ngates * (double)o->operators * (o->kind == QN_GENERATIVE_IQP ? (double)o->samples : 1);
    return qn__gates_sampled(context, model, data, t->sigma, t->nsigmas, o, trainee);
}

static qn_status run(const qn_context *context, const qn_bit_table *data, const qn_generative_options *o,
                     qn_generative_model **model, qn_generative_training *t)
{
    qn__trainee trainee = {0};
    QN_TRY(choose_widths(data, o, t));
    QN_TRY(make_model(context, data, o, model));
    /* It was made. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    for (size_t k = 0; k < (*model)->nparameters; k++) {
        (*model)->parameters[k] = o->spread * qn__random_normal(qn__random_derive(o->seed, 0), 0, k);
    }
    QN_TRY(make_trainee(context, data, o, *model, t, &trainee));
    const qn_status status = qn__train(context, &trainee, o, fingerprint_of(data, o, *model, t), *model, t);
    trainee.close(trainee.user);
    return status;
}

qn_status qn_generative_train(const qn_context *context, const qn_bit_table *data, const qn_generative_options *options,
                              qn_generative_model **model, qn_generative_training **training)
{
    QN_TRY(check_options(data, options));
    QN_CHECK(model != NULL && training != NULL, ERR_ARGUMENT, "places for model and training are needed");
    qn_generative_options o = *options;
    qn_generative_model *made = NULL;
    o.steps = o.steps != 0 ? o.steps : STEPS;
    o.operators = o.operators != 0 ? o.operators : DRAWN;
    o.samples = o.samples != 0 ? o.samples : DRAWN;
    o.exact_bits = o.exact_bits != 0 ? o.exact_bits : EXACT_BITS;
    if (o.rate <= 0) {
        const bool exact = data->bits <= (o.kind == QN_GENERATIVE_RBM && o.exact_bits > 16 ? 16 : o.exact_bits) ||
                           o.kind > QN_GENERATIVE_RBM;
        o.rate = o.kind == QN_GENERATIVE_RBM ? (exact ? .02 : .003) : exact ? .01 : .001;
    }
    o.spread = o.spread > 0                                                   ? o.spread
               : o.kind == QN_GENERATIVE_QCBM || o.kind == QN_GENERATIVE_QGAN ? .3
               : o.kind == QN_GENERATIVE_RBM                                  ? .1
                                                                              : .01;
    qn_generative_training *const t = qn__calloc(1, sizeof *t);
    QN_ALLOC_CHECK(t);
    t->loss = qn__calloc(o.steps, sizeof *t->loss);
    const qn_status status = t->loss == NULL ? QN_ERR_MEMORY : run(context, data, &o, &made, t);
    if (status != QN_OK) {
        qn_generative_training_free(t);
        qn_generative_model_free(made);
        return status;
    }
    *model = made;
    *training = t;
    return QN_OK;
}
