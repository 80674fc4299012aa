/* gradient.c: the adjoint gradient (Jones and Gacon, arXiv:2009.02823): |bra> = sum_o w_o H_o |psi>, then the circuit
 * is undone on both states (adjoint.c). Two states, however many parameters. */
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"
#include "engine/statevector/adjoint.h"
#include "engine/statevector/rows.h"

typedef struct gradients {
    const double *theta, *weights;
    double *values, *grad;
} gradients;

static qn_status gradient_row(qn__sv_program *p, size_t row, void *job)
{
    const gradients *g = job;
    const double *theta = g->theta + row * p->nsymbols, *weights = g->weights + row * p->nobservables;
    double *values = g->values == NULL ? NULL : g->values + row * p->nobservables, *grad = g->grad + row * p->nsymbols;
    static const double one[1] = {1.0};
    double scale = 1.0;
    qn__sv_bind(p, theta);
    qn__sv_forward(p);
    if (p->nobservables == 1) { /* <psi|H|psi> comes for one product of states */
        qn__sv_apply_observables(p, one);
        if (values != NULL) {
            values[0] = p->identity[0] + qn__sv_inner(p, p->bra, p->state);
        }
        scale = weights[0];
    } else {
        if (values != NULL) {
            qn__sv_expect_state(p, values);
        }
        qn__sv_apply_observables(p, weights);
    }
    memset(grad, 0, p->nsymbols * sizeof *grad);
    qn__sv_sweep_back(p, scale, grad);
    return QN_OK;
}

static void gradient_batch(qn__sv_batch *batch, size_t first, size_t count, void *job)
{
    const gradients *g = job;
    const qn__sv_program *p = batch->program;
    qn__sv_batch_gradient(batch, g->theta + first * p->nsymbols, count, g->weights + first * p->nobservables,
                          g->values == NULL ? NULL : g->values + first * p->nobservables,
                          g->grad + first * p->nsymbols);
}

qn_status qn__sv_gradient(void *program, const double *theta, size_t rows, const double *weights, double *values,
                          double *grad)
{
    qn__sv_program *p = program;
    if (p->bra == NULL) {
        const uint64_t bytes = p->blocks * p->kernels->lanes * 2 * p->kernels->real_size;
        QN_TRY(qn__context_check_bytes(p->context, bytes, "the second state of a gradient", ""));
        p->bra = qn__sv_state_create(p);
        QN_ALLOC_CHECK(p->bra);
    }
    if (p->backward == NULL) {
        QN_TRY(qn__sv_backward_create(p));
    }
    gradients job = {theta, weights, values, grad};
    size_t done = 0;
    QN_TRY(qn__sv_each_batch(p, rows, true, gradient_batch, &job, &done));
    return qn__sv_each_row(p, done, rows, true, gradient_row, &job);
}
