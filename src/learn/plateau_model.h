/* plateau_model.h: the table of models behind plateau.h. */
#ifndef QN_LEARN_PLATEAU_MODEL_H
#define QN_LEARN_PLATEAU_MODEL_H

#include <quern/plateau.h>

enum { QN__PLATEAU_DRIVES = 3 };

/* Rotations of one kind in a layer: on every qubit (one letter) or on neighbours (two letters). */
typedef struct qn__plateau_drive {
    const char *letters; /* NULL: none */
    bool shared;         /* one angle for all: exp(-i theta sum P) */
} qn__plateau_drive;

/* TILTED: RY(pi/4) on every qubit, as in McClean et al.: no eigenstate of any observable, so that blocks of identities
 * do not start where the loss is stationary. */
typedef enum qn__plateau_input {
    QN__PLATEAU_ZEROS,
    QN__PLATEAU_PLUS,
    QN__PLATEAU_NEEL,
    QN__PLATEAU_TILTED
} qn__plateau_input;

typedef struct qn__plateau_model {
    const char *name, *text;
    qn__plateau_drive drives[QN__PLATEAU_DRIVES];
    bool entangle; /* CZ between neighbours behind the drives */
    qn__plateau_input input;
    uint32_t layers_per_qubit; /* 0: one layer */
} qn__plateau_model;

const qn__plateau_model *qn__plateau_model_of(qn_plateau_ansatz ansatz);
/* Largest number of letters of a term of the observable; n for the global one. */
uint32_t qn__plateau_locality(const qn_plateau_options *options, uint32_t qubits);
/* The input as qn_lie_variance reads it; room for n + 1 letters. */
void qn__plateau_input_text(const qn_plateau_options *options, uint32_t qubits, char *text);
/* A local observable or a sum on the qubits alone; not for QN_PLATEAU_GLOBAL. */
QN_MUST_USE qn_status qn__plateau_observe_bare(const qn_plateau_options *options, uint32_t qubits, qn_pauli_sum **out);
QN_MUST_USE qn_status qn__plateau_check(const qn_plateau_options *options, uint32_t qubits);

#endif
