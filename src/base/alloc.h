/* alloc.h: the one door through which the library gets memory, so that it can be counted and made to fail. */
#ifndef QN_BASE_ALLOC_H
#define QN_BASE_ALLOC_H

#include "base/status.h"

/* Memory for so many items of `size` bytes, 64-byte aligned, not initialised; NULL with a message set on overflow or
 * when there is none. A request of 0 bytes gives a valid pointer. */
void *qn__alloc(size_t items, size_t size);
/* The same, zeroed. */
void *qn__calloc(size_t items, size_t size);
/* Grow or shrink; the old block stays valid on failure. `pointer` may be NULL. */
void *qn__realloc(void *pointer, size_t items, size_t size);
void qn__free(void *pointer);
/* Asks for pages of 2 MiB, which save up to a third of a pass over a large block; where there are none, nothing is
 * lost. */
void qn__large_pages(void *memory, size_t bytes);
char *qn__strdup(const char *text);

/* Geometric growth of an array: makes room for `needed` items, updating *capacity. */
QN_MUST_USE qn_status qn__grow(void **array, size_t *capacity, size_t needed, size_t item_size);

#define QN_ALLOC_CHECK(pointer)                                                                                        \
    do {                                                                                                               \
        if ((pointer) == NULL) {                                                                                       \
            return QN_ERR_MEMORY;                                                                                      \
        }                                                                                                              \
    } while (0)

/* For tests: the n-th allocation from now (1: the next) fails, and those after it too when `sticky`. 0 turns it off.
 * Returns what was left of the last request: 0 when its failure happened (or none was asked for). Exported so that
 * tests of the shared library can use it; not part of the public interface. */
QN_API uint64_t qn__alloc_fail_at(uint64_t n, bool sticky);

#endif
