/* signs.h: kernels of kernel/signs.h. */

enum { K(SIGN_VECTORS) = LANES >= 16 ? 2 : 1 }; /* side by side, as registers allow */

/* The signs of LANES columns from `first` on, as sign bits. */
K_INLINE K(bits) K(sign_bits)(uint32_t word, uint32_t first)
{
    const unsigned_real wide = word >> first;
    const K(bits) spread = (K(bits)){0} + wide;
    return (spread >> K(iota)) << (8 * sizeof(real) - 1);
}

static void K(sign_gather)(const qn__sign_tile *tile, const void *numbers, void *out, size_t stride)
{
    const real *const t = numbers, *const masks = tile->masks;
    for (uint32_t first = 0; first < QN__SIGN_COLUMNS; first += LANES * K(SIGN_VECTORS)) {
        K(vec) sum[QN__SIGN_ROWS][K(SIGN_VECTORS)];
        real *const to = (real *)out + first;
        for (size_t r = 0; r < QN__SIGN_ROWS; r++) {
            memcpy(sum[r], to + r * stride, sizeof sum[r]);
        }
        for (size_t j = 0; j < tile->gates; j++) {
            const uint8_t byte = tile->bits[j * tile->bit_stride];
            if (byte == 0) {
                continue;
            }
            const uint32_t word = tile->signs[j * tile->sign_stride];
            const real *const mask = masks + (size_t)byte * QN__SIGN_ROWS;
            const K(bits) plain = (K(bits))((K(vec)){0} + t[j]);
            for (uint32_t v = 0; v < K(SIGN_VECTORS); v++) {
                const K(vec) signed_number = (K(vec))(plain ^ K(sign_bits)(word, first + v * LANES));
                for (size_t r = 0; r < QN__SIGN_ROWS; r++) {
                    sum[r][v] += signed_number * mask[r];
                }
            }
        }
        for (size_t r = 0; r < QN__SIGN_ROWS; r++) {
            memcpy(to + r * stride, sum[r], sizeof sum[r]);
        }
    }
}

/* Sums over subsets of the rows are written down once a tile (four rows at a time), and looked up for each gate. */
static void K(sign_scatter)(const qn__sign_tile *tile, const void *weights, size_t stride, void *out)
{
    for (uint32_t first = 0; first < QN__SIGN_COLUMNS; first += LANES * K(SIGN_VECTORS)) {
        K(vec) sums[2][16][K(SIGN_VECTORS)];
        memset(sums, 0, sizeof sums);
        for (size_t half = 0; half < 2; half++) {
            for (size_t subset = 1; subset < 16; subset++) {
                const size_t row = (size_t)__builtin_ctzl(subset);
                for (uint32_t v = 0; v < K(SIGN_VECTORS); v++) {
                    K(vec) w;
                    memcpy(&w, (const real *)weights + (half * 4 + row) * stride + first + v * LANES, sizeof w);
                    sums[half][subset][v] = sums[half][subset & (subset - 1)][v] + w;
                }
            }
        }
        for (size_t j = 0; j < tile->gates; j++) {
            const uint8_t byte = tile->bits[j * tile->bit_stride];
            if (byte == 0) {
                continue;
            }
            const uint32_t word = tile->signs[j * tile->sign_stride];
            K(vec) total = {0};
            for (uint32_t v = 0; v < K(SIGN_VECTORS); v++) {
                const K(vec) sum = sums[0][byte & 15][v] + sums[1][byte >> 4][v];
                total += (K(vec))((K(bits))sum ^ K(sign_bits)(word, first + v * LANES));
            }
            real *const to = (real *)out + j * LANES;
            K(vec) old;
            memcpy(&old, to, sizeof old);
            old += total;
            memcpy(to, &old, sizeof old);
        }
    }
}

static const qn__sign_kernels K(sign_table) = {K(sign_gather), K(sign_scatter)};
