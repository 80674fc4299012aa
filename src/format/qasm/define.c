/* define.c: gate and opaque definitions. A body is checked once in a dry run and kept as text. */
#include "format/qasm/reader.h"

#include <string.h>

#include "base/alloc.h"

enum { MOST_NAMES = 65536 };

/* Names while they are read. */
typedef struct names {
    uint32_t *list;
    qn__qasm_place *places;
    size_t count, capacity, places_capacity;
} names;

static qn_status add_name(qn__qasm_reader *r, names *n, const char *what)
{
    if (!qn__qasm_at(r, QN__QT_NAME)) {
        return qn__qasm_expected(r, what);
    }
    for (size_t i = 0; i < n->count; i++) {
        if (n->list[i] == r->token.name && n->count < 1024) {
            return QN_QASM_FAIL(r, &r->token, "'%.*s' twice; expected different names", QN_TEXT(r, &r->token));
        }
    }
    if (n->count == MOST_NAMES) {
        return QN_QASM_LARGE(r, &r->token, "more than %d names", MOST_NAMES);
    }
    void *array = n->list;
    QN_TRY(qn__grow(&array, &n->capacity, n->count + 1, sizeof *n->list));
    n->list = array;
    array = n->places;
    QN_TRY(qn__grow(&array, &n->places_capacity, n->count + 1, sizeof *n->places));
    n->places = array;
    n->places[n->count] = r->token.at;
    n->list[n->count++] = r->token.name;
    qn__qasm_advance(r);
    return QN_OK;
}

static qn_status name_list(qn__qasm_reader *r, names *n, qn__qasm_token_kind end, const char *what)
{
    while (!qn__qasm_at(r, end)) {
        QN_TRY(add_name(r, n, what));
        if (!qn__qasm_at(r, QN__QT_COMMA)) {
            return QN_OK;
        }
        qn__qasm_advance(r);
        if (r->version2 && qn__qasm_at(r, end)) {
            return qn__qasm_expected(r, what);
        }
    }
    return QN_OK;
}

/* name(parameters) qubits */
static qn_status header(qn__qasm_reader *r, qn__qasm_token *name, names *n, uint32_t *nparams, qn__qasm_token_kind end)
{
    *name = r->token;
    if (!qn__qasm_at(r, QN__QT_NAME)) {
        name->kind = QN__QT_END;
        return qn__qasm_expected(r, "the name of the gate");
    }
    qn__qasm_advance(r);
    if (qn__qasm_accept(r, QN__QT_LEFT_ROUND)) {
        QN_TRY(name_list(r, n, QN__QT_RIGHT_ROUND, "the name of a parameter"));
        QN_TRY(qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the parameters"));
    }
    *nparams = (uint32_t)n->count;
    QN_TRY(name_list(r, n, end, "the name of a qubit"));
    if (n->count == *nparams && (r->version2 || end == QN__QT_SEMICOLON)) {
        return qn__qasm_expected(r, "the name of a qubit");
    }
    return QN_OK;
}

/* The body with unknown parameters, to find its errors. */
static qn_status check_body(qn__qasm_reader *r, const names *n, uint32_t nparams)
{
    const uint32_t base_level = r->base_level, base_serial = r->base_serial;
    QN_TRY(qn__qasm_scope_push(r));
    r->dry++;
    r->in_gate = true;
    r->base_level = (uint32_t)r->nscopes - 1;
    r->base_serial = r->serial;
    qn_status status = QN_OK;
    for (uint32_t i = 0; i < n->count && status == QN_OK; i++) {
        const qn__qasm_token name = {
            .kind = QN__QT_NAME, .name = n->list[i], .at = n->places[i], .length = r->idents.names[n->list[i]].length};
        qn__qasm_symbol *symbol = NULL;
        if (i < nparams) {
            status = qn__qasm_declare_number(r, &name, QN_TYPE_FLOAT, 64, &symbol);
            if (status == QN_OK) {
                symbol->constant = true;
            }
        } else {
            status = qn__qasm_declare(r, &name, QN__SYMBOL_QUBITS, &symbol);
            if (status == QN_OK) {
                symbol->wires = (qn__qasm_wires){.first = i, .count = 1, .scalar = true};
            }
        }
    }
    if (status == QN_OK) {
        status = qn__qasm_statements(r);
    }
    qn__qasm_scope_pop(r);
    r->base_level = base_level;
    r->base_serial = base_serial;
    r->in_gate = false;
    r->dry--;
    return status;
}

static qn_status definition(qn__qasm_reader *r, qn__qasm_token *name, names *n)
{
    uint32_t nparams = 0;
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    if (r->nscopes > 1) {
        return QN_QASM_FAIL(r, &token, "a gate defined inside of a block; expected at the outermost level");
    }
    QN_TRY(header(r, name, n, &nparams, QN__QT_LEFT_CURLY));
    if (!qn__qasm_at(r, QN__QT_LEFT_CURLY)) {
        return qn__qasm_expect(r, QN__QT_LEFT_CURLY, "before the body of the gate");
    }
    qn__qasm_advance(r);
    const qn__qasm_lexer body = qn__qasm_mark(r);
    QN_TRY(check_body(r, n, nparams));
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_declare(r, name, QN__SYMBOL_USERGATE, &symbol));
    symbol->constant = true;
    symbol->nparams = nparams;
    symbol->nqubits = (uint32_t)n->count - nparams;
    symbol->body = body;
    symbol->params = n->list;
    n->list = NULL;
    return QN_OK;
}

qn_status qn__qasm_gate_definition(qn__qasm_reader *r)
{
    names n = {0};
    qn__qasm_token name = {.kind = QN__QT_END};
    const qn_status status = definition(r, &name, &n);
    qn__free(n.list);
    qn__free(n.places);
    if (status == QN_ERR_PARSE && name.kind == QN__QT_NAME) {
        qn__qasm_poison(r, name.name, name.at);
    }
    return status;
}

static qn_status opaque(qn__qasm_reader *r, names *n)
{
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    if (!r->version2) {
        qn__qasm_remark(r, QN_SEVERITY_WARNING, token.at, token.length,
                        "'opaque' means nothing in OpenQASM 3; ignored");
        while (!qn__qasm_at(r, QN__QT_SEMICOLON) && !qn__qasm_at(r, QN__QT_END)) {
            qn__qasm_advance(r);
        }
        return qn__qasm_expect(r, QN__QT_SEMICOLON, "after the declaration");
    }
    qn__qasm_token name;
    uint32_t nparams = 0;
    QN_TRY(header(r, &name, n, &nparams, QN__QT_SEMICOLON));
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the declaration"));
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_declare(r, &name, QN__SYMBOL_OPAQUE, &symbol));
    symbol->constant = true;
    symbol->nparams = nparams;
    symbol->nqubits = (uint32_t)n->count - nparams;
    return QN_OK;
}

qn_status qn__qasm_opaque_declaration(qn__qasm_reader *r)
{
    names n = {0};
    const qn_status status = opaque(r, &n);
    qn__free(n.list);
    qn__free(n.places);
    return status;
}
