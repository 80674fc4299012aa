/* test_qaoa_checkpoint.c: a solve that resumes asks for nothing that it knows, and ends in the same bits. */
#include "qaoa_graphs.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

static void temporary(char path[64])
{
    (void)snprintf(path, 64, "/tmp/quern-test-qaoa-%ld", (long)getpid());
    (void)unlink(path);
}

static qn_context *new_context(uint32_t threads)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = threads;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&options, &context));
    return context;
}

static void assert_same(const qn_qaoa_solution *a, const qn_qaoa_solution *b)
{
    assert_true(a->cost == b->cost && (a->expected == b->expected || (isnan(a->expected) && isnan(b->expected))));
    assert_memory_equal(a->x, b->x, a->variables);
    assert_int_equal(a->evaluations, b->evaluations);
    assert_int_equal(a->gradients, b->gradients);
    assert_int_equal(a->nangles, b->nangles);
    assert_int_equal(a->nhistory, b->nhistory);
    assert_string_equal(a->note, b->note);
    if (a->nangles > 0) {
        assert_memory_equal(a->angles, b->angles, a->nangles * sizeof *a->angles);
    }
    if (a->nhistory > 0) {
        assert_memory_equal(a->history_expected, b->history_expected, a->nhistory * sizeof *a->history_expected);
    }
}

static void every_method_resumes(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    qn_qubo *small = petersen_cut(), *large = ring_cut(90);
    qn_context *contexts[2] = {new_context(1), new_context(2)};
    for (int m = 0; m < QN_QAOA_METHOD_COUNT_; m++) {
        if (m == QN_QAOA_XY) { /* no groups here */
            continue;
        }
        qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
        options.method = (qn_qaoa_method)m;
        options.layers = m == QN_QAOA_FALQON ? 20 : 2;
        options.starts = 2;
        options.max_evaluations = 12;
        const qn_cost cost = cost_of(m == QN_QAOA_RECURSIVE ? large : small);
        qn_qaoa_solution *plain = NULL, *whole = NULL;
        assert_ok(qn_qaoa_solve(contexts[0], cost, &options, &plain));
        options.checkpoint = path;
        assert_ok(qn_qaoa_solve(contexts[0], cost, &options, &whole));
        assert_same(plain, whole);
        assert_int_equal(whole->replayed, 0);
        options.resume = true;
        struct stat facts;
        assert_int_equal(stat(path, &facts), 0);
        uint64_t last = UINT64_MAX;
        for (int cut = 0; cut <= 6; cut++) {
            const off_t length = facts.st_size * (6 - cut) / 6;
            assert_int_equal(truncate(path, length < 16 ? 16 : length), 0);
            qn_qaoa_solution *resumed = NULL;
            assert_ok(qn_qaoa_solve(contexts[cut % 2], cost, &options, &resumed));
            assert_same(whole, resumed);
            const bool few = m == QN_QAOA_ADAPTIVE || m == QN_QAOA_DQI; /* three answers in all */
            assert_true(resumed->replayed < last || (cut > 1 && m == QN_QAOA_FALQON) ||
                        (few && resumed->replayed == last));
            assert_true(cut < 6 || resumed->replayed == 0);
            last = resumed->replayed;
            qn_qaoa_solution_free(resumed);
        }
        qn_qaoa_solution_free(plain);
        qn_qaoa_solution_free(whole);
        (void)unlink(path);
    }
    qn_context_free(contexts[0]);
    qn_context_free(contexts[1]);
    qn_qubo_free(small);
    qn_qubo_free(large);
}

/* Shots are drawn afresh from the final state, so they may differ; a cost that differs in its last bit may not. */
static void only_the_same_job_resumes(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    qn_context *context = new_context(1);
    qn_qubo *qubo = new_model(3), *other = new_model(3);
    add_cut(qubo, 0, 1, 1.0);
    add_cut(other, 0, 1, 1.0 + 0x1p-52);
    assert_ok(qn_qubo_add_coupling(qubo, 1, 2, 0.5));
    assert_ok(qn_qubo_add_coupling(other, 1, 2, 0.5));
    assert_ok(qn_qubo_finish(qubo));
    assert_ok(qn_qubo_finish(other));
    qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
    qn_qaoa_solution *s = NULL;
    options.checkpoint = path;
    assert_ok(qn_qaoa_solve(context, cost_of(qubo), &options, &s));
    qn_qaoa_solution_free(s);
    s = NULL;
    assert_fails(qn_qaoa_solve(context, cost_of(qubo), &options, &s), QN_ERR_CHECKPOINT, "this checkpoint exists");
    options.resume = true;
    assert_fails(qn_qaoa_solve(context, cost_of(other), &options, &s), QN_ERR_CHECKPOINT, "belongs to another run");
    options.optimizer = "cobyla";
    assert_fails(qn_qaoa_solve(context, cost_of(qubo), &options, &s), QN_ERR_CHECKPOINT, "belongs to another run");
    options.optimizer = NULL;
    assert_null(s);
    options.shots = 10;
    assert_ok(qn_qaoa_solve(context, cost_of(qubo), &options, &s));
    assert_true(s->replayed > 0 && s->shots == 10);
    qn_qaoa_solution_free(s);
    qn_qubo_free(qubo);
    qn_qubo_free(other);
    qn_context_free(context);
    (void)unlink(path);
}

/* The best of other shots may be another state, which the log does not hold. */
static void other_shots_resume(void **state)
{
    (void)state;
    static const qn_qaoa_method methods[] = {QN_QAOA_GROVER, QN_QAOA_DQI};
    qn_context *context = new_context(1);
    qn_qubo *qubo = ring_cut(6);
    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
        unsigned others = 0;
        for (uint64_t seed = 1; seed <= 12; seed++) {
            char path[64];
            temporary(path);
            qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
            options.method = methods[m];
            options.checkpoint = path;
            options.seed = seed;
            options.shots = 1;
            qn_qaoa_solution *one = NULL, *many = NULL;
            assert_ok(qn_qaoa_solve(context, cost_of(qubo), &options, &one));
            options.resume = true;
            options.shots = 4096;
            assert_ok(qn_qaoa_solve(context, cost_of(qubo), &options, &many));
            assert_near(qn_cost_value(cost_of(qubo), many->x), many->cost, 1e-12);
            others += many->cost < one->cost - 0.5 ? 1 : 0;
            qn_qaoa_solution_free(one);
            qn_qaoa_solution_free(many);
            (void)unlink(path);
        }
        assert_true(others > 0);
    }
    qn_qubo_free(qubo);
    qn_context_free(context);
}

/* The n-th allocation fails while the log is written: an error, no leak, and what was written is good for going on. */
static void memory_may_fail(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    qn_context *context = new_context(1);
    qn_qubo *qubo = ring_cut(6);
    qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
    options.checkpoint = path;
    options.resume = true;
    options.max_evaluations = 4;
    bool failed = true;
    for (uint64_t n = 1; failed; n = n < 40 ? n + 1 : n + n / 8) {
        const uint64_t before = qn_memory().bytes_now;
        qn_qaoa_solution *s = NULL;
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = qn_qaoa_solve(context, cost_of(qubo), &options, &s);
        failed = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(status, failed ? QN_ERR_MEMORY : QN_OK);
        assert_true((s != NULL) == !failed);
        qn_qaoa_solution_free(s);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    qn_qubo_free(qubo);
    qn_context_free(context);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_resumes),
        cmocka_unit_test(only_the_same_job_resumes),
        cmocka_unit_test(other_shots_resume),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
