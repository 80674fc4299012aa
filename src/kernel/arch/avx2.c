/* avx2.c: the kernels for x86-64 with AVX2 and FMA. */
#include <immintrin.h>
#include <stdint.h>

#include "kernel/arch/table.h"

#define QN_KERNEL_ARCH avx2
#define QN_KERNEL_ARCH_NAME "avx2"
#define QN_KERNEL_AXES 2
#define QN_LANES_F64 4
#define QN_LOG_LANES_F64 2
#define QN_LANES_F32 8
#define QN_LOG_LANES_F32 3

typedef double vec_f64 __attribute__((vector_size(32)));
typedef uint64_t bits_f64 __attribute__((vector_size(32)));
typedef float vec_f32 __attribute__((vector_size(32)));
typedef uint32_t bits_f32 __attribute__((vector_size(32)));

static const bits_f64 iota_f64 = {0, 1, 2, 3};
static const bits_f32 iota_f32 = {0, 1, 2, 3, 4, 5, 6, 7};

/* AVX2 permutes 32-bit lanes by a variable; a 64-bit lane is two of them. */
static inline vec_f64 lane_xor_f64(vec_f64 v, uint64_t x)
{
    const bits_f32 index = iota_f32 ^ (uint32_t)(2 * x);
    return (vec_f64)_mm256_permutevar8x32_ps((__m256)v, (__m256i)index);
}

static inline vec_f32 lane_xor_f32(vec_f32 v, uint64_t x)
{
    const bits_f32 index = iota_f32 ^ (uint32_t)x;
    return (vec_f32)_mm256_permutevar8x32_ps((__m256)v, (__m256i)index);
}

static inline vec_f64 lane_permute_f64(vec_f64 v, bits_f64 index)
{
    const bits_f64 even = index * 2;
    return (vec_f64)_mm256_permutevar8x32_ps((__m256)v, (__m256i)(even | (even + 1) << 32));
}

static inline vec_f32 lane_permute_f32(vec_f32 v, bits_f32 index)
{
    return (vec_f32)_mm256_permutevar8x32_ps((__m256)v, (__m256i)index);
}

/* Pairs table[index[l]] of all lanes l, as vectors of first and of second members. */
static inline __m256d pairs_f64(const double *table, uint64_t a, uint64_t b)
{
    return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(table + 2 * a)), _mm_loadu_pd(table + 2 * b), 1);
}

static inline void pick_f64(const double *table, const uint16_t *index, vec_f64 *first, vec_f64 *second)
{
    const __m256d even = pairs_f64(table, index[0], index[2]), odd = pairs_f64(table, index[1], index[3]);
    *first = (vec_f64)_mm256_unpacklo_pd(even, odd);
    *second = (vec_f64)_mm256_unpackhi_pd(even, odd);
}

static inline __m128 pairs_f32(const float *table, uint64_t a, uint64_t b)
{
    return _mm_loadh_pi(_mm_castpd_ps(_mm_load_sd((const double *)(const void *)(table + 2 * a))),
                        (const __m64 *)(const void *)(table + 2 * b));
}

static inline __m256 quads_f32(const float *table, const uint16_t *index)
{
    return _mm256_insertf128_ps(_mm256_castps128_ps256(pairs_f32(table, index[0], index[1])),
                                pairs_f32(table, index[4], index[5]), 1);
}

static inline void pick_f32(const float *table, const uint16_t *index, vec_f32 *first, vec_f32 *second)
{
    const __m256 low = quads_f32(table, index), high = quads_f32(table, index + 2);
    *first = (vec_f32)_mm256_shuffle_ps(low, high, 0x88);
    *second = (vec_f32)_mm256_shuffle_ps(low, high, 0xdd);
}

#include "kernel/body/both.h"
