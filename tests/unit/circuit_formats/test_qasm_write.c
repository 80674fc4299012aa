/* test_qasm_write.c: circuits to OpenQASM 2 and 3, read again: the same unitary, the same runs. */
#include "programs.h"

#include <quern/format.h>
#include <quern/qasm.h>

#include "base/alloc.h"

static qn_circuit *read_text(const char *text, size_t length)
{
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    options.free_inputs = true;
    qn_circuit *read = NULL;
    const qn_status status = qn_read_circuit(text, length, "written", &options, NULL, &read);
    if (status != QN_OK) {
        print_error("%s\n%s\n", qn_last_error()->message, text);
        fail();
    }
    return read;
}

static qn_circuit *round_trip(const qn_circuit *circuit, uint32_t version, char **text)
{
    size_t length = 0;
    assert_ok(qn_write_qasm(circuit, version, text, &length));
    assert_int_equal(strlen(*text), length);
    return read_text(*text, length);
}

/* Same unitary; OpenQASM 2 drops the global phase. */
static void check_unitary(const qn_circuit *circuit, uint32_t version, const double *theta)
{
    char *text = NULL;
    qn_circuit *read = round_trip(circuit, version, &text);
    const size_t size = (size_t)1 << qn_circuit_qubits(circuit);
    assert_int_equal(qn_circuit_qubits(read), qn_circuit_qubits(circuit));
    assert_int_equal(qn_circuit_symbols(read), qn_circuit_symbols(circuit));
    dense_complex *a = dense_unitary(circuit, theta), *b = dense_unitary(read, theta), overlap = 0;
    for (size_t i = 0; i < size * size && version == 2; i++) {
        overlap += conj(b[i]) * a[i];
    }
    for (size_t i = 0; i < size * size && version == 2; i++) {
        b[i] *= overlap / cabs(overlap);
    }
    const double off = dense_distance(a, b, size * size);
    if (!(off < 1e-10)) {
        print_error("off by %g:\n%s\n", off, text);
        fail();
    }
    free(a);
    free(b);
    qn_text_free(text);
    qn_circuit_free(read);
}

static void every_gate(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (uint32_t version = 2; version <= 3; version++) {
        for (int gate = 0; gate < QN_GATE_COUNT_; gate++) {
            for (uint32_t controls = 0; controls < 4; controls++) {
                qn_circuit *circuit = qn_random_start(&r, 5, 0);
                (void)qn_random_append(&r, circuit, (qn_gate)gate, 0, controls);
                check_unitary(circuit, version, NULL);
                qn_circuit_free(circuit);
            }
        }
    }
}

static void random_circuits(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned i = 0; i < 40 * qn_test_scale(); i++) {
        double theta[3];
        qn_random_angles(&r, theta, 3);
        qn_circuit *circuit = qn_random_circuit(&r, 5, 0, 15);
        check_unitary(circuit, 2, NULL);
        check_unitary(circuit, 3, NULL);
        qn_circuit_free(circuit);
        circuit = qn_random_circuit(&r, 4, 3, 15);
        check_unitary(circuit, 3, theta);
        qn_circuit_free(circuit);
    }
}

/* One-qubit gates under all other qubits, and under all but one or two of them, in every state. */
static void many_controls(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const qn_gate gates[] = {QN_GATE_X, QN_GATE_Y, QN_GATE_Z, QN_GATE_H, QN_GATE_P, QN_GATE_U, QN_GATE_GPHASE};
    for (size_t g = 0; g < sizeof gates / sizeof gates[0]; g++) {
        for (uint32_t spare = 0; spare < 3; spare++) {
            const uint32_t n = 7, targets = qn_gate_describe(gates[g])->qubits, controls = n - spare - targets;
            uint32_t qubits[7];
            qn_param params[4];
            for (size_t k = 0; k < 4; k++) {
                params[k] = QN_PARAM(qn_random_between(&r, -3, 3));
            }
            qn_circuit *circuit = NULL;
            assert_ok(qn_circuit_create(n, &circuit));
            qn_random_qubits(&r, n, n, qubits);
            assert_ok(qn_circuit_append_controlled(circuit, gates[g], qubits, controls, qn_random_word(&r),
                                                   qubits + controls, targets, params,
                                                   qn_gate_describe(gates[g])->params));
            check_unitary(circuit, 2, NULL);
            check_unitary(circuit, 3, NULL);
            qn_circuit_free(circuit);
        }
    }
}

static void programs(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned i = 0; i < 150 * qn_test_scale(); i++) {
        double theta[2];
        char *text = NULL;
        qn_random_angles(&r, theta, 2);
        qn_circuit *circuit = program_random(&r, i % 3, 2 + i / 8, false);
        qn_circuit *read = round_trip(circuit, 3, &text);
        assert_int_equal(qn_circuit_symbols(read), qn_circuit_symbols(circuit));
        program_text = text;
        assert_same_runs(circuit, read, theta, 6);
        program_text = NULL;
        qn_circuit_free(read);
        qn_circuit_free(circuit);
        qn_text_free(text);
    }
}

/* Registers, measurements and a condition, in both languages, as text. */
static qn_circuit *small_program(void)
{
    qn_circuit *circuit = NULL;
    uint32_t index = 0;
    const uint32_t qubits[3] = {0, 1, 2};
    const qn_param quarter = QN_PARAM(atan(1.0)), third = QN_PARAM(1.0 / 3);
    assert_ok(qn_circuit_create(3, &circuit));
    assert_ok(qn_circuit_add_variable(circuit, "measure", QN_TYPE_QUBITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_add_variable(circuit, "c 1", QN_TYPE_BITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RYY, qubits, 2, &third, 1));
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_P, qubits, 1, 0, qubits + 2, 1, &quarter, 1));
    assert_ok(qn_circuit_append_measure(circuit, 0, 1));
    const qn_token tokens[3] = {{.kind = QN_TOKEN_BITS, .type = QN_TYPE_UINT, .width = 2, .index = 0},
                                {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 2, .integer = 2},
                                {.kind = QN_TOKEN_EQUAL, .type = QN_TYPE_UINT, .width = 2}};
    assert_ok(qn_circuit_add_expression(circuit, tokens, 3, &index));
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_IF, index));
    assert_ok(qn_circuit_append(circuit, QN_GATE_X, qubits + 2, 1, NULL, 0));
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_END, 0));
    assert_ok(qn_circuit_append_barrier(circuit, NULL, 0));
    assert_ok(qn_circuit_append_reset(circuit, 1));
    return circuit;
}

static void form(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"
        "gate sx a { h a; s a; h a; }\n"
        "gate sxdg a { h a; sdg a; h a; }\n"
        "gate ryy(p0) a, b { sx a; sx b; cx a, b; rz(p0) b; cx a, b; sxdg b; sxdg a; }\n"
        "qreg measure_1[2];\nqreg q[1];\ncreg c_1[2];\n"
        "ryy(0.33333333333333331) measure_1[0], measure_1[1];\n"
        "x measure_1[0];\ncu1(pi/4) measure_1[0], q[0];\nx measure_1[0];\n"
        "measure measure_1[0] -> c_1[1];\nif (c_1 == 2) x q[0];\nbarrier measure_1, q;\nreset measure_1[1];\n",
        "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"
        "gate ryy(p0) a, b { sx a; sx b; cx a, b; rz(p0) b; cx a, b; inv @ sx b; inv @ sx a; }\n"
        "qubit[2] measure_1;\nqubit[1] q;\nbit[2] c_1;\n"
        "ryy(0.33333333333333331) measure_1[0], measure_1[1];\nnegctrl @ p(pi/4) measure_1[0], q[0];\n"
        "c_1[1] = measure measure_1[0];\nif (c_1 == 2) {\n  x q[0];\n}\nbarrier;\nreset measure_1[1];\n"};
    qn_circuit *circuit = small_program();
    for (uint32_t version = 2; version <= 3; version++) {
        char *text = NULL;
        qn_circuit *read = round_trip(circuit, version, &text);
        assert_string_equal(text, expected[version - 2]);
        assert_same_runs(circuit, read, NULL, 8);
        qn_circuit_free(read);
        qn_text_free(text);
    }
    qn_circuit_free(circuit);
}

/* Names that are no identifiers, or taken, become ones that are, each once. */
static void names(void **state)
{
    (void)state;
    static const char *const wanted[] = {"x", "pi",   "\xce\xb8[0]", "\xce\xb8[1]", "a b", "a_b",
                                         "7", "gate", "_",           "q",           "U"};
    qn_circuit *circuit = NULL;
    uint32_t index = 0;
    const uint32_t qubit = 0;
    assert_ok(qn_circuit_create(1, &circuit));
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        assert_ok(qn_circuit_add_symbol(circuit, wanted[i], &index));
        const qn_param_term term = {index, 1};
        const qn_param param = {0, &term, 1, 0};
        assert_ok(qn_circuit_append(circuit, i % 2 ? QN_GATE_RX : QN_GATE_RY, &qubit, 1, &param, 1));
    }
    double theta[11];
    qn_random r = {3};
    qn_random_angles(&r, theta, 11);
    check_unitary(circuit, 3, theta);
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_write_qasm(circuit, 3, &text, &length));
    assert_non_null(strstr(text, "input float x_1;"));
    assert_non_null(strstr(text, "input float \xce\xb8_0;"));
    assert_non_null(strstr(text, "input float a_b;\ninput float a_b_1;"));
    qn_text_free(text);
    qn_circuit_free(circuit);
}

static void refuse2(qn_circuit *circuit, const char *message)
{
    char *text = NULL;
    size_t length = 0;
    assert_fails(qn_write_qasm(circuit, 2, &text, &length), QN_ERR_UNSUPPORTED, message);
    assert_null(text);
    qn_circuit_free(circuit);
}

static qn_circuit *with_bits(void)
{
    qn_circuit *circuit = NULL;
    uint32_t index = 0;
    assert_ok(qn_circuit_create(2, &circuit));
    assert_ok(qn_circuit_add_variable(circuit, "c", QN_TYPE_BITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_add_variable(circuit, "b", QN_TYPE_BOOL, 1, 0, 0, &index));
    const qn_token bit = {.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = 1};
    assert_ok(qn_circuit_add_expression(circuit, &bit, 1, &index));
    return circuit;
}

static void refusals(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL;
    uint32_t index = 0;
    const uint32_t qubit = 0;
    assert_ok(qn_circuit_create(1, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "alpha", &index));
    const qn_param_term term = {index, 1};
    const qn_param param = {0, &term, 1, 0};
    assert_ok(qn_circuit_append(circuit, QN_GATE_RX, &qubit, 1, &param, 1));
    char *text = NULL;
    size_t length = 0;
    assert_fails(qn_write_qasm(circuit, 4, &text, &length), QN_ERR_RANGE, "expected 2 or 3");
    assert_fails(qn_write_qasm(NULL, 3, &text, &length), QN_ERR_ARGUMENT, "NULL");
    assert_fails(qn_write_qir(circuit, NULL, &text, &length), QN_ERR_UNSUPPORTED, "free parameter \"alpha\"");
    assert_fails(qn_write_quirk(circuit, &text, &length), QN_ERR_UNSUPPORTED, "free parameter \"alpha\"");
    refuse2(circuit, "operation 0 (rx) depends on the free parameter \"alpha\"");
    circuit = with_bits();
    assert_ok(qn_circuit_append_assign(circuit, 1, 1));
    refuse2(circuit, "is an assignment");
    circuit = with_bits();
    assert_ok(qn_circuit_append_delay(circuit, 1e-9, NULL, 0));
    refuse2(circuit, "is a delay");
    circuit = with_bits();
    assert_ok(qn_circuit_append_measure(circuit, 0, QN_NO_BIT));
    refuse2(circuit, "without keeping the result");
    circuit = with_bits();
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_WHILE, 1));
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_END, 0));
    refuse2(circuit, "operation 0 is \"while\"");
    circuit = with_bits();
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_IF, 1));
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_END, 0));
    refuse2(circuit, "whole register equals a number");
    circuit = with_bits();
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_IF, 1));
    assert_fails(qn_write_qasm(circuit, 3, &text, &length), QN_ERR_ARGUMENT, "open blocks");
    qn_circuit_free(circuit);
    circuit = small_program();
    const uint32_t last = 2;
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_IF, 1));
    assert_ok(qn_circuit_append_measure(circuit, 2, 0));
    assert_ok(qn_circuit_append(circuit, QN_GATE_X, &last, 1, NULL, 0));
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_END, 0));
    refuse2(circuit, "changes the register of the if");
    assert_null(text);
}

/* The gates of a QIR text, read line by line as a circuit again. */
static qn_circuit *read_qir(const char *text, uint32_t nqubits)
{
    static const struct {
        const char *name;
        qn_gate gate;
    } words[] = {{"h__body", QN_GATE_H},   {"x__body", QN_GATE_X},       {"y__body", QN_GATE_Y},
                 {"z__body", QN_GATE_Z},   {"s__body", QN_GATE_S},       {"s__adj", QN_GATE_SDG},
                 {"t__body", QN_GATE_T},   {"t__adj", QN_GATE_TDG},      {"rx__body", QN_GATE_RX},
                 {"ry__body", QN_GATE_RY}, {"rz__body", QN_GATE_RZ},     {"cnot__body", QN_GATE_CX},
                 {"cz__body", QN_GATE_CZ}, {"swap__body", QN_GATE_SWAP}, {"ccx__body", QN_GATE_CCX}};
    static const char call[] = "  call void @__quantum__qis__";
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(nqubits, &circuit));
    for (const char *line = strstr(text, call); line != NULL; line = strstr(line + 1, call)) {
        const char *at = line + strlen(call);
        size_t k = 0;
        while (k < sizeof words / sizeof words[0] && strncmp(at, words[k].name, strlen(words[k].name)) != 0) {
            k++;
        }
        if (k == sizeof words / sizeof words[0]) {
            assert_int_equal(strncmp(at, "mz__body", 8), 0);
            continue;
        }
        const qn_gate_info *info = qn_gate_describe(words[k].gate);
        qn_param param = QN_PARAM(0);
        at = strchr(at, '(') + 1;
        if (info->params > 0) {
            char *end = NULL;
            const uint64_t bits = strtoull(at + strlen("double "), &end, 16);
            memcpy(&param.constant, &bits, sizeof bits);
            at = end + 2;
        }
        uint32_t qubits[3];
        for (uint32_t q = 0; q < info->qubits; q++) {
            const bool null = strncmp(at, "ptr null", 8) == 0;
            assert_true(null || strncmp(at, "ptr inttoptr (i64 ", 18) == 0);
            qubits[q] = null ? 0 : (uint32_t)strtoul(at + 18, NULL, 10);
            at = strstr(at, ", ") + 2;
        }
        assert_ok(qn_circuit_append(circuit, words[k].gate, qubits, info->qubits, &param, info->params));
    }
    return circuit;
}

static void qir(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (int gate = 0; gate < QN_GATE_COUNT_; gate++) {
        for (uint32_t controls = 0; controls < 4; controls++) {
            qn_circuit *circuit = qn_random_start(&r, 5, 0);
            (void)qn_random_append(&r, circuit, (qn_gate)gate, 0, controls);
            char *text = NULL;
            size_t length = 0;
            assert_ok(qn_write_qir(circuit, "run", &text, &length));
            qn_circuit *read = read_qir(text, 5);
            dense_complex *a = dense_unitary(circuit, NULL), *b = dense_unitary(read, NULL), overlap = 0;
            for (size_t i = 0; i < 1024; i++) {
                overlap += conj(a[i]) * b[i];
            }
            assert_near(cabs(overlap) / 32, 1, 1e-12);
            free(a);
            free(b);
            qn_text_free(text);
            qn_circuit_free(read);
            qn_circuit_free(circuit);
        }
    }
}

/* Final measurements only, and what a link looks like. */
static void final_measurements(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL;
    uint32_t index = 0;
    const uint32_t qubits[2] = {1, 0};
    const qn_param half = QN_PARAM(0.5);
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_circuit_create(2, &circuit));
    assert_ok(qn_circuit_add_variable(circuit, "c", QN_TYPE_BITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_append_reset(circuit, 0));
    assert_ok(qn_circuit_append(circuit, QN_GATE_H, qubits, 1, NULL, 0));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, qubits + 1, 1, &half, 1));
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_X, qubits, 1, 0, qubits + 1, 1, NULL, 0));
    assert_ok(qn_circuit_append(circuit, QN_GATE_P, qubits, 1, &half, 1));
    assert_ok(qn_circuit_append_measure(circuit, 1, 0));
    assert_ok(qn_write_quirk(circuit, &text, &length));
    assert_string_equal(text,
                        "https://algassert.com/quirk#circuit={\"cols\":[[{\"id\":\"Rzft\",\"arg\":\"0.5\"},\"H\"],"
                        "[\"X\",\"◦\"],[1,\"~q0\"],[1,\"Measure\"],[1,\"…\"]],\"gates\":[{\"id\":\"~q0\",\"name\":"
                        "\"p\",\"matrix\":\"{{1,0},{0,0.87758256189037276+0.47942553860420301i}}\"}]}");
    qn_text_free(text);
    text = NULL;
    assert_ok(qn_write_qir(circuit, "a \"b\"", &text, &length));
    assert_non_null(strstr(text, "define i64 @\"a \\22b\\22\"() #0 {"));
    assert_non_null(
        strstr(text, "@0 = internal constant [2 x i8] c\"c\\00\"\n@1 = internal constant [5 x i8] c\"c[0]\\00\"\n"));
    assert_non_null(strstr(text, "mz__body(ptr inttoptr (i64 1 to ptr), ptr writeonly null)"));
    assert_non_null(strstr(text, "\"required_num_qubits\"=\"2\" \"required_num_results\"=\"1\""));
    qn_text_free(text);
    text = NULL;
    assert_ok(qn_circuit_append(circuit, QN_GATE_X, qubits, 1, NULL, 0));
    assert_fails(qn_write_qir(circuit, NULL, &text, &length), QN_ERR_UNSUPPORTED, "operation 6 acts on qubit 1 after");
    assert_fails(qn_write_quirk(circuit, &text, &length), QN_ERR_UNSUPPORTED, "operation 6 acts on qubit 1 after");
    qn_circuit_free(circuit);
    assert_ok(qn_circuit_create(17, &circuit));
    assert_fails(qn_write_quirk(circuit, &text, &length), QN_ERR_UNSUPPORTED, "Quirk has 16 wires");
    qn_circuit_free(circuit);
    assert_null(text);
}

static void allocation_failures(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_circuit *circuit = program_random(&r, 2, 12, false);
    for (uint64_t n = 1;; n++) {
        char *text = NULL;
        size_t length = 0;
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_write_qasm(circuit, 3, &text, &length);
        if (qn__alloc_fail_at(0, false) != 0) {
            assert_int_equal(status, QN_OK);
            qn_text_free(text);
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_null(text);
    }
    qn_circuit_free(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_gate),    cmocka_unit_test(random_circuits),
                                       cmocka_unit_test(many_controls), cmocka_unit_test(programs),
                                       cmocka_unit_test(form),          cmocka_unit_test(names),
                                       cmocka_unit_test(qir),           cmocka_unit_test(final_measurements),
                                       cmocka_unit_test(refusals),      cmocka_unit_test(allocation_failures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
