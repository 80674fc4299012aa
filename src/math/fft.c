/* fft.c: the complex transform of power-of-two lengths.
 *
 * Decimation in frequency, four parts at a time, depth first: once a part fits a cache it stays there until it is done
 * (Frigo, Leiserson, Prokop, Ramachandran, FOCS 1999). The result is put in order by reversing the index bits. */
#include "math/fft.h"

#include <math.h>
#include <stdbool.h>

#include "base/alloc.h"

struct qn__fft {
    size_t n;
    uint32_t log2n;
    qn_complex *root; /* exp(-2 pi i k / n), k < n */
};

size_t qn__fft_size(size_t n)
{
    size_t size = 1;
    while (size < n) {
        size *= 2;
    }
    return size;
}

/* exp(-2 pi i k / n) with the angle reduced to an eighth of a turn, where sine and cosine round best. */
static qn_complex root_of_unity(size_t k, size_t n)
{
    const size_t eighth = 8 * k / n, within = 8 * k % n;
    const bool mirrored = eighth % 2 != 0;
    const double angle = (double)(mirrored ? n - within : within) * (0.78539816339744830962 / (double)n);
    const double c = cos(angle), s = sin(angle);
    const double x = mirrored ? s : c, y = mirrored ? c : s; /* of the angle inside its quarter turn */
    switch (eighth / 2) {
    case 0:
        return (qn_complex){x, -y};
    case 1:
        return (qn_complex){-y, -x};
    case 2:
        return (qn_complex){-x, y};
    default:
        return (qn_complex){y, x};
    }
}

qn_status qn__fft_create(size_t n, qn__fft **out)
{
    QN_CHECK(n > 0 && (n & (n - 1)) == 0, ERR_ARGUMENT, "a Fourier transform of length %zu; expected a power of two",
             n);
    QN_CHECK(n <= (size_t)1 << QN__FFT_LARGEST_LOG2, ERR_TOO_LARGE, "a Fourier transform of length %zu; at most 2^%d",
             n, (int)QN__FFT_LARGEST_LOG2);
    qn__fft *plan = qn__calloc(1, sizeof *plan);
    QN_ALLOC_CHECK(plan);
    plan->n = n;
    while ((size_t)1 << plan->log2n < n) {
        plan->log2n++;
    }
    plan->root = qn__alloc(n, sizeof *plan->root);
    if (plan->root == NULL) {
        qn__free(plan);
        return QN_ERR_MEMORY;
    }
    for (size_t k = 0; k < n; k++) {
        plan->root[k] = n >= 8 ? root_of_unity(k, n) : root_of_unity(8 * k, 8 * n);
    }
    *out = plan;
    return QN_OK;
}

void qn__fft_free(qn__fft *plan)
{
    if (plan != NULL) {
        qn__free(plan->root);
        qn__free(plan);
    }
}

qn_complex qn__fft_root(const qn__fft *plan, size_t k)
{
    return plan->root[k & (plan->n - 1)];
}

static inline qn_complex times(qn_complex a, qn_complex b)
{
    return (qn_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* One level over x[0..n): quarters hold frequencies 0, 2, 1, 3 mod 4 afterwards, so that the last order is plain bit
 * reversal. */
static void quarter(qn_complex *x, size_t n, const qn_complex *root, size_t stride)
{
    const size_t q = n / 4;
    for (size_t j = 0; j < q; j++) {
        const qn_complex a = x[j], b = x[j + q], c = x[j + 2 * q], d = x[j + 3 * q];
        const qn_complex s = {a.re + c.re, a.im + c.im}, t = {b.re + d.re, b.im + d.im};
        const qn_complex u = {a.re - c.re, a.im - c.im}, v = {b.im - d.im, d.re - b.re}; /* v = -i (b - d) */
        x[j] = (qn_complex){s.re + t.re, s.im + t.im};
        x[j + q] = times((qn_complex){s.re - t.re, s.im - t.im}, root[2 * j * stride]);
        x[j + 2 * q] = times((qn_complex){u.re + v.re, u.im + v.im}, root[j * stride]);
        x[j + 3 * q] = times((qn_complex){u.re - v.re, u.im - v.im}, root[3 * j * stride]);
    }
}

static void descend(qn_complex *x, size_t n, const qn_complex *root, size_t stride)
{
    if (n >= 4) {
        quarter(x, n, root, stride);
        for (size_t part = 0; part < 4 && n > 4; part++) {
            descend(x + part * (n / 4), n / 4, root, 4 * stride);
        }
    } else if (n == 2) {
        const qn_complex a = x[0], b = x[1];
        x[0] = (qn_complex){a.re + b.re, a.im + b.im};
        x[1] = (qn_complex){a.re - b.re, a.im - b.im};
    }
}

static void reverse_bits(qn_complex *x, uint32_t log2n)
{
    const size_t n = (size_t)1 << log2n;
    size_t reversed = 0;
    for (size_t i = 0; i < n; i++) {
        if (i < reversed) {
            const qn_complex keep = x[i];
            x[i] = x[reversed];
            x[reversed] = keep;
        }
        size_t bit = n >> 1; /* count upwards from the highest bit */
        for (; bit != 0 && (reversed & bit) != 0; bit >>= 1) {
            reversed ^= bit;
        }
        reversed |= bit;
    }
}

void qn__fft_forward(const qn__fft *plan, qn_complex *x)
{
    descend(x, plan->n, plan->root, 1);
    reverse_bits(x, plan->log2n);
}

void qn__fft_backward(const qn__fft *plan, qn_complex *x)
{
    const size_t n = plan->n;
    for (size_t i = 0; i < n; i++) {
        x[i].im = -x[i].im;
    }
    qn__fft_forward(plan, x);
    for (size_t i = 0; i < n; i++) {
        x[i].im = -x[i].im;
    }
}
