/* dense.h: states and unitaries of small circuits straight from the definitions, for tests only: slow and plain. */
#ifndef QN_TEST_DENSE_H
#define QN_TEST_DENSE_H

#include <complex.h>

#include <qn_test.h>

#include <quern/circuit.h>

typedef double complex dense_complex;

/* The imaginary unit as a double: <complex.h> has a float. */
#define DENSE_I ((dense_complex)I)

static inline dense_complex *dense_new(size_t count)
{
    dense_complex *out = calloc(count, sizeof *out);
    assert_non_null(out);
    return out;
}

/* P |b> = phase |b ^ x> for letters on qubits. */
static inline dense_complex dense_pauli_phase(const char *letters, const uint32_t *qubits, size_t count, size_t b,
                                              size_t *image)
{
    dense_complex phase = 1;
    for (size_t i = 0; i < count; i++) {
        const int bit = (int)(b >> qubits[i] & 1);
        if (letters[i] == 'X' || letters[i] == 'Y') {
            b ^= (size_t)1 << qubits[i];
        }
        if (letters[i] == 'Y') {
            phase *= bit ? -DENSE_I : DENSE_I;
        } else if (letters[i] == 'Z') {
            phase *= bit ? -1 : 1;
        }
    }
    *image = b;
    return phase;
}

static inline bool dense_fires(const qn_operation *op, size_t b)
{
    for (uint32_t k = 0; k < op->ncontrols; k++) {
        if ((b >> op->controls[k] & 1) != (op->control_state >> k & 1)) {
            return false;
        }
    }
    return true;
}

/* Apply one operation to a state of n qubits. */
static inline void dense_apply(const qn_operation *op, const double *theta, uint32_t n, dense_complex *state)
{
    const size_t size = (size_t)1 << n, k = (size_t)1 << (op->pauli != NULL ? 0 : op->ntargets);
    dense_complex *out = dense_new(size);
    double params[8] = {0};
    for (uint32_t i = 0; i < op->nparams; i++) {
        params[i] = qn_param_value(&op->params[i], theta);
    }
    qn_complex *matrix = calloc(k * k, sizeof *matrix);
    if (op->matrix != NULL) {
        memcpy(matrix, op->matrix, k * k * sizeof *matrix);
    } else if (op->pauli == NULL) {
        assert_ok(qn_gate_matrix(op->base, params, matrix));
    }
    for (size_t b = 0; b < size; b++) { /* column b: amplitude of |b> spreads over the rows */
        if (!dense_fires(op, b)) {
            out[b] += state[b];
        } else if (op->pauli != NULL) {
            size_t image = 0;
            const dense_complex phase = dense_pauli_phase(op->pauli, op->targets, op->ntargets, b, &image);
            out[b] += cos(params[0] / 2) * state[b];
            out[image] += -DENSE_I * sin(params[0] / 2) * phase * state[b];
        } else {
            size_t column = 0, rest = b;
            for (uint32_t t = 0; t < op->ntargets; t++) {
                column |= (b >> op->targets[t] & 1) << t;
                rest &= ~((size_t)1 << op->targets[t]);
            }
            for (size_t row = 0; row < k; row++) {
                size_t to = rest;
                for (uint32_t t = 0; t < op->ntargets; t++) {
                    to |= (row >> t & 1) << op->targets[t];
                }
                out[to] += (matrix[row * k + column].re + DENSE_I * matrix[row * k + column].im) * state[b];
            }
        }
    }
    memcpy(state, out, size * sizeof *state);
    free(matrix);
    free(out);
}

/* The state that a circuit makes from |start>. */
static inline dense_complex *dense_state(const qn_circuit *circuit, const double *theta, size_t start)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    dense_complex *state = dense_new((size_t)1 << n);
    state[start] = 1;
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        dense_apply(&op, theta, n, state);
    }
    return state;
}

/* The matrix of a circuit, row-major. */
static inline dense_complex *dense_unitary(const qn_circuit *circuit, const double *theta)
{
    const size_t size = (size_t)1 << qn_circuit_qubits(circuit);
    dense_complex *out = dense_new(size * size);
    for (size_t column = 0; column < size; column++) {
        dense_complex *state = dense_state(circuit, theta, column);
        for (size_t row = 0; row < size; row++) {
            out[row * size + column] = state[row];
        }
        free(state);
    }
    return out;
}

/* Largest |a - b|. */
static inline double dense_distance(const dense_complex *a, const dense_complex *b, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++) {
        const double off = cabs(a[i] - b[i]);
        largest = !(off <= largest) ? off : largest;
    }
    return largest;
}

/* c = a b for square matrices; `adjoint` takes b's adjoint. */
static inline dense_complex *dense_product(const dense_complex *a, const dense_complex *b, size_t size, bool adjoint)
{
    dense_complex *c = dense_new(size * size);
    for (size_t i = 0; i < size; i++) {
        for (size_t k = 0; k < size; k++) {
            for (size_t j = 0; j < size; j++) {
                c[i * size + j] += a[i * size + k] * (adjoint ? conj(b[j * size + k]) : b[k * size + j]);
            }
        }
    }
    return c;
}

static inline dense_complex *dense_identity(size_t size)
{
    dense_complex *out = dense_new(size * size);
    for (size_t i = 0; i < size; i++) {
        out[i * size + i] = 1;
    }
    return out;
}

#endif
