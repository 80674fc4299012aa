/* live.c: live states by name of their engine: the checks that stand before every engine's own operations. */
#include <quern/engine.h>

#include "base/alloc.h"
#include "base/status.h"
#include "engine/registry.h"

struct qn_live {
    const qn_engine_ops *ops;
    void *state;
    uint32_t qubits;
    const char *engine_name;
};

bool qn_engine_has_live(const qn_engine *engine)
{
    const qn_engine_ops *ops = engine->desc->ops;
    return ops->compile_live != NULL && ops->live_create != NULL && ops->live_free != NULL && ops->live_start != NULL &&
           ops->live_copy != NULL && ops->live_advance != NULL && ops->live_probability != NULL &&
           ops->live_collapse != NULL && ops->live_sample != NULL && ops->live_amplitudes != NULL;
}

static qn_status check_live(const qn_engine *engine)
{
    QN_CHECK(engine != NULL, ERR_ARGUMENT, "engine is NULL");
    QN_CHECK(qn_engine_has_live(engine), ERR_UNSUPPORTED, "engine '%s' has no live states", engine->desc->name);
    return QN_OK;
}

qn_status qn_engine_compile_live(qn_engine *engine, const qn_circuit *piece, qn_program **out)
{
    QN_TRY(check_live(engine));
    QN_CHECK(piece != NULL && out != NULL, ERR_ARGUMENT, "piece or result pointer is NULL");
    QN_TRY(qn__engine_check_supported(engine, piece));
    qn_program *program = qn__alloc(1, sizeof *program);
    QN_ALLOC_CHECK(program);
    *program = (qn_program){.ops = engine->desc->ops,
                            .symbols = qn_circuit_symbols(piece),
                            .qubits = qn_circuit_qubits(piece),
                            .engine_name = engine->desc->name,
                            .live = true};
    const qn_status status = engine->desc->ops->compile_live(engine->self, piece, &program->program);
    if (status != QN_OK) {
        qn__free(program);
        return status;
    }
    *out = program;
    return QN_OK;
}

qn_status qn_live_create(qn_engine *engine, uint32_t nqubits, qn_live **out)
{
    QN_TRY(check_live(engine));
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    qn_circuit *empty = NULL; /* what a state takes is what a circuit without operations does */
    QN_TRY(qn_circuit_create(nqubits, &empty));
    const qn_status fits = qn__engine_check_size(engine, empty, NULL, 0);
    qn_circuit_free(empty);
    QN_TRY(fits);
    qn_live *live = qn__alloc(1, sizeof *live);
    QN_ALLOC_CHECK(live);
    *live = (qn_live){engine->desc->ops, NULL, nqubits, engine->desc->name};
    const qn_status status = live->ops->live_create(engine->self, nqubits, &live->state);
    if (status != QN_OK) {
        qn__free(live);
        return status;
    }
    *out = live;
    return QN_OK;
}

void qn_live_free(qn_live *live)
{
    if (live != NULL) {
        live->ops->live_free(live->state);
        qn__free(live);
    }
}

void qn_live_start(qn_live *live)
{
    live->ops->live_start(live->state);
}

void qn_live_copy(qn_live *to, const qn_live *from)
{
    QN_ASSERT(to->ops == from->ops && to->qubits == from->qubits);
    to->ops->live_copy(to->state, from->state);
}

qn_status qn_live_advance(qn_live *live, qn_program *piece, const double *theta)
{
    QN_CHECK(live != NULL && piece != NULL, ERR_ARGUMENT, "live state or piece is NULL");
    QN_CHECK(piece->live, ERR_ARGUMENT, "a live state is advanced by pieces of qn_engine_compile_live only");
    QN_CHECK(piece->ops == live->ops, ERR_ARGUMENT, "a piece of engine '%s' does not act on a state of engine '%s'",
             piece->engine_name, live->engine_name);
    QN_CHECK(piece->qubits == live->qubits, ERR_SHAPE, "a piece of %u qubits does not act on a state of %u",
             piece->qubits, live->qubits);
    QN_TRY(qn__engine_check_finite("parameter", theta, 1, piece->symbols));
    static const double none[1] = {0.0}; /* so that engines may do arithmetic on the pointer */
    return live->ops->live_advance(piece->program, theta != NULL ? theta : none, live->state);
}

double qn_live_probability(qn_live *live, uint32_t qubit)
{
    QN_ASSERT(qubit < live->qubits);
    const double p = live->ops->live_probability(live->state, qubit);
    return p < 0.0 ? 0.0 : p > 1.0 ? 1.0 : p; /* rounding */
}

void qn_live_collapse(qn_live *live, uint32_t qubit, bool outcome, double probability, bool flip)
{
    QN_ASSERT(qubit < live->qubits && probability > 0.0);
    live->ops->live_collapse(live->state, qubit, outcome, probability, flip);
}

qn_status qn_live_sample(qn_live *live, uint64_t shots, uint64_t seed, uint64_t stream, qn_counts *out)
{
    QN_CHECK(live != NULL && out != NULL, ERR_ARGUMENT, "live state or counts are NULL");
    QN_CHECK(qn_counts_bits(out) == live->qubits, ERR_SHAPE, "counts of %u bits given for %u qubits",
             qn_counts_bits(out), live->qubits);
    qn_counts_clear(out);
    return live->ops->live_sample(live->state, shots, seed, stream, out);
}

qn_status qn_live_amplitudes(qn_live *live, uint64_t first, size_t count, qn_complex *out)
{
    QN_CHECK(live != NULL && (out != NULL || count == 0), ERR_ARGUMENT, "live state or result is NULL");
    QN_CHECK(live->qubits >= 64 ||
                 (first <= UINT64_C(1) << live->qubits && count <= (UINT64_C(1) << live->qubits) - first),
             ERR_RANGE, "amplitudes %llu to %llu asked for; %u qubits have 2^%u", (unsigned long long)first,
             (unsigned long long)(first + count), live->qubits, live->qubits);
    return live->ops->live_amplitudes(live->state, first, count, out);
}
