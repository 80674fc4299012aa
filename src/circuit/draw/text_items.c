/* text_items.c: operations as characters: boxes of three lines, or one line a wire with brackets. */
#include <string.h>

#include "circuit/draw/text_view.h"

static uint8_t ink_of(qn__family family)
{
    static const uint8_t inks[QN__FAMILY_COUNT] = {34, 36, 35, 33, 32, 31, QN__INK_SOFT, QN__INK_SOFT};
    return inks[family];
}

static const char *glyph(const qn__text_view *view, qn__cell_kind kind)
{
    switch (kind) {
    case QN__CELL_DOT:
    case QN__CELL_READ:
        return view->ascii ? "*" : "●";
    case QN__CELL_OPEN:
        return view->ascii ? "o" : "○";
    case QN__CELL_PLUS:
        return view->ascii ? (view->dense ? "+" : "(+)") : "⊕";
    case QN__CELL_CROSS:
        return view->ascii ? "x" : "╳";
    case QN__CELL_METER:
        return view->ascii ? "|M|" : "┤M├";
    case QN__CELL_BARRIER:
        return view->ascii ? ":" : "░";
    case QN__CELL_HIDDEN:
        return view->ascii ? "." : "⋮";
    default:
        return "";
    }
}

static bool has_box(const qn__layout *layout, const qn__item *item)
{
    for (size_t i = 0; i < item->count; i++) {
        if (layout->cells[item->first + i].kind == QN__CELL_BOX) {
            return true;
        }
    }
    return false;
}

/* Name and parameters together, for joined boxes and for the phase under a dot. */
static const char *whole_text(qn__text_view *view, const qn__item *item)
{
    qn__words_start(&view->words, view->ascii, 0);
    qn__words_put(&view->words, item->name);
    if (item->params[0] != '\0') {
        qn__words_format(&view->words, "(");
        qn__words_put(&view->words, item->params);
        qn__words_format(&view->words, ")");
    }
    return view->words.bytes;
}

static const char *cell_text(qn__text_view *view, const qn__item *item, size_t cell)
{
    qn__words_start(&view->words, view->ascii, 0);
    qn__item_text(view->layout, item, cell, &view->words);
    return view->words.bytes;
}

static uint32_t tag_width(const qn__layout *layout, const qn__item *item)
{
    uint32_t width = 0;
    for (size_t i = 0; i < item->count; i++) {
        const qn__cell *cell = &layout->cells[item->first + i];
        const uint32_t columns = cell->kind == QN__CELL_BOX ? qn__text_columns(cell->text) : 0;
        width = columns > width ? columns : width;
    }
    return width;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Widths. */

static bool bracketed(const qn__item *item)
{
    return item->linked && item->count > 1 && item->kind != QN_OP_MEASURE;
}

static uint32_t dense_cell_width(qn__text_view *view, const qn__item *item, size_t i)
{
    const qn__cell *cell = &view->layout->cells[i];
    switch (cell->kind) {
    case QN__CELL_BOX:
        return qn__text_columns(cell_text(view, item, i));
    case QN__CELL_BIT:
        return 2 + qn__text_columns(cell->text);
    default:
        return qn__text_columns(glyph(view, cell->kind));
    }
}

uint32_t qn__text_item_width(qn__text_view *view, const qn__item *item)
{
    const qn__layout *layout = view->layout;
    if (item->kind == QN_OP_IF || item->kind == QN_OP_WHILE) {
        return view->dense ? 2 : 3;
    }
    uint32_t width = 0;
    if (!view->dense && item->joined) {
        const uint32_t tag = tag_width(layout, item);
        width = qn__text_columns(whole_text(view, item)) + 4 + (tag > 0 ? tag + 1 : 0);
    }
    for (size_t i = item->first; i < item->first + item->count; i++) {
        const qn__cell *cell = &layout->cells[i];
        if (view->dense) {
            width = larger(width, dense_cell_width(view, item, i) + (bracketed(item) ? 1 : 0));
        } else if (cell->kind == QN__CELL_BOX && !item->joined) {
            width = larger(width, qn__text_columns(cell_text(view, item, i)) + 4);
        } else if (cell->kind == QN__CELL_BIT) {
            width = larger(width, qn__text_columns(cell->text) + 2);
        } else if (cell->kind == QN__CELL_METER) {
            width = larger(width, 3);
        } else if (cell->kind != QN__CELL_BOX) {
            width = larger(width, qn__text_columns(glyph(view, cell->kind)) + 2);
        }
    }
    if (item->name[0] != '\0' && !has_box(layout, item)) {
        const uint32_t caption = qn__text_columns(whole_text(view, item));
        width = view->dense ? width + caption : larger(width, caption + 2);
    }
    return view->dense ? width + 1 : width;
}

uint32_t qn__text_side(const qn__text_view *view, uint32_t column)
{
    return view->at[column] + 1;
}

/* Boxes of three lines. */

static qn__stroke link_stroke(const qn__layout *layout, const qn__cell *lower)
{
    return lower->row >= layout->nquantum ? QN__STROKE_DOUBLE : QN__STROKE_LIGHT;
}

static bool boxed(qn__cell_kind kind)
{
    return kind == QN__CELL_BOX || kind == QN__CELL_METER;
}

static void draw_links(qn__text_view *view, const qn__item *item, uint32_t column)
{
    const qn__layout *layout = view->layout;
    size_t first_box = SIZE_MAX, last_box = 0;
    for (size_t i = item->first; i < item->first + item->count; i++) {
        if (layout->cells[i].kind == QN__CELL_BOX) {
            first_box = first_box == SIZE_MAX ? i : first_box;
            last_box = i;
        }
    }
    for (size_t i = item->first + 1; i < item->first + item->count; i++) {
        const qn__cell *upper = &layout->cells[i - 1], *lower = &layout->cells[i];
        if (item->joined && i > first_box && i <= last_box) {
            continue; /* inside of the box */
        }
        const qn__row_lines *from = &view->lines[upper->row], *to = &view->lines[lower->row];
        qn__canvas_down(&view->canvas, column, boxed(upper->kind) ? from->bottom : from->middle,
                        boxed(lower->kind) ? to->top : to->middle, link_stroke(layout, lower), ink_of(item->family));
    }
}

static void draw_joined(qn__text_view *view, const qn__item *item, uint32_t left, uint32_t width)
{
    const qn__layout *layout = view->layout;
    const qn__cell *first = NULL, *last = NULL;
    for (size_t i = 0; i < item->count; i++) {
        const qn__cell *cell = &layout->cells[item->first + i];
        if (cell->kind == QN__CELL_BOX) {
            first = first == NULL ? cell : first;
            last = cell;
        }
    }
    if (first == NULL) {
        return;
    }
    const uint8_t ink = ink_of(item->family);
    const uint32_t top = view->lines[first->row].top, bottom = view->lines[last->row].bottom;
    qn__canvas_box(&view->canvas, top, bottom, left, left + width - 1, ink);
    const uint32_t tag = tag_width(layout, item), room = width - 2 - tag;
    const char *text = whole_text(view, item);
    qn__canvas_put(&view->canvas, top + (bottom - top) / 2, left + 1 + tag + (room - qn__text_columns(text)) / 2, text,
                   ink);
    for (const qn__cell *cell = first; cell <= last; cell++) {
        if (cell->kind == QN__CELL_BOX) {
            qn__canvas_put(&view->canvas, view->lines[cell->row].middle, left + 1, cell->text, ink);
        }
    }
}

static void draw_box(qn__text_view *view, const qn__item *item, size_t i, uint32_t center)
{
    const qn__cell *cell = &view->layout->cells[i];
    const qn__row_lines *lines = &view->lines[cell->row];
    const char *text = cell->kind == QN__CELL_METER ? "M" : cell_text(view, item, i);
    const uint32_t columns = qn__text_columns(text), pad = cell->kind == QN__CELL_METER ? 1 : 2;
    const uint32_t width = columns + 2 * pad, left = center - (width - 1) / 2;
    qn__canvas_box(&view->canvas, lines->top, lines->bottom, left, left + width - 1, ink_of(item->family));
    qn__canvas_put(&view->canvas, lines->middle, left + pad, text, ink_of(item->family));
}

static void draw_glyph(qn__text_view *view, const qn__item *item, const qn__cell *cell, uint32_t center)
{
    const qn__row_lines *lines = &view->lines[cell->row];
    const char *text = glyph(view, cell->kind);
    const uint8_t ink = ink_of(item->family);
    if (cell->kind == QN__CELL_BIT) {
        qn__canvas_put(&view->canvas, lines->bottom, center - (qn__text_columns(cell->text) - 1) / 2, cell->text, ink);
        return;
    }
    if (cell->kind == QN__CELL_BARRIER) {
        for (uint32_t line = lines->top; line <= lines->bottom; line++) {
            qn__canvas_put(&view->canvas, line, center, text, ink);
        }
        return;
    }
    qn__canvas_put(&view->canvas, lines->middle, center - (qn__text_columns(text) - 1) / 2, text, ink);
}

static void draw_boxed(qn__text_view *view, const qn__item *item)
{
    const qn__layout *layout = view->layout;
    const uint32_t width = view->widths[item->column], center = view->at[item->column] + (width - 1) / 2;
    if (item->linked) {
        draw_links(view, item, center);
    }
    if (item->joined) {
        const uint32_t own = qn__text_item_width(view, item);
        draw_joined(view, item, center - (own - 1) / 2, own);
    }
    for (size_t i = item->first; i < item->first + item->count; i++) {
        const qn__cell *cell = &layout->cells[i];
        if (!boxed(cell->kind)) {
            draw_glyph(view, item, cell, center);
        } else if (!(item->joined && cell->kind == QN__CELL_BOX)) {
            draw_box(view, item, i, center);
        }
    }
    if (item->count > 0 && item->name[0] != '\0' && !has_box(layout, item)) {
        const qn__cell *last = &layout->cells[item->first + item->count - 1];
        const char *text = whole_text(view, item);
        qn__canvas_put(&view->canvas, view->lines[last->row].bottom, center - (qn__text_columns(text) - 1) / 2, text,
                       ink_of(item->family));
    }
}

/* One line a wire. */

static void draw_dense_measure(qn__text_view *view, const qn__item *item, uint32_t left)
{
    const qn__layout *layout = view->layout;
    const uint8_t ink = ink_of(item->family);
    const qn__cell *cells = &layout->cells[item->first];
    if (item->count == 2) {
        qn__canvas_down(&view->canvas, left + 1, view->lines[cells[0].row].middle, view->lines[cells[1].row].middle,
                        QN__STROKE_DOUBLE, ink);
        qn__canvas_put(&view->canvas, view->lines[cells[1].row].middle, left + 2, cells[1].text, ink);
    }
    const bool hidden = cells[0].kind == QN__CELL_HIDDEN;
    qn__canvas_put(&view->canvas, view->lines[cells[0].row].middle, left + (hidden ? 1 : 0), glyph(view, cells[0].kind),
                   ink);
}

static void draw_dense(qn__text_view *view, const qn__item *item)
{
    const qn__layout *layout = view->layout;
    const uint8_t ink = ink_of(item->family);
    const bool bracket = bracketed(item);
    uint32_t left = view->at[item->column] + 1;
    if (item->count == 0) {
        return;
    }
    if (item->kind == QN_OP_MEASURE) {
        draw_dense_measure(view, item, left);
        return;
    }
    const qn__cell *first = &layout->cells[item->first], *last = first + item->count - 1;
    if (bracket) {
        qn__canvas_down(&view->canvas, left, view->lines[first->row].middle, view->lines[last->row].middle,
                        QN__STROKE_LIGHT, ink);
        for (uint32_t row = first->row + 1; row < last->row; row++) {
            qn__canvas_put(&view->canvas, view->lines[row].middle, left, view->ascii ? "|" : "│", ink);
        }
    }
    for (const qn__cell *cell = first; cell <= last; cell++) {
        const uint32_t line = view->lines[cell->row].middle;
        uint32_t at = left;
        if (bracket) {
            const char *mark = cell == first  ? (view->ascii ? "/" : "╭")
                               : cell == last ? (view->ascii ? "\\" : "╰")
                                              : (view->ascii ? "|" : "├");
            qn__canvas_put(&view->canvas, line, at++, mark, ink);
        }
        const bool box = cell->kind == QN__CELL_BOX;
        const char *text = box ? cell_text(view, item, (size_t)(cell - layout->cells)) : glyph(view, cell->kind);
        qn__canvas_put(&view->canvas, line, at, text, ink);
        if (cell == last && item->name[0] != '\0' && !has_box(layout, item)) {
            qn__canvas_put(&view->canvas, line, at + 1, whole_text(view, item), ink);
        }
    }
}

/* The condition of a frame: from its side to the registers that are read. */
static void draw_reads(qn__text_view *view, const qn__item *item)
{
    const qn__layout *layout = view->layout;
    const uint32_t column = qn__text_side(view, item->column);
    if (item->count == 0 || item->frame == QN__NOWHERE) {
        return;
    }
    const qn__frame *frame = &layout->frames[item->frame];
    const qn__cell *last = &layout->cells[item->first + item->count - 1];
    if (last->row > frame->bottom) {
        qn__canvas_down(&view->canvas, column, view->lines[frame->bottom].bottom + frame->under + 1,
                        view->lines[last->row].middle, QN__STROKE_DOUBLE, QN__INK_FRAME);
    }
    for (size_t i = 0; i < item->count; i++) {
        const qn__cell *cell = &layout->cells[item->first + i];
        qn__canvas_put(&view->canvas, view->lines[cell->row].middle, column, glyph(view, cell->kind), QN__INK_FRAME);
    }
}

void qn__text_draw_item(qn__text_view *view, const qn__item *item)
{
    if (item->kind == QN_OP_IF || item->kind == QN_OP_WHILE) {
        draw_reads(view, item);
    } else if (view->dense) {
        draw_dense(view, item);
    } else {
        draw_boxed(view, item);
    }
}
