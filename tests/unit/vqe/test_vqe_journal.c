/* test_vqe_journal.c: a run cut at any byte of its checkpoint and resumed equals the uninterrupted one. */
#include "vqe_problem.h"

#include <sys/stat.h>
#include <unistd.h>

static void temporary(char path[64])
{
    (void)snprintf(path, 64, "/tmp/quern-test-journal-%ld", (long)getpid());
    (void)unlink(path);
}

/* Run whole; then for several cuts: run again, cut, resume on another number of threads, compare. */
static void cut_and_resume(const problem *p, qn_vqe_options options)
{
    char path[64];
    temporary(path);
    qn_vqe_result *plain = NULL, *whole = NULL;
    assert_ok(problem_run(p, 1, &options, &plain));
    options.checkpoint = path;
    assert_ok(problem_run(p, 1, &options, &whole));
    assert_same_result(plain, whole);
    assert_int_equal(whole->replayed, 0);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    options.resume = true;
    for (unsigned cut = 0; cut <= 10; cut++) {
        const off_t length = facts.st_size * (10 - (off_t)cut) / 10 - (cut == 3) - 5 * (cut == 6);
        assert_int_equal(truncate(path, length < 16 ? 16 : length), 0);
        qn_vqe_result *resumed = NULL;
        assert_ok(problem_run(p, 1 + cut % 2, &options, &resumed));
        assert_same_result(whole, resumed);
        assert_true(cut == 10 ? resumed->replayed == 0 : resumed->replayed > 0);
        assert_int_equal(stat(path, &facts), 0);
        qn_vqe_result_free(resumed);
    }
    qn_vqe_result_free(plain);
    qn_vqe_result_free(whole);
    (void)unlink(path);
}

static void every_kind_of_method_resumes(void **state)
{
    (void)state;
    problem p = problem_make();
    static const struct {
        const char *method;
        uint64_t shots;
        uint32_t starts;
    } cases[] = {{"slsqp", 0, 1}, {"slsqp", 0, 5},  {"cobyla", 0, 1},
                 {"adam", 0, 1},  {"spsa", 256, 1}, {"adam", 256, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_vqe_options options = QN_VQE_OPTIONS_INIT;
        options.optimizer.method = cases[i].method;
        options.optimizer.max_iterations = 20;
        options.optimizer.max_evaluations = 100;
        options.estimator.shots = cases[i].shots;
        options.starts = cases[i].starts;
        options.seed = 11 + i;
        cut_and_resume(&p, options);
    }
    problem_free(&p);
}

static void other_runs_are_refused(void **state)
{
    (void)state;
    problem p = problem_make();
    char path[64];
    temporary(path);
    qn_vqe_options options = QN_VQE_OPTIONS_INIT;
    options.checkpoint = path;
    options.optimizer.max_iterations = 5;
    qn_vqe_result *result = NULL;
    assert_ok(problem_run(&p, 1, &options, &result));
    const double energy = result->energy;
    qn_vqe_result_free(result);
    result = NULL;
    options.resume = true;
    options.seed = 1;
    assert_fails(problem_run(&p, 1, &options, &result), QN_ERR_CHECKPOINT, "belongs to another run");
    options.seed = 0;
    options.optimizer.max_iterations = 50; /* a longer run of the same problem goes on from the shorter one */
    assert_ok(problem_run(&p, 1, &options, &result));
    assert_true(result->replayed > 0 && result->energy <= energy);
    qn_vqe_result_free(result);
    (void)unlink(path);
    problem_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_method_resumes),
        cmocka_unit_test(other_runs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
