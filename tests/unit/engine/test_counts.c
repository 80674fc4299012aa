/* test_counts.c: counts: order, merging, room, refusals, failing memory. */
#include <qn_random.h>

#include <quern/context.h>
#include <quern/counts.h>

#include "base/alloc.h"

static void sorted_and_merged(void **state)
{
    (void)state;
    qn_random random = {qn_test_seed()};
    for (uint32_t nbits = 1; nbits <= 130; nbits += 43) {
        uint64_t expected[64] = {0};
        uint64_t total = 0;
        qn_counts *counts = NULL;
        assert_ok(qn_counts_create(nbits, &counts));
        const uint32_t kinds = nbits == 1 ? 2 : 64;
        const uint32_t top =
            nbits - 1; /* the kind's lowest bit goes to the highest bit, so that all words count in the order */
        for (int i = 0; i < 1000; i++) {
            const uint32_t kind = qn_random_below(&random, kinds);
            const uint64_t times = qn_random_below(&random, 3);
            uint64_t bits[3] = {nbits == 1 ? 0 : kind >> 1, 0, 0};
            bits[top / 64] |= (uint64_t)(kind & 1) << (top % 64);
            assert_ok(qn_counts_add(counts, bits, times));
            expected[kind] += times;
            total += times;
        }
        assert_ok(qn_counts_sort(counts));
        assert_int_equal(qn_counts_total(counts), total);
        assert_int_equal(qn_counts_distinct(counts), kinds);
        for (size_t i = 0; i < kinds; i++) { /* rising: first all with the top bit 0 */
            const size_t kind = nbits == 1 ? i : i % (kinds / 2) * 2 + i / (kinds / 2);
            const uint64_t *bits = qn_counts_string(counts, i);
            assert_int_equal(bits[top / 64] >> (top % 64) & 1, kind & 1);
            assert_int_equal(qn_counts_times(counts, i), expected[kind]);
        }
        qn_counts_clear(counts);
        assert_int_equal(qn_counts_total(counts), 0);
        assert_int_equal(qn_counts_distinct(counts), 0);
        assert_ok(qn_counts_sort(counts));
        qn_counts_free(counts);
    }
}

static void reserved_room_needs_no_memory(void **state)
{
    (void)state;
    qn_counts *counts = NULL;
    assert_ok(qn_counts_create(10, &counts));
    assert_ok(qn_counts_reserve(counts, 500));
    const uint64_t before = qn_memory().allocations;
    for (uint64_t round = 0; round < 3; round++) {
        for (uint64_t i = 0; i < 500; i++) {
            assert_ok(qn_counts_add(counts, &i, 1));
        }
        qn_counts_clear(counts);
    }
    assert_int_equal(qn_memory().allocations, before);
    qn_counts_free(counts);
}

static void refusals(void **state)
{
    (void)state;
    qn_counts *counts = NULL;
    assert_ok(qn_counts_create(3, &counts));
    assert_int_equal(qn_counts_bits(counts), 3);
    const uint64_t outside = 8, inside = 7;
    assert_fails(qn_counts_add(counts, &outside, 1), QN_ERR_RANGE, "above the 3");
    assert_ok(qn_counts_add(counts, &inside, UINT64_MAX));
    assert_fails(qn_counts_add(counts, &inside, 1), QN_ERR_RANGE, "2^64");
    assert_fails(qn_counts_reserve(counts, SIZE_MAX), QN_ERR_TOO_LARGE, "does not fit");
    assert_int_equal(qn_counts_total(counts), UINT64_MAX);
    qn_counts_free(counts);
    qn_counts_free(NULL);
}

static void failing_memory(void **state)
{
    (void)state;
    const uint64_t held = qn_memory().bytes_now;
    for (uint64_t n = 1; n < 6; n++) {
        qn_counts *counts = NULL;
        qn__alloc_fail_at(n, true);
        qn_status status = qn_counts_create(4, &counts);
        uint64_t added = 0;
        while (status == QN_OK && added < 16) {
            const uint64_t bits = added;
            status = qn_counts_add(counts, &bits, 1);
            added += status == QN_OK;
        }
        qn__alloc_fail_at(0, false);
        assert_true(status == QN_OK || status == QN_ERR_MEMORY);
        if (counts != NULL) {
            assert_int_equal(qn_counts_total(counts), added);
        }
        qn_counts_free(counts);
        assert_int_equal(qn_memory().bytes_now, held);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_and_merged),
        cmocka_unit_test(reserved_room_needs_no_memory),
        cmocka_unit_test(refusals),
        cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
