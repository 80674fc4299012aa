/* both.h: every body twice, over double and over float. Included once by each file of arch/. */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A kernel's inner functions, which take the number of axes and the like as constants. A build for sanitizers defines
 * it as plain inline. */
#ifndef K_INLINE
#define K_INLINE static inline __attribute__((always_inline))
#endif

#include "kernel/mixer.h"
#include "kernel/rows.h"
#include "kernel/signs.h"

#define K_PASTE_(a, b) a##b
#define K_PASTE(a, b) K_PASTE_(a, b)

/* the kernels on rows use the same vectors under names of their own */
#define vec_rows_f64 vec_f64
#define bits_rows_f64 bits_f64
#define iota_rows_f64 iota_f64
#define lane_xor_rows_f64 lane_xor_f64
#define lane_permute_rows_f64 lane_permute_f64
#define vec_rows_f32 vec_f32
#define bits_rows_f32 bits_f32
#define iota_rows_f32 iota_f32
#define lane_xor_rows_f32 lane_xor_f32
#define lane_permute_rows_f32 lane_permute_f32

#define real double
#define unsigned_real uint64_t
#define LANES QN_LANES_F64
#define LOG_LANES QN_LOG_LANES_F64
#define K(name) name##_f64
#define K_TABLE K_PASTE(K_PASTE(qn__kernels_, QN_KERNEL_ARCH), _f64)
#define K_ROWS(name) name##_rows_f64
#undef K
#define K K_ROWS
#define QN_ROWS_SINCOS
#include "kernel/body/rows.h"
#undef QN_ROWS_SINCOS
#undef K
#define K(name) name##_f64
#include "kernel/body/all.h"
#undef real
#undef unsigned_real
#undef LANES
#undef LOG_LANES
#undef K
#undef K_TABLE
#undef K_ROWS

#define real float
#define unsigned_real uint32_t
#define LANES QN_LANES_F32
#define LOG_LANES QN_LOG_LANES_F32
#define K(name) name##_f32
#define K_TABLE K_PASTE(K_PASTE(qn__kernels_, QN_KERNEL_ARCH), _f32)
#define K_ROWS(name) name##_rows_f32
#undef K
#define K K_ROWS
#include "kernel/body/rows.h"
#undef K
#define K(name) name##_f32
#include "kernel/body/all.h"
#undef real
#undef unsigned_real
#undef LANES
#undef LOG_LANES
#undef K
#undef K_TABLE
#undef K_ROWS
