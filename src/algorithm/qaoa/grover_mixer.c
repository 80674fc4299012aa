/* grover_mixer.c: layers whose mixer turns about the uniform state, exp(-i beta |u><u|) (Bärtschi, Eidenbenz,
 * arXiv:2006.00354). All states of one cost keep one amplitude, so that the histogram of costs is all there is to know.
 */
#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algorithm/qaoa/answers.h"
#include "algorithm/qaoa/qaoa.h"
#include "algorithm/qaoa/solve.h"
#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"

typedef double complex number;

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Distinct values of a sorted list; costs closer than rounding are one. */
static qn_status from_values(double *values, uint64_t count, double each, qn_spectrum *out)
{
    qsort(values, count, sizeof *values, compare);
    const double near = 1e-11 * (values[count - 1] - values[0]);
    uint64_t distinct = 0;
    for (uint64_t k = 0; k < count; k++) {
        distinct += k == 0 || values[k] - values[k - 1] > near;
    }
    out->cost = qn__calloc(2 * distinct, sizeof *out->cost);
    QN_ALLOC_CHECK(out->cost);
    out->states = out->cost + distinct;
    for (uint64_t k = 0; k < count; k++) {
        if (k == 0 || values[k] - values[k - 1] > near) {
            out->cost[out->count++] = values[k];
        }
        out->states[out->count - 1] += each;
    }
    return QN_OK;
}

static qn_status from_index(const qn__diagonal *d, double each, qn_spectrum *out)
{
    const size_t entries = (size_t)((d->high - d->low) / d->unit + 1.5);
    double *counts = qn__calloc(entries, sizeof *counts);
    QN_ALLOC_CHECK(counts);
    size_t distinct = 0;
    for (uint64_t x = 0; x < UINT64_C(1) << d->bits; x++) {
        distinct += counts[d->index[x]] == 0.0;
        counts[d->index[x]] += each;
    }
    out->cost = qn__alloc(2 * distinct, sizeof *out->cost);
    if (out->cost == NULL) {
        qn__free(counts);
        return QN_ERR_MEMORY;
    }
    out->states = out->cost + distinct;
    for (size_t k = 0; k < entries; k++) {
        if (counts[k] > 0.0) {
            out->cost[out->count] = d->low + d->unit * (double)k;
            out->states[out->count++] = counts[k];
        }
    }
    qn__free(counts);
    return QN_OK;
}

qn_status qn_spectrum_create(qn_context *context, qn_cost cost, qn_spectrum **out)
{
    QN_CHECK(context != NULL && out != NULL, ERR_ARGUMENT, "qn_spectrum_create: context and out are needed");
    const uint32_t n = qn_cost_variables(cost);
    QN_CHECK(n <= 30, ERR_TOO_LARGE, "%u variables: the 2^%u costs are listed one by one; at most 30", n, n);
    QN_TRY(qn__context_check_bytes(context, qn__diagonal_bytes(n, false), "the costs of all states", ""));
    qn__spin_terms terms = {0};
    qn__diagonal d = {0};
    qn_status status = QN_OK;
    qn_spectrum *spectrum = qn__calloc(1, sizeof *spectrum);
    QN_ALLOC_CHECK(spectrum);
    QN_TRY_CLEANUP(qn__spin_terms_create(cost, &terms));
    QN_TRY_CLEANUP(qn__diagonal_create(context, &terms, true, &d));
    const double each = exp2((double)n - (double)d.bits);
    QN_TRY_CLEANUP(d.index != NULL ? from_index(&d, each, spectrum)
                                   : from_values(d.value, UINT64_C(1) << d.bits, each, spectrum));
    *out = spectrum;
    spectrum = NULL;
cleanup:
    qn_spectrum_free(spectrum);
    qn__diagonal_release(&d);
    qn__spin_terms_release(&terms);
    return status;
}

void qn_spectrum_free(qn_spectrum *spectrum)
{
    if (spectrum != NULL) {
        qn__free(spectrum->cost);
        qn__free(spectrum);
    }
}

static number turn(double angle)
{
    return cos(angle) + (number)I * sin(angle);
}

/* Amplitudes are in units of that of |u>; weights of the classes sum to 1. */
static number mean_of(const qn_spectrum *s, double total, const number *a)
{
    number sum = 0.0;
    for (size_t k = 0; k < s->count; k++) {
        sum += s->states[k] * a[k];
    }
    return sum / total;
}

static void mix(const qn_spectrum *s, double total, double beta, number *a)
{
    const number add = (turn(-beta) - 1.0) * mean_of(s, total, a);
    for (size_t k = 0; k < s->count; k++) {
        a[k] += add;
    }
}

static void shift(const qn_spectrum *s, double gamma, number *a)
{
    for (size_t k = 0; k < s->count; k++) {
        a[k] *= turn(-gamma * s->cost[k]);
    }
}

static void slopes_of(const qn_spectrum *s, double total, uint32_t layers, const double *angles, number *ket,
                      number *bra, double *slopes)
{
    for (size_t k = 0; k < s->count; k++) {
        bra[k] = s->cost[k] * ket[k];
    }
    for (uint32_t l = layers; l-- > 0;) {
        slopes[layers + l] = 2.0 * cimag(conj(mean_of(s, total, bra)) * mean_of(s, total, ket));
        mix(s, total, -angles[layers + l], ket);
        mix(s, total, -angles[layers + l], bra);
        double sum = 0.0;
        for (size_t k = 0; k < s->count; k++) {
            sum += s->states[k] * s->cost[k] * cimag(conj(bra[k]) * ket[k]);
        }
        slopes[l] = 2.0 * sum / total;
        shift(s, -angles[l], ket);
        shift(s, -angles[l], bra);
    }
}

qn_status qn_grover_mixer(const qn_spectrum *s, uint32_t layers, const double *angles, double *value, double *slopes,
                          double *probability)
{
    QN_CHECK(s != NULL && s->count > 0 && (angles != NULL || layers == 0), ERR_ARGUMENT,
             "a spectrum and angles are needed");
    number *ket = qn__alloc(2 * s->count, sizeof *ket);
    QN_ALLOC_CHECK(ket);
    double total = 0.0, sum = 0.0;
    for (size_t k = 0; k < s->count; k++) {
        ket[k] = 1.0;
        total += s->states[k];
    }
    for (uint32_t l = 0; l < layers; l++) {
        shift(s, angles[l], ket);
        mix(s, total, angles[layers + l], ket);
    }
    for (size_t k = 0; k < s->count; k++) {
        const double p = s->states[k] / total * (creal(ket[k]) * creal(ket[k]) + cimag(ket[k]) * cimag(ket[k]));
        sum += p * s->cost[k];
        if (probability != NULL) {
            probability[k] = p;
        }
    }
    if (value != NULL) {
        *value = sum;
    }
    if (slopes != NULL) {
        slopes_of(s, total, layers, angles, ket, ket + s->count, slopes);
    }
    qn__free(ket);
    return QN_OK;
}

qn_status qn_grover_mixer_circuit(qn_cost cost, uint32_t layers, const double *angles, qn_circuit **out)
{
    const uint32_t n = qn_cost_variables(cost);
    qn__spin_terms terms = {0};
    qn_circuit *circuit = NULL;
    uint32_t qubits[64];
    char letters[64];
    qn_status status = QN_OK;
    QN_TRY(qn__spin_terms_create(cost, &terms));
    QN_TRY_CLEANUP(qn_circuit_create(n, &circuit));
    for (uint32_t q = 0; q < n; q++) {
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
    }
    for (uint32_t l = 0; l < layers; l++) {
        for (size_t t = 0; t < terms.count; t++) {
            size_t count = 0;
            for (uint32_t q = 0; q < n; q++) {
                if (terms.z[t] >> q & 1) {
                    letters[count] = 'Z';
                    qubits[count++] = q;
                }
            }
            QN_TRY_CLEANUP(qn_circuit_append_pauli_rotation(circuit, letters, qubits, count,
                                                            QN_PARAM(2.0 * angles[l] * terms.c[t])));
        }
        /* H on all turns |u> into |0...0>, which alone gets the phase exp(-i beta) */
        for (uint32_t q = 0; q < n; q++) {
            qubits[q] = q;
            QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
            QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_X, &q, 1, NULL, 0));
        }
        const qn_param phase = QN_PARAM(-angles[layers + l]);
        QN_TRY_CLEANUP(
            qn_circuit_append_controlled(circuit, QN_GATE_P, qubits, n - 1, UINT64_MAX, qubits + n - 1, 1, &phase, 1));
        for (uint32_t q = 0; q < n; q++) {
            QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_X, &q, 1, NULL, 0));
            QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
        }
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    qn__spin_terms_release(&terms);
    return status;
}

typedef struct landscape {
    const qn_spectrum *spectrum;
    uint32_t layers;
} landscape;

static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    const landscape *l = user;
    return qn_grover_mixer(l->spectrum, l->layers, x, value, grad, NULL);
}

/* Several random starts: the landscape has many valleys. */
static qn_status optimize(qn__solve *s, const qn_spectrum *spectrum, double *best)
{
    enum { STARTS = 12 };
    const uint32_t layers = s->options.layers;
    landscape l = {spectrum, layers};
    qn_objective objective = QN_OBJECTIVE_INIT;
    objective.dimension = 2 * (size_t)layers;
    objective.user = &l;
    objective.evaluate = evaluate;
    objective.has_gradient = true;
    double *x = qn__alloc(2 * (size_t)layers, sizeof *x), lowest = HUGE_VAL;
    QN_ALLOC_CHECK(x);
    qn_status status = QN_OK;
    const double range = spectrum->cost[spectrum->count - 1] - spectrum->cost[0];
    for (uint32_t start = 0; start < STARTS + s->options.starts && status == QN_OK; start++) {
        double value = 0.0;
        for (uint32_t k = 0; k < 2 * layers; k++) {
            const double u = qn__random_uniform(s->options.seed, 4, start * 2 * (uint64_t)layers + k);
            x[k] = k < layers ? u * 12.0 / (range > 0.0 ? range : 1.0) : (u - 0.5) * 6.28;
        }
        status = qn__solve_minimize(s, "grover mixer", &objective, x, &value);
        if (status == QN_OK && value < lowest) {
            lowest = value;
            memcpy(best, x, 2 * (size_t)layers * sizeof *x);
        }
    }
    qn__free(x);
    return status;
}

static qn_status search_state(const qn__solve *s, double cost, double tolerance, double share, uint64_t *out)
{
    const uint32_t n = s->solution->variables;
    qn__spin_terms terms = {0};
    qn__diagonal d = {0};
    qn_status status = QN_OK;
    QN_TRY(qn__spin_terms_create(s->cost, &terms));
    QN_TRY_CLEANUP(qn__diagonal_create(s->context, &terms, false, &d));
    const uint64_t size = UINT64_C(1) << n, start = (uint64_t)(share * (double)size);
    for (uint64_t k = 0; k < size; k++) {
        const uint64_t x = (start + k) & (size - 1);
        if (fabs(qn__diagonal_at(&d, x) - cost) <= tolerance) {
            *out = x;
            break;
        }
    }
cleanup:
    qn__diagonal_release(&d);
    qn__spin_terms_release(&terms);
    return status;
}

typedef struct head { /* of a logged answer */
    double seconds;
    uint64_t number; /* of classes; a state */
} head;

static qn_status empty_spectrum(uint64_t count, qn_spectrum **out)
{
    qn_spectrum *spectrum = qn__calloc(1, sizeof *spectrum);
    QN_ALLOC_CHECK(spectrum);
    spectrum->cost = qn__alloc(2 * count, sizeof *spectrum->cost);
    if (spectrum->cost == NULL) {
        qn__free(spectrum);
        return QN_ERR_MEMORY;
    }
    spectrum->states = spectrum->cost + count;
    spectrum->count = count;
    *out = spectrum;
    return QN_OK;
}

/* Two answers: how many classes, and the classes; of very many only the first is logged, and they are listed again. */
qn_status qn__solve_spectrum(qn__solve *s, qn_spectrum **out)
{
    enum { MOST_LOGGED = 1 << 20 };
    static const char many[] = "how many costs", which[] = "which costs";
    qn_spectrum *spectrum = NULL;
    qn_status status = QN_OK;
    bool counted = false, listed = false;
    head asked = {0.0, 0};
    double seconds = 0.0;
    qn__journal_entry entry = {&asked, sizeof asked, NULL, 0};
    QN_TRY(qn__solve_recall(s, many, sizeof many, &entry, &counted));
    if (counted && asked.number <= MOST_LOGGED) {
        QN_TRY(empty_spectrum(asked.number, &spectrum));
    } else {
        QN_TRY(qn_spectrum_create(s->context, s->cost, &spectrum));
    }
    if (!counted) {
        asked.number = spectrum->count;
        QN_TRY_CLEANUP(qn__solve_remember(s, many, sizeof many, &entry));
    }
    if (spectrum->count <= MOST_LOGGED) {
        entry = (qn__journal_entry){&seconds, sizeof seconds, spectrum->cost, 2 * spectrum->count};
        QN_TRY_CLEANUP(qn__solve_recall(s, which, sizeof which, &entry, &listed));
        if (!listed && counted) { /* cut between the two answers */
            qn_spectrum_free(spectrum);
            spectrum = NULL;
            QN_TRY_CLEANUP(qn_spectrum_create(s->context, s->cost, &spectrum));
            entry.numbers = spectrum->cost;
        }
        if (!listed) {
            QN_TRY_CLEANUP(qn__solve_remember(s, which, sizeof which, &entry));
        }
    }
    *out = spectrum;
    spectrum = NULL;
cleanup:
    qn_spectrum_free(spectrum);
    return status;
}

static void take_bits(uint64_t state, uint32_t n, uint8_t *x)
{
    for (uint32_t q = 0; q < n; q++) {
        x[q] = state >> q & 1;
    }
}

/* A state of the given cost, the first behind a random place; a dear question too, so its answer is logged. */
static qn_status find_state(qn__solve *s, double cost, double tolerance, double share)
{
    const uint32_t n = s->solution->variables;
    head asked = {0.0, 0};
    const qn__journal_entry entry = {&asked, sizeof asked, NULL, 0};
    static const char question[] = "where the best measurement is";
    const double slack = tolerance + 1e-9 * fmax(1.0, fabs(cost)); /* the sum may be rounded in another order */
    bool found = false;
    QN_TRY(qn__solve_recall(s, question, sizeof question, &entry, &found));
    take_bits(asked.number, n, s->solution->x);
    if (!found || fabs(qn_cost_value(s->cost, s->solution->x) - cost) > slack) { /* other shots had another best */
        QN_TRY(search_state(s, cost, tolerance, share, &asked.number));
        if (!found) {
            QN_TRY(qn__solve_remember(s, question, sizeof question, &entry));
        }
        take_bits(asked.number, n, s->solution->x);
    }
    return QN_OK;
}

qn_status qn__spectrum_measure(qn__solve *s, const qn_spectrum *spectrum, const double *probability)
{
    qn_qaoa_solution *out = s->solution;
    const double range = spectrum->cost[spectrum->count - 1] - spectrum->cost[0];
    double total = 0.0, sum = 0.0, guesses = 0.0;
    for (size_t k = 0; k < spectrum->count; k++) {
        total += spectrum->states[k];
    }
    out->random_best = HUGE_VAL;
    double best = HUGE_VAL;
    for (uint64_t shot = 0; shot < s->options.shots; shot++) {
        double u = qn__random_uniform(s->options.seed, 1, shot), v = qn__random_uniform(s->options.seed, 3, shot);
        size_t k = 0, g = 0;
        while (k + 1 < spectrum->count && u >= probability[k]) {
            u -= probability[k++];
        }
        while (g + 1 < spectrum->count && v >= spectrum->states[g] / total) {
            v -= spectrum->states[g++] / total;
        }
        best = fmin(best, spectrum->cost[k]);
        sum += spectrum->cost[k];
        out->random_best = fmin(out->random_best, spectrum->cost[g]);
        guesses += spectrum->cost[g];
    }
    out->shots = s->options.shots;
    out->sample_mean = sum / (double)out->shots;
    out->random_mean = guesses / (double)out->shots;
    out->lowest = spectrum->cost[0];
    out->highest = spectrum->cost[spectrum->count - 1];
    out->success = probability[0];
    out->uniform_success = spectrum->states[0] / total;
    out->cost = best;
    return find_state(s, best, 1e-9 * range, qn__random_uniform(s->options.seed, 5, 0));
}

qn_status qn__solve_grover(qn__solve *s)
{
    const uint32_t layers = s->options.layers;
    qn_spectrum *spectrum = NULL;
    double *angles = NULL, *probability = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__solve_spectrum(s, &spectrum));
    angles = qn__calloc(2 * (size_t)layers, sizeof *angles);
    probability = qn__alloc(spectrum->count, sizeof *probability);
    if (angles == NULL || probability == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(optimize(s, spectrum, angles));
    QN_TRY_CLEANUP(qn_grover_mixer(spectrum, layers, angles, &s->solution->expected, NULL, probability));
    QN_TRY_CLEANUP(qn__solve_angles(s->solution, 2 * (size_t)layers, angles));
    QN_TRY_CLEANUP(qn__spectrum_measure(s, spectrum, probability));
    s->solution->layers = layers;
    qn__solve_note(s->solution, "by the histogram of %zu distinct costs; no state was simulated", spectrum->count);
cleanup:
    qn__free(angles);
    qn__free(probability);
    qn_spectrum_free(spectrum);
    return status;
}
