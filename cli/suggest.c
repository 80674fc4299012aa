/* suggest.c: edit distance with swaps of neighbours (optimal string alignment). */
#include "suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 63 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t table[3][LONGEST + 1];
    for (size_t j = 0; j <= nb; j++) {
        table[0][j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        size_t *row = table[i % 3], *above = table[(i + 2) % 3], *before = table[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            const bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            row[j] = least(above[j - 1] + (same ? 0 : 1), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = least(row[j], before[j - 2] + 1);
            }
        }
    }
    return table[na % 3][nb];
}

void cli_suggest_start(cli_suggestion *suggestion, const char *word)
{
    suggestion->word = word;
    suggestion->nearest[0] = '\0';
    suggestion->distance = strlen(word) / 3 + 2; /* anything this far is no suggestion */
}

void cli_suggest_offer(cli_suggestion *suggestion, const char *candidate, size_t length)
{
    length = least(length, LONGEST);
    const size_t steps = distance(suggestion->word, least(strlen(suggestion->word), LONGEST), candidate, length);
    if (steps < suggestion->distance) {
        suggestion->distance = steps;
        memcpy(suggestion->nearest, candidate, length);
        suggestion->nearest[length] = '\0';
    }
}

const char *cli_suggest_text(const cli_suggestion *suggestion, const char *prefix, char *buffer, size_t capacity)
{
    buffer[0] = '\0';
    if (suggestion->nearest[0] != '\0') {
        (void)snprintf(buffer, capacity, "; did you mean '%s%s'?", prefix, suggestion->nearest);
    }
    return buffer;
}
