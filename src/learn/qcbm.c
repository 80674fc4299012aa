/* qcbm.c: quantum circuit Born machines: a layered circuit whose measured strings are the model.
 *
 * The exact gradient of any loss of the probabilities is that of the expectation value of one diagonal observable, the
 * loss's slope O (arXiv:2305.02881): O goes to the Walsh basis, where it is a sum of strings of Z, and the engine's
 * adjoint method does the rest in one sweep. */
#include <math.h>
#include <stdio.h>

#include <quern/circuit.h>
#include <quern/engine.h>
#include <quern/pauli.h>

#include "base/alloc.h"
#include "learn/generative.h"
#include "math/walsh.h"

typedef struct qcbm {
    qn_context *context; /* of the engine's own */
    qn_engine *engine;
    qn_circuit *circuit;
    qn_program *state;
    qn__discrepancy target;
    uint64_t size;
    qn_complex *amplitudes;
    double *probabilities, *slope, *logits, *pull;
} qcbm;

static qn_status rotate(qn_circuit *circuit, qn_gate gate, const uint32_t *qubits, size_t nqubits, uint32_t *next)
{
    char name[32];
    uint32_t symbol = 0;
    (void)snprintf(name, sizeof name, "theta[%u]", *next);
    QN_TRY(qn_circuit_add_symbol(circuit, name, &symbol));
    ++*next;
    const qn_param_term term = {symbol, 1};
    const qn_param angle = {0, &term, 1, 0};
    return qn_circuit_append(circuit, gate, qubits, nqubits, &angle, 1);
}

static qn_status build(const qn_generative_model *model, qn_circuit *circuit)
{
    uint32_t next = 0;
    for (uint32_t layer = 0; layer <= model->layers; layer++) {
        for (uint32_t q = 0; q < model->bits; q++) {
            QN_TRY(rotate(circuit, QN_GATE_RX, &q, 1, &next));
            QN_TRY(rotate(circuit, QN_GATE_RZ, &q, 1, &next));
        }
        for (uint32_t a = 0; a < model->bits && layer < model->layers; a++) {
            for (uint32_t b = a + 1; b < model->bits; b++) {
                QN_TRY(rotate(circuit, QN_GATE_RZZ, (const uint32_t[]){a, b}, 2, &next));
            }
        }
    }
    return QN_OK;
}

static void close_qcbm(void *user)
{
    qcbm *const c = user;
    qn_program_free(c->state);
    qn_circuit_free(c->circuit);
    qn_engine_close(c->engine);
    qn_context_free(c->context);
    qn__discrepancy_close(&c->target);
    qn__free(c->amplitudes);
    qn__free(c->probabilities);
    qn__free(c);
}

static qn_status open_qcbm(const qn_context *context, const qn_generative_model *model, qcbm **out)
{
    qn_status status = QN_OK;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    qcbm *const c = qn__calloc(1, sizeof *c);
    QN_ALLOC_CHECK(c);
    c->size = UINT64_C(1) << model->bits;
    options.threads = qn_context_threads(context);
    options.arch = qn_context_arch(context);
    options.memory_limit = qn_context_memory_limit(context);
    QN_TRY_CLEANUP(qn_context_create(&options, &c->context));
    QN_TRY_CLEANUP(qn_engine_open(c->context, "statevector", &c->engine));
    QN_TRY_CLEANUP(qn_circuit_create(model->bits, &c->circuit));
    QN_TRY_CLEANUP(build(model, c->circuit));
    QN_TRY_CLEANUP(qn_engine_compile(c->engine, c->circuit, NULL, 0, &c->state));
    c->amplitudes = qn__alloc(c->size, sizeof *c->amplitudes);
    c->probabilities = qn__alloc(4 * c->size, sizeof *c->probabilities);
    if (c->amplitudes == NULL || c->probabilities == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    c->slope = c->probabilities + c->size;
    c->logits = c->slope + c->size;
    c->pull = c->logits + c->size;
    *out = c;
    return QN_OK;
cleanup:
    close_qcbm(c);
    return status;
}

static qn_status measure(qcbm *c, const double *parameters, double *probabilities)
{
    QN_TRY(qn_program_amplitudes(c->state, parameters, 0, c->size, c->amplitudes));
    for (uint64_t x = 0; x < c->size; x++) {
        probabilities[x] = c->amplitudes[x].re * c->amplitudes[x].re + c->amplitudes[x].im * c->amplitudes[x].im;
    }
    return QN_OK;
}

/* Terms of the diagonal whose Walsh transform is given, the identity left out: it has no slope. */
static qn_status diagonal_sum(const qcbm *c, uint32_t bits, const double *transform, qn_pauli_sum **out)
{
    qn_pauli_sum *sum = NULL;
    const uint64_t none = 0;
    QN_TRY(qn_pauli_sum_create(bits, &sum));
    qn_status status = QN_OK;
    for (uint64_t a = 1; status == QN_OK && a < c->size; a++) {
        status = qn_pauli_sum_add_masks(sum, (qn_complex){transform[a] / (double)c->size, 0}, &none, &a);
    }
    if (status != QN_OK) {
        qn_pauli_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

/* Gradient of the mean of the diagonal observable in `slope`, which becomes its transform. */
static qn_status slope_gradient(qcbm *c, const double *parameters, double *gradient)
{
    qn_pauli_sum *observable = NULL;
    qn_program *program = NULL;
    const double weight = 1;
    double value = 0;
    qn_status status = QN_OK;
    qn__walsh_hadamard(c->target.bits, c->slope);
    QN_TRY(diagonal_sum(c, c->target.bits, c->slope, &observable));
    QN_TRY_CLEANUP(qn_engine_compile(c->engine, c->circuit, (const qn_pauli_sum *const[]){observable}, 1, &program));
    QN_TRY_CLEANUP(qn_program_gradient(program, parameters, 1, &weight, &value, gradient));
cleanup:
    qn_program_free(program);
    qn_pauli_sum_free(observable);
    return status;
}

static qn_status evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    (void)step;
    qcbm *const c = user;
    QN_TRY(measure(c, parameters, c->probabilities));
    *loss = qn__discrepancy_slope(&c->target, c->probabilities, c->slope);
    return slope_gradient(c, parameters, gradient);
}

/* The discriminator D (its logit l) minimises -sum d log D - sum p log(1 - D), the circuit -sum p log D (Goodfellow et
 * al., arXiv:1406.2661; quantum: Zoufal et al., arXiv:1904.00043). Both take their step at once; sums are exact. The
 * loss that is told is MMD^2, for comparison: neither side minimises it. */
static qn_status play(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    (void)step;
    qcbm *const c = user;
    const size_t split = qn_circuit_symbols(c->circuit);
    QN_TRY(measure(c, parameters, c->probabilities));
    *loss = qn__discrepancy_slope(&c->target, c->probabilities, c->slope);
    qn__discriminator_logits(c->target.bits, parameters + split, c->logits);
    for (uint64_t x = 0; x < c->size; x++) {
        const double believed = 1 / (1 + exp(-c->logits[x]));
        c->pull[x] = c->probabilities[x] * believed - c->target.data[x] * (1 - believed);
        c->slope[x] = fmax(-c->logits[x], 0) + log1p(exp(-fabs(c->logits[x]))); /* -log D */
    }
    qn__discriminator_gradient(c->target.bits, parameters + split, c->pull, gradient + split);
    return slope_gradient(c, parameters, gradient);
}

size_t qn__qcbm_parameters(uint32_t bits, uint32_t layers)
{
    const size_t n = bits;
    return layers * (2 * n + n * (n - 1) / 2) + 2 * n;
}

qn_status qn__qcbm_trainee(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                           const double *sigma, size_t nsigmas, bool divergence, qn__trainee *out)
{
    qcbm *c = NULL;
    QN_TRY(open_qcbm(context, model, &c));
    const qn_status status = qn__discrepancy_open(context, data, sigma, nsigmas, &c->target);
    if (status != QN_OK) {
        close_qcbm(c);
        return status;
    }
    c->target.divergence = divergence;
    *out = (qn__trainee){c, evaluate, close_qcbm};
    return QN_OK;
}

qn_status qn__qgan_trainee(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                           const double *sigma, size_t nsigmas, qn__trainee *out)
{
    QN_TRY(qn__qcbm_trainee(context, model, data, sigma, nsigmas, false, out));
    out->evaluate = play;
    return QN_OK;
}

qn_status qn__qcbm_probabilities(const qn_context *context, const qn_generative_model *model, double *probabilities)
{
    qcbm *c = NULL;
    QN_TRY(open_qcbm(context, model, &c));
    const qn_status status = measure(c, model->parameters, probabilities);
    close_qcbm(c);
    return status;
}
