/* machine_arithmetic.c: multiply-adds from registers with the widest vectors that the processor has, and the product of
 * matrices by OpenBLAS. */
#include <string.h>

#include <cblas.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "math/machine_kernels.h"

#if QN__MACHINE_X86
#include <immintrin.h>
#endif

/* Independent chains of x = x a + b: enough of them that none waits for its own last result. */
enum { CHAINS = 12, ROUNDS = 1 << 16 };
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

#if QN__MACHINE_X86
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
#if QN__MACHINE_X86
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

double qn_machine_fma_rate(bool single_precision, uint32_t threads)
{
    double lanes = 1.0, best = 0.0;
    chains_function *chains = best_chains(single_precision, &lanes);
    volatile double sink = 0.0;
    threads = threads > 0 ? threads : 1;
    /* a processor lowers its clock for wide vectors only after a while, and other programs come between: the best of
     * many rounds is steady */
    const double start = qn__clock();
    double begin = start;
    for (int sample = 0; sample < 40 || begin - start < 0.1; sample++) {
        begin = qn__clock();
        double sum = 0.0;
#ifdef _OPENMP
#pragma omp parallel for num_threads((int)threads) schedule(static, 1) reduction(+ : sum)
#endif
        for (uint32_t t = 0; t < threads; t++) {
            sum += chains(0.999, 0.001);
        }
        const double seconds = qn__clock() - begin;
        sink = sink + sum;
        const double rate = (double)threads * lanes * CHAINS * ROUNDS / seconds;
        best = rate > best ? rate : best;
    }
    return best;
}

typedef struct product {
    int order;
    bool single_precision;
    void *a, *b, *c;
} product;

static void run_product(void *user)
{
    const product *p = user;
    const int n = p->order;
    if (p->single_precision) {
        cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0F, p->a, n, p->b, n, 0.0F, p->c, n);
    } else {
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0, p->a, n, p->b, n, 0.0, p->c, n);
    }
}

static void fill(void *memory, size_t count, bool single_precision)
{
    for (size_t i = 0; i < count; i++) {
        const double value = (double)(i % 1009) * 1e-3 - 0.5;
        if (single_precision) {
            ((float *)memory)[i] = (float)value;
        } else {
            ((double *)memory)[i] = value;
        }
    }
}

uint32_t qn__machine_blas_threads(void)
{
    const int threads = openblas_get_num_threads();
    return threads > 0 ? (uint32_t)threads : 1;
}

qn_status qn__machine_gemm(const qn__machine_job *job, bool single_precision, double *rate)
{
    enum { SMALL = 256, LARGE = 2048 };
    const size_t entry = single_precision ? sizeof(float) : sizeof(double);
    const size_t most = (size_t)LARGE * LARGE;
    void *memory = NULL;
    char *const a = qn__machine_array(3 * most * entry, &memory);
    QN_ALLOC_CHECK(a);
    memset(a + 2 * most * entry, 0, most * entry);
    fill(a, 2 * most, single_precision);
    product p = {SMALL, single_precision, a, a + most * entry, a + 2 * most * entry};
    double seconds = 0.0;
    qn_status status = qn__machine_median(job->context, job->seconds * 0.1, 3, run_product, &p, &seconds);
    /* the largest order of which four products fit into the time: one to warm up, three to be measured */
    while (p.order < LARGE && seconds * 8.0 * 4.0 < job->seconds) {
        p.order *= 2;
        seconds *= 8.0;
    }
    if (status == QN_OK) {
        status = qn__machine_median(job->context, job->seconds * 0.8, 3, run_product, &p, &seconds);
    }
    if (status == QN_OK) {
        *rate = 2.0 * p.order * p.order * p.order / seconds;
    }
    qn__free(memory);
    return status;
}
