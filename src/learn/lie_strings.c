/* lie_strings.c: sets of Pauli strings as bit masks, and products of strings.
 *
 * P = i^{|x & z|} X^x Z^z, so P_a P_b = i^{|xa za| + |xb zb| - |x z| + 2 |za xb|} P with x = xa ^ xb, z = za ^ zb. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "learn/lie.h"

enum { LEAST_SLOTS = 64 };

static uint64_t hash_of(size_t words, const uint64_t *masks)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15);
    for (size_t w = 0; w < 2 * words; w++) {
        h = (h ^ masks[w]) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
    }
    return h;
}

qn_status qn__strings_open(qn__strings *strings, size_t words)
{
    *strings = (qn__strings){.words = words, .slots = LEAST_SLOTS};
    strings->table = qn__calloc(LEAST_SLOTS, sizeof *strings->table);
    QN_ALLOC_CHECK(strings->table);
    return QN_OK;
}

void qn__strings_close(qn__strings *strings)
{
    qn__free(strings->masks);
    qn__free(strings->table);
}

static size_t slot_of(const qn__strings *s, const uint64_t *masks)
{
    size_t slot = (size_t)hash_of(s->words, masks) & (s->slots - 1);
    while (s->table[slot] != 0 &&
           memcmp(qn__strings_at(s, s->table[slot] - 1), masks, 2 * s->words * sizeof *masks) != 0) {
        slot = (slot + 1) & (s->slots - 1);
    }
    return slot;
}

size_t qn__strings_find(const qn__strings *s, const uint64_t *masks)
{
    const size_t slot = slot_of(s, masks);
    return s->table[slot] != 0 ? s->table[slot] - 1 : SIZE_MAX;
}

static qn_status widen(qn__strings *s)
{
    size_t *table = qn__calloc(2 * s->slots, sizeof *table), *old = s->table;
    QN_ALLOC_CHECK(table);
    s->table = table;
    s->slots *= 2;
    for (size_t i = 0; i < s->count; i++) {
        s->table[slot_of(s, qn__strings_at(s, i))] = i + 1;
    }
    qn__free(old);
    return QN_OK;
}

qn_status qn__strings_put(qn__strings *s, const uint64_t *masks, size_t *index)
{
    *index = qn__strings_find(s, masks);
    if (*index != SIZE_MAX) {
        return QN_OK;
    }
    if (2 * (s->count + 1) > s->slots) {
        QN_TRY(widen(s));
    }
    void *array = s->masks;
    QN_TRY(qn__grow(&array, &s->capacity, s->count + 1, 2 * s->words * sizeof *masks));
    s->masks = array;
    memcpy(s->masks + s->count * 2 * s->words, masks, 2 * s->words * sizeof *masks);
    s->table[slot_of(s, masks)] = s->count + 1;
    *index = s->count++;
    return QN_OK;
}

bool qn__strings_commute(size_t words, const uint64_t *a, const uint64_t *b)
{
    uint64_t odd = 0;
    for (size_t w = 0; w < words; w++) {
        odd ^= (a[w] & b[words + w]) ^ (a[words + w] & b[w]);
    }
    return !qn__parity(odd);
}

uint32_t qn__strings_multiply(size_t words, const uint64_t *a, const uint64_t *b, uint64_t *out)
{
    uint32_t power = 0;
    for (size_t w = 0; w < words; w++) {
        const uint64_t xa = a[w], za = a[words + w], xb = b[w], zb = b[words + w], x = xa ^ xb, z = za ^ zb;
        power += qn__popcount(xa & za) + qn__popcount(xb & zb) + 3 * qn__popcount(x & z) + 2 * qn__popcount(za & xb);
        if (out != NULL) {
            out[w] = x;
            out[words + w] = z;
        }
    }
    return power & 3;
}
