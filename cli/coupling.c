/* coupling.c: pairs of qubits and bit strings from the command line. */
#include "coupling.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where a mistake is, and where to say so. */
typedef struct place {
    const char *name, *line_start;
    size_t line;
    char *message;
    size_t capacity;
} place;

static qn_status refuse(const place *p, const char *at, const char *what)
{
    (void)snprintf(p->message, p->capacity, "%s:%zu:%zu: %s", p->name, p->line, (size_t)(at - p->line_start) + 1, what);
    return QN_ERR_PARSE;
}

/* Behind blanks, comments and, where a list may stand, brackets, commas and semicolons. */
static const char *skip(const char *text, const char *also, place *p)
{
    for (;; text++) {
        if (*text == '#') {
            text += strcspn(text, "\n");
        }
        if (*text == '\n') {
            p->line++;
            p->line_start = text + 1;
        } else if (*text == '\0' || (!isspace((unsigned char)*text) && strchr(also, *text) == NULL)) {
            return text;
        }
    }
}

static qn_status read_qubit(const char **text, uint32_t qubits, const place *p, uint32_t *out)
{
    char what[160];
    const char *start = *text;
    if (!isdigit((unsigned char)*start)) {
        (void)snprintf(what, sizeof what, "expected the number of a qubit, got %s%.1s%s; pairs are written as 0-1,1-2",
                       *start != '\0' ? "'" : "the end", start, *start != '\0' ? "'" : "");
        return refuse(p, start, what);
    }
    uint64_t value = 0;
    for (; isdigit((unsigned char)**text); (*text)++) {
        value = value <= UINT32_MAX ? 10 * value + (uint64_t)(**text - '0') : value;
    }
    if (value >= qubits) {
        (void)snprintf(what, sizeof what, "qubit %.*s is outside 0..%u", (int)(*text - start < 20 ? *text - start : 20),
                       start, qubits > 0 ? qubits - 1 : 0);
        return refuse(p, start, what);
    }
    *out = (uint32_t)value;
    return QN_OK;
}

static bool known(const cli_coupling *c, uint32_t a, uint32_t b)
{
    for (size_t k = 0; k < c->count; k++) {
        const uint32_t x = c->pairs[2 * k], y = c->pairs[2 * k + 1];
        if ((x == a && y == b) || (x == b && y == a)) {
            return true;
        }
    }
    return false;
}

/* The caller has made room for as many pairs as the text can hold. */
static qn_status read_pairs(const char *text, uint32_t qubits, place *p, cli_coupling *out)
{
    text = skip(text, ",;[]()", p);
    if (*text == '\0') {
        return refuse(p, text, "no pairs of qubits; expected pairs such as 0-1,1-2");
    }
    while (*text != '\0') {
        uint32_t a = 0, b = 0;
        const char *start = text;
        qn_status status = read_qubit(&text, qubits, p, &a);
        if (status != QN_OK) {
            return status;
        }
        text = skip(text, ",", p);
        if (*text == '-') {
            text = skip(text + 1, "", p);
        }
        status = read_qubit(&text, qubits, p, &b);
        if (status != QN_OK) {
            return status;
        }
        if (a == b) {
            return refuse(p, start, "a qubit cannot be coupled with itself");
        }
        if (*text == '-') {
            return refuse(p, text, "expected a comma between pairs, as in 0-1,1-2");
        }
        if (!known(out, a, b)) {
            out->pairs[2 * out->count] = a;
            out->pairs[2 * out->count + 1] = b;
            out->count++;
        }
        text = skip(text, ",;[]()", p);
    }
    return QN_OK;
}

qn_status cli_coupling_read(const char *where, uint32_t qubits, cli_coupling *out, char *message, size_t capacity)
{
    *out = (cli_coupling){NULL, 0};
    char *owned = NULL;
    const char *text = where;
    const bool inline_pairs = where[strspn(where, "0123456789-,;[]() ")] == '\0';
    size_t length = strlen(where);
    if (!inline_pairs) {
        const qn_status status = qn_file_read(where, UINT64_C(1) << 26, &owned, &length);
        if (status != QN_OK) {
            return status;
        }
        text = owned;
    }
    place p = {inline_pairs ? "--coupling" : where, text, 1, message, capacity};
    cli_coupling found = {malloc((length / 4 + 2) * 2 * sizeof *found.pairs), 0};
    qn_status status = QN_ERR_MEMORY;
    if (found.pairs == NULL) {
        (void)snprintf(message, capacity, "no memory for the coupling map");
    } else {
        status = read_pairs(text, qubits, &p, &found);
    }
    qn_text_free(owned);
    if (status != QN_OK) {
        free(found.pairs);
        return status;
    }
    *out = found;
    return QN_OK;
}

void cli_coupling_free(cli_coupling *coupling)
{
    free(coupling->pairs);
    *coupling = (cli_coupling){NULL, 0};
}

qn_status cli_bits_read(const char *text, uint32_t qubits, uint64_t **out, char *message, size_t capacity)
{
    const place p = {"--initial-bits", text, 1, message, capacity};
    const size_t length = strlen(text), good = strspn(text, "01");
    char what[128];
    if (good < length) {
        return refuse(&p, text + good, "expected 0 or 1");
    }
    if (length != qubits) {
        (void)snprintf(what, sizeof what, "%zu bits; this Hamiltonian has %u qubit%s", length, qubits,
                       qubits == 1 ? "" : "s");
        return refuse(&p, text, what);
    }
    uint64_t *words = calloc((size_t)qubits / 64 + 1, sizeof *words);
    if (words == NULL) {
        (void)snprintf(message, capacity, "no memory for the initial bits");
        return QN_ERR_MEMORY;
    }
    for (uint32_t q = 0; q < qubits; q++) {
        words[q / 64] |= (uint64_t)(text[length - 1 - q] == '1') << (q % 64);
    }
    *out = words;
    return QN_OK;
}
