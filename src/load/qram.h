/* qram.h: a query of a quantum memory as a list of steps, which the circuit and the noise simulation both walk.
 *
 * A tree of n levels of routers over 2^n leaves. A router has four qubits: its direction (left, right) and its input,
 * both on two rails: 00 is "nobody here", 10 the bit 0, 01 the bit 1. Routers v of level j have the children 2 v and
 * 2 v + 1 of level j + 1; those of the last level are leaves. Routing is controlled swaps: the input with the left
 * child's where the left rail of the direction is set, with the right child's where the right one is. A router that no
 * address reached does nothing, so errors beside the path of an address do not come to it (the bucket brigade of
 * Giovannetti, Lloyd, Maccone, arXiv:0708.1879; why it resists noise: Hann et al., arXiv:2012.05340). */
#ifndef QN_LOAD_QRAM_H
#define QN_LOAD_QRAM_H

#include <quern/load.h>

#include "base/status.h"

typedef enum qn__qram_kind {
    QN__QRAM_ENTER, /* address bit of level `level` copied to the root's input, on two rails */
    QN__QRAM_ROUTE, /* all routers of the level, both rails */
    QN__QRAM_LATCH, /* swap input and direction of all routers of the level */
    QN__QRAM_WRITE, /* flip leaves by data bit `bit` of the table */
    QN__QRAM_FETCH, /* as ROUTE, on the right rail alone (leaves have only that) */
    QN__QRAM_COPY,  /* CNOT from the root's input to target `bit` */
    QN__QRAM_FAN    /* bit 0: as ENTER, to the direction of the level's router 0; else CNOTs from the directions of the
                       level's first 2^(bit - 1) routers to as many behind them */
} qn__qram_kind;

typedef struct qn__qram_step {
    qn__qram_kind kind;
    uint32_t level, bit;
    uint32_t time; /* from 0; steps of one time touch different qubits */
} qn__qram_step;

typedef struct qn__qram_plan {
    uint32_t levels, data_bits;
    qn__qram_step *steps; /* in order of time */
    size_t count;
    uint32_t times;
} qn__qram_plan;

QN_MUST_USE qn_status qn__qram_plan_make(uint32_t levels, uint32_t data_bits, bool fanout, qn__qram_plan *out);
void qn__qram_plan_free(qn__qram_plan *plan);

/* Numbers of the tree's qubits: directions, inputs (level by level, both rails of a router together), leaves. */
static inline uint64_t qn__qram_direction(uint32_t level, uint64_t v, uint32_t rail)
{
    return 2 * ((UINT64_C(1) << level) - 1 + v) + rail;
}

static inline uint64_t qn__qram_input(uint32_t levels, uint32_t level, uint64_t v, uint32_t rail)
{
    return 2 * ((UINT64_C(1) << levels) - 1) + qn__qram_direction(level, v, rail);
}

static inline uint64_t qn__qram_leaf(uint32_t levels, uint64_t x)
{
    return 4 * ((UINT64_C(1) << levels) - 1) + x;
}

static inline uint64_t qn__qram_qubits(uint32_t levels)
{
    return qn__qram_leaf(levels, UINT64_C(1) << levels);
}

/* Toffoli gates of a query of the bucket brigade: 8 (N - n - 1) for the address, 4 (N - 1) for each data bit. */
uint64_t qn__qram_toffoli(uint32_t levels, uint32_t data_bits, bool fanout);

/* A Pauli error behind all steps of a time. */
typedef struct qn__qram_error {
    uint32_t time;
    uint64_t qubit; /* of the tree */
    uint32_t pauli; /* 1 X, 2 Z, 3 Y */
} qn__qram_error;

/* One placement of errors (in order of time), exactly: fidelity of address and data for the uniform superposition of
 * `nbranches` different addresses (rising); `table` as in qn_lookup, data_bits at most 64. `room`: words of
 * qn__qram_room. */
uint64_t qn__qram_room(const qn__qram_plan *plan, uint64_t nbranches);
double qn__qram_fidelity(const qn__qram_plan *plan, const uint64_t *addresses, uint64_t nbranches,
                         const uint64_t *table, const qn__qram_error *errors, size_t nerrors, uint64_t *room);

/* The query as gates: address on `address` (least significant first), data onto `target`, the tree's qubits from
 * `tree` on. */
QN_MUST_USE qn_status qn__qram_append(qn_circuit *circuit, const qn__qram_plan *plan, const uint64_t *table,
                                      uint64_t length, const uint32_t *address, const uint32_t *target, uint32_t tree);

#endif
