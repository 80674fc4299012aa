/* cost.c: a cost function of either kind. */
#include <quern/qubo.h>

uint32_t qn_cost_variables(qn_cost cost)
{
    return cost.qubo != NULL ? qn_qubo_variables(cost.qubo) : qn_polynomial_variables(cost.polynomial);
}

double qn_cost_value(qn_cost cost, const uint8_t *x)
{
    return cost.qubo != NULL ? qn_qubo_value(cost.qubo, x) : qn_polynomial_value(cost.polynomial, x);
}

double qn_cost_value_of_state(qn_cost cost, uint64_t state)
{
    return cost.qubo != NULL ? qn_qubo_value_of_state(cost.qubo, state)
                             : qn_polynomial_value_of_state(cost.polynomial, state);
}

bool qn_cost_is_integer(qn_cost cost)
{
    return cost.qubo != NULL ? qn_qubo_is_integer(cost.qubo) : qn_polynomial_is_integer(cost.polynomial);
}

bool qn_cost_is_symmetric(qn_cost cost)
{
    return cost.qubo != NULL ? qn_qubo_is_symmetric(cost.qubo) : qn_polynomial_is_symmetric(cost.polynomial);
}

void qn_cost_bounds(qn_cost cost, double *low, double *high)
{
    if (cost.qubo != NULL) {
        qn_qubo_bounds(cost.qubo, low, high);
    } else {
        qn_polynomial_bounds(cost.polynomial, low, high);
    }
}

qn_status qn_cost_to_pauli(qn_cost cost, qn_pauli_sum **out)
{
    return cost.qubo != NULL ? qn_qubo_to_pauli(cost.qubo, out) : qn_polynomial_to_pauli(cost.polynomial, out);
}
