/* test_format_pauli.c: Pauli sums read from every form of text and JSON, against sums built term by term, and written
 * again. */
#include <qn_test.h>

#include <quern/context.h>
#include <quern/format.h>

#include "base/alloc.h"
#include "base/rng.h"

static qn_pauli_sum *read_text(const char *text, uint32_t nqubits)
{
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_read_pauli_text(text, strlen(text), "t", nqubits, &sum));
    return sum;
}

static qn_pauli_sum *read_json(const char *text)
{
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_read_pauli_json(text, strlen(text), "j", &sum));
    return sum;
}

/* Term k of the sum is coefficient * label, exactly. */
static void assert_term(const qn_pauli_sum *sum, size_t term, double re, double im, const char *label)
{
    char found[64];
    assert_true(term < qn_pauli_sum_terms(sum));
    assert_ok(qn_pauli_sum_label(sum, term, found, sizeof found));
    assert_string_equal(found, label);
    assert_near(qn_pauli_sum_coefficient(sum, term).re, re, 0);
    assert_near(qn_pauli_sum_coefficient(sum, term).im, im, 0);
}

static void coefficients(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double re, im;
    } cases[] = {
        {"ZX", 1, 0},
        {"-ZX", -1, 0},
        {"- ZX", -1, 0},
        {"+ZX", 1, 0},
        {"1 ZX", 1, 0},
        {"-.5e-3 ZX", -5e-4, 0},
        {"+2 ZX", 2, 0},
        {"2.ZX", 2, 0},
        {"2*ZX", 2, 0},
        {"2 * ZX", 2, 0},
        {"-1.0*ZX", -1, 0},
        {"- 0.25 ZX", -0.25, 0},
        {"(1+2j) ZX", 1, 2},
        {"(1-2j)ZX", 1, -2},
        {"( -1 + 2j )*ZX", -1, 2},
        {"-(1+2j) ZX", -1, -2},
        {"0.5j ZX", 0, 0.5},
        {"-0.5J ZX", 0, -0.5},
        {"(0.5j) ZX", 0, 0.5},
        {"(-0.25) ZX", -0.25, 0},
        {"(1e-05+0j) ZX", 1e-5, 0},
        {"0ZX", 0, 0},
        {"1e2ZX", 100, 0},
        {"1 Z1 X0", 1, 0},
        {"1 X0 Z1", 1, 0},
        {"X0Z1", 1, 0},
        {"X0*Z1", 1, 0},
        {"-2*X0 * Z1", -2, 0},
        {"[X0 Z1]", 1, 0},
        {"3 [Z1 X0] +\n 0 [ ]", 3, 0},
        {"\t1\tZX\t", 1, 0},
        {"1 ZX;", 1, 0},
        {";;1 ZX # comment", 1, 0},
        {"1 ZX// comment", 1, 0},
        {"#c\r\n//d\r\n1 ZX\r\n", 1, 0},
        {"\xEF\xBB\xBF"
         "1 ZX",
         1, 0},
        {"1 ZX\r", 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_pauli_sum *const sum = read_text(cases[i].text, 0);
        print_message("%s\n", cases[i].text);
        assert_int_equal(qn_pauli_sum_qubits(sum), 2);
        assert_term(sum, 0, cases[i].re, cases[i].im, "ZX");
        qn_pauli_sum_free(sum);
    }
}

static void many_terms(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "-1.0 ZZI\n0.2 IXX\n0.5\n",
        "-1.0 ZZI; 0.2 IXX; 0.5",
        "-1.0 ZZI + 0.2 IXX + 0.5",
        "-1.0*ZZI+0.2*IXX+0.5",
        "- ZZI\n + 0.2 X1 X0 \n + 0.5 []",
        "-1.0 [Z1 Z2] +\n0.2 [X0 X1] +\n# between\n\n0.5 []",
        "-1.0 [Z1 Z2] + 0.2 [X0 X1] - -0.5 []",
        "ZZI - 2 ZZI + 0.2 IXX + 0.5 III",
    };
    qn_pauli_sum *expected = NULL;
    assert_ok(qn_pauli_sum_create(3, &expected));
    assert_ok(qn_pauli_sum_add_label(expected, (qn_complex){-1, 0}, "ZZI"));
    assert_ok(qn_pauli_sum_add_label(expected, (qn_complex){0.2, 0}, "IXX"));
    assert_ok(qn_pauli_sum_add_label(expected, (qn_complex){0.5, 0}, "III"));
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        qn_pauli_sum *const sum = read_text(forms[i], 0);
        assert_int_equal(qn_pauli_sum_qubits(sum), 3);
        assert_true(qn_pauli_sum_equal(sum, expected, 1e-16));
        qn_pauli_sum_free(sum);
    }
    qn_pauli_sum_free(expected);
    qn_pauli_sum *const twice = read_text("ZZ\nZZ", 0); /* not merged */
    assert_int_equal(qn_pauli_sum_terms(twice), 2);
    qn_pauli_sum_free(twice);
}

static void numbers_of_qubits(void **state)
{
    (void)state;
    qn_pauli_sum *sum = read_text("0.5 X0 X3", 0);
    assert_int_equal(qn_pauli_sum_qubits(sum), 4);
    assert_term(sum, 0, 0.5, 0, "XIIX");
    qn_pauli_sum_free(sum);
    sum = read_text("0.5 X0\nIIZII", 0); /* the label says five */
    assert_int_equal(qn_pauli_sum_qubits(sum), 5);
    assert_term(sum, 0, 0.5, 0, "IIIIX");
    qn_pauli_sum_free(sum);
    sum = read_text("0.5 X0", 6);
    assert_int_equal(qn_pauli_sum_qubits(sum), 6);
    qn_pauli_sum_free(sum);
    sum = read_text("2 # a number alone", 3);
    assert_term(sum, 0, 2, 0, "III");
    qn_pauli_sum_free(sum);
    sum = read_text(" # nothing\n", 3);
    assert_int_equal(qn_pauli_sum_terms(sum), 0);
    qn_pauli_sum_free(sum);
    sum = read_text("I7", 0); /* an identity names its qubit */
    assert_int_equal(qn_pauli_sum_qubits(sum), 8);
    qn_pauli_sum_free(sum);
    char *const label = malloc(100001);
    assert_non_null(label);
    memset(label, 'Z', 100000);
    label[100000] = '\0';
    sum = read_text(label, 0);
    assert_int_equal(qn_pauli_sum_qubits(sum), 100000);
    qn_pauli_sum_free(sum);
    free(label);
}

static void json_forms(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "{\"qubits\":2,\"terms\":[{\"pauli\":\"ZZ\",\"coefficient\":-1.0},{\"pauli\":\"X0 "
        "X1\",\"coefficient\":[0.2,0.0]},[\"ZI\", 0.5]]}",
        "[[\"ZZ\", -1], [\"XX\", [0.2, 0]], [\"ZI\", 0.5]]",
        "{\"ZZ\": -1.0, \"X0 X1\": 0.2, \"[Z1]\": 0.5}",
        "\xEF\xBB\xBF{\"name\": \"a\", \"comment\": {\"x\": [\"]\", \"}\"]}, \"terms\": [[\"ZZ\", -1], [\"XX\", 0.2], "
        "[\"ZI\", 5e-1]]}",
        "[{\"coefficient\": -1, \"pauli\": \" ZZ \"}, [\"X1X0\", 0.2], [\"Z1\", 0.5]]",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        qn_pauli_sum *const sum = read_json(forms[i]);
        assert_int_equal(qn_pauli_sum_qubits(sum), 2);
        assert_int_equal(qn_pauli_sum_terms(sum), 3);
        assert_term(sum, 0, -1, 0, "ZZ");
        assert_term(sum, 1, 0.2, 0, "XX");
        assert_term(sum, 2, 0.5, 0, "ZI");
        qn_pauli_sum_free(sum);
    }
    qn_pauli_sum *sum = read_json("{\"qubits\": 4, \"terms\": [[\"X0\", [1, -2]], [\"\", 3]]}");
    assert_term(sum, 0, 1, -2, "IIIX");
    assert_term(sum, 1, 3, 0, "IIII");
    qn_pauli_sum_free(sum);
    sum = read_json("{\"qubits\": 4, \"terms\": []}");
    assert_int_equal(qn_pauli_sum_qubits(sum), 4);
    assert_int_equal(qn_pauli_sum_terms(sum), 0);
    qn_pauli_sum_free(sum);
}

/* Text and JSON read back bit for bit: random sums with exponents from all over the range of a double. */
static void round_trips(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint64_t run = 0; run < 60u * qn_test_scale(); run++) {
        const uint32_t nqubits = 1 + (uint32_t)(qn__random_bits(seed, run, 0) % 130);
        const size_t nterms = 1 + qn__random_bits(seed, run, 1) % 30;
        qn_pauli_sum *sum = NULL;
        assert_ok(qn_pauli_sum_create(nqubits, &sum));
        char label[131];
        for (uint64_t k = 0; k < nterms; k++) {
            for (uint32_t q = 0; q < nqubits; q++) {
                label[q] = "IXYZ"[qn__random_bits(seed, run, 100 + k * 200 + q) % 4];
            }
            label[nqubits] = '\0';
            const qn_complex c = {ldexp(qn__random_normal(seed, run, 7000 + k), (int)(k * 67 % 2000) - 1000),
                                  k % 3 == 0 ? qn__random_normal(seed, run, 8000 + k) : 0};
            assert_ok(qn_pauli_sum_add_label(sum, c, label));
        }
        for (int json = 0; json < 2; json++) {
            char *text = NULL;
            size_t length = 0;
            qn_pauli_sum *again = NULL;
            assert_ok(json ? qn_write_pauli_json(sum, &text, &length) : qn_write_pauli_text(sum, &text, &length));
            assert_int_equal(strlen(text), length);
            assert_int_equal(qn_format_detect(text, length), json ? QN_FORMAT_PAULI_JSON : QN_FORMAT_PAULI_TEXT);
            assert_ok(json ? qn_read_pauli_json(text, length, "j", &again)
                           : qn_read_pauli_text(text, length, "t", 0, &again));
            assert_int_equal(qn_pauli_sum_qubits(again), nqubits);
            assert_int_equal(qn_pauli_sum_terms(again), nterms);
            for (size_t k = 0; k < nterms; k++) {
                const qn_complex a = qn_pauli_sum_coefficient(sum, k), b = qn_pauli_sum_coefficient(again, k);
                assert_memory_equal(&a, &b, sizeof a);
            }
            assert_true(qn_pauli_sum_equal(sum, again, 0));
            qn_pauli_sum_free(again);
            qn_text_free(text);
        }
        qn_pauli_sum_free(sum);
    }
}

static void written_forms(void **state)
{
    (void)state;
    qn_pauli_sum *const sum = read_text("-1.5 ZZ\n(0.5-2j) XI\n0.1 IY", 0);
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_write_pauli_text(sum, &text, &length));
    assert_string_equal(text, "-1.5 ZZ\n(0.5-2j) XI\n0.10000000000000001 IY\n");
    qn_text_free(text);
    assert_ok(qn_write_pauli_json(sum, &text, &length));
    assert_string_equal(text, "{\"qubits\": 2, \"terms\": [\n  {\"pauli\": \"ZZ\", \"coefficient\": -1.5},\n"
                              "  {\"pauli\": \"XI\", \"coefficient\": [0.5, -2]},\n"
                              "  {\"pauli\": \"IY\", \"coefficient\": 0.10000000000000001}\n]}\n");
    qn_text_free(text);
    qn_pauli_sum_free(sum);
}

static void hamiltonians(void **state)
{
    (void)state;
    static const char *const forms[] = {"-1 ZZ\n0.5 XI", "[[\"ZZ\", -1], [\"XI\", 0.5]]",
                                        "{\"ZZ\": -1, \"XI\": [0.5, 0]}", "(-1+0j) [Z0 Z1] +\n(0.5+0j) [X1]",
                                        "(-1+1j) ZZ\n0.5 XI\n-1j ZZ"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        qn_pauli_sum *sum = NULL;
        assert_ok(qn_read_hamiltonian(forms[i], strlen(forms[i]), "h", &sum));
        assert_int_equal(qn_pauli_sum_qubits(sum), 2);
        assert_near(qn_pauli_sum_one_norm(sum), 1.5, i == 4 ? 2 : 1e-15);
        qn_pauli_sum_free(sum);
    }
}

/* Every allocation fails once; nothing leaks and the output stays untouched. */
static void allocations_that_fail(void **state)
{
    (void)state;
    static const char *const texts[] = {"-1.0 ZZ\n0.2 X0 X1\n0.5\n-1 [Z0]", "[[\"ZZ\", -1], [\"X0 X1\", 0.5]]"};
    static const char many[] =
        "X0 X1 X2 X3 X4 X5 X6 X7 X8 X9 X10 X11 X12 X13 X14 X15 X16 X17 X18 X19 X20 X21 X22 X23 X24 X25 X26 X27 X28 X29 "
        "X30 X31 X32 X33 X34";
    const uint64_t before = qn_memory().bytes_now;
    for (int which = 0; which < 6; which++) {
        bool done = false;
        for (uint64_t n = 1; !done; n++) {
            assert_true(n < 200);
            qn_pauli_sum *sum = NULL;
            char *text = NULL;
            size_t length = 0;
            qn_status status = QN_OK;
            if (which < 4) {
                const char *const from = which == 3 ? many : texts[which % 2];
                qn__alloc_fail_at(n, false);
                status = which == 2   ? qn_read_hamiltonian(from, strlen(from), "h", &sum)
                         : which == 1 ? qn_read_pauli_json(from, strlen(from), "j", &sum)
                                      : qn_read_pauli_text(from, strlen(from), "t", 0, &sum);
            } else {
                qn_pauli_sum *const input = read_text(texts[0], 0);
                qn__alloc_fail_at(n, false);
                status = which == 4 ? qn_write_pauli_text(input, &text, &length)
                                    : qn_write_pauli_json(input, &text, &length);
                qn_pauli_sum_free(input);
            }
            qn__alloc_fail_at(0, false);
            done = status == QN_OK;
            if (!done) {
                assert_int_equal(status, QN_ERR_MEMORY);
                assert_null(sum);
                assert_null(text);
            }
            qn_pauli_sum_free(sum);
            qn_text_free(text);
            assert_int_equal(qn_memory().bytes_now, before);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coefficients),      cmocka_unit_test(many_terms),
        cmocka_unit_test(numbers_of_qubits), cmocka_unit_test(json_forms),
        cmocka_unit_test(round_trips),       cmocka_unit_test(written_forms),
        cmocka_unit_test(hamiltonians),      cmocka_unit_test(allocations_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
