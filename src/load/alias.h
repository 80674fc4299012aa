/* alias.h: alias sampling as a way of loading. */
#ifndef QN_LOAD_ALIAS_H
#define QN_LOAD_ALIAS_H

#include <quern/load.h>

#include "base/context.h"
#include "base/status.h"

/* The circuit for amplitudes that must be real; fidelity and precision go into `bill`. */
QN_MUST_USE qn_status qn__prepare_alias(const qn_context *context, const qn_complex *amplitudes, uint64_t count,
                                        const qn_load_options *options, qn_circuit **out, qn_load_cost *bill);

#endif
