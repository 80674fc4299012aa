/* npy.c: the state of a circuit, piece by piece, into a NumPy file. */
#include "npy.h"

#include <stdlib.h>

enum { PIECE = 1 << 16 }; /* amplitudes */

/* The amplitudes of one run: kept in a live state where the engine has them, so that the circuit runs once. */
typedef struct source {
    qn_live *live;
    qn_program *program;
} source;

static qn_status open_source(qn_engine *engine, const qn_circuit *gates, source *out)
{
    *out = (source){NULL, NULL};
    qn_status status;
    if (!qn_engine_has_live(engine)) {
        return qn_engine_compile(engine, gates, NULL, 0, &out->program);
    }
    status = qn_live_create(engine, qn_circuit_qubits(gates), &out->live);
    if (status == QN_OK) {
        status = qn_engine_compile_live(engine, gates, &out->program);
    }
    if (status == QN_OK) {
        qn_live_start(out->live);
        status = qn_live_advance(out->live, out->program, NULL);
    }
    return status;
}

static void close_source(source *s)
{
    qn_program_free(s->program);
    qn_live_free(s->live);
}

static qn_status read_source(source *s, uint64_t first, size_t count, qn_complex *out)
{
    return s->live != NULL ? qn_live_amplitudes(s->live, first, count, out)
                           : qn_program_amplitudes(s->program, NULL, first, count, out);
}

static qn_status write_all(qn_engine *engine, const qn_circuit *gates, qn_npy *file)
{
    const uint64_t count = UINT64_C(1) << qn_circuit_qubits(gates);
    const qn_context *context = qn_engine_context(engine);
    source s;
    qn_complex *piece = malloc(PIECE * sizeof *piece);
    qn_status status = open_source(engine, gates, &s);
    status = status == QN_OK && piece == NULL ? QN_ERR_MEMORY : status;
    for (uint64_t first = 0; status == QN_OK && first < count; first += PIECE) {
        const size_t length = count - first < PIECE ? (size_t)(count - first) : PIECE;
        status = qn_context_interrupted(context) ? QN_ERR_INTERRUPTED : read_source(&s, first, length, piece);
        status = status == QN_OK ? qn_npy_append(file, &piece->re, 2 * length) : status;
    }
    free(piece);
    close_source(&s);
    return status;
}

qn_status cli_npy_write(qn_engine *engine, const qn_circuit *gates, const char *path)
{
    qn_npy *file = NULL;
    const qn_status status = qn_npy_create(path, UINT64_C(1) << qn_circuit_qubits(gates), 1, true, &file);
    return status == QN_OK ? qn_npy_finish(file, write_all(engine, gates, file)) : status;
}
