/* rows.h: kernels on several states at once, a lane being a row of parameters; see kernel/rows.h. */
#include "kernel/body/lanes.h"

#define QN_KERNEL_ROWS
#include "kernel/body/step.h"

#include "kernel/body/slope.h"

#include "kernel/body/pass.h"
#undef QN_KERNEL_ROWS

/* A lane vector of doubles in the states' precision. */
K_INLINE vec K(from_doubles)(const double *d)
{
    vec out = {0};
    for (int l = 0; l < LANES; l++) {
        out[l] = (real)d[l];
    }
    return out;
}

K_INLINE void K(scale_into)(real *out, const real *in, vec re, vec im)
{
    const vec r = K(load)(in), i = K(load)(in + LANES);
    K(store)(out, re * r - im * i);
    K(store)(out + LANES, re * i + im * r);
}

static void K(product)(void *states, uint32_t nqubits, const double *columns)
{
    real *s = states;
    K(store)(s, K(splat)(1.0));
    K(store)(s + LANES, K(splat)(0.0));
    for (uint32_t qubit = 0; qubit < nqubits; qubit++) {
        const double *c = columns + (size_t)qubit * 4 * LANES;
        const uint64_t blocks = UINT64_C(1) << qubit;
        real *upper = s + blocks * 2 * LANES;
        const vec r0 = K(from_doubles)(c), i0 = K(from_doubles)(c + LANES);
        const vec r1 = K(from_doubles)(c + 2 * LANES), i1 = K(from_doubles)(c + 3 * LANES);
        for (uint64_t b = 0; b < blocks; b++) {
            real *low = s + b * 2 * LANES;
            K(scale_into)(upper + b * 2 * LANES, low, r1, i1);
            K(scale_into)(low, low, r0, i0);
        }
    }
}

K_INLINE bits K(odd_sign)(uint64_t index, uint64_t z)
{
    return (bits){0} + ((unsigned_real)__builtin_parityll(index & z) << (8 * sizeof(real) - 1));
}

/* The pair of blocks at p and q; off the diagonal the matrix has `sign`. */
K_INLINE void K(apply_pair)(real *p, real *q, const vec *m, bits sign)
{
    const vec ur = K(load)(p), ui = K(load)(p + LANES), vr = K(load)(q), vi = K(load)(q + LANES);
    const vec sur = (vec)((bits)ur ^ sign), sui = (vec)((bits)ui ^ sign);
    const vec svr = (vec)((bits)vr ^ sign), svi = (vec)((bits)vi ^ sign);
    K(store)(p, m[0] * ur - m[1] * ui + m[2] * svr - m[3] * svi);
    K(store)(p + LANES, m[0] * ui + m[1] * ur + m[2] * svi + m[3] * svr);
    K(store)(q, m[4] * sur - m[5] * sui + m[6] * vr - m[7] * vi);
    K(store)(q + LANES, m[4] * sui + m[5] * sur + m[6] * vi + m[7] * vr);
}

static void K(pair)(void *states, uint64_t blocks, const qn__kernel_gate *g, const double *numbers)
{
    real *s = states;
    vec m[8];
    for (int k = 0; k < 8; k++) {
        m[k] = K(from_doubles)(numbers + (size_t)k * LANES);
    }
    const uint64_t count = blocks >> __builtin_popcountll(g->fixed);
    uint64_t walk = 0;
    for (uint64_t k = 0; k < count; k++, walk = K(next)(walk, g->fixed)) {
        const uint64_t i = walk | g->value;
        real *const p = s + i * 2 * LANES;
        if (g->x != 0) {
            K(apply_pair)(p, s + (i ^ g->x) * 2 * LANES, m, K(odd_sign)(i, g->z));
        } else {
            const int at = __builtin_parityll(i & g->z) * 6;
            K(scale_into)(p, p, m[at], m[at + 1]);
        }
    }
}

/* conj(bra) ket: the real or the imaginary part */
K_INLINE vec K(braket)(const real *bra, const real *ket, const bool imaginary)
{
    const vec br = K(load)(bra), bi = K(load)(bra + LANES), kr = K(load)(ket), ki = K(load)(ket + LANES);
    return imaginary ? br * ki - bi * kr : br * kr + bi * ki;
}

static void K(undo)(void *bra, void *ket, uint64_t blocks, const qn__kernel_gate *g, const double *numbers,
                    qn__row_slope kind, double *sums)
{
    real *const b = bra, *const s = ket;
    vec m[8];
    for (int k = 0; k < 8; k++) {
        m[k] = K(from_doubles)(numbers + (size_t)k * LANES);
    }
    const uint64_t count = blocks >> __builtin_popcountll(g->fixed);
    uint64_t walk = 0;
    for (uint64_t k = 0; k < count;) {
        const uint64_t stop = count - k < 64 ? count : k + 64; /* single precision is added up in short runs */
        vec sum = {0};
        for (; k < stop; k++, walk = K(next)(walk, g->fixed)) {
            const uint64_t i = walk | g->value, j = i ^ g->x;
            const bits sign = K(odd_sign)(i, g->z);
            real *const bi = b + i * 2 * LANES, *const ki = s + i * 2 * LANES;
            real *const bj = b + j * 2 * LANES, *const kj = s + j * 2 * LANES;
            if (g->x == 0) {
                const int odd = __builtin_parityll(i & g->z);
                const vec overlap = K(braket)(bi, ki, true);
                sum += kind == QN__ROW_SLOPE_Z ? (odd != 0 ? -overlap : overlap)
                       : odd != 0              ? (real)-2.0 * overlap
                                               : (vec){0};
                K(scale_into)(bi, bi, m[6 * odd], m[6 * odd + 1]);
                K(scale_into)(ki, ki, m[6 * odd], m[6 * odd + 1]);
                continue;
            }
            vec slope = {0};
            switch (kind) {
            case QN__ROW_SLOPE_X:
                slope = (vec)((bits)(K(braket)(bi, kj, true) + K(braket)(bj, ki, true)) ^ sign);
                break;
            case QN__ROW_SLOPE_Y:
                slope = (vec)((bits)(K(braket)(bj, ki, false) - K(braket)(bi, kj, false)) ^ sign);
                break;
            case QN__ROW_SLOPE_Z:
                slope = K(braket)(bi, ki, true) - K(braket)(bj, kj, true);
                break;
            case QN__ROW_SLOPE_PHASE:
                slope = (real)-2.0 * K(braket)(bj, kj, true);
                break;
            }
            sum += slope;
            K(apply_pair)(bi, bj, m, sign);
            K(apply_pair)(ki, kj, m, sign);
        }
        for (int l = 0; l < LANES; l++) {
            sums[l] += (double)sum[l];
        }
    }
}

static void K(dense)(void *states, uint64_t blocks, const qn__kernel_dense *g)
{
    const uint32_t size = 1U << g->ntargets;
    uint64_t offset[1 << QN__KERNEL_TARGETS], fixed = g->fixed;
    for (uint32_t r = 0; r < size; r++) {
        offset[r] = 0;
        for (uint32_t t = 0; t < g->ntargets; t++) {
            offset[r] |= (uint64_t)(r >> t & 1) << g->targets[t];
        }
        fixed |= offset[r];
    }
    real *s = states;
    const uint64_t count = blocks >> __builtin_popcountll(fixed);
    uint64_t walk = 0;
    for (uint64_t k = 0; k < count; k++, walk = K(next)(walk, fixed)) {
        const uint64_t base = walk | g->value;
        vec re[1 << QN__KERNEL_TARGETS], im[1 << QN__KERNEL_TARGETS];
        for (uint32_t r = 0; r < size; r++) {
            const real *const p = s + (base | offset[r]) * 2 * LANES;
            re[r] = K(load)(p);
            im[r] = K(load)(p + LANES);
        }
        for (uint32_t r = 0; r < size; r++) {
            vec sr = {0}, si = {0};
            for (uint32_t c = 0; c < size; c++) {
                const double *entry = g->matrix + 2 * ((size_t)r * size + c);
                const vec mr = K(splat)(entry[0]), mi = K(splat)(entry[1]);
                sr += mr * re[c] - mi * im[c];
                si += mr * im[c] + mi * re[c];
            }
            real *const p = s + (base | offset[r]) * 2 * LANES;
            K(store)(p, sr);
            K(store)(p + LANES, si);
        }
    }
}

K_INLINE void K(add_doubles)(double *sums, vec sum)
{
    for (int l = 0; l < LANES; l++) {
        sums[l] += (double)sum[l];
    }
}

/* Columns of one kind: sum_k F_k(i + j) conj(a[i + j]) a[(i + j) ^ x_k], real parts, for the amplitudes j of a tile. */
K_INLINE void K(expect_columns)(const real *s, uint64_t i, const uint64_t *x, size_t count, const real *f,
                                const vec *ar, const vec *ai, vec *acc, const bool imaginary)
{
    for (size_t k = 0; k < count; k++, f += QN__ROW_TILE) {
        const uint64_t from = i ^ x[k];
        QN__UNROLL
        for (uint64_t j = 0; j < QN__ROW_TILE; j++) {
            const real *const p = s + (from ^ j) * 2 * LANES;
            const vec r = K(load)(p), m = K(load)(p + LANES);
            acc[j] += ((vec){0} + f[j]) * (imaginary ? ar[j] * m - ai[j] * r : ar[j] * r + ai[j] * m);
        }
    }
}

static void K(expect)(const void *states, uint64_t blocks, const qn__row_observable *o, double *sums)
{
    const real *const s = states, *f = o->table;
    for (int l = 0; l < LANES; l++) {
        sums[l] = 0.0;
    }
    for (uint64_t i = 0; i < blocks; i += QN__ROW_TILE, f += o->columns * QN__ROW_TILE) {
        vec ar[QN__ROW_TILE], ai[QN__ROW_TILE],
            acc[2][QN__ROW_TILE]; /* flips inside the tile; pairs, which count twice */
        QN__UNROLL
        for (uint64_t j = 0; j < QN__ROW_TILE; j++) {
            ar[j] = K(load)(s + (i + j) * 2 * LANES);
            ai[j] = K(load)(s + (i + j) * 2 * LANES + LANES);
            acc[0][j] = acc[1][j] = (vec){0};
        }
        size_t k = 0;
        for (unsigned c = 0; c < QN__ROW_CLASSES && k < o->columns; c++) {
            const size_t nreal = o->count[c][0], nimaginary = o->count[c][1];
            if (c == 0) {
                K(expect_columns)(s, i, o->x, nreal, f, ar, ai, acc[0], false);
                K(expect_columns)(s, i, o->x + nreal, nimaginary, f + nreal * QN__ROW_TILE, ar, ai, acc[0], true);
            } else if ((i >> (c + 1) & 1) == 0) {
                K(expect_columns)(s, i, o->x + k, nreal, f + k * QN__ROW_TILE, ar, ai, acc[1], false);
                K(expect_columns)
                (s, i, o->x + k + nreal, nimaginary, f + (k + nreal) * QN__ROW_TILE, ar, ai, acc[1], true);
            }
            k += nreal + nimaginary;
        }
        vec once = {0}, twice = {0};
        QN__UNROLL
        for (int j = 0; j < QN__ROW_TILE; j++) {
            once += acc[0][j];
            twice += acc[1][j];
        }
        K(add_doubles)(sums, once + twice + twice);
    }
}

K_INLINE void K(apply_columns)(const real *s, uint64_t i, const uint64_t *x, size_t count, const real *f, vec *re,
                               vec *im, const bool imaginary)
{
    for (size_t k = 0; k < count; k++, f += QN__ROW_TILE) {
        const uint64_t from = i ^ x[k];
        QN__UNROLL
        for (uint64_t j = 0; j < QN__ROW_TILE; j++) {
            const real *const p = s + (from ^ j) * 2 * LANES;
            const vec r = K(load)(p), m = K(load)(p + LANES), value = (vec){0} + f[j];
            re[j] += value * (imaginary ? m : r);
            im[j] = imaginary ? im[j] - value * r : im[j] + value * m;
        }
    }
}

/* H |state> tile by tile: all columns meet a few amplitudes of the result while these are in registers. Row i of a
 * column is conj(F(i)) at i ^ x. */
static void K(apply)(const void *states, uint64_t blocks, const qn__row_observable *o, const double *weights, bool add,
                     void *out, double *sums)
{
    const real *const s = states, *f = o->table;
    const vec weight = K(from_doubles)(weights);
    for (int l = 0; l < LANES; l++) {
        sums[l] = 0.0;
    }
    for (uint64_t i = 0; i < blocks; i += QN__ROW_TILE) {
        const uint64_t *x = o->x;
        vec re[QN__ROW_TILE], im[QN__ROW_TILE], sum = {0};
        QN__UNROLL
        for (int j = 0; j < QN__ROW_TILE; j++) {
            re[j] = im[j] = (vec){0};
        }
        const uint64_t *const end = o->x + o->columns;
        for (unsigned c = 0; c < QN__ROW_CLASSES && x < end; c++) {
            K(apply_columns)(s, i, x, o->count[c][0], f, re, im, false);
            x += o->count[c][0];
            f += o->count[c][0] * QN__ROW_TILE;
            K(apply_columns)(s, i, x, o->count[c][1], f, re, im, true);
            x += o->count[c][1];
            f += o->count[c][1] * QN__ROW_TILE;
        }
        QN__UNROLL
        for (uint64_t j = 0; j < QN__ROW_TILE; j++) {
            const real *const p = s + (i + j) * 2 * LANES;
            real *const to = (real *)out + (i + j) * 2 * LANES;
            const vec before = add ? K(load)(to) : (vec){0}, after = add ? K(load)(to + LANES) : (vec){0};
            sum += K(load)(p) * re[j] + K(load)(p + LANES) * im[j];
            K(store)(to, before + weight * re[j]);
            K(store)(to + LANES, after + weight * im[j]);
        }
        K(add_doubles)(sums, sum);
    }
}

static void K(double_table)(void *table, uint64_t size, const double *z)
{
    real *t = table;
    const vec re = K(from_doubles)(z), im = K(from_doubles)(z + LANES);
    for (uint64_t k = 0; k < size; k++) {
        K(scale_into)(t + (size + k) * 2 * LANES, t + k * 2 * LANES, re, im);
    }
}

#ifdef QN_ROWS_SINCOS
/* Reduction by multiples of pi / 2 in three parts of 33 bits or fewer (Cody and Waite), then Taylor's series on
 * |x| <= pi / 4, whose remainders there are below 5e-17. */
K_INLINE void K(sincos_block)(const double *angles, double *s, double *c)
{
    const vec magic = K(splat)(6755399441055744.0); /* 1.5 * 2^52: adding it rounds to an integer in the low bits */
    const vec x = K(load)(angles), shifted = x * 0.63661977236758134308 + magic, k = shifted - magic;
    vec r = x - k * 0x1.921fb544p+0;
    r = r - k * 0x1.0b4611a6p-34;
    r = r - k * 0x1.3198a2e037073p-69;
    const vec z = r * r;
    vec odd = z * (-1.0 / 1307674368000.0) + 1.0 / 6227020800.0;
    odd = odd * z - 1.0 / 39916800.0;
    odd = odd * z + 1.0 / 362880.0;
    odd = odd * z - 1.0 / 5040.0;
    odd = odd * z + 1.0 / 120.0;
    odd = odd * z - 1.0 / 6.0;
    odd = odd * z * r + r;
    vec even = z * (1.0 / 20922789888000.0) - 1.0 / 87178291200.0;
    even = even * z + 1.0 / 479001600.0;
    even = even * z - 1.0 / 3628800.0;
    even = even * z + 1.0 / 40320.0;
    even = even * z - 1.0 / 720.0;
    even = even * z + 1.0 / 24.0;
    even = even * z - 0.5;
    even = even * z + 1.0;
    const bits quadrant = (bits)shifted, swap = -(quadrant & 1);
    const bits sine = (quadrant & 2) << 62, cosine = ((quadrant + 1) & 2) << 62;
    K(store)(s, (vec)((bits)K(select)(swap, even, odd) ^ sine));
    K(store)(c, (vec)((bits)K(select)(swap, odd, even) ^ cosine));
}

static void K(sincos)(size_t count, const double *angles, double *s, double *c)
{
    static const double most = 1e6; /* products with the parts of pi / 2 are exact up to here */
    for (size_t k = 0; k < count; k += LANES) {
        K(sincos_block)(angles + k, s + k, c + k);
        for (size_t l = k; l < k + LANES; l++) {
            if (!(angles[l] < most && angles[l] > -most)) {
                s[l] = sin(angles[l]);
                c[l] = cos(angles[l]);
            }
        }
    }
}
#endif

static const qn__row_kernels K(table) = {.lanes = LANES,
                                         .axes = QN_KERNEL_AXES,
                                         .product = K(product),
                                         .pass = K(pass),
                                         .pair = K(pair),
                                         .undo = K(undo),
                                         .dense = K(dense),
                                         .expect = K(expect),
                                         .apply = K(apply),
                                         .double_table = K(double_table),
                                         .sincos = sincos_rows_f64};

#undef vec
#undef bits
