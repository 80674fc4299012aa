/* test_format_fcidump.c: FCIDUMPs in every layout, what is refused and where, and files written again. */
#include <qn_test.h>

#include <quern/context.h>
#include <quern/format.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "format/fcidump.h"

/* H2 at 0.735 A in STO-3G. */
#define H2_BODY                                                                                                        \
    "0.67571015480351648 1 1 1 1\n0.66458173025529665 1 1 2 2\n0.18093119978423133 1 2 1 2\n"                          \
    "0.69857372273201834 2 2 2 2\n-1.2563390730032502 1 1 0 0\n-0.47189600728114062 2 2 0 0\n0.71996899444897966 0 0 " \
    "0 0\n"

static qn_integrals *read_dump(const char *text)
{
    qn_integrals *integrals = NULL;
    assert_ok(qn_read_fcidump(text, strlen(text), "f", &integrals));
    return integrals;
}

static double two(const double *h, size_t n, size_t i, size_t j, size_t k, size_t l)
{
    return h[(((i - 1) * n + j - 1) * n + k - 1) * n + l - 1];
}

static void assert_h2(const qn_integrals *in)
{
    assert_int_equal(in->norb, 2);
    assert_int_equal(in->nelec, 2);
    assert_int_equal(in->ms2, 0);
    assert_false(in->unrestricted);
    assert_null(in->h1_b);
    assert_near(in->core, 0.71996899444897966, 0);
    assert_near(in->h1[0], -1.2563390730032502, 0);
    assert_near(in->h1[3], -0.47189600728114062, 0);
    assert_near(in->h1[1], 0, 1e-15);
    for (size_t p = 0; p < 8; p++) { /* (12|12) and its seven equals; 1 and 2 exchanged in each pair and the pairs */
        const size_t a = 1 + (p & 1), b = 1 + ((p >> 1) & 1);
        assert_near(two(in->h2, 2, a, 3 - a, b, 3 - b), 0.18093119978423133, 0);
    }
    assert_near(two(in->h2, 2, 1, 1, 2, 2), 0.66458173025529665, 0);
    assert_near(two(in->h2, 2, 2, 2, 1, 1), 0.66458173025529665, 0);
    assert_near(two(in->h2, 2, 1, 1, 1, 1), 0.67571015480351648, 0);
    assert_near(two(in->h2, 2, 2, 2, 2, 2), 0.69857372273201834, 0);
    assert_near(two(in->h2, 2, 1, 2, 2, 2), 0, 1e-15);
}

static void headers(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "&FCI NORB=2,NELEC=2,MS2=0,\n ORBSYM=1,1,\n ISYM=1,\n/\n" H2_BODY,
        "&FCI NORB=2,NELEC=2,MS2=0,ORBSYM=1,1,ISYM=1,\n&END\n" H2_BODY,
        " $FCI NELEC = 2 , NORB= 2\n $END\n" H2_BODY,
        "&fci\n norb=2 nelec=+2\n orbsym=2*1\n &end\n" H2_BODY,
        "&FCI ISYM=0,MS2=0,\nORBSYM=1\n,1\nNELEC=2,\nNORB=2/\n" H2_BODY,
        "&FCI NORB=2,NELEC=2,OCC= 1, 0,  CLOSED=0,1, MEMORY=100.5 NAME='a / b' IUHF=0 UHF=.FALSE. /\n" H2_BODY,
        "\xEF\xBB\xBF&FCI NORB=2,NELEC=2\r\n/\r\n" H2_BODY,
        "&FCI NORB=2, ! a comment /\n NELEC=2 /  ! another\n" H2_BODY,
        "&FCI NORB=2,NELEC=2,/\n\n  -0.57 1 0 0 0\n0.66 2 0 0 0\n" H2_BODY, /* orbital energies are passed over */
        "&FCI NORB=2,NELEC=2,/\n0.18093119978423133 2 1 2 1\n 0.18093119978423133 1 2 2 1\n.66458173025529665D0 2 2 1 "
        "1\n"
        "-2.3575299028703285E-16 1 2 0 0\n-2.4E-16 2 1 0 0\n" H2_BODY, /* redundant entries count once */
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        qn_integrals *const in = read_dump(forms[i]);
        assert_int_equal(qn_format_detect(forms[i], strlen(forms[i])), QN_FORMAT_FCIDUMP);
        assert_h2(in);
        if (in->orbital_symmetry != NULL) {
            assert_int_equal(in->orbital_symmetry[1], 1);
        }
        qn_integrals_free(in);
    }
}

static void values(void **state)
{
    (void)state;
    qn_integrals *in = read_dump(
        "&FCI NORB=3,NELEC=3,MS2=-1,ORBSYM=1,2*-3/\n1.5D+00 1 1 0 0\n.5d-1 2 1 0 0\n-2.5-101 3 3 0 0\n4 3 2 1 1");
    assert_int_equal(in->ms2, -1);
    assert_near(in->h1[0], 1.5, 0);
    assert_near(in->h1[1], 0.05, 0);
    assert_near(in->h1[3], 0.05, 0);
    assert_near(in->h1[8], -2.5e-101, 0);
    assert_near(two(in->h2, 3, 1, 1, 2, 3), 4, 0);
    assert_near(in->core, 0, 0); /* none given */
    assert_int_equal(in->orbital_symmetry[0], 1);
    assert_int_equal(in->orbital_symmetry[2], -3);
    qn_integrals_free(in);
    /* many symmetry labels over many lines */
    in = read_dump("&FCI NORB=20,NELEC=2,\nORBSYM=1,2,3,4,5,6,7,8,\n1,2,3,4,5,6,7,8\n 4*7,\n/\n1 20 20 0 0\n");
    assert_int_equal(in->orbital_symmetry[8], 1);
    assert_int_equal(in->orbital_symmetry[19], 7);
    qn_integrals_free(in);
}

/* Two orbitals, all integrals different, in the three unrestricted layouts. */
static void unrestricted(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "&FCI NORB=2,NELEC=3,MS2=1,IUHF=1,/\n"
        "1.1 1 1 1 1\n1.2 2 1 2 1\n1.3 2 2 1 1\n0 0 0 0 0\n2.1 1 1 1 1\n2.2 2 1 1 2\n0.0 0 0 0 0\n"
        "3.1 1 1 2 1\n3.2 2 1 1 1\n3.3 1 1 2 2\n0.0D0 0 0 0 0\n-1.1 1 1 0 0\n-1.2 2 1 0 0\n0 0 0 0 0\n-2.1 1 1 0 "
        "0\n-2.2 1 2 0 0\n"
        "0 0 0 0 0\n7.5 0 0 0 0\n",
        "&FCI NORB=2,NELEC=3,MS2=1,UHF=.TRUE./\n"
        "1.1 1 1 1 1\n1.2 2 1 2 1\n1.3 2 2 1 1\n2.1 3 3 3 3\n2.2 4 3 3 4\n3.1 1 1 4 3\n3.2 2 1 3 3\n3.3 4 4 1 1\n0 1 3 "
        "0 0\n"
        "-1.1 1 1 0 0\n-1.2 2 1 0 0\n-2.1 3 3 0 0\n-2.2 4 3 0 0\n-0.5 4 0 0 0\n7.5 0 0 0 0\n",
        "&FCI NORB=2,NELEC=3,MS2=1/\n" /* no flag: known by the entry 4 4 0 0 */
        "7.5 0 0 0 0\n1.1 1 1 1 1\n1.2 2 1 2 1\n1.3 2 2 1 1\n2.1 3 3 3 3\n2.2 4 3 3 4\n3.1 3 4 1 1\n3.2 2 1 3 3\n3.3 4 "
        "4 1 1\n"
        "-1.1 1 1 0 0\n-1.2 2 1 0 0\n-2.1 3 3 0 0\n-2.2 4 3 0 0\n0 4 4 0 0\n",
        "&FCI UHF=T,NORB=4,NELEC=3,MS2=1/\n" /* odd: alpha, even: beta */
        "1.1 1 1 1 1\n1.2 3 1 3 1\n1.3 3 3 1 1\n2.1 2 2 2 2\n2.2 4 2 2 4\n3.1 1 1 4 2\n3.2 3 1 2 2\n3.3 4 4 1 1\n1e-12 "
        "1 2 3 3\n"
        "-1.1 1 1 0 0\n-1.2 3 1 0 0\n-2.1 2 2 0 0\n-2.2 4 2 0 0\n7.5 0 0 0 0\n",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        qn_integrals *const in = read_dump(forms[i]);
        assert_true(in->unrestricted);
        assert_int_equal(in->norb, 2);
        assert_near(in->core, 7.5, 0);
        assert_near(two(in->h2, 2, 1, 1, 1, 1), 1.1, 0);
        assert_near(two(in->h2, 2, 1, 2, 2, 1), 1.2, 0);
        assert_near(two(in->h2, 2, 1, 1, 2, 2), 1.3, 0);
        assert_near(two(in->h2_bb, 2, 1, 1, 1, 1), 2.1, 0);
        assert_near(two(in->h2_bb, 2, 2, 1, 2, 1), 2.2, 0);
        assert_near(two(in->h2_ab, 2, 1, 1, 1, 2), 3.1, 0);
        assert_near(two(in->h2_ab, 2, 1, 1, 2, 1), 3.1, 0);
        assert_near(two(in->h2_ab, 2, 1, 2, 1, 1), 3.2, 0); /* not equal to (11|12): the pairs have different spins */
        assert_near(two(in->h2_ab, 2, 2, 1, 1, 1), 3.2, 0);
        assert_near(two(in->h2_ab, 2, 1, 1, 2, 2), i == 0 ? 3.3 : two(in->h2_ab, 2, 1, 1, 2, 2), 0);
        assert_near(in->h1[2], -1.2, 0);
        assert_near(in->h1_b[0], -2.1, 0);
        assert_near(in->h1_b[1], -2.2, 0);
        qn_integrals_free(in);
    }
    qn_integrals *const split = read_dump(forms[1]); /* 4 4 1 1 is (bb|aa): (aa|bb) with the pairs changed over */
    assert_near(two(split->h2_ab, 2, 1, 1, 2, 2), 3.3, 0);
    qn_integrals_free(split);
    qn_integrals *const interleaved = read_dump(forms[3]);
    assert_near(two(interleaved->h2_ab, 2, 1, 1, 2, 2), 3.3, 0);
    qn_integrals_free(interleaved);
}

static void refusals(void **state)
{
    (void)state;
#define HEAD "&FCI NORB=2,NELEC=2/\n"
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "f:1:1: error: expected an FCIDUMP, which begins with &FCI, got the end of the file"},
        {"hello", "f:1:1: error: expected an FCIDUMP, which begins with &FCI, got 'hello'"},
        {"&FCI NELEC=2/\n1 1 1 0 0\n", "f:1:1: error: the header has no NORB"},
        {"&FCI NORB=2/\n1 1 1 0 0\n", "f:1:1: error: the header has no NELEC"},
        {"&FCI NORB=2,NELEC=2\n", "f:2:1: error: the header has no end; expected / or &END"},
        {"&FCI NORB=2,NELEC=2\n1 1 1 0 0\n",
         "f:2:1: error: expected a key and '=', such as NORB=2, or / or &END to end the header, got '1'"},
        {"&FCI NORB=0,NELEC=2/", "f:1:11: error: NORB=0 is outside 1.."},
        {"&FCI NORB=-2,NELEC=2/", "f:1:11: error: NORB=-2 is outside"},
        {"&FCI NORB=x,NELEC=2/", "f:1:11: error: NORB: expected a whole number, got 'x,NELEC=2/'"},
        {"&FCI NORB=2.5,NELEC=2/", "f:1:11: error: NORB: expected a whole number"},
        {"&FCI NORB=,NELEC=2/", "f:1:11: error: NORB: expected a whole number"},
        {"&FCI NORB=99999999999999999999,NELEC=2/", "f:1:11: error: NORB="},
        {"&FCI NORB=2,\nNELEC=2,\nNORB=3/\n", "f:3:1: error: NORB stands twice; the first is in line 1"},
        {"&FCI NORB=2,NELEC=3/\n1 1 1 0 0\n",
         "f:1:19: error: NELEC=3 with MS2=0 cannot be; expected both even or both odd, as MS2=1 for a doublet"},
        {"&FCI NORB=2,NELEC=2,\nMS2=1/\n",
         "f:2:5: error: NELEC=2 with MS2=1 cannot be; expected both even or both odd"},
        {"&FCI NORB=2,NELEC=2,MS2=-4/\n", "f:1:25: error: MS2=-4 cannot be with NELEC=2"},
        {"&FCI NORB=2,NELEC=6/\n1 1 1 0 0\n",
         "f:1:19: error: NELEC=6 and MS2=0 put 3 alpha and 3 beta electrons into 2 orbitals"},
        {"&FCI NORB=2,NELEC=-2/\n", "f:1:19: error: NELEC=-2 is outside"},
        {"&FCI NORB=2,NELEC=2,ORBSYM=1,1,1/\n", "f:1:21: error: ORBSYM has 3 labels; expected NORB=2"},
        {"&FCI NORB=2,NELEC=2,ORBSYM=0*1/\n", "f:1:29: error: ORBSYM: a count before '*' must be at least 1"},
        {"&FCI NORB=2,NELEC=2,ORBSYM=2000000*1/\n", "f:1:37: error: ORBSYM has over 1000000 labels"},
        {"&FCI NORB=2,NELEC=2,UHF=maybe/\n", "f:1:25: error: UHF: expected .TRUE. or .FALSE., got 'maybe/'"},
        {"&FCI NORB=2,NELEC=2,IUHF=2/\n", "f:1:26: error: IUHF=2 is outside 0..1"},
        {"&FCI NORB=2,NELEC=2/ 1 1 1 0 0\n", "f:1:22: error: expected the end of the line behind the header, got '1'"},
        {HEAD, "f:2:1: error: no integrals behind the header"},
        {HEAD "abc 1 1 0 0\n", "f:2:1: error: value of the integral: expected a number, got 'abc'"},
        {HEAD "nan 1 1 0 0\n", "f:2:1: error: value of the integral is not a number (NaN)"},
        {HEAD "-Infinity 1 1 0 0\n", "f:2:1: error: value of the integral is infinite"},
        {HEAD "1e999 1 1 0 0\n", "f:2:1: error: value of the integral '1e999' is too large for a double"},
        {HEAD "1.0D+400 1 1 0 0\n", "f:2:1: error: value of the integral '1.0D+400' is too large"},
        {HEAD "1.0x 1 1 0 0\n", "f:2:1: error: value of the integral: expected a number, got '1.0x'"},
        {HEAD "(1.0,0.0) 1 1 0 0\n", "f:2:1: error: complex integrals are not read"},
        {HEAD "1.0 1 1 0\n", "f:2:10: error: expected four orbital indices behind the value, got the end of the line"},
        {HEAD "1.0 1 1 0 0 0\n", "f:2:13: error: expected the end of the line behind four indices, got '0'"},
        {HEAD "1.0 1 1 x 0\n", "f:2:9: error: expected four orbital indices behind the value, got 'x'"},
        {HEAD "1.0 1 -1 0 0\n", "f:2:7: error: expected four orbital indices behind the value, got '-1'"},
        {HEAD "1.0 1 1.5 0 0\n", "f:2:7: error: expected four orbital indices"},
        {HEAD "1.0\n", "f:2:4: error: expected four orbital indices behind the value, got the end of the line"},
        {HEAD "1 1 1 1 1\n\n  1.0 1 5 0 0\n", "f:4:9: error: the orbital index '5' is outside 1..2 (NORB)"},
        {HEAD "1 1 1 1 1\n1.0 1 3 1 1\n",
         "f:3:1: error: an orbital index is outside 1..2 (NORB); a file with beta orbitals from 3 on would "
         "have IUHF=1 or the entry 4 4 0 0"},
        {HEAD "1.0 1 99999999999999999999 1 1\n",
         "f:2:7: error: the orbital index '99999999999999999999' is outside 1..2"},
        {HEAD "1.0 1 0 1 1\n", "f:2:1: error: the indices 1 0 1 1 name no integral"},
        {HEAD "1.0 0 0 1 1\n", "f:2:1: error: the indices 0 0 1 1 name no integral"},
        {HEAD "1.0 1 1 1 0\n", "f:2:1: error: the indices 1 1 1 0 name no integral"},
        {HEAD "0.5 1 2 1 1\n0.1 1 1 0 0\n0.6 1 1 2 1\n",
         "f:4:1: error: the integral 1 1 2 1 is 0.6 here and 0.5 in line 2; expected equal "
         "values, by symmetry"},
        {HEAD "0.5 1 2 0 0\n0.50000002 2 1 0 0\n",
         "f:3:1: error: the integral 2 1 0 0 is 0.50000002 here and 0.5 in line 2"},
        {HEAD "0.5 1 1 0 0\n1 0 0 0 0\n2 0 0 0 0\n",
         "f:4:1: error: the core energy is 2 here and 1 in line 3; expected one value (a file "
         "with several blocks needs IUHF=1"},
        {"&FCI NORB=2,NELEC=2,IUHF=1/\n1 1 1 0 0\n0 0 0 0 0\n0 0 0 0 0\n",
         "f:2:1: error: a one-electron integral in block 1, (aa|aa)"},
        {"&FCI NORB=2,NELEC=2,IUHF=1/\n1 1 1 1 1\n0 0 0 0 0\n0 0 0 0 0\n0 0 0 0 0\n1 1 1 1 1\n",
         "f:6:1: error: a two-electron integral in block 4, h of alpha"},
        {"&FCI NORB=2,NELEC=2,IUHF=1/\n1 1 1 1 1\n0.7 0 0 0 0\n0 0 0 0 0\n",
         "f:3:1: error: the line that ends block 1, (aa|aa), has the value "
         "0.7; expected 0"},
        {"&FCI NORB=2,NELEC=2,IUHF=1/\n1 1 1 1 1\n0 0 0 0 0\n0 0 0 0 0\n",
         "f:5:1: error: the file ends in block 3 of 6"},
        {"&FCI NORB=3,NELEC=2,IUHF=1/\n1 1 1 1 1\n",
         "f:1:11: error: IUHF without blocks numbers spin orbitals, and NORB=3 is odd"},
        {"&FCI NORB=4,NELEC=2,IUHF=1/\n1 1 1 0 0\n1 1 2 0 0\n",
         "f:3:1: error: an integral of 1 mixes alpha and beta; expected pairs of odd"},
        {"&FCI NORB=2,NELEC=2,IUHF=1/\n1 1 1 0 0\n1 1 3 0 0\n",
         "f:3:1: error: an integral of 1 mixes alpha and beta; expected pairs of indices"},
        {"&FCI NORB=4,NELEC=6,UHF=T/\n1 1 1 0 0\n",
         "f:1:19: error: NELEC=6 and MS2=0 put 3 alpha and 3 beta electrons into 2 orbitals"},
    };
#undef HEAD
    const uint64_t before = qn_memory().bytes_now;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_integrals *in = NULL;
        const qn_status status = qn_read_fcidump(cases[i].text, strlen(cases[i].text), "f", &in);
        const char *const message = qn_last_error()->message;
        if (status != QN_ERR_PARSE || strncmp(message, cases[i].message, strlen(cases[i].message)) != 0) {
            print_error("<%s>\n  gave     %s: %s\n  expected %s\n", cases[i].text, qn_status_name(status), message,
                        cases[i].message);
            fail();
        }
        assert_null(in);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    qn_integrals *in = NULL;
    assert_fails(qn_read_fcidump("&FCI\0", 5, "f", &in), QN_ERR_PARSE, "f:1:5: error: a byte of value 0");
    assert_fails(qn_read_fcidump("x", 1, "f", NULL), QN_ERR_ARGUMENT, "place");
}

static void sizes_are_checked_first(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"&FCI NORB=129,NELEC=2/\n1 1 1 0 0\n",
         "f:1:11: error: integrals over 129 orbitals need 2.1 GiB; at most 2.0 GiB are read"},
        {"&FCI NORB=100,NELEC=2/\n1 200 200 0 0\n", "f:1:11: error: integrals over 100 orbitals need 2.2 GiB"},
        {"&FCI NORB=100000,NELEC=2/\n1 1 1 0 0\n", "f:1:11: error: integrals over 100000 orbitals need over 70 PiB"},
        {"&FCI NORB=1000000000,NELEC=2/\n1 1 1 0 0\n",
         "f:1:11: error: integrals over 1000000000 orbitals need over 70 PiB"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_integrals *in = NULL;
        qn_memory_reset_peak();
        assert_fails(qn_read_fcidump(cases[i].text, strlen(cases[i].text), "f", &in), QN_ERR_TOO_LARGE,
                     cases[i].message);
        assert_true(qn_memory().bytes_peak < 100000);
    }
}

static qn_integrals *random_integrals(uint64_t seed, uint64_t run)
{
    const uint32_t n = 1 + (uint32_t)(run % 6);
    qn_integrals *in = NULL;
    assert_ok(qn_integrals_create(n, run % 2 == 1, &in));
    in->nelec = n;
    in->ms2 = (int32_t)(n % 2);
    in->core = qn__random_normal(seed, run, 0);
    if (run % 3 != 0) {
        in->orbital_symmetry = qn__alloc(n, sizeof(int32_t));
        assert_non_null(in->orbital_symmetry);
        for (uint32_t i = 0; i < n; i++) {
            in->orbital_symmetry[i] = 1 + (int32_t)(i % 8);
        }
    }
    uint64_t draw = 1;
    double *const ones[] = {in->h1, in->h1_b}, *const twos[] = {in->h2, in->h2_bb, in->h2_ab};
    for (size_t t = 0; t < (in->unrestricted ? 2U : 1U); t++) {
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j <= i; j++) {
                ones[t][i * n + j] = ones[t][j * n + i] = qn__random_normal(seed, run, draw++) * 1e-3;
            }
        }
    }
    for (size_t t = 0; t < (in->unrestricted ? 3U : 1U); t++) {
        for (size_t e = 0; e < (size_t)n * n * n * n; e++) {
            const size_t i = e / n / n / n, j = e / n / n % n, k = e / n % n, l = e % n;
            if (i < j || k < l || (t < 2 && i * n + j < k * n + l)) {
                continue;
            }
            const double v =
                qn__random_bits(seed, run, 1000000 + draw) % 4 == 0 ? 0 : qn__random_normal(seed, run, draw);
            draw++;
            const size_t p[4][4] = {{i, j, k, l}, {j, i, k, l}, {i, j, l, k}, {j, i, l, k}};
            for (size_t s = 0; s < 4; s++) {
                twos[t][((p[s][0] * n + p[s][1]) * n + p[s][2]) * n + p[s][3]] = v;
                if (t < 2) {
                    twos[t][((p[s][2] * n + p[s][3]) * n + p[s][0]) * n + p[s][1]] = v;
                }
            }
        }
    }
    return in;
}

static void assert_same(const qn_integrals *a, const qn_integrals *b)
{
    assert_int_equal(a->norb, b->norb);
    assert_int_equal(a->nelec, b->nelec);
    assert_int_equal(a->ms2, b->ms2);
    assert_int_equal(a->unrestricted, b->unrestricted);
    assert_near(a->core, b->core, 0);
    const size_t n2 = (size_t)a->norb * a->norb;
    assert_memory_equal(a->h1, b->h1, n2 * sizeof(double));
    assert_memory_equal(a->h2, b->h2, n2 * n2 * sizeof(double));
    if (a->unrestricted) {
        assert_memory_equal(a->h1_b, b->h1_b, n2 * sizeof(double));
        assert_memory_equal(a->h2_bb, b->h2_bb, n2 * n2 * sizeof(double));
        assert_memory_equal(a->h2_ab, b->h2_ab, n2 * n2 * sizeof(double));
    }
}

static void round_trips(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint64_t run = 0; run < 24u * qn_test_scale(); run++) {
        qn_integrals *const in = random_integrals(seed, run);
        char *text = NULL;
        size_t length = 0;
        assert_ok(qn_write_fcidump(in, 0, &text, &length));
        qn_integrals *again = NULL;
        assert_ok(qn_read_fcidump(text, length, "w", &again));
        assert_same(in, again);
        if (in->orbital_symmetry != NULL) {
            assert_memory_equal(in->orbital_symmetry, again->orbital_symmetry, in->norb * sizeof(int32_t));
        }
        qn_integrals_free(in);
        qn_integrals_free(again);
        qn_text_free(text);
    }
}

static void writing(void **state)
{
    (void)state;
    qn_integrals *const in = read_dump("&FCI NORB=2,NELEC=2/\n" H2_BODY "1e-13 1 2 0 0\n");
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_write_fcidump(in, 1e-12, &text, &length));
    assert_string_equal(text, "&FCI NORB=2,NELEC=2,MS2=0,\n  ORBSYM=1,1,\n  ISYM=1,\n/\n"
                              "  6.7571015480351648E-01   1   1   1   1\n  1.8093119978423133E-01   2   1   2   1\n"
                              "  6.6458173025529665E-01   2   2   1   1\n  6.9857372273201834E-01   2   2   2   2\n"
                              " -1.2563390730032502E+00   1   1   0   0\n -4.7189600728114062E-01   2   2   0   0\n"
                              "  7.1996899444897966E-01   0   0   0   0\n");
    assert_fails(qn_write_fcidump(in, -1, &text, &length), QN_ERR_RANGE, "cutoff");
    assert_fails(qn_write_fcidump(NULL, 0, &text, &length), QN_ERR_ARGUMENT, "integrals");
    in->unrestricted = true;
    assert_fails(qn_write_fcidump(in, 0, &text, &length), QN_ERR_ARGUMENT, "beta");
    qn_text_free(text);
    qn_integrals_free(in);
}

static void allocations_that_fail(void **state)
{
    (void)state;
    static const char text[] =
        "&FCI NORB=2,NELEC=2,ORBSYM=1,1,IUHF=1/\n1.1 1 1 1 1\n2.1 3 3 3 3\n3.1 1 1 4 3\n-1.1 1 1 0 0\n"
        "-2.1 3 3 0 0\n0 4 4 0 0\n5 0 0 0 0\n0 1 0 0 0\n0 2 0 0 0\n";
    const uint64_t before = qn_memory().bytes_now;
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        assert_true(n < 100);
        qn_integrals *in = NULL;
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_read_fcidump(text, sizeof text - 1, "f", &in);
        qn__alloc_fail_at(0, false);
        done = status == QN_OK;
        if (!done) {
            assert_int_equal(status, QN_ERR_MEMORY);
            assert_null(in);
        } else {
            bool written = false;
            for (uint64_t m = 1; !written; m++) {
                char *out = NULL;
                size_t length = 0;
                const uint64_t held = qn_memory().bytes_now;
                qn__alloc_fail_at(m, false);
                written = qn_write_fcidump(in, 0, &out, &length) == QN_OK;
                qn__alloc_fail_at(0, false);
                assert_true(written || out == NULL);
                qn_text_free(out);
                assert_int_equal(qn_memory().bytes_now, held);
            }
        }
        qn_integrals_free(in);
        assert_int_equal(qn_memory().bytes_now, before);
    }
}

/* Text of a file of other programs, from QN_DATA or the folder `data` beside the project; NULL when it is not there. */
static char *shared_file(const char *name, size_t *length)
{
    const char *const root = getenv("QN_DATA");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/fcidump/%s", root != NULL ? root : QN_SOURCE_DIR "/../shared/data", name);
    char *text = NULL;
    if (qn_file_read(path, 0, &text, length) != QN_OK) {
        print_message("%s is not there\n", path);
        return NULL;
    }
    return text;
}

/* Files that Qiskit Nature tests with, through a second writing. */
static void files_of_others(void **state)
{
    (void)state;
    static const char *const names[] = {"h2.fcidump", "lih.fcidump"};
    for (size_t i = 0; i < 2; i++) {
        size_t length = 0;
        char *const text = shared_file(names[i], &length);
        if (text == NULL) {
            skip();
        }
        qn_integrals *in = NULL, *again = NULL;
        assert_ok(qn_read_fcidump(text, length, names[i], &in));
        assert_int_equal(in->norb, i == 0 ? 2 : 6);
        char *written = NULL;
        assert_ok(qn_write_fcidump(in, 0, &written, &length));
        assert_ok(qn_read_fcidump(written, length, "w", &again));
        assert_same(in, again);
        qn_integrals_free(in);
        qn_integrals_free(again);
        qn_text_free(text);
        qn_text_free(written);
    }
}

/* Spin orbitals up to 12 with NORB=6, no IUHF, and nine electrons with MS2=0: refused for its electrons; with MS2=1
 * read as unrestricted. */
static void a_radical_with_wrong_spin(void **state)
{
    (void)state;
    size_t length = 0;
    char *const text = shared_file("oh.fcidump", &length);
    if (text == NULL) {
        skip();
    }
    qn_integrals *in = NULL;
    assert_fails(qn_read_fcidump(text, length, "oh", &in), QN_ERR_PARSE, "oh:1:34: error: ");
    assert_non_null(
        strstr(qn_last_error()->message, "NELEC=9 with MS2=0 cannot be; expected both even or both odd, as MS2=1"));
    char *const ms2 = strstr(text, "MS2=   0");
    assert_non_null(ms2);
    ms2[7] = '1';
    assert_ok(qn_read_fcidump(text, length, "oh", &in));
    assert_true(in->unrestricted);
    assert_int_equal(in->norb, 6);
    assert_near(in->h1[0], -37.378218662230807, 0);
    assert_near(in->h1_b[0], -37.387372486455334, 0);
    assert_near(in->core, 11.341212902204017, 0);
    assert_near(two(in->h2_bb, 6, 5, 5, 5, 5), 0.88015909104971279, 0);
    qn_integrals_free(in);
    qn_text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),
        cmocka_unit_test(values),
        cmocka_unit_test(unrestricted),
        cmocka_unit_test(refusals),
        cmocka_unit_test(sizes_are_checked_first),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(writing),
        cmocka_unit_test(allocations_that_fail),
        cmocka_unit_test(files_of_others),
        cmocka_unit_test(a_radical_with_wrong_spin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
