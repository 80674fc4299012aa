/* steps.h: passes of several gates at once, the language of the state-vector engine's scheduler.
 *
 * A pass has up to QN__AXES axes: bits of the block index. It walks over all blocks whose axis bits are 0; at each it
 * loads the 2^naxes blocks of the axes' cube into registers, runs its steps on them and stores them. So a pass costs
 * one trip through memory whatever the number of its steps. Register r of the cube is the block whose axis bits are
 * those of r. Qubits inside a block are lanes. All other qubits are "outer": they are constant during one trip of the
 * loop, so that their controls are a test and their signs a parity.
 *
 * Indices of blocks in `fixed` and `value` are over the whole state, also when the pass works on a tile of it. */
#ifndef QN_KERNEL_STEPS_H
#define QN_KERNEL_STEPS_H

#include <stdint.h>

enum { QN__AXES = 3, QN__CUBE = 1 << QN__AXES };

/* Forms of a step; those marked * exist for each axis (and pairs of axes), the kind is form + index.
 * m: numbers in the state's precision; v: lane vectors from `vectors` (re before im where complex). */
typedef enum qn__step_form {
    QN__STEP_SKIP,         /* run the next step only where (block & fixed) == value */
    QN__STEP_REAL,         /* * 2x2 real: m = m00 m01 m10 m11 */
    QN__STEP_IMAGINARY,    /* * diagonal real, off it imaginary: m = m00 m01 m10 m11 */
    QN__STEP_GENERAL,      /* * m = m00 re im m01 re im ... */
    QN__STEP_CONTROLLED,   /* * the same with v = 8 lane vectors, on the pairs whose lower register is in `registers` */
    QN__STEP_PHASE,        /* * the half where the axis is 1 times m = re im */
    QN__STEP_SIGN,         /* * the same half times (-1)^parity(block & fixed), times signs of lanes v (1) */
    QN__STEP_LINEAR,       /* * the same half times table[trip] * v (2) */
    QN__STEP_FLIP,         /* * X */
    QN__STEP_FLIP_LANES,   /* * X in the lanes of v (1: all bits set) */
    QN__STEP_PAIR_PHASE,   /* * axes (0,1), (0,2), (1,2): where both are 1 times m = re im */
    QN__STEP_PAIR_SIGN,    /* * the same with -1 */
    QN__STEP_CONTROL_FLIP, /* * (control, target) = (0,1) (0,2) (1,2) (1,0) (2,0) (2,1) */
    QN__STEP_DENSE,        /* * axes (0,1), (0,2), (1,2): 4x4 complex, v = 32 numbers (not vectors), lower axis low */
    QN__STEP_DENSE_LANE,  /* * 4x4 on an axis and the lane bit `lanes`: for each value of the axis v(8), complex factors
                             of  a[r], a[r] with the lane bit flipped, and the same of the other register */
    QN__STEP_DENSE_LANES, /* 4x4 on the lane bits `lanes` and `axis`: v(8), complex factors of a with none, the first,
                             the second, both flipped */
    QN__STEP_EXCHANGE,    /* * the 2x2 m (as GENERAL) between registers r and r ^ 3, 5, 6, r in `registers` */
    QN__STEP_PAULI_REAL,  /* + x = 0..7: m[0] a[i] + sign * v(1) a[i ^ x]; sign = parity(block & fixed) ^ parity(r &
                             axis);   lanes exchanged by `lanes` */
    QN__STEP_PAULI_IMAGINARY, /* + x: the second coefficient times i */
    QN__STEP_LANE_REAL,       /* v(2): A a + B a[lane ^ lanes] */
    QN__STEP_LANE_IMAGINARY,  /* v(2): A a + i B a[lane ^ lanes] */
    QN__STEP_LANE_GENERAL,    /* v(4): complex A, B; on the registers in `registers` */
    QN__STEP_LANE_PERMUTE,    /* lane l <- lane index v(1, integers) on the registers in `registers` */
    QN__STEP_LANE_LINEAR,     /* lanes with all bits of `lanes`: times table[trip] * v(2) */
    QN__STEP_LANE_SIGN,       /* all times -1 in the lanes of v(1) where parity(block & fixed) is odd */
    QN__STEP_DIAGONAL,    /* registers in `registers` times v(2) or, where parity(block & fixed) ^ parity(r & axis) is
                             odd, times the next v(2) */
    QN__STEP_LANE_PHASES, /* all times v(2) */
    QN__STEP_CUBE_PHASES, /* register r times the numbers 2 r, 2 r + 1 of v */
    QN__STEP_CUBE_LANES,  /* register r times v(2) from vector 2 r on */
    /* Rotations without their scale, which another step of the pass carries: one multiplication-addition a number
     * instead of two operations. Matrices over the pair, m[0] = t: */
    QN__STEP_TURN,        /* * [1 -t; t 1] */
    QN__STEP_TURN_FAR,    /* * [t -1; 1 t] */
    QN__STEP_MIRROR,      /* * [1 t; t -1] */
    QN__STEP_MIRROR_FAR,  /* * [t 1; 1 -t] */
    QN__STEP_TURN_X,      /* * [1 it; it 1] */
    QN__STEP_TURN_X_FAR,  /* * [t i; i t] */
    QN__STEP_LANE_TURN,   /* a + v(1) a[lane ^ lanes] */
    QN__STEP_LANE_TURN_X, /* a + i v(1) a[lane ^ lanes] */
    /* Slopes, for a cube whose highest axis is the state: ket where it is 0, bra where it is 1. Each adds to the lane
     * vector `value` of the pass's own: sums over registers of conj(bra) times a generator of ket, by lane. */
    QN__STEP_SLOPE_REAL,       /* * Re of (1,0) minus (0,1): the generator Y */
    QN__STEP_SLOPE_IMAGINARY,  /* * Im of both: X */
    QN__STEP_SLOPE_PHASE,      /* * Im where the axis is 1 */
    QN__STEP_SLOPE_PAIR,       /* * Im where both axes are 1 */
    QN__STEP_SLOPE_LANES,      /* Im of all */
    QN__STEP_SLOPE_PAULI_REAL, /* + x: sign * Re with lanes exchanged; signs as in PAULI_REAL, but for those of lanes */
    QN__STEP_SLOPE_PAULI_IMAGINARY, /* + x: Im */
    QN__STEP_FORMS_
} qn__step_form;

#define QN__STEP_KIND(form, index)                                                                                     \
    ((uint16_t)((unsigned)(form)*16U + (unsigned)(index))) /* index: axis, pair of axes, or x */

typedef struct qn__step {
    uint16_t kind;
    uint8_t registers; /* mask */
    uint8_t axis;      /* mask of axes in a parity */
    uint8_t lanes;
    uint16_t local; /* LINEAR, LANE_LINEAR: 1 + index of the pass's own pair of lane vectors; 0: `vectors` */
    uint64_t fixed, value;
    const void *vectors;
    const void *table; /* pairs re, im, one a trip */
    union {
        double d[8];
        float f[8];
    } m;
} qn__step;

typedef struct qn__pass {
    uint32_t naxes;
    uint64_t axes[QN__AXES]; /* single bits of the block index within the tile, rising */
    const qn__step *steps;
    size_t nsteps;
} qn__pass;

#endif
