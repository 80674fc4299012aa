/* test_oom.c: whole jobs with the n-th allocation failing, n = 1, 2, 3, … until they succeed: a status each time, and
 * no leak. */
#include <fail_each.h>

#include <quern/quern.h>

/* The article's program, sampled or exact, with its exact answer and its ledger. */
static qn_status article(void *shots)
{
    static const char text[] = "-1.0 ZZ; 0.5 ZI; 0.5 IZ; 0.2 XX";
    static const qn_gate rotations[] = {QN_GATE_RY, QN_GATE_RZ}, entangler[] = {QN_GATE_CX};
    qn_context *context = NULL;
    qn_pauli_sum *hamiltonian = NULL;
    qn_circuit *ansatz = NULL;
    qn_vqe_result *vqe = NULL;
    qn_exact_result *exact = NULL;
    qn_n_local_options n_local = QN_N_LOCAL_OPTIONS_INIT;
    n_local.nqubits = 2;
    n_local.rotations = rotations;
    n_local.nrotations = 2;
    n_local.entanglers = entangler;
    n_local.nentanglers = 1;
    n_local.reps = 1;
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.threads = 1;
    qn_vqe_options options = QN_VQE_OPTIONS_INIT;
    options.estimator.shots = *(const uint64_t *)shots;
    options.optimizer.method = options.estimator.shots > 0 ? "spsa" : "slsqp";
    options.optimizer.max_iterations = 3;
    qn_status status = qn_context_create(&chosen, &context);
    status = status == QN_OK ? qn_read_hamiltonian(text, sizeof text - 1, "article", &hamiltonian) : status;
    status = status == QN_OK ? qn_ansatz_n_local(&n_local, &ansatz) : status;
    status = status == QN_OK ? qn_vqe_run(context, ansatz, hamiltonian, &options, &vqe) : status;
    status = status == QN_OK ? qn_exact_solve(context, hamiltonian, NULL, &exact) : status;
    if (status == QN_OK) {
        qn_ledger ledger;
        qn_ledger_init(&ledger);
        status = qn_vqe_ledger(context, ansatz, hamiltonian, vqe, exact, 0.0, &ledger);
    }
    qn_exact_result_free(exact);
    qn_vqe_result_free(vqe);
    qn_circuit_free(ansatz);
    qn_pauli_sum_free(hamiltonian);
    qn_context_free(context);
    return status;
}

/* Hydrogen from its FCIDUMP (values: tests of the reader), tapered, UCCSD. */
static qn_status hydrogen(void *unused)
{
    (void)unused;
    static const char text[] =
        "&FCI NORB=2,NELEC=2,MS2=0,\n/\n"
        "0.6757101548 1 1 1 1\n0.6645817303 1 1 2 2\n0.1809311998 1 2 1 2\n0.6985737227 2 2 2 2\n"
        "-1.2563390730 1 1 0 0\n-0.4718960073 2 2 0 0\n0.7199689944 0 0 0 0\n";
    qn_integrals *integrals = NULL;
    qn_electronic_problem *problem = NULL;
    qn_circuit *ansatz = NULL;
    qn_context *context = NULL;
    qn_exact_result *exact = NULL;
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.threads = 1;
    qn_status status = qn_read_fcidump(text, sizeof text - 1, "h2", &integrals);
    status = status == QN_OK ? qn_electronic_problem_create(integrals, QN_MAPPING_PARITY, true, &problem) : status;
    if (status == QN_OK) {
        qn_uccsd_options options = QN_UCCSD_OPTIONS_INIT;
        options.norb = problem->norb;
        options.nalpha = problem->nalpha;
        options.nbeta = problem->nbeta;
        options.mapping = problem->mapping;
        options.tapering = problem->tapering;
        status = qn_ansatz_uccsd(&options, &ansatz);
    }
    status = status == QN_OK ? qn_context_create(&chosen, &context) : status;
    if (status == QN_OK) {
        const qn_constraint sector[] = {{problem->number_alpha, 1.0}, {problem->number_beta, 1.0}};
        qn_exact_options options = QN_EXACT_OPTIONS_INIT;
        options.constraints = sector;
        options.nconstraints = 2;
        status = qn_exact_solve(context, problem->hamiltonian, &options, &exact);
    }
    qn_exact_result_free(exact);
    qn_context_free(context);
    qn_circuit_free(ansatz);
    qn_electronic_problem_free(problem);
    qn_integrals_free(integrals);
    return status;
}

/* One method at one tier, with its read-out. */
static qn_status solve_linear(const qn_context *context, const qn_linear_problem *problem, const char *method,
                              qn_linear_tier tier)
{
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    qn_linear_result *result = NULL;
    qn_readout_result *read = NULL;
    qn_readout readout = QN_READOUT_INIT;
    options.method = method;
    options.tier = tier;
    options.epsilon = 0.1;
    readout.kind = QN_READOUT_TOP;
    readout.shots = 20;
    qn_status status = qn_linear_solve(context, problem, &options, &result);
    status = status == QN_OK ? qn_linear_read(context, problem, result, &readout, &read) : status;
    if (status == QN_OK) {
        qn_ledger ledger;
        status = qn_linear_ledger(problem, &options, &result->plan, result, read, NULL, NULL, &ledger);
    }
    qn_readout_result_free(read);
    qn_linear_result_free(result);
    return status;
}

/* A system that is not symmetric, from its file to its answers. */
static qn_status linear_system(qn_context *context)
{
    static const char text[] = "%%MatrixMarket matrix coordinate real general\n2 2 3\n1 1 2\n2 2 3\n1 2 1\n";
    qn_sparse *matrix = NULL;
    qn_linear_problem *problem = NULL;
    qn_status status = qn_read_matrix(text, sizeof text - 1, "m", &matrix);
    status = status == QN_OK ? qn_linear_problem_create(context, matrix, NULL, false, NULL, &problem) : status;
    for (qn_linear_tier t = QN_LINEAR_GATE; status == QN_OK && t <= QN_LINEAR_SPECTRAL; t++) {
        status = solve_linear(context, problem, "qsvt", t);
    }
    status = status == QN_OK ? solve_linear(context, problem, "hhl", QN_LINEAR_SPECTRAL) : status;
    for (qn_sparse_method m = QN_SPARSE_LSQR; status == QN_OK && m <= QN_SPARSE_QR; m++) {
        qn_sparse_solve_options options = QN_SPARSE_SOLVE_OPTIONS_INIT;
        qn_sparse_outcome outcome;
        double x[2];
        options.method = m;
        status = qn_sparse_solve(context, matrix, problem->b, &options, x, &outcome);
    }
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
    return status;
}

static void exact_run(void **state)
{
    (void)state;
    uint64_t shots = 0;
    /* a run whose history cannot grow goes on without it */
    (void)fail_each_allocation(article, &shots, FAIL_EACH_TOLERANT);
}

static void sampled_run(void **state)
{
    (void)state;
    uint64_t shots = 64;
    (void)fail_each_allocation(article, &shots, FAIL_EACH_TOLERANT);
}

static void molecule(void **state)
{
    (void)state;
    (void)fail_each_allocation(hydrogen, NULL, FAIL_EACH);
}

static void linear(void **state)
{
    (void)state;
    /* without room to time a copy, the ledger has no time of loading */
    (void)fail_each_in_context(linear_system, FAIL_EACH_TOLERANT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_run),
        cmocka_unit_test(sampled_run),
        cmocka_unit_test(molecule),
        cmocka_unit_test(linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
