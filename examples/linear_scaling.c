/* linear_scaling.c: how the queries of quantum linear solvers grow with the condition number.
 *
 *     build/release/examples/linear_scaling [EPSILON [PICTURE.svg]]
 *
 * A diagonal matrix of 64 unknowns with eigenvalues spread evenly in the logarithm from 1/kappa to 1 and b = 1: x is
 * known, and every method meets eigenvalues of all sizes. Prints queries until success is nearly sure, over kappa, for
 * each method, with the products that conjugate gradients take beside them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <quern/quern.h>

enum { UNKNOWNS = 64, ROWS = 7, METHODS = 5 };

static const char *const methods[METHODS] = {"shortcut", "adiabatic", "qsvt", "cks", "vtaa"};

static qn_status diagonal(double kappa, qn_sparse **out)
{
    uint32_t place[UNKNOWNS];
    double value[UNKNOWNS];
    for (uint32_t j = 0; j < UNKNOWNS; j++) {
        place[j] = j;
        value[j] = pow(kappa, -(double)j / (UNKNOWNS - 1));
    }
    return qn_sparse_from_triplets(UNKNOWNS, UNKNOWNS, UNKNOWNS, place, place, value, false, out);
}

/* queries[m] over kappa for all methods, then iterations of conjugate gradients. */
static qn_status measure(const qn_context *context, double kappa, double epsilon, double queries[METHODS + 1])
{
    qn_sparse *matrix = NULL;
    qn_linear_problem *problem = NULL;
    double x[UNKNOWNS];
    qn_sparse_outcome outcome;
    qn_sparse_solve_options cg = QN_SPARSE_SOLVE_OPTIONS_INIT;
    cg.tolerance = epsilon / kappa; /* promises the same error of x */
    qn_status status = diagonal(kappa, &matrix);
    status = status == QN_OK ? qn_linear_problem_create(context, matrix, NULL, false, NULL, &problem) : status;
    for (size_t m = 0; status == QN_OK && m < METHODS; m++) {
        qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
        qn_linear_result *result = NULL;
        options.method = methods[m];
        options.epsilon = epsilon;
        status = qn_linear_solve(context, problem, &options, &result);
        queries[m] = status == QN_OK ? result->queries_amplified / kappa : 0;
        qn_linear_result_free(result);
    }
    status = status == QN_OK ? qn_sparse_solve(context, matrix, problem->b, &cg, x, &outcome) : status;
    queries[METHODS] = status == QN_OK ? (double)outcome.iterations / kappa : 0;
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
    return status;
}

static int draw(const char *path, double epsilon, const double *kappa, double y[METHODS + 1][ROWS])
{
    qn_series series[METHODS + 1];
    qn_plot plot = QN_PLOT_INIT;
    char subtitle[96];
    for (size_t m = 0; m <= METHODS; m++) {
        series[m] = (qn_series){
            .name = m < METHODS ? methods[m] : "conjugate gradients: products", .x = kappa, .y = y[m], .count = ROWS};
    }
    (void)snprintf(subtitle, sizeof subtitle, "64 unknowns, eigenvalues even in the logarithm, error %.0e", epsilon);
    plot.title = "Queries until success is nearly sure, over the condition number";
    plot.subtitle = subtitle;
    plot.x_label = "condition number";
    plot.y_label = "queries / condition number";
    plot.log_x = plot.log_y = true;
    plot.series = series;
    plot.nseries = METHODS + 1;
    qn_text *text = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    qn_status status = qn_text_create(&text);
    if (status == QN_OK) {
        qn_text_plot(text, &plot, true);
        status = qn_text_finish(text, &bytes, &length);
    }
    status = status == QN_OK ? qn_file_write(path, bytes, length) : status;
    qn_text_destroy(text);
    return status == QN_OK ? 0 : 1;
}

int main(int count, char **arguments)
{
    const double epsilon = count > 1 ? strtod(arguments[1], NULL) : 1e-6;
    qn_context *context = NULL;
    double kappa[ROWS], y[METHODS + 1][ROWS];
    qn_status status = qn_context_create(NULL, &context);
    printf("%10s", "kappa");
    for (size_t m = 0; m < METHODS; m++) {
        printf("%11s", methods[m]);
    }
    printf("%11s\n", "CG");
    for (size_t k = 0; status == QN_OK && k < ROWS; k++) {
        double row[METHODS + 1];
        kappa[k] = 4 * pow(2, (double)k * 1.5);
        status = measure(context, kappa[k], epsilon, row);
        printf("%10.1f", kappa[k]);
        for (size_t m = 0; m <= METHODS; m++) {
            y[m][k] = row[m];
            printf("%11.4g", row[m]);
        }
        printf("\n");
    }
    qn_context_free(context);
    if (status != QN_OK) {
        (void)fprintf(stderr, "%s\n", qn_last_error()->message);
        return 1;
    }
    return count > 2 ? draw(arguments[2], epsilon, kappa, y) : 0;
}
