/* dense.c: Cholesky solve and matrix absolute value of small symmetric matrices (Golub, Van Loan, Matrix
 * Computations, 4.2 and 8.5). */
#include "optimizer/dense.h"

#include <math.h>
#include <string.h>

bool qn__dense_solve(size_t n, const double *a, double shift, const double *b, double *x, double *factor)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i * n + j] + (i == j ? shift : 0.0);
            for (size_t k = 0; k < j; k++) {
                sum -= factor[i * n + k] * factor[j * n + k];
            }
            if (i == j) {
                if (!(sum > 0)) {
                    return false;
                }
                factor[i * n + i] = sqrt(sum);
            } else {
                factor[i * n + j] = sum / factor[j * n + j];
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        double sum = b[i];
        for (size_t k = 0; k < i; k++) {
            sum -= factor[i * n + k] * x[k];
        }
        x[i] = sum / factor[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        double sum = x[i];
        for (size_t k = i + 1; k < n; k++) {
            sum -= factor[k * n + i] * x[k];
        }
        x[i] = sum / factor[i * n + i];
    }
    return true;
}

/* One rotation that makes a[p][q] zero, and the same on the vectors v (rows). */
static void rotate(size_t n, double *a, double *v, size_t p, size_t q)
{
    const double off = a[p * n + q];
    if (off == 0) {
        return;
    }
    const double tau = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
    const double t = (tau >= 0 ? 1.0 : -1.0) / (fabs(tau) + sqrt(1.0 + tau * tau));
    const double c = 1.0 / sqrt(1.0 + t * t), s = t * c;
    for (size_t k = 0; k < n; k++) {
        const double akp = a[k * n + p], akq = a[k * n + q];
        a[k * n + p] = c * akp - s * akq;
        a[k * n + q] = s * akp + c * akq;
    }
    for (size_t k = 0; k < n; k++) {
        const double apk = a[p * n + k], aqk = a[q * n + k];
        a[p * n + k] = c * apk - s * aqk;
        a[q * n + k] = s * apk + c * aqk;
        const double vp = v[p * n + k], vq = v[q * n + k];
        v[p * n + k] = c * vp - s * vq;
        v[q * n + k] = s * vp + c * vq;
    }
}

void qn__dense_absolute(size_t n, double *a, double *scratch)
{
    enum { MOST_SWEEPS = 30 };
    double *d = scratch, *v = scratch + n * n;
    memcpy(d, a, n * n * sizeof *d);
    memset(v, 0, n * n * sizeof *v);
    for (size_t i = 0; i < n; i++) {
        v[i * n + i] = 1.0;
    }
    for (unsigned sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        double off = 0, all = 0;
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                all += d[i * n + j] * d[i * n + j];
                off += i != j ? d[i * n + j] * d[i * n + j] : 0.0;
            }
        }
        if (!(off > 1e-26 * all)) {
            break;
        }
        for (size_t p = 0; p < n; p++) {
            for (size_t q = p + 1; q < n; q++) {
                rotate(n, d, v, p, q);
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++) {
                sum += v[k * n + i] * fabs(d[k * n + k]) * v[k * n + j];
            }
            a[i * n + j] = sum;
        }
    }
}
