/* moves.h: moves of several bits that keep the number of ones of every group (qn_qubo_group).
 *
 * A single flip leaves such a group and must climb its penalty first. A shift flips a member that is 1 and one that is
 * 0; an exchange lets two one-hot groups of the same size swap their members' places, which is what keeps a permutation
 * one: rows are groups, and the columns' sums stay as they are. */
#ifndef QN_PROBLEM_MOVES_H
#define QN_PROBLEM_MOVES_H

#include "problem/solver/walker.h"

/* Of one quadratic model; immutable. */
typedef struct qn__moves {
    const qn_qubo *qubo;
    uint32_t *order; /* one-hot groups, those of one size next to each other */
    uint32_t *first; /* in `order`: where the groups of the size of group g begin; its own place; where they end */
    uint32_t *place, *end;
} qn__moves;

/* Errors: QN_ERR_MEMORY. Without groups everything is NULL and there are no moves. */
QN_MUST_USE qn_status qn__moves_create(qn_cost cost, qn__moves *out);
void qn__moves_release(qn__moves *moves);

/* At most four bits that flip together, and what that changes. */
typedef struct qn__move {
    uint32_t bits[4], count;
    double change;
} qn__move;
/* E after the flips minus E before: sum_i d_i + sum_{i<j} b_ij u_i u_j, u = 1 - 2x. */
void qn__move_price(const qn__walker *walker, qn__move *move);
void qn__move_make(qn__walker *walker, const qn__move *move);

/* The members at which two one-hot groups of one size are 1 change hands; false where they are at the same place, or
 * not one-hot now. */
bool qn__moves_exchange(const qn__moves *moves, const qn__walker *walker, uint32_t g, uint32_t h, qn__move *out);
/* Metropolis: for every group a random shift for each one that can move, and one random exchange where it has partners;
 * flips are returned. */
uint64_t qn__moves_sweep(const qn__moves *moves, qn__walker *walker, qn__draws *draws, double temperature);

/* A random state whose groups have their sums; fair coins elsewhere. */
void qn__guess(qn_cost cost, uint8_t *x, qn__draws *draws);
/* The scales of what a walk changes: qn__cost_scales, but with groups `hot` is the root mean square of moves from
 * random states that keep the sums (so the penalties that hold them do not count), or of flips outside of groups if
 * that is more, and `cold` at most their 5 % quantile. Errors: QN_ERR_MEMORY. */
QN_MUST_USE qn_status qn__moves_scales(qn_cost cost, uint64_t seed, double *hot, double *cold);

#endif
