/* suggest.h: "did you mean …". */
#ifndef QN_BASE_SUGGEST_H
#define QN_BASE_SUGGEST_H

#include <stddef.h>

/* Edit distance with neighbouring swaps (optimal string alignment), case ignored; stops counting past 63 letters. */
size_t qn__edit_distance(const char *a, const char *b);

/* Calls name(user, i) for i < count and gives the nearest to `word`; NULL when none is near (distance over a third of
 * its length + 1). */
const char *qn__suggest(const char *word, size_t count, const char *(*name)(const void *user, size_t index),
                        const void *user);

#endif
