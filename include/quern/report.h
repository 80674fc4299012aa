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
 * is "s", "2.0 MiB" when unit is "B", "21.3 GB/s", "95 Gflop/s" where it ends in "/s"); into the caller's buffer. */
QN_API const char *qn_human(char *buffer, size_t capacity, double value, const char *unit);

/** A general table: a header and rows of texts. */
typedef struct qn_table_column {
    const char *name;
    bool right; /* for numbers */
} qn_table_column;
typedef struct qn_table {
    const qn_table_column *columns;
    size_t ncolumns;
    const char *const *cells; /* nrows x ncolumns, row by row; NULL is an empty cell */
    size_t nrows;
} qn_table;
/** The table for a terminal: columns as wide as they must be, two blanks apart; where they do not fit the style's width
 * the widest ones are narrowed and their texts wrap at blanks. Numbers that are aligned right are never broken. */
QN_API void qn_text_table(qn_text *text, const qn_table *table, const qn_style *style);

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
/** A vertical line at x, or a band from `low` to `high` around it (NaN or both equal: none; may be open, +-infinite).
 */
typedef struct qn_plot_mark {
    const char *name;
    double x, low, high;
} qn_plot_mark;
/** Words beside a point; they are put where they cover neither each other nor other labelled points, and left to the
 * hover title where there is no such place. */
typedef struct qn_plot_label {
    double x, y;
    const char *text;
} qn_plot_label;
typedef struct qn_plot {
    uint32_t size;
    const char *title, *subtitle, *x_label, *y_label;
    bool log_x, log_y;
    const qn_series *series;
    size_t nseries;
    const qn_plot_line *lines;
    size_t nlines;
    uint32_t width, height; /* 0: 760 x 440 */
    const qn_plot_mark *marks;
    size_t nmarks;
    const qn_plot_label *labels;
    size_t nlabels;
} qn_plot;
#define QN_PLOT_INIT                                                                                                   \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_plot), NULL, NULL, NULL, NULL, false, false, NULL, 0, NULL, 0, 0, 0, NULL, 0, NULL, 0      \
    }
/** A native SVG: light and dark by CSS, hover titles, tick marks at round numbers; `standalone` adds the XML header.
 * Non-finite points are gaps. Curves of more than 2,000 points are thinned keeping extremes. */
QN_API void qn_text_plot(qn_text *text, const qn_plot *plot, bool standalone);

/** Horizontal bars from a base line, one a row, with their values written out: sensitivities, comparisons. Heights
 * follow from the number of bars. */
typedef struct qn_bar {
    const char *name;
    double value;
    double low, high; /* whisker; NaN: none */
    const char *note; /* for the hover title, or NULL */
} qn_bar;
typedef struct qn_bars {
    uint32_t size;
    const char *title, *subtitle, *x_label;
    const qn_bar *bars;
    size_t nbars;
    double base;      /* where bars begin; ignored when log_x, whose bars begin at the left edge */
    bool log_x;       /* values that are not positive are left out */
    const char *unit; /* for qn_human, of the values beside the bars; NULL: plain numbers */
    uint32_t width;   /* 0: 760 */
} qn_bars;
#define QN_BARS_INIT                                                                                                   \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_bars), NULL, NULL, NULL, NULL, 0, 0.0, false, NULL, 0                                      \
    }
QN_API void qn_text_bars(qn_text *text, const qn_bars *bars, bool standalone);

/** Vertical bars by category, side by side for several groups: counts, success probabilities, histograms. */
typedef struct qn_column_group {
    const char *name;         /* in the legend, or NULL */
    const double *values;     /* one a category; NaN: none */
    const double *low, *high; /* error bars, or NULL; in hover titles only where bars are too narrow */
} qn_column_group;
typedef struct qn_columns {
    uint32_t size;
    const char *title, *subtitle, *x_label, *y_label;
    const char *const *names; /* of the categories; NULL: 0, 1, … */
    size_t ncategories;
    const qn_column_group *groups;
    size_t ngroups;
    bool log_y;
    const qn_plot_line *lines; /* horizontal references */
    size_t nlines;
    uint32_t width, height; /* 0: 760 x 440 */
} qn_columns;
#define QN_COLUMNS_INIT                                                                                                \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_columns), NULL, NULL, NULL, NULL, NULL, 0, NULL, 0, false, NULL, 0, 0, 0                   \
    }
QN_API void qn_text_columns(qn_text *text, const qn_columns *columns, bool standalone);

/** Eras as bands on an axis of years, milestones as points with the interval of their slip, one a row. */
typedef struct qn_timeline_era {
    const char *name, *note; /* note: for the hover title, or NULL */
    double from, to;         /* years; to may be infinite */
} qn_timeline_era;
typedef struct qn_timeline_milestone {
    const char *name, *note;
    double year;      /* beyond the axis or infinite: an arrow at its end */
    double low, high; /* of the slip; NaN: none */
    uint32_t group;   /* colour */
} qn_timeline_milestone;
typedef struct qn_timeline {
    uint32_t size;
    const char *title, *subtitle;
    const qn_timeline_era *eras;
    size_t neras;
    const qn_timeline_milestone *milestones;
    size_t nmilestones;
    const char *const *group_names; /* for the legend; NULL: none */
    size_t ngroups;
    double now;      /* a line at today; 0: none */
    double from, to; /* years shown; both 0: what is needed */
    uint32_t width;  /* 0: 760 */
} qn_timeline;
#define QN_TIMELINE_INIT                                                                                               \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_timeline), NULL, NULL, NULL, 0, NULL, 0, NULL, 0, 0.0, 0.0, 0.0, 0                         \
    }
QN_API void qn_text_timeline(qn_text *text, const qn_timeline *timeline, bool standalone);

/** A matrix as coloured cells: attention weights, Q-tables, energy landscapes. Row 0 is on top. NaN cells stay empty.
 * Matrices of more than 100 rows or columns are shown as means over blocks, which the picture says. */
typedef struct qn_heat_map {
    uint32_t size;
    const char *title, *subtitle, *x_label, *y_label;
    size_t rows, columns;
    const double *values;                               /* rows x columns, row by row */
    const char *const *row_names, *const *column_names; /* NULL: numbers where there is room */
    double low, high;                                   /* of the colours; both 0: those of the data */
    bool diverging;                                     /* two colours around 0, the range made symmetric */
    const char *unit;                                   /* behind the values of hover titles, or NULL */
    uint32_t width;                                     /* 0: 760 */
} qn_heat_map;
#define QN_HEAT_MAP_INIT                                                                                               \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_heat_map), NULL, NULL, NULL, NULL, 0, 0, NULL, NULL, NULL, 0.0, 0.0, false, NULL, 0        \
    }
QN_API void qn_text_heat_map(qn_text *text, const qn_heat_map *map, bool standalone);

/** Any one picture; `picture` points to the struct that `kind` names. All of them are native SVG: light and dark by
 * CSS, hover titles, no scripts, labels that do not overlap. */
typedef enum qn_figure_kind {
    QN_FIGURE_PLOT = 0,
    QN_FIGURE_BARS = 1,
    QN_FIGURE_COLUMNS = 2,
    QN_FIGURE_TIMELINE = 3,
    QN_FIGURE_HEAT_MAP = 4
} qn_figure_kind;
typedef struct qn_figure {
    qn_figure_kind kind;
    const void *picture;
} qn_figure;
QN_API void qn_text_figure(qn_text *text, const qn_figure *figure, bool standalone);

/** One self-contained HTML page: title, key-value summary, plots, sections in their order, ledger, the command that
 * made it. No network, light and dark, printable. */
typedef struct qn_report_pair {
    const char *key, *value;
} qn_report_pair;
/** What is there of it, in this order; what is NULL or empty is left out. */
typedef struct qn_report_section {
    const char *title;
    const char *text; /* blank lines separate paragraphs */
    const qn_report_pair *pairs;
    size_t npairs;
    const qn_table *table;
    const qn_figure *figures;
    size_t nfigures;
    const char *note; /* small print below */
} qn_report_section;
typedef struct qn_report_page {
    uint32_t size;
    const char *title, *lead; /* lead: one sentence */
    const qn_report_pair *pairs;
    size_t npairs;
    const qn_plot *plots;
    size_t nplots;
    const qn_ledger *ledger;
    const char *command;
    const qn_report_section *sections; /* between the plots and the ledger */
    size_t nsections;
} qn_report_page;
#define QN_REPORT_PAGE_INIT                                                                                            \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_report_page), NULL, NULL, NULL, 0, NULL, 0, NULL, NULL, NULL, 0                            \
    }
QN_API void qn_text_html(qn_text *text, const qn_report_page *page);

QN_END_DECLS
#endif
