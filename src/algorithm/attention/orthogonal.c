/* orthogonal.c: pyramids of beam splitters, which are orthogonal matrices on states of one excitation, and the loader
 * of such states. */
#include <math.h>

#include <quern/attention.h>

#include "base/alloc.h"
#include "base/status.h"

static const double orthogonal_within = 1e-9;
enum { MOST_WIRES = 8192 };

size_t qn_rbs_count(size_t n)
{
    return n < 2 ? 0 : n * (n - 1) / 2;
}

static void turn(double angle, double *a, double *b)
{
    const double c = cos(angle), s = sin(angle), x = *a, y = *b;
    *a = c * x + s * y;
    *b = c * y - s * x;
}

static qn_status check_orthogonal(size_t n, const double *m)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i; j < n; j++) {
            double dot = 0;
            for (size_t k = 0; k < n; k++) {
                dot += m[k * n + i] * m[k * n + j];
            }
            QN_CHECK(fabs(dot - (i == j ? 1 : 0)) <= orthogonal_within, ERR_ARGUMENT,
                     "columns %zu and %zu of the matrix have the product %g: it is not orthogonal", i, j, dot);
        }
    }
    return QN_OK;
}

/* Turns of neighbouring rows that clear column after column from below make M diagonal: G_last .. G_1 M = D, so that M
 * = G_1^T .. G_last^T D. Gate k of the layer, applied first to last, is therefore the k-th from the end, turned back.
 */
qn_status qn_rbs_angles(size_t n, const double *matrix, double *angles, double *last_sign)
{
    QN_CHECK(n >= 1 && n <= MOST_WIRES && matrix != NULL && last_sign != NULL && (angles != NULL || n == 1),
             ERR_ARGUMENT, "a matrix of 1 to %d rows, and places for angles and sign", (int)MOST_WIRES);
    QN_TRY(check_orthogonal(n, matrix));
    double *const m = qn__alloc(n * n, sizeof *m);
    QN_ALLOC_CHECK(m);
    for (size_t k = 0; k < n * n; k++) {
        m[k] = matrix[k];
    }
    size_t at = qn_rbs_count(n);
    for (size_t column = 0; column + 1 < n; column++) {
        for (size_t row = n - 1; row > column; row--) {
            double *const upper = m + (row - 1) * n, *const lower = m + row * n;
            const double angle = atan2(lower[column], upper[column]);
            for (size_t k = column; k < n; k++) {
                turn(angle, &upper[k], &lower[k]);
            }
            angles[--at] = -angle;
        }
    }
    *last_sign = m[n * n - 1] < 0 ? -1 : 1;
    qn__free(m);
    return QN_OK;
}

/* Calls visit(user, wire, angle) for every gate from first to last. */
static qn_status walk(size_t n, const double *angles, qn_status (*visit)(void *user, size_t wire, double angle),
                      void *user)
{
    size_t at = 0;
    for (size_t column = n < 2 ? 0 : n - 1; column-- > 0;) {
        for (size_t row = column + 1; row < n; row++) {
            QN_TRY(visit(user, row - 1, angles[at++]));
        }
    }
    return QN_OK;
}

static qn_status apply_gate(void *user, size_t wire, double angle)
{
    double *const x = user;
    turn(angle, &x[wire], &x[wire + 1]);
    return QN_OK;
}

void qn_rbs_apply(size_t n, const double *angles, double last_sign, double *x)
{
    if (n > 0 && last_sign < 0) {
        x[n - 1] = -x[n - 1];
    }
    (void)walk(n, angles, apply_gate, x);
}

/* On |01>, |10> of wires (i, i + 1) the gate givens(t) is [[c, -s], [s, c]] with wire i in front: turn(-t). */
static qn_status append_gate(void *user, size_t wire, double angle)
{
    const qn_param minus = QN_PARAM(-angle);
    return qn_circuit_append(user, QN_GATE_GIVENS, (uint32_t[]){(uint32_t)wire, (uint32_t)wire + 1}, 2, &minus, 1);
}

qn_status qn_rbs_circuit(size_t n, const double *angles, double last_sign, qn_circuit **out)
{
    QN_CHECK(n >= 1 && n <= MOST_WIRES && out != NULL && (angles != NULL || n == 1), ERR_ARGUMENT,
             "1 to %d wires, angles and a place for the circuit", (int)MOST_WIRES);
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create((uint32_t)n, &circuit));
    qn_status status = QN_OK;
    if (last_sign < 0) {
        const uint32_t last = (uint32_t)n - 1;
        status = qn_circuit_append(circuit, QN_GATE_Z, &last, 1, NULL, 0);
    }
    status = status == QN_OK ? walk(n, angles, append_gate, circuit) : status;
    if (status == QN_OK) {
        *out = circuit;
    } else {
        qn_circuit_free(circuit);
    }
    return status;
}

qn_status qn_unary_angles(size_t n, const double *x, double *angles)
{
    QN_CHECK(n >= 1 && n <= MOST_WIRES && x != NULL && (angles != NULL || n == 1), ERR_ARGUMENT,
             "1 to %d numbers and a place for the angles", (int)MOST_WIRES);
    double rest = 0;
    for (size_t i = n; i-- > 0;) {
        QN_CHECK(isfinite(x[i]), ERR_NAN, "number %zu is %g", i, x[i]);
        rest = hypot(rest, x[i]);
    }
    QN_CHECK(rest > 0, ERR_ARGUMENT, "the zero vector is no state");
    rest = n > 1 ? fabs(x[n - 1]) : 0;
    for (size_t i = n - 1; i-- > 0;) {
        const bool last = i + 2 == n;
        angles[i] = atan2(last ? x[n - 1] : rest, x[i]);
        rest = hypot(rest, x[i]);
    }
    return QN_OK;
}

qn_status qn_unary_circuit(size_t n, const double *x, qn_circuit **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the circuit");
    double *const angles = qn__alloc(n, sizeof *angles);
    QN_ALLOC_CHECK(angles);
    qn_circuit *circuit = NULL;
    qn_status status = qn_unary_angles(n, x, angles);
    status = status == QN_OK ? qn_circuit_create((uint32_t)n, &circuit) : status;
    const uint32_t first = 0;
    status = status == QN_OK ? qn_circuit_append(circuit, QN_GATE_X, &first, 1, NULL, 0) : status;
    for (size_t i = 0; status == QN_OK && i + 1 < n; i++) {
        status = append_gate(circuit, i, -angles[i]); /* (r, 0) becomes (r cos a, r sin a) */
    }
    if (status == QN_OK && n == 1 && x[0] < 0) {
        status = qn_circuit_append(circuit, QN_GATE_Z, &first, 1, NULL, 0);
    }
    qn__free(angles);
    if (status == QN_OK) {
        *out = circuit;
    } else {
        qn_circuit_free(circuit);
    }
    return status;
}
