/* tsplib.h: a TSPLIB file while it is read (G. Reinelt, TSPLIB 95, Universitaet Heidelberg). */
#ifndef QN_FORMAT_INSTANCE_TSPLIB_H
#define QN_FORMAT_INSTANCE_TSPLIB_H

#include "format/instance/scan.h"

typedef enum qn__weights {
    QN__WEIGHTS_NONE,
    QN__WEIGHTS_EXPLICIT,
    QN__WEIGHTS_EUC_2D,
    QN__WEIGHTS_MAX_2D,
    QN__WEIGHTS_MAN_2D,
    QN__WEIGHTS_CEIL_2D,
    QN__WEIGHTS_GEO,
    QN__WEIGHTS_ATT
} qn__weights;

/* How a list of numbers fills the matrix: row by row or column by column, which triangle, with the diagonal or not. */
typedef struct qn__matrix_form {
    const char *name;
    bool full, upper, diagonal;
} qn__matrix_form;

typedef struct qn__tsplib {
    qn__cursor cursor;
    bool routing; /* CVRP */
    uint64_t nodes;
    qn__weights weights;
    const qn__matrix_form *form;
    bool has_capacity, has_display;
    double capacity;
    size_t where_weights, where_matrix, where_type;
    double *x, *y, *display_x, *display_y, *demand; /* nodes each, once their section was read */
    double *distance;
    uint64_t depot;
    bool has_depot;
    char *name;
} qn__tsplib;

/* Fills `distance` from coordinates by the rounding of the weight type. */
QN_MUST_USE qn_status qn__tsplib_measure(qn__tsplib *t);
/* Reads EDGE_WEIGHT_SECTION. */
QN_MUST_USE qn_status qn__tsplib_matrix(qn__tsplib *t);
const qn__matrix_form *qn__tsplib_form(const char *text, size_t length);

enum { QN__MOST_PLACES = 8192 }; /* their distances take 512 MiB */

#endif
