/* synthesis.c: quantum Shannon decomposition (Shende, Bullock, Markov, quant-ph/0406176), with both optimisations of
 * its appendix: the last CZ of the middle rotation goes into the block behind it, and two-qubit blocks but the last are
 * made up to a diagonal, which the next block takes over. */
#include "load/synthesis.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "circuit/passes/two_qubit.h"
#include "load/lookup.h"
#include "load/multiplexed.h"
#include "math/factorize.h"

typedef struct shannon {
    qn_circuit *circuit;
    const uint32_t *qubits;
    uint64_t blocks;        /* two-qubit blocks still to come */
    qn_complex diagonal[4]; /* what the next block takes over */
} shannon;

/* Two-qubit blocks of m >= 2 qubits. */
static uint64_t blocks_of(uint32_t m, bool half)
{
    uint64_t whole = 1;
    for (uint32_t i = 2; i + 1 < m; i++) {
        whole *= 4;
    }
    return m == 2 ? 1 : half ? 3 * whole : 4 * whole;
}

uint64_t qn__synthesis_cnots(uint32_t m, bool half)
{
    if (m < 2) {
        return 0;
    }
    if (m == 2) {
        return half ? 2 : 3;
    }
    const uint64_t h = UINT64_C(1) << (m - 1); /* CNOTs of one rotation multiplexed by m - 1 qubits */
    /* Blocks recur; all but the last two-qubit one take 2 instead of 3. */
    uint64_t rotations = half ? 2 * h - 1 : 3 * h - 1, copies = half ? 3 : 4;
    uint64_t total = rotations;
    for (uint32_t k = m - 1; k > 2; k--, copies *= 4) {
        total += copies * (3 * (UINT64_C(1) << (k - 1)) - 1);
    }
    return total + 2 * blocks_of(m, half) + 1;
}

static double complex value(qn_complex a)
{
    return a.re + (double complex)I * a.im;
}

static qn_complex pair(double complex a)
{
    return (qn_complex){creal(a), cimag(a)};
}

static double complex determinant4(const qn_complex *column_major)
{
    double complex a[4][4], result = 1;
    for (int i = 0; i < 16; i++) {
        a[i % 4][i / 4] = value(column_major[i]);
    }
    for (int k = 0; k < 4; k++) {
        int best = k;
        for (int i = k + 1; i < 4; i++) {
            best = cabs(a[i][k]) > cabs(a[best][k]) ? i : best;
        }
        for (int j = 0; j < 4 && best != k; j++) {
            const double complex kept = a[k][j];
            a[k][j] = a[best][j];
            a[best][j] = kept;
        }
        result *= (best != k ? -1 : 1) * a[k][k];
        for (int i = k + 1; i < 4; i++) {
            const double complex factor = a[i][k] / a[k][k];
            for (int j = k; j < 4; j++) {
                a[i][j] -= factor * a[k][j];
            }
        }
    }
    return result;
}

/* Entry (i, j) of V E V^T, or of V^T E V, for E = Y x Y. */
static double complex magic(const qn_complex *v, int i, int j, bool transposed)
{
    static const double sign[4] = {-1, 1, 1, -1};
    double complex sum = 0;
    for (int k = 0; k < 4; k++) {
        const double complex a = value(transposed ? v[k + 4 * i] : v[i + 4 * k]);
        const double complex b = value(transposed ? v[3 - k + 4 * j] : v[j + 4 * (3 - k)]);
        sum += sign[k] * a * b;
    }
    return sum;
}

/* V in SU(4) takes two CNOTs exactly when tr(V E V^T E) is real (Shende, Bullock, Markov, quant-ph/0308033). With a
 * diagonal D = diag(a, 1/a, 1/a, a), a = exp(-i angle / 2), in front: the angle for which D V does. */
static double angle_in_front(const qn_complex *v, double complex phase)
{
    const double complex m03 = magic(v, 0, 3, false) * phase * phase, m12 = magic(v, 1, 2, false) * phase * phase;
    return atan2(cimag(m03) - cimag(m12), creal(m03) + creal(m12));
}

/* The same for V D with D = diag(1, 1, 1/a, a), a = exp(i angle): columns 2 and 3 are free. */
static double angle_behind(const qn_complex *v, double complex phase)
{
    const double complex k03 = magic(v, 0, 3, true) * phase * phase, k12 = magic(v, 1, 2, true) * phase * phase;
    return atan2(cimag(k12) - cimag(k03), creal(k03) + creal(k12));
}

static qn_status append_local(qn_circuit *circuit, uint32_t qubit, const qn_complex *matrix)
{
    return qn_circuit_append_unitary(circuit, &qubit, 1, matrix);
}

/* A 4 x 4 unitary as its CNOTs and one-qubit gates. */
static qn_status append_block(qn_circuit *circuit, const uint32_t *qubits, const qn_complex *column_major)
{
    qn_complex rows[16];
    qn__two_qubit d;
    for (int i = 0; i < 16; i++) {
        rows[i] = column_major[i / 4 + 4 * (i % 4)];
    }
    QN_TRY(qn__two_qubit_decompose(rows, &d));
    for (uint32_t k = 0; k <= d.ncx; k++) {
        QN_TRY(append_local(circuit, qubits[0], d.local[k][0]));
        QN_TRY(append_local(circuit, qubits[1], d.local[k][1]));
        if (k < d.ncx) {
            QN_TRY(qn__append_cx(circuit, qubits[d.control[k]], qubits[1 - d.control[k]]));
        }
    }
    const qn_param phase = QN_PARAM(d.phase);
    return qn_circuit_append(circuit, QN_GATE_GPHASE, NULL, 0, &phase, 1);
}

/* The next two-qubit block: takes over the diagonal of the one before and, unless it is the last, leaves its own. */
static qn_status two_qubits(shannon *s, qn_complex *matrix, bool half)
{
    for (int j = 0; j < 4; j++) {
        for (int i = 0; i < 4; i++) {
            matrix[i + 4 * j] = pair(value(matrix[i + 4 * j]) * value(s->diagonal[j]));
        }
    }
    for (int i = 0; i < 4; i++) {
        s->diagonal[i] = (qn_complex){1, 0};
    }
    s->blocks--;
    const double complex phase = cpow(determinant4(matrix), -0.25);
    if (half) {
        const double angle = angle_behind(matrix, phase);
        for (int i = 0; i < 8; i++) {
            const double sign = i < 4 ? -1 : 1;
            matrix[8 + i] = pair(value(matrix[8 + i]) * cexp((double complex)I * sign * angle));
        }
    } else if (s->blocks > 0) {
        const double angle = angle_in_front(matrix, phase);
        for (int i = 0; i < 4; i++) {
            const double complex d = cexp((double complex)I * (i == 0 || i == 3 ? -0.5 : 0.5) * angle);
            for (int j = 0; j < 4; j++) {
                matrix[i + 4 * j] = pair(value(matrix[i + 4 * j]) * d);
            }
            s->diagonal[i] = pair(conj(d));
        }
    }
    return append_block(s->circuit, s->qubits, matrix);
}

static qn_status recurse(shannon *s, uint32_t m, bool half, qn_complex *matrix);

/* [A 0; 0 B] = (1 x V) (D + D^H) (1 x W): A B^H = V D^2 V^H, W = D V^H B. The first of the two is done in time. */
static qn_status demultiplex(shannon *s, uint32_t m, qn_complex *a, const qn_complex *b)
{
    const size_t h = (size_t)1 << (m - 1);
    qn_complex *room = qn__alloc(3 * h * h, sizeof *room);
    double *phases = qn__alloc(h, sizeof *phases);
    qn_status status = room != NULL && phases != NULL ? QN_OK : QN_ERR_MEMORY;
    if (status == QN_OK) {
        qn_complex *v = room, *adjoint = v + h * h, *w = adjoint + h * h;
        for (size_t i = 0; i < h * h; i++) {
            adjoint[i] = pair(conj(value(b[i / h + h * (i % h)])));
        }
        qn__multiply(h, h, h, a, adjoint, v);
        status = qn__factorize_unitary(h, v, phases);
        for (size_t i = 0; status == QN_OK && i < h * h; i++) { /* D V^H */
            adjoint[i] = pair(conj(value(v[i / h + h * (i % h)])) * cexp((double complex)I * phases[i % h] / 2));
        }
        if (status == QN_OK) {
            qn__multiply(h, h, h, adjoint, b, w);
            status = recurse(s, m - 1, false, w);
        }
        for (size_t i = 0; status == QN_OK && i < h; i++) {
            phases[i] = -phases[i]; /* rz(t) = diag(exp(-i t / 2), exp(i t / 2)) with t = -2 (phase / 2) */
        }
        uint64_t pending = 0;
        const qn__multiplexed z = {QN_GATE_RZ, QN_GATE_CX, s->qubits[m - 1], s->qubits, m - 1, false, 0};
        status = status == QN_OK ? qn__multiplexed_append(s->circuit, &z, phases, &pending) : status;
        status = status == QN_OK ? qn__multiplexed_flush(s->circuit, &z, &pending) : status;
        status = status == QN_OK ? recurse(s, m - 1, false, v) : status;
    }
    qn__free(room);
    qn__free(phases);
    return status;
}

/* The rotation in the middle, by CZ gates; the last one is left to `behind`, the left block for |1>: it acts there as Z
 * on qubit m - 2. */
static qn_status middle(shannon *s, uint32_t m, double *theta, qn_complex *behind)
{
    const size_t h = (size_t)1 << (m - 1);
    for (size_t i = 0; i < h; i++) {
        theta[i] *= 2;
    }
    uint64_t pending = 0;
    const qn__multiplexed y = {QN_GATE_RY, QN_GATE_CZ, s->qubits[m - 1], s->qubits, m - 1, false, 0};
    QN_TRY(qn__multiplexed_append(s->circuit, &y, theta, &pending));
    if ((pending >> (m - 2) & 1) != 0) {
        for (size_t column = h / 2; column < h; column++) {
            for (size_t i = 0; i < h; i++) {
                behind[i + h * column] = (qn_complex){-behind[i + h * column].re, -behind[i + h * column].im};
            }
        }
        pending ^= UINT64_C(1) << (m - 2);
    }
    return qn__multiplexed_flush(s->circuit, &y, &pending);
}

static qn_status split(shannon *s, uint32_t m, bool half, qn_complex *matrix)
{
    const size_t h = (size_t)1 << (m - 1);
    qn_complex *room = qn__alloc(4 * h * h, sizeof *room);
    double *theta = qn__alloc(h, sizeof *theta);
    qn_status status = room != NULL && theta != NULL ? QN_OK : QN_ERR_MEMORY;
    if (status == QN_OK) {
        qn_complex *l0 = room, *l1 = l0 + h * h, *r0 = l1 + h * h, *r1 = r0 + h * h;
        const qn__cosine_sine d = {{l0, l1}, {r0, half ? NULL : r1}, theta};
        status = qn__factorize_cosine_sine(h, matrix, &d);
        if (status == QN_OK) {
            status = half ? recurse(s, m - 1, false, r0) : demultiplex(s, m, r0, r1);
        }
        status = status == QN_OK ? middle(s, m, theta, l1) : status;
        status = status == QN_OK ? demultiplex(s, m, l0, l1) : status;
    }
    qn__free(room);
    qn__free(theta);
    return status;
}

/* As deep as there are qubits. */
static qn_status recurse(shannon *s, uint32_t m, bool half, qn_complex *matrix)
{
    if (m >= 3) {
        return split(s, m, half, matrix);
    }
    if (m == 2) {
        return two_qubits(s, matrix, half);
    }
    const qn_complex rows[4] = {matrix[0], matrix[2], matrix[1], matrix[3]};
    return append_local(s->circuit, s->qubits[0], rows);
}

qn_status qn__synthesise(qn_circuit *circuit, const uint32_t *qubits, uint32_t m, bool half, qn_complex *matrix)
{
    shannon s = {circuit, qubits, m >= 2 ? blocks_of(m, half) : 0, {{1, 0}, {1, 0}, {1, 0}, {1, 0}}};
    qn_complex whole[16];
    if (half && m <= 2) {
        const size_t n = (size_t)1 << m;
        memcpy(whole, matrix, n * n / 2 * sizeof *whole);
        QN_TRY(qn__complete_unitary(n, n / 2, whole));
        matrix = whole;
    }
    return recurse(&s, m, half, matrix);
}
