/* qn_test.h: what every test program includes: cmocka, and comparisons that print both values. */
#ifndef QN_TEST_H
#define QN_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <quern/status.h>

/* |a - b| <= tolerance; NaN fails. */
#define assert_near(a, b, tolerance)                                                                                   \
    do {                                                                                                               \
        const double qn_a = (a), qn_b = (b), qn_tolerance = (tolerance);                                               \
        if (!(fabs(qn_a - qn_b) <= qn_tolerance)) {                                                                    \
            print_error("%s = %.17g, expected %.17g within %.3g (off by %.3g)\n", #a, qn_a, qn_b, qn_tolerance,        \
                        qn_a - qn_b);                                                                                  \
            fail();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* The call returned QN_OK; else its message is shown. */
#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        const qn_status qn_got = (call);                                                                               \
        if (qn_got != QN_OK) {                                                                                         \
            print_error("%s: %s: %s\n", #call, qn_status_name(qn_got), qn_last_error()->message);                      \
            fail();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* The call failed with this status and its message contains `text`. */
#define assert_fails(call, expected, text)                                                                             \
    do {                                                                                                               \
        const qn_status qn_got = (call);                                                                               \
        if (qn_got != (expected) || strstr(qn_last_error()->message, (text)) == NULL) {                                \
            print_error("%s: got %s: \"%s\", expected %s with \"%s\"\n", #call, qn_status_name(qn_got),                \
                        qn_last_error()->message, qn_status_name(expected), (text));                                   \
            fail();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* Seed of a property test: QN_TEST_SEED or a fixed one; print it so that a failure can be repeated. */
static inline uint64_t qn_test_seed(void)
{
    const char *text = getenv("QN_TEST_SEED");
    const uint64_t seed = text != NULL ? strtoull(text, NULL, 0) : 20260101u;
    print_message("seed %llu\n", (unsigned long long)seed);
    return seed;
}

/* Work multiplier of property tests: QN_TEST_SCALE, at least 1. */
static inline unsigned qn_test_scale(void)
{
    const char *text = getenv("QN_TEST_SCALE");
    const long scale = text != NULL ? strtol(text, NULL, 10) : 1;
    return scale < 1 ? 1u : (unsigned)scale;
}

#endif
