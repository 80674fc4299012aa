/* solve.h: what the methods of qn_qaoa_solve share. */
#ifndef QN_ALGORITHM_QAOA_SOLVE_H
#define QN_ALGORITHM_QAOA_SOLVE_H

#include <quern/optimize.h>
#include <quern/optimizer.h>
#include <quern/qaoa.h>

#include "algorithm/journal.h"

typedef struct qn__solve {
    qn_context *context;
    qn_cost cost;
    qn_qaoa_solve_options options; /* defaults filled in */
    qn_qaoa_solution *solution;    /* all NaN and empty at first; a method fills x and what it knows */
    qn__journal *journal;          /* of one lane */
    double asked, earlier;         /* when the journal was last asked; seconds of the answers that it had */
    double started, reported;
} qn__solve;

void qn__solve_note(qn_qaoa_solution *solution, const char *format, ...) QN_PRINTF(2, 3);
/* Room for the history of so many layers. */
QN_MUST_USE qn_status qn__solve_history(qn_qaoa_solution *solution, uint32_t layers);
QN_MUST_USE qn_status qn__solve_angles(qn_qaoa_solution *solution, size_t count, const double *angles);
/* Take measured states (of at most 63 variables): the best one, the mean; beside them as many uniform guesses. */
QN_MUST_USE qn_status qn__solve_take_shots(qn__solve *s, const uint64_t *states);
/* The last state of a QAOA object: expectation, histogram, success, shots. */
QN_MUST_USE qn_status qn__solve_measure(qn__solve *s, qn_qaoa *qaoa, uint32_t layers, const double *angles);
/* Minimise with the chosen optimizer; counts evaluations. */
QN_MUST_USE qn_status qn__solve_minimize(qn__solve *s, const char *stage, qn_objective *objective, double *x,
                                         double *value);

/* qn_spectrum_create by way of the journal. */
QN_MUST_USE qn_status qn__solve_spectrum(qn__solve *s, qn_spectrum **out);
/* Shots from a distribution over the classes of a spectrum; x becomes a state of the best class drawn. */
QN_MUST_USE qn_status qn__spectrum_measure(qn__solve *s, const qn_spectrum *spectrum, const double *probability);

/* One function a method. */
QN_MUST_USE qn_status qn__solve_standard(qn__solve *s);
QN_MUST_USE qn_status qn__solve_recursive(qn__solve *s);
QN_MUST_USE qn_status qn__solve_multi(qn__solve *s);
QN_MUST_USE qn_status qn__solve_warm(qn__solve *s);
QN_MUST_USE qn_status qn__solve_xy(qn__solve *s);
QN_MUST_USE qn_status qn__solve_grover(qn__solve *s);
QN_MUST_USE qn_status qn__solve_falqon(qn__solve *s);
QN_MUST_USE qn_status qn__solve_adaptive(qn__solve *s);
QN_MUST_USE qn_status qn__solve_dqi(qn__solve *s);

#endif
