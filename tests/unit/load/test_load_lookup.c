/* test_load_lookup.c: QROM and SELECT-SWAP: every address of every length up to 256, phases and ancillas included,
 * Toffoli counts against the published formulas, and superpositions through the engine. */
#include "basis_walk.h"

#include <complex.h>

#include <quern/quern.h>

enum { MOST = 1 << 14 };

typedef struct bench {
    uint64_t table[2 * 256];
    uint32_t qubits[MOST];
    qn_lookup lookup;
    qn_circuit *circuit;
} bench;

/* Address, targets, ancillas, control, in this order from qubit 0 on. */
static void set_up(bench *b, qn_random *r, uint64_t length, uint32_t bits, uint64_t lambda, bool controlled)
{
    const uint32_t n = qn_load_address_bits(length), targets = (uint32_t)lambda * bits;
    const uint32_t ancillas =
        lambda > 1 ? qn_load_select_swap_ancillas(length, lambda) : qn_load_qrom_ancillas(length, controlled);
    const uint64_t words = (bits + 63) / 64;
    for (uint64_t i = 0; i < length * words; i++) {
        b->table[i] = qn_random_word(r);
    }
    for (uint32_t q = 0; q < MOST; q++) {
        b->qubits[q] = q;
    }
    const qn_lookup lookup = {sizeof(qn_lookup),
                              b->table,
                              length,
                              bits,
                              b->qubits,
                              n,
                              b->qubits + n,
                              targets,
                              b->qubits + n + targets,
                              ancillas,
                              controlled ? b->qubits + n + targets + ancillas : NULL,
                              false};
    b->lookup = lookup;
    assert_ok(qn_circuit_create(n + targets + ancillas + controlled > 0 ? n + targets + ancillas + controlled : 1,
                                &b->circuit));
}

/* Entry x is in the first register, xored onto what was there; all else is as before. */
static void check_all(bench *b, qn_random *r, bool on, bool others_clean)
{
    const uint32_t n = b->lookup.naddress, nqubits = qn_circuit_qubits(b->circuit), bits = b->lookup.data_bits;
    basis_walk w = {calloc(nqubits, sizeof(bool)), false, 0};
    bool before[256] = {0};
    for (uint64_t x = 0; x < b->lookup.length; x++) {
        memset(w.bits, 0, nqubits * sizeof(bool));
        for (uint32_t q = 0; q < n; q++) {
            w.bits[q] = (x >> q & 1) != 0;
        }
        for (uint32_t q = n; q < n + bits && others_clean; q++) {
            w.bits[q] = before[q - n] = qn_random_below(r, 2) == 1;
        }
        if (b->lookup.control != NULL) {
            w.bits[*b->lookup.control] = on;
        }
        basis_run(&w, b->circuit, r);
        assert_false(w.minus);
        for (uint32_t q = 0; q < n; q++) {
            assert_int_equal(w.bits[q], x >> q & 1);
        }
        const uint64_t words = (bits + 63) / 64;
        for (uint32_t bit = 0; bit < bits; bit++) {
            const bool entry = (b->table[x * words + bit / 64] >> (bit % 64) & 1) != 0;
            assert_int_equal(w.bits[n + bit], before[bit] ^ (entry && on));
        }
        for (uint32_t i = 0; i < b->lookup.nancillas; i++) {
            assert_false(w.bits[b->lookup.ancilla[i]]);
        }
    }
    free(w.bits);
}

static uint64_t toffoli_of(const bench *b)
{
    qn_circuit_cost cost;
    assert_ok(qn_circuit_count(b->circuit, NULL, 1e-10, &cost));
    return cost.toffoli;
}

/* L - 2 Toffoli (4 L - 8 T with ANDs of 4 T), L - 1 under a control: Babbush et al., arXiv:1805.03662, section III. */
static void qrom_all_lengths(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    bench *b = malloc(sizeof *b);
    for (uint64_t length = 1; length <= 256; length++) {
        for (int kind = 0; kind < 4; kind++) {
            const bool controlled = (kind & 1) != 0;
            set_up(b, &r, length, 1 + qn_random_below(&r, 9), 1, controlled);
            b->lookup.measured = (kind & 2) != 0;
            assert_ok(qn_load_qrom(b->circuit, &b->lookup));
            const uint64_t ands = controlled ? length - 1 : length < 2 ? 0 : length - 2;
            assert_int_equal(toffoli_of(b), b->lookup.measured ? ands : 2 * ands);
            assert_int_equal(qn_load_qrom_toffoli(length, controlled, b->lookup.measured), toffoli_of(b));
            check_all(b, &r, true, true);
            if (controlled && length % 8 == 5) {
                check_all(b, &r, false, true);
            }
            qn_circuit_free(b->circuit);
        }
    }
    free(b);
}

static void qrom_wide_entries(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    bench *b = malloc(sizeof *b);
    set_up(b, &r, 11, 100, 1, false);
    assert_ok(qn_load_qrom(b->circuit, &b->lookup));
    check_all(b, &r, true, true);
    qn_circuit_free(b->circuit);
    free(b);
}

static void select_swap_all_lambdas(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    bench *b = malloc(sizeof *b);
    static const uint64_t lengths[] = {2, 3, 5, 8, 13, 31, 32, 100, 255, 256};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (uint64_t lambda = 2; lambda <= 64 && lambda <= lengths[i]; lambda *= 2) {
            for (int measured = 0; measured < 2; measured++) {
                set_up(b, &r, lengths[i], 1 + qn_random_below(&r, 5), lambda, false);
                b->lookup.measured = measured == 1;
                assert_ok(qn_load_select_swap(b->circuit, &b->lookup, lambda, false));
                assert_int_equal(toffoli_of(b), qn_load_select_swap_toffoli(lengths[i], b->lookup.data_bits, lambda,
                                                                            b->lookup.measured));
                check_all(b, &r, true, false);
                /* Back again: everything is clean. */
                assert_ok(qn_load_select_swap(b->circuit, &b->lookup, lambda, true));
                memset(b->table, 0, sizeof b->table);
                check_all(b, &r, true, false);
                qn_circuit_free(b->circuit);
            }
        }
    }
    free(b);
}

/* N = 2^20 entries of 32 bits, block 128: 12,254 Toffoli gates on 4,128 qubits: ceil(N/K) + (K - 1) b - 2 and K b + 2
 * ceil(log2 N) - k - 1 (Berry et al., arXiv:1902.02134, appendix B, "QROAM" with clean qubits). */
static void published_counts(void **state)
{
    (void)state;
    const uint64_t n = 1 << 20;
    assert_int_equal(qn_load_select_swap_toffoli(n, 32, 128, true), 12254);
    assert_int_equal(qn_load_select_swap_toffoli(n, 32, 256, true), 12254);
    assert_int_equal(20 + 128 * 32 + qn_load_select_swap_ancillas(n, 128), 4128);
    assert_int_equal(20 + 256 * 32 + qn_load_select_swap_ancillas(n, 256), 8223);
    assert_int_equal(qn_load_select_swap_lambda(n, 32), 128);
    assert_int_equal(qn_load_qrom_toffoli(n, false, true), n - 2);
    assert_int_equal(qn_load_select_swap_lambda(4, 32), 1);
}

/* A superposition of all addresses, looked up twice, is what it was; looked up once it holds the table. */
static void superpositions_through_the_engine(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    bench *b = malloc(sizeof *b);
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_engine_open(context, "statevector", &engine));
    for (int twice = 0; twice < 2; twice++) {
        set_up(b, &r, 16, 3, 1, false);
        for (uint32_t q = 0; q < 4; q++) {
            assert_ok(qn_circuit_append(b->circuit, QN_GATE_H, &q, 1, NULL, 0));
        }
        assert_ok(qn_load_qrom(b->circuit, &b->lookup));
        if (twice) {
            assert_ok(qn_load_qrom(b->circuit, &b->lookup));
        }
        qn_program *program = NULL;
        qn_complex amplitudes[1 << 10];
        assert_ok(qn_engine_compile(engine, b->circuit, NULL, 0, &program));
        assert_ok(qn_program_amplitudes(program, NULL, 0, 1 << 10, amplitudes));
        for (uint64_t x = 0; x < 1 << 10; x++) {
            const bool here = x >> 4 == (twice ? 0 : b->table[x & 15] & 7);
            assert_near(amplitudes[x].re, here ? 0.25 : 0.0, 1e-12);
            assert_near(amplitudes[x].im, 0.0, 1e-12);
        }
        qn_program_free(program);
        qn_circuit_free(b->circuit);
    }
    qn_engine_close(engine);
    qn_context_free(context);
    free(b);
}

/* Measured ANDs through the sampler: |+> addresses are |+> again after two look-ups, whatever the outcomes. */
static void measured_look_ups_keep_superpositions(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    bench *b = malloc(sizeof *b);
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_sampler *sampler = NULL;
    qn_counts *counts = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_engine_open(context, "statevector", &engine));
    set_up(b, &r, 16, 2, 1, false);
    b->lookup.measured = true;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t q = 0; q < 4 && pass == 0; q++) {
            assert_ok(qn_circuit_append(b->circuit, QN_GATE_H, &q, 1, NULL, 0));
        }
        assert_ok(qn_load_qrom(b->circuit, &b->lookup));
    }
    uint32_t index = 0;
    qn_variable result;
    assert_ok(qn_circuit_add_variable(b->circuit, "result", QN_TYPE_BITS, 6, 0, 0, &index));
    qn_circuit_variable(b->circuit, index, &result);
    for (uint32_t q = 0; q < 6; q++) {
        if (q < 4) {
            assert_ok(qn_circuit_append(b->circuit, QN_GATE_H, &q, 1, NULL, 0));
        }
        assert_ok(qn_circuit_append_measure(b->circuit, q, result.first + q));
    }
    assert_ok(qn_sampler_create(engine, b->circuit, 7, &sampler));
    assert_ok(qn_counts_create(qn_sampler_bits(sampler), &counts));
    assert_ok(qn_sampler_run(sampler, NULL, 1, 200, &counts));
    assert_int_equal(qn_counts_total(counts), 200);
    for (size_t i = 0; i < qn_counts_distinct(counts); i++) {
        assert_int_equal(*qn_counts_string(counts, i) >> result.first & 63, 0);
    }
    qn_counts_free(counts);
    qn_sampler_free(sampler);
    qn_circuit_free(b->circuit);
    qn_engine_close(engine);
    qn_context_free(context);
    free(b);
}

static void bad_look_ups(void **state)
{
    (void)state;
    qn_random r = {1};
    bench *b = malloc(sizeof *b);
    set_up(b, &r, 8, 2, 1, false);
    qn_lookup l = b->lookup;
    l.naddress = 2;
    assert_fails(qn_load_qrom(b->circuit, &l), QN_ERR_SHAPE, "2 address qubits for 8 entries; expected 3");
    l = b->lookup;
    l.ntargets = 1;
    assert_fails(qn_load_qrom(b->circuit, &l), QN_ERR_SHAPE, "1 target qubits; expected 2");
    l = b->lookup;
    l.nancillas = 1;
    assert_fails(qn_load_qrom(b->circuit, &l), QN_ERR_SHAPE, "at least 2 are needed");
    l = b->lookup;
    l.target = b->qubits + 2;
    assert_fails(qn_load_qrom(b->circuit, &l), QN_ERR_ARGUMENT, "target qubit 2 has a role already");
    l = b->lookup;
    l.ancilla = b->qubits + 7;
    assert_fails(qn_load_qrom(b->circuit, &l), QN_ERR_RANGE, "ancilla qubit 7 outside 0..6");
    assert_fails(qn_load_select_swap(b->circuit, &b->lookup, 3, false), QN_ERR_ARGUMENT, "power of two");
    assert_fails(qn_load_select_swap(b->circuit, &b->lookup, 16, false), QN_ERR_RANGE, "at most 2^3");
    assert_int_equal(qn_circuit_operations(b->circuit), 0);
    qn_circuit_free(b->circuit);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(qrom_all_lengths),
        cmocka_unit_test(qrom_wide_entries),
        cmocka_unit_test(select_swap_all_lambdas),
        cmocka_unit_test(published_counts),
        cmocka_unit_test(superpositions_through_the_engine),
        cmocka_unit_test(measured_look_ups_keep_superpositions),
        cmocka_unit_test(bad_look_ups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
