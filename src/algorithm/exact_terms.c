/* exact_terms.c: grouping the terms of a Hamiltonian by their X mask.
 *
 * With P = i^y X^x Z^z, y = popcount(x & z), the entry <r|P|r^x> is i^y (-1)^popcount((r^x) & z) = (-i)^y
 * (-1)^popcount(r & z). */
#include "algorithm/exact_terms.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"

static qn_status check_hermitian(const qn_pauli_sum *sum)
{
    const qn_complex identity = qn_pauli_sum_identity(sum);
    const double norm = qn_pauli_sum_one_norm(sum) + hypot(identity.re, identity.im);
    size_t worst = SIZE_MAX;
    if (!qn_pauli_sum_is_hermitian(sum, 1e-12 * norm, &worst)) {
        char label[65] = "";
        QN_TRY(qn_pauli_sum_label(sum, worst, label, sizeof label));
        const qn_complex c = qn_pauli_sum_coefficient(sum, worst);
        return QN_FAIL(ERR_NOT_HERMITIAN, "term %zu (%s) has coefficient %g%+gi; expected real coefficients", worst,
                       label, c.re, c.im);
    }
    return QN_OK;
}

static qn_status allocate(qn__exact_terms *out, size_t terms, size_t groups)
{
    /* x, z, first, odd, w in one block */
    const size_t words = groups + terms + (groups + 1) + groups + terms;
    uint64_t *memory = qn__alloc(words, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    _Static_assert(sizeof(size_t) == sizeof(uint64_t) && sizeof(double) == sizeof(uint64_t),
                   "one block of 64-bit words");
    out->x = memory;
    out->z = out->x + groups;
    out->first = (size_t *)(void *)(out->z + terms);
    out->odd = out->first + groups + 1;
    out->w = (double *)(void *)(out->odd + groups);
    out->bytes = words * sizeof *memory;
    return QN_OK;
}

static uint64_t flips(const qn_pauli_sum *sum, size_t term)
{
    return qn_pauli_sum_x(sum, term)[0];
}

/* Appends the terms first..last of the sorted sum, all of one X mask, with an even or an odd number of Y. */
static void append(qn__exact_terms *out, const qn_pauli_sum *sum, size_t first, size_t last, uint32_t parity)
{
    for (size_t k = first; k < last; k++) {
        const uint64_t z = qn_pauli_sum_z(sum, k)[0];
        const uint32_t y = qn__popcount(flips(sum, k) & z) & 3;
        if ((y & 1) == parity) {
            /* (-i)^y is 1, -i, -1, i */
            const double c = qn_pauli_sum_coefficient(sum, k).re;
            out->z[out->terms] = z;
            out->w[out->terms++] = y == 1 || y == 2 ? -c : c;
        }
    }
}

static qn_status group(const qn_pauli_sum *sum, qn__exact_terms *out)
{
    const size_t terms = qn_pauli_sum_terms(sum);
    size_t groups = 1;
    for (size_t k = 0; k < terms; k++) {
        groups += flips(sum, k) != (k > 0 ? flips(sum, k - 1) : 0);
    }
    QN_TRY(allocate(out, terms, groups));
    out->groups = groups;
    out->is_real = true;
    size_t k = 0;
    for (size_t g = 0; g < groups; g++) {
        const size_t begin = k;
        const uint64_t x = g == 0 ? 0 : flips(sum, k);
        while (k < terms && flips(sum, k) == x) {
            k++;
        }
        out->x[g] = x;
        out->first[g] = out->terms;
        append(out, sum, begin, k, 0);
        out->odd[g] = out->terms;
        append(out, sum, begin, k, 1);
        out->is_real = out->is_real && out->odd[g] == out->terms;
    }
    out->first[groups] = out->terms;
    return QN_OK;
}

qn_status qn__exact_terms_create(const qn_pauli_sum *hamiltonian, qn__exact_terms *out)
{
    qn__exact_terms terms = {.nqubits = qn_pauli_sum_qubits(hamiltonian)};
    QN_TRY(check_hermitian(hamiltonian));
    qn_pauli_sum *sorted = NULL;
    QN_TRY(qn_pauli_sum_clone(hamiltonian, &sorted));
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_pauli_sum_simplify(sorted, 0.0));
    QN_TRY_CLEANUP(group(sorted, &terms));
    const double off = qn_pauli_sum_one_norm(sorted);
    terms.one_norm = off + fabs(qn_pauli_sum_identity(sorted).re);
    terms.spread = off > 0 ? off : 1.0;
    *out = terms;
cleanup:
    qn_pauli_sum_free(sorted);
    return status;
}

void qn__exact_terms_release(qn__exact_terms *terms)
{
    qn__free(terms->x);
    memset(terms, 0, sizeof *terms);
}
