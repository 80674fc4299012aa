/* test_coupling.c: coupling maps by shape and by list, and their distances. */
#include <qn_test.h>

#include <quern/context.h>

#include "base/alloc.h"
#include "circuit/passes/coupling.h"

static qn_coupling *from_text(const char *text)
{
    qn_coupling *out = NULL;
    assert_ok(qn_coupling_from_text(text, &out));
    return out;
}

static uint32_t degree(const qn_coupling *map, uint32_t q)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < qn_coupling_qubits(map); k++) {
        assert_int_equal(qn_coupling_has(map, q, k), qn_coupling_has(map, k, q));
        count += qn_coupling_has(map, q, k) ? 1 : 0;
    }
    return count;
}

static void shapes_have_their_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t qubits;
        size_t edges;
        uint32_t ones, diameter; /* qubits of degree 1 */
    } rows[] = {
        {"line:1", 1, 0, 0, 0},        {"line:5", 5, 4, 2, 4},          {"ring:2", 2, 1, 2, 1},
        {"ring:3", 3, 3, 0, 1},        {"ring:5", 5, 5, 0, 2},          {"grid:3x4", 12, 17, 0, 5},
        {"grid:1x4", 4, 3, 2, 3},      {"star:5", 5, 4, 4, 2},          {"all:5", 5, 10, 0, 1},
        {"0-1,1-2,2-0", 3, 3, 0, 1},   {"3-0,0-3,1-2,3-2", 4, 3, 2, 3}, {"heavy-hex:1", 1, 0, 0, 0},
        {"heavy-hex:3", 19, 20, 2, 8}, {"heavy-hex:5", 57, 64, 2, 16},  {"heavy-hex:7", 115, 132, 2, 24},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        qn_coupling *map = from_text(rows[i].text);
        assert_int_equal(qn_coupling_qubits(map), rows[i].qubits);
        assert_int_equal(qn_coupling_edges(map), rows[i].edges);
        uint16_t *distances = NULL;
        assert_ok(qn__coupling_distances(map, &distances));
        uint32_t ones = 0, diameter = 0;
        for (uint32_t q = 0; q < rows[i].qubits; q++) {
            ones += degree(map, q) == 1 ? 1 : 0;
            for (uint32_t k = 0; k < rows[i].qubits; k++) {
                const uint32_t d = distances[q * rows[i].qubits + k];
                diameter = d > diameter ? d : diameter;
                assert_int_equal(d == 1, qn_coupling_has(map, q, k));
            }
        }
        assert_int_equal(ones, rows[i].ones);
        assert_int_equal(diameter, rows[i].diameter);
        qn__free(distances);
        qn_coupling_free(map);
    }
}

/* A heavy hexagon is a hexagon with a qubit on each edge: no qubit has more than three neighbours, and one with three
 * has neighbours of two or one. Faces are cycles of 12, or of 10 at an end of a row. */
static void heavy_hex_is_one(void **state)
{
    (void)state;
    qn_coupling *map = from_text("heavy-hex:5");
    uint32_t threes = 0;
    for (uint32_t q = 0; q < 57; q++) {
        const uint32_t d = degree(map, q);
        assert_true(d >= 1 && d <= 3);
        threes += d == 3 ? 1 : 0;
        for (uint32_t k = 0; d == 3 && k < 57; k++) {
            assert_true(!qn_coupling_has(map, q, k) || degree(map, k) <= 2);
        }
    }
    assert_true(threes > 0);
    /* the first face: row 0 qubits 1..5, a bridge, row 1, a bridge: see the numbering in the header of the shape */
    assert_true(qn_coupling_has(map, 1, 9) && qn_coupling_has(map, 9, 13));
    assert_true(qn_coupling_has(map, 5, 10) && qn_coupling_has(map, 10, 17));
    assert_true(qn_coupling_has(map, 8, 11) && qn_coupling_has(map, 11, 20));
    assert_true(qn_coupling_has(map, 12, 21) && qn_coupling_has(map, 21, 24));
    assert_false(qn_coupling_has(map, 8, 9));
    qn_coupling_free(map);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    qn_coupling *map = NULL;
    static const uint32_t out_of_range[1][2] = {{0, 3}}, itself[2][2] = {{0, 1}, {2, 2}};
    assert_fails(qn_coupling_create(3, out_of_range, 1, &map), QN_ERR_RANGE, "edge 0 (0-3): qubit 3 is outside 0..2");
    assert_fails(qn_coupling_create(3, itself, 2, &map), QN_ERR_ARGUMENT, "edge 1 joins qubit 2 to itself");
    assert_fails(qn_coupling_create(0, NULL, 0, &map), QN_ERR_RANGE, "at least one");
    assert_fails(qn_coupling_create(3, NULL, 2, &map), QN_ERR_ARGUMENT, "none given");
    assert_fails(qn_coupling_create(70000, NULL, 0, &map), QN_ERR_TOO_LARGE, "70000 qubits");
    assert_fails(qn_coupling_from_text("lien:5", &map), QN_ERR_NAME, "did you mean 'line'");
    assert_fails(qn_coupling_from_text("whatever:5", &map), QN_ERR_NAME, "known: line, ring");
    assert_fails(qn_coupling_from_text("grid:3", &map), QN_ERR_PARSE, "'grid:3x4'");
    assert_fails(qn_coupling_from_text("line:0", &map), QN_ERR_PARSE, "sizes 1..");
    assert_fails(qn_coupling_from_text("line:5x", &map), QN_ERR_PARSE, "'line:5'");
    assert_fails(qn_coupling_from_text("line:", &map), QN_ERR_PARSE, "'line:5'");
    assert_fails(qn_coupling_from_text("line:99999999999", &map), QN_ERR_PARSE, "sizes 1..65535");
    assert_fails(qn_coupling_from_text("heavy-hex:4", &map), QN_ERR_RANGE, "odd");
    assert_fails(qn_coupling_from_text("heavy-hex:9999", &map), QN_ERR_TOO_LARGE, "65535");
    assert_fails(qn_coupling_from_text("grid:9999x9999", &map), QN_ERR_TOO_LARGE, "65535");
    assert_fails(qn_coupling_from_text("all:65535", &map), QN_ERR_TOO_LARGE, "edges");
    assert_fails(qn_coupling_from_text("", &map), QN_ERR_PARSE, "column 1");
    assert_fails(qn_coupling_from_text("0-1,1_2", &map), QN_ERR_PARSE, "column 5");
    assert_fails(qn_coupling_from_text("0-1,", &map), QN_ERR_PARSE, "column 5");
    assert_fails(qn_coupling_from_text("0-1,2", &map), QN_ERR_PARSE, "column 5");
    assert_fails(qn_coupling_from_text("1-1", &map), QN_ERR_ARGUMENT, "itself");
    assert_null(map);
    qn_coupling_free(NULL);
}

static void failing_memory_leaks_nothing(void **state)
{
    (void)state;
    const uint64_t before = qn_memory().bytes_now;
    for (uint64_t n = 1;; n++) {
        qn_coupling *map = NULL;
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_coupling_from_text("grid:5x5", &map);
        const bool happened = qn__alloc_fail_at(0, false) == 0;
        qn_coupling_free(map);
        assert_int_equal(qn_memory().bytes_now, before);
        assert_int_equal(status, happened ? QN_ERR_MEMORY : QN_OK);
        if (!happened) {
            assert_true(n > 4);
            break;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_have_their_sizes),
        cmocka_unit_test(heavy_hex_is_one),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(failing_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
