/* spsa.c: simultaneous perturbation stochastic approximation (Spall, IEEE Trans. Aerosp. Electron. Syst. 34, 817
 * (1998)).
 *
 * Along one random direction D of signs, g_i = (f(x + cD) - f(x - cD)) / (2 c D_i) is an unbiased gradient up to
 * O(c^2): two values an iteration whatever the dimension. Gains a_k = a / (A + k + 1)^0.602 and c_k = c / (k + 1)^0.101
 * are Spall's; a is calibrated so that the first steps move a parameter by about `step` (Kandala et al., Nature 549,
 * 242 (2017), supplement); the answer averages the last quarter of the iterates (Polyak, Juditsky 1992), which a noisy
 * run needs. */
#include "optimizer/spsa.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

static const double ALPHA = 0.602, GAMMA = 0.101;
enum { SIGN_STREAM = 1, CALIBRATION_STREAM = 2, CALIBRATION_PAIRS = 25 };

double qn__spsa_sign(const qn__run *run, uint64_t stream, uint64_t k, size_t i)
{
    /* 64 signs a draw; iterations are kept apart by the derived seed */
    const uint64_t bits = qn__random_bits(qn__random_derive(run->options.seed, stream), k, i / 64);
    return (bits >> (i % 64) & 1) != 0 ? 1.0 : -1.0;
}

typedef struct state {
    double *x, *plus, *minus, *grad, *signs, *mean;
    double c;
} state;

/* Gradient estimate at s->x, and the mean of its two values. False: the run is over. */
static bool estimate(qn__run *run, const state *s, uint64_t stream, uint64_t k, double c, double *value)
{
    const double *lower = run->options.lower, *upper = run->options.upper;
    for (size_t i = 0; i < run->n; i++) {
        s->signs[i] = qn__spsa_sign(run, stream, k, i);
        s->plus[i] = s->x[i] + c * s->signs[i];
        s->minus[i] = s->x[i] - c * s->signs[i];
    }
    if (lower != NULL || upper != NULL) {
        qn__run_clamp(run, s->plus);
        qn__run_clamp(run, s->minus);
    }
    double above = 0, below = 0;
    if (!qn__run_evaluate(run, s->plus, &above, NULL) || !qn__run_evaluate(run, s->minus, &below, NULL)) {
        return false;
    }
    for (size_t i = 0; i < run->n; i++) {
        const double width = s->plus[i] - s->minus[i]; /* less than 2c at a bound */
        s->grad[i] = width != 0 ? (above - below) / width : 0.0;
    }
    *value = 0.5 * (above + below);
    return true;
}

/* Size of a typical gradient component near the start; 0 when the run ended or nothing changed. */
static double calibrate(qn__run *run, const state *s, uint64_t total)
{
    uint64_t pairs = total / 10 < CALIBRATION_PAIRS ? total / 10 : CALIBRATION_PAIRS;
    pairs = pairs == 0 ? 1 : pairs;
    double sum = 0, value = 0;
    for (uint64_t k = 0; k < pairs; k++) {
        if (!estimate(run, s, CALIBRATION_STREAM, k, s->c, &value)) {
            return 0;
        }
        double largest = 0;
        for (size_t i = 0; i < run->n; i++) {
            largest = fmax(largest, fabs(s->grad[i])); /* all alike but for bounds */
        }
        sum += largest;
    }
    return sum / (double)pairs;
}

/* The averaged and the last iterate are candidates besides the perturbed points. */
static void finish(qn__run *run, const state *s, uint64_t averaged)
{
    double value = 0;
    if (run->stopped && run->reason != QN_STOP_ITERATIONS) {
        return;
    }
    const qn_stop_reason reason = run->reason;
    const bool stopped = run->stopped;
    run->stopped = false; /* the closing values were held back from the budget */
    if (averaged > 0 && qn__run_evaluate(run, s->mean, &value, NULL)) {
        if (run->objective->noise > 0) {
            qn__run_answer(run, s->mean, value);
        } else {
            (void)(qn__run_affords(run, 1) && qn__run_evaluate(run, s->x, &value, NULL));
        }
    }
    if (!run->stopped && stopped) {
        qn__run_stop(run, reason);
    }
}

qn_status qn__spsa_loop(qn__run *run, const qn__spsa *how)
{
    const size_t n = run->n;
    double *memory = qn__calloc(6 * n, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    const double noise = run->objective->noise;
    state s = {memory, memory + n, memory + 2 * n, memory + 3 * n, memory + 4 * n, memory + 5 * n, 0.05};
    if (noise > 0) { /* as for central differences: noise against truncation */
        s.c = fmin(0.5, fmax(0.1, cbrt(3.0 * noise / run->scale)));
    }
    qn_status status = QN_OK;
    memcpy(s.x, run->x, n * sizeof *s.x);

    uint64_t total = qn__run_budget(run, 2, 2);
    const double size = calibrate(run, &s, total);
    total = qn__run_budget(run, 2, 2);
    const uint64_t planned = total > 1000000 ? 1000 : total; /* only a time limit: plan for a common length */
    const double stability = 0.1 * (double)planned;
    const double first = run->options.step > 0 ? run->options.step : 0.15;
    const double a = first * pow(stability + 1.0, ALPHA) / fmax(size, 1e-10);
    uint64_t averaged = 0;
    unsigned still = 0;
    for (uint64_t k = 0; k < total && !run->stopped; k++) {
        double value = 0;
        const double c = s.c / pow((double)k + 1.0, GAMMA);
        if (!estimate(run, &s, SIGN_STREAM, k, c, &value)) {
            break;
        }
        if (how->precondition != NULL) {
            QN_TRY_CLEANUP(how->precondition(how->user, k, s.x, c, s.grad));
        }
        const double gain = a / pow(stability + (double)k + 1.0, ALPHA);
        double largest = 0, moved = 0;
        for (size_t i = 0; i < n; i++) {
            largest = fmax(largest, gain * fabs(s.grad[i]));
        }
        const double cap =
            largest > 5.0 * first ? 5.0 * first / largest : 1.0; /* one wild estimate must not undo the run */
        for (size_t i = 0; i < n; i++) {
            s.plus[i] = s.x[i];
            s.x[i] -= cap * gain * s.grad[i];
        }
        qn__run_clamp(run, s.x);
        for (size_t i = 0; i < n; i++) {
            moved = fmax(moved, fabs(s.x[i] - s.plus[i]));
        }
        if (4 * k >= 3 * planned) {
            averaged++;
            for (size_t i = 0; i < n; i++) {
                s.mean[i] += (s.x[i] - s.mean[i]) / (double)averaged;
            }
        }
        if (!qn__run_iterate(run, s.x, value, (double)NAN)) {
            break;
        }
        still = moved <= run->options.xtol ? still + 1 : 0;
        if (run->options.xtol > 0 && still >= 10) {
            qn__run_stop(run, QN_STOP_CONVERGED);
        }
    }
    finish(run, &s, averaged);
    if (!run->stopped) {
        qn__run_stop(run, QN_STOP_EVALUATIONS); /* what is left is too little for another iteration */
    }
cleanup:
    qn__free(memory);
    return status;
}

qn_status qn__spsa_run(qn__run *run)
{
    const qn__spsa how = {NULL, NULL};
    return qn__spsa_loop(run, &how);
}
