/* cost.h: the bill of a loading circuit. */
#ifndef QN_LOAD_COST_H
#define QN_LOAD_COST_H

#include <quern/load.h>

#include "base/status.h"

/* Fills all counts of `cost` from the circuit; `used` qubits hold address and data, the rest are ancillas. */
QN_MUST_USE qn_status qn__load_count(const qn_circuit *circuit, uint32_t used, double synthesis_error,
                                     qn_load_cost *cost);

#endif
