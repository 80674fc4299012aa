/* test_qasm_files.c: includes, and files that nobody here wrote, where they are present: QN_TEST_QASM names their
 * folder (beside this source tree shared/data/qasm by default), with qasmbench/, openqasm3/, random/ and malformed/ in
 * it. */
#include "qasm_machine.h"
#include "qasm_test.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/quern-qasm-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static void write_file(const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_ok(qn_file_write(path, text, strlen(text)));
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"sub/more.inc", "sub/deep.inc", "loop.inc",
                                        "bad.inc",      "whole.qasm",   "mine.inc"};
    char path[256];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/sub", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
    return 0;
}

static qn_status read_beside(const char *text, const qn_qasm_options *options, qn_diagnostics *list, qn_circuit **out)
{
    char name[256];
    (void)snprintf(name, sizeof name, "%s/main.qasm", folder);
    return qn_read_qasm(text, strlen(text), name, options, list, out);
}

static void includes(void **state)
{
    (void)state;
    char path[256];
    (void)snprintf(path, sizeof path, "%s/sub", folder);
    assert_int_equal(mkdir(path, 0777), 0);
    write_file("mine.inc", "\xef\xbb\xbfinclude \"sub/more.inc\";\r\ngate twice a { once a; once a; }\r\n");
    write_file("sub/more.inc", "include \"deep.inc\";\ngate once a { s a; }\n");
    write_file("sub/deep.inc", "// nothing\n");
    write_file("loop.inc", "gate a1 a { }\ninclude \"loop.inc\";\n");
    write_file("bad.inc", "gate a2 a { h b; }\n");
    write_file("whole.qasm", "OPENQASM 3;\nqubit[2] w;\n");
    qn_circuit *circuit = NULL;
    assert_ok(
        read_beside(V3 "include \"mine.inc\";\ninclude \"whole.qasm\";\ntwice w[1];\nx w[0];\n", NULL, NULL, &circuit));
    assert_int_equal(qn_circuit_operations(circuit), 3);
    qn_operation op;
    qn_circuit_operation(circuit, 2, &op);
    assert_int_equal(op.line, 6);
    qn_circuit_free(circuit);
    circuit = NULL;
    assert_fails(read_beside(V3 "include \"loop.inc\";\nqubit q;\n", NULL, NULL, &circuit), QN_ERR_PARSE,
                 "loop.inc:2:9: error: \"loop.inc\" includes itself");
    assert_fails(read_beside(V3 "include \"bad.inc\";\nqubit q;\n", NULL, NULL, &circuit), QN_ERR_PARSE,
                 "bad.inc:1:15: error: qubit 'b' is not defined; did you mean 'a'?");
    assert_fails(read_beside(V3 "include \"deep.inc\";\nqubit q;\n", NULL, NULL, &circuit), QN_ERR_PARSE,
                 "main.qasm:3:9: error: cannot read the included file \"deep.inc\"");
    const char *paths[1] = {path};
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    options.include_paths = paths;
    options.ninclude_paths = 1;
    assert_ok(read_beside(V3 "include \"deep.inc\";\nqubit q;\nx q;\n", &options, NULL, &circuit));
    qn_circuit_free(circuit);
}

static const char *data(void)
{
    const char *given = getenv("QN_TEST_QASM");
    return given != NULL ? given : QN_SOURCE_DIR "/../shared/data/qasm";
}

static char *load(const char *path, size_t *length)
{
    char *text = NULL;
    assert_ok(qn_file_read(path, 0, &text, length));
    return text;
}

/* All .qasm files of a folder; returns how many. */
static size_t each(const char *name, void (*check)(const char *path, const char *text, size_t length))
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", data(), name);
    DIR *directory = opendir(path);
    if (directory == NULL) {
        print_message("%s is not here\n", path);
        skip();
    }
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const size_t n = strlen(entry->d_name);
        if (n > 5 && strcmp(entry->d_name + n - 5, ".qasm") == 0) {
            size_t length = 0;
            (void)snprintf(path, sizeof path, "%s/%s/%s", data(), name, entry->d_name);
            char *text = load(path, &length);
            check(path, text, length);
            qn_text_free(text);
            count++;
        }
    }
    (void)closedir(directory);
    return count;
}

static void reads(const char *path, const char *text, size_t length)
{
    qn_circuit *circuit = NULL;
    const qn_status status = qn_read_qasm(text, length, path, NULL, NULL, &circuit);
    if (strstr(path, "vqe_uccsd") != NULL) { /* measures a register that it never declares */
        assert_int_equal(status, QN_ERR_PARSE);
        assert_non_null(strstr(qn_last_error()->message, "error: qubit 'q' is not defined; did you mean 'reg'?"));
        assert_null(circuit);
        return;
    }
    if (status != QN_OK) {
        print_error("%s\n", qn_last_error()->message);
        fail();
    }
    assert_true(qn_circuit_operations(circuit) > 0);
    qn_circuit_free(circuit);
}

static void benchmark_files(void **state)
{
    (void)state;
    assert_true(each("qasmbench", reads) > 10);
}

static void version_3_files(void **state)
{
    (void)state;
    assert_true(each("openqasm3", reads) >= 3);
}

static void broken_files(void **state)
{
    (void)state;
    assert_true(each("malformed", reads) >= 1);
}

/* 1 + 15 by the ripple-carry adder of the specification. */
static void the_adder_adds(void **state)
{
    (void)state;
    char path[512];
    (void)snprintf(path, sizeof path, "%s/openqasm3/adder.qasm", data());
    if (access(path, R_OK) != 0) {
        print_message("%s is not here\n", path);
        skip();
    }
    size_t length = 0;
    char *text = load(path, &length);
    qn_circuit *circuit = NULL;
    assert_ok(qn_read_qasm(text, length, path, NULL, NULL, &circuit));
    /* permutations of basis states only: followed bit by bit */
    uint32_t basis = 0, answer = 0;
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_MEASURE) {
            answer |= (basis >> op.targets[0] & 1) << op.bit;
        } else if (op.kind == QN_OP_GATE) {
            assert_int_equal(op.base, QN_GATE_X);
            bool fires = true;
            for (uint32_t k = 0; k < op.ncontrols; k++) {
                fires = fires && (basis >> op.controls[k] & 1) != 0;
            }
            basis ^= fires ? 1u << op.targets[0] : 0;
        }
    }
    assert_int_equal(answer, 16);
    qn_circuit_free(circuit);
    qn_text_free(text);
}

/* The line "bits probability" of a result file, bits c[n-1] .. c[0]. */
static void compare(const char *path, const char *text, size_t length)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_read_qasm(text, length, path, NULL, NULL, &circuit));
    double complex state[MACHINE_STATES];
    machine_column(circuit, NULL, 0, state);
    double total = 0;
    for (size_t i = 0; i < MACHINE_STATES; i++) {
        total += creal(state[i] * conj(state[i]));
    }
    assert_near(total, 1, 1e-9);
    char name[512];
    (void)snprintf(name, sizeof name, "%.*s_result.txt", (int)(strlen(path) - 5), path);
    size_t used = 0, lines = 0;
    char *result = load(name, &used);
    for (char *line = strtok(result, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char bits[80];
        double probability = 0;
        for (char *p = line; *p != '\0'; p++) {
            *p = strchr("01.eE+-0123456789 ", *p) != NULL ? *p : ' ';
        }
        if (sscanf(line, " %70[01] %lf", bits, &probability) == 2 && strlen(bits) == qn_circuit_qubits(circuit)) {
            const size_t index = strtoul(bits, NULL, 2);
            /* about a million shots: five standard deviations */
            assert_near(creal(state[index] * conj(state[index])), probability, 5 * sqrt(0.25e-6) + 1e-4);
            lines++;
        }
    }
    if (lines == 0) {
        print_error("%s has no line that this test understands\n", name);
    }
    assert_true(lines > 0);
    qn_text_free(result);
    qn_circuit_free(circuit);
}

static void random_files_give_their_distributions(void **state)
{
    (void)state;
    assert_true(each("random", compare) >= 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(includes),        cmocka_unit_test(benchmark_files),
        cmocka_unit_test(version_3_files), cmocka_unit_test(broken_files),
        cmocka_unit_test(the_adder_adds),  cmocka_unit_test(random_files_give_their_distributions),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
