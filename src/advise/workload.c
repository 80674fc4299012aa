/* workload.c: the table of workloads and what all of them share. */
#include "advise/workload.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const qn__workload *const workloads[] = {
#define QN_WORKLOAD(name) &qn__workload_##name,
#include "advise/workloads.def"
#undef QN_WORKLOAD
};

size_t qn__workload_count(void)
{
    return sizeof workloads / sizeof workloads[0];
}

const qn__workload *qn__workload_at(size_t index)
{
    return index < qn__workload_count() ? workloads[index] : NULL;
}

const char *qn__choice_word(const qn__key *key, qn__count value, char *buffer, size_t capacity)
{
    buffer[0] = '\0';
    if (!isfinite(value) || key->choices == NULL) {
        return buffer;
    }
    const char *word = key->choices;
    for (int i = 0; i < (int)value && *word != '\0'; i++) {
        word += strcspn(word, "|");
        word += *word == '|';
    }
    (void)snprintf(buffer, capacity, "%.*s", (int)strcspn(word, "|"), word);
    return buffer;
}

void qn__no_loading(qn__bill *bill, const char *why)
{
    bill->loading_toffoli = bill->loading_t = bill->loading_bits = bill->data_bytes = 0;
    (void)snprintf(bill->loading, sizeof bill->loading, "0 gates, 0 bytes: %s", why);
}

qn__count qn__estimated(const qn__case *c, qn__count gates)
{
    return ceill(gates * c->oracle_factor);
}

void qn__preset_gates(const qn__case *c, qn__count scale, qn__bill *bill)
{
    const qn__preset *p = c->preset;
    const bool toffoli = isfinite(p->toffoli);
    bill->toffoli = toffoli ? qn__estimated(c, p->toffoli * scale) : 0;
    bill->t = isfinite(p->t) ? qn__estimated(c, p->t * scale) : 0;
    if (!toffoli && !isfinite(p->t)) {
        bill->t = qn__estimated(c, p->depth * scale);
    }
    bill->depth = isfinite(p->depth) ? p->depth * scale : bill->toffoli + bill->t;
}
