/* exact_blocks.c: y = H x over the whole space, storing nothing but the diagonal.
 *
 * Row r of group g reads x[r ^ x_g]. Within a block of 64 source entries that share their high bits, the entries of one
 * group are f[j] = sum_k w_k (-1)^popcount((high + j) & z_k): few terms are added up from a table of sign rows, many
 * are binned by the low bits of z and put through a Walsh-Hadamard transform. Groups that flip the same low bits are
 * summed in source order, so that all loads are contiguous, and put in place with one permutation. */
#include "algorithm/exact_blocks.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"

enum { BLOCK = QN__BLOCK, LANES = 4, VECTORS = BLOCK / LANES, FEW_TERMS = 16, FEWEST_PARALLEL = 4096 };
#define LOW ((uint64_t)BLOCK - 1)

/* Four doubles; the compiler splits them where registers are narrower. */
typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));
#define INLINE static inline __attribute__((always_inline))

static void transform(double f[BLOCK])
{
    for (size_t half = 1; half < BLOCK; half *= 2) {
        for (size_t i = 0; i < BLOCK; i += 2 * half) {
            for (size_t j = i; j < i + half; j++) {
                const double a = f[j], b = f[j + half];
                f[j] = a + b;
                f[j + half] = a - b;
            }
        }
    }
}

static void entries_many(const qn__exact_terms *t, size_t first, size_t last, uint64_t base, double f[BLOCK])
{
    memset(f, 0, BLOCK * sizeof *f);
    for (size_t k = first; k < last; k++) {
        f[t->z[k] & LOW] += qn__parity(base & t->z[k]) ? -t->w[k] : t->w[k];
    }
    transform(f);
}

/* f for the terms first..last of a group; `base`: the high bits, and what the low ones start from. */
INLINE void entries(const qn__exact_blocks *b, size_t first, size_t last, uint64_t base, double f[BLOCK])
{
    const qn__exact_terms *t = b->terms;
    if (last - first > FEW_TERMS) {
        entries_many(t, first, last, base, f);
        return;
    }
    double w[FEW_TERMS];
    const double *rows[FEW_TERMS];
    const size_t count = last - first;
    for (size_t k = 0; k < count; k++) {
        const uint64_t z = t->z[first + k];
        w[k] = qn__parity(base & z) ? -t->w[first + k] : t->w[first + k];
        rows[k] = b->signs + (z & LOW) * BLOCK;
    }
    for (size_t v = 0; v < VECTORS; v += 4) { /* four sums at a time hide the latency of additions */
        lanes s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
        for (size_t k = 0; k < count; k++) {
            const lanes *row = (const lanes *)(const void *)(rows[k] + v * LANES);
            s0 += row[0] * w[k];
            s1 += row[1] * w[k];
            s2 += row[2] * w[k];
            s3 += row[3] * w[k];
        }
        lanes *out = (lanes *)(void *)(f + v * LANES);
        out[0] = s0;
        out[1] = s1;
        out[2] = s2;
        out[3] = s3;
    }
}

INLINE void block_real(const qn__exact_blocks *b, uint64_t block, const double *x, double *y)
{
    const qn__exact_terms *t = b->terms;
    const uint64_t high = block * BLOCK;
    double sum[BLOCK], part[BLOCK], f[BLOCK];
    for (size_t j = 0; j < BLOCK; j++) {
        sum[j] = b->diagonal[high + j] * x[high + j];
    }
    for (size_t i = 0; i + 1 < t->groups;) {
        const uint64_t low = t->x[b->order[i]] & LOW;
        memset(part, 0, sizeof part);
        for (; i + 1 < t->groups && (t->x[b->order[i]] & LOW) == low; i++) {
            const size_t g = b->order[i];
            const double *from = x + ((high ^ t->x[g]) & ~LOW);
            entries(b, t->first[g], t->odd[g], high | low, f);
            for (size_t v = 0; v < VECTORS; v++) {
                *(lanes *)(void *)(part + v * LANES) +=
                    *(const lanes *)(const void *)(f + v * LANES) * *(const lanes *)(const void *)(from + v * LANES);
            }
        }
        for (size_t j = 0; j < BLOCK; j++) {
            sum[j] += part[j ^ low];
        }
    }
    memcpy(y + high, sum, sizeof sum);
}

INLINE void block_complex(const qn__exact_blocks *b, uint64_t block, const double *x, double *y)
{
    const qn__exact_terms *t = b->terms;
    const uint64_t high = block * BLOCK;
    double sum[2 * BLOCK], part[2 * BLOCK], f[BLOCK];
    for (size_t j = 0; j < BLOCK; j++) {
        sum[2 * j] = b->diagonal[high + j] * x[2 * (high + j)];
        sum[2 * j + 1] = b->diagonal[high + j] * x[2 * (high + j) + 1];
    }
    for (size_t i = 0; i + 1 < t->groups;) {
        const uint64_t low = t->x[b->order[i]] & LOW;
        memset(part, 0, sizeof part);
        for (; i + 1 < t->groups && (t->x[b->order[i]] & LOW) == low; i++) {
            const size_t g = b->order[i];
            const double *from = x + 2 * ((high ^ t->x[g]) & ~LOW);
            if (t->odd[g] > t->first[g]) {
                entries(b, t->first[g], t->odd[g], high | low, f);
                for (size_t j = 0; j < BLOCK; j++) {
                    part[2 * j] += f[j] * from[2 * j];
                    part[2 * j + 1] += f[j] * from[2 * j + 1];
                }
            }
            if (t->first[g + 1] > t->odd[g]) {
                entries(b, t->odd[g], t->first[g + 1], high | low, f);
                for (size_t j = 0; j < BLOCK; j++) {
                    part[2 * j] -= f[j] * from[2 * j + 1];
                    part[2 * j + 1] += f[j] * from[2 * j];
                }
            }
        }
        for (size_t j = 0; j < BLOCK; j++) {
            sum[2 * j] += part[2 * (j ^ low)];
            sum[2 * j + 1] += part[2 * (j ^ low) + 1];
        }
    }
    memcpy(y + 2 * high, sum, sizeof sum);
}

/* One block, compiled for each instruction set. Fused multiply-add is off in all, so that they round alike. */
typedef void (*block_fn)(const qn__exact_blocks *b, uint64_t block, const double *x, double *y);

static void block_generic(const qn__exact_blocks *b, uint64_t block, const double *x, double *y)
{
    if (b->terms->is_real) {
        block_real(b, block, x, y);
    } else {
        block_complex(b, block, x, y);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2,popcnt"))) static void block_avx2(const qn__exact_blocks *b, uint64_t block,
                                                              const double *x, double *y)
{
    if (b->terms->is_real) {
        block_real(b, block, x, y);
    } else {
        block_complex(b, block, x, y);
    }
}

__attribute__((target("avx512f,popcnt"))) static void block_avx512(const qn__exact_blocks *b, uint64_t block,
                                                                   const double *x, double *y)
{
    if (b->terms->is_real) {
        block_real(b, block, x, y);
    } else {
        block_complex(b, block, x, y);
    }
}
#endif

static block_fn choose(qn__arch arch)
{
#if defined(__x86_64__)
    if (arch == QN__ARCH_avx512) {
        return block_avx512;
    }
    if (arch == QN__ARCH_avx2) {
        return block_avx2;
    }
#endif
    (void)arch;
    return block_generic;
}

void qn__exact_blocks_apply(const qn__exact_blocks *b, const double *x, double *y)
{
    const uint64_t blocks = b->rows / BLOCK;
    const block_fn one = choose(b->arch);
#pragma omp parallel for schedule(static) num_threads((int)b->threads) if (b->rows >= FEWEST_PARALLEL)
    for (uint64_t i = 0; i < blocks; i++) {
        one(b, i, x, y);
    }
}

uint64_t qn__exact_blocks_bytes(const qn__exact_terms *terms)
{
    return (UINT64_C(1) << terms->nqubits) * sizeof(double) + BLOCK * BLOCK * sizeof(double) +
           (terms->groups - 1) * sizeof(size_t);
}

qn_status qn__exact_blocks_build(qn__exact_blocks *b, const qn__exact_terms *terms, qn__arch arch, uint32_t threads)
{
    *b = (qn__exact_blocks){.terms = terms, .rows = UINT64_C(1) << terms->nqubits, .arch = arch, .threads = threads};
    b->order = qn__alloc(terms->groups - 1, sizeof *b->order);
    QN_ALLOC_CHECK(b->order);
    b->signs = qn__alloc(BLOCK * BLOCK, sizeof *b->signs);
    QN_ALLOC_CHECK(b->signs);
    b->diagonal = qn__alloc(b->rows, sizeof *b->diagonal);
    QN_ALLOC_CHECK(b->diagonal);
    size_t next = 0;
    for (uint64_t low = 0; low < BLOCK; low++) {
        for (size_t g = 1; g < terms->groups; g++) {
            if ((terms->x[g] & LOW) == low) {
                b->order[next++] = g;
            }
        }
    }
    for (size_t i = 0; i < (size_t)BLOCK * BLOCK; i++) {
        b->signs[i] = qn__parity((i / BLOCK) & (i % BLOCK)) ? -1.0 : 1.0;
    }
    const uint64_t blocks = b->rows / BLOCK;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (b->rows >= FEWEST_PARALLEL)
    for (uint64_t i = 0; i < blocks; i++) {
        entries_many(terms, terms->first[0], terms->odd[0], i * BLOCK, b->diagonal + i * BLOCK);
    }
    return QN_OK;
}

void qn__exact_blocks_release(qn__exact_blocks *b)
{
    qn__free(b->order);
    qn__free(b->signs);
    qn__free(b->diagonal);
    memset(b, 0, sizeof *b);
}
