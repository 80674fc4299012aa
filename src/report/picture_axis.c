/* picture_axis.c: legends, axes and reference lines, the same in every kind of picture. */
#include <math.h>
#include <stdio.h>

#include "report/number.h"
#include "report/picture.h"
#include "report/text.h"

static void swatch(qn_text *text, const qn__picture_entry *entry, double x, double middle, double width)
{
    char name[24];
    const size_t color = entry->color % QN__PICTURE_COLORS, reference = entry->color % QN__PICTURE_REFERENCES;
    switch (entry->swatch) {
    case QN__PICTURE_SWATCH_LINE:
        (void)snprintf(name, sizeof name, "line s%zu", color);
        qn__picture_line(text, name, x + 1.0, middle, x + width - 1.0, middle);
        break;
    case QN__PICTURE_SWATCH_POINT:
        qn_text_printf(text, "<circle class=\"f%zu\" r=\"3.5\"", color);
        qn__picture_attribute(text, "cx", x + width / 2);
        qn__picture_attribute(text, "cy", middle);
        qn__text_puts(text, "/>\n");
        break;
    case QN__PICTURE_SWATCH_BOX:
        (void)snprintf(name, sizeof name, "bar f%zu", color);
        qn__picture_rect(text, name, x + 4.0, middle - 6.0, width - 8.0, 12.0);
        qn__text_puts(text, "/>\n");
        break;
    case QN__PICTURE_SWATCH_REFERENCE_BAND:
        (void)snprintf(name, sizeof name, "area rf%zu", reference);
        qn__picture_rect(text, name, x, middle - 6.0, width, 12.0);
        qn__text_puts(text, "/>\n");
        (void)snprintf(name, sizeof name, "ref rs%zu", reference);
        qn__picture_line(text, name, x, middle, x + width, middle);
        break;
    case QN__PICTURE_SWATCH_REFERENCE:
        (void)snprintf(name, sizeof name, "ref rs%zu", reference);
        qn__picture_line(text, name, x, middle, x + width, middle);
        break;
    case QN__PICTURE_SWATCH_MARK:
    case QN__PICTURE_SWATCH_MARK_BAND:
        if (entry->swatch == QN__PICTURE_SWATCH_MARK_BAND) {
            (void)snprintf(name, sizeof name, "area rf%zu", reference);
            qn__picture_rect(text, name, x + 5.0, middle - 7.0, width - 10.0, 14.0);
            qn__text_puts(text, "/>\n");
        }
        (void)snprintf(name, sizeof name, "ref rs%zu", reference);
        qn__picture_line(text, name, x + width / 2, middle - 7.0, x + width / 2, middle + 7.0);
        break;
    }
}

double qn__picture_legend(qn_text *text, const qn__picture_entry *entries, size_t count, double width, double y)
{
    const double row_height = 20.0, box = 22.0, left = 20.0;
    double x = left;
    size_t shown = 0;
    y += 16.0;
    for (size_t i = 0; i < count; i++) {
        char name[QN__PICTURE_LINE];
        qn__picture_fit(name, entries[i].name, QN__PICTURE_TEXT_SIZE, width - left - box - 24.0);
        if (name[0] == '\0') {
            continue;
        }
        const double used = box + 6.0 + qn__picture_text_width(name, QN__PICTURE_TEXT_SIZE) + 18.0;
        if (shown > 0 && x + used > width - 12.0) {
            x = left;
            y += row_height;
        }
        if (text != NULL) {
            swatch(text, &entries[i], x, y - 4.0, box);
            qn__picture_text(text, x + box + 6.0, y, "start", "", name);
        }
        x += used;
        shown++;
    }
    return y - 16.0 + (shown > 0 ? row_height : 0.0);
}

double qn__picture_at_x(const qn__scale *scale, const qn__picture_area *area, double value)
{
    return area->left + qn__scale_place(scale, value) * (area->right - area->left);
}

double qn__picture_at_y(const qn__scale *scale, const qn__picture_area *area, double value)
{
    return area->bottom - qn__scale_place(scale, value) * (area->bottom - area->top);
}

double qn__picture_axis_width(const qn__scale *scale)
{
    double widest = 0.0;
    for (size_t i = 0; i < scale->count; i++) {
        widest = fmax(widest, qn__picture_text_width(scale->ticks[i].text, QN__PICTURE_TEXT_SIZE));
    }
    return 20.0 + widest + 10.0;
}

void qn__picture_axis_x(qn_text *text, const qn__scale *scale, const qn__picture_area *area, bool grid,
                        const char *name)
{
    char line[QN__PICTURE_LINE];
    double taken = -1e9; /* right end of the last label, so that none touch */
    for (size_t i = 0; i < scale->count; i++) {
        const qn__tick *tick = &scale->ticks[i];
        const double x = qn__picture_at_x(scale, area, tick->value);
        const double half = qn__picture_text_width(tick->text, QN__PICTURE_TEXT_SIZE) / 2.0;
        if (grid && !tick->minor) {
            qn__picture_line(text, "grid", x, area->top, x, area->bottom);
        }
        qn__picture_line(text, "axis", x, area->bottom, x, area->bottom + (tick->minor ? 3.0 : 5.0));
        if (!tick->minor && x - half > taken + 6.0) {
            qn__picture_text(text, x, area->bottom + 19.0, "middle", "", tick->text);
            taken = x + half;
        }
    }
    qn__picture_line(text, "axis", area->left, area->bottom, area->right, area->bottom);
    double room = area->right - area->left;
    if (scale->note[0] != '\0') {
        qn__picture_text(text, area->right, area->bottom + 36.0, "end", "soft", scale->note);
        room -= 2.0 * qn__picture_text_width(scale->note, QN__PICTURE_TEXT_SIZE);
    }
    if (name != NULL) {
        qn__picture_text(text, (area->left + area->right) / 2.0, area->bottom + 40.0, "middle", "",
                         qn__picture_fit(line, name, QN__PICTURE_TEXT_SIZE, fmax(room, 60.0) + area->left));
    }
}

void qn__picture_axis_y(qn_text *text, const qn__scale *scale, const qn__picture_area *area, const char *name)
{
    if (name != NULL || scale->note[0] != '\0') {
        char words[256], line[QN__PICTURE_LINE];
        (void)snprintf(words, sizeof words, "%.150s%s%s%s", name != NULL ? name : "",
                       scale->note[0] != '\0' ? " (" : "", scale->note, scale->note[0] != '\0' ? ")" : "");
        qn__picture_text(text, 20.0, area->top - 10.0, "start", "",
                         qn__picture_fit(line, words, QN__PICTURE_TEXT_SIZE, area->right - 20.0));
    }
    for (size_t i = 0; i < scale->count; i++) {
        const qn__tick *tick = &scale->ticks[i];
        const double y = qn__picture_at_y(scale, area, tick->value);
        qn__picture_line(text, tick->minor ? "axis" : "grid", area->left, y,
                         tick->minor ? area->left + 4.0 : area->right, y);
        if (!tick->minor) {
            qn__picture_text(text, area->left - 8.0, y + 4.0, "end", "", tick->text);
        }
    }
    qn__picture_line(text, "axis", area->left, area->top, area->left, area->bottom);
}

void qn__picture_reference(qn_text *text, const qn__scale *scale, const qn__picture_area *area,
                           const qn_plot_line *line, size_t color)
{
    const double y = qn__picture_at_y(scale, area, line->y);
    char number[QN__NUMBER_SIZE], name[24];
    if (line->half_band > 0.0 && isfinite(line->half_band)) {
        const double low = line->y - line->half_band;
        const double upper = fmax(qn__picture_at_y(scale, area, line->y + line->half_band), area->top);
        const double lower =
            fmin(!scale->log || low > 0.0 ? qn__picture_at_y(scale, area, low) : area->bottom, area->bottom);
        (void)snprintf(name, sizeof name, "area rf%zu", color);
        qn__picture_rect(text, name, area->left, upper, area->right - area->left, fmax(lower - upper, 1.0));
        qn__text_puts(text, "/>\n");
    }
    (void)snprintf(name, sizeof name, "ref rs%zu", color);
    qn__text_puts(text, "<g>");
    qn__picture_line(text, name, area->left, y, area->right, y);
    qn__text_puts(text, "<title>");
    qn__text_xml(text, line->name != NULL ? line->name : "");
    qn_text_printf(text, ": %s</title></g>\n", qn__number_format(number, sizeof number, line->y, 12, 'g'));
}
