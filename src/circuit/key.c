/* key.c: how a result is printed: registers as words, the last declared first. */
#include "base/bits.h"
#include "circuit/store.h"

static bool shown(const qn_variable *variable)
{
    return variable->type == QN_TYPE_BITS && (variable->flags & QN_VARIABLE_HIDDEN) == 0;
}

size_t qn_circuit_key_size(const qn_circuit *circuit)
{
    if (circuit->nbits == 0) {
        return (size_t)circuit->nqubits + 1;
    }
    size_t size = 0;
    for (size_t i = 0; i < circuit->nvariables; i++) {
        size += shown(&circuit->variables[i]) ? (size_t)circuit->variables[i].width + 1 : 0;
    }
    return size == 0 ? 1 : size;
}

static char *write_bits(const uint64_t *words, uint32_t first, uint32_t width, char *out)
{
    for (uint32_t i = width; i-- > 0;) {
        *out++ = qn__bit(words, first + i) ? '1' : '0';
    }
    return out;
}

void qn_circuit_key(const qn_circuit *circuit, const uint64_t *words, char *out)
{
    char *at = out;
    if (circuit->nbits == 0) {
        at = write_bits(words, 0, circuit->nqubits, at);
    }
    for (size_t i = circuit->nvariables; i-- > 0;) {
        const qn_variable *variable = &circuit->variables[i];
        if (!shown(variable)) {
            continue;
        }
        if (at != out) {
            *at++ = ' ';
        }
        at = write_bits(words, variable->first, variable->width, at);
    }
    *at = '\0';
}
