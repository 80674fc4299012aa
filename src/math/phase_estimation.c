/* phase_estimation.c: windows of the clock register and the means of functions of its outcome. */
#include "math/phase_estimation.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "math/fft.h"

static const double pi = 3.14159265358979323846;

/* Kernel exp(beta (sqrt(1 - z^2) - 1)) over WIDTH grid points, grid of twice as many points as coefficients. */
enum { WIDTH = 16, NODES = 48 };
static const double beta = 2.30 * WIDTH;

static void normalise(size_t size, double *w)
{
    double sum = 0;
    for (size_t i = 0; i < size; i++) {
        sum += w[i] * w[i];
    }
    for (size_t i = 0; i < size; i++) {
        w[i] /= sqrt(sum);
    }
}

void qn__window_uniform(size_t size, double *w)
{
    for (size_t i = 0; i < size; i++) {
        w[i] = 1;
    }
    normalise(size, w);
}

void qn__window_sine(size_t size, double *w)
{
    for (size_t i = 0; i < size; i++) {
        w[i] = sin(pi * ((double)i + 0.5) / (double)size);
    }
    normalise(size, w);
}

void qn__window_kaiser(size_t size, double shape, double *w)
{
    for (size_t i = 0; i < size; i++) {
        const double u = 2 * ((double)i + 0.5) / (double)size - 1, x = shape * sqrt(1 - u * u) / 2;
        double term = 1, sum = 1; /* I_0(2x) = sum (x^m / m!)^2 */
        for (int m = 1; term > 1e-18 * sum; m++) {
            term *= x / m * (x / m);
            sum += term;
        }
        w[i] = sum;
    }
    normalise(size, w);
}

static double kernel(double z)
{
    return fabs(z) < 1 ? exp(beta * (sqrt((1 - z) * (1 + z)) - 1)) : 0;
}

/* Gauss-Legendre nodes and weights on [0, 1] by Newton's method on the Legendre polynomial. */
static void gauss(double *node, double *weight)
{
    for (int i = 0; i < NODES; i++) {
        double x = cos(pi * (i + 0.75) / (NODES + 0.5)), slope = 1;
        for (int step = 0; step < 60; step++) {
            double p = 1, before = 0;
            for (int k = 1; k <= NODES; k++) {
                const double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
                before = p;
                p = next;
            }
            slope = NODES * (x * p - before) / (x * x - 1);
            const double move = p / slope;
            x -= move;
            if (fabs(move) < 1e-16) {
                break;
            }
        }
        node[i] = 0.5 * (1 + x);
        weight[i] = 1 / ((1 - x * x) * slope * slope);
    }
}

/* Autocorrelation W_s = sum_tau w_tau w_(tau+s), s = 0 … size - 1, into the real parts of z (2 size numbers). */
static qn_status autocorrelate(size_t size, const double *w, qn_complex *z)
{
    qn__fft *plan = NULL;
    QN_TRY(qn__fft_create(2 * size, &plan));
    for (size_t i = 0; i < 2 * size; i++) {
        z[i] = (qn_complex){i < size ? w[i] : 0, 0};
    }
    qn__fft_forward(plan, z);
    for (size_t i = 0; i < 2 * size; i++) {
        z[i] = (qn_complex){z[i].re * z[i].re + z[i].im * z[i].im, 0};
    }
    qn__fft_backward(plan, z);
    for (size_t i = 0; i < 2 * size; i++) {
        z[i].re /= 2 * (double)size;
    }
    qn__fft_free(plan);
    return QN_OK;
}

/* (F_s + i G_s) / size: the transform of f + i g. Real f: F_(-s) = conj F_s, so both come apart again at -s. */
static qn_status transform_outcomes(size_t size, const double *f, const double *g, qn_complex *z)
{
    qn__fft *plan = NULL;
    QN_TRY(qn__fft_create(size, &plan));
    for (size_t k = 0; k < size; k++) {
        z[k] = (qn_complex){f[k] / (double)size, g[k] / (double)size};
    }
    qn__fft_forward(plan, z);
    qn__fft_free(plan);
    return QN_OK;
}

/* Coefficients over the kernel's transform, onto the fine grid, and its values there: mean f as real, mean g as
 * imaginary part. The kernel's transform at s is WIDTH int_0^1 kernel(z) cos(s WIDTH h z / 2) dz, h the grid's spacing.
 */
static qn_status fill_grid(size_t size, size_t fine, const qn_complex *correlation, const qn_complex *outcomes,
                           uint32_t threads, qn_complex *grid)
{
    qn__fft *plan = NULL;
    QN_TRY(qn__fft_create(fine, &plan));
    double node[NODES], weight[NODES], value[NODES];
    gauss(node, weight);
    for (int i = 0; i < NODES; i++) {
        value[i] = weight[i] * kernel(node[i]) * WIDTH;
    }
    memset(grid, 0, fine * sizeof *grid);
    const double step = pi * WIDTH / (double)fine;
    (void)threads;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (size > 4096)
    for (size_t s = 0; s < size; s++) {
        double spread = 0;
        for (int i = 0; i < NODES; i++) {
            spread += value[i] * cos(step * (double)s * node[i]);
        }
        const double factor = correlation[s].re / spread;
        const qn_complex up = outcomes[s], down = outcomes[(size - s) & (size - 1)];
        grid[s] = (qn_complex){factor * up.re, factor * up.im};
        if (s > 0) {
            grid[fine - s] = (qn_complex){factor * down.re, factor * down.im};
        }
    }
    qn__fft_backward(plan, grid);
    qn__fft_free(plan);
    return QN_OK;
}

static void interpolate(const qn_complex *grid, size_t fine, double theta, double *f, double *g)
{
    double turns = theta / (2 * pi);
    turns -= floor(turns);
    const double place = turns * (double)fine, first = ceil(place - WIDTH / 2.0);
    double sum_f = 0, sum_g = 0;
    for (int i = 0; i < WIDTH; i++) {
        const double at = first + i, weight = kernel((place - at) / (WIDTH / 2.0));
        const qn_complex v = grid[(size_t)(at + (double)fine) & (fine - 1)];
        sum_f += weight * v.re;
        sum_g += weight * v.im;
    }
    *f = sum_f;
    *g = sum_g;
}

qn_status qn__phase_means(size_t size, const double *w, const double *f, const double *g, size_t count,
                          const double *theta, double *mean_f, double *mean_g, uint32_t threads)
{
    const size_t fine = 4 * size > 64 ? 4 * size : 64;
    qn_complex *grid = qn__alloc(fine + 3 * size, sizeof *grid);
    QN_ALLOC_CHECK(grid);
    qn_complex *const correlation = grid + fine, *const outcomes = correlation + 2 * size;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(autocorrelate(size, w, correlation));
    QN_TRY_CLEANUP(transform_outcomes(size, f, g, outcomes));
    QN_TRY_CLEANUP(fill_grid(size, fine, correlation, outcomes, threads, grid));
#pragma omp parallel for schedule(static) num_threads((int)threads) if (count > 4096)
    for (size_t j = 0; j < count; j++) {
        interpolate(grid, fine, theta[j], &mean_f[j], &mean_g[j]);
    }
cleanup:
    qn__free(grid);
    return status;
}
