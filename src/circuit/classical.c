/* classical.c: the classical side of a circuit: registers and variables, measurement, reset, barriers, assignments. */
#include <quern/classical.h>

#include <math.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/store.h"

static const char *type_name(qn_type type)
{
    static const char *const names[] = {"qubits", "bits", "bool", "int", "uint", "float", "angle"};
    return (unsigned)type < sizeof names / sizeof names[0] ? names[type] : "unknown type";
}

static qn_status check_qubits(const qn_circuit *circuit, const char *name, uint32_t width, uint32_t first)
{
    QN_CHECK(width > 0, ERR_RANGE, "register \"%.64s\" has no qubits", name);
    QN_CHECK(first < circuit->nqubits && width <= circuit->nqubits - first, ERR_RANGE,
             "register \"%.64s\" takes qubits %u to %llu, the circuit has 0..%u", name, first,
             (unsigned long long)first + width - 1, circuit->nqubits - 1);
    for (size_t i = 0; i < circuit->nvariables; i++) {
        const qn_variable *other = &circuit->variables[i];
        QN_CHECK(other->type != QN_TYPE_QUBITS || other->first >= first + width || first >= other->first + other->width,
                 ERR_ARGUMENT, "registers \"%.64s\" and \"%.64s\" overlap", name, other->name);
    }
    return QN_OK;
}

static qn_status check_width(const qn_circuit *circuit, const char *name, qn_type type, uint32_t *width)
{
    switch (type) {
    case QN_TYPE_QUBITS:
        return QN_OK;
    case QN_TYPE_BITS:
        QN_CHECK(*width > 0, ERR_RANGE, "register \"%.64s\" has no bits", name);
        QN_CHECK(*width <= QN__BITS_MAX - circuit->nbits, ERR_TOO_LARGE,
                 "register \"%.64s\" of %u bits: a circuit holds at most %d classical bits, %u are taken", name, *width,
                 QN__BITS_MAX, circuit->nbits);
        return QN_OK;
    case QN_TYPE_BOOL:
        *width = 1;
        return QN_OK;
    case QN_TYPE_FLOAT:
        *width = *width == 0 ? 64 : *width;
        QN_CHECK(*width == 32 || *width == 64, ERR_RANGE, "variable \"%.64s\" is a float of %u bits; expected 32 or 64",
                 name, *width);
        return QN_OK;
    case QN_TYPE_INT:
    case QN_TYPE_UINT:
    case QN_TYPE_ANGLE:
        QN_CHECK(*width >= 1 && *width <= 64, ERR_RANGE, "variable \"%.64s\" has %u bits; expected 1 to 64", name,
                 *width);
        return QN_OK;
    }
    return QN_FAIL(ERR_RANGE, "variable \"%.64s\" has type %d; expected 0..%d", name, (int)type, (int)QN_TYPE_ANGLE);
}

bool qn__circuit_find_variable(const qn_circuit *circuit, const char *name, uint32_t *out)
{
    return qn__names_find(&circuit->variable_names, name, out);
}

qn_status qn_circuit_add_variable(qn_circuit *circuit, const char *name, qn_type type, uint32_t width, uint32_t first,
                                  uint32_t flags, uint32_t *out)
{
    QN_CHECK(circuit != NULL && name != NULL, ERR_ARGUMENT, "circuit or name of a variable is NULL");
    QN_CHECK(name[0] != '\0', ERR_ARGUMENT, "a variable needs a name");
    uint32_t there = 0;
    QN_CHECK(!qn__names_find(&circuit->variable_names, name, &there), ERR_ARGUMENT,
             "variable \"%.64s\" is there already (number %u)", name, there);
    QN_CHECK(!qn__names_find(&circuit->symbols, name, &there), ERR_ARGUMENT,
             "\"%.64s\" cannot be a variable, it is a symbol already", name);
    QN_TRY(check_width(circuit, name, type, &width));
    if (type == QN_TYPE_QUBITS) {
        QN_TRY(check_qubits(circuit, name, width, first));
    } else {
        first = type == QN_TYPE_BITS ? circuit->nbits : 0;
    }
    void *variables = circuit->variables;
    const qn_status grown =
        qn__grow(&variables, &circuit->variables_capacity, circuit->nvariables + 1, sizeof *circuit->variables);
    circuit->variables = variables;
    QN_TRY(grown);
    QN_TRY(qn__names_add(&circuit->variable_names, name));
    circuit->variables[circuit->nvariables] =
        (qn_variable){circuit->variable_names.names[circuit->nvariables], type, width, first, flags};
    circuit->nvariables++;
    circuit->nbits += type == QN_TYPE_BITS ? width : 0;
    if (out != NULL) {
        *out = (uint32_t)(circuit->nvariables - 1);
    }
    return QN_OK;
}

size_t qn_circuit_variables(const qn_circuit *circuit)
{
    return circuit->nvariables;
}

void qn_circuit_variable(const qn_circuit *circuit, size_t index, qn_variable *out)
{
    QN_ASSERT(index < circuit->nvariables);
    *out = circuit->variables[index];
}

uint32_t qn_circuit_bits(const qn_circuit *circuit)
{
    return circuit->nbits;
}

bool qn_circuit_is_dynamic(const qn_circuit *circuit)
{
    for (size_t i = 0; i < circuit->nrecords; i++) {
        if (circuit->records[i].kind > QN_OP_DELAY) {
            return true;
        }
    }
    return false;
}

void qn_circuit_set_line(qn_circuit *circuit, uint32_t line)
{
    circuit->line = line;
}

const char *qn__op_kind_name(qn_op_kind kind)
{
    static const char *const names[] = {"gate", "barrier", "delay", "measurement", "reset",    "assignment", "if",
                                        "else", "while",   "end",   "break",       "continue", "stop"};
    return (unsigned)kind < sizeof names / sizeof names[0] ? names[kind] : "unknown operation";
}

bool qn__operation_has_expression(const qn_operation *operation)
{
    for (uint32_t i = 0; i < operation->nparams; i++) {
        if (operation->params[i].expression != 0) {
            return true;
        }
    }
    return false;
}

/* Appending. */

qn_status qn_circuit_append_measure(qn_circuit *circuit, uint32_t qubit, uint32_t bit)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_CHECK(bit == QN_NO_BIT || bit < circuit->nbits, ERR_RANGE,
             "measurement into classical bit %u, the circuit has %u of them", bit, circuit->nbits);
    const qn__entry entry = {.kind = QN_OP_MEASURE, .bit = bit, .variable = QN_NO_BIT, .qubits = &qubit, .nqubits = 1};
    return qn__circuit_push(circuit, &entry);
}

qn_status qn_circuit_append_reset(qn_circuit *circuit, uint32_t qubit)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    const qn__entry entry = {
        .kind = QN_OP_RESET, .bit = QN_NO_BIT, .variable = QN_NO_BIT, .qubits = &qubit, .nqubits = 1};
    return qn__circuit_push(circuit, &entry);
}

qn_status qn_circuit_append_barrier(qn_circuit *circuit, const uint32_t *qubits, size_t nqubits)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_CHECK(nqubits <= circuit->nqubits, ERR_SHAPE, "barrier on %zu qubits, the circuit has %u", nqubits,
             circuit->nqubits);
    const qn__entry entry = {
        .kind = QN_OP_BARRIER, .bit = QN_NO_BIT, .variable = QN_NO_BIT, .qubits = qubits, .nqubits = nqubits};
    return qn__circuit_push(circuit, &entry);
}

qn_status qn_circuit_append_delay(qn_circuit *circuit, double duration, const uint32_t *qubits, size_t nqubits)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_CHECK(nqubits <= circuit->nqubits, ERR_SHAPE, "delay on %zu qubits, the circuit has %u", nqubits,
             circuit->nqubits);
    const qn_param param = QN_PARAM(duration);
    const qn__entry entry = {.kind = QN_OP_DELAY,
                             .bit = QN_NO_BIT,
                             .variable = QN_NO_BIT,
                             .qubits = qubits,
                             .nqubits = nqubits,
                             .params = &param,
                             .nparams = 1};
    return qn__circuit_push(circuit, &entry);
}

static qn_status check_expression(const qn_circuit *circuit, const char *what, uint32_t expression)
{
    QN_CHECK(expression >= 1 && expression <= circuit->nexpressions, ERR_RANGE, "%s: expression %u is outside 1..%zu",
             what, expression, circuit->nexpressions);
    return QN_OK;
}

qn_status qn_circuit_append_assign(qn_circuit *circuit, uint32_t variable, uint32_t expression)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_CHECK(variable < circuit->nvariables, ERR_RANGE, "assignment to variable %u, the circuit has %zu of them",
             variable, circuit->nvariables);
    const qn_variable *v = &circuit->variables[variable];
    QN_CHECK(v->type != QN_TYPE_QUBITS, ERR_ARGUMENT, "assignment to \"%.64s\", which is a register of qubits",
             v->name);
    QN_CHECK(v->type != QN_TYPE_BITS || v->width <= 64, ERR_UNSUPPORTED,
             "assignment to the whole of \"%.64s\", which has %u bits; at most 64 are taken", v->name, v->width);
    QN_TRY(check_expression(circuit, "assignment", expression));
    const qn__expression *e = &circuit->expressions[expression - 1];
    QN_CHECK(qn__cast_allowed(e->type, e->width, v->type, v->width), ERR_ARGUMENT,
             "assignment to \"%.64s\": a value of type %s[%u] is not a %s[%u]; a cast is expected", v->name,
             type_name(e->type), e->width, type_name(v->type), v->width);
    const qn__entry entry = {.kind = QN_OP_ASSIGN, .bit = QN_NO_BIT, .variable = variable, .expression = expression};
    return qn__circuit_push(circuit, &entry);
}

qn_status qn_circuit_append_assign_bit(qn_circuit *circuit, uint32_t bit, uint32_t expression)
{
    QN_CHECK(circuit != NULL, ERR_ARGUMENT, "circuit is NULL");
    QN_CHECK(bit < circuit->nbits, ERR_RANGE, "assignment to classical bit %u, the circuit has %u of them", bit,
             circuit->nbits);
    QN_TRY(check_expression(circuit, "assignment", expression));
    const qn__entry entry = {.kind = QN_OP_ASSIGN, .bit = bit, .variable = QN_NO_BIT, .expression = expression};
    return qn__circuit_push(circuit, &entry);
}
