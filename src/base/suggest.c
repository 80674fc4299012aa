/* suggest.c: nearest name by edit distance. */
#include "base/suggest.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST = 63 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t qn__edit_distance(const char *a, const char *b)
{
    const size_t na = smaller(strlen(a), LONGEST), nb = smaller(strlen(b), LONGEST);
    size_t rows[3][LONGEST + 1]; /* the last three rows of the table */
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= nb; j++) {
        above[j] = j;
        before[j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        row[0] = i;
        const int ca = tolower((unsigned char)a[i - 1]);
        for (size_t j = 1; j <= nb; j++) {
            const int cb = tolower((unsigned char)b[j - 1]);
            size_t best = smaller(above[j - 1] + (ca != cb), smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) && cb == tolower((unsigned char)a[i - 2])) {
                best = smaller(best, before[j - 2] + 1);
            }
            row[j] = best;
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[nb];
}

const char *qn__suggest(const char *word, size_t count, const char *(*name)(const void *user, size_t index),
                        const void *user)
{
    const char *nearest = NULL;
    size_t best = strlen(word) / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        const char *candidate = name(user, i);
        if (candidate == NULL) {
            continue;
        }
        const size_t distance = qn__edit_distance(word, candidate);
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}
