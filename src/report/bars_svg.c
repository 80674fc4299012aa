/* bars_svg.c: horizontal bars from a base line, one a row: name, bar with whisker, value. */
#include <math.h>
#include <stdio.h>

#include "report/number.h"
#include "report/picture.h"
#include "report/text.h"

enum { WIDTH = 760, LINE_HEIGHT = 15, GAP = 12, BAR_MOST = 18 };

typedef struct chart {
    const qn_bars *bars;
    double width, height, names; /* names: pixels of the column of names */
    double base;
    qn__picture_area area;
    qn__scale scale;
} chart;

static bool shown(const chart *c, double value)
{
    return isfinite(value) && (!c->bars->log_x || value > 0.0);
}

static const char *value_text(const qn_bars *bars, double value, char *buffer, size_t capacity)
{
    return qn_human(buffer, capacity, value, bars->unit);
}

static size_t name_lines(const chart *c, size_t i, char lines[][QN__PICTURE_LINE])
{
    return qn__picture_wrap(c->bars->bars[i].name, QN__PICTURE_TEXT_SIZE, c->names, 2, lines);
}

static double row_height(const chart *c, size_t i)
{
    char lines[QN__PICTURE_LINES][QN__PICTURE_LINE];
    const size_t count = name_lines(c, i, lines);
    return (double)(count > 1 ? count : 1) * LINE_HEIGHT + GAP;
}

/* How far a row reaches to both sides, whisker included. */
static void extent(const chart *c, const qn_bar *bar, double *low, double *high)
{
    const double places[] = {bar->value, bar->low, bar->high};
    for (size_t k = 0; k < 3; k++) {
        if (shown(c, places[k])) {
            *low = fmin(*low, places[k]);
            *high = fmax(*high, places[k]);
        }
    }
}

/* The value is written beyond the bar: to the left of bars that point left. */
static bool points_left(const chart *c, const qn_bar *bar)
{
    return !c->bars->log_x && shown(c, bar->value) && bar->value < c->base;
}

/* Room at both sides of the bars for the values: so much that the text beyond each bar's end stays in the picture. The
 * ends move as the bars get shorter: a few rounds settle it. */
static void leave_room(chart *c, double begin, double end)
{
    c->area.left = begin;
    c->area.right = end;
    for (int round = 0; round < 4; round++) {
        double left = begin, right = end;
        const double width = c->area.right - c->area.left;
        for (size_t i = 0; i < c->bars->nbars; i++) {
            const qn_bar *bar = &c->bars->bars[i];
            char value[64];
            const double text = 8.0 + qn__picture_text_width(value_text(c->bars, bar->value, value, sizeof value),
                                                             QN__PICTURE_TEXT_SIZE);
            double low = c->bars->log_x ? c->scale.low : c->base, high = low;
            extent(c, bar, &low, &high);
            if (points_left(c, bar)) {
                left = fmax(left, begin + text - qn__scale_place(&c->scale, low) * width);
            } else {
                right = fmin(right, end - text + (1.0 - qn__scale_place(&c->scale, high)) * width);
            }
        }
        c->area.left = fmin(left, begin + (end - begin) * 0.3);
        c->area.right = fmax(right, end - (end - begin) * 0.4);
    }
}

static void lay_out(chart *c, double head)
{
    const qn_bars *bars = c->bars;
    double low = bars->log_x ? (double)INFINITY : c->base, high = bars->log_x ? -(double)INFINITY : c->base, rows = 0.0;
    for (size_t i = 0; i < bars->nbars; i++) {
        const char *const name = bars->bars[i].name;
        c->names = fmax(c->names, name != NULL ? qn__picture_text_width(name, QN__PICTURE_TEXT_SIZE) : 0.0);
        extent(c, &bars->bars[i], &low, &high);
    }
    c->names = fmin(c->names, c->width * 0.36);
    for (size_t i = 0; i < bars->nbars; i++) {
        rows += row_height(c, i);
    }
    if (low > high) { /* nothing to show */
        low = 0.1;
        high = 1.0;
    } else if (bars->log_x) { /* the smallest bar must have a length too */
        low = low < high ? low / pow(high / low, 0.08) : low / 10.0;
    }
    qn__scale_make(&c->scale, low, high, bars->log_x, 5, 0.0, false);
    leave_room(c, 20.0 + c->names + 12.0, c->width - 20.0);
    const unsigned ticks = (unsigned)fmax(2.0, (c->area.right - c->area.left) / 85.0);
    qn__scale_make(&c->scale, low, high, bars->log_x, ticks, 0.0, false);
    c->area.top = head + 6.0;
    c->area.bottom = c->area.top + rows + 4.0;
    c->height = c->area.bottom + (bars->x_label != NULL ? 54.0 : 34.0);
}

static void whisker(const chart *c, qn_text *text, const qn_bar *bar, double middle, double half)
{
    if (!shown(c, bar->low) || !shown(c, bar->high)) {
        return;
    }
    const double low = qn__picture_at_x(&c->scale, &c->area, bar->low);
    const double high = qn__picture_at_x(&c->scale, &c->area, bar->high);
    qn__picture_line(text, "whisker", low, middle, high, middle);
    qn__picture_line(text, "whisker", low, middle - half, low, middle + half);
    qn__picture_line(text, "whisker", high, middle - half, high, middle + half);
}

static void hover(const chart *c, qn_text *text, const qn_bar *bar)
{
    char value[64], low[64], high[64];
    qn__text_puts(text, "<title>");
    qn__text_xml(text, bar->name != NULL ? bar->name : "");
    qn_text_printf(text, ": ");
    qn__text_xml(text, value_text(c->bars, bar->value, value, sizeof value));
    if (shown(c, bar->low) && shown(c, bar->high)) {
        qn_text_printf(text, " (");
        qn__text_xml(text, value_text(c->bars, bar->low, low, sizeof low));
        qn_text_printf(text, " to ");
        qn__text_xml(text, value_text(c->bars, bar->high, high, sizeof high));
        qn_text_printf(text, ")");
    }
    if (bar->note != NULL && bar->note[0] != '\0') {
        qn_text_printf(text, "; ");
        qn__text_xml(text, bar->note);
    }
    qn__text_puts(text, "</title>");
}

static void draw_row(const chart *c, qn_text *text, size_t i, double top)
{
    const qn_bar *bar = &c->bars->bars[i];
    char lines[QN__PICTURE_LINES][QN__PICTURE_LINE], value[64];
    const size_t count = name_lines(c, i, lines);
    const double height = row_height(c, i), middle = top + height / 2.0, half = fmin(height - 8.0, BAR_MOST) / 2.0;
    const double first = middle - (double)(count > 0 ? count - 1 : 0) * LINE_HEIGHT / 2.0 + 4.0;
    const double zero = c->bars->log_x ? c->area.left : qn__picture_at_x(&c->scale, &c->area, c->base);
    const bool left = points_left(c, bar);
    double from = zero, to = zero, low = bar->value, high = bar->value;
    qn__text_puts(text, "<g>");
    hover(c, text, bar);
    qn__text_puts(text, "\n");
    for (size_t k = 0; k < count; k++) {
        qn__picture_text(text, 20.0 + c->names, first + (double)k * LINE_HEIGHT, "end", "", lines[k]);
    }
    if (shown(c, bar->value)) {
        const double at = qn__picture_at_x(&c->scale, &c->area, bar->value);
        qn__picture_rect(text, left ? "bar f1" : "bar f0", fmin(zero, at), middle - half, fabs(at - zero), 2.0 * half);
        qn__text_puts(text, "/>\n");
        extent(c, bar, &low, &high);
        from = fmin(zero, qn__picture_at_x(&c->scale, &c->area, low));
        to = fmax(zero, qn__picture_at_x(&c->scale, &c->area, high));
    }
    whisker(c, text, bar, middle, half * 0.6);
    (void)value_text(c->bars, bar->value, value, sizeof value);
    qn__picture_text(text, left ? from - 6.0 : to + 6.0, middle + 4.0, left ? "end" : "start", "", value);
    qn__text_puts(text, "</g>\n");
}

void qn_text_bars(qn_text *text, const qn_bars *bars, bool standalone)
{
    if (bars->size != sizeof *bars) {
        qn__text_fail(text, QN_ERR_ARGUMENT);
        return;
    }
    chart c = {
        .bars = bars, .width = qn__picture_size(bars->width, WIDTH), .base = isfinite(bars->base) ? bars->base : 0.0};
    lay_out(&c, qn__picture_heading(NULL, c.width, bars->title, bars->subtitle));
    qn__picture_begin(text, c.width, c.height, bars->title, standalone);
    (void)qn__picture_heading(text, c.width, bars->title, bars->subtitle);
    qn__picture_axis_x(text, &c.scale, &c.area, true, bars->x_label);
    double top = c.area.top + 2.0;
    for (size_t i = 0; i < bars->nbars; i++) {
        draw_row(&c, text, i, top);
        top += row_height(&c, i);
    }
    const double zero = bars->log_x ? c.area.left : qn__picture_at_x(&c.scale, &c.area, c.base);
    qn__picture_line(text, "axis", zero, c.area.top, zero, c.area.bottom);
    qn__picture_end(text);
}
