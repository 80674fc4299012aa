/* lp.h: an LP file while it is read. */
#ifndef QN_FORMAT_INSTANCE_LP_H
#define QN_FORMAT_INSTANCE_LP_H

#include "format/instance/scan.h"

typedef enum qn__lp_section {
    QN__LP_NONE,
    QN__LP_MINIMISE,
    QN__LP_MAXIMISE,
    QN__LP_CONSTRAINTS,
    QN__LP_BOUNDS,
    QN__LP_BINARY,
    QN__LP_GENERAL,
    QN__LP_END,
    QN__LP_REFUSED /* semi-continuous, SOS and the like */
} qn__lp_section;

typedef struct qn__lp_term {
    uint32_t variable;
    double coefficient;
} qn__lp_term;

typedef struct qn__lp_row {
    size_t first, count; /* in terms */
    qn_relation relation;
    double right;
    uint32_t name; /* UINT32_MAX: none */
} qn__lp_row;

typedef struct qn__lp {
    qn__cursor cursor;
    qn__names variables, row_names;
    struct qn__lp_variable {
        double low, high;
        size_t seen; /* where it first stands */
        bool integer, binary, bounded;
    } * about;
    size_t about_capacity;
    bool maximise;
    double constant;
    qn__lp_term *terms; /* of the objective first, then of the rows */
    size_t nterms, term_capacity, objective_terms;
    qn__entries quadratic;
    qn__lp_row *rows;
    size_t nrows, row_capacity;
} qn__lp;

/* The section whose keyword stands at the cursor (which moves behind it), QN__LP_NONE when none does. */
qn__lp_section qn__lp_keyword(qn__cursor *cursor);
/* Skips blanks, line ends and comments; true when something is left before the next section. */
bool qn__lp_more(qn__lp *lp);
bool qn__lp_is_name(const qn__cursor *cursor);
/* The variable whose name stands here; a new one where it is the first time. */
QN_MUST_USE qn_status qn__lp_variable_here(qn__lp *lp, uint32_t *variable);
/* A name followed by ':', if one stands here. */
QN_MUST_USE qn_status qn__lp_label(qn__lp *lp, uint32_t *name);
/* Appends a sum of terms; constants are added to *constant. An objective may hold [ … ] / 2; what stands right of a
 * relation ends with its line. */
typedef enum qn__lp_side { QN__LP_OBJECTIVE, QN__LP_LEFT, QN__LP_RIGHT } qn__lp_side;
QN_MUST_USE qn_status qn__lp_sum(qn__lp *lp, double sign, qn__lp_side side, double *constant);
/* <, <=, =<, =, >=, =>, >; fails when there is none. */
QN_MUST_USE qn_status qn__lp_relation(qn__lp *lp, qn_relation *relation);
bool qn__lp_relation_follows(const qn__lp *lp);

#endif
