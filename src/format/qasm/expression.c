/* expression.c: operators, by their binding strength. Version 2 has + - * / ^ on real numbers; version 3 the operators
 * of C with ** for powers. */
#include "format/qasm/reader.h"

typedef struct operator_row {
    unsigned char binding2, binding3; /* 0: not an operator there */
    bool right;                       /* a ^ b ^ c is a ^ (b ^ c) */
    qn_token_kind kind;
} operator_row;

enum { POWER_BINDING = 13, UNARY_BINDING = 12 };

static operator_row operator_of(qn__qasm_token_kind kind)
{
    switch (kind) {
    case QN__QT_LOGICAL_OR:
        return (operator_row){0, 1, false, QN_TOKEN_LOGICAL_OR};
    case QN__QT_LOGICAL_AND:
        return (operator_row){0, 2, false, QN_TOKEN_LOGICAL_AND};
    case QN__QT_OR:
        return (operator_row){0, 3, false, QN_TOKEN_OR};
    case QN__QT_CARET:
        return (operator_row){POWER_BINDING, 4, false, QN_TOKEN_XOR};
    case QN__QT_AND:
        return (operator_row){0, 5, false, QN_TOKEN_AND};
    case QN__QT_EQUAL:
        return (operator_row){0, 6, false, QN_TOKEN_EQUAL};
    case QN__QT_NOT_EQUAL:
        return (operator_row){0, 6, false, QN_TOKEN_NOT_EQUAL};
    case QN__QT_LESS:
        return (operator_row){0, 7, false, QN_TOKEN_LESS};
    case QN__QT_LESS_EQUAL:
        return (operator_row){0, 7, false, QN_TOKEN_LESS_EQUAL};
    case QN__QT_GREATER:
        return (operator_row){0, 7, false, QN_TOKEN_GREATER};
    case QN__QT_GREATER_EQUAL:
        return (operator_row){0, 7, false, QN_TOKEN_GREATER_EQUAL};
    case QN__QT_SHIFT_LEFT:
        return (operator_row){0, 8, false, QN_TOKEN_SHIFT_LEFT};
    case QN__QT_SHIFT_RIGHT:
        return (operator_row){0, 8, false, QN_TOKEN_SHIFT_RIGHT};
    case QN__QT_PLUS:
        return (operator_row){9, 9, false, QN_TOKEN_ADD};
    case QN__QT_MINUS:
        return (operator_row){9, 9, false, QN_TOKEN_SUBTRACT};
    case QN__QT_STAR:
        return (operator_row){10, 10, false, QN_TOKEN_MULTIPLY};
    case QN__QT_SLASH:
        return (operator_row){10, 10, false, QN_TOKEN_DIVIDE};
    case QN__QT_PERCENT:
        return (operator_row){0, 10, false, QN_TOKEN_MODULO};
    case QN__QT_POWER:
        return (operator_row){POWER_BINDING, POWER_BINDING, true, QN_TOKEN_POWER};
    default:
        return (operator_row){0, 0, false, QN_TOKEN_ADD};
    }
}

static qn_status unary(qn__qasm_reader *r, qn__qasm_operand *out)
{
    const qn__qasm_token token = r->token;
    qn_token_kind kind = QN_TOKEN_NEGATE;
    switch (token.kind) {
    case QN__QT_MINUS:
        break;
    case QN__QT_PLUS:
        if (!r->version2) {
            return qn__qasm_expected(r, "an expression");
        }
        break;
    case QN__QT_NOT:
        kind = QN_TOKEN_NOT;
        break;
    case QN__QT_TILDE:
        kind = QN_TOKEN_COMPLEMENT;
        break;
    default:
        return qn__qasm_primary(r, out);
    }
    qn__qasm_advance(r);
    QN_TRY(qn__qasm_enter(r, &token));
    const qn_status status = qn__qasm_expression_above(r, UNARY_BINDING, out);
    qn__qasm_leave(r);
    QN_TRY(status);
    return token.kind == QN__QT_PLUS ? QN_OK : qn__qasm_operand_unary(r, kind, out, &token);
}

qn_status qn__qasm_expression_above(qn__qasm_reader *r, unsigned binding, qn__qasm_operand *out)
{
    QN_TRY(unary(r, out));
    for (;;) {
        const qn__qasm_token token = r->token;
        operator_row row = operator_of(token.kind);
        const unsigned strength = r->version2 ? row.binding2 : row.binding3;
        if (strength == 0 || strength < binding) {
            return QN_OK;
        }
        if (r->version2 && token.kind == QN__QT_CARET) {
            row.right = true;
            row.kind = QN_TOKEN_POWER;
        }
        qn__qasm_advance(r);
        QN_TRY(qn__qasm_operand_lower(r, out, &token));
        qn__qasm_operand right;
        QN_TRY(qn__qasm_enter(r, &token));
        const qn_status status = qn__qasm_expression_above(r, row.right ? strength : strength + 1, &right);
        qn__qasm_leave(r);
        QN_TRY(status);
        QN_TRY(qn__qasm_operand_binary(r, row.kind, out, &right, &token));
    }
}

qn_status qn__qasm_read_expression(qn__qasm_reader *r, qn__qasm_operand *out)
{
    const qn__qasm_token token = r->token;
    QN_TRY(qn__qasm_enter(r, &token));
    const qn_status status = qn__qasm_expression_above(r, 1, out);
    qn__qasm_leave(r);
    return status;
}

qn_status qn__qasm_condition(qn__qasm_reader *r, qn__qasm_operand *out)
{
    const qn__qasm_token token = r->token;
    QN_TRY(qn__qasm_read_expression(r, out));
    return qn__qasm_operand_cast(r, out, QN_TYPE_BOOL, 1, &token);
}
