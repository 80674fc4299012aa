/* model.h: what the two price models share: a checked job, and one entry each. */
#ifndef QN_ADVISE_MODEL_H
#define QN_ADVISE_MODEL_H

#include <quern/estimate.h>

#include "advise/patch.h"
#include "advise/t_factory.h"

typedef struct qn__job {
    const qn_logical_counts *counts;    /* whole, finite, not negative; at least one qubit and one operation */
    const qn_estimate_options *options; /* checked */
    qn__patch patch;                    /* model A's code; model B has a fit of its own on the same platform */
    qn__unit units[QN__FACTORY_UNITS];  /* model A */
    size_t nunits;
} qn__job;

/* Reads and checks everything but the counts. */
QN_MUST_USE qn_status qn__job_open(const qn_advice *advice, const qn_logical_counts *counts,
                                   const qn_estimate_options *options, qn__job *out);

QN_MUST_USE qn_status qn__model_a(const qn__job *job, qn_estimate_result *out);
QN_MUST_USE qn_status qn__model_a_front(const qn__job *job, qn_estimate_front *out);
QN_MUST_USE qn_status qn__model_b(const qn__job *job, qn_estimate_result *out);
QN_MUST_USE qn_status qn__model_b_front(const qn__job *job, qn_estimate_front *out);

/* Adds a point unless another is no worse in both qubits and time, and drops those it beats; sorted by qubits. */
QN_MUST_USE qn_status qn__front_add(qn_estimate_front *front, size_t *capacity, const qn_estimate_result *point);

#endif
