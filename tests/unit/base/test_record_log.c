/* test_record_log.c: records survive, half a record is dropped, foreign files are left alone. */
#include <qn_test.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/record_log.h"

typedef struct seen {
    size_t count;
    char text[8][64];
} seen;

static qn_status remember(void *user, const void *bytes, size_t length)
{
    seen *all = user;
    assert_true(all->count < 8 && length < 64);
    memcpy(all->text[all->count], bytes, length);
    all->text[all->count++][length] = '\0';
    return QN_OK;
}

static void temporary(char path[64])
{
    (void)snprintf(path, 64, "/tmp/quern-test-log-%ld", (long)getpid());
    (void)unlink(path);
}

static void write_two(const char *path)
{
    qn__record_log *log = NULL;
    (void)unlink(path);
    assert_ok(qn__record_log_open(path, 17, false, remember, NULL, &log));
    assert_ok(qn__record_log_append(log, "first", 5));
    assert_ok(qn__record_log_append(log, "second!", 7));
    qn__record_log_close(log);
}

static void resumes_after_any_cut(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    write_two(path);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    const off_t whole = facts.st_size, one = 16 + 16 + 5;
    for (off_t length = whole; length >= 1; length--) {
        write_two(path);
        assert_int_equal(truncate(path, length), 0);
        seen all = {0};
        qn__record_log *log = NULL;
        assert_ok(qn__record_log_open(path, 17, true, remember, &all, &log));
        assert_int_equal(all.count, length == whole ? 2 : length >= one ? 1 : 0);
        assert_ok(qn__record_log_append(log, "third", 5));
        qn__record_log_close(log);
        seen again = {0};
        assert_ok(qn__record_log_open(path, 17, true, remember, &again, &log));
        qn__record_log_close(log);
        assert_int_equal(again.count, all.count + 1);
        assert_string_equal(again.text[again.count - 1], "third");
    }
    (void)unlink(path);
}

static void damaged_record_ends_the_log(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    write_two(path);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 16 + 16 + 2, SEEK_SET), 0);
    assert_int_equal(fputc('X', file), 'X');
    assert_int_equal(fclose(file), 0);
    seen all = {0};
    qn__record_log *log = NULL;
    assert_ok(qn__record_log_open(path, 17, true, remember, &all, &log));
    assert_int_equal(all.count, 0);
    qn__record_log_close(log);
    (void)unlink(path);
}

static void refuses_what_is_not_its_own(void **state)
{
    (void)state;
    char path[64];
    temporary(path);
    qn__record_log *log = NULL;
    write_two(path);
    assert_fails(qn__record_log_open(path, 17, false, remember, NULL, &log), QN_ERR_CHECKPOINT, "resume it");
    assert_fails(qn__record_log_open(path, 18, true, remember, NULL, &log), QN_ERR_CHECKPOINT,
                 "belongs to another run");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("my thesis", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_fails(qn__record_log_open(path, 17, false, remember, NULL, &log), QN_ERR_CHECKPOINT,
                 "no checkpoint of quern");
    assert_fails(qn__record_log_open(path, 17, true, remember, NULL, &log), QN_ERR_CHECKPOINT,
                 "no checkpoint of quern");
    char text[16] = "";
    file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, "my thesis");
    (void)unlink(path);
    assert_fails(qn__record_log_open("/nonexistent/x", 17, false, remember, NULL, &log), QN_ERR_IO, "cannot open");
    assert_fails(qn__record_log_open("/tmp", 17, false, remember, NULL, &log), QN_ERR_IO, "/tmp");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resumes_after_any_cut),
        cmocka_unit_test(damaged_record_ends_the_log),
        cmocka_unit_test(refuses_what_is_not_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
