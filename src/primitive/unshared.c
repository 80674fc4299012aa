/* unshared.c: builds the circuit with one symbol per occurrence and finds the shift rule of each. */
#include "primitive/unshared.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

enum { MAX_PARAMS = 8 };

/* Terms of a parameter that move it; those with coefficient 0 do not. */
static size_t moving_terms(const qn_param *param)
{
    size_t count = 0;
    for (size_t t = 0; t < param->count; t++) {
        count += param->terms[t].coefficient != 0.0;
    }
    return count;
}

static void count_occurrences(const qn_circuit *circuit, size_t *occurrences, size_t *terms)
{
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation operation;
        qn_circuit_operation(circuit, i, &operation);
        for (uint32_t p = 0; p < operation.nparams; p++) {
            const size_t moving = moving_terms(&operation.params[p]);
            *occurrences += moving > 0;
            *terms += moving;
        }
    }
}

/* Append `operation` with other parameters. */
static qn_status append_with(qn_circuit *circuit, const qn_operation *operation, const qn_param *params)
{
    if (operation->pauli != NULL && operation->ncontrols == 0) {
        /* It has its one parameter. NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
        return qn_circuit_append_pauli_rotation(circuit, operation->pauli, operation->targets, operation->ntargets,
                                                params[0]);
    }
    if (operation->matrix != NULL && operation->ncontrols == 0) {
        return qn_circuit_append_unitary(circuit, operation->targets, operation->ntargets, operation->matrix);
    }
    QN_CHECK(operation->pauli == NULL && operation->matrix == NULL, ERR_UNSUPPORTED,
             "a controlled %s cannot be taken apart for the shift rule", qn_gate_describe(operation->gate)->name);
    return qn_circuit_append_controlled(circuit, operation->base, operation->controls, operation->ncontrols,
                                        operation->control_state, operation->targets, operation->ntargets, params,
                                        operation->nparams);
}

/* One operation: its moving parameters become new symbols. */
static qn_status add_operation(qn__unshared *u, const qn_operation *operation, size_t *used_terms)
{
    qn_param params[MAX_PARAMS];
    qn_param_term own[MAX_PARAMS];
    QN_CHECK(operation->nparams <= MAX_PARAMS, ERR_INTERNAL, "gate %s has %u parameters",
             qn_gate_describe(operation->gate)->name, operation->nparams);
    for (uint32_t p = 0; p < operation->nparams; p++) {
        const qn_param *param = &operation->params[p];
        const size_t moving = moving_terms(param);
        if (moving == 0) {
            params[p] = QN_PARAM(param->constant);
            continue;
        }
        qn__occurrence *item = &u->items[u->count];
        QN_TRY(qn__shift_rule_find(operation, p, &item->expectation, &item->amplitude));
        item->angle = (qn_param){param->constant, u->terms + *used_terms, moving, 0};
        for (size_t t = 0; t < param->count; t++) {
            if (param->terms[t].coefficient != 0.0) {
                u->terms[(*used_terms)++] = param->terms[t];
            }
        }
        char name[32];
        uint32_t symbol = 0;
        (void)snprintf(name, sizeof name, "phi%zu", u->count);
        QN_TRY(qn_circuit_add_symbol(u->circuit, name, &symbol));
        own[p] = (qn_param_term){symbol, 1.0};
        params[p] = (qn_param){0.0, &own[p], 1, 0};
        u->count++;
    }
    return append_with(u->circuit, operation, params);
}

static qn_status fill(qn__unshared *u, const qn_circuit *circuit)
{
    size_t occurrences = 0, terms = 0, used_terms = 0;
    count_occurrences(circuit, &occurrences, &terms);
    u->items = qn__alloc(occurrences, sizeof *u->items);
    QN_ALLOC_CHECK(u->items);
    u->terms = qn__alloc(terms, sizeof *u->terms);
    QN_ALLOC_CHECK(u->terms);
    u->angles = qn__alloc(occurrences, sizeof *u->angles);
    QN_ALLOC_CHECK(u->angles);
    QN_TRY(qn_circuit_create(qn_circuit_qubits(circuit), &u->circuit));
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation operation;
        qn_circuit_operation(circuit, i, &operation);
        if (operation.kind == QN_OP_GATE) { /* barriers and delays do nothing here */
            QN_TRY(add_operation(u, &operation, &used_terms));
        }
    }
    return QN_OK;
}

qn_status qn__unshared_create(const qn_circuit *circuit, qn__unshared **out)
{
    qn__unshared *u = qn__calloc(1, sizeof *u);
    QN_ALLOC_CHECK(u);
    const qn_status status = fill(u, circuit);
    if (status != QN_OK) {
        qn__unshared_free(u);
        return status;
    }
    *out = u;
    return QN_OK;
}

void qn__unshared_free(qn__unshared *u)
{
    if (u != NULL) {
        qn_circuit_free(u->circuit);
        qn__free(u->items);
        qn__free(u->terms);
        qn__free(u->angles);
        qn__free(u);
    }
}

void qn__unshared_angles(const qn__unshared *u, const double *theta, double *angles)
{
    for (size_t k = 0; k < u->count; k++) {
        angles[k] = qn_param_value(&u->items[k].angle, theta);
    }
}

qn_status qn__unshared_steepness(const qn__unshared *u, size_t symbols, double *out)
{
    double *sums = qn__calloc(symbols, sizeof *sums);
    QN_ALLOC_CHECK(sums);
    for (size_t k = 0; k < u->count; k++) {
        const qn__occurrence *item = &u->items[k];
        for (size_t t = 0; t < item->angle.count; t++) {
            sums[item->angle.terms[t].symbol] +=
                fabs(item->angle.terms[t].coefficient) * qn__shift_rule_top(&item->expectation);
        }
    }
    double largest = 0.0;
    for (size_t j = 0; j < symbols; j++) {
        largest = fmax(largest, sums[j]);
    }
    qn__free(sums);
    *out = largest;
    return QN_OK;
}
