/* test_mean.c: means, their circuits, and the sampling rivals. */
#include <qn_random.h>

#include <quern/amplitude_estimation.h>

static qn_context *context;

static int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : -1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

/* S = 2, sigma = .4, r = .05, T = 40/365, K = 1.896 on 8 prices within three deviations: the well-known example of
 * Stamatopoulos et al., arXiv:1905.02666, gives .1623. */
static const qn_call_option known = {2.0, 1.896, 0.05, 0.4, 40.0 / 365};

static void option_of_the_paper(void **state)
{
    (void)state;
    qn_mean *mean = NULL;
    assert_ok(qn_mean_of_option(&known, 3, 3, &mean));
    assert_near(mean->exact, .1623, 5e-5);
    qn_mean_free(mean);
    mean = NULL;
    assert_ok(qn_mean_of_option(&known, 16, 8, &mean)); /* a fine grid is Black and Scholes */
    assert_near(mean->exact, mean->truth, 1e-6);
    qn_mean_free(mean);
}

static void circuit_carries_the_mean(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 10 * qn_test_scale(); round++) {
        double values[40];
        const size_t count = 1 + qn_random_below(&r, 40);
        for (size_t i = 0; i < count; i++) {
            values[i] = qn_random_between(&r, -3, 5);
        }
        qn_mean *mean = NULL;
        qn_circuit *a = NULL;
        qn_amplitude *amplitude = NULL;
        uint32_t good = 0;
        double p = 0, sum = 0;
        assert_ok(round % 2 == 0 ? qn_mean_of_table(values, count, &mean) : qn_mean_of_option(&known, 4, 3, &mean));
        for (size_t i = 0; i < count; i++) {
            sum += values[i] / (double)count;
        }
        if (round % 2 == 0) {
            assert_near(mean->exact, sum, 1e-13);
        }
        assert_ok(qn_mean_circuit(mean, &good, &a));
        assert_ok(qn_amplitude_of_circuit(context, a, good, &amplitude));
        assert_ok(qn_amplitude_probability(amplitude, 0, &p));
        assert_near(p, qn_mean_amplitude(mean), 1e-12);
        qn_amplitude_free(amplitude);
        qn_circuit_free(a);
        qn_mean_free(mean);
    }
}

static void formulas_are_averaged(void **state)
{
    (void)state;
    static const char *const names[] = {"x", "y"};
    qn_formula *formula = NULL;
    qn_mean *mean = NULL;
    assert_ok(qn_formula_parse("f", "x * x + 2 * y", names, 2, &formula));
    assert_ok(qn_mean_of_formula(formula, 2, 16, &mean));
    /* midpoints of m cells miss the mean of x^2 by 1/(12 m^2) */
    assert_near(mean->exact, 1.0 / 3 - 1.0 / 12 / 65536 + 1, 1e-12);
    qn_mean_free(mean);
    mean = NULL;
    assert_fails(qn_mean_of_formula(formula, 2, 15, &mean), QN_ERR_RANGE, "multiple");
    qn_formula_free(formula);
    formula = NULL;
    assert_ok(qn_formula_parse("f", "log(x - 0.5)", names, 1, &formula));
    assert_fails(qn_mean_of_formula(formula, 1, 4, &mean), QN_ERR_NAN, "not finite");
    qn_formula_free(formula);
    assert_null(mean);
}

/* Errors of both rivals shrink at their own rates: by 4 and by much more when samples grow 16 times. */
static double spread(const qn_sampled *what, qn_mean_rule rule, uint64_t samples, double truth)
{
    double sum = 0;
    for (uint64_t k = 0; k < 64; k++) {
        double mean = 0, seconds = 0;
        assert_ok(qn_mean_sample(what, rule, samples, 7, k, &mean, &seconds));
        sum += (mean - truth) * (mean - truth);
    }
    return sqrt(sum / 64);
}

static void rivals_converge(void **state)
{
    (void)state;
    const qn_sampled option = {.option = &known};
    qn_mean *mean = NULL;
    assert_ok(qn_mean_of_option(&known, 4, 3, &mean));
    const double truth = mean->truth;
    const double plain[2] = {spread(&option, QN_MEAN_RANDOM, 256, truth), spread(&option, QN_MEAN_RANDOM, 4096, truth)};
    const double sobol[2] = {spread(&option, QN_MEAN_SOBOL, 256, truth), spread(&option, QN_MEAN_SOBOL, 4096, truth)};
    assert_near(plain[0] / plain[1], 4, 1.3);
    assert_true(sobol[0] / sobol[1] > 10); /* nearly 1/N, where plain sampling has 1/sqrt(N) */
    assert_true(sobol[1] < plain[1] / 8);
    qn_mean_free(mean);
    static const char *const names[] = {"a", "b", "c"};
    qn_formula *formula = NULL;
    assert_ok(qn_formula_parse("f", "a * b * c", names, 3, &formula));
    const qn_sampled product = {.formula = formula, .dimensions = 3};
    assert_true(spread(&product, QN_MEAN_SOBOL, 4096, .125) < spread(&product, QN_MEAN_RANDOM, 4096, .125) / 8);
    qn_formula_free(formula);
    double x = 0;
    const qn_sampled nothing = {0};
    assert_fails(qn_mean_sample(&nothing, QN_MEAN_RANDOM, 1, 1, 1, &x, &x), QN_ERR_ARGUMENT, "one of");
}

static void bill_is_filled(void **state)
{
    (void)state;
    for (uint32_t bits = 4; bits <= 12; bits += 8) { /* counted, then by formula */
        qn_mean *mean = NULL;
        qn_amplitude *amplitude = NULL;
        qn_estimation e;
        const qn_estimation_options options = QN_ESTIMATION_OPTIONS_INIT;
        qn_ledger ledger;
        assert_ok(qn_mean_of_option(&known, bits, 3, &mean));
        assert_ok(qn_amplitude_of_number(qn_mean_amplitude(mean), &amplitude));
        assert_ok(qn_amplitude_estimate(amplitude, &options, &e));
        qn_ledger_init(&ledger);
        assert_ok(qn_estimation_ledger(mean, &e, &options, &ledger));
        assert_string_equal(ledger.workload, "montecarlo");
        assert_true(ledger.t_count.value > 0 && ledger.rotations.value > 0 && ledger.shots_total.value >= 100);
        assert_true(ledger.answer_error.value < 3 * .01 * (mean->high - mean->low));
        qn_amplitude_free(amplitude);
        qn_mean_free(mean);
    }
}

static void wrong_inputs_are_refused(void **state)
{
    (void)state;
    qn_mean *mean = NULL;
    qn_call_option option = known;
    const double bad[2] = {1, (double)INFINITY};
    option.volatility = 0;
    assert_fails(qn_mean_of_option(&option, 3, 3, &mean), QN_ERR_RANGE, "volatility 0");
    assert_fails(qn_mean_of_option(&known, 30, 3, &mean), QN_ERR_RANGE, "2^30");
    assert_fails(qn_mean_of_table(bad, 2, &mean), QN_ERR_NAN, "value 1");
    assert_fails(qn_mean_of_table(bad, 0, &mean), QN_ERR_TOO_LARGE, "0 values");
    assert_null(mean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(option_of_the_paper),   cmocka_unit_test(circuit_carries_the_mean),
        cmocka_unit_test(formulas_are_averaged), cmocka_unit_test(rivals_converge),
        cmocka_unit_test(bill_is_filled),        cmocka_unit_test(wrong_inputs_are_refused),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
