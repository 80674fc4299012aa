/* text_view.h: a layout with the sizes it has as text. */
#ifndef QN_CIRCUIT_DRAW_TEXT_VIEW_H
#define QN_CIRCUIT_DRAW_TEXT_VIEW_H

#include "circuit/draw/canvas.h"
#include "circuit/draw/items.h"

enum { QN__INK_FRAME = 95, QN__INK_SOFT = 90 };

/* Lines of a row in the picture; in the dense one they are the same. */
typedef struct qn__row_lines {
    uint32_t top, middle, bottom;
} qn__row_lines;

typedef struct qn__text_view {
    const qn__layout *layout;
    bool ascii, dense;
    qn__row_lines *lines; /* of each row */
    uint32_t height;
    uint32_t *widths; /* of each column */
    uint32_t *at;     /* where it begins on the canvas, when it is there */
    uint32_t label_width;
    uint32_t first, end;          /* the columns that are on the canvas */
    size_t next_item, next_frame; /* the first ones behind the canvas */
    size_t *active, nactive;      /* frames that are on the canvas or may be */
    qn__canvas canvas;
    qn__words words;
} qn__text_view;

/* Columns that an item takes. */
uint32_t qn__text_item_width(qn__text_view *view, const qn__item *item);
void qn__text_draw_item(qn__text_view *view, const qn__item *item);
/* Where the side of a frame stands in its column. */
uint32_t qn__text_side(const qn__text_view *view, uint32_t column);

#endif
