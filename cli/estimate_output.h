/* estimate_output.h: prices as text, JSON and picture. */
#ifndef CLI_ESTIMATE_OUTPUT_H
#define CLI_ESTIMATE_OUTPUT_H

#include "answer.h"

enum { ESTIMATE_MODELS = 2 };

typedef struct cli_priced {
    bool asked, done;
    qn_estimate_result result;
    char why[512]; /* not done: the library's message */
    qn_estimate_front front;
} cli_priced;

enum { ESTIMATE_STACKS = 16 };
typedef struct cli_stack {
    const char *id;
    bool done;
    qn_estimate_stack price;
    char why[512];
} cli_stack;

typedef struct cli_estimate {
    const char *input; /* "adder.qasm", "counts" */
    qn_logical_counts counts;
    qn_estimate_options options;
    bool quiet;                         /* the main lines only */
    const char *edition;                /* of the tables */
    cli_priced models[ESTIMATE_MODELS]; /* A, B */
    cli_stack stacks[ESTIMATE_STACKS];
    size_t nstacks;
} cli_estimate;

/* As members of cli_answer; `user` is a cli_estimate. */
void cli_estimate_input_json(qn_json *json, const void *user);
void cli_estimate_result_json(qn_json *json, const void *user);
/* "1,000 qubits, 0 T, ...". */
void cli_estimate_program(char *buffer, size_t capacity, const cli_estimate *e);
void cli_estimate_text(qn_text *text, const qn_style *style, const void *user);

/* Series of the fronts and the prices themselves; the arrays are to be freed with cli_estimate_plot_free. */
typedef struct cli_estimate_picture {
    qn_plot plot;
    qn_series series[2 * ESTIMATE_MODELS];
    double *values;
    char subtitle[160]; /* set plot.subtitle to it where the picture lies at last */
} cli_estimate_picture;
qn_status cli_estimate_plot(const cli_estimate *estimate, cli_estimate_picture *out);
void cli_estimate_plot_free(cli_estimate_picture *picture);

#endif
