/* latex.h: the words of a picture in LaTeX. */
#ifndef QN_CIRCUIT_DRAW_LATEX_H
#define QN_CIRCUIT_DRAW_LATEX_H

#include "circuit/draw/items.h"

/* For math mode: theta[0] becomes \theta_{0}, names of several letters upright. */
void qn__latex_math(qn_text *text, const char *words);
/* For text mode: special characters escaped, Greek letters and the like in math mode. */
void qn__latex_text(qn_text *text, const char *words);

#endif
