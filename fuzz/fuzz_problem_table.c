/* fuzz_problem_table.c: problem files: tables (CSV, NAS-Bench-Macro). */
#include "fuzz_problem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const qn_instance_format formats[] = {QN_INSTANCE_CSV, QN_INSTANCE_NAS};
    fuzz_problem(data, size, formats, sizeof formats / sizeof *formats);
    return 0;
}
