/* json_words.c: the words of circuit JSON, once. */
#include "format/circuit_out/json_words.h"

const char *const qn__json_types[QN__JSON_TYPES] = {"qubits", "bits", "bool", "int", "uint", "float", "angle"};

const char *const qn__json_tokens[QN__JSON_TOKENS] = {[QN_TOKEN_INT] = "integer",
                                                      [QN_TOKEN_FLOAT] = "number",
                                                      [QN_TOKEN_BOOL] = "truth",
                                                      [QN_TOKEN_BIT] = "bit",
                                                      [QN_TOKEN_BITS] = "bits",
                                                      [QN_TOKEN_VARIABLE] = "variable",
                                                      [QN_TOKEN_SYMBOL] = "symbol",
                                                      [QN_TOKEN_CAST] = "cast",
                                                      [QN_TOKEN_NEGATE] = "negate",
                                                      [QN_TOKEN_NOT] = "not",
                                                      [QN_TOKEN_COMPLEMENT] = "complement",
                                                      [QN_TOKEN_ADD] = "add",
                                                      [QN_TOKEN_SUBTRACT] = "subtract",
                                                      [QN_TOKEN_MULTIPLY] = "multiply",
                                                      [QN_TOKEN_DIVIDE] = "divide",
                                                      [QN_TOKEN_MODULO] = "modulo",
                                                      [QN_TOKEN_POWER] = "power",
                                                      [QN_TOKEN_AND] = "and",
                                                      [QN_TOKEN_OR] = "or",
                                                      [QN_TOKEN_XOR] = "xor",
                                                      [QN_TOKEN_SHIFT_LEFT] = "shift_left",
                                                      [QN_TOKEN_SHIFT_RIGHT] = "shift_right",
                                                      [QN_TOKEN_LOGICAL_AND] = "logical_and",
                                                      [QN_TOKEN_LOGICAL_OR] = "logical_or",
                                                      [QN_TOKEN_EQUAL] = "equal",
                                                      [QN_TOKEN_NOT_EQUAL] = "not_equal",
                                                      [QN_TOKEN_LESS] = "less",
                                                      [QN_TOKEN_LESS_EQUAL] = "less_equal",
                                                      [QN_TOKEN_GREATER] = "greater",
                                                      [QN_TOKEN_GREATER_EQUAL] = "greater_equal",
                                                      [QN_TOKEN_SIN] = "sin",
                                                      [QN_TOKEN_COS] = "cos",
                                                      [QN_TOKEN_TAN] = "tan",
                                                      [QN_TOKEN_ARCSIN] = "arcsin",
                                                      [QN_TOKEN_ARCCOS] = "arccos",
                                                      [QN_TOKEN_ARCTAN] = "arctan",
                                                      [QN_TOKEN_EXP] = "exp",
                                                      [QN_TOKEN_LOG] = "log",
                                                      [QN_TOKEN_SQRT] = "sqrt",
                                                      [QN_TOKEN_FLOOR] = "floor",
                                                      [QN_TOKEN_CEILING] = "ceiling",
                                                      [QN_TOKEN_ABS] = "abs",
                                                      [QN_TOKEN_POPCOUNT] = "popcount",
                                                      [QN_TOKEN_ROTATE_LEFT] = "rotate_left",
                                                      [QN_TOKEN_ROTATE_RIGHT] = "rotate_right"};

const char *const qn__json_kinds[QN__JSON_KINDS] = {"gate", "barrier", "delay", "measure", "reset",    "assign", "if",
                                                    "else", "while",   "end",   "break",   "continue", "stop"};

qn__json_operand qn__json_operand_of(qn_token_kind kind)
{
    switch (kind) {
    case QN_TOKEN_INT:
        return QN__OPERAND_INTEGER;
    case QN_TOKEN_FLOAT:
        return QN__OPERAND_NUMBER;
    case QN_TOKEN_BOOL:
        return QN__OPERAND_BOOL;
    case QN_TOKEN_BIT:
    case QN_TOKEN_BITS:
    case QN_TOKEN_VARIABLE:
    case QN_TOKEN_SYMBOL:
        return QN__OPERAND_INDEX;
    default:
        return QN__OPERAND_NONE;
    }
}
