/* qasm_text.c: numbers, wires, parameters and statement ends of OpenQASM. */
#include "format/circuit_out/qasm_writer.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "format/number.h"

static const double PI = 3.14159265358979323846;

qn_status qn__qasm_put(qn__buffer *out, const char *text)
{
    return qn__buffer_add(out, text, strlen(text));
}

qn_status qn__qasm_put_number(qn__buffer *out, double value)
{
    QN_CHECK(isfinite(value), ERR_NAN, "a number of the circuit is not finite, which OpenQASM cannot say");
    char digits[QN__NUMBER_ROOM];
    const size_t length = qn__number_print(digits, value, false);
    /* OpenQASM 2 wants a point in every real number; in OpenQASM 3 a number without one is an integer. */
    const size_t mantissa = strcspn(digits, "e");
    QN_TRY(qn__buffer_add(out, digits, mantissa));
    if (memchr(digits, '.', mantissa) == NULL) {
        QN_TRY(qn__qasm_put(out, ".0"));
    }
    return qn__buffer_add(out, digits + mantissa, length - mantissa);
}

qn_status qn__qasm_put_angle(qn__buffer *out, double value)
{
    static const int denominators[] = {1, 2, 3, 4, 6, 8, 16, 32, 64};
    const double size = fabs(value);
    for (size_t i = 0; i < sizeof denominators / sizeof denominators[0] && size > 0 && size < 64; i++) {
        const int d = denominators[i];
        const double n = nearbyint(size * d / PI);
        if (n < 1 || n > 64 || n * PI / d != size) {
            continue; /* a reader computes (n * pi) / d in doubles and gets this very number */
        }
        QN_TRY(qn__qasm_put(out, value < 0 ? "-" : ""));
        if (n != 1) {
            QN_TRY(qn__buffer_print(out, "%d*", (int)n));
        }
        return d == 1 ? qn__qasm_put(out, "pi") : qn__buffer_print(out, "pi/%d", d);
    }
    return qn__qasm_put_number(out, value);
}

qn_status qn__qasm_put_name(qn__qasm_writer *w, qn__buffer *out, uint32_t name)
{
    return qn__qasm_put(out, w->names.names[name]);
}

qn_status qn__qasm_put_qubit(qn__qasm_writer *w, uint32_t qubit)
{
    const qn__qasm_register *reg = qn__qasm_register_of(w->qregs, w->nqregs, qubit);
    QN_TRY(qn__qasm_put_name(w, &w->body, reg->name));
    return qn__buffer_print(&w->body, "[%" PRIu32 "]", qubit - reg->first);
}

qn_status qn__qasm_put_bit(qn__qasm_writer *w, qn__buffer *out, uint32_t bit)
{
    const qn__qasm_register *reg = qn__qasm_register_of(w->cregs, w->ncregs, bit);
    QN_TRY(qn__qasm_put_name(w, out, reg->name));
    return qn__buffer_print(out, "[%" PRIu32 "]", bit - reg->first);
}

qn_status qn__qasm_put_qubits(qn__qasm_writer *w, const uint32_t *qubits, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        QN_TRY(i > 0 ? qn__qasm_put(&w->body, ", ") : QN_OK);
        QN_TRY(qn__qasm_put_qubit(w, qubits[i]));
    }
    return QN_OK;
}

qn_status qn__qasm_begin(qn__qasm_writer *w)
{
    for (unsigned i = 0; i < w->depth; i++) {
        QN_TRY(qn__qasm_put(&w->body, "  "));
    }
    return qn__qasm_put(&w->body, w->condition);
}

qn_status qn__qasm_end(qn__qasm_writer *w)
{
    return qn__qasm_put(&w->body, ";\n");
}

qn_status qn__qasm_put_param(qn__qasm_writer *w, qn__buffer *out, const qn_param *param)
{
    if (param->count == 0 && param->expression == 0) {
        return qn__qasm_put_angle(out, param->constant);
    }
    bool any = false;
    if (param->expression != 0) {
        qn_type type = QN_TYPE_FLOAT;
        const bool alone = param->count == 0 && param->constant == 0;
        if (alone) {
            return qn__qasm_put_expression_as_is(w, out, param->expression, &type);
        }
        const size_t before = out->length;
        QN_TRY(qn__qasm_put(out, "("));
        QN_TRY(qn__qasm_put_expression_as_is(w, out, param->expression, &type));
        QN_TRY(qn__qasm_put(out, ")"));
        if (type != QN_TYPE_FLOAT) {
            QN_CHECK(type != QN_TYPE_ANGLE, ERR_UNSUPPORTED,
                     "operation %zu: a parameter adds a number to an angle of limited precision, which OpenQASM would "
                     "round",
                     w->index);
            out->length = before;
            QN_TRY(qn__qasm_put_expression(w, out, param->expression, QN_TYPE_FLOAT, 64));
        }
        any = true;
    }
    for (size_t k = 0; k < param->count; k++) {
        const double c = param->terms[k].coefficient;
        QN_TRY(qn__qasm_put(out, signbit(c) ? (any ? " - " : "-") : (any ? " + " : "")));
        if (fabs(c) != 1) {
            QN_TRY(qn__qasm_put_number(out, fabs(c)));
            QN_TRY(qn__qasm_put(out, "*"));
        }
        QN_TRY(qn__qasm_put_name(w, out, w->symbols[param->terms[k].symbol]));
        any = true;
    }
    if (param->constant != 0) {
        QN_TRY(qn__qasm_put(out, param->constant < 0 ? " - " : " + "));
        QN_TRY(qn__qasm_put_angle(out, fabs(param->constant)));
    }
    return QN_OK;
}
