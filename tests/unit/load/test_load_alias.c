/* test_load_alias.c: alias sampling: the table unit by unit, the circuit for every index and random number, its counts
 * against the formula, and its state through the engine. */
#include "basis_walk.h"

#include <quern/quern.h>

#include "state_of.h"

static void draw(qn_random *r, double *amplitudes, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        const uint32_t kind = qn_random_below(r, 4);
        amplitudes[i] = kind == 0 ? 0 : qn_random_between(r, -1, 1) * (kind == 1 ? 20 : 1);
    }
    amplitudes[qn_random_below(r, (uint32_t)count)] = -0.5;
}

/* Units of probability that the table gives each index, out of 2^(bits + precision). */
static void units_of(const qn_alias *alias, uint64_t *units)
{
    const uint64_t size = UINT64_C(1) << alias->bits, full = UINT64_C(1) << alias->precision;
    memset(units, 0, size * sizeof *units);
    for (uint64_t i = 0; i < size; i++) {
        assert_true(alias->keep[i] < full && alias->other[i] < size);
        units[i] += alias->keep[i];
        units[alias->other[i]] += full - alias->keep[i];
    }
}

static void tables_meet_the_probabilities(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    double amplitudes[70];
    uint64_t units[128];
    for (uint64_t count = 1; count <= 70; count++) {
        const uint32_t precision = 1 + qn_random_below(&r, 12);
        qn_alias *alias = NULL;
        draw(&r, amplitudes, count);
        assert_ok(qn_alias_create(amplitudes, count, precision, 0, &alias));
        assert_int_equal(alias->precision, precision);
        units_of(alias, units);
        double norm = 0, overlap = 0;
        for (uint64_t i = 0; i < count; i++) {
            norm += amplitudes[i] * amplitudes[i];
        }
        const double total = ldexp(1, (int)(alias->bits + precision));
        for (uint64_t i = 0; i < UINT64_C(1) << alias->bits; i++) {
            const double p = i < count ? amplitudes[i] * amplitudes[i] / norm : 0;
            assert_true(fabs((double)units[i] - p * total) < 1);
            assert_true(p > 0 || units[i] == 0);
            assert_int_equal(alias->negative[i], i < count && amplitudes[i] < 0);
            overlap += sqrt(p * (double)units[i] / total);
        }
        assert_near(alias->fidelity, overlap * overlap, 1e-12);
        qn_alias_free(alias);
        /* precision by itself: the least that does */
        assert_ok(qn_alias_create(amplitudes, count, 0, 1e-6, &alias));
        assert_true(alias->fidelity >= 1 - 1e-6);
        if (alias->precision > 1) {
            qn_alias *coarser = NULL;
            assert_ok(qn_alias_create(amplitudes, count, alias->precision - 1, 0, &coarser));
            assert_true(coarser->fidelity < 1 - 1e-6);
            qn_alias_free(coarser);
        }
        qn_alias_free(alias);
    }
}

/* After the uniform superposition every index and random number go their way: the index that stays or the other, its
 * sign, and clean carries and tree. */
static void circuits_do_as_the_table_says(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    double amplitudes[16];
    for (uint64_t count = 1; count <= 16; count++) {
        for (uint32_t precision = 1; precision <= 4; precision++) {
            for (int measured = 0; measured < 2; measured++) {
                qn_alias *alias = NULL;
                qn_circuit *circuit = NULL;
                qn_circuit_cost cost;
                draw(&r, amplitudes, count);
                assert_ok(qn_alias_create(amplitudes, count, precision, 0, &alias));
                assert_ok(qn_alias_compile(alias, measured == 1, &circuit));
                const uint32_t n = alias->bits, nqubits = qn_circuit_qubits(circuit);
                assert_int_equal(nqubits, qn_alias_qubits(n, precision));
                assert_ok(qn_circuit_count(circuit, NULL, 1e-10, &cost));
                assert_int_equal(cost.toffoli, qn_alias_toffoli(n, precision, measured == 1));
                basis_walk w = {calloc(nqubits, sizeof(bool)), false, 0};
                for (uint64_t start = 0; start < UINT64_C(1) << (n + precision); start++) {
                    const uint64_t index = start & ((UINT64_C(1) << n) - 1), number = start >> n;
                    memset(w.bits, 0, nqubits * sizeof(bool));
                    for (uint32_t q = 0; q < n; q++) {
                        w.bits[q] = (index >> q & 1) != 0;
                    }
                    for (uint32_t q = 0; q < precision; q++) {
                        w.bits[2 * n + precision + q] = (number >> q & 1) != 0;
                    }
                    basis_run_from(&w, circuit, n + precision, &r); /* behind the H */
                    const uint64_t wanted = number < alias->keep[index] ? index : alias->other[index];
                    for (uint32_t q = 0; q < n; q++) {
                        assert_int_equal(w.bits[q], wanted >> q & 1);
                    }
                    assert_int_equal(w.minus, alias->negative[wanted]);
                    const uint32_t carries = 2 * n + 2 * precision + 2;
                    assert_int_equal(w.bits[carries + precision - 1], number >= alias->keep[index]);
                    for (uint32_t q = carries; q < nqubits; q++) {
                        assert_true(!w.bits[q] || q == carries + precision - 1);
                    }
                }
                free(w.bits);
                qn_circuit_free(circuit);
                qn_alias_free(alias);
            }
        }
    }
}

/* The state that the whole circuit makes: squares of the index's amplitudes, and their signs, as an inner product with
 * the garbage of each index undone would see them. */
static void state_through_the_engine(void **state)
{
    (void)state;
    const double amplitudes[4] = {0.8, -0.1, 0, 0.59};
    uint64_t units[4];
    qn_alias *alias = NULL;
    qn_circuit *circuit = NULL;
    assert_ok(qn_alias_create(amplitudes, 4, 3, 0, &alias));
    assert_ok(qn_alias_compile(alias, false, &circuit));
    units_of(alias, units);
    qn_complex *made = state_of(circuit);
    double square[4] = {0}, negative[4] = {0};
    for (uint64_t i = 0; i < UINT64_C(1) << qn_circuit_qubits(circuit); i++) {
        assert_near(made[i].im, 0, 1e-12);
        square[i & 3] += made[i].re * made[i].re;
        negative[i & 3] += made[i].re < 0 ? made[i].re * made[i].re : 0;
    }
    for (int k = 0; k < 4; k++) {
        assert_near(square[k], (double)units[k] / 32, 1e-12);
        assert_near(negative[k], amplitudes[k] < 0 ? square[k] : 0, 1e-12);
    }
    free(made);
    qn_circuit_free(circuit);
    qn_alias_free(alias);
}

static void as_a_method(void **state)
{
    (void)state;
    qn_context *context = NULL;
    qn_circuit *circuit = NULL;
    qn_load_cost cost;
    qn_complex amplitudes[100];
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    options.method = QN_LOAD_ALIAS;
    options.fidelity = 0.9999;
    assert_ok(qn_context_create(NULL, &context));
    for (int i = 0; i < 100; i++) {
        amplitudes[i] = (qn_complex){cos(i), 0};
    }
    assert_ok(qn_load_prepare(context, amplitudes, 100, &options, &circuit, &cost));
    assert_true(cost.fidelity >= 0.9999 && cost.fidelity < 1);
    assert_int_equal(cost.rotations, 0);
    assert_int_equal(cost.toffoli, 126 + cost.precision + 7);
    /* measured ANDs are 4 T each; the comparison's last AND stays, and the swaps are Toffolis: 7 T */
    assert_int_equal(cost.t_count, 4 * (126 + cost.precision - 1) + 7 * (1 + 7));
    assert_int_equal(cost.qubits, qn_alias_qubits(7, cost.precision));
    qn_circuit_free(circuit);
    circuit = NULL;
    amplitudes[3].im = 1e-3;
    assert_fails(qn_load_prepare(context, amplitudes, 100, &options, &circuit, &cost), QN_ERR_ARGUMENT,
                 "amplitude 3 is complex");
    assert_null(circuit);
    double zeros[2] = {0, 0};
    qn_alias *alias = NULL;
    assert_fails(qn_alias_create(zeros, 2, 3, 0, &alias), QN_ERR_ARGUMENT, "all amplitudes are 0");
    zeros[1] = (double)NAN;
    assert_fails(qn_alias_create(zeros, 2, 3, 0, &alias), QN_ERR_NAN, "amplitude 1");
    zeros[1] = 1;
    assert_fails(qn_alias_create(zeros, 2, 52, 0, &alias), QN_ERR_TOO_LARGE, "precision");
    assert_null(alias);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_meet_the_probabilities),
        cmocka_unit_test(circuits_do_as_the_table_says),
        cmocka_unit_test(state_through_the_engine),
        cmocka_unit_test(as_a_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
