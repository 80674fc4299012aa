/* gate_matrix.c: the matrix of every gate that is not a controlled one, by definition.
 * Row-major, target 0 the least significant bit of row and column. */
#include "circuit/gate.h"

#include <math.h>
#include <string.h>

static const double HALF_ROOT = 0.70710678118654752440; /* 1 / sqrt 2 */

static qn_complex real(double re)
{
    return (qn_complex){re, 0};
}

static qn_complex imaginary(double im)
{
    return (qn_complex){0, im};
}

/* radius * exp(i angle) */
static qn_complex polar(double radius, double angle)
{
    return (qn_complex){radius * cos(angle), radius * sin(angle)};
}

static void clear(qn_complex *out, size_t size)
{
    memset(out, 0, size * size * sizeof *out);
}

static void set2(qn_complex *out, qn_complex m00, qn_complex m01, qn_complex m10, qn_complex m11)
{
    out[0] = m00;
    out[1] = m01;
    out[2] = m10;
    out[3] = m11;
}

static void diagonal4(qn_complex *out, qn_complex d0, qn_complex d1, qn_complex d2, qn_complex d3)
{
    clear(out, 4);
    out[0] = d0;
    out[5] = d1;
    out[10] = d2;
    out[15] = d3;
}

void qn__matrix_gphase(const double *params, qn_complex *out)
{
    out[0] = polar(1, params[0]);
}

void qn__matrix_id(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(1), real(0), real(0), real(1));
}

void qn__matrix_x(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(0), real(1), real(1), real(0));
}

void qn__matrix_y(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(0), imaginary(-1), imaginary(1), real(0));
}

void qn__matrix_z(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(1), real(0), real(0), real(-1));
}

void qn__matrix_h(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(HALF_ROOT), real(HALF_ROOT), real(HALF_ROOT), real(-HALF_ROOT));
}

void qn__matrix_s(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(1), real(0), real(0), imaginary(1));
}

void qn__matrix_sdg(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(1), real(0), real(0), imaginary(-1));
}

void qn__matrix_t(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(1), real(0), real(0), (qn_complex){HALF_ROOT, HALF_ROOT});
}

void qn__matrix_tdg(const double *params, qn_complex *out)
{
    (void)params;
    set2(out, real(1), real(0), real(0), (qn_complex){HALF_ROOT, -HALF_ROOT});
}

void qn__matrix_sx(const double *params, qn_complex *out)
{
    (void)params;
    const qn_complex plus = {0.5, 0.5}, minus = {0.5, -0.5};
    set2(out, plus, minus, minus, plus);
}

void qn__matrix_sxdg(const double *params, qn_complex *out)
{
    (void)params;
    const qn_complex plus = {0.5, 0.5}, minus = {0.5, -0.5};
    set2(out, minus, plus, plus, minus);
}

void qn__matrix_rx(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2);
    set2(out, real(c), imaginary(-s), imaginary(-s), real(c));
}

void qn__matrix_ry(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2);
    set2(out, real(c), real(-s), real(s), real(c));
}

void qn__matrix_rz(const double *params, qn_complex *out)
{
    set2(out, polar(1, -params[0] / 2), real(0), real(0), polar(1, params[0] / 2));
}

void qn__matrix_p(const double *params, qn_complex *out)
{
    set2(out, real(1), real(0), real(0), polar(1, params[0]));
}

void qn__matrix_u(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2), phi = params[1], lambda = params[2];
    set2(out, real(c), polar(-s, lambda), polar(s, phi), polar(c, phi + lambda));
}

void qn__matrix_u2(const double *params, qn_complex *out)
{
    const double phi = params[0], lambda = params[1];
    set2(out, real(HALF_ROOT), polar(-HALF_ROOT, lambda), polar(HALF_ROOT, phi), polar(HALF_ROOT, phi + lambda));
}

void qn__matrix_uphase(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2), phi = params[1], lambda = params[2], gamma = params[3];
    set2(out, polar(c, gamma), polar(-s, gamma + lambda), polar(s, gamma + phi), polar(c, gamma + phi + lambda));
}

void qn__matrix_prx(const double *params, qn_complex *out)
{
    /* -i sin(theta/2) (cos phi X + sin phi Y) has -i exp(-i phi) above and -i exp(i phi) below the diagonal. */
    const double c = cos(params[0] / 2), s = sin(params[0] / 2), phi = params[1];
    set2(out, real(c), (qn_complex){-s * sin(phi), -s * cos(phi)}, (qn_complex){s * sin(phi), -s * cos(phi)}, real(c));
}

void qn__matrix_swap(const double *params, qn_complex *out)
{
    (void)params;
    clear(out, 4);
    out[0] = out[6] = out[9] = out[15] = real(1);
}

void qn__matrix_iswap(const double *params, qn_complex *out)
{
    (void)params;
    clear(out, 4);
    out[0] = out[15] = real(1);
    out[6] = out[9] = imaginary(1);
}

void qn__matrix_iswap_dg(const double *params, qn_complex *out)
{
    (void)params;
    clear(out, 4);
    out[0] = out[15] = real(1);
    out[6] = out[9] = imaginary(-1);
}

void qn__matrix_ecr(const double *params, qn_complex *out)
{
    (void)params;
    clear(out, 4);
    out[1] = out[4] = out[11] = out[14] = real(HALF_ROOT);
    out[3] = out[9] = imaginary(HALF_ROOT);
    out[6] = out[12] = imaginary(-HALF_ROOT);
}

void qn__matrix_dcx(const double *params, qn_complex *out)
{
    (void)params;
    clear(out, 4);
    out[0] = out[7] = out[9] = out[14] = real(1);
}

void qn__matrix_rxx(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2);
    diagonal4(out, real(c), real(c), real(c), real(c));
    out[3] = out[6] = out[9] = out[12] = imaginary(-s);
}

void qn__matrix_ryy(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2);
    diagonal4(out, real(c), real(c), real(c), real(c));
    out[3] = out[12] = imaginary(s);
    out[6] = out[9] = imaginary(-s);
}

void qn__matrix_rzz(const double *params, qn_complex *out)
{
    const qn_complex even = polar(1, -params[0] / 2), odd = polar(1, params[0] / 2);
    diagonal4(out, even, odd, odd, even);
}

void qn__matrix_rzx(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2);
    diagonal4(out, real(c), real(c), real(c), real(c));
    out[2] = out[8] = imaginary(-s);
    out[7] = out[13] = imaginary(s);
}

void qn__matrix_xx_plus_yy(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2), beta = params[1];
    diagonal4(out, real(1), real(c), real(c), real(1));
    out[6] = (qn_complex){-s * sin(beta), -s * cos(beta)}; /* -i s exp(-i beta) */
    out[9] = (qn_complex){s * sin(beta), -s * cos(beta)};
}

void qn__matrix_xx_minus_yy(const double *params, qn_complex *out)
{
    const double c = cos(params[0] / 2), s = sin(params[0] / 2), beta = params[1];
    diagonal4(out, real(c), real(1), real(1), real(c));
    out[3] = (qn_complex){-s * sin(beta), -s * cos(beta)};
    out[12] = (qn_complex){s * sin(beta), -s * cos(beta)};
}

void qn__matrix_givens(const double *params, qn_complex *out)
{
    const double c = cos(params[0]), s = sin(params[0]);
    diagonal4(out, real(1), real(c), real(c), real(1));
    out[6] = real(-s);
    out[9] = real(s);
}

void qn__matrix_rccx(const double *params, qn_complex *out)
{
    (void)params;
    clear(out, 8);
    for (size_t i = 0; i < 8; i++) {
        out[i * 8 + i] = real(1);
    }
    out[3 * 8 + 3] = out[7 * 8 + 7] = real(0);
    out[5 * 8 + 5] = real(-1);
    out[3 * 8 + 7] = imaginary(-1);
    out[7 * 8 + 3] = imaginary(1);
}

void qn__matrix_rc3x(const double *params, qn_complex *out)
{
    (void)params;
    clear(out, 16);
    for (size_t i = 0; i < 16; i++) {
        out[i * 16 + i] = real(1);
    }
    out[7 * 16 + 7] = out[15 * 16 + 15] = real(0);
    out[3 * 16 + 3] = imaginary(1);
    out[11 * 16 + 11] = imaginary(-1);
    out[7 * 16 + 15] = real(1);
    out[15 * 16 + 7] = real(-1);
}
