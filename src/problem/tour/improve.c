/* improve.c: 2-opt (Croes 1958) and Or-opt (Or 1976): reverse a stretch, move a chain of up to three nodes. */
#include <string.h>

#include "problem/tour/tour.h"

static void reverse_stretch(uint32_t *tour, uint32_t first, uint32_t last)
{
    for (; first < last; first++, last--) {
        const uint32_t keep = tour[first];
        tour[first] = tour[last];
        tour[last] = keep;
    }
}

/* Replaces edges (i, i+1), (j, j+1) by (i, j), (i+1, j+1) wherever that shortens. */
static bool two_opt(const double *d, uint32_t n, uint32_t *tour, double least)
{
    bool moved = false;
    for (uint32_t i = 0; i + 1 < n; i++) {
        for (uint32_t j = i + 2; j < n; j++) {
            const size_t a = tour[i], b = tour[i + 1], c = tour[j], e = tour[j + 1 < n ? j + 1 : 0];
            if (a != e && d[a * n + c] + d[b * n + e] < d[a * n + b] + d[c * n + e] - least) {
                reverse_stretch(tour, i + 1, j);
                moved = true;
            }
        }
    }
    return moved;
}

/* Takes tour[i..i+count) out and puts it, either way round, between two other neighbours. */
static bool move_chain(const double *d, uint32_t n, uint32_t *tour, uint32_t i, uint32_t count, double least)
{
    const size_t before = tour[i - 1], first = tour[i], last = tour[i + count - 1];
    const size_t after = tour[i + count < n ? i + count : 0];
    const double freed = d[before * n + first] + d[last * n + after] - d[before * n + after];
    for (uint32_t j = 0; j < n; j++) {
        const uint32_t k = j + 1 < n ? j + 1 : 0;
        if (j + 1 >= i && j < i + count) {
            continue; /* touches the chain */
        }
        const size_t p = tour[j], q = tour[k];
        const double straight = d[p * n + first] + d[last * n + q], turned = d[p * n + last] + d[first * n + q];
        const double added = (turned < straight ? turned : straight) - d[p * n + q];
        if (added < freed - least) {
            uint32_t chain[3];
            for (uint32_t c = 0; c < count; c++) {
                chain[c] = tour[turned < straight ? i + count - 1 - c : i + c];
            }
            if (j < i) {
                memmove(tour + j + 1 + count, tour + j + 1, (i - j - 1) * sizeof *tour);
                memcpy(tour + j + 1, chain, count * sizeof *tour);
            } else {
                memmove(tour + i, tour + i + count, (j + 1 - i - count) * sizeof *tour);
                memcpy(tour + j + 1 - count, chain, count * sizeof *tour);
            }
            return true;
        }
    }
    return false;
}

static bool or_opt(const double *d, uint32_t n, uint32_t *tour, double least)
{
    bool moved = false;
    for (uint32_t count = 1; count <= 3 && count + 2 < n; count++) {
        for (uint32_t i = 1; i + count <= n; i++) {
            moved = move_chain(d, n, tour, i, count, least) || moved;
        }
    }
    return moved;
}

void qn__tour_improve(const double *d, uint32_t n, uint32_t *tour)
{
    const double least = 1e-10 * qn__tour_length(d, n, tour); /* smaller gains may be rounding */
    while (two_opt(d, n, tour, least) || or_opt(d, n, tour, least)) {
    }
}
