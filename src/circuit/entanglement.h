/* entanglement.h: which pairs of qubits an entanglement map joins. */
#ifndef QN_CIRCUIT_ENTANGLEMENT_H
#define QN_CIRCUIT_ENTANGLEMENT_H

#include <quern/ansatz.h>

typedef struct qn__pair {
    uint32_t a, b;
} qn__pair;

/* Pairs of repetition `rep` of a map that is not QN_ENTANGLEMENT_PAIRS; *out is released with qn__free. */
QN_MUST_USE qn_status qn__entanglement_pairs(qn_entanglement map, uint32_t nqubits, uint32_t rep, qn__pair **out,
                                             size_t *count);
/* Order pairs by the colours of a greedy edge colouring, so that pairs of one colour share no qubit. In place, stable.
 */
QN_MUST_USE qn_status qn__entanglement_color(uint32_t nqubits, qn__pair *pairs, size_t count);

#endif
