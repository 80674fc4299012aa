/* machine.c: the measurement of a machine, stage by stage. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"
#include "math/machine_kernels.h"

static const qn_machine_rate rates[] = {
#define MACHINE_RATE(name, label, unit, least, most) {#name, label, unit, least, most},
#include <quern/machine.def>
#undef MACHINE_RATE
};

size_t qn_machine_rate_count(void)
{
    return sizeof rates / sizeof rates[0];
}

const qn_machine_rate *qn_machine_rate_at(size_t index)
{
    return index < sizeof rates / sizeof rates[0] ? &rates[index] : NULL;
}

double qn_machine_rate_get(const qn_machine *machine, size_t index)
{
    const double values[] = {
#define MACHINE_RATE(name, label, unit, least, most) machine->name,
#include <quern/machine.def>
#undef MACHINE_RATE
    };
    return index < sizeof values / sizeof values[0] ? values[index] : (double)NAN;
}

static void name_processor(char *out, size_t capacity)
{
    char line[256];
    (void)snprintf(out, capacity, "unknown");
    FILE *const file = fopen("/proc/cpuinfo", "re");
    if (file == NULL) {
        return;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        const char *const colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) == 0 && colon != NULL) {
            const char *const name = colon + 1 + strspn(colon + 1, " \t");
            size_t length = 0;
            for (; name[length] != '\0' && name[length] != '\n' && length + 1 < capacity; length++) {
                out[length] = name[length] >= ' ' && name[length] < 127 ? name[length] : '?';
            }
            out[length] = '\0';
            break;
        }
    }
    (void)fclose(file);
}

static void name_date(char *out, size_t capacity)
{
    const time_t now = time(NULL);
    struct tm parts;
    if (gmtime_r(&now, &parts) == NULL || strftime(out, capacity, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        (void)snprintf(out, capacity, "1970-01-01T00:00:00Z");
    }
}

/* Four times the largest cache, where the system tells, so that arrays of this size stream; 64 to 512 MiB, and at most
 * an eighth of the memory that may be used. */
static qn_status choose_bytes(const qn_context *context, uint64_t *bytes)
{
    const uint64_t least = UINT64_C(64) << 20, most = UINT64_C(512) << 20, limit = qn_context_memory_limit(context);
    uint64_t wanted = least;
#ifdef _SC_LEVEL3_CACHE_SIZE
    const long cache = sysconf(_SC_LEVEL3_CACHE_SIZE);
    wanted = cache > 0 && 4 * (uint64_t)cache > least ? 4 * (uint64_t)cache : least;
#endif
    wanted = wanted < most ? wanted : most;
    wanted = wanted < limit / 8 ? wanted : limit / 8;
    if (wanted < UINT64_C(8) << 20) {
        QN_TRY(qn__context_check_bytes(context, least, "measuring a machine", ""));
    }
    *bytes = wanted / 4096 * 4096;
    return QN_OK;
}

typedef struct run {
    qn__machine_job job;
    double begin, last;
    uint64_t done;
} run;

static qn_status stage(run *r, size_t index)
{
    const qn_progress progress = {.stage = rates[index].label,
                                  .done = r->done++,
                                  .total = sizeof rates / sizeof rates[0],
                                  .value = (double)NAN,
                                  .seconds = qn__clock() - r->begin};
    QN_CHECK(!qn_context_interrupted(r->job.context), ERR_INTERRUPTED, "the measurement was interrupted");
    qn__context_progress(r->job.context, &progress, &r->last, true);
    return QN_OK;
}

/* A peak is the best of all rounds, not their median. */
static qn_status measure_fma(run *r, bool single_precision, double *rate)
{
    const double begin = qn__clock();
    double best = 0.0;
    do {
        QN_CHECK(!qn_context_interrupted(r->job.context), ERR_INTERRUPTED, "the measurement was interrupted");
        best = fmax(best, 2.0 * qn_machine_fma_rate(single_precision, r->job.threads));
    } while (qn__clock() - begin < r->job.seconds);
    *rate = best;
    return QN_OK;
}

static qn_status measure(run *r, qn_machine *m)
{
    const qn__machine_job *const job = &r->job;
    size_t next = 0;
    QN_TRY(stage(r, next++));
    QN_TRY(qn__machine_copy(job, &m->copy_bytes_s));
    QN_TRY(stage(r, next++));
    QN_TRY(measure_fma(r, false, &m->fma_f64_s));
    QN_TRY(stage(r, next++));
    QN_TRY(measure_fma(r, true, &m->fma_f32_s));
    QN_TRY(stage(r, next++));
    QN_TRY(qn__machine_gemm(job, false, &m->gemm_f64_s));
    QN_TRY(stage(r, next++));
    QN_TRY(qn__machine_gemm(job, true, &m->gemm_f32_s));
    QN_TRY(stage(r, next++));
    QN_TRY(qn__machine_cg(job, &m->cg_s_per_nonzero));
    QN_TRY(stage(r, next++));
    QN_TRY(qn__machine_paths(job, &m->monte_carlo_paths_s));
    QN_TRY(stage(r, next++));
    QN_TRY(qn__machine_scan(job, &m->scan_bytes_s));
    QN_TRY(stage(r, next++));
    return qn__machine_probe(job, &m->hash_probe_s);
}

qn_status qn_machine_measure(const qn_context *context, double seconds, qn_machine *out)
{
    QN_CHECK(context != NULL && out != NULL && out->size == sizeof *out, ERR_ARGUMENT,
             "a context and a machine made by QN_MACHINE_INIT are needed");
    QN_CHECK(seconds >= 0.01 && seconds <= 3600.0, ERR_ARGUMENT, "%g seconds; expected 0.01 to 3600", seconds);
    run r = {.job = {context, qn_context_threads(context), 0.0, 0}, .begin = qn__clock()};
    QN_TRY(choose_bytes(context, &r.job.bytes));
    /* the filling of arrays comes on top */
    r.job.seconds = seconds / 9.0;
    qn_machine m = QN_MACHINE_INIT;
    m.threads = r.job.threads;
    m.blas_threads = qn__machine_blas_threads();
    name_date(m.date, sizeof m.date);
    name_processor(m.cpu, sizeof m.cpu);
    QN_TRY(measure(&r, &m));
    *out = m;
    return QN_OK;
}
