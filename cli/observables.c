/* observables.c: expectation values: by the estimator where the circuit is unitary up to its final measurements, else
 * from the distribution of bits measured in the basis of each group of terms. */
#include "observables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "circuit_state.h"
#include "output.h"

static qn_status parse(const char *text, size_t length, const char *name, uint32_t nqubits, qn_pauli_sum **out)
{
    const qn_status status = qn_format_detect(text, length) == QN_FORMAT_PAULI_JSON
                                 ? qn_read_pauli_json(text, length, name, out)
                                 : qn_read_pauli_text(text, length, name, nqubits, out);
    return status == QN_OK ? qn_pauli_sum_simplify(*out, 0.0) : status;
}

static int read_one(const char *text, uint32_t nqubits, cli_expectation *out)
{
    char *owned = NULL;
    const char *name = "--expect";
    size_t length = strlen(text);
    qn_status status = QN_OK;
    out->text = text;
    if (text[0] == '@') {
        name = strcmp(text + 1, "-") == 0 ? "<stdin>" : text + 1;
        status = qn_file_read(text + 1, 0, &owned, &length);
    }
    if (status == QN_OK) {
        status = parse(owned != NULL ? owned : text, length, name, nqubits, &out->sum);
    }
    qn_text_free(owned);
    if (status != QN_OK) {
        return cli_library_error(status);
    }
    const char *problem = NULL;
    size_t worst = 0;
    if (qn_pauli_sum_qubits(out->sum) != nqubits) {
        problem = "acts on another number of qubits than the circuit has";
    } else if (!qn_pauli_sum_is_hermitian(out->sum, 1e-12, &worst)) {
        problem = "is not Hermitian: a coefficient is complex";
    }
    if (problem != NULL) {
        (void)fprintf(stderr, "quern: error: %s: '%.60s' %s\n", name, text, problem);
        return qn_status_exit_code(QN_ERR_NOT_HERMITIAN);
    }
    return CLI_EXIT_OK;
}

int cli_observables_read(const cli_invocation *invocation, size_t option, uint32_t nqubits, cli_observables *out)
{
    *out = (cli_observables){.items = calloc(invocation->noccurrences + 1, sizeof *out->items)};
    if (out->items == NULL) {
        return cli_library_error(QN_ERR_MEMORY);
    }
    size_t cursor = 0;
    const char *text = NULL;
    while ((text = cli_list_next(invocation, option, &cursor)) != NULL) {
        const int code = read_one(text, nqubits, &out->items[out->count++]);
        if (code != CLI_EXIT_OK) {
            return code;
        }
    }
    return CLI_EXIT_OK;
}

void cli_observables_free(cli_observables *observables)
{
    for (size_t i = 0; i < observables->count; i++) {
        qn_pauli_sum_free(observables->items[i].sum);
    }
    free(observables->items);
    *observables = (cli_observables){0};
}

static qn_status by_estimator(qn_engine *engine, const qn_circuit *gates, uint64_t shots, uint64_t seed,
                              cli_observables *observables)
{
    const size_t count = observables->count;
    const qn_pauli_sum **sums = calloc(count, sizeof(const qn_pauli_sum *));
    double *values = calloc(2 * count, sizeof *values);
    qn_estimator *estimator = NULL;
    qn_status status = sums != NULL && values != NULL ? QN_OK : QN_ERR_MEMORY;
    if (status == QN_OK) {
        for (size_t i = 0; i < count; i++) {
            sums[i] = observables->items[i].sum;
        }
        qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
        options.shots = shots;
        options.seed = seed;
        status = qn_estimator_create(engine, gates, sums, count, &options, &estimator);
    }
    if (status == QN_OK) {
        const double none = 0.0;
        status = qn_estimator_run(estimator, &none, 1, values, values + count);
    }
    for (size_t i = 0; status == QN_OK && i < count; i++) {
        observables->items[i].value = values[i];
        observables->items[i].std_error = values[count + i];
    }
    qn_estimator_free(estimator);
    free(values);
    free(sums);
    return status;
}

/* One group of terms that share a measurement basis qubit by qubit. */
typedef struct group {
    const qn_pauli_sum *sum;
    const uint32_t *group_of_term;
    uint32_t index;
    uint32_t *bit_of_qubit; /* classical bit, or QN_NO_BIT */
} group;

static bool bit_at(const uint64_t *words, uint32_t bit)
{
    return (words[bit / 64] >> (bit % 64) & 1) != 0;
}

/* Append basis changes and measurements into a register of their own. */
static qn_status append_readout(const group *g, qn_circuit *circuit)
{
    const uint32_t qubits = qn_pauli_sum_qubits(g->sum);
    uint32_t used = 0, variable = 0;
    char *letters = calloc((size_t)qubits + 1, 1);
    if (letters == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t t = 0; t < qn_pauli_sum_terms(g->sum); t++) {
        const uint64_t *x = qn_pauli_sum_x(g->sum, t), *z = qn_pauli_sum_z(g->sum, t);
        for (uint32_t q = 0; g->group_of_term[t] == g->index && q < qubits; q++) {
            const bool has_x = bit_at(x, q), has_z = bit_at(z, q);
            if (has_x || has_z) {
                used += letters[q] == '\0';
                letters[q] = has_x ? (has_z ? 'Y' : 'X') : 'Z';
            }
        }
    }
    qn_status status =
        qn_circuit_add_variable(circuit, "_quern_expectation", QN_TYPE_BITS, used, 0, QN_VARIABLE_HIDDEN, &variable);
    qn_variable about = {0};
    if (status == QN_OK) {
        qn_circuit_variable(circuit, variable, &about);
    }
    uint32_t bit = about.first;
    for (uint32_t q = 0; q < qubits; q++) {
        g->bit_of_qubit[q] = QN_NO_BIT;
        if (status != QN_OK || letters[q] == '\0') {
            continue;
        }
        if (letters[q] == 'Y') {
            status = qn_circuit_append(circuit, QN_GATE_SDG, &q, 1, NULL, 0);
        }
        if (status == QN_OK && letters[q] != 'Z') {
            status = qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0);
        }
        if (status == QN_OK) {
            status = qn_circuit_append_measure(circuit, q, bit);
        }
        g->bit_of_qubit[q] = bit++;
    }
    free(letters);
    return status;
}

/* Value of the group's terms on one measured string. */
static double value_of(const group *g, const uint64_t *string)
{
    double value = 0.0;
    for (size_t t = 0; t < qn_pauli_sum_terms(g->sum); t++) {
        if (g->group_of_term[t] != g->index) {
            continue;
        }
        const uint64_t *x = qn_pauli_sum_x(g->sum, t), *z = qn_pauli_sum_z(g->sum, t);
        bool odd = false;
        for (uint32_t q = 0; q < qn_pauli_sum_qubits(g->sum); q++) {
            odd ^= (bit_at(x, q) || bit_at(z, q)) && bit_at(string, g->bit_of_qubit[q]);
        }
        const double c = qn_pauli_sum_coefficient(g->sum, t).re;
        value += odd ? -c : c;
    }
    return value;
}

static qn_status distribution_of(qn_engine *engine, const qn_circuit *circuit, const double *theta, uint64_t shots,
                                 uint64_t seed, qn_distribution **out)
{
    qn_sampler *sampler = NULL;
    qn_counts *counts = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_sampler_create(engine, circuit, seed, &sampler));
    if (shots == 0) {
        CLI_TRY(qn_sampler_probabilities(sampler, theta, 0.0, 0, out));
    } else {
        CLI_TRY(qn_counts_create(qn_sampler_bits(sampler), &counts));
        CLI_TRY(qn_sampler_run(sampler, theta, 1, shots, &counts));
        CLI_TRY(qn_distribution_from_counts(counts, out));
    }
cleanup:
    qn_counts_free(counts);
    qn_sampler_free(sampler);
    return status;
}

/* Mean of one group, and its variance over single shots. */
static qn_status measure_group(qn_engine *engine, const qn_circuit *circuit, const double *theta, uint64_t shots,
                               uint64_t seed, const group *g, double *mean, double *variance)
{
    qn_circuit *with_readout = NULL;
    qn_distribution *distribution = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_circuit_clone(circuit, &with_readout));
    qn_circuit_set_line(with_readout, 0);
    CLI_TRY(append_readout(g, with_readout));
    CLI_TRY(distribution_of(engine, with_readout, theta, shots, seed, &distribution));
    double first = 0.0, second = 0.0;
    for (size_t i = 0; i < qn_distribution_size(distribution); i++) {
        const double value = value_of(g, qn_distribution_string(distribution, i));
        const double weight = qn_distribution_value(distribution, i);
        first += weight * value;
        second += weight * value * value;
    }
    *mean = first;
    *variance = fmax(0.0, second - first * first);
cleanup:
    qn_distribution_free(distribution);
    qn_circuit_free(with_readout);
    return status;
}

static qn_status by_readout(qn_engine *engine, const qn_circuit *circuit, const double *theta, uint64_t shots,
                            uint64_t seed, cli_expectation *item)
{
    const qn_pauli_sum *sum = item->sum;
    uint32_t *group_of_term = calloc(qn_pauli_sum_terms(sum) + 1, sizeof *group_of_term);
    uint32_t *bits = calloc((size_t)qn_pauli_sum_qubits(sum) + 1, sizeof *bits), groups = 0;
    qn_status status = group_of_term != NULL && bits != NULL ? QN_OK : QN_ERR_MEMORY;
    if (status == QN_OK) {
        status = qn_pauli_sum_group(sum, QN_GROUPING_QUBIT_WISE, group_of_term, &groups);
    }
    double value = qn_pauli_sum_identity(sum).re, variance = 0.0;
    const uint64_t share = shots == 0                              ? 0
                           : shots / (groups > 0 ? groups : 1) > 0 ? shots / (groups > 0 ? groups : 1)
                                                                   : 1;
    for (uint32_t index = 0; status == QN_OK && index < groups; index++) {
        const group g = {sum, group_of_term, index, bits};
        double mean = 0.0, spread = 0.0;
        status = measure_group(engine, circuit, theta, share, seed + 1 + index, &g, &mean, &spread);
        value += mean;
        variance += share > 0 ? spread / (double)share : 0.0;
    }
    if (status == QN_OK) {
        item->value = value;
        item->std_error = sqrt(variance);
    }
    free(bits);
    free(group_of_term);
    return status;
}

qn_status cli_observables_measure(qn_engine *engine, const qn_circuit *circuit, const double *theta, uint64_t shots,
                                  uint64_t seed, cli_observables *observables)
{
    char why[160];
    qn_circuit *gates = NULL, *rest = NULL;
    observables->exact = shots == 0;
    qn_status status = QN_OK;
    CLI_TRY(cli_circuit_gates(circuit, theta, &gates, why, sizeof why));
    if (gates != NULL) {
        CLI_TRY(by_estimator(engine, gates, shots, seed, observables));
    } else {
        CLI_TRY(cli_circuit_without_final(circuit, &rest));
        for (size_t i = 0; i < observables->count; i++) {
            CLI_TRY(by_readout(engine, rest, theta, shots, seed + 1000 * i, &observables->items[i]));
        }
    }
cleanup:
    qn_circuit_free(rest);
    qn_circuit_free(gates);
    return status;
}
