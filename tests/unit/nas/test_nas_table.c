/* test_nas_table.c: what a table of trials is read as, and what is refused; Wilcoxon's test; the law of Grover search.
 */
#include <nas_support.h>

static void test_columns(void **unused)
{
    (void)unused;
    qn_instance *instance =
        parse("lr,opt,fixed,loss\n0.1,adam,x,0.5\n0.1,sgd,x,0.75\n0.01,adam,x,0.25\n0.1,sgd,x,0.25\n");
    qn_nas_table *t = table_of(instance, 0);
    assert_int_equal(t->choices, 2);
    assert_int_equal(t->entries, 3);
    assert_int_equal(t->repeats, 1);
    assert_near(t->space, 4, 0);
    assert_true(strstr(t->remark, "fixed") != NULL && !t->maximise);
    assert_near(qn_nas_table_score(t, 1), 0.5, 1e-15); /* the mean of 0.75 and 0.25 */
    assert_int_equal(t->best, 2);
    assert_int_equal(t->row[2], 2);
    size_t entry = 9;
    assert_true(qn_nas_table_find(t, (const uint32_t[]){1, 0}, &entry) && entry == 2);
    assert_false(qn_nas_table_find(t, (const uint32_t[]){1, 1}, &entry)); /* not listed */
    qn_nas_table_free(t);
    t = table_of(instance, 1);
    assert_int_equal(t->best, 0);
    assert_near(qn_nas_table_score(t, 0), 0.5, 1e-15);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

static void expect_refusal(const char *text, const char *target, const char *ignore, qn_status status, const char *says)
{
    qn_instance *instance = NULL;
    qn_nas_table_options options = QN_NAS_TABLE_OPTIONS_INIT;
    qn_nas_table *table = NULL;
    assert_ok(qn_instance_parse(text, strlen(text), "t.csv", QN_INSTANCE_DETECT, &instance));
    options.target = target;
    options.ignore = &ignore;
    options.nignore = ignore != NULL;
    assert_fails(qn_nas_table_create(instance, &options, &table), status, says);
    assert_null(table);
    qn_instance_free(instance);
}

static void test_refusals(void **unused)
{
    (void)unused;
    expect_refusal("a,loss\n1,0.5\n2,bad\n3,worse\n", NULL, NULL, QN_ERR_PARSE,
                   "t.csv:3:3: error: 'bad' in column 'loss'; expected a number");
    /* a mark, quotes over two lines, padding, other line ends */
    expect_refusal("\xEF\xBB\xBF"
                   "a;loss\r\n1;0.5\r\n\"x\ny\";  oom\r\n",
                   "loss", NULL, QN_ERR_PARSE, "t.csv:4:6: error: 'oom' in column 'loss'");
    expect_refusal("a,b,loss\nx,1,0.5\ny,2,0.25\n", "a", NULL, QN_ERR_ARGUMENT,
                   "t.csv:2:1: error: column 'a' holds words such as 'x'; expected numbers");
    expect_refusal("{\"0a\": {\"mean_acc\": 1},\n \"1b\": {\"mean_acc\": 2}}", "op2", NULL, QN_ERR_ARGUMENT,
                   "t.csv:1:8: error: column 'op2' holds words such as 'a'");
    expect_refusal("{\"00\": {\"mean_acc\": 1},\n \"1b\": {\"mean_acc\": 2}}", "op2", NULL, QN_ERR_PARSE,
                   "t.csv:2:8: error: 'b' in column 'op2'");
    expect_refusal("a,loss\n1,0.5\n2,0.25\n", "lss", NULL, QN_ERR_NAME, "did you mean 'loss'");
    expect_refusal("a,loss\n1,0.5\n2,0.25\n", NULL, "b", QN_ERR_NAME, "no column 'b'");
    expect_refusal("a,loss\n1,0.5\n2,0.25\n", NULL, "a", QN_ERR_ARGUMENT, "no column is a choice");
    expect_refusal("a,loss\n1,0.5\n", NULL, NULL, QN_ERR_ARGUMENT, "at least 2 of each");
    qn_instance *graph = NULL;
    assert_ok(qn_instance_parse("2 1\n1 2 1\n", 10, "g.mc", QN_INSTANCE_DETECT, &graph));
    qn_nas_table *table = NULL;
    assert_fails(qn_nas_table_create(graph, NULL, &table), QN_ERR_ARGUMENT, "no table");
    qn_instance_free(graph);
}

static void test_merged_order(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed()};
    for (int trial = 0; trial < 20; trial++) { /* entries stand in the file's order, whatever the order of the keys */
        qn_text *text = NULL;
        const char *bytes = NULL;
        size_t length = 0;
        assert_ok(qn_text_create(&text));
        qn_text_printf(text, "a,b,s\n");
        for (int k = 0; k < 40; k++) {
            qn_text_printf(text, "%u,%u,%d\n", (unsigned)qn_random_below(&r, 5), (unsigned)qn_random_below(&r, 5), k);
        }
        assert_ok(qn_text_finish(text, &bytes, &length));
        qn_instance *instance = parse(bytes);
        qn_nas_table *t = table_of(instance, -1);
        size_t rows = 0;
        for (size_t e = 0; e < t->entries; e++) {
            const uint32_t *const cell = instance->table->cell + t->row[e] * 3;
            double sum = 0, count = 0;
            for (size_t k = 0; k < 40; k++) {
                const uint32_t *const other = instance->table->cell + k * 3;
                const bool same = other[0] == cell[0] && other[1] == cell[1];
                sum += same ? (double)k : 0;
                count += same;
                assert_true(!same || k >= t->row[e]);
            }
            size_t found = 0;
            assert_true(e == 0 || t->row[e] > t->row[e - 1]);
            assert_near(qn_nas_table_score(t, e), sum / count, 1e-12);
            assert_true(qn_nas_table_find(t, t->cell + 2 * e, &found) && found == e);
            rows += (size_t)count;
        }
        assert_int_equal(rows, 40);
        qn_nas_table_free(t);
        qn_instance_free(instance);
        qn_text_destroy(text);
    }
}

/* By the definition: all 2^n signs. */
static double signs(size_t n, const double *difference)
{
    double rank[16], seen = 0, total = 0;
    for (size_t i = 0; i < n; i++) {
        double below = 0, same = 0;
        for (size_t j = 0; j < n; j++) {
            below += fabs(difference[j]) < fabs(difference[i]);
            same += fabs(difference[j]) == fabs(difference[i]);
        }
        rank[i] = below + (same + 1) / 2;
        total += rank[i];
        seen += difference[i] > 0 ? rank[i] : 0;
    }
    double far = 0;
    for (uint32_t s = 0; s < 1u << n; s++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            sum += (s >> i & 1) != 0 ? rank[i] : 0;
        }
        far += fabs(sum - total / 2) >= fabs(seen - total / 2) - 1e-9;
    }
    return far / (double)(1u << n);
}

static void test_wilcoxon(void **unused)
{
    (void)unused;
    /* Hollander and Wolfe, Nonparametric Statistical Methods (1973), p. 29, the example of R's wilcox.test: V = 40,
     * one-sided p = 0.01953125 */
    const double x[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    const double y[] = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    double d[300], p = 0;
    for (int k = 0; k < 9; k++) {
        d[k] = x[k] - y[k];
    }
    assert_ok(qn_wilcoxon(9, d, &p));
    assert_near(p, 2 * 0.01953125, 1e-14);
    qn_random r = {qn_test_seed()};
    for (int trial = 0; trial < 50; trial++) { /* with ties, and zeros that do not count */
        size_t n = 1 + (size_t)qn_random_below(&r, 11), kept = 0;
        double all[16];
        for (size_t k = 0; k < n; k++) {
            all[k] = (double)qn_random_below(&r, 9) - 3;
            d[kept] = all[k];
            kept += all[k] != 0;
        }
        assert_ok(qn_wilcoxon(n, all, &p));
        assert_near(p, kept > 0 ? signs(kept, d) : 1, 1e-12);
    }
    for (size_t n = 200; n <= 201; n++) { /* exact, and by the normal law: V - n (n + 1) / 4 over its spread */
        double v = 0;
        for (size_t k = 0; k < n; k++) {
            d[k] = ((double)k + 1) * (k % 9 < 5 ? 1 : -1);
            v += fmax(0, d[k]);
        }
        const double m = (double)n, spread = sqrt(m * (m + 1) * (2 * m + 1) / 24);
        const double law = erfc((fabs(v - m * (m + 1) / 4) - 0.5) / spread / sqrt(2));
        assert_ok(qn_wilcoxon(n, d, &p));
        assert_near(p / law, 1, n == 200 ? 0.01 : 1e-9);
    }
    assert_fails(qn_wilcoxon(1, (const double[]){(double)NAN}, &p), QN_ERR_NAN, "difference 1");
}

static double flat(const uint32_t *levels, const void *user)
{
    (void)user;
    return (double)levels[0] + 10 * (double)levels[1] + 100 * (double)levels[2];
}

static void test_grover_law(void **unused)
{
    (void)unused;
    qn_instance *instance = tabulate(3, 10, 1, flat, NULL);
    qn_nas_table *t = table_of(instance, -1);
    qn_nas_grover law;
    qn_nas_grover_law(t, 2000, 1, &law);
    assert_near(law.entries, 1000, 0);
    assert_near(law.bound, 22.5 * sqrt(1000), 1e-9);
    assert_true(law.mean < law.bound && law.mean > 0.7854 * sqrt(1000)); /* one search alone takes pi/4 sqrt(N) */
    assert_true(law.std_error > 0 && law.std_error < 0.05 * law.mean);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_columns), cmocka_unit_test(test_refusals),
                                       cmocka_unit_test(test_merged_order), cmocka_unit_test(test_wilcoxon),
                                       cmocka_unit_test(test_grover_law)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
