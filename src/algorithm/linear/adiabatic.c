/* adiabatic.c: P. Costa, D. An, Y. Sanders, Y. Su, R. Babbush, D. Berry, "Optimal scaling quantum linear-systems solver
 * via discrete adiabatic theorem", PRX Quantum 3, 040303 (2022), arXiv:2111.08152: the whole walk with its ancillas,
 * exactly, on components along eigenvectors.
 *
 * A(f) = (1 - f) Z (x) 1 + f X (x) A and H(f) = [[0, A(f) Q], [Q A(f), 0]] with Q = 1 - |+, b><+, b|: the null vector
 * |0>|-, b> of H(0) becomes |0>|+, x> at H(1). Each step is the walk (2 Pi - 1) U, U the block-encoding of H. At the
 * end a filter, a Chebyshev polynomial in H(1)^2 that is 1 at 0 and at most epsilon beyond the gap 1/kappa, removes
 * what is not x. A is encoded by its dilation; the sum over f by (1 - f, f) / sqrt((1-f)^2 + f^2) on one side and (1,
 * 1) / sqrt 2 on the other, both smooth in f (with square roots of f on both sides the error falls as the root of the
 * number of steps only); the projection by half the sum of 1 and a reflection.
 *
 * The state tells x's direction; |x| = |b| / |A x^| comes from one more query. What the filter leaves over has up to
 * kappa times the image of x, so the runs that tell |x| filter to epsilon / kappa; they are not among the queries, as
 * the repetitions that tell a success probability are not for other methods. */
#include "algorithm/linear/adiabatic.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"

static const double steps_per_kappa = 9; /* some 0.8 of the state is then right: least (steps + filter) / success */
static const double power = 1.4;

double qn__adiabatic_schedule(double kappa, double s)
{
    const double x = fmax(kappa, 1 + 1e-9);
    return x / (x - 1) * (1 - pow(1 + s * (pow(x, power - 1) - 1), 1 / (1 - power)));
}

/* U_Q where bit 0 reads `block`: Hadamard on bit 4, the reflection 1 - 2 |+, b><+, b| where it is 1, Hadamard.
 * Together: v on bit 4 = 0, w on 1 become v - P (v - w), w + P (v - w). */
static void project(const qn__adiabatic *a, unsigned block, double *state)
{
    for (unsigned rest = 0; rest < 4; rest++) {
        double *const minus = &state[(block | rest << 2) * a->size], *const plus = minus + 2 * a->size;
        double *const minus4 = minus + 16 * a->size, *const plus4 = plus + 16 * a->size;
        double sum = 0;
        for (size_t j = 0; j < a->size; j++) {
            sum += a->beta[j] * (minus[j] + plus[j] - minus4[j] - plus4[j]);
        }
        sum /= 2; /* <+| from both sides */
        for (size_t j = 0; j < a->size; j++) {
            const double part = sum * a->beta[j];
            minus[j] -= part;
            plus[j] -= part;
            minus4[j] += part;
            plus4[j] += part;
        }
    }
}

/* The symmetric reflection [[c, s], [s, -c]] on bit 3 where bit 0 reads `block`. */
static void weigh(size_t size, unsigned block, double c, double s, double *state)
{
    for (unsigned branch = block; branch < QN__ADIABATIC_BRANCHES; branch += 2) {
        if ((branch & 8) != 0) {
            continue;
        }
        double *const low = &state[branch * size], *const high = low + 8 * size;
        for (size_t j = 0; j < size; j++) {
            const double x = low[j], y = high[j];
            low[j] = c * x + s * y;
            high[j] = s * x - c * y;
        }
    }
}

/* Bit 3 reads 0: Z on bit 1. It reads 1: X on bit 1 and the dilation [[lambda, r], [r, -lambda]] on bit 2. */
static void choose(const qn__adiabatic *a, double *state)
{
    const size_t n = a->size;
    for (unsigned branch = 0; branch < QN__ADIABATIC_BRANCHES; branch++) {
        double *const v = &state[branch * n];
        if ((branch & 8) == 0 && (branch & 2) != 0) {
            for (size_t j = 0; j < n; j++) {
                v[j] = -v[j];
            }
        }
        if ((branch & 8) != 0 && (branch & 6) == 0) {
            double *const v2 = v + 4 * n, *const x = v + 2 * n, *const x2 = x + 4 * n;
            for (size_t j = 0; j < n; j++) {
                const double l = a->lambda[j], r = sqrt(fmax(0, (1 - l) * (1 + l)));
                const double p = v[j], p2 = v2[j], q = x[j], q2 = x2[j];
                v[j] = l * q + r * q2;
                v2[j] = r * q - l * q2;
                x[j] = l * p + r * p2;
                x2[j] = r * p - l * p2;
            }
        }
    }
}

void qn__adiabatic_step(const qn__adiabatic *a, double f, double *state)
{
    const size_t n = a->size;
    const double norm = hypot(1 - f, f), c = (1 - f) / norm, r = f / norm, h = sqrt(0.5);
    /* U_H = |0><1| (x) M + |1><0| (x) M^H, M = (H select R) U_Q */
    project(a, 1, state);
    weigh(n, 1, c, r, state);
    weigh(n, 0, h, h, state);
    choose(a, state);
    weigh(n, 1, h, h, state);
    weigh(n, 0, c, r, state);
    project(a, 0, state);
    for (unsigned branch = 0; branch < QN__ADIABATIC_BRANCHES; branch += 2) {
        const double sign = branch < 4 ? 1 : -1; /* 2 Pi - 1: bits 2, 3 and 4 are 0 */
        double *const low = &state[branch * n], *const high = low + n;
        for (size_t j = 0; j < n; j++) {
            const double x = low[j];
            low[j] = sign * high[j];
            high[j] = sign * x;
        }
    }
}

void qn__adiabatic_begin(const qn__adiabatic *a, double *state)
{
    memset(state, 0, QN__ADIABATIC_BRANCHES * a->size * sizeof *state);
    for (size_t j = 0; j < a->size; j++) {
        state[j] = a->beta[j] / sqrt(2);
        state[2 * a->size + j] = -state[j];
    }
}

double qn__adiabatic_overlap(const qn__adiabatic *a, const double *state)
{
    double sum = 0, norm = 0;
    for (size_t j = 0; j < a->size; j++) {
        const double x = a->beta[j] / a->lambda[j];
        sum += x * (state[j] + state[2 * a->size + j]) / sqrt(2);
        norm += x * x;
    }
    return fabs(sum) / sqrt(norm);
}

/* v = H(1) v on the four branches without ancillas: [[0, X A Q], [Q X A, 0]]. */
static void apply_h(const qn__adiabatic *a, const double *v, double *out)
{
    const size_t n = a->size;
    const double *const w0 = v, *const u0 = v + n, *const w1 = v + 2 * n, *const u1 = v + 3 * n;
    double above = 0, below = 0;
    for (size_t j = 0; j < n; j++) {
        above += a->beta[j] * (u0[j] + u1[j]) / 2;
        below += a->beta[j] * a->lambda[j] * (w0[j] + w1[j]) / 2;
    }
    for (size_t j = 0; j < n; j++) {
        out[j] = a->lambda[j] * (u1[j] - above * a->beta[j]);
        out[2 * n + j] = a->lambda[j] * (u0[j] - above * a->beta[j]);
        out[n + j] = a->lambda[j] * w1[j] - below * a->beta[j];
        out[3 * n + j] = a->lambda[j] * w0[j] - below * a->beta[j];
    }
}

/* acosh(1 + 2 d^2 / (1 - d^2)), right for small gaps d too. */
static double filter_rate(double gap)
{
    return 2 * asinh(gap / sqrt((1 - gap) * (1 + gap)));
}

/* T_l(-1 + 2 (x^2 - d^2) / (1 - d^2)) / T_l(-1 - 2 d^2 / (1 - d^2)) of H on four branches, into v, and with l = longer
 * into w; memory: 4 of them. */
static void filter(const qn__adiabatic *a, double gap, uint64_t length, uint64_t longer, double *v, double *w,
                   double *memory)
{
    const size_t width = 4 * a->size;
    const double g2 = gap * gap, scale = 2 / (1 - g2), shift = -1 - scale * g2;
    double *before = memory, *now = memory + width, *const h = now + width, *const h2 = h + width;
    memcpy(before, v, width * sizeof *v);
    apply_h(a, before, h);
    apply_h(a, h, h2);
    for (size_t i = 0; i < width; i++) {
        now[i] = shift * before[i] + scale * h2[i];
    }
    for (uint64_t k = 1; k <= longer; k++) {
        if (k == length || k == longer) {
            const double top = cosh((double)k * filter_rate(gap)) * (k % 2 == 0 ? 1 : -1);
            double *const out = k == longer ? w : v;
            for (size_t i = 0; i < width; i++) {
                out[i] = now[i] / top;
            }
        }
        apply_h(a, now, h);
        apply_h(a, h, h2);
        for (size_t i = 0; i < width; i++) {
            const double next = 2 * (shift * now[i] + scale * h2[i]) - before[i];
            before[i] = now[i];
            now[i] = next;
        }
    }
    if (length == longer) {
        memcpy(v, w, width * sizeof *v);
    }
}

double qn__adiabatic_gap(double kappa)
{
    return fmin(1 / kappa, 0.999);
}

double qn__adiabatic_filter_length(double kappa, double epsilon)
{
    return ceil(acosh(1 / epsilon) / filter_rate(qn__adiabatic_gap(kappa)));
}

double qn__adiabatic_walk_length(double kappa)
{
    return 4 * ceil(steps_per_kappa * kappa / 4);
}

qn_status qn__linear_plan_adiabatic(const qn_context *context, const qn_linear_problem *problem,
                                    const qn_linear_options *options, qn_linear_plan *plan)
{
    (void)context;
    if (plan->tier == QN_LINEAR_SPECTRAL) {
        QN_TRY(qn__linear_spectrum_check(problem));
    }
    const double length = qn__adiabatic_filter_length(problem->kappa, options->epsilon / 4),
                 n = (double)problem->dimension;
    plan->queries = qn__adiabatic_walk_length(problem->kappa) + 2 * length;
    if (plan->tier == QN_LINEAR_GATE) {
        return qn__adiabatic_gate_plan(problem, options, plan);
    }
    plan->bytes = qn__linear_spectrum_bytes(problem) + 8 * 56 * 2 * n;
    plan->seconds = (problem->gridded ? 4e-6 * n : 2e-9 * n * n * n) + 1e-7 * n * plan->queries;
    QN_CHECK(
        plan->queries * n <= 1e13, ERR_TOO_LARGE,
        "condition number %.3g takes %.3g steps of a walk on 32 x %zu amplitudes; at most 1e13 products are worked "
        "out (ask for a larger error, or for qsvt)",
        problem->kappa, plan->queries, problem->dimension);
    return QN_OK;
}

/* Real, not negative components of b, and the phases that were taken away. */
static void turn(const qn__linear_spectrum *s, const double *components, double *beta, double *phase)
{
    const size_t parts = s->width / s->size;
    for (size_t j = 0; j < s->size; j++) {
        const double re = components[j * parts], im = parts == 2 ? components[2 * j + 1] : 0, size = hypot(re, im);
        beta[j] = size;
        phase[j * parts] = size > 0 ? re / size : 1;
        if (parts == 2) {
            phase[2 * j + 1] = size > 0 ? im / size : 0;
        }
    }
}

static qn_status walk(const qn_context *context, const qn__adiabatic *a, double kappa, uint64_t steps, double *state)
{
    const double started = qn__clock();
    double reported = 0;
    for (uint64_t k = 0; k < steps; k++) {
        qn__adiabatic_step(a, qn__adiabatic_schedule(kappa, (double)k / (double)steps), state);
        const qn_progress progress = {"adiabatic", k + 1, steps, k + 1, (double)NAN, qn__clock() - started};
        qn__context_progress(context, &progress, &reported, false);
        QN_CHECK(!qn_context_interrupted(context), ERR_INTERRUPTED, "interrupted after %llu of %llu steps",
                 (unsigned long long)k + 1, (unsigned long long)steps);
    }
    return QN_OK;
}

static qn_status run_spectral(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_linear_result *result)
{
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, problem, &s));
    const size_t n = s.size, parts = s.width / n;
    qn_status status = QN_OK;
    double *memory = qn__alloc(n, (2 * parts + 1 + QN__ADIABATIC_BRANCHES + 20) * sizeof *memory);
    if (memory == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    double *const components = memory, *const phase = components + s.width, *const beta = phase + s.width;
    double *const state = beta + n, *const sharp = state + QN__ADIABATIC_BRANCHES * n, *const scratch = sharp + 4 * n;
    QN_TRY_CLEANUP(qn__linear_spectrum_of_b(&s, components));
    turn(&s, components, beta, phase);
    const qn__adiabatic a = {n, s.lambda, beta};
    qn__adiabatic_begin(&a, state);
    QN_TRY_CLEANUP(walk(context, &a, problem->kappa, (uint64_t)qn__adiabatic_walk_length(problem->kappa), state));
    filter(&a, qn__adiabatic_gap(problem->kappa),
           (uint64_t)qn__adiabatic_filter_length(problem->kappa, options->epsilon / 4),
           (uint64_t)qn__adiabatic_filter_length(problem->kappa, options->epsilon / (4 * problem->kappa)), state, sharp,
           scratch);
    double success = 0, sharp_success = 0, image = 0, along = 0;
    for (size_t j = 0; j < n; j++) { /* |0>|+> of bits 0 and 1 */
        const double x = (state[j] + state[2 * n + j]) / sqrt(2), y = (sharp[j] + sharp[2 * n + j]) / sqrt(2);
        scratch[j] = x;
        success += x * x;
        sharp_success += y * y;
        image += s.lambda[j] * y * s.lambda[j] * y;
        along += beta[j] * s.lambda[j] * y;
    }
    /* the sign from <b|A x>, |x| from |A x| / |x| of the sharper state */
    const double norm = sqrt(sharp_success / image), length = (along < 0 ? -1 : 1) * norm / sqrt(success);
    double difference = 0, parallel = 0, exact = 0;
    for (size_t j = 0; j < n; j++) {
        const double right = beta[j] / s.lambda[j], off = scratch[j] * length - right;
        difference += off * off;
        parallel += right * off;
        exact += right * right;
        for (size_t part = 0; part < parts; part++) {
            components[j * parts + part] = scratch[j] * phase[j * parts + part];
        }
    }
    QN_TRY_CLEANUP(qn__linear_spectrum_to_x(&s, components, length * (problem->b_norm / problem->alpha), result->x));
    result->success_probability = success;
    result->solution_norm = norm * (problem->b_norm / problem->alpha);
    result->state_error = qn__linear_state_error(difference, parallel, exact);
    result->error_bound = options->epsilon;
    result->residual_bound = options->epsilon * norm;
    result->qubits = ceil(log2((double)n)) + 5 + ceil(log2(result->plan.queries));
cleanup:
    qn__free(memory);
    qn__linear_spectrum_close(&s);
    return status;
}

qn_status qn__linear_run_adiabatic(const qn_context *context, const qn_linear_problem *problem,
                                   const qn_linear_options *options, qn_linear_result *result)
{
    return result->plan.tier == QN_LINEAR_GATE ? qn__adiabatic_gate_run(context, problem, options, result)
                                               : run_spectral(context, problem, options, result);
}
