/* ansatz.h: the circuit of `quern vqe` and its first parameters. */
#ifndef CLI_ANSATZ_H
#define CLI_ANSATZ_H

#include "coupling.h"
#include "input.h"

typedef struct cli_ansatz_request {
    const char *name; /* NULL: uccsd for molecules, else two-local */
    const char *rotations, *entanglers, *entanglement;
    uint64_t reps;          /* UINT64_MAX: the ansatz's own default */
    cli_coupling coupling;  /* no pairs: as `entanglement` says */
    const char *bits_text;  /* --initial-bits as given, or NULL */
    uint64_t *initial_bits; /* NULL: the molecule's reference, else |0...0> */
} cli_ansatz_request;

/* k-th name and summary of ansatze.def; NULL behind the last. */
const char *cli_ansatz_choice(size_t index);
const char *cli_ansatz_summary(size_t index);

/* *name: which one it became (static). */
qn_status cli_ansatz_build(const cli_input *input, const cli_ansatz_request *request, const char **name,
                           qn_circuit **out);
/* Parameters from "zeros", "random" (gives NULL: the library draws them) or a file of `count` numbers; release with
 * free. `where` NULL: zeros for uccsd, else random. A mistake in the file is said as name:line:column and gives
 * QN_ERR_PARSE. */
qn_status cli_initial_parameters(const char *where, const char *ansatz, size_t count, double **out, char *message,
                                 size_t capacity);

#endif
