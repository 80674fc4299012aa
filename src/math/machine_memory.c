/* machine_memory.c: passes over arrays that no cache holds: in place, copied, searched. */
#include <string.h>

#include "base/alloc.h"
#include "math/machine_kernels.h"

/* x[i] *= c: as much memory traffic as an in-place gate on every amplitude, and hardly any arithmetic. */
QN__INLINE int scale_body(double *x, uint64_t count, double c)
{
    for (uint64_t i = 0; i < count; i++) {
        x[i] *= c;
    }
    return 0;
}
QN__BEST_OF(int, scale, (double *x, uint64_t count, double c), (x, count, c))

typedef struct pass {
    double *x;
    uint64_t count;
    uint32_t threads;
    volatile double factor; /* unknown to the compiler, so that it cannot leave the work out */
} pass;

static void run_pass(void *user)
{
    const pass *p = user;
    const double factor = p->factor;
    if (p->threads <= 1) {
        (void)scale(p->x, p->count, factor);
        return;
    }
#ifdef _OPENMP
#pragma omp parallel for num_threads((int)p->threads) schedule(static, 1)
#endif
    for (uint32_t t = 0; t < p->threads; t++) {
        const uint64_t begin = qn__machine_share(p->count, t, p->threads);
        (void)scale(p->x + begin, qn__machine_share(p->count, t + 1, p->threads) - begin, factor);
    }
}

static qn_status team_pass(uint64_t bytes, uint32_t threads, double seconds, double *out)
{
    void *memory = NULL;
    double *const x = qn__machine_array(bytes, &memory);
    QN_ALLOC_CHECK(x);
    memset(x, 0, bytes);
    pass p = {x, bytes / sizeof(double), threads, 1.0};
    const qn_status status = qn__machine_median(NULL, seconds, 5, run_pass, &p, out);
    qn__free(memory);
    return status;
}

qn_status qn_machine_pass(uint64_t bytes, uint32_t threads, double seconds, double *out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the seconds is needed");
    QN_CHECK(bytes >= sizeof(double) && bytes < UINT64_MAX / 4, ERR_ARGUMENT, "a pass over %llu bytes",
             (unsigned long long)bytes);
    double alone = (double)0, together = (double)0;
    if (threads <= 1 || bytes <= 4U << 20) { /* calling threads together may take longer than the pass */
        QN_TRY(team_pass(bytes, 1, seconds, &alone));
    }
    if (threads > 1) {
        QN_TRY(team_pass(bytes, threads, seconds, &together));
    }
    *out = threads <= 1 || (alone > 0.0 && alone < together) ? alone : together;
    return QN_OK;
}

typedef struct copy {
    char *from, *to;
    uint64_t bytes;
    uint32_t threads;
} copy;

static void run_copy(void *user)
{
    const copy *c = user;
#ifdef _OPENMP
#pragma omp parallel for num_threads((int)c->threads) schedule(static, 1)
#endif
    for (uint32_t t = 0; t < c->threads; t++) {
        const uint64_t begin = qn__machine_share(c->bytes / 8, t, c->threads) * 8;
        memcpy(c->to + begin, c->from + begin, qn__machine_share(c->bytes / 8, t + 1, c->threads) * 8 - begin);
    }
}

qn_status qn__machine_copy(const qn__machine_job *job, double *rate)
{
    double seconds = 0.0;
    void *memory = NULL;
    char *const from = qn__machine_array(2 * job->bytes, &memory);
    QN_ALLOC_CHECK(from);
    memset(from, 1, job->bytes); /* untouched memory would all be one page of zeros */
    copy c = {from, from + job->bytes, job->bytes, job->threads};
    const qn_status status = qn__machine_median(job->context, job->seconds, 3, run_copy, &c, &seconds);
    if (status == QN_OK) {
        *rate = 2.0 * (double)job->bytes / seconds; /* read and written */
    }
    qn__free(memory);
    return status;
}

QN__INLINE uint64_t equal_keys_body(const uint64_t *x, uint64_t count, uint64_t key)
{
    uint64_t found = 0;
    for (uint64_t i = 0; i < count; i++) {
        found += x[i] == key;
    }
    return found;
}
QN__BEST_OF(uint64_t, equal_keys, (const uint64_t *x, uint64_t count, uint64_t key), (x, count, key))

typedef struct search {
    const uint64_t *keys;
    uint64_t count;
    uint32_t threads;
    volatile uint64_t key, found;
} search;

static void run_search(void *user)
{
    search *s = user;
    const uint64_t key = s->key;
    uint64_t found = 0;
#ifdef _OPENMP
#pragma omp parallel for num_threads((int)s->threads) schedule(static, 1) reduction(+ : found)
#endif
    for (uint32_t t = 0; t < s->threads; t++) {
        const uint64_t begin = qn__machine_share(s->count, t, s->threads);
        found += equal_keys(s->keys + begin, qn__machine_share(s->count, t + 1, s->threads) - begin, key);
    }
    s->found = found;
}

qn_status qn__machine_scan(const qn__machine_job *job, double *rate)
{
    double seconds = 0.0;
    const uint64_t count = job->bytes / sizeof(uint64_t);
    void *memory = NULL;
    uint64_t *const keys = qn__machine_array(job->bytes, &memory);
    QN_ALLOC_CHECK(keys);
    for (uint64_t i = 0; i < count; i++) {
        keys[i] = i;
    }
    search s = {keys, count, job->threads, count - 1, 0};
    qn_status status = qn__machine_median(job->context, job->seconds, 3, run_search, &s, &seconds);
    if (status == QN_OK && s.found != 1) {
        status = QN_FAIL(ERR_INTERNAL, "a scan finds %llu keys instead of 1", (unsigned long long)s.found);
    }
    if (status == QN_OK) {
        *rate = (double)(count * sizeof *keys) / seconds;
    }
    qn__free(memory);
    return status;
}
