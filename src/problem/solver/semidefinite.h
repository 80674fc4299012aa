/* semidefinite.h: the relaxation of spins to unit vectors, and the bound it proves. */
#ifndef QN_PROBLEM_SEMIDEFINITE_H
#define QN_PROBLEM_SEMIDEFINITE_H

#include <quern/context.h>

#include "base/status.h"
#include "problem/qubo.h"

/* Spins s_0 = 1 (for the fields) and s_1..s_n as unit vectors in `rank` dimensions. */
typedef struct qn__relaxation {
    uint32_t n, rank;
    double *vectors; /* (n + 1) x rank */
    double value;    /* offset + sum C_ij v_i.v_j of these vectors */
    double bound;    /* proven by duality; -inf where n is too large to prove it */
    uint64_t sweeps;
} qn__relaxation;

enum { QN__MOST_CERTIFIED = 3000 };

/* Stops after `seconds` (0: no limit) or at Ctrl-C with what it has; any vectors give a valid bound. */
QN_MUST_USE qn_status qn__relax(qn_context *context, const qn_qubo *qubo, uint64_t seed, double seconds,
                                qn__relaxation *out);
void qn__relaxation_release(qn__relaxation *relaxation);

#endif
