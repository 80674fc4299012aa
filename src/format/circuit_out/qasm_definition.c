/* qasm_definition.c: gates that the language has no name for, defined in the file from the texts of the gate table. */
#include "format/circuit_out/qasm_writer.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static const char qubit_letters[] = "abcde";

/* Gates of the OpenQASM 2 paper (arXiv:1707.03429) by name. */
static const struct {
    const char *name;
    unsigned libraries;
} standard[] = {
#define QN_STANDARD(name, gate, libraries, phase) {name, libraries},
#include "format/qasm/standard.def"
};

const char *qn__qasm_library_name(const qn__qasm_writer *w, qn_gate gate)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    if (w->version == 3 || info->qasm2 == NULL) {
        return w->version == 3 ? info->qasm3 : NULL;
    }
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++) {
        if ((standard[i].libraries & 1) != 0 && strcmp(standard[i].name, info->qasm2) == 0) {
            return info->qasm2;
        }
    }
    return NULL;
}

/* constant + sum of slopes times p0, p1, ... */
static qn_status put_affine(qn__buffer *out, const qn__affine *value)
{
    bool any = false;
    for (unsigned k = 0; k < QN__GATE_PARAMS; k++) {
        const double slope = value->slope[k], size = fabs(slope);
        if (slope == 0) {
            continue;
        }
        QN_TRY(qn__qasm_put(out, slope < 0 ? (any ? " - " : "-") : (any ? " + " : "")));
        if (size != 1 && size != 0.5) {
            QN_TRY(qn__qasm_put_number(out, size));
            QN_TRY(qn__qasm_put(out, "*"));
        }
        QN_TRY(qn__buffer_print(out, size == 0.5 ? "p%u/2" : "p%u", k));
        any = true;
    }
    if (!any) {
        return qn__qasm_put_angle(out, value->constant);
    }
    if (value->constant != 0) {
        QN_TRY(qn__qasm_put(out, value->constant < 0 ? " - " : " + "));
        QN_TRY(qn__qasm_put_angle(out, fabs(value->constant)));
    }
    return QN_OK;
}

/* What a step of a text is called; defines it first where the language has no name. NULL: it does nothing here. */
static qn_status step_name(qn__qasm_writer *w, qn_gate gate, const char **name)
{
    *name = qn__qasm_library_name(w, gate);
    if (w->version == 2 && gate == QN_GATE_GPHASE) {
        return QN_OK; /* definitions of OpenQASM 2 are never controlled: a phase of theirs is a global one */
    }
    if (w->version == 3 && gate == QN_GATE_SXDG) {
        *name = "inv @ sx";
    }
    if (*name == NULL) {
        uint32_t defined = 0;
        QN_TRY(qn__qasm_define(w, gate, &defined));
        *name = w->names.names[defined];
    }
    return QN_OK;
}

static qn_status put_step(qn__qasm_writer *w, qn__buffer *out, const qn__gate_step *step)
{
    const char *name = NULL;
    QN_TRY(step_name(w, step->gate, &name));
    if (name == NULL) {
        return QN_OK;
    }
    QN_TRY(qn__qasm_put(out, " "));
    QN_TRY(qn__qasm_put(out, name));
    for (uint32_t i = 0; i < step->nparams; i++) {
        QN_TRY(qn__qasm_put(out, i > 0 ? ", " : "("));
        QN_TRY(put_affine(out, &step->params[i]));
    }
    QN_TRY(step->nparams > 0 ? qn__qasm_put(out, ")") : QN_OK);
    for (uint32_t i = 0; i < step->nqubits; i++) {
        QN_TRY(qn__buffer_print(out, i > 0 ? ", %c" : " %c", qubit_letters[step->qubits[i]]));
    }
    return qn__qasm_put(out, ";");
}

/* exp(i p3) u(p0, p1, p2), without the U of OpenQASM 3, whose phase tools do not agree about. */
static const char uphase_text[] = "gphase(p3+p1/2+p2/2); rz(p2) 0; ry(p0) 0; rz(p1) 0";

static qn_status put_definition(qn__qasm_writer *w, qn__buffer *out, qn_gate gate, uint32_t *made)
{
    const qn__gate_row *row = qn__gate_row_of(gate);
    const char *text = gate == QN_GATE_UPHASE ? uphase_text : row->decomposition;
    QN_CHECK(text != NULL, ERR_INTERNAL, "gate %s has no decomposition", row->info.name);
    uint32_t name = 0;
    /* A gate of the wider qelib1.inc keeps its name: readers that have it let files define it all the same. */
    if (w->version == 3 || row->info.qasm2 == NULL || !qn__names_find(&w->names, row->info.qasm2, &name)) {
        QN_TRY(qn__qasm_name_make(w, row->info.name, &name));
    }
    QN_TRY(qn__qasm_put(out, "gate "));
    QN_TRY(qn__qasm_put_name(w, out, name));
    for (uint32_t i = 0; i < row->info.params; i++) {
        QN_TRY(qn__buffer_print(out, i > 0 ? ", p%u" : "(p%u", (unsigned)i));
    }
    QN_TRY(row->info.params > 0 ? qn__qasm_put(out, ")") : QN_OK);
    for (uint32_t i = 0; i < row->info.qubits; i++) {
        QN_TRY(qn__buffer_print(out, i > 0 ? ", %c" : " %c", qubit_letters[i]));
    }
    QN_TRY(qn__qasm_put(out, " {"));
    qn__gate_step step;
    bool found = true;
    QN_TRY(qn__gate_text_next(&text, &step, &found));
    while (found) {
        QN_TRY(put_step(w, out, &step));
        QN_TRY(qn__gate_text_next(&text, &step, &found));
    }
    QN_TRY(qn__qasm_put(out, " }\n"));
    *made = name;
    return QN_OK;
}

qn_status qn__qasm_define(qn__qasm_writer *w, qn_gate gate, uint32_t *name)
{
    if (w->gates[gate] == 0) {
        /* On the side, since its own steps may be defined while it is written, and come before it. */
        qn__buffer text = {0};
        uint32_t made = 0;
        qn_status status = put_definition(w, &text, gate, &made);
        status = status != QN_OK ? status : qn__buffer_add(&w->definitions, text.data, text.length);
        qn__free(text.data);
        QN_TRY(status);
        w->gates[gate] = made + 1;
    }
    *name = w->gates[gate] - 1;
    return QN_OK;
}
