/* test_oracle.c: compiled oracles against the items they must mark, and their prices against counted circuits. */
#include <qn_random.h>

#include <quern/engine.h>
#include <quern/search.h>

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

/* Clauses of one to three literals, repeated and contradicting ones among them. */
static qn_cnf *random_formula(qn_random *r, uint32_t variables, uint32_t clauses)
{
    char text[4096];
    size_t at = (size_t)snprintf(text, sizeof text, "p cnf %u %u\n", variables, clauses);
    for (uint32_t c = 0; c < clauses; c++) {
        for (uint32_t k = 1 + qn_random_below(r, 3); k > 0; k--) {
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%u ", qn_random_below(r, 2) == 0 ? "-" : "",
                                   1 + qn_random_below(r, variables));
        }
        at += (size_t)snprintf(text + at, sizeof text - at, "0\n");
    }
    qn_cnf *cnf = NULL;
    assert_ok(qn_cnf_parse("random", text, at, &cnf));
    return cnf;
}

/* Runs the oracle on the uniform state: marked items must have gained the phase, the others nothing, and no amplitude
 * may be left where an ancilla is not clean. */
static void check_phases(const qn_oracle *oracle, qn_oracle_layout layout, const double *phase)
{
    qn_circuit *body = NULL, *circuit = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    assert_ok(qn_oracle_compile(oracle, layout, 24, phase != NULL ? "phase" : NULL, &body));
    const uint32_t bits = qn_oracle_bits(oracle), qubits = qn_circuit_qubits(body);
    assert_ok(qn_circuit_create(qubits, &circuit));
    for (uint32_t q = 0; q < bits; q++) {
        assert_ok(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
    }
    assert_ok(qn_circuit_append_circuit(circuit, body));
    assert_ok(qn_engine_open(context, "statevector", &engine));
    assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
    const size_t size = (size_t)1 << qubits, space = (size_t)1 << bits;
    qn_complex *state = malloc(size * sizeof *state);
    assert_ok(qn_program_amplitudes(program, phase, 0, size, state));
    const double each = 1 / sqrt((double)space), turn = phase != NULL ? *phase : acos(-1);
    for (size_t i = 0; i < size; i++) {
        const bool marked = i < space && qn_oracle_marks(oracle, i);
        assert_near(state[i].re, i >= space ? 0 : marked ? each * cos(turn) : each, 1e-12);
        assert_near(state[i].im, i < space && marked ? each * sin(turn) : 0, 1e-12);
    }
    free(state);
    qn_program_free(program);
    qn_engine_close(engine);
    qn_circuit_free(circuit);
    qn_circuit_free(body);
}

static void check_price(const qn_oracle *oracle, qn_oracle_layout layout)
{
    qn_oracle_cost price;
    qn_circuit *circuit = NULL;
    qn_circuit_cost counted;
    assert_ok(qn_oracle_price(oracle, layout, 63, &price));
    assert_int_equal(price.layout, layout);
    assert_ok(qn_oracle_compile(oracle, layout, 63, NULL, &circuit));
    assert_ok(qn_circuit_count(circuit, NULL, 1e-3, &counted));
    assert_int_equal(price.qubits, qn_circuit_qubits(circuit));
    assert_near((double)counted.toffoli, price.toffoli, 0);
    assert_near((double)counted.t_count, 7 * price.toffoli, 0);
    assert_int_equal(counted.rotations, 0);
    qn_circuit_free(circuit);
}

static void check_layout(const qn_oracle *oracle, qn_oracle_layout layout)
{
    const double phase = 0.7;
    check_phases(oracle, layout, NULL);
    check_phases(oracle, layout, &phase);
    check_price(oracle, layout);
}

static void formulas_become_circuits(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 12 * qn_test_scale(); round++) {
        qn_cnf *cnf = random_formula(&r, 3 + qn_random_below(&r, 4), 1 + qn_random_below(&r, 8));
        qn_oracle *oracle = NULL;
        assert_ok(qn_oracle_from_cnf(context, cnf, 0, &oracle));
        check_layout(oracle, QN_ORACLE_CLAUSES);
        check_layout(oracle, QN_ORACLE_COUNTER);
        qn_oracle_free(oracle);
        qn_cnf_free(cnf);
    }
}

static void tables_become_circuits(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 12 * qn_test_scale(); round++) {
        bool marked[100];
        const uint32_t items = 1 + qn_random_below(&r, 100);
        for (uint32_t i = 0; i < items; i++) {
            marked[i] = qn_random_below(&r, 8) == 0;
        }
        qn_oracle *oracle = NULL;
        assert_ok(qn_oracle_from_table(context, marked, items, &oracle));
        check_layout(oracle, QN_ORACLE_MINTERMS);
        qn_oracle_free(oracle);
    }
}

static void comparisons_become_circuits(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 16 * qn_test_scale(); round++) {
        uint32_t codes[40];
        const uint32_t items = 1 + qn_random_below(&r, 40), bits = 1 + qn_random_below(&r, 5);
        for (uint32_t i = 0; i < items; i++) {
            codes[i] = qn_random_below(&r, 1u << bits);
        }
        const uint32_t least = qn_random_below(&r, 1u << bits), most = qn_random_below(&r, 1u << bits);
        qn_oracle *oracle = NULL;
        assert_ok(
            qn_oracle_from_codes(context, codes, items, bits, least, round % 3 == 0 ? UINT32_MAX : most, &oracle));
        uint64_t expected = 0;
        for (uint32_t i = 0; i < items; i++) {
            const bool marks = codes[i] >= least && (round % 3 == 0 || codes[i] <= most);
            assert_int_equal(qn_oracle_marks(oracle, i), marks);
            expected += marks;
        }
        assert_int_equal(qn_oracle_count(oracle), expected);
        check_layout(oracle, QN_ORACLE_LOOKUP);
        qn_oracle_free(oracle);
    }
}

/* A full table of 2^n codes: 2^n - 2 compute and as many uncompute Toffoli gates a lookup, two lookups a call. */
static void lookup_price_is_known(void **state)
{
    (void)state;
    for (uint32_t bits = 1; bits <= 8; bits++) {
        uint32_t codes[256];
        for (uint32_t i = 0; i < 1u << bits; i++) {
            codes[i] = 1 + i % 3;
        }
        qn_oracle *oracle = NULL;
        qn_oracle_cost price;
        assert_ok(qn_oracle_from_codes(context, codes, 1u << bits, 2, 3, 3, &oracle));
        assert_ok(qn_oracle_price(oracle, QN_ORACLE_AUTO, 63, &price));
        assert_int_equal(price.layout, QN_ORACLE_LOOKUP);
        assert_near(price.loading, 2 * 2 * (ldexp(1, (int)bits) - 2), 0);
        qn_oracle_free(oracle);
    }
}

static void layouts_are_refused(void **state)
{
    (void)state;
    const bool marked[4] = {false, true, false, false};
    qn_oracle *oracle = NULL;
    qn_oracle_cost price;
    assert_ok(qn_oracle_from_table(context, marked, 4, &oracle));
    assert_fails(qn_oracle_price(oracle, QN_ORACLE_CLAUSES, 63, &price), QN_ERR_UNSUPPORTED, "clauses");
    assert_fails(qn_oracle_price(oracle, QN_ORACLE_AUTO, 1, &price), QN_ERR_TOO_LARGE, "needs 2 qubits");
    qn_oracle_free(oracle);
    oracle = NULL;
    assert_fails(qn_oracle_from_table(context, marked, 0, &oracle), QN_ERR_TOO_LARGE, "0 items");
    const uint32_t codes[1] = {9};
    assert_fails(qn_oracle_from_codes(context, codes, 1, 3, 0, 1, &oracle), QN_ERR_RANGE, "more than 3 bits");
    assert_null(oracle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_become_circuits),    cmocka_unit_test(tables_become_circuits),
        cmocka_unit_test(comparisons_become_circuits), cmocka_unit_test(lookup_price_is_known),
        cmocka_unit_test(layouts_are_refused),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
