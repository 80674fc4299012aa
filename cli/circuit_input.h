/* circuit_input.h: circuit files and what is said about them. */
#ifndef CLI_CIRCUIT_INPUT_H
#define CLI_CIRCUIT_INPUT_H

#include <quern/quern.h>

#include "options.h"

enum { CLI_EXIT_BAD_INPUT = 3 };

/* The --param and --include options of a command. */
typedef struct cli_circuit_settings {
    qn_binding *bindings;
    size_t nbindings;
    const char **include_paths;
    size_t ninclude_paths;
    bool quiet;   /* keep warnings to yourself */
    bool lenient; /* a value for a name that the circuit has not is no mistake */
} cli_circuit_settings;

/* CLI_EXIT_OK, or the exit code after a message. `param` and `include` are the command's own option numbers. */
int cli_circuit_settings_read(const cli_invocation *invocation, size_t param, size_t include,
                              cli_circuit_settings *out);
void cli_circuit_settings_free(cli_circuit_settings *settings);
/* The value given to a name, if any. */
bool cli_circuit_binding(const cli_circuit_settings *settings, const char *name, double *out);

/* "<stdin>" for "-". */
const char *cli_circuit_name(const char *path);
/* Read a circuit from a file, "-" is standard input. Findings go to standard error, all of them. CLI_EXIT_OK, or the
 * exit code: 3 for anything that the file does wrong or that is not supported. */
int cli_circuit_read(const char *path, const cli_circuit_settings *settings, qn_circuit **out);
/* The same in the hands of the caller, who prints the findings. QN_OK: `*out` is a circuit, and `*stray` (may be NULL)
 * the name of a value that it has no use for, or NULL. */
qn_status cli_circuit_parse(const char *path, const cli_circuit_settings *settings, qn_diagnostics *diagnostics,
                            qn_circuit **out, const char **stray);
/* Exit code of a failed cli_circuit_parse. */
int cli_circuit_exit_code(qn_status status);

/* "bell.qasm: 2 qubits, 2 bits, 4 operations" */
void cli_circuit_describe(const char *path, const qn_circuit *circuit, char *buffer, size_t capacity);
/* The JSON object "input". */
void cli_circuit_json(qn_json *json, const char *key, const char *path, const qn_circuit *circuit);
/* Values of all symbols, from the settings; one more entry than symbols, NULL without memory. Symbols without a value
 * are 0 and their number is in `*missing`. */
double *cli_circuit_theta(const qn_circuit *circuit, const cli_circuit_settings *settings, size_t *missing);

#endif
