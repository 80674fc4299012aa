/* final_measure.h: which measurements end a circuit, for formats that measure at the end only. */
#ifndef QN_FORMAT_CIRCUIT_OUT_FINAL_MEASURE_H
#define QN_FORMAT_CIRCUIT_OUT_FINAL_MEASURE_H

#include <quern/classical.h>

#include "base/status.h"

/* Refuses, as QN_ERR_UNSUPPORTED of `language` and naming the operation, everything but gates with fixed parameters,
 * barriers, delays, resets of qubits that nothing touched before, and measurements whose qubit nothing touches again
 * and whose bit no other one writes. */
QN_MUST_USE qn_status qn__final_measure_check(const qn_circuit *circuit, const char *language);

#endif
