/* canvas.c: a sheet of characters on which lines meet. */
#include "circuit/draw/canvas.h"

#include <string.h>

#include "base/alloc.h"
#include "circuit/draw/words.h"
#include "report/text.h"

qn_status qn__canvas_create(uint32_t capacity, uint32_t height, bool ascii, qn__canvas *out)
{
    size_t count = 0;
    QN_CHECK(!__builtin_mul_overflow((size_t)capacity, (size_t)height, &count), ERR_TOO_LARGE,
             "a picture of %u columns and %u lines is too large", capacity, height);
    qn__place *places = qn__alloc(count, sizeof *places);
    QN_ALLOC_CHECK(places);
    *out = (qn__canvas){0, height, capacity, ascii, places};
    return QN_OK;
}

void qn__canvas_free(qn__canvas *canvas)
{
    qn__free(canvas->places);
    canvas->places = NULL;
}

void qn__canvas_clear(qn__canvas *canvas, uint32_t width)
{
    canvas->width = width < canvas->capacity ? width : canvas->capacity;
    memset(canvas->places, 0, (size_t)canvas->width * canvas->height * sizeof *canvas->places);
}

static qn__place *at(qn__canvas *canvas, uint32_t line, uint32_t column)
{
    return &canvas->places[(size_t)line * canvas->width + column];
}

static uint8_t stronger(uint8_t a, qn__stroke b)
{
    return a > (uint8_t)b ? a : (uint8_t)b;
}

void qn__canvas_across(qn__canvas *canvas, uint32_t line, uint32_t from, uint32_t to, qn__stroke stroke, uint8_t ink)
{
    for (uint32_t c = from; c <= to && c < canvas->width && line < canvas->height; c++) {
        qn__place *p = at(canvas, line, c);
        p->character = 0;
        p->ink = ink;
        p->left = c > from ? stronger(p->left, stroke) : p->left;
        p->right = c < to ? stronger(p->right, stroke) : p->right;
    }
}

void qn__canvas_down(qn__canvas *canvas, uint32_t column, uint32_t from, uint32_t to, qn__stroke stroke, uint8_t ink)
{
    for (uint32_t l = from; l <= to && l < canvas->height && column < canvas->width; l++) {
        qn__place *p = at(canvas, l, column);
        p->character = 0;
        p->ink = ink;
        p->up = l > from ? stronger(p->up, stroke) : p->up;
        p->down = l < to ? stronger(p->down, stroke) : p->down;
    }
}

void qn__canvas_wire(qn__canvas *canvas, uint32_t line, uint32_t from, uint32_t to, qn__stroke stroke)
{
    for (uint32_t c = from; c <= to && c < canvas->width && line < canvas->height; c++) {
        qn__place *p = at(canvas, line, c);
        p->left = p->right = (uint8_t)stroke;
    }
}

void qn__canvas_box(qn__canvas *canvas, uint32_t top, uint32_t bottom, uint32_t left, uint32_t right, uint8_t ink)
{
    for (uint32_t l = top; l <= bottom && l < canvas->height; l++) {
        for (uint32_t c = left; c <= right && c < canvas->width; c++) {
            qn__place *p = at(canvas, l, c);
            const bool side = c == left || c == right, edge = l == top || l == bottom;
            *p = (qn__place){.up = side && l != top                    ? QN__STROKE_LIGHT
                                   : c > left && c < right && l == top ? p->up
                                                                       : 0,
                             .down = side && l != bottom                    ? QN__STROKE_LIGHT
                                     : c > left && c < right && l == bottom ? p->down
                                                                            : 0,
                             .left = edge && c != left       ? QN__STROKE_LIGHT
                                     : c == left && l != top ? p->left
                                                             : 0,
                             .right = edge && c != right       ? QN__STROKE_LIGHT
                                      : c == right && l != top ? p->right
                                                               : 0,
                             .ink = ink};
        }
    }
}

void qn__canvas_put(qn__canvas *canvas, uint32_t line, uint32_t column, const char *text, uint8_t ink)
{
    while (*text != '\0' && line < canvas->height) {
        size_t length = 0;
        const uint32_t character = qn__utf8_decode(text, &length);
        const uint32_t columns = qn__character_columns(character);
        text += length;
        if (columns == 0) {
            continue; /* marks that combine have no place of their own */
        }
        if (column + columns > canvas->width) {
            return;
        }
        *at(canvas, line, column) = (qn__place){.character = character, .ink = ink};
        if (columns == 2) {
            *at(canvas, line, column + 1) = (qn__place){.character = UINT32_MAX, .ink = ink};
        }
        column += columns;
    }
}

/* Rows: vertical stroke (none, light, double, heavy); columns: horizontal one; 16 characters each by the bits up 1,
 * down 2, left 4, right 8. Unicode has no joint of heavy and double: the heavy line goes through. */
static const char *joint(unsigned vertical, unsigned horizontal, unsigned bits)
{
    static const char *const light[] = {" ", "╵", "╷", "│", "╴", "┘", "┐", "┤", "╶", "└", "┌", "├", "─", "┴", "┬", "┼"};
    static const char *const twice[] = {" ", "║", "║", "║", "═", "╝", "╗", "╣", "═", "╚", "╔", "╠", "═", "╩", "╦", "╬"};
    static const char *const heavy[] = {" ", "╹", "╻", "┃", "╸", "┛", "┓", "┫", "╺", "┗", "┏", "┣", "━", "┻", "┳", "╋"};
    static const char *const double_light[] = {" ", "║", "║", "║", "╴", "╜", "╖", "╢",
                                               "╶", "╙", "╓", "╟", "─", "╨", "╥", "╫"};
    static const char *const light_double[] = {" ", "╵", "╷", "│", "═", "╛", "╕", "╡",
                                               "═", "╘", "╒", "╞", "═", "╧", "╤", "╪"};
    static const char *const heavy_light[] = {" ", "╹", "╻", "┃", "╴", "┚", "┒", "┨",
                                              "╶", "┖", "┎", "┠", "─", "┸", "┰", "╂"};
    static const char *const light_heavy[] = {" ", "╵", "╷", "│", "╸", "┙", "┑", "┥",
                                              "╺", "┕", "┍", "┝", "━", "┷", "┯", "┿"};
    const unsigned v = vertical == 0 ? horizontal : vertical, h = horizontal == 0 ? vertical : horizontal;
    if (v == h) {
        return v <= 1 ? light[bits] : v == 2 ? twice[bits] : heavy[bits];
    }
    if (v == QN__STROKE_DOUBLE) {
        return h == QN__STROKE_LIGHT ? double_light[bits] : (bits & 12) == 12 ? "━" : heavy[bits];
    }
    if (v == QN__STROKE_HEAVY) {
        return h == QN__STROKE_LIGHT ? heavy_light[bits] : (bits & 3) == 3 ? "┃" : heavy[bits];
    }
    return h == QN__STROKE_DOUBLE ? light_double[bits] : light_heavy[bits];
}

static const char *ascii_joint(unsigned vertical, unsigned horizontal, unsigned bits)
{
    static const char *const across[] = {" ", "-", "=", "#"};
    if (bits == 0) {
        return " ";
    }
    if ((bits & 3) == 3) {
        return vertical == QN__STROKE_HEAVY ? "#" : "|";
    }
    if ((bits & 3) == 0) {
        return across[horizontal];
    }
    if ((bits & 12) == 0) {
        return vertical == QN__STROKE_HEAVY ? "#" : "|";
    }
    return vertical == QN__STROKE_HEAVY || horizontal == QN__STROKE_HEAVY ? "#" : "+";
}

static void put_character(qn_text *text, uint32_t c)
{
    char bytes[4];
    size_t length = 0;
    if (c < 0x80) {
        bytes[length++] = (char)c;
    } else if (c < 0x800) {
        bytes[length++] = (char)(0xC0 | c >> 6);
        bytes[length++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        bytes[length++] = (char)(0xE0 | c >> 12);
        bytes[length++] = (char)(0x80 | (c >> 6 & 0x3F));
        bytes[length++] = (char)(0x80 | (c & 0x3F));
    } else {
        bytes[length++] = (char)(0xF0 | c >> 18);
        bytes[length++] = (char)(0x80 | (c >> 12 & 0x3F));
        bytes[length++] = (char)(0x80 | (c >> 6 & 0x3F));
        bytes[length++] = (char)(0x80 | (c & 0x3F));
    }
    qn_text_append(text, bytes, length);
}

static bool blank(const qn__place *p)
{
    return (p->character == 0 && (p->up | p->down | p->left | p->right) == 0) || p->character == ' ';
}

void qn__canvas_line(const qn__canvas *canvas, uint32_t line, bool colour, qn_text *text)
{
    const qn__place *places = &canvas->places[(size_t)line * canvas->width];
    uint32_t end = canvas->width;
    while (end > 0 && blank(&places[end - 1])) {
        end--;
    }
    uint8_t ink = 0;
    for (uint32_t c = 0; c < end; c++) {
        const qn__place *p = &places[c];
        if (colour && p->ink != ink) {
            ink = p->ink;
            qn_text_printf(text, ink == 0 ? "\x1b[0m" : "\x1b[%um", (unsigned)ink);
        }
        if (p->character == 0) {
            const unsigned bits = (p->up ? 1u : 0u) | (p->down ? 2u : 0u) | (p->left ? 4u : 0u) | (p->right ? 8u : 0u);
            const unsigned v = p->up > p->down ? p->up : p->down, h = p->left > p->right ? p->left : p->right;
            qn__text_puts(text, canvas->ascii ? ascii_joint(v, h, bits) : joint(v, h, bits));
        } else if (p->character != UINT32_MAX) {
            put_character(text, p->character);
        }
    }
    if (ink != 0) {
        qn__text_puts(text, "\x1b[0m");
    }
}
