/* route_check.h: what a routed circuit must be, checked by simulation straight from the definitions. */
#ifndef QN_TEST_ROUTE_CHECK_H
#define QN_TEST_ROUTE_CHECK_H

#include <dense.h>
#include <qn_random.h>

#include <quern/context.h>
#include <quern/pass.h>

static inline qn_coupling *coupling_of(const char *text)
{
    qn_coupling *out = NULL;
    assert_ok(qn_coupling_from_text(text, &out));
    return out;
}

/* Every gate on two qubits is on an edge; none is on more. Returns the number of swap gates. */
static inline uint64_t check_edges(const qn_circuit *routed, const qn_coupling *map)
{
    uint64_t swaps = 0;
    assert_int_equal(qn_circuit_qubits(routed), qn_coupling_qubits(map));
    for (size_t i = 0; i < qn_circuit_operations(routed); i++) {
        qn_operation op;
        qn_circuit_operation(routed, i, &op);
        if (op.kind != QN_OP_GATE) {
            continue;
        }
        const uint32_t count = op.ncontrols + op.ntargets;
        assert_true(count <= 2);
        if (count == 2) {
            const uint32_t a = op.ncontrols > 0 ? op.controls[0] : op.targets[0];
            const uint32_t b = op.ncontrols > 1 ? op.controls[1] : op.targets[1 - op.ncontrols];
            if (!qn_coupling_has(map, a, b)) {
                print_error("operation %zu (%s) on %u and %u is not on an edge\n", i, qn_gate_describe(op.gate)->name,
                            a, b);
                fail();
            }
        }
        swaps += op.gate == QN_GATE_SWAP && op.ncontrols == 0 ? 1 : 0;
    }
    return swaps;
}

static inline void check_layouts(const qn_route_result *result, uint32_t nlogical, uint32_t nphysical)
{
    for (int end = 0; end < 2; end++) {
        const uint32_t *layout = end == 0 ? result->initial : result->final_layout;
        for (uint32_t q = 0; q < nlogical; q++) {
            assert_true(layout[q] < nphysical);
            for (uint32_t k = 0; k < q; k++) {
                assert_int_not_equal(layout[q], layout[k]);
            }
        }
    }
}

/* Basis state b of the circuit as one of the device. */
static inline size_t placed(size_t b, const uint32_t *layout, uint32_t nlogical)
{
    size_t out = 0;
    for (uint32_t q = 0; q < nlogical; q++) {
        out |= (b >> q & 1) << layout[q];
    }
    return out;
}

/* The routed circuit takes |initial(b)> to the original's image of |b> at the final layout, phases included, for three
 * random b. Both are run gate by gate on dense states. */
static inline void check_same(qn_random *r, const qn_circuit *original, const qn_circuit *routed,
                              const qn_route_result *result, const double *theta)
{
    const uint32_t n = qn_circuit_qubits(original), m = qn_circuit_qubits(routed);
    for (int tries = 0; tries < 3; tries++) {
        const size_t b = qn_random_below(r, 1u << n);
        dense_complex *in = dense_state(original, theta, b);
        dense_complex *out = dense_state(routed, theta, placed(b, result->initial, n));
        dense_complex *expected = dense_new((size_t)1 << m);
        for (size_t i = 0; i < (size_t)1 << n; i++) {
            expected[placed(i, result->final_layout, n)] = in[i];
        }
        assert_near(dense_distance(out, expected, (size_t)1 << m), 0, 1e-10);
        free(in);
        free(out);
        free(expected);
    }
}

#endif
