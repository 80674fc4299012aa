/* machine_timing.c: how long a piece of work takes: the median of batches; and the arrays it works on. */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/status.h"
#include "math/machine_kernels.h"

enum { MOST_SAMPLES = 101, HUGE_PAGE = 1 << 21 };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

qn_status qn__machine_median(const qn_context *context, double seconds, size_t least, void (*work)(void *user),
                             void *user, double *out)
{
    double samples[MOST_SAMPLES];
    size_t count = 0;
    double begin = qn__clock();
    work(user);
    double spent = qn__clock() - begin;
    const double wanted = 2e-4 / (spent > 1e-9 ? spent : 1e-9); /* calls a batch, so that the clock can be read */
    const uint64_t calls = wanted < 1.0 ? 1 : (uint64_t)wanted + 1;
    begin = qn__clock();
    for (spent = 0.0; count < MOST_SAMPLES && (count < least || spent < seconds); count++) {
        QN_CHECK(context == NULL || !qn_context_interrupted(context), ERR_INTERRUPTED,
                 "the measurement was interrupted");
        const double start = qn__clock();
        for (uint64_t k = 0; k < calls; k++) {
            work(user);
        }
        samples[count] = (qn__clock() - start) / (double)calls;
        spent = qn__clock() - begin;
    }
    qsort(samples, count, sizeof samples[0], by_size);
    *out = samples[count / 2] > 1e-12 ? samples[count / 2] : 1e-12;
    return QN_OK;
}

void *qn__machine_array(uint64_t bytes, void **block)
{
    /* whole huge pages, so that the request for them covers all of it */
    const uint64_t rounded = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    char *const memory = rounded < bytes ? NULL : qn__alloc(rounded + HUGE_PAGE, 1);
    *block = memory;
    if (memory == NULL) {
        return NULL;
    }
    char *const aligned = memory + (HUGE_PAGE - (uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
#ifdef MADV_HUGEPAGE
    (void)madvise(aligned, rounded, MADV_HUGEPAGE);
#endif
    return aligned;
}

uint64_t qn__machine_share(uint64_t count, uint32_t t, uint32_t threads)
{
    return t >= threads ? count : count / 8 * t / threads * 8;
}
