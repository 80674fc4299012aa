/* tour.c: the table of tour solvers, and their results. */
#include "problem/tour/tour.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"

static const struct {
    const char *name;
    qn_status (*solve)(const qn__tour_input *input, qn_tour_result **out);
} solvers[QN_TOUR_COUNT_] = {[QN_TOUR_HELD_KARP] = {"held-karp", qn__tour_held_karp},
                             [QN_TOUR_BRANCH] = {"branch", qn__tour_branch},
                             [QN_TOUR_TWO_OPT] = {"two-opt", qn__tour_two_opt}};

const char *qn_tour_solver_name(qn_tour_solver solver)
{
    return (unsigned)solver < QN_TOUR_COUNT_ ? solvers[solver].name : NULL;
}

double qn__tour_length(const double *d, uint32_t n, const uint32_t *tour)
{
    double length = 0;
    for (uint32_t k = 0; k < n; k++) {
        length += d[(size_t)tour[k] * n + tour[k + 1 < n ? k + 1 : 0]];
    }
    return length;
}

static void reverse(uint32_t *list, size_t count)
{
    for (size_t k = 0; k < count / 2; k++) {
        const uint32_t keep = list[k];
        list[k] = list[count - 1 - k];
        list[count - 1 - k] = keep;
    }
}

void qn__tour_normalise(uint32_t n, uint32_t *tour)
{
    uint32_t zero = 0;
    while (zero < n && tour[zero] != 0) {
        zero++;
    }
    reverse(tour, zero); /* a rotation is three reversals */
    reverse(tour + zero, n - zero);
    reverse(tour, n);
    if (n > 2 && tour[1] > tour[n - 1]) {
        reverse(tour + 1, n - 1);
    }
}

bool qn__tour_over(const qn__tour_input *input)
{
    const double limit = input->options->seconds;
    return qn_context_interrupted(input->context) || (limit > 0 && qn__clock() - input->started >= limit);
}

qn_status qn__tour_result_create(uint32_t nodes, size_t trace, qn_tour_result **out)
{
    qn_tour_result *result = qn__calloc(1, sizeof *result);
    QN_ALLOC_CHECK(result);
    result->nodes = nodes;
    result->tour = qn__calloc(nodes, sizeof *result->tour);
    result->trace_seconds = qn__calloc(2 * trace, sizeof(double));
    if (result->tour == NULL || result->trace_seconds == NULL) {
        qn_tour_result_free(result);
        return QN_ERR_MEMORY;
    }
    result->trace = trace;
    result->trace_length = result->trace_seconds + trace;
    result->bound = -(double)INFINITY;
    *out = result;
    return QN_OK;
}

void qn_tour_result_free(qn_tour_result *result)
{
    if (result != NULL) {
        qn__free(result->tour);
        qn__free(result->trace_seconds);
        qn__free(result);
    }
}

/* Up to three nodes there is one tour. */
static qn_status trivial(const qn__tour_input *input, qn_tour_result **out)
{
    qn_tour_result *result = NULL;
    QN_TRY(qn__tour_result_create(input->n, 1, &result));
    for (uint32_t k = 0; k < input->n; k++) {
        result->tour[k] = k;
    }
    result->length = result->bound = result->trace_length[0] = qn__tour_length(input->d, input->n, result->tour);
    result->optimal = true;
    result->starts = 1;
    result->seconds = qn__clock() - input->started;
    *out = result;
    return QN_OK;
}

qn_status qn_optimize_tour(qn_context *context, uint32_t nodes, const double *distances, qn_tour_solver solver,
                           const qn_optimize_options *options, qn_tour_result **out)
{
    const qn_optimize_options plain = QN_OPTIMIZE_OPTIONS_INIT;
    const qn_optimize_options *const used = options != NULL ? options : &plain;
    QN_CHECK(context != NULL && distances != NULL && out != NULL, ERR_ARGUMENT,
             "a context, distances and a place for the result are needed");
    QN_CHECK(used->size == sizeof plain, ERR_ARGUMENT, "options have size %u, expected %zu", used->size, sizeof plain);
    QN_CHECK((unsigned)solver < QN_TOUR_COUNT_, ERR_ARGUMENT, "solver %d is none of qn_tour_solver", (int)solver);
    QN_CHECK(nodes >= 2 && nodes <= 20000, ERR_RANGE, "%u nodes; expected 2 to 20000", nodes);
    for (size_t i = 0; i < nodes; i++) {
        for (size_t j = 0; j < i; j++) {
            const double d = distances[i * nodes + j];
            QN_CHECK(isfinite(d), ERR_NAN, "the distance of nodes %zu and %zu is %g", j, i, d);
            QN_CHECK(d == distances[j * nodes + i], ERR_ARGUMENT, "distances are not symmetric at nodes %zu, %zu", j,
                     i);
        }
    }
    const qn__tour_input input = {context, nodes, distances, used, qn__clock()};
    return nodes <= 3 ? trivial(&input, out) : solvers[solver].solve(&input, out);
}
