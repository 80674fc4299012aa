/* survey.c: the first walk over a circuit that is to be drawn. Linear in its length. */
#include "circuit/draw/survey.h"

#include <string.h>

#include "base/alloc.h"

/* Rows. */

void qn__span_add(qn__span *span, uint32_t row)
{
    if (row != QN__NOWHERE) {
        span->top = row < span->top ? row : span->top;
        span->bottom = row > span->bottom ? row : span->bottom;
    }
}

static void span_join(qn__span *span, qn__span other)
{
    if (other.top <= other.bottom) {
        qn__span_add(span, other.top);
        qn__span_add(span, other.bottom);
    }
}

uint32_t qn__survey_qubit_row(const qn__survey *survey, uint32_t qubit)
{
    const uint32_t place = survey->reverse ? survey->nqubits - 1 - qubit : qubit;
    if (place < survey->shown_top) {
        return place;
    }
    const uint32_t from_end = survey->nqubits - place;
    return from_end <= survey->shown_bottom ? survey->nquantum - from_end : survey->hidden_row;
}

uint32_t qn__survey_bit_row(const qn__survey *survey, uint32_t bit)
{
    size_t low = 0, high = survey->nregisters;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (bit - survey->registers[middle].first < survey->registers[middle].width &&
            bit >= survey->registers[middle].first) {
            return survey->registers[middle].row;
        }
        if (bit < survey->registers[middle].first) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return survey->variables_row;
}

uint32_t qn__survey_variable_row(const qn__survey *survey, uint32_t variable)
{
    if (variable >= qn_circuit_variables(survey->circuit)) {
        return survey->variables_row;
    }
    qn_variable v;
    qn_circuit_variable(survey->circuit, variable, &v);
    return v.type == QN_TYPE_BITS ? qn__survey_bit_row(survey, v.first) : survey->variables_row;
}

/* Variables that are not bits, hidden registers, and registers beyond the limit share the last row. */
static qn_status survey_rows(qn__survey *s, const qn_draw_options *options, qn__row **out)
{
    const size_t count = qn_circuit_variables(s->circuit);
    const uint32_t limit = options->max_qubits;
    size_t nbits = 0;
    for (size_t i = 0; i < count; i++) {
        qn_variable v;
        qn_circuit_variable(s->circuit, i, &v);
        nbits += v.type == QN_TYPE_BITS;
    }
    s->shown_top = s->nqubits;
    s->shown_bottom = 0;
    s->hidden_row = QN__NOWHERE;
    if (s->nqubits > limit) {
        s->shown_bottom = limit / 2;
        s->shown_top = limit - limit / 2;
        s->hidden_row = s->shown_top;
    }
    s->nquantum = s->shown_top + s->shown_bottom + (s->hidden_row != QN__NOWHERE ? 1 : 0);
    s->registers = qn__calloc(nbits, sizeof *s->registers);
    QN_ALLOC_CHECK(s->registers);
    qn__row *rows = qn__calloc((size_t)s->nquantum + nbits + 1, sizeof *rows);
    QN_ALLOC_CHECK(rows);
    for (uint32_t q = 0; q < s->nqubits;) {
        const uint32_t place = qn__survey_qubit_row(s, q);
        const bool hidden = place == s->hidden_row;
        rows[place].kind = hidden ? QN__ROW_HIDDEN : QN__ROW_QUBIT;
        rows[place].first = q;
        rows[place].count = hidden ? s->nqubits - s->shown_top - s->shown_bottom : 1;
        q += rows[place].count;
    }
    uint32_t row = s->nquantum, shown = 0;
    bool others = false;
    for (size_t i = 0; i < count; i++) {
        qn_variable v;
        qn_circuit_variable(s->circuit, i, &v);
        if (v.type == QN_TYPE_BITS && (v.flags & QN_VARIABLE_HIDDEN) == 0 && shown < limit) {
            rows[row].kind = QN__ROW_BITS;
            rows[row].first = v.first;
            rows[row].count = v.width;
            s->registers[s->nregisters++] = (qn__bit_register){v.first, v.width, row++};
            shown++;
        } else if (v.type != QN_TYPE_QUBITS) {
            others = true;
        }
    }
    s->variables_row = QN__NOWHERE;
    if (others) {
        rows[row].kind = QN__ROW_VARIABLES;
        s->variables_row = row++;
    }
    s->nrows = row;
    *out = rows;
    return QN_OK;
}

static qn_status survey_expressions(qn__survey *s)
{
    const size_t count = qn_circuit_expressions(s->circuit);
    s->expressions = qn__calloc(count, sizeof *s->expressions);
    QN_ALLOC_CHECK(s->expressions);
    for (size_t i = 0; i < count; i++) {
        size_t ntokens = 0;
        const qn_token *tokens = qn_circuit_expression(s->circuit, (uint32_t)i + 1, &ntokens);
        s->expressions[i] = QN__SPAN_EMPTY;
        for (size_t t = 0; t < ntokens; t++) {
            if (tokens[t].kind == QN_TOKEN_BIT) {
                qn__span_add(&s->expressions[i], qn__survey_bit_row(s, tokens[t].index));
            } else if (tokens[t].kind == QN_TOKEN_BITS) {
                qn__span_add(&s->expressions[i], qn__survey_bit_row(s, tokens[t].index));
                qn__span_add(&s->expressions[i], qn__survey_bit_row(s, tokens[t].index + tokens[t].width - 1));
            } else if (tokens[t].kind == QN_TOKEN_VARIABLE) {
                qn__span_add(&s->expressions[i], qn__survey_variable_row(s, tokens[t].index));
            }
        }
    }
    return QN_OK;
}

/* Operations. */

bool qn__operation_is_phase(const qn_operation *op)
{
    return op->kind == QN_OP_GATE && op->ncontrols == 0 && op->ntargets == 0;
}

bool qn__operation_is_flow(const qn_operation *op)
{
    return op->kind >= QN_OP_IF || qn__operation_is_phase(op);
}

static void add_expression(const qn__survey *s, uint32_t expression, qn__span *span)
{
    if (expression != 0) {
        span_join(span, s->expressions[expression - 1]);
    }
}

qn__span qn__survey_span(const qn__survey *s, const qn_operation *op)
{
    qn__span span = QN__SPAN_EMPTY;
    for (uint32_t i = 0; i < op->ncontrols; i++) {
        qn__span_add(&span, qn__survey_qubit_row(s, op->controls[i]));
    }
    for (uint32_t i = 0; i < op->ntargets; i++) {
        qn__span_add(&span, qn__survey_qubit_row(s, op->targets[i]));
    }
    if ((op->kind == QN_OP_BARRIER || op->kind == QN_OP_DELAY) && op->ntargets == 0) {
        span = (qn__span){0, s->nquantum - 1};
    }
    if (op->kind == QN_OP_MEASURE && op->bit != QN_NO_BIT) {
        qn__span_add(&span, qn__survey_bit_row(s, op->bit));
    }
    if (op->kind == QN_OP_ASSIGN) {
        qn__span_add(&span,
                     op->bit != QN_NO_BIT ? qn__survey_bit_row(s, op->bit) : qn__survey_variable_row(s, op->variable));
        add_expression(s, op->expression, &span);
    }
    for (uint32_t i = 0; i < op->nparams; i++) {
        add_expression(s, op->params[i].expression, &span);
    }
    if (span.top == span.bottom && span.top == s->hidden_row) {
        return QN__SPAN_EMPTY;
    }
    return span;
}

qn__span qn__survey_flow_span(const qn__survey *s, const qn__flow *flow, const qn_operation *op)
{
    qn__span span = {0, s->nrows - 1};
    if (flow->block != QN__NOWHERE) {
        span = s->blocks[flow->block].rows;
    }
    if (op->kind == QN_OP_IF || op->kind == QN_OP_WHILE) {
        add_expression(s, op->expression, &span);
    }
    for (uint32_t i = 0; i < op->nparams; i++) {
        add_expression(s, op->params[i].expression, &span);
    }
    return span;
}

/* The walk. */

static qn_status add_flow(qn__survey *s, size_t index, uint32_t block)
{
    void *flows = s->flows;
    QN_TRY(qn__grow(&flows, &s->flows_capacity, s->nflows + 1, sizeof *s->flows));
    s->flows = flows;
    s->flows[s->nflows++] = (qn__flow){index, block};
    return QN_OK;
}

static qn_status open_block(qn__survey *s, size_t index, uint32_t *current)
{
    QN_CHECK(s->nblocks < QN__NOWHERE - 1, ERR_TOO_LARGE, "a circuit with more than %u blocks is not drawn",
             QN__NOWHERE - 1);
    void *blocks = s->blocks;
    QN_TRY(qn__grow(&blocks, &s->blocks_capacity, s->nblocks + 1, sizeof *s->blocks));
    s->blocks = blocks;
    s->blocks[s->nblocks] = (qn__block){index, *current, QN__NOWHERE, QN__NOWHERE, QN__NOWHERE, QN__SPAN_EMPTY, false};
    *current = (uint32_t)s->nblocks++;
    return QN_OK;
}

/* A block without rows stands on those that its condition reads, or on the first. */
static void close_block(qn__survey *s, uint32_t *current, bool closed)
{
    qn__block *block = &s->blocks[*current];
    qn_operation begin;
    qn_circuit_operation(s->circuit, block->begin, &begin);
    if (block->rows.top > block->rows.bottom) {
        add_expression(s, begin.expression, &block->rows);
    }
    if (block->rows.top > block->rows.bottom) {
        block->rows = (qn__span){0, 0};
    }
    block->closed = closed;
    if (block->parent != QN__NOWHERE) {
        span_join(&s->blocks[block->parent].rows, block->rows);
        add_expression(s, begin.expression, &s->blocks[block->parent].rows);
    }
    *current = block->parent;
}

static qn_status note_phase(qn__survey *s, const qn_operation *op)
{
    for (uint32_t i = 0; i < op->nparams; i++) {
        const qn_param *p = &op->params[i];
        s->phase += p->constant;
        s->phase_expression |= p->expression != 0;
        if (p->count > 0 && s->phase_terms == NULL) {
            s->phase_terms = qn__calloc(qn_circuit_symbols(s->circuit), sizeof *s->phase_terms);
            QN_ALLOC_CHECK(s->phase_terms);
        }
        for (size_t k = 0; k < p->count; k++) {
            s->phase_terms[p->terms[k].symbol] += p->terms[k].coefficient;
        }
    }
    return QN_OK;
}

static qn_status survey_flow(qn__survey *s, size_t index, const qn_operation *op, uint32_t *current)
{
    switch (op->kind) {
    case QN_OP_IF:
    case QN_OP_WHILE:
        QN_TRY(open_block(s, index, current));
        QN_TRY(add_flow(s, index, *current));
        s->operations++;
        break;
    case QN_OP_END:
        QN_TRY(add_flow(s, index, *current));
        if (*current != QN__NOWHERE) {
            close_block(s, current, true);
        }
        break;
    case QN_OP_ELSE:
        QN_TRY(add_flow(s, index, *current));
        break;
    default: /* a phase in a block, break, continue, stop */
        QN_TRY(add_flow(s, index, *current));
        s->operations++;
        s->gates += op->kind == QN_OP_GATE;
        for (uint32_t i = 0; i < op->nparams && *current != QN__NOWHERE; i++) {
            add_expression(s, op->params[i].expression, &s->blocks[*current].rows);
        }
        break;
    }
    return QN_OK;
}

static qn_status survey_operations(qn__survey *s)
{
    const size_t count = qn_circuit_operations(s->circuit);
    uint32_t current = QN__NOWHERE;
    for (size_t i = 0; i < count; i++) {
        qn_operation op;
        qn_circuit_operation(s->circuit, i, &op);
        s->dynamic |= op.kind != QN_OP_GATE;
        if (current == QN__NOWHERE && qn__operation_is_phase(&op)) {
            QN_TRY(note_phase(s, &op));
            continue;
        }
        if (qn__operation_is_flow(&op)) {
            QN_TRY(survey_flow(s, i, &op, &current));
            continue;
        }
        s->operations++;
        s->gates += op.kind == QN_OP_GATE;
        if (current == QN__NOWHERE && s->hidden_row == QN__NOWHERE) {
            continue;
        }
        const qn__span span = qn__survey_span(s, &op);
        if (span.top > span.bottom) {
            s->alone++;
        } else if (current != QN__NOWHERE) {
            span_join(&s->blocks[current].rows, span);
        }
    }
    while (current != QN__NOWHERE) {
        close_block(s, &current, false);
    }
    return QN_OK;
}

qn_status qn__survey_create(const qn_circuit *circuit, const qn_draw_options *options, qn__row **rows, qn__survey *out)
{
    qn__survey s;
    memset(&s, 0, sizeof s);
    s.circuit = circuit;
    s.nqubits = qn_circuit_qubits(circuit);
    s.reverse = options->reverse;
    qn__row *made = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(survey_rows(&s, options, &made));
    QN_TRY_CLEANUP(survey_expressions(&s));
    QN_TRY_CLEANUP(survey_operations(&s));
    *rows = made;
    *out = s;
    return QN_OK;
cleanup:
    qn__free(made);
    qn__survey_clear(&s);
    return status;
}

void qn__survey_clear(qn__survey *survey)
{
    qn__free(survey->registers);
    qn__free(survey->expressions);
    qn__free(survey->blocks);
    qn__free(survey->flows);
    qn__free(survey->phase_terms);
}
