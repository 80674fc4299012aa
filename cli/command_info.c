/* command_info.c: `quern info`: what a file holds, and what working on it would take. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ansatz.h"
#include "commands.h"
#include "input.h"
#include "output.h"
#include "session.h"

enum {
#define OPTION(id, ...) INFO_##id,
#include "options_info.def"
#undef OPTION
    INFO_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_info.def"
#undef OPTION
};

/* What `quern vqe` would need with its defaults, and `quern exact`. NaN: not known, because it does not fit or cannot
 * run. */
typedef struct forecast {
    const char *ansatz;
    size_t parameters;
    double gates;
    bool grouped;
    uint32_t groups, groups_qubit_wise;
    double vqe_bytes, vqe_seconds; /* seconds of one energy with its gradient */
    double exact_dimension, exact_bytes;
    double limit;
} forecast;

static qn_status count_groups(const qn_pauli_sum *sum, qn_grouping kind, uint32_t *out)
{
    uint32_t *groups = malloc((qn_pauli_sum_terms(sum) + 1) * sizeof *groups);
    if (groups == NULL) {
        return QN_ERR_MEMORY;
    }
    const qn_status status = qn_pauli_sum_group(sum, kind, groups, out);
    free(groups);
    return status;
}

static qn_status foresee(qn_context *context, const cli_input *input, forecast *out)
{
    qn_circuit *circuit = NULL;
    qn_engine *engine = NULL;
    qn_status status = QN_OK;
    *out = (forecast){.vqe_bytes = (double)NAN, .vqe_seconds = (double)NAN, .exact_bytes = (double)NAN};
    out->limit = (double)qn_context_memory_limit(context);
    /* Grouping compares every term with every group: beyond this it would be minutes, not foresight. */
    out->grouped = qn_pauli_sum_terms(input->hamiltonian) <= 20000;
    if (out->grouped) {
        CLI_TRY(count_groups(input->hamiltonian, QN_GROUPING_COMMUTING, &out->groups));
        CLI_TRY(count_groups(input->hamiltonian, QN_GROUPING_QUBIT_WISE, &out->groups_qubit_wise));
    }
    out->exact_dimension = cli_input_dimension(input);
    if (qn_pauli_sum_qubits(input->hamiltonian) > CLI_MOST_QUBITS) {
        return QN_OK; /* no state of so many qubits is ever held: building its circuit would be waste */
    }
    const cli_ansatz_request request = {
        .rotations = "ry,rz", .entanglers = "cx", .entanglement = "full", .reps = UINT64_MAX};
    CLI_TRY(cli_ansatz_build(input, &request, &out->ansatz, &circuit));
    out->parameters = qn_circuit_symbols(circuit);
    out->gates = (double)qn_circuit_operations(circuit);
    CLI_TRY(qn_engine_open(context, "statevector", &engine));
    const qn_pauli_sum *observable = input->hamiltonian;
    uint64_t bytes = 0;
    if (qn_engine_bytes_needed(engine, circuit, &observable, 1, &bytes) == QN_OK) {
        out->vqe_bytes = (double)bytes;
        /* One pass over the state a gate and a term, and the gates twice more backwards; a core moves about 1e9
         * amplitudes a second, and needs some 50 ns to begin a pass. */
        const double passes = 3.0 * out->gates + (double)qn_pauli_sum_terms(observable);
        const double amplitudes = ldexp(1.0, (int)qn_pauli_sum_qubits(observable));
        out->vqe_seconds = bytes > qn_context_memory_limit(context)
                               ? (double)NAN
                               : passes * (50e-9 + amplitudes / (1e9 * qn_context_threads(context)));
    }
    qn_constraint constraints[2];
    const qn_exact_options exact = cli_input_exact_options(input, 1, true, constraints);
    if (qn_exact_bytes_needed(input->hamiltonian, &exact, &bytes) == QN_OK) {
        out->exact_bytes = (double)bytes;
    }
cleanup:
    qn_engine_close(engine);
    qn_circuit_free(circuit);
    return status;
}

static const char *fits(double bytes, double limit)
{
    return bytes <= limit ? "fits" : "does not fit here";
}

static void write_text(qn_text *text, const cli_input *input, const forecast *f)
{
    const qn_pauli_sum *sum = input->hamiltonian;
    char a[64], b[64];
    qn_text_printf(text, "%s: %s\n", input->name, input->format);
    if (input->problem != NULL) {
        const qn_electronic_problem *p = input->problem;
        qn_text_printf(text, "  molecule         %u orbitals, %u alpha and %u beta electrons\n", p->norb, p->nalpha,
                       p->nbeta);
        qn_text_printf(text, "  Hartree-Fock     %.9f Hartree (core %.9f)\n", p->reference_energy, p->core);
        qn_text_printf(text, "  mapping          %s%s\n", qn_mapping_name(p->mapping),
                       p->tapering != NULL ? ", symmetries tapered off" : "");
    }
    qn_text_printf(text, "  qubits           %u", qn_pauli_sum_qubits(sum));
    if (input->problem != NULL && input->problem->tapering != NULL) {
        qn_text_printf(text, " (of %u)", input->problem->qubits_before_taper);
    }
    qn_text_printf(text, "\n  terms            %zu", qn_pauli_sum_terms(sum));
    if (f->grouped) {
        qn_text_printf(text, ", measured in %u commuting or %u qubit-wise commuting group%s\n", f->groups,
                       f->groups_qubit_wise, f->groups_qubit_wise == 1 ? "" : "s");
    } else {
        qn_text_printf(text, " (too many to count their measurement groups here)\n");
    }
    qn_text_printf(text, "  one-norm         %.9g without the identity, which is %.9g\n", qn_pauli_sum_one_norm(sum),
                   qn_pauli_sum_identity(sum).re);
    qn_text_printf(text, "  quern vqe        ");
    if (f->ansatz != NULL) {
        qn_text_printf(text, "%s, %zu parameter%s, %.0f gates: ", f->ansatz, f->parameters,
                       f->parameters == 1 ? "" : "s", f->gates);
    }
    if (isnan(f->vqe_bytes) || f->vqe_bytes >= 0x1p63) { /* counts of bytes saturate at 2^64 */
        qn_text_printf(text, "too many qubits to simulate on any machine\n");
    } else if (isnan(f->vqe_seconds)) {
        qn_text_printf(text, "%s (does not fit here)\n", qn_human(a, sizeof a, f->vqe_bytes, "B"));
    } else {
        qn_text_printf(text, "%s (fits), about %s an energy and gradient\n", qn_human(a, sizeof a, f->vqe_bytes, "B"),
                       qn_human(b, sizeof b, f->vqe_seconds, "s"));
    }
    if (isfinite(f->exact_dimension)) {
        qn_text_printf(text, "  quern exact      dimension %s: ", qn_human(a, sizeof a, f->exact_dimension, NULL));
    } else {
        qn_text_printf(text, "  quern exact      dimension 2^%u: ", qn_pauli_sum_qubits(sum));
    }
    if (isnan(f->exact_bytes)) {
        qn_text_printf(text, "too large\n");
    } else {
        qn_text_printf(text, "%s (%s)\n", qn_human(b, sizeof b, f->exact_bytes, "B"), fits(f->exact_bytes, f->limit));
    }
    qn_text_printf(text, "  memory here      %s\n", qn_human(a, sizeof a, f->limit, "B"));
}

static void write_json(qn_json *json, const cli_input *input, const forecast *f)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.info/1");
    qn_json_string(json, "version", qn_version());
    cli_input_json(input, json);
    qn_json_begin_object(json, "result");
    qn_json_number(json, "groups_commuting", f->grouped ? f->groups : (double)NAN);
    qn_json_number(json, "groups_qubit_wise", f->grouped ? f->groups_qubit_wise : (double)NAN);
    qn_json_string(json, "ansatz", f->ansatz);
    qn_json_number(json, "parameters", f->ansatz != NULL ? (double)f->parameters : (double)NAN);
    qn_json_number(json, "gates", f->ansatz != NULL ? f->gates : (double)NAN);
    qn_json_number(json, "vqe_bytes", f->vqe_bytes < 0x1p63 ? f->vqe_bytes : (double)NAN);
    qn_json_number(json, "vqe_seconds_per_gradient", f->vqe_seconds);
    qn_json_number(json, "exact_dimension", f->exact_dimension);
    qn_json_number(json, "exact_bytes", f->exact_bytes);
    qn_json_end_object(json);
    qn_json_end_object(json);
}

static int run(const cli_invocation *invocation)
{
    const cli_value *values = invocation->values;
    if ((invocation->noperands == 1) == (values[INFO_HAMILTONIAN].text != NULL) || invocation->noperands > 1) {
        return cli_usage_error(invocation->command, "give one FILE, or --hamiltonian");
    }
    cli_input input = {0};
    qn_context *context = NULL;
    qn_text *text = NULL;
    qn_json *json = NULL;
    forecast f;
    qn_status status = QN_OK;
    CLI_TRY(cli_input_read(invocation, &values[INFO_HAMILTONIAN], &values[INFO_MAPPING], &values[INFO_TAPER], &input));
    CLI_TRY(cli_session_open(values[INFO_THREADS].integer, true, &context));
    CLI_TRY(foresee(context, &input, &f));
    CLI_TRY(qn_text_create(&text));
    if (values[INFO_JSON].given) {
        CLI_TRY(qn_json_create(text, &json));
        write_json(json, &input, &f);
    } else {
        write_text(text, &input, &f);
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    qn_context_free(context);
    cli_input_free(&input);
    return status != QN_OK ? cli_library_error(status) : CLI_EXIT_OK;
}

const cli_command cli_command_info = {
    "info",
    "what a file holds, and what working on it would take",
    "quern info hamiltonian.txt\nquern info molecule.fcidump --taper --mapping parity",
    "FILE",
    NULL,
    "Says what a file is (Pauli sum as text or JSON, FCIDUMP), its qubits, terms, measurement groups and one-norm, and "
    "the memory "
    "and time that `quern vqe` and `quern exact` would take. FILE may be - for standard input.",
    options,
    INFO_COUNT,
    run};
