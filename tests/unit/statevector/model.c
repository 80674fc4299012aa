/* model.c: the model of model.h. Matrices come from the gate table, never from the engine. */
#include "model.h"

#include <complex.h>
#include <string.h>

#include "base/rng.h"
#include "qn_test.h"

double model_uniform(model_random *random)
{
    return qn__random_uniform(random->seed, 0, random->index++);
}

uint32_t model_below(model_random *random, uint32_t n)
{
    return (uint32_t)(model_uniform(random) * n);
}

static double complex get(qn_complex z)
{
    double complex out; /* CMPLX is not everywhere; the layouts agree */
    memcpy(&out, &z, sizeof out);
    return out;
}

static qn_complex put(double complex z)
{
    return (qn_complex){creal(z), cimag(z)};
}

static bool fires(const qn_operation *op, uint64_t index)
{
    for (uint32_t k = 0; k < op->ncontrols; k++) {
        if ((index >> op->controls[k] & 1) != (op->control_state >> k & 1)) {
            return false;
        }
    }
    return true;
}

/* P |j> for a Pauli string: the index it leads to, and the factor. */
static double complex pauli(uint64_t x, uint64_t z, uint64_t j, uint64_t *to)
{
    static const double powers[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    *to = j ^ x;
    const double sign = (__builtin_popcountll(z & j) & 1) != 0 ? -1.0 : 1.0;
    const double *power = powers[__builtin_popcountll(x & z) & 3];
    return get((qn_complex){power[0] * sign, power[1] * sign});
}

static void rotate(const qn_operation *op, double angle, uint64_t size, const qn_complex *in, qn_complex *out)
{
    uint64_t x = 0, z = 0;
    for (uint32_t k = 0; k < op->ntargets; k++) {
        x |= op->pauli[k] == 'X' || op->pauli[k] == 'Y' ? UINT64_C(1) << op->targets[k] : 0;
        z |= op->pauli[k] == 'Z' || op->pauli[k] == 'Y' ? UINT64_C(1) << op->targets[k] : 0;
    }
    const double c = cos(angle / 2), sine = sin(angle / 2);
    memset(out, 0, size * sizeof *out);
    for (uint64_t j = 0; j < size; j++) {
        if (!fires(op, j)) {
            out[j] = in[j];
            continue;
        }
        uint64_t to = 0;
        const double complex factor = pauli(x, z, j, &to);
        out[j].re += c * in[j].re;
        out[j].im += c * in[j].im;
        const qn_complex f = put(factor), a = {f.im * sine, -f.re * sine}; /* -i sine factor */
        out[to].re += a.re * in[j].re - a.im * in[j].im;
        out[to].im += a.re * in[j].im + a.im * in[j].re;
    }
}

static void multiply(const qn_operation *op, const qn_complex *m, uint64_t size, const qn_complex *in, qn_complex *out)
{
    const uint64_t dimension = UINT64_C(1) << op->ntargets;
    memset(out, 0, size * sizeof *out);
    for (uint64_t j = 0; j < size; j++) {
        if (!fires(op, j)) {
            out[j] = in[j];
            continue;
        }
        uint64_t column = 0, rest = j;
        for (uint32_t t = 0; t < op->ntargets; t++) {
            column |= (j >> op->targets[t] & 1) << t;
            rest &= ~(UINT64_C(1) << op->targets[t]);
        }
        for (uint64_t row = 0; row < dimension; row++) {
            uint64_t to = rest;
            for (uint32_t t = 0; t < op->ntargets; t++) {
                to |= (row >> t & 1) << op->targets[t];
            }
            const qn_complex a = m[row * dimension + column]; /* products of C check for NaN, which takes long */
            out[to].re += a.re * in[j].re - a.im * in[j].im;
            out[to].im += a.re * in[j].im + a.im * in[j].re;
        }
    }
}

void model_state(const qn_circuit *circuit, const double *theta, qn_complex *out)
{
    const uint64_t size = UINT64_C(1) << qn_circuit_qubits(circuit);
    qn_complex *in = calloc(size, sizeof *in);
    assert_non_null(in);
    memset(out, 0, size * sizeof *out);
    out[0].re = 1.0;
    for (size_t k = 0; k < qn_circuit_operations(circuit); k++) {
        qn_operation op;
        qn_circuit_operation(circuit, k, &op);
        double params[4] = {0};
        for (uint32_t i = 0; i < op.nparams; i++) {
            params[i] = qn_param_value(&op.params[i], theta);
        }
        memcpy(in, out, size * sizeof *in);
        if (op.pauli != NULL) {
            rotate(&op, params[0], size, in, out);
            continue;
        }
        qn_complex matrix[256];
        const qn_complex *m = op.matrix;
        if (m == NULL) {
            assert_ok(qn_gate_matrix(op.base, params, matrix));
            m = matrix;
        }
        multiply(&op, m, size, in, out);
    }
    free(in);
}

double model_expect(const qn_pauli_sum *sum, const qn_complex *state)
{
    const uint64_t size = UINT64_C(1) << qn_pauli_sum_qubits(sum);
    double complex total = 0.0;
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        double complex value = 0.0;
        for (uint64_t j = 0; j < size; j++) {
            uint64_t to = 0;
            const double complex factor = pauli(qn_pauli_sum_x(sum, t)[0], qn_pauli_sum_z(sum, t)[0], j, &to);
            value += conj(get(state[to])) * factor * get(state[j]);
        }
        total += get(qn_pauli_sum_coefficient(sum, t)) * value;
    }
    assert_near(cimag(total), 0.0, 1e-10);
    return creal(total);
}

static void shuffle(uint32_t *qubits, uint32_t n, model_random *random)
{
    for (uint32_t q = 0; q < n; q++) {
        qubits[q] = q;
    }
    for (uint32_t q = n; q > 1; q--) {
        const uint32_t other = model_below(random, q), swap = qubits[q - 1];
        qubits[q - 1] = qubits[other];
        qubits[other] = swap;
    }
}

static void append_unitary(qn_circuit *circuit, uint32_t targets, const uint32_t *qubits, model_random *random)
{
    /* a product of table gates with random angles is unitary and dense */
    qn_complex a[16], b[16], out[16];
    const double p[3] = {6 * model_uniform(random), 6 * model_uniform(random), 6 * model_uniform(random)};
    assert_ok(qn_gate_matrix(targets == 1 ? QN_GATE_U : QN_GATE_XX_PLUS_YY, p, a));
    assert_ok(qn_gate_matrix(targets == 1 ? QN_GATE_RX : QN_GATE_RZX, p + 1, b));
    const size_t size = (size_t)1 << targets;
    for (size_t r = 0; r < size; r++) {
        for (size_t c = 0; c < size; c++) {
            double complex sum = 0.0;
            for (size_t k = 0; k < size; k++) {
                sum += get(a[r * size + k]) * get(b[k * size + c]);
            }
            out[r * size + c] = put(sum);
        }
    }
    assert_ok(qn_circuit_append_unitary(circuit, qubits, targets, out));
}

void model_append(qn_circuit *circuit, qn_gate gate, uint32_t nsymbols, model_random *random)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    const uint32_t n = qn_circuit_qubits(circuit);
    uint32_t qubits[64];
    shuffle(qubits, n, random);
    qn_param_term terms[4][2];
    qn_param params[4];
    for (uint32_t i = 0; i < 4; i++) {
        params[i] = (qn_param){6 * model_uniform(random) - 3, terms[i], nsymbols == 0 ? 0 : model_below(random, 3), 0};
        terms[i][0] = (qn_param_term){model_below(random, nsymbols), 2 * model_uniform(random) - 1};
        terms[i][1] = (qn_param_term){model_below(random, nsymbols), 2 * model_uniform(random) - 1};
    }
    uint32_t need = info->qubits;
    if ((info->flags & QN_GATE_FLAG_PAULI_STRING) != 0) {
        need = 1 + model_below(random, n);
        char letters[65] = "";
        for (uint32_t k = 0; k < need; k++) {
            letters[k] = "IXYZ"[model_below(random, 4)];
        }
        letters[need] = '\0';
        assert_ok(qn_circuit_append_pauli_rotation(circuit, letters, qubits, need, params[0]));
        return;
    }
    if (need > n) {
        return;
    }
    if ((info->flags & QN_GATE_FLAG_MATRIX) != 0) {
        append_unitary(circuit, need, qubits, random);
        return;
    }
    const uint32_t extra = model_below(random, 3) == 0 ? model_below(random, n - need + 1) : 0;
    const uint64_t state = model_below(random, 1u << (extra < 8 ? extra : 8));
    assert_ok(
        qn_circuit_append_controlled(circuit, gate, qubits + need, extra, state, qubits, need, params, info->params));
}

void model_circuit(uint32_t nqubits, uint32_t nsymbols, size_t gates, model_random *random, qn_circuit **out)
{
    assert_ok(qn_circuit_create(nqubits, out));
    for (uint32_t s = 0; s < nsymbols; s++) {
        char name[16];
        (void)snprintf(name, sizeof name, "t%u", s);
        uint32_t index = 0;
        assert_ok(qn_circuit_add_symbol(*out, name, &index));
    }
    for (size_t k = 0; k < gates; k++) {
        model_append(*out, (qn_gate)model_below(random, QN_GATE_COUNT_), nsymbols, random);
    }
}

void model_observable(uint32_t nqubits, size_t terms, model_random *random, qn_pauli_sum **out)
{
    assert_ok(qn_pauli_sum_create(nqubits, out));
    const uint64_t all = (UINT64_C(1) << nqubits) - 1;
    uint64_t x = 0;
    for (size_t t = 0; t < terms; t++) {
        x = model_below(random, 3) == 0 ? x : (uint64_t)(model_uniform(random) * 0x1p32) & all;
        const uint64_t z = (uint64_t)(model_uniform(random) * 0x1p32) & all;
        const qn_complex c = {2 * model_uniform(random) - 1, 0.0};
        assert_ok(qn_pauli_sum_add_masks(*out, c, &x, &z));
    }
    const uint64_t none = 0;
    assert_ok(qn_pauli_sum_add_masks(*out, (qn_complex){0.25, 0.0}, &none, &none));
}
