/* pauli.h: groups of Pauli terms with one flip mask, on a pair of tiles of a state. */

K_INLINE double K(expect_run)(const real *a, const real *b, uint64_t blocks, uint64_t x, const real *fr, const real *fi,
                              const bool has_re, const bool has_im, const bool permute)
{
    const uint64_t flip = x >> LOG_LANES, xlow = x & (LANES - 1);
    /* one tile: only the pairs whose highest flipped bit is clear; flips inside a block meet both members there anyway
     */
    const uint64_t fixed = a == b && flip != 0 ? UINT64_C(1) << (63 - __builtin_clzll(flip)) : 0;
    const uint64_t total = fixed != 0 ? blocks / 2 : blocks;
    double lanes[LANES] = {0};
    vec acc = {0};
    uint64_t at = 0;
    for (uint64_t k = 0; k < total;) {
        const uint64_t stop = total - k < K(FLUSH) ? total : k + K(FLUSH);
        for (; k < stop; k++, at = K(next)(at, fixed)) {
            const real *const p = a + at * 2 * LANES, *const q = b + (at ^ flip) * 2 * LANES;
            const vec ur = K(load)(p), ui = K(load)(p + LANES);
            vec vr = K(load)(q), vi = K(load)(q + LANES);
            if (permute) {
                vr = K(lane_xor)(vr, xlow);
                vi = K(lane_xor)(vi, xlow);
            }
            if (has_re) {
                acc += K(load)(fr + at * LANES) * (vr * ur + vi * ui);
            }
            if (has_im) {
                acc -= K(load)(fi + at * LANES) * (vr * ui - vi * ur);
            }
        }
        K(flush)(&acc, 1, &lanes);
    }
    double sum = 0.0;
    for (int l = 0; l < LANES; l++) {
        sum += lanes[l];
    }
    return a == b && flip == 0 ? sum : 2.0 * sum;
}

static double K(group_expect)(const void *a, const void *b, uint64_t blocks, uint64_t x, const void *re, const void *im)
{
    if ((x & (LANES - 1)) == 0) {
        if (im == NULL) {
            return K(expect_run)(a, b, blocks, x, re, NULL, true, false, false);
        }
        return re == NULL ? K(expect_run)(a, b, blocks, x, NULL, im, false, true, false)
                          : K(expect_run)(a, b, blocks, x, re, im, true, true, false);
    }
    if (im == NULL) {
        return K(expect_run)(a, b, blocks, x, re, NULL, true, false, true);
    }
    return re == NULL ? K(expect_run)(a, b, blocks, x, NULL, im, false, true, true)
                      : K(expect_run)(a, b, blocks, x, re, im, true, true, true);
}

K_INLINE void K(apply_run)(const real *a, const real *b, real *oa, real *ob, uint64_t blocks, uint64_t x,
                           const real *fr, const real *fi, double w, const bool has_re, const bool has_im,
                           const bool both)
{
    const uint64_t flip = x >> LOG_LANES, xlow = x & (LANES - 1);
    const uint64_t fixed = both && a == b ? UINT64_C(1) << (63 - __builtin_clzll(flip)) : 0;
    const uint64_t total = fixed != 0 ? blocks / 2 : blocks;
    const vec weight = K(splat)(w);
    uint64_t at = 0;
    for (uint64_t k = 0; k < total; k++, at = K(next)(at, fixed)) {
        const uint64_t here = at * 2 * LANES, there = (at ^ flip) * 2 * LANES;
        const vec ur = K(load)(a + here), ui = K(load)(a + here + LANES);
        const vec vr = K(lane_xor)(K(load)(b + there), xlow), vi = K(lane_xor)(K(load)(b + there + LANES), xlow);
        vec pr = K(load)(oa + here), pi = K(load)(oa + here + LANES);
        vec qr = {0}, qi = {0};
        if (has_re) {
            const vec f = weight * K(load)(fr + at * LANES);
            pr += f * vr;
            pi += f * vi;
            qr += f * ur;
            qi += f * ui;
        }
        if (has_im) {
            const vec f = weight * K(load)(fi + at * LANES);
            pr += f * vi;
            pi -= f * vr;
            qr -= f * ui;
            qi += f * ur;
        }
        K(store)(oa + here, pr);
        K(store)(oa + here + LANES, pi);
        if (both) {
            K(store)(ob + there, K(load)(ob + there) + K(lane_xor)(qr, xlow));
            K(store)(ob + there + LANES, K(load)(ob + there + LANES) + K(lane_xor)(qi, xlow));
        }
    }
}

static void K(group_apply)(const void *a, const void *b, void *out_a, void *out_b, uint64_t blocks, uint64_t x,
                           const void *re, const void *im, double w)
{
    /* flips inside a block meet both members of a pair there, so the first update is all there is */
    const bool both = out_b != NULL && !(a == b && x < LANES);
    if (im == NULL && both) {
        K(apply_run)(a, b, out_a, out_b, blocks, x, re, NULL, w, true, false, true);
    } else if (im == NULL) {
        K(apply_run)(a, b, out_a, NULL, blocks, x, re, NULL, w, true, false, false);
    } else if (re == NULL && both) {
        K(apply_run)(a, b, out_a, out_b, blocks, x, NULL, im, w, false, true, true);
    } else if (re == NULL) {
        K(apply_run)(a, b, out_a, NULL, blocks, x, NULL, im, w, false, true, false);
    } else if (both) {
        K(apply_run)(a, b, out_a, out_b, blocks, x, re, im, w, true, true, true);
    } else {
        K(apply_run)(a, b, out_a, NULL, blocks, x, re, im, w, true, true, false);
    }
}

enum { K(TERM_BATCH) = 8 };

static void K(table_terms)(void *table, uint64_t blocks, size_t count, const uint64_t *z, const double *c)
{
    real *t = table;
    for (size_t first = 0; first == 0 || first < count; first += K(TERM_BATCH)) {
        const size_t batch = count - first < K(TERM_BATCH) ? count - first : K(TERM_BATCH);
        vec value[K(TERM_BATCH)][2]; /* [term][parity of the block] */
        uint64_t zhigh[K(TERM_BATCH)];
        for (size_t k = 0; k < batch; k++) {
            value[k][0] = K(negate)(K(odd)(z[first + k]), K(splat)(c[first + k]));
            value[k][1] = -value[k][0];
            zhigh[k] = z[first + k] >> LOG_LANES;
        }
        for (uint64_t at = 0; at < blocks; at++) {
            vec sum = first == 0 ? K(splat)(0.0) : K(load)(t + at * LANES);
            for (size_t k = 0; k < batch; k++) {
                sum += value[k][__builtin_parityll(at & zhigh[k])];
            }
            K(store)(t + at * LANES, sum);
        }
    }
}

/* sum_z c_z (-1)^{z.i} is the Walsh-Hadamard transform of c: log2(size) additions an entry, however many terms. */
static void K(table_transform)(void *table, uint64_t blocks, size_t count, const uint64_t *z, const double *c)
{
    real *t = table;
    memset(t, 0, blocks * LANES * sizeof(real));
    for (size_t k = 0; k < count; k++) {
        t[z[k]] += (real)c[k];
    }
    for (uint64_t at = 0; at < blocks; at++) {
        vec v = K(load)(t + at * LANES);
        for (uint64_t bit = 1; bit < LANES; bit *= 2) {
            v = K(lane_xor)(v, bit) + K(negate)(K(match)(bit, bit), v);
        }
        K(store)(t + at * LANES, v);
    }
    for (uint64_t step = 1; step < blocks; step *= 2) {
        for (uint64_t base = 0; base < blocks; base += 2 * step) {
            for (uint64_t at = base; at < base + step; at++) {
                real *const p = t + at * LANES, *const q = p + step * LANES;
                const vec u = K(load)(p), v = K(load)(q);
                K(store)(p, u + v);
                K(store)(q, u - v);
            }
        }
    }
}
