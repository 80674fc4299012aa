/* landscapes.c: Rosenbrock, Beale, Wood and Brown-Dennis as in More, Garbow, Hillstrom, ACM TOMS 7, 17 (1981); a
 * coupled quadratic; and a sum of cosines, which is what rotations on separate qubits give. */
#include "landscapes.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/rng.h"
#include "base/status.h"

static double rosenbrock(const double *x, double *grad)
{
    const double a = x[1] - x[0] * x[0], b = 1 - x[0];
    if (grad != NULL) {
        grad[0] = -400 * x[0] * a - 2 * b;
        grad[1] = 200 * a;
    }
    return 100 * a * a + b * b;
}

static double beale(const double *x, double *grad)
{
    static const double y[3] = {1.5, 2.25, 2.625};
    double value = 0, power = 1;
    if (grad != NULL) {
        grad[0] = grad[1] = 0;
    }
    for (int i = 0; i < 3; i++) {
        const double before = power;
        power *= x[1];
        const double f = y[i] - x[0] * (1 - power);
        value += f * f;
        if (grad != NULL) {
            grad[0] += -2 * f * (1 - power);
            grad[1] += 2 * f * x[0] * (i + 1) * before;
        }
    }
    return value;
}

static double wood(const double *x, double *grad)
{
    const double a = x[1] - x[0] * x[0], b = 1 - x[0], c = x[3] - x[2] * x[2], d = 1 - x[2];
    const double e = x[1] + x[3] - 2, f = x[1] - x[3];
    if (grad != NULL) {
        grad[0] = -400 * x[0] * a - 2 * b;
        grad[1] = 200 * a + 20 * e + 0.2 * f;
        grad[2] = -360 * x[2] * c - 2 * d;
        grad[3] = 180 * c + 20 * e - 0.2 * f;
    }
    return 100 * a * a + b * b + 90 * c * c + d * d + 10 * e * e + 0.1 * f * f;
}

static double brown_dennis(const double *x, double *grad)
{
    double value = 0;
    if (grad != NULL) {
        memset(grad, 0, 4 * sizeof *grad);
    }
    for (int i = 1; i <= 20; i++) {
        const double t = i / 5.0, a = x[0] + t * x[1] - exp(t), b = x[2] + x[3] * sin(t) - cos(t);
        const double f = a * a + b * b;
        value += f * f;
        if (grad != NULL) {
            grad[0] += 4 * f * a;
            grad[1] += 4 * f * a * t;
            grad[2] += 4 * f * b;
            grad[3] += 4 * f * b * sin(t);
        }
    }
    return value;
}

static double quadratic(const double *x, double *grad)
{
    double value = -3, d[10];
    for (int i = 0; i < 10; i++) {
        d[i] = x[i] - 0.1 * i;
    }
    for (int i = 0; i < 10; i++) {
        const double next = i < 9 ? d[i + 1] : 0, last = i > 0 ? d[i - 1] : 0;
        value += (i + 1) * d[i] * d[i] + 0.5 * d[i] * next;
        if (grad != NULL) {
            grad[i] = 2 * (i + 1) * d[i] + 0.5 * next + 0.5 * last;
        }
    }
    return value;
}

static double cosine(const double *x, double *grad)
{
    double value = 0;
    for (int i = 0; i < 4; i++) {
        const double weight = 0.5 + 0.25 * i, t = x[i] - 0.3 * i;
        value -= weight * cos(t);
        if (grad != NULL) {
            grad[i] = weight * sin(t);
        }
    }
    return value;
}

const landscape landscape_rosenbrock = {"rosenbrock", 2, rosenbrock, {-1.2, 1}, 0, -1.7, 2.1};
const landscape landscape_beale = {"beale", 2, beale, {1, 1}, 0, -1.1, 4.3};
const landscape landscape_wood = {"wood", 4, wood, {-3, -1, -3, -1}, 0, -4, 4};
/* minimum 85822.2 of the paper, to more digits by Newton's method in higher precision */
const landscape landscape_brown_dennis = {"brown-dennis", 4, brown_dennis, {25, 5, -5, -1}, 85822.2016263563, -30, 30};
const landscape landscape_quadratic = {"quadratic", 10, quadratic, {1, -1, 1, -1, 1, -1, 1, -1, 1, -1}, -3, -2, 2.5};
const landscape landscape_cosine = {"cosine", 4, cosine, {1.1, -0.7, 1.9, 0.2}, -3.5, -3, 3.2};

static void mix(probe *p, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = 0;
        memcpy(&bits, &x[i], sizeof bits);
        p->hash = qn__random_bits(p->hash, bits, i);
    }
}

static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    probe *p = user;
    p->values++;
    p->gradients += grad != NULL;
    mix(p, x, p->on->dimension);
    if (p->fail_at != 0 && p->values >= p->fail_at) {
        return QN_FAIL(ERR_DEVICE, "the device is gone at value %llu", p->values);
    }
    for (size_t i = 0; p->lower < p->upper && i < p->on->dimension; i++) {
        QN_CHECK(x[i] >= p->lower && x[i] <= p->upper, ERR_INTERNAL, "%zu: %.17g is outside the bounds", i, x[i]);
    }
    if (p->interrupt != NULL && p->values == p->interrupt_at) {
        *p->interrupt = 1;
    }
    *value = p->on->evaluate(x, grad);
    *value += p->noise > 0 ? p->noise * qn__random_normal(p->noise_seed, 0, p->values) : 0;
    for (size_t i = 0; grad != NULL && p->gradient_noise > 0 && i < p->on->dimension; i++) {
        grad[i] += p->gradient_noise * qn__random_normal(p->noise_seed, 1 + i, p->values);
    }
    if (p->nan_at != 0 && p->values >= p->nan_at) {
        *value = (double)NAN;
    }
    return QN_OK;
}

static qn_status metric(void *user, const double *x, double *out)
{
    probe *p = user;
    const size_t n = p->on->dimension;
    (void)x;
    p->metrics++;
    memset(out, 0, n * n * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        out[i * n + i] = 0.25;
    }
    return QN_OK;
}

/* of product states of one rotation a qubit */
static qn_status fidelity(void *user, const double *a, const double *b, double *out)
{
    probe *p = user;
    double product = 1;
    p->fidelities++;
    for (size_t i = 0; i < p->on->dimension; i++) {
        const double c = cos(0.5 * (a[i] - b[i]));
        product *= c * c;
    }
    *out = product;
    return QN_OK;
}

qn_objective probe_objective(probe *p)
{
    qn_objective objective = QN_OBJECTIVE_INIT;
    objective.dimension = p->on->dimension;
    objective.user = p;
    objective.evaluate = evaluate;
    objective.has_gradient = true;
    objective.noise = p->noise;
    objective.gradient_noise = p->gradient_noise;
    objective.sinusoidal = p->on == &landscape_cosine;
    objective.metric = metric;
    objective.fidelity = fidelity;
    return objective;
}
