/* test_qasm3_gates.c: OpenQASM 3's gates: U and the standard library by their published matrices, modifiers, powers,
 * operands, inputs. Definitions: https://openqasm.com/versions/3.1/language/gates.html and stdgates.inc. */
#include "qasm_machine.h"
#include "qasm_test.h"

/* Two programs with the same unitary, global phase included. */
static void same(const char *a, const char *b)
{
    char left[1024], right[1024];
    (void)snprintf(left, sizeof left, V3 "qubit[4] q;\n%s", a);
    (void)snprintf(right, sizeof right, V3 "qubit[4] q;\n%s", b);
    qn_circuit *x = read_text(left, NULL), *y = read_text(right, NULL);
    const double difference = machine_difference(x, y);
    if (!(difference < 1e-11)) {
        print_error("'%s' and '%s' differ by %g\n", a, b, difference);
        fail();
    }
    qn_circuit_free(x);
    qn_circuit_free(y);
}

/* U = 1/2 [[1 + e^it, -i e^il (1 - e^it)], [i e^ip (1 - e^it), e^i(p+l) (1 + e^it)]]. */
static void u_has_the_phase_of_the_specification(void **state)
{
    (void)state;
    const double t = 0.3, p = 0.4, l = 0.5;
    const double complex et = cexp(machine_complex(0, t)), i = machine_complex(0, 1);
    const double complex expected[4] = {(1 + et) / 2, -i * cexp(i * l) * (1 - et) / 2, i * cexp(i * p) * (1 - et) / 2,
                                        cexp(i * (p + l)) * (1 + et) / 2};
    qn_circuit *circuit = read_text(V3 "qubit q;\nU(0.3, 0.4, 0.5) q;\n", NULL);
    for (uint64_t basis = 0; basis < 2; basis++) {
        double complex column[MACHINE_STATES];
        machine_column(circuit, NULL, basis, column);
        assert_near(cabs(column[0] - expected[basis]), 0, 1e-14);
        assert_near(cabs(column[1] - expected[2 + basis]), 0, 1e-14);
    }
    qn_circuit_free(circuit);
}

static void standard_gates_follow_their_definitions(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"p(0.7) q[0];", "ctrl @ gphase(0.7) q[0];"},
        {"phase(0.7) q[0];", "U(0, 0, 0.7) q[0];"},
        {"x q[0];", "U(pi, 0, pi) q[0]; gphase(-pi/2);"},
        {"y q[0];", "U(pi, pi/2, pi/2) q[0]; gphase(-pi/2);"},
        {"z q[0];", "p(pi) q[0];"},
        {"h q[0];", "U(pi/2, 0, pi) q[0]; gphase(-pi/4);"},
        {"s q[0];", "pow(1/2.) @ z q[0];"},
        {"sdg q[0];", "inv @ pow(0.5) @ z q[0];"},
        {"t q[0];", "pow(0.5) @ s q[0];"},
        {"tdg q[0];", "inv @ pow(0.5) @ s q[0];"},
        {"sx q[0];", "pow(0.5) @ x q[0];"},
        {"rx(0.7) q[0];", "U(0.7, -pi/2, pi/2) q[0]; gphase(-0.35);"},
        {"ry(0.7) q[0];", "U(0.7, 0, 0) q[0]; gphase(-0.35);"},
        {"rz(0.7) q[0];", "gphase(-0.35); U(0, 0, 0.7) q[0];"},
        {"cx q[0], q[1];", "ctrl @ x q[0], q[1];"},
        {"CX q[0], q[1];", "ctrl @ x q[0], q[1];"},
        {"cy q[0], q[1];", "ctrl @ y q[0], q[1];"},
        {"cz q[0], q[1];", "ctrl @ z q[0], q[1];"},
        {"cp(0.7) q[0], q[1];", "ctrl @ p(0.7) q[0], q[1];"},
        {"cphase(0.7) q[0], q[1];", "ctrl @ phase(0.7) q[0], q[1];"},
        {"crx(0.7) q[0], q[1];", "ctrl @ rx(0.7) q[0], q[1];"},
        {"cry(0.7) q[0], q[1];", "ctrl @ ry(0.7) q[0], q[1];"},
        {"crz(0.7) q[0], q[1];", "ctrl @ rz(0.7) q[0], q[1];"},
        {"ch q[0], q[1];", "ctrl @ h q[0], q[1];"},
        {"swap q[0], q[1];", "cx q[0], q[1]; cx q[1], q[0]; cx q[0], q[1];"},
        {"ccx q[0], q[1], q[2];", "ctrl @ ctrl @ x q[0], q[1], q[2];"},
        {"cswap q[0], q[1], q[2];", "ctrl @ swap q[0], q[1], q[2];"},
        {"cu(0.3, 0.4, 0.5, 0.6) q[0], q[1];", "p(0.6 - 0.3/2) q[0]; ctrl @ U(0.3, 0.4, 0.5) q[0], q[1];"},
        {"id q[0];", "U(0, 0, 0) q[0];"},
        {"u1(0.7) q[0];", "U(0, 0, 0.7) q[0];"},
        {"u2(0.4, 0.5) q[0];", "gphase(-(0.4 + 0.5 + pi/2)/2); U(pi/2, 0.4, 0.5) q[0];"},
        {"u3(0.3, 0.4, 0.5) q[0];", "gphase(-(0.4 + 0.5 + 0.3)/2); U(0.3, 0.4, 0.5) q[0];"},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], 32);
    for (size_t i = 0; i < 32; i++) {
        same(rows[i][0], rows[i][1]);
    }
}

static void modifiers(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"pow(2) @ s q[0];", "z q[0];"},
        {"pow(-2) @ t q[0];", "sdg q[0];"},
        {"pow(0) @ x q[0];", ""},
        {"pow(3) @ rx(0.2) q[0];", "rx(0.6) q[0];"},
        {"pow(0.5) @ rx(0.2) q[0];", "rx(0.1) q[0];"},
        {"pow(0.5) @ rz(2*pi) q[0];", "gphase(pi/2);"},
        {"pow(0.5) @ p(3*pi/2) q[0];", "p(-pi/4) q[0];"},
        {"pow(0.25) @ pow(4) @ t q[0];", "pow(0.25) @ z q[0];"},
        {"pow(0.5) @ h q[0]; pow(0.5) @ h q[0];", "h q[0];"},
        {"pow(0.5) @ y q[0]; pow(0.5) @ y q[0];", "y q[0];"},
        {"pow(0.3) @ U(0.3,0.4,0.5) q[0]; pow(0.7) @ U(0.3,0.4,0.5) q[0];", "U(0.3,0.4,0.5) q[0];"},
        {"pow(0.5) @ swap q[0], q[1]; pow(0.5) @ swap q[0], q[1];", "swap q[0], q[1];"},
        {"ctrl @ pow(0.5) @ swap q[2], q[0], q[1]; ctrl @ pow(0.5) @ swap q[2], q[0], q[1];",
         "cswap q[2], q[0], q[1];"},
        {"pow(0.5) @ cx q[0], q[1]; pow(0.5) @ cx q[0], q[1];", "cx q[0], q[1];"},
        {"pow(0.5) @ cx q[0], q[1];", "ctrl @ sx q[0], q[1];"},
        {"ctrl @ pow(0.5) @ cx q[2], q[0], q[1];", "ctrl(2) @ sx q[2], q[0], q[1];"},
        {"inv @ ctrl @ s q[0], q[1];", "ctrl @ sdg q[0], q[1];"},
        {"inv @ ctrl @ sx q[0], q[1]; ctrl @ sx q[0], q[1];", ""},
        {"inv @ U(0.1, 0.2, 0.3) q[0]; U(0.1, 0.2, 0.3) q[0];", ""},
        {"inv @ u2(0.2, 0.3) q[0]; u2(0.2, 0.3) q[0];", ""},
        {"negctrl @ x q[0], q[1];", "x q[0]; cx q[0], q[1]; x q[0];"},
        {"negctrl(2) @ x q[0], q[1], q[2];", "x q[0]; x q[1]; ccx q[0], q[1], q[2]; x q[0]; x q[1];"},
        {"ctrl @ negctrl @ z q[0], q[1], q[2];", "x q[1]; ctrl(2) @ z q[0], q[1], q[2]; x q[1];"},
        {"ctrl @ gphase(0.3) q[0];", "p(0.3) q[0];"},
        {"ctrl(2) @ gphase(0.3) q[0], q[1];", "cp(0.3) q[0], q[1];"},
        {"negctrl @ gphase(0.3) q[0];", "gphase(0.3); p(-0.3) q[0];"},
        {"ctrl(3) @ x q[0], q[1], q[2], q[3];", "ctrl @ ccx q[0], q[1], q[2], q[3];"},
        {"pow(2) @ ctrl @ inv @ s q[0], q[1];", "cz q[0], q[1];"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        same(rows[i][0], rows[i][1]);
    }
}

static void modifiers_of_defined_gates(void **state)
{
    (void)state;
    const char *const define = "gate g(a) x, y { gphase(0.1); rx(a) x; barrier x, y; cx x, y; u2(a, 0.2) y; }\n";
    static const char *const rows[][2] = {
        {"inv @ g(0.3) q[0], q[1]; g(0.3) q[0], q[1];", ""},
        {"g(0.3) q[0], q[1];", "gphase(0.1); rx(0.3) q[0]; cx q[0], q[1]; u2(0.3, 0.2) q[1];"},
        {"ctrl @ g(0.3) q[2], q[0], q[1];",
         "p(0.1) q[2]; crx(0.3) q[2], q[0]; ccx q[2], q[0], q[1]; ctrl @ u2(0.3, 0.2) q[2], q[1];"},
        {"pow(2) @ g(0.3) q[0], q[1];", "g(0.3) q[0], q[1]; g(0.3) q[0], q[1];"},
        {"pow(-1) @ g(0.3) q[0], q[1];", "inv @ g(0.3) q[0], q[1];"},
        {"pow(0.5) @ g(0.3) q[0], q[1]; pow(0.5) @ g(0.3) q[0], q[1];", "g(0.3) q[0], q[1];"},
        {"inv @ pow(0.3) @ g(0.3) q[0], q[1]; pow(0.3) @ g(0.3) q[0], q[1];", ""},
        {"negctrl @ ctrl @ g(0.3) q[2], q[3], q[0], q[1];", "x q[2]; ctrl(2) @ g(0.3) q[2], q[3], q[0], q[1]; x q[2];"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char a[1024], b[1024];
        (void)snprintf(a, sizeof a, "%s%s", define, rows[i][0]);
        (void)snprintf(b, sizeof b, "%s%s", define, rows[i][1]);
        same(a, b);
    }
}

static void roots_are_principal(void **state)
{
    (void)state;
    /* eigenvalues of the half power of a unitary lie on the right half of the circle */
    static const char *const gates[] = {"x", "y", "z", "h", "U(0.3,0.4,0.5)", "U(3,2,1)", "u3(2,-3,1)"};
    for (size_t i = 0; i < sizeof gates / sizeof gates[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, V3 "qubit q;\npow(0.5) @ %s q;\n", gates[i]);
        qn_circuit *circuit = read_text(text, NULL);
        double complex a[MACHINE_STATES], b[MACHINE_STATES];
        machine_column(circuit, NULL, 0, a);
        machine_column(circuit, NULL, 1, b);
        const double complex trace = a[0] + b[1], determinant = a[0] * b[1] - a[1] * b[0];
        const double complex root = csqrt(trace * trace - 4 * determinant);
        assert_true(creal((trace + root) / 2) > -1e-9 && creal((trace - root) / 2) > -1e-9);
        qn_circuit_free(circuit);
    }
}

static void operands(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"h q[0:2];", "h q[0]; h q[1]; h q[2];"},
        {"h q[0:2:3];", "h q[0]; h q[2];"},
        {"cx q[3:-1:2], q[0:1];", "cx q[3], q[0]; cx q[2], q[1];"},
        {"h q[{0, 3}];", "h q[0]; h q[3];"},
        {"h q[-1];", "h q[3];"},
        {"h q[:1];", "h q[0]; h q[1];"},
        {"h q[2:];", "h q[2]; h q[3];"},
        {"let a = q[1:2]; x a[0];", "x q[1];"},
        {"let a = q[0] ++ q[2:3]; cx a[0], a[2]; x a[1];", "cx q[0], q[3]; x q[2];"},
        {"let a = q[{3, 1}]; let b = a[0]; x b;", "x q[3];"},
        {"cx q[0], q[1:3];", "cx q[0], q[1]; cx q[0], q[2]; cx q[0], q[3];"},
        {"h q;", "for int i in [0:3] { h q[i]; }"},
        {"rx(3/2) q[0];", "rx(1) q[0];"},
        {"rx(3.0/2) q[0];", "rx(1.5) q[0];"},
        {"rx(2**3) q[0];", "rx(8) q[0];"},
        {"rx(2^3) q[0];", "rx(1) q[0];"},
        {"rx(-2**2) q[0];", "rx(-4) q[0];"},
        {"rx(1_000e-3) q[0];", "rx(1) q[0];"},
        {"rx(0x1f + 0b101 - 0o17) q[0];", "rx(21) q[0];"},
        {"rx(\xcf\x80) q[0]; ry(\xcf\x84) q[0]; rz(\xe2\x84\x87) q[0];", "rx(pi) q[0]; ry(tau) q[0]; rz(euler) q[0];"},
        {"rx(arccos(0.5) + log(2) + floor(1.5) + ceiling(1.5) + mod(7, 4) + pow(2, 3)) q[0];",
         "rx(pi/3 + 0.693147180559945309 + 14) q[0];"},
        {"rx(popcount(\"1011\") + rotl(\"0011\", 1) + sizeof(\xce\xb1)) q[0];", "rx(3 + 6 + 3) q[0];"},
        {"angle[4] a = pi; rx(a/2) q[0]; angle[4] b = a + pi/2; rx(b) q[0];", "rx(pi/2) q[0]; rx(3*pi/2) q[0];"},
        {"angle[8] a = pi/2; a = a * 6; p(a) q[0];", "p(pi) q[0];"},
        {"uint[3] u = 7; u += 2; rx(u) q[0];", "rx(1) q[0];"},
        {"int[8] i = -7; rx(i / 2) q[0]; rx(i % 4) q[0];", "rx(-3) q[0]; rx(-3) q[0];"},
        {"bool b = 3 > 2 && !false; if (b) x q[0]; else y q[0];", "x q[0];"},
        {"const float f = 1/4.; const int n = 2; for int i in [n:3] { rx(f * i) q[i]; }",
         "rx(0.5) q[2]; rx(0.75) q[3];"},
        {"array[int[8], 3] v = {1, 2, 3}; v[1] += 5; rx(v[1] + v[-1]) q[0];", "rx(10) q[0];"},
        {"float f = 0; for int i in {1, 4} { f += i; } rx(f) q[0];", "rx(5) q[0];"},
        {"int n = 0; while (n < 3) { n += 1; if (n == 2) continue; x q[n]; }", "x q[1]; x q[3];"},
        {"for uint i in [3:-1:0] { if (i == 1) break; x q[i]; }", "x q[3]; x q[2];"},
        {"switch (3) { case 1 { x q[0]; } case 2, 3 { y q[0]; } default { z q[0]; } }", "y q[0];"},
        {"switch (9) { case 1 { x q[0]; } default { z q[0]; } }", "z q[0];"},
        {"def f(qubit a, float t) { rx(t) a; } f(q[1], 0.5);", "rx(0.5) q[1];"},
        {"def f(int n) -> int { if (n < 2) { return 1; } return n * f(n - 1); } rx(f(4)) q[0];", "rx(24) q[0];"},
        {"def f(qubit[2] a) { cx a[1], a[0]; } f(q[2:3]); f(q[0] ++ q[3]);", "cx q[3], q[2]; cx q[3], q[0];"},
        {"x q[0]; end; x q[1];", "x q[0];"},
        {"box { x q[0]; }", "x q[0];"},
        {"pragma something here\n@keep it\nx q[0];", "x q[0];"},
        {"uint[4] u = 5; for int i in [0:3] { if (u[i]) x q[i]; }", "x q[0]; x q[2];"},
        {"bit[4] c = \"0101\"; for int i in [0:3] { if (c[i]) z q[i]; } c = \"0000\";", "z q[0]; z q[2];"},
        {"{ int x1 = 1; { int x1 = 2; rx(x1) q[0]; } rx(x1) q[0]; }", "rx(2) q[0]; rx(1) q[0];"},
        {"gphase(0.5);", "gphase(0.25); gphase(0.25);"},
        {"rx(1,) q[0];", "rx(1) q[0];"},
        {"x q[int(true)]; x q[int[8](2.7)];", "x q[1]; x q[2];"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char a[1024];
        (void)snprintf(a, sizeof a, "array[int, 3] \xce\xb1; /* a\nlong */ %s", rows[i][0]);
        same(a, rows[i][1]);
    }
}

static void free_inputs_become_symbols(void **state)
{
    (void)state;
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    const qn_binding bindings[] = {{"n", 3}, {"known", 0.5}};
    options.free_inputs = true;
    options.bindings = bindings;
    options.nbindings = 2;
    qn_circuit *circuit =
        read_text(V3 "input float a; input angle b; input int n; input float known;\nqubit[2] q;\n"
                     "gate g(x, y) p0 { rx(2 * x - y / 4 + 1) p0; }\n"
                     "g(a, b - a) q[0];\nrz(n * known) q[1];\nry(sin(a)) q[0];\nfloat f = a + 1; rx(f * 2) q[1];\n"
                     "U(a, 0, b) q[0];\ninv @ rx(a) q[0];\n",
                  &options);
    assert_int_equal(qn_circuit_symbols(circuit), 2);
    assert_string_equal(qn_circuit_symbol_name(circuit, 1), "b");
    qn_operation op;
    qn_circuit_operation(circuit, 0, &op);
    const double theta[2] = {0.3, 0.7};
    assert_near(qn_param_value(&op.params[0], theta), 2 * 0.3 - (0.7 - 0.3) / 4 + 1, 1e-15);
    assert_int_equal(op.params[0].count, 2);
    assert_int_equal(op.params[0].expression, 0);
    qn_circuit_operation(circuit, 1, &op);
    assert_near(op.params[0].constant, 1.5, 0);
    qn_circuit_operation(circuit, 2, &op);
    assert_int_not_equal(op.params[0].expression, 0);
    const qn_classical_state classical = {NULL, NULL, theta};
    qn_value value;
    assert_ok(qn_expression_evaluate(circuit, op.params[0].expression, &classical, &value));
    assert_near(value.number, sin(0.3), 1e-15);
    qn_circuit_operation(circuit, 3, &op);
    assert_near(qn_param_value(&op.params[0], theta), 2.6, 1e-15);
    qn_circuit_operation(circuit, 4, &op);
    assert_int_equal(op.gate, QN_GATE_UPHASE);
    assert_near(qn_param_value(&op.params[3], theta), 0.15, 1e-15);
    qn_circuit_operation(circuit, 5, &op);
    assert_near(qn_param_value(&op.params[0], theta), -0.3, 1e-15);
    qn_circuit_free(circuit);
}

static void physical_qubits(void **state)
{
    (void)state;
    qn_circuit *circuit = read_text(V3 "x $2;\ncx $2, $5;\n", NULL);
    assert_int_equal(qn_circuit_qubits(circuit), 6);
    qn_circuit_free(circuit);
}

static void qelib1_in_version_3(void **state)
{
    (void)state;
    qn_circuit *circuit = read_text("OPENQASM 3;\ninclude \"qelib1.inc\";\nqubit[3] q;\ncu3(1,2,3) q[0],q[1];\nrzz(1) "
                                    "q[0],q[1];\nu3(1,2,3) q[0];\n",
                                    NULL);
    qn_operation op;
    qn_circuit_operation(circuit, 2, &op);
    assert_int_equal(op.gate, QN_GATE_U);
    qn_circuit_free(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(u_has_the_phase_of_the_specification),
        cmocka_unit_test(standard_gates_follow_their_definitions),
        cmocka_unit_test(modifiers),
        cmocka_unit_test(modifiers_of_defined_gates),
        cmocka_unit_test(roots_are_principal),
        cmocka_unit_test(operands),
        cmocka_unit_test(free_inputs_become_symbols),
        cmocka_unit_test(physical_qubits),
        cmocka_unit_test(qelib1_in_version_3),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
