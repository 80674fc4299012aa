/* fuzz_problem_tsplib.c: problem files: TSPLIB. */
#include "fuzz_problem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const qn_instance_format formats[] = {QN_INSTANCE_TSPLIB};
    fuzz_problem(data, size, formats, sizeof formats / sizeof *formats);
    return 0;
}
