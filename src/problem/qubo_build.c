/* qubo_build.c: putting a quadratic model together and making its rows. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "problem/qubo.h"

enum { MOST_VARIABLES = 1 << 24 };

qn_status qn_qubo_create(uint32_t variables, qn_qubo **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "out is NULL");
    QN_CHECK(variables >= 1 && variables <= MOST_VARIABLES, ERR_RANGE, "%u variables, expected 1 to %d", variables,
             (int)MOST_VARIABLES);
    qn_qubo *qubo = qn__calloc(1, sizeof *qubo);
    QN_ALLOC_CHECK(qubo);
    qubo->n = variables;
    qubo->linear = qn__calloc(variables, sizeof *qubo->linear);
    if (qubo->linear == NULL) {
        qn__free(qubo);
        return QN_ERR_MEMORY;
    }
    *out = qubo;
    return QN_OK;
}

static void drop_rows(qn_qubo *qubo)
{
    qn__free(qubo->start);
    qn__free(qubo->neighbour);
    qn__free(qubo->weight);
    qubo->start = NULL;
    qubo->neighbour = NULL;
    qubo->weight = NULL;
}

void qn_qubo_free(qn_qubo *qubo)
{
    if (qubo != NULL) {
        drop_rows(qubo);
        qn__free(qubo->linear);
        qn__free(qubo->pairs);
        qn__free(qubo->members);
        qn__free(qubo->groups);
        qn__free(qubo);
    }
}

qn_status qn_qubo_clone(const qn_qubo *qubo, qn_qubo **out)
{
    QN_CHECK(qubo != NULL, ERR_ARGUMENT, "no model");
    qn_qubo *copy = NULL;
    QN_TRY(qn_qubo_create(qubo->n, &copy));
    qn_status status = QN_OK;
    copy->constant = qubo->constant;
    memcpy(copy->linear, qubo->linear, qubo->n * sizeof *qubo->linear);
    QN_TRY_CLEANUP(qn__grow((void **)&copy->pairs, &copy->pair_capacity, qubo->npairs, sizeof *copy->pairs));
    if (qubo->npairs > 0) {
        memcpy(copy->pairs, qubo->pairs, qubo->npairs * sizeof *qubo->pairs);
    }
    copy->npairs = qubo->npairs;
    for (size_t g = 0, first = 0; g < qubo->ngroups; first = qubo->groups[g++].end) {
        QN_TRY_CLEANUP(
            qn_qubo_add_group(copy, qubo->members + first, qubo->groups[g].end - first, qubo->groups[g].ones));
    }
    if (qubo->finished) {
        QN_TRY_CLEANUP(qn_qubo_finish(copy));
    }
    *out = copy;
    copy = NULL;
cleanup:
    qn_qubo_free(copy);
    return status;
}

static qn_status check_number(double value, const char *what)
{
    QN_CHECK(isfinite(value), ERR_NAN, "%s is %g, expected a finite number", what, value);
    return QN_OK;
}

static qn_status check_variable(const qn_qubo *qubo, uint32_t i)
{
    QN_CHECK(i < qubo->n, ERR_RANGE, "variable %u outside 0..%u", i, qubo->n - 1);
    return QN_OK;
}

qn_status qn_qubo_add_constant(qn_qubo *qubo, double c)
{
    QN_TRY(check_number(c, "the constant"));
    qubo->constant += c;
    qubo->finished = false;
    return QN_OK;
}

qn_status qn_qubo_add_linear(qn_qubo *qubo, uint32_t i, double a)
{
    QN_TRY(check_variable(qubo, i));
    QN_TRY(check_number(a, "a linear coefficient"));
    qubo->linear[i] += a;
    qubo->finished = false;
    return QN_OK;
}

qn_status qn_qubo_add_quadratic(qn_qubo *qubo, uint32_t i, uint32_t j, double b)
{
    if (i == j) {
        return qn_qubo_add_linear(qubo, i, b);
    }
    QN_TRY(check_variable(qubo, i > j ? i : j));
    QN_TRY(check_number(b, "a quadratic coefficient"));
    QN_TRY(qn__grow((void **)&qubo->pairs, &qubo->pair_capacity, qubo->npairs + 1, sizeof *qubo->pairs));
    qubo->pairs[qubo->npairs++] = (qn__pair){i < j ? i : j, i < j ? j : i, b};
    qubo->finished = false;
    return QN_OK;
}

qn_status qn_qubo_add_field(qn_qubo *qubo, uint32_t i, double h)
{
    QN_TRY(qn_qubo_add_linear(qubo, i, -2 * h));
    return qn_qubo_add_constant(qubo, h);
}

/* J s_i s_j = J (1 - 2 x_i - 2 x_j + 4 x_i x_j) */
qn_status qn_qubo_add_coupling(qn_qubo *qubo, uint32_t i, uint32_t j, double J)
{
    if (i == j) {
        QN_TRY(check_variable(qubo, i));
        return qn_qubo_add_constant(qubo, J);
    }
    QN_TRY(qn_qubo_add_quadratic(qubo, i, j, 4 * J));
    qubo->linear[i] -= 2 * J;
    qubo->linear[j] -= 2 * J;
    qubo->constant += J;
    return QN_OK;
}

/* (sum c x - t)^2 = t^2 + sum c (c - 2 t) x + 2 sum_{k<l} c_k c_l x_k x_l, with x^2 = x */
qn_status qn_qubo_add_square(qn_qubo *qubo, const uint32_t *variables, const double *coefficients, size_t count,
                             double target, double weight)
{
    QN_TRY(check_number(target, "the target of a penalty"));
    QN_TRY(check_number(weight, "the weight of a penalty"));
    for (size_t k = 0; k < count; k++) {
        QN_TRY(check_variable(qubo, variables[k]));
        QN_TRY(check_number(coefficients[k], "a coefficient of a penalty"));
    }
    QN_TRY(qn__grow((void **)&qubo->pairs, &qubo->pair_capacity, qubo->npairs + count * (count > 0 ? count - 1 : 0) / 2,
                    sizeof *qubo->pairs));
    for (size_t k = 0; k < count; k++) {
        QN_TRY(qn_qubo_add_linear(qubo, variables[k], weight * coefficients[k] * (coefficients[k] - 2 * target)));
        for (size_t l = k + 1; l < count; l++) {
            QN_TRY(qn_qubo_add_quadratic(qubo, variables[k], variables[l],
                                         2 * weight * coefficients[k] * coefficients[l]));
        }
    }
    return qn_qubo_add_constant(qubo, weight * target * target);
}

static bool is_member(const qn_qubo *qubo, uint32_t variable)
{
    for (size_t k = 0; k < qubo->nmembers; k++) {
        if (qubo->members[k] == variable) {
            return true;
        }
    }
    return false;
}

qn_status qn_qubo_add_group(qn_qubo *qubo, const uint32_t *variables, size_t count, uint32_t ones)
{
    QN_CHECK(count >= 1, ERR_ARGUMENT, "an empty group");
    QN_CHECK(ones >= 1 && ones <= count, ERR_ARGUMENT, "%u ones in a group of %zu variables; expected 1 to %zu", ones,
             count, count);
    for (size_t k = 0; k < count; k++) {
        QN_TRY(check_variable(qubo, variables[k]));
        bool twice = is_member(qubo, variables[k]);
        for (size_t l = 0; l < k; l++) {
            twice = twice || variables[l] == variables[k];
        }
        QN_CHECK(!twice, ERR_ARGUMENT, "variable %u is in two groups", variables[k]);
    }
    QN_TRY(qn__grow((void **)&qubo->members, &qubo->member_capacity, qubo->nmembers + count, sizeof *qubo->members));
    QN_TRY(qn__grow((void **)&qubo->groups, &qubo->group_capacity, qubo->ngroups + 1, sizeof *qubo->groups));
    memcpy(qubo->members + qubo->nmembers, variables, count * sizeof *variables);
    qubo->nmembers += count;
    qubo->groups[qubo->ngroups++] = (struct qn__group){qubo->nmembers, ones};
    return QN_OK;
}

/* Stable counting sort by j, then by i: equal pairs stay in the order they were added, so that sums are reproducible.
 * `spare` has room for all pairs, `counts` for n + 1. */
static void sort_pairs(qn_qubo *qubo, qn__pair *spare, uint64_t *counts)
{
    for (int pass = 0; pass < 2; pass++) {
        const qn__pair *const from = pass == 0 ? qubo->pairs : spare;
        qn__pair *const to = pass == 0 ? spare : qubo->pairs;
        memset(counts, 0, ((size_t)qubo->n + 1) * sizeof *counts);
        for (size_t k = 0; k < qubo->npairs; k++) {
            counts[(pass == 0 ? from[k].j : from[k].i) + 1]++;
        }
        for (uint32_t i = 0; i < qubo->n; i++) {
            counts[i + 1] += counts[i];
        }
        for (size_t k = 0; k < qubo->npairs; k++) {
            to[counts[pass == 0 ? from[k].j : from[k].i]++] = from[k];
        }
    }
}

static void merge_pairs(qn_qubo *qubo)
{
    size_t kept = 0;
    for (size_t k = 0; k < qubo->npairs;) {
        qn__pair sum = qubo->pairs[k++];
        for (; k < qubo->npairs && qubo->pairs[k].i == sum.i && qubo->pairs[k].j == sum.j; k++) {
            sum.b += qubo->pairs[k].b;
        }
        if (sum.b != 0) {
            qubo->pairs[kept++] = sum;
        }
    }
    qubo->npairs = kept;
}

/* Both directions of every pair. Rows come out sorted: first the smaller neighbours, then the larger. */
static void fill_rows(qn_qubo *qubo)
{
    uint64_t *const start = qubo->start;
    memset(start, 0, ((size_t)qubo->n + 1) * sizeof *start);
    for (size_t k = 0; k < qubo->npairs; k++) {
        start[qubo->pairs[k].i]++;
        start[qubo->pairs[k].j]++;
    }
    uint64_t total = 0;
    for (uint32_t i = 0; i < qubo->n; i++) {
        const uint64_t count = start[i];
        start[i] = total;
        total += count;
    }
    for (int side = 0; side < 2; side++) { /* neighbours below i, which are the pairs (i', i), come first */
        for (size_t k = 0; k < qubo->npairs; k++) {
            const qn__pair pair = qubo->pairs[k];
            const uint32_t row = side == 0 ? pair.j : pair.i;
            qubo->neighbour[start[row]] = side == 0 ? pair.i : pair.j;
            qubo->weight[start[row]++] = pair.b;
        }
    }
    for (uint32_t i = qubo->n; i > 0; i--) { /* filling moved every start to its row's end */
        start[i] = start[i - 1];
    }
    start[0] = 0;
}

qn_status qn_qubo_finish(qn_qubo *qubo)
{
    QN_CHECK(qubo != NULL, ERR_ARGUMENT, "no model");
    if (qubo->finished) {
        return QN_OK;
    }
    QN_TRY(check_number(qubo->constant, "the sum of the constants"));
    for (uint32_t i = 0; i < qubo->n; i++) {
        QN_TRY(check_number(qubo->linear[i], "a sum of linear coefficients"));
    }
    qn_status status = QN_OK;
    qn__pair *spare = qn__alloc(qubo->npairs, sizeof *spare);
    uint64_t *counts = qn__alloc((size_t)qubo->n + 1, sizeof *counts);
    if (spare == NULL || counts == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    sort_pairs(qubo, spare, counts);
    merge_pairs(qubo);
    for (size_t k = 0; k < qubo->npairs; k++) {
        QN_TRY_CLEANUP(check_number(qubo->pairs[k].b, "a sum of quadratic coefficients"));
    }
    drop_rows(qubo);
    qubo->start = counts;
    counts = NULL;
    qubo->neighbour = qn__alloc(2 * qubo->npairs, sizeof *qubo->neighbour);
    qubo->weight = qn__alloc(2 * qubo->npairs, sizeof *qubo->weight);
    if (qubo->neighbour == NULL || qubo->weight == NULL) {
        drop_rows(qubo);
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    fill_rows(qubo);
    qubo->finished = true;
cleanup:
    qn__free(spare);
    qn__free(counts);
    return status;
}
