/* lanes.h: vectors of one real type: loads, masks over lanes, and the walk over a subspace. Needs vec_*, bits_*, iota_*
 * and lane_xor_*. */

#define vec K(vec)
#define bits K(bits)

K_INLINE vec K(load)(const real *p)
{
    return *(const vec *)(const void *)p;
}

K_INLINE void K(store)(real *p, vec v)
{
    *(vec *)(void *)p = v;
}

K_INLINE vec K(splat)(double value)
{
    return (vec){0} + (real)value;
}

/* All ones in the lanes l with (l & fixed) == value. */
K_INLINE bits K(match)(uint64_t fixed, uint64_t value)
{
    return (bits)((K(iota) & (unsigned_real)(fixed & (LANES - 1))) == (bits){0} + (unsigned_real)(value & (LANES - 1)));
}

/* All ones in the lanes l with odd popcount(l & z); LANES <= 16, so four bits to fold. */
K_INLINE bits K(odd)(uint64_t z)
{
    bits t = K(iota) & (unsigned_real)(z & (LANES - 1));
    t ^= t >> 2;
    t ^= t >> 1;
    return -(t & 1);
}

K_INLINE vec K(select)(bits mask, vec yes, vec no)
{
    return (vec)((mask & (bits)yes) | (~mask & (bits)no));
}

/* -v in the masked lanes. */
K_INLINE vec K(negate)(bits mask, vec v)
{
    return (vec)((bits)v ^ (mask & (unsigned_real)1 << (8 * sizeof(real) - 1)));
}

K_INLINE double K(sum)(vec v)
{
    double total = 0.0;
    for (int l = 0; l < LANES; l++) {
        total += (double)v[l];
    }
    return total;
}

/* The k-th number that is 0 on every bit of `fixed`. */
K_INLINE uint64_t K(deposit)(uint64_t k, uint64_t fixed)
{
    while (fixed != 0) {
        const uint64_t low = (fixed & (0 - fixed)) - 1;
        k = (k & ~low) << 1 | (k & low);
        fixed &= fixed - 1;
    }
    return k;
}

/* The next number that is 0 on every bit of `fixed`: the carry runs through the fixed bits. */
K_INLINE uint64_t K(next)(uint64_t index, uint64_t fixed)
{
    return ((index | fixed) + 1) & ~fixed;
}

K_INLINE uint64_t K(range)(uint64_t total, uint64_t part, uint64_t parts)
{
    return parts == 1 ? part * total : total / parts * part + total % parts * part / parts;
}
