/* gates.c: gate calls: parameters, operands, broadcasting, expansion of the program's own gates. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

enum {
    SMALL = 16, /* parameters that need no memory of their own */
    SMALL_QUBITS = 80,
    MOST_OPERANDS = 65536
};

/* A call while it is read. */
typedef struct call {
    qn__qasm_token name;
    const qn__qasm_symbol *gate;
    qn__qasm_modifier modifiers[QN__QASM_MODIFIERS];
    uint32_t nmodifiers, controls;
    qn_param small[SMALL];
    qn_param *params;
    uint32_t nparams;
    size_t base; /* of the operands on r->wires */
    uint32_t noperands;
} call;

/* (a, b, c) */
static qn_status parameters(qn__qasm_reader *r, call *c)
{
    c->params = c->small;
    c->nparams = 0;
    size_t capacity = SMALL;
    if (!qn__qasm_accept(r, QN__QT_LEFT_ROUND)) {
        return QN_OK;
    }
    while (!qn__qasm_at(r, QN__QT_RIGHT_ROUND)) {
        const qn__qasm_token at = r->token;
        qn__qasm_operand value;
        QN_TRY(qn__qasm_read_expression(r, &value));
        if (c->nparams == capacity) {
            qn_param *more = qn__qasm_arena(r, 2 * capacity * sizeof *more);
            QN_ALLOC_CHECK(more);
            memcpy(more, c->params, c->nparams * sizeof *more);
            c->params = more;
            capacity *= 2;
        }
        QN_TRY(qn__qasm_operand_param(r, &value, &at, &c->params[c->nparams]));
        c->nparams++;
        if (!qn__qasm_at(r, QN__QT_COMMA)) {
            break;
        }
        qn__qasm_advance(r);
        if (r->version2 && qn__qasm_at(r, QN__QT_RIGHT_ROUND)) {
            return qn__qasm_expected(r, "a parameter after ','");
        }
    }
    return qn__qasm_expect(r, QN__QT_RIGHT_ROUND, "after the parameters");
}

static qn_status operands(qn__qasm_reader *r, call *c)
{
    c->base = r->nwires;
    c->noperands = 0;
    while (!qn__qasm_at(r, QN__QT_SEMICOLON)) {
        qn__qasm_wires wires;
        QN_TRY(qn__qasm_qubits(r, &wires));
        if (c->noperands == MOST_OPERANDS) {
            return QN_QASM_LARGE(r, &r->token, "a gate on more than %d operands", MOST_OPERANDS);
        }
        QN_TRY(qn__qasm_wires_push(r, &wires));
        c->noperands++;
        if (!qn__qasm_at(r, QN__QT_COMMA)) {
            break;
        }
        qn__qasm_advance(r);
        if (r->version2 && qn__qasm_at(r, QN__QT_SEMICOLON)) {
            return qn__qasm_expected(r, "a qubit after ','");
        }
    }
    return qn__qasm_expect(r, QN__QT_SEMICOLON, "after the gate");
}

static qn_status check_counts(qn__qasm_reader *r, const call *c)
{
    const qn__qasm_symbol *gate = c->gate;
    if (c->nparams != gate->nparams) {
        return QN_QASM_FAIL(r, &c->name, "'%.*s' takes %u parameter%s, got %u", QN_TEXT(r, &c->name), gate->nparams,
                            gate->nparams == 1 ? "" : "s", c->nparams);
    }
    const uint32_t expected = c->controls + gate->nqubits;
    if (c->noperands != expected) {
        return QN_QASM_FAIL(r, &c->name, "'%.*s' acts on %u qubit%s%s, got %u", QN_TEXT(r, &c->name), expected,
                            expected == 1 ? "" : "s", c->controls > 0 ? ", controls included" : "", c->noperands);
    }
    return QN_OK;
}

/* How often the gate is applied: registers go side by side, single qubits are repeated. */
static qn_status broadcast(qn__qasm_reader *r, const call *c, uint32_t *times, bool *unknown)
{
    *times = 1;
    *unknown = false;
    const qn__qasm_wires *first = NULL;
    for (uint32_t i = 0; i < c->noperands; i++) {
        const qn__qasm_wires *w = &r->wires[c->base + i];
        *unknown = *unknown || w->unknown;
        if (w->scalar || w->unknown) {
            continue;
        }
        if (first != NULL && first->count != w->count) {
            return QN_QASM_FAIL(r, &c->name, "'%.*s' on registers of %u and %u qubits; expected equal sizes",
                                QN_TEXT(r, &c->name), first->count, w->count);
        }
        first = first == NULL ? w : first;
        *times = w->count;
    }
    return QN_OK;
}

static qn_status apply_modified(qn__qasm_reader *r, const call *c, const uint32_t *qubits)
{
    qn__qasm_operations operations = {0};
    qn__qasm_operations *outer = r->sink;
    r->sink = &operations;
    qn_status status =
        qn__qasm_gate_apply(r, &c->name, c->gate, c->params, c->nparams, qubits + c->controls, c->gate->nqubits);
    r->sink = outer;
    uint32_t left = c->controls;
    for (uint32_t i = c->nmodifiers; status == QN_OK && i-- > 0;) {
        const qn__qasm_modifier *m = &c->modifiers[i];
        left -= m->controls;
        status = qn__qasm_modify(r, m, qubits + left, &operations);
    }
    if (status == QN_OK) {
        status = qn__qasm_operations_replay(r, &c->name, &operations);
    }
    qn__qasm_operations_free(&operations);
    return status;
}

static qn_status apply(qn__qasm_reader *r, const call *c)
{
    uint32_t times = 1, small[SMALL_QUBITS];
    bool unknown = false;
    QN_TRY(broadcast(r, c, &times, &unknown));
    if (unknown) {
        return QN_OK;
    }
    uint32_t *qubits = small;
    if (c->noperands > SMALL_QUBITS) {
        qubits = qn__qasm_arena(r, c->noperands * sizeof *qubits);
        QN_ALLOC_CHECK(qubits);
    }
    for (uint32_t k = 0; k < times; k++) {
        for (uint32_t i = 0; i < c->noperands; i++) {
            const qn__qasm_wires *w = &r->wires[c->base + i];
            qubits[i] = qn__qasm_wire(w, w->scalar ? 0 : k);
        }
        if (c->nmodifiers == 0) {
            QN_TRY(qn__qasm_gate_apply(r, &c->name, c->gate, c->params, c->nparams, qubits, c->noperands));
            continue;
        }
        for (uint32_t i = 1; i < c->noperands; i++) {
            for (uint32_t j = 0; j < i; j++) {
                if (qubits[i] == qubits[j]) {
                    return QN_QASM_FAIL(r, &c->name,
                                        "the same qubit twice, as operands %u and %u; expected different qubits", j + 1,
                                        i + 1);
                }
            }
        }
        if (r->dry == 0) {
            QN_TRY(apply_modified(r, c, qubits));
        }
    }
    return QN_OK;
}

static qn_status find_gate(qn__qasm_reader *r, call *c)
{
    c->name = r->token;
    if (c->name.kind != QN__QT_NAME) {
        return qn__qasm_expected(r, c->nmodifiers > 0 ? "a gate after its modifiers" : "a gate");
    }
    qn__qasm_advance(r);
    qn__qasm_symbol *symbol = NULL;
    QN_TRY(qn__qasm_find(r, &c->name, "gate", &symbol));
    if (symbol->kind == QN__SYMBOL_OPAQUE && c->name.name != QN__NAME_KEYWORD_DELAY) {
        return QN_QASM_UNSUPPORTED(r, &c->name, "the opaque gate '%.*s' has no definition, so it cannot be applied",
                                   QN_TEXT(r, &c->name));
    }
    if (symbol->kind != QN__SYMBOL_GATE && symbol->kind != QN__SYMBOL_USERGATE && symbol->kind != QN__SYMBOL_OPAQUE) {
        return QN_QASM_FAIL(r, &c->name, "'%.*s' is %s; expected a gate", QN_TEXT(r, &c->name),
                            qn__qasm_symbol_noun(symbol));
    }
    c->gate = symbol;
    return QN_OK;
}

static qn_status gate_call(qn__qasm_reader *r, call *c)
{
    c->nmodifiers = 0;
    c->controls = 0;
    if (!qn__qasm_at(r, QN__QT_NAME)) {
        QN_TRY(qn__qasm_modifiers(r, c->modifiers, &c->nmodifiers));
        for (uint32_t i = 0; i < c->nmodifiers; i++) {
            c->controls += c->modifiers[i].controls;
        }
    }
    QN_TRY(find_gate(r, c));
    QN_TRY(parameters(r, c));
    if (!r->version2 && qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        return QN_QASM_UNSUPPORTED(r, &r->token, "the duration of a gate call is not supported");
    }
    QN_TRY(operands(r, c));
    QN_TRY(check_counts(r, c));
    return apply(r, c);
}

qn_status qn__qasm_gate_call(qn__qasm_reader *r)
{
    call c;
    const size_t base = r->nwires;
    const qn_status status = gate_call(r, &c);
    r->nwires = base;
    return status;
}

/* Expansion. */

/* A parameter of a call as the value of a name. */
static qn_status bind(qn__qasm_reader *r, const qn_param *param, qn__qasm_cell *cell)
{
    cell->value = qn__qasm_zero(QN_TYPE_FLOAT, 64);
    cell->value.number = param->constant;
    cell->state = QN__CELL_KNOWN;
    if (param->count == 0 && param->expression == 0) {
        return QN_OK;
    }
    const size_t start = r->ntokens;
    const qn_token constant = {.kind = QN_TOKEN_FLOAT, .type = QN_TYPE_FLOAT, .width = 64, .number = param->constant};
    const qn_token add = {.kind = QN_TOKEN_ADD, .type = QN_TYPE_FLOAT, .width = 64};
    const qn_token times = {.kind = QN_TOKEN_MULTIPLY, .type = QN_TYPE_FLOAT, .width = 64};
    bool first = param->constant == 0;
    if (!first) {
        QN_TRY(qn__qasm_token_push(r, &constant));
    }
    for (size_t k = 0; k < param->count; k++) {
        const qn_token symbol = {
            .kind = QN_TOKEN_SYMBOL, .type = QN_TYPE_FLOAT, .width = 64, .index = param->terms[k].symbol};
        const qn_token factor = {
            .kind = QN_TOKEN_FLOAT, .type = QN_TYPE_FLOAT, .width = 64, .number = param->terms[k].coefficient};
        QN_TRY(qn__qasm_token_push(r, &symbol));
        if (param->terms[k].coefficient != 1) {
            QN_TRY(qn__qasm_token_push(r, &factor));
            QN_TRY(qn__qasm_token_push(r, &times));
        }
        if (!first) {
            QN_TRY(qn__qasm_token_push(r, &add));
        }
        first = false;
    }
    if (param->expression != 0) {
        size_t count = 0;
        const qn_token *tokens = qn_circuit_expression(r->circuit, param->expression, &count);
        for (size_t i = 0; i < count; i++) {
            QN_TRY(qn__qasm_token_push(r, &tokens[i]));
        }
        const qn_token cast = {.kind = QN_TOKEN_CAST, .type = QN_TYPE_FLOAT, .width = 64};
        QN_TRY(qn__qasm_token_push(r, &cast));
        if (!first) {
            QN_TRY(qn__qasm_token_push(r, &add));
        }
    }
    const size_t count = r->ntokens - start;
    r->ntokens = start;
    cell->tokens = qn__alloc(count, sizeof *cell->tokens);
    QN_ALLOC_CHECK(cell->tokens);
    memcpy(cell->tokens, r->tokens + start, count * sizeof *cell->tokens);
    cell->ntokens = (uint32_t)count;
    cell->state = QN__CELL_TOKENS;
    return QN_OK;
}

static qn_status bind_all(qn__qasm_reader *r, const qn__qasm_symbol *gate, const qn_param *params,
                          const uint32_t *qubits)
{
    qn__qasm_token name = {.kind = QN__QT_NAME, .at = gate->at, .length = gate->length};
    qn__qasm_symbol *symbol = NULL;
    for (uint32_t i = 0; i < gate->nparams; i++) {
        name.name = gate->params[i];
        QN_TRY(qn__qasm_declare_number(r, &name, QN_TYPE_FLOAT, 64, &symbol));
        symbol->constant = true;
        QN_TRY(bind(r, &params[i], &symbol->cell));
    }
    for (uint32_t i = 0; i < gate->nqubits; i++) {
        name.name = gate->params[gate->nparams + i];
        QN_TRY(qn__qasm_declare(r, &name, QN__SYMBOL_QUBITS, &symbol));
        symbol->wires = (qn__qasm_wires){.first = qubits[i], .count = 1, .scalar = true};
    }
    return QN_OK;
}

static qn_status expand(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_symbol *gate,
                        const qn_param *params, const uint32_t *qubits)
{
    QN_TRY(qn__qasm_step(r, token));
    QN_TRY(qn__qasm_enter(r, token));
    const qn__qasm_lexer back = qn__qasm_mark(r);
    const uint32_t base_level = r->base_level, base_serial = r->base_serial;
    const bool in_gate = r->in_gate;
    r->expansions++;
    QN_TRY(qn__qasm_scope_push(r));
    r->base_level = (uint32_t)r->nscopes - 1;
    r->base_serial = gate->serial - 1;
    r->in_gate = true;
    qn_status status = bind_all(r, gate, params, qubits);
    if (status == QN_OK) {
        qn__qasm_seek(r, &gate->body);
        status = qn__qasm_statements(r);
    }
    qn__qasm_scope_pop(r);
    r->in_gate = in_gate;
    r->base_level = base_level;
    r->base_serial = base_serial;
    r->expansions--;
    qn__qasm_leave(r);
    qn__qasm_seek(r, &back);
    return status;
}

static bool all_different(const uint32_t *qubits, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (qubits[i] == qubits[j]) {
                return false;
            }
        }
    }
    return true;
}

qn_status qn__qasm_gate_apply(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_symbol *gate,
                              const qn_param *params, uint32_t nparams, const uint32_t *qubits, uint32_t nqubits)
{
    if (gate->kind == QN__SYMBOL_GATE) {
        if (gate->phase == QN__PHASE_SAME) {
            return qn__qasm_emit_gate(r, token, gate->gate, NULL, 0, 0, qubits, nqubits, params, nparams);
        }
        qn_param all[4];
        QN_TRY(qn__qasm_phase_params(r, gate->phase, params, all));
        return qn__qasm_emit_gate(r, token, gate->gate, NULL, 0, 0, qubits, nqubits, all, 4);
    }
    if (!all_different(qubits, nqubits)) {
        return QN_QASM_FAIL(r, token, "the same qubit twice; expected different qubits");
    }
    if (gate->kind == QN__SYMBOL_OPAQUE) { /* OpenQASM 2's opaque delay(t) q, in device cycles */
        for (uint32_t i = 0; i < nqubits && nparams > 0 && params[0].constant > 0 && r->sink == NULL; i++) {
            QN_TRY(qn__qasm_emit_delay(r, token, -params[0].constant, &qubits[i], 1));
        }
        return QN_OK;
    }
    return r->dry > 0 ? QN_OK : expand(r, token, gate, params, qubits);
}
