/* signs.h: products of matrices of which one holds bits and one holds signs, both packed.
 *
 * With bits B (gates x rows), signs S = +-1 (gates x columns, bit 1 is -1) and numbers t (gates):
 *   gather: out[r][c] += sum_j B[j][r] t[j] S[j][c]        scatter: out[j] += sum_rc B[j][r] w[r][c] S[j][c]
 * on one tile of 8 rows and 32 columns, so that the bits of a gate are one byte and its signs one word. */
#ifndef QN_KERNEL_SIGNS_H
#define QN_KERNEL_SIGNS_H

#include <stddef.h>
#include <stdint.h>

enum { QN__SIGN_ROWS = 8, QN__SIGN_COLUMNS = 32 };

typedef struct qn__sign_tile {
    size_t gates;
    const uint8_t *bits; /* gate j: bits[j * bit_stride] */
    size_t bit_stride;
    const uint32_t *signs; /* gate j: signs[j * sign_stride] */
    size_t sign_stride;
    const void *masks; /* 256 x 8 numbers: bit r of the byte, 0 or 1, in the kernels' precision */
} qn__sign_tile;

typedef struct qn__sign_kernels {
    /* out: 8 rows, `stride` numbers apart, of 32 */
    void (*gather)(const qn__sign_tile *tile, const void *numbers, void *out, size_t stride);
    /* out: a vector of `lanes` numbers a gate, whose sum is meant */
    void (*scatter)(const qn__sign_tile *tile, const void *weights, size_t stride, void *out);
} qn__sign_kernels;

#endif
