/* encoding.c: the table of kinds, the choice among them, and the check of what a circuit encodes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"
#include "base/suggest.h"
#include "math/linalg.h"

static const char *const names[] = {"auto", "pauli", "sparse", "structured", "fable", "rows", "dilation", "composed"};

static const qn__encoding_maker makers[] = {
    [QN_ENCODING_PAULI] = {qn__encode_pauli, qn__encode_pauli_cost},
    [QN_ENCODING_SPARSE] = {qn__encode_sparse, qn__encode_sparse_cost},
    [QN_ENCODING_STRUCTURED] = {qn__encode_structured, qn__encode_structured_cost},
    [QN_ENCODING_FABLE] = {qn__encode_fable, qn__encode_fable_cost},
    [QN_ENCODING_ROWS] = {qn__encode_rows, qn__encode_rows_cost},
    [QN_ENCODING_DILATION] = {qn__encode_dilation, qn__encode_dilation_cost},
};

const char *qn_encoding_name(qn_encoding_kind kind)
{
    return (unsigned)kind <= QN_ENCODING_COMPOSED ? names[kind] : NULL;
}

static const char *name_at(const void *user, size_t index)
{
    (void)user;
    return names[index];
}

qn_status qn_encoding_from_name(const char *name, qn_encoding_kind *out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "a name and a place for the kind are needed");
    for (unsigned k = 0; k < QN_ENCODING_COMPOSED; k++) {
        if (strcmp(names[k], name) == 0) {
            *out = (qn_encoding_kind)k;
            return QN_OK;
        }
    }
    const char *const near = qn__suggest(name, QN_ENCODING_COMPOSED, name_at, NULL);
    return QN_FAIL(ERR_NAME, "unknown block-encoding '%s'%s%s", name, near != NULL ? "; did you mean " : "",
                   near != NULL ? near : "");
}

double qn__encoding_t_per_rotation(const qn_encoding_options *options)
{
    return 3 * log2(1 / options->synthesis_error); /* as qn_circuit_count */
}

qn_data_gates qn__encoding_loading(const qn_encoding_cost *cost)
{
    const double each = cost->rotations > 0 ? fmax(0, cost->t_count - 7 * cost->toffoli) / cost->rotations : 0;
    return (qn_data_gates){cost->loading_toffoli, 7 * cost->loading_toffoli + cost->loading_rotations * each};
}

qn_status qn__encoding_count(qn_block_encoding *e, double synthesis_error)
{
    qn_circuit_cost cost;
    QN_TRY(qn_circuit_count(e->circuit, NULL, synthesis_error, &cost));
    e->cost.kind = e->kind;
    e->cost.system = e->system;
    e->cost.ancillas = e->ancillas;
    e->cost.alpha = e->alpha;
    e->cost.cx = (double)cost.cx;
    e->cost.rotations = (double)cost.rotations;
    e->cost.toffoli = (double)cost.toffoli;
    e->cost.t_count = (double)cost.t_count;
    e->cost.counted = true;
    return QN_OK;
}

static qn_status check(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                       qn_encoding_options *out)
{
    const qn_encoding_options plain = QN_ENCODING_OPTIONS_INIT;
    QN_CHECK(context != NULL && matrix != NULL, ERR_ARGUMENT, "a context and a matrix are needed");
    *out = options != NULL ? *options : plain;
    QN_CHECK(out->size == sizeof *out, ERR_ARGUMENT, "options have size %u, expected %zu; use QN_ENCODING_OPTIONS_INIT",
             out->size, sizeof *out);
    QN_CHECK(matrix->rows == matrix->columns, ERR_SHAPE, "a matrix of %zu x %zu; a square one is encoded", matrix->rows,
             matrix->columns);
    QN_CHECK((unsigned)out->kind < QN_ENCODING_COMPOSED, ERR_ARGUMENT, "kind %d is none of qn_encoding_kind",
             (int)out->kind);
    QN_CHECK(out->compression >= 0 && out->synthesis_error >= 0 && out->synthesis_error < 1, ERR_RANGE,
             "compression %g, synthesis error %g", out->compression, out->synthesis_error);
    QN_CHECK(out->grid == NULL || qn_grid_matrix_dimension(out->grid) == matrix->rows, ERR_SHAPE,
             "the formula is of another dimension than the matrix");
    out->synthesis_error = out->synthesis_error > 0 ? out->synthesis_error : 1e-10;
    return QN_OK;
}

static qn_status estimate(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                          qn_encoding_kind kind, qn_encoding_cost *out)
{
    qn_encoding_cost cost = {.kind = kind, .system = qn__encoding_bits(matrix)};
    QN_TRY(makers[kind].estimate(context, matrix, options, &cost));
    if (!cost.counted) {
        cost.t_count = 7 * cost.toffoli + ceil(cost.rotations * qn__encoding_t_per_rotation(options));
    }
    *out = cost;
    return QN_OK;
}

/* All but the dilation, which no machine would run. */
static qn_status best(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                      qn_encoding_cost *out)
{
    double least = (double)INFINITY;
    qn_encoding_cost chosen = {.kind = QN_ENCODING_AUTO};
    for (qn_encoding_kind k = QN_ENCODING_PAULI; k < QN_ENCODING_DILATION; k++) {
        qn_encoding_cost cost = {.kind = k};
        const qn_status status = estimate(context, matrix, options, k, &cost);
        if (status == QN_ERR_MEMORY || status == QN_ERR_INTERRUPTED || status == QN_ERR_ARGUMENT) {
            return status;
        }
        const double price = status == QN_OK ? cost.alpha * fmax(1, cost.t_count) : (double)INFINITY;
        if (price < least) {
            least = price;
            chosen = cost;
        }
    }
    QN_CHECK(chosen.kind != QN_ENCODING_AUTO, ERR_TOO_LARGE, "no block-encoding takes this matrix");
    *out = chosen;
    return QN_OK;
}

qn_status qn_block_encoding_estimate(const qn_context *context, const qn_sparse *matrix,
                                     const qn_encoding_options *options, qn_encoding_cost *out)
{
    qn_encoding_options chosen = QN_ENCODING_OPTIONS_INIT;
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the cost is needed");
    QN_TRY(check(context, matrix, options, &chosen));
    return chosen.kind == QN_ENCODING_AUTO ? best(context, matrix, &chosen, out)
                                           : estimate(context, matrix, &chosen, chosen.kind, out);
}

qn_status qn_block_encoding_create(const qn_context *context, const qn_sparse *matrix,
                                   const qn_encoding_options *options, qn_block_encoding **out)
{
    qn_encoding_options chosen = QN_ENCODING_OPTIONS_INIT;
    qn_encoding_cost cost;
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the encoding is needed");
    QN_TRY(check(context, matrix, options, &chosen));
    if (chosen.kind == QN_ENCODING_AUTO) {
        QN_TRY(best(context, matrix, &chosen, &cost));
        chosen.kind = cost.kind;
    }
    /* loading fields are known from formulas alone: the counter does not see what is data */
    QN_TRY(estimate(context, matrix, &chosen, chosen.kind, &cost));
    qn_block_encoding *e = qn__calloc(1, sizeof *e);
    QN_ALLOC_CHECK(e);
    e->kind = chosen.kind;
    e->system = qn__encoding_bits(matrix);
    qn_status status = makers[chosen.kind].make(context, matrix, &chosen, e);
    status = status == QN_OK ? qn__encoding_count(e, chosen.synthesis_error) : status;
    if (status != QN_OK) {
        qn_block_encoding_free(e);
        return status;
    }
    e->cost.loading_toffoli = cost.loading_toffoli;
    e->cost.loading_rotations = fmin(cost.loading_rotations, e->cost.rotations);
    *out = e;
    return QN_OK;
}

void qn_block_encoding_free(qn_block_encoding *encoding)
{
    if (encoding != NULL) {
        qn_circuit_free(encoding->circuit);
        qn__free(encoding);
    }
}

qn_status qn_block_encoding_matrix(const qn_context *context, const qn_block_encoding *encoding, qn_complex *out)
{
    QN_CHECK(context != NULL && encoding != NULL && out != NULL, ERR_ARGUMENT, "every argument is needed");
    QN_CHECK(encoding->system <= QN__ENCODING_DENSE_BITS, ERR_TOO_LARGE,
             "a vector of %u qubits; at most %d are written out", encoding->system, (int)QN__ENCODING_DENSE_BITS);
    const size_t size = (size_t)1 << encoding->system;
    qn_complex *column = qn__alloc(size, sizeof *column);
    QN_ALLOC_CHECK(column);
    qn_status status = QN_OK;
    for (size_t j = 0; status == QN_OK && j < size; j++) {
        status = qn__circuit_amplitudes(context, encoding->circuit, j, size, column);
        for (size_t i = 0; status == QN_OK && i < size; i++) {
            out[i * size + j] = (qn_complex){encoding->alpha * column[i].re, encoding->alpha * column[i].im};
        }
    }
    qn__free(column);
    return status;
}

qn_status qn_block_encoding_distance(const qn_context *context, const qn_block_encoding *encoding,
                                     const qn_sparse *matrix, double *out)
{
    QN_CHECK(context != NULL && encoding != NULL && matrix != NULL && out != NULL, ERR_ARGUMENT,
             "every argument is needed");
    const size_t size = (size_t)1 << encoding->system;
    QN_CHECK(matrix->rows == matrix->columns && matrix->rows <= size, ERR_SHAPE,
             "a matrix of %zu x %zu in an encoding of %u qubits", matrix->rows, matrix->columns, encoding->system);
    qn_complex *a = qn__calloc(size * size, sizeof *a);
    double *values = qn__alloc(size, sizeof *values);
    qn_status status = QN_OK;
    if (a == NULL || values == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn_block_encoding_matrix(context, encoding, a));
    for (size_t r = 0; r < matrix->rows; r++) {
        for (uint64_t e = matrix->start[r]; e < matrix->start[r + 1]; e++) {
            qn_complex *const at = &a[r * size + matrix->column[e]];
            at->re -= matrix->value[matrix->is_complex ? 2 * e : e];
            at->im -= matrix->is_complex ? matrix->value[2 * e + 1] : 0;
        }
    }
    QN_TRY_CLEANUP(qn__linalg_singular_values(size, &a->re, true, values));
    *out = values[0];
cleanup:
    qn__free(a);
    qn__free(values);
    return status;
}
