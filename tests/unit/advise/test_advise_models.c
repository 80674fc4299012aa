/* test_advise_models.c: lookups, solvers, pace, crossovers and words of numbers against published values and by hand.
 */
#include <qn_test.h>

#include "advise/era.h"
#include "advise/lines.h"
#include "advise/loading.h"
#include "advise/pace.h"
#include "advise/qlsa.h"
#include "advise/quantity.h"
#include "advise/sample.h"

static void near_count(qn__count ours, qn__count published, double relative)
{
    assert_near((double)(ours / published), 1.0, relative);
}

/* Qualtran's tests of SELECT-SWAP: 2^20 rows of 32 bits; of two blocks with as many Toffolis the smaller is taken. */
static void lookups_published(void **state)
{
    (void)state;
    const qn__lookup best = qn__qroam_clean(0x1p20L, 32, 0), wide = qn__qroam_clean(0x1p20L, 32, 256),
                     undo = qn__qroam_unload(0x1p20L, 0);
    assert_true(best.block == 128 && best.toffoli == 12254 && best.qubits == 4128);
    assert_true(wide.toffoli == 12254 && wide.qubits == 8223);
    assert_true(undo.block == 1024 && undo.toffoli == 2044);
    assert_true(qn__qrom(1000).toffoli == 998 && qn__qrom(1000).qubits == 10);
    assert_true(qn__qrom(1).toffoli == 0 && qn__qrom(2).toffoli == 0);
    assert_true(qn__bucket_brigade(1024, 8).toffoli == 4 * 1023 && qn__bucket_brigade(1024, 8).qubits == 2048 + 10 + 8);
}

/* The chosen block is the best of all powers of two. */
static void lookups_are_optimal(void **state)
{
    (void)state;
    for (int n = 0; n <= 40; n++) {
        for (int bits = 1; bits <= 4096; bits *= 3) {
            const qn__count rows = ldexpl(1.0L, n) + (n > 3 ? 3 : 0);
            qn__count clean = qn__qroam_clean(rows, bits, 1).toffoli, undo = qn__qroam_unload(rows, 1).toffoli,
                      dirty = qn__qroam_dirty(rows, bits, 1).toffoli;
            for (int k = 1; ldexpl(1.0L, k) <= rows; k++) {
                clean = fminl(clean, qn__qroam_clean(rows, bits, ldexpl(1.0L, k)).toffoli);
                undo = fminl(undo, qn__qroam_unload(rows, ldexpl(1.0L, k)).toffoli);
                dirty = fminl(dirty, qn__qroam_dirty(rows, bits, ldexpl(1.0L, k)).toffoli);
            }
            assert_true(qn__qroam_clean(rows, bits, 0).toffoli == clean);
            assert_true(qn__qroam_unload(rows, 0).toffoli == undo);
            assert_true(qn__qroam_dirty(rows, bits, 0).toffoli == dirty);
        }
    }
}

/* A. M. Dalzell et al., arXiv:2211.12489: 1,024 unknowns, kappa 100, dense: 8.7e16 T gates. */
static void dense_solver_published(void **state)
{
    (void)state;
    const qn__dense_solver s = qn__qlsa_dense(1024, 100 * 32, 0.01L, 0.01L, 2000);
    near_count(s.t, 8.7e16L, 0.01);
    assert_true(s.walk == 12800000 && s.filter == 2 * ceill(3200 * logl(1000)) && s.attempts == 7);
    assert_true(s.qubits == 4 * 1024 * 1024 - 2 * 1024 + 20 + 4);
    assert_true(s.loading_t < s.t && s.loading_t > 0.99L * s.t);
    /* By hand for the smallest: L = 2, eG = 1/4: T_BE = (12*2+56)*4 - 24*2 - 24 - 32 - 32 = 184. */
    assert_true(qn__dense_block_encoding(2, 0.25L, 0.25L).t == 184 &&
                qn__dense_block_encoding(2, 0.25L, 0.25L).controlled_t == 200);
    assert_true(qn__dense_block_encoding(2, 0.25L, 0.25L).preparation_t == 64 * 2 - 24 - 16 - 40);
}

static void solver_calls(void **state)
{
    (void)state;
    near_count(qn__qlsa_known_norm(800, 1e-3L), 6.36e3L, 1e-3);
    near_count(qn__qlsa_dalzell(800, 1e-3L, 56, 1.05L), 5.06e4L, 1e-3);
    near_count(qn__qlsa_hhl(10, 0.1L, 1), 1000, 1e-12);
    assert_true(qn__gradient_iterations(0x1p20L, 100, 1e-3L, 1) == 39); /* 0.5 * 10 * ln 2000 = 38.0… */
    assert_true(qn__gradient_iterations(4, 1e6L, 1e-3L, 1) == 4);       /* exact after N steps */
    near_count(qn__tomography_copies(16, 0.1L, 0.01L, 57.5L), 57.5L * 16 * logl(9600) / (0.01L * (1 - 0.0025L)), 1e-12);
}

/* One factory of distances (15, 31) makes a CCZ in 170.5 us: the Toffoli of R. Babbush et al. 2021. */
static void pace_published(void **state)
{
    (void)state;
    const qn__pace pace = {1e-3, 0.01, 1e-6, 1, 1e-5, 0.01, 0};
    /* FeMoco (Lee et al. 2021): four factories (19, 31) by Qualtran's rule 18.6 kHz; 70.9 h by model B's grid. */
    qn__pace four = pace;
    four.factories = 4;
    const qn__paced femoco = qn__pace_run(&four, 2142, 5.3e9L, 0, 5.3e9L);
    assert_near((double)(1 / femoco.toffoli_s), 18.6e3, 3e3);
    assert_near((double)femoco.seconds / 3600, 70.9, 0.2 * 70.9);
    assert_int_equal(femoco.bound, QN__PACE_FACTORY);
    /* Serial gates wait for measurements when factories abound. */
    qn__pace many = pace;
    many.factories = 1e4;
    const qn__paced serial = qn__pace_run(&many, 100, 1e6L, 0, 1e6L);
    assert_true(serial.bound != QN__PACE_FACTORY && serial.seconds >= 10);
    qn__pace quoted = pace;
    quoted.toffoli_s = 40e-6;
    near_count(qn__pace_run(&quoted, 100, 1e6L, 0, 0).seconds, 40, 1e-9);
}

static void pace_is_monotone(void **state)
{
    (void)state;
    qn__count before = 0;
    for (double error = 1e-5; error < 9e-3; error *= 1.3) {
        const qn__pace pace = {error, 0.01, 1e-6, 4, 1e-5, 0.01, 0};
        const qn__count now = qn__pace_run(&pace, 1000, 1e9L, 1e8L, 1e9L).seconds;
        assert_true(now >= before);
        before = now;
    }
    before = 0;
    for (qn__count gates = 1; gates < 1e4000L; gates *= 1e37L) {
        const qn__pace pace = {1e-3, 0.01, 1e-6, 4, 1e-5, 0.01, 0};
        const qn__paced now = qn__pace_run(&pace, 1000, gates, 0, gates);
        assert_true(isfinite(now.seconds) && now.seconds > before && isfinite(now.distance));
        before = now.seconds;
    }
}

/* Levels of distillation grow with what the states must reach; they cost qubits and no time. At p = 1e-3 two levels
 * give T states of 35e-9 each at best, so that 28 of their squares are 3.4e-14. */
static void pace_adds_levels(void **state)
{
    (void)state;
    const qn__pace pace = {1e-3, 0.01, 1e-6, 4, 1e-5, 0.01, 0};
    assert_int_equal(qn__pace_run(&pace, 1000, 0.9L * 0.01L / 6 / 3.43e-14L, 0, 1).levels, 2);
    assert_int_equal(qn__pace_run(&pace, 1000, 1.1L * 0.01L / 6 / 3.43e-14L, 0, 1).levels, 3);
    const qn__paced low = qn__pace_run(&pace, 1000, 4e10L, 0, 1), high = qn__pace_run(&pace, 1000, 5e10L, 0, 1);
    assert_true(low.levels == 2 && high.levels == 3 && low.level1 == high.level1 && low.toffoli_s == high.toffoli_s);
    /* By hand: CCZ states of 3.3e-14 need T states of 3.4e-8, distance 19; those need T states of 1e-3, distance 11,
     * and ceil(15 (2 x 11 + 1) / (2 x 19 + 1)) = 9 feeders each. */
    const qn__count data = (2000 + sqrtl(8000) + 1) * (qn__count)(2 * high.distance * high.distance);
    assert_true(high.level1 == 19 && high.level2 == 31);
    near_count(high.physical_qubits - data, 4 * 64 * (6 * 361.0L + 961 + 6 * 9 * 121), 1e-9);
    unsigned levels = 2;
    for (qn__count gates = 1; gates < 1e4000L; gates *= 1e9L) {
        const qn__paced now = qn__pace_run(&pace, 1000, gates, 0, gates);
        assert_true(now.levels >= levels && isfinite(now.physical_qubits));
        levels = now.levels;
    }
    assert_in_range(levels, 8, 12); /* ln 1e4000 = 9210 is halved, then a third of it a level */
}

/* R. Babbush et al., arXiv:2011.04149, and T. Hoefler et al., arXiv:2307.00523, table 2. */
static void closed_forms_published(void **state)
{
    (void)state;
    const qn__crossing quadratic = qn__crossing_closed(0.017L, 33e-9L, 2);
    near_count(quadratic.size, 5.2e5L, 0.02);
    near_count(quadratic.seconds, 2.4L * 3600, 0.02);
    near_count(qn__crossing_closed(0.44L, 7e-9L, 2).seconds, 320 * 86400.0L, 0.03);
    near_count(qn__crossing_closed(0.44L, 7e-9L, 3).seconds, 58 * 60, 0.03);
    near_count(qn__most_operations(1e6L, 1 / 2.3e6L, 1 / 77.4e15L, 2), 68, 0.02);
    near_count(qn__most_operations(1e6L, 1 / 2.3e6L, 1 / 77.4e15L, 4), 712e6L, 0.02);
    assert_false(qn__crossing_closed(1, 1, 1).exists);
    assert_false(qn__crossing_closed(0, 1, 2).exists);
}

static void quantities(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool seconds;
        double value;
    } good[] = {{"2^20", false, 1048576}, {"1e6", false, 1e6},     {"25k", false, 25e3},   {"5%", false, 0.05},
                {"1/4", false, 0.25},     {"0.1", false, 0.1},     {"-3", false, -3},      {".5", false, 0.5},
                {"3*2^4", false, 48},     {"2.5M", false, 2.5e6},  {"10^-3", false, 1e-3}, {"10ns", true, 1e-8},
                {"14d", true, 1209600},   {"2.5us", true, 2.5e-6}, {"3", true, 3},         {"1h", true, 3600},
                {"2min", true, 120},      {"1e-3s", true, 1e-3}};
    static const char *const bad[] = {"",    "abc",   "1x",   "1e",  "e5",  "2^",    "10ms", "k",
                                      "--1", "1 000", "0x10", "nan", "inf", "1e5.5", "5%%"};
    qn__count value = 0;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(qn__quantity_read(good[i].text, good[i].seconds, &value));
        assert_near((double)value, good[i].value, 1e-15 * fabs(good[i].value));
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(qn__quantity_read(bad[i], false, &value));
    }
    assert_false(qn__quantity_read("5%", true, &value));
    assert_true(qn__quantity_read("2^5000", false, &value) && isfinite(value) && value > 1e1500L);
}

static void words(void **state)
{
    (void)state;
    qn__say say;
    assert_string_equal(qn__say_count(&say, 12254), "12254");
    assert_string_equal(qn__say_count(&say, 9.999e9L), "1e+10");
    assert_string_equal(qn__say_count(&say, 1.5e600L), "1.5e+600");
    assert_string_equal(qn__say_seconds(&say, 3.1557600e300L * 1e100L), "1e+393 years");
    assert_string_equal(qn__say_order(&say, 3e7L), "about 10^7");
    assert_string_equal(qn__say_count(&say, (qn__count)NAN), "unknown");
    qn__lines lines = {0};
    qn__lines_add(NULL, "nobody %d", 1);
    qn__lines_add(&lines, "%s", "one");
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.items[0], "one");
    qn__lines_clear(&lines);
}

static void spreads(void **state)
{
    (void)state;
    const qn__spread spread = {{logl(1), logl(10), logl(1000)}};
    near_count(qn__spread_at(&spread, 0), 1, 1e-12);
    near_count(qn__spread_at(&spread, 0.25), sqrtl(10), 1e-12);
    near_count(qn__spread_at(&spread, 0.5), 10, 1e-12);
    near_count(qn__spread_at(&spread, 0.75), 100, 1e-12);
    near_count(qn__spread_at(&spread, 1), 1000, 1e-12);
    static const double slip[3] = {0, 2, 5};
    assert_near(qn__by_year(2028, 2027, slip), 0, 0);
    assert_near(qn__by_year(2028, 2029, slip), 0.25, 1e-12);
    assert_near(qn__by_year(2028, 2030, slip), 0.5, 1e-12);
    assert_near(qn__by_year(2028, 2033, slip), 1, 1e-12);
    static const double exact[3] = {0, 0, 0};
    assert_near(qn__by_year(2028, 2028, exact), 1, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lookups_published),
        cmocka_unit_test(lookups_are_optimal),
        cmocka_unit_test(dense_solver_published),
        cmocka_unit_test(solver_calls),
        cmocka_unit_test(pace_published),
        cmocka_unit_test(pace_is_monotone),
        cmocka_unit_test(pace_adds_levels),
        cmocka_unit_test(closed_forms_published),
        cmocka_unit_test(quantities),
        cmocka_unit_test(words),
        cmocka_unit_test(spreads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
