/* estimate.h: the price of logical gates on error-corrected hardware, by two independent models.
 *
 * Model A: M. E. Beverland et al., arXiv:2211.07629 (Azure Quantum Resource Estimator). Model B: C. Gidney and A.
 * Fowler, arXiv:1812.01238, with data blocks and 15-to-1 factories of D. Litinski, arXiv:1808.02892 and 1905.06903
 * (Qualtran). */
#ifndef QUERN_ESTIMATE_H
#define QUERN_ESTIMATE_H

#include <quern/status.h>

QN_BEGIN_DECLS

/** What one run of a program needs of a logical machine. Doubles, since counts pass 2^64. */
typedef struct qn_logical_counts {
    uint32_t size;
    double qubits;         /* algorithmic qubits, before layout */
    double t;              /* T gates written as such */
    double rotations;      /* of arbitrary angle */
    double rotation_depth; /* layers that hold at least one rotation */
    double ccz, ccix;      /* of one kind and the other; Toffolis count as ccz */
    double measurements;
} qn_logical_counts;
#define QN_LOGICAL_COUNTS_INIT                                                                                         \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_logical_counts), 0, 0, 0, 0, 0, 0, 0                                                       \
    }

QN_END_DECLS
#endif
