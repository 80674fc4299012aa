/* test_oom_search.c: searches, estimations and decision processes with the n-th allocation failing, n = 1, 2, 3, ...
 * until they succeed: a status each time, and no leak. */
#include <fail_each.h>

#include <quern/quern.h>

static qn_status search_oracle(qn_context *context, const qn_oracle *oracle, qn_search_method method)
{
    qn_search_result *result = NULL;
    qn_search_options options = QN_SEARCH_OPTIONS_INIT;
    options.method = method;
    options.failure = 0.1;
    options.steps = method == QN_SEARCH_COUNTING ? 3 : 0;
    options.tier = QN_SEARCH_TIER_GATE;
    qn_status status = qn_search_run(context, oracle, &options, &result);
    if (status == QN_OK) {
        qn_ledger ledger;
        qn_ledger_init(&ledger);
        status = qn_search_ledger(oracle, result, &ledger);
    }
    qn_search_result_free(result);
    return status;
}

static qn_status formula(qn_context *context)
{
    static const char text[] = "p cnf 3 3\n1 -2 0 2 3 0 -1 0\n";
    qn_cnf *cnf = NULL;
    qn_cnf_answer *answer = NULL;
    qn_oracle *oracle = NULL;
    qn_status status = qn_cnf_parse("f", text, sizeof text - 1, &cnf);
    status = status == QN_OK ? qn_cnf_solve(context, cnf, 0, &answer) : status;
    status = status == QN_OK ? qn_oracle_from_cnf(context, cnf, 0, &oracle) : status;
    status = status == QN_OK ? search_oracle(context, oracle, QN_SEARCH_BBHT) : status;
    status = status == QN_OK ? search_oracle(context, oracle, QN_SEARCH_COUNTING) : status;
    qn_oracle_free(oracle);
    qn_cnf_answer_free(answer);
    qn_cnf_free(cnf);
    return status;
}

static qn_status table(qn_context *context)
{
    static const char text[] = "a,b\n1,5\n2,3\n3,9\n4,1\n";
    qn_array *array = NULL;
    qn_formula *predicate = NULL;
    qn_predicate_info info;
    qn_oracle *oracle = NULL;
    qn_minimum_result *minimum = NULL;
    qn_status status = qn_array_parse("t", text, sizeof text - 1, &array);
    if (status == QN_OK) {
        status = qn_formula_parse("p", "b > 6", (const char *const *)array->names, array->columns, &predicate);
    }
    status = status == QN_OK ? qn_oracle_from_predicate(context, array, predicate, &info, &oracle) : status;
    status = status == QN_OK ? search_oracle(context, oracle, QN_SEARCH_EXACT) : status;
    status = status == QN_OK ? qn_search_minimum(array->data, 8, 2, 0.1, 1, &minimum) : status;
    for (qn_search_tier tier = QN_SEARCH_TIER_GATE; status == QN_OK && tier <= QN_SEARCH_TIER_OPERATOR; tier++) {
        qn_minimum_options options = QN_MINIMUM_OPTIONS_INIT;
        options.k = 2;
        options.failure = 0.5;
        options.tier = tier;
        qn_minimum_result_free(minimum);
        minimum = NULL;
        status = qn_search_minimum_run(context, array->data, 4, &options, &minimum);
    }
    qn_minimum_result_free(minimum);
    qn_oracle_free(oracle);
    qn_formula_free(predicate);
    qn_array_free(array);
    return status;
}

static qn_status mean(qn_context *context)
{
    static const qn_call_option option = {2, 1.9, 0.05, 0.4, 0.1};
    qn_mean *m = NULL;
    qn_circuit *circuit = NULL;
    qn_amplitude *amplitude = NULL;
    qn_estimation found;
    qn_experiment e;
    uint32_t good = 0;
    qn_estimation_options options = QN_ESTIMATION_OPTIONS_INIT;
    options.epsilon = 0.1;
    options.shots = 20;
    qn_status status = qn_mean_of_option(&option, 2, 3, &m);
    status = status == QN_OK ? qn_mean_circuit(m, &good, &circuit) : status;
    status = status == QN_OK ? qn_amplitude_of_circuit(context, circuit, good, &amplitude) : status;
    status = status == QN_OK ? qn_amplitude_estimate(amplitude, &options, &found) : status;
    status = status == QN_OK ? qn_amplitude_experiment(context, 0.3, &options, 2000, &e) : status;
    if (status == QN_OK) {
        qn_ledger ledger;
        qn_ledger_init(&ledger);
        status = qn_estimation_ledger(m, &found, &options, &ledger);
    }
    qn_amplitude_free(amplitude);
    qn_circuit_free(circuit);
    qn_mean_free(m);
    return status;
}

static qn_status decision(qn_context *context)
{
    static const double values[] = {1, 2, 3, 0, 5, 1};
    qn_mdp *mdp = NULL;
    qn_quantum_iteration *iteration = NULL;
    qn_greedy *greedy = NULL;
    qn_quantum_iteration_options options = QN_QUANTUM_ITERATION_OPTIONS_INIT;
    options.epsilon = 0.5;
    qn_status status = qn_mdp_frozen_lake(4, true, 0.5, &mdp);
    status = status == QN_OK ? qn_quantum_value_iteration(context, mdp, &options, &iteration) : status;
    qn_quantum_iteration_free(iteration);
    iteration = NULL;
    options.reduced = true;
    status = status == QN_OK ? qn_quantum_value_iteration(context, mdp, &options, &iteration) : status;
    status = status == QN_OK ? qn_greedy_actions(context, values, 2, 3, 0.1, 1, &greedy) : status;
    qn_greedy_free(greedy);
    qn_quantum_iteration_free(iteration);
    qn_mdp_free(mdp);
    return status;
}

static void formula_search(void **state)
{
    (void)state;
    (void)fail_each_in_context(formula, FAIL_EACH);
}

static void table_search(void **state)
{
    (void)state;
    (void)fail_each_in_context(table, FAIL_EACH);
}

static void estimation(void **state)
{
    (void)state;
    (void)fail_each_in_context(mean, FAIL_EACH);
}

static void decisions(void **state)
{
    (void)state;
    (void)fail_each_in_context(decision, FAIL_EACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formula_search),
        cmocka_unit_test(table_search),
        cmocka_unit_test(estimation),
        cmocka_unit_test(decisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
