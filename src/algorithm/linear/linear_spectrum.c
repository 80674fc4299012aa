/* linear_spectrum.c: eigenvalues and eigenvectors of A, or of its Hermitian dilation, dense or by formula. */
#include <math.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "base/context.h"
#include "math/linalg.h"

static size_t size_of(const qn_linear_problem *p)
{
    return p->matrix->hermitian ? p->dimension : 2 * p->dimension;
}

qn_status qn__linear_spectrum_check(const qn_linear_problem *problem)
{
    QN_CHECK(problem->gridded || size_of(problem) <= QN__LINEAR_DENSE, ERR_TOO_LARGE,
             "the spectral tier needs all eigenvectors: up to dimension %d%s, or a matrix given by a formula (this "
             "one: %zu)",
             (int)QN__LINEAR_DENSE, problem->matrix->hermitian ? "" : " of the dilation, which is twice the matrix's",
             size_of(problem));
    return QN_OK;
}

double qn__linear_spectrum_bytes(const qn_linear_problem *problem)
{
    const double n = (double)size_of(problem), parts = problem->matrix->is_complex ? 2 : 1;
    return problem->gridded
               ? 3 * n * sizeof(double)
               : n * n * parts * sizeof(double) + (double)qn__linalg_scratch((uint64_t)n, problem->matrix->is_complex);
}

/* Eigenvectors of a dense Hermitian matrix; its lower triangle by columns is its conjugate's upper one by rows. */
static qn_status diagonalise(const qn_sparse *h, double alpha, double *vectors, double *lambda)
{
    const size_t n = h->rows, numbers = n * n * (h->is_complex ? 2 : 1);
    qn_sparse_to_dense(h, vectors);
    for (size_t i = 0; i < numbers; i++) {
        vectors[i] =
            (h->is_complex && i % 2 == 1 ? -1 : 1) * vectors[i] / alpha; /* rows of H are columns of its conjugate */
    }
    void *scratch = qn__alloc((size_t)qn__linalg_scratch(n, h->is_complex), 1);
    QN_ALLOC_CHECK(scratch);
    const qn_status status = h->is_complex
                                 ? qn__linalg_hermitian_eigen(n, (qn_complex *)(void *)vectors, lambda, scratch)
                                 : qn__linalg_symmetric_eigen(n, vectors, lambda, scratch);
    qn__free(scratch);
    return status;
}

qn_status qn__linear_spectrum_open(const qn_context *context, const qn_linear_problem *problem,
                                   qn__linear_spectrum *out)
{
    QN_TRY(qn__linear_spectrum_check(problem));
    QN_TRY(qn__context_check_bytes(context, (uint64_t)qn__linear_spectrum_bytes(problem), "the spectral tier",
                                   "the operator tier takes less"));
    const bool is_complex = problem->matrix->is_complex;
    qn__linear_spectrum s = {.context = context, .problem = problem, .dilated = !problem->matrix->hermitian};
    s.size = size_of(problem);
    s.width = s.size * (is_complex ? 2 : 1);
    qn_sparse *dilation = NULL;
    qn_status status = QN_OK;
    s.lambda = qn__alloc(s.size, sizeof *s.lambda);
    if (s.lambda == NULL) {
        return QN_ERR_MEMORY;
    }
    if (problem->gridded) {
        qn_grid_matrix_eigenvalues(&problem->grid, s.lambda);
        for (size_t i = 0; i < s.size; i++) {
            s.lambda[i] /= problem->alpha;
        }
    } else {
        s.vectors = qn__alloc(s.size * s.width, sizeof *s.vectors);
        if (s.vectors == NULL) {
            status = QN_ERR_MEMORY;
            goto cleanup;
        }
        if (s.dilated) {
            QN_TRY_CLEANUP(qn_sparse_dilation(problem->matrix, &dilation));
        }
        QN_TRY_CLEANUP(diagonalise(dilation != NULL ? dilation : problem->matrix, problem->alpha, s.vectors, s.lambda));
    }
    *out = s;
    s = (qn__linear_spectrum){0};
cleanup:
    qn_sparse_free(dilation);
    qn__linear_spectrum_close(&s);
    return status;
}

double qn__linear_state_error(double difference, double along, double exact)
{
    const double across = sqrt(fmax(0, difference - along * along / exact)), forward = exact + along;
    return 2 * sin(0.5 * atan2(across * sqrt(exact), forward)); /* the angle between them; a chord of it */
}

void qn__linear_spectrum_close(qn__linear_spectrum *spectrum)
{
    qn__free(spectrum->lambda);
    qn__free(spectrum->vectors);
    *spectrum = (qn__linear_spectrum){0};
}

/* beta_j = sum_i conj(v_ij) b_i; b fills the upper half of a dilation. */
qn_status qn__linear_spectrum_of_b(const qn__linear_spectrum *s, double *beta)
{
    const qn_linear_problem *const p = s->problem;
    if (s->vectors == NULL) {
        memcpy(beta, p->b, p->width * sizeof *beta);
        for (size_t i = 0; i < p->width; i++) {
            beta[i] /= p->b_norm;
        }
        return qn_grid_matrix_transform(s->context, &p->grid, beta);
    }
    for (size_t j = 0; j < s->size; j++) {
        const double *const v = s->vectors + j * s->width;
        double re = 0, im = 0;
        for (size_t i = 0; i < p->dimension; i++) {
            if (p->matrix->is_complex) {
                re += v[2 * i] * p->b[2 * i] + v[2 * i + 1] * p->b[2 * i + 1];
                im += v[2 * i] * p->b[2 * i + 1] - v[2 * i + 1] * p->b[2 * i];
            } else {
                re += v[i] * p->b[i];
            }
        }
        if (p->matrix->is_complex) {
            beta[2 * j] = re / p->b_norm;
            beta[2 * j + 1] = im / p->b_norm;
        } else {
            beta[j] = re / p->b_norm;
        }
    }
    return QN_OK;
}

qn_status qn__linear_spectrum_to_x(const qn__linear_spectrum *s, double *beta, double factor, double *x)
{
    const qn_linear_problem *const p = s->problem;
    if (s->vectors == NULL) {
        QN_TRY(qn_grid_matrix_transform(s->context, &p->grid, beta));
        for (size_t i = 0; i < p->width; i++) {
            x[i] = factor * beta[i];
        }
        return QN_OK;
    }
    const size_t first = s->dilated ? p->width : 0; /* x is the lower half */
    memset(x, 0, p->width * sizeof *x);
    for (size_t j = 0; j < s->size; j++) {
        const double *const v = s->vectors + j * s->width + first;
        for (size_t i = 0; i < p->dimension; i++) {
            if (p->matrix->is_complex) {
                x[2 * i] += factor * (v[2 * i] * beta[2 * j] - v[2 * i + 1] * beta[2 * j + 1]);
                x[2 * i + 1] += factor * (v[2 * i] * beta[2 * j + 1] + v[2 * i + 1] * beta[2 * j]);
            } else {
                x[i] += factor * v[i] * beta[j];
            }
        }
    }
    return QN_OK;
}
