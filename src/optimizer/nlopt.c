/* nlopt.c: the methods that NLopt has. "Iterations" are gradients for methods that use them, values for the others:
 * NLopt does not report its own. Its working memory comes from malloc, not through base/alloc.h. */
#include <math.h>
#include <nlopt.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "optimizer/run.h"

/* What NLopt calls each method, the method in its place where bounds are set, and the parameter tolerance at which a
 * method without gradients is done (its value is then exact to about the square of it). */
typedef struct variant {
    nlopt_algorithm algorithm, bounded;
    double xtol;
    bool least_two; /* cannot do one dimension */
} variant;

static const variant variants[QN__METHOD_COUNT] = {
    [QN__METHOD_SLSQP] = {NLOPT_LD_SLSQP, NLOPT_LD_SLSQP, 0, false},
    [QN__METHOD_LBFGS] = {NLOPT_LD_LBFGS, NLOPT_LD_LBFGS, 0, false},
    [QN__METHOD_COBYLA] = {NLOPT_LN_COBYLA, NLOPT_LN_COBYLA, 1e-6, false},
    [QN__METHOD_BOBYQA] = {NLOPT_LN_BOBYQA, NLOPT_LN_BOBYQA, 1e-7, true},
    [QN__METHOD_NELDER_MEAD] = {NLOPT_LN_NELDERMEAD, NLOPT_LN_NELDERMEAD, 1e-8, false},
    [QN__METHOD_SBPLX] = {NLOPT_LN_SBPLX, NLOPT_LN_SBPLX, 1e-8, false},
    [QN__METHOD_NEWUOA] = {NLOPT_LN_NEWUOA, NLOPT_LN_NEWUOA_BOUND, 1e-7, true},
    [QN__METHOD_PRAXIS] = {NLOPT_LN_PRAXIS, NLOPT_LN_PRAXIS, 1e-7, false},
    [QN__METHOD_MMA] = {NLOPT_LD_MMA, NLOPT_LD_MMA, 0, false},
    [QN__METHOD_CCSAQ] = {NLOPT_LD_CCSAQ, NLOPT_LD_CCSAQ, 0, false},
    [QN__METHOD_TNEWTON] = {NLOPT_LD_TNEWTON_PRECOND_RESTART, NLOPT_LD_TNEWTON_PRECOND_RESTART, 0, false},
    [QN__METHOD_VAR_METRIC] = {NLOPT_LD_VAR2, NLOPT_LD_VAR2, 0, false},
    [QN__METHOD_DIRECT_L] = {NLOPT_GN_DIRECT_L, NLOPT_GN_DIRECT_L, 0, false},
    [QN__METHOD_ISRES] = {NLOPT_GN_ISRES, NLOPT_GN_ISRES, 0, false},
    [QN__METHOD_CRS2] = {NLOPT_GN_CRS2_LM, NLOPT_GN_CRS2_LM, 0, false},
    [QN__METHOD_ESCH] = {NLOPT_GN_ESCH, NLOPT_GN_ESCH, 0, false},
};

enum { MOST_RESTARTS = 5, STORED_VECTORS = 20 };

typedef struct bridge {
    qn__run *run;
    nlopt_opt opt;
} bridge;

/* The run is over. NLopt heeds force_stop between values, but some methods (COBYLA) never return on NaN: so a large
 * number. */
static double end(const bridge *b, unsigned n, double *grad)
{
    (void)nlopt_force_stop(b->opt);
    if (grad != NULL) {
        memset(grad, 0, n * sizeof *grad);
    }
    return 1e30;
}

static double evaluate(unsigned n, const double *x, double *grad, void *user)
{
    const bridge *b = user;
    qn__run *run = b->run;
    const bool with_gradient = (run->flags & QN_OPTIMIZER_NEEDS_GRADIENT) != 0;
    double value = 0;
    if (grad != NULL && n > run->n) {
        grad[run->n] = 0;
    }
    if (!qn__run_evaluate(run, x, &value, grad)) {
        return end(b, n, grad);
    }
    if (with_gradient == (grad != NULL) &&
        !qn__run_iterate(run, x, value, grad != NULL ? run->gradient_norm : (double)NAN)) {
        return end(b, n, grad);
    }
    return value;
}

static qn_status translate(qn__run *run, nlopt_opt opt, nlopt_result code)
{
    switch (code) {
    case NLOPT_FORCED_STOP:
        return QN_OK; /* the driver knows why */
    case NLOPT_OUT_OF_MEMORY:
        return QN_FAIL(ERR_MEMORY, "NLopt has no memory for %zu parameters", run->n);
    case NLOPT_INVALID_ARGS: {
        const char *text = nlopt_get_errmsg(opt);
        return QN_FAIL(ERR_ARGUMENT, "NLopt refuses: %s", text != NULL ? text : "invalid arguments");
    }
    case NLOPT_FAILURE: /* a line search that finds nothing lower: at the optimum, or on noise */
    case NLOPT_ROUNDOFF_LIMITED:
        qn__run_stop(run, QN_STOP_LIMITED);
        return QN_OK;
    default:
        qn__run_stop(run, QN_STOP_CONVERGED);
        return QN_OK;
    }
}

/* The first step along each parameter, inside its bounds (the interpolating methods want two steps between them). */
static void first_steps(const qn__run *run, size_t n, double *steps)
{
    const double wanted = run->options.step > 0 ? run->options.step : 0.5;
    for (size_t i = 0; i < n; i++) {
        double step = wanted;
        if (i < run->n && run->options.lower != NULL && run->options.upper != NULL) {
            const double width = run->options.upper[i] - run->options.lower[i];
            step = width > 0 && width / 4 < step ? width / 4 : step;
        }
        steps[i] = step;
    }
}

static qn_status configure(const qn__run *run, const variant *v, nlopt_opt opt, size_t n, double *scratch)
{
    const bool descent = (run->flags & QN_OPTIMIZER_NEEDS_GRADIENT) != 0;
    const bool global = (run->flags & QN_OPTIMIZER_GLOBAL) != 0;
    /* a search of the whole box pauses for long on one value: no tolerance unless asked */
    const double ftol = global && run->default_ftol ? 0 : run->options.ftol;
    nlopt_result code = nlopt_set_ftol_rel(opt, ftol);
    code = code < 0 ? code : nlopt_set_ftol_abs(opt, global ? 0 : run->ftol_absolute);
    code = code < 0 ? code : nlopt_set_xtol_abs1(opt, run->options.xtol > 0 ? run->options.xtol : v->xtol);
    code = code < 0 ? code : nlopt_set_vector_storage(opt, STORED_VECTORS);
    for (size_t side = 0; side < 2; side++) {
        const double *bounds = side == 0 ? run->options.lower : run->options.upper;
        if (bounds != NULL) {
            memcpy(scratch, bounds, run->n * sizeof *scratch);
            scratch[n - 1] = n > run->n ? (side == 0 ? -1.0 : 1.0) : scratch[n - 1];
            code = code < 0 ? code
                            : (side == 0 ? nlopt_set_lower_bounds(opt, scratch) : nlopt_set_upper_bounds(opt, scratch));
        }
    }
    if (!descent || run->options.step > 0) {
        first_steps(run, n, scratch);
        code = code < 0 ? code : nlopt_set_initial_step(opt, scratch);
    }
    QN_CHECK(code >= 0, ERR_ARGUMENT, "NLopt refuses an option (code %d)", (int)code);
    return QN_OK;
}

/* True when NLopt said it was done where the gradient of an exact value says otherwise (its issue 368: SLSQP stops
 * early on xtol, with success; 2.7.1 also gives up after a failed line search that a fresh start gets past). */
static bool stopped_early(const qn__run *run)
{
    if ((run->flags & QN_OPTIMIZER_NEEDS_GRADIENT) == 0 || run->objective->noise > 0 ||
        run->objective->gradient_noise > 0) {
        return false;
    }
    const bool own = run->default_ftol && run->options.xtol <= 0;
    const double tolerance = own ? 1e-6 : fmax(1e-4, sqrt(run->options.ftol));
    return run->gradient_norm > tolerance * fmax(1.0, fabs(run->best));
}

/* Where a fresh start gains nothing either, a badly scaled value has defeated the first line search (L-BFGS tries few
 * steps): goes downhill from the best point by halving, so that the next start has another scale. False: nothing lower,
 * or the run is over. */
static bool go_downhill(qn__run *run, double *x, double *grad)
{
    enum { MOST_STEPS = 10, MOST_HALVINGS = 60 };
    const size_t n = run->n;
    double value = 0, step = 0;
    bool lower = false;
    for (unsigned k = 0; k < MOST_STEPS; k++) {
        memcpy(x, run->best_x, n * sizeof *x);
        if (!qn__run_evaluate(run, x, &value, grad) || !qn__run_iterate(run, x, value, run->gradient_norm)) {
            return false;
        }
        step = k == 0 ? 1.0 / fmax(run->gradient_norm, 1.0) : 4.0 * step;
        const double before = run->best;
        for (unsigned halving = 0; halving < MOST_HALVINGS && !(run->best < before); halving++) {
            for (size_t i = 0; i < n; i++) {
                x[i] -= step * grad[i]; /* from the best point: x is put back below */
            }
            qn__run_clamp(run, x);
            if (!qn__run_evaluate(run, x, &value, NULL)) {
                return false;
            }
            memcpy(x, run->best_x, n * sizeof *x);
            step *= run->best < before ? 1.0 : 0.5;
        }
        if (!(run->best < before)) {
            break;
        }
        lower = true;
    }
    return lower;
}

qn_status qn__nlopt_run(qn__run *run)
{
    const variant *v = &variants[run->method];
    const bool bounds = run->options.lower != NULL || run->options.upper != NULL;
    const size_t n = v->least_two && run->n == 1 ? 2 : run->n; /* a second parameter that the value ignores */
    QN_CHECK(n <= 1u << 30, ERR_TOO_LARGE, "%zu parameters; NLopt takes at most 2^30", n);
    nlopt_opt opt = nlopt_create(bounds ? v->bounded : v->algorithm, (unsigned)n);
    QN_CHECK(opt != NULL, ERR_MEMORY, "NLopt has no memory for %zu parameters", n);
    double *x = qn__alloc(2 * n, sizeof *x);
    qn_status status = x != NULL ? QN_OK : QN_ERR_MEMORY;
    if (status != QN_OK) {
        goto cleanup;
    }
    bridge b = {run, opt};
    QN_TRY_CLEANUP(configure(run, v, opt, n, x + n));
    (void)nlopt_set_min_objective(opt, evaluate, &b);
    nlopt_srand((unsigned long)qn__random_derive(run->options.seed,
                                                 QN__METHOD_COUNT)); /* NLopt's generator is one per thread */

    x[n - 1] = 0;
    memcpy(x, run->x, run->n * sizeof *x);
    unsigned restarts = 0;
    for (;;) {
        double value = 0;
        const double before = run->best;
        (void)nlopt_set_force_stop(opt, 0);
        const nlopt_result code = nlopt_optimize(opt, x, &value);
        if (run->stopped) {
            break;
        }
        const bool done = code > 0 || code == NLOPT_ROUNDOFF_LIMITED || code == NLOPT_FAILURE;
        bool again = done && stopped_early(run) && restarts < MOST_RESTARTS;
        if (again && !(run->best < before)) {
            again = go_downhill(run, x, x + n);
        }
        if (!again) {
            QN_TRY_CLEANUP(run->stopped ? QN_OK : translate(run, opt, code));
            break;
        }
        restarts++;
        memcpy(x, run->best_x, run->n * sizeof *x);
    }
    if (restarts > 0) {
        qn__run_note(run, "restarted %u time%s from a point that was not yet flat", restarts, restarts == 1 ? "" : "s");
    }

cleanup:
    qn__free(x);
    nlopt_destroy(opt);
    return status;
}
