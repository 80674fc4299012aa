/* fail_each.h: jobs with the n-th allocation failing, n = 1, 2, 3, ... until they succeed: a status each time, a
 * message, and no leak. Programs that use it need src/ among their include folders. */
#ifndef QN_TEST_FAIL_EACH_H
#define QN_TEST_FAIL_EACH_H

#include <qn_test.h>

#include <quern/context.h>

#include "base/alloc.h"

/* A whole job, which releases all that it made; with the same `user` it does the same again. */
typedef qn_status (*fail_job)(void *user);

typedef enum fail_each_rule {
    FAIL_EACH = 0,
    FAIL_EACH_TOLERANT = 1, /* the job may go on without some memory (a cache, a history) and succeed */
    FAIL_EACH_THINNED = 2   /* beyond the fortieth only some allocations: 8 a factor of e */
} fail_each_rule;

/* Returns how many allocations the job makes. A job that makes none at all tests nothing and fails. */
static inline uint64_t fail_each_allocation(fail_job job, void *user, unsigned rules)
{
    enum { DENSE = 40, THINNING = 8, MOST = 1000000 };
    assert_ok(job(user));
    const uint64_t before = qn_memory().bytes_now;
    uint64_t n = 1;
    for (bool happened = true; happened;) {
        assert_true(n < MOST);
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = job(user);
        happened = qn__alloc_fail_at(0, false) == 0;
        if (qn_memory().bytes_now != before) {
            print_error("allocation %llu: %lld bytes leaked\n", (unsigned long long)n,
                        (long long)(qn_memory().bytes_now - before));
            fail();
        }
        if (happened ? status != QN_ERR_MEMORY && !(status == QN_OK && (rules & FAIL_EACH_TOLERANT) != 0)
                     : status != QN_OK) {
            print_error("allocation %llu %s: got %s: \"%s\"\n", (unsigned long long)n,
                        happened ? "failed" : "was not reached", qn_status_name(status), qn_last_error()->message);
            fail();
        }
        assert_true(status == QN_OK || qn_last_error()->message[0] != '\0');
        n += happened ? 1 + ((rules & FAIL_EACH_THINNED) != 0 && n > DENSE ? n / THINNING : 0) : 0;
    }
    assert_true(n > 1);
    return n - 1;
}

/* The same for a job that needs a context, which is made each time and has one thread: threads of others would take
 * allocations in an order of their own. */
typedef qn_status (*fail_context_job)(qn_context *context);
static inline qn_status fail_with_context(void *user)
{
    qn_context *context = NULL;
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.threads = 1;
    qn_status status = qn_context_create(&chosen, &context);
    status = status == QN_OK ? (*(const fail_context_job *)user)(context) : status;
    qn_context_free(context);
    return status;
}
static inline uint64_t fail_each_in_context(fail_context_job job, unsigned rules)
{
    return fail_each_allocation(fail_with_context, &job, rules);
}

/* On failure the output, a pointer at `place`, is what it was: NULL. Gives the status back. */
static inline qn_status fail_untouched(qn_status status, const void *place)
{
    const void *output = NULL;
    memcpy(&output, place, sizeof output);
    assert_true(status == QN_OK ? output != NULL : output == NULL);
    return status;
}

#endif
