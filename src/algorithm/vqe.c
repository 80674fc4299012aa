/* vqe.c: the variational quantum eigensolver: random starts over threads, the best of them, and its closing estimate.
 */
#include <quern/vqe.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/journal.h"
#include "algorithm/vqe_worker.h"
#include "base/alloc.h"
#include "base/clock.h"

/* The first failure of any worker; the calling thread raises it again, since a message stays with its thread. */
typedef struct failure {
    qn_status status;
    char message[512];
} failure;

static void note_failure(failure *shared, qn_status status)
{
#pragma omp critical(qn_vqe_failure)
    if (shared->status == QN_OK) {
        shared->status = status;
        (void)snprintf(shared->message, sizeof shared->message, "%s", qn_last_error()->message);
    }
}

static bool has_failed(const failure *shared)
{
    qn_status status = QN_OK;
#pragma omp critical(qn_vqe_failure)
    status = shared->status;
    return status != QN_OK;
}

/* Along one parameter the energy is a + b sin(theta + c) exactly when the parameter drives one uncontrolled rotation
 * with factor +-1. */
static qn_status find_sinusoidal(const qn_circuit *ansatz, bool *out)
{
    const size_t nsymbols = qn_circuit_symbols(ansatz);
    uint32_t *uses = qn__calloc(nsymbols, sizeof *uses);
    QN_ALLOC_CHECK(uses);
    bool sinusoidal = true;
    for (size_t i = 0; i < qn_circuit_operations(ansatz); i++) {
        qn_operation operation;
        qn_circuit_operation(ansatz, i, &operation);
        const uint32_t flags = qn_gate_describe(operation.base)->flags;
        for (uint32_t p = 0; p < operation.nparams; p++) {
            for (size_t t = 0; t < operation.params[p].count; t++) {
                const qn_param_term term = operation.params[p].terms[t];
                sinusoidal = sinusoidal && (flags & (QN_GATE_FLAG_ROTATION | QN_GATE_FLAG_PAULI_STRING)) != 0 &&
                             operation.ncontrols == 0 && fabs(term.coefficient) == 1.0 && uses[term.symbol] == 0;
                uses[term.symbol]++;
            }
        }
    }
    qn__free(uses);
    *out = sinusoidal;
    return QN_OK;
}

/* All that decides what the optimizer will ask and be told; not the threads, nor what is only shown. */
static uint64_t fingerprint(const qn_circuit *ansatz, const qn_pauli_sum *hamiltonian, const qn_vqe_options *options)
{
    uint64_t hash = QN__HASH_START;
#define MIX(value) (hash = qn__hash(hash, &(value), sizeof(value)))
#define MIX_TEXT(text) (hash = qn__hash(hash, (text), strlen(text) + 1))
    const size_t words = qn_pauli_sum_words(hamiltonian), terms = qn_pauli_sum_terms(hamiltonian);
    for (size_t t = 0; t < terms; t++) {
        const qn_complex c = qn_pauli_sum_coefficient(hamiltonian, t);
        MIX(c);
        hash = qn__hash(hash, qn_pauli_sum_x(hamiltonian, t), words * sizeof(uint64_t));
        hash = qn__hash(hash, qn_pauli_sum_z(hamiltonian, t), words * sizeof(uint64_t));
    }
    for (size_t i = 0; i < qn_circuit_operations(ansatz); i++) {
        qn_operation operation;
        qn_circuit_operation(ansatz, i, &operation);
        MIX(operation.gate);
        MIX(operation.control_state);
        hash = qn__hash(hash, operation.controls, operation.ncontrols * sizeof(uint32_t));
        hash = qn__hash(hash, operation.targets, operation.ntargets * sizeof(uint32_t));
        for (uint32_t p = 0; p < operation.nparams; p++) {
            MIX(operation.params[p].constant);
            for (size_t t = 0; t < operation.params[p].count; t++) {
                MIX(operation.params[p].terms[t].symbol);
                MIX(operation.params[p].terms[t].coefficient);
            }
        }
        if (operation.pauli != NULL) {
            hash = qn__hash(hash, operation.pauli, operation.ntargets);
        }
        if (operation.matrix != NULL) {
            hash = qn__hash(hash, operation.matrix, sizeof(qn_complex) << (2 * operation.ntargets));
        }
    }
    MIX_TEXT(options->engine != NULL ? options->engine : "");
    MIX(options->estimator.shots);
    MIX(options->estimator.precision);
    MIX(options->estimator.grouping);
    MIX(options->estimator.gradient);
    MIX(options->estimator.fd_step);
    const qn_optimizer_options *optimizer = &options->optimizer;
    MIX_TEXT(optimizer->method != NULL ? optimizer->method : "");
    MIX(optimizer->ftol);
    MIX(optimizer->xtol);
    MIX(optimizer->gtol);
    MIX(optimizer->step);
    MIX(optimizer->fd_step);
    const size_t nparameters = qn_circuit_symbols(ansatz);
    if (optimizer->lower != NULL) {
        hash = qn__hash(hash, optimizer->lower, nparameters * sizeof(double));
    }
    if (optimizer->upper != NULL) {
        hash = qn__hash(hash, optimizer->upper, nparameters * sizeof(double));
    }
    if (options->initial != NULL) {
        hash = qn__hash(hash, options->initial, nparameters * sizeof(double));
    }
    MIX(options->initial_range);
    MIX(options->seed);
    MIX(options->starts);
#undef MIX
#undef MIX_TEXT
    return hash;
}

/* Add a worker's sums to the result and keep the better of two bests; called by one thread at a time. */
static void merge(qn_vqe_result *result, qn__vqe_best *best, qn__vqe_worker *worker)
{
    result->evaluations += worker->all_evaluations;
    result->gradients += worker->all_gradients;
    result->circuits += worker->circuits;
    result->shots += worker->shots;
    result->replayed += worker->replayed;
    result->starts_done += worker->done;
    const qn__vqe_best *mine = &worker->best;
    if (mine->any &&
        (!best->any || mine->energy < best->energy || (mine->energy == best->energy && mine->start < best->start))) {
        const qn__vqe_best other = *best;
        *best = *mine;
        worker->best = other; /* freed with the worker */
    }
}

static qn_status run_starts(const qn__vqe_run *run, qn_vqe_result *result, qn__vqe_best *best)
{
    const uint32_t starts = run->options->starts;
    uint32_t workers = qn_context_threads(run->context);
    workers = workers < starts ? workers : starts;
    uint32_t next = 0;
    failure shared = {QN_OK, ""};
#pragma omp parallel num_threads((int)workers) if (workers > 1)
    {
        qn__vqe_worker worker;
        /* Only the thread that called the library may call back; without OpenMP that is the only one there is. */
        bool master = false;
#pragma omp master
        master = true;
        qn_status status = qn__vqe_worker_open(run, starts == 1, master, &worker);
        while (status == QN_OK && !has_failed(&shared) && !qn_context_interrupted(run->context)) {
            uint32_t start = 0;
#pragma omp atomic capture
            start = next++;
            if (start >= starts) {
                break;
            }
            status = qn__vqe_worker_start(&worker, start, &result->starts[start]);
        }
        if (status != QN_OK) {
            note_failure(&shared, status);
        }
#pragma omp critical(qn_vqe_workers)
        merge(result, best, &worker);
        qn__vqe_worker_close(&worker);
    }
    return shared.status == QN_OK ? QN_OK : qn__fail(shared.status, __FILE__, __LINE__, "%s", shared.message);
}

/* A value that was the lowest of many noisy ones is too low on average, so the energy of a sampled run is estimated
 * afresh. */
static qn_status close_sampled(const qn__vqe_run *run, qn_vqe_result *result)
{
    /* Draws of their own, past those of any start. */
    const uint64_t closing_position = UINT64_C(1) << 62;
    enum { EVALUATIONS = 16, MOST_EVALUATIONS = 1 << 20 };
    const qn_vqe_options *options = run->options;
    qn__vqe_worker worker;
    double *values = NULL, *errors = NULL;
    uint64_t rows = options->estimator.precision > 0.0 ? 1 : EVALUATIONS;
    if (options->final_shots > 0 && options->estimator.shots > 0) {
        rows = (options->final_shots + options->estimator.shots - 1) / options->estimator.shots;
        rows = rows < MOST_EVALUATIONS ? rows : MOST_EVALUATIONS;
    }
    qn_status status = qn__vqe_worker_open(run, true, false, &worker);
    if (status != QN_OK) {
        goto cleanup;
    }
    values = qn__alloc(rows, sizeof *values);
    errors = qn__alloc(rows, sizeof *errors);
    if (values == NULL || errors == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    qn_estimator_stats before, after;
    qn_estimator_get_stats(worker.estimator, &before);
    qn_estimator_set_position(worker.estimator, closing_position);
    double sum = 0.0, variance = 0.0;
    for (uint64_t r = 0; r < rows; r++) {
        QN_TRY_CLEANUP(qn_estimator_run(worker.estimator, result->parameters, 1, &values[r], &errors[r]));
        sum += values[r];
        variance += errors[r] * errors[r];
    }
    result->energy = sum / (double)rows;
    result->std_error = sqrt(variance) / (double)rows;
    qn_estimator_get_stats(worker.estimator, &after);
    result->circuits += after.circuits - before.circuits;
    result->shots += after.shots - before.shots;
cleanup:
    qn__free(values);
    qn__free(errors);
    qn__vqe_worker_close(&worker);
    return status;
}

static qn_status exact_energy(const qn__vqe_run *run, const double *parameters, double *energy)
{
    qn_engine *engine = NULL;
    qn_estimator *estimator = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(
        qn_engine_open(run->context, run->options->engine != NULL ? run->options->engine : "statevector", &engine));
    QN_TRY_CLEANUP(qn_estimator_create(engine, run->ansatz, &run->hamiltonian, 1, NULL, &estimator));
    QN_TRY_CLEANUP(qn_estimator_run(estimator, parameters, 1, energy, NULL));
cleanup:
    qn_estimator_free(estimator);
    qn_engine_close(engine);
    return status;
}

static qn_status close_run(const qn__vqe_run *run, qn_vqe_result *result)
{
    if (result->estimator.exact) {
        result->exact_at_parameters = result->energy;
        return QN_OK;
    }
    if (result->interrupted) { /* no time left: the lowest noisy value stands, with the bound on its noise */
        result->std_error = result->estimator.noise;
        return QN_OK;
    }
    QN_TRY(close_sampled(run, result));
    return run->options->final_exact ? exact_energy(run, result->parameters, &result->exact_at_parameters) : QN_OK;
}

/* What the estimator is and what it decided, asked of one made for the purpose. */
static qn_status describe_estimator(const qn__vqe_run *run, qn_estimator_stats *stats)
{
    qn__vqe_worker worker;
    const qn_status status = qn__vqe_worker_open(run, true, false, &worker);
    if (status == QN_OK) {
        qn_estimator_get_stats(worker.estimator, stats);
    }
    qn__vqe_worker_close(&worker);
    return status;
}

static qn_status check(const qn_circuit *ansatz, const qn_pauli_sum *hamiltonian, const qn_vqe_options *options)
{
    QN_CHECK(options->size == sizeof *options, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_VQE_OPTIONS_INIT", options->size, sizeof *options);
    QN_CHECK(options->starts >= 1 && options->starts <= 1u << 20, ERR_RANGE, "%u starts asked for; expected 1 to %u",
             options->starts, 1u << 20);
    QN_CHECK(qn_circuit_qubits(ansatz) == qn_pauli_sum_qubits(hamiltonian), ERR_SHAPE,
             "the ansatz acts on %u qubits, the Hamiltonian on %u", qn_circuit_qubits(ansatz),
             qn_pauli_sum_qubits(hamiltonian));
    for (size_t k = 0; options->initial != NULL && k < qn_circuit_symbols(ansatz); k++) {
        QN_CHECK(isfinite(options->initial[k]), ERR_NAN, "initial parameter %zu is not a finite number", k);
    }
    return QN_OK;
}

static qn_status take_best(qn__vqe_best *best, qn_vqe_result *result)
{
    QN_CHECK(best->any || !result->interrupted, ERR_INTERRUPTED, "interrupted before the first energy was known");
    QN_CHECK(best->any, ERR_NAN, "no start gave a finite energy");
    result->energy = best->energy;
    result->best_start = best->start;
    result->converged = best->converged;
    result->reason = best->reason;
    memcpy(result->note, best->note, sizeof result->note);
    result->parameters = best->parameters;
    result->steps = best->steps;
    result->nsteps = best->nsteps;
    best->parameters = NULL;
    best->steps = NULL;
    return QN_OK;
}

qn_status qn_vqe_run(qn_context *context, const qn_circuit *ansatz, const qn_pauli_sum *hamiltonian,
                     const qn_vqe_options *options, qn_vqe_result **out)
{
    const qn_vqe_options defaults = QN_VQE_OPTIONS_INIT;
    options = options != NULL ? options : &defaults;
    QN_TRY(check(ansatz, hamiltonian, options));
    qn__vqe_run run = {context, ansatz, hamiltonian, options, NULL, qn_circuit_symbols(ansatz), false, qn__clock()};
    qn__vqe_best best = {0};
    qn_status status = QN_OK;
    qn_vqe_result *result = qn__calloc(1, sizeof *result);
    QN_ALLOC_CHECK(result);
    result->nparameters = run.nparameters;
    result->exact_at_parameters = (double)NAN;
    result->starts = qn__calloc(options->starts, sizeof *result->starts);
    if (result->starts == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    result->nstarts = options->starts;
    for (uint32_t s = 0; s < options->starts; s++) {
        result->starts[s] = (qn_vqe_start){(double)NAN, 0, 0, false, QN_STOP_INTERRUPTED};
    }
    QN_TRY_CLEANUP(find_sinusoidal(ansatz, &run.sinusoidal));
    QN_TRY_CLEANUP(describe_estimator(&run, &result->estimator));
    QN_TRY_CLEANUP(qn__journal_open(options->checkpoint, fingerprint(ansatz, hamiltonian, options), options->resume,
                                    options->starts, &run.journal));
    QN_TRY_CLEANUP(run_starts(&run, result, &best));
    result->interrupted = result->starts_done < options->starts;
    QN_TRY_CLEANUP(take_best(&best, result));
    QN_TRY_CLEANUP(close_run(&run, result));
    result->seconds = qn__clock() - run.began;
    *out = result;
    result = NULL;
cleanup:
    qn__journal_close(run.journal);
    qn__free(best.parameters);
    qn__free(best.steps);
    qn_vqe_result_free(result);
    return status;
}

void qn_vqe_result_free(qn_vqe_result *result)
{
    if (result != NULL) {
        qn__free(result->parameters);
        qn__free(result->starts);
        qn__free(result->steps);
        qn__free(result);
    }
}
