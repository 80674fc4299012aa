/* command_vqe.c: `quern vqe`: ground-state energies by the variational quantum eigensolver, beside the exact ones. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ansatz.h"
#include "commands.h"
#include "interrupt.h"
#include "output.h"
#include "session.h"
#include "terminal.h"
#include "vqe_output.h"

enum {
#define OPTION(id, ...) VQE_##id,
#include "options_vqe.def"
#undef OPTION
    VQE_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_vqe.def"
#undef OPTION
};

static const double default_precision = 1.6e-3; /* chemical accuracy, 1 kcal/mol in Hartree */

/* All that a run owns; freed in one place. */
typedef struct job {
    cli_input input;
    cli_ansatz_request request;
    const char *ansatz_name;
    qn_circuit *ansatz;
    double *initial, *lower, *upper;
    qn_context *context;
    qn_vqe_result *result;
    qn_exact_result *exact;
    qn_ledger ledger;
    qn_text *text;
    qn_json *json;
} job;

static void free_job(job *j)
{
    qn_json_destroy(j->json);
    qn_text_destroy(j->text);
    qn_vqe_result_free(j->result);
    if (j->exact != NULL) {
        qn_exact_result_free(j->exact);
    }
    qn_context_free(j->context);
    free(j->initial);
    free(j->lower);
    free(j->upper);
    qn_circuit_free(j->ansatz);
    cli_coupling_free(&j->request.coupling);
    free(j->request.initial_bits);
    cli_input_free(&j->input);
}

/* Mistakes that one option alone does not show. */
static int check(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    const cli_command *command = invocation->command;
    if ((invocation->noperands == 1) == (v[VQE_HAMILTONIAN].text != NULL) || invocation->noperands > 1) {
        return cli_usage_error(command, "give one FILE, or --hamiltonian");
    }
    if (v[VQE_SHOTS].given && v[VQE_PRECISION].given) {
        return cli_usage_error(command, "--shots and --precision exclude each other");
    }
    if (v[VQE_RESUME].given && !v[VQE_CHECKPOINT].given) {
        return cli_usage_error(command, "--resume needs --checkpoint FILE");
    }
    if (v[VQE_COUPLING].given && v[VQE_ENTANGLEMENT].given) {
        return cli_usage_error(command, "--coupling and --entanglement exclude each other");
    }
    if (v[VQE_FD_STEP].given && strcmp(v[VQE_GRADIENT].text, "fd") != 0) {
        return cli_usage_error(command, "--fd-step needs --gradient fd");
    }
    if (v[VQE_STARTS].integer > UINT32_MAX) {
        return cli_usage_error(command, "--starts: at most %u", UINT32_MAX);
    }
    if (v[VQE_REPS].given && v[VQE_REPS].integer > 100000) {
        return cli_usage_error(command, "--reps: at most 100000");
    }
    if (v[VQE_JSON].given && ((v[VQE_PLOT].given && strcmp(v[VQE_PLOT].text, "-") == 0) ||
                              (v[VQE_REPORT].given && strcmp(v[VQE_REPORT].text, "-") == 0))) {
        return cli_usage_error(command, "--json and a picture cannot share standard output");
    }
    if (v[VQE_PLOT].given && v[VQE_REPORT].given && strcmp(v[VQE_PLOT].text, v[VQE_REPORT].text) == 0) {
        return cli_usage_error(command, "--plot and --report cannot share '%s'", v[VQE_PLOT].text);
    }
    return CLI_EXIT_OK;
}

/* Options that this input or this ansatz would pass over in silence. */
static int check_for_input(const cli_invocation *invocation, const cli_input *input)
{
    const cli_value *v = invocation->values;
    const cli_command *command = invocation->command;
    const char *ansatz = v[VQE_ANSATZ].text != NULL ? v[VQE_ANSATZ].text
                         : input->problem != NULL   ? "uccsd"
                                                    : "two-local";
    const bool uccsd = strcmp(ansatz, "uccsd") == 0, device = strcmp(ansatz, "hardware-efficient") == 0;
    const bool free_gates = device || strcmp(ansatz, "two-local") == 0;
    if (uccsd && input->problem == NULL) {
        return cli_usage_error(command, "--ansatz uccsd needs a molecule (an FCIDUMP file)");
    }
    if (input->problem == NULL && (v[VQE_TAPER].given || v[VQE_MAPPING].given)) {
        return cli_usage_error(command, "--%s needs a molecule (an FCIDUMP file)",
                               v[VQE_TAPER].given ? "taper" : "mapping");
    }
    static const int layered[] = {VQE_ENTANGLEMENT, VQE_COUPLING, VQE_INITIAL_BITS},
                     gates[] = {VQE_ROTATIONS, VQE_ENTANGLER};
    for (size_t i = 0; uccsd && i < sizeof layered / sizeof layered[0]; i++) {
        if (v[layered[i]].given) {
            return cli_usage_error(command, "--%s has no meaning for the ansatz uccsd; choose another with --ansatz",
                                   options[layered[i]].name);
        }
    }
    for (size_t i = 0; !free_gates && i < sizeof gates / sizeof gates[0]; i++) {
        if (v[gates[i]].given) {
            return cli_usage_error(command, "--%s is for two-local and hardware-efficient; %s has its own gates",
                                   options[gates[i]].name, ansatz);
        }
    }
    if (device && v[VQE_ENTANGLEMENT].given) {
        return cli_usage_error(command,
                               "hardware-efficient entangles along --coupling; --entanglement is for the others");
    }
    return CLI_EXIT_OK;
}

/* Before a circuit of millions of gates is built: every engine that is built in holds a whole state, and counts its
 * amplitudes in 64 bits. */
static qn_status refuse_too_large(const cli_input *input, char *message, size_t capacity)
{
    const uint32_t qubits = qn_pauli_sum_qubits(input->hamiltonian);
    if (qubits <= CLI_MOST_QUBITS) {
        return QN_OK;
    }
    (void)snprintf(message, capacity, "%u qubits: states of 2^%u amplitudes are beyond any machine; at most %d qubits",
                   qubits, qubits, CLI_MOST_QUBITS);
    return QN_ERR_TOO_LARGE;
}

static qn_status read_request(const cli_value *v, const cli_input *input, cli_ansatz_request *out, char *message,
                              size_t capacity)
{
    const uint32_t qubits = qn_pauli_sum_qubits(input->hamiltonian);
    *out = (cli_ansatz_request){.name = v[VQE_ANSATZ].text,
                                .rotations = v[VQE_ROTATIONS].text,
                                .entanglers = v[VQE_ENTANGLER].text,
                                .entanglement = v[VQE_ENTANGLEMENT].text,
                                .reps = v[VQE_REPS].given ? v[VQE_REPS].integer : UINT64_MAX,
                                .bits_text = v[VQE_INITIAL_BITS].text};
    qn_status status = QN_OK;
    if (v[VQE_COUPLING].given) {
        status = cli_coupling_read(v[VQE_COUPLING].text, qubits, &out->coupling, message, capacity);
    }
    if (status == QN_OK && v[VQE_INITIAL_BITS].given) {
        status = cli_bits_read(v[VQE_INITIAL_BITS].text, qubits, &out->initial_bits, message, capacity);
    }
    return status;
}

/* The optimizer that was asked for, or what the library would take. */
static const char *optimizer_of(const cli_value *v)
{
    const bool sampled = v[VQE_SHOTS].given || v[VQE_PRECISION].given;
    return v[VQE_OPTIMIZER].text != NULL ? v[VQE_OPTIMIZER].text : sampled ? "adam" : "slsqp";
}

/* A message of our own where the library has none. */
static int say(const char *message, qn_status status)
{
    if (message[0] != '\0') {
        (void)fprintf(stderr, "quern: error: %s\n", message);
        return qn_status_exit_code(status);
    }
    return cli_library_error(status);
}

/* Global methods search a box; angles repeat after 4 pi at most, and all rotations of our ansatze after 2 pi up to a
 * sign. */
static qn_status add_bounds(job *j, const char *method, qn_vqe_options *wanted)
{
    const qn_optimizer_info *info = NULL;
    const size_t count = qn_circuit_symbols(j->ansatz);
    const qn_status status = qn_optimizer_find(method, &info);
    if (status != QN_OK || (info->flags & QN_OPTIMIZER_GLOBAL) == 0) {
        return status;
    }
    j->lower = malloc((count + 1) * sizeof *j->lower);
    j->upper = malloc((count + 1) * sizeof *j->upper);
    if (j->lower == NULL || j->upper == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t k = 0; k < count; k++) {
        j->lower[k] = -3.14159265358979323846;
        j->upper[k] = 3.14159265358979323846;
    }
    wanted->optimizer.lower = j->lower;
    wanted->optimizer.upper = j->upper;
    return QN_OK;
}

static qn_status run_vqe(job *j, const cli_value *v)
{
    qn_vqe_options wanted = QN_VQE_OPTIONS_INIT;
    wanted.engine = v[VQE_ENGINE].text;
    wanted.estimator.shots = v[VQE_SHOTS].integer;
    wanted.estimator.precision = v[VQE_PRECISION].real;
    wanted.estimator.fd_step = v[VQE_FD_STEP].real;
    wanted.optimizer.method = optimizer_of(v);
    wanted.optimizer.max_iterations = v[VQE_MAXITER].integer;
    wanted.optimizer.interrupt = cli_interrupt_flag();
    wanted.starts = (uint32_t)v[VQE_STARTS].integer;
    wanted.initial = j->initial;
    wanted.seed = v[VQE_SEED].integer;
    wanted.checkpoint = v[VQE_CHECKPOINT].text;
    wanted.resume = v[VQE_RESUME].given;
    qn_status status = qn_gradient_method_from_name(v[VQE_GRADIENT].text, &wanted.estimator.gradient);
    if (status == QN_OK) {
        status = add_bounds(j, optimizer_of(v), &wanted);
    }
    return status != QN_OK ? status : qn_vqe_run(j->context, j->ansatz, j->input.hamiltonian, &wanted, &j->result);
}

/* The exact rival, where it is a matter of seconds. `*reason`: why it is missing. */
static qn_status run_exact(job *j, const char **reason)
{
    *reason = NULL;
    if (qn_context_interrupted(j->context)) {
        *reason = "interrupted";
        return QN_OK;
    }
    if (!cli_input_exact_is_modest(&j->input)) {
        *reason = "too large to be done beside; try quern exact";
        return QN_OK;
    }
    qn_constraint constraints[2];
    const qn_exact_options wanted = cli_input_exact_options(&j->input, 1, true, constraints);
    uint64_t bytes = 0;
    qn_status status = qn_exact_bytes_needed(j->input.hamiltonian, &wanted, &bytes);
    if (status == QN_OK && bytes > qn_context_memory_limit(j->context)) {
        *reason = "it does not fit into memory";
        return QN_OK;
    }
    if (status == QN_OK) {
        status = qn_exact_solve(j->context, j->input.hamiltonian, &wanted, &j->exact);
    }
    if (status == QN_OK && (j->exact->interrupted || !j->exact->converged || j->exact->states == 0)) {
        *reason = j->exact->interrupted ? "interrupted" : "the exact solver did not converge";
        qn_exact_result_free(j->exact);
        j->exact = NULL;
    }
    return status;
}

static qn_status fill_ledger(job *j, const cli_value *v)
{
    /* Its own context: the ledger of an interrupted run is still owed, and the run's context refuses all work by then.
     * A second Ctrl-C ends the process anyway. */
    qn_context_options quiet = QN_CONTEXT_OPTIONS_INIT;
    quiet.threads = qn_context_threads(j->context);
    qn_context *context = NULL;
    qn_status status = qn_context_create(&quiet, &context);
    if (status != QN_OK) {
        return status;
    }
    qn_ledger_init(&j->ledger);
    const double precision = v[VQE_PRECISION].real > 0 ? v[VQE_PRECISION].real : default_precision;
    status = qn_vqe_ledger(context, j->ansatz, j->input.hamiltonian, j->result, j->exact, precision, &j->ledger);
    qn_context_free(context);
    if (status != QN_OK) {
        return status;
    }
    cli_input_describe(&j->input, j->ledger.input, sizeof j->ledger.input);
    (void)snprintf(j->ledger.answer_unit, sizeof j->ledger.answer_unit, "%s", cli_input_unit(&j->input));
    qn_advise(&j->ledger);
    return QN_OK;
}

static qn_status write_file(const char *path, const cli_vqe_view *view,
                            qn_status (*write)(qn_text *, const cli_vqe_view *))
{
    qn_text *text = NULL;
    qn_status status = path != NULL ? qn_text_create(&text) : QN_OK;
    if (status == QN_OK && path != NULL) {
        status = write(text, view);
        status = status == QN_OK ? cli_write(path, text) : status;
    }
    qn_text_destroy(text);
    return status;
}

static qn_status show(job *j, const cli_invocation *invocation, const char *no_exact)
{
    const cli_value *v = invocation->values;
    const cli_vqe_view view = {
        invocation, &j->input, &j->request, j->ansatz_name, optimizer_of(v),    v[VQE_ENGINE].text, v[VQE_SEED].integer,
        j->result,  j->exact,  no_exact,    &j->ledger,     v[VQE_QUIET].given, v[VQE_PLOT].text,   v[VQE_REPORT].text};
    /* The answer first: a picture that cannot be written must not cost it. */
    qn_status status = qn_text_create(&j->text);
    if (status != QN_OK) {
        return status;
    }
    if (v[VQE_JSON].given) {
        status = qn_json_create(j->text, &j->json);
        if (status != QN_OK) {
            return status;
        }
        cli_vqe_json(j->json, &view);
    } else if (!(v[VQE_PLOT].given && strcmp(v[VQE_PLOT].text, "-") == 0) &&
               !(v[VQE_REPORT].given && strcmp(v[VQE_REPORT].text, "-") == 0)) {
        cli_vqe_text(j->text, &view);
    }
    status = cli_print(j->text);
    if (status == QN_OK) {
        status = write_file(v[VQE_PLOT].text, &view, cli_vqe_svg);
    }
    return status == QN_OK ? write_file(v[VQE_REPORT].text, &view, cli_vqe_html) : status;
}

static int run(const cli_invocation *invocation)
{
    const int mistake = check(invocation);
    if (mistake != CLI_EXIT_OK) {
        return mistake;
    }
    const cli_value *v = invocation->values;
    job j = {.input = {0}};
    char message[512] = "";
    const char *no_exact = NULL;
    bool interrupted = false;
    qn_status status = QN_OK;
    CLI_TRY(cli_input_read(invocation, &v[VQE_HAMILTONIAN], &v[VQE_MAPPING], &v[VQE_TAPER], &j.input));
    if (check_for_input(invocation, &j.input) != CLI_EXIT_OK) {
        free_job(&j);
        return CLI_EXIT_USAGE;
    }
    CLI_TRY(refuse_too_large(&j.input, message, sizeof message));
    CLI_TRY(read_request(v, &j.input, &j.request, message, sizeof message));
    CLI_TRY(cli_ansatz_build(&j.input, &j.request, &j.ansatz_name, &j.ansatz));
    CLI_TRY(cli_initial_parameters(v[VQE_INITIAL].text, j.ansatz_name, qn_circuit_symbols(j.ansatz), &j.initial,
                                   message, sizeof message));
    CLI_TRY(cli_session_open(v[VQE_THREADS].integer, v[VQE_QUIET].given || v[VQE_JSON].given, &j.context));
    CLI_TRY(run_vqe(&j, v));
    cli_terminal_clear();
    interrupted = j.result->interrupted;
    CLI_TRY(run_exact(&j, &no_exact));
    cli_terminal_clear();
    CLI_TRY(fill_ledger(&j, v));
    CLI_TRY(show(&j, invocation, no_exact));
    interrupted = interrupted || qn_context_interrupted(j.context);
cleanup:
    free_job(&j);
    return status != QN_OK ? say(message, status) : interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
}

const cli_command cli_command_vqe = {"vqe",
                                     "ground-state energy by the variational quantum eigensolver",
                                     "quern vqe --hamiltonian \"-1.0 ZZ; 0.5 ZI; 0.5 IZ; 0.2 XX\"\n"
                                     "quern vqe molecule.fcidump --taper --plot energy.svg --report energy.html\n"
                                     "quern vqe hamiltonian.txt --shots 4000 --optimizer spsa --starts 8 --json",
                                     "FILE",
                                     NULL,
                                     "Minimises the energy of a parametrised circuit, and prints the exact "
                                     "ground-state energy beside it where that is quick to "
                                     "compute, with what both cost. FILE is a Pauli sum (text or JSON) or a molecule "
                                     "(FCIDUMP), told apart by their content; - "
                                     "reads standard input. The same seed gives the same result for any number of "
                                     "threads. Ctrl-C ends the run with the best "
                                     "point so far; a second one ends it at once.",
                                     options,
                                     VQE_COUNT,
                                     run};
