/* engine.h: choosing an engine by name. */
#ifndef QUERN_ENGINE_H
#define QUERN_ENGINE_H

#include <quern/sys/engine.h>

QN_BEGIN_DECLS

typedef struct qn_engine qn_engine;
typedef struct qn_program qn_program;

/** Number of registered engines and the k-th one's description (static). */
QN_API size_t qn_engine_count(void);
QN_API const qn_engine_desc *qn_engine_describe(size_t index);

/** Open an engine by "name" or "name:option,option": "statevector", "statevector:f32", "statevector:f64,threads=1",
 *  "reference". Options: f32, f64, threads=N, tile=N (qn_engine_options). Errors: QN_ERR_NAME with the nearest name,
 *  QN_ERR_RANGE, QN_ERR_NOT_BUILT. The context must outlive the engine. */
QN_API QN_MUST_USE qn_status qn_engine_open(qn_context *context, const char *spec, qn_engine **out);
/** Open an engine described out of tree. */
QN_API QN_MUST_USE qn_status qn_engine_open_desc(qn_context *context, const qn_engine_desc *desc,
                                                 const qn_engine_options *options, qn_engine **out);
QN_API void qn_engine_close(qn_engine *engine);
QN_API const qn_engine_desc *qn_engine_desc_of(const qn_engine *engine);
QN_API qn_context *qn_engine_context(const qn_engine *engine);

/** Bytes a program would hold; then compile, which refuses with QN_ERR_TOO_LARGE (need, limit, what would fit) before
 * memory is touched, QN_ERR_UNSUPPORTED with the engine's reason, QN_ERR_NOT_HERMITIAN for an observable. */
QN_API QN_MUST_USE qn_status qn_engine_bytes_needed(const qn_engine *engine, const qn_circuit *circuit,
                                                    const qn_pauli_sum *const *observables, size_t nobservables,
                                                    uint64_t *bytes);
QN_API QN_MUST_USE qn_status qn_engine_compile(qn_engine *engine, const qn_circuit *circuit,
                                               const qn_pauli_sum *const *observables, size_t nobservables,
                                               qn_program **out);
QN_API void qn_program_free(qn_program *program);
QN_API size_t qn_program_symbols(const qn_program *program);
QN_API size_t qn_program_observables(const qn_program *program);
QN_API uint32_t qn_program_qubits(const qn_program *program);
/** True when the engine has its own gradient. */
QN_API bool qn_program_has_gradient(const qn_program *program);

/** The operations of sys/engine.h on a compiled program; parameters are checked to be finite (QN_ERR_NAN). */
QN_API QN_MUST_USE qn_status qn_program_sample(qn_program *program, const double *theta, size_t rows, uint64_t shots,
                                               uint64_t seed, uint64_t stream, qn_counts *const *out);
QN_API QN_MUST_USE qn_status qn_program_expect(qn_program *program, const double *theta, size_t rows, double *values,
                                               double *variances);
QN_API QN_MUST_USE qn_status qn_program_gradient(qn_program *program, const double *theta, size_t rows,
                                                 const double *weights, double *values, double *grad);
QN_API QN_MUST_USE qn_status qn_program_amplitudes(qn_program *program, const double *theta, uint64_t first,
                                                   size_t count, qn_complex *out);

/** Live states: pieces of a circuit run on a state that is kept, measured and steered between them; see the engine's
 *  vtable. QN_ERR_UNSUPPORTED when the engine has none. Pieces hold gates only. */
typedef struct qn_live qn_live;
QN_API bool qn_engine_has_live(const qn_engine *engine);
QN_API QN_MUST_USE qn_status qn_engine_compile_live(qn_engine *engine, const qn_circuit *piece, qn_program **out);
/** QN_ERR_TOO_LARGE before memory is touched. */
QN_API QN_MUST_USE qn_status qn_live_create(qn_engine *engine, uint32_t nqubits, qn_live **out);
QN_API void qn_live_free(qn_live *live);
QN_API void qn_live_start(qn_live *live);
QN_API void qn_live_copy(qn_live *to, const qn_live *from); /* of one engine and size */
QN_API QN_MUST_USE qn_status qn_live_advance(qn_live *live, qn_program *piece, const double *theta);
QN_API double qn_live_probability(qn_live *live, uint32_t qubit);
QN_API void qn_live_collapse(qn_live *live, uint32_t qubit, bool outcome, double probability, bool flip);
QN_API QN_MUST_USE qn_status qn_live_sample(qn_live *live, uint64_t shots, uint64_t seed, uint64_t stream,
                                            qn_counts *out);
QN_API QN_MUST_USE qn_status qn_live_amplitudes(qn_live *live, uint64_t first, size_t count, qn_complex *out);

QN_END_DECLS
#endif
