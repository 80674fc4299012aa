/* circuit_cost.c: costs of circuits, counted and shown. */
#include "circuit_cost.h"

#include <stdio.h>
#include <stdlib.h>

const char *cli_basis_choice(size_t index)
{
    return index < qn_basis_count() ? qn_basis_describe(index)->name : NULL;
}

qn_status cli_cost_of(const qn_circuit *circuit, double synthesis_error, cli_cost *out)
{
    *out = (cli_cost){.qubits = qn_circuit_qubits(circuit)};
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        out->measurements += op.kind == QN_OP_MEASURE;
        out->resets += op.kind == QN_OP_RESET;
        if (op.kind == QN_OP_GATE) {
            out->by_gate[op.gate]++;
            out->controlled += op.ncontrols > qn_gate_describe(op.gate)->controls;
        }
    }
    return qn_circuit_count(circuit, NULL, synthesis_error, &out->counted);
}

static const struct {
    const char *key, *label;
    size_t offset; /* of a uint64_t in qn_circuit_cost */
} rows[] = {
    {"gates", "gates", offsetof(qn_circuit_cost, gates)},
    {"one_qubit", "one-qubit gates", offsetof(qn_circuit_cost, one_qubit)},
    {"two_qubit", "two-qubit gates", offsetof(qn_circuit_cost, two_qubit)},
    {"multi_qubit", "larger gates", offsetof(qn_circuit_cost, multi_qubit)},
    {"depth", "depth", offsetof(qn_circuit_cost, depth)},
    {"two_qubit_depth", "two-qubit depth", offsetof(qn_circuit_cost, two_qubit_depth)},
    {"cx", "cx, decomposed", offsetof(qn_circuit_cost, cx)},
    {"cx_depth", "cx depth", offsetof(qn_circuit_cost, cx_depth)},
    {"rotations", "rotations", offsetof(qn_circuit_cost, rotations)},
    {"rotation_depth", "rotation depth", offsetof(qn_circuit_cost, rotation_depth)},
    {"toffoli", "Toffoli gates", offsetof(qn_circuit_cost, toffoli)},
    {"ancillas", "ancillas of these", offsetof(qn_circuit_cost, ancillas)},
    {"t_direct", "T gates as written", offsetof(qn_circuit_cost, t_direct)},
    {"t_count", "T count", offsetof(qn_circuit_cost, t_count)},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static unsigned long long value_at(const cli_cost *cost, size_t row)
{
    const char *bytes = (const char *)&cost->counted;
    return *(const uint64_t *)(const void *)(bytes + rows[row].offset);
}

static void line(qn_text *text, const char *label, unsigned long long before, const unsigned long long *after)
{
    qn_text_printf(text, "%-20s %12llu", label, before);
    if (after != NULL) {
        qn_text_printf(text, " %12llu", *after);
    }
    qn_text_printf(text, "\n");
}

void cli_cost_text(qn_text *text, const cli_cost *before, const cli_cost *after, double synthesis_error)
{
    if (after != NULL) {
        qn_text_printf(text, "%-20s %12s %12s\n", "", "before", "after");
    }
    unsigned long long other = after != NULL ? after->qubits : 0;
    line(text, "qubits", before->qubits, after != NULL ? &other : NULL);
    for (size_t i = 0; i < ROWS; i++) {
        other = after != NULL ? value_at(after, i) : 0;
        line(text, rows[i].label, value_at(before, i), after != NULL ? &other : NULL);
    }
    other = after != NULL ? after->measurements : 0;
    line(text, "measurements", before->measurements, after != NULL ? &other : NULL);
    if (before->counted.rotations > 0 || (after != NULL && after->counted.rotations > 0)) {
        qn_text_printf(text, "The T count takes %.1f T a rotation, synthesised within %.1e.\n",
                       before->counted.t_per_rotation, synthesis_error);
    }
}

void cli_cost_json(qn_json *json, const char *key, const cli_cost *cost)
{
    qn_json_begin_object(json, key);
    qn_json_unsigned(json, "qubits", cost->qubits);
    for (size_t i = 0; i < ROWS; i++) {
        qn_json_unsigned(json, rows[i].key, value_at(cost, i));
    }
    qn_json_number(json, "t_per_rotation", cost->counted.t_per_rotation);
    qn_json_unsigned(json, "measurements", cost->measurements);
    qn_json_unsigned(json, "resets", cost->resets);
    qn_json_unsigned(json, "under_extra_controls", cost->controlled);
    qn_json_begin_object(json, "by_gate");
    for (int g = 0; g < (int)QN_GATE_COUNT_; g++) {
        if (cost->by_gate[g] > 0) {
            qn_json_unsigned(json, qn_gate_describe((qn_gate)g)->name, cost->by_gate[g]);
        }
    }
    qn_json_end_object(json);
    qn_json_end_object(json);
}

void cli_cost_gates(qn_text *text, const cli_cost *cost)
{
    bool shown[QN_GATE_COUNT_] = {false};
    const char *between = "";
    for (;;) {
        int best = -1;
        for (int g = 0; g < (int)QN_GATE_COUNT_; g++) {
            if (!shown[g] && cost->by_gate[g] > (best < 0 ? 0 : cost->by_gate[best])) {
                best = g;
            }
        }
        if (best < 0) {
            return;
        }
        shown[best] = true;
        qn_text_printf(text, "%s%s %llu", between, qn_gate_describe((qn_gate)best)->name,
                       (unsigned long long)cost->by_gate[best]);
        between = ", ";
    }
}
