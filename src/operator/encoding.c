/* encoding.c: Jordan-Wigner, parity and Bravyi-Kitaev as one mechanism.
 *
 * Each stores q = beta n, the occupations n times an invertible matrix over GF(2) (Seeley, Richard, Love, J. Chem.
 * Phys. 137, 224109 (2012), arXiv:1208.5986). The unitary |n> -> |beta n> takes X^v to X^(beta v) and Z^w to Z^(beta^-T
 * w). Jordan-Wigner's a_p = X_p Z_(<p) (1 - Z_p) / 2 thus becomes, in every encoding, X^update Z^parity (1 - Z^flip)
 * / 2. All three matrices are lower triangular with rows that are runs of ones ending on the diagonal: of length 1
 * (Jordan-Wigner), from 0 on (parity), or of the length of a Fenwick tree's node (Bravyi-Kitaev), which is defined for
 * any number of modes. */
#include "operator/encoding.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "base/suggest.h"
#include "operator/pauli_sum.h"

static const struct {
    const char *name, *long_name;
} names[] = {
    [QN_MAPPING_JORDAN_WIGNER] = {"jw", "jordan-wigner"},
    [QN_MAPPING_PARITY] = {"parity", "parity"},
    [QN_MAPPING_BRAVYI_KITAEV] = {"bk", "bravyi-kitaev"},
};
enum { NAMES = sizeof names / sizeof names[0] };

qn_status qn__mapping_check(qn_mapping mapping)
{
    QN_CHECK((unsigned)mapping < NAMES, ERR_ARGUMENT, "mapping %d, expected jw, parity or bk", (int)mapping);
    return QN_OK;
}

const char *qn_mapping_name(qn_mapping mapping)
{
    return (unsigned)mapping < NAMES ? names[mapping].name : "unknown";
}

static const char *any_name(const void *user, size_t index)
{
    (void)user;
    return index < NAMES ? names[index].name : names[index - NAMES].long_name;
}

qn_status qn_mapping_from_name(const char *name, qn_mapping *out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(name, names[i].name) == 0 || strcmp(name, names[i].long_name) == 0) {
            *out = (qn_mapping)i;
            return QN_OK;
        }
    }
    const char *near = qn__suggest(name, (size_t)2 * NAMES, any_name, NULL);
    return QN_FAIL(ERR_NAME, "mapping \"%.40s\", expected jw (jordan-wigner), parity or bk (bravyi-kitaev)%s%s%s", name,
                   near != NULL ? "; did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
}

uint32_t qn__encoding_first(qn_mapping mapping, uint32_t qubit)
{
    switch (mapping) {
    case QN_MAPPING_PARITY:
        return 0;
    case QN_MAPPING_BRAVYI_KITAEV:
        return qubit & (qubit + 1); /* counted from 1, node i of a Fenwick tree holds (i & (i - 1)) + 1 .. i */
    case QN_MAPPING_JORDAN_WIGNER:
    default:
        return qubit;
    }
}

void qn__encoding_close(qn__encoding *encoding)
{
    qn__free(encoding->update);
    qn__free(encoding->flip);
    qn__free(encoding->parity);
    *encoding = (qn__encoding){0};
}

qn_status qn__encoding_open(qn_mapping mapping, uint32_t nmodes, qn__encoding *out)
{
    QN_TRY(qn__mapping_check(mapping));
    qn__encoding e = {.nmodes = nmodes, .words = qn__words(nmodes)};
    const size_t words = e.words;
    uint64_t count = 0;
    QN_CHECK(!qn__mul_overflows(nmodes, words, &count), ERR_TOO_LARGE, "an encoding of %u modes overflows", nmodes);
    e.update = qn__calloc((size_t)count, sizeof *e.update);
    e.flip = e.update == NULL ? NULL : qn__calloc((size_t)count, sizeof *e.flip);
    e.parity = e.flip == NULL ? NULL : qn__calloc((size_t)count, sizeof *e.parity);
    if (e.parity == NULL) {
        qn__encoding_close(&e);
        return QN_ERR_MEMORY;
    }
    for (uint32_t p = 0; p < nmodes; p++) {
        uint64_t *flip = e.flip + p * words;
        const uint32_t first = qn__encoding_first(mapping, p);
        for (uint32_t mode = first; mode <= p; mode++) {
            qn__bit_set(e.update + mode * words, p);
        }
        /* n_p = q_p - (n_first + ... + n_(p-1)), and the sum of flips below any mode is known already. */
        qn__bit_set(flip, p);
        if (p > 0) {
            memcpy(e.parity + p * words, e.parity + (p - 1) * words, words * sizeof *e.parity);
            qn__mask_xor(e.parity + p * words, e.flip + (p - 1) * words, words);
        }
        qn__mask_xor(flip, e.parity + p * words, words);
        qn__mask_xor(flip, e.parity + first * words, words);
    }
    *out = e;
    return QN_OK;
}

/* Parity of bits first..last of a mask. */
static bool range_parity(const uint64_t *mask, uint32_t first, uint32_t last)
{
    uint64_t odd = 0;
    for (uint32_t w = first / 64; w <= last / 64; w++) {
        uint64_t word = mask[w];
        if (w == first / 64) {
            word &= ~UINT64_C(0) << (first % 64);
        }
        if (w == last / 64) {
            word &= ~UINT64_C(0) >> (63 - last % 64);
        }
        odd ^= word;
    }
    return qn__parity(odd);
}

qn_status qn_mapping_encode(qn_mapping mapping, uint32_t nmodes, const uint64_t *occupation, uint64_t *qubits)
{
    QN_TRY(qn__mapping_check(mapping));
    QN_CHECK(qubits != NULL, ERR_ARGUMENT, "qubits is NULL");
    QN_TRY(qn__mask_check(occupation, nmodes, "the occupation"));
    /* From the highest qubit down, each needs only occupations not overwritten yet: the arrays may be one. */
    memmove(qubits, occupation, qn__words(nmodes) * sizeof *qubits);
    for (uint32_t p = nmodes; p-- > 0;) {
        if (range_parity(qubits, qn__encoding_first(mapping, p), p) != qn__bit(qubits, p)) {
            qn__bit_flip(qubits, p);
        }
    }
    return QN_OK;
}
