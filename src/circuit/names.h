/* names.h: a list of unique names, found by hashing. */
#ifndef QN_CIRCUIT_NAMES_H
#define QN_CIRCUIT_NAMES_H

#include <quern/status.h>

typedef struct qn__names {
    char **names;
    size_t count, capacity;
    uint32_t *slots; /* open addressing by name: index + 1, 0 empty */
    size_t nslots;   /* power of two, at least twice count */
} qn__names;

/* The index of this name; false when there is none. */
bool qn__names_find(const qn__names *list, const char *name, uint32_t *out);
/* Add a copy of a name that is not there; its index is the count before. */
QN_MUST_USE qn_status qn__names_add(qn__names *list, const char *name);
/* Forget all but the first `count`. */
void qn__names_truncate(qn__names *list, size_t count);
void qn__names_release(qn__names *list);

#endif
