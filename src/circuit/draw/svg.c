/* svg.c: circuits as one self-contained SVG: strips of columns one under the other. */
#include <string.h>

#include "base/alloc.h"
#include "circuit/draw/svg_view.h"
#include "report/text.h"

enum {
    COLUMN_PIXELS = 9, /* what one column of a terminal stands for in the width */
    MARGIN = 16,
    ROW = 46,
    BIT_ROW = 36,
    FRAME_OVER = 18,
    FRAME_UNDER = 8,
    STRIP_GAP = 26,
    LEAST_COLUMN = 26,
    LABEL_COLUMNS = 24
};

/* Sizes. */

static void measure_rows(qn__svg_view *view)
{
    const qn__layout *layout = view->layout;
    qn__px y = 0;
    for (uint32_t r = 0; r < layout->nrows; r++) {
        const qn__row *row = &layout->rows[r];
        const qn__px height = r < layout->nquantum || row->boxed ? ROW : BIT_ROW;
        y += row->above == 0 ? 0 : FRAME_OVER * (qn__px)row->above + 4;
        view->middle[r] = y + height / 2;
        y += height;
        y += row->below == 0 ? 0 : FRAME_UNDER * (qn__px)row->below;
    }
    view->height = y;
}

static void widen(qn__svg_view *view, uint32_t left, uint32_t right, const char *label)
{
    const qn__px needed = qn__svg_text_width(label, 12) + 10;
    qn__px room = 0;
    for (uint32_t c = left; c < right && c < view->layout->ncolumns && room < needed; c++) {
        room += view->widths[c];
    }
    if (room < needed && left < view->layout->ncolumns) {
        view->widths[left] += needed - room;
    }
}

static void measure_columns(qn__svg_view *view)
{
    const qn__layout *layout = view->layout;
    for (uint32_t c = 0; c < layout->ncolumns; c++) {
        view->widths[c] = LEAST_COLUMN;
    }
    for (size_t i = 0; i < layout->nitems; i++) {
        const qn__px width = qn__svg_item_width(view, &layout->items[i]);
        qn__px *column = &view->widths[layout->items[i].column];
        *column = width > *column ? width : *column;
    }
    if (layout->gap != QN__NOWHERE) {
        const qn__px words = qn__svg_text_width(layout->gap_text, 14) + 50;
        view->rotated = words < view->height;
        view->widths[layout->gap] = view->rotated ? 64 : words;
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

static void measure_labels(qn__svg_view *view)
{
    const qn__layout *layout = view->layout;
    qn__px widest = 0;
    bool bundled = false;
    for (uint32_t r = 0; r < layout->nrows; r++) {
        const qn__px width = qn__svg_text_width(layout->rows[r].name, QN__SVG_NAME);
        widest = width > widest ? width : widest;
        bundled |= layout->rows[r].kind == QN__ROW_BITS && layout->rows[r].count > 1;
    }
    view->label_width = MARGIN + widest + 8 + (bundled ? 22 : 0);
}

/* First column that does not fit any more behind `first`; at least one does. */
static uint32_t fold(const qn__svg_view *view, uint32_t first, qn__px *width)
{
    const uint32_t columns = view->layout->options.width;
    const qn__px limit = (qn__px)columns * COLUMN_PIXELS - MARGIN;
    qn__px used = view->label_width + 12;
    uint32_t end = first;
    while (end < view->layout->ncolumns &&
           (end == first || columns == UINT32_MAX || used + view->widths[end] <= limit)) {
        used += view->widths[end++];
    }
    *width = used;
    return end;
}

/* Drawing. */

static void put_wires(qn__svg_view *view)
{
    const qn__layout *layout = view->layout;
    qn__px lead = view->label_width;
    qn__text_puts(view->text, "<path class=\"w\" d=\"");
    for (uint32_t r = 0; r < layout->nrows; r++) {
        const qn__px y = view->middle[r];
        const qn__row *row = &layout->rows[r];
        if (row->kind == QN__ROW_QUBIT) {
            qn_text_printf(view->text, "M%lld %lldH%lld", lead, y, view->strip_width);
        } else if (row->kind != QN__ROW_HIDDEN) {
            const qn__px from = row->kind == QN__ROW_BITS && row->count > 1 ? lead - 22 : lead;
            qn_text_printf(view->text, "M%lld %lldH%lldM%lld %lldH%lld", from, y - 2, view->strip_width, from, y + 2,
                           view->strip_width);
            if (row->kind == QN__ROW_BITS && row->count > 1) {
                qn_text_printf(view->text, "M%lld %lldl8 -14", from + 4, y + 7);
            }
        }
    }
    qn__text_puts(view->text, "\"/>\n");
    for (uint32_t r = 0; r < layout->nrows; r++) {
        const qn__row *row = &layout->rows[r];
        const bool bundled = row->kind == QN__ROW_BITS && row->count > 1;
        qn__svg_words(view, "t", "end", lead - 8 - (bundled ? 22 : 0), view->middle[r] + 5, row->name);
        if (bundled) {
            qn__words_start(&view->words, false, 0);
            qn__words_format(&view->words, "%u", row->count);
            qn__svg_words(view, "p", "middle", lead - 8, view->middle[r] - 7, view->words.bytes);
        }
        qn__text_puts(view->text, "\n");
    }
    const char *const marks[2] = {view->first > 0 ? "«" : "", view->end < layout->ncolumns ? "»" : ""};
    for (size_t side = 0; side < 2; side++) {
        for (uint32_t r = 0; r < layout->nrows && marks[side][0] != '\0'; r++) {
            if (layout->rows[r].kind != QN__ROW_HIDDEN) {
                qn__svg_words(view, "s", side == 0 ? "start" : "end", side == 0 ? lead : view->strip_width,
                              view->middle[r] - 5, marks[side]);
            }
        }
    }
}

static void put_gap(qn__svg_view *view)
{
    const qn__layout *layout = view->layout;
    if (layout->gap == QN__NOWHERE || layout->gap < view->first || layout->gap >= view->end) {
        return;
    }
    const qn__px x = view->at[layout->gap], width = view->widths[layout->gap];
    qn_text_printf(view->text, "<g><rect class=\"bg\" x=\"%lld\" y=\"0\" width=\"%lld\" height=\"%lld\"/>", x + 4,
                   width - 8, view->height);
    qn__text_puts(view->text, "<path class=\"z\" d=\"");
    for (uint32_t r = 0; r < layout->nrows; r++) {
        if (layout->rows[r].kind != QN__ROW_HIDDEN) {
            qn_text_printf(view->text, "M%lld %lldh%lld", x + 4, view->middle[r], width - 8);
        }
    }
    qn__text_puts(view->text, "\"/>");
    qn__words_start(&view->words, false, 0);
    qn__words_format(&view->words, "… %s …", layout->gap_text);
    const qn__px length = qn__svg_text_width(view->words.bytes, 14) + 8;
    const qn__px cx = x + width / 2, cy = view->rotated ? view->height / 2 : view->middle[(layout->nquantum - 1) / 2];
    qn_text_printf(view->text, "<g%s", view->rotated ? " transform=\"rotate(-90" : "");
    if (view->rotated) {
        qn_text_printf(view->text, " %lld %lld)\"", cx, cy);
    }
    qn_text_printf(view->text, "><rect class=\"bg\" x=\"%lld\" y=\"%lld\" width=\"%lld\" height=\"24\"/>",
                   cx - length / 2, cy - 12, length);
    qn__svg_words(view, "t", "middle", cx, cy + 5, view->words.bytes);
    qn__text_puts(view->text, "</g></g>\n");
}

static void put_frames(qn__svg_view *view)
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
            qn__svg_frame(view, &layout->frames[view->active[i]]);
        }
    }
    view->nactive = kept;
}

static void put_strip(qn__svg_view *view)
{
    const qn__layout *layout = view->layout;
    qn__px x = view->label_width + 6;
    for (uint32_t c = view->first; c < view->end; c++) {
        view->at[c] = x;
        x += view->widths[c];
    }
    view->strip_width = x + 6;
    qn_text_printf(view->text, "<g transform=\"translate(0 %lld)\">\n", view->top);
    put_wires(view);
    put_gap(view);
    put_frames(view);
    while (view->next_item < layout->nitems && layout->items[view->next_item].column < view->end) {
        qn__svg_item(view, &layout->items[view->next_item++]);
    }
    qn__text_puts(view->text, "</g>\n");
}

static qn__px write_head(qn__svg_view *view, qn__px width, qn__px strips)
{
    const qn__layout *layout = view->layout;
    const char *title = layout->options.title;
    qn__px y = MARGIN;
    qn__px lines = title != NULL ? 26 : 0;
    for (size_t i = 0; i < 3; i++) {
        lines += layout->notes[i][0] != '\0' ? 20 : 0;
    }
    const qn__px height = 2 * MARGIN + lines + strips * (view->height + STRIP_GAP) - STRIP_GAP;
    qn_text_printf(view->text,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qn-circuit\" width=\"%lld\" height=\"%lld\" "
                   "viewBox=\"0 0 %lld %lld\" role=\"img\">\n<title>",
                   width, height, width, height);
    qn__text_xml(view->text, title != NULL ? title : "Quantum circuit");
    qn__text_puts(view->text, "</title>\n");
    qn__svg_style(view->text);
    qn__text_puts(view->text, "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n");
    if (title != NULL) {
        qn__svg_words(view, "h", "start", MARGIN, y + 15, title);
        qn__text_puts(view->text, "\n");
        y += 26;
    }
    for (size_t i = 0; i < 3; i++) {
        if (layout->notes[i][0] != '\0') {
            qn__svg_words(view, "s", "start", MARGIN, y + 12, layout->notes[i]);
            qn__text_puts(view->text, "\n");
            y += 20;
        }
    }
    return y;
}

static void write_all(qn__svg_view *view)
{
    const qn__layout *layout = view->layout;
    qn__px widest = 0, width = 0, strips = 0;
    for (uint32_t c = 0; c < layout->ncolumns || c == 0;) {
        const uint32_t end = fold(view, c, &width);
        widest = width > widest ? width : widest;
        c = end > c ? end : c + 1;
        strips++;
    }
    const char *words[4] = {layout->options.title != NULL ? layout->options.title : "", layout->notes[0],
                            layout->notes[1], layout->notes[2]};
    for (size_t i = 0; i < 4; i++) {
        width = qn__svg_text_width(words[i], i == 0 ? 17 : 12) + MARGIN;
        widest = width > widest ? width : widest;
    }
    view->top = write_head(view, widest + MARGIN, strips);
    do {
        view->first = view->end;
        view->end = fold(view, view->first, &width);
        put_strip(view);
        view->top += view->height + STRIP_GAP;
    } while (view->end < layout->ncolumns);
    qn__text_puts(view->text, "</svg>\n");
}

qn_status qn_draw_svg(const qn_circuit *circuit, const qn_draw_options *options, char **text, size_t *length)
{
    QN_CHECK(circuit != NULL && text != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    qn_draw_options o;
    QN_TRY(qn__draw_options(options, &o));
    qn__layout *layout = NULL;
    qn__svg_view *view = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__layout_create(circuit, &o, false, LABEL_COLUMNS, &layout));
    view = qn__calloc(1, sizeof *view);
    status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    view->layout = layout;
    view->middle = qn__calloc(layout->nrows, sizeof *view->middle);
    view->widths = qn__calloc(layout->ncolumns, sizeof *view->widths);
    view->at = qn__calloc(layout->ncolumns, sizeof *view->at);
    view->active = qn__calloc(layout->nframes, sizeof *view->active);
    status = view->middle == NULL || view->widths == NULL || view->at == NULL || view->active == NULL ? QN_ERR_MEMORY
                                                                                                      : QN_OK;
    QN_TRY_CLEANUP(status);
    QN_TRY_CLEANUP(qn_text_create(&view->text));
    measure_rows(view);
    measure_columns(view);
    measure_labels(view);
    write_all(view);
    QN_TRY_CLEANUP(qn__draw_finish(view->text, text, length));
cleanup:
    if (view != NULL) {
        qn_text_destroy(view->text);
        qn__free(view->middle);
        qn__free(view->widths);
        qn__free(view->at);
        qn__free(view->active);
        qn__free(view);
    }
    qn__layout_free(layout);
    return status;
}
