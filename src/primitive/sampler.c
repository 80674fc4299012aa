/* sampler.c: shots of a circuit: one run when nothing depends on a measurement, else shots dealt out over the branches,
 * else shot by shot.
 *
 * Row r of a run at position p draws under stream p + r of the seed; a circuit of gates and final measurements gives
 * the shots of qn_program_sample there. Where there are branches, all draws come from a seed derived from (seed, p +
 * r). */
#include "primitive/sampler.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"
#include "base/status.h"

static const uint64_t BATCH = UINT64_C(1) << 20; /* shots dealt out at once: bounds how many paths wait */

/* Making one. */

static qn_status compile_whole(qn_sampler *s)
{
    qn__plan *plan = s->plan;
    if (plan->npieces > 0) {
        return qn_engine_compile(s->engine, plan->pieces[0].circuit, NULL, 0, &s->whole);
    }
    qn_circuit *empty = NULL;
    QN_TRY(qn_circuit_create(qn_circuit_qubits(plan->circuit), &empty));
    qn_status status = QN_OK;
    for (size_t i = 0; i < plan->symbols && status == QN_OK; i++) {
        status = qn_circuit_add_symbol(empty, qn_circuit_symbol_name(plan->circuit, (uint32_t)i), NULL);
    }
    if (status == QN_OK) {
        status = qn_engine_compile(s->engine, empty, NULL, 0, &s->whole);
    }
    qn_circuit_free(empty);
    return status;
}

static qn_status compile(qn_sampler *s)
{
    qn__plan *plan = s->plan;
    if (plan->single) {
        return compile_whole(s);
    }
    QN_CHECK(qn_engine_has_live(s->engine), ERR_UNSUPPORTED,
             "engine '%s' cannot run this circuit: its measurements, resets or control flow need live states, which "
             "the engine does not have",
             qn_engine_desc_of(s->engine)->name);
    for (size_t i = 0; i < plan->npieces; i++) {
        QN_TRY(qn_engine_compile_live(s->engine, plan->pieces[i].circuit, &plan->pieces[i].program));
        qn_circuit_free(plan->pieces[i].circuit);
        plan->pieces[i].circuit = NULL;
    }
    return QN_OK;
}

static qn_sampling_method choose(const qn__plan *plan, const qn__runner *runner)
{
    enum { DEEPEST = 21 }; /* paths that wait, and the one that is followed, for a batch */
    if (!plan->random) {
        return QN_SAMPLING_FINAL;
    }
    const size_t needed = plan->splits < DEEPEST ? plan->splits + 1 : DEEPEST + 1;
    return runner->most < needed ? QN_SAMPLING_SHOTS : QN_SAMPLING_BRANCHES;
}

/* Every qubit is measured into the bit of its number, so strings of qubits are results. */
static bool is_straight(const qn_sampler *s)
{
    bool straight = s->plan->nfinals == qn_circuit_qubits(s->plan->circuit) && s->bits == s->plan->nfinals;
    for (size_t k = 0; straight && k < s->plan->nfinals; k++) {
        straight = s->plan->final_bits[k] == s->plan->final_qubits[k];
    }
    return straight;
}

static qn_status fill(qn_sampler *s, const qn_circuit *circuit)
{
    QN_TRY(qn__plan_create(circuit, &s->plan));
    s->bits = s->plan->all_qubits ? qn_circuit_qubits(circuit) : qn_circuit_bits(circuit);
    QN_TRY(compile(s));
    QN_TRY(qn__runner_create(s->plan, s->engine, &s->runner));
    s->method = choose(s->plan, s->runner);
    s->straight = is_straight(s);
    QN_TRY(qn_counts_create(qn_circuit_qubits(circuit), &s->qubits));
    s->string = qn__alloc(qn__words(s->bits), sizeof *s->string);
    QN_ALLOC_CHECK(s->string);
    return QN_OK;
}

qn_status qn_sampler_create(qn_engine *engine, const qn_circuit *circuit, uint64_t seed, qn_sampler **out)
{
    QN_CHECK(engine != NULL && circuit != NULL && out != NULL, ERR_ARGUMENT, "a sampler needs an engine and a circuit");
    qn_sampler *sampler = qn__calloc(1, sizeof *sampler);
    QN_ALLOC_CHECK(sampler);
    sampler->engine = engine;
    sampler->seed = seed;
    const qn_status status = fill(sampler, circuit);
    if (status != QN_OK) {
        qn_sampler_free(sampler);
        return status;
    }
    *out = sampler;
    return QN_OK;
}

void qn_sampler_free(qn_sampler *sampler)
{
    if (sampler != NULL) {
        qn__runner_free(sampler->runner);
        qn__plan_free(sampler->plan);
        qn_program_free(sampler->whole);
        qn_counts_free(sampler->qubits);
        qn__free(sampler->string);
        qn__free(sampler);
    }
}

uint32_t qn_sampler_bits(const qn_sampler *sampler)
{
    return sampler->bits;
}

qn_sampling_method qn_sampler_method(const qn_sampler *sampler)
{
    return sampler->method;
}

/* Results. */

bool qn__sampler_looks(const qn_sampler *sampler, const qn__path *path)
{
    return sampler->plan->all_qubits || path->finals > 0;
}

void qn__sampler_result(const qn_sampler *sampler, const qn__path *path, const uint64_t *qubits, uint64_t *out)
{
    const qn__plan *plan = sampler->plan;
    if (plan->all_qubits) {
        memcpy(out, qubits, qn__words(sampler->bits) * sizeof *out);
        return;
    }
    memcpy(out, path->bits, qn__words(sampler->bits) * sizeof *out);
    for (size_t k = 0; k < path->finals; k++) {
        const uint32_t bit = plan->final_bits[k];
        const uint64_t value = qubits[plan->final_qubits[k] / 64] >> plan->final_qubits[k] % 64 & 1;
        out[bit / 64] = (out[bit / 64] & ~(UINT64_C(1) << bit % 64)) | value << bit % 64;
    }
}

qn_status qn__sampler_check(const qn_sampler *sampler, const double *theta, size_t rows)
{
    const size_t symbols = sampler->plan->symbols;
    QN_CHECK(theta != NULL || symbols * rows == 0, ERR_ARGUMENT, "%zu parameters are needed, none given",
             symbols * rows);
    for (size_t i = 0; i < symbols * rows; i++) {
        QN_CHECK(isfinite(theta[i]), ERR_NAN, "parameter %zu of row %zu is %g; expected a finite number", i % symbols,
                 i / symbols, theta[i]);
    }
    return QN_OK;
}

/* Counting. */

typedef struct counting {
    qn_sampler *sampler;
    qn_counts *out;
    uint64_t seed, stream; /* of the shots at the next leaf */
} counting;

static qn_status sample_state(qn_sampler *s, qn__runner *runner, const qn__path *path, uint64_t seed, uint64_t stream,
                              qn_counts *out)
{
    if (s->whole == NULL) {
        return qn_live_sample(path->live, path->shots, seed, stream, out);
    }
    return qn_program_sample(s->whole, s->plan->npieces > 0 ? runner->parameters : runner->theta, 1, path->shots, seed,
                             stream, &out);
}

static qn_status count_leaf(void *user, qn__runner *runner, const qn__path *path)
{
    counting *c = user;
    qn_sampler *s = c->sampler;
    if (!qn__sampler_looks(s, path)) {
        return qn_counts_add(c->out, path->bits, path->shots);
    }
    if (s->method == QN_SAMPLING_FINAL && (s->plan->all_qubits || (s->straight && path->finals == s->plan->nfinals))) {
        return sample_state(s, runner, path, c->seed, c->stream, c->out);
    }
    QN_TRY(sample_state(s, runner, path, c->seed, c->stream, s->qubits));
    c->stream++;
    const size_t distinct = qn_counts_distinct(s->qubits);
    for (size_t i = 0; i < distinct; i++) {
        qn__sampler_result(s, path, qn_counts_string(s->qubits, i), s->string);
        QN_TRY(qn_counts_add(c->out, s->string, qn_counts_times(s->qubits, i)));
    }
    return QN_OK;
}

static qn_status count_row(qn_sampler *s, const double *theta, uint64_t stream, uint64_t shots, qn_counts *out)
{
    qn_counts_clear(out);
    if (shots == 0) {
        return QN_OK;
    }
    counting c = {s, out, s->seed, stream};
    if (s->method == QN_SAMPLING_FINAL) {
        QN_TRY(qn__runner_shots(s->runner, theta, shots, s->seed, count_leaf, &c));
        return qn_counts_sort(out);
    }
    const uint64_t own = qn__random_derive(s->seed, stream), each = s->method == QN_SAMPLING_SHOTS ? 1 : BATCH;
    for (uint64_t first = 0; first < shots; first += each) {
        c.seed = qn__random_derive(own, first / each);
        c.stream = 0;
        const uint64_t now = shots - first < each ? shots - first : each;
        QN_TRY(qn__runner_shots(s->runner, theta, now, c.seed, count_leaf, &c));
        if (first + now < shots && qn_counts_distinct(out) > 2 * BATCH) {
            QN_TRY(qn_counts_sort(out)); /* merges, so that memory stays with what is distinct */
        }
    }
    return qn_counts_sort(out);
}

qn_status qn_sampler_run(qn_sampler *sampler, const double *theta, size_t rows, uint64_t shots, qn_counts *const *out)
{
    QN_CHECK(sampler != NULL && (out != NULL || rows == 0), ERR_ARGUMENT, "sampler or counts are NULL");
    QN_TRY(qn__sampler_check(sampler, theta, rows));
    for (size_t r = 0; r < rows; r++) {
        QN_CHECK(qn_counts_bits(out[r]) == sampler->bits, ERR_SHAPE, "counts of %u bits given for %u bits a shot",
                 qn_counts_bits(out[r]), sampler->bits);
    }
    for (size_t r = 0; r < rows; r++) {
        const double *row = sampler->plan->symbols == 0 ? NULL : theta + r * sampler->plan->symbols;
        QN_TRY(count_row(sampler, row, sampler->position + r, shots, out[r]));
    }
    sampler->position += rows;
    return QN_OK;
}

/* Shots in order. */

/* Every arrangement of the counted strings is equally likely in independent shots: Fisher and Yates. */
static void shuffle(uint64_t *strings, size_t words, uint64_t shots, uint64_t seed)
{
    for (uint64_t i = shots; i-- > 1;) {
        const uint64_t drawn = (uint64_t)(qn__random_uniform(seed, 0, i) * (double)(i + 1)), j = drawn < i ? drawn : i;
        for (size_t w = 0; w < words; w++) {
            const uint64_t kept = strings[i * words + w];
            strings[i * words + w] = strings[j * words + w];
            strings[j * words + w] = kept;
        }
    }
}

static qn_status remember_shots(qn_sampler *s, const double *theta, uint64_t shots, qn_counts *counts,
                                uint64_t *strings)
{
    const size_t words = qn__words(s->bits);
    const uint64_t own = qn__random_derive(s->seed, s->position);
    counting c = {s, counts, 0, 0};
    for (uint64_t shot = 0; shot < shots; shot++) {
        qn_counts_clear(counts);
        c.seed = qn__random_derive(own, shot);
        c.stream = 0;
        QN_TRY(qn__runner_shots(s->runner, theta, 1, c.seed, count_leaf, &c));
        memcpy(strings + shot * words, qn_counts_string(counts, 0), words * sizeof *strings);
    }
    return QN_OK;
}

static qn_status remember_counts(qn_sampler *s, const double *theta, uint64_t shots, qn_counts *counts,
                                 uint64_t *strings)
{
    const size_t words = qn__words(s->bits);
    QN_TRY(count_row(s, theta, s->position, shots, counts));
    uint64_t *at = strings;
    for (size_t i = 0; i < qn_counts_distinct(counts); i++) {
        for (uint64_t k = 0; k < qn_counts_times(counts, i); k++, at += words) {
            memcpy(at, qn_counts_string(counts, i), words * sizeof *at);
        }
    }
    enum { ORDER = 0x6f726472 }; /* a part of the seed of its own */
    shuffle(strings, words, shots, qn__random_derive(qn__random_derive(s->seed, s->position), ORDER));
    return QN_OK;
}

qn_status qn_sampler_memory(qn_sampler *sampler, const double *theta, uint64_t shots, uint64_t *strings)
{
    QN_CHECK(sampler != NULL && (strings != NULL || shots == 0), ERR_ARGUMENT, "sampler or strings are NULL");
    QN_TRY(qn__sampler_check(sampler, theta, 1));
    qn_counts *counts = NULL;
    QN_TRY(qn_counts_create(sampler->bits, &counts));
    const qn_status status = sampler->method == QN_SAMPLING_SHOTS
                                 ? remember_shots(sampler, theta, shots, counts, strings)
                                 : remember_counts(sampler, theta, shots, counts, strings);
    qn_counts_free(counts);
    QN_TRY(status);
    sampler->position++;
    return QN_OK;
}
