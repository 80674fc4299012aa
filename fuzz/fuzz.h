/* fuzz.h: what a fuzz target and the program that runs it without a fuzzer agree on, and the checks targets share. */
#ifndef QN_FUZZ_H
#define QN_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <quern/status.h>

/* The name is libFuzzer's. Returns 0; a property that does not hold aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Memory that one input may ask for: far below what the readers allow, so that a run explores texts and not sizes. */
#define FUZZ_LIMIT (UINT64_C(8) << 20)

#define FUZZ_CHECK(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n  last error: %s\n", __FILE__, __LINE__, #condition,            \
                    qn_last_error()->message);                                                                         \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* A reader that fails says why and where, and leaves its output alone. */
static inline void fuzz_check_failure(qn_status status, const void *out)
{
    FUZZ_CHECK(out == NULL);
    FUZZ_CHECK(status == QN_ERR_PARSE || status == QN_ERR_TOO_LARGE || status == QN_ERR_NOT_HERMITIAN ||
               status == QN_ERR_NAN);
    FUZZ_CHECK(qn_last_error()->status == status);
    FUZZ_CHECK(qn_last_error()->message[0] != '\0');
}

#endif
