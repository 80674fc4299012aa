/* price.h: one run priced by qn_estimate_run, both models. */
#ifndef QN_ADVISE_PRICE_H
#define QN_ADVISE_PRICE_H

#include <quern/advise.h>

#include "advise/loading.h"
#include "advise/pace.h"
#include "base/status.h"

/* Never fails for what a model cannot price: `note` says why there is no price. Failures of memory are forwarded. */
QN_MUST_USE qn_status qn__price_run(const qn_advice *advice, const qn_advise_options *options, const char *platform,
                                    const qn__pace *pace, qn__count qubits, qn__count toffoli, qn__count t,
                                    qn_advise_price *a, qn_advise_price *b);

#endif
