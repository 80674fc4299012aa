/* timeline_svg.c: eras as bands on an axis of years, milestones below each other, each with the interval of its slip.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "report/number.h"
#include "report/picture.h"
#include "report/text.h"

enum { WIDTH = 760, ROW = 24, LINE_HEIGHT = 14, ERA_ROW = 18 };

typedef struct chart {
    const qn_timeline *line;
    double width, height, names; /* names: pixels of the column of names */
    qn__picture_area area;
    qn__scale scale;
} chart;

static bool has_slip(const qn_timeline_milestone *m)
{
    return !isnan(m->low) && !isnan(m->high) && m->low < m->high;
}

static void widen(double range[2], double value)
{
    if (isfinite(value)) {
        range[0] = fmin(range[0], value);
        range[1] = fmax(range[1], value);
    }
}

static void find_range(const qn_timeline *line, double range[2])
{
    range[0] = (double)INFINITY;
    range[1] = -(double)INFINITY;
    for (size_t i = 0; i < line->nmilestones; i++) {
        widen(range, line->milestones[i].year);
        if (has_slip(&line->milestones[i])) {
            widen(range, line->milestones[i].low);
            widen(range, line->milestones[i].high);
        }
    }
    for (size_t i = 0; i < line->neras; i++) {
        widen(range, line->eras[i].from);
        widen(range, line->eras[i].to);
    }
    if (line->now > 0.0) {
        widen(range, line->now);
    }
    if (line->from < line->to) {
        range[0] = line->from;
        range[1] = line->to;
    }
    if (range[0] > range[1]) {
        range[0] = 2025.0;
        range[1] = 2035.0;
    } else if (range[1] - range[0] < 1.0) {
        range[0] -= 1.0;
        range[1] += 1.0;
    }
    for (size_t i = 0; i < line->neras && !(line->from < line->to); i++) { /* an era without end is seen to go on */
        if (line->eras[i].to > range[1] && line->eras[i].from > range[1] - 0.12 * (range[1] - range[0])) {
            range[1] = line->eras[i].from + 0.12 * (range[1] - range[0]);
        }
    }
}

/* Where an era's band lies; false when it is outside of the picture. */
static bool band_of(const chart *c, const qn_timeline_era *era, double *left, double *right)
{
    const double from = fmax(era->from, c->scale.low), to = fmin(era->to, c->scale.high);
    if (isnan(era->from) || isnan(era->to) || !(from < to)) {
        return false;
    }
    *left = qn__picture_at_x(&c->scale, &c->area, from);
    *right = qn__picture_at_x(&c->scale, &c->area, to);
    return true;
}

/* Where the name of an era stands: from the left edge of its band, moved left where the picture ends, in a row above
 * the area. */
typedef struct era_name {
    double band, left, right; /* band: left edge of the band */
    size_t row;
    char words[QN__PICTURE_LINE];
} era_name;

enum { MOST_ERAS = 24, MOST_ROWS = 8 };

/* From the last era to the first: each goes above those that it would touch, or whose line up to their name it would
 * cross. Gives the number of names; what does not fit is left to the band's hover title. */
static size_t place_eras(const chart *c, era_name names[MOST_ERAS], size_t *rows)
{
    size_t count = 0;
    *rows = 0;
    for (size_t i = c->line->neras; i-- > 0 && count < MOST_ERAS;) {
        era_name *n = &names[count];
        double end = 0.0;
        if (c->line->eras[i].name == NULL || !band_of(c, &c->line->eras[i], &n->band, &end)) {
            continue;
        }
        qn__picture_fit(n->words, c->line->eras[i].name, QN__PICTURE_TEXT_SIZE, c->width - 60.0);
        const double width = qn__picture_text_width(n->words, QN__PICTURE_TEXT_SIZE);
        n->left = fmax(20.0, fmin(n->band + 4.0, c->width - 16.0 - width));
        n->right = n->left + width + 6.0;
        n->row = 0;
        for (size_t k = 0; k < count; k++) {
            const bool touches = n->left < names[k].right && fmin(names[k].left, names[k].band) < n->right;
            n->row = touches && names[k].row >= n->row ? names[k].row + 1 : n->row;
        }
        if (n->row < MOST_ROWS) {
            *rows = n->row + 1 > *rows ? n->row + 1 : *rows;
            count++;
        }
    }
    return count;
}

static void draw_era_names(const chart *c, qn_text *text)
{
    era_name names[MOST_ERAS];
    size_t rows = 0;
    const size_t count = place_eras(c, names, &rows);
    for (size_t i = 0; i < count; i++) { /* all lines first: they pass behind names */
        const double y = c->area.top - 6.0 - (double)names[i].row * ERA_ROW;
        qn__picture_line(text, "axis", names[i].band, names[i].left < names[i].band ? y + 3.0 : y - 10.0, names[i].band,
                         c->area.top);
    }
    for (size_t i = 0; i < count; i++) {
        qn__picture_text(text, names[i].left, c->area.top - 6.0 - (double)names[i].row * ERA_ROW, "start", "soft note",
                         names[i].words);
    }
}

static size_t name_lines(const chart *c, size_t i, char lines[][QN__PICTURE_LINE])
{
    return qn__picture_wrap(c->line->milestones[i].name, QN__PICTURE_TEXT_SIZE, c->names, 2, lines);
}

static double row_height(const chart *c, size_t i)
{
    char lines[QN__PICTURE_LINES][QN__PICTURE_LINE];
    return name_lines(c, i, lines) > 1 ? ROW + LINE_HEIGHT : ROW;
}

static void lay_out(chart *c, double head)
{
    const qn_timeline *line = c->line;
    double range[2];
    find_range(line, range);
    for (size_t i = 0; i < line->nmilestones; i++) {
        const char *const name = line->milestones[i].name;
        c->names = fmax(c->names, name != NULL ? qn__picture_text_width(name, QN__PICTURE_TEXT_SIZE) : 0.0);
    }
    c->names = fmin(c->names, c->width * 0.42);
    c->area.left = 20.0 + (c->names > 0.0 ? c->names + 14.0 : 0.0);
    c->area.right = c->width - 28.0;
    const unsigned ticks = (unsigned)fmax(2.0, (c->area.right - c->area.left) / 60.0);
    qn__scale_make(&c->scale, range[0], range[1], false, ticks, line->from < line->to ? 0.0 : 0.03, true);
    era_name names[MOST_ERAS];
    size_t eras = 0;
    double rows = 0.0;
    (void)place_eras(c, names, &eras);
    for (size_t i = 0; i < line->nmilestones; i++) {
        rows += row_height(c, i);
    }
    c->area.top = head + (double)eras * ERA_ROW + 14.0;
    c->area.bottom = c->area.top + fmax(2.0 * ROW, rows) + 10.0;
    c->height = c->area.bottom + 34.0;
}

static void draw_eras(const chart *c, qn_text *text)
{
    size_t shade = 0;
    for (size_t i = 0; i < c->line->neras; i++) {
        const qn_timeline_era *era = &c->line->eras[i];
        double left = 0.0, right = 0.0;
        if (!band_of(c, era, &left, &right)) {
            continue;
        }
        qn__picture_rect(text, shade++ % 2 == 0 ? "era0" : "era1", left, c->area.top, right - left,
                         c->area.bottom - c->area.top);
        qn__text_puts(text, "><title>");
        qn__text_xml(text, era->name != NULL ? era->name : "");
        if (isfinite(era->from)) {
            qn_text_printf(text, isfinite(era->to) ? ", %.0f to %.0f" : ", from %.0f on", era->from, era->to);
        }
        if (era->note != NULL && era->note[0] != '\0') {
            qn__text_puts(text, ": ");
            qn__text_xml(text, era->note);
        }
        qn__text_puts(text, "</title></rect>\n");
    }
}

static double clamp_x(const chart *c, double year)
{
    return fmin(fmax(qn__picture_at_x(&c->scale, &c->area, fmin(fmax(year, -1e9), 1e9)), c->area.left), c->area.right);
}

/* A year as people write it: halves and quarters keep a digit. */
static void year_text(char *buffer, size_t capacity, double year)
{
    if (!isfinite(year)) {
        (void)snprintf(buffer, capacity, "%s", year > 0.0 ? "never" : "unknown");
        return;
    }
    qn__number_format(buffer, capacity, year, fabs(year - round(year)) < 0.05 ? 0 : 1, 'f');
}

static void hover(qn_text *text, const qn_timeline_milestone *m)
{
    char year[48];
    qn__text_puts(text, "<title>");
    qn__text_xml(text, m->name != NULL ? m->name : "");
    year_text(year, sizeof year, m->year);
    qn_text_printf(text, ": %s", year);
    if (has_slip(m)) {
        year_text(year, sizeof year, m->low);
        qn_text_printf(text, " (%s", m->low == -(double)INFINITY ? "any time" : year);
        year_text(year, sizeof year, m->high);
        qn_text_printf(text, " to %s)", year);
    }
    if (m->note != NULL && m->note[0] != '\0') {
        qn__text_puts(text, "; ");
        qn__text_xml(text, m->note);
    }
    qn__text_puts(text, "</title>\n");
}

/* A small triangle at the edge: it goes on there. */
static void arrow(qn_text *text, size_t color, double x, double y, double direction)
{
    qn_text_printf(text, "<path class=\"f%zu\" d=\"M", color);
    const double corners[][2] = {
        {x + 5.0 * direction, y}, {x - 4.0 * direction, y - 5.0}, {x - 4.0 * direction, y + 5.0}};
    for (size_t k = 0; k < 3; k++) {
        qn__text_puts(text, k > 0 ? "L" : "");
        qn__picture_put(text, corners[k][0]);
        qn__text_puts(text, " ");
        qn__picture_put(text, corners[k][1]);
    }
    qn__text_puts(text, "Z\"/>\n");
}

static void draw_milestone(const chart *c, qn_text *text, size_t i, double y)
{
    const qn_timeline_milestone *m = &c->line->milestones[i];
    const size_t color = m->group % QN__PICTURE_COLORS;
    char lines[QN__PICTURE_LINES][QN__PICTURE_LINE], name[24];
    const size_t count = name_lines(c, i, lines);
    qn__text_puts(text, "<g>");
    hover(text, m);
    for (size_t k = 0; k < count; k++) {
        qn__picture_text(text, 20.0 + c->names, y + 4.0 + ((double)k - 0.5 * (double)(count - 1)) * LINE_HEIGHT, "end",
                         "", lines[k]);
    }
    if (has_slip(m) && m->low < c->scale.high && m->high > c->scale.low) {
        (void)snprintf(name, sizeof name, "slip s%zu", color);
        qn__picture_line(text, name, clamp_x(c, m->low), y, clamp_x(c, m->high), y);
        if (m->high > c->scale.high && m->year <= c->scale.high) {
            arrow(text, color, c->area.right, y, 1.0);
        }
    }
    if (m->year > c->scale.high) {
        arrow(text, color, c->area.right + 6.0, y, 1.0);
    } else if (m->year < c->scale.low) {
        arrow(text, color, c->area.left + 6.0, y, -1.0);
    } else if (!isnan(m->year)) {
        qn_text_printf(text, "<circle class=\"f%zu\" r=\"4.5\"", color);
        qn__picture_attribute(text, "cx", clamp_x(c, m->year));
        qn__picture_attribute(text, "cy", y);
        qn__text_puts(text, "/>\n");
    }
    qn__text_puts(text, "</g>\n");
}

static qn__picture_entry *legend_of(const qn_timeline *line, size_t *count)
{
    const bool now = line->now > 0.0;
    *count = line->ngroups + now;
    qn__picture_entry *const entries = qn__alloc(*count, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < line->ngroups; i++) {
        entries[i] =
            (qn__picture_entry){line->group_names != NULL ? line->group_names[i] : NULL, QN__PICTURE_SWATCH_POINT, i};
    }
    if (entries != NULL && now) {
        entries[line->ngroups] = (qn__picture_entry){"today", QN__PICTURE_SWATCH_REFERENCE, 0};
    }
    return entries;
}

void qn_text_timeline(qn_text *text, const qn_timeline *timeline, bool standalone)
{
    size_t count = 0;
    if (timeline->size != sizeof *timeline) {
        qn__text_fail(text, QN_ERR_ARGUMENT);
        return;
    }
    qn__picture_entry *const entries = legend_of(timeline, &count);
    if (entries == NULL) {
        qn__text_fail(text, QN_ERR_MEMORY);
        return;
    }
    chart c = {.line = timeline, .width = qn__picture_size(timeline->width, WIDTH)};
    const double legend_at = qn__picture_heading(NULL, c.width, timeline->title, timeline->subtitle);
    lay_out(&c, qn__picture_legend(NULL, entries, count, c.width, legend_at));
    qn__picture_begin(text, c.width, c.height, timeline->title, standalone);
    (void)qn__picture_heading(text, c.width, timeline->title, timeline->subtitle);
    (void)qn__picture_legend(text, entries, count, c.width, legend_at);
    draw_eras(&c, text);
    draw_era_names(&c, text);
    qn__picture_axis_x(text, &c.scale, &c.area, true, NULL);
    if (timeline->now > c.scale.low && timeline->now < c.scale.high) {
        const double x = clamp_x(&c, timeline->now);
        qn__picture_line(text, "ref rs0", x, c.area.top, x, c.area.bottom);
    }
    double top = c.area.top + 5.0;
    for (size_t i = 0; i < timeline->nmilestones; i++) {
        draw_milestone(&c, text, i, top + row_height(&c, i) / 2.0);
        top += row_height(&c, i);
    }
    qn__picture_end(text);
    qn__free(entries);
}
