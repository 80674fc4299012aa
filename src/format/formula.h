/* formula.h: compiling a formula whose columns lie at other places than their numbers say. */
#ifndef QN_FORMAT_FORMULA_H
#define QN_FORMAT_FORMULA_H

#include <quern/formula.h>

#include "base/status.h"

#define QN__LEFT_OUT SIZE_MAX

/* `places`: where in a row each column is, or QN__LEFT_OUT when naming it is an error; NULL: at its number. */
QN_MUST_USE qn_status qn__formula_parse(const char *name, const char *text, const char *const *names, size_t columns,
                                        const size_t *places, qn_formula **out);

#endif
