/* vectors.c: projections, norms and rotations of a basis of long vectors. */
#include "math/vectors.h"

#include <string.h>

enum { FEWEST_PARALLEL = 32768, ROTATED = 16 };

static size_t chunks_of(size_t width)
{
    return (width + QN__VECTOR_CHUNK - 1) / QN__VECTOR_CHUNK;
}

static size_t chunk_end(size_t chunk, size_t width)
{
    const size_t end = (chunk + 1) * QN__VECTOR_CHUNK;
    return end < width ? end : width;
}

uint64_t qn__vectors_scratch(uint64_t width, uint64_t count)
{
    return (width / QN__VECTOR_CHUNK + 1) * 2 * (count > 0 ? count : 1);
}

/* Two doubles, one complex number: what every 64-bit machine has registers for. */
typedef double pair __attribute__((vector_size(16), aligned(8), may_alias));

static pair load(const double *from)
{
    return *(const pair *)(const void *)from;
}

/* v^H w over one chunk; eight partial sums, always the same eight. */
static void dot(const double *v, const double *w, size_t length, bool is_complex, double *out)
{
    pair re[4] = {{0}}, im[4] = {{0}}; /* im[k][0] - im[k][1] */
    size_t i = 0;
    if (!is_complex) {
        for (; i + 8 <= length; i += 8) {
            for (size_t k = 0; k < 4; k++) {
                re[k] += load(v + i + 2 * k) * load(w + i + 2 * k);
            }
        }
        for (; i < length; i++) {
            re[0][0] += v[i] * w[i];
        }
    } else {
        for (; i + 8 <= length; i += 8) {
            for (size_t k = 0; k < 4; k++) {
                const pair a = load(v + i + 2 * k), b = load(w + i + 2 * k);
                re[k] += a * b;
                im[k] += a * (pair){b[1], b[0]};
            }
        }
        for (; i < length; i += 2) {
            const pair a = load(v + i), b = load(w + i);
            re[0] += a * b;
            im[0] += a * (pair){b[1], b[0]};
        }
    }
    const pair real = (re[0] + re[1]) + (re[2] + re[3]), cross = (im[0] + im[1]) + (im[2] + im[3]);
    out[0] = real[0] + real[1];
    out[1] = cross[0] - cross[1];
}

static void take_away(double *w, const double *v, const double *factor, size_t length, bool is_complex)
{
    const double re = factor[0], im = factor[1];
    if (!is_complex) {
        for (size_t i = 0; i < length; i++) {
            w[i] -= re * v[i];
        }
    } else {
        const pair along = {re, re}, across = {-im, im};
        for (size_t i = 0; i < length; i += 2) {
            const pair a = load(v + i);
            *(pair *)(void *)(w + i) -= along * a + across * (pair){a[1], a[0]};
        }
    }
}

/* The first of each chunk's two sums, in order. */
static double total(const double *scratch, size_t chunks)
{
    double sum = 0;
    for (size_t c = 0; c < chunks; c++) {
        sum += scratch[2 * c];
    }
    return sum;
}

void qn__vectors_project(const double *v, size_t count, size_t width, bool is_complex, double *w, double *coefficients,
                         double *scratch, uint32_t threads)
{
    const size_t chunks = chunks_of(width);
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (width >= FEWEST_PARALLEL)
    for (size_t c = 0; c < chunks; c++) {
        const size_t first = c * QN__VECTOR_CHUNK, length = chunk_end(c, width) - first;
        for (size_t k = 0; k < count; k++) {
            dot(v + k * width + first, w + first, length, is_complex, scratch + (c * count + k) * 2);
        }
    }
    memset(coefficients, 0, 2 * count * sizeof *coefficients);
    for (size_t c = 0; c < chunks; c++) {
        for (size_t k = 0; k < 2 * count; k++) {
            coefficients[k] += scratch[c * count * 2 + k];
        }
    }
#pragma omp parallel for schedule(static) num_threads((int)threads) if (width >= FEWEST_PARALLEL)
    for (size_t c = 0; c < chunks; c++) {
        const size_t first = c * QN__VECTOR_CHUNK, length = chunk_end(c, width) - first;
        for (size_t k = 0; k < count; k++) {
            take_away(w + first, v + k * width + first, coefficients + 2 * k, length, is_complex);
        }
    }
}

double qn__vectors_dot(const double *v, const double *w, size_t width, double *scratch, uint32_t threads)
{
    const size_t chunks = chunks_of(width);
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (width >= FEWEST_PARALLEL)
    for (size_t c = 0; c < chunks; c++) {
        const size_t first = c * QN__VECTOR_CHUNK;
        dot(v + first, w + first, chunk_end(c, width) - first, false, scratch + 2 * c);
    }
    return total(scratch, chunks);
}

double qn__vectors_norm2(const double *w, size_t width, double *scratch, uint32_t threads)
{
    return qn__vectors_dot(w, w, width, scratch, threads);
}

double qn__vectors_recur(double *w, double alpha, const double *v, double beta, const double *u, size_t width,
                         double *scratch, uint32_t threads)
{
    const size_t chunks = chunks_of(width);
    const double along[2] = {alpha, 0}, before[2] = {beta, 0};
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (width >= FEWEST_PARALLEL)
    for (size_t c = 0; c < chunks; c++) {
        const size_t first = c * QN__VECTOR_CHUNK, length = chunk_end(c, width) - first;
        take_away(w + first, v + first, along, length, false);
        if (u != NULL) {
            take_away(w + first, u + first, before, length, false);
        }
        dot(w + first, w + first, length, false, scratch + 2 * c);
    }
    return total(scratch, chunks);
}

void qn__vectors_scale(double *w, double factor, size_t width, uint32_t threads)
{
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (width >= FEWEST_PARALLEL)
    for (size_t i = 0; i < width; i++) {
        w[i] *= factor;
    }
}

void qn__vectors_subtract(double *w, double factor, const double *x, size_t width, uint32_t threads)
{
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (width >= FEWEST_PARALLEL)
    for (size_t i = 0; i < width; i++) {
        w[i] -= factor * x[i];
    }
}

/* Vectors first..last of V S over the rows of one block, from a copy of the block's rows. */
static void rotate_rows(double *v, const double *rows, size_t count, size_t width, size_t first, size_t length,
                        const double *s, size_t column)
{
    double sums[ROTATED] = {0};
    for (size_t k = 0; k < count; k++) {
        const double factor = s[column * count + k];
        for (size_t i = 0; i < ROTATED; i++) {
            sums[i] += factor * rows[k * ROTATED + i];
        }
    }
    memcpy(v + column * width + first, sums, length * sizeof *sums);
}

void qn__vectors_rotate(double *v, size_t count, size_t width, const double *s, size_t kept, uint32_t threads)
{
    const size_t blocks = (width + ROTATED - 1) / ROTATED;
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (width >= FEWEST_PARALLEL)
    for (size_t b = 0; b < blocks; b++) {
        const size_t first = b * ROTATED, length = first + ROTATED <= width ? ROTATED : width - first;
        double rows[QN__VECTORS_MOST * ROTATED];
        memset(rows, 0, count * ROTATED * sizeof *rows);
        for (size_t k = 0; k < count; k++) {
            memcpy(rows + k * ROTATED, v + k * width + first, length * sizeof *rows);
        }
        for (size_t column = 0; column < kept; column++) {
            rotate_rows(v, rows, count, width, first, length, s, column);
        }
    }
}
