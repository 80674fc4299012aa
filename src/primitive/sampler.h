/* sampler.h: a circuit made ready for sampling. */
#ifndef QN_PRIMITIVE_SAMPLER_H
#define QN_PRIMITIVE_SAMPLER_H

#include <quern/primitive.h>

#include "primitive/dynamic_run.h"

struct qn_sampler {
    qn_engine *engine;
    qn__plan *plan;
    qn__runner *runner;
    qn_program *whole; /* of a plan that is single; NULL otherwise */
    uint64_t seed, position;
    uint32_t bits;
    qn_sampling_method method;
    bool straight;     /* qubit k goes to bit k, for all of them */
    qn_counts *qubits; /* shots of all qubits at the end of a path */
    uint64_t *string;  /* one result */
};

/* The classical bits that final measurements of a path write, from a string of qubits: on top of the path's bits. */
void qn__sampler_result(const qn_sampler *sampler, const qn__path *path, const uint64_t *qubits, uint64_t *out);
/* Whether the state at the end of a path must be looked at. */
bool qn__sampler_looks(const qn_sampler *sampler, const qn__path *path);
/* Parameters are there and finite. */
QN_MUST_USE qn_status qn__sampler_check(const qn_sampler *sampler, const double *theta, size_t rows);

#endif
