/* loading.c: lookups, state preparation and block-encodings as counts. */
#include "advise/loading.h"

#include <math.h>

qn__count qn__bits_of(qn__count x)
{
    return x <= 1 ? 0 : ceill(log2l(x));
}

qn__count qn__power_of_two_from(qn__count x)
{
    return ldexpl(1.0L, (int)qn__bits_of(x));
}

qn__lookup qn__qrom(qn__count rows)
{
    return (qn__lookup){fmaxl(rows - 2, 0), qn__bits_of(rows), 1};
}

typedef qn__count (*block_cost)(qn__count rows, qn__count bits, qn__count block);

static qn__count clean_cost(qn__count rows, qn__count bits, qn__count block)
{
    return fmaxl(ceill(rows / block) + (block - 1) * bits - 2, 0);
}

static qn__count dirty_cost(qn__count rows, qn__count bits, qn__count block)
{
    return fmaxl(ceill(rows / block) + (block > 1 ? 4 * block * bits : 0) - 2, 0);
}

static qn__count unload_cost(qn__count rows, qn__count bits, qn__count block)
{
    (void)bits;
    return fmaxl(ceill(rows / block) + block - 4, 0);
}

/* The costs have one minimum in the logarithm of the block, near the square root of rows over weight. */
static qn__count best_block(block_cost cost, qn__count rows, qn__count bits, qn__count guess)
{
    const qn__count most = fmaxl(floorl(log2l(fmaxl(rows, 1))), 0);
    const qn__count near = fminl(fmaxl(floorl(log2l(fmaxl(guess, 1))), 0), most);
    qn__count best = 1, least = cost(rows, bits, 1);
    for (int step = -1; step <= 2; step++) {
        const qn__count k = near + (qn__count)step;
        if (k < 0 || k > most) {
            continue;
        }
        const qn__count block = ldexpl(1.0L, (int)k), now = cost(rows, bits, block);
        if (now < least) {
            least = now;
            best = block;
        }
    }
    return best;
}

qn__lookup qn__qroam_clean(qn__count rows, qn__count bits, qn__count block)
{
    if (block < 1) {
        block = best_block(clean_cost, rows, bits, sqrtl(rows / bits));
    }
    const qn__count qubits = block * bits + 2 * qn__bits_of(rows) - log2l(block) - 1;
    return (qn__lookup){clean_cost(rows, bits, block), fmaxl(qubits, bits), block};
}

qn__lookup qn__qroam_dirty(qn__count rows, qn__count bits, qn__count block)
{
    if (block < 1) {
        block = best_block(dirty_cost, rows, bits, sqrtl(rows / (4 * bits)));
    }
    return (qn__lookup){dirty_cost(rows, bits, block), bits + qn__bits_of(rows), block};
}

qn__lookup qn__qroam_unload(qn__count rows, qn__count block)
{
    if (block < 1) {
        block = best_block(unload_cost, rows, 1, sqrtl(rows));
    }
    return (qn__lookup){unload_cost(rows, 1, block), block + qn__bits_of(rows), block};
}

qn__lookup qn__bucket_brigade(qn__count rows, qn__count bits)
{
    return (qn__lookup){4 * fmaxl(rows - 1, 0), 2 * rows + qn__bits_of(rows) + bits, 1};
}

qn__lookup qn__alias_preparation(qn__count amplitudes, qn__count eps)
{
    const qn__count mu = qn__bits_of(1 / eps), index = qn__bits_of(amplitudes);
    const qn__lookup table = qn__qrom(amplitudes);
    return (qn__lookup){table.toffoli + mu + 7 * index, table.qubits + 2 * mu + 2 * index, 1};
}

qn__dense_encoding qn__dense_block_encoding(qn__count L, qn__count eps_matrix, qn__count eps_vector)
{
    const qn__count l = log2l(L), matrix = log2l(1 / eps_matrix), vector = log2l(1 / eps_vector);
    qn__dense_encoding out;
    out.t = (12 * matrix + 56) * L * L - 24 * L - 12 * matrix - 32 * l - 32;
    out.controlled_t = out.t + 16 * (L - 1);
    out.preparation_t = (12 * vector + 40) * L - 12 * vector - 16 * l - 40;
    out.qubits = 4 * L * L - 2 * L + 2 * l + 4;
    /* Our own estimate: a fan-out tree of 2 l levels down and up, and one layer of rotations of 3 lg(1/eps) T each way.
     */
    out.depth = 12 * l + 6 * matrix;
    return out;
}

qn__count qn__io_seconds(qn__count bits, qn__count bits_per_second)
{
    return bits / bits_per_second;
}
