/* test_qasm3_flow.c: what depends on measurements: run on a small machine for every outcome, and compared with what the
 * program says, written in C beside it. */
#include "qasm_machine.h"
#include "qasm_test.h"

/* Outcomes of measurements in the order the program makes them. */
typedef struct dice {
    unsigned outcomes;
    unsigned thrown;
} dice;

static int throw_one(dice *d)
{
    return (int)(d->outcomes >> d->thrown++ & 1);
}

/* Runs the program for all outcomes of so many measurements; its answer stands in the bit register `out`, which is the
 * last one that is printed; `model` computes it. Qubit 0 is the coin: h q[0]; measured. */
static void against(const char *body, unsigned coins, unsigned (*model)(dice *))
{
    char text[2048];
    (void)snprintf(text, sizeof text,
                   V3 "qubit[3] q; bit[8] out; bit c; bit d;\n"
                      "def coin(qubit a) -> bit { reset a; h a; return measure a; }\n%s",
                   body);
    qn_circuit *circuit = read_text(text, NULL);
    qn_variable v = {.name = ""};
    for (size_t i = 0; i < qn_circuit_variables(circuit) && strcmp(v.name, "out") != 0; i++) {
        qn_circuit_variable(circuit, i, &v);
    }
    for (unsigned outcomes = 0; outcomes < 1u << coins; outcomes++) {
        /* a coin is reset first, which itself has two outcomes unless the qubit is in a basis state: measured before,
         * so it is, and only the coins are thrown */
        machine m;
        machine_start(&m, circuit, NULL, outcomes);
        assert_true(machine_run(&m));
        unsigned got = 0;
        for (uint32_t k = 0; k < v.width; k++) {
            got |= (unsigned)machine_bit(&m, v.first + k) << k;
        }
        dice d = {outcomes, 0};
        const unsigned expected = model(&d);
        if (got != expected) {
            print_error("outcomes %x give %u, expected %u, in\n%s\n", outcomes, got, expected, body);
            fail();
        }
    }
    qn_circuit_free(circuit);
}

static unsigned if_else_model(dice *d)
{
    int n = 2;
    if (throw_one(d)) {
        n += 5;
    } else if (throw_one(d)) {
        n *= 3;
    } else {
        n = -n + 3;
    }
    return (unsigned)n;
}

static void if_else(void **state)
{
    (void)state;
    against("int[8] n = 2; c = coin(q[0]);\n"
            "if (c) { n += 5; } else { d = coin(q[0]); if (d == true) n *= 3; else { n = -n + 3; } }\nout = n;\n",
            2, if_else_model);
}

static unsigned while_model(dice *d)
{
    int n = 0, go = 1;
    while (go && n < 4) {
        go = throw_one(d);
        n++;
    }
    return (unsigned)n;
}

static void while_loop(void **state)
{
    (void)state;
    against("int n = 0; c = 1; while (c && n < 4) { c = coin(q[0]); n += 1; } out = n;\n", 5, while_model);
}

static unsigned break_model(dice *d)
{
    int sum = 0, k = 0;
    for (int i = 1; i <= 4; i++) {
        if (throw_one(d)) {
            break;
        }
        sum += i;
        k++;
    }
    return (unsigned)(sum * 8 + k);
}

static void break_from_unrolled(void **state)
{
    (void)state;
    against("int sum = 0; int k = 0; for int i in [1:4] { c = coin(q[0]); if (c) { break; } sum += i; k += 1; }\n"
            "out = sum * 8 + k;\n",
            4, break_model);
}

static unsigned continue_model(dice *d)
{
    int sum = 0;
    for (int i = 1; i <= 4; i++) {
        if (throw_one(d)) {
            continue;
        }
        sum += i;
        if (sum > 6) {
            break;
        }
    }
    return (unsigned)sum;
}

static void continue_and_break(void **state)
{
    (void)state;
    against(
        "int sum = 0; for int i in {1, 2, 3, 4} { c = coin(q[0]); if (c) continue; sum += i; if (sum > 6) break; }\n"
        "out = sum;\n",
        4, continue_model);
}

static unsigned nested_model(dice *d)
{
    int count = 0;
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 2; j++) {
            if (throw_one(d)) {
                break;
            }
            count += 1 + i;
        }
        if (count > 4) {
            break;
        }
    }
    return (unsigned)count;
}

static void nested_loops(void **state)
{
    (void)state;
    against("int count = 0; for int i in [0:2] { for int j in [0:1] { c = coin(q[0]); if (c) break; count += 1 + i; }\n"
            "if (count > 4) break; } out = count;\n",
            6, nested_model);
}

static unsigned while_true_model(dice *d)
{
    int n = 0;
    for (;;) {
        n++;
        if (throw_one(d)) {
            break;
        }
        if (n == 5) {
            break;
        }
    }
    return (unsigned)n;
}

static void while_true(void **state)
{
    (void)state;
    against("int n = 0; while (true) { n += 1; c = coin(q[0]); if (c) break; if (n == 5) break; } out = n;\n", 5,
            while_true_model);
    against("int n = 0; while (n < 5) { n += 1; c = coin(q[0]); if (c) break; } out = n;\n", 5, while_true_model);
}

static unsigned inner_while_model(dice *d)
{
    int n = 0;
    for (int i = 0; i < 2; i++) {
        int c = 1;
        while (c) {
            c = throw_one(d);
            n++;
            if (n > 3) {
                break;
            }
            if (c) {
                continue;
            }
            n += 10;
        }
        if (n > 20) {
            break;
        }
    }
    return (unsigned)n;
}

static void while_inside_for(void **state)
{
    (void)state;
    against("int n = 0; for int i in [0:1] { c = 1; while (c) { c = coin(q[0]); n += 1; if (n > 3) break; if (c) "
            "continue;\n"
            "n += 10; } if (n > 20) break; } out = n;\n",
            6, inner_while_model);
}

static unsigned return_model(dice *d)
{
    for (int i = 1; i <= 3; i++) {
        if (throw_one(d)) {
            return (unsigned)(10 * i);
        }
    }
    return 99;
}

static void early_return(void **state)
{
    (void)state;
    against(
        "def f(qubit a) -> int { for int i in [1:3] { bit b; b = coin(a); if (b) { return 10 * i; } } return 99; }\n"
        "int n = f(q[0]); out = n;\n",
        3, return_model);
    against("def f(qubit a) -> int { int i = 0; bit b; b = 0; while (i < 3) { i += 1; b = coin(a); if (b) return i * "
            "10; }\n"
            "return 99; }\nout = f(q[0]);\n",
            3, return_model);
}

static unsigned switch_model(dice *d)
{
    int value = throw_one(d) + 2 * throw_one(d);
    switch (value) {
    case 0:
    case 3:
        return 7;
    case 1:
        return 40;
    default:
        return 5;
    }
}

static void switch_at_run_time(void **state)
{
    (void)state;
    against("bit[2] two; two[0] = coin(q[0]); two[1] = coin(q[0]); int n = 1;\n"
            "switch (int(two)) { case 0, 3 { n = 7; } case 1 { n = 40; } default { n = 5; } }\nout = n;\n",
            2, switch_model);
}

static unsigned range_model(dice *d)
{
    const int n = throw_one(d) + 2 * throw_one(d);
    int sum = 0;
    for (int i = 1; i <= n; i++) {
        if (i == 2) {
            continue;
        }
        sum += i * i;
    }
    return (unsigned)sum;
}

static void range_at_run_time(void **state)
{
    (void)state;
    against("bit[2] two; two[0] = coin(q[0]); two[1] = coin(q[0]); int n = int(two); int sum = 0;\n"
            "for int i in [1:n] { if (i == 2) continue; sum += i * i; }\nout = sum;\n",
            2, range_model);
}

static unsigned end_model(dice *d)
{
    if (throw_one(d)) {
        return 1;
    }
    return throw_one(d) ? 2 : 3;
}

static void end_of_the_program(void **state)
{
    (void)state;
    against("out = 1; c = coin(q[0]); if (c) { end; }\nout = 2; c = coin(q[0]); if (c) end; out = 3;\n", 2, end_model);
}

static unsigned bits_model(dice *d)
{
    const unsigned a = (unsigned)throw_one(d), b = (unsigned)throw_one(d), c = (unsigned)throw_one(d);
    const unsigned v = a | b << 1 | c << 2;
    unsigned out = (v ^ 5) & 7;
    out |= (a & b) << 3;
    out |= (unsigned)__builtin_popcount(v) << 4;
    out |= (v == 6 ? 1u : 0u) << 6;
    return out;
}

static void bit_arithmetic(void **state)
{
    (void)state;
    against("bit[3] v; for int i in [0:2] { v[i] = coin(q[0]); }\n"
            "let low = out[0:2]; low = v ^ \"101\"; out[3] = v[0] & v[1]; uint[2] k = popcount(v); out[4] = k[0];\n"
            "out[5] = k[1]; out[6] = v == \"110\";\n",
            3, bits_model);
}

static unsigned condition_call_model(dice *d)
{
    unsigned n = 0;
    while (throw_one(d) == 1 && n < 100) {
        n++;
    }
    return n;
}

static void condition_that_measures(void **state)
{
    (void)state;
    against("uint n = 0; while (coin(q[0])) { n += 1; } out = n;\n", 5, condition_call_model);
}

static void angles_at_run_time(void **state)
{
    (void)state;
    /* x or not, then rx(pi * n) with n counted at run time, in a gate with arithmetic and under inv and ctrl */
    qn_circuit *circuit = read_text(V3 "qubit[3] q; bit c; int n = 0;\n"
                                       "gate g(t) a { rx(t / 2) a; }\nx q[0]; c = measure q[0]; if (c) n = 2;\n"
                                       "g(n * pi) q[1];\ninv @ g(n * pi / 2) q[2]; ctrl @ g(n * pi) q[0], q[2];\n",
                                    NULL);
    machine m;
    machine_start(&m, circuit, NULL, 0);
    assert_true(machine_run(&m));
    /* q0 = 1; q1 turned by pi; q2 by -pi/2 and then pi */
    double ones[3] = {0, 0, 0};
    for (uint32_t i = 0; i < 8; i++) {
        for (uint32_t k = 0; k < 3; k++) {
            ones[k] += (i >> k & 1) != 0 ? creal(m.state[i] * conj(m.state[i])) : 0;
        }
    }
    assert_near(ones[0], 1, 1e-12);
    assert_near(ones[1], 1, 1e-12);
    assert_near(ones[2], 0.5, 1e-12);
    qn_circuit_free(circuit);
}

/* What is known at reading time leaves no trace in the circuit. */
static void known_control_flow_is_static(void **state)
{
    (void)state;
    qn_circuit *circuit =
        read_text(V3 "qubit[4] q; int n = 0; bool stop = false;\n"
                     "while (true) { if (n == 3) { break; } n += 1; if (n == 2) continue; x q[n]; }\n"
                     "def f(int k) -> int { for int i in [0:9] { if (i * i >= k) return i; } return -1; }\n"
                     "for int i in [0:f(9)] { switch (i) { case 1 { h q[i]; } default { z q[i]; } } }\n",
                  NULL);
    assert_false(qn_circuit_is_dynamic(circuit));
    assert_int_equal(qn_circuit_operations(circuit), 6);
    qn_circuit_free(circuit);
}

/* Names of the gates of an unrolled program, in order. */
static void expect_gates(const char *body, const char *expected)
{
    char text[1024], got[256] = "";
    (void)snprintf(text, sizeof text, V3 "qubit[3] q;\n%s", body);
    qn_circuit *circuit = read_text(text, NULL);
    for (size_t k = 0; k < qn_circuit_operations(circuit); k++) {
        qn_operation op;
        qn_circuit_operation(circuit, k, &op);
        (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", k == 0 ? "" : " ",
                       qn_gate_describe(op.gate)->name);
    }
    assert_string_equal(got, expected);
    qn_circuit_free(circuit);
}

/* Only the branch that is not taken is passed over, whose else it is told by C's rule. */
static void branches_not_taken_in_loops(void **state)
{
    (void)state;
    expect_gates("int k = 0; while (k < 2) { k = k + 1; if (k > 5) { x q[0]; } else { y q[1]; } }", "y y");
    expect_gates("for int i in [0:2] { if (i==1) h q[0]; else if (i==2) x q[1]; else z q[2]; }", "z h x");
    expect_gates("for int i in [0:1] { if (i==5) for int j in {1,2} x q[0]; else y q[0]; }", "y y");
    expect_gates("for int i in [0:1] { if (i==0) if (i==1) x q[2]; else t q[2]; }", "t");
    expect_gates("for int i in [0:1] { if (i==9) while (i<3) { x q[0]; } else s q[0]; }", "s s");
    expect_gates("for int i in [0:1] { switch (i) { case 0 { x q[0]; } default { y q[0]; } } }", "x y");
}

static void measurement_has_four_forms(void **state)
{
    (void)state;
    qn_circuit *circuit = read_text(V3 "qubit[2] q; bit[2] c; bit b;\nx q[1];\nmeasure q -> c;\nc = measure q;\n"
                                       "bit[2] e = measure q;\nmeasure q;\nb = measure q[1];\nc[0] = measure q[1];\n",
                                    NULL);
    machine m;
    machine_start(&m, circuit, NULL, 0);
    assert_true(machine_run(&m));
    const bool expected[5] = {true, true, true, false, true};
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(machine_bit(&m, i), expected[i]);
    }
    char key[16];
    assert_true(qn_circuit_key_size(circuit) <= sizeof key);
    qn_circuit_key(circuit, m.bits, key);
    assert_string_equal(key, "10 1 11"); /* the last declared first, highest bit left */
    qn_circuit_free(circuit);
}

static void outputs_are_variables(void **state)
{
    (void)state;
    qn_circuit *circuit =
        read_text(V3 "output int[8] n; output bit[2] r; qubit q;\nn = 5; x q; r[1] = measure q;\n", NULL);
    qn_variable v;
    qn_circuit_variable(circuit, 0, &v);
    assert_string_equal(v.name, "n");
    assert_int_equal(v.flags, QN_VARIABLE_OUTPUT);
    machine m;
    machine_start(&m, circuit, NULL, 0);
    assert_true(machine_run(&m));
    assert_int_equal(m.variables[0].integer, 5);
    qn_circuit_free(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(if_else),
        cmocka_unit_test(while_loop),
        cmocka_unit_test(break_from_unrolled),
        cmocka_unit_test(continue_and_break),
        cmocka_unit_test(nested_loops),
        cmocka_unit_test(while_true),
        cmocka_unit_test(while_inside_for),
        cmocka_unit_test(branches_not_taken_in_loops),
        cmocka_unit_test(early_return),
        cmocka_unit_test(switch_at_run_time),
        cmocka_unit_test(range_at_run_time),
        cmocka_unit_test(end_of_the_program),
        cmocka_unit_test(bit_arithmetic),
        cmocka_unit_test(condition_that_measures),
        cmocka_unit_test(angles_at_run_time),
        cmocka_unit_test(known_control_flow_is_static),
        cmocka_unit_test(measurement_has_four_forms),
        cmocka_unit_test(outputs_are_variables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
