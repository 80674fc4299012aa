/* diagonal.h: amplitudes in a subspace times m00 or m11 by the parity of i & z: RZ, phases under controls, rotations
 * about Z strings. */

static void K(diagonal)(void *state, uint64_t blocks, const qn__kernel_gate *g, uint64_t part, uint64_t parts)
{
    real *s = state;
    const uint64_t fixed = g->fixed >> LOG_LANES, value = g->value >> LOG_LANES, zhigh = g->z >> LOG_LANES;
    const uint64_t total = blocks >> __builtin_popcountll(fixed);
    const uint64_t begin = K(range)(total, part, parts), end = K(range)(total, part + 1, parts);
    if (begin >= end) {
        return;
    }
    const bits active = K(match)(g->fixed, g->value), odd = K(odd)(g->z);
    const vec one = K(splat)(1.0), zero = K(splat)(0.0);
    const vec er = K(splat)(g->m[0]), ei = K(splat)(g->m[1]), fr = K(splat)(g->m[6]), fi = K(splat)(g->m[7]);
    /* [parity of the block] */
    const vec re[2] = {K(select)(active, K(select)(odd, fr, er), one), K(select)(active, K(select)(odd, er, fr), one)};
    const vec im[2] = {K(select)(active, K(select)(odd, fi, ei), zero),
                       K(select)(active, K(select)(odd, ei, fi), zero)};
    uint64_t walk = K(deposit)(begin, fixed);
    for (uint64_t k = begin; k < end; k++, walk = K(next)(walk, fixed)) {
        const uint64_t at = walk | value;
        const int parity = __builtin_parityll(at & zhigh);
        real *const p = s + at * 2 * LANES;
        K(scale_block)(p, p, re[parity], im[parity]);
    }
}
