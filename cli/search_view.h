/* search_view.h: what `quern search` read, ran and has to show. */
#ifndef CLI_SEARCH_VIEW_H
#define CLI_SEARCH_VIEW_H

#include <quern/quern.h>

#include "options.h"

enum { SEARCH_CURVE = 400 };

typedef struct search_view {
    const cli_invocation *invocation;
    const char *name; /* of the file */
    qn_cnf *cnf;
    qn_array *table;
    qn_array_skipped left_out; /* columns of its file */
    qn_formula *predicate;
    qn_predicate_info info;
    size_t column; /* of the minimum, and of a comparison */
    double *values;
    qn_oracle *oracle;
    qn_search_result *result;
    qn_minimum_result *minimum;
    /* the rival */
    qn_cnf_answer *answer;
    uint64_t matches;
    double scan_seconds, probe_seconds;
    qn_ledger ledger;
    /* the picture */
    double x[SEARCH_CURVE], y[SEARCH_CURVE], marks_x[2], marks_y[2];
    char title[160], subtitle[200];
    qn_series series[2];
    qn_plot plot;
} search_view;

void search_view_free(search_view *view);
/* Read the file and make the oracle; the classical rival runs on the same input. */
qn_status search_view_read(search_view *view, const qn_context *context);
/* The name of a column, or its number in `buffer`. */
const char *search_column_name(const search_view *view, size_t column, char *buffer, size_t capacity);

void search_input_json(qn_json *json, const void *user);
void search_result_json(qn_json *json, const void *user);
void search_text(qn_text *text, const qn_style *style, const void *user);
void search_picture(search_view *view);

#endif
