/* linsolve_input.c: matrices, right-hand sides and read-outs of `quern linsolve`, and its classical rivals. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linsolve.h"
#include "output.h"

qn_status cli_linsolve_refuse(cli_linsolve *job, qn_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fprintf(stderr, "quern: error: ");
    (void)vfprintf(stderr, format, arguments);
    (void)fprintf(stderr, "\n");
    va_end(arguments);
    job->told = true;
    return status;
}

static qn_status read_sparse(const char *path, qn_sparse **out)
{
    char *text = NULL;
    size_t length = 0;
    qn_status status = qn_file_read(path, 0, &text, &length);
    if (status == QN_OK) {
        status = qn_read_matrix(text, length, strcmp(path, "-") == 0 ? "standard input" : path, out);
    }
    qn_text_free(text);
    return status;
}

/* graph:FILE or graph:FILE:shift=S. */
static qn_status read_graph(const char *text, cli_linsolve *job)
{
    char path[4096];
    double shift = 0;
    const char *const option = strstr(text, ":shift=");
    const size_t length = option != NULL ? (size_t)(option - text) : strlen(text);
    char *end = NULL;
    if (option != NULL) {
        shift = strtod(option + 7, &end);
    }
    if (length >= sizeof path || (option != NULL && (end == option + 7 || *end != '\0'))) {
        return cli_linsolve_refuse(job, QN_ERR_ARGUMENT, "'graph:%s': expected graph:FILE or graph:FILE:shift=NUMBER",
                                   text);
    }
    memcpy(path, text, length);
    path[length] = '\0';
    qn_sparse *adjacency = NULL;
    qn_status status = read_sparse(path, &adjacency);
    if (status == QN_OK) {
        status = qn_sparse_graph_laplacian(adjacency, shift, &job->matrix);
    }
    qn_sparse_free(adjacency);
    return status;
}

qn_status cli_linsolve_read_matrix(const char *text, cli_linsolve *job)
{
    job->matrix_name = text;
    if (strncmp(text, "graph:", 6) == 0) {
        return read_graph(text + 6, job);
    }
    FILE *const probe = fopen(text, "rb");
    if (probe != NULL) {
        (void)fclose(probe);
    }
    /* "laplacan2d:4x4" is a misspelt formula, not a file that is missing */
    const bool formula = qn_grid_matrix_named(text) || (probe == NULL && errno == ENOENT && strchr(text, ':') != NULL);
    if (!formula) {
        return read_sparse(text, &job->matrix);
    }
    qn_status status = qn_grid_matrix_parse(text, &job->grid);
    job->gridded = status == QN_OK;
    return status;
}

qn_status cli_linsolve_read_b(const char *path, cli_linsolve *job)
{
    job->b_name = path;
    char *text = NULL;
    size_t length = 0;
    qn_sparse *column = NULL;
    qn_status status = qn_file_read(path, 0, &text, &length);
    if (status == QN_OK && length >= 2 && memcmp(text, "%%", 2) == 0) {
        status = qn_read_matrix(text, length, path, &column);
        if (status == QN_OK) {
            status = qn_array_create(column->rows, column->columns, column->is_complex, &job->b);
        }
        if (status == QN_OK) {
            qn_sparse_to_dense(column, job->b->data);
        }
    } else if (status == QN_OK) {
        status = qn_array_parse(path, text, length, &job->b);
    }
    qn_sparse_free(column);
    qn_text_free(text);
    const size_t wanted = job->matrix->rows;
    if (status == QN_OK && (job->b->rows * job->b->columns != wanted || (job->b->rows != 1 && job->b->columns != 1))) {
        return cli_linsolve_refuse(job, QN_ERR_SHAPE, "%s: a right-hand side of %zu x %zu; expected %zu x 1", path,
                                   job->b->rows, job->b->columns, wanted);
    }
    return status;
}

static bool read_count(const char *text, uint64_t *out)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    *out = value;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && value > 0;
}

qn_status cli_linsolve_read_readout(const char *text, cli_linsolve *job)
{
    job->readout_text = text;
    uint64_t count = 0;
    if (strcmp(text, "vector") == 0) {
        job->readout.kind = QN_READOUT_VECTOR;
    } else if (strncmp(text, "samples:", 8) == 0 && read_count(text + 8, &count)) {
        job->readout.kind = QN_READOUT_SAMPLES;
        job->readout.shots = count;
    } else if (strncmp(text, "top:", 4) == 0 && read_count(text + 4, &count)) {
        job->readout.kind = QN_READOUT_TOP;
        job->readout.top = count;
    } else if (strncmp(text, "scalar:", 7) == 0 && text[7] != '\0') {
        job->readout.kind = QN_READOUT_SCALAR;
        const qn_status status = read_sparse(text + 7, &job->observable);
        job->readout.observable = job->observable;
        return status;
    } else {
        return cli_linsolve_refuse(job, QN_ERR_ARGUMENT,
                                   "--readout '%s': expected vector, samples:N, top:K or scalar:FILE", text);
    }
    return QN_OK;
}

/* Which rivals are worth running: those that fit the matrix, and of the slow ones only small cases unless all are asked
 * for. */
static size_t choose_rivals(const cli_linsolve *job, bool all, qn_sparse_method out[CLI_RIVALS])
{
    const qn_sparse *const m = job->problem->matrix;
    const bool small = m->rows <= 200000;
    size_t count = 0;
    if (m->hermitian) {
        out[count++] = QN_SPARSE_CG;
        if (all || m->rows <= 20000) {
            out[count++] = QN_SPARSE_MINRES;
        }
    }
    if (all || !m->hermitian) {
        out[count++] = QN_SPARSE_LSQR;
    }
    if (m->hermitian && (all || small)) {
        out[count++] = QN_SPARSE_CHOLESKY;
    }
    if (all || (small && !m->hermitian) || m->rows <= 2000) {
        out[count++] = QN_SPARSE_LU;
    }
    if (all) {
        out[count++] = QN_SPARSE_QR;
    }
    return count;
}

/* With a cut-off: the same part of x from all eigenvectors; solvers of the whole system answer another question. */
static qn_status race_filtered(const qn_context *context, double *x, cli_linsolve *job)
{
    cli_rival *const rival = &job->rivals[0];
    rival->name = "eigenvectors, filtered";
    const qn_status status = qn_linear_solve_filtered(context, job->problem, x, NULL, &rival->outcome);
    if (status == QN_OK) {
        job->nrivals = 1;
        job->best = rival;
    }
    return status;
}

/* A residual of epsilon / kappa promises an error of epsilon of x, as the quantum solver does. */
qn_status cli_linsolve_race(const qn_context *context, bool all, cli_linsolve *job)
{
    qn_sparse_method methods[CLI_RIVALS];
    const bool filtered = job->problem->cutoff > 0;
    const size_t count = filtered ? 1 : choose_rivals(job, all, methods);
    qn_status status = QN_OK;
    job->rivals = calloc(count, sizeof *job->rivals);
    double *x = malloc(job->problem->width * sizeof *x);
    if (job->rivals == NULL || x == NULL) {
        free(x);
        return cli_linsolve_refuse(job, QN_ERR_MEMORY, "out of memory");
    }
    if (filtered) {
        status = race_filtered(context, x, job);
    }
    for (size_t k = 0; !filtered && k < count && status == QN_OK && !qn_context_interrupted(context); k++) {
        cli_rival *const rival = &job->rivals[k];
        qn_sparse_solve_options options = QN_SPARSE_SOLVE_OPTIONS_INIT;
        options.method = methods[k];
        rival->name = qn_sparse_method_name(methods[k]);
        rival->tolerance = options.tolerance = fmax(job->options.epsilon / job->problem->condition, 1e-13);
        options.max_iterations = methods[k] == QN_SPARSE_LSQR ? 50000 : 0;
        options.history = rival->history;
        options.history_capacity = CLI_HISTORY;
        status = qn_sparse_solve(context, job->problem->matrix, job->problem->b, &options, x, &rival->outcome);
        job->nrivals = k + 1;
        if (status == QN_OK && rival->outcome.converged && rival->outcome.residual < 1e3 * rival->tolerance + 1e-10 &&
            (job->best == NULL || rival->outcome.seconds < job->best->outcome.seconds)) {
            job->best = rival;
        }
    }
    free(x);
    return status;
}

void cli_linsolve_free(cli_linsolve *job)
{
    qn_block_encoding_free(job->encoding);
    free(job->contestants);
    free(job->rivals);
    qn_readout_result_free(job->read);
    qn_linear_result_free(job->result);
    qn_linear_problem_free(job->problem);
    qn_array_free(job->b);
    qn_sparse_free(job->matrix);
    qn_sparse_free(job->observable);
}
