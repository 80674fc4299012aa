/* select_swap.c: SELECT-SWAP look-up (Low, Kliuchnikov, Schaeffer, arXiv:1812.00954): fewer Toffoli gates for more
 * qubits. The entries of lambda neighbouring addresses are one wide entry of a QROM; then a network of controlled swaps
 * brings the wanted one to the front. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "load/lookup.h"

static uint32_t log2_of(uint64_t power)
{
    uint32_t k = 0;
    while (power >> k > 1) {
        k++;
    }
    return k;
}

static uint64_t blocks_of(uint64_t length, uint64_t lambda)
{
    return length / lambda + (length % lambda != 0);
}

uint32_t qn_load_select_swap_ancillas(uint64_t length, uint64_t lambda)
{
    return lambda == 0 ? 0 : qn_load_qrom_ancillas(blocks_of(length, lambda), false);
}

uint64_t qn_load_select_swap_toffoli(uint64_t length, uint32_t data_bits, uint64_t lambda, bool measured)
{
    if (lambda == 0) {
        return 0;
    }
    return qn_load_qrom_toffoli(blocks_of(length, lambda), false, measured) + (lambda - 1) * data_bits;
}

uint64_t qn_load_select_swap_lambda(uint64_t length, uint32_t data_bits)
{
    uint64_t best = 1;
    for (uint32_t k = 1; k <= qn_load_address_bits(length) && k < 32; k++) {
        const uint64_t lambda = UINT64_C(1) << k;
        if (qn_load_select_swap_toffoli(length, data_bits, lambda, true) <
            qn_load_select_swap_toffoli(length, data_bits, best, true)) {
            best = lambda;
        }
    }
    return best;
}

/* The wide table: entry q holds entries q lambda .. q lambda + lambda - 1 one behind another; missing ones are 0. */
static uint64_t *widen(const qn_lookup *lookup, uint64_t lambda, uint64_t blocks)
{
    const uint64_t bits = lambda * lookup->data_bits, words = (bits + 63) / 64;
    uint64_t *wide = blocks <= SIZE_MAX / words ? qn__calloc((size_t)(blocks * words), sizeof *wide) : NULL;
    for (uint64_t x = 0; wide != NULL && x < lookup->length; x++) {
        const uint64_t offset = x % lambda * lookup->data_bits;
        for (uint32_t bit = 0; bit < lookup->data_bits; bit++) {
            if (qn__lookup_bit(lookup, x, bit)) {
                qn__bit_set(wide + x / lambda * words, (uint32_t)(offset + bit));
            }
        }
    }
    return wide;
}

/* Register r with r + half, for all bits, where the address bit is set. */
static qn_status swap_halves(qn_circuit *circuit, const qn_lookup *lookup, uint32_t level)
{
    const uint64_t half = UINT64_C(1) << level, bits = lookup->data_bits;
    for (uint64_t i = 0; i < half * bits; i++) {
        QN_TRY(qn__append_cswap(circuit, lookup->address[level], lookup->target[i], lookup->target[i + half * bits]));
    }
    return QN_OK;
}

static qn_status swap_network(qn_circuit *circuit, const qn_lookup *lookup, uint32_t k, bool inverse)
{
    for (uint32_t i = 0; i < k; i++) {
        QN_TRY(swap_halves(circuit, lookup, inverse ? i : k - 1 - i));
    }
    return QN_OK;
}

qn_status qn_load_select_swap(qn_circuit *circuit, const qn_lookup *lookup, uint64_t lambda, bool inverse)
{
    QN_CHECK(lookup != NULL, ERR_ARGUMENT, "a look-up is needed");
    QN_CHECK(lambda > 0 && (lambda & (lambda - 1)) == 0, ERR_ARGUMENT, "lambda = %llu; expected a power of two",
             (unsigned long long)lambda);
    const uint32_t k = log2_of(lambda);
    QN_CHECK(k <= lookup->naddress && k < 24, ERR_RANGE, "lambda = 2^%u; at most 2^%u", k,
             lookup->naddress < 23 ? lookup->naddress : 23);
    QN_CHECK(lookup->control == NULL, ERR_UNSUPPORTED, "a SELECT-SWAP look-up under a control");
    QN_TRY(qn__lookup_check(circuit, lookup, lambda * lookup->data_bits,
                            qn_load_select_swap_ancillas(lookup->length, lambda)));
    const uint64_t blocks = blocks_of(lookup->length, lambda);
    uint64_t *wide = widen(lookup, lambda, blocks);
    QN_ALLOC_CHECK(wide);
    qn_lookup select = *lookup;
    select.table = wide;
    select.length = blocks;
    select.data_bits = lookup->ntargets;
    select.address = lookup->address + k;
    select.naddress = lookup->naddress - k;
    qn_status status = inverse ? swap_network(circuit, lookup, k, true) : QN_OK;
    status = status == QN_OK ? qn_load_qrom(circuit, &select) : status;
    status = status == QN_OK && !inverse ? swap_network(circuit, lookup, k, false) : status;
    qn__free(wide);
    return status;
}
