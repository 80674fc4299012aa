/* machine_probe.c: lookups in a hash table that no cache holds, each waiting for the one before. */
#include <string.h>

#include "base/alloc.h"
#include "math/machine_kernels.h"

/* A bijection of 64-bit words (the finaliser of G. Steele, D. Lea, C. Flood, OOPSLA 2014), so that keys differ. */
static inline uint64_t key_of(uint64_t index)
{
    uint64_t z = (index + 1) * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

typedef struct slot {
    uint64_t key, value; /* value 0: empty */
} slot;

typedef struct table {
    slot *slots;
    uint64_t count, filled; /* count is a power of two; half of the slots are filled */
    unsigned shift;
    uint64_t last, made;
} table;

static inline slot *find(const table *t, uint64_t key)
{
    uint64_t at = (key * UINT64_C(0x9E3779B97F4A7C15)) >> t->shift;
    while (t->slots[at].value != 0 && t->slots[at].key != key) {
        at = (at + 1) & (t->count - 1);
    }
    return &t->slots[at];
}

enum { PROBES = 4096 };

static void run_probes(void *user)
{
    table *t = user;
    uint64_t value = t->last;
    for (uint64_t k = 0; k < PROBES; k++) { /* which key is next depends on what was found */
        value = find(t, key_of((value + t->made++) % t->filled))->value;
    }
    t->last = value;
}

qn_status qn__machine_probe(const qn__machine_job *job, double *seconds)
{
    table t = {.count = 1, .shift = 64, .last = 1};
    while (2 * t.count * sizeof(slot) <= job->bytes) {
        t.count *= 2;
        t.shift--;
    }
    t.filled = t.count / 2;
    void *memory = NULL;
    t.slots = qn__machine_array(t.count * sizeof *t.slots, &memory);
    QN_ALLOC_CHECK(t.slots);
    memset(t.slots, 0, t.count * sizeof *t.slots);
    for (uint64_t i = 0; i < t.filled; i++) {
        const uint64_t key = key_of(i);
        *find(&t, key) = (slot){key, key | 1}; /* pseudo-random values, none of them 0 */
    }
    const qn_status status = qn__machine_median(job->context, job->seconds, 3, run_probes, &t, seconds);
    *seconds = status == QN_OK ? *seconds / PROBES : *seconds;
    qn__free(memory);
    return status;
}
