/* fft_real.c: convolutions, cosine and sine transforms made of the complex transform. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "math/fft.h"

enum { DIRECT = 32 }; /* a factor this short is multiplied directly */

static const double pi = 3.14159265358979323846;

static inline qn_complex times(qn_complex a, qn_complex b)
{
    return (qn_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static void convolve_directly(const double *a, size_t na, const double *b, size_t nb, double *c)
{
    memset(c, 0, (na + nb - 1) * sizeof *c);
    for (size_t i = 0; i < na; i++) {
        for (size_t j = 0; j < nb; j++) {
            c[i + j] += a[i] * b[j];
        }
    }
}

/* Both factors go through one transform, as real and imaginary part: with Z = A + iB,
 * A_k B_k = (Z_k^2 - conj(Z_{-k})^2) / 4i. */
qn_status qn__fft_convolve(const double *a, size_t na, const double *b, size_t nb, double *c)
{
    QN_CHECK(na > 0 && nb > 0, ERR_ARGUMENT, "an empty factor");
    if (na <= DIRECT || nb <= DIRECT) {
        convolve_directly(a, na, b, nb, c);
        return QN_OK;
    }
    const size_t n = qn__fft_size(na + nb - 1);
    qn__fft *plan = NULL;
    qn_complex *z = qn__calloc(n, sizeof *z);
    QN_ALLOC_CHECK(z);
    const qn_status status = qn__fft_create(n, &plan);
    if (status == QN_OK) {
        for (size_t i = 0; i < na; i++) {
            z[i].re = a[i];
        }
        for (size_t i = 0; i < nb; i++) {
            z[i].im = b[i];
        }
        qn__fft_forward(plan, z);
        for (size_t k = 0; k <= n / 2; k++) {
            const size_t m = (n - k) & (n - 1);
            const qn_complex p = z[k], q = {z[m].re, -z[m].im}, pp = times(p, p), qq = times(q, q);
            z[k] = (qn_complex){(pp.im - qq.im) / 4, (qq.re - pp.re) / 4};
            z[m] = (qn_complex){z[k].re, -z[k].im};
        }
        qn__fft_backward(plan, z);
        for (size_t i = 0; i < na + nb - 1; i++) {
            c[i] = z[i].re / (double)n;
        }
    }
    qn__fft_free(plan);
    qn__free(z);
    return status;
}

/* Even samples rising, odd ones falling, one transform, one rotation (Makhoul, IEEE Trans. ASSP 28, 27 (1980)). */
qn_status qn__dct2(size_t n, double *x)
{
    qn__fft *plan = NULL;
    qn_complex *z = qn__alloc(n, sizeof *z);
    QN_ALLOC_CHECK(z);
    const qn_status status = qn__fft_create(n, &plan);
    if (status == QN_OK) {
        for (size_t j = 0; j < n; j++) {
            const size_t at = j % 2 == 0 ? j / 2 : n - 1 - j / 2;
            z[at] = (qn_complex){x[j], 0};
        }
        qn__fft_forward(plan, z);
        for (size_t k = 0; k < n; k++) {
            const double angle = pi * (double)k / (2 * (double)n);
            x[k] = z[k].re * cos(angle) + z[k].im * sin(angle);
        }
    }
    qn__fft_free(plan);
    qn__free(z);
    return status;
}

/* Half the samples as real, half as imaginary parts: a transform of length n/2 between two rotations. With
 * z_j = (x_2j + i x_(n-1-2j)) w^(4j+1), w = exp(-2 pi i / 8n) and Z the transform, y = Z_k w^(4k): X_2k = Re y,
 * X_(n-1-2k) = -Im y. */
qn_status qn__dct4(size_t n, double *x)
{
    if (n == 1) {
        x[0] *= 0.70710678118654752440;
        return QN_OK;
    }
    qn__fft *plan = NULL;
    const size_t half = n / 2;
    qn_complex *z = qn__alloc(half, sizeof *z);
    QN_ALLOC_CHECK(z);
    const qn_status status = qn__fft_create(half, &plan);
    if (status == QN_OK) {
        const double step = pi / (4 * (double)n);
        for (size_t j = 0; j < half; j++) {
            const double angle = -step * (double)(4 * j + 1);
            z[j] = times((qn_complex){x[2 * j], x[n - 1 - 2 * j]}, (qn_complex){cos(angle), sin(angle)});
        }
        qn__fft_forward(plan, z);
        for (size_t k = 0; k < half; k++) {
            const double angle = -step * (double)(4 * k);
            const qn_complex y = times(z[k], (qn_complex){cos(angle), sin(angle)});
            x[2 * k] = y.re;
            x[n - 1 - 2 * k] = -y.im;
        }
    }
    qn__fft_free(plan);
    qn__free(z);
    return status;
}

/* Chirp transform (Bluestein, IEEE Trans. AU 18, 451 (1970)): jk = (j^2 + k^2 - (k-j)^2) / 2 makes
 * Z(k) = sum_j x_j exp(-pi i j k / (n+1)) a convolution, wanted for k from -n to n; the sines are (Z(-k) - Z(k)) / 2i.
 */
struct qn__dst {
    size_t n, size;
    qn__fft *fft;
    qn_complex *chirp;  /* exp(-pi i j^2 / 2(n+1)), j <= n */
    qn_complex *filter; /* transform of the conjugate chirp over -2n .. n, scaled by 1/size */
};

void qn__dst_free(qn__dst *plan)
{
    if (plan != NULL) {
        qn__fft_free(plan->fft);
        qn__free(plan->chirp);
        qn__free(plan->filter);
        qn__free(plan);
    }
}

static qn_complex chirp(uint64_t j, uint64_t n)
{
    const uint64_t reduced = j * j % (4 * (n + 1));
    const double angle = -pi * (double)reduced / (2 * (double)(n + 1));
    return (qn_complex){cos(angle), sin(angle)};
}

qn_status qn__dst_create(size_t n, qn__dst **out)
{
    QN_CHECK(n > 0 && n < (size_t)1 << 30, ERR_ARGUMENT, "a sine transform of length %zu; expected 1 to 2^30 - 1", n);
    qn__dst *plan = qn__calloc(1, sizeof *plan);
    QN_ALLOC_CHECK(plan);
    qn_status status = QN_OK;
    plan->n = n;
    plan->size = qn__fft_size(3 * n + 1); /* differences k - j from -2n to n - 1 */
    plan->chirp = qn__alloc(n + 1, sizeof *plan->chirp);
    plan->filter = qn__calloc(plan->size, sizeof *plan->filter);
    if (plan->chirp == NULL || plan->filter == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__fft_create(plan->size, &plan->fft));
    for (size_t j = 0; j <= 2 * n; j++) {
        const qn_complex c = chirp(j, n);
        const qn_complex w = {c.re / (double)plan->size, -c.im / (double)plan->size};
        plan->filter[(plan->size - j) & (plan->size - 1)] = w;
        if (j <= n) {
            plan->chirp[j] = c;
            plan->filter[j] = w;
        }
    }
    qn__fft_forward(plan->fft, plan->filter);
    *out = plan;
    plan = NULL;
cleanup:
    qn__dst_free(plan);
    return status;
}

size_t qn__dst_scratch(const qn__dst *plan)
{
    return plan->size;
}

void qn__dst_run(const qn__dst *plan, qn_complex *x, qn_complex *scratch)
{
    const size_t n = plan->n, size = plan->size;
    memset(scratch, 0, size * sizeof *scratch);
    for (size_t j = 1; j <= n; j++) {
        scratch[j] = times(x[j - 1], plan->chirp[j]);
    }
    qn__fft_forward(plan->fft, scratch);
    for (size_t k = 0; k < size; k++) {
        scratch[k] = times(scratch[k], plan->filter[k]);
    }
    qn__fft_backward(plan->fft, scratch);
    const double scale = sqrt(2 / (double)(n + 1)) / 2;
    for (size_t k = 1; k <= n; k++) {
        const qn_complex plus = times(scratch[k], plan->chirp[k]), minus = times(scratch[size - k], plan->chirp[k]);
        x[k - 1] = (qn_complex){scale * (minus.im - plus.im), -scale * (minus.re - plus.re)};
    }
}
