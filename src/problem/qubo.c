/* qubo.c: reading a finished quadratic model: values, spins, operators, bounds. */
#include "problem/qubo.h"

#include <math.h>

#include "base/alloc.h"
#include "base/status.h"

/* Integers up to here, and sums of them, are exact in a double. */
#define LARGEST_INTEGER 4503599627370496.0

uint32_t qn_qubo_variables(const qn_qubo *qubo)
{
    return qubo->n;
}

double qn_qubo_constant(const qn_qubo *qubo)
{
    return qubo->constant;
}

double qn_qubo_linear(const qn_qubo *qubo, uint32_t i)
{
    return qubo->linear[i];
}

size_t qn_qubo_couplings(const qn_qubo *qubo)
{
    return qubo->npairs;
}

size_t qn_qubo_row(const qn_qubo *qubo, uint32_t i, const uint32_t **neighbours, const double **weights)
{
    QN_ASSERT(qubo->finished && i < qubo->n);
    *neighbours = qubo->neighbour + qubo->start[i];
    *weights = qubo->weight + qubo->start[i];
    return (size_t)(qubo->start[i + 1] - qubo->start[i]);
}

size_t qn_qubo_groups(const qn_qubo *qubo)
{
    return qubo->ngroups;
}

size_t qn_qubo_group(const qn_qubo *qubo, size_t group, const uint32_t **variables, uint32_t *ones)
{
    const size_t first = group == 0 ? 0 : qubo->groups[group - 1].end;
    *variables = qubo->members + first;
    *ones = qubo->groups[group].ones;
    return qubo->groups[group].end - first;
}

double qn_qubo_value(const qn_qubo *qubo, const uint8_t *x)
{
    QN_ASSERT(qubo->finished);
    double value = qubo->constant;
    for (uint32_t i = 0; i < qubo->n; i++) {
        value += x[i] != 0 ? qubo->linear[i] : 0;
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        value += (x[qubo->pairs[k].i] & x[qubo->pairs[k].j]) != 0 ? qubo->pairs[k].b : 0;
    }
    return value;
}

double qn_qubo_value_of_state(const qn_qubo *qubo, uint64_t state)
{
    QN_ASSERT(qubo->finished && qubo->n <= 63);
    double value = qubo->constant;
    for (uint64_t rest = state; rest != 0; rest &= rest - 1) {
        const int i = __builtin_ctzll(rest);
        value += i < (int)qubo->n ? qubo->linear[i] : 0;
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        value += (state >> qubo->pairs[k].i & state >> qubo->pairs[k].j & 1) != 0 ? qubo->pairs[k].b : 0;
    }
    return value;
}

double qn_qubo_flip(const qn_qubo *qubo, const uint8_t *x, uint32_t i)
{
    const uint32_t *neighbours = NULL;
    const double *weights = NULL;
    const size_t count = qn_qubo_row(qubo, i, &neighbours, &weights);
    double field = qubo->linear[i];
    for (size_t k = 0; k < count; k++) {
        field += x[neighbours[k]] != 0 ? weights[k] : 0;
    }
    return x[i] != 0 ? -field : field;
}

double qn_qubo_to_ising(const qn_qubo *qubo, double *h)
{
    QN_ASSERT(qubo->finished);
    double offset = qubo->constant;
    for (uint32_t i = 0; i < qubo->n; i++) {
        offset += qubo->linear[i] / 2;
        if (h != NULL) {
            h[i] = -qubo->linear[i] / 2;
        }
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        const qn__pair pair = qubo->pairs[k];
        offset += pair.b / 4;
        if (h != NULL) {
            h[pair.i] -= pair.b / 4;
            h[pair.j] -= pair.b / 4;
        }
    }
    return offset;
}

static qn_status add_z(qn_pauli_sum *sum, double c, const uint32_t *variables, size_t count)
{
    return c == 0 ? QN_OK : qn_pauli_sum_add_sparse(sum, (qn_complex){c, 0}, "ZZ", variables, count);
}

qn_status qn_qubo_to_pauli(const qn_qubo *qubo, qn_pauli_sum **out)
{
    QN_CHECK(qubo != NULL && out != NULL, ERR_ARGUMENT, "a model and a place for the sum are needed");
    QN_CHECK(qubo->finished, ERR_ARGUMENT, "the model is not finished; call qn_qubo_finish");
    qn_status status = QN_OK;
    qn_pauli_sum *sum = NULL;
    double *h = qn__alloc(qubo->n, sizeof *h);
    QN_ALLOC_CHECK(h);
    const double offset = qn_qubo_to_ising(qubo, h);
    QN_TRY_CLEANUP(qn_pauli_sum_create(qubo->n, &sum));
    QN_TRY_CLEANUP(add_z(sum, offset, NULL, 0));
    for (uint32_t i = 0; i < qubo->n; i++) {
        QN_TRY_CLEANUP(add_z(sum, h[i], &i, 1));
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        const uint32_t both[2] = {qubo->pairs[k].i, qubo->pairs[k].j};
        QN_TRY_CLEANUP(add_z(sum, qubo->pairs[k].b / 4, both, 2));
    }
    *out = sum;
    sum = NULL;
cleanup:
    qn_pauli_sum_free(sum);
    qn__free(h);
    return status;
}

qn_status qn_qubo_add_pauli(qn_qubo *qubo, const qn_pauli_sum *sum)
{
    QN_CHECK(qubo != NULL && sum != NULL, ERR_ARGUMENT, "a model and a sum are needed");
    QN_CHECK(qn_pauli_sum_qubits(sum) == qubo->n, ERR_SHAPE, "%u qubits for %u variables", qn_pauli_sum_qubits(sum),
             qubo->n);
    const size_t words = qn_pauli_sum_words(sum);
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        const uint64_t *const x = qn_pauli_sum_x(sum, t), *const z = qn_pauli_sum_z(sum, t);
        const qn_complex c = qn_pauli_sum_coefficient(sum, t);
        uint32_t found[2] = {0, 0}, count = 0;
        QN_CHECK(c.im == 0, ERR_UNSUPPORTED, "term %zu has a complex coefficient", t);
        for (size_t w = 0; w < words; w++) {
            QN_CHECK(x[w] == 0, ERR_UNSUPPORTED, "term %zu is not diagonal", t);
            for (uint64_t rest = z[w]; rest != 0; rest &= rest - 1, count++) {
                QN_CHECK(count < 2, ERR_UNSUPPORTED, "term %zu acts on more than two qubits; use a polynomial", t);
                found[count] = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(rest);
            }
        }
        QN_TRY(count == 0   ? qn_qubo_add_constant(qubo, c.re)
               : count == 1 ? qn_qubo_add_field(qubo, found[0], c.re)
                            : qn_qubo_add_coupling(qubo, found[0], found[1], c.re));
    }
    return QN_OK;
}

bool qn_qubo_is_integer(const qn_qubo *qubo)
{
    double largest = fabs(qubo->constant);
    bool integer = qubo->constant == rint(qubo->constant);
    for (uint32_t i = 0; i < qubo->n; i++) {
        integer = integer && qubo->linear[i] == rint(qubo->linear[i]);
        largest += fabs(qubo->linear[i]);
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        integer = integer && qubo->pairs[k].b == rint(qubo->pairs[k].b);
        largest += fabs(qubo->pairs[k].b);
    }
    return integer && largest <= LARGEST_INTEGER;
}

bool qn_qubo_is_symmetric(const qn_qubo *qubo)
{
    QN_ASSERT(qubo->finished);
    for (uint32_t i = 0; i < qubo->n; i++) {
        double field = 2 * qubo->linear[i], size = fabs(field);
        for (uint64_t k = qubo->start[i]; k < qubo->start[i + 1]; k++) {
            field += qubo->weight[k];
            size += fabs(qubo->weight[k]);
        }
        if (fabs(field) > 1e-12 * size) {
            return false;
        }
    }
    return true;
}

void qn_qubo_bounds(const qn_qubo *qubo, double *low, double *high)
{
    QN_ASSERT(qubo->finished);
    double reach = 0;
    for (uint32_t i = 0; i < qubo->n; i++) {
        double field = -qubo->linear[i] / 2;
        for (uint64_t k = qubo->start[i]; k < qubo->start[i + 1]; k++) {
            field -= qubo->weight[k] / 4;
        }
        reach += fabs(field);
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        reach += fabs(qubo->pairs[k].b) / 4;
    }
    const double offset = qn_qubo_to_ising(qubo, NULL);
    *low = offset - reach;
    *high = offset + reach;
}
