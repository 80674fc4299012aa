/* ansatz.c: names of the command line become circuits. */
#include "ansatz.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

typedef enum ansatz_id {
#define ANSATZ(id, name, summary) ANSATZ_##id,
#include "ansatze.def"
#undef ANSATZ
    ANSATZ_COUNT
} ansatz_id;

static const struct {
    const char *name, *summary;
} rows[] = {
#define ANSATZ(id, name, summary) {name, summary},
#include "ansatze.def"
#undef ANSATZ
};

enum { MOST_GATES = 16 };

const char *cli_ansatz_choice(size_t index)
{
    return index < ANSATZ_COUNT ? rows[index].name : NULL;
}

const char *cli_ansatz_summary(size_t index)
{
    return index < ANSATZ_COUNT ? rows[index].summary : NULL;
}

static ansatz_id find(const char *name)
{
    size_t i = 0;
    while (i + 1 < ANSATZ_COUNT && strcmp(rows[i].name, name) != 0) {
        i++;
    }
    return (ansatz_id)i; /* the parser let only known names through */
}

/* "ry,rz" to gates. */
static qn_status gates_from(const char *list, qn_gate *gates, size_t *count)
{
    *count = 0;
    while (*list != '\0' && *count < MOST_GATES) {
        char name[32];
        const size_t length = strcspn(list, ",");
        (void)snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), list);
        const qn_status status = qn_gate_from_name(name, &gates[*count]);
        if (status != QN_OK) {
            return status;
        }
        (*count)++;
        list += length;
        list += *list == ',';
    }
    return QN_OK;
}

static qn_status build_uccsd(const cli_input *input, uint64_t reps, qn_circuit **out)
{
    const qn_electronic_problem *problem = input->problem;
    qn_uccsd_options options = QN_UCCSD_OPTIONS_INIT;
    options.norb = problem->norb; /* NOLINT(clang-analyzer-core.NullDereference): the caller saw to it */
    options.nalpha = problem->nalpha;
    options.nbeta = problem->nbeta;
    options.mapping = problem->mapping;
    options.tapering = problem->tapering;
    /* One Trotter factor leaves about 1e-5 Hartree in LiH whatever the order of excitations; two reach 1e-7. */
    options.reps = reps == UINT64_MAX ? 2 : (uint32_t)reps;
    qn_excitation *excitations = NULL;
    qn_status status = qn_electronic_problem_excitations(problem, true, true, &excitations, &options.nexcitations);
    if (status == QN_OK) {
        options.excitations = excitations;
        status = qn_ansatz_uccsd(&options, out);
    }
    qn_excitations_free(excitations);
    return status;
}

/* The pairs of a line of qubits: what a device surely has. */
static uint32_t *line_pairs(uint32_t qubits)
{
    uint32_t *pairs = malloc(((size_t)qubits + 1) * 2 * sizeof *pairs);
    for (uint32_t q = 0; pairs != NULL && q + 1 < qubits; q++) {
        pairs[2 * q] = q;
        pairs[2 * q + 1] = q + 1;
    }
    return pairs;
}

qn_status cli_ansatz_build(const cli_input *input, const cli_ansatz_request *request, const char **name,
                           qn_circuit **out)
{
    const char *wanted = request->name != NULL ? request->name : input->problem != NULL ? "uccsd" : "two-local";
    const ansatz_id id = find(wanted);
    *name = rows[id].name;
    if (id == ANSATZ_UCCSD) {
        return build_uccsd(input, request->reps, out);
    }
    qn_gate rotations[MOST_GATES], entanglers[MOST_GATES];
    qn_n_local_options options = QN_N_LOCAL_OPTIONS_INIT;
    options.nqubits = qn_pauli_sum_qubits(input->hamiltonian);
    options.reps = request->reps == UINT64_MAX ? 2 : (uint32_t)request->reps;
    qn_status status = gates_from(request->rotations, rotations, &options.nrotations);
    if (status == QN_OK) {
        status = gates_from(request->entanglers, entanglers, &options.nentanglers);
    }
    if (status == QN_OK) {
        status = qn_entanglement_from_name(request->entanglement, &options.entanglement);
    }
    if (status != QN_OK) {
        return status;
    }
    options.rotations = rotations;
    options.entanglers = entanglers;
    /* A molecule starts from its Hartree-Fock determinant. A circuit that keeps the number of ones would do nothing to
     * |0...0>, so for a bare Pauli sum it starts with the lower half of the qubits set. */
    uint64_t *half = NULL;
    uint32_t *pairs = NULL;
    if (request->initial_bits != NULL) {
        options.initial_bits = request->initial_bits;
    } else if (input->problem != NULL) {
        options.initial_bits = input->problem->reference;
    } else if (id == ANSATZ_EXCITATION_PRESERVING) {
        half = calloc((size_t)options.nqubits / 64 + 1, sizeof *half);
        for (uint32_t q = 0; half != NULL && q < options.nqubits / 2; q++) {
            half[q / 64] |= UINT64_C(1) << (q % 64);
        }
        options.initial_bits = half;
    }
    if (request->coupling.count > 0) {
        options.entanglement = QN_ENTANGLEMENT_PAIRS;
        options.pairs = request->coupling.pairs;
        options.npairs = request->coupling.count;
    } else if (id == ANSATZ_HARDWARE_EFFICIENT) {
        pairs = line_pairs(options.nqubits);
        options.entanglement = QN_ENTANGLEMENT_PAIRS;
        options.pairs = pairs;
        options.npairs = options.nqubits > 0 ? options.nqubits - 1 : 0;
    }
    switch (id) {
    case ANSATZ_EFFICIENT_SU2:
        status = qn_ansatz_efficient_su2(&options, out);
        break;
    case ANSATZ_REAL_AMPLITUDES:
        status = qn_ansatz_real_amplitudes(&options, out);
        break;
    case ANSATZ_EXCITATION_PRESERVING:
        status = qn_ansatz_excitation_preserving(&options, false, out);
        break;
    case ANSATZ_HARDWARE_EFFICIENT:
        status = qn_ansatz_hardware_efficient(&options, out);
        break;
    default:
        status = qn_ansatz_n_local(&options, out);
        break;
    }
    free(half);
    free(pairs);
    return status;
}

/* Numbers separated by blanks, commas, semicolons or line ends; brackets around them and # comments are skipped, so
 * that a JSON array serves as well. */
static qn_status read_numbers(const char *path, const char *text, double *numbers, size_t count, char *message,
                              size_t capacity)
{
    size_t found = 0, line = 1;
    const char *start = text;
    while (*text != '\0') {
        if (*text == '#') {
            text += strcspn(text, "\n");
        } else if (*text == '\n') {
            line++;
            start = ++text;
        } else if (isspace((unsigned char)*text) || strchr(",;[]", *text) != NULL) {
            text++;
        } else {
            char *end = NULL;
            const double value = strtod(text, &end);
            const size_t column = (size_t)(text - start) + 1;
            if (end == text || !isfinite(value)) {
                (void)snprintf(message, capacity, "%s:%zu:%zu: not a finite number; expected %zu parameters", path,
                               line, column, count);
                return QN_ERR_PARSE;
            }
            if (found == count) {
                (void)snprintf(message, capacity, "%s:%zu:%zu: one number too many; this ansatz has %zu parameters",
                               path, line, column, count);
                return QN_ERR_PARSE;
            }
            numbers[found++] = value;
            text = end;
        }
    }
    if (found < count) {
        (void)snprintf(message, capacity, "%s:%zu:1: only %zu numbers; this ansatz has %zu parameters", path, line,
                       found, count);
        return QN_ERR_PARSE;
    }
    return QN_OK;
}

qn_status cli_initial_parameters(const char *where, const char *ansatz, size_t count, double **out, char *message,
                                 size_t capacity)
{
    message[0] = '\0';
    *out = NULL;
    if (where == NULL) {
        where = strcmp(ansatz, "uccsd") == 0 ? "zeros" : "random";
    }
    if (strcmp(where, "random") == 0) {
        return QN_OK;
    }
    double *numbers = calloc(count + 1, sizeof *numbers);
    if (numbers == NULL) {
        (void)snprintf(message, capacity, "no memory for %zu parameters", count);
        return QN_ERR_MEMORY;
    }
    if (strcmp(where, "zeros") != 0) {
        char *text = NULL;
        size_t length = 0;
        qn_status status = qn_file_read(where, 0, &text, &length);
        if (status == QN_OK) {
            status = read_numbers(where, text, numbers, count, message, capacity);
            qn_text_free(text);
        }
        if (status != QN_OK) {
            free(numbers);
            return status;
        }
    }
    *out = numbers;
    return QN_OK;
}
