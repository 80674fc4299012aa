/* rival.c: what a table search competes with on this machine: one pass over the column, and one probe of a hash table.
 */
#include <quern/search.h>

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"

enum { PROBES = 4096, REPEATS = 9 };
static const double LEAST_SECONDS = 2e-4; /* long enough for the clock */

/* Without branches, so that compilers make vector code of it. */
static uint64_t count_between(const double *values, uint64_t items, double low, double high)
{
    uint64_t count = 0;
    for (uint64_t i = 0; i < items; i++) {
        count += (uint64_t)((values[i] >= low) & (values[i] <= high));
    }
    return count;
}

static double time_scan(const double *values, uint64_t items, double low, double high, uint64_t *matches)
{
    double best = HUGE_VAL;
    uint64_t repeats = 1;
    for (int k = 0; k < REPEATS; k++) {
        const double began = qn__clock();
        for (uint64_t r = 0; r < repeats; r++) {
            *matches = count_between(values, items, low, high);
            __asm__ volatile("" : : : "memory"); /* each repetition really happens */
        }
        const double seconds = qn__clock() - began;
        best = fmin(best, seconds / (double)repeats);
        repeats = seconds < LEAST_SECONDS ? repeats * 4 : repeats;
    }
    return best;
}

static uint64_t hash(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    bits ^= bits >> 32;
    bits *= UINT64_C(0x9E3779B97F4A7C15);
    return bits ^ bits >> 29;
}

/* Open addressing at half load: slot holds index + 1. */
static uint64_t probe(const uint64_t *slots, uint64_t mask, const double *values, double value)
{
    uint64_t at = hash(value) & mask;
    while (slots[at] != 0 && (values[slots[at] - 1] < value || values[slots[at] - 1] > value)) {
        at = (at + 1) & mask;
    }
    return slots[at];
}

static qn_status time_probe(const double *values, uint64_t items, double *seconds)
{
    uint64_t size = 2;
    while (size < 2 * items) {
        size *= 2;
    }
    uint64_t *slots = qn__calloc(size, sizeof *slots);
    QN_ALLOC_CHECK(slots);
    for (uint64_t i = 0; i < items; i++) {
        uint64_t at = hash(values[i]) & (size - 1);
        uint64_t looked = 0;
        while (slots[at] != 0 && looked++ < 64) { /* a column of few values fills no table: the first ones stay */
            at = (at + 1) & (size - 1);
        }
        if (slots[at] == 0) {
            slots[at] = i + 1;
        }
    }
    uint64_t sum = 0;
    const double began = qn__clock();
    for (uint64_t k = 0; k < PROBES; k++) {
        sum += probe(slots, size - 1, values, values[qn__random_bits(1, 7, k) % items]);
    }
    __asm__ volatile("" : : "r"(sum)); /* the probes are not for nothing */
    *seconds = (qn__clock() - began) / PROBES;
    qn__free(slots);
    return QN_OK;
}

qn_status qn_search_scan(const double *values, uint64_t items, double low, double high, uint64_t *matches,
                         double *scan_seconds, double *probe_seconds)
{
    QN_CHECK(values != NULL && items > 0 && matches != NULL && scan_seconds != NULL && probe_seconds != NULL,
             ERR_ARGUMENT, "values and places for the results");
    QN_TRY(time_probe(values, items, probe_seconds));
    *scan_seconds = time_scan(values, items, low, high, matches);
    return QN_OK;
}

/* ---- the k smallest ---- */

/* Largest first; equal values by index, as the searches have it. */
static bool after(const double *values, uint64_t a, uint64_t b)
{
    return values[a] > values[b] || (!(values[a] < values[b]) && a > b);
}

static void sift_down(const double *values, uint64_t *heap, uint64_t count, uint64_t at)
{
    for (;;) {
        uint64_t child = 2 * at + 1;
        if (child >= count) {
            return;
        }
        child += child + 1 < count && after(values, heap[child + 1], heap[child]);
        if (!after(values, heap[child], heap[at])) {
            return;
        }
        const uint64_t swap = heap[at];
        heap[at] = heap[child];
        heap[child] = swap;
        at = child;
    }
}

qn_status qn_search_scan_smallest(const double *values, uint64_t items, uint64_t k, uint64_t *found, double *seconds)
{
    QN_CHECK(values != NULL && found != NULL && seconds != NULL && k >= 1 && k <= items, ERR_ARGUMENT,
             "values, at least k of them, and places for the results");
    const double began = qn__clock();
    for (uint64_t i = 0; i < k; i++) {
        found[i] = i;
    }
    for (uint64_t i = k / 2 + 1; i-- > 0;) {
        sift_down(values, found, k, i);
    }
    for (uint64_t i = k; i < items; i++) {
        if (values[i] < values[found[0]]) {
            found[0] = i;
            sift_down(values, found, k, 0);
        }
    }
    for (uint64_t left = k; left-- > 1;) { /* the largest goes behind the heap: rising at the end */
        const uint64_t top = found[0];
        found[0] = found[left];
        found[left] = top;
        sift_down(values, found, left, 0);
    }
    *seconds = qn__clock() - began;
    return QN_OK;
}
