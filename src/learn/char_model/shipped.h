/* shipped.h: data/char_model/weights.npy, made into an array by the build. */
#ifndef QN_LEARN_CHAR_MODEL_SHIPPED_H
#define QN_LEARN_CHAR_MODEL_SHIPPED_H

#include <stddef.h>

extern const unsigned char qn__char_weights[];
extern const size_t qn__char_weights_length;

#endif
