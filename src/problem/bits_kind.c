/* bits_kind.c: problems whose bits are the answer as they are: quadratic forms, and sequences of low autocorrelation.
 */
#include <stdio.h>

#include "base/alloc.h"
#include "problem/problem.h"

static void judge_bits(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    out->objective = qn_problem_objective_of_cost(problem, qn_cost_value(qn_problem_cost(problem), x));
}

static void bits_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; i < qn_cost_variables(qn_problem_cost(problem)); i++) {
        qn_json_unsigned(json, NULL, x[i]);
    }
    qn_json_end_array(json);
}

static void bits_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    qn__text_chosen(text, "ones", x, qn_cost_variables(qn_problem_cost(problem)));
}

static const qn__problem_ops bits_ops = {judge_bits, bits_json, bits_text, NULL};

qn_status qn__make_quadratic(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    (void)options;
    const qn_quadratic *const q = instance->quadratic;
    problem->ops = &bits_ops;
    problem->objective_name = "value";
    (void)snprintf(problem->title, sizeof problem->title, "minimum of a quadratic form of %u variables, %zu entries",
                   q->variables, q->terms);
    QN_TRY(qn_qubo_create(q->variables, &problem->qubo));
    QN_TRY(qn_qubo_add_constant(problem->qubo, q->constant));
    for (size_t t = 0; t < q->terms; t++) {
        QN_TRY(qn_qubo_add_quadratic(problem->qubo, q->i[t], q->j[t], q->value[t]));
    }
    return QN_OK;
}

/* +-1 as people write sequences; the merit factor is N^2 / 2E (Golay 1972). */
static void sequence_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; i < qn_cost_variables(qn_problem_cost(problem)); i++) {
        qn_json_number(json, NULL, x[i] != 0 ? -1 : 1);
    }
    qn_json_end_array(json);
}

static void sequence_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    const uint32_t n = qn_cost_variables(qn_problem_cost(problem));
    const double energy = qn_cost_value(qn_problem_cost(problem), x);
    qn_text_printf(text, "sequence: ");
    for (uint32_t i = 0; i < n; i++) {
        qn_text_printf(text, "%c", x[i] != 0 ? '-' : '+');
    }
    qn_text_printf(text, "\nmerit factor: %.4f\n", (double)n * n / (2 * energy));
}

static const qn__problem_ops sequence_ops = {judge_bits, sequence_json, sequence_text, NULL};

/* E = sum_k C_k^2, C_k = sum_i s_i s_{i+k}: the square of each C_k multiplied out, equal products merged. */
static qn_status add_autocorrelations(qn_polynomial *polynomial, uint32_t n)
{
    for (uint32_t k = 1; k < n; k++) {
        for (uint32_t i = 0; i + k < n; i++) {
            for (uint32_t j = i; j + k < n; j++) {
                const uint32_t product[4] = {i, i + k, j, j + k};
                QN_TRY(qn_polynomial_add_spins(polynomial, i == j ? 1 : 2, product, 4));
            }
        }
        if (k % 8 == 0) {
            QN_TRY(qn_polynomial_finish(polynomial)); /* merges, so that memory stays small */
        }
    }
    return qn_polynomial_finish(polynomial);
}

qn_status qn_problem_create_labs(uint32_t n, qn_problem **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the problem is needed");
    QN_CHECK(n >= 2 && n <= 400, ERR_RANGE, "a sequence of %u; expected 2 to 400", n);
    qn_problem *problem = qn__calloc(1, sizeof *problem);
    QN_ALLOC_CHECK(problem);
    problem->ops = &sequence_ops;
    problem->kind = "labs";
    problem->objective_name = "energy";
    problem->factor = 1;
    (void)snprintf(problem->title, sizeof problem->title, "binary sequence of %u with the lowest autocorrelation", n);
    qn_status status = qn_polynomial_create(n, &problem->polynomial);
    status = status == QN_OK ? add_autocorrelations(problem->polynomial, n) : status;
    if (status != QN_OK) {
        qn_problem_free(problem);
        return status;
    }
    *out = problem;
    return QN_OK;
}
