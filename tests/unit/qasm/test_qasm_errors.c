/* test_qasm_errors.c: what is wrong is told where it is, what was expected, and reading goes on; limits; what is
 * refused by name; the two faces of a list of findings. */
#include "qasm_test.h"

#include "base/alloc.h"

static void one(const char *text, uint32_t line, uint32_t column, const char *message)
{
    const expected_error error = {line, column, message};
    check_errors(text, QN_ERR_PARSE, &error, 1);
}

static void unsupported(const char *body, uint32_t column, const char *message)
{
    char text[512];
    (void)snprintf(text, sizeof text, V3 "qubit[3] q; bit[3] c;\n%s\n", body);
    const expected_error error = {4, column, message};
    check_errors(text, QN_ERR_UNSUPPORTED, &error, 1);
}

static void plain(const char *body, uint32_t column, const char *message)
{
    char text[1024];
    (void)snprintf(text, sizeof text, V3 "qubit[3] q; bit[3] c; int n = 1;\n%s\n", body);
    one(text, 4, column, message);
}

static void old(const char *body, uint32_t column, const char *message)
{
    char text[512];
    (void)snprintf(text, sizeof text, V2 "qreg q[3]; creg c[2]; qreg r[2];\n%s\n", body);
    one(text, 4, column, message);
}

static void version_2(void **state)
{
    (void)state;
    old("cx q[0] q[1];", 9, "expected ';' after the gate, got 'q'");
    old("cx q[0], q[0];", 1, "the same qubit twice, as operands 1 and 2");
    old("cx q, q;", 1, "the same qubit twice");
    old("cx q, r;", 1, "registers of 3 and 2 qubits; expected equal sizes");
    old("cx q[0];", 1, "'cx' acts on 2 qubits, got 1");
    old("rx q[0];", 1, "'rx' takes 1 parameter, got 0");
    old("rx(1,2) q[0];", 1, "'rx' takes 1 parameter, got 2");
    old("rx(1,) q[0];", 6, "expected a parameter after ','");
    old("h q[3];", 5, "index 3 is outside of 'q'; expected 0 to 2");
    old("h q[-1];", 5, "index -1 is outside of 'q'");
    old("hh q[0];", 1, "gate 'hh' is not defined; did you mean 'h'?");
    old("h qq[0];", 3, "qubit 'qq' is not defined; did you mean 'q'?");
    old("h c[0];", 3, "'c' is a bit register; expected a qubit");
    old("q q[0];", 1, "'q' is a quantum register; expected a gate");
    old("measure q -> c;", 1, "3 qubits measured into 2 bits");
    old("measure q[0] -> q[1];", 17, "'q' is a quantum register; expected a bit");
    old("measure q[0];", 13, "expected '->' and the bits to measure into, got ';'");
    old("qreg q[2];", 6, "'q' is already defined: a quantum register, on line 3");
    old("gate x a { }", 6, "'x' is already defined: a gate of the standard library");
    old("gate g a { g a; }", 12, "gate 'g' is not defined");
    old("gate g a,a { }", 10, "'a' twice");
    old("gate g a { h a[0]; }", 14, "'a' is one qubit of the gate, which has no index");
    old("gate g a { measure a -> c[0]; }", 12, "'measure' in the body of a gate");
    old("gate g a { h q[0]; }", 14, "'q' is a quantum register of the program");
    old("gate g a,b { cx a,a; }", 14, "the same qubit twice");
    old("gate g(t) a { rx(u) a; }", 18, "'u' is a gate, which has no value");
    old("if (c == 1) creg d[1];", 13, "expected a gate, measure or reset after the condition, got 'creg'");
    old("if (q == 1) x q[0];", 5, "'q' is a quantum register; expected a bit");
    old("if (c[0] == 1) x q[0];", 5, "OpenQASM 2 compares a whole register");
    old("h q[0];;", 8, "an empty statement");
    old("barrier;", 8, "expected the qubits of the barrier, got ';'");
    old("rx(2.5.1) q[0];", 7, "expected ')' after the parameters, got '.1'");
    old("rx(1/0) q[0];", 4, "the parameter is not a finite number");
    old("rx(foo(1)) q[0];", 4, "name 'foo' is not defined");
    old("rx(1e999) q[0];", 4, "a number beyond the largest double");
    old("rx(12ab) q[0];", 4, "a number runs into a name");
    old("h q[0]; \xc3\x28", 9, "a character that no name may have");
    old("h q[0] \\;", 8, "a character that OpenQASM does not use; expected ';' after the gate");
    old("include \"stdgates.inc\";", 9, "stdgates.inc belongs to OpenQASM 3");
    old("h q[99999999999999999999];", 5, "an integer over 64 bits");
    old("/* never", 1, "a comment that never ends; expected '*/'");
    old("include \"never", 9, "a string without its closing quote");
    old("gate g a {", 10, "this '{' is never closed");
    old("}", 1, "'}' closes nothing");
    one("OPENQASM 2.0;\nqreg q[1];\ncx q[0],q[0];\n", 3, 1,
        "'cx' is not defined; did you forget: include \"qelib1.inc\";");
    one("OPENQASM 4.0;\nqreg q[1];\n", 1, 10, "version 4.0 of OpenQASM; expected 2.0, 3.0 or 3.1");
    one("qreg q[1];\nOPENQASM 2.0;\n", 2, 1, "the version line is not the first statement");
    one("OPENQASM 2.0;\n", 2, 1, "the program declares no qubits; expected qreg q[n];");
    one("OPENQASM 2.0;\nqreg q[0];\n", 2, 8, "a register of size 0; expected at least 1");
    one(V2 "qreg q[2]\nh q[0];\n", 3, 9, "expected ';' after the declaration, got 'h' on line 4");
}

static void version_3(void **state)
{
    (void)state;
    plain("measure q[0] + 1;", 14, "expected ';' after the measurement");
    plain("n = measure q[0];", 5, "a measurement into 'n', a classical variable; expected a bit");
    plain("if (measure q[0]) { }", 5, "a measurement inside an expression");
    plain("n = q;", 5, "'q' is a quantum register, which has no value");
    plain("N = 2;", 1, "gate 'N' is not defined");
    plain("const int k = 2; k = 3;", 18, "'k' is a constant; expected a variable");
    plain("const int k = n; const int j = c[0];", 32, "the value of a constant depends on a measurement");
    plain("int n = 2;", 5, "'n' is already defined: a classical variable, on line 3");
    plain("break;", 1, "'break' outside of a loop");
    plain("return 1;", 1, "'return' outside of a subroutine");
    plain("if (n) { include \"a.inc\"; }", 10, "an include inside of a block");
    plain("if (n) { qubit z; }", 10, "qubits declared inside of a block");
    plain("if (n) int k;", 8, "a declaration as the only statement of a branch");
    plain("n = 1 / 0;", 7, "division by zero");
    plain("c = \"01\";", 5, "a string of 2 bits for 3");
    plain("c = 1.5;", 5, "a float does not convert to bits");
    plain("c[3] = 1;", 3, "index 3 is outside of 'c'");
    plain("ctrl x q[0], q[1];", 6, "expected '@' after the modifier, got 'x'");
    plain("ctrl @ x q[0];", 8, "'x' acts on 2 qubits, controls included, got 1");
    plain("gphase(pi) @ x q[0];", 12, "expected a qubit or a quantum register, got '@'");
    plain("gphase(1) q[0];", 1, "'gphase' acts on 0 qubits, got 1");
    plain("ctrl(0) @ x q[0];", 6, "0 controls; expected 1 to 64");
    plain("ctrl @ x q[0], q[0];", 8, "the same qubit twice");
    plain("for int i in [0:0:3] { }", 15, "a range with step 0");
    plain("for int i in q { }", 14, "a loop over a quantum register");
    plain("h q[2:1];", 5, "is empty");
    plain("def f(qubit a) -> bit { h a; } c[0] = f(q[0]);", 39, "ends without a return");
    plain("def f(qubit a) { } f(q);", 22, "3 qubits as an argument; expected 1");
    plain("def f(int a) { } f(1, 2);", 23, "'f' takes 1 argument; expected ')'");
    plain("def f(int a) { } f();", 18, "'f' takes 1 argument, got 0");
    plain("def f() { n = 2; } ", 11, "'n' is a classical variable of the program");
    plain("def f() { h q[0]; } ", 13, "'q' is a quantum register of the program");
    plain("rx(true) q[0];", 4, "a bool as the parameter of a gate");
    plain("input float theta;", 13, "input 'theta' has no value");
    plain("let a = n;", 9, "'n' is a classical variable; expected a qubit");
    plain("switch (n) { default { } case 1 { } }", 26, "expected '}' after the default");
    plain("n = 5 +;", 8, "expected an expression, got ';'");
    plain("delay[100] q[0];", 7, "a duration without a unit");
    plain("U (1)(2) q[0];", 6, "expected a qubit or a quantum register, got '('");
    plain("int[0] k;", 5, "a width of 0");
}

static void refused_by_name(void **state)
{
    (void)state;
    unsupported("cal { }", 1, "cal blocks are not supported");
    unsupported("defcal x $0 { }", 1, "defcal is not supported");
    unsupported("defcalgrammar \"openpulse\";", 1, "defcalgrammar is not supported");
    unsupported("extern f(int) -> int;", 1, "extern functions are not supported");
    unsupported("duration d = 100ns;", 1, "variables of type duration are not supported");
    unsupported("stretch s;", 1, "stretch is not supported");
    unsupported("complex[float] z;", 1, "complex numbers are not supported");
    unsupported("array[int[8], 2, 3] a;", 16, "arrays of more than one dimension are not supported");
    unsupported("delay[durationof({x q[0];})] q[0];", 7, "computed durations are not supported");
    unsupported("delay[10ns + 5ns] q[0];", 12, "duration arithmetic is not supported");
    unsupported("x $0;", 3, "physical qubits beside declared qubits are not supported");
    unsupported("int[65] n;", 5, "at most 64 bits");
    unsupported("float z = 2im;", 11, "complex numbers are not supported");
    unsupported("c = measure q; uint k = c; h q[k];", 32, "an index depends on a measurement or a free parameter");
    unsupported("float[16] f = 1;", 7, "float[16] is not supported");
    unsupported("gate g a,b,c { cx a,b; cx b,c; } pow(0.5) @ g q[0],q[1],q[2];", 34,
                "on more than two qubits is not supported");
}

static void limits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *message;
    } rows[] = {
        {V2 "qreg q[4294967296];\n", 3, 6, "expected at most 65536"},
        {V2 "qreg q[1000000000];\n", 3, 6, "1000000000 qubits in all; expected at most 65536"},
        {V2 "qreg q[1]; creg c[1000000000];\n", 3, 17, "1000000000 classical bits; expected at most"},
        {V3 "qubit[1000000000] q;\n", 3, 7, "a register of 1000000000 qubits; expected at most 65536"},
        {V3 "qubit q; for int i in [0:9999999] { x q; }\n", 3, 18,
         "a loop of 10000000 turns; expected at most 1000000"},
        {V3 "qubit q; while (true) { x q; }\n", 3, 10, "a loop of more than 1000000 turns"},
        {V3 "qubit q; pow(1e9) @ h q;\n", 3, 0, NULL},
        {V3 "qubit q; def f(int n) -> int { return f(n + 1); } int k = f(0);\n", 3, 41, "nested more than 200 deep"},
        {V3 "qubit q; x $99999999;\n", 3, 0, NULL},
        {V3 "x $99999999;\n", 3, 3, "physical qubit 99999999; expected at most $65535"},
        {V3 "qubit q; array[int[8], 99999999] a;\n", 3, 24, "an array of 99999999 elements; expected at most"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].message != NULL) {
            const expected_error error = {rows[i].line, rows[i].column, rows[i].message};
            check_errors(rows[i].text, QN_ERR_TOO_LARGE, &error, 1);
        }
    }
    /* brackets and blocks, deeper than any stack likes */
    enum { DEEP = 100000 };
    char *text = malloc(2 * DEEP + 200);
    assert_non_null(text);
    const char *const openings[] = {"rx((", "{ {", "rx(-", "if (1) "};
    for (size_t k = 0; k < 4; k++) {
        size_t n = (size_t)sprintf(text, V3 "qubit q;\n");
        n += (size_t)sprintf(text + n, "%s", k == 0 || k == 2 ? "rx(" : "");
        for (size_t i = 0; i < DEEP / 8; i++) {
            n += (size_t)sprintf(text + n, "%s", k == 0 ? "(" : k == 2 ? "-" : openings[k]);
        }
        qn_circuit *circuit = NULL;
        assert_fails(qn_read_qasm(text, n, "deep.qasm", NULL, NULL, &circuit), QN_ERR_TOO_LARGE,
                     "nested more than 200 deep");
        assert_null(circuit);
    }
    free(text);
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    qn_circuit *circuit = NULL;
    options.max_operations = 10;
    const char *const many = V3 "qubit q; for int i in [0:10] { x q; }\n";
    assert_fails(qn_read_qasm(many, strlen(many), "in", &options, NULL, &circuit), QN_ERR_TOO_LARGE,
                 "more than 10 operations");
    const char *const bomb = V3 "qubit q;\ngate g0 a { }\ngate g1 a { g0 a; g0 a; }\ngate g2 a { g1 a; g1 a; }\n"
                                "gate g3 a { g2 a; g2 a; }\ngate g4 a { g3 a; g3 a; }\n"
                                "for int i in [0:999999] { g4 q; }\n";
    assert_fails(qn_read_qasm(bomb, strlen(bomb), "in", &options, NULL, &circuit), QN_ERR_TOO_LARGE, "steps to unroll");
    options.max_operations = 0;
    options.max_qubits = 3;
    const char *const wide = V2 "qreg a[2]; qreg b[2];\n";
    assert_fails(qn_read_qasm(wide, strlen(wide), "in", &options, NULL, &circuit), QN_ERR_TOO_LARGE,
                 "in:3:17: error: 4 qubits in all; expected at most 3");
    assert_null(circuit);
}

static void not_text(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL;
    assert_fails(qn_read_qasm("qreg\0q[1];", 10, "in", NULL, NULL, &circuit), QN_ERR_PARSE, "in:1:5: error: a 0 byte");
    assert_fails(qn_read_qasm("\xff\xfeq\0r\0", 6, "in", NULL, NULL, &circuit), QN_ERR_PARSE, "the file is UTF-16");
    assert_fails(qn_read_qasm(NULL, 0, NULL, NULL, NULL, &circuit), QN_ERR_PARSE, "declares no qubits");
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    options.version = 4;
    assert_fails(qn_read_qasm("", 0, "in", &options, NULL, &circuit), QN_ERR_ARGUMENT, "version 4");
    options.version = 2;
    assert_fails(qn_read_qasm("OPENQASM 3;", 11, "in", &options, NULL, &circuit), QN_ERR_PARSE,
                 "expected 2, as asked for");
    assert_null(circuit);
}

static void several_in_one_run(void **state)
{
    (void)state;
    const expected_error errors[] = {
        {4, 1, "gate 'hh' is not defined"},  {5, 9, "expected ';'"},        {7, 12, "'measure' in the body of a gate"},
        {8, 12, "gate 'zz' is not defined"}, {11, 5, "index 5 is outside"}, {12, 6, "'c' is already defined"}};
    check_errors(
        V2 "qreg q[2]; creg c[2];\nhh q[0];\ncx q[0] q[1];\ngate g a {\n           measure a -> c;\n           zz a;\n"
           "}\ng q[0];\nh q[5];\ncreg c[2];\n",
        QN_ERR_PARSE, errors, 6);
    /* a name whose declaration failed is not told of again */
    check_errors(V2 "qreg q[2;\nh q[0];\ncx q[0],q[1];\n", QN_ERR_PARSE, &(expected_error){3, 9, "expected ']'"}, 1);
    /* at most twenty */
    char text[4096];
    size_t n = (size_t)sprintf(text, V2 "qreg q[1];\n");
    for (int i = 0; i < 50; i++) {
        n += (size_t)sprintf(text + n, "nope q[0];\n");
    }
    qn_diagnostics *list = NULL;
    qn_circuit *circuit = NULL;
    assert_ok(qn_diagnostics_create(&list));
    assert_fails(qn_read_qasm(text, n, "in", NULL, list, &circuit), QN_ERR_PARSE, "in:4:1: error: gate 'nope'");
    assert_int_equal(qn_diagnostics_errors(list), 20);
    qn_diagnostics_free(list);
}

static void texts_of_findings(void **state)
{
    (void)state;
    qn_diagnostics *list = NULL;
    qn_circuit *circuit = NULL;
    const char *const text = V3 "qubit q;\npragma keep\n\tcx q, \xce\xb8\xce\xb8[1];\n";
    assert_ok(qn_diagnostics_create(&list));
    assert_fails(qn_read_qasm(text, strlen(text), "a\"b.qasm", NULL, list, &circuit), QN_ERR_PARSE, "is not defined");
    char *shown = NULL;
    size_t length = 0;
    assert_ok(qn_diagnostics_text(list, false, &shown, &length));
    assert_string_equal(shown, "a\"b.qasm:4:1: warning: this pragma is ignored\n    pragma keep\n    ^~~~~~~~~~~\n"
                               "a\"b.qasm:5:8: error: qubit '\xce\xb8\xce\xb8' is not defined; did you mean 'q'?\n"
                               "    \tcx q, \xce\xb8\xce\xb8[1];\n    \t      ^~\n");
    assert_int_equal(length, strlen(shown));
    qn_text_free(shown);
    assert_ok(qn_diagnostics_text(list, true, &shown, &length));
    assert_non_null(strstr(shown, "\x1b[1;31merror:\x1b[0m qubit"));
    qn_text_free(shown);
    assert_ok(qn_diagnostics_json(list, &shown, &length));
    assert_string_equal(
        shown,
        "{\"schema\":\"quern.diagnostics/1\",\"diagnostics\":[{\"file\":\"a\\\"b.qasm\",\"line\":4,\"column\":1,"
        "\"length\":11,\"severity\":\"warning\",\"message\":\"this pragma is ignored\",\"source\":\"pragma keep\"},"
        "{\"file\":\"a\\\"b.qasm\",\"line\":5,\"column\":8,\"length\":4,\"severity\":\"error\",\"message\":\"qubit "
        "'\xce\xb8\xce\xb8' is not defined; did you mean 'q'?\",\"source\":\"\\u0009cx q, \xce\xb8\xce\xb8[1];\"}]}\n");
    qn_text_free(shown);
    qn_diagnostic d;
    qn_diagnostics_get(list, 9, &d);
    assert_string_equal(d.message, "");
    qn_diagnostics_free(list);
    qn_diagnostics_free(NULL);
    assert_int_equal(qn_diagnostics_count(NULL), 0);
    assert_fails(qn_diagnostics_create(NULL), QN_ERR_ARGUMENT, "NULL");
    assert_fails(qn_diagnostics_json(NULL, &shown, &length), QN_ERR_ARGUMENT, "list");
}

/* Every allocation fails once: no leak, no crash, and the message says so. */
static void allocations_fail(void **state)
{
    (void)state;
    static const char *const texts[] = {
        V2 "gate g(a) x,y { rx(a) x; cx x,y; }\nqreg q[3]; creg c[3];\ng(pi/2) q[0],q[1];\nmeasure q -> c;\nif(c==1) x "
           "q[0];\n",
        V3 "input float th; qubit[3] q; bit[3] c; array[int, 2] v = {1, 2}; gate g(a) x { rx(a) x; }\n"
           "def f(qubit a, float x) -> bit { for int i in [0:1] { if (c0) return 1; } return measure a; }\n",
        V3 "input float th; qubit[3] q; bit[3] c; array[int, 2] v = {1, 2}; gate g(a) x { rx(a) x; }\n"
           "def f(qubit a, float x) -> bit { rx(x) a; bit b = measure a; if (b) return true; return measure a; }\n"
           "ctrl @ inv @ g(2 * th) q[0], q[1]; pow(0.5) @ g(0.3) q[0];\nc[0] = f(q[0], th);\n"
           "for int i in [0:2] { c[i] = measure q[i]; v[0] += i; if (c[i]) break; }\n"
           "let a = q[0] ++ q[2]; h a; while (c[0]) { c[0] = f(q[1], 1); } switch (int(c)) { case 1 { x q; } default { "
           "} }\n",
    };
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    options.free_inputs = true;
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        for (uint64_t n = 1;; n++) {
            qn_circuit *circuit = NULL;
            (void)qn__alloc_fail_at(n, false);
            const qn_status status = qn_read_qasm(texts[k], strlen(texts[k]), "in", &options, NULL, &circuit);
            const bool done = qn__alloc_fail_at(0, false) != 0;
            qn_circuit_free(circuit);
            if (done) {
                assert_int_equal(status, k == 1 ? QN_ERR_PARSE : QN_OK);
                break;
            }
            if (status == (k == 1 ? QN_ERR_PARSE : QN_OK)) {
                continue; /* a suggestion less */
            }
            assert_int_equal(status, QN_ERR_MEMORY);
            assert_true(n < 5000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_2),         cmocka_unit_test(version_3),
        cmocka_unit_test(refused_by_name),   cmocka_unit_test(limits),
        cmocka_unit_test(not_text),          cmocka_unit_test(several_in_one_run),
        cmocka_unit_test(texts_of_findings), cmocka_unit_test(allocations_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
