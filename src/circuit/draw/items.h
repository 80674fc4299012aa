/* items.h: from one placed operation to its cells and words. */
#ifndef QN_CIRCUIT_DRAW_ITEMS_H
#define QN_CIRCUIT_DRAW_ITEMS_H

#include "circuit/draw/survey.h"

typedef struct qn__item_maker {
    qn__layout *layout;
    const qn__survey *survey;
    bool ascii;
    uint32_t label_columns;
    qn__cell *scratch; /* one a row */
    bool *used;        /* which of them; all false between calls */
    qn__words words;
} qn__item_maker;

/* Adds the item of an operation; none for ELSE and END, which are drawn with their frame. `block` is
 * kept where the number of the frame comes later. */
QN_MUST_USE qn_status qn__item_add(qn__item_maker *maker, size_t index, uint32_t column, qn__span rows, uint32_t block);
/* Text of an item's box at one of its BOX cells, where its boxes are not joined: RZ(pi/4). */
void qn__item_text(const qn__layout *layout, const qn__item *item, size_t cell, qn__words *words);

#endif
