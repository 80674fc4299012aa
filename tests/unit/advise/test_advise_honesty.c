/* test_advise_honesty.c: what the advisor must never say, and what must never make it say better. */
#include "weighing.h"

#include <qn_random.h>
#include <sys/stat.h>
#include <unistd.h>

/* (a) a dense data-given linear system never gains, at any size. */
static void dense_data_never_gains(void **state)
{
    qn_advise_options options = quick_options();
    static const char *const baselines[] = {"cpu", "h200", "cluster:25000"};
    for (size_t b = 0; b < 3; b++) {
        options.baseline = baselines[b];
        for (int n = 1; n <= 40; n++) {
            for (int kappa = 1; kappa <= 10000; kappa *= 100) {
                char words[256];
                (void)snprintf(words, sizeof words,
                               "linear N=2^%d kappa=%d access=dense readout=sample structure=general eps=0.1", n,
                               kappa);
                assert_int_equal(verdict_of(*state, &options, words), QN_VERDICT_NO_IO);
            }
        }
    }
}

/* (b) Grover over a stored database. */
static void stored_search_never_gains(void **state)
{
    qn_advise_options options = quick_options();
    for (int n = 1; n <= 200; n += 3) {
        for (int bits = 1; bits <= 4096; bits *= 8) {
            char words[256];
            (void)snprintf(words, sizeof words, "search N=2^%d access=data bits=%d", n, bits);
            assert_int_equal(verdict_of(*state, &options, words), QN_VERDICT_NO_IO);
        }
    }
}

/* (c) a quadratic speed-up with an oracle of one 16-bit product or more misses two weeks (Hoefler et al. 2023: 0.2). */
static void quadratic_misses_two_weeks(void **state)
{
    qn_advise_options options = quick_options();
    static const char *const baselines[] = {"cpu", "a100", "h200"};
    for (size_t b = 0; b < 3; b++) {
        options.baseline = baselines[b];
        for (int n = 10; n <= 100; n += 10) {
            for (int operations = 1; operations <= 1000; operations *= 10) {
                char words[256];
                (void)snprintf(words, sizeof words, "search N=2^%d access=formula op=fp16 oracle_tof=%d deadline=14d",
                               n, 200 * operations);
                assert_int_equal(verdict_of(*state, &options, words), QN_VERDICT_NO_DEGREE);
            }
        }
    }
}

/* (d) no preset of FeMoco fits the years 2026 to 2028, not even at their optimistic edge. */
static void femoco_is_not_near(void **state)
{
    static const char *const presets[] = {"femoco",      "femoco_li",   "femoco_double_factorized",
                                          "femoco_2024", "femoco_2025", "femoco_li_2025"};
    qn_advise_options options = quick_options();
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++) {
        char words[256];
        qn_advise_result result;
        (void)snprintf(words, sizeof words, "chemistry preset=%s overlap=1", presets[i]);
        assert_ok(weigh_words(*state, &options, words, &result));
        assert_int_equal(result.verdict, QN_VERDICT_DISPUTED);
        assert_string_not_equal(result.era, "2026-28");
        assert_string_equal(result.eras[0].name, "2026-28");
        assert_false(result.eras[0].fits[2]);
        qn_advise_result_clear(&result);
    }
}

/* (e) training a model of GPT-4's size: no algorithm, in no era. */
static void large_training_has_no_algorithm(void **state)
{
    qn_advise_options options = quick_options();
    for (int year = 2026; year <= 2100; year += 7) {
        qn_advise_result result;
        options.year = year;
        assert_ok(weigh_words(*state, &options, "train params=1.8e12 flops=2.1e25 trainable=1 sparse=1 dissipative=1",
                              &result));
        assert_int_equal(result.verdict, QN_VERDICT_NO_ALGORITHM);
        assert_string_equal(result.era, "none");
        qn_advise_result_clear(&result);
    }
}

/* Better verdicts have higher grades. */
static int grade(qn_verdict verdict)
{
    switch (verdict) {
    case QN_VERDICT_POSSIBLE:
    case QN_VERDICT_DEMONSTRATED:
        return 3;
    case QN_VERDICT_NEEDS_INPUT:
    case QN_VERDICT_HEURISTIC:
    case QN_VERDICT_DISPUTED:
        return 2;
    default:
        return 1;
    }
}

typedef qn_random draw;

static double uniform(draw *d)
{
    return qn_random_between(d, 0, 1);
}

static double spread(draw *d, double low, double high)
{
    return low * pow(high / low, uniform(d));
}

static const char *pick(draw *d, const char *const *words, size_t count)
{
    return words[(size_t)(uniform(d) * (double)count)];
}

/* One random instance without hardware and load; `load` is what the next two lines of it change. */
static void random_words(draw *d, char *out, size_t capacity)
{
    static const char *const access[] = {"formula", "data", "dense"}, *const readouts[] = {"scalar", "sample",
                                                                                           "vector"};
    const double size = floor(spread(d, 2, 1e20)); /* rows hold no more nonzeros, tables no more marked items */
    switch ((int)(uniform(d) * 8)) {
    case 0:
        (void)snprintf(
            out, capacity,
            "linear N=%.9g kappa=%.9g eps=%.9g access=%s readout=%s structure=general oracle_tof=%.9g s=%.9g", size,
            spread(d, 1, 1e6), spread(d, 1e-9, 0.5), pick(d, access, 3), pick(d, readouts, 3), spread(d, 1, 1e6),
            fmin(floor(spread(d, 1, 100)), size));
        break;
    case 1:
        (void)snprintf(out, capacity, "search N=%.9g access=%s oracle_tof=%.9g M=%.9g", size, pick(d, access, 2),
                       spread(d, 1, 1e8), fmin(floor(spread(d, 1, 1e4)), size));
        break;
    case 2:
        (void)snprintf(out, capacity, "search N=%.9g access=formula oracle_tof=%.9g classical_s=%.9g",
                       floor(spread(d, 2, 1e25)), spread(d, 1, 1e4), spread(d, 1e-12, 1e4));
        break;
    case 3:
        (void)snprintf(out, capacity, "montecarlo eps=%.9g path_tof=%.9g qmc=%d steps=%.9g paths_per_s=%.9g",
                       spread(d, 1e-9, 0.5), spread(d, 10, 1e6), uniform(d) < 0.5 ? 0 : 1, floor(spread(d, 1, 1000)),
                       spread(d, 1e-6, 1e10));
        break;
    case 4:
        (void)snprintf(out, capacity, "chemistry lambda=%.9g W=%.9g qubits=%.9g overlap=%.9g classical_s=%.9g",
                       spread(d, 1, 1e5), spread(d, 100, 1e6), floor(spread(d, 10, 5000)), spread(d, 1e-3, 1),
                       spread(d, 1, 1e12));
        break;
    case 5:
        (void)snprintf(out, capacity, "shor bits=%.9g", floor(spread(d, 64, 20000)));
        break;
    case 6:
        (void)snprintf(out, capacity, "optimize n=%.9g classical_exponent=%.9g oracle_tof=%.9g",
                       floor(spread(d, 4, 200)), spread(d, 0.05, 1), spread(d, 10, 1e5));
        break;
    default:
        (void)snprintf(out, capacity, "sampling task=rcs qubits=%.9g depth=%.9g", floor(spread(d, 4, 200)),
                       floor(spread(d, 1, 100)));
        break;
    }
}

/* (f) worse hardware or a better rival never improves a verdict. */
static void worse_never_improves(void **state)
{
    static const char *const baselines[] = {"cpu", "h100", "h200", "cluster:100", "cluster:25000"};
    draw d = {qn_test_seed()};
    size_t possible = 0;
    for (unsigned k = 0; k < 1500 * qn_test_scale(); k++) {
        char words[512], easy[768], hard[768];
        qn_advise_options before = quick_options(), after = quick_options();
        random_words(&d, words, sizeof words);
        const double p = spread(&d, 1e-5, 5e-3), cycle = spread(&d, 1e-7, 1e-3);
        /* One thing at a time, so that none hides the other, and now and then all. */
        const int what = (int)(uniform(&d) * 4);
        const bool errors = what == 0 || what == 3, cycles = what == 1 || what == 3, rival = what >= 2;
        const double worse_p = errors ? fmin(p * spread(&d, 1, 30), 9.9e-3) : p;
        const double worse_cycle = cycles ? cycle * spread(&d, 1, 100) : cycle;
        const size_t from = (size_t)(uniform(&d) * 5);
        const size_t to = rival ? from + (size_t)(uniform(&d) * (double)(5 - from)) : from;
        before.baseline = baselines[from];
        after.baseline = baselines[to];
        (void)snprintf(easy, sizeof easy, "%s p=%.9g cycle=%.9g", words, p, cycle);
        (void)snprintf(hard, sizeof hard, "%s p=%.9g cycle=%.9g", words, worse_p, worse_cycle);
        const qn_verdict good = verdict_of(*state, &before, easy), bad = verdict_of(*state, &after, hard);
        possible += good == QN_VERDICT_POSSIBLE;
        if (grade(bad) > grade(good)) {
            print_error("%s on %s: %s, but %s on %s: %s\n", easy, before.baseline, qn_verdict_key(good), hard,
                        after.baseline, qn_verdict_key(bad));
            fail();
        }
    }
    assert_true(possible > 10); /* else the test compares nothing */
}

/* The same close to equal times, where a mistake of a factor of two shows. */
static void worse_never_improves_near_the_crossing(void **state)
{
    draw d = {qn_test_seed() + 2};
    qn_advise_options options = quick_options();
    for (unsigned k = 0; k < 500 * qn_test_scale(); k++) {
        char words[384], easy[512], hard[512];
        qn_advise_result r;
        const double p = spread(&d, 1e-5, 5e-3), cycle = spread(&d, 1e-7, 1e-5);
        const int n = snprintf(words, sizeof words, "chemistry lambda=%.9g W=%.9g qubits=%.9g overlap=1 deadline=1e30",
                               spread(&d, 1, 1e4), spread(&d, 100, 1e5), floor(spread(&d, 10, 2000)));
        (void)snprintf(easy, sizeof easy, "%s p=%.9g cycle=%.9g", words, p, cycle);
        assert_ok(weigh_words(*state, &options, easy, &r));
        (void)snprintf(words + n, sizeof words - (size_t)n, " classical_s=%.9g",
                       r.quantum_seconds.central.value * spread(&d, 0.5, 2));
        qn_advise_result_clear(&r);
        (void)snprintf(easy, sizeof easy, "%s p=%.9g cycle=%.9g", words, p, cycle);
        (void)snprintf(hard, sizeof hard, "%s p=%.9g cycle=%.9g", words, fmin(p * spread(&d, 1, 4), 9.9e-3), cycle);
        const qn_verdict good = verdict_of(*state, &options, easy), bad = verdict_of(*state, &options, hard);
        if (grade(bad) > grade(good)) {
            print_error("%s: %s, but %s: %s\n", easy, qn_verdict_key(good), hard, qn_verdict_key(bad));
            fail();
        }
    }
}

/* One instance that loads data: rows (or tokens) and bits of each. */
static void loading_words(char *out, size_t capacity, int kind, double rows, double bits, double kappa)
{
    if (kind == 0) {
        (void)snprintf(out, capacity, "linear N=%.9g bits=%.9g kappa=%.9g access=data readout=sample structure=general",
                       rows, bits, kappa);
    } else if (kind == 1) {
        (void)snprintf(out, capacity,
                       "linear N=%.9g bits=%.9g kappa=%.9g access=dense readout=sample structure=general", rows, bits,
                       kappa);
    } else if (kind == 2) {
        (void)snprintf(out, capacity, "search N=%.9g bits=%.9g access=data", rows, bits);
    } else {
        (void)snprintf(out, capacity, "attention seq=%.9g bits=%.9g d=64", rows, bits);
    }
}

/* (f) more to load never improves a verdict. */
static void more_data_never_improves(void **state)
{
    draw d = {qn_test_seed() + 1};
    qn_advise_options options = quick_options();
    for (unsigned k = 0; k < 500 * qn_test_scale(); k++) {
        char less[512], more[512];
        const double rows = spread(&d, 2, 1e12), bits = spread(&d, 1, 100), kappa = spread(&d, 1, 1e4);
        const int kind = (int)(uniform(&d) * 4);
        loading_words(less, sizeof less, kind, rows, bits, kappa);
        loading_words(more, sizeof more, kind, rows * spread(&d, 1, 1e6), bits * spread(&d, 1, 100), kappa);
        const qn_verdict before = verdict_of(*state, &options, less), after = verdict_of(*state, &options, more);
        if (grade(after) > grade(before)) {
            print_error("%s: %s, but %s: %s\n", less, qn_verdict_key(before), more, qn_verdict_key(after));
            fail();
        }
    }
}

/* (g) a row of facts without its source is refused, in every table. */
static void facts_without_sources_are_refused(void **state)
{
    (void)state;
    static const char *const tables[] = {"algorithms", "classical", "eras",      "hardware", "presets", "qec",
                                         "platforms",  "factories", "reference", "roadmap",  "verdicts"};
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        char folder[] = "/tmp/quern-facts-XXXXXX", from[512], to[512], line[8192];
        assert_non_null(mkdtemp(folder));
        (void)snprintf(from, sizeof from, "%s/data/%s.tsv", QN_SOURCE_DIR, tables[t]);
        (void)snprintf(to, sizeof to, "%s/%s.tsv", folder, tables[t]);
        FILE *in = fopen(from, "r"), *out = fopen(to, "w");
        assert_non_null(in);
        assert_non_null(out);
        size_t source = 0, number = 0;
        bool blanked = false;
        while (fgets(line, sizeof line, in) != NULL) {
            number++;
            if (number == 1) {
                for (const char *at = line; strncmp(at, "source\t", 7) != 0; at = strchr(at, '\t') + 1) {
                    source++;
                }
            } else if (line[0] != '#' && !blanked) {
                char *at = line;
                for (size_t i = 0; i < source; i++) {
                    at = strchr(at, '\t') + 1;
                }
                char *end = strchr(at, '\t');
                memmove(at, end, strlen(end) + 1);
                blanked = true;
            }
            (void)fputs(line, out);
        }
        (void)fclose(in);
        (void)fclose(out);
        assert_true(blanked);
        qn_advice_options options = QN_ADVICE_OPTIONS_INIT;
        options.folder = folder;
        qn_advice *advice = NULL;
        assert_fails(qn_advice_open(&options, &advice), QN_ERR_PARSE, "source");
        assert_non_null(strstr(qn_last_error()->message, ".tsv:"));
        assert_null(advice);
        (void)unlink(to);
        (void)rmdir(folder);
    }
}

/* Every result says what loading costs, and no reason names a gain without a crossover beside it. */
static void loading_is_always_said(void **state)
{
    static const char *const lines[] = {"linear N=1024 kappa=10",
                                        "linear N=1024",
                                        "search N=2^20",
                                        "search",
                                        "optimize n=40",
                                        "montecarlo",
                                        "chemistry preset=femoco",
                                        "chemistry",
                                        "matmul N=100",
                                        "attention seq=1000",
                                        "train params=1e6",
                                        "sampling qubits=20",
                                        "shor"};
    qn_advise_options options = quick_options();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        qn_advise_result result;
        assert_ok(weigh_words(*state, &options, lines[i], &result));
        assert_true(result.loading[0] != '\0');
        assert_true(result.nreasons >= 1);
        for (size_t r = 0; r < result.nreasons; r++) {
            assert_null(strstr(result.reasons[r], "times faster"));
            assert_int_equal(result.reasons[r][strlen(result.reasons[r]) - 1], '.');
        }
        qn_advise_result_clear(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_data_never_gains),
        cmocka_unit_test(stored_search_never_gains),
        cmocka_unit_test(quadratic_misses_two_weeks),
        cmocka_unit_test(femoco_is_not_near),
        cmocka_unit_test(large_training_has_no_algorithm),
        cmocka_unit_test(worse_never_improves),
        cmocka_unit_test(worse_never_improves_near_the_crossing),
        cmocka_unit_test(more_data_never_improves),
        cmocka_unit_test(facts_without_sources_are_refused),
        cmocka_unit_test(loading_is_always_said),
    };
    return cmocka_run_group_tests(tests, open_advice, close_advice);
}
