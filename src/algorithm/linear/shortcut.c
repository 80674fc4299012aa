/* shortcut.c: A. Dalzell, "A shortcut to an optimal quantum linear system solver", arXiv:2406.12086, at operator tier.
 *
 * With A_t = |0><0| (x) A / alpha + 1/t |1><1| (x) |0><0| and b' = (|0> b + |1>|0>) / sqrt 2 the kernel of G = (1 -
 * b'b'^H) A_t is spanned by (x, t), x = (A / alpha)^-1 b. The reflection about it, K, is a polynomial of G^H G: -1 + 2
 * (T_l(z) + 1) / (T_l(z0) + 1), z = (1 + d^2 - 2 y^2) / (1 - d^2). It takes |1>|0> to |0> x / |x| when t = |x|: one
 * reflection, no amplification. A wrong t costs success only: sin^2 of twice atan(|x| / t). */
#include <math.h>
#include <string.h>

#include "algorithm/linear/chebyshev_sum.h"
#include "algorithm/linear/linear.h"
#include "algorithm/linear/shortcut.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"

static const double coarse = 0.1;     /* of the reflections that find the norm's power of two, */
static const double middle = 0.02;    /* of the one that finds its first digit; the last one is as good as the answer */
static const double norm_shots = 100; /* runs that tell a success probability to some 5 percent */

double qn__shortcut_length(double delta, double error)
{
    return ceil(log(2 / error) / (2 * delta));
}

/* A vector of |0> (x) C^N and the amplitude of |1>|0>, the last two doubles. */
typedef struct shortcut {
    const qn_context *context;
    const qn_linear_problem *problem;
    size_t width; /* of the first part */
    bool is_complex;
    double t, alpha;
    double *b, *product; /* b / |b| */
} shortcut;

static double dot_real(const double *a, const double *b, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* y -= b' <b', y>. */
static void cut(const shortcut *s, double *y)
{
    double *const last = y + s->width;
    double re = dot_real(s->b, y, s->width) + last[0], im = last[1];
    if (s->is_complex) {
        for (size_t i = 0; i < s->width; i += 2) {
            im += s->b[i] * y[i + 1] - s->b[i + 1] * y[i];
        }
    }
    re /= 2;
    im /= 2;
    if (s->is_complex) {
        for (size_t i = 0; i < s->width; i += 2) {
            y[i] -= re * s->b[i] - im * s->b[i + 1];
            y[i + 1] -= re * s->b[i + 1] + im * s->b[i];
        }
    } else {
        for (size_t i = 0; i < s->width; i++) {
            y[i] -= re * s->b[i];
        }
    }
    last[0] -= re;
    last[1] -= im;
}

/* out = G^H G y; one query each. */
static void apply(const shortcut *s, const double *y, double *out)
{
    double *const p = s->product;
    qn_sparse_multiply(s->context, s->problem->matrix, y, p);
    for (size_t i = 0; i < s->width; i++) {
        p[i] /= s->alpha;
    }
    p[s->width] = y[s->width] / s->t;
    p[s->width + 1] = y[s->width + 1] / s->t;
    cut(s, p); /* a projector: once is enough for G^H G */
    qn_sparse_multiply(s->context, s->problem->adjoint, p, out);
    for (size_t i = 0; i < s->width; i++) {
        out[i] /= s->alpha;
    }
    out[s->width] = p[s->width] / s->t;
    out[s->width + 1] = p[s->width + 1] / s->t;
}

/* T_l(z(G^H G)) |1>|0>, into `now`; false when interrupted. */
static bool recur(const shortcut *s, double delta, uint64_t length, double *before, double *now, double *next)
{
    const size_t width = s->width + 2;
    const double scale = 1 / (1 - delta * delta), shift = (1 + delta * delta) * scale, started = qn__clock();
    double reported = 0;
    memset(before, 0, width * sizeof *before);
    before[s->width] = 1;
    apply(s, before, now);
    for (size_t i = 0; i < width; i++) {
        now[i] = shift * before[i] - 2 * scale * now[i];
    }
    for (uint64_t k = 1; k < length; k++) {
        apply(s, now, next);
        for (size_t i = 0; i < width; i++) {
            const double value = 2 * (shift * now[i] - 2 * scale * next[i]) - before[i];
            before[i] = now[i];
            now[i] = value;
        }
        const qn_progress progress = {"shortcut", 2 * k + 2, 2 * length, 2 * k + 2, (double)NAN, qn__clock() - started};
        qn__context_progress(s->context, &progress, &reported, false);
        if (qn_context_interrupted(s->context)) {
            return false;
        }
    }
    return true;
}

qn_status qn__shortcut_reflect(const qn_context *context, const qn_linear_problem *problem, double t, double delta,
                               uint64_t length, double *x, double *success)
{
    const size_t width = problem->width, whole = width + 2;
    double *memory = qn__alloc(4 * whole + width, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    double *const before = memory, *const now = before + whole, *const next = now + whole;
    shortcut s = {context,        problem,          width,       problem->matrix->is_complex, t,
                  problem->alpha, next + 2 * whole, next + whole};
    for (size_t i = 0; i < width; i++) {
        s.b[i] = problem->b[i] / problem->b_norm;
    }
    if (!recur(&s, delta, length, before, now, next)) {
        qn__free(memory);
        return QN_FAIL(ERR_INTERRUPTED, "interrupted within the reflection, which says nothing before its end");
    }
    /* K|1> without its -|1>, which has no part in |0> */
    const double z0 = (1 + delta * delta) / (1 - delta * delta), top = cosh((double)length * acosh(z0)) + 1;
    double sum = 0;
    for (size_t i = 0; i < width; i++) {
        x[i] = 2 * now[i] / top;
        sum += x[i] * x[i];
    }
    *success = sum;
    qn__free(memory);
    return QN_OK;
}

qn_status qn__linear_plan_shortcut(const qn_context *context, const qn_linear_problem *problem,
                                   const qn_linear_options *options, qn_linear_plan *plan)
{
    (void)context;
    /* even, so that the circuit can take K as a square (shortcut_gate.c) */
    const double length = 2 * ceil(qn__shortcut_length(1 / problem->kappa, options->epsilon / 5) / 2);
    QN_CHECK(length <= 1e8, ERR_TOO_LARGE, "condition number %.4g needs %.3g queries; at most 2e8 are simulated",
             problem->kappa, 2 * length);
    plan->degree = plan->queries = 2 * length;
    /* as in run: the search, and two longer looks, the last one at a t of some 2.4 |x| */
    const double delta = fmin(1 / problem->kappa, 0.999);
    plan->queries_before = 2 * norm_shots *
                           ((ceil(log2(problem->kappa)) + 1) * qn__shortcut_length(delta, coarse) +
                            qn__shortcut_length(delta, middle) + qn__shortcut_length(delta, options->epsilon / 5));
    if (plan->tier == QN_LINEAR_GATE) {
        return qn__shortcut_gate_plan(problem, options, plan);
    }
    plan->bytes = 48 * (double)problem->width;
    /* two long runs, one of them perhaps 2.4 times as long, and the search */
    const double steps = 4 * length + (log2(problem->kappa) + 2) * qn__shortcut_length(1 / problem->kappa, coarse);
    plan->seconds = 2 * steps * (1.5e-9 * (double)problem->matrix->nonzeros + 6e-9 * (double)problem->width);
    return QN_OK;
}

/* The power of two nearest to |x|, by success: 0.64 at least for the best. */
static qn_status find_norm(const qn_context *context, const qn_linear_problem *problem, double *x, double *out,
                           double *queries)
{
    const double delta = fmin(1 / problem->kappa, 0.999), length = qn__shortcut_length(delta, coarse);
    double best = -1;
    for (int power = 0; power <= ceil(log2(problem->kappa)); power++) {
        const double t = ldexp(1, power);
        double success = 0;
        QN_TRY(qn__shortcut_reflect(context, problem, t, fmin(delta, 1 / t), (uint64_t)length, x, &success));
        *queries += norm_shots * 2 * length;
        if (success > best) {
            best = success;
            *out = t;
        }
    }
    return QN_OK;
}

/* |x| from the success p = sin^2 2 phi of a run with t > |x|: tan phi = |x| / t. */
static qn_status look(const qn_context *context, const qn_linear_problem *problem, double t, double error, double *x,
                      double *norm, double *queries)
{
    const double delta = fmin(fmin(1 / problem->kappa, 0.999), 1 / t), length = qn__shortcut_length(delta, error);
    double success = 0;
    QN_TRY(qn__shortcut_reflect(context, problem, t, delta, (uint64_t)length, x, &success));
    *norm = t * tan(asin(sqrt(fmin(1, success))) / 2);
    *queries += norm_shots * 2 * length;
    return QN_OK;
}

qn_status qn__linear_run_shortcut(const qn_context *context, const qn_linear_problem *problem,
                                  const qn_linear_options *options, qn_linear_result *result)
{
    const double delta = fmin(1 / problem->kappa, 0.999);
    const uint64_t length = (uint64_t)(result->plan.queries / 2);
    double t = 1, norm = 0, success = 0;
    result->queries_before = 0;
    QN_TRY(find_norm(context, problem, result->x, &t, &result->queries_before));
    QN_TRY(look(context, problem, 2 * t, middle, result->x, &norm, &result->queries_before));
    /* where 2 phi is 45 degrees an error of the amplitude is twice that of |x|; at 90 degrees it would be any multiple
     */
    QN_TRY(look(context, problem, norm / tan(0.39269908169872415), options->epsilon / 5, result->x, &norm,
                &result->queries_before));
    if (result->plan.tier == QN_LINEAR_GATE) {
        QN_TRY(qn__shortcut_gate_reflect(context, problem, options, norm, delta, length, result, &success));
    } else {
        QN_TRY(qn__shortcut_reflect(context, problem, norm, delta, length, result->x, &success));
        /* the vector, side, turn, wrong, choice, an ancilla of the encoding at the least, and the filter's counter */
        result->qubits = ceil(log2((double)problem->dimension)) + 5 + qn__chebyshev_sum_bits((size_t)length / 2 + 1);
    }
    for (size_t i = 0; i < problem->width; i++) {
        result->x[i] *= norm / sqrt(success) * (problem->b_norm / problem->alpha);
    }
    result->success_probability = success;
    result->solution_norm = norm * (problem->b_norm / problem->alpha);
    result->error_bound = options->epsilon;
    result->residual_bound = options->epsilon * norm;
    return QN_OK;
}
