/* lexer.h: OpenQASM as tokens, one at a time, and the interned names among them. Nothing is allocated for a token. */
#ifndef QN_QASM_LEXER_H
#define QN_QASM_LEXER_H

#include "base/status.h"

typedef enum qn__qasm_token_kind {
#define QN_MARK(id, text) QN__QT_##id,
#define QN_KEYWORD(id, text, versions) QN__QT_##id,
#include "format/qasm/token.def"
    QN__QT_COUNT
} qn__qasm_token_kind;

/* Numbers of the interned keywords and words: what qn__qasm_idents gives for them. */
enum {
#define QN_KEYWORD(id, text, versions) QN__NAME_KEYWORD_##id,
#include "format/qasm/token.def"
    QN__NAME_KEYWORDS,
    QN__NAME_BEFORE_WORDS = QN__NAME_KEYWORDS - 1,
#define QN_WORD(id, text) QN__NAME_##id,
#include "format/qasm/token.def"
    QN__NAME_FIRST_FREE
};
#define QN__NO_NAME UINT32_MAX

/* Interned names: equal texts have equal numbers. */
typedef struct qn__qasm_ident {
    const char *text; /* not 0-terminated; borrowed from a source, which lives as long */
    uint32_t length, hash;
} qn__qasm_ident;
typedef struct qn__qasm_idents {
    qn__qasm_ident *names;
    size_t count, capacity;
    uint32_t *slots; /* name + 1 */
    size_t nslots;   /* a power of two */
} qn__qasm_idents;
QN_MUST_USE qn_status qn__qasm_idents_open(qn__qasm_idents *names);
void qn__qasm_idents_close(qn__qasm_idents *names);
QN_MUST_USE qn_status qn__qasm_idents_intern(qn__qasm_idents *names, const char *text, size_t length, uint32_t *out);

/* A place in one of the reader's files. */
typedef struct qn__qasm_place {
    size_t offset;
    uint32_t file, line;
} qn__qasm_place;

typedef struct qn__qasm_token {
    qn__qasm_token_kind kind;
    uint32_t name; /* of NAME and keywords */
    qn__qasm_place at;
    size_t length;
    union {
        uint64_t integer; /* INTEGER, PHYSICAL */
        double number;    /* FLOAT, DURATION (seconds; device cycles when negative) */
        const char *why;  /* BAD */
    };
} qn__qasm_token;

/* Copied to come back to a place. */
typedef struct qn__qasm_lexer {
    const char *text;
    size_t length, at;
    uint32_t file, line;
    bool version2;
} qn__qasm_lexer;

/* The next token. Only memory can fail; anything that is no token comes as BAD with the reason. */
QN_MUST_USE qn_status qn__qasm_lexer_next(qn__qasm_lexer *lexer, qn__qasm_idents *names, qn__qasm_token *out);
/* Move behind the last byte of this line. */
void qn__qasm_lexer_skip_line(qn__qasm_lexer *lexer);
/* How messages call a kind of token. */
const char *qn__qasm_token_text(qn__qasm_token_kind kind);

#endif
