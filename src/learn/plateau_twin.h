/* plateau_twin.h: a model on its Lie algebra, for rows of random starts. */
#ifndef QN_LEARN_PLATEAU_TWIN_H
#define QN_LEARN_PLATEAU_TWIN_H

#include <quern/plateau.h>

typedef struct qn__plateau_twin qn__plateau_twin;
/* Borrows context and observable. */
QN_MUST_USE qn_status qn__plateau_twin_open(const qn_context *context, const qn_plateau_options *options,
                                            uint32_t qubits, const qn_pauli_sum *observable, qn__plateau_twin **out);
void qn__plateau_twin_close(qn__plateau_twin *twin);
size_t qn__plateau_twin_symbols(const qn__plateau_twin *twin);
/* Adds |factor| of every gate to its symbol's weight. */
void qn__plateau_twin_weights(const qn__plateau_twin *twin, double *weights);
/* Rows are spread over the context's threads. */
QN_MUST_USE qn_status qn__plateau_twin_run(const qn__plateau_twin *twin, const double *theta, size_t rows,
                                           double *values, double *gradients);

#endif
