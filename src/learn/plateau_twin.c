/* plateau_twin.c: random starts of a model by its classical twin: algebra, gates and rows. */
#include "learn/plateau_twin.h"

#include <math.h>
#include <stddef.h>

#include "base/alloc.h"
#include "base/status.h"
#include "learn/plateau_model.h"

enum { MOST_STRINGS = 1 << 18 };

struct qn__plateau_twin {
    const qn_context *context;
    const qn_pauli_sum *observable;
    qn_lie *lie;
    qn_lie_twin *twin;
    qn_lie_gate *gates;
    size_t count, symbols;
};

static qn_status fill(qn__plateau_twin *twin, const qn_plateau_options *options, uint32_t qubits)
{
    qn_pauli_sum **generators = NULL;
    size_t count = 0;
    char *input = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_plateau_gates(options, qubits, &twin->gates, &twin->count, &twin->symbols));
    QN_TRY_CLEANUP(qn_plateau_generators(options, qubits, true, &generators, &count));
    QN_TRY_CLEANUP(
        qn_lie_close(twin->context, (const qn_pauli_sum *const *)generators, count, MOST_STRINGS, &twin->lie));
    if (!qn_lie_complete(twin->lie)) {
        status = QN_FAIL(ERR_TOO_LARGE, "no classical twin at %u qubits: the Lie algebra has more than %d dimensions",
                         qubits, MOST_STRINGS);
        goto cleanup;
    }
    input = qn__alloc((size_t)qubits + 1, 1);
    if (input == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    qn__plateau_input_text(options, qubits, input);
    QN_TRY_CLEANUP(qn_lie_twin_create(twin->lie, input, &twin->twin));
cleanup:
    qn_plateau_generators_free(generators, count);
    qn__free(input);
    return status;
}

qn_status qn__plateau_twin_open(const qn_context *context, const qn_plateau_options *options, uint32_t qubits,
                                const qn_pauli_sum *observable, qn__plateau_twin **out)
{
    qn__plateau_twin *twin = qn__calloc(1, sizeof *twin);
    QN_ALLOC_CHECK(twin);
    twin->context = context;
    twin->observable = observable;
    const qn_status status = fill(twin, options, qubits);
    if (status != QN_OK) {
        qn__plateau_twin_close(twin);
        return status;
    }
    *out = twin;
    return QN_OK;
}

void qn__plateau_twin_close(qn__plateau_twin *twin)
{
    if (twin != NULL) {
        qn_lie_twin_free(twin->twin);
        qn_lie_free(twin->lie);
        qn_plateau_gates_free(twin->gates);
        qn__free(twin);
    }
}

size_t qn__plateau_twin_symbols(const qn__plateau_twin *twin)
{
    return twin->symbols;
}

void qn__plateau_twin_weights(const qn__plateau_twin *twin, double *weights)
{
    for (size_t k = 0; k < twin->count; k++) {
        weights[twin->gates[k].symbol] += fabs(twin->gates[k].factor);
    }
}

qn_status qn__plateau_twin_run(const qn__plateau_twin *twin, const double *theta, size_t rows, double *values,
                               double *gradients)
{
    /* The first row by itself: a failure of the input shows here, with its message, on the caller's thread. */
    QN_TRY(qn_lie_twin_run(twin->twin, twin->observable, twin->gates, twin->count, theta, twin->symbols, values,
                           gradients));
    int failed = 0;
#pragma omp parallel for schedule(dynamic) num_threads((int)qn_context_threads(twin->context)) reduction(| : failed)
    for (size_t r = 1; r < rows; r++) {
        if (qn_context_interrupted(twin->context)) {
            failed |= 2;
            continue;
        }
        const qn_status status =
            qn_lie_twin_run(twin->twin, twin->observable, twin->gates, twin->count, theta + r * twin->symbols,
                            twin->symbols, values + r, gradients + r * twin->symbols);
        failed |= status != QN_OK ? 1 : 0;
    }
    QN_CHECK((failed & 2) == 0, ERR_INTERRUPTED, "interrupted among the random starts");
    return failed != 0 ? QN_FAIL(ERR_MEMORY, "no memory for the classical twin") : QN_OK;
}
