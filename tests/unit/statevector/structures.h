/* structures.h: circuits made of one kind of structure that the scheduler treats on its own, on qubits of all places.
 */
#ifndef QN_TEST_STATEVECTOR_STRUCTURES_H
#define QN_TEST_STATEVECTOR_STRUCTURES_H

#include "model.h"

typedef enum structure_class {
    STRUCTURE_REAL,
    STRUCTURE_X,
    STRUCTURE_GENERAL,
    STRUCTURE_PHASES,      /* on one qubit */
    STRUCTURE_PAIR_PHASES, /* on two, signs among them */
    STRUCTURE_SIGNS,       /* nothing but signs, and flips between them */
    STRUCTURE_DIAGONALS,   /* on three and more */
    STRUCTURE_CONTROLLED,  /* one to four controls of any value */
    STRUCTURE_FLIPS,       /* x under no, one and more controls */
    STRUCTURE_SWAPS,       /* renamed ones and controlled ones */
    STRUCTURE_EXCHANGES,
    STRUCTURE_DENSE,
    STRUCTURE_PAULIS,
    STRUCTURE_CONTROLLED_PAULIS,
    STRUCTURE_LADDERS, /* rotations and chains of cx, as in an ansatz */
    STRUCTURE_MIXED,   /* all of them */
    STRUCTURE_ALONE,   /* one operation on a product state */
    STRUCTURE_CLASSES
} structure_class;

enum { STRUCTURE_SLOTS = 10, STRUCTURE_SYMBOLS = 4 };

/* One circuit twice: where each variable angle ("slot") is a symbol of its own, and where few symbols make all of them
 * by offset[j] + factor[j] * theta[symbol[j]]. */
typedef struct structure {
    qn_circuit *separate, *shared;
    size_t slots;
    double scale[STRUCTURE_SLOTS]; /* the slot's rotation is by scale * angle */
    double offset[STRUCTURE_SLOTS], factor[STRUCTURE_SLOTS];
    uint32_t symbol[STRUCTURE_SLOTS];
} structure;

void structure_create(structure_class class, uint32_t nqubits, size_t gates, model_random *random, structure *out);
void structure_free(structure *s);

/* sum_o of[o] d <sums[o]> / d slot at these angles: exact, by shifts of the model (frequencies 1/2 and 1: Anselmetti et
 * al., arXiv:2104.05695). */
double structure_slope(const structure *s, size_t slot, const double *angles, const qn_pauli_sum *const *sums,
                       const double *of, size_t count);

#endif
