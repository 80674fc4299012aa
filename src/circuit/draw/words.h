/* words.h: the short texts of a picture: numbers, angles, parameters, conditions, names of gates. */
#ifndef QN_CIRCUIT_DRAW_WORDS_H
#define QN_CIRCUIT_DRAW_WORDS_H

#include <quern/classical.h>

enum { QN__WORDS_SIZE = 2048 };

/* A bounded text: what does not fit is cut and marked. `ascii` allows 7 bits only: pi instead of its letter. */
typedef struct qn__words {
    bool ascii, cut;
    uint32_t decimals;
    size_t length;
    char bytes[QN__WORDS_SIZE]; /* always 0-terminated, always whole characters */
} qn__words;

void qn__words_start(qn__words *words, bool ascii, uint32_t decimals);
/* Text of others: what is not UTF-8, and control characters, become '?', in ASCII every other character too. */
void qn__words_put(qn__words *words, const char *text);
void qn__words_format(qn__words *words, const char *format, ...) QN_PRINTF(2, 3);
/* 1,234,567 */
void qn__words_count(qn__words *words, uint64_t count);
/* At most `decimals` decimals, none that say nothing; very small and very large ones with an exponent. */
void qn__words_number(qn__words *words, double value);
/* The same, with fractions of pi recognised. */
void qn__words_angle(qn__words *words, double value);
/* 2*theta+0.1 */
void qn__words_param(qn__words *words, const qn_circuit *circuit, const qn_param *param);
/* 100 ns, or 16 dt for device cycles. */
void qn__words_duration(qn__words *words, double duration);
/* An expression of the circuit in the notation of OpenQASM; conversions that lose nothing are left out. */
void qn__words_expression(qn__words *words, const qn_circuit *circuit, uint32_t expression);
/* c[3] of a bit, q[2] of a qubit; c3 or q2 when no register holds it. */
void qn__words_bit(qn__words *words, const qn_circuit *circuit, uint32_t bit);
void qn__words_qubit(qn__words *words, const qn_circuit *circuit, uint32_t qubit);
/* Cut to so many columns of a terminal, the last one an ellipsis (three full stops in ASCII). */
void qn__words_fit(qn__words *words, uint32_t columns);

/* What is written in the box of a gate without controls. */
const char *qn__gate_caption(qn_gate base, bool ascii, char buffer[32]);

/* The character at `text`, which must be well-formed, and its length in bytes. */
uint32_t qn__utf8_decode(const char *text, size_t *length);
/* Columns of a terminal: 0 for marks that combine, 2 for East Asian wide ones, by Unicode's EastAsianWidth. */
uint32_t qn__character_columns(uint32_t character);
uint32_t qn__text_columns(const char *text);

#endif
