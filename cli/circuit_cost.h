/* circuit_cost.h: what circuits cost, as a table with one column a circuit. */
#ifndef CLI_CIRCUIT_COST_H
#define CLI_CIRCUIT_COST_H

#include <quern/quern.h>

/* Name of the k-th gate set, for tables of options. */
const char *cli_basis_choice(size_t index);

typedef struct cli_cost {
    qn_circuit_cost counted;
    uint32_t qubits;
    uint64_t measurements, resets;
    uint64_t by_gate[QN_GATE_COUNT_]; /* as written; extra controls do not count */
    uint64_t controlled;              /* gates under extra controls */
} cli_cost;

qn_status cli_cost_of(const qn_circuit *circuit, double synthesis_error, cli_cost *out);
/* Columns with their headings; `after` NULL: one column without a heading. */
void cli_cost_text(qn_text *text, const cli_cost *before, const cli_cost *after, double synthesis_error);
/* The JSON object `key`. */
void cli_cost_json(qn_json *json, const char *key, const cli_cost *cost);
/* "h 12, cx 5, …", the most frequent first. */
void cli_cost_gates(qn_text *text, const cli_cost *cost);

#endif
