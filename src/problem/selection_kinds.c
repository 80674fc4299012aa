/* selection_kinds.c: choosing columns or rows of a table: features, portfolios, knapsacks, and two equal parts.
 *
 * "Exactly k of n", penalty A (sum x - k)^2: with d too many or too few, one flip towards k saves (2d - 1) A >= A and
 * costs at most G = max_i (|a_i| + sum_j |b_ij|). So A > G is enough. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "problem/problem.h"

/* What the bits choose: names to print, and how many must be chosen. */
typedef struct selection {
    uint32_t count, choose;
    uint32_t column[4096]; /* of each bit, for kinds that choose columns */
} selection;

static const char *name_of(const qn_problem *problem, uint32_t bit)
{
    const selection *const s = problem->data;
    return problem->instance->table->column[s->column[bit]].name;
}

static void judge_selection(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const selection *const s = problem->data;
    uint32_t chosen = 0;
    for (uint32_t i = 0; i < s->count; i++) {
        chosen += x[i];
    }
    if (chosen != s->choose) {
        qn__judge_fail(out, "%u chosen; expected %u", chosen, s->choose);
        return;
    }
    out->objective = qn_problem_objective_of_cost(problem, qn_cost_value(qn_problem_cost(problem), x));
}

static void names_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    const selection *const s = problem->data;
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; i < s->count; i++) {
        if (x[i] != 0) {
            qn_json_string(json, NULL, name_of(problem, i));
        }
    }
    qn_json_end_array(json);
}

static void names_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    const selection *const s = problem->data;
    qn_text_printf(text, "chosen:");
    for (uint32_t i = 0, shown = 0; i < s->count && shown < 100; i++) {
        if (x[i] != 0) {
            qn_text_printf(text, " %s", name_of(problem, i));
            shown++;
        }
    }
    qn_text_printf(text, "\n");
}

static const qn__problem_ops selection_ops = {judge_selection, names_json, names_text, NULL};

static qn_status choose_count(selection *s, uint32_t wanted, const char *what)
{
    QN_CHECK(s->count >= 2, ERR_ARGUMENT, "%u %s to choose from; expected at least 2", s->count, what);
    s->choose = wanted > 0 ? wanted : s->count / 3 > 0 ? s->count / 3 : 1;
    QN_CHECK(s->choose <= s->count, ERR_ARGUMENT, "choose %u of %u %s", s->choose, s->count, what);
    return QN_OK;
}

/* Adds A (sum x - k)^2 on top of what the model holds. */
static qn_status add_count_penalty(qn_problem *problem, const selection *s, const qn_problem_options *options)
{
    qn_qubo *const qubo = problem->qubo;
    double bound = 0;
    QN_TRY(qn_qubo_finish(qubo));
    for (uint32_t i = 0; i < s->count; i++) {
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        double reach = fabs(qn_qubo_linear(qubo, i));
        for (size_t k = qn_qubo_row(qubo, i, &neighbours, &weights); k-- > 0;) {
            reach += fabs(weights[k]);
        }
        bound = fmax(bound, reach);
    }
    qn__problem_penalise(problem, bound, false, options);
    uint32_t *all = qn__alloc(s->count, sizeof *all);
    double *ones = qn__alloc(s->count, sizeof *ones);
    qn_status status = all != NULL && ones != NULL ? QN_OK : QN_ERR_MEMORY;
    for (uint32_t i = 0; status == QN_OK && i < s->count; i++) {
        all[i] = i;
        ones[i] = 1;
    }
    status = status == QN_OK ? qn_qubo_add_square(qubo, all, ones, s->count, s->choose, problem->penalty) : status;
    status = status == QN_OK ? qn_qubo_add_group(qubo, all, s->count, s->choose) : status;
    qn__free(all);
    qn__free(ones);
    return status;
}

/* ---- features: mRMR (Peng, Long, Ding, IEEE TPAMI 27, 1226 (2005)) ---- */

enum { BINS = 8, MOST_LEVELS = 16 };

/* Sorting levels by value needs the values at hand. */
typedef struct ranked {
    double value;
    uint32_t level;
    size_t rows;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const double x = ((const ranked *)a)->value, y = ((const ranked *)b)->value;
    return (x > y) - (x < y);
}

/* The class of every row: the level itself while there are few or they are words, else one of 8 parts of equal size. */
static qn_status classes_of(const qn_score_table *table, uint32_t column, uint32_t *class, uint32_t *count)
{
    const qn_column *const c = &table->column[column];
    const bool binned = c->numeric && c->levels > MOST_LEVELS;
    QN_CHECK(c->numeric || c->levels <= 1024, ERR_ARGUMENT,
             "column '%.40s' has %u different words; expected at most 1024", c->name, c->levels);
    *count = binned ? BINS : c->levels;
    ranked *order = qn__calloc(c->levels, sizeof *order);
    uint32_t *bin = qn__calloc(c->levels, sizeof *bin);
    if (order == NULL || bin == NULL) {
        qn__free(order);
        qn__free(bin);
        return QN_ERR_MEMORY;
    }
    for (uint32_t l = 0; l < c->levels; l++) {
        order[l] = (ranked){binned ? c->values[l] : 0, l, 0};
    }
    for (size_t r = 0; r < table->rows; r++) {
        order[table->cell[r * table->columns + column]].rows++;
    }
    if (binned) {
        qsort(order, c->levels, sizeof *order, compare_ranked);
    }
    for (size_t l = 0, before = 0; l < c->levels; l++) {
        bin[order[l].level] = binned ? (uint32_t)(before * BINS / table->rows) : (uint32_t)l;
        before += order[l].rows;
    }
    for (size_t r = 0; r < table->rows; r++) {
        class[r] = bin[table->cell[r * table->columns + column]];
    }
    qn__free(order);
    qn__free(bin);
    return QN_OK;
}

/* sum p(a,b) ln p(a,b) / p(a) p(b), in nats; `joint` has room for ka (kb + 1) + kb counts. */
static double mutual_information(const uint32_t *a, uint32_t ka, const uint32_t *b, uint32_t kb, size_t rows,
                                 double *joint)
{
    double *const of_a = joint + (size_t)ka * kb, *const of_b = of_a + ka;
    memset(joint, 0, ((size_t)ka * kb + ka + kb) * sizeof *joint);
    for (size_t r = 0; r < rows; r++) {
        joint[(size_t)a[r] * kb + b[r]]++;
        of_a[a[r]]++;
        of_b[b[r]]++;
    }
    double information = 0;
    for (uint32_t i = 0; i < ka; i++) {
        for (uint32_t j = 0; j < kb; j++) {
            const double both = joint[(size_t)i * kb + j];
            information += both > 0 ? both * log(both * (double)rows / (of_a[i] * of_b[j])) : 0;
        }
    }
    return fmax(0, information / (double)rows);
}

/* E = -sum rel_i x_i / k + redundancy sum_{i<j} 2 red_ij x_i x_j / k^2 (diagonal terms of red left out) */
static qn_status fill_features(qn_problem *problem, const selection *s, uint32_t target, double weight)
{
    const qn_score_table *const table = problem->instance->table;
    const double k = s->choose;
    const size_t rows = table->rows;
    uint32_t *class = qn__alloc(((size_t)s->count + 1) * rows, sizeof *class);
    uint32_t *counts = qn__alloc((size_t)s->count + 1, sizeof *counts);
    double *joint = NULL;
    qn_status status = class != NULL && counts != NULL ? QN_OK : QN_ERR_MEMORY;
    size_t most = 0;
    QN_TRY_CLEANUP(status);
    for (uint32_t i = 0; i <= s->count; i++) {
        QN_TRY_CLEANUP(classes_of(table, i == s->count ? target : s->column[i], class + i * rows, &counts[i]));
        most = counts[i] > most ? counts[i] : most;
    }
    joint = qn__alloc(most * most + 2 * most, sizeof *joint);
    if (joint == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        const uint32_t *const mine = class + i * rows;
        const double relevance =
            mutual_information(mine, counts[i], class + s->count * rows, counts[s->count], rows, joint);
        QN_TRY_CLEANUP(qn_qubo_add_linear(problem->qubo, i, -relevance / k));
        for (uint32_t j = 0; j < i; j++) {
            const double shared = mutual_information(mine, counts[i], class + j * rows, counts[j], rows, joint);
            QN_TRY_CLEANUP(qn_qubo_add_quadratic(problem->qubo, j, i, 2 * weight * shared / (k * k)));
        }
    }
cleanup:
    qn__free(class);
    qn__free(counts);
    qn__free(joint);
    return status;
}

qn_status qn__make_features(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_score_table *const table = instance->table;
    uint32_t target = table->columns - 1;
    selection *s = qn__calloc(1, sizeof *s);
    QN_ALLOC_CHECK(s);
    problem->data = s;
    problem->ops = &selection_ops;
    problem->objective_name = "relevance minus redundancy";
    problem->maximise = true;
    problem->factor = -1;
    if (options->target != NULL) {
        QN_TRY(qn__problem_index(table, options->target, &target));
    }
    for (uint32_t c = 0; c < table->columns; c++) {
        if (c != target) {
            s->column[s->count++] = c;
        }
    }
    QN_TRY(choose_count(s, options->choose, "features"));
    (void)snprintf(problem->title, sizeof problem->title, "%u of %u features for '%.40s', %zu rows", s->choose,
                   s->count, table->column[target].name, table->rows);
    QN_TRY(qn_qubo_create(s->count, &problem->qubo));
    QN_TRY(fill_features(problem, s, target, options->redundancy > 0 ? options->redundancy : 1));
    return add_count_penalty(problem, s, options);
}

/* ---- portfolio: equal weights on k assets; E = risk x'Cx / k^2 - mu'x / k (Markowitz 1952) ---- */

static double mean_of(const qn_score_table *table, uint32_t column)
{
    double sum = 0;
    for (size_t r = 0; r < table->rows; r++) {
        sum += qn__table_number(table, r, column);
    }
    return sum / (double)table->rows;
}

static double covariance(const qn_score_table *table, uint32_t a, uint32_t b, double mean_a, double mean_b)
{
    double sum = 0;
    for (size_t r = 0; r < table->rows; r++) {
        sum += (qn__table_number(table, r, a) - mean_a) * (qn__table_number(table, r, b) - mean_b);
    }
    return sum / (double)(table->rows - 1);
}

qn_status qn__make_portfolio(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_score_table *const table = instance->table;
    const double risk = options->risk > 0 ? options->risk : 1;
    selection *s = qn__calloc(1, sizeof *s);
    QN_ALLOC_CHECK(s);
    problem->data = s;
    problem->ops = &selection_ops;
    problem->objective_name = "return minus risk";
    problem->maximise = true;
    problem->factor = -1;
    QN_CHECK(table->rows >= 2, ERR_ARGUMENT, "%zu rows of returns; a covariance needs at least 2", table->rows);
    for (uint32_t c = 0; c < table->columns; c++) {
        if (table->column[c].numeric) {
            s->column[s->count++] = c;
        } else { /* the column of dates, for one */
            const size_t used = strlen(problem->remark);
            (void)snprintf(problem->remark + used, sizeof problem->remark - used, "%s%.40s",
                           used == 0 ? "columns of words are no assets: " : ", ", table->column[c].name);
        }
    }
    QN_TRY(choose_count(s, options->choose, "assets"));
    const double k = s->choose;
    (void)snprintf(problem->title, sizeof problem->title, "%u of %u assets from %zu returns, risk weight %g", s->choose,
                   s->count, table->rows, risk);
    QN_TRY(qn_qubo_create(s->count, &problem->qubo));
    for (uint32_t i = 0; i < s->count; i++) {
        const double mean = mean_of(table, s->column[i]);
        for (uint32_t j = 0; j <= i; j++) {
            const double c = covariance(table, s->column[i], s->column[j], mean, mean_of(table, s->column[j]));
            QN_TRY(qn_qubo_add_quadratic(problem->qubo, j, i, (i == j ? 1 : 2) * risk * c / (k * k)));
        }
        QN_TRY(qn_qubo_add_linear(problem->qubo, i, -mean / k));
    }
    return add_count_penalty(problem, s, options);
}

/* ---- knapsack: E = -sum v x + A (sum w x + slack - C)^2 ----
 *
 * Whatever x and slack: if the items fit, the slack that fills up exactly saves the whole penalty at no cost. If they
 * are over by o >= 1, taking out any chosen item of weight w > 0 saves A (o^2 - (o - w)^2) >= A w o >= A while w <= o,
 * and otherwise makes it fit, which with the slack set right saves A o^2 >= A; it costs the item's value. So A above
 * the largest value of an item with weight is enough. */
typedef struct knapsack {
    uint32_t items, slack, value_column, weight_column;
    double capacity;
} knapsack;

static void judge_knapsack(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const knapsack *const k = problem->data;
    double weight = 0;
    out->objective = 0;
    for (uint32_t i = 0; i < k->items; i++) {
        weight += x[i] != 0 ? qn__table_number(problem->instance->table, i, k->weight_column) : 0;
        out->objective += x[i] != 0 ? qn__table_number(problem->instance->table, i, k->value_column) : 0;
    }
    if (weight > k->capacity) {
        qn__judge_fail(out, "the items weigh %.10g; the capacity is %.10g", weight, k->capacity);
    }
}

static void items_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    qn__json_chosen(json, key, x, ((const knapsack *)problem->data)->items);
}

static void items_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    qn__text_chosen(text, "items (rows)", x, ((const knapsack *)problem->data)->items);
}

static const qn__problem_ops knapsack_ops = {judge_knapsack, items_json, items_text, NULL};

static qn_status check_items(const qn_score_table *table, const knapsack *k, double *total, double *largest,
                             bool *whole)
{
    for (uint32_t i = 0; i < k->items; i++) {
        const double w = qn__table_number(table, i, k->weight_column), v = qn__table_number(table, i, k->value_column);
        QN_CHECK(w >= 0 && w == rint(w) && w <= 1e9, ERR_ARGUMENT,
                 "row %u has the weight %g; expected whole numbers from 0 to 1e9 (multiply to get there)", i + 1, w);
        *total += w;
        *largest = w > 0 ? fmax(*largest, v) : *largest;
        *whole = *whole && v == rint(v);
    }
    return QN_OK;
}

qn_status qn__make_knapsack(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_score_table *const table = instance->table;
    double total = 0, largest = 0;
    bool whole = true;
    knapsack *k = qn__calloc(1, sizeof *k);
    QN_ALLOC_CHECK(k);
    problem->data = k;
    problem->ops = &knapsack_ops;
    problem->objective_name = "value";
    problem->maximise = true;
    problem->factor = -1;
    QN_TRY(qn__problem_index(table, "value", &k->value_column));
    QN_TRY(qn__problem_index(table, "weight", &k->weight_column));
    QN_TRY(qn_instance_numbers(instance, k->value_column));
    QN_TRY(qn_instance_numbers(instance, k->weight_column));
    QN_CHECK(table->rows <= 100000, ERR_TOO_LARGE, "%zu items; at most 100000", table->rows);
    k->items = (uint32_t)table->rows;
    QN_TRY(check_items(table, k, &total, &largest, &whole));
    k->capacity = floor(options->capacity > 0 ? fmin(options->capacity, fmax(total, 1)) : total / 2);
    k->slack = qn__range_bits((uint64_t)k->capacity);
    problem->slack = k->slack;
    qn__problem_penalise(problem, largest, whole, options);
    (void)snprintf(problem->title, sizeof problem->title, "knapsack of %u items with capacity %.10g", k->items,
                   k->capacity);
    const uint32_t n = k->items + k->slack;
    QN_TRY(qn_qubo_create(n, &problem->qubo));
    uint32_t *all = qn__alloc(n, sizeof *all);
    double *weights = qn__alloc(n, sizeof *weights);
    qn_status status = all != NULL && weights != NULL ? QN_OK : QN_ERR_MEMORY;
    for (uint32_t i = 0; status == QN_OK && i < n; i++) {
        all[i] = i;
        weights[i] = i < k->items ? qn__table_number(table, i, k->weight_column)
                                  : qn__range_weight((uint64_t)k->capacity, i - k->items);
        if (i < k->items) {
            status = qn_qubo_add_linear(problem->qubo, i, -qn__table_number(table, i, k->value_column));
        }
    }
    status =
        status == QN_OK ? qn_qubo_add_square(problem->qubo, all, weights, n, k->capacity, problem->penalty) : status;
    qn__free(all);
    qn__free(weights);
    return status;
}

/* ---- two parts with equal sums: E = (sum a s)^2, objective |sum a s| ---- */

static void judge_partition(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const qn_score_table *const table = problem->instance->table;
    double difference = 0;
    for (size_t r = 0; r < table->rows; r++) {
        difference += x[r] != 0 ? -qn__table_number(table, r, 0) : qn__table_number(table, r, 0);
    }
    out->objective = fabs(difference);
}

static void parts_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    qn__json_chosen(json, key, x, (uint32_t)problem->instance->table->rows);
}

static void parts_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    qn__text_chosen(text, "one part (rows)", x, (uint32_t)problem->instance->table->rows);
}

static const qn__problem_ops partition_ops = {judge_partition, parts_json, parts_text, NULL};

qn_status qn__make_partition(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    (void)options;
    const qn_score_table *const table = instance->table;
    QN_CHECK(table->columns == 1, ERR_ARGUMENT, "a partition needs a table with one column of numbers; this one has %u",
             table->columns);
    QN_TRY(qn_instance_numbers(instance, 0));
    QN_CHECK(table->rows <= 8192, ERR_TOO_LARGE, "%zu numbers have all pairs coupled; at most 8192", table->rows);
    problem->ops = &partition_ops;
    problem->objective_name = "difference of the sums";
    problem->root = true;
    (void)snprintf(problem->title, sizeof problem->title, "partition of %zu numbers into two equal sums", table->rows);
    QN_TRY(qn_qubo_create((uint32_t)table->rows, &problem->qubo));
    for (uint32_t i = 0; i < table->rows; i++) {
        const double a = qn__table_number(table, i, 0);
        QN_TRY(qn_qubo_add_constant(problem->qubo, a * a));
        for (uint32_t j = 0; j < i; j++) {
            QN_TRY(qn_qubo_add_coupling(problem->qubo, j, i, 2 * a * qn__table_number(table, j, 0)));
        }
    }
    return QN_OK;
}
