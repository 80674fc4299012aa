/* json_read.h: the parts of the reader of circuit JSON. */
#ifndef QN_FORMAT_CIRCUIT_OUT_JSON_READ_H
#define QN_FORMAT_CIRCUIT_OUT_JSON_READ_H

#include <quern/classical.h>

#include "format/circuit_out/json_place.h"

enum { QN__JSON_QUBITS = 1 << 24 }; /* most qubits that a file may ask for */

/* Buffers that serve all operations, one after another. */
typedef struct qn__json_scratch {
    uint32_t *qubits;
    size_t qubits_capacity;
    qn_param_term *terms;
    size_t terms_capacity;
    qn_token *tokens;
    size_t tokens_capacity;
} qn__json_scratch;

/* "operations": appends them all; the circuit has its declarations. */
QN_MUST_USE qn_status qn__json_read_operations(const qn__json_place *at, const json_t *list, qn__json_scratch *scratch,
                                               qn_circuit *circuit);

#endif
