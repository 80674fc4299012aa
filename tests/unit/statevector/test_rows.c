/* test_rows.c: rows of parameters all at once against the same rows one by one: in lanes and over threads, for every
 * instruction set of this machine, both precisions and row counts that fill batches and that do not. */
#include "qn_test.h"

#include <quern/engine.h>

#include "base/alloc.h"
#include "engine/statevector/engine.h"
#include "kernel/kernel.h"
#include "kernel/rows.h"
#include "model.h"

typedef struct setup {
    const char *arch;
    bool single;
    uint32_t threads;
    uint64_t memory_limit;
    const volatile int *interrupt;
} setup;

static const char *const archs[] = {"generic", "avx2", "avx512", "neon"};
enum { ARCHS = sizeof archs / sizeof archs[0], MOST_ROWS = 400, MOST_SYMBOLS = 4, MOST_SUMS = 3 };

typedef struct bench {
    qn_context *context;
    qn_engine *engine;
    qn_program *program;
} bench;

static bool set_up(setup how, const qn_circuit *circuit, qn_pauli_sum *const *sums, size_t count, bench *out)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.arch = how.arch;
    options.threads = how.threads;
    options.memory_limit = how.memory_limit;
    options.interrupt = how.interrupt;
    *out = (bench){NULL, NULL, NULL};
    if (qn_context_create(&options, &out->context) != QN_OK) {
        return false; /* not on this machine */
    }
    qn_engine_options engine_options = QN_ENGINE_OPTIONS_INIT;
    engine_options.single_precision = how.single;
    assert_ok(qn_engine_open_desc(out->context, &qn__statevector_desc, &engine_options, &out->engine));
    assert_ok(qn_engine_compile(out->engine, circuit, (const qn_pauli_sum *const *)sums, count, &out->program));
    return true;
}

static void tear_down(bench *b)
{
    qn_program_free(b->program);
    qn_engine_close(b->engine);
    qn_context_free(b->context);
}

/* Parameters and weights of many rows, and what comes out. */
typedef struct numbers {
    double theta[MOST_ROWS * MOST_SYMBOLS], weights[MOST_ROWS * MOST_SUMS];
    double values[MOST_ROWS * MOST_SUMS], again[MOST_ROWS * MOST_SUMS], grad[MOST_ROWS * MOST_SYMBOLS];
} numbers;

static void draw(numbers *n, model_random *random)
{
    for (size_t k = 0; k < MOST_ROWS * MOST_SYMBOLS; k++) {
        n->theta[k] = 8 * model_uniform(random) - 4;
    }
    for (size_t k = 0; k < MOST_ROWS * MOST_SUMS; k++) {
        n->weights[k] = 2 * model_uniform(random) - 1;
    }
}

static void run_all(qn_program *program, size_t rows, numbers *n)
{
    double variances[MOST_ROWS * MOST_SUMS];
    memset(variances, 1, sizeof variances);
    assert_ok(qn_program_expect(program, n->theta, rows, n->values, variances));
    assert_ok(qn_program_gradient(program, n->theta, rows, n->weights, n->again, n->grad));
    for (size_t k = 0; k < rows * qn_program_observables(program); k++) {
        assert_near(variances[k], 0.0, 0.0);
    }
}

static void compare_rows(qn_program *program, size_t rows, numbers *n, double tolerance)
{
    const size_t symbols = qn_program_symbols(program), sums = qn_program_observables(program);
    run_all(program, rows, n);
    for (size_t r = 0; r < rows; r++) {
        double values[MOST_SUMS], grad[MOST_SYMBOLS];
        assert_ok(qn_program_expect(program, n->theta + r * symbols, 1, values, NULL));
        for (size_t o = 0; o < sums; o++) {
            assert_near(n->values[r * sums + o], values[o], tolerance);
            assert_near(n->again[r * sums + o], values[o], tolerance);
        }
        assert_ok(qn_program_gradient(program, n->theta + r * symbols, 1, n->weights + r * sums, NULL, grad));
        for (size_t s = 0; s < symbols; s++) {
            assert_near(n->grad[r * symbols + s], grad[s], 2 * tolerance);
        }
    }
}

static void check(const qn_circuit *circuit, qn_pauli_sum *const *sums, size_t count, size_t rows, model_random *random)
{
    numbers n;
    draw(&n, random);
    for (size_t a = 0; a < ARCHS; a++) {
        for (int k = 0; k < 4; k++) {
            const setup how = {.arch = archs[a], .single = k % 2 != 0, .threads = 1 + (uint32_t)k / 2};
            bench b;
            if (set_up(how, circuit, sums, count, &b)) {
                compare_rows(b.program, rows, &n, how.single ? 2e-5 : 1e-12);
                tear_down(&b);
            }
        }
    }
}

static const size_t odd_counts[] = {1, 2, 7, 9, 33};

static void every_gate(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed(), 0};
    for (int gate = 0; gate < QN_GATE_COUNT_; gate++) {
        const uint32_t n = 3 + (uint32_t)gate % 4;
        qn_circuit *circuit = NULL;
        qn_pauli_sum *sums[2] = {NULL, NULL};
        model_circuit(n, 3, 0, &random, &circuit);
        model_observable(n, 5, &random, &sums[0]);
        model_observable(n, 20, &random, &sums[1]);
        for (uint32_t q = 0; q < n; q++) {
            const qn_param angles[3] = {QN_PARAM(0.3 + q), QN_PARAM(0.1 * q), QN_PARAM(0.7)};
            assert_ok(qn_circuit_append(circuit, QN_GATE_U, &q, 1, angles, 3));
        }
        for (uint32_t k = 0; k < 5; k++) {
            model_append(circuit, (qn_gate)gate, 3, &random);
        }
        check(circuit, sums, 1 + (size_t)gate % 2, 19, &random);
        qn_circuit_free(circuit);
        qn_pauli_sum_free(sums[0]);
        qn_pauli_sum_free(sums[1]);
    }
}

static void random_circuits(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 1, 0};
    for (unsigned round = 0; round < 20 * qn_test_scale(); round++) {
        const uint32_t n = 1 + round % 9;
        qn_circuit *circuit = NULL;
        qn_pauli_sum *sums[3] = {NULL, NULL, NULL};
        model_circuit(n, round % 4, 30, &random, &circuit);
        model_observable(n, 3, &random, &sums[0]);
        model_observable(n, round % 5 == 0 ? 0 : 60, &random, &sums[1]);
        model_observable(n, 0, &random, &sums[2]);
        check(circuit, sums, round % 4, odd_counts[round % 5], &random);
        for (int o = 0; o < 3; o++) {
            qn_pauli_sum_free(sums[o]);
        }
        qn_circuit_free(circuit);
    }
}

/* Against circuits by definition, not against the engine itself. */
static void right_by_definition(void **unused)
{
    (void)unused;
    enum { N = 5, ROWS = 32 };
    model_random random = {qn_test_seed() + 2, 0};
    qn_circuit *circuit = NULL;
    qn_pauli_sum *sum = NULL;
    numbers n;
    qn_complex state[1 << N];
    draw(&n, &random);
    model_circuit(N, 3, 60, &random, &circuit);
    model_observable(N, 30, &random, &sum);
    for (size_t a = 0; a < ARCHS; a++) {
        bench b;
        if (!set_up((setup){.arch = archs[a], .threads = 1}, circuit, &sum, 1, &b)) {
            continue;
        }
        run_all(b.program, ROWS, &n);
        for (size_t r = 0; r < ROWS; r++) {
            const double h = 1e-5;
            double point[3], slope = 0.0;
            memcpy(point, n.theta + 3 * r, sizeof point);
            model_state(circuit, point, state);
            assert_near(n.values[r], model_expect(sum, state), 1e-11);
            for (int side = -1; side <= 1; side += 2) {
                point[1] = n.theta[3 * r + 1] + side * h;
                model_state(circuit, point, state);
                slope += side * model_expect(sum, state) / (2 * h);
            }
            assert_near(n.grad[3 * r + 1], n.weights[r] * slope, 1e-7);
        }
        tear_down(&b);
    }
    qn_circuit_free(circuit);
    qn_pauli_sum_free(sum);
}

/* The number of threads changes no bit, with states small enough for lanes and with larger ones. */
static void threads_change_nothing(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 3, 0};
    static const uint32_t sizes[] = {2, 6, 13, 14};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        const size_t rows = sizes[k] < 12 ? MOST_ROWS : 7;
        qn_circuit *circuit = NULL;
        qn_pauli_sum *sum = NULL;
        numbers one, two;
        draw(&one, &random);
        model_circuit(sizes[k], 3, sizes[k] < 12 ? 150 : 12, &random, &circuit);
        model_observable(sizes[k], 9, &random, &sum);
        two = one;
        for (uint32_t threads = 1; threads <= 2; threads++) {
            bench b;
            assert_true(set_up((setup){.threads = threads}, circuit, &sum, 1, &b));
            run_all(b.program, rows, threads == 1 ? &one : &two);
            tear_down(&b);
        }
        assert_memory_equal(one.values, two.values, rows * sizeof *one.values);
        assert_memory_equal(one.again, two.again, rows * sizeof *one.again);
        assert_memory_equal(one.grad, two.grad, 3 * rows * sizeof *one.grad);
        if (sizes[k] > 12) { /* no lanes here: each row is what it is alone */
            bench b;
            assert_true(set_up((setup){.threads = 2}, circuit, &sum, 1, &b));
            compare_rows(b.program, rows, &two, 0.0);
            tear_down(&b);
        }
        qn_circuit_free(circuit);
        qn_pauli_sum_free(sum);
    }
}

static void same_counts(const qn_counts *a, const qn_counts *b)
{
    assert_int_equal(qn_counts_distinct(a), qn_counts_distinct(b));
    for (size_t k = 0; k < qn_counts_distinct(a); k++) {
        assert_int_equal(qn_counts_times(a, k), qn_counts_times(b, k));
        assert_int_equal(*qn_counts_string(a, k), *qn_counts_string(b, k));
    }
}

static void samples(void **unused)
{
    (void)unused;
    enum { ROWS = 33 };
    model_random random = {qn_test_seed() + 4, 0};
    qn_circuit *circuit = NULL;
    qn_counts *all[ROWS], *one = NULL;
    numbers n;
    bench b;
    draw(&n, &random);
    model_circuit(5, 2, 300, &random, &circuit);
    assert_true(set_up((setup){.threads = 2}, circuit, NULL, 0, &b));
    assert_ok(qn_counts_create(5, &one));
    for (size_t r = 0; r < ROWS; r++) {
        assert_ok(qn_counts_create(5, &all[r]));
    }
    assert_ok(qn_program_sample(b.program, n.theta, ROWS, 1000, 3, 100, all));
    for (size_t r = 0; r < ROWS; r++) {
        assert_ok(qn_program_sample(b.program, n.theta + 2 * r, 1, 1000, 3, 100 + r, &one));
        same_counts(all[r], one);
        qn_counts_free(all[r]);
    }
    qn_counts_free(one);
    qn_circuit_free(circuit);
    tear_down(&b);
}

/* Copies and batches are made once. */
static void later_calls_allocate_nothing(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 5, 0};
    qn_circuit *circuit = NULL;
    qn_pauli_sum *sum = NULL;
    numbers n;
    draw(&n, &random);
    for (uint32_t size = 6; size <= 13; size += 7) {
        bench b;
        model_circuit(size, 2, 20, &random, &circuit);
        model_observable(size, 20, &random, &sum);
        const uint64_t before = qn_memory().bytes_now;
        assert_true(set_up((setup){.threads = 2}, circuit, &sum, 1, &b));
        run_all(b.program, 40, &n);
        const uint64_t allocations = qn_memory().allocations;
        run_all(b.program, 40, &n);
        run_all(b.program, 23, &n);
        assert_int_equal(qn_memory().allocations, allocations);
        tear_down(&b);
        assert_int_equal(qn_memory().bytes_now, before);
        qn_circuit_free(circuit);
        qn_pauli_sum_free(sum);
    }
}

static void interrupted(void **unused)
{
    (void)unused;
    enum { ROWS = 64 };
    model_random random = {qn_test_seed() + 6, 0};
    static const uint32_t sizes[] = {6, 13};
    for (size_t k = 0; k < 2; k++) {
        volatile int flag = 1;
        qn_circuit *circuit = NULL;
        qn_pauli_sum *sum = NULL;
        qn_counts *counts[ROWS];
        numbers n;
        bench b;
        draw(&n, &random);
        model_circuit(sizes[k], 2, 20, &random, &circuit);
        model_observable(sizes[k], 20, &random, &sum);
        for (size_t r = 0; r < ROWS; r++) {
            assert_ok(qn_counts_create(sizes[k], &counts[r]));
        }
        for (uint32_t threads = 1; threads <= 2; threads++) {
            flag = 1;
            assert_true(set_up((setup){.threads = threads, .interrupt = &flag}, circuit, &sum, 1, &b));
            assert_fails(qn_program_expect(b.program, n.theta, ROWS, n.values, NULL), QN_ERR_INTERRUPTED, "64");
            assert_fails(qn_program_gradient(b.program, n.theta, ROWS, n.weights, NULL, n.grad), QN_ERR_INTERRUPTED,
                         "64");
            assert_fails(qn_program_sample(b.program, n.theta, ROWS, 10, 1, 1, counts), QN_ERR_INTERRUPTED, "of 64");
            flag = 0;
            compare_rows(b.program, 17, &n, 1e-12);
            tear_down(&b);
        }
        for (size_t r = 0; r < ROWS; r++) {
            qn_counts_free(counts[r]);
        }
        qn_circuit_free(circuit);
        qn_pauli_sum_free(sum);
    }
}

/* Every allocation of the first calls fails once, and from some point on all of them: rows then come one by one, or the
 * call says that there is no memory; the program goes on either way. */
static void survives_lack_of_memory(void **unused)
{
    (void)unused;
    enum { ROWS = 48 };
    model_random random = {qn_test_seed() + 7, 0};
    static const uint32_t sizes[] = {5, 13};
    for (size_t k = 0; k < 4; k++) {
        const bool sticky = k % 2 != 0;
        qn_circuit *circuit = NULL;
        qn_pauli_sum *sum = NULL;
        numbers n, want;
        bench b;
        draw(&n, &random);
        model_circuit(sizes[k / 2], 2, 15, &random, &circuit);
        model_observable(sizes[k / 2], 10, &random, &sum);
        assert_true(set_up((setup){.threads = 2}, circuit, &sum, 1, &b));
        want = n;
        run_all(b.program, ROWS, &want);
        tear_down(&b);
        const uint64_t before = qn_memory().bytes_now;
        unsigned failures = 0;
        bool clean = false;
        for (uint64_t at = 1; sticky ? at <= 40 : !clean; at++) {
            assert_true(set_up((setup){.threads = 2}, circuit, &sum, 1, &b));
            (void)qn__alloc_fail_at(at, sticky);
            const qn_status first = qn_program_expect(b.program, n.theta, ROWS, n.values, NULL);
            const qn_status second = qn_program_gradient(b.program, n.theta, ROWS, n.weights, n.again, n.grad);
            clean = qn__alloc_fail_at(0, false) != 0;
            failures++;
            assert_int_equal(first, QN_OK); /* rows always have their own program to run on */
            assert_true(second == QN_OK || second == QN_ERR_MEMORY);
            for (size_t r = 0; r < ROWS; r++) {
                assert_near(n.values[r], want.values[r], 1e-12);
                if (second == QN_OK) {
                    assert_near(n.again[r], want.again[r], 1e-12);
                    assert_near(n.grad[2 * r], want.grad[2 * r], 1e-12);
                }
            }
            compare_rows(b.program, ROWS, &n, 1e-12);
            tear_down(&b);
            assert_int_equal(qn_memory().bytes_now, before);
        }
        assert_true(failures > 10);
        qn_circuit_free(circuit);
        qn_pauli_sum_free(sum);
    }
}

/* A failure in one thread is reported by the call, and nothing is lost. */
static void samples_without_memory(void **unused)
{
    (void)unused;
    enum { ROWS = 33 };
    model_random random = {qn_test_seed() + 8, 0};
    qn_circuit *circuit = NULL;
    numbers n;
    draw(&n, &random);
    model_circuit(8, 2, 120, &random, &circuit);
    const uint64_t before = qn_memory().bytes_now;
    bool failed = false, clean = false;
    for (uint64_t at = 1; !clean; at++) {
        qn_counts *all[ROWS];
        bench b;
        assert_true(set_up((setup){.threads = 2}, circuit, NULL, 0, &b));
        for (size_t r = 0; r < ROWS; r++) {
            assert_ok(qn_counts_create(8, &all[r]));
        }
        (void)qn__alloc_fail_at(at, false);
        const qn_status status = qn_program_sample(b.program, n.theta, ROWS, 300, 1, 1, all);
        clean = qn__alloc_fail_at(0, false) != 0;
        assert_true(status == QN_OK || status == QN_ERR_MEMORY);
        assert_true(status == QN_OK || strlen(qn_last_error()->message) > 0);
        failed |= status != QN_OK;
        assert_ok(qn_program_sample(b.program, n.theta, ROWS, 300, 1, 1, all));
        assert_int_equal(qn_counts_total(all[ROWS - 1]), 300);
        for (size_t r = 0; r < ROWS; r++) {
            qn_counts_free(all[r]);
        }
        tear_down(&b);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    assert_true(failed);
    qn_circuit_free(circuit);
}

/* A limit that leaves room for the program alone: rows one by one, with the same results. */
static void within_the_limit(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 9, 0};
    qn_circuit *circuit = NULL;
    qn_pauli_sum *sum = NULL;
    numbers n, want;
    bench b;
    draw(&n, &random);
    want = n;
    model_circuit(10, 2, 15, &random, &circuit);
    model_observable(10, 10, &random, &sum);
    assert_true(set_up((setup){.threads = 2}, circuit, &sum, 1, &b));
    uint64_t held = qn_memory().bytes_now;
    run_all(b.program, 40, &want);
    const uint64_t freely = qn_memory().bytes_now - held;
    uint64_t bytes = 0;
    assert_ok(qn_engine_bytes_needed(b.engine, circuit, (const qn_pauli_sum *const *)&sum, 1, &bytes));
    tear_down(&b);
    assert_true(set_up((setup){.threads = 2, .memory_limit = bytes}, circuit, &sum, 1, &b));
    held = qn_memory().bytes_now;
    run_all(b.program, 40, &n);
    assert_true(qn_memory().bytes_now - held < freely / 2);
    for (size_t r = 0; r < 40; r++) {
        assert_near(n.values[r], want.values[r], 1e-12);
        assert_near(n.grad[2 * r + 1], want.grad[2 * r + 1], 1e-12);
    }
    tear_down(&b);
    qn_circuit_free(circuit);
    qn_pauli_sum_free(sum);
}

static void sines(void **unused)
{
    (void)unused;
    enum { COUNT = 4096 };
    model_random random = {qn_test_seed() + 10, 0};
    double *angles = qn__alloc(3 * COUNT, sizeof *angles);
    assert_non_null(angles);
    double *s = angles + COUNT, *c = s + COUNT;
    for (size_t k = 0; k < COUNT; k++) {
        const double scale = k % 4 == 0 ? 1.0 : k % 4 == 1 ? 20.0 : k % 4 == 2 ? 1e6 : 1e12;
        angles[k] = scale * (2 * model_uniform(&random) - 1);
    }
    for (size_t k = 0; k < 64; k++) { /* where one of both is zero, and the edges of what is reduced here */
        angles[k] = (double)((long)k - 32) * 1.57079632679489661923;
    }
    angles[64] = 0.0;
    angles[65] = -0.0;
    angles[66] = 1e6;
    angles[67] = 999999.9999;
    for (size_t a = 0; a < ARCHS; a++) {
        for (int single = 0; single < 2; single++) {
            qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
            qn_context *context = NULL;
            options.arch = archs[a];
            if (qn_context_create(&options, &context) != QN_OK) {
                continue;
            }
            qn_context_free(context);
            const qn__kernels *kernels = qn__kernels_find(archs[a], single != 0);
            kernels->rows->sincos(COUNT, angles, s, c);
            for (size_t k = 0; k < COUNT; k++) {
                assert_near(s[k], sin(angles[k]), 2.3e-16);
                assert_near(c[k], cos(angles[k]), 2.3e-16);
            }
            assert_near(s[64], 0.0, 0.0);
            assert_near(c[64], 1.0, 0.0);
        }
    }
    qn__free(angles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gate),
        cmocka_unit_test(random_circuits),
        cmocka_unit_test(right_by_definition),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(samples),
        cmocka_unit_test(later_calls_allocate_nothing),
        cmocka_unit_test(interrupted),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(samples_without_memory),
        cmocka_unit_test(within_the_limit),
        cmocka_unit_test(sines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
