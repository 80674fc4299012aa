/* test_circuit_json.c: circuits to JSON and back are identical; malformed files are refused with their place. */
#include "programs.h"

#include <quern/format.h>
#include <quern/qasm.h>

#include "base/alloc.h"

static void round_trip(const qn_circuit *circuit)
{
    char *text = NULL, *again = NULL;
    size_t length = 0, length_again = 0;
    qn_circuit *read = NULL;
    assert_ok(qn_write_circuit_json(circuit, &text, &length));
    assert_int_equal(strlen(text), length);
    assert_ok(qn_read_circuit_json(text, length, "test", &read));
    assert_identical(circuit, read);
    assert_ok(qn_write_circuit_json(read, &again, &length_again));
    assert_string_equal(text, again);
    qn_circuit_free(read);
    qn_text_free(text);
    qn_text_free(again);
}

static void gates(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned i = 0; i < 60 * qn_test_scale(); i++) {
        qn_circuit *circuit = qn_random_circuit(&r, 6, i % 4, 60);
        round_trip(circuit);
        qn_circuit_free(circuit);
    }
}

static void programs(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned i = 0; i < 200 * qn_test_scale(); i++) {
        qn_circuit *circuit = program_random(&r, i % 3, 20, false);
        round_trip(circuit);
        qn_circuit_free(circuit);
    }
}

/* What random circuits do not have. */
static void corners(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL;
    uint32_t index = 0, bits = 0;
    assert_ok(qn_circuit_create(70, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "\xce\xb8[0] \"quoted\\\" \x01", &index));
    assert_ok(qn_circuit_add_variable(circuit, "first", QN_TYPE_QUBITS, 30, 40, 0, &index));
    assert_ok(qn_circuit_add_variable(circuit, "hid", QN_TYPE_BITS, 65, 0, QN_VARIABLE_HIDDEN, &bits));
    assert_ok(qn_circuit_add_variable(circuit, "out", QN_TYPE_BITS, 64, 0, QN_VARIABLE_OUTPUT, &bits));
    assert_ok(qn_circuit_add_variable(circuit, "f", QN_TYPE_FLOAT, 32, 0, 0, &index));
    qn_circuit_set_line(circuit, 7);
    uint32_t controls[63], target = 69;
    for (uint32_t i = 0; i < 63; i++) {
        controls[i] = i;
    }
    const qn_param zero = QN_PARAM(-0.0), tiny = QN_PARAM(5e-324), huge = QN_PARAM(1.7976931348623157e308);
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_RX, controls, 63, UINT64_C(0x5aaa5aaa5aaa5aaa), &target, 1,
                                           &zero, 1));
    qn_circuit_set_line(circuit, 0);
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, &target, 1, &tiny, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &huge, 1));
    assert_ok(qn_circuit_append_barrier(circuit, NULL, 0));
    assert_ok(qn_circuit_append_delay(circuit, -100, controls, 2));
    assert_ok(qn_circuit_append_delay(circuit, 1e-7, NULL, 0));
    assert_ok(qn_circuit_append_measure(circuit, 3, QN_NO_BIT));
    assert_ok(qn_circuit_append_measure(circuit, 3, 128));
    const qn_token tokens[2] = {{.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 64, .integer = INT64_MIN},
                                {.kind = QN_TOKEN_CAST, .type = QN_TYPE_BITS, .width = 64}};
    assert_ok(qn_circuit_add_expression(circuit, tokens, 2, &index));
    assert_ok(qn_circuit_append_assign(circuit, bits, index));
    round_trip(circuit);
    qn_circuit_free(circuit);
}

/* The written form itself, so that it cannot change unnoticed. */
static void form(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL;
    uint32_t theta = 0, index = 0;
    const uint32_t qubits[2] = {1, 0};
    assert_ok(qn_circuit_create(2, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "theta", &theta));
    assert_ok(qn_circuit_add_variable(circuit, "c", QN_TYPE_BITS, 1, 0, 0, &index));
    const qn_param_term term = {theta, 2};
    const qn_param param = {0.5, &term, 1, 0};
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_RX, qubits, 1, 0, qubits + 1, 1, &param, 1));
    assert_ok(qn_circuit_append_measure(circuit, 1, 0));
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_write_circuit_json(circuit, &text, &length));
    assert_string_equal(text,
                        "{\n  \"schema\": \"quern.circuit/1\",\n  \"qubits\": 2,\n  \"symbols\": [\"theta\"],\n"
                        "  \"variables\": [\n    {\"name\": \"c\", \"type\": \"bits\", \"width\": 1}],\n"
                        "  \"expressions\": [],\n  \"operations\": [\n"
                        "    {\"gate\": \"rx\", \"controls\": [1], \"fires_on\": [0], \"qubits\": [0], \"params\": "
                        "[{\"constant\": 0.5, \"terms\": [[0, 2.0]]}]},\n"
                        "    {\"op\": \"measure\", \"qubit\": 1, \"bit\": 0}]\n}\n");
    qn_text_free(text);
    qn_circuit_free(circuit);
}

#define HEAD "{\"schema\": \"quern.circuit/1\", \"qubits\": 2,\n"

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "x:1:1: error: unexpected token near end of file"},
        {"[]", "x:1:1: error: this is a list"},
        {"{\"qubits\": 2}", "\"schema\" is missing"},
        {"{\"schema\": \"quern.circuit/2\"}", "x:1:12: error: the schema is \"quern.circuit/2\""},
        {"{\"schema\": \"quern.circuit/1\", \"qubit\": 2}", "did you mean \"qubits\"?"},
        {"{\"schema\": \"quern.circuit/1\", \"qubits\": 0, \"operations\": []}", "x:1:41: error: a circuit needs"},
        {"{\"schema\": \"quern.circuit/1\", \"qubits\": 20000000, \"operations\": []}", "outside 0..16777216"},
        {"{\"schema\": \"quern.circuit/1\", \"qubits\": 2.5, \"operations\": []}", "a number with a fraction"},
        {HEAD "\"operations\": 3}", "x:2:15: error: \"operations\" is an integer; expected a list"},
        {HEAD "\"operations\": [7]}", "x:2:16: error: this is an integer; expected an object with"},
        {HEAD "\"operations\": [{}]}", "one with neither"},
        {HEAD "\"operations\": [{\"gate\": \"xx\", \"qubits\": [0]}]}", "x:2:25: error: no gate is called \"xx\""},
        {HEAD "\"operations\": [{\"gate\": \"x\", \"qubits\": [2]}]}", "x:2:16: error: x: qubit 2 is outside 0..1"},
        {HEAD "\"operations\": [{\"gate\": \"x\", \"qubits\": [-1]}]}", "x:2:41: error: -1 is outside"},
        {HEAD "\"operations\": [{\"gate\": \"x\", \"qubits\": [0], \"angle\": 1}]}", "unknown key \"angle\""},
        {HEAD "\"operations\": [{\"gate\": \"rx\", \"qubits\": [0], \"params\": [\"a\"]}]}", "expected a number"},
        {HEAD "\"operations\": [{\"gate\": \"rx\", \"qubits\": [0]}]}", "takes 1 parameters, got 0"},
        {HEAD "\"operations\": [{\"gate\": \"x\", \"qubits\": [0], \"controls\": [1], \"fires_on\": []}]}",
         "0 values for 1 controls"},
        {HEAD
         "\"operations\": [{\"gate\": \"rx\", \"qubits\": [0], \"params\": [{\"constant\": 1, \"terms\": [[0, 1]]}]}]}",
         "uses symbol 0"},
        {HEAD
         "\"operations\": [{\"gate\": \"rx\", \"qubits\": [0], \"params\": [{\"constant\": 1, \"terms\": [[0]]}]}]}",
         "expected [symbol, coefficient]"},
        {HEAD "\"operations\": [{\"gate\": \"pauli_rotation\", \"qubits\": [0], \"pauli\": \"XY\", \"params\": [1]}]}",
         "one letter X, Y or Z for each of the 1 qubits"},
        {HEAD "\"operations\": [{\"gate\": \"unitary1\", \"qubits\": [0], \"matrix\": [[1, 0]]}]}", "expected 4 on 1"},
        {HEAD "\"operations\": [{\"gate\": \"unitary1\", \"qubits\": [0], \"matrix\": [[1,0],[0,0],[0,0],[2,0]]}]}",
         "not unitary"},
        {HEAD "\"operations\": [{\"op\": \"mesure\", \"qubit\": 0}]}", "did you mean \"measure\"?"},
        {HEAD "\"operations\": [{\"op\": \"measure\", \"qubit\": 0, \"bit\": 0}]}", "classical bit"},
        {HEAD "\"operations\": [{\"op\": \"if\", \"expression\": 0}]}", "expression 0 is not there"},
        {HEAD "\"operations\": [{\"op\": \"end\"}]}", "no block is open"},
        {HEAD
         "\"expressions\": [[[\"truth\", \"bool\", 1, true]]],\n\"operations\": [{\"op\": \"if\", \"expression\": 0}]}",
         "1 blocks are still open"},
        {HEAD "\"expressions\": [[[\"add\", \"uint\", 8]]], \"operations\": []}",
         "x:2:17: error: token 0 of an expression"},
        {HEAD "\"expressions\": [[[\"ad\", \"uint\", 8]]], \"operations\": []}", "did you mean \"add\"?"},
        {HEAD "\"expressions\": [[[\"bit\", \"bool\", 1]]], \"operations\": []}", "has 3 members; expected 4"},
        {HEAD "\"expressions\": [[]], \"operations\": []}", "an expression of 0 tokens"},
        {HEAD "\"symbols\": [\"a\", \"a\"], \"operations\": []}", "x:2:18: error: symbol \"a\" is there already"},
        {HEAD "\"variables\": [{\"name\": \"c\", \"type\": \"bits\", \"width\": 1, \"first\": 0}], \"operations\": []}",
         "unknown key \"first\""},
        {HEAD "\"variables\": [{\"name\": \"c\", \"type\": \"bots\", \"width\": 1}], \"operations\": []}",
         "did you mean \"bits\"?"},
        {HEAD "\"operations\": [{\"op\": \"assign\", \"expression\": 0}]}", "an assignment to nothing"},
        {HEAD "\"operations\": [], \"operations\": []}", "duplicate"},
        {HEAD "\"operations\": [1e999]}", "overflow"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_circuit *circuit = NULL;
        const qn_status status = qn_read_circuit_json(cases[i].text, strlen(cases[i].text), "x", &circuit);
        if (status != QN_ERR_PARSE || strstr(qn_last_error()->message, cases[i].message) == NULL ||
            strncmp(qn_last_error()->message, "x:", 2) != 0) {
            print_error("case %zu: %s: \"%s\", expected \"%s\"\n", i, qn_status_name(status), qn_last_error()->message,
                        cases[i].message);
            fail();
        }
        assert_null(circuit);
    }
    qn_circuit *open = NULL;
    char *text = NULL;
    size_t length = 0;
    const qn_token truth = {.kind = QN_TOKEN_BOOL, .type = QN_TYPE_BOOL, .width = 1, .integer = 1};
    uint32_t index = 0;
    assert_ok(qn_circuit_create(1, &open));
    assert_ok(qn_circuit_add_expression(open, &truth, 1, &index));
    assert_ok(qn_circuit_append_flow(open, QN_OP_IF, index));
    assert_fails(qn_write_circuit_json(open, &text, &length), QN_ERR_ARGUMENT, "open blocks");
    qn_circuit_free(open);
    assert_ok(qn_circuit_create(1, &open));
    assert_ok(qn_circuit_add_symbol(open, "\xff", &index));
    assert_fails(qn_write_circuit_json(open, &text, &length), QN_ERR_ARGUMENT, "not UTF-8");
    assert_null(text);
    qn_circuit_free(open);
}

/* Every allocation fails once: no leak, outputs untouched. */
static void allocation_failures(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_circuit *circuit = program_random(&r, 2, 12, false);
    char *text = NULL, *other = NULL;
    size_t length = 0, ignored = 0;
    assert_ok(qn_write_circuit_json(circuit, &text, &length));
    for (uint64_t n = 1;; n++) {
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_write_circuit_json(circuit, &other, &ignored);
        if (qn__alloc_fail_at(0, false) != 0) {
            assert_int_equal(status, QN_OK);
            qn_text_free(other);
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_null(other);
    }
    for (uint64_t n = 1;; n++) {
        qn_circuit *read = NULL;
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_read_circuit_json(text, length, "x", &read);
        if (qn__alloc_fail_at(0, false) != 0) {
            assert_int_equal(status, QN_OK);
            assert_identical(circuit, read);
            qn_circuit_free(read);
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_null(read);
    }
    qn_text_free(text);
    qn_circuit_free(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gates),    cmocka_unit_test(programs),
                                       cmocka_unit_test(corners),  cmocka_unit_test(form),
                                       cmocka_unit_test(refusals), cmocka_unit_test(allocation_failures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
