/* test_gates.c: every row of the gate table against its definition: matrices, inverses, texts, flags, costs, shift
 * rules. */
#include <dense.h>

#include <quern/circuit.h>

#include "base/rng.h"
#include "circuit/gate.h"

static const double TOLERANCE = 1e-12;

static void random_params(uint64_t seed, qn_gate gate, double *params)
{
    for (uint64_t i = 0; i < QN__GATE_PARAMS; i++) {
        params[i] = 6 * qn__random_uniform(seed, (uint64_t)gate, i) - 3;
    }
}

static bool carries_data(const qn_gate_info *info)
{
    return (info->flags & (QN_GATE_FLAG_PAULI_STRING | QN_GATE_FLAG_MATRIX)) != 0;
}

static void append_numbers(qn_circuit *circuit, qn_gate gate, const uint32_t *qubits, const double *values)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    qn_param params[QN__GATE_PARAMS];
    for (uint32_t i = 0; i < info->params; i++) {
        params[i] = QN_PARAM(values[i]);
    }
    assert_ok(qn_circuit_append(circuit, gate, qubits, info->qubits, params, info->params));
}

static const uint32_t in_order[] = {0, 1, 2, 3, 4, 5};

static uint32_t width_of(qn_gate gate)
{
    const uint32_t qubits = qn_gate_describe(gate)->qubits;
    return qubits == 0 ? 1 : qubits;
}

/* The row's full matrix, controls included. */
static dense_complex *row_matrix(qn_gate gate, const double *params)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(width_of(gate), &circuit));
    append_numbers(circuit, gate, in_order, params);
    dense_complex *out = dense_unitary(circuit, NULL);
    qn_circuit_free(circuit);
    return out;
}

/* The matrix of a text about a row. */
static dense_complex *text_matrix(qn_gate gate, const char *text, const double *params)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(width_of(gate), &circuit));
    for (;;) {
        qn__gate_step step;
        bool found = false;
        assert_ok(qn__gate_text_next(&text, &step, &found));
        if (!found) {
            break;
        }
        double values[QN__GATE_PARAMS];
        for (uint32_t i = 0; i < step.nparams; i++) {
            values[i] = qn__affine_value(&step.params[i], params, info->params);
        }
        append_numbers(circuit, step.gate, step.qubits, values);
    }
    dense_complex *out = dense_unitary(circuit, NULL);
    qn_circuit_free(circuit);
    return out;
}

static void rows_are_consistent(void **state)
{
    (void)state;
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        const qn_gate_info *info = qn_gate_describe(g);
        assert_int_equal(info->gate, g);
        assert_true((info->flags & QN_GATE_FLAG_UNITARY) != 0);
        assert_true(info->params <= QN__GATE_PARAMS && info->qubits <= QN__GATE_QUBITS);
        assert_true(info->help != NULL && info->help[0] != '\0');
        const qn_gate_info *base = qn_gate_describe(info->base);
        assert_int_equal(base->controls, 0);
        assert_int_equal(base->base, info->base);
        assert_int_equal(base->params, info->params);
        if (info->controls == 0) {
            assert_int_equal(info->base, g);
        } else {
            assert_int_equal(base->qubits + info->controls, info->qubits);
        }
        if (info->params > 0) {
            assert_int_equal(info->flags & QN_GATE_FLAG_CLIFFORD, 0);
        }
    }
    assert_null(qn_gate_describe(QN_GATE_COUNT_));
    assert_null(qn_gate_describe((qn_gate)-1));
}

/* Every name and alias is known, leads to its row, and belongs to one row only. */
static void names_are_unique(void **state)
{
    (void)state;
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        const qn__gate_row *row = qn__gate_row_of(g);
        char words[160];
        snprintf(words, sizeof words, "%s %s %s %s", row->info.name, row->info.qasm2 != NULL ? row->info.qasm2 : "",
                 row->info.qasm3 != NULL ? row->info.qasm3 : "", row->aliases);
        for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
            qn_gate found = QN_GATE_COUNT_;
            assert_ok(qn_gate_from_name(word, &found));
            if (found != g) {
                fail_msg("%s is %s and %s", word, row->info.name, qn_gate_describe(found)->name);
            }
        }
    }
    qn_gate out = QN_GATE_T;
    assert_fails(qn_gate_from_name("crxx", &out), QN_ERR_NAME, "did you mean \"");
    assert_int_equal(out, QN_GATE_T);
    assert_fails(qn_gate_from_name("completely-other", &out), QN_ERR_NAME, "no gate is called");
    assert_fails(qn_gate_from_name("", &out), QN_ERR_NAME, "no gate is called");
    assert_fails(qn_gate_from_name(NULL, &out), QN_ERR_ARGUMENT, "NULL");
}

/* All names of stdgates.inc and of the 42 gates of qelib1.inc are there. */
static void standard_libraries_are_covered(void **state)
{
    (void)state;
    static const char *const stdgates[] = {"p",   "x",   "y",     "z",      "h",  "s",    "sdg", "t",
                                           "tdg", "sx",  "rx",    "ry",     "rz", "cx",   "cy",  "cz",
                                           "cp",  "crx", "cry",   "crz",    "ch", "swap", "ccx", "cswap",
                                           "cu",  "CX",  "phase", "cphase", "id", "u1",   "u2",  "u3"};
    static const char *const qelib1[] = {
        "u3",  "u2",  "u1", "cx",  "u0",  "u",    "p",   "x",   "y",    "z",    "h",   "s",       "sdg", "t",
        "tdg", "rx",  "ry", "rz",  "sx",  "sxdg", "cz",  "cy",  "swap", "ch",   "ccx", "cswap",   "crx", "cry",
        "crz", "cu1", "cp", "cu3", "csx", "cu",   "rxx", "rzz", "rccx", "rc3x", "c3x", "c3sqrtx", "c4x", "id"};
    qn_gate gate;
    for (size_t i = 0; i < sizeof stdgates / sizeof stdgates[0]; i++) {
        assert_ok(qn_gate_from_name(stdgates[i], &gate));
    }
    for (size_t i = 0; i < sizeof qelib1 / sizeof qelib1[0]; i++) {
        assert_ok(qn_gate_from_name(qelib1[i], &gate));
        assert_non_null(qn_gate_describe(gate)->qasm2);
    }
}

static void matrices_are_unitary(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        if (carries_data(qn_gate_describe(g))) {
            qn_complex out[16];
            const double angle = 1;
            assert_fails(qn_gate_matrix(g, &angle, out), QN_ERR_UNSUPPORTED, qn_gate_describe(g)->name);
            continue;
        }
        double params[QN__GATE_PARAMS];
        random_params(seed, g, params);
        const size_t size = (size_t)1 << width_of(g);
        dense_complex *u = row_matrix(g, params), *one = dense_identity(size), *uu = dense_product(u, u, size, true);
        assert_near(dense_distance(uu, one, size * size), 0, TOLERANCE);
        free(u);
        free(uu);
        free(one);
    }
    qn_complex out[4];
    assert_fails(qn_gate_matrix(QN_GATE_COUNT_, NULL, out), QN_ERR_RANGE, "outside");
    assert_fails(qn_gate_matrix(QN_GATE_RX, NULL, out), QN_ERR_ARGUMENT, "rx");
}

/* Texts are exact, global phase included. */
static void texts_equal_matrices(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        const qn__gate_row *row = qn__gate_row_of(g);
        if (carries_data(&row->info)) {
            continue;
        }
        double params[QN__GATE_PARAMS];
        random_params(seed, g, params);
        const size_t size = (size_t)1 << width_of(g);
        dense_complex *u = row_matrix(g, params);
        if (row->decomposition != NULL) {
            dense_complex *v = text_matrix(g, row->decomposition, params);
            if (dense_distance(u, v, size * size) > TOLERANCE) {
                fail_msg("decomposition of %s is off by %g", row->info.name, dense_distance(u, v, size * size));
            }
            free(v);
        }
        if (row->inverse != NULL) {
            dense_complex *v = text_matrix(g, row->inverse, params), *uv = dense_product(u, v, size, false);
            dense_complex *one = dense_identity(size);
            if (dense_distance(uv, one, size * size) > TOLERANCE) {
                fail_msg("inverse of %s is off by %g", row->info.name, dense_distance(uv, one, size * size));
            }
            free(one);
            free(uv);
            free(v);
        }
        free(u);
    }
}

/* tr(P a)/size over all Pauli strings P: whether exactly one is +-1. */
static bool is_signed_pauli(const dense_complex *a, uint32_t n)
{
    const size_t size = (size_t)1 << n;
    unsigned found = 0;
    for (size_t code = 0; code < size * size; code++) {
        char letters[QN__GATE_QUBITS];
        for (uint32_t q = 0; q < n; q++) {
            letters[q] = "IXZY"[(code >> q & 1) | (code >> (n + q) & 1) << 1];
        }
        dense_complex trace = 0;
        for (size_t b = 0; b < size; b++) {
            size_t image = 0;
            const dense_complex phase = dense_pauli_phase(letters, in_order, n, b, &image);
            trace += phase * a[b * size + image];
        }
        found += cabs(trace / (double)size - 1) < 1e-9 || cabs(trace / (double)size + 1) < 1e-9;
    }
    return found == 1;
}

static bool maps_paulis_to_paulis(const dense_complex *u, uint32_t n)
{
    const size_t size = (size_t)1 << n;
    bool clifford = true;
    for (uint32_t k = 0; k < 2 * n; k++) {
        const char letter = k < n ? 'X' : 'Z';
        const uint32_t qubit = k % n;
        dense_complex *p = dense_new(size * size);
        for (size_t b = 0; b < size; b++) {
            size_t image = 0;
            const dense_complex phase = dense_pauli_phase(&letter, &qubit, 1, b, &image);
            p[image * size + b] = phase;
        }
        dense_complex *up = dense_product(u, p, size, false), *upu = dense_product(up, u, size, true);
        clifford = clifford && is_signed_pauli(upu, n);
        free(p);
        free(up);
        free(upu);
    }
    return clifford;
}

static void check_flag(const qn_gate_info *info, uint32_t flag, bool holds, const char *what)
{
    if (((info->flags & flag) != 0) != holds) {
        fail_msg("%s: flag %s is %s, the matrix says otherwise", info->name, what, holds ? "missing" : "set");
    }
}

/* Flags hold exactly where the matrix says so, at parameters drawn at random. */
static void flags_match_matrices(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        const qn_gate_info *info = qn_gate_describe(g);
        if (carries_data(info)) {
            continue;
        }
        double params[QN__GATE_PARAMS];
        random_params(seed, g, params);
        const uint32_t n = width_of(g);
        const size_t size = (size_t)1 << n;
        dense_complex *u = row_matrix(g, params), *uu = dense_product(u, u, size, false), *one = dense_identity(size);
        bool diagonal = true, real = true;
        for (size_t i = 0; i < size * size; i++) {
            diagonal = diagonal && (i / size == i % size || cabs(u[i]) < TOLERANCE);
            real = real && fabs(cimag(u[i])) < TOLERANCE;
        }
        check_flag(info, QN_GATE_FLAG_DIAGONAL, diagonal, "diagonal");
        check_flag(info, QN_GATE_FLAG_REAL, real, "real");
        check_flag(info, QN_GATE_FLAG_SELF_INVERSE, dense_distance(uu, one, size * size) < TOLERANCE, "self-inverse");
        if (info->params == 0 && info->qubits > 0) {
            check_flag(info, QN_GATE_FLAG_CLIFFORD, maps_paulis_to_paulis(u, n), "Clifford");
        }
        bool symmetric = false;
        if (info->qubits - info->controls == 2) {
            uint32_t turned[QN__GATE_QUBITS] = {0, 1, 2, 3, 4};
            turned[info->qubits - 1] = info->qubits - 2;
            turned[info->qubits - 2] = info->qubits - 1;
            qn_circuit *circuit = NULL;
            assert_ok(qn_circuit_create(n, &circuit));
            append_numbers(circuit, g, turned, params);
            dense_complex *v = dense_unitary(circuit, NULL);
            symmetric = dense_distance(u, v, size * size) < TOLERANCE;
            free(v);
            qn_circuit_free(circuit);
        }
        if (info->qubits - info->controls <= 2) {
            check_flag(info, QN_GATE_FLAG_SYMMETRIC, symmetric, "symmetric");
        }
        free(u);
        free(uu);
        free(one);
    }
}

/* Rotations are cos - i sin P with P from the generator column, written out here. */
static void rotations_have_their_generator(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        const qn__gate_row *row = qn__gate_row_of(g);
        const bool rotation = (row->info.flags & QN_GATE_FLAG_ROTATION) != 0;
        if (carries_data(&row->info)) {
            continue;
        }
        assert_true(rotation == (row->generator != NULL));
        if (!rotation) {
            continue;
        }
        seen++;
        const double angle[1] = {0.7 + 0.1 * (double)(int)g};
        const uint32_t n = row->info.qubits;
        assert_int_equal(strlen(row->generator), n);
        const size_t size = (size_t)1 << n;
        dense_complex *expected = dense_new(size * size), *u = row_matrix(g, angle);
        for (size_t b = 0; b < size; b++) {
            size_t image = 0;
            const dense_complex phase = dense_pauli_phase(row->generator, in_order, n, b, &image);
            expected[b * size + b] += cos(angle[0] / 2);
            expected[image * size + b] += -DENSE_I * sin(angle[0] / 2) * phase;
        }
        assert_near(dense_distance(u, expected, size * size), 0, TOLERANCE);
        free(expected);
        free(u);
    }
    assert_int_equal(seen, 7);
}

/* Published matrices, typed out; bit 0 of the index is the first qubit. */
static void literal_matrices(void **state)
{
    (void)state;
    const double r = sqrt(0.5);
    static const struct {
        qn_gate gate;
        unsigned ones[8]; /* permutations: column b has its 1 in this row */
        unsigned n;
    } permutations[] = {
        {QN_GATE_CX, {0, 3, 2, 1}, 2},
        {QN_GATE_SWAP, {0, 2, 1, 3}, 2},
        {QN_GATE_DCX, {0, 2, 3, 1}, 2}, /* 01 -> 11 -> 10; 10 -> 10 -> 11; 11 -> 01 -> 01 */
        {QN_GATE_CCX, {0, 1, 2, 7, 4, 5, 6, 3}, 3},
        {QN_GATE_CSWAP, {0, 1, 2, 5, 4, 3, 6, 7}, 3},
    };
    for (size_t i = 0; i < sizeof permutations / sizeof permutations[0]; i++) {
        const size_t size = (size_t)1 << permutations[i].n;
        dense_complex *u = row_matrix(permutations[i].gate, NULL);
        for (size_t row = 0; row < size; row++) {
            for (size_t b = 0; b < size; b++) {
                assert_near(cabs(u[row * size + b] - (permutations[i].ones[b] == row)), 0, TOLERANCE);
            }
        }
        free(u);
    }
    /* Qiskit documents ECRGate as (IX - XY)/sqrt 2: X on the first qubit, less Y on it with X on the second. */
    const dense_complex ecr[16] = {0, r, 0, DENSE_I * r, r, 0, -DENSE_I * r, 0, 0, DENSE_I * r, 0, r, -DENSE_I * r,
                                   0, r, 0};
    dense_complex *u = row_matrix(QN_GATE_ECR, NULL);
    assert_near(dense_distance(u, ecr, 16), 0, TOLERANCE);
    free(u);
    /* XXPlusYYGate(theta, beta): the middle block is cos, -i sin e^{-i beta}; -i sin e^{i beta}, cos. */
    const double pair[] = {0.7, 0.3};
    u = row_matrix(QN_GATE_XX_PLUS_YY, pair);
    assert_near(cabs(u[0 * 4 + 0] - 1), 0, TOLERANCE);
    assert_near(cabs(u[1 * 4 + 1] - cos(0.35)), 0, TOLERANCE);
    assert_near(cabs(u[1 * 4 + 2] + DENSE_I * sin(0.35) * cexp(-0.3 * DENSE_I)), 0, TOLERANCE);
    assert_near(cabs(u[2 * 4 + 1] + DENSE_I * sin(0.35) * cexp(0.3 * DENSE_I)), 0, TOLERANCE);
    free(u);
    /* CUGate(theta, phi, lambda, gamma), control first. */
    const double four[] = {0.3, 0.5, 0.7, 0.2};
    u = row_matrix(QN_GATE_CU, four);
    assert_near(cabs(u[0] - 1), 0, TOLERANCE);
    assert_near(cabs(u[2 * 4 + 2] - 1), 0, TOLERANCE);
    assert_near(cabs(u[1 * 4 + 1] - cexp(0.2 * DENSE_I) * cos(0.15)), 0, TOLERANCE);
    assert_near(cabs(u[1 * 4 + 3] + cexp(0.9 * DENSE_I) * sin(0.15)), 0, TOLERANCE);
    assert_near(cabs(u[3 * 4 + 1] - cexp(0.7 * DENSE_I) * sin(0.15)), 0, TOLERANCE);
    assert_near(cabs(u[3 * 4 + 3] - cexp(1.4 * DENSE_I) * cos(0.15)), 0, TOLERANCE);
    free(u);
    /* The U of the OpenQASM 3 specification, 1/2 [[1 + e^{i t}, -i e^{i l} (1 - e^{i t})], [i e^{i p} (1 - e^{i t}),
     * e^{i (p + l)} (1 + e^{i t})]], is uphase with a fourth parameter of t/2. */
    const double spec[] = {0.9, -0.4, 1.3, 0.45};
    const dense_complex e = cexp(DENSE_I * spec[0]);
    u = row_matrix(QN_GATE_UPHASE, spec);
    assert_near(cabs(u[0] - (1 + e) / 2), 0, TOLERANCE);
    assert_near(cabs(u[1] + DENSE_I * cexp(DENSE_I * spec[2]) * (1 - e) / 2), 0, TOLERANCE);
    assert_near(cabs(u[2] - DENSE_I * cexp(DENSE_I * spec[1]) * (1 - e) / 2), 0, TOLERANCE);
    assert_near(cabs(u[3] - cexp(DENSE_I * (spec[1] + spec[2])) * (1 + e) / 2), 0, TOLERANCE);
    free(u);
}

/* Expectation of a random observable in a random state after the row, as a function of one parameter: sampled on more
 * points than its frequencies allow to be free, it must be the trigonometric polynomial that the shift column says. */
static void shift_frequencies(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    enum { POINTS = 16 };
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        const qn_gate_info *info = qn_gate_describe(g);
        if (carries_data(info)) {
            continue;
        }
        const uint32_t n = width_of(g);
        const size_t size = (size_t)1 << n;
        for (uint32_t k = 0; k < info->params; k++) {
            double frequencies[4];
            const size_t nf = qn__gate_shift(g, k, frequencies, 4);
            double params[QN__GATE_PARAMS], values[POINTS];
            random_params(seed, g, params);
            for (unsigned point = 0; point < POINTS; point++) { /* frequencies 1/2, 1, 3/2, ... have period 4 pi */
                params[k] = 4 * M_PI * point / POINTS;
                dense_complex *u = row_matrix(g, params);
                dense_complex value = 0;
                dense_complex out[32];
                for (size_t row = 0; row < size; row++) {
                    out[row] = 0;
                    for (size_t b = 0; b < size; b++) {
                        out[row] += u[row * size + b] * (qn__random_normal(seed, 1, 2 * b) +
                                                         DENSE_I * qn__random_normal(seed, 1, 2 * b + 1));
                    }
                }
                for (size_t i = 0; i < size; i++) {
                    for (size_t j = 0; j < size; j++) {
                        const size_t low = i < j ? i : j, high = i < j ? j : i;
                        const dense_complex entry =
                            qn__random_normal(seed, 2, low * size + high) +
                            DENSE_I * (i == j ? 0 : (i < j ? 1 : -1) * qn__random_normal(seed, 3, low * size + high));
                        value += conj(out[i]) * entry * out[j];
                    }
                }
                values[point] = creal(value);
                free(u);
            }
            for (unsigned m = 1; m < POINTS / 2; m++) { /* Fourier component of frequency m/2 */
                dense_complex c = 0;
                for (unsigned point = 0; point < POINTS; point++) {
                    c += values[point] * cexp(-2 * M_PI * DENSE_I * m * point / POINTS) / POINTS;
                }
                bool listed = false;
                for (size_t f = 0; f < nf; f++) {
                    listed = listed || fabs(frequencies[f] - m / 2.0) < 1e-9;
                }
                if (listed != (cabs(c) > 1e-9)) {
                    fail_msg("%s, parameter %u: frequency %g is %slisted, its component is %g", info->name, k, m / 2.0,
                             listed ? "" : "not ", cabs(c));
                }
            }
        }
    }
}

/* The cost columns agree with what the counter finds by expanding the texts. */
static void cost_columns(void **state)
{
    (void)state;
    for (qn_gate g = 0; g < QN_GATE_COUNT_; g++) {
        const qn__gate_row *row = qn__gate_row_of(g);
        if (carries_data(&row->info)) {
            continue;
        }
        qn_circuit *circuit = NULL;
        assert_ok(qn_circuit_create(width_of(g), &circuit));
        qn_param params[QN__GATE_PARAMS];
        qn_param_term terms[QN__GATE_PARAMS];
        for (uint32_t i = 0; i < row->info.params; i++) {
            char name[8];
            snprintf(name, sizeof name, "a%u", i);
            assert_ok(qn_circuit_add_symbol(circuit, name, &terms[i].symbol));
            terms[i].coefficient = 1;
            params[i] = (qn_param){0, &terms[i], 1, 0};
        }
        assert_ok(qn_circuit_append(circuit, g, in_order, row->info.qubits, params, row->info.params));
        qn_circuit_cost cost;
        assert_ok(qn_circuit_count(circuit, NULL, 1e-10, &cost));
        if (cost.t_direct != row->t || cost.rotations != row->rotations) {
            fail_msg("%s: table says %u T and %u rotations, expanding it %u and %u", row->info.name, row->t,
                     row->rotations, (unsigned)cost.t_direct, (unsigned)cost.rotations);
        }
        qn_circuit_free(circuit);
    }
}

static void malformed_texts(void **state)
{
    (void)state;
    static const char *const texts[] = {"nogate 0",     "rx(p0 0",
                                        "rx 0",         "rx(p0,p1) 0",
                                        "cx 0",         "cx 0,1,2",
                                        "rx(p0*p1) 0",  "rx(1/p0) 0",
                                        "rx(1/0) 0",    "h 0 h 1",
                                        "rx(p9) 0",     "h",
                                        "rx() 0",       "rx((((((((((((((((((1)))))))))))))))))) 0",
                                        "x 0,1,2,3,4,5"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = texts[i];
        qn__gate_step step;
        bool found = true;
        if (qn__gate_text_next(&text, &step, &found) == QN_OK) {
            fail_msg("\"%s\" was read", texts[i]);
        }
    }
    const char *good = " rx( -(p0 + 2*p1)/4 - .5*pi + 1 ) 3 ; ";
    qn__gate_step step;
    bool found = false;
    const double p[] = {0.3, 0.7};
    const qn_status status = qn__gate_text_next(&good, &step, &found);
    assert_int_equal(status, QN_ERR_INTERNAL); /* numbers start with a digit */
    good = " rx( -(p0 + 2*p1)/4 - 0.5*pi + 1 ) 3 ; ";
    assert_ok(qn__gate_text_next(&good, &step, &found));
    assert_true(found);
    assert_int_equal(step.qubits[0], 3);
    assert_near(qn__affine_value(&step.params[0], p, 2), -(0.3 + 1.4) / 4 - M_PI / 2 + 1, 1e-15);
    assert_ok(qn__gate_text_next(&good, &step, &found));
    assert_false(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_consistent),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(standard_libraries_are_covered),
        cmocka_unit_test(matrices_are_unitary),
        cmocka_unit_test(texts_equal_matrices),
        cmocka_unit_test(flags_match_matrices),
        cmocka_unit_test(rotations_have_their_generator),
        cmocka_unit_test(literal_matrices),
        cmocka_unit_test(shift_frequencies),
        cmocka_unit_test(cost_columns),
        cmocka_unit_test(malformed_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
