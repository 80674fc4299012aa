/* train_function.c: the matrix product state of a smooth function on a grid of 2^n points, from its values at few
 * points: multiscale interpolative construction (Lindsey, arXiv:2311.12554). On an interval of the dyadic tree the
 * function is a polynomial given by its values at Chebyshev points; those at the points of either half follow by a
 * fixed matrix. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "load/train.h"

/* Chebyshev-Lobatto points on [0, 1], rising. */
static double node(size_t count, size_t j)
{
    return 0.5 - 0.5 * cos(3.14159265358979323846 * (double)j / (double)(count - 1));
}

/* All Lagrange polynomials of these points at x, by barycentric weights +-1, half at the ends (Berrut, Trefethen 2004).
 */
static void lagrange(size_t count, double x, double *p)
{
    double sum = 0;
    for (size_t j = 0; j < count; j++) {
        const double off = x - node(count, j);
        if (off == 0) {
            memset(p, 0, count * sizeof *p);
            p[j] = 1;
            return;
        }
        p[j] = (j % 2 == 0 ? 1 : -1) * (j == 0 || j == count - 1 ? 0.5 : 1.0) / off;
        sum += p[j];
    }
    for (size_t j = 0; j < count; j++) {
        p[j] /= sum;
    }
}

/* Site k: bond alpha is a value at node alpha of the interval so far, beta one at a node of its half `bit`. */
static qn_status function_site(const qn_load_function *f, size_t nodes, uint32_t k, qn__train *train)
{
    const size_t left = train->bond[k], right = train->bond[k + 1];
    double *p = qn__alloc(nodes, sizeof *p);
    train->site[k] = qn__alloc(2 * right * left, sizeof **train->site);
    qn_status status = p != NULL && train->site[k] != NULL ? QN_OK : QN_ERR_MEMORY;
    for (size_t row = 0; status == QN_OK && row < 2 * right; row++) {
        const size_t bit = row / right;
        const double inner = right == 1 ? 0.0 : node(nodes, row % right), x = ((double)bit + inner) / 2;
        if (k == 0) {
            const double value = f->evaluate(f, x);
            status = isfinite(value) ? QN_OK : QN_FAIL(ERR_NAN, "the function is not finite at x = %g", x);
            train->site[k][row] = (qn_complex){value, 0};
            continue;
        }
        lagrange(nodes, x, p);
        for (size_t alpha = 0; alpha < left; alpha++) {
            train->site[k][row + 2 * right * alpha] = (qn_complex){p[alpha], 0};
        }
    }
    qn__free(p);
    return status;
}

/* The first site halves the interval: polynomials are asked to meet f on each half, and do so better further down. */
qn_status qn__train_function_error(const qn_load_function *f, size_t nodes, size_t samples, double *out)
{
    double *room = qn__alloc(3 * nodes, sizeof *room);
    QN_ALLOC_CHECK(room);
    double *p = room, *values[2] = {room + nodes, room + 2 * nodes}, off = 0, own = 0;
    for (size_t j = 0; j < nodes; j++) {
        values[0][j] = f->evaluate(f, node(nodes, j) / 2);
        values[1][j] = f->evaluate(f, (1 + node(nodes, j)) / 2);
    }
    for (size_t i = 0; i < samples; i++) {
        const double x = ((double)i + qn__random_uniform(2, 0, i)) / (double)samples, value = f->evaluate(f, x);
        const size_t half = x < 0.5 ? 0 : 1;
        double met = 0;
        lagrange(nodes, 2 * x - (double)half, p);
        for (size_t j = 0; j < nodes; j++) {
            met += p[j] * values[half][j];
        }
        off += (met - value) * (met - value);
        own += value * value;
    }
    qn__free(room);
    *out = own > 0 ? off / own : 0;
    return QN_OK;
}

qn_status qn__train_of_function(const qn_context *context, uint32_t n, const qn_load_function *f, size_t nodes,
                                const qn__train_cut *cut, qn__train *out)
{
    QN_TRY(qn__context_check_bytes(context, (uint64_t)n * 2 * nodes * nodes * sizeof(qn_complex),
                                   "the tensors of a function", ""));
    qn__train train;
    qn_status status = qn__train_start(n, &train);
    for (uint32_t k = 1; status == QN_OK && k < n; k++) {
        train.bond[k] = nodes;
    }
    for (uint32_t k = 0; status == QN_OK && k < n; k++) {
        status = function_site(f, nodes, k, &train);
    }
    status = status == QN_OK ? qn__train_cut_down(&train, cut) : status;
    if (status != QN_OK) {
        qn__train_free(&train);
        return status;
    }
    *out = train;
    return QN_OK;
}
