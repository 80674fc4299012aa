/* test_format_file.c: whole files in and out: limits, directories, missing files, links, permissions, nothing left
 * behind. */
#include <qn_test.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <quern/context.h>
#include <quern/format.h>

#include "base/alloc.h"

static char folder[] = "/tmp/quern-test-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static const char *path_of(const char *name)
{
    static char path[600];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Files in the folder, those in `remove` mode deleted. */
static int count_files(bool remove)
{
    DIR *const dir = opendir(folder);
    assert_non_null(dir);
    int count = 0;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            count++;
            if (remove) {
                assert_int_equal(unlink(path_of(entry->d_name)), 0);
            }
        }
    }
    (void)closedir(dir);
    return count;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)count_files(true);
    return rmdir(folder);
}

static void assert_content(const char *path, const char *expected, size_t size)
{
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_file_read(path, 0, &text, &length));
    assert_int_equal(length, size);
    assert_memory_equal(text, expected, size);
    assert_int_equal(text[size], 0);
    qn_text_free(text);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    (void)count_files(true);
    const char *const path = path_of("a.txt");
    assert_ok(qn_file_write(path, "hello\0world", 11));
    assert_content(path, "hello\0world", 11);
    assert_ok(qn_file_write(path, "", 0));
    assert_content(path, "", 0);
    assert_ok(qn_file_write(path, NULL, 0));
    assert_content(path, "", 0);
    const size_t big = 3000017;
    char *const data = malloc(big);
    assert_non_null(data);
    for (size_t i = 0; i < big; i++) {
        data[i] = (char)(i * 31 % 251);
    }
    assert_ok(qn_file_write(path, data, big));
    assert_content(path, data, big);
    free(data);
    assert_int_equal(count_files(false), 1); /* no temporary is left */
}

static void reading_refuses(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 77;
    assert_fails(qn_file_read(path_of("missing"), 0, &text, &length), QN_ERR_IO,
                 "missing: cannot open: No such file or directory");
    assert_fails(qn_file_read(folder, 0, &text, &length), QN_ERR_IO, "is a directory; expected a file");
    assert_ok(qn_file_write(path_of("b"), "0123456789", 10));
    assert_fails(qn_file_read(path_of("b"), 9, &text, &length), QN_ERR_TOO_LARGE, "10 bytes, over the limit of 9");
    assert_fails(qn_file_read("/dev/zero", 100000, &text, &length), QN_ERR_TOO_LARGE, "over the limit of 100000 bytes");
    assert_fails(qn_file_read(NULL, 0, &text, &length), QN_ERR_ARGUMENT, "path");
    assert_null(text);
    assert_int_equal(length, 77);
    assert_ok(qn_file_read(path_of("b"), 10, &text, &length));
    qn_text_free(text);
    qn_text_free(NULL);
}

static void standard_input(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "from a pipe", 11), 11);
    (void)close(ends[1]);
    const int saved = dup(STDIN_FILENO);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    char *text = NULL;
    size_t length = 0;
    const qn_status status = qn_file_read("-", 0, &text, &length);
    (void)dup2(saved, STDIN_FILENO);
    (void)close(saved);
    (void)close(ends[0]);
    assert_ok(status);
    assert_int_equal(length, 11);
    assert_string_equal(text, "from a pipe");
    qn_text_free(text);
}

static void standard_output(void **state)
{
    (void)state;
    (void)fflush(stdout);
    const char *const path = path_of("out");
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int saved = dup(STDOUT_FILENO);
    (void)dup2(file, STDOUT_FILENO);
    const qn_status status = qn_file_write("-", "to standard output", 18);
    (void)dup2(saved, STDOUT_FILENO);
    (void)close(saved);
    (void)close(file);
    assert_ok(status);
    assert_content(path, "to standard output", 18);
}

static void writing_refuses_and_leaves_the_old(void **state)
{
    (void)state;
    (void)count_files(true);
    char nowhere[300];
    (void)snprintf(nowhere, sizeof nowhere, "%s/no/such/x", folder);
    assert_fails(qn_file_write(nowhere, "x", 1), QN_ERR_IO, "No such file or directory");
    assert_fails(qn_file_write(folder, "x", 1), QN_ERR_IO, "is a directory; expected a file");
    assert_fails(qn_file_write("", "x", 1), QN_ERR_IO, "empty");
    assert_fails(qn_file_write(NULL, "x", 1), QN_ERR_ARGUMENT, "path");
    assert_fails(qn_file_write(path_of("c"), NULL, 1), QN_ERR_ARGUMENT, "data");
    assert_int_equal(count_files(false), 0);
    /* a full device is reported, and is still a device */
    struct stat about;
    if (stat("/dev/full", &about) == 0 && S_ISCHR(about.st_mode)) {
        assert_fails(qn_file_write("/dev/full", "x", 1), QN_ERR_IO, "No space left on device");
    }
    assert_ok(qn_file_write("/dev/null", "x", 1));
    assert_int_equal(stat("/dev/null", &about), 0);
    assert_true(S_ISCHR(about.st_mode));
}

static void permissions_and_links(void **state)
{
    (void)state;
    (void)count_files(true);
    const mode_t old = umask(027);
    assert_ok(qn_file_write(path_of("new"), "1", 1));
    (void)umask(old);
    struct stat about;
    assert_int_equal(stat(path_of("new"), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0640);
    assert_int_equal(chmod(path_of("new"), 0604), 0);
    assert_ok(qn_file_write(path_of("new"), "22", 2));
    assert_int_equal(stat(path_of("new"), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0604);
    assert_int_equal(symlink("new", path_of("link")), 0);
    assert_ok(qn_file_write(path_of("link"), "333", 3));
    assert_int_equal(lstat(path_of("link"), &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_content(path_of("new"), "333", 3);
    assert_int_equal(count_files(false), 2);
}

static void allocations_that_fail(void **state)
{
    (void)state;
    const char *const path = path_of("d");
    const uint64_t before = qn_memory().bytes_now;
    assert_ok(qn_file_write(path, "abc", 3));
    qn__alloc_fail_at(1, false);
    assert_fails(qn_file_write(path, "xyz", 3), QN_ERR_MEMORY, "memory");
    assert_content(path, "abc", 3);
    char *text = NULL;
    size_t length = 0;
    qn__alloc_fail_at(1, false);
    assert_fails(qn_file_read(path, 0, &text, &length), QN_ERR_MEMORY, "memory");
    qn__alloc_fail_at(2, false); /* the second is asked for when a pipe or device is longer than the first block */
    assert_fails(qn_file_read("/dev/zero", 1000000, &text, &length), QN_ERR_MEMORY, "memory");
    qn__alloc_fail_at(0, false);
    assert_int_equal(qn_memory().bytes_now, before);
}

static void formats_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        qn_format format;
    } cases[] = {
        {"", QN_FORMAT_UNKNOWN},
        {"# only a comment\n", QN_FORMAT_UNKNOWN},
        {"hello", QN_FORMAT_UNKNOWN},
        {"OPENQASM 2.0;", QN_FORMAT_UNKNOWN},
        {"-1.0 ZZ", QN_FORMAT_PAULI_TEXT},
        {"# comment\n// another\n  0.5 X0 X1", QN_FORMAT_PAULI_TEXT},
        {"\xEF\xBB\xBFZZ", QN_FORMAT_PAULI_TEXT},
        {"(1+2j) XX", QN_FORMAT_PAULI_TEXT},
        {"[] +\n0.5 [Z0]", QN_FORMAT_PAULI_TEXT},
        {"[Z0 Z1]", QN_FORMAT_PAULI_TEXT},
        {"{\"ZZ\": 1}", QN_FORMAT_PAULI_JSON},
        {" \n [ [\"ZZ\", 1] ]", QN_FORMAT_PAULI_JSON},
        {"[{\"pauli\": \"ZZ\"}]", QN_FORMAT_PAULI_JSON},
        {"[]", QN_FORMAT_PAULI_JSON},
        {"&FCI NORB=2", QN_FORMAT_FCIDUMP},
        {" $fci\nNORB=2", QN_FORMAT_FCIDUMP},
        {"&FCIX", QN_FORMAT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const qn_format found = qn_format_detect(cases[i].text, strlen(cases[i].text));
        if (found != cases[i].format) {
            print_error("\"%s\": %s\n", cases[i].text, qn_format_name(found));
            fail();
        }
    }
    assert_int_equal(qn_format_detect(NULL, 0), QN_FORMAT_UNKNOWN);
    assert_string_equal(qn_format_name(QN_FORMAT_PAULI_TEXT), "Pauli sum (text)");
    assert_string_equal(qn_format_name(QN_FORMAT_PAULI_JSON), "Pauli sum (JSON)");
    assert_string_equal(qn_format_name(QN_FORMAT_FCIDUMP), "FCIDUMP");
    assert_string_equal(qn_format_name((qn_format)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(reading_refuses),
        cmocka_unit_test(standard_input),
        cmocka_unit_test(standard_output),
        cmocka_unit_test(writing_refuses_and_leaves_the_old),
        cmocka_unit_test(permissions_and_links),
        cmocka_unit_test(allocations_that_fail),
        cmocka_unit_test(formats_are_told_apart),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
