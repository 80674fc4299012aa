/* items.c: from one placed operation to its cells and words. */
#include "circuit/draw/items.h"

#include <string.h>

#include "base/alloc.h"
#include "report/number.h"

static qn__family family_of(const qn_operation *op)
{
    const uint32_t flags = qn_gate_describe(op->base)->flags;
    if (op->base == QN_GATE_ID || op->base == QN_GATE_X || op->base == QN_GATE_Y || op->base == QN_GATE_Z) {
        return QN__FAMILY_PAULI;
    }
    if ((flags & QN_GATE_FLAG_MATRIX) != 0) {
        return QN__FAMILY_MATRIX;
    }
    if (op->nparams > 0) {
        return QN__FAMILY_ROTATION;
    }
    return (flags & QN_GATE_FLAG_CLIFFORD) != 0 ? QN__FAMILY_CLIFFORD : QN__FAMILY_FIXED;
}

/* A second cell on a row is either on hidden qubits or a value that is both read and written. */
static void put(qn__item_maker *m, uint32_t row, qn__cell_kind kind, const char *text)
{
    if (row == QN__NOWHERE) {
        return;
    }
    if (m->used[row]) {
        if (row == m->survey->hidden_row && m->scratch[row].kind != kind) {
            m->scratch[row] = (qn__cell){QN__CELL_HIDDEN, row, ""};
        }
        return;
    }
    m->used[row] = true;
    m->scratch[row] = (qn__cell){kind, row, text};
    if (kind == QN__CELL_BOX) {
        m->layout->rows[row].boxed = true;
    }
}

static void put_reads(qn__item_maker *m, uint32_t expression)
{
    if (expression == 0) {
        return;
    }
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(m->layout->circuit, expression, &count);
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].kind == QN_TOKEN_BIT || tokens[i].kind == QN_TOKEN_BITS) {
            put(m, qn__survey_bit_row(m->survey, tokens[i].index), QN__CELL_READ, "");
        } else if (tokens[i].kind == QN_TOKEN_VARIABLE) {
            put(m, qn__survey_variable_row(m->survey, tokens[i].index), QN__CELL_READ, "");
        }
    }
}

static qn_status keep(qn__item_maker *m, const char **out)
{
    qn__words_fit(&m->words, m->label_columns);
    const char *kept = m->words.length == 0 ? "" : qn__layout_keep(m->layout, m->words.bytes);
    QN_ALLOC_CHECK(kept);
    *out = kept;
    return QN_OK;
}

static void start(qn__item_maker *m)
{
    qn__words_start(&m->words, m->ascii, m->layout->options.decimals);
}

static qn_status keep_text(qn__item_maker *m, const char *text, const char **out)
{
    start(m);
    qn__words_put(&m->words, text);
    return keep(m, out);
}

static qn_status keep_params(qn__item_maker *m, const qn_operation *op, qn__item *item)
{
    start(m);
    for (uint32_t i = 0; i < op->nparams; i++) {
        qn__words_put(&m->words, i == 0 ? "" : ",");
        const bool angle = op->base != QN_GATE_U0 || op->params[i].count > 0 || op->params[i].expression != 0;
        if (angle) {
            qn__words_param(&m->words, m->layout->circuit, &op->params[i]);
        } else {
            qn__words_number(&m->words, op->params[i].constant);
        }
    }
    return keep(m, &item->params);
}

static bool joined(const qn__item_maker *m, const qn_operation *op)
{
    qn__span span = QN__SPAN_EMPTY;
    for (uint32_t i = 0; i < op->ntargets; i++) {
        qn__span_add(&span, qn__survey_qubit_row(m->survey, op->targets[i]));
    }
    if (op->ntargets < 2 || span.top == span.bottom) {
        return false;
    }
    for (uint32_t i = 0; i < op->ncontrols; i++) {
        const uint32_t row = qn__survey_qubit_row(m->survey, op->controls[i]);
        if (row >= span.top && row <= span.bottom) {
            return false;
        }
    }
    return true;
}

static qn__cell_kind target_kind(const qn_operation *op)
{
    if (op->base == QN_GATE_SWAP) {
        return QN__CELL_CROSS;
    }
    if (op->ncontrols > 0 && op->base == QN_GATE_X) {
        return QN__CELL_PLUS;
    }
    return op->ncontrols > 0 && op->base == QN_GATE_Z ? QN__CELL_DOT : QN__CELL_BOX;
}

static qn_status make_gate(qn__item_maker *m, const qn_operation *op, qn__item *item)
{
    const uint32_t hidden = m->survey->hidden_row;
    const qn__cell_kind kind = target_kind(op);
    const bool numbered = (qn_gate_describe(op->base)->flags & QN_GATE_FLAG_SYMMETRIC) == 0 && op->ntargets > 1;
    item->family = family_of(op);
    item->linked = true;
    item->joined = kind == QN__CELL_BOX && joined(m, op);
    for (uint32_t i = 0; i < op->ntargets; i++) {
        const uint32_t row = qn__survey_qubit_row(m->survey, op->targets[i]);
        const char *text = "";
        if (op->pauli != NULL) {
            const char letter[2] = {op->pauli[i], '\0'};
            QN_TRY(keep_text(m, letter, &text));
        } else if (numbered && kind == QN__CELL_BOX) {
            start(m);
            qn__words_format(&m->words, "%u", i);
            QN_TRY(keep(m, &text));
        }
        if (row == hidden) {
            put(m, row, item->joined ? QN__CELL_BOX : QN__CELL_HIDDEN, "");
        } else {
            put(m, row, kind, text);
        }
    }
    for (uint32_t i = 0; i < op->ncontrols; i++) {
        const uint32_t row = qn__survey_qubit_row(m->survey, op->controls[i]);
        const bool on = (op->control_state >> i & 1) != 0;
        put(m, row, row == hidden ? QN__CELL_HIDDEN : on ? QN__CELL_DOT : QN__CELL_OPEN, "");
    }
    for (uint32_t i = 0; i < op->nparams; i++) {
        put_reads(m, op->params[i].expression);
    }
    if (kind == QN__CELL_BOX) {
        char buffer[32];
        const bool phase = op->base == QN_GATE_GPHASE; /* under controls: a phase gate without a target */
        QN_TRY(keep_text(m, phase ? "P" : qn__gate_caption(op->base, m->ascii, buffer), &item->name));
        QN_TRY(keep_params(m, op, item));
    }
    return QN_OK;
}

static qn_status make_barrier_or_delay(qn__item_maker *m, const qn_operation *op, qn__item *item)
{
    const bool delay = op->kind == QN_OP_DELAY;
    const qn__cell_kind kind = delay ? QN__CELL_BOX : QN__CELL_BARRIER;
    item->family = QN__FAMILY_NONE;
    for (uint32_t i = 0; i < op->ntargets; i++) {
        put(m, qn__survey_qubit_row(m->survey, op->targets[i]), kind, "");
    }
    for (uint32_t row = 0; op->ntargets == 0 && row < m->layout->nquantum; row++) {
        put(m, row, kind, "");
    }
    if (delay) {
        QN_TRY(keep_text(m, "delay", &item->name));
        start(m);
        if (op->nparams > 0 && op->params[0].count == 0 && op->params[0].expression == 0) {
            qn__words_duration(&m->words, op->params[0].constant);
        } else if (op->nparams > 0) {
            qn__words_param(&m->words, m->layout->circuit, &op->params[0]);
        }
        QN_TRY(keep(m, &item->params));
    }
    return QN_OK;
}

static qn_status make_measure(qn__item_maker *m, const qn_operation *op, qn__item *item)
{
    item->family = QN__FAMILY_READOUT;
    item->linked = true;
    const uint32_t row = qn__survey_qubit_row(m->survey, op->targets[0]);
    put(m, row, row == m->survey->hidden_row ? QN__CELL_HIDDEN : QN__CELL_METER, "");
    if (op->bit == QN_NO_BIT) {
        return QN_OK;
    }
    const uint32_t to = qn__survey_bit_row(m->survey, op->bit);
    const char *text = "";
    start(m);
    if (to != QN__NOWHERE && m->layout->rows[to].kind == QN__ROW_BITS) {
        qn__words_format(&m->words, "%u", op->bit - m->layout->rows[to].first);
    } else {
        qn__words_bit(&m->words, m->layout->circuit, op->bit);
    }
    QN_TRY(keep(m, &text));
    put(m, to, QN__CELL_BIT, text);
    return QN_OK;
}

static void put_assigned(qn__words *words, const qn_circuit *circuit, const qn_operation *op)
{
    if (op->bit != QN_NO_BIT) {
        qn__words_bit(words, circuit, op->bit);
        return;
    }
    qn_variable v = {.name = "?"};
    if (op->variable < qn_circuit_variables(circuit)) {
        qn_circuit_variable(circuit, op->variable, &v);
    }
    qn__words_put(words, v.name);
}

static qn_status make_assign(qn__item_maker *m, const qn_operation *op, qn__item *item)
{
    item->family = QN__FAMILY_CLASSICAL;
    item->linked = true;
    put(m,
        op->bit != QN_NO_BIT ? qn__survey_bit_row(m->survey, op->bit)
                             : qn__survey_variable_row(m->survey, op->variable),
        QN__CELL_BOX, "");
    put_reads(m, op->expression);
    start(m);
    put_assigned(&m->words, m->layout->circuit, op);
    qn__words_format(&m->words, " = ");
    qn__words_expression(&m->words, m->layout->circuit, op->expression);
    return keep(m, &item->name);
}

/* break, continue, stop, and phases that depend on a condition: a box over the whole block. */
static qn_status make_block_wide(qn__item_maker *m, const qn_operation *op, qn__item *item)
{
    item->family = op->kind == QN_OP_GATE ? QN__FAMILY_ROTATION : QN__FAMILY_CLASSICAL;
    item->joined = true;
    item->linked = true;
    put(m, item->top, QN__CELL_BOX, "");
    put(m, item->bottom, QN__CELL_BOX, "");
    switch (op->kind) {
    case QN_OP_BREAK:
        return keep_text(m, "break", &item->name);
    case QN_OP_CONTINUE:
        return keep_text(m, "continue", &item->name);
    case QN_OP_STOP:
        return keep_text(m, "stop", &item->name);
    default:
        QN_TRY(keep_text(m, "phase", &item->name));
        return keep_params(m, op, item);
    }
}

static qn_status make(qn__item_maker *m, const qn_operation *op, qn__item *item)
{
    switch (op->kind) {
    case QN_OP_GATE:
        return qn__operation_is_phase(op) ? make_block_wide(m, op, item) : make_gate(m, op, item);
    case QN_OP_BARRIER:
    case QN_OP_DELAY:
        return make_barrier_or_delay(m, op, item);
    case QN_OP_MEASURE:
        return make_measure(m, op, item);
    case QN_OP_RESET:
        item->family = QN__FAMILY_READOUT;
        put(m, qn__survey_qubit_row(m->survey, op->targets[0]), QN__CELL_BOX, "");
        return keep_text(m, m->ascii ? "|0>" : "|0⟩", &item->name);
    case QN_OP_ASSIGN:
        return make_assign(m, op, item);
    case QN_OP_IF:
    case QN_OP_WHILE:
        item->family = QN__FAMILY_CLASSICAL;
        put_reads(m, op->expression);
        return QN_OK;
    default:
        return make_block_wide(m, op, item);
    }
}

qn_status qn__item_add(qn__item_maker *m, size_t index, uint32_t column, qn__span rows, uint32_t block)
{
    qn__layout *layout = m->layout;
    qn_operation op;
    qn_circuit_operation(layout->circuit, index, &op);
    if (op.kind == QN_OP_ELSE || op.kind == QN_OP_END) {
        return QN_OK;
    }
    qn__item item = {.index = index,
                     .kind = op.kind,
                     .column = column,
                     .top = rows.top,
                     .bottom = rows.bottom,
                     .name = "",
                     .params = "",
                     .first = layout->ncells,
                     .frame = block};
    qn_status status = make(m, &op, &item);
    for (uint32_t row = rows.top; row <= rows.bottom; row++) {
        item.count += m->used[row];
    }
    if (status == QN_OK) {
        void *cells = layout->cells, *items = layout->items;
        status = qn__grow(&cells, &layout->cells_capacity, layout->ncells + item.count, sizeof *layout->cells);
        layout->cells = cells;
        if (status == QN_OK) {
            status = qn__grow(&items, &layout->items_capacity, layout->nitems + 1, sizeof *layout->items);
            layout->items = items;
        }
    }
    for (uint32_t row = rows.top; row <= rows.bottom; row++) {
        if (m->used[row] && status == QN_OK) {
            layout->cells[layout->ncells++] = m->scratch[row];
        }
        m->used[row] = false;
    }
    if (status == QN_OK) {
        layout->items[layout->nitems++] = item;
    }
    return status;
}

/* Words. */

void qn__item_text(const qn__layout *layout, const qn__item *item, size_t cell, qn__words *words)
{
    const char *tag = layout->cells[cell].text;
    bool first = true;
    for (size_t i = item->first; i < cell; i++) {
        first &= layout->cells[i].kind != QN__CELL_BOX;
    }
    if (tag[0] >= 'X' && tag[0] <= 'Z') { /* one letter of a Pauli string */
        qn__words_put(words, tag);
    } else {
        qn__words_put(words, item->name);
        qn__words_format(words, tag[0] != '\0' ? ":%s" : "%s", tag);
    }
    if (item->params[0] != '\0' && (first || !item->linked)) {
        qn__words_format(words, "(");
        qn__words_put(words, item->params);
        qn__words_format(words, ")");
    }
}

static void describe_params(qn__words *words, const qn_circuit *circuit, const qn_operation *op)
{
    for (uint32_t i = 0; i < op->nparams; i++) {
        qn__words_format(words, i == 0 ? "(" : ", ");
        const qn_param *p = &op->params[i];
        if (p->count > 0 || p->expression != 0) {
            qn__words_param(words, circuit, p);
            continue;
        }
        char digits[QN__NUMBER_SIZE];
        qn__words_put(words, qn__number_shortest(digits, p->constant));
        qn__words short_form;
        qn__words_start(&short_form, words->ascii, words->decimals);
        qn__words_angle(&short_form, p->constant);
        if (strstr(short_form.bytes, words->ascii ? "pi" : "π") != NULL) {
            qn__words_format(words, " = ");
            qn__words_put(words, short_form.bytes);
        }
    }
    if (op->nparams > 0) {
        qn__words_format(words, ")");
    }
}

static void describe_qubits(qn__words *words, const qn_circuit *circuit, const qn_operation *op)
{
    for (uint32_t i = 0; i < op->ncontrols && !words->cut; i++) {
        qn__words_format(words, i == 0 ? " controlled by " : ", ");
        qn__words_qubit(words, circuit, op->controls[i]);
        if ((op->control_state >> i & 1) == 0) {
            qn__words_format(words, " = 0");
        }
    }
    for (uint32_t i = 0; i < op->ntargets && !words->cut; i++) {
        qn__words_format(words, i == 0 ? " on " : ", ");
        if (op->pauli != NULL) {
            qn__words_format(words, "%c ", op->pauli[i]);
        }
        qn__words_qubit(words, circuit, op->targets[i]);
    }
}

void qn__layout_describe(const qn__layout *layout, size_t index, qn__words *words)
{
    static const char *const names[] = {"",     "barrier", "delay", "measure", "reset",    "",    "if",
                                        "else", "while",   "end",   "break",   "continue", "stop"};
    const qn_circuit *circuit = layout->circuit;
    qn_operation op;
    qn_circuit_operation(circuit, index, &op);
    switch (op.kind) {
    case QN_OP_GATE:
        qn__words_put(words, qn_gate_describe(op.gate)->name);
        describe_params(words, circuit, &op);
        describe_qubits(words, circuit, &op);
        break;
    case QN_OP_ASSIGN:
        put_assigned(words, circuit, &op);
        qn__words_format(words, " = ");
        qn__words_expression(words, circuit, op.expression);
        break;
    default:
        qn__words_put(words, names[op.kind]);
        if (op.kind == QN_OP_DELAY && op.nparams > 0 && op.params[0].count == 0 && op.params[0].expression == 0) {
            qn__words_format(words, " ");
            qn__words_duration(words, op.params[0].constant);
        }
        if (op.kind == QN_OP_IF || op.kind == QN_OP_WHILE) {
            qn__words_format(words, " ");
            qn__words_expression(words, circuit, op.expression);
        }
        describe_qubits(words, circuit, &op);
        if (op.kind == QN_OP_MEASURE && op.bit != QN_NO_BIT) {
            qn__words_format(words, words->ascii ? " -> " : " → ");
            qn__words_bit(words, circuit, op.bit);
        }
        break;
    }
    if (op.line != 0) {
        qn__words_format(words, ", line %u", op.line);
    }
}
