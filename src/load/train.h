/* train.h: states as matrix product states (tensor trains): made from amplitudes or functions, cut to low bond
 * dimension, turned into circuits. */
#ifndef QN_LOAD_TRAIN_H
#define QN_LOAD_TRAIN_H

#include <quern/load.h>

#include "base/status.h"

/* Site k is qubit n - 1 - k. Its tensor is a column-major matrix: row bit * bond[k + 1] + beta, column alpha, with
 * alpha the bond to site k - 1 and beta that to site k + 1; bond[0] = bond[n] = 1. In canonical form all columns are
 * orthonormal; the norm and phase stand in `scale`. */
typedef struct qn__train {
    uint32_t n;
    size_t *bond;      /* n + 1 */
    qn_complex **site; /* n */
    qn_complex scale;
    double fidelity; /* of what was kept with what was given, both normalised */
} qn__train;

/* How much may be cut: loss of fidelity all together, and the largest bond (0: no limit). */
typedef struct qn__train_cut {
    double loss;
    size_t bond;
} qn__train_cut;

/* Without tensors; to be freed even when it fails. */
QN_MUST_USE qn_status qn__train_start(uint32_t n, qn__train *train);
void qn__train_free(qn__train *train);
/* Canonical, from 2^n amplitudes. */
QN_MUST_USE qn_status qn__train_of_vector(const qn_context *context, uint32_t n, const qn_complex *amplitudes,
                                          const qn__train_cut *cut, qn__train *out);
/* Canonical, of f(j / 2^n), j = 0 .. 2^n - 1, through polynomials on `nodes` Chebyshev points: multiscale interpolative
 * construction (Lindsey, arXiv:2311.12554). Takes no memory of size 2^n. */
QN_MUST_USE qn_status qn__train_of_function(const qn_context *context, uint32_t n, const qn_load_function *f,
                                            size_t nodes, const qn__train_cut *cut, qn__train *out);
/* Square of the distance of f and those polynomials over the square of f, both summed over `samples` random points. */
QN_MUST_USE qn_status qn__train_function_error(const qn_load_function *f, size_t nodes, size_t samples, double *out);
/* Canonical form again, cut. */
QN_MUST_USE qn_status qn__train_cut_down(qn__train *train, const qn__train_cut *cut);
/* Amplitude of a basis state. */
QN_MUST_USE qn_status qn__train_amplitude(const qn__train *train, uint64_t index, qn_complex *out);
size_t qn__train_largest_bond(const qn__train *train);

/* Appends the circuit of a canonical train of norm 1 on its n qubits: a staircase of isometries on ceil(log2 bond) + 1
 * qubits (Schon, Solano, Verstraete, Cirac, Wolf, quant-ph/0501096). No ancillas: a bond lives on the qubits whose own
 * sites come later. */
QN_MUST_USE qn_status qn__train_append(qn_circuit *circuit, const qn__train *train);

#endif
