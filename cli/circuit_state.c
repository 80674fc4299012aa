/* circuit_state.c: the state a circuit prepares, that is the circuit without the measurements that end it. */
#include "circuit_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

/* Room for the parameters of the gate with most of them; the table has none above 4. */
enum { MOST_PARAMS = 8 };

static qn_status append_gate(qn_circuit *to, const qn_operation *op, const qn_param *params)
{
    if (op->matrix != NULL) {
        return qn_circuit_append_unitary(to, op->targets, op->ntargets, op->matrix);
    }
    if (op->pauli != NULL) {
        char *letters = malloc((size_t)op->ntargets + 1);
        if (letters == NULL) {
            return QN_ERR_MEMORY;
        }
        memcpy(letters, op->pauli, op->ntargets);
        letters[op->ntargets] = '\0';
        const qn_status status = qn_circuit_append_pauli_rotation(to, letters, op->targets, op->ntargets, params[0]);
        free(letters);
        return status;
    }
    return qn_circuit_append_controlled(to, op->base, op->controls, op->ncontrols, op->control_state, op->targets,
                                        op->ntargets, params, op->nparams);
}

/* Whether an expression reads bits or variables, whose values only a run knows. */
static bool reads_memory(const qn_circuit *circuit, uint32_t expression)
{
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(circuit, expression, &count);
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].kind == QN_TOKEN_BIT || tokens[i].kind == QN_TOKEN_BITS || tokens[i].kind == QN_TOKEN_VARIABLE) {
            return true;
        }
    }
    return false;
}

static qn_status number_of(const qn_circuit *circuit, const qn_param *param, const double *theta, double *out)
{
    *out = qn_param_value(param, theta);
    if (param->expression == 0) {
        return QN_OK;
    }
    const qn_classical_state state = {NULL, NULL, theta};
    qn_value value;
    const qn_status status = qn_expression_evaluate(circuit, param->expression, &state, &value);
    if (status == QN_OK) {
        *out += qn_value_number(&value);
    }
    return status;
}

/* NULL, or what makes the state at the end depend on chance. */
static const char *obstacle(const qn_circuit *circuit, bool *touched, bool *measured, size_t *where)
{
    qn_operation op;
    for (*where = 0; *where < qn_circuit_operations(circuit); (*where)++) {
        qn_circuit_operation(circuit, *where, &op);
        switch (op.kind) {
        case QN_OP_BARRIER:
        case QN_OP_DELAY:
        case QN_OP_ASSIGN:
            continue;
        case QN_OP_MEASURE:
            measured[op.targets[0]] = true;
            continue;
        case QN_OP_RESET:
            if (touched[op.targets[0]] || measured[op.targets[0]]) {
                return "resets a qubit that was in use";
            }
            continue;
        case QN_OP_GATE:
            break;
        default:
            return "has control flow";
        }
        for (uint32_t k = 0; k < op.ncontrols + op.ntargets; k++) {
            const uint32_t qubit = k < op.ncontrols ? op.controls[k] : op.targets[k - op.ncontrols];
            if (measured[qubit]) {
                return "goes on with a qubit that was measured";
            }
            touched[qubit] = true;
        }
        for (uint32_t k = 0; k < op.nparams; k++) {
            if (op.params[k].expression != 0 && reads_memory(circuit, op.params[k].expression)) {
                return "has an angle that depends on classical memory";
            }
        }
    }
    return NULL;
}

static qn_status copy_numbers(const qn_circuit *circuit, const double *theta, qn_circuit *to)
{
    qn_status status = QN_OK;
    for (size_t i = 0; status == QN_OK && i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        qn_param numbers[MOST_PARAMS] = {{0}};
        if (op.kind != QN_OP_GATE) {
            continue;
        }
        for (uint32_t k = 0; status == QN_OK && k < op.nparams && k < MOST_PARAMS; k++) {
            double value = 0.0;
            status = number_of(circuit, &op.params[k], theta, &value);
            numbers[k] = QN_PARAM(value);
        }
        if (status == QN_OK) {
            status = append_gate(to, &op, numbers);
        }
    }
    return status;
}

qn_status cli_circuit_gates(const qn_circuit *circuit, const double *theta, qn_circuit **out, char *why,
                            size_t capacity)
{
    const uint32_t qubits = qn_circuit_qubits(circuit);
    bool *flags = calloc((size_t)qubits * 2 + 1, sizeof *flags);
    qn_status status = flags != NULL ? QN_OK : QN_ERR_MEMORY;
    *out = NULL;
    if (status == QN_OK) {
        size_t where = 0;
        const char *problem = obstacle(circuit, flags, flags + qubits, &where);
        if (problem != NULL) {
            qn_operation op;
            qn_circuit_operation(circuit, where, &op);
            (void)(op.line > 0 ? snprintf(why, capacity, "the circuit %s (line %u)", problem, op.line)
                               : snprintf(why, capacity, "the circuit %s (operation %zu)", problem, where));
        } else {
            qn_circuit *gates = NULL;
            status = qn_circuit_create(qubits, &gates);
            if (status == QN_OK) {
                status = copy_numbers(circuit, theta, gates);
            }
            if (status == QN_OK) {
                *out = gates;
            } else {
                qn_circuit_free(gates);
            }
        }
    }
    free(flags);
    return status;
}

/* Which measurements end the circuit, found backwards. */
typedef struct ending {
    bool *dropped; /* by operation */
    bool *used;    /* by qubit: something touches it later */
    bool *read;    /* by bit: something reads it later */
    uint32_t bits;
} ending;

static void note_reads(const qn_circuit *circuit, uint32_t expression, ending *e)
{
    size_t count = 0;
    const qn_token *tokens = expression != 0 ? qn_circuit_expression(circuit, expression, &count) : NULL;
    for (size_t i = 0; i < count; i++) {
        const uint32_t width = tokens[i].kind == QN_TOKEN_BIT    ? 1
                               : tokens[i].kind == QN_TOKEN_BITS ? tokens[i].width
                                                                 : 0;
        for (uint32_t k = 0; k < width && tokens[i].index + k < e->bits; k++) {
            e->read[tokens[i].index + k] = true;
        }
    }
}

static void find_ending(const qn_circuit *circuit, ending *e)
{
    size_t depth = 0;
    for (size_t i = qn_circuit_operations(circuit); i-- > 0;) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        depth += op.kind == QN_OP_END;
        note_reads(circuit, op.expression, e);
        for (uint32_t k = 0; k < op.nparams; k++) {
            note_reads(circuit, op.params[k].expression, e);
        }
        if (op.kind == QN_OP_MEASURE && depth == 0 && !e->used[op.targets[0]] &&
            (op.bit == QN_NO_BIT || !e->read[op.bit])) {
            e->dropped[i] = true;
            continue; /* an earlier measurement of the same qubit may end it as well */
        }
        if (op.kind == QN_OP_IF || op.kind == QN_OP_WHILE) {
            depth -= depth > 0;
        }
        if (op.kind == QN_OP_GATE || op.kind == QN_OP_MEASURE || op.kind == QN_OP_RESET) {
            for (uint32_t k = 0; k < op.ncontrols + op.ntargets; k++) {
                e->used[k < op.ncontrols ? op.controls[k] : op.targets[k - op.ncontrols]] = true;
            }
        }
    }
}

static qn_status copy_declarations(const qn_circuit *circuit, qn_circuit *to)
{
    qn_status status = QN_OK;
    uint32_t index = 0;
    for (size_t k = 0; status == QN_OK && k < qn_circuit_symbols(circuit); k++) {
        status = qn_circuit_add_symbol(to, qn_circuit_symbol_name(circuit, (uint32_t)k), &index);
    }
    for (size_t k = 0; status == QN_OK && k < qn_circuit_variables(circuit); k++) {
        qn_variable v;
        qn_circuit_variable(circuit, k, &v);
        status = qn_circuit_add_variable(to, v.name, v.type, v.width, v.first, v.flags, &index);
    }
    for (size_t k = 0; status == QN_OK && k < qn_circuit_expressions(circuit); k++) {
        size_t count = 0;
        const qn_token *tokens = qn_circuit_expression(circuit, (uint32_t)k + 1, &count);
        status = qn_circuit_add_expression(to, tokens, count, &index);
    }
    return status;
}

static qn_status copy_operation(const qn_operation *op, qn_circuit *to)
{
    qn_circuit_set_line(to, op->line);
    switch (op->kind) {
    case QN_OP_GATE:
        return append_gate(to, op, op->params);
    case QN_OP_BARRIER:
        return qn_circuit_append_barrier(to, op->targets, op->ntargets);
    case QN_OP_DELAY:
        return qn_circuit_append_delay(to, op->params[0].constant, op->targets, op->ntargets);
    case QN_OP_MEASURE:
        return qn_circuit_append_measure(to, op->targets[0], op->bit);
    case QN_OP_RESET:
        return qn_circuit_append_reset(to, op->targets[0]);
    case QN_OP_ASSIGN:
        return op->bit != QN_NO_BIT ? qn_circuit_append_assign_bit(to, op->bit, op->expression)
                                    : qn_circuit_append_assign(to, op->variable, op->expression);
    default:
        return qn_circuit_append_flow(to, op->kind, op->expression);
    }
}

qn_status cli_circuit_without_final(const qn_circuit *circuit, qn_circuit **out)
{
    const size_t operations = qn_circuit_operations(circuit);
    const uint32_t qubits = qn_circuit_qubits(circuit), bits = qn_circuit_bits(circuit);
    bool *flags = calloc(operations + qubits + bits + 1, sizeof *flags);
    qn_circuit *to = NULL;
    qn_status status = flags != NULL ? qn_circuit_create(qubits, &to) : QN_ERR_MEMORY;
    if (status == QN_OK) {
        ending e = {flags, flags + operations, flags + operations + qubits, bits};
        find_ending(circuit, &e);
        status = copy_declarations(circuit, to);
        for (size_t i = 0; status == QN_OK && i < operations; i++) {
            qn_operation op;
            qn_circuit_operation(circuit, i, &op);
            status = e.dropped[i] ? QN_OK : copy_operation(&op, to);
        }
    }
    free(flags);
    if (status == QN_OK) {
        *out = to;
    } else {
        qn_circuit_free(to);
    }
    return status;
}
