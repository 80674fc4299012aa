/* bench_machine.c: the pass over memory and the peak of arithmetic, with the widest vectors that the processor has. */
#include "bench_machine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define BENCH_X86 1
#else
#define BENCH_X86 0
#endif

enum { MOST_SAMPLES = 101, CHAINS = 12, HUGE_PAGE = 1 << 21 };

double bench_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* x[i] *= c: as much memory traffic as an in-place gate on every amplitude, and hardly any arithmetic. */
typedef void scale_function(double *x, uint64_t count, double c);

static void scale_plain(double *x, uint64_t count, double c)
{
    for (uint64_t i = 0; i < count; i++) {
        x[i] *= c;
    }
}

#if BENCH_X86
__attribute__((target("avx2"))) static void scale_avx2(double *x, uint64_t count, double c)
{
    const __m256d factor = _mm256_set1_pd(c);
    uint64_t i = 0;
    for (; i + 4 <= count; i += 4) {
        _mm256_storeu_pd(x + i, _mm256_mul_pd(factor, _mm256_loadu_pd(x + i)));
    }
    scale_plain(x + i, count - i, c);
}

__attribute__((target("avx512f"))) static void scale_avx512(double *x, uint64_t count, double c)
{
    const __m512d factor = _mm512_set1_pd(c);
    uint64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        _mm512_storeu_pd(x + i, _mm512_mul_pd(factor, _mm512_loadu_pd(x + i)));
    }
    scale_plain(x + i, count - i, c);
}
#endif

static scale_function *best_scale(void)
{
#if BENCH_X86
    if (__builtin_cpu_supports("avx512f")) {
        return scale_avx512;
    }
    if (__builtin_cpu_supports("avx2")) {
        return scale_avx2;
    }
#endif
    return scale_plain;
}

static void pass(scale_function *scale, double *x, uint64_t count, uint32_t threads, double c)
{
    if (threads <= 1) {
        scale(x, count, c);
        return;
    }
#ifdef _OPENMP
#pragma omp parallel for num_threads((int)threads) schedule(static, 1)
#endif
    for (uint32_t t = 0; t < threads; t++) {
        const uint64_t begin = count / 8 * t / threads * 8;
        const uint64_t end = t + 1 == threads ? count : count / 8 * (t + 1) / threads * 8;
        scale(x + begin, end - begin, c);
    }
}

static double team_pass(uint64_t bytes, uint32_t threads, double seconds)
{
    scale_function *scale = best_scale();
    const uint64_t count = bytes / sizeof(double);
    /* whole huge pages, so that the request for them covers all of it */
    const uint64_t rounded = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    double *x = rounded < bytes ? NULL : aligned_alloc(HUGE_PAGE, rounded);
    if (x == NULL) {
        return -1.0;
    }
#ifdef MADV_HUGEPAGE
    (void)madvise(x, rounded, MADV_HUGEPAGE);
#endif
    /* an unknown factor, so that the compiler cannot leave the work out; 0 times it is 0 */
    volatile double one = 1.0;
    (void)memset(x, 0, bytes);
    double begin = bench_now();
    pass(scale, x, count, threads, one);
    double spent = bench_now() - begin, samples[MOST_SAMPLES];
    const double wanted = 2e-4 / (spent > 1e-9 ? spent : 1e-9); /* passes a sample, so that the clock can be read */
    const uint64_t calls = wanted < 1.0 ? 1 : (uint64_t)wanted + 1;
    size_t nsamples = 0;
    for (begin = bench_now(), spent = 0.0; nsamples < MOST_SAMPLES && (nsamples < 5 || spent < seconds); nsamples++) {
        const double start = bench_now();
        for (uint64_t k = 0; k < calls; k++) {
            pass(scale, x, count, threads, one);
        }
        samples[nsamples] = (bench_now() - start) / (double)calls;
        spent = bench_now() - begin;
    }
    free(x);
    qsort(samples, nsamples, sizeof samples[0], by_size);
    return samples[nsamples / 2];
}

double bench_pass_seconds(uint64_t bytes, uint32_t threads, double seconds)
{
    if (threads > 1 && bytes <= 4U << 20) { /* calling threads together may take longer than the pass */
        const double alone = bench_pass_seconds(bytes, 1, seconds), together = team_pass(bytes, threads, seconds);
        return together < alone ? together : alone;
    }
    return team_pass(bytes, threads, seconds);
}

/* Independent chains of x = x a + b: enough of them that none waits for its own last result. */
enum { ROUNDS = 1 << 16 };
typedef double chains_function(double a, double b);

#define CHAINS_BODY(vector, set1, fmadd, first)                                                                        \
    vector x[CHAINS];                                                                                                  \
    const vector va = set1(a), vb = set1(b);                                                                           \
    for (size_t k = 0; k < CHAINS; k++) {                                                                              \
        x[k] = set1(a);                                                                                                \
    }                                                                                                                  \
    for (size_t round = 0; round < ROUNDS; round++) {                                                                  \
        for (size_t k = 0; k < CHAINS; k++) {                                                                          \
            x[k] = fmadd(x[k], va, vb);                                                                                \
        }                                                                                                              \
    }                                                                                                                  \
    vector sum = x[0];                                                                                                 \
    for (size_t k = 1; k < CHAINS; k++) {                                                                              \
        sum = fmadd(sum, va, x[k]);                                                                                    \
    }                                                                                                                  \
    return (double)first(sum)

#define SAME(x) (x)
#define MULTIPLY_ADD(x, y, z) ((x) * (y) + (z))
#define TO_FLOAT(x) ((float)(x))

static double chains_plain64(double a, double b)
{
    CHAINS_BODY(double, SAME, MULTIPLY_ADD, SAME);
}

static double chains_plain32(double a, double b)
{
    CHAINS_BODY(float, TO_FLOAT, MULTIPLY_ADD, SAME);
}

#if BENCH_X86
#define SET1_PS256(x) _mm256_set1_ps((float)(x))
#define SET1_PS512(x) _mm512_set1_ps((float)(x))

__attribute__((target("avx2,fma"))) static double chains_avx2_64(double a, double b)
{
    CHAINS_BODY(__m256d, _mm256_set1_pd, _mm256_fmadd_pd, _mm256_cvtsd_f64);
}

__attribute__((target("avx2,fma"))) static double chains_avx2_32(double a, double b)
{
    CHAINS_BODY(__m256, SET1_PS256, _mm256_fmadd_ps, _mm256_cvtss_f32);
}

__attribute__((target("avx512f"))) static double chains_avx512_64(double a, double b)
{
    CHAINS_BODY(__m512d, _mm512_set1_pd, _mm512_fmadd_pd, _mm512_cvtsd_f64);
}

__attribute__((target("avx512f"))) static double chains_avx512_32(double a, double b)
{
    CHAINS_BODY(__m512, SET1_PS512, _mm512_fmadd_ps, _mm512_cvtss_f32);
}
#endif

static chains_function *best_chains(bool single_precision, double *lanes)
{
#if BENCH_X86
    if (__builtin_cpu_supports("avx512f")) {
        *lanes = single_precision ? 16 : 8;
        return single_precision ? chains_avx512_32 : chains_avx512_64;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        *lanes = single_precision ? 8 : 4;
        return single_precision ? chains_avx2_32 : chains_avx2_64;
    }
#endif
    *lanes = 1;
    return single_precision ? chains_plain32 : chains_plain64;
}

double bench_fmadd_rate(bool single_precision, uint32_t threads)
{
    double lanes = 1.0, best = 0.0;
    chains_function *chains = best_chains(single_precision, &lanes);
    volatile double sink = 0.0;
    /* a processor lowers its clock for wide vectors only after a while: the best of several rounds is steady */
    for (int sample = 0; sample < 40; sample++) {
        const double begin = bench_now();
        double sum = 0.0;
#ifdef _OPENMP
#pragma omp parallel for num_threads((int)threads) schedule(static, 1) reduction(+ : sum)
#endif
        for (uint32_t t = 0; t < threads; t++) {
            sum += chains(0.999, 0.001);
        }
        const double seconds = bench_now() - begin;
        sink = sink + sum;
        const double rate = (double)threads * lanes * CHAINS * ROUNDS / seconds;
        best = rate > best ? rate : best;
    }
    return best;
}
