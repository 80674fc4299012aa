/* hamiltonian.c: a Hamiltonian from a Pauli sum in any of the forms read, told apart by content. */
#include <quern/format.h>

#include "format/pauli_terms.h"

qn_status qn_read_hamiltonian(const char *text, size_t length, const char *name, qn_pauli_sum **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the sum is needed");
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    const qn__pauli_request request = {.limit = QN__READ_LIMIT, .hamiltonian = true};
    switch (qn_format_detect(text, length)) {
    case QN_FORMAT_PAULI_JSON:
        return qn__pauli_json_read(text, length, name, &request, out);
    case QN_FORMAT_FCIDUMP:
        return QN_PARSE_FAIL(&source, source.start,
                             "this is an FCIDUMP (electronic integrals); expected a Pauli sum as text or JSON");
    case QN_FORMAT_PAULI_TEXT:
    case QN_FORMAT_UNKNOWN: /* its first word is what the message names */
        break;
    }
    return qn__pauli_text_read(text, length, name, 0, &request, out);
}
