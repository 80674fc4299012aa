/* parity_kind.c: parities, most of them satisfied (max-XORSAT). With s = 1 - 2x the sum of a constraint's bits is odd
 * when the product of its spins is -1, so the number satisfied is m / 2 - sum_c v_c prod s / 2, v_c = 1 for odd. */
#include <stdio.h>

#include "problem/problem.h"

static void judge_parities(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const qn_parities *const p = problem->instance->parities;
    out->objective = 0;
    for (size_t c = 0; c < p->constraints; c++) {
        unsigned sum = 0;
        for (size_t k = p->first[c]; k < p->first[c + 1]; k++) {
            sum ^= x[p->variable[k]];
        }
        out->objective += (sum & 1) == p->odd[c];
    }
}

static void values_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; i < problem->instance->parities->variables; i++) {
        qn_json_unsigned(json, NULL, x[i]);
    }
    qn_json_end_array(json);
}

static void values_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    qn__text_chosen(text, "true", x, problem->instance->parities->variables);
}

static const qn__problem_ops parity_ops = {judge_parities, values_json, values_text, NULL};

/* c v prod s: two spins or fewer stay quadratic, which more methods take. */
static qn_status add_product(qn_problem *problem, double c, const uint32_t *variables, size_t count)
{
    return problem->qubo == NULL ? qn_polynomial_add_spins(problem->polynomial, c, variables, count)
           : count == 1          ? qn_qubo_add_field(problem->qubo, variables[0], c)
                                 : qn_qubo_add_coupling(problem->qubo, variables[0], variables[1], c);
}

qn_status qn__make_parities(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    (void)options;
    const qn_parities *const p = instance->parities;
    size_t widest = 0;
    for (size_t c = 0; c < p->constraints; c++) {
        const size_t width = p->first[c + 1] - p->first[c];
        widest = width > widest ? width : widest;
    }
    problem->ops = &parity_ops;
    problem->objective_name = "satisfied parities";
    problem->maximise = true;
    problem->factor = -1;
    (void)snprintf(problem->title, sizeof problem->title, "most of %zu parities of %u variables", p->constraints,
                   p->variables);
    if (widest <= 2) {
        QN_TRY(qn_qubo_create(p->variables, &problem->qubo));
        QN_TRY(qn_qubo_add_constant(problem->qubo, -(double)p->constraints / 2));
    } else {
        QN_TRY(qn_polynomial_create(p->variables, &problem->polynomial));
        QN_TRY(qn_polynomial_add_spins(problem->polynomial, -(double)p->constraints / 2, NULL, 0));
    }
    for (size_t c = 0; c < p->constraints; c++) {
        QN_TRY(add_product(problem, p->odd[c] ? 0.5 : -0.5, p->variable + p->first[c], p->first[c + 1] - p->first[c]));
    }
    return QN_OK;
}
