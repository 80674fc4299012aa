/* json_write.c: a circuit as JSON, all of it: docs/formats.md. One line an operation. */
#include <quern/qasm.h>

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/store.h"
#include "format/buffer.h"
#include "format/circuit_out/json_words.h"
#include "format/circuit_out/utf8.h"
#include "format/number.h"

static qn_status put(qn__buffer *out, const char *text)
{
    return qn__buffer_add(out, text, strlen(text));
}

/* With a point or an exponent, so that a minus sign of zero and the kind of the number survive. */
static qn_status put_number(qn__buffer *out, double value)
{
    QN_CHECK(isfinite(value), ERR_NAN, "a number of the circuit is not finite, which JSON cannot say");
    char digits[QN__NUMBER_ROOM];
    const size_t length = qn__number_print(digits, value, false);
    QN_TRY(qn__buffer_add(out, digits, length));
    return strpbrk(digits, ".e") == NULL ? put(out, ".0") : QN_OK;
}

static qn_status put_string(qn__buffer *out, const char *text)
{
    QN_TRY(put(out, "\""));
    uint32_t code = 0;
    for (size_t length; *text != '\0'; text += length) {
        length = qn__utf8_next(text, &code);
        QN_CHECK(length > 0, ERR_ARGUMENT, "the name \"%.40s\" is not UTF-8, which JSON needs", text);
        if (code < 0x20 || code == 0x7f) {
            QN_TRY(qn__buffer_print(out, "\\u%04x", (unsigned)code));
        } else {
            QN_TRY(code == '"' || code == '\\' ? put(out, "\\") : QN_OK);
            QN_TRY(qn__buffer_add(out, text, length));
        }
    }
    return put(out, "\"");
}

static qn_status put_qubits(qn__buffer *out, const char *key, const uint32_t *qubits, uint32_t count)
{
    QN_TRY(qn__buffer_print(out, ", \"%s\": [", key));
    for (uint32_t i = 0; i < count; i++) {
        QN_TRY(qn__buffer_print(out, i > 0 ? ", %" PRIu32 : "%" PRIu32, qubits[i]));
    }
    return put(out, "]");
}

static qn_status put_param(qn__buffer *out, const qn_param *param)
{
    if (param->count == 0 && param->expression == 0) {
        return put_number(out, param->constant);
    }
    QN_TRY(put(out, "{\"constant\": "));
    QN_TRY(put_number(out, param->constant));
    QN_TRY(put(out, ", \"terms\": ["));
    for (size_t k = 0; k < param->count; k++) {
        QN_TRY(qn__buffer_print(out, k > 0 ? ", [%" PRIu32 ", " : "[%" PRIu32 ", ", param->terms[k].symbol));
        QN_TRY(put_number(out, param->terms[k].coefficient));
        QN_TRY(put(out, "]"));
    }
    QN_TRY(put(out, "]"));
    if (param->expression != 0) {
        QN_TRY(qn__buffer_print(out, ", \"expression\": %" PRIu32, param->expression - 1));
    }
    return put(out, "}");
}

/* Controls that are not the gate's own, and what they fire on unless that is 1 for all of them. */
static qn_status put_controls(qn__buffer *out, const qn_operation *op, uint32_t extra)
{
    if (extra == 0) {
        return QN_OK;
    }
    QN_TRY(put_qubits(out, "controls", op->controls, extra));
    bool ones = true;
    for (uint32_t k = 0; k < extra; k++) {
        ones = ones && (op->control_state >> k & 1) != 0;
    }
    if (ones) {
        return QN_OK;
    }
    QN_TRY(put(out, ", \"fires_on\": ["));
    for (uint32_t k = 0; k < extra; k++) {
        QN_TRY(qn__buffer_print(out, k > 0 ? ", %u" : "%u", (unsigned)(op->control_state >> k & 1)));
    }
    return put(out, "]");
}

static qn_status put_gate(qn__buffer *out, const qn_operation *op)
{
    const qn_gate_info *info = qn_gate_describe(op->gate);
    const uint32_t extra = op->ncontrols - info->controls;
    QN_TRY(qn__buffer_print(out, "\"gate\": \"%s\"", info->name));
    QN_TRY(put_controls(out, op, extra));
    QN_TRY(put(out, ", \"qubits\": ["));
    for (uint32_t i = extra; i < op->ncontrols + op->ntargets; i++) {
        const uint32_t qubit = i < op->ncontrols ? op->controls[i] : op->targets[i - op->ncontrols];
        QN_TRY(qn__buffer_print(out, i > extra ? ", %" PRIu32 : "%" PRIu32, qubit));
    }
    QN_TRY(put(out, "]"));
    if (op->pauli != NULL) {
        QN_TRY(put(out, ", \"pauli\": \""));
        QN_TRY(qn__buffer_add(out, op->pauli, op->ntargets));
        QN_TRY(put(out, "\""));
    }
    if (op->nparams > 0) {
        QN_TRY(put(out, ", \"params\": ["));
        for (uint32_t i = 0; i < op->nparams; i++) {
            QN_TRY(i > 0 ? put(out, ", ") : QN_OK);
            QN_TRY(put_param(out, &op->params[i]));
        }
        QN_TRY(put(out, "]"));
    }
    if (op->matrix != NULL) {
        QN_TRY(put(out, ", \"matrix\": ["));
        for (size_t i = 0; i < (size_t)1 << 2 * op->ntargets; i++) {
            QN_TRY(put(out, i > 0 ? ", [" : "["));
            QN_TRY(put_number(out, op->matrix[i].re));
            QN_TRY(put(out, ", "));
            QN_TRY(put_number(out, op->matrix[i].im));
            QN_TRY(put(out, "]"));
        }
        QN_TRY(put(out, "]"));
    }
    return QN_OK;
}

static qn_status put_other(qn__buffer *out, const qn_operation *op)
{
    QN_TRY(qn__buffer_print(out, "\"op\": \"%s\"", qn__json_kinds[op->kind]));
    switch (op->kind) {
    case QN_OP_DELAY:
        QN_TRY(put(out, ", \"duration\": "));
        QN_TRY(put_number(out, op->params[0].constant));
        return put_qubits(out, "qubits", op->targets, op->ntargets);
    case QN_OP_BARRIER:
        return put_qubits(out, "qubits", op->targets, op->ntargets);
    case QN_OP_MEASURE:
        QN_TRY(qn__buffer_print(out, ", \"qubit\": %" PRIu32, op->targets[0]));
        return op->bit != QN_NO_BIT ? qn__buffer_print(out, ", \"bit\": %" PRIu32, op->bit) : QN_OK;
    case QN_OP_RESET:
        return qn__buffer_print(out, ", \"qubit\": %" PRIu32, op->targets[0]);
    case QN_OP_ASSIGN:
        return qn__buffer_print(out, ", \"%s\": %" PRIu32 ", \"expression\": %" PRIu32,
                                op->bit != QN_NO_BIT ? "bit" : "variable",
                                op->bit != QN_NO_BIT ? op->bit : op->variable, op->expression - 1);
    case QN_OP_IF:
    case QN_OP_WHILE:
        return qn__buffer_print(out, ", \"expression\": %" PRIu32, op->expression - 1);
    default:
        return QN_OK;
    }
}

static qn_status put_operations(qn__buffer *out, const qn_circuit *circuit)
{
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        QN_TRY(put(out, i > 0 ? ",\n    {" : "\n    {"));
        QN_TRY(op.kind == QN_OP_GATE ? put_gate(out, &op) : put_other(out, &op));
        if (op.line > 0) {
            QN_TRY(qn__buffer_print(out, ", \"line\": %" PRIu32, op.line));
        }
        QN_TRY(put(out, "}"));
    }
    return QN_OK;
}

static qn_status put_token(qn__buffer *out, const qn_token *token)
{
    const unsigned type = (unsigned)token->type < QN__JSON_TYPES ? (unsigned)token->type : 0;
    QN_TRY(qn__buffer_print(out, "[\"%s\", \"%s\", %" PRIu32, qn__json_tokens[token->kind], qn__json_types[type],
                            token->width));
    switch (qn__json_operand_of(token->kind)) {
    case QN__OPERAND_INDEX:
        QN_TRY(qn__buffer_print(out, ", %" PRIu32, token->index));
        break;
    case QN__OPERAND_INTEGER:
        QN_TRY(qn__buffer_print(out, ", %" PRId64, token->integer));
        break;
    case QN__OPERAND_NUMBER:
        QN_TRY(put(out, ", "));
        QN_TRY(put_number(out, token->number));
        break;
    case QN__OPERAND_BOOL:
        QN_TRY(put(out, token->integer != 0 ? ", true" : ", false"));
        break;
    case QN__OPERAND_NONE:
        break;
    }
    return put(out, "]");
}

static qn_status put_declarations(qn__buffer *out, const qn_circuit *circuit)
{
    QN_TRY(put(out, "  \"symbols\": ["));
    for (uint32_t i = 0; i < qn_circuit_symbols(circuit); i++) {
        QN_TRY(i > 0 ? put(out, ", ") : QN_OK);
        QN_TRY(put_string(out, qn_circuit_symbol_name(circuit, i)));
    }
    QN_TRY(put(out, "],\n  \"variables\": ["));
    for (size_t i = 0; i < qn_circuit_variables(circuit); i++) {
        qn_variable v;
        qn_circuit_variable(circuit, i, &v);
        QN_TRY(put(out, i > 0 ? ",\n    {\"name\": " : "\n    {\"name\": "));
        QN_TRY(put_string(out, v.name));
        QN_TRY(qn__buffer_print(out, ", \"type\": \"%s\", \"width\": %" PRIu32, qn__json_types[v.type], v.width));
        if (v.type == QN_TYPE_QUBITS) {
            QN_TRY(qn__buffer_print(out, ", \"first\": %" PRIu32, v.first));
        }
        QN_TRY((v.flags & QN_VARIABLE_HIDDEN) != 0 ? put(out, ", \"hidden\": true") : QN_OK);
        QN_TRY((v.flags & QN_VARIABLE_OUTPUT) != 0 ? put(out, ", \"output\": true") : QN_OK);
        QN_TRY(put(out, "}"));
    }
    QN_TRY(put(out, "],\n  \"expressions\": ["));
    for (uint32_t i = 0; i < qn_circuit_expressions(circuit); i++) {
        size_t count = 0;
        const qn_token *tokens = qn_circuit_expression(circuit, i + 1, &count);
        QN_TRY(put(out, i > 0 ? ",\n    [" : "\n    ["));
        for (size_t t = 0; t < count; t++) {
            QN_TRY(t > 0 ? put(out, ", ") : QN_OK);
            QN_TRY(put_token(out, &tokens[t]));
        }
        QN_TRY(put(out, "]"));
    }
    return put(out, "],\n");
}

static qn_status put_circuit(qn__buffer *out, const qn_circuit *circuit)
{
    QN_TRY(qn__buffer_print(out, "{\n  \"schema\": \"%s\",\n  \"qubits\": %" PRIu32 ",\n", QN__CIRCUIT_SCHEMA,
                            qn_circuit_qubits(circuit)));
    QN_TRY(put_declarations(out, circuit));
    QN_TRY(put(out, "  \"operations\": ["));
    QN_TRY(put_operations(out, circuit));
    return put(out, "]\n}\n");
}

qn_status qn_write_circuit_json(const qn_circuit *circuit, char **text, size_t *length)
{
    QN_CHECK(circuit != NULL && text != NULL && length != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    QN_CHECK(qn__circuit_open_blocks(circuit) == 0, ERR_ARGUMENT, "the circuit ends inside %zu open blocks",
             qn__circuit_open_blocks(circuit));
    qn__buffer out = {0};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(put_circuit(&out, circuit));
    QN_TRY_CLEANUP(qn__buffer_take(&out, text, length));
cleanup:
    qn__free(out.data);
    return status;
}
