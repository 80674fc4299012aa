/* test_draw_text.c: drawings as text, line by line; what was looked at by eye is held here. */
#include "draw_fixture.h"

#include "circuit/draw/words.h"

/* clang-format off */
static const char *const plain_boxed[] = {
    "global phase: π/3",
    "     ┌───┐                          ┌────────┐   ┌──────────┐┌───────┐",
    "q0: ─┤ H ├─●────────────────●──╳──●─┤ P(π/8) ├─╳─┤          ├┤1      ├────────●─────●────»",
    "     └───┘ │                │  │  │ └───┬────┘ │ │          ││  DCX  │        │     │",
    "           │                │  │  │     │      │ │          ││       │┌────┐┌─┴─┐   │",
    "q1: ───────⊕──●─────────────⊕──┼──┼─────┼──────●─┤ RXX(0.3) ├┤0      ├┤ √X ├┤ H ├───┼────»",
    "              │             │  │  │     │      │ │          │└───────┘└────┘└─┬─┘   │",
    "              │ ┌─────────┐ │  │  │     │      │ │          │                 │     │",
    "q2: ──────────⊕─┤ RZ(π/4) ├─●──╳──●─────●──────╳─┤          ├─────────────────○─────●────»",
    "                └─────────┘                      └──────────┘                     P(π/3)",
    "",
    "     ┌────────────┐┌─────────┐                   ┌───────┐",
    "q0: «┤X           ├┤X        ├───────────────────┤ iSWAP ├─",
    "     │            ││         │                   └───┬───┘",
    "     │            ││         │┌─────────────────┐    │",
    "q1: «┤Z R(1.235)  ├┤  R(-π)  ├┤ RX(2*theta+0.1) ├────○─────",
    "     │            ││         │└─────────────────┘    │",
    "     │            ││         │                   ┌───┴───┐",
    "q2: «┤Y           ├┤Y        ├───────────────────┤ iSWAP ├─",
    "     └────────────┘└─────────┘                   └───────┘"};
static const char *const plain_dense[] = {
    "global phase: π/3",
    "q0: ──H─╭●────────────╭●─╭╳─╭●─╭P(π/8)─╭╳─╭RXX(0.3)─╭DCX:1────╭●─╭●───────╭X(1.235)─╭X(-π)»",
    "q1: ────╰⊕─╭●─────────├⊕─│──│──│───────├●─│─────────╰DCX:0─√X─├H─│────────├Z────────│─────»",
    "q2: ───────╰⊕─RZ(π/4)─╰●─╰╳─╰●─╰●──────╰╳─╰RXX────────────────╰○─╰●P(π/3)─╰Y────────╰Y────»",
    "",
    "q0: «─────────────────╭iSWAP─",
    "q1: «─RX(2*theta+0.1)─├○─────",
    "q2: «─────────────────╰iSWAP─"};
static const char *const plain_ascii[] = {
    "global phase: pi/3",
    "     +---+                                 +---------+   +----------+",
    "q0: -| H |--*---------------------*---x--*-| P(pi/8) |-x-|          |>",
    "     +---+  |                     |   |  | +----+----+ | |          |",
    "            |                     |   |  |      |      | |          |",
    "q1: -------(+)---*---------------(+)--|--|------|------*-| RXX(0.3) |>",
    "                 |                |   |  |      |      | |          |",
    "                 |  +----------+  |   |  |      |      | |          |",
    "q2: ------------(+)-| RZ(pi/4) |--*---x--*------*------x-|          |>",
    "                    +----------+                         +----------+",
    "",
    "     +-------+                    +------------++----------+",
    "q0: <|1      |--------*------*----|X           ||X         |>",
    "     |  DCX  |        |      |    |            ||          |",
    "     |       |+----++-+-+    |    |            ||          |",
    "q1: <|0      || SX || H |----|----|Z R(1.235)  ||  R(-pi)  |>",
    "     +-------++----++-+-+    |    |            ||          |",
    "                      |      |    |            ||          |",
    "q2: <-----------------o------*----|Y           ||Y         |>",
    "                          P(pi/3) +------------++----------+",
    "",
    "                        +-------+",
    "q0: <-------------------| iSWAP |-",
    "                        +---+---+",
    "     +-----------------+    |",
    "q1: <| RX(2*theta+0.1) |----o-----",
    "     +-----------------+    |",
    "                        +---+---+",
    "q2: <-------------------| iSWAP |-",
    "                        +-------+"};
static const char *const dynamic_boxed[] = {
    "            ┌───┐   ┌─┐    ░ ┌─────┐┌───────────────┐",
    "     q[0]: ─┤ H ├─●─┤M├────░─┤ |0⟩ ├┤ delay(100 ns) ├──────────────────────────────────────────────────────»",
    "            └───┘ │ └╥┘    ░ └─────┘└───────────────┘",
    "                  │  ║                                              ┏ while flag ━━━━━━━━━━━━━━━━━━━━━━━━┓",
    "                  │  ║                                              ┃                ┏ if c == 3 ━━━━━┓  ┃",
    "                  │  ║ ┌─┐ ░        ┌───────────────┐               ┃    ┌───┐   ┌─┐ ┃ ┌───┐┌───────┐ ┃  ┃",
    "     q[1]: ───────⊕──╫─┤M├─░────────┤ delay(100 ns) ├───────────────╂────┤ H ├───┤M├─╂─┤ X ├┤ break ├─╂──╂─»",
    "                     ║ └╥┘ ░        └───────────────┘               ┃    └───┘   └╥┘ ┃ └───┘└───────┘ ┃  ┃",
    "                     ║  ║                                           ┃             ║  ┗━━━━━━━━━━━━━━━━┛  ┃",
    "                     ║  ║     ┏ if c == 3 ━━━━━━━━━━━━┳ else ━━━━┓  ┃             ║  ║                   ┃",
    "                     ║  ║  ░  ┃           ┌───┐       ┃ ┌───┐    ┃  ┃             ║  ║                   ┃",
    "     q[2]: ──────────╫──╫──░──╂───────────┤ X ├───────╂─┤ H ├─●──╂──╂─────────────╫──╫───────────────────╂─»",
    "                     ║  ║  ░  ┃           └───┘       ┃ └───┘ │  ┃  ┃             ║  ║                   ┃",
    "                     ║  ║  ░  ┃                       ┃       │  ┃  ┃             ║  ║                   ┃",
    "      anc: ──────────╫──╫──░──╂───────────────────────╂───────●──╂──╂─────────────╫──╫───────────────────╂─»",
    "                     ║  ║  ░  ┃                       ┃          ┃  ┃             ║  ║                   ┃",
    "                     ║  ║     ┗━━━━━━━━━━━━━━━━━━━━━━━┻━━━━━━━━━━┛  ┃             ║  ║                   ┃",
    "      c: 3/══════════╩══╩═════●═════════════════════════════════════┃═════════════╬══●═══════════════════┃═»",
    "                     0  1                                           ┃             ║                      ┃",
    "     flag: ═════════════════════════════════════════════════════════●═════════════╩══════════════════════┃═»",
    "                                                                    ┃             0                      ┃",
    "                                                                    ┃ ┌─────────┐                        ┃",
    "variables: ═════════════════════════════════════════════════════════┃═╡ n = n+1 ╞════════════════════════┃═»",
    "                                                                    ┃ └─────────┘                        ┃",
    "                                                                    ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛",
    "",
    "     q[0]: «────────────────────",
    "",
    "     q[1]: «────────────────────",
    "",
    "                 ┌─────────┐",
    "     q[2]: «─────┤ RY(n+1) ├────",
    "                 └────╥────┘",
    "            ┌───┐     ║     ┌─┐",
    "      anc: «┤ T ├─────╫─────┤M├─",
    "            └───┘     ║     └╥┘",
    "                      ║      ║",
    "      c: 3/«══════════╬══════╩══",
    "                      ║      2",
    "     flag: «══════════╬═════════",
    "                      ║",
    "variables: «══════════●═════════"};
static const char *const dynamic_dense[] = {
    "     q[0]: ──H─╭●─┤M├─────░─|0⟩─delay(100 ns)─────────────────────────────────────────────────────────",
    "               │   ║                                    ┏ while flag ━━━━━━━━━━━━━━━━┓",
    "               │   ║                                    ┃             ┏ if c == 3 ━┓ ┃",
    "     q[1]: ────╰⊕──╫──┤M├─░─────delay(100 ns)───────────╂─H───────┤M├─╂────X─break─╂─╂────────────────",
    "                   ║   ║                                ┃          ║  ┗━━━━━━━━━━━━┛ ┃",
    "                   ║   ║    ┏ if c == 3 ━━━━━━┳ else ━┓ ┃          ║  ║              ┃",
    "     q[2]: ────────╫───╫──░─╂───X─────────────╂──H─╭●─╂─╂──────────╫──╫──────────────╂───╭RY(n+1)─────",
    "      anc: ────────╫───╫──░─╂─────────────────╂────╰●─╂─╂──────────╫──╫──────────────╂─T─│────────┤M├─",
    "                   ║   ║    ┗━━━━━━━━━━━━━━━━━┻━━━━━━━┛ ┃          ║  ║              ┃   │         ║",
    "      c: 3/════════╩0══╩1═══●═══════════════════════════┃══════════╬══●══════════════┃═══│═════════╩2═",
    "     flag: ═════════════════════════════════════════════●══════════╩0════════════════┃═══│════════════",
    "variables: ═════════════════════════════════════════════┃═n = n+1════════════════════┃═══╰●═══════════",
    "                                                        ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛"};
/* clang-format on */

static char *draw(const qn_circuit *circuit, const qn_draw_options *options)
{
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_draw_text(circuit, options, &text, &length));
    assert_int_equal(strlen(text), length);
    return text;
}

/* Line by line, for goldens longer than a string of C may be. */
static void check_lines(const char *text, const char *const *lines, size_t count)
{
    const char *at = text;
    for (size_t i = 0; i < count; i++) {
        const size_t length = strcspn(at, "\n");
        if (length != strlen(lines[i]) || memcmp(at, lines[i], length) != 0 || at[length] != '\n') {
            print_error("line %zu, got:\n%.*s\nexpected:\n%s\nin\n%s\n", i + 1, (int)length, at, lines[i], text);
            fail();
        }
        at += length + 1;
    }
    assert_int_equal(*at, 0);
}

static void check_golden(qn_circuit *circuit, const qn_draw_options *options, const char *const *lines, size_t count)
{
    char *text = draw(circuit, options);
    check_lines(text, lines, count);
    qn__free(text);
    qn_circuit_free(circuit);
}
#define GOLDEN(circuit, options, lines) check_golden((circuit), (options), (lines), sizeof(lines) / sizeof((lines)[0]))

static void check(qn_circuit *circuit, const qn_draw_options *options, const char *expected)
{
    char *text = draw(circuit, options);
    check_text(text, expected);
    qn__free(text);
    qn_circuit_free(circuit);
}

static void test_gates(void **state)
{
    (void)state;
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    GOLDEN(plain_circuit(), NULL, plain_boxed);
    options.dense = true;
    GOLDEN(plain_circuit(), &options, plain_dense);
    options.dense = false;
    options.ascii = true;
    options.width = 70;
    GOLDEN(plain_circuit(), &options, plain_ascii);
}

static void test_control_flow(void **state)
{
    (void)state;
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    options.width = 110;
    GOLDEN(dynamic_circuit(), &options, dynamic_boxed);
    options.dense = true;
    GOLDEN(dynamic_circuit(), &options, dynamic_dense);
}

static void test_small(void **state)
{
    (void)state;
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    check(new_circuit(2), NULL, "q0: ──\n\nq1: ──\n");
    options.title = "Bell\tpair";
    options.reverse = true;
    options.dense = true;
    qn_circuit *bell = new_circuit(2);
    ADD(bell, QN_GATE_H, 0);
    ADD(bell, QN_GATE_CX, 0, 1);
    check(bell, &options, "Bell?pair\nq1: ────╭⊕─\nq0: ──H─╰●─\n");
}

/* Names of the user's own alphabet: two columns a character, and marks that combine take none. */
static void test_wide_names(void **state)
{
    (void)state;
    qn_circuit *c = new_circuit(2);
    uint32_t register_ = 0, symbol = 0;
    const uint32_t first[1] = {0};
    assert_ok(qn_circuit_add_variable(c, "量子", QN_TYPE_QUBITS, 2, 0, 0, &register_));
    assert_ok(qn_circuit_add_symbol(c, "角", &symbol));
    const qn_param_term term = {symbol, -1};
    const qn_param param = {0, &term, 1, 0};
    assert_ok(qn_circuit_append(c, QN_GATE_RX, first, 1, &param, 1));
    ADD(c, QN_GATE_X, 1);
    char *text = draw(c, NULL);
    check_text(text, "          ┌─────────┐\n"
                     "量子[0]: ─┤ RX(-角) ├─\n"
                     "          └─────────┘\n"
                     "             ┌───┐\n"
                     "量子[1]: ────┤ X ├────\n"
                     "             └───┘\n");
    qn__free(text);
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    options.ascii = true;
    text = draw(c, &options);
    for (const char *at = text; *at != '\0'; at++) {
        assert_true((unsigned char)*at < 0x80);
    }
    assert_non_null(strstr(text, "??[0]: -| RX(-?) |-"));
    qn__free(text);
    qn_circuit_free(c);
}

/* Every line of every picture keeps to the width, for many widths and kinds. */
static void test_folding(void **state)
{
    (void)state;
    qn_circuit *circuits[2] = {long_circuit(5, 120), dynamic_circuit()};
    for (uint32_t width = 40; width < 150; width += 7) {
        for (unsigned kind = 0; kind < 8; kind++) {
            qn_draw_options options = QN_DRAW_OPTIONS_INIT;
            options.width = width;
            options.ascii = (kind & 1) != 0;
            options.dense = (kind & 2) != 0;
            char *text = draw(circuits[kind >> 2], &options);
            for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
                if (qn__text_columns(line) > width) {
                    print_error("width %u kind %u: %s\n", width, kind, line);
                    fail();
                }
            }
            qn__free(text);
        }
    }
    qn_draw_options endless = QN_DRAW_OPTIONS_INIT;
    endless.width = UINT32_MAX;
    char *text = draw(circuits[0], &endless);
    assert_null(strstr(text, "»"));
    assert_null(strstr(text, "\n\n\n"));
    qn__free(text);
    qn_circuit_free(circuits[0]);
    qn_circuit_free(circuits[1]);
}

/* Random circuits under random options, hidden qubits and columns among them: every writer writes, in the width. */
static void test_random(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint64_t round = 0; round < 60 * qn_test_scale(); round++) {
        qn_circuit *c = random_circuit(seed + round, 2 + (uint32_t)(round % 9), 5 + round * 2);
        qn_draw_options options = QN_DRAW_OPTIONS_INIT;
        options.ascii = (round & 1) != 0;
        options.dense = (round & 2) != 0;
        options.reverse = (round & 4) != 0;
        options.max_columns = (round & 8) != 0 ? 5 + (uint32_t)(round % 7) : 0;
        options.max_qubits = (round & 16) != 0 ? 2 + (uint32_t)(round % 5) : 0;
        options.width = 50 + 3 * (uint32_t)round;
        char *text = draw(c, &options);
        const size_t lines = strlen(text);
        for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
            if (qn__text_columns(line) > options.width && strstr(line, "hidden") == NULL) {
                print_error("round %llu: %s\n", (unsigned long long)round, line);
                fail();
            }
        }
        assert_true(lines > 0);
        qn__free(text);
        text = NULL;
        size_t length = 0;
        assert_ok(qn_draw_svg(c, &options, &text, &length));
        assert_memory_equal(text + length - 7, "</svg>\n", 7);
        qn__free(text);
        assert_ok(qn_draw_tikz(c, &options, true, &text, &length));
        assert_memory_equal(text + length - 15, "\\end{document}\n", 15);
        qn__free(text);
        qn_circuit_free(c);
    }
}

static void test_elision(void **state)
{
    (void)state;
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    options.max_columns = 4;
    options.max_qubits = 4;
    options.dense = true;
    options.width = UINT32_MAX;
    /* On qubits 0, 1 and 5, 6 of 7; gate i acts on i mod 7 and, when 3 divides i, on the next one too. */
    qn_circuit *c = long_circuit(7, 2100);
    char *text = draw(c, &options);
    assert_non_null(strstr(text, "q2 … q4 hidden: 3 qubits, 800 gates on them alone\n"));
    assert_non_null(strstr(text, "⋮ 3 qubits "));
    assert_non_null(strstr(text, " gates hidden …"));
    assert_non_null(strstr(text, "q6: "));
    assert_null(strstr(text, "q3: "));
    qn__free(text);
    options.ascii = true;
    text = draw(c, &options);
    assert_non_null(strstr(text, "... 3 qubits "));
    assert_non_null(strstr(text, " gates hidden ..."));
    qn__free(text);
    qn_circuit_free(c);
    /* 1,000 gates in a row, 2 columns at each end: 996 are hidden. */
    c = new_circuit(1);
    for (int i = 0; i < 1000; i++) {
        ADD(c, QN_GATE_X, 0);
    }
    options.ascii = false;
    check(c, &options, "q0: ──X─X─ … 996 gates hidden … ──X─X─\n");
}

/* Colours: escapes come in pairs and the rest is the same text. */
static void test_colours(void **state)
{
    (void)state;
    qn_circuit *c = plain_circuit();
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    options.colour = true;
    char *text = draw(c, &options);
    char *plain = qn__alloc(strlen(text) + 1, 1);
    assert_non_null(plain);
    size_t used = 0;
    bool inked = false;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\x1b') {
            inked = at[2] != '0';
            at = strchr(at, 'm');
            assert_non_null(at);
        } else {
            assert_false(*at == '\n' && inked);
            plain[used++] = *at;
        }
    }
    plain[used] = '\0';
    assert_true(used < strlen(text));
    check_lines(plain, plain_boxed, sizeof plain_boxed / sizeof plain_boxed[0]);
    qn__free(plain);
    qn__free(text);
    qn_circuit_free(c);
}

static void test_errors(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    qn_circuit *c = dynamic_circuit();
    assert_fails(qn_draw_text(NULL, NULL, &text, &length), QN_ERR_ARGUMENT, "NULL");
    assert_fails(qn_draw_text(c, NULL, NULL, &length), QN_ERR_ARGUMENT, "NULL");
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    options.size = 0;
    assert_fails(qn_draw_text(c, &options, &text, &length), QN_ERR_ARGUMENT, "QN_DRAW_OPTIONS_INIT");
    assert_null(text);
    options = (qn_draw_options)QN_DRAW_OPTIONS_INIT;
    options.max_columns = 6;
    options.max_qubits = 2;
    CHECK_ALLOCATIONS(qn_draw_text(c, &options, &text, &length), text);
    qn_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gates),      cmocka_unit_test(test_control_flow), cmocka_unit_test(test_small),
        cmocka_unit_test(test_wide_names), cmocka_unit_test(test_folding),      cmocka_unit_test(test_elision),
        cmocka_unit_test(test_colours),    cmocka_unit_test(test_errors),       cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
