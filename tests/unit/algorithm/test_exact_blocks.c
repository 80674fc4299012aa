/* test_exact_blocks.c: products over the whole space against the entries of each term, <r|P|r^x>, by definition. */
#include <qn_test.h>

#include <quern/context.h>

#include "algorithm/exact_blocks.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"

static double random_number(uint64_t seed, uint64_t *next)
{
    return qn__random_normal(seed, 90, (*next)++);
}

/* `groups` ways to flip bits with `each` terms on each, so that every way to add up terms is met; is_real: no term with
 * an odd number of Y. */
static qn_pauli_sum *make_sum(uint64_t seed, uint32_t n, size_t groups, size_t each, bool is_real)
{
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(n, &sum));
    uint64_t next = 0;
    for (size_t g = 0; g < groups; g++) {
        const uint64_t x = g == 0 ? 0 : qn__random_bits(seed, 91, g) & ((UINT64_C(1) << n) - 1);
        for (size_t k = 0; k < each; k++) {
            uint64_t z = qn__random_bits(seed, 92, g * each + k) & ((UINT64_C(1) << n) - 1);
            if (is_real && qn__parity(x & z)) {
                z ^= x & (~x + 1);
            }
            char label[65];
            for (uint32_t q = 0; q < n; q++) {
                label[n - 1 - q] = "IXZY"[(x >> q & 1) | (z >> q & 1) << 1];
            }
            label[n] = '\0';
            assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){random_number(seed, &next), 0}, label));
        }
    }
    return sum;
}

/* y = H x, term by term of the sum as it came. */
static void by_definition(const qn_pauli_sum *sum, uint32_t n, const double *x, double *y)
{
    memset(y, 0, ((size_t)2 << n) * sizeof *y);
    for (size_t k = 0; k < qn_pauli_sum_terms(sum); k++) {
        const uint64_t flips = qn_pauli_sum_x(sum, k)[0], z = qn_pauli_sum_z(sum, k)[0];
        const double c = qn_pauli_sum_coefficient(sum, k).re;
        static const double re[4] = {1, 0, -1, 0}, im[4] = {0, -1, 0, 1}; /* (-i)^y */
        const unsigned power = qn__popcount(flips & z) & 3;
        for (uint64_t r = 0; r < UINT64_C(1) << n; r++) {
            const double w = qn__parity(r & z) ? -c : c, *from = x + 2 * (r ^ flips);
            y[2 * r] += w * (re[power] * from[0] - im[power] * from[1]);
            y[2 * r + 1] += w * (re[power] * from[1] + im[power] * from[0]);
        }
    }
}

static void check(uint64_t seed, uint32_t n, const qn_pauli_sum *sum, bool is_real)
{
    const size_t rows = (size_t)1 << n, parts = is_real ? 1 : 2;
    double *x = qn__calloc(2 * rows, sizeof *x), *expected = qn__alloc(2 * rows, sizeof *expected),
           *packed = qn__alloc(parts * rows, sizeof *packed), *y = qn__alloc(parts * rows, sizeof *y),
           *first = qn__alloc(parts * rows, sizeof *first);
    for (size_t i = 0; i < parts * rows; i++) {
        packed[i] = qn__random_normal(seed, 93, i);
        x[is_real ? 2 * i : i] = packed[i];
    }
    by_definition(sum, n, x, expected);
    qn__exact_terms terms;
    assert_ok(qn__exact_terms_create(sum, &terms));
    assert_int_equal(terms.is_real, is_real);
    bool has_first = false;
    static const char *const names[] = {"generic", "avx2", "avx512"};
    for (size_t a = 0; a < sizeof names / sizeof names[0]; a++) {
        qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
        options.arch = names[a];
        options.threads = 1 + (uint32_t)a;
        qn_context *context = NULL;
        if (qn_context_create(&options, &context) != QN_OK) {
            continue; /* this machine has none */
        }
        qn__exact_blocks blocks;
        const uint64_t held = qn_memory().bytes_now;
        assert_ok(qn__exact_blocks_build(&blocks, &terms, qn__context_arch(context), options.threads));
        assert_int_equal(qn_memory().bytes_now - held, qn__exact_blocks_bytes(&terms));
        qn__exact_blocks_apply(&blocks, packed, y);
        for (size_t i = 0; i < parts * rows; i++) {
            assert_near(y[i], expected[is_real ? 2 * i : i], 1e-12 * terms.one_norm);
        }
        if (!has_first) {
            memcpy(first, y, parts * rows * sizeof *y);
            has_first = true;
        }
        assert_memory_equal(first, y, parts * rows * sizeof *y);
        qn__exact_blocks_release(&blocks);
        qn_context_free(context);
    }
    assert_true(has_first);
    qn__exact_terms_release(&terms);
    qn__free(x);
    qn__free(expected);
    qn__free(packed);
    qn__free(y);
    qn__free(first);
}

static void products(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    /* single terms, small groups, groups at the border to transforms, large ones, and many terms of one sign pattern */
    static const struct {
        uint32_t n;
        size_t groups, each;
    } cases[] = {{6, 1, 5}, {6, 20, 1}, {6, 9, 50}, {7, 60, 2}, {8, 12, 13}, {9, 30, 12}, {10, 5, 100}, {12, 300, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned is_real = 0; is_real < 2; is_real++) {
            if (is_real == 0 && cases[i].groups == 1) {
                continue; /* a diagonal is real */
            }
            qn_pauli_sum *sum = make_sum(seed + i, cases[i].n, cases[i].groups, cases[i].each, is_real != 0);
            check(seed + i, cases[i].n, sum, is_real != 0);
            qn_pauli_sum_free(sum);
        }
    }
}

/* 100 terms that flip only high bits and have no low sign: all of one key, over several batches. */
static void one_key(void **state)
{
    (void)state;
    const uint32_t n = 13;
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(n, &sum));
    for (uint64_t x = 1; x <= 100; x++) {
        char label[65] = "IIIIIIIIIIIII";
        for (uint32_t q = 6; q < n; q++) {
            label[n - 1 - q] = (x >> (q - 6) & 1) != 0 ? 'X' : 'I';
        }
        assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){1.0 / (double)x, 0}, label));
    }
    check(5, n, sum, true);
    qn_pauli_sum_free(sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(products), cmocka_unit_test(one_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
