/* fuzz_pauli_json.c: Pauli sums as JSON: any bytes are read or refused with a place, and what was read is written and
 * read again. */
#include <string.h>

#include <quern/format.h>

#include "format/pauli_terms.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const text = (const char *)data;
    const qn__pauli_request request = {.limit = FUZZ_LIMIT};
    qn_pauli_sum *sum = NULL;
    (void)qn_format_detect(text, size);
    qn_status status = qn__pauli_json_read(text, size, "in", &request, &sum);
    if (status != QN_OK) {
        fuzz_check_failure(status, sum);
        FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
        return 0;
    }
    char *written = NULL;
    size_t length = 0;
    qn_pauli_sum *again = NULL;
    FUZZ_CHECK(qn_write_pauli_json(sum, &written, &length) == QN_OK);
    FUZZ_CHECK(qn_read_pauli_json(written, length, "again", &again) == QN_OK);
    FUZZ_CHECK(qn_pauli_sum_qubits(again) == qn_pauli_sum_qubits(sum));
    FUZZ_CHECK(qn_pauli_sum_terms(again) == qn_pauli_sum_terms(sum));
    FUZZ_CHECK(qn_pauli_sum_equal(sum, again, 0));
    qn_pauli_sum_free(again);
    qn_text_free(written);
    qn_pauli_sum_free(sum);
    sum = NULL;
    const qn__pauli_request hamiltonian = {.limit = FUZZ_LIMIT, .hamiltonian = true};
    status = qn__pauli_json_read(text, size, "in", &hamiltonian, &sum);
    if (status != QN_OK) {
        fuzz_check_failure(status, sum);
    }
    qn_pauli_sum_free(sum);
    return 0;
}
