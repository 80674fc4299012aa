/* test_qaoa_solve.c: whole runs by every method, and the tiers of the search methods against each other. */
#include "qaoa_graphs.h"

#include <quern/engine.h>
#include <quern/optimize.h>

static qn_context *new_context(uint32_t threads)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = threads;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&options, &context));
    return context;
}

static void amplitudes_of(qn_context *context, const qn_circuit *circuit, qn_complex *out)
{
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    assert_ok(qn_engine_open(context, "statevector", &engine));
    assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
    assert_ok(qn_program_amplitudes(program, NULL, 0, (size_t)1 << qn_circuit_qubits(circuit), out));
    qn_program_free(program);
    qn_engine_close(engine);
}

static double norm(qn_complex a)
{
    return a.re * a.re + a.im * a.im;
}

/* Spectral tier = gate tier. */
static void grover_mixer_is_its_circuit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_context *context = new_context(1);
    for (int whole = 0; whole < 2; whole++) {
        qn_qubo *qubo = random_model(&r, 6, false, whole != 0);
        qn_spectrum *spectrum = NULL;
        assert_ok(qn_spectrum_create(context, cost_of(qubo), &spectrum));
        double angles[6], value = 0.0, slopes[6], sum = 0.0, probability[64], total = 0.0;
        qn_random_angles(&r, angles, 6);
        assert_true(spectrum->count <= 64);
        assert_ok(qn_grover_mixer(spectrum, 3, angles, &value, slopes, probability));
        qn_circuit *circuit = NULL;
        qn_complex a[64];
        assert_ok(qn_grover_mixer_circuit(cost_of(qubo), 3, angles, &circuit));
        amplitudes_of(context, circuit, a);
        for (uint64_t x = 0; x < 64; x++) {
            sum += norm(a[x]) * qn_qubo_value_of_state(qubo, x);
        }
        assert_near(value, sum, 1e-10);
        for (size_t k = 0; k < spectrum->count; k++) {
            double p = 0.0;
            for (uint64_t x = 0; x < 64; x++) {
                p += fabs(qn_qubo_value_of_state(qubo, x) - spectrum->cost[k]) < 1e-9 ? norm(a[x]) : 0.0;
            }
            assert_near(probability[k], p, 1e-10);
            total += spectrum->states[k];
        }
        assert_near(total, 64.0, 1e-12);
        for (int k = 0; k < 6; k++) {
            double side[2];
            for (int s = 0; s < 2; s++) {
                double moved[6];
                memcpy(moved, angles, sizeof moved);
                moved[k] += s == 0 ? -1e-5 : 1e-5;
                assert_ok(qn_grover_mixer(spectrum, 3, moved, &side[s], NULL, NULL));
            }
            assert_near(slopes[k], (side[1] - side[0]) / 2e-5, 1e-6);
        }
        qn_circuit_free(circuit);
        qn_spectrum_free(spectrum);
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

/* The circuit's value register holds C - y, and j iterations find a better state with sin^2((2j + 1) asin sqrt(t/N)):
 * the law that the search by counts draws from. */
static void adaptive_search_is_its_circuit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed() + 1};
    qn_context *context = new_context(2);
    for (int instance = 0; instance < 4; instance++) {
        const uint32_t n = 4;
        qn_qubo *qubo = random_model(&r, n, false, true);
        const double threshold = (double)qn_random_below(&r, 5) - 4.0;
        const uint32_t bits = qn_gas_value_bits(qubo, threshold);
        double below = 0.0;
        for (uint64_t x = 0; x < 16; x++) {
            below += qn_qubo_value_of_state(qubo, x) < threshold;
        }
        const size_t size = (size_t)1 << (n + bits);
        qn_complex *a = calloc(size, sizeof *a);
        for (uint32_t j = 0; j <= 3; j++) {
            qn_circuit *circuit = NULL;
            assert_ok(qn_gas_circuit(qubo, threshold, bits, j, &circuit));
            amplitudes_of(context, circuit, a);
            double better = 0.0;
            for (size_t s = 0; s < size; s++) {
                const double p = norm(a[s]);
                int64_t number = 0; /* bit b of the number is on qubit n + bits - 1 - b */
                for (uint32_t b = 0; b < bits; b++) {
                    number |= (int64_t)(s >> (n + bits - 1 - b) & 1) << b;
                }
                number -= (number >> (bits - 1) & 1) << bits;
                const double exact = qn_qubo_value_of_state(qubo, s & 15) - threshold;
                if ((double)number != exact) {
                    assert_near(p, 0.0, 1e-12);
                }
                better += exact < 0.0 ? p : 0.0;
            }
            const double hit = sin((2.0 * j + 1.0) * asin(sqrt(below / 16.0)));
            assert_near(better, hit * hit, 1e-10);
            qn_circuit_free(circuit);
        }
        free(a);
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

static qn_qaoa_solution *solve(qn_context *context, qn_cost cost, qn_qaoa_method method, uint32_t layers,
                               qn_qaoa_schedule schedule)
{
    qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
    options.method = method;
    options.layers = layers;
    options.schedule = schedule;
    qn_qaoa_solution *out = NULL;
    assert_ok(qn_qaoa_solve(context, cost, &options, &out));
    assert_near(out->cost, qn_cost_value(cost, out->x), 1e-12);
    return out;
}

static void every_method_solves_a_small_cut(void **state)
{
    (void)state;
    qn_context *context = new_context(2);
    qn_qubo *qubo = heawood_cut();
    for (int method = 0; method < QN_QAOA_METHOD_COUNT_; method++) {
        if (method == QN_QAOA_XY) {
            continue;
        }
        qn_qaoa_solution *s = solve(context, cost_of(qubo), (qn_qaoa_method)method, 0, QN_QAOA_FREE);
        /* the mixer about |u> knows no neighbourhoods: 4 layers raise the 2 of 16384 optima some sixfold, no more */
        assert_true(method == QN_QAOA_GROVER ? s->cost <= -17.0 : s->cost == -21.0);
        if (method != QN_QAOA_RECURSIVE && method != QN_QAOA_ADAPTIVE) {
            assert_true(s->expected < s->uniform_mean - 1.0);
            assert_near(s->uniform_mean, -10.5, 1e-9);
            assert_near(s->lowest, -21.0, 1e-9);
            assert_true(s->success > 2.0 * s->uniform_success);
            assert_true(fabs(s->sample_mean - s->expected) < 0.7);
            assert_true(fabs(s->random_mean - s->uniform_mean) < 0.7);
        }
        qn_ledger ledger;
        qn_ledger_init(&ledger);
        assert_ok(qn_qaoa_ledger(cost_of(qubo), s, &ledger));
        assert_string_equal(ledger.workload, "optimize");
        assert_true(ledger.qubits.value >= 14);
        assert_true(method == QN_QAOA_DQI ? ledger.two_qubit_gates.source == QN_SOURCE_UNKNOWN /* its decoder is open */
                                          : ledger.two_qubit_gates.value > 0);
        assert_true((ledger.speedup_degree.source != QN_SOURCE_UNKNOWN) == (method == QN_QAOA_ADAPTIVE));
        qn_qaoa_solution_free(s);
    }
    qn_qaoa_solution *none = NULL;
    qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
    options.method = QN_QAOA_XY;
    assert_fails(qn_qaoa_solve(context, cost_of(qubo), &options, &none), QN_ERR_UNSUPPORTED, "number of ones");
    options.method = QN_QAOA_STANDARD;
    options.optimizer = "lbgfs";
    assert_fails(qn_qaoa_solve(context, cost_of(qubo), &options, &none), QN_ERR_NAME, "l-bfgs");
    qn_qubo_free(qubo);
    qn_context_free(context);
}

/* Optimised values: two layers on the Heawood graph reach the tree's optimum; more layers never do worse. */
static void schedules_reach_known_values(void **state)
{
    (void)state;
    qn_context *context = new_context(2);
    qn_qubo *qubo = heawood_cut();
    qn_qaoa_solution *two = solve(context, cost_of(qubo), QN_QAOA_STANDARD, 2, QN_QAOA_FREE);
    assert_true(-two->expected / 21.0 > 0.7559064584);
    qn_qaoa_solution_free(two);
    qn_qaoa_solution *layers = solve(context, cost_of(qubo), QN_QAOA_STANDARD, 5, QN_QAOA_INTERP);
    assert_int_equal(layers->nhistory, 5);
    for (uint32_t k = 1; k < 5; k++) {
        assert_true(layers->history_expected[k] < layers->history_expected[k - 1] + 1e-9);
        assert_true(layers->history_best[k] <= layers->history_best[k - 1]);
    }
    assert_near(-layers->history_expected[0] / 21.0, 0.69245008973, 1e-8);
    qn_qaoa_solution *slow = solve(context, cost_of(qubo), QN_QAOA_STANDARD, 5, QN_QAOA_FOURIER);
    qn_qaoa_solution *ramp = solve(context, cost_of(qubo), QN_QAOA_STANDARD, 5, QN_QAOA_RAMP);
    assert_true(slow->expected < ramp->expected);
    assert_true(ramp->expected < -16.0 && ramp->evaluations == 0);
    qn_qaoa_solution_free(layers);
    qn_qaoa_solution_free(slow);
    qn_qaoa_solution_free(ramp);
    qn_qubo_free(qubo);
    qn_context_free(context);
}

static void falqon_falls(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed() + 2};
    qn_context *context = new_context(2);
    for (uint32_t n = 4; n <= 10; n += 2) {
        qn_qubo *qubo = random_model(&r, n, n == 6, n == 8);
        qn_qaoa_solution *s = solve(context, cost_of(qubo), QN_QAOA_FALQON, 60, QN_QAOA_FREE);
        assert_int_equal(s->nhistory, 60);
        for (uint32_t k = 1; k < 60; k++) {
            assert_true(s->history_expected[k] <= s->history_expected[k - 1] + 1e-9);
        }
        assert_near(s->history_expected[59], s->expected, 1e-9);
        assert_true(s->expected < s->uniform_mean);
        qn_qaoa_solution_free(s);
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

/* Choices of one in each of five groups: all shots are feasible, the best is that of exhaustive search. */
static void ring_mixers_stay_feasible(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed() + 3};
    qn_context *context = new_context(2);
    qn_qubo *qubo = random_model(&r, 15, false, false);
    for (uint32_t g = 0; g < 5; g++) {
        const uint32_t members[3] = {g, g + 5, g + 10};
        assert_ok(qn_qubo_add_group(qubo, members, 3, 1));
    }
    assert_ok(qn_qubo_finish(qubo));
    double best = HUGE_VAL;
    for (uint64_t x = 0; x < 1 << 15; x++) {
        bool feasible = true;
        for (uint32_t g = 0; g < 5; g++) {
            feasible = feasible && (x >> g & 1) + (x >> (g + 5) & 1) + (x >> (g + 10) & 1) == 1;
        }
        best = feasible ? fmin(best, qn_qubo_value_of_state(qubo, x)) : best;
    }
    qn_qaoa_solution *s = solve(context, cost_of(qubo), QN_QAOA_XY, 4, QN_QAOA_FREE);
    assert_near(s->lowest, best, 1e-11);
    assert_near(s->cost, best, 1e-11);
    for (uint32_t g = 0; g < 5; g++) {
        assert_int_equal(s->x[g] + s->x[g + 5] + s->x[g + 10], 1);
    }
    assert_true(s->success > 3.0 * s->uniform_success);
    qn_qaoa_solution_free(s);
    qn_qubo_free(qubo);
    qn_context_free(context);
}

/* Recursion beats one layer's own average and comes near exhaustive search; hundreds of variables are no trouble. */
static void recursion_at_size(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed() + 4};
    qn_context *context = new_context(2);
    double gap = 0.0;
    for (int instance = 0; instance < 5; instance++) {
        qn_qubo *qubo = random_model(&r, 20, instance % 2 != 0, false);
        qn_qaoa_solution *s = solve(context, cost_of(qubo), QN_QAOA_RECURSIVE, 0, QN_QAOA_FREE);
        qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
        qn_optimize_result *exact = NULL;
        assert_ok(qn_optimize(context, cost_of(qubo), QN_SOLVER_EXACT, &options, &exact));
        assert_true(s->cost < s->expected);
        gap += (s->cost - exact->cost) / fabs(exact->cost) / 5.0;
        qn_optimize_result_free(exact);
        qn_qaoa_solution_free(s);
        qn_qubo_free(qubo);
    }
    assert_true(gap < 0.1);
    qn_qubo *large = ring_cut(300);
    qn_qaoa_solution *s = solve(context, cost_of(large), QN_QAOA_RECURSIVE, 0, QN_QAOA_FREE);
    assert_near(s->cost, -300.0, 1e-9); /* a ring is cut wholly */
    assert_near(s->expected, -225.0, 1e-6);
    qn_qaoa_solution_free(s);
    qn_qubo_free(large);
    qn_context_free(context);
}

static void threads_and_precisions_agree(void **state)
{
    (void)state;
    qn_qubo *qubo = petersen_cut();
    qn_qaoa_solution *s[3];
    for (int k = 0; k < 3; k++) {
        qn_context *context = new_context(k == 1 ? 1 : 2);
        qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
        options.layers = 3;
        options.starts = 8;
        options.single_precision = k == 2;
        options.schedule = k == 2 ? QN_QAOA_FIXED : QN_QAOA_FREE;
        assert_ok(qn_qaoa_solve(context, cost_of(qubo), &options, &s[k]));
        qn_context_free(context);
    }
    assert_true(s[0]->expected == s[1]->expected && s[0]->sample_mean == s[1]->sample_mean);
    assert_memory_equal(s[0]->x, s[1]->x, 10);
    assert_true(s[0]->expected <= s[2]->expected + 1e-3);
    assert_near(-s[2]->expected, 11.028, 2e-3);
    for (int k = 0; k < 3; k++) {
        qn_qaoa_solution_free(s[k]);
    }
    qn_qubo_free(qubo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grover_mixer_is_its_circuit),
        cmocka_unit_test(adaptive_search_is_its_circuit),
        cmocka_unit_test(every_method_solves_a_small_cut),
        cmocka_unit_test(schedules_reach_known_values),
        cmocka_unit_test(falqon_falls),
        cmocka_unit_test(ring_mixers_stay_feasible),
        cmocka_unit_test(recursion_at_size),
        cmocka_unit_test(threads_and_precisions_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
