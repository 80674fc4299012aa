/* suggest.h: the nearest known word to a mistyped one. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

/* Remembers the nearest of the candidates offered so far. */
typedef struct cli_suggestion {
    const char *word;
    char nearest[64];
    size_t distance; /* larger than allowed: none yet */
} cli_suggestion;

void cli_suggest_start(cli_suggestion *suggestion, const char *word);
void cli_suggest_offer(cli_suggestion *suggestion, const char *candidate, size_t length);
/* ", did you mean 'x'?" or "" in `buffer`. */
const char *cli_suggest_text(const cli_suggestion *suggestion, const char *prefix, char *buffer, size_t capacity);

#endif
