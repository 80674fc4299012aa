/* qasm_test.h: what the tests of the OpenQASM reader share: reading strings, unitaries by the reference engine, and a
 * small machine that runs dynamic circuits. */
#ifndef QN_QASM_TEST_H
#define QN_QASM_TEST_H

#include "qn_test.h"

#include <quern/format.h>
#include <quern/qasm.h>

#define V2 "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"
#define V3 "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"

/* Reads or fails the test, with the findings shown. */
static inline qn_circuit *read_text(const char *text, const qn_qasm_options *options)
{
    qn_diagnostics *list = NULL;
    qn_circuit *circuit = NULL;
    assert_ok(qn_diagnostics_create(&list));
    const qn_status status = qn_read_qasm(text, strlen(text), "in.qasm", options, list, &circuit);
    if (status != QN_OK) {
        char *shown = NULL;
        size_t length = 0;
        assert_ok(qn_diagnostics_text(list, false, &shown, &length));
        print_error("%s\n%s: %s\nof:\n%s\n", shown, qn_status_name(status), qn_last_error()->message, text);
        fail();
    }
    qn_diagnostics_free(list);
    return circuit;
}

/* The k-th error of a text that must not be read. */
typedef struct expected_error {
    uint32_t line, column;
    const char *message; /* a part of it */
} expected_error;

static inline void check_errors(const char *text, qn_status status, const expected_error *errors, size_t count)
{
    qn_diagnostics *list = NULL;
    qn_circuit *circuit = NULL;
    assert_ok(qn_diagnostics_create(&list));
    const qn_status got = qn_read_qasm(text, strlen(text), "in.qasm", NULL, list, &circuit);
    char *shown = NULL;
    size_t length = 0;
    assert_ok(qn_diagnostics_text(list, false, &shown, &length));
    bool good = got == status && circuit == NULL && qn_diagnostics_errors(list) == count;
    size_t k = 0;
    for (size_t i = 0; i < qn_diagnostics_count(list); i++) {
        qn_diagnostic d;
        qn_diagnostics_get(list, i, &d);
        if (d.severity == QN_SEVERITY_ERROR && k < count) {
            good = good && d.line == errors[k].line && d.column == errors[k].column &&
                   strstr(d.message, errors[k].message) != NULL;
            k++;
        }
    }
    if (!good) {
        print_error("expected %s and %zu errors", qn_status_name(status), count);
        for (size_t i = 0; i < count; i++) {
            print_error("; %u:%u \"%s\"", errors[i].line, errors[i].column, errors[i].message);
        }
        print_error("\ngot %s:\n%sof:\n%s\n", qn_status_name(got), shown, text);
        fail();
    }
    qn_diagnostics_free(list);
    qn_circuit_free(circuit);

    qn_text_free(shown);
}

#endif
