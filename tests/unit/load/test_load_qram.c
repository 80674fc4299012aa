/* test_load_qram.c: the memory's circuit against its table, its branch simulation against the circuit with errors put
 * in, and the published scaling of noise. */
#include "basis_walk.h"
#include "state_of.h"

#include "load/qram.h"

static qn_circuit *query(uint32_t levels, uint32_t bits, const uint64_t *table, bool fanout, qn_load_cost *cost)
{
    qn_context *context = NULL;
    qn_circuit *circuit = NULL;
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    options.method = fanout ? QN_LOAD_FANOUT : QN_LOAD_BUCKET_BRIGADE;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_load_table(context, table, UINT64_C(1) << levels, bits, &options, &circuit, cost));
    qn_context_free(context);
    return circuit;
}

/* All addresses of 2 to 64 leaves: the data is xored on, everything else as before, phases too; Toffoli gates and
 * qubits are those of the formulas. */
static void looks_up_its_table(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    uint64_t table[64];
    for (uint32_t levels = 1; levels <= 6; levels++) {
        for (uint32_t kind = 0; kind < 2; kind++) {
            const uint32_t bits = 1 + qn_random_below(&r, 3);
            for (int x = 0; x < 64; x++) {
                table[x] = qn_random_word(&r) & 7;
            }
            qn_load_cost cost;
            qn_circuit *circuit = query(levels, bits, table, kind == 1, &cost);
            const uint32_t nqubits = qn_circuit_qubits(circuit), leaves = 1u << levels;
            assert_int_equal(nqubits, 5 * leaves - 4 + levels + bits);
            assert_int_equal(cost.ancillas, 5 * leaves - 4);
            assert_int_equal(cost.toffoli, (kind == 1 ? 0 : 8 * (leaves - levels - 1)) + 4 * bits * (leaves - 1));
            assert_int_equal(cost.toffoli, qn__qram_toffoli(levels, bits, kind == 1));
            qn_load_cost formula;
            assert_ok(qn_qram_cost(levels, bits, kind == 1, &formula));
            assert_int_equal(formula.cnot, cost.cnot);
            assert_int_equal(formula.toffoli, cost.toffoli);
            assert_int_equal(formula.t_count, cost.t_count);
            assert_int_equal(formula.qubits, cost.qubits);
            assert_true(levels < 3 || formula.depth == cost.depth);
            basis_walk w = {calloc(nqubits, sizeof(bool)), false, 0};
            for (uint32_t x = 0; x < leaves; x++) {
                const uint64_t before = qn_random_below(&r, 1u << bits);
                memset(w.bits, 0, nqubits * sizeof(bool));
                for (uint32_t q = 0; q < levels + bits; q++) {
                    w.bits[q] = (q < levels ? x >> q & 1 : before >> (q - levels) & 1) != 0;
                }
                basis_run(&w, circuit, &r);
                assert_false(w.minus);
                for (uint32_t q = 0; q < nqubits; q++) {
                    const uint64_t data = before ^ table[x];
                    const bool expected = q < levels          ? (x >> q & 1) != 0
                                          : q < levels + bits ? (data >> (q - levels) & 1) != 0
                                                              : false;
                    assert_int_equal(w.bits[q], expected);
                }
            }
            free(w.bits);
            qn_circuit_free(circuit);
        }
    }
}

static void append_pauli(qn_circuit *circuit, uint32_t qubit, uint32_t pauli)
{
    static const qn_gate gates[] = {QN_GATE_ID, QN_GATE_X, QN_GATE_Z, QN_GATE_Y};
    assert_ok(qn_circuit_append(circuit, gates[pauli], &qubit, 1, NULL, 0));
}

/* The plan step by step as gates, with errors in between. */
static qn_circuit *noisy_circuit(const qn__qram_plan *plan, const uint64_t *table, const qn__qram_error *errors,
                                 size_t nerrors)
{
    qn_circuit *circuit = NULL;
    uint32_t address[8], target = plan->levels;
    assert_ok(qn_circuit_create(plan->levels + 1 + (uint32_t)qn__qram_qubits(plan->levels), &circuit));
    for (uint32_t q = 0; q < plan->levels; q++) {
        address[q] = q;
        assert_ok(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
    }
    size_t next = 0;
    for (uint32_t time = 0; time < plan->times; time++) {
        for (size_t i = 0; i < plan->count; i++) {
            if (plan->steps[i].time == time) {
                qn__qram_plan one = *plan;
                one.steps = &plan->steps[i];
                one.count = 1;
                assert_ok(qn__qram_append(circuit, &one, table, UINT64_C(1) << plan->levels, address, &target,
                                          plan->levels + 1));
            }
        }
        for (; next < nerrors && errors[next].time == time; next++) {
            append_pauli(circuit, plan->levels + 1 + (uint32_t)errors[next].qubit, errors[next].pauli);
        }
    }
    return circuit;
}

/* <ideal| Tr_tree |psi><psi| |ideal>, by summing over the states of the tree. */
static double fidelity_of(const qn_circuit *circuit, uint32_t levels, const uint64_t *table)
{
    const uint32_t front = levels + 1, leaves = 1u << levels;
    qn_complex *psi = state_of(circuit);
    double total = 0;
    for (size_t tree = 0; tree < (size_t)1 << (qn_circuit_qubits(circuit) - front); tree++) {
        double re = 0, im = 0;
        for (size_t x = 0; x < leaves; x++) {
            const qn_complex a = psi[x | (table[x] & 1) << levels | tree << front];
            re += a.re / sqrt(leaves);
            im += a.im / sqrt(leaves);
        }
        total += re * re + im * im;
    }
    free(psi);
    return total;
}

static int by_time(const void *a, const void *b)
{
    const qn__qram_error *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

static void branches_equal_the_state_vector(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const uint64_t addresses[] = {0, 1, 2, 3};
    double lowest = 1;
    for (uint32_t trial = 0; trial < 24 * qn_test_scale(); trial++) {
        const uint32_t levels = 1 + trial % 2;
        uint64_t table[4];
        qn__qram_plan plan;
        qn__qram_error errors[4];
        const size_t nerrors = qn_random_below(&r, 5);
        assert_ok(qn__qram_plan_make(levels, 1, trial % 3 == 0, &plan));
        for (int x = 0; x < 4; x++) {
            table[x] = qn_random_below(&r, 2);
        }
        for (size_t i = 0; i < nerrors; i++) {
            errors[i] = (qn__qram_error){qn_random_below(&r, plan.times), qn_random_below(&r, 4 * ((1u << levels) - 1)),
                                         1 + qn_random_below(&r, 3)};
        }
        qsort(errors, nerrors, sizeof *errors, by_time);
        uint64_t *room = malloc(qn__qram_room(&plan, 4) * sizeof *room);
        const double branches = qn__qram_fidelity(&plan, addresses, 1u << levels, table, errors, nerrors, room);
        qn_circuit *circuit = noisy_circuit(&plan, table, errors, nerrors);
        assert_near(branches, fidelity_of(circuit, levels, table), 1e-12);
        lowest = branches < lowest ? branches : lowest;
        qn_circuit_free(circuit);
        free(room);
        qn__qram_plan_free(&plan);
    }
    assert_true(lowest < 0.5);
}

static qn_qram_result noise_of(uint32_t levels, double noise, uint64_t shots, bool fanout, uint32_t threads)
{
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.threads = threads;
    qn_context *context = NULL;
    qn_qram_options options = QN_QRAM_OPTIONS_INIT;
    options.levels = levels;
    options.noise = noise;
    options.shots = shots;
    options.fanout = fanout;
    qn_qram_result result;
    assert_ok(qn_context_create(&chosen, &context));
    assert_ok(qn_qram_noise(context, &options, &result));
    qn_context_free(context);
    return result;
}

static void no_noise_no_loss(void **state)
{
    (void)state;
    for (uint32_t levels = 1; levels <= 9; levels++) {
        assert_near(noise_of(levels, 0, 2, false, 1).infidelity, 0, 1e-15);
        assert_near(noise_of(levels, 0, 2, true, 1).infidelity, 0, 1e-15);
    }
    assert_int_equal(noise_of(5, 0, 1, false, 1).branches, 32);
    assert_int_equal(noise_of(10, 0, 1, false, 1).branches, 256);
    /* Time grows by a constant a level: addresses follow one another. */
    const uint64_t step = noise_of(7, 0, 1, false, 1).steps - noise_of(6, 0, 1, false, 1).steps;
    assert_int_equal(noise_of(12, 0, 1, false, 1).steps - noise_of(7, 0, 1, false, 1).steps, 5 * step);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    const qn_qram_result one = noise_of(8, 1e-4, 9, false, 1), three = noise_of(8, 1e-4, 9, false, 3);
    assert_near(one.infidelity, three.infidelity, 0);
    assert_near(one.std_error, three.std_error, 0);
    assert_int_equal(one.errors, three.errors);
}

/* Hann, Lee, Girvin, Jiang, arXiv:2012.05340: 1 - F of the bucket brigade grows as a power of log N, and is at most
 * 1 - (2 good - 1)^2; that of the fan-out tree grows as N. From 2^4 to 2^10 leaves N grows 64 times, log^2 N 6 times.
 */
static void scaling(void **state)
{
    (void)state;
    const qn_qram_result small = noise_of(4, 1e-5, 3000, false, 2), large = noise_of(10, 1e-5, 400, false, 2);
    const double growth = large.infidelity / small.infidelity;
    print_message("bucket brigade: %g at 2^4, %g at 2^10 leaves; bounds %g, %g\n", small.infidelity, large.infidelity,
                  small.bound, large.bound);
    assert_true(growth > 3 && growth < 12);
    assert_true(large.infidelity <= large.bound + 4 * large.std_error);
    assert_true(small.infidelity <= small.bound + 4 * small.std_error);
    const qn_qram_result few = noise_of(4, 1e-6, 20000, true, 2), many = noise_of(10, 1e-6, 400, true, 2);
    print_message("fan-out: %g at 2^4, %g at 2^10 leaves\n", few.infidelity, many.infidelity);
    assert_true(many.infidelity / few.infidelity > 40);
}

static void refuses(void **state)
{
    (void)state;
    qn_context *context = NULL;
    qn_qram_options options = QN_QRAM_OPTIONS_INIT;
    qn_qram_result result;
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.memory_limit = 1 << 20;
    assert_ok(qn_context_create(&chosen, &context));
    options.levels = 23;
    assert_fails(qn_qram_noise(context, &options, &result), QN_ERR_RANGE, "23 levels; expected 1..22");
    options.levels = 16;
    assert_fails(qn_qram_noise(context, &options, &result), QN_ERR_TOO_LARGE, "branches");
    options.levels = 3;
    options.noise = 1.5;
    assert_fails(qn_qram_noise(context, &options, &result), QN_ERR_RANGE, "noise 1.5");
    options.noise = (double)NAN;
    assert_fails(qn_qram_noise(context, &options, &result), QN_ERR_RANGE, "noise");
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_up_its_table),
        cmocka_unit_test(branches_equal_the_state_vector),
        cmocka_unit_test(no_noise_no_loss),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(scaling),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
