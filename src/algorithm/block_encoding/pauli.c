/* pauli.c: linear combinations of Pauli strings (A. Childs, N. Wiebe, arXiv:1202.5822).
 *
 * The register that chooses a string holds its masks x and z themselves: one CX for each bit of x and one CZ for each
 * bit of z apply any of the 4^n strings, X^x Z^z, without a Toffoli gate. All cost is in preparing sum sqrt(c)|x, z>.
 * The factor i^|x and z| that makes the string Hermitian goes to the coefficient. */
#include <math.h>
#include <string.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "math/walsh.h"

/* i^k times a. */
static qn_complex turned(qn_complex a, unsigned k)
{
    switch (k % 4) {
    case 0:
        return a;
    case 1:
        return (qn_complex){-a.im, a.re};
    case 2:
        return (qn_complex){-a.re, -a.im};
    default:
        return (qn_complex){a.im, -a.re};
    }
}

/* c_{x,z} = (-i)^|x and z| / N sum_j (-1)^{z.j} A[j xor x, j]: one transform for each x. */
qn_status qn_pauli_sum_from_matrix(uint32_t nqubits, const qn_complex *matrix, double cutoff, qn_pauli_sum **out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the sum are needed");
    QN_CHECK(nqubits >= 1 && nqubits <= 13, ERR_RANGE, "%u qubits; expected 1 to 13", nqubits);
    const uint64_t size = UINT64_C(1) << nqubits;
    double *re = qn__alloc(2 * size, sizeof *re);
    QN_ALLOC_CHECK(re);
    double *const im = re + size;
    qn_pauli_sum *sum = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_pauli_sum_create(nqubits, &sum));
    for (uint64_t x = 0; x < size; x++) {
        for (uint64_t j = 0; j < size; j++) {
            re[j] = matrix[(j ^ x) * size + j].re;
            im[j] = matrix[(j ^ x) * size + j].im;
        }
        qn__walsh_hadamard(nqubits, re);
        qn__walsh_hadamard(nqubits, im);
        for (uint64_t z = 0; z < size; z++) {
            const qn_complex c =
                turned((qn_complex){re[z] / (double)size, im[z] / (double)size}, 3 * qn__popcount(x & z));
            if (qn__complex_size(c) > cutoff) {
                QN_TRY_CLEANUP(qn_pauli_sum_add_masks(sum, c, &x, &z));
            }
        }
    }
    *out = sum;
    sum = NULL;
cleanup:
    qn__free(re);
    qn_pauli_sum_free(sum);
    return status;
}

/* Index of a string: z in the low half, x in the high one. */
static qn_status fill(const qn_pauli_sum *sum, uint32_t n, qn_complex *c, size_t *terms)
{
    memset(c, 0, ((size_t)1 << 2 * n) * sizeof *c);
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        const uint64_t x = *qn_pauli_sum_x(sum, t), z = *qn_pauli_sum_z(sum, t);
        const qn_complex a = turned(qn_pauli_sum_coefficient(sum, t), qn__popcount(x & z));
        c[x << n | z].re += a.re;
        c[x << n | z].im += a.im;
    }
    *terms = 0;
    for (size_t k = 0; k < (size_t)1 << 2 * n; k++) {
        *terms += qn__complex_size(c[k]) > 0;
    }
    return QN_OK;
}

static qn_status assemble(const qn_context *context, const qn_pauli_sum *sum, qn_block_encoding *e)
{
    const uint32_t n = e->system;
    qn__encoding_pair pair = {0};
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    qn_complex *c = qn__alloc((size_t)1 << 2 * n, sizeof *c);
    QN_ALLOC_CHECK(c);
    size_t terms = 0;
    QN_TRY_CLEANUP(fill(sum, n, c, &terms));
    /* merging basis states pairwise takes some four rotations' worth a term, the tree of rotations 4^n */
    const bool few = terms * 4 < (size_t)1 << 2 * n;
    QN_TRY_CLEANUP(qn__encoding_pair_make(context, c, UINT64_C(1) << 2 * n, few, &pair));
    QN_TRY_CLEANUP(qn_circuit_create(3 * n, &circuit));
    QN_TRY_CLEANUP(qn__append_at(circuit, pair.right, n));
    for (uint32_t q = 0; q < n; q++) {
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_CZ, (uint32_t[]){n + q, q}, 2, NULL, 0));
    }
    for (uint32_t q = 0; q < n; q++) {
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_CX, (uint32_t[]){2 * n + q, q}, 2, NULL, 0));
    }
    QN_TRY_CLEANUP(qn__append_at(circuit, pair.left_inverse, n));
    e->ancillas = 2 * n;
    e->alpha = pair.alpha;
    e->circuit = circuit;
    circuit = NULL;
cleanup:
    qn__free(c);
    qn__encoding_pair_free(&pair);
    qn_circuit_free(circuit);
    return status;
}

/* Terms up to `cutoff` are left out; together they are the error. */
static qn_status compress(const qn_pauli_sum *sum, double cutoff, qn_pauli_sum **out, double *error)
{
    qn_pauli_sum *kept = NULL;
    QN_TRY(qn_pauli_sum_create(qn_pauli_sum_qubits(sum), &kept));
    qn_status status = QN_OK;
    double lost = 0;
    for (size_t t = 0; status == QN_OK && t < qn_pauli_sum_terms(sum); t++) {
        const qn_complex c = qn_pauli_sum_coefficient(sum, t);
        if (qn__complex_size(c) > cutoff) {
            status = qn_pauli_sum_add_masks(kept, c, qn_pauli_sum_x(sum, t), qn_pauli_sum_z(sum, t));
        } else {
            lost += qn__complex_size(c);
        }
    }
    if (status != QN_OK) {
        qn_pauli_sum_free(kept);
        return status;
    }
    *out = kept;
    *error = lost;
    return QN_OK;
}

static qn_status check_bits(uint32_t n)
{
    QN_CHECK(n <= QN__ENCODING_PAULI_BITS, ERR_TOO_LARGE, "%u qubits; all 4^n Pauli strings are prepared up to %d", n,
             (int)QN__ENCODING_PAULI_BITS);
    return QN_OK;
}

qn_status qn__encode_pauli(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                           qn_block_encoding *e)
{
    QN_TRY(check_bits(e->system));
    qn_complex *dense = NULL;
    qn_pauli_sum *sum = NULL, *kept = NULL;
    qn_status status = QN_OK;
    QN_TRY(qn__encoding_dense(context, matrix, &dense));
    double largest = 0;
    for (size_t k = 0; k < (size_t)1 << 2 * e->system; k++) {
        largest = fmax(largest, qn__complex_size(dense[k]));
    }
    /* what is rounding of the transform is not a term */
    QN_TRY_CLEANUP(qn_pauli_sum_from_matrix(e->system, dense, 4e-17 * largest, &sum));
    QN_TRY_CLEANUP(compress(sum, options->compression, &kept, &e->error));
    QN_TRY_CLEANUP(assemble(context, kept, e));
cleanup:
    qn__free(dense);
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(kept);
    return status;
}

qn_status qn__encode_pauli_cost(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                                qn_encoding_cost *out)
{
    qn_block_encoding e = {.system = out->system};
    QN_TRY(qn__encode_pauli(context, matrix, options, &e));
    qn_status status = qn__encoding_count(&e, options->synthesis_error);
    if (status == QN_OK) {
        e.cost.kind = out->kind;
        *out = e.cost;
        out->loading_rotations = out->rotations;
    }
    qn_circuit_free(e.circuit);
    return status;
}

qn_status qn_block_encoding_of_paulis(const qn_context *context, const qn_pauli_sum *sum,
                                      const qn_encoding_options *options, qn_block_encoding **out)
{
    const qn_encoding_options plain = QN_ENCODING_OPTIONS_INIT;
    QN_CHECK(context != NULL && sum != NULL && out != NULL, ERR_ARGUMENT, "a context, a sum and a place are needed");
    options = options != NULL ? options : &plain;
    QN_CHECK(options->size == sizeof *options, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_ENCODING_OPTIONS_INIT", options->size, sizeof *options);
    QN_CHECK(qn_pauli_sum_qubits(sum) >= 1, ERR_SHAPE, "a sum on no qubits");
    QN_TRY(check_bits(qn_pauli_sum_qubits(sum)));
    qn_block_encoding *e = qn__calloc(1, sizeof *e);
    QN_ALLOC_CHECK(e);
    e->kind = QN_ENCODING_PAULI;
    e->system = qn_pauli_sum_qubits(sum);
    qn_pauli_sum *kept = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(compress(sum, options->compression, &kept, &e->error));
    QN_TRY_CLEANUP(assemble(context, kept, e));
    QN_TRY_CLEANUP(qn__encoding_count(e, options->synthesis_error > 0 ? options->synthesis_error : 1e-10));
    e->cost.loading_rotations = e->cost.rotations;
    *out = e;
    e = NULL;
cleanup:
    qn_pauli_sum_free(kept);
    qn_block_encoding_free(e);
    return status;
}
