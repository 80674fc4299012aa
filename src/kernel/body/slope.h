/* slope.h: steps that sum derivatives, for a cube whose highest axis tells ket from bra (arXiv:2009.02823). */

/* conj(b) k, the real or the imaginary part */
K_INLINE vec K(overlap)(vec br, vec bi, vec kr, vec ki, const bool imaginary)
{
    return imaginary ? br * ki - bi * kr : br * kr + bi * ki;
}

K_INLINE void K(add_slope)(real *local, const qn__step *step, vec sum)
{
    real *const to = local + step->value * LANES;
    K(store)(to, K(load)(to) + sum);
}

/* Sums over pairs of an axis: Re(b1 k0) - Re(b0 k1), or Im of both. */
K_INLINE void K(slope_pairs)(const vec *re, const vec *im, const int half, const int bit, const qn__step *step,
                             real *local, const bool imaginary)
{
    vec sum = {0};
    QN__UNROLL
    for (int r = 0; r < half; r++) {
        if ((r & bit) == 0) {
            const int s = r | bit;
            const vec a = K(overlap)(re[half + s], im[half + s], re[r], im[r], imaginary);
            const vec b = K(overlap)(re[half + r], im[half + r], re[s], im[s], imaginary);
            sum += imaginary ? a + b : a - b;
        }
    }
    K(add_slope)(local, step, sum);
}

K_INLINE void K(slope_ones)(const vec *re, const vec *im, const int half, const int ones, const qn__step *step,
                            real *local)
{
    vec sum = {0};
    QN__UNROLL
    for (int r = 0; r < half; r++) {
        if ((r & ones) == ones) {
            sum += K(overlap)(re[half + r], im[half + r], re[r], im[r], true);
        }
    }
    K(add_slope)(local, step, sum);
}

K_INLINE void K(slope_pauli)(const vec *re, const vec *im, const int half, const int x, const qn__step *step,
                             uint64_t block, real *local, const bool imaginary)
{
    const uint64_t lanes = step->lanes;
    vec sum = {0};
    QN__UNROLL
    for (int r = 0; r < half; r++) {
        const int s = (r ^ x) & (half - 1);
        const vec kr = K(lane_xor)(re[s], lanes), ki = K(lane_xor)(im[s], lanes);
        const bits sign = K(parity_sign)((uint64_t)r, step->axis);
        sum += K(minus)(K(overlap)(re[half + r], im[half + r], kr, ki, imaginary), sign);
    }
    K(add_slope)(local, step, K(minus)(sum, K(parity_sign)(block, step->fixed)));
}
