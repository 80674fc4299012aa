/* surrogate.c: pairwise models of tables: fitted by ridge regression, and minimised as cost functions.
 *
 * The features of a row are the indicators of its levels and of its pairs of levels; y is centred first. The normal
 * equations (X'X + ridge) beta = X'y are solved by conjugate gradients, never formed: a row has choices (choices + 1) /
 * 2 features that are not zero. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "problem/choices.h"

enum { MOST_STEPS = 2000 };

typedef struct fit {
    uint32_t choices;
    const uint32_t *levels, *observed;
    size_t rows, features, singles;
    size_t *unary_at, *pair_at; /* first feature of each choice, of each pair a < b */
} fit;

static qn_status lay_out(fit *f)
{
    f->unary_at = qn__alloc(f->choices, sizeof *f->unary_at);
    f->pair_at = qn__alloc((size_t)f->choices * f->choices, sizeof *f->pair_at);
    if (f->unary_at == NULL || f->pair_at == NULL) {
        return QN_ERR_MEMORY;
    }
    size_t at = 0;
    for (uint32_t a = 0; a < f->choices; a++) {
        f->unary_at[a] = at;
        at += f->levels[a];
    }
    f->singles = at;
    for (uint32_t a = 0; a < f->choices; a++) {
        for (uint32_t b = a + 1; b < f->choices; b++) {
            f->pair_at[(size_t)a * f->choices + b] = at;
            at += (size_t)f->levels[a] * f->levels[b];
        }
    }
    f->features = at;
    return QN_OK;
}

/* Calls its body with the index of every feature of a row. */
static double row_product(const fit *f, size_t r, const double *beta)
{
    const uint32_t *const row = f->observed + r * f->choices;
    double sum = 0;
    for (uint32_t a = 0; a < f->choices; a++) {
        sum += beta[f->unary_at[a] + row[a]];
        for (uint32_t b = a + 1; b < f->choices; b++) {
            sum += beta[f->pair_at[(size_t)a * f->choices + b] + (size_t)row[a] * f->levels[b] + row[b]];
        }
    }
    return sum;
}

static void row_add(const fit *f, size_t r, double value, double *to)
{
    const uint32_t *const row = f->observed + r * f->choices;
    for (uint32_t a = 0; a < f->choices; a++) {
        to[f->unary_at[a] + row[a]] += value;
        for (uint32_t b = a + 1; b < f->choices; b++) {
            to[f->pair_at[(size_t)a * f->choices + b] + (size_t)row[a] * f->levels[b] + row[b]] += value;
        }
    }
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        sum += a[k] * b[k];
    }
    return sum;
}

/* Conjugate gradients from beta = 0; `work` has room for three vectors. */
static void solve(const fit *f, const double *y, double mean, double ridge, double *beta, double *work)
{
    const size_t n = f->features;
    double *const residual = work, *const direction = work + n, *const image = work + 2 * n;
    memset(beta, 0, n * sizeof *beta);
    memset(residual, 0, n * sizeof *residual);
    for (size_t r = 0; r < f->rows; r++) {
        row_add(f, r, y[r] - mean, residual);
    }
    memcpy(direction, residual, n * sizeof *residual);
    const double first = dot(residual, residual, n);
    double size = first;
    for (int step = 0; step < MOST_STEPS && size > 1e-24 * first; step++) {
        for (size_t k = 0; k < n; k++) {
            image[k] = ridge * direction[k];
        }
        for (size_t r = 0; r < f->rows; r++) {
            row_add(f, r, row_product(f, r, direction), image);
        }
        const double length = size / dot(direction, image, n);
        for (size_t k = 0; k < n; k++) {
            beta[k] += length * direction[k];
            residual[k] -= length * image[k];
        }
        const double next = dot(residual, residual, n);
        for (size_t k = 0; k < n; k++) {
            direction[k] = residual[k] + next / size * direction[k];
        }
        size = next;
    }
}

qn_status qn_surrogate_fit(uint32_t choices, const uint32_t *levels, size_t rows, const uint32_t *observed,
                           const double *y, double ridge, double *constant, double *unary, double *pair)
{
    QN_CHECK(choices >= 1 && rows >= 1, ERR_ARGUMENT, "%u choices and %zu rows; expected at least 1 of each", choices,
             rows);
    QN_CHECK(isfinite(ridge) && ridge > 0, ERR_ARGUMENT, "a ridge of %g; expected more than 0", ridge);
    for (size_t r = 0; r < rows; r++) {
        QN_CHECK(isfinite(y[r]), ERR_NAN, "row %zu has the value %g", r, y[r]);
        for (uint32_t a = 0; a < choices; a++) {
            QN_CHECK(observed[r * choices + a] < levels[a], ERR_RANGE, "row %zu chooses level %u of %u", r,
                     observed[r * choices + a], levels[a]);
        }
    }
    fit f = {.choices = choices, .levels = levels, .observed = observed, .rows = rows};
    double *work = NULL, mean = 0;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(lay_out(&f));
    work = qn__alloc(4 * f.features, sizeof *work);
    if (work == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t r = 0; r < rows; r++) {
        mean += y[r] / (double)rows;
    }
    solve(&f, y, mean, ridge, work, work + f.features);
    *constant = mean;
    memcpy(unary, work, f.singles * sizeof *unary);
    if (f.features > f.singles) {
        memcpy(pair, work + f.singles, (f.features - f.singles) * sizeof *pair);
    }
cleanup:
    qn__free(f.unary_at);
    qn__free(f.pair_at);
    qn__free(work);
    return status;
}

double qn_surrogate_value(const qn_surrogate *s, const uint32_t *chosen)
{
    double value = s->constant;
    const double *unary = s->unary, *pair = s->pair;
    for (uint32_t a = 0; a < s->choices; unary += s->levels[a++]) {
        value += unary[chosen[a]];
        for (uint32_t b = a + 1; b < s->choices && pair != NULL; b++) {
            value += pair[(size_t)chosen[a] * s->levels[b] + chosen[b]];
            pair += (size_t)s->levels[a] * s->levels[b];
        }
    }
    return value;
}

/* ---- the problem of the best choices ---- */

static bool decode(const qn_problem *problem, const uint8_t *x, uint32_t **levels)
{
    uint32_t bad = 0;
    *levels = problem->data; /* the levels last decoded stand in front of all that a kind keeps */
    return qn__choices_decode(problem->choices, x, *levels, &bad);
}

static void judge_choices(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    uint32_t bad = 0;
    if (!qn__choices_decode(problem->choices, x, problem->data, &bad)) {
        qn__judge_fail(out, "choice %u has no value, or more than one", bad + 1);
        return;
    }
    out->objective = qn_problem_objective_of_cost(problem, qn_cost_value(qn_problem_cost(problem), x));
}

static void choices_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    uint32_t *levels = NULL;
    const bool valid = decode(problem, x, &levels);
    qn_json_begin_array(json, key);
    for (uint32_t a = 0; valid && a < problem->choices->count; a++) {
        qn_json_unsigned(json, NULL, levels[a]);
    }
    qn_json_end_array(json);
}

static void choices_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    uint32_t *levels = NULL;
    if (decode(problem, x, &levels)) {
        qn_text_printf(text, "levels:");
        for (uint32_t a = 0; a < problem->choices->count; a++) {
            qn_text_printf(text, " %u", levels[a]);
        }
        qn_text_printf(text, "\n");
    }
}

static const qn__problem_ops choices_ops = {judge_choices, choices_json, choices_text, NULL};

qn_status qn_problem_decode_levels(const qn_problem *problem, const uint8_t *x, uint32_t *levels)
{
    uint32_t bad = 0;
    QN_CHECK(problem->choices != NULL, ERR_ARGUMENT, "'%s' has no choices", problem->kind);
    QN_CHECK(qn__choices_decode(problem->choices, x, levels, &bad), ERR_ARGUMENT,
             "choice %u has no value, or more than one", bad + 1);
    return QN_OK;
}

qn_status qn_problem_encode_levels(const qn_problem *problem, const uint32_t *levels, uint8_t *x)
{
    QN_CHECK(problem->choices != NULL, ERR_ARGUMENT, "'%s' has no choices", problem->kind);
    for (uint32_t a = 0; a < problem->choices->count; a++) {
        QN_CHECK(levels[a] < problem->choices->levels[a], ERR_RANGE, "level %u of choice %u, which has %u", levels[a],
                 a + 1, problem->choices->levels[a]);
    }
    qn__choices_encode(problem->choices, levels, x);
    return QN_OK;
}

/* sign * (unary + pairs) into the problem, whose choices exist. */
static qn_status fill(qn_problem *problem, const qn_surrogate *s, double sign, const qn_problem_options *options)
{
    const uint32_t n = s->choices;
    const size_t singles = problem->choices->unary_at[n];
    size_t nblocks = 0, pairs = 0;
    for (uint32_t a = 0; a < n && s->pair != NULL; a++) {
        for (uint32_t b = a + 1; b < n; b++, nblocks++) {
            pairs += (size_t)s->levels[a] * s->levels[b];
        }
    }
    double *signed_ = qn__alloc(singles + pairs, sizeof *signed_);
    qn__pair_block *blocks = qn__alloc(nblocks, sizeof *blocks);
    qn_status status = signed_ != NULL && blocks != NULL ? QN_OK : QN_ERR_MEMORY;
    bool whole = true;
    size_t k = 0, at = singles;
    for (size_t i = 0; status == QN_OK && i < singles + pairs; i++) {
        signed_[i] = sign * (i < singles ? s->unary[i] : s->pair[i - singles]);
        whole = whole && signed_[i] == rint(signed_[i]);
    }
    for (uint32_t a = 0; status == QN_OK && a < n && s->pair != NULL; a++) {
        for (uint32_t b = a + 1; b < n; b++) {
            blocks[k++] = (qn__pair_block){a, b, signed_ + at};
            at += (size_t)s->levels[a] * s->levels[b];
        }
    }
    status = status == QN_OK ? qn__choices_cost(problem, signed_, blocks, nblocks, whole, options) : status;
    qn__free(signed_);
    qn__free(blocks);
    problem->maximise = sign < 0;
    problem->factor = sign;
    problem->shift = s->constant;
    return status;
}

static qn_status check_surrogate(const qn_surrogate *s)
{
    QN_CHECK(s != NULL && s->choices >= 1 && s->unary != NULL && s->levels != NULL, ERR_ARGUMENT,
             "a surrogate with at least one choice is needed");
    double total = 0;
    for (uint32_t a = 0; a < s->choices; a++) {
        QN_CHECK(s->levels[a] >= 1, ERR_ARGUMENT, "choice %u has no levels", a + 1);
        total += s->levels[a];
    }
    QN_CHECK(total <= 16384, ERR_TOO_LARGE, "%.0f levels; at most 16384", total);
    return QN_OK;
}

qn_status qn_problem_create_surrogate(const qn_surrogate *surrogate, bool maximise, qn_encoding encoding,
                                      double penalty, qn_problem **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the problem is needed");
    QN_TRY(check_surrogate(surrogate));
    QN_CHECK(isfinite(penalty) && penalty >= 0, ERR_ARGUMENT, "a penalty factor of %g; expected 0 or more", penalty);
    qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
    options.penalty = penalty > 0 ? penalty : 1;
    qn_problem *problem = qn__calloc(1, sizeof *problem);
    QN_ALLOC_CHECK(problem);
    qn_status status = QN_OK;
    problem->ops = &choices_ops;
    problem->kind = "surrogate";
    problem->objective_name = "predicted value";
    (void)snprintf(problem->title, sizeof problem->title, "pairwise model of %u choices", surrogate->choices);
    problem->data = qn__calloc(surrogate->choices, sizeof(uint32_t));
    if (problem->data == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__choices_create(surrogate->choices, surrogate->levels, encoding, &problem->choices));
    QN_TRY_CLEANUP(fill(problem, surrogate, maximise ? -1 : 1, &options));
    QN_TRY_CLEANUP(problem->qubo != NULL ? qn_qubo_finish(problem->qubo) : qn_polynomial_finish(problem->polynomial));
    *out = problem;
    problem = NULL;
cleanup:
    qn_problem_free(problem);
    return status;
}

/* ---- a table of hyperparameters or architectures ---- */

enum { MOST_GRID_LEVELS = 64 };

typedef struct grid {
    uint32_t *decoded; /* = data of the problem */
    uint32_t columns, target;
    uint32_t column[4096];
} grid;

static const grid *grid_of(const qn_problem *problem)
{
    return (const grid *)(const void *)((const char *)problem->data + problem->choices->count * sizeof(uint64_t));
}

/* The row of the table with these levels, or `rows`. */
static size_t find_row(const qn_problem *problem, const uint32_t *levels)
{
    const qn_score_table *const t = problem->instance->table;
    const grid *const g = grid_of(problem);
    for (size_t r = 0; r < t->rows; r++) {
        uint32_t same = 0;
        while (same < g->columns && t->cell[r * t->columns + g->column[same]] == levels[same]) {
            same++;
        }
        if (same == g->columns) {
            return r;
        }
    }
    return t->rows;
}

static void grid_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    const qn_score_table *const t = problem->instance->table;
    const grid *const g = grid_of(problem);
    uint32_t *levels = NULL;
    qn_json_begin_object(json, key);
    if (decode(problem, x, &levels)) {
        for (uint32_t a = 0; a < g->columns; a++) {
            const qn_column *const c = &t->column[g->column[a]];
            if (c->numeric) {
                qn_json_number(json, c->name, c->values[levels[a]]);
            } else {
                qn_json_string(json, c->name, c->texts[levels[a]]);
            }
        }
        const size_t row = find_row(problem, levels);
        if (row < t->rows) {
            qn_json_number(json, t->column[g->target].name, qn__table_number(t, row, g->target));
        }
    }
    qn_json_end_object(json);
}

static void grid_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    const qn_score_table *const t = problem->instance->table;
    const grid *const g = grid_of(problem);
    uint32_t *levels = NULL;
    if (!decode(problem, x, &levels)) {
        return;
    }
    for (uint32_t a = 0; a < g->columns; a++) {
        const qn_column *const c = &t->column[g->column[a]];
        qn_text_printf(text, "%s%s=%s", a > 0 ? ", " : "choose: ", c->name, c->texts[levels[a]]);
    }
    const size_t row = find_row(problem, levels);
    if (row < t->rows) {
        qn_text_printf(text, "\nthe table says: %s=%.10g (row %zu)\n", t->column[g->target].name,
                       qn__table_number(t, row, g->target), row + 1);
    } else {
        qn_text_printf(text, "\nthe table has no row with these values\n");
    }
}

static const qn__problem_ops grid_ops = {judge_choices, grid_json, grid_text, NULL};

/* Columns that are choices: all but the target with at most 64 levels that repeat; the rest are named in the remark. In
 * NAS files the choices are the places of the key, the others are results. */
static void take_columns(qn_problem *problem, grid *g)
{
    const qn_score_table *const t = problem->instance->table;
    const bool nas = problem->instance->format == QN_INSTANCE_NAS;
    for (uint32_t c = 0; c < t->columns; c++) {
        const bool place = !nas || strncmp(t->column[c].name, "op", 2) == 0;
        if (c == g->target) {
            continue;
        }
        if (place && t->column[c].levels <= MOST_GRID_LEVELS) {
            g->column[g->columns++] = c;
        } else {
            const size_t used = strlen(problem->remark);
            (void)snprintf(problem->remark + used, sizeof problem->remark - used, "%s%.40s",
                           used == 0 ? "columns that are not choices: " : ", ", t->column[c].name);
        }
    }
}

static qn_status fit_grid(const qn_score_table *t, const grid *g, const uint32_t *levels, double *constant,
                          double *unary, double *pair)
{
    uint32_t *observed = qn__alloc(t->rows * g->columns, sizeof *observed);
    double *y = qn__alloc(t->rows, sizeof *y);
    qn_status status = observed != NULL && y != NULL ? QN_OK : QN_ERR_MEMORY;
    for (size_t r = 0; status == QN_OK && r < t->rows; r++) {
        y[r] = qn__table_number(t, r, g->target);
        for (uint32_t a = 0; a < g->columns; a++) {
            observed[r * g->columns + a] = t->cell[r * t->columns + g->column[a]];
        }
    }
    if (status == QN_OK) {
        status = qn_surrogate_fit(g->columns, levels, t->rows, observed, y, 1e-3, constant, unary, pair);
    }
    qn__free(observed);
    qn__free(y);
    return status;
}

static qn_status model_grid(qn_problem *problem, const grid *g, const uint32_t *levels, bool maximise,
                            const qn_problem_options *options)
{
    size_t singles = 0, pairs = 0;
    for (uint32_t a = 0; a < g->columns; a++) {
        pairs += singles * levels[a];
        singles += levels[a];
    }
    QN_CHECK(pairs <= 1u << 22, ERR_TOO_LARGE, "%zu pairs of levels; at most 2^22", pairs);
    double *model = qn__alloc(singles + pairs, sizeof *model);
    QN_ALLOC_CHECK(model);
    qn_surrogate s = {g->columns, levels, 0, model, pairs > 0 ? model + singles : NULL};
    qn_status status = fit_grid(problem->instance->table, g, levels, &s.constant, model, model + singles);
    if (status == QN_OK) {
        status = check_surrogate(&s);
    }
    if (status == QN_OK) {
        status = fill(problem, &s, maximise ? -1 : 1, options);
    }
    qn__free(model);
    return status;
}

qn_status qn__make_grid(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_score_table *const t = instance->table;
    grid found = {.target = t->columns - 1};
    problem->ops = &grid_ops;
    if (options->target != NULL) {
        QN_TRY(qn__problem_index(t, options->target, &found.target));
    } else if (instance->format == QN_INSTANCE_NAS) {
        QN_TRY(qn__problem_index(t, "mean_acc", &found.target));
    }
    const char *const target = t->column[found.target].name;
    /* accuracies of architectures are wanted large without being asked */
    const bool maximise = options->maximise || (instance->format == QN_INSTANCE_NAS && strstr(target, "acc") != NULL);
    QN_TRY(qn_instance_numbers(instance, found.target));
    take_columns(problem, &found);
    QN_CHECK(found.columns >= 1, ERR_ARGUMENT, "no column beside '%.40s' has at most %d levels to choose from", target,
             (int)MOST_GRID_LEVELS);
    uint64_t *data = qn__calloc(found.columns * sizeof(uint64_t) + sizeof found, 1);
    QN_ALLOC_CHECK(data);
    problem->data = data;
    memcpy(data + found.columns, &found, sizeof found);
    uint32_t *const levels = qn__alloc(found.columns, sizeof *levels);
    QN_ALLOC_CHECK(levels);
    for (uint32_t a = 0; a < found.columns; a++) {
        levels[a] = t->column[found.column[a]].levels;
    }
    (void)snprintf(problem->name, sizeof problem->name, "predicted %.48s", target);
    problem->objective_name = problem->name;
    (void)snprintf(problem->title, sizeof problem->title, "%s '%.40s' of %u choices by a pairwise model of %zu rows",
                   maximise ? "largest" : "smallest", target, found.columns, t->rows);
    qn_status status = qn__choices_create(found.columns, levels, options->encoding, &problem->choices);
    status = status == QN_OK ? model_grid(problem, &found, levels, maximise, options) : status;
    qn__free(levels);
    return status;
}
