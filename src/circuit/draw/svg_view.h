/* svg_view.h: a layout with the sizes it has as SVG. All lengths are whole pixels. */
#ifndef QN_CIRCUIT_DRAW_SVG_VIEW_H
#define QN_CIRCUIT_DRAW_SVG_VIEW_H

#include "circuit/draw/items.h"

typedef long long qn__px;

enum {
    QN__SVG_BOX = 32, /* least width, and height, of a box */
    QN__SVG_NAME = 14,
    QN__SVG_SMALL = 11,
    QN__SVG_SIDE = 10 /* of a frame, from the left of its column */
};

typedef struct qn__svg_view {
    const qn__layout *layout;
    qn_text *text;
    qn__px *middle;                       /* of each row, from the top of a strip */
    qn__px *widths;                       /* of each column */
    qn__px *at;                           /* where a column begins, when it is in the strip */
    qn__px height;                        /* of a strip */
    qn__px label_width, strip_width, top; /* top: of the strip that is drawn */
    uint32_t first, end;                  /* columns in the strip */
    size_t next_item, next_frame, *active, nactive;
    bool rotated; /* words of the gap stand upright */
    qn__words words;
} qn__svg_view;

/* Pixels that a text takes; a little generous, since the reader's font is unknown. */
qn__px qn__svg_text_width(const char *text, qn__px size);
qn__px qn__svg_item_width(qn__svg_view *view, const qn__item *item);
void qn__svg_item(qn__svg_view *view, const qn__item *item);
void qn__svg_frame(qn__svg_view *view, const qn__frame *frame);
/* Space over and under the box of a row for the sides of frames. */
qn__px qn__svg_frame_top(const qn__svg_view *view, const qn__frame *frame);
qn__px qn__svg_frame_bottom(const qn__svg_view *view, const qn__frame *frame);
/* <text> with escapes. `place`: "middle", "start" or "end". */
void qn__svg_words(qn__svg_view *view, const char *class_name, const char *place, qn__px x, qn__px y,
                   const char *words);
void qn__svg_style(qn_text *text);

#endif
