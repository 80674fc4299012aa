/* table.c: a look-up as a circuit of its own, with its bill. */
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "load/cost.h"
#include "load/lookup.h"
#include "load/qram.h"

enum { MOST_LEVELS = 16, MOST_QUBITS = 1 << 22 };

typedef struct layout {
    uint32_t address, data, rest; /* numbers of qubits */
} layout;

static qn_status plan_layout(uint64_t length, uint32_t data_bits, const qn_load_options *options, uint64_t lambda,
                             layout *out)
{
    const uint32_t n = qn_load_address_bits(length);
    uint64_t rest = 0;
    switch (options->method) {
    case QN_LOAD_QROM:
        rest = qn_load_qrom_ancillas(length, false);
        break;
    case QN_LOAD_SELECT_SWAP:
        rest = qn_load_select_swap_ancillas(length, lambda) + (lambda - 1) * data_bits;
        break;
    case QN_LOAD_PHASE_LOOKUP:
        QN_CHECK(lambda <= length, ERR_RANGE, "lambda = %llu for %llu entries", (unsigned long long)lambda,
                 (unsigned long long)length);
        rest = qn_load_unlookup_ancillas(length, lambda);
        break;
    case QN_LOAD_BUCKET_BRIGADE:
    case QN_LOAD_FANOUT:
        QN_CHECK(n >= 1, ERR_RANGE, "%llu leaf; the tree is made for 2 to 2^%d", (unsigned long long)length,
                 (int)MOST_LEVELS);
        QN_CHECK(n <= MOST_LEVELS, ERR_TOO_LARGE, "%llu leaves; the tree is made for 2 to 2^%d",
                 (unsigned long long)length, (int)MOST_LEVELS);
        QN_CHECK(data_bits <= 64, ERR_RANGE, "%u data bits; at most 64 in a tree", data_bits);
        rest = qn__qram_qubits(n);
        break;
    default:
        return QN_FAIL(ERR_ARGUMENT, "method %s does not look a table up", qn_load_method_name(options->method));
    }
    QN_CHECK(rest + data_bits + n <= MOST_QUBITS, ERR_TOO_LARGE, "%llu qubits; at most 2^22",
             (unsigned long long)rest + data_bits + n);
    *out = (layout){n, data_bits, (uint32_t)rest};
    return QN_OK;
}

/* Address, data and the rest, in this order. SELECT-SWAP's other registers come right behind the data. */
static qn_status append_table(qn_circuit *circuit, const layout *l, const uint64_t *table, uint64_t length,
                              uint64_t lambda, const qn_load_options *options, const uint32_t *qubits)
{
    qn_lookup lookup = QN_LOOKUP_INIT;
    lookup.table = table;
    lookup.length = length;
    lookup.data_bits = l->data;
    lookup.address = qubits;
    lookup.naddress = l->address;
    lookup.target = qubits + l->address;
    lookup.measured = options->measured;
    if (options->method == QN_LOAD_SELECT_SWAP) {
        lookup.ntargets = (uint32_t)(lambda * l->data);
        lookup.ancilla = lookup.target + lookup.ntargets;
        lookup.nancillas = l->rest - (lookup.ntargets - l->data);
        return qn_load_select_swap(circuit, &lookup, lambda, false);
    }
    if (options->method == QN_LOAD_QROM || options->method == QN_LOAD_PHASE_LOOKUP) {
        lookup.ntargets = l->data;
        lookup.ancilla = lookup.target + l->data;
        lookup.nancillas = l->rest;
        return options->method == QN_LOAD_QROM ? qn_load_qrom(circuit, &lookup)
                                               : qn_load_unlookup(circuit, &lookup, lambda);
    }
    qn__qram_plan plan;
    QN_TRY(qn__qram_plan_make(l->address, l->data, options->method == QN_LOAD_FANOUT, &plan));
    const qn_status status =
        qn__qram_append(circuit, &plan, table, length, lookup.address, lookup.target, l->address + l->data);
    qn__qram_plan_free(&plan);
    return status;
}

qn_status qn_load_table(const qn_context *context, const uint64_t *table, uint64_t length, uint32_t data_bits,
                        const qn_load_options *options, qn_circuit **out, qn_load_cost *cost)
{
    QN_CHECK(context != NULL && table != NULL && length > 0 && data_bits > 0 && options != NULL && out != NULL,
             ERR_ARGUMENT, "a context, a table, options and a place for the circuit are needed");
    const bool swaps = options->method == QN_LOAD_SELECT_SWAP;
    const uint64_t lambda = !swaps && options->method != QN_LOAD_PHASE_LOOKUP ? 0
                            : options->lambda > 0                             ? options->lambda
                            : swaps ? qn_load_select_swap_lambda(length, data_bits)
                                    : qn_load_unlookup_lambda(length);
    layout l = {0};
    QN_TRY(plan_layout(length, data_bits, options, lambda, &l));
    QN_CHECK(length <= UINT64_MAX / 512 / (data_bits + 16), ERR_TOO_LARGE, "a table of %llu entries",
             (unsigned long long)length);
    QN_TRY(qn__context_check_bytes(context, length * (data_bits + 16) * 64, "the circuit that looks this table up",
                                   "load a part of it"));
    const uint32_t total = l.address + l.data + l.rest;
    uint32_t *qubits = qn__alloc(total, sizeof *qubits);
    QN_ALLOC_CHECK(qubits);
    for (uint32_t q = 0; q < total; q++) {
        qubits[q] = q;
    }
    qn_load_cost bill = {
        .method = options->method, .fidelity = 1, .fidelity_source = QN_SOURCE_EXACT, .lambda = lambda};
    qn_circuit *circuit = NULL;
    qn_status status = qn_circuit_create(total, &circuit);
    status = status == QN_OK ? append_table(circuit, &l, table, length, lambda, options, qubits) : status;
    status = status == QN_OK ? qn__load_count(circuit, l.address + l.data, options->synthesis_error, &bill) : status;
    qn__free(qubits);
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    if (cost != NULL) {
        *cost = bill;
    }
    return QN_OK;
}
