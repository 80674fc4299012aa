/* unlookup.c: taking a look-up back by measuring (Berry, Gidney, Motta, McClean, Babbush, arXiv:1902.02134, appendix
 * C): some 2 sqrt(L) Toffoli gates in place of L, whatever the width of the data.
 *
 * Measured in the X basis with outcomes m, data table[x] leaves the sign (-1)^F(x), F(x) the parity of m & table[x].
 * With x = (h, l), l of k bits, the sign is that of one controlled Z for each pair (h, l) with F = 1, between "the high
 * bits are h" of a unary iteration and qubit l of a one-hot register. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "load/lookup.h"

enum { MOST_DATA = 64, MOST_LOG2 = 23 };

/* ---- sizes ---- */

static uint64_t blocks_of(uint64_t length, uint64_t lambda)
{
    return length / lambda + (length % lambda != 0);
}

static uint64_t one_hot(uint64_t lambda)
{
    return lambda > 1 ? lambda : 0;
}

uint32_t qn_load_unlookup_ancillas(uint64_t length, uint64_t lambda)
{
    return lambda == 0 ? 0 : (uint32_t)one_hot(lambda) + qn_load_qrom_ancillas(blocks_of(length, lambda), false);
}

uint64_t qn_load_unlookup_toffoli(uint64_t length, uint64_t lambda)
{
    if (lambda == 0) {
        return 0;
    }
    return qn_load_qrom_toffoli(blocks_of(length, lambda), false, true) + (lambda > 2 ? lambda - 2 : 0);
}

uint64_t qn_load_unlookup_lambda(uint64_t length)
{
    uint64_t best = 1;
    for (uint32_t k = 1; k <= qn_load_address_bits(length) && k <= MOST_LOG2; k++) {
        const uint64_t lambda = UINT64_C(1) << k;
        if (qn_load_unlookup_toffoli(length, lambda) < qn_load_unlookup_toffoli(length, best)) {
            best = lambda;
        }
    }
    return best;
}

/* ---- outcomes ---- */

/* One parity of the outcomes for every different entry that is not 0. */
typedef struct parities {
    uint64_t *entries; /* rising */
    uint32_t *expressions;
    size_t count;
} parities;

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The measured bits, a register for each width that occurs. */
static qn_status outcome_bits(qn_circuit *circuit, uint32_t width, uint32_t *first)
{
    char name[32];
    qn_variable variable;
    (void)snprintf(name, sizeof name, "outcome_%u", width);
    for (size_t i = 0; i < qn_circuit_variables(circuit); i++) {
        qn_circuit_variable(circuit, i, &variable);
        if (variable.type == QN_TYPE_BITS && strcmp(variable.name, name) == 0) {
            *first = variable.first;
            return QN_OK;
        }
    }
    uint32_t index = 0;
    QN_TRY(qn_circuit_add_variable(circuit, name, QN_TYPE_BITS, width, 0, QN_VARIABLE_HIDDEN, &index));
    qn_circuit_variable(circuit, index, &variable);
    *first = variable.first;
    return QN_OK;
}

/* popcount(outcomes & entry) & 1, as a condition. */
static qn_status parity(qn_circuit *circuit, uint32_t first, uint32_t width, uint64_t entry, uint32_t *out)
{
    const qn_token tokens[] = {
        {.kind = QN_TOKEN_BITS, .type = QN_TYPE_UINT, .width = width, .index = first},
        {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = width, .integer = (int64_t)entry},
        {.kind = QN_TOKEN_AND, .type = QN_TYPE_UINT, .width = width},
        {.kind = QN_TOKEN_POPCOUNT, .type = QN_TYPE_UINT, .width = width},
        {.kind = QN_TOKEN_CAST, .type = QN_TYPE_UINT, .width = 64},
        {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 64, .integer = 1},
        {.kind = QN_TOKEN_AND, .type = QN_TYPE_UINT, .width = 64},
        {.kind = QN_TOKEN_CAST, .type = QN_TYPE_BOOL, .width = 1},
    };
    return qn_circuit_add_expression(circuit, tokens, sizeof tokens / sizeof *tokens, out);
}

static qn_status make_parities(qn_circuit *circuit, const qn_lookup *lookup, uint32_t first, parities *out)
{
    out->entries = qn__alloc((size_t)lookup->length, sizeof *out->entries);
    out->expressions = qn__alloc((size_t)lookup->length, sizeof *out->expressions);
    if (out->entries == NULL || out->expressions == NULL) {
        return QN_ERR_MEMORY;
    }
    const uint64_t mask = UINT64_MAX >> (64 - lookup->data_bits);
    for (uint64_t x = 0; x < lookup->length; x++) {
        out->entries[x] = lookup->table[x] & mask;
    }
    qsort(out->entries, (size_t)lookup->length, sizeof *out->entries, compare);
    for (uint64_t x = 0; x < lookup->length; x++) {
        const uint64_t entry = out->entries[x];
        if (entry != 0 && (out->count == 0 || out->entries[out->count - 1] != entry)) {
            out->entries[out->count] = entry;
            QN_TRY(parity(circuit, first, lookup->data_bits, entry, &out->expressions[out->count]));
            out->count++;
        }
    }
    return QN_OK;
}

/* H, measure, and back to |0>. */
static qn_status measure_data(qn_circuit *circuit, const qn_lookup *lookup, uint32_t first)
{
    for (uint32_t bit = 0; bit < lookup->data_bits; bit++) {
        const uint32_t qubit = lookup->target[bit];
        const qn_token token = {.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = first + bit};
        uint32_t expression = 0;
        QN_TRY(qn_circuit_add_expression(circuit, &token, 1, &expression));
        QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &qubit, 1, NULL, 0));
        QN_TRY(qn_circuit_append_measure(circuit, qubit, first + bit));
        QN_TRY(qn_circuit_append_flow(circuit, QN_OP_IF, expression));
        QN_TRY(qn__append_x(circuit, qubit));
        QN_TRY(qn_circuit_append_flow(circuit, QN_OP_END, 0));
    }
    return QN_OK;
}

/* ---- repairing the sign ---- */

/* Qubit l of `hot` is 1 when the low address bits are l. Its inverse measures. */
static qn_status one_hot_register(qn_circuit *circuit, const uint32_t *low, uint32_t k, const uint32_t *hot, bool undo)
{
    for (uint32_t step = 1; step < k && undo; step++) {
        const uint32_t j = k - step;
        for (uint64_t i = UINT64_C(1) << j; i-- > 0;) {
            const uint32_t child = hot[i + (UINT64_C(1) << j)];
            QN_TRY(qn__append_cx(circuit, child, hot[i]));
            QN_TRY(qn__and_uncompute(circuit, hot[i], low[j], child, true));
        }
    }
    if (undo) {
        QN_TRY(qn__append_cx(circuit, hot[1], hot[0]));
        QN_TRY(qn__append_x(circuit, hot[0]));
        return qn__append_cx(circuit, low[0], hot[1]);
    }
    QN_TRY(qn__append_cx(circuit, low[0], hot[1]));
    QN_TRY(qn__append_x(circuit, hot[0]));
    QN_TRY(qn__append_cx(circuit, hot[1], hot[0]));
    for (uint32_t j = 1; j < k; j++) {
        for (uint64_t i = 0; i < UINT64_C(1) << j; i++) {
            const uint32_t child = hot[i + (UINT64_C(1) << j)];
            QN_TRY(qn__and_compute(circuit, hot[i], low[j], child));
            QN_TRY(qn__append_cx(circuit, child, hot[i]));
        }
    }
    return QN_OK;
}

typedef struct repair {
    const qn_lookup *lookup;
    const parities *signs;
    const uint32_t *hot;
    uint64_t lambda;
} repair;

/* All entries of one block: a Z between its control and each one-hot qubit whose entry has an odd parity. */
static qn_status repair_block(qn_circuit *circuit, uint64_t block, const uint32_t *control, const void *user)
{
    const repair *const r = user;
    const uint64_t mask = UINT64_MAX >> (64 - r->lookup->data_bits);
    for (uint64_t l = 0; l < r->lambda; l++) {
        const uint64_t x = block * r->lambda + l;
        const uint64_t entry = x < r->lookup->length ? r->lookup->table[x] & mask : 0;
        const uint32_t *const hot = r->lambda > 1 ? &r->hot[l] : NULL;
        if (entry == 0 || (hot == NULL && control == NULL)) {
            continue; /* no sign, or one that all addresses (there is one) share */
        }
        const uint64_t *const found = bsearch(&entry, r->signs->entries, r->signs->count, sizeof entry, compare);
        QN_ASSERT(found != NULL);
        QN_TRY(qn_circuit_append_flow(circuit, QN_OP_IF, r->signs->expressions[found - r->signs->entries]));
        if (hot != NULL && control != NULL) {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_CZ, (const uint32_t[]){*control, *hot}, 2, NULL, 0));
        } else {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_Z, hot != NULL ? hot : control, 1, NULL, 0));
        }
        QN_TRY(qn_circuit_append_flow(circuit, QN_OP_END, 0));
    }
    return QN_OK;
}

static qn_status append(qn_circuit *circuit, const qn_lookup *lookup, uint64_t lambda, uint32_t k, parities *signs)
{
    uint32_t first = 0;
    QN_TRY(outcome_bits(circuit, lookup->data_bits, &first));
    QN_TRY(make_parities(circuit, lookup, first, signs));
    QN_TRY(measure_data(circuit, lookup, first));
    const uint32_t *const hot = lookup->ancilla;
    const repair r = {lookup, signs, hot, lambda};
    qn_lookup high = *lookup;
    high.length = blocks_of(lookup->length, lambda);
    high.address = lookup->address + k;
    high.naddress = lookup->naddress - k;
    high.ancilla = lookup->ancilla + one_hot(lambda);
    high.measured = true;
    QN_TRY(k > 0 ? one_hot_register(circuit, lookup->address, k, hot, false) : QN_OK);
    QN_TRY(qn__unary_iteration(circuit, &high, repair_block, &r));
    return k > 0 ? one_hot_register(circuit, lookup->address, k, hot, true) : QN_OK;
}

qn_status qn_load_unlookup(qn_circuit *circuit, const qn_lookup *lookup, uint64_t lambda)
{
    QN_CHECK(lookup != NULL, ERR_ARGUMENT, "a look-up is needed");
    QN_CHECK(lambda > 0 && (lambda & (lambda - 1)) == 0, ERR_ARGUMENT, "lambda = %llu; expected a power of two",
             (unsigned long long)lambda);
    uint32_t k = 0;
    while (lambda >> k > 1) {
        k++;
    }
    QN_CHECK(k <= lookup->naddress && k <= MOST_LOG2, ERR_RANGE, "lambda = 2^%u; at most 2^%u", k,
             lookup->naddress < MOST_LOG2 ? lookup->naddress : MOST_LOG2);
    QN_CHECK(lookup->control == NULL, ERR_UNSUPPORTED, "a measured uncomputation under a control");
    QN_CHECK(lookup->data_bits <= MOST_DATA, ERR_RANGE, "%u data bits; at most %d are measured away", lookup->data_bits,
             (int)MOST_DATA);
    QN_TRY(qn__lookup_check(circuit, lookup, lookup->data_bits, qn_load_unlookup_ancillas(lookup->length, lambda)));
    parities signs = {0};
    const qn_status status = append(circuit, lookup, lambda, k, &signs);
    qn__free(signs.entries);
    qn__free(signs.expressions);
    return status;
}
