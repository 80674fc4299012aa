/* linear_problem.c: A x = b with all that every method must know of it. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"

static qn_status copy_b(const qn_linear_problem *p, const double *b, bool b_complex, double *out, double *norm)
{
    double scale = 0, sum = 0;
    for (size_t i = 0; i < p->dimension; i++) {
        const double re = b == NULL ? 1 : b[b_complex ? 2 * i : i], im = b != NULL && b_complex ? b[2 * i + 1] : 0;
        QN_CHECK(isfinite(re) && isfinite(im), ERR_NAN, "entry %zu of the right-hand side is not finite", i + 1);
        out[p->matrix->is_complex ? 2 * i : i] = re;
        if (p->matrix->is_complex) {
            out[2 * i + 1] = im;
        }
        scale = fmax(scale, fmax(fabs(re), fabs(im)));
    }
    QN_CHECK(scale > 0, ERR_ARGUMENT, "the right-hand side is zero; so is the solution");
    for (size_t i = 0; i < p->width; i++) {
        sum += out[i] / scale * (out[i] / scale);
    }
    *norm = scale * sqrt(sum);
    QN_CHECK(isfinite(*norm), ERR_NAN, "the norm of the right-hand side overflows");
    return QN_OK;
}

/* Spectrum, then alpha and kappa. */
static qn_status judge(const qn_context *context, qn_linear_problem *p, const qn_linear_problem_options *options)
{
    QN_TRY(p->gridded ? qn_grid_matrix_singular_values(&p->grid, &p->values)
                      : qn_sparse_singular_values(context, p->matrix, options->seed, &p->values));
    QN_CHECK(!p->values.interrupted, ERR_INTERRUPTED, "interrupted while the condition number was found");
    const double largest = p->values.largest + p->values.largest_error;
    QN_CHECK(isfinite(largest), ERR_NUMERIC, "the norm of the matrix passes the largest double, about 1.8e308");
    QN_CHECK(largest > 0, ERR_NUMERIC, "the matrix is zero: A x = b has no solution");
    QN_CHECK(p->cutoff > 0 || p->values.smallest > p->values.smallest_error || !p->values.complete, ERR_NUMERIC,
             "the matrix is singular to working precision (singular values from %.3g +- %.1g to %.6g): A x = b has no "
             "or many solutions; hhl with a cut-off (--method hhl --cutoff K) solves its well-conditioned part",
             p->values.smallest, p->values.smallest_error, p->values.largest);
    QN_CHECK(p->values.complete || options->kappa > 0 || p->cutoff > 0, ERR_NUMERIC,
             "the condition number is at least %.3g, but its size could not be found (%s); give one with --kappa",
             p->values.condition_least, p->values.method);
    p->kappa_given = options->kappa > 0;
    p->condition = p->kappa_given ? options->kappa : p->values.condition;
    QN_CHECK(!p->kappa_given || options->kappa >= p->values.condition_least * (1 - 1e-9), ERR_RANGE,
             "condition number %.6g was given, but the matrix has at least %.6g", options->kappa,
             p->values.condition_least);
    QN_CHECK(!(options->alpha > 0) || options->alpha >= largest * (1 - 1e-12), ERR_RANGE,
             "alpha %.6g is under the norm of the matrix, %.6g: no block-encoding has it", options->alpha, largest);
    p->alpha = options->alpha > 0 ? fmax(options->alpha, largest) : largest;
    p->kappa = fmax(1, (p->cutoff > 0 ? p->cutoff : p->condition) * (p->alpha / largest));
    return QN_OK;
}

static qn_status check(const qn_sparse *matrix, const qn_linear_problem_options *options)
{
    QN_CHECK(options->size == sizeof *options, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_LINEAR_PROBLEM_OPTIONS_INIT", options->size, sizeof *options);
    QN_CHECK(matrix->rows == matrix->columns, ERR_SHAPE,
             "a matrix of %zu x %zu; a system of equations needs a square one", matrix->rows, matrix->columns);
    QN_CHECK(isfinite(options->kappa) && isfinite(options->alpha) && options->alpha >= 0 &&
                 (options->kappa >= 1 || fpclassify(options->kappa) == FP_ZERO),
             ERR_RANGE, "condition number %g, alpha %g; expected 0 (found out), or at least 1 and a positive number",
             options->kappa, options->alpha);
    QN_CHECK(isfinite(options->cutoff) && (options->cutoff >= 1 || fpclassify(options->cutoff) == FP_ZERO), ERR_RANGE,
             "cut-off condition number %g; expected at least 1, or 0 for none", options->cutoff);
    QN_CHECK(!(options->cutoff > 0 && options->kappa > 0), ERR_ARGUMENT,
             "a condition number was given and a cut-off: one of them says what is solved");
    QN_CHECK(options->grid == NULL || qn_grid_matrix_dimension(options->grid) == matrix->rows, ERR_SHAPE,
             "the formula is of dimension %zu, the matrix of %zu",
             options->grid != NULL ? qn_grid_matrix_dimension(options->grid) : 0, matrix->rows);
    return QN_OK;
}

qn_status qn_linear_problem_create(const qn_context *context, const qn_sparse *matrix, const double *b, bool b_complex,
                                   const qn_linear_problem_options *options, qn_linear_problem **out)
{
    const qn_linear_problem_options plain = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    QN_CHECK(context != NULL && matrix != NULL && out != NULL, ERR_ARGUMENT,
             "a context, a matrix and a place are needed");
    options = options != NULL ? options : &plain;
    QN_TRY(check(matrix, options));
    qn_linear_problem *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    qn_status status = QN_OK;
    p->matrix = matrix;
    p->dimension = matrix->rows;
    p->cutoff = options->cutoff;
    if (b != NULL && b_complex && !matrix->is_complex) {
        QN_TRY_CLEANUP(qn_sparse_to_complex(matrix, &p->owned_matrix));
        p->matrix = p->owned_matrix;
    }
    p->width = p->dimension * (p->matrix->is_complex ? 2 : 1);
    p->adjoint = p->matrix;
    if (!matrix->hermitian) {
        QN_TRY_CLEANUP(qn_sparse_adjoint(p->matrix, &p->owned_adjoint));
        p->adjoint = p->owned_adjoint;
    }
    p->gridded = options->grid != NULL && !p->matrix->is_complex;
    if (p->gridded) {
        p->grid = *options->grid;
    }
    p->b = qn__alloc(p->width, sizeof *p->b);
    if (p->b == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(copy_b(p, b, b != NULL && b_complex, p->b, &p->b_norm));
    QN_TRY_CLEANUP(qn_sparse_measure(p->matrix, &p->norms));
    QN_TRY_CLEANUP(judge(context, p, options));
    *out = p;
    p = NULL;
cleanup:
    qn_linear_problem_free(p);
    return status;
}

void qn_linear_problem_free(qn_linear_problem *problem)
{
    if (problem != NULL) {
        qn_sparse_free(problem->owned_matrix);
        qn_sparse_free(problem->owned_adjoint);
        qn__free(problem->b);
        qn__free(problem);
    }
}
