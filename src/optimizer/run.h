/* run.h: the driver that all methods share. A method asks it for values and reports iterations to it; the driver
 * counts, keeps the best point, and says when to stop. */
#ifndef QN_OPTIMIZER_RUN_H
#define QN_OPTIMIZER_RUN_H

#include <quern/optimizer.h>

typedef enum qn__method {
#define QN_OPTIMIZER(id, name, flags, run, summary) QN__METHOD_##id,
#include "optimizer/optimizers.def"
#undef QN_OPTIMIZER
    QN__METHOD_COUNT
} qn__method;

typedef struct qn__run {
    const qn_objective *objective;
    qn_optimizer_options options; /* with the limits and tolerances in force: defaults filled in */
    qn__method method;
    uint32_t flags;
    size_t n;
    double *best_x, *trial;   /* trial: the point moved by a finite difference */
    double *x;                /* the caller's, the start */
    double best, start_value; /* lowest value seen (infinity: none yet); value at the start (NaN: not taken) */
    double scale;             /* typical size of the value: |f(start)|, at least 10 noise; 1 when not measured */
    double ftol_absolute;     /* change of the value that counts as none; at least the noise */
    double fd_step;           /* 0: the objective has a gradient or none is needed */
    double started;           /* clock */
    uint64_t iterations, evaluations, gradients;
    double gradient_norm; /* of the last gradient, without components that push against a bound; NaN: none yet */
    bool default_ftol;    /* the caller gave none */
    bool stopped;         /* no more values are given */
    qn_stop_reason reason;
    qn_status status; /* what the objective's callback failed with */
    bool answered;    /* the method chose its answer (averaged iterates of a noisy run) */
    char note[160];
} qn__run;

typedef qn_status (*qn__method_fn)(qn__run *run);
#define QN_OPTIMIZER(id, name, flags, run, summary) qn_status run(qn__run *);
#include "optimizer/optimizers.def"
#undef QN_OPTIMIZER

/* Value at x and, when grad is not NULL, the gradient (by central differences if the objective has none). False: the
 * run is over; value and grad are then not to be used. */
bool qn__run_evaluate(qn__run *run, const double *x, double *value, double *grad);
/* One iteration done at x. False: the run is over. */
bool qn__run_iterate(qn__run *run, const double *x, double value, double gradient_norm);
/* Ends the run for this reason; the first reason stays. */
void qn__run_stop(qn__run *run, qn_stop_reason reason);
/* True when there is room for `count` more values under max_evaluations. */
bool qn__run_affords(const qn__run *run, uint64_t count);
/* Infinity norm of the gradient without the components that point out of the bounds at x. */
double qn__run_gradient_norm(const qn__run *run, const double *x, const double *grad);
void qn__run_clamp(const qn__run *run, double *x);
/* Adds a sentence to the note, while there is room. */
void qn__run_note(qn__run *run, const char *format, ...) QN_PRINTF(2, 3);
/* The change from `before` to `after` is within the value tolerances. */
bool qn__run_flat(const qn__run *run, double before, double after);
/* Takes x as the answer of a noisy run: the lowest of many noisy values is low by luck. Ignored when x is clearly
 * worse. */
void qn__run_answer(qn__run *run, const double *x, double value);
/* Iterations that the limits leave to a method that spends `cost` values an iteration and `fixed` besides. */
uint64_t qn__run_budget(const qn__run *run, uint64_t cost, uint64_t fixed);

#endif
