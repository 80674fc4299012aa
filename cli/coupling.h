/* coupling.h: which qubits may be entangled, as the command line or a file gives it. */
#ifndef CLI_COUPLING_H
#define CLI_COUPLING_H

#include <stddef.h>
#include <stdint.h>

#include <quern/quern.h>

typedef struct cli_coupling {
    uint32_t *pairs; /* 2 * count qubits, each pair once */
    size_t count;
} cli_coupling;

/* Pairs of `qubits` qubits from "0-1,1-2" itself, or from the file of that name, in which a list [[0, 1], [1, 2]] or
 * two numbers a line serve as well. A pair given again, either way round, counts once: devices list both directions. A
 * mistake is said as name:line:column in `message` and gives QN_ERR_PARSE. Release with cli_coupling_free. */
qn_status cli_coupling_read(const char *where, uint32_t qubits, cli_coupling *out, char *message, size_t capacity);
void cli_coupling_free(cli_coupling *coupling);

/* "0110", highest qubit left, to words with `qubits` bits; release with free. Errors as above. */
qn_status cli_bits_read(const char *text, uint32_t qubits, uint64_t **out, char *message, size_t capacity);

#endif
