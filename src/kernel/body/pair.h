/* pair.h: 2x2 matrices on pairs of amplitudes (i, i ^ x): one-qubit gates under any controls, swaps, Givens-like gates
 * and Pauli rotations. Conditions on qubits inside a block become coefficients that differ from lane to lane. */

/* x reaches beyond one block: pairs of blocks (I, J = I ^ xhigh). */
K_INLINE void K(pair_far)(real *s, uint64_t blocks, const qn__kernel_gate *g, uint64_t part, uint64_t parts,
                          const int shape, const bool is_signed, const bool permute)
{
    const uint64_t fixed = g->fixed >> LOG_LANES, value = g->value >> LOG_LANES;
    const uint64_t flip = g->x >> LOG_LANES, zhigh = g->z >> LOG_LANES, xlow = g->x & (LANES - 1);
    const uint64_t total = blocks >> __builtin_popcountll(fixed);
    const uint64_t begin = K(range)(total, part, parts), end = K(range)(total, part + 1, parts);
    if (begin >= end) {
        return;
    }
    /* lanes of I that are the first of an acting pair, lanes of J that are the second of one */
    const bits first = K(match)(g->fixed, g->value), second = K(match)(g->fixed, g->value ^ (g->x & g->fixed));
    const vec one = K(splat)(1.0), zero = K(splat)(0.0);
    const vec ar = K(select)(first, K(splat)(g->m[0]), one), ai = K(select)(first, K(splat)(g->m[1]), zero);
    const vec dr = K(select)(second, K(splat)(g->m[6]), one), di = K(select)(second, K(splat)(g->m[7]), zero);
    vec br = K(select)(first, K(splat)(g->m[2]), zero), bi = K(select)(first, K(splat)(g->m[3]), zero);
    vec cr = K(select)(second, K(splat)(g->m[4]), zero), ci = K(select)(second, K(splat)(g->m[5]), zero);
    if (is_signed) {
        /* the sign belongs to the first of the pair: lane l ^ xlow of I for lane l of J */
        const bits odd = K(odd)(g->z);
        const bits odd_second = __builtin_parityll(g->z & xlow) != 0 ? ~odd : odd;
        br = K(negate)(odd, br);
        bi = K(negate)(odd, bi);
        cr = K(negate)(odd_second, cr);
        ci = K(negate)(odd_second, ci);
    }
    uint64_t walk = K(deposit)(begin, fixed);
    for (uint64_t k = begin; k < end; k++, walk = K(next)(walk, fixed)) {
        const uint64_t at = walk | value;
        real *const p = s + at * 2 * LANES, *const q = s + (at ^ flip) * 2 * LANES;
        const vec ur = K(load)(p), ui = K(load)(p + LANES), vr = K(load)(q), vi = K(load)(q + LANES);
        vec pur = permute ? K(lane_xor)(ur, xlow) : ur, pui = permute ? K(lane_xor)(ui, xlow) : ui;
        vec pvr = permute ? K(lane_xor)(vr, xlow) : vr, pvi = permute ? K(lane_xor)(vi, xlow) : vi;
        if (is_signed) {
            const bits sign = (bits){0} - (unsigned_real)__builtin_parityll(at & zhigh);
            pur = K(negate)(sign, pur);
            pui = K(negate)(sign, pui);
            pvr = K(negate)(sign, pvr);
            pvi = K(negate)(sign, pvi);
        }
        if (shape == QN__SHAPE_SWAP) {
            K(store)(p, pvr);
            K(store)(p + LANES, pvi);
            K(store)(q, pur);
            K(store)(q + LANES, pui);
        } else if (shape == QN__SHAPE_REAL) {
            K(store)(p, ar * ur + br * pvr);
            K(store)(p + LANES, ar * ui + br * pvi);
            K(store)(q, dr * vr + cr * pur);
            K(store)(q + LANES, dr * vi + cr * pui);
        } else if (shape == QN__SHAPE_IMAGINARY) {
            K(store)(p, ar * ur - bi * pvi);
            K(store)(p + LANES, ar * ui + bi * pvr);
            K(store)(q, dr * vr - ci * pui);
            K(store)(q + LANES, dr * vi + ci * pur);
        } else {
            K(store)(p, ar * ur - ai * ui + br * pvr - bi * pvi);
            K(store)(p + LANES, ar * ui + ai * ur + br * pvi + bi * pvr);
            K(store)(q, dr * vr - di * vi + cr * pur - ci * pui);
            K(store)(q + LANES, dr * vi + di * vr + cr * pui + ci * pur);
        }
    }
}

/* x inside one block: each block is mixed with its own permutation. */
K_INLINE void K(pair_near)(real *s, uint64_t blocks, const qn__kernel_gate *g, uint64_t part, uint64_t parts,
                           const int shape, const bool is_signed)
{
    const uint64_t fixed = g->fixed >> LOG_LANES, value = g->value >> LOG_LANES;
    const uint64_t zhigh = g->z >> LOG_LANES, x = g->x;
    const uint64_t total = blocks >> __builtin_popcountll(fixed);
    const uint64_t begin = K(range)(total, part, parts), end = K(range)(total, part + 1, parts);
    if (begin >= end) {
        return;
    }
    const bits first = K(match)(g->fixed, g->value), second = K(match)(g->fixed, g->value ^ (x & g->fixed));
    const vec one = K(splat)(1.0), zero = K(splat)(0.0);
    const vec ar = K(select)(first, K(splat)(g->m[0]), K(select)(second, K(splat)(g->m[6]), one));
    const vec ai = K(select)(first, K(splat)(g->m[1]), K(select)(second, K(splat)(g->m[7]), zero));
    vec br = K(select)(first, K(splat)(g->m[2]), K(select)(second, K(splat)(g->m[4]), zero));
    vec bi = K(select)(first, K(splat)(g->m[3]), K(select)(second, K(splat)(g->m[5]), zero));
    if (is_signed) {
        const bits odd = K(odd)(g->z);
        const bits odd_second = __builtin_parityll(g->z & x) != 0 ? ~odd : odd;
        const bits sign = (first & odd) | (second & odd_second);
        br = K(negate)(sign, br);
        bi = K(negate)(sign, bi);
    }
    uint64_t walk = K(deposit)(begin, fixed);
    for (uint64_t k = begin; k < end; k++, walk = K(next)(walk, fixed)) {
        const uint64_t at = walk | value;
        real *const p = s + at * 2 * LANES;
        const vec ur = K(load)(p), ui = K(load)(p + LANES);
        vec vr = K(lane_xor)(ur, x), vi = K(lane_xor)(ui, x);
        if (is_signed) {
            const bits sign = (bits){0} - (unsigned_real)__builtin_parityll(at & zhigh);
            vr = K(negate)(sign, vr);
            vi = K(negate)(sign, vi);
        }
        if (shape == QN__SHAPE_REAL) {
            K(store)(p, ar * ur + br * vr);
            K(store)(p + LANES, ar * ui + br * vi);
        } else if (shape == QN__SHAPE_IMAGINARY) {
            K(store)(p, ar * ur - bi * vi);
            K(store)(p + LANES, ar * ui + bi * vr);
        } else {
            K(store)(p, ar * ur - ai * ui + br * vr - bi * vi);
            K(store)(p + LANES, ar * ui + ai * ur + br * vi + bi * vr);
        }
    }
}

static void K(pair)(void *state, uint64_t blocks, const qn__kernel_gate *g, qn__kernel_shape shape, uint64_t part,
                    uint64_t parts)
{
    if (g->x < LANES) {
        switch (shape) {
        case QN__SHAPE_SWAP: /* its matrix is real */
        case QN__SHAPE_REAL:
            K(pair_near)(state, blocks, g, part, parts, QN__SHAPE_REAL, false);
            return;
        case QN__SHAPE_IMAGINARY:
            K(pair_near)(state, blocks, g, part, parts, QN__SHAPE_IMAGINARY, false);
            return;
        case QN__SHAPE_GENERAL:
            K(pair_near)(state, blocks, g, part, parts, QN__SHAPE_GENERAL, false);
            return;
        }
    }
    if ((g->x & (LANES - 1)) != 0) {
        switch (shape) {
        case QN__SHAPE_SWAP:
        case QN__SHAPE_REAL:
            K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_REAL, false, true);
            return;
        case QN__SHAPE_IMAGINARY:
        case QN__SHAPE_GENERAL:
            K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_GENERAL, false, true);
            return;
        }
    }
    switch (shape) {
    case QN__SHAPE_SWAP:
        if ((g->fixed & (LANES - 1)) == 0) {
            K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_SWAP, false, false);
            return;
        } /* lanes that stay need the coefficients */
        K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_REAL, false, false);
        return;
    case QN__SHAPE_REAL:
        K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_REAL, false, false);
        return;
    case QN__SHAPE_IMAGINARY:
        K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_IMAGINARY, false, false);
        return;
    case QN__SHAPE_GENERAL:
        K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_GENERAL, false, false);
        return;
    }
}

/* The matrix of exp(-i theta P/2) has a real diagonal, and off it reals when P has an odd number of Y, imaginaries when
 * even. */
static void K(pauli)(void *state, uint64_t blocks, const qn__kernel_gate *g, uint64_t part, uint64_t parts)
{
    const bool is_real = (__builtin_popcountll(g->x & g->z) & 1) != 0;
    if (g->x < LANES) {
        if (is_real) {
            K(pair_near)(state, blocks, g, part, parts, QN__SHAPE_REAL, true);
        } else {
            K(pair_near)(state, blocks, g, part, parts, QN__SHAPE_IMAGINARY, true);
        }
    } else if (is_real) {
        K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_REAL, true, true);
    } else {
        K(pair_far)(state, blocks, g, part, parts, QN__SHAPE_IMAGINARY, true, true);
    }
}
