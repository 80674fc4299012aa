/* model.c: models as data: names, gates, probabilities, samples. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/rng.h"
#include "learn/generative.h"

static const char *const names[] = {"iqp", "bitflip", "rbm", "qcbm", "qbm", "qgan"};
enum { KINDS = sizeof names / sizeof *names, MOST_GATES = 1 << 26, SHORT_BITS = 16 };

const char *qn_generative_kind_name(qn_generative_kind kind)
{
    return (size_t)kind < KINDS ? names[kind] : "unknown";
}

qn_status qn_generative_kind_from_name(const char *name, qn_generative_kind *out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "a name and a place are needed");
    for (size_t k = 0; k < KINDS; k++) {
        if (strcmp(name, names[k]) == 0) {
            *out = (qn_generative_kind)k;
            return QN_OK;
        }
    }
    return QN_FAIL(ERR_NAME, "unknown model '%.40s'; expected one of iqp, bitflip, rbm, qcbm, qbm, qgan", name);
}

qn_status qn__model_create(qn_generative_kind kind, uint32_t bits, size_t ngates, size_t nparameters,
                           qn_generative_model **out)
{
    qn_generative_model *const model = qn__calloc(1, sizeof *model);
    QN_ALLOC_CHECK(model);
    *model = (qn_generative_model){
        .kind = kind, .bits = bits, .words = qn__words(bits), .ngates = ngates, .nparameters = nparameters};
    model->masks = qn__calloc(ngates * model->words, sizeof *model->masks);
    model->parameters = qn__calloc(nparameters, sizeof *model->parameters);
    if (model->masks == NULL || model->parameters == NULL) {
        qn_generative_model_free(model);
        return QN_ERR_MEMORY;
    }
    *out = model;
    return QN_OK;
}

size_t qn__model_parameters(qn_generative_kind kind, uint32_t bits, uint32_t hidden, uint32_t layers, size_t ngates)
{
    const size_t n = bits, pairs = n * (n - 1) / 2;
    switch (kind) {
    case QN_GENERATIVE_RBM:
        return n * hidden + n + hidden;
    case QN_GENERATIVE_QCBM:
        return qn__qcbm_parameters(bits, layers);
    case QN_GENERATIVE_QBM:
        return 2 * n + pairs;
    case QN_GENERATIVE_QGAN:
        return qn__qcbm_parameters(bits, layers) + qn__discriminator_parameters(bits);
    case QN_GENERATIVE_IQP:
    case QN_GENERATIVE_BITFLIP:
        break;
    }
    return ngates;
}

void qn_generative_model_free(qn_generative_model *model)
{
    if (model != NULL) {
        qn__free(model->masks);
        qn__free(model->parameters);
        qn__free(model);
    }
}

static double choose(uint32_t n, uint32_t k)
{
    double out = 1;
    for (uint32_t i = 0; i < k; i++) {
        out *= (double)(n - i) / (i + 1);
    }
    return round(out);
}

/* The next subset in lexicographic order; false behind the last. */
static bool next_subset(uint32_t *members, uint32_t size, uint32_t n)
{
    uint32_t k = size;
    while (k > 0 && members[k - 1] == n - size + k - 1) {
        k--;
    }
    if (k == 0) {
        return false;
    }
    members[k - 1]++;
    for (; k < size; k++) {
        members[k] = members[k - 1] + 1;
    }
    return true;
}

/* Subsets of one size, `wanted` of all `total`, by selection sampling (Knuth, TAOCP 2, algorithm S). */
static void add_weight(qn_generative_model *model, size_t *count, uint32_t weight, double wanted, double total,
                       uint64_t seed)
{
    uint32_t members[64];
    for (uint32_t k = 0; k < weight; k++) {
        members[k] = k;
    }
    uint64_t index = 0;
    do {
        if (wanted >= total || qn__random_uniform(seed, weight, index) * total < wanted) {
            for (uint32_t k = 0; k < weight; k++) {
                qn__bit_set(model->masks + *count * model->words, members[k]);
            }
            ++*count;
            wanted--;
        }
        total--;
        index++;
    } while (wanted > 0.5 && next_subset(members, weight, model->bits));
}

qn_status qn__gates_choose(const qn_context *context, uint32_t bits, const qn_generative_options *options,
                           qn_generative_model **out)
{
    uint32_t weight = options->weight != 0 ? options->weight : bits <= 16 ? 6 : 2;
    weight = weight > bits ? bits : weight;
    QN_CHECK(weight <= 16, ERR_RANGE, "gates on %u qubits; expected at most 16", weight);
    double all = 0;
    for (uint32_t w = 1; w <= weight; w++) {
        all += choose(bits, w);
        /* they are met one by one */
        QN_CHECK(choose(bits, w) < 1e9, ERR_TOO_LARGE, "%.3g gates on %u of %u qubits; a lower weight fits",
                 choose(bits, w), w, bits);
    }
    const double most =
        options->most_gates != 0 && (double)options->most_gates < all ? (double)options->most_gates : all;
    QN_CHECK(most <= MOST_GATES, ERR_TOO_LARGE, "%.3g gates; limit their number or their weight (at most %d)", most,
             MOST_GATES);
    QN_TRY(qn__context_check_bytes(context, (uint64_t)most * (qn__words(bits) + 4) * 8, "the gates", "fewer gates"));
    QN_TRY(qn__model_create(options->kind, bits, (size_t)most, (size_t)most, out));
    size_t count = 0;
    for (uint32_t w = 1; w <= weight && count < (size_t)most; w++) {
        const double total = choose(bits, w);
        add_weight(*out, &count, w, fmin(total, most - (double)count), total, qn__random_derive(options->seed, 3));
    }
    return QN_OK;
}

static qn_status check_model(const qn_generative_model *model)
{
    QN_CHECK(model != NULL && (size_t)model->kind < KINDS, ERR_ARGUMENT, "a model is needed");
    return QN_OK;
}

static qn_status gates_probabilities(const qn_context *context, const qn_generative_model *model, double *probabilities)
{
    const uint64_t size = UINT64_C(1) << model->bits;
    QN_TRY(qn__context_check_bytes(context, 3 * size * sizeof(double), "all probabilities", "fewer bits"));
    double *const scratch = qn__alloc(3 * size, sizeof *scratch);
    QN_ALLOC_CHECK(scratch);
    (model->kind == QN_GENERATIVE_IQP ? qn__iqp_probabilities : qn__bitflip_probabilities)(model, model->parameters,
                                                                                           probabilities, scratch);
    qn__free(scratch);
    return QN_OK;
}

qn_status qn_generative_probabilities(const qn_context *context, const qn_generative_model *model,
                                      double *probabilities)
{
    QN_TRY(check_model(model));
    QN_CHECK(probabilities != NULL, ERR_ARGUMENT, "a place for the probabilities is needed");
    QN_CHECK(model->bits <= QN_GENERATIVE_EXACT_MOST, ERR_TOO_LARGE,
             "all probabilities of %u bits; they are written down up to %d bits", model->bits,
             QN_GENERATIVE_EXACT_MOST);
    switch (model->kind) {
    case QN_GENERATIVE_RBM:
        return qn__rbm_probabilities(model, probabilities);
    case QN_GENERATIVE_QCBM:
    case QN_GENERATIVE_QGAN:
        return qn__qcbm_probabilities(context, model, probabilities);
    case QN_GENERATIVE_QBM:
        return qn__qbm_probabilities(model, probabilities);
    case QN_GENERATIVE_IQP:
    case QN_GENERATIVE_BITFLIP:
        break;
    }
    return gates_probabilities(context, model, probabilities);
}

static qn_status sample_exact(const qn_context *context, const qn_generative_model *model, size_t rows, uint64_t seed,
                              qn_bit_table **out)
{
    double *const probabilities = qn__alloc(UINT64_C(1) << model->bits, sizeof *probabilities);
    QN_ALLOC_CHECK(probabilities);
    qn_status status = qn_generative_probabilities(context, model, probabilities);
    status = status == QN_OK ? qn__draw(probabilities, model->bits, rows, seed, out) : status;
    qn__free(probabilities);
    return status;
}

/* Flips are drawn as they are: any number of bits. */
static qn_status sample_flips(const qn_generative_model *model, size_t rows, uint64_t seed, qn_bit_table **out)
{
    qn_bit_table *table = NULL;
    QN_TRY(qn_bit_table_create(rows, model->bits, &table));
    double *const flip = qn__alloc(model->ngates, sizeof *flip);
    if (flip == NULL) {
        qn_bit_table_free(table);
        return QN_ERR_MEMORY;
    }
    for (size_t j = 0; j < model->ngates; j++) {
        flip[j] = sin(model->parameters[j]) * sin(model->parameters[j]);
    }
    for (size_t r = 0; r < rows; r++) {
        uint64_t *const row = table->data + r * model->words;
        for (size_t j = 0; j < model->ngates; j++) {
            if (qn__random_uniform(seed, r, j) < flip[j]) {
                for (size_t w = 0; w < model->words; w++) {
                    row[w] ^= model->masks[j * model->words + w];
                }
            }
        }
    }
    qn__free(flip);
    *out = table;
    return QN_OK;
}

qn_status qn_generative_sample(const qn_context *context, const qn_generative_model *model, size_t rows, uint64_t seed,
                               qn_bit_table **out)
{
    QN_TRY(check_model(model));
    QN_CHECK(out != NULL && rows > 0, ERR_ARGUMENT, "at least one sample and a place for it are needed");
    if (model->kind == QN_GENERATIVE_BITFLIP) {
        return sample_flips(model, rows, seed, out);
    }
    if (model->kind == QN_GENERATIVE_RBM && model->bits > SHORT_BITS) {
        return qn__rbm_sample(context, model, rows, seed, out);
    }
    QN_CHECK(
        model->bits <= QN_GENERATIVE_EXACT_MOST, ERR_TOO_LARGE,
        "an IQP circuit of %u qubits and %zu gates is sampled here up to %d qubits; beyond, no classical method is "
        "known that is exact and fast, and hardware would apply %zu commuting rotations a sample",
        model->bits, model->ngates, QN_GENERATIVE_EXACT_MOST, model->ngates);
    return sample_exact(context, model, rows, seed, out);
}

qn_status qn_generative_expectation(const qn_generative_model *model, const uint64_t *mask, size_t samples,
                                    uint64_t seed, double *out)
{
    QN_TRY(check_model(model));
    QN_CHECK(mask != NULL && out != NULL, ERR_ARGUMENT, "a mask and a place are needed");
    QN_CHECK(model->kind <= QN_GENERATIVE_BITFLIP, ERR_UNSUPPORTED, "a model of kind %s has no such formula",
             names[model->kind]);
    const bool all = samples == 0, flips = model->kind == QN_GENERATIVE_BITFLIP;
    QN_CHECK(flips || !all || model->bits <= QN_GENERATIVE_EXACT_MOST, ERR_TOO_LARGE,
             "all strings of %u bits; they are met up to %d bits", model->bits, QN_GENERATIVE_EXACT_MOST);
    const uint64_t count = flips ? 1 : all ? UINT64_C(1) << model->bits : samples;
    uint64_t *const z = qn__calloc(model->words, sizeof *z);
    QN_ALLOC_CHECK(z);
    double sum = 0;
    for (uint64_t s = 0; s < count; s++) {
        for (size_t w = 0; w < model->words; w++) {
            z[w] = all ? s : qn__random_bits(seed, s, w);
        }
        double phase = 0, product = 1;
        for (size_t j = 0; j < model->ngates; j++) {
            const uint64_t *const gate = model->masks + j * model->words;
            uint64_t meets = 0, sign = 0;
            for (size_t w = 0; w < model->words; w++) {
                meets ^= mask[w] & gate[w];
                sign ^= z[w] & gate[w];
            }
            if (qn__parity(meets)) {
                phase += qn__parity(sign) ? -model->parameters[j] : model->parameters[j];
                product *= cos(2 * model->parameters[j]);
            }
        }
        sum += flips ? product : cos(2 * phase);
    }
    qn__free(z);
    *out = sum / (double)count;
    return QN_OK;
}
