/* text.c: circuits as text for a terminal. */
#include <string.h>

#include "base/alloc.h"
#include "circuit/draw/text_view.h"
#include "report/text.h"

/* Sizes. */

static void measure_rows(qn__text_view *view)
{
    const qn__layout *layout = view->layout;
    uint32_t line = 0;
    for (uint32_t r = 0; r < layout->nrows; r++) {
        const qn__row *row = &layout->rows[r];
        const bool quantum = r < layout->nquantum;
        line += row->above;
        qn__row_lines *lines = &view->lines[r];
        lines->top = line;
        lines->middle = line + (!view->dense && (quantum || row->boxed) ? 1 : 0);
        lines->bottom = lines->middle + (view->dense ? 0 : 1);
        line = lines->bottom + 1 + row->below;
    }
    view->height = line;
}

static uint32_t gap_width(const qn__layout *layout, bool ascii)
{
    return qn__text_columns(layout->gap_text) + (ascii ? 12 : 8);
}

/* The columns between two sides of a frame hold the words over them. */
static void widen(qn__text_view *view, uint32_t left, uint32_t right, const char *label)
{
    const uint32_t needed = qn__text_columns(label) + 4;
    uint32_t room = 0;
    for (uint32_t c = left; c < right && c < view->layout->ncolumns && room < needed; c++) {
        room += view->widths[c];
    }
    if (room < needed && left < view->layout->ncolumns) {
        view->widths[left] += needed - room;
    }
}

static void measure_columns(qn__text_view *view)
{
    const qn__layout *layout = view->layout;
    for (uint32_t c = 0; c < layout->ncolumns; c++) {
        view->widths[c] = view->dense ? 2 : 3;
    }
    for (size_t i = 0; i < layout->nitems; i++) {
        const uint32_t width = qn__text_item_width(view, &layout->items[i]);
        uint32_t *column = &view->widths[layout->items[i].column];
        *column = width > *column ? width : *column;
    }
    if (layout->gap != QN__NOWHERE) {
        view->widths[layout->gap] = gap_width(layout, view->ascii);
    }
    for (size_t i = layout->nframes; i-- > 0;) {
        const qn__frame *frame = &layout->frames[i];
        const bool divided = frame->divider != QN__NOWHERE;
        if (!frame->open_left) {
            widen(view, frame->left, divided ? frame->divider : frame->right, frame->label);
        }
        if (divided) {
            widen(view, frame->divider, frame->right, "else");
        }
    }
}

static void row_label(const qn__text_view *view, uint32_t r, qn__words *words)
{
    const qn__row *row = &view->layout->rows[r];
    qn__words_start(words, view->ascii, 0);
    qn__words_put(words, row->name);
    if (row->kind == QN__ROW_HIDDEN) {
        qn__words_format(words, " ");
    } else {
        qn__words_format(words, ": ");
    }
    if (row->kind == QN__ROW_BITS && row->count > 1) {
        qn__words_format(words, "%u/", row->count);
    }
}

static void measure_labels(qn__text_view *view)
{
    for (uint32_t r = 0; r < view->layout->nrows; r++) {
        row_label(view, r, &view->words);
        const uint32_t columns = qn__text_columns(view->words.bytes);
        view->label_width = columns > view->label_width ? columns : view->label_width;
    }
}

/* Drawing of the columns view->first .. view->end - 1. */

static void draw_wires(qn__text_view *view)
{
    const qn__layout *layout = view->layout;
    const uint32_t last = view->canvas.width - 1;
    const bool begins = view->first == 0, ends = view->end == layout->ncolumns;
    qn__words words;
    for (uint32_t r = 0; r < layout->nrows; r++) {
        const uint32_t line = view->lines[r].middle;
        row_label(view, r, &words);
        qn__canvas_put(&view->canvas, line, view->label_width - qn__text_columns(words.bytes), words.bytes, 0);
        if (layout->rows[r].kind != QN__ROW_HIDDEN) {
            qn__canvas_wire(&view->canvas, line, view->label_width, last,
                            r < layout->nquantum ? QN__STROKE_LIGHT : QN__STROKE_DOUBLE);
        }
        if (!begins) {
            qn__canvas_put(&view->canvas, line, view->label_width, view->ascii ? "<" : "«", QN__INK_SOFT);
        }
        if (!ends) {
            qn__canvas_put(&view->canvas, line, last, view->ascii ? ">" : "»", QN__INK_SOFT);
        }
    }
}

static void draw_gap(qn__text_view *view)
{
    const qn__layout *layout = view->layout;
    if (layout->gap == QN__NOWHERE || layout->gap < view->first || layout->gap >= view->end) {
        return;
    }
    const uint32_t at = view->at[layout->gap], width = view->widths[layout->gap];
    for (uint32_t r = 0; r < layout->nrows; r++) {
        for (uint32_t c = 1; c + 1 < width && layout->rows[r].kind != QN__ROW_HIDDEN; c++) {
            qn__canvas_put(&view->canvas, view->lines[r].middle, at + c, view->ascii ? (c % 2 == 0 ? " " : ".") : "┄",
                           QN__INK_SOFT);
        }
    }
    qn__words_start(&view->words, view->ascii, 0);
    const char *dots = view->ascii ? "..." : "…";
    qn__words_format(&view->words, " %s %s %s ", dots, layout->gap_text, dots);
    qn__canvas_put(&view->canvas, view->lines[(layout->nquantum - 1) / 2].middle, at + 1, view->words.bytes, 0);
}

/* Words over the upper side of a frame, as much as there is room for. */
static void draw_frame_label(qn__text_view *view, uint32_t line, uint32_t from, uint32_t to, const char *label,
                             bool again)
{
    if (to < from + 6) {
        return;
    }
    qn__words_start(&view->words, view->ascii, 0);
    qn__words_put(&view->words, again ? (view->ascii ? "... " : "… ") : "");
    qn__words_put(&view->words, label);
    qn__words_fit(&view->words, to - from - 3);
    const uint32_t columns = qn__text_columns(view->words.bytes);
    qn__canvas_put(&view->canvas, line, from + 1, " ", 0);
    qn__canvas_put(&view->canvas, line, from + 2, view->words.bytes, QN__INK_FRAME);
    qn__canvas_put(&view->canvas, line, from + 2 + columns, " ", 0);
}

static void draw_frame(qn__text_view *view, const qn__frame *frame)
{
    const uint32_t top = view->lines[frame->top].top - frame->over;
    const uint32_t bottom = view->lines[frame->bottom].bottom + frame->under;
    const bool left_here = frame->left >= view->first, right_here = frame->right < view->end;
    uint32_t from = view->label_width, to = view->canvas.width - 1;
    if (left_here) {
        from =
            frame->open_left ? view->at[frame->left] + view->widths[frame->left] - 2 : qn__text_side(view, frame->left);
    }
    if (right_here) {
        to = qn__text_side(view, frame->right);
    }
    qn__canvas_across(&view->canvas, top, from, to, QN__STROKE_HEAVY, QN__INK_FRAME);
    qn__canvas_across(&view->canvas, bottom, from, to, QN__STROKE_HEAVY, QN__INK_FRAME);
    if (left_here && !frame->open_left) {
        qn__canvas_down(&view->canvas, from, top, bottom, QN__STROKE_HEAVY, QN__INK_FRAME);
    }
    if (right_here && !frame->open_right) {
        qn__canvas_down(&view->canvas, to, top, bottom, QN__STROKE_HEAVY, QN__INK_FRAME);
    }
    const bool divided = frame->divider != QN__NOWHERE;
    const bool divider_here = divided && frame->divider >= view->first && frame->divider < view->end;
    uint32_t middle = to;
    if (divider_here) {
        middle = qn__text_side(view, frame->divider);
        qn__canvas_down(&view->canvas, middle, top, bottom, QN__STROKE_HEAVY, QN__INK_FRAME);
        draw_frame_label(view, top, middle, to, "else", false);
    }
    const bool in_else = divided && frame->divider < view->first;
    const bool again = !left_here || frame->open_left;
    draw_frame_label(view, top, from, middle, in_else ? "else" : frame->label, again);
}

/* Frames that begin here join those that go on; outer ones stay before inner ones. */
static void draw_frames(qn__text_view *view)
{
    const qn__layout *layout = view->layout;
    while (view->next_frame < layout->nframes &&
           layout->frames[layout->frame_order[view->next_frame]].left < view->end) {
        view->active[view->nactive++] = layout->frame_order[view->next_frame++];
    }
    size_t kept = 0;
    for (size_t i = 0; i < view->nactive; i++) {
        if (layout->frames[view->active[i]].right >= view->first) {
            view->active[kept++] = view->active[i];
            draw_frame(view, &layout->frames[view->active[i]]);
        }
    }
    view->nactive = kept;
}

static void draw_segment(qn__text_view *view)
{
    const qn__layout *layout = view->layout;
    uint32_t width = view->label_width + 1;
    for (uint32_t c = view->first; c < view->end; c++) {
        view->at[c] = width;
        width += view->widths[c];
    }
    qn__canvas_clear(&view->canvas, width + 1);
    draw_wires(view);
    draw_frames(view);
    draw_gap(view);
    while (view->next_item < layout->nitems && layout->items[view->next_item].column < view->end) {
        qn__text_draw_item(view, &layout->items[view->next_item++]);
    }
}

/* Lines on which only connections go down say nothing new: of those that follow each other one stays between boxes, in
 * dense pictures none; at the ends none either way. */
static bool only_down(const qn__text_view *view, uint32_t line)
{
    for (uint32_t c = 0; c < view->canvas.width; c++) {
        const qn__place *p = &view->canvas.places[(size_t)line * view->canvas.width + c];
        if (p->character != 0 || p->left != 0 || p->right != 0) {
            return false;
        }
    }
    return true;
}

static void write_segment(const qn__text_view *view, qn_text *text)
{
    uint32_t pending = UINT32_MAX;
    bool started = false;
    for (uint32_t line = 0; line < view->height; line++) {
        if (only_down(view, line)) {
            pending = started && pending == UINT32_MAX ? line : pending;
            continue;
        }
        if (pending != UINT32_MAX && !view->dense) {
            qn__canvas_line(&view->canvas, pending, view->layout->options.colour, text);
            qn__text_puts(text, "\n");
        }
        pending = UINT32_MAX;
        started = true;
        qn__canvas_line(&view->canvas, line, view->layout->options.colour, text);
        qn__text_puts(text, "\n");
    }
}

/* First column that does not fit any more behind `first`; at least one does. */
static uint32_t fold(const qn__text_view *view, uint32_t first, uint32_t *width)
{
    const uint32_t limit = view->layout->options.width;
    uint64_t used = (uint64_t)view->label_width + 2;
    uint32_t end = first;
    while (end < view->layout->ncolumns && (end == first || used + view->widths[end] <= limit || limit == UINT32_MAX)) {
        used += view->widths[end++];
    }
    *width = used > UINT32_MAX ? UINT32_MAX : (uint32_t)used;
    return end;
}

static void write_head(const qn__layout *layout, qn_text *text)
{
    qn__words words;
    if (layout->options.title != NULL) {
        qn__words_start(&words, layout->options.ascii, 0);
        qn__words_put(&words, layout->options.title);
        qn__text_puts(text, words.bytes);
        qn__text_puts(text, "\n");
    }
    for (size_t i = 0; i < 3; i++) {
        if (layout->notes[i][0] != '\0') {
            qn__text_puts(text, layout->notes[i]);
            qn__text_puts(text, "\n");
        }
    }
}

static qn_status write_all(qn__text_view *view, qn_text *text)
{
    const qn__layout *layout = view->layout;
    uint32_t widest = 0, width = 0;
    for (uint32_t c = 0; c < layout->ncolumns || c == 0;) {
        const uint32_t end = fold(view, c, &width);
        widest = width > widest ? width : widest;
        c = end > c ? end : c + 1;
    }
    QN_TRY(qn__canvas_create(widest, view->height, view->ascii, &view->canvas));
    write_head(layout, text);
    view->end = 0;
    do {
        view->first = view->end;
        view->end = fold(view, view->first, &width);
        draw_segment(view);
        qn__text_puts(text, view->first > 0 ? "\n" : "");
        write_segment(view, text);
    } while (view->end < layout->ncolumns);
    return QN_OK;
}

static uint32_t label_columns(const qn_draw_options *options)
{
    enum { LEAST = 12, MOST = 32, AROUND = 24 };
    if (options->width == UINT32_MAX || options->width >= MOST + AROUND) {
        return MOST;
    }
    return options->width < LEAST + AROUND ? LEAST : options->width - AROUND;
}

qn_status qn_draw_text(const qn_circuit *circuit, const qn_draw_options *options, char **text, size_t *length)
{
    QN_CHECK(circuit != NULL && text != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    qn_draw_options o;
    QN_TRY(qn__draw_options(options, &o));
    qn__layout *layout = NULL;
    qn__text_view *view = NULL;
    qn_text *out = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__layout_create(circuit, &o, o.ascii, label_columns(&o), &layout));
    view = qn__calloc(1, sizeof *view);
    status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    view->layout = layout;
    view->ascii = o.ascii;
    view->dense = o.dense;
    view->lines = qn__calloc(layout->nrows, sizeof *view->lines);
    view->widths = qn__calloc(layout->ncolumns, sizeof *view->widths);
    view->at = qn__calloc(layout->ncolumns, sizeof *view->at);
    view->active = qn__calloc(layout->nframes, sizeof *view->active);
    status =
        view->lines == NULL || view->widths == NULL || view->at == NULL || view->active == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    measure_rows(view);
    measure_columns(view);
    measure_labels(view);
    QN_TRY_CLEANUP(qn_text_create(&out));
    QN_TRY_CLEANUP(write_all(view, out));
    QN_TRY_CLEANUP(qn__draw_finish(out, text, length));
cleanup:
    qn_text_destroy(out);
    if (view != NULL) {
        qn__canvas_free(&view->canvas);
        qn__free(view->lines);
        qn__free(view->widths);
        qn__free(view->at);
        qn__free(view->active);
        qn__free(view);
    }
    qn__layout_free(layout);
    return status;
}
