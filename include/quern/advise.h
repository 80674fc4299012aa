/* advise.h: who wins, and when. Takes a ledger that an algorithm filled. */
#ifndef QUERN_ADVISE_H
#define QUERN_ADVISE_H

#include <quern/ledger.h>

QN_BEGIN_DECLS

/** Add a price and the verdict with its reasons to a filled ledger (first form: compares the measured classical time
 * with a lower bound on the time of the sampled quantum run; the cost models come with the advisor). Never improves on
 * what is unknown: missing inputs give "needs-input" and say which. */
QN_API void qn_advise(qn_ledger *ledger);

QN_END_DECLS
#endif
