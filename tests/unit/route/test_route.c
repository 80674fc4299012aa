/* test_route.c: routed circuits do what the original does, on edges only, with few swaps, the same ones every time. */
#include <stdlib.h>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include "base/alloc.h"
#include "route_check.h"

static uint64_t route_with(const qn_circuit *circuit, const char *coupling, uint64_t seed, uint32_t trials,
                           qn_circuit **out, qn_route_result *result)
{
    qn_coupling *map = coupling_of(coupling);
    assert_ok(qn_pass_route(circuit, map, seed, trials, out, result));
    assert_true(check_edges(*out, map) >= result->swaps);
    check_layouts(result, qn_circuit_qubits(circuit), qn_coupling_qubits(map));
    qn_coupling_free(map);
    return result->swaps;
}

static uint64_t route(const qn_circuit *circuit, const char *coupling, uint64_t seed, qn_circuit **out,
                      qn_route_result *result)
{
    return route_with(circuit, coupling, seed, 0, out, result);
}

/* Random gates of every row with at most two qubits, controls in any state, Pauli strings, matrices. */
static qn_circuit *small_gates(qn_random *r, uint32_t n, uint32_t symbols, uint32_t count)
{
    qn_circuit *circuit = qn_random_start(r, n, symbols);
    for (uint32_t done = 0; done < count;) {
        const qn_gate gate = (qn_gate)qn_random_below(r, QN_GATE_COUNT_);
        const qn_gate_info *info = qn_gate_describe(gate);
        const uint32_t extra = info->qubits < 2 ? qn_random_below(r, 3 - info->qubits) : 0;
        if (info->flags & QN_GATE_FLAG_PAULI_STRING) {
            uint32_t qubits[2];
            const char letters[2] = {"XYZ"[qn_random_below(r, 3)], "XYZ"[qn_random_below(r, 3)]};
            qn_param_term terms[2];
            qn_random_qubits(r, n, 2, qubits);
            assert_ok(qn_circuit_append_pauli_rotation(circuit, letters, qubits, 1 + qn_random_below(r, 2),
                                                       qn_random_param(r, symbols, terms)));
            done++;
        } else if (info->qubits + extra <= 2) {
            done += qn_random_append(r, circuit, gate, symbols, extra);
        }
    }
    return circuit;
}

static void routed_circuits_do_the_same(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const char *const maps[] = {"line:6", "ring:7", "grid:2x4",
                                       "star:6", "all:6",  "0-1,1-2,2-3,1-4,4-5,5-0,6-5"};
    for (unsigned round = 0; round < 8 * qn_test_scale(); round++) {
        for (size_t m = 0; m < sizeof maps / sizeof maps[0]; m++) {
            const uint32_t n = 2 + qn_random_below(&r, 5);
            qn_circuit *circuit = small_gates(&r, n, 2, 30), *routed = NULL;
            qn_route_result result;
            const uint64_t swaps = route_with(circuit, maps[m], round, 1, &routed, &result);
            assert_true(m != 4 || swaps == 0);
            double theta[2];
            qn_random_angles(&r, theta, 2);
            assert_int_equal(qn_circuit_symbols(routed), 2);
            assert_string_equal(qn_circuit_symbol_name(routed, 1), "t1");
            check_same(&r, circuit, routed, &result, theta);
            qn_route_result_free(&result);
            qn_circuit_free(circuit);
            qn_circuit_free(routed);
        }
    }
}

/* Long runs of gates that commute on a shared qubit, in all three axes, between one-qubit gates that do and do not. */
static void commuting_gates_may_change_places(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const qn_gate two[] = {QN_GATE_CX,  QN_GATE_CZ,  QN_GATE_CY, QN_GATE_RZZ, QN_GATE_RXX,
                                  QN_GATE_RYY, QN_GATE_RZX, QN_GATE_CP, QN_GATE_CRX, QN_GATE_CH};
    static const qn_gate one[] = {QN_GATE_RZ, QN_GATE_RX, QN_GATE_RY, QN_GATE_SX, QN_GATE_T, QN_GATE_H, QN_GATE_Y};
    for (unsigned round = 0; round < 30 * qn_test_scale(); round++) {
        const uint32_t n = 6;
        qn_circuit *circuit = qn_random_start(&r, n, 0), *routed = NULL;
        const uint32_t kinds = 1 + qn_random_below(&r, 10); /* the fewer, the more commute */
        const uint32_t first = qn_random_below(&r, 10);
        for (int k = 0; k < 60; k++) {
            uint32_t qubits[2];
            const qn_param angle = QN_PARAM(qn_random_between(&r, -2, 2));
            qn_random_qubits(&r, n, 2, qubits);
            const bool single = qn_random_below(&r, 4) == 0;
            const qn_gate gate = single ? one[qn_random_below(&r, 7)] : two[(first + qn_random_below(&r, kinds)) % 10];
            const qn_gate_info *info = qn_gate_describe(gate);
            assert_ok(qn_circuit_append(circuit, gate, qubits, info->qubits, &angle, info->params));
        }
        qn_route_result result;
        route_with(circuit, round % 2 == 0 ? "line:6" : "grid:2x3", round, 1, &routed, &result);
        assert_int_equal(qn_circuit_operations(routed), qn_circuit_operations(circuit) + result.swaps);
        check_same(&r, circuit, routed, &result, NULL);
        qn_route_result_free(&result);
        qn_circuit_free(circuit);
        qn_circuit_free(routed);
    }
}

static void cx(qn_circuit *c, uint32_t a, uint32_t b)
{
    const uint32_t qubits[2] = {a, b};
    assert_ok(qn_circuit_append(c, QN_GATE_CX, qubits, 2, NULL, 0));
}

static void h(qn_circuit *c, uint32_t q)
{
    assert_ok(qn_circuit_append(c, QN_GATE_H, &q, 1, NULL, 0));
}

/* Small cases whose optimum is known. */
static void few_swaps_where_few_do(void **state)
{
    (void)state;
    qn_circuit *c = NULL, *routed = NULL;
    qn_route_result result;
    /* a triangle on a line: every order of the three gates leaves one pair apart */
    assert_ok(qn_circuit_create(3, &c));
    cx(c, 0, 1), h(c, 1), cx(c, 1, 2), h(c, 2), cx(c, 2, 0);
    assert_int_equal(route(c, "line:3", 0, &routed, &result), 1);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    /* and on a ring it fits */
    assert_int_equal(route(c, "ring:3", 0, &routed, &result), 0);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    qn_circuit_free(c);
    /* a ring of 8 fits a 2x4 grid, a ring of 12 a heavy hexagon, a line of 12 any place with a path of 12 */
    assert_ok(qn_circuit_create(12, &c));
    for (uint32_t q = 0; q < 12; q++) {
        cx(c, (5 * q) % 12, (5 * q + 5) % 12);
        h(c, q);
    }
    assert_int_equal(route(c, "heavy-hex:5", 0, &routed, &result), 0);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    assert_int_equal(route(c, "grid:3x4", 0, &routed, &result), 0);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    assert_true(route(c, "line:12", 0, &routed, &result) >= 1);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    qn_circuit_free(c);
    /* a star of 4 on a line: the middle has two neighbours, so one swap more for the third; exhaustively 1 */
    assert_ok(qn_circuit_create(4, &c));
    cx(c, 0, 1), cx(c, 0, 2), cx(c, 0, 3);
    assert_int_equal(route(c, "line:4", 0, &routed, &result), 1);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    qn_circuit_free(c);
    /* all pairs once, in the order of a Fourier transform, on a line: n (n - 1) / 2 meetings need (n - 1)(n - 2) / 2
     * exchanges of neighbours, since a pair that meets without having passed each other must have been placed as
     * neighbours: at most n - 1 pairs */
    const uint32_t n = 6;
    assert_ok(qn_circuit_create(n, &c));
    for (uint32_t a = 0; a < n; a++) {
        h(c, a);
        for (uint32_t b = a + 1; b < n; b++) {
            const uint32_t qubits[2] = {b, a};
            const qn_param angle = QN_PARAM(0.3);
            assert_ok(qn_circuit_append(c, QN_GATE_CP, qubits, 2, &angle, 1));
        }
    }
    const uint64_t swaps = route(c, "line:6", 0, &routed, &result);
    assert_true(swaps >= 8 && swaps <= 12);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    qn_circuit_free(c);
}

/* The fewest swaps for a list of CX gates in a row on a small device, by breadth-first search over (layout, gates
 * done); the gates do not commute. */
static uint32_t fewest(const qn_coupling *map, const uint32_t (*gates)[2], uint32_t count)
{
    enum { N = 5, LAYOUTS = 120 };
    static uint32_t perms[LAYOUTS][N];
    uint32_t used = 0;
    for (uint32_t code = 0; code < 3125; code++) { /* all permutations, as the distinct digits of a number */
        uint32_t digits[N], seen = 0;
        for (uint32_t k = 0, rest = code; k < N; k++, rest /= 5) {
            digits[k] = rest % 5;
            seen |= 1u << digits[k];
        }
        if (seen == 31) {
            memcpy(perms[used++], digits, sizeof digits);
        }
    }
    assert_int_equal(used, LAYOUTS);
    uint32_t done[LAYOUTS]; /* most gates done from each layout with so many swaps */
    memset(done, 0, sizeof done);
    for (uint32_t swaps = 0;; swaps++) {
        for (uint32_t i = 0; i < LAYOUTS; i++) {
            while (done[i] < count && qn_coupling_has(map, perms[i][gates[done[i]][0]], perms[i][gates[done[i]][1]])) {
                done[i]++;
            }
            if (done[i] == count) {
                return swaps;
            }
        }
        uint32_t next[LAYOUTS];
        memcpy(next, done, sizeof done);
        for (uint32_t i = 0; i < LAYOUTS; i++) {
            for (uint32_t j = 0; j < LAYOUTS; j++) {
                uint32_t apart = 0, at[2] = {0, 0};
                for (uint32_t q = 0; q < N; q++) {
                    if (perms[i][q] != perms[j][q]) {
                        at[apart < 2 ? apart : 0] = q;
                        apart++;
                    }
                }
                if (apart == 2 && qn_coupling_has(map, perms[i][at[0]], perms[i][at[1]]) && done[i] > next[j]) {
                    next[j] = done[i];
                }
            }
        }
        memcpy(done, next, sizeof done);
    }
}

/* On five qubits the optimum is known by search: the route is within a tenth of it in sum, never below it. */
static void near_the_optimum(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const char *const maps[] = {"line:5", "0-1,1-2,1-3,3-4", "ring:5"};
    uint64_t found = 0, optimal = 0;
    for (int round = 0; round < 12; round++) {
        uint32_t gates[14][2];
        qn_circuit *c = NULL, *routed = NULL;
        assert_ok(qn_circuit_create(5, &c));
        for (int k = 0; k < 14; k++) {
            qn_random_qubits(&r, 5, 2, gates[k]);
            for (uint32_t q = 0; q < 5; q++) {
                h(c, q); /* nothing commutes on a qubit */
            }
            assert_ok(qn_circuit_append_barrier(c, NULL, 0)); /* and no gate runs before another */
            cx(c, gates[k][0], gates[k][1]);
        }
        qn_coupling *map = coupling_of(maps[round % 3]);
        qn_route_result result;
        const uint64_t swaps = route(c, maps[round % 3], 1, &routed, &result);
        const uint32_t least = fewest(map, (const uint32_t(*)[2])gates, 14);
        assert_true(swaps >= least);
        found += swaps;
        optimal += least;
        qn_coupling_free(map);
        qn_route_result_free(&result);
        qn_circuit_free(routed);
        qn_circuit_free(c);
    }
    print_message("swaps %llu, optimum %llu\n", (unsigned long long)found, (unsigned long long)optimal);
    assert_true(10 * found <= 11 * optimal);
}

static bool same_circuits(const qn_circuit *a, const qn_circuit *b)
{
    if (qn_circuit_operations(a) != qn_circuit_operations(b)) {
        return false;
    }
    for (size_t i = 0; i < qn_circuit_operations(a); i++) {
        qn_operation x, y;
        qn_circuit_operation(a, i, &x);
        qn_circuit_operation(b, i, &y);
        if (x.kind != y.kind || x.gate != y.gate || x.ncontrols != y.ncontrols || x.ntargets != y.ntargets ||
            memcmp(x.targets, y.targets, x.ntargets * sizeof *x.targets) != 0) {
            return false;
        }
    }
    return true;
}

/* The same circuit for the same seed, on one thread and on three; the circuit is long enough for threads. */
static void threads_change_nothing(void **state)
{
    (void)state;
    qn_random r = {5};
    qn_circuit *c = qn_random_start(&r, 16, 0), *routed[3] = {NULL, NULL, NULL};
    for (int k = 0; k < 300; k++) {
        uint32_t qubits[2];
        qn_random_qubits(&r, 16, 2, qubits);
        cx(c, qubits[0], qubits[1]);
        h(c, qubits[0]);
    }
    qn_route_result result[3];
    for (int run = 0; run < 3; run++) {
#if defined(_OPENMP)
        omp_set_num_threads(run == 1 ? 3 : 1);
#endif
        route(c, "grid:4x4", run == 2 ? 43 : 42, &routed[run], &result[run]);
    }
    assert_true(same_circuits(routed[0], routed[1]));
    assert_int_equal(result[0].swaps, result[1].swaps);
    assert_memory_equal(result[0].initial, result[1].initial, 16 * sizeof(uint32_t));
    assert_memory_equal(result[0].final_layout, result[1].final_layout, 16 * sizeof(uint32_t));
    assert_false(same_circuits(routed[0], routed[2]));
    for (int run = 0; run < 3; run++) {
        qn_circuit_free(routed[run]);
        qn_route_result_free(&result[run]);
    }
    qn_circuit_free(c);
}

/* Swap gates of the circuit become names: none is left, and the layout at the end shows it. */
static void swaps_of_the_circuit_cost_nothing(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    const uint32_t pair[2] = {0, 2};
    qn_circuit *c = qn_random_start(&r, 3, 0), *routed = NULL;
    cx(c, 0, 1);
    assert_ok(qn_circuit_append(c, QN_GATE_SWAP, pair, 2, NULL, 0));
    cx(c, 2, 1);
    qn_route_result result;
    assert_int_equal(route(c, "line:3", 0, &routed, &result), 0);
    assert_int_equal(qn_circuit_operations(routed), 5);
    assert_int_equal(result.initial[0], result.final_layout[2]);
    assert_int_equal(result.initial[2], result.final_layout[0]);
    check_same(&r, c, routed, &result, NULL);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    qn_circuit_free(c);
}

/* Two lines of three that are not joined. */
static void devices_in_parts(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const char text[] = "0-2,2-4,1-3,3-5";
    qn_circuit *c = qn_random_start(&r, 6, 0), *routed = NULL;
    for (int k = 0; k < 10; k++) { /* groups {0, 3, 5} and {1, 2, 4} */
        static const uint32_t pairs[6][2] = {{0, 3}, {5, 0}, {3, 5}, {1, 4}, {4, 2}, {2, 1}};
        const uint32_t *pair = pairs[qn_random_below(&r, 6)];
        cx(c, pair[0], pair[1]);
        h(c, pair[0]);
    }
    qn_route_result result;
    assert_true(route(c, text, 0, &routed, &result) > 0);
    check_same(&r, c, routed, &result, NULL);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    routed = NULL;
    cx(c, 0, 1);
    qn_coupling *map = coupling_of(text);
    assert_fails(qn_pass_route(c, map, 0, 0, &routed, &result), QN_ERR_UNSUPPORTED, "largest such group has 6 qubits");
    assert_null(routed);
    qn_coupling_free(map);
    qn_circuit_free(c);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qn_coupling *map = coupling_of("line:3");
    qn_circuit *c = NULL, *routed = NULL;
    qn_route_result result = {.swaps = 77};
    assert_ok(qn_circuit_create(3, &c));
    const uint32_t three[3] = {0, 1, 2};
    assert_fails(qn_pass_route(NULL, map, 0, 0, &routed, &result), QN_ERR_ARGUMENT, "circuit");
    assert_fails(qn_pass_route(c, NULL, 0, 0, &routed, &result), QN_ERR_ARGUMENT, "coupling");
    h(c, 0);
    assert_ok(qn_circuit_append(c, QN_GATE_CCX, three, 3, NULL, 0));
    assert_fails(qn_pass_route(c, map, 0, 0, &routed, &result), QN_ERR_UNSUPPORTED, "operation 1 (ccx) acts on 3");
    qn_circuit_free(c);
    assert_ok(qn_circuit_create(4, &c));
    assert_fails(qn_pass_route(c, map, 0, 0, &routed, &result), QN_ERR_SHAPE, "4 qubits, the coupling map 3");
    assert_null(routed);
    assert_int_equal(result.swaps, 77);
    qn_circuit_free(c);
    qn_coupling_free(map);
    qn_route_result_free(NULL);
}

static void failing_memory_leaks_nothing(void **state)
{
    (void)state;
    qn_random r = {7};
    qn_circuit *c = small_gates(&r, 5, 1, 30);
    const uint32_t pair[2] = {1, 3};
    assert_ok(qn_circuit_append(c, QN_GATE_SWAP, pair, 2, NULL, 0));
    qn_coupling *map = coupling_of("line:6");
    const uint64_t before = qn_memory().bytes_now;
    for (uint64_t n = 1;; n++) {
        qn_circuit *routed = NULL;
        qn_route_result result = {0};
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_pass_route(c, map, 0, 1, &routed, &result);
        const bool happened = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(status, happened ? QN_ERR_MEMORY : QN_OK);
        qn_circuit_free(routed);
        qn_route_result_free(&result);
        assert_int_equal(qn_memory().bytes_now, before);
        if (!happened) {
            assert_true(n > 50);
            break;
        }
        assert_null(routed);
    }
    qn_coupling_free(map);
    qn_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routed_circuits_do_the_same),
        cmocka_unit_test(commuting_gates_may_change_places),
        cmocka_unit_test(few_swaps_where_few_do),
        cmocka_unit_test(near_the_optimum),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(swaps_of_the_circuit_cost_nothing),
        cmocka_unit_test(devices_in_parts),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(failing_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
