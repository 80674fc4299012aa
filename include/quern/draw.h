/* draw.h: pictures of circuits. */
#ifndef QUERN_DRAW_H
#define QUERN_DRAW_H

#include <quern/classical.h>

QN_BEGIN_DECLS

typedef struct qn_draw_options {
    uint32_t size;
    uint32_t width;       /* in columns of a terminal, of 9 pixels in SVG: folded there; 0: 100, UINT32_MAX: never */
    bool ascii;           /* no box drawing characters */
    bool dense;           /* one line a qubit instead of boxes of three */
    bool colour;          /* ANSI colours in text */
    uint32_t max_columns; /* of gates; the middle is elided with a count of what is hidden; 0: 200 */
    uint32_t max_qubits;  /* 0: 100 */
    uint32_t decimals;    /* of angles, 0: 3; multiples of pi are recognised */
    bool reverse;         /* highest qubit on top */
    const char *title;
} qn_draw_options;
#define QN_DRAW_OPTIONS_INIT                                                                                           \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_draw_options), 0, false, false, false, 0, 0, 0, false, NULL                                \
    }

/** Text of a terminal, UTF-8 or ASCII. Release all of these with qn_text_free. */
QN_API QN_MUST_USE qn_status qn_draw_text(const qn_circuit *circuit, const qn_draw_options *options, char **text,
                                          size_t *length);
/** One self-contained SVG; a title element per gate (name, parameters, qubits, source line), light and dark by CSS. */
QN_API QN_MUST_USE qn_status qn_draw_svg(const qn_circuit *circuit, const qn_draw_options *options, char **text,
                                         size_t *length);
/** LaTeX, package quantikz (2): a tikzpicture, or a whole document when `document`. */
QN_API QN_MUST_USE qn_status qn_draw_tikz(const qn_circuit *circuit, const qn_draw_options *options, bool document,
                                          char **text, size_t *length);

QN_END_DECLS
#endif
