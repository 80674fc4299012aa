/* product.c: a whole matrix product by quantum means, with its books: alpha, runs, errors. */
#include <math.h>
#include <string.h>

#include "algorithm/attention/product.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"

static const char *const names[] = {"product", "swap", "hadamard", "estimate"};
enum { METHODS = sizeof names / sizeof names[0] };

const char *qn_product_method_name(qn_product_method method)
{
    return (unsigned)method < METHODS ? names[method] : NULL;
}

qn_status qn_product_method_from_name(const char *name, qn_product_method *out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "a name and a place for the method");
    for (unsigned k = 0; k < METHODS; k++) {
        if (strcmp(name, names[k]) == 0) {
            *out = (qn_product_method)k;
            return QN_OK;
        }
    }
    return QN_FAIL(ERR_NAME, "no product method '%s': product, swap, hadamard, estimate", name);
}

void qn_product_free(qn_product *product)
{
    if (product != NULL) {
        qn__free(product->quantum);
        qn__free(product->exact);
        qn__free(product);
    }
}

static qn_status check(const double *a, const double *b, size_t rows, size_t inner, size_t columns,
                       const qn_product_options *options)
{
    QN_CHECK(rows > 0 && inner > 0 && columns > 0, ERR_SHAPE, "a product of %zu x %zu and %zu x %zu", rows, inner,
             inner, columns);
    QN_CHECK(rows <= 1u << 20 && inner <= 1u << 20 && columns <= 1u << 20, ERR_TOO_LARGE,
             "a product of %zu x %zu and %zu x %zu; at most 2^20 each", rows, inner, inner, columns);
    for (size_t k = 0; k < rows * inner; k++) {
        QN_CHECK(isfinite(a[k]), ERR_NAN, "entry %zu, %zu of the first matrix is %g", k / inner, k % inner, a[k]);
    }
    for (size_t k = 0; k < inner * columns; k++) {
        QN_CHECK(isfinite(b[k]), ERR_NAN, "entry %zu, %zu of the second matrix is %g", k / columns, k % columns, b[k]);
    }
    QN_CHECK((unsigned)options->method < METHODS, ERR_ARGUMENT, "no product method %d", (int)options->method);
    QN_CHECK(options->epsilon > 0 && options->epsilon < 1, ERR_RANGE, "epsilon is %g; above 0 and below 1",
             options->epsilon);
    QN_CHECK(!options->gate || options->method != QN_PRODUCT_STATE, ERR_ARGUMENT,
             "method product has no circuit of its own here; its block-encodings are checked by themselves");
    return QN_OK;
}

static double norm_of(const double *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += x[i] * x[i];
    }
    return sqrt(sum);
}

/* Squares of products of entries are summed: they must neither overflow nor vanish. */
static qn_status check_scale(const char *name, const double *x, size_t count)
{
    static const double least = 1e-60, most = 1e60;
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs(x[i]));
    }
    QN_CHECK(largest <= 0 || (largest >= least && largest <= most), ERR_RANGE,
             "the largest entry of %s is %g in size; expected %g to %g: scale the matrix", name, largest, least, most);
    return QN_OK;
}

static qn_status prepare(qn__product_job *job)
{
    qn_product *const p = job->out;
    QN_TRY(check_scale("A", job->a, p->rows * p->inner));
    QN_TRY(check_scale("B", job->b, p->inner * p->columns));
    job->b_columns = qn__alloc(p->columns * p->inner, sizeof(double));
    job->row_norms = qn__alloc(p->rows, sizeof(double));
    job->column_norms = qn__alloc(p->columns, sizeof(double));
    p->quantum = qn__calloc(p->rows * p->columns, sizeof(double));
    p->exact = qn__calloc(p->rows * p->columns, sizeof(double));
    QN_CHECK(job->b_columns != NULL && job->row_norms != NULL && job->column_norms != NULL && p->quantum != NULL &&
                 p->exact != NULL,
             ERR_MEMORY, "no memory for a product of %zu x %zu", p->rows, p->columns);
    for (size_t k = 0; k < p->inner; k++) {
        for (size_t j = 0; j < p->columns; j++) {
            job->b_columns[j * p->inner + k] = job->b[k * p->columns + j];
        }
    }
    for (size_t i = 0; i < p->rows; i++) {
        job->row_norms[i] = norm_of(job->a + i * p->inner, p->inner);
    }
    for (size_t j = 0; j < p->columns; j++) {
        job->column_norms[j] = norm_of(job->b_columns + j * p->inner, p->inner);
    }
    p->alpha_a = norm_of(job->row_norms, p->rows);
    p->alpha_b = norm_of(job->column_norms, p->columns);
    return QN_OK;
}

static void measure_errors(qn__product_job *job)
{
    qn_product *const p = job->out;
    double off = 0, squares = 0;
    p->error_largest = 0;
    for (size_t i = 0; i < p->rows; i++) {
        for (size_t j = 0; j < p->columns; j++) {
            const double c = p->exact[i * p->columns + j], scale = job->row_norms[i] * job->column_norms[j];
            const double error = p->quantum[i * p->columns + j] - (p->method == QN_PRODUCT_SWAP ? fabs(c) : c);
            off += error * error;
            const double scaled = scale > 0 ? fabs(error) / scale : 0;
            squares += scaled * scaled;
            p->error_largest = fmax(p->error_largest, scaled);
        }
    }
    p->error_frobenius = sqrt(off) / p->norm;
    p->error_rms = sqrt(squares / ((double)p->rows * (double)p->columns));
}

static qn_status carry_out(qn__product_job *job)
{
    qn_product *const p = job->out;
    QN_TRY(prepare(job));
    QN_TRY(qn__product_rival(job));
    p->norm = norm_of(p->exact, p->rows * p->columns);
    QN_CHECK(p->norm > 0, ERR_ARGUMENT, "the product is zero: no state stands for it");
    const double start = qn__clock();
    QN_TRY(p->method == QN_PRODUCT_STATE ? qn__product_state(job) : qn__product_entries(job));
    p->simulator_seconds = qn__clock() - start;
    measure_errors(job);
    return qn__product_check(job);
}

qn_status qn_product_run(qn_context *context, const double *a, const double *b, size_t rows, size_t inner,
                         size_t columns, const qn_product_options *options, qn_product **out)
{
    QN_CHECK(context != NULL && a != NULL && b != NULL && out != NULL, ERR_ARGUMENT,
             "a context, two matrices and a place for the result");
    qn_product_options wanted = QN_PRODUCT_OPTIONS_INIT;
    wanted = options != NULL ? *options : wanted;
    wanted.epsilon = wanted.epsilon == 0 ? 0.01 : wanted.epsilon;
    QN_TRY(check(a, b, rows, inner, columns, &wanted));
    const uint64_t numbers = (uint64_t)rows * columns * 5 + (uint64_t)inner * columns;
    QN_TRY(qn__context_check_bytes(context, numbers * sizeof(double), "a matrix product", ""));
    qn_product *product = qn__calloc(1, sizeof *product);
    QN_ALLOC_CHECK(product);
    product->rows = rows;
    product->inner = inner;
    product->columns = columns;
    product->method = wanted.method;
    product->epsilon = wanted.epsilon;
    qn__product_job job = {.context = context, .a = a, .b = b, .options = &wanted, .out = product};
    const qn_status status = carry_out(&job);
    qn__free(job.b_columns);
    qn__free(job.row_norms);
    qn__free(job.column_norms);
    if (status == QN_OK) {
        *out = product;
    } else {
        qn_product_free(product);
    }
    return status;
}
