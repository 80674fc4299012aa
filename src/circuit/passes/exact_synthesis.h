/* exact_synthesis.h: a one-qubit unitary over Z[omega] / sqrt 2^k as a word in H, S, T, X and W. */
#ifndef QN_CIRCUIT_PASSES_EXACT_SYNTHESIS_H
#define QN_CIRCUIT_PASSES_EXACT_SYNTHESIS_H

#include "base/status.h"
#include "circuit/passes/ring.h"

/* m / sqrt 2^k, row-major. */
typedef struct qn__exact {
    qn__omega m[4];
    uint32_t k;
} qn__exact;

enum { QN__WORD = 1024 /* most letters of a word, its 0 included */ };

/* Write a letter `count` times and a 0; returns where the 0 is. */
char *qn__repeat(char *at, char letter, unsigned count);
/* Unitary [[u, -adjoint t], [t, adjoint u]] / sqrt 2^k. */
qn__exact qn__exact_from_column(qn__omega u, qn__omega t, uint32_t k);
/* The identity, and x times one letter of a word from the right. */
qn__exact qn__exact_identity(void);
qn__exact qn__exact_times(qn__exact x, char letter);
/* Matsumoto-Amano normal form, of the fewest T; *t_count of them. QN_ERR_INTERNAL when x is no such unitary, or its
 * word is too long. */
QN_MUST_USE qn_status qn__exact_synthesise(const qn__exact *x, char word[QN__WORD], uint32_t *t_count);

#endif
