/* chebyshev_apply.c: odd Chebyshev series of a sparse matrix on a vector: the operator tier of QSVT.
 *
 * T_{k+1} = 2 H T_k - T_{k-1} with H alternating between A^H and A: even terms live where b does, odd ones where x
 * does. Each vector is overwritten by the term two further on, in the same pass over memory that multiplies and, for
 * odd terms, adds to the sum: 5 or 3 vectors of traffic a product, beside the matrix. Matrices most of whose rows
 * repeat the row above, moved by one, as those on grids do, are held as runs of rows with one pattern and cost no
 * traffic at all. */
#include <math.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"

enum { WIDEST = 9, CHUNK = 4096, FEWEST_PARALLEL = 16384 };

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
        if (m->column[here] != m->column[above] + 1 || memcmp(&m->value[here], &m->value[above], sizeof(double)) != 0) {
            return false;
        }
    }
    return true;
}

/* Runs, cut into pieces of CHUNK rows that threads share; none when rows are wide, few of them repeat, or the matrix
 * needs its adjoint. */
static qn_status find_runs(const qn_sparse *m, double scale, run **out, size_t *count)
{
    *out = NULL;
    *count = 0;
    if (m->is_complex || !m->hermitian) {
        return QN_OK;
    }
    size_t pieces = 0, length = 0;
    for (size_t r = 0; r < m->rows; r++) {
        const bool same = r > 0 && length < CHUNK && continues(m, r);
        length = same ? length + 1 : 1;
        pieces += !same;
        if (m->start[r + 1] - m->start[r] > WIDEST || pieces > m->rows / 8 + 8) {
            return QN_OK;
        }
    }
    run *runs = qn__alloc(pieces, sizeof *runs);
    QN_ALLOC_CHECK(runs);
    size_t filled = 0;
    for (size_t r = 0; r < m->rows; r++) {
        if (r > 0 && runs[filled - 1].count < CHUNK && continues(m, r)) {
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
    switch (piece->entries) {
#define CASE(n)                                                                                                        \
    case n:                                                                                                            \
        sweep(piece, n, x, z, y, c);                                                                                   \
        break;
        CASE(0)
        CASE(1)
        CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9)
#undef CASE
            default : break;
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

static void engine_close(engine *e)
{
    qn__free(e->runs);
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
    const qn_status status = find_runs(problem->matrix, e->scale, &e->runs, &e->nruns);
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

qn_status qn__chebyshev_apply(const qn_context *context, const qn_linear_problem *problem,
                              const qn_qsp_polynomial *polynomial, double *y, size_t *done)
{
    engine e;
    QN_TRY(engine_open(context, problem, &e));
    const double started = qn__clock();
    double reported = 0;
    start(&e, polynomial->coefficient[0]);
    size_t k = 1;
    for (; k < polynomial->count; k++) {
        step(&e, false, e.odd, e.even, NULL, 0);
        step(&e, true, e.even, e.odd, e.sum, polynomial->coefficient[k]);
        if (k % 16 == 0 || problem->matrix->nonzeros > 100000) {
            const qn_progress progress = {"qsvt",    2 * k + 1,   polynomial->degree,
                                          2 * k + 1, (double)NAN, qn__clock() - started};
            qn__context_progress(context, &progress, &reported, false);
            if (qn_context_interrupted(context)) {
                k++;
                break;
            }
        }
    }
    memcpy(y, e.sum, problem->width * sizeof *y);
    *done = k;
    engine_close(&e);
    return QN_OK;
}

qn_status qn__chebyshev_time(const qn_context *context, const qn_linear_problem *problem, double *seconds)
{
    engine e;
    QN_TRY(engine_open(context, problem, &e));
    start(&e, 0.5);
    const double started = qn__clock();
    size_t pairs = 0;
    double spent = 0;
    while (pairs < 10000 && spent < 0.02) {
        step(&e, false, e.odd, e.even, NULL, 0);
        step(&e, true, e.even, e.odd, e.sum, 0.5);
        pairs++;
        spent = qn__clock() - started;
    }
    *seconds = spent / (double)(2 * pairs);
    engine_close(&e);
    return QN_OK;
}
