/* transform.c: whole circuits from whole circuits: clone, append, inverse, bind. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/gate.h"
#include "circuit/store.h"

enum { MOST_STEPS = 32 /* of a text that is run backwards */ };

static qn_status copy_symbols(const qn_circuit *from, qn_circuit *to)
{
    for (size_t i = 0; i < qn_circuit_symbols(from); i++) {
        QN_TRY(qn_circuit_add_symbol(to, qn_circuit_symbol_name(from, (uint32_t)i), NULL));
    }
    return QN_OK;
}

static qn_status copy_variables(const qn_circuit *from, qn_circuit *to)
{
    for (size_t i = 0; i < from->nvariables; i++) {
        const qn_variable *v = &from->variables[i];
        QN_TRY(qn_circuit_add_variable(to, v->name, v->type, v->width, v->first, v->flags, NULL));
    }
    return QN_OK;
}

qn_status qn__circuit_copy_declarations(const qn_circuit *from, qn_circuit *to)
{
    QN_TRY(copy_symbols(from, to));
    QN_TRY(copy_variables(from, to));
    for (size_t i = 0; i < from->nexpressions; i++) {
        const qn__expression *e = &from->expressions[i];
        QN_TRY(qn_circuit_add_expression(to, from->tokens + e->first, e->count, NULL));
    }
    return QN_OK;
}

qn_status qn__circuit_copy_operation(const qn_circuit *from, size_t index, qn_circuit *to)
{
    const qn__entry entry = qn__circuit_entry(from, index);
    return qn__circuit_push(to, &entry);
}

static qn_status push_all(const qn_circuit *from, qn_circuit *to, const qn__map *map)
{
    const size_t count = qn_circuit_operations(from);
    for (size_t i = 0; i < count; i++) {
        qn__entry entry = qn__circuit_entry(from, i);
        entry.map = map;
        QN_TRY(qn__circuit_push(to, &entry));
    }
    return QN_OK;
}

qn_status qn_circuit_clone(const qn_circuit *circuit, qn_circuit **out)
{
    QN_CHECK(circuit != NULL && out != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    qn_circuit *copy = NULL;
    QN_TRY(qn_circuit_create(qn_circuit_qubits(circuit), &copy));
    qn_status status = qn__circuit_copy_declarations(circuit, copy);
    if (status == QN_OK) {
        status = push_all(circuit, copy, NULL);
    }
    if (status != QN_OK) {
        qn_circuit_free(copy);
        return status;
    }
    copy->line = circuit->line;
    *out = copy;
    return QN_OK;
}

/* Appending one circuit to another: their symbols are merged by name, their variables by name and type, their
 * expressions rewritten. */

/* The numbers of `other` as they read in the circuit it is appended to. */
typedef struct merge {
    uint32_t *symbols, *variables, *bits, *expressions;
} merge;

static void merge_release(merge *m)
{
    qn__free(m->symbols);
    qn__free(m->variables);
    qn__free(m->bits);
    qn__free(m->expressions);
}

static qn_status merge_create(const qn_circuit *other, merge *m)
{
    *m =
        (merge){qn__alloc(other->symbols.count, sizeof *m->symbols), qn__alloc(other->nvariables, sizeof *m->variables),
                qn__alloc(other->nbits, sizeof *m->bits), qn__alloc(other->nexpressions, sizeof *m->expressions)};
    if (m->symbols == NULL || m->variables == NULL || m->bits == NULL || m->expressions == NULL) {
        merge_release(m);
        return QN_ERR_MEMORY;
    }
    return QN_OK;
}

static qn_status merge_symbols(qn_circuit *circuit, const qn_circuit *other, uint32_t *map)
{
    for (size_t i = 0; i < qn_circuit_symbols(other); i++) {
        const char *name = qn_circuit_symbol_name(other, (uint32_t)i);
        if (!qn__circuit_find_symbol(circuit, name, &map[i])) {
            QN_TRY(qn_circuit_add_symbol(circuit, name, &map[i]));
        }
    }
    return QN_OK;
}

static bool qubits_taken(const qn_circuit *circuit, const qn_variable *v)
{
    for (size_t i = 0; i < circuit->nvariables; i++) {
        const qn_variable *mine = &circuit->variables[i];
        if (mine->type == QN_TYPE_QUBITS && mine->first < v->first + v->width && v->first < mine->first + mine->width) {
            return true;
        }
    }
    return false;
}

static qn_status merge_variable(qn_circuit *circuit, const qn_variable *v, uint32_t *out)
{
    if (!qn__circuit_find_variable(circuit, v->name, out)) {
        if (v->type == QN_TYPE_QUBITS && qubits_taken(circuit, v)) {
            *out = QN_NO_BIT; /* these qubits have a name here */
            return QN_OK;
        }
        return qn_circuit_add_variable(circuit, v->name, v->type, v->width, v->first, v->flags, out);
    }
    const qn_variable *mine = &circuit->variables[*out];
    QN_CHECK(mine->type == v->type && mine->width == v->width && (v->type != QN_TYPE_QUBITS || mine->first == v->first),
             ERR_ARGUMENT, "variable \"%.64s\" means something else in the circuit that is appended", v->name);
    return QN_OK;
}

static qn_status merge_variables(qn_circuit *circuit, const qn_circuit *other, merge *m)
{
    for (size_t i = 0; i < other->nvariables; i++) {
        const qn_variable *v = &other->variables[i];
        QN_TRY(merge_variable(circuit, v, &m->variables[i]));
        for (uint32_t k = 0; v->type == QN_TYPE_BITS && k < v->width; k++) {
            m->bits[v->first + k] = circuit->variables[m->variables[i]].first + k;
        }
    }
    return QN_OK;
}

static qn_status merge_token(const merge *m, qn_token *token)
{
    switch (token->kind) {
    case QN_TOKEN_SYMBOL:
        token->index = m->symbols[token->index];
        return QN_OK;
    case QN_TOKEN_VARIABLE:
        token->index = m->variables[token->index];
        return QN_OK;
    case QN_TOKEN_BITS:
        for (uint32_t k = 1; k < token->width; k++) {
            QN_CHECK(m->bits[token->index + k] == m->bits[token->index] + k, ERR_UNSUPPORTED,
                     "an expression reads bits of neighbouring registers that are not neighbours in the circuit it is "
                     "appended to");
        }
        token->index = m->bits[token->index];
        return QN_OK;
    case QN_TOKEN_BIT:
        token->index = m->bits[token->index];
        return QN_OK;
    default:
        return QN_OK;
    }
}

static qn_status merge_expressions(qn_circuit *circuit, const qn_circuit *other, merge *m)
{
    for (size_t i = 0; i < other->nexpressions; i++) {
        const qn__expression *e = &other->expressions[i];
        qn_token *tokens = qn__alloc(e->count, sizeof *tokens);
        QN_ALLOC_CHECK(tokens);
        memcpy(tokens, other->tokens + e->first, e->count * sizeof *tokens);
        qn_status status = QN_OK;
        for (size_t k = 0; k < e->count && status == QN_OK; k++) {
            status = merge_token(m, &tokens[k]);
        }
        m->expressions[i] = (uint32_t)circuit->nexpressions;
        if (status == QN_OK) {
            status = qn_circuit_add_expression(circuit, tokens, e->count, NULL);
        }
        qn__free(tokens);
        QN_TRY(status);
    }
    return QN_OK;
}

qn_status qn_circuit_append_circuit(qn_circuit *circuit, const qn_circuit *other)
{
    QN_CHECK(circuit != NULL && other != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_CHECK(qn_circuit_qubits(circuit) == qn_circuit_qubits(other), ERR_SHAPE,
             "circuits of %u and %u qubits cannot be joined", qn_circuit_qubits(circuit), qn_circuit_qubits(other));
    QN_CHECK(other->nblocks == 0, ERR_ARGUMENT, "the circuit that is appended has %zu open blocks", other->nblocks);
    if (circuit == other) { /* the pools that are read would move while they grow */
        qn_circuit *copy = NULL;
        QN_TRY(qn_circuit_clone(other, &copy));
        const qn_status status = qn_circuit_append_circuit(circuit, copy);
        qn_circuit_free(copy);
        return status;
    }
    merge m;
    QN_TRY(merge_create(other, &m));
    const qn__circuit_mark mark = qn__circuit_mark_now(circuit);
    qn_status status = merge_symbols(circuit, other, m.symbols);
    if (status == QN_OK) {
        status = merge_variables(circuit, other, &m);
    }
    if (status == QN_OK) {
        status = merge_expressions(circuit, other, &m);
    }
    if (status == QN_OK) {
        const qn__map map = {m.symbols, m.variables, m.bits, m.expressions};
        status = push_all(other, circuit, &map);
    }
    if (status != QN_OK) {
        qn__circuit_rollback(circuit, &mark);
    }
    merge_release(&m);
    return status;
}

/* Inverse. */

/* A gate with its place and parameters, while it is taken apart. */
typedef struct view {
    qn_gate gate;
    const uint32_t *extra;
    size_t nextra;
    uint64_t extra_state;
    const uint32_t *qubits;
    const qn_param *params;
} view;

/* The parameters of a step, affine in affine parameters. `terms` is owned. */
typedef struct composed {
    qn_param params[QN__GATE_PARAMS];
    qn_param_term *terms;
} composed;

static qn_status compose(const qn__gate_step *step, const qn_param *params, uint32_t nparams, composed *out)
{
    size_t total = 0;
    for (uint32_t i = 0; i < nparams; i++) {
        total += params[i].count;
    }
    out->terms = NULL;
    if (total > 0) {
        out->terms = qn__alloc(total * step->nparams, sizeof *out->terms);
        QN_ALLOC_CHECK(out->terms);
    }
    qn_param_term *next = out->terms;
    for (uint32_t s = 0; s < step->nparams; s++) {
        const qn__affine *expression = &step->params[s];
        qn_param *to = &out->params[s];
        *to = (qn_param){expression->constant, next, 0, 0};
        for (uint32_t i = 0; i < nparams; i++) {
            const double slope = expression->slope[i];
            if (slope == 0) {
                continue;
            }
            to->constant += slope * params[i].constant;
            for (size_t k = 0; k < params[i].count; k++) {
                /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): there is room for every term */
                *next++ = (qn_param_term){params[i].terms[k].symbol, slope * params[i].terms[k].coefficient};
                to->count++;
            }
        }
        if (to->count == 0) {
            to->terms = NULL;
        }
    }
    return QN_OK;
}

static qn_status push_inverse(qn_circuit *out, const view *v);

/* Append one step of a text about `v`: itself, or its inverse. */
static qn_status push_step(qn_circuit *out, const view *v, const qn__gate_step *step, bool inverted)
{
    uint32_t qubits[QN__GATE_QUBITS];
    for (uint32_t i = 0; i < step->nqubits; i++) {
        qubits[i] = v->qubits[step->qubits[i]];
    }
    composed c;
    QN_TRY(compose(step, v->params, qn_gate_describe(v->gate)->params, &c));
    qn_status status = QN_OK;
    if (inverted) {
        const view inner = {step->gate, v->extra, v->nextra, v->extra_state, qubits, c.params};
        status = push_inverse(out, &inner);
    } else {
        const qn__entry entry = {.gate = step->gate,
                                 .extra = v->extra,
                                 .nextra = v->nextra,
                                 .extra_state = v->extra_state,
                                 .qubits = qubits,
                                 .nqubits = step->nqubits,
                                 .params = c.params,
                                 .nparams = step->nparams};
        status = qn__circuit_push(out, &entry);
    }
    qn__free(c.terms);
    return status;
}

/* A controlled gate without an inverse in the table: its base's inverse under the same controls. */
static qn_status push_inverse_of_base(qn_circuit *out, const view *v, const qn_gate_info *info)
{
    uint32_t controls[QN__CONTROLS_MAX];
    if (v->nextra > 0) {
        memcpy(controls, v->extra, v->nextra * sizeof *controls);
    }
    memcpy(controls + v->nextra, v->qubits, info->controls * sizeof *controls);
    const uint64_t own = ((UINT64_C(1) << info->controls) - 1) << v->nextra;
    const uint64_t outer = (UINT64_C(1) << v->nextra) - 1; /* nextra < 64: the gate has controls of its own */
    const view base = {
        info->base, controls, v->nextra + info->controls, (v->extra_state & outer) | own, v->qubits + info->controls,
        v->params};
    return push_inverse(out, &base);
}

static qn_status push_inverse(qn_circuit *out, const view *v)
{
    const qn__gate_row *row = qn__gate_row_of(v->gate);
    qn__gate_step step;
    bool found = false;
    if (row->inverse != NULL) {
        const char *text = row->inverse;
        QN_TRY(qn__gate_text_next(&text, &step, &found));
        return push_step(out, v, &step, false);
    }
    if (row->info.controls > 0) {
        return push_inverse_of_base(out, v, &row->info);
    }
    QN_CHECK(row->decomposition != NULL, ERR_INTERNAL, "gate %s has no inverse in the table", row->info.name);
    const char *starts[MOST_STEPS];
    size_t nsteps = 0;
    const char *text = row->decomposition;
    for (;;) {
        const char *start = text;
        QN_TRY(qn__gate_text_next(&text, &step, &found));
        if (!found) {
            break;
        }
        QN_CHECK(nsteps < MOST_STEPS, ERR_INTERNAL, "text of gate %s has over %d steps", row->info.name, MOST_STEPS);
        starts[nsteps++] = start;
    }
    while (nsteps-- > 0) {
        text = starts[nsteps];
        QN_TRY(qn__gate_text_next(&text, &step, &found));
        QN_TRY(push_step(out, v, &step, true));
    }
    return QN_OK;
}

static qn_status push_inverse_string(qn_circuit *out, qn__entry entry)
{
    qn_param_term *terms = qn__alloc(entry.params->count, sizeof *terms);
    QN_ALLOC_CHECK(terms);
    for (size_t k = 0; k < entry.params->count; k++) {
        terms[k] = (qn_param_term){entry.params->terms[k].symbol, -entry.params->terms[k].coefficient};
    }
    const qn_param angle = {-entry.params->constant, terms, entry.params->count, 0};
    entry.params = &angle;
    const qn_status status = qn__circuit_push(out, &entry);
    qn__free(terms);
    return status;
}

static qn_status push_inverse_matrix(qn_circuit *out, qn__entry entry)
{
    enum { LARGEST = 4 };
    qn_complex adjoint[LARGEST * LARGEST];
    const size_t size = (size_t)1 << entry.nqubits;
    for (size_t i = 0; i < size; i++) {
        for (size_t j = 0; j < size; j++) {
            adjoint[i * size + j] = (qn_complex){entry.matrix[j * size + i].re, -entry.matrix[j * size + i].im};
        }
    }
    entry.matrix = adjoint;
    return qn__circuit_push(out, &entry);
}

static qn_status push_inverse_entry(qn_circuit *out, const qn__entry *entry, size_t index)
{
    if (entry->kind == QN_OP_BARRIER || entry->kind == QN_OP_DELAY) {
        return qn__circuit_push(out, entry);
    }
    QN_CHECK(entry->kind == QN_OP_GATE, ERR_UNSUPPORTED, "operation %zu is %s, which has no inverse", index,
             entry->kind == QN_OP_MEASURE ? "a measurement" : qn__op_kind_name(entry->kind));
    for (size_t i = 0; i < entry->nparams; i++) {
        QN_CHECK(entry->params[i].expression == 0, ERR_UNSUPPORTED,
                 "operation %zu (%s) has a parameter that is known at run time only; its inverse is not supported",
                 index, qn_gate_describe(entry->gate)->name);
    }
    if (entry->pauli != NULL) {
        return push_inverse_string(out, *entry);
    }
    if (entry->matrix != NULL) {
        return push_inverse_matrix(out, *entry);
    }
    const view v = {entry->gate, entry->extra, entry->nextra, entry->extra_state, entry->qubits, entry->params};
    return push_inverse(out, &v);
}

qn_status qn_circuit_inverse(const qn_circuit *circuit, qn_circuit **out)
{
    QN_CHECK(circuit != NULL && out != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    qn_circuit *inverse = NULL;
    QN_TRY(qn_circuit_create(qn_circuit_qubits(circuit), &inverse));
    qn_status status = qn__circuit_copy_declarations(circuit, inverse);
    for (size_t i = qn_circuit_operations(circuit); status == QN_OK && i-- > 0;) {
        const qn__entry entry = qn__circuit_entry(circuit, i);
        inverse->line = entry.line;
        status = push_inverse_entry(inverse, &entry, i);
    }
    if (status != QN_OK) {
        qn_circuit_free(inverse);
        return status;
    }
    inverse->line = circuit->line;
    *out = inverse;
    return QN_OK;
}

/* Expressions with the symbols in them as numbers. */
static qn_status bind_expressions(const qn_circuit *from, const double *theta, qn_circuit *to)
{
    for (size_t i = 0; i < from->nexpressions; i++) {
        const qn__expression *e = &from->expressions[i];
        qn_token *tokens = qn__alloc(e->count, sizeof *tokens);
        QN_ALLOC_CHECK(tokens);
        memcpy(tokens, from->tokens + e->first, e->count * sizeof *tokens);
        for (size_t k = 0; k < e->count; k++) {
            if (tokens[k].kind == QN_TOKEN_SYMBOL) {
                const double value = theta[tokens[k].index];
                tokens[k] = (qn_token){.kind = QN_TOKEN_FLOAT, .type = QN_TYPE_FLOAT, .width = 64};
                tokens[k].number = value;
            }
        }
        const qn_status status = qn_circuit_add_expression(to, tokens, e->count, NULL);
        qn__free(tokens);
        QN_TRY(status);
    }
    return QN_OK;
}

static qn_status bind_operations(const qn_circuit *circuit, const double *theta, qn_circuit *bound)
{
    const size_t count = qn_circuit_operations(circuit);
    for (size_t i = 0; i < count; i++) {
        qn__entry entry = qn__circuit_entry(circuit, i);
        qn_param numbers[QN__GATE_PARAMS];
        for (size_t k = 0; k < entry.nparams; k++) {
            numbers[k] = QN_PARAM(qn_param_value(&entry.params[k], theta));
            numbers[k].expression = entry.params[k].expression;
        }
        entry.params = numbers;
        QN_TRY(qn__circuit_push(bound, &entry));
    }
    return QN_OK;
}

qn_status qn_circuit_bind(const qn_circuit *circuit, const double *theta, size_t ntheta, qn_circuit **out)
{
    QN_CHECK(circuit != NULL && out != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    QN_CHECK(ntheta == qn_circuit_symbols(circuit), ERR_SHAPE, "the circuit has %zu symbols, got %zu values",
             qn_circuit_symbols(circuit), ntheta);
    QN_CHECK(ntheta == 0 || theta != NULL, ERR_ARGUMENT, "values are NULL");
    for (size_t i = 0; i < ntheta; i++) {
        QN_CHECK(isfinite(theta[i]), ERR_NAN, "value %zu (\"%.64s\") is not a finite number", i,
                 qn_circuit_symbol_name(circuit, (uint32_t)i));
    }
    qn_circuit *bound = NULL;
    QN_TRY(qn_circuit_create(qn_circuit_qubits(circuit), &bound));
    qn_status status = copy_variables(circuit, bound);
    if (status == QN_OK) {
        status = bind_expressions(circuit, theta, bound);
    }
    if (status == QN_OK) {
        status = bind_operations(circuit, theta, bound);
    }
    if (status != QN_OK) {
        qn_circuit_free(bound);
        return status;
    }
    bound->line = circuit->line;
    *out = bound;
    return QN_OK;
}
