/* algebra.c: sums, products and more of block-encodings, alpha and ancillas kept in the books: A. Gilyen et al.,
 * arXiv:1806.01838, section 4.2-4.4. */
#include <math.h>
#include <string.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"

static const double synthesis_error = 1e-10;

/* An empty circuit of the right size; no cost yet. */
static qn_status begin(uint32_t system, uint32_t ancillas, double alpha, double error, qn_block_encoding **out)
{
    qn_block_encoding *e = qn__calloc(1, sizeof *e);
    QN_ALLOC_CHECK(e);
    e->kind = QN_ENCODING_COMPOSED;
    e->system = system;
    e->ancillas = ancillas;
    e->alpha = alpha;
    e->error = error;
    const qn_status status = qn_circuit_create(system + ancillas, &e->circuit);
    if (status != QN_OK) {
        qn_block_encoding_free(e);
        return status;
    }
    *out = e;
    return QN_OK;
}

/* Counts and hands over, or frees. */
static qn_status end(qn_status status, qn_block_encoding *e, const qn_block_encoding *a, const qn_block_encoding *b,
                     qn_block_encoding **out)
{
    status = status == QN_OK ? qn__encoding_count(e, synthesis_error) : status;
    if (status != QN_OK) {
        qn_block_encoding_free(e);
        return status;
    }
    e->cost.loading_toffoli = a->cost.loading_toffoli + (b != NULL ? b->cost.loading_toffoli : 0);
    e->cost.loading_rotations = a->cost.loading_rotations + (b != NULL ? b->cost.loading_rotations : 0);
    *out = e;
    return QN_OK;
}

/* Places: the encoding's vector from `system` on, its ancillas from `ancillas` on. */
static qn_status place(qn_circuit *to, const qn_block_encoding *a, uint32_t system, uint32_t ancillas,
                       const uint32_t *control, uint64_t control_state)
{
    const uint32_t count = a->system + a->ancillas;
    uint32_t *map = qn__alloc(count, sizeof *map);
    QN_ALLOC_CHECK(map);
    for (uint32_t q = 0; q < count; q++) {
        map[q] = q < a->system ? system + q : ancillas + (q - a->system);
    }
    const qn_status status = qn__append_mapped(to, a->circuit, map, control, control != NULL ? 1 : 0, control_state);
    qn__free(map);
    return status;
}

qn_status qn_block_encoding_adjoint(const qn_block_encoding *a, qn_block_encoding **out)
{
    QN_CHECK(a != NULL && out != NULL, ERR_ARGUMENT, "an encoding and a place are needed");
    qn_block_encoding *e = NULL;
    qn_circuit *inverse = NULL;
    QN_TRY(begin(a->system, a->ancillas, a->alpha, a->error, &e));
    qn_status status = qn_circuit_inverse(a->circuit, &inverse);
    status = status == QN_OK ? qn_circuit_append_circuit(e->circuit, inverse) : status;
    qn_circuit_free(inverse);
    return end(status, e, a, NULL, out);
}

static double phase_of(qn_complex a)
{
    return a.re == 0 && a.im == 0 ? 0 : atan2(a.im, a.re);
}

qn_status qn_block_encoding_scale(const qn_block_encoding *a, qn_complex factor, qn_block_encoding **out)
{
    QN_CHECK(a != NULL && out != NULL, ERR_ARGUMENT, "an encoding and a place are needed");
    const double size = qn__complex_size(factor);
    QN_CHECK(isfinite(size) && size > 0, ERR_RANGE, "factor %g%+gi; expected a number other than 0", factor.re,
             factor.im);
    qn_block_encoding *e = NULL;
    QN_TRY(begin(a->system, a->ancillas, size * a->alpha, size * a->error, &e));
    const qn_param phase = QN_PARAM(phase_of(factor));
    qn_status status = qn_circuit_append_circuit(e->circuit, a->circuit);
    if (status == QN_OK && phase.constant != 0) {
        status = qn_circuit_append(e->circuit, QN_GATE_GPHASE, NULL, 0, &phase, 1);
    }
    return end(status, e, a, NULL, out);
}

qn_status qn_block_encoding_product(const qn_block_encoding *a, const qn_block_encoding *b, qn_block_encoding **out)
{
    QN_CHECK(a != NULL && b != NULL && out != NULL, ERR_ARGUMENT, "two encodings and a place are needed");
    QN_CHECK(a->system == b->system, ERR_SHAPE, "encodings of %u and %u qubits", a->system, b->system);
    qn_block_encoding *e = NULL;
    QN_TRY(begin(a->system, a->ancillas + b->ancillas, a->alpha * b->alpha,
                 a->error * b->alpha + a->alpha * b->error + a->error * b->error, &e));
    qn_status status = place(e->circuit, b, 0, a->system + a->ancillas, NULL, 0);
    status = status == QN_OK ? place(e->circuit, a, 0, a->system, NULL, 0) : status;
    return end(status, e, a, b, out);
}

/* cos on |0>, sin on |1>, then each summand with its phase where the qubit reads its number, then back. */
qn_status qn_block_encoding_sum(qn_complex p, const qn_block_encoding *a, qn_complex q, const qn_block_encoding *b,
                                qn_block_encoding **out)
{
    QN_CHECK(a != NULL && b != NULL && out != NULL, ERR_ARGUMENT, "two encodings and a place are needed");
    QN_CHECK(a->system == b->system, ERR_SHAPE, "encodings of %u and %u qubits", a->system, b->system);
    const double first = qn__complex_size(p) * a->alpha, second = qn__complex_size(q) * b->alpha;
    QN_CHECK(isfinite(first + second) && first + second > 0, ERR_RANGE, "weights %g and %g", first, second);
    const uint32_t shared = a->ancillas > b->ancillas ? a->ancillas : b->ancillas, choice = a->system + shared;
    const double angle = 2 * atan2(sqrt(second), sqrt(first));
    qn_block_encoding *e = NULL;
    QN_TRY(begin(a->system, shared + 1, first + second, qn__complex_size(p) * a->error + qn__complex_size(q) * b->error,
                 &e));
    const qn_param turn[2] = {QN_PARAM(phase_of(p)), QN_PARAM(phase_of(q))};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__append_turn(e->circuit, QN_GATE_RY, choice, angle));
    QN_TRY_CLEANUP(place(e->circuit, a, 0, a->system, &choice, 0));
    QN_TRY_CLEANUP(place(e->circuit, b, 0, a->system, &choice, 1));
    /* the phase of |1> against |0>, and of both */
    if (turn[1].constant != turn[0].constant) {
        QN_TRY_CLEANUP(qn__append_turn(e->circuit, QN_GATE_P, choice, turn[1].constant - turn[0].constant));
    }
    if (turn[0].constant != 0) {
        QN_TRY_CLEANUP(qn_circuit_append(e->circuit, QN_GATE_GPHASE, NULL, 0, &turn[0], 1));
    }
    QN_TRY_CLEANUP(qn__append_turn(e->circuit, QN_GATE_RY, choice, -angle));
cleanup:
    return end(status, e, a, b, out);
}

qn_status qn_block_encoding_kronecker(const qn_block_encoding *a, const qn_block_encoding *b, qn_block_encoding **out)
{
    QN_CHECK(a != NULL && b != NULL && out != NULL, ERR_ARGUMENT, "two encodings and a place are needed");
    const uint32_t system = a->system + b->system;
    qn_block_encoding *e = NULL;
    QN_TRY(begin(system, a->ancillas + b->ancillas, a->alpha * b->alpha,
                 a->error * b->alpha + a->alpha * b->error + a->error * b->error, &e));
    qn_status status = place(e->circuit, b, 0, system, NULL, 0);
    status = status == QN_OK ? place(e->circuit, a, b->system, system + b->ancillas, NULL, 0) : status;
    return end(status, e, a, b, out);
}

/* <i i| A (x) B |j j>: CNOTs double the index. */
qn_status qn_block_encoding_hadamard(const qn_block_encoding *a, const qn_block_encoding *b, qn_block_encoding **out)
{
    QN_CHECK(a != NULL && b != NULL && out != NULL, ERR_ARGUMENT, "two encodings and a place are needed");
    QN_CHECK(a->system == b->system, ERR_SHAPE, "encodings of %u and %u qubits", a->system, b->system);
    const uint32_t n = a->system;
    qn_block_encoding *e = NULL;
    QN_TRY(begin(n, n + a->ancillas + b->ancillas, a->alpha * b->alpha,
                 a->error * b->alpha + a->alpha * b->error + a->error * b->error, &e));
    qn_status status = QN_OK;
    for (int side = 0; status == QN_OK && side < 2; side++) {
        for (uint32_t q = 0; status == QN_OK && q < n; q++) {
            status = qn_circuit_append(e->circuit, QN_GATE_CX, (uint32_t[]){q, n + q}, 2, NULL, 0);
        }
        if (side == 0 && status == QN_OK) {
            status = place(e->circuit, a, 0, 2 * n, NULL, 0);
            status = status == QN_OK ? place(e->circuit, b, n, 2 * n + a->ancillas, NULL, 0) : status;
        }
    }
    return end(status, e, a, b, out);
}
