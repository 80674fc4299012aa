/* fuzz_model.c: files of generative models: any bytes are read or refused with a place; what was read holds what is
 * promised. */
#include <math.h>
#include <string.h>

#include "format/model_json.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qn__model_file file = {.bits = 0};
    const qn_status status = qn__model_file_parse("in", (const char *)data, size, &file);
    if (status != QN_OK) {
        fuzz_check_failure(status, NULL);
        FUZZ_CHECK(file.masks == NULL && file.parameters == NULL && file.bits == 0);
        return 0;
    }
    FUZZ_CHECK(file.bits > 0 && file.bits <= QN__MODEL_FILE_BITS && strlen(file.kind) < sizeof file.kind);
    for (size_t k = 0; k < file.nparameters; k++) {
        FUZZ_CHECK(isfinite(file.parameters[k]));
    }
    qn__model_file_free(&file);
    return 0;
}
