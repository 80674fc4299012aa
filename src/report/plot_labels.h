/* plot_labels.h: words beside points. */
#ifndef QN_REPORT_PLOT_LABELS_H
#define QN_REPORT_PLOT_LABELS_H

#include "report/picture.h"

/* Writes the plot's labels where they cover no dot and no other label; those without such a place get a hover title
 * only. */
void qn__plot_labels(qn_text *text, const qn_plot *plot, const qn__scale *x, const qn__scale *y,
                     const qn__picture_area *area);

#endif
