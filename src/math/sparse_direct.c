/* sparse_direct.c: Cholesky, LU and QR of sparse matrices through CXSparse (T. Davis, Direct Methods for Sparse Linear
 * Systems, SIAM 2006), with orderings that keep the factors sparse. */
#include "math/sparse.h"

#include <complex.h>

#include <cs.h>

#include "base/alloc.h"

/* Multiplications of a Cholesky factorisation that are still done: some minutes. */
static const double MOST_WORK = 1.5e11;

#define NUMBER double
#define CS(name) cs_dl##name
#define FACTOR(name) real_##name
#include "math/sparse_factors_body.h"
#undef NUMBER
#undef CS
#undef FACTOR
#define NUMBER cs_complex_t
#define CS(name) cs_cl##name
#define FACTOR(name) complex_##name
#include "math/sparse_factors_body.h"
#undef NUMBER
#undef CS
#undef FACTOR

struct qn__sparse_factors {
    size_t size;
    bool is_complex;
    real_factors reals;
    complex_factors complexes;
};

_Static_assert(sizeof(cs_long_t) == sizeof(uint64_t), "row starts are lent to CXSparse as they are");

void qn__sparse_factors_free(qn__sparse_factors *factors)
{
    if (factors != NULL) {
        real_release(&factors->reals);
        complex_release(&factors->complexes);
        qn__free(factors);
    }
}

uint64_t qn__sparse_factors_entries(const qn__sparse_factors *factors)
{
    cs_long_t entries = 0;
    if (factors->is_complex) {
        const cs_cl *const l = factors->complexes.numeric->L, *const u = factors->complexes.numeric->U;
        entries = l->p[l->n] + (u != NULL ? u->p[u->n] : 0);
    } else {
        const cs_dl *const l = factors->reals.numeric->L, *const u = factors->reals.numeric->U;
        entries = l->p[l->n] + (u != NULL ? u->p[u->n] : 0);
    }
    return (uint64_t)entries;
}

qn_status qn__sparse_factor(const qn_sparse *matrix, qn_sparse_method method, uint64_t limit, qn__sparse_factors **out,
                            const char **remark)
{
    QN_CHECK(matrix->rows == matrix->columns, ERR_SHAPE, "a matrix of %zu x %zu; expected a square one", matrix->rows,
             matrix->columns);
    *out = NULL;
    *remark = "";
    if (method == QN_SPARSE_CHOLESKY && !matrix->hermitian) {
        *remark = "the matrix is not Hermitian";
        return QN_OK;
    }
    qn_sparse *transpose = NULL;
    QN_TRY(qn_sparse_transpose(matrix, &transpose));
    qn__sparse_factors *factors = qn__calloc(1, sizeof *factors);
    cs_long_t *index = qn__alloc(matrix->nonzeros, sizeof *index);
    qn_status status = QN_ERR_MEMORY;
    if (factors != NULL && index != NULL) {
        status = QN_OK;
        for (size_t e = 0; e < matrix->nonzeros; e++) {
            index[e] = transpose->column[e];
        }
        factors->size = matrix->rows;
        factors->is_complex = matrix->is_complex;
        factors->reals.method = factors->complexes.method = method;
        const char *const trouble = matrix->is_complex ? complex_make(transpose, index, limit, &factors->complexes)
                                                       : real_make(transpose, index, limit, &factors->reals);
        if (trouble != NULL) {
            *remark = trouble;
        } else {
            *out = factors;
            factors = NULL;
        }
    }
    qn__free(index);
    qn__sparse_factors_free(factors);
    qn_sparse_free(transpose);
    return status;
}

void qn__sparse_factors_apply(const qn__sparse_factors *factors, bool adjoint, const double *b, double *x,
                              double *scratch)
{
    if (factors->is_complex) {
        complex_apply(&factors->complexes, factors->size, adjoint, (const cs_complex_t *)(const void *)b,
                      (cs_complex_t *)(void *)x, (cs_complex_t *)(void *)scratch);
    } else {
        real_apply(&factors->reals, factors->size, adjoint, b, x, scratch);
    }
}
