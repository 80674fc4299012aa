/* lie_twin.c: evolving an observable inside a Lie algebra of strings.
 *
 * For strings that do not commute, G B = i^p C with p odd, and exp(iaG/2) B exp(-iaG/2) = cos a B + s sin a C, s = -1
 * for p = 1 and +1 for p = 3; C turns back with -s. A gate is so many rotations of pairs of coefficients. Derivatives
 * come from one pass back, as in the adjoint method. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "learn/lie.h"
#include "learn/plateau_model.h"

typedef struct pair {
    uint32_t first, second;
    double sign;
} pair;

struct qn_lie_twin {
    const qn_lie *lie;
    size_t *start; /* of each generator's pairs; ngenerators + 1 */
    pair *pairs;
    size_t count, capacity;
    double *input; /* expectation of every string */
};

static qn_status add_pairs(qn_lie_twin *twin, size_t generator, uint64_t *product)
{
    const qn__strings *strings = &twin->lie->strings;
    if (twin->lie->generator[generator] == SIZE_MAX) {
        return QN_OK;
    }
    const qn__lie_part *part = &twin->lie->parts[twin->lie->generator_part[generator]];
    for (size_t j = part->first; j < part->first + part->count; j++) {
        const uint64_t *g = qn__strings_at(strings, twin->lie->generator[generator]), *b = qn__strings_at(strings, j);
        if (qn__strings_commute(strings->words, g, b)) {
            continue;
        }
        const uint32_t power = qn__strings_multiply(strings->words, g, b, product);
        const size_t other = qn__strings_find(strings, product);
        if (other > j) {
            void *array = twin->pairs;
            QN_TRY(qn__grow(&array, &twin->capacity, twin->count + 1, sizeof *twin->pairs));
            twin->pairs = array;
            twin->pairs[twin->count++] = (pair){(uint32_t)j, (uint32_t)other, power == 1 ? -1.0 : 1.0};
        }
    }
    return QN_OK;
}

static qn_status fill_twin(qn_lie_twin *twin, const char *input)
{
    const qn_lie *lie = twin->lie;
    uint64_t *product = qn__alloc(2 * lie->strings.words, sizeof *product);
    QN_ALLOC_CHECK(product);
    qn_status status = QN_OK;
    for (size_t g = 0; g < lie->ngenerators && status == QN_OK; g++) {
        twin->start[g] = twin->count;
        status = add_pairs(twin, g, product);
    }
    twin->start[lie->ngenerators] = twin->count;
    for (size_t j = 0; j < lie->strings.count; j++) {
        twin->input[j] = qn__lie_expectation(input, lie->qubits, lie->strings.words, qn__strings_at(&lie->strings, j));
    }
    qn__free(product);
    return status;
}

qn_status qn_lie_twin_create(const qn_lie *lie, const char *input, qn_lie_twin **out)
{
    QN_CHECK(lie->complete && lie->of_strings, ERR_UNSUPPORTED, "a complete algebra of single strings is needed");
    QN_TRY(qn__lie_check_input(lie, input));
    qn_lie_twin *twin = qn__calloc(1, sizeof *twin);
    QN_ALLOC_CHECK(twin);
    twin->lie = lie;
    twin->start = qn__alloc(lie->ngenerators + 1, sizeof *twin->start);
    twin->input = qn__alloc(lie->strings.count, sizeof *twin->input);
    const qn_status status = twin->start != NULL && twin->input != NULL ? fill_twin(twin, input) : QN_ERR_MEMORY;
    if (status != QN_OK) {
        qn_lie_twin_free(twin);
        return status;
    }
    *out = twin;
    return QN_OK;
}

void qn_lie_twin_free(qn_lie_twin *twin)
{
    if (twin != NULL) {
        qn__free(twin->start);
        qn__free(twin->pairs);
        qn__free(twin->input);
        qn__free(twin);
    }
}

/* Coefficients under B -> exp(iaG/2) B exp(-iaG/2). */
static void turn(const qn_lie_twin *twin, uint32_t generator, double angle, double *values)
{
    const double c = cos(angle), s = sin(angle);
    for (size_t k = twin->start[generator]; k < twin->start[generator + 1]; k++) {
        const pair p = twin->pairs[k];
        const double b = values[p.first], d = values[p.second], turned = p.sign * s;
        values[p.first] = c * b - turned * d;
        values[p.second] = c * d + turned * b;
    }
}

static double slope(const qn_lie_twin *twin, uint32_t generator, const double *state, const double *values)
{
    double sum = 0.0;
    for (size_t k = twin->start[generator]; k < twin->start[generator + 1]; k++) {
        const pair p = twin->pairs[k];
        sum += p.sign * (state[p.second] * values[p.first] - state[p.first] * values[p.second]);
    }
    return sum;
}

static qn_status check_gates(const qn_lie_twin *twin, const qn_lie_gate *gates, size_t count, size_t symbols)
{
    for (size_t k = 0; k < count; k++) {
        QN_CHECK(gates[k].generator < twin->lie->ngenerators && gates[k].symbol < symbols, ERR_RANGE,
                 "gate %zu: generator %u of %zu, symbol %u of %zu", k, gates[k].generator, twin->lie->ngenerators,
                 gates[k].symbol, symbols);
    }
    return QN_OK;
}

qn_status qn_lie_twin_run(const qn_lie_twin *twin, const qn_pauli_sum *observable, const qn_lie_gate *gates,
                          size_t count, const double *theta, size_t symbols, double *value, double *gradient)
{
    const size_t dimension = twin->lie->strings.count;
    QN_TRY(check_gates(twin, gates, count, symbols));
    QN_CHECK(qn_pauli_sum_qubits(observable) == twin->lie->qubits, ERR_SHAPE,
             "the observable has %u qubits, the algebra %u", qn_pauli_sum_qubits(observable), twin->lie->qubits);
    double *values = qn__alloc(2 * dimension, sizeof *values), constant = 0.0;
    uint64_t *masks = qn__alloc(2 * twin->lie->strings.words, sizeof *masks);
    qn_status status = values != NULL && masks != NULL ? QN_OK : QN_ERR_MEMORY;
    if (status == QN_OK && !qn__lie_spread(twin->lie, observable, masks, values, &constant)) {
        status = QN_FAIL(ERR_UNSUPPORTED, "the observable has a string outside the Lie algebra of %zu dimensions",
                         dimension);
    }
    if (status == QN_OK) {
        for (size_t k = count; k-- > 0;) {
            turn(twin, gates[k].generator, gates[k].factor * theta[gates[k].symbol], values);
        }
        *value = constant;
        for (size_t j = 0; j < dimension; j++) {
            *value += twin->input[j] * values[j];
        }
    }
    if (status == QN_OK && gradient != NULL) {
        double *const state = values + dimension;
        memcpy(state, twin->input, dimension * sizeof *state);
        memset(gradient, 0, symbols * sizeof *gradient);
        for (size_t k = 0; k < count; k++) {
            const double angle = gates[k].factor * theta[gates[k].symbol];
            gradient[gates[k].symbol] += gates[k].factor * slope(twin, gates[k].generator, state, values);
            turn(twin, gates[k].generator, -angle, values);
            turn(twin, gates[k].generator, -angle, state);
        }
    }
    qn__free(values);
    qn__free(masks);
    return status;
}

/* --- models --- */

qn_status qn_plateau_gates(const qn_plateau_options *options, uint32_t qubits, qn_lie_gate **out, size_t *count,
                           size_t *symbols)
{
    const qn__plateau_model *model = qn__plateau_model_of(options->ansatz);
    QN_CHECK(!model->entangle && options->start != QN_PLATEAU_IDENTITY, ERR_UNSUPPORTED, "no classical twin: %s",
             model->entangle ? "its CZ is no rotation of a small Lie algebra" : "the identity start has none here");
    const uint32_t layers = qn_plateau_layers(options, qubits);
    qn_lie_gate *gates = qn__alloc((size_t)layers * QN__PLATEAU_DRIVES * qubits, sizeof *gates);
    QN_ALLOC_CHECK(gates);
    size_t made = 0;
    uint32_t symbol = 0;
    for (uint32_t layer = 0; layer < layers; layer++) {
        uint32_t generator = 0;
        for (size_t d = 0; d < QN__PLATEAU_DRIVES && model->drives[d].letters != NULL; d++) {
            const bool shared = model->drives[d].shared || options->start == QN_PLATEAU_CORRELATED;
            for (uint32_t q = 0; q + strlen(model->drives[d].letters) <= qubits; q++) {
                symbol += q == 0 || !shared ? 1 : 0;
                gates[made++] = (qn_lie_gate){generator++, symbol - 1, shared ? 2.0 : 1.0};
            }
        }
    }
    *out = gates;
    *count = made;
    *symbols = symbol;
    return QN_OK;
}

void qn_plateau_gates_free(qn_lie_gate *gates)
{
    qn__free(gates);
}
