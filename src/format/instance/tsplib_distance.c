/* tsplib_distance.c: distances of TSPLIB: from coordinates by its own roundings, or as listed. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "format/instance/tsplib.h"

/* A column of one triangle is a row of the other. */
static const qn__matrix_form forms[] = {
    {"FULL_MATRIX", true, false, true},     {"UPPER_ROW", false, true, false},
    {"LOWER_ROW", false, false, false},     {"UPPER_DIAG_ROW", false, true, true},
    {"LOWER_DIAG_ROW", false, false, true}, {"UPPER_COL", false, false, false},
    {"LOWER_COL", false, true, false},      {"UPPER_DIAG_COL", false, false, true},
    {"LOWER_DIAG_COL", false, true, true},
};

const qn__matrix_form *qn__tsplib_form(const char *text, size_t length)
{
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        if (strlen(forms[k].name) == length && memcmp(forms[k].name, text, length) == 0) {
            return &forms[k];
        }
    }
    return NULL;
}

static double radians(double degrees_minutes)
{
    const double pi = 3.141592; /* TSPLIB's own constant; results were published with it */
    const double degrees = trunc(degrees_minutes);
    return pi * (degrees + 5 * (degrees_minutes - degrees) / 3) / 180;
}

static double geographical(double latitude, double longitude, double other_latitude, double other_longitude)
{
    const double radius = 6378.388;
    const double q1 = cos(radians(longitude) - radians(other_longitude));
    const double q2 = cos(radians(latitude) - radians(other_latitude));
    const double q3 = cos(radians(latitude) + radians(other_latitude));
    const double cosine = 0.5 * ((1 + q1) * q2 - (1 - q1) * q3);
    return trunc(radius * acos(fmax(-1, fmin(1, cosine))) + 1);
}

static double measure(qn__weights weights, double dx, double dy)
{
    switch (weights) {
    case QN__WEIGHTS_EUC_2D:
        return floor(hypot(dx, dy) + 0.5);
    case QN__WEIGHTS_CEIL_2D:
        return ceil(hypot(dx, dy));
    case QN__WEIGHTS_MAX_2D:
        return fmax(floor(fabs(dx) + 0.5), floor(fabs(dy) + 0.5));
    case QN__WEIGHTS_MAN_2D:
        return floor(fabs(dx) + fabs(dy) + 0.5);
    default: { /* ATT: pseudo-Euclidean, rounded up */
        const double r = sqrt((dx * dx + dy * dy) / 10), t = floor(r + 0.5);
        return t < r ? t + 1 : t;
    }
    }
}

static qn_status make_room(qn__tsplib *t)
{
    t->distance = qn__calloc((size_t)(t->nodes * t->nodes), sizeof *t->distance);
    QN_ALLOC_CHECK(t->distance);
    return QN_OK;
}

qn_status qn__tsplib_measure(qn__tsplib *t)
{
    QN_TRY(make_room(t));
    const size_t n = (size_t)t->nodes;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            const double d = t->weights == QN__WEIGHTS_GEO ? geographical(t->x[i], t->y[i], t->x[j], t->y[j])
                                                           : measure(t->weights, t->x[i] - t->x[j], t->y[i] - t->y[j]);
            t->distance[i * n + j] = t->distance[j * n + i] = d;
        }
        if (!isfinite(i > 0 ? t->distance[i * n] : 0)) {
            return QN_PARSE_FAIL(t->cursor.source, t->where_weights, "the distance of nodes 1 and %zu is too large",
                                 i + 1);
        }
    }
    return QN_OK;
}

static qn_status read_cell(qn__tsplib *t, size_t i, size_t j, double *value, size_t *at)
{
    if (!qn__scan_word(&t->cursor)) {
        return QN_PARSE_FAIL(t->cursor.source, t->cursor.at,
                             "the file ends before the distance of nodes %zu and %zu (%s of %zu nodes)", i + 1, j + 1,
                             t->form->name, (size_t)t->nodes);
    }
    *at = t->cursor.at;
    return qn__scan_number(&t->cursor, "a distance", value);
}

qn_status qn__tsplib_matrix(qn__tsplib *t)
{
    const size_t n = (size_t)t->nodes;
    const qn__matrix_form form = *t->form;
    /* n^2 / 2 numbers take at least n^2 bytes: a short file does not get a large matrix */
    const uint64_t cells = form.full ? t->nodes * t->nodes : t->nodes * (t->nodes - 1) / 2;
    if (cells > t->cursor.end - t->cursor.at) {
        return QN_PARSE_FAIL(t->cursor.source, t->cursor.at,
                             "%llu distances are needed for %zu nodes (%s), more than the rest of the file can hold",
                             (unsigned long long)cells, n, form.name);
    }
    QN_TRY(make_room(t));
    for (size_t i = 0; i < n; i++) {
        const size_t first = form.full ? 0 : form.upper ? i + (form.diagonal ? 0 : 1) : 0;
        const size_t end = form.full || form.upper ? n : i + (form.diagonal ? 1 : 0);
        for (size_t j = first; j < end; j++) {
            double value = 0;
            size_t at = 0;
            QN_TRY(read_cell(t, i, j, &value, &at));
            if (i == j) {
                continue; /* what it costs to stay is nobody's edge */
            }
            if (form.full && j < i && t->distance[j * n + i] != value) {
                return QN_PARSE_FAIL(t->cursor.source, at,
                                     "the matrix is not symmetric: %g from node %zu to %zu, but %g back; "
                                     "asymmetric distances are not supported",
                                     value, i + 1, j + 1, t->distance[j * n + i]);
            }
            t->distance[i * n + j] = t->distance[j * n + i] = value;
        }
    }
    return QN_OK;
}
