/* fuzz_qasm.c: OpenQASM 2 and 3: any bytes are read or refused with a place, and findings always print. */
#include <string.h>

#include <quern/format.h>
#include <quern/qasm.h>

#include "fuzz.h"

static void read_as(uint32_t version, const char *text, size_t size)
{
    static const qn_binding bindings[] = {{"n", 3}};
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    options.version = version;
    options.bindings = bindings;
    options.nbindings = 1;
    options.free_inputs = true;
    options.max_operations = 2000;
    options.max_iterations = 200;
    options.max_qubits = 256;
    qn_diagnostics *list = NULL;
    qn_circuit *circuit = NULL;
    FUZZ_CHECK(qn_diagnostics_create(&list) == QN_OK);
    const qn_status status = qn_read_qasm(text, size, "in", &options, list, &circuit);
    if (status == QN_OK) {
        FUZZ_CHECK(circuit != NULL && qn_diagnostics_errors(list) == 0);
        FUZZ_CHECK(qn_circuit_operations(circuit) <= 3000);
        for (size_t i = 0, depth = 0; i < qn_circuit_operations(circuit); i++) {
            qn_operation op;
            qn_circuit_operation(circuit, i, &op);
            depth += op.kind == QN_OP_IF || op.kind == QN_OP_WHILE;
            FUZZ_CHECK(op.kind != QN_OP_END || depth > 0);
            depth -= op.kind == QN_OP_END;
            FUZZ_CHECK(i + 1 < qn_circuit_operations(circuit) || depth == 0);
        }
    } else {
        FUZZ_CHECK(circuit == NULL);
        FUZZ_CHECK(status == QN_ERR_PARSE || status == QN_ERR_UNSUPPORTED || status == QN_ERR_TOO_LARGE);
        FUZZ_CHECK(qn_diagnostics_errors(list) >= 1 && qn_diagnostics_errors(list) <= 20);
        FUZZ_CHECK(qn_last_error()->status == status);
    }
    char *shown = NULL;
    size_t length = 0;
    FUZZ_CHECK(qn_diagnostics_text(list, true, &shown, &length) == QN_OK);
    qn_text_free(shown);
    FUZZ_CHECK(qn_diagnostics_json(list, &shown, &length) == QN_OK);
    qn_text_free(shown);
    qn_diagnostics_free(list);
    qn_circuit_free(circuit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const text = (const char *)data;
    read_as(0, text, size);
    if (size < 8 || memcmp(text, "OPENQASM", 8) != 0) {
        read_as(2, text, size);
    }
    return 0;
}
