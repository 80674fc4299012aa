/* fuzz_circuit_json.c: circuits as JSON: any bytes are read or refused with a place, and what was read is written and
 * read again, the same. */
#include <string.h>

#include <quern/format.h>
#include <quern/qasm.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qn_circuit *circuit = NULL, *again = NULL;
    const qn_status status = qn_read_circuit_json((const char *)data, size, "in", &circuit);
    if (status != QN_OK) {
        fuzz_check_failure(status, circuit);
        FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
        return 0;
    }
    char *first = NULL, *second = NULL;
    size_t first_length = 0, second_length = 0;
    FUZZ_CHECK(qn_write_circuit_json(circuit, &first, &first_length) == QN_OK);
    FUZZ_CHECK(qn_read_circuit_json(first, first_length, "again", &again) == QN_OK);
    FUZZ_CHECK(qn_write_circuit_json(again, &second, &second_length) == QN_OK);
    FUZZ_CHECK(first_length == second_length && memcmp(first, second, first_length) == 0);
    qn_text_free(first);
    qn_text_free(second);
    qn_circuit_free(again);
    qn_circuit_free(circuit);
    return 0;
}
