/* Dynamical Lie algebras: dimensions and ideals that are known, variances against their laws and against samples. */
#include <qn_test.h>

#include <quern/engine.h>
#include <quern/plateau.h>

static qn_context *context;

static int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : -1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static qn_lie *close_all(qn_pauli_sum **generators, size_t count)
{
    qn_lie *lie = NULL;
    assert_ok(qn_lie_close(context, (const qn_pauli_sum *const *)generators, count, 0, &lie));
    assert_true(qn_lie_complete(lie));
    return lie;
}

/* Generators of neighbours, "XX" and so on, on an open chain; together: one sum a kind. */
static qn_lie *chain(uint32_t n, const char *const *kinds, size_t nkinds, bool together, bool ring)
{
    qn_pauli_sum *generators[256];
    size_t count = 0;
    for (size_t k = 0; k < nkinds; k++) {
        const size_t span = strlen(kinds[k]);
        for (uint32_t q = 0; q + (ring ? 1 : span) <= n; q++) {
            const uint32_t qubits[2] = {q, (q + 1) % n};
            if (q == 0 || !together) {
                assert_ok(qn_pauli_sum_create(n, &generators[count++]));
            }
            assert_ok(qn_pauli_sum_add_sparse(generators[count - 1], (qn_complex){1, 0}, kinds[k], qubits, span));
        }
    }
    qn_lie *lie = close_all(generators, count);
    for (size_t g = 0; g < count; g++) {
        qn_pauli_sum_free(generators[g]);
    }
    return lie;
}

static void expect_chain(uint32_t n, const char *const *kinds, size_t nkinds, uint64_t dimension, uint64_t ideal,
                         uint64_t copies)
{
    qn_lie *lie = chain(n, kinds, nkinds, false, false);
    assert_int_equal(qn_lie_dimension(lie), dimension);
    assert_int_equal(qn_lie_centre(lie), 0);
    assert_non_null(qn_lie_ideals_at(lie, 0));
    assert_int_equal(qn_lie_ideals_at(lie, 0)->dimension, ideal);
    assert_int_equal(qn_lie_ideals_at(lie, 0)->copies, copies);
    assert_null(qn_lie_ideals_at(lie, 1));
    qn_lie_free(lie);
}

/* Wiersema et al., npj Quantum Inf. 10, 110 (2024), table of algebras of open chains; so(2n) and su(2^n). */
static void known_strings(void **state)
{
    (void)state;
    static const char *const matchgate[] = {"Z", "XX"}, *const universal[] = {"X", "Y", "ZZ"},
                             *const heisenberg[] = {"XX", "YY", "ZZ"}, *const xy[] = {"XX", "YY"};
    for (uint32_t n = 3; n <= 20; n++) {
        expect_chain(n, matchgate, 2, (uint64_t)n * (2 * n - 1), (uint64_t)n * (2 * n - 1), 1);
    }
    expect_chain(2, matchgate, 2, 6, 3, 2); /* so(4) = su(2) + su(2) */
    for (uint32_t n = 2; n <= 6; n++) {
        const uint64_t d = (UINT64_C(1) << 2 * n) - 1;
        expect_chain(n, universal, 3, d, d, 1);
    }
    expect_chain(3, heisenberg, 3, 15, 15, 1);
    expect_chain(4, heisenberg, 3, 60, 15, 4); /* four copies of su(2^(n-2)) */
    expect_chain(5, heisenberg, 3, 255, 255, 1);
    expect_chain(6, heisenberg, 3, 1020, 255, 4);
    for (uint32_t n = 5; n <= 9; n++) { /* so(n) twice: XX and YY alternate along two chains */
        expect_chain(n, xy, 2, (uint64_t)n * (n - 1), (uint64_t)n * (n - 1) / 2, 2);
    }
    expect_chain(100, matchgate, 2, 19900, 19900, 1);
}

static void commuting(void **state)
{
    (void)state;
    static const char *const zz[] = {"ZZ"};
    qn_lie *lie = chain(6, zz, 1, false, false);
    assert_int_equal(qn_lie_dimension(lie), 5);
    assert_int_equal(qn_lie_centre(lie), 5);
    assert_null(qn_lie_ideals_at(lie, 0));
    qn_lie_free(lie);
}

/* Larocca et al., Quantum 6, 824 (2022): the transverse-field Ising chain has n^2 open and 3 n - 1 (free fermions of
 * the even sector and its complement) on a ring of translation-symmetric sums. */
static void known_sums(void **state)
{
    (void)state;
    static const char *const ising[] = {"ZZ", "X"};
    for (uint32_t n = 2; n <= 7; n++) {
        qn_lie *lie = chain(n, ising, 2, true, false);
        assert_false(qn_lie_of_strings(lie));
        assert_int_equal(qn_lie_dimension(lie), n * n);
        qn_lie_free(lie);
    }
    for (uint32_t n = 2; n <= 5; n++) {
        qn_pauli_sum *generators[3];
        for (int g = 0; g < 3; g++) {
            assert_ok(qn_pauli_sum_create(n, &generators[g]));
        }
        for (uint32_t q = 0; q < n; q++) {
            assert_ok(qn_pauli_sum_add_sparse(generators[0], (qn_complex){1, 0}, "X", &q, 1));
            assert_ok(qn_pauli_sum_add_sparse(generators[1], (qn_complex){1, 0}, "Y", &q, 1));
            for (uint32_t p = 0; p < q; p++) {
                const uint32_t pair[2] = {p, q};
                assert_ok(qn_pauli_sum_add_sparse(generators[2], (qn_complex){1, 0}, "ZZ", pair, 2));
            }
        }
        qn_lie *lie = close_all(generators, 3);
        assert_int_equal(qn_lie_dimension(lie), (n + 3) * (n + 2) * (n + 1) / 6 - n / 2);
        qn_lie_free(lie);
        for (int g = 0; g < 3; g++) {
            qn_pauli_sum_free(generators[g]);
        }
    }
}

static qn_pauli_sum *z_string(uint32_t n, uint32_t letters)
{
    qn_pauli_sum *sum = NULL;
    const uint32_t qubits[2] = {0, 1};
    assert_ok(qn_pauli_sum_create(n, &sum));
    assert_ok(qn_pauli_sum_add_sparse(sum, (qn_complex){1, 0}, "ZZ", qubits, letters));
    return sum;
}

/* 1/(2n-1) for so(2n), n = 2 with its two ideals included; 1/(2^n+1) and 4^n/(2(4^n-1)(2^n+1)) for su(2^n). */
static void exact_variances(void **state)
{
    (void)state;
    static const char *const matchgate[] = {"Z", "XX"}, *const universal[] = {"X", "Y", "ZZ"};
    static const char zeros[] = "000000000000000000000000000000";
    for (uint32_t n = 2; n <= 30; n++) {
        qn_lie *lie = chain(n, matchgate, 2, false, false);
        qn_pauli_sum *z = z_string(n, 1), *zz = z_string(n, 2);
        double loss = 0;
        assert_ok(qn_lie_variance(lie, zeros + 30 - n, z, 0, &loss, NULL));
        assert_near(loss, 1 / (2.0 * n - 1), 1e-15);
        if (n > 2) { /* on two qubits Z Z is one of its symmetries and does not move */
            assert_ok(qn_lie_variance(lie, zeros + 30 - n, zz, 0, &loss, NULL));
            assert_true(isnan(loss));
        }
        qn_lie_free(lie);
        qn_pauli_sum_free(z);
        qn_pauli_sum_free(zz);
    }
    for (uint32_t n = 2; n <= 6; n++) {
        qn_lie *lie = chain(n, universal, 3, false, false);
        qn_pauli_sum *z = z_string(n, 2);
        const double d = exp2(n);
        double loss = 0, derivative = 0;
        assert_ok(qn_lie_variance(lie, zeros + 30 - n, z, 1, &loss, &derivative));
        assert_near(loss, 1 / (d + 1), 1e-15);
        assert_near(derivative, d * d / (2 * (d * d - 1) * (d + 1)), 1e-15);
        assert_fails(qn_lie_variance(lie, "0", z, 1, &loss, NULL), QN_ERR_ARGUMENT, "input");
        qn_lie_free(lie);
        qn_pauli_sum_free(z);
    }
}

/* Models with several ideals and with one, sampled deep: both laws within what so many samples tell. */
static void sampled_variances(void **state)
{
    (void)state;
    const struct {
        qn_plateau_ansatz ansatz;
        uint32_t qubits, letters;
    } cases[] = {{QN_PLATEAU_HEISENBERG, 3, 2},
                 {QN_PLATEAU_HEISENBERG, 4, 2},
                 {QN_PLATEAU_MATCHGATE, 2, 1},
                 {QN_PLATEAU_MATCHGATE, 4, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
        qn_pauli_sum *z = z_string(cases[i].letters, cases[i].letters);
        qn_plateau_result *result = NULL;
        options.ansatz = cases[i].ansatz;
        options.observable = QN_PLATEAU_SUM;
        options.sum = z;
        options.layers = 80;
        options.samples = 5000;
        options.resamples = 10;
        assert_ok(qn_plateau_run(context, &options, &cases[i].qubits, 1, &result));
        const qn_plateau_row *row = &result->rows[0];
        assert_near(row->variance[QN_PLATEAU_LOSS] / row->law[QN_PLATEAU_LOSS], 1, 0.06);
        assert_near(row->variance[QN_PLATEAU_MIDDLE] / row->law[QN_PLATEAU_MIDDLE], 1, 0.08);
        qn_plateau_result_free(result);
        qn_pauli_sum_free(z);
    }
}

/* g-sim against the state vector, values and derivatives, for each model that has a twin. X Y and Y Z are odd in all
 * angles: they tell a sign. */
static void twin_is_state(void **state)
{
    (void)state;
    qn_engine *engine = NULL;
    assert_ok(qn_engine_open(context, "statevector", &engine));
    const qn_plateau_ansatz models[] = {QN_PLATEAU_PRODUCT, QN_PLATEAU_MATCHGATE, QN_PLATEAU_ISING,
                                        QN_PLATEAU_HEISENBERG};
    const uint32_t sizes[] = {8, 10, 10, 4};
    static const char *const letters[] = {"Y", "XY", "YZ", "ZZ"}, *const inputs[] = {"0", "0", "+", "10"};
    for (size_t m = 0; m < 4; m++) {
        qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
        const uint32_t n = sizes[m], pair[2] = {0, 1};
        qn_pauli_sum *z = NULL, *bare = NULL, **generators = NULL;
        assert_ok(qn_pauli_sum_create(n, &z));
        assert_ok(qn_pauli_sum_add_sparse(z, (qn_complex){0.7, 0}, letters[m], pair, strlen(letters[m])));
        assert_ok(qn_pauli_sum_add_sparse(z, (qn_complex){0.25, 0}, "", NULL, 0));
        options.ansatz = models[m];
        options.observable = QN_PLATEAU_SUM;
        options.sum = z;
        options.layers = m == 0 ? 1 : 6;
        qn_circuit *circuit = NULL;
        qn_program *program = NULL;
        assert_ok(qn_plateau_circuit(&options, n, &circuit));
        assert_ok(qn_plateau_observe(&options, n, &bare));
        assert_ok(qn_engine_compile(engine, circuit, (const qn_pauli_sum *const *)&bare, 1, &program));
        size_t count = 0, symbols = 0, gates_count = 0;
        qn_lie_gate *gates = NULL;
        assert_ok(qn_plateau_generators(&options, n, true, &generators, &count));
        assert_ok(qn_plateau_gates(&options, n, &gates, &gates_count, &symbols));
        assert_int_equal(symbols, qn_circuit_symbols(circuit));
        qn_lie *lie = close_all(generators, count);
        char input[16];
        for (uint32_t q = 0; q < n; q++) {
            input[q] = inputs[m][q % strlen(inputs[m])];
        }
        input[n] = 0;
        qn_lie_twin *twin = NULL;
        assert_ok(qn_lie_twin_create(lie, input, &twin));
        double *theta = calloc(symbols, 3 * sizeof *theta), value = 0, twin_value = 0, one = 1;
        assert_non_null(theta);
        qn_plateau_angles(&options, n, symbols, 5, theta);
        assert_ok(qn_program_gradient(program, theta, 1, &one, &value, theta + symbols));
        assert_ok(qn_lie_twin_run(twin, z, gates, gates_count, theta, symbols, &twin_value, theta + 2 * symbols));
        assert_near(twin_value, value, 1e-12);
        for (size_t k = 0; k < symbols; k++) {
            assert_near(theta[2 * symbols + k], theta[symbols + k], 1e-12);
        }
        free(theta);
        qn_lie_twin_free(twin);
        qn_lie_free(lie);
        qn_plateau_gates_free(gates);
        qn_plateau_generators_free(generators, count);
        qn_program_free(program);
        qn_circuit_free(circuit);
        qn_pauli_sum_free(z);
        qn_pauli_sum_free(bare);
    }
    qn_engine_close(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_strings),   cmocka_unit_test(commuting),         cmocka_unit_test(known_sums),
        cmocka_unit_test(exact_variances), cmocka_unit_test(sampled_variances), cmocka_unit_test(twin_is_state),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
