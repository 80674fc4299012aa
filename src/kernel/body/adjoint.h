/* adjoint.h: the step of the adjoint sweep (Jones and Gacon, arXiv:2009.02823): overlaps of bra and ket over the pairs
 * of a gate, and in the same pass a map (the gate's inverse) applied to both. */

/* Sums of single-precision products are moved into doubles every few blocks. */
enum { K(FLUSH) = sizeof(real) == 8 ? 1 << 30 : 16 };

K_INLINE void K(flush)(vec *acc, const int count, double (*total)[LANES])
{
    for (int t = 0; t < count; t++) {
        for (int l = 0; l < LANES; l++) {
            total[t][l] += (double)acc[t][l];
        }
        acc[t] = (vec){0};
    }
}

K_INLINE void K(far_step)(real *bra, real *ket, uint64_t blocks, const qn__kernel_gate *g, uint64_t part,
                          uint64_t parts, double *sums)
{
    const uint64_t fixed = g->fixed >> LOG_LANES, value = g->value >> LOG_LANES;
    const uint64_t flip = g->x >> LOG_LANES, zhigh = g->z >> LOG_LANES, xlow = g->x & (LANES - 1);
    const uint64_t all = blocks >> __builtin_popcountll(fixed);
    const uint64_t begin = K(range)(all, part, parts), end = K(range)(all, part + 1, parts);
    const bits first = K(match)(g->fixed, g->value), second = K(match)(g->fixed, g->value ^ (g->x & g->fixed));
    const bits odd = K(odd)(g->z);
    const bits odd_second = __builtin_parityll(g->z & xlow) != 0 ? ~odd : odd;
    const vec one = K(splat)(1.0), zero = K(splat)(0.0);
    const vec ar = K(select)(first, K(splat)(g->m[0]), one), ai = K(select)(first, K(splat)(g->m[1]), zero);
    const vec dr = K(select)(second, K(splat)(g->m[6]), one), di = K(select)(second, K(splat)(g->m[7]), zero);
    const vec br = K(negate)(odd, K(select)(first, K(splat)(g->m[2]), zero));
    const vec bi = K(negate)(odd, K(select)(first, K(splat)(g->m[3]), zero));
    const vec cr = K(negate)(odd_second, K(select)(second, K(splat)(g->m[4]), zero));
    const vec ci = K(negate)(odd_second, K(select)(second, K(splat)(g->m[5]), zero));
    double total[8][LANES] = {{0}};
    vec acc[8] = {{0}};
    uint64_t walk = K(deposit)(begin, fixed);
    for (uint64_t k = begin; k < end;) {
        const uint64_t stop = end - k < K(FLUSH) ? end : k + K(FLUSH);
        for (; k < stop; k++, walk = K(next)(walk, fixed)) {
            const uint64_t at = walk | value;
            real *const p = ket + at * 2 * LANES, *const q = ket + (at ^ flip) * 2 * LANES;
            real *const o = bra + at * 2 * LANES, *const w = bra + (at ^ flip) * 2 * LANES;
            const bits sign = (bits){0} - (unsigned_real)__builtin_parityll(at & zhigh);
            const vec ur = K(load)(p), ui = K(load)(p + LANES), vr = K(load)(q), vi = K(load)(q + LANES);
            const vec sr = K(load)(o), si = K(load)(o + LANES), tr = K(load)(w), ti = K(load)(w + LANES);
            const vec pur = K(negate)(sign, K(lane_xor)(ur, xlow)), pui = K(negate)(sign, K(lane_xor)(ui, xlow));
            const vec pvr = K(negate)(sign, K(lane_xor)(vr, xlow)), pvi = K(negate)(sign, K(lane_xor)(vi, xlow));
            acc[0] += sr * ur + si * ui;
            acc[1] += sr * ui - si * ur;
            acc[2] += sr * pvr + si * pvi;
            acc[3] += sr * pvi - si * pvr;
            acc[4] += tr * pur + ti * pui;
            acc[5] += tr * pui - ti * pur;
            acc[6] += tr * vr + ti * vi;
            acc[7] += tr * vi - ti * vr;
            const vec psr = K(negate)(sign, K(lane_xor)(sr, xlow)), psi = K(negate)(sign, K(lane_xor)(si, xlow));
            const vec ptr = K(negate)(sign, K(lane_xor)(tr, xlow)), pti = K(negate)(sign, K(lane_xor)(ti, xlow));
            K(store)(p, ar * ur - ai * ui + br * pvr - bi * pvi);
            K(store)(p + LANES, ar * ui + ai * ur + br * pvi + bi * pvr);
            K(store)(q, dr * vr - di * vi + cr * pur - ci * pui);
            K(store)(q + LANES, dr * vi + di * vr + cr * pui + ci * pur);
            K(store)(o, ar * sr - ai * si + br * ptr - bi * pti);
            K(store)(o + LANES, ar * si + ai * sr + br * pti + bi * ptr);
            K(store)(w, dr * tr - di * ti + cr * psr - ci * psi);
            K(store)(w + LANES, dr * ti + di * tr + cr * psi + ci * psr);
        }
        K(flush)(acc, 8, total);
    }
    for (int t = 0; t < 8; t++) {
        sums[t] = 0.0;
        const bits mask = t < 4 ? first : second, sign = t < 2 || t > 5 ? (bits){0} : (t < 4 ? odd : odd_second);
        for (int l = 0; l < LANES; l++) {
            sums[t] += mask[l] == 0 ? 0.0 : (sign[l] != 0 ? -total[t][l] : total[t][l]);
        }
    }
}

K_INLINE void K(near_step)(real *bra, real *ket, uint64_t blocks, const qn__kernel_gate *g, uint64_t part,
                           uint64_t parts, double *sums)
{
    const uint64_t fixed = g->fixed >> LOG_LANES, value = g->value >> LOG_LANES, zhigh = g->z >> LOG_LANES, x = g->x;
    const uint64_t all = blocks >> __builtin_popcountll(fixed);
    const uint64_t begin = K(range)(all, part, parts), end = K(range)(all, part + 1, parts);
    const bits first = K(match)(g->fixed, g->value), second = K(match)(g->fixed, g->value ^ (x & g->fixed));
    const bits odd = K(odd)(g->z);
    const bits odd_second = __builtin_parityll(g->z & x) != 0 ? ~odd : odd;
    const bits negative = (first & odd) | (second & odd_second);
    const vec one = K(splat)(1.0), zero = K(splat)(0.0);
    const vec ar = K(select)(first, K(splat)(g->m[0]), K(select)(second, K(splat)(g->m[6]), one));
    const vec ai = K(select)(first, K(splat)(g->m[1]), K(select)(second, K(splat)(g->m[7]), zero));
    const vec br = K(negate)(negative, K(select)(first, K(splat)(g->m[2]), K(select)(second, K(splat)(g->m[4]), zero)));
    const vec bi = K(negate)(negative, K(select)(first, K(splat)(g->m[3]), K(select)(second, K(splat)(g->m[5]), zero)));
    double total[4][LANES] = {{0}};
    vec acc[4] = {{0}};
    uint64_t walk = K(deposit)(begin, fixed);
    for (uint64_t k = begin; k < end;) {
        const uint64_t stop = end - k < K(FLUSH) ? end : k + K(FLUSH);
        for (; k < stop; k++, walk = K(next)(walk, fixed)) {
            const uint64_t at = walk | value;
            real *const p = ket + at * 2 * LANES, *const o = bra + at * 2 * LANES;
            const bits sign = (bits){0} - (unsigned_real)__builtin_parityll(at & zhigh);
            const vec ur = K(load)(p), ui = K(load)(p + LANES), sr = K(load)(o), si = K(load)(o + LANES);
            const vec pur = K(negate)(sign, K(lane_xor)(ur, x)), pui = K(negate)(sign, K(lane_xor)(ui, x));
            acc[0] += sr * ur + si * ui;
            acc[1] += sr * ui - si * ur;
            acc[2] += sr * pur + si * pui;
            acc[3] += sr * pui - si * pur;
            const vec psr = K(negate)(sign, K(lane_xor)(sr, x)), psi = K(negate)(sign, K(lane_xor)(si, x));
            K(store)(p, ar * ur - ai * ui + br * pur - bi * pui);
            K(store)(p + LANES, ar * ui + ai * ur + br * pui + bi * pur);
            K(store)(o, ar * sr - ai * si + br * psr - bi * psi);
            K(store)(o + LANES, ar * si + ai * sr + br * psi + bi * psr);
        }
        K(flush)(acc, 4, total);
    }
    for (int t = 0; t < 8; t++) {
        sums[t] = 0.0;
    }
    for (int l = 0; l < LANES; l++) {
        const double s = negative[l] != 0 ? -1.0 : 1.0;
        for (int t = 0; t < 2; t++) {
            if (first[l] != 0) {
                sums[t] += total[t][l];
                sums[2 + t] += s * total[2 + t][l];
            } else if (second[l] != 0) {
                sums[6 + t] += total[t][l];
                sums[4 + t] += s * total[2 + t][l];
            }
        }
    }
}

K_INLINE void K(diagonal_step)(real *bra, real *ket, uint64_t blocks, const qn__kernel_gate *g, uint64_t part,
                               uint64_t parts, double *sums)
{
    const uint64_t fixed = g->fixed >> LOG_LANES, value = g->value >> LOG_LANES, zhigh = g->z >> LOG_LANES;
    const uint64_t all = blocks >> __builtin_popcountll(fixed);
    const uint64_t begin = K(range)(all, part, parts), end = K(range)(all, part + 1, parts);
    const bits active = K(match)(g->fixed, g->value), odd = K(odd)(g->z);
    const vec one = K(splat)(1.0), zero = K(splat)(0.0);
    const vec er = K(splat)(g->m[0]), ei = K(splat)(g->m[1]), fr = K(splat)(g->m[6]), fi = K(splat)(g->m[7]);
    const vec re[2] = {K(select)(active, K(select)(odd, fr, er), one), K(select)(active, K(select)(odd, er, fr), one)};
    const vec im[2] = {K(select)(active, K(select)(odd, fi, ei), zero),
                       K(select)(active, K(select)(odd, ei, fi), zero)};
    double total[4][LANES] = {{0}};
    vec acc[4] = {{0}}; /* plain re, im; signed re, im */
    uint64_t walk = K(deposit)(begin, fixed);
    for (uint64_t k = begin; k < end;) {
        const uint64_t stop = end - k < K(FLUSH) ? end : k + K(FLUSH);
        for (; k < stop; k++, walk = K(next)(walk, fixed)) {
            const uint64_t at = walk | value;
            const int parity = __builtin_parityll(at & zhigh);
            real *const p = ket + at * 2 * LANES, *const o = bra + at * 2 * LANES;
            const bits sign = (bits){0} - (unsigned_real)parity;
            const vec ur = K(load)(p), ui = K(load)(p + LANES), sr = K(load)(o), si = K(load)(o + LANES);
            const vec r = sr * ur + si * ui, i = sr * ui - si * ur;
            acc[0] += r;
            acc[1] += i;
            acc[2] += K(negate)(sign, r);
            acc[3] += K(negate)(sign, i);
            K(scale_block)(p, p, re[parity], im[parity]);
            K(scale_block)(o, o, re[parity], im[parity]);
        }
        K(flush)(acc, 4, total);
    }
    for (int t = 0; t < 8; t++) {
        sums[t] = 0.0;
    }
    for (int l = 0; l < LANES; l++) {
        for (int t = 0; t < 2; t++) {
            if (active[l] != 0) {
                const double plain = total[t][l], difference = odd[l] != 0 ? -total[2 + t][l] : total[2 + t][l];
                sums[t] += 0.5 * (plain + difference);
                sums[6 + t] += 0.5 * (plain - difference);
            }
        }
    }
}

static void K(pair_undo)(void *bra, void *ket, uint64_t blocks, const qn__kernel_gate *g, uint64_t part, uint64_t parts,
                         double *sums)
{
    if (g->x == 0) {
        K(diagonal_step)(bra, ket, blocks, g, part, parts, sums);
    } else if (g->x < LANES) {
        K(near_step)(bra, ket, blocks, g, part, parts, sums);
    } else {
        K(far_step)(bra, ket, blocks, g, part, parts, sums);
    }
}
