/* fuzz_problem_edges.c: problem files: lists of pairs (rudy, bq, qbsolv, DIMACS) and of parities. */
#include "fuzz_problem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const qn_instance_format formats[] = {QN_INSTANCE_RUDY, QN_INSTANCE_BQ, QN_INSTANCE_QUBO, QN_INSTANCE_DIMACS,
                                                 QN_INSTANCE_XOR};
    fuzz_problem(data, size, formats, sizeof formats / sizeof *formats);
    return 0;
}
