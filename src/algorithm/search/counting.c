/* counting.c: how many items are marked, by phase estimation of the search's step G, at three tiers.
 *
 * With M = 2^bits the clock holds M^-1/2 sum_k |k> G^k |s>, and its inverse Fourier transform shows y with
 *   P(y) = M^-2 |sum_k e^{-2 pi i k y / M} G^k |s>|^2 = M^-1 (1 + 2 sum_{d=1}^{M-1} (1 - d / M) c(d) cos(2 pi d y /
 * M)), where c(d) = <s| G^d |s>, as G is unitary and real. GATE: the clock of the circuit, on a state vector. OPERATOR:
 * c(d) from reflections of the vector of all items. SPECTRAL: the kernels of canonical.h, as G turns by an angle known
 * from the number of marked items. Brassard, Hoyer, Tapp, arXiv:quant-ph/9805082. */
#include "algorithm/search/counting.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "algorithm/estimation/amplitude.h"
#include "algorithm/estimation/canonical.h"
#include "algorithm/search/machine.h"
#include "algorithm/search/oracle.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"
#include "math/fft.h"

enum { MOST_BITS = 30, MOST_LISTED = 20, MOST_WRITTEN = 16, BLOCK = 4096 };

static const double PI = 3.14159265358979323846;

/* ---- the circuit ---- */

/* The least clock whose circuit makes that many calls. */
uint32_t qn_search_counting_bits(const qn_oracle *oracle, const qn_search_options *options)
{
    const double items = (double)qn_oracle_items(oracle);
    const double wanted =
        options != NULL && options->steps > 0 ? (double)options->steps + 1 : fmin(65536.0, 16 * sqrt(items));
    uint32_t bits = 1;
    while (bits < MOST_BITS && ldexp(1, (int)bits) < wanted) {
        bits++;
    }
    return bits;
}

/* The fewest qubits of any layout. */
static qn_status fewest_qubits(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t *out)
{
    qn_oracle_cost cost;
    QN_TRY(qn_oracle_price(oracle, layout, UINT32_MAX, &cost));
    *out = cost.qubits;
    for (qn_oracle_layout k = QN_ORACLE_CLAUSES; layout == QN_ORACLE_AUTO && k <= QN_ORACLE_LOOKUP; k++) {
        if (qn_oracle_price(oracle, k, UINT32_MAX, &cost) == QN_OK && cost.qubits < *out) {
            *out = cost.qubits;
        }
    }
    return QN_OK;
}

/* What the oracle may have beside a clock of so many qubits. */
static qn_status price(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits, uint32_t bits,
                       qn_oracle_cost *out)
{
    uint32_t least = 0;
    QN_TRY(fewest_qubits(oracle, layout, &least));
    if (most_qubits > bits && qn_oracle_price(oracle, layout, most_qubits - bits, out) == QN_OK) {
        return QN_OK;
    }
    return QN_FAIL(ERR_TOO_LARGE,
                   "the counting circuit needs %" PRIu32 " qubits beside a clock of %" PRIu32 "; allowed are %" PRIu32
                   " in all",
                   least, bits, most_qubits);
}

static qn_status hadamards(qn_circuit *circuit, uint32_t first, uint32_t count)
{
    for (uint32_t q = first; q < first + count; q++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
    }
    return QN_OK;
}

/* G = -H (1 - 2 |0><0|) H (1 - 2 M): only the two phases and the sign need the control. */
static qn_status emit_step(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t control, qn_circuit *circuit)
{
    uint32_t qubits[QN__ORACLE_CONTROLS];
    for (uint32_t q = 0; q < oracle->bits; q++) {
        qubits[q] = q;
    }
    QN_TRY(qn__oracle_emit(oracle, layout, oracle->bits, NULL, control, circuit));
    QN_TRY(hadamards(circuit, 0, oracle->bits));
    QN_TRY(qn__oracle_pattern(circuit, qubits, oracle->bits, 0, NULL, control));
    QN_TRY(hadamards(circuit, 0, oracle->bits));
    return qn_circuit_append(circuit, QN_GATE_Z, &control, 1, NULL, 0);
}

qn_status qn__counting_parts(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits, uint32_t bits,
                             qn_circuit **step, qn_circuit **clock)
{
    qn_oracle_cost cost;
    QN_TRY(price(oracle, layout, most_qubits, bits, &cost));
    qn_circuit *turn = NULL, *rest = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(cost.qubits + bits, &turn));
    QN_TRY_CLEANUP(qn_circuit_create(cost.qubits + bits, &rest));
    QN_TRY_CLEANUP(emit_step(oracle, cost.layout, cost.qubits, turn));
    QN_TRY_CLEANUP(hadamards(rest, 0, oracle->bits));
    QN_TRY_CLEANUP(hadamards(rest, cost.qubits, bits));
    QN_TRY_CLEANUP(qn__clock_read(rest, cost.qubits, bits));
    *step = turn;
    *clock = rest;
    return QN_OK;
cleanup:
    qn_circuit_free(turn);
    qn_circuit_free(rest);
    return status;
}

qn_status qn_search_counting_compile(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits,
                                     uint32_t bits, qn_circuit **out)
{
    QN_CHECK(oracle != NULL && out != NULL, ERR_ARGUMENT, "an oracle and a place for the circuit");
    QN_CHECK(bits >= 1 && bits <= MOST_WRITTEN, ERR_RANGE, "%" PRIu32 " clock qubits; from 1 to %d are written out",
             bits, (int)MOST_WRITTEN);
    qn_oracle_cost cost;
    QN_TRY(price(oracle, layout, most_qubits, bits, &cost));
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(cost.qubits + bits, &circuit));
    qn_status status = hadamards(circuit, 0, oracle->bits);
    status = status == QN_OK ? hadamards(circuit, cost.qubits, bits) : status;
    for (uint32_t k = 0; k < bits; k++) {
        for (uint64_t r = 0; r < UINT64_C(1) << k && status == QN_OK; r++) {
            status = emit_step(oracle, cost.layout, cost.qubits + k, circuit);
        }
    }
    status = status == QN_OK ? qn__clock_read(circuit, cost.qubits, bits) : status;
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    return QN_OK;
}

/* ---- what the clock shows, tier by tier ---- */

static void by_formula(const qn_oracle *oracle, uint32_t bits, double *probability)
{
    const double share = (double)qn_oracle_count(oracle) / (double)qn_oracle_items(oracle);
    for (uint64_t y = 0; y < UINT64_C(1) << bits; y++) {
        probability[y] = qn__canonical_probability(share, bits, y);
    }
}

static qn_status by_vector(qn_context *context, const qn_oracle *oracle, uint32_t bits, double *probability)
{
    const uint64_t count = UINT64_C(1) << bits;
    const double began = qn__clock();
    double reported = 0;
    qn__machine machine = {0};
    qn__fft *plan = NULL;
    qn_status status = QN_OK;
    qn_complex *weighed = qn__calloc((size_t)count, sizeof *weighed);
    QN_ALLOC_CHECK(weighed);
    QN_TRY_CLEANUP(qn__fft_create((size_t)count, &plan));
    QN_TRY_CLEANUP(qn__machine_open(context, oracle, QN_SEARCH_TIER_OPERATOR, QN_ORACLE_AUTO, 0, false, &machine));
    weighed[0].re = 1 / (double)count;
    for (uint64_t d = 1; d < count; d++) {
        QN_TRY_CLEANUP(qn__machine_step(&machine, PI, PI));
        weighed[d].re = 2 * (1 - (double)d / (double)count) * qn__machine_overlap(&machine) / (double)count;
        if (qn_context_interrupted(context)) {
            status = QN_FAIL(ERR_INTERRUPTED, "interrupted while the powers of the step were taken");
            goto cleanup;
        }
        const qn_progress progress = {"count", d, count, d, (double)NAN, qn__clock() - began};
        qn__context_progress(context, &progress, &reported, false);
    }
    qn__fft_forward(plan, weighed);
    for (uint64_t y = 0; y < count; y++) {
        probability[y] = fmax(0, weighed[y].re);
    }
cleanup:
    qn__machine_close(&machine);
    qn__fft_free(plan);
    qn__free(weighed);
    return status;
}

/* The clock is above all other qubits. */
static qn_status clock_of(qn_live *live, uint32_t below, uint32_t bits, double *probability)
{
    qn_complex block[BLOCK];
    const uint64_t size = UINT64_C(1) << below;
    for (uint64_t y = 0; y < UINT64_C(1) << bits; y++) {
        double sum = 0;
        for (uint64_t first = 0; first < size; first += BLOCK) {
            const uint64_t count = size - first < BLOCK ? size - first : BLOCK;
            QN_TRY(qn_live_amplitudes(live, y * size + first, (size_t)count, block));
            for (uint64_t i = 0; i < count; i++) {
                sum += block[i].re * block[i].re + block[i].im * block[i].im;
            }
        }
        probability[y] = sum;
    }
    return QN_OK;
}

/* The circuit of qn_search_counting_compile in pieces: each clock qubit's step is compiled once. */
static qn_status by_circuit(qn_context *context, const qn_oracle *oracle, const qn_search_options *options,
                            uint32_t bits, double *probability)
{
    qn_oracle_cost cost;
    QN_TRY(price(oracle, options->layout, options->gate_qubits, bits, &cost));
    const uint32_t qubits = cost.qubits + bits;
    const double began = qn__clock();
    double reported = 0;
    qn_engine *engine = NULL;
    qn_live *live = NULL;
    qn_circuit *piece = NULL;
    qn_program *program = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_engine_open(context, "statevector", &engine));
    QN_TRY_CLEANUP(qn_live_create(engine, qubits, &live));
    qn_live_start(live);
    for (uint32_t k = 0; k <= bits + 1; k++) { /* start, the clock's qubits, read */
        QN_TRY_CLEANUP(qn_circuit_create(qubits, &piece));
        if (k == 0) {
            QN_TRY_CLEANUP(hadamards(piece, 0, oracle->bits));
            QN_TRY_CLEANUP(hadamards(piece, cost.qubits, bits));
        } else if (k <= bits) {
            QN_TRY_CLEANUP(emit_step(oracle, cost.layout, cost.qubits + k - 1, piece));
        } else {
            QN_TRY_CLEANUP(qn__clock_read(piece, cost.qubits, bits));
        }
        QN_TRY_CLEANUP(qn_engine_compile_live(engine, piece, &program));
        const uint64_t times = k >= 1 && k <= bits ? UINT64_C(1) << (k - 1) : 1;
        for (uint64_t r = 0; r < times; r++) {
            QN_TRY_CLEANUP(qn_live_advance(live, program, NULL));
            if (qn_context_interrupted(context)) {
                status = QN_FAIL(ERR_INTERRUPTED, "interrupted while the counting circuit ran");
                goto cleanup;
            }
            const qn_progress progress = {"count",   times + r,   UINT64_C(1) << bits,
                                          times + r, (double)NAN, qn__clock() - began};
            qn__context_progress(context, &progress, &reported, false);
        }
        qn_program_free(program);
        qn_circuit_free(piece);
        program = NULL;
        piece = NULL;
    }
    QN_TRY_CLEANUP(clock_of(live, cost.qubits, bits, probability));
cleanup:
    qn_program_free(program);
    qn_circuit_free(piece);
    qn_live_free(live);
    qn_engine_close(engine);
    return status;
}

qn_status qn_search_counting_distribution(qn_context *context, const qn_oracle *oracle,
                                          const qn_search_options *options, uint32_t bits, double *probability)
{
    QN_CHECK(context != NULL && oracle != NULL && probability != NULL, ERR_ARGUMENT, "a context, an oracle, a place");
    QN_CHECK(bits >= 1 && bits <= MOST_LISTED, ERR_RANGE, "%" PRIu32 " clock qubits; from 1 to %d are listed", bits,
             (int)MOST_LISTED);
    qn_search_options own = QN_SEARCH_OPTIONS_INIT;
    own = options != NULL ? *options : own;
    own.gate_qubits = own.gate_qubits > 0 ? own.gate_qubits : QN__SEARCH_GATE_QUBITS;
    if (own.tier == QN_SEARCH_TIER_GATE) {
        return by_circuit(context, oracle, &own, bits, probability);
    }
    if (own.tier == QN_SEARCH_TIER_OPERATOR) {
        return by_vector(context, oracle, bits, probability);
    }
    by_formula(oracle, bits, probability);
    return QN_OK;
}

/* ---- one run ---- */

/* Guessed seconds of the gate tier; infinite when it does not fit. */
static qn_status gate_seconds(const qn_oracle *oracle, const qn_search_options *options, uint32_t bits, double *seconds)
{
    qn_oracle_cost cost;
    qn_circuit *step = NULL, *clock = NULL;
    *seconds = HUGE_VAL;
    if (price(oracle, options->layout, options->gate_qubits, bits, &cost) != QN_OK || bits > MOST_LISTED ||
        cost.toffoli > QN__SEARCH_MOST_GUESSED) {
        return QN_OK;
    }
    const qn_status status = qn__counting_parts(oracle, options->layout, options->gate_qubits, bits, &step, &clock);
    if (status == QN_OK) {
        *seconds = (double)qn_circuit_operations(step) * QN__SEARCH_GATE_SECONDS * ldexp(1, (int)(cost.qubits + bits)) *
                   ldexp(1, (int)bits);
    }
    qn_circuit_free(step);
    qn_circuit_free(clock);
    return status == QN_ERR_MEMORY ? status : QN_OK;
}

static qn_status choose_tier(qn_context *context, const qn_oracle *oracle, const qn_search_options *options,
                             uint32_t bits, qn_search_result *result)
{
    const double items = (double)qn_oracle_items(oracle), memory = (double)qn_context_memory_limit(context);
    const bool held = oracle->marked != NULL && items * 8 <= memory && bits <= MOST_LISTED;
    const double stream = held ? items * QN__SEARCH_STREAM_SECONDS * ldexp(1, (int)bits) : HUGE_VAL;
    uint32_t least = 0;
    double gate = HUGE_VAL;
    QN_TRY(fewest_qubits(oracle, options->layout, &least));
    QN_TRY(gate_seconds(oracle, options, bits, &gate));
    const bool asked = options->tier != QN_SEARCH_TIER_AUTO;
    result->tier = asked                             ? options->tier
                   : gate <= options->auto_seconds   ? QN_SEARCH_TIER_GATE
                   : stream <= options->auto_seconds ? QN_SEARCH_TIER_OPERATOR
                                                     : QN_SEARCH_TIER_SPECTRAL;
    QN_CHECK(result->tier == QN_SEARCH_TIER_SPECTRAL || bits <= MOST_LISTED, ERR_TOO_LARGE,
             "a clock of %" PRIu32 " qubits; above %d the spectral tier alone counts", bits, (int)MOST_LISTED);
    char next[128] = "";
    if (result->tier == QN_SEARCH_TIER_SPECTRAL && held) {
        (void)snprintf(next, sizeof next, "; the operator tier would take %.2g MB and about %.2g s", items * 8e-6,
                       stream);
    } else if (result->tier == QN_SEARCH_TIER_SPECTRAL) {
        (void)snprintf(next, sizeof next, "; the operator tier would need all items' amplitudes, %.2g GB",
                       items * 8e-9);
    } else if (result->tier == QN_SEARCH_TIER_OPERATOR && isfinite(gate)) {
        (void)snprintf(next, sizeof next, "; the gate tier would take %" PRIu32 " qubits and about %.2g s",
                       least + bits, gate);
    } else if (result->tier == QN_SEARCH_TIER_OPERATOR && least + bits <= options->gate_qubits) {
        (void)snprintf(next, sizeof next, "; the gate tier's circuit has too many gates to be foreseen");
    } else if (result->tier == QN_SEARCH_TIER_OPERATOR) {
        (void)snprintf(next, sizeof next, "; the gate tier would need %" PRIu32 " qubits; allowed are %" PRIu32,
                       least + bits, options->gate_qubits);
    }
    (void)snprintf(result->tier_note, sizeof result->tier_note, "%s %" PRIu32 " clock qubits%s%s",
                   result->tier == QN_SEARCH_TIER_GATE ? "gate: phase estimation as one circuit, with"
                   : result->tier == QN_SEARCH_TIER_OPERATOR
                       ? "operator: powers of the step on the vector of all items, with"
                       : "spectral: the exact distribution of",
                   bits, asked ? " (as asked)" : "", next);
    return QN_OK;
}

/* One outcome as an amplitude sin^2(pi y / M). */
static qn_status draw(qn_context *context, const qn_oracle *oracle, const qn_search_options *options, uint32_t bits,
                      qn_search_result *result, double *amplitude)
{
    const uint64_t count = UINT64_C(1) << bits;
    if (result->tier == QN_SEARCH_TIER_SPECTRAL) {
        const double share = (double)qn_oracle_count(oracle) / (double)qn_oracle_items(oracle);
        *amplitude = qn__canonical_draw(share, bits, options->seed, 1);
        return QN_OK;
    }
    double *probability = qn__alloc((size_t)count, sizeof *probability);
    QN_ALLOC_CHECK(probability);
    qn_search_options own = *options;
    own.tier = result->tier;
    qn_status status = qn_search_counting_distribution(context, oracle, &own, bits, probability);
    if (status == QN_OK) {
        double u = qn__random_uniform(options->seed, 1, 0);
        uint64_t y = 0;
        for (; y + 1 < count && (u -= probability[y]) >= 0; y++) {
        }
        const double s = sin(PI * (double)y / (double)count);
        *amplitude = s * s;
    }
    qn__free(probability);
    return status;
}

qn_status qn__count_marked(qn_context *context, const qn_oracle *oracle, const qn_search_options *options,
                           qn_search_result *result)
{
    const uint32_t bits = qn_search_counting_bits(oracle, options);
    const double calls = ldexp(1, (int)bits);
    double amplitude = 0;
    QN_TRY(choose_tier(context, oracle, options, bits, result));
    /* The circuit counts among all patterns of its qubits. */
    result->space =
        result->tier == QN_SEARCH_TIER_GATE ? UINT64_C(1) << qn_oracle_bits(oracle) : qn_oracle_items(oracle);
    const qn_status status = draw(context, oracle, options, bits, result, &amplitude);
    if (status == QN_ERR_INTERRUPTED) {
        result->interrupted = true;
        return QN_OK;
    }
    QN_TRY(status);
    qn_oracle_cost cost = {0};
    if (result->tier == QN_SEARCH_TIER_GATE) {
        QN_TRY(price(oracle, options->layout, options->gate_qubits, bits, &cost));
    }
    result->bytes = qn__machine_bytes(oracle, result->tier, false, cost.qubits + bits);
    const double space = (double)result->space, t = space * amplitude;
    /* |estimate - t| <= 2 pi sqrt(t (N - t)) / calls + pi^2 N / calls^2 with probability 8/pi^2 (BHMT, theorem 12). */
    const double error = 2 * PI * sqrt(fmax(0, t * (space - t))) / calls + PI * PI * space / calls / calls;
    result->estimate = t;
    result->low = fmax(0, t - error);
    result->high = fmin((double)qn_oracle_items(oracle), t + error);
    result->confidence = 8 / PI / PI;
    result->steps = (uint64_t)calls - 1;
    result->queries = result->steps;
    result->runs = 1;
    result->success = 8 / PI / PI;
    return QN_OK;
}
