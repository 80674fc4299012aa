/* standard.c: the gates that the languages and their libraries bring along, as rows of the gate table. */
#include <string.h>

#include "format/qasm/reader.h"

enum { ORIGINAL = 1, EXTENDED = 2, STDGATES = 4 };

static const struct {
    const char *name;
    qn_gate gate;
    unsigned libraries;
    qn__qasm_gate_phase phase;
} standard[] = {
#define QN_STANDARD(name, gate, libraries, phase) {name, QN_GATE_##gate, libraries, QN__PHASE_##phase},
#include "format/qasm/standard.def"
};

bool qn__qasm_in_library(const char *name, bool version2)
{
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++) {
        if (strcmp(standard[i].name, name) == 0 &&
            (standard[i].libraries & (version2 ? ORIGINAL | EXTENDED : STDGATES)) != 0) {
            return true;
        }
    }
    return false;
}

/* What needs no include: U and CX in version 2, U and gphase in version 3. */
qn_status qn__qasm_builtin_gates(qn__qasm_reader *r)
{
    if (r->version2) {
        QN_TRY(qn__qasm_declare_builtin(r, "U", QN_GATE_U, QN__PHASE_SAME, false));
        return qn__qasm_declare_builtin(r, "CX", QN_GATE_CX, QN__PHASE_SAME, false);
    }
    QN_TRY(qn__qasm_declare_builtin(r, "U", QN_GATE_UPHASE, QN__PHASE_U, false));
    return qn__qasm_declare_builtin(r, "gphase", QN_GATE_GPHASE, QN__PHASE_SAME, false);
}

qn_status qn__qasm_library_gates(qn__qasm_reader *r, bool qelib1)
{
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++) {
        const unsigned wanted = standard[i].libraries & (qelib1 ? ORIGINAL | EXTENDED : STDGATES);
        if (wanted != 0) {
            QN_TRY(qn__qasm_declare_builtin(r, standard[i].name, standard[i].gate, standard[i].phase,
                                            qelib1 && (wanted & ORIGINAL) == 0));
        }
    }
    *(qelib1 ? &r->qelib1 : &r->stdgates) = true;
    return QN_OK;
}
