/* identifiers.c: interned names, by open addressing over FNV-1a. */
#include "format/qasm/lexer.h"

#include <string.h>

#include "base/alloc.h"

static const struct {
    const char *text;
} known[] = {
#define QN_KEYWORD(id, text, versions) {text},
#include "format/qasm/token.def"
#define QN_WORD(id, text) {text},
#include "format/qasm/token.def"
};

static uint32_t hash(const char *text, size_t length)
{
    uint32_t h = 0x811c9dc5u;
    for (size_t i = 0; i < length; i++) {
        h = (h ^ (unsigned char)text[i]) * 0x01000193u;
    }
    return h ^ h >> 15;
}

static qn_status grow_slots(qn__qasm_idents *names)
{
    const size_t nslots = names->nslots == 0 ? 512 : 2 * names->nslots;
    uint32_t *slots = qn__calloc(nslots, sizeof *slots);
    QN_ALLOC_CHECK(slots);
    for (size_t i = 0; i < names->count; i++) {
        size_t slot = names->names[i].hash & (nslots - 1);
        while (slots[slot] != 0) {
            slot = (slot + 1) & (nslots - 1);
        }
        slots[slot] = (uint32_t)i + 1;
    }
    qn__free(names->slots);
    names->slots = slots;
    names->nslots = nslots;
    return QN_OK;
}

qn_status qn__qasm_idents_intern(qn__qasm_idents *names, const char *text, size_t length, uint32_t *out)
{
    const uint32_t h = hash(text, length);
    size_t slot = 0;
    if (names->nslots > 0) {
        const size_t mask = names->nslots - 1;
        for (slot = h & mask; names->slots[slot] != 0; slot = (slot + 1) & mask) {
            const uint32_t found = names->slots[slot] - 1;
            const qn__qasm_ident *name = &names->names[found];
            if (name->hash == h && name->length == length && memcmp(name->text, text, length) == 0) {
                *out = found;
                return QN_OK;
            }
        }
    }
    QN_CHECK(length < UINT32_MAX && names->count < UINT32_MAX / 2, ERR_TOO_LARGE, "too many or too long names");
    void *array = names->names;
    QN_TRY(qn__grow(&array, &names->capacity, names->count + 1, sizeof *names->names));
    names->names = array;
    if (2 * (names->count + 1) > names->nslots) {
        QN_TRY(grow_slots(names));
        slot = h & (names->nslots - 1);
        while (names->slots[slot] != 0) {
            slot = (slot + 1) & (names->nslots - 1);
        }
    }
    names->names[names->count] = (qn__qasm_ident){text, (uint32_t)length, h};
    *out = (uint32_t)names->count;
    names->slots[slot] = (uint32_t)++names->count;
    return QN_OK;
}

qn_status qn__qasm_idents_open(qn__qasm_idents *names)
{
    *names = (qn__qasm_idents){0};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint32_t number = 0;
        QN_TRY(qn__qasm_idents_intern(names, known[i].text, strlen(known[i].text), &number));
        QN_ASSERT(number == i);
    }
    return QN_OK;
}

void qn__qasm_idents_close(qn__qasm_idents *names)
{
    qn__free(names->names);
    qn__free(names->slots);
    *names = (qn__qasm_idents){0};
}
