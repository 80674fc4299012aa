/* merge.h: one-qubit gates of a circuit on |0...0> merged into the fewest rotations between its CNOTs. */
#ifndef QN_LOAD_MERGE_H
#define QN_LOAD_MERGE_H

#include <quern/circuit.h>

#include "base/status.h"

/* `circuit` holds one-qubit gates without controls, CX, CZ and global phases, with fixed angles, and is applied to
 * |0...0>. `*out` makes the same state, phase included, with the same CX and CZ gates and at most two rotations for
 * each qubit of each of them, three at the end of each qubit. */
QN_MUST_USE qn_status qn__merge_rotations(const qn_circuit *circuit, qn_circuit **out);

#endif
