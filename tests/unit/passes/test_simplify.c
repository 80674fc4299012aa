/* test_simplify.c: simplified circuits have the unitary they had, global phase included, and no more gates; T counts of
 * known circuits; what measurement and reset make needless; compaction. */
#include <dense.h>
#include <qn_random.h>

#include <quern/context.h>
#include <quern/pass.h>

#include "base/alloc.h"
#include "base/clock.h"

static void check_same(const qn_circuit *a, const qn_circuit *b, const double *theta, double tolerance)
{
    const size_t size = (size_t)1 << qn_circuit_qubits(a);
    dense_complex *x = dense_unitary(a, theta), *y = dense_unitary(b, theta);
    assert_near(dense_distance(x, y, size * size), 0, tolerance);
    free(x);
    free(y);
}

static size_t count_gate(const qn_circuit *circuit, qn_gate gate)
{
    size_t count = 0;
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        count += op.kind == QN_OP_GATE && op.gate == gate;
    }
    return count;
}

static size_t count_t(const qn_circuit *circuit)
{
    return count_gate(circuit, QN_GATE_T) + count_gate(circuit, QN_GATE_TDG);
}

static size_t gates_without_phase(const qn_circuit *circuit)
{
    return qn_circuit_operations(circuit) - count_gate(circuit, QN_GATE_GPHASE);
}

static void add(qn_circuit *circuit, qn_gate gate, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t qubits[3] = {a, b, c};
    assert_ok(qn_circuit_append(circuit, gate, qubits, qn_gate_describe(gate)->qubits, NULL, 0));
}

static void add_rotation(qn_circuit *circuit, qn_gate gate, uint32_t a, uint32_t b, double angle)
{
    const uint32_t qubits[2] = {a, b};
    const qn_param param = QN_PARAM(angle);
    assert_ok(qn_circuit_append(circuit, gate, qubits, qn_gate_describe(gate)->qubits, &param, 1));
}

/* Random gates of a small set, so that a lot meets. */
static qn_circuit *random_of(qn_random *r, uint32_t n, const qn_gate *gates, uint32_t ngates, uint32_t count,
                             uint32_t symbols)
{
    qn_circuit *circuit = qn_random_start(r, n, symbols);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t controls = qn_random_below(r, 8) == 0 ? 1 : 0;
        (void)qn_random_append(r, circuit, gates[qn_random_below(r, ngates)], symbols, controls);
    }
    return circuit;
}

static void test_random(void **state)
{
    (void)state;
    static const qn_gate clifford_t[] = {QN_GATE_H, QN_GATE_S,  QN_GATE_SDG, QN_GATE_T, QN_GATE_TDG, QN_GATE_X,
                                         QN_GATE_Z, QN_GATE_CX, QN_GATE_CX,  QN_GATE_Y, QN_GATE_CZ,  QN_GATE_H};
    static const qn_gate rotations[] = {
        QN_GATE_RZ,  QN_GATE_RX, QN_GATE_RZZ, QN_GATE_RXX,  QN_GATE_CX,  QN_GATE_P, QN_GATE_T,
        QN_GATE_CRZ, QN_GATE_CP, QN_GATE_X,   QN_GATE_SWAP, QN_GATE_RZX, QN_GATE_H, QN_GATE_PAULI_ROTATION,
        QN_GATE_RYY, QN_GATE_SX};
    static const qn_gate rzh[] = {QN_GATE_RZ, QN_GATE_H, QN_GATE_CX, QN_GATE_H};
    qn_random r = {qn_test_seed()};
    size_t before = 0, after = 0;
    for (unsigned i = 0; i < 240 * qn_test_scale(); i++) {
        double theta[2];
        qn_random_angles(&r, theta, 2);
        qn_circuit *circuit = i % 4 == 0   ? random_of(&r, 4, clifford_t, 12, 80, 0)
                              : i % 4 == 1 ? random_of(&r, 4, rotations, 16, 60, 2)
                              : i % 4 == 2 ? random_of(&r, 4, rzh, 4, 60, 1)
                                           : qn_random_circuit(&r, 4, 2, 40);
        for (uint32_t level = 1; level <= 2; level++) {
            qn_circuit *out = NULL, *again = NULL;
            assert_ok(qn_pass_simplify(circuit, level, &out));
            check_same(circuit, out, theta, 1e-10);
            assert_true(gates_without_phase(out) <= gates_without_phase(circuit) + 2);
            assert_ok(qn_pass_simplify(out, level, &again));
            check_same(circuit, again, theta, 1e-10);
            if (level == 2) { /* a fixed point */
                assert_int_equal(gates_without_phase(again), gates_without_phase(out));
                before += gates_without_phase(circuit);
                after += gates_without_phase(out);
            }
            qn_circuit_free(out);
            qn_circuit_free(again);
        }
        qn_circuit_free(circuit);
    }
    print_message("%zu gates to %zu\n", before, after);
}

/* A circuit and its inverse: nothing is left at level 2 where everything merges or cancels gate by gate. */
static void test_inverse_vanishes(void **state)
{
    (void)state;
    static const qn_gate gates[] = {QN_GATE_H,    QN_GATE_T,     QN_GATE_CX, QN_GATE_RZ,
                                    QN_GATE_RYY,  QN_GATE_CCX,   QN_GATE_SX, QN_GATE_CRX,
                                    QN_GATE_SWAP, QN_GATE_ISWAP, QN_GATE_U,  QN_GATE_PAULI_ROTATION};
    qn_random r = {qn_test_seed()};
    for (int i = 0; i < 20; i++) {
        qn_circuit *circuit = random_of(&r, 4, gates, 12, 50, 2), *inverse = NULL, *out = NULL;
        assert_ok(qn_circuit_inverse(circuit, &inverse));
        assert_ok(qn_circuit_append_circuit(circuit, inverse));
        assert_ok(qn_pass_simplify(circuit, 1, &out));
        assert_int_equal(gates_without_phase(out), 0);
        double theta[2] = {0.3, -1.1};
        check_same(circuit, out, theta, 1e-10);
        qn_circuit_free(circuit);
        qn_circuit_free(inverse);
        qn_circuit_free(out);
    }
}

/* Toffoli gates with clean ancillas, as a ladder up and down: Toff-NC(n) of Amy, Maslov, Mosca. */
static qn_circuit *toffoli_ladder(uint32_t n)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(2 * n - 1, &circuit)); /* n controls, n - 2 ancillas, target */
    const uint32_t ancilla = n, target = 2 * n - 2;
    for (uint32_t i = 0; i < n - 2; i++) {
        add(circuit, QN_GATE_CCX, i == 0 ? 0 : ancilla + i - 1, i + 1, ancilla + i);
    }
    add(circuit, QN_GATE_CCX, ancilla + n - 3, n - 1, target);
    for (uint32_t i = n - 2; i-- > 0;) {
        add(circuit, QN_GATE_CCX, i == 0 ? 0 : ancilla + i - 1, i + 1, ancilla + i);
    }
    return circuit;
}

/* The same with borrowed ancillas, 4 (n - 2) Toffoli gates: Toff-Barenco(n). */
static qn_circuit *toffoli_borrowed(uint32_t n)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(2 * n - 1, &circuit));
    const uint32_t ancilla = n, target = 2 * n - 2;
    for (int round = 0; round < 2; round++) {
        add(circuit, QN_GATE_CCX, n - 1, ancilla + n - 3, target);
        for (uint32_t i = n - 3; i > 0; i--) {
            add(circuit, QN_GATE_CCX, i + 1, ancilla + i - 1, ancilla + i);
        }
        add(circuit, QN_GATE_CCX, 0, 1, ancilla);
        for (uint32_t i = 1; i < n - 2; i++) {
            add(circuit, QN_GATE_CCX, i + 1, ancilla + i - 1, ancilla + i);
        }
    }
    return circuit;
}

/* Amy, Maslov, Mosca (arXiv:1303.2042), table 1, and Nam et al. (arXiv:1710.07345), table 1: T before and after. */
static void test_published_t_counts(void **state)
{
    (void)state;
    static const struct {
        bool borrowed;
        uint32_t n;
        size_t before, after;
    } rows[] = {{false, 3, 21, 15}, {false, 4, 35, 23}, {false, 5, 49, 31}, {false, 10, 119, 71},
                {true, 3, 28, 16},  {true, 4, 56, 28},  {true, 5, 84, 40},  {true, 10, 224, 100}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        qn_circuit *circuit = rows[i].borrowed ? toffoli_borrowed(rows[i].n) : toffoli_ladder(rows[i].n);
        qn_circuit *basis = NULL, *out = NULL;
        assert_ok(qn_pass_decompose(circuit, "clifford+t", 1e-3, &basis));
        assert_ok(qn_pass_simplify(basis, 2, &out));
        print_message("toffoli under %u controls%s: %zu T, then %zu\n", rows[i].n, rows[i].borrowed ? ", borrowed" : "",
                      count_t(basis), count_t(out));
        assert_true(count_t(basis) <= rows[i].before);
        assert_true(count_t(out) <= rows[i].after);
        if (rows[i].n < 5) {
            check_same(circuit, out, NULL, 1e-10);
        }
        qn_circuit_free(circuit);
        qn_circuit_free(basis);
        qn_circuit_free(out);
    }
}

static void test_rules(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL, *out = NULL;
    /* t and tdg about one parity, Hadamard gates elsewhere between. */
    assert_ok(qn_circuit_create(3, &circuit));
    add(circuit, QN_GATE_CX, 0, 1, 0);
    add(circuit, QN_GATE_T, 1, 0, 0);
    add(circuit, QN_GATE_CX, 0, 1, 0);
    add(circuit, QN_GATE_H, 2, 0, 0);
    add(circuit, QN_GATE_CX, 1, 0, 0);
    add(circuit, QN_GATE_TDG, 0, 0, 0);
    add(circuit, QN_GATE_CX, 1, 0, 0);
    assert_ok(qn_pass_simplify(circuit, 2, &out));
    assert_int_equal(qn_circuit_operations(out), 1);
    qn_circuit_free(out);
    assert_ok(qn_pass_simplify(circuit, 1, &out));
    assert_int_equal(qn_circuit_operations(out), 7);
    qn_circuit_free(out);
    qn_circuit_free(circuit);
    /* Strings that commute: a rotation passes one that it differs from twice. */
    assert_ok(qn_circuit_create(2, &circuit));
    add_rotation(circuit, QN_GATE_RXX, 0, 1, 0.3);
    add_rotation(circuit, QN_GATE_RZZ, 0, 1, 0.4);
    add_rotation(circuit, QN_GATE_RXX, 1, 0, -0.3);
    assert_ok(qn_pass_simplify(circuit, 2, &out));
    assert_int_equal(qn_circuit_operations(out), 1);
    qn_circuit_free(out);
    qn_circuit_free(circuit);
    /* h cx h turned round, in a set without cz. */
    assert_ok(qn_circuit_create(2, &circuit));
    for (uint32_t q = 0; q < 2; q++) {
        add(circuit, QN_GATE_H, q, 0, 0);
    }
    add(circuit, QN_GATE_CX, 0, 1, 0);
    for (uint32_t q = 0; q < 2; q++) {
        add(circuit, QN_GATE_H, q, 0, 0);
    }
    assert_ok(qn_pass_simplify(circuit, 2, &out));
    assert_int_equal(qn_circuit_operations(out), 1);
    check_same(circuit, out, NULL, 1e-14);
    qn_circuit_free(out);
    qn_circuit_free(circuit);
    assert_ok(qn_circuit_create(1, &circuit));
    out = NULL;
    assert_fails(qn_pass_simplify(circuit, 3, &out), QN_ERR_RANGE, "level 3");
    assert_fails(qn_pass_simplify(NULL, 1, &out), QN_ERR_ARGUMENT, "NULL");
    assert_null(out);
    qn_circuit_free(circuit);
}

static void test_measurement(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL, *out = NULL;
    uint32_t bits = 0, condition = 0;
    assert_ok(qn_circuit_create(2, &circuit));
    assert_ok(qn_circuit_add_variable(circuit, "c", QN_TYPE_BITS, 2, 0, 0, &bits));
    const qn_token bit = {.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = 0};
    assert_ok(qn_circuit_add_expression(circuit, &bit, 1, &condition));
    assert_ok(qn_circuit_append_reset(circuit, 0)); /* fresh */
    add(circuit, QN_GATE_H, 0, 0, 0);
    add(circuit, QN_GATE_CX, 0, 1, 0);
    add(circuit, QN_GATE_T, 0, 0, 0);
    add(circuit, QN_GATE_CZ, 0, 1, 0); /* both measured next */
    add_rotation(circuit, QN_GATE_RZ, 1, 0, 0.2);
    assert_ok(qn_circuit_append_measure(circuit, 0, 0));
    assert_ok(qn_circuit_append_measure(circuit, 1, 1));
    assert_ok(qn_pass_simplify(circuit, 1, &out));
    assert_int_equal(qn_circuit_operations(out), 4); /* h cx measure measure */
    qn_circuit_free(out);
    add(circuit, QN_GATE_X, 0, 0, 0); /* reset next */
    assert_ok(qn_circuit_append_reset(circuit, 0));
    assert_ok(qn_circuit_append_reset(circuit, 0)); /* just reset */
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_IF, condition));
    add(circuit, QN_GATE_H, 1, 0, 0);
    assert_ok(qn_circuit_append_flow(circuit, QN_OP_END, 0));
    add(circuit, QN_GATE_H, 1, 0, 0); /* not the one in the branch */
    assert_ok(qn_circuit_append_reset(circuit, 0));
    assert_ok(qn_pass_simplify(circuit, 2, &out));
    assert_int_equal(qn_circuit_operations(out), 4 + 1 + 3 + 2);
    qn_circuit_free(out);
    qn_circuit_free(circuit);
    /* A barrier is respected. */
    assert_ok(qn_circuit_create(1, &circuit));
    const uint32_t q = 0;
    add(circuit, QN_GATE_T, 0, 0, 0);
    assert_ok(qn_circuit_append_barrier(circuit, &q, 1));
    add(circuit, QN_GATE_T, 0, 0, 0);
    assert_ok(qn_circuit_append_barrier(circuit, NULL, 0));
    add(circuit, QN_GATE_TDG, 0, 0, 0);
    assert_ok(qn_pass_simplify(circuit, 2, &out));
    assert_int_equal(qn_circuit_operations(out), 5);
    qn_circuit_free(out);
    qn_circuit_free(circuit);
}

static void test_compact(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL, *out = NULL;
    uint32_t map[9] = {0}, kept = 0;
    const uint32_t idle[2] = {1, 4};
    assert_ok(qn_circuit_create(9, &circuit));
    add(circuit, QN_GATE_CCX, 7, 4, 2);
    assert_ok(qn_circuit_append_barrier(circuit, idle, 2));
    assert_ok(qn_circuit_append_barrier(circuit, idle, 1));
    assert_ok(qn_pass_compact(circuit, &out, map, &kept));
    assert_int_equal(kept, 3);
    assert_int_equal(qn_circuit_qubits(out), 3);
    assert_true(map[0] == 2 && map[1] == 4 && map[2] == 7);
    qn_operation op;
    qn_circuit_operation(out, 0, &op);
    assert_true(op.controls[0] == 2 && op.controls[1] == 1 && op.targets[0] == 0);
    assert_int_equal(qn_circuit_operations(out), 2); /* one barrier is left, on qubit 4 */
    qn_circuit_operation(out, 1, &op);
    assert_true(op.kind == QN_OP_BARRIER && op.ntargets == 1 && op.targets[0] == 1);
    qn_circuit_free(out);
    qn_circuit_free(circuit);
    assert_ok(qn_circuit_create(4, &circuit)); /* one qubit is kept always */
    assert_ok(qn_pass_compact(circuit, &out, map, &kept));
    assert_int_equal(kept, 1);
    qn_circuit_free(out);
    out = NULL;
    for (uint64_t n = 1;; n++) {
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_pass_compact(circuit, &out, map, &kept);
        if (qn__alloc_fail_at(0, false) != 0) {
            assert_int_equal(status, QN_OK);
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_null(out);
    }
    qn_circuit_free(out);
    qn_circuit_free(circuit);
}

static void test_allocation_failures(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_circuit *circuit = qn_random_circuit(&r, 4, 2, 60), *out = NULL;
    const uint64_t before = qn_memory().bytes_now;
    for (uint64_t n = 1;; n++) {
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_pass_simplify(circuit, 2, &out);
        if (qn__alloc_fail_at(0, false) != 0) {
            assert_int_equal(status, QN_OK);
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_null(out);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    qn_circuit_free(out);
    qn_circuit_free(circuit);
}

static void test_speed(void **state)
{
    (void)state;
    static const qn_gate gates[] = {QN_GATE_H, QN_GATE_T, QN_GATE_CX, QN_GATE_TDG, QN_GATE_S, QN_GATE_CX};
    qn_random r = {qn_test_seed()};
    qn_circuit *circuit = random_of(&r, 50, gates, 6, 100000, 0), *out = NULL;
    const double start = qn__clock();
    assert_ok(qn_pass_simplify(circuit, 2, &out));
    print_message("%zu gates, %zu T to %zu gates, %zu T in %.3f s\n", qn_circuit_operations(circuit), count_t(circuit),
                  qn_circuit_operations(out), count_t(out), qn__clock() - start);
    qn_circuit_free(circuit);
    qn_circuit_free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),      cmocka_unit_test(test_inverse_vanishes),
        cmocka_unit_test(test_rules),       cmocka_unit_test(test_published_t_counts),
        cmocka_unit_test(test_measurement), cmocka_unit_test(test_compact),
        cmocka_unit_test(test_speed),       cmocka_unit_test(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
