/* bit_source.c: data made by formula: bars and stripes, blobs, an Ising lattice, normal distributions. */
#include <math.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"
#include "learn/generative.h"

enum { BLOBS = 8, GAUSSIAN_BITS = 24, ISING_BURN = 200, ISING_APART = 10 };
static const double blob_flip = .05, ising_temperature = 3;

static uint32_t side_of(uint32_t bits)
{
    uint32_t side = 1;
    while (side < 65536 && side * side < bits) {
        side++;
    }
    return side;
}

/* All rows, or all columns, of a square pattern are one colour; both full and empty are counted once. */
static void bars(qn_bit_table *table, uint64_t seed)
{
    const uint32_t side = side_of(table->bits);
    for (size_t r = 0; r < table->rows; r++) {
        uint64_t lines = 0, most = (UINT64_C(1) << side) - 1;
        bool across = false;
        uint64_t try = 0;
        do { /* full and empty appear both ways: half of them are drawn again */
            lines = qn__random_bits(seed, 2 * r, try) & most;
            across = qn__random_bits(seed, 2 * r + 1, try++) & 1;
        } while (across && (lines == 0 || lines == most));
        for (uint32_t q = 0; q < table->bits; q++) {
            if (lines >> (across ? q / side : q % side) & 1) {
                qn__bit_set(table->data + r * table->words, q);
            }
        }
    }
}

static void blobs(qn_bit_table *table, uint64_t seed)
{
    for (size_t r = 0; r < table->rows; r++) {
        const uint64_t blob = qn__random_bits(seed, 1, r) % BLOBS;
        for (uint32_t q = 0; q < table->bits; q++) {
            const bool centre = qn__random_bits(seed, 2 + blob, q) & 1;
            if (centre != (qn__random_uniform(seed, 16 + r, q) < blob_flip)) {
                qn__bit_set(table->data + r * table->words, q);
            }
        }
    }
}

/* One chain of single-spin Metropolis steps on the torus; rows are ISING_APART sweeps apart. */
static void ising(qn_bit_table *table, uint64_t seed)
{
    const uint32_t side = side_of(table->bits);
    uint64_t *const spins =
        table->data + (table->rows - 1) * table->words; /* the last row is the chain until the end */
    uint64_t step = 0;
    for (uint32_t q = 0; q < table->bits; q++) {
        if (qn__random_bits(seed, 1, q) & 1) {
            qn__bit_set(spins, q);
        }
    }
    for (size_t r = 0; r < table->rows; r++) {
        for (uint64_t k = 0; k < (uint64_t)table->bits * (r == 0 ? ISING_BURN : ISING_APART); k++, step++) {
            const uint32_t q = (uint32_t)(qn__random_bits(seed, 2, step) % table->bits), x = q % side, y = q / side;
            const uint32_t near[4] = {y * side + (x + 1) % side, y * side + (x + side - 1) % side,
                                      (y + 1) % side * side + x, (y + side - 1) % side * side + x};
            int agree = 0;
            for (int i = 0; i < 4; i++) {
                agree += qn__bit(spins, near[i]) == qn__bit(spins, q) ? 1 : -1;
            }
            if (qn__random_uniform(seed, 3, step) < exp(-2.0 * agree / ising_temperature)) {
                qn__bit_flip(spins, q);
            }
        }
        for (size_t w = 0; w < table->words; w++) {
            table->data[r * table->words + w] = spins[w];
        }
    }
}

static void gaussians(qn_bit_table *table, uint64_t seed)
{
    const double size = ldexp(1, (int)table->bits);
    for (size_t r = 0; r < table->rows; r++) {
        double x = -1;
        for (uint64_t try = 0; !(x >= 0 && x < size); try++) {
            const bool left = qn__random_bits(seed, 3 * r, try) & 1;
            x = floor(size * (left ? .3 : .7) + size * .08 * qn__random_normal(seed, 3 * r + 1, try));
        }
        table->data[r] = (uint64_t)x;
    }
}

static void lognormal(qn_bit_table *table, uint64_t seed)
{
    const double size = ldexp(1, (int)table->bits);
    for (size_t r = 0; r < table->rows; r++) {
        double x = size;
        for (uint64_t try = 0; !(x < size); try++) {
            x = floor(exp(1 + qn__random_normal(seed, r, try)));
        }
        table->data[r] = (uint64_t)x;
    }
}

qn_status qn_bit_table_generate(qn_bit_source source, uint32_t bits, size_t rows, uint64_t seed, qn_bit_table **out)
{
    QN_CHECK(bits <= 1 << 20, ERR_RANGE, "%u bits; expected at most 1048576", bits);
    const bool square = source == QN_BIT_SOURCE_BARS || source == QN_BIT_SOURCE_ISING;
    const uint32_t side = side_of(bits);
    QN_CHECK(!square || (side * side == bits && side > 1 && side < 64), ERR_ARGUMENT,
             "%u bits are not a square of side 2 to 63", bits);
    QN_CHECK(source < QN_BIT_SOURCE_GAUSSIANS || bits <= GAUSSIAN_BITS, ERR_RANGE, "%u bits; expected at most %d", bits,
             GAUSSIAN_BITS);
    static void (*const make[])(qn_bit_table *, uint64_t) = {bars, blobs, ising, gaussians, lognormal};
    QN_CHECK((size_t)source < sizeof make / sizeof *make, ERR_RANGE, "unknown source of bits %d", (int)source);
    QN_TRY(qn_bit_table_create(rows, bits, out));
    make[source](*out, seed);
    return QN_OK;
}
