/* sparse_factors_body.h: one sparse factorisation through CXSparse; included once for real and once for complex
 * numbers. The includer defines FACTOR(name) for our names, CS(name) for CXSparse's and NUMBER for an entry. */

typedef struct FACTOR(factors) {
    qn_sparse_method method;
    CS(s) * symbolic;
    CS(n) * numeric;
} FACTOR(factors);

static void FACTOR(release)(FACTOR(factors) * f)
{
    (void)CS(_sfree)(f->symbolic);
    (void)CS(_nfree)(f->numeric);
    f->symbolic = NULL;
    f->numeric = NULL;
}

/* The columns of A are the rows of its transpose, whose arrays are lent; cs_long_t is a signed 64-bit integer. */
static const char *FACTOR(make)(const qn_sparse *transpose, cs_long_t *index, uint64_t limit, FACTOR(factors) * f)
{
    const cs_long_t n = (cs_long_t)transpose->rows;
    CS()
    a = {.nzmax = (cs_long_t)transpose->nonzeros,
         .m = n,
         .n = n,
         .p = (cs_long_t *)(void *)transpose->start,
         .i = index,
         .x = (NUMBER *)(void *)transpose->value,
         .nz = -1};
    if (f->method == QN_SPARSE_CHOLESKY) {
        f->symbolic = CS(_schol)(1, &a);
        if (f->symbolic != NULL) {
            double work = 0;
            for (cs_long_t c = 0; c < n; c++) {
                const double entries = (double)(f->symbolic->cp[c + 1] - f->symbolic->cp[c]);
                work += entries * entries;
            }
            if (f->symbolic->lnz * (double)(sizeof(NUMBER) + sizeof(cs_long_t)) > (double)limit || work > MOST_WORK) {
                return "its factor would take too long or too much memory";
            }
            f->numeric = CS(_chol)(&a, f->symbolic);
        }
        return f->numeric != NULL ? NULL : "the matrix is not positive definite";
    }
    if (f->method == QN_SPARSE_QR) {
        f->symbolic = CS(_sqr)(3, &a, 1);
        if (f->symbolic != NULL && f->symbolic->m2 > n) {
            return "the matrix is singular";
        }
        f->numeric = f->symbolic != NULL ? CS(_qr)(&a, f->symbolic) : NULL;
        return f->numeric != NULL ? NULL : "no memory for the factors";
    }
    f->symbolic = CS(_sqr)(transpose->hermitian ? 1 : 2, &a, 0);
    f->numeric = f->symbolic != NULL ? CS(_lu)(&a, f->symbolic, transpose->hermitian ? 1e-3 : 1.0) : NULL;
    return f->numeric != NULL ? NULL : "the matrix is singular";
}

static void FACTOR(apply)(const FACTOR(factors) * f, size_t size, bool adjoint, const NUMBER *b, NUMBER *x, NUMBER *w)
{
    const cs_long_t n = (cs_long_t)size;
    const CS(s) *const s = f->symbolic;
    const CS(n) *const q = f->numeric;
    if (f->method == QN_SPARSE_CHOLESKY) {
        (void)CS(_ipvec)(s->pinv, b, w, n);
        (void)CS(_lsolve)(q->L, w);
        (void)CS(_ltsolve)(q->L, w);
        (void)CS(_pvec)(s->pinv, w, x, n);
    } else if (f->method == QN_SPARSE_QR) {
        (void)CS(_ipvec)(s->pinv, b, w, n);
        for (cs_long_t k = 0; k < n; k++) {
            (void)CS(_happly)(q->L, k, q->B[k], w);
        }
        (void)CS(_usolve)(q->U, w);
        (void)CS(_ipvec)(s->q, w, x, n);
    } else if (!adjoint) {
        (void)CS(_ipvec)(q->pinv, b, w, n);
        (void)CS(_lsolve)(q->L, w);
        (void)CS(_usolve)(q->U, w);
        (void)CS(_ipvec)(s->q, w, x, n);
    } else {
        (void)CS(_pvec)(s->q, b, w, n);
        (void)CS(_utsolve)(q->U, w);
        (void)CS(_ltsolve)(q->L, w);
        (void)CS(_pvec)(q->pinv, w, x, n);
    }
}
