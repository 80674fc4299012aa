/* test_qaoa_dqi.c: distances against all sets of constraints; the law against the circuit with a perfect decoder, and
 * its mean against the tridiagonal matrix. */
#include "qaoa_graphs.h"

#include <quern/context.h>
#include <quern/engine.h>

#include "algorithm/qaoa/dqi.h"

/* m different random parities of 1 to 4 of n variables. */
static qn_polynomial *random_parities(qn_random *r, uint32_t n, uint32_t m)
{
    qn_polynomial *p = NULL;
    uint32_t seen[64];
    assert_ok(qn_polynomial_create(n, &p));
    for (uint32_t t = 0; t < m;) {
        uint32_t order[16], mask = 0;
        const uint32_t count = 1 + qn_random_below(r, n < 4 ? n : 4);
        qn_random_qubits(r, n, count, order);
        for (uint32_t k = 0; k < count; k++) {
            mask |= 1u << order[k];
        }
        bool twice = false;
        for (uint32_t k = 0; k < t; k++) {
            twice = twice || seen[k] == mask;
        }
        if (!twice) {
            seen[t++] = mask;
            assert_ok(qn_polynomial_add_spins(p, qn_random_below(r, 2) == 0 ? 0.5 : -0.5, order, count));
        }
    }
    assert_ok(qn_polynomial_finish(p));
    return p;
}

static uint32_t slow_distance(const qn__spin_terms *terms)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t set = 1; set < 1u << terms->count; set++) {
        uint64_t sum = 0;
        for (size_t t = 0; t < terms->count; t++) {
            sum ^= (set >> t & 1) != 0 ? terms->z[t] : 0;
        }
        const uint32_t size = (uint32_t)__builtin_popcount(set);
        best = sum == 0 && size < best ? size : best;
    }
    return best;
}

static void distances(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn__distance d;
    for (uint32_t turn = 0; turn < 40; turn++) {
        const uint32_t n = 4 + turn % 7, m = 2 + turn % 11;
        qn_polynomial *p = random_parities(&r, n, m);
        qn__spin_terms terms;
        assert_ok(qn__spin_terms_create((qn_cost){NULL, p}, &terms));
        assert_ok(qn__dqi_distance(&terms, &d));
        assert_int_equal(d.distance, slow_distance(&terms));
        assert_true(d.exact);
        qn__spin_terms_release(&terms);
        qn_polynomial_free(p);
    }
    qn_qubo *graphs[3] = {petersen_cut(), heawood_cut(), ring_cut(11)}; /* the shortest cycle */
    const uint32_t girth[3] = {5, 6, 11}, errors[3] = {1, 2, 4};
    for (int k = 0; k < 3; k++) {
        qn__spin_terms terms;
        assert_ok(qn__spin_terms_create(cost_of(graphs[k]), &terms));
        assert_ok(qn__dqi_distance(&terms, &d));
        assert_int_equal(d.distance, girth[k]);
        assert_int_equal(qn__dqi_errors(&d, (uint32_t)terms.count), errors[k]);
        qn__spin_terms_release(&terms);
        qn_qubo_free(graphs[k]);
    }
}

/* Sum of the probabilities 1, and the mean number of satisfied constraints that of the matrix. */
static void law_and_matrix(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed() + 1};
    uint32_t met = 0;
    for (uint32_t turn = 0; turn < 60; turn++) {
        const uint32_t n = 5 + turn % 5, m = 4 + turn % 6;
        qn_polynomial *p = random_parities(&r, n, m);
        qn__spin_terms terms;
        qn__distance d;
        assert_ok(qn__spin_terms_create((qn_cost){NULL, p}, &terms));
        assert_ok(qn__dqi_distance(&terms, &d));
        const uint32_t l = qn__dqi_errors(&d, m);
        met += l > 0;
        double weights[17], sum = 0.0, mean = 0.0, fraction = 0.0;
        assert_ok(qn__dqi_weights(m, l, weights));
        for (uint64_t x = 0; x < UINT64_C(1) << n; x++) {
            uint32_t s = 0;
            for (size_t t = 0; t < m; t++) {
                s += ((__builtin_popcountll(x & terms.z[t]) & 1) != 0) == (terms.c[t] > 0);
            }
            const double amplitude = qn__dqi_amplitude(m, l, weights, s);
            sum += amplitude * amplitude / exp2(n);
            mean += s * amplitude * amplitude / exp2(n);
        }
        assert_ok(qn_dqi_fraction(m, l, 2, 1, &fraction));
        assert_near(sum, 1.0, 1e-10);
        assert_near(mean, fraction * m, 1e-9);
        qn__spin_terms_release(&terms);
        qn_polynomial_free(p);
    }
    assert_true(met > 20);
}

/* The circuit's state has one error for each syndrome: moving its amplitude to the state without errors is the perfect
 * decoder. Hadamards then give the law's amplitudes. */
static void law_is_the_circuit(void **state)
{
    (void)state;
    enum { N = 5, M = 5, SYNDROMES = 1 << N };
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_engine_open(context, "reference", &engine));
    qn_qubo *ring = ring_cut(N);
    qn__spin_terms terms;
    assert_ok(qn__spin_terms_create(cost_of(ring), &terms));
    double weights[2];
    assert_ok(qn__dqi_weights(M, 1, weights));
    qn_circuit *circuit = NULL;
    qn_program *program = NULL;
    qn_complex a[SYNDROMES << M];
    assert_ok(qn__dqi_circuit(&terms, 1, weights, &circuit));
    assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
    assert_ok(qn_program_amplitudes(program, NULL, 0, SYNDROMES << M, a));
    double decoded[SYNDROMES] = {0.0}, total = 0.0;
    uint32_t found[SYNDROMES] = {0};
    for (uint32_t x = 0; x < SYNDROMES << M; x++) {
        if (fabs(a[x].re) > 1e-12) {
            decoded[x % SYNDROMES] += a[x].re;
            found[x % SYNDROMES]++;
            assert_int_equal(found[x % SYNDROMES], 1);
        }
    }
    for (uint32_t x = 0; x < SYNDROMES; x++) {
        double amplitude = 0.0;
        uint32_t s = 0;
        for (uint32_t y = 0; y < SYNDROMES; y++) {
            amplitude += (__builtin_popcount(x & y) & 1) != 0 ? -decoded[y] : decoded[y];
        }
        for (size_t t = 0; t < M; t++) {
            s += ((__builtin_popcountll(x & terms.z[t]) & 1) != 0) == (terms.c[t] > 0);
        }
        assert_near(amplitude, qn__dqi_amplitude(M, 1, weights, s), 1e-10);
        total += amplitude * amplitude / SYNDROMES;
    }
    assert_near(total, 1.0, 1e-12);
    qn_program_free(program);
    qn_circuit_free(circuit);
    qn__spin_terms_release(&terms);
    qn_qubo_free(ring);
    qn_engine_close(engine);
    qn_context_free(context);
}

/* Different weights are no parities of one kind; independent parities are all satisfied. */
static void limits(void **state)
{
    (void)state;
    qn_context *context = NULL;
    assert_ok(qn_context_create(NULL, &context));
    qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
    options.method = QN_QAOA_DQI;
    qn_qaoa_solution *s = NULL;
    qn_polynomial *p = NULL;
    const uint32_t abc[3] = {0, 1, 2}, cd[2] = {2, 3};
    assert_ok(qn_polynomial_create(4, &p));
    assert_ok(qn_polynomial_add_spins(p, 1.0, abc, 3));
    assert_ok(qn_polynomial_add_spins(p, -1.0, cd, 2));
    assert_ok(qn_polynomial_finish(p));
    assert_ok(qn_qaoa_solve(context, (qn_cost){NULL, p}, &options, &s));
    assert_near(s->cost, -2.0, 0);
    assert_near(s->expected, -2.0, 1e-9);
    assert_near(s->success, 1.0, 1e-9);
    qn_qaoa_solution_free(s);
    assert_ok(qn_polynomial_add_spins(p, 0.5, cd + 1, 1));
    assert_ok(qn_polynomial_finish(p));
    assert_fails(qn_qaoa_solve(context, (qn_cost){NULL, p}, &options, &s), QN_ERR_UNSUPPORTED, "one weight");
    qn_polynomial_free(p);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(distances), cmocka_unit_test(law_and_matrix),
                                       cmocka_unit_test(law_is_the_circuit), cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
