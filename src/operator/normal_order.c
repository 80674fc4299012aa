/* normal_order.c: normal ordering of fermion sums by a a+ = 1 - a+ a on the same mode and a sign on different ones. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "operator/fermion_sum.h"
#include "operator/order.h"

/* Whether left may stand directly before right: creations first, each kind by falling mode. */
static bool in_place(qn_ladder left, qn_ladder right)
{
    if (left.creation != right.creation) {
        return left.creation;
    }
    return left.mode > right.mode;
}

/* Products still to be ordered, last in first out. */
static void pop(qn_fermion_sum *stack, qn_complex *coefficient, qn_ladder *product, size_t *count)
{
    const size_t top = --stack->terms;
    *coefficient = stack->coefficients[top];
    *count = stack->counts[top];
    if (*count > 0) {
        memcpy(product, stack->ladders + stack->starts[top], *count * sizeof *product);
    }
    stack->used = stack->starts[top];
}

/* Order one product by insertion; the products without a contracted pair go onto the stack. *zero when a mode is twice
 * annihilated or twice created in a row. `scratch` has room for the product. */
static qn_status order_product(qn_fermion_sum *stack, qn_complex *coefficient, qn_ladder *product, size_t count,
                               qn_ladder *scratch, bool *zero)
{
    *zero = false;
    for (size_t i = 1; i < count; i++) {
        for (size_t at = i; at > 0 && !in_place(product[at - 1], product[at]); at--) {
            const qn_ladder left = product[at - 1], right = product[at];
            if (left.mode == right.mode) {
                if (left.creation == right.creation) {
                    *zero = true;
                    return QN_OK;
                }
                memcpy(scratch, product, (at - 1) * sizeof *scratch);
                memcpy(scratch + at - 1, product + at + 1, (count - at - 1) * sizeof *scratch);
                QN_TRY(qn__fermion_sum_push(stack, *coefficient, scratch, count - 2));
            }
            product[at - 1] = right;
            product[at] = left;
            coefficient->re = -coefficient->re;
            coefficient->im = -coefficient->im;
        }
    }
    return QN_OK;
}

static uint64_t key_of(qn_ladder ladder)
{
    return (uint64_t)ladder.mode << 1 | (ladder.creation ? 1u : 0u);
}

static int compare_products(const void *user, size_t i, size_t j)
{
    const qn_fermion_sum *sum = user;
    if (sum->counts[i] != sum->counts[j]) {
        return sum->counts[i] < sum->counts[j] ? -1 : 1;
    }
    const qn_ladder *a = sum->ladders + sum->starts[i], *b = sum->ladders + sum->starts[j];
    for (size_t k = 0; k < sum->counts[i]; k++) {
        if (key_of(a[k]) != key_of(b[k])) {
            return key_of(a[k]) < key_of(b[k]) ? -1 : 1;
        }
    }
    return 0;
}

/* Append the terms of `from` to `to`, equal products added up, shorter ones first. */
static qn_status merge(const qn_fermion_sum *from, double cutoff, qn_fermion_sum *to)
{
    qn__order *records = qn__alloc(from->terms, sizeof *records);
    qn__order *scratch = records == NULL ? NULL : qn__alloc(from->terms, sizeof *scratch);
    qn_status status = scratch == NULL ? QN_ERR_MEMORY : QN_OK;
    if (status == QN_OK) {
        for (size_t t = 0; t < from->terms; t++) {
            const size_t count = from->counts[t];
            const uint64_t first = count == 0 ? 0 : key_of(from->ladders[from->starts[t]]);
            records[t] = (qn__order){count, first, t};
        }
        qn__order_sort(records, scratch, from->terms, compare_products, from);
    }
    for (size_t first = 0, next = 0; status == QN_OK && first < from->terms; first = next) {
        const size_t head = records[first].index;
        qn_complex c = {0, 0};
        for (next = first; next < from->terms && compare_products(from, head, records[next].index) == 0; next++) {
            c.re += from->coefficients[records[next].index].re;
            c.im += from->coefficients[records[next].index].im;
        }
        if (!(hypot(c.re, c.im) <= cutoff)) {
            status = qn__fermion_sum_push(to, c, from->ladders + from->starts[head], from->counts[head]);
        }
    }
    qn__free(scratch);
    qn__free(records);
    return status;
}

qn_status qn_fermion_sum_normal_order(const qn_fermion_sum *sum, double cutoff, qn_fermion_sum **out)
{
    QN_CHECK(sum != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    QN_CHECK(cutoff >= 0, ERR_RANGE, "cutoff %g, expected 0 or more", cutoff);
    size_t longest = 0;
    for (size_t t = 0; t < sum->terms; t++) {
        longest = sum->counts[t] > longest ? sum->counts[t] : longest;
    }
    qn_status status = QN_ERR_MEMORY;
    qn_fermion_sum *stack = NULL, *ordered = NULL, *merged = NULL;
    qn_ladder *scratch = NULL, *product = qn__alloc(longest, sizeof *product);
    if (product == NULL) {
        goto cleanup;
    }
    scratch = qn__alloc(longest, sizeof *scratch);
    if (scratch == NULL) {
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn_fermion_sum_create(sum->nmodes, &stack));
    QN_TRY_CLEANUP(qn_fermion_sum_create(sum->nmodes, &ordered));
    QN_TRY_CLEANUP(qn_fermion_sum_create(sum->nmodes, &merged));
    for (size_t t = 0; t < sum->terms; t++) {
        QN_TRY_CLEANUP(
            qn__fermion_sum_push(stack, sum->coefficients[t], sum->ladders + sum->starts[t], sum->counts[t]));
        while (stack->terms > 0) {
            qn_complex c = {0, 0};
            size_t count = 0;
            bool zero = false;
            pop(stack, &c, product, &count);
            QN_TRY_CLEANUP(order_product(stack, &c, product, count, scratch, &zero));
            if (!zero) {
                QN_TRY_CLEANUP(qn__fermion_sum_push(ordered, c, product, count));
            }
        }
    }
    QN_TRY_CLEANUP(merge(ordered, cutoff, merged));
    *out = merged;
    merged = NULL;
cleanup:
    qn_fermion_sum_free(merged);
    qn_fermion_sum_free(ordered);
    qn_fermion_sum_free(stack);
    qn__free(scratch);
    qn__free(product);
    return status;
}
