/* chebyshev_apply.c: odd Chebyshev series of a sparse matrix on a vector: the operator tier of QSVT.
 *
 * T_{k+1} = 2 H T_k - T_{k-1} with H alternating between A^H and A: even terms live where b does, odd ones where x
 * does. Each vector is overwritten by the term two further on, in the same pass over memory that multiplies and, for
 * odd terms, adds to the sum: 5 or 3 vectors of traffic a product, beside the matrix. Matrices most of whose rows
 * repeat the row above, moved by one, as those on grids do, are held as runs of rows with one pattern and cost no
 * traffic at all. */
#include <math.h>
#include <sched.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"

enum { WIDEST = 9, CHUNK = 4096, FEWEST_PARALLEL = 16384 };
enum { FRONT_BYTES = 512 * 1024, MOST_STEPS = 32, FEWEST_BLOCKS = 64, ROUND = 16 };

/* Rows first … first + count - 1 have `entries` values at columns row + offset. */
typedef struct run {
    size_t first, count;
    uint32_t entries;
    int64_t offset[WIDEST];
    double value[WIDEST]; /* scaled by 2 / alpha */
} run;

typedef struct engine {
    const qn_linear_problem *problem;
    uint32_t threads;
    double scale; /* 2 / alpha */
    run *runs;    /* NULL: the matrix as it is */
    size_t nruns;
    size_t nblocks, steps; /* blocks of rows, and steps a front takes at once; 0: no fronts */
    size_t *block;         /* first run of each block, nblocks + 1 */
    double *even, *odd, *sum;
} engine;

static bool continues(const qn_sparse *m, size_t row)
{
    const size_t entries = m->start[row + 1] - m->start[row];
    if (entries != m->start[row] - m->start[row - 1]) {
        return false;
    }
    for (size_t e = 0; e < entries; e++) {
        const size_t here = m->start[row] + e, above = m->start[row - 1] + e;
        if (m->column[here] != m->column[above] + 1 || m->value[here] != m->value[above]) {
            return false;
        }
    }
    return true;
}

/* Runs, cut at multiples of `cut` rows; none when rows are wide, few of them repeat, or the matrix needs its adjoint.
 */
static qn_status find_runs(const qn_sparse *m, double scale, size_t cut, run **out, size_t *count)
{
    *out = NULL;
    *count = 0;
    if (m->is_complex || !m->hermitian) {
        return QN_OK;
    }
    size_t pieces = 0;
    for (size_t r = 0; r < m->rows; r++) {
        const bool same = r % cut != 0 && continues(m, r);
        pieces += !same;
        if (m->start[r + 1] - m->start[r] > WIDEST || pieces > m->rows / 8 + 8) {
            return QN_OK;
        }
    }
    run *runs = qn__alloc(pieces, sizeof *runs);
    QN_ALLOC_CHECK(runs);
    size_t filled = 0;
    for (size_t r = 0; r < m->rows; r++) {
        if (r % cut != 0 && continues(m, r)) {
            runs[filled - 1].count++;
            continue;
        }
        run *const next = &runs[filled++];
        *next = (run){.first = r, .count = 1, .entries = (uint32_t)(m->start[r + 1] - m->start[r])};
        for (uint32_t e = 0; e < next->entries; e++) {
            next->offset[e] = (int64_t)m->column[m->start[r] + e] - (int64_t)r;
            next->value[e] = scale * m->value[m->start[r] + e];
        }
    }
    *out = runs;
    *count = filled;
    return QN_OK;
}

/* z = 2 H x - z over one run, and with y also y += c z. `n` is a constant in every call, so that the loops unroll. */
static inline void sweep(const run *piece, uint32_t n, const double *restrict x, double *restrict z, double *restrict y,
                         double c)
{
    const double *shifted[WIDEST];
    for (uint32_t e = 0; e < n; e++) {
        shifted[e] = x + piece->offset[e];
    }
    if (y != NULL) {
        for (size_t i = piece->first; i < piece->first + piece->count; i++) {
            double product = -z[i];
            for (uint32_t e = 0; e < n; e++) {
                product += piece->value[e] * shifted[e][i];
            }
            z[i] = product;
            y[i] += c * product;
        }
    } else {
        for (size_t i = piece->first; i < piece->first + piece->count; i++) {
            double product = -z[i];
            for (uint32_t e = 0; e < n; e++) {
                product += piece->value[e] * shifted[e][i];
            }
            z[i] = product;
        }
    }
}

static void sweep_run(const run *piece, const double *x, double *z, double *y, double c)
{
    switch (piece->entries) { /* a constant count each, so that the inner loop is unrolled */
#define CASE(n)                                                                                                        \
    case n:                                                                                                            \
        sweep(piece, n, x, z, y, c);                                                                                   \
        break
        CASE(0);
        CASE(1);
        CASE(2);
        CASE(3);
        CASE(4);
        CASE(5);
        CASE(6);
        CASE(7);
        CASE(8);
        CASE(9);
#undef CASE
    default:
        break;
    }
}

static void sweep_rows(const qn_sparse *m, double scale, const double *x, double *z, double *y, double c, size_t first,
                       size_t end)
{
    for (size_t r = first; r < end; r++) {
        double product = 0;
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            product += m->value[e] * x[m->column[e]];
        }
        z[r] = scale * product - z[r];
        if (y != NULL) {
            y[r] += c * z[r];
        }
    }
}

static void sweep_complex(const qn_sparse *m, double scale, const double *x, double *z, double *y, double c,
                          size_t first, size_t end)
{
    for (size_t r = first; r < end; r++) {
        double re = 0, im = 0;
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            const double a = m->value[2 * e], b = m->value[2 * e + 1];
            const double u = x[2 * (size_t)m->column[e]], v = x[2 * (size_t)m->column[e] + 1];
            re += a * u - b * v;
            im += a * v + b * u;
        }
        z[2 * r] = scale * re - z[2 * r];
        z[2 * r + 1] = scale * im - z[2 * r + 1];
        if (y != NULL) {
            y[2 * r] += c * z[2 * r];
            y[2 * r + 1] += c * z[2 * r + 1];
        }
    }
}

/* One product; `adjoint` says with which. Rows are computed alike by whichever thread. */
static void step(const engine *e, bool adjoint, const double *x, double *z, double *y, double c)
{
    const qn_sparse *const m = adjoint ? e->problem->adjoint : e->problem->matrix;
    const size_t chunks = (m->rows + CHUNK - 1) / CHUNK;
    if (e->runs != NULL) {
#pragma omp parallel for schedule(static) num_threads((int)e->threads) if (m->rows >= FEWEST_PARALLEL)
        for (size_t p = 0; p < e->nruns; p++) {
            sweep_run(&e->runs[p], x, z, y, c);
        }
        return;
    }
#pragma omp parallel for schedule(static) num_threads((int)e->threads) if (m->nonzeros >= FEWEST_PARALLEL)
    for (size_t k = 0; k < chunks; k++) {
        const size_t first = k * CHUNK, end = first + CHUNK < m->rows ? first + CHUNK : m->rows;
        if (m->is_complex) {
            sweep_complex(m, e->scale, x, z, y, c, first, end);
        } else {
            sweep_rows(m, e->scale, x, z, y, c, first, end);
        }
    }
}

/* Front `front` of one sweep, whose first step is number `first`: step first + s on block front - s. Step k (from 2)
 * makes T_k; odd ones add to the sum with coefficient k / 2. */
static void sweep_front(const engine *e, size_t front, size_t first, size_t steps, const double *coefficients)
{
    for (size_t s = 0; s < steps && s <= front; s++) {
        const size_t block = front - s, k = first + s;
        if (block >= e->nblocks) {
            continue;
        }
        for (size_t p = e->block[block]; p < e->block[block + 1]; p++) {
            if (k % 2 == 0) {
                sweep_run(&e->runs[p], e->odd, e->even, NULL, 0);
            } else {
                sweep_run(&e->runs[p], e->even, e->odd, e->sum, coefficients[k / 2]);
            }
        }
    }
}

/* Steps first … first + count - 1 in sweeps of e->steps. Sweep q may do front f when sweep q - 1 has done front f +
 * steps: its last step has then passed block f + 1. Rows are computed alike whatever the threads' speed. */
static void sweep_fronts(const engine *e, size_t first, size_t count, const double *coefficients)
{
    const size_t sweeps = (count + e->steps - 1) / e->steps, fronts = e->nblocks + e->steps - 1;
    size_t done[ROUND] = {0}; /* fronts that each sweep has done */
    const size_t workers = e->threads < sweeps ? e->threads : sweeps;
    (void)workers;
    /* sweeps are handed out in order, so the one before is always done or under way, with however many threads there
     * are */
#pragma omp parallel for schedule(monotonic : dynamic, 1) num_threads((int)workers) if (workers > 1)
    for (size_t q = 0; q < sweeps; q++) {
        const size_t at = first + q * e->steps, left = first + count - at;
        for (size_t f = 0; f < fronts; f++) {
            const size_t needed = f + e->steps + 1 < fronts ? f + e->steps + 1 : fronts;
            while (q > 0 && __atomic_load_n(&done[q - 1], __ATOMIC_ACQUIRE) < needed) {
                (void)sched_yield();
            }
            sweep_front(e, f, at, left < e->steps ? left : e->steps, coefficients);
            __atomic_store_n(&done[q], f + 1, __ATOMIC_RELEASE);
        }
    }
}

/* Blocks at least as long as the band is wide, so that a row's neighbours are in its own block or the next ones. */
static qn_status find_blocks(engine *e, size_t band)
{
    const qn_sparse *const m = e->problem->matrix;
    const size_t rows = band > 2048 ? band : 2048, blocks = (m->rows + rows - 1) / rows;
    const size_t steps = FRONT_BYTES / (rows * 3 * sizeof(double));
    if (blocks < FEWEST_BLOCKS || steps < 4) {
        return QN_OK;
    }
    qn__free(e->runs);
    e->runs = NULL;
    QN_TRY(find_runs(m, e->scale, rows, &e->runs, &e->nruns));
    if (e->runs == NULL) {
        return QN_OK;
    }
    e->block = qn__alloc(blocks + 1, sizeof *e->block);
    QN_ALLOC_CHECK(e->block);
    size_t p = 0;
    for (size_t b = 0; b < blocks; b++) {
        while (e->runs[p].first < b * rows) {
            p++;
        }
        e->block[b] = p;
    }
    e->block[blocks] = e->nruns;
    e->nblocks = blocks;
    e->steps = steps < MOST_STEPS ? steps : MOST_STEPS;
    return QN_OK;
}

static size_t band_of(const engine *e)
{
    size_t band = 0;
    for (size_t p = 0; p < e->nruns; p++) {
        for (uint32_t k = 0; k < e->runs[p].entries; k++) {
            const int64_t offset = e->runs[p].offset[k];
            const size_t size = (size_t)(offset < 0 ? -offset : offset);
            band = size > band ? size : band;
        }
    }
    return band;
}

static void engine_close(engine *e)
{
    qn__free(e->runs);
    qn__free(e->block);
    qn__free(e->even);
}

/* even = b / |b|, odd = 0, sum = 0. */
static qn_status engine_open(const qn_context *context, const qn_linear_problem *problem, engine *e)
{
    const size_t width = problem->width;
    *e = (engine){.problem = problem, .threads = qn_context_threads(context), .scale = 2 / problem->alpha};
    e->even = qn__calloc(3 * width, sizeof *e->even);
    QN_ALLOC_CHECK(e->even);
    e->odd = e->even + width;
    e->sum = e->odd + width;
    for (size_t i = 0; i < width; i++) {
        e->even[i] = problem->b[i] / problem->b_norm;
    }
    qn_status status = find_runs(problem->matrix, e->scale, CHUNK, &e->runs, &e->nruns);
    if (status == QN_OK && e->runs != NULL) {
        status = find_blocks(e, band_of(e));
    }
    if (status != QN_OK) {
        engine_close(e);
    }
    return status;
}

/* T_1 = H T_0 comes out of the same step as 2 H T_0 - T_{-1}, with T_{-1} = T_1: half of a step from zero. */
static void start(engine *e, double c)
{
    step(e, true, e->even, e->odd, NULL, 0);
    for (size_t i = 0; i < e->problem->width; i++) {
        e->odd[i] *= 0.5;
        e->sum[i] = c * e->odd[i];
    }
}

/* Steps first … first + count - 1, the first of them even. */
static void advance(const engine *e, size_t first, size_t count, const double *coefficients)
{
    if (e->steps > 0) {
        sweep_fronts(e, first, count, coefficients);
        return;
    }
    for (size_t k = first; k < first + count; k++) {
        if (k % 2 == 0) {
            step(e, false, e->odd, e->even, NULL, 0);
        } else {
            step(e, true, e->even, e->odd, e->sum, coefficients[k / 2]);
        }
    }
}

/* Steps between two looks at the clock. */
static size_t stride_of(const engine *e)
{
    const size_t small = e->problem->matrix->nonzeros < 100000 ? 32 : 2;
    return e->steps > 0 ? e->steps * ROUND / 2 * 2 : small;
}

qn_status qn__chebyshev_apply(const qn_context *context, const qn_linear_problem *problem,
                              const qn_qsp_polynomial *polynomial, double *y, size_t *done)
{
    engine e;
    QN_TRY(engine_open(context, problem, &e));
    const double started = qn__clock();
    const size_t stride = stride_of(&e), last = 2 * polynomial->count - 1;
    double reported = 0;
    start(&e, polynomial->coefficient[0]);
    size_t k = 1; /* T_1 … T_k are there */
    while (k < last && !qn_context_interrupted(context)) {
        const size_t count = last - k < stride ? last - k : stride;
        advance(&e, k + 1, count, polynomial->coefficient);
        k += count;
        const qn_progress progress = {"qsvt", k, last, k, (double)NAN, qn__clock() - started};
        qn__context_progress(context, &progress, &reported, k == last);
    }
    memcpy(y, e.sum, problem->width * sizeof *y);
    *done = (k + 1) / 2;
    engine_close(&e);
    return QN_OK;
}

qn_status qn__chebyshev_time(const qn_context *context, const qn_linear_problem *problem, double *seconds)
{
    engine e;
    QN_TRY(engine_open(context, problem, &e));
    const size_t stride = stride_of(&e);
    double *coefficients = qn__calloc(stride / 2 + 2, sizeof *coefficients);
    if (coefficients == NULL) {
        engine_close(&e);
        return QN_ERR_MEMORY;
    }
    start(&e, 0);
    const double started = qn__clock();
    size_t steps = 0;
    double spent = 0;
    while (steps < 20000 && spent < 0.02) {
        advance(&e, 2, stride, coefficients);
        steps += stride;
        spent = qn__clock() - started;
    }
    *seconds = spent / (double)steps;
    qn__free(coefficients);
    engine_close(&e);
    return QN_OK;
}
