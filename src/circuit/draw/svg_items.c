/* svg_items.c: operations and frames as shapes, each in a group with a title. */
#include <string.h>

#include "circuit/draw/svg_view.h"
#include "report/text.h"

enum { FRAME_OVER = 18, FRAME_UNDER = 8, FRAME_PAD = 6, DOT = 5, PLUS = 10, CROSS = 6, HALF = QN__SVG_BOX / 2 };

qn__px qn__svg_text_width(const char *text, qn__px size)
{
    qn__px hundredths = 0; /* of the size, as in a wide sans serif */
    while (*text != '\0') {
        size_t length = 0;
        const uint32_t c = qn__utf8_decode(text, &length);
        const uint32_t columns = qn__character_columns(c);
        const bool narrow = c < 0x80 && strchr(" ijlft.,:;'|!()[]-/", (int)c) != NULL;
        const bool broad = c < 0x80 && strchr("mwMW@%", (int)c) != NULL;
        hundredths += columns == 0 ? 0 : columns == 2 ? 105 : narrow ? 40 : broad ? 96 : 65;
        text += length;
    }
    return (hundredths * size + 99) / 100;
}

void qn__svg_words(qn__svg_view *view, const char *class_name, const char *place, qn__px x, qn__px y, const char *words)
{
    qn_text_printf(view->text, "<text class=\"%s\" text-anchor=\"%s\" x=\"%lld\" y=\"%lld\">", class_name, place, x, y);
    qn__text_xml(view->text, words);
    qn__text_puts(view->text, "</text>");
}

static qn__px larger(qn__px a, qn__px b)
{
    return a > b ? a : b;
}

/* Name of a box at one of its cells; parameters stand under it. */
static const char *box_name(qn__svg_view *view, const qn__item *item, const qn__cell *cell)
{
    const char *tag = cell->text;
    if (tag[0] >= 'X' && tag[0] <= 'Z') {
        return tag;
    }
    if (tag[0] == '\0') {
        return item->name;
    }
    qn__words_start(&view->words, false, 0);
    qn__words_put(&view->words, item->name);
    qn__words_format(&view->words, ":%s", tag);
    return view->words.bytes;
}

static qn__px box_width(const char *name, const char *params)
{
    const qn__px width = qn__svg_text_width(name, QN__SVG_NAME) + 14;
    return larger(QN__SVG_BOX, larger(width, qn__svg_text_width(params, QN__SVG_SMALL) + 12));
}

static qn__px tag_width(const qn__layout *layout, const qn__item *item)
{
    qn__px width = 0;
    for (size_t i = 0; i < item->count; i++) {
        const qn__cell *cell = &layout->cells[item->first + i];
        width = larger(width, cell->kind == QN__CELL_BOX ? qn__svg_text_width(cell->text, QN__SVG_NAME) : 0);
    }
    return width == 0 ? 0 : width + 8;
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

static const char *caption(qn__svg_view *view, const qn__item *item)
{
    qn__words_start(&view->words, false, 0);
    qn__words_put(&view->words, item->name);
    qn__words_format(&view->words, "(");
    qn__words_put(&view->words, item->params);
    qn__words_format(&view->words, ")");
    return view->words.bytes;
}

qn__px qn__svg_item_width(qn__svg_view *view, const qn__item *item)
{
    const qn__layout *layout = view->layout;
    qn__px width = 2 * PLUS;
    if (item->joined) {
        width = box_width(item->name, item->params) + tag_width(layout, item);
    }
    for (size_t i = 0; i < item->count; i++) {
        const qn__cell *cell = &layout->cells[item->first + i];
        if (cell->kind == QN__CELL_BOX && !item->joined) {
            width = larger(width, box_width(box_name(view, item, cell), item->params));
        } else if (cell->kind == QN__CELL_BIT) {
            width = larger(width, 2 * qn__svg_text_width(cell->text, QN__SVG_SMALL) + 12);
        } else if (cell->kind == QN__CELL_METER) {
            width = larger(width, QN__SVG_BOX);
        }
    }
    if (item->name[0] != '\0' && !has_box(layout, item)) {
        width = larger(width, qn__svg_text_width(caption(view, item), QN__SVG_SMALL));
    }
    return width + 10;
}

/* Shapes. */

static void put_box(qn__svg_view *view, qn__px left, qn__px top, qn__px width, qn__px height)
{
    qn_text_printf(view->text, "<rect class=\"b\" x=\"%lld\" y=\"%lld\" width=\"%lld\" height=\"%lld\" rx=\"3\"/>",
                   left, top, width, height);
}

static void put_box_words(qn__svg_view *view, qn__px x, qn__px y, const char *name, const char *params)
{
    if (params[0] == '\0') {
        qn__svg_words(view, "t", "middle", x, y + 5, name);
    } else {
        qn__svg_words(view, "t", "middle", x, y - 1, name);
        qn__svg_words(view, "p", "middle", x, y + 12, params);
    }
}

static void put_line(qn__svg_view *view, qn__px x, qn__px from, qn__px to, bool classical, const char *class_name)
{
    if (classical) {
        qn_text_printf(view->text, "<path class=\"%s\" d=\"M%lld %lldV%lldM%lld %lldV%lld\"/>", class_name, x - 2, from,
                       to, x + 2, from, to);
    } else {
        qn_text_printf(view->text, "<path class=\"%s\" d=\"M%lld %lldV%lld\"/>", class_name, x, from, to);
    }
}

static void put_meter(qn__svg_view *view, qn__px x, qn__px y)
{
    put_box(view, x - HALF, y - HALF, QN__SVG_BOX, QN__SVG_BOX);
    qn_text_printf(view->text, "<path class=\"l\" d=\"M%lld %llda11 11 0 0 1 22 0M%lld %lldl8 -13\"/>", x - 11, y + 7,
                   x, y + 7);
}

static void put_cell(qn__svg_view *view, const qn__item *item, const qn__cell *cell, qn__px x, bool first_box)
{
    const qn__px y = view->middle[cell->row];
    qn__px width = 0;
    const char *name = NULL;
    switch (cell->kind) {
    case QN__CELL_DOT:
    case QN__CELL_READ:
        qn_text_printf(view->text, "<circle class=\"d\" cx=\"%lld\" cy=\"%lld\" r=\"%d\"/>", x, y, DOT);
        break;
    case QN__CELL_OPEN:
        qn_text_printf(view->text, "<circle class=\"o\" cx=\"%lld\" cy=\"%lld\" r=\"%d\"/>", x, y, DOT);
        break;
    case QN__CELL_PLUS:
        qn_text_printf(view->text, "<circle class=\"d\" cx=\"%lld\" cy=\"%lld\" r=\"%d\"/>", x, y, PLUS);
        qn_text_printf(view->text, "<path class=\"x\" d=\"M%lld %lldh12M%lld %lldv12\"/>", x - 6, y, x, y - 6);
        break;
    case QN__CELL_CROSS:
        qn_text_printf(view->text, "<path class=\"l\" d=\"M%lld %lldl%d %dm0 %dl%d %d\"/>", x - CROSS, y - CROSS,
                       2 * CROSS, 2 * CROSS, -2 * CROSS, -2 * CROSS, 2 * CROSS);
        break;
    case QN__CELL_METER:
        put_meter(view, x, y);
        break;
    case QN__CELL_BARRIER:
        qn_text_printf(view->text, "<path class=\"br\" d=\"M%lld %lldv%d\"/>", x, y - 22, 44);
        break;
    case QN__CELL_BIT:
        qn_text_printf(view->text, "<path class=\"d\" d=\"M%lld %lldh12l-6 8z\"/>", x - 6, y - 9);
        qn__svg_words(view, "p", "start", x + 7, y + 13, cell->text);
        break;
    case QN__CELL_HIDDEN:
        qn__svg_words(view, "t", "middle", x, y + 5, "⋮");
        break;
    case QN__CELL_BOX:
        name = box_name(view, item, cell);
        width = box_width(name, item->params);
        put_box(view, x - width / 2, y - HALF, width, QN__SVG_BOX);
        put_box_words(view, x, y, name, first_box || !item->linked ? item->params : "");
        break;
    }
}

static void put_joined(qn__svg_view *view, const qn__item *item, const qn__cell *first, const qn__cell *last, qn__px x)
{
    const qn__px tags = tag_width(view->layout, item), width = box_width(item->name, item->params) + tags;
    const qn__px top = view->middle[first->row] - HALF, bottom = view->middle[last->row] + HALF;
    put_box(view, x - width / 2, top, width, bottom - top);
    put_box_words(view, x + tags / 2, (top + bottom) / 2, item->name, item->params);
    for (const qn__cell *cell = first; cell <= last; cell++) {
        if (cell->kind == QN__CELL_BOX && cell->text[0] != '\0') {
            const bool letter = cell->text[0] >= 'X'; /* of a Pauli string, else a number */
            qn__svg_words(view, letter ? "t" : "s", "start", x - width / 2 + 6,
                          view->middle[cell->row] + (letter ? 5 : 4), cell->text);
        }
    }
}

static void put_links(qn__svg_view *view, const qn__item *item, qn__px x)
{
    const qn__cell *cells = &view->layout->cells[item->first];
    for (size_t i = 1; i < item->count; i++) {
        put_line(view, x, view->middle[cells[i - 1].row], view->middle[cells[i].row],
                 cells[i].row >= view->layout->nquantum, "l");
    }
}

/* <g class="f1" data-line="7"><title>...</title> */
static void open_group(qn__svg_view *view, qn__family family, size_t index)
{
    qn_operation op;
    qn_circuit_operation(view->layout->circuit, index, &op);
    qn_text_printf(view->text, "<g class=\"f%u\" data-operation=\"%zu\"", (unsigned)family, index);
    if (op.line != 0) {
        qn_text_printf(view->text, " data-line=\"%u\"", op.line);
    }
    qn__words_start(&view->words, false, view->layout->options.decimals);
    qn__layout_describe(view->layout, index, &view->words);
    qn__words_fit(&view->words, 1000);
    qn__text_puts(view->text, "><title>");
    qn__text_xml(view->text, view->words.bytes);
    qn__text_puts(view->text, "</title>");
}

static void put_reads(qn__svg_view *view, const qn__item *item)
{
    const qn__layout *layout = view->layout;
    if (item->count == 0 || item->frame == QN__NOWHERE) {
        return;
    }
    const qn__frame *frame = &layout->frames[item->frame];
    const qn__px x = view->at[item->column] + QN__SVG_SIDE, bottom = qn__svg_frame_bottom(view, frame);
    const qn__cell *cells = &layout->cells[item->first];
    const qn__px to = view->middle[cells[item->count - 1].row];
    qn__text_puts(view->text, "<g>");
    if (to > bottom) {
        put_line(view, x, bottom, to, true, "kl");
    }
    for (size_t i = 0; i < item->count; i++) {
        qn_text_printf(view->text, "<circle class=\"kd\" cx=\"%lld\" cy=\"%lld\" r=\"%d\"/>", x,
                       view->middle[cells[i].row], DOT);
    }
    qn__text_puts(view->text, "</g>\n");
}

void qn__svg_item(qn__svg_view *view, const qn__item *item)
{
    const qn__layout *layout = view->layout;
    if (item->kind == QN_OP_IF || item->kind == QN_OP_WHILE) {
        put_reads(view, item);
        return;
    }
    const qn__px x = view->at[item->column] + view->widths[item->column] / 2;
    const qn__cell *first = NULL, *last = NULL;
    for (size_t i = 0; i < item->count; i++) {
        const qn__cell *cell = &layout->cells[item->first + i];
        if (cell->kind == QN__CELL_BOX) {
            first = first == NULL ? cell : first;
            last = cell;
        }
    }
    open_group(view, item->family, item->index);
    if (item->linked) {
        put_links(view, item, x);
    }
    if (item->joined && first != NULL) {
        put_joined(view, item, first, last, x);
    }
    for (size_t i = 0; i < item->count; i++) {
        const qn__cell *cell = &layout->cells[item->first + i];
        if (!(item->joined && cell->kind == QN__CELL_BOX)) {
            put_cell(view, item, cell, x, cell == first);
        }
    }
    if (item->count > 0 && item->name[0] != '\0' && first == NULL) {
        const qn__cell *lowest = &layout->cells[item->first + item->count - 1];
        qn__svg_words(view, "p", "middle", x, view->middle[lowest->row] + 18, caption(view, item));
    }
    qn__text_puts(view->text, "</g>\n");
}

/* Frames. */

qn__px qn__svg_frame_top(const qn__svg_view *view, const qn__frame *frame)
{
    return view->middle[frame->top] - HALF - FRAME_PAD - FRAME_OVER * ((qn__px)frame->over - 1) - 2;
}

qn__px qn__svg_frame_bottom(const qn__svg_view *view, const qn__frame *frame)
{
    return view->middle[frame->bottom] + HALF + FRAME_PAD + FRAME_UNDER * ((qn__px)frame->under - 1);
}

void qn__svg_frame(qn__svg_view *view, const qn__frame *frame)
{
    const bool left_here = frame->left >= view->first, right_here = frame->right < view->end;
    const qn__px top = qn__svg_frame_top(view, frame), bottom = qn__svg_frame_bottom(view, frame);
    qn__px from = view->label_width, to = view->strip_width;
    if (left_here) {
        from = view->at[frame->left] +
               (frame->open_left ? view->widths[frame->left] - QN__SVG_SIDE : (qn__px)QN__SVG_SIDE);
    }
    if (right_here) {
        to = view->at[frame->right] + QN__SVG_SIDE;
    }
    open_group(view, QN__FAMILY_CLASSICAL, frame->index);
    qn_text_printf(view->text, "<path class=\"k\" d=\"M%lld %lldH%lldM%lld %lldH%lld", from, top, to, from, bottom, to);
    if (left_here && !frame->open_left) {
        qn_text_printf(view->text, "M%lld %lldV%lld", from, top, bottom);
    }
    if (right_here && !frame->open_right) {
        qn_text_printf(view->text, "M%lld %lldV%lld", to, top, bottom);
    }
    const bool divided = frame->divider != QN__NOWHERE;
    const bool divider_here = divided && frame->divider >= view->first && frame->divider < view->end;
    const qn__px middle = divider_here ? view->at[frame->divider] + QN__SVG_SIDE : to;
    if (divider_here) {
        qn_text_printf(view->text, "M%lld %lldV%lld", middle, top, bottom);
    }
    qn__text_puts(view->text, "\"/>");
    const char *label = divided && frame->divider < view->first ? "else" : frame->label;
    qn__words_start(&view->words, false, 0);
    qn__words_put(&view->words, left_here && !frame->open_left ? "" : "… ");
    qn__words_put(&view->words, label);
    if (qn__svg_text_width(view->words.bytes, 12) <= middle - from - 4) {
        qn__svg_words(view, "kt", "start", from + 4, top - 4, view->words.bytes);
    }
    if (divider_here) {
        qn__svg_words(view, "kt", "start", middle + 4, top - 4, "else");
    }
    qn__text_puts(view->text, "</g>\n");
}
