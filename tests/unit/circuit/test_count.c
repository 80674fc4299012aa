/* test_count.c: costs of circuits whose counts can be worked out by hand. */
#include <qn_test.h>

#include <quern/circuit.h>

static const uint32_t line[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

static qn_circuit *create(uint32_t n)
{
    qn_circuit *c = NULL;
    assert_ok(qn_circuit_create(n, &c));
    return c;
}

static void add(qn_circuit *c, qn_gate gate, const uint32_t *qubits, const double *values)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    qn_param params[4];
    for (uint32_t i = 0; i < info->params; i++) {
        params[i] = QN_PARAM(values[i]);
    }
    assert_ok(qn_circuit_append(c, gate, qubits, info->qubits, params, info->params));
}

static qn_circuit_cost finish(qn_circuit *c)
{
    qn_circuit_cost cost;
    assert_ok(qn_circuit_count(c, NULL, 1e-10, &cost));
    qn_circuit_free(c);
    return cost;
}

/* One gate under `controls` extra controls. */
static qn_circuit_cost controlled(qn_gate gate, uint32_t controls, double value)
{
    qn_circuit *c = create(10);
    const qn_gate_info *info = qn_gate_describe(gate);
    const qn_param params[4] = {QN_PARAM(value), QN_PARAM(value), QN_PARAM(value), QN_PARAM(value)};
    assert_ok(qn_circuit_append_controlled(c, gate, line, controls, UINT64_MAX, line + controls, info->qubits, params,
                                           info->params));
    return finish(c);
}

/* Quantum Fourier transform on 4 qubits: 4 h, cp of pi/2 (3 times), pi/4 (2), pi/8 (1), 2 swaps. cp(a) is two cx and
 * p(+-a/2) three times: T for a = pi/2, a rotation for the smaller ones. */
static void fourier_transform(void **state)
{
    (void)state;
    qn_circuit *c = create(4);
    for (uint32_t target = 4; target-- > 0;) {
        add(c, QN_GATE_H, &target, NULL);
        for (uint32_t other = target; other-- > 0;) {
            add(c, QN_GATE_CP, (const uint32_t[]){other, target}, (const double[]){M_PI / (1 << (target - other))});
        }
    }
    add(c, QN_GATE_SWAP, (const uint32_t[]){0, 3}, NULL);
    add(c, QN_GATE_SWAP, (const uint32_t[]){1, 2}, NULL);
    const qn_circuit_cost cost = finish(c);
    assert_int_equal(cost.gates, 12);
    assert_int_equal(cost.one_qubit, 4);
    assert_int_equal(cost.two_qubit, 8);
    assert_int_equal(cost.multi_qubit, 0);
    assert_int_equal(cost.cx, 6 * 2 + 2 * 3);
    assert_int_equal(cost.t_direct, 9);
    assert_int_equal(cost.rotations, 9);
    assert_int_equal(cost.toffoli, 0);
    assert_near(cost.t_per_rotation, 3 * log2(1e10), 1e-12);
    assert_int_equal(cost.t_count, 9 + (uint64_t)ceil(9 * 3 * log2(1e10)));
    /* h3, cp(2,3), then cp(1,3) beside h2, ...: h3 23 13 03 swap03, with 2's h after 23 and so on: 8 layers. */
    assert_int_equal(cost.depth, 8);
}

static void depth_as_soon_as_possible(void **state)
{
    (void)state;
    qn_circuit *c = create(4);
    add(c, QN_GATE_H, line, NULL);
    for (uint32_t q = 0; q < 3; q++) {
        add(c, QN_GATE_CX, line + q, NULL); /* a ladder: 3 layers after h */
    }
    add(c, QN_GATE_X, line, NULL); /* beside the ladder */
    add(c, QN_GATE_GPHASE, NULL, (const double[]){1});
    qn_circuit_cost cost = finish(c);
    assert_int_equal(cost.gates, 6);
    assert_int_equal(cost.depth, 4);
    assert_int_equal(cost.two_qubit_depth, 3);
    assert_int_equal(cost.cx, 3);
    assert_int_equal(cost.cx_depth, 3);
    assert_int_equal(cost.t_count, 0);
    c = create(4); /* two disjoint pairs are one layer */
    add(c, QN_GATE_CZ, line, NULL);
    add(c, QN_GATE_CZ, line + 2, NULL);
    cost = finish(c);
    assert_int_equal(cost.depth, 1);
    assert_int_equal(cost.cx, 2);
    assert_int_equal(cost.cx_depth, 1);
    cost = finish(create(3));
    assert_int_equal(cost.gates, 0);
    assert_int_equal(cost.depth, 0);
}

/* Toffoli: 7 T, 6 cx (Nielsen and Chuang, figure 4.9), all six one after the other. k controls: 2k - 3 Toffoli. */
static void multiply_controlled(void **state)
{
    (void)state;
    qn_circuit_cost cost = controlled(QN_GATE_CCX, 0, 0);
    assert_int_equal(cost.multi_qubit, 1);
    assert_int_equal(cost.cx, 6);
    assert_int_equal(cost.cx_depth, 6);
    assert_int_equal(cost.t_direct, 7);
    assert_int_equal(cost.toffoli, 1);
    assert_int_equal(cost.ancillas, 0);
    for (uint32_t k = 3; k <= 8; k++) {
        cost = controlled(QN_GATE_X, k, 0);
        assert_int_equal(cost.toffoli, 2 * k - 3);
        assert_int_equal(cost.ancillas, k - 2);
        assert_int_equal(cost.t_direct, 7 * (2 * k - 3));
        assert_int_equal(cost.cx, 6 * (2 * k - 3));
        cost = controlled(QN_GATE_Z, k, 0); /* two Hadamards more, which cost nothing here */
        assert_int_equal(cost.toffoli, 2 * k - 3);
        cost = controlled(QN_GATE_CX, k - 1, 0);
        assert_int_equal(cost.toffoli, 2 * k - 3);
        /* h = ry(-pi/4) z ry(pi/4): two T and the controlled z */
        cost = controlled(QN_GATE_H, k, 0);
        assert_int_equal(cost.t_direct, 7 * (2 * k - 3) + 2);
        /* Through the AND of all controls: 2 (k - 1) Toffoli and crz, 2 cx and 2 rotations. */
        cost = controlled(QN_GATE_RZ, k, 0.3);
        assert_int_equal(cost.toffoli, 2 * (k - 1));
        assert_int_equal(cost.cx, 12 * (k - 1) + 2);
        assert_int_equal(cost.rotations, 2);
    }
    cost = controlled(QN_GATE_SWAP, 2, 0); /* cx, X under three controls, cx */
    assert_int_equal(cost.toffoli, 3);
    assert_int_equal(cost.cx, 2 + 18);
    cost = controlled(QN_GATE_RZZ, 1, 0.3); /* only the rz is controlled */
    assert_int_equal(cost.cx, 2 + 2);
    assert_int_equal(cost.rotations, 2);
    cost = controlled(QN_GATE_T, 1, 0); /* cp(pi/4): three p(+-pi/8) */
    assert_int_equal(cost.rotations, 3);
    cost = controlled(QN_GATE_GPHASE, 1, 0.3); /* a phase gate on the control */
    assert_int_equal(cost.one_qubit, 1);
    assert_int_equal(cost.cx, 0);
    assert_int_equal(cost.rotations, 1);
    cost = controlled(QN_GATE_GPHASE, 2, 0.3);
    assert_int_equal(cost.cx, 2);
    cost = controlled(QN_GATE_ID, 3, 0);
    assert_int_equal(cost.cx + cost.t_direct + cost.rotations, 0);
}

/* Every row can be counted under any number of extra controls. */
static void every_row_under_controls(void **state)
{
    (void)state;
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        const qn_gate_info *info = qn_gate_describe(g);
        if ((info->flags & (QN_GATE_FLAG_PAULI_STRING | QN_GATE_FLAG_MATRIX)) != 0) {
            continue;
        }
        qn_circuit_cost before = controlled(g, 0, 0.3);
        for (uint32_t k = 1; k <= 5; k++) {
            const qn_circuit_cost cost = controlled(g, k, 0.3);
            assert_true(cost.cx >= before.cx);
            assert_true(cost.toffoli >= before.toffoli);
            before = cost;
        }
    }
}

static void strings_and_matrices(void **state)
{
    (void)state;
    qn_circuit *c = create(6);
    assert_ok(qn_circuit_append_pauli_rotation(c, "XYZXY", line, 5, QN_PARAM(0.3)));
    qn_circuit_cost cost = finish(c);
    assert_int_equal(cost.multi_qubit, 1);
    assert_int_equal(cost.cx, 8);
    assert_int_equal(cost.cx_depth, 8);
    assert_int_equal(cost.rotations, 1);
    c = create(6);
    const qn_complex one = {1, 0};
    qn_complex identity[16] = {{0, 0}};
    identity[0] = identity[5] = identity[10] = identity[15] = one;
    assert_ok(qn_circuit_append_unitary(c, line, 2, identity));
    cost = finish(c);
    assert_int_equal(cost.cx, 3);
    assert_int_equal(cost.rotations, 15);
}

/* Angles are recognised when their values are given, and only then. */
static void angles(void **state)
{
    (void)state;
    qn_circuit *c = create(2);
    uint32_t symbol = 0;
    assert_ok(qn_circuit_add_symbol(c, "a", &symbol));
    const qn_param_term term = {symbol, 0.5};
    const qn_param half = {0, &term, 1, 0};
    assert_ok(qn_circuit_append(c, QN_GATE_RX, line, 1, &half, 1));
    assert_ok(qn_circuit_append(c, QN_GATE_RY, line + 1, 1, &QN_PARAM(M_PI / 2), 1));
    assert_ok(qn_circuit_append_pauli_rotation(c, "XX", line, 2, half));
    const struct {
        double theta;
        uint64_t t, rotations;
    } cases[] = {{0.0, 0, 0}, {M_PI, 0, 0},           {M_PI / 2, 2, 0}, {-1.5 * M_PI, 2, 0}, {M_PI / 2 + 1e-6, 0, 2},
                 {0.3, 0, 2}, {1001 * M_PI / 2, 2, 0}};
    qn_circuit_cost cost;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_ok(qn_circuit_count(c, &cases[i].theta, 1e-3, &cost));
        assert_int_equal(cost.t_direct, cases[i].t);
        assert_int_equal(cost.rotations, cases[i].rotations);
    }
    assert_ok(qn_circuit_count(c, NULL, 1e-3, &cost));
    assert_int_equal(cost.rotations, 2);
    const double nan = (double)NAN;
    assert_fails(qn_circuit_count(c, &nan, 1e-3, &cost), QN_ERR_NAN, "\"a\"");
    assert_fails(qn_circuit_count(c, NULL, 0, &cost), QN_ERR_RANGE, "synthesis error");
    assert_fails(qn_circuit_count(c, NULL, (double)NAN, &cost), QN_ERR_RANGE, "synthesis error");
    qn_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fourier_transform),    cmocka_unit_test(depth_as_soon_as_possible),
        cmocka_unit_test(multiply_controlled),  cmocka_unit_test(every_row_under_controls),
        cmocka_unit_test(strings_and_matrices), cmocka_unit_test(angles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
