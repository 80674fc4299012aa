/* layout.h: where everything of a picture goes: rows of wires, columns of operations, frames of control flow. The
 * writers (text, SVG, LaTeX) add sizes and shapes. */
#ifndef QN_CIRCUIT_DRAW_LAYOUT_H
#define QN_CIRCUIT_DRAW_LAYOUT_H

#include <quern/draw.h>
#include <quern/report.h>

#include "circuit/draw/words.h"

#define QN__NOWHERE UINT32_MAX

typedef enum qn__row_kind {
    QN__ROW_QUBIT,
    QN__ROW_HIDDEN,   /* stands for `count` qubits that are not shown */
    QN__ROW_BITS,     /* one register of classical bits */
    QN__ROW_VARIABLES /* all other variables, and registers beyond the limit */
} qn__row_kind;

typedef struct qn__row {
    qn__row_kind kind;
    uint32_t first, count; /* qubits or bits */
    const char *name;
    bool boxed;            /* a box stands on it */
    uint32_t above, below; /* how many frames begin here, one in the other, with their upper or lower side */
} qn__row;

typedef enum qn__cell_kind {
    QN__CELL_DOT,
    QN__CELL_OPEN, /* control that fires on 0 */
    QN__CELL_PLUS,
    QN__CELL_CROSS,
    QN__CELL_BOX,
    QN__CELL_METER,
    QN__CELL_BARRIER,
    QN__CELL_BIT,   /* where a result goes; text: which bit */
    QN__CELL_READ,  /* classical value that is read */
    QN__CELL_HIDDEN /* on qubits that are not shown */
} qn__cell_kind;

typedef struct qn__cell {
    qn__cell_kind kind;
    uint32_t row;
    const char *text; /* of a box among several: its letter or number; of a bit: its number; else "" */
} qn__cell;

/* For colours. */
typedef enum qn__family {
    QN__FAMILY_PAULI,
    QN__FAMILY_CLIFFORD,
    QN__FAMILY_FIXED, /* without parameters, not Clifford: T and its kin */
    QN__FAMILY_ROTATION,
    QN__FAMILY_MATRIX,
    QN__FAMILY_READOUT, /* measurement, reset */
    QN__FAMILY_CLASSICAL,
    QN__FAMILY_NONE, /* barriers, delays */
    QN__FAMILY_COUNT
} qn__family;

typedef struct qn__item {
    size_t index; /* of the operation in the circuit */
    qn_op_kind kind;
    qn__family family;
    uint32_t column, top, bottom; /* rows it keeps others from, connections included */
    bool joined;                  /* one box from its first to its last BOX cell */
    bool linked;                  /* its cells are connected */
    const char *name, *params;    /* of the box; "" when there is none */
    size_t first, count;          /* its cells, by row; no row twice */
    uint32_t frame;               /* the frame it opens, or the one around a break; QN__NOWHERE: none */
} qn__item;

typedef struct qn__frame {
    uint32_t left, right;       /* columns of its sides; right may be the number of columns */
    bool open_left, open_right; /* the side itself is not shown */
    uint32_t divider;           /* column of the else, or QN__NOWHERE */
    uint32_t top, bottom;       /* rows */
    uint32_t over, under;       /* 1 + how many frames inside share its top or bottom row */
    bool loop;                  /* while */
    const char *label;          /* "if c == 1" */
    size_t index;               /* of the operation that opens it */
} qn__frame;

struct qn__string_block;

typedef struct qn__layout {
    const qn_circuit *circuit;
    qn_draw_options options; /* with defaults filled in */
    uint32_t nqubits;
    qn__row *rows;
    uint32_t nrows, nquantum; /* the first nquantum are qubits, hidden ones included */
    uint32_t ncolumns;
    uint32_t gap;    /* column that stands for what is hidden, or QN__NOWHERE */
    qn__item *items; /* by column */
    size_t nitems, items_capacity;
    qn__cell *cells;
    size_t ncells, cells_capacity;
    qn__frame *frames; /* outer before inner */
    size_t nframes;
    size_t *frame_order;  /* by left column */
    const char *gap_text; /* "1,204 gates hidden" */
    const char *notes[3]; /* lines over the picture: global phase, hidden qubits; "" when none */
    struct qn__string_block *strings;
} qn__layout;

/* `label_columns`: longest name and parameter text, in columns. */
QN_MUST_USE qn_status qn__layout_create(const qn_circuit *circuit, const qn_draw_options *options, bool ascii,
                                        uint32_t label_columns, qn__layout **out);
void qn__layout_free(qn__layout *layout);
/* Options with defaults: QN_ERR_ARGUMENT when they make no sense. */
QN_MUST_USE qn_status qn__draw_options(const qn_draw_options *options, qn_draw_options *out);
/* The caller's copy of a text; `length` may be NULL. */
QN_MUST_USE qn_status qn__draw_finish(const qn_text *text, char **out, size_t *length);
/* A copy that lives as long as the layout; NULL with a message when there is no memory. */
const char *qn__layout_keep(qn__layout *layout, const char *text);
/* The text of an operation for people: name, parameters with all digits, qubits, line of the source. */
void qn__layout_describe(const qn__layout *layout, size_t index, qn__words *words);

#endif
