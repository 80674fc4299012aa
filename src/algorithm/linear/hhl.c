/* hhl.c: the algorithm of A. Harrow, A. Hassidim and S. Lloyd, arXiv:0811.3171, at spectral tier: its exact output for
 * any window, from eigenvalues and the components of b along eigenvectors. */
#include <math.h>
#include <string.h>

#include "algorithm/linear/hhl_gate.h"
#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "base/context.h"
#include "math/phase_estimation.h"

enum { MOST_BITS = 24 };

static const double pi = 3.14159265358979323846;

static qn_status check_clock(const qn_hhl_clock *clock, size_t count, const double *lambda)
{
    QN_CHECK(clock->bits >= 2 && clock->bits <= MOST_BITS, ERR_RANGE, "%u clock qubits; expected 2 to %d", clock->bits,
             (int)MOST_BITS);
    QN_CHECK((unsigned)clock->window <= QN_WINDOW_KAISER, ERR_ARGUMENT, "window %d is none of qn_window",
             (int)clock->window);
    QN_CHECK(clock->time > 0 && clock->constant > 0 && clock->cut >= 0, ERR_RANGE,
             "evolution time %g, constant %g, cut %g; the first two must be positive", clock->time, clock->constant,
             clock->cut);
    const double size = ldexp(1, (int)clock->bits), highest = clock->is_signed ? size / 2 : size;
    for (size_t j = 0; j < count; j++) {
        const double outcome = lambda[j] * clock->time / (2 * pi);
        QN_CHECK(outcome < highest && outcome > (clock->is_signed ? -highest : -0.5), ERR_RANGE,
                 "eigenvalue %g times the evolution time %g wraps round a clock of %u qubits", lambda[j], clock->time,
                 clock->bits);
    }
    return QN_OK;
}

/* f_k = sign min(1, constant / |eigenvalue|), 0 below the cut, and g_k = 0; or the filter's two. */
void qn__hhl_rotation(const qn_hhl_clock *clock, size_t size, double *f, double *g)
{
    for (size_t k = 0; k < size; k++) {
        const double outcome = clock->is_signed && k >= size / 2 ? (double)k - (double)size : (double)k;
        const double lambda = 2 * pi * outcome / clock->time;
        if (clock->filtered) {
            qn_hhl_filter(clock->constant, lambda, &f[k], &g[k]);
            continue;
        }
        const double amplitude =
            fabs(lambda) > 0 && fabs(lambda) >= clock->cut ? fmin(1, clock->constant / fabs(lambda)) : 0;
        f[k] = lambda < 0 ? -amplitude : amplitude;
        g[k] = 0;
    }
}

void qn__hhl_window(const qn_hhl_clock *clock, size_t size, double *w)
{
    if (clock->window == QN_WINDOW_SINE) {
        qn__window_sine(size, w);
    } else if (clock->window == QN_WINDOW_KAISER) {
        qn__window_kaiser(size, clock->window_shape > 0 ? clock->window_shape : 8, w);
    } else {
        qn__window_uniform(size, w);
    }
}

/* Means over the outcomes of f and f^2; of the flag: of g^2 and 1 - f^2 - g^2. */
static qn_status means(const qn_context *context, const qn_hhl_clock *clock, size_t count, const double *lambda,
                       bool of_flag, double *mean_a, double *mean_b)
{
    QN_TRY(check_clock(clock, count, lambda));
    const size_t size = (size_t)1 << clock->bits;
    double *memory = qn__alloc(3 * size + count, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    double *const w = memory, *const a = w + size, *const b = a + size, *const theta = b + size;
    qn__hhl_window(clock, size, w);
    qn__hhl_rotation(clock, size, a, b);
    for (size_t k = 0; k < size; k++) {
        const double f2 = a[k] * a[k], g2 = b[k] * b[k];
        a[k] = of_flag ? g2 : a[k];
        b[k] = of_flag ? 1 - f2 - g2 : f2;
    }
    for (size_t j = 0; j < count; j++) {
        theta[j] = lambda[j] * clock->time / (double)size;
    }
    const qn_status status = qn__phase_means(size, w, a, b, count, theta, mean_a, mean_b, qn_context_threads(context));
    qn__free(memory);
    return status;
}

qn_status qn_hhl_response(const qn_context *context, const qn_hhl_clock *clock, size_t count, const double *lambda,
                          double *first, double *second)
{
    QN_CHECK(context != NULL && clock != NULL && lambda != NULL && first != NULL && second != NULL, ERR_ARGUMENT,
             "every argument is needed");
    return means(context, clock, count, lambda, false, first, second);
}

qn_status qn_hhl_flag_response(const qn_context *context, const qn_hhl_clock *clock, size_t count, const double *lambda,
                               double *ill, double *nothing)
{
    QN_CHECK(context != NULL && clock != NULL && lambda != NULL && ill != NULL && nothing != NULL && clock->filtered,
             ERR_ARGUMENT, "every argument is needed, and a clock with a filter");
    return means(context, clock, count, lambda, true, ill, nothing);
}

/* The sine window's error falls as (kappa / T)^2 with a factor under 1/4 on the systems on record; the clock must hold
 * at least four times the condition number of outcomes. The uniform one's as kappa / T. */
static double clock_bits(const qn_linear_problem *problem, const qn_linear_options *options)
{
    if (options->clock_bits > 0) {
        return options->clock_bits;
    }
    const double epsilon = options->epsilon;
    const double size =
        options->window == QN_WINDOW_UNIFORM ? problem->kappa / epsilon : problem->kappa / sqrt(epsilon);
    return fmax(4, ceil(log2(4 * fmax(size, problem->kappa))));
}

qn_status qn__linear_plan_hhl(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_linear_plan *plan)
{
    (void)context;
    plan->clock_bits = clock_bits(problem, options);
    plan->degree = (double)NAN;
    plan->queries = 2 * exp2(plan->clock_bits); /* there and back, one evolution step a query */
    QN_CHECK(plan->clock_bits <= MOST_BITS, ERR_TOO_LARGE,
             "condition number %.3g at error %.1g needs %.0f clock qubits, that is %.2g steps of evolution a run; at "
             "most %d qubits are worked out (ask for a larger error, or for %s)",
             problem->kappa, options->epsilon, plan->clock_bits, plan->queries, (int)MOST_BITS,
             problem->cutoff > 0 ? "a smaller cut-off" : "qsvt");
    if (plan->tier == QN_LINEAR_GATE) {
        return qn__hhl_gate_plan(problem, options, plan);
    }
    QN_TRY(qn__linear_spectrum_check(problem));
    const double n = (double)problem->dimension, size = exp2(plan->clock_bits);
    plan->bytes = qn__linear_spectrum_bytes(problem) + 200 * size + 8 * 7 * n;
    plan->seconds = problem->gridded ? 4e-6 * n + 3e-6 * size : 2e-9 * n * n * n + 3e-6 * size;
    return QN_OK;
}

typedef struct sums {
    double success, kept, overlap, exact, found;
} sums;

/* beta_j <- beta_j first_j, and the sums that success, leakage and the state's error come from. */
static sums weigh(const qn__linear_spectrum *s, const qn_hhl_clock *clock, const double *first, const double *second,
                  double *beta)
{
    sums t = {0};
    const size_t parts = s->width / s->size;
    for (size_t j = 0; j < s->size; j++) {
        double inverse = 1 / s->lambda[j], ill = 0;
        if (clock->filtered) {
            qn_hhl_filter(clock->constant, s->lambda[j], &inverse, &ill);
        }
        for (size_t part = 0; part < parts; part++) {
            double *const b = &beta[j * parts + part];
            const double exact = *b * inverse;
            t.success += *b * *b * second[j];
            *b *= first[j];
            t.kept += *b * *b;
            t.overlap += exact * *b;
            t.exact += exact * exact;
        }
    }
    return t;
}

/* sum_j |beta_j|^2 p_j. */
static double mean_over_b(const qn__linear_spectrum *s, const double *beta, const double *p)
{
    const size_t parts = s->width / s->size;
    double sum = 0;
    for (size_t i = 0; i < s->width; i++) {
        sum += beta[i] * beta[i] * p[i / parts];
    }
    return sum;
}

void qn__hhl_note_flag(double well, double ill, double nothing, qn_linear_result *result)
{
    result->filter = (qn_linear_filter){fmax(0, well), fmax(0, ill), nothing, fmax(0, fmin(1, 1 - 4 * ill))};
}

/* Means of the response are right to about 1e-13: what is left of x under that is rounding. */
static const double least_success = 1e-12;

void qn__hhl_conclude(const qn_linear_problem *problem, const qn_hhl_clock *clock, double success, double kept,
                      qn_linear_result *result)
{
    const bool empty = clock->filtered && success < least_success;
    if (empty) {
        memset(result->x, 0, problem->width * sizeof *result->x);
    }
    result->success_probability = empty ? 0 : success;
    result->solution_norm = sqrt(result->success_probability) * problem->b_norm / (clock->constant * problem->alpha);
    result->leakage = empty || !(success > 0) ? (double)NAN : fmax(0, 1 - kept / success);
}

qn_status qn__linear_run_hhl(const qn_context *context, const qn_linear_problem *problem,
                             const qn_linear_options *options, qn_linear_result *result)
{
    const double size = exp2(result->plan.clock_bits);
    const qn_hhl_clock clock = {.bits = (uint32_t)result->plan.clock_bits,
                                .window = options->window,
                                .window_shape = options->window_shape,
                                .time = 2 * pi * 0.375 *
                                        size, /* a quarter of the clock keeps the tails of +1 and -1 apart */
                                .is_signed = true,
                                .constant = (problem->cutoff > 0 ? 0.5 : 0.9) / problem->kappa,
                                .cut = 0.5 / problem->kappa,
                                .filtered = problem->cutoff > 0};
    if (result->plan.tier == QN_LINEAR_GATE) {
        return qn__hhl_gate_run(context, problem, options, &clock, result);
    }
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, problem, &s));
    qn_status status = QN_OK;
    double *memory = qn__alloc(4 * s.size + s.width, sizeof *memory);
    if (memory == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    double *const first = memory, *const second = first + s.size, *const ill = second + s.size;
    double *const nothing = ill + s.size, *const beta = nothing + s.size;
    QN_TRY_CLEANUP(qn__linear_spectrum_of_b(&s, beta));
    QN_TRY_CLEANUP(qn_hhl_response(context, &clock, s.size, s.lambda, first, second));
    if (clock.filtered) {
        QN_TRY_CLEANUP(qn_hhl_flag_response(context, &clock, s.size, s.lambda, ill, nothing));
        qn__hhl_note_flag(mean_over_b(&s, beta, second), mean_over_b(&s, beta, ill), mean_over_b(&s, beta, nothing),
                          result);
    }
    const sums t = weigh(&s, &clock, first, second, beta);
    const double unit = problem->b_norm / (clock.constant * problem->alpha);
    QN_TRY_CLEANUP(qn__linear_spectrum_to_x(&s, beta, unit, result->x));
    qn__hhl_conclude(problem, &clock, t.success, t.kept, result);
    result->state_error = result->success_probability > 0 && t.exact > 0
                              ? sqrt(fmax(0, 2 - 2 * t.overlap / sqrt(t.kept * t.exact)))
                              : (double)NAN;
    result->qubits = ceil(log2((double)s.size)) + result->plan.clock_bits + (clock.filtered ? 2 : 1);
cleanup:
    qn__free(memory);
    qn__linear_spectrum_close(&s);
    return status;
}
