/* input.c: files and inline text become a Hamiltonian. */
#include "input.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "output.h"

static qn_status read_molecule(const char *text, size_t length, const char *name, const char *mapping_name, bool taper,
                               cli_input *out)
{
    qn_integrals *integrals = NULL;
    qn_mapping mapping = QN_MAPPING_JORDAN_WIGNER;
    qn_status status = qn_mapping_from_name(mapping_name, &mapping);
    if (status == QN_OK) {
        status = qn_read_fcidump(text, length, name, &integrals);
    }
    if (status == QN_OK) {
        status = qn_electronic_problem_create(integrals, mapping, taper, &out->problem);
        qn_integrals_free(integrals);
    }
    if (status == QN_OK) {
        out->hamiltonian = out->problem->hamiltonian;
    }
    return status;
}

qn_status cli_input_read(const cli_invocation *invocation, const cli_value *inline_terms, const cli_value *mapping,
                         const cli_value *taper, cli_input *out)
{
    char *owned = NULL;
    const char *text = inline_terms->text;
    size_t length = text != NULL ? strlen(text) : 0;
    *out = (cli_input){.name = "--hamiltonian"};
    if (text == NULL) {
        const char *path = invocation->operands[0];
        out->name = strcmp(path, "-") == 0 ? "<stdin>" : path;
        const qn_status status = qn_file_read(path, 0, &owned, &length);
        if (status != QN_OK) {
            return status;
        }
        text = owned;
    }
    const qn_format format = qn_format_detect(text, length);
    out->format = qn_format_name(format);
    qn_status status;
    if (format == QN_FORMAT_FCIDUMP) {
        status = read_molecule(text, length, out->name, mapping->text, taper->given, out);
    } else {
        status = qn_read_hamiltonian(text, length, out->name, &out->hamiltonian);
        if (status == QN_OK) {
            status = qn_pauli_sum_simplify(out->hamiltonian, 0.0);
        }
    }
    qn_text_free(owned);
    if (status != QN_OK) {
        cli_input_free(out);
    }
    return status;
}

void cli_input_free(cli_input *input)
{
    if (input->problem != NULL) {
        qn_electronic_problem_free(input->problem);
    } else {
        qn_pauli_sum_free(input->hamiltonian);
    }
    input->problem = NULL;
    input->hamiltonian = NULL;
}

const char *cli_input_unit(const cli_input *input)
{
    return input->problem != NULL ? "Hartree" : "";
}

void cli_input_describe(const cli_input *input, char *buffer, size_t capacity)
{
    const uint32_t qubits = qn_pauli_sum_qubits(input->hamiltonian);
    const size_t terms = qn_pauli_sum_terms(input->hamiltonian);
    const char *slash = strrchr(input->name, '/');
    int used = snprintf(buffer, capacity, "%.60s: ", slash != NULL ? slash + 1 : input->name);
    if (used < 0 || (size_t)used >= capacity) {
        return;
    }
    if (input->problem != NULL) {
        const qn_electronic_problem *p = input->problem;
        (void)snprintf(buffer + used, capacity - (size_t)used,
                       "%u electrons in %u orbitals, %u qubits (%s%s), %zu terms", p->nalpha + p->nbeta, p->norb,
                       qubits, qn_mapping_name(p->mapping), p->tapering != NULL ? ", tapered" : "", terms);
    } else {
        (void)snprintf(buffer + used, capacity - (size_t)used, "%s, %u qubit%s, %zu term%s", input->format, qubits,
                       qubits == 1 ? "" : "s", terms, terms == 1 ? "" : "s");
    }
}

void cli_input_json(const cli_input *input, qn_json *json)
{
    qn_json_begin_object(json, "input");
    qn_json_string(json, "name", input->name);
    qn_json_string(json, "format", input->format);
    qn_json_unsigned(json, "qubits", qn_pauli_sum_qubits(input->hamiltonian));
    qn_json_unsigned(json, "terms", qn_pauli_sum_terms(input->hamiltonian));
    qn_json_number(json, "one_norm", qn_pauli_sum_one_norm(input->hamiltonian));
    qn_json_number(json, "identity", qn_pauli_sum_identity(input->hamiltonian).re);
    if (input->problem != NULL) {
        const qn_electronic_problem *p = input->problem;
        qn_json_begin_object(json, "molecule");
        qn_json_unsigned(json, "orbitals", p->norb);
        qn_json_unsigned(json, "alpha_electrons", p->nalpha);
        qn_json_unsigned(json, "beta_electrons", p->nbeta);
        qn_json_string(json, "mapping", qn_mapping_name(p->mapping));
        qn_json_bool(json, "tapered", p->tapering != NULL);
        qn_json_unsigned(json, "qubits_before_taper", p->qubits_before_taper);
        qn_json_number(json, "core_energy", p->core);
        qn_json_number(json, "reference_energy", p->reference_energy);
        qn_json_end_object(json);
    }
    qn_json_end_object(json);
}

static double binomial(uint32_t n, uint32_t k)
{
    double value = 1.0;
    for (uint32_t i = 1; i <= k; i++) {
        value = value * (n - k + i) / i;
    }
    return round(value);
}

double cli_input_dimension(const cli_input *input)
{
    const double full = ldexp(1.0, (int)qn_pauli_sum_qubits(input->hamiltonian));
    if (input->problem == NULL) {
        return full;
    }
    const qn_electronic_problem *p = input->problem;
    return fmin(full, binomial(p->norb, p->nalpha) * binomial(p->norb, p->nbeta));
}

bool cli_input_exact_is_modest(const cli_input *input)
{
    const double products = 150.0, per_second = 2e9, patience = 60.0; /* a rough guess is all that is needed here */
    const double dimension = cli_input_dimension(input);
    const double seconds = dimension * (double)qn_pauli_sum_terms(input->hamiltonian) * products / per_second;
    return dimension <= ldexp(1.0, 20) && qn_pauli_sum_qubits(input->hamiltonian) <= 40 &&
           (dimension <= 512.0 || seconds <= patience);
}

qn_exact_options cli_input_exact_options(const cli_input *input, uint32_t states, bool sector,
                                         qn_constraint constraints[2])
{
    qn_exact_options options = QN_EXACT_OPTIONS_INIT;
    options.states = states;
    if (input->problem != NULL && sector) {
        constraints[0] = (qn_constraint){input->problem->number_alpha, input->problem->nalpha};
        constraints[1] = (qn_constraint){input->problem->number_beta, input->problem->nbeta};
        options.constraints = constraints;
        options.nconstraints = 2;
        options.guess = input->problem->reference;
    }
    return options;
}
