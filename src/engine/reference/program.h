/* program.h: a compiled circuit of the reference engine, and its live states. */
#ifndef QN_REFERENCE_PROGRAM_H
#define QN_REFERENCE_PROGRAM_H

#include <quern/sys/engine.h>

#include "engine/reference/state.h"

typedef struct qn__reference_engine {
    const qn_context *context;
} qn__reference_engine;

typedef struct qn__reference_program {
    const qn_context *context;
    qn_circuit *circuit;
    size_t symbols, nobservables;
    qn_pauli_sum **observables;
    qn__reference_state state; /* empty in a piece for live states */
} qn__reference_program;

/* live.c: the gates of a circuit on a state, one after the other */
QN_MUST_USE qn_status qn__reference_run(const qn__reference_program *program, const double *theta,
                                        qn__reference_state *state);

/* live.c: the operations on live states of sys/engine.h */
qn_status qn__reference_compile_live(void *self, const qn_circuit *circuit, void **program);
qn_status qn__reference_live_create(void *self, uint32_t nqubits, void **live);
void qn__reference_live_free(void *live);
void qn__reference_live_start(void *live);
void qn__reference_live_copy(void *to, const void *from);
qn_status qn__reference_live_advance(void *program, const double *theta, void *live);
double qn__reference_live_probability(void *live, uint32_t qubit);
void qn__reference_live_collapse(void *live, uint32_t qubit, bool outcome, double probability, bool flip);
qn_status qn__reference_live_sample(void *live, uint64_t shots, uint64_t seed, uint64_t stream, qn_counts *out);
qn_status qn__reference_live_amplitudes(void *live, uint64_t first, size_t count, qn_complex *out);

#endif
