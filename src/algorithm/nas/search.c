/* search.c: repeated runs of one method of search, and what they come to. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/journal.h"
#include "algorithm/nas/search.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"

enum { BOOTSTRAP_PART = 77 };

static const struct {
    const char *name, *text;
    qn_status (*search)(qn__nas_run *run);
} methods[QN_NAS_METHOD_COUNT_] = {
    [QN_NAS_RANDOM] = {"random", "random search without replacement", qn__nas_random},
    [QN_NAS_LOCAL] = {"local", "local search, first improvement, random restarts", qn__nas_local},
    [QN_NAS_EVOLUTION] = {"evolution", "regularised evolution", qn__nas_evolution},
    [QN_NAS_TPE] = {"tpe", "tree-structured Parzen estimator", qn__nas_tpe},
    [QN_NAS_EXACT] = {"exact", "pairwise model, all unseen entries compared", qn__nas_model},
    [QN_NAS_ANNEAL] = {"anneal", "pairwise model, simulated annealing", qn__nas_model},
    [QN_NAS_XY] = {"xy", "pairwise model, QAOA with ring mixers", qn__nas_model},
    [QN_NAS_GROVER] = {"grover", "pairwise model, Grover minimum finding", qn__nas_model},
};

const char *qn_nas_method_name(qn_nas_method method)
{
    return (unsigned)method < QN_NAS_METHOD_COUNT_ ? methods[method].name : NULL;
}

const char *qn_nas_method_text(qn_nas_method method)
{
    return (unsigned)method < QN_NAS_METHOD_COUNT_ ? methods[method].text : NULL;
}

bool qn_nas_method_is_quantum(qn_nas_method method)
{
    return method == QN_NAS_XY || method == QN_NAS_GROVER;
}

/* ---- one run ---- */

double qn__nas_uniform(qn__nas_run *run)
{
    return qn__random_uniform(run->seed, 1, run->draws++);
}

size_t qn__nas_below(qn__nas_run *run, size_t n)
{
    return (size_t)(qn__nas_uniform(run) * (double)n);
}

double qn__nas_normal(qn__nas_run *run)
{
    return qn__random_normal(run->seed, 2, run->draws++);
}

bool qn__nas_over(const qn__nas_run *run)
{
    return run->spent >= run->options.evaluations || qn_context_interrupted(run->context);
}

void qn__nas_look(qn__nas_run *run, size_t entry)
{
    if (run->known[entry] || run->spent >= run->options.evaluations) {
        return;
    }
    const qn_nas_table *const t = run->table;
    run->known[entry] = true;
    run->lowest = fmin(run->lowest, t->cost[entry]);
    run->curve[run->spent] = run->lowest - t->cost[t->best];
    run->seen[run->spent++] = entry;
}

size_t qn__nas_fresh(qn__nas_run *run)
{
    while (run->next + 1 < run->table->entries && run->known[run->order[run->next]]) {
        run->next++;
    }
    return run->order[run->next];
}

void qn__nas_begin(qn__nas_run *run)
{
    while (!qn__nas_over(run) && run->spent < run->options.initial) {
        qn__nas_look(run, qn__nas_fresh(run));
    }
}

static void shuffle(qn__nas_run *run)
{
    for (size_t k = 0; k < run->table->entries; k++) {
        run->order[k] = k;
    }
    for (size_t k = run->table->entries; k > 1; k--) {
        const size_t other = (size_t)(qn__random_uniform(run->seed, 0, k) * (double)k), kept = run->order[k - 1];
        run->order[k - 1] = run->order[other];
        run->order[other] = kept;
    }
}

static qn_status run_once(qn__nas_run *run)
{
    const size_t entries = run->table->entries;
    run->seen = qn__alloc(run->options.evaluations, sizeof *run->seen);
    run->known = qn__calloc(entries, sizeof *run->known);
    run->order = qn__alloc(entries, sizeof *run->order);
    qn_status status = QN_ERR_MEMORY;
    if (run->seen != NULL && run->known != NULL && run->order != NULL) {
        run->lowest = (double)INFINITY;
        qn_ledger_init(&run->circuit);
        shuffle(run);
        status = methods[run->options.method].search(run);
    }
    if (status == QN_OK && run->spent < run->options.evaluations) {
        status = QN_FAIL(ERR_INTERRUPTED, "interrupted");
    }
    qn__free(run->known);
    qn__free(run->order);
    return status;
}

/* ---- all runs ---- */

typedef struct batch {
    qn_context *context, *inner;
    qn__journal *journal; /* a lane for each method and run */
    const qn_nas_table *table;
    qn_nas_options options;
    qn_nas_result *result;
    double *queries, *seconds; /* of each run */
    size_t *best;              /* entry of each run */
    bool *finished;
    qn_status status; /* the first failure but interruptions, and its message */
    char message[256];
    double started, last;
    uint64_t done;
} batch;

static void keep_run(batch *b, size_t k, qn__nas_run *run)
{
    size_t best = run->seen[0];
    for (size_t i = 1; i < run->spent; i++) {
        best = b->table->cost[run->seen[i]] < b->table->cost[best] ? run->seen[i] : best;
    }
    b->best[k] = best;
    b->queries[k] = run->queries;
    b->finished[k] = true;
    if (k == 0) {
        b->result->circuit = run->circuit;
    }
}

/* What is logged of a finished run, beside its curve; the circuit of the first run only. */
typedef struct finished_run {
    uint64_t best;
    double queries, seconds;
    qn_ledger circuit;
} finished_run;

static qn__journal_entry entry_of(const batch *b, size_t k, finished_run *run)
{
    return (qn__journal_entry){run, k == 0 ? sizeof *run : offsetof(finished_run, circuit),
                               b->result->regret + k * b->options.evaluations, b->options.evaluations};
}

static uint32_t lane_of(const batch *b, size_t k)
{
    return (uint32_t)k * QN_NAS_METHOD_COUNT_ + (uint32_t)b->options.method;
}

/* A run that the checkpoint has. */
static qn_status recall(batch *b, size_t k, bool *found)
{
    finished_run run;
    const qn__journal_entry entry = entry_of(b, k, &run);
    QN_TRY(qn__journal_next(b->journal, lane_of(b, k), k, &entry, found));
    if (!*found) {
        return QN_OK;
    }
    QN_CHECK(run.best < b->table->entries, ERR_CHECKPOINT, "run %zu of the checkpoint names no entry of the table", k);
    b->best[k] = (size_t)run.best;
    b->queries[k] = run.queries;
    b->seconds[k] = run.seconds;
    b->finished[k] = true;
    if (k == 0) {
        b->result->circuit = run.circuit;
    }
#pragma omp atomic
    b->result->replayed++;
    return QN_OK;
}

static qn_status remember(batch *b, size_t k)
{
    finished_run run = {.best = b->best[k], .queries = b->queries[k], .seconds = b->seconds[k]};
    if (k == 0) {
        run.circuit = b->result->circuit;
    }
    const qn__journal_entry entry = entry_of(b, k, &run);
    return qn__journal_add(b->journal, lane_of(b, k), k, &entry);
}

static qn_status search_and_keep(batch *b, size_t k)
{
    qn__nas_run run = {.table = b->table,
                       .options = b->options,
                       .context = b->inner,
                       .seed = qn__random_derive(b->options.seed, k),
                       .first = k == 0,
                       .curve = b->result->regret + k * b->options.evaluations};
    const double before = qn__clock();
    qn_status status = run_once(&run);
    b->seconds[k] = qn__clock() - before;
    if (status == QN_OK) {
        keep_run(b, k, &run);
        status = remember(b, k);
    }
    qn__free(run.seen);
    return status;
}

static void one_run(batch *b, size_t k)
{
    bool found = false;
    qn_status status = recall(b, k, &found);
    if (status == QN_OK && !found) {
        status = search_and_keep(b, k);
    }
    if (status != QN_OK && status != QN_ERR_INTERRUPTED) {
#pragma omp critical(qn_nas_failure)
        if (b->status == QN_OK) {
            b->status = status;
            (void)snprintf(b->message, sizeof b->message, "%s", qn_last_error()->message);
        }
    }
#pragma omp atomic
    b->done++;
}

static void all_runs(batch *b, bool (*is_caller)(void))
{
    const int threads = (int)qn_context_threads(b->context);
    (void)threads;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (uint32_t k = 0; k < b->options.runs; k++) {
        if (!qn_context_interrupted(b->context) && b->status == QN_OK) {
            one_run(b, k);
        }
        if (is_caller()) {
            uint64_t done = 0;
#pragma omp atomic read
            done = b->done;
            const qn_progress progress = {.stage = methods[b->options.method].name,
                                          .done = done,
                                          .total = b->options.runs,
                                          .evaluations = done * b->options.evaluations,
                                          .value = (double)NAN,
                                          .seconds = qn__clock() - b->started};
            qn__context_progress(b->context, &progress, &b->last, false);
        }
    }
}

#ifdef _OPENMP
#include <omp.h>
static bool is_caller(void)
{
    return omp_get_thread_num() == 0;
}
#else
static bool is_caller(void)
{
    return true;
}
#endif

/* Finished runs move together, in their order. */
static void gather(batch *b)
{
    qn_nas_result *const r = b->result;
    const size_t width = b->options.evaluations;
    double sum = 0, queries = 0, seconds = 0;
    for (size_t k = 0; k < b->options.runs; k++) {
        if (!b->finished[k]) {
            continue;
        }
        double *const curve = r->regret + (size_t)r->runs * width;
        memmove(curve, r->regret + k * width, width * sizeof *curve);
        r->best = r->runs == 0 || b->table->cost[b->best[k]] < b->table->cost[r->best] ? b->best[k] : r->best;
        size_t first = 0;
        while (first < width && curve[first] > 0) {
            first++;
        }
        r->reached += first < width;
        sum += first < width ? (double)first + 1 : 0;
        queries += b->queries[k];
        seconds += b->seconds[k];
        r->runs++;
    }
    r->to_best = r->reached > 0 ? sum / r->reached : (double)NAN;
    r->queries = qn_nas_method_is_quantum(r->method) && r->runs > 0 ? queries / r->runs : (double)NAN;
    r->run_seconds = r->runs > 0 ? seconds / r->runs : (double)NAN;
    for (size_t e = 0; e < width && r->runs > 0; e++) {
        qn__nas_bootstrap(r->regret + e, r->runs, width, qn__random_derive(b->options.seed, BOOTSTRAP_PART),
                          &r->mean[e], &r->low[e], &r->high[e]);
    }
}

static qn_status check(const qn_nas_table *table, qn_nas_options *o)
{
    QN_CHECK(o->size == sizeof *o, ERR_ARGUMENT, "options have size %u, expected %zu; use QN_NAS_OPTIONS_INIT", o->size,
             sizeof *o);
    QN_CHECK((unsigned)o->method < QN_NAS_METHOD_COUNT_, ERR_ARGUMENT, "method %d; expected 0 to %d", (int)o->method,
             QN_NAS_METHOD_COUNT_ - 1);
    QN_CHECK(o->runs >= 1 && o->runs <= 100000, ERR_ARGUMENT, "%u runs; expected 1 to 100000", o->runs);
    QN_CHECK(o->evaluations >= 1, ERR_ARGUMENT, "no evaluations; at least 1 is needed");
    if (o->evaluations > table->entries) {
        o->evaluations = (uint32_t)table->entries;
    }
    QN_CHECK(o->evaluations <= 20000 || o->method < QN_NAS_EXACT, ERR_TOO_LARGE,
             "models are fitted to at most 20000 evaluations, not %u", o->evaluations);
    QN_CHECK(o->method != QN_NAS_XY || table->space <= 0x1p26, ERR_TOO_LARGE,
             "ring mixers are simulated on at most 2^26 configurations, not %g", table->space);
    o->initial = o->initial != 0 ? o->initial : table->choices >= 5 ? 2 * table->choices : 10;
    o->layers = o->layers != 0 ? o->layers : 4;
    o->shots = o->shots != 0 ? o->shots : 256;
    return QN_OK;
}

static qn_status create(const qn_nas_options *o, qn_nas_result **out)
{
    qn_nas_result *result = qn__calloc(1, sizeof *result);
    QN_ALLOC_CHECK(result);
    result->method = o->method;
    result->evaluations = o->evaluations;
    result->proposals = o->method >= QN_NAS_EXACT && o->evaluations > o->initial ? o->evaluations - o->initial : 0;
    qn_ledger_init(&result->circuit);
    result->regret = qn__calloc((size_t)o->runs * o->evaluations, sizeof *result->regret);
    result->mean = qn__calloc(3 * (size_t)o->evaluations, sizeof *result->mean);
    if (result->regret == NULL || result->mean == NULL) {
        qn_nas_result_free(result);
        return QN_ERR_MEMORY;
    }
    result->low = result->mean + o->evaluations;
    result->high = result->low + o->evaluations;
    *out = result;
    return QN_OK;
}

static qn_status prepare(batch *b)
{
    qn_context_options inner = QN_CONTEXT_OPTIONS_INIT;
    inner.threads = 1;
    inner.arch = qn_context_arch(b->context);
    inner.memory_limit = qn_context_memory_limit(b->context);
    inner.interrupt = qn__context_interrupt(b->context);
    QN_TRY(qn_context_create(&inner, &b->inner));
    QN_TRY(qn__context_check_bytes(b->context, 8 * (uint64_t)b->options.runs * b->options.evaluations,
                                   "the curves of all runs", ""));
    QN_TRY(create(&b->options, &b->result));
    b->queries = qn__calloc(b->options.runs, sizeof *b->queries);
    b->seconds = qn__calloc(b->options.runs, sizeof *b->seconds);
    b->best = qn__calloc(b->options.runs, sizeof *b->best);
    b->finished = qn__calloc(b->options.runs, sizeof *b->finished);
    const bool whole = b->queries != NULL && b->seconds != NULL && b->best != NULL && b->finished != NULL;
    return whole ? QN_OK : QN_ERR_MEMORY;
}

/* Of all that decides what a run of any method gives. */
static uint64_t fingerprint(const qn_nas_table *t, const qn_nas_options *o)
{
    const uint64_t counts[] = {
        t->choices, t->entries, t->best,  o->evaluations, o->runs, o->initial, (uint64_t)o->encoding,
        o->mean,    o->layers,  o->shots, o->seed};
    uint64_t hash = qn__hash(QN__HASH_START, counts, sizeof counts);
    hash = qn__hash(hash, t->levels, t->choices * sizeof *t->levels);
    hash = qn__hash(hash, t->cell, t->entries * t->choices * sizeof *t->cell);
    return qn__hash(hash, t->cost, t->entries * sizeof *t->cost);
}

static qn_status open_journal(batch *b)
{
    const qn_nas_options *const o = &b->options;
    return qn__journal_open(o->checkpoint, fingerprint(b->table, o), o->resume, o->runs * QN_NAS_METHOD_COUNT_,
                            &b->journal);
}

qn_status qn_nas_search(qn_context *context, const qn_nas_table *table, const qn_nas_options *options,
                        qn_nas_result **out)
{
    const qn_nas_options usual = QN_NAS_OPTIONS_INIT;
    QN_CHECK(context != NULL && table != NULL && out != NULL, ERR_ARGUMENT,
             "a context, a table and a place for the result are needed");
    batch b = {
        .context = context, .table = table, .options = options != NULL ? *options : usual, .started = qn__clock()};
    QN_TRY(check(table, &b.options));
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(prepare(&b));
    QN_TRY_CLEANUP(open_journal(&b));
    all_runs(&b, is_caller);
    if (b.status != QN_OK) {
        status = qn__fail(b.status, __FILE__, __LINE__, "%s", b.message);
        goto cleanup;
    }
    gather(&b);
    b.result->interrupted = qn_context_interrupted(context);
    b.result->seconds = qn__clock() - b.started;
    if (b.result->runs == 0) {
        status = QN_FAIL(ERR_INTERRUPTED, "interrupted before the first run was finished");
        goto cleanup;
    }
    *out = b.result;
    b.result = NULL;
cleanup:
    qn_nas_result_free(b.result);
    qn__free(b.queries);
    qn__free(b.seconds);
    qn__free(b.best);
    qn__free(b.finished);
    qn__journal_close(b.journal);
    qn_context_free(b.inner);
    return status;
}

void qn_nas_result_free(qn_nas_result *result)
{
    if (result != NULL) {
        qn__free(result->regret);
        qn__free(result->mean);
        qn__free(result);
    }
}
