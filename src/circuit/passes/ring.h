/* ring.h: exact arithmetic in Z[sqrt 2] and Z[omega], omega = exp(i pi/4), over 128-bit integers.
 *
 * A bullet is the automorphism sqrt 2 -> -sqrt 2 (omega -> -omega); lambda = 1 + sqrt 2 is the fundamental unit. */
#ifndef QN_CIRCUIT_PASSES_RING_H
#define QN_CIRCUIT_PASSES_RING_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef __int128 qn__int128;
__extension__ typedef unsigned __int128 qn__uint128;

#define QN__ROOT2 1.414213562373095048801688724209698079L

/* a + b sqrt 2 */
typedef struct qn__root2 {
    qn__int128 a, b;
} qn__root2;

/* c0 + c1 omega + c2 omega^2 + c3 omega^3 */
typedef struct qn__omega {
    qn__int128 c[4];
} qn__omega;

typedef struct qn__wide_complex {
    long double re, im;
} qn__wide_complex;

/* Products that wrap: exact whenever the true result fits, whatever the intermediate ones do. */
static inline qn__int128 qn__wrap_mul(qn__int128 a, qn__int128 b)
{
    return (qn__int128)((qn__uint128)a * (qn__uint128)b);
}

static inline qn__int128 qn__wrap_add(qn__int128 a, qn__int128 b)
{
    return (qn__int128)((qn__uint128)a + (qn__uint128)b);
}

static inline qn__int128 qn__wrap_sub(qn__int128 a, qn__int128 b)
{
    return (qn__int128)((qn__uint128)a - (qn__uint128)b);
}

static inline bool qn__odd(qn__int128 a)
{
    return ((qn__uint128)a & 1) != 0;
}

static inline qn__root2 qn__root2_mul(qn__root2 x, qn__root2 y)
{
    return (qn__root2){qn__wrap_add(qn__wrap_mul(x.a, y.a), qn__wrap_mul(2, qn__wrap_mul(x.b, y.b))),
                       qn__wrap_add(qn__wrap_mul(x.a, y.b), qn__wrap_mul(x.b, y.a))};
}

static inline qn__root2 qn__root2_bullet(qn__root2 x)
{
    return (qn__root2){x.a, -x.b};
}

/* x times its bullet: a^2 - 2 b^2. */
static inline qn__int128 qn__root2_norm(qn__root2 x)
{
    return qn__wrap_sub(qn__wrap_mul(x.a, x.a), qn__wrap_mul(2, qn__wrap_mul(x.b, x.b)));
}

/* As a number; without cancellation when the norm fits. */
static inline long double qn__root2_value(qn__root2 x)
{
    if ((x.a >= 0) == (x.b >= 0) || x.a == 0 || x.b == 0) {
        return (long double)x.a + QN__ROOT2 * (long double)x.b;
    }
    return (long double)qn__root2_norm(x) / ((long double)x.a - QN__ROOT2 * (long double)x.b);
}

static inline qn__omega qn__omega_add(qn__omega x, qn__omega y)
{
    for (int i = 0; i < 4; i++) {
        x.c[i] = qn__wrap_add(x.c[i], y.c[i]);
    }
    return x;
}

static inline qn__omega qn__omega_sub(qn__omega x, qn__omega y)
{
    for (int i = 0; i < 4; i++) {
        x.c[i] = qn__wrap_sub(x.c[i], y.c[i]);
    }
    return x;
}

static inline qn__omega qn__omega_mul(qn__omega x, qn__omega y)
{
    qn__omega out = {{0, 0, 0, 0}};
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
            const qn__int128 p = qn__wrap_mul(x.c[i], y.c[j]);
            const int k = (i + j) & 3;
            out.c[k] = i + j >= 4 ? qn__wrap_sub(out.c[k], p) : qn__wrap_add(out.c[k], p);
        }
    }
    return out;
}

/* Times omega^power. */
static inline qn__omega qn__omega_turn(qn__omega x, unsigned power)
{
    for (power &= 7; power > 0; power--) {
        x = (qn__omega){{-x.c[3], x.c[0], x.c[1], x.c[2]}};
    }
    return x;
}

static inline qn__omega qn__omega_adjoint(qn__omega x)
{
    return (qn__omega){{x.c[0], -x.c[3], -x.c[2], -x.c[1]}};
}

static inline qn__omega qn__omega_bullet(qn__omega x)
{
    return (qn__omega){{x.c[0], -x.c[1], x.c[2], -x.c[3]}};
}

static inline bool qn__omega_equal(qn__omega x, qn__omega y)
{
    return x.c[0] == y.c[0] && x.c[1] == y.c[1] && x.c[2] == y.c[2] && x.c[3] == y.c[3];
}

/* sqrt 2 = omega - omega^3. */
static inline qn__omega qn__omega_of_root2(qn__root2 x)
{
    return (qn__omega){{x.a, x.b, 0, -x.b}};
}

/* x times its adjoint, real and in Z[sqrt 2]. */
static inline qn__root2 qn__omega_square(qn__omega x)
{
    const qn__int128 *c = x.c;
    return (qn__root2){qn__wrap_add(qn__wrap_add(qn__wrap_mul(c[0], c[0]), qn__wrap_mul(c[1], c[1])),
                                    qn__wrap_add(qn__wrap_mul(c[2], c[2]), qn__wrap_mul(c[3], c[3]))),
                       qn__wrap_sub(qn__wrap_add(qn__wrap_mul(c[0], c[1]), qn__wrap_mul(c[1], c[2])),
                                    qn__wrap_sub(qn__wrap_mul(c[3], c[0]), qn__wrap_mul(c[2], c[3])))};
}

/* sqrt 2 divides x exactly when c0 + c2 and c1 + c3 are even. */
static inline bool qn__omega_divisible(qn__omega x)
{
    return !qn__odd(x.c[0] ^ x.c[2]) && !qn__odd(x.c[1] ^ x.c[3]);
}

/* x / sqrt 2 = x (omega - omega^3) / 2, for a divisible x. */
static inline qn__omega qn__omega_divide(qn__omega x)
{
    return (qn__omega){{(x.c[1] - x.c[3]) / 2, (x.c[0] + x.c[2]) / 2, (x.c[1] + x.c[3]) / 2, (x.c[2] - x.c[0]) / 2}};
}

static inline qn__wide_complex qn__omega_value(qn__omega x)
{
    const long double h = QN__ROOT2 / 2;
    return (qn__wide_complex){(long double)x.c[0] + h * (long double)(x.c[1] - x.c[3]),
                              (long double)x.c[2] + h * (long double)(x.c[1] + x.c[3])};
}

#endif
