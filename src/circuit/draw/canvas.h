/* canvas.h: a sheet of characters on which lines meet: crossings and corners come out by themselves. */
#ifndef QN_CIRCUIT_DRAW_CANVAS_H
#define QN_CIRCUIT_DRAW_CANVAS_H

#include <quern/report.h>

typedef enum qn__stroke {
    QN__STROKE_NONE = 0,
    QN__STROKE_LIGHT = 1,  /* wires, boxes */
    QN__STROKE_DOUBLE = 2, /* classical */
    QN__STROKE_HEAVY = 3   /* frames */
} qn__stroke;

/* A place holds a character, or the strokes that leave it: up, down, left, right. */
typedef struct qn__place {
    uint32_t character; /* 0: strokes; UINT32_MAX: the right half of a wide character */
    uint8_t up, down, left, right;
    uint8_t ink; /* for colours; 0: none */
} qn__place;

typedef struct qn__canvas {
    uint32_t width, height, capacity; /* capacity: longest width there is room for */
    bool ascii;
    qn__place *places;
} qn__canvas;

QN_MUST_USE qn_status qn__canvas_create(uint32_t capacity, uint32_t height, bool ascii, qn__canvas *out);
void qn__canvas_clear(qn__canvas *canvas, uint32_t width);
void qn__canvas_free(qn__canvas *canvas);
/* Lines from one place to another, ends included; at each end the line stops in the middle of the place. Outside of
 * the canvas nothing is drawn. */
void qn__canvas_across(qn__canvas *canvas, uint32_t line, uint32_t from, uint32_t to, qn__stroke stroke, uint8_t ink);
void qn__canvas_down(qn__canvas *canvas, uint32_t column, uint32_t from, uint32_t to, qn__stroke stroke, uint8_t ink);
/* A line through the whole of each place from..to: what a wire is. */
void qn__canvas_wire(qn__canvas *canvas, uint32_t line, uint32_t from, uint32_t to, qn__stroke stroke);
/* A light box with nothing in it; wires end at its sides. */
void qn__canvas_box(qn__canvas *canvas, uint32_t top, uint32_t bottom, uint32_t left, uint32_t right, uint8_t ink);
void qn__canvas_put(qn__canvas *canvas, uint32_t line, uint32_t column, const char *text, uint8_t ink);
/* One line as text, without blanks at its end; with colours when `colour`. */
void qn__canvas_line(const qn__canvas *canvas, uint32_t line, bool colour, qn_text *text);

#endif
