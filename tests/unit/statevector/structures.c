/* structures.c: the circuits of structures.h. */
#include "structures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "qn_test.h"

static const double pi = 3.14159265358979323846;

typedef struct builder {
    structure *s;
    model_random *random;
    uint32_t nqubits, qubits[64]; /* shuffled anew for each gate */
} builder;

static uint32_t below(builder *b, uint32_t n)
{
    return model_below(b->random, n);
}

static void shuffle(builder *b)
{
    for (uint32_t q = 0; q < b->nqubits; q++) {
        const uint32_t other = below(b, q + 1);
        b->qubits[q] = b->qubits[other];
        b->qubits[other] = q;
    }
}

static void append_both(builder *b, qn_gate gate, uint32_t ncontrols, const char *letters, uint32_t ntargets,
                        const qn_param params[2][4], size_t nparams)
{
    const uint32_t *targets = b->qubits, *controls = b->qubits + ntargets;
    const uint64_t state = (uint64_t)below(b, 1U << ncontrols) | (below(b, 2) == 0 ? (1U << ncontrols) - 1 : 0);
    for (int k = 0; k < 2; k++) {
        qn_circuit *circuit = k == 0 ? b->s->separate : b->s->shared;
        if (letters != NULL) {
            assert_ok(qn_circuit_append_pauli_rotation(circuit, letters, targets, ntargets, params[k][0]));
        } else {
            assert_ok(qn_circuit_append_controlled(circuit, gate, controls, ncontrols, state, targets, ntargets,
                                                   params[k], nparams));
        }
    }
}

/* A gate on shuffled qubits. Its first `nvariable` angles may become slots; all others are numbers, special ones among
 * them. */
static void append(builder *b, qn_gate gate, uint32_t ncontrols, const char *letters, uint32_t nvariable)
{
    structure *s = b->s;
    const qn_gate_info *info = qn_gate_describe(gate);
    const uint32_t ntargets = letters != NULL ? (uint32_t)strlen(letters) : info->qubits;
    const size_t nparams = info->params;
    qn_param params[2][4];
    qn_param_term terms[2][4];
    while (ntargets + ncontrols > b->nqubits) {
        ncontrols--;
    }
    for (size_t i = 0; i < nparams; i++) {
        const double angle = below(b, 3) == 0 ? pi / 2 * below(b, 5) : 6 * model_uniform(b->random) - 3;
        params[0][i] = params[1][i] = (qn_param){angle, NULL, 0, 0};
        if (i < nvariable && s->slots < STRUCTURE_SLOTS && below(b, 2) == 0) {
            const size_t j = s->slots++;
            s->scale[j] = gate == QN_GATE_GIVENS ? 2.0 : 1.0;
            s->offset[j] = angle;
            s->factor[j] = 2 * model_uniform(b->random) - 1;
            s->symbol[j] = below(b, STRUCTURE_SYMBOLS);
            terms[0][i] = (qn_param_term){(uint32_t)j, 1.0};
            terms[1][i] = (qn_param_term){s->symbol[j], s->factor[j]};
            params[0][i] = (qn_param){0.0, &terms[0][i], 1, 0};
            params[1][i] = (qn_param){s->offset[j], &terms[1][i], 1, 0};
        }
    }
    shuffle(b);
    append_both(b, gate, ncontrols, letters, ntargets, (const qn_param(*)[4])params, nparams);
}

static qn_gate pick(builder *b, const qn_gate *gates, uint32_t count)
{
    return gates[below(b, count)];
}
#define PICK(b, ...)                                                                                                   \
    pick((b), (const qn_gate[]){__VA_ARGS__}, (uint32_t)(sizeof((const qn_gate[]){__VA_ARGS__}) / sizeof(qn_gate)))

static void append_string(builder *b, const char *alphabet, uint32_t least, uint32_t most)
{
    char letters[65] = "";
    const uint32_t heaviest = most < b->nqubits ? most : b->nqubits;
    const uint32_t weight = least + below(b, heaviest - least + 1);
    for (uint32_t k = 0; k < weight; k++) {
        letters[k] = alphabet[below(b, (uint32_t)strlen(alphabet))];
    }
    append(b, QN_GATE_PAULI_ROTATION, 0, letters, 1);
}

/* A random two-qubit matrix: a product of two gates that do not commute. */
static void append_matrix(builder *b)
{
    qn_complex left[16], right[16], m[16];
    const double angles[2] = {6 * model_uniform(b->random), 6 * model_uniform(b->random)};
    assert_ok(qn_gate_matrix(QN_GATE_RZX, angles, left));
    assert_ok(qn_gate_matrix(QN_GATE_XX_PLUS_YY, angles, right));
    for (size_t r = 0; r < 4; r++) {
        for (size_t c = 0; c < 4; c++) {
            qn_complex *sum = &m[4 * r + c];
            *sum = (qn_complex){0.0, 0.0};
            for (size_t k = 0; k < 4; k++) {
                const qn_complex x = left[4 * r + k], y = right[4 * k + c];
                sum->re += x.re * y.re - x.im * y.im;
                sum->im += x.re * y.im + x.im * y.re;
            }
        }
    }
    shuffle(b);
    assert_ok(qn_circuit_append_unitary(b->s->separate, b->qubits, 2, m));
    assert_ok(qn_circuit_append_unitary(b->s->shared, b->qubits, 2, m));
}

static void append_ladder(builder *b)
{
    for (uint32_t q = 0; q < b->nqubits; q++) {
        append(b, PICK(b, QN_GATE_RY, QN_GATE_RY, QN_GATE_RZ), 0, NULL, 1);
    }
    const bool cz = below(b, 3) == 0;
    const uint32_t stride = 1 + below(b, 2);
    for (uint32_t q = 0; q + stride < b->nqubits; q++) {
        const uint32_t both[2] = {q, q + stride};
        assert_ok(qn_circuit_append(b->s->separate, cz ? QN_GATE_CZ : QN_GATE_CX, both, 2, NULL, 0));
        assert_ok(qn_circuit_append(b->s->shared, cz ? QN_GATE_CZ : QN_GATE_CX, both, 2, NULL, 0));
    }
}

static void append_alone(builder *b)
{
    switch (below(b, 6)) {
    case 0:
        append_string(b, "Z", 3, b->nqubits);
        return;
    case 1:
        append_string(b, "XYZ", 2, 8);
        return;
    case 2:
        append(b, PICK(b, QN_GATE_ECR, QN_GATE_RCCX, QN_GATE_RC3X, QN_GATE_GIVENS), 0, NULL, 1);
        return;
    default:
        append(b, PICK(b, QN_GATE_RY, QN_GATE_X, QN_GATE_P, QN_GATE_RX, QN_GATE_RZZ), 1 + below(b, 3), NULL, 1);
        return;
    }
}

static void append_of_class(builder *b, structure_class class)
{
    switch (class) {
    case STRUCTURE_REAL:
        append(b, PICK(b, QN_GATE_RY, QN_GATE_RY, QN_GATE_H), 0, NULL, 1);
        return;
    case STRUCTURE_X:
        append(b, PICK(b, QN_GATE_RX, QN_GATE_RX, QN_GATE_X, QN_GATE_SX), 0, NULL, 1);
        return;
    case STRUCTURE_GENERAL:
        append(b, PICK(b, QN_GATE_U, QN_GATE_UPHASE, QN_GATE_U2, QN_GATE_PRX, QN_GATE_Y), 0, NULL,
               below(b, 2) == 0 ? 1 : 0);
        return;
    case STRUCTURE_PHASES:
        append(b, PICK(b, QN_GATE_RZ, QN_GATE_P, QN_GATE_Z, QN_GATE_S, QN_GATE_T, QN_GATE_H), 0, NULL, 1);
        return;
    case STRUCTURE_PAIR_PHASES:
        append(b, PICK(b, QN_GATE_CZ, QN_GATE_RZZ, QN_GATE_RZZ, QN_GATE_CRZ, QN_GATE_CS, QN_GATE_CP), 0, NULL, 1);
        append(b, PICK(b, QN_GATE_P, QN_GATE_RZ, QN_GATE_GPHASE), 1, NULL, 1);
        return;
    case STRUCTURE_SIGNS:
        append(b, PICK(b, QN_GATE_Z, QN_GATE_CZ, QN_GATE_CZ, QN_GATE_CZ, QN_GATE_X, QN_GATE_H, QN_GATE_RY), 0, NULL, 1);
        append(b, QN_GATE_Z, 1, NULL, 0);
        return;
    case STRUCTURE_DIAGONALS:
        append(b, PICK(b, QN_GATE_CCZ, QN_GATE_P, QN_GATE_RZ, QN_GATE_GPHASE), 2 + below(b, 3), NULL, 1);
        append(b, QN_GATE_RZZ, 1 + below(b, 2), NULL, 1);
        append_string(b, "Z", 3, b->nqubits);
        return;
    case STRUCTURE_CONTROLLED:
        append(b, PICK(b, QN_GATE_RX, QN_GATE_RY, QN_GATE_U, QN_GATE_H, QN_GATE_SX, QN_GATE_Y), 1 + below(b, 4), NULL,
               2);
        return;
    case STRUCTURE_FLIPS:
        append(b, QN_GATE_X, below(b, 4), NULL, 0);
        append(b, QN_GATE_CX, 0, NULL, 0);
        return;
    case STRUCTURE_SWAPS:
        append(b, PICK(b, QN_GATE_SWAP, QN_GATE_SWAP, QN_GATE_ISWAP, QN_GATE_CSWAP), 0, NULL, 0);
        append(b, PICK(b, QN_GATE_RY, QN_GATE_CRX), 0, NULL, 1);
        return;
    case STRUCTURE_EXCHANGES:
        append(b, PICK(b, QN_GATE_GIVENS, QN_GATE_XX_PLUS_YY, QN_GATE_XX_MINUS_YY, QN_GATE_ISWAP, QN_GATE_ISWAP_DG),
               below(b, 3) == 0 ? 1 + below(b, 2) : 0, NULL, 1);
        return;
    case STRUCTURE_DENSE:
        append(b, PICK(b, QN_GATE_ECR, QN_GATE_DCX, QN_GATE_RCCX, QN_GATE_RC3X), below(b, 3) == 0 ? 1 : 0, NULL, 0);
        append_matrix(b);
        append(b, PICK(b, QN_GATE_RY, QN_GATE_RZ), 0, NULL, 1);
        return;
    case STRUCTURE_PAULIS:
        append_string(b, "XYZ", 1, b->nqubits);
        append_string(b, below(b, 2) == 0 ? "X" : "IXYZ", 1, 8);
        append_string(b, "I", 1, 3);
        return;
    case STRUCTURE_CONTROLLED_PAULIS:
        append(b, PICK(b, QN_GATE_RXX, QN_GATE_RYY, QN_GATE_RZX), below(b, 3), NULL, 1);
        return;
    case STRUCTURE_LADDERS:
        append_ladder(b);
        return;
    case STRUCTURE_ALONE:
        append_alone(b);
        return;
    case STRUCTURE_MIXED:
    case STRUCTURE_CLASSES:
        append_of_class(b, (structure_class)below(b, STRUCTURE_LADDERS));
        return;
    }
}

void structure_create(structure_class class, uint32_t nqubits, size_t gates, model_random *random, structure *out)
{
    *out = (structure){0};
    builder b = {.s = out, .random = random, .nqubits = nqubits};
    assert_ok(qn_circuit_create(nqubits, &out->separate));
    assert_ok(qn_circuit_create(nqubits, &out->shared));
    for (uint32_t k = 0; k < STRUCTURE_SLOTS; k++) {
        char name[16];
        (void)snprintf(name, sizeof name, "t%u", k);
        assert_ok(qn_circuit_add_symbol(out->separate, name, NULL));
        if (k < STRUCTURE_SYMBOLS) {
            assert_ok(qn_circuit_add_symbol(out->shared, name, NULL));
        }
    }
    /* amplitudes that all differ, but for a few qubits that stay fresh */
    for (uint32_t k = 0; k < nqubits; k++) {
        append(&b, PICK(&b, QN_GATE_U, QN_GATE_RY, QN_GATE_RX), 0, NULL, below(&b, 8) == 0 ? 1 : 0);
        if (class != STRUCTURE_ALONE) {
            append(&b, PICK(&b, QN_GATE_RXX, QN_GATE_CRY, QN_GATE_CX), 0, NULL, 0);
        }
    }
    for (size_t k = 0; k < gates; k++) {
        append_of_class(&b, k % 8 == 7 ? STRUCTURE_MIXED : class);
        if (k % 8 == 3) { /* what comes after a phase must see it */
            append_of_class(&b, STRUCTURE_REAL);
        }
    }
}

void structure_free(structure *s)
{
    qn_circuit_free(s->separate);
    qn_circuit_free(s->shared);
}

double structure_slope(const structure *s, size_t slot, const double *angles, const qn_pauli_sum *const *sums,
                       const double *of, size_t count)
{
    static const double shifts[4] = {0.25, -0.25, 0.75, -0.75}; /* times 2 pi of the rotation */
    const double plus = (sqrt(2.0) + 1.0) / (4 * sqrt(2.0)), minus = (sqrt(2.0) - 1.0) / (4 * sqrt(2.0));
    const double weights[4] = {plus, -plus, -minus, minus};
    double point[STRUCTURE_SLOTS], slope = 0.0;
    memcpy(point, angles, sizeof point);
    qn_complex *state = malloc(((size_t)1 << qn_circuit_qubits(s->separate)) * sizeof *state);
    assert_non_null(state);
    for (int k = 0; k < 4; k++) {
        point[slot] = angles[slot] + 2 * pi * shifts[k] / s->scale[slot];
        model_state(s->separate, point, state);
        for (size_t o = 0; o < count; o++) {
            slope += s->scale[slot] * weights[k] * of[o] * model_expect(sums[o], state);
        }
    }
    free(state);
    return slope;
}
