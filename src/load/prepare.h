/* prepare.h: the ways of preparing a state, behind qn_load_prepare. All take normalised amplitudes (2^n of them, n >=
 * 1) and append to a circuit of n qubits in |0...0>. */
#ifndef QN_LOAD_PREPARE_H
#define QN_LOAD_PREPARE_H

#include <quern/load.h>

#include "base/status.h"

QN_MUST_USE qn_status qn__prepare_mottonen(qn_circuit *circuit, uint32_t n, const qn_complex *amplitudes);
QN_MUST_USE qn_status qn__prepare_sparse(qn_circuit *circuit, uint32_t n, const qn_complex *amplitudes);

#endif
