/* test_format_pauli_errors.c: everything a reader of Pauli sums refuses, each with its line, column and the message's
 * point. */
#include <qn_test.h>

#include <quern/context.h>
#include <quern/format.h>

#include "format/json_locate.h"
#include "format/pauli_terms.h"

typedef struct refusal {
    const char *text;
    const char *message; /* how the message begins */
} refusal;

static void check_refusals(const refusal *cases, size_t count, qn_status expected,
                           qn_status (*read)(const char *, size_t, const char *, qn_pauli_sum **))
{
    const uint64_t before = qn_memory().bytes_now;
    for (size_t i = 0; i < count; i++) {
        qn_pauli_sum *sum = NULL;
        const qn_status status = read(cases[i].text, strlen(cases[i].text), "f.txt", &sum);
        const char *const message = qn_last_error()->message;
        if (status != expected || strncmp(message, cases[i].message, strlen(cases[i].message)) != 0) {
            print_error("<%s>\n  gave     %s: %s\n  expected %s: %s\n", cases[i].text, qn_status_name(status), message,
                        qn_status_name(expected), cases[i].message);
            fail();
        }
        assert_null(sum);
        assert_int_equal(qn_memory().bytes_now, before);
    }
}

static qn_status read_inferring(const char *text, size_t length, const char *name, qn_pauli_sum **out)
{
    return qn_read_pauli_text(text, length, name, 0, out);
}

static qn_status read_three(const char *text, size_t length, const char *name, qn_pauli_sum **out)
{
    return qn_read_pauli_text(text, length, name, 3, out);
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void text(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {"", "f.txt:1:1: error: no terms; expected a Pauli sum"},
        {"# nothing\n", "f.txt:2:1: error: no terms"},
        {"1.0", "f.txt:1:1: error: the number of qubits is not known from any term"},
        {"[]", "f.txt:1:1: error: the number of qubits is not known"},
        {"1.0 ZZ\nhello",
         "f.txt:2:1: error: expected a coefficient or a Pauli string such as ZZ or X0 X1, got 'hello'"},
        {"1.0 ZA", "f.txt:1:6: error: expected Pauli letters I, X, Y, Z, got 'A'"},
        {"1.0 zz", "f.txt:1:5: error: expected a Pauli string such as ZZ or X0 X1, got 'zz'"},
        {"1.0 Zz", "f.txt:1:6: error: expected Pauli letters"},
        {"1.0 XX\n  0.5 ZZZ", "f.txt:2:7: error: the label has 3 letters; expected 2, as an earlier one has"},
        {"1.0 XX\r\n0.5 ZZ\r\n0.1 Z", "f.txt:3:5: error: the label has 1 letters; expected 2"},
        {"1.0 XX\r0.5 ZZ\r0.1 Z", "f.txt:3:5: error: the label has 1 letters"},
        {"\xEF\xBB\xBF"
         "1.0 ZA",
         "f.txt:1:6: error: expected Pauli letters"},
        {"# caf\xC3\xA9 \xE2\x82\xAC\n", "f.txt:2:1: error: no terms"},
        {"ZZ ; \xC3\xA9 ZZ",
         "f.txt:1:6: error: expected a coefficient or a Pauli string such as ZZ or X0 X1, got '\?\?'"},
        {"\xC3\xA9 ZZ", "f.txt:1:1: error"},
        {"ZZ # \xC3\xA9\xC3\xA9\nZ \xE2\x88\x92", "f.txt:2:1: error: the label has 1 letters"},
        {"ZZ; 1 \xE2\x88\x92 ZZ", "f.txt:1:7: error: expected a Pauli string such as ZZ or X0 X1, got '\?\?\?'"},
        {"1.0 ZZ\n0.2 X0 X2", "f.txt:2:8: error: qubit 2 is outside 0..1: an earlier label has 2 letters"},
        {"0.2 X0 X2\n1.0 ZZ", "f.txt:1:1: error: qubit 2 is outside 0..1: a later label has 2 letters"},
        {"X0 Y1 Z0", "f.txt:1:7: error: qubit 0 stands twice in one term"},
        {"0.5 [X3 X3]", "f.txt:1:9: error: qubit 3 stands twice"},
        {"X99999 X100000", "f.txt:1:8: error: the qubit number in 'X100000' is over 99999"},
        {"X99999999999999999999999", "f.txt:1:1: error: the qubit number in 'X99999999999999999999999' is over 99999"},
        {"X0 ZZ", "f.txt:1:4: error: 'ZZ': expected a letter with its qubit number, such as X0"},
        {"XX0", "f.txt:1:1: error: 'XX0': expected a label such as ZZ, or single letters with qubit numbers"},
        {"ZZ XX", "f.txt:1:4: error: expected '+', '-', ';' or the end of the line behind a term, got 'XX'"},
        {"[Z0 Z1", "f.txt:1:7: error: expected a letter with its qubit number or ']', got the end of the file"},
        {"[Z0 \n Z1]", "f.txt:1:5: error: expected a letter with its qubit number or ']', got the end of the line"},
        {"[ZZ]", "f.txt:1:2: error: 'ZZ]': expected a letter with its qubit number"},
        {"0.5 [0^ 1]", "f.txt:1:6: error: expected a letter with its qubit number or ']', got '0^'"},
        {"nan ZZ", "f.txt:1:1: error: coefficient is not a number (NaN); expected a finite number"},
        {"ZZ\n-NaN ZZ", "f.txt:2:2: error: coefficient is not a number"},
        {"inf ZZ", "f.txt:1:1: error: coefficient is infinite"},
        {"(1+infj) ZZ", "f.txt:1:4: error: coefficient is infinite"},
        {"(1+inf j) ZZ", "f.txt:1:4: error: coefficient is infinite"},
        {"1e999 ZZ", "f.txt:1:1: error: coefficient '1e999' is too large for a double"},
        {"-1e999 ZZ", "f.txt:1:2: error: coefficient '1e999' is too large for a double"},
        {"(1e400) ZZ", "f.txt:1:2: error: coefficient '1e400)' is too large"},
        {"1.0.0 ZZ", "f.txt:1:4: error: expected a Pauli string such as ZZ or X0 X1, got '.0'"},
        {"0x10 ZZ", "f.txt:1:2: error: expected a Pauli string such as ZZ or X0 X1, got 'x10'"},
        {"1e ZZ", "f.txt:1:2: error: expected a Pauli string such as ZZ or X0 X1, got 'e'"},
        {"1,5 ZZ", "f.txt:1:2: error: expected a Pauli string such as ZZ or X0 X1, got ',5'"},
        {"1.0 2.0 ZZ", "f.txt:1:5: error: expected a Pauli string such as ZZ or X0 X1, got '2.0'"},
        {"1.0 *", "f.txt:1:6: error: expected a Pauli string, got the end of the file"},
        {"1.0 * # c", "f.txt:1:7: error: expected a Pauli string, got '#'"},
        {"X0 * ", "f.txt:1:6: error: expected Pauli letters"},
        {"(1+2) ZZ", "f.txt:1:4: error: expected an imaginary part such as 2j"},
        {"(1+2j ZZ", "f.txt:1:7: error: expected ')' after the coefficient, got 'ZZ'"},
        {"() ZZ", "f.txt:1:2: error: coefficient: expected a number, got ')'"},
        {"(1+j) ZZ", "f.txt:1:4: error: coefficient: expected a number, got 'j)'"},
        {"1+2j ZZ", "f.txt:1:3: error: a complex coefficient needs brackets; expected a form such as (1+2j)"},
        {"ZZ -1.0", "f.txt:1:5: error: a coefficient stands before its Pauli string"},
        {"ZZ 1.0",
         "f.txt:1:4: error: a coefficient stands before its Pauli string; expected \"0.5 ZZ\", got '1.0' behind one"},
        {"-", "f.txt:1:2: error: expected a coefficient or a Pauli string"},
        {"ZZ +", "f.txt:1:4: error: expected a term behind '+'"},
        {"ZZ +\n# c\n", "f.txt:1:4: error: expected a term behind '+'"},
        {"ZZ - ; XX", "f.txt:1:4: error: expected a term behind '-'"},
        {"--1 ZZ", "f.txt:1:2: error: expected a coefficient or a Pauli string"},
        {"ZZ ++- XX", "f.txt:1:6: error: expected a coefficient"},
    };
    check_refusals(cases, COUNT(cases), QN_ERR_PARSE, read_inferring);
    static const refusal of_three[] = {
        {"1.0 ZZZ\n0.5 ZZ", "f.txt:2:5: error: the label has 2 letters; expected 3, one for each qubit"},
        {"1.0 X3", "f.txt:1:5: error: qubit 3 is outside 0..2 (3 qubits)"},
    };
    check_refusals(of_three, COUNT(of_three), QN_ERR_PARSE, read_three);
}

static void texts_that_are_no_text(void **state)
{
    (void)state;
    qn_pauli_sum *sum = NULL;
    assert_fails(qn_read_pauli_text("Z\0Z", 3, "n", 0, &sum), QN_ERR_PARSE,
                 "n:1:2: error: a byte of value 0; expected text");
    assert_fails(qn_read_pauli_text("1\0 \0Z\0", 6, "n", 0, &sum), QN_ERR_PARSE,
                 "n:1:2: error: a byte of value 0 (UTF-16?)");
    assert_fails(qn_read_pauli_text("\xFF\xFE"
                                    "Z\0",
                                    4, "n", 0, &sum),
                 QN_ERR_PARSE, "n:1:1: error: this is UTF-16 text");
    assert_fails(qn_read_pauli_json("\xFE\xFF\0[", 4, "n", &sum), QN_ERR_PARSE, "this is UTF-16 text");
    assert_fails(qn_read_hamiltonian("\xFE\xFF\0[", 4, NULL, &sum), QN_ERR_PARSE,
                 "input:1:1: error: this is UTF-16 text");
    assert_fails(qn_read_pauli_text(NULL, 4, "n", 0, &sum), QN_ERR_ARGUMENT, "NULL");
    assert_fails(qn_read_pauli_text("Z", 1, "n", 0, NULL), QN_ERR_ARGUMENT, "sum");
    assert_fails(qn_read_pauli_text("Z", 1, "n", 100001, &sum), QN_ERR_RANGE, "100000");
    assert_fails(qn_read_pauli_text(NULL, 0, "n", 0, &sum), QN_ERR_PARSE, "n:1:1: error: no terms");
}

static void json(void **state)
{
    (void)state;
    static const refusal cases[] = {
        {"", "f.txt:1:1: error: "},
        {"[[\"ZZ\", 1]\n[\"XX\", 2]]", "f.txt:2:1: error: ']' expected near '['; expected JSON"},
        {"[[\"ZZ\", 1],\n]", "f.txt:2:1: error: "},
        {"{\"ZZ\": 1,\n \"ZZ\": 2}", "f.txt:2:2: error: duplicate object key near '\"ZZ\"'"},
        {"[[\"ZZ\", NaN]]", "f.txt:1:9: error: invalid token near 'NaN'"},
        {"[[\"ZZ\", 1e999]]", "f.txt:1:9: error: real number overflow near '1e999'"},
        {"[]", "f.txt:1:1: error: no terms"},
        {"{}", "f.txt:1:1: error: no terms"},
        {"3", "f.txt:1:1: error: this is a number; expected an object or a list of terms"},
        {"null", "f.txt:1:1: error: this is null"},
        {"[\n 7]", "f.txt:2:2: error: terms[0] is a number; expected [\"label\", coefficient] or an object"},
        {"[[\"ZZ\", 1],\n  [\"XX\"]]", "f.txt:2:3: error: terms[1] is a list of 1; expected [\"label\", coefficient]"},
        {"[[\"ZZ\", 1],\n  [5, 1]]", "f.txt:2:4: error: terms[1]: the label is a number; expected a string"},
        {"[[\"ZZ\", 1],\n  [\"XX\", \"1\"]]",
         "f.txt:2:10: error: the coefficient is a string; expected a number or [real, imaginary]"},
        {"[[\"ZZ\", [1]]]", "f.txt:1:9: error: the coefficient is a list"},
        {"[[\"ZZ\", [1, true]]]", "f.txt:1:9: error: the coefficient is a list"},
        {"[[\"ZZ\", 1],\n  [\"XXA\", 1]]", "f.txt:2:7: error: expected Pauli letters I, X, Y, Z, got 'A'"},
        {"[[\"ZZ\", 1],\n  [\"XXX\", 1]]", "f.txt:2:5: error: the label has 3 letters; expected 2"},
        {"[[\"X0 Y0\", 1]]", "f.txt:1:7: error: qubit 0 stands twice"},
        {"[[\"0.5 ZZ\", 1]]",
         "f.txt:1:4: error: expected a Pauli string such as \"ZZ\" or \"X0 X1\" and nothing else, got '0.5'"},
        {"[[\"[Z0\", 1]]",
         "f.txt:1:7: error: expected a letter with its qubit number or ']', got the end of the label"},
        {"{\"ZZ\": 1,\n \"ZZZ\": 2}", "f.txt:2:3: error: the label has 3 letters; expected 2"},
        {"{\"ZZ\": 1,\n \"XX\": {\"a\": 1}}", "f.txt:2:8: error: the coefficient is an object"},
        {"{\"qubits\": 3,\n\"terms\": [[\"ZZ\", 1]]}",
         "f.txt:2:13: error: the label has 2 letters; expected 3, one for each qubit"},
        {"{\"qubits\": 2.5, \"terms\": []}", "f.txt:1:12: error: \"qubits\": expected a whole number from 1 to 100000"},
        {"{\"qubits\": 0, \"terms\": []}", "f.txt:1:12: error: \"qubits\": expected a whole number"},
        {"{\"qubits\": 1e9, \"terms\": []}", "f.txt:1:12: error: \"qubits\": expected a whole number"},
        {"{\"qubits\": 2}", "f.txt:1:1: error: \"terms\" is missing"},
        {"{\"terms\": 4}", "f.txt:1:11: error: \"terms\" is a number; expected a list"},
        {"{\"terms\": [],\n \"qubit\": 2}",
         "f.txt:2:2: error: unknown key \"qubit\"; expected \"qubits\", \"terms\", \"name\" or \"comment\"; did "
         "you mean \"qubits\"?"},
        {"[{\"pauli\": \"ZZ\"}]", "f.txt:1:2: error: terms[0] has no \"coefficient\""},
        {"[{\"coefficient\": 1}]", "f.txt:1:2: error: terms[0] has no \"pauli\""},
        {"[{\"pauli\": 1, \"coefficient\": 1}]", "f.txt:1:12: error: terms[0]: the label is a number"},
        {"{\"terms\": [{\"pauli\": \"ZZ\",\n  \"coeff\": 1}]}",
         "f.txt:2:3: error: unknown key \"coeff\"; expected \"pauli\" and \"coefficient\""},
        {"[[\"X5\", 1], [\"ZZ\", 1]]", "f.txt:1:2: error: qubit 5 is outside 0..1: a later label has 2 letters"},
        {"[[\"\", 1]]", "f.txt:1:2: error: the number of qubits is not known"},
        {"# c\n[[\"ZZ\", 1]]", "f.txt:1:1: error: invalid token near '#'"},
    };
    check_refusals(cases, COUNT(cases), QN_ERR_PARSE, qn_read_pauli_json);
    char deep[6000];
    memset(deep, '[', sizeof deep);
    qn_pauli_sum *sum = NULL;
    assert_fails(qn_read_pauli_json(deep, sizeof deep, "d", &sum), QN_ERR_PARSE, "maximum parsing depth");
}

static void hamiltonians(void **state)
{
    (void)state;
    static const refusal parse[] = {
        {"", "f.txt:1:1: error: no terms"},
        {"hello", "f.txt:1:1: error: expected a coefficient or a Pauli string"},
        {"&FCI NORB=2,NELEC=2/\n", "f.txt:1:1: error: this is an FCIDUMP (electronic integrals); expected a Pauli sum"},
        {"{\"qubits\": 3, \"terms\": []}", "f.txt:1:24: error: the sum has no terms; expected a Hamiltonian"},
        {"[]", "f.txt:1:1: error: no terms"},
        {"1e308 ZZ; 1e308 XX; 1e308 ZI", "f.txt:1:1: error: the coefficients add up to more than a double holds"},
    };
    check_refusals(parse, COUNT(parse), QN_ERR_PARSE, qn_read_hamiltonian);
    static const refusal not_hermitian[] = {
        {"1.0 ZZ\n  (0.5+2j) XI\n",
         "f.txt:2:3: error: term 2, XI has the coefficient (0.5+2j), so that the sum is not Hermitian; "
         "expected real coefficients"},
        {"0.1j [Z0]", "f.txt:1:1: error: term 1, Z has the coefficient (0+0.1j)"},
        {"[[\"ZZ\", 1],\n [\"XI\", [0, -1]]]", "f.txt:2:2: error: term 2, XI has the coefficient (0-1j)"},
        {"{\"qubits\": 2, \"terms\": [[\"ZZ\", 1],\n  {\"pauli\": \"XI\", \"coefficient\": [0, 1e-6]}]}",
         "f.txt:2:3: error: term 2, XI"},
        {"{\"ZZ\": 1,\n   \"XI\": [0, -1]}", "f.txt:2:4: error: term 2, XI"},
    };
    check_refusals(not_hermitian, COUNT(not_hermitian), QN_ERR_NOT_HERMITIAN, qn_read_hamiltonian);
}

/* A few bytes that ask for much: refused before memory is taken. */
static void sizes_are_checked_first(void **state)
{
    (void)state;
    enum { TERMS = 60000 };
    char *const text = malloc(TERMS * 3 + 16);
    assert_non_null(text);
    for (size_t i = 0; i < TERMS; i++) {
        memcpy(text + 3 * i, "X0\n", 3);
    }
    memcpy(text + (size_t)TERMS * 3, "X99999\n", 8);
    qn_pauli_sum *sum = NULL;
    qn_memory_reset_peak();
    assert_fails(qn_read_pauli_text(text, strlen(text), "big", 0, &sum), QN_ERR_TOO_LARGE,
                 "60001 terms on 100000 qubits need 1.4 GiB");
    assert_true(qn_memory().bytes_peak < UINT64_C(40) << 20);
    free(text);
}

/* Places in JSON with everything that could lead the walk astray. */
static void places_in_json(void **state)
{
    (void)state;
    static const char text[] = " {\"a\\\"]\": [1, \"}\\\\\"], \"terms\" : [ {\"x\": [[], {}]}, [\"q\", -1e5] ] }";
    const size_t length = sizeof text - 1;
    const qn__json_step element[] = {{"terms", 0}, {NULL, 1}, {NULL, 1}};
    assert_int_equal(text[qn__json_locate(text, length, 0, element, 0)], '{');
    assert_int_equal(text[qn__json_locate(text, length, 0, element, 1)], '[');
    assert_memory_equal(text + qn__json_locate(text, length, 0, element, 2), "[\"q\"", 4);
    assert_memory_equal(text + qn__json_locate(text, length, 0, element, 3), "-1e5", 4);
    const qn__json_step key = {NULL, 1};
    assert_memory_equal(text + qn__json_locate(text, length, 0, &key, 1), "\"terms\"", 7);
    const qn__json_step missing[] = {{"terms", 0}, {NULL, 9}};
    assert_int_equal(qn__json_locate(text, length, 0, missing, 2), qn__json_locate(text, length, 0, missing, 1));
    for (size_t cut = 0; cut <= length; cut++) { /* stays inside texts that break off */
        assert_true(qn__json_locate(text, cut, 0, element, 3) <= cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text),         cmocka_unit_test(texts_that_are_no_text),  cmocka_unit_test(json),
        cmocka_unit_test(hamiltonians), cmocka_unit_test(sizes_are_checked_first), cmocka_unit_test(places_in_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
