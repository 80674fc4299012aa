/* run_picture.c: shares of the bit strings as a native SVG: bars, error bars, hover titles, light and dark. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "circuit_input.h"
#include "run_output.h"

enum { MOST_BARS = 48, WIDTH = 760, LEFT = 64, RIGHT = 20, TOP = 84, PLOT_HEIGHT = 280, CHARACTER = 7 };

static const char style_sheet[] =
    ".qn-counts text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;font-size:12px;"
    "fill:#444}\n.qn-counts .title{font-size:17px;font-weight:600;fill:#111}.qn-counts .soft{fill:#666}\n"
    ".qn-counts .key{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:11px}\n"
    ".qn-counts .bg{fill:#fff}.qn-counts .grid{stroke:#e6e6e6}.qn-counts .axis{stroke:#999}\n"
    ".qn-counts .bar{fill:#0072b2}.qn-counts .error{stroke:#111;stroke-width:1.5;fill:none}\n"
    "@media (prefers-color-scheme:dark){.qn-counts text{fill:#c8c8c8}.qn-counts .title{fill:#f2f2f2}\n"
    ".qn-counts .soft{fill:#9a9a9a}.qn-counts .bg{fill:#16181d}.qn-counts .grid{stroke:#2c3038}.qn-counts "
    ".axis{stroke:#6b7280}\n.qn-counts .bar{fill:#56b4e9}.qn-counts .error{stroke:#f2f2f2}}\n";

static void escape(qn_text *text, const char *words)
{
    for (; *words != '\0'; words++) {
        const char *entity = *words == '&' ? "&amp;" : *words == '<' ? "&lt;" : *words == '>' ? "&gt;" : NULL;
        const bool control = (unsigned char)*words < 0x20; /* not allowed in XML */
        qn_text_append(text, entity != NULL ? entity : control ? " " : words, entity != NULL ? strlen(entity) : 1);
    }
}

/* The largest of 1, 2 and 5 times a power of ten that divides the axis into at least three. */
static double tick_step(double top)
{
    double step = pow(10.0, floor(log10(top)));
    const double divisors[] = {1.0, 2.0, 5.0, 10.0};
    for (size_t i = 0; i < 4; i++) {
        if (top / (step / divisors[i]) >= 3.0) {
            return step / divisors[i];
        }
    }
    return step / 10.0;
}

static int ascending(const void *a, const void *b)
{
    const size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

typedef struct frame {
    double top; /* share at the upper edge */
    double bottom;
    double step;  /* from bar to bar */
    bool upright; /* keys fit without turning them */
} frame;

static double height_of(const frame *f, double share)
{
    return f->bottom - fmin(share, f->top) / f->top * PLOT_HEIGHT;
}

static void draw_axis(qn_text *text, const frame *f, bool exact)
{
    const double step = tick_step(f->top);
    for (int tick = 0; tick <= (int)floor(f->top / step * 1.0001); tick++) {
        const double share = tick * step;
        const double y = height_of(f, share);
        qn_text_printf(text,
                       "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%.2f\" y2=\"%.2f\"/>"
                       "<text x=\"%d\" y=\"%.2f\" text-anchor=\"end\">%g</text>\n",
                       tick == 0 ? "axis" : "grid", LEFT, WIDTH - RIGHT, y, y, LEFT - 8, y + 4.0,
                       round(share * 1e9) / 1e9);
    }
    qn_text_printf(text, "<text x=\"%d\" y=\"%d\" class=\"soft\">%s</text>\n", LEFT, TOP - 10,
                   exact ? "probability" : "share of shots");
}

static void draw_bar(qn_text *text, const frame *f, const cli_run_row *row, double middle, bool exact)
{
    const double width = fmin(48.0, f->step * 0.72), top = height_of(f, row->share);
    qn_text_printf(text, "<g><title>%s: ", row->key);
    if (exact) {
        qn_text_printf(text, "%.6g (exact)</title>", row->share);
    } else {
        qn_text_printf(text, "%llu, %.4f \u00B1 %.4f</title>", (unsigned long long)row->times, row->share,
                       row->std_error);
    }
    qn_text_printf(text, "<rect class=\"bar\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>",
                   middle - width / 2.0, top, width, f->bottom - top);
    if (!exact) {
        const double high = height_of(f, row->share + row->std_error);
        const double low = height_of(f, fmax(0.0, row->share - row->std_error)), cap = fmin(5.0, width / 4.0);
        qn_text_printf(text, "<path class=\"error\" d=\"M%.2f %.2fh%.2fM%.2f %.2fV%.2fM%.2f %.2fh%.2f\"/>",
                       middle - cap, high, 2.0 * cap, middle, high, low, middle - cap, low, 2.0 * cap);
    }
    if (f->upright) {
        qn_text_printf(text, "<text class=\"key\" x=\"%.2f\" y=\"%.2f\" text-anchor=\"middle\">%s</text>", middle,
                       f->bottom + 16.0, row->key);
    } else {
        qn_text_printf(text,
                       "<text class=\"key\" transform=\"translate(%.2f %.2f) rotate(-90)\" "
                       "text-anchor=\"end\">%s</text>",
                       middle + 4.0, f->bottom + 8.0, row->key);
    }
    qn_text_printf(text, "</g>\n");
}

void cli_run_svg(qn_text *text, const cli_run_view *view)
{
    const cli_run_rows *rows = view->rows;
    const bool exact = rows->shots == 0;
    size_t shown[MOST_BARS];
    const size_t count = cli_run_rows_largest(rows, MOST_BARS, shown);
    qsort(shown, count, sizeof *shown, ascending); /* back in the order of the keys */
    frame f = {.top = 0.0, .bottom = TOP + PLOT_HEIGHT};
    double listed = 0.0;
    for (size_t i = 0; i < count; i++) {
        const cli_run_row *row = &rows->rows[shown[i]];
        f.top = fmax(f.top, row->share + row->std_error);
        listed += row->share;
    }
    f.top = f.top > 0.0 ? fmin(1.02, f.top * 1.08) : 1.0;
    f.step = (double)(WIDTH - LEFT - RIGHT) / (double)(count > 0 ? count : 1);
    f.upright = (double)rows->width * CHARACTER + 6.0 <= f.step;
    const double labels = f.upright ? 24.0 : fmin(600.0, (double)rows->width * CHARACTER + 14.0);
    const double height = f.bottom + labels + 16.0;
    char line[256];
    cli_circuit_describe(view->path, view->circuit, line, sizeof line);
    qn_text_printf(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
        "class=\"qn-counts\" viewBox=\"0 0 %d %.0f\" width=\"%d\" height=\"%.0f\" role=\"img\">\n<style>\n%s",
        WIDTH, height, WIDTH, height, style_sheet);
    qn_text_printf(text,
                   "</style>\n<rect class=\"bg\" width=\"%d\" height=\"%.0f\"/>\n<text class=\"title\" x=\"%d\" "
                   "y=\"26\">",
                   WIDTH, height, LEFT);
    if (exact) {
        qn_text_printf(text, "Exact probabilities");
    } else {
        qn_text_printf(text, "%llu shots, seed %llu", (unsigned long long)rows->shots, (unsigned long long)view->seed);
    }
    if (count < rows->count) {
        qn_text_printf(text, ", the %zu largest of %zu (together %.3f)", count, rows->count, listed);
    }
    qn_text_printf(text, "</text>\n<text class=\"soft\" x=\"%d\" y=\"44\">", LEFT);
    escape(text, line);
    qn_text_printf(text, "</text>\n");
    draw_axis(text, &f, exact);
    for (size_t i = 0; i < count; i++) {
        draw_bar(text, &f, &rows->rows[shown[i]], LEFT + ((double)i + 0.5) * f.step, exact);
    }
    qn_text_printf(text, "</svg>\n");
}
