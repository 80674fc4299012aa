/* optimizer.h: minimisation of a function of real parameters; one table, one interface. */
#ifndef QUERN_OPTIMIZER_H
#define QUERN_OPTIMIZER_H

#include <quern/context.h>

QN_BEGIN_DECLS

/** What is minimised. A callback that fails ends the run and its status is returned; QN_ERR_INTERRUPTED alone ends it
 * as an interruption, with the best so far. All callbacks are called from the calling thread, in an order that depends
 * on nothing but the options. */
typedef struct qn_objective {
    uint32_t size;
    size_t dimension;
    void *user;
    /* value, and the gradient when grad is not NULL */
    qn_status (*evaluate)(void *user, const double *x, double *value, double *grad);
    bool has_gradient;
    double noise;          /* standard error of value; 0: exact */
    double gradient_noise; /* standard error of one gradient component; 0: exact */
    bool sinusoidal;       /* along each coordinate: a + b sin(x + c), as Rotosolve needs */
    /* optional: metric tensor (dimension^2, row-major) for the natural gradient */
    qn_status (*metric)(void *user, const double *x, double *metric);
    /* optional: |<psi(a)|psi(b)>|^2 for QN-SPSA */
    qn_status (*fidelity)(void *user, const double *a, const double *b, double *fidelity);
} qn_objective;
#define QN_OBJECTIVE_INIT                                                                                              \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_objective), 0, NULL, NULL, false, 0.0, 0.0, false, NULL, NULL                              \
    }

typedef enum qn_optimizer_flags {
    QN_OPTIMIZER_NEEDS_GRADIENT = 1,
    QN_OPTIMIZER_ASSUMES_EXACT = 2, /* line searches or models that a noisy value misleads */
    QN_OPTIMIZER_STOCHASTIC = 4,    /* draws random numbers */
    QN_OPTIMIZER_GLOBAL = 8,        /* needs finite bounds */
    QN_OPTIMIZER_NEEDS_METRIC = 16,
    QN_OPTIMIZER_NEEDS_FIDELITY = 32,
    QN_OPTIMIZER_NEEDS_SINUSOID = 64
} qn_optimizer_flags;
typedef struct qn_optimizer_info {
    const char *name, *summary;
    uint32_t flags;
} qn_optimizer_info;
QN_API size_t qn_optimizer_count(void);
QN_API const qn_optimizer_info *qn_optimizer_describe(size_t index); /* static */
/** Errors: QN_ERR_NAME with the nearest name. */
QN_API QN_MUST_USE qn_status qn_optimizer_find(const char *name, const qn_optimizer_info **out);

typedef struct qn_optimizer_step {
    uint64_t iteration, evaluations;
    double value;         /* at this iterate */
    double best;          /* so far */
    double gradient_norm; /* NaN when no gradient was taken */
    const double *x;      /* this iterate, borrowed */
} qn_optimizer_step;

typedef struct qn_optimizer_options {
    uint32_t size;
    const char *method;       /* NULL: "slsqp"; "adam" for a noisy objective */
    uint64_t max_iterations;  /* 0: no limit */
    uint64_t max_evaluations; /* 0: no limit */
    double max_seconds;       /* 0: no limit; a run ended by it is not reproducible */
    double ftol;              /* relative change of the value; 0: the method's default (1e-12 exact) */
    double xtol;              /* absolute change of each parameter; 0: default */
    double gtol;              /* infinity norm of the gradient; 0: default */
    double step;              /* first step or learning rate; 0: the method's default */
    double fd_step; /* when the objective has no gradient and the method needs one; 0: 1e-6 or the noise-optimal step */
    const double *lower, *upper; /* dimension entries or NULL */
    uint64_t seed;
    void (*callback)(void *user, const qn_optimizer_step *step); /* once an iteration; may be NULL */
    void *callback_user;
    const volatile int *interrupt; /* may be NULL */
} qn_optimizer_options;
#define QN_OPTIMIZER_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_optimizer_options), NULL, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, NULL, NULL, 0, NULL, NULL,   \
            NULL                                                                                                       \
    }

typedef enum qn_stop_reason {
    QN_STOP_CONVERGED = 0, /* a tolerance was met */
    QN_STOP_LIMITED = 1,   /* no further progress in floating point; the point is usually optimal */
    QN_STOP_ITERATIONS = 2,
    QN_STOP_EVALUATIONS = 3,
    QN_STOP_SECONDS = 4,
    QN_STOP_INTERRUPTED = 5,
    QN_STOP_NOT_FINITE = 6 /* the objective gave NaN or infinity */
} qn_stop_reason;
QN_API const char *qn_stop_reason_text(qn_stop_reason reason);

typedef struct qn_optimizer_result {
    double value; /* best seen, at the returned x */
    uint64_t iterations, evaluations, gradients;
    bool converged;
    qn_stop_reason reason;
    double gradient_norm; /* at the last gradient taken; NaN: none */
    char note[160];       /* what was adapted, for example a tolerance raised to the noise; empty when nothing */
} qn_optimizer_result;

/** Minimise from x, which becomes the best point seen. Not converging is a result, not an error.
 *  Errors: QN_ERR_NAME (method), QN_ERR_ARGUMENT (missing metric, bounds, …), QN_ERR_NOISE (noise contract: a
 * finite-difference step is below the noise floor; the message names step, noise and what to use instead), the
 * callback's own. */
QN_API QN_MUST_USE qn_status qn_minimize(const qn_objective *objective, const qn_optimizer_options *options, double *x,
                                         qn_optimizer_result *result);

QN_END_DECLS
#endif
