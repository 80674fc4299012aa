/* plateau_view.h: what `quern plateau` sampled and has to show. */
#ifndef CLI_PLATEAU_VIEW_H
#define CLI_PLATEAU_VIEW_H

#include <quern/quern.h>

#include "options.h"

enum {
    PLATEAU_SIZES = 64,
    PLATEAU_RUNS = 12,
    PLATEAU_SERIES = PLATEAU_RUNS + 4,
    PLATEAU_TEXT = 200,
    PLATEAU_STAGES = 512
};

/* One model with one start, over all sizes. */
typedef struct plateau_run {
    char name[64];
    qn_plateau_options options;
    qn_plateau_result *result;
} plateau_run;

/* The Lie algebra of one size; `lie` NULL: not wanted. */
typedef struct plateau_algebra {
    uint32_t qubits;
    qn_lie *lie;
} plateau_algebra;

typedef struct plateau_view {
    const cli_invocation *invocation;
    uint32_t qubits[PLATEAU_SIZES];
    size_t sizes;
    qn_pauli_sum *sum; /* the observable when it is one */
    plateau_run runs[PLATEAU_RUNS];
    size_t count; /* the first is the plain circuit, or the only one */
    plateau_algebra algebras[PLATEAU_SIZES];
    size_t nalgebras;
    qn_plateau_layerwise_options training;
    qn_plateau_layerwise *stages[PLATEAU_SIZES]; /* of every size, when layers are trained */
    size_t nstages;
    qn_ledger ledger;
    double x[PLATEAU_SIZES], y[PLATEAU_SERIES][PLATEAU_SIZES], low[PLATEAU_SIZES], high[PLATEAU_SIZES];
    qn_series series[PLATEAU_SERIES];
    char title[PLATEAU_TEXT], subtitle[PLATEAU_TEXT], stage_title[PLATEAU_TEXT];
    qn_plot plots[2]; /* the second one when layers are trained */
    double stage_x[PLATEAU_STAGES], stage_y[PLATEAU_STAGES];
    qn_series stage_series;
    qn_plot_line stage_line;
} plateau_view;

void plateau_json_input(qn_json *json, const void *user);
void plateau_json_result(qn_json *json, const void *user);
void plateau_text(qn_text *text, const qn_style *style, const void *user);
/* Whether a power of n fits nearer than an exponential; told from three sizes on. */
bool plateau_is_power(const qn_plateau_result *result);
/* One line: how the mean variance falls, and what that costs. */
void plateau_say_decay(const plateau_run *run, char *text, size_t capacity);
void plateau_picture(plateau_view *view);
/* plateau_stages.c: layerwise training; false when there was none. */
void plateau_json_stages(qn_json *json, const plateau_view *view);
void plateau_text_stages(qn_text *text, const qn_style *style, const plateau_view *view);
bool plateau_stages_picture(plateau_view *view);

#endif
