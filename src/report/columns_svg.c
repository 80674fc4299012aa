/* columns_svg.c: vertical bars by category, groups side by side, with error bars. */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "report/number.h"
#include "report/picture.h"
#include "report/text.h"

enum { WIDTH = 760, HEIGHT = 440, HOVER_BARS = 2000, LONGEST_NAME = 150 };

typedef struct chart {
    const qn_columns *columns;
    double width, height;
    qn__picture_area area;
    qn__scale scale;
    bool turned;   /* names stand upright below their bars */
    size_t stride; /* every so many-th name is written */
} chart;

static bool shown(const chart *c, double value)
{
    return isfinite(value) && (!c->columns->log_y || value > 0.0);
}

static const char *name_of(const chart *c, size_t i, char line[QN__PICTURE_LINE])
{
    char number[24];
    if (c->columns->names == NULL) {
        (void)snprintf(number, sizeof number, "%zu", i);
        return qn__picture_fit(line, number, QN__PICTURE_TEXT_SIZE, LONGEST_NAME);
    }
    return qn__picture_fit(line, c->columns->names[i], QN__PICTURE_TEXT_SIZE, LONGEST_NAME);
}

static void find_range(const chart *c, double range[2])
{
    const qn_columns *columns = c->columns;
    range[0] = columns->log_y ? (double)INFINITY : 0.0;
    range[1] = columns->log_y ? -(double)INFINITY : 0.0;
    for (size_t g = 0; g < columns->ngroups; g++) {
        const qn_column_group *group = &columns->groups[g];
        const double *const sets[] = {group->values, group->low, group->high};
        for (size_t k = 0; k < 3; k++) {
            for (size_t i = 0; sets[k] != NULL && i < columns->ncategories; i++) {
                if (shown(c, sets[k][i])) {
                    range[0] = fmin(range[0], sets[k][i]);
                    range[1] = fmax(range[1], sets[k][i]);
                }
            }
        }
    }
    for (size_t l = 0; l < columns->nlines; l++) {
        if (shown(c, columns->lines[l].y)) {
            range[0] = fmin(range[0], columns->lines[l].y);
            range[1] = fmax(range[1], columns->lines[l].y);
        }
    }
    if (range[0] > range[1] || (range[0] == range[1] && !columns->log_y)) { /* nothing to show, or zeros */
        range[0] = columns->log_y ? 0.1 : 0.0;
        range[1] = 1.0;
    } else if (columns->log_y) { /* the lowest bar must have a height too */
        const double decades = range[0] < range[1] ? pow(range[1] / range[0], 0.05) : 2.0;
        range[0] /= decades * decades;
        range[1] *= decades;
    } else { /* air above the highest, none below zero */
        const double room = 0.05 * (range[1] - range[0]);
        range[1] += range[1] > 0.0 ? room : 0.0;
        range[0] -= range[0] < 0.0 ? room : 0.0;
    }
}

static void lay_out(chart *c, double head)
{
    const qn_columns *columns = c->columns;
    double range[2], widest = 0.0;
    char line[QN__PICTURE_LINE];
    find_range(c, range);
    const unsigned rows = (unsigned)fmax(2.0, (c->height - head - 60.0) / 46.0);
    qn__scale_make(&c->scale, range[0], range[1], columns->log_y, rows, 0.0, false);
    c->area.left = qn__picture_axis_width(&c->scale);
    c->area.right = fmax(c->width - 24.0, c->area.left + 40.0);
    for (size_t i = 0; i < columns->ncategories; i++) {
        widest = fmax(widest, qn__picture_text_width(name_of(c, i, line), QN__PICTURE_TEXT_SIZE));
    }
    const double slot = (c->area.right - c->area.left) / fmax(1.0, (double)columns->ncategories);
    /* beside each other if they fit; else upright; else some of them */
    c->turned = widest + 6.0 > slot && columns->names != NULL;
    c->stride = (size_t)fmax(1.0, ceil((c->turned ? 15.0 : widest + 8.0) / slot));
    c->area.top = head + 10.0 + (columns->y_label != NULL || c->scale.note[0] != '\0' ? 18.0 : 0.0);
    c->area.bottom = c->height - (c->turned ? widest + 16.0 : 28.0) - (columns->x_label != NULL ? 26.0 : 8.0);
    if (c->area.bottom < c->area.top + 60.0) {
        c->height += c->area.top + 60.0 - c->area.bottom;
        c->area.bottom = c->area.top + 60.0;
    }
}

static void draw_names(const chart *c, qn_text *text)
{
    const qn__picture_area *area = &c->area;
    const double slot = (area->right - area->left) / fmax(1.0, (double)c->columns->ncategories);
    char line[QN__PICTURE_LINE];
    for (size_t i = 0; i < c->columns->ncategories; i += c->stride) {
        const double x = area->left + ((double)i + 0.5) * slot;
        if (!c->turned) {
            qn__picture_text(text, x, area->bottom + 18.0, "middle", "", name_of(c, i, line));
            continue;
        }
        qn__text_puts(text, "<text text-anchor=\"end\" transform=\"translate(");
        qn__picture_put(text, x + 4.0);
        qn__text_puts(text, " ");
        qn__picture_put(text, area->bottom + 8.0);
        qn__text_puts(text, ") rotate(-90)\">");
        qn__text_xml(text, name_of(c, i, line));
        qn__text_puts(text, "</text>\n");
    }
    if (c->columns->x_label != NULL) {
        qn__picture_text(text, (area->left + area->right) / 2.0, c->height - 14.0, "middle", "",
                         qn__picture_fit(line, c->columns->x_label, QN__PICTURE_TEXT_SIZE, area->right - area->left));
    }
}

/* Half a whisker's width below which neighbours would run into each other. */
#define LEAST_WHISKER 0.9

static void error_bar(const chart *c, qn_text *text, const qn_column_group *group, size_t i, double x, double half)
{
    if (group->low == NULL || group->high == NULL || !isfinite(group->high[i]) || !isfinite(group->low[i]) ||
        !shown(c, group->high[i]) || half < LEAST_WHISKER) { /* too close: left to the hover title */
        return;
    }
    const double high = qn__picture_at_y(&c->scale, &c->area, group->high[i]);
    const double low = shown(c, group->low[i]) ? qn__picture_at_y(&c->scale, &c->area, group->low[i]) : c->area.bottom;
    qn__picture_line(text, "whisker", x, low, x, high);
    qn__picture_line(text, "whisker", x - half, high, x + half, high);
    qn__picture_line(text, "whisker", x - half, low, x + half, low);
}

static void hover(const chart *c, qn_text *text, const qn_column_group *group, size_t i)
{
    char number[QN__NUMBER_SIZE], line[QN__PICTURE_LINE];
    qn__text_puts(text, "<title>");
    if (group->name != NULL && group->name[0] != '\0') {
        qn__text_xml(text, group->name);
        qn__text_puts(text, ", ");
    }
    qn__text_xml(text, name_of(c, i, line));
    qn_text_printf(text, ": %s", qn__number_format(number, sizeof number, group->values[i], 7, 'g'));
    if (group->low != NULL && group->high != NULL && isfinite(group->low[i]) && isfinite(group->high[i])) {
        qn_text_printf(text, " (%s", qn__number_format(number, sizeof number, group->low[i], 5, 'g'));
        qn_text_printf(text, " to %s)", qn__number_format(number, sizeof number, group->high[i], 5, 'g'));
    }
    qn__text_puts(text, "</title>");
}

static void draw_bars(const chart *c, qn_text *text)
{
    const qn_columns *columns = c->columns;
    const double slot = (c->area.right - c->area.left) / fmax(1.0, (double)columns->ncategories);
    const double room = slot * (slot > 6.0 ? 0.78 : 1.0), width = room / fmax(1.0, (double)columns->ngroups);
    const double zero = columns->log_y ? c->area.bottom : qn__picture_at_y(&c->scale, &c->area, 0.0);
    const bool hovers = columns->ncategories <= HOVER_BARS / (columns->ngroups > 0 ? columns->ngroups : 1);
    char name[24];
    for (size_t i = 0; i < columns->ncategories; i++) {
        for (size_t g = 0; g < columns->ngroups; g++) {
            const qn_column_group *group = &columns->groups[g];
            if (!shown(c, group->values[i])) {
                continue;
            }
            const double x = c->area.left + (double)i * slot + (slot - room) / 2.0 + (double)g * width;
            const double y = qn__picture_at_y(&c->scale, &c->area, group->values[i]);
            (void)snprintf(name, sizeof name, "bar f%zu", g % QN__PICTURE_COLORS);
            qn__picture_rect(text, name, x, fmin(y, zero), fmax(width - (width > 8.0 ? 1.0 : 0.0), 0.3),
                             fabs(y - zero));
            qn__text_puts(text, hovers ? ">" : "/>\n");
            if (hovers) {
                hover(c, text, group, i);
                qn__text_puts(text, "</rect>\n");
            }
            error_bar(c, text, group, i, x + width / 2.0, fmin(5.0, width * 0.3));
        }
    }
    qn__picture_line(text, "axis", c->area.left, zero, c->area.right, zero);
}

static qn__picture_entry *legend_of(const qn_columns *columns, size_t *count)
{
    *count = columns->ngroups + columns->nlines;
    qn__picture_entry *const entries = qn__alloc(*count, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < *count; i++) {
        if (i < columns->ngroups) {
            entries[i] = (qn__picture_entry){columns->groups[i].name, QN__PICTURE_SWATCH_BOX, i};
        } else {
            entries[i] = (qn__picture_entry){columns->lines[i - columns->ngroups].name, QN__PICTURE_SWATCH_REFERENCE,
                                             i - columns->ngroups};
        }
    }
    return entries;
}

void qn_text_columns(qn_text *text, const qn_columns *columns, bool standalone)
{
    size_t count = 0;
    if (columns->size != sizeof *columns) {
        qn__text_fail(text, QN_ERR_ARGUMENT);
        return;
    }
    qn__picture_entry *const entries = legend_of(columns, &count);
    if (entries == NULL) {
        qn__text_fail(text, QN_ERR_MEMORY);
        return;
    }
    chart c = {.columns = columns,
               .width = qn__picture_size(columns->width, WIDTH),
               .height = qn__picture_size(columns->height, HEIGHT)};
    const double legend_at = qn__picture_heading(NULL, c.width, columns->title, columns->subtitle);
    lay_out(&c, qn__picture_legend(NULL, entries, count, c.width, legend_at));
    qn__picture_begin(text, c.width, c.height, columns->title, standalone);
    (void)qn__picture_heading(text, c.width, columns->title, columns->subtitle);
    (void)qn__picture_legend(text, entries, count, c.width, legend_at);
    qn__picture_axis_y(text, &c.scale, &c.area, columns->y_label);
    draw_bars(&c, text);
    for (size_t l = 0; l < columns->nlines; l++) {
        if (shown(&c, columns->lines[l].y)) {
            qn__picture_reference(text, &c.scale, &c.area, &columns->lines[l], l % QN__PICTURE_REFERENCES);
        }
    }
    draw_names(&c, text);
    qn__picture_end(text);
    qn__free(entries);
}
