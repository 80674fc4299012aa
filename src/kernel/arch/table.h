/* table.h: the kernel tables, one pair for each instruction set built. */
#ifndef QN_KERNEL_ARCH_TABLE_H
#define QN_KERNEL_ARCH_TABLE_H

#include "kernel/kernel.h"

extern const qn__kernels qn__kernels_generic_f64, qn__kernels_generic_f32;
extern const qn__kernels qn__kernels_neon_f64, qn__kernels_neon_f32;
extern const qn__kernels qn__kernels_avx2_f64, qn__kernels_avx2_f32;
extern const qn__kernels qn__kernels_avx512_f64, qn__kernels_avx512_f32;

#endif
