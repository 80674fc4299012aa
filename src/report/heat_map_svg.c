/* heat_map_svg.c: a matrix as coloured cells, with a scale of its colours.
 *
 * Colours are classes of 21 steps, so that light and dark can differ: from the background to one strong colour, or
 * (diverging) from one colour over the background to another. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "report/number.h"
#include "report/picture.h"
#include "report/text.h"

enum { WIDTH = 760, MOST_CELLS = 100, LEVELS = 21, CELL_MOST = 44, NAMES_MOST = 150 };

typedef struct chart {
    const qn_heat_map *map;
    size_t rows, columns, block; /* of what is shown: means over block x block entries */
    double *values;              /* rows x columns */
    double low, high;
    double width, height, cell_width, cell_height, row_names;
    bool turned;
    qn__picture_area area;
} chart;

/* Stops of the colours, evenly spaced. */
typedef struct stop {
    double red, green, blue;
} stop;
static const stop rising_light[] = {{247, 250, 253}, {158, 202, 225}, {49, 130, 189}, {8, 48, 107}};
static const stop rising_dark[] = {{27, 31, 40}, {22, 78, 122}, {56, 150, 214}, {196, 232, 255}};
static const stop around_light[] = {{178, 60, 10}, {244, 165, 100}, {247, 247, 247}, {120, 180, 222}, {5, 82, 142}};
static const stop around_dark[] = {{255, 170, 90}, {170, 86, 26}, {30, 34, 42}, {26, 98, 152}, {120, 200, 250}};

static void write_colors(qn_text *text, const stop *stops, size_t count)
{
    for (size_t level = 0; level < LEVELS; level++) {
        const double at = (double)level / (LEVELS - 1) * (double)(count - 1);
        const size_t k = (size_t)fmin(at, (double)count - 2.0);
        const double t = at - (double)k;
        qn_text_printf(text, ".qn-plot .%c%zu{fill:#%02x%02x%02x}", count == 5 ? 'd' : 'h', level,
                       (unsigned)(stops[k].red + t * (stops[k + 1].red - stops[k].red)),
                       (unsigned)(stops[k].green + t * (stops[k + 1].green - stops[k].green)),
                       (unsigned)(stops[k].blue + t * (stops[k + 1].blue - stops[k].blue)));
    }
    qn__text_puts(text, "\n");
}

static void write_style(qn_text *text, bool diverging)
{
    qn__text_puts(text, "<style>\n");
    write_colors(text, diverging ? around_light : rising_light, diverging ? 5 : 4);
    qn__text_puts(text, ".qn-plot .cell{font-size:10px}.qn-plot .on-low{fill:#222}.qn-plot .on-high{fill:#fff}\n"
                        "@media (prefers-color-scheme:dark){");
    write_colors(text, diverging ? around_dark : rising_dark, diverging ? 5 : 4);
    qn__text_puts(text, ".qn-plot .on-low{fill:#eee}.qn-plot .on-high{fill:#111}}\n</style>\n");
}

static double block_mean(const chart *c, size_t row, size_t column)
{
    const qn_heat_map *map = c->map;
    double sum = 0.0, count = 0.0;
    for (size_t r = row * c->block; r < (row + 1) * c->block && r < map->rows; r++) {
        for (size_t k = column * c->block; k < (column + 1) * c->block && k < map->columns; k++) {
            const double value = map->values[r * map->columns + k];
            if (isfinite(value)) {
                sum += value;
                count += 1.0;
            }
        }
    }
    return count > 0.0 ? sum / count : (double)NAN;
}

static bool gather(chart *c)
{
    const qn_heat_map *map = c->map;
    const size_t larger = map->rows > map->columns ? map->rows : map->columns;
    c->block = (larger + MOST_CELLS - 1) / MOST_CELLS;
    c->block = c->block > 0 ? c->block : 1;
    c->rows = (map->rows + c->block - 1) / c->block;
    c->columns = (map->columns + c->block - 1) / c->block;
    c->values = qn__alloc(c->rows * c->columns, sizeof *c->values);
    if (c->values == NULL) {
        return false;
    }
    c->low = (double)INFINITY;
    c->high = -(double)INFINITY;
    for (size_t i = 0; i < c->rows * c->columns; i++) {
        const double value = block_mean(c, i / c->columns, i % c->columns);
        c->values[i] = value;
        c->low = isfinite(value) ? fmin(c->low, value) : c->low;
        c->high = isfinite(value) ? fmax(c->high, value) : c->high;
    }
    if (map->low < map->high) {
        c->low = map->low;
        c->high = map->high;
    } else if (c->low > c->high) {
        c->low = 0.0;
        c->high = 1.0;
    }
    if (map->diverging) {
        c->high = fmax(fabs(c->low), fabs(c->high));
        c->high = c->high > 0.0 ? c->high : 1.0;
        c->low = -c->high;
    }
    return true;
}

/* 0 to 1 within the range; halves first, since high - low may overflow. */
static double place(const chart *c, double value)
{
    const double span = c->high / 2.0 - c->low / 2.0;
    return span > 0.0 ? fmin(fmax((value / 2.0 - c->low / 2.0) / span, 0.0), 1.0) : 0.5;
}

static const char *name_at(const char *const *names, const chart *c, size_t i, char line[QN__PICTURE_LINE])
{
    char number[24];
    (void)snprintf(number, sizeof number, "%zu", i * c->block);
    return qn__picture_fit(line, names != NULL ? names[i * c->block] : number, QN__PICTURE_TEXT_SIZE, NAMES_MOST);
}

static double widest_name(const char *const *names, const chart *c, size_t count)
{
    char line[QN__PICTURE_LINE];
    double widest = 0.0;
    for (size_t i = 0; i < count; i++) {
        widest = fmax(widest, qn__picture_text_width(name_at(names, c, i, line), QN__PICTURE_TEXT_SIZE));
    }
    return widest;
}

/* What stands beside the scale of colours, from its top: the ends and the middle; one number where they are one. */
static size_t scale_texts(const chart *c, char texts[3][QN__NUMBER_SIZE])
{
    const double span = c->high / 2.0 - c->low / 2.0, middle = c->high / 2.0 + c->low / 2.0;
    const double places[] = {c->high, fabs(middle) < 4e-3 * span ? 0.0 : middle, c->low};
    const size_t count = span > 0.0 ? 3 : 1;
    for (size_t k = 0; k < count; k++) {
        qn__number_format(texts[k], QN__NUMBER_SIZE, places[k], 3, 'g');
    }
    return count;
}

/* Pixels right of the cells. */
static double scale_width(const chart *c)
{
    char texts[3][QN__NUMBER_SIZE];
    double widest = 0.0;
    for (size_t k = scale_texts(c, texts); k-- > 0;) {
        widest = fmax(widest, qn__picture_text_width(texts[k], QN__PICTURE_TEXT_SIZE));
    }
    return 18.0 + 17.0 + widest + 12.0;
}

static void lay_out(chart *c, double head)
{
    const qn_heat_map *map = c->map;
    c->row_names = widest_name(map->row_names, c, c->rows);
    c->area.left = 20.0 + c->row_names + 8.0;
    c->area.top = head + 10.0 + (map->y_label != NULL ? 18.0 : 0.0);
    const double room = fmax(c->width - c->area.left - scale_width(c), 40.0);
    c->cell_width = fmin(room / fmax(1.0, (double)c->columns), CELL_MOST);
    c->cell_height = fmin(c->cell_width, fmax(4.0, 560.0 / fmax(1.0, (double)c->rows)));
    /* few rows or columns: cells need not be squares to be seen */
    c->cell_height = fmax(c->cell_height, fmin(20.0, 240.0 / fmax(1.0, (double)c->rows)));
    c->area.right = c->area.left + c->cell_width * (double)c->columns;
    c->area.bottom = c->area.top + c->cell_height * (double)c->rows;
    const double names = widest_name(map->column_names, c, c->columns);
    c->turned = names + 6.0 > c->cell_width && map->column_names != NULL;
    c->height = fmax(c->area.bottom, c->area.top + 100.0) + (c->turned ? names + 14.0 : 24.0) +
                (map->x_label != NULL ? 26.0 : 8.0);
}

static void draw_cell(const chart *c, qn_text *text, size_t row, size_t column, bool with_value)
{
    const double value = c->values[row * c->columns + column];
    if (!isfinite(value)) {
        return;
    }
    char name[24], number[QN__NUMBER_SIZE], line[QN__PICTURE_LINE];
    const double at = place(c, value), strength = c->map->diverging ? fabs(2.0 * at - 1.0) : at;
    const double x = c->area.left + (double)column * c->cell_width, y = c->area.top + (double)row * c->cell_height;
    (void)snprintf(name, sizeof name, "%c%d", c->map->diverging ? 'd' : 'h', (int)(at * (LEVELS - 1) + 0.5));
    qn__picture_rect(text, name, x, y, c->cell_width, c->cell_height);
    qn__text_puts(text, "><title>");
    qn__text_xml(text, name_at(c->map->row_names, c, row, line));
    qn__text_puts(text, ", ");
    qn__text_xml(text, name_at(c->map->column_names, c, column, line));
    qn_text_printf(text, ": %s", qn__number_format(number, sizeof number, value, 6, 'g'));
    if (c->map->unit != NULL) {
        qn__text_puts(text, " ");
        qn__text_xml(text, c->map->unit);
    }
    qn__text_puts(text, "</title></rect>\n");
    if (with_value) {
        qn__number_format(number, sizeof number, value, 2, 'g');
        qn__picture_text(text, x + c->cell_width / 2.0, y + c->cell_height / 2.0 + 3.5, "middle",
                         strength > 0.55 ? "cell on-high" : "cell on-low", number);
    }
}

/* Values are written into the cells where all of them fit. */
static bool values_fit(const chart *c)
{
    char number[QN__NUMBER_SIZE];
    if (c->cell_height < 16.0) {
        return false;
    }
    for (size_t i = 0; i < c->rows * c->columns; i++) {
        if (isfinite(c->values[i]) &&
            qn__picture_text_width(qn__number_format(number, sizeof number, c->values[i], 2, 'g'), 10.0) >
                c->cell_width - 2.0) {
            return false;
        }
    }
    return true;
}

static void draw_names(const chart *c, qn_text *text)
{
    char line[QN__PICTURE_LINE];
    const double widest = widest_name(c->map->column_names, c, c->columns);
    const size_t down = (size_t)ceil(15.0 / c->cell_height);
    const size_t across = (size_t)ceil((c->turned ? 15.0 : widest + 8.0) / c->cell_width);
    for (size_t r = 0; r < c->rows; r += down) {
        qn__picture_text(text, c->area.left - 6.0, c->area.top + ((double)r + 0.5) * c->cell_height + 4.0, "end", "",
                         name_at(c->map->row_names, c, r, line));
    }
    for (size_t k = 0; k < c->columns; k += across) {
        const double x = c->area.left + ((double)k + 0.5) * c->cell_width;
        (void)name_at(c->map->column_names, c, k, line);
        if (!c->turned) {
            qn__picture_text(text, x, c->area.bottom + 17.0, "middle", "", line);
            continue;
        }
        qn__text_puts(text, "<text text-anchor=\"end\" transform=\"translate(");
        qn__picture_put(text, x + 4.0);
        qn__text_puts(text, " ");
        qn__picture_put(text, c->area.bottom + 8.0);
        qn__text_puts(text, ") rotate(-90)\">");
        qn__text_xml(text, line);
        qn__text_puts(text, "</text>\n");
    }
    if (c->map->x_label != NULL) {
        qn__picture_text(text, fmax((c->area.left + c->area.right) / 2.0, 100.0), c->height - 12.0, "middle", "",
                         qn__picture_fit(line, c->map->x_label, QN__PICTURE_TEXT_SIZE, c->width - 60.0));
    }
    if (c->map->y_label != NULL) {
        qn__picture_text(text, 20.0, c->area.top - 10.0, "start", "",
                         qn__picture_fit(line, c->map->y_label, QN__PICTURE_TEXT_SIZE, c->width - 40.0));
    }
}

static void draw_scale(const chart *c, qn_text *text)
{
    char name[24];
    const double left = c->area.right + 18.0, height = fmax(80.0, fmin(c->area.bottom - c->area.top, 220.0));
    for (int level = 0; level < LEVELS; level++) {
        (void)snprintf(name, sizeof name, "%c%d", c->map->diverging ? 'd' : 'h', level);
        qn__picture_rect(text, name, left, c->area.top + height * (LEVELS - 1 - level) / LEVELS, 12.0,
                         height / LEVELS + 0.3);
        qn__text_puts(text, "/>\n");
    }
    char texts[3][QN__NUMBER_SIZE];
    const size_t count = scale_texts(c, texts);
    for (size_t k = 0; k < count; k++) {
        qn__picture_text(text, left + 17.0, c->area.top + 10.0 + (height - 12.0) * (count > 1 ? (double)k : 1.0) / 2.0,
                         "start", "", texts[k]);
    }
}

void qn_text_heat_map(qn_text *text, const qn_heat_map *map, bool standalone)
{
    if (map->size != sizeof *map) {
        qn__text_fail(text, QN_ERR_ARGUMENT);
        return;
    }
    chart c = {.map = map, .width = qn__picture_size(map->width, WIDTH)};
    if (!gather(&c)) {
        qn__text_fail(text, QN_ERR_MEMORY);
        return;
    }
    char subtitle[QN__PICTURE_LINE + 64];
    (void)snprintf(subtitle, sizeof subtitle, "%.*s", QN__PICTURE_LINE - 1, map->subtitle != NULL ? map->subtitle : "");
    if (c.block > 1) {
        const size_t used = strlen(subtitle);
        (void)snprintf(subtitle + used, sizeof subtitle - used, "%scells are means over %zu \xC3\x97 %zu entries",
                       used > 0 ? "; " : "", c.block, c.block);
    }
    lay_out(&c, qn__picture_heading(NULL, c.width, map->title, subtitle));
    qn__picture_begin(text, c.width, c.height, map->title, standalone);
    write_style(text, map->diverging);
    (void)qn__picture_heading(text, c.width, map->title, subtitle);
    const bool with_values = values_fit(&c);
    qn__text_puts(text, "<g shape-rendering=\"crispEdges\">\n"); /* no seams between cells */
    for (size_t i = 0; i < c.rows * c.columns; i++) {
        draw_cell(&c, text, i / c.columns, i % c.columns, with_values);
    }
    qn__text_puts(text, "</g>\n");
    if (c.rows > 0 && c.columns > 0) {
        draw_names(&c, text);
    }
    draw_scale(&c, text);
    qn__picture_end(text);
    qn__free(c.values);
}
