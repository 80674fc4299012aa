/* json_words.h: the words of circuit JSON: names of types, of tokens and of operations that are no gates. */
#ifndef QN_FORMAT_CIRCUIT_OUT_JSON_WORDS_H
#define QN_FORMAT_CIRCUIT_OUT_JSON_WORDS_H

#include <quern/classical.h>

#define QN__CIRCUIT_SCHEMA "quern.circuit/1"

enum {
    QN__JSON_TYPES = QN_TYPE_ANGLE + 1,
    QN__JSON_TOKENS = QN_TOKEN_ROTATE_RIGHT + 1,
    QN__JSON_KINDS = QN_OP_STOP + 1
};

/* Indexed by qn_type, qn_token_kind and qn_op_kind. */
extern const char *const qn__json_types[QN__JSON_TYPES];
extern const char *const qn__json_tokens[QN__JSON_TOKENS];
extern const char *const qn__json_kinds[QN__JSON_KINDS];

/* What the fourth member of a token is. */
typedef enum qn__json_operand {
    QN__OPERAND_NONE,
    QN__OPERAND_INDEX,
    QN__OPERAND_INTEGER,
    QN__OPERAND_NUMBER,
    QN__OPERAND_BOOL
} qn__json_operand;
qn__json_operand qn__json_operand_of(qn_token_kind kind);

#endif
