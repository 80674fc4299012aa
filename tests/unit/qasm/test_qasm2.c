/* test_qasm2.c: OpenQASM 2: both gate sets, expressions, broadcasting, definitions, conditions. Published definitions:
 * Cross et al., arXiv:1707.03429. */
#include "qasm_machine.h"
#include "qasm_test.h"

/* The program's unitary is that of the gates appended by hand. */
static void same(const char *text, const qn_circuit *by_hand)
{
    qn_circuit *circuit = read_text(text, NULL);
    assert_near(machine_difference(circuit, by_hand), 0, 1e-12);
    qn_circuit_free(circuit);
}

static void add(qn_circuit *circuit, qn_gate gate, uint32_t a, uint32_t b, double p0, double p1, double p2)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    const uint32_t qubits[2] = {a, b};
    const qn_param params[3] = {QN_PARAM(p0), QN_PARAM(p1), QN_PARAM(p2)};
    assert_ok(qn_circuit_append(circuit, gate, qubits, info->qubits, params, info->params));
}

/* The definitions of qelib1.inc in U and CX, up to a global phase that is computed here. */
static void original_gates_follow_the_paper(void **state)
{
    (void)state;
    static const struct {
        const char *call, *definition;
    } rows[] = {
        {"u3(0.3,0.4,0.5) q[0];", "U(0.3,0.4,0.5) q[0];"},
        {"u2(0.4,0.5) q[0];", "U(pi/2,0.4,0.5) q[0];"},
        {"u1(0.5) q[0];", "U(0,0,0.5) q[0];"},
        {"cx q[0],q[1];", "CX q[0],q[1];"},
        {"id q[0];", "U(0,0,0) q[0];"},
        {"x q[0];", "u3(pi,0,pi) q[0];"},
        {"y q[0];", "u3(pi,pi/2,pi/2) q[0];"},
        {"z q[0];", "u1(pi) q[0];"},
        {"h q[0];", "u2(0,pi) q[0];"},
        {"s q[0];", "u1(pi/2) q[0];"},
        {"sdg q[0];", "u1(-pi/2) q[0];"},
        {"t q[0];", "u1(pi/4) q[0];"},
        {"tdg q[0];", "u1(-pi/4) q[0];"},
        {"rx(0.7) q[0];", "u3(0.7,-pi/2,pi/2) q[0];"},
        {"ry(0.7) q[0];", "u3(0.7,0,0) q[0];"},
        {"rz(0.7) q[0];", "u1(0.7) q[0];"},
        {"cz q[0],q[1];", "h q[1]; cx q[0],q[1]; h q[1];"},
        {"cy q[0],q[1];", "sdg q[1]; cx q[0],q[1]; s q[1];"},
        {"ch q[0],q[1];",
         "h q[1]; sdg q[1]; cx q[0],q[1]; h q[1]; t q[1]; cx q[0],q[1]; t q[1]; h q[1]; s q[1]; x q[1]; "
         "s q[0];"},
        {"ccx q[0],q[1],q[2];", "h q[2]; cx q[1],q[2]; tdg q[2]; cx q[0],q[2]; t q[2]; cx q[1],q[2]; tdg q[2]; cx "
                                "q[0],q[2]; t q[1]; t q[2]; h q[2]; cx q[0],q[1]; t q[0]; tdg q[1]; cx q[0],q[1];"},
        {"crz(0.6) q[0],q[1];", "u1(0.6/2) q[1]; cx q[0],q[1]; u1(-0.6/2) q[1]; cx q[0],q[1];"},
        {"cu1(0.6) q[0],q[1];", "u1(0.6/2) q[0]; cx q[0],q[1]; u1(-0.6/2) q[1]; cx q[0],q[1]; u1(0.6/2) q[1];"},
        {"cu3(0.3,0.4,0.5) q[0],q[1];", "u1((0.5+0.4)/2) q[0]; u1((0.5-0.4)/2) q[1]; cx q[0],q[1]; "
                                        "u3(-0.3/2,0,-(0.4+0.5)/2) q[1]; cx q[0],q[1]; u3(0.3/2,0.4,0) q[1];"},
    };
    enum { ROWS = sizeof rows / sizeof rows[0] };
    assert_int_equal(ROWS, 23);
    for (size_t i = 0; i < ROWS; i++) {
        char a[512], b[512];
        (void)snprintf(a, sizeof a, V2 "qreg q[3];\n%s", rows[i].call);
        (void)snprintf(b, sizeof b, V2 "qreg q[3];\n%s", rows[i].definition);
        qn_circuit *x = read_text(a, NULL), *y = read_text(b, NULL);
        assert_int_equal(qn_circuit_operations(x), 1);
        double complex phase = 0;
        double most = 0;
        for (uint64_t basis = 0; basis < 8; basis++) {
            double complex u[MACHINE_STATES], v[MACHINE_STATES];
            machine_column(x, NULL, basis, u);
            machine_column(y, NULL, basis, v);
            for (size_t k = 0; k < 8 && phase == 0; k++) {
                phase = cabs(v[k]) > 0.1 ? u[k] / v[k] : 0;
            }
            for (size_t k = 0; k < 8; k++) {
                most = fmax(most, cabs(u[k] - phase * v[k]));
            }
        }
        if (!(most < 1e-12)) {
            print_error("%s differs by %g\n", rows[i].call, most);
            fail();
        }
        qn_circuit_free(x);
        qn_circuit_free(y);
    }
}

static void extended_gates_are_known(void **state)
{
    (void)state;
    qn_circuit *circuit = read_text(
        V2
        "qreg q[5];\nu0(1) q[0]; u(1,2,3) q[0]; p(1) q[0]; sx q[0]; sxdg q[0]; swap q[0],q[1]; cswap q[0],q[1],q[2];\n"
        "crx(1) q[0],q[1]; cry(1) q[0],q[1]; cp(1) q[0],q[1]; csx q[0],q[1]; cu(1,2,3,4) q[0],q[1]; rxx(1) q[0],q[1];\n"
        "rzz(1) q[0],q[1]; rccx q[0],q[1],q[2]; rc3x q[0],q[1],q[2],q[3]; c3x q[0],q[1],q[2],q[3];\n"
        "c3sqrtx q[0],q[1],q[2],q[3]; c4x q[0],q[1],q[2],q[3],q[4];\n",
        NULL);
    static const qn_gate expected[] = {QN_GATE_U0,   QN_GATE_U,     QN_GATE_P,       QN_GATE_SX,  QN_GATE_SXDG,
                                       QN_GATE_SWAP, QN_GATE_CSWAP, QN_GATE_CRX,     QN_GATE_CRY, QN_GATE_CP,
                                       QN_GATE_CSX,  QN_GATE_CU,    QN_GATE_RXX,     QN_GATE_RZZ, QN_GATE_RCCX,
                                       QN_GATE_RC3X, QN_GATE_C3X,   QN_GATE_C3SQRTX, QN_GATE_C4X};
    assert_int_equal(qn_circuit_operations(circuit), 19);
    for (size_t i = 0; i < 19; i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        assert_int_equal(op.gate, expected[i]);
        assert_int_equal(op.line, i < 7 ? 4 : i < 13 ? 5 : i < 17 ? 6 : 7);
    }
    qn_circuit_free(circuit);
}

static double parameter(const char *expression)
{
    char text[256];
    (void)snprintf(text, sizeof text, V2 "qreg q[1];\nrx(%s) q[0];\n", expression);
    qn_circuit *circuit = read_text(text, NULL);
    qn_operation op;
    qn_circuit_operation(circuit, 0, &op);
    const double value = op.params[0].constant;
    qn_circuit_free(circuit);
    return value;
}

static void expressions_are_of_real_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } rows[] = {{"1/2", 0.5},       {"2^3", 8},
                {"-2^2", -4},       {"2^-1", 0.5},
                {"2^3^2", 512},     {"3*pi/4", 2.356194490192345},
                {"1-2-3", -4},      {"2*(3+4)", 14},
                {".5", 0.5},        {"5.", 5},
                {"1e-3", 0.001},    {"1.5E+2", 150},
                {"ln(exp(2))", 2},  {"sqrt(2)", 1.4142135623730951},
                {"sin(pi/6)", 0.5}, {"cos(0)", 1},
                {"tan(pi/4)", 1},   {"acos(1)", 0},
                {"asin(0)", 0},     {"atan(0)", 0},
                {"+3", 3},          {"--3", 3},
                {"8/2/2", 2},       {"-pi", -3.141592653589793}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_near(parameter(rows[i].text), rows[i].value, 1e-14);
    }
}

static void definitions_expand(void **state)
{
    (void)state;
    qn_circuit *by_hand = NULL;
    assert_ok(qn_circuit_create(2, &by_hand));
    add(by_hand, QN_GATE_RX, 1, 0, 0.5, 0, 0);
    add(by_hand, QN_GATE_CX, 1, 0, 0, 0, 0);
    add(by_hand, QN_GATE_RZ, 0, 0, -0.25, 0, 0);
    same(V2 "gate inner(t) a,b { rx(t/2) b; cx b,a; }\n"
            "gate outer(x,unused) a,b { inner(2*x) a,b; barrier a,b; rz(-x/2) a; }\n"
            "gate nothing a { }\n"
            "qreg q[2];\nouter(0.5,7.25) q[0],q[1];\nnothing q[0];\n",
         by_hand);
    qn_circuit_free(by_hand);
    /* a program's own gate wins over one that only the 42-gate library has */
    assert_ok(qn_circuit_create(2, &by_hand));
    add(by_hand, QN_GATE_X, 0, 0, 0, 0, 0);
    same(V2 "gate rzz(t) a,b { x a; }\nqreg q[2];\nrzz(1) q[0],q[1];\n", by_hand);
    same("OPENQASM 2.0;\ngate sx a { U(pi,0,pi) a; }\ninclude \"qelib1.inc\";\nqreg q[2];\nsx q[0];\n", by_hand);
    qn_circuit_free(by_hand);
}

static void registers_are_broadcast(void **state)
{
    (void)state;
    qn_circuit *by_hand = NULL;
    assert_ok(qn_circuit_create(4, &by_hand));
    add(by_hand, QN_GATE_H, 0, 0, 0, 0, 0);
    add(by_hand, QN_GATE_H, 1, 0, 0, 0, 0);
    add(by_hand, QN_GATE_CX, 0, 2, 0, 0, 0);
    add(by_hand, QN_GATE_CX, 1, 3, 0, 0, 0);
    add(by_hand, QN_GATE_CX, 0, 2, 0, 0, 0);
    add(by_hand, QN_GATE_CX, 0, 3, 0, 0, 0);
    same(V2 "qreg q[2]; qreg r[2];\nh q;\ncx q,r;\ncx q[0],r;\n", by_hand);
    qn_circuit_free(by_hand);
}

static void conditions_compare_whole_registers(void **state)
{
    (void)state;
    /* c[0] is the lowest bit: c == 2 means c[1] */
    qn_circuit *circuit = read_text(V2 "qreg q[3]; creg c[2]; creg d[1];\nx q[1];\nmeasure q[0] -> c[0];\n"
                                       "measure q[1] -> c[1];\nif(c==2) x q[2];\nif(c==1) x q[0];\n"
                                       "if(c==2) measure q[2] -> d[0];\nif (d==1) reset q[1];\n",
                                    NULL);
    machine m;
    machine_start(&m, circuit, NULL, 0);
    assert_true(machine_run(&m));
    assert_near(cabs(m.state[4]), 1, 1e-12);
    assert_true(machine_bit(&m, 2));
    qn_circuit_free(circuit);
    /* registers of over 64 bits */
    circuit = read_text(V2 "qreg q[2]; creg c[70];\nx q[0];\nmeasure q[0] -> c[69];\nif(c==0) x q[1];\n", NULL);
    machine_start(&m, circuit, NULL, 0);
    assert_true(machine_run(&m));
    assert_near(cabs(m.state[1]), 1, 1e-12);
    qn_circuit_free(circuit);
}

static void mid_circuit_measurement_and_reset(void **state)
{
    (void)state;
    qn_circuit *circuit =
        read_text(V2 "qreg q[2]; creg c[2];\nx q;\nmeasure q->c;\nreset q;\nx q[1];\nmeasure q[1]->c[0];\n", NULL);
    assert_true(qn_circuit_is_dynamic(circuit));
    machine m;
    machine_start(&m, circuit, NULL, 0);
    assert_true(machine_run(&m));
    assert_near(cabs(m.state[2]), 1, 1e-12);
    assert_true(machine_bit(&m, 0) && machine_bit(&m, 1));
    qn_circuit_free(circuit);
}

static void texts_come_as_they_are(void **state)
{
    (void)state;
    /* byte order mark, CR LF, tabs, comments, no version, U and CX without a library */
    qn_circuit *circuit = read_text(
        "\xef\xbb\xbfOPENQASM 2;\r\n// a comment\r\ninclude \"qelib1.inc\";\r\n\tqreg q[2];\r\nx\tq[0];\r\n", NULL);
    assert_int_equal(qn_circuit_operations(circuit), 1);
    qn_circuit_free(circuit);
    circuit = read_text("OPENQASM 2.0;\nqreg q[2];\nU(0,0,pi) q[0];\nCX q[0],q[1];", NULL);
    assert_int_equal(qn_circuit_operations(circuit), 2);
    qn_circuit_free(circuit);
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    options.version = 2;
    circuit = read_text("include \"qelib1.inc\";\nqreg q[1];\nrx(1/2) q[0];\n", &options);
    qn_operation op;
    qn_circuit_operation(circuit, 0, &op);
    assert_near(op.params[0].constant, 0.5, 0);
    qn_circuit_free(circuit);
    /* opaque delay is a delay; words of version 3 are names here */
    circuit = read_text(V2 "opaque delay(t) a;\nqreg for[2];\ndelay(100) for[0];\nh for[1];\n", NULL);
    qn_circuit_operation(circuit, 0, &op);
    assert_int_equal(op.kind, QN_OP_DELAY);
    assert_near(op.params[0].constant, -100, 0);
    qn_circuit_free(circuit);
}

static void late_registers(void **state)
{
    (void)state;
    qn_circuit *circuit = read_text(V2 "qreg a[1];\nx a[0];\nqreg b[70];\nx b[69];\ncx a[0],b[69];\n", NULL);
    assert_int_equal(qn_circuit_qubits(circuit), 71);
    qn_operation op;
    qn_circuit_operation(circuit, 2, &op);
    assert_int_equal(op.controls[0], 0);
    assert_int_equal(op.targets[0], 70);
    qn_variable v;
    qn_circuit_variable(circuit, 1, &v);
    assert_string_equal(v.name, "b");
    assert_int_equal(v.first, 1);
    qn_circuit_free(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(original_gates_follow_the_paper),
        cmocka_unit_test(extended_gates_are_known),
        cmocka_unit_test(expressions_are_of_real_numbers),
        cmocka_unit_test(definitions_expand),
        cmocka_unit_test(registers_are_broadcast),
        cmocka_unit_test(conditions_compare_whole_registers),
        cmocka_unit_test(mid_circuit_measurement_and_reset),
        cmocka_unit_test(texts_come_as_they_are),
        cmocka_unit_test(late_registers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
