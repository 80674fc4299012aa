/* reflect.c: Grover's two reflections on vectors: streams of additions, with the marked entries told by single bits. */
#include "math/reflect.h"

enum { CHUNK = 8192, WORD = 64, FEWEST_PARALLEL = 4 * CHUNK };

static uint64_t chunks_of(uint64_t count)
{
    return (count + CHUNK - 1) / CHUNK;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t qn__reflect_scratch(uint64_t count)
{
    return 2 * (chunks_of(count) + 1);
}

static double total(const double *scratch, uint64_t chunks, uint64_t offset)
{
    double sum = 0;
    for (uint64_t c = 0; c < chunks; c++) {
        sum += scratch[2 * c + offset];
    }
    return sum;
}

/* Two doubles: what every 64-bit machine has registers for. */
typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));

/* 64 entries none of which is marked: x = twice - x; their new sum. */
static double mirror_plain(double *x, double twice)
{
    const pair both = {twice, twice};
    pair sums[4] = {{0}};
    for (uint64_t i = 0; i < WORD; i += 8) {
        for (uint64_t k = 0; k < 4; k++) {
            pair *const at = (pair *)(void *)(x + i + 2 * k);
            *at = both - *at;
            sums[k] += *at;
        }
    }
    const pair sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    return sum[0] + sum[1];
}

/* Up to 64 entries, marked ones among them; the sum in which those count negatively. */
static double mirror_marked(double *x, uint64_t length, uint64_t bits, double twice)
{
    double sum = 0;
    for (uint64_t i = 0; i < length; i++) {
        const double sign = (bits >> i & 1) != 0 ? -1.0 : 1.0;
        x[i] = twice - sign * x[i];
        sum += sign * x[i];
    }
    return sum;
}

double qn__reflect_real(double *x, uint64_t count, const uint64_t *marked, double mean, double *scratch,
                        uint32_t threads)
{
    const uint64_t chunks = chunks_of(count);
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (count >= FEWEST_PARALLEL)
    for (uint64_t c = 0; c < chunks; c++) {
        const uint64_t end = least((c + 1) * CHUNK, count);
        double sum = 0;
        for (uint64_t i = c * CHUNK; i < end; i += WORD) {
            const uint64_t bits = marked[i / WORD];
            sum += bits == 0 && i + WORD <= end ? mirror_plain(x + i, 2 * mean)
                                                : mirror_marked(x + i, least(WORD, end - i), bits, 2 * mean);
        }
        scratch[2 * c] = sum;
    }
    return total(scratch, chunks, 0) / (double)count;
}

double qn__reflect_real_mean(const double *x, uint64_t count, const uint64_t *marked, double *scratch, uint32_t threads)
{
    const uint64_t chunks = chunks_of(count);
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (count >= FEWEST_PARALLEL)
    for (uint64_t c = 0; c < chunks; c++) {
        double sum = 0;
        for (uint64_t i = c * CHUNK, end = least((c + 1) * CHUNK, count); i < end; i++) {
            sum += (marked[i / WORD] >> (i % WORD) & 1) != 0 ? -x[i] : x[i];
        }
        scratch[2 * c] = sum;
    }
    return total(scratch, chunks, 0) / (double)count;
}

/* Turns the marked ones among up to 64 re, im pairs. */
static void turn_marked(double *x, uint64_t bits, const double turn[2])
{
    for (; bits != 0; bits &= bits - 1) {
        double *const at = x + 2 * __builtin_ctzll(bits);
        const double re = turn[0] * at[0] - turn[1] * at[1], im = turn[0] * at[1] + turn[1] * at[0];
        at[0] = re;
        at[1] = im;
    }
}

void qn__reflect_complex(double *x, uint64_t count, const uint64_t *marked, const double turn[2], const double along[2],
                         double *scratch, uint32_t threads)
{
    const uint64_t chunks = chunks_of(count);
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (count >= FEWEST_PARALLEL)
    for (uint64_t c = 0; c < chunks; c++) {
        const uint64_t end = least((c + 1) * CHUNK, count);
        pair sum = {0};
        for (uint64_t i = c * CHUNK; i < end; i += WORD) {
            turn_marked(x + 2 * i, marked[i / WORD], turn);
            for (uint64_t k = i; k < end && k < i + WORD; k++) {
                sum += *(const pair *)(const void *)(x + 2 * k);
            }
        }
        scratch[2 * c] = sum[0];
        scratch[2 * c + 1] = sum[1];
    }
    const double re = total(scratch, chunks, 0) / (double)count, im = total(scratch, chunks, 1) / (double)count;
    const pair shift = {along[0] * re - along[1] * im, along[0] * im + along[1] * re};
#pragma omp parallel for schedule(static) num_threads((int)threads) if (count >= FEWEST_PARALLEL)
    for (uint64_t c = 0; c < chunks; c++) {
        for (uint64_t i = c * CHUNK, end = least((c + 1) * CHUNK, count); i < end; i++) {
            pair *const at = (pair *)(void *)(x + 2 * i);
            *at = shift - *at;
        }
    }
}

double qn__reflect_marked(const double *x, uint64_t count, uint32_t width, const uint64_t *marked, double *scratch,
                          uint32_t threads)
{
    const uint64_t chunks = chunks_of(count);
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (count >= FEWEST_PARALLEL)
    for (uint64_t c = 0; c < chunks; c++) {
        double sum = 0;
        for (uint64_t i = c * CHUNK, end = least((c + 1) * CHUNK, count); i < end; i += WORD) {
            for (uint64_t bits = marked[i / WORD]; bits != 0; bits &= bits - 1) {
                const double *const at = x + width * (i + (uint64_t)__builtin_ctzll(bits));
                sum += at[0] * at[0] + (width == 2 ? at[1] * at[1] : 0);
            }
        }
        scratch[2 * c] = sum;
    }
    return total(scratch, chunks, 0);
}
