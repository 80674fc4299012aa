/* unshared.h: a circuit in which every parametric gate occurrence has a symbol of its own.
 *
 * The shift rule holds for one occurrence of a parameter. With phi_k the angle of occurrence k, an affine function of
 * theta, df/dtheta_j = sum_k (dphi_k / dtheta_j) (df/dphi_k), whatever is shared or scaled. */
#ifndef QN_PRIMITIVE_UNSHARED_H
#define QN_PRIMITIVE_UNSHARED_H

#include "primitive/shift_rule.h"

typedef struct qn__occurrence {
    qn_param angle;             /* in the symbols of the original circuit; terms are owned, none has coefficient 0 */
    qn__shift_rule expectation; /* of values */
    qn__shift_rule amplitude;   /* of the state */
} qn__occurrence;

typedef struct qn__unshared {
    qn_circuit *circuit; /* symbol k is the angle of occurrence k */
    qn__occurrence *items;
    size_t count;
    qn_param_term *terms; /* of all occurrences */
    double *angles;       /* room for one row */
} qn__unshared;

QN_MUST_USE qn_status qn__unshared_create(const qn_circuit *circuit, qn__unshared **out);
void qn__unshared_free(qn__unshared *unshared);
/* angles[k] = phi_k(theta). */
void qn__unshared_angles(const qn__unshared *unshared, const double *theta, double *angles);
/* max over symbols j of sum_k |dphi_k/dtheta_j| * (highest frequency of k): a bound of |df/dtheta_j| / max|f|. */
QN_MUST_USE qn_status qn__unshared_steepness(const qn__unshared *unshared, size_t symbols, double *out);

#endif
