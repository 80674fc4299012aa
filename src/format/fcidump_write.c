/* fcidump_write.c: integrals as an FCIDUMP: unique entries, 17 digits; unrestricted ones in Molpro's blocks with
 * IUHF=1. */
#include <quern/format.h>

#include <inttypes.h>
#include <math.h>

#include "base/alloc.h"
#include "format/buffer.h"

static qn_status write_line(qn__buffer *buffer, double value, size_t i, size_t j, size_t k, size_t l)
{
    QN_TRY(qn__buffer_print(buffer, signbit(value) ? " " : "  "));
    QN_TRY(qn__buffer_number(buffer, value, true));
    return qn__buffer_print(buffer, " %3zu %3zu %3zu %3zu\n", i, j, k, l);
}

static qn_status write_header(qn__buffer *buffer, const qn_integrals *integrals)
{
    QN_TRY(qn__buffer_print(buffer, "&FCI NORB=%" PRIu32 ",NELEC=%" PRIu32 ",MS2=%" PRId32 ",\n  ORBSYM=",
                            integrals->norb, integrals->nelec, integrals->ms2));
    for (uint32_t i = 0; i < integrals->norb; i++) {
        const int32_t label = integrals->orbital_symmetry != NULL ? integrals->orbital_symmetry[i] : 1;
        QN_TRY(
            qn__buffer_print(buffer, "%" PRId32 ",%s", label, i % 32 == 31 && i + 1 < integrals->norb ? "\n  " : ""));
    }
    return qn__buffer_print(buffer, "\n  ISYM=1,\n%s/\n", integrals->unrestricted ? "  IUHF=1,\n" : "");
}

static qn_status write_one_body(qn__buffer *buffer, const double *h, size_t n, double cutoff)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            if (fabs(h[i * n + j]) > cutoff) {
                QN_TRY(write_line(buffer, h[i * n + j], i + 1, j + 1, 0, 0));
            }
        }
    }
    return QN_OK;
}

/* `exchange`: (ij|kl) = (kl|ij), as for pairs of one spin. */
static qn_status write_two_body(qn__buffer *buffer, const double *h, size_t n, bool exchange, double cutoff)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            const size_t highest = exchange ? i : n - 1;
            for (size_t k = 0; k <= highest; k++) {
                const size_t top = exchange && k == i ? j : k;
                for (size_t l = 0; l <= top; l++) {
                    const double value = h[((i * n + j) * n + k) * n + l];
                    if (fabs(value) > cutoff) {
                        QN_TRY(write_line(buffer, value, i + 1, j + 1, k + 1, l + 1));
                    }
                }
            }
        }
    }
    return QN_OK;
}

static qn_status write_body(qn__buffer *buffer, const qn_integrals *integrals, double cutoff)
{
    const size_t n = integrals->norb;
    QN_TRY(write_two_body(buffer, integrals->h2, n, true, cutoff));
    if (integrals->unrestricted) {
        QN_TRY(write_line(buffer, 0, 0, 0, 0, 0));
        QN_TRY(write_two_body(buffer, integrals->h2_bb, n, true, cutoff));
        QN_TRY(write_line(buffer, 0, 0, 0, 0, 0));
        QN_TRY(write_two_body(buffer, integrals->h2_ab, n, false, cutoff));
        QN_TRY(write_line(buffer, 0, 0, 0, 0, 0));
    }
    QN_TRY(write_one_body(buffer, integrals->h1, n, cutoff));
    if (integrals->unrestricted) {
        QN_TRY(write_line(buffer, 0, 0, 0, 0, 0));
        QN_TRY(write_one_body(buffer, integrals->h1_b, n, cutoff));
        QN_TRY(write_line(buffer, 0, 0, 0, 0, 0));
    }
    return write_line(buffer, integrals->core, 0, 0, 0, 0);
}

qn_status qn_write_fcidump(const qn_integrals *integrals, double cutoff, char **text, size_t *length)
{
    QN_CHECK(integrals != NULL && text != NULL && length != NULL, ERR_ARGUMENT,
             "integrals and places for the text are needed");
    QN_CHECK(integrals->h1 != NULL && integrals->h2 != NULL, ERR_ARGUMENT, "the integrals have no values");
    QN_CHECK(!integrals->unrestricted ||
                 (integrals->h1_b != NULL && integrals->h2_bb != NULL && integrals->h2_ab != NULL),
             ERR_ARGUMENT, "unrestricted integrals lack those of beta");
    QN_CHECK(cutoff >= 0, ERR_RANGE, "cutoff %g; expected 0 or more", cutoff);
    qn__buffer buffer = {0};
    qn_status status = write_header(&buffer, integrals);
    if (status == QN_OK) {
        status = write_body(&buffer, integrals, cutoff);
    }
    if (status == QN_OK) {
        status = qn__buffer_take(&buffer, text, length);
    }
    qn__free(buffer.data);
    return status;
}
