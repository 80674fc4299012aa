/* schedule.c: angles without optimization: the table for regular trees, ramps, interpolation, slow modes. */
#include <quern/qaoa.h>

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

static const struct row {
    uint32_t degree, layers;
    double fraction;
    double angles[2 * 10]; /* gammas, then betas, of the cut convention */
} rows[] = {
#define QN_QAOA_ANGLES(degree, layers, fraction, ...) {degree, layers, fraction, {__VA_ARGS__}},
#include "algorithm/qaoa/angles.def"
#undef QN_QAOA_ANGLES
};

qn_status qn_qaoa_fixed_angles(uint32_t degree, uint32_t layers, double *angles, double *fraction)
{
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        if (rows[k].degree == degree && rows[k].layers == layers) {
            for (uint32_t l = 0; l < layers; l++) {
                angles[l] = rows[k].angles[l];
                angles[layers + l] = -rows[k].angles[layers + l]; /* costs are minimised here */
            }
            if (fraction != NULL) {
                *fraction = rows[k].fraction;
            }
            return QN_OK;
        }
    }
    return QN_FAIL(ERR_RANGE, "no fixed angles for degree %u and %u layers (degree 2 to 12; at most %u layers for it)",
                   degree, layers, qn_qaoa_fixed_layers(degree));
}

uint32_t qn_qaoa_fixed_layers(uint32_t degree)
{
    uint32_t most = 0;
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        most = rows[k].degree == degree && rows[k].layers > most ? rows[k].layers : most;
    }
    return most;
}

/* sum over all variables of sum_t (2 c_t)^2 = sum_t degree_t (2 c_t)^2 */
double qn_qaoa_scale(qn_cost cost)
{
    const uint32_t n = qn_cost_variables(cost);
    double sum = 0.0;
    if (cost.qubo != NULL) {
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t *neighbours = NULL;
            const double *weights = NULL;
            const size_t degree = qn_qubo_row(cost.qubo, i, &neighbours, &weights);
            double field = -qn_qubo_linear(cost.qubo, i) / 2.0;
            for (size_t k = 0; k < degree; k++) {
                field -= weights[k] / 4.0;
                sum += weights[k] * weights[k] / 4.0;
            }
            sum += 4.0 * field * field;
        }
    } else {
        for (size_t t = 0; t < qn_polynomial_terms(cost.polynomial); t++) {
            const uint32_t *variables = NULL;
            double c = 0.0;
            const size_t degree = qn_polynomial_term(cost.polynomial, t, &c, &variables);
            sum += (double)degree * 4.0 * c * c;
        }
    }
    return sum > 0.0 ? sqrt(sum / (double)n) : 1.0;
}

void qn_qaoa_ramp(uint32_t layers, double dt, double scale, double *angles)
{
    for (uint32_t l = 0; l < layers; l++) {
        const double at = ((double)l + 0.5) / (double)layers;
        angles[l] = 2.0 * at * dt / scale;
        angles[layers + l] = -(1.0 - at) * dt;
    }
}

void qn_qaoa_interpolate(uint32_t layers, const double *angles, double *out)
{
    const double p = (double)layers;
    for (uint32_t half = 0; half < 2; half++) {
        const double *from = angles + half * layers;
        double *to = out + half * (layers + 1);
        for (uint32_t i = 0; i <= layers; i++) {
            const double before = i > 0 ? from[i - 1] : 0.0, here = i < layers ? from[i] : 0.0;
            to[i] = (double)i / p * before + (p - (double)i) / p * here;
        }
    }
}

void qn_qaoa_fourier(uint32_t layers, uint32_t modes, const double *amplitudes, double *angles)
{
    for (uint32_t l = 0; l < layers; l++) {
        double gamma = 0.0, beta = 0.0;
        for (uint32_t k = 0; k < modes; k++) {
            const double at = ((double)k + 0.5) * ((double)l + 0.5) * 3.14159265358979323846 / (double)layers;
            gamma += amplitudes[k] * sin(at);
            beta += amplitudes[modes + k] * cos(at);
        }
        angles[l] = gamma;
        angles[layers + l] = beta;
    }
}
