/* labs_scaling.c: how the chance that QAOA measures an optimal low-autocorrelation sequence falls with its length.
 *
 *     build/release/examples/labs_scaling [LAYERS [LEAST MOST [PICTURE.svg]]]
 *
 * Angles are optimised once, for the average energy of length 12, and carried to all lengths (gammas in units of
 * 1 / qn_qaoa_scale), as in arXiv:2308.02342, so that no length is tuned by itself. Prints one row a length, and the
 * base b of 1 / p ~ b^N by least squares with the 95 % interval of 2000 bootstrap samples over lengths. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quern/quern.h>

enum { TUNED = 12, MOST_LAYERS = 64, MOST_ROWS = 40, SAMPLES = 2000 };

static qn_status tune(qn_context *context, uint32_t layers, double *angles)
{
    qn_problem *problem = NULL;
    qn_qaoa_solution *solution = NULL;
    qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
    options.layers = layers;
    options.schedule = QN_QAOA_INTERP;
    qn_status status = qn_problem_create_labs(TUNED, &problem);
    status = status == QN_OK ? qn_qaoa_solve(context, qn_problem_cost(problem), &options, &solution) : status;
    if (status == QN_OK) {
        memcpy(angles, solution->angles, 2 * (size_t)layers * sizeof *angles);
        const double scale = qn_qaoa_scale(qn_problem_cost(problem));
        for (uint32_t l = 0; l < layers; l++) {
            angles[l] *= scale;
        }
    }
    qn_qaoa_solution_free(solution);
    qn_problem_free(problem);
    return status;
}

static qn_status overlap(qn_context *context, uint32_t n, uint32_t layers, const double *tuned, double *p,
                         double *guess)
{
    qn_problem *problem = NULL;
    qn_qaoa *q = NULL;
    qn_qaoa_options options = QN_QAOA_OPTIONS_INIT;
    options.layers = layers;
    double angles[2 * MOST_LAYERS];
    qn_status status = qn_problem_create_labs(n, &problem);
    if (status == QN_OK) {
        const double scale = qn_qaoa_scale(qn_problem_cost(problem));
        for (uint32_t l = 0; l < 2 * layers; l++) {
            angles[l] = tuned[l] / (l < layers ? scale : 1.0);
        }
        status = qn_qaoa_create(context, qn_problem_cost(problem), &options, &q);
    }
    status = status == QN_OK ? qn_qaoa_run(q, layers, angles, NULL, NULL) : status;
    status = status == QN_OK ? qn_qaoa_success(q, p) : status;
    if (status == QN_OK) {
        *guess = qn_qaoa_optima(q) / exp2((double)n);
    }
    qn_qaoa_free(q);
    qn_problem_free(problem);
    return status;
}

/* Base of y ~ b^x over the chosen rows. */
static double base_of(const double *x, const double *y, const size_t *rows, size_t count)
{
    double sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    for (size_t k = 0; k < count; k++) {
        const double u = x[rows[k]], v = log(y[rows[k]]);
        sx += u;
        sy += v;
        sxx += u * u;
        sxy += u * v;
    }
    const double n = (double)count;
    return exp((n * sxy - sx * sy) / (n * sxx - sx * sx));
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void fit(const char *what, const double *x, const double *y, size_t count)
{
    static double bases[SAMPLES];
    size_t rows[MOST_ROWS];
    for (size_t k = 0; k < count; k++) {
        rows[k] = k;
    }
    const double base = base_of(x, y, rows, count);
    uint64_t state = 42; /* a linear congruential generator will do for choosing rows */
    for (size_t s = 0; s < SAMPLES; s++) {
        for (size_t k = 0; k < count; k++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            rows[k] = (size_t)((state >> 33) % count);
        }
        bases[s] = base_of(x, y, rows, count);
    }
    qsort(bases, SAMPLES, sizeof *bases, compare);
    printf("%s: %.3f^N (%.3f to %.3f)\n", what, base, bases[SAMPLES / 40], bases[SAMPLES - 1 - SAMPLES / 40]);
}

static qn_status draw(const char *path, const double *x, const double *shots, const double *guesses, size_t count)
{
    const qn_series series[] = {{.name = "uniform guesses", .x = x, .y = guesses, .count = count},
                                {.name = "QAOA measurements", .x = x, .y = shots, .count = count}};
    qn_plot plot = QN_PLOT_INIT;
    plot.title = "Tries until an optimal low-autocorrelation sequence";
    plot.subtitle = "one set of angles for all lengths";
    plot.x_label = "length N";
    plot.y_label = "1 / probability";
    plot.log_y = true;
    plot.series = series;
    plot.nseries = 2;
    qn_text *text = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    qn_status status = qn_text_create(&text);
    if (status == QN_OK) {
        qn_text_plot(text, &plot, true);
        status = qn_text_finish(text, &bytes, &length);
    }
    FILE *const file = status == QN_OK ? fopen(path, "wb") : NULL;
    if (file != NULL) {
        (void)fwrite(bytes, 1, length, file);
        (void)fclose(file);
    }
    qn_text_destroy(text);
    return status;
}

int main(int argc, char **argv)
{
    const uint32_t layers = argc > 1 ? (uint32_t)atoi(argv[1]) : 8, least = argc > 2 ? (uint32_t)atoi(argv[2]) : 8,
                   most = argc > 3 ? (uint32_t)atoi(argv[3]) : 18;
    if (layers < 1 || layers > MOST_LAYERS || least < 3 || most < least + 2 || most - least >= MOST_ROWS) {
        (void)fprintf(stderr, "usage: labs_scaling [LAYERS [LEAST MOST [PICTURE.svg]]]\n");
        return 2;
    }
    qn_context *context = NULL;
    double angles[2 * MOST_LAYERS], x[MOST_ROWS] = {0}, y[MOST_ROWS] = {0}, guesses[MOST_ROWS] = {0};
    qn_status status = qn_context_create(NULL, &context);
    status = status == QN_OK ? tune(context, layers, angles) : status;
    printf("%u layers, angles of length %d\n  N      p(optimal)    1/p   guess 1/p   1/sqrt(p)\n", layers, (int)TUNED);
    size_t count = 0;
    for (uint32_t n = least; n <= most && status == QN_OK; n++, count++) {
        double p = 0.0, guess = 0.0;
        status = overlap(context, n, layers, angles, &p, &guess);
        x[count] = n;
        y[count] = 1.0 / p;
        guesses[count] = 1.0 / guess;
        printf("%3u  %12.6g  %9.1f  %9.1f  %9.1f\n", n, p, 1.0 / p, 1.0 / guess, sqrt(1.0 / p));
        (void)fflush(stdout);
    }
    if (status != QN_OK) {
        (void)fprintf(stderr, "%s\n", qn_last_error()->message);
        qn_context_free(context);
        return 1;
    }
    if (argc > 4 && draw(argv[4], x, y, guesses, count) != QN_OK) {
        (void)fprintf(stderr, "%s\n", qn_last_error()->message);
    }
    fit("shots until an optimum", x, y, count);
    fit("guesses until an optimum", x, guesses, count);
    for (size_t k = 0; k < count; k++) {
        y[k] = sqrt(y[k]);
    }
    fit("with amplitude amplification on top", x, y, count);
    qn_context_free(context);
    return 0;
}
