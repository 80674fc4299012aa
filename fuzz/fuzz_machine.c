/* fuzz_machine.c: a stored machine: any bytes are read or refused with a place; what was read holds what is promised.
 */
#include <string.h>

#include <quern/machine.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qn_machine machine = QN_MACHINE_INIT;
    const qn_status status = qn_machine_parse("in", (const char *)data, size, &machine);
    if (status != QN_OK) {
        fuzz_check_failure(status, NULL);
        FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
        FUZZ_CHECK(machine.threads == 0 && machine.cpu[0] == '\0');
        return 0;
    }
    FUZZ_CHECK(machine.threads > 0 && machine.blas_threads > 0);
    FUZZ_CHECK(strlen(machine.date) == 20 && machine.cpu[0] != '\0' && strlen(machine.cpu) < sizeof machine.cpu);
    for (size_t i = 0; i < qn_machine_rate_count(); i++) {
        const qn_machine_rate *rate = qn_machine_rate_at(i);
        const double value = qn_machine_rate_get(&machine, i);
        FUZZ_CHECK(value >= rate->least && value <= rate->most);
    }
    return 0;
}
