/* fuzz_matrix.c: Matrix Market and triplet files: any bytes are read or refused with a place, and what was read is
 * written and read again, bit for bit. */
#include <string.h>

#include <quern/format.h>

#include "format/matrix_entries.h"
#include "fuzz.h"

static void check_form(const qn_sparse *m)
{
    FUZZ_CHECK(m->start[0] == 0 && m->start[m->rows] == m->nonzeros);
    for (size_t r = 0; r < m->rows; r++) {
        FUZZ_CHECK(m->start[r] <= m->start[r + 1]);
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            FUZZ_CHECK(m->column[e] < m->columns && (e == m->start[r] || m->column[e - 1] < m->column[e]));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qn_sparse *in = NULL, *again = NULL;
    const qn_status status = qn__matrix_read((const char *)data, size, "in", FUZZ_LIMIT, &in);
    if (status == QN_ERR_NAN) { /* a sum that overflows has no one place */
        FUZZ_CHECK(in == NULL);
        return 0;
    }
    if (status != QN_OK) {
        fuzz_check_failure(status, in);
        FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
        return 0;
    }
    check_form(in);
    char *written = NULL;
    size_t length = 0;
    FUZZ_CHECK(qn_write_matrix_market(in, &written, &length) == QN_OK);
    FUZZ_CHECK(qn_read_matrix(written, length, "again", &again) == QN_OK);
    FUZZ_CHECK(again->rows == in->rows && again->columns == in->columns && again->nonzeros == in->nonzeros);
    FUZZ_CHECK(again->is_complex == in->is_complex && again->hermitian == in->hermitian);
    for (size_t i = 0; i < in->nonzeros * (in->is_complex ? 2 : 1); i++) {
        FUZZ_CHECK(!(in->value[i] < again->value[i]) && !(in->value[i] > again->value[i]));
    }
    qn_text_free(written);
    qn_sparse_free(again);
    qn_sparse_free(in);
    return 0;
}
