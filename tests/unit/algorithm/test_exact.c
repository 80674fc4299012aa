/* test_exact.c: the exact solver against matrices built letter by letter, closed forms, and its own other method. */
#include <qn_test.h>

#include <quern/exact.h>

#include "algorithm/exact_matvec.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"
#include "math/linalg.h"

static qn_context *context_of(uint32_t threads, uint64_t limit, const volatile int *interrupt)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = threads;
    options.memory_limit = limit;
    options.interrupt = interrupt;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&options, &context));
    return context;
}

static void add(qn_pauli_sum *sum, double c, const char *label)
{
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){c, 0}, label));
}

/* Adds c times the letters on the given qubits. */
static void add_on(qn_pauli_sum *sum, double c, const char *letters, uint32_t a, uint32_t b)
{
    const uint32_t qubits[2] = {a, b};
    assert_ok(qn_pauli_sum_add_sparse(sum, (qn_complex){c, 0}, letters, qubits, strlen(letters)));
}

static qn_pauli_sum *new_sum(uint32_t n)
{
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(n, &sum));
    return sum;
}

/* Eigenvalues, rising, of the matrix by definition, over the states for which keep[state]; their number. */
static size_t truth(const qn_pauli_sum *sum, const bool *keep, double *values)
{
    const uint32_t n = qn_pauli_sum_qubits(sum);
    const size_t full = (size_t)1 << n;
    size_t *place = qn__alloc(full, sizeof *place), dimension = 0;
    for (size_t s = 0; s < full; s++) {
        place[s] = keep == NULL || keep[s] ? dimension++ : SIZE_MAX;
    }
    qn_complex *a = qn__calloc(dimension * dimension + 1, sizeof *a);
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        char label[32];
        assert_ok(qn_pauli_sum_label(sum, t, label, sizeof label));
        for (size_t s = 0; s < full; s++) {
            qn_complex factor = qn_pauli_sum_coefficient(sum, t);
            size_t r = s;
            for (uint32_t q = 0; q < n; q++) {
                const bool one = (s >> q & 1) != 0;
                const char letter = label[n - 1 - q];
                r ^= letter == 'X' || letter == 'Y' ? (size_t)1 << q : 0;
                if (letter == 'Z' && one) {
                    factor = (qn_complex){-factor.re, -factor.im};
                } else if (letter == 'Y') { /* Y|0> = i|1>, Y|1> = -i|0> */
                    factor = one ? (qn_complex){factor.im, -factor.re} : (qn_complex){-factor.im, factor.re};
                }
            }
            if (place[s] != SIZE_MAX && place[r] != SIZE_MAX) {
                a[place[r] + dimension * place[s]].re += factor.re;
                a[place[r] + dimension * place[s]].im += factor.im;
            }
        }
    }
    if (dimension > 0) {
        void *scratch = qn__alloc(qn__linalg_scratch(dimension, true), 1);
        assert_ok(qn__linalg_hermitian_eigen(dimension, a, values, scratch));
        qn__free(scratch);
    }
    qn__free(a);
    qn__free(place);
    return dimension;
}

/* Solves and compares with the true values; the bounds must hold and be small. */
static void check(qn_context *context, const qn_pauli_sum *sum, const qn_exact_options *options, const double *expected,
                  size_t dimension)
{
    qn_exact_result *result = NULL;
    assert_ok(qn_exact_solve(context, sum, options, &result));
    assert_true(result->converged);
    assert_false(result->interrupted);
    assert_int_equal(result->dimension, dimension);
    assert_int_equal(result->states, options->states < dimension ? options->states : dimension);
    const double norm = fmax(1.0, qn_pauli_sum_one_norm(sum) + fabs(qn_pauli_sum_identity(sum).re));
    for (uint32_t k = 0; k < result->states; k++) {
        if (!(fabs(result->energies[k] - expected[k]) <= result->residual_bounds[k] + 1e-14 * norm)) {
            print_error("state %u of %zu: %.17g, truth %.17g, bound %g\n", k, dimension, result->energies[k],
                        expected[k], result->residual_bounds[k]);
            fail();
        }
        assert_true(result->residual_bounds[k] <= 1e-10 * norm);
    }
    uint64_t bytes = 0;
    assert_ok(qn_exact_bytes_needed(sum, options, &bytes));
    assert_true(result->bytes <= bytes);
    qn_exact_result_free(result);
}

/* -ZZ + (ZI + IZ)/2 + 0.2 XX has the blocks {00, 11}: [[0, 0.2], [0.2, -2]] and {01, 10}: [[1, 0.2], [0.2, 1]]. */
static void two_qubits(void **state)
{
    (void)state;
    qn_context *context = context_of(1, 0, NULL);
    qn_pauli_sum *sum = new_sum(2);
    add(sum, -1, "ZZ");
    add(sum, 0.5, "ZI");
    add(sum, 0.5, "IZ");
    add(sum, 0.2, "XX");
    const double expected[4] = {-1 - sqrt(1.04), -1 + sqrt(1.04), 0.8, 1.2};
    assert_near(expected[0], -2.0198039027185573, 1e-15);
    for (int method = QN_EXACT_AUTO; method <= QN_EXACT_LANCZOS; method++) {
        for (uint32_t states = 1; states <= 6; states++) {
            qn_exact_options options = QN_EXACT_OPTIONS_INIT;
            options.states = states;
            options.method = (qn_exact_method)method;
            check(context, sum, &options, expected, 4);
        }
    }
    qn_pauli_sum_free(sum);
    qn_context_free(context);
}

static qn_pauli_sum *random_sum(uint64_t seed, uint32_t n, size_t terms, bool is_real, double grain)
{
    qn_pauli_sum *sum = new_sum(n);
    for (uint64_t t = 0; t < terms;) {
        uint64_t x = qn__random_bits(seed, 1, t + 1000 * terms) & ((UINT64_C(1) << n) - 1);
        uint64_t z = qn__random_bits(seed, 2, t + 1000 * terms) & ((UINT64_C(1) << n) - 1);
        x = terms > 40 && t % 3 != 0 ? x % 5 : x; /* some groups with many terms */
        if (is_real && qn__parity(x & z)) {
            z ^= x & (~x + 1); /* one Y less */
        }
        double c = qn__random_normal(seed, 3, t + 1000 * terms);
        c = grain > 0 ? grain * (1 + floor(fabs(c))) : c;
        assert_ok(qn_pauli_sum_add_masks(sum, (qn_complex){c, 0}, &x, &z));
        t++;
    }
    return sum;
}

static void random_sums(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    qn_context *context = context_of(2, 0, NULL);
    double *expected = qn__alloc(512, sizeof *expected);
    for (uint32_t n = 1; n <= 8; n++) {
        for (unsigned kind = 0; kind < 6; kind++) {
            /* few terms of equal size give highly degenerate spectra */
            static const size_t terms[] = {2, 4, 12, 60, 200, 12};
            qn_pauli_sum *sum = random_sum(seed + kind, n, terms[kind], kind % 2 == 0, kind < 2 ? 0.5 : 0);
            add_on(sum, 0.7, "", 0, 0);
            const size_t dimension = truth(sum, NULL, expected);
            static const uint32_t states[] = {1, 2, 7};
            for (size_t i = 0; i < 3; i++) {
                qn_exact_options options = QN_EXACT_OPTIONS_INIT;
                options.states = states[i];
                options.seed = seed;
                check(context, sum, &options, expected, dimension);
                options.method = QN_EXACT_LANCZOS;
                check(context, sum, &options, expected, dimension);
                const uint64_t guess = n;
                options.guess = &guess;
                if (guess >> n == 0) {
                    check(context, sum, &options, expected, dimension);
                }
            }
            qn_pauli_sum_free(sum);
        }
    }
    qn__free(expected);
    qn_context_free(context);
}

/* -sum Z Z - sum X on an open chain at the critical point: E = 1 - 1 / sin(pi / (2 (2 n + 1))) (free fermions; Pfeuty
 * 1970). */
static qn_pauli_sum *ising_chain(uint32_t n)
{
    qn_pauli_sum *sum = new_sum(n);
    for (uint32_t q = 0; q < n; q++) {
        add_on(sum, -1, "X", q, 0);
        if (q + 1 < n) {
            add_on(sum, -1, "ZZ", q, q + 1);
        }
    }
    return sum;
}

static void critical_ising_chain(void **state)
{
    (void)state;
    qn_context *context = context_of(2, 0, NULL);
    for (uint32_t n = 2; n <= 14; n += n < 8 ? 1 : 2) {
        qn_pauli_sum *sum = ising_chain(n);
        const double expected = 1 - 1 / sin(acos(-1.0) / (2 * (2 * n + 1)));
        if (n <= 8) {
            double values[256];
            (void)truth(sum, NULL, values);
            assert_near(values[0], expected, 1e-12);
        }
        qn_exact_options options = QN_EXACT_OPTIONS_INIT;
        qn_exact_result *result = NULL;
        assert_ok(qn_exact_solve(context, sum, &options, &result));
        assert_int_equal(result->method, n <= 9 ? QN_EXACT_DENSE : QN_EXACT_LANCZOS);
        assert_true(result->converged);
        assert_near(result->energies[0], expected, fmin(1e-9, result->residual_bounds[0]));
        assert_true(result->products <= 300);
        qn_exact_result_free(result);
        qn_pauli_sum_free(sum);
    }
    qn_context_free(context);
}

/* A spinful chain of n/2 sites: qubits 2i up, 2i+1 down; conserves both numbers. */
static qn_pauli_sum *hopping(uint32_t n, bool twisted)
{
    qn_pauli_sum *sum = new_sum(n);
    for (uint32_t q = 0; q + 2 < n; q++) {
        add_on(sum, 0.5, "XX", q, q + 2);
        add_on(sum, 0.5, "YY", q, q + 2);
        if (twisted) { /* a complex hopping */
            add_on(sum, 0.3, "XY", q, q + 2);
            add_on(sum, -0.3, "YX", q, q + 2);
        }
        add_on(sum, 0.1 * (q + 1), "Z", q, 0);
        add_on(sum, 0.4, "ZZ", q, q + 1);
    }
    return sum;
}

/* Number of ones on the qubits of one parity: sum (1 - Z) / 2. */
static qn_pauli_sum *number(uint32_t n, uint32_t first, uint32_t stride)
{
    qn_pauli_sum *sum = new_sum(n);
    for (uint32_t q = first; q < n; q += stride) {
        add_on(sum, 0.5, "", 0, 0);
        add_on(sum, -0.5, "Z", q, 0);
    }
    return sum;
}

static void sectors(void **state)
{
    (void)state;
    enum { N = 8 };
    double expected[256];
    bool keep[256];
    for (unsigned twisted = 0; twisted < 2; twisted++) {
        qn_pauli_sum *sum = hopping(N, twisted != 0), *up = number(N, 0, 2), *down = number(N, 1, 2),
                     *all = number(N, 0, 1);
        qn_pauli_sum *parity = new_sum(N);
        add(parity, 1, "ZZZZZZZZ");
        for (unsigned nup = 0; nup <= N / 2; nup++) {
            for (unsigned kind = 0; kind < 3; kind++) {
                const unsigned ndown = kind == 0 ? 2 : 1;
                const qn_constraint both[2] = {{up, nup}, {down, ndown}}, total[1] = {{all, nup + 1}},
                                    sign[1] = {{parity, nup % 2 == 0 ? 1 : -1}};
                for (unsigned s = 0; s < 256; s++) {
                    const bool match_both = qn__popcount(s & 0x55) == nup && qn__popcount(s & 0xaa) == ndown;
                    const bool match_sign = qn__parity(s) == (nup % 2 != 0);
                    keep[s] = kind == 0 ? match_both : kind == 1 ? qn__popcount(s) == nup + 1 : match_sign;
                }
                const size_t dimension = truth(sum, keep, expected);
                qn_exact_options options = QN_EXACT_OPTIONS_INIT;
                options.constraints = kind == 0 ? both : kind == 1 ? total : sign;
                options.nconstraints = kind == 0 ? 2 : 1;
                for (options.states = 1; options.states <= 4; options.states += 3) {
                    for (int method = QN_EXACT_DENSE; method <= QN_EXACT_LANCZOS; method++) {
                        options.method = (qn_exact_method)method;
                        qn_context *context = context_of(2, 0, NULL);
                        check(context, sum, &options, expected, dimension);
                        qn_context_free(context);
                        /* the same with memory for everything but a sparse matrix */
                        qn__exact_terms terms;
                        qn__exact_sector sector;
                        uint64_t bytes = 0;
                        assert_ok(qn__exact_terms_create(sum, &terms));
                        assert_ok(qn__exact_sector_count(sum, options.constraints, options.nconstraints, &sector));
                        assert_int_equal(sector.dimension, dimension);
                        assert_ok(qn_exact_bytes_needed(sum, &options, &bytes));
                        bytes -= method == QN_EXACT_LANCZOS ? qn__exact_matvec_sparse_bytes(&terms, &sector) : 0;
                        qn__exact_terms_release(&terms);
                        context = context_of(2, bytes, NULL);
                        check(context, sum, &options, expected, dimension);
                        qn_context_free(context);
                        context = context_of(2, bytes - 1, NULL);
                        qn_exact_result *result = NULL;
                        assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_TOO_LARGE,
                                     "the limit here is");
                        qn_context_free(context);
                    }
                }
            }
        }
        qn_pauli_sum_free(sum);
        qn_pauli_sum_free(up);
        qn_pauli_sum_free(down);
        qn_pauli_sum_free(all);
        qn_pauli_sum_free(parity);
    }
}

/* A sector of many qubits is found without walking through all their states, and searched without a table. */
static void wide_sector(void **state)
{
    (void)state;
    enum { N = 36 };
    qn_context *context = context_of(2, 0, NULL);
    qn_pauli_sum *sum = new_sum(N), *count = number(N, 0, 1);
    for (uint32_t q = 0; q + 1 < N; q++) {
        add_on(sum, 0.5, "XX", q, q + 1);
        add_on(sum, 0.5, "YY", q, q + 1);
    }
    const qn_constraint one[1] = {{count, 2}};
    qn_exact_options options = QN_EXACT_OPTIONS_INIT;
    options.constraints = one;
    options.nconstraints = 1;
    options.states = 2;
    qn_exact_result *result = NULL;
    assert_ok(qn_exact_solve(context, sum, &options, &result));
    assert_int_equal(result->dimension, N * (N - 1) / 2);
    assert_int_equal(result->method, QN_EXACT_LANCZOS);
    /* free fermions on an open chain: levels 2 cos(pi k / (N + 1)), the two lowest filled */
    const double angle = acos(-1.0) / (N + 1);
    const double level[3] = {-2 * cos(angle), -2 * cos(2 * angle), -2 * cos(3 * angle)};
    assert_near(result->energies[0], level[0] + level[1], 1e-9);
    assert_near(result->energies[1], level[0] + level[2], 1e-9);
    qn_exact_result_free(result);
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(count);
    qn_context_free(context);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    qn_context *context = context_of(1, 0, NULL);
    qn_pauli_sum *sum = hopping(6, false), *count = number(6, 0, 1), *wide = number(5, 0, 1);
    qn_exact_options options = QN_EXACT_OPTIONS_INIT;
    qn_exact_result *result = NULL;
    qn_constraint constraint = {count, 2.5};
    options.constraints = &constraint;
    options.nconstraints = 1;
    assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_ARGUMENT,
                 "no basis state meets the constraints");
    constraint.operator_ = wide;
    assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_ARGUMENT,
                 "acts on 5 qubits, the Hamiltonian on 6");
    constraint.operator_ = sum;
    assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_ARGUMENT, "not diagonal");
    qn_pauli_sum *single = new_sum(6);
    add_on(single, 1, "Z", 2, 0);
    constraint.operator_ = single;
    constraint.value = 1;
    assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_ARGUMENT, "does not commute");
    constraint = (qn_constraint){count, 2};
    uint64_t guess = 1;
    options.guess = &guess;
    assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_ARGUMENT, "0x1 is not one of");
    guess = 1 << 6 | 1;
    options.nconstraints = 0;
    assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_ARGUMENT, "6-qubit sector");
    options.guess = NULL;
    options.states = 0;
    assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_ARGUMENT, "0 states");
    options.states = 1;
    options.size = 3;
    assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_ARGUMENT, "size 3");
    options.size = sizeof options;
    assert_ok(qn_pauli_sum_add_label(single, (qn_complex){0, 0.25}, "XXIIII"));
    assert_fails(qn_exact_solve(context, single, &options, &result), QN_ERR_NOT_HERMITIAN, "XXIIII");
    assert_null(result);
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(count);
    qn_pauli_sum_free(wide);
    qn_pauli_sum_free(single);
    qn_context_free(context);
}

static void too_large(void **state)
{
    (void)state;
    qn_context *context = context_of(1, 0, NULL);
    qn_exact_options options = QN_EXACT_OPTIONS_INIT;
    qn_exact_result *result = NULL;
    qn_memory_reset_peak();
    const uint64_t held = qn_memory().bytes_now;
    static const uint32_t sizes[] = {45, 56, 60, 63, 64, 100};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        qn_pauli_sum *sum = ising_chain(sizes[i]), *count = number(sizes[i], 0, 1);
        assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_TOO_LARGE, "");
        const qn_constraint constraint = {count, 1};
        options.constraints = &constraint;
        options.nconstraints = 1;
        assert_fails(qn_exact_solve(context, sum, &options, &result), QN_ERR_TOO_LARGE, "qubits");
        options.nconstraints = 0;
        qn_pauli_sum_free(sum);
        qn_pauli_sum_free(count);
    }
    assert_true(qn_memory().bytes_peak - held < 1000000); /* nothing large was touched */
    qn_pauli_sum *sum = ising_chain(12);
    options.method = QN_EXACT_DENSE;
    qn_context *small = context_of(1, UINT64_C(100) << 20, NULL);
    assert_fails(qn_exact_solve(small, sum, &options, &result), QN_ERR_TOO_LARGE, "Lanczos takes less");
    /* what is promised is what is taken */
    options.method = QN_EXACT_AUTO;
    uint64_t bytes = 0;
    assert_ok(qn_exact_bytes_needed(sum, &options, &bytes));
    qn_memory_reset_peak();
    const uint64_t before = qn_memory().bytes_now;
    assert_ok(qn_exact_solve(small, sum, &options, &result));
    assert_int_equal(qn_memory().bytes_peak - before, bytes);
    assert_int_equal(result->bytes, bytes);
    qn_exact_result_free(result);
    qn_pauli_sum_free(sum);
    qn_context_free(small);
    qn_context_free(context);
}

static void stop(void *user, const qn_progress *progress)
{
    volatile int *flag = user;
    (void)progress;
    *flag = 1;
}

static void interruption_and_limits(void **state)
{
    (void)state;
    volatile int flag = 1;
    qn_pauli_sum *sum = ising_chain(11);
    qn_exact_options options = QN_EXACT_OPTIONS_INIT;
    options.states = 3;
    qn_context *context = context_of(2, 0, &flag);
    qn_exact_result *result = NULL;
    assert_ok(qn_exact_solve(context, sum, &options, &result));
    assert_true(result->interrupted);
    assert_false(result->converged);
    assert_int_equal(result->states, 0);
    qn_exact_result_free(result);
    qn_context_free(context);

    flag = 0;
    qn_context_options with_progress = QN_CONTEXT_OPTIONS_INIT;
    with_progress.progress = stop;
    with_progress.progress_user = (void *)(uintptr_t)&flag;
    with_progress.interrupt = &flag;
    assert_ok(qn_context_create(&with_progress, &context));
    assert_ok(qn_exact_solve(context, sum, &options, &result)); /* progress is told at once, and sets the flag */
    assert_true(result->interrupted);
    qn_exact_result_free(result);
    qn_context_free(context);

    context = context_of(2, 0, NULL);
    for (options.max_products = 1; options.max_products < 40; options.max_products += 6) {
        assert_ok(qn_exact_solve(context, sum, &options, &result));
        assert_false(result->converged || result->interrupted);
        assert_true(result->products <= options.max_products + options.states);
        assert_true(result->energies[0] >= 1 - 1 / sin(acos(-1.0) / 46)); /* from above */
        assert_true(result->residual_bounds[0] > 0);
        qn_exact_result_free(result);
    }
    qn_pauli_sum_free(sum);
    qn_context_free(context);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (unsigned is_real = 0; is_real < 2; is_real++) {
        qn_pauli_sum *sum = random_sum(seed, 13, 80, is_real != 0, 0);
        double first[2] = {0, 0};
        for (uint32_t threads = 1; threads <= 3; threads++) {
            qn_context *context = context_of(threads, 0, NULL);
            qn_exact_options options = QN_EXACT_OPTIONS_INIT;
            options.states = 2;
            options.max_products = 60;
            qn_exact_result *result = NULL;
            assert_ok(qn_exact_solve(context, sum, &options, &result));
            if (threads == 1) {
                memcpy(first, result->energies, sizeof first);
            }
            assert_memory_equal(first, result->energies, sizeof first);
            qn_exact_result_free(result);
            qn_context_free(context);
        }
        qn_pauli_sum_free(sum);
    }
}

static void memory_failures(void **state)
{
    (void)state;
    qn_context *context = context_of(1, 0, NULL);
    qn_pauli_sum *sum = hopping(8, true), *count = number(8, 0, 1);
    const qn_constraint constraint = {count, 4};
    for (int method = QN_EXACT_DENSE; method <= QN_EXACT_LANCZOS; method++) {
        for (size_t nconstraints = 0; nconstraints < 2; nconstraints++) {
            qn_exact_options options = QN_EXACT_OPTIONS_INIT;
            options.method = (qn_exact_method)method;
            options.constraints = &constraint;
            options.nconstraints = nconstraints;
            const uint64_t held = qn_memory().bytes_now;
            const uint64_t before = qn_memory().allocations;
            qn_exact_result *result = NULL;
            assert_ok(qn_exact_solve(context, sum, &options, &result));
            const uint64_t allocations = qn_memory().allocations - before;
            qn_exact_result_free(result);
            uint64_t failed = 0;
            for (uint64_t n = 1; n <= allocations; n++) {
                result = NULL;
                qn__alloc_fail_at(n, false);
                const qn_status status = qn_exact_solve(context, sum, &options, &result);
                qn__alloc_fail_at(0, false);
                assert_true(status == QN_OK || (status == QN_ERR_MEMORY && result == NULL));
                failed += status != QN_OK;
                qn_exact_result_free(result);
                assert_int_equal(qn_memory().bytes_now, held);
            }
            assert_true(failed + 4 >= allocations); /* the test for hermiticity does without scratch memory */
        }
    }
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(count);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_qubits),
        cmocka_unit_test(random_sums),
        cmocka_unit_test(critical_ising_chain),
        cmocka_unit_test(sectors),
        cmocka_unit_test(wide_sector),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(too_large),
        cmocka_unit_test(interruption_and_limits),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(memory_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
