/* avx512.c: the kernels for x86-64 with AVX-512 F, DQ, VL and BW. */
#include <immintrin.h>
#include <stdint.h>

#include "kernel/arch/table.h"

#define QN_KERNEL_ARCH avx512
#define QN_KERNEL_ARCH_NAME "avx512"
#define QN_KERNEL_AXES 3
#define QN_LANES_F64 8
#define QN_LOG_LANES_F64 3
#define QN_LANES_F32 16
#define QN_LOG_LANES_F32 4

typedef double vec_f64 __attribute__((vector_size(64)));
typedef uint64_t bits_f64 __attribute__((vector_size(64)));
typedef float vec_f32 __attribute__((vector_size(64)));
typedef uint32_t bits_f32 __attribute__((vector_size(64)));

static const bits_f64 iota_f64 = {0, 1, 2, 3, 4, 5, 6, 7};
static const bits_f32 iota_f32 = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static inline vec_f64 lane_xor_f64(vec_f64 v, uint64_t x)
{
    const bits_f64 index = iota_f64 ^ x;
    return (vec_f64)_mm512_permutexvar_pd((__m512i)index, (__m512d)v);
}

static inline vec_f32 lane_xor_f32(vec_f32 v, uint64_t x)
{
    const bits_f32 index = iota_f32 ^ (uint32_t)x;
    return (vec_f32)_mm512_permutexvar_ps((__m512i)index, (__m512)v);
}

static inline vec_f64 lane_permute_f64(vec_f64 v, bits_f64 index)
{
    return (vec_f64)_mm512_permutexvar_pd((__m512i)index, (__m512d)v);
}

static inline vec_f32 lane_permute_f32(vec_f32 v, bits_f32 index)
{
    return (vec_f32)_mm512_permutexvar_ps((__m512i)index, (__m512)v);
}

/* Pairs table[index[l]] of all lanes l, as vectors of first and of second members: loads that spread over a vector and
 * keep their places only, since gathers are slow. */
static inline __m512d pairs_f64(const double *table, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    __m512d v = _mm512_castpd128_pd512(_mm_loadu_pd(table + 2 * a));
    v = _mm512_mask_broadcast_f64x2(v, 0x0c, _mm_loadu_pd(table + 2 * b));
    v = _mm512_mask_broadcast_f64x2(v, 0x30, _mm_loadu_pd(table + 2 * c));
    return _mm512_mask_broadcast_f64x2(v, 0xc0, _mm_loadu_pd(table + 2 * d));
}

static inline void pick_f64(const double *table, const uint16_t *index, vec_f64 *first, vec_f64 *second)
{
    const __m512d even = pairs_f64(table, index[0], index[2], index[4], index[6]);
    const __m512d odd = pairs_f64(table, index[1], index[3], index[5], index[7]);
    *first = (vec_f64)_mm512_unpacklo_pd(even, odd);
    *second = (vec_f64)_mm512_unpackhi_pd(even, odd);
}

static inline __m128 pairs_f32(const float *table, uint64_t a, uint64_t b)
{
    return _mm_loadh_pi(_mm_castpd_ps(_mm_load_sd((const double *)(const void *)(table + 2 * a))),
                        (const __m64 *)(const void *)(table + 2 * b));
}

/* Lanes 4m and 4m + 1 (or the two after them) from 128 bits each. */
static inline __m512 quads_f32(const float *table, const uint16_t *index)
{
    __m512 v = _mm512_castps128_ps512(pairs_f32(table, index[0], index[1]));
    v = _mm512_insertf32x4(v, pairs_f32(table, index[4], index[5]), 1);
    v = _mm512_insertf32x4(v, pairs_f32(table, index[8], index[9]), 2);
    return _mm512_insertf32x4(v, pairs_f32(table, index[12], index[13]), 3);
}

static inline void pick_f32(const float *table, const uint16_t *index, vec_f32 *first, vec_f32 *second)
{
    const __m512 low = quads_f32(table, index), high = quads_f32(table, index + 2);
    *first = (vec_f32)_mm512_shuffle_ps(low, high, 0x88);
    *second = (vec_f32)_mm512_shuffle_ps(low, high, 0xdd);
}

#include "kernel/body/both.h"
