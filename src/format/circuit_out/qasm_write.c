/* qasm_write.c: a circuit as OpenQASM 2 or 3: declarations, statements, control flow. */
#include <quern/qasm.h>

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/store.h"
#include "format/circuit_out/qasm_writer.h"

/* "input float theta;" */
static qn_status put_inputs(qn__qasm_writer *w, qn__buffer *out)
{
    for (uint32_t i = 0; i < qn_circuit_symbols(w->circuit); i++) {
        QN_TRY(qn__qasm_put(out, "input float "));
        QN_TRY(qn__qasm_put_name(w, out, w->symbols[i]));
        QN_TRY(qn__qasm_put(out, ";\n"));
    }
    return QN_OK;
}

static qn_status put_registers(qn__qasm_writer *w, qn__buffer *out)
{
    for (size_t i = 0; i < w->nqregs; i++) {
        const qn__qasm_register *reg = &w->qregs[i];
        if (w->version == 2) {
            QN_TRY(qn__qasm_put(out, "qreg "));
            QN_TRY(qn__qasm_put_name(w, out, reg->name));
            QN_TRY(qn__buffer_print(out, "[%" PRIu32 "];\n", reg->width));
        } else {
            QN_TRY(qn__buffer_print(out, "qubit[%" PRIu32 "] ", reg->width));
            QN_TRY(qn__qasm_put_name(w, out, reg->name));
            QN_TRY(qn__qasm_put(out, ";\n"));
        }
    }
    return QN_OK;
}

/* Bits of OpenQASM 3 that are not outputs are not part of the result; only where some are hidden must that be said. */
static bool marks_outputs(const qn_circuit *circuit)
{
    bool hidden = false, output = false;
    for (size_t i = 0; i < qn_circuit_variables(circuit); i++) {
        qn_variable v;
        qn_circuit_variable(circuit, i, &v);
        hidden = hidden || (v.flags & QN_VARIABLE_HIDDEN) != 0;
        output = output || (v.flags & QN_VARIABLE_OUTPUT) != 0;
    }
    return hidden || output;
}

static qn_status put_variable(qn__qasm_writer *w, qn__buffer *out, const qn_variable *v, uint32_t name, bool output)
{
    if (w->version == 2) {
        if (v->type == QN_TYPE_BITS) {
            QN_TRY(qn__qasm_put(out, "creg "));
            QN_TRY(qn__qasm_put_name(w, out, name));
            QN_TRY(qn__buffer_print(out, "[%" PRIu32 "];\n", v->width));
        }
        return QN_OK;
    }
    QN_TRY(output ? qn__qasm_put(out, "output ") : QN_OK);
    const char *start = "";
    switch (v->type) {
    case QN_TYPE_BOOL:
        QN_TRY(qn__qasm_put(out, "bool "));
        start = "false";
        break;
    case QN_TYPE_FLOAT:
        QN_TRY(qn__buffer_print(out, "float[%" PRIu32 "] ", v->width));
        start = "0.0";
        break;
    case QN_TYPE_BITS:
        QN_TRY(qn__buffer_print(out, "bit[%" PRIu32 "] ", v->width));
        break;
    default:
        QN_TRY(qn__buffer_print(out, "%s[%" PRIu32 "] ",
                                v->type == QN_TYPE_INT    ? "int"
                                : v->type == QN_TYPE_UINT ? "uint"
                                                          : "angle",
                                v->width));
        start = v->type == QN_TYPE_ANGLE ? "0.0" : "0";
        break;
    }
    QN_TRY(qn__qasm_put_name(w, out, name));
    if (start[0] != '\0' && !output) { /* everything starts as 0 here; the language does not say so */
        QN_TRY(qn__qasm_put(out, " = "));
        QN_TRY(qn__qasm_put(out, start));
    }
    return qn__qasm_put(out, ";\n");
}

static qn_status put_header(qn__qasm_writer *w, qn__buffer *out)
{
    QN_TRY(qn__qasm_put(out, w->version == 2 ? "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n"
                                             : "OPENQASM 3.0;\ninclude \"stdgates.inc\";\n"));
    QN_TRY(w->version == 3 ? put_inputs(w, out) : QN_OK);
    QN_TRY(w->definitions.length > 0 ? qn__buffer_add(out, w->definitions.data, w->definitions.length) : QN_OK);
    QN_TRY(put_registers(w, out));
    const bool marks = marks_outputs(w->circuit);
    for (size_t i = 0; i < qn_circuit_variables(w->circuit); i++) {
        qn_variable v;
        qn_circuit_variable(w->circuit, i, &v);
        const bool output = (v.flags & QN_VARIABLE_OUTPUT) != 0 ||
                            (marks && v.type == QN_TYPE_BITS && (v.flags & QN_VARIABLE_HIDDEN) == 0);
        if (v.type != QN_TYPE_QUBITS) {
            QN_TRY(put_variable(w, out, &v, w->variables[i], output));
        }
    }
    return QN_OK;
}

static qn_status put_measure(qn__qasm_writer *w, const qn_operation *op)
{
    const bool kept = op->bit != QN_NO_BIT;
    QN_CHECK(kept || w->version == 3, ERR_UNSUPPORTED,
             "operation %zu measures without keeping the result, which OpenQASM 2 cannot say", w->index);
    QN_TRY(qn__qasm_begin(w));
    if (kept && w->version == 3) {
        QN_TRY(qn__qasm_put_bit(w, &w->body, op->bit));
        QN_TRY(qn__qasm_put(&w->body, " = "));
    }
    QN_TRY(qn__qasm_put(&w->body, "measure "));
    QN_TRY(qn__qasm_put_qubit(w, op->targets[0]));
    if (kept && w->version == 2) {
        QN_TRY(qn__qasm_put(&w->body, " -> "));
        QN_TRY(qn__qasm_put_bit(w, &w->body, op->bit));
    }
    return qn__qasm_end(w);
}

static qn_status put_barrier(qn__qasm_writer *w, const qn_operation *op)
{
    char condition[sizeof w->condition];
    memcpy(condition, w->condition, sizeof condition);
    w->condition[0] = '\0'; /* a barrier does nothing, under no condition too */
    QN_TRY(qn__qasm_begin(w));
    memcpy(w->condition, condition, sizeof condition);
    QN_TRY(qn__qasm_put(&w->body, "barrier"));
    if (op->ntargets > 0) {
        QN_TRY(qn__qasm_put(&w->body, " "));
        QN_TRY(qn__qasm_put_qubits(w, op->targets, op->ntargets));
    } else if (w->version == 2) {
        for (size_t i = 0; i < w->nqregs; i++) {
            QN_TRY(qn__qasm_put(&w->body, i > 0 ? ", " : " "));
            QN_TRY(qn__qasm_put_name(w, &w->body, w->qregs[i].name));
        }
    }
    return qn__qasm_end(w);
}

static qn_status put_delay(qn__qasm_writer *w, const qn_operation *op)
{
    const double duration = op->params[0].constant;
    QN_CHECK(w->version == 3, ERR_UNSUPPORTED, "operation %zu is a delay, which OpenQASM 2 has not", w->index);
    QN_TRY(qn__qasm_begin(w));
    QN_TRY(qn__qasm_put(&w->body, "delay["));
    QN_TRY(qn__qasm_put_number(&w->body, fabs(duration)));
    QN_TRY(qn__qasm_put(&w->body, duration < 0 ? "dt]" : "s]"));
    if (op->ntargets > 0) {
        QN_TRY(qn__qasm_put(&w->body, " "));
        QN_TRY(qn__qasm_put_qubits(w, op->targets, op->ntargets));
    }
    return qn__qasm_end(w);
}

static qn_status put_assign(qn__qasm_writer *w, const qn_operation *op)
{
    QN_TRY(qn__qasm_begin(w));
    if (op->bit != QN_NO_BIT) {
        QN_TRY(qn__qasm_put_bit(w, &w->body, op->bit));
        QN_TRY(qn__qasm_put(&w->body, " = "));
        QN_TRY(qn__qasm_put_expression(w, &w->body, op->expression, QN_TYPE_BOOL, 1));
        return qn__qasm_end(w);
    }
    qn_variable v;
    qn_circuit_variable(w->circuit, op->variable, &v);
    QN_TRY(qn__qasm_put_name(w, &w->body, w->variables[op->variable]));
    QN_TRY(qn__qasm_put(&w->body, " = "));
    QN_TRY(qn__qasm_put_expression(w, &w->body, op->expression, v.type, v.width));
    return qn__qasm_end(w);
}

static qn_status put_flow3(qn__qasm_writer *w, const qn_operation *op)
{
    w->depth -= op->kind == QN_OP_END || op->kind == QN_OP_ELSE;
    QN_TRY(qn__qasm_begin(w));
    switch (op->kind) {
    case QN_OP_IF:
    case QN_OP_WHILE:
        QN_TRY(qn__qasm_put(&w->body, op->kind == QN_OP_IF ? "if (" : "while ("));
        QN_TRY(qn__qasm_put_condition(w, op->expression));
        QN_TRY(qn__qasm_put(&w->body, ") {\n"));
        w->depth++;
        return QN_OK;
    case QN_OP_ELSE:
        w->depth++;
        return qn__qasm_put(&w->body, "} else {\n");
    case QN_OP_END:
        return qn__qasm_put(&w->body, "}\n");
    default:
        QN_TRY(qn__qasm_put(&w->body, op->kind == QN_OP_BREAK      ? "break"
                                      : op->kind == QN_OP_CONTINUE ? "continue"
                                                                   : "end"));
        return qn__qasm_end(w);
    }
}

/* Whether the operation writes into the register. */
static bool writes(const qn_operation *op, const qn__qasm_register *reg)
{
    return op->kind == QN_OP_MEASURE && op->bit != QN_NO_BIT && op->bit >= reg->first &&
           op->bit - reg->first < reg->width;
}

/* "if (c == 5) " in front of each operation of the block, which only the last one may change the value of. */
static qn_status put_if2(qn__qasm_writer *w, const qn_operation *op)
{
    const qn__qasm_register *reg = NULL;
    uint64_t value = 0;
    QN_CHECK(w->condition[0] == '\0', ERR_UNSUPPORTED, "operation %zu is an if inside an if, which OpenQASM 2 has not",
             w->index);
    QN_CHECK(qn__qasm_whole_register(w, op->expression, &reg, &value), ERR_UNSUPPORTED,
             "operation %zu is an if whose condition is not that a whole register equals a number, the only one "
             "OpenQASM 2 has",
             w->index);
    for (size_t i = w->index + 1;; i++) {
        qn_operation inner, next;
        qn_circuit_operation(w->circuit, i, &inner);
        if (inner.kind == QN_OP_END) {
            break;
        }
        qn_circuit_operation(w->circuit, i + 1, &next);
        QN_CHECK(!writes(&inner, reg) || next.kind == QN_OP_END, ERR_UNSUPPORTED,
                 "operation %zu changes the register of the if around it, and more follows: OpenQASM 2 would test it "
                 "again",
                 i);
    }
    qn__buffer text = {0};
    qn_status status = qn__qasm_put(&text, "if (");
    status = status != QN_OK ? status : qn__qasm_put_name(w, &text, reg->name);
    status = status != QN_OK ? status : qn__buffer_print(&text, " == %" PRIu64 ") ", value);
    status = status != QN_OK ? status : qn__buffer_add(&text, "", 1);
    if (status == QN_OK && text.length > sizeof w->condition) {
        status = QN_FAIL(ERR_TOO_LARGE, "the name of a register is over %zu letters", sizeof w->condition - 40);
    }
    if (status == QN_OK) {
        memcpy(w->condition, text.data, text.length);
    }
    qn__free(text.data);
    return status;
}

static qn_status put_flow2(qn__qasm_writer *w, const qn_operation *op)
{
    if (op->kind == QN_OP_IF) {
        return put_if2(w, op);
    }
    if (op->kind == QN_OP_END) {
        w->condition[0] = '\0';
        return QN_OK;
    }
    return QN_FAIL(ERR_UNSUPPORTED, "operation %zu is \"%s\", which OpenQASM 2 has not", w->index,
                   qn__op_kind_name(op->kind));
}

static qn_status put_operation(qn__qasm_writer *w, const qn_operation *op)
{
    if (op->kind != QN_OP_GATE && w->version == 3 && w->phase != 0 && op->kind >= QN_OP_IF) {
        QN_TRY(qn__qasm_flush_phase(w));
    }
    switch (op->kind) {
    case QN_OP_GATE:
        return w->version == 2 ? qn__qasm2_put_gate(w, op) : qn__qasm3_put_gate(w, op);
    case QN_OP_BARRIER:
        return put_barrier(w, op);
    case QN_OP_DELAY:
        return put_delay(w, op);
    case QN_OP_MEASURE:
        return put_measure(w, op);
    case QN_OP_RESET:
        QN_TRY(qn__qasm_begin(w));
        QN_TRY(qn__qasm_put(&w->body, "reset "));
        QN_TRY(qn__qasm_put_qubit(w, op->targets[0]));
        return qn__qasm_end(w);
    case QN_OP_ASSIGN:
        QN_CHECK(w->version == 3, ERR_UNSUPPORTED, "operation %zu is an assignment, which OpenQASM 2 has not",
                 w->index);
        return put_assign(w, op);
    default:
        return w->version == 2 ? put_flow2(w, op) : put_flow3(w, op);
    }
}

static qn_status put_program(qn__qasm_writer *w, qn__buffer *out)
{
    QN_TRY(qn__qasm_names_open(w));
    for (w->index = 0; w->index < qn_circuit_operations(w->circuit); w->index++) {
        qn_operation op;
        qn_circuit_operation(w->circuit, w->index, &op);
        QN_TRY(put_operation(w, &op));
    }
    if (w->version == 3) {
        QN_TRY(qn__qasm_flush_phase(w));
    }
    QN_TRY(put_header(w, out)); /* last: definitions are known only now */
    return w->body.length > 0 ? qn__buffer_add(out, w->body.data, w->body.length) : QN_OK;
}

qn_status qn_write_qasm(const qn_circuit *circuit, uint32_t version, char **text, size_t *length)
{
    QN_CHECK(circuit != NULL && text != NULL && length != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    QN_CHECK(version == 2 || version == 3, ERR_RANGE, "OpenQASM %" PRIu32 " is not written; expected 2 or 3", version);
    QN_CHECK(qn__circuit_open_blocks(circuit) == 0, ERR_ARGUMENT, "the circuit ends inside %zu open blocks",
             qn__circuit_open_blocks(circuit));
    qn__qasm_writer w = {.circuit = circuit, .version = version};
    qn__buffer out = {0};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(put_program(&w, &out));
    QN_TRY_CLEANUP(qn__buffer_take(&out, text, length));
cleanup:
    qn__names_release(&w.names);
    qn__free(w.symbols);
    qn__free(w.variables);
    qn__free(w.qregs);
    qn__free(w.cregs);
    qn__free(w.definitions.data);
    qn__free(w.body.data);
    qn__free(out.data);
    return status;
}
