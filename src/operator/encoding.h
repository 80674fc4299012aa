/* encoding.h: fermion-to-qubit encodings as linear maps on bits, and the ladder operators they give. */
#ifndef QN_OPERATOR_ENCODING_H
#define QN_OPERATOR_ENCODING_H

#include <quern/fermion.h>

/* Row p of the encoding matrix beta: qubit p holds the parity of the occupations of modes first..p. */
uint32_t qn__encoding_first(qn_mapping mapping, uint32_t qubit);
QN_MUST_USE qn_status qn__mapping_check(qn_mapping mapping);

/* a_p = 1/2 X^update Z^parity (1 - Z^flip), a+_p the same with a plus sign; X left of Z, no factor of i. Masks of
 * `words` words a mode. */
typedef struct qn__encoding {
    uint32_t nmodes;
    size_t words;
    uint64_t *update; /* column p of beta */
    uint64_t *flip;   /* row p of the inverse of beta: its parity is the occupation of mode p */
    uint64_t *parity; /* sum of flip over modes below p */
} qn__encoding;

QN_MUST_USE qn_status qn__encoding_open(qn_mapping mapping, uint32_t nmodes, qn__encoding *out);
void qn__encoding_close(qn__encoding *encoding);

#endif
