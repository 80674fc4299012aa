/* names.c: unique names by open addressing; lists only grow, or are cut back to what they were. */
#include "circuit/names.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

/* FNV-1a. */
static uint64_t hash(const char *name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++) {
        h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    }
    return h ^ h >> 32;
}

static void slot_fill(uint32_t *slots, size_t nslots, const char *name, uint32_t index)
{
    size_t slot = (size_t)hash(name) & (nslots - 1);
    while (slots[slot] != 0) {
        slot = (slot + 1) & (nslots - 1);
    }
    slots[slot] = index + 1;
}

static void slots_refill(const qn__names *list, uint32_t *slots, size_t nslots)
{
    memset(slots, 0, nslots * sizeof *slots);
    for (size_t i = 0; i < list->count; i++) {
        slot_fill(slots, nslots, list->names[i], (uint32_t)i);
    }
}

bool qn__names_find(const qn__names *list, const char *name, uint32_t *out)
{
    if (list->nslots == 0) {
        return false;
    }
    const size_t mask = list->nslots - 1;
    for (size_t slot = (size_t)hash(name) & mask; list->slots[slot] != 0; slot = (slot + 1) & mask) {
        const uint32_t index = list->slots[slot] - 1;
        if (strcmp(list->names[index], name) == 0) {
            *out = index;
            return true;
        }
    }
    return false;
}

qn_status qn__names_add(qn__names *list, const char *name)
{
    QN_CHECK(list->count < UINT32_MAX - 1, ERR_TOO_LARGE, "a circuit holds at most %u names of a kind", UINT32_MAX - 1);
    void *names = list->names;
    QN_TRY(qn__grow(&names, &list->capacity, list->count + 1, sizeof *list->names));
    list->names = names;
    if (list->nslots < 2 * (list->count + 1)) {
        const size_t nslots = list->nslots == 0 ? 16 : 2 * list->nslots;
        uint32_t *slots = qn__alloc(nslots, sizeof *slots);
        QN_ALLOC_CHECK(slots);
        slots_refill(list, slots, nslots);
        qn__free(list->slots);
        list->slots = slots;
        list->nslots = nslots;
    }
    char *copy = qn__strdup(name);
    QN_ALLOC_CHECK(copy);
    list->names[list->count] = copy;
    slot_fill(list->slots, list->nslots, copy, (uint32_t)list->count);
    list->count++;
    return QN_OK;
}

void qn__names_truncate(qn__names *list, size_t count)
{
    if (list->count > count) {
        for (size_t i = count; i < list->count; i++) {
            qn__free(list->names[i]);
        }
        list->count = count;
        slots_refill(list, list->slots, list->nslots);
    }
}

void qn__names_release(qn__names *list)
{
    for (size_t i = 0; i < list->count; i++) {
        qn__free(list->names[i]);
    }
    qn__free(list->names);
    qn__free(list->slots);
    *list = (qn__names){0};
}
