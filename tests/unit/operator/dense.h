/* dense.h: Pauli and fermion sums as dense matrices, straight from the definitions; the independent truth of these
 * tests. */
#ifndef QN_TEST_DENSE_H
#define QN_TEST_DENSE_H

#include <complex.h>

#include <qn_test.h>
#include <quern/fermion.h>

#include "base/alloc.h"
#include "base/rng.h"

/* CMPLX is not in every compiler's library, and re + im * I is a promotion from float to gcc. */
static inline double complex complex_from(double re, double im)
{
    const double parts[2] = {re, im};
    double complex z = 0;
    memcpy(&z, parts, sizeof z);
    return z;
}

/* Row-major, `size` rows. */
typedef struct dense {
    size_t size;
    double complex *at;
} dense;

static inline dense dense_make(size_t size)
{
    dense m = {size, calloc(size * size, sizeof(double complex))};
    assert_non_null(m.at);
    return m;
}

static inline void dense_free(dense m)
{
    free(m.at);
}

/* <row| P |column> for a label of `n` letters, the first for the highest qubit. */
static inline double complex pauli_element(const char *label, uint32_t n, size_t row, size_t column)
{
    const double complex letters[4][2][2] = {
        {{1, 0}, {0, 1}}, {{0, 1}, {1, 0}}, {{0, complex_from(0, -1)}, {complex_from(0, 1), 0}}, {{1, 0}, {0, -1}}};
    double complex product = 1;
    for (uint32_t q = 0; q < n; q++) {
        const char *which = strchr("IXYZ", label[n - 1 - q]);
        product *= letters[which - "IXYZ"][row >> q & 1][column >> q & 1];
    }
    return product;
}

static inline void dense_add(dense m, const dense other, double complex factor)
{
    for (size_t i = 0; i < m.size * m.size; i++) {
        m.at[i] += factor * other.at[i];
    }
}

static inline dense dense_product(const dense a, const dense b)
{
    dense m = dense_make(a.size);
    for (size_t i = 0; i < a.size; i++) {
        for (size_t k = 0; k < a.size; k++) {
            const double complex x = a.at[i * a.size + k];
            for (size_t j = 0; x != 0 && j < a.size; j++) {
                m.at[i * a.size + j] += x * b.at[k * a.size + j];
            }
        }
    }
    return m;
}

static inline dense dense_adjoint(const dense a)
{
    dense m = dense_make(a.size);
    for (size_t i = 0; i < a.size; i++) {
        for (size_t j = 0; j < a.size; j++) {
            m.at[j * a.size + i] = conj(a.at[i * a.size + j]);
        }
    }
    return m;
}

static inline double dense_distance(const dense a, const dense b)
{
    double worst = a.size == b.size ? 0 : (double)INFINITY;
    for (size_t i = 0; i < a.size * a.size && a.size == b.size; i++) {
        worst = fmax(worst, cabs(a.at[i] - b.at[i]));
    }
    return worst;
}

static inline dense dense_of_paulis(const qn_pauli_sum *sum)
{
    const uint32_t n = qn_pauli_sum_qubits(sum);
    dense m = dense_make((size_t)1 << n);
    char label[65];
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        assert_ok(qn_pauli_sum_label(sum, t, label, sizeof label));
        const qn_complex c = qn_pauli_sum_coefficient(sum, t);
        for (size_t r = 0; r < m.size; r++) {
            for (size_t k = 0; k < m.size; k++) {
                m.at[r * m.size + k] += complex_from(c.re, c.im) * pauli_element(label, n, r, k);
            }
        }
    }
    return m;
}

/* The matrix on occupation numbers: a_p |n> = (-1)^(n_0 + ... + n_(p-1)) |n - e_p>. */
static inline dense dense_of_fermions(const qn_fermion_sum *sum)
{
    dense m = dense_make((size_t)1 << qn_fermion_sum_modes(sum));
    for (size_t t = 0; t < qn_fermion_sum_terms(sum); t++) {
        qn_complex c;
        const qn_ladder *product;
        size_t count;
        qn_fermion_sum_term(sum, t, &c, &product, &count);
        for (size_t column = 0; column < m.size; column++) {
            size_t state = column;
            double sign = 1;
            for (size_t i = count; i-- > 0 && sign != 0;) {
                const size_t bit = (size_t)1 << product[i].mode;
                if (((state & bit) != 0) == product[i].creation) {
                    sign = 0;
                }
                for (uint32_t below = 0; below < product[i].mode; below++) {
                    sign = (state >> below & 1) != 0 ? -sign : sign;
                }
                state ^= bit;
            }
            m.at[state * m.size + column] += sign * complex_from(c.re, c.im);
        }
    }
    return m;
}

static inline int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Eigenvalues of a Hermitian matrix, rising, each once: cyclic Jacobi on the real symmetric [[Re, -Im], [Im, Re]],
 * where each comes twice. */
static inline double *dense_eigenvalues(const dense h)
{
    const size_t n = 2 * h.size;
    double *a = calloc(n * n, sizeof *a), *values = calloc(n, sizeof *values);
    assert_true(a != NULL && values != NULL);
    for (size_t i = 0; i < h.size; i++) {
        for (size_t j = 0; j < h.size; j++) {
            const double complex v = h.at[i * h.size + j];
            a[i * n + j] = a[(i + h.size) * n + j + h.size] = creal(v);
            a[i * n + j + h.size] = -cimag(v);
            a[(i + h.size) * n + j] = cimag(v);
        }
    }
    double off = 1;
    for (int sweep = 0; sweep < 60 && off > 1e-24; sweep++) {
        off = 0;
        for (size_t p = 0; p < n; p++) {
            for (size_t q = p + 1; q < n; q++) {
                const double apq = a[p * n + q];
                off += apq * apq;
                if (fabs(apq) < 1e-150) {
                    continue;
                }
                const double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
                const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
                const double c = 1 / sqrt(t * t + 1), s = t * c;
                for (size_t k = 0; k < n; k++) {
                    const double kp = a[k * n + p], kq = a[k * n + q];
                    a[k * n + p] = c * kp - s * kq;
                    a[k * n + q] = s * kp + c * kq;
                }
                for (size_t k = 0; k < n; k++) {
                    const double pk = a[p * n + k], qk = a[q * n + k];
                    a[p * n + k] = c * pk - s * qk;
                    a[q * n + k] = s * pk + c * qk;
                }
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        values[i] = a[i * n + i];
    }
    qsort(values, n, sizeof *values, compare_doubles);
    for (size_t i = 0; i < h.size; i++) {
        values[i] = values[2 * i];
    }
    free(a);
    return values;
}

/* Draws in order from one stream of the counter-based generator. */
typedef struct draws {
    uint64_t seed, next;
} draws;

static inline uint64_t draw_bits(draws *d)
{
    return qn__random_bits(d->seed, 1, d->next++);
}

static inline uint32_t draw_below(draws *d, uint32_t n)
{
    return (uint32_t)(draw_bits(d) % n);
}

static inline double draw_normal(draws *d)
{
    return qn__random_normal(d->seed, 1, d->next++);
}

static inline qn_complex draw_complex(draws *d)
{
    const double re = draw_normal(d);
    return (qn_complex){re, draw_normal(d)};
}

static inline qn_pauli_sum *draw_paulis(draws *d, uint32_t n, size_t terms, bool real)
{
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(n, &sum));
    char label[256] = "";
    for (size_t t = 0; t < terms; t++) {
        for (uint32_t q = 0; q < n; q++) {
            label[q] = "IXYZ"[draw_below(d, 4)];
        }
        label[n] = '\0';
        qn_complex c = draw_complex(d);
        c.im = real ? 0 : c.im;
        assert_ok(qn_pauli_sum_add_label(sum, c, label));
    }
    return sum;
}

/* Fails allocation 1, 2, 3, ... of `call` (an expression giving a status) until it succeeds: each failure must be
 * QN_ERR_MEMORY and leave nothing behind; `undo` then releases what the success made. */
#define assert_survives_allocation_failures(call, undo)                                                                \
    do {                                                                                                               \
        uint64_t qn_nth = 1;                                                                                           \
        for (;; qn_nth++) {                                                                                            \
            const uint64_t qn_before = qn_memory().bytes_now;                                                          \
            qn__alloc_fail_at(qn_nth, false);                                                                          \
            const qn_status qn_now = (call);                                                                           \
            qn__alloc_fail_at(0, false);                                                                               \
            if (qn_now == QN_OK) {                                                                                     \
                break;                                                                                                 \
            }                                                                                                          \
            assert_int_equal(qn_now, QN_ERR_MEMORY);                                                                   \
            assert_int_equal(qn_memory().bytes_now, qn_before);                                                        \
        }                                                                                                              \
        assert_true(qn_nth > 1);                                                                                       \
        undo;                                                                                                          \
    } while (0)

#endif
