/* norm_equation.h: the Diophantine step of approximate synthesis: t in Z[omega] with t adjoint(t) = xi. */
#ifndef QN_CIRCUIT_PASSES_NORM_EQUATION_H
#define QN_CIRCUIT_PASSES_NORM_EQUATION_H

#include "circuit/passes/ring.h"

/* xi >= 0 in both embeddings. False when there is no solution, or when the norm of xi is 2^62 or more. */
bool qn__norm_equation_solve(qn__root2 xi, qn__omega *t);

#endif
