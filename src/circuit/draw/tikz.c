/* tikz.c: circuits as LaTeX for the package quantikz, version 2 (A. Kay, arXiv:1809.03842): a matrix of cells, a row a
 * wire. Words are written for text and math mode alike. Every cell but the last one of an operation draws the line to
 * the next one below it. */
#include <string.h>

#include "base/alloc.h"
#include "circuit/draw/latex.h"
#include "report/text.h"

enum { LABEL_COLUMNS = 48, UPRIGHT_ROWS = 4 };

typedef struct tikz_view {
    const qn__layout *layout;
    qn_text *text;
    size_t *grid;  /* 1 + number of the cell at (row, column), 0 none */
    size_t *owner; /* number of its item */
    size_t *elses; /* 1 + number of the frame that has its else there, 0 none */
    qn__words words;
} tikz_view;

static size_t place_of(const qn__layout *layout, uint32_t row, uint32_t column)
{
    return (size_t)row * layout->ncolumns + column;
}

static void fill_grid(tikz_view *view)
{
    const qn__layout *layout = view->layout;
    for (size_t i = 0; i < layout->nitems; i++) {
        const qn__item *item = &layout->items[i];
        for (size_t c = item->first; c < item->first + item->count; c++) {
            const size_t at = place_of(layout, layout->cells[c].row, item->column);
            view->grid[at] = c + 1;
            view->owner[at] = i;
        }
    }
    for (size_t f = 0; f < layout->nframes; f++) {
        if (layout->frames[f].divider != QN__NOWHERE) {
            view->elses[place_of(layout, layout->frames[f].top, layout->frames[f].divider)] = f + 1;
        }
    }
}

/* Line from a cell to the next one of its item. */
static void put_link(tikz_view *view, const qn__item *item, size_t cell, bool drawn)
{
    const qn__layout *layout = view->layout;
    if (!item->linked || cell + 1 >= item->first + item->count || drawn) {
        return;
    }
    const qn__cell *from = &layout->cells[cell], *to = from + 1;
    qn_text_printf(view->text, "\\wire[d][%u]{%s}", to->row - from->row, to->row >= layout->nquantum ? "c" : "q");
}

/* Distance to the next cell on a qubit, 0 when there is none. */
static uint32_t below(const qn__layout *layout, const qn__item *item, size_t cell)
{
    if (!item->linked || cell + 1 >= item->first + item->count || layout->cells[cell + 1].row >= layout->nquantum) {
        return 0;
    }
    return layout->cells[cell + 1].row - layout->cells[cell].row;
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

static void put_params(tikz_view *view, const qn__item *item)
{
    if (item->params[0] != '\0') {
        qn__text_puts(view->text, "(");
        qn__latex_math(view->text, item->params);
        qn__text_puts(view->text, ")");
    }
}

static void put_gate(tikz_view *view, const qn__item *item, size_t cell)
{
    const qn__layout *layout = view->layout;
    size_t first = item->first + item->count, last = 0;
    for (size_t i = item->first; i < item->first + item->count; i++) {
        if (layout->cells[i].kind == QN__CELL_BOX) {
            first = i < first ? i : first;
            last = i;
        }
    }
    const char *tag = layout->cells[cell].text;
    if (item->joined) {
        if (cell == first) {
            qn_text_printf(view->text, "\\gate[%u]{\\ensuremath{",
                           layout->cells[last].row - layout->cells[first].row + 1);
            qn__latex_math(view->text, item->name);
            put_params(view, item);
            qn__text_puts(view->text, "}}");
        }
        if (tag[0] != '\0') {
            qn_text_printf(view->text, "\\gateinput{\\ensuremath{%s}}", tag);
        }
        put_link(view, item, cell, cell != last);
        return;
    }
    qn__text_puts(view->text, "\\gate{\\ensuremath{");
    if (tag[0] >= 'X' && tag[0] <= 'Z') {
        qn__text_puts(view->text, tag);
    } else {
        qn__latex_math(view->text, item->name);
        if (tag[0] != '\0') {
            qn_text_printf(view->text, "^{(%s)}", tag);
        }
    }
    if (cell == first || !item->linked) {
        put_params(view, item);
    }
    qn__text_puts(view->text, "}}");
    put_link(view, item, cell, false);
}

static void put_dot(tikz_view *view, const qn__item *item, size_t cell, bool open)
{
    const qn__layout *layout = view->layout;
    const uint32_t distance = below(layout, item, cell);
    if (distance > 0) {
        qn_text_printf(view->text, "\\%sctrl{%u}", open ? "o" : "", distance);
        return;
    }
    if (item->name[0] != '\0' && !has_box(layout, item)) { /* a phase stands at the last dot */
        qn_text_printf(view->text, "\\phase%s{\\ensuremath{", open ? "[style={fill=white}]" : "");
        qn__latex_math(view->text, item->params);
        qn__text_puts(view->text, "}}");
    } else {
        qn_text_printf(view->text, "\\%scontrol{}", open ? "o" : "");
    }
    put_link(view, item, cell, false);
}

/* One box over rows that follow each other, drawn from the first of them. */
static void put_barrier(tikz_view *view, const qn__item *item, size_t cell)
{
    const qn__cell *cells = view->layout->cells;
    if (cell > item->first && cells[cell - 1].row + 1 == cells[cell].row) {
        return;
    }
    size_t last = cell;
    while (last + 1 < item->first + item->count && cells[last + 1].row == cells[last].row + 1) {
        last++;
    }
    qn_text_printf(view->text, "\\gate[%u,style={dashed,draw=gray,fill=gray!15,inner xsep=1pt}]{}",
                   cells[last].row - cells[cell].row + 1);
}

static void put_meter(tikz_view *view, const qn__item *item, size_t cell)
{
    const qn__layout *layout = view->layout;
    const bool kept = cell + 1 < item->first + item->count;
    qn__text_puts(view->text, "\\meter{");
    if (kept) {
        qn__text_puts(view->text, "\\ensuremath{");
        const qn__cell *bit = &layout->cells[cell + 1];
        const qn__row *row = &layout->rows[bit->row];
        qn__latex_math(view->text, row->kind == QN__ROW_BITS ? row->name : bit->text);
        if (row->kind == QN__ROW_BITS && row->count > 1) {
            qn_text_printf(view->text, "_{%s}", bit->text);
        }
        qn__text_puts(view->text, "}");
    }
    qn__text_puts(view->text, "}");
    put_link(view, item, cell, false);
}

static void put_cell(tikz_view *view, const qn__item *item, size_t cell)
{
    const uint32_t distance = below(view->layout, item, cell);
    switch (view->layout->cells[cell].kind) {
    case QN__CELL_DOT:
        put_dot(view, item, cell, false);
        break;
    case QN__CELL_OPEN:
        put_dot(view, item, cell, true);
        break;
    case QN__CELL_PLUS:
        qn__text_puts(view->text, "\\targ{}");
        put_link(view, item, cell, false);
        break;
    case QN__CELL_CROSS:
        if (distance > 0) {
            qn_text_printf(view->text, "\\swap{%u}", distance);
        } else {
            qn__text_puts(view->text, "\\targX{}");
            put_link(view, item, cell, false);
        }
        break;
    case QN__CELL_BOX:
        put_gate(view, item, cell);
        break;
    case QN__CELL_METER:
        put_meter(view, item, cell);
        break;
    case QN__CELL_BARRIER:
        put_barrier(view, item, cell);
        break;
    case QN__CELL_READ:
        if (item->linked) {
            qn__text_puts(view->text, "\\control{}");
            put_link(view, item, cell, false);
        }
        break;
    case QN__CELL_HIDDEN:
        qn__text_puts(view->text, "\\ensuremath{\\vdots}");
        put_link(view, item, cell, false);
        break;
    case QN__CELL_BIT: /* its name stands at the meter */
        break;
    }
}

static void put_group(tikz_view *view, const qn__frame *frame, uint32_t from, uint32_t to, const char *label)
{
    qn_text_printf(view->text, "\\gategroup[%u,steps=%u,style={dashed,rounded corners},background]{\\ensuremath{",
                   frame->bottom - frame->top + 1, to - from + 1);
    qn__latex_math(view->text, label);
    qn__text_puts(view->text, "}}");
}

/* Frames whose upper left corner, or that of their else, is here. */
static void put_groups(tikz_view *view, uint32_t row, uint32_t column)
{
    const qn__layout *layout = view->layout;
    size_t low = 0, high = layout->nframes;
    while (low < high) { /* first frame with a left side at this column */
        const size_t middle = low + (high - low) / 2;
        if (layout->frames[layout->frame_order[middle]].left < column) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < layout->nframes && layout->frames[layout->frame_order[low]].left == column; low++) {
        const qn__frame *frame = &layout->frames[layout->frame_order[low]];
        if (frame->top == row) {
            const uint32_t last = frame->right < layout->ncolumns ? frame->right : layout->ncolumns - 1;
            put_group(view, frame, column, frame->divider != QN__NOWHERE ? frame->divider - 1 : last, frame->label);
        }
    }
}

static void put_else(tikz_view *view, uint32_t row, uint32_t column)
{
    const qn__layout *layout = view->layout;
    const size_t number = view->elses[place_of(layout, row, column)];
    if (number != 0) {
        const qn__frame *frame = &layout->frames[number - 1];
        const uint32_t last = frame->right < layout->ncolumns ? frame->right : layout->ncolumns - 1;
        put_group(view, frame, column, last, "else");
    }
}

static void put_gap(tikz_view *view, uint32_t row)
{
    const qn__layout *layout = view->layout;
    if (row > 0) {
        return;
    }
    qn_text_printf(view->text, "\\gate[%u,style={draw=none,fill=white}]{", layout->nquantum);
    qn_text_printf(view->text,
                   layout->nquantum >= UPRIGHT_ROWS ? "\\rotatebox{90}{\\ldots\\ %s \\ldots}"
                                                    : "\\ensuremath{\\cdots\\text{ %s }\\cdots}",
                   layout->gap_text);
    qn__text_puts(view->text, "}");
}

static void put_row(tikz_view *view, uint32_t r)
{
    const qn__layout *layout = view->layout;
    const qn__row *row = &layout->rows[r];
    qn__text_puts(view->text, "\\lstick{\\ensuremath{");
    qn__latex_math(view->text, row->name);
    qn__text_puts(view->text, "}}");
    if (row->kind == QN__ROW_BITS && row->count > 1) {
        qn_text_printf(view->text, " & \\qwbundle{%u}", row->count);
    } else {
        qn__text_puts(view->text, " &");
    }
    for (uint32_t c = 0; c < layout->ncolumns; c++) {
        qn__text_puts(view->text, " & ");
        const size_t at = place_of(layout, r, c);
        if (c == layout->gap) {
            put_gap(view, r);
        } else if (view->grid[at] != 0) {
            put_cell(view, &layout->items[view->owner[at]], view->grid[at] - 1);
        }
        put_groups(view, r, c);
        put_else(view, r, c);
    }
    qn__text_puts(view->text, r + 1 < layout->nrows ? " & \\\\\n" : " &\n");
}

/* Title and notes: comments in a picture, lines over it in a document. */
static void put_notes(tikz_view *view, bool document)
{
    const qn__layout *layout = view->layout;
    const char *title = layout->options.title;
    if (title != NULL) {
        qn__words_start(&view->words, false, 0);
        qn__words_put(&view->words, title);
        qn__text_puts(view->text, document ? "\\textbf{" : "% ");
        if (document) {
            qn__latex_text(view->text, view->words.bytes);
        } else {
            qn__text_puts(view->text, view->words.bytes);
        }
        qn__text_puts(view->text, document ? "}\\par\n" : "\n");
    }
    for (size_t i = 0; i < 3; i++) {
        if (layout->notes[i][0] == '\0') {
            continue;
        }
        qn__text_puts(view->text, document ? "" : "% ");
        if (document) {
            qn__latex_text(view->text, layout->notes[i]);
        } else {
            qn__text_puts(view->text, layout->notes[i]);
        }
        qn__text_puts(view->text, document ? "\\par\n" : "\n");
    }
}

static void write_all(tikz_view *view, bool document)
{
    const qn__layout *layout = view->layout;
    if (document) {
        qn__text_puts(view->text, "\\documentclass[border=4pt,varwidth=\\maxdimen]{standalone}\n"
                                  "\\usepackage{amsmath}\n\\usepackage{tikz}\n\\usetikzlibrary{quantikz2}\n"
                                  "\\begin{document}\n");
    } else {
        qn__text_puts(view->text, "% needs \\usepackage{amsmath,tikz} and \\usetikzlibrary{quantikz2}\n");
    }
    put_notes(view, document);
    qn__text_puts(view->text, "\\begin{quantikz}[wire types={");
    for (uint32_t r = 0; r < layout->nrows; r++) {
        const qn__row_kind kind = layout->rows[r].kind;
        qn_text_printf(view->text, "%s%s", r == 0 ? "" : ",",
                       kind == QN__ROW_QUBIT    ? "q"
                       : kind == QN__ROW_HIDDEN ? "n"
                                                : "c");
    }
    qn__text_puts(view->text, "}]\n");
    for (uint32_t r = 0; r < layout->nrows; r++) {
        put_row(view, r);
    }
    qn__text_puts(view->text, "\\end{quantikz}\n");
    qn__text_puts(view->text, document ? "\\end{document}\n" : "");
}

qn_status qn_draw_tikz(const qn_circuit *circuit, const qn_draw_options *options, bool document, char **text,
                       size_t *length)
{
    QN_CHECK(circuit != NULL && text != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    qn_draw_options o;
    QN_TRY(qn__draw_options(options, &o));
    qn__layout *layout = NULL;
    tikz_view view;
    memset(&view, 0, sizeof view);
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__layout_create(circuit, &o, false, LABEL_COLUMNS, &layout));
    view.layout = layout;
    view.grid = qn__calloc((size_t)layout->nrows * layout->ncolumns, sizeof *view.grid);
    view.owner = qn__calloc((size_t)layout->nrows * layout->ncolumns, sizeof *view.owner);
    view.elses = qn__calloc((size_t)layout->nrows * layout->ncolumns, sizeof *view.elses);
    status = view.grid == NULL || view.owner == NULL || view.elses == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    QN_TRY_CLEANUP(qn_text_create(&view.text));
    fill_grid(&view);
    write_all(&view, document);
    QN_TRY_CLEANUP(qn__draw_finish(view.text, text, length));
cleanup:
    qn_text_destroy(view.text);
    qn__free(view.grid);
    qn__free(view.owner);
    qn__free(view.elses);
    qn__layout_free(layout);
    return status;
}
