/* sample.c: shots by the rule of engine/sampling.h. The draws of a batch are sorted, so that one sweep over the state
 * answers them all and results come in rising order; batches keep memory bounded whatever the number of shots. */
#include <string.h>

#include <quern/counts.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"
#include "engine/statevector/program.h"

enum { BATCH = 1 << 22 }; /* draws at once: 96 MiB of room */

static uint64_t chunk_size(const qn__sv_program *p)
{
    return UINT64_C(1) << (p->nqubits < QN__SV_TILE_QUBITS ? p->nqubits : QN__SV_TILE_QUBITS);
}

static size_t chunk_count(const qn__sv_program *p)
{
    return (size_t)((UINT64_C(1) << p->nqubits) / chunk_size(p));
}

/* Draws, a copy while sorting, and one start a bucket. */
static qn_status make_room(qn__sv_program *p, uint64_t shots)
{
    if (p->chunks == NULL) {
        double *chunks = qn__alloc(chunk_count(p) + chunk_size(p), sizeof *chunks);
        QN_ALLOC_CHECK(chunks);
        p->chunks = chunks;
        p->chunk = chunks + chunk_count(p);
    }
    shots = shots < BATCH ? shots : BATCH;
    if (shots > p->draws_capacity) {
        double *draws = qn__alloc((size_t)shots, 3 * sizeof *draws);
        QN_ALLOC_CHECK(draws);
        qn__free(p->draws);
        p->draws = draws;
        p->draws_capacity = (size_t)shots;
    }
    return QN_OK;
}

/* Uniform draws in rising order: one bucket a draw on average, then insertion among the few of a bucket. */
static double *sorted_draws(qn__sv_program *p, uint64_t first, size_t shots, uint64_t seed, uint64_t stream)
{
    double *raw = p->draws, *sorted = p->draws + p->draws_capacity;
    uint64_t *starts = (uint64_t *)(void *)(p->draws + 2 * p->draws_capacity);
    memset(starts, 0, shots * sizeof *starts);
    for (size_t s = 0; s < shots; s++) {
        raw[s] = qn__random_uniform(seed, stream, first + s);
        const size_t bucket = (size_t)(raw[s] * (double)shots);
        starts[bucket < shots ? bucket : shots - 1]++;
    }
    uint64_t total = 0;
    for (size_t b = 0; b < shots; b++) {
        const uint64_t here = starts[b];
        starts[b] = total;
        total += here;
    }
    for (size_t s = 0; s < shots; s++) {
        const size_t bucket = (size_t)(raw[s] * (double)shots);
        sorted[starts[bucket < shots ? bucket : shots - 1]++] = raw[s];
    }
    for (size_t s = 1; s < shots; s++) {
        const double draw = sorted[s];
        size_t at = s;
        for (; at > 0 && sorted[at - 1] > draw; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = draw;
    }
    return sorted;
}

/* Cumulative probability at the end of every chunk, added up one amplitude after the other. */
static double sum_chunks(qn__sv_program *p)
{
    const uint64_t size = chunk_size(p);
    double total = 0.0;
    for (size_t k = 0; k < chunk_count(p); k++) {
        p->kernels->probabilities(p->state, k * size, size, p->chunk);
        for (uint64_t i = 0; i < size; i++) {
            total += p->chunk[i];
        }
        p->chunks[k] = total;
    }
    return total;
}

/* Outcomes of sorted draws, added in rising order. */
static qn_status answer(qn__sv_program *p, const double *draws, size_t shots, double total, qn_counts *out)
{
    const uint64_t size = chunk_size(p);
    const size_t chunks = chunk_count(p);
    size_t shot = 0;
    for (size_t k = 0; k < chunks && shot < shots; k++) {
        if (draws[shot] * total >= p->chunks[k] && k + 1 < chunks) {
            continue;
        }
        p->kernels->probabilities(p->state, k * size, size, p->chunk);
        double sum = k == 0 ? 0.0 : p->chunks[k - 1];
        for (uint64_t i = 0; i < size && shot < shots; i++) {
            sum += p->chunk[i];
            uint64_t times = 0;
            while (shot < shots && draws[shot] * total < sum) {
                shot++;
                times++;
            }
            if (times > 0) {
                const uint64_t outcome = k * size + i;
                QN_TRY(qn_counts_add(out, &outcome, times));
            }
        }
    }
    return QN_OK;
}

static qn_status sample_row(qn__sv_program *p, const double *theta, uint64_t shots, uint64_t seed, uint64_t stream,
                            qn_counts *out)
{
    qn_counts_clear(out);
    if (shots == 0) {
        return QN_OK;
    }
    const uint64_t outcomes = UINT64_C(1) << p->nqubits;
    const uint64_t most = shots < BATCH ? shots : BATCH;
    QN_TRY(qn_counts_reserve(out, (size_t)(most < outcomes ? most : outcomes)));
    qn__sv_bind(p, theta);
    qn__sv_forward(p);
    const double total = sum_chunks(p);
    for (uint64_t first = 0; first < shots; first += most) {
        QN_CHECK(first == 0 || !qn_context_interrupted(p->context), ERR_INTERRUPTED, "interrupted after %llu shots",
                 (unsigned long long)first);
        const size_t now = (size_t)(shots - first < most ? shots - first : most);
        QN_TRY(answer(p, sorted_draws(p, first, now, seed, stream), now, total, out));
        if (first > 0) {
            QN_TRY(qn_counts_sort(out));
        }
    }
    return QN_OK;
}

qn_status qn__sv_sample(void *program, const double *theta, size_t rows, uint64_t shots, uint64_t seed, uint64_t stream,
                        qn_counts *const *out)
{
    qn__sv_program *p = program;
    QN_TRY(make_room(p, shots));
    for (size_t r = 0; r < rows; r++) {
        QN_CHECK(!qn_context_interrupted(p->context), ERR_INTERRUPTED, "interrupted at row %zu of %zu", r, rows);
        QN_TRY(sample_row(p, theta + r * p->nsymbols, shots, seed, stream + r, out[r]));
    }
    return QN_OK;
}
