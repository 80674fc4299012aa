/* test_t_factory.c: the pruned search against one that computes every combination, and the case without distillation.
 */
#include <qn_test.h>

#include "advise/t_factory.h"
#include "base/alloc.h"
#include "math/binomial_tail.h"

typedef struct point {
    double qubits, time;
} point;

typedef struct plain {
    const qn__patch *patch;
    const qn__unit *units;
    size_t nunits;
    double target;
    unsigned rounds, max_distance;
    const qn__unit *unit[4];
    unsigned distance[4];
    point points[200000];
    size_t count;
} plain;

static double clifford(const plain *s, unsigned r)
{
    return r == 0 && s->distance[0] == 1 ? s->patch->error : qn__patch_error(s->patch, s->distance[r]);
}

/* Straight from the definition in the paper: errors forwards, units backwards. */
static void price(plain *s)
{
    double error[5] = {s->patch->error_t}, failure[4], needed = 1, qubits = 0, time = 0;
    for (unsigned r = 0; r < s->rounds; r++) {
        const double c = clifford(s, r), z = error[r];
        failure[r] = 15 * z + 356 * c;
        error[r + 1] = 35 * z * z * z + 7.1 * c;
        if (c > 0.1 * s->patch->error_t || error[r + 1] > z || failure[r] >= 1) {
            return;
        }
    }
    if (error[s->rounds] > s->target) {
        return;
    }
    for (unsigned r = s->rounds; r-- > 0;) {
        double units = needed; /* one by one */
        while (qn__binomial_quantile(units, 1 - failure[r], 0.01 / s->rounds) < needed) {
            units++;
        }
        const bool physical = r == 0 && s->distance[0] == 1;
        const double tile = physical ? 1 : qn__patch_qubits(s->patch, s->distance[r]);
        qubits = fmax(qubits, units * tile * (physical ? s->unit[r]->physical_qubits : s->unit[r]->logical_qubits));
        time += physical ? s->unit[r]->physical_cycles * s->patch->t_ns
                         : s->unit[r]->logical_cycles * qn__patch_cycle(s->patch, s->distance[r]);
        needed = 15 * units;
    }
    assert_true(s->count < sizeof s->points / sizeof s->points[0]);
    s->points[s->count++] = (point){qubits, time};
}

static void every(plain *s, unsigned r)
{
    if (r >= s->rounds || r >= 4) {
        price(s);
        return;
    }
    for (size_t u = 0; u < s->nunits; u++) {
        for (unsigned d = r == 0 ? 1 : s->distance[r - 1]; d <= s->max_distance; d += 2) {
            s->unit[r] = &s->units[u];
            s->distance[r] = d;
            every(s, r + 1);
        }
    }
}

static void against_every_combination(const qn_advice *advice, const char *platform, double target)
{
    qn__patch patch;
    qn__unit units[QN__FACTORY_UNITS];
    plain *s = calloc(1, sizeof *s);
    assert_non_null(s);
    assert_ok(qn__patch_read(advice, platform, NULL, 0, 0, &patch));
    assert_ok(qn__units_read(advice, "default", units, &s->nunits));
    s->patch = &patch;
    s->units = units;
    s->target = target;
    s->max_distance = 15;
    for (s->rounds = 1; s->rounds <= 3; s->rounds++) {
        every(s, 0);
    }
    qn__t_factory *all = NULL;
    size_t count = 0;
    assert_ok(qn__t_factories(&patch, units, s->nunits, target, s->max_distance, &all, &count));
    assert_true(count > 0 || s->count == 0);
    for (size_t i = 0; i < count; i++) { /* every one of ours is a real one, and no real one is better */
        bool real = false;
        for (size_t k = 0; k < s->count; k++) {
            real = real || (s->points[k].qubits == all[i].qubits && s->points[k].time == all[i].time_ns);
            assert_false(s->points[k].qubits <= all[i].qubits && s->points[k].time <= all[i].time_ns &&
                         (s->points[k].qubits < all[i].qubits || s->points[k].time < all[i].time_ns));
        }
        assert_true(real);
        assert_true(all[i].error <= target);
        assert_true(i == 0 || (all[i].time_ns > all[i - 1].time_ns && all[i].qubits < all[i - 1].qubits));
    }
    for (size_t k = 0; k < s->count; k++) { /* and every real one is matched by one of ours */
        bool matched = false;
        for (size_t i = 0; i < count; i++) {
            matched = matched || (all[i].qubits <= s->points[k].qubits && all[i].time_ns <= s->points[k].time);
        }
        assert_true(matched);
    }
    qn__free(all);
    free(s);
}

static void pruning_loses_nothing(void **state)
{
    qn_advice *advice = *state;
    against_every_combination(advice, "ns_e3", 1e-9);
    against_every_combination(advice, "ns_e4", 1e-13);
    against_every_combination(advice, "us_e3", 1e-8);
    against_every_combination(advice, "maj_e6", 1e-13);
}

/* T gates better than needed: one tile for one cycle (the estimator's own test: 722 qubits, 7600 ns at d = 19). */
static void no_distillation(void **state)
{
    qn__patch patch;
    qn__unit units[QN__FACTORY_UNITS];
    qn__t_factory *all = NULL;
    size_t nunits = 0, count = 0;
    assert_ok(qn__patch_read(*state, "ns_e3", NULL, 0, 0, &patch));
    assert_ok(qn__units_read(*state, "default", units, &nunits));
    assert_int_equal(nunits, 2);
    assert_ok(qn__t_factories(&patch, units, nunits, 0.1, 19, &all, &count));
    assert_int_equal(count, 1);
    assert_near(all[0].qubits, 722, 0);
    assert_near(all[0].time_ns, 7600, 0);
    assert_int_equal(all[0].rounds, 0);
    qn__free(all);
    all = NULL;
    assert_ok(qn__t_factories(&patch, units, nunits, 1e-30, 19, &all, &count));
    assert_int_equal(count, 0);
    qn__free(all);
    assert_fails(qn__units_read(*state, "nothing", units, &nunits), QN_ERR_NAME, "set \"nothing\"");
}

static void patches(void **state)
{
    qn__patch patch;
    assert_ok(qn__patch_read(*state, "maj_e4", "surface", 0, 0, &patch)); /* the family's member for Majoranas */
    assert_string_equal(patch.code, "surface_majorana");
    assert_near(patch.round_ns, 2000, 0);
    assert_near(qn__patch_error(&patch, 7), 0.08 * pow(1e-4 / 0.0015, 4), 1e-18);
    assert_ok(qn__patch_read(*state, "maj_e6", NULL, 0, 0, &patch));
    assert_near(qn__patch_qubits(&patch, 5), 4 * 25 + 8 * 4, 0);
    assert_near(qn__patch_cycle(&patch, 5), 1500, 0);
    assert_ok(qn__patch_read(*state, "ns_e3", NULL, 2e-3, 1e-6, &patch));
    assert_near(patch.error_t, 2e-3, 0);
    assert_near(patch.round_ns, 1000, 0);
    assert_ok(qn__patch_read(*state, "us_e3", NULL, 2e-3, 0, &patch));
    assert_near(patch.error_t, 1e-6, 0);
    assert_fails(qn__patch_read(*state, "ns_e5", NULL, 0, 0, &patch), QN_ERR_NAME, "did you mean \"ns_e3\"");
    assert_fails(qn__patch_read(*state, "ns_e3", "surfase", 0, 0, &patch), QN_ERR_NAME, "did you mean \"surface\"");
    assert_fails(qn__patch_read(*state, "ns_e3", "floquet", 0, 0, &patch), QN_ERR_ARGUMENT, "needs majorana");
    assert_fails(qn__patch_read(*state, "ns_e3", "gross", 0, 0, &patch), QN_ERR_ARGUMENT, "price of storage");
    assert_fails(qn__patch_read(*state, "ns_e3", NULL, 0.01, 0, &patch), QN_ERR_RANGE, "at or above the threshold");
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
        cmocka_unit_test(pruning_loses_nothing),
        cmocka_unit_test(no_distillation),
        cmocka_unit_test(patches),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
