/* test_qasm_engine.c: programs read and run on the reference engine: states known in closed form, and library gates
 * against the definitions that OpenQASM publishes. */
#include "qasm_test.h"

#include <quern/engine.h>

enum { MOST = 8 };

static void amplitudes_of(const char *text, const double *theta, qn_complex out[MOST])
{
    qn_qasm_options read = QN_QASM_OPTIONS_INIT;
    read.free_inputs = true;
    qn_circuit *circuit = read_text(text, &read);
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    const qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    assert_ok(qn_context_create(&options, &context));
    assert_ok(qn_engine_open(context, "reference", &engine));
    assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
    assert_true(qn_circuit_qubits(circuit) <= 3);
    assert_ok(qn_program_amplitudes(program, theta, 0, (size_t)1 << qn_circuit_qubits(circuit), out));
    qn_program_free(program);
    qn_engine_close(engine);
    qn_context_free(context);
    qn_circuit_free(circuit);
}

static void expect(const char *text, const double *theta, const qn_complex *values, size_t count)
{
    qn_complex got[MOST];
    amplitudes_of(text, theta, got);
    for (size_t i = 0; i < count; i++) {
        assert_near(got[i].re, values[i].re, 1e-13);
        assert_near(got[i].im, values[i].im, 1e-13);
    }
}

/* U|0> = ((1 + e^it)/2, i e^ip (1 - e^it)/2) by the specification. */
static void built_in_gate(void **state)
{
    (void)state;
    const double t = 0.3, p = 0.4;
    const qn_complex values[2] = {
        {(1 + cos(t)) / 2, sin(t) / 2},
        {(-sin(p) * (1 - cos(t)) + cos(p) * sin(t)) / 2, (cos(p) * (1 - cos(t)) + sin(p) * sin(t)) / 2}};
    expect(V3 "qubit q;\nU(0.3, 0.4, 0.5) q;\n", NULL, values, 2);
}

static void known_states(void **state)
{
    (void)state;
    const double r = sqrt(0.5);
    const qn_complex ghz[8] = {{r, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {r, 0}};
    expect(V2 "qreg q[3];\nh q[0];\ncx q[0],q[1];\ncx q[1],q[2];\n", NULL, ghz, 8);
    expect(V3
           "gate ghz a, b, c { h a; for int i in [0:0] { cx a, b; } cx b, c; }\nqubit[3] q;\nghz q[0], q[1], q[2];\n",
           NULL, ghz, 8);
    const qn_complex phase[2] = {{0, 1}, {0, 0}};
    expect(V3 "qubit q;\ngphase(pi/2);\n", NULL, phase, 2);
    const qn_complex turned[2] = {{cos(0.35), 0}, {0, -sin(0.35)}};
    const double theta[1] = {0.7};
    expect(V3 "input float theta;\nqubit q;\nrx(theta) q;\n", theta, turned, 2);
    const qn_complex root[2] = {{0.5, 0.5}, {0.5, -0.5}};
    expect(V3 "qubit q;\npow(0.5) @ x q;\n", NULL, root, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(built_in_gate), cmocka_unit_test(known_states)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
