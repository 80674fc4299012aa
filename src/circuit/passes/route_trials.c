/* route_trials.c: the search for a starting layout: walks back and forth from several starts (Li, Ding, Xie,
 * arXiv:1809.02573, section 4.2), the best kept. */
#include "circuit/passes/route_trials.h"

#include <string.h>
#if defined(_OPENMP)
#include <omp.h>
#endif

#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"

enum {
    SPECIAL = 3, /* starts that are not random: trivial, dense, embedded */
    STYLES = 3,  /* ways to walk from each start */
    ROUNDS = 4,  /* walks forth in a trial; between two there is a walk back */
    REPEATS = 6, /* more walks forth from the best layout of a trial, with other seeds */
    TRIALS = 8,  /* random starts when the caller does not say how many; more for short circuits */
    MOST_TRIALS = 100,
    WORK = 400000000,          /* of all walks, about, a second or two: less is done for long circuits */
    PARALLEL_WORK = 4000000,   /* from here on threads pay */
    EMBED_BUDGET = 2000000,    /* candidates looked at for a layout without swaps */
    EMBED_PART_BUDGET = 100000 /* the same for the beginning of a circuit */
};

typedef struct style {
    uint32_t view, ahead;
} style;

static const style styles[STYLES] = {{0, 20}, {0, QN__ROUTE_AHEAD}, {1, 20}};

/* What one thread needs; after this nothing fails. */
typedef struct worker {
    qn__router *router;
    qn__route_blocks blocks;
    qn__route_layout start, now; /* the layout that is tried; the one that changes */
    uint32_t *memory;
    qn__route_choice best;
    uint32_t *trial_place; /* best of the trial */
    bool *marks;
} worker;

typedef struct search {
    const qn__route_device *device;
    const qn__route_views *views;
    uint64_t seed;
    uint32_t rounds, repeats, styles;
    uint32_t *home;             /* a layout that fits the parts of the device */
    uint32_t *special[SPECIAL]; /* layouts to begin with; NULL: none */
} search;

static void worker_release(worker *w)
{
    qn__router_free(w->router);
    qn__route_blocks_release(&w->blocks);
    qn__free(w->memory);
    qn__free(w->marks);
}

static const qn__route_dag *whole_of(const qn__route_views *views, uint32_t view)
{
    const qn__route_plan *plan = &views->plans[view];
    return plan->nruns > 1 ? &views->wholes[view] : &plan->runs[0].dag;
}

static uint32_t most_nodes(const qn__route_views *views)
{
    uint32_t most = 0;
    for (uint32_t v = 0; v < views->count; v++) {
        const uint32_t whole = whole_of(views, v)->nnodes, run = views->plans[v].max_nodes;
        most = whole > most ? whole : most;
        most = run > most ? run : most;
    }
    return most;
}

static qn_status worker_create(const search *s, worker *w)
{
    const size_t n = s->device->nqubits;
    QN_TRY(qn__router_create(s->device, most_nodes(s->views), &w->router));
    QN_TRY(qn__route_blocks_create(s->device, &s->views->plans[0], &w->blocks));
    w->memory = qn__alloc(6 * n, sizeof *w->memory);
    QN_ALLOC_CHECK(w->memory);
    w->marks = qn__alloc(n, sizeof *w->marks);
    QN_ALLOC_CHECK(w->marks);
    w->start = (qn__route_layout){w->memory, w->memory + n};
    w->now = (qn__route_layout){w->memory + 2 * n, w->memory + 3 * n};
    w->best.place = w->memory + 4 * n;
    w->trial_place = w->memory + 5 * n;
    w->best.swaps = UINT64_MAX;
    return QN_OK;
}

static void set_layout(uint32_t n, const uint32_t *place, qn__route_layout *out)
{
    memcpy(out->place, place, n * sizeof *place);
    for (uint32_t w = 0; w < n; w++) {
        out->wire[place[w]] = w;
    }
}

/* Swaps of a whole plan from the worker's start; `now` is the layout at the end. */
static uint64_t forth(const search *s, worker *w, const style *way, uint64_t seed)
{
    set_layout(s->device->nqubits, w->start.place, &w->now);
    return qn__route_follow(w->router, s->device, &s->views->plans[way->view], &w->blocks, way->ahead, seed, &w->now,
                            NULL, NULL);
}

/* From the layout at the end back to one at the start. */
static void back(const search *s, worker *w, const style *way, uint64_t seed)
{
    const qn__route_dag *whole = whole_of(s->views, way->view);
    if (s->views->plans[way->view].nruns > 1) { /* control flow: its end is not where a walk through everything ends */
        set_layout(s->device->nqubits, w->start.place, &w->now);
        (void)qn__router_walk(w->router, whole, false, way->ahead, seed, &w->now, NULL);
    }
    (void)qn__router_walk(w->router, whole, true, way->ahead, seed, &w->now, NULL);
    set_layout(s->device->nqubits, w->now.place, &w->start);
}

static void run_trial(const search *s, worker *w, uint64_t trial)
{
    const uint32_t n = s->device->nqubits;
    const uint64_t begin = trial / s->styles, seed = qn__random_derive(s->seed, trial);
    const style *way = &styles[s->styles == 1 ? begin % STYLES : trial % STYLES];
    way = s->styles == 1 && way->view >= s->views->count ? &styles[0] : way; /* no start goes to waste */
    if (way->view >= s->views->count || (begin < SPECIAL && s->special[begin] == NULL)) {
        return;
    }
    set_layout(n, begin < SPECIAL ? s->special[begin] : s->home, &w->start);
    if (begin >= SPECIAL) { /* anywhere, and all in one spot, in turn */
        const uint64_t start_seed = qn__random_derive(s->seed, begin);
        if (s->device->nparts == 1 && begin % 2 == 0) {
            qn__route_scatter(s->device, qn_circuit_qubits(s->views->plans[0].circuit), start_seed, w->trial_place,
                              w->marks, &w->start);
        } else {
            qn__route_shuffle(s->device, start_seed, &w->start);
        }
    }
    qn__route_choice best = {.swaps = UINT64_MAX};
    for (uint32_t round = 0; round < s->rounds + s->repeats; round++) {
        const uint64_t round_seed = qn__random_derive(seed, 1 + (uint64_t)round);
        if (round >= s->rounds) {
            set_layout(n, w->trial_place, &w->start);
        }
        const uint64_t swaps = forth(s, w, way, round_seed);
        if (swaps < best.swaps) {
            best = (qn__route_choice){swaps, round_seed, trial, way->view, way->ahead, NULL};
            memcpy(w->trial_place, w->start.place, n * sizeof *w->trial_place);
        }
        if (round + 1 < s->rounds) {
            back(s, w, way, round_seed);
        }
    }
    if (best.swaps < w->best.swaps || (best.swaps == w->best.swaps && trial < w->best.trial)) {
        best.place = w->best.place;
        w->best = best;
        memcpy(w->best.place, w->trial_place, n * sizeof *w->best.place);
    }
}

/* Trials are dealt out in turn; each depends on its number only. */
static void run_trials(const search *s, worker *workers, uint32_t nworkers, uint64_t trials)
{
#pragma omp parallel for schedule(static, 1) num_threads((int)nworkers) if (nworkers > 1)
    for (uint32_t k = 0; k < nworkers; k++) {
        for (uint64_t trial = k; trial < trials; trial += nworkers) {
            run_trial(s, &workers[k], trial);
        }
    }
}

static uint32_t team(uint64_t work, uint64_t trials)
{
#if defined(_OPENMP)
    const uint64_t threads = omp_get_max_threads() > 1 ? (uint64_t)omp_get_max_threads() : 1;
    return work < PARALLEL_WORK ? 1 : (uint32_t)(threads < trials ? threads : trials);
#else
    (void)work;
    (void)trials;
    return 1;
#endif
}

/* A layout around the longest beginning of the circuit that needs no swaps; *whole: that is all of it. */
static qn_status embed(const search *s, const qn__route_graph *graph, qn__route_layout *layout, double *scratch,
                       bool *whole, bool *found)
{
    qn__route_embedder *embedder = NULL;
    QN_TRY(qn__route_embedder_create(s->device, graph, &embedder));
    *whole = qn__route_embed(embedder, graph->npairs, s->seed, EMBED_BUDGET, layout->place);
    size_t low = 0, high = graph->npairs;
    while (!*whole && high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (qn__route_embed(embedder, middle, s->seed, EMBED_PART_BUDGET, layout->place)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    if (!*whole) {
        (void)qn__route_embed(embedder, low, s->seed, EMBED_PART_BUDGET, layout->place);
    }
    qn__route_embedder_free(embedder);
    *found = qn__route_complete(s->device, graph, NULL, scratch, layout);
    return QN_OK;
}

/* The layouts to begin with. `memory` holds SPECIAL + 3 layouts; *perfect: the embedded one needs no swaps. */
static qn_status prepare(search *s, const qn__route_graph *graph, uint32_t *memory, double *scratch, bool *marks,
                         bool *perfect)
{
    const uint32_t n = s->device->nqubits, nwires = graph->nwires;
    uint32_t *spare = memory + (SPECIAL + 1) * (size_t)n, *queue = memory + (SPECIAL + 2) * (size_t)n;
    s->home = memory;
    QN_TRY(qn__route_home(s->device, graph, s->home));
    bool joined = true;
    uint32_t *trivial = memory + n, *dense = memory + 2 * (size_t)n, *embedded = memory + 3 * (size_t)n;
    for (uint32_t w = 0; w < n; w++) {
        trivial[w] = w;
        dense[w] = QN__ROUTE_NONE;
    }
    for (size_t i = 0; i < graph->npairs; i++) {
        joined = joined && s->device->part[graph->pairs[i].a] == s->device->part[graph->pairs[i].b];
    }
    s->special[0] = joined ? trivial : NULL;
    qn__route_dense(s->device, nwires, queue, marks, marks + n);
    qn__route_layout layout = {dense, spare};
    s->special[1] = qn__route_complete(s->device, graph, marks, scratch, &layout) ? dense : NULL;
    bool found = false;
    layout = (qn__route_layout){embedded, spare};
    QN_TRY(embed(s, graph, &layout, scratch, perfect, &found));
    s->special[2] = found ? embedded : NULL;
    *perfect = *perfect && found;
    return QN_OK;
}

/* How much is tried, from what one walk costs. Long circuits walk once from each start, each in one style. */
static uint64_t count_trials(search *s, uint64_t cost, uint32_t trials)
{
    const uint64_t affordable = WORK / (cost + 1);
    uint64_t starts = trials;
    if (trials == 0) {
        const uint64_t many = affordable / 8 / (STYLES * (2 * ROUNDS + REPEATS)); /* a fraction of a second */
        starts = many < TRIALS ? TRIALS : many < MOST_TRIALS ? many : MOST_TRIALS;
    }
    starts += SPECIAL;
    s->styles = affordable / starts < STYLES ? 1 : STYLES;
    const uint64_t walks = affordable / (starts * s->styles);
    s->rounds = walks + 1 < 2 * ROUNDS ? (uint32_t)(walks + 1) / 2 : ROUNDS;
    s->rounds = s->rounds == 0 ? 1 : s->rounds;
    s->repeats = walks < 2 * ROUNDS ? 0 : walks - 2 * ROUNDS < REPEATS ? (uint32_t)(walks - 2 * ROUNDS) : REPEATS;
    return starts * s->styles;
}

static qn_status search_trials(search *s, uint32_t trials, qn__route_choice *out)
{
    const uint32_t n = s->device->nqubits;
    worker scout = {0};
    worker *workers = NULL;
    uint32_t nworkers = 0;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(worker_create(s, &scout));
    set_layout(n, s->home, &scout.start);
    (void)forth(s, &scout, &styles[0], s->seed);
    const uint64_t cost = qn__router_work(scout.router), count = count_trials(s, cost, trials);
    const uint32_t wanted = team(cost * count * (2 * (uint64_t)s->rounds + s->repeats), count);
    workers = qn__calloc(wanted, sizeof *workers);
    QN_TRY_CLEANUP(workers == NULL ? QN_ERR_MEMORY : QN_OK);
    while (nworkers < wanted) {
        QN_TRY_CLEANUP(worker_create(s, &workers[nworkers++]));
    }
    run_trials(s, workers, nworkers, count);
    const qn__route_choice *best = &workers[0].best;
    for (uint32_t k = 1; k < nworkers; k++) {
        const qn__route_choice *other = &workers[k].best;
        const bool better = other->swaps < best->swaps || (other->swaps == best->swaps && other->trial < best->trial);
        best = better ? other : best;
    }
    uint32_t *place = out->place;
    memcpy(place, best->place, n * sizeof *place);
    *out = *best;
    out->place = place;
cleanup:
    worker_release(&scout);
    for (uint32_t k = 0; k < nworkers; k++) {
        worker_release(&workers[k]);
    }
    qn__free(workers);
    return status;
}

void qn__route_views_release(qn__route_views *views)
{
    for (int v = 0; v < 2; v++) {
        qn__route_plan_release(&views->plans[v]);
        qn__route_dag_release(&views->wholes[v]);
    }
    views->count = 0;
}

qn_status qn__route_views_build(const qn_circuit *circuit, qn__route_views *out)
{
    *out = (qn__route_views){0};
    qn_status status = QN_OK;
    for (uint32_t v = 0; v < 2 && (v == 0 || out->plans[0].relaxed); v++) {
        QN_TRY_CLEANUP(qn__route_plan_build(circuit, v == 1, &out->plans[v]));
        if (out->plans[v].nruns > 1) {
            QN_TRY_CLEANUP(qn__route_dag_build(circuit, 0, qn_circuit_operations(circuit), v == 1, &out->wholes[v]));
        }
        out->count++;
    }
cleanup:
    if (status != QN_OK) {
        qn__route_views_release(out);
    }
    return status;
}

qn_status qn__route_search(const qn__route_device *device, const qn__route_views *views, uint64_t seed, uint32_t trials,
                           qn__route_choice *out)
{
    const size_t n = device->nqubits;
    const uint32_t nwires = qn_circuit_qubits(views->plans[0].circuit);
    search s = {.device = device, .views = views, .seed = seed};
    qn__route_graph graph = {0};
    qn__route_choice choice = {.seed = seed, .ahead = styles[0].ahead};
    qn_status status = QN_OK;
    uint32_t *memory = qn__alloc((SPECIAL + 3) * n, sizeof *memory);
    double *scratch = qn__alloc(2 * (size_t)nwires, sizeof *scratch);
    bool *marks = qn__alloc(2 * n, sizeof *marks);
    choice.place = qn__alloc(n, sizeof *choice.place);
    if (memory == NULL || scratch == NULL || marks == NULL || choice.place == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__route_graph_build(whole_of(views, 0), nwires, &graph));
    bool perfect = false;
    QN_TRY_CLEANUP(prepare(&s, &graph, memory, scratch, marks, &perfect));
    if (perfect) {
        memcpy(choice.place, s.special[2], n * sizeof *choice.place);
    } else {
        QN_TRY_CLEANUP(search_trials(&s, trials, &choice));
    }
    *out = choice;
    choice.place = NULL;
cleanup:
    qn__route_graph_release(&graph);
    qn__free(memory);
    qn__free(scratch);
    qn__free(marks);
    qn__free(choice.place);
    return status;
}
