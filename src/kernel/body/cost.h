/* cost.h: phases and averages of a diagonal cost, a few hundred amplitudes at a time: their factors are laid out side
 * by side first, so that the products run over whole vectors. */

enum { K(cost_batch) = 256 / LANES }; /* blocks */

#define cost_factors K(cost_factors)
/* Pairs re, im. */
typedef struct cost_factors {
    real pairs[512] __attribute__((aligned(64)));
} cost_factors;

#if LANES == 2
#define COST_EVEN 0, 2
#define COST_ODD 1, 3
#elif LANES == 4
#define COST_EVEN 0, 2, 4, 6
#define COST_ODD 1, 3, 5, 7
#elif LANES == 8
#define COST_EVEN 0, 2, 4, 6, 8, 10, 12, 14
#define COST_ODD 1, 3, 5, 7, 9, 11, 13, 15
#else
#define COST_EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define COST_ODD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#endif

/* Factors of the k-th block of a batch. */
K_INLINE void K(cost_factor)(const cost_factors *f, uint64_t k, vec *re, vec *im)
{
    const vec a = K(load)(f->pairs + 2 * k * LANES), b = K(load)(f->pairs + 2 * k * LANES + LANES);
    *re = __builtin_shufflevector(a, b, COST_EVEN);
    *im = __builtin_shufflevector(a, b, COST_ODD);
}
#undef COST_EVEN
#undef COST_ODD

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
        real *const pairs = out->pairs + 2 * done * LANES;
        if (costs->index != NULL) {
            const uint16_t *const index = costs->index + place;
            const real *const table = phase->table;
            for (uint64_t k = 0; k < some * LANES; k++) {
                memcpy(pairs + 2 * k, table + 2 * (size_t)index[k], 2 * sizeof(real));
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
                pairs[2 * k] = (real)c[k];
                pairs[2 * k + 1] = (real)-s[k];
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

/* Blocks [from, from + blocks) of a tile, the first of them at `p`. */
K_INLINE void K(fill_range)(real *p, uint64_t from, uint64_t blocks, const qn__cost_rows *costs,
                            const qn__cost_phase *phase)
{
    const vec scale = K(splat)(phase->scale);
    cost_factors f;
    for (uint64_t at = 0; at < blocks; at += K(cost_batch)) {
        const uint64_t some = K(cost_some)(blocks, at);
        K(cost_phases)(costs, phase, from + at, some, &f);
        for (uint64_t k = 0; k < some; k++, p += 2 * LANES) {
            vec re, im;
            K(cost_factor)(&f, k, &re, &im);
            K(store)(p, re * scale);
            K(store)(p + LANES, im * scale);
        }
    }
}

static void K(fill)(void *tile, uint64_t blocks, const qn__cost_rows *costs, const qn__cost_phase *phase)
{
    K(fill_range)(tile, 0, blocks, costs, phase);
}

/* (re, im) times (fr, fi), or its conjugate when `sign` is -1. */
K_INLINE void K(cost_turn)(real *p, vec fr, vec fi)
{
    const vec re = K(load)(p), im = K(load)(p + LANES);
    K(store)(p, re * fr - im * fi);
    K(store)(p + LANES, re * fi + im * fr);
}

K_INLINE void K(phase_range)(real *p, uint64_t from, uint64_t blocks, const qn__cost_rows *costs,
                             const qn__cost_phase *phase)
{
    const vec scale = K(splat)(phase->scale), turned = phase->conjugate ? -scale : scale;
    cost_factors f;
    for (uint64_t at = 0; at < blocks; at += K(cost_batch)) {
        const uint64_t some = K(cost_some)(blocks, at);
        K(cost_phases)(costs, phase, from + at, some, &f);
        for (uint64_t k = 0; k < some; k++, p += 2 * LANES) {
            vec re, im;
            K(cost_factor)(&f, k, &re, &im);
            K(cost_turn)(p, re * scale, im * turned);
        }
    }
}

static void K(phase)(void *tile, uint64_t blocks, const qn__cost_rows *costs, const qn__cost_phase *phase)
{
    K(phase_range)(tile, 0, blocks, costs, phase);
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
            vec fr, fi;
            K(cost_factor)(&f, k, &fr, &fi);
            fr = fr * scale;
            fi = fi * turned;
            sum += K(load)(value + k * LANES) *
                   K(mix_overlap)(K(load)(q), K(load)(q + LANES), K(load)(p), K(load)(p + LANES));
            K(cost_turn)(p, fr, fi);
            K(cost_turn)(q, fr, fi);
        }
        total += K(sum)(sum);
    }
    return total;
}

/* Blocks [from, from + blocks) of a tile, the first of them at `p`, of bra at `q`, which may be NULL. */
K_INLINE double K(weigh_range)(const real *p, real *q, uint64_t from, uint64_t blocks, const qn__cost_rows *costs,
                               const qn__cost_weight *weight)
{
    real value[256] __attribute__((aligned(64)));
    const vec factor = K(splat)(weight->factor), shift = K(splat)(weight->factor * costs->low + weight->shift);
    const vec cap = K(splat)(weight->cap - costs->low);
    double total = 0.0;
    for (uint64_t at = 0; at < blocks; at += K(cost_batch)) {
        const uint64_t some = K(cost_some)(blocks, at);
        K(cost_values)(costs, from + at, some, value);
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

static double K(weigh)(const void *ket, void *bra, uint64_t blocks, const qn__cost_rows *costs,
                       const qn__cost_weight *weight)
{
    return K(weigh_range)(ket, bra, 0, blocks, costs, weight);
}
