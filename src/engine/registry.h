/* registry.h: the inside of engine and program handles, shared by what wraps the vtable. */
#ifndef QN_ENGINE_REGISTRY_H
#define QN_ENGINE_REGISTRY_H

#include <quern/engine.h>

struct qn_engine {
    qn_context *context;
    const qn_engine_desc *desc;
    qn_engine_options options;
    void *self;
};

struct qn_program {
    const qn_engine_ops *ops;
    void *program;
    size_t symbols, observables;
    uint32_t qubits;
    const char *engine_name;
    bool live; /* a piece: has no state of its own */
};

/* Refuse a circuit that needs more memory than the context allows, with advice on what would fit. */
QN_MUST_USE qn_status qn__engine_check_size(const qn_engine *engine, const qn_circuit *circuit,
                                            const qn_pauli_sum *const *observables, size_t count);
/* QN_ERR_UNSUPPORTED with the engine's reason. */
QN_MUST_USE qn_status qn__engine_check_supported(const qn_engine *engine, const qn_circuit *circuit);
/* Every number is finite, `rows` of `columns`; `what` is their name. */
QN_MUST_USE qn_status qn__engine_check_finite(const char *what, const double *numbers, size_t rows, size_t columns);

#endif
