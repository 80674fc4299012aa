/* test_estimate_properties.c: over random jobs: what must hold of any price, and that harder jobs never cost less. */
#include <qn_random.h>
#include <qn_test.h>

#include <quern/estimate.h>

enum { JOBS = 300 };

static const char *const platforms[] = {"ns_e3",  "ns_e4", "us_e3", "us_e4",          "maj_e4",
                                        "maj_e6", "ion",   "atom",  "superconducting"};

static double whole_power(qn_random *r, double low, double high)
{
    return floor(pow(10, qn_random_between(r, low, high)));
}

static qn_logical_counts random_counts(qn_random *r)
{
    qn_logical_counts c = QN_LOGICAL_COUNTS_INIT;
    c.qubits = whole_power(r, 0.3, 4);
    c.t = qn_random_below(r, 3) == 0 ? 0 : whole_power(r, 0, 11);
    c.ccz = qn_random_below(r, 3) == 0 ? 0 : whole_power(r, 0, 11);
    c.rotations = qn_random_below(r, 2) == 0 ? 0 : whole_power(r, 0, 8);
    c.rotation_depth = c.rotations > 0 ? 1 + floor(c.rotations * qn_random_between(r, 0, 0.99)) : 0;
    c.measurements = whole_power(r, 0, 9);
    return c;
}

static qn_estimate_options random_options(qn_random *r, bool model_b)
{
    qn_estimate_options o = QN_ESTIMATE_OPTIONS_INIT;
    o.model = model_b ? QN_ESTIMATE_B : QN_ESTIMATE_A;
    do {
        o.platform = platforms[qn_random_below(r, sizeof platforms / sizeof platforms[0])];
    } while (model_b && strncmp(o.platform, "maj", 3) == 0);
    o.budget = pow(10, qn_random_between(r, -5, -0.5));
    o.factories = qn_random_below(r, 2) == 0 ? 0 : 1 + qn_random_below(r, 40);
    o.objective = (qn_estimate_objective)qn_random_below(r, 3);
    o.data_block = (qn_data_block)qn_random_below(r, 4);
    return o;
}

/* QN_OK, or a refusal that says it is out of range. */
static bool priced(const qn_advice *advice, const qn_logical_counts *c, const qn_estimate_options *o,
                   qn_estimate_result *out)
{
    const qn_status status = qn_estimate_run(advice, c, o, out);
    if (status != QN_OK && status != QN_ERR_RANGE) {
        print_error("%s\n", qn_last_error()->message);
    }
    assert_true(status == QN_OK || status == QN_ERR_RANGE);
    return status == QN_OK;
}

static void every_price_is_sound(void **state)
{
    qn_random r = {qn_test_seed()};
    unsigned done = 0;
    for (unsigned job = 0; job < JOBS * qn_test_scale(); job++) {
        const bool model_b = job % 2 == 1;
        const qn_logical_counts c = random_counts(&r);
        const qn_estimate_options o = random_options(&r, model_b);
        qn_estimate_result e;
        if (!priced(*state, &c, &o, &e)) {
            continue;
        }
        done++;
        assert_true(e.physical_qubits > 0 && isfinite(e.physical_qubits) && e.runtime_s > 0 && isfinite(e.runtime_s));
        assert_near(e.physical_qubits_data + e.physical_qubits_factories, e.physical_qubits, 1e-9 * e.physical_qubits);
        assert_near(e.factory.copies * e.factory.physical_qubits, e.physical_qubits_factories,
                    1e-9 * e.physical_qubits);
        assert_true(e.failure_probability <= o.budget * (1 + 1e-9));
        assert_true(e.code_distance % 2 == 1);
        assert_true(e.logical_qubits >= c.qubits);
        assert_true(e.factory_bound_s <= e.runtime_s * (1 + 1e-9));
        assert_true(o.factories == 0 || e.factory.copies <= o.factories);
        assert_near(e.runtime_s, e.runtime_ns * 1e-9, 1e-12 * e.runtime_s);
    }
    assert_true(done > JOBS / 2);
}

static double volume(const qn_estimate_result *e)
{
    return e->physical_qubits * e->runtime_s;
}

/* The price of a harder job: worse errors, more of everything, a tighter budget. Distances grow in steps of 2, and
 * model A chooses its factory by the factory's volume alone, so the whole may dip: to a half in one of a thousand small
 * programs. It must not fall further. */
static void harder_is_not_cheaper(void **state)
{
    qn_random r = {qn_test_seed() + 1};
    unsigned compared = 0;
    for (unsigned job = 0; job < JOBS * qn_test_scale(); job++) {
        const bool model_b = job % 2 == 1;
        qn_logical_counts c = random_counts(&r);
        qn_estimate_options o = random_options(&r, model_b);
        o.factories = model_b ? 1 + qn_random_below(&r, 10) : 0;
        o.objective = QN_ESTIMATE_LEAST_VOLUME;
        o.error = 3e-4;
        o.platform = "ns_e3";
        qn_estimate_result easy, hard;
        if (!priced(*state, &c, &o, &easy)) {
            continue;
        }
        switch (qn_random_below(&r, 5)) {
        case 0:
            o.error *= qn_random_between(&r, 1, 10);
            break;
        case 1:
            c.ccz = floor(c.ccz * qn_random_between(&r, 1, 50)) + 1;
            break;
        case 2:
            c.qubits = floor(c.qubits * qn_random_between(&r, 1, 50)) + 1;
            break;
        case 3:
            c.t = floor(c.t * qn_random_between(&r, 1, 50)) + 1;
            break;
        default:
            o.budget /= qn_random_between(&r, 1, 1000);
            break;
        }
        if (!priced(*state, &c, &o, &hard)) {
            continue; /* beyond every distance: dearer than any price */
        }
        compared++;
        const double slack = model_b ? 1e-12 : 0.6;
        if (volume(&hard) < volume(&easy) * (1 - slack)) {
            print_error("job %u: volume %g fell to %g\n", job, volume(&easy), volume(&hard));
        }
        assert_true(volume(&hard) >= volume(&easy) * (1 - slack));
        assert_true(model_b || hard.code_distance >= easy.code_distance);
    }
    assert_true(compared > JOBS / 2);
}

/* More factories never slow a run, more time never needs more qubits. */
static void trades(void **state)
{
    const qn_logical_counts c = {(uint32_t)sizeof c, 300, 1e6, 0, 0, 1e8, 0, 0};
    qn_estimate_options o = QN_ESTIMATE_OPTIONS_INIT;
    for (int model = 0; model < 2; model++) {
        double before = (double)INFINITY;
        o.model = model == 0 ? QN_ESTIMATE_A : QN_ESTIMATE_B;
        o.objective = QN_ESTIMATE_LEAST_TIME;
        o.max_duration_s = 0;
        for (o.factories = 1; o.factories <= 64; o.factories *= 2) {
            qn_estimate_result e;
            assert_ok(qn_estimate_run(*state, &c, &o, &e));
            assert_true(e.runtime_s <= before);
            before = e.runtime_s;
        }
        o.factories = 0;
        o.objective = QN_ESTIMATE_LEAST_QUBITS;
        double qubits = (double)INFINITY;
        for (o.max_duration_s = 5e2; o.max_duration_s < 1e6; o.max_duration_s *= 2) {
            qn_estimate_result e;
            if (qn_estimate_run(*state, &c, &o, &e) == QN_OK) {
                assert_true(e.physical_qubits <= qubits);
                qubits = e.physical_qubits;
            }
        }
        assert_true(isfinite(qubits));
    }
}

static int open_tables(void **state)
{
    qn_advice *advice = NULL;
    assert_ok(qn_advice_open(NULL, &advice));
    *state = advice;
    return 0;
}

static int close_tables(void **state)
{
    qn_advice_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_price_is_sound),
        cmocka_unit_test(harder_is_not_cheaper),
        cmocka_unit_test(trades),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
