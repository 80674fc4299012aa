/* hadamard.h: H on many qubits of a tile at once, a Walsh-Hadamard transform. H is real, so that real and imaginary
 * parts are transformed apart and a cube of twice as many vectors as in a pass stays in registers. */

#ifndef QN__UNROLL_CUBE
#define QN__UNROLL_CUBE _Pragma("GCC unroll 16")
#endif

enum {
    K(hadamard_axes) = QN_KERNEL_AXES + 1,
    /* Sweeps over far qubits take fewer: their blocks lie a power of two apart, and more of them than a set of the
     * first-level cache has ways would evict each other. */
    K(hadamard_far_axes) = 3,
    /* qubits of a part of a tile that stays in the first-level cache: 16 KiB */
    K(hadamard_part) = sizeof(real) == sizeof(double) ? 10 : 11
};

/* (a + b, a - b). Written as a multiply-add by a 1 that the compiler does not know, the difference goes to other units
 * than the sum on processors that have units of their own for additions. It is exact either way. */
K_INLINE void K(butterfly)(vec *a, vec *b, vec one)
{
    const vec u = *a, v = *b;
    *a = u + v;
#ifdef __FMA__
    *b = u - one * v;
#else
    (void)one;
    *b = u - v;
#endif
}

/* One sweep over `blocks` blocks; axes are single bits of the block index, rising. With `lanes` H acts on all qubits of
 * a block besides, and what lies `ahead` numbers further is fetched. All is multiplied by `factor` when `scaled`. */
K_INLINE void K(hadamard_sweep)(real *tile, uint64_t blocks, const uint64_t *axes, const int naxes, const bool lanes,
                                const bool scaled, double factor, double unit, uint64_t ahead)
{
    const vec one = K(splat)(unit), scale = K(splat)(factor);
    const int cube = 1 << naxes;
    uint64_t offset[1 << K(hadamard_axes)], fixed = 0;
    for (int r = 0; r < cube; r++) {
        offset[r] = 0;
        for (int a = 0; a < naxes; a++) {
            offset[r] |= (r >> a & 1) != 0 ? axes[a] : 0;
            fixed |= axes[a];
        }
        offset[r] *= 2 * LANES;
    }
    uint64_t walk = 0;
    for (uint64_t trip = 0; trip < blocks >> naxes; trip++, walk = K(next)(walk, fixed)) {
        for (int part = 0; part < 2; part++) {
            real *const base = tile + walk * 2 * LANES + part * LANES;
            vec v[1 << K(hadamard_axes)];
            QN__UNROLL_CUBE
            for (int r = 0; r < cube; r++) {
                v[r] = K(load)(base + offset[r]);
                if (lanes && (part == 0 || sizeof(vec) >= 64)) {
                    __builtin_prefetch(base + offset[r] + ahead, 1, 2);
                }
            }
            QN__UNROLL_CUBE
            for (uint64_t bit = 1; lanes && bit < LANES; bit *= 2) {
                const vec sign = K(negate)(K(match)(bit, bit), one);
                QN__UNROLL_CUBE
                for (int r = 0; r < cube; r++) {
                    v[r] = K(lane_xor)(v[r], bit) + sign * v[r];
                }
            }
            QN__UNROLL_CUBE
            for (int bit = 1; bit < cube; bit *= 2) {
                QN__UNROLL_CUBE
                for (int r = 0; r < cube; r++) {
                    if ((r & bit) == 0) {
                        K(butterfly)(&v[r], &v[r | bit], one);
                    }
                }
            }
            QN__UNROLL_CUBE
            for (int r = 0; r < cube; r++) {
                K(store)(base + offset[r], scaled ? scale * v[r] : v[r]);
            }
        }
    }
}

/* The number of axes as a constant, so that the loops unroll. */
K_INLINE void K(hadamard_sweep_of)(real *tile, uint64_t blocks, const uint64_t *axes, int naxes, const bool lanes,
                                   const bool scaled, double factor, double one, uint64_t ahead)
{
    switch (naxes) {
    case 0:
        K(hadamard_sweep)(tile, blocks, axes, 0, lanes, scaled, factor, one, ahead);
        return;
    case 1:
        K(hadamard_sweep)(tile, blocks, axes, 1, lanes, scaled, factor, one, ahead);
        return;
    case 2:
        K(hadamard_sweep)(tile, blocks, axes, 2, lanes, scaled, factor, one, ahead);
        return;
    case 3:
        K(hadamard_sweep)(tile, blocks, axes, 3, lanes, scaled, factor, one, ahead);
        return;
    default:
        K(hadamard_sweep)(tile, blocks, axes, K(hadamard_axes), lanes, scaled, factor, one, ahead);
        return;
    }
}

static void K(hadamard_on)(real *tile, uint64_t blocks, const uint64_t *axes, int naxes, double factor, double one)
{
    if (factor != 1.0) {
        K(hadamard_sweep_of)(tile, blocks, axes, naxes, false, true, factor, one, 0);
    } else {
        K(hadamard_sweep_of)(tile, blocks, axes, naxes, false, false, 1.0, one, 0);
    }
}

static void K(hadamard_on_lanes)(real *tile, uint64_t blocks, const uint64_t *axes, int naxes, double factor,
                                 double one, uint64_t ahead)
{
    K(hadamard_sweep_of)(tile, blocks, axes, naxes, true, true, factor, one, ahead);
}

/* One lane of several. */
static void K(hadamard_on_lane)(real *tile, uint64_t blocks, uint64_t bit, double factor)
{
    const vec scale = K(splat)(factor), sign = K(negate)(K(match)(bit, bit), scale);
    for (uint64_t k = 0; k < 2 * blocks; k++) {
        const vec v = K(load)(tile + k * LANES);
        K(store)(tile + k * LANES, scale * K(lane_xor)(v, bit) + sign * v);
    }
}

static int K(at_most)(int a, int b)
{
    return a < b ? a : b;
}

/* Sweeps over the nearest axes run in parts of the tile that stay in the first-level cache, the others over all of it.
 * The first sweep carries the scale 2^(-count / 2). */
static void K(hadamard)(void *state, uint64_t blocks, uint64_t qubits)
{
    const volatile double unknown = 1.0;
    const double one = unknown;
    real *const tile = state;
    const int count = __builtin_popcountll(qubits);
    const uint64_t lanes = qubits & (LANES - 1), part = UINT64_C(1) << (K(hadamard_part) - LOG_LANES);
    const uint64_t size = blocks < part ? blocks : part;
    double factor = ldexp(count % 2 != 0 ? 0.70710678118654752440 : 1.0, -(count / 2));
    uint64_t axes[64];
    int naxes = 0, near = 0;
    for (uint64_t left = qubits >> LOG_LANES; left != 0; left &= left - 1) {
        axes[naxes++] = left & (0 - left);
        near += axes[naxes - 1] < size ? 1 : 0;
    }
    if (lanes != LANES - 1) {
        for (uint64_t left = lanes; left != 0; left &= left - 1) {
            K(hadamard_on_lane)(tile, blocks, left & (0 - left), factor);
            factor = 1.0;
        }
    }
    if (lanes == LANES - 1 || near > 0) {
        const int first = K(at_most)(near, K(hadamard_axes));
        for (uint64_t at = 0; at < blocks; at += size) {
            real *const here = tile + at * 2 * LANES;
            if (lanes == LANES - 1) {
                K(hadamard_on_lanes)(here, size, axes, first, factor, one, size * 2 * LANES);
            } else {
                K(hadamard_on)(here, size, axes, first, factor, one);
            }
            for (int k = first; k < near; k += K(hadamard_axes)) {
                K(hadamard_on)(here, size, axes + k, K(at_most)(near - k, K(hadamard_axes)), 1.0, one);
            }
        }
        factor = 1.0;
    }
    for (int k = near; k < naxes; k += K(hadamard_far_axes)) {
        K(hadamard_on)(tile, blocks, axes + k, K(at_most)(naxes - k, K(hadamard_far_axes)), factor, one);
        factor = 1.0;
    }
}
