/* fuzz_fcidump.c: FCIDUMPs: any bytes are read or refused with a place, and what was read is written and read again,
 * bit for bit. */
#include <string.h>

#include <quern/format.h>

#include "format/fcidump.h"
#include "fuzz.h"

static void check_equal(const double *a, const double *b, size_t count)
{
    FUZZ_CHECK((a == NULL) == (b == NULL));
    for (size_t i = 0; a != NULL && i < count; i++) {
        FUZZ_CHECK(!(a[i] < b[i]) && !(a[i] > b[i])); /* 0 and -0 are the same: zeros are not written */
    }
}

/* The tensors are symmetric, as everything that uses them takes for granted. */
static void check_symmetry(const double *h2, size_t n, bool exchange)
{
    for (size_t e = 0; h2 != NULL && e < n * n * n * n; e++) {
        const size_t i = e / n / n / n, j = e / n / n % n, k = e / n % n, l = e % n;
        const double value = h2[e];
        const double others[] = {h2[((j * n + i) * n + k) * n + l], h2[((i * n + j) * n + l) * n + k],
                                 exchange ? h2[((k * n + l) * n + i) * n + j] : value};
        for (size_t o = 0; o < 3; o++) {
            FUZZ_CHECK(!(others[o] < value) && !(others[o] > value));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qn_integrals *in = NULL;
    const qn_status status = qn__fcidump_read((const char *)data, size, "in", FUZZ_LIMIT / 64, &in);
    if (status != QN_OK) {
        fuzz_check_failure(status, in);
        FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
        return 0;
    }
    const size_t n2 = (size_t)in->norb * in->norb;
    check_symmetry(in->h2, in->norb, true);
    check_symmetry(in->h2_bb, in->norb, true);
    check_symmetry(in->h2_ab, in->norb, false);
    char *written = NULL;
    size_t length = 0;
    qn_integrals *again = NULL;
    FUZZ_CHECK(qn_write_fcidump(in, 0, &written, &length) == QN_OK);
    FUZZ_CHECK(qn_read_fcidump(written, length, "again", &again) == QN_OK);
    FUZZ_CHECK(again->norb == in->norb && again->nelec == in->nelec && again->ms2 == in->ms2);
    FUZZ_CHECK(again->unrestricted == in->unrestricted);
    check_equal(&in->core, &again->core, 1);
    check_equal(in->h1, again->h1, n2);
    check_equal(in->h1_b, again->h1_b, n2);
    check_equal(in->h2, again->h2, n2 * n2);
    check_equal(in->h2_bb, again->h2_bb, n2 * n2);
    check_equal(in->h2_ab, again->h2_ab, n2 * n2);
    qn_integrals_free(again);
    qn_text_free(written);
    qn_integrals_free(in);
    return 0;
}
