/* machine_kernels.h: what the measurements of a machine share: how a time is taken, and code for the widest vectors. */
#ifndef QN_MATH_MACHINE_KERNELS_H
#define QN_MATH_MACHINE_KERNELS_H

#include <quern/machine.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define QN__MACHINE_X86 1
#else
#define QN__MACHINE_X86 0
#endif

/* One measurement: its share of the time, and the size of arrays that no cache holds. */
typedef struct qn__machine_job {
    const qn_context *context;
    uint32_t threads;
    double seconds;
    uint64_t bytes;
} qn__machine_job;

/* Median seconds of one call of `work`: a call to warm up, then batches of calls that the clock can tell apart, at
 * least `least` of them, until `seconds` have passed. `context` may be NULL. Errors: QN_ERR_INTERRUPTED. */
QN_MUST_USE qn_status qn__machine_median(const qn_context *context, double seconds, size_t least,
                                         void (*work)(void *user), void *user, double *out);

/* `bytes` bytes at the start of a huge page, in such pages where the system gives them, not initialised; *block is what
 * qn__free takes. NULL, with a message set, when there is no memory. */
void *qn__machine_array(uint64_t bytes, void **block);

/* The share of thread t of `threads` in `count` things, in whole lines of a cache. */
uint64_t qn__machine_share(uint64_t count, uint32_t t, uint32_t threads);

/* The measurements, each in the unit of its member of qn_machine. */
QN_MUST_USE qn_status qn__machine_copy(const qn__machine_job *job, double *rate);
QN_MUST_USE qn_status qn__machine_scan(const qn__machine_job *job, double *rate);
QN_MUST_USE qn_status qn__machine_gemm(const qn__machine_job *job, bool single_precision, double *rate);
QN_MUST_USE qn_status qn__machine_cg(const qn__machine_job *job, double *seconds);
QN_MUST_USE qn_status qn__machine_paths(const qn__machine_job *job, double *rate);
QN_MUST_USE qn_status qn__machine_probe(const qn__machine_job *job, double *seconds);
/* Threads that the matrix product runs in: OpenBLAS's own setting. */
uint32_t qn__machine_blas_threads(void);

/* Mean discounted payoff of `count` paths from number `first` on, of a European call: spot 100, strike 100, volatility
 * 0.2, rate 0.05, one year. A function of first and count alone, up to rounding. */
double qn__machine_call_price(uint64_t first, uint64_t count);

/* QN__BEST_OF(type, name, (parameters), (arguments)): a function `name` that runs `name_body` (static inline, to be
 * inlined always) compiled for the widest vectors that this processor has. */
#if QN__MACHINE_X86
#define QN__BEST_OF(type, name, parameters, arguments)                                                                 \
    __attribute__((target("avx2,fma"))) static type name##_avx2 parameters                                             \
    {                                                                                                                  \
        return name##_body arguments;                                                                                  \
    }                                                                                                                  \
    __attribute__((target("avx512f,avx512dq,avx512vl"))) static type name##_avx512 parameters                          \
    {                                                                                                                  \
        return name##_body arguments;                                                                                  \
    }                                                                                                                  \
    static type name parameters                                                                                        \
    {                                                                                                                  \
        if (__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {                                \
            return name##_avx512 arguments;                                                                            \
        }                                                                                                              \
        if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {                                         \
            return name##_avx2 arguments;                                                                              \
        }                                                                                                              \
        return name##_body arguments;                                                                                  \
    }
#else
#define QN__BEST_OF(type, name, parameters, arguments)                                                                 \
    static type name parameters                                                                                        \
    {                                                                                                                  \
        return name##_body arguments;                                                                                  \
    }
#endif
#define QN__INLINE static inline __attribute__((always_inline))

#endif
