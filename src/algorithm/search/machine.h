/* machine.h: a search's state at any tier: started, stepped, measured. */
#ifndef QN_ALGORITHM_SEARCH_MACHINE_H
#define QN_ALGORITHM_SEARCH_MACHINE_H

#include <quern/engine.h>
#include <quern/search.h>

/* Guesses for the choice of a tier: one gate on one amplitude, one number streamed through memory, in seconds; an
 * oracle of more Toffoli gates than that is not compiled to be counted. And the qubits of the gate tier unless told. */
#define QN__SEARCH_GATE_SECONDS 4e-10
#define QN__SEARCH_STREAM_SECONDS 1.6e-9
#define QN__SEARCH_MOST_GUESSED 1e5
#define QN__SEARCH_GATE_QUBITS 24

typedef struct qn__machine {
    qn_context *context;
    const qn_oracle *oracle;
    qn_search_tier tier;
    uint64_t space; /* items that the state ranges over */
    bool phased;    /* steps may have phases other than pi */
    bool started;   /* nothing happened since the uniform state */
    /* SPECTRAL: amplitudes along the normalised marked and unmarked vectors, re, im each */
    double sine, cosine, plane[4];
    /* OPERATOR */
    double *vector, *scratch, mean;
    /* GATE */
    qn_engine *engine;
    qn_program *step, *spread; /* one step; H on the items' qubits */
    qn_live *live;
    uint32_t qubits;
} qn__machine;

/* Bytes it would hold. */
double qn__machine_bytes(const qn_oracle *oracle, qn_search_tier tier, bool phased, uint32_t qubits);
/* `tier` is not AUTO. Release with qn__machine_close whatever came of it. */
QN_MUST_USE qn_status qn__machine_open(qn_context *context, const qn_oracle *oracle, qn_search_tier tier,
                                       qn_oracle_layout layout, uint32_t gate_qubits, bool phased, qn__machine *out);
void qn__machine_close(qn__machine *machine);
QN_MUST_USE qn_status qn__machine_start(qn__machine *machine);
/* G(alpha, beta) of search.h; both pi unless the machine is phased. */
QN_MUST_USE qn_status qn__machine_step(qn__machine *machine, double alpha, double beta);
/* SPECTRAL, just started, all phases pi: as many steps at once, in constant time. */
void qn__machine_jump(qn__machine *machine, uint64_t steps);
/* Probability of measuring a marked item. */
QN_MUST_USE qn_status qn__machine_success(qn__machine *machine, double *out);
/* OPERATOR and SPECTRAL, all phases pi: overlap with the uniform state, which is real. */
double qn__machine_overlap(const qn__machine *machine);
/* Amplitudes of all items, re, im. */
QN_MUST_USE qn_status qn__machine_amplitudes(qn__machine *machine, double *out);
/* One measurement, drawn with (seed, stream). */
QN_MUST_USE qn_status qn__machine_measure(qn__machine *machine, uint64_t seed, uint64_t stream, uint64_t *item);

#endif
