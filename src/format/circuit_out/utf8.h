/* utf8.h: one character out of UTF-8 text. */
#ifndef QN_FORMAT_CIRCUIT_OUT_UTF8_H
#define QN_FORMAT_CIRCUIT_OUT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at the front of 0-terminated text, and its code; 0 when it is not UTF-8 (RFC 3629). */
size_t qn__utf8_next(const char *text, uint32_t *code);

#endif
