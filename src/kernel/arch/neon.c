/* neon.c: the kernels for 64-bit ARM, whose vectors are 16 bytes. */
#include "kernel/arch/lanes16.h"
#include "kernel/arch/table.h"

#define QN_KERNEL_ARCH neon
#define QN_KERNEL_ARCH_NAME "neon"
#define QN_KERNEL_AXES 3

#include "kernel/body/both.h"
