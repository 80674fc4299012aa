/* json_locate.h: where a value stands in a JSON text that is known to be well-formed (jansson gives places for syntax
 * errors only). */
#ifndef QN_FORMAT_JSON_LOCATE_H
#define QN_FORMAT_JSON_LOCATE_H

#include <stddef.h>

/* One step down: the member called `key` of an object (the offset of its value), or with key NULL the element `index`
 * of an array, or the key itself of the member `index` of an object. */
typedef struct qn__json_step {
    const char *key;
    size_t index;
} qn__json_step;

/* The offset of the value the steps lead to; of the last one found where a step leads nowhere. */
size_t qn__json_locate(const char *text, size_t length, size_t start, const qn__json_step *steps, size_t count);

#endif
