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

#include "kernel/body/both.h"
