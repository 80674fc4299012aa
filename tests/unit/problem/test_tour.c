/* test_tour.c: tours against all permutations, against each other, and against TSPLIB's optima. */
#include <qn_random.h>

#include <quern/context.h>
#include <quern/format.h>
#include <quern/instance.h>
#include <quern/optimize.h>

static qn_context *new_context(void)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    qn_context *context = NULL;
    options.threads = 2;
    assert_ok(qn_context_create(&options, &context));
    return context;
}

static void random_distances(qn_random *r, uint32_t n, bool whole, double *d)
{
    for (uint32_t i = 0; i < n; i++) {
        d[i * n + i] = 0;
        for (uint32_t j = 0; j < i; j++) {
            d[i * n + j] = d[j * n + i] = whole ? (double)qn_random_below(r, 30) : qn_random_between(r, 1, 9);
        }
    }
}

/* Shortest over all orders of nodes left..n-1, by recursion. */
static double shortest(const double *d, uint32_t n, uint32_t *order, uint32_t placed, double length)
{
    if (placed == n) {
        return length + d[order[n - 1] * n];
    }
    double best = (double)INFINITY;
    for (uint32_t k = placed; k < n; k++) {
        const uint32_t keep = order[placed];
        order[placed] = order[k];
        order[k] = keep;
        best = fmin(best, shortest(d, n, order, placed + 1, length + d[order[placed - 1] * n + order[placed]]));
        order[k] = order[placed];
        order[placed] = keep;
    }
    return best;
}

static void check_tour(const double *d, const qn_tour_result *result)
{
    bool seen[64] = {false};
    double length = 0;
    assert_int_equal(result->tour[0], 0);
    for (uint32_t k = 0; k < result->nodes; k++) {
        assert_false(seen[result->tour[k]]);
        seen[result->tour[k]] = true;
        length += d[result->tour[k] * result->nodes + result->tour[(k + 1) % result->nodes]];
    }
    assert_near(result->length, length, 1e-9);
}

static void test_small(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed()};
    qn_context *context = new_context();
    for (uint32_t n = 2; n <= 8; n++) {
        for (unsigned round = 0; round < 6 * qn_test_scale(); round++) {
            double d[64];
            uint32_t order[8] = {0, 1, 2, 3, 4, 5, 6, 7};
            random_distances(&r, n, round % 2 == 0, d);
            const double optimum = shortest(d, n, order, 1, 0);
            for (int s = 0; s < QN_TOUR_COUNT_; s++) {
                qn_tour_result *result = NULL;
                assert_ok(qn_optimize_tour(context, n, d, (qn_tour_solver)s, NULL, &result));
                check_tour(d, result);
                assert_true(result->optimal || s == QN_TOUR_TWO_OPT);
                assert_near(result->length, optimum, 1e-9);
                qn_tour_result_free(result);
            }
        }
    }
    qn_context_free(context);
}

/* Beyond permutations: the two exact methods agree, also where distances are not whole. */
static void test_exact_methods(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 1};
    qn_context *context = new_context();
    for (unsigned round = 0; round < 6 * qn_test_scale(); round++) {
        enum { NODES = 14 };
        double d[NODES * NODES];
        qn_tour_result *table = NULL, *tree = NULL;
        random_distances(&r, NODES, round % 2 == 0, d);
        assert_ok(qn_optimize_tour(context, NODES, d, QN_TOUR_HELD_KARP, NULL, &table));
        assert_ok(qn_optimize_tour(context, NODES, d, QN_TOUR_BRANCH, NULL, &tree));
        check_tour(d, table);
        check_tour(d, tree);
        assert_true(tree->optimal);
        assert_near(table->length, tree->length, 1e-6);
        qn_tour_result_free(table);
        qn_tour_result_free(tree);
    }
    qn_context_free(context);
}

/* Optimal lengths of TSPLIB 95 (comopt.ifi.uni-heidelberg.de/software/TSPLIB95/STSP.html): burma14 3323, gr17 2085. */
static void test_tsplib(void **unused)
{
    (void)unused;
    static const struct {
        const char *file;
        double optimum;
    } cases[] = {{"burma14", 3323}, {"gr17", 2085}};
    qn_context *context = new_context();
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char path[512];
        char *text = NULL;
        size_t length = 0;
        (void)snprintf(path, sizeof path, "%s/../shared/data/tsplib/%s.tsp", QN_SOURCE_DIR, cases[k].file);
        if (qn_file_read(path, 0, &text, &length) != QN_OK) {
            print_message("no %s: left out\n", path);
            continue;
        }
        qn_instance *instance = NULL;
        assert_ok(qn_instance_parse(text, length, path, QN_INSTANCE_DETECT, &instance));
        assert_int_equal(instance->format, QN_INSTANCE_TSPLIB);
        assert_string_equal(instance->name, cases[k].file);
        for (int s = 0; s < QN_TOUR_COUNT_; s++) {
            qn_tour_result *result = NULL;
            assert_ok(qn_optimize_tour(context, instance->places->nodes, instance->places->distance, (qn_tour_solver)s,
                                       NULL, &result));
            assert_near(result->length, cases[k].optimum, 0);
            qn_tour_result_free(result);
        }
        qn_instance_free(instance);
        qn_text_free(text);
    }
    qn_context_free(context);
}

static void test_threads_and_errors(void **unused)
{
    (void)unused;
    enum { NODES = 40 };
    qn_random r = {qn_test_seed() + 2};
    static double d[NODES * NODES];
    random_distances(&r, NODES, false, d);
    qn_tour_result *result[2] = {NULL, NULL};
    for (uint32_t t = 0; t < 2; t++) {
        qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
        qn_context *context = NULL;
        options.threads = 1 + 3 * t;
        assert_ok(qn_context_create(&options, &context));
        assert_ok(qn_optimize_tour(context, NODES, d, QN_TOUR_TWO_OPT, NULL, &result[t]));
        qn_context_free(context);
    }
    assert_memory_equal(result[0]->tour, result[1]->tour, NODES * sizeof(uint32_t));
    qn_tour_result_free(result[0]);
    qn_tour_result_free(result[1]);
    qn_context *context = new_context();
    qn_tour_result *none = NULL;
    assert_fails(qn_optimize_tour(context, NODES, d, QN_TOUR_HELD_KARP, NULL, &none), QN_ERR_TOO_LARGE, "40 nodes");
    d[3] += 1;
    assert_fails(qn_optimize_tour(context, NODES, d, QN_TOUR_TWO_OPT, NULL, &none), QN_ERR_ARGUMENT, "symmetric");
    d[3 * NODES] = (double)NAN;
    assert_fails(qn_optimize_tour(context, NODES, d, QN_TOUR_TWO_OPT, NULL, &none), QN_ERR_NAN, "nan");
    assert_null(none);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_small), cmocka_unit_test(test_exact_methods),
                                       cmocka_unit_test(test_tsplib), cmocka_unit_test(test_threads_and_errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
