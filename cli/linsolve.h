/* linsolve.h: what `quern linsolve` reads, measures and shows. */
#ifndef CLI_LINSOLVE_H
#define CLI_LINSOLVE_H

#include "answer.h"

enum { CLI_RIVALS = 6, CLI_HISTORY = 4096 };

typedef struct cli_rival {
    qn_sparse_method method;
    double tolerance;
    qn_sparse_outcome outcome;
    double history[CLI_HISTORY]; /* relative residuals of the first iterations */
} cli_rival;

/* One method of `--method all`. */
typedef struct cli_contestant {
    const char *method;
    bool solved;
    char refusal[200]; /* when not */
    qn_linear_tier tier;
    double error; /* against the direct solution, relative */
    double residual, success, queries, amplified, before, toffoli, rotations, seconds;
} cli_contestant;

typedef struct cli_linsolve {
    const char *matrix_name, *b_name; /* b_name NULL: ones */
    qn_sparse *matrix, *observable;
    bool gridded;
    qn_grid_matrix grid;
    qn_array *b;
    qn_linear_problem *problem;
    bool all;     /* every method; the first one's answer is the command's */
    bool encoded; /* a block-encoding was chosen: its price, and at gate tier its circuit */
    qn_encoding_cost price;
    qn_block_encoding *encoding;
    qn_linear_options options;
    qn_linear_plan plan;
    qn_linear_result *result; /* NULL: not started */
    qn_readout readout;
    qn_readout_result *read;
    const char *readout_text;
    cli_rival *rivals;
    size_t nrivals;
    cli_contestant *contestants; /* NULL: one method alone */
    size_t ncontestants;
    const cli_rival *best; /* NULL: none converged */
    bool stopped;          /* foreseen too long */
    bool told;             /* a failure of the command's own has been printed */
    qn_ledger ledger;
} cli_linsolve;

/* FILE, or a formula such as laplacian2d:64x64, or graph:FILE:shift=S. */
qn_status cli_linsolve_read_matrix(const char *text, cli_linsolve *job);
/* .mtx, .npy or .csv. */
qn_status cli_linsolve_read_b(const char *path, cli_linsolve *job);
/* "vector", "samples:N", "top:K", "scalar:FILE". */
qn_status cli_linsolve_read_readout(const char *text, cli_linsolve *job);
qn_status cli_linsolve_race(const qn_context *context, bool all, cli_linsolve *job);
/* Every method on the same system. */
qn_status cli_linsolve_contest(const qn_context *context, double patience, cli_linsolve *job);
void cli_linsolve_contest_text(qn_text *text, const cli_linsolve *job);
void cli_linsolve_contest_json(qn_json *json, const cli_linsolve *job);
void cli_linsolve_free(cli_linsolve *job);

void cli_linsolve_input_json(qn_json *json, const void *user);
void cli_linsolve_result_json(qn_json *json, const void *user);
void cli_linsolve_text(qn_text *text, const qn_style *style, const void *user);
/* Prints, writes picture and page. */
qn_status cli_linsolve_show(const cli_invocation *invocation, cli_linsolve *job);

#endif
