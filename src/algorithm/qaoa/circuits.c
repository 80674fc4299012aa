/* circuits.c: variants that are run as circuits on the state-vector engine: an angle for every gate (Herrman et al.,
 * arXiv:2109.11455), and a warm start (Egger, Mareček, Woerner, arXiv:2009.10095). */
#include "algorithm/qaoa/circuits.h"

#include <quern/engine.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/qaoa/outcomes.h"
#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"

enum { MOST_QUBITS = 24 };

static qn_status add_symbol(qn_circuit *circuit, const char *name, uint32_t a, uint32_t b, uint32_t *out)
{
    char text[48];
    (void)snprintf(text, sizeof text, "%s_%u_%u", name, a, b);
    return qn_circuit_add_symbol(circuit, text, out);
}

static qn_status append_term(qn_circuit *circuit, uint64_t z, double factor, uint32_t symbol)
{
    uint32_t qubits[64];
    char letters[64];
    size_t count = 0;
    for (uint32_t q = 0; q < 64; q++) {
        if (z >> q & 1) {
            letters[count] = 'Z';
            qubits[count++] = q;
        }
    }
    const qn_param_term term = {symbol, factor};
    qn_param angle = QN_PARAM(0.0);
    angle.terms = &term;
    angle.count = 1;
    return qn_circuit_append_pauli_rotation(circuit, letters, qubits, count, angle);
}

static qn_status append_turn(qn_circuit *circuit, qn_gate gate, uint32_t qubit, double factor, uint32_t symbol)
{
    const qn_param_term term = {symbol, factor};
    qn_param angle = QN_PARAM(0.0);
    angle.terms = &term;
    angle.count = 1;
    return qn_circuit_append(circuit, gate, &qubit, 1, &angle, 1);
}

qn_status qn__circuit_multi(const qn__spin_terms *terms, uint32_t layers, qn_circuit **out)
{
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(terms->nqubits, &circuit));
    qn_status status = QN_OK;
    uint32_t symbol = 0;
    for (uint32_t q = 0; q < terms->nqubits; q++) {
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
    }
    for (uint32_t l = 0; l < layers; l++) {
        for (size_t t = 0; t < terms->count; t++) {
            QN_TRY_CLEANUP(add_symbol(circuit, "gamma", l, (uint32_t)t, &symbol));
            QN_TRY_CLEANUP(append_term(circuit, terms->z[t], 2.0 * terms->c[t], symbol));
        }
        for (uint32_t q = 0; q < terms->nqubits; q++) {
            QN_TRY_CLEANUP(add_symbol(circuit, "beta", l, q, &symbol));
            QN_TRY_CLEANUP(append_turn(circuit, QN_GATE_RX, q, 2.0, symbol));
        }
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    return status;
}

/* The mixer is exp(+i beta (sin t X + cos t Z)), whose ground state is the start; RY(t) RZ RY(-t). */
qn_status qn__circuit_warm(const qn__spin_terms *terms, const double *theta, uint32_t layers, qn_circuit **out)
{
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(terms->nqubits, &circuit));
    qn_status status = QN_OK;
    for (uint32_t q = 0; q < terms->nqubits; q++) {
        const qn_param angle = QN_PARAM(theta[q]);
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_RY, &q, 1, &angle, 1));
    }
    for (uint32_t l = 0; l < layers; l++) {
        uint32_t gamma = 0, beta = 0;
        QN_TRY_CLEANUP(add_symbol(circuit, "gamma", l, 0, &gamma));
        QN_TRY_CLEANUP(add_symbol(circuit, "beta", l, 0, &beta));
        for (size_t t = 0; t < terms->count; t++) {
            QN_TRY_CLEANUP(append_term(circuit, terms->z[t], 2.0 * terms->c[t], gamma));
        }
        for (uint32_t q = 0; q < terms->nqubits; q++) {
            const qn_param back = QN_PARAM(-theta[q]), forth = QN_PARAM(theta[q]);
            QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_RY, &q, 1, &back, 1));
            QN_TRY_CLEANUP(append_turn(circuit, QN_GATE_RZ, q, -2.0, beta));
            QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_RY, &q, 1, &forth, 1));
        }
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    return status;
}

typedef struct run {
    qn__solve *solve;
    qn__spin_terms terms;
    qn_circuit *circuit;
    qn_pauli_sum *observable;
    qn_engine *engine;
    qn_program *program;
    double *x;
} run;

static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    run *r = user;
    QN_CHECK(!qn_context_interrupted(r->solve->context), ERR_INTERRUPTED, "interrupted");
    if (grad == NULL) {
        return qn_program_expect(r->program, x, 1, value, NULL);
    }
    const double weight = 1.0;
    return qn_program_gradient(r->program, x, 1, &weight, value, grad);
}

static void decode(const void *user, size_t outcome, uint8_t *x)
{
    for (uint32_t q = 0; q < *(const uint32_t *)user; q++) {
        x[q] = outcome >> q & 1;
    }
}

static qn_status measure(run *r, uint32_t layers)
{
    const uint32_t n = r->terms.nqubits;
    const size_t size = (size_t)1 << n;
    qn_complex *amplitudes = qn__alloc(size, sizeof *amplitudes);
    double *memory = qn__alloc(2 * size, sizeof *memory);
    qn_status status = amplitudes == NULL || memory == NULL ? QN_ERR_MEMORY : QN_OK;
    if (status == QN_OK) {
        status = qn_program_amplitudes(r->program, r->x, 0, size, amplitudes);
    }
    if (status == QN_OK) {
        for (size_t k = 0; k < size; k++) {
            memory[k] = amplitudes[k].re * amplitudes[k].re + amplitudes[k].im * amplitudes[k].im;
            memory[size + k] = qn__spin_terms_value(&r->terms, k);
        }
        const qn__outcomes outcomes = {size, memory, memory + size, decode, &n};
        status = qn__solve_outcomes(r->solve, &outcomes);
    }
    qn__free(amplitudes);
    qn__free(memory);
    QN_TRY(status);
    r->solve->solution->layers = layers;
    r->solve->solution->state_bytes = 32.0 * (double)size;
    return qn__solve_angles(r->solve->solution, qn_circuit_symbols(r->circuit), r->x);
}

static qn_status check_size(const qn__solve *s)
{
    const uint32_t n = s->solution->variables;
    QN_CHECK(n <= MOST_QUBITS, ERR_TOO_LARGE, "%u variables: %s runs as a circuit of at most %d qubits here", n,
             qn_qaoa_method_name(s->options.method), (int)MOST_QUBITS);
    return QN_OK;
}

/* Optimise from x, and from `starts` random points; x becomes the best. */
static qn_status optimize(run *r, qn_objective *objective, uint32_t starts)
{
    const size_t size = objective->dimension;
    const char *stage = qn_qaoa_method_name(r->solve->options.method);
    double best = 0.0, *x = qn__alloc(size, sizeof *x);
    QN_ALLOC_CHECK(x);
    qn_status status = qn__solve_minimize(r->solve, stage, objective, r->x, &best);
    for (uint32_t start = 0; start < starts && status == QN_OK; start++) {
        double value = 0.0;
        for (size_t k = 0; k < size; k++) {
            x[k] = 2.0 * (qn__random_uniform(r->solve->options.seed, 4, start * size + k) - 0.5);
        }
        status = qn__solve_minimize(r->solve, stage, objective, x, &value);
        if (status == QN_OK && value < best) {
            best = value;
            memcpy(r->x, x, size * sizeof *x);
        }
    }
    qn__free(x);
    return status;
}

/* The circuit is there: compile, measure the start, optimise, measure. */
static qn_status solve_circuit(run *r, uint32_t starts)
{
    qn__solve *s = r->solve;
    qn_objective objective = QN_OBJECTIVE_INIT;
    objective.dimension = qn_circuit_symbols(r->circuit);
    objective.user = r;
    objective.evaluate = evaluate;
    objective.has_gradient = true;
    QN_TRY(qn_cost_to_pauli(s->cost, &r->observable));
    QN_TRY(qn_engine_open(s->context, "statevector", &r->engine));
    const qn_pauli_sum *const observables[] = {r->observable};
    QN_TRY(qn_engine_compile(r->engine, r->circuit, observables, 1, &r->program));
    QN_TRY(measure(r, s->options.layers));
    QN_TRY(optimize(r, &objective, starts));
    return measure(r, s->options.layers);
}

static void release(run *r)
{
    qn_program_free(r->program);
    qn_engine_close(r->engine);
    qn_pauli_sum_free(r->observable);
    qn_circuit_free(r->circuit);
    qn__spin_terms_release(&r->terms);
    qn__free(r->x);
}

qn_status qn__solve_multi(qn__solve *s)
{
    const uint32_t layers = s->options.layers, n = s->solution->variables;
    run r = {.solve = s};
    qn_status status = QN_OK;
    QN_TRY(check_size(s));
    QN_TRY_CLEANUP(qn__spin_terms_create(s->cost, &r.terms));
    QN_TRY_CLEANUP(qn__circuit_multi(&r.terms, layers, &r.circuit));
    r.x = qn__alloc((r.terms.count + n) * layers, sizeof *r.x);
    if (r.x == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    const double scale = qn_qaoa_scale(s->cost);
    for (uint32_t l = 0, k = 0; l < layers; l++) { /* a ramp, a little uneven so that no symmetry holds it */
        const double at = ((double)l + 0.5) / (double)layers;
        for (size_t t = 0; t < r.terms.count + n; t++, k++) {
            const double uneven = 1.0 + 0.1 * sin(1.0 + 7.0 * (double)k);
            r.x[k] = uneven * (t < r.terms.count ? at * 1.5 / scale : -(1.0 - at) * 0.75);
        }
    }
    QN_TRY_CLEANUP(solve_circuit(&r, 4 + s->options.starts)); /* the ramp alone ends where one angle for all would */
cleanup:
    release(&r);
    return status;
}

qn_status qn__solve_warm(qn__solve *s)
{
    const uint32_t layers = s->options.layers, n = s->solution->variables;
    run r = {.solve = s};
    double *theta = NULL;
    qn_optimize_result *greedy = NULL;
    qn_status status = QN_OK;
    QN_TRY(check_size(s));
    const uint8_t *warm = s->options.warm;
    if (warm == NULL) {
        qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
        options.restarts = 1;
        options.seed = s->options.seed;
        QN_TRY_CLEANUP(qn_optimize(s->context, s->cost, QN_SOLVER_GREEDY, &options, &greedy));
        warm = greedy->x;
    }
    theta = qn__alloc(n, sizeof *theta);
    r.x = qn__alloc(2 * (size_t)layers, sizeof *r.x);
    if (theta == NULL || r.x == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (uint32_t q = 0; q < n; q++) {
        theta[q] = 2.0 * asin(sqrt(warm[q] != 0 ? 0.75 : 0.25)); /* regularised by 1/4 */
    }
    for (uint32_t l = 0; l < layers; l++) {
        const double at = ((double)l + 0.5) / (double)layers;
        r.x[2 * l] = at * 1.5 / qn_qaoa_scale(s->cost);
        r.x[2 * l + 1] = (1.0 - at) * 0.75;
    }
    QN_TRY_CLEANUP(qn__spin_terms_create(s->cost, &r.terms));
    QN_TRY_CLEANUP(qn__circuit_warm(&r.terms, theta, layers, &r.circuit));
    QN_TRY_CLEANUP(solve_circuit(&r, s->options.starts));
    qn__solve_note(s->solution, "started from a greedy solution of cost %.6g, each bit with probability 3/4",
                   greedy != NULL ? greedy->cost : qn_cost_value(s->cost, warm));
cleanup:
    qn__free(theta);
    qn_optimize_result_free(greedy);
    release(&r);
    return status;
}
