/* command_exact.c: `quern exact`: the lowest eigenvalues, each with a bound on its error. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "output.h"
#include "session.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) EXACT_##id,
#include "options_exact.def"
#undef OPTION
    EXACT_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_exact.def"
#undef OPTION
};

static const char *method_name(qn_exact_method method)
{
    return method == QN_EXACT_DENSE ? "dense" : method == QN_EXACT_LANCZOS ? "lanczos" : "auto";
}

static void write_json(qn_json *json, const cli_invocation *invocation, const cli_input *input,
                       const qn_exact_result *result, bool sector)
{

    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.exact/1");
    qn_json_string(json, "version", qn_version());
    qn_json_unsigned(json, "seed", invocation->values[EXACT_SEED].integer);
    cli_input_json(input, json);
    qn_json_begin_object(json, "result");
    qn_json_begin_array(json, "energies");
    for (uint32_t k = 0; k < result->states; k++) {
        qn_json_number(json, NULL, result->energies[k]);
    }
    qn_json_end_array(json);
    qn_json_begin_array(json, "residual_bounds");
    for (uint32_t k = 0; k < result->states; k++) {
        qn_json_number(json, NULL, result->residual_bounds[k]);
    }
    qn_json_end_array(json);
    qn_json_string(json, "unit", input->problem != NULL ? cli_input_unit(input) : NULL);
    qn_json_bool(json, "converged", result->converged);
    qn_json_bool(json, "interrupted", result->interrupted);
    qn_json_string(json, "method", method_name(result->method));
    qn_json_bool(json, "sector", sector && input->problem != NULL);
    qn_json_unsigned(json, "dimension", result->dimension);
    qn_json_unsigned(json, "products", result->products);
    qn_json_number(json, "seconds", result->seconds);
    qn_json_end_object(json);
    qn_json_end_object(json);
}

static void write_text(qn_text *text, const cli_input *input, const qn_exact_result *result, uint64_t states_wanted,
                       bool quiet)
{
    const char *unit = cli_input_unit(input), *gap = unit[0] != '\0' ? " " : "";
    char line[256], number[64], bytes[64];
    for (uint32_t k = 0; k < result->states; k++) {
        qn_text_printf(text, "%s%.12f%s%s  (within %.1e)\n", k == 0 ? "Ground state energy: " : "                     ",
                       result->energies[k], gap, unit, result->residual_bounds[k]);
    }
    if (input->problem != NULL && !quiet && result->states > 0) {
        qn_text_printf(text, "Hartree-Fock:        %.12f Hartree  (correlation %.6f)\n",
                       input->problem->reference_energy, result->energies[0] - input->problem->reference_energy);
    }
    if (result->states < states_wanted) {
        qn_text_printf(text, "There are only %u states: the dimension is %llu.\n", result->states,
                       (unsigned long long)result->dimension);
    }
    if (result->interrupted) {
        qn_text_printf(text, "Interrupted: the bounds hold, but are not as small as asked for.\n");
    } else if (!result->converged) {
        qn_text_printf(text, "Not converged: the bounds hold, but are not as small as asked for.\n");
    }
    if (!quiet) {
        cli_input_describe(input, line, sizeof line);
        qn_text_printf(text, "%s\n", line);
        qn_text_printf(text, "%s, dimension %llu, %llu products, %s, %s\n",
                       result->method == QN_EXACT_DENSE ? "Dense diagonalisation" : "Matrix-free Lanczos",
                       (unsigned long long)result->dimension, (unsigned long long)result->products,
                       qn_human(number, sizeof number, result->seconds, "s"),
                       qn_human(bytes, sizeof bytes, (double)result->bytes, "B"));
    }
}

static int run(const cli_invocation *invocation)
{
    const cli_value *values = invocation->values;
    if ((invocation->noperands == 1) == (values[EXACT_HAMILTONIAN].text != NULL) || invocation->noperands > 1) {
        return cli_usage_error(invocation->command, "give one FILE, or --hamiltonian");
    }
    const bool sector = strcmp(values[EXACT_SECTOR].text, "on") == 0;
    cli_input input = {0};
    qn_context *context = NULL;
    qn_exact_result *result = NULL;
    qn_text *text = NULL;
    qn_json *json = NULL;
    bool interrupted = false;
    qn_status status = QN_OK;
    CLI_TRY(
        cli_input_read(invocation, &values[EXACT_HAMILTONIAN], &values[EXACT_MAPPING], &values[EXACT_TAPER], &input));
    CLI_TRY(cli_session_open(values[EXACT_THREADS].integer, values[EXACT_QUIET].given, &context));
    qn_constraint constraints[2];
    const uint64_t states = values[EXACT_STATES].integer;
    qn_exact_options wanted =
        cli_input_exact_options(&input, states > UINT32_MAX ? UINT32_MAX : (uint32_t)states, sector, constraints);
    wanted.method = strcmp(values[EXACT_METHOD].text, "dense") == 0     ? QN_EXACT_DENSE
                    : strcmp(values[EXACT_METHOD].text, "lanczos") == 0 ? QN_EXACT_LANCZOS
                                                                        : QN_EXACT_AUTO;
    wanted.tolerance = values[EXACT_TOLERANCE].real;
    wanted.seed = values[EXACT_SEED].integer;
    CLI_TRY(qn_exact_solve(context, input.hamiltonian, &wanted, &result));
    cli_terminal_clear();
    interrupted = result->interrupted;
    CLI_TRY(qn_text_create(&text));
    if (values[EXACT_JSON].given) {
        CLI_TRY(qn_json_create(text, &json));
        write_json(json, invocation, &input, result, sector);
    } else {
        write_text(text, &input, result, result->converged && states > result->dimension ? states : 0,
                   values[EXACT_QUIET].given);
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    qn_exact_result_free(result);
    qn_context_free(context);
    cli_input_free(&input);
    return status != QN_OK ? cli_library_error(status) : interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
}

const cli_command cli_command_exact = {"exact",
                                       "lowest eigenvalues of a Hamiltonian, each with an error bound",
                                       "quern exact hamiltonian.txt --states 4\nquern exact molecule.fcidump --json",
                                       "FILE",
                                       NULL,
                                       "Finds the lowest eigenvalues of a Pauli sum (text or JSON) or of a molecule "
                                       "(FCIDUMP). Every value comes with a bound: an "
                                       "eigenvalue of the operator lies that close. FILE may be - for standard input.",
                                       options,
                                       EXACT_COUNT,
                                       run};
