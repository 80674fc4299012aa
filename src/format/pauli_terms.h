/* pauli_terms.h: the terms of a Pauli sum as a reader finds them, before the number of qubits is known. */
#ifndef QN_FORMAT_PAULI_TERMS_H
#define QN_FORMAT_PAULI_TERMS_H

#include <quern/pauli.h>

#include "format/cursor.h"

enum { QN__PAULI_QUBITS = 100000 }; /* the longest label read, and one more than the highest qubit number */

typedef struct qn__pauli_factor {
    uint32_t qubit;
    char letter;
    size_t offset; /* in the text the factor was read from */
} qn__pauli_factor;

typedef struct qn__pauli_term {
    qn_complex coefficient;
    const char *dense; /* borrowed letters, highest qubit first; NULL: factors */
    size_t first;      /* index of the first factor */
    size_t count;      /* letters or factors */
    size_t offset;     /* of the term, for messages */
} qn__pauli_term;

typedef struct qn__pauli_terms {
    qn__pauli_term *terms;
    size_t nterms, terms_capacity;
    qn__pauli_factor *factors;
    size_t nfactors, factors_capacity;
    uint32_t nqubits;  /* given by the caller or the file; 0: not given */
    size_t dense_term; /* first term with a dense label, SIZE_MAX: none */
    uint32_t highest;  /* 1 + the highest qubit number of a factor */
} qn__pauli_terms;
#define QN__PAULI_TERMS_INIT                                                                                           \
    {                                                                                                                  \
        .dense_term = SIZE_MAX                                                                                         \
    }

void qn__pauli_terms_clear(qn__pauli_terms *terms);

/* Reads one string at the cursor: a dense label, sparse factors, or brackets; `*found` false and nothing read when none
 * stands there. The result is the term's string; coefficient and offset are the caller's. Letters of a dense label are
 * borrowed from the text. Nothing may follow that is part of a word. Checks what can be checked now: letters, qubit
 * numbers, no qubit twice, the length against others. */
QN_MUST_USE qn_status qn__pauli_string_read(qn__pauli_terms *terms, qn__cursor *cursor, qn__pauli_term *term,
                                            bool *found);
QN_MUST_USE qn_status qn__pauli_terms_add(qn__pauli_terms *terms, const qn__pauli_term *term);

/* What a reader of Pauli sums is asked for besides the sum. */
typedef struct qn__pauli_request {
    uint64_t limit;   /* bytes that the sum may take; QN_ERR_TOO_LARGE beyond */
    bool hamiltonian; /* refuse a sum that is empty or not Hermitian */
} qn__pauli_request;

/* Makes the sum. `source` gives places to the offsets of the terms. */
QN_MUST_USE qn_status qn__pauli_terms_build(const qn__pauli_terms *terms, const qn__source *source,
                                            const qn__pauli_request *request, qn_pauli_sum **out);

QN_MUST_USE qn_status qn__pauli_text_read(const char *text, size_t length, const char *name, uint32_t nqubits,
                                          const qn__pauli_request *request, qn_pauli_sum **out);
QN_MUST_USE qn_status qn__pauli_json_read(const char *text, size_t length, const char *name,
                                          const qn__pauli_request *request, qn_pauli_sum **out);

#endif
