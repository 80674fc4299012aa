/* run_output.h: a finished `quern run` as text, JSON, CSV and a picture. */
#ifndef CLI_RUN_OUTPUT_H
#define CLI_RUN_OUTPUT_H

#include <quern/quern.h>

#include "engine_choice.h"
#include "observables.h"
#include "run_rows.h"

typedef struct cli_run_view {
    const char *path;
    const qn_circuit *circuit;
    const cli_engine_choice *engine;
    uint64_t seed;
    const cli_run_rows *rows; /* NULL: nothing was sampled */
    const char *sampling;     /* "final", "branches", "shots"; NULL without rows */
    const cli_observables *observables;
    const uint64_t *memory;  /* every shot, or NULL */
    const char *statevector; /* where it was written, or NULL */
    bool low_first, quiet;
    double load_seconds, seconds;
} cli_run_view;

qn_status cli_run_text(qn_text *text, const cli_run_view *view);
qn_status cli_run_json(qn_json *json, const cli_run_view *view);
qn_status cli_run_csv(qn_text *text, const cli_run_view *view);
/* Shares as bars with error bars. */
void cli_run_svg(qn_text *text, const cli_run_view *view);

#endif
