/* lookup.c: checks of a look-up's qubits, and the logical AND with its measured uncomputation. */
#include "load/lookup.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"

uint32_t qn_load_address_bits(uint64_t length)
{
    uint32_t bits = 0;
    while (bits < 64 && length > UINT64_C(1) << bits) {
        bits++;
    }
    return bits;
}

static qn_status mark(const char *role, const uint32_t *qubits, uint64_t count, uint32_t limit, uint64_t *taken)
{
    QN_CHECK(qubits != NULL || count == 0, ERR_ARGUMENT, "the %s qubits are missing", role);
    for (uint64_t i = 0; i < count; i++) {
        QN_CHECK(qubits[i] < limit, ERR_RANGE, "%s qubit %u outside 0..%u", role, qubits[i], limit - 1);
        QN_CHECK(!qn__bit(taken, qubits[i]), ERR_ARGUMENT, "%s qubit %u has a role already", role, qubits[i]);
        qn__bit_set(taken, qubits[i]);
    }
    return QN_OK;
}

qn_status qn__lookup_check(const qn_circuit *circuit, const qn_lookup *lookup, uint64_t targets, uint32_t ancillas)
{
    QN_CHECK(circuit != NULL && lookup != NULL, ERR_ARGUMENT, "a circuit and a look-up are needed");
    QN_CHECK(lookup->table != NULL && lookup->length > 0 && lookup->data_bits > 0, ERR_ARGUMENT,
             "a table of at least one entry of one bit is needed");
    QN_CHECK(lookup->naddress < 64 && lookup->naddress == qn_load_address_bits(lookup->length), ERR_SHAPE,
             "%u address qubits for %llu entries; expected %u", lookup->naddress, (unsigned long long)lookup->length,
             qn_load_address_bits(lookup->length));
    QN_CHECK(lookup->ntargets == targets, ERR_SHAPE, "%u target qubits; expected %llu", lookup->ntargets,
             (unsigned long long)targets);
    QN_CHECK(lookup->nancillas >= ancillas, ERR_SHAPE, "%u ancillas; at least %u are needed", lookup->nancillas,
             ancillas);
    const uint32_t n = qn_circuit_qubits(circuit);
    uint64_t *taken = qn__calloc(qn__words(n), sizeof *taken);
    QN_ALLOC_CHECK(taken);
    qn_status status = mark("address", lookup->address, lookup->naddress, n, taken);
    status = status == QN_OK ? mark("target", lookup->target, targets, n, taken) : status;
    status = status == QN_OK ? mark("ancilla", lookup->ancilla, lookup->nancillas, n, taken) : status;
    status = status == QN_OK && lookup->control != NULL ? mark("control", lookup->control, 1, n, taken) : status;
    qn__free(taken);
    return status;
}

qn_status qn__append_x(qn_circuit *circuit, uint32_t qubit)
{
    return qn_circuit_append(circuit, QN_GATE_X, &qubit, 1, NULL, 0);
}

qn_status qn__append_cx(qn_circuit *circuit, uint32_t control, uint32_t target)
{
    return qn_circuit_append(circuit, QN_GATE_CX, (const uint32_t[]){control, target}, 2, NULL, 0);
}

qn_status qn__append_swap(qn_circuit *circuit, uint32_t a, uint32_t b)
{
    return qn_circuit_append(circuit, QN_GATE_SWAP, (const uint32_t[]){a, b}, 2, NULL, 0);
}

qn_status qn__append_cswap(qn_circuit *circuit, uint32_t control, uint32_t a, uint32_t b)
{
    return qn_circuit_append(circuit, QN_GATE_CSWAP, (const uint32_t[]){control, a, b}, 3, NULL, 0);
}

qn_status qn__append_angle(qn_circuit *circuit, qn_gate gate, uint32_t qubit, double angle)
{
    const qn_param param = QN_PARAM(angle);
    return qn_circuit_append(circuit, gate, &qubit, 1, &param, 1);
}

qn_status qn__and_compute(qn_circuit *circuit, uint32_t a, uint32_t b, uint32_t target)
{
    return qn_circuit_append(circuit, QN_GATE_CCX, (const uint32_t[]){a, b, target}, 3, NULL, 0);
}

static const char and_bit_name[] = "and_bit";

uint32_t qn__and_bit_of(const qn_circuit *circuit)
{
    qn_variable variable;
    for (size_t i = 0; i < qn_circuit_variables(circuit); i++) {
        qn_circuit_variable(circuit, i, &variable);
        if (variable.type == QN_TYPE_BITS && strcmp(variable.name, and_bit_name) == 0) {
            return variable.first;
        }
    }
    return QN_NO_BIT;
}

/* The classical bit of all measured ANDs of a circuit, made when it is first needed. */
static qn_status and_bit(qn_circuit *circuit, uint32_t *out)
{
    *out = qn__and_bit_of(circuit);
    if (*out != QN_NO_BIT) {
        return QN_OK;
    }
    uint32_t index = 0;
    qn_variable variable;
    QN_TRY(qn_circuit_add_variable(circuit, and_bit_name, QN_TYPE_BITS, 1, 0, QN_VARIABLE_HIDDEN, &index));
    qn_circuit_variable(circuit, index, &variable);
    *out = variable.first;
    return QN_OK;
}

/* The expression "bit", made when it is first needed. */
static qn_status bit_expression(qn_circuit *circuit, uint32_t bit, uint32_t *out)
{
    for (size_t i = 0; i < qn_circuit_expressions(circuit); i++) {
        size_t count = 0;
        const qn_token *tokens = qn_circuit_expression(circuit, (uint32_t)i + 1, &count);
        if (count == 1 && tokens[0].kind == QN_TOKEN_BIT && tokens[0].index == bit) {
            *out = (uint32_t)i + 1;
            return QN_OK;
        }
    }
    const qn_token token = {.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = bit};
    return qn_circuit_add_expression(circuit, &token, 1, out);
}

qn_status qn__and_uncompute(qn_circuit *circuit, uint32_t a, uint32_t b, uint32_t target, bool measured)
{
    if (!measured) {
        return qn__and_compute(circuit, a, b, target);
    }
    uint32_t bit = 0, expression = 0;
    QN_TRY(and_bit(circuit, &bit));
    QN_TRY(bit_expression(circuit, bit, &expression));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &target, 1, NULL, 0));
    QN_TRY(qn_circuit_append_measure(circuit, target, bit));
    QN_TRY(qn_circuit_append_flow(circuit, QN_OP_IF, expression));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_CZ, (const uint32_t[]){a, b}, 2, NULL, 0));
    QN_TRY(qn__append_x(circuit, target));
    return qn_circuit_append_flow(circuit, QN_OP_END, 0);
}
