/* input.h: the problem a command works on: a Pauli sum, or a molecule made into one. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <quern/quern.h>

#include "options.h"

enum { CLI_MOST_QUBITS = 62 }; /* engines count amplitudes in 64 bits */

typedef struct cli_input {
    const char *name; /* as the user wrote it, for messages and titles */
    const char *format;
    qn_pauli_sum *hamiltonian;      /* borrowed from `problem` for a molecule */
    qn_electronic_problem *problem; /* NULL for a Pauli sum */
} cli_input;

/* Read FILE, or the text of --hamiltonian. `inline_terms`, `mapping` and `taper` are the command's own option values.
 */
qn_status cli_input_read(const cli_invocation *invocation, const cli_value *inline_terms, const cli_value *mapping,
                         const cli_value *taper, cli_input *out);
void cli_input_free(cli_input *input);
/* "Hartree" or "": what energies are measured in. */
const char *cli_input_unit(const cli_input *input);
/* One line about it: "h.txt: Pauli sum (text), 2 qubits, 4 terms". */
void cli_input_describe(const cli_input *input, char *buffer, size_t capacity);
/* The JSON object "input". */
void cli_input_json(const cli_input *input, qn_json *json);

/* Dimension of the space in which the exact solver searches: the molecule's sector, else 2^qubits; +inf when huge. */
double cli_input_dimension(const cli_input *input);
/* Matrix-vector products in the whole space dominate the exact solver: true when it is a matter of seconds, not
 * minutes. */
bool cli_input_exact_is_modest(const cli_input *input);
/* Options of an exact solve of the lowest `states`, in the molecule's sector when `sector`; `constraints` is the
 * caller's memory. */
qn_exact_options cli_input_exact_options(const cli_input *input, uint32_t states, bool sector,
                                         qn_constraint constraints[2]);

#endif
