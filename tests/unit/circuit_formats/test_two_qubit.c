/* test_two_qubit.c: matrices of one and two qubits as gates: the product is the matrix, and no CX is wasted. */
#include <dense.h>
#include <qn_random.h>

#include "circuit/passes/two_qubit.h"

/* The matrix of a decomposition, by definition. */
static void product(const qn__two_qubit *d, dense_complex out[16])
{
    for (size_t i = 0; i < 16; i++) {
        out[i] = i % 5 == 0 ? cos(d->phase) + DENSE_I * sin(d->phase) : 0;
    }
    for (uint32_t layer = 0; layer <= d->ncx; layer++) {
        dense_complex local[16], cx[16] = {0};
        for (size_t i = 0; i < 16; i++) {
            const size_t r = i / 4, c = i % 4;
            const qn_complex a = d->local[layer][1][r / 2 * 2 + c / 2], b = d->local[layer][0][r % 2 * 2 + c % 2];
            local[i] = (a.re + DENSE_I * a.im) * (b.re + DENSE_I * b.im);
        }
        dense_complex *step = dense_product(local, out, 4, false);
        memcpy(out, step, sizeof local);
        free(step);
        if (layer < d->ncx) {
            assert_true(d->control[layer] <= 1);
            for (size_t c = 0; c < 4; c++) {
                const size_t target = 1 - d->control[layer];
                cx[(c ^ ((c >> d->control[layer] & 1) << target)) * 4 + c] = 1;
            }
            step = dense_product(cx, out, 4, false);
            memcpy(out, step, sizeof cx);
            free(step);
        }
    }
}

static uint32_t check(const qn_complex *matrix, const char *what)
{
    qn__two_qubit d;
    dense_complex want[16], got[16];
    assert_ok(qn__two_qubit_decompose(matrix, &d));
    for (size_t i = 0; i < 16; i++) {
        want[i] = matrix[i].re + DENSE_I * matrix[i].im;
    }
    product(&d, got);
    const double off = dense_distance(want, got, 16);
    if (!(off < 1e-12)) {
        print_error("%s: off by %g with %u cx\n", what, off, d.ncx);
        fail();
    }
    for (uint32_t layer = 0; layer <= d.ncx; layer++) {
        for (uint32_t q = 0; q < 2; q++) {
            double angles[4];
            qn_complex again[4];
            qn__one_qubit_angles(d.local[layer][q], angles);
            assert_ok(qn_gate_matrix(QN_GATE_UPHASE, angles, again));
            for (size_t i = 0; i < 4; i++) {
                assert_near(again[i].re, d.local[layer][q][i].re, 1e-14);
                assert_near(again[i].im, d.local[layer][q][i].im, 1e-14);
            }
        }
    }
    return d.ncx;
}

/* Multiplies random local unitaries to both sides. */
static void dress(qn_random *r, qn_complex *matrix)
{
    for (int side = 0; side < 2; side++) {
        qn_complex a[4], b[4], kron[16], out[16];
        qn_random_unitary(r, 2, a);
        qn_random_unitary(r, 2, b);
        for (size_t i = 0; i < 16; i++) {
            const qn_complex x = a[i / 4 / 2 * 2 + i % 4 / 2], y = b[i / 4 % 2 * 2 + i % 2];
            kron[i] = (qn_complex){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
        }
        for (size_t i = 0; i < 4; i++) {
            for (size_t j = 0; j < 4; j++) {
                qn_complex sum = {0, 0};
                for (size_t k = 0; k < 4; k++) {
                    const qn_complex x = side ? matrix[4 * i + k] : kron[4 * i + k],
                                     y = side ? kron[4 * k + j] : matrix[4 * k + j];
                    sum.re += x.re * y.re - x.im * y.im;
                    sum.im += x.re * y.im + x.im * y.re;
                }
                out[4 * i + j] = sum;
            }
        }
        memcpy(matrix, out, sizeof out);
    }
}

static void random_unitaries(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned i = 0; i < 3000 * qn_test_scale(); i++) {
        qn_complex matrix[16];
        qn_random_unitary(&r, 4, matrix);
        assert_int_equal(check(matrix, "random"), 3);
    }
}

/* Gates whose least number of CX is known, bare and dressed with local unitaries. */
static void known_gates(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const struct {
        qn_gate gate;
        uint32_t ncx;
    } known[] = {{QN_GATE_SWAP, 3}, {QN_GATE_ISWAP, 2}, {QN_GATE_ISWAP_DG, 2}, {QN_GATE_DCX, 2},   {QN_GATE_ECR, 1},
                 {QN_GATE_RXX, 2},  {QN_GATE_RYY, 2},   {QN_GATE_RZZ, 2},      {QN_GATE_RZX, 2},   {QN_GATE_GIVENS, 2},
                 {QN_GATE_X, 1},    {QN_GATE_Y, 1},     {QN_GATE_Z, 1},        {QN_GATE_H, 1},     {QN_GATE_P, 2},
                 {QN_GATE_RY, 2},   {QN_GATE_S, 2},     {QN_GATE_ID, 0},       {QN_GATE_RXX, 256}, {QN_GATE_RYY, 257}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        for (int round = 0; round < 40; round++) {
            const bool quarter = known[k].ncx >= 256; /* angles +-pi/2 make a CX out of a rotation */
            const double params[4] = {quarter ? (known[k].ncx == 256 ? 1 : -1) * acos(0.0)
                                              : qn_random_between(&r, 0.2, 1.4),
                                      qn_random_between(&r, -3, 3), 0, 0};
            const qn_gate gate = known[k].gate;
            qn_complex small[16], matrix[16] = {{0, 0}};
            assert_ok(qn_gate_matrix(gate, params, small));
            if (qn_gate_describe(gate)->qubits == 1) { /* under a control on qubit 0 */
                matrix[0].re = matrix[10].re = 1;
                matrix[5] = small[0];
                matrix[7] = small[1];
                matrix[13] = small[2];
                matrix[15] = small[3];
            } else {
                memcpy(matrix, small, sizeof matrix);
            }
            if (round > 0) {
                dress(&r, matrix);
            }
            assert_int_equal(check(matrix, qn_gate_describe(gate)->name), quarter ? 1 : known[k].ncx);
        }
    }
}

/* Coordinates on and just beside the places where the number of CX changes. */
static void edges(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    const double quarter = atan(1.0);
    const double near[] = {0, 1e-16, 1e-14, 1e-13, 1e-12, 1e-9, 1e-6, -1e-13, -1e-9};
    for (unsigned i = 0; i < 4000; i++) {
        qn_circuit *circuit = NULL;
        const uint32_t both[2] = {0, 1};
        const qn_gate gates[3] = {QN_GATE_RXX, QN_GATE_RYY, QN_GATE_RZZ};
        assert_ok(qn_circuit_create(2, &circuit));
        for (size_t k = 0; k < 3; k++) {
            const int turns = (int)qn_random_below(&r, 9) - 4;
            const qn_param angle =
                QN_PARAM(2 * (turns * quarter + near[qn_random_below(&r, sizeof near / sizeof near[0])]));
            assert_ok(qn_circuit_append(circuit, gates[k], both, 2, &angle, 1));
        }
        dense_complex *u = dense_unitary(circuit, NULL);
        qn_complex matrix[16];
        for (size_t k = 0; k < 16; k++) {
            matrix[k] = (qn_complex){creal(u[k]), cimag(u[k])};
        }
        if (i % 2 == 1) {
            dress(&r, matrix);
        }
        assert_true(check(matrix, "edge") <= 3);
        free(u);
        qn_circuit_free(circuit);
    }
}

static void refusals(void **state)
{
    (void)state;
    qn_complex matrix[16] = {{0, 0}};
    qn__two_qubit d;
    assert_fails(qn__two_qubit_decompose(matrix, &d), QN_ERR_ARGUMENT, "not unitary");
    for (size_t i = 0; i < 4; i++) {
        matrix[5 * i].re = 1;
    }
    matrix[3].im = (double)NAN;
    assert_fails(qn__two_qubit_decompose(matrix, &d), QN_ERR_ARGUMENT, "not unitary");
    matrix[3].im = 1e-9; /* as far off as a circuit allows: the nearest unitary */
    assert_ok(qn__two_qubit_decompose(matrix, &d));
    assert_fails(qn__two_qubit_decompose(matrix, NULL), QN_ERR_ARGUMENT, "NULL");
}

/* Angles of one-qubit matrices, sparse ones among them. */
static void one_qubit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned i = 0; i < 2000; i++) {
        qn_complex matrix[4], again[4];
        double angles[4];
        qn_random_unitary(&r, 2, matrix);
        if (i % 3 == 1) {
            const double tiny[] = {0, 1e-300, 1e-17, 1e-9};
            const double params[4] = {(i % 2 ? 0 : 2 * acos(0.0)) + tiny[qn_random_below(&r, 4)],
                                      qn_random_between(&r, -3, 3), qn_random_between(&r, -3, 3),
                                      qn_random_between(&r, -3, 3)};
            assert_ok(qn_gate_matrix(QN_GATE_UPHASE, params, matrix));
        }
        qn__one_qubit_angles(matrix, angles);
        assert_ok(qn_gate_matrix(QN_GATE_UPHASE, angles, again));
        for (size_t k = 0; k < 4; k++) {
            assert_near(again[k].re, matrix[k].re, 1e-14);
            assert_near(again[k].im, matrix[k].im, 1e-14);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_unitaries), cmocka_unit_test(known_gates),
                                       cmocka_unit_test(edges), cmocka_unit_test(refusals),
                                       cmocka_unit_test(one_qubit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
