/* descent.c: steps against a direction made of the gradient. On exact values a step that does not lower the value
 * enough (Armijo 1966) is halved, and the rate grows again slowly; on noisy values, and with momentum, the rate is
 * fixed. */
#include "optimizer/descent.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { FLAT_STEPS = 3, MOST_HALVINGS = 50 };

typedef struct state {
    double *x, *grad, *next, *next_grad, *direction, *velocity;
    double value, rate;
    unsigned flat; /* steps in a row that changed the value by no more than the tolerance */
} state;

/* Moves to the next point; false: the run is over. */
static bool move(qn__run *run, const qn__descent *how, state *s)
{
    const size_t n = run->n;
    const bool search = run->objective->noise <= 0 && run->objective->gradient_noise <= 0 && how->momentum == 0;
    double after = 0;
    for (unsigned halving = 0;; halving++) {
        for (size_t i = 0; i < n; i++) {
            const double push = -s->rate * s->direction[i];
            s->next[i] = s->x[i] + push + how->momentum * s->velocity[i];
        }
        qn__run_clamp(run, s->next);
        if (!qn__run_evaluate(run, s->next, &after, s->next_grad)) {
            return false;
        }
        double slope = 0; /* of the value along the move, negative downhill */
        for (size_t i = 0; i < n; i++) {
            slope += s->grad[i] * (s->next[i] - s->x[i]);
        }
        if (!search || after <= s->value + 1e-4 * slope) {
            s->rate *= search && halving == 0 ? 1.25 : 1.0;
            break;
        }
        if (halving == MOST_HALVINGS) {
            qn__run_stop(run, QN_STOP_LIMITED);
            return false;
        }
        s->rate *= 0.5;
    }
    for (size_t i = 0; i < n; i++) {
        s->velocity[i] = s->next[i] - s->x[i];
    }
    const bool flat = run->objective->noise <= 0 && qn__run_flat(run, s->value, after);
    s->flat = flat ? s->flat + 1 : 0;
    s->value = after;
    double *x = s->x, *grad = s->grad;
    s->x = s->next;
    s->grad = s->next_grad;
    s->next = x;
    s->next_grad = grad;
    return true;
}

static bool small_move(const qn__run *run, const state *s)
{
    double largest = 0;
    for (size_t i = 0; i < run->n; i++) {
        largest = fmax(largest, fabs(s->velocity[i]));
    }
    return largest <= run->options.xtol; /* 0 by default: only when nothing moved at all */
}

qn_status qn__descent_run(qn__run *run, const qn__descent *how)
{
    const size_t n = run->n;
    double *memory = qn__calloc(6 * n, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    state s = {memory,
               memory + n,
               memory + 2 * n,
               memory + 3 * n,
               memory + 4 * n,
               memory + 5 * n,
               0.0,
               run->options.step > 0 ? run->options.step : how->rate,
               0};
    qn_status status = QN_OK;
    memcpy(s.x, run->x, n * sizeof *s.x);
    if (!qn__run_evaluate(run, s.x, &s.value, s.grad)) {
        goto cleanup;
    }
    if (run->gradient_norm <= run->options.gtol) {
        qn__run_stop(run, QN_STOP_CONVERGED);
    }
    while (!run->stopped) {
        memcpy(s.direction, s.grad, n * sizeof *s.grad);
        if (how->precondition != NULL) {
            QN_TRY_CLEANUP(how->precondition(how->user, s.x, s.grad, s.direction));
        }
        if (!move(run, how, &s) || !qn__run_iterate(run, s.x, s.value, run->gradient_norm)) {
            break;
        }
        if (s.flat >= FLAT_STEPS || small_move(run, &s)) {
            qn__run_stop(run, QN_STOP_CONVERGED);
        }
    }
cleanup:
    qn__free(memory);
    return status;
}
