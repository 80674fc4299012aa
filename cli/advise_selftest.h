/* advise_selftest.h: `quern advise --selftest`: published numbers beside ours. */
#ifndef CLI_ADVISE_SELFTEST_H
#define CLI_ADVISE_SELFTEST_H

#include <quern/quern.h>

/* *failed: a row is out of its tolerance, or cannot be computed. */
qn_status advise_selftest(const qn_advice *advice, bool json, bool *failed);

#endif
