/* place.h: operations into columns. */
#ifndef QN_CIRCUIT_DRAW_PLACE_H
#define QN_CIRCUIT_DRAW_PLACE_H

#include "circuit/draw/items.h"

/* Places all that is shown, makes its items, and notes in the blocks of the survey where their sides are. Linear in the
 * length of the circuit, with memory for what is shown only. */
QN_MUST_USE qn_status qn__place_all(qn__item_maker *maker, qn__survey *survey);

#endif
