/* engine_choice.c: `--engine auto`: exact and in float64 where memory allows, in float32 where only that fits. */
#include "engine_choice.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "output.h"

/* Bytes that a state of so many qubits takes in an engine. */
static qn_status bytes_for(qn_engine *engine, uint32_t nqubits, uint64_t *bytes)
{
    qn_circuit *probe = NULL;
    qn_status status = qn_circuit_create(nqubits, &probe);
    if (status == QN_OK) {
        status = qn_engine_bytes_needed(engine, probe, NULL, 0, bytes);
        qn_circuit_free(probe);
    }
    return status;
}

qn_status cli_engine_open(qn_context *context, const char *wanted, uint32_t nqubits, cli_engine_choice *choice,
                          qn_engine **out, char *buffer, size_t capacity, const char **problem)
{
    static const char *const candidates[] = {"statevector", "statevector:f32"};
    const uint64_t limit = qn_context_memory_limit(context);
    uint64_t bytes[2] = {0, 0};
    qn_engine *engine = NULL;
    *choice = (cli_engine_choice){"", ""};
    *problem = NULL;
    if (strcmp(wanted, "auto") != 0) {
        (void)snprintf(choice->spec, sizeof choice->spec, "%s", wanted);
        return qn_engine_open(context, wanted, out);
    }
    char need[32], room[32], single[32];
    for (size_t k = 0; k < 2; k++) {
        qn_status status = qn_engine_open(context, candidates[k], &engine);
        if (status == QN_OK) {
            status = bytes_for(engine, nqubits, &bytes[k]);
        }
        if (status == QN_OK && nqubits <= CLI_MOST_QUBITS && bytes[k] <= limit) {
            (void)snprintf(choice->spec, sizeof choice->spec, "%s", candidates[k]);
            (void)qn_human(need, sizeof need, (double)bytes[k], "B");
            if (k == 0) {
                (void)snprintf(choice->why, sizeof choice->why, "%u qubit%s in float64 take %s", nqubits,
                               nqubits == 1 ? "" : "s", need);
            } else {
                (void)snprintf(choice->why, sizeof choice->why,
                               "%u qubits in float32 take %s; in float64 they would take %s, over the limit of %s",
                               nqubits, need, qn_human(single, sizeof single, (double)bytes[0], "B"),
                               qn_human(room, sizeof room, (double)limit, "B"));
            }
            *out = engine;
            return QN_OK;
        }
        qn_engine_close(engine);
        engine = NULL;
        if (status != QN_OK) {
            return status;
        }
    }
    (void)qn_human(room, sizeof room, (double)limit, "B");
    if (nqubits > CLI_MOST_QUBITS) {
        (void)snprintf(buffer, capacity,
                       "%u qubits: states of 2^%u amplitudes are beyond any machine; the limit here is %s", nqubits,
                       nqubits, room);
    } else {
        (void)snprintf(buffer, capacity,
                       "%u qubits need %s even in float32, more than the limit of %s; about %.0f qubits would fit",
                       nqubits, qn_human(need, sizeof need, (double)bytes[1], "B"), room,
                       floor((double)nqubits - log2((double)bytes[1] / (double)limit)));
    }
    *problem = buffer;
    return QN_ERR_TOO_LARGE;
}
