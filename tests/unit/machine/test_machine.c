/* test_machine.c: the stored machine, read and refused; the kernels that are timed compute what they claim. */
#include <qn_test.h>

#include <math.h>
#include <unistd.h>

#include <quern/machine.h>

#include "base/alloc.h"
#include "math/machine_kernels.h"

static qn_machine example(void)
{
    qn_machine m = QN_MACHINE_INIT;
    m.threads = 2;
    m.blas_threads = 1;
    (void)strcpy(m.date, "2026-11-30T12:00:00Z");
    (void)strcpy(m.cpu, "A \"good\" <CPU> \\ 3 GHz");
    m.copy_bytes_s = 2.14e10;
    m.fma_f64_s = 1.2e11;
    m.fma_f32_s = 2.4e11;
    m.gemm_f64_s = 1.0 / 3.0 * 3e11;
    m.gemm_f32_s = 2e11;
    m.cg_s_per_nonzero = 1.03e-9;
    m.monte_carlo_paths_s = 5.2e8;
    m.scan_bytes_s = 2.8e10;
    m.hash_probe_s = 3.17e-7;
    return m;
}

static void written_is_read(void **state)
{
    (void)state;
    char path[] = "/tmp/quern-machine-XXXXXX";
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    (void)close(descriptor);
    const qn_machine m = example();
    qn_machine again = QN_MACHINE_INIT;
    assert_ok(qn_machine_write(path, &m));
    assert_ok(qn_machine_read(path, &again));
    assert_string_equal(again.date, m.date);
    assert_string_equal(again.cpu, m.cpu);
    assert_int_equal(again.threads, 2);
    assert_int_equal(again.blas_threads, 1);
    for (size_t i = 0; i < qn_machine_rate_count(); i++) {
        assert_true(qn_machine_rate_get(&again, i) == qn_machine_rate_get(&m, i)); /* to the bit */
    }
    (void)unlink(path);
    assert_fails(qn_machine_read(path, &again), QN_ERR_IO, path);
}

static const char good[] = "{\n  \"schema\": \"quern.machine/1\",\n  \"version\": \"0.1.0\",\n"
                           "  \"date\": \"2026-11-30T12:00:00Z\",\n  \"cpu\": \"x\",\n  \"threads\": 2,\n"
                           "  \"blas_threads\": 2,\n  \"copy_bytes_s\": 2e10,\n  \"fma_f64_s\": 1e11,\n"
                           "  \"fma_f32_s\": 2e11,\n  \"gemm_f64_s\": 9e10,\n  \"gemm_f32_s\": 18e10,\n"
                           "  \"cg_s_per_nonzero\": 1e-9,\n  \"monte_carlo_paths_s\": 5e8,\n"
                           "  \"scan_bytes_s\": 20000000000,\n  \"hash_probe_s\": 3e-7\n}\n";

/* `good` with its one occurrence of `from` replaced. */
static char *changed(const char *from, const char *to)
{
    const char *at = strstr(good, from);
    assert_non_null(at);
    char *text = malloc(sizeof good + strlen(to));
    (void)sprintf(text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
    return text;
}

static void refusals_name_the_place(void **state)
{
    (void)state;
    qn_machine m = QN_MACHINE_INIT;
    assert_ok(qn_machine_parse("m", good, sizeof good - 1, &m));
    assert_true(m.scan_bytes_s == 2e10); /* whole numbers are numbers */
    const struct {
        const char *from, *to, *message;
    } cases[] = {
        {"quern.machine/1", "quern.machine/2",
         "m:2:13: error: \"schema\" is 'quern.machine/2'; expected quern.machine/1"},
        {"\"quern.machine/1\"", "1", "m:2:13: error: \"schema\" is an integer; expected a string"},
        {"\"schema\"", "\"scheme\"", "\"schema\" is missing"},
        {"2026-11-30T", "2026-11-30 ", "m:4:11: error: \"date\" is '2026-11-30 12:00:00Z'"},
        {"\"x\"", "\"\"", "m:5:10: error: \"cpu\" has 0 characters"},
        {"\"x\"", "\"a\\nb\"", "m:5:10: error: \"cpu\" holds a character"},
        {"\"threads\": 2", "\"threads\": 0", "m:6:14: error: \"threads\" is 0; expected at least 1"},
        {"\"threads\": 2", "\"threads\": -1", "m:6:14: error: -1 is outside"},
        {"\"threads\": 2", "\"threads\": 2.5", "m:6:14: error: this is a number with a fraction"},
        {"2e10", "-2e10", "m:8:19: error: \"copy_bytes_s\": -2e+10 B/s cannot be true; expected 1e+07 to 1e+15"},
        {"2e10", "\"fast\"", "m:8:19: error: this is a string; expected a number"},
        {"2e10", "null", "m:8:19: error: this is null; expected a number"},
        {"2e10", "1e400", "m:8:"},
        {"2e10", "NaN", "m:8:19: error: "},
        {"1e-9", "1", "m:13:23: error: \"cg_s_per_nonzero\": 1 s cannot be true"},
        {"1e-9", "0", "m:13:23: error: \"cg_s_per_nonzero\": 0 s cannot be true"},
        {"  \"fma_f64_s\": 1e11,\n", "", "m:1:1: error: \"fma_f64_s\" is missing"},
        {"fma_f64_s", "fma_f64", "m:9:3: error: unknown key \"fma_f64\"; did you mean \"fma_f64_s\"?"},
        {"\"x\"", "\"x\", \"cpu\": \"y\"", "m:5:"},
        {"\n}\n", "\n", "m:1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = changed(cases[i].from, cases[i].to);
        qn_machine untouched = example();
        assert_fails(qn_machine_parse("m", text, strlen(text), &untouched), QN_ERR_PARSE, cases[i].message);
        assert_true(untouched.hash_probe_s == example().hash_probe_s);
        free(text);
    }
    const char *const others[] = {"", "[]", "3", "\"quern.machine/1\"", "{}", "{\"schema\": \"quern.machine/1\"}"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_fails(qn_machine_parse("m", others[i], strlen(others[i]), &m), QN_ERR_PARSE, "m:1:");
    }
    m.size = 1;
    assert_fails(qn_machine_parse("m", good, sizeof good - 1, &m), QN_ERR_ARGUMENT, "QN_MACHINE_INIT");
}

/* F. Black, M. Scholes, J. Polit. Econ. 81, 637 (1973): the price of the call that machine_paths.c simulates. */
static double black_scholes(void)
{
    const double spot = 100, strike = 100, rate = 0.05, spread = 0.2;
    const double d1 = (log(spot / strike) + rate + spread * spread / 2) / spread, d2 = d1 - spread;
    return spot * erfc(-d1 / sqrt(2)) / 2 - strike * exp(-rate) * erfc(-d2 / sqrt(2)) / 2;
}

static void paths_price_the_call(void **state)
{
    (void)state;
    assert_near(black_scholes(), 10.450583572, 1e-8);
    const uint64_t count = 1 << 22;
    /* standard deviation of the payoff 14.7 */
    assert_near(qn__machine_call_price(0, count), black_scholes(), 4.5 * 14.7 / sqrt((double)count));
    assert_near(qn__machine_call_price(count, count), black_scholes(), 4.5 * 14.7 / sqrt((double)count));
    /* one run is its two halves */
    assert_near(qn__machine_call_price(0, 1024),
                0.5 * (qn__machine_call_price(0, 512) + qn__machine_call_price(512, 512)), 1e-10);
    assert_true(qn__machine_call_price(0, 1024) != qn__machine_call_price(1024, 1024));
}

/* Each measurement runs on a small array, and its rate lies where rates of machines lie. */
static void measurements(void **state)
{
    (void)state;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&options, &context));
    const uint64_t before = qn_memory().bytes_now;
    for (uint32_t threads = 1; threads <= 3; threads++) {
        const qn__machine_job job = {context, threads, 0.001, UINT64_C(1) << 20};
        double rate = 0.0;
        assert_ok(qn__machine_copy(&job, &rate));
        assert_true(rate > 1e7 && rate < 1e15);
        assert_ok(qn__machine_scan(&job, &rate));
        assert_true(rate > 1e7 && rate < 1e15);
        assert_ok(qn__machine_cg(&job, &rate));
        assert_true(rate > 1e-15 && rate < 1e-4);
        assert_ok(qn__machine_paths(&job, &rate));
        assert_true(rate > 1e3 && rate < 1e15);
        assert_ok(qn__machine_probe(&job, &rate));
        assert_true(rate > 1e-10 && rate < 1e-2);
        assert_ok(qn_machine_pass(1 << 16, threads, 0.001, &rate));
        assert_true(rate > 0.0 && rate < 1.0);
    }
    assert_int_equal(qn_memory().bytes_now, before);
    double seconds = 0.0;
    assert_fails(qn_machine_pass(0, 1, 0.1, &seconds), QN_ERR_ARGUMENT, "0 bytes");
    qn_machine m = QN_MACHINE_INIT;
    assert_fails(qn_machine_measure(context, 0.0, &m), QN_ERR_ARGUMENT, "expected 0.01 to 3600");
    assert_fails(qn_machine_measure(NULL, 1.0, &m), QN_ERR_ARGUMENT, "a context");
    qn_context_free(context);
    options.memory_limit = 1 << 20;
    assert_ok(qn_context_create(&options, &context));
    assert_fails(qn_machine_measure(context, 1.0, &m), QN_ERR_TOO_LARGE, "measuring a machine");
    assert_int_equal(m.threads, 0);
    qn_context_free(context);
    volatile int stop = 1;
    options.memory_limit = 0;
    options.interrupt = &stop;
    assert_ok(qn_context_create(&options, &context));
    assert_fails(qn_machine_measure(context, 1.0, &m), QN_ERR_INTERRUPTED, "interrupted");
    qn_context_free(context);
}

static void allocation_failures(void **state)
{
    (void)state;
    const uint64_t before = qn_memory().bytes_now;
    const qn__machine_job job = {NULL, 1, 0.0, UINT64_C(1) << 16};
    qn_status (*const jobs[])(const qn__machine_job *, double *) = {qn__machine_copy, qn__machine_scan, qn__machine_cg,
                                                                    qn__machine_probe};
    for (size_t k = 0; k < sizeof jobs / sizeof jobs[0]; k++) {
        bool finished = false;
        for (uint64_t n = 1; !finished; n++) {
            double rate = -1.0;
            assert_true(n < 20);
            (void)qn__alloc_fail_at(n, false);
            const qn_status status = jobs[k](&job, &rate);
            (void)qn__alloc_fail_at(0, false);
            finished = status == QN_OK;
            assert_true(finished || (status == QN_ERR_MEMORY && rate == -1.0));
            assert_int_equal(qn_memory().bytes_now, before);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_is_read),      cmocka_unit_test(refusals_name_the_place),
        cmocka_unit_test(paths_price_the_call), cmocka_unit_test(measurements),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
