/* step.h: the steps of a pass; see kernel/steps.h. The cube of blocks lives in two local arrays that are indexed by
 * constants only once the loops are unrolled, so that it stays in machine registers from load to store. */

#define QN__UNROLL _Pragma("GCC unroll 8")

K_INLINE vec K(lane_vector)(const qn__step *step, size_t k)
{
    return K(load)((const real *)step->vectors + k * LANES);
}

/* Numbers of a step in the state's own precision. */
K_INLINE vec K(number)(const qn__step *step, int k)
{
#ifdef QN_KERNEL_ROWS
    return K(load)((const real *)step->table + k * LANES);
#endif
    return (vec){0} + (sizeof(real) == sizeof(double) ? (real)step->m.d[k] : (real)step->m.f[k]);
}

K_INLINE void K(step_real)(vec *re, vec *im, const int cube, const int bit, const qn__step *step)
{
    const vec a = K(number)(step, 0), b = K(number)(step, 1), c = K(number)(step, 2), d = K(number)(step, 3);
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & bit) == 0) {
            const vec ur = re[r], ui = im[r], vr = re[r | bit], vi = im[r | bit];
            re[r] = a * ur + b * vr;
            im[r] = a * ui + b * vi;
            re[r | bit] = c * ur + d * vr;
            im[r | bit] = c * ui + d * vi;
        }
    }
}

K_INLINE void K(step_imaginary)(vec *re, vec *im, const int cube, const int bit, const qn__step *step)
{
    const vec a = K(number)(step, 0), b = K(number)(step, 1), c = K(number)(step, 2), d = K(number)(step, 3);
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & bit) == 0) {
            const vec ur = re[r], ui = im[r], vr = re[r | bit], vi = im[r | bit];
            re[r] = a * ur - b * vi;
            im[r] = a * ui + b * vr;
            re[r | bit] = d * vr - c * ui;
            im[r | bit] = d * vi + c * ur;
        }
    }
}

/* The scale-free rotations: form is a constant, so only one line is left of the chain. */
K_INLINE void K(step_turn)(vec *re, vec *im, const int cube, const int bit, const qn__step *step, const int form)
{
    const vec t = K(number)(step, 0);
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & bit) == 0) {
            const int s = r | bit;
            const vec ur = re[r], ui = im[r], vr = re[s], vi = im[s];
            re[r] = form == QN__STEP_TURN         ? ur - t * vr
                    : form == QN__STEP_TURN_FAR   ? t * ur - vr
                    : form == QN__STEP_MIRROR     ? ur + t * vr
                    : form == QN__STEP_MIRROR_FAR ? t * ur + vr
                    : form == QN__STEP_TURN_X     ? ur - t * vi
                                                  : t * ur - vi;
            im[r] = form == QN__STEP_TURN         ? ui - t * vi
                    : form == QN__STEP_TURN_FAR   ? t * ui - vi
                    : form == QN__STEP_MIRROR     ? ui + t * vi
                    : form == QN__STEP_MIRROR_FAR ? t * ui + vi
                    : form == QN__STEP_TURN_X     ? ui + t * vr
                                                  : t * ui + vr;
            re[s] = form == QN__STEP_TURN         ? vr + t * ur
                    : form == QN__STEP_TURN_FAR   ? t * vr + ur
                    : form == QN__STEP_MIRROR     ? t * ur - vr
                    : form == QN__STEP_MIRROR_FAR ? ur - t * vr
                    : form == QN__STEP_TURN_X     ? vr - t * ui
                                                  : t * vr - ui;
            im[s] = form == QN__STEP_TURN         ? vi + t * ui
                    : form == QN__STEP_TURN_FAR   ? t * vi + ui
                    : form == QN__STEP_MIRROR     ? t * ui - vi
                    : form == QN__STEP_MIRROR_FAR ? ui - t * vi
                    : form == QN__STEP_TURN_X     ? vi + t * ur
                                                  : t * vi + ur;
        }
    }
}

K_INLINE void K(step_lane_turn)(vec *re, vec *im, const int cube, const qn__step *step, const bool imaginary)
{
    const uint64_t lanes = step->lanes;
    const vec b = K(lane_vector)(step, 0);
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        const vec pr = K(lane_xor)(re[r], lanes), pi = K(lane_xor)(im[r], lanes);
        re[r] = imaginary ? re[r] - b * pi : re[r] + b * pr;
        im[r] = imaginary ? im[r] + b * pr : im[r] + b * pi;
    }
}

K_INLINE void K(mix)(vec *re, vec *im, const int r, const int s, const vec *m)
{
    const vec ur = re[r], ui = im[r], vr = re[s], vi = im[s];
    re[r] = m[0] * ur - m[1] * ui + m[2] * vr - m[3] * vi;
    im[r] = m[0] * ui + m[1] * ur + m[2] * vi + m[3] * vr;
    re[s] = m[4] * ur - m[5] * ui + m[6] * vr - m[7] * vi;
    im[s] = m[4] * ui + m[5] * ur + m[6] * vi + m[7] * vr;
}

K_INLINE void K(step_general)(vec *re, vec *im, const int cube, const int bit, const qn__step *step)
{
    const vec m[8] = {K(number)(step, 0), K(number)(step, 1), K(number)(step, 2), K(number)(step, 3),
                      K(number)(step, 4), K(number)(step, 5), K(number)(step, 6), K(number)(step, 7)};
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & bit) == 0) {
            K(mix)(re, im, r, r | bit, m);
        }
    }
}

K_INLINE void K(step_controlled)(vec *re, vec *im, const int cube, const int bit, const qn__step *step)
{
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & bit) == 0 && (step->registers >> r & 1) != 0) {
            const vec m[8] = {K(lane_vector)(step, 0), K(lane_vector)(step, 1), K(lane_vector)(step, 2),
                              K(lane_vector)(step, 3), K(lane_vector)(step, 4), K(lane_vector)(step, 5),
                              K(lane_vector)(step, 6), K(lane_vector)(step, 7)};
            K(mix)(re, im, r, r | bit, m);
        }
    }
}

K_INLINE void K(step_exchange)(vec *re, vec *im, const int cube, const int x, const qn__step *step)
{
    const vec m[8] = {K(number)(step, 0), K(number)(step, 1), K(number)(step, 2), K(number)(step, 3),
                      K(number)(step, 4), K(number)(step, 5), K(number)(step, 6), K(number)(step, 7)};
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r ^ x) > r && (step->registers >> r & 1) != 0) {
            K(mix)(re, im, r, r ^ x, m);
        }
        if ((r ^ x) < r && (step->registers >> r & 1) != 0) {
            K(mix)(re, im, r, r ^ x, m);
        }
    }
}

/* times c + i s where all bits of `bits` are 1 */
K_INLINE void K(rotate)(vec *re, vec *im, const int cube, const int ones, const vec c, const vec s)
{
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & ones) == ones) {
            const vec u = re[r];
            re[r] = c * u - s * im[r];
            im[r] = c * im[r] + s * u;
        }
    }
}

K_INLINE vec K(minus)(vec v, bits sign)
{
    return (vec)((bits)v ^ sign);
}

K_INLINE void K(step_signs)(vec *re, vec *im, const int cube, const int ones, const bits sign)
{
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & ones) == ones) {
            re[r] = K(minus)(re[r], sign);
            im[r] = K(minus)(im[r], sign);
        }
    }
}

/* All sign bits set when the parity is odd. */
K_INLINE bits K(parity_sign)(uint64_t block, uint64_t mask)
{
    return (bits){0} + ((unsigned_real)__builtin_parityll(block & mask) << (8 * sizeof(real) - 1));
}

K_INLINE void K(table_factor)(const qn__step *step, const real *lanes, uint64_t trip, vec *c, vec *s)
{
#ifdef QN_KERNEL_ROWS
    (void)lanes;
    *c = K(load)((const real *)step->table + 2 * trip * LANES);
    *s = K(load)((const real *)step->table + (2 * trip + 1) * LANES);
    return;
#endif
    const real *t = (const real *)step->table + 2 * trip;
    const vec tr = (vec){0} + t[0], ti = (vec){0} + t[1], lr = K(load)(lanes), li = K(load)(lanes + LANES);
    *c = tr * lr - ti * li;
    *s = tr * li + ti * lr;
}

K_INLINE void K(step_flip)(vec *re, vec *im, const int cube, const int bit, const int ones)
{
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & bit) == 0 && (r & ones) == ones) {
            const vec ur = re[r], ui = im[r];
            re[r] = re[r | bit];
            im[r] = im[r | bit];
            re[r | bit] = ur;
            im[r | bit] = ui;
        }
    }
}

K_INLINE void K(step_flip_lanes)(vec *re, vec *im, const int cube, const int bit, const qn__step *step)
{
    const bits mask = (bits)K(lane_vector)(step, 0);
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & bit) == 0) {
            const bits dr = ((bits)re[r] ^ (bits)re[r | bit]) & mask, di = ((bits)im[r] ^ (bits)im[r | bit]) & mask;
            re[r] = K(minus)(re[r], dr);
            re[r | bit] = K(minus)(re[r | bit], dr);
            im[r] = K(minus)(im[r], di);
            im[r | bit] = K(minus)(im[r | bit], di);
        }
    }
}

K_INLINE void K(step_dense)(vec *re, vec *im, const int cube, const int low, const int high, const qn__step *step)
{
    const real *m = step->vectors;
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & (low | high)) == 0) {
            const vec ar[4] = {re[r], re[r | low], re[r | high], re[r | low | high]};
            const vec ai[4] = {im[r], im[r | low], im[r | high], im[r | low | high]};
            QN__UNROLL
            for (int k = 0; k < 4; k++) {
                vec sr = {0}, si = {0};
                QN__UNROLL
                for (int c = 0; c < 4; c++) {
                    const vec mr = (vec){0} + m[8 * k + 2 * c], mi = (vec){0} + m[8 * k + 2 * c + 1];
                    sr += mr * ar[c];
                    sr -= mi * ai[c];
                    si += mr * ai[c];
                    si += mi * ar[c];
                }
                re[r | (k & 1 ? low : 0) | (k & 2 ? high : 0)] = sr;
                im[r | (k & 1 ? low : 0) | (k & 2 ? high : 0)] = si;
            }
        }
    }
}

/* sum += (c + i s) v */
K_INLINE void K(add_product)(vec *sr, vec *si, vec c, vec s, vec vr, vec vi)
{
    *sr += c * vr;
    *sr -= s * vi;
    *si += c * vi;
    *si += s * vr;
}

K_INLINE void K(step_dense_lane)(vec *re, vec *im, const int cube, const int bit, const qn__step *step)
{
    const uint64_t lanes = step->lanes;
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r & bit) == 0) {
            const vec ar[4] = {re[r], K(lane_xor)(re[r], lanes), re[r | bit], K(lane_xor)(re[r | bit], lanes)};
            const vec ai[4] = {im[r], K(lane_xor)(im[r], lanes), im[r | bit], K(lane_xor)(im[r | bit], lanes)};
            vec sr[2] = {{0}, {0}}, si[2] = {{0}, {0}};
            QN__UNROLL
            for (int k = 0; k < 4; k++) {
                const size_t low = 2 * (size_t)k, high = 8 + 2 * (size_t)(k ^ 2);
                K(add_product)(&sr[0], &si[0], K(lane_vector)(step, low), K(lane_vector)(step, low + 1), ar[k], ai[k]);
                K(add_product)
                (&sr[1], &si[1], K(lane_vector)(step, high), K(lane_vector)(step, high + 1), ar[k], ai[k]);
            }
            re[r] = sr[0];
            im[r] = si[0];
            re[r | bit] = sr[1];
            im[r | bit] = si[1];
        }
    }
}

K_INLINE void K(step_dense_lanes)(vec *re, vec *im, const int cube, const qn__step *step)
{
    const uint64_t flips[4] = {0, step->lanes, step->axis, (uint64_t)(step->lanes | step->axis)};
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        const vec ur = re[r], ui = im[r];
        vec sr = {0}, si = {0};
        QN__UNROLL
        for (size_t k = 0; k < 4; k++) {
            K(add_product)
            (&sr, &si, K(lane_vector)(step, 2 * k), K(lane_vector)(step, 2 * k + 1), K(lane_xor)(ur, flips[k]),
             K(lane_xor)(ui, flips[k]));
        }
        re[r] = sr;
        im[r] = si;
    }
}

K_INLINE void K(step_pauli)(vec *re, vec *im, const int cube, const int x, const qn__step *step, uint64_t block,
                            const bool imaginary)
{
    const vec c = K(number)(step, 0);
    const vec w = K(minus)(K(lane_vector)(step, 0), K(parity_sign)(block, step->fixed));
    const uint64_t lanes = step->lanes;
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((r ^ x) >= r) {
            const int s = r ^ x;
            const bits flip = K(parity_sign)((uint64_t)r, step->axis), flop = K(parity_sign)((uint64_t)s, step->axis);
            const vec a = K(minus)(w, flip), b = K(minus)(w, flop);
            const vec ur = re[r], ui = im[r], vr = re[s], vi = im[s];
            const vec pur = K(lane_xor)(ur, lanes), pui = K(lane_xor)(ui, lanes);
            const vec pvr = K(lane_xor)(vr, lanes), pvi = K(lane_xor)(vi, lanes);
            re[r] = imaginary ? c * ur - a * pvi : c * ur + a * pvr;
            im[r] = imaginary ? c * ui + a * pvr : c * ui + a * pvi;
            if (x != 0) {
                re[s] = imaginary ? c * vr - b * pui : c * vr + b * pur;
                im[s] = imaginary ? c * vi + b * pur : c * vi + b * pui;
            }
        }
    }
}

K_INLINE void K(step_lane)(vec *re, vec *im, const int cube, const qn__step *step, const int shape)
{
    const uint64_t lanes = step->lanes;
    const vec a = K(lane_vector)(step, 0), b = K(lane_vector)(step, 1);
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if (shape == QN__SHAPE_GENERAL && (step->registers >> r & 1) == 0) {
            continue;
        }
        const vec ur = re[r], ui = im[r], pr = K(lane_xor)(ur, lanes), pi = K(lane_xor)(ui, lanes);
        if (shape == QN__SHAPE_REAL) {
            re[r] = a * ur + b * pr;
            im[r] = a * ui + b * pi;
        } else if (shape == QN__SHAPE_IMAGINARY) {
            re[r] = a * ur - b * pi;
            im[r] = a * ui + b * pr;
        } else {
            const vec c = K(lane_vector)(step, 2), d = K(lane_vector)(step, 3);
            re[r] = a * ur - b * ui + c * pr - d * pi;
            im[r] = a * ui + b * ur + c * pi + d * pr;
        }
    }
}

K_INLINE void K(step_permute)(vec *re, vec *im, const int cube, const qn__step *step)
{
    const bits index = (bits)K(lane_vector)(step, 0);
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((step->registers >> r & 1) != 0) {
            re[r] = K(lane_permute)(re[r], index);
            im[r] = K(lane_permute)(im[r], index);
        }
    }
}

K_INLINE void K(step_diagonal)(vec *re, vec *im, const int cube, const qn__step *step, uint64_t block)
{
    const int odd = __builtin_parityll(block & step->fixed);
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        if ((step->registers >> r & 1) != 0) {
            const size_t at = 2 * (size_t)(odd ^ __builtin_parity((unsigned)r & step->axis));
            const vec c = K(lane_vector)(step, at), s = K(lane_vector)(step, at + 1), u = re[r];
            re[r] = c * u - s * im[r];
            im[r] = c * im[r] + s * u;
        }
    }
}

K_INLINE void K(step_cube)(vec *re, vec *im, const int cube, const qn__step *step, const bool lanes)
{
    const real *const v = step->vectors;
    QN__UNROLL
    for (int r = 0; r < cube; r++) {
        const vec c = lanes ? K(load)(v + 2 * r * LANES) : (vec){0} + v[2 * r];
        const vec s = lanes ? K(load)(v + (2 * r + 1) * LANES) : (vec){0} + v[2 * r + 1];
        const vec u = re[r];
        re[r] = c * u - s * im[r];
        im[r] = c * im[r] + s * u;
    }
}
