/* walsh.h: the Walsh-Hadamard transform. */
#ifndef QN_MATH_WALSH_H
#define QN_MATH_WALSH_H

#include <stdint.h>

/* Sums over j of (-1)^(j . i) a[j], in place; 2^bits numbers; twice is 2^bits times the identity. */
void qn__walsh_hadamard(uint32_t bits, double *a);

#endif
