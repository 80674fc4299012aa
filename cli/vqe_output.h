/* vqe_output.h: a VQE run as text, JSON, picture and page. */
#ifndef CLI_VQE_OUTPUT_H
#define CLI_VQE_OUTPUT_H

#include "ansatz.h"

typedef struct cli_vqe_view {
    const cli_invocation *invocation;
    const cli_input *input;
    const cli_ansatz_request *request;
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

/* The value as it shows with so many decimals, never "-0.00". */
double cli_vqe_shown(double value, int decimals);
/* Decimals that a value with this standard error deserves; 6 for an exact one. */
int cli_vqe_decimals(double std_error);
/* Energies of the starts in rising order, release with free; NULL without memory. */
double *cli_vqe_sorted_energies(const qn_vqe_result *result);
/* Starts whose energy is within 1e-6 of the lowest one, or within three standard errors of a sampled run. */
/* Starts that have an energy. */
uint32_t cli_vqe_starts_begun(const qn_vqe_result *result);
uint32_t cli_vqe_starts_at_minimum(const qn_vqe_result *result);

#endif
