/* pauli_write.c: Pauli sums as text and JSON that read back as the same sums: dense labels, 17 digits. */
#include <quern/format.h>

#include "base/alloc.h"
#include "format/buffer.h"

typedef struct writer {
    qn__buffer buffer;
    char *label; /* room for one label */
    size_t room;
} writer;

static qn_status open_writer(writer *w, const qn_pauli_sum *sum)
{
    w->room = (size_t)qn_pauli_sum_qubits(sum) + 1;
    w->label = qn__alloc(w->room, 1);
    QN_ALLOC_CHECK(w->label);
    return QN_OK;
}

static void close_writer(writer *w)
{
    qn__free(w->label);
    qn__free(w->buffer.data);
}

static qn_status add_label(writer *w, const qn_pauli_sum *sum, size_t term)
{
    QN_TRY(qn_pauli_sum_label(sum, term, w->label, w->room));
    return qn__buffer_add(&w->buffer, w->label, w->room - 1);
}

/* -0.5 or (-0.5+2j) */
static qn_status add_coefficient(writer *w, qn_complex value)
{
    if (value.im == 0) {
        return qn__buffer_number(&w->buffer, value.re, false);
    }
    QN_TRY(qn__buffer_print(&w->buffer, "("));
    QN_TRY(qn__buffer_number(&w->buffer, value.re, false));
    QN_TRY(qn__buffer_print(&w->buffer, value.im < 0 ? "" : "+"));
    QN_TRY(qn__buffer_number(&w->buffer, value.im, false));
    return qn__buffer_print(&w->buffer, "j)");
}

static qn_status write_text(writer *w, const qn_pauli_sum *sum)
{
    for (size_t k = 0; k < qn_pauli_sum_terms(sum); k++) {
        QN_TRY(add_coefficient(w, qn_pauli_sum_coefficient(sum, k)));
        QN_TRY(qn__buffer_print(&w->buffer, " "));
        QN_TRY(add_label(w, sum, k));
        QN_TRY(qn__buffer_print(&w->buffer, "\n"));
    }
    return QN_OK;
}

static qn_status write_json(writer *w, const qn_pauli_sum *sum)
{
    QN_TRY(qn__buffer_print(&w->buffer, "{\"qubits\": %u, \"terms\": [", qn_pauli_sum_qubits(sum)));
    for (size_t k = 0; k < qn_pauli_sum_terms(sum); k++) {
        const qn_complex value = qn_pauli_sum_coefficient(sum, k);
        QN_TRY(qn__buffer_print(&w->buffer, k == 0 ? "\n  {\"pauli\": \"" : ",\n  {\"pauli\": \""));
        QN_TRY(add_label(w, sum, k));
        QN_TRY(qn__buffer_print(&w->buffer, value.im == 0 ? "\", \"coefficient\": " : "\", \"coefficient\": ["));
        QN_TRY(qn__buffer_number(&w->buffer, value.re, false));
        if (value.im != 0) {
            QN_TRY(qn__buffer_print(&w->buffer, ", "));
            QN_TRY(qn__buffer_number(&w->buffer, value.im, false));
            QN_TRY(qn__buffer_print(&w->buffer, "]"));
        }
        QN_TRY(qn__buffer_print(&w->buffer, "}"));
    }
    return qn__buffer_print(&w->buffer, "\n]}\n");
}

static qn_status write_sum(const qn_pauli_sum *sum, qn_status (*form)(writer *, const qn_pauli_sum *), char **text,
                           size_t *length)
{
    QN_CHECK(sum != NULL && text != NULL && length != NULL, ERR_ARGUMENT, "a sum and places for the text are needed");
    writer w = {0};
    qn_status status = open_writer(&w, sum);
    if (status == QN_OK) {
        status = form(&w, sum);
    }
    if (status == QN_OK) {
        status = qn__buffer_take(&w.buffer, text, length);
    }
    close_writer(&w);
    return status;
}

qn_status qn_write_pauli_text(const qn_pauli_sum *sum, char **text, size_t *length)
{
    return write_sum(sum, write_text, text, length);
}

qn_status qn_write_pauli_json(const qn_pauli_sum *sum, char **text, size_t *length)
{
    return write_sum(sum, write_json, text, length);
}
