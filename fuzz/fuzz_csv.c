/* fuzz_csv.c: comma-separated values, strict and with columns of text left out. */
#include "fuzz_array.h"

static qn_status parse_numbers(const char *name, const char *bytes, size_t length, uint64_t limit, qn_array **out)
{
    qn_array_skipped skipped = {0};
    const qn_status status = qn__array_csv_parse_numbers(name, bytes, length, limit, out, &skipped);
    FUZZ_CHECK(status == QN_OK || skipped.count == 0);
    for (size_t k = 0; k < skipped.count; k++) {
        FUZZ_CHECK(skipped.columns[k] < skipped.count + (*out)->columns);
        FUZZ_CHECK(k == 0 || skipped.columns[k] > skipped.columns[k - 1]);
        FUZZ_CHECK((skipped.names != NULL) == ((*out)->names != NULL));
    }
    qn_array_skipped_free(&skipped);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_array((const char *)data, size, qn__array_csv_parse);
    fuzz_array((const char *)data, size, parse_numbers);
    return 0;
}
