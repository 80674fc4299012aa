/* test_schedule.c: the scheduler of the state-vector engine against circuits by definition: every kind of structure, on
 * tiles so small that a circuit of ten qubits needs many stages, for every instruction set of this machine, both
 * precisions, and the same to the last bit for any number of threads. */
#include "qn_test.h"

#include <quern/engine.h>

#include "engine/statevector/engine.h"
#include "structures.h"

enum { ROWS = 3, SLOPED = 2, NOBS = 2, MOST_QUBITS = 11, SHOTS = 600 };

typedef struct setup {
    const char *arch;
    bool single;
    uint32_t tile, threads;
} setup;

static const char *const archs[] = {"generic", "avx2", "avx512", "neon"};
static const uint32_t tiles[] = {0, 4, 6, 7, 8};

static bool open_engine(setup how, qn_context **context, qn_engine **engine)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.arch = how.arch;
    options.threads = how.threads;
    if (qn_context_create(&options, context) != QN_OK) {
        return false; /* not on this machine */
    }
    qn_engine_options engine_options = QN_ENGINE_OPTIONS_INIT;
    engine_options.single_precision = how.single;
    engine_options.tile_qubits = how.tile;
    assert_ok(qn_engine_open_desc(*context, &qn__statevector_desc, &engine_options, engine));
    return true;
}

static void close_engine(qn_context *context, qn_engine *engine)
{
    qn_engine_close(engine);
    qn_context_free(context);
}

/* A circuit and what is true of it. */
typedef struct problem {
    structure s;
    uint32_t n;
    qn_pauli_sum *sums[NOBS];
    double weights[NOBS];
    double angles[ROWS][STRUCTURE_SLOTS]; /* of the circuit of slots */
    double theta[STRUCTURE_SYMBOLS];      /* of the other; makes the angles of row 0 */
    double values[ROWS][NOBS], slopes[SLOPED][STRUCTURE_SLOTS], grad[STRUCTURE_SYMBOLS];
    qn_complex *states[ROWS];
} problem;

/* What one setup answers, so that setups that must agree can be compared. */
typedef struct answers {
    double values[ROWS][NOBS], slopes[ROWS][STRUCTURE_SLOTS], grad[STRUCTURE_SYMBOLS];
    uint64_t outcomes[SHOTS], times[SHOTS];
    size_t distinct;
} answers;

static void draw_angles(problem *p, model_random *random)
{
    static const double special[] = {0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, -0.5, -1.0}; /* times pi */
    for (size_t k = 0; k < STRUCTURE_SYMBOLS; k++) {
        p->theta[k] = 4 * model_uniform(random) - 2;
    }
    for (size_t j = 0; j < STRUCTURE_SLOTS; j++) {
        p->angles[0][j] = p->s.offset[j] + p->s.factor[j] * p->theta[p->s.symbol[j]];
        p->angles[1][j] =
            special[model_below(random, (uint32_t)(sizeof special / sizeof special[0]))] * 3.14159265358979323846;
        p->angles[2][j] = 20 * model_uniform(random) - 10;
    }
}

static void create(structure_class class, uint32_t n, size_t gates, model_random *random, problem *p)
{
    *p = (problem){.n = n, .weights = {0.8, -1.3}};
    structure_create(class, n, gates, random, &p->s);
    model_observable(n, 3, random, &p->sums[0]);
    model_observable(n, 12, random, &p->sums[1]);
    draw_angles(p, random);
    for (int r = 0; r < ROWS; r++) {
        p->states[r] = malloc(((size_t)1 << n) * sizeof *p->states[r]);
        assert_non_null(p->states[r]);
        model_state(p->s.separate, p->angles[r], p->states[r]);
        for (int o = 0; o < NOBS; o++) {
            p->values[r][o] = model_expect(p->sums[o], p->states[r]);
        }
        for (size_t j = 0; j < p->s.slots && r < SLOPED; j++) {
            p->slopes[r][j] =
                structure_slope(&p->s, j, p->angles[r], (const qn_pauli_sum *const *)p->sums, p->weights, NOBS);
        }
    }
    for (size_t j = 0; j < p->s.slots; j++) {
        p->grad[p->s.symbol[j]] += p->s.factor[j] * p->slopes[0][j];
    }
}

static void destroy(problem *p)
{
    structure_free(&p->s);
    for (int o = 0; o < NOBS; o++) {
        qn_pauli_sum_free(p->sums[o]);
    }
    for (int r = 0; r < ROWS; r++) {
        free(p->states[r]);
    }
}

/* Counts of rising outcomes follow the cumulative probabilities of the model. */
static void check_counts(const problem *p, const answers *got)
{
    const double bound = 4.5 * 0.5 / sqrt((double)SHOTS); /* 4.5 standard deviations at the most */
    uint64_t seen = 0, next = 0;
    double sum = 0.0;
    for (size_t k = 0; k < got->distinct; k++) {
        for (; next <= got->outcomes[k]; next++) {
            sum += p->states[0][next].re * p->states[0][next].re + p->states[0][next].im * p->states[0][next].im;
        }
        seen += got->times[k];
        assert_near((double)seen / SHOTS, sum, bound);
    }
    assert_int_equal(seen, SHOTS);
}

static void answer(qn_engine *engine, const problem *p, double tolerance, answers *out)
{
    const qn_pauli_sum *const *sums = (const qn_pauli_sum *const *)p->sums;
    const size_t size = (size_t)1 << p->n;
    *out = (answers){0};
    qn_program *program = NULL;
    assert_ok(qn_engine_compile(engine, p->s.separate, sums, NOBS, &program));
    assert_ok(qn_program_expect(program, p->angles[0], ROWS, out->values[0], NULL));
    double weights[ROWS * NOBS], again[ROWS * NOBS];
    for (int k = 0; k < ROWS * NOBS; k++) {
        weights[k] = p->weights[k % NOBS];
    }
    assert_ok(qn_program_gradient(program, p->angles[0], ROWS, weights, again, out->slopes[0]));
    for (int r = 0; r < ROWS; r++) {
        for (int o = 0; o < NOBS; o++) {
            assert_near(out->values[r][o], p->values[r][o], 10 * tolerance);
            assert_near(again[r * NOBS + o], p->values[r][o], 10 * tolerance);
        }
        for (size_t j = 0; j < p->s.slots && r < SLOPED; j++) {
            assert_near(out->slopes[r][j], p->slopes[r][j], 20 * tolerance);
        }
        qn_complex *got = malloc(size * sizeof *got);
        assert_non_null(got);
        assert_ok(qn_program_amplitudes(program, p->angles[r], 0, size, got));
        for (size_t i = 0; i < size; i++) {
            assert_near(got[i].re, p->states[r][i].re, tolerance);
            assert_near(got[i].im, p->states[r][i].im, tolerance);
        }
        free(got);
    }
    qn_counts *counts = NULL;
    assert_ok(qn_counts_create(p->n, &counts));
    assert_ok(qn_program_sample(program, p->angles[0], 1, SHOTS, 9, 1, &counts));
    out->distinct = qn_counts_distinct(counts);
    for (size_t k = 0; k < out->distinct; k++) {
        out->outcomes[k] = qn_counts_string(counts, k)[0];
        out->times[k] = qn_counts_times(counts, k);
    }
    check_counts(p, out);
    qn_counts_free(counts);
    qn_program_free(program);
    double values[NOBS];
    assert_ok(qn_engine_compile(engine, p->s.shared, sums, NOBS, &program));
    assert_ok(qn_program_gradient(program, p->theta, 1, p->weights, values, out->grad));
    for (int o = 0; o < NOBS; o++) {
        assert_near(values[o], p->values[0][o], 10 * tolerance);
    }
    for (size_t k = 0; k < STRUCTURE_SYMBOLS; k++) {
        assert_near(out->grad[k], p->grad[k], 20 * tolerance);
    }
    qn_program_free(program);
}

static void check_setups(const problem *p)
{
    for (unsigned k = 0; k < 2 * sizeof archs / sizeof archs[0]; k++) {
        for (size_t t = 0; t < sizeof tiles / sizeof tiles[0]; t++) {
            answers first, second;
            for (uint32_t threads = 1; threads <= (tiles[t] == 0 ? 1 : 2); threads++) {
                const setup how = {archs[k / 2], k % 2 != 0, tiles[t], threads};
                qn_context *context = NULL;
                qn_engine *engine = NULL;
                if (!open_engine(how, &context, &engine)) {
                    break;
                }
                answer(engine, p, how.single ? 5e-6 : 1e-12, threads == 1 ? &first : &second);
                close_engine(context, engine);
                if (threads == 2) {
                    assert_memory_equal(&first, &second, sizeof first);
                }
            }
        }
    }
}

static void check_class(structure_class class)
{
    model_random random = {qn_test_seed() + (uint64_t) class, 0};
    for (unsigned round = 0; round < qn_test_scale(); round++) {
        problem p;
        create(class, 9 + ((uint32_t) class + round) % 3, 20, &random, &p);
        check_setups(&p);
        destroy(&p);
    }
}

#define CLASS(name, class)                                                                                             \
    static void name(void **unused)                                                                                    \
    {                                                                                                                  \
        (void)unused;                                                                                                  \
        check_class(class);                                                                                            \
    }
CLASS(real_rotations, STRUCTURE_REAL)
CLASS(x_rotations, STRUCTURE_X)
CLASS(general_matrices, STRUCTURE_GENERAL)
CLASS(phases, STRUCTURE_PHASES)
CLASS(phases_of_pairs, STRUCTURE_PAIR_PHASES)
CLASS(signs, STRUCTURE_SIGNS)
CLASS(diagonals, STRUCTURE_DIAGONALS)
CLASS(controlled_matrices, STRUCTURE_CONTROLLED)
CLASS(flips, STRUCTURE_FLIPS)
CLASS(swaps, STRUCTURE_SWAPS)
CLASS(exchanges, STRUCTURE_EXCHANGES)
CLASS(dense_matrices, STRUCTURE_DENSE)
CLASS(pauli_rotations, STRUCTURE_PAULIS)
CLASS(controlled_pauli_rotations, STRUCTURE_CONTROLLED_PAULIS)
CLASS(ladders, STRUCTURE_LADDERS)
CLASS(mixtures, STRUCTURE_MIXED)
#undef CLASS

/* Fewer qubits than lanes, and tiles no smaller than the state. */
static void small_states(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 100, 0};
    for (uint32_t n = 5; n <= 8; n++) {
        problem p;
        create(STRUCTURE_MIXED, n, 12, &random, &p);
        check_setups(&p);
        destroy(&p);
    }
}

/* A stage of one operation goes over the whole state by that operation's own kernel. */
static void lone_operations(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 300, 0};
    for (uint32_t round = 0; round < 12; round++) {
        problem p;
        create(STRUCTURE_ALONE, 9, 1, &random, &p);
        check_setups(&p);
        destroy(&p);
    }
}

/* Tiles of the usual size, large pages, and threads: a circuit and its inverse leave |0...0>, whatever the angles. */
static void usual_tiles(void **unused)
{
    (void)unused;
    enum { N = 18, SYMBOLS = 3 };
    model_random random = {qn_test_seed() + 400, 0};
    const double theta[SYMBOLS] = {0.7, -0.2, 1.6}, weight = 1.0;
    qn_circuit *circuit = NULL, *back = NULL;
    qn_pauli_sum *sum = NULL;
    model_circuit(N, SYMBOLS, 60, &random, &circuit);
    assert_ok(qn_circuit_inverse(circuit, &back));
    assert_ok(qn_circuit_append_circuit(circuit, back));
    assert_ok(qn_pauli_sum_create(N, &sum));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){1.0, 0.0}, "ZZZZZZZZZZZZZZZZZZ"));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){0.5, 0.0}, "IIIIXIIIIIIIIIIYII"));
    double value[3], grad[3][SYMBOLS];
    for (uint32_t threads = 1; threads <= 2; threads++) {
        qn_context *context = NULL;
        qn_engine *engine = NULL;
        qn_program *program = NULL;
        qn_complex first;
        assert_true(open_engine((setup){NULL, false, 0, threads}, &context, &engine));
        assert_ok(qn_engine_compile(engine, circuit, (const qn_pauli_sum *const *)&sum, 1, &program));
        assert_ok(qn_program_gradient(program, theta, 1, &weight, &value[threads], grad[threads]));
        assert_ok(qn_program_amplitudes(program, theta, 0, 1, &first));
        assert_near(first.re, 1.0, 1e-12);
        assert_near(first.im, 0.0, 1e-12);
        assert_near(value[threads], 1.0, 1e-12);
        for (int k = 0; k < SYMBOLS; k++) {
            assert_near(grad[threads][k], 0.0, 1e-11);
        }
        qn_program_free(program);
        close_engine(context, engine);
    }
    assert_memory_equal(&value[1], &value[2], sizeof value[1]);
    assert_memory_equal(grad[1], grad[2], sizeof grad[1]);
    qn_circuit_free(circuit);
    qn_circuit_free(back);
    qn_pauli_sum_free(sum);
}

/* Pieces on a live state: no start, no renaming. */
static void live_states(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 200, 0};
    enum { N = 9, SIZE = 1 << N };
    structure pieces[2];
    double theta[STRUCTURE_SLOTS];
    for (size_t k = 0; k < STRUCTURE_SLOTS; k++) {
        theta[k] = 4 * model_uniform(&random) - 2;
    }
    qn_circuit *whole = NULL;
    structure_create(STRUCTURE_MIXED, N, 20, &random, &pieces[0]);
    structure_create(STRUCTURE_SWAPS, N, 20, &random, &pieces[1]);
    assert_ok(qn_circuit_clone(pieces[0].separate, &whole));
    assert_ok(qn_circuit_append_circuit(whole, pieces[1].separate));
    assert_ok(qn_circuit_append_circuit(whole, pieces[0].separate));
    qn_complex want[SIZE], got[3][SIZE];
    model_state(whole, theta, want);
    for (unsigned k = 0; k < 2 * sizeof archs / sizeof archs[0]; k++) {
        for (uint32_t threads = 1; threads <= 2; threads++) {
            const setup how = {archs[k / 2], k % 2 != 0, 6, threads};
            qn_context *context = NULL;
            qn_engine *engine = NULL;
            if (!open_engine(how, &context, &engine)) {
                break;
            }
            qn_program *programs[2] = {NULL, NULL};
            qn_live *live = NULL;
            assert_ok(qn_engine_compile_live(engine, pieces[0].separate, &programs[0]));
            assert_ok(qn_engine_compile_live(engine, pieces[1].separate, &programs[1]));
            assert_ok(qn_live_create(engine, N, &live));
            for (int step = 0; step < 3; step++) {
                assert_ok(qn_live_advance(live, programs[step % 2], theta));
            }
            assert_ok(qn_live_amplitudes(live, 0, SIZE, got[threads]));
            for (size_t i = 0; i < SIZE; i++) {
                assert_near(got[threads][i].re, want[i].re, how.single ? 1e-5 : 1e-12);
                assert_near(got[threads][i].im, want[i].im, how.single ? 1e-5 : 1e-12);
            }
            if (threads == 2) {
                assert_memory_equal(got[1], got[2], sizeof got[1]);
            }
            qn_live_free(live);
            qn_program_free(programs[0]);
            qn_program_free(programs[1]);
            close_engine(context, engine);
        }
    }
    qn_circuit_free(whole);
    structure_free(&pieces[0]);
    structure_free(&pieces[1]);
}

static void tile_option(void **unused)
{
    (void)unused;
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_circuit *circuit = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_circuit_create(10, &circuit));
    static const char *const wrong[] = {"statevector:tile=3", "statevector:tile=31",
                                        "statevector:tile=", "statevector:tile=7x", "statevector:tile=99999999999"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        assert_fails(qn_engine_open(context, wrong[k], &engine), QN_ERR_RANGE, "tile=4 to tile=30");
    }
    uint64_t bytes[2];
    for (int k = 0; k < 2; k++) { /* a tile for each thread and one to start from, where the state is no tile itself */
        assert_ok(qn_engine_open(context, k == 0 ? "statevector:tile=7,threads=3" : "statevector:threads=3", &engine));
        assert_ok(qn_engine_bytes_needed(engine, circuit, NULL, 0, &bytes[k]));
        qn_engine_close(engine);
    }
    assert_int_equal(bytes[0] - bytes[1], 4 * 128 * 16);
    qn_circuit_free(circuit);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_rotations),
        cmocka_unit_test(x_rotations),
        cmocka_unit_test(general_matrices),
        cmocka_unit_test(phases),
        cmocka_unit_test(phases_of_pairs),
        cmocka_unit_test(signs),
        cmocka_unit_test(diagonals),
        cmocka_unit_test(controlled_matrices),
        cmocka_unit_test(flips),
        cmocka_unit_test(swaps),
        cmocka_unit_test(exchanges),
        cmocka_unit_test(dense_matrices),
        cmocka_unit_test(pauli_rotations),
        cmocka_unit_test(controlled_pauli_rotations),
        cmocka_unit_test(ladders),
        cmocka_unit_test(mixtures),
        cmocka_unit_test(small_states),
        cmocka_unit_test(lone_operations),
        cmocka_unit_test(usual_tiles),
        cmocka_unit_test(live_states),
        cmocka_unit_test(tile_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
