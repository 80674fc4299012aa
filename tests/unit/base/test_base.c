/* test_base.c: random numbers against their paper's known answers, allocation that fails on demand, messages,
 * suggestions. */
#include <qn_test.h>

#include <quern/context.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/suggest.h"

/* Known answers of Philox4x32-10: Random123's kat_vectors. */
static void philox_known_answers(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], expected[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t out[4];
        qn__philox(cases[i].counter, cases[i].key, out);
        assert_memory_equal(out, cases[i].expected, sizeof out);
    }
}

static void random_moments(void **state)
{
    (void)state;
    double sum = 0, square = 0, uniform = 0;
    enum { COUNT = 100000 };
    for (uint64_t i = 0; i < COUNT; i++) {
        const double x = qn__random_normal(7, 3, i);
        const double u = qn__random_uniform(7, 4, i);
        assert_true(u >= 0 && u < 1);
        sum += x;
        square += x * x;
        uniform += u;
    }
    assert_near(sum / COUNT, 0.0, 5 / sqrt(COUNT));
    assert_near(square / COUNT, 1.0, 5 * sqrt(2.0 / COUNT));
    assert_near(uniform / COUNT, 0.5, 5 * sqrt(1.0 / 12 / COUNT));
    assert_true(qn__random_bits(1, 2, 3) == qn__random_bits(1, 2, 3));
    assert_true(qn__random_bits(1, 2, 3) != qn__random_bits(1, 3, 2));
}

static void allocation_counts_and_fails(void **state)
{
    (void)state;
    const qn_memory_stats before = qn_memory();
    double *block = qn__alloc(100, sizeof *block);
    assert_non_null(block);
    assert_int_equal((uintptr_t)block % 64, 0);
    assert_int_equal(qn_memory().bytes_now - before.bytes_now, 800);
    block[99] = 3.0;
    block = qn__realloc(block, 1000, sizeof *block);
    assert_near(block[99], 3.0, 0);
    qn__alloc_fail_at(2, false);
    void *first = qn__alloc(1, 1), *second = qn__alloc(1, 1), *third = qn__alloc(1, 1);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    assert_null(qn__alloc(SIZE_MAX, 2));
    assert_int_equal(qn_last_error()->status, QN_ERR_MEMORY);
    qn__free(first);
    qn__free(third);
    qn__free(block);
    qn__free(NULL);
    assert_int_equal(qn_memory().bytes_now, before.bytes_now);
}

static void context_options(void **state)
{
    (void)state;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    volatile int flag = 0;
    options.threads = 2;
    options.arch = "generic";
    options.memory_limit = 1000;
    options.interrupt = &flag;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&options, &context));
    assert_int_equal(qn_context_threads(context), 2);
    assert_string_equal(qn_context_arch(context), "generic");
    assert_false(qn_context_interrupted(context));
    flag = 1;
    assert_true(qn_context_interrupted(context));
    assert_ok(qn__context_check_bytes(context, 1000, "a state", ""));
    assert_fails(qn__context_check_bytes(context, 2048, "a state", "try less"), QN_ERR_TOO_LARGE,
                 "a state needs 2.0 KiB, the limit here is 1000 B; try less");
    qn_context_free(context);
    options.arch = "avx521";
    assert_fails(qn_context_create(&options, &context), QN_ERR_NAME, "did you mean 'avx512'");
    options.size = 3;
    assert_fails(qn_context_create(&options, &context), QN_ERR_ARGUMENT, "QN_CONTEXT_OPTIONS_INIT");
    assert_ok(qn_context_create(NULL, &context));
    assert_true(qn_context_threads(context) >= 1 && qn_context_memory_limit(context) > 0);
    qn_context_free(context);
}

static const char *name_of(const void *user, size_t index)
{
    return ((const char *const *)user)[index];
}

static void suggestions(void **state)
{
    (void)state;
    static const char *const names[] = {"slsqp", "cobyla", "nelder-mead"};
    assert_int_equal(qn__edit_distance("kitten", "sitting"), 3);
    assert_int_equal(qn__edit_distance("abdc", "abcd"), 1);
    assert_string_equal(qn__suggest("slqsp", 3, name_of, names), "slsqp");
    assert_string_equal(qn__suggest("Nelder_Mead", 3, name_of, names), "nelder-mead");
    assert_null(qn__suggest("zzzzzz", 3, name_of, names));
}

static void status_table(void **state)
{
    (void)state;
    assert_string_equal(qn_status_name(QN_ERR_PARSE), "QN_ERR_PARSE");
    assert_int_equal(qn_status_exit_code(QN_ERR_PARSE), 3);
    assert_int_equal(qn_status_exit_code(QN_ERR_TOO_LARGE), 4);
    assert_int_equal(qn_status_exit_code(QN_ERR_INTERRUPTED), 130);
    assert_string_equal(qn_status_name((qn_status)12345), "QN_ERR_INTERNAL");
}

static void bit_helpers(void **state)
{
    (void)state;
    assert_int_equal(qn__words(0), 1);
    assert_int_equal(qn__words(64), 1);
    assert_int_equal(qn__words(65), 2);
    uint64_t mask[2] = {0, 0};
    qn__bit_set(mask, 70);
    assert_true(qn__bit(mask, 70));
    qn__bit_flip(mask, 70);
    assert_false(qn__bit(mask, 70));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_known_answers),
        cmocka_unit_test(random_moments),
        cmocka_unit_test(allocation_counts_and_fails),
        cmocka_unit_test(context_options),
        cmocka_unit_test(suggestions),
        cmocka_unit_test(status_table),
        cmocka_unit_test(bit_helpers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
