/* svg.h: what all pictures share: colours and fonts, coordinates, words that fit, heading, legend, axes. */
#ifndef QN_REPORT_SVG_H
#define QN_REPORT_SVG_H

#include <quern/report.h>

#include "report/plot_scale.h"

enum { QN__SVG_COLORS = 6, QN__SVG_REFERENCES = 3, QN__SVG_LINE = 256, QN__SVG_LINES = 3, QN__SVG_TEXT_SIZE = 12 };

/* The drawing area, in pixels. */
typedef struct qn__svg_area {
    double left, right, top, bottom;
} qn__svg_area;

/* The header of a standalone file, the element itself, its accessible title, style sheet, background. */
void qn__svg_begin(qn_text *text, double width, double height, const char *title, bool standalone);
void qn__svg_end(qn_text *text);
/* A width or height that was asked for, kept in sensible limits; 0: `fallback`. */
double qn__svg_size(uint32_t wanted, double fallback);

/* A coordinate with two decimals, the same in every locale. */
void qn__svg_put(qn_text *text, double value);
void qn__svg_attribute(qn_text *text, const char *name, double value);
/* `class_name` may be "". */
void qn__svg_text(qn_text *text, double x, double y, const char *anchor, const char *class_name, const char *words);
void qn__svg_line(qn_text *text, const char *class_name, double x1, double y1, double x2, double y2);
/* An open <rect ...; the caller writes more attributes or the end. */
void qn__svg_rect(qn_text *text, const char *class_name, double x, double y, double width, double height);
/* <title> with escaped words. */
void qn__svg_title(qn_text *text, const char *words);

/* Pixels that a text takes; a little generous, since the reader's font is unknown. */
double qn__svg_text_width(const char *words, double size);
/* The words in at most `most` (1 to QN__SVG_LINES) lines of `width` pixels, what is left over cut with "…". Gives the
 * number of lines; 0 for no words. */
size_t qn__svg_wrap(const char *words, double size, double width, size_t most, char lines[][QN__SVG_LINE]);
/* The same for one line. */
const char *qn__svg_fit(char line[QN__SVG_LINE], const char *words, double size, double width);

/* Title and subtitle, wrapped, at the top left; draws unless `text` is NULL. Gives the y below them. */
double qn__svg_heading(qn_text *text, double width, const char *title, const char *subtitle);

typedef enum qn__svg_swatch {
    QN__SVG_SWATCH_LINE,
    QN__SVG_SWATCH_POINT,
    QN__SVG_SWATCH_BOX,
    QN__SVG_SWATCH_REFERENCE,
    QN__SVG_SWATCH_REFERENCE_BAND,
    QN__SVG_SWATCH_MARK
} qn__svg_swatch;
typedef struct qn__svg_entry {
    const char *name; /* NULL or "": not shown */
    qn__svg_swatch swatch;
    size_t color;
} qn__svg_entry;
/* Entries in rows from (20, y) on; draws unless `text` is NULL. Gives the y below them. */
double qn__svg_legend(qn_text *text, const qn__svg_entry *entries, size_t count, double width, double y);

/* Marks and numbers of an axis below the area, labels that would touch left out; its name under them. `grid` draws
 * lines through the area too. */
void qn__svg_axis_x(qn_text *text, const qn__scale *scale, const qn__svg_area *area, bool grid, const char *name);
/* The same at the left, always with a grid; its name stands over it, upright. */
void qn__svg_axis_y(qn_text *text, const qn__scale *scale, const qn__svg_area *area, const char *name);
/* Pixels for the numbers of a vertical axis, its distance from the left edge included. */
double qn__svg_axis_width(const qn__scale *scale);
double qn__svg_at_x(const qn__scale *scale, const qn__svg_area *area, double value);
double qn__svg_at_y(const qn__scale *scale, const qn__svg_area *area, double value);

/* A horizontal reference line with its band, over the whole area. `color` below QN__SVG_REFERENCES. Values must be
 * visible on the scale. */
void qn__svg_reference(qn_text *text, const qn__scale *scale, const qn__svg_area *area, const qn_plot_line *line,
                       size_t color);

#endif
