/* qaoa_angles.c: makes data/qaoa_angles.tsv: the angles that cut most of a D-regular graph without short cycles.
 *
 *     cmake --build build/release --target qaoa_angles && build/release/examples/qaoa_angles 2026-11-30 >
 * data/qaoa_angles.tsv
 *
 * One row for each degree and number of layers: the fraction of edges cut is maximised by L-BFGS with exact slopes
 * (qn_qaoa_tree), from the row before, interpolated, and from ramps; the best is kept. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <quern/quern.h>

enum { MOST = 8 };

static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    const uint32_t *row = user; /* degree, layers */
    const qn_status status = qn_qaoa_tree(row[0], row[1], x, value, grad);
    *value = -*value;
    for (uint32_t k = 0; grad != NULL && k < 2 * row[1]; k++) {
        grad[k] = -grad[k];
    }
    return status;
}

static qn_status improve(uint32_t degree, uint32_t layers, double *x, double *fraction)
{
    uint32_t row[2] = {degree, layers};
    qn_objective objective = QN_OBJECTIVE_INIT;
    objective.dimension = 2 * (size_t)layers;
    objective.user = row;
    objective.evaluate = evaluate;
    objective.has_gradient = true;
    qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
    options.method = "l-bfgs";
    options.ftol = 1e-16;
    options.max_evaluations = 400;
    *fraction = 0.0;
    for (int again = 0; again < 6; again++) { /* its memory of curvature is short: begin anew while that helps */
        qn_optimizer_result result;
        const qn_status status = qn_minimize(&objective, &options, x, &result);
        if (status != QN_OK) {
            return status;
        }
        const bool better = -result.value > *fraction + 1e-10;
        *fraction = -result.value;
        if (!better) {
            break;
        }
    }
    return QN_OK;
}

static qn_status best_of_row(uint32_t degree, uint32_t layers, const double *before, double *best, double *fraction)
{
    *fraction = 0.0;
    for (int start = 0; start < (layers < 5 ? 4 : 8); start++) {
        double x[2 * MOST], got = 0.0;
        if ((start == 0 && layers > 1) || start >= 4) { /* the later ones a little off */
            qn_qaoa_interpolate(layers - 1, before, x);
            for (uint32_t k = 0; k < 2 * layers; k++) {
                x[k] *= start == 0 ? 1.0 : 1.0 + 0.15 * sin((double)(start * start) + 3.0 * k);
            }
        } else {
            qn_qaoa_ramp(layers, 0.5 + 0.25 * start, sqrt((double)degree), x);
            for (uint32_t l = 0; l < layers; l++) {
                x[layers + l] = -x[layers + l]; /* cuts are maximised here */
            }
        }
        const qn_status status = improve(degree, layers, x, &got);
        if (status != QN_OK) {
            return status;
        }
        if (got > *fraction + 1e-13) {
            *fraction = got;
            memcpy(best, x, 2 * (size_t)layers * sizeof *x);
        }
    }
    return QN_OK;
}

int main(int argc, char **argv)
{
    static const uint32_t layers_of[] = {0, 0, 6, 8, 6, 6, 5, 5, 5, 4, 4, 4, 4};
    printf("id\tdegree\tlayers\tcut_fraction\tgammas\tbetas\tsource\turl\tdate\ttag\n");
    for (uint32_t degree = 2; degree <= 12; degree++) {
        double before[2 * MOST] = {0.0}, best[2 * MOST] = {0.0}, fraction = 0.0;
        for (uint32_t layers = 1; layers <= layers_of[degree]; layers++) {
            if (best_of_row(degree, layers, before, best, &fraction) != QN_OK) {
                (void)fprintf(stderr, "%s\n", qn_last_error()->message);
                return 1;
            }
            printf("regular-%u-p%u\t%u\t%u\t%.12f\t", degree, layers, degree, layers, fraction);
            for (uint32_t k = 0; k < 2 * layers; k++) {
                printf("%.12f%s", best[k], k + 1 == layers ? "\t" : k + 1 < 2 * layers ? "," : "\t");
            }
            printf(
                "computed: examples/qaoa_angles.c, iteration of arXiv:2110.14206\thttps://arxiv.org/abs/2110.14206\t%s"
                "\tV\n",
                argc > 1 ? argv[1] : "-");
            (void)fflush(stdout);
            memcpy(before, best, sizeof before);
        }
    }
    return 0;
}
