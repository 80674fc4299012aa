/* two_qubit.c: the Cartan decomposition of two-qubit unitaries, U = e^{i phi} (A1 x A0) N(a,b,c) (B1 x B0) with
 * N = exp(i (a XX + b YY + c ZZ)), in at most three CX.
 *
 * In the magic basis M, tensor products of SU(2) are real and N is diagonal (Makhlin, quant-ph/0002045): with
 * V = M+ U M, V^T V = P D P^T for a real orthogonal P, found by Jacobi rotations that make the commuting real and
 * imaginary parts diagonal together, so that equal eigenvalues need no care (Bunse-Gerstner, Byers, Mehrmann, SIAM J.
 * Matrix Anal. Appl. 14, 927 (1993)). The circuit of N is that of Vatan and Williams, quant-ph/0308006. */
#include "circuit/passes/two_qubit.h"

#include <complex.h>
#include <math.h>
#include <string.h>

typedef double complex number;

#define J ((number)I)

static const double PI = 3.14159265358979323846;
static const double HALF_ROOT = 0.70710678118654752440;
/* A coordinate this small is left out: far below what is promised, well above rounding. */
static const double NOTHING = 2e-13;

enum { SWEEPS = 60 };

static number from(qn_complex z)
{
    return z.re + J * z.im;
}

static qn_complex back(number z)
{
    return (qn_complex){creal(z), cimag(z)};
}

static number turn(double angle)
{
    return cos(angle) + J * sin(angle);
}

/* 4x4 matrices, row-major. */

static void multiply(const number *a, const number *b, number *out)
{
    number product[16];
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 4; j++) {
            number sum = 0;
            for (size_t k = 0; k < 4; k++) {
                sum += a[4 * i + k] * b[4 * k + j];
            }
            product[4 * i + j] = sum;
        }
    }
    memcpy(out, product, sizeof product);
}

static void adjoint(const number *a, number *out)
{
    for (size_t i = 0; i < 4; i++) {
        for (size_t j = 0; j < 4; j++) {
            out[4 * i + j] = conj(a[4 * j + i]);
        }
    }
}

/* Largest entry of |U+ U - 1|; `gram` gets U+ U. NaN stays NaN. */
static double unitarity(const number *u, number *gram)
{
    number dagger[16];
    double worst = 0;
    adjoint(u, dagger);
    multiply(dagger, u, gram);
    for (size_t i = 0; i < 16; i++) {
        const double off = cabs(gram[i] - (i % 5 == 0 ? 1 : 0));
        worst = !(off <= worst) ? off : worst;
    }
    return worst;
}

/* Newton-Schulz steps U (3 - U+ U) / 2 towards the nearest unitary; an error e becomes about e^2. */
static void polish(number *u)
{
    number gram[16];
    for (int step = 0; step < 3 && unitarity(u, gram) > 1e-15; step++) {
        for (size_t i = 0; i < 16; i++) {
            gram[i] = ((i % 5 == 0 ? 3 : 0) - gram[i]) / 2;
        }
        multiply(u, gram, u);
    }
}

/* The magic basis: columns (|00>+|11>), i(|01>+|10>), (|01>-|10>), i(|00>-|11>), over root two. */
static void magic(number *m)
{
    const number one = HALF_ROOT, i = J * HALF_ROOT;
    const number basis[16] = {one, 0, 0, i, 0, i, one, 0, 0, i, -one, 0, one, 0, 0, -i};
    memcpy(m, basis, sizeof basis);
}

/* Rotates columns p and q of a real matrix. */
static void rotate_columns(double *a, size_t p, size_t q, double c, double s)
{
    for (size_t i = 0; i < 4; i++) {
        const double x = a[4 * i + p], y = a[4 * i + q];
        a[4 * i + p] = c * x + s * y;
        a[4 * i + q] = c * y - s * x;
    }
}

static void rotate_rows(double *a, size_t p, size_t q, double c, double s)
{
    for (size_t i = 0; i < 4; i++) {
        const double x = a[4 * p + i], y = a[4 * q + i];
        a[4 * p + i] = c * x + s * y;
        a[4 * q + i] = c * y - s * x;
    }
}

/* Makes two commuting symmetric matrices diagonal; the columns of v become their eigenvectors. */
static void diagonalize(double *a, double *b, double *v)
{
    memset(v, 0, 16 * sizeof *v);
    for (size_t i = 0; i < 4; i++) {
        v[5 * i] = 1;
    }
    double largest = 1;
    for (int sweep = 0; sweep < SWEEPS && largest > 1e-17; sweep++) {
        largest = 0;
        for (size_t p = 0; p < 3; p++) {
            for (size_t q = p + 1; q < 4; q++) {
                /* The angle that leaves the least of both off the diagonal (Cardoso, Souloumiac, SIAM J. Matrix
                 * Anal. Appl. 17, 161 (1996)). */
                const double da = a[5 * p] - a[5 * q], db = b[5 * p] - b[5 * q];
                const double oa = 2 * a[4 * p + q], ob = 2 * b[4 * p + q];
                const double on = da * da + db * db - oa * oa - ob * ob, off = 2 * (da * oa + db * ob);
                const double angle = atan2(off, on) / 4, c = cos(angle), s = sin(angle);
                rotate_columns(a, p, q, c, s);
                rotate_rows(a, p, q, c, s);
                rotate_columns(b, p, q, c, s);
                rotate_rows(b, p, q, c, s);
                rotate_columns(v, p, q, c, s);
                largest = fabs(s) > largest ? fabs(s) : largest;
            }
        }
    }
}

static double determinant(const double *matrix)
{
    double a[16], value = 1;
    memcpy(a, matrix, sizeof a);
    for (size_t k = 0; k < 4; k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < 4; i++) {
            pivot = fabs(a[4 * i + k]) > fabs(a[4 * pivot + k]) ? i : pivot;
        }
        for (size_t j = 0; j < 4 && pivot != k; j++) {
            const double swap = a[4 * k + j];
            a[4 * k + j] = a[4 * pivot + j];
            a[4 * pivot + j] = swap;
        }
        value *= pivot != k ? -a[5 * k] : a[5 * k];
        for (size_t i = k + 1; i < 4 && a[5 * k] != 0; i++) {
            const double factor = a[4 * i + k] / a[5 * k];
            for (size_t j = k; j < 4; j++) {
                a[4 * i + j] -= factor * a[4 * k + j];
            }
        }
    }
    return value;
}

/* L = A1 x A0 with both of determinant 1, for an L that is such a product. */
static void factor(const number *l, qn_complex *a0, qn_complex *a1)
{
    size_t best = 0;
    for (size_t i = 1; i < 16; i++) {
        best = cabs(l[i]) > cabs(l[best]) ? i : best;
    }
    const size_t top = best / 4 / 2 * 8 + best % 4 / 2 * 2; /* first entry of the 2x2 block of the largest one */
    number block[4] = {l[top], l[top + 1], l[top + 4], l[top + 5]};
    const number root = csqrt(block[0] * block[3] - block[1] * block[2]);
    for (size_t i = 0; i < 4; i++) {
        block[i] /= root;
        a0[i] = back(block[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        const number *at = &l[i / 2 * 8 + i % 2 * 2];
        a1[i] = back(
            (conj(block[0]) * at[0] + conj(block[1]) * at[1] + conj(block[2]) * at[4] + conj(block[3]) * at[5]) / 2);
    }
}

void qn__one_qubit_multiply(const qn_complex a[4], const qn_complex b[4], qn_complex out[4])
{
    qn_complex product[4];
    for (size_t i = 0; i < 4; i++) {
        product[i] = back(from(a[i / 2 * 2]) * from(b[i % 2]) + from(a[i / 2 * 2 + 1]) * from(b[i % 2 + 2]));
    }
    memcpy(out, product, sizeof product);
}

void qn__one_qubit_angles(const qn_complex matrix[4], double angles[4])
{
    /* e^{i gamma} [[cos, -e^{i lambda} sin], [e^{i phi} sin, e^{i (phi + lambda)} cos]] of theta / 2 */
    const double c = hypot(matrix[0].re, matrix[0].im), s = hypot(matrix[2].re, matrix[2].im);
    angles[0] = 2 * atan2(s, c);
    if (c >= s) { /* phases are read where the entries are large */
        const double first = atan2(matrix[0].im, matrix[0].re), last = atan2(matrix[3].im, matrix[3].re);
        angles[3] = first;
        angles[1] = s > 0 ? atan2(matrix[2].im, matrix[2].re) - first : 0;
        angles[2] = last - first - angles[1];
    } else {
        const double lower = atan2(matrix[2].im, matrix[2].re), upper = atan2(-matrix[1].im, -matrix[1].re);
        angles[3] = c > 0 ? atan2(matrix[0].im, matrix[0].re) : upper;
        angles[1] = lower - angles[3];
        angles[2] = upper - angles[3];
    }
    for (size_t i = 1; i < 4; i++) { /* into -pi..pi: differences of two arguments may be up to 4 pi off */
        angles[i] = remainder(angles[i], 2 * PI);
    }
}

/* Rotations exp(-i angle P / 2). */
static void rotation(char axis, double angle, qn_complex out[4])
{
    const double c = cos(angle / 2), s = sin(angle / 2);
    const qn_complex x[4] = {{c, 0}, {0, -s}, {0, -s}, {c, 0}}, y[4] = {{c, 0}, {-s, 0}, {s, 0}, {c, 0}},
                     z[4] = {{c, -s}, {0, 0}, {0, 0}, {c, s}};
    memcpy(out, axis == 'X' ? x : axis == 'Y' ? y : z, sizeof x);
}

/* Puts a one-qubit unitary behind (after) or before the one on `qubit` in layer `layer`. */
static void put_after(qn__two_qubit *out, uint32_t layer, uint32_t qubit, const qn_complex *matrix)
{
    qn__one_qubit_multiply(matrix, out->local[layer][qubit], out->local[layer][qubit]);
}

static void put_before(qn__two_qubit *out, uint32_t layer, uint32_t qubit, const qn_complex *matrix)
{
    qn__one_qubit_multiply(out->local[layer][qubit], matrix, out->local[layer][qubit]);
}

static void rotate_after(qn__two_qubit *out, uint32_t layer, uint32_t qubit, char axis, double angle)
{
    qn_complex matrix[4];
    rotation(axis, angle, matrix);
    put_after(out, layer, qubit, matrix);
}

/* i (P + Q) / root 2 for two axes, of determinant 1: exchanges P and Q and turns the third round. On both qubits it
 * exchanges PP and QQ. Twice it is -1, which cancels on two qubits. */
static void exchange(size_t p, size_t q, qn_complex out[4])
{
    const number pauli[3][4] = {{0, 1, 1, 0}, {0, -J, J, 0}, {1, 0, 0, -1}};
    for (size_t i = 0; i < 4; i++) {
        out[i] = back(J * HALF_ROOT * (pauli[p][i] + pauli[q][i]));
    }
}

/* N(a,b,c) between left = local[3] and right = local[0] (the layers are moved to where they belong at the end). */
static void build(qn__two_qubit *out, const double angles[3])
{
    static const char axes[] = "XYZ";
    double at[3];
    size_t zeros = 0, least = 0, most = 0;
    for (size_t k = 0; k < 3; k++) {
        /* exp(i pi/2 PP) = i PP = -i (iP)(iP): whole half turns are local. */
        double turns = floor((angles[k] + PI / 4 - NOTHING) / (PI / 2));
        at[k] = angles[k] - turns * (PI / 2);
        qn_complex half[4];
        rotation(axes[k], -PI * turns, half); /* exp(i pi/2 turns P) = (iP)^turns */
        put_after(out, 0, 0, half);
        put_after(out, 0, 1, half);
        out->phase -= turns * (PI / 2);
        zeros += fabs(at[k]) < NOTHING;
        least = fabs(at[k]) < fabs(at[least]) ? k : least;
        most = fabs(at[k]) > fabs(at[most]) ? k : most;
    }
    const bool single = zeros == 2 && fabs(at[most] - PI / 4) < NOTHING;
    out->ncx = zeros == 3 ? 0 : single ? 1 : zeros > 0 ? 2 : 3;
    /* One CX: the axis that is left becomes X. Two: the one that is nothing becomes Y. */
    const size_t move = single ? most : least, place = single ? 0 : 1;
    if ((out->ncx == 1 || out->ncx == 2) && move != place) {
        qn_complex turned[4];
        exchange(move, place, turned);
        for (uint32_t q = 0; q < 2; q++) {
            put_after(out, 0, q, turned);
            put_before(out, 3, q, turned);
        }
        const double kept = at[move];
        at[move] = at[place];
        at[place] = kept;
    }
    const double a = at[0], b = at[1], c = at[2];
    if (out->ncx == 1) {
        /* exp(i pi/4 XX) = e^{-i pi/4} H0 rz0(-pi/2) rx1(-pi/2) CX(0,1) H0; the i of two exchanges is -1. */
        qn_complex hadamard[4];
        exchange(0, 2, hadamard);
        put_after(out, 0, 0, hadamard);
        out->control[0] = 0;
        rotate_after(out, 1, 0, 'Z', -PI / 2);
        put_after(out, 1, 0, hadamard);
        rotate_after(out, 1, 1, 'X', -PI / 2);
        out->phase += PI - PI / 4;
    } else if (out->ncx == 2) {
        /* CX takes XX to X on its control and ZZ to Z on its target. */
        rotate_after(out, 1, 0, 'X', -2 * a);
        rotate_after(out, 1, 1, 'Z', -2 * c);
    } else if (out->ncx == 3) {
        rotate_after(out, 0, 1, 'Z', -PI / 2);
        rotate_after(out, 1, 0, 'Z', PI / 2 - 2 * c);
        rotate_after(out, 1, 1, 'Y', 2 * a - PI / 2);
        rotate_after(out, 2, 1, 'Y', PI / 2 - 2 * b);
        qn_complex last[4];
        rotation('Z', PI / 2, last);
        put_before(out, 3, 0, last);
        out->control[0] = out->control[2] = 1;
        out->control[1] = 0;
        out->phase += PI / 4;
    }
    /* The left locals into the layer behind the last CX. */
    for (uint32_t q = 0; q < 2 && out->ncx < 3; q++) {
        put_after(out, out->ncx, q, out->local[3][q]);
        memset(out->local[3][q], 0, sizeof out->local[3][q]);
    }
}

qn_status qn__two_qubit_decompose(const qn_complex matrix[16], qn__two_qubit *out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "matrix or result pointer is NULL");
    number u[16], v[16], m[16], dagger[16], gram[16];
    for (size_t i = 0; i < 16; i++) {
        u[i] = from(matrix[i]);
    }
    const double off = unitarity(u, gram);
    QN_CHECK(off <= 1e-6, ERR_ARGUMENT, "the matrix is not unitary: U+ U is %.3g off the identity", off);
    polish(u);
    magic(m);
    adjoint(m, dagger);
    multiply(dagger, u, v);
    multiply(v, m, v);
    double re[16], im[16], p[16], k[16], delta[4];
    for (size_t i = 0; i < 16; i++) { /* V^T V */
        number sum = 0;
        for (size_t j = 0; j < 4; j++) {
            sum += v[4 * j + i / 4] * v[4 * j + i % 4];
        }
        re[i] = creal(sum);
        im[i] = cimag(sum);
    }
    diagonalize(re, im, p);
    if (determinant(p) < 0) {
        for (size_t i = 0; i < 4; i++) {
            p[4 * i] = -p[4 * i];
        }
    }
    for (size_t j = 0; j < 4; j++) {
        delta[j] = atan2(im[5 * j], re[5 * j]) / 2;
        for (size_t i = 0; i < 4; i++) { /* K = V P exp(-i delta), real */
            number sum = 0;
            for (size_t l = 0; l < 4; l++) {
                sum += v[4 * i + l] * p[4 * l + j];
            }
            k[4 * i + j] = creal(sum * turn(-delta[j]));
        }
    }
    if (determinant(k) < 0) {
        delta[0] += PI;
        for (size_t i = 0; i < 4; i++) {
            k[4 * i] = -k[4 * i];
        }
    }
    qn__two_qubit result;
    memset(&result, 0, sizeof result);
    for (size_t layer = 0; layer < 4; layer++) {
        for (size_t q = 0; q < 2; q++) {
            result.local[layer][q][0].re = result.local[layer][q][3].re = 1;
        }
    }
    number side[16];
    for (size_t i = 0; i < 16; i++) {
        side[i] = k[i];
    }
    multiply(m, side, side);
    multiply(side, dagger, side);
    factor(side, result.local[3][0], result.local[3][1]);
    for (size_t i = 0; i < 16; i++) {
        side[i] = p[i % 4 * 4 + i / 4];
    }
    multiply(m, side, side);
    multiply(side, dagger, side);
    factor(side, result.local[0][0], result.local[0][1]);
    const double mean = (delta[0] + delta[1] + delta[2] + delta[3]) / 4;
    result.phase = mean;
    /* Eigenvalues of XX, YY, ZZ on the magic basis: ++-, -++... give d0 = a-b+c, d1 = a+b-c, d3 = -a+b+c. */
    const double angles[3] = {(delta[0] + delta[1]) / 2 - mean, (delta[1] + delta[3]) / 2 - mean,
                              (delta[0] + delta[3]) / 2 - mean};
    build(&result, angles);
    result.phase = remainder(result.phase, 2 * PI);
    *out = result;
    return QN_OK;
}
