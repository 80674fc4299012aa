/* flow.c: blocks of a circuit: their nesting is kept while it grows. */
#include "base/alloc.h"
#include "base/status.h"
#include "circuit/store.h"

static bool opens(qn_op_kind kind)
{
    return kind == QN_OP_IF || kind == QN_OP_WHILE;
}

static bool in_loop(const qn_circuit *circuit)
{
    for (size_t i = circuit->nblocks; i-- > 0;) {
        if (circuit->blocks[i] == QN_OP_WHILE) {
            return true;
        }
    }
    return false;
}

qn_status qn__flow_check(const qn_circuit *circuit, qn_op_kind kind)
{
    const bool any = circuit->nblocks > 0;
    if (kind == QN_OP_ELSE) {
        QN_CHECK(any && circuit->blocks[circuit->nblocks - 1] == QN_OP_IF, ERR_ARGUMENT,
                 "operation %zu is an else without an if before it", circuit->nrecords);
    }
    if (kind == QN_OP_END) {
        QN_CHECK(any, ERR_ARGUMENT, "operation %zu is an end, but no block is open", circuit->nrecords);
    }
    if (kind == QN_OP_BREAK || kind == QN_OP_CONTINUE) {
        QN_CHECK(in_loop(circuit), ERR_ARGUMENT, "operation %zu is a %s outside of any while", circuit->nrecords,
                 qn__op_kind_name(kind));
    }
    return QN_OK;
}

qn_status qn__flow_reserve(qn_circuit *circuit, qn_op_kind kind)
{
    if (!opens(kind)) {
        return QN_OK;
    }
    void *blocks = circuit->blocks;
    const qn_status status =
        qn__grow(&blocks, &circuit->blocks_capacity, circuit->nblocks + 1, sizeof *circuit->blocks);
    circuit->blocks = blocks;
    return status;
}

void qn__flow_enter(qn_circuit *circuit, qn_op_kind kind)
{
    if (opens(kind)) {
        circuit->blocks[circuit->nblocks++] = (uint8_t)kind;
    } else if (kind == QN_OP_ELSE) {
        circuit->blocks[circuit->nblocks - 1] = (uint8_t)kind;
    } else if (kind == QN_OP_END) {
        circuit->nblocks--;
    }
}

size_t qn__circuit_open_blocks(const qn_circuit *circuit)
{
    return circuit->nblocks;
}

qn_status qn_circuit_append_flow(qn_circuit *circuit, qn_op_kind kind, uint32_t expression)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_CHECK(kind >= QN_OP_IF && kind <= QN_OP_STOP, ERR_ARGUMENT, "%s is not control flow", qn__op_kind_name(kind));
    if (opens(kind)) {
        QN_CHECK(expression >= 1 && expression <= circuit->nexpressions, ERR_RANGE,
                 "%s: expression %u is outside 1..%zu", qn__op_kind_name(kind), expression, circuit->nexpressions);
    } else {
        QN_CHECK(expression == 0, ERR_ARGUMENT, "%s takes no expression, got %u", qn__op_kind_name(kind), expression);
    }
    const qn__entry entry = {.kind = kind, .bit = QN_NO_BIT, .variable = QN_NO_BIT, .expression = expression};
    return qn__circuit_push(circuit, &entry);
}
