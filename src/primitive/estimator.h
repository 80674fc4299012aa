/* estimator.h: the inside of an estimator, shared by the files of this folder. */
#ifndef QN_PRIMITIVE_ESTIMATOR_H
#define QN_PRIMITIVE_ESTIMATOR_H

#include <quern/primitive.h>

#include "primitive/measured.h"
#include "primitive/unshared.h"

/* What one batched evaluation of a gradient contributes: coefficient * value to each term's symbol, times the term's
 * own. */
typedef struct qn__gradient_row {
    const qn_param_term *terms;
    size_t nterms;
    double coefficient;
    qn_param_term own; /* for finite differences: one symbol */
} qn__gradient_row;

struct qn_estimator {
    qn_engine *engine;
    const qn_context *context;
    qn_estimator_options options;
    bool exact;
    qn_gradient_method method; /* never AUTO */
    size_t symbols, nobservables;
    uint32_t qubits;
    qn_circuit *circuit;
    qn_pauli_sum **observables; /* simplified copies */
    double *ones;               /* default weights */

    qn_program *program;     /* exact: the circuit with its observables */
    qn__unshared *unshared;  /* sampled, by shift, or made by the first call that needs it */
    qn_program *shifted;     /* exact by shift: the unshared circuit with the observables */
    qn__measured **measured; /* sampled: one an observable */
    qn_program *state;       /* the unshared circuit without observables, made by the first metric or fidelity */
    qn_complex *amplitudes;  /* two states for the fidelity, made likewise */

    /* A gradient by evaluations: one batch of rows, and sums that are copied out when all went well. */
    size_t batch, columns;
    double *rows, *row_values, *row_variances;
    qn__gradient_row *row_meaning;
    double *work; /* grad, its variances, a copy of theta; then the values */

    uint64_t position;
    uint32_t groups;
    double noise, one_norm;
    uint64_t evaluations, gradients, circuits, shots;
};

/* The unshared circuit, made when it is not there. */
QN_MUST_USE qn_status qn__estimator_need_unshared(qn_estimator *estimator);
/* Room for gradients, and the shifted program. */
QN_MUST_USE qn_status qn__gradient_prepare(qn_estimator *estimator);
/* Every number is there and finite, else QN_ERR_NAN with its index; `what` names them. */
QN_MUST_USE qn_status qn__check_finite(const char *what, const double *numbers, size_t count);
/* The draws of one position: streams count from 0 under a seed of its own. */
qn__measured_run qn__estimator_start(const qn_estimator *estimator, uint64_t position);
/* Sampled values of the observables whose weight is not 0 (`weights` NULL: of all). */
QN_MUST_USE qn_status qn__estimator_sample(qn_estimator *estimator, const double *angles, const double *weights,
                                           qn__measured_run *run, double *values, double *variances);

#endif
