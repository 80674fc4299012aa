/* figure.c: any one picture. */
#include "report/text.h"

void qn_text_figure(qn_text *text, const qn_figure *figure, bool standalone)
{
    if (figure->picture == NULL) {
        qn__text_fail(text, QN_ERR_ARGUMENT);
        return;
    }
    switch (figure->kind) {
    case QN_FIGURE_PLOT:
        qn_text_plot(text, figure->picture, standalone);
        return;
    case QN_FIGURE_BARS:
        qn_text_bars(text, figure->picture, standalone);
        return;
    case QN_FIGURE_COLUMNS:
        qn_text_columns(text, figure->picture, standalone);
        return;
    case QN_FIGURE_TIMELINE:
        qn_text_timeline(text, figure->picture, standalone);
        return;
    case QN_FIGURE_HEAT_MAP:
        qn_text_heat_map(text, figure->picture, standalone);
        return;
    }
    qn__text_fail(text, QN_ERR_ARGUMENT);
}
