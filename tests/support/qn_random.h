/* qn_random.h: random circuits, Pauli sums and numbers for property tests; a generator of its own, so that the
 * library's is not tested by itself. */
#ifndef QN_RANDOM_H
#define QN_RANDOM_H

#include <qn_test.h>

#include <quern/circuit.h>

/* SplitMix64 (Steele, Lea, Flood 2014). */
typedef struct qn_random {
    uint64_t state;
} qn_random;

static inline uint64_t qn_random_word(qn_random *r)
{
    uint64_t z = r->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Below `bound`. */
static inline uint32_t qn_random_below(qn_random *r, uint32_t bound)
{
    return (uint32_t)((qn_random_word(r) >> 32) * bound >> 32);
}

static inline double qn_random_between(qn_random *r, double low, double high)
{
    return low + (high - low) * (double)(qn_random_word(r) >> 11) * 0x1.0p-53;
}

/* `count` different qubits below n. */
static inline void qn_random_qubits(qn_random *r, uint32_t n, uint32_t count, uint32_t *out)
{
    for (uint32_t i = 0; i < count; i++) {
        bool taken = true;
        while (taken) {
            out[i] = qn_random_below(r, n);
            taken = false;
            for (uint32_t j = 0; j < i; j++) {
                taken = taken || out[j] == out[i];
            }
        }
    }
}

/* A unitary by Gram-Schmidt on a random matrix; row-major. */
static inline void qn_random_unitary(qn_random *r, uint32_t size, qn_complex *m)
{
    for (uint32_t i = 0; i < size; i++) {
        for (uint32_t j = 0; j < size; j++) {
            m[i * size + j] = (qn_complex){qn_random_between(r, -1, 1), qn_random_between(r, -1, 1)};
        }
        for (uint32_t k = 0; k < i; k++) { /* take row k out of row i, then make it of length 1 */
            double re = 0, im = 0;
            for (uint32_t j = 0; j < size; j++) {
                const qn_complex a = m[k * size + j], b = m[i * size + j];
                re += a.re * b.re + a.im * b.im;
                im += a.re * b.im - a.im * b.re;
            }
            for (uint32_t j = 0; j < size; j++) {
                const qn_complex a = m[k * size + j];
                m[i * size + j].re -= re * a.re - im * a.im;
                m[i * size + j].im -= re * a.im + im * a.re;
            }
        }
        double norm = 0;
        for (uint32_t j = 0; j < size; j++) {
            norm += m[i * size + j].re * m[i * size + j].re + m[i * size + j].im * m[i * size + j].im;
        }
        for (uint32_t j = 0; j < size; j++) {
            m[i * size + j].re /= sqrt(norm);
            m[i * size + j].im /= sqrt(norm);
        }
    }
}

/* A number, or affine in one or two symbols; terms has room for two. */
static inline qn_param qn_random_param(qn_random *r, uint32_t symbols, qn_param_term *terms)
{
    qn_param param = QN_PARAM(qn_random_between(r, -3, 3));
    if (symbols > 0 && qn_random_below(r, 4) > 0) {
        param.terms = terms;
        param.count = symbols > 1 ? 1 + qn_random_below(r, 2) : 1;
        terms[0] = (qn_param_term){qn_random_below(r, symbols), qn_random_between(r, -2, 2)};
        terms[1] = (qn_param_term){(terms[0].symbol + 1) % symbols, qn_random_between(r, -2, 2)};
    }
    return param;
}

/* Append this row of the gate table on random qubits, under `controls` more of them in random state. False when there
 * are too few qubits or the row takes no controls. */
static inline bool qn_random_append(qn_random *r, qn_circuit *circuit, qn_gate gate, uint32_t symbols,
                                    uint32_t controls)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    const qn_gate_info *info = qn_gate_describe(gate);
    const bool special = (info->flags & (QN_GATE_FLAG_PAULI_STRING | QN_GATE_FLAG_MATRIX)) != 0;
    if (info->qubits + controls > n || (special && controls > 0)) {
        return false;
    }
    uint32_t qubits[64];
    qn_param params[4];
    qn_param_term terms[4][2];
    assert_true(info->params <= 4 && n <= 64);
    for (uint32_t p = 0; p < info->params; p++) {
        params[p] = qn_random_param(r, symbols, terms[p]);
    }
    if ((info->flags & QN_GATE_FLAG_PAULI_STRING) != 0) {
        const uint32_t weight = 1 + qn_random_below(r, n);
        char letters[64];
        qn_random_qubits(r, n, weight, qubits);
        for (uint32_t i = 0; i < weight; i++) {
            letters[i] = "XYZ"[qn_random_below(r, 3)];
        }
        assert_ok(qn_circuit_append_pauli_rotation(circuit, letters, qubits, weight, params[0]));
        return true;
    }
    qn_random_qubits(r, n, controls + info->qubits, qubits);
    if ((info->flags & QN_GATE_FLAG_MATRIX) != 0) {
        qn_complex matrix[16];
        qn_random_unitary(r, 1u << info->qubits, matrix);
        assert_ok(qn_circuit_append_unitary(circuit, qubits, info->qubits, matrix));
        return true;
    }
    const uint64_t fires = qn_random_word(r) & ((UINT64_C(1) << controls) - 1);
    assert_ok(qn_circuit_append_controlled(circuit, gate, qubits, controls, fires, qubits + controls, info->qubits,
                                           params, info->params));
    return true;
}

/* A circuit with symbols t0, t1, ...; starts with a layer that leaves no amplitude 0. */
static inline qn_circuit *qn_random_start(qn_random *r, uint32_t n, uint32_t symbols)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(n, &circuit));
    for (uint32_t s = 0; s < symbols; s++) {
        char name[16];
        uint32_t index = 0;
        (void)snprintf(name, sizeof name, "t%u", s);
        assert_ok(qn_circuit_add_symbol(circuit, name, &index));
    }
    for (uint32_t q = 0; q < n; q++) {
        const qn_param angle = QN_PARAM(qn_random_between(r, 0.3, 2.5));
        assert_ok(qn_circuit_append(circuit, QN_GATE_RY, &q, 1, &angle, 1));
    }
    return circuit;
}

/* `count` random gates, extra controls among them. */
static inline qn_circuit *qn_random_circuit(qn_random *r, uint32_t n, uint32_t symbols, uint32_t count)
{
    qn_circuit *circuit = qn_random_start(r, n, symbols);
    for (uint32_t done = 0; done < count;) {
        const uint32_t controls = qn_random_below(r, 3) == 0 ? 1 + qn_random_below(r, 2) : 0;
        done += qn_random_append(r, circuit, (qn_gate)qn_random_below(r, QN_GATE_COUNT_), symbols, controls);
    }
    return circuit;
}

/* Hermitian: real coefficients, strings of any weight, now and then the identity or a string twice. */
static inline qn_pauli_sum *qn_random_sum(qn_random *r, uint32_t n, uint32_t terms)
{
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(n, &sum));
    char label[65] = "";
    for (uint32_t t = 0; t < terms; t++) {
        const uint32_t letters = 1 + qn_random_below(r, 4); /* from sparse to dense strings */
        for (uint32_t q = 0; q < n && t % 5 != 4; q++) {
            label[q] = qn_random_below(r, 4) < letters ? "IXYZ"[qn_random_below(r, 4)] : 'I';
        }
        label[n] = '\0';
        assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){qn_random_between(r, -1, 1), 0}, label));
    }
    return sum;
}

static inline void qn_random_angles(qn_random *r, double *theta, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        theta[i] = qn_random_between(r, -3, 3);
    }
}

#endif
