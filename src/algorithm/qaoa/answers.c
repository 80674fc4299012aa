/* answers.c: the fingerprint of a QAOA run, and its evaluations by way of the journal. */
#include "algorithm/qaoa/answers.h"

#include <string.h>

#include "base/clock.h"

/* ---- fingerprint ---- */

static uint64_t mix_number(uint64_t hash, double value)
{
    return qn__hash(hash, &value, sizeof value);
}

static uint64_t mix_count(uint64_t hash, uint64_t value)
{
    return qn__hash(hash, &value, sizeof value);
}

static uint64_t mix_qubo(uint64_t hash, const qn_qubo *qubo)
{
    hash = mix_number(hash, qn_qubo_constant(qubo));
    for (uint32_t i = 0; i < qn_qubo_variables(qubo); i++) {
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(qubo, i, &neighbours, &weights);
        hash = mix_count(mix_number(hash, qn_qubo_linear(qubo, i)), degree);
        hash = qn__hash(hash, neighbours, degree * sizeof *neighbours);
        hash = qn__hash(hash, weights, degree * sizeof *weights);
    }
    for (size_t g = 0; g < qn_qubo_groups(qubo); g++) {
        const uint32_t *members = NULL;
        uint32_t ones = 0;
        const size_t count = qn_qubo_group(qubo, g, &members, &ones);
        hash = qn__hash(mix_count(mix_count(hash, count), ones), members, count * sizeof *members);
    }
    return hash;
}

static uint64_t mix_polynomial(uint64_t hash, const qn_polynomial *polynomial)
{
    hash = mix_number(hash, qn_polynomial_constant(polynomial));
    for (size_t t = 0; t < qn_polynomial_terms(polynomial); t++) {
        double coefficient = 0.0;
        const uint32_t *variables = NULL;
        const size_t count = qn_polynomial_term(polynomial, t, &coefficient, &variables);
        hash = qn__hash(mix_count(mix_number(hash, coefficient), count), variables, count * sizeof *variables);
    }
    return hash;
}

uint64_t qn__solve_fingerprint(const qn__solve *s)
{
    const qn_qaoa_solve_options *const o = &s->options;
    const char *const name = qn_qaoa_method_name(o->method);
    const uint32_t n = qn_cost_variables(s->cost);
    uint64_t hash = qn__hash(QN__HASH_START, name, strlen(name) + 1);
    hash = qn__hash(hash, o->optimizer, strlen(o->optimizer) + 1);
    const uint64_t counts[] = {n,
                               o->layers,
                               (uint64_t)o->schedule,
                               (uint64_t)o->mixer,
                               o->max_evaluations,
                               o->starts,
                               o->single_precision,
                               o->seed};
    hash = mix_number(qn__hash(hash, counts, sizeof counts), o->cvar);
    if (o->warm != NULL) {
        hash = qn__hash(hash, o->warm, n);
    }
    return s->cost.qubo != NULL ? mix_qubo(hash, s->cost.qubo) : mix_polynomial(hash, s->cost.polynomial);
}

/* ---- answers ---- */

qn_status qn__solve_recall(qn__solve *s, const void *question, size_t bytes, const qn__journal_entry *entry,
                           bool *found)
{
    QN_TRY(qn__journal_next(s->journal, 0, qn__hash(QN__HASH_START, question, bytes), entry, found));
    s->asked = qn__clock();
    if (*found) {
        double seconds = 0.0;
        memcpy(&seconds, entry->head, sizeof seconds);
        s->earlier += seconds;
        s->solution->replayed++;
    }
    return QN_OK;
}

qn_status qn__solve_remember(qn__solve *s, const void *question, size_t bytes, const qn__journal_entry *entry)
{
    const double seconds = qn__clock() - s->asked;
    memcpy(entry->head, &seconds, sizeof seconds);
    return qn__journal_add(s->journal, 0, qn__hash(QN__HASH_START, question, bytes), entry);
}

typedef struct answer {
    double seconds, value;
} answer;

typedef struct logged {
    qn__solve *solve;
    const qn_objective *inner;
} logged;

static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    const logged *l = user;
    const size_t n = l->inner->dimension;
    answer got = {0.0, 0.0};
    const qn__journal_entry entry = {&got, sizeof got, grad, n};
    bool found = false;
    QN_TRY(qn__solve_recall(l->solve, x, n * sizeof *x, &entry, &found));
    if (!found) {
        QN_TRY(l->inner->evaluate(l->inner->user, x, &got.value, grad));
        QN_TRY(qn__solve_remember(l->solve, x, n * sizeof *x, &entry));
    }
    *value = got.value;
    return QN_OK;
}

qn_status qn__solve_minimize_logged(qn__solve *s, const qn_objective *objective, const qn_optimizer_options *options,
                                    double *x, qn_optimizer_result *result)
{
    logged l = {s, objective};
    qn_objective asked = *objective;
    asked.user = &l;
    asked.evaluate = evaluate;
    return qn_minimize(&asked, options, x, result);
}

qn_status qn__solve_rows(qn__solve *s, qn_qaoa *qaoa, uint32_t layers, size_t rows, const double *angles,
                         double *values)
{
    const size_t bytes = rows * 2 * layers * sizeof *angles;
    double seconds = 0.0;
    const qn__journal_entry entry = {&seconds, sizeof seconds, values, rows};
    bool found = false;
    QN_TRY(qn__solve_recall(s, angles, bytes, &entry, &found));
    if (!found) {
        QN_TRY(qn_qaoa_run_rows(qaoa, layers, rows, angles, values, NULL));
        QN_TRY(qn__solve_remember(s, angles, bytes, &entry));
    }
    return QN_OK;
}
