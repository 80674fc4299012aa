/* fuzz_problem.h: what the targets of problem files share: read any bytes in a format, or be told where and why not. */
#ifndef QN_FUZZ_PROBLEM_H
#define QN_FUZZ_PROBLEM_H

#include <string.h>

#include <quern/instance.h>

#include "fuzz.h"

static inline void fuzz_problem(const uint8_t *data, size_t size, const qn_instance_format *formats, size_t count)
{
    (void)qn_instance_detect((const char *)data, size, "in");
    for (size_t k = 0; k < count; k++) {
        qn_instance *instance = NULL;
        char line[128];
        const qn_status status = qn_instance_parse((const char *)data, size, "in", formats[k], &instance);
        if (status != QN_OK) {
            fuzz_check_failure(status, instance);
            FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
            continue;
        }
        qn_instance_describe(instance, line, sizeof line);
        FUZZ_CHECK(line[0] != '\0' && instance->name != NULL);
        FUZZ_CHECK((instance->graph != NULL) + (instance->quadratic != NULL) + (instance->parities != NULL) +
                       (instance->program != NULL) + (instance->places != NULL) + (instance->table != NULL) ==
                   1);
        qn_instance_free(instance);
    }
}

#endif
