/* shift_rule.c: parameter-shift rules read off a gate's matrix.
 *
 * A gate matrix is a trigonometric polynomial of its parameter, M(x) = sum_k A_k exp(i k x / 2). Its frequencies k
 * follow from 16 samples by a discrete Fourier transform, with k = 0 added when there are controls. An expectation
 * value then has the differences of those frequencies: {1} for a rotation (two terms at +-pi/2) and for a phase gate,
 * {1/2, 1} for a controlled rotation (four terms at +-pi/2, +-3pi/2, as in Anselmetti et al., arXiv:2104.05695), and so
 * on. For R equidistant frequencies of unit D the rule is eq. (24) of Wierichs et al., arXiv:2107.12390, with terms of
 * opposite shift taken together: f'(x) = D sum_{m=1..R} (-1)^(m-1) / (4 R sin^2(x_m / 2)) (f(x + x_m / D) - f(x - x_m /
 * D)),  x_m = (2m - 1) pi / (2R). The rule is linear in f, so it serves complex amplitudes as well. There a rotation
 * has k = +-1 only, f is antiperiodic over 2 pi, and the pair becomes f'(x) = f(x + pi) / 2: the derivative -i/2 P
 * exp(-i x P / 2) is half the rotation by x + pi. */
#include "primitive/shift_rule.h"

#include <math.h>

#include "base/status.h"

enum {
    SAMPLES = 16,           /* over x in [0, 4 pi) */
    HIGHEST = SAMPLES / 2,  /* |k| below this is resolved */
    ENTRIES = 1 << (2 * 4), /* matrices of up to 4 targets */
    MAX_PARAMS = 8
};

static const double PI = 3.14159265358979323846;

static double node(const qn__shift_rule *rule, uint32_t pair)
{
    return (2 * pair + 1) * PI / (2.0 * rule->pairs);
}

double qn__shift_rule_shift(const qn__shift_rule *rule, uint32_t pair)
{
    return node(rule, pair) / rule->unit;
}

double qn__shift_rule_coefficient(const qn__shift_rule *rule, uint32_t pair)
{
    const double half = sin(node(rule, pair) / 2);
    return (pair % 2 == 0 ? 1.0 : -1.0) * rule->unit / (4.0 * rule->pairs * half * half);
}

double qn__shift_rule_top(const qn__shift_rule *rule)
{
    return rule->pairs * rule->unit;
}

static uint32_t divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        const uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* A rule for the frequencies k/2 with present[k]. */
static qn__shift_rule make_rule(const bool *present, uint32_t count)
{
    uint32_t common = 0, top = 0;
    for (uint32_t k = 1; k < count; k++) {
        if (present[k]) {
            common = divisor(k, common);
            top = k;
        }
    }
    if (top == 0) {
        return (qn__shift_rule){0, 1.0, false};
    }
    return (qn__shift_rule){top / common, common / 2.0, false};
}

/* Matrix with parameter `param` at x and the others at values that make no entry vanish by accident. */
static qn_status matrix_at(const qn_operation *operation, uint32_t param, double x, qn_complex *out)
{
    double values[MAX_PARAMS];
    for (uint32_t p = 0; p < operation->nparams; p++) {
        values[p] = p == param ? x : 0.7 + 0.31 * p;
    }
    return qn_gate_matrix(operation->gate, values, out);
}

/* present[k + HIGHEST]: whether A_k is not zero. */
static qn_status find_frequencies(const qn_operation *operation, uint32_t param, bool *present)
{
    const char *name = qn_gate_describe(operation->gate)->name;
    QN_CHECK(operation->ntargets <= 4 && operation->nparams <= MAX_PARAMS && operation->matrix == NULL, ERR_UNSUPPORTED,
             "gate %s has no parameter-shift rule here", name);
    const uint32_t entries = 1u << (2 * operation->ntargets);
    qn_complex samples[SAMPLES][ENTRIES], trial[ENTRIES];
    for (uint32_t s = 0; s < SAMPLES; s++) {
        QN_TRY(matrix_at(operation, param, 4 * PI * s / SAMPLES, samples[s]));
    }
    const double probe = 0.7390851; /* between the samples, so that a frequency too high to be resolved shows */
    QN_TRY(matrix_at(operation, param, probe, trial));
    for (uint32_t e = 0; e < entries; e++) {
        for (int k = -HIGHEST; k < HIGHEST; k++) {
            double re = 0, im = 0;
            for (int s = 0; s < SAMPLES; s++) {
                const double angle = -2 * PI * k * s / SAMPLES, c = cos(angle), d = sin(angle);
                re += (samples[s][e].re * c - samples[s][e].im * d) / SAMPLES;
                im += (samples[s][e].re * d + samples[s][e].im * c) / SAMPLES;
            }
            if (hypot(re, im) > 1e-9) {
                present[k + HIGHEST] = true;
                const double c = cos(k * probe / 2), d = sin(k * probe / 2);
                trial[e].re -= re * c - im * d;
                trial[e].im -= re * d + im * c;
            }
        }
        QN_CHECK(!present[0] && hypot(trial[e].re, trial[e].im) < 1e-8, ERR_UNSUPPORTED,
                 "gate %s has no parameter-shift rule: its matrix is not a trigonometric polynomial in parameter %u",
                 name, param);
    }
    return QN_OK;
}

qn_status qn__shift_rule_find(const qn_operation *operation, uint32_t param, qn__shift_rule *expectation,
                              qn__shift_rule *amplitude)
{
    bool present[SAMPLES] = {false};
    if (operation->pauli != NULL) {
        present[HIGHEST - 1] = present[HIGHEST + 1] = true;
    } else {
        QN_TRY(find_frequencies(operation, param, present));
    }
    present[HIGHEST] = present[HIGHEST] || operation->ncontrols > 0;
    bool differences[SAMPLES] = {false}, sizes[SAMPLES] = {false};
    for (uint32_t a = 0; a < SAMPLES; a++) {
        for (uint32_t b = 0; b < a; b++) {
            differences[a - b] = differences[a - b] || (present[a] && present[b]);
        }
        if (present[a]) {
            sizes[a > HIGHEST ? a - HIGHEST : HIGHEST - a] = true;
        }
    }
    *expectation = make_rule(differences, SAMPLES);
    *amplitude = make_rule(sizes, SAMPLES);
    amplitude->antiperiodic = amplitude->pairs == 1 && !present[HIGHEST];
    return QN_OK;
}
