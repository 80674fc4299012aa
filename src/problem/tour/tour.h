/* tour.h: solvers of round tours, and what they share. */
#ifndef QN_PROBLEM_TOUR_H
#define QN_PROBLEM_TOUR_H

#include <quern/optimize.h>

#include "base/status.h"

typedef struct qn__tour_input {
    qn_context *context;
    uint32_t n;
    const double *d; /* n x n */
    const qn_optimize_options *options;
    double started;
} qn__tour_input;

QN_MUST_USE qn_status qn__tour_held_karp(const qn__tour_input *input, qn_tour_result **out);
QN_MUST_USE qn_status qn__tour_branch(const qn__tour_input *input, qn_tour_result **out);
QN_MUST_USE qn_status qn__tour_two_opt(const qn__tour_input *input, qn_tour_result **out);

QN_MUST_USE qn_status qn__tour_result_create(uint32_t nodes, size_t trace, qn_tour_result **out);
/* Length of a closed tour. */
double qn__tour_length(const double *d, uint32_t n, const uint32_t *tour);
/* Turn it so that it starts at node 0 and its second node is below its last. */
void qn__tour_normalise(uint32_t n, uint32_t *tour);
/* 2-opt and Or-opt until neither helps; `position` has room for n. */
void qn__tour_improve(const double *d, uint32_t n, uint32_t *tour);
/* True once time is over or Ctrl-C was pressed. */
bool qn__tour_over(const qn__tour_input *input);

enum { QN__HELD_KARP_NODES = 20 };

#endif
