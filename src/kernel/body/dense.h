/* dense.h: a dense matrix on up to four qubits under controls.
 *
 * Targets split into far ones (beyond a block) and near ones (inside it). With h far and l near targets, 2^h blocks are
 * gathered, and out[r] = sum over c < 2^h and near flips p < 2^l of C[r][c][p] * permuted(in[c], p), where the
 * coefficient C differs from lane to lane: the near row bits are the lane's own, the near column bits are those flipped
 * by p. */

enum { K(DENSE_BLOCKS) = 1 << QN__KERNEL_TARGETS, K(DENSE_TERMS) = 1 << (2 * QN__KERNEL_TARGETS) };

K_INLINE void K(dense_run)(real *s, uint64_t begin, uint64_t end, uint64_t fixed, uint64_t value,
                           const uint64_t *offsets, const uint64_t *flips, const real *cr, const real *ci,
                           const uint32_t far, const uint32_t near)
{
    vec re[K(DENSE_BLOCKS)], im[K(DENSE_BLOCKS)]; /* [c][p] */
    const uint32_t nfar = 1u << far, nnear = 1u << near;
    uint64_t walk = K(deposit)(begin, fixed);
    for (uint64_t k = begin; k < end; k++, walk = K(next)(walk, fixed)) {
        real *const base = s + (walk | value) * 2 * LANES;
        for (uint32_t c = 0; c < nfar; c++) {
            const vec r = K(load)(base + offsets[c]), i = K(load)(base + offsets[c] + LANES);
            re[c << near] = r;
            im[c << near] = i;
            for (uint32_t p = 1; p < nnear; p++) {
                re[c << near | p] = K(lane_xor)(r, flips[p]);
                im[c << near | p] = K(lane_xor)(i, flips[p]);
            }
        }
        const real *a = cr, *b = ci;
        for (uint32_t r = 0; r < nfar; r++) {
            vec sr = K(splat)(0.0), si = K(splat)(0.0);
            for (uint32_t c = 0; c < nfar << near; c++, a += LANES, b += LANES) {
                const vec wr = K(load)(a), wi = K(load)(b);
                sr += wr * re[c] - wi * im[c];
                si += wr * im[c] + wi * re[c];
            }
            K(store)(base + offsets[r], sr);
            K(store)(base + offsets[r] + LANES, si);
        }
    }
}

static void K(dense)(void *state, uint64_t blocks, const qn__kernel_dense *g, uint64_t part, uint64_t parts)
{
    /* far targets and near targets, with the row bit each stands for */
    uint32_t far_bit[QN__KERNEL_TARGETS], near_bit[QN__KERNEL_TARGETS], far = 0, near = 0;
    uint64_t far_mask[QN__KERNEL_TARGETS], near_mask[QN__KERNEL_TARGETS], targets = 0;
    for (uint32_t t = 0; t < g->ntargets; t++) {
        const uint64_t mask = UINT64_C(1) << g->targets[t];
        if (mask >= LANES) {
            targets |= mask >> LOG_LANES;
            far_bit[far] = 1u << t;
            far_mask[far++] = mask >> LOG_LANES;
        } else {
            near_bit[near] = 1u << t;
            near_mask[near++] = mask;
        }
    }
    const uint64_t fixed = g->fixed >> LOG_LANES | targets, value = g->value >> LOG_LANES;
    const uint64_t total = blocks >> __builtin_popcountll(fixed);
    const uint64_t begin = K(range)(total, part, parts), end = K(range)(total, part + 1, parts);
    if (begin >= end) {
        return;
    }
    const uint32_t nfar = 1u << far, nnear = 1u << near, dimension = 1u << g->ntargets;
    uint64_t offsets[K(DENSE_BLOCKS)] = {0}, flips[K(DENSE_BLOCKS)] = {0};
    uint32_t far_row[K(DENSE_BLOCKS)] = {0}, near_row[K(DENSE_BLOCKS)] = {0};
    for (uint32_t c = 0; c < nfar; c++) {
        for (uint32_t t = 0; t < far; t++) {
            if ((c >> t & 1) != 0) {
                offsets[c] += far_mask[t] * 2 * LANES;
                far_row[c] |= far_bit[t];
            }
        }
    }
    for (uint32_t p = 0; p < nnear; p++) {
        for (uint32_t t = 0; t < near; t++) {
            if ((p >> t & 1) != 0) {
                flips[p] |= near_mask[t];
                near_row[p] |= near_bit[t];
            }
        }
    }
    /* 4^far * 2^near coefficients of LANES each */
    real cr[K(DENSE_TERMS) * LANES] __attribute__((aligned(64))),
        ci[K(DENSE_TERMS) * LANES] __attribute__((aligned(64)));
    size_t at = 0;
    for (uint32_t r = 0; r < nfar; r++) {
        for (uint32_t c = 0; c < nfar; c++) {
            for (uint32_t p = 0; p < nnear; p++) {
                for (uint64_t lane = 0; lane < LANES; lane++, at++) {
                    uint32_t row = far_row[r];
                    for (uint32_t t = 0; t < near; t++) {
                        row |= (lane & near_mask[t]) != 0 ? near_bit[t] : 0;
                    }
                    const uint32_t column = far_row[c] | ((row ^ near_row[p]) & ~far_row[nfar - 1]);
                    const bool active = (lane & g->fixed & (LANES - 1)) == (g->value & (LANES - 1));
                    const double *m = g->matrix + 2 * ((size_t)row * dimension + column);
                    cr[at] = active ? (real)m[0] : (row == column ? (real)1 : (real)0);
                    ci[at] = active ? (real)m[1] : (real)0;
                }
            }
        }
    }
    real *s = state;
    if (g->ntargets == 2 && near == 0) {
        K(dense_run)(s, begin, end, fixed, value, offsets, flips, cr, ci, 2, 0);
    } else if (g->ntargets == 2 && near == 1) {
        K(dense_run)(s, begin, end, fixed, value, offsets, flips, cr, ci, 1, 1);
    } else if (g->ntargets == 2) {
        K(dense_run)(s, begin, end, fixed, value, offsets, flips, cr, ci, 0, 2);
    } else {
        K(dense_run)(s, begin, end, fixed, value, offsets, flips, cr, ci, far, near);
    }
}
