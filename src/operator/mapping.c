/* mapping.c: fermion sums to Pauli sums.
 *
 * A product of ladder operators on m distinct modes is +-2^-m X^x Z^z prod_p (1 +- Z^flip_p) in any encoding: Z^flip_p
 * passes the X of its own mode with a sign and all others freely, because flip_p . update_q = delta_pq. Repeated modes
 * collapse by (1 + sZ)(1 + tZ) = 2 (1 + sZ) if s = t, else 0. So each product expands straight to its 2^m strings. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "operator/encoding.h"
#include "operator/fermion_sum.h"
#include "operator/pauli_sum.h"

enum { MAX_DISTINCT = 30 }; /* modes of one product: 2^30 strings */

typedef struct expansion {
    uint32_t modes[MAX_DISTINCT];
    bool minus[MAX_DISTINCT]; /* the factor is 1 - Z^flip */
    uint32_t count;
    qn_complex coefficient; /* of X^x Z^z prod (1 +- Z^flip) */
    uint64_t *x, *z;
    bool zero;
} expansion;

/* Multiply from the right by one ladder operator. */
static qn_status times_ladder(expansion *e, const qn__encoding *encoding, qn_ladder ladder)
{
    const size_t words = encoding->words;
    const uint64_t *update = encoding->update + ladder.mode * words, *parity = encoding->parity + ladder.mode * words;
    /* Z^z X^update = (-1)^|z & update| X^update Z^z. */
    if ((qn__mask_overlap(e->z, update, words) & 1) != 0) {
        e->coefficient = qn__times_i(e->coefficient, 2);
    }
    qn__mask_xor(e->x, update, words);
    qn__mask_xor(e->z, parity, words);
    const bool minus = !ladder.creation;
    uint32_t at = 0;
    while (at < e->count && e->modes[at] != ladder.mode) {
        at++;
    }
    if (at == e->count) {
        QN_CHECK(e->count < MAX_DISTINCT, ERR_TOO_LARGE,
                 "a product on more than %d modes, which would expand to over 2^%d strings", MAX_DISTINCT,
                 MAX_DISTINCT);
        e->modes[at] = ladder.mode;
        e->minus[at] = minus;
        e->count++;
        e->coefficient = (qn_complex){e->coefficient.re / 2, e->coefficient.im / 2};
        return QN_OK;
    }
    /* The factor already there passes X of its own mode and changes sign; the halves of both and the 2 of their product
     * leave 1/2. */
    e->zero = e->minus[at] == minus;
    e->minus[at] = minus;
    return QN_OK;
}

/* Append the 2^count strings; room is there. Subsets are visited in Gray order, so each step changes z by one flip. */
static void append_strings(qn_pauli_sum *sum, expansion *e, const qn__encoding *encoding)
{
    const size_t words = encoding->words;
    const uint64_t strings = UINT64_C(1) << e->count;
    bool negative = false;
    for (uint64_t step = 0;;) {
        /* X^x Z^z = (-i)^|x & z| P. */
        qn__pauli_sum_push(
            sum, qn__times_i(e->coefficient, 3 * qn__mask_overlap(e->x, e->z, words) + (negative ? 2 : 0)), e->x, e->z);
        if (++step == strings) {
            return;
        }
        const uint32_t factor = (uint32_t)__builtin_ctzll(step);
        qn__mask_xor(e->z, encoding->flip + e->modes[factor] * words, words);
        negative ^= e->minus[factor];
    }
}

static double largest(const qn_pauli_sum *sum)
{
    double most = 0;
    for (size_t t = 0; t < sum->terms; t++) {
        most = fmax(most, hypot(sum->coefficients[t].re, sum->coefficients[t].im));
    }
    return most;
}

qn_status qn_fermion_to_qubits(const qn_fermion_sum *sum, qn_mapping mapping, qn_pauli_sum **out)
{
    QN_CHECK(sum != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    qn_status status = QN_OK;
    qn__encoding encoding = {0};
    expansion e = {0};
    qn_pauli_sum *result = NULL;
    size_t limit = QN__PAULI_BATCH;
    QN_TRY_CLEANUP(qn__encoding_open(mapping, sum->nmodes, &encoding));
    QN_TRY_CLEANUP(qn_pauli_sum_create(sum->nmodes, &result));
    const size_t bytes = encoding.words * sizeof *e.x;
    e.x = qn__alloc(2, bytes);
    if (e.x == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    e.z = e.x + encoding.words;
    for (size_t t = 0; t < sum->terms; t++) {
        memset(e.x, 0, 2 * bytes);
        e.coefficient = sum->coefficients[t];
        e.count = 0;
        e.zero = false;
        for (size_t i = 0; i < sum->counts[t] && !e.zero; i++) {
            QN_TRY_CLEANUP(times_ladder(&e, &encoding, sum->ladders[sum->starts[t] + i]));
        }
        if (!e.zero) {
            QN_TRY_CLEANUP(qn__pauli_sum_accumulate(result, (size_t)1 << e.count, &limit));
            append_strings(result, &e, &encoding);
        }
    }
    QN_TRY_CLEANUP(qn_pauli_sum_simplify(result, 0));
    QN_TRY_CLEANUP(qn_pauli_sum_simplify(result, 1e-14 * largest(result)));
    *out = result;
    result = NULL;
cleanup:
    qn_pauli_sum_free(result);
    qn__free(e.x);
    qn__encoding_close(&encoding);
    return status;
}
