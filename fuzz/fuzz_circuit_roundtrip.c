/* fuzz_circuit_roundtrip.c: any text that is read as a circuit can be written in OpenQASM 3, read again with the same
 * qubits and symbols, and written again. The other languages are written, or refused as unsupported. */
#include <string.h>

#include <quern/format.h>
#include <quern/qasm.h>

#include "fuzz.h"

static const qn_qasm_options options = {.size = (uint32_t)sizeof(qn_qasm_options),
                                        .free_inputs = true,
                                        .max_operations = 2000,
                                        .max_iterations = 50,
                                        .max_qubits = 200};

static qn_status read_text(const char *text, size_t length, qn_circuit **out)
{
    return qn_read_circuit(text, length, "in", &options, NULL, out);
}

/* Writers may refuse what their language cannot say, and nothing else. */
static void try_others(const qn_circuit *circuit)
{
    char *text = NULL;
    size_t length = 0;
    for (int which = 0; which < 4; which++) {
        const qn_status status = which == 0   ? qn_write_qasm(circuit, 2, &text, &length)
                                 : which == 1 ? qn_write_qir(circuit, NULL, &text, &length)
                                 : which == 2 ? qn_write_quirk(circuit, &text, &length)
                                              : qn_write_circuit_json(circuit, &text, &length);
        FUZZ_CHECK(status == QN_OK || status == QN_ERR_UNSUPPORTED || status == QN_ERR_NAN);
        if (status == QN_OK) {
            FUZZ_CHECK(strlen(text) == length);
            qn_text_free(text);
        }
        text = NULL;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qn_circuit *circuit = NULL, *again = NULL;
    char *first = NULL, *second = NULL;
    size_t first_length = 0, second_length = 0;
    if (read_text((const char *)data, size, &circuit) != QN_OK) {
        FUZZ_CHECK(circuit == NULL);
        return 0;
    }
    try_others(circuit);
    const qn_status status = qn_write_qasm(circuit, 3, &first, &first_length);
    FUZZ_CHECK(status == QN_OK || status == QN_ERR_UNSUPPORTED || status == QN_ERR_NAN);
    if (status == QN_OK && read_text(first, first_length, &again) == QN_OK) {
        FUZZ_CHECK(qn_circuit_qubits(again) == qn_circuit_qubits(circuit));
        FUZZ_CHECK(qn_circuit_symbols(again) == qn_circuit_symbols(circuit));
        FUZZ_CHECK(qn_write_qasm(again, 3, &second, &second_length) == QN_OK);
    } else if (status == QN_OK) { /* more operations than are allowed here is the one reason */
        if (qn_last_error()->status != QN_ERR_TOO_LARGE) {
            fprintf(stderr, "%s\n", first);
            FUZZ_CHECK(qn_last_error()->status == QN_ERR_TOO_LARGE);
        }
    }
    qn_text_free(first);
    qn_text_free(second);
    qn_circuit_free(again);
    qn_circuit_free(circuit);
    return 0;
}
