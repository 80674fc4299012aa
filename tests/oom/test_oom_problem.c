/* test_oom_problem.c: readers of problem files and the problems made of them, with the n-th allocation failing, n = 1,
 * 2, 3, ... until they succeed: a status each time, nothing in the output, and no leak. */
#include <fail_each.h>

#include <quern/quern.h>

static const struct sample {
    qn_instance_format format;
    const char *text;
    bool good;
} samples[] = {
    {QN_INSTANCE_RUDY, "4 5\n1 2 1\n2 3 2\n3 4 -1\n1 4 1\n1 3 1\n", true},
    {QN_INSTANCE_BQ, "3 4\n1 1 -2\n2 3 4\n1 2 1.5\n3 3 1\n", true},
    {QN_INSTANCE_QUBO, "c remark\np qubo 0 4 1 2\n0 0 -1\n0 1 2\n1 3 -.5\n", true},
    {QN_INSTANCE_LP,
     "Maximize\n obj: 3 x + 4 y - 2.5 z + [ 2 x * y - 4 z ^ 2 ] / 2 + 7\nSubject To\n c1: 2 x + 3 y + z + x <= 4\n"
     " 0 <= x + z <= 2\n y >= 1 - x\nBounds\n -1 <= n <= 2\nGeneral\n n\nBinary\n x y\n z\nEnd\n",
     true},
    {QN_INSTANCE_TSPLIB,
     "NAME: t\nTYPE: TSP\nDIMENSION: 4\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 0\n3 3 4\n4 0 "
     "4\nEOF\n",
     true},
    {QN_INSTANCE_TSPLIB,
     "NAME: v\nTYPE: CVRP\nDIMENSION: 3\nCAPACITY: 5\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: FULL_MATRIX\n"
     "EDGE_WEIGHT_SECTION\n0 1 2\n1 0 3\n2 3 0\nDEMAND_SECTION\n1 0\n2 2\n3 3\nDEPOT_SECTION\n1\n-1\nEOF\n",
     true},
    {QN_INSTANCE_DIMACS, "c both directions\np edge 3 4\ne 1 2\ne 2 1\ne 2 3\ne 3 2\nn 2 2.5\n", true},
    {QN_INSTANCE_CSV, "weight,value,\"a, b\"\n1,4,2.5\n2,5.5,1\n3,6,0.25\n2,7,1\n1,3,\"2.5\"\n4,9,3\n2,2,4\n5,1,2\n",
     true},
    {QN_INSTANCE_NAS, "{\"01\": {\"mean_acc\": 91.5, \"std\": 0.1}, \"12\": {\"mean_acc\": 90, \"std\": 0.2}}", true},
    {QN_INSTANCE_XOR, "c parities\np cnf 3 2\nx 1 -2 0\nx 3 0\n", true},
    {QN_INSTANCE_XOR, "p cnf 4 2\nx 1 -2 3 0\nx 2 3 -4 0\n", true},
    /* and files that are wrong far down: what was read so far goes away */
    {QN_INSTANCE_XOR, "p cnf 3 2\nx 1 2 0\nx 1 1 0\n", false},
    {QN_INSTANCE_CSV, "a,b\n1,2\n3,4\n5\n", false},
    {QN_INSTANCE_NAS, "{\"01\": {\"mean_acc\": 91.5}, \"12\": {\"mean_acc\": \"x\"}}", false},
    {QN_INSTANCE_LP, "Minimize\n x + y\nSubject To\n c: x + y >= 1\nEnd\n", false},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

/* A file that is wrong ends with its own complaint, unless memory did. */
static qn_status read(void *user)
{
    const struct sample *const s = user;
    qn_instance *instance = NULL;
    const qn_status status =
        fail_untouched(qn_instance_parse(s->text, strlen(s->text), "f", s->format, &instance), &instance);
    qn_instance_free(instance);
    assert_true(s->good || status != QN_OK);
    return !s->good && status == QN_ERR_PARSE ? QN_OK : status;
}

static void readers(void **state)
{
    (void)state;
    for (size_t k = 0; k < SAMPLES; k++) {
        print_message("%s %zu\n", qn_instance_format_name(samples[k].format), k);
        struct sample one = samples[k];
        (void)fail_each_allocation(read, &one, FAIL_EACH);
    }
}

typedef struct build {
    qn_instance *instance;
    qn_problem_options options;
} build;

/* A problem, its operator, and one answer said in both ways. */
static qn_status make(void *user)
{
    const build *const b = user;
    qn_problem *problem = NULL;
    qn_pauli_sum *sum = NULL;
    qn_text *text = NULL;
    uint8_t x[512] = {0};
    qn_status status = fail_untouched(qn_problem_create(b->instance, &b->options, &problem), &problem);
    if (status == QN_OK && qn_cost_variables(qn_problem_cost(problem)) <= 62) {
        qn_judgement judgement;
        status = fail_untouched(qn_cost_to_pauli(qn_problem_cost(problem), &sum), &sum);
        qn_problem_judge(problem, x, &judgement);
    }
    status = status == QN_OK ? qn_text_create(&text) : status;
    if (status == QN_OK) {
        qn_problem_solution_text(problem, x, text);
        const char *bytes = NULL;
        size_t length = 0;
        status = qn_text_finish(text, &bytes, &length);
    }
    qn_text_destroy(text);
    qn_pauli_sum_free(sum);
    qn_problem_free(problem);
    return status;
}

/* Every kind on every file that it fits. */
static void problems(void **state)
{
    (void)state;
    size_t made = 0;
    for (size_t k = 0; k < SAMPLES; k++) {
        build b = {NULL, QN_PROBLEM_OPTIONS_INIT};
        if (!samples[k].good) {
            continue;
        }
        assert_ok(qn_instance_parse(samples[k].text, strlen(samples[k].text), "f", samples[k].format, &b.instance));
        for (size_t kind = 0; (b.options.kind = qn_problem_kind_at(kind)) != NULL; kind++) {
            for (int e = QN_ENCODING_ONE_HOT; e <= QN_ENCODING_BINARY; e++) {
                b.options.encoding = (qn_encoding)e;
                if (make(&b) == QN_OK) {
                    print_message("%s of file %zu\n", b.options.kind, k);
                    (void)fail_each_allocation(make, &b, FAIL_EACH);
                    made++;
                }
            }
        }
        qn_instance_free(b.instance);
    }
    assert_true(made > 20);
}

static qn_status fit(void *unused)
{
    (void)unused;
    const uint32_t levels[] = {2, 3}, observed[] = {0, 0, 1, 1, 0, 2, 1, 0};
    const double y[] = {1, 2, 0.5, 3};
    double constant = 0, unary[5], pair[6];
    qn_problem *problem = NULL;
    qn_status status = qn_surrogate_fit(2, levels, 4, observed, y, 0.1, &constant, unary, pair);
    const qn_surrogate surrogate = {2, levels, constant, unary, pair};
    for (int e = QN_ENCODING_ONE_HOT; status == QN_OK && e <= QN_ENCODING_BINARY; e++) {
        problem = NULL;
        status = fail_untouched(qn_problem_create_surrogate(&surrogate, true, (qn_encoding)e, 0, &problem), &problem);
        qn_problem_free(problem);
    }
    problem = NULL;
    status = status == QN_OK ? fail_untouched(qn_problem_create_labs(5, &problem), &problem) : status;
    qn_problem_free(problem);
    return status;
}

static void surrogates(void **state)
{
    (void)state;
    (void)fail_each_allocation(fit, NULL, FAIL_EACH);
}

/* A table of scores and its statistics; the methods of search are in the tests of nas. */
static qn_status table(qn_context *context)
{
    static const char text[] = "a,b,id,score\nx,1,q,3\ny,1,r,2\nx,2,s,5\nx,1,t,4\ny,2,u,1\n";
    qn_instance *instance = NULL;
    qn_nas_table *scores = NULL;
    qn_nas_result *a = NULL, *b = NULL;
    qn_nas_comparison comparison;
    qn_nas_options options = QN_NAS_OPTIONS_INIT;
    options.evaluations = 3;
    options.runs = 6;
    qn_status status =
        fail_untouched(qn_instance_parse(text, sizeof text - 1, "t", QN_INSTANCE_CSV, &instance), &instance);
    status = status == QN_OK ? fail_untouched(qn_nas_table_create(instance, NULL, &scores), &scores) : status;
    status = status == QN_OK ? fail_untouched(qn_nas_search(context, scores, &options, &a), &a) : status;
    options.method = QN_NAS_LOCAL;
    status = status == QN_OK ? fail_untouched(qn_nas_search(context, scores, &options, &b), &b) : status;
    status = status == QN_OK ? qn_nas_compare(a, b, 1, &comparison) : status;
    qn_nas_result_free(a);
    qn_nas_result_free(b);
    qn_nas_table_free(scores);
    qn_instance_free(instance);
    return status;
}

static void tables(void **state)
{
    (void)state;
    (void)fail_each_in_context(table, FAIL_EACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(readers), cmocka_unit_test(problems),
                                       cmocka_unit_test(surrogates), cmocka_unit_test(tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
