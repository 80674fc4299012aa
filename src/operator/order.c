/* order.c: bottom-up merge sort of key records. Stable, hence equal terms are always added up in the order they came.
 */
#include "operator/order.h"

#include <string.h>

enum { RUN = 16 }; /* runs up to this length are made by insertion */

static bool greater(const qn__order *a, const qn__order *b, qn__order_tie tie, const void *user)
{
    if (a->major != b->major) {
        return a->major > b->major;
    }
    if (a->minor != b->minor) {
        return a->minor > b->minor;
    }
    return tie != NULL && tie(user, a->index, b->index) > 0;
}

static void insertion(qn__order *records, size_t count, qn__order_tie tie, const void *user)
{
    for (size_t i = 1; i < count; i++) {
        const qn__order item = records[i];
        size_t at = i;
        while (at > 0 && greater(&records[at - 1], &item, tie, user)) {
            records[at] = records[at - 1];
            at--;
        }
        records[at] = item;
    }
}

/* Merge from[low..middle) and from[middle..high) into to[low..high). */
static void merge(const qn__order *from, qn__order *to, size_t low, size_t middle, size_t high, qn__order_tie tie,
                  const void *user)
{
    if (middle >= high || !greater(&from[middle - 1], &from[middle], tie, user)) { /* already in order */
        memcpy(to + low, from + low, (high - low) * sizeof *to);
        return;
    }
    size_t left = low, right = middle, at = low;
    while (left < middle && right < high) {
        to[at++] = greater(&from[left], &from[right], tie, user) ? from[right++] : from[left++];
    }
    memcpy(to + at, from + left, (middle - left) * sizeof *to);
    at += middle - left;
    memcpy(to + at, from + right, (high - right) * sizeof *to);
}

void qn__order_sort(qn__order *records, qn__order *scratch, size_t count, qn__order_tie tie, const void *user)
{
    for (size_t low = 0; low < count; low += RUN) {
        insertion(records + low, count - low < RUN ? count - low : RUN, tie, user);
    }
    qn__order *from = records, *to = scratch;
    for (size_t width = RUN; width < count; width *= 2) {
        for (size_t low = 0; low < count;) {
            const size_t middle = count - low < width ? count : low + width;
            const size_t high = count - middle < width ? count : middle + width;
            merge(from, to, low, middle, high, tie, user);
            low = high;
        }
        qn__order *swap = from;
        from = to;
        to = swap;
    }
    if (from != records) {
        memcpy(records, from, count * sizeof *records);
    }
}
