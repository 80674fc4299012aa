/* read_circuit.c: a circuit from text in any of the forms that are read: JSON begins with '{', all else is OpenQASM. */
#include <quern/qasm.h>

#include <string.h>

#include "base/status.h"

qn_status qn_read_circuit(const char *text, size_t length, const char *name, const qn_qasm_options *options,
                          qn_diagnostics *diagnostics, qn_circuit **out)
{
    QN_CHECK(text != NULL || length == 0, ERR_ARGUMENT, "the text is NULL");
    size_t at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
    while (at < length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) {
        at++;
    }
    return at < length && text[at] == '{' ? qn_read_circuit_json(text, length, name, out)
                                          : qn_read_qasm(text, length, name, options, diagnostics, out);
}
