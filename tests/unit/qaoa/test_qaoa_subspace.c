/* test_qaoa_subspace.c: layers inside states with fixed numbers of ones against the full circuit; slopes against
 * differences. */
#include "qaoa_graphs.h"

#include <quern/context.h>
#include <quern/engine.h>

#include "algorithm/qaoa/circuits.h"
#include "algorithm/qaoa/subspace.h"

/* Groups of 1 to `most` members among shuffled variables, any number of them 1; the rest free. */
static qn_qubo *random_groups(qn_random *r, uint32_t n, uint32_t width)
{
    qn_qubo *qubo = random_model(r, n, false, false);
    uint32_t order[16];
    qn_random_qubits(r, n, n, order);
    for (uint32_t at = 0; at + 1 < n;) {
        const uint32_t left = n - 1 - at, most = left < width ? left : width, count = 1 + qn_random_below(r, most);
        assert_ok(qn_qubo_add_group(qubo, order + at, count, 1 + qn_random_below(r, count)));
        at += count;
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

static void subspace_is_the_circuit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_context *context = NULL;
    assert_ok(qn_context_create(NULL, &context));
    for (uint32_t turn = 0; turn < 14; turn++) {
        const uint32_t n = 3 + turn / 2;
        qn_qubo *qubo = random_groups(&r, n, turn % 4 < 2 ? 5 : n);
        qn__subspace space = {0};
        assert_ok(
            qn__subspace_create(context, qubo, turn % 2 == 0 ? QN_QAOA_MIXER_RING : QN_QAOA_MIXER_COMPLETE, &space));
        uint8_t x[16];
        for (uint64_t k = 0; k < space.size; k++) {
            qn__subspace_decode(&space, k, x);
            assert_int_equal(qn__subspace_encode(&space, x), k);
            assert_near(space.cost[k], qn_qubo_value(qubo, x), 1e-11);
        }
        qn_complex *ket = calloc(space.size, sizeof *ket), *bra = calloc(space.size, sizeof *bra);
        double angles[4], value = 0.0, slopes[4];
        qn_random_angles(&r, angles, 4);
        qn_circuit *circuit = NULL;
        qn_engine *engine = NULL;
        qn_program *program = NULL;
        assert_ok(qn__subspace_run(&space, 2, angles, ket, bra, &value, NULL));
        assert_ok(qn__subspace_circuit(&space, cost_of(qubo), 2, angles, &circuit));
        assert_ok(qn_engine_open(context, "reference", &engine));
        assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
        qn_complex a[512];
        assert_ok(qn_program_amplitudes(program, NULL, 0, (size_t)1 << n, a));
        double re = 0.0, im = 0.0;
        for (uint64_t k = 0; k < space.size; k++) {
            qn__subspace_decode(&space, k, x);
            size_t at = 0;
            for (uint32_t q = 0; q < n; q++) {
                at |= (size_t)x[q] << q;
            }
            re += a[at].re * ket[k].re + a[at].im * ket[k].im;
            im += a[at].re * ket[k].im - a[at].im * ket[k].re;
        }
        assert_near(re * re + im * im, 1.0, 1e-11);
        for (uint64_t k = 0; k < space.size; k++) { /* up to one phase, amplitude by amplitude */
            qn__subspace_decode(&space, k, x);
            size_t at = 0;
            for (uint32_t q = 0; q < n; q++) {
                at |= (size_t)x[q] << q;
            }
            assert_near(ket[k].re, re * a[at].re - im * a[at].im, 1e-10);
            assert_near(ket[k].im, re * a[at].im + im * a[at].re, 1e-10);
        }
        qn_complex *other = calloc(space.size, sizeof *other);
        uint32_t *pairs = space.pairs;
        double same = 0.0;
        space.pairs = NULL; /* found anew each time: the same */
        assert_ok(qn__subspace_run(&space, 2, angles, other, bra, &same, NULL));
        space.pairs = pairs;
        assert_memory_equal(ket, other, space.size * sizeof *ket);
        free(other);
        assert_ok(qn__subspace_run(&space, 2, angles, ket, bra, &value, slopes));
        for (int k = 0; k < 4; k++) {
            double side[2];
            for (int s = 0; s < 2; s++) {
                double moved[4];
                memcpy(moved, angles, sizeof moved);
                moved[k] += s == 0 ? -1e-5 : 1e-5;
                assert_ok(qn__subspace_run(&space, 2, moved, ket, NULL, &side[s], NULL));
            }
            assert_near(slopes[k], (side[1] - side[0]) / 2e-5, 1e-6);
        }
        free(ket);
        free(bra);
        qn_program_free(program);
        qn_engine_close(engine);
        qn_circuit_free(circuit);
        qn__subspace_release(&space);
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

/* Amplitude 1 / sqrt(C(n, k)) on words with k ones, with at most 3 k' n steps, k' the rarer letter. */
static void dicke_states_are_uniform(void **state)
{
    (void)state;
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_engine_open(context, "reference", &engine));
    for (uint32_t n = 1; n <= 7; n++) {
        for (uint32_t k = 0; k <= n; k++) {
            qn_circuit *circuit = NULL;
            qn_program *program = NULL;
            qn_complex a[128];
            const uint32_t qubits[7] = {0, 1, 2, 3, 4, 5, 6};
            double words = 1.0;
            for (uint32_t i = 0; i < k; i++) {
                words = words * (n - i) / (i + 1);
            }
            assert_ok(qn_circuit_create(n, &circuit));
            assert_ok(qn__append_dicke(circuit, qubits, n, k));
            const uint32_t few = k <= n - k ? k : n - k;
            assert_true(qn_circuit_operations(circuit) <= 3 * few * n + 2 * n);
            assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
            assert_ok(qn_program_amplitudes(program, NULL, 0, (size_t)1 << n, a));
            for (uint32_t x = 0; x < 1u << n; x++) {
                assert_near(a[x].re, (uint32_t)__builtin_popcount(x) == k ? 1.0 / sqrt(words) : 0.0, 1e-12);
                assert_near(a[x].im, 0.0, 1e-12);
            }
            qn_program_free(program);
            qn_circuit_free(circuit);
        }
    }
    qn_engine_close(engine);
    qn_context_free(context);
}

/* Every pair of members once; in a round nobody plays twice. */
static void complete_mixers_meet_all_pairs(void **state)
{
    (void)state;
    for (uint32_t n = 2; n <= 9; n++) {
        qn__subspace_group group = {0, n, 1, n, 0};
        const qn__subspace space = {.groups = 1, .mixer = QN_QAOA_MIXER_COMPLETE, .group = &group};
        bool met[9][9] = {{false}};
        group.ones = n == 2 ? 1 : 2;
        assert_int_equal(qn__subspace_turns(&space, 0), n * (n - 1) / 2);
        uint32_t busy = 0;
        for (uint32_t k = 0; k < n * (n - 1) / 2; k++) {
            uint32_t a = n, b = n;
            busy = k % (n / 2) == 0 ? 0 : busy;
            qn__subspace_pair(&space, 0, k, &a, &b);
            assert_true(a < n && b < n && a != b && !met[a][b]);
            assert_true((busy & (1u << a | 1u << b)) == 0);
            met[a][b] = met[b][a] = true;
            busy |= 1u << a | 1u << b;
        }
    }
}

/* The circuits of the variants start where they should: all angles 0 leave |+...+> and the leaning start. */
static void variants_start_right(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed() + 1};
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_engine_open(context, "reference", &engine));
    qn_qubo *qubo = random_model(&r, 4, false, false);
    qn__spin_terms terms;
    assert_ok(qn__spin_terms_create(cost_of(qubo), &terms));
    const double theta[4] = {0.3, 1.1, 2.0, 2.8};
    double x[64] = {0.0};
    for (int warm = 0; warm < 2; warm++) {
        qn_circuit *circuit = NULL;
        qn_program *program = NULL;
        qn_complex a[16];
        assert_ok(warm ? qn__circuit_warm(&terms, theta, 2, &circuit) : qn__circuit_multi(&terms, 2, &circuit));
        assert_int_equal(qn_circuit_symbols(circuit), warm ? 4 : 2 * (terms.count + 4));
        assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
        /* mixers alone: the start is their eigenstate, so that no probability moves */
        for (size_t k = 0; k < qn_circuit_symbols(circuit); k++) {
            const bool mixer = warm ? k % 2 != 0 : k % (terms.count + 4) >= terms.count;
            x[k] = mixer ? 0.7 : 0.0;
        }
        assert_ok(qn_program_amplitudes(program, x, 0, 16, a));
        for (uint32_t s = 0; s < 16; s++) {
            double p = 1.0;
            for (uint32_t q = 0; q < 4; q++) {
                const double one = warm ? sin(theta[q] / 2) * sin(theta[q] / 2) : 0.5;
                p *= (s >> q & 1) != 0 ? one : 1.0 - one;
            }
            assert_near(a[s].re * a[s].re + a[s].im * a[s].im, p, 1e-12);
        }
        qn_program_free(program);
        qn_circuit_free(circuit);
    }
    qn__spin_terms_release(&terms);
    qn_qubo_free(qubo);
    qn_engine_close(engine);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subspace_is_the_circuit),
        cmocka_unit_test(dicke_states_are_uniform),
        cmocka_unit_test(complete_mixers_meet_all_pairs),
        cmocka_unit_test(variants_start_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
