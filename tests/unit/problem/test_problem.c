/* test_problem.c: every application on small random instances: the states of least cost are feasible and optimal, found
 * by trying all states, against the optimum of the problem itself, found by trying all of its solutions. */
#include <qn_random.h>

#include <quern/problem.h>

/* A text that grows, to write instances with. */
typedef struct writer {
    char text[8192];
    size_t length;
} writer;

static void QN_PRINTF(2, 3) say(writer *w, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(w->text + w->length, sizeof w->text - w->length, format, arguments);
    va_end(arguments);
    assert_true(written >= 0 && w->length + (size_t)written < sizeof w->text);
    w->length += (size_t)written;
}

static qn_instance *parse(const writer *w, qn_instance_format format)
{
    qn_instance *instance = NULL;
    assert_ok(qn_instance_parse(w->text, w->length, "instance", format, &instance));
    return instance;
}

static void unpack(uint64_t state, uint32_t n, uint8_t *x)
{
    for (uint32_t i = 0; i < n; i++) {
        x[i] = (uint8_t)(state >> i & 1);
    }
}

/* Over all states: the least cost, whether every state that has it is feasible, and the best objective of any feasible
 * state. Cost and objective of feasible states must never say different things: the cost's map is a bound, met at the
 * least cost. */
static void check_everything(const qn_problem *problem, double optimum)
{
    enum { MOST_JUDGED = 12 };
    const qn_cost cost = qn_problem_cost(problem);
    const uint32_t n = qn_cost_variables(cost);
    const double sign = qn_problem_maximises(problem) ? -1 : 1;
    double least = (double)INFINITY, best = (double)INFINITY;
    uint8_t x[24];
    assert_true(n <= 24);
    for (uint64_t state = 0; state < UINT64_C(1) << n; state++) {
        qn_judgement judgement;
        const double value = qn_cost_value_of_state(cost, state);
        const bool lowest = value <= least;
        least = fmin(least, value);
        if (n > MOST_JUDGED && !lowest) {
            continue; /* large ones: only what the search below the least cost meets */
        }
        unpack(state, n, x);
        qn_problem_judge(problem, x, &judgement);
        if (judgement.feasible) {
            best = fmin(best, sign * judgement.objective);
            /* slack set wrong only adds to the cost */
            assert_true(sign * qn_problem_objective_of_cost(problem, value) >= sign * judgement.objective - 1e-7);
        } else {
            assert_true(judgement.violation[0] != '\0');
        }
    }
    assert_near(sign * best, optimum, 1e-9 * fmax(1, fabs(optimum)));
    assert_near(qn_problem_objective_of_cost(problem, least), optimum, 1e-7 * fmax(1, fabs(optimum)));
    assert_near(qn_problem_cost_of_objective(problem, optimum), least, 1e-6 * fmax(1, fabs(least)));
    for (uint64_t state = 0; state < UINT64_C(1) << n; state++) {
        if (qn_cost_value_of_state(cost, state) <= least + 1e-9 * fmax(1, fabs(least))) {
            qn_judgement judgement;
            unpack(state, n, x);
            qn_problem_judge(problem, x, &judgement);
            assert_true(judgement.feasible);
            assert_near(judgement.objective, optimum, 1e-7 * fmax(1, fabs(optimum)));
        }
    }
}

static void check_kind(const writer *w, qn_instance_format format, const qn_problem_options *options, double optimum)
{
    qn_instance *instance = parse(w, format);
    qn_problem *problem = NULL;
    assert_ok(qn_problem_create(instance, options, &problem));
    assert_true(options->kind == NULL || strcmp(qn_problem_kind(problem), options->kind) == 0);
    assert_true(qn_problem_penalty(problem) >= qn_problem_penalty_bound(problem));
    check_everything(problem, optimum);
    qn_problem_free(problem);
    qn_instance_free(instance);
}

enum { NODES = 7 };
typedef struct small_graph {
    double w[NODES][NODES], node[NODES];
} small_graph;

static void random_graph(qn_random *r, bool weighted, small_graph *g, writer *rudy, writer *dimacs)
{
    uint32_t edges = 0;
    writer list = {.length = 0}, plain = {.length = 0};
    for (uint32_t i = 0; i < NODES; i++) {
        g->node[i] = weighted ? (double)qn_random_below(r, 6) : 1;
        for (uint32_t j = 0; j < i; j++) {
            const bool edge = qn_random_below(r, 2) == 0;
            g->w[i][j] = g->w[j][i] = !edge ? 0 : weighted ? qn_random_between(r, -1, 2) : 1;
            if (edge) {
                say(&list, "%u %u %.17g\n", i + 1, j + 1, g->w[i][j]);
                say(&plain, "e %u %u\n", i + 1, j + 1);
                edges++;
            }
        }
    }
    *rudy = *dimacs = (writer){.length = 0};
    say(rudy, "%d %u\n%s", (int)NODES, edges, list.text);
    say(dimacs, "p edge %d %u\n%s", (int)NODES, edges, plain.text);
    for (uint32_t i = 0; weighted && i < NODES; i++) {
        say(dimacs, "n %u %.17g\n", i + 1, g->node[i]);
    }
}

/* Best over all sets of nodes: what = 0 cut, 1 independent set, 2 cover (least), 3 clique. */
static double best_set(const small_graph *g, int what)
{
    double best = what == 2 ? (double)INFINITY : -(double)INFINITY;
    for (uint32_t set = 0; set < 1u << NODES; set++) {
        double value = 0;
        bool allowed = true;
        for (uint32_t i = 0; i < NODES; i++) {
            value += what != 0 && (set >> i & 1) != 0 ? g->node[i] : 0;
            for (uint32_t j = 0; j < i; j++) {
                const bool both = (set >> i & set >> j & 1) != 0, none = ((set >> i | set >> j) & 1) == 0;
                const bool edge = g->w[i][j] != 0;
                value += what == 0 && !both && !none ? g->w[i][j] : 0;
                allowed = allowed && !(what == 1 && both && edge) && !(what == 2 && none && edge) &&
                          !(what == 3 && both && !edge);
            }
        }
        if (allowed) {
            best = what == 2 ? fmin(best, value) : fmax(best, value);
        }
    }
    return best;
}

static void test_graphs(void **unused)
{
    (void)unused;
    static const char *const kinds[] = {"maxcut", "independent-set", "vertex-cover", "clique"};
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 6 * qn_test_scale(); round++) {
        small_graph g;
        writer rudy, dimacs;
        random_graph(&r, round % 2 == 1, &g, &rudy, &dimacs);
        for (int what = 0; what < 4; what++) {
            qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
            options.kind = kinds[what];
            check_kind(what == 0 ? &rudy : &dimacs, QN_INSTANCE_DETECT, &options, best_set(&g, what));
        }
    }
}

static double best_colouring(const small_graph *g, uint32_t nodes, uint32_t colours)
{
    double best = (double)INFINITY;
    uint32_t all = 1;
    for (uint32_t i = 0; i < nodes; i++) {
        all *= colours;
    }
    for (uint32_t code = 0; code < all; code++) {
        uint32_t colour[NODES], rest = code;
        double value = 0;
        for (uint32_t i = 0; i < nodes; i++, rest /= colours) {
            colour[i] = rest % colours;
            for (uint32_t j = 0; j < i; j++) {
                value += colour[i] == colour[j] ? g->w[i][j] : 0;
            }
        }
        best = fmin(best, value);
    }
    return best;
}

static void test_colouring(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 1};
    for (unsigned round = 0; round < 6 * qn_test_scale(); round++) {
        const uint32_t nodes = 4, colours = 2 + round % 3;
        small_graph g;
        writer w = {.length = 0}, list = {.length = 0};
        uint32_t edges = 0;
        for (uint32_t i = 0; i < nodes; i++) {
            for (uint32_t j = 0; j < i; j++) {
                g.w[i][j] = round % 2 == 0 ? 1 : qn_random_between(&r, -1, 3);
                say(&list, "%u %u %.17g\n", i + 1, j + 1, g.w[i][j]);
                edges++;
            }
        }
        say(&w, "%u %u\n%s", nodes, edges, list.text);
        for (int encoding = 0; encoding < 3; encoding++) {
            qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
            options.kind = "colouring";
            options.colours = colours;
            options.encoding = (qn_encoding)encoding;
            check_kind(&w, QN_INSTANCE_RUDY, &options, best_colouring(&g, nodes, colours));
        }
    }
}

static void test_tables(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 2};
    for (unsigned round = 0; round < 6 * qn_test_scale(); round++) {
        enum { ITEMS = 7 };
        double value[ITEMS], weight[ITEMS], total = 0, best = 0, difference = (double)INFINITY, ends = 0;
        writer w = {.length = 0}, numbers = {.length = 0};
        say(&w, "name;weight;value\n");
        for (uint32_t i = 0; i < ITEMS; i++) {
            value[i] = round % 2 == 0 ? (double)qn_random_below(&r, 10) : qn_random_between(&r, 0, 5);
            weight[i] = (double)qn_random_below(&r, 8);
            total += weight[i];
            ends += value[i];
            say(&w, "item%u;%g;%.17g\n", i, weight[i], value[i]);
            say(&numbers, "%.17g\n", value[i]);
        }
        const double capacity = fmax(1, floor(total / 2));
        for (uint32_t set = 0; set < 1u << ITEMS; set++) {
            double v = 0, load = 0;
            for (uint32_t i = 0; i < ITEMS; i++) {
                v += (set >> i & 1) != 0 ? value[i] : 0;
                load += (set >> i & 1) != 0 ? weight[i] : 0;
            }
            best = load <= capacity ? fmax(best, v) : best;
            difference = fmin(difference, fabs(ends - 2 * v));
        }
        qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
        options.kind = "knapsack";
        options.capacity = capacity;
        check_kind(&w, QN_INSTANCE_DETECT, &options, best);
        options.kind = "partition";
        qn_instance *instance = parse(&numbers, QN_INSTANCE_CSV);
        qn_problem *problem = NULL;
        assert_ok(qn_problem_create(instance, &options, &problem));
        double least = (double)INFINITY;
        for (uint64_t state = 0; state < 1u << ITEMS; state++) {
            qn_judgement judgement;
            uint8_t x[ITEMS];
            unpack(state, ITEMS, x);
            qn_problem_judge(problem, x, &judgement);
            least = fmin(least, judgement.objective);
            const double cost = qn_cost_value_of_state(qn_problem_cost(problem), state);
            assert_near(cost, judgement.objective * judgement.objective, 1e-9 * ends * ends);
        }
        assert_near(least, difference, 1e-9);
        qn_problem_free(problem);
        qn_instance_free(instance);
    }
}

/* mRMR and portfolios against their formulas, computed here from the data again. */
static void test_selection(void **unused)
{
    (void)unused;
    enum { ROWS = 40, COLUMNS = 6 };
    qn_random r = {qn_test_seed() + 3};
    for (unsigned round = 0; round < 4 * qn_test_scale(); round++) {
        double data[ROWS][COLUMNS], mean[COLUMNS] = {0}, best = -(double)INFINITY;
        writer w = {.length = 0};
        say(&w, "a,b,c,d,e,f\n");
        for (int i = 0; i < ROWS; i++) {
            for (int c = 0; c < COLUMNS; c++) {
                data[i][c] = floor(qn_random_between(&r, 0, 3)) + (c == 1 ? data[i][0] : 0);
                mean[c] += data[i][c] / ROWS;
                say(&w, "%.17g%s", data[i][c], c + 1 < COLUMNS ? "," : "\n");
            }
        }
        const double risk = 0.5 + round;
        for (uint32_t set = 0; set < 1u << COLUMNS; set++) {
            double gain = 0, variance = 0;
            if (__builtin_popcount(set) != 2) {
                continue;
            }
            for (int i = 0; i < COLUMNS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    for (int row = 0; row < ROWS && (set >> i & set >> j & 1) != 0; row++) {
                        variance += (data[row][i] - mean[i]) * (data[row][j] - mean[j]) / (ROWS - 1) / 4;
                    }
                }
                gain += (set >> i & 1) != 0 ? mean[i] / 2 : 0;
            }
            best = fmax(best, gain - risk * variance);
        }
        qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
        options.kind = "portfolio";
        options.choose = 2;
        options.risk = risk;
        check_kind(&w, QN_INSTANCE_DETECT, &options, best);
    }
}

/* I(class; class) is the entropy; of independent columns it is 0; a copy is redundant by its entropy. */
static void test_features(void **unused)
{
    (void)unused;
    writer w = {.length = 0};
    say(&w, "copy,again,noise,y\n");
    for (int i = 0; i < 16; i++) {
        const int y = i % 2, noise = i / 2 % 2;
        say(&w, "%d,%s,%d,%s\n", y, y != 0 ? "yes" : "no", noise, y != 0 ? "dog" : "cat");
    }
    const double ln2 = 0.69314718055994530942;
    qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
    options.kind = "features";
    options.choose = 1;
    check_kind(&w, QN_INSTANCE_DETECT, &options, ln2);
    options.choose = 2; /* copy + noise: ln2 / 2; copy + again: ln2 - 2 ln2 / 4, the same; weight 3 tells them apart */
    options.redundancy = 3;
    check_kind(&w, QN_INSTANCE_DETECT, &options, ln2 / 2);
    options.target = "nois";
    qn_instance *instance = parse(&w, QN_INSTANCE_DETECT);
    qn_problem *problem = NULL;
    assert_fails(qn_problem_create(instance, &options, &problem), QN_ERR_NAME, "did you mean 'noise'");
    options.target = NULL;
    options.kind = "featurs";
    assert_fails(qn_problem_create(instance, &options, &problem), QN_ERR_NAME, "did you mean 'features'");
    options.kind = "tsp";
    assert_fails(qn_problem_create(instance, &options, &problem), QN_ERR_ARGUMENT, "'tsp' needs places");
    options.kind = "partition";
    assert_fails(qn_problem_create(instance, &options, &problem), QN_ERR_ARGUMENT, "one column");
    assert_null(problem);
    qn_instance_free(instance);
}

static void say_places(writer *w, const char *type, uint32_t n, const double *d)
{
    say(w, "NAME: small\nTYPE: %s\nDIMENSION: %u\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: LOWER_DIAG_ROW\n",
        type, n);
    if (strcmp(type, "CVRP") == 0) {
        say(w, "CAPACITY: 3\n");
    }
    say(w, "EDGE_WEIGHT_SECTION\n");
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j <= i; j++) {
            say(w, "%g ", d[i * n + j]);
        }
        say(w, "\n");
    }
}

/* Four places, all 6 tours; a fifth as well now and then would be 16 bits, 65,536 states. */
static void test_tours(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 4};
    for (unsigned round = 0; round < 6 * qn_test_scale(); round++) {
        const uint32_t n = round % 2 == 0 ? 4 : 5;
        double d[25] = {0}, best = (double)INFINITY;
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t j = 0; j < i; j++) {
                d[i * n + j] = d[j * n + i] = (double)qn_random_below(&r, 20) - (round % 3 == 0 ? 5 : 0);
            }
        }
        for (uint32_t code = 0; code < 256; code++) { /* digits base 4 that are a permutation of 1..n-1 */
            uint32_t seen = 0, here = 0, digits = code;
            double length = 0;
            for (uint32_t t = 1; t < n; t++, digits /= 4) {
                const uint32_t next = 1 + digits % 4;
                seen |= next < n ? 1u << next : 0;
                length += next < n ? d[here * n + next] : 0;
                here = next < n ? next : here;
            }
            best = seen == (1u << n) - 2 ? fmin(best, length + d[here * n]) : best;
        }
        writer w = {.length = 0};
        say_places(&w, "TSP", n, d);
        qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
        check_kind(&w, QN_INSTANCE_DETECT, &options, best);
    }
}

/* Three customers, two vehicles of capacity 3: 18 bits and 4 of slack. Every order of the customers, cut into two
 * routes at every place. The triangle does not hold: a stop at the depot on the way would often be shorter, and is not
 * allowed.
 */
static void test_routing(void **unused)
{
    (void)unused;
    static const uint32_t orders[6][3] = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
    qn_random r = {qn_test_seed() + 5};
    for (unsigned round = 0; round < 3 * qn_test_scale(); round++) {
        double d[16] = {0}, best = (double)INFINITY;
        const uint32_t load[4] = {0, 1 + round % 2, 1, 1};
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < i; j++) {
                d[4 * i + j] = d[4 * j + i] = (double)qn_random_below(&r, j == 0 ? 5 : 30);
            }
        }
        for (uint32_t code = 0; code < 6 * 4; code++) {
            const uint32_t *const order = orders[code / 4], cut = code % 4;
            double length = 0;
            uint32_t here = 0, sum = 0, heaviest = 0;
            for (uint32_t k = 0; k < 3; k++) {
                if (k == cut) { /* the first vehicle goes home */
                    length += d[here];
                    here = sum = 0;
                }
                length += d[4 * here + order[k]];
                here = order[k];
                sum += load[here];
                heaviest = sum > heaviest ? sum : heaviest;
            }
            best = heaviest <= 3 ? fmin(best, length + d[here]) : best;
        }
        writer w = {.length = 0};
        say_places(&w, "CVRP", 4, d);
        say(&w, "DEMAND_SECTION\n");
        for (uint32_t i = 0; i < 4; i++) {
            say(&w, "%u %u\n", i + 1, load[i]);
        }
        say(&w, "DEPOT_SECTION\n1\n-1\nEOF\n");
        qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
        options.vehicles = 2;
        check_kind(&w, QN_INSTANCE_DETECT, &options, best);
    }
}

/* Three loads of 2 do not fit into two vehicles of 3, though 6 = 2 x 3. */
static void test_vehicles(void **unused)
{
    (void)unused;
    const double d[16] = {0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0};
    qn_instance *instance = NULL;
    qn_problem *problem = NULL;
    writer w = {.length = 0};
    say_places(&w, "CVRP", 4, d);
    say(&w, "DEMAND_SECTION\n1 0\n2 2\n3 2\n4 2\nDEPOT_SECTION\n1\n-1\nEOF\n");
    assert_ok(qn_instance_parse(w.text, w.length, "v", QN_INSTANCE_DETECT, &instance));
    assert_ok(qn_problem_create(instance, NULL, &problem));
    assert_string_equal(qn_problem_title(problem), "routes of 3 vehicles to 3 customers");
    qn_problem_free(problem);
    qn_instance_free(instance);
}

/* Random programs over five binaries and one integer: all of its values tried. */
static void test_programs(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 6};
    unsigned made = 0;
    for (unsigned round = 0; made < 5 * qn_test_scale(); round++) {
        int c[6], a[2][6], q = (int)qn_random_below(&r, 7) - 3, right[2];
        writer w = {.length = 0};
        const bool maximise = round % 2 == 0;
        say(&w, "%s\n obj: 2.5", maximise ? "Maximize" : "Minimize");
        for (int i = 0; i < 6; i++) {
            c[i] = (int)qn_random_below(&r, 9) - 4;
            say(&w, " %+d x%d", c[i], i);
        }
        say(&w, " + [ %d x0 * x1 %+d x5 ^ 2 ] / 2\nSubject To\n", 2 * q, 2 * q);
        for (int k = 0; k < 2; k++) {
            say(&w, " c%d:", k);
            for (int i = 0; i < 6; i++) {
                a[k][i] = (int)qn_random_below(&r, 5) - 1;
                say(&w, " %+d.%d x%d", a[k][i] < 0 ? a[k][i] : a[k][i], 0, i);
            }
            right[k] = 1 + (int)qn_random_below(&r, 4);
            say(&w, k == 0 ? " <= %d\n" : " = %d\n", right[k]);
        }
        say(&w, " pick: x0 + x1 + x2 >= 1\nBounds\n -1 <= x5 <= 2\nGenerals\n x5\nBinaries\n x0 x1 x2 x3 x4\nEnd\n");
        double best = maximise ? -(double)INFINITY : (double)INFINITY;
        for (int code = 0; code < 128; code++) {
            const int x[6] = {code & 1,      code >> 1 & 1, code >> 2 & 1,
                              code >> 3 & 1, code >> 4 & 1, (code >> 5 & 3) - 1};
            int sum[2] = {0, 0};
            double value = 2.5 + q * (x[0] * x[1] + x[5] * x[5]);
            for (int i = 0; i < 6; i++) {
                value += c[i] * x[i];
                sum[0] += a[0][i] * x[i];
                sum[1] += a[1][i] * x[i];
            }
            if (sum[0] <= right[0] && sum[1] == right[1] && x[0] + x[1] + x[2] >= 1) {
                best = maximise ? fmax(best, value) : fmin(best, value);
            }
        }
        qn_instance *instance = parse(&w, QN_INSTANCE_DETECT);
        qn_problem *problem = NULL;
        const qn_status status = qn_problem_create(instance, NULL, &problem);
        if (isfinite(best)) { /* a program that no values satisfy has no optimum to hold it against */
            assert_ok(status);
            if (qn_cost_variables(qn_problem_cost(problem)) <= 16) {
                check_everything(problem, best);
                made++;
            }
        }
        qn_problem_free(problem);
        qn_instance_free(instance);
    }
}

/* Surrogates in all encodings against all choices. */
static void test_surrogates(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 7};
    for (unsigned round = 0; round < 8 * qn_test_scale(); round++) {
        const uint32_t levels[4] = {3, 2 + round % 3, 4, 1 + round % 2};
        double unary[16], pair[128], best = round % 2 == 0 ? (double)INFINITY : -(double)INFINITY;
        for (int i = 0; i < 16; i++) {
            unary[i] = qn_random_between(&r, -1, 1);
        }
        for (int i = 0; i < 128; i++) {
            pair[i] = qn_random_between(&r, -1, 1);
        }
        const qn_surrogate s = {4, levels, 1.25, unary, round % 4 == 3 ? NULL : pair};
        for (uint32_t code = 0; code < levels[0] * levels[1] * levels[2] * levels[3]; code++) {
            uint32_t chosen[4], rest = code;
            for (int a = 0; a < 4; a++) {
                chosen[a] = rest % levels[a];
                rest /= levels[a];
            }
            const double value = qn_surrogate_value(&s, chosen);
            best = round % 2 == 0 ? fmin(best, value) : fmax(best, value);
        }
        for (int encoding = 0; encoding < 3; encoding++) {
            qn_problem *problem = NULL;
            assert_ok(qn_problem_create_surrogate(&s, round % 2 == 1, (qn_encoding)encoding, 0, &problem));
            check_everything(problem, best);
            const uint32_t chosen[4] = {2, 1, 3, levels[3] - 1};
            uint32_t back[4];
            uint8_t x[24];
            qn_judgement judgement;
            assert_ok(qn_problem_encode_levels(problem, chosen, x));
            assert_ok(qn_problem_decode_levels(problem, x, back));
            assert_memory_equal(chosen, back, sizeof chosen);
            qn_problem_judge(problem, x, &judgement);
            assert_near(judgement.objective, qn_surrogate_value(&s, chosen), 1e-12);
            qn_problem_free(problem);
        }
    }
}

/* A table that is a pairwise function is learnt to rounding, and its best row is found. */
static void test_grid(void **unused)
{
    (void)unused;
    writer w = {.length = 0};
    double best = (double)INFINITY;
    say(&w, "rate,layers,kind,loss\n");
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 2; j++) {
            for (int k = 0; k < 2; k++) {
                const double loss = 1 + 0.3 * i - 0.2 * j + 0.5 * i * j - 0.7 * (i == 1) * k;
                say(&w, "%g,%d,%s,%.17g\n", 0.1 * (i + 1), j + 1, k == 0 ? "relu" : "tanh", loss);
                best = fmin(best, loss);
            }
        }
    }
    qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
    for (int encoding = 0; encoding < 3; encoding++) {
        options.encoding = (qn_encoding)encoding;
        qn_instance *instance = parse(&w, QN_INSTANCE_DETECT);
        qn_problem *problem = NULL;
        assert_ok(qn_problem_create(instance, &options, &problem));
        const qn_cost cost = qn_problem_cost(problem);
        uint64_t least = 0;
        for (uint64_t state = 1; state < UINT64_C(1) << qn_cost_variables(cost); state++) {
            least = qn_cost_value_of_state(cost, state) < qn_cost_value_of_state(cost, least) ? state : least;
        }
        uint8_t x[16];
        qn_judgement judgement;
        unpack(least, qn_cost_variables(cost), x);
        qn_problem_judge(problem, x, &judgement);
        assert_true(judgement.feasible);
        assert_near(judgement.objective, best, 2e-3); /* the ridge of 1e-3 pulls a little */
        qn_text *text = NULL;
        const char *shown = NULL;
        size_t length = 0;
        assert_ok(qn_text_create(&text));
        qn_problem_solution_text(problem, x, text);
        assert_ok(qn_text_finish(text, &shown, &length));
        assert_non_null(strstr(shown, "kind=tanh"));
        assert_non_null(strstr(shown, "the table says: loss=0.6"));
        qn_text_destroy(text);
        qn_problem_free(problem);
        qn_instance_free(instance);
    }
}

/* Below the proven bound the guarantee is gone: an independent set with half the penalty takes both ends of an edge.
 * This also shows that the property above can fail. */
static void test_weak_penalty(void **unused)
{
    (void)unused;
    writer w = {.length = 0};
    say(&w, "p edge 2 1\ne 1 2\n");
    qn_problem_options options = QN_PROBLEM_OPTIONS_INIT;
    options.kind = "independent-set";
    options.penalty = 0.25;
    qn_instance *instance = parse(&w, QN_INSTANCE_DETECT);
    qn_problem *problem = NULL;
    assert_ok(qn_problem_create(instance, &options, &problem));
    assert_true(qn_problem_penalty(problem) < qn_problem_penalty_bound(problem));
    const qn_cost cost = qn_problem_cost(problem);
    assert_true(qn_cost_value_of_state(cost, 3) < qn_cost_value_of_state(cost, 1));
    qn_problem_free(problem);
    qn_instance_free(instance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_graphs),     cmocka_unit_test(test_colouring), cmocka_unit_test(test_tables),
        cmocka_unit_test(test_selection),  cmocka_unit_test(test_features),  cmocka_unit_test(test_tours),
        cmocka_unit_test(test_routing),    cmocka_unit_test(test_vehicles),  cmocka_unit_test(test_programs),
        cmocka_unit_test(test_surrogates), cmocka_unit_test(test_grid),      cmocka_unit_test(test_weak_penalty)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
