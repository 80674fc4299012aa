/* circuits.h: the circuits of the variants. */
#ifndef QN_ALGORITHM_QAOA_CIRCUITS_H
#define QN_ALGORITHM_QAOA_CIRCUITS_H

#include "algorithm/qaoa/diagonal.h"

#include <quern/circuit.h>

/* Symbols layer by layer: one a term, then one a qubit. */
QN_MUST_USE qn_status qn__circuit_multi(const qn__spin_terms *terms, uint32_t layers, qn_circuit **out);
/* Symbols gamma, beta of each layer; theta: angle of each qubit's start from |0>. */
QN_MUST_USE qn_status qn__circuit_warm(const qn__spin_terms *terms, const double *theta, uint32_t layers,
                                       qn_circuit **out);

#endif
