/* buffer.h: a text that grows while it is written. */
#ifndef QN_FORMAT_BUFFER_H
#define QN_FORMAT_BUFFER_H

#include "base/status.h"

typedef struct qn__buffer {
    char *data; /* qn__free, or hand on with qn__buffer_take */
    size_t length, capacity;
} qn__buffer;

QN_MUST_USE qn_status qn__buffer_add(qn__buffer *buffer, const char *text, size_t length);
QN_MUST_USE qn_status qn__buffer_print(qn__buffer *buffer, const char *format, ...) QN_PRINTF(2, 3);
/* A number with 17 significant digits; see qn__number_print. */
QN_MUST_USE qn_status qn__buffer_number(qn__buffer *buffer, double value, bool exponent);
/* Hands the text on, with a 0 byte behind, and empties the buffer. */
QN_MUST_USE qn_status qn__buffer_take(qn__buffer *buffer, char **text, size_t *length);

#endif
