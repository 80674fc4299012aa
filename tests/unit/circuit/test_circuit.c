/* test_circuit.c: the store of circuits: what goes in comes out, transformations against dense matrices, failures. */
#include <dense.h>

#include <quern/circuit.h>
#include <quern/context.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/rng.h"
#include "circuit/gate.h"

static const double TOLERANCE = 1e-12;

static uint32_t below(uint64_t seed, uint64_t *draw, uint32_t limit)
{
    return (uint32_t)(qn__random_uniform(seed, 5, (*draw)++) * limit);
}

/* `count` different qubits of n in random order. */
static void draw_qubits(uint64_t seed, uint64_t *draw, uint32_t n, uint32_t count, uint32_t *out)
{
    uint32_t all[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t j = i + below(seed, draw, n - i);
        const uint32_t swap = all[i];
        all[i] = all[j];
        all[j] = swap;
        out[i] = all[i];
    }
}

/* A random one-qubit unitary, or the product of two of them and a cx. */
static void draw_unitary(uint64_t seed, uint64_t *draw, uint32_t n, qn_complex *out)
{
    qn_complex a[4], b[4];
    double angles[8];
    for (size_t i = 0; i < 8; i++) {
        angles[i] = 6 * qn__random_uniform(seed, 6, (*draw)++);
    }
    assert_ok(qn_gate_matrix(QN_GATE_UPHASE, angles, a));
    assert_ok(qn_gate_matrix(QN_GATE_UPHASE, angles + 4, b));
    if (n == 1) {
        memcpy(out, a, sizeof a);
        return;
    }
    for (size_t row = 0; row < 4; row++) {
        const size_t to = row & 1 ? row ^ 2 : row; /* cx after a (x) b */
        for (size_t column = 0; column < 4; column++) {
            const qn_complex x = a[(row & 1) * 2 + (column & 1)], y = b[(row >> 1) * 2 + (column >> 1)];
            out[to * 4 + column] = (qn_complex){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
        }
    }
}

/* A circuit with every gate of the table, some under extra controls, parameters affine in three symbols. */
static qn_circuit *random_circuit(uint64_t seed, uint32_t n)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(n, &circuit));
    static const char *const names[] = {"a", "b", "c"};
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t symbol = 9;
        assert_ok(qn_circuit_add_symbol(circuit, names[i], &symbol));
        assert_int_equal(symbol, i);
    }
    uint64_t draw = 0;
    for (unsigned k = 0; k < 2 * QN_GATE_COUNT_; k++) {
        const qn_gate gate = (qn_gate)(k % QN_GATE_COUNT_);
        const qn_gate_info *info = qn_gate_describe(gate);
        uint32_t qubits[8];
        qn_param params[QN__GATE_PARAMS];
        qn_param_term terms[QN__GATE_PARAMS][2];
        for (uint32_t i = 0; i < QN__GATE_PARAMS; i++) {
            terms[i][0] = (qn_param_term){below(seed, &draw, 3), qn__random_uniform(seed, 7, draw)};
            terms[i][1] = (qn_param_term){below(seed, &draw, 3), qn__random_uniform(seed, 8, draw)};
            params[i] = (qn_param){qn__random_uniform(seed, 9, draw), terms[i], below(seed, &draw, 3), 0};
        }
        if ((info->flags & QN_GATE_FLAG_PAULI_STRING) != 0) {
            const uint32_t weight = 1 + below(seed, &draw, n);
            char letters[8];
            draw_qubits(seed, &draw, n, weight, qubits);
            for (uint32_t i = 0; i < weight; i++) {
                letters[i] = "IXYZ"[below(seed, &draw, 4)];
            }
            assert_ok(qn_circuit_append_pauli_rotation(circuit, letters, qubits, weight, params[0]));
        } else if ((info->flags & QN_GATE_FLAG_MATRIX) != 0) {
            qn_complex matrix[16];
            draw_unitary(seed, &draw, info->qubits, matrix);
            draw_qubits(seed, &draw, n, info->qubits, qubits);
            assert_ok(qn_circuit_append_unitary(circuit, qubits, info->qubits, matrix));
        } else {
            const uint32_t extra = below(seed, &draw, n - info->qubits + 1);
            draw_qubits(seed, &draw, n, extra + info->qubits, qubits);
            assert_ok(qn_circuit_append_controlled(circuit, gate, qubits, extra, qn__random_bits(seed, 10, draw),
                                                   qubits + extra, info->qubits, params, info->params));
        }
    }
    return circuit;
}

static void operations_come_out(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(5, &circuit));
    uint32_t a = 9, b = 9;
    assert_ok(qn_circuit_add_symbol(circuit, "alpha", &a));
    assert_ok(qn_circuit_add_symbol(circuit, "beta", &b));
    assert_int_equal(a, 0);
    assert_int_equal(b, 1);
    assert_string_equal(qn_circuit_symbol_name(circuit, 1), "beta");
    assert_null(qn_circuit_symbol_name(circuit, 2));
    const qn_param_term terms[] = {{0, 2.0}, {1, -1.0}};
    const qn_param param = {0.5, terms, 2, 0};
    assert_ok(qn_circuit_append(circuit, QN_GATE_H, &(uint32_t){3}, 1, NULL, 0));
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_CRZ, (const uint32_t[]){4, 0}, 2, 1,
                                           (const uint32_t[]){2, 1}, 2, &param, 1));
    assert_ok(qn_circuit_append_pauli_rotation(circuit, "XIYZ", (const uint32_t[]){0, 1, 2, 4}, 4, param));
    assert_ok(qn_circuit_append_pauli_rotation(circuit, "II", (const uint32_t[]){0, 1}, 2, param));
    assert_ok(
        qn_circuit_append_unitary(circuit, &(uint32_t){2}, 1, (const qn_complex[]){{0, 0}, {0, 1}, {1, 0}, {0, 0}}));
    assert_ok(qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &QN_PARAM(0.25), 1));
    assert_int_equal(qn_circuit_operations(circuit), 6);
    qn_operation op;
    qn_circuit_operation(circuit, 0, &op);
    assert_int_equal(op.gate, QN_GATE_H);
    assert_int_equal(op.ncontrols, 0);
    assert_null(op.controls);
    assert_int_equal(op.targets[0], 3);
    qn_circuit_operation(circuit, 1, &op);
    assert_int_equal(op.gate, QN_GATE_CRZ);
    assert_int_equal(op.base, QN_GATE_RZ);
    assert_int_equal(op.ncontrols, 3); /* extra ones first, then the gate's own */
    assert_int_equal(op.controls[0], 4);
    assert_int_equal(op.controls[1], 0);
    assert_int_equal(op.controls[2], 2);
    assert_int_equal(op.control_state, 5); /* 1, then 0, then the own control on 1 */
    assert_int_equal(op.ntargets, 1);
    assert_int_equal(op.targets[0], 1);
    assert_int_equal(op.nparams, 1);
    assert_int_equal(op.params[0].count, 2);
    assert_near(qn_param_value(&op.params[0], (const double[]){3, 5}), 0.5 + 6 - 5, 0);
    qn_circuit_operation(circuit, 2, &op);
    assert_int_equal(op.ntargets, 3);
    assert_memory_equal(op.pauli, "XYZ", 3);
    assert_int_equal(op.targets[1], 2);
    assert_int_equal(op.targets[2], 4);
    qn_circuit_operation(circuit, 3, &op); /* the identity string is a phase of -angle/2 */
    assert_int_equal(op.gate, QN_GATE_GPHASE);
    assert_near(qn_param_value(&op.params[0], (const double[]){3, 5}), -0.75, 0);
    qn_circuit_operation(circuit, 4, &op);
    assert_int_equal(op.gate, QN_GATE_UNITARY1);
    assert_near(op.matrix[1].im, 1, 0);
    qn_circuit_operation(circuit, 5, &op);
    assert_int_equal(op.ntargets, 0);
    qn_circuit_free(circuit);
    qn_circuit_free(NULL);
}

static void failures_leave_the_circuit(void **state)
{
    (void)state;
    qn_circuit *c = NULL;
    assert_fails(qn_circuit_create(0, &c), QN_ERR_RANGE, "at least 1 qubit");
    assert_null(c);
    assert_ok(qn_circuit_create(3, &c));
    assert_ok(qn_circuit_add_symbol(c, "a", NULL));
    const uint32_t q[] = {0, 1, 2, 3};
    const qn_param one = QN_PARAM(1), nan = QN_PARAM((double)NAN);
    const qn_param_term far = {1, 1}, bad = {0, (double)INFINITY};
    assert_fails(qn_circuit_append(c, QN_GATE_COUNT_, q, 1, NULL, 0), QN_ERR_RANGE, "gate");
    assert_fails(qn_circuit_append(c, QN_GATE_CX, q, 1, NULL, 0), QN_ERR_SHAPE, "cx acts on 2 qubits, got 1");
    assert_fails(qn_circuit_append(c, QN_GATE_RX, q, 1, NULL, 0), QN_ERR_SHAPE, "rx takes 1 parameters, got 0");
    assert_fails(qn_circuit_append(c, QN_GATE_H, q + 3, 1, NULL, 0), QN_ERR_RANGE, "qubit 3 is outside 0..2");
    assert_fails(qn_circuit_append(c, QN_GATE_H, NULL, 1, NULL, 0), QN_ERR_ARGUMENT, "NULL");
    assert_fails(qn_circuit_append(c, QN_GATE_CX, (const uint32_t[]){1, 1}, 2, NULL, 0), QN_ERR_ARGUMENT,
                 "qubit 1 is given twice");
    assert_fails(qn_circuit_append(c, QN_GATE_RX, q, 1, &nan, 1), QN_ERR_NAN, "not a finite number");
    assert_fails(qn_circuit_append(c, QN_GATE_RX, q, 1, &(qn_param){0, &far, 1, 0}, 1), QN_ERR_RANGE, "symbol 1");
    assert_fails(qn_circuit_append(c, QN_GATE_RX, q, 1, &(qn_param){0, &bad, 1, 0}, 1), QN_ERR_NAN, "coefficient");
    assert_fails(qn_circuit_append_controlled(c, QN_GATE_H, q, 1, 1, q, 1, NULL, 0), QN_ERR_ARGUMENT, "given twice");
    assert_fails(qn_circuit_append_controlled(c, QN_GATE_H, q + 3, 1, 1, q, 1, NULL, 0), QN_ERR_RANGE, "qubit 3");
    uint32_t many[65];
    for (uint32_t i = 0; i < 65; i++) {
        many[i] = i;
    }
    assert_fails(qn_circuit_append_controlled(c, QN_GATE_X, many, 65, 1, q, 1, NULL, 0), QN_ERR_TOO_LARGE,
                 "at most 64");
    assert_fails(qn_circuit_append(c, QN_GATE_PAULI_ROTATION, q, 2, &one, 1), QN_ERR_UNSUPPORTED,
                 "qn_circuit_append_pauli_rotation");
    assert_fails(qn_circuit_append(c, QN_GATE_UNITARY1, q, 1, NULL, 0), QN_ERR_UNSUPPORTED,
                 "qn_circuit_append_unitary");
    assert_fails(qn_circuit_append_pauli_rotation(c, "XQ", q, 2, one), QN_ERR_ARGUMENT, "letter 1");
    assert_fails(qn_circuit_append_pauli_rotation(c, "X", q, 2, one), QN_ERR_ARGUMENT, "letter 1");
    assert_fails(qn_circuit_append_pauli_rotation(c, "XX", (const uint32_t[]){2, 2}, 2, one), QN_ERR_ARGUMENT, "twice");
    assert_fails(qn_circuit_append_pauli_rotation(c, "IX", (const uint32_t[]){7, 2}, 2, one), QN_ERR_RANGE, "qubit 7");
    assert_fails(qn_circuit_append_unitary(c, q, 1, (const qn_complex[]){{1, 0}, {0, 0}, {0, 0}, {1.00001, 0}}),
                 QN_ERR_ARGUMENT, "not unitary");
    assert_fails(qn_circuit_append_unitary(c, q, 3, (const qn_complex[]){{1, 0}}), QN_ERR_SHAPE, "1 or 2");
    assert_fails(qn_circuit_add_symbol(c, "a", NULL), QN_ERR_ARGUMENT, "\"a\" is there already");
    assert_fails(qn_circuit_add_symbol(c, "", NULL), QN_ERR_ARGUMENT, "name");
    qn_circuit *other = NULL, *out = NULL;
    assert_ok(qn_circuit_create(2, &other));
    assert_fails(qn_circuit_append_circuit(c, other), QN_ERR_SHAPE, "3 and 2 qubits");
    assert_fails(qn_circuit_bind(c, NULL, 0, &out), QN_ERR_SHAPE, "1 symbols, got 0");
    assert_fails(qn_circuit_bind(c, (const double[]){(double)NAN}, 1, &out), QN_ERR_NAN, "\"a\"");
    assert_null(out);
    assert_int_equal(qn_circuit_operations(c), 0);
    assert_int_equal(qn_circuit_symbols(c), 1);
    qn_circuit_free(other);
    qn_circuit_free(c);
}

/* The scratch mask of wide operations is clean again after a repeated qubit. */
static void wide_strings(void **state)
{
    (void)state;
    enum { WIDE = 200 };
    qn_circuit *c = NULL;
    assert_ok(qn_circuit_create(WIDE, &c));
    char letters[WIDE];
    uint32_t qubits[WIDE];
    for (uint32_t i = 0; i < WIDE; i++) {
        letters[i] = "XYZ"[i % 3];
        qubits[i] = WIDE - 1 - i;
    }
    qubits[150] = 199;
    assert_fails(qn_circuit_append_pauli_rotation(c, letters, qubits, WIDE, QN_PARAM(1)), QN_ERR_ARGUMENT,
                 "qubit 199 is given twice");
    qubits[150] = 49;
    for (unsigned i = 0; i < 2; i++) {
        assert_ok(qn_circuit_append_pauli_rotation(c, letters, qubits, WIDE, QN_PARAM(1)));
    }
    qn_operation op;
    qn_circuit_operation(c, 1, &op);
    assert_int_equal(op.ntargets, WIDE);
    assert_memory_equal(op.pauli, letters, WIDE);
    assert_memory_equal(op.targets, qubits, sizeof qubits);
    qn_circuit_free(c);
}

static void transformations_against_matrices(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    const double theta[] = {0.3, -1.1, 2.2};
    enum { N = 6, SIZE = 1 << N };
    for (unsigned round = 0; round < qn_test_scale(); round++) {
        qn_circuit *c = random_circuit(seed + round, N), *inverse = NULL, *bound = NULL, *twice = NULL;
        dense_complex *u = dense_unitary(c, theta), *one = dense_identity(SIZE);
        assert_ok(qn_circuit_inverse(c, &inverse));
        assert_int_equal(qn_circuit_symbols(inverse), 3);
        dense_complex *v = dense_unitary(inverse, theta), *vu = dense_product(v, u, SIZE, false);
        assert_near(dense_distance(vu, one, (size_t)SIZE * SIZE), 0, 1e-11);
        assert_ok(qn_circuit_bind(c, theta, 3, &bound));
        assert_int_equal(qn_circuit_symbols(bound), 0);
        dense_complex *w = dense_unitary(bound, NULL);
        assert_near(dense_distance(w, u, (size_t)SIZE * SIZE), 0, TOLERANCE);
        assert_ok(qn_circuit_clone(c, &twice));
        assert_ok(qn_circuit_append_circuit(twice, twice)); /* onto itself */
        assert_int_equal(qn_circuit_operations(twice), 2 * qn_circuit_operations(c));
        dense_complex *uu = dense_unitary(twice, theta), *expected = dense_product(u, u, SIZE, false);
        assert_near(dense_distance(uu, expected, (size_t)SIZE * SIZE), 0, 1e-11);
        free(u);
        free(one);
        free(v);
        free(vu);
        free(w);
        free(uu);
        free(expected);
        qn_circuit_free(c);
        qn_circuit_free(inverse);
        qn_circuit_free(bound);
        qn_circuit_free(twice);
    }
}

/* A named gate's inverse is again a named gate. */
static void inverses_keep_names(void **state)
{
    (void)state;
    static const struct {
        qn_gate gate, inverse;
    } cases[] = {{QN_GATE_S, QN_GATE_SDG},        {QN_GATE_CRZ, QN_GATE_CRZ}, {QN_GATE_ISWAP, QN_GATE_ISWAP_DG},
                 {QN_GATE_U, QN_GATE_U},          {QN_GATE_C4X, QN_GATE_C4X}, {QN_GATE_CSX, QN_GATE_SXDG},
                 {QN_GATE_C3SQRTX, QN_GATE_SXDG}, {QN_GATE_DCX, QN_GATE_DCX}, {QN_GATE_CU, QN_GATE_CU}};
    const uint32_t qubits[] = {0, 1, 2, 3, 4};
    const qn_param params[] = {QN_PARAM(0.1), QN_PARAM(0.2), QN_PARAM(0.3), QN_PARAM(0.4)};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const qn_gate_info *info = qn_gate_describe(cases[i].gate);
        qn_circuit *c = NULL, *inverse = NULL;
        assert_ok(qn_circuit_create(5, &c));
        assert_ok(qn_circuit_append(c, cases[i].gate, qubits, info->qubits, params, info->params));
        assert_ok(qn_circuit_inverse(c, &inverse));
        assert_int_equal(qn_circuit_operations(inverse), 1);
        qn_operation op;
        qn_circuit_operation(inverse, 0, &op);
        assert_int_equal(op.gate, cases[i].inverse);
        assert_int_equal(op.ncontrols, info->controls);
        qn_circuit_free(c);
        qn_circuit_free(inverse);
    }
}

static void symbols_merge_by_name(void **state)
{
    (void)state;
    qn_circuit *a = NULL, *b = NULL;
    assert_ok(qn_circuit_create(1, &a));
    assert_ok(qn_circuit_create(1, &b));
    assert_ok(qn_circuit_add_symbol(a, "x", NULL));
    assert_ok(qn_circuit_add_symbol(a, "y", NULL));
    assert_ok(qn_circuit_add_symbol(b, "z", NULL));
    assert_ok(qn_circuit_add_symbol(b, "y", NULL));
    const uint32_t q = 0;
    for (uint32_t symbol = 0; symbol < 2; symbol++) {
        const qn_param_term term = {symbol, 3};
        assert_ok(qn_circuit_append(b, QN_GATE_RX, &q, 1, &(qn_param){0, &term, 1, 0}, 1));
    }
    assert_ok(qn_circuit_append_circuit(a, b));
    assert_int_equal(qn_circuit_symbols(a), 3);
    assert_string_equal(qn_circuit_symbol_name(a, 2), "z");
    qn_operation op;
    qn_circuit_operation(a, 0, &op);
    assert_int_equal(op.params[0].terms[0].symbol, 2);
    qn_circuit_operation(a, 1, &op);
    assert_int_equal(op.params[0].terms[0].symbol, 1);
    qn_circuit_free(a);
    qn_circuit_free(b);
}

/* Every allocation of the whole life of a circuit fails once; nothing leaks, and a failed call changes nothing. */
static qn_status whole_life(uint64_t seed)
{
    qn_circuit *c = NULL, *other = NULL, *inverse = NULL, *bound = NULL;
    qn_circuit_cost cost;
    const double theta[20] = {0};
    qn_status status = qn_circuit_create(40, &c);
    for (uint32_t i = 0; i < 20 && status == QN_OK; i++) {
        char name[8];
        snprintf(name, sizeof name, "s%u", i);
        status = qn_circuit_add_symbol(c, name, NULL);
        const qn_param_term term = {i, 1};
        const size_t before = qn_circuit_operations(c);
        if (status == QN_OK) {
            status = qn_circuit_append(c, QN_GATE_CRX, (const uint32_t[]){i, i + 1}, 2, &(qn_param){0, &term, 1, 0}, 1);
            assert_int_equal(qn_circuit_operations(c), before + (status == QN_OK));
        }
    }
    char letters[40];
    uint32_t qubits[40];
    for (uint32_t i = 0; i < 40; i++) {
        letters[i] = 'Z';
        qubits[i] = i;
    }
    if (status == QN_OK) {
        status = qn_circuit_append_pauli_rotation(c, letters, qubits, 40, QN_PARAM(1));
    }
    if (status == QN_OK) {
        status = qn_circuit_append(c, QN_GATE_RC3X, qubits, 4, NULL, 0);
    }
    if (status == QN_OK) {
        status = qn_circuit_create(40, &other);
    }
    if (status == QN_OK) {
        status = qn_circuit_append_circuit(other, c);
        if (status != QN_OK) {
            assert_int_equal(qn_circuit_operations(other), 0);
            assert_int_equal(qn_circuit_symbols(other), 0);
        }
    }
    if (status == QN_OK) {
        status = qn_circuit_inverse(c, &inverse);
    }
    if (status == QN_OK) {
        status = qn_circuit_bind(c, theta, 20, &bound);
    }
    if (status == QN_OK) {
        status = qn_circuit_count(c, NULL, 1e-6, &cost);
    }
    (void)seed;
    qn_circuit_free(c);
    qn_circuit_free(other);
    qn_circuit_free(inverse);
    qn_circuit_free(bound);
    return status;
}

static void allocation_failures(void **state)
{
    (void)state;
    const uint64_t bytes = qn_memory().bytes_now;
    unsigned failures = 0;
    for (uint64_t n = 1;; n++) {
        qn__alloc_fail_at(n, false);
        const qn_status status = whole_life(n);
        qn__alloc_fail_at(0, false);
        assert_int_equal(qn_memory().bytes_now, bytes);
        if (status == QN_OK) {
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        failures++;
    }
    assert_true(failures > 80);
}

static void append_is_fast(void **state)
{
    (void)state;
    enum { GATES = 100000, QUBITS = 30 };
    qn_circuit *c = NULL;
    assert_ok(qn_circuit_create(QUBITS, &c));
    const uint64_t bytes = qn_memory().bytes_now;
    const double start = qn__clock();
    for (uint32_t i = 0; i < GATES; i++) {
        const uint32_t qubits[] = {i % QUBITS, (i + 1) % QUBITS};
        if (i % 2 == 0) {
            char name[16];
            uint32_t symbol = 0;
            snprintf(name, sizeof name, "t[%u]", i);
            assert_ok(qn_circuit_add_symbol(c, name, &symbol));
            const qn_param_term term = {symbol, 1};
            assert_ok(qn_circuit_append(c, QN_GATE_RX, qubits, 1, &(qn_param){0, &term, 1, 0}, 1));
        } else {
            assert_ok(qn_circuit_append(c, QN_GATE_CX, qubits, 2, NULL, 0));
        }
    }
    const double appended = qn__clock();
    qn_circuit *inverse = NULL;
    assert_ok(qn_circuit_inverse(c, &inverse));
    const double inverted = qn__clock();
    qn_circuit_cost cost;
    assert_ok(qn_circuit_count(c, NULL, 1e-10, &cost));
    const double counted = qn__clock();
    assert_int_equal(cost.rotations, GATES / 2);
    assert_int_equal(cost.cx, GATES / 2);
    print_message("100,000 gates with 50,000 symbols: append %.3f s, inverse %.3f s, count %.3f s, %.1f MB\n",
                  appended - start, inverted - appended, counted - inverted,
                  (double)(qn_memory().bytes_now - bytes) / 2e6);
    assert_true(appended - start < 5); /* quadratic growth would take minutes */
    qn_circuit_free(c);
    qn_circuit_free(inverse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_come_out), cmocka_unit_test(failures_leave_the_circuit),
        cmocka_unit_test(wide_strings),        cmocka_unit_test(transformations_against_matrices),
        cmocka_unit_test(inverses_keep_names), cmocka_unit_test(symbols_merge_by_name),
        cmocka_unit_test(allocation_failures), cmocka_unit_test(append_is_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
