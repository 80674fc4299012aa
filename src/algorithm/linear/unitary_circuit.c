/* unitary_circuit.c: any small unitary as multi-controlled gates, and Halmos' dilation: test oracles.
 *
 * Two-level rotations turn column after column into a unit vector (Reck et al., PRL 73, 58 (1994)). One that joins
 * basis states c < r is brought to states that differ in one bit t, set in r and not in c, by CX from t to the other
 * bits in which they differ; then it is a gate on t controlled by all others. */
#include <math.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "math/linalg.h"

enum { MOST_QUBITS = 8 };

typedef struct rotation {
    uint32_t low, high; /* basis states */
    qn_complex a, b;    /* [[a, -b*], [b, a*]], |a|^2 + |b|^2 = 1 */
} rotation;

static inline qn_complex times(qn_complex x, qn_complex y)
{
    return (qn_complex){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

static inline qn_complex conjugate(qn_complex x)
{
    return (qn_complex){x.re, -x.im};
}

/* Rotates rows low and high of u by the inverse, from column `first` on. */
static void undo(qn_complex *u, size_t n, size_t first, const rotation *r)
{
    for (size_t c = first; c < n; c++) {
        const qn_complex x = u[r->low * n + c], y = u[r->high * n + c];
        const qn_complex p = times(conjugate(r->a), x), q = times(conjugate(r->b), y);
        const qn_complex s = times(r->b, x), t = times(r->a, y);
        u[r->low * n + c] = (qn_complex){p.re + q.re, p.im + q.im};
        u[r->high * n + c] = (qn_complex){t.re - s.re, t.im - s.im};
    }
}

static size_t eliminate(qn_complex *u, size_t n, size_t columns, rotation *out)
{
    size_t count = 0;
    for (size_t c = 0; c < columns && c + 1 < n; c++) {
        for (size_t r = n - 1; r > c; r--) {
            const qn_complex x = u[c * n + c], y = u[r * n + c];
            const double size = sqrt(x.re * x.re + x.im * x.im + y.re * y.re + y.im * y.im);
            /* the last one also makes the diagonal positive */
            const bool idle = hypot(y.re, y.im) <= 1e-300 && (r > c + 1 || (fabs(x.im) <= 0 && x.re > 0));
            if (idle || !(size > 0)) {
                continue;
            }
            const rotation g = {(uint32_t)c, (uint32_t)r, {x.re / size, x.im / size}, {y.re / size, y.im / size}};
            undo(u, n, c, &g);
            out[count++] = g;
        }
    }
    return count;
}

static qn_status append_flips(qn_circuit *circuit, uint32_t t, uint32_t others)
{
    for (uint32_t d = 0; others >> d != 0; d++) {
        if ((others >> d & 1) != 0) {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_CX, (uint32_t[]){t, d}, 2, NULL, 0));
        }
    }
    return QN_OK;
}

static qn_status append_rotation(qn_circuit *circuit, uint32_t n, const rotation *g)
{
    uint32_t t = 31, controls[MOST_QUBITS], count = 0;
    const uint32_t differ = g->low ^ g->high;
    while ((differ >> t & 1) == 0) {
        t--; /* the highest bit in which they differ is set in the larger */
    }
    uint64_t fires = 0;
    for (uint32_t q = 0; q < n; q++) {
        if (q != t) {
            fires |= (uint64_t)(g->low >> q & 1) << count;
            controls[count++] = q;
        }
    }
    const double size = atan2(hypot(g->b.re, g->b.im), hypot(g->a.re, g->a.im));
    const double alpha = atan2(g->a.im, g->a.re), beta = atan2(g->b.im, g->b.re);
    const qn_param angles[4] = {QN_PARAM(2 * size), QN_PARAM(beta - alpha), QN_PARAM(-beta - alpha), QN_PARAM(alpha)};
    QN_TRY(append_flips(circuit, t, differ & ~(1u << t)));
    QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_UPHASE, controls, count, fires, &t, 1, angles, 4));
    return append_flips(circuit, t, differ & ~(1u << t));
}

static qn_status check_unitary(const qn_complex *u, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double re = 0, im = 0;
            for (size_t k = 0; k < n; k++) {
                const qn_complex p = times(u[i * n + k], conjugate(u[j * n + k]));
                re += p.re;
                im += p.im;
            }
            QN_CHECK(fabs(re - (i == j ? 1 : 0)) <= 1e-9 && fabs(im) <= 1e-9, ERR_ARGUMENT,
                     "the matrix is not unitary: rows %zu and %zu have product %g%+gi", i, j, re, im);
        }
    }
    return QN_OK;
}

/* What is left of the last column is a phase of the highest basis state. */
static qn_status append_phase(qn_circuit *circuit, uint32_t n, qn_complex last)
{
    const qn_param phase = QN_PARAM(atan2(last.im, last.re));
    uint32_t controls[MOST_QUBITS];
    for (uint32_t q = 0; q + 1 < n; q++) {
        controls[q] = q;
    }
    const uint32_t target = n - 1;
    return qn_circuit_append_controlled(circuit, QN_GATE_P, controls, n - 1, (UINT64_C(1) << (n - 1)) - 1, &target, 1,
                                        &phase, 1);
}

qn_status qn_unitary_circuit(uint32_t nqubits, const qn_complex *matrix, uint64_t columns, qn_circuit **out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the circuit are needed");
    QN_CHECK(nqubits >= 1 && nqubits <= MOST_QUBITS, ERR_RANGE, "%u qubits; expected 1 to %d", nqubits,
             (int)MOST_QUBITS);
    const size_t n = (size_t)1 << nqubits;
    const bool whole = columns >= n;
    if (whole) {
        QN_TRY(check_unitary(matrix, n));
    }
    qn_complex *u = qn__alloc(n * n, sizeof *u);
    rotation *rotations = qn__alloc(n * n / 2, sizeof *rotations);
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    if (u == NULL || rotations == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    memcpy(u, matrix, n * n * sizeof *u);
    const size_t count = eliminate(u, n, whole ? n : (size_t)columns, rotations);
    QN_TRY_CLEANUP(qn_circuit_create(nqubits, &circuit));
    if (whole) {
        QN_TRY_CLEANUP(append_phase(circuit, nqubits, u[n * n - 1]));
    }
    for (size_t k = count; k-- > 0;) {
        QN_TRY_CLEANUP(append_rotation(circuit, nqubits, &rotations[k]));
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn__free(u);
    qn__free(rotations);
    qn_circuit_free(circuit);
    return status;
}

/* From the eigenvectors v_j = (w_j, u_j) of H = [[0, A], [A^H, 0]], whose diagonal blocks of sqrt(1 - H^2) are the
 * square roots wanted; A is put together from the same vectors, so that the result is unitary to rounding. */
qn_status qn_halmos_circuit(uint32_t nqubits, const qn_complex *matrix, qn_circuit **out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the circuit are needed");
    QN_CHECK(nqubits >= 1 && nqubits < MOST_QUBITS, ERR_RANGE, "%u qubits; expected 1 to %d", nqubits,
             (int)MOST_QUBITS - 1);
    const size_t n = (size_t)1 << nqubits, m = 2 * n;
    qn_complex *h = qn__calloc(2 * m * m, sizeof *h);
    double *lambda = qn__alloc(m, sizeof *lambda);
    void *scratch = qn__alloc((size_t)qn__linalg_scratch(m, true), 1);
    qn_status status = QN_OK;
    if (h == NULL || lambda == NULL || scratch == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    qn_complex *const u = h + m * m;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            h[(n + j) + m * i] = conjugate(matrix[i * n + j]); /* A^H: row n + j, column i, by columns */
        }
    }
    QN_TRY_CLEANUP(qn__linalg_hermitian_eigen(m, h, lambda, scratch));
    for (size_t k = 0; k < m; k++) {
        const double x = fmax(-1, fmin(1, lambda[k])), root = sqrt((1 - x) * (1 + x));
        if (fabs(lambda[k]) > 1 + 1e-9) {
            status = QN_FAIL(ERR_RANGE, "the matrix has norm %.6g; at most 1 can be dilated", fabs(lambda[k]));
            goto cleanup;
        }
        for (size_t i = 0; i < m; i++) {
            for (size_t j = 0; j < m; j++) {
                const qn_complex p = times(h[i + m * k], conjugate(h[j + m * k]));
                const double factor = (i < n) == (j < n) ? root : x;
                /* rows and columns: [[A, root], [root, -A^H]] from H's [[root, A], [A^H, root]] */
                const size_t column = j < n ? j + n : j - n;
                const double sign = i >= n && j < n ? -1 : 1;
                u[i * m + column].re += sign * factor * p.re;
                u[i * m + column].im += sign * factor * p.im;
            }
        }
    }
    QN_TRY_CLEANUP(qn_unitary_circuit(nqubits + 1, u, m, out));
cleanup:
    qn__free(h);
    qn__free(lambda);
    qn__free(scratch);
    return status;
}
