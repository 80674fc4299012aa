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

#include "kernel/body/both.h"
