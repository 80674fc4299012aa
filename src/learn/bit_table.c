/* bit_table.c: rows of bits, packed, and what is counted on them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"
#include "learn/generative.h"

qn_status qn_bit_table_create(size_t rows, uint32_t bits, qn_bit_table **out)
{
    QN_CHECK(out != NULL && rows > 0 && bits > 0, ERR_ARGUMENT, "a table of bits has rows and columns");
    qn_bit_table *const table = qn__calloc(1, sizeof *table);
    QN_ALLOC_CHECK(table);
    *table = (qn_bit_table){.rows = rows, .bits = bits, .words = qn__words(bits)};
    uint64_t words = 0;
    if (!qn__mul_overflows(rows, table->words, &words)) {
        table->data = qn__calloc(words, sizeof *table->data);
    }
    if (table->data == NULL) {
        qn__free(table);
        return QN_FAIL(ERR_MEMORY, "no memory for %zu rows of %u bits", rows, bits);
    }
    *out = table;
    return QN_OK;
}

void qn_bit_table_free(qn_bit_table *table)
{
    if (table != NULL) {
        qn__free(table->data);
        qn__free(table);
    }
}

qn_status qn_bit_table_from_numbers(const char *name, size_t rows, size_t columns, const double *numbers,
                                    qn_bit_table **out)
{
    QN_CHECK(out != NULL && (numbers != NULL || rows * columns == 0), ERR_ARGUMENT, "numbers and a place are needed");
    QN_CHECK(rows > 0 && columns > 0 && columns <= UINT32_MAX, ERR_SHAPE, "%s: %zu rows of %zu numbers; expected bits",
             name, rows, columns);
    bool spins = false;
    for (size_t k = 0; k < rows * columns; k++) {
        spins = spins || numbers[k] < 0;
    }
    const double low = spins ? -1 : 0;
    for (size_t k = 0; k < rows * columns; k++) {
        if (!(fabs(numbers[k] - 1) < 1e-12 || fabs(numbers[k] - low) < 1e-12)) {
            return QN_FAIL(ERR_PARSE, "%s: row %zu, column %zu is %.6g; expected %g or 1 as in the other entries", name,
                           k / columns + 1, k % columns + 1, numbers[k], low);
        }
    }
    qn_bit_table *table = NULL;
    QN_TRY(qn_bit_table_create(rows, (uint32_t)columns, &table));
    for (size_t k = 0; k < rows * columns; k++) {
        if ((numbers[k] > 0) != spins) {
            /* There is a table when the status is good. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
            qn__bit_set(table->data + k / columns * table->words, (uint32_t)(k % columns));
        }
    }
    *out = table;
    return QN_OK;
}

void qn__bit_table_histogram(const qn_bit_table *table, double *probabilities)
{
    memset(probabilities, 0, sizeof *probabilities << table->bits);
    for (size_t r = 0; r < table->rows; r++) {
        probabilities[table->data[r]] += 1.0 / (double)table->rows;
    }
}

qn_status qn__bit_table_columns(const qn_bit_table *table, uint64_t **columns, size_t *words)
{
    *words = (table->rows + 63) / 64;
    uint64_t *const out = qn__calloc(*words * table->bits, sizeof *out);
    QN_ALLOC_CHECK(out);
    for (size_t r = 0; r < table->rows; r++) {
        for (uint32_t q = 0; q < table->bits; q++) {
            if (qn__bit(table->data + r * table->words, q)) {
                out[q * *words + r / 64] |= UINT64_C(1) << (r % 64);
            }
        }
    }
    *columns = out;
    return QN_OK;
}

double qn__columns_parity_mean(const uint64_t *columns, size_t words, size_t rows, uint32_t bits, const uint64_t *mask)
{
    uint64_t odd = 0;
    uint32_t members[64];
    /* word by word over chunks of set bits would re-read the mask; masks are light, so list their bits first */
    for (size_t w = 0; w < words; w++) {
        uint64_t parity = 0;
        for (uint32_t base = 0; base < bits; base += 64) {
            uint32_t count = 0;
            for (uint64_t left = mask[base / 64]; left != 0; left &= left - 1) {
                members[count++] = base + (uint32_t)__builtin_ctzll(left);
            }
            for (uint32_t k = 0; k < count; k++) {
                parity ^= columns[members[k] * words + w];
            }
        }
        odd += qn__popcount(parity);
    }
    return 1 - 2 * (double)odd / (double)rows;
}

static int compare(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

qn_status qn_generative_median_width(const qn_bit_table *data, double *out)
{
    enum { PAIRS = 100000 };
    QN_CHECK(data != NULL && out != NULL, ERR_ARGUMENT, "data and a place are needed");
    uint32_t *const distances = qn__alloc(PAIRS, sizeof *distances);
    QN_ALLOC_CHECK(distances);
    for (uint32_t k = 0; k < PAIRS; k++) {
        const uint64_t *const a = data->data + qn__random_bits(1, 0, 2 * (uint64_t)k) % data->rows * data->words;
        const uint64_t *const b = data->data + qn__random_bits(1, 0, 2 * (uint64_t)k + 1) % data->rows * data->words;
        distances[k] = 0;
        for (size_t w = 0; w < data->words; w++) {
            distances[k] += qn__popcount(a[w] ^ b[w]);
        }
    }
    qsort(distances, PAIRS, sizeof *distances, compare);
    const uint32_t median = distances[PAIRS / 2];
    *out = sqrt(fmax(median, 1));
    qn__free(distances);
    return QN_OK;
}

qn_status qn__draw(const double *probabilities, uint32_t bits, size_t rows, uint64_t seed, qn_bit_table **out)
{
    const uint64_t size = UINT64_C(1) << bits;
    double *const sums = qn__alloc(size, sizeof *sums);
    QN_ALLOC_CHECK(sums);
    double sum = 0;
    for (uint64_t x = 0; x < size; x++) {
        sum += fmax(probabilities[x], 0);
        sums[x] = sum;
    }
    qn_bit_table *table = NULL;
    const qn_status status = qn_bit_table_create(rows, bits, &table);
    for (size_t r = 0; status == QN_OK && r < rows; r++) {
        const double u = qn__random_uniform(seed, 0, r) * sum;
        uint64_t low = 0, high = size - 1;
        while (low < high) {
            const uint64_t middle = (low + high) / 2;
            if (sums[middle] > u) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        /* There is a table when the status is good. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        table->data[r] = low;
    }
    qn__free(sums);
    if (status == QN_OK) {
        *out = table;
    }
    return status;
}
