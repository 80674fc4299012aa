/* exact_blocks.c: y = H x over the whole space, storing nothing but the diagonal.
 *
 * Row r of group g reads x[r ^ x_g]. Within a block of 64 source entries that share their high bits, a term is
 * w (-1)^popcount(high & z) times one of 64 sign patterns of the low bits of z, so all terms with the same low bits of
 * x and z are added up without their pattern, in registers, and get it once. A group of many terms has its entries f[j]
 * = sum_k w_k (-1)^popcount((high + j) & z_k) binned by the low bits of z and put through a Walsh-Hadamard transform
 * instead. Everything that flips the same low bits is summed in source order, so that all loads are contiguous, and put
 * in place with one permutation. */
#include "algorithm/exact_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"

enum {
    BLOCK = QN__BLOCK,
    LANES = 8,
    MOST_STRIP = 8, /* vectors summed at a time; as many as there are registers for */
    FEW_TERMS = 12, /* of a group, added up term by term; from there a transform is faster */
    BATCH = 32,     /* terms whose signs are worked out at a time */
    FEWEST_PARALLEL = 4096
};
#define LOW ((uint64_t)BLOCK - 1)
/* Terms of one key share the low bits of x (above bit 8), the way they are added up, and the low bits of z. */
#define KEY_MANY 0x80u
#define KEY_ODD 0x40u

/* Eight doubles; the compiler splits them where registers are narrower. */
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
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

/* sums[0..BLOCK * parts] += the terms of one key, on their source entries. */
INLINE void add_few(const qn__exact_blocks *b, const qn__exact_item *items, size_t count, uint64_t base,
                    const double *x, double *sums, size_t parts, size_t strip)
{
    const double *signs = b->signs + (items[0].key & LOW) * BLOCK * parts;
    const uint64_t high = base & ~LOW;
    for (size_t done = 0; done < count; done += BATCH) {
        const size_t batch = count - done < BATCH ? count - done : BATCH;
        double w[BATCH];
        const double *from[BATCH];
        for (size_t k = 0; k < batch; k++) {
            const qn__exact_item *item = &items[done + k];
            w[k] = qn__parity(base & item->z) ? -item->w : item->w;
            from[k] = x + parts * (high ^ item->x_high);
        }
        for (size_t at = 0; at < BLOCK * parts; at += strip * LANES) {
            lanes acc[MOST_STRIP];
            for (size_t v = 0; v < strip; v++) {
                acc[v] = *(const lanes *)(const void *)(from[0] + at + v * LANES) * w[0];
            }
            for (size_t k = 1; k < batch; k++) {
                for (size_t v = 0; v < strip; v++) {
                    acc[v] += *(const lanes *)(const void *)(from[k] + at + v * LANES) * w[k];
                }
            }
            for (size_t v = 0; v < strip; v++) {
                *(lanes *)(void *)(sums + at + v * LANES) +=
                    acc[v] * *(const lanes *)(const void *)(signs + at + v * LANES);
            }
        }
    }
}

/* The same for a group of many terms. */
INLINE void add_many(const qn__exact_blocks *b, const qn__exact_item *item, uint64_t base, const double *x,
                     double *sums, size_t parts)
{
    double f[BLOCK];
    const double *from = x + parts * ((base & ~LOW) ^ item->x_high);
    entries_many(b->terms, item->first, item->last, base, f);
    for (size_t j = 0; j < BLOCK; j++) {
        for (size_t part = 0; part < parts; part++) {
            sums[parts * j + part] += f[j] * from[parts * j + part];
        }
    }
}

INLINE void block(const qn__exact_blocks *b, uint64_t index, const double *x, double *y, size_t parts, size_t strip)
{
    const uint64_t high = index * BLOCK;
    double sum[2 * BLOCK], even[2 * BLOCK], odd[2 * BLOCK]; /* odd: to be multiplied by i */
    for (size_t j = 0; j < BLOCK; j++) {
        for (size_t part = 0; part < parts; part++) {
            sum[parts * j + part] = b->diagonal[high + j] * x[parts * (high + j) + part];
        }
    }
    for (size_t i = 0; i < b->nitems;) {
        const uint64_t low = b->items[i].key >> 8;
        memset(even, 0, parts * BLOCK * sizeof *even);
        if (parts == 2) {
            memset(odd, 0, parts * BLOCK * sizeof *odd);
        }
        while (i < b->nitems && b->items[i].key >> 8 == low) {
            const qn__exact_item *item = &b->items[i];
            double *sums = parts == 2 && (item->key & KEY_ODD) != 0 ? odd : even;
            if ((item->key & KEY_MANY) != 0) {
                add_many(b, item, high | low, x, sums, parts);
                i++;
            } else {
                add_few(b, item, item->last - item->first, high | low, x, sums, parts, strip);
                i += item->last - item->first;
            }
        }
        for (size_t j = 0; j < BLOCK; j++) {
            const size_t k = j ^ low;
            if (parts == 1) {
                sum[j] += even[k];
            } else {
                sum[2 * j] += even[2 * k] - odd[2 * k + 1];
                sum[2 * j + 1] += even[2 * k + 1] + odd[2 * k];
            }
        }
    }
    memcpy(y + parts * high, sum, parts * BLOCK * sizeof *sum);
}

/* One block, compiled for each instruction set. Fused multiply-add is off in all, so that they round alike. */
typedef void (*block_fn)(const qn__exact_blocks *b, uint64_t index, const double *x, double *y);

static void real_generic(const qn__exact_blocks *b, uint64_t index, const double *x, double *y)
{
    block(b, index, x, y, 1, 1);
}

static void complex_generic(const qn__exact_blocks *b, uint64_t index, const double *x, double *y)
{
    block(b, index, x, y, 2, 1);
}

#if defined(__x86_64__)
#define FOR_AVX2 __attribute__((target("avx2,popcnt"))) static void
#define FOR_AVX512 __attribute__((target("avx512f,popcnt"))) static void

FOR_AVX2 real_avx2(const qn__exact_blocks *b, uint64_t index, const double *x, double *y)
{
    block(b, index, x, y, 1, 4);
}

FOR_AVX2 complex_avx2(const qn__exact_blocks *b, uint64_t index, const double *x, double *y)
{
    block(b, index, x, y, 2, 4);
}

FOR_AVX512 real_avx512(const qn__exact_blocks *b, uint64_t index, const double *x, double *y)
{
    block(b, index, x, y, 1, 8);
}

FOR_AVX512 complex_avx512(const qn__exact_blocks *b, uint64_t index, const double *x, double *y)
{
    block(b, index, x, y, 2, 8);
}
#endif

static block_fn choose(qn__arch arch, bool is_real)
{
#if defined(__x86_64__)
    if (arch == QN__ARCH_avx512) {
        return is_real ? real_avx512 : complex_avx512;
    }
    if (arch == QN__ARCH_avx2) {
        return is_real ? real_avx2 : complex_avx2;
    }
#endif
    (void)arch;
    return is_real ? real_generic : complex_generic;
}

void qn__exact_blocks_apply(const qn__exact_blocks *b, const double *x, double *y)
{
    const uint64_t blocks = b->rows / BLOCK;
    const block_fn one = choose(b->arch, b->terms->is_real);
#pragma omp parallel for schedule(static) num_threads((int)b->threads) if (b->rows >= FEWEST_PARALLEL)
    for (uint64_t i = 0; i < blocks; i++) {
        one(b, i, x, y);
    }
}

static size_t parts_of(const qn__exact_terms *terms)
{
    return terms->is_real ? 1 : 2;
}

static size_t most_items(const qn__exact_terms *terms)
{
    return terms->terms - terms->odd[0]; /* the diagonal is real */
}

uint64_t qn__exact_blocks_bytes(const qn__exact_terms *terms)
{
    return (UINT64_C(1) << terms->nqubits) * sizeof(double) + BLOCK * BLOCK * parts_of(terms) * sizeof(double) +
           most_items(terms) * sizeof(qn__exact_item);
}

static int by_key(const void *left, const void *right)
{
    const qn__exact_item *a = left, *b = right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    if (a->x_high != b->x_high) {
        return a->x_high < b->x_high ? -1 : 1;
    }
    return (a->z > b->z) - (a->z < b->z);
}

static void add_items(qn__exact_blocks *b, size_t group, size_t first, size_t last, uint32_t odd)
{
    const qn__exact_terms *t = b->terms;
    const uint32_t key = (uint32_t)(t->x[group] & LOW) << 8 | odd;
    const uint64_t x_high = t->x[group] & ~LOW;
    if (last - first > FEW_TERMS) {
        b->items[b->nitems++] = (qn__exact_item){.key = key | KEY_MANY, .x_high = x_high, .first = first, .last = last};
        return;
    }
    for (size_t k = first; k < last; k++) {
        b->items[b->nitems++] =
            (qn__exact_item){.key = key | (uint32_t)(t->z[k] & LOW), .x_high = x_high, .z = t->z[k], .w = t->w[k]};
    }
}

/* Brings terms of one key together; the first of them tells how many there are. */
static void sort_items(qn__exact_blocks *b)
{
    qsort(b->items, b->nitems, sizeof *b->items, by_key);
    for (size_t i = 0; i < b->nitems;) {
        size_t next = i + 1;
        if ((b->items[i].key & KEY_MANY) == 0) {
            while (next < b->nitems && b->items[next].key == b->items[i].key) {
                next++;
            }
            b->items[i].first = i;
            b->items[i].last = next;
        }
        i = next;
    }
}

qn_status qn__exact_blocks_build(qn__exact_blocks *b, const qn__exact_terms *terms, qn__arch arch, uint32_t threads)
{
    *b = (qn__exact_blocks){.terms = terms, .rows = UINT64_C(1) << terms->nqubits, .arch = arch, .threads = threads};
    const size_t parts = parts_of(terms);
    b->items = qn__alloc(most_items(terms), sizeof *b->items);
    QN_ALLOC_CHECK(b->items);
    b->signs = qn__alloc(BLOCK * BLOCK * parts, sizeof *b->signs);
    QN_ALLOC_CHECK(b->signs);
    b->diagonal = qn__alloc(b->rows, sizeof *b->diagonal);
    QN_ALLOC_CHECK(b->diagonal);
    for (size_t g = 1; g < terms->groups; g++) {
        add_items(b, g, terms->first[g], terms->odd[g], 0);
        add_items(b, g, terms->odd[g], terms->first[g + 1], KEY_ODD);
    }
    sort_items(b);
    for (size_t i = 0; i < BLOCK * BLOCK * parts; i++) {
        const size_t entry = i / parts;
        b->signs[i] = qn__parity((entry / BLOCK) & (entry % BLOCK)) ? -1.0 : 1.0;
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
    qn__free(b->items);
    qn__free(b->signs);
    qn__free(b->diagonal);
    memset(b, 0, sizeof *b);
}
