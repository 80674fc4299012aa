/* lp.c: the LP format of CPLEX (IBM documentation, "LP file format"), for programs over binaries and bounded integers.
 *
 * Objective with linear and quadratic terms, linear constraints (also a <= sum <= b), Bounds, Binary, General. Refused
 * by name: continuous variables, unbounded integers, quadratic constraints, SOS, semi-continuous and lazy sections. */
#include "format/instance/lp.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { MOST_BOUND = 1 << 20 };

static qn_status add_row(qn__lp *lp, size_t first, double constant, qn_relation relation, uint32_t name)
{
    QN_TRY(qn__grow((void **)&lp->rows, &lp->row_capacity, lp->nrows + 1, sizeof *lp->rows));
    lp->rows[lp->nrows++] = (qn__lp_row){first, lp->nterms - first, relation, -constant, name};
    return QN_OK;
}

/* sum relation sum [relation sum]: everything moves to the left. With a third part the middle one is used twice. */
static qn_status read_constraint(qn__lp *lp)
{
    uint32_t name = UINT32_MAX;
    qn_relation relation = QN_EQUAL;
    const size_t start = lp->cursor.at, first = lp->nterms;
    double constant = 0, middle = 0, right = 0;
    QN_TRY(qn__lp_label(lp, &name));
    QN_TRY(qn__lp_sum(lp, 1, QN__LP_LEFT, &constant));
    QN_TRY(qn__lp_relation(lp, &relation));
    const size_t second = lp->nterms;
    QN_TRY(qn__lp_sum(lp, -1, QN__LP_RIGHT, &middle));
    if (!qn__lp_relation_follows(lp)) {
        if (lp->nterms == first) {
            return QN_PARSE_FAIL(lp->cursor.source, start, "a constraint without variables");
        }
        return add_row(lp, first, constant + middle, relation, name);
    }
    const size_t end = lp->nterms;
    if (second != first || end == second) {
        return QN_PARSE_FAIL(lp->cursor.source, start, "two relations; expected the variables between them");
    }
    qn_relation next = QN_EQUAL;
    QN_TRY(add_row(lp, first, constant + middle, relation, name));
    QN_TRY(qn__lp_relation(lp, &next));
    QN_TRY(qn__grow((void **)&lp->terms, &lp->term_capacity, 2 * end - second, sizeof *lp->terms));
    for (size_t k = second; k < end; k++) { /* the middle again, with its own sign */
        lp->terms[lp->nterms++] = (qn__lp_term){lp->terms[k].variable, -lp->terms[k].coefficient};
    }
    QN_TRY(qn__lp_sum(lp, -1, QN__LP_RIGHT, &right));
    if (qn__lp_relation_follows(lp)) {
        return QN_PARSE_FAIL(lp->cursor.source, lp->cursor.at, "a third relation; expected the next constraint");
    }
    return add_row(lp, end, right - middle, next, name);
}

static bool reads_infinity(qn__lp *lp, double *value)
{
    qn__cursor probe = lp->cursor;
    double sign = 1;
    if (qn__cursor_peek(&probe) == '+' || qn__cursor_peek(&probe) == '-') {
        sign = qn__cursor_peek(&probe) == '-' ? -1 : 1;
        probe.at++;
        qn__cursor_skip_blanks(&probe);
    }
    if (!qn__scan_keyword(&probe, "INFINITY") && !qn__scan_keyword(&probe, "INF")) {
        return false;
    }
    *value = sign * (double)INFINITY;
    lp->cursor = probe;
    return true;
}

static qn_status read_bound_value(qn__lp *lp, double *value)
{
    return reads_infinity(lp, value) ? QN_OK : qn__cursor_number(&lp->cursor, false, "a bound", value);
}

static void apply_bound(struct qn__lp_variable *v, qn_relation relation, double value)
{
    v->low = relation != QN_AT_MOST ? value : v->low;
    v->high = relation != QN_AT_LEAST ? value : v->high;
    v->bounded = v->bounded || relation != QN_AT_LEAST;
}

/* 0 <= x <= 5, x <= 5, x = 3, 5 >= x, x free */
static qn_status read_bound(qn__lp *lp)
{
    qn__cursor *const c = &lp->cursor;
    const size_t start = c->at;
    const int first = qn__cursor_peek(c);
    qn_relation relation = QN_EQUAL;
    double left = 0, right = 0;
    uint32_t v = 0;
    double ignored = 0;
    qn__lp probe = *lp;
    const bool number_first =
        qn__is_digit(first) || first == '.' || first == '+' || first == '-' ||
        (reads_infinity(&probe, &ignored) && qn__scan_word(&probe.cursor) && qn__lp_relation_follows(&probe));
    if (number_first) {
        QN_TRY(read_bound_value(lp, &left));
        QN_TRY(qn__lp_relation(lp, &relation));
        QN_TRY(qn__lp_variable_here(lp, &v));
        apply_bound(&lp->about[v], (qn_relation)(-(int)relation), left);
        (void)qn__scan_word(c);
        if (!qn__lp_relation_follows(lp)) {
            return QN_OK;
        }
    } else {
        QN_TRY(qn__lp_variable_here(lp, &v));
        (void)qn__scan_word(c);
        if (qn__scan_keyword(c, "FREE")) {
            return QN_PARSE_FAIL(c->source, start, "variable %s is free; expected finite bounds",
                                 lp->variables.names[v]);
        }
    }
    QN_TRY(qn__lp_relation(lp, &relation));
    QN_TRY(read_bound_value(lp, &right));
    apply_bound(&lp->about[v], relation, right);
    return QN_OK;
}

static qn_status read_declaration(qn__lp *lp, bool binary)
{
    uint32_t v = 0;
    QN_TRY(qn__lp_variable_here(lp, &v));
    lp->about[v].integer = true;
    if (binary) {
        lp->about[v].binary = true;
        lp->about[v].low = fmax(lp->about[v].low, 0);
        lp->about[v].high = lp->about[v].bounded ? fmin(lp->about[v].high, 1) : 1;
        lp->about[v].bounded = true;
    }
    return QN_OK;
}

static qn_status read_objective(qn__lp *lp)
{
    uint32_t name = UINT32_MAX;
    QN_TRY(qn__lp_label(lp, &name));
    QN_TRY(qn__lp_sum(lp, 1, QN__LP_OBJECTIVE, &lp->constant));
    lp->objective_terms = lp->nterms;
    if (qn__lp_more(lp)) {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(lp->cursor.source, lp->cursor.at, "%s behind the objective; expected Subject To",
                             qn__cursor_quote(&lp->cursor, lp->cursor.at, quote));
    }
    return QN_OK;
}

static qn_status read_section(qn__lp *lp, qn__lp_section section)
{
    while (qn__lp_more(lp)) {
        QN_TRY(section == QN__LP_CONSTRAINTS ? read_constraint(lp)
               : section == QN__LP_BOUNDS    ? read_bound(lp)
                                             : read_declaration(lp, section == QN__LP_BINARY));
    }
    return QN_OK;
}

static qn_status read_all(qn__lp *lp)
{
    const qn__source *const source = lp->cursor.source;
    qn__lp_section section = QN__LP_NONE;
    char quote[QN__QUOTE];
    bool more = qn__lp_more(lp);
    for (bool first = true; section != QN__LP_END; first = false) {
        const size_t at = lp->cursor.at;
        if (more || qn__cursor_peek(&lp->cursor) < 0) {
            return QN_PARSE_FAIL(source, at, "%s; expected %s", qn__cursor_quote(&lp->cursor, at, quote),
                                 first ? "Minimize or Maximize" : "a section or End");
        }
        section = qn__lp_keyword(&lp->cursor);
        const bool objective = section == QN__LP_MINIMISE || section == QN__LP_MAXIMISE;
        if (objective != first || section == QN__LP_REFUSED) {
            return QN_PARSE_FAIL(source, at, "the section %s is %s", qn__cursor_quote(&lp->cursor, at, quote),
                                 section == QN__LP_REFUSED ? "not supported; expected linear constraints, Bounds, "
                                                             "Binary, General or End"
                                                           : "out of place; expected Minimize or Maximize first, once");
        }
        if (objective) {
            lp->maximise = section == QN__LP_MAXIMISE;
            (void)qn__lp_more(lp);
            QN_TRY(read_objective(lp));
        } else if (section != QN__LP_END) {
            QN_TRY(read_section(lp, section));
        }
        more = false;
    }
    if (qn__scan_line(&lp->cursor, "\\")) {
        return QN_PARSE_FAIL(source, lp->cursor.at, "%s behind End",
                             qn__cursor_quote(&lp->cursor, lp->cursor.at, quote));
    }
    return QN_OK;
}

static qn_status check_variables(const qn__lp *lp)
{
    const qn__source *const source = lp->cursor.source;
    if (lp->variables.count == 0) {
        return QN_PARSE_FAIL(source, source->length, "there are no variables");
    }
    for (uint32_t v = 0; v < lp->variables.count; v++) {
        const struct qn__lp_variable about = lp->about[v];
        const char *const name = lp->variables.names[v];
        if (!about.integer) {
            return QN_PARSE_FAIL(source, about.seen, "variable %s is continuous; expected it under Binary or General",
                                 name);
        }
        if (!about.bounded || !isfinite(about.low) || !isfinite(about.high)) {
            return QN_PARSE_FAIL(source, about.seen, "integer variable %s is not bounded; expected finite Bounds",
                                 name);
        }
        if (about.low != floor(about.low) || about.high != floor(about.high)) {
            return QN_PARSE_FAIL(source, about.seen, "the bounds %g and %g of %s are not whole numbers", about.low,
                                 about.high, name);
        }
        if (about.low > about.high) {
            return QN_PARSE_FAIL(source, about.seen, "no value of %s fits its bounds %g and %g", name, about.low,
                                 about.high);
        }
        if (fabs(about.low) > MOST_BOUND || fabs(about.high) > MOST_BOUND) {
            return QN_PARSE_FAIL(source, about.seen, "the bounds %g and %g of %s; expected at most %d in size",
                                 about.low, about.high, name, (int)MOST_BOUND);
        }
    }
    return QN_OK;
}

/* A variable may stand in a sum more than once: its coefficients add up. `at` maps variables to the row's terms. */
static void add_term(qn_integer_program *p, size_t *end, size_t row_first, size_t *at, qn__lp_term term)
{
    if (at[term.variable] < row_first || at[term.variable] >= *end || p->variable[at[term.variable]] != term.variable) {
        at[term.variable] = *end;
        p->variable[*end] = term.variable;
        p->coefficient[(*end)++] = 0;
    }
    p->coefficient[at[term.variable]] += term.coefficient;
}

static qn_status fill_rows(qn__lp *lp, qn_integer_program *p)
{
    size_t end = 0;
    size_t *at = qn__calloc(p->variables, sizeof *at);
    QN_ALLOC_CHECK(at);
    for (size_t r = 0; r < lp->nrows; r++) {
        const qn__lp_row *const row = &lp->rows[r];
        p->first[r] = end;
        for (size_t k = 0; k < row->count; k++) {
            add_term(p, &end, p->first[r], at, lp->terms[row->first + k]);
        }
        p->relation[r] = row->relation;
        p->right[r] = row->right;
    }
    p->first[lp->nrows] = end;
    qn__free(at);
    for (size_t r = 0; r < lp->nrows; r++) {
        char number[32] = "";
        const uint32_t name = lp->rows[r].name;
        if (name == UINT32_MAX) {
            size_t digits = sizeof number - 1;
            for (size_t rest = r + 1; rest > 0 || digits == sizeof number - 1; rest /= 10) {
                number[--digits] = (char)('0' + rest % 10);
            }
            number[--digits] = 'c';
            p->constraint_names[r] = qn__strdup(number + digits);
        } else {
            p->constraint_names[r] = qn__strdup(lp->row_names.names[name]);
        }
        QN_ALLOC_CHECK(p->constraint_names[r]);
    }
    return QN_OK;
}

static qn_status fill_objective(qn__lp *lp, qn_integer_program *p)
{
    p->maximise = lp->maximise;
    p->constant = lp->constant;
    for (size_t k = 0; k < lp->objective_terms; k++) {
        p->linear[lp->terms[k].variable] += lp->terms[k].coefficient;
    }
    qn__entries_sort(&lp->quadratic);
    for (size_t k = 0; k < lp->quadratic.count; k++) {
        const qn__entry entry = lp->quadratic.list[k];
        const size_t last = p->nquadratic - 1;
        if (p->nquadratic > 0 && p->qi[last] == entry.i && p->qj[last] == entry.j) {
            p->qvalue[last] += entry.value;
        } else {
            p->qi[p->nquadratic] = entry.i;
            p->qj[p->nquadratic] = entry.j;
            p->qvalue[p->nquadratic++] = entry.value;
        }
    }
    for (uint32_t v = 0; v < p->variables; v++) {
        p->low[v] = lp->about[v].low;
        p->high[v] = lp->about[v].high;
    }
    return QN_OK;
}

static qn_status build(qn__lp *lp, qn_instance *out)
{
    qn_integer_program *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    out->program = p;
    const size_t n = lp->variables.count, rows = lp->nrows, row_terms = lp->nterms - lp->objective_terms;
    p->low = qn__calloc(3 * n, sizeof *p->low);
    p->qi = qn__calloc(2 * lp->quadratic.count, sizeof *p->qi);
    p->qvalue = qn__calloc(lp->quadratic.count, sizeof *p->qvalue);
    p->constraint_names = qn__calloc(rows, sizeof *p->constraint_names);
    p->first = qn__calloc(rows + 1, sizeof *p->first);
    p->variable = qn__calloc(row_terms, sizeof *p->variable);
    p->coefficient = qn__calloc(row_terms, sizeof *p->coefficient);
    p->relation = qn__calloc(rows, sizeof *p->relation);
    p->right = qn__calloc(rows, sizeof *p->right);
    if (p->low == NULL || p->qi == NULL || p->qvalue == NULL || p->constraint_names == NULL || p->first == NULL ||
        p->variable == NULL || p->coefficient == NULL || p->relation == NULL || p->right == NULL) {
        return QN_ERR_MEMORY;
    }
    p->variables = (uint32_t)lp->variables.count;
    p->constraints = rows;
    p->high = p->low + n;
    p->linear = p->high + n;
    p->qj = p->qi + lp->quadratic.count;
    QN_TRY(fill_objective(lp, p));
    QN_TRY(fill_rows(lp, p));
    p->names = lp->variables.names; /* handed over */
    lp->variables.names = NULL;
    lp->variables.count = 0;
    return QN_OK;
}

void qn__program_free(qn_integer_program *p)
{
    if (p == NULL) {
        return;
    }
    for (uint32_t v = 0; p->names != NULL && v < p->variables; v++) {
        qn__free(p->names[v]);
    }
    for (size_t r = 0; p->constraint_names != NULL && r < p->constraints; r++) {
        qn__free(p->constraint_names[r]);
    }
    qn__free(p->names);
    qn__free(p->constraint_names);
    qn__free(p->low);
    qn__free(p->qi);
    qn__free(p->qvalue);
    qn__free(p->first);
    qn__free(p->variable);
    qn__free(p->coefficient);
    qn__free(p->relation);
    qn__free(p->right);
    qn__free(p);
}

qn_status qn__read_lp(const qn__source *source, qn_instance *out)
{
    qn__lp lp = {.cursor = {source, source->start, source->length}};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(read_all(&lp));
    QN_TRY_CLEANUP(check_variables(&lp));
    QN_TRY_CLEANUP(build(&lp, out));
cleanup:
    qn__names_release(&lp.variables);
    qn__names_release(&lp.row_names);
    qn__free(lp.about);
    qn__free(lp.terms);
    qn__free(lp.quadratic.list);
    qn__free(lp.rows);
    return status;
}
