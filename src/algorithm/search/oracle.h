/* oracle.h: the inside of an oracle, and how it is written into circuits. */
#ifndef QN_ALGORITHM_SEARCH_ORACLE_H
#define QN_ALGORITHM_SEARCH_ORACLE_H

#include <quern/search.h>

enum {
    QN__ORACLE_BITS = 34,     /* most bits of an item where all items are held, one bit each */
    QN__ORACLE_CONTROLS = 64, /* most qubits of one gate */
    QN__ORACLE_LIST = 1 << 20 /* most solutions where only those are held */
};

struct qn_oracle {
    uint64_t items, count;
    uint32_t bits;
    uint64_t *marked; /* one bit an item; NULL: only `list` */
    uint64_t *list;   /* rising; NULL: only `marked` */
    /* a formula: clauses without repeated literals and without those that are always met */
    bool is_formula;
    qn_cnf formula;
    /* a table of codes */
    uint32_t *codes, code_bits, least, most;
    uint32_t *excluded; /* codes in the range that are not marked all the same */
    size_t excluded_count;
};

/* Instead of a controlling qubit. */
#define QN__NO_CONTROL UINT32_MAX

/* Writes the phase oracle: items on qubits 0..bits-1, ancillas from `ancilla` on. `phase` NULL: pi. `control` is a
 * qubit under which the phase comes, or QN__NO_CONTROL. */
QN_MUST_USE qn_status qn__oracle_emit(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t ancilla,
                                      const qn_param *phase, uint32_t control, qn_circuit *circuit);
/* The phase on items 0 alone, or on any pattern: qubits[k] must be bit k of `state`. `control` as above. */
QN_MUST_USE qn_status qn__oracle_pattern(qn_circuit *circuit, const uint32_t *qubits, uint32_t count, uint64_t state,
                                         const qn_param *phase, uint32_t control);
/* Toffoli gates of X under so many controls. */
double qn__oracle_toffoli(uint32_t controls);

#endif
