/* plateau_layerwise.c: layerwise training to its end (Skolik et al., Quantum Mach. Intell. 3, 5 (2021),
 * arXiv:2006.14904), with the variance of the gradient where every stage begins.
 *
 * First the circuit grows: a few layers join with angles 0, the angles of the others are frozen, and the new ones are
 * trained. Once it is whole, contiguous halves of its layers are unfrozen in turn and trained, the other half frozen.
 * Beside it the whole circuit is trained from uniform angles with as many gradients. The optimizer is Adam (Kingma and
 * Ba, arXiv:1412.6980), exact gradients; every run is a random start of its own. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"
#include "learn/plateau_model.h"

#include <quern/engine.h>

static const double decay1 = 0.9, decay2 = 0.999, tiny = 1e-8;

typedef struct training {
    qn_context *context;
    qn_engine *engine;
    qn_plateau_options options; /* uniform start; layers: of the stage */
    const qn_plateau_layerwise_options *wanted;
    uint32_t qubits, layers;                    /* layers: of the whole circuit */
    size_t each, runs;                          /* angles of a layer */
    double sign;                                /* of what is minimised against the observable */
    double *theta;                              /* runs x all angles */
    double *packed, *gradient, *first, *second; /* runs x those of the stage's circuit */
    double *values, *weights;                   /* runs */
    uint64_t done, total;                       /* steps, for progress */
    double began, last;
} training;

static size_t angles_of(const training *t, uint32_t layers)
{
    return t->each * layers;
}

/* Mean over the angles that move of the variance of their derivatives over the runs, and of their squares. */
static void measure(const training *t, size_t symbols, size_t from, size_t to, qn_plateau_stage *stage)
{
    const double runs = (double)t->runs, moving = (double)(to - from);
    stage->variance = stage->mean_square = 0.0;
    for (size_t k = from; k < to; k++) {
        double mean = 0.0, squares = 0.0;
        for (size_t r = 0; r < t->runs; r++) {
            const double g = t->gradient[r * symbols + k];
            mean += g / runs;
            squares += g * g;
        }
        stage->mean_square += squares / runs / moving;
        stage->variance += (squares - runs * mean * mean) / (runs - 1.0) / moving;
    }
    stage->variance = fmax(stage->variance, 0.0);
}

static double mean_of(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t r = 0; r < count; r++) {
        sum += values[r];
    }
    return sum / (double)count;
}

static void move(const training *t, size_t symbols, size_t from, size_t to, uint64_t step)
{
    /* Adam moves every angle by about its rate: steps of all stages are as long as those of the first */
    const double rate =
        t->wanted->rate *
        sqrt((double)angles_of(t, t->wanted->grow < t->layers ? t->wanted->grow : t->layers) / (double)(to - from));
    const double bias1 = 1.0 - pow(decay1, (double)step + 1.0), bias2 = 1.0 - pow(decay2, (double)step + 1.0);
    for (size_t r = 0; r < t->runs; r++) {
        for (size_t k = from; k < to; k++) {
            const size_t at = r * symbols + k;
            const double g = t->sign * t->gradient[at];
            t->first[at] = decay1 * t->first[at] + (1.0 - decay1) * g;
            t->second[at] = decay2 * t->second[at] + (1.0 - decay2) * g * g;
            t->packed[at] -= rate * (t->first[at] / bias1) / (sqrt(t->second[at] / bias2) + tiny);
        }
    }
}

static qn_status steps_of(training *t, qn_program *program, size_t symbols, uint64_t steps, qn_plateau_stage *stage)
{
    const size_t from = angles_of(t, stage->first), to = angles_of(t, stage->last);
    for (uint64_t step = 0;; step++) {
        QN_CHECK(!qn_context_interrupted(t->context), ERR_INTERRUPTED, "interrupted at %u qubits", t->qubits);
        QN_TRY(qn_program_gradient(program, t->packed, t->runs, t->weights, t->values, t->gradient));
        if (step == 0) {
            measure(t, symbols, from, to, stage);
            stage->loss_before = mean_of(t->values, t->runs);
        }
        if (step == steps) {
            break;
        }
        move(t, symbols, from, to, step);
        t->done++;
        const qn_progress progress = {
            "training", t->done, t->total, t->done * t->runs, mean_of(t->values, t->runs), qn__clock() - t->began};
        qn__context_progress(t->context, &progress, &t->last, false);
    }
    stage->loss_after = mean_of(t->values, t->runs);
    return QN_OK;
}

/* The circuit of the stage's layers, from and back into theta. */
static qn_status run_stage(training *t, uint64_t steps, qn_plateau_stage *stage)
{
    const size_t whole = angles_of(t, t->layers), symbols = angles_of(t, stage->layers);
    qn_circuit *circuit = NULL;
    qn_pauli_sum *observable = NULL;
    qn_program *program = NULL;
    qn_status status = QN_OK;
    t->options.layers = stage->layers;
    stage->parameters = angles_of(t, stage->last - stage->first);
    for (size_t r = 0; r < t->runs; r++) {
        memcpy(t->packed + r * symbols, t->theta + r * whole, symbols * sizeof *t->packed);
    }
    memset(t->first, 0, t->runs * symbols * sizeof *t->first);
    memset(t->second, 0, t->runs * symbols * sizeof *t->second);
    QN_TRY_CLEANUP(qn_plateau_circuit(&t->options, t->qubits, &circuit));
    QN_TRY_CLEANUP(qn_plateau_observe(&t->options, t->qubits, &observable));
    QN_TRY_CLEANUP(qn_engine_compile(t->engine, circuit, (const qn_pauli_sum *const *)&observable, 1, &program));
    QN_TRY_CLEANUP(steps_of(t, program, symbols, steps, stage));
    for (size_t r = 0; r < t->runs; r++) {
        memcpy(t->theta + r * whole, t->packed + r * symbols, symbols * sizeof *t->packed);
    }
cleanup:
    qn_program_free(program);
    qn_circuit_free(circuit);
    qn_pauli_sum_free(observable);
    return status;
}

/* Uniform angles in the first `layers`, zeros behind them. */
static void start(training *t, uint32_t layers)
{
    const size_t whole = angles_of(t, t->layers);
    memset(t->theta, 0, t->runs * whole * sizeof *t->theta);
    for (size_t r = 0; r < t->runs; r++) {
        qn_plateau_angles(&t->options, t->qubits, angles_of(t, layers), r, t->theta + r * whole);
    }
}

/* Which layers each stage has and moves; gives how many stages. */
static size_t plan(uint32_t layers, uint32_t grow, qn_plateau_stage *stages)
{
    size_t count = 0;
    for (uint32_t have = 0; have < layers; count++) {
        const uint32_t next = layers - have < grow ? layers : have + grow;
        stages[count] = (qn_plateau_stage){.layers = next, .first = have, .last = next};
        have = next;
    }
    for (uint32_t half = 0; layers > grow && half < 2; half++) {
        stages[count++] = (qn_plateau_stage){
            .layers = layers, .first = half == 0 ? 0 : layers / 2, .last = half == 0 ? layers / 2 : layers};
    }
    return count;
}

static qn_status train_all(training *t, qn_plateau_layerwise *out)
{
    const size_t stages = plan(t->layers, t->wanted->grow, out->stages);
    t->began = qn__clock();
    t->total = 2 * stages * t->wanted->steps;
    start(t, out->stages[0].layers);
    for (; out->count < stages; out->count++) {
        QN_TRY(run_stage(t, t->wanted->steps, &out->stages[out->count]));
        out->gradients += t->runs * (t->wanted->steps + 1);
    }
    out->plain.layers = out->plain.last = t->layers;
    start(t, t->layers);
    QN_TRY(run_stage(t, stages * t->wanted->steps, &out->plain));
    return QN_OK;
}

static qn_status open_training(training *t)
{
    const double numbers = (double)t->runs * (double)angles_of(t, t->layers);
    QN_TRY(qn__context_check_bytes(t->context, 5.0 * 8.0 * numbers < 1e19 ? (uint64_t)(40.0 * numbers) : UINT64_MAX,
                                   "angles and gradients of all runs", "fewer runs or layers"));
    t->theta = qn__alloc(t->runs * angles_of(t, t->layers), 5 * sizeof *t->theta);
    QN_ALLOC_CHECK(t->theta);
    t->packed = t->theta + t->runs * angles_of(t, t->layers);
    t->gradient = t->packed + t->runs * angles_of(t, t->layers);
    t->first = t->gradient + t->runs * angles_of(t, t->layers);
    t->second = t->first + t->runs * angles_of(t, t->layers);
    t->values = qn__alloc(t->runs, 2 * sizeof *t->values);
    QN_ALLOC_CHECK(t->values);
    t->weights = t->values + t->runs;
    for (size_t r = 0; r < t->runs; r++) {
        t->weights[r] = 1.0;
    }
    return qn_engine_open(t->context, "statevector", &t->engine);
}

/* Angles of one layer, from its circuit. */
static qn_status count_angles(const qn_plateau_options *options, uint32_t qubits, size_t *each)
{
    qn_plateau_options one = *options;
    qn_circuit *circuit = NULL;
    one.layers = 1;
    QN_TRY(qn_plateau_circuit(&one, qubits, &circuit));
    *each = qn_circuit_symbols(circuit);
    qn_circuit_free(circuit);
    return QN_OK;
}

static qn_status check(const qn_plateau_options *options, const qn_plateau_layerwise_options *wanted)
{
    enum { MOST_RUNS = 100000, MOST_STEPS = 1000000 };
    QN_CHECK(wanted != NULL && wanted->size == sizeof *wanted, ERR_ARGUMENT, "options of another version");
    QN_CHECK(!options->twin, ERR_UNSUPPORTED, "layers are trained on states, not by the classical twin");
    QN_CHECK(wanted->runs >= 2 && wanted->runs <= MOST_RUNS, ERR_RANGE, "%u runs: between 2 and %d", wanted->runs,
             MOST_RUNS);
    QN_CHECK(wanted->steps >= 1 && wanted->steps <= MOST_STEPS, ERR_RANGE, "%u steps a stage: between 1 and %d",
             wanted->steps, MOST_STEPS);
    QN_CHECK(wanted->grow >= 1, ERR_RANGE, "0 layers a stage: at least 1");
    QN_CHECK(isfinite(wanted->rate) && wanted->rate > 0.0, ERR_RANGE, "a rate of %g: more than 0", wanted->rate);
    return QN_OK;
}

qn_status qn_plateau_train_layerwise(qn_context *context, const qn_plateau_options *options, uint32_t qubits,
                                     const qn_plateau_layerwise_options *wanted, qn_plateau_layerwise **out)
{
    QN_TRY(qn__plateau_check(options, qubits));
    QN_TRY(check(options, wanted));
    training t = {.context = context, .options = *options, .wanted = wanted, .qubits = qubits, .runs = wanted->runs};
    t.options.start = QN_PLATEAU_UNIFORM;
    t.layers = qn_plateau_layers(&t.options, qubits);
    t.sign = options->observable == QN_PLATEAU_SUM ? 1.0 : -1.0;
    QN_TRY(count_angles(&t.options, qubits, &t.each));
    qn_plateau_layerwise *made = qn__calloc(1, sizeof *made);
    QN_ALLOC_CHECK(made);
    made->qubits = qubits;
    made->plain.variance = made->plain.mean_square = made->plain.loss_before = made->plain.loss_after = (double)NAN;
    made->stages = qn__calloc((size_t)t.layers / wanted->grow + 4, sizeof *made->stages);
    qn_status status = made->stages == NULL ? QN_ERR_MEMORY : open_training(&t);
    status = status == QN_OK ? train_all(&t, made) : status;
    made->seconds = t.began > 0 ? qn__clock() - t.began : 0;
    qn_engine_close(t.engine);
    qn__free(t.theta);
    qn__free(t.values);
    if (status == QN_ERR_INTERRUPTED && made->count > 0) { /* the stages that are done */
        made->interrupted = true;
        status = QN_OK;
    }
    if (status != QN_OK) {
        qn_plateau_layerwise_free(made);
        return status;
    }
    *out = made;
    return QN_OK;
}

void qn_plateau_layerwise_free(qn_plateau_layerwise *layerwise)
{
    if (layerwise != NULL) {
        qn__free(layerwise->stages);
        qn__free(layerwise);
    }
}
