/* plot_svg.c: one plot as native SVG: curves, points, bands, reference lines, marks, labels, legend above, hover
 * titles.
 */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "report/number.h"
#include "report/picture.h"
#include "report/plot_labels.h"
#include "report/text.h"

enum {
    WIDTH = 760,
    HEIGHT = 440,
    THIN_ABOVE = 2000,
    HOVER_POINTS = 300 /* more hover targets than this only make the file heavy */
};

typedef struct frame {
    const qn_plot *plot;
    double width, height;
    qn__picture_area area;
    qn__scale x, y;
} frame;

static bool shown(const qn_plot *plot, double x, double y)
{
    return isfinite(x) && isfinite(y) && (!plot->log_x || x > 0.0) && (!plot->log_y || y > 0.0);
}

static void widen(double *low, double *high, double value)
{
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

static void find_ranges(const qn_plot *plot, double x[2], double y[2])
{
    x[0] = y[0] = (double)INFINITY;
    x[1] = y[1] = -(double)INFINITY;
    for (size_t s = 0; s < plot->nseries; s++) {
        const qn_series *series = &plot->series[s];
        for (size_t i = 0; i < series->count; i++) {
            if (!shown(plot, series->x[i], series->y[i])) {
                continue;
            }
            widen(&x[0], &x[1], series->x[i]);
            widen(&y[0], &y[1], series->y[i]);
            if (series->y_low != NULL && series->y_high != NULL) {
                if (shown(plot, series->x[i], series->y_low[i])) {
                    widen(&y[0], &y[1], series->y_low[i]);
                }
                if (shown(plot, series->x[i], series->y_high[i])) {
                    widen(&y[0], &y[1], series->y_high[i]);
                }
            }
        }
    }
    for (size_t l = 0; l < plot->nlines; l++) {
        if (shown(plot, 1.0, plot->lines[l].y)) {
            widen(&y[0], &y[1], plot->lines[l].y);
        }
    }
    for (size_t m = 0; m < plot->nmarks; m++) {
        const double places[] = {plot->marks[m].x, plot->marks[m].low, plot->marks[m].high};
        for (size_t k = 0; k < 3; k++) {
            if (shown(plot, places[k], 1.0)) {
                widen(&x[0], &x[1], places[k]);
            }
        }
    }
    for (size_t k = 0; k < plot->nlabels; k++) {
        if (shown(plot, plot->labels[k].x, plot->labels[k].y)) {
            widen(&x[0], &x[1], plot->labels[k].x);
            widen(&y[0], &y[1], plot->labels[k].y);
        }
    }
    /* A band is shown whole unless it would squeeze the curves into a corner. */
    const double span = y[1] - y[0];
    for (size_t l = 0; l < plot->nlines; l++) {
        const qn_plot_line *line = &plot->lines[l];
        if (line->half_band > 0.0 && isfinite(line->y) && isfinite(line->half_band) && line->half_band <= 1.5 * span) {
            if (shown(plot, 1.0, line->y - line->half_band)) {
                widen(&y[0], &y[1], line->y - line->half_band);
            }
            widen(&y[0], &y[1], line->y + line->half_band);
        }
    }
    for (int axis = 0; axis < 2; axis++) {
        double *range = axis == 0 ? x : y;
        const bool log = axis == 0 ? plot->log_x : plot->log_y;
        if (range[0] > range[1]) { /* nothing to show */
            range[0] = log ? 0.1 : 0.0;
            range[1] = 1.0;
        }
    }
}

/* Iterations and other counts get ticks at whole numbers. */
static bool whole_numbers(const qn_plot *plot)
{
    for (size_t s = 0; s < plot->nseries; s++) {
        for (size_t i = 0; i < plot->series[s].count; i++) {
            const double x = plot->series[s].x[i];
            if (isfinite(x) && floor(x) != x) {
                return false;
            }
        }
    }
    return true;
}

/* Which points of a long curve are kept: the lowest and the highest of each of THIN_ABOVE / 2 stretches, the first and
 * the last. */
static size_t thin(const qn_series *series, const qn_plot *plot, size_t *keep)
{
    if (series->count <= THIN_ABOVE) {
        for (size_t i = 0; i < series->count; i++) {
            keep[i] = i;
        }
        return series->count;
    }
    const size_t stretches = THIN_ABOVE / 2 - 1;
    size_t kept = 0;
    keep[kept++] = 0;
    for (size_t b = 0; b < stretches; b++) {
        const size_t from = 1 + (size_t)((double)(series->count - 2) * (double)b / (double)stretches);
        const size_t to = 1 + (size_t)((double)(series->count - 2) * (double)(b + 1) / (double)stretches);
        size_t low = SIZE_MAX, high = SIZE_MAX, gap = SIZE_MAX;
        for (size_t i = from; i < to; i++) {
            if (!shown(plot, series->x[i], series->y[i])) {
                gap = i;
                continue;
            }
            low = low == SIZE_MAX || series->y[i] < series->y[low] ? i : low;
            high = high == SIZE_MAX || series->y[i] > series->y[high] ? i : high;
        }
        if (low == SIZE_MAX) {
            if (gap != SIZE_MAX) {
                keep[kept++] = gap;
            }
            continue;
        }
        keep[kept++] = low < high ? low : high;
        if (low != high) {
            keep[kept++] = low < high ? high : low;
        }
    }
    keep[kept++] = series->count - 1;
    return kept;
}

static void band(const frame *f, qn_text *text, const qn_series *series, int color, const size_t *keep, size_t kept)
{
    size_t i = 0;
    while (i < kept) {
        size_t end = i;
        while (end < kept && shown(f->plot, series->x[keep[end]], series->y_low[keep[end]]) &&
               shown(f->plot, series->x[keep[end]], series->y_high[keep[end]])) {
            end++;
        }
        if (end > i + 1) {
            qn_text_printf(text, "<path class=\"area f%d\" d=\"", color);
            for (size_t k = i; k < end; k++) {
                qn__text_puts(text, k == i ? "M" : "L");
                qn__picture_put(text, qn__picture_at_x(&f->x, &f->area, series->x[keep[k]]));
                qn__text_puts(text, " ");
                qn__picture_put(text, qn__picture_at_y(&f->y, &f->area, series->y_high[keep[k]]));
            }
            for (size_t k = end; k > i; k--) {
                qn__text_puts(text, "L");
                qn__picture_put(text, qn__picture_at_x(&f->x, &f->area, series->x[keep[k - 1]]));
                qn__text_puts(text, " ");
                qn__picture_put(text, qn__picture_at_y(&f->y, &f->area, series->y_low[keep[k - 1]]));
            }
            qn__text_puts(text, "Z\"/>\n");
        }
        i = end + 1;
    }
}

static void circle(const frame *f, qn_text *text, const qn_series *series, size_t i, const char *class_name,
                   const char *radius)
{
    char x[QN__NUMBER_SIZE], y[QN__NUMBER_SIZE];
    qn_text_printf(text, "<circle class=\"%s\" r=\"%s\"", class_name, radius);
    qn__picture_attribute(text, "cx", qn__picture_at_x(&f->x, &f->area, series->x[i]));
    qn__picture_attribute(text, "cy", qn__picture_at_y(&f->y, &f->area, series->y[i]));
    qn__text_puts(text, "><title>");
    qn__text_xml(text, series->name != NULL ? series->name : "");
    qn_text_printf(text, "%s(%s, %s)</title></circle>\n", series->name != NULL && series->name[0] != '\0' ? " " : "",
                   qn__number_format(x, sizeof x, series->x[i], 7, 'g'),
                   qn__number_format(y, sizeof y, series->y[i], 10, 'g'));
}

static void draw_series(const frame *f, qn_text *text, const qn_series *series, int color)
{
    size_t *keep = qn__alloc(series->count < THIN_ABOVE ? series->count : THIN_ABOVE + 2, sizeof *keep);
    if (keep == NULL) {
        qn__text_fail(text, QN_ERR_MEMORY);
        return;
    }
    const size_t kept = thin(series, f->plot, keep);
    char class_name[16] = "hit f0";
    class_name[5] = (char)('0' + color);
    if (series->y_low != NULL && series->y_high != NULL) {
        band(f, text, series, color, keep, kept);
    }
    size_t visible = 0;
    bool open = false;
    for (size_t k = 0; k < kept && !series->points; k++) {
        const size_t i = keep[k];
        if (!shown(f->plot, series->x[i], series->y[i])) {
            if (open) {
                qn__text_puts(text, "\"/>\n");
                open = false;
            }
            continue;
        }
        if (!open) {
            qn_text_printf(text, "<path class=\"line s%d\" d=\"M", color);
        } else {
            qn__text_puts(text, "L");
        }
        qn__picture_put(text, qn__picture_at_x(&f->x, &f->area, series->x[i]));
        qn__text_puts(text, " ");
        qn__picture_put(text, qn__picture_at_y(&f->y, &f->area, series->y[i]));
        open = true;
    }
    if (open) {
        qn__text_puts(text, "\"/>\n");
    }
    for (size_t k = 0; k < kept; k++) {
        visible += shown(f->plot, series->x[keep[k]], series->y[keep[k]]);
    }
    const size_t stride = series->points ? 1 : visible / HOVER_POINTS + 1;
    size_t seen = 0;
    for (size_t k = 0; k < kept; k++) {
        const size_t i = keep[k];
        if (!shown(f->plot, series->x[i], series->y[i])) {
            continue;
        }
        if (series->points) {
            circle(f, text, series, i, class_name + 4, "3");
        } else if (visible == 1) { /* a line of one point is invisible without its dot */
            circle(f, text, series, i, class_name + 4, "3.5");
        } else if (seen % stride == 0 || k + 1 == kept) {
            circle(f, text, series, i, class_name, "5");
        }
        seen++;
    }
    qn__free(keep);
}

static bool has_band(const qn_plot_mark *mark)
{
    return !isnan(mark->low) && !isnan(mark->high) && mark->low < mark->high;
}

/* A vertical line and its band, from top to bottom. */
static void draw_mark(const frame *f, qn_text *text, const qn_plot_mark *mark, size_t color)
{
    char name[24], number[QN__NUMBER_SIZE];
    const bool banded = has_band(mark);
    const bool line = shown(f->plot, mark->x, 1.0);
    if (!banded && !line) {
        return;
    }
    qn__text_puts(text, "<g>");
    if (banded) {
        const qn__picture_area *area = &f->area;
        const double low = shown(f->plot, mark->low, 1.0) ? qn__picture_at_x(&f->x, area, mark->low) : area->left;
        const double high = isfinite(mark->high) ? qn__picture_at_x(&f->x, area, mark->high) : area->right;
        (void)snprintf(name, sizeof name, "area rf%zu", color);
        qn__picture_rect(text, name, fmax(low, area->left), area->top, fmin(high, area->right) - fmax(low, area->left),
                         area->bottom - area->top);
        qn__text_puts(text, "/>\n");
    }
    if (line) {
        const double x = qn__picture_at_x(&f->x, &f->area, mark->x);
        (void)snprintf(name, sizeof name, "ref rs%zu", color);
        qn__picture_line(text, name, x, f->area.top, x, f->area.bottom);
    }
    qn__text_puts(text, "<title>");
    qn__text_xml(text, mark->name != NULL ? mark->name : "");
    if (line) {
        qn_text_printf(text, ": %s", qn__number_format(number, sizeof number, mark->x, 7, 'g'));
    }
    qn__text_puts(text, "</title></g>\n");
}

/* Series, then lines, then marks, with their colours. Lines and marks share the colours of references. */
static qn__picture_entry *legend_of(const qn_plot *plot, size_t *count)
{
    *count = plot->nseries + plot->nlines + plot->nmarks;
    qn__picture_entry *const entries = qn__alloc(*count, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < *count; i++) {
        if (i < plot->nseries) {
            entries[i] = (qn__picture_entry){
                plot->series[i].name, plot->series[i].points ? QN__PICTURE_SWATCH_POINT : QN__PICTURE_SWATCH_LINE, i};
        } else if (i < plot->nseries + plot->nlines) {
            const qn_plot_line *line = &plot->lines[i - plot->nseries];
            entries[i] = (qn__picture_entry){
                line->name, line->half_band > 0.0 ? QN__PICTURE_SWATCH_REFERENCE_BAND : QN__PICTURE_SWATCH_REFERENCE,
                i - plot->nseries};
        } else {
            const qn_plot_mark *mark = &plot->marks[i - plot->nseries - plot->nlines];
            entries[i] = (qn__picture_entry){
                mark->name, has_band(mark) ? QN__PICTURE_SWATCH_MARK_BAND : QN__PICTURE_SWATCH_MARK, i - plot->nseries};
        }
    }
    return entries;
}

/* Everything outside the plotting area is placed first; what is left is for the curves. `head` is what the heading and
 * the legend take. */
static void lay_out(frame *f, double head)
{
    const qn_plot *plot = f->plot;
    qn__picture_area *area = &f->area;
    double x[2], y[2];
    find_ranges(plot, x, y);
    head += 10.0;
    area->bottom = f->height - (plot->x_label != NULL ? 54.0 : 34.0);
    const unsigned rows = (unsigned)fmax(2.0, (area->bottom - head) / 46.0);
    qn__scale_make(&f->y, y[0], y[1], plot->log_y, rows, plot->nlabels > 0 ? 0.08 : 0.05, false);
    area->top = head + (plot->y_label != NULL || f->y.note[0] != '\0' ? 18.0 : 0.0);
    if (area->bottom < area->top + 40.0) { /* a small picture grows rather than that its parts cover each other */
        f->height += area->top + 40.0 - area->bottom;
        area->bottom = area->top + 40.0;
    }
    area->left = qn__picture_axis_width(&f->y);
    area->right = f->width - 24.0;
    if (area->right < area->left + 40.0) {
        area->right = area->left + 40.0;
    }
    const unsigned columns = (unsigned)fmax(2.0, (area->right - area->left) / 75.0);
    qn__scale_make(&f->x, x[0], x[1], plot->log_x, columns, plot->nlabels > 0 ? 0.05 : 0.0, whole_numbers(plot));
}

static void draw(const frame *f, qn_text *text)
{
    const qn_plot *plot = f->plot;
    const qn__picture_area *area = &f->area;
    qn__picture_axis_y(text, &f->y, area, plot->y_label);
    qn__picture_axis_x(text, &f->x, area, false, plot->x_label);
    /* A nested svg clips what runs out of the area; its own coordinates are those of the outer one. */
    const double box[] = {area->left - 6.0, area->top - 4.0, area->right - area->left + 12.0,
                          area->bottom - area->top + 8.0};
    static const char *const names[] = {"x", "y", "width", "height"};
    qn__text_puts(text, "<svg");
    for (size_t k = 0; k < 4; k++) {
        qn__picture_attribute(text, names[k], box[k]);
    }
    qn__text_puts(text, " viewBox=\"");
    for (size_t k = 0; k < 4; k++) {
        qn__text_puts(text, k > 0 ? " " : "");
        qn__picture_put(text, box[k]);
    }
    qn__text_puts(text, "\">\n");
    for (size_t m = 0; m < plot->nmarks; m++) {
        draw_mark(f, text, &plot->marks[m], (plot->nlines + m) % QN__PICTURE_REFERENCES);
    }
    for (size_t l = 0; l < plot->nlines; l++) {
        if (shown(plot, 1.0, plot->lines[l].y)) {
            qn__picture_reference(text, &f->y, area, &plot->lines[l], l % QN__PICTURE_REFERENCES);
        }
    }
    for (size_t s = 0; s < plot->nseries; s++) {
        draw_series(f, text, &plot->series[s], (int)(s % QN__PICTURE_COLORS));
    }
    qn__text_puts(text, "</svg>\n");
    qn__plot_labels(text, plot, &f->x, &f->y, area);
}

void qn_text_plot(qn_text *text, const qn_plot *plot, bool standalone)
{
    if (plot->size != sizeof *plot) {
        qn__text_fail(text, QN_ERR_ARGUMENT);
        return;
    }
    size_t count = 0;
    qn__picture_entry *const entries = legend_of(plot, &count);
    if (entries == NULL) {
        qn__text_fail(text, QN_ERR_MEMORY);
        return;
    }
    frame f = {
        .plot = plot, .width = qn__picture_size(plot->width, WIDTH), .height = qn__picture_size(plot->height, HEIGHT)};
    const double legend_at = qn__picture_heading(NULL, f.width, plot->title, plot->subtitle);
    lay_out(&f, qn__picture_legend(NULL, entries, count, f.width, legend_at));
    qn__picture_begin(text, f.width, f.height, plot->title, standalone);
    (void)qn__picture_heading(text, f.width, plot->title, plot->subtitle);
    (void)qn__picture_legend(text, entries, count, f.width, legend_at);
    draw(&f, text);
    qn__picture_end(text);
    qn__free(entries);
}
