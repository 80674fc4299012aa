/* sys/engine.h: the engine waist. For people who write an engine; weaker stability promise than the rest.
 *
 * Compile once, run many: compile() does all that does not depend on parameters; expect(), gradient() and sample()
 * allocate nothing. Every call takes `rows` of parameters, row-major rows x symbols. A program is used by one thread at
 * a time; separate programs may run at once. */
#ifndef QUERN_SYS_ENGINE_H
#define QUERN_SYS_ENGINE_H

#include <quern/circuit.h>
#include <quern/context.h>
#include <quern/counts.h>

QN_BEGIN_DECLS

#define QN_ENGINE_ABI 1

typedef struct qn_engine_options {
    uint32_t size;
    bool single_precision; /* amplitudes in float32 */
    uint32_t threads;      /* 0: the context's; small programs use one whatever is asked */
    uint32_t tile_qubits; /* statevector: 2^this amplitudes are worked on at a time; 0: what fits the cache. Programs of
                             more qubits share their work among threads however small they are. For tests and tuning */
} qn_engine_options;
#define QN_ENGINE_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_engine_options), false, 0, 0                                                               \
    }

typedef struct qn_engine_ops {
    /* required */
    qn_status (*open)(qn_context *context, const qn_engine_options *options, void **self);
    void (*close)(void *self);
    /* false, and the reason in `why`, when the circuit cannot run here */
    bool (*supports)(const void *self, const qn_circuit *circuit, char *why, size_t capacity);
    /* bytes that compile() will hold for states and tables */
    qn_status (*bytes_needed)(const void *self, const qn_circuit *circuit, const qn_pauli_sum *const *observables,
                              size_t nobservables, uint64_t *bytes);
    /* circuit and observables are copied as needed; the program does not refer to them later */
    qn_status (*compile)(void *self, const qn_circuit *circuit, const qn_pauli_sum *const *observables,
                         size_t nobservables, void **program);
    void (*release)(void *program);
    /* out[row]: counts over all qubits; draws are keyed by (seed, stream + row, shot), so results do not depend on
     * threads */
    qn_status (*sample)(void *program, const double *theta, size_t rows, uint64_t shots, uint64_t seed, uint64_t stream,
                        qn_counts *const *out);
    /* values[row * nobservables + o]; variances (may be NULL) of the engine's own estimate: 0 when exact */
    qn_status (*expect)(void *program, const double *theta, size_t rows, double *values, double *variances);
    /* optional, NULL: parameter shift by the caller. Vector-Jacobian product: grad[row * symbols + k] =
     * sum_o weights[row * nobs + o] d values[row * nobs + o] / d theta_k; values as in expect, may be NULL */
    qn_status (*gradient)(void *program, const double *theta, size_t rows, const double *weights, double *values,
                          double *grad);
    /* optional, NULL: unsupported. Amplitudes first .. first+count-1 of the state */
    qn_status (*amplitudes)(void *program, const double *theta, uint64_t first, size_t count, qn_complex *out);

    /* optional, all or none: live states, which dynamic circuits are driven on. A live program (compiled without
     * observables by compile_live) is a piece of a circuit that acts on any live state of its engine and qubits; it
     * shares release() with other programs. */
    qn_status (*compile_live)(void *self, const qn_circuit *circuit, void **program);
    qn_status (*live_create)(void *self, uint32_t nqubits, void **live); /* in |0...0> */
    void (*live_free)(void *live);
    void (*live_start)(void *live); /* back to |0...0> */
    void (*live_copy)(void *to, const void *from);
    qn_status (*live_advance)(void *program, const double *theta, void *live);
    double (*live_probability)(void *live, uint32_t qubit); /* of 1 */
    /* project on `outcome`, whose probability the caller gives, and renormalise; then X on it when `flip` */
    void (*live_collapse)(void *live, uint32_t qubit, bool outcome, double probability, bool flip);
    /* counts over all qubits, draws as in sample */
    qn_status (*live_sample)(void *live, uint64_t shots, uint64_t seed, uint64_t stream, qn_counts *out);
    qn_status (*live_amplitudes)(void *live, uint64_t first, size_t count, qn_complex *out);
} qn_engine_ops;

/** One engine: a row of the registry. */
typedef struct qn_engine_desc {
    uint32_t abi; /* QN_ENGINE_ABI */
    const char *name, *summary;
    bool exact; /* expectation values carry no statistical error */
    const qn_engine_ops *ops;
} qn_engine_desc;

QN_END_DECLS
#endif
