/* fixed.c: fixed-point numbers of 320 bits, and cosine and sine in them. */
#include "circuit/passes/fixed.h"

#include <string.h>

enum { LIMBS = 5, FRACTION_LIMBS = 3 };

qn__fixed qn__fixed_add(qn__fixed a, qn__fixed b)
{
    qn__uint128 carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (qn__uint128)a.limb[i] + b.limb[i];
        a.limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return a;
}

qn__fixed qn__fixed_negate(qn__fixed a)
{
    qn__uint128 carry = 1;
    for (int i = 0; i < LIMBS; i++) {
        carry += ~a.limb[i];
        a.limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return a;
}

qn__fixed qn__fixed_sub(qn__fixed a, qn__fixed b)
{
    return qn__fixed_add(a, qn__fixed_negate(b));
}

bool qn__fixed_negative(qn__fixed a)
{
    return a.limb[LIMBS - 1] >> 63 != 0;
}

qn__fixed qn__fixed_times(qn__fixed a, int64_t factor)
{
    const bool negative = factor < 0;
    const uint64_t size = negative ? 0 - (uint64_t)factor : (uint64_t)factor;
    qn__uint128 carry = 0;
    for (int i = 0; i < LIMBS; i++) { /* modulo 2^320, so the sign of a takes care of itself */
        carry += (qn__uint128)a.limb[i] * size;
        a.limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return negative ? qn__fixed_negate(a) : a;
}

qn__fixed qn__fixed_mul(qn__fixed a, qn__fixed b)
{
    const bool negative = qn__fixed_negative(a) != qn__fixed_negative(b);
    a = qn__fixed_negative(a) ? qn__fixed_negate(a) : a;
    b = qn__fixed_negative(b) ? qn__fixed_negate(b) : b;
    uint64_t product[2 * LIMBS] = {0};
    for (int i = 0; i < LIMBS; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < LIMBS; j++) {
            const qn__uint128 sum = (qn__uint128)a.limb[i] * b.limb[j] + product[i + j] + carry;
            product[i + j] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        product[i + LIMBS] = carry;
    }
    qn__fixed out;
    memcpy(out.limb, product + FRACTION_LIMBS, sizeof out.limb);
    return negative ? qn__fixed_negate(out) : out;
}

qn__fixed qn__fixed_over(qn__fixed a, uint64_t divisor)
{
    const bool negative = qn__fixed_negative(a);
    a = negative ? qn__fixed_negate(a) : a;
    qn__uint128 rest = 0;
    for (int i = LIMBS - 1; i >= 0; i--) {
        rest = rest << 64 | a.limb[i];
        a.limb[i] = (uint64_t)(rest / divisor);
        rest %= divisor;
    }
    return negative ? qn__fixed_negate(a) : a;
}

qn__fixed qn__fixed_from(long double value)
{
    const bool negative = value < 0;
    long double rest = negative ? -value : value;
    qn__fixed out = {{0, 0, 0, 0, 0}};
    for (int i = FRACTION_LIMBS; i >= 0 && rest > 0; i--) {
        const uint64_t limb = (uint64_t)rest;
        out.limb[i] = limb;
        rest = ldexpl(rest - (long double)limb, 64);
    }
    return negative ? qn__fixed_negate(out) : out;
}

long double qn__fixed_value(qn__fixed a)
{
    const bool negative = qn__fixed_negative(a);
    a = negative ? qn__fixed_negate(a) : a;
    long double value = 0;
    for (int i = 0; i < LIMBS; i++) {
        value += ldexpl((long double)a.limb[i], 64 * (i - FRACTION_LIMBS));
    }
    return negative ? -value : value;
}

qn__fixed qn__fixed_pi(void)
{
    return (qn__fixed){{0xa4093822299f31d0u, 0x13198a2e03707344u, 0x243f6a8885a308d3u, 3, 0}};
}

qn__fixed qn__fixed_half_root(void)
{
    return (qn__fixed){{0x1d6f60ba893ba84cu, 0x597d89b3754abe9fu, 0xb504f333f9de6484u, 0, 0}};
}

void qn__fixed_cos_sin(qn__fixed angle, qn__fixed *cosine, qn__fixed *sine)
{
    /* angle = quarter pi/2 + rest with |rest| about pi/4 at most. */
    const qn__fixed half_pi = qn__fixed_over(qn__fixed_pi(), 2);
    int64_t quarter = 0;
    for (int round = 0; round < 3; round++) {
        const int64_t more = (int64_t)rintl(qn__fixed_value(angle) / qn__fixed_value(half_pi));
        angle = qn__fixed_sub(angle, qn__fixed_times(half_pi, more));
        quarter += more;
    }
    qn__fixed sums[2] = {{{0, 0, 0, 1, 0}}, {{0, 0, 0, 0, 0}}}, term = sums[0];
    for (uint64_t n = 1; n < 60; n++) { /* 60!: far below 2^-192 */
        term = qn__fixed_over(qn__fixed_mul(term, angle), n);
        sums[n & 1] = (n & 2) != 0 ? qn__fixed_sub(sums[n & 1], term) : qn__fixed_add(sums[n & 1], term);
    }
    const qn__fixed c = sums[0], s = sums[1];
    switch ((uint64_t)quarter & 3) {
    case 0:
        *cosine = c;
        *sine = s;
        break;
    case 1:
        *cosine = qn__fixed_negate(s);
        *sine = c;
        break;
    case 2:
        *cosine = qn__fixed_negate(c);
        *sine = qn__fixed_negate(s);
        break;
    default:
        *cosine = s;
        *sine = qn__fixed_negate(c);
        break;
    }
}
