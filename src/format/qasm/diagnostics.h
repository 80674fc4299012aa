/* diagnostics.h: how a reader adds to a list of findings. */
#ifndef QN_QASM_DIAGNOSTICS_H
#define QN_QASM_DIAGNOSTICS_H

#include <quern/qasm.h>

#include "base/status.h"

/* A finding; texts are copied. `text` is the whole file, `offset` the byte in it. */
typedef struct qn__qasm_finding {
    qn_severity severity;
    bool unsupported;
    const char *file, *text;
    size_t text_length, offset, length;
    const char *message;
} qn__qasm_finding;
QN_MUST_USE qn_status qn__diagnostics_add(qn_diagnostics *list, const qn__qasm_finding *finding);

#endif
