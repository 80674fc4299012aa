/* test_load_unlookup.c: measured uncomputation of a look-up: every address of every length up to 64 and every lambda,
 * signs included, Toffoli counts against the formula, and a superposition through the sampler. */
#include "basis_walk.h"

#include <quern/quern.h>

enum { MOST = 1024 };

typedef struct bench {
    uint64_t table[300];
    uint32_t qubits[MOST];
    qn_lookup lookup;
    qn_circuit *circuit;
} bench;

/* Address, data, ancillas, in this order from qubit 0 on. */
static void set_up(bench *b, qn_random *r, uint64_t length, uint32_t bits, uint64_t lambda)
{
    const uint32_t n = qn_load_address_bits(length), ancillas = qn_load_unlookup_ancillas(length, lambda);
    for (uint64_t i = 0; i < length; i++) {
        b->table[i] = qn_random_word(r); /* bits above `bits` must not matter */
    }
    for (uint32_t q = 0; q < MOST; q++) {
        b->qubits[q] = q;
    }
    b->lookup = (qn_lookup)QN_LOOKUP_INIT;
    b->lookup.table = b->table;
    b->lookup.length = length;
    b->lookup.data_bits = b->lookup.ntargets = bits;
    b->lookup.address = b->qubits;
    b->lookup.naddress = n;
    b->lookup.target = b->qubits + n;
    b->lookup.ancilla = b->qubits + n + bits;
    b->lookup.nancillas = ancillas;
    assert_ok(qn_circuit_create(n + bits + ancillas, &b->circuit));
}

static uint64_t data_of(const bench *b, uint64_t x)
{
    const uint32_t bits = b->lookup.data_bits;
    return bits < 64 ? b->table[x] & ((UINT64_C(1) << bits) - 1) : b->table[x];
}

/* |x>|table[x]>|0> becomes |x>|0>|0> with the sign +, whatever was measured. */
static void check_all(bench *b, qn_random *r)
{
    const uint32_t n = b->lookup.naddress, nqubits = qn_circuit_qubits(b->circuit);
    basis_walk w = {calloc(nqubits, sizeof(bool)), false, 0};
    for (uint64_t x = 0; x < b->lookup.length; x++) {
        memset(w.bits, 0, nqubits * sizeof(bool));
        for (uint32_t q = 0; q < n; q++) {
            w.bits[q] = (x >> q & 1) != 0;
        }
        for (uint32_t q = 0; q < b->lookup.data_bits; q++) {
            w.bits[n + q] = (data_of(b, x) >> q & 1) != 0;
        }
        basis_run(&w, b->circuit, r);
        assert_false(w.minus);
        for (uint32_t q = 0; q < nqubits; q++) {
            assert_int_equal(w.bits[q], q < n && (x >> q & 1) != 0);
        }
    }
    free(w.bits);
}

static void check_count(const bench *b, uint64_t lambda)
{
    qn_circuit_cost cost;
    assert_ok(qn_circuit_count(b->circuit, NULL, 1e-10, &cost));
    assert_int_equal(cost.toffoli, qn_load_unlookup_toffoli(b->lookup.length, lambda));
}

static void all_lengths_and_lambdas(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    bench *b = malloc(sizeof *b);
    for (uint64_t length = 2; length <= 64; length++) {
        for (uint64_t lambda = 1; lambda <= UINT64_C(1) << qn_load_address_bits(length); lambda *= 2) {
            set_up(b, &r, length, 1 + qn_random_below(&r, 9), lambda);
            assert_ok(qn_load_unlookup(b->circuit, &b->lookup, lambda));
            check_count(b, lambda);
            check_all(b, &r);
            qn_circuit_free(b->circuit);
        }
    }
    static const uint64_t lengths[] = {100, 255, 256};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        set_up(b, &r, lengths[i], 64, 16);
        assert_ok(qn_load_unlookup(b->circuit, &b->lookup, 16));
        check_count(b, 16);
        check_all(b, &r);
        qn_circuit_free(b->circuit);
    }
    free(b);
}

/* ceil(L / k) + k up to what the first bits save (Berry et al., arXiv:1902.02134, appendix C): some 2 sqrt(L). */
static void counts_grow_as_the_root(void **state)
{
    (void)state;
    for (uint64_t length = 4; length <= UINT64_C(1) << 40; length *= 4) {
        const uint64_t lambda = qn_load_unlookup_lambda(length);
        assert_int_equal(lambda * lambda, length);
        assert_int_equal(qn_load_unlookup_toffoli(length, lambda), lambda == 2 ? 0 : 2 * lambda - 4);
    }
    for (uint64_t length = 1; length <= 300; length++) {
        const uint64_t best = qn_load_unlookup_toffoli(length, qn_load_unlookup_lambda(length));
        for (uint64_t lambda = 1; lambda <= 512; lambda *= 2) {
            const bool fits = lambda <= UINT64_C(1) << qn_load_address_bits(length);
            assert_true(!fits || best <= qn_load_unlookup_toffoli(length, lambda));
        }
    }
}

/* H, look up, take back, H: the address must be 0 again in every shot, or a sign was wrong. */
static void superposition_survives(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    bench *b = malloc(sizeof *b);
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_engine_open(context, "statevector", &engine));
    for (uint64_t lambda = 1; lambda <= 8; lambda *= 2) {
        set_up(b, &r, 8, 3, lambda);
        uint32_t bit = 0;
        assert_ok(qn_circuit_add_variable(b->circuit, "address", QN_TYPE_BITS, 3, 0, 0, &bit));
        for (uint32_t q = 0; q < 3; q++) {
            assert_ok(qn_circuit_append(b->circuit, QN_GATE_H, &q, 1, NULL, 0));
        }
        qn_lookup load = b->lookup;
        load.nancillas = qn_load_qrom_ancillas(8, false);
        const uint32_t tree[2] = {b->qubits[6], b->qubits[7]}; /* two of the ancillas, clean in between */
        load.ancilla = tree;
        assert_ok(qn_load_qrom(b->circuit, &load));
        assert_ok(qn_load_unlookup(b->circuit, &b->lookup, lambda));
        for (uint32_t q = 0; q < 3; q++) {
            assert_ok(qn_circuit_append(b->circuit, QN_GATE_H, &q, 1, NULL, 0));
            assert_ok(qn_circuit_append_measure(b->circuit, q, q));
        }
        qn_sampler *sampler = NULL;
        qn_counts *counts = NULL;
        assert_ok(qn_sampler_create(engine, b->circuit, 7, &sampler));
        assert_ok(qn_counts_create(qn_sampler_bits(sampler), &counts));
        assert_ok(qn_sampler_run(sampler, NULL, 1, 300, &counts));
        for (size_t i = 0; i < qn_counts_distinct(counts); i++) {
            assert_int_equal(qn_counts_string(counts, i)[0] & 7, 0);
        }
        assert_int_equal(qn_counts_total(counts), 300);
        assert_true(qn_counts_distinct(counts) > 1); /* the outcomes do differ */
        qn_counts_free(counts);
        qn_sampler_free(sampler);
        qn_circuit_free(b->circuit);
    }
    qn_engine_close(engine);
    qn_context_free(context);
    free(b);
}

static void mistakes(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    bench *b = malloc(sizeof *b);
    set_up(b, &r, 8, 3, 4);
    assert_fails(qn_load_unlookup(b->circuit, &b->lookup, 3), QN_ERR_ARGUMENT, "power of two");
    assert_fails(qn_load_unlookup(b->circuit, &b->lookup, 16), QN_ERR_RANGE, "at most 2^3");
    b->lookup.nancillas = 3;
    assert_fails(qn_load_unlookup(b->circuit, &b->lookup, 4), QN_ERR_SHAPE, "ancillas");
    b->lookup.nancillas = 4;
    b->lookup.control = &b->qubits[9];
    assert_fails(qn_load_unlookup(b->circuit, &b->lookup, 4), QN_ERR_UNSUPPORTED, "control");
    b->lookup.control = NULL;
    b->lookup.data_bits = 65;
    assert_fails(qn_load_unlookup(b->circuit, &b->lookup, 4), QN_ERR_RANGE, "65 data bits");
    assert_int_equal(qn_circuit_operations(b->circuit), 0);
    qn_circuit_free(b->circuit);
    free(b);
}

/* As a method of its own: T gates count 4 for each measured AND, and the measured data are none. */
static void as_a_method(void **state)
{
    (void)state;
    uint64_t table[64];
    for (uint64_t i = 0; i < 64; i++) {
        table[i] = i * i % 251;
    }
    qn_context *context = NULL;
    qn_circuit *circuit = NULL;
    qn_load_cost cost;
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    options.method = QN_LOAD_PHASE_LOOKUP;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_load_table(context, table, 64, 8, &options, &circuit, &cost));
    assert_int_equal(cost.lambda, 8);
    assert_int_equal(cost.toffoli, 12);
    assert_int_equal(cost.t_count, 4 * 12);
    assert_int_equal(cost.qubits, 6 + 8 + 8 + 2);
    qn_circuit_free(circuit);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_lengths_and_lambdas),
        cmocka_unit_test(counts_grow_as_the_root),
        cmocka_unit_test(superposition_survives),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(as_a_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
