/* scope.c: what names mean. Symbols of one name form a chain, innermost first; bodies that are run from their text see
 * their own scopes and those global symbols that were there when they were defined. */
#include "format/qasm/reader.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"

qn_status qn__qasm_scope_push(qn__qasm_reader *r)
{
    void *scopes = r->scopes;
    QN_TRY(qn__grow(&scopes, &r->scopes_capacity, r->nscopes + 1, sizeof(qn__qasm_symbol *)));
    r->scopes = scopes;
    r->scopes[r->nscopes++] = NULL;
    return QN_OK;
}

static void release(qn__qasm_symbol *symbol)
{
    qn__qasm_cell_clear(&symbol->cell);
    for (uint32_t i = 0; symbol->cells != NULL && i < symbol->count; i++) {
        qn__qasm_cell_clear(&symbol->cells[i]);
    }
    qn__free(symbol->cells);
    qn__free(symbol->list);
    qn__free(symbol->params);
    qn__free(symbol->formals);
}

void qn__qasm_scope_pop(qn__qasm_reader *r)
{
    qn__qasm_symbol *symbol = r->scopes[--r->nscopes];
    while (symbol != NULL) {
        qn__qasm_symbol *next = symbol->next;
        r->by_name[symbol->name] = symbol->below;
        release(symbol);
        symbol->next = r->free_symbols;
        r->free_symbols = symbol;
        symbol = next;
    }
}

qn__qasm_symbol *qn__qasm_lookup(const qn__qasm_reader *r, uint32_t name)
{
    qn__qasm_symbol *symbol = name < r->nby_name ? r->by_name[name] : NULL;
    for (; symbol != NULL; symbol = symbol->below) {
        if (symbol->level >= r->base_level && symbol->level > 0) {
            return symbol;
        }
        if (symbol->level == 0 && (r->base_level == 0 || symbol->serial <= r->base_serial)) {
            return symbol;
        }
    }
    return NULL;
}

const char *qn__qasm_symbol_noun(const qn__qasm_symbol *symbol)
{
    switch (symbol->kind) {
    case QN__SYMBOL_QUBITS:
        return symbol->wires.scalar ? "a qubit" : "a quantum register";
    case QN__SYMBOL_BITS:
        return symbol->wires.scalar ? "a bit" : "a bit register";
    case QN__SYMBOL_NUMBER:
        return symbol->constant ? "a constant" : "a classical variable";
    case QN__SYMBOL_ARRAY:
        return "an array";
    case QN__SYMBOL_GATE:
    case QN__SYMBOL_USERGATE:
        return "a gate";
    case QN__SYMBOL_OPAQUE:
        return "an opaque gate";
    case QN__SYMBOL_SUBROUTINE:
        return "a subroutine";
    default:
        return "a name";
    }
}

/* Names that can be seen, for suggestions. */
typedef struct visible {
    char (*texts)[64];
    size_t count;
} visible;

static const char *visible_name(const void *user, size_t index)
{
    return ((const visible *)user)->texts[index];
}

/* Whether a symbol is what is looked for: "gate", "qubit", "bit", or any value. */
static bool is_wanted(const qn__qasm_symbol *symbol, const char *what)
{
    const bool gate = symbol->kind == QN__SYMBOL_GATE || symbol->kind == QN__SYMBOL_USERGATE;
    if (strcmp(what, "gate") == 0) {
        return gate;
    }
    if (strcmp(what, "qubit") == 0) {
        return symbol->kind == QN__SYMBOL_QUBITS;
    }
    if (strcmp(what, "bit") == 0) {
        return symbol->kind == QN__SYMBOL_BITS;
    }
    return !gate && symbol->kind != QN__SYMBOL_POISON && symbol->kind != QN__SYMBOL_OPAQUE;
}

static const char *nearest(qn__qasm_reader *r, const char *word, const char *what, visible *list)
{
    enum { MOST = 4096 };
    size_t count = 0;
    for (size_t i = 0; i < r->nby_name && count < MOST; i++) {
        count += r->by_name[i] != NULL;
    }
    list->texts = qn__alloc(count, sizeof *list->texts);
    if (list->texts == NULL) { /* a suggestion less */
        return NULL;
    }
    for (size_t i = 0; i < r->nby_name && list->count < count; i++) {
        const qn__qasm_symbol *symbol = qn__qasm_lookup(r, (uint32_t)i);
        if (symbol != NULL && is_wanted(symbol, what)) {
            (void)snprintf(list->texts[list->count++], 64, "%.*s", QN_NAME(r, i));
        }
    }
    const char *close = qn__suggest(word, list->count, visible_name, list);
    return close == NULL && list->count == 1 ? list->texts[0] : close;
}

qn_status qn__qasm_find(qn__qasm_reader *r, const qn__qasm_token *token, const char *what, qn__qasm_symbol **out)
{
    *out = qn__qasm_lookup(r, token->name);
    if (*out != NULL) {
        return (*out)->kind == QN__SYMBOL_POISON ? QN_ERR_PARSE : QN_OK;
    }
    char word[64];
    (void)snprintf(word, sizeof word, "%.*s", QN_NAME(r, token->name));
    if (!(r->version2 ? r->qelib1 : r->stdgates || r->qelib1) && qn__qasm_in_library(word, r->version2)) {
        return QN_QASM_FAIL(r, token, "'%s' is not defined; did you forget: include \"%s\";", word,
                            r->version2 ? "qelib1.inc" : "stdgates.inc");
    }
    visible list = {0};
    const char *close = nearest(r, word, what, &list);
    qn_status status;
    if (close != NULL) {
        status = QN_QASM_FAIL(r, token, "%s '%s' is not defined; did you mean '%s'?", what, word, close);
    } else {
        status = QN_QASM_FAIL(r, token, "%s '%s' is not defined; expected one that was declared before", what, word);
    }
    qn__free(list.texts);
    return status;
}

static qn_status new_symbol(qn__qasm_reader *r, uint32_t name, qn__qasm_place at, size_t length,
                            qn__qasm_symbol_kind kind, qn__qasm_symbol **out)
{
    if (name >= r->nby_name) {
        const size_t needed = r->idents.capacity > name ? r->idents.capacity : (size_t)name + 1;
        void *table = qn__realloc(r->by_name, needed, sizeof(qn__qasm_symbol *));
        QN_ALLOC_CHECK(table);
        r->by_name = table;
        for (size_t i = r->nby_name; i < needed; i++) {
            r->by_name[i] = NULL;
        }
        r->nby_name = needed;
    }
    qn__qasm_symbol *symbol = r->free_symbols;
    if (symbol != NULL) {
        r->free_symbols = symbol->next;
    } else {
        symbol = qn__alloc(1, sizeof *symbol);
        QN_ALLOC_CHECK(symbol);
    }
    *symbol = (qn__qasm_symbol){.name = name,
                                .kind = kind,
                                .level = (uint32_t)r->nscopes - 1,
                                .serial = ++r->serial,
                                .region = r->region_depth,
                                .dry = r->dry,
                                .at = at,
                                .length = length,
                                .variable = QN__NONE,
                                .cell = {.variable = QN__NONE}};
    symbol->below = r->by_name[name];
    symbol->next = r->scopes[r->nscopes - 1];
    r->by_name[name] = symbol;
    r->scopes[r->nscopes - 1] = symbol;
    *out = symbol;
    return QN_OK;
}

static uint32_t line_of(const qn__qasm_reader *r, qn__qasm_place at)
{
    uint32_t line = 1;
    const char *text = r->files[at.file].text;
    for (size_t i = 0; i < at.offset; i++) {
        line += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
    }
    return line;
}

qn_status qn__qasm_declare_builtin(qn__qasm_reader *r, const char *name, qn_gate gate, qn__qasm_gate_phase phase,
                                   bool replaceable)
{
    uint32_t number = 0;
    QN_TRY(qn__qasm_idents_intern(&r->idents, name, strlen(name), &number));
    const qn__qasm_symbol *old = qn__qasm_lookup(r, number);
    if (old != NULL && (old->builtin || replaceable)) {
        return QN_OK;
    }
    if (old != NULL) {
        return QN_QASM_FAIL(r, &r->token, "the included file defines '%s', which is already defined: %s, on line %u",
                            name, qn__qasm_symbol_noun(old), line_of(r, old->at));
    }
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(new_symbol(r, number, (qn__qasm_place){0, 0, 1}, 1, QN__SYMBOL_GATE, &symbol));
    const qn_gate_info *info = qn_gate_describe(gate);
    symbol->gate = gate;
    symbol->phase = phase;
    symbol->builtin = true;
    symbol->replaceable = replaceable;
    symbol->nqubits = info->qubits;
    symbol->nparams = phase == QN__PHASE_U || phase == QN__PHASE_U3 ? 3 : phase == QN__PHASE_U2 ? 2 : info->params;
    return QN_OK;
}

qn_status qn__qasm_declare(qn__qasm_reader *r, const qn__qasm_token *token, qn__qasm_symbol_kind kind,
                           qn__qasm_symbol **out)
{
    const qn__qasm_symbol *old = qn__qasm_lookup(r, token->name);
    const uint32_t level = (uint32_t)r->nscopes - 1;
    if (old != NULL && old->level == level) {
        const bool is_gate = kind == QN__SYMBOL_USERGATE || kind == QN__SYMBOL_OPAQUE;
        if (old->kind == QN__SYMBOL_POISON || (old->builtin && is_gate && old->replaceable)) {
            old = NULL;
        } else if (old->builtin) {
            return QN_QASM_FAIL(r, token,
                                "'%.*s' is already defined: %s of the standard library; expected another name",
                                QN_TEXT(r, token), qn__qasm_symbol_noun(old));
        } else {
            return QN_QASM_FAIL(r, token, "'%.*s' is already defined: %s, on line %u; expected another name",
                                QN_TEXT(r, token), qn__qasm_symbol_noun(old), line_of(r, old->at));
        }
    }
    return new_symbol(r, token->name, token->at, token->length, kind, out);
}

void qn__qasm_poison(qn__qasm_reader *r, uint32_t name, qn__qasm_place at)
{
    const qn__qasm_symbol *old = qn__qasm_lookup(r, name);
    qn__qasm_symbol *symbol = NULL;
    if ((old == NULL || old->builtin) && r->hard == QN_OK) {
        r->hard = new_symbol(r, name, at, 1, QN__SYMBOL_POISON, &symbol);
    }
}
