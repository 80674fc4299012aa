/* qir.c: a circuit as QIR 2.0 for the Base Profile, LLVM text with opaque pointers: one block of gates, one of
 * measurements, one that records the results (https://github.com/qir-alliance/qir-spec). */
#include <quern/qasm.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "format/buffer.h"
#include "format/circuit_out/break_down.h"
#include "format/circuit_out/final_measure.h"
#include "format/cursor.h"

/* The instruction set that runners have in common. */
static const struct {
    qn_gate gate;
    const char *name; /* __quantum__qis__<name> */
} instructions[] = {{QN_GATE_H, "h__body"},   {QN_GATE_X, "x__body"},       {QN_GATE_Y, "y__body"},
                    {QN_GATE_Z, "z__body"},   {QN_GATE_S, "s__body"},       {QN_GATE_SDG, "s__adj"},
                    {QN_GATE_T, "t__body"},   {QN_GATE_TDG, "t__adj"},      {QN_GATE_RX, "rx__body"},
                    {QN_GATE_RY, "ry__body"}, {QN_GATE_RZ, "rz__body"},     {QN_GATE_CX, "cnot__body"},
                    {QN_GATE_CZ, "cz__body"}, {QN_GATE_SWAP, "swap__body"}, {QN_GATE_CCX, "ccx__body"}};

enum { INSTRUCTIONS = sizeof instructions / sizeof instructions[0] };

typedef struct writer {
    const qn_circuit *circuit;
    qn__buffer out;
    bool used[INSTRUCTIONS];
    uint32_t *results; /* [classical bit] = 1 + number of its result; 0: not measured */
    uint32_t nresults, nlabels;
} writer;

static qn_status put(writer *w, const char *text)
{
    return qn__buffer_add(&w->out, text, strlen(text));
}

static size_t find_instruction(qn_gate gate)
{
    size_t i = 0;
    while (i < INSTRUCTIONS && instructions[i].gate != gate) {
        i++;
    }
    return i;
}

static bool native(qn_gate gate)
{
    return find_instruction(gate) < INSTRUCTIONS;
}

/* Qubits and results are small numbers dressed as pointers. */
static qn_status put_pointer(writer *w, const char *attribute, uint32_t number)
{
    QN_TRY(put(w, "ptr "));
    QN_TRY(put(w, attribute));
    return number == 0 ? put(w, "null") : qn__buffer_print(&w->out, "inttoptr (i64 %" PRIu32 " to ptr)", number);
}

static qn_status emit(void *user, qn_gate gate, const uint32_t *qubits, const double *params)
{
    writer *const w = user;
    const qn_gate_info *info = qn_gate_describe(gate);
    const size_t which = find_instruction(gate);
    w->used[which] = true;
    QN_TRY(qn__buffer_print(&w->out, "  call void @__quantum__qis__%s(", instructions[which].name));
    for (uint32_t i = 0; i < info->params; i++) {
        uint64_t bits = 0; /* the one form that LLVM reads back exactly */
        memcpy(&bits, &params[i], sizeof bits);
        QN_TRY(qn__buffer_print(&w->out, "double 0x%016" PRIX64 ", ", bits));
    }
    for (uint32_t i = 0; i < info->qubits; i++) {
        QN_TRY(i > 0 ? put(w, ", ") : QN_OK);
        QN_TRY(put_pointer(w, "", qubits[i]));
    }
    return put(w, ")\n");
}

/* Text inside quotes: what does not print, quotes and backslashes as \XX. */
static qn_status put_escaped(writer *w, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\') {
            QN_TRY(qn__buffer_print(&w->out, "\\%02X", (unsigned)byte));
        } else {
            QN_TRY(qn__buffer_add(&w->out, text, 1));
        }
    }
    return QN_OK;
}

/* @name, in quotes when it needs them. */
static qn_status put_global(writer *w, const char *name)
{
    bool plain = !qn__is_digit(name[0]);
    for (const char *at = name; *at != '\0'; at++) {
        plain = plain && (qn__is_letter(*at) || qn__is_digit(*at) || strchr("-$._", *at) != NULL);
    }
    QN_TRY(put(w, plain ? "@" : "@\""));
    QN_TRY(put_escaped(w, name));
    return plain ? QN_OK : put(w, "\"");
}

/* One label: a constant of its bytes and a 0. `index` QN_NO_BIT: the register's own. */
static qn_status put_label(writer *w, const char *name, uint32_t index)
{
    char digits[16] = "";
    if (index != QN_NO_BIT) {
        (void)snprintf(digits, sizeof digits, "[%" PRIu32 "]", index);
    }
    QN_TRY(qn__buffer_print(&w->out, "@%" PRIu32 " = internal constant [%zu x i8] c\"", w->nlabels,
                            strlen(name) + strlen(digits) + 1));
    w->nlabels++;
    QN_TRY(put_escaped(w, name));
    QN_TRY(put(w, digits));
    return put(w, "\\00\"\n");
}

/* Measured bits of a register; hidden ones are not part of the output. */
static uint32_t measured(const writer *w, const qn_variable *v)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < v->width && v->type == QN_TYPE_BITS && (v->flags & QN_VARIABLE_HIDDEN) == 0; i++) {
        count += w->results[v->first + i] != 0;
    }
    return count;
}

/* Registers with something measured in them. */
static uint32_t count_outputs(const writer *w)
{
    uint32_t count = 0;
    for (size_t i = 0; i < qn_circuit_variables(w->circuit); i++) {
        qn_variable v;
        qn_circuit_variable(w->circuit, i, &v);
        count += measured(w, &v) > 0;
    }
    return count;
}

/* Either the labels, or the calls that use them in the same order. */
static qn_status put_outputs(writer *w, bool labels)
{
    const uint32_t outputs = count_outputs(w);
    w->nlabels = 0;
    if (outputs > 1) {
        QN_TRY(labels ? put_label(w, "registers", QN_NO_BIT)
                      : qn__buffer_print(&w->out,
                                         "  call void @__quantum__rt__tuple_record_output(i64 %" PRIu32
                                         ", ptr @%" PRIu32 ")\n",
                                         outputs, w->nlabels++));
    }
    for (size_t i = 0; i < qn_circuit_variables(w->circuit); i++) {
        qn_variable v;
        qn_circuit_variable(w->circuit, i, &v);
        const uint32_t count = measured(w, &v);
        if (count == 0) {
            continue;
        }
        QN_TRY(labels ? put_label(w, v.name, QN_NO_BIT)
                      : qn__buffer_print(&w->out,
                                         "  call void @__quantum__rt__array_record_output(i64 %" PRIu32
                                         ", ptr @%" PRIu32 ")\n",
                                         count, w->nlabels++));
        for (uint32_t b = 0; b < v.width; b++) {
            const uint32_t result = w->results[v.first + b];
            if (result == 0) {
                continue;
            }
            if (labels) {
                QN_TRY(put_label(w, v.name, b));
            } else {
                QN_TRY(put(w, "  call void @__quantum__rt__result_record_output("));
                QN_TRY(put_pointer(w, "", result - 1));
                QN_TRY(qn__buffer_print(&w->out, ", ptr @%" PRIu32 ")\n", w->nlabels++));
            }
        }
    }
    return QN_OK;
}

static qn_status put_gates(writer *w)
{
    const qn__break_down_target target = {qn_circuit_qubits(w->circuit), native, emit, NULL, w};
    for (size_t i = 0; i < qn_circuit_operations(w->circuit); i++) {
        qn_operation op;
        qn_circuit_operation(w->circuit, i, &op);
        if (op.kind == QN_OP_GATE) {
            QN_TRY(qn__break_down(&target, &op));
        }
    }
    return QN_OK;
}

static qn_status put_measurements(writer *w)
{
    for (size_t i = 0; i < qn_circuit_operations(w->circuit); i++) {
        qn_operation op;
        qn_circuit_operation(w->circuit, i, &op);
        if (op.kind == QN_OP_MEASURE && op.bit != QN_NO_BIT) {
            QN_TRY(put(w, "  call void @__quantum__qis__mz__body("));
            QN_TRY(put_pointer(w, "", op.targets[0]));
            QN_TRY(put(w, ", "));
            QN_TRY(put_pointer(w, "writeonly ", w->results[op.bit] - 1));
            QN_TRY(put(w, ")\n"));
        }
    }
    return QN_OK;
}

static qn_status put_declarations(writer *w)
{
    for (size_t i = 0; i < INSTRUCTIONS; i++) {
        const qn_gate_info *info = qn_gate_describe(instructions[i].gate);
        if (!w->used[i]) {
            continue;
        }
        QN_TRY(qn__buffer_print(&w->out, "declare void @__quantum__qis__%s(%s", instructions[i].name,
                                info->params > 0 ? "double, " : ""));
        for (uint32_t q = 0; q < info->qubits; q++) {
            QN_TRY(put(w, q > 0 ? ", ptr" : "ptr"));
        }
        QN_TRY(put(w, ")\n"));
    }
    return put(w, "declare void @__quantum__qis__mz__body(ptr, ptr writeonly) #1\n"
                  "declare void @__quantum__rt__initialize(ptr)\n"
                  "declare void @__quantum__rt__tuple_record_output(i64, ptr)\n"
                  "declare void @__quantum__rt__array_record_output(i64, ptr)\n"
                  "declare void @__quantum__rt__result_record_output(ptr, ptr)\n\n");
}

static qn_status put_module(writer *w, const char *entry_point)
{
    QN_TRY(put_outputs(w, true));
    QN_TRY(put(w, w->nlabels > 0 ? "\ndefine i64 " : "define i64 "));
    QN_TRY(put_global(w, entry_point));
    QN_TRY(put(w, "() #0 {\nentry:\n  call void @__quantum__rt__initialize(ptr null)\n  br label %body\n\nbody:\n"));
    QN_TRY(put_gates(w));
    QN_TRY(put(w, "  br label %measurements\n\nmeasurements:\n"));
    QN_TRY(put_measurements(w));
    QN_TRY(put(w, "  br label %output\n\noutput:\n"));
    QN_TRY(put_outputs(w, false));
    QN_TRY(put(w, "  ret i64 0\n}\n\n"));
    QN_TRY(put_declarations(w));
    QN_TRY(qn__buffer_print(&w->out,
                            "attributes #0 = { \"entry_point\" \"qir_profiles\"=\"base_profile\" "
                            "\"output_labeling_schema\"=\"labeled\" \"required_num_qubits\"=\"%" PRIu32 "\" "
                            "\"required_num_results\"=\"%" PRIu32 "\" }\n",
                            qn_circuit_qubits(w->circuit), w->nresults));
    return put(w, "attributes #1 = { \"irreversible\" }\n\n"
                  "!llvm.module.flags = !{!0, !1, !2, !3}\n"
                  "!0 = !{i32 1, !\"qir_major_version\", i32 2}\n"
                  "!1 = !{i32 7, !\"qir_minor_version\", i32 0}\n"
                  "!2 = !{i32 1, !\"dynamic_qubit_management\", i1 false}\n"
                  "!3 = !{i32 1, !\"dynamic_result_management\", i1 false}\n");
}

qn_status qn_write_qir(const qn_circuit *circuit, const char *entry_point, char **text, size_t *length)
{
    QN_CHECK(circuit != NULL && text != NULL && length != NULL, ERR_ARGUMENT, "circuit or result pointer is NULL");
    const char *const name = entry_point != NULL ? entry_point : "main";
    QN_CHECK(name[0] != '\0', ERR_ARGUMENT, "the entry point needs a name");
    QN_TRY(qn__final_measure_check(circuit, "QIR's Base Profile"));
    writer w = {.circuit = circuit};
    qn_status status = QN_OK;
    w.results = qn__calloc(qn_circuit_bits(circuit), sizeof *w.results);
    QN_ALLOC_CHECK(w.results);
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_MEASURE && op.bit != QN_NO_BIT) {
            w.results[op.bit] = ++w.nresults;
        }
    }
    QN_TRY_CLEANUP(put_module(&w, name));
    QN_TRY_CLEANUP(qn__buffer_take(&w.out, text, length));
cleanup:
    qn__free(w.results);
    qn__free(w.out.data);
    return status;
}
