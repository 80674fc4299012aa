/* cost.c: counting a loading circuit, timing a copy, and the ledger of both. */
#include "load/cost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "load/lookup.h"

/* ANDs that are uncomputed by a measurement: one for each. They count 4 T (Jones, arXiv:1212.5069; Gidney,
 * arXiv:1709.06648), where qn_circuit_count assumes 7 of a Toffoli. */
static uint64_t measured_ands(const qn_circuit *circuit)
{
    uint64_t count = 0;
    const uint32_t bit = qn__and_bit_of(circuit); /* other measurements are of data */
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        count += op.kind == QN_OP_MEASURE && op.bit == bit;
    }
    return count;
}

/* Most controls of one gate beyond 2: what the AND ladder of count.c needs beside the circuit's qubits. */
static uint32_t ladder_ancillas(const qn_circuit *circuit)
{
    uint32_t most = 0;
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_GATE && op.ncontrols > 1 && !(op.base == QN_GATE_X && op.ncontrols == 2) &&
            op.base != QN_GATE_SWAP) {
            const uint32_t needed = op.base == QN_GATE_X ? op.ncontrols - 2 : op.ncontrols - 1;
            most = needed > most ? needed : most;
        }
    }
    return most;
}

qn_status qn__load_count(const qn_circuit *circuit, uint32_t used, double synthesis_error, qn_load_cost *cost)
{
    qn_circuit_cost count;
    QN_TRY(qn_circuit_count(circuit, NULL, 1e-10, &count));
    const double error = synthesis_error > 0   ? synthesis_error
                         : count.rotations > 0 ? 1e-3 / (double)count.rotations
                                               : 1e-10;
    QN_TRY(qn_circuit_count(circuit, NULL, error, &count));
    const uint32_t nqubits = qn_circuit_qubits(circuit), ladder = ladder_ancillas(circuit);
    const uint32_t spare = nqubits - used;
    cost->ancillas = ladder > spare ? ladder : spare;
    cost->qubits = used + cost->ancillas;
    cost->gates = count.gates;
    cost->cnot = count.cx;
    cost->depth = count.cx_depth;
    cost->rotations = count.rotations;
    cost->toffoli = count.toffoli;
    cost->t_count = count.t_count - 3 * measured_ands(circuit);
    cost->synthesis_error = error;
    return QN_OK;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum { ROUNDS = 15 };

qn_status qn_load_copy_seconds(const qn_context *context, const void *data, uint64_t bytes, double *seconds)
{
    QN_CHECK(context != NULL && data != NULL && bytes > 0 && seconds != NULL, ERR_ARGUMENT,
             "a context, data and a place for the time are needed");
    QN_TRY(qn__context_check_bytes(context, bytes, "a copy of the data", ""));
    unsigned char *copy = qn__calloc((size_t)bytes, 1);
    QN_ALLOC_CHECK(copy);
    double times[ROUNDS];
    /* So many copies a round that the clock's step does not show. */
    const uint64_t repeats = bytes >= 1000000 ? 1 : 1 + 1000000 / bytes;
    for (int round = 0; round < ROUNDS; round++) {
        const double begun = qn__clock();
        for (uint64_t r = 0; r < repeats; r++) {
            memcpy(copy, data, (size_t)bytes);
            __asm__ volatile("" : : "r"(copy) : "memory"); /* the copy is wanted each time */
        }
        times[round] = (qn__clock() - begun) / (double)repeats;
    }
    qn__free(copy);
    qsort(times, ROUNDS, sizeof *times, compare);
    *seconds = times[ROUNDS / 2];
    return QN_OK;
}

static qn_quantity counted(uint64_t value)
{
    return (qn_quantity){(double)value, QN_SOURCE_COUNTED};
}

void qn_load_ledger(const qn_load_cost *cost, uint64_t entries, uint64_t data_bytes, double copy_seconds,
                    qn_ledger *ledger)
{
    qn_ledger_init(ledger);
    (void)snprintf(ledger->workload, sizeof ledger->workload, "load");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "fidelity of the loaded data");
    ledger->answer = (qn_quantity){cost->fidelity, cost->fidelity_source};
    ledger->answer_error = (qn_quantity){1 - cost->fidelity, cost->fidelity_source};
    (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "copying the array in memory");
    if (copy_seconds > 0) {
        ledger->classical_value = (qn_quantity){1, QN_SOURCE_EXACT};
        ledger->classical_error = (qn_quantity){0, QN_SOURCE_EXACT};
        ledger->classical_seconds = (qn_quantity){copy_seconds, QN_SOURCE_MEASURED};
        ledger->loading_seconds = ledger->classical_seconds;
    }
    ledger->problem_size = counted(entries);
    ledger->data_bytes = counted(data_bytes);
    ledger->qubits = counted(cost->qubits);
    if (cost->gates > 0) { /* else the bill is by formulas */
        ledger->gates = counted(cost->gates);
        ledger->rotations = counted(cost->rotations);
    }
    ledger->two_qubit_gates = counted(cost->cnot);
    if (cost->depth > 0 || cost->cnot == 0) {
        ledger->two_qubit_depth = counted(cost->depth);
    }
    ledger->t_count = counted(cost->t_count);
    ledger->toffoli_count = counted(cost->toffoli);
    if (cost->rotations > 0) {
        ledger->synthesis_error = (qn_quantity){cost->synthesis_error, QN_SOURCE_EXACT};
    }
    ledger->loading_gates = ledger->toffoli_count; /* everything here is loading */
    ledger->loading_t_count = ledger->t_count;
    ledger->queries = counted(1);
    ledger->success_probability = (qn_quantity){1, QN_SOURCE_EXACT};
    ledger->shots_total = counted(1);
}
