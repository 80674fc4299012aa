/* encoding_scaling.c: what one query of each block-encoding of a Laplacian costs, times its alpha, as the matrix grows.
 *
 *     build/release/examples/encoding_scaling [PICTURE.svg]
 *
 * The number of queries of any solver is proportional to alpha, so alpha times the T gates of a query is what counts.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <quern/quern.h>

enum { LEAST = 2, MOST = 20, ROWS = MOST - LEAST + 1, KINDS = 5 };

static qn_status measure(const qn_context *context, unsigned bits, double price[KINDS])
{
    char name[32];
    qn_grid_matrix grid;
    qn_sparse *matrix = NULL;
    (void)snprintf(name, sizeof name, "laplacian1d:%u", 1u << bits);
    qn_status status = qn_grid_matrix_parse(name, &grid);
    status = status == QN_OK ? qn_grid_matrix_build(context, &grid, &matrix) : status;
    for (unsigned k = 0; status == QN_OK && k < KINDS; k++) {
        qn_encoding_options options = QN_ENCODING_OPTIONS_INIT;
        qn_encoding_cost cost;
        options.kind = (qn_encoding_kind)(QN_ENCODING_PAULI + k);
        options.grid = &grid;
        price[k] = (double)NAN;
        if (k == 0 && bits > 7) { /* takes a dense matrix */
            continue;
        }
        if (qn_block_encoding_estimate(context, matrix, &options, &cost) == QN_OK) {
            price[k] = cost.alpha * cost.t_count;
        }
    }
    qn_sparse_free(matrix);
    return status;
}

static qn_status draw(const char *path, const double *x, double y[KINDS][ROWS])
{
    qn_series series[KINDS];
    qn_plot plot = QN_PLOT_INIT;
    qn_text *text = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    for (unsigned k = 0; k < KINDS; k++) {
        series[k] = (qn_series){
            .name = qn_encoding_name((qn_encoding_kind)(QN_ENCODING_PAULI + k)), .x = x, .y = y[k], .count = ROWS};
    }
    plot.title = "Price of a block-encoding of the 1-D Laplacian";
    plot.subtitle = "alpha times the T gates of one query, rotations to 1e-10";
    plot.x_label = "unknowns";
    plot.y_label = "alpha x T";
    plot.log_x = plot.log_y = true;
    plot.series = series;
    plot.nseries = KINDS;
    qn_status status = qn_text_create(&text);
    if (status == QN_OK) {
        qn_text_plot(text, &plot, true);
        status = qn_text_finish(text, &bytes, &length);
    }
    status = status == QN_OK ? qn_file_write(path, bytes, length) : status;
    qn_text_destroy(text);
    return status;
}

int main(int count, char **arguments)
{
    qn_context *context = NULL;
    double x[ROWS], y[KINDS][ROWS];
    qn_status status = qn_context_create(NULL, &context);
    printf("%10s", "unknowns");
    for (unsigned k = 0; k < KINDS; k++) {
        printf("%12s", qn_encoding_name((qn_encoding_kind)(QN_ENCODING_PAULI + k)));
    }
    printf("\n");
    for (unsigned r = 0; status == QN_OK && r < ROWS; r++) {
        double price[KINDS];
        x[r] = exp2(LEAST + r);
        status = measure(context, LEAST + r, price);
        printf("%10.0f", x[r]);
        for (unsigned k = 0; k < KINDS; k++) {
            y[k][r] = price[k];
            printf("%12.3g", price[k]);
        }
        printf("\n");
    }
    status = status == QN_OK && count > 1 ? draw(arguments[1], x, y) : status;
    qn_context_free(context);
    if (status != QN_OK) {
        (void)fprintf(stderr, "%s\n", qn_last_error()->message);
        return 1;
    }
    return 0;
}
