/* mixer.h: the mixer of alternating layers, three qubits (or two) at a time in registers. */

#define mix_state K(mix_state)
/* A cube of blocks in registers. */
typedef struct mix_state {
    vec re[8], im[8];
} mix_state;

/* exp(-i beta X) on a pair, without its scale; see kernel/mixer.h. */
K_INLINE void K(mix_pair)(vec *ar, vec *ai, vec *br, vec *bi, vec t, bool far)
{
    const vec pr = *ar, pi = *ai, qr = *br, qi = *bi;
    if (far) {
        *ar = t * pr + qi;
        *ai = t * pi - qr;
        *br = t * qr + pi;
        *bi = t * qi - pr;
    } else {
        *ar = pr + t * qi;
        *ai = pi - t * qr;
        *br = qr + t * pi;
        *bi = qi - t * pr;
    }
}

K_INLINE void K(mix_lane)(vec *re, vec *im, uint64_t bit, vec t, bool far)
{
    const vec r = K(lane_xor)(*re, bit), i = K(lane_xor)(*im, bit);
    if (far) {
        *re = t * *re + i;
        *im = t * *im - r;
    } else {
        *re += t * i;
        *im -= t * r;
    }
}

K_INLINE void K(mix_lanes)(vec *re, vec *im, vec t, bool far)
{
#pragma GCC unroll 4
    for (uint64_t bit = 1; bit < LANES; bit *= 2) {
        K(mix_lane)(re, im, bit, t, far);
    }
}

/* Blocks base + j * step for the 2^naxes corners j. */
K_INLINE void K(mix_load)(mix_state *s, const real *base, uint64_t step, int naxes)
{
#pragma GCC unroll 8
    for (int j = 0; j < 1 << naxes; j++) {
        s->re[j] = K(load)(base + (uint64_t)j * step);
        s->im[j] = K(load)(base + (uint64_t)j * step + LANES);
    }
}

K_INLINE void K(mix_store)(const mix_state *s, real *base, uint64_t step, int naxes)
{
#pragma GCC unroll 8
    for (int j = 0; j < 1 << naxes; j++) {
        K(store)(base + (uint64_t)j * step, s->re[j]);
        K(store)(base + (uint64_t)j * step + LANES, s->im[j]);
    }
}

K_INLINE void K(mix_axes)(mix_state *s, int naxes, vec t, bool far)
{
#pragma GCC unroll 3
    for (int axis = 0; axis < naxes; axis++) {
#pragma GCC unroll 8
        for (int j = 0; j < 1 << naxes; j++) {
            if ((j >> axis & 1) == 0) {
                const int k = j | 1 << axis;
                K(mix_pair)(&s->re[j], &s->im[j], &s->re[k], &s->im[k], t, far);
            }
        }
    }
}

/* One sweep over `blocks` blocks: those of the lanes, if wanted, and the axes from block bit `low` on. */
K_INLINE void K(mix_sweep)(real *tile, uint64_t blocks, uint32_t low, int naxes, bool lanes, double slope, bool far,
                           qn__stream *stream)
{
    const vec t = K(splat)(slope);
    const uint64_t inner = UINT64_C(1) << low, step = inner * 2 * LANES;
    for (uint64_t base = 0; base < blocks; base += inner << naxes) {
        for (uint64_t at = base; at < base + inner; at++) {
            real *const p = tile + at * 2 * LANES;
            mix_state s;
            K(mix_load)(&s, p, step, naxes);
            if (lanes) {
#pragma GCC unroll 8
                for (int j = 0; j < 1 << naxes; j++) {
                    K(mix_lanes)(&s.re[j], &s.im[j], t, far);
                }
            }
            K(mix_axes)(&s, naxes, t, far);
            K(mix_store)(&s, p, step, naxes);
            K(stream_step)(stream);
        }
    }
}

K_INLINE void K(mix_sweep_of)(real *tile, uint64_t blocks, uint32_t low, int naxes, bool lanes, double t, bool far,
                              qn__stream *stream)
{
    switch (naxes) {
    case 0:
        K(mix_sweep)(tile, blocks, low, 0, lanes, t, far, stream);
        break;
    case 1:
        K(mix_sweep)(tile, blocks, low, 1, lanes, t, far, stream);
        break;
    case 2:
        K(mix_sweep)(tile, blocks, low, 2, lanes, t, far, stream);
        break;
    default:
        K(mix_sweep)(tile, blocks, low, QN_KERNEL_AXES, lanes, t, far, stream);
        break;
    }
}

/* `lanes` and `far` as constants, so that the loops have no tests in them. */
static void K(mix_bits)(real *tile, uint64_t blocks, uint32_t low, int naxes, bool lanes, double t, bool far,
                        qn__stream *stream)
{
    if (lanes) {
        if (far) {
            K(mix_sweep_of)(tile, blocks, low, naxes, true, t, true, stream);
        } else {
            K(mix_sweep_of)(tile, blocks, low, naxes, true, t, false, stream);
        }
    } else if (far) {
        K(mix_sweep_of)(tile, blocks, low, naxes, false, t, true, stream);
    } else {
        K(mix_sweep_of)(tile, blocks, low, naxes, false, t, false, stream);
    }
}

/* Sweeps over bits [first, last); lanes go with the first axes. */
static void K(mix_range)(real *tile, uint64_t blocks, uint32_t first, uint32_t last, double t, bool far,
                         qn__stream *stream)
{
    uint32_t bit = first;
    if (first < LOG_LANES) {
        const uint32_t left = last - LOG_LANES, naxes = left < QN_KERNEL_AXES ? left : QN_KERNEL_AXES;
        K(mix_bits)(tile, blocks, 0, (int)naxes, true, t, far, stream);
        bit = LOG_LANES + naxes;
    }
    for (; bit < last;) {
        const uint32_t naxes = last - bit < QN_KERNEL_AXES ? last - bit : QN_KERNEL_AXES;
        K(mix_bits)(tile, blocks, bit - LOG_LANES, (int)naxes, false, t, far, stream);
        bit += naxes;
    }
}

/* Blocks of a part of a tile that stays in the first-level cache, as a power of two: two sweeps' worth of qubits. */
enum { K(mix_part_bits) = LOG_LANES + 2 * QN_KERNEL_AXES };

static void K(mixer_mix)(void *tile, uint64_t blocks, uint32_t first, uint32_t last, double t, bool far)
{
    qn__stream none = {.total = 0};
    const uint64_t part = UINT64_C(1) << (K(mix_part_bits) - LOG_LANES);
    const uint32_t near = last < K(mix_part_bits) ? last : K(mix_part_bits);
    if (first < near && blocks > part) {
        for (uint64_t at = 0; at < blocks; at += part) {
            K(mix_range)((real *)tile + at * 2 * LANES, part, first, near, t, far, &none);
        }
        K(mix_range)(tile, blocks, near, last, t, far, &none);
    } else {
        K(mix_range)(tile, blocks, first, last, t, far, &none);
    }
}

/* Lane l of the partner's vector is the last lane but l. */
static void K(mirror)(void *a, void *b, uint64_t blocks, double slope, bool far)
{
    const vec t = K(splat)(slope);
    const uint64_t flip = LANES - 1, last = blocks - 1;
    if (a == b && blocks == 1) {
        vec re = K(load)(a), im = K(load)((real *)a + LANES);
        K(mix_lane)(&re, &im, flip, t, far);
        K(store)(a, re);
        K(store)((real *)a + LANES, im);
        return;
    }
    for (uint64_t k = 0; k < (a == b ? blocks / 2 : blocks); k++) {
        real *const p = (real *)a + k * 2 * LANES, *const q = (real *)b + (last - k) * 2 * LANES;
        vec pr = K(load)(p), pi = K(load)(p + LANES);
        vec qr = K(lane_xor)(K(load)(q), flip), qi = K(lane_xor)(K(load)(q + LANES), flip);
        K(mix_pair)(&pr, &pi, &qr, &qi, t, far);
        K(store)(p, pr);
        K(store)(p + LANES, pi);
        K(store)(q, K(lane_xor)(qr, flip));
        K(store)(q + LANES, K(lane_xor)(qi, flip));
    }
}

/* Im(conj(l) k) lane by lane. */
K_INLINE vec K(mix_overlap)(vec lr, vec li, vec kr, vec ki)
{
    return lr * ki - li * kr;
}

/* As mix_sweep, for ket and bra; sums[0]: lanes, in the order of their bits; then one for each axis. */
K_INLINE void K(slope_sweep)(real *ket, real *bra, uint64_t blocks, uint32_t low, int naxes, bool lanes, double slope,
                             bool far, double *sums)
{
    const vec t = K(splat)(slope);
    const uint64_t inner = UINT64_C(1) << low, step = inner * 2 * LANES;
    vec lane_sum[4] = {{0}, {0}, {0}, {0}}, axis_sum[2] = {{0}, {0}};
    for (uint64_t base = 0; base < blocks; base += inner << naxes) {
        for (uint64_t at = base; at < base + inner; at++) {
            real *const p = ket + at * 2 * LANES, *const q = bra + at * 2 * LANES;
            mix_state k, b;
            K(mix_load)(&k, p, step, naxes);
            K(mix_load)(&b, q, step, naxes);
#pragma GCC unroll 4
            for (uint32_t bit = 0; lanes && bit < LOG_LANES; bit++) {
                const uint64_t x = UINT64_C(1) << bit;
#pragma GCC unroll 4
                for (int j = 0; j < 1 << naxes; j++) {
                    const vec kr = K(lane_xor)(k.re[j], x), ki = K(lane_xor)(k.im[j], x);
                    lane_sum[bit] += K(mix_overlap)(b.re[j], b.im[j], kr, ki);
                    K(mix_lane)(&k.re[j], &k.im[j], x, t, far);
                    K(mix_lane)(&b.re[j], &b.im[j], x, t, far);
                }
            }
#pragma GCC unroll 2
            for (int axis = 0; axis < naxes; axis++) {
#pragma GCC unroll 4
                for (int j = 0; j < 1 << naxes; j++) {
                    if ((j >> axis & 1) == 0) {
                        const int o = j | 1 << axis;
                        axis_sum[axis] += K(mix_overlap)(b.re[j], b.im[j], k.re[o], k.im[o]) +
                                          K(mix_overlap)(b.re[o], b.im[o], k.re[j], k.im[j]);
                        K(mix_pair)(&k.re[j], &k.im[j], &k.re[o], &k.im[o], t, far);
                        K(mix_pair)(&b.re[j], &b.im[j], &b.re[o], &b.im[o], t, far);
                    }
                }
            }
            K(mix_store)(&k, p, step, naxes);
            K(mix_store)(&b, q, step, naxes);
        }
    }
    uint32_t next = 0;
    for (uint32_t bit = 0; lanes && bit < LOG_LANES; bit++) {
        sums[next++] = K(sum)(lane_sum[bit]);
    }
    for (int axis = 0; axis < naxes; axis++) {
        sums[next++] = K(sum)(axis_sum[axis]);
    }
}

static void K(slope_bits)(real *ket, real *bra, uint64_t blocks, uint32_t low, int naxes, bool lanes, double t,
                          bool far, double *sums)
{
    if (lanes && far) {
        K(slope_sweep)(ket, bra, blocks, 0, 0, true, t, true, sums);
    } else if (lanes) {
        K(slope_sweep)(ket, bra, blocks, 0, 0, true, t, false, sums);
    } else if (naxes == 2 && far) {
        K(slope_sweep)(ket, bra, blocks, low, 2, false, t, true, sums);
    } else if (naxes == 2) {
        K(slope_sweep)(ket, bra, blocks, low, 2, false, t, false, sums);
    } else {
        K(slope_sweep)(ket, bra, blocks, low, 1, false, t, far, sums);
    }
}

/* Sweeps over bits [first, last); weight is that of the first bit and moves on with each. */
static double K(slope_range)(real *ket, real *bra, uint64_t blocks, uint32_t first, uint32_t last, double t, bool far,
                             double weight, double ratio)
{
    double total = 0.0;
    for (uint32_t bit = first; bit < last;) {
        double sums[4] = {0.0};
        uint32_t count = 0;
        if (bit < LOG_LANES) {
            count = LOG_LANES;
            K(slope_bits)(ket, bra, blocks, 0, 0, true, t, far, sums);
        } else {
            count = last - bit < 2 ? last - bit : 2;
            K(slope_bits)(ket, bra, blocks, bit - LOG_LANES, (int)count, false, t, far, sums);
        }
        for (uint32_t k = 0; k < count; k++, weight *= ratio) {
            total += weight * sums[k];
        }
        bit += count;
    }
    return total;
}

static double K(mix_slope)(void *ket, void *bra, uint64_t blocks, uint32_t first, uint32_t last, double t, bool far,
                           double weight, double ratio)
{
    const uint32_t part_bits = LOG_LANES + 4;
    const uint64_t part = UINT64_C(1) << (part_bits - LOG_LANES);
    const uint32_t near = last < part_bits ? last : part_bits;
    if (first >= near || blocks <= part) {
        return K(slope_range)(ket, bra, blocks, first, last, t, far, weight, ratio);
    }
    double total = 0.0;
    for (uint64_t at = 0; at < blocks; at += part) {
        total += K(slope_range)((real *)ket + at * 2 * LANES, (real *)bra + at * 2 * LANES, part, first, near, t, far,
                                weight, ratio);
    }
    for (uint32_t bit = first; bit < near; bit++) {
        weight *= ratio;
    }
    return total + K(slope_range)(ket, bra, blocks, near, last, t, far, weight, ratio);
}

static double K(mirror_slope)(void *ket_a, void *ket_b, void *bra_a, void *bra_b, uint64_t blocks, double t, bool far,
                              double weight)
{
    const uint64_t flip = LANES - 1, last = blocks - 1;
    const bool one = ket_a == ket_b;
    vec sum = {0};
    for (uint64_t k = 0; k < blocks; k++) {
        const real *const ka = (real *)ket_a + k * 2 * LANES, *const kb = (real *)ket_b + (last - k) * 2 * LANES;
        const real *const ba = (real *)bra_a + k * 2 * LANES, *const bb = (real *)bra_b + (last - k) * 2 * LANES;
        sum += K(mix_overlap)(K(load)(ba), K(load)(ba + LANES), K(lane_xor)(K(load)(kb), flip),
                              K(lane_xor)(K(load)(kb + LANES), flip));
        if (!one) {
            sum += K(mix_overlap)(K(load)(bb), K(load)(bb + LANES), K(lane_xor)(K(load)(ka), flip),
                                  K(lane_xor)(K(load)(ka + LANES), flip));
        }
    }
    K(mirror)(ket_a, ket_b, blocks, t, far);
    K(mirror)(bra_a, bra_b, blocks, t, far);
    return weight * K(sum)(sum);
}
