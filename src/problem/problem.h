/* problem.h: the inside of a problem: its cost function and what its bits mean. */
#ifndef QN_PROBLEM_PROBLEM_H
#define QN_PROBLEM_PROBLEM_H

#include <quern/problem.h>

#include "base/status.h"

typedef struct qn__problem_ops {
    void (*judge)(const qn_problem *problem, const uint8_t *x, qn_judgement *out);
    void (*json)(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key);
    void (*text)(const qn_problem *problem, const uint8_t *x, qn_text *text);
    void (*release)(void *data); /* NULL: qn__free */
} qn__problem_ops;

struct qn_problem {
    const qn__problem_ops *ops;
    const qn_instance *instance; /* borrowed; NULL for problems made by a formula */
    const char *kind, *objective_name;
    char title[192], remark[256], name[64];
    bool maximise;
    bool root; /* objective = sqrt(cost - shift) instead of factor * cost + shift */
    double factor, shift;
    qn_qubo *qubo;
    qn_polynomial *polynomial;
    double penalty, penalty_bound;
    uint32_t slack;
    void *data;
    struct qn__choices *choices; /* kinds that choose one of several values, else NULL */
};

/* Makers of one kind fill a zeroed problem; the caller frees it when they fail. */
typedef qn_status (*qn__maker_fn)(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem);
qn_status qn__make_quadratic(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_parities(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_maxcut(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_independent_set(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_vertex_cover(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_clique(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_colouring(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_knapsack(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_portfolio(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_features(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_partition(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_grid(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_tour(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_routing(const qn_instance *, const qn_problem_options *, qn_problem *);
qn_status qn__make_program(const qn_instance *, const qn_problem_options *, qn_problem *);

/* Records the bound, and a penalty above it: the next whole number when `whole`, else 5% more (1 for 0), times the
 * caller's factor. */
void qn__problem_penalise(qn_problem *problem, double bound, bool whole, const qn_problem_options *options);
QN_MUST_USE qn_status qn__problem_index(const qn_score_table *table, const char *name, uint32_t *column);
/* The number of a column of numbers in a row. */
static inline double qn__table_number(const qn_score_table *table, size_t row, uint32_t column)
{
    return table->column[column].values[table->cell[row * table->columns + column]];
}
/* JSON array of the indices (from 1, as files count) whose bit is 1, among the first `count`. */
void qn__json_chosen(qn_json *json, const char *key, const uint8_t *x, uint32_t count);
void qn__text_chosen(qn_text *text, const char *what, const uint8_t *x, uint32_t count);
void qn__judge_fail(qn_judgement *out, const char *format, ...) QN_PRINTF(2, 3);

/* Bits that count from 0 to `range` with whole steps: 1, 2, 4, …, and a last one that makes the sum exact. */
uint32_t qn__range_bits(uint64_t range);
double qn__range_weight(uint64_t range, uint32_t bit);

#endif
