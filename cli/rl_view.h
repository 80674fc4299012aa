/* rl_view.h: the decision process of `quern rl`, what both sides made of it, and how it is shown. */
#ifndef CLI_RL_VIEW_H
#define CLI_RL_VIEW_H

#include <quern/quern.h>

#include "options.h"

typedef struct rl_view {
    const cli_invocation *invocation;
    const char *world, *name; /* name: of the table */
    qn_array *table;
    qn_array_skipped left_out; /* columns of its file */
    qn_mdp *mdp;
    qn_mdp_solution *plain;
    qn_quantum_iteration *quantum, *reduced; /* reduced: with --schedule both */
    qn_greedy *greedy;
    double epsilon, failure;
    qn_ledger ledger;
    double *x, *y, *reduced_x, *reduced_y, sampled_x[1], sampled_y[1];
    char title[160], subtitle[200];
    qn_series series[3];
    qn_plot_line line;
    qn_plot plot;
} rl_view;

void rl_input_json(qn_json *json, const void *user);
void rl_result_json(qn_json *json, const void *user);
void rl_text(qn_text *text, const qn_style *style, const void *user);
qn_status rl_picture(rl_view *view);

#endif
