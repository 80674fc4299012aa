/* report.h: how results are shown: JSON, text tables, SVG plots, self-contained HTML. Nothing here prints; text is
 * built in memory. */
#ifndef QUERN_REPORT_H
#define QUERN_REPORT_H

#include <quern/ledger.h>

QN_BEGIN_DECLS

/** A growing text. Errors stick: after one, calls do nothing and qn_text_finish returns it. */
typedef struct qn_text qn_text;
QN_API QN_MUST_USE qn_status qn_text_create(qn_text **out);
QN_API void qn_text_destroy(qn_text *text);
QN_API void qn_text_printf(qn_text *text, const char *format, ...) QN_PRINTF(2, 3);
QN_API void qn_text_append(qn_text *text, const char *bytes, size_t length);
/** Borrowed content, 0-terminated, until the next change. */
QN_API QN_MUST_USE qn_status qn_text_finish(const qn_text *text, const char **bytes, size_t *length);

/** Streaming JSON writer over a text: commas, indentation (2 blanks) and escapes are its business. Doubles are written
 * so that they read back to the same bits with the fewest digits; NaN and infinity as null. `key` NULL inside arrays.
 */
typedef struct qn_json qn_json;
QN_API QN_MUST_USE qn_status qn_json_create(qn_text *text, qn_json **out);
QN_API void qn_json_destroy(qn_json *json);
QN_API void qn_json_begin_object(qn_json *json, const char *key);
QN_API void qn_json_end_object(qn_json *json);
QN_API void qn_json_begin_array(qn_json *json, const char *key);
QN_API void qn_json_end_array(qn_json *json);
QN_API void qn_json_number(qn_json *json, const char *key, double value);
QN_API void qn_json_unsigned(qn_json *json, const char *key, uint64_t value);
QN_API void qn_json_bool(qn_json *json, const char *key, bool value);
QN_API void qn_json_string(qn_json *json, const char *key, const char *value); /* NULL: null */
/** A whole ledger as an object: {"answer": {"value": …, "source": "exact"}, …, "verdict": …, "reasons": […]}; unknown
 * quantities as
 *  {"value": null, "source": "unknown"}. */
QN_API void qn_json_ledger(qn_json *json, const char *key, const qn_ledger *ledger);

/** How to dress text for a terminal. */
typedef struct qn_style {
    bool color;
    bool unicode;
    uint32_t width; /* columns; 0: 80 */
} qn_style;
/** The ledger as a table, section by section; unknown lines are left out, the verdict and its reasons last. */
QN_API void qn_text_ledger(qn_text *text, const qn_ledger *ledger, const qn_style *style);
/** A number for people: value with 4 significant digits and an SI-like prefix or power ("3.2e+07", "1.25 ms" when unit
 * is "s", "2.0 MiB" when unit is "B"); into the caller's buffer. */
QN_API const char *qn_human(char *buffer, size_t capacity, double value, const char *unit);

/** One curve, or points. */
typedef struct qn_series {
    const char *name;
    const double *x, *y;
    size_t count;
    const double *y_low, *y_high; /* band, or NULL */
    bool points;                  /* dots instead of a line */
} qn_series;
typedef struct qn_plot_line {
    const char *name;
    double y;
    double half_band; /* > 0: shaded y +- half_band */
} qn_plot_line;
typedef struct qn_plot {
    uint32_t size;
    const char *title, *subtitle, *x_label, *y_label;
    bool log_x, log_y;
    const qn_series *series;
    size_t nseries;
    const qn_plot_line *lines;
    size_t nlines;
    uint32_t width, height; /* 0: 760 x 440 */
} qn_plot;
#define QN_PLOT_INIT                                                                                                   \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_plot), NULL, NULL, NULL, NULL, false, false, NULL, 0, NULL, 0, 0, 0                        \
    }
/** A native SVG: light and dark by CSS, hover titles, tick marks at round numbers; `standalone` adds the XML header.
 * Non-finite points are gaps. Curves of more than 2,000 points are thinned keeping extremes. */
QN_API void qn_text_plot(qn_text *text, const qn_plot *plot, bool standalone);

/** One self-contained HTML page: title, key-value summary, plots, ledger, the command that made it. No network, light
 * and dark, printable. */
typedef struct qn_report_pair {
    const char *key, *value;
} qn_report_pair;
typedef struct qn_report_page {
    uint32_t size;
    const char *title, *lead; /* lead: one sentence */
    const qn_report_pair *pairs;
    size_t npairs;
    const qn_plot *plots;
    size_t nplots;
    const qn_ledger *ledger;
    const char *command;
} qn_report_page;
#define QN_REPORT_PAGE_INIT                                                                                            \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_report_page), NULL, NULL, NULL, 0, NULL, 0, NULL, NULL                                     \
    }
QN_API void qn_text_html(qn_text *text, const qn_report_page *page);

QN_END_DECLS
#endif
