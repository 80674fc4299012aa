/* patch.h: a code on a platform: how good, how large and how fast a logical qubit of distance d is. */
#ifndef QN_ADVISE_PATCH_H
#define QN_ADVISE_PATCH_H

#include "advise/advice.h"

typedef struct qn__patch {
    const char *platform, *code; /* ids of the rows */
    double error;                /* of every physical Clifford operation */
    double error_t;              /* of a physical T gate */
    double t_ns;                 /* a physical T gate */
    double round_ns;             /* one round of error correction */
    double reaction_ns;
    double prefactor, threshold;
    double qubits[3]; /* physical qubits of a tile: qubits[2] d^2 + qubits[1] d + qubits[0] */
    unsigned max_distance;
} qn__patch;

/* Reads the rows. `code` NULL: the platform's own; a family's name takes the member for the platform's instructions.
 * `error` and `cycle_s` 0: the rows'. The T gates' error follows `error` where the row has both alike. */
QN_MUST_USE qn_status qn__patch_read(const qn_advice *advice, const char *platform, const char *code, double error,
                                     double cycle_s, qn__patch *out);

/* Logical error of a tile of odd distance d per logical cycle: prefactor (p/threshold)^((d+1)/2); fractional exponents
 * where d is even. */
double qn__patch_error(const qn__patch *patch, unsigned distance);
double qn__patch_qubits(const qn__patch *patch, unsigned distance);
/* Nanoseconds of d rounds. */
double qn__patch_cycle(const qn__patch *patch, unsigned distance);

#endif
