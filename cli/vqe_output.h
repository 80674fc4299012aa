/* vqe_output.h: a VQE run as text, JSON, picture and page. */
#ifndef CLI_VQE_OUTPUT_H
#define CLI_VQE_OUTPUT_H

#include "input.h"

typedef struct cli_vqe_view {
    const cli_invocation *invocation;
    const cli_input *input;
    const char *ansatz, *optimizer, *engine;
    uint64_t seed;
    const qn_vqe_result *result;
    const qn_exact_result *exact; /* NULL: not computed */
    const char *no_exact;         /* why not, as half a sentence; NULL when it was */
    const qn_ledger *ledger;
    bool quiet;
    const char *plot_path, *report_path; /* NULL: none */
} cli_vqe_view;

void cli_vqe_text(qn_text *text, const cli_vqe_view *view);
void cli_vqe_json(qn_json *json, const cli_vqe_view *view);
/* The picture, and the page with the picture in it. */
qn_status cli_vqe_svg(qn_text *text, const cli_vqe_view *view);
qn_status cli_vqe_html(qn_text *text, const cli_vqe_view *view);

/* Decimals that a value with this standard error deserves; 6 for an exact one. */
int cli_vqe_decimals(double std_error);
/* Starts whose energy is within 1e-6 of the lowest one, or within three standard errors of a sampled run. */
uint32_t cli_vqe_starts_at_minimum(const qn_vqe_result *result);

#endif
