/* qram_noise.c: how well a noisy quantum memory answers: random placements of errors, each worked out exactly. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "load/qram.h"

enum { MOST_LEVELS = 22, DEFAULT_BRANCHES = 256, DEFAULT_SHOTS = 32, STREAM_TABLE = 1, STREAM_ADDRESS = 2 };

typedef struct job {
    const qn_context *context;
    const qn_qram_options *options;
    qn__qram_plan plan;
    uint64_t *table, *addresses;
    uint64_t nbranches;
} job;

/* One shot at a time. */
typedef struct worker {
    uint64_t *room;
    qn__qram_error *errors;
    size_t count, capacity;
    uint64_t *struck; /* a bit a router */
    double fidelity, good;
    qn_status status;
} worker;

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* All addresses, or different random ones; rising. */
static qn_status choose_addresses(job *j)
{
    const uint64_t leaves = UINT64_C(1) << j->options->levels;
    const uint64_t wanted = j->options->branches > 0 ? j->options->branches : DEFAULT_BRANCHES;
    j->nbranches = wanted < leaves ? wanted : leaves;
    j->addresses = qn__alloc((size_t)j->nbranches, sizeof *j->addresses);
    uint64_t *taken = qn__calloc((size_t)(leaves / 64 + 1), sizeof *taken);
    if (j->addresses == NULL || taken == NULL) {
        qn__free(taken);
        return QN_ERR_MEMORY;
    }
    uint64_t count = 0;
    for (uint64_t i = 0; count < j->nbranches; i++) {
        const uint64_t x = j->nbranches == leaves
                               ? i
                               : qn__random_bits(j->options->seed, STREAM_ADDRESS, i) >> (64 - j->options->levels);
        if ((taken[x / 64] >> (x % 64) & 1) == 0) {
            taken[x / 64] |= UINT64_C(1) << (x % 64);
            j->addresses[count++] = x;
        }
    }
    qn__free(taken);
    qsort(j->addresses, (size_t)j->nbranches, sizeof *j->addresses, compare);
    return QN_OK;
}

static qn_status set_up(job *j)
{
    const uint64_t leaves = UINT64_C(1) << j->options->levels;
    QN_TRY(qn__qram_plan_make(j->options->levels, 1, j->options->fanout, &j->plan));
    QN_TRY(choose_addresses(j));
    j->table = qn__alloc((size_t)leaves, sizeof *j->table);
    QN_ALLOC_CHECK(j->table);
    for (uint64_t x = 0; x < leaves; x++) {
        j->table[x] = qn__random_bits(j->options->seed, STREAM_TABLE, x) & 1;
    }
    return QN_OK;
}

static void free_worker(worker *w)
{
    qn__free(w->room);
    qn__free(w->errors);
    qn__free(w->struck);
    *w = (worker){0};
}

static qn_status make_worker(const job *j, worker *w)
{
    *w = (worker){0};
    w->room = qn__alloc((size_t)qn__qram_room(&j->plan, j->nbranches), sizeof *w->room);
    w->struck = qn__alloc((size_t)((UINT64_C(1) << j->options->levels) / 64 + 1), sizeof *w->struck);
    if (w->room == NULL || w->struck == NULL) {
        free_worker(w);
        return QN_ERR_MEMORY;
    }
    return QN_OK;
}

/* The places (time, qubit) in order; from one error to the next by a geometric number of places. */
static qn_status place_errors(const job *j, worker *w, uint64_t shot)
{
    const double noise = j->options->noise, scale = noise < 1 ? 1 / log1p(-noise) : 0;
    const uint64_t noisy = 4 * ((UINT64_C(1) << j->options->levels) - 1), places = noisy * j->plan.times;
    const uint64_t seed = qn__random_derive(j->options->seed, 16 + shot);
    w->count = 0;
    if (noise <= 0) {
        return QN_OK;
    }
    uint64_t place = 0;
    for (uint64_t i = 0;; i++) {
        const double skip = floor(log1p(-qn__random_uniform(seed, 0, i)) * scale);
        if (!(skip < (double)(places - place))) {
            return QN_OK;
        }
        place += (uint64_t)skip;
        void *errors = w->errors;
        QN_TRY(qn__grow(&errors, &w->capacity, w->count + 1, sizeof *w->errors));
        w->errors = errors;
        const uint32_t pauli = 1 + (uint32_t)(qn__random_bits(seed, 1, i) % 3);
        w->errors[w->count++] = (qn__qram_error){(uint32_t)(place / noisy), place % noisy, pauli};
        if (++place == places) {
            return QN_OK;
        }
    }
}

/* The part of the branches that meet no struck router on their path. */
static double good_part(const job *j, const worker *w)
{
    const uint32_t n = j->options->levels;
    const uint64_t routers = (UINT64_C(1) << n) - 1;
    memset(w->struck, 0, (size_t)(routers / 64 + 1) * sizeof *w->struck);
    for (size_t i = 0; i < w->count; i++) {
        const uint64_t router = w->errors[i].qubit % (2 * routers) / 2; /* directions, then inputs; two rails each */
        w->struck[router / 64] |= UINT64_C(1) << (router % 64);
    }
    uint64_t good = 0;
    for (uint64_t b = 0; b < j->nbranches; b++) {
        bool clean = true;
        for (uint32_t level = 0; level < n && clean; level++) {
            const uint64_t router = (UINT64_C(1) << level) - 1 + (j->addresses[b] >> (n - level));
            clean = (w->struck[router / 64] >> (router % 64) & 1) == 0;
        }
        good += clean;
    }
    return (double)good / (double)j->nbranches;
}

static void one_shot(const job *j, worker *w, uint64_t shot)
{
    w->status = place_errors(j, w, shot);
    if (w->status == QN_OK && w->count == 0) {
        w->fidelity = w->good = 1;
    } else if (w->status == QN_OK) {
        w->fidelity = qn__qram_fidelity(&j->plan, j->addresses, j->nbranches, j->table, w->errors, w->count, w->room);
        w->good = good_part(j, w);
    }
}

/* What one shot gave. */
typedef struct outcome {
    double lost, good;
    uint64_t errors;
} outcome;

/* Consecutive shots of one thread between two reports of progress: many where the tree is small. */
static uint64_t chunk_of(const job *j)
{
    return j->options->levels < 12 ? UINT64_C(1) << (12 - j->options->levels) : 1;
}

static void some_shots(const job *j, worker *w, uint64_t first, uint64_t count, outcome *outcomes)
{
    for (uint64_t i = 0; i < count && w->status == QN_OK; i++) {
        one_shot(j, w, first + i);
        outcomes[i] = (outcome){1 - w->fidelity, w->good, w->count};
    }
}

/* Means over the shots, added in their order. */
static void sum_up(const outcome *outcomes, qn_qram_result *out)
{
    double squares = 0;
    for (uint64_t i = 0; i < out->shots; i++) {
        out->infidelity += outcomes[i].lost;
        squares += outcomes[i].lost * outcomes[i].lost;
        out->good += outcomes[i].good;
        out->errors += outcomes[i].errors;
    }
    const double count = (double)out->shots;
    out->infidelity /= count;
    out->good /= count;
    out->bound = 4 * (1 - out->good);
    const double variance = fmax(0, squares / count - out->infidelity * out->infidelity);
    out->std_error = count > 1 ? sqrt(variance / (count - 1)) : 0;
}

static qn_status run(const job *j, worker *workers, uint32_t threads, uint64_t shots, outcome *outcomes,
                     qn_qram_result *out)
{
    double last = 0;
    const double begun = qn__clock();
    const uint64_t chunk = chunk_of(j);
    while (out->shots < shots && !out->interrupted) {
        const uint64_t first = out->shots, left = shots - first;
        const uint64_t now = left < chunk * threads ? left : chunk * threads;
#pragma omp parallel for num_threads((int)threads) schedule(static, 1)
        for (uint32_t i = 0; i < threads; i++) {
            const uint64_t from = i * chunk < now ? i * chunk : now, to = from + chunk < now ? from + chunk : now;
            some_shots(j, &workers[i], first + from, to - from, outcomes + first + from);
        }
        for (uint32_t i = 0; i < threads; i++) {
            QN_TRY(workers[i].status);
        }
        out->shots += now;
        out->interrupted = qn_context_interrupted(j->context) && out->shots < shots;
        const qn_progress progress = {"qram noise", out->shots, shots, out->shots, (double)NAN, qn__clock() - begun};
        qn__context_progress(j->context, &progress, &last, false);
    }
    sum_up(outcomes, out);
    return QN_OK;
}

qn_status qn_qram_noise(const qn_context *context, const qn_qram_options *options, qn_qram_result *out)
{
    QN_CHECK(context != NULL && options != NULL && out != NULL, ERR_ARGUMENT,
             "a context, options and a place for the result are needed");
    QN_CHECK(options->levels >= 1 && options->levels <= MOST_LEVELS, ERR_RANGE, "%u levels; expected 1..%d",
             options->levels, (int)MOST_LEVELS);
    QN_CHECK(options->noise >= 0 && options->noise <= 1, ERR_RANGE, "noise %g outside 0..1", options->noise);
    const double begun = qn__clock();
    const uint64_t shots = options->shots > 0 ? options->shots : DEFAULT_SHOTS;
    const uint32_t threads =
        (uint64_t)qn_context_threads(context) < shots ? qn_context_threads(context) : (uint32_t)shots;
    job j = {.context = context, .options = options};
    QN_CHECK(shots <= UINT64_C(1) << 32, ERR_RANGE, "%llu shots; at most 2^32", (unsigned long long)shots);
    worker *workers = qn__calloc(threads, sizeof *workers);
    outcome *outcomes = qn__alloc((size_t)shots, sizeof *outcomes);
    qn_status status = workers != NULL && outcomes != NULL ? set_up(&j) : QN_ERR_MEMORY;
    uint32_t made = 0;
    if (status == QN_OK) {
        const uint64_t bytes = threads * (8 * qn__qram_room(&j.plan, j.nbranches));
        status =
            qn__context_check_bytes(context, bytes, "the branches of the query", "ask for fewer branches or leaves");
    }
    for (; status == QN_OK && made < threads; made += status == QN_OK) {
        status = make_worker(&j, &workers[made]);
    }
    qn_qram_result result = {.steps = j.plan.times, .branches = j.nbranches};
    status = status == QN_OK ? run(&j, workers, threads, shots, outcomes, &result) : status;
    for (uint32_t i = 0; i < made; i++) {
        free_worker(&workers[i]);
    }
    qn__free(workers);
    qn__free(outcomes);
    qn__free(j.table);
    qn__free(j.addresses);
    qn__qram_plan_free(&j.plan);
    if (status == QN_OK) {
        result.seconds = qn__clock() - begun;
        *out = result;
    }
    return status;
}
