/* context.c: threads, instruction set, memory limit, progress and interruption of a run. */
#include "base/context.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/suggest.h"

#if defined(__x86_64__)
#define QN_CPU_AVX2 (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
#define QN_CPU_AVX512                                                                                                  \
    (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&  \
     __builtin_cpu_supports("avx512bw"))
#else
#define QN_CPU_AVX2 false
#define QN_CPU_AVX512 false
#endif
#if defined(__aarch64__)
#define QN_CPU_NEON true
#else
#define QN_CPU_NEON false
#endif

struct qn_context {
    qn_context_options options;
    qn__arch arch;
    uint32_t threads;
    uint64_t memory_limit;
};

static const char *arch_name(const void *user, size_t index)
{
    (void)user;
    static const char *const names[] = {
#define QN_ARCH(id, name, test) name,
#include "base/arch.def"
#undef QN_ARCH
    };
    return names[index];
}

static bool arch_present(qn__arch arch)
{
    switch (arch) {
#define QN_ARCH(id, name, test)                                                                                        \
    case QN__ARCH_##id:                                                                                                \
        return test;
#include "base/arch.def"
#undef QN_ARCH
    case QN__ARCH_COUNT:
        break;
    }
    return false;
}

static qn_status choose_arch(const char *asked, qn__arch *out)
{
    if (asked == NULL) {
        asked = getenv("QN_ARCH");
    }
    if (asked == NULL || asked[0] == '\0') {
        qn__arch best = QN__ARCH_generic;
        for (unsigned i = 0; i < QN__ARCH_COUNT; i++) {
            if (arch_present((qn__arch)i)) {
                best = (qn__arch)i;
            }
        }
        *out = best;
        return QN_OK;
    }
    for (unsigned i = 0; i < QN__ARCH_COUNT; i++) {
        if (strcmp(asked, arch_name(NULL, i)) == 0) {
            QN_CHECK(arch_present((qn__arch)i), ERR_NAME, "instruction set '%s' is not available on this machine",
                     asked);
            *out = (qn__arch)i;
            return QN_OK;
        }
    }
    const char *near = qn__suggest(asked, QN__ARCH_COUNT, arch_name, NULL);
    return QN_FAIL(ERR_NAME, "unknown instruction set '%s'%s%s%s; known: generic, neon, avx2, avx512", asked,
                   near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* Memory that can be had without swapping: MemAvailable of Linux, bounded by the control group's limit. */
static uint64_t available_memory(void)
{
    uint64_t bytes = 0;
    FILE *file = fopen("/proc/meminfo", "r");
    if (file != NULL) {
        char line[128];
        while (fgets(line, sizeof line, file) != NULL) {
            unsigned long long kilobytes = 0;
            if (sscanf(line, "MemAvailable: %llu kB", &kilobytes) == 1) {
                bytes = (uint64_t)kilobytes * 1024;
                break;
            }
        }
        (void)fclose(file);
    }
    if (bytes == 0) {
        const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
        bytes = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_C(1) << 32;
    }
    file = fopen("/sys/fs/cgroup/memory.max", "r");
    if (file != NULL) {
        unsigned long long limit = 0;
        if (fscanf(file, "%llu", &limit) == 1 && limit > 0 && (uint64_t)limit < bytes) {
            bytes = (uint64_t)limit;
        }
        (void)fclose(file);
    }
    return bytes;
}

static uint32_t usable_cores(void)
{
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) {
        const int count = CPU_COUNT(&set);
        if (count > 0) {
            return (uint32_t)count;
        }
    }
#endif
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > 0 ? (uint32_t)cores : 1;
}

qn_status qn_context_create(const qn_context_options *options, qn_context **out)
{
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    if (options != NULL) {
        QN_CHECK(options->size == sizeof chosen, ERR_ARGUMENT,
                 "options have size %u, expected %zu; use QN_CONTEXT_OPTIONS_INIT", options->size, sizeof chosen);
        chosen = *options;
    }
    QN_CHECK(chosen.threads <= 4096, ERR_RANGE, "%u threads asked for; at most 4096", chosen.threads);
    qn__arch arch = QN__ARCH_generic;
    QN_TRY(choose_arch(chosen.arch, &arch));
    qn_context *context = qn__alloc(1, sizeof *context);
    QN_ALLOC_CHECK(context);
    context->options = chosen;
    context->arch = arch;
    context->threads = chosen.threads != 0 ? chosen.threads : usable_cores();
    context->memory_limit = chosen.memory_limit != 0 ? chosen.memory_limit : available_memory();
    *out = context;
    return QN_OK;
}

void qn_context_free(qn_context *context)
{
    qn__free(context);
}

uint32_t qn_context_threads(const qn_context *context)
{
    return context->threads;
}

const char *qn_context_arch(const qn_context *context)
{
    return arch_name(NULL, context->arch);
}

uint64_t qn_context_memory_limit(const qn_context *context)
{
    return context->memory_limit;
}

bool qn_context_interrupted(const qn_context *context)
{
    return context->options.interrupt != NULL && *context->options.interrupt != 0;
}

const volatile int *qn__context_interrupt(const qn_context *context)
{
    return context->options.interrupt;
}

qn__arch qn__context_arch(const qn_context *context)
{
    return context->arch;
}

void qn__context_progress(const qn_context *context, const qn_progress *progress, double *last, bool force)
{
    if (context->options.progress == NULL) {
        return;
    }
    const double now = qn__clock();
    if (force || now - *last >= 0.1) {
        *last = now;
        context->options.progress(context->options.progress_user, progress);
    }
}

const char *qn__format_bytes(char *buffer, size_t capacity, uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = (double)bytes;
    size_t unit = 0;
    while (value >= 1024.0 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1024.0;
        unit++;
    }
    (void)snprintf(buffer, capacity, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return buffer;
}

qn_status qn__context_check_bytes(const qn_context *context, uint64_t bytes, const char *what, const char *advice)
{
    if (bytes <= context->memory_limit) {
        return QN_OK;
    }
    char need[32], limit[32];
    return QN_FAIL(ERR_TOO_LARGE, "%s needs %s, the limit here is %s%s%s", what,
                   qn__format_bytes(need, sizeof need, bytes),
                   qn__format_bytes(limit, sizeof limit, context->memory_limit), advice[0] != '\0' ? "; " : "", advice);
}
