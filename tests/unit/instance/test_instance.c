/* test_instance.c: problem files of every format, good and bad; messages name line and column. */
#include <qn_test.h>

#include <quern/format.h>
#include <quern/instance.h>

static qn_instance *parse_named(const char *text, const char *name)
{
    qn_instance *instance = NULL;
    assert_ok(qn_instance_parse(text, strlen(text), name, QN_INSTANCE_DETECT, &instance));
    return instance;
}

static qn_instance *parse(const char *text)
{
    return parse_named(text, "file");
}

typedef struct bad {
    qn_instance_format format;
    const char *text, *message;
} bad;

static void check_bad(const bad *cases, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        qn_instance *instance = NULL;
        print_message("%s\n", cases[k].message);
        assert_fails(qn_instance_parse(cases[k].text, strlen(cases[k].text), "f", cases[k].format, &instance),
                     QN_ERR_PARSE, cases[k].message);
        assert_null(instance);
    }
}

static void test_rudy(void **unused)
{
    (void)unused;
    qn_instance *i = parse("\xEF\xBB\xBF# a graph\r\n3 2\r\n1 2 -1.5\r\n# weightless\r\n3 2\r\n");
    assert_int_equal(i->format, QN_INSTANCE_RUDY);
    assert_int_equal(i->graph->nodes, 3);
    assert_int_equal(i->graph->edges, 2);
    assert_int_equal(i->graph->from[1], 1);
    assert_int_equal(i->graph->to[1], 2);
    assert_near(i->graph->weight[0], -1.5, 0);
    assert_near(i->graph->weight[1], 1, 0);
    assert_true(i->graph->weighted);
    qn_instance_free(i);
    static const bad cases[] = {
        {QN_INSTANCE_RUDY, "3 1\n1 2 nan\n", "f:2:5: error: the weight is not a number (NaN)"},
        {QN_INSTANCE_RUDY, "3 1\n1 2 inf\n", "f:2:5: error: the weight is infinite"},
        {QN_INSTANCE_RUDY, "3 1\n1 4 1\n", "f:2:3: error: the second index is '4'; expected 1 to 3"},
        {QN_INSTANCE_RUDY, "3 1\n0 2 1\n", "f:2:1: error: the first index is '0'"},
        {QN_INSTANCE_RUDY, "3 1\n2 2 1\n", "f:2:1: error: an edge from node 2 to itself"},
        {QN_INSTANCE_RUDY, "3 2\n1 2 1\n2 1 1\n", "f:3:1: error: the pair 1 2 was given on line 2 already"},
        {QN_INSTANCE_RUDY, "3 2\n1 2 1\n", "the file ends after 1 entries; its first line announces 2"},
        {QN_INSTANCE_RUDY, "3 1\n1 2 1\n1 3 1\n", "f:3:1: error: more entries than the 1"},
        {QN_INSTANCE_RUDY, "3 1\n1 2 1 7\n", "f:2:7: error: '7' behind the weight"},
        {QN_INSTANCE_RUDY, "3 1 9\n1 2 1\n", "f:1:5: error: '9' behind the number of entries"},
        {QN_INSTANCE_RUDY, "3x 1\n1 2 1\n", "f:1:1: error: node is '3x'; expected a whole number"},
        {QN_INSTANCE_RUDY, "99999999999 0\n", "expected 1 to 16777216"},
        {QN_INSTANCE_RUDY, "", "nothing in this file"},
    };
    check_bad(cases, sizeof cases / sizeof *cases);
}

static void test_quadratic_forms(void **unused)
{
    (void)unused;
    qn_instance *i = parse("3 3\n1 1 -2\n2 3 4\n1 2 1.5\n");
    assert_int_equal(i->format, QN_INSTANCE_BQ); /* the diagonal entry tells */
    assert_int_equal(i->quadratic->terms, 3);
    assert_near(i->quadratic->value[0], -2, 0);
    assert_near(i->quadratic->value[1], 3, 0); /* x'Qx has both halves */
    assert_near(i->quadratic->value[2], 8, 0);
    qn_instance_free(i);
    i = parse_named("2 2\n1 2 3\n2 1 3\n", "x.bq");
    assert_int_equal(i->quadratic->terms, 1);
    assert_near(i->quadratic->value[0], 6, 0);
    qn_instance_free(i);
    i = parse("c remark\np qubo 0 4 1 2\n0 0 -1\n0 1 2\n1 3 -.5\n");
    assert_int_equal(i->format, QN_INSTANCE_QUBO);
    assert_int_equal(i->quadratic->variables, 4);
    assert_near(i->quadratic->value[2], -0.5, 0);
    qn_instance_free(i);
    static const bad cases[] = {
        {QN_INSTANCE_BQ, "2 2\n1 2 3\n2 1 4\n", "f:3:1: error: the matrix is not symmetric: 4 here, 3 on line 2"},
        {QN_INSTANCE_BQ, "2 2\n1 2 3\n1 2 3\n", "f:3:1: error: the entry 1 2 was given on line 2 already"},
        {QN_INSTANCE_BQ, "2 1\n1 2\n", "f:2:4: error: the weight: expected a number"},
        {QN_INSTANCE_QUBO, "p qubo 0 4 1 0\n0 0 nan\n", "f:2:5: error: the weight is not a number"},
        {QN_INSTANCE_QUBO, "p qubo 0 4 0 1\n2 1 1\n",
         "f:2:1: error: the coupler 2 1; expected the smaller index first"},
        {QN_INSTANCE_QUBO, "p qubo 0 4 1 1\n0 0 1\n",
         "1 diagonals and 1 couplers are announced, but there are 1 and 0"},
        {QN_INSTANCE_QUBO, "p cnf 3 2\n", "f:1:3: error: the problem is 'cnf'; expected qubo"},
        {QN_INSTANCE_QUBO, "0 0 1\n", "expected the line \"p qubo"},
        {QN_INSTANCE_QUBO, "p qubo 0 2 2 0\n0 0 1\n0 0 2\n", "f:3:1: error: the pair 0 0 was given on line 2"},
    };
    check_bad(cases, sizeof cases / sizeof *cases);
}

static void test_dimacs(void **unused)
{
    (void)unused;
    qn_instance *i = parse("c both directions\np edge 3 4\ne 1 2\ne 2 1\ne 2 3\ne 3 2\nn 2 2.5\n");
    assert_int_equal(i->format, QN_INSTANCE_DIMACS);
    assert_int_equal(i->graph->edges, 2);
    assert_near(i->graph->node_weight[1], 2.5, 0);
    assert_near(i->graph->node_weight[2], 1, 0);
    qn_instance_free(i);
    static const bad cases[] = {
        {QN_INSTANCE_DIMACS, "e 1 2\n", "f:1:1: error: the line \"p edge nodes edges\" must come first"},
        {QN_INSTANCE_DIMACS, "p edge 3 1\ne 1 2\ne 1 2\n", "f:3:1: error: the edge 1 2 was given on line 2"},
        {QN_INSTANCE_DIMACS, "p edge 3 5\ne 1 2\n", "f:1:3: error: 5 edges are announced, but there are 1"},
        {QN_INSTANCE_DIMACS, "p edge 3 1\nx 1 2\n", "f:2:1: error: a line that begins with 'x'"},
        {QN_INSTANCE_DIMACS, "p edge 3 0\np edge 3 0\n", "f:2:2: error: a second p line; the first is on line 1"},
        {QN_INSTANCE_DIMACS, "c nothing\n", "ends without the line"},
    };
    check_bad(cases, sizeof cases / sizeof *cases);
}

/* A name that promises a format gets that format's complaint, where the content alone would be taken for another. */
static void test_promises(void **unused)
{
    (void)unused;
    static const struct {
        const char *name, *text, *message;
    } cases[] = {{"g.mc", "3 1\n2 2 1\n", "g.mc:2:1: error: an edge from node 2 to itself"},
                 {"g.mc", "-3 1\n1 2 1\n", "g.mc:1:1: error: node is '-3'"},
                 {"q.bq", "two 1\n", "q.bq:1:1: error: variable is 'two'"},
                 {"p.lp", "x + y <= 1\n", "p.lp:1:1: error"},
                 {"t.tsp", "1 2 3\n", "t.tsp:1:1: error"},
                 {"c.col", "e 1 2\n", "c.col:1:1: error: the line \"p edge nodes edges\" must come first"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        qn_instance *instance = NULL;
        assert_fails(
            qn_instance_parse(cases[k].text, strlen(cases[k].text), cases[k].name, QN_INSTANCE_DETECT, &instance),
            QN_ERR_PARSE, cases[k].message);
    }
}

static void test_parities(void **unused)
{
    (void)unused;
    qn_instance *i = parse("c odd and even\np cnf 4 3\nx1 -2 3 0\nc between\nX 4 0\nx -1 -4 2 0\n");
    assert_int_equal(i->format, QN_INSTANCE_XOR);
    const qn_parities *const p = i->parities;
    assert_true(p->variables == 4 && p->constraints == 3 && p->first[1] == 3 && p->first[3] == 7);
    assert_true(p->variable[1] == 1 && p->variable[3] == 3 && p->variable[6] == 1);
    assert_true(!p->odd[0] && p->odd[1] && p->odd[2]);
    qn_instance_free(i);
    static const bad cases[] = {
        {QN_INSTANCE_XOR, "p cnf 3 1\n1 2 0\n", "f:2:1: error: a clause that begins with '1'; expected a parity"},
        {QN_INSTANCE_XOR, "p cnf 3 1\nx 1 1 0\n", "f:2:1: error: variable 1 stands twice"},
        {QN_INSTANCE_XOR, "p cnf 3 1\nx 0\n", "f:2:1: error: a parity without variables"},
        {QN_INSTANCE_XOR, "p cnf 3 1\nx 1 4 0\n", "expected 0 to 3"},
        {QN_INSTANCE_XOR, "p cnf 3 1\nx 1 -0 0\n", "expected 1 to 3"},
        {QN_INSTANCE_XOR, "p cnf 3 1\nx 1 - 2 0\n", "a sign alone"},
        {QN_INSTANCE_XOR, "p cnf 3 1\nx 1 2\n", "the literal is the end of the line"},
        {QN_INSTANCE_XOR, "p cnf 3 1\nx 1 2 0 3\n", "f:2:9: error: '3' behind the closing 0"},
        {QN_INSTANCE_XOR, "p cnf 3 2\nx 1 2 0\n", "2 parities are announced, but there are 1"},
        {QN_INSTANCE_XOR, "p sat 3 1\nx 1 2 0\n", "the problem is 'sat'; expected cnf"},
        {QN_INSTANCE_XOR, "x 1 2 0\n", "expected the line \"p cnf variables constraints\""},
        {QN_INSTANCE_XOR, "p cnf 0 1\n", "expected 1 to 1048576"},
    };
    check_bad(cases, sizeof cases / sizeof *cases);
}

static void test_lp(void **unused)
{
    (void)unused;
    qn_instance *i =
        parse("\\ remark\nMaximize\n obj: 3 x + 4 y - 2.5 z + [ 2 x * y - 4 z ^ 2 ] / 2 + 7\nSubject To\n"
              " c1: 2 x + 3 y + z + x <= 4\n 0 <= x + z <= 2\n y >= 1 - x\nBounds\n -3 <= n <= 4\n m <= 2\n"
              "General\n n m\nBinary\n x y\n z\nEnd\n");
    const qn_integer_program *p = i->program;
    assert_int_equal(i->format, QN_INSTANCE_LP);
    assert_int_equal(p->variables, 5);
    assert_true(p->maximise);
    assert_near(p->constant, 7, 0);
    assert_near(p->linear[2], -2.5, 0);
    assert_int_equal(p->nquadratic, 2);
    assert_near(p->qvalue[0], 1, 0);
    assert_near(p->qvalue[1], -2, 0);
    assert_int_equal(p->constraints, 4);
    assert_int_equal(p->first[1], 3);
    assert_near(p->coefficient[0], 3, 0); /* 2 x + x */
    assert_string_equal(p->constraint_names[0], "c1");
    assert_string_equal(p->constraint_names[1], "c2");
    assert_near(p->right[2], 2, 0);
    assert_near(p->low[3], -3, 0);
    assert_near(p->high[4], 2, 0);
    assert_int_equal(p->relation[3], QN_AT_LEAST); /* y + x >= 1 */
    assert_near(p->coefficient[p->first[3] + 1], 1, 0);
    assert_near(p->right[3], 1, 0);
    qn_instance_free(i);
    static const bad cases[] = {
        {QN_INSTANCE_LP, "Minimize\n x\nEnd\n", "f:2:2: error: variable x is continuous"},
        {QN_INSTANCE_LP, "Minimize\n x\nGeneral\n x\nEnd\n", "f:2:2: error: integer variable x is not bounded"},
        {QN_INSTANCE_LP, "Minimize\n x\nBounds\n x free\nEnd\n", "f:4:2: error: variable x is free"},
        {QN_INSTANCE_LP, "Minimize\n x\nBounds\n 1 <= x <= 0\nGeneral\n x\nEnd\n", "no value of x fits its bounds"},
        {QN_INSTANCE_LP, "Minimize\n x\nSubject To\n [ x * y ] <= 3\nEnd\n", "f:4:2: error: quadratic constraints"},
        {QN_INSTANCE_LP, "Minimize\n x\nSOS\n s1: x:1\nEnd\n", "f:3:1: error: the section 'SOS' is not supported"},
        {QN_INSTANCE_LP, "Minimize\n x y\nEnd\n", "f:2:4: error: 'y'; expected + or - between terms"},
        {QN_INSTANCE_LP, "Minimize\n x + [ y ^ 3 ]\nEnd\n", "a power of 3; expected 2"},
        {QN_INSTANCE_LP, "Minimize\n nan x\nBinary\n x\nEnd\n", "f:2:6: error: 'x'; expected + or -"},
        {QN_INSTANCE_LP, "Minimize\n x\nSubject To\n c: x + y\nEnd\n", "expected <=, = or >="},
        {QN_INSTANCE_LP, "Minimize\n x\nBinary\n x\n", "expected a section or End"},
        {QN_INSTANCE_LP, "Minimize\n x\nBinary\n x\nEnd\nmore\n", "f:6:1: error: 'more' behind End"},
        {QN_INSTANCE_LP, "Minimize\n [ x * x + y\nBinary\n x\nEnd\n", "a linear term in brackets"},
    };
    check_bad(cases, sizeof cases / sizeof *cases);
}

#define HEAD "NAME: t\nTYPE: TSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: "

/* Every format writes the same three distances 1-2: 5, 1-3: 6, 2-3: 7. */
static void test_tsplib_matrices(void **unused)
{
    (void)unused;
    static const char *const files[] = {
        HEAD "FULL_MATRIX\nEDGE_WEIGHT_SECTION\n9 5 6\n5 9 7\n6 7 9\nEOF\n",
        HEAD "UPPER_ROW\nEDGE_WEIGHT_SECTION\n5 6\n7\nEOF\n",
        HEAD "LOWER_ROW\nEDGE_WEIGHT_SECTION\n5\n6 7\nEOF\n",
        HEAD "UPPER_DIAG_ROW\nEDGE_WEIGHT_SECTION\n0 5 6\n0 7\n0\nEOF\n",
        HEAD "LOWER_DIAG_ROW\nEDGE_WEIGHT_SECTION\n0\n5 0\n6 7 0\n",
        HEAD "UPPER_COL\nEDGE_WEIGHT_SECTION\n5\n6 7\nEOF\n",
        HEAD "LOWER_COL\nEDGE_WEIGHT_SECTION\n5 6\n7\nEOF\n",
        HEAD "UPPER_DIAG_COL\nEDGE_WEIGHT_SECTION\n0\n5 0\n6 7 0\nEOF\n",
        HEAD "LOWER_DIAG_COL\nEDGE_WEIGHT_SECTION\n0 5 6\n0 7\n0\nEOF\n",
    };
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        qn_instance *i = parse(files[k]);
        assert_int_equal(i->format, QN_INSTANCE_TSPLIB);
        static const double expected[9] = {0, 5, 6, 5, 0, 7, 6, 7, 0};
        assert_memory_equal(i->places->distance, expected, sizeof expected);
        qn_instance_free(i);
    }
}

/* Distances by hand from the formulas of TSPLIB 95. */
static void test_tsplib_coordinates(void **unused)
{
    (void)unused;
    static const struct {
        const char *type;
        double distance;
    } cases[] = {{"EUC_2D", 2}, {"CEIL_2D", 3}, {"MAX_2D", 2}, {"MAN_2D", 3}, {"ATT", 1}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "TYPE: TSP\nDIMENSION: 2\nEDGE_WEIGHT_TYPE: %s\nNODE_COORD_SECTION\n1 0 0\n2 1 2\nEOF\n",
                       cases[k].type); /* sqrt 5 = 2.24; sqrt(5/10) = 0.71 */
        qn_instance *i = parse(text);
        assert_near(i->places->distance[1], cases[k].distance, 0);
        qn_instance_free(i);
    }
    /* a quarter of the equator, (int)(6378.388 acos(0) + 1) with TSPLIB's pi in the angles */
    qn_instance *i = parse("TYPE: TSP\nDIMENSION: 2\nEDGE_WEIGHT_TYPE: GEO\nNODE_COORD_SECTION\n1 0 0\n2 0 90\n");
    assert_near(i->places->distance[1], 10020, 0);
    qn_instance_free(i);
    i = parse(
        "NAME : r\nCOMMENT : c\nTYPE : CVRP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\n"
        "NODE_COORD_SECTION\n 1 0 0\n 2 3 4\n 3 6 8\nDEMAND_SECTION\n1 0\n2 4\n3 5\nDEPOT_SECTION\n 1\n -1\nEOF\n");
    assert_near(i->places->capacity, 10, 0);
    assert_near(i->places->demand[2], 5, 0);
    assert_string_equal(i->name, "r");
    qn_instance_free(i);
}

static void test_tsplib_bad(void **unused)
{
    (void)unused;
    static const bad cases[] = {
        {QN_INSTANCE_TSPLIB, "TYPE: ATSP\n", "f:1:7: error: asymmetric problems (ATSP) are not supported"},
        {QN_INSTANCE_TSPLIB, "TYPE: HCP\n", "f:1:7: error: TYPE is 'HCP'; expected TSP or CVRP"},
        {QN_INSTANCE_TSPLIB, HEAD "FULL_MATRIX\nEDGE_WEIGHT_SECTION\n0 5 6\n5 0 7\n6 8 0\n",
         "f:9:3: error: the matrix is not symmetric: 8 from node 3 to 2, but 7 back"},
        {QN_INSTANCE_TSPLIB, HEAD "UPPER_ROW\nEDGE_WEIGHT_SECTION\n5 6\n", "the file ends before the distance"},
        {QN_INSTANCE_TSPLIB, HEAD "UPPER_ROW\nEDGE_WEIGHT_SECTION\n5 nan 7\n",
         "f:7:3: error: a distance is not a number"},
        {QN_INSTANCE_TSPLIB, HEAD "UPPER_RAW\n", "f:5:21: error: EDGE_WEIGHT_FORMAT is 'UPPER_RAW'"},
        {QN_INSTANCE_TSPLIB, "DIMENSION: 1\n", "DIMENSION is '1'; expected 2 to"},
        {QN_INSTANCE_TSPLIB, "DIMENSION: 9000000\n", "expected 2 to 8192"},
        {QN_INSTANCE_TSPLIB, "DIMENSION: 2\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n1 1 1\n",
         "f:5:1: error: node 1 stands twice"},
        {QN_INSTANCE_TSPLIB, "DIMENSION: 2\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n",
         "NODE_COORD_SECTION ends after 1 of 2 nodes"},
        {QN_INSTANCE_TSPLIB, "DIMENSION: 2\nEDGE_WEIGHT_TYPE: XRAY1\n", "EDGE_WEIGHT_TYPE is 'XRAY1'"},
        {QN_INSTANCE_TSPLIB, "DIMENSION: 2\nFIXED_EDGES_SECTION\n1 2\n-1\n", "a section is 'FIXED_EDGES_SECTION'"},
        {QN_INSTANCE_TSPLIB, "DISTANCE: 200\n", "a key is 'DISTANCE:'"},
        {QN_INSTANCE_TSPLIB, "DIMENSION: 2\n", "the file ends without EDGE_WEIGHT_TYPE"},
    };
    check_bad(cases, sizeof cases / sizeof *cases);
}

static void test_tables(void **unused)
{
    (void)unused;
    qn_instance *i = parse("lr;kind;loss\n0.1;\"a;\"\"b\";3\n0.10;a;2\n0.1;a;3\n");
    const qn_score_table *t = i->table;
    assert_int_equal(i->format, QN_INSTANCE_CSV);
    assert_int_equal(t->rows, 3);
    assert_int_equal(t->columns, 3);
    assert_string_equal(t->column[1].texts[0], "a;\"b");
    assert_true(t->column[0].numeric && !t->column[1].numeric);
    assert_int_equal(t->column[0].levels, 2); /* as written: 0.1 and 0.10 */
    assert_int_equal(t->cell[2 * 3 + 1], 1);
    assert_near(t->column[2].values[t->cell[3 + 2]], 2, 0);
    qn_instance_free(i);
    i = parse("1,2\n3,4\n");
    assert_string_equal(i->table->column[1].name, "column 2");
    assert_int_equal(i->table->rows, 2);
    qn_instance_free(i);
    i = parse(
        "{\"012\": {\"mean_acc\": 90.5, \"test\": [1, 2], \"params\": 7}, \"110\": {\"mean_acc\": 91, \"params\": 8}}");
    assert_int_equal(i->format, QN_INSTANCE_NAS);
    assert_int_equal(i->table->columns, 5);
    assert_string_equal(i->table->column[0].name, "op1");
    assert_string_equal(i->table->column[3].name, "mean_acc");
    assert_near(i->table->column[3].values[i->table->cell[5 + 3]], 91, 0);
    qn_instance_free(i);
    static const bad cases[] = {
        {QN_INSTANCE_CSV, "a,b\n1,2,3\n", "f:2:5: error: more cells than the 2 columns"},
        {QN_INSTANCE_CSV, "a,b\n1\n", "f:2:1: error: 1 cells; expected 2"},
        {QN_INSTANCE_CSV, "a,b\n1,\n", "f:2:3: error: the cell of 'b' is empty"},
        {QN_INSTANCE_CSV, "a,b\n1,nan\n", "f:2:3: error: a cell is nan"},
        {QN_INSTANCE_CSV, "a,a\n1,2\n", "f:1:3: error: two columns are called 'a'"},
        {QN_INSTANCE_CSV, "a,b\n1,\"2\n", "f:2:3: error: the quote that opens here is not closed"},
        {QN_INSTANCE_CSV, "a,b\n", "a header, but no rows"},
        {QN_INSTANCE_NAS, "{\"01\": {\"acc\": 1}, \"0\": {\"acc\": 2}}", "longer or shorter than the first one"},
        {QN_INSTANCE_NAS, "{\"01\": {\"acc\": 1}, \"10\": {\"acc\": \"x\"}}",
         "f:1:34: error: expected a finite number"},
        {QN_INSTANCE_NAS, "{\"01\": {\"acc\": 1}, \"10\": {}}", "lacks a number that the first one has"},
        {QN_INSTANCE_NAS, "{\"01\": 3}", "f:1:8: error: expected an object"},
        {QN_INSTANCE_NAS, "{\"01\": {", "expected JSON"},
    };
    check_bad(cases, sizeof cases / sizeof *cases);
}

static void test_encodings_and_names(void **unused)
{
    (void)unused;
    qn_instance *none = NULL;
    qn_instance_format format = QN_INSTANCE_DETECT;
    assert_fails(qn_instance_parse("\xFF\xFE\x33\x00\x20\x00", 6, "f", QN_INSTANCE_DETECT, &none), QN_ERR_PARSE,
                 "UTF-16");
    assert_fails(qn_instance_parse("3 1\n1 2\0 1\n", 11, "f", QN_INSTANCE_DETECT, &none), QN_ERR_PARSE, "value 0");
    assert_fails(qn_instance_parse(" \n", 2, "f", QN_INSTANCE_DETECT, &none), QN_ERR_PARSE, "nothing in this file");
    assert_ok(qn_instance_format_find("tsplib", &format));
    assert_int_equal(format, QN_INSTANCE_TSPLIB);
    assert_fails(qn_instance_format_find("tspllib", &format), QN_ERR_NAME, "did you mean 'tsplib'");
    assert_int_equal(qn_instance_detect("p,q\n1,2\n", 8, NULL), QN_INSTANCE_CSV);
    assert_int_equal(qn_instance_detect("min,max\n1,2\n", 12, NULL), QN_INSTANCE_CSV);
    assert_int_equal(qn_instance_detect("min: x\n", 7, NULL), QN_INSTANCE_LP);
    for (int k = 1; k <= QN_INSTANCE_NAS; k++) {
        assert_non_null(qn_instance_format_name((qn_instance_format)k));
    }
    assert_null(qn_instance_format_name((qn_instance_format)(QN_INSTANCE_XOR + 1)));
    assert_null(none);
}

static void test_shared_files(void **unused)
{
    (void)unused;
    char *text = NULL;
    size_t length = 0;
    if (qn_file_read(QN_SOURCE_DIR "/../shared/data/nas/nas-bench-macro_cifar10.json", 0, &text, &length) != QN_OK) {
        print_message("no shared files: left out\n");
        return;
    }
    qn_instance *i = NULL;
    assert_ok(qn_instance_parse(text, length, "nas", QN_INSTANCE_DETECT, &i));
    assert_int_equal(i->format, QN_INSTANCE_NAS);
    assert_int_equal(i->table->rows, 6561); /* 3^8 architectures */
    assert_int_equal(i->table->columns, 12);
    qn_instance_free(i);
    qn_text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rudy),
        cmocka_unit_test(test_quadratic_forms),
        cmocka_unit_test(test_dimacs),
        cmocka_unit_test(test_parities),
        cmocka_unit_test(test_promises),
        cmocka_unit_test(test_lp),
        cmocka_unit_test(test_tsplib_matrices),
        cmocka_unit_test(test_tsplib_coordinates),
        cmocka_unit_test(test_tsplib_bad),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_encodings_and_names),
        cmocka_unit_test(test_shared_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
