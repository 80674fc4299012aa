/* answers.h: what a QAOA run asks of its states, by way of the journal: a resumed run has the first answers already. */
#ifndef QN_ALGORITHM_QAOA_ANSWERS_H
#define QN_ALGORITHM_QAOA_ANSWERS_H

#include "algorithm/journal.h"
#include "algorithm/qaoa/solve.h"

/* Of all that decides what is asked and answered; not of the shots, which are drawn afresh. */
uint64_t qn__solve_fingerprint(const qn__solve *s);

/* The next answer to what these bytes ask, if it is logged; counted in the solution. The head of an entry begins with a
 * double, the seconds that the answer took: `remember` writes it, since `recall` said that there is none; `recall` adds
 * it to the time of the run, so that a resumed run does not look quicker than it is. */
QN_MUST_USE qn_status qn__solve_recall(qn__solve *s, const void *question, size_t bytes, const qn__journal_entry *entry,
                                       bool *found);
QN_MUST_USE qn_status qn__solve_remember(qn__solve *s, const void *question, size_t bytes,
                                         const qn__journal_entry *entry);

/* qn_minimize, with an objective that asks the journal first. */
QN_MUST_USE qn_status qn__solve_minimize_logged(qn__solve *s, const qn_objective *objective,
                                                const qn_optimizer_options *options, double *x,
                                                qn_optimizer_result *result);
/* qn_qaoa_run_rows without slopes, all rows as one answer. */
QN_MUST_USE qn_status qn__solve_rows(qn__solve *s, qn_qaoa *qaoa, uint32_t layers, size_t rows, const double *angles,
                                     double *values);

#endif
