/* plot_labels.c: where the words beside points go: of eight places around the point at growing distance, the first that
 * covers nothing. Labels are placed in their order, so the important ones come first. */
#include "report/plot_labels.h"

#include <math.h>

#include "base/alloc.h"
#include "report/text.h"

enum { MOST_DOTS = 2000, WIDEST = 240 };

typedef struct box {
    double left, right, top, bottom;
} box;

typedef struct scene {
    const qn_plot *plot;
    const qn__scale *x, *y;
    const qn__picture_area *area;
    box *taken;
    size_t count, capacity;
} scene;

static bool visible(const scene *s, double x, double y)
{
    return isfinite(x) && isfinite(y) && (!s->x->log || x > 0.0) && (!s->y->log || y > 0.0);
}

static void take(scene *s, box b)
{
    if (s->count < s->capacity) {
        s->taken[s->count++] = b;
    }
}

static void take_dot(scene *s, double x, double y, double radius)
{
    if (visible(s, x, y)) {
        const double px = qn__picture_at_x(s->x, s->area, x), py = qn__picture_at_y(s->y, s->area, y);
        take(s, (box){px - radius, px + radius, py - radius, py + radius});
    }
}

static bool is_free(const scene *s, const box *b)
{
    if (b->left < s->area->left || b->right > s->area->right || b->top < s->area->top || b->bottom > s->area->bottom) {
        return false;
    }
    for (size_t i = 0; i < s->count; i++) {
        const box *t = &s->taken[i];
        if (b->left < t->right && t->left < b->right && b->top < t->bottom && t->top < b->bottom) {
            return false;
        }
    }
    return true;
}

static void write_label(scene *s, qn_text *text, const qn_plot_label *label)
{
    /* direction from the point, and which part of the words is nearest to it */
    static const struct {
        double dx, dy;
    } places[] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {0.8, -0.8}, {0.8, 0.8}, {-0.8, -0.8}, {-0.8, 0.8}};
    char words[QN__PICTURE_LINE];
    const double x = qn__picture_at_x(s->x, s->area, label->x), y = qn__picture_at_y(s->y, s->area, label->y);
    qn__picture_fit(words, label->text, QN__PICTURE_TEXT_SIZE, WIDEST);
    const double width = qn__picture_text_width(words, QN__PICTURE_TEXT_SIZE), height = 14.0;
    static const double distances[] = {8.0, 13.0, 20.0, 33.0, 48.0};
    for (size_t d = 0; d < sizeof distances / sizeof distances[0]; d++) {
        const double distance = distances[d];
        for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
            const double cx = x + places[k].dx * distance, cy = y + places[k].dy * (distance + height / 2.0);
            const double left = places[k].dx > 0.0 ? cx : places[k].dx < 0.0 ? cx - width : cx - width / 2.0;
            const box b = {left - 1.0, left + width + 1.0, cy - height / 2.0, cy + height / 2.0};
            if (!is_free(s, &b)) {
                continue;
            }
            if (d > 0) {
                const double end = fmin(fmax(x, left), left + width);
                qn__picture_line(text, "leader", x, y, end, cy);
            }
            qn__picture_text(text, left, cy + 4.0, "start", "note", words);
            take(s, b);
            return;
        }
    }
}

void qn__plot_labels(qn_text *text, const qn_plot *plot, const qn__scale *x, const qn__scale *y,
                     const qn__picture_area *area)
{
    if (plot->nlabels == 0) {
        return;
    }
    scene s = {plot, x, y, area, NULL, 0, MOST_DOTS + 2 * plot->nlabels};
    s.taken = qn__alloc(s.capacity, sizeof *s.taken);
    if (s.taken == NULL) {
        qn__text_fail(text, QN_ERR_MEMORY);
        return;
    }
    for (size_t i = 0; i < plot->nlabels; i++) {
        take_dot(&s, plot->labels[i].x, plot->labels[i].y, 5.0);
    }
    for (size_t k = 0; k < plot->nseries; k++) {
        const qn_series *series = &plot->series[k];
        for (size_t i = 0; series->points && i < series->count && s.count < MOST_DOTS; i++) {
            take_dot(&s, series->x[i], series->y[i], 3.5);
        }
    }
    for (size_t i = 0; i < plot->nlabels; i++) {
        const qn_plot_label *label = &plot->labels[i];
        if (label->text == NULL || label->text[0] == '\0' || !visible(&s, label->x, label->y)) {
            continue;
        }
        write_label(&s, text, label);
        qn__text_puts(text, "<circle class=\"hit rf1\" r=\"6\"");
        qn__picture_attribute(text, "cx", qn__picture_at_x(x, area, label->x));
        qn__picture_attribute(text, "cy", qn__picture_at_y(y, area, label->y));
        qn__text_puts(text, ">");
        qn__picture_title(text, label->text);
        qn__text_puts(text, "</circle>\n");
    }
    qn__free(s.taken);
}
