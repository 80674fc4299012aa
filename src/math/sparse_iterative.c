/* sparse_iterative.c: conjugate gradients, MINRES and LSQR. */
#include "math/sparse_iterative.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/context.h"
#include "math/vectors.h"

static double dot(const qn__iteration *it, const double *a, const double *b)
{
    return qn__vectors_dot(a, b, it->width, it->scratch, it->threads);
}

static double norm(const qn__iteration *it, const double *a)
{
    return sqrt(dot(it, a, a));
}

static void add(const qn__iteration *it, double *y, double factor, const double *x)
{
    qn__vectors_subtract(y, -factor, x, it->width, it->threads);
}

bool qn__iteration_step(qn__iteration *it, double residual)
{
    qn_sparse_outcome *const outcome = it->outcome;
    outcome->iterations++;
    if (outcome->history_count < it->history_capacity) {
        it->history[outcome->history_count++] = residual;
    }
    const qn_progress progress = {"classical solver", outcome->iterations,      0, outcome->iterations,
                                  residual,           qn__clock() - it->started};
    qn__context_progress(it->context, &progress, &it->reported, false);
    outcome->interrupted = qn_context_interrupted(it->context);
    outcome->converged = residual <= it->tolerance;
    return outcome->converged || outcome->interrupted || outcome->iterations >= it->most || !isfinite(residual);
}

/* Hestenes, Stiefel, J. Res. NBS 49, 409 (1952). */
void qn__iterate_cg(qn__iteration *it)
{
    const size_t width = it->width;
    double *r = it->work, *p = r + width, *q = p + width;
    memcpy(r, it->b, width * sizeof *r);
    memcpy(p, r, width * sizeof *r);
    double rr = dot(it, r, r);
    for (;;) {
        qn_sparse_multiply(it->context, it->matrix, p, q);
        const double curvature = dot(it, p, q);
        if (!(curvature > 0)) {
            it->outcome->remark = "the matrix is not positive definite";
            return;
        }
        const double alpha = rr / curvature;
        add(it, it->x, alpha, p);
        add(it, r, -alpha, q);
        const double next = dot(it, r, r), beta = next / rr;
        rr = next;
        if (qn__iteration_step(it, sqrt(rr) / it->b_norm)) {
            return;
        }
        qn__vectors_scale(p, beta, width, it->threads);
        add(it, p, 1, r);
    }
}

/* Paige, Saunders, SIAM J. Numer. Anal. 12, 617 (1975): Lanczos with the QR factorisation of the tridiagonal matrix
 * updated column by column; phi is the residual's norm. */
void qn__iterate_minres(qn__iteration *it)
{
    const size_t width = it->width;
    double *v_old = it->work, *v = v_old + width, *v_new = v + width, *w_old = v_new + width, *w = w_old + width,
           *w_new = w + width;
    memset(it->work, 0, 6 * width * sizeof *v);
    memcpy(v, it->b, width * sizeof *v);
    qn__vectors_scale(v, 1 / it->b_norm, width, it->threads);
    double beta = 0, c = 1, c_old = 1, s = 0, s_old = 0, phi = it->b_norm;
    for (;;) {
        qn_sparse_multiply(it->context, it->matrix, v, v_new);
        const double alpha = dot(it, v, v_new);
        const double beta_new = sqrt(qn__vectors_recur(v_new, alpha, v, beta, v_old, width, it->scratch, it->threads));
        const double delta = c * alpha - c_old * s * beta, rho1 = hypot(delta, beta_new);
        const double rho2 = s * alpha + c_old * c * beta, rho3 = s_old * beta;
        if (!(rho1 > 0)) {
            it->outcome->remark = "the matrix is singular";
            return;
        }
        c_old = c;
        s_old = s;
        c = delta / rho1;
        s = beta_new / rho1;
        memcpy(w_new, v, width * sizeof *w);
        add(it, w_new, -rho3, w_old);
        add(it, w_new, -rho2, w);
        qn__vectors_scale(w_new, 1 / rho1, width, it->threads);
        add(it, it->x, c * phi, w_new);
        phi *= -s;
        double *const w_free = w_old, *const v_free = v_old;
        w_old = w;
        w = w_new;
        w_new = w_free;
        if (qn__iteration_step(it, fabs(phi) / it->b_norm)) {
            return;
        }
        if (!(beta_new > 0)) {
            it->outcome->remark = "the right-hand side is not in the range of the matrix";
            return;
        }
        qn__vectors_scale(v_new, 1 / beta_new, width, it->threads);
        beta = beta_new;
        v_old = v;
        v = v_new;
        v_new = v_free;
    }
}

/* Paige, Saunders, ACM TOMS 8, 43 (1982). */
void qn__iterate_lsqr(qn__iteration *it)
{
    const size_t width = it->width;
    double *u = it->work, *v = u + width, *w = v + width, *next = w + width;
    memcpy(u, it->b, width * sizeof *u);
    double beta = it->b_norm;
    qn__vectors_scale(u, 1 / beta, width, it->threads);
    qn_sparse_multiply(it->context, it->adjoint, u, v);
    double alpha = norm(it, v);
    if (!(alpha > 0)) {
        it->outcome->remark = "the right-hand side is orthogonal to the range of the matrix";
        return;
    }
    qn__vectors_scale(v, 1 / alpha, width, it->threads);
    memcpy(w, v, width * sizeof *w);
    double phi_bar = beta, rho_bar = alpha;
    for (;;) {
        qn_sparse_multiply(it->context, it->matrix, v, next);
        add(it, next, -alpha, u);
        beta = norm(it, next);
        if (beta > 0) {
            qn__vectors_scale(next, 1 / beta, width, it->threads);
        }
        double *const free_u = u;
        u = next;
        next = free_u;
        qn_sparse_multiply(it->context, it->adjoint, u, next);
        add(it, next, -beta, v);
        alpha = norm(it, next);
        if (alpha > 0) {
            qn__vectors_scale(next, 1 / alpha, width, it->threads);
        }
        double *const free_v = v;
        v = next;
        next = free_v;
        const double rho = hypot(rho_bar, beta), c = rho_bar / rho, s = beta / rho, theta = s * alpha;
        rho_bar = -c * alpha;
        const double phi = c * phi_bar;
        phi_bar *= s;
        add(it, it->x, phi / rho, w);
        qn__vectors_scale(w, -theta / rho, width, it->threads);
        add(it, w, 1, v);
        if (qn__iteration_step(it, fabs(phi_bar) / it->b_norm) || !(alpha > 0)) {
            return;
        }
    }
}
