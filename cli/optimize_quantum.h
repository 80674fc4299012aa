/* optimize_quantum.h: the quantum methods of `quern optimize`. */
#ifndef CLI_OPTIMIZE_QUANTUM_H
#define CLI_OPTIMIZE_QUANTUM_H

#include "optimize_job.h"

/* Members of "result"; lines; nothing when the method asked for is classical. */
void cli_quantum_json(const cli_optimize_job *job, qn_json *json);
void cli_quantum_text(const cli_optimize_job *job, qn_text *text);

/* Pictures of the method, which come before that of all methods. */
typedef struct cli_quantum_plots {
    qn_plot plots[2];
    size_t count;
    double *x, *layers;
    qn_series series[4];
    qn_plot_line line;
} cli_quantum_plots;
/* False after a message when there is no memory. */
bool cli_quantum_plots_make(const cli_optimize_job *job, cli_quantum_plots *out);
void cli_quantum_plots_free(cli_quantum_plots *plots);

#endif
