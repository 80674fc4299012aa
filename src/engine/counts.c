/* counts.c: a list of bit strings and how often each was seen, kept in rising order. */
#include <quern/counts.h>

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"

struct qn_counts {
    uint32_t nbits;
    size_t words; /* of one string */
    size_t distinct, capacity;
    uint64_t total;
    uint64_t *items; /* per string: its words, then the sightings */
};

/* Words of one item: the string and its count. */
static size_t stride(const qn_counts *counts)
{
    return counts->words + 1;
}

/* Order of two strings as numbers, highest word first. */
static int compare_words(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = words; w-- > 0;) {
        if (a[w] != b[w]) {
            return a[w] < b[w] ? -1 : 1;
        }
    }
    return 0;
}

qn_status qn_counts_create(uint32_t nbits, qn_counts **out)
{
    qn_counts *counts = qn__calloc(1, sizeof *counts);
    QN_ALLOC_CHECK(counts);
    counts->nbits = nbits;
    counts->words = qn__words(nbits);
    *out = counts;
    return QN_OK;
}

void qn_counts_free(qn_counts *counts)
{
    if (counts != NULL) {
        qn__free(counts->items);
        qn__free(counts);
    }
}

void qn_counts_clear(qn_counts *counts)
{
    counts->distinct = 0;
    counts->total = 0;
}

qn_status qn_counts_reserve(qn_counts *counts, size_t distinct)
{
    if (distinct <= counts->capacity) {
        return QN_OK;
    }
    QN_CHECK(distinct <= SIZE_MAX / (stride(counts) * sizeof(uint64_t)), ERR_TOO_LARGE,
             "room for %zu strings of %u bits does not fit in memory", distinct, counts->nbits);
    uint64_t *items = qn__realloc(counts->items, distinct, stride(counts) * sizeof(uint64_t));
    QN_ALLOC_CHECK(items);
    counts->items = items;
    counts->capacity = distinct;
    return QN_OK;
}

qn_status qn_counts_add(qn_counts *counts, const uint64_t *bits, uint64_t times)
{
    QN_CHECK(times <= UINT64_MAX - counts->total, ERR_RANGE, "more than 2^64 - 1 sightings");
    if (counts->nbits % 64 != 0 || counts->nbits == 0) {
        const uint64_t outside = counts->nbits == 0 ? UINT64_MAX : UINT64_MAX << (counts->nbits % 64);
        QN_CHECK((bits[counts->words - 1] & outside) == 0, ERR_RANGE, "a bit above the %u of these counts is set",
                 counts->nbits);
    }
    if (times == 0) {
        return QN_OK;
    }
    const size_t step = stride(counts);
    if (counts->distinct > 0) {
        uint64_t *last = counts->items + (counts->distinct - 1) * step;
        if (compare_words(last, bits, counts->words) == 0) {
            last[counts->words] += times;
            counts->total += times;
            return QN_OK;
        }
    }
    if (counts->distinct == counts->capacity) {
        const size_t wanted = counts->capacity < 8 ? 16 : counts->capacity + counts->capacity / 2;
        QN_TRY(qn_counts_reserve(counts, wanted));
    }
    uint64_t *item = counts->items + counts->distinct * step;
    memcpy(item, bits, counts->words * sizeof *bits);
    item[counts->words] = times;
    counts->distinct++;
    counts->total += times;
    return QN_OK;
}

/* Sift item `root` down in the max-heap of the first `count` items. */
static void sift_down(uint64_t *items, size_t words, size_t root, size_t count)
{
    const size_t step = words + 1;
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= count) {
            return;
        }
        if (child + 1 < count && compare_words(items + child * step, items + (child + 1) * step, words) < 0) {
            child++;
        }
        uint64_t *a = items + root * step, *b = items + child * step;
        if (compare_words(a, b, words) >= 0) {
            return;
        }
        for (size_t w = 0; w < step; w++) {
            const uint64_t kept = a[w];
            a[w] = b[w];
            b[w] = kept;
        }
        root = child;
    }
}

static void heap_sort(uint64_t *items, size_t words, size_t count)
{
    const size_t step = words + 1;
    for (size_t root = count / 2; root-- > 0;) {
        sift_down(items, words, root, count);
    }
    for (size_t end = count; end-- > 1;) {
        uint64_t *last = items + end * step;
        for (size_t w = 0; w < step; w++) {
            const uint64_t kept = items[w];
            items[w] = last[w];
            last[w] = kept;
        }
        sift_down(items, words, 0, end);
    }
}

/* Strings of one word, digit by digit from the lowest, between the items and `room`; where they end up is returned. */
static uint64_t *radix_sort(uint64_t *items, uint64_t *room, uint32_t nbits, size_t count)
{
    enum { DIGIT = 11, CELLS = 1 << DIGIT };
    for (uint32_t shift = 0; shift < nbits; shift += DIGIT) {
        size_t starts[CELLS] = {0}, total = 0;
        for (size_t i = 0; i < count; i++) {
            starts[items[2 * i] >> shift & (CELLS - 1)]++;
        }
        for (size_t c = 0; c < CELLS; c++) {
            const size_t here = starts[c];
            starts[c] = total;
            total += here;
        }
        for (size_t i = 0; i < count; i++) {
            uint64_t *to = room + 2 * starts[items[2 * i] >> shift & (CELLS - 1)]++;
            to[0] = items[2 * i];
            to[1] = items[2 * i + 1];
        }
        uint64_t *const kept = items;
        items = room;
        room = kept;
    }
    return items;
}

/* Many short strings by digits, when there is memory for it; else by a heap: in place, because the items' size is known
 * only at run time and qsort_r is not standard. */
static void sort_items(qn_counts *counts)
{
    enum { MANY = 4096 };
    const size_t bytes = stride(counts) * sizeof *counts->items;
    uint64_t *room = counts->words == 1 && counts->distinct >= MANY ? qn__alloc(counts->capacity, bytes) : NULL;
    if (room == NULL) {
        heap_sort(counts->items, counts->words, counts->distinct);
        return;
    }
    uint64_t *sorted = radix_sort(counts->items, room, counts->nbits, counts->distinct);
    qn__free(sorted == room ? counts->items : room);
    counts->items = sorted;
}

qn_status qn_counts_sort(qn_counts *counts)
{
    const size_t step = stride(counts);
    uint64_t *items = counts->items;
    bool sorted = true;
    for (size_t i = 1; i < counts->distinct && sorted; i++) {
        sorted = compare_words(items + (i - 1) * step, items + i * step, counts->words) < 0;
    }
    if (sorted) {
        return QN_OK;
    }
    sort_items(counts);
    items = counts->items;
    size_t kept = 0; /* merge neighbours that are equal */
    for (size_t i = 1; i < counts->distinct; i++) {
        uint64_t *into = items + kept * step;
        const uint64_t *from = items + i * step;
        if (compare_words(into, from, counts->words) == 0) {
            into[counts->words] += from[counts->words];
        } else {
            kept++;
            memmove(items + kept * step, from, step * sizeof *items);
        }
    }
    counts->distinct = kept + 1;
    return QN_OK;
}

uint32_t qn_counts_bits(const qn_counts *counts)
{
    return counts->nbits;
}

size_t qn_counts_distinct(const qn_counts *counts)
{
    return counts->distinct;
}

uint64_t qn_counts_total(const qn_counts *counts)
{
    return counts->total;
}

const uint64_t *qn_counts_string(const qn_counts *counts, size_t index)
{
    QN_ASSERT(index < counts->distinct);
    return counts->items + index * stride(counts);
}

uint64_t qn_counts_times(const qn_counts *counts, size_t index)
{
    QN_ASSERT(index < counts->distinct);
    return counts->items[index * stride(counts) + counts->words];
}
