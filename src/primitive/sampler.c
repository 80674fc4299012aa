/* sampler.c: counts of all qubits from a compiled circuit; each row of each run takes the next stream of draws. */
#include <quern/primitive.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"

struct qn_sampler {
    qn_program *program;
    uint64_t seed, stream;
};

qn_status qn_sampler_create(qn_engine *engine, const qn_circuit *circuit, uint64_t seed, qn_sampler **out)
{
    qn_sampler *sampler = qn__calloc(1, sizeof *sampler);
    QN_ALLOC_CHECK(sampler);
    sampler->seed = seed;
    const qn_status status = qn_engine_compile(engine, circuit, NULL, 0, &sampler->program);
    if (status != QN_OK) {
        qn__free(sampler);
        return status;
    }
    *out = sampler;
    return QN_OK;
}

void qn_sampler_free(qn_sampler *sampler)
{
    if (sampler != NULL) {
        qn_program_free(sampler->program);
        qn__free(sampler);
    }
}

qn_status qn_sampler_run(qn_sampler *sampler, const double *theta, size_t rows, uint64_t shots, qn_counts *const *out)
{
    QN_TRY(qn_program_sample(sampler->program, theta, rows, shots, sampler->seed, sampler->stream, out));
    sampler->stream += rows;
    return QN_OK;
}
