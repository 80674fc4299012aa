/* exact.c: lowest eigenvalues of a Pauli sum: dense LAPACK for small sectors, thick-restart Lanczos for large ones.
 *
 * Every energy comes with ||H v - E v|| of its final vector, which bounds its distance from the spectrum (for Hermitian
 * H, some eigenvalue lies that near), plus what rounding in that product itself may hide: |fl(Hv) - Hv| <= (T + 4) u
 * sum |c|. */
#include <quern/exact.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/exact_matvec.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"
#include "math/lanczos.h"
#include "math/linalg.h"

enum { DENSE_DIMENSION = 512, MOST_QUBITS = 56, DEFAULT_PRODUCTS = 2000 };

/* Everything a solve holds. */
typedef struct solver {
    qn_context *context;
    qn_exact_options options; /* defaults filled in */
    qn_exact_method method;
    qn__exact_terms terms;
    qn__exact_sector sector;
    qn__exact_matvec matvec;
    uint32_t states;
    uint64_t fixed, sparse; /* bytes without, and at most more with, a sparse matrix */
    uint64_t products;
    double started, reported;
} solver;

static qn_status check_options(const qn_exact_options *options, qn_exact_options *out)
{
    const qn_exact_options plain = QN_EXACT_OPTIONS_INIT;
    *out = options != NULL ? *options : plain;
    QN_CHECK(out->size == sizeof *out, ERR_ARGUMENT, "options have size %u, expected %zu; use QN_EXACT_OPTIONS_INIT",
             out->size, sizeof *out);
    QN_CHECK(out->states >= 1, ERR_ARGUMENT, "0 states asked for; at least 1");
    QN_CHECK(out->nconstraints == 0 || out->constraints != NULL, ERR_ARGUMENT, "%zu constraints, but no list of them",
             out->nconstraints);
    QN_CHECK(isfinite(out->tolerance) && out->tolerance >= 0, ERR_ARGUMENT,
             "tolerance %g; expected 0 (default) or more", out->tolerance);
    QN_CHECK(out->method >= QN_EXACT_AUTO && out->method <= QN_EXACT_LANCZOS, ERR_ARGUMENT,
             "method %d is none of qn_exact_method", (int)out->method);
    out->tolerance = out->tolerance > 0 ? out->tolerance : 1e-10;
    out->max_products = out->max_products > 0 ? out->max_products : DEFAULT_PRODUCTS;
    return QN_OK;
}

/* Bytes of the dense method, the two vectors of the closing check included. */
static uint64_t dense_bytes(uint64_t dimension, bool is_real)
{
    const uint64_t scratch = qn__linalg_scratch(dimension, !is_real), width = is_real ? 1 : 2;
    return scratch == UINT64_MAX
               ? UINT64_MAX
               : (dimension * dimension * width + dimension + dimension * width) * sizeof(double) + scratch;
}

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Terms, sector and sizes; no memory but for the terms. */
static qn_status prepare(const qn_pauli_sum *hamiltonian, const qn_exact_options *options, solver *s)
{
    QN_CHECK(hamiltonian != NULL, ERR_ARGUMENT, "no Hamiltonian");
    QN_TRY(check_options(options, &s->options));
    const uint32_t n = qn_pauli_sum_qubits(hamiltonian);
    QN_CHECK(n <= MOST_QUBITS, ERR_TOO_LARGE,
             "%u qubits: vectors of 2^%u entries are beyond any machine; at most %d qubits", n, n, (int)MOST_QUBITS);
    QN_TRY(qn__exact_terms_create(hamiltonian, &s->terms));
    QN_TRY(qn__exact_sector_count(hamiltonian, s->options.constraints, s->options.nconstraints, &s->sector));
    const uint64_t dimension = s->sector.dimension;
    s->states = s->options.states < dimension ? s->options.states : (uint32_t)dimension;
    s->method = s->options.method != QN_EXACT_AUTO ? s->options.method
                : dimension <= DENSE_DIMENSION     ? QN_EXACT_DENSE
                                                   : QN_EXACT_LANCZOS;
    const bool dense = s->method == QN_EXACT_DENSE;
    s->fixed =
        dense ? dense_bytes(dimension, s->terms.is_real) : qn__lanczos_bytes(dimension, !s->terms.is_real, s->states);
    s->fixed = add(s->fixed, s->terms.bytes + qn__exact_sector_bytes(&s->sector));
    s->fixed = add(s->fixed, qn__exact_matvec_bytes(&s->terms, &s->sector));
    s->fixed = add(s->fixed, sizeof(qn_exact_result) + 2 * (uint64_t)s->states * sizeof(double));
    s->sparse = dense ? 0 : qn__exact_matvec_sparse_bytes(&s->terms, &s->sector);
    return QN_OK;
}

static void release(solver *s)
{
    qn__exact_matvec_release(&s->matvec);
    qn__exact_sector_release(&s->sector);
    qn__exact_terms_release(&s->terms);
}

qn_status qn_exact_bytes_needed(const qn_pauli_sum *hamiltonian, const qn_exact_options *options, uint64_t *bytes)
{
    solver s;
    memset(&s, 0, sizeof s);
    const qn_status status = prepare(hamiltonian, options, &s);
    if (status == QN_OK) {
        *bytes = add(s.fixed, s.sparse);
    }
    release(&s);
    return status;
}

/* The dense matrix, a[row + dimension * column], re and im pairs when complex. */
static void fill_dense(const solver *s, double *a)
{
    const uint64_t dimension = s->sector.dimension;
    const size_t width = s->terms.is_real ? 1 : 2;
    memset(a, 0, dimension * dimension * width * sizeof *a);
    for (uint64_t row = 0; row < dimension; row++) {
        const uint64_t state = qn__exact_sector_state(&s->sector, row);
        for (size_t g = 0; g < s->terms.groups; g++) {
            const uint64_t column = qn__exact_sector_rank(&s->sector, state ^ s->terms.x[g]);
            if (column != UINT64_MAX) {
                const qn_complex h = qn__exact_terms_entry(&s->terms, g, state);
                a[(row + dimension * column) * width] = h.re;
                if (width == 2) {
                    a[(row + dimension * column) * width + 1] = h.im;
                }
            }
        }
    }
}

static qn_status solve_dense(solver *s, qn_exact_result *result)
{
    const uint64_t dimension = s->sector.dimension;
    const size_t width = s->terms.is_real ? 1 : 2;
    const uint64_t scratch = qn__linalg_scratch(dimension, width == 2);
    QN_CHECK(scratch != UINT64_MAX, ERR_TOO_LARGE,
             "a dense matrix of dimension %llu is beyond LAPACK here; use Lanczos", (unsigned long long)dimension);
    double *a = qn__alloc(dimension * dimension * width + dimension + dimension * width, sizeof *a);
    QN_ALLOC_CHECK(a);
    qn_status status = QN_OK;
    double *values = a + dimension * dimension * width, *product = values + dimension;
    void *memory = qn__alloc((size_t)scratch, 1);
    if (memory == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    fill_dense(s, a);
    if (width == 1) {
        QN_TRY_CLEANUP(qn__linalg_symmetric_eigen(dimension, a, values, memory));
    } else {
        QN_TRY_CLEANUP(qn__linalg_hermitian_eigen(dimension, (qn_complex *)(void *)a, values, memory));
    }
    for (uint32_t k = 0; k < s->states; k++) {
        const double *v = a + k * dimension * width;
        double residual = 0, norm = 0;
        qn__exact_matvec_apply(&s->matvec, v, product);
        s->products++;
        for (uint64_t i = 0; i < dimension * width; i++) {
            const double d = product[i] - values[k] * v[i];
            residual += d * d;
            norm += v[i] * v[i];
        }
        result->energies[k] = values[k];
        result->residual_bounds[k] = sqrt(residual / norm);
    }
    result->converged = true;
cleanup:
    qn__free(memory);
    qn__free(a);
    return status;
}

static qn_status multiply(void *user, const double *x, double *y)
{
    const solver *s = user;
    qn__exact_matvec_apply(&s->matvec, x, y);
    return QN_OK;
}

static bool proceed(void *user, uint64_t products, double value)
{
    solver *s = user;
    const qn_progress progress = {"exact",  products, s->options.max_products,
                                  products, value,    qn__clock() - s->started};
    qn__context_progress(s->context, &progress, &s->reported, false);
    return !qn_context_interrupted(s->context);
}

static qn_status solve_lanczos(solver *s, qn_exact_result *result)
{
    qn__lanczos_problem problem = {.dimension = s->sector.dimension,
                                   .is_complex = !s->terms.is_real,
                                   .wanted = s->states,
                                   .threads = qn_context_threads(s->context),
                                   .tolerance = 0.5 * s->options.tolerance * s->terms.spread,
                                   .norm = s->terms.one_norm,
                                   .max_products = s->options.max_products,
                                   .seed = s->options.seed,
                                   .guess = UINT64_MAX,
                                   .multiply = multiply,
                                   .proceed = proceed,
                                   .user = s};
    if (s->options.guess != NULL) {
        problem.guess = qn__exact_sector_rank(&s->sector, s->options.guess[0]);
    }
    qn__lanczos_outcome outcome = {0, false, false};
    QN_TRY(qn__lanczos_solve(&problem, result->energies, result->residual_bounds, NULL, &outcome));
    s->products = outcome.products;
    result->converged = outcome.converged;
    result->interrupted = outcome.interrupted;
    /* stopped so early that some states have no vector yet */
    while (result->states > 0 && isnan(result->energies[result->states - 1])) {
        result->states--;
    }
    return QN_OK;
}

static qn_status check_guess(const solver *s)
{
    if (s->options.guess == NULL) {
        return QN_OK;
    }
    const uint64_t guess = s->options.guess[0];
    const uint32_t n = s->sector.nqubits;
    QN_CHECK(guess >> n == 0 && qn__exact_sector_rank(&s->sector, guess) != UINT64_MAX, ERR_ARGUMENT,
             "the guessed basis state 0x%llx is not one of the %u-qubit sector", (unsigned long long)guess, n);
    return QN_OK;
}

static qn_status result_create(const solver *s, qn_exact_result **out)
{
    qn_exact_result *result = qn__calloc(1, sizeof *result);
    QN_ALLOC_CHECK(result);
    result->energies = qn__alloc(2 * (size_t)s->states, sizeof *result->energies);
    if (result->energies == NULL) {
        qn__free(result);
        return QN_ERR_MEMORY;
    }
    result->residual_bounds = result->energies + s->states;
    result->states = s->states;
    result->method = s->method;
    result->dimension = s->sector.dimension;
    *out = result;
    return QN_OK;
}

/* Refuses before anything large is allocated. */
static qn_status check_memory(const solver *s)
{
    char what[80], advice[96];
    (void)snprintf(what, sizeof what, "an exact solution in dimension %llu", (unsigned long long)s->sector.dimension);
    (void)snprintf(advice, sizeof advice, "%s",
                   s->method == QN_EXACT_DENSE && s->sector.dimension > DENSE_DIMENSION
                       ? "Lanczos takes less"
                       : "constrain the search to a sector");
    return qn__context_check_bytes(s->context, s->fixed, what, advice);
}

qn_status qn_exact_solve(qn_context *context, const qn_pauli_sum *hamiltonian, const qn_exact_options *options,
                         qn_exact_result **out)
{
    QN_CHECK(context != NULL && out != NULL, ERR_ARGUMENT, "qn_exact_solve: context and out are needed");
    solver s;
    memset(&s, 0, sizeof s);
    s.context = context;
    s.started = qn__clock();
    qn_status status = QN_OK;
    qn_exact_result *result = NULL;
    QN_TRY_CLEANUP(prepare(hamiltonian, options, &s));
    QN_TRY_CLEANUP(check_memory(&s));
    QN_TRY_CLEANUP(qn__exact_sector_list(&s.sector, s.options.constraints, s.options.nconstraints));
    QN_TRY_CLEANUP(check_guess(&s));
    const uint64_t limit = qn_context_memory_limit(context);
    const uint64_t spare = limit > s.fixed ? limit - s.fixed : 0;
    uint64_t matvec = 0;
    QN_TRY_CLEANUP(
        qn__exact_matvec_build(&s.matvec, &s.terms, &s.sector, s.sparse < spare ? s.sparse : spare, context, &matvec));
    QN_TRY_CLEANUP(result_create(&s, &result));
    QN_TRY_CLEANUP(s.method == QN_EXACT_DENSE ? solve_dense(&s, result) : solve_lanczos(&s, result));

    const double rounding = (double)(s.terms.terms + 4) * DBL_EPSILON * s.terms.one_norm;
    for (uint32_t k = 0; k < result->states; k++) {
        result->residual_bounds[k] += rounding;
        result->converged = result->converged && result->residual_bounds[k] <= s.options.tolerance * s.terms.spread;
    }
    result->products = s.products;
    result->seconds = qn__clock() - s.started;
    result->bytes = s.fixed - qn__exact_matvec_bytes(&s.terms, &s.sector) + matvec;
    *out = result;
    result = NULL;
cleanup:
    qn_exact_result_free(result);
    release(&s);
    return status;
}

void qn_exact_result_free(qn_exact_result *result)
{
    if (result != NULL) {
        qn__free(result->energies);
        qn__free(result);
    }
}
