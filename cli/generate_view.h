/* generate_view.h: what `quern generate` trained, sampled or scored, and how it is shown. */
#ifndef CLI_GENERATE_VIEW_H
#define CLI_GENERATE_VIEW_H

#include <quern/quern.h>

#include "options.h"

enum { GENERATE_MODELS = 4, GENERATE_LISTED = 24, GENERATE_SIZES = 8 };

/* One model with its training and score. */
typedef struct generate_entry {
    const char *label; /* the kind, or "rbm-tempered"; static */
    qn_generative_model *model;
    qn_generative_training *training;
    qn_generative_score score;
    double *x; /* steps, for the plot */
} generate_entry;

typedef struct generate_view {
    const cli_invocation *invocation;
    const char *action, *name;
    qn_bit_table *data, *test, *samples;
    generate_entry entries[GENERATE_MODELS]; /* the wanted one, then rivals */
    size_t nentries;
    bool interrupted;
    qn_ledger ledger;
    char title[160], subtitle[200];
    qn_series series[GENERATE_MODELS];
    qn_plot plot;
    qn_columns columns; /* probabilities of the commonest strings */
    qn_column_group groups[GENERATE_MODELS + 1];
    double shown[GENERATE_MODELS + 1][GENERATE_LISTED];
    char names[GENERATE_LISTED][32];
    const char *name_list[GENERATE_LISTED];
    qn_figure figure;
    qn_report_section section;
    qn_chain_gaps gaps[GENERATE_SIZES];
    size_t ngaps;
    qn_chain_samples chains;                     /* spins is 0 where none were run */
    double chain[QN_CHAINS + 1][GENERATE_SIZES]; /* mean gaps, then sizes */
} generate_view;

void generate_input_json(qn_json *json, const void *user);
void generate_result_json(qn_json *json, const void *user);
void generate_text(qn_text *text, const qn_style *style, const void *user);
qn_status generate_pictures(generate_view *view, const qn_context *context);
void generate_gaps_json(qn_json *json, const void *user);
void generate_gaps_text(qn_text *text, const qn_style *style, const void *user);
void generate_gaps_picture(generate_view *view);
void generate_ledger(generate_view *view);

#endif
