/* exact.h: lowest eigenvalues of a Pauli sum, with a bound on each one's error. */
#ifndef QUERN_EXACT_H
#define QUERN_EXACT_H

#include <quern/context.h>
#include <quern/pauli.h>

QN_BEGIN_DECLS

/** A diagonal operator (only I and Z) and the value it must have: restricts the search to a sector, for example N = 4.
 */
typedef struct qn_constraint {
    const qn_pauli_sum *operator_; /* diagonal, commutes with the Hamiltonian */
    double value;                  /* met to 1e-6 */
} qn_constraint;

typedef enum qn_exact_method { QN_EXACT_AUTO = 0, QN_EXACT_DENSE = 1, QN_EXACT_LANCZOS = 2 } qn_exact_method;

typedef struct qn_exact_options {
    uint32_t size;
    uint32_t states; /* how many of the lowest; at least 1 */
    const qn_constraint *constraints;
    size_t nconstraints;
    qn_exact_method method; /* AUTO: dense LAPACK up to dimension 512 of the sector, matrix-free Lanczos beyond */
    double tolerance;       /* wanted residual bound relative to the operator's one-norm; 0: 1e-10 */
    uint64_t max_products;  /* Lanczos matrix-vector products; 0: 2000 */
    uint64_t seed;          /* of the start vector */
    const uint64_t *guess;  /* basis state to favour at the start, or NULL */
} qn_exact_options;
#define QN_EXACT_OPTIONS_INIT                                                                                          \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_exact_options), 1, NULL, 0, QN_EXACT_AUTO, 0.0, 0, 1, NULL                                 \
    }

/** Owned by the caller; qn_exact_result_free. */
typedef struct qn_exact_result {
    uint32_t states;         /* found; fewer than asked when the sector is smaller */
    double *energies;        /* rising, degenerate ones repeated */
    double *residual_bounds; /* an eigenvalue of H lies within energies[k] +- residual_bounds[k]: ||H v - E v||,
                                recomputed */
    bool converged;          /* every bound met the tolerance */
    bool interrupted;
    qn_exact_method method;
    uint64_t dimension; /* of the sector */
    uint64_t products;  /* matrix-vector products */
    double seconds;
    uint64_t bytes; /* largest memory held */
} qn_exact_result;

/** Bytes that qn_exact_solve will take, before anything is touched. */
QN_API QN_MUST_USE qn_status qn_exact_bytes_needed(const qn_pauli_sum *hamiltonian, const qn_exact_options *options,
                                                   uint64_t *bytes);
/** Errors: QN_ERR_NOT_HERMITIAN, QN_ERR_TOO_LARGE (need and limit; nothing allocated), QN_ERR_ARGUMENT (a constraint
 * that is not diagonal, does not commute, or leaves an empty sector). An interrupted search returns the best so far. */
QN_API QN_MUST_USE qn_status qn_exact_solve(qn_context *context, const qn_pauli_sum *hamiltonian,
                                            const qn_exact_options *options, qn_exact_result **out);
QN_API void qn_exact_result_free(qn_exact_result *result);

QN_END_DECLS
#endif
