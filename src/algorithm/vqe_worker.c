/* vqe_worker.c: one start of a VQE run: the objective that the optimizer sees, its history, and the best so far. */
#include "algorithm/vqe_worker.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"

/* Parts of a run that draw random numbers; each gets its own seed. */
enum { PART_INITIAL = 1, PART_ESTIMATOR = 2, PART_OPTIMIZER = 3 };

/* Positions of the estimator's draws: every start has 2^32 of its own. */
static uint64_t first_position(uint32_t start)
{
    return (uint64_t)start << 32;
}

/* What one evaluation gave, beside its gradient. */
typedef struct answer {
    uint64_t position;        /* of the estimator afterwards */
    uint64_t circuits, shots; /* spent */
    double value;
} answer;

static qn_status ask_estimator(qn__vqe_worker *worker, const double *x, answer *got, double *grad)
{
    qn_estimator_stats before, after;
    qn_estimator_get_stats(worker->estimator, &before);
    if (grad != NULL) {
        QN_TRY(qn_estimator_gradient(worker->estimator, x, NULL, &got->value, grad, NULL));
    } else {
        QN_TRY(qn_estimator_run(worker->estimator, x, 1, &got->value, NULL));
    }
    qn_estimator_get_stats(worker->estimator, &after);
    got->position = qn_estimator_position(worker->estimator);
    got->circuits = after.circuits - before.circuits;
    got->shots = after.shots - before.shots;
    return QN_OK;
}

/* Ask the estimator, or the journal when it already knows. */
static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    qn__vqe_worker *worker = user;
    const qn__vqe_run *run = worker->run;
    const uint64_t question = qn__hash(QN__HASH_START, x, run->nparameters * sizeof *x);
    answer got;
    const qn__journal_entry entry = {&got, sizeof got, grad, run->nparameters};
    bool found = false;
    QN_TRY(qn__journal_next(run->journal, worker->start, question, &entry, &found));
    if (found) {
        qn_estimator_set_position(worker->estimator, got.position);
        worker->replayed++;
    } else {
        QN_TRY(ask_estimator(worker, x, &got, grad));
        QN_TRY(qn__journal_add(run->journal, worker->start, question, &entry));
    }
    *value = got.value;
    worker->circuits += got.circuits;
    worker->shots += got.shots;
    worker->evaluations++;
    worker->gradients += grad != NULL;
    return QN_OK;
}

static qn_status metric(void *user, const double *x, double *out)
{
    return qn_estimator_metric(((qn__vqe_worker *)user)->estimator, x, out);
}

static qn_status fidelity(void *user, const double *a, const double *b, double *out)
{
    return qn_estimator_fidelity(((qn__vqe_worker *)user)->estimator, a, b, out);
}

static void report(qn__vqe_worker *worker, uint64_t iteration, double best)
{
    const qn_vqe_options *options = worker->run->options;
    const bool many = options->starts > 1;
    const double overall = worker->best.any && worker->best.energy < best ? worker->best.energy : best;
    const qn_progress progress = {"vqe",
                                  many ? worker->start : iteration,
                                  many ? options->starts : options->optimizer.max_iterations,
                                  worker->all_evaluations + worker->evaluations,
                                  overall,
                                  qn__clock() - worker->run->began};
    qn__context_progress(worker->run->context, &progress, &worker->last_report, false);
}

static void on_step(void *user, const qn_optimizer_step *step)
{
    qn__vqe_worker *worker = user;
    worker->lowest = step->best;
    if (worker->run->options->history) {
        void *steps = worker->steps;
        /* A history that cannot grow is cut short: the run itself goes on. */
        if (qn__grow(&steps, &worker->capacity, worker->nsteps + 1, sizeof *worker->steps) == QN_OK) {
            worker->steps = steps;
            worker->steps[worker->nsteps++] =
                (qn_vqe_step){worker->start, step->iteration, step->evaluations, step->value, step->best};
        }
    }
    if (worker->reports) {
        report(worker, step->iteration, step->best);
    }
}

/* "statevector:f32" with threads=1, for workers that share the machine. */
static qn_status worker_spec(const char *spec, bool alone, char *out, size_t capacity)
{
    const bool fixed = alone || strstr(spec, "threads=") != NULL;
    const int written = snprintf(out, capacity, "%s%s", spec,
                                 fixed                       ? ""
                                 : strchr(spec, ':') != NULL ? ",threads=1"
                                                             : ":threads=1");
    QN_CHECK(written >= 0 && (size_t)written < capacity, ERR_RANGE, "engine specification is longer than %zu letters",
             capacity);
    return QN_OK;
}

qn_status qn__vqe_worker_open(const qn__vqe_run *run, bool alone, bool reports, qn__vqe_worker *worker)
{
    const qn_vqe_options *options = run->options;
    memset(worker, 0, sizeof *worker);
    worker->run = run;
    worker->reports = reports;
    char spec[256];
    QN_TRY(worker_spec(options->engine != NULL ? options->engine : "statevector", alone, spec, sizeof spec));
    worker->point = qn__alloc(run->nparameters, sizeof *worker->point);
    QN_ALLOC_CHECK(worker->point);
    worker->best.parameters = qn__alloc(run->nparameters, sizeof *worker->best.parameters);
    QN_ALLOC_CHECK(worker->best.parameters);
    QN_TRY(qn_engine_open(run->context, spec, &worker->engine));
    qn_estimator_options estimator = options->estimator;
    estimator.seed = qn__random_derive(options->seed, PART_ESTIMATOR);
    return qn_estimator_create(worker->engine, run->ansatz, &run->hamiltonian, 1, &estimator, &worker->estimator);
}

void qn__vqe_worker_close(qn__vqe_worker *worker)
{
    qn_estimator_free(worker->estimator);
    qn_engine_close(worker->engine);
    qn__free(worker->point);
    qn__free(worker->steps);
    qn__free(worker->best.parameters);
    qn__free(worker->best.steps);
    memset(worker, 0, sizeof *worker);
}

static void initial_point(const qn__vqe_worker *worker, uint32_t start)
{
    const qn_vqe_options *options = worker->run->options;
    const double range = options->initial_range > 0.0 ? options->initial_range : 3.14159265358979323846;
    const uint64_t seed = qn__random_derive(options->seed, PART_INITIAL);
    for (size_t k = 0; k < worker->run->nparameters; k++) {
        if (start == 0 && options->initial != NULL) {
            worker->point[k] = options->initial[k];
        } else {
            worker->point[k] = range * (2.0 * qn__random_uniform(seed, start, k) - 1.0);
        }
    }
}

/* Lower energy wins, then the lower index, so that the choice does not depend on who worked on what. */
static void keep_if_best(qn__vqe_worker *worker, const qn_optimizer_result *result)
{
    qn__vqe_best *best = &worker->best;
    const bool better = isfinite(result->value) && (!best->any || result->value < best->energy ||
                                                    (result->value == best->energy && worker->start < best->start));
    if (!better) {
        return;
    }
    best->any = true;
    best->start = worker->start;
    best->energy = result->value;
    best->converged = result->converged;
    best->reason = result->reason;
    memcpy(best->note, result->note, sizeof best->note);
    memcpy(best->parameters, worker->point, worker->run->nparameters * sizeof *worker->point);
    qn_vqe_step *steps = best->steps;
    const size_t capacity = best->capacity;
    best->steps = worker->steps;
    best->nsteps = worker->nsteps;
    best->capacity = worker->capacity;
    worker->steps = steps;
    worker->capacity = capacity;
}

qn_status qn__vqe_worker_start(qn__vqe_worker *worker, uint32_t start, qn_vqe_start *record)
{
    const qn__vqe_run *run = worker->run;
    const qn_vqe_options *options = run->options;
    worker->start = start;
    worker->evaluations = 0;
    worker->gradients = 0;
    worker->nsteps = 0;
    worker->lowest = (double)INFINITY;
    qn_estimator_set_position(worker->estimator, first_position(start));
    initial_point(worker, start);

    qn_estimator_stats stats;
    qn_estimator_get_stats(worker->estimator, &stats);
    qn_objective objective = QN_OBJECTIVE_INIT;
    objective.dimension = run->nparameters;
    objective.user = worker;
    objective.evaluate = evaluate;
    objective.has_gradient = true;
    objective.noise = stats.noise;
    /* The two-term shift rule is half a difference of two values. */
    objective.gradient_noise = stats.noise / sqrt(2.0);
    objective.sinusoidal = run->sinusoidal;
    objective.metric = metric;
    objective.fidelity = fidelity;
    qn_optimizer_options optimizer = options->optimizer;
    optimizer.seed = qn__random_derive(qn__random_derive(options->seed, PART_OPTIMIZER), start);
    optimizer.callback = on_step;
    optimizer.callback_user = worker;
    optimizer.interrupt = qn__context_interrupt(run->context);
    qn_optimizer_result result;
    QN_TRY(qn_minimize(&objective, &optimizer, worker->point, &result));

    keep_if_best(worker, &result);
    worker->done += result.reason != QN_STOP_INTERRUPTED;
    worker->all_evaluations += worker->evaluations;
    worker->all_gradients += worker->gradients;
    *record = (qn_vqe_start){result.value, worker->evaluations, worker->gradients, result.converged, result.reason};
    return QN_OK;
}
