/* sparse_grid.c: matrices given by a formula, whose eigenvectors are products of sines: grid Laplacians and symmetric
 * tridiagonal Toeplitz matrices. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/suggest.h"
#include "math/fft.h"
#include "math/sparse.h"

static const double pi = 3.14159265358979323846;

static const struct {
    const char *name;
    uint32_t axes;
} kinds[] = {{"laplacian1d", 1}, {"laplacian2d", 2}, {"laplacian3d", 3}, {"toeplitz", 1}};
enum { KINDS = sizeof kinds / sizeof kinds[0], TOEPLITZ = 3 };

static const char *kind_name(const void *user, size_t index)
{
    (void)user;
    return kinds[index].name;
}

static size_t kind_of(const char *text)
{
    const size_t length = strcspn(text, ":");
    for (size_t k = 0; k < KINDS; k++) {
        if (strlen(kinds[k].name) == length && strncmp(kinds[k].name, text, length) == 0) {
            return k;
        }
    }
    return KINDS;
}

bool qn_grid_matrix_named(const char *text)
{
    return text != NULL && kind_of(text) < KINDS;
}

static qn_status read_lengths(const char **text, qn_grid_matrix *grid)
{
    const char *at = *text;
    double unknowns = 1;
    for (uint32_t axis = 0; axis < grid->axes; axis++) {
        char *end = NULL;
        const bool digit = *at >= '0' && *at <= '9';
        const unsigned long long length = digit ? strtoull(at, &end, 10) : 0;
        unknowns *= (double)length;
        QN_CHECK(digit && length >= 1 && unknowns < 4e9, ERR_ARGUMENT,
                 "'%s': expected %u lengths such as %s, at most 4e9 unknowns in all", *text, grid->axes,
                 grid->axes == 1   ? "64"
                 : grid->axes == 2 ? "64x64"
                                   : "16x16x16");
        grid->length[axis] = (size_t)length;
        at = end;
        if (axis + 1 < grid->axes) {
            QN_CHECK(*at == 'x', ERR_ARGUMENT, "'%s': expected %u lengths with an x between them", *text, grid->axes);
            at++;
        }
    }
    *text = at;
    return QN_OK;
}

static qn_status read_option(const char **text, bool toeplitz, qn_grid_matrix *grid)
{
    static const char *const names[] = {"shift=", "diagonal=", "off="};
    const char *at = *text + 1;
    for (size_t k = 0; k < 3; k++) {
        const size_t length = strlen(names[k]);
        if (strncmp(at, names[k], length) != 0 || toeplitz != (k > 0)) {
            continue;
        }
        char *end = NULL;
        const double value = strtod(at + length, &end);
        QN_CHECK(end != at + length && isfinite(value) && (*end == ':' || *end == '\0'), ERR_ARGUMENT,
                 "'%s': expected a finite number", at);
        if (k == 2) {
            grid->off[0] = value;
        } else {
            grid->diagonal = k == 0 ? grid->diagonal + value : value;
        }
        *text = end;
        return QN_OK;
    }
    return QN_FAIL(ERR_ARGUMENT, "'%s': expected %s", at, toeplitz ? "diagonal=NUMBER or off=NUMBER" : "shift=NUMBER");
}

qn_status qn_grid_matrix_parse(const char *text, qn_grid_matrix *out)
{
    QN_CHECK(text != NULL && out != NULL, ERR_ARGUMENT, "a description and a place for the result are needed");
    const size_t kind = kind_of(text);
    if (kind == KINDS) {
        char word[32];
        (void)snprintf(word, sizeof word, "%.*s", (int)(strcspn(text, ":") < 31 ? strcspn(text, ":") : 31), text);
        const char *const near = qn__suggest(word, KINDS, kind_name, NULL);
        return QN_FAIL(ERR_NAME, "unknown matrix '%s'; expected laplacian1d, laplacian2d, laplacian3d or toeplitz%s%s",
                       word, near != NULL ? "; did you mean " : "", near != NULL ? near : "");
    }
    const bool toeplitz = kind == TOEPLITZ;
    qn_grid_matrix grid = {.axes = kinds[kind].axes, .length = {1, 1, 1}, .off = {-1, -1, -1}};
    grid.diagonal = 2.0 * grid.axes;
    const char *at = text + strlen(kinds[kind].name);
    QN_CHECK(*at == ':', ERR_ARGUMENT, "'%s': expected a length behind it, as in %s:%s", text, kinds[kind].name,
             grid.axes == 1   ? "64"
             : grid.axes == 2 ? "64x64"
                              : "16x16x16");
    at++;
    QN_TRY(read_lengths(&at, &grid));
    while (*at == ':') {
        QN_TRY(read_option(&at, toeplitz, &grid));
    }
    QN_CHECK(*at == '\0', ERR_ARGUMENT, "'%s': not understood from here", at);
    QN_CHECK(isfinite(2 * (fabs(grid.diagonal) + 4 * fabs(grid.off[0]))), ERR_ARGUMENT,
             "'%s': numbers whose eigenvalues pass the largest double, about 1.8e308", text);
    *out = grid;
    return QN_OK;
}

size_t qn_grid_matrix_dimension(const qn_grid_matrix *grid)
{
    return grid->length[0] * grid->length[1] * grid->length[2];
}

/* With 1 - 2 sin^2 for the cosine, so that small eigenvalues keep their digits. */
double qn_grid_matrix_eigenvalue(const qn_grid_matrix *grid, const size_t k[3])
{
    double base = grid->diagonal, rest = 0;
    for (uint32_t axis = 0; axis < grid->axes && axis < 3; axis++) {
        const double s = sin(pi * (double)k[axis] / (2 * (double)(grid->length[axis] + 1)));
        base += 2 * grid->off[axis];
        rest -= 4 * grid->off[axis] * s * s;
    }
    return base + rest;
}

void qn_grid_matrix_eigenvalues(const qn_grid_matrix *grid, double *values)
{
    size_t k[3], at = 0;
    for (k[2] = 1; k[2] <= grid->length[2]; k[2]++) {
        for (k[1] = 1; k[1] <= grid->length[1]; k[1]++) {
            for (k[0] = 1; k[0] <= grid->length[0]; k[0]++) {
                values[at++] = qn_grid_matrix_eigenvalue(grid, k);
            }
        }
    }
}

qn_status qn_grid_matrix_singular_values(const qn_grid_matrix *grid, qn_singular_values *out)
{
    QN_CHECK(grid != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the result are needed");
    const double started = qn__clock();
    double smallest = (double)INFINITY, largest = 0;
    size_t k[3];
    for (k[2] = 1; k[2] <= grid->length[2]; k[2]++) {
        for (k[1] = 1; k[1] <= grid->length[1]; k[1]++) {
            for (k[0] = 1; k[0] <= grid->length[0]; k[0]++) {
                const double size = fabs(qn_grid_matrix_eigenvalue(grid, k));
                smallest = fmin(smallest, size);
                largest = fmax(largest, size);
            }
        }
    }
    qn_singular_values found = QN_SINGULAR_VALUES_INIT;
    const double error = 8 * 2.3e-16 * largest;
    found.largest = largest;
    found.largest_error = error;
    found.smallest = smallest > 4 * error ? smallest : 0;
    found.smallest_error = smallest > 4 * error ? 1e-12 * smallest : error;
    found.condition = smallest > 4 * error ? (largest + error) / (smallest * (1 - 1e-12)) : (double)INFINITY;
    found.condition_least = (largest - error) / (smallest + found.smallest_error);
    found.complete = true;
    found.method = "formula";
    found.seconds = qn__clock() - started;
    *out = found;
    return QN_OK;
}

qn_status qn_grid_matrix_build(const qn_context *context, const qn_grid_matrix *grid, qn_sparse **out)
{
    QN_CHECK(context != NULL && grid != NULL && out != NULL, ERR_ARGUMENT, "every argument is needed");
    const size_t n = qn_grid_matrix_dimension(grid), *const length = grid->length;
    const size_t most = n * (1 + 2 * (size_t)grid->axes);
    QN_CHECK(n < UINT32_MAX, ERR_TOO_LARGE, "%zu unknowns; at most 2^32 - 2 in a matrix that is stored", n);
    (void)context;
    qn_sparse *m = NULL;
    QN_TRY(qn__sparse_create(n, n, most, false, &m));
    const size_t step[3] = {1, length[0], length[0] * length[1]};
    size_t filled = 0, at[3] = {0, 0, 0};
    for (size_t r = 0; r < n; r++) {
        for (uint32_t a = grid->axes; a-- > 0;) { /* columns rise: farthest neighbour below first */
            if (at[a] > 0 && fpclassify(grid->off[a]) != FP_ZERO) {
                m->column[filled] = (uint32_t)(r - step[a]);
                m->value[filled++] = grid->off[a];
            }
        }
        if (fpclassify(grid->diagonal) != FP_ZERO) {
            m->column[filled] = (uint32_t)r;
            m->value[filled++] = grid->diagonal;
        }
        for (uint32_t a = 0; a < grid->axes; a++) {
            if (at[a] + 1 < length[a] && fpclassify(grid->off[a]) != FP_ZERO) {
                m->column[filled] = (uint32_t)(r + step[a]);
                m->value[filled++] = grid->off[a];
            }
        }
        m->start[r + 1] = filled;
        for (uint32_t a = 0; a < 3 && ++at[a] == length[a]; a++) {
            at[a] = 0;
        }
    }
    m->nonzeros = filled;
    m->hermitian = true;
    *out = m;
    return QN_OK;
}

/* Two lines along the axis at once, as real and imaginary parts. `line` counts lines; line l begins at
 * (l / step) * step * length + l % step. */
static void transform_pair(const qn__dst *plan, double *v, size_t length, size_t step, size_t line, size_t lines,
                           qn_complex *x, qn_complex *scratch)
{
    double *const first = v + line / step * step * length + line % step;
    const size_t next = line + 1;
    double *const second = next < lines ? v + next / step * step * length + next % step : NULL;
    for (size_t i = 0; i < length; i++) {
        x[i] = (qn_complex){first[i * step], second != NULL ? second[i * step] : 0};
    }
    qn__dst_run(plan, x, scratch);
    for (size_t i = 0; i < length; i++) {
        first[i * step] = x[i].re;
        if (second != NULL) {
            second[i * step] = x[i].im;
        }
    }
}

qn_status qn_grid_matrix_transform(const qn_context *context, const qn_grid_matrix *grid, double *vector)
{
    QN_CHECK(context != NULL && grid != NULL && vector != NULL, ERR_ARGUMENT, "every argument is needed");
    const size_t n = qn_grid_matrix_dimension(grid);
    size_t step = 1;
    for (uint32_t axis = 0; axis < grid->axes; axis++) {
        const size_t length = grid->length[axis], lines = n / length, pairs = (lines + 1) / 2;
        size_t workers = qn_context_threads(context);
        workers = workers < pairs ? workers : pairs;
        qn__dst *plan = NULL;
        QN_TRY(qn__dst_create(length, &plan));
        const size_t room = length + qn__dst_scratch(plan);
        qn_complex *memory = qn__alloc(workers * room, sizeof *memory);
        if (memory == NULL) {
            qn__dst_free(plan);
            return QN_ERR_MEMORY;
        }
#pragma omp parallel for schedule(static) num_threads((int)workers) if (n > 4096 && workers > 1)
        for (size_t w = 0; w < workers; w++) {
            for (size_t p = w * pairs / workers; p < (w + 1) * pairs / workers; p++) {
                transform_pair(plan, vector, length, step, 2 * p, lines, memory + w * room, memory + w * room + length);
            }
        }
        qn__free(memory);
        qn__dst_free(plan);
        step *= length;
    }
    return QN_OK;
}
