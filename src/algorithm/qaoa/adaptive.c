/* adaptive.c: Grover adaptive search, as a circuit and by the law of its counts.
 *
 * Dürr and Høyer (quant-ph/9607014) lower a threshold y to the cost of each better state found; a search for costs
 * below y with an unknown number t of them takes j iterations, j uniform below a bound m that grows by 8/7 with each
 * failure (Boyer, Brassard, Høyer, Tapp, quant-ph/9605034), and succeeds with sin^2((2j + 1) asin sqrt(t/N)). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/qaoa/solve.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"
#include "base/status.h"

static const double pi = 3.14159265358979323846;

/* One run on a spectrum: queries until the minimum is in hand; `budget` queries end it. The class in hand at the end.
 */
static size_t search(const qn_spectrum *s, double total, uint64_t seed, uint64_t stream, double budget, double *queries)
{
    uint64_t draw = 0;
    double below = 0.0, u = qn__random_uniform(seed, stream, draw++) * total, m = 1.0;
    size_t at = 0;
    while (at + 1 < s->count && u >= below + s->states[at]) {
        below += s->states[at++];
    }
    *queries = 1.0;
    while (at > 0 && *queries < budget) { /* `below` states are better */
        const double j = floor(qn__random_uniform(seed, stream, draw++) * m);
        *queries += j + 1.0; /* the last one looks at what was measured */
        const double angle = asin(sqrt(below / total)), hit = sin((2.0 * j + 1.0) * angle);
        if (qn__random_uniform(seed, stream, draw++) < hit * hit) {
            u = qn__random_uniform(seed, stream, draw++) * below;
            at = 0;
            below = 0.0;
            while (u >= below + s->states[at]) {
                below += s->states[at++];
            }
            m = 1.0;
        } else {
            m = fmin(m * 8.0 / 7.0, sqrt(total));
        }
    }
    return at;
}

qn_status qn__solve_adaptive(qn__solve *s)
{
    enum { RUNS = 1000 };
    qn_spectrum *spectrum = NULL;
    double *probability = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__solve_spectrum(s, &spectrum));
    probability = qn__calloc(spectrum->count, sizeof *probability);
    if (probability == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    const double total = exp2((double)s->solution->variables), lg = log2(total);
    const double budget = 22.5 * sqrt(total) + 1.4 * lg * lg; /* enough half of the time, proven */
    double sum = 0.0, found = 0.0, average = 0.0;
    for (uint64_t run = 0; run < RUNS; run++) {
        double queries = 0.0;
        const size_t at = search(spectrum, total, s->options.seed, 16 + run, budget, &queries);
        probability[at] += 1.0 / RUNS;
        found += at == 0;
        sum += at == 0 ? queries : 0.0;
        average += spectrum->cost[at] / RUNS;
    }
    s->options.shots = 1; /* one search is one answer */
    QN_TRY_CLEANUP(qn__spectrum_measure(s, spectrum, probability));
    qn_qaoa_solution *out = s->solution;
    out->expected = average;
    out->success = found / RUNS;
    out->queries = found > 0.0 ? sum / found : (double)NAN;
    out->evaluations = RUNS;
    qn__solve_note(
        out,
        "%d searches drawn from the exact law of Grover's counts: the minimum came up after %.1f queries on average; "
        "a search is given up after %.0f",
        (int)RUNS, out->queries, budget);
cleanup:
    qn__free(probability);
    qn_spectrum_free(spectrum);
    return status;
}

uint32_t qn_gas_value_bits(const qn_qubo *qubo, double threshold)
{
    double low = 0.0, high = 0.0;
    qn_qubo_bounds(qubo, &low, &high);
    const double most = fmax(fabs(low - threshold), fabs(high - threshold) + 1.0);
    return (uint32_t)ceil(log2(fmax(most, 1.0)) - 1e-12) + 1;
}

/* Adds c to the value register in its Fourier form, under the controls: bit k turns by 2 pi c 2^k / 2^bits. */
static qn_status add_value(qn_circuit *circuit, double c, const uint32_t *controls, size_t count, uint32_t first,
                           uint32_t bits)
{
    for (uint32_t k = 0; k < bits && c != 0.0; k++) {
        const qn_param angle = QN_PARAM(2.0 * pi * fmod(c * exp2((double)k), exp2((double)bits)) / exp2((double)bits));
        const uint32_t target = first + k;
        QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_P, controls, count, UINT64_MAX, &target, 1, &angle, 1));
    }
    return QN_OK;
}

/* Inverse Fourier transform of the value register, bit k of which holds the phase of weight 2^k. */
static qn_status to_binary(qn_circuit *circuit, uint32_t first, uint32_t bits)
{
    for (uint32_t k = bits; k-- > 0;) {
        /* bits that are read off already (weights above) are the low bits of the number */
        for (uint32_t above = k + 1; above < bits; above++) {
            const qn_param angle = QN_PARAM(-pi / exp2((double)(above - k)));
            const uint32_t control = first + above, target = first + k;
            QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_P, &control, 1, UINT64_MAX, &target, 1, &angle, 1));
        }
        const uint32_t target = first + k;
        QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &target, 1, NULL, 0));
    }
    return QN_OK;
}

/* |x>|0> to |x>|C(x) - y> over all x; value bit b of the number lies on qubit first + bits - 1 - b. */
static qn_status prepare(const qn_qubo *qubo, double threshold, uint32_t bits, qn_circuit *circuit)
{
    const uint32_t n = qn_qubo_variables(qubo);
    for (uint32_t q = 0; q < n + bits; q++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
    }
    QN_TRY(add_value(circuit, qn_qubo_constant(qubo) - threshold, NULL, 0, n, bits));
    for (uint32_t i = 0; i < n; i++) {
        QN_TRY(add_value(circuit, qn_qubo_linear(qubo, i), &i, 1, n, bits));
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(qubo, i, &neighbours, &weights);
        for (size_t k = 0; k < degree; k++) {
            if (neighbours[k] > i) {
                const uint32_t pair[2] = {i, neighbours[k]};
                QN_TRY(add_value(circuit, weights[k], pair, 2, n, bits));
            }
        }
    }
    return to_binary(circuit, n, bits);
}

/* Sign of all but |0...0>, up to a global one. */
static qn_status reflect(qn_circuit *circuit, uint32_t qubits)
{
    uint32_t all[64];
    for (uint32_t q = 0; q < qubits; q++) {
        all[q] = q;
        QN_TRY(qn_circuit_append(circuit, QN_GATE_X, &q, 1, NULL, 0));
    }
    QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_Z, all, qubits - 1, UINT64_MAX, all + qubits - 1, 1, NULL, 0));
    for (uint32_t q = 0; q < qubits; q++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_X, &q, 1, NULL, 0));
    }
    return QN_OK;
}

qn_status qn_gas_circuit(const qn_qubo *qubo, double threshold, uint32_t value_bits, uint32_t iterations,
                         qn_circuit **out)
{
    QN_CHECK(qubo != NULL && out != NULL, ERR_ARGUMENT, "qn_gas_circuit: a quadratic model and out are needed");
    const uint32_t n = qn_qubo_variables(qubo);
    QN_CHECK(qn_qubo_is_integer(qubo) && threshold == rint(threshold), ERR_UNSUPPORTED,
             "the value register holds whole numbers; scale the costs first");
    QN_CHECK(value_bits >= 1 && n + value_bits <= 60, ERR_RANGE, "%u variables and %u value bits; at most 60 qubits", n,
             value_bits);
    qn_circuit *circuit = NULL, *start = NULL, *back = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(n + value_bits, &circuit));
    QN_TRY_CLEANUP(qn_circuit_create(n + value_bits, &start));
    QN_TRY_CLEANUP(prepare(qubo, threshold, value_bits, start));
    QN_TRY_CLEANUP(qn_circuit_inverse(start, &back));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, start));
    const uint32_t sign = n; /* the highest bit of the number */
    for (uint32_t k = 0; k < iterations; k++) {
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_Z, &sign, 1, NULL, 0));
        QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, back));
        QN_TRY_CLEANUP(reflect(circuit, n + value_bits));
        QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, start));
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    qn_circuit_free(start);
    qn_circuit_free(back);
    return status;
}
