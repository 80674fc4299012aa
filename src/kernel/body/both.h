/* both.h: every body twice, over double and over float. Included once by each file of arch/. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define K_INLINE static inline __attribute__((always_inline))

#define K_PASTE_(a, b) a##b
#define K_PASTE(a, b) K_PASTE_(a, b)

#define real double
#define unsigned_real uint64_t
#define LANES QN_LANES_F64
#define LOG_LANES QN_LOG_LANES_F64
#define K(name) name##_f64
#define K_TABLE K_PASTE(K_PASTE(qn__kernels_, QN_KERNEL_ARCH), _f64)
#include "kernel/body/all.h"
#undef real
#undef unsigned_real
#undef LANES
#undef LOG_LANES
#undef K
#undef K_TABLE

#define real float
#define unsigned_real uint32_t
#define LANES QN_LANES_F32
#define LOG_LANES QN_LOG_LANES_F32
#define K(name) name##_f32
#define K_TABLE K_PASTE(K_PASTE(qn__kernels_, QN_KERNEL_ARCH), _f32)
#include "kernel/body/all.h"
#undef real
#undef unsigned_real
#undef LANES
#undef LOG_LANES
#undef K
#undef K_TABLE
