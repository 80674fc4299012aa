/* qubo.h: cost functions of binary variables: quadratic (QUBO, Ising) and of any degree.
 *
 * A quadratic model is  E(x) = constant + sum_i a_i x_i + sum_{i<j} b_ij x_i x_j,  x_i in {0, 1},  and is minimised; a
 * problem that is maximised (a cut, a value) is stored negated, see problem.h. Spins are s_i = 1 - 2 x_i, the
 * eigenvalue of Z on qubit i, so that x_i is bit i of a basis state. A solution is an array of n bytes, 0 or 1; where
 * there are at most 63 variables it may also be one word, bit i being x_i.
 *
 * Models are built with the add functions and then finished: qn_qubo_finish merges duplicates and makes them readable.
 * Adding to a finished model makes it unfinished again. All reading functions need a finished model. */
#ifndef QUERN_QUBO_H
#define QUERN_QUBO_H

#include <quern/pauli.h>

QN_BEGIN_DECLS

typedef struct qn_qubo qn_qubo;

/** A model of `variables` (1 to 2^24) binary variables, zero everywhere. */
QN_API QN_MUST_USE qn_status qn_qubo_create(uint32_t variables, qn_qubo **out);
QN_API QN_MUST_USE qn_status qn_qubo_clone(const qn_qubo *qubo, qn_qubo **out);
QN_API void qn_qubo_free(qn_qubo *qubo);

/** Add c; a x_i; b x_i x_j (i = j counts as linear, since x^2 = x).
 *  Errors: QN_ERR_RANGE (no such variable), QN_ERR_NAN, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_qubo_add_constant(qn_qubo *qubo, double c);
QN_API QN_MUST_USE qn_status qn_qubo_add_linear(qn_qubo *qubo, uint32_t i, double a);
QN_API QN_MUST_USE qn_status qn_qubo_add_quadratic(qn_qubo *qubo, uint32_t i, uint32_t j, double b);
/** Add h s_i; J s_i s_j, in spins s = 1 - 2x (i = j: the constant J). */
QN_API QN_MUST_USE qn_status qn_qubo_add_field(qn_qubo *qubo, uint32_t i, double h);
QN_API QN_MUST_USE qn_status qn_qubo_add_coupling(qn_qubo *qubo, uint32_t i, uint32_t j, double J);
/** Add weight * (sum_k c_k x_{v_k} - target)^2, the usual penalty of a linear equation. No variable may occur twice. */
QN_API QN_MUST_USE qn_status qn_qubo_add_square(qn_qubo *qubo, const uint32_t *variables, const double *coefficients,
                                                size_t count, double target, double weight);
/** Remember that exactly `ones` (1 to count) of these variables are 1 in every feasible solution: a one-hot group where
 * ones = 1. A hint for mixers and moves that keep it so; adds no cost. Groups must not share variables:
 * QN_ERR_ARGUMENT. */
QN_API QN_MUST_USE qn_status qn_qubo_add_group(qn_qubo *qubo, const uint32_t *variables, size_t count, uint32_t ones);
/** Merge duplicates, drop exact zeros, build the rows. */
QN_API QN_MUST_USE qn_status qn_qubo_finish(qn_qubo *qubo);

QN_API uint32_t qn_qubo_variables(const qn_qubo *qubo);
QN_API double qn_qubo_constant(const qn_qubo *qubo);
QN_API double qn_qubo_linear(const qn_qubo *qubo, uint32_t i);
/** Number of pairs i < j with b_ij != 0. */
QN_API size_t qn_qubo_couplings(const qn_qubo *qubo);
/** The pairs of variable i: borrowed neighbours (rising) and their b_ij; the count is returned. Every pair occurs in
 * both rows. */
QN_API size_t qn_qubo_row(const qn_qubo *qubo, uint32_t i, const uint32_t **neighbours, const double **weights);
/** The groups: how many; of one, its members (borrowed) and how many of them are 1; the count of members is returned.
 */
QN_API size_t qn_qubo_groups(const qn_qubo *qubo);
QN_API size_t qn_qubo_group(const qn_qubo *qubo, size_t group, const uint32_t **variables, uint32_t *ones);

/** E(x). */
QN_API double qn_qubo_value(const qn_qubo *qubo, const uint8_t *x);
QN_API double qn_qubo_value_of_state(const qn_qubo *qubo, uint64_t state); /* at most 63 variables */
/** E after flipping x_i, minus E(x). */
QN_API double qn_qubo_flip(const qn_qubo *qubo, const uint8_t *x, uint32_t i);

/** The same function in spins, E = offset + sum_i h_i s_i + sum_{i<j} J_ij s_i s_j: J_ij = b_ij / 4,
 *  h_i = -a_i / 2 - sum_j b_ij / 4. `h` (n numbers) may be NULL; the offset is returned. J follows from qn_qubo_row. */
QN_API double qn_qubo_to_ising(const qn_qubo *qubo, double *h);
/** The diagonal operator with E(x) on basis state x; the identity term is the offset. */
QN_API QN_MUST_USE qn_status qn_qubo_to_pauli(const qn_qubo *qubo, qn_pauli_sum **out);
/** Add a diagonal operator of at most two-qubit terms. Errors: QN_ERR_SHAPE (other number of qubits),
 *  QN_ERR_UNSUPPORTED (a term with X, Y or more than two Z). */
QN_API QN_MUST_USE qn_status qn_qubo_add_pauli(qn_qubo *qubo, const qn_pauli_sum *sum);
/** True when every E(x) is an integer of magnitude at most 2^52 and is computed exactly (all coefficients are
 * integers).
 */
QN_API bool qn_qubo_is_integer(const qn_qubo *qubo);
/** True when E(x) = E(not x) for all x: no field in spins (a cut). Compared to rounding. */
QN_API bool qn_qubo_is_symmetric(const qn_qubo *qubo);
/** Bounds of E that need no search: offset -+ (sum |h_i| + sum |J_ij|); low <= E(x) <= high for every x. */
QN_API void qn_qubo_bounds(const qn_qubo *qubo, double *low, double *high);

/** A function of binary variables of any degree, E = sum_t c_t prod_{i in t} s_i in spins s = 1 - 2x: what
 * autocorrelation (degree 4) and k-SAT (degree k) need. */
typedef struct qn_polynomial qn_polynomial;

QN_API QN_MUST_USE qn_status qn_polynomial_create(uint32_t variables, qn_polynomial **out);
QN_API void qn_polynomial_free(qn_polynomial *polynomial);
/** Add c times a product of spins; a variable that occurs twice cancels (s^2 = 1), none is the constant. */
QN_API QN_MUST_USE qn_status qn_polynomial_add_spins(qn_polynomial *polynomial, double c, const uint32_t *variables,
                                                     size_t count);
/** Add c times a product of bits x, or of their negations 1 - x where `negated` (may be NULL) says so; expands into
 * 2^count products of spins, count <= 20. */
QN_API QN_MUST_USE qn_status qn_polynomial_add_bits(qn_polynomial *polynomial, double c, const uint32_t *variables,
                                                    const bool *negated, size_t count);
QN_API QN_MUST_USE qn_status qn_polynomial_add_qubo(qn_polynomial *polynomial, const qn_qubo *qubo, double factor);
QN_API QN_MUST_USE qn_status qn_polynomial_finish(qn_polynomial *polynomial);

QN_API uint32_t qn_polynomial_variables(const qn_polynomial *polynomial);
QN_API uint32_t qn_polynomial_degree(const qn_polynomial *polynomial);
QN_API double qn_polynomial_constant(const qn_polynomial *polynomial);
/** Terms without the constant; the variables of one (borrowed, rising). */
QN_API size_t qn_polynomial_terms(const qn_polynomial *polynomial);
QN_API size_t qn_polynomial_term(const qn_polynomial *polynomial, size_t term, double *coefficient,
                                 const uint32_t **variables);
/** The terms in which a variable occurs (borrowed); the count is returned. */
QN_API size_t qn_polynomial_terms_of(const qn_polynomial *polynomial, uint32_t variable, const uint32_t **terms);
QN_API double qn_polynomial_value(const qn_polynomial *polynomial, const uint8_t *x);
QN_API double qn_polynomial_value_of_state(const qn_polynomial *polynomial, uint64_t state);
QN_API double qn_polynomial_flip(const qn_polynomial *polynomial, const uint8_t *x, uint32_t i);
QN_API QN_MUST_USE qn_status qn_polynomial_to_pauli(const qn_polynomial *polynomial, qn_pauli_sum **out);
/** True when all values are integers, computed exactly from integer coefficients. (x-integer functions may still have
 * fractional spin coefficients; they answer false.) */
QN_API bool qn_polynomial_is_integer(const qn_polynomial *polynomial);
QN_API bool qn_polynomial_is_symmetric(const qn_polynomial *polynomial);
QN_API void qn_polynomial_bounds(const qn_polynomial *polynomial, double *low, double *high);

/** Either kind, borrowed: what solvers and QAOA take. Exactly one of the two is not NULL. */
typedef struct qn_cost {
    const qn_qubo *qubo;
    const qn_polynomial *polynomial;
} qn_cost;
QN_API uint32_t qn_cost_variables(qn_cost cost);
QN_API double qn_cost_value(qn_cost cost, const uint8_t *x);
QN_API double qn_cost_value_of_state(qn_cost cost, uint64_t state);
QN_API bool qn_cost_is_integer(qn_cost cost);
QN_API bool qn_cost_is_symmetric(qn_cost cost);
QN_API void qn_cost_bounds(qn_cost cost, double *low, double *high);
QN_API QN_MUST_USE qn_status qn_cost_to_pauli(qn_cost cost, qn_pauli_sum **out);

QN_END_DECLS
#endif
