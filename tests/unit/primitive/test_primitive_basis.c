/* test_primitive_basis.c: basis changes of commuting groups against dense matrices by definition. */
#include <qn_random.h>

#include "base/alloc.h"
#include "primitive/measurement_basis.h"

#include <quern/context.h>

enum { MOST = 64 }; /* 2^6 */

typedef struct dense {
    uint32_t n;
    qn_complex m[MOST * MOST];
} dense;

static qn_complex times(qn_complex a, qn_complex b)
{
    return (qn_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* A Pauli string from its masks, entry by entry: column j goes to row j ^ x. */
static void dense_pauli(uint32_t n, uint64_t x, uint64_t z, dense *out)
{
    const uint64_t size = UINT64_C(1) << n;
    memset(out, 0, sizeof *out);
    out->n = n;
    for (uint64_t j = 0; j < size; j++) {
        qn_complex value = {1, 0};
        for (uint32_t q = 0; q < n; q++) {
            const bool bit = (j >> q & 1) != 0, has_x = (x >> q & 1) != 0, has_z = (z >> q & 1) != 0;
            if (has_x && has_z) {
                value = times(value, bit ? (qn_complex){0, -1} : (qn_complex){0, 1}); /* Y|0> = i|1>, Y|1> = -i|0> */
            } else if (has_z && bit) {
                value = times(value, (qn_complex){-1, 0});
            }
        }
        out->m[(j ^ x) * size + j] = value;
    }
}

/* The gates' matrices by definition. */
static void dense_gate(uint32_t n, const qn__basis_gate *g, dense *out)
{
    const uint64_t size = UINT64_C(1) << n;
    memset(out, 0, sizeof *out);
    out->n = n;
    for (uint64_t j = 0; j < size; j++) {
        const uint64_t a = j >> g->qubits[0] & 1, b = j >> g->qubits[1] & 1, flip = j ^ UINT64_C(1) << g->qubits[0];
        switch (g->gate) {
        case QN_GATE_H:
            out->m[flip * size + j].re = sqrt(0.5);
            out->m[j * size + j].re = a ? -sqrt(0.5) : sqrt(0.5);
            break;
        case QN_GATE_S:
        case QN_GATE_SDG:
            out->m[j * size + j] = a ? (qn_complex){0, g->gate == QN_GATE_S ? 1 : -1} : (qn_complex){1, 0};
            break;
        case QN_GATE_CX:
            out->m[(a ? j ^ UINT64_C(1) << g->qubits[1] : j) * size + j].re = 1;
            break;
        case QN_GATE_CZ:
            out->m[j * size + j].re = a && b ? -1 : 1;
            break;
        default:
            fail_msg("gate %d is not one of the five", (int)g->gate);
        }
    }
}

static void multiply(const dense *a, const dense *b, bool adjoint_b, dense *out)
{
    const uint64_t size = UINT64_C(1) << a->n;
    memset(out, 0, sizeof *out);
    out->n = a->n;
    for (uint64_t i = 0; i < size; i++) {
        for (uint64_t k = 0; k < size; k++) {
            if (a->m[i * size + k].re == 0 && a->m[i * size + k].im == 0) {
                continue;
            }
            for (uint64_t j = 0; j < size; j++) {
                qn_complex c = adjoint_b ? b->m[j * size + k] : b->m[k * size + j];
                c.im = adjoint_b ? -c.im : c.im;
                const qn_complex product = times(a->m[i * size + k], c);
                out->m[i * size + j].re += product.re;
                out->m[i * size + j].im += product.im;
            }
        }
    }
}

/* U P U+ = sign Z-string for each term, with dense matrices. */
static void check_basis(const qn_pauli_sum *sum, const size_t *terms, const qn__basis *basis)
{
    const uint32_t n = qn_pauli_sum_qubits(sum);
    const uint64_t size = UINT64_C(1) << n;
    static dense p, gate, left;
    for (size_t t = 0; t < basis->nterms; t++) {
        dense_pauli(n, *qn_pauli_sum_x(sum, terms[t]), *qn_pauli_sum_z(sum, terms[t]), &p);
        for (size_t g = 0; g < basis->ngates; g++) {
            dense_gate(n, &basis->gates[g], &gate);
            multiply(&gate, &p, false, &left);
            multiply(&left, &gate, true, &p);
        }
        dense_pauli(n, 0, basis->z[t], &gate);
        const double sign = basis->negative[t] ? -1 : 1;
        for (uint64_t i = 0; i < size * size; i++) {
            assert_near(p.m[i].re, sign * gate.m[i].re, 1e-12);
            assert_near(p.m[i].im, sign * gate.m[i].im, 1e-12);
        }
    }
}

/* Random strings, each kept when it commutes with those before. */
static size_t random_group(qn_random *random, uint32_t n, bool qubit_wise, size_t wanted, qn_pauli_sum *sum,
                           size_t *terms)
{
    size_t count = 0;
    for (int attempt = 0; attempt < 4000 && count < wanted; attempt++) {
        const uint64_t all = (UINT64_C(1) << n) - 1, x = qn_random_word(random) & all, z = qn_random_word(random) & all;
        bool fits = true;
        for (size_t t = 0; t < count; t++) {
            const uint64_t *ox = qn_pauli_sum_x(sum, t), *oz = qn_pauli_sum_z(sum, t);
            const uint64_t differ = (x & *oz) ^ (z & *ox); /* qubits where the letters anticommute */
            fits = fits && (qubit_wise ? differ == 0 : __builtin_popcountll(differ) % 2 == 0);
        }
        if (fits) {
            assert_ok(qn_pauli_sum_add_masks(sum, (qn_complex){1, 0}, &x, &z));
            terms[count] = count;
            count++;
        }
    }
    return count;
}

static void random_groups(void **state)
{
    (void)state;
    qn_random random = {qn_test_seed()};
    for (unsigned round = 0; round < 60 * qn_test_scale(); round++) {
        const uint32_t n = 1 + round % 6;
        const bool qubit_wise = qn_random_below(&random, 3) == 0;
        size_t terms[12];
        qn_pauli_sum *sum = NULL;
        qn__basis *basis = NULL;
        assert_ok(qn_pauli_sum_create(n, &sum));
        const size_t count =
            random_group(&random, n, qubit_wise, n == 6 ? 5 : 1 + qn_random_below(&random, 12), sum, terms);
        assert_ok(qn__basis_create(sum, terms, count, qubit_wise, &basis));
        assert_int_equal(basis->nterms, count);
        check_basis(sum, terms, basis);
        for (size_t g = 0; g < basis->ngates && qubit_wise; g++) {
            assert_true(basis->gates[g].gate != QN_GATE_CX && basis->gates[g].gate != QN_GATE_CZ);
        }
        qn__basis_free(basis);
        qn_pauli_sum_free(sum);
    }
}

/* Stabilisers of a cluster state on 130 qubits and some products: masks and signs must multiply as the strings do. */
static void many_qubits(void **state)
{
    (void)state;
    enum { N = 130 };
    qn_pauli_sum *sum = NULL, *product = NULL, *one = NULL, *two = NULL;
    assert_ok(qn_pauli_sum_create(N, &sum));
    size_t terms[N + 1];
    for (uint32_t q = 0; q < N; q++) {
        const uint32_t qubits[] = {q, (q + 1) % N, (q + N - 1) % N};
        assert_ok(qn_pauli_sum_add_sparse(sum, (qn_complex){1, 0}, "XZZ", qubits, 3));
        terms[q] = q;
    }
    assert_ok(qn_pauli_sum_create(N, &one));
    assert_ok(qn_pauli_sum_create(N, &two));
    assert_ok(qn_pauli_sum_add_masks(one, (qn_complex){1, 0}, qn_pauli_sum_x(sum, 63), qn_pauli_sum_z(sum, 63)));
    assert_ok(qn_pauli_sum_add_masks(two, (qn_complex){1, 0}, qn_pauli_sum_x(sum, 64), qn_pauli_sum_z(sum, 64)));
    assert_ok(qn_pauli_sum_multiply(one, two, &product)); /* Y Y up to a sign */
    assert_ok(qn_pauli_sum_add_masks(sum, (qn_complex){1, 0}, qn_pauli_sum_x(product, 0), qn_pauli_sum_z(product, 0)));
    terms[N] = N;
    qn__basis *basis = NULL;
    assert_ok(qn__basis_create(sum, terms, N + 1, false, &basis));
    for (size_t w = 0; w < basis->words; w++) {
        assert_int_equal(basis->z[N * 3 + w], basis->z[63 * 3 + w] ^ basis->z[64 * 3 + w]);
    }
    const bool negative = qn_pauli_sum_coefficient(product, 0).re < 0;
    assert_int_equal(basis->negative[N], negative ^ basis->negative[63] ^ basis->negative[64]);
    qn__basis_free(basis);
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(product);
    qn_pauli_sum_free(one);
    qn_pauli_sum_free(two);
}

static void refusals(void **state)
{
    (void)state;
    qn_pauli_sum *sum = NULL;
    qn__basis *basis = NULL;
    assert_ok(qn_pauli_sum_create(2, &sum));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){1, 0}, "XX"));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){1, 0}, "ZZ"));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){1, 0}, "ZI"));
    const size_t all[] = {0, 1, 2};
    assert_fails(qn__basis_create(sum, all, 3, false, &basis), QN_ERR_ARGUMENT, "do not commute");
    assert_fails(qn__basis_create(sum, all, 2, true, &basis), QN_ERR_ARGUMENT, "on each qubit alone");
    const uint64_t held = qn_memory().bytes_now;
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        qn__alloc_fail_at(n, false);
        const qn_status status = qn__basis_create(sum, all, 2, false, &basis);
        qn__alloc_fail_at(0, false);
        assert_true(status == QN_OK || status == QN_ERR_MEMORY);
        done = status == QN_OK;
        assert_true(done || qn_memory().bytes_now == held);
        assert_true(n < 50);
    }
    qn__basis_free(basis);
    qn__basis_free(NULL);
    assert_int_equal(qn_memory().bytes_now, held);
    qn_pauli_sum_free(sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_groups),
        cmocka_unit_test(many_qubits),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
