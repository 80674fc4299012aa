/* kernel.h: the state-vector kernels of one instruction set. Arrays in, arrays out: no handles, no allocation, no
 * errors.
 *
 * A state of 2^n amplitudes is stored in blocks of `lanes` amplitudes: first their real parts, then their imaginary
 * parts, so that one block is two machine vectors and complex products need no shuffles. Amplitude i is lane i % lanes
 * of block i / lanes. A state smaller than one block is padded with zeros. `blocks` below counts blocks, a power of
 * two.
 *
 * Work on a state is cut into `parts` equal ranges; a call does range `part`. Ranges touch disjoint amplitudes. */
#ifndef QN_KERNEL_KERNEL_H
#define QN_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/steps.h"

/* Most targets of a dense matrix. */
enum { QN__KERNEL_TARGETS = 4 };

/* How the four entries of a pair matrix look; the kernel for a shape reads only what it needs. */
typedef enum qn__kernel_shape {
    QN__SHAPE_GENERAL,
    QN__SHAPE_REAL,      /* all four real: RY, H */
    QN__SHAPE_IMAGINARY, /* real diagonal, imaginary off it: RX */
    QN__SHAPE_SWAP       /* X */
} qn__kernel_shape;

/* One linear map on pairs (i, j = i ^ x), or on single amplitudes when x = 0.
 *
 * x != 0: i runs over the amplitudes with (i & fixed) == value; the highest bit of x must be in `fixed`.
 *   new[i] = m00 a[i] + s m01 a[j];  new[j] = s m10 a[i] + m11 a[j];  s = (-1)^popcount(i & z).
 * x == 0: i with (i & fixed) == value is multiplied by m00 when popcount(i & z) is even, by m11 when it is odd.
 * Everything else stays as it is. */
typedef struct qn__kernel_gate {
    uint64_t x, z, fixed, value;
    double m[8]; /* m00 m01 m10 m11, each re, im */
} qn__kernel_gate;

/* A dense matrix on 1..QN__KERNEL_TARGETS qubits under controls: amplitudes with (i & fixed) == value. */
typedef struct qn__kernel_dense {
    uint32_t ntargets;
    uint32_t targets[QN__KERNEL_TARGETS]; /* bit t of a row is targets[t] */
    uint64_t fixed, value;
    const double *matrix; /* 4^ntargets entries, re, im, row-major */
} qn__kernel_dense;

typedef struct qn__kernels {
    const char *name;
    uint32_t lanes;   /* amplitudes of a block */
    size_t real_size; /* bytes of a real number: 8 or 4 */

    /* state */
    void (*read)(const void *state, uint64_t first, uint64_t count, double *re_im);
    /* |amplitude|^2 of `count` amplitudes; first and count are multiples of the lanes, or the whole of a small state */
    void (*probabilities)(const void *state, uint64_t first, uint64_t count, double *out);
    double (*norm)(const void *state, uint64_t first_block, uint64_t nblocks);
    /* product state of nqubits >= 1 one-qubit states, each four numbers: amplitude of 0, amplitude of 1 */
    void (*product)(void *state, uint32_t nqubits, const double *columns);
    void (*scaled_copy)(void *out, const void *in, uint64_t nblocks, double re, double im);
    void (*clear)(void *state, uint64_t nblocks);

    /* gates */
    void (*pair)(void *state, uint64_t blocks, const qn__kernel_gate *gate, qn__kernel_shape shape, uint64_t part,
                 uint64_t parts);
    void (*pauli)(void *state, uint64_t blocks, const qn__kernel_gate *gate, uint64_t part, uint64_t parts);
    void (*diagonal)(void *state, uint64_t blocks, const qn__kernel_gate *gate, uint64_t part, uint64_t parts);
    void (*dense)(void *state, uint64_t blocks, const qn__kernel_dense *gate, uint64_t part, uint64_t parts);
    /* Several gates in one trip through a state, or through a tile of it. `blocks` are those of the tile; `high` is its
     * place, the bits of the block index above those of the tile; `local` its own lane vectors: two a LINEAR step, one
     * a slope. */
    uint32_t axes; /* most axes of a pass */
    void (*pass)(void *tile, uint64_t blocks, const qn__pass *pass, uint64_t high, void *local, uint64_t part,
                 uint64_t parts);

    /* H on each of these bits of the amplitude's index, none above the tile's. */
    void (*hadamard)(void *tile, uint64_t blocks, uint64_t qubits);

    /* adjoint sweep: overlaps of two states, and in the same pass the map applied to both. Sums: T00 T01 T10 T11, each
     * re, im, with T_ab = sum_i conj(bra_a) ket_b over pairs (a, b: 0 for i, 1 for j), T01 and T10 weighted by s. For
     * x == 0: T00 even, T11 odd. */
    void (*pair_undo)(void *bra, void *ket, uint64_t blocks, const qn__kernel_gate *gate, uint64_t part, uint64_t parts,
                      double *sums);
    double (*inner)(const void *bra, const void *ket, uint64_t first_block, uint64_t nblocks); /* Re <bra|ket> */

    /* Pauli sums. A group holds the terms of one flip mask x; its function F(i) = sum_z c_z i^popcount(x&z)
     * (-1)^popcount(i&z) comes as one or two arrays of reals (re, im; either may be NULL: zero) over the amplitudes of
     * a tile. `a` and `b` are tiles of one state, b the one that x's high bits lead to; x holds the bits within the
     * tile. When a == b and x != 0 only pairs with the highest bit of x clear are visited. The sum is over visited i of
     * Re(conj(b[i^x]) a[i] F(i)), doubled so that each pair counts for both of its members. */
    double (*group_expect)(const void *a, const void *b, uint64_t blocks, uint64_t x, const void *re, const void *im);
    /* out_a[i] += w conj(F(i)) b[i^x], and unless out_b is NULL (then every i of the tile is visited) out_b[i^x] += w
     * F(i) a[i] */
    void (*group_apply)(const void *a, const void *b, void *out_a, void *out_b, uint64_t blocks, uint64_t x,
                        const void *re, const void *im, double w);
    /* F of a few terms: table[i] = sum_t c_t (-1)^popcount(i & z_t) */
    void (*table_terms)(void *table, uint64_t blocks, size_t count, const uint64_t *z, const double *c);
    /* the same by a Walsh-Hadamard transform, for many */
    void (*table_transform)(void *table, uint64_t blocks, size_t count, const uint64_t *z, const double *c);

    const struct qn__row_kernels *rows;    /* kernel/rows.h */
    const struct qn__mixer_kernels *mixer; /* kernel/mixer.h */
    const struct qn__sign_kernels *signs;  /* kernel/signs.h */
} qn__kernels;

/* Kernels of an instruction set ("generic", "neon", "avx2", "avx512") in one precision; NULL when not built in. */
const qn__kernels *qn__kernels_find(const char *arch, bool single_precision);

#endif
