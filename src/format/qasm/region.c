/* region.c: parts of a program that run under a run-time condition or may be read in two ways. What they assign to is
 * kept in variables of the circuit meanwhile, and not known any more behind them. */
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

/* Adds what a name stands for, once. */
static qn_status add_symbol(qn__qasm_reader *r, uint32_t name, qn__qasm_saved_cells *out)
{
    qn__qasm_symbol *symbol = qn__qasm_lookup(r, name);
    if (symbol == NULL ||
        (symbol->kind != QN__SYMBOL_NUMBER && symbol->kind != QN__SYMBOL_ARRAY && symbol->kind != QN__SYMBOL_BITS)) {
        return QN_OK;
    }
    for (size_t i = 0; i < out->count; i++) {
        if (out->symbols[i] == symbol) {
            return QN_OK;
        }
    }
    void *symbols = out->symbols;
    QN_TRY(qn__grow(&symbols, &out->capacity, out->count + 1, sizeof(qn__qasm_symbol *)));
    out->symbols = symbols;
    out->symbols[out->count++] = symbol;
    return QN_OK;
}

/* Names in front of '=' and the like (with an index between or not) and behind '->', in the statement at `start`. */
static qn_status assigned(qn__qasm_reader *r, const qn__qasm_lexer *start, qn__qasm_saved_cells *out)
{
    const qn__qasm_lexer back = qn__qasm_mark(r);
    qn__qasm_seek(r, start);
    qn__qasm_skip_statement(r);
    const size_t end = r->token.at.offset;
    qn__qasm_seek(r, start);
    uint32_t name = QN__NO_NAME, depth = 0;
    bool arrow = false;
    qn_status status = QN_OK;
    while (r->token.at.offset < end && !qn__qasm_at(r, QN__QT_END) && status == QN_OK) {
        depth += qn__qasm_at(r, QN__QT_LEFT_SQUARE);
        if (qn__qasm_at(r, QN__QT_RIGHT_SQUARE)) {
            depth -= depth > 0;
        } else if (depth == 0 && qn__qasm_at(r, QN__QT_NAME)) {
            name = r->token.name;
            if (arrow) {
                status = add_symbol(r, name, out);
            }
        } else if (depth == 0 && qn__qasm_is_assignment(r->token.kind) && name != QN__NO_NAME) {
            status = add_symbol(r, name, out);
            name = QN__NO_NAME;
        } else if (depth == 0 && !qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
            name = QN__NO_NAME;
        }
        arrow = qn__qasm_at(r, QN__QT_ARROW);
        qn__qasm_advance(r);
    }
    qn__qasm_seek(r, &back);
    return status != QN_OK ? status : r->hard;
}

static qn_status save_cell(qn__qasm_saved_cells *out, const qn__qasm_cell *cell)
{
    void *cells = out->cells;
    QN_TRY(qn__grow(&cells, &out->cells_capacity, out->ncells + 1, sizeof *out->cells));
    out->cells = cells;
    qn__qasm_cell *copy = &out->cells[out->ncells];
    *copy = *cell;
    if (cell->tokens != NULL) {
        copy->tokens = qn__alloc(cell->ntokens, sizeof *copy->tokens);
        QN_ALLOC_CHECK(copy->tokens);
        memcpy(copy->tokens, cell->tokens, cell->ntokens * sizeof *copy->tokens);
    }
    out->ncells++;
    return QN_OK;
}

static qn_status save_values(qn__qasm_reader *r, qn__qasm_saved_cells *out)
{
    for (size_t i = 0; i < out->count; i++) {
        const qn__qasm_symbol *symbol = out->symbols[i];
        if (symbol->kind == QN__SYMBOL_NUMBER) {
            QN_TRY(save_cell(out, &symbol->cell));
        }
        for (uint32_t k = 0; symbol->kind == QN__SYMBOL_ARRAY && k < symbol->count; k++) {
            QN_TRY(save_cell(out, &symbol->cells[k]));
        }
        if (symbol->kind == QN__SYMBOL_BITS && r->dry == 0) {
            void *bits = out->bits;
            QN_TRY(qn__grow(&bits, &out->bits_capacity, out->nbits + symbol->wires.count, 1));
            out->bits = bits;
            for (uint32_t k = 0; k < symbol->wires.count; k++) {
                out->bits[out->nbits++] = r->bits[qn__qasm_wire(&symbol->wires, k)];
            }
        }
    }
    return QN_OK;
}

qn_status qn__qasm_cells_save(qn__qasm_reader *r, const qn__qasm_lexer *start, qn__qasm_saved_cells *out)
{
    *out = (qn__qasm_saved_cells){0};
    qn_status status = assigned(r, start, out);
    if (status == QN_OK) {
        status = save_values(r, out);
    }
    if (status != QN_OK) {
        qn__qasm_cells_free(out);
    }
    return status;
}

static qn_status restore_cell(qn__qasm_cell *cell, const qn__qasm_cell *saved)
{
    qn_token *tokens = NULL;
    if (saved->tokens != NULL) {
        tokens = qn__alloc(saved->ntokens, sizeof *tokens);
        QN_ALLOC_CHECK(tokens);
        memcpy(tokens, saved->tokens, saved->ntokens * sizeof *tokens);
    }
    qn__qasm_cell_clear(cell);
    *cell = *saved;
    cell->tokens = tokens;
    return QN_OK;
}

qn_status qn__qasm_cells_restore(qn__qasm_reader *r, const qn__qasm_saved_cells *saved)
{
    size_t cell = 0, bit = 0;
    for (size_t i = 0; i < saved->count; i++) {
        qn__qasm_symbol *symbol = saved->symbols[i];
        if (symbol->kind == QN__SYMBOL_NUMBER) {
            QN_TRY(restore_cell(&symbol->cell, &saved->cells[cell++]));
        }
        for (uint32_t k = 0; symbol->kind == QN__SYMBOL_ARRAY && k < symbol->count; k++) {
            QN_TRY(restore_cell(&symbol->cells[k], &saved->cells[cell++]));
        }
        for (uint32_t k = 0; symbol->kind == QN__SYMBOL_BITS && r->dry == 0 && k < symbol->wires.count; k++) {
            r->bits[qn__qasm_wire(&symbol->wires, k)] = saved->bits[bit++];
        }
    }
    return QN_OK;
}

void qn__qasm_cells_free(qn__qasm_saved_cells *saved)
{
    for (size_t i = 0; i < saved->ncells; i++) {
        qn__qasm_cell_clear(&saved->cells[i]);
    }
    qn__free(saved->symbols);
    qn__free(saved->cells);
    qn__free(saved->bits);
    *saved = (qn__qasm_saved_cells){0};
}

/* Regions. */

static qn_status promote_all(qn__qasm_reader *r, const qn__qasm_saved_cells *saved)
{
    for (size_t i = 0; i < saved->count; i++) {
        qn__qasm_symbol *symbol = saved->symbols[i];
        if (symbol->constant) {
            continue;
        }
        if (symbol->kind == QN__SYMBOL_NUMBER) {
            QN_TRY(qn__qasm_cell_promote(r, symbol, &symbol->cell));
        }
        for (uint32_t k = 0; symbol->kind == QN__SYMBOL_ARRAY && k < symbol->count; k++) {
            QN_TRY(qn__qasm_cell_promote(r, symbol, &symbol->cells[k]));
        }
    }
    return QN_OK;
}

qn_status qn__qasm_region_enter(qn__qasm_reader *r, const qn__qasm_lexer *start)
{
    qn__qasm_region *region = qn__calloc(1, sizeof *region);
    QN_ALLOC_CHECK(region);
    region->outer = r->region;
    r->region = region;
    r->region_depth++;
    QN_TRY(assigned(r, start, &region->saved));
    if (r->dry > 0) {
        return QN_OK;
    }
    QN_TRY(promote_all(r, &region->saved));
    return save_values(r, &region->saved);
}

qn_status qn__qasm_region_again(qn__qasm_reader *r)
{
    return r->dry > 0 ? QN_OK : qn__qasm_cells_restore(r, &r->region->saved);
}

static void forget_cell(qn__qasm_cell *cell)
{
    if (cell->variable != QN__NONE && (cell->mirrored || cell->state == QN__CELL_RUNTIME)) {
        qn__qasm_cell_clear(cell);
        cell->state = QN__CELL_RUNTIME;
        cell->mirrored = false;
    }
}

void qn__qasm_region_forget(qn__qasm_reader *r)
{
    const qn__qasm_saved_cells *saved = &r->region->saved;
    for (size_t i = 0; i < saved->count && r->dry == 0; i++) {
        qn__qasm_symbol *symbol = saved->symbols[i];
        if (symbol->constant) {
            continue;
        }
        if (symbol->kind == QN__SYMBOL_NUMBER) {
            forget_cell(&symbol->cell);
        }
        for (uint32_t k = 0; symbol->kind == QN__SYMBOL_ARRAY && k < symbol->count; k++) {
            forget_cell(&symbol->cells[k]);
        }
        if (symbol->kind == QN__SYMBOL_BITS) {
            qn__qasm_bits_forget(r, &symbol->wires);
        }
    }
}

void qn__qasm_region_drop(qn__qasm_reader *r)
{
    qn__qasm_region *region = r->region;
    r->region = region->outer;
    r->region_depth--;
    qn__qasm_cells_free(&region->saved);
    qn__free(region);
}

void qn__qasm_region_leave(qn__qasm_reader *r)
{
    qn__qasm_region_forget(r);
    qn__qasm_region_drop(r);
}

/* Reading again. */

qn_status qn__qasm_undo_open(qn__qasm_reader *r, const qn__qasm_lexer *start, qn__qasm_undo *undo)
{
    undo->checkpoint = qn__qasm_checkpoint_now(r);
    undo->mark = qn__circuit_mark_now(r->circuit);
    memcpy(undo->frames, r->frames, sizeof r->frames);
    return qn__qasm_cells_save(r, start, &undo->saved);
}

qn_status qn__qasm_undo_apply(qn__qasm_reader *r, const qn__qasm_undo *undo)
{
    qn__qasm_checkpoint_restore(r, &undo->checkpoint);
    qn__circuit_rollback(r->circuit, &undo->mark);
    qn__qasm_locals_forget(r);
    memcpy(r->frames, undo->frames, sizeof r->frames);
    return qn__qasm_cells_restore(r, &undo->saved);
}

void qn__qasm_undo_close(qn__qasm_undo *undo)
{
    qn__qasm_cells_free(&undo->saved);
}
