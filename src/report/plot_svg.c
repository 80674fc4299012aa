/* plot_svg.c: one plot as native SVG: curves, points, bands, reference lines, legend above, hover titles.
 *
 * Colours are those of M. Okabe and K. Ito, which colour-blind readers can tell apart; light and dark follow the
 * reader's setting. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "report/number.h"
#include "report/plot_scale.h"
#include "report/text.h"

enum {
    WIDTH = 760,
    HEIGHT = 440,
    LEAST = 200,
    MOST = 8000,
    THIN_ABOVE = 2000,
    HOVER_POINTS = 300, /* more hover targets than this only make the file heavy */
    COLORS = 6,
    TITLE_SIZE = 17,
    TEXT_SIZE = 12
};

typedef struct frame {
    const qn_plot *plot;
    double width, height;
    double left, right, top, bottom; /* of the plotting area, in pixels */
    qn__scale x, y;
} frame;

static const char style_sheet[] =
    ".qn-plot text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu "
    "Sans',sans-serif;font-size:12px;fill:#444}\n"
    ".qn-plot .title{font-size:17px;font-weight:600;fill:#111}.qn-plot .bg{fill:#fff}.qn-plot .soft{fill:#666}\n"
    ".qn-plot .grid{stroke:#e6e6e6;stroke-width:1}.qn-plot .axis{stroke:#999;stroke-width:1;fill:none}\n"
    ".qn-plot .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.qn-plot .ref{stroke-width:1.5;"
    "stroke-dasharray:6 4;fill:none}\n"
    ".qn-plot .area{fill-opacity:.16;stroke:none}.qn-plot .hit{fill-opacity:0;stroke:none}.qn-plot "
    ".hit:hover{fill-opacity:1}\n"
    ".qn-plot .s0{stroke:#0072b2}.qn-plot .f0{fill:#0072b2}.qn-plot .s1{stroke:#d55e00}.qn-plot .f1{fill:#d55e00}\n"
    ".qn-plot .s2{stroke:#009e73}.qn-plot .f2{fill:#009e73}.qn-plot .s3{stroke:#b3589a}.qn-plot .f3{fill:#b3589a}\n"
    ".qn-plot .s4{stroke:#b58900}.qn-plot .f4{fill:#b58900}.qn-plot .s5{stroke:#3f9fd0}.qn-plot .f5{fill:#3f9fd0}\n"
    ".qn-plot .rs0{stroke:#b3261e}.qn-plot .rf0{fill:#b3261e}.qn-plot .rs1{stroke:#707070}.qn-plot .rf1{fill:#707070}\n"
    "@media (prefers-color-scheme:dark){.qn-plot text{fill:#c8c8c8}.qn-plot .title{fill:#f2f2f2}.qn-plot "
    ".bg{fill:#16181d}\n"
    ".qn-plot .soft{fill:#9a9a9a}.qn-plot .grid{stroke:#2c3038}.qn-plot .axis{stroke:#6b7280}\n"
    ".qn-plot .s0{stroke:#56b4e9}.qn-plot .f0{fill:#56b4e9}.qn-plot .s1{stroke:#e69f00}.qn-plot .f1{fill:#e69f00}\n"
    ".qn-plot .s2{stroke:#2ec99a}.qn-plot .f2{fill:#2ec99a}.qn-plot .s3{stroke:#e39bd0}.qn-plot .f3{fill:#e39bd0}\n"
    ".qn-plot .s4{stroke:#f0e442}.qn-plot .f4{fill:#f0e442}.qn-plot .rs0{stroke:#ff8a80}.qn-plot .rf0{fill:#ff8a80}\n"
    ".qn-plot .rs1{stroke:#a8a8a8}.qn-plot .rf1{fill:#a8a8a8}}\n";

/* Pixels that a text takes in the font of labels; a little generous, since the reader's font is unknown. */
static double text_width(const char *text, double size)
{
    double width = 0.0; /* in units of the size, as in a wide sans serif */
    for (; *text != '\0'; text++) {
        if (((unsigned char)*text & 0xC0) != 0x80) {
            width += strchr(" ijlft.,:;'|!()[]-", *text) != NULL ? 0.38 : strchr("mwMW@%", *text) != NULL ? 0.95 : 0.64;
        }
    }
    return width * size;
}

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

static double at_x(const frame *f, double value)
{
    return f->left + qn__scale_place(&f->x, value) * (f->right - f->left);
}

static double at_y(const frame *f, double value)
{
    return f->bottom - qn__scale_place(&f->y, value) * (f->bottom - f->top);
}

/* A coordinate with two decimals, the same in every locale. */
static void put(qn_text *text, double value)
{
    char number[QN__NUMBER_SIZE];
    value = fmin(fmax(value, -99999.0), 99999.0);
    qn__number_format(number, sizeof number, value, 2, 'f');
    qn__text_puts(text, number);
}

static void attribute(qn_text *text, const char *name, double value)
{
    qn_text_printf(text, " %s=\"", name);
    put(text, value);
    qn__text_puts(text, "\"");
}

static void label(qn_text *text, double x, double y, const char *anchor, const char *class_name, const char *words)
{
    qn__text_puts(text, "<text");
    attribute(text, "x", x);
    attribute(text, "y", y);
    qn_text_printf(text, " text-anchor=\"%s\"%s%s%s>", anchor, class_name[0] != '\0' ? " class=\"" : "", class_name,
                   class_name[0] != '\0' ? "\"" : "");
    qn__text_xml(text, words);
    qn__text_puts(text, "</text>\n");
}

static void segment(qn_text *text, const char *class_name, double x1, double y1, double x2, double y2)
{
    qn_text_printf(text, "<line class=\"%s\"", class_name);
    attribute(text, "x1", x1);
    attribute(text, "y1", y1);
    attribute(text, "x2", x2);
    attribute(text, "y2", y2);
    qn__text_puts(text, "/>\n");
}

/* Entries of the legend in rows; draws when `text` is not NULL. Returns the height used. */
static double legend(const frame *f, qn_text *text, double x0, double y0)
{
    const qn_plot *plot = f->plot;
    const double row_height = 20.0, swatch = 22.0;
    double x = x0, y = y0;
    size_t entries = 0;
    for (size_t i = 0; i < plot->nseries + plot->nlines; i++) {
        const bool line = i >= plot->nseries;
        const char *name = line ? plot->lines[i - plot->nseries].name : plot->series[i].name;
        if (name == NULL || name[0] == '\0') {
            continue;
        }
        const double width = swatch + 6.0 + text_width(name, TEXT_SIZE) + 18.0;
        if (entries > 0 && x + width > f->width - 12.0) {
            x = x0;
            y += row_height;
        }
        if (text != NULL) {
            const int color = (int)(i % COLORS);
            const double middle = y - 4.0;
            if (line) {
                if (plot->lines[i - plot->nseries].half_band > 0.0) {
                    qn_text_printf(text, "<rect class=\"area rf%zu\"", (i - plot->nseries) % 2);
                    attribute(text, "x", x);
                    attribute(text, "y", middle - 6.0);
                    attribute(text, "width", swatch);
                    qn__text_puts(text, " height=\"12\"/>\n");
                }
                segment(text, (i - plot->nseries) % 2 == 0 ? "ref rs0" : "ref rs1", x, middle, x + swatch, middle);
            } else if (plot->series[i].points) {
                qn_text_printf(text, "<circle class=\"f%d\" r=\"3.5\"", color);
                attribute(text, "cx", x + swatch / 2);
                attribute(text, "cy", middle);
                qn__text_puts(text, "/>\n");
            } else {
                qn_text_printf(text, "<line class=\"line s%d\"", color);
                attribute(text, "x1", x + 1.0);
                attribute(text, "y1", middle);
                attribute(text, "x2", x + swatch - 1.0);
                attribute(text, "y2", middle);
                qn__text_puts(text, "/>\n");
            }
            label(text, x + swatch + 6.0, y, "start", "", name);
        }
        x += width;
        entries++;
    }
    return entries == 0 ? 0.0 : y - y0 + row_height;
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
                put(text, at_x(f, series->x[keep[k]]));
                qn__text_puts(text, " ");
                put(text, at_y(f, series->y_high[keep[k]]));
            }
            for (size_t k = end; k > i; k--) {
                qn__text_puts(text, "L");
                put(text, at_x(f, series->x[keep[k - 1]]));
                qn__text_puts(text, " ");
                put(text, at_y(f, series->y_low[keep[k - 1]]));
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
    attribute(text, "cx", at_x(f, series->x[i]));
    attribute(text, "cy", at_y(f, series->y[i]));
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
        put(text, at_x(f, series->x[i]));
        qn__text_puts(text, " ");
        put(text, at_y(f, series->y[i]));
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

static void draw_reference(const frame *f, qn_text *text, const qn_plot_line *line, size_t color)
{
    if (!shown(f->plot, 1.0, line->y)) {
        return;
    }
    const double y = at_y(f, line->y);
    char number[QN__NUMBER_SIZE];
    if (line->half_band > 0.0 && isfinite(line->half_band)) {
        const double low = line->y - line->half_band;
        const double upper = fmax(at_y(f, line->y + line->half_band), f->top);
        const double lower = fmin(shown(f->plot, 1.0, low) ? at_y(f, low) : f->bottom, f->bottom);
        qn_text_printf(text, "<rect class=\"area rf%zu\"", color);
        attribute(text, "x", f->left);
        attribute(text, "y", upper);
        attribute(text, "width", f->right - f->left);
        attribute(text, "height", fmax(lower - upper, 1.0));
        qn__text_puts(text, "/>\n");
    }
    qn__text_puts(text, "<g>");
    segment(text, color == 0 ? "ref rs0" : "ref rs1", f->left, y, f->right, y);
    qn__text_puts(text, "<title>");
    qn__text_xml(text, line->name != NULL ? line->name : "");
    qn_text_printf(text, ": %s</title></g>\n", qn__number_format(number, sizeof number, line->y, 12, 'g'));
}

static void draw_axes(const frame *f, qn_text *text)
{
    for (size_t i = 0; i < f->y.count; i++) {
        const qn__tick *tick = &f->y.ticks[i];
        const double y = at_y(f, tick->value);
        segment(text, tick->minor ? "axis" : "grid", f->left, y, tick->minor ? f->left + 4.0 : f->right, y);
        if (!tick->minor) {
            label(text, f->left - 8.0, y + 4.0, "end", "", tick->text);
        }
    }
    double taken = -1e9; /* right end of the last label, so that none touch */
    for (size_t i = 0; i < f->x.count; i++) {
        const qn__tick *tick = &f->x.ticks[i];
        const double x = at_x(f, tick->value), half = text_width(tick->text, TEXT_SIZE) / 2.0;
        segment(text, "axis", x, f->bottom, x, f->bottom + (tick->minor ? 3.0 : 5.0));
        if (!tick->minor && x - half > taken + 6.0) {
            label(text, x, f->bottom + 19.0, "middle", "", tick->text);
            taken = x + half;
        }
    }
    segment(text, "axis", f->left, f->bottom, f->right, f->bottom);
    segment(text, "axis", f->left, f->top, f->left, f->bottom);
    if (f->x.note[0] != '\0') {
        label(text, f->right, f->bottom + 36.0, "end", "soft", f->x.note);
    }
    if (f->plot->x_label != NULL) {
        label(text, (f->left + f->right) / 2.0, f->bottom + 40.0, "middle", "", f->plot->x_label);
    }
}

/* Everything outside the plotting area is placed first; what is left is for the curves. Returns the baseline of the
 * legend. */
static double lay_out(frame *f)
{
    const qn_plot *plot = f->plot;
    double x[2], y[2];
    find_ranges(plot, x, y);
    double head = 14.0;
    head += plot->title != NULL ? 20.0 : 0.0;
    head += plot->subtitle != NULL ? 18.0 : 0.0;
    const double legend_at = head + 16.0;
    head += legend(f, NULL, 20.0, legend_at) + 10.0;
    f->bottom = f->height - (plot->x_label != NULL ? 54.0 : 34.0);
    const unsigned rows = (unsigned)fmax(2.0, (f->bottom - head) / 46.0);
    qn__scale_make(&f->y, y[0], y[1], plot->log_y, rows, 0.05, false);
    const bool axis_text = plot->y_label != NULL || f->y.note[0] != '\0';
    f->top = head + (axis_text ? 18.0 : 0.0);
    if (f->bottom < f->top + 40.0) {
        f->bottom = f->top + 40.0;
    }
    double widest = 0.0;
    for (size_t i = 0; i < f->y.count; i++) {
        widest = fmax(widest, text_width(f->y.ticks[i].text, TEXT_SIZE));
    }
    f->left = 20.0 + widest + 10.0;
    f->right = f->width - 24.0;
    if (f->right < f->left + 40.0) {
        f->right = f->left + 40.0;
    }
    const unsigned columns = (unsigned)fmax(2.0, (f->right - f->left) / 75.0);
    qn__scale_make(&f->x, x[0], x[1], plot->log_x, columns, 0.0, whole_numbers(plot));
    return legend_at;
}

void qn_text_plot(qn_text *text, const qn_plot *plot, bool standalone)
{
    if (plot->size != sizeof *plot) {
        qn__text_fail(text, QN_ERR_ARGUMENT);
        return;
    }
    frame f = {.plot = plot};
    f.width = fmin(fmax(plot->width != 0 ? plot->width : WIDTH, LEAST), MOST);
    f.height = fmin(fmax(plot->height != 0 ? plot->height : HEIGHT, LEAST), MOST);
    const double legend_at = lay_out(&f);
    if (standalone) {
        qn__text_puts(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    qn_text_printf(
        text,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qn-plot\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" "
        "height=\"%.0f\" role=\"img\">\n",
        f.width, f.height, f.width, f.height);
    if (plot->title != NULL) {
        qn__text_puts(text, "<title>");
        qn__text_xml(text, plot->title);
        qn__text_puts(text, "</title>\n");
    }
    qn_text_printf(text, "<style>\n%s</style>\n<rect class=\"bg\" width=\"100%%\" height=\"100%%\"/>\n", style_sheet);
    if (plot->title != NULL) {
        label(text, 20.0, 30.0, "start", "title", plot->title);
    }
    if (plot->subtitle != NULL) {
        label(text, 20.0, plot->title != NULL ? 49.0 : 28.0, "start", "soft", plot->subtitle);
    }
    (void)legend(&f, text, 20.0, legend_at);
    if (plot->y_label != NULL || f.y.note[0] != '\0') {
        /* The name of the vertical axis stands over it, upright. */
        char words[256];
        (void)snprintf(words, sizeof words, "%.150s%s%s%s", plot->y_label != NULL ? plot->y_label : "",
                       f.y.note[0] != '\0' ? " (" : "", f.y.note, f.y.note[0] != '\0' ? ")" : "");
        label(text, 20.0, f.top - 10.0, "start", "", words);
    }
    draw_axes(&f, text);
    /* A nested svg clips what runs out of the area; its own coordinates are those of the outer one. */
    qn__text_puts(text, "<svg");
    attribute(text, "x", f.left - 6.0);
    attribute(text, "y", f.top - 4.0);
    attribute(text, "width", f.right - f.left + 12.0);
    attribute(text, "height", f.bottom - f.top + 8.0);
    qn__text_puts(text, " viewBox=\"");
    put(text, f.left - 6.0);
    qn__text_puts(text, " ");
    put(text, f.top - 4.0);
    qn__text_puts(text, " ");
    put(text, f.right - f.left + 12.0);
    qn__text_puts(text, " ");
    put(text, f.bottom - f.top + 8.0);
    qn__text_puts(text, "\">\n");
    for (size_t l = 0; l < plot->nlines; l++) {
        draw_reference(&f, text, &plot->lines[l], l % 2);
    }
    for (size_t s = 0; s < plot->nseries; s++) {
        draw_series(&f, text, &plot->series[s], (int)(s % COLORS));
    }
    qn__text_puts(text, "</svg>\n</svg>\n");
}
