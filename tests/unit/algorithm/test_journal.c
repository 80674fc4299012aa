/* test_journal.c: answers come back lane by lane, and only to their own questions. */
#include <qn_test.h>

#include <quern/context.h>

#include <unistd.h>

#include "algorithm/journal.h"
#include "base/alloc.h"

typedef struct answer {
    double value;
    uint64_t count;
} answer;

static void temporary(char path[64])
{
    (void)snprintf(path, 64, "/tmp/quern-test-answers-%ld", (long)getpid());
    (void)unlink(path);
}

/* Lane 0: two answers with numbers; lane 2: one without. */
static qn_status fill(const char *path)
{
    qn__journal *journal = NULL;
    double numbers[3] = {1, 2, 3};
    answer a = {0.5, 7}, b = {0.25, 8}, c = {0.125, 9};
    QN_TRY(qn__journal_open(path, 11, false, 3, &journal));
    qn_status status = qn__journal_add(journal, 0, 100, &(qn__journal_entry){&a, sizeof a, numbers, 3});
    status = status == QN_OK ? qn__journal_add(journal, 2, 300, &(qn__journal_entry){&c, sizeof c, NULL, 3}) : status;
    numbers[0] = 4;
    status =
        status == QN_OK ? qn__journal_add(journal, 0, 200, &(qn__journal_entry){&b, sizeof b, numbers, 3}) : status;
    qn__journal_close(journal);
    return status;
}

static void lanes_are_apart(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    assert_ok(fill(path));
    qn__journal *journal = NULL;
    assert_ok(qn__journal_open(path, 11, true, 3, &journal));
    double numbers[3] = {0};
    answer got = {0};
    bool found = false;
    const qn__journal_entry with = {&got, sizeof got, numbers, 3}, without = {&got, sizeof got, NULL, 0};
    assert_ok(qn__journal_next(journal, 2, 300, &without, &found));
    assert_true(found && got.value == 0.125 && got.count == 9);
    assert_ok(qn__journal_next(journal, 0, 100, &with, &found));
    assert_true(found && got.count == 7 && numbers[0] == 1 && numbers[2] == 3);
    assert_ok(qn__journal_next(journal, 1, 100, &with, &found));
    assert_false(found);
    assert_ok(qn__journal_next(journal, 0, 200, &with, &found));
    assert_true(found && got.count == 8 && numbers[0] == 4);
    assert_ok(qn__journal_next(journal, 0, 200, &with, &found));
    assert_false(found);
    qn__journal_close(journal);
    (void)unlink(path);
}

static void other_questions_are_refused(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    assert_ok(fill(path));
    qn__journal *journal = NULL;
    assert_fails(qn__journal_open(path, 11, true, 2, &journal), QN_ERR_CHECKPOINT, "does not fit this run");
    assert_fails(qn__journal_open(path, 12, true, 3, &journal), QN_ERR_CHECKPOINT, "belongs to another run");
    assert_null(journal);
    assert_ok(qn__journal_open(path, 11, true, 3, &journal));
    double numbers[4] = {0};
    answer got = {0};
    bool found = false;
    const qn__journal_entry whole = {&got, sizeof got, numbers, 3}, longer = {&got, sizeof got, numbers, 4},
                            without = {&got, sizeof got, NULL, 3}, shorter = {&got, 8, numbers, 3};
    const qn__journal_entry *const shapes[] = {&longer, &without, &shorter};
    for (int k = 0; k < 3; k++) {
        assert_fails(qn__journal_next(journal, 0, 100, shapes[k], &found), QN_ERR_CHECKPOINT, "another question");
    }
    assert_fails(qn__journal_next(journal, 0, 200, &whole, &found), QN_ERR_CHECKPOINT, "record 0 of part 0");
    assert_true(!found && got.count == 0 && numbers[0] == 0);
    qn__journal_close(journal);
    (void)unlink(path);
}

static void without_a_path_nothing_is_kept(void **state)
{
    (void)state;
    qn__journal *journal = NULL;
    answer got = {1, 1};
    bool found = true;
    const qn__journal_entry entry = {&got, sizeof got, NULL, 0};
    assert_ok(qn__journal_open(NULL, 0, true, 5, &journal));
    assert_ok(qn__journal_add(journal, 4, 1, &entry));
    assert_ok(qn__journal_next(journal, 4, 1, &entry, &found));
    assert_false(found);
    qn__journal_close(journal);
}

/* The n-th allocation fails, while a journal is written and while it is read. */
static void memory_may_fail(void **state)
{
    (void)state;
    char path[64];
    for (int reading = 0; reading < 2; reading++) {
        bool failed = true;
        for (uint64_t n = 1; failed; n++) {
            temporary(path);
            if (reading != 0) {
                assert_ok(fill(path));
            }
            const uint64_t before = qn_memory().bytes_now;
            qn__journal *journal = NULL;
            (void)qn__alloc_fail_at(n, false);
            const qn_status status = reading != 0 ? qn__journal_open(path, 11, true, 3, &journal) : fill(path);
            failed = qn__alloc_fail_at(0, false) == 0;
            assert_int_equal(status, failed ? QN_ERR_MEMORY : QN_OK);
            qn__journal_close(journal);
            assert_int_equal(qn_memory().bytes_now, before);
        }
    }
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanes_are_apart),
        cmocka_unit_test(other_questions_are_refused),
        cmocka_unit_test(without_a_path_nothing_is_kept),
        cmocka_unit_test(memory_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
