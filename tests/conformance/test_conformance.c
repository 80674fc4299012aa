/* test_conformance.c: one suite for every registered engine x precision x instruction set x thread count, against
 * `reference`.
 *
 * Circuits hit every row of the gate table, with extra controls of random state; states of 1 to 8 qubits, and a few of
 * 15 and 16 so that threaded paths run. What an engine does not support is reported as skipped, not passed over in
 * silence. */
#include <qn_random.h>

#include <quern/primitive.h>

enum { SYMBOLS = 4, NOBS = 3, ROWS = 3, SHOTS = 4096, CASES = 32 };

/* A circuit with everything that the reference engine says of it. */
typedef struct problem {
    uint32_t n;
    qn_circuit *circuit;
    qn_pauli_sum *sums[NOBS];
    double norms[NOBS];
    double theta[ROWS * SYMBOLS], weights[NOBS];
    size_t count; /* amplitudes */
    qn_complex *amplitudes;
    double values[ROWS * NOBS];
    double direction[SYMBOLS], slope; /* derivative along a direction, by central differences */
    bool has_grad;
    double grad[SYMBOLS]; /* by the shift rule */
    qn_counts *counts[ROWS];
} problem;

static problem problems[CASES];
static size_t nproblems;

static const qn_pauli_sum *const *sums_of(const problem *p)
{
    return (const qn_pauli_sum *const *)p->sums;
}

static void make_counts(uint32_t n, qn_counts **counts)
{
    for (int r = 0; r < ROWS; r++) {
        assert_ok(qn_counts_create(n, &counts[r]));
    }
}

static void free_counts(qn_counts **counts)
{
    for (int r = 0; r < ROWS; r++) {
        qn_counts_free(counts[r]);
    }
}

/* sum_o w_o <O_o> at theta + step * direction. */
static double weighted_value(qn_program *program, const problem *p, double step)
{
    double theta[SYMBOLS], values[NOBS], sum = 0;
    for (int s = 0; s < SYMBOLS; s++) {
        theta[s] = p->theta[s] + step * p->direction[s];
    }
    assert_ok(qn_program_expect(program, theta, 1, values, NULL));
    for (int o = 0; o < NOBS; o++) {
        sum += p->weights[o] * values[o];
    }
    return sum;
}

/* Fill in the reference's answers. */
static void solve(problem *p, qn_engine *reference)
{
    qn_program *program = NULL;
    p->count = (size_t)1 << p->n;
    p->amplitudes = malloc(p->count * sizeof *p->amplitudes);
    assert_non_null(p->amplitudes);
    assert_ok(qn_engine_compile(reference, p->circuit, sums_of(p), NOBS, &program));
    assert_ok(qn_program_amplitudes(program, p->theta, 0, p->count, p->amplitudes));
    assert_ok(qn_program_expect(program, p->theta, ROWS, p->values, NULL));
    make_counts(p->n, p->counts);
    assert_ok(qn_program_sample(program, p->theta, ROWS, SHOTS, 5, 100, p->counts));
    p->slope = (weighted_value(program, p, 1e-5) - weighted_value(program, p, -1e-5)) / 2e-5;
    qn_program_free(program);
    if (p->has_grad) {
        qn_estimator *estimator = NULL;
        assert_ok(qn_estimator_create(reference, p->circuit, sums_of(p), NOBS, NULL, &estimator));
        assert_ok(qn_estimator_gradient(estimator, p->theta, p->weights, NULL, p->grad, NULL));
        qn_estimator_free(estimator);
    }
}

/* Take over a circuit and draw the rest. */
static void add_problem(qn_random *random, qn_circuit *circuit, bool has_grad)
{
    assert_true(nproblems < CASES);
    problem *p = &problems[nproblems++];
    p->circuit = circuit;
    p->n = qn_circuit_qubits(circuit);
    p->has_grad = has_grad;
    qn_random_angles(random, p->theta, ROWS * SYMBOLS);
    qn_random_angles(random, p->weights, NOBS);
    for (int s = 0; s < SYMBOLS; s++) {
        p->direction[s] = qn_random_between(random, -1, 1);
    }
    for (int o = 0; o < NOBS; o++) {
        const uint32_t terms[NOBS] = {12, 1, 5};
        p->sums[o] = qn_random_sum(random, p->n, terms[o]);
        p->norms[o] = qn_pauli_sum_one_norm(p->sums[o]) + fabs(qn_pauli_sum_identity(p->sums[o]).re);
    }
}

/* Every row of the gate table that fits, in a random order, plain or under `extra` more controls. */
static qn_circuit *all_gates(qn_random *random, uint32_t n, uint32_t extra, unsigned *seen)
{
    unsigned order[QN_GATE_COUNT_];
    for (unsigned i = 0; i < QN_GATE_COUNT_; i++) {
        const unsigned j = qn_random_below(random, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    qn_circuit *circuit = qn_random_start(random, n, SYMBOLS);
    for (unsigned i = 0; i < QN_GATE_COUNT_; i++) {
        const uint32_t controls = extra > 0 ? 1 + qn_random_below(random, extra) : 0;
        if (qn_random_append(random, circuit, (qn_gate)order[i], SYMBOLS, controls)) {
            seen[order[i]]++;
        }
        if (i % 7 == 6) { /* keep the state spread out */
            const uint32_t q = qn_random_below(random, n);
            assert_ok(qn_circuit_append(circuit, QN_GATE_H, &q, 1, NULL, 0));
        }
    }
    return circuit;
}

static int set_up(void **state)
{
    (void)state;
    qn_random random = {qn_test_seed()};
    unsigned plain[QN_GATE_COUNT_] = {0}, controlled[QN_GATE_COUNT_] = {0};
    for (uint32_t n = 1; n <= 8; n++) {
        add_problem(&random, all_gates(&random, n, 0, plain), n <= 7);
        if (n >= 2) {
            add_problem(&random, all_gates(&random, n, n > 3 ? 3 : n - 1, controlled), n <= 6);
        }
    }
    add_problem(&random, qn_random_circuit(&random, 15, SYMBOLS, 40), false);
    add_problem(&random, qn_random_circuit(&random, 16, SYMBOLS, 40), false);
    for (unsigned g = 0; g < QN_GATE_COUNT_; g++) {
        const qn_gate_info *info = qn_gate_describe((qn_gate)g);
        const bool special = (info->flags & (QN_GATE_FLAG_PAULI_STRING | QN_GATE_FLAG_MATRIX)) != 0;
        if (plain[g] == 0 || (!special && controlled[g] == 0)) {
            print_error("gate %s was never drawn\n", info->name);
            return -1;
        }
    }
    qn_context *context = NULL;
    qn_engine *reference = NULL;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = 1;
    assert_ok(qn_context_create(&options, &context));
    assert_ok(qn_engine_open(context, "reference", &reference));
    for (size_t i = 0; i < nproblems; i++) {
        solve(&problems[i], reference);
    }
    qn_engine_close(reference);
    qn_context_free(context);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < nproblems; i++) {
        problem *p = &problems[i];
        qn_circuit_free(p->circuit);
        for (int o = 0; o < NOBS; o++) {
            qn_pauli_sum_free(p->sums[o]);
        }
        free(p->amplitudes);
        free_counts(p->counts);
    }
    return 0;
}

/* One engine as opened, and how exact it should be. */
typedef struct setting {
    const char *arch, *precision;
    const qn_engine_desc *desc;
    double tolerance;       /* of an amplitude */
    uint64_t strayed_shots; /* per row, on the other side of a rounded step of the cumulative distribution */
} setting;

typedef struct machine {
    qn_context *context;
    qn_engine *engine;
} machine;

/* False, with the reason printed once, when this machine or this engine has no such thing. */
static bool open_machine(const setting *s, uint32_t threads, machine *m)
{
    *m = (machine){NULL, NULL};
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = threads;
    options.arch = s->arch;
    if (qn_context_create(&options, &m->context) != QN_OK) {
        assert_int_equal(qn_last_error()->status, QN_ERR_NAME);
        print_message("  skipped: %s\n", qn_last_error()->message);
        return false;
    }
    char spec[64];
    (void)snprintf(spec, sizeof spec, "%s:%s,threads=%u", s->desc->name, s->precision, threads);
    const qn_status status = qn_engine_open(m->context, spec, &m->engine);
    if (status != QN_OK) {
        assert_true(status == QN_ERR_UNSUPPORTED || status == QN_ERR_NOT_BUILT);
        print_message("  skipped: %s\n", qn_last_error()->message);
        qn_context_free(m->context);
        return false;
    }
    return true;
}

static void close_machine(machine m)
{
    qn_engine_close(m.engine);
    qn_context_free(m.context);
}

/* What one run gave, kept to compare thread counts bit by bit. */
typedef struct answers {
    double values[ROWS * NOBS], grad[SYMBOLS], grad_values[NOBS];
    qn_counts *counts[ROWS];
    qn_complex probe[8];
} answers;

/* Shots that differ between two counts of the same total. */
static uint64_t strayed(const qn_counts *a, const qn_counts *b)
{
    uint64_t both = 0;
    for (size_t i = 0, j = 0; i < qn_counts_distinct(a) && j < qn_counts_distinct(b);) {
        const uint64_t x = qn_counts_string(a, i)[0], y = qn_counts_string(b, j)[0];
        if (x == y) {
            const uint64_t na = qn_counts_times(a, i++), nb = qn_counts_times(b, j++);
            both += na < nb ? na : nb;
        } else {
            i += x < y;
            j += y < x;
        }
    }
    return qn_counts_total(a) - both;
}

static void check_amplitudes(const setting *s, const problem *p, qn_program *program, answers *out)
{
    if (s->desc->ops->amplitudes == NULL) {
        print_message("  skipped: %s has no amplitudes\n", s->desc->name);
        return;
    }
    qn_complex *found = malloc(p->count * sizeof *found);
    assert_non_null(found);
    assert_ok(qn_program_amplitudes(program, p->theta, 0, p->count, found));
    for (size_t i = 0; i < p->count; i++) {
        assert_near(found[i].re, p->amplitudes[i].re, s->tolerance);
        assert_near(found[i].im, p->amplitudes[i].im, s->tolerance);
    }
    const size_t first = p->count / 3, some = p->count - first < 8 ? p->count - first : 8;
    assert_ok(qn_program_amplitudes(program, p->theta, first, some, out->probe));
    assert_memory_equal(out->probe, found + first, some * sizeof *found);
    free(found);
}

static void check_gradient(const setting *s, const problem *p, qn_program *program, answers *out)
{
    if (!qn_program_has_gradient(program)) {
        return; /* the shift rule over expect() stands in, and expect() is tested */
    }
    double scale = 0, slope = 0;
    for (int o = 0; o < NOBS; o++) {
        scale += fabs(p->weights[o]) * p->norms[o];
    }
    const double tolerance = 100 * s->tolerance * scale;
    assert_ok(qn_program_gradient(program, p->theta, 1, p->weights, out->grad_values, out->grad));
    for (int o = 0; o < NOBS; o++) {
        assert_near(out->grad_values[o], p->values[o], 10 * s->tolerance * p->norms[o]);
    }
    for (int k = 0; k < SYMBOLS; k++) {
        slope += out->grad[k] * p->direction[k];
        if (p->has_grad) {
            assert_near(out->grad[k], p->grad[k], tolerance);
        }
    }
    assert_near(slope, p->slope, tolerance + 1e-6 * scale);
    /* rows with weights of their own, and no values asked for */
    double weights[ROWS * NOBS], rows[ROWS * SYMBOLS];
    for (int i = 0; i < ROWS * NOBS; i++) {
        weights[i] = p->weights[i % NOBS] * (1 + i / NOBS);
    }
    assert_ok(qn_program_gradient(program, p->theta, ROWS, weights, NULL, rows));
    double again[SYMBOLS];
    assert_ok(
        qn_program_gradient(program, p->theta + (ROWS - 1) * SYMBOLS, 1, weights + (ROWS - 1) * NOBS, NULL, again));
    for (int k = 0; k < SYMBOLS; k++) {
        assert_near(rows[k], out->grad[k], s->tolerance * scale); /* rows together may add up in another order */
        assert_near(rows[(ROWS - 1) * SYMBOLS + k], again[k], s->tolerance * scale);
    }
}

static void check_problem(const setting *s, const problem *p, const machine *m, answers *out)
{
    qn_program *program = NULL;
    const qn_status status = qn_engine_compile(m->engine, p->circuit, sums_of(p), NOBS, &program);
    if (status == QN_ERR_UNSUPPORTED) {
        print_message("  skipped %u qubits: %s\n", p->n, qn_last_error()->message);
        return;
    }
    assert_ok(status);
    check_amplitudes(s, p, program, out);
    double variances[ROWS * NOBS];
    assert_ok(qn_program_expect(program, p->theta, ROWS, out->values, variances));
    for (int i = 0; i < ROWS * NOBS; i++) {
        assert_near(out->values[i], p->values[i], 10 * s->tolerance * p->norms[i % NOBS]);
        assert_true(!s->desc->exact || variances[i] == 0);
    }
    check_gradient(s, p, program, out);
    assert_ok(qn_program_sample(program, p->theta, ROWS, SHOTS, 5, 100, out->counts));
    for (int r = 0; r < ROWS; r++) {
        assert_int_equal(qn_counts_total(out->counts[r]), SHOTS);
        assert_true(strayed(out->counts[r], p->counts[r]) <= s->strayed_shots);
    }
    double values[ROWS * NOBS]; /* gradient and samples left nothing behind */
    assert_ok(qn_program_expect(program, p->theta, ROWS, values, NULL));
    assert_memory_equal(values, out->values, sizeof values);
    const uint64_t before = qn_memory().allocations;
    assert_ok(qn_program_expect(program, p->theta, ROWS, values, NULL));
    if (qn_program_has_gradient(program)) {
        double grad[SYMBOLS];
        assert_ok(qn_program_gradient(program, p->theta, 1, p->weights, values, grad));
    }
    assert_ok(qn_program_sample(program, p->theta, ROWS, SHOTS, 5, 100, out->counts));
    assert_int_equal(qn_memory().allocations, before);
    qn_program_free(program);
}

/* The same answers to the last bit with one thread and with two. */
static void compare_threads(const answers *one, const answers *two)
{
    assert_memory_equal(one->values, two->values, sizeof one->values);
    assert_memory_equal(one->grad, two->grad, sizeof one->grad);
    assert_memory_equal(one->grad_values, two->grad_values, sizeof one->grad_values);
    assert_memory_equal(one->probe, two->probe, sizeof one->probe);
    for (int r = 0; r < ROWS; r++) {
        assert_int_equal(strayed(one->counts[r], two->counts[r]), 0);
    }
}

static void check_setting(const setting *s)
{
    print_message("%s:%s arch=%s\n", s->desc->name, s->precision, s->arch);
    machine machines[2];
    if (!open_machine(s, 1, &machines[0])) {
        return;
    }
    assert_true(open_machine(s, 2, &machines[1]));
    const bool same = strcmp(s->desc->name, "reference") == 0; /* against itself: small states only, it is slow */
    for (size_t i = 0; i < nproblems && !(same && problems[i].n > 5); i++) {
        answers found[2];
        memset(found, 0, sizeof found);
        for (int t = 0; t < 2; t++) {
            make_counts(problems[i].n, found[t].counts);
            check_problem(s, &problems[i], &machines[t], &found[t]);
        }
        compare_threads(&found[0], &found[1]);
        free_counts(found[0].counts);
        free_counts(found[1].counts);
    }
    close_machine(machines[0]);
    close_machine(machines[1]);
}

static void every_engine(void **state)
{
    (void)state;
    static const char *const archs[] = {"generic", "neon", "avx2", "avx512"};
    static const char *const precisions[] = {"f64", "f32"};
    for (size_t e = 0; e < qn_engine_count(); e++) {
        const qn_engine_desc *desc = qn_engine_describe(e);
        if (desc->ops == NULL) {
            print_message("%s\n  skipped: not built in\n", desc->name);
            continue;
        }
        for (size_t a = 0; a < sizeof archs / sizeof archs[0]; a++) {
            if (strcmp(desc->name, "reference") == 0 && a > 0) {
                continue; /* plain C, whatever the machine */
            }
            for (size_t p = 0; p < 2; p++) {
                const setting s = {archs[a], precisions[p], desc, p == 0 ? 1e-12 : 1e-5, p == 0 ? 0 : SHOTS / 100};
                check_setting(&s);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_engine)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
