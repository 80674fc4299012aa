/* fuzz_csv.c: comma-separated values. */
#include "fuzz_array.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_array((const char *)data, size, qn__array_csv_parse);
    return 0;
}
