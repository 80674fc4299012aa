/* test_decompose.c: circuits in every gate set against the unitary they came from, global phase included. */
#include <dense.h>
#include <qn_random.h>

#include <quern/context.h>
#include <quern/pass.h>

#include "base/alloc.h"
#include "base/clock.h"

static const double PI = 3.14159265358979323846;

static bool listed(const char *list, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

static void check_gates(const qn_circuit *circuit, const char *gates)
{
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        const qn_gate_info *info = qn_gate_describe(op.gate);
        if (op.kind == QN_OP_GATE && op.gate != QN_GATE_GPHASE &&
            (!listed(gates, info->name) || op.ncontrols != info->controls)) {
            print_error("gate %s is not one of %s\n", info->name, gates);
            fail();
        }
    }
}

static void check_same(const qn_circuit *a, const qn_circuit *b, const double *theta, double tolerance)
{
    const size_t size = (size_t)1 << qn_circuit_qubits(a);
    dense_complex *x = dense_unitary(a, theta), *y = dense_unitary(b, theta);
    assert_near(dense_distance(x, y, size * size), 0, tolerance);
    free(x);
    free(y);
}

static bool is_exact(const char *basis)
{
    return strcmp(basis, "clifford+t") == 0 || strcmp(basis, "h,t,cx") == 0;
}

static uint64_t count_gate(const qn_circuit *circuit, qn_gate gate)
{
    uint64_t count = 0;
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        count += op.kind == QN_OP_GATE && op.gate == gate;
    }
    return count;
}

/* Every row of the gate table, bare and under controls, in every gate set. */
static void test_every_gate(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (size_t b = 0; b < qn_basis_count(); b++) {
        const qn_basis_info *info = qn_basis_describe(b);
        const uint32_t symbols = is_exact(info->name) ? 0 : 2;
        for (unsigned g = 0; g < QN_GATE_COUNT_; g++) {
            for (uint32_t controls = 0; controls < (b % 4 == 2 ? 4 : 2); controls++) { /* 2 and more: in some sets */
                qn_circuit *circuit = qn_random_start(&r, 5, symbols), *out = NULL;
                if (!qn_random_append(&r, circuit, (qn_gate)g, symbols, controls) || (controls > 1 && symbols == 0)) {
                    qn_circuit_free(circuit);
                    continue;
                }
                double theta[2];
                qn_random_angles(&r, theta, 2);
                assert_ok(qn_pass_decompose(circuit, info->name, 1e-4, &out));
                check_gates(out, info->gates);
                const size_t size = 32 * 32;
                dense_complex *x = dense_unitary(circuit, theta), *y = dense_unitary(out, theta);
                const double off = dense_distance(x, y, size);
                if (!(off < (symbols == 0 ? 2e-2 : 1e-12))) {
                    print_error("%s under %u controls in %s: off by %g\n", qn_gate_describe((qn_gate)g)->name, controls,
                                info->name, off);
                    fail();
                }
                free(x);
                free(y);
                qn_circuit_free(circuit);
                qn_circuit_free(out);
            }
        }
    }
}

static void test_random_circuits(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (size_t b = 0; b < qn_basis_count(); b++) {
        const qn_basis_info *info = qn_basis_describe(b);
        if (is_exact(info->name)) {
            continue;
        }
        for (unsigned i = 0; i < qn_test_scale(); i++) {
            double theta[3];
            qn_random_angles(&r, theta, 3);
            qn_circuit *circuit = qn_random_circuit(&r, 5, 3, 30), *out = NULL, *again = NULL;
            assert_ok(qn_pass_decompose(circuit, info->name, 0, &out));
            check_gates(out, info->gates);
            check_same(circuit, out, theta, 1e-11);
            /* A second time finds nothing to do but to write it again. */
            assert_ok(qn_pass_decompose(out, info->name, 0, &again));
            check_same(circuit, again, theta, 1e-11);
            const size_t most = qn_circuit_operations(out) + qn_circuit_operations(out) / 50 + 1;
            if (qn_circuit_operations(again) > most) { /* angles that rounding left just off 0 */
                print_error("%s: %zu gates, then %zu\n", info->name, qn_circuit_operations(out),
                            qn_circuit_operations(again));
                fail();
            }
            qn_circuit_free(circuit);
            qn_circuit_free(out);
            qn_circuit_free(again);
        }
    }
}

static qn_circuit *controlled(uint32_t n, qn_gate gate, uint32_t controls, double angle)
{
    qn_circuit *circuit = NULL;
    const qn_param param = QN_PARAM(angle);
    uint32_t qubits[16];
    for (uint32_t i = 0; i < n; i++) {
        qubits[i] = i;
    }
    assert_ok(qn_circuit_create(n, &circuit));
    assert_ok(qn_circuit_append_controlled(circuit, gate, qubits, controls, UINT64_MAX, qubits + controls, 1, &param,
                                           qn_gate_describe(gate)->params));
    return circuit;
}

/* Costs that are published or follow from controlled.c's head. */
static void test_costs(void **state)
{
    (void)state;
    qn_circuit *circuit = controlled(3, QN_GATE_X, 2, 0), *out = NULL;
    assert_ok(qn_pass_decompose(circuit, "clifford+t", 1e-3, &out));
    assert_int_equal(count_gate(out, QN_GATE_T) + count_gate(out, QN_GATE_TDG), 7); /* Amy et al., arXiv:1206.0758 */
    assert_int_equal(count_gate(out, QN_GATE_CX), 6);
    check_same(circuit, out, NULL, 1e-12);
    qn_circuit_free(circuit);
    qn_circuit_free(out);
    for (uint32_t k = 3; k <= 5; k++) { /* k - 2 idle qubits: exact, at most 16 k - 26 T (some meet), 12 k - 18 CX */
        circuit = controlled(2 * k - 1, QN_GATE_X, k, 0);
        assert_ok(qn_pass_decompose(circuit, "clifford+t", 1e-3, &out));
        assert_true(count_gate(out, QN_GATE_T) + count_gate(out, QN_GATE_TDG) <= 16 * k - 26);
        assert_int_equal(count_gate(out, QN_GATE_CX), 12 * k - 18);
        check_same(circuit, out, NULL, 1e-11);
        qn_circuit_free(circuit);
        qn_circuit_free(out);
    }
    circuit = controlled(7, QN_GATE_X, 5, 0); /* one idle qubit: still exact */
    assert_ok(qn_pass_decompose(circuit, "clifford+t", 0.5, &out));
    check_same(circuit, out, NULL, 1e-11);
    qn_circuit_free(circuit);
    qn_circuit_free(out);
    for (uint32_t k = 3; k <= 7; k++) { /* none */
        circuit = controlled(k + 1, QN_GATE_P, k, 0.7);
        assert_ok(qn_pass_decompose(circuit, "rz,sx,cx", 0, &out));
        check_same(circuit, out, NULL, 1e-11);
        qn_circuit_free(circuit);
        qn_circuit_free(out);
    }
    /* Linear in k without any ancilla for a rotation: doubling k about doubles the CX. */
    uint64_t cx[2];
    for (int i = 0; i < 2; i++) {
        circuit = controlled(i == 0 ? 9 : 16, QN_GATE_RZ, i == 0 ? 8 : 15, 0.7);
        assert_ok(qn_pass_decompose(circuit, "rz,sx,cx", 0, &out));
        cx[i] = count_gate(out, QN_GATE_CX);
        qn_circuit_free(circuit);
        qn_circuit_free(out);
    }
    print_message("rz under 8 and 15 controls: %llu and %llu cx\n", (unsigned long long)cx[0],
                  (unsigned long long)cx[1]);
    assert_true(cx[1] < 24 * 15 && cx[0] < 24 * 8);
}

static void test_one_gate_stays_one(void **state)
{
    (void)state;
    static const struct {
        const char *basis;
        qn_gate gate;
        size_t most;
    } cases[] = {{"rz,sx,cx", QN_GATE_SX, 1}, {"rz,sx,cx", QN_GATE_X, 1},    {"rz,sx,cx", QN_GATE_CX, 1},
                 {"rz,sx,cz", QN_GATE_CZ, 1}, {"rz,sx,cx", QN_GATE_H, 4},    {"u,cx", QN_GATE_RY, 1},
                 {"u,cx", QN_GATE_RX, 1},     {"u,cx", QN_GATE_U, 1},        {"rzz,u", QN_GATE_RZZ, 1},
                 {"cz,prx", QN_GATE_PRX, 1},  {"cz,prx", QN_GATE_RX, 1},     {"cz,prx", QN_GATE_RY, 1},
                 {"rx,rz,cz", QN_GATE_RX, 1}, {"rxx,rx,rz", QN_GATE_RXX, 1}, {"rz,h,cx", QN_GATE_H, 1},
                 {"ry,rz,cx", QN_GATE_RY, 1}, {"clifford+t", QN_GATE_Y, 1},  {"rz,sx,ecr", QN_GATE_ECR, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (uint32_t symbolic = 0; symbolic < 2; symbolic++) {
            if (symbolic == 1 && is_exact(cases[i].basis)) {
                continue;
            }
            qn_circuit *circuit = NULL, *out = NULL;
            uint32_t symbol = 0;
            const uint32_t qubits[2] = {0, 1};
            const double theta = 0.7;
            const qn_gate_info *info = qn_gate_describe(cases[i].gate);
            assert_ok(qn_circuit_create(2, &circuit));
            assert_ok(qn_circuit_add_symbol(circuit, "a", &symbol));
            const qn_param_term term = {0, 1.5};
            const qn_param free_param = {0.25, &term, 1, 0};
            const qn_param params[3] = {symbolic ? free_param : QN_PARAM(0.3), QN_PARAM(0.4), QN_PARAM(-1)};
            assert_ok(qn_circuit_append(circuit, cases[i].gate, qubits, info->qubits, params, info->params));
            assert_ok(qn_pass_decompose(circuit, cases[i].basis, 1e-3, &out));
            check_same(circuit, out, &theta, 1e-12);
            const size_t gates = qn_circuit_operations(out) - count_gate(out, QN_GATE_GPHASE);
            if (gates > cases[i].most) {
                print_error("%s takes %zu gates in %s\n", info->name, gates, cases[i].basis);
                fail();
            }
            qn_circuit_free(circuit);
            qn_circuit_free(out);
        }
    }
}

static void test_frames(void **state)
{
    (void)state;
    /* rz before a measurement costs nothing where it is a change of frame, and two prx at an end. */
    qn_circuit *circuit = NULL, *out = NULL;
    const uint32_t q = 0;
    uint32_t variable = 0;
    const qn_param angle = QN_PARAM(0.3);
    assert_ok(qn_circuit_create(1, &circuit));
    assert_ok(qn_circuit_add_variable(circuit, "c", QN_TYPE_BITS, 1, 0, 0, &variable));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, &q, 1, &angle, 1));
    assert_ok(qn_pass_decompose(circuit, "cz,prx", 0, &out));
    assert_int_equal(count_gate(out, QN_GATE_PRX), 2);
    check_same(circuit, out, NULL, 1e-13);
    qn_circuit_free(out);
    assert_ok(qn_circuit_append_measure(circuit, 0, 0));
    assert_ok(qn_pass_decompose(circuit, "cz,prx", 0, &out));
    assert_int_equal(count_gate(out, QN_GATE_PRX), 0);
    assert_int_equal(qn_circuit_operations(out), 1);
    qn_circuit_free(out);
    qn_circuit_free(circuit);
}

/* Control flow, measurement and run-time angles come through. */
static void test_dynamic(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL, *out = NULL;
    uint32_t bits = 0, angle = 0, one = 0, expression = 0;
    const uint32_t qubits[2] = {0, 1};
    assert_ok(qn_circuit_create(2, &circuit));
    assert_ok(qn_circuit_add_variable(circuit, "q", QN_TYPE_QUBITS, 2, 0, 0, &bits));
    assert_ok(qn_circuit_add_variable(circuit, "c", QN_TYPE_BITS, 2, 0, 0, &bits));
    assert_ok(qn_circuit_add_variable(circuit, "f", QN_TYPE_FLOAT, 64, 0, 0, &angle));
    const qn_token token = {.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_FLOAT, .width = 64, .index = angle};
    const qn_token bit = {.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = 0};
    assert_ok(qn_circuit_add_expression(circuit, &token, 1, &expression));
    assert_ok(qn_circuit_add_expression(circuit, &bit, 1, &one));
    const qn_param run_time = {0.5, NULL, 0, expression};
    assert_ok(qn_circuit_append(circuit, QN_GATE_H, qubits, 1, NULL, 0));
    assert_ok(qn_circuit_append_measure(circuit, 0, 0));
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_IF, one));
    assert_ok(qn_circuit_append(circuit, QN_GATE_CP, qubits, 2, &run_time, 1));
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_END, 0));
    assert_ok(qn_circuit_append_measure(circuit, 1, 1));
    assert_ok(qn_pass_decompose(circuit, "rz,sx,cx", 0, &out));
    assert_int_equal(qn_circuit_variables(out), 3);
    size_t flow = 0, measures = 0;
    for (size_t i = 0; i < qn_circuit_operations(out); i++) {
        qn_operation op;
        qn_circuit_operation(out, i, &op);
        flow += op.kind == QN_OP_IF || op.kind == QN_OP_END;
        measures += op.kind == QN_OP_MEASURE;
        if (op.kind == QN_OP_GATE && op.gate == QN_GATE_RZ && op.params[0].expression != 0) {
            /* half of f + 0.5, or minus that */
            const qn_value values[3] = {
                {.number = 0}, {.number = 0}, {.type = QN_TYPE_FLOAT, .width = 64, .number = 3}};
            const uint64_t word = 0;
            const qn_classical_state memory = {&word, values, NULL};
            qn_value value;
            assert_ok(qn_expression_evaluate(out, op.params[0].expression, &memory, &value));
            assert_near(fabs(op.params[0].constant + qn_value_number(&value)), 1.75, 1e-15);
        }
    }
    assert_int_equal(flow, 2);
    assert_int_equal(measures, 2);
    qn_circuit_free(out);
    out = NULL;
    assert_fails(qn_pass_decompose(circuit, "clifford+t", 1e-3, &out), QN_ERR_UNSUPPORTED, "free parameter");
    assert_null(out);
    qn_circuit_free(circuit);
}

static void test_refusals(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL, *out = NULL;
    assert_ok(qn_circuit_create(2, &circuit));
    assert_fails(qn_pass_decompose(circuit, "cliford+t", 1e-3, &out), QN_ERR_NAME, "clifford+t");
    assert_fails(qn_pass_decompose(circuit, "nothing like it", 1e-3, &out), QN_ERR_NAME, "no gate set");
    assert_fails(qn_pass_decompose(circuit, "clifford+t", 1e-20, &out), QN_ERR_RANGE, "1e-14..0.5");
    assert_fails(qn_pass_decompose(NULL, "u,cx", 1, &out), QN_ERR_ARGUMENT, "NULL");
    assert_null(out);
    assert_null(qn_basis_describe(qn_basis_count()));
    qn_circuit_free(circuit);
}

static void test_allocation_failures(void **state)
{
    (void)state;
    static const char *const bases[] = {"rz,sx,cx", "clifford+t", "cz,prx"};
    qn_random r = {qn_test_seed()};
    for (size_t b = 0; b < 3; b++) {
        const uint32_t symbols = b == 1 ? 0 : 2;
        qn_circuit *circuit = qn_random_circuit(&r, 4, symbols, 6), *out = NULL;
        const uint64_t before = qn_memory().bytes_now;
        for (uint64_t n = 1;; n++) {
            qn__alloc_fail_at(n, false);
            const qn_status status = qn_pass_decompose(circuit, bases[b], 1e-2, &out);
            if (qn__alloc_fail_at(0, false) != 0) {
                assert_int_equal(status, QN_OK);
                qn_circuit_free(out);
                break;
            }
            assert_int_equal(status, QN_ERR_MEMORY);
            assert_null(out);
            assert_int_equal(qn_memory().bytes_now, before);
        }
        out = NULL;
        qn_circuit_free(circuit);
    }
}

static void test_speed(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_circuit *circuit = qn_random_start(&r, 20, 0), *out = NULL;
    for (int i = 0; i < 20000; i++) {
        (void)qn_random_append(&r, circuit, (qn_gate)qn_random_below(&r, QN_GATE_PAULI_ROTATION), 0, 0);
    }
    const double start = qn__clock();
    assert_ok(qn_pass_decompose(circuit, "rz,sx,cx", 0, &out));
    print_message("%zu gates to %zu in %.3f s\n", qn_circuit_operations(circuit), qn_circuit_operations(out),
                  qn__clock() - start);
    qn_circuit_free(circuit);
    qn_circuit_free(out);
    (void)PI;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_gate), cmocka_unit_test(test_random_circuits),
        cmocka_unit_test(test_costs),      cmocka_unit_test(test_one_gate_stays_one),
        cmocka_unit_test(test_frames),     cmocka_unit_test(test_dynamic),
        cmocka_unit_test(test_refusals),   cmocka_unit_test(test_allocation_failures),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
