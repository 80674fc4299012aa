/* qsp_nlft.c: the nonlinear Fourier transform on SU(2) and its inverse by divide and conquer, O(n log^2 n).
 *
 * Halves: with (a1*, b1) of the first m phases and (a2*, b2) of the rest,
 *     a* = a1* a2* - z rev(b1) b2,     b = z rev(a1*) b2 + b1 a2*,
 * rev turning m coefficients round. Backwards, the first m phases follow from the first m coefficients of a* and b, and
 * what is left of both is
 *     a2*[j] = sum_i b1[i] b[i+j] + a1*[i] a*[i+j],     b2 = (a1* b - b1 a*)[m + j]. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "algorithm/qsp.h"
#include "base/alloc.h"
#include "math/fft.h"

enum { LEAF = 32, SIZES = QN__FFT_LARGEST_LOG2 + 1 };

/* Plans by their log2, made when first needed, and room for two spectra. */
typedef struct workshop {
    qn__fft *plan[SIZES];
    qn_complex *x, *y;
} workshop;

static qn_status open_workshop(size_t n, workshop *w)
{
    memset(w, 0, sizeof *w);
    const size_t size = qn__fft_size(n);
    w->x = qn__alloc(2 * size, sizeof *w->x);
    QN_ALLOC_CHECK(w->x);
    w->y = w->x + size;
    return QN_OK;
}

static void close_workshop(workshop *w)
{
    for (size_t i = 0; i < SIZES; i++) {
        qn__fft_free(w->plan[i]);
    }
    qn__free(w->x);
}

static qn_status plan_for(workshop *w, size_t n, size_t *size, qn__fft **plan)
{
    size_t log2 = 0;
    while ((size_t)1 << log2 < n) {
        log2++;
    }
    QN_CHECK(log2 < SIZES, ERR_TOO_LARGE, "%zu phases; at most 2^%d", n, (int)QN__FFT_LARGEST_LOG2);
    if (w->plan[log2] == NULL) {
        QN_TRY(qn__fft_create((size_t)1 << log2, &w->plan[log2]));
    }
    *size = (size_t)1 << log2;
    *plan = w->plan[log2];
    return QN_OK;
}

static inline qn_complex times(qn_complex a, qn_complex b)
{
    return (qn_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* Two real sequences as real and imaginary part of one spectrum. */
static void load(const double *re, const double *im, size_t n, size_t size, qn_complex *z)
{
    for (size_t i = 0; i < size; i++) {
        z[i] = i < n ? (qn_complex){re[i], im[i]} : (qn_complex){0, 0};
    }
}

/* The two spectra at k from the packed one at k and -k. */
static inline void unpack(qn_complex at, qn_complex mirror, qn_complex *re, qn_complex *im)
{
    *re = (qn_complex){0.5 * (at.re + mirror.re), 0.5 * (at.im - mirror.im)};
    *im = (qn_complex){0.5 * (at.im + mirror.im), 0.5 * (mirror.re - at.re)};
}

/* Packs spectra of real sequences u and v at k, and at -k, where they are conjugate. */
static inline void pack(qn_complex u, qn_complex v, qn_complex *at, qn_complex *mirror)
{
    *at = (qn_complex){u.re - v.im, u.im + v.re};
    *mirror = (qn_complex){u.re + v.im, v.re - u.im};
}

static void leaf_forward(const double *phases, size_t n, double *a, double *b)
{
    memset(a, 0, n * sizeof *a);
    memset(b, 0, n * sizeof *b);
    a[0] = 1;
    /* one more factor on the left: a* = c A - s z B', b = s A + c z B' for the product A, B' of the later ones */
    for (size_t k = n; k-- > 0;) {
        const double c = cos(phases[k]), s = sin(phases[k]);
        double before = 0; /* coefficient i - 1 of B' */
        for (size_t i = 0; i < n - k; i++) {
            const double keep = b[i], first = a[i];
            a[i] = c * first - s * before;
            b[i] = s * first + c * before;
            before = keep;
        }
    }
}

/* (a, b) of n phases from those of the halves, which lie in a[0..m), b[0..m) and a[m..n), b[m..n). */
static qn_status join(workshop *w, double *a, double *b, size_t m, size_t n)
{
    size_t size = 0;
    qn__fft *plan = NULL;
    QN_TRY(plan_for(w, n, &size, &plan));
    load(a, b, m, size, w->x);
    load(a + m, b + m, n - m, size, w->y);
    qn__fft_forward(plan, w->x);
    qn__fft_forward(plan, w->y);
    for (size_t k = 0; k <= size / 2; k++) {
        const size_t l = (size - k) & (size - 1);
        qn_complex a1, b1, a2, b2;
        unpack(w->x[k], w->x[l], &a1, &b1);
        unpack(w->y[k], w->y[l], &a2, &b2);
        const qn_complex shifted = times(qn__fft_root(plan, k * m), b2); /* z^m b2 */
        const qn_complex p = times(a1, a2), q = times((qn_complex){b1.re, -b1.im}, shifted);
        const qn_complex r = times((qn_complex){a1.re, -a1.im}, shifted), s = times(b1, a2);
        pack((qn_complex){p.re - q.re, p.im - q.im}, (qn_complex){r.re + s.re, r.im + s.im}, &w->x[k], &w->x[l]);
    }
    qn__fft_backward(plan, w->x);
    for (size_t i = 0; i < n; i++) {
        a[i] = w->x[i].re / (double)size;
        b[i] = w->x[i].im / (double)size;
    }
    return QN_OK;
}

static qn_status forward(workshop *w, const double *phases, size_t n, double *a, double *b)
{
    if (n <= LEAF) {
        leaf_forward(phases, n, a, b);
        return QN_OK;
    }
    const size_t m = n / 2;
    QN_TRY(forward(w, phases, m, a, b));
    QN_TRY(forward(w, phases + m, n - m, a + m, b + m));
    return join(w, a, b, m, n);
}

/* Layer by layer: tan p = b_0 / a*_0; what is left is a* <- c a* + s b, b <- (c b - s a*) / z. */
static void leaf_inverse(double *a, double *b, size_t n, double *phases)
{
    for (size_t k = 0; k < n; k++) {
        phases[k] = atan2(b[0], a[0]);
        const double c = cos(phases[k]), s = sin(phases[k]);
        for (size_t i = 0; i + k < n; i++) {
            const double first = a[i], second = b[i];
            a[i] = c * first + s * second;
            if (i > 0) {
                b[i - 1] = c * second - s * first;
            }
        }
    }
}

/* What is left after the first m phases, from a* and b of all (n) and of the first part (m), into the places from m on.
 */
static qn_status split(workshop *w, double *a, double *b, const double *a1, const double *b1, size_t m, size_t n)
{
    size_t size = 0;
    qn__fft *plan = NULL;
    QN_TRY(plan_for(w, n, &size, &plan));
    load(a, b, n, size, w->x);
    load(a1, b1, m, size, w->y);
    qn__fft_forward(plan, w->x);
    qn__fft_forward(plan, w->y);
    for (size_t k = 0; k <= size / 2; k++) {
        const size_t l = (size - k) & (size - 1);
        qn_complex fa, fb, ha, hb;
        unpack(w->x[k], w->x[l], &fa, &fb);
        unpack(w->y[k], w->y[l], &ha, &hb);
        const qn_complex p = times((qn_complex){hb.re, -hb.im}, fb), q = times((qn_complex){ha.re, -ha.im}, fa);
        const qn_complex r = times(ha, fb), s = times(hb, fa);
        pack((qn_complex){p.re + q.re, p.im + q.im}, (qn_complex){r.re - s.re, r.im - s.im}, &w->x[k], &w->x[l]);
    }
    qn__fft_backward(plan, w->x);
    for (size_t j = 0; j < n - m; j++) {
        a[m + j] = w->x[j].re / (double)size;
        b[m + j] = w->x[m + j].im / (double)size;
    }
    return QN_OK;
}

/* With `wanted`, a and b become those of the phases. `spare` has room for 4n numbers. */
static qn_status inverse(workshop *w, double *a, double *b, size_t n, double *phases, bool wanted, double *spare)
{
    if (n <= LEAF) {
        leaf_inverse(a, b, n, phases);
        if (wanted) {
            leaf_forward(phases, n, a, b);
        }
        return QN_OK;
    }
    const size_t m = n / 2;
    double *const a1 = spare, *const b1 = spare + m;
    memcpy(a1, a, m * sizeof *a);
    memcpy(b1, b, m * sizeof *b);
    QN_TRY(inverse(w, a1, b1, m, phases, true, spare + 2 * m));
    QN_TRY(split(w, a, b, a1, b1, m, n));
    QN_TRY(inverse(w, a + m, b + m, n - m, phases + m, wanted, spare + 2 * m));
    if (!wanted) {
        return QN_OK;
    }
    memcpy(a, a1, m * sizeof *a);
    memcpy(b, b1, m * sizeof *b);
    return join(w, a, b, m, n);
}

qn_status qn__nlft_forward(const double *phases, size_t n, double *a, double *b)
{
    workshop w;
    QN_TRY(open_workshop(n, &w));
    const qn_status status = forward(&w, phases, n, a, b);
    close_workshop(&w);
    return status;
}

qn_status qn__nlft_inverse(double *a, double *b, size_t n, double *phases)
{
    workshop w;
    QN_TRY(open_workshop(n, &w));
    double *spare = qn__alloc(4 * n, sizeof *spare);
    const qn_status status = spare != NULL ? inverse(&w, a, b, n, phases, false, spare) : QN_ERR_MEMORY;
    qn__free(spare);
    close_workshop(&w);
    return status;
}

qn_status qn__nlft_complement(const double *b, size_t n, size_t grid, double *a)
{
    qn__fft *plan = NULL;
    qn_complex *z = qn__alloc(grid, sizeof *z);
    QN_ALLOC_CHECK(z);
    qn_status status = qn__fft_create(grid, &plan);
    if (status == QN_OK) {
        for (size_t i = 0; i < grid; i++) {
            z[i] = (qn_complex){i < n ? b[i] : 0, 0};
        }
        qn__fft_forward(plan, z); /* at conjugate roots, where |b| is the same */
        for (size_t i = 0; i < grid; i++) {
            const double size = z[i].re * z[i].re + z[i].im * z[i].im;
            z[i] = (qn_complex){0.5 * log1p(-size), 0};
        }
        qn__fft_forward(plan, z);
        /* log a* = r_0 + 2 sum_{k > 0} r_k z^k */
        for (size_t k = 0; k < grid; k++) {
            const double weight = k == 0 || k == grid / 2 ? 1 : k < grid / 2 ? 2 : 0;
            z[k].re *= weight / (double)grid;
            z[k].im *= weight / (double)grid;
        }
        qn__fft_backward(plan, z);
        for (size_t i = 0; i < grid; i++) {
            const double size = exp(z[i].re), angle = z[i].im;
            z[i] = (qn_complex){size * cos(angle), size * sin(angle)};
        }
        qn__fft_forward(plan, z);
        for (size_t i = 0; i < n; i++) {
            a[i] = z[i].re / (double)grid;
        }
    }
    qn__fft_free(plan);
    qn__free(z);
    return status;
}
