/* circuit_state.h: what a circuit does before its final measurements. */
#ifndef CLI_CIRCUIT_STATE_H
#define CLI_CIRCUIT_STATE_H

#include <quern/quern.h>

/* The gates alone, with numbers for parameters, of a circuit that measures at its end only. Else QN_OK with *out NULL,
 * and in `why` what makes its state depend on chance. */
qn_status cli_circuit_gates(const qn_circuit *circuit, const double *theta, qn_circuit **out, char *why,
                            size_t capacity);
/* A copy without the measurements at the end: those of a qubit that nothing touches afterwards, into a bit that nothing
 * reads, outside of any block. */
qn_status cli_circuit_without_final(const qn_circuit *circuit, qn_circuit **out);

#endif
