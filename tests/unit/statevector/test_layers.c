/* test_layers.c: what search circuits are made of, against circuits by definition: H on many qubits at once, X around
 * controls, and gates that cancel where a control outside of the tile fails. For every instruction set of this machine,
 * both precisions, tiles from small ones to the whole state, and the same to the last bit for any number of threads. */
#include "qn_test.h"

#include <quern/engine.h>

#include "base/bits.h"
#include "engine/statevector/engine.h"
#include "engine/statevector/schedule.h"
#include "model.h"

static const char *const archs[] = {"generic", "avx2", "avx512", "neon"};

static bool chance(model_random *random, double p)
{
    return model_uniform(random) < p;
}

static uint64_t some_qubits(model_random *random, uint32_t n, double density)
{
    uint64_t out = 0;
    for (uint32_t q = 0; q < n; q++) {
        out |= chance(random, density) ? UINT64_C(1) << q : 0;
    }
    return out;
}

static void on_each(qn_circuit *circuit, qn_gate gate, uint64_t qubits)
{
    for (uint32_t q = 0; q < qn_circuit_qubits(circuit); q++) {
        if ((qubits >> q & 1) != 0) {
            assert_ok(qn_circuit_append(circuit, gate, &q, 1, NULL, 0));
        }
    }
}

/* Z, P or X on one of `qubits` under the others, for random values of them; in some the angle is symbol 0. */
static void controlled(qn_circuit *circuit, uint64_t qubits, uint64_t values, model_random *random)
{
    static const qn_gate gates[] = {QN_GATE_Z, QN_GATE_P, QN_GATE_X};
    const qn_gate gate = gates[chance(random, 0.2) ? 2 : model_below(random, 2)];
    const qn_param_term term = {0, 0.7};
    const qn_param angle = chance(random, 0.3) ? (qn_param){0.2, &term, 1, 0} : QN_PARAM(model_uniform(random));
    uint32_t controls[64], count = 0;
    uint64_t state = 0;
    for (uint32_t q = 0; q < qn_circuit_qubits(circuit); q++) {
        if ((qubits >> q & 1) != 0) {
            state |= (values >> q & 1) << count;
            controls[count++] = q;
        }
    }
    if (count == 0) {
        return;
    }
    const uint32_t at = model_below(random, count), target = controls[at];
    controls[at] = controls[--count];
    state = (state & ~(UINT64_C(1) << at) & ~(UINT64_C(1) << count)) | (state >> count & 1) << at;
    state &= (UINT64_C(1) << count) - 1;
    assert_ok(qn_circuit_append_controlled(circuit, gate, controls, count, state, &target, 1,
                                           gate == QN_GATE_P ? &angle : NULL, gate == QN_GATE_P ? 1 : 0));
}

static void one_gate(qn_circuit *circuit, model_random *random)
{
    static const qn_gate gates[] = {QN_GATE_RX, QN_GATE_RY, QN_GATE_RZ};
    const uint32_t q = model_below(random, qn_circuit_qubits(circuit));
    const qn_param_term term = {0, 0.4};
    const qn_param angle = chance(random, 0.3) ? (qn_param){0.1, &term, 1, 0} : QN_PARAM(3 * model_uniform(random));
    assert_ok(qn_circuit_append(circuit, gates[model_below(random, 3)], &q, 1, &angle, 1));
}

/* Keeps the H of blocks from meeting each other. */
static void entangle(qn_circuit *circuit, model_random *random)
{
    for (uint32_t q = 0; q + 1 < qn_circuit_qubits(circuit); q++) {
        const uint32_t pair[2] = {q, q + 1};
        assert_ok(qn_circuit_append(circuit, chance(random, 0.2) ? QN_GATE_CX : QN_GATE_CZ, pair, 2, NULL, 0));
    }
}

/* Layers, phases and flips in any order, and around each other as they cancel; without `turns`, whole reflections. */
static void append_block(qn_circuit *circuit, bool turns, model_random *random)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    const uint64_t all = (UINT64_C(1) << n) - 1;
    const uint64_t layer = turns ? some_qubits(random, n, 0.3 + 0.7 * model_uniform(random)) : all;
    const uint64_t flips = chance(random, 0.5) ? some_qubits(random, n, 0.5) : 0;
    const uint64_t controls = !turns || chance(random, 0.5) ? all : some_qubits(random, n, 0.4);
    const bool around = !turns || chance(random, 0.7);
    entangle(circuit, random);
    on_each(circuit, QN_GATE_H, layer);
    for (uint32_t k = model_below(random, 3); turns && k > 0 && chance(random, 0.3); k--) {
        one_gate(circuit, random);
    }
    on_each(circuit, QN_GATE_X, flips);
    for (uint32_t k = 1 + model_below(random, 2); k > 0; k--) {
        controlled(circuit, controls, some_qubits(random, n, 0.5), random);
    }
    on_each(circuit, QN_GATE_X, chance(random, 0.8) ? flips : 0);
    on_each(circuit, QN_GATE_H, around ? layer : some_qubits(random, n, 0.5));
    if (turns && chance(random, 0.4)) {
        one_gate(circuit, random);
    }
}

/* A sign on one item, and Grover's reflection as textbooks write it. */
static void append_step(qn_circuit *circuit, uint64_t item, uint64_t bits)
{
    const uint32_t n = qn_circuit_qubits(circuit), target = n - 1;
    uint32_t controls[64];
    for (uint32_t q = 0; q < n; q++) {
        controls[q] = q;
    }
    on_each(circuit, QN_GATE_X, bits & ~item);
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_Z, controls, n - 1, bits >> 1, &target, 1, NULL, 0));
    on_each(circuit, QN_GATE_X, bits & ~item);
    on_each(circuit, QN_GATE_H, bits);
    on_each(circuit, QN_GATE_X, bits);
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_Z, controls, n - 1, bits >> 1, &target, 1, NULL, 0));
    on_each(circuit, QN_GATE_X, bits);
    on_each(circuit, QN_GATE_H, bits);
}

typedef struct problem {
    uint32_t n;
    size_t size;
    qn_circuit *circuit;
    qn_pauli_sum *sum;
    double theta, value, slope;
    qn_complex *state;
} problem;

static void create(model_random *random, uint32_t n, int blocks, bool turns, int steps, problem *p)
{
    *p = (problem){.n = n, .size = (size_t)1 << n};
    uint32_t symbol = 0;
    double shifted[2];
    assert_ok(qn_circuit_create(n, &p->circuit));
    assert_ok(qn_circuit_add_symbol(p->circuit, "t", &symbol));
    for (int k = 0; k < blocks; k++) {
        one_gate(p->circuit, random);
        append_block(p->circuit, turns, random);
    }
    for (int k = 0; k < steps; k++) {
        append_step(p->circuit, some_qubits(random, n, 0.5), (UINT64_C(1) << n) - 1);
    }
    model_observable(n, 6, random, &p->sum);
    p->state = malloc(p->size * sizeof *p->state);
    assert_non_null(p->state);
    p->theta = 2 * model_uniform(random) - 1;
    for (int k = 0; k < 2; k++) {
        const double theta = p->theta + (k == 0 ? 1e-4 : -1e-4);
        model_state(p->circuit, &theta, p->state);
        shifted[k] = model_expect(p->sum, p->state);
    }
    p->slope = (shifted[0] - shifted[1]) / 2e-4;
    model_state(p->circuit, &p->theta, p->state);
    p->value = model_expect(p->sum, p->state);
}

static void destroy(problem *p)
{
    qn_circuit_free(p->circuit);
    qn_pauli_sum_free(p->sum);
    free(p->state);
}

static bool open_engine(const char *arch, bool single, uint32_t tile, uint32_t threads, qn_context **context,
                        qn_engine **engine)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.arch = arch;
    options.threads = threads;
    if (qn_context_create(&options, context) != QN_OK) {
        return false; /* not on this machine */
    }
    qn_engine_options how = QN_ENGINE_OPTIONS_INIT;
    how.single_precision = single;
    how.tile_qubits = tile;
    assert_ok(qn_engine_open_desc(*context, &qn__statevector_desc, &how, engine));
    return true;
}

/* What a piece that acts on a live state becomes. */
typedef struct schedule_facts {
    size_t stages, idle, large, passes; /* stages; those of idle tiles; with tiles larger than usual */
    size_t layered;                     /* H in layers outside of the idle ones */
} schedule_facts;

static schedule_facts facts_of(const qn_circuit *circuit, uint32_t tile)
{
    schedule_facts out = {0};
    qn_context *context = NULL;
    void *engine = NULL, *program = NULL;
    qn_engine_options options = QN_ENGINE_OPTIONS_INIT;
    options.tile_qubits = tile;
    options.threads = 1;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn__statevector_desc.ops->open(context, &options, &engine));
    assert_ok(qn__sv_compile_live(engine, circuit, &program));
    const qn__sv_schedule *s = &((const qn__sv_program *)program)->schedule;
    out.stages = s->nstages;
    for (size_t k = 0; k < s->nstages; k++) {
        out.idle += s->stages[k].ntests > 0 ? 1 : 0;
        out.large += s->stages[k].ntests > 0 && s->stages[k].nlocal > tile ? 1 : 0;
        for (size_t i = 0; i < s->stages[k].nstretches && s->stages[k].ntests == 0; i++) {
            const qn__sv_stretch *stretch = &s->stretches[s->stages[k].first_stretch + i];
            out.passes += !stretch->flat && stretch->hadamards == 0 ? 1 : 0;
            out.layered += qn__popcount(stretch->hadamards);
        }
    }
    qn__sv_program_release(program);
    qn__statevector_desc.ops->close(engine);
    qn_context_free(context);
    return out;
}

static void answer(qn_engine *engine, const problem *p, double tolerance, qn_complex *got)
{
    const qn_pauli_sum *const sums[1] = {p->sum};
    const double weight = 1.0;
    double value = 0.0, slope = 0.0;
    qn_program *program = NULL;
    assert_ok(qn_engine_compile(engine, p->circuit, sums, 1, &program));
    assert_ok(qn_program_amplitudes(program, &p->theta, 0, p->size, got));
    for (size_t i = 0; i < p->size; i++) {
        assert_near(got[i].re, p->state[i].re, tolerance);
        assert_near(got[i].im, p->state[i].im, tolerance);
    }
    assert_ok(qn_program_gradient(program, &p->theta, 1, &weight, &value, &slope));
    assert_near(value, p->value, 20 * tolerance);
    assert_near(slope, p->slope, 100 * tolerance + 1e-6);
    qn_program_free(program);
}

static void check_problem(const problem *p, const uint32_t *tiles, size_t ntiles)
{
    qn_complex *const got[2] = {malloc(p->size * sizeof **got), malloc(p->size * sizeof **got)};
    assert_true(got[0] != NULL && got[1] != NULL);
    for (unsigned k = 0; k < 2 * sizeof archs / sizeof archs[0]; k++) {
        for (size_t t = 0; t < ntiles; t++) {
            for (uint32_t threads = 1; threads <= 2; threads++) {
                qn_context *context = NULL;
                qn_engine *engine = NULL;
                if (!open_engine(archs[k / 2], k % 2 != 0, tiles[t], threads, &context, &engine)) {
                    break;
                }
                answer(engine, p, k % 2 != 0 ? 5e-6 : 1e-12, got[threads - 1]);
                qn_engine_close(engine);
                qn_context_free(context);
                if (threads == 2) {
                    assert_memory_equal(got[0], got[1], p->size * sizeof **got);
                }
            }
        }
    }
    free(got[0]);
    free(got[1]);
}

static void random_searches(void **unused)
{
    (void)unused;
    static const uint32_t tiles[] = {0, 8, 10, 12};
    model_random random = {qn_test_seed(), 0};
    size_t idle = 0, layered = 0;
    for (unsigned round = 0; round < 4 * qn_test_scale(); round++) {
        problem p;
        create(&random, 13, 5, round % 2 != 0, 0, &p);
        idle += facts_of(p.circuit, 8).idle;
        layered += facts_of(p.circuit, 12).layered;
        check_problem(&p, tiles, sizeof tiles / sizeof tiles[0]);
        destroy(&p);
    }
    assert_true(idle > 0 && layered > 0);
}

/* So many qubits that tiles of a reflection are larger than others, which 11 and 12 local qubits make happen early. */
static void random_reflections(void **unused)
{
    (void)unused;
    static const uint32_t tiles[] = {11, 12};
    model_random random = {qn_test_seed() + 1, 0};
    size_t large = 0;
    for (unsigned round = 0; round < 2 * qn_test_scale(); round++) {
        problem p;
        create(&random, 17, (int)(round % 2), true, 3, &p); /* nothing but steps, or something before them */
        large += round % 2 == 0 ? facts_of(p.circuit, 11).large : 0;
        check_problem(&p, tiles, sizeof tiles / sizeof tiles[0]);
        destroy(&p);
    }
    assert_true(large >= qn_test_scale());
}

/* ---- schedules as they are ---- */

static schedule_facts facts_of_search(uint32_t n, unsigned steps)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(n, &circuit));
    for (unsigned k = 0; k < steps; k++) {
        append_step(circuit, UINT64_C(0x155555) & ((UINT64_C(1) << n) - 1), (UINT64_C(1) << n) - 1);
    }
    const schedule_facts out = facts_of(circuit, 15);
    qn_circuit_free(circuit);
    return out;
}

/* H on the qubits that stay in the first-level cache, the rest with the reflection in the middle where one tile of 32
 * is at work, H again: two trips through memory, and in a longer circuit hardly any more. */
static void steps_take_two_trips(void **unused)
{
    (void)unused;
    for (uint32_t n = 18; n <= 24; n += 2) {
        const schedule_facts one = facts_of_search(n, 1), five = facts_of_search(n, 5);
        assert_int_equal(one.stages, 3);
        assert_int_equal(one.idle, 1);
        assert_int_equal(one.passes, 0);
        assert_int_equal(one.layered, 2 * 10);
        assert_int_equal(five.stages - five.idle, 2);
        assert_int_equal(five.passes, 0);
        assert_int_equal(five.layered, 2 * 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_searches),
        cmocka_unit_test(random_reflections),
        cmocka_unit_test(steps_take_two_trips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
