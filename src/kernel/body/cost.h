/* cost.h: phases and averages of a diagonal cost, a few hundred amplitudes at a time: their factors are laid out side
 * by side first, so that the products run over whole vectors. */

enum { K(cost_batch) = 256 / LANES }; /* blocks */

#define cost_factors K(cost_factors)
typedef struct cost_factors {
    real re[256] __attribute__((aligned(64))), im[256] __attribute__((aligned(64)));
} cost_factors;

/* Place of the costs of block `at`, and how many blocks from there on lie in the same row, at most `most`. */
K_INLINE uint64_t K(cost_place)(const qn__cost_rows *costs, uint64_t at, uint64_t most, uint64_t *count)
{
    const uint64_t row = at / costs->row_blocks, within = at % costs->row_blocks, left = costs->row_blocks - within;
    *count = left < most ? left : most;
    return row * costs->stride + within * LANES;
}

/* cosine and minus sine of gamma (C - low) for blocks [at, at + count). */
K_INLINE void K(cost_phases)(const qn__cost_rows *costs, const qn__cost_phase *phase, uint64_t at, uint64_t count,
                             cost_factors *out)
{
    for (uint64_t done = 0; done < count;) {
        uint64_t some = 0;
        const uint64_t place = K(cost_place)(costs, at + done, count - done, &some);
        real *const re = out->re + done * LANES, *const im = out->im + done * LANES;
        if (costs->index != NULL) {
            const uint16_t *const index = costs->index + place;
            const real *const table = phase->table;
            for (uint64_t k = 0; k < some * LANES; k++) {
                re[k] = table[2 * (size_t)index[k]];
                im[k] = table[2 * (size_t)index[k] + 1];
            }
        } else {
            double angle[256] __attribute__((aligned(64))), s[256] __attribute__((aligned(64))),
                c[256] __attribute__((aligned(64)));
            for (uint64_t k = 0; k < some * LANES; k++) {
                angle[k] = phase->gamma * (costs->value[place + k] - costs->low);
            }
            const uint64_t whole = (some * LANES + QN_LANES_F64 - 1) / QN_LANES_F64 * QN_LANES_F64;
            for (uint64_t k = some * LANES; k < whole; k++) {
                angle[k] = 0.0;
            }
            sincos_rows_f64(whole, angle, s, c);
            for (uint64_t k = 0; k < some * LANES; k++) {
                re[k] = (real)c[k];
                im[k] = (real)-s[k];
            }
        }
        done += some;
    }
}

/* C - low, in the state's precision. */
K_INLINE void K(cost_values)(const qn__cost_rows *costs, uint64_t at, uint64_t count, real *out)
{
    for (uint64_t done = 0; done < count;) {
        uint64_t some = 0;
        const uint64_t place = K(cost_place)(costs, at + done, count - done, &some);
        real *const to = out + done * LANES;
        if (costs->index != NULL) {
            const real unit = (real)costs->unit;
            for (uint64_t k = 0; k < some * LANES; k++) {
                to[k] = (real)costs->index[place + k] * unit;
            }
        } else {
            for (uint64_t k = 0; k < some * LANES; k++) {
                to[k] = (real)(costs->value[place + k] - costs->low);
            }
        }
        done += some;
    }
}

K_INLINE uint64_t K(cost_some)(uint64_t blocks, uint64_t at)
{
    return blocks - at < K(cost_batch) ? blocks - at : K(cost_batch);
}

static void K(fill)(void *tile, uint64_t blocks, const qn__cost_rows *costs, const qn__cost_phase *phase)
{
    const vec scale = K(splat)(phase->scale);
    cost_factors f;
    for (uint64_t at = 0; at < blocks; at += K(cost_batch)) {
        const uint64_t some = K(cost_some)(blocks, at);
        K(cost_phases)(costs, phase, at, some, &f);
        real *p = (real *)tile + at * 2 * LANES;
        for (uint64_t k = 0; k < some; k++, p += 2 * LANES) {
            K(store)(p, K(load)(f.re + k * LANES) * scale);
            K(store)(p + LANES, K(load)(f.im + k * LANES) * scale);
        }
    }
}

/* (re, im) times (fr, fi), or its conjugate when `sign` is -1. */
K_INLINE void K(cost_turn)(real *p, vec fr, vec fi)
{
    const vec re = K(load)(p), im = K(load)(p + LANES);
    K(store)(p, re * fr - im * fi);
    K(store)(p + LANES, re * fi + im * fr);
}

static void K(phase)(void *tile, uint64_t blocks, const qn__cost_rows *costs, const qn__cost_phase *phase)
{
    const vec scale = K(splat)(phase->scale), turned = phase->conjugate ? -scale : scale;
    cost_factors f;
    for (uint64_t at = 0; at < blocks; at += K(cost_batch)) {
        const uint64_t some = K(cost_some)(blocks, at);
        K(cost_phases)(costs, phase, at, some, &f);
        real *p = (real *)tile + at * 2 * LANES;
        for (uint64_t k = 0; k < some; k++, p += 2 * LANES) {
            K(cost_turn)(p, K(load)(f.re + k * LANES) * scale, K(load)(f.im + k * LANES) * turned);
        }
    }
}

static double K(phase_slope)(void *ket, void *bra, uint64_t blocks, const qn__cost_rows *costs,
                             const qn__cost_phase *phase)
{
    const vec scale = K(splat)(phase->scale), turned = phase->conjugate ? -scale : scale;
    cost_factors f;
    real value[256] __attribute__((aligned(64)));
    double total = 0.0;
    for (uint64_t at = 0; at < blocks; at += K(cost_batch)) {
        const uint64_t some = K(cost_some)(blocks, at);
        K(cost_phases)(costs, phase, at, some, &f);
        K(cost_values)(costs, at, some, value);
        vec sum = {0};
        real *p = (real *)ket + at * 2 * LANES, *q = (real *)bra + at * 2 * LANES;
        for (uint64_t k = 0; k < some; k++, p += 2 * LANES, q += 2 * LANES) {
            const vec fr = K(load)(f.re + k * LANES) * scale, fi = K(load)(f.im + k * LANES) * turned;
            sum += K(load)(value + k * LANES) *
                   K(mix_overlap)(K(load)(q), K(load)(q + LANES), K(load)(p), K(load)(p + LANES));
            K(cost_turn)(p, fr, fi);
            K(cost_turn)(q, fr, fi);
        }
        total += K(sum)(sum);
    }
    return total;
}

static double K(weigh)(const void *ket, void *bra, uint64_t blocks, const qn__cost_rows *costs,
                       const qn__cost_weight *weight)
{
    real value[256] __attribute__((aligned(64)));
    const vec factor = K(splat)(weight->factor), shift = K(splat)(weight->factor * costs->low + weight->shift);
    const vec cap = K(splat)(weight->cap - costs->low);
    double total = 0.0;
    for (uint64_t at = 0; at < blocks; at += K(cost_batch)) {
        const uint64_t some = K(cost_some)(blocks, at);
        K(cost_values)(costs, at, some, value);
        const real *p = (const real *)ket + at * 2 * LANES;
        real *q = bra != NULL ? (real *)bra + at * 2 * LANES : NULL;
        vec sum = {0};
        for (uint64_t k = 0; k < some; k++, p += 2 * LANES) {
            const vec c = K(load)(value + k * LANES), low = K(select)((bits)(c < cap), c, cap);
            const vec w = factor * low + shift, re = K(load)(p), im = K(load)(p + LANES);
            sum += w * (re * re + im * im);
            if (q != NULL) {
                K(store)(q, w * re);
                K(store)(q + LANES, w * im);
                q += 2 * LANES;
            }
        }
        total += K(sum)(sum);
    }
    return total;
}

static const qn__mixer_kernels K(mixer_table) = {.mix = K(mixer_mix),
                                                 .mirror = K(mirror),
                                                 .mix_slope = K(mix_slope),
                                                 .mirror_slope = K(mirror_slope),
                                                 .fill = K(fill),
                                                 .phase = K(phase),
                                                 .phase_slope = K(phase_slope),
                                                 .weigh = K(weigh)};

#undef cost_factors
#undef vec
#undef bits
