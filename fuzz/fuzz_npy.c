/* fuzz_npy.c: NumPy's array files. */
#include "fuzz_array.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_array((const char *)data, size, qn__array_npy_parse);
    return 0;
}
