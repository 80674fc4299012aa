/* qasm_names.c: names of a circuit as identifiers of OpenQASM, each used once, and its wires as registers. */
#include "format/circuit_out/qasm_writer.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "format/circuit_out/utf8.h"
#include "format/cursor.h"

/* Words that name something: of either language, so that a file can be moved from one to the other, and the gates of
 * the language's own library. */
static const struct {
    const char *text;
    unsigned libraries; /* as in standard.def; 7: any */
} reserved[] = {
#define QN_KEYWORD(id, text, versions) {text, 7},
#include "format/qasm/token.def"
#define QN_WORD(id, text) {text, 7},
#include "format/qasm/token.def"
#define QN_STANDARD(name, gate, libraries, phase) {name, libraries},
#include "format/qasm/standard.def"
    {"U", 7}, {"CX", 7}, {"gphase", 7}};

enum { NAME_ROOM = 256 };

/* Letters of names outside ASCII: Latin, Greek and Cyrillic ones, which OpenQASM 3 allows. */
static bool is_letter(uint32_t code)
{
    return (code >= 0xc0 && code <= 0x24f && code != 0xd7 && code != 0xf7) || (code >= 0x391 && code <= 0x3a9) ||
           (code >= 0x3b1 && code <= 0x3c9) || code == 0x3d1 || code == 0x3d5 || code == 0x3d6 ||
           (code >= 0x410 && code <= 0x44f);
}

/* `wanted` with everything that no identifier has as '_', and a letter in front; closing brackets vanish. */
static size_t sanitize(uint32_t version, const char *wanted, char out[NAME_ROOM])
{
    size_t used = 0;
    const char first = wanted[0];
    const bool starts = (first >= 'a' && first <= 'z') ||
                        (version == 3 && (qn__is_letter(first) || first == '_' || (unsigned char)first >= 0x80));
    if (!starts) {
        out[used++] = 'v';
        if (!qn__is_digit(first) && !qn__is_letter(first)) {
            wanted += first != '\0' && (unsigned char)first < 0x80; /* "#a" becomes "v_a" below */
        }
        out[used++] = '_';
    }
    for (size_t length; *wanted != '\0' && used < NAME_ROOM - 16; wanted += length) {
        uint32_t code = 0;
        length = qn__utf8_next(wanted, &code);
        const bool plain = length == 1 && (qn__is_letter((int)code) || qn__is_digit((int)code) || code == '_');
        if (plain || (version == 3 && length > 1 && is_letter(code))) {
            memcpy(out + used, wanted, length);
            used += length;
        } else if (code != ']' && code != ')') {
            out[used++] = '_';
        }
        length += length == 0;
    }
    while (used > 1 && out[used - 1] == '_') {
        used--;
    }
    out[used] = '\0';
    return used;
}

qn_status qn__qasm_name_make(qn__qasm_writer *w, const char *wanted, uint32_t *out)
{
    char name[NAME_ROOM];
    const size_t length = sanitize(w->version, wanted, name);
    uint32_t found = 0;
    for (uint64_t k = 1; qn__names_find(&w->names, name, &found); k++) {
        (void)snprintf(name + length, NAME_ROOM - length, "_%llu", (unsigned long long)k);
    }
    const uint32_t index = (uint32_t)w->names.count;
    QN_TRY(qn__names_add(&w->names, name));
    *out = index;
    return QN_OK;
}

static qn_status reserve_words(qn__qasm_writer *w)
{
    uint32_t found = 0;
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        const unsigned library = w->version == 2 ? 1 + 2 : 4;
        if ((reserved[i].libraries & library) != 0 && !qn__names_find(&w->names, reserved[i].text, &found)) {
            QN_TRY(qn__names_add(&w->names, reserved[i].text));
        }
    }
    return QN_OK;
}

/* Quantum registers, and one for every stretch of qubits that no register names. */
static qn_status list_qubits(qn__qasm_writer *w, const qn__qasm_register *declared, size_t count)
{
    const uint32_t nqubits = qn_circuit_qubits(w->circuit);
    uint32_t at = 0;
    for (size_t i = 0; i <= count; i++) {
        const uint32_t next = i < count ? declared[i].first : nqubits;
        if (at < next) {
            uint32_t name = 0;
            QN_TRY(qn__qasm_name_make(w, "q", &name));
            w->qregs[w->nqregs++] = (qn__qasm_register){name, at, next - at};
        }
        if (i < count) {
            w->qregs[w->nqregs++] = declared[i];
            at = declared[i].first + declared[i].width;
        }
    }
    return QN_OK;
}

/* Insertion sort: files declare registers in order. */
static void insert_sorted(qn__qasm_register *list, size_t count, qn__qasm_register item)
{
    size_t i = count;
    for (; i > 0 && list[i - 1].first > item.first; i--) {
        list[i] = list[i - 1];
    }
    list[i] = item;
}

qn_status qn__qasm_names_open(qn__qasm_writer *w)
{
    const size_t nsymbols = qn_circuit_symbols(w->circuit), nvariables = qn_circuit_variables(w->circuit);
    QN_TRY(reserve_words(w));
    w->symbols = qn__alloc(nsymbols, sizeof *w->symbols);
    w->variables = qn__alloc(nvariables, sizeof *w->variables);
    w->qregs = qn__alloc(2 * nvariables + 1, sizeof *w->qregs);
    w->cregs = qn__alloc(nvariables, sizeof *w->cregs);
    qn__qasm_register *const declared = qn__alloc(nvariables, sizeof *declared);
    qn_status status = QN_OK;
    if (w->symbols == NULL || w->variables == NULL || w->qregs == NULL || w->cregs == NULL || declared == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    size_t ndeclared = 0;
    for (size_t i = 0; i < nvariables; i++) {
        qn_variable v;
        qn_circuit_variable(w->circuit, i, &v);
        QN_TRY_CLEANUP(qn__qasm_name_make(w, v.name, &w->variables[i]));
        const qn__qasm_register item = {w->variables[i], v.first, v.width};
        if (v.type == QN_TYPE_QUBITS) {
            insert_sorted(declared, ndeclared++, item);
        } else if (v.type == QN_TYPE_BITS) {
            w->cregs[w->ncregs++] = item;
        }
    }
    for (size_t i = 0; i < nsymbols; i++) {
        QN_TRY_CLEANUP(qn__qasm_name_make(w, qn_circuit_symbol_name(w->circuit, (uint32_t)i), &w->symbols[i]));
    }
    QN_TRY_CLEANUP(list_qubits(w, declared, ndeclared));
cleanup:
    qn__free(declared);
    return status;
}

const qn__qasm_register *qn__qasm_register_of(const qn__qasm_register *list, size_t count, uint32_t wire)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (list[middle].first <= wire) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &list[low];
}
