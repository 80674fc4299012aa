/* qbm.c: quantum Boltzmann machines: rho = e^H / Z, H = sum h_q Z_q + sum g_q X_q + sum w_ab Z_a Z_b, measured.
 *
 * The data becomes the pure state eta = |s><s|, s(x) = sqrt(p(x)). The relative entropy S(eta || rho) = log Z - <H>_eta
 * is convex in the parameters and has the slopes <O>_rho - <O>_eta (Kieferova and Wiebe, arXiv:1612.05204; Coopmans and
 * Benedetti, arXiv:2306.14969). Everything exact, by eigenvectors. Parameters: h, g, w by rising pairs. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "learn/generative.h"
#include "math/linalg.h"

typedef struct qbm {
    uint32_t bits;
    uint64_t size;
    double *matrix, *values; /* H, then its eigenvectors by columns; eigenvalues */
    double *weights;         /* of the eigenvectors in rho */
    double *diagonal;        /* of rho, or other numbers a string */
    void *scratch;
    double *root; /* sqrt of the data's probabilities */
    double *seen; /* <O>_eta */
    size_t nparameters;
} qbm;

static double spin(uint64_t x, uint32_t q)
{
    return x >> q & 1 ? -1 : 1;
}

static double pair_spin(uint64_t x, uint32_t a, uint32_t b)
{
    return spin(x, a) * spin(x, b);
}

static void fill_matrix(qbm *m, const double *parameters)
{
    /* Callers opened it. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    const double *const h = parameters, *const g = h + m->bits, *const w = g + m->bits;
    memset(m->matrix, 0, m->size * m->size * sizeof *m->matrix);
    for (uint64_t x = 0; x < m->size; x++) {
        double energy = 0;
        size_t pair = 0;
        for (uint32_t a = 0; a < m->bits; a++) {
            energy += h[a] * spin(x, a);
            m->matrix[x * m->size + (x ^ UINT64_C(1) << a)] = g[a];
            for (uint32_t b = a + 1; b < m->bits; b++) {
                energy += w[pair++] * pair_spin(x, a, b);
            }
        }
        m->matrix[x * m->size + x] = energy;
    }
}

/* Gibbs weights and the diagonal of rho; gives log Z. */
static qn_status solve(qbm *m, const double *parameters, double *log_z)
{
    fill_matrix(m, parameters);
    QN_TRY(qn__linalg_symmetric_eigen(m->size, m->matrix, m->values, m->scratch));
    const double highest = m->values[m->size - 1];
    double z = 0;
    for (uint64_t k = 0; k < m->size; k++) {
        m->weights[k] = exp(m->values[k] - highest);
        z += m->weights[k];
    }
    memset(m->diagonal, 0, m->size * sizeof *m->diagonal);
    for (uint64_t k = 0; k < m->size; k++) {
        m->weights[k] /= z;
        for (uint64_t x = 0; x < m->size; x++) {
            m->diagonal[x] += m->weights[k] * m->matrix[k * m->size + x] * m->matrix[k * m->size + x];
        }
    }
    *log_z = highest + log(z);
    return QN_OK;
}

/* Means of Z and ZZ from probabilities. */
static void diagonal_means(const qbm *m, const double *probabilities, double *out)
{
    double *const h = out, *const w = out + 2 * m->bits;
    for (uint64_t x = 0; x < m->size; x++) {
        size_t pair = 0;
        for (uint32_t a = 0; a < m->bits; a++) {
            h[a] += probabilities[x] * spin(x, a);
            for (uint32_t b = a + 1; b < m->bits; b++) {
                w[pair++] += probabilities[x] * pair_spin(x, a, b);
            }
        }
    }
}

/* Mean of X_q in one vector, times its weight. */
static void flip_means(const qbm *m, const double *vector, double weight, double *out)
{
    for (uint32_t q = 0; q < m->bits; q++) {
        double sum = 0;
        for (uint64_t x = 0; x < m->size; x++) {
            sum += vector[x] * vector[x ^ UINT64_C(1) << q];
        }
        out[m->bits + q] += weight * sum;
    }
}

static qn_status evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    (void)step;
    qbm *const m = user;
    double log_z = 0;
    QN_TRY(solve(m, parameters, &log_z));
    memset(gradient, 0, m->nparameters * sizeof *gradient);
    diagonal_means(m, m->diagonal, gradient);
    for (uint64_t k = 0; k < m->size; k++) {
        if (m->weights[k] > 1e-17) {
            flip_means(m, m->matrix + k * m->size, m->weights[k], gradient);
        }
    }
    *loss = log_z;
    for (size_t k = 0; k < m->nparameters; k++) {
        *loss -= parameters[k] * m->seen[k];
        gradient[k] -= m->seen[k];
    }
    return QN_OK;
}

static void close_qbm(void *user)
{
    qbm *const m = user;
    qn__free(m->matrix);
    qn__free(m->values);
    qn__free(m->scratch);
    qn__free(m->seen);
    qn__free(m);
}

static qn_status open_qbm(const qn_generative_model *model, qbm **out)
{
    QN_CHECK(model->bits <= 11, ERR_TOO_LARGE, "a Gibbs state of %u qubits; expected at most 11", model->bits);
    qbm *const m = qn__calloc(1, sizeof *m);
    QN_ALLOC_CHECK(m);
    m->bits = model->bits;
    m->size = UINT64_C(1) << model->bits;
    m->nparameters = model->nparameters;
    m->matrix = qn__alloc(m->size, m->size * sizeof *m->matrix);
    m->values = qn__calloc(4 * m->size, sizeof *m->values);
    m->scratch = qn__alloc(1, qn__linalg_scratch(m->size, false));
    m->seen = qn__calloc(m->nparameters, sizeof *m->seen);
    if (m->matrix == NULL || m->values == NULL || m->scratch == NULL || m->seen == NULL) {
        close_qbm(m);
        return QN_ERR_MEMORY;
    }
    m->weights = m->values + m->size;
    m->diagonal = m->weights + m->size;
    m->root = m->diagonal + m->size;
    *out = m;
    return QN_OK;
}

qn_status qn__qbm_trainee(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                          qn__trainee *out)
{
    qbm *m = NULL;
    const uint64_t size = UINT64_C(1) << model->bits;
    QN_TRY(qn__context_check_bytes(context, size * size * 24, "the Gibbs state", "fewer bits"));
    QN_TRY(open_qbm(model, &m));
    /* It was opened. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
    qn__bit_table_histogram(data, m->root);
    diagonal_means(m, m->root, m->seen);
    for (uint64_t x = 0; x < size; x++) {
        m->root[x] = sqrt(m->root[x]);
    }
    flip_means(m, m->root, 1, m->seen);
    *out = (qn__trainee){m, evaluate, close_qbm};
    return QN_OK;
}

qn_status qn__qbm_probabilities(const qn_generative_model *model, double *probabilities)
{
    qbm *m = NULL;
    double log_z = 0;
    QN_TRY(open_qbm(model, &m));
    const qn_status status = solve(m, model->parameters, &log_z);
    if (status == QN_OK) {
        memcpy(probabilities, m->diagonal, m->size * sizeof *probabilities);
    }
    close_qbm(m);
    return status;
}
