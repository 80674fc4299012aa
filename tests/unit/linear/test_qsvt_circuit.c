/* test_qsvt_circuit.c: circuits of unitaries, dilations and QSVT, against matrices. */
#include "linear_support.h"

#include <quern/engine.h>

#include "qn_random.h"

/* Amplitudes of a circuit on a basis state. */
static void column(const qn_circuit *circuit, uint64_t basis, size_t count, qn_complex *out)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    qn_circuit *whole = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    assert_ok(qn_circuit_create(n, &whole));
    for (uint32_t q = 0; q < n; q++) {
        if ((basis >> q & 1) != 0) {
            assert_ok(qn_circuit_append(whole, QN_GATE_X, &q, 1, NULL, 0));
        }
    }
    assert_ok(qn_circuit_append_circuit(whole, circuit));
    assert_ok(qn_engine_open(context, "reference", &engine));
    assert_ok(qn_engine_compile(engine, whole, NULL, 0, &program));
    assert_ok(qn_program_amplitudes(program, NULL, 0, count, out));
    qn_program_free(program);
    qn_engine_close(engine);
    qn_circuit_free(whole);
}

static void test_unitaries(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (uint32_t n = 1; n <= 4; n++) {
        const uint32_t size = 1u << n;
        qn_complex matrix[256], got[16];
        qn_random_unitary(&r, size, matrix);
        if (n == 2) { /* a permutation with signs: nothing to rotate by angles */
            memset(matrix, 0, sizeof matrix);
            matrix[1].re = -1;
            matrix[4].im = 1;
            matrix[11].re = 1;
            matrix[14].im = -1;
        }
        qn_circuit *circuit = NULL;
        assert_ok(qn_unitary_circuit(n, matrix, size, &circuit));
        for (uint32_t c = 0; c < size; c++) {
            column(circuit, c, size, got);
            for (uint32_t i = 0; i < size; i++) {
                assert_near(got[i].re, matrix[i * size + c].re, 1e-13);
                assert_near(got[i].im, matrix[i * size + c].im, 1e-13);
            }
        }
        qn_circuit_free(circuit);
        matrix[0].re += 0.1;
        assert_fails(qn_unitary_circuit(n, matrix, size, &circuit), QN_ERR_ARGUMENT, "not unitary");
    }
}

/* The corner of the dilation is the matrix, and a QSVT circuit on it gives f of its singular values: for f = T_3
 * scaled, whose matrix version is 4 A^H A A^H - 3 A^H. With one ancilla, and with a second one that does nothing. */
static void test_dilation_and_qsvt(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    qn_complex a[16], got[64];
    for (int i = 0; i < 16; i++) {
        a[i] = (qn_complex){0.2 * draw(&seed), 0.2 * draw(&seed)};
    }
    qn_circuit *encoding = NULL, *wide = NULL;
    assert_ok(qn_halmos_circuit(2, a, &encoding));
    for (uint32_t c = 0; c < 4; c++) {
        column(encoding, c, 4, got);
        for (uint32_t i = 0; i < 4; i++) {
            assert_near(got[i].re, a[i * 4 + c].re, 1e-12);
            assert_near(got[i].im, a[i * 4 + c].im, 1e-12);
        }
    }
    qn_complex b[16], bab[16]; /* B = A^H and B A B */
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            b[i * 4 + j] = (qn_complex){a[j * 4 + i].re, -a[j * 4 + i].im};
        }
    }
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            double re = 0, im = 0;
            for (int k = 0; k < 4; k++) {
                for (int l = 0; l < 4; l++) {
                    const qn_complex p = b[i * 4 + k], q = a[k * 4 + l], s = b[l * 4 + j];
                    const double x = p.re * q.re - p.im * q.im, y = p.re * q.im + p.im * q.re;
                    re += x * s.re - y * s.im;
                    im += x * s.im + y * s.re;
                }
            }
            bab[i * 4 + j] = (qn_complex){re, im};
        }
    }
    qn_qsp_polynomial *f = NULL;
    assert_ok(qn_qsp_polynomial_create(3, &f));
    f->coefficient[1] = 0.5;
    double phases[4];
    qn_qsp_report report;
    assert_ok(qn_qsp_phases(context, f, QN_QSP_AUTO, 1e-13, phases, &report));
    assert_ok(qn_circuit_create(4, &wide));
    for (size_t i = 0; i < qn_circuit_operations(encoding); i++) {
        qn_operation op;
        qn_circuit_operation(encoding, i, &op);
        assert_ok(qn_circuit_append_controlled(wide, op.base, op.controls, op.ncontrols, op.control_state, op.targets,
                                               op.ntargets, op.params, op.nparams));
    }
    for (int ancillas = 1; ancillas <= 2; ancillas++) {
        qn_circuit *circuit = NULL;
        assert_ok(qn_qsvt_circuit(ancillas == 1 ? encoding : wide, 2, phases, 3, &circuit));
        for (uint32_t c = 0; c < 4; c++) {
            column(circuit, c, 4, got);
            for (uint32_t i = 0; i < 4; i++) {
                assert_near(got[i].re, 0.5 * (4 * bab[i * 4 + c].re - 3 * b[i * 4 + c].re), 1e-12);
                assert_near(got[i].im, 0.5 * (4 * bab[i * 4 + c].im - 3 * b[i * 4 + c].im), 1e-12);
            }
        }
        qn_circuit_free(circuit);
    }
    a[0].re = 3;
    qn_circuit *none = NULL;
    assert_fails(qn_halmos_circuit(2, a, &none), QN_ERR_RANGE, "at most 1 can be dilated");
    qn_circuit_free(wide);
    qn_circuit_free(encoding);
    qn_qsp_polynomial_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_unitaries), cmocka_unit_test(test_dilation_and_qsvt)};
    return cmocka_run_group_tests(tests, open_context, close_context);
}
