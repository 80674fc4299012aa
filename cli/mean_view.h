/* mean_view.h: what `quern estimate-mean` averages, ran and has to show. */
#ifndef CLI_MEAN_VIEW_H
#define CLI_MEAN_VIEW_H

#include <quern/quern.h>

#include "options.h"

enum { MEAN_POINTS = 16, MEAN_SERIES = 4 };

typedef struct mean_view {
    const cli_invocation *invocation;
    const char *name; /* of the file; NULL for formulas and options */
    qn_array *table;
    qn_array_skipped left_out; /* columns of its file */
    qn_formula *formula;
    uint32_t dimensions;
    qn_call_option option;
    qn_mean *mean;
    qn_sampled sampled;
    double truth; /* what the samplers aim at */
    qn_estimation_options options;
    qn_estimation estimation;
    bool gate;
    char tier_note[200];
    qn_experiment experiment; /* runs_per_second 0: not made */
    /* rivals: with as many samples as there were calls, and with as many as the interval needs */
    double random_mean, random_error, random_seconds;
    double sobol_mean, sobol_error, sobol_seconds;
    double random_needed, random_needed_seconds;
    double sobol_needed, sobol_needed_seconds;
    qn_ledger ledger;
    double x[MEAN_SERIES][MEAN_POINTS], y[MEAN_SERIES][MEAN_POINTS];
    qn_series series[MEAN_SERIES];
    char title[200], subtitle[200], y_label[64];
    qn_plot plot;
} mean_view;

void mean_view_free(mean_view *view);
/* The mean as a grid, and as something to sample. */
qn_status mean_view_read(mean_view *view);
/* Samples of as many calls, and how many a sampler needs for the same interval, measured. */
qn_status mean_rivals(mean_view *view);
/* Errors against calls, each point over repeated runs. */
qn_status mean_picture(mean_view *view, const qn_context *context);

void mean_input_json(qn_json *json, const void *user);
void mean_result_json(qn_json *json, const void *user);
void mean_text(qn_text *text, const qn_style *style, const void *user);

#endif
