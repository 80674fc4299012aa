/* distribution.c: distributions over bit strings: a hash table while they are gathered, sorted arrays afterwards. */
#include "primitive/distribution.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"

struct qn_distribution {
    size_t words, size;
    uint64_t *strings;
    double *values;
};

/* The table. */

qn_status qn__outcome_table_create(size_t words, qn__outcome_table *out)
{
    enum { FIRST = 64 };
    qn__outcome_table t = {.words = words, .capacity = FIRST};
    t.strings = qn__alloc(FIRST, words * sizeof *t.strings);
    t.values = qn__alloc(FIRST, sizeof *t.values);
    t.used = qn__calloc(FIRST, 1);
    if (t.strings == NULL || t.values == NULL || t.used == NULL) {
        qn__outcome_table_release(&t);
        return QN_ERR_MEMORY;
    }
    *out = t;
    return QN_OK;
}

void qn__outcome_table_release(qn__outcome_table *table)
{
    qn__free(table->strings);
    qn__free(table->values);
    qn__free(table->used);
    *table = (qn__outcome_table){0};
}

/* The slot of a string: where it is, or where it would go. */
static size_t slot_of(const qn__outcome_table *t, const uint64_t *string)
{
    uint64_t h = 0;
    for (size_t w = 0; w < t->words; w++) { /* the mixer of splitmix64 */
        h = (h ^ string[w]) + UINT64_C(0x9e3779b97f4a7c15);
        h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
        h ^= h >> 31;
    }
    size_t slot = (size_t)h & (t->capacity - 1);
    while (t->used[slot] != 0 && memcmp(t->strings + slot * t->words, string, t->words * sizeof *string) != 0) {
        slot = (slot + 1) & (t->capacity - 1);
    }
    return slot;
}

static void put(qn__outcome_table *t, const uint64_t *string, double value)
{
    const size_t slot = slot_of(t, string);
    if (t->used[slot] != 0) {
        t->values[slot] += value;
        return;
    }
    t->used[slot] = 1;
    memcpy(t->strings + slot * t->words, string, t->words * sizeof *string);
    t->values[slot] = value;
    t->count++;
}

qn_status qn__outcome_table_add(qn__outcome_table *table, const uint64_t *string, double value)
{
    if (2 * (table->count + 1) > table->capacity) {
        qn__outcome_table larger = {.words = table->words, .capacity = 2 * table->capacity};
        larger.strings = qn__alloc(larger.capacity, larger.words * sizeof *larger.strings);
        larger.values = qn__alloc(larger.capacity, sizeof *larger.values);
        larger.used = qn__calloc(larger.capacity, 1);
        if (larger.strings == NULL || larger.values == NULL || larger.used == NULL) {
            qn__outcome_table_release(&larger);
            return QN_ERR_MEMORY;
        }
        for (size_t i = 0; i < table->capacity; i++) {
            if (table->used[i] != 0) {
                put(&larger, table->strings + i * table->words, table->values[i]);
            }
        }
        qn__outcome_table_release(table);
        *table = larger;
    }
    put(table, string, value);
    return QN_OK;
}

/* Sorted. */

static bool before(const uint64_t *strings, size_t words, size_t a, size_t b)
{
    for (size_t w = words; w-- > 0;) {
        const uint64_t x = strings[a * words + w], y = strings[b * words + w];
        if (x != y) {
            return x < y;
        }
    }
    return false;
}

/* Merge sort of `order`, numbers of strings; `room` is as long. */
static void sort_order(const uint64_t *strings, size_t words, size_t *order, size_t *room, size_t count)
{
    size_t *from = order, *to = room;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            const size_t middle = low + width < count ? low + width : count;
            const size_t high = low + 2 * width < count ? low + 2 * width : count;
            size_t a = low, b = middle;
            for (size_t k = low; k < high; k++) {
                const bool left = a < middle && (b >= high || !before(strings, words, from[b], from[a]));
                to[k] = left ? from[a++] : from[b++];
            }
        }
        size_t *kept = from;
        from = to;
        to = kept;
    }
    if (from != order) {
        memcpy(order, from, count * sizeof *order);
    }
}

/* A distribution of `count` entries, to be filled in the order given. */
static qn_status make(size_t words, size_t count, qn_distribution **out)
{
    qn_distribution *d = qn__calloc(1, sizeof *d);
    QN_ALLOC_CHECK(d);
    *d = (qn_distribution){words, count, qn__alloc(count, words * sizeof *d->strings),
                           qn__alloc(count, sizeof *d->values)};
    if (d->strings == NULL || d->values == NULL) {
        qn_distribution_free(d);
        return QN_ERR_MEMORY;
    }
    *out = d;
    return QN_OK;
}

/* The entries order[0 .. count - 1] of strings and values, sorted. */
static qn_status make_sorted(const uint64_t *strings, const double *values, size_t words, size_t *order, size_t count,
                             qn_distribution **out)
{
    qn_distribution *d = NULL;
    QN_TRY(make(words, count, &d));
    size_t *room = qn__alloc(count, sizeof *room);
    if (room == NULL) {
        qn_distribution_free(d);
        return QN_ERR_MEMORY;
    }
    sort_order(strings, words, order, room, count);
    qn__free(room);
    for (size_t i = 0; i < count; i++) {
        memcpy(d->strings + i * words, strings + order[i] * words, words * sizeof *strings);
        d->values[i] = values[order[i]];
    }
    *out = d;
    return QN_OK;
}

qn_status qn__outcome_table_finish(const qn__outcome_table *table, double cutoff, qn_distribution **out)
{
    size_t *order = qn__alloc(table->count, sizeof *order);
    QN_ALLOC_CHECK(order);
    size_t count = 0;
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->used[i] != 0 && table->values[i] > cutoff) {
            order[count++] = i;
        }
    }
    const qn_status status = make_sorted(table->strings, table->values, table->words, order, count, out);
    qn__free(order);
    return status;
}

qn_status qn_distribution_from_counts(const qn_counts *counts, qn_distribution **out)
{
    QN_CHECK(counts != NULL && out != NULL, ERR_ARGUMENT, "counts or result pointer is NULL");
    const uint64_t total = qn_counts_total(counts);
    QN_CHECK(total > 0, ERR_ARGUMENT, "counts without shots have no distribution");
    const size_t words = qn__words(qn_counts_bits(counts)), distinct = qn_counts_distinct(counts);
    qn__outcome_table table;
    QN_TRY(qn__outcome_table_create(words, &table));
    qn_status status = QN_OK;
    for (size_t i = 0; i < distinct && status == QN_OK; i++) {
        status = qn__outcome_table_add(&table, qn_counts_string(counts, i), (double)qn_counts_times(counts, i));
    }
    for (size_t i = 0; i < table.capacity; i++) {
        table.values[i] = table.used[i] != 0 ? table.values[i] / (double)total : 0.0;
    }
    if (status == QN_OK) {
        status = qn__outcome_table_finish(&table, 0.0, out);
    }
    qn__outcome_table_release(&table);
    return status;
}

void qn_distribution_free(qn_distribution *distribution)
{
    if (distribution != NULL) {
        qn__free(distribution->strings);
        qn__free(distribution->values);
        qn__free(distribution);
    }
}

size_t qn_distribution_size(const qn_distribution *distribution)
{
    return distribution->size;
}

const uint64_t *qn_distribution_string(const qn_distribution *distribution, size_t index)
{
    QN_ASSERT(index < distribution->size);
    return distribution->strings + index * distribution->words;
}

double qn_distribution_value(const qn_distribution *distribution, size_t index)
{
    QN_ASSERT(index < distribution->size);
    return distribution->values[index];
}
