/* expression.h: what checking and evaluating expressions share. */
#ifndef QN_CIRCUIT_EXPRESSION_H
#define QN_CIRCUIT_EXPRESSION_H

#include <quern/classical.h>

/* How many values a token takes from the stack: 0, 1 or 2. */
uint32_t qn__token_operands(qn_token_kind token);

#endif
