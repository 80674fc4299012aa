/* norm_equation.c: t adjoint(t) = xi, prime by prime (Ross and Selinger, arXiv:1403.2975, appendix C).
 *
 * With xi > 0 in both embeddings there is a solution exactly when no prime of Z[sqrt 2] over a p = 7 modulo 8 divides
 * xi to an odd power. The norm of xi is of the order of 1/eps, so that its factors are found at once. Before anything
 * else xi is multiplied by an even power of the unit lambda, which makes both embeddings about the square root of the
 * norm; after that no number here has over 64 bits. */
#include "circuit/passes/norm_equation.h"

#include "circuit/passes/factor.h"

static const qn__root2 LAMBDA = {1, 1}, LAMBDA_INVERSE = {-1, 1};

static qn__omega times_root2(qn__omega x, qn__root2 y)
{
    return qn__omega_mul(x, qn__omega_of_root2(y));
}

/* Multiply x by powers of lambda until its embeddings are alike; returns the power. */
static int balance(qn__root2 *x, bool even)
{
    const int step = even ? 2 : 1;
    const long double unit = even ? 5.82842712474619009760337744841939616L : 2.41421356237309504880168872420969808L;
    int power = 0;
    for (int i = 0; i < 256; i++) {
        const long double up = fabsl(qn__root2_value(*x)), down = fabsl(qn__root2_value(qn__root2_bullet(*x)));
        if (up > down * unit) {
            *x = qn__root2_mul(*x, LAMBDA_INVERSE);
            *x = even ? qn__root2_mul(*x, LAMBDA_INVERSE) : *x;
            power -= step;
        } else if (down > up * unit) {
            *x = qn__root2_mul(*x, LAMBDA);
            *x = even ? qn__root2_mul(*x, LAMBDA) : *x;
            power += step;
        } else {
            break;
        }
    }
    return power;
}

/* x = quotient y exactly; false when y does not divide x. */
static bool divide(qn__root2 x, qn__root2 y, qn__root2 *quotient)
{
    const qn__int128 norm = qn__root2_norm(y);
    const qn__root2 top = qn__root2_mul(x, qn__root2_bullet(y));
    if (norm == 0 || top.a % norm != 0 || top.b % norm != 0) {
        return false;
    }
    *quotient = (qn__root2){top.a / norm, top.b / norm};
    return true;
}

static qn__root2 gcd_root2(qn__root2 x, qn__root2 y)
{
    while (y.a != 0 || y.b != 0) {
        const long double up = qn__root2_value(x) / qn__root2_value(y);
        const long double down = qn__root2_value(qn__root2_bullet(x)) / qn__root2_value(qn__root2_bullet(y));
        const qn__root2 quotient = {(qn__int128)rintl((up + down) / 2),
                                    (qn__int128)rintl((up - down) / (2 * QN__ROOT2))};
        const qn__root2 part = qn__root2_mul(quotient, y);
        const qn__root2 rest = {x.a - part.a, x.b - part.b};
        x = y;
        y = rest;
    }
    return x;
}

static qn__wide_complex ratio(qn__wide_complex x, qn__wide_complex y)
{
    const long double size = y.re * y.re + y.im * y.im;
    return (qn__wide_complex){(x.re * y.re + x.im * y.im) / size, (x.im * y.re - x.re * y.im) / size};
}

/* Z[omega] is Euclidean for the rounded quotient. */
static qn__omega gcd_omega(qn__omega x, qn__omega y)
{
    const qn__omega zero = {{0, 0, 0, 0}};
    while (!qn__omega_equal(y, zero)) {
        const qn__wide_complex up = ratio(qn__omega_value(x), qn__omega_value(y));
        const qn__wide_complex down = ratio(qn__omega_value(qn__omega_bullet(x)), qn__omega_value(qn__omega_bullet(y)));
        /* up + down = 2 (c0 + c2 i), up - down = 2 omega (c1 + c3 i) */
        const long double re = (up.re - down.re) / (2 * QN__ROOT2), im = (up.im - down.im) / (2 * QN__ROOT2);
        const qn__omega quotient = {{(qn__int128)rintl((up.re + down.re) / 2), (qn__int128)rintl(re + im),
                                     (qn__int128)rintl((up.im + down.im) / 2), (qn__int128)rintl(im - re)}};
        const qn__omega rest = qn__omega_sub(x, qn__omega_mul(quotient, y));
        x = y;
        y = rest;
    }
    return x;
}

/* For p = 1 modulo 8: an eighth root of unity modulo p, primitive. */
static uint64_t eighth_root(uint64_t p)
{
    for (uint64_t g = 2;; g++) {
        const uint64_t z = qn__power_modulo(g, (p - 1) / 8, p);
        if (qn__power_modulo(z, 4, p) == p - 1) {
            return z;
        }
    }
}

/* Multiply t by base^power. */
static void raise(qn__omega *t, qn__omega base, uint32_t power)
{
    for (; power > 0; power--) {
        *t = qn__omega_mul(*t, base);
    }
}

/* eta with eta bullet(eta) = +-p, for p = 1 or 7 modulo 8 and root^2 = 2 modulo p. */
static qn__root2 split(uint64_t p, uint64_t root)
{
    qn__root2 eta = gcd_root2((qn__root2){(qn__int128)p, 0}, (qn__root2){(qn__int128)root, -1});
    (void)balance(&eta, false);
    return eta;
}

/* A common divisor of y and x up to units, its two embeddings alike in size. */
static qn__omega divisor(qn__root2 x, qn__omega y)
{
    qn__omega t = gcd_omega(y, qn__omega_of_root2(x));
    qn__root2 square = qn__omega_square(t);
    const int power = balance(&square, true); /* square of t lambda^(power / 2) */
    for (int i = 0; i < power / 2; i++) {
        t = times_root2(t, LAMBDA);
    }
    for (int i = 0; i < -power / 2; i++) {
        t = times_root2(t, LAMBDA_INVERSE);
    }
    return t;
}

/* Power of eta in *xi, which is divided by it. */
static uint32_t take_out(qn__root2 *xi, qn__root2 eta)
{
    uint32_t power = 0;
    while (power < 64 && divide(*xi, eta, xi)) {
        power++;
    }
    return power;
}

/* The part of t over the odd prime p, which divides the norm of *xi; it is taken out of *xi. */
static bool solve_prime(uint64_t p, qn__root2 *xi, qn__omega *t)
{
    const qn__root2 whole = {(qn__int128)p, 0};
    if (p % 8 == 3 || p % 8 == 5) { /* p stays prime in Z[sqrt 2] and splits in Z[sqrt -2] or Z[i] */
        const uint64_t root =
            p % 8 == 3 ? qn__power_modulo(p - 2, (p + 1) / 4, p) : qn__power_modulo(2, (p - 1) / 4, p);
        const qn__int128 h = (qn__int128)root;
        const qn__omega other = p % 8 == 3 ? (qn__omega){{h, 1, 0, 1}} : (qn__omega){{h, 0, 1, 0}};
        raise(t, divisor(whole, other), take_out(xi, whole));
        return true;
    }
    if (p % 8 == 7) {
        const qn__root2 eta = split(p, qn__power_modulo(2, (p + 1) / 4, p));
        const uint32_t first = take_out(xi, eta), second = take_out(xi, qn__root2_bullet(eta));
        raise(t, qn__omega_of_root2(eta), first / 2);
        raise(t, qn__omega_of_root2(qn__root2_bullet(eta)), second / 2);
        return first % 2 == 0 && second % 2 == 0;
    }
    const uint64_t z = eighth_root(p), inverse = qn__power_modulo(z, 7, p);
    const uint64_t i = qn__power_modulo(z, 2, p);
    const qn__root2 eta = split(p, (uint64_t)(((qn__uint128)z + inverse) % p));
    const qn__omega part = divisor(eta, (qn__omega){{(qn__int128)i, 0, 1, 0}});
    raise(t, part, take_out(xi, eta));
    raise(t, qn__omega_bullet(part), take_out(xi, qn__root2_bullet(eta)));
    return true;
}

/* What is left of xi / (t adjoint t) is a unit, positive in both embeddings: lambda^(2 n). */
static bool fit_unit(qn__root2 xi, qn__omega *t)
{
    qn__root2 unit;
    if (!divide(xi, qn__omega_square(*t), &unit)) {
        return false;
    }
    const int power = -balance(&unit, true);
    if (unit.a != 1 || unit.b != 0) {
        return false;
    }
    for (int i = 0; i < power / 2; i++) {
        *t = times_root2(*t, LAMBDA);
    }
    for (int i = 0; i < -power / 2; i++) {
        *t = times_root2(*t, LAMBDA_INVERSE);
    }
    return true;
}

bool qn__norm_equation_solve(qn__root2 xi, qn__omega *t)
{
    qn__omega s = {{1, 0, 0, 0}};
    if (xi.a == 0 && xi.b == 0) {
        *t = (qn__omega){{0, 0, 0, 0}};
        return true;
    }
    qn__int128 norm = qn__root2_norm(xi);
    if (norm <= 0 || norm >> 62 != 0) {
        return false;
    }
    const int power = balance(&xi, true);
    const qn__root2 target = xi;
    for (; !qn__odd(norm); norm /= 2) { /* delta = 1 + omega has square 2 + sqrt 2 of norm 2; times (2 - sqrt 2) / 2 */
        const qn__root2 top = qn__root2_mul(xi, (qn__root2){2, -1});
        xi = (qn__root2){top.a / 2, top.b / 2};
        s = qn__omega_mul(s, (qn__omega){{1, 1, 0, 0}});
    }
    if (norm % 8 != 1) { /* an odd number of primes 7 modulo 8, counted with their powers */
        return false;
    }
    qn__factors factors;
    if (!qn__factor((uint64_t)norm, &factors)) {
        return false;
    }
    for (size_t i = 0; i < factors.count; i++) {
        if (factors.prime[i] % 8 == 7 && factors.exponent[i] % 2 != 0) {
            return false;
        }
    }
    for (size_t i = 0; i < factors.count; i++) {
        if (!solve_prime(factors.prime[i], &xi, &s)) {
            return false;
        }
    }
    if (!fit_unit(target, &s)) {
        return false;
    }
    for (int i = 0; i < power / 2; i++) { /* xi was made lambda^power times larger */
        s = times_root2(s, LAMBDA_INVERSE);
    }
    for (int i = 0; i < -power / 2; i++) {
        s = times_root2(s, LAMBDA);
    }
    *t = s;
    return true;
}
