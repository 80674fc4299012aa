/* test_excitations.c: excitations that keep a molecule's symmetries: how many, under every mapping, and that the
 * dropped ones do nothing. */
#include <qn_test.h>

#include <quern/quern.h>

static qn_integrals *read_molecule(const char *name)
{
    char path[1024], *text = NULL;
    size_t length = 0;
    qn_integrals *integrals = NULL;
    (void)snprintf(path, sizeof path, "%s/data/molecules/%s", QN_SOURCE_DIR, name);
    assert_ok(qn_file_read(path, 0, &text, &length));
    assert_ok(qn_read_fcidump(text, length, path, &integrals));
    qn_text_free(text);
    return integrals;
}

/* LiH has C2v and both spin parities: 34 of 92 keep them; the same list under every mapping, tapered or not. */
static void same_under_every_mapping(void **state)
{
    (void)state;
    static const qn_mapping mappings[] = {QN_MAPPING_JORDAN_WIGNER, QN_MAPPING_PARITY, QN_MAPPING_BRAVYI_KITAEV};
    qn_integrals *integrals = read_molecule("lih.fcidump");
    qn_excitation *first = NULL;
    size_t nfirst = 0;
    for (unsigned k = 0; k < 6; k++) {
        qn_electronic_problem *problem = NULL;
        qn_excitation *list = NULL;
        size_t count = 0;
        assert_ok(qn_electronic_problem_create(integrals, mappings[k / 2], k % 2 != 0, &problem));
        assert_ok(qn_electronic_problem_excitations(problem, true, true, &list, &count));
        assert_int_equal(count, 34);
        if (first == NULL) {
            first = list;
            nfirst = count;
        } else {
            assert_memory_equal(first, list, nfirst * sizeof *list);
            qn_excitations_free(list);
        }
        qn_electronic_problem_free(problem);
    }
    qn_excitations_free(first);
    qn_integrals_free(integrals);
}

/* At points where the kept parameters are random and the dropped ones zero, the dropped ones have gradient zero. */
static void dropped_ones_do_nothing(void **state)
{
    (void)state;
    qn_integrals *integrals = read_molecule("lih.fcidump");
    qn_electronic_problem *problem = NULL;
    qn_excitation *all = NULL, *kept = NULL;
    size_t nall = 0, nkept = 0;
    qn_circuit *circuit = NULL;
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    assert_ok(qn_electronic_problem_create(integrals, QN_MAPPING_JORDAN_WIGNER, false, &problem));
    assert_ok(qn_excitations_list(problem->norb, problem->nalpha, problem->nbeta, true, true, &all, &nall));
    assert_ok(qn_electronic_problem_excitations(problem, true, true, &kept, &nkept));
    qn_uccsd_options options = QN_UCCSD_OPTIONS_INIT;
    options.norb = problem->norb;
    options.nalpha = problem->nalpha;
    options.nbeta = problem->nbeta;
    assert_ok(qn_ansatz_uccsd(&options, &circuit));
    assert_int_equal(qn_circuit_symbols(circuit), nall);
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_engine_open(context, "statevector", &engine));
    const qn_pauli_sum *observable = problem->hamiltonian;
    assert_ok(qn_engine_compile(engine, circuit, &observable, 1, &program));
    double theta[92] = {0}, grad[92], energy = 0;
    const double one = 1.0;
    bool is_kept[92] = {false};
    assert_true(nall == 92 && nkept < nall);
    for (size_t i = 0, k = 0; i < nall; i++) {
        if (k < nkept && memcmp(&all[i], &kept[k], sizeof *all) == 0) {
            is_kept[i] = true;
            theta[i] = 0.3 * sin(1.0 + 7.0 * (double)i);
            k++;
        }
    }
    assert_ok(qn_program_gradient(program, theta, 1, &one, &energy, grad));
    double largest_kept = 0;
    for (size_t i = 0; i < nall; i++) {
        if (is_kept[i]) {
            largest_kept = fmax(largest_kept, fabs(grad[i]));
        } else {
            assert_near(grad[i], 0.0, 1e-12);
        }
    }
    assert_true(largest_kept > 0.1);
    qn_program_free(program);
    qn_engine_close(engine);
    qn_context_free(context);
    qn_circuit_free(circuit);
    qn_excitations_free(all);
    qn_excitations_free(kept);
    qn_electronic_problem_free(problem);
    qn_integrals_free(integrals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_under_every_mapping),
        cmocka_unit_test(dropped_ones_do_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
