/* bench_circuits.h: the workloads that engines are measured with: circuits, observables and parameters that are the
 * same in every run and on every machine. Used by `quern bench` and by the programs of bench/; public headers only. */
#ifndef CLI_BENCH_CIRCUITS_H
#define CLI_BENCH_CIRCUITS_H

#include <quern/quern.h>

typedef enum bench_kind {
    BENCH_GATE,    /* one gate on a state that is there already */
    BENCH_STATE,   /* a circuit, from |0...0> to its state */
    BENCH_EXPECT,  /* an observable's expectation value in a product state */
    BENCH_ENERGY,  /* a circuit, then an observable */
    BENCH_GRADIENT /* the same with all derivatives */
} bench_kind;

typedef struct bench_workload {
    const char *name, *help;
    bench_kind kind;
    bool molecule; /* the molecule says how many qubits */
} bench_workload;

size_t bench_workload_count(void);
const bench_workload *bench_workload_at(size_t index);
/* Whether one word of a list selects a workload: its name, or the name of its group ("gate", "gate-h", "uccsd"). */
bool bench_workload_matches(const bench_workload *workload, const char *word, size_t length);

/* One workload at one size. Owns all it points to. */
typedef struct bench_job {
    const bench_workload *workload;
    uint32_t nqubits;
    qn_circuit *circuit; /* BENCH_GATE: the gate alone */
    /* A product state: what a single gate acts on, and what a circuit is given when results of programs are compared
     * because its answer from |0...0> says too little (the Fourier transform's). NULL: none. */
    qn_circuit *prepare;
    qn_pauli_sum *observable; /* NULL: none */
    double *theta;            /* a value for each symbol of the circuit */
    size_t ntheta;
    size_t gates;  /* of the circuit; 0 for BENCH_EXPECT */
    double fmadds; /* fused multiply-adds an amplitude that the circuit's gates take as written, by the structure of
                      their matrices; NaN: not defined */
} bench_job;

/* `nqubits` (at least 2) is ignored where the molecule says it. `molecules`: folder of the FCIDUMP files.
 * Errors: QN_ERR_IO when a molecule's file is not there, QN_ERR_MEMORY, those of the library. */
qn_status bench_job_build(const bench_workload *workload, uint32_t nqubits, const char *molecules, bench_job *out);
void bench_job_free(bench_job *job);

#endif
