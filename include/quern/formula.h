/* formula.h: formulas over named numbers, as a predicate on the columns of a table or a function to be averaged. */
#ifndef QUERN_FORMULA_H
#define QUERN_FORMULA_H

#include <quern/array.h>

QN_BEGIN_DECLS

/** A compiled formula; immutable, may be shared between threads. */
typedef struct qn_formula qn_formula;

/** Compile a text such as "score > 0.9", "a <= 3 && !(b != 2 || c == 1)" or "max(x - 0.5, 0) * exp(-y)".
 *
 *  From loosest to tightest: || ; && ; == != < <= > >= (not chained); + - ; * / ; unary - and ! ; ^ (to the right);
 *  numbers, `pi`, names, parentheses, and abs ceil cos exp floor log max min sin sqrt tan. Truth is 1, falsehood 0;
 *  any number but 0 is true. Names are looked up in `names` (`columns` of them, NULL entries never match); a name of
 *  other characters than letters, digits and _ is written in backquotes; c0, c1, ... mean columns by number when no
 *  name matches. Errors: QN_ERR_FORMULA as "name:line:column: error: ..." (an unknown name with the nearest one),
 *  QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_formula_parse(const char *name, const char *text, const char *const *names,
                                              size_t columns, qn_formula **out);
/** The same for the columns of a file: names and numbers (c0, c1, ...) are those in the file, and naming a column that
 *  was left out is an error. Values are taken from rows of `array`. */
QN_API QN_MUST_USE qn_status qn_formula_parse_columns(const char *name, const char *text, const qn_array *array,
                                                      const qn_array_skipped *skipped, qn_formula **out);
QN_API void qn_formula_free(qn_formula *formula);
/** Value at one row of as many numbers as there were names. May be NaN or infinite, as log(0) is. */
QN_API double qn_formula_value(const qn_formula *formula, const double *row);
/** Whether its value depends on a column by name. */
QN_API bool qn_formula_uses(const qn_formula *formula, size_t column);
/** How many comparisons (== != < <= > >=) it makes. */
QN_API size_t qn_formula_comparisons(const qn_formula *formula);

QN_END_DECLS
#endif
