/* observables.h: expectation values of the state that a circuit prepares. */
#ifndef CLI_OBSERVABLES_H
#define CLI_OBSERVABLES_H

#include <quern/quern.h>

#include "options.h"

typedef struct cli_expectation {
    const char *text; /* as the user wrote it */
    qn_pauli_sum *sum;
    double value, std_error;
} cli_expectation;

typedef struct cli_observables {
    cli_expectation *items;
    size_t count;
    bool exact;
} cli_observables;

/* Read the values of a list option: Pauli sums for `nqubits` qubits, or @file. CLI_EXIT_OK, or the exit code after a
 * message. */
int cli_observables_read(const cli_invocation *invocation, size_t option, uint32_t nqubits, cli_observables *out);
void cli_observables_free(cli_observables *observables);
/* Fill in the values for the state before the circuit's final measurements; `shots` 0: exactly. A circuit that measures
 * on its way gives the mean over its outcomes. */
qn_status cli_observables_measure(qn_engine *engine, const qn_circuit *circuit, const double *theta, uint64_t shots,
                                  uint64_t seed, cli_observables *observables);

#endif
