/* sample.c: shots by the rule of engine/sampling.h. The draws of a batch are dealt into buckets by value, and each
 * bucket is sorted and answered by one sweep over its part of the state while it lies in the cache; results come in
 * rising order. Batches keep memory bounded whatever the number of shots. Sums are taken tile by tile, so results do
 * not depend on threads. */
#include <quern/counts.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"
#include "engine/statevector/program.h"
#include "engine/statevector/rows.h"
#include "engine/statevector/threads.h"

enum {
    BATCH = 1 << 21, /* draws at once: 64 MiB of room */
    RANGES = 8,      /* of shots, drawn side by side */
    MOST_BUCKETS = 256,
    BUCKET_DRAWS = 1 << 12 /* so many on average, or more: 128 KiB */
};

static uint64_t chunk_size(const qn__sv_program *p)
{
    return UINT64_C(1) << (p->nqubits < QN__SV_TILE_QUBITS ? p->nqubits : QN__SV_TILE_QUBITS);
}

static size_t chunk_count(const qn__sv_program *p)
{
    return (size_t)((UINT64_C(1) << p->nqubits) / chunk_size(p));
}

/* One batch of shots. `raw` holds the draws as they come, then sorted; `cells` those of the sort, then how often each
 * outcome was seen. */
typedef struct batch {
    qn__sv_program *p;
    double total;
    size_t shots, buckets;
    double *raw, *dealt;
    uint64_t *outcomes, *cells;
    size_t starts[MOST_BUCKETS + 1], distinct[MOST_BUCKETS];
} batch;

/* Draws, the same by bucket, outcomes, cells; the ends of the chunks, and one chunk for each thread. */
static qn_status make_room(qn__sv_program *p, uint64_t shots)
{
    if (p->chunks == NULL) {
        double *chunks = qn__alloc(chunk_count(p) + p->threads * chunk_size(p), sizeof *chunks);
        QN_ALLOC_CHECK(chunks);
        p->chunks = chunks;
        p->chunk = chunks + chunk_count(p);
    }
    shots = shots < BATCH ? shots : BATCH;
    if (shots > p->draws_capacity) {
        double *draws = qn__alloc((size_t)shots, 4 * sizeof *draws);
        QN_ALLOC_CHECK(draws);
        qn__free(p->draws);
        p->draws = draws;
        p->draws_capacity = (size_t)shots;
    }
    return QN_OK;
}

/* Cumulative probability at the end of every chunk. */
static double sum_chunks(qn__sv_program *p)
{
    const uint64_t size = chunk_size(p), blocks = size < p->kernels->lanes ? 1 : size / p->kernels->lanes;
    const size_t count = chunk_count(p);
#pragma omp parallel for schedule(static) num_threads((int)p->threads) if (p->threads > 1)
    for (size_t k = 0; k < count; k++) {
        p->chunks[k] = p->kernels->norm(p->state, k * blocks, blocks);
    }
    double total = 0.0;
    for (size_t k = 0; k < count; k++) {
        total += p->chunks[k];
        p->chunks[k] = total;
    }
    return total;
}

/* Draw `first` and the next ones, and sort them roughly: into buckets of equal width. */
static void deal(batch *b, uint64_t first, uint64_t seed, uint64_t stream)
{
    uint32_t counts[RANGES][MOST_BUCKETS] = {{0}};
    const double width = (double)b->buckets; /* a power of two, so that products with draws are exact */
#pragma omp parallel for schedule(static) num_threads((int)b->p->threads) if (b->p->threads > 1 && b->buckets > 1)
    for (size_t r = 0; r < RANGES; r++) {
        for (size_t s = b->shots * r / RANGES; s < b->shots * (r + 1) / RANGES; s++) {
            b->raw[s] = qn__random_uniform(seed, stream, first + s);
            counts[r][(size_t)(b->raw[s] * width)]++;
        }
    }
    size_t total = 0;
    for (size_t k = 0; k < b->buckets; k++) {
        b->starts[k] = total;
        for (size_t r = 0; r < RANGES; r++) {
            const uint32_t here = counts[r][k];
            counts[r][k] = (uint32_t)total;
            total += here;
        }
    }
    b->starts[b->buckets] = total;
#pragma omp parallel for schedule(static) num_threads((int)b->p->threads) if (b->p->threads > 1 && b->buckets > 1)
    for (size_t r = 0; r < RANGES; r++) {
        for (size_t s = b->shots * r / RANGES; s < b->shots * (r + 1) / RANGES; s++) {
            b->dealt[counts[r][(size_t)(b->raw[s] * width)]++] = b->raw[s];
        }
    }
}

/* The draws of a bucket in rising order: one cell a draw on average, then insertion among the few of a cell. */
static void sort_bucket(batch *b, size_t bucket)
{
    const size_t count = b->starts[bucket + 1] - b->starts[bucket];
    const double *from = b->dealt + b->starts[bucket];
    double *to = b->raw + b->starts[bucket];
    uint64_t *cells = b->cells + b->starts[bucket];
    const double scale = (double)b->buckets * (double)count, offset = (double)bucket * (double)count;
    for (size_t c = 0; c < count; c++) {
        cells[c] = 0;
    }
    for (size_t s = 0; s < count; s++) {
        const size_t cell = (size_t)(from[s] * scale - offset);
        cells[cell < count ? cell : count - 1]++;
    }
    uint64_t total = 0;
    for (size_t c = 0; c < count; c++) {
        const uint64_t here = cells[c];
        cells[c] = total;
        total += here;
    }
    for (size_t s = 0; s < count; s++) {
        const size_t cell = (size_t)(from[s] * scale - offset);
        to[cells[cell < count ? cell : count - 1]++] = from[s];
    }
    for (size_t s = 1; s < count; s++) {
        const double draw = to[s];
        size_t at = s;
        for (; at > 0 && to[at - 1] > draw; at--) {
            to[at] = to[at - 1];
        }
        to[at] = draw;
    }
}

/* First chunk whose end is above `target`; the last one when rounding leaves none. */
static size_t chunk_of(const qn__sv_program *p, double target)
{
    size_t low = 0, high = chunk_count(p) - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (p->chunks[middle] > target) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Outcomes of the sorted draws of a bucket, in rising order, and how often each was seen. */
static void answer_bucket(batch *b, size_t bucket)
{
    const qn__sv_program *p = b->p;
    const uint64_t size = chunk_size(p);
    const size_t count = b->starts[bucket + 1] - b->starts[bucket];
    const double *draws = b->raw + b->starts[bucket];
    uint64_t *outcomes = b->outcomes + b->starts[bucket], *times = b->cells + b->starts[bucket];
    double *probabilities = p->chunk + qn__team_member() * size;
    size_t distinct = 0;
    for (size_t shot = 0; shot < count;) {
        const size_t chunk = chunk_of(p, draws[shot] * b->total);
        const bool last = chunk + 1 == chunk_count(p);
        const double end = p->chunks[chunk];
        double sum = chunk == 0 ? 0.0 : p->chunks[chunk - 1];
        p->kernels->probabilities(p->state, chunk * size, size, probabilities);
        uint64_t likely = 0; /* the last outcome that is possible at all: takes what rounding leaves over */
        for (uint64_t i = 0; i < size && shot < count; i++) {
            likely = probabilities[i] > 0 ? i : likely;
            sum += probabilities[i];
            const size_t before = shot;
            while (shot < count && draws[shot] * b->total < sum) {
                shot++;
            }
            if (shot > before) {
                outcomes[distinct] = chunk * size + i;
                times[distinct++] = shot - before;
            }
        }
        size_t over = 0;
        while (shot < count && (last || draws[shot] * b->total < end)) {
            shot++;
            over++;
        }
        if (over > 0 && distinct > 0 && outcomes[distinct - 1] == chunk * size + likely) {
            times[distinct - 1] += over;
        } else if (over > 0) {
            outcomes[distinct] = chunk * size + likely;
            times[distinct++] = over;
        }
    }
    b->distinct[bucket] = distinct;
}

static qn_status sample_batch(batch *b, uint64_t first, uint64_t seed, uint64_t stream, qn_counts *out)
{
    b->buckets = 1;
    while (b->buckets < MOST_BUCKETS && b->shots / b->buckets >= (size_t)2 * BUCKET_DRAWS) {
        b->buckets *= 2;
    }
    deal(b, first, seed, stream);
#pragma omp parallel for schedule(dynamic) num_threads((int)b->p->threads) if (b->p->threads > 1 && b->buckets > 1)
    for (size_t k = 0; k < b->buckets; k++) {
        sort_bucket(b, k);
        answer_bucket(b, k);
    }
    for (size_t k = 0; k < b->buckets; k++) {
        for (size_t i = 0; i < b->distinct[k]; i++) {
            QN_TRY(qn_counts_add(out, &b->outcomes[b->starts[k] + i], b->cells[b->starts[k] + i]));
        }
    }
    return QN_OK;
}

qn_status qn__sv_sample_state(qn__sv_program *p, uint64_t shots, uint64_t seed, uint64_t stream, qn_counts *out)
{
    if (shots == 0) {
        return QN_OK;
    }
    QN_TRY(make_room(p, shots));
    const uint64_t outcomes = UINT64_C(1) << p->nqubits;
    const uint64_t most = shots < BATCH ? shots : BATCH;
    QN_TRY(qn_counts_reserve(out, (size_t)(most < outcomes ? most : outcomes)));
    void *const outcomes_room = p->draws + 2 * p->draws_capacity, *const cells_room = p->draws + 3 * p->draws_capacity;
    batch b = {.p = p,
               .total = sum_chunks(p),
               .raw = p->draws,
               .dealt = p->draws + p->draws_capacity,
               .outcomes = outcomes_room,
               .cells = cells_room};
    for (uint64_t first = 0; first < shots; first += most) {
        QN_CHECK(first == 0 || !qn_context_interrupted(p->context), ERR_INTERRUPTED, "interrupted after %llu shots",
                 (unsigned long long)first);
        b.shots = (size_t)(shots - first < most ? shots - first : most);
        QN_TRY(sample_batch(&b, first, seed, stream, out));
        if (first > 0) {
            QN_TRY(qn_counts_sort(out));
        }
    }
    return QN_OK;
}

typedef struct samples {
    const double *theta;
    uint64_t shots, seed, stream;
    qn_counts *const *out;
} samples;

static qn_status sample_row(qn__sv_program *p, size_t row, void *job)
{
    const samples *s = job;
    qn_counts_clear(s->out[row]);
    if (s->shots > 0) {
        QN_TRY(make_room(p, s->shots)); /* before the work, so that lack of memory is known early */
        qn__sv_bind(p, s->theta + row * p->nsymbols);
        qn__sv_forward(p);
        qn__sv_restore_order(p);
        QN_TRY(qn__sv_sample_state(p, s->shots, s->seed, s->stream + row, s->out[row]));
    }
    return QN_OK;
}

qn_status qn__sv_sample(void *program, const double *theta, size_t rows, uint64_t shots, uint64_t seed, uint64_t stream,
                        qn_counts *const *out)
{
    samples job = {theta, shots, seed, stream, out};
    return qn__sv_each_row(program, 0, rows, false, sample_row, &job);
}
