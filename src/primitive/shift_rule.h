/* shift_rule.h: which shifts of one gate parameter give the derivative of an expectation value or of a state. */
#ifndef QN_PRIMITIVE_SHIFT_RULE_H
#define QN_PRIMITIVE_SHIFT_RULE_H

#include <quern/circuit.h>

/* f'(x) = sum over m < pairs of coefficient_m (f(x + shift_m) - f(x - shift_m)), for f with frequencies unit, 2 unit,
 * ..., pairs * unit. */
typedef struct qn__shift_rule {
    uint32_t pairs;    /* 0: f is constant */
    double unit;       /* lowest frequency */
    bool antiperiodic; /* f(x - shift) = -f(x + shift) for the only pair: one evaluation with twice the coefficient does
                        */
} qn__shift_rule;

double qn__shift_rule_shift(const qn__shift_rule *rule, uint32_t pair);
double qn__shift_rule_coefficient(const qn__shift_rule *rule, uint32_t pair);
/* The highest frequency: |f'| is at most this times the largest |f|. */
double qn__shift_rule_top(const qn__shift_rule *rule);

/* Rules for parameter `param` of an operation: of expectation values, and of the amplitudes themselves.
 * QN_ERR_UNSUPPORTED for a gate whose matrix is not a trigonometric polynomial in that parameter. */
QN_MUST_USE qn_status qn__shift_rule_find(const qn_operation *operation, uint32_t param, qn__shift_rule *expectation,
                                          qn__shift_rule *amplitude);

#endif
