/* load_input.c: what `quern load` reads: an array, one of its columns, or the name of a function. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "load.h"
#include "output.h"
#include "table_input.h"

/* --column: a name; without a header line, a number. */
static qn_status find_column(const load_input *input, const char *text, size_t *out)
{
    const char *digits = text + (text[0] == 'c');
    const bool number = *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0';
    return number && input->array->names != NULL ? qn_array_column(input->array, text, out)
                                                 : qn_array_find(input->array, &input->left_out, text, out);
}

static qn_status take_numbers(load_input *input, const char *column)
{
    const qn_array *array = input->array;
    size_t first = 0, step = 1;
    input->count = (uint64_t)array->rows * array->columns;
    if (column != NULL) {
        const qn_status status = find_column(input, column, &first);
        if (status != QN_OK) {
            return status;
        }
        step = array->columns;
        input->count = array->rows;
    }
    input->is_complex = array->is_complex;
    input->amplitudes = malloc((size_t)input->count * sizeof *input->amplitudes);
    if (input->amplitudes == NULL) {
        return QN_ERR_MEMORY;
    }
    for (uint64_t i = 0; i < input->count; i++) {
        const size_t place = first + step * (size_t)i;
        input->amplitudes[i] = array->is_complex ? (qn_complex){array->data[2 * place], array->data[2 * place + 1]}
                                                 : (qn_complex){array->data[place], 0};
    }
    return QN_OK;
}

/* Numbers spread evenly over 0 .. 2^bits - 1, smallest to largest. */
static qn_status make_table(load_input *input)
{
    double low = input->amplitudes[0].re, high = low;
    for (uint64_t i = 0; i < input->count; i++) {
        low = fmin(low, input->amplitudes[i].re);
        high = fmax(high, input->amplitudes[i].re);
    }
    input->table = malloc(((size_t)input->count + 1) * sizeof *input->table);
    if (input->table == NULL) {
        return QN_ERR_MEMORY;
    }
    const double top = ldexp(1.0, (int)input->bits) - 1;
    for (uint64_t i = 0; i < input->count; i++) {
        const double part = high > low ? (input->amplitudes[i].re / 2 - low / 2) / (high / 2 - low / 2) : 0;
        input->table[i] = (uint64_t)nearbyint(part * top);
    }
    return QN_OK;
}

bool load_input_is_zero(const load_input *input)
{
    bool zero = input->function == NULL;
    for (uint64_t i = 0; zero && i < input->count; i++) {
        zero = input->amplitudes[i].re == 0 && input->amplitudes[i].im == 0;
    }
    return zero;
}

uint64_t load_input_bytes(const load_input *input)
{
    return input->function != NULL ? 0 : input->count * (input->is_complex ? sizeof(qn_complex) : sizeof(double));
}

void load_input_free(load_input *input)
{
    qn_array_free(input->array);
    qn_array_skipped_free(&input->left_out);
    free(input->amplitudes);
    free(input->table);
    *input = (load_input){0};
}

qn_status load_input_read(const cli_invocation *invocation, load_input *out)
{
    const char *function = cli_value_of(invocation, "function")->text;
    qn_status status = QN_OK;
    *out = (load_input){0};
    if (function != NULL) {
        out->name = function;
        out->function = &out->parsed;
        out->qubits = (uint32_t)cli_value_of(invocation, "qubits")->integer;
        out->count = UINT64_C(1) << (out->qubits < 63 ? out->qubits : 63);
        return qn_load_function_from_text(function, &out->parsed);
    }
    out->name = invocation->operands[0];
    out->bits = (uint32_t)cli_value_of(invocation, "bits")->integer;
    CLI_TRY(cli_table_read(out->name, &out->array, &out->left_out));
    CLI_TRY(take_numbers(out, cli_value_of(invocation, "column")->text));
    if (!out->is_complex) {
        CLI_TRY(make_table(out));
    }
cleanup:
    if (status != QN_OK) {
        load_input_free(out);
    }
    return status;
}
