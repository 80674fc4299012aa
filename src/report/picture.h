/* picture.h: what all pictures share: colours and fonts, coordinates, words that fit, heading, legend, axes. */
#ifndef QN_REPORT_PICTURE_H
#define QN_REPORT_PICTURE_H

#include <quern/report.h>

#include "report/plot_scale.h"

enum {
    QN__PICTURE_COLORS = 6,
    QN__PICTURE_REFERENCES = 3,
    QN__PICTURE_LINE = 256,
    QN__PICTURE_LINES = 3,
    QN__PICTURE_TEXT_SIZE = 12
};

/* The drawing area, in pixels. */
typedef struct qn__picture_area {
    double left, right, top, bottom;
} qn__picture_area;

/* The header of a standalone file, the element itself, its accessible title, style sheet, background. */
void qn__picture_begin(qn_text *text, double width, double height, const char *title, bool standalone);
void qn__picture_end(qn_text *text);
/* A width or height that was asked for, kept in sensible limits; 0: `fallback`. */
double qn__picture_size(uint32_t wanted, double fallback);

/* A coordinate with two decimals, the same in every locale. */
void qn__picture_put(qn_text *text, double value);
void qn__picture_attribute(qn_text *text, const char *name, double value);
/* `class_name` may be "". */
void qn__picture_text(qn_text *text, double x, double y, const char *anchor, const char *class_name, const char *words);
void qn__picture_line(qn_text *text, const char *class_name, double x1, double y1, double x2, double y2);
/* An open <rect ...; the caller writes more attributes or the end. */
void qn__picture_rect(qn_text *text, const char *class_name, double x, double y, double width, double height);
/* <title> with escaped words. */
void qn__picture_title(qn_text *text, const char *words);

/* Pixels that a text takes; a little generous, since the reader's font is unknown. */
double qn__picture_text_width(const char *words, double size);
/* The words in at most `most` (1 to QN__PICTURE_LINES) lines of `width` pixels, what is left over cut with "…". Gives
 * the number of lines; 0 for no words. */
size_t qn__picture_wrap(const char *words, double size, double width, size_t most, char lines[][QN__PICTURE_LINE]);
/* The same for one line. */
const char *qn__picture_fit(char line[QN__PICTURE_LINE], const char *words, double size, double width);

/* Title and subtitle, wrapped, at the top left; draws unless `text` is NULL. Gives the y below them. */
double qn__picture_heading(qn_text *text, double width, const char *title, const char *subtitle);

typedef enum qn__picture_swatch {
    QN__PICTURE_SWATCH_LINE,
    QN__PICTURE_SWATCH_POINT,
    QN__PICTURE_SWATCH_BOX,
    QN__PICTURE_SWATCH_REFERENCE,
    QN__PICTURE_SWATCH_REFERENCE_BAND,
    QN__PICTURE_SWATCH_MARK,
    QN__PICTURE_SWATCH_MARK_BAND
} qn__picture_swatch;
typedef struct qn__picture_entry {
    const char *name; /* NULL or "": not shown */
    qn__picture_swatch swatch;
    size_t color;
} qn__picture_entry;
/* Entries in rows from (20, y) on; draws unless `text` is NULL. Gives the y below them. */
double qn__picture_legend(qn_text *text, const qn__picture_entry *entries, size_t count, double width, double y);

/* Marks and numbers of an axis below the area, labels that would touch left out; its name under them. `grid` draws
 * lines through the area too. */
void qn__picture_axis_x(qn_text *text, const qn__scale *scale, const qn__picture_area *area, bool grid,
                        const char *name);
/* The same at the left, always with a grid; its name stands over it, upright. */
void qn__picture_axis_y(qn_text *text, const qn__scale *scale, const qn__picture_area *area, const char *name);
/* Pixels for the numbers of a vertical axis, its distance from the left edge included. */
double qn__picture_axis_width(const qn__scale *scale);
double qn__picture_at_x(const qn__scale *scale, const qn__picture_area *area, double value);
double qn__picture_at_y(const qn__scale *scale, const qn__picture_area *area, double value);

/* A horizontal reference line with its band, over the whole area. `color` below QN__PICTURE_REFERENCES. Values must be
 * visible on the scale. */
void qn__picture_reference(qn_text *text, const qn__scale *scale, const qn__picture_area *area,
                           const qn_plot_line *line, size_t color);

#endif
