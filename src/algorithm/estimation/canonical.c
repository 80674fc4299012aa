/* canonical.c: outcomes of phase estimation without its circuit. */
#include "algorithm/estimation/canonical.h"

#include <math.h>

#include "base/rng.h"

static const double PI = 3.14159265358979323846;

/* (sin(pi d) / (M sin(pi d / M)))^2: weight of the integer at distance d from the phase. */
static double fejer(double d, double m)
{
    const double bottom = m * sin(PI * d / m);
    if (fabs(bottom) < 1e-14) {
        return 1;
    }
    const double r = sin(PI * d) / bottom;
    return r * r;
}

double qn__canonical_probability(double amplitude, uint32_t bits, uint64_t y)
{
    const double m = ldexp(1, (int)bits), phase = m * asin(sqrt(amplitude)) / PI;
    return (fejer((double)y - phase, m) + fejer((double)y - (m - phase), m)) / 2;
}

double qn__canonical_draw(double amplitude, uint32_t bits, uint64_t seed, uint64_t stream)
{
    const double m = ldexp(1, (int)bits), phase = m * asin(sqrt(amplitude)) / PI;
    /* The two branches give the same estimate, as sin^2 does not tell y from M - y. So outcomes are taken around
     * `phase` alone, nearest first; the tail beyond 10^4 places holds 10^-5 of the weight and is cut. */
    const double floor_phase = floor(phase), away = phase - floor_phase;
    double u = qn__random_uniform(seed, stream, 0);
    /* All weights share sin(pi phase)^2, which makes a walk outwards cheap: one sine a place. */
    const double top = sin(PI * away);
    if (fabs(top) < 1e-14) {
        const double s = sin(PI * (away < 0.5 ? floor_phase : floor_phase + 1) / m);
        return s * s;
    }
    const uint32_t most = m < 20000 ? (uint32_t)m : 20000;
    double y = floor_phase;
    for (uint32_t k = 0; k < most; k++) {
        const uint32_t half = (k + 1) / 2;
        const double step = k % 2 == 0 ? -(double)half : (double)half; /* 0, 1, -1, 2, -2, ... */
        y = floor_phase + step;
        const double bottom = m * sin(PI * (y - phase) / m);
        u -= top * top / (bottom * bottom);
        if (u < 0) {
            break;
        }
    }
    const double s = sin(PI * y / m);
    return s * s;
}
