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

/* f_k = sign min(1, constant / |eigenvalue|), 0 below the cut. */
void qn__hhl_rotation(const qn_hhl_clock *clock, size_t size, double *f, double *f2)
{
    for (size_t k = 0; k < size; k++) {
        const double outcome = clock->is_signed && k >= size / 2 ? (double)k - (double)size : (double)k;
        const double lambda = 2 * pi * outcome / clock->time;
        const double amplitude =
            fabs(lambda) > 0 && fabs(lambda) >= clock->cut ? fmin(1, clock->constant / fabs(lambda)) : 0;
        f[k] = lambda < 0 ? -amplitude : amplitude;
        f2[k] = amplitude * amplitude;
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

qn_status qn_hhl_response(const qn_context *context, const qn_hhl_clock *clock, size_t count, const double *lambda,
                          double *first, double *second)
{
    QN_CHECK(context != NULL && clock != NULL && lambda != NULL && first != NULL && second != NULL, ERR_ARGUMENT,
             "every argument is needed");
    QN_TRY(check_clock(clock, count, lambda));
    const size_t size = (size_t)1 << clock->bits;
    double *memory = qn__alloc(3 * size + count, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    double *const w = memory, *const f = w + size, *const f2 = f + size, *const theta = f2 + size;
    qn__hhl_window(clock, size, w);
    qn__hhl_rotation(clock, size, f, f2);
    for (size_t j = 0; j < count; j++) {
        theta[j] = lambda[j] * clock->time / (double)size;
    }
    const qn_status status = qn__phase_means(size, w, f, f2, count, theta, first, second, qn_context_threads(context));
    qn__free(memory);
    return status;
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
             "most %d "
             "qubits are worked out (ask for a larger error, or for qsvt)",
             problem->kappa, options->epsilon, plan->clock_bits, plan->queries, (int)MOST_BITS);
    if (plan->tier == QN_LINEAR_GATE) {
        return qn__hhl_gate_plan(problem, options, plan);
    }
    QN_TRY(qn__linear_spectrum_check(problem));
    const double n = (double)problem->dimension, size = exp2(plan->clock_bits);
    plan->bytes = qn__linear_spectrum_bytes(problem) + 200 * size + 8 * 5 * n;
    plan->seconds = problem->gridded ? 4e-6 * n + 3e-6 * size : 2e-9 * n * n * n + 3e-6 * size;
    return QN_OK;
}

typedef struct sums {
    double success, kept, difference, along, exact;
} sums;

/* beta_j <- beta_j first_j, and the sums that success, leakage and the state's error come from; the exact state is
 * `constant` beta_j / lambda_j. */
static sums weigh(const qn__linear_spectrum *s, double constant, const double *first, const double *second,
                  double *beta)
{
    sums t = {0};
    const size_t parts = s->width / s->size;
    for (size_t j = 0; j < s->size; j++) {
        for (size_t part = 0; part < parts; part++) {
            double *const b = &beta[j * parts + part];
            const double exact = constant * *b / s->lambda[j];
            t.success += *b * *b * second[j];
            *b *= first[j];
            t.kept += *b * *b;
            t.difference += (*b - exact) * (*b - exact);
            t.along += exact * (*b - exact);
            t.exact += exact * exact;
        }
    }
    return t;
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
                                .constant = 0.9 / problem->kappa,
                                .cut = 0.5 / problem->kappa};
    if (result->plan.tier == QN_LINEAR_GATE) {
        return qn__hhl_gate_run(context, problem, options, &clock, result);
    }
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, problem, &s));
    qn_status status = QN_OK;
    double *memory = qn__alloc(2 * s.size + s.width, sizeof *memory);
    if (memory == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    double *const first = memory, *const second = first + s.size, *const beta = second + s.size;
    QN_TRY_CLEANUP(qn__linear_spectrum_of_b(&s, beta));
    QN_TRY_CLEANUP(qn_hhl_response(context, &clock, s.size, s.lambda, first, second));
    const sums t = weigh(&s, clock.constant, first, second, beta);
    const double unit = problem->b_norm / (clock.constant * problem->alpha);
    QN_TRY_CLEANUP(qn__linear_spectrum_to_x(&s, beta, unit, result->x));
    result->success_probability = t.success;
    result->solution_norm = sqrt(t.success) * unit;
    result->leakage = fmax(0, 1 - t.kept / t.success);
    result->state_error = qn__linear_state_error(t.difference, t.along, t.exact);
    result->qubits = ceil(log2((double)s.size)) + result->plan.clock_bits + 1;
cleanup:
    qn__free(memory);
    qn__linear_spectrum_close(&s);
    return status;
}
