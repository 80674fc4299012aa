/* test_advise_workloads.c: worked examples of the literature, the article's rows, extremes, wrong inputs, samples. */
#include "weighing.h"

static void near_relative(double ours, double published, double relative)
{
    assert_near(ours / published, 1.0, relative);
}

/* Every published row that can be computed is within its tolerance, and none is left uncomputed. */
static void published_rows_agree(void **state)
{
    qn_selftest_row *rows = NULL;
    size_t count = 0, passed = 0;
    assert_ok(qn_advise_selftest(*state, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (rows[i].state == QN_SELFTEST_FAIL || rows[i].state == QN_SELFTEST_OPEN) {
            print_error("%s %s: %g, published %g (%s)\n", rows[i].id, rows[i].quantity, rows[i].ours, rows[i].published,
                        rows[i].message);
            fail();
        }
        passed += rows[i].state == QN_SELFTEST_PASS;
    }
    assert_true(passed > 100);
    qn_selftest_free(rows);
}

/* data/verdicts.tsv says what each row of the article's table and timeline deserves; the engine must say the same,
 * whatever the rival. */
static void article_rows_get_their_verdicts(void **state)
{
    static const char *const baselines[] = {"cpu", "h200"};
    for (size_t b = 0; b < 2; b++) {
        qn_advise_options options = quick_options();
        options.baseline = baselines[b];
        const size_t count = qn_article_count(*state);
        assert_true(count >= 18);
        for (size_t i = 0; i < count; i++) {
            qn_article_row row;
            qn_advise_result result;
            char finding[512];
            double value = 0;
            assert_ok(qn_article_at(*state, i, &row));
            if (row.workload[0] == '\0') {
                assert_ok(qn_article_compute(*state, &row, finding, sizeof finding, &value));
                assert_true(finding[0] != '\0' && value > 0);
                continue;
            }
            assert_ok(qn_article_weigh(*state, &row, &options, &result));
            if (strcmp(qn_verdict_key(result.verdict), row.expected) != 0) {
                print_error("%s on %s: %s, expected %s\n", row.id, baselines[b], qn_verdict_key(result.verdict),
                            row.expected);
                fail();
            }
            qn_advise_result_clear(&result);
        }
    }
}

/* The comparison of the reference: N = 2^20, 8 nonzeros a row, kappa 100: 1.2 ms on an H200, 0.29 s at 20 GB/s; 38.9
 * thousand Toffolis a lookup, 5.1e4 calls, 2.0e9 Toffolis for one sample. */
static void sparse_system(void **state)
{
    qn_advise_options options = quick_options();
    qn_advise_result r;
    assert_ok(weigh_words(*state, &options, "linear N=2^20 s=8 kappa=100 eps=1e-3 access=data readout=sample", &r));
    near_relative(r.logical.toffoli_count.value, 2.0e9, 0.03);
    near_relative(r.logical.queries.value, 5.1e4, 0.01);
    near_relative(r.classical.seconds.value, 0.29, 0.03);
    near_relative(r.loading_cost.toffoli.value / r.logical.queries.value, 38.9e3, 0.001);
    near_relative(r.loading_cost.bits.value, r.logical.queries.value * 8388608 * 32, 1e-9);
    assert_int_equal(r.verdict, QN_VERDICT_NO_IO);
    assert_false(r.crossover.exists);
    qn_advise_result_clear(&r);
    options.baseline = "h200";
    assert_ok(weigh_words(*state, &options, "linear N=2^20 s=8 kappa=100 eps=1e-3 access=data solver=known-norm", &r));
    near_relative(r.classical.seconds.value, 1.2e-3, 0.03);
    near_relative(r.logical.toffoli_count.value, 2.5e8, 0.02);
    qn_advise_result_clear(&r);
}

/* The rival of a sparse system grows with its nonzeros, never with N^3. */
static void sparse_rival_is_linear(void **state)
{
    qn_advise_options options = quick_options();
    qn_advise_result small, large;
    assert_ok(weigh_words(*state, &options, "linear N=1e6 s=8 kappa=100 access=data", &small));
    assert_ok(weigh_words(*state, &options, "linear N=1e9 s=8 kappa=100 access=data", &large));
    near_relative(large.classical.seconds.value / small.classical.seconds.value, 1000, 1e-9);
    assert_non_null(strstr(small.classical.method, "conjugate gradients"));
    qn_advise_result_clear(&small);
    qn_advise_result_clear(&large);
}

/* I/O: 1 TB through 1 Gbit/s takes 8,000 s; the memory of a GPU reads it in 0.21 s. */
static void bandwidth_bounds_loading(void **state)
{
    qn_advise_options options = quick_options();
    options.baseline = "h200";
    qn_advise_result r;
    assert_ok(weigh_words(*state, &options, "search N=2^37 M=2^37 bits=58.207660913 access=data",
                          &r)); /* 1e12 bytes, one call */
    near_relative(r.loading_cost.data_bytes.value, 1e12, 1e-6);
    near_relative(r.loading_cost.bandwidth_seconds.value, 8000, 1e-6);
    qn_advise_result_clear(&r);
    assert_ok(weigh_words(*state, &options, "search N=2^37 M=1 bits=58.207660913 access=data", &r));
    near_relative(r.classical.seconds.value, 0.21, 0.01);
    qn_advise_result_clear(&r);
}

/* Crossover by bisection is where the times are equal, and agrees with the closed form where a call keeps its cost. */
static void crossover_is_where_times_meet(void **state)
{
    qn_advise_options options = quick_options();
    qn_advise_result r, at;
    char words[256];
    assert_ok(weigh_words(*state, &options, "search N=2^40 access=formula oracle_tof=1e6 toffoli_s=40us", &r));
    assert_true(r.crossover.defined && r.crossover.exists);
    (void)snprintf(words, sizeof words, "search N=%.17g access=formula oracle_tof=1e6 toffoli_s=40us",
                   r.crossover.crossing_size.value);
    assert_ok(weigh_words(*state, &options, words, &at));
    near_relative(at.quantum_seconds.p50.value, at.classical.seconds.value, 0.01);
    near_relative(r.crossover.seconds.value, r.crossover.closed_seconds.value, 0.02);
    qn_advise_result_clear(&r);
    qn_advise_result_clear(&at);
}

static void needs_name_the_input(void **state)
{
    static const struct {
        const char *words, *key;
    } cases[] = {
        {"linear", "N"},
        {"linear N=2^60", "kappa"},
        {"linear N=2^70 kappa=10 access=formula", "oracle_tof"},
        {"linear N=2^70 kappa=10 access=formula oracle_tof=100", "readout"},
        {"linear N=2^70 kappa=10 access=formula oracle_tof=100 readout=scalar", "structure"},
        {"chemistry", "lambda"},
        {"chemistry lambda=100", "W"},
        {"chemistry lambda=100 W=1e4 qubits=1000", "overlap"},
        {"chemistry lambda=100 W=1e4 qubits=1000 overlap=1", "classical_s"},
        {"search", "N"},
        {"sampling", "qubits"},
    };
    qn_advise_options options = quick_options();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_advise_result r;
        assert_ok(weigh_words(*state, &options, cases[i].words, &r));
        if (r.verdict != QN_VERDICT_NEEDS_INPUT || strcmp(r.needs, cases[i].key) != 0) {
            print_error("%s: %s %s, expected %s\n", cases[i].words, qn_verdict_key(r.verdict), r.needs, cases[i].key);
            fail();
        }
        qn_advise_result_clear(&r);
    }
    assert_int_equal(
        verdict_of(*state, &options,
                   "linear N=2^70 kappa=10 access=formula oracle_tof=100 readout=scalar structure=general"),
        QN_VERDICT_POSSIBLE);
    assert_int_equal(verdict_of(*state, &options, "chemistry lambda=100 W=1e4 qubits=1000 overlap=1 classical_s=1y"),
                     QN_VERDICT_POSSIBLE);
    assert_int_equal(
        verdict_of(*state, &options,
                   "linear N=2^70 kappa=10 access=formula oracle_tof=100 readout=vector structure=general"),
        QN_VERDICT_NO_IO);
    assert_int_equal(
        verdict_of(*state, &options,
                   "linear N=2^70 kappa=10 access=formula oracle_tof=100 readout=scalar structure=low-rank"),
        QN_VERDICT_NO_DEQUANTIZED);
}

static void year_and_deadline_bound(void **state)
{
    qn_advise_options options = quick_options();
    static const char words[] = "shor bits=1024";
    assert_int_equal(verdict_of(*state, &options, words), QN_VERDICT_POSSIBLE);
    options.year = 2027;
    assert_int_equal(verdict_of(*state, &options, words), QN_VERDICT_NO_ERA);
    options.year = 0;
    assert_int_equal(verdict_of(*state, &options, "shor bits=1024 deadline=1h"), QN_VERDICT_NO_ERA);
    qn_advise_result r;
    options.year = 2044;
    assert_ok(weigh_words(*state, &options, words, &r));
    assert_true(r.probability_by_year > 0.5 && r.probability_by_year <= 1);
    qn_advise_result_clear(&r);
}

static void assert_finite(qn_magnitude m)
{
    assert_true(isinf(m.value) == 0 && isinf(m.log10) == 0);
    assert_true(isnan(m.value) || fabs(m.value) < 1e300);
}

/* Extremes give finite logarithms, or are refused. */
static void extremes(void **state)
{
    static const char *const lines[] = {
        "linear N=2^200 kappa=100 eps=1e-300",
        "linear N=2^200 kappa=1e300 eps=1e-300",
        "linear N=2^200 kappa=1e300 eps=1e-300 access=dense",
        "linear N=2^200 kappa=100 eps=1e-300 access=formula oracle_tof=1e300 readout=vector",
        "linear N=2 kappa=1 eps=0.999",
        "search N=2^200",
        "search log2N=990 oracle_tof=1e300 access=formula",
        "search N=2",
        "optimize n=3000",
        "optimize n=2",
        "optimize n=3000 method=qaoa quantum_exponent=1 shots=1e300",
        "montecarlo eps=1e-300 path_tof=1e300 steps=1e300",
        "montecarlo eps=1e300",
        "chemistry lambda=1e300 W=1e300 qubits=1e300 overlap=1e-300 eps=1e-300 classical_s=1e300",
        "matmul N=1e300",
        "attention seq=1e300 d=1e12 layers=1e9 heads=1e9",
        "train params=1e300 steps=1e300",
        "sampling qubits=3000 depth=1e12 shots=1e300",
        "shor bits=1e8",
        "shor bits=16",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        qn_advise_options options = QN_ADVISE_OPTIONS_INIT;
        options.samples = 20;
        options.curve = 20;
        qn_advise_result r;
        const qn_status status = weigh_words(*state, &options, lines[i], &r);
        if (status != QN_OK) {
            assert_int_equal(status, QN_ERR_RANGE);
            assert_non_null(strstr(qn_last_error()->message, "10^4932"));
            continue;
        }
        const qn_magnitude all[] = {r.logical.qubits,
                                    r.logical.t_count,
                                    r.logical.toffoli_count,
                                    r.logical.queries,
                                    r.logical.depth,
                                    r.logical.repetitions,
                                    r.loading_cost.toffoli,
                                    r.loading_cost.bits,
                                    r.loading_cost.circuit_seconds,
                                    r.loading_cost.bandwidth_seconds,
                                    r.classical.seconds,
                                    r.quantum_seconds.p10,
                                    r.quantum_seconds.p50,
                                    r.quantum_seconds.p90,
                                    r.crossover.crossing_size,
                                    r.crossover.seconds,
                                    r.crossover.size_p10,
                                    r.crossover.size_p90};
        for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
            assert_finite(all[k]);
        }
        assert_true(isnan(r.quantum_seconds.p50.log10) == 0);
        for (size_t k = 0; k < r.nreasons; k++) {
            assert_null(strstr(r.reasons[k], "inf"));
            assert_null(strstr(r.reasons[k], " nan"));
        }
        qn_advise_result_clear(&r);
    }
}

static void wrong_input(void **state)
{
    qn_advise_options options = quick_options();
    qn_advise_result r;
    assert_fails(weigh_words(*state, &options, "linaer N=4", &r), QN_ERR_NAME, "did you mean 'linear'");
    assert_fails(weigh_words(*state, &options, "linear N=4 kapa=3", &r), QN_ERR_NAME,
                 "did you mean 'kappa'? Keys: N, kappa");
    assert_fails(weigh_words(*state, &options, "linear N=4 kappa=0.5", &r), QN_ERR_RANGE,
                 "kappa=0.5 is impossible: it must be at least 1");
    assert_fails(weigh_words(*state, &options, "linear N=4 kappa=2 eps=0", &r), QN_ERR_RANGE,
                 "eps=0 is impossible: it must be above 0");
    assert_fails(weigh_words(*state, &options, "linear N=four kappa=2", &r), QN_ERR_ARGUMENT, "N=four is no number");
    assert_fails(weigh_words(*state, &options, "linear N=4 N=4 kappa=2", &r), QN_ERR_ARGUMENT, "N is given twice");
    assert_fails(weigh_words(*state, &options, "linear N=4 kappa=2 access=dens", &r), QN_ERR_NAME,
                 "did you mean 'dense'");
    assert_fails(weigh_words(*state, &options, "linear N=4 kappa=2 p=1%", &r), QN_ERR_RANGE, "not below the threshold");
    assert_fails(weigh_words(*state, &options, "linear N=4 kappa=2 deadline=3parsec", &r), QN_ERR_ARGUMENT,
                 "is no time");
    assert_fails(weigh_words(*state, &options, "chemistry preset=femco", &r), QN_ERR_NAME, "did you mean 'femoco'");
    assert_fails(weigh_words(*state, &options, "shor preset=femoco", &r), QN_ERR_NAME, "no such preset");
    options.hardware = "cats";
    assert_fails(weigh_words(*state, &options, "linear N=4 kappa=2", &r), QN_ERR_RANGE, "on hardware cats");
    options = quick_options();
    options.baseline = "cluster:none";
    assert_fails(weigh_words(*state, &options, "linear N=4 kappa=2", &r), QN_ERR_RANGE, "cluster:K");
    options = quick_options();
    options.budget = 1;
    assert_fails(weigh_words(*state, &options, "linear N=4 kappa=2", &r), QN_ERR_RANGE, "budget");
}

/* Every key of every workload takes its own default, and is refused when it is twice. */
static void keys_are_sound(void **state)
{
    for (size_t w = 0; qn_workload_name(w) != NULL; w++) {
        qn_workload_key key;
        for (size_t i = 0; qn_workload_key_at(w, i, &key); i++) {
            assert_true(key.name[0] != '\0' && key.help[0] != '\0');
            if (key.fallback == NULL || key.fallback[0] == '\0' || key.fallback[0] == '@') {
                continue;
            }
            const qn_advise_pair pairs[] = {{key.name, key.fallback}};
            qn_advise_options options = quick_options();
            qn_advise_result r;
            assert_ok(qn_advise_workload(*state, qn_workload_name(w), pairs, 1, &options, &r));
            qn_advise_result_clear(&r);
        }
    }
}

/* Samples: the same seed the same numbers, ranges in order, the centre inside the corners. */
static void samples_repeat(void **state)
{
    qn_advise_options options = quick_options();
    qn_advise_result a, b, corners;
    static const char words[] = "search N=2^40 access=formula oracle_tof=1e4";
    assert_ok(weigh_words(*state, &options, words, &corners));
    options.samples = 2000;
    options.seed = 7;
    assert_ok(weigh_words(*state, &options, words, &a));
    assert_ok(weigh_words(*state, &options, words, &b));
    assert_true(a.quantum_seconds.sampled && !corners.quantum_seconds.sampled);
    assert_true(a.quantum_seconds.p10.value == b.quantum_seconds.p10.value &&
                a.crossover.seconds_p90.value == b.crossover.seconds_p90.value);
    assert_true(corners.quantum_seconds.p10.value < a.quantum_seconds.p10.value &&
                a.quantum_seconds.p10.value < a.quantum_seconds.p50.value);
    assert_true(a.quantum_seconds.p50.value < a.quantum_seconds.p90.value &&
                a.quantum_seconds.p90.value < corners.quantum_seconds.p90.value);
    near_relative(a.quantum_seconds.p50.value, corners.quantum_seconds.p50.value,
                  0.4); /* code distances make it lopsided */
    options.seed = 8;
    qn_advise_result_clear(&b);
    assert_ok(weigh_words(*state, &options, words, &b));
    assert_true(a.quantum_seconds.p10.value != b.quantum_seconds.p10.value);
    near_relative(a.quantum_seconds.p10.value, b.quantum_seconds.p10.value, 0.15);
    qn_advise_result_clear(&a);
    qn_advise_result_clear(&b);
    qn_advise_result_clear(&corners);
}

/* A measured machine replaces the row, and a cluster is so many times its GPU. */
static void baselines(void **state)
{
    qn_machine machine = QN_MACHINE_INIT;
    machine.copy_bytes_s = 4e10;
    machine.fma_f64_s = 2e11;
    machine.fma_f32_s = 4e11;
    machine.gemm_f64_s = 1.6e11;
    machine.gemm_f32_s = 3.2e11;
    machine.cg_s_per_nonzero = 1e-9;
    machine.monte_carlo_paths_s = 2e8;
    machine.scan_bytes_s = 4e10;
    machine.hash_probe_s = 5e-8;
    qn_advise_options options = quick_options();
    qn_advise_result row, measured, gpu, cluster;
    assert_ok(weigh_words(*state, &options, "matmul N=4096 prec=fp64", &row));
    options.machine = &machine;
    assert_ok(weigh_words(*state, &options, "matmul N=4096 prec=fp64", &measured));
    assert_true(measured.classical.measured && !row.classical.measured);
    near_relative(row.classical.seconds.value / measured.classical.seconds.value, 2, 1e-9);
    options.baseline = "h200";
    assert_ok(weigh_words(*state, &options, "matmul N=4096 prec=fp64", &gpu));
    options.baseline = "cluster:8";
    assert_ok(weigh_words(*state, &options, "matmul N=4096 prec=fp64", &cluster));
    assert_false(gpu.classical.measured);
    near_relative(gpu.classical.seconds.value / cluster.classical.seconds.value, 8, 1e-9);
    qn_advise_result_clear(&row);
    qn_advise_result_clear(&measured);
    qn_advise_result_clear(&gpu);
    qn_advise_result_clear(&cluster);
}

/* Both physical models price an ordinary run, and say why not where they do not. */
static void physical_prices(void **state)
{
    qn_advise_options options = QN_ADVISE_OPTIONS_INIT;
    qn_advise_result r;
    assert_ok(weigh_words(*state, &options, "chemistry preset=femoco overlap=1", &r));
    assert_true(r.price_a.known && r.price_b.known);
    assert_true(r.price_a.physical_qubits > 4e6 / 3 &&
                r.price_a.physical_qubits < 4e6 * 3); /* Lee et al. 2021: 4 million */
    assert_true(r.price_b.physical_qubits > 4e6 / 3 && r.price_b.physical_qubits < 4e6 * 3);
    near_relative(r.quantum_seconds.p50.value, r.price_b.runtime_s, 0.3); /* the closed form beside the grid search */
    qn_advise_result_clear(&r);
    assert_ok(weigh_words(*state, &options, "linear N=2^200 kappa=100 eps=1e-300", &r));
    assert_true(!r.price_a.known && r.price_a.note[0] != '\0');
    qn_advise_result_clear(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_rows_agree),
        cmocka_unit_test(article_rows_get_their_verdicts),
        cmocka_unit_test(sparse_system),
        cmocka_unit_test(sparse_rival_is_linear),
        cmocka_unit_test(bandwidth_bounds_loading),
        cmocka_unit_test(crossover_is_where_times_meet),
        cmocka_unit_test(needs_name_the_input),
        cmocka_unit_test(year_and_deadline_bound),
        cmocka_unit_test(extremes),
        cmocka_unit_test(wrong_input),
        cmocka_unit_test(keys_are_sound),
        cmocka_unit_test(samples_repeat),
        cmocka_unit_test(baselines),
        cmocka_unit_test(physical_prices),
    };
    return cmocka_run_group_tests(tests, open_advice, close_advice);
}
