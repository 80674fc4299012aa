/* test_load_state.c: states by the methods behind qn_load_prepare: exact amplitudes through the engine, and CNOT counts
 * equal to the published ones. */
#include "state_of.h"

#include "load/prepare.h"
#include "load/synthesis.h"

static uint64_t cnots(const qn_circuit *circuit)
{
    qn_circuit_cost cost;
    assert_ok(qn_circuit_count(circuit, NULL, 1e-10, &cost));
    return cost.cx;
}

static void assert_prepares(const qn_circuit *circuit, const qn_complex *amplitudes, size_t count)
{
    qn_complex *state = state_of(circuit);
    const double off = distance(state, amplitudes, count);
    if (!(off < 1e-12)) {
        print_error("%zu amplitudes are off by %g\n", count, off);
        fail();
    }
    free(state);
}

/* 2^n - 2 CNOTs and 2^n - 1 angles for real states, 2^(n+1) - 2n - 2 and 2 (2^n - 1) for complex ones: Mottonen et al.,
 * quant-ph/0407010. */
static void mottonen(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_complex amplitudes[1 << 10];
    for (uint32_t n = 1; n <= 10; n++) {
        for (int is_complex = 0; is_complex < 2; is_complex++) {
            const size_t count = (size_t)1 << n;
            qn_circuit *circuit = NULL;
            qn_circuit_cost cost;
            random_state(&r, amplitudes, count, is_complex == 1);
            assert_ok(qn_circuit_create(n, &circuit));
            assert_ok(qn__prepare_mottonen(circuit, n, amplitudes));
            assert_ok(qn_circuit_count(circuit, NULL, 1e-10, &cost));
            assert_int_equal(cost.cx, is_complex ? 2 * count - 2 * n - 2 : count - 2);
            assert_int_equal(cost.rotations, is_complex ? 2 * (count - 1) : count - 1);
            assert_prepares(circuit, amplitudes, count);
            qn_circuit_free(circuit);
        }
    }
}

/* Zeros, basis states, uniform states: right, and cheaper. */
static void mottonen_special(void **state)
{
    (void)state;
    qn_complex a[8] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, -1}, {0, 0}, {0, 0}};
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(3, &circuit));
    assert_ok(qn__prepare_mottonen(circuit, 3, a));
    assert_prepares(circuit, a, 8);
    qn_circuit_free(circuit);
    for (int i = 0; i < 8; i++) {
        a[i] = (qn_complex){sqrt(0.125), 0};
    }
    assert_ok(qn_circuit_create(3, &circuit));
    assert_ok(qn__prepare_mottonen(circuit, 3, a));
    assert_prepares(circuit, a, 8);
    assert_int_equal(cnots(circuit), 0); /* |+++> takes three rotations */
    qn_circuit_free(circuit);
}

/* Unitaries on three qubits by 20 CNOTs, four by 100: Shende, Bullock, Markov, quant-ph/0406176, table 1. */
static void shannon(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const uint64_t published[] = {0, 0, 3, 20, 100, 444};
    static const uint32_t qubits[] = {2, 0, 3, 1, 4};
    for (uint32_t m = 1; m <= 5; m++) {
        const uint32_t size = 1u << m;
        qn_complex rows[1024], columns[1024];
        qn_random_unitary(&r, size, rows);
        for (uint32_t half = 0; half < 2; half++) {
            qn_circuit *circuit = NULL;
            assert_ok(qn_circuit_create(5, &circuit));
            for (uint32_t i = 0; i < size * size; i++) {
                columns[i] = rows[i / size + size * (i % size)];
            }
            assert_ok(qn__synthesise(circuit, qubits, m, half == 1, columns));
            assert_int_equal(cnots(circuit), qn__synthesis_cnots(m, half == 1));
            if (half == 0) {
                assert_int_equal(cnots(circuit), published[m]);
            }
            for (uint32_t column = 0; column < size >> half; column++) {
                qn_circuit *from = NULL;
                assert_ok(qn_circuit_create(5, &from));
                for (uint32_t q = 0; q < m; q++) {
                    if ((column >> q & 1) != 0) {
                        assert_ok(qn_circuit_append(from, QN_GATE_X, &qubits[q], 1, NULL, 0));
                    }
                }
                assert_ok(qn_circuit_append_circuit(from, circuit));
                qn_complex expected[32] = {{0, 0}};
                for (uint32_t row = 0; row < size; row++) {
                    uint32_t index = 0;
                    for (uint32_t q = 0; q < m; q++) {
                        index |= (row >> q & 1) << qubits[q];
                    }
                    expected[index] = rows[row * size + column];
                }
                assert_prepares(from, expected, 32);
                qn_circuit_free(from);
            }
            qn_circuit_free(circuit);
        }
    }
}

/* 1, 3 and 9 CNOTs for two, three and four qubits: Plesch, Brukner, arXiv:1003.5760; 3 is the least possible for three
 * (Znidaric, Giraud, Georgeot, arXiv:0711.4021). */
static void schmidt(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const uint64_t published[] = {0, 0, 1, 3, 9};
    static const uint32_t qubits[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    qn_complex amplitudes[512], work[512];
    for (uint32_t n = 1; n <= 9; n++) {
        for (int is_complex = 0; is_complex < 2; is_complex++) {
            const size_t count = (size_t)1 << n;
            qn_circuit *circuit = NULL;
            random_state(&r, amplitudes, count, is_complex == 1);
            memcpy(work, amplitudes, sizeof work);
            assert_ok(qn_circuit_create(n, &circuit));
            assert_ok(qn__synthesise_state(circuit, qubits, n, work));
            if (is_complex == 1) {
                /* Schmidt coefficients are real: where their own parts are rotations, a CNOT is saved. */
                assert_true(cnots(circuit) <= qn__synthesis_state_cnots(n));
                assert_true(cnots(circuit) + n >= qn__synthesis_state_cnots(n));
                if (n < 5) {
                    assert_int_equal(cnots(circuit), published[n]);
                }
                assert_true(n < 2 || cnots(circuit) < 2 * count - 2 * n - 2 || n == 2);
            } else {
                assert_true(cnots(circuit) <= qn__synthesis_state_cnots(n));
            }
            assert_prepares(circuit, amplitudes, count);
            qn_circuit_free(circuit);
        }
    }
}

static void sparse(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (uint32_t trial = 0; trial < 60; trial++) {
        const uint32_t n = 1 + qn_random_below(&r, 8), size = 1u << n, nonzero = 1 + qn_random_below(&r, size);
        qn_complex amplitudes[256] = {{0, 0}};
        for (uint32_t i = 0; i < nonzero; i++) {
            const uint32_t place = qn_random_below(&r, size);
            amplitudes[place] =
                (qn_complex){qn_random_between(&r, -1, 1), trial % 2 == 0 ? 0 : qn_random_between(&r, -1, 1)};
        }
        normalise(amplitudes, size);
        qn_circuit *circuit = NULL;
        assert_ok(qn_circuit_create(n, &circuit));
        assert_ok(qn__prepare_sparse(circuit, n, amplitudes));
        assert_prepares(circuit, amplitudes, size);
        qn_circuit_free(circuit);
    }
}

/* |000...0> + |111...1>: one rotation and n - 1 CNOTs. */
static void sparse_ghz(void **state)
{
    (void)state;
    qn_complex amplitudes[1 << 10] = {{0, 0}};
    amplitudes[0].re = amplitudes[(1 << 10) - 1].re = sqrt(0.5);
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(10, &circuit));
    assert_ok(qn__prepare_sparse(circuit, 10, amplitudes));
    assert_prepares(circuit, amplitudes, 1 << 10);
    assert_int_equal(cnots(circuit), 9);
    qn_circuit_free(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mottonen), cmocka_unit_test(mottonen_special), cmocka_unit_test(shannon),
        cmocka_unit_test(schmidt),  cmocka_unit_test(sparse),           cmocka_unit_test(sparse_ghz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
