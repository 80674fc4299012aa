/* fuzz_array.h: what the targets for arrays share: any bytes are read or refused with a message, and what was read is
 * written and read again. */
#ifndef QN_FUZZ_ARRAY_H
#define QN_FUZZ_ARRAY_H

#include <string.h>

#include "format/array.h"
#include "fuzz.h"

static inline void fuzz_array(const char *bytes, size_t size,
                              qn_status (*parse)(const char *, const char *, size_t, uint64_t, qn_array **))
{
    qn_array *array = NULL, *again = NULL;
    const qn_status status = parse("in", bytes, size, FUZZ_LIMIT, &array);
    if (status != QN_OK) {
        FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
        fuzz_check_failure(status, array);
        return;
    }
    const size_t bytes_of_data = array->rows * array->columns * (array->is_complex ? 2 : 1) * sizeof(double);
    char *file = malloc(QN__NPY_HEADER + bytes_of_data);
    FUZZ_CHECK(file != NULL);
    qn__npy_header_print(array->rows, array->columns, array->is_complex, file);
    memcpy(file + QN__NPY_HEADER, array->data, bytes_of_data);
    FUZZ_CHECK(qn__array_npy_parse("again", file, QN__NPY_HEADER + bytes_of_data, FUZZ_LIMIT, &again) == QN_OK);
    FUZZ_CHECK(again->rows == array->rows && again->columns == array->columns);
    FUZZ_CHECK(again->is_complex == array->is_complex && memcmp(again->data, array->data, bytes_of_data) == 0);
    free(file);
    qn_array_free(again);
    qn_array_free(array);
}

#endif
