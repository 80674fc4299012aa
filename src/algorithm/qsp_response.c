/* qsp_response.c: what phase factors do at one x, and other conventions of them. */
#include <math.h>
#include <string.h>

#include "algorithm/qsp.h"

static const double quarter_pi = 0.78539816339744830962;

qn_complex qn_qsp_response(const double *phases, uint64_t degree, double x)
{
    const double s = sqrt(fmax(0, (1 - x) * (1 + x)));
    /* the row <0| U, one factor after another */
    qn_complex u = {cos(phases[0]), sin(phases[0])}, v = {0, 0};
    for (uint64_t k = 1; k <= degree; k++) {
        const qn_complex a = {x * u.re - s * v.im, x * u.im + s * v.re}, b = {x * v.re - s * u.im, x * v.im + s * u.re};
        const double c = cos(phases[k]), t = sin(phases[k]);
        u = (qn_complex){a.re * c - a.im * t, a.re * t + a.im * c};
        v = (qn_complex){b.re * c + b.im * t, b.im * c - b.re * t};
    }
    return u;
}

/* Ends and inside of the sequence lowered by different amounts; one phase alone is both ends. */
static void lower(const double *phases, uint64_t degree, double ends, double inside, double *out)
{
    memmove(out, phases, ((size_t)degree + 1) * sizeof *out);
    for (uint64_t k = 1; k < degree; k++) {
        out[k] -= inside;
    }
    out[0] -= ends;
    out[degree] -= ends;
}

void qn_qsp_to_real(const double *phases, uint64_t degree, double *out)
{
    lower(phases, degree, quarter_pi, 0, out);
}

/* W = i e^{-i pi/4 Z} R e^{-i pi/4 Z}. */
void qn_qsp_to_reflection(const double *phases, uint64_t degree, double *out)
{
    if (degree == 0) {
        out[0] = phases[0];
    } else {
        lower(phases, degree, quarter_pi, 2 * quarter_pi, out);
    }
}
