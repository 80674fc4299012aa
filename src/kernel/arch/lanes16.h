/* lanes16.h: lanes of a 16-byte vector, for the generic and NEON kernels. The lane permutations are constant shuffles
 * chosen by a loop-invariant test, which every compiler lowers well without intrinsics. */
#ifndef QN_KERNEL_ARCH_LANES16_H
#define QN_KERNEL_ARCH_LANES16_H

#include <stdint.h>

#define QN_LANES_F64 2
#define QN_LOG_LANES_F64 1
#define QN_LANES_F32 4
#define QN_LOG_LANES_F32 2

typedef double vec_f64 __attribute__((vector_size(16)));
typedef uint64_t bits_f64 __attribute__((vector_size(16)));
typedef float vec_f32 __attribute__((vector_size(16)));
typedef uint32_t bits_f32 __attribute__((vector_size(16)));

static const bits_f64 iota_f64 = {0, 1};
static const bits_f32 iota_f32 = {0, 1, 2, 3};

static inline vec_f64 lane_xor_f64(vec_f64 v, uint64_t x)
{
    return (x & 1) != 0 ? __builtin_shufflevector(v, v, 1, 0) : v;
}

static inline vec_f32 lane_xor_f32(vec_f32 v, uint64_t x)
{
    v = (x & 1) != 0 ? __builtin_shufflevector(v, v, 1, 0, 3, 2) : v;
    return (x & 2) != 0 ? __builtin_shufflevector(v, v, 2, 3, 0, 1) : v;
}

static inline vec_f64 lane_permute_f64(vec_f64 v, bits_f64 index)
{
    return (vec_f64){v[index[0]], v[index[1]]};
}

static inline vec_f32 lane_permute_f32(vec_f32 v, bits_f32 index)
{
    return (vec_f32){v[index[0]], v[index[1]], v[index[2]], v[index[3]]};
}

/* Pairs table[index[l]] of all lanes l, as vectors of first and of second members. */
static inline void pick_f64(const double *table, const uint16_t *index, vec_f64 *first, vec_f64 *second)
{
    const double *const a = table + 2 * (uint64_t)index[0], *const b = table + 2 * (uint64_t)index[1];
    *first = (vec_f64){a[0], b[0]};
    *second = (vec_f64){a[1], b[1]};
}

static inline void pick_f32(const float *table, const uint16_t *index, vec_f32 *first, vec_f32 *second)
{
    const float *const a = table + 2 * (uint64_t)index[0], *const b = table + 2 * (uint64_t)index[1];
    const float *const c = table + 2 * (uint64_t)index[2], *const d = table + 2 * (uint64_t)index[3];
    *first = (vec_f32){a[0], b[0], c[0], d[0]};
    *second = (vec_f32){a[1], b[1], c[1], d[1]};
}

#endif
