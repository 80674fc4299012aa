/* machine_cg.c: conjugate gradients (M. R. Hestenes, E. Stiefel, 1952) on the 5-point Laplacian of a square, stored by
 * rows. What counts is the memory that an iteration streams through; the matrix is larger than the caches. */
#include <math.h>

#include "base/alloc.h"
#include "math/machine_kernels.h"

typedef struct solver {
    uint64_t n; /* unknowns: side x side */
    uint32_t side, threads;
    uint64_t *start; /* n + 1 */
    uint32_t *column;
    double *value;
    double *x, *r, *p, *q;
    double *partial; /* a line of a cache for each thread */
    double rr;
} solver;

enum { PARTIAL = 8 };

static void fill_rows(solver *s, uint64_t *at, uint32_t row, uint32_t line)
{
    const uint64_t i = (uint64_t)row * s->side + line;
    const struct {
        bool there;
        uint64_t column;
        double value;
    } entries[] = {{row > 0, i - s->side, -1.0},
                   {line > 0, i - 1, -1.0},
                   {true, i, 4.0},
                   {line + 1 < s->side, i + 1, -1.0},
                   {row + 1 < s->side, i + s->side, -1.0}};
    s->start[i] = *at;
    for (size_t k = 0; k < sizeof entries / sizeof entries[0]; k++) {
        if (entries[k].there) {
            s->column[*at] = (uint32_t)entries[k].column;
            s->value[(*at)++] = entries[k].value;
        }
    }
}

static double sum_of(const solver *s)
{
    double sum = 0.0;
    for (uint32_t t = 0; t < s->threads; t++) {
        sum += s->partial[t * PARTIAL];
    }
    return sum;
}

/* x = 0, r = p = b, with b = 1 everywhere. */
static void restart(solver *s)
{
    for (uint64_t i = 0; i < s->n; i++) {
        s->x[i] = 0.0;
        s->r[i] = s->p[i] = 1.0;
    }
    s->rr = (double)s->n;
}

/* q = A p, and p . q of these rows. */
static double multiply(const solver *s, uint64_t begin, uint64_t end)
{
    double pq = 0.0;
    for (uint64_t i = begin; i < end; i++) {
        double sum = 0.0;
        for (uint64_t k = s->start[i]; k < s->start[i + 1]; k++) {
            sum += s->value[k] * s->p[s->column[k]];
        }
        s->q[i] = sum;
        pq += sum * s->p[i];
    }
    return pq;
}

static double step(const solver *s, double alpha, uint64_t begin, uint64_t end)
{
    double rr = 0.0;
    for (uint64_t i = begin; i < end; i++) {
        s->x[i] += alpha * s->p[i];
        s->r[i] -= alpha * s->q[i];
        rr += s->r[i] * s->r[i];
    }
    return rr;
}

#ifdef _OPENMP
#define EACH_THREAD(s) _Pragma("omp parallel for num_threads((int)(s)->threads) schedule(static, 1)")
#else
#define EACH_THREAD(s)
#endif

static void iterate(void *user)
{
    solver *s = user;
    if (s->rr < 1e-16 * (double)s->n) { /* solved: what follows would only be rounding */
        restart(s);
    }
    EACH_THREAD(s)
    for (uint32_t t = 0; t < s->threads; t++) {
        s->partial[t * PARTIAL] =
            multiply(s, qn__machine_share(s->n, t, s->threads), qn__machine_share(s->n, t + 1, s->threads));
    }
    const double alpha = s->rr / sum_of(s);
    EACH_THREAD(s)
    for (uint32_t t = 0; t < s->threads; t++) {
        s->partial[t * PARTIAL] =
            step(s, alpha, qn__machine_share(s->n, t, s->threads), qn__machine_share(s->n, t + 1, s->threads));
    }
    const double rr = sum_of(s), beta = rr / s->rr;
    s->rr = rr;
    EACH_THREAD(s)
    for (uint32_t t = 0; t < s->threads; t++) {
        const uint64_t end = qn__machine_share(s->n, t + 1, s->threads);
        for (uint64_t i = qn__machine_share(s->n, t, s->threads); i < end; i++) {
            s->p[i] = s->r[i] + beta * s->p[i];
        }
    }
}

qn_status qn__machine_cg(const qn__machine_job *job, double *seconds)
{
    solver s = {.threads = job->threads};
    const double entry = sizeof(double) + sizeof(uint32_t);
    s.side = (uint32_t)fmin(sqrt((double)job->bytes / (5.0 * entry)), 20000.0);
    s.n = (uint64_t)s.side * s.side;
    const uint64_t room = 5 * s.n;
    qn_status status = QN_OK;
    /* one block: values, the four vectors, row starts, columns, in the order of their alignment */
    void *memory = NULL;
    s.value = qn__machine_array(
        (room + 4 * s.n) * sizeof(double) + (s.n + 1) * sizeof(uint64_t) + room * sizeof(uint32_t), &memory);
    s.partial = qn__calloc((size_t)s.threads * PARTIAL, sizeof *s.partial);
    if (s.value == NULL || s.partial == NULL) {
        status = QN_ERR_MEMORY;
    } else {
        s.x = s.value + room;
        s.r = s.x + s.n;
        s.p = s.r + s.n;
        s.q = s.p + s.n;
        s.start = (uint64_t *)(void *)(s.q + s.n);
        s.column = (uint32_t *)(void *)(s.start + s.n + 1);
        uint64_t at = 0;
        for (uint32_t row = 0; row < s.side; row++) {
            for (uint32_t line = 0; line < s.side; line++) {
                fill_rows(&s, &at, row, line);
            }
        }
        s.start[s.n] = at;
        restart(&s);
        status = qn__machine_median(job->context, job->seconds, 3, iterate, &s, seconds);
        *seconds = status == QN_OK ? *seconds / (double)at : *seconds;
    }
    qn__free(s.partial);
    qn__free(memory);
    return status;
}
