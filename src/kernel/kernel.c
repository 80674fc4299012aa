/* kernel.c: finds the kernels of an instruction set by its name. */
#include "kernel/kernel.h"

#include <string.h>

#include "kernel/arch/table.h"

const qn__kernels *qn__kernels_find(const char *arch, bool single_precision)
{
    static const struct {
        const char *name;
        const qn__kernels *f64, *f32;
    } rows[] = {
        {"generic", &qn__kernels_generic_f64, &qn__kernels_generic_f32},
#ifdef QN_KERNELS_NEON
        {"neon", &qn__kernels_neon_f64, &qn__kernels_neon_f32},
#endif
#ifdef QN_KERNELS_X86
        {"avx2", &qn__kernels_avx2_f64, &qn__kernels_avx2_f32},
        {"avx512", &qn__kernels_avx512_f64, &qn__kernels_avx512_f32},
#endif
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, arch) == 0) {
            return single_precision ? rows[i].f32 : rows[i].f64;
        }
    }
    return NULL;
}
