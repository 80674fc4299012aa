/* sparse_solve.c: one square system by one classical method, timed, with the residual recomputed. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "math/sparse_iterative.h"
#include "math/vectors.h"

static const char *const names[] = {"CG", "MINRES", "LSQR", "sparse Cholesky", "sparse LU", "sparse QR"};
enum { METHODS = sizeof names / sizeof names[0] };

const char *qn_sparse_method_name(qn_sparse_method method)
{
    return (unsigned)method < METHODS ? names[method] : NULL;
}

static qn_status check(const qn_sparse *matrix, const double *b, const qn_sparse_solve_options *options)
{
    QN_CHECK(matrix->rows == matrix->columns, ERR_SHAPE, "a matrix of %zu x %zu; expected a square one", matrix->rows,
             matrix->columns);
    QN_CHECK(options->size == sizeof *options, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_SPARSE_SOLVE_OPTIONS_INIT", options->size, sizeof *options);
    QN_CHECK((unsigned)options->method < METHODS, ERR_ARGUMENT, "method %d is none of qn_sparse_method",
             (int)options->method);
    QN_CHECK(isfinite(options->tolerance) && options->tolerance >= 0, ERR_ARGUMENT,
             "tolerance %g; expected 0 (default) or more", options->tolerance);
    for (size_t i = 0; i < qn__sparse_width(matrix); i++) {
        QN_CHECK(isfinite(b[i]), ERR_NAN, "entry %zu of the right-hand side is not finite",
                 matrix->is_complex ? i / 2 : i);
    }
    return QN_OK;
}

static qn_status solve_directly(const qn_context *context, const qn_sparse *matrix, const double *b,
                                qn_sparse_method method, double *x, double *work, qn_sparse_outcome *outcome)
{
    qn__sparse_factors *factors = NULL;
    QN_TRY(qn__sparse_factor(matrix, method, qn_context_memory_limit(context) / 2, &factors, &outcome->remark));
    if (factors != NULL) {
        outcome->factor_entries = qn__sparse_factors_entries(factors);
        qn__sparse_factors_apply(factors, false, b, x, work);
        outcome->converged = true;
    }
    qn__sparse_factors_free(factors);
    return QN_OK;
}

static qn_status iterate(const qn_context *context, const qn_sparse *matrix, const double *b,
                         const qn_sparse_solve_options *options, double *x, qn__iteration *it)
{
    if (options->method != QN_SPARSE_LSQR && !matrix->hermitian) {
        it->outcome->remark = "the matrix is not Hermitian";
        return QN_OK;
    }
    qn_sparse *adjoint = NULL;
    if (options->method == QN_SPARSE_LSQR && !matrix->hermitian) {
        QN_TRY(qn_sparse_adjoint(matrix, &adjoint));
    }
    it->context = context;
    it->matrix = matrix;
    it->adjoint = adjoint != NULL ? adjoint : matrix;
    it->b = b;
    it->x = x;
    it->tolerance = options->tolerance > 0 ? options->tolerance : 1e-10;
    it->most = options->max_iterations > 0 ? options->max_iterations : 20 * (uint64_t)matrix->rows + 1000;
    it->history = options->history;
    it->history_capacity = options->history != NULL ? options->history_capacity : 0;
    void (*const run)(qn__iteration *) = options->method == QN_SPARSE_CG       ? qn__iterate_cg
                                         : options->method == QN_SPARSE_MINRES ? qn__iterate_minres
                                                                               : qn__iterate_lsqr;
    run(it);
    qn_sparse_free(adjoint);
    return QN_OK;
}

qn_status qn_sparse_solve(const qn_context *context, const qn_sparse *matrix, const double *b,
                          const qn_sparse_solve_options *options, double *x, qn_sparse_outcome *out)
{
    QN_CHECK(context != NULL && matrix != NULL && b != NULL && options != NULL && x != NULL && out != NULL,
             ERR_ARGUMENT, "qn_sparse_solve: every argument is needed");
    QN_TRY(check(matrix, b, options));
    const size_t width = qn__sparse_width(matrix);
    const uint32_t threads = qn_context_threads(context);
    const bool direct = options->method >= QN_SPARSE_CHOLESKY;
    double *work = qn__alloc((direct ? 1 : QN__ITERATION_VECTORS) * width, sizeof *work);
    double *scratch = qn__alloc(qn__vectors_scratch(width, 1), sizeof *scratch);
    double *solution = qn__calloc(width, sizeof *solution);
    qn_status status = QN_ERR_MEMORY;
    qn_sparse_outcome outcome = {.remark = ""};
    const double started = qn__clock();
    if (work == NULL || scratch == NULL || solution == NULL) {
        goto cleanup;
    }
    qn__iteration it = {
        .width = width, .threads = threads, .work = work, .scratch = scratch, .outcome = &outcome, .started = started};
    it.b_norm = sqrt(qn__vectors_norm2(b, width, scratch, threads));
    if (!(it.b_norm > 0)) {
        status = QN_FAIL(ERR_ARGUMENT, "the right-hand side is zero; so is the solution");
        goto cleanup;
    }
    QN_TRY_CLEANUP(direct ? solve_directly(context, matrix, b, options->method, solution, work, &outcome)
                          : iterate(context, matrix, b, options, solution, &it));
    outcome.seconds = qn__clock() - started;
    qn_sparse_multiply(context, matrix, solution, work);
    qn__vectors_subtract(work, 1, b, width, threads);
    outcome.residual = sqrt(qn__vectors_norm2(work, width, scratch, threads)) / it.b_norm;
    if (!isfinite(outcome.residual)) {
        outcome.converged = false;
        outcome.remark = "the matrix is singular to working precision";
    }
    memcpy(x, solution, width * sizeof *x);
    *out = outcome;
cleanup:
    qn__free(work);
    qn__free(scratch);
    qn__free(solution);
    return status;
}
