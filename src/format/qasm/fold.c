/* fold.c: operations on constants, by the very evaluator that runs expressions later, so that both agree. */
#include "format/qasm/reader.h"

qn_token qn__qasm_literal(const qn_value *value)
{
    qn_token token = {.type = value->type, .width = value->width};
    switch (value->type) {
    case QN_TYPE_FLOAT:
        token.kind = QN_TOKEN_FLOAT;
        token.number = value->number;
        break;
    case QN_TYPE_BOOL:
        token.kind = QN_TOKEN_BOOL;
        token.integer = value->integer != 0;
        break;
    default:
        token.kind = QN_TOKEN_INT;
        token.integer = value->integer;
        break;
    }
    return token;
}

qn_status qn__qasm_fold(qn__qasm_reader *r, const qn_token *tokens, size_t count, const qn__qasm_token *token,
                        qn__qasm_operand *out)
{
    const qn_token *last = &tokens[count - 1];
    if ((last->kind == QN_TOKEN_DIVIDE || last->kind == QN_TOKEN_MODULO) && last->type != QN_TYPE_FLOAT) {
        const qn_token *divisor = &tokens[count - 2];
        if (divisor->kind != QN_TOKEN_FLOAT && divisor->integer == 0) {
            return QN_QASM_FAIL(r, token, "division by zero");
        }
    }
    qn_value value;
    const qn_status status = qn_tokens_evaluate(tokens, count, NULL, &value);
    if (status == QN_ERR_MEMORY) {
        return status;
    }
    if (status != QN_OK) {
        return QN_QASM_FAIL(r, token, "the value cannot be computed: %.200s", qn_last_error()->message);
    }
    *out = (qn__qasm_operand){.kind = QN__OPERAND_CONSTANT, .type = value.type, .width = value.width, .value = value};
    return QN_OK;
}
