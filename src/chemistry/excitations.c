/* excitations.c: the excitations of a molecule that respect its symmetries. */
#include <quern/chemistry.h>

#include "base/bits.h"
#include "base/status.h"

/* Whether moving these electrons leaves every symmetry's sign as it was. Encodings are linear over GF(2), so the qubits
 * that an excitation flips are the encoding of the modes it changes, and a product of Z changes sign with the parity of
 * its overlap with them. */
static qn_status keeps_symmetries(const qn_electronic_problem *problem, const qn_excitation *excitation, bool *out)
{
    uint64_t modes[2] = {0, 0}, flipped[2] = {0, 0};
    for (uint32_t k = 0; k < excitation->count; k++) {
        qn__bit_flip(modes, excitation->from[k]);
        qn__bit_flip(modes, excitation->to[k]);
    }
    QN_TRY(qn_mapping_encode(problem->mapping, 2 * problem->norb, modes, flipped));
    *out = true;
    for (size_t s = 0; s < qn_pauli_sum_terms(problem->symmetries); s++) {
        uint64_t overlap = 0;
        for (size_t w = 0; w < qn_pauli_sum_words(problem->symmetries); w++) {
            overlap ^= qn_pauli_sum_z(problem->symmetries, s)[w] & flipped[w];
        }
        *out = *out && !qn__parity(overlap);
    }
    return QN_OK;
}

qn_status qn_electronic_problem_excitations(const qn_electronic_problem *problem, bool singles, bool doubles,
                                            qn_excitation **out, size_t *count)
{
    QN_CHECK(problem != NULL && out != NULL && count != NULL, ERR_ARGUMENT,
             "a problem and places for the list and its length are needed");
    qn_excitation *list = NULL;
    size_t all = 0, kept = 0;
    QN_TRY(qn_excitations_list(problem->norb, problem->nalpha, problem->nbeta, singles, doubles, &list, &all));
    for (size_t i = 0; i < all; i++) {
        bool keep = false;
        const qn_status status = keeps_symmetries(problem, &list[i], &keep);
        if (status != QN_OK) {
            qn_excitations_free(list);
            return status;
        }
        if (keep) {
            list[kept++] = list[i];
        }
    }
    *out = list;
    *count = kept;
    return QN_OK;
}
