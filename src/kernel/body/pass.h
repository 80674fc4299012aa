/* pass.h: the loop of a pass over a state or a tile, and which step is which; see kernel/steps.h. */

/* One case for each axis that a cube of this many axes has. */
#define QN__CASE(form, index) case QN__STEP_KIND(form, index)
#define QN__CASES(form, call)                                                                                          \
    QN__CASE(form, 0) : if (naxes > 0)                                                                                 \
    {                                                                                                                  \
        enum { AXIS = 1 };                                                                                             \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 1) : if (naxes > 1)                                                                                 \
    {                                                                                                                  \
        enum { AXIS = 2 };                                                                                             \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 2) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { AXIS = 4 };                                                                                             \
        call;                                                                                                          \
    }                                                                                                                  \
    break
#define QN__PAIRS(form, call)                                                                                          \
    QN__CASE(form, 0) : if (naxes > 1)                                                                                 \
    {                                                                                                                  \
        enum { LOW = 1, HIGH = 2 };                                                                                    \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 1) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { LOW = 1, HIGH = 4 };                                                                                    \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 2) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { LOW = 2, HIGH = 4 };                                                                                    \
        call;                                                                                                          \
    }                                                                                                                  \
    break
#define QN__X_CASES(form, call)                                                                                        \
    QN__CASE(form, 0) :                                                                                                \
    {                                                                                                                  \
        enum { X = 0 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 1) : if (naxes > 0)                                                                                 \
    {                                                                                                                  \
        enum { X = 1 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 2) : if (naxes > 1)                                                                                 \
    {                                                                                                                  \
        enum { X = 2 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 3) : if (naxes > 1)                                                                                 \
    {                                                                                                                  \
        enum { X = 3 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 4) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { X = 4 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 5) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { X = 5 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 6) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { X = 6 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 7) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { X = 7 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break

#define QN__X_CASES_HALF(form, call)                                                                                   \
    QN__CASE(form, 0) : if (naxes > 0)                                                                                 \
    {                                                                                                                  \
        enum { X = 0 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 1) : if (naxes > 1)                                                                                 \
    {                                                                                                                  \
        enum { X = 1 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 2) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { X = 2 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break;                                                                                                             \
    QN__CASE(form, 3) : if (naxes > 2)                                                                                 \
    {                                                                                                                  \
        enum { X = 3 };                                                                                                \
        call;                                                                                                          \
    }                                                                                                                  \
    break

K_INLINE void K(run_steps)(vec *re, vec *im, const int naxes, const qn__pass *pass, uint64_t block, uint64_t trip,
                           real *local)
{
    const int cube = 1 << naxes;
    const qn__step *const end = pass->steps + pass->nsteps;
    for (const qn__step *step = pass->steps; step < end; step++) {
        vec c, s;
        const real *const lanes =
            step->local == 0 ? (const real *)step->vectors : local + (size_t)(step->local - 1) * 2 * LANES;
        switch (step->kind) {
            QN__CASE(QN__STEP_SKIP, 0) : step += (block & step->fixed) != step->value ? 1 : 0;
            break;
            QN__CASES(QN__STEP_REAL, K(step_real)(re, im, cube, AXIS, step));
            QN__CASES(QN__STEP_IMAGINARY, K(step_imaginary)(re, im, cube, AXIS, step));
            QN__CASES(QN__STEP_GENERAL, K(step_general)(re, im, cube, AXIS, step));
            QN__CASES(QN__STEP_CONTROLLED, K(step_controlled)(re, im, cube, AXIS, step));
            QN__CASES(QN__STEP_PHASE, K(rotate)(re, im, cube, AXIS, K(number)(step, 0), K(number)(step, 1)));
            QN__CASES(QN__STEP_SIGN, K(step_signs)(re, im, cube, AXIS,
                                                   (bits)K(lane_vector)(step, 0) ^ K(parity_sign)(block, step->fixed)));
            QN__CASES(QN__STEP_LINEAR, K(table_factor)(step, lanes, trip, &c, &s); K(rotate)(re, im, cube, AXIS, c, s));
            QN__CASES(QN__STEP_FLIP, K(step_flip)(re, im, cube, AXIS, 0));
            QN__CASES(QN__STEP_FLIP_LANES, K(step_flip_lanes)(re, im, cube, AXIS, step));
            QN__PAIRS(QN__STEP_PAIR_PHASE, K(rotate)(re, im, cube, LOW | HIGH, K(number)(step, 0), K(number)(step, 1)));
            QN__PAIRS(QN__STEP_PAIR_SIGN, K(step_signs)(re, im, cube, LOW | HIGH, K(parity_sign)(1, 1)));
            QN__PAIRS(QN__STEP_CONTROL_FLIP, K(step_flip)(re, im, cube, HIGH, LOW));
            QN__CASE(QN__STEP_CONTROL_FLIP, 3) : if (naxes > 1)
            {
                K(step_flip)(re, im, cube, 1, 2);
            }
            break;
            QN__CASE(QN__STEP_CONTROL_FLIP, 4) : if (naxes > 2)
            {
                K(step_flip)(re, im, cube, 1, 4);
            }
            break;
            QN__CASE(QN__STEP_CONTROL_FLIP, 5) : if (naxes > 2)
            {
                K(step_flip)(re, im, cube, 2, 4);
            }
            break;
            QN__PAIRS(QN__STEP_DENSE, K(step_dense)(re, im, cube, LOW, HIGH, step));
            QN__CASES(QN__STEP_DENSE_LANE, K(step_dense_lane)(re, im, cube, AXIS, step));
            QN__CASE(QN__STEP_DENSE_LANES, 0) : K(step_dense_lanes)(re, im, cube, step);
            break;
            QN__CASE(QN__STEP_EXCHANGE, 3) : if (naxes > 1)
            {
                K(step_exchange)(re, im, cube, 3, step);
            }
            break;
            QN__CASE(QN__STEP_EXCHANGE, 5) : if (naxes > 2)
            {
                K(step_exchange)(re, im, cube, 5, step);
            }
            break;
            QN__CASE(QN__STEP_EXCHANGE, 6) : if (naxes > 2)
            {
                K(step_exchange)(re, im, cube, 6, step);
            }
            break;
            QN__X_CASES(QN__STEP_PAULI_REAL, K(step_pauli)(re, im, cube, X, step, block, false));
            QN__X_CASES(QN__STEP_PAULI_IMAGINARY, K(step_pauli)(re, im, cube, X, step, block, true));
            QN__CASE(QN__STEP_LANE_REAL, 0) : K(step_lane)(re, im, cube, step, QN__SHAPE_REAL);
            break;
            QN__CASE(QN__STEP_LANE_IMAGINARY, 0) : K(step_lane)(re, im, cube, step, QN__SHAPE_IMAGINARY);
            break;
            QN__CASE(QN__STEP_LANE_GENERAL, 0) : K(step_lane)(re, im, cube, step, QN__SHAPE_GENERAL);
            break;
            QN__CASE(QN__STEP_LANE_PERMUTE, 0) : K(step_permute)(re, im, cube, step);
            break;
            QN__CASE(QN__STEP_LANE_LINEAR, 0) : K(table_factor)(step, lanes, trip, &c, &s);
            c = K(select)(K(match)(step->lanes, step->lanes), c, K(splat)(1.0));
            s = K(select)(K(match)(step->lanes, step->lanes), s, K(splat)(0.0));
            K(rotate)(re, im, cube, 0, c, s);
            break;
            QN__CASE(QN__STEP_LANE_SIGN, 0) : if (__builtin_parityll(block & step->fixed) != 0)
            {
                K(step_signs)(re, im, cube, 0, (bits)K(lane_vector)(step, 0));
            }
            break;
            QN__CASES(QN__STEP_TURN, K(step_turn)(re, im, cube, AXIS, step, QN__STEP_TURN));
            QN__CASES(QN__STEP_TURN_FAR, K(step_turn)(re, im, cube, AXIS, step, QN__STEP_TURN_FAR));
            QN__CASES(QN__STEP_MIRROR, K(step_turn)(re, im, cube, AXIS, step, QN__STEP_MIRROR));
            QN__CASES(QN__STEP_MIRROR_FAR, K(step_turn)(re, im, cube, AXIS, step, QN__STEP_MIRROR_FAR));
            QN__CASES(QN__STEP_TURN_X, K(step_turn)(re, im, cube, AXIS, step, QN__STEP_TURN_X));
            QN__CASES(QN__STEP_TURN_X_FAR, K(step_turn)(re, im, cube, AXIS, step, QN__STEP_TURN_X_FAR));
            QN__CASE(QN__STEP_SLOPE_REAL, 0) : if (naxes > 1)
            {
                K(slope_pairs)(re, im, cube / 2, 1, step, local, false);
            }
            break;
            QN__CASE(QN__STEP_SLOPE_REAL, 1) : if (naxes > 2)
            {
                K(slope_pairs)(re, im, cube / 2, 2, step, local, false);
            }
            break;
            QN__CASE(QN__STEP_SLOPE_IMAGINARY, 0) : if (naxes > 1)
            {
                K(slope_pairs)(re, im, cube / 2, 1, step, local, true);
            }
            break;
            QN__CASE(QN__STEP_SLOPE_IMAGINARY, 1) : if (naxes > 2)
            {
                K(slope_pairs)(re, im, cube / 2, 2, step, local, true);
            }
            break;
            QN__CASE(QN__STEP_SLOPE_PHASE, 0) : if (naxes > 1)
            {
                K(slope_ones)(re, im, cube / 2, 1, step, local);
            }
            break;
            QN__CASE(QN__STEP_SLOPE_PHASE, 1) : if (naxes > 2)
            {
                K(slope_ones)(re, im, cube / 2, 2, step, local);
            }
            break;
            QN__CASE(QN__STEP_SLOPE_PAIR, 0) : if (naxes > 2)
            {
                K(slope_ones)(re, im, cube / 2, 3, step, local);
            }
            break;
            QN__CASE(QN__STEP_SLOPE_LANES, 0) : if (naxes > 0)
            {
                K(slope_ones)(re, im, cube / 2, 0, step, local);
            }
            break;
            QN__X_CASES_HALF(QN__STEP_SLOPE_PAULI_REAL, K(slope_pauli)(re, im, cube / 2, X, step, block, local, false));
            QN__X_CASES_HALF(QN__STEP_SLOPE_PAULI_IMAGINARY,
                             K(slope_pauli)(re, im, cube / 2, X, step, block, local, true));
            QN__CASE(QN__STEP_LANE_PHASES, 0)
                : K(rotate)(re, im, cube, 0, K(lane_vector)(step, 0), K(lane_vector)(step, 1));
            break;
            QN__CASE(QN__STEP_CUBE_PHASES, 0) : K(step_cube)(re, im, cube, step, false);
            break;
            QN__CASE(QN__STEP_CUBE_LANES, 0) : K(step_cube)(re, im, cube, step, true);
            break;
            QN__CASE(QN__STEP_LANE_TURN, 0) : K(step_lane_turn)(re, im, cube, step, false);
            break;
            QN__CASE(QN__STEP_LANE_TURN_X, 0) : K(step_lane_turn)(re, im, cube, step, true);
            break;
            QN__CASE(QN__STEP_DIAGONAL, 0) : K(step_diagonal)(re, im, cube, step, block);
            break;
        default:
            break;
        }
    }
}

/* Block indices of the trip's cube: `walk` is 0 on the axes. */
K_INLINE void K(run_pass)(real *state, uint64_t blocks, const qn__pass *pass, uint64_t high, real *local, uint64_t part,
                          uint64_t parts, const int naxes)
{
    const int cube = 1 << naxes;
    uint64_t offset[1 << QN__AXES], fixed = 0;
    for (int a = 0; a < naxes; a++) {
        fixed |= pass->axes[a];
    }
    for (int r = 0; r < cube; r++) {
        offset[r] = 0;
        for (int a = 0; a < naxes; a++) {
            offset[r] |= (r >> a & 1) != 0 ? pass->axes[a] : 0;
        }
    }
    const uint64_t all = blocks >> naxes;
    const uint64_t begin = K(range)(all, part, parts), end = K(range)(all, part + 1, parts);
    uint64_t walk = K(deposit)(begin, fixed);
    for (uint64_t trip = begin; trip < end; trip++, walk = K(next)(walk, fixed)) {
        vec re[1 << QN__AXES], im[1 << QN__AXES];
        QN__UNROLL
        for (int r = 0; r < cube; r++) {
            const real *const p = state + (walk + offset[r]) * 2 * LANES;
            re[r] = K(load)(p);
            im[r] = K(load)(p + LANES);
        }
        const uint64_t ahead = K(next)(walk, fixed);
        QN__UNROLL
        for (int r = 0; r < cube; r++) {
            const real *const p = state + (ahead + offset[r]) * 2 * LANES;
            __builtin_prefetch(p, 1);
            __builtin_prefetch(p + LANES, 1);
        }
        K(run_steps)(re, im, naxes, pass, walk | high, trip, local);
        QN__UNROLL
        for (int r = 0; r < cube; r++) {
            real *const p = state + (walk + offset[r]) * 2 * LANES;
            K(store)(p, re[r]);
            K(store)(p + LANES, im[r]);
        }
    }
}

static void K(pass)(void *state, uint64_t blocks, const qn__pass *pass, uint64_t high, void *local, uint64_t part,
                    uint64_t parts)
{
    switch (pass->naxes) {
    case 0:
        K(run_pass)(state, blocks, pass, high, local, part, parts, 0);
        return;
    case 1:
        K(run_pass)(state, blocks, pass, high, local, part, parts, 1);
        return;
    case 2:
        K(run_pass)(state, blocks, pass, high, local, part, parts, 2);
        return;
#if QN_KERNEL_AXES == 3
    case 3:
        K(run_pass)(state, blocks, pass, high, local, part, parts, 3);
        return;
#endif
    default:
        return;
    }
}
