/* type.c: types and the sizes in their brackets. */
#include "format/qasm/reader.h"

bool qn__qasm_at_type(const qn__qasm_reader *r)
{
    switch (r->token.kind) {
    case QN__QT_QUBIT:
    case QN__QT_BOOL:
    case QN__QT_BIT:
    case QN__QT_INT:
    case QN__QT_UINT:
    case QN__QT_FLOAT_TYPE:
    case QN__QT_ANGLE:
    case QN__QT_ARRAY:
    case QN__QT_COMPLEX:
    case QN__QT_DURATION_TYPE:
    case QN__QT_STRETCH:
        return true;
    default:
        return false;
    }
}

qn_status qn__qasm_designator(qn__qasm_reader *r, const char *what, uint64_t *out, bool *known, qn__qasm_token *at)
{
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_SQUARE, "before the size"));
    *at = r->token;
    qn__qasm_operand size;
    int64_t value = 0;
    QN_TRY(qn__qasm_read_expression(r, &size));
    QN_TRY(qn__qasm_operand_index(r, &size, at, what, &value, known));
    if (*known && value < 0) {
        return QN_QASM_FAIL(r, at, "%s is %lld; expected at least 1", what, (long long)value);
    }
    *out = *known ? (uint64_t)value : 1;
    return qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the size");
}

static qn_status number_width(qn__qasm_reader *r, const qn__qasm_token *token, qn__qasm_parsed_type *out)
{
    uint64_t width = 0;
    bool known = false;
    qn__qasm_token at;
    QN_TRY(qn__qasm_designator(r, "the width of the type", &width, &known, &at));
    out->sized = true;
    if (out->type == QN_TYPE_FLOAT) {
        if (width != 32 && width != 64 && known) {
            return QN_QASM_UNSUPPORTED(r, &at, "float[%llu] is not supported; expected float[32] or float[64]",
                                       (unsigned long long)width);
        }
        out->width = known ? (uint32_t)width : 64;
        return QN_OK;
    }
    if (width == 0) {
        return QN_QASM_FAIL(r, &at, "a width of 0; expected at least 1");
    }
    if (width > 64) {
        return QN_QASM_UNSUPPORTED(r, &at, "%.*s[%llu] is not supported; expected at most 64 bits", QN_TEXT(r, token),
                                   (unsigned long long)width);
    }
    out->width = (uint32_t)width;
    return QN_OK;
}

static qn_status register_width(qn__qasm_reader *r, qn__qasm_parsed_type *out)
{
    if (!qn__qasm_at(r, QN__QT_LEFT_SQUARE)) {
        out->scalar = true;
        out->width = 1;
        return QN_OK;
    }
    qn__qasm_token at;
    uint64_t width = 0;
    bool known = false;
    QN_TRY(qn__qasm_designator(r, "the size of the register", &width, &known, &at));
    out->sized = true;
    if (width == 0) {
        return QN_QASM_FAIL(r, &at, "a register of size 0; expected at least 1");
    }
    const uint64_t most = out->type == QN_TYPE_QUBITS ? r->options.max_qubits : UINT64_C(1) << 24;
    if (width > most) {
        return QN_QASM_LARGE(r, &at, "a register of %llu %s; expected at most %llu", (unsigned long long)width,
                             out->type == QN_TYPE_QUBITS ? "qubits" : "bits", (unsigned long long)most);
    }
    out->width = (uint32_t)width;
    return QN_OK;
}

/* array[int[8], 4]: the current token stands behind `array`. */
static qn_status array_type(qn__qasm_reader *r, qn__qasm_parsed_type *out)
{
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_SQUARE, "of the array"));
    const qn__qasm_token base = r->token;
    qn__qasm_parsed_type element;
    QN_TRY(qn__qasm_type(r, &element));
    if (element.is_array || element.type == QN_TYPE_QUBITS || element.type == QN_TYPE_BITS) {
        return QN_QASM_FAIL(r, &base, "an array of this type; expected bool, int, uint, float or angle");
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_COMMA, "and the length of the array"));
    const qn__qasm_token at = r->token;
    qn__qasm_operand length;
    int64_t value = 0;
    bool known = false;
    QN_TRY(qn__qasm_read_expression(r, &length));
    QN_TRY(qn__qasm_operand_index(r, &length, &at, "the length of the array", &value, &known));
    if (qn__qasm_at(r, QN__QT_COMMA)) {
        return QN_QASM_UNSUPPORTED(r, &r->token, "arrays of more than one dimension are not supported");
    }
    enum { MOST = 1 << 20 };
    if (known && value < 1) {
        return QN_QASM_FAIL(r, &at, "an array of %lld elements; expected at least 1", (long long)value);
    }
    if (known && value > MOST) {
        return QN_QASM_LARGE(r, &at, "an array of %lld elements; expected at most %d", (long long)value, MOST);
    }
    *out = element;
    out->is_array = true;
    out->length = known ? (uint32_t)value : 1;
    return qn__qasm_expect(r, QN__QT_RIGHT_SQUARE, "after the length");
}

qn_status qn__qasm_type(qn__qasm_reader *r, qn__qasm_parsed_type *out)
{
    const qn__qasm_token token = r->token;
    *out = (qn__qasm_parsed_type){.width = 64};
    switch (token.kind) {
    case QN__QT_BOOL:
        out->type = QN_TYPE_BOOL;
        out->width = 1;
        qn__qasm_advance(r);
        return QN_OK;
    case QN__QT_QUBIT:
    case QN__QT_BIT:
        out->type = token.kind == QN__QT_BIT ? QN_TYPE_BITS : QN_TYPE_QUBITS;
        qn__qasm_advance(r);
        return register_width(r, out);
    case QN__QT_INT:
        out->type = QN_TYPE_INT;
        break;
    case QN__QT_UINT:
        out->type = QN_TYPE_UINT;
        break;
    case QN__QT_FLOAT_TYPE:
        out->type = QN_TYPE_FLOAT;
        break;
    case QN__QT_ANGLE:
        out->type = QN_TYPE_ANGLE;
        break;
    case QN__QT_ARRAY:
        qn__qasm_advance(r);
        return array_type(r, out);
    case QN__QT_COMPLEX:
        return QN_QASM_UNSUPPORTED(r, &token, "complex numbers are not supported");
    case QN__QT_DURATION_TYPE:
        return QN_QASM_UNSUPPORTED(r, &token, "variables of type duration are not supported");
    case QN__QT_STRETCH:
        return QN_QASM_UNSUPPORTED(r, &token, "stretch is not supported");
    case QN__QT_READONLY:
    case QN__QT_MUTABLE:
        return QN_QASM_UNSUPPORTED(r, &token, "arrays as parameters of subroutines are not supported");
    default:
        return qn__qasm_expected(r, "a type");
    }
    qn__qasm_advance(r);
    return qn__qasm_at(r, QN__QT_LEFT_SQUARE) ? number_width(r, &token, out) : QN_OK;
}
