/* test_nas_search.c: every method of search: budget, repeatability, what it must find, failing memory. */
#include <fail_each.h>
#include <nas_support.h>

#include <quern/format.h>

enum { METHODS = QN_NAS_METHOD_COUNT_ };

static double smooth(const uint32_t *l, const void *user)
{
    (void)user;
    double sum = 0;
    for (int a = 0; a < 5; a++) {
        sum += ((double)l[a] - a * 0.9) * ((double)l[a] - a * 0.9);
    }
    return sum;
}

/* A planted function of single levels and pairs. */
static double planted(const uint32_t *l, const void *user)
{
    return qn_surrogate_value(user, l);
}

static void test_budget(void **unused)
{
    (void)unused;
    qn_instance *instance = tabulate(3, 4, 1, smooth, NULL), *sparse = tabulate(3, 4, 3, smooth, NULL);
    qn_context *context = context_of(2);
    for (int m = 0; m < METHODS; m++) {
        for (int half = 0; half < 2; half++) { /* also a table that lists a third of its configurations */
            qn_nas_table *t = table_of(half ? sparse : instance, -1);
            qn_nas_result *r = search(context, t, (qn_nas_method)m, 1000, 3);
            assert_int_equal(r->evaluations, t->entries); /* no more than there are: then all are seen */
            assert_int_equal(r->reached, 3);
            assert_int_equal(r->best, t->best);
            for (size_t k = 0; k < 3 * (size_t)r->evaluations; k++) {
                assert_true(r->regret[k] >= 0 && (k % r->evaluations == 0 || r->regret[k] <= r->regret[k - 1]));
            }
            assert_near(r->mean[r->evaluations - 1], 0, 0);
            assert_true(qn_nas_method_is_quantum(r->method) ? r->queries > 0 : isnan(r->queries));
            qn_nas_result_free(r);
            qn_nas_table_free(t);
        }
    }
    qn_context_free(context);
    qn_instance_free(instance);
    qn_instance_free(sparse);
}

static void test_repeats(void **unused)
{
    (void)unused;
    qn_instance *instance = tabulate(4, 4, 1, smooth, NULL);
    qn_nas_table *t = table_of(instance, -1);
    qn_context *one = context_of(1), *three = context_of(3);
    qn_nas_result *random = search(one, t, QN_NAS_RANDOM, 24, 5);
    for (int m = 0; m < METHODS; m++) {
        qn_nas_result *a = search(one, t, (qn_nas_method)m, 24, 5), *b = search(three, t, (qn_nas_method)m, 24, 5);
        assert_memory_equal(a->regret, b->regret, 5 * 24 * sizeof *a->regret);
        assert_memory_equal(a->high, b->high, 24 * sizeof *a->high);
        for (size_t k = 0; k < 5 && m != QN_NAS_LOCAL; k++) { /* run k begins alike for all */
            assert_memory_equal(a->regret + 24 * k, random->regret + 24 * k, 10 * sizeof *a->regret);
        }
        qn_nas_result_free(a);
        qn_nas_result_free(b);
    }
    qn_nas_result_free(random);
    qn_context_free(one);
    qn_context_free(three);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

static void test_planted(void **unused)
{
    (void)unused;
    const uint32_t levels[5] = {4, 4, 4, 4, 4};
    double unary[20], pair[160];
    qn_random r = {qn_test_seed()};
    for (int k = 0; k < 160; k++) {
        pair[k] = qn_random_between(&r, -1, 1);
        unary[k % 20] = qn_random_between(&r, -1, 1);
    }
    const qn_surrogate truth = {5, levels, 0.5, unary, pair};
    qn_instance *instance = tabulate(5, 4, 1, planted, &truth);
    qn_nas_table *t = table_of(instance, -1);
    qn_context *context = context_of(2);
    qn_nas_result *random = search(context, t, QN_NAS_RANDOM, 120, 10);
    for (int m = QN_NAS_EXACT; m < METHODS; m++) {
        qn_nas_result *found = search(context, t, (qn_nas_method)m, 120, 10);
        qn_nas_comparison c;
        assert_ok(qn_nas_compare(found, random, 1, &c));
        assert_true(found->reached >= 8); /* of 1,024 entries; random sees the best with probability 0.12 */
        assert_true(c.difference < 0 && c.p_value < 0.05);
        assert_true(found->circuit.qubits.value >= 10 && found->circuit.queries.value > 0);
        qn_nas_result_free(found);
    }
    qn_nas_result_free(random);
    qn_context_free(context);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

static void test_smooth(void **unused)
{
    (void)unused;
    qn_instance *instance = tabulate(5, 5, 1, smooth, NULL);
    qn_nas_table *t = table_of(instance, -1);
    qn_context *context = context_of(2);
    qn_nas_result *random = search(context, t, QN_NAS_RANDOM, 100, 20);
    for (int m = QN_NAS_LOCAL; m <= QN_NAS_EXACT; m++) {
        qn_nas_result *found = search(context, t, (qn_nas_method)m, 100, 20);
        qn_nas_comparison c;
        assert_ok(qn_nas_compare(found, random, 1, &c));
        assert_true(c.difference < 0 && c.p_value < 0.01);
        assert_int_equal(c.pairs, 20);
        qn_nas_result_free(found);
    }
    qn_nas_result_free(random);
    qn_context_free(context);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

/* Random search of n among N entries without replacement: it sees the best with probability n / N, on average after
 * (n + 1) / 2 looks then. */
static void test_random(void **unused)
{
    (void)unused;
    qn_instance *instance = tabulate(3, 5, 1, smooth, NULL);
    qn_nas_table *t = table_of(instance, -1);
    qn_context *context = context_of(2);
    qn_nas_result *half = search(context, t, QN_NAS_RANDOM, 50, 400);
    assert_near(half->reached / 400.0, 50.0 / 125, 5 * 0.49 / 20);
    assert_near(half->to_best, 51.0 / 2, 5 * 14.4 / sqrt(half->reached));
    qn_nas_result_free(half);
    qn_context_free(context);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

static void test_macro(void **unused)
{
    (void)unused;
    char *text = NULL;
    size_t length = 0;
    qn_instance *instance = NULL;
    qn_nas_table *t = NULL;
    if (qn_file_read(QN_SOURCE_DIR "/../shared/data/nas/nas-bench-macro_cifar10.json", 0, &text, &length) != QN_OK) {
        skip();
    }
    assert_ok(qn_instance_parse(text, length, "nas", QN_INSTANCE_DETECT, &instance));
    qn_text_free(text);
    assert_ok(qn_nas_table_create(instance, NULL, &t));
    assert_int_equal(t->entries, 6561);
    assert_true(t->maximise);
    /* NAS-Bench-Macro (Su et al., arXiv:2103.11922): the best of the 6,561 networks reaches 93.13 % */
    assert_near(qn_nas_table_score(t, t->best), 93.13, 0.005);
    qn_context *context = context_of(2);
    qn_nas_result *r = search(context, t, QN_NAS_EXACT, 100, 4);
    assert_true(r->mean[99] < 0.02);
    assert_near(t->cost[r->best], t->cost[t->best], 0); /* two networks share the best */
    qn_nas_result_free(r);
    qn_context_free(context);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

static void test_refusals(void **unused)
{
    (void)unused;
    qn_instance *instance = tabulate(3, 4, 1, smooth, NULL);
    qn_nas_table *t = table_of(instance, -1);
    qn_context *context = context_of(1);
    qn_nas_result *r = NULL, *other = NULL;
    qn_nas_comparison c;
    qn_nas_options options = QN_NAS_OPTIONS_INIT;
    options.runs = 0;
    assert_fails(qn_nas_search(context, t, &options, &r), QN_ERR_ARGUMENT, "0 runs");
    options.runs = 2;
    options.evaluations = 0;
    assert_fails(qn_nas_search(context, t, &options, &r), QN_ERR_ARGUMENT, "no evaluations");
    options.evaluations = 5;
    options.method = QN_NAS_METHOD_COUNT_;
    assert_fails(qn_nas_search(context, t, &options, &r), QN_ERR_ARGUMENT, "method 8");
    assert_null(r);
    r = search(context, t, QN_NAS_RANDOM, 5, 2);
    other = search(context, t, QN_NAS_RANDOM, 6, 2);
    assert_fails(qn_nas_compare(r, other, 1, &c), QN_ERR_SHAPE, "not the same budget");
    qn_nas_result_free(r);
    qn_nas_result_free(other);
    qn_context_free(context);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

/* A table and a run of one method on it. */
typedef struct small_search {
    qn_instance *instance;
    qn_context *context;
    qn_nas_method method;
} small_search;

static qn_status search_small(void *user)
{
    const small_search *const s = user;
    qn_nas_table *t = NULL;
    qn_nas_result *r = NULL;
    qn_nas_options options = QN_NAS_OPTIONS_INIT;
    options.method = s->method;
    options.evaluations = 12;
    options.initial = 10;
    options.runs = 1;
    qn_status status = fail_untouched(qn_nas_table_create(s->instance, NULL, &t), &t);
    status = status == QN_OK ? fail_untouched(qn_nas_search(s->context, t, &options, &r), &r) : status;
    qn_nas_result_free(r);
    qn_nas_table_free(t);
    return status;
}

static void test_memory(void **unused)
{
    (void)unused;
    small_search s = {tabulate(3, 3, 1, smooth, NULL), context_of(1), QN_NAS_RANDOM};
    for (int m = 0; m < METHODS; m++) {
        s.method = (qn_nas_method)m;
        (void)fail_each_allocation(search_small, &s, FAIL_EACH_THINNED);
    }
    qn_context_free(s.context);
    qn_instance_free(s.instance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_budget),   cmocka_unit_test(test_repeats),
                                       cmocka_unit_test(test_planted),  cmocka_unit_test(test_smooth),
                                       cmocka_unit_test(test_random),   cmocka_unit_test(test_macro),
                                       cmocka_unit_test(test_refusals), cmocka_unit_test(test_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
