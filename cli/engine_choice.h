/* engine_choice.h: which simulator runs a circuit. */
#ifndef CLI_ENGINE_CHOICE_H
#define CLI_ENGINE_CHOICE_H

#include <quern/quern.h>

typedef struct cli_engine_choice {
    char spec[64];
    char why[160]; /* empty when the user chose */
} cli_engine_choice;

/* Open the engine that `wanted` names, or, for "auto", the one that fits states of so many qubits. `*problem`: NULL, or
 * a message in `buffer` where the library has none. */
qn_status cli_engine_open(qn_context *context, const char *wanted, uint32_t nqubits, cli_engine_choice *choice,
                          qn_engine **out, char *buffer, size_t capacity, const char **problem);

#endif
