/* shipped.c: the weights that come with the library. */
#include <quern/array.h>

#include "learn/char_model/char_model.h"
#include "learn/char_model/shipped.h"

qn_status qn_char_model_shipped(qn_char_model **out)
{
    qn_array *array = NULL;
    QN_TRY(
        qn_array_parse("data/char_model/weights.npy", (const char *)qn__char_weights, qn__char_weights_length, &array));
    const qn_status status = qn_char_model_from_numbers(array->data, array->rows * array->columns, out);
    qn_array_free(array);
    return status;
}
