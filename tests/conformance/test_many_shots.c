/* test_many_shots.c: more shots than one batch holds give shot by shot what the reference engine gives, in bounded
 * memory. */
#include <qn_test.h>

#include <quern/quern.h>

enum { QUBITS = 3, SHOTS = (1 << 22) + 12345 };

static qn_counts *counts_of(qn_context *context, const char *spec, const qn_circuit *circuit)
{
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    qn_counts *counts = NULL;
    assert_ok(qn_engine_open(context, spec, &engine));
    assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
    assert_ok(qn_counts_create(QUBITS, &counts));
    assert_ok(qn_program_sample(program, NULL, 1, SHOTS, 5, 9, &counts));
    qn_program_free(program);
    qn_engine_close(engine);
    return counts;
}

static void batches_change_nothing(void **state)
{
    (void)state;
    qn_context *context = NULL;
    qn_circuit *circuit = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_circuit_create(QUBITS, &circuit));
    for (uint32_t q = 0; q < QUBITS; q++) {
        const qn_param angle = QN_PARAM(0.7 + 0.5 * q);
        assert_ok(qn_circuit_append(circuit, QN_GATE_RY, &q, 1, &angle, 1));
    }
    qn_counts *slow = counts_of(context, "reference", circuit), *fast = counts_of(context, "statevector", circuit);
    assert_int_equal(qn_counts_total(fast), SHOTS);
    assert_int_equal(qn_counts_distinct(fast), qn_counts_distinct(slow));
    for (size_t k = 0; k < qn_counts_distinct(slow); k++) {
        assert_int_equal(qn_counts_string(fast, k)[0], qn_counts_string(slow, k)[0]);
        assert_int_equal(qn_counts_times(fast, k), qn_counts_times(slow, k));
    }
    assert_true(qn_memory().bytes_peak < UINT64_C(200) << 20);
    qn_counts_free(slow);
    qn_counts_free(fast);
    qn_circuit_free(circuit);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(batches_change_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
