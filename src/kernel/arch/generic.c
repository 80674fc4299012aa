/* generic.c: the kernels in 16-byte vectors of the compiler, for any machine. */
#include "kernel/arch/lanes16.h"
#include "kernel/arch/table.h"

#define QN_KERNEL_ARCH generic
#define QN_KERNEL_ARCH_NAME "generic"
#define QN_KERNEL_AXES 2

#include "kernel/body/both.h"
