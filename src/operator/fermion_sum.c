/* fermion_sum.c: storage of sums of products of ladder operators: making, appending, reading, adjoint. */
#include "operator/fermion_sum.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "operator/pauli_sum.h"

enum { MAX_MODES = 1 << 30 }; /* as many as a Pauli sum has qubits */

qn_status qn_fermion_sum_create(uint32_t nmodes, qn_fermion_sum **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "out is NULL");
    QN_CHECK(nmodes <= MAX_MODES, ERR_TOO_LARGE, "a sum on %u modes, expected at most %d", nmodes, MAX_MODES);
    qn_fermion_sum *sum = qn__calloc(1, sizeof *sum);
    QN_ALLOC_CHECK(sum);
    sum->nmodes = nmodes;
    *out = sum;
    return QN_OK;
}

void qn_fermion_sum_free(qn_fermion_sum *sum)
{
    if (sum != NULL) {
        qn__free(sum->coefficients);
        qn__free(sum->starts);
        qn__free(sum->counts);
        qn__free(sum->ladders);
        qn__free(sum);
    }
}

qn_status qn__fermion_sum_push(qn_fermion_sum *sum, qn_complex coefficient, const qn_ladder *product, size_t count)
{
    const size_t terms = sum->terms; /* NOLINT(clang-analyzer-core.NullDereference): callers made the sum */
    size_t used = 0;
    QN_CHECK(!__builtin_add_overflow(sum->used, count, &used) && used < SIZE_MAX, ERR_MEMORY,
             "%zu + %zu factors overflow", sum->used, count);
    QN_TRY(qn__grow((void **)&sum->coefficients, &sum->coefficients_capacity, terms + 1, sizeof *sum->coefficients));
    QN_TRY(qn__grow((void **)&sum->starts, &sum->starts_capacity, terms + 1, sizeof *sum->starts));
    QN_TRY(qn__grow((void **)&sum->counts, &sum->counts_capacity, terms + 1, sizeof *sum->counts));
    /* One more than needed, so that the empty product too has an address. */
    QN_TRY(qn__grow((void **)&sum->ladders, &sum->ladders_capacity, used + 1, sizeof *sum->ladders));
    if (count > 0) {
        memcpy(sum->ladders + sum->used, product, count * sizeof *product);
    }
    sum->coefficients[terms] = coefficient;
    sum->starts[terms] = sum->used;
    sum->counts[terms] = count;
    sum->used = used;
    sum->terms++;
    return QN_OK;
}

qn_status qn_fermion_sum_add(qn_fermion_sum *sum, qn_complex coefficient, const qn_ladder *product, size_t count)
{
    QN_CHECK(sum != NULL, ERR_ARGUMENT, "sum is NULL");
    QN_CHECK(count == 0 || product != NULL, ERR_ARGUMENT, "product is NULL");
    QN_TRY(qn__complex_check(coefficient, "the coefficient"));
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(product[i].mode < sum->nmodes, ERR_RANGE, "mode %u outside a sum on %u modes", product[i].mode,
                 sum->nmodes);
    }
    return qn__fermion_sum_push(sum, coefficient, product, count);
}

uint32_t qn_fermion_sum_modes(const qn_fermion_sum *sum)
{
    return sum->nmodes;
}

size_t qn_fermion_sum_terms(const qn_fermion_sum *sum)
{
    return sum->terms;
}

void qn_fermion_sum_term(const qn_fermion_sum *sum, size_t term, qn_complex *coefficient, const qn_ladder **product,
                         size_t *count)
{
    QN_ASSERT(term < sum->terms);
    *coefficient = sum->coefficients[term];
    *product = sum->ladders + sum->starts[term];
    *count = sum->counts[term];
}

qn_status qn_fermion_sum_adjoint(const qn_fermion_sum *sum, qn_fermion_sum **out)
{
    QN_CHECK(sum != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    qn_fermion_sum *adjoint = NULL;
    QN_TRY(qn_fermion_sum_create(sum->nmodes, &adjoint));
    for (size_t t = 0; t < sum->terms; t++) {
        const qn_complex c = {sum->coefficients[t].re, -sum->coefficients[t].im};
        const size_t count = sum->counts[t];
        const qn_ladder *from = sum->ladders + sum->starts[t];
        const qn_status status = qn__fermion_sum_push(adjoint, c, from, count);
        if (status != QN_OK) {
            qn_fermion_sum_free(adjoint);
            return status;
        }
        qn_ladder *to = adjoint->ladders + adjoint->starts[t];
        for (size_t i = 0; i < count; i++) { /* (ab)+ = b+ a+ */
            to[i] = (qn_ladder){from[count - 1 - i].mode, !from[count - 1 - i].creation};
        }
    }
    *out = adjoint;
    return QN_OK;
}
