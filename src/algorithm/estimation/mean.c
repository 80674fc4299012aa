/* mean.c: means over grids: of a column, of a European call, of a formula; and their circuits. */
#include <math.h>
#include <string.h>

#include <quern/amplitude_estimation.h>

#include "base/alloc.h"
#include "base/status.h"
#include "math/special.h"

enum { MOST_BITS = 24, MOST_CIRCUIT_BITS = 12, MOST_DIMENSIONS = 10 };

void qn_mean_free(qn_mean *mean)
{
    if (mean != NULL) {
        qn__free(mean->weights);
        qn__free(mean->values);
        qn__free(mean);
    }
}

double qn_mean_amplitude(const qn_mean *mean)
{
    return mean->high > mean->low ? fmin(1, fmax(0, (mean->exact - mean->low) / (mean->high - mean->low))) : 0;
}

static qn_status create(size_t count, qn_mean **out)
{
    qn_mean *mean = qn__calloc(1, sizeof *mean);
    QN_ALLOC_CHECK(mean);
    mean->count = count;
    while ((UINT64_C(1) << mean->bits) < count) {
        mean->bits++;
    }
    mean->weights = qn__alloc(count, sizeof *mean->weights);
    mean->values = qn__alloc(count, sizeof *mean->values);
    mean->truth = (double)NAN;
    if (mean->weights == NULL || mean->values == NULL) {
        qn_mean_free(mean);
        return QN_ERR_MEMORY;
    }
    *out = mean;
    return QN_OK;
}

/* Range and mean of the values; sums in fixed blocks of 4096, which keeps rounding of long columns small. */
static void finish(qn_mean *mean)
{
    double total = 0;
    mean->low = mean->high = mean->values[0];
    for (size_t first = 0; first < mean->count; first += 4096) {
        double block = 0;
        for (size_t i = first; i < mean->count && i < first + 4096; i++) {
            block += mean->weights[i] * mean->values[i];
            mean->low = fmin(mean->low, mean->values[i]);
            mean->high = fmax(mean->high, mean->values[i]);
        }
        total += block;
    }
    mean->exact = total;
}

qn_status qn_mean_of_table(const double *values, size_t count, qn_mean **out)
{
    QN_CHECK(values != NULL && out != NULL, ERR_ARGUMENT, "values and a place for the mean");
    QN_CHECK(count >= 1 && count <= (size_t)1 << 28, ERR_TOO_LARGE, "%zu values; from 1 to 2^28", count);
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(isfinite(values[i]), ERR_NAN, "value %zu is not a finite number", i);
    }
    qn_mean *mean = NULL;
    QN_TRY(create(count, &mean));
    for (size_t i = 0; i < count; i++) {
        mean->weights[i] = 1 / (double)count;
        mean->values[i] = values[i];
    }
    finish(mean);
    *out = mean;
    return QN_OK;
}

static qn_status check_option(const qn_call_option *option)
{
    QN_CHECK(option->spot > 0 && option->strike > 0 && option->volatility > 0 && option->years > 0 &&
                 isfinite(option->spot) && isfinite(option->strike) && isfinite(option->volatility) &&
                 isfinite(option->years) && isfinite(option->rate),
             ERR_RANGE, "spot %g, strike %g, volatility %g, years %g; expected positive numbers", option->spot,
             option->strike, option->volatility, option->years);
    return QN_OK;
}

qn_status qn_mean_of_option(const qn_call_option *option, uint32_t bits, double deviations, qn_mean **out)
{
    QN_CHECK(option != NULL && out != NULL, ERR_ARGUMENT, "an option and a place for the mean");
    QN_CHECK(bits >= 1 && bits <= MOST_BITS && deviations > 0 && deviations <= 12, ERR_RANGE,
             "a grid of 2^%u prices within %g deviations; expected 1 to %d bits and up to 12", bits, deviations,
             (int)MOST_BITS);
    QN_TRY(check_option(option));
    const double sigma = option->volatility * sqrt(option->years);
    const double mu = log(option->spot) + (option->rate - option->volatility * option->volatility / 2) * option->years;
    const double middle = exp(mu + sigma * sigma / 2);
    const double spread = sqrt(expm1(sigma * sigma)) * middle;
    const double first = fmax(0, middle - deviations * spread), last = middle + deviations * spread;
    qn_mean *mean = NULL;
    QN_TRY(create((size_t)1 << bits, &mean));
    double total = 0;
    for (size_t i = 0; i < mean->count; i++) {
        const double price = first + (last - first) * (double)i / (double)(mean->count - 1);
        const double z = price > 0 ? (log(price) - mu) / sigma : 0;
        mean->weights[i] = price > 0 ? exp(-z * z / 2) / price : 0; /* the density, up to a factor */
        mean->values[i] = fmax(0, price - option->strike);
        total += mean->weights[i];
    }
    for (size_t i = 0; i < mean->count; i++) {
        mean->weights[i] /= total;
    }
    finish(mean);
    const double d2 = (mu - log(option->strike)) / sigma;
    mean->truth = middle * qn__normal_cdf(d2 + sigma) - option->strike * qn__normal_cdf(d2);
    *out = mean;
    return QN_OK;
}

qn_status qn_mean_of_formula(const qn_formula *formula, uint32_t dimensions, uint32_t bits, qn_mean **out)
{
    QN_CHECK(formula != NULL && out != NULL, ERR_ARGUMENT, "a formula and a place for the mean");
    QN_CHECK(dimensions >= 1 && dimensions <= MOST_DIMENSIONS && bits >= 1 && bits <= MOST_BITS &&
                 bits % dimensions == 0,
             ERR_RANGE, "%u bits over %u dimensions; expected a multiple of the dimensions (1 to %d), up to %d", bits,
             dimensions, (int)MOST_DIMENSIONS, (int)MOST_BITS);
    const uint32_t each = bits / dimensions;
    qn_mean *mean = NULL;
    QN_TRY(create((size_t)1 << bits, &mean));
    for (size_t i = 0; i < mean->count; i++) {
        double x[MOST_DIMENSIONS];
        for (uint32_t d = 0; d < dimensions; d++) {
            const size_t cell = i >> (d * each) & (((size_t)1 << each) - 1);
            x[d] = ldexp((double)cell + 0.5, -(int)each);
        }
        mean->weights[i] = ldexp(1, -(int)bits);
        mean->values[i] = qn_formula_value(formula, x);
        if (!isfinite(mean->values[i])) {
            qn_mean_free(mean);
            return QN_FAIL(ERR_NAN, "the formula is not finite at its grid point %zu (first number %g)", i, x[0]);
        }
    }
    finish(mean);
    *out = mean;
    return QN_OK;
}

/* ---- the circuit ---- */

/* RY on `target` under the bits of `state` on the `count` qubits that end below `top`. */
static qn_status turn(qn_circuit *circuit, uint32_t first, uint32_t count, uint64_t state, uint32_t target,
                      double angle)
{
    uint32_t controls[MOST_BITS];
    const qn_param value = QN_PARAM(angle);
    for (uint32_t k = 0; k < count; k++) {
        controls[k] = first + k;
    }
    return qn_circuit_append_controlled(circuit, QN_GATE_RY, controls, count, state, &target, 1, &value, 1);
}

static double weight_of(const qn_mean *mean, size_t first, size_t count)
{
    double sum = 0;
    for (size_t i = first; i < mean->count && i < first + count; i++) {
        sum += mean->weights[i];
    }
    return sum;
}

/* Weights from the highest bit down: each node of the tree splits its weight between its halves (Grover, Rudolph,
 * arXiv:quant-ph/0208112, with the sums computed classically). */
static qn_status load_weights(const qn_mean *mean, qn_circuit *circuit)
{
    for (uint32_t bit = mean->bits; bit-- > 0;) {
        const uint32_t above = mean->bits - 1 - bit;
        for (uint64_t node = 0; node < UINT64_C(1) << above; node++) {
            const size_t half = (size_t)1 << bit, first = (size_t)node * 2 * half;
            const double left = weight_of(mean, first, half), right = weight_of(mean, first + half, half);
            if (right > 0) {
                QN_TRY(turn(circuit, bit + 1, above, node, bit, 2 * atan2(sqrt(right), sqrt(left))));
            }
        }
    }
    return QN_OK;
}

qn_status qn_mean_circuit(const qn_mean *mean, uint32_t *good, qn_circuit **out)
{
    QN_CHECK(mean != NULL && good != NULL && out != NULL, ERR_ARGUMENT, "a mean and places for its circuit");
    QN_CHECK(mean->bits <= MOST_CIRCUIT_BITS, ERR_TOO_LARGE,
             "a circuit for 2^%u grid points has as many rotations; it is written out up to 2^%d", mean->bits,
             (int)MOST_CIRCUIT_BITS);
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(mean->bits + 1, &circuit));
    qn_status status = load_weights(mean, circuit);
    const double range = mean->high - mean->low;
    for (size_t i = 0; i < mean->count && status == QN_OK; i++) {
        const double share = range > 0 ? (mean->values[i] - mean->low) / range : 0;
        if (share > 0) {
            status = turn(circuit, 0, mean->bits, i, mean->bits, 2 * asin(sqrt(fmin(1, share))));
        }
    }
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *good = mean->bits;
    *out = circuit;
    return QN_OK;
}
