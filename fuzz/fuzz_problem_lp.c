/* fuzz_problem_lp.c: problem files: LP files. */
#include "fuzz_problem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const qn_instance_format formats[] = {QN_INSTANCE_LP};
    fuzz_problem(data, size, formats, sizeof formats / sizeof *formats);
    return 0;
}
