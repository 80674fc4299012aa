/* test_n_local.c: layered ansatz circuits against those that Qiskit 2.6.2 prints (n_local, efficient_su2,
 * real_amplitudes, excitation_preserving, TwoLocal), written out. A gate is "name(parameter numbers) qubits". */
#include <qn_test.h>

#include <quern/ansatz.h>
#include <quern/context.h>

#include "base/alloc.h"

/* The circuit as text; every parameter must be one symbol with coefficient 1, but for xx_plus_yy. */
static char *text_of(const qn_circuit *circuit)
{
    static char text[8192];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i == 0 ? "" : " ",
                                 qn_gate_describe(op.gate)->name);
        for (uint32_t k = 0; k < op.nparams && op.params[k].count > 0; k++) {
            assert_near(op.params[k].constant, 0, 0);
            assert_int_equal(op.params[k].count, 1);
            assert_near(op.params[k].terms[0].coefficient, op.gate == QN_GATE_XX_PLUS_YY ? 2 : 1, 0);
            used += (size_t)snprintf(text + used, sizeof text - used, "%c%u", k == 0 ? '(' : ',',
                                     op.params[k].terms[0].symbol);
        }
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", op.nparams > 0 ? ")" : ":");
        for (uint32_t k = 0; k < op.ncontrols + op.ntargets; k++) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%u", k == 0 ? "" : ",",
                                     k < op.ncontrols ? op.controls[k] : op.targets[k - op.ncontrols]);
        }
        assert_true(used < sizeof text - 64);
    }
    return text;
}

static void check(qn_circuit *circuit, const char *expected)
{
    assert_string_equal(text_of(circuit), expected);
    for (size_t i = 0; i < qn_circuit_symbols(circuit); i++) {
        char name[32];
        snprintf(name, sizeof name, "theta[%zu]", i);
        assert_string_equal(qn_circuit_symbol_name(circuit, (uint32_t)i), name);
    }
    qn_circuit_free(circuit);
}

static const qn_gate ry[] = {QN_GATE_RY}, ry_rz[] = {QN_GATE_RY, QN_GATE_RZ}, cx[] = {QN_GATE_CX};

static qn_n_local_options plain(uint32_t n, qn_entanglement entanglement, uint32_t reps)
{
    qn_n_local_options o = QN_N_LOCAL_OPTIONS_INIT;
    o.nqubits = n;
    o.rotations = ry;
    o.nrotations = 1;
    o.entanglers = cx;
    o.nentanglers = 1;
    o.entanglement = entanglement;
    o.reps = reps;
    return o;
}

static void check_n_local(const qn_n_local_options *options, const char *expected)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_ansatz_n_local(options, &circuit));
    check(circuit, expected);
}

/* The entanglers alone, repetition by repetition. */
static void entanglement_maps(void **state)
{
    (void)state;
    static const struct {
        qn_entanglement entanglement;
        uint32_t n, reps;
        const char *expected;
    } cases[] = {
        {QN_ENTANGLEMENT_FULL, 2, 1, "cx:0,1"},
        {QN_ENTANGLEMENT_FULL, 4, 1, "cx:0,1 cx:0,2 cx:0,3 cx:1,2 cx:1,3 cx:2,3"},
        {QN_ENTANGLEMENT_LINEAR, 2, 1, "cx:0,1"},
        {QN_ENTANGLEMENT_LINEAR, 5, 1, "cx:0,1 cx:1,2 cx:2,3 cx:3,4"},
        {QN_ENTANGLEMENT_REVERSE_LINEAR, 2, 1, "cx:0,1"},
        {QN_ENTANGLEMENT_REVERSE_LINEAR, 4, 1, "cx:2,3 cx:1,2 cx:0,1"},
        {QN_ENTANGLEMENT_CIRCULAR, 2, 2, "cx:0,1 cx:0,1"},
        {QN_ENTANGLEMENT_CIRCULAR, 3, 2, "cx:2,0 cx:0,1 cx:1,2 cx:2,0 cx:0,1 cx:1,2"},
        {QN_ENTANGLEMENT_PAIRWISE, 2, 1, "cx:0,1"},
        {QN_ENTANGLEMENT_PAIRWISE, 3, 1, "cx:0,1 cx:1,2"},
        {QN_ENTANGLEMENT_PAIRWISE, 5, 1, "cx:0,1 cx:2,3 cx:1,2 cx:3,4"},
        {QN_ENTANGLEMENT_SCA, 2, 2, "cx:0,1 cx:1,0"},
        {QN_ENTANGLEMENT_SCA, 3, 2, "cx:2,0 cx:0,1 cx:1,2 cx:2,1 cx:0,2 cx:1,0"},
        {QN_ENTANGLEMENT_SCA, 4, 6,
         "cx:3,0 cx:0,1 cx:1,2 cx:2,3 cx:3,2 cx:0,3 cx:1,0 cx:2,1 cx:1,2 cx:2,3 cx:3,0 cx:0,1 "
         "cx:1,0 cx:2,1 cx:3,2 cx:0,3 cx:3,0 cx:0,1 cx:1,2 cx:2,3 cx:3,2 cx:0,3 cx:1,0 cx:2,1"},
        {QN_ENTANGLEMENT_SCA, 5, 3,
         "cx:4,0 cx:0,1 cx:1,2 cx:2,3 cx:3,4 cx:4,3 cx:0,4 cx:1,0 cx:2,1 cx:3,2 cx:2,3 cx:3,4 cx:4,0 cx:0,1 cx:1,2"},
        {QN_ENTANGLEMENT_FULL, 1, 2, ""},
        {QN_ENTANGLEMENT_SCA, 1, 2, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_n_local_options o = plain(cases[i].n, cases[i].entanglement, cases[i].reps);
        o.nrotations = 0;
        check_n_local(&o, cases[i].expected);
    }
}

static void parameter_order(void **state)
{
    (void)state;
    qn_n_local_options o = plain(3, QN_ENTANGLEMENT_LINEAR, 1);
    check_n_local(&o, "ry(0)0 ry(1)1 ry(2)2 cx:0,1 cx:1,2 ry(3)0 ry(4)1 ry(5)2");
    o.skip_final_rotation_layer = true;
    check_n_local(&o, "ry(0)0 ry(1)1 ry(2)2 cx:0,1 cx:1,2");
    o.reps = 0;
    check_n_local(&o, "");
    o.skip_final_rotation_layer = false;
    check_n_local(&o, "ry(0)0 ry(1)1 ry(2)2");
    /* n_local(3, ["ry", "rz"], ["crx", "cz"], "linear", reps=1) */
    const qn_gate crx_cz[] = {QN_GATE_CRX, QN_GATE_CZ};
    o = plain(3, QN_ENTANGLEMENT_LINEAR, 1);
    o.rotations = ry_rz;
    o.nrotations = 2;
    o.entanglers = crx_cz;
    o.nentanglers = 2;
    check_n_local(&o, "ry(0)0 ry(1)1 ry(2)2 rz(3)0 rz(4)1 rz(5)2 crx(6)0,1 crx(7)1,2 cz:0,1 cz:1,2 "
                      "ry(8)0 ry(9)1 ry(10)2 rz(11)0 rz(12)1 rz(13)2");
    /* n_local(3, ["ry"], ["cx", "rzz"], "circular", reps=1) */
    const qn_gate cx_rzz[] = {QN_GATE_CX, QN_GATE_RZZ};
    o = plain(3, QN_ENTANGLEMENT_CIRCULAR, 1);
    o.entanglers = cx_rzz;
    o.nentanglers = 2;
    check_n_local(&o, "ry(0)0 ry(1)1 ry(2)2 cx:2,0 cx:0,1 cx:1,2 rzz(3)2,0 rzz(4)0,1 rzz(5)1,2 ry(6)0 ry(7)1 ry(8)2");
    /* n_local(2, [], ["cx", "rzz"], "linear", reps=2) */
    o = plain(2, QN_ENTANGLEMENT_LINEAR, 2);
    o.entanglers = cx_rzz;
    o.nentanglers = 2;
    o.nrotations = 0;
    check_n_local(&o, "cx:0,1 rzz(0)0,1 cx:0,1 rzz(1)0,1");
    /* TwoLocal(1, "ry", "cx", "full", reps=2) */
    o = plain(1, QN_ENTANGLEMENT_FULL, 2);
    check_n_local(&o, "ry(0)0 ry(1)0 ry(2)0");
    /* Several parameters a gate: in the gate's order. */
    const qn_gate u[] = {QN_GATE_U};
    o = plain(2, QN_ENTANGLEMENT_LINEAR, 0);
    o.rotations = u;
    check_n_local(&o, "u(0,1,2)0 u(3,4,5)1");
}

static void pairs_and_initial_states(void **state)
{
    (void)state;
    /* TwoLocal(4, ["ry", "rz"], "cx", [(0, 1), (2, 1)], reps=1, skip_unentangled_qubits=True) */
    const uint32_t pairs[] = {0, 1, 2, 1};
    qn_n_local_options o = plain(4, QN_ENTANGLEMENT_PAIRS, 1);
    o.rotations = ry_rz;
    o.nrotations = 2;
    o.pairs = pairs;
    o.npairs = 2;
    o.skip_unentangled_qubits = true;
    check_n_local(&o, "ry(0)0 ry(1)1 ry(2)2 rz(3)0 rz(4)1 rz(5)2 cx:0,1 cx:2,1 ry(6)0 ry(7)1 ry(8)2 rz(9)0 rz(10)1 "
                      "rz(11)2");
    o = plain(4, QN_ENTANGLEMENT_PAIRS, 1);
    o.pairs = pairs;
    o.npairs = 2;
    const uint64_t bits = 10;
    o.initial_bits = &bits;
    o.prefix = "w";
    qn_circuit *circuit = NULL;
    assert_ok(qn_ansatz_n_local(&o, &circuit));
    assert_string_equal(text_of(circuit),
                        "x:1 x:3 ry(0)0 ry(1)1 ry(2)2 ry(3)3 cx:0,1 cx:2,1 ry(4)0 ry(5)1 ry(6)2 ry(7)3");
    assert_string_equal(qn_circuit_symbol_name(circuit, 7), "w[7]");
    qn_circuit_free(circuit);
}

static void named_circuits(void **state)
{
    (void)state;
    qn_n_local_options o = plain(3, QN_ENTANGLEMENT_REVERSE_LINEAR, 1);
    qn_circuit *circuit = NULL;
    assert_ok(qn_ansatz_efficient_su2(&o, &circuit));
    check(circuit,
          "ry(0)0 ry(1)1 ry(2)2 rz(3)0 rz(4)1 rz(5)2 cx:1,2 cx:0,1 ry(6)0 ry(7)1 ry(8)2 rz(9)0 rz(10)1 rz(11)2");
    assert_ok(qn_ansatz_real_amplitudes(&o, &circuit));
    check(circuit, "ry(0)0 ry(1)1 ry(2)2 cx:1,2 cx:0,1 ry(3)0 ry(4)1 ry(5)2");
    o.entanglement = QN_ENTANGLEMENT_FULL;
    assert_ok(qn_ansatz_excitation_preserving(&o, false, &circuit));
    check(circuit, "rz(0)0 rz(1)1 rz(2)2 xx_plus_yy(3)0,1 xx_plus_yy(4)0,2 xx_plus_yy(5)1,2 rz(6)0 rz(7)1 rz(8)2");
    o.entanglement = QN_ENTANGLEMENT_LINEAR;
    assert_ok(qn_ansatz_excitation_preserving(&o, true, &circuit));
    check(circuit, "rz(0)0 rz(1)1 rz(2)2 xx_plus_yy(3)0,1 cp(4)0,1 xx_plus_yy(5)1,2 cp(6)1,2 rz(7)0 rz(8)1 rz(9)2");
}

/* On a ring of 6 a greedy colouring needs 2 colours: 2 entangling layers a repetition whatever the order of the pairs.
 */
static void hardware_layers(void **state)
{
    (void)state;
    const uint32_t ring[] = {0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 0};
    qn_n_local_options o = plain(6, QN_ENTANGLEMENT_PAIRS, 3);
    o.pairs = ring;
    o.npairs = 6;
    qn_circuit *circuit = NULL;
    assert_ok(qn_ansatz_hardware_efficient(&o, &circuit));
    qn_circuit_cost cost;
    assert_ok(qn_circuit_count(circuit, NULL, 1e-3, &cost));
    assert_int_equal(cost.two_qubit, 18);
    assert_int_equal(cost.two_qubit_depth, 6);
    assert_int_equal(cost.depth, 3 * (1 + 2) + 1);
    qn_circuit_free(circuit);
    assert_ok(qn_ansatz_n_local(&o, &circuit)); /* uncoloured, the same pairs are a long chain */
    assert_ok(qn_circuit_count(circuit, NULL, 1e-3, &cost));
    assert_true(cost.two_qubit_depth > 6);
    qn_circuit_free(circuit);
    const uint32_t star[] = {0, 1, 0, 2, 0, 3};
    o = plain(4, QN_ENTANGLEMENT_PAIRS, 1);
    o.pairs = star;
    o.npairs = 3;
    o.nrotations = 0;
    assert_ok(qn_ansatz_hardware_efficient(&o, &circuit));
    check(circuit, "cx:0,1 cx:0,2 cx:0,3");
    o = plain(5, QN_ENTANGLEMENT_LINEAR, 1);
    o.nrotations = 0;
    assert_ok(qn_ansatz_hardware_efficient(&o, &circuit));
    check(circuit, "cx:0,1 cx:2,3 cx:1,2 cx:3,4");
}

static void mistakes(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL;
    qn_n_local_options o = plain(0, QN_ENTANGLEMENT_FULL, 1);
    assert_fails(qn_ansatz_n_local(&o, &circuit), QN_ERR_RANGE, "at least 1 qubit");
    o = plain(2, (qn_entanglement)17, 1);
    assert_fails(qn_ansatz_n_local(&o, &circuit), QN_ERR_RANGE, "entanglement 17");
    o = plain(2, QN_ENTANGLEMENT_FULL, 1);
    o.rotations = cx;
    assert_fails(qn_ansatz_n_local(&o, &circuit), QN_ERR_SHAPE, "cx");
    o.rotations = NULL;
    assert_fails(qn_ansatz_n_local(&o, &circuit), QN_ERR_ARGUMENT, "rotations");
    o = plain(2, QN_ENTANGLEMENT_PAIRS, 1);
    const uint32_t pairs[] = {0, 2}, loop[] = {1, 1};
    o.npairs = 1;
    assert_fails(qn_ansatz_n_local(&o, &circuit), QN_ERR_ARGUMENT, "pairs");
    o.pairs = pairs;
    assert_fails(qn_ansatz_n_local(&o, &circuit), QN_ERR_RANGE, "pair 0 (0, 2)");
    o.pairs = loop;
    assert_fails(qn_ansatz_n_local(&o, &circuit), QN_ERR_ARGUMENT, "itself");
    o = plain(2, QN_ENTANGLEMENT_FULL, 1);
    const uint64_t bits = 4;
    o.initial_bits = &bits;
    assert_fails(qn_ansatz_n_local(&o, &circuit), QN_ERR_RANGE, "past qubit 1");
    o = plain(2, QN_ENTANGLEMENT_SCA, 1);
    assert_fails(qn_ansatz_hardware_efficient(&o, &circuit), QN_ERR_UNSUPPORTED, "sca");
    assert_fails(qn_ansatz_n_local(NULL, &circuit), QN_ERR_ARGUMENT, "NULL");
    assert_null(circuit);
    qn_entanglement e = QN_ENTANGLEMENT_SCA;
    assert_fails(qn_entanglement_from_name("liner", &e), QN_ERR_NAME, "\"linear\"");
    assert_fails(qn_entanglement_from_name("everything", &e), QN_ERR_NAME, "pairwise");
    assert_int_equal(e, QN_ENTANGLEMENT_SCA);
    for (qn_entanglement i = QN_ENTANGLEMENT_FULL; i <= QN_ENTANGLEMENT_PAIRS; i++) {
        assert_ok(qn_entanglement_from_name(qn_entanglement_name(i), &e));
        assert_int_equal(e, i);
    }
}

static void allocation_failures(void **state)
{
    (void)state;
    const uint64_t bytes = qn_memory().bytes_now;
    qn_n_local_options o = plain(4, QN_ENTANGLEMENT_FULL, 2);
    o.skip_unentangled_qubits = true;
    uint64_t n = 1;
    for (;; n++) {
        qn_circuit *circuit = NULL;
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_ansatz_hardware_efficient(&o, &circuit);
        qn__alloc_fail_at(0, false);
        if (status == QN_OK) {
            qn_circuit_free(circuit);
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_null(circuit);
        assert_int_equal(qn_memory().bytes_now, bytes);
    }
    assert_true(n > 20);
    assert_int_equal(qn_memory().bytes_now, bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entanglement_maps),        cmocka_unit_test(parameter_order),
        cmocka_unit_test(pairs_and_initial_states), cmocka_unit_test(named_circuits),
        cmocka_unit_test(hardware_layers),          cmocka_unit_test(mistakes),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
