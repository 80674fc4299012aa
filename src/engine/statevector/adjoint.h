/* adjoint.h: the sweep back through a circuit that the adjoint gradient makes. */
#ifndef QN_STATEVECTOR_ADJOINT_H
#define QN_STATEVECTOR_ADJOINT_H

#include "engine/statevector/program.h"

/* The backward program of a compiled one: borrows its factors and matrices, owns the rest. */
qn_status qn__sv_backward_create(qn__sv_program *program);
void qn__sv_backward_free(qn__sv_program *backward);

/* grad[symbol] += weight * slope, from the program's ket and bra, which are used up. The program is bound. */
void qn__sv_sweep_back(qn__sv_program *program, double weight, double *grad);

#endif
