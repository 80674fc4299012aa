/* fourier_gate.c: the combination of evolutions as a circuit. A register holds j, one holds k - 1, both in the roots of
 * their weights; e^{-i A t Y} with t = y_j z_k turns one qubit from |0> to cos(A t)|0> + sin(A t)|1>, of which |1> is
 * the mean of e^{-i A t} and its inverse that is wanted. Evolutions are exact, between eigenvectors as circuits: angles
 * 2 lambda z_k 2^a dy for bit a of j. */
#include <math.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/fourier.h"
#include "algorithm/linear/gate_parts.h"
#include "base/alloc.h"
#include "load/multiplexed.h"

enum { MOST_QUBITS = 22 };

/* Vector, k, j, and the qubit that turns. */
typedef struct layout {
    uint32_t n, k, k_bits, j, j_bits, turn, count;
} layout;

static layout lay_out(const qn_linear_problem *problem, const qn__fourier *f)
{
    layout l = {.k_bits = qn_load_address_bits(f->nz), .j_bits = qn_load_address_bits(f->ny)};
    l.n = qn_load_address_bits(problem->matrix->hermitian ? problem->dimension : 2 * problem->dimension);
    l.n = l.n > 0 ? l.n : 1;
    l.k_bits = l.k_bits > 0 ? l.k_bits : 1;
    l.k = l.n;
    l.j = l.k + l.k_bits;
    l.turn = l.j + l.j_bits;
    l.count = l.turn + 1;
    return l;
}

qn_status qn__fourier_gate_plan(const qn_linear_problem *problem, const qn__fourier *f, qn_linear_plan *plan)
{
    QN_CHECK((double)f->ny * (double)f->nz < exp2(MOST_QUBITS), ERR_TOO_LARGE,
             "%.3g x %.3g evolutions; their registers and the vector take at most %d qubits here", (double)f->ny,
             (double)f->nz, (int)MOST_QUBITS);
    const layout l = lay_out(problem, f);
    QN_CHECK(l.n <= QN__EIGENBASIS_BITS, ERR_TOO_LARGE,
             "the eigenvectors of %u qubits; at most %d are compiled as circuits", l.n, (int)QN__EIGENBASIS_BITS);
    QN_CHECK(l.count <= MOST_QUBITS, ERR_TOO_LARGE, "%zu x %zu evolutions take %u qubits; at most %d are simulated",
             f->ny, f->nz, l.count, (int)MOST_QUBITS);
    const double turns = 4 * l.j_bits * exp2(l.n + l.k_bits);
    return qn__linear_gate_limit(
        "fourier", turns + 6 * exp2(2 * l.n) + 4 * (exp2(l.j_bits) + exp2(l.k_bits)) + 2 * exp2(l.n), l.count, plan);
}

/* The registers' states. */
static qn_status prepare_terms(const qn_context *context, const qn__fourier *f, const layout *l, qn_circuit *circuit)
{
    const qn_load_options options = QN_LOAD_OPTIONS_INIT;
    qn_circuit *of_j = NULL, *of_k = NULL;
    qn_status status = QN_OK;
    const size_t size = f->ny > f->nz + 1 ? f->ny : f->nz + 1;
    qn_complex *a = qn__calloc(size, sizeof *a);
    QN_ALLOC_CHECK(a);
    for (size_t j = 0; j < f->ny; j++) {
        a[j].re = sqrt(j == 0 || j + 1 == f->ny ? 0.5 : 1);
    }
    QN_TRY_CLEANUP(qn_load_prepare(context, a, f->ny, &options, &of_j, NULL));
    for (size_t k = 0; k < f->nz; k++) {
        const double z = (double)(k + 1) * f->dz;
        a[k].re = sqrt(z * exp(-z * z / 2));
    }
    QN_TRY_CLEANUP(qn_load_prepare(context, a, f->nz, &options, &of_k, NULL));
    QN_TRY_CLEANUP(qn__append_at(circuit, of_j, l->j));
    QN_TRY_CLEANUP(qn__append_at(circuit, of_k, l->k));
cleanup:
    qn__free(a);
    qn_circuit_free(of_j);
    qn_circuit_free(of_k);
    return status;
}

/* e^{-i A y_j z_k Y}: for each bit of j a rotation by an angle that eigenvector and k choose where the bit is 1. */
static qn_status append_evolutions(const qn__fourier *f, const layout *l, const double *lambda, qn_circuit *circuit)
{
    uint32_t controls[MOST_QUBITS + 1];
    const uint32_t inner = l->n + l->k_bits;
    const size_t size = (size_t)1 << inner, vectors = (size_t)1 << l->n;
    double *angles = qn__alloc(2 * size, sizeof *angles);
    QN_ALLOC_CHECK(angles);
    qn_status status = QN_OK;
    for (uint32_t q = 0; q < inner; q++) {
        controls[q] = q;
    }
    for (uint32_t bit = 0; bit < l->j_bits; bit++) {
        uint64_t pending = 0;
        const qn__multiplexed y = {QN_GATE_RY, QN_GATE_CX, l->turn, controls, inner + 1, false, 0};
        controls[inner] = l->j + bit;
        for (size_t i = 0; i < size; i++) {
            const size_t k = i / vectors + 1;
            const double z = (double)k * f->dz;
            angles[i] = 0;
            angles[size + i] = 2 * lambda[i % vectors] * z * exp2(bit) * f->dy;
        }
        QN_TRY_CLEANUP(qn__multiplexed_append(circuit, &y, angles, &pending));
        QN_TRY_CLEANUP(qn__multiplexed_flush(circuit, &y, &pending));
    }
cleanup:
    qn__free(angles);
    return status;
}

static qn_status assemble(const qn_context *context, const qn__linear_twin *twin, const qn__fourier *f, const layout *l,
                          qn_circuit **out, qn_data_gates *loading)
{
    qn__eigenbasis basis = {0};
    qn_circuit *prepare = NULL, *terms = NULL, *undo = NULL, *data = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__linear_prepare(context, &twin->problem, 0, &prepare));
    QN_TRY_CLEANUP(qn__eigenbasis_open(context, &twin->problem, l->n, l->count, &basis));
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &terms));
    QN_TRY_CLEANUP(prepare_terms(context, f, l, terms));
    QN_TRY_CLEANUP(qn_circuit_inverse(terms, &undo));
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &data));
    QN_TRY_CLEANUP(qn__append_at(data, prepare, 0));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(data, basis.to));
    QN_TRY_CLEANUP(append_evolutions(f, l, basis.lambda, data));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(data, basis.back));
    QN_TRY_CLEANUP(qn__linear_data_gates(data, loading));
    QN_TRY_CLEANUP(qn_circuit_create(l->count, &circuit));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, terms));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, data));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, undo));
    QN_TRY_CLEANUP(qn__append_gate(circuit, QN_GATE_X, l->turn)); /* success where it is 0 */
    *out = circuit;
    circuit = NULL;
cleanup:
    qn__eigenbasis_free(&basis);
    qn_circuit_free(prepare);
    qn_circuit_free(terms);
    qn_circuit_free(undo);
    qn_circuit_free(data);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn__fourier_gate_run(const qn_context *context, const qn_linear_problem *problem, const qn__fourier *f,
                               double *norm, qn_linear_result *result)
{
    const layout l = lay_out(problem, f);
    const size_t size = (size_t)1 << l.n;
    qn__linear_twin twin;
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY(qn__linear_twin_open(problem, &twin));
    qn_complex *y = qn__alloc(size, sizeof *y);
    if (y == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(assemble(context, &twin, f, &l, &circuit, &result->loading));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, size, y));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, QN__LINEAR_SYNTHESIS, &result->cost));
    double sum = 0;
    for (size_t i = 0; i < size; i++) { /* a dilation's w, of rounding alone, among them */
        sum += y[i].re * y[i].re + y[i].im * y[i].im;
    }
    *norm = f->weight * sqrt(sum);
    (void)qn__linear_take(problem, y + twin.first, f->weight * (problem->b_norm / problem->alpha), result->x);
    result->qubits = l.count;
cleanup:
    qn__free(y);
    qn_circuit_free(circuit);
    qn__linear_twin_close(&twin);
    return status;
}
