/* test_report_pictures.c: bars, columns, timelines, heat maps, labelled plots, pages of sections, tables: well-formed,
 * without numbers that are none, without words over words; empty, single, huge and long. With QN_PICTURES=FOLDER in
 * the environment every picture is also written there, to be looked at. */
#include <qn_test.h>

#include <quern/context.h>
#include <quern/report.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "xml_check.h"

static const double none = (double)NAN, infinite = (double)INFINITY;

static char *finish(qn_text *text)
{
    const char *bytes = NULL;
    assert_ok(qn_text_finish(text, &bytes, NULL));
    char *copy = strdup(bytes);
    qn_text_destroy(text);
    return copy;
}

static void keep(const char *name, const char *suffix, const char *bytes)
{
    const char *folder = getenv("QN_PICTURES");
    char path[512];
    if (folder != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s.%s", folder, name, suffix);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        (void)fputs(bytes, file);
        (void)fclose(file);
    }
}

/* Draws, checks what every picture must hold, gives the text. */
static char *picture(const char *name, qn_figure_kind kind, const void *of)
{
    const qn_figure figure = {kind, of};
    qn_text *text = NULL;
    assert_ok(qn_text_create(&text));
    qn_text_figure(text, &figure, true);
    char *svg = finish(text);
    keep(name, "svg", svg);
    assert_true(strncmp(svg, "<?xml", 5) == 0);
    assert_true(well_formed(svg));
    const char *body = strstr(svg, "</style>"); /* style sheets say things like "inherit" */
    assert_null(strstr(body, "nan"));
    assert_null(strstr(body, "\"inf"));
    assert_null(strstr(body, "99999.00"));
    if (words_in_the_way(svg) > 0) {
        print_error("in %s\n", name);
        fail();
    }
    return svg;
}

static void bars(void **state)
{
    (void)state;
    const qn_bar some[] = {
        {"kappa, the condition number", 1.9, 1.4, 2.6, "T gates grow with it"},
        {"epsilon", -0.8, -1.2, -0.5, NULL},
        {"data loading <QROM> & more", 0.31, none, none, NULL},
        {"physical error rate", -1.45, -2.9, -0.2, "at fixed code"},
        {"cycle time", 1.0, 1.0, 1.0, NULL},
        {"a name that is far too long for the column of names in which it stands, and goes on", 0.05, -0.6, 0.7, NULL},
        {"", 0.0, none, none, NULL},
        {"not known", none, none, none, NULL}};
    qn_bars chart = QN_BARS_INIT;
    chart.title = "What moves the crossover";
    chart.subtitle = "change of log10(crossover size) for a tenfold change of each input";
    chart.x_label = "decades";
    chart.bars = some;
    chart.nbars = 8;
    char *svg = picture("bars", QN_FIGURE_BARS, &chart);
    assert_int_equal(occurrences(svg, "class=\"bar f0\""), 5);
    assert_int_equal(occurrences(svg, "class=\"bar f1\""), 2);
    assert_int_equal(occurrences(svg, "class=\"whisker\""), 3 * 5);
    assert_non_null(strstr(svg, "kappa, the condition number: 1.9 (1.4 to 2.6); T gates grow with it</title>"));
    assert_non_null(strstr(svg, ">unknown</text>"));
    assert_non_null(strstr(svg, "text-anchor=\"end\">-0.8</text>")); /* beyond its bar, not over it */
    assert_non_null(strstr(svg, "text-anchor=\"start\">1.9</text>"));
    free(svg);
    chart.width = 360;
    free(picture("bars_narrow", QN_FIGURE_BARS, &chart));
    chart.width = 0;
    const qn_bar times[] = {{"quantum, 2035", 3.2e7, 4e5, 8e9, NULL}, {"CPU, this machine", 12.5, 12.1, 13, NULL},
                            {"GPU", 0.4, none, none, NULL},           {"lookup", 2e-8, none, none, NULL},
                            {"never", infinite, none, none, NULL},    {"impossible", -3, none, none, NULL}};
    chart.bars = times;
    chart.nbars = 6;
    chart.log_x = true;
    chart.unit = "s";
    chart.title = "Time to answer";
    chart.x_label = "seconds";
    svg = picture("bars_log", QN_FIGURE_BARS, &chart);
    assert_int_equal(occurrences(svg, "class=\"bar f0\""), 4);
    free(svg);
    chart.nbars = 0;
    free(picture("bars_empty", QN_FIGURE_BARS, &chart));
    const qn_bar huge[] = {
        {"a", 1e300, -1e300, 1e300, NULL}, {"b", -1e-300, none, none, NULL}, {"c", 1.7e308, none, none, NULL}};
    chart.log_x = false;
    chart.bars = huge;
    chart.nbars = 3;
    free(picture("bars_huge", QN_FIGURE_BARS, &chart));
    chart.nbars = 1;
    chart.bars = times + 2;
    free(picture("bars_one", QN_FIGURE_BARS, &chart));
}

static void columns(void **state)
{
    (void)state;
    static char words[256][12];
    static const char *names[256];
    static double counts[256], low[256], high[256], theory[256];
    for (size_t i = 0; i < 256; i++) {
        for (size_t b = 0; b < 8; b++) {
            words[i][b] = (char)('0' + (i >> (7 - b) & 1));
        }
        names[i] = words[i];
        counts[i] = 1000 * exp(-0.5 * pow(((double)i - 100) / 40, 2));
        low[i] = counts[i] - sqrt(counts[i]);
        high[i] = counts[i] + sqrt(counts[i]);
        theory[i] = counts[i] * 1.05;
    }
    const qn_column_group groups[] = {{"sampled", counts, low, high}, {"exact", theory, NULL, NULL}};
    const qn_plot_line line = {"uniform", 250, 0};
    qn_columns chart = QN_COLUMNS_INIT;
    chart.title = "Counts of 8,192 shots";
    chart.subtitle = "engine statevector, seed 42";
    chart.x_label = "bit string";
    chart.y_label = "shots";
    chart.names = names;
    chart.groups = groups;
    chart.ngroups = 2;
    chart.lines = &line;
    chart.nlines = 1;
    const size_t sizes[] = {256, 32, 4, 1, 0};
    for (size_t k = 0; k < 5; k++) {
        char name[32];
        (void)snprintf(name, sizeof name, "columns_%zu", sizes[k]);
        chart.ncategories = sizes[k];
        char *svg = picture(name, QN_FIGURE_COLUMNS, &chart);
        assert_int_equal(occurrences(svg, "class=\"bar f0\""), sizes[k] + 1); /* and the legend's */
        free(svg);
    }
    const double mixed[] = {-3, none, 2, 1e-9, infinite};
    const qn_column_group one = {NULL, mixed, NULL, NULL};
    chart.names = NULL;
    chart.groups = &one;
    chart.ngroups = 1;
    chart.ncategories = 5;
    chart.nlines = 0;
    char *svg = picture("columns_signed", QN_FIGURE_COLUMNS, &chart);
    assert_int_equal(occurrences(svg, "class=\"bar f0\""), 3);
    free(svg);
    chart.log_y = true;
    svg = picture("columns_log", QN_FIGURE_COLUMNS, &chart);
    assert_int_equal(occurrences(svg, "class=\"bar f0\""), 2);
    free(svg);
}

static void timelines(void **state)
{
    (void)state;
    const qn_timeline_era eras[] = {{"noisy machines", "no error correction", 2019, 2026},
                                    {"first logical qubits", NULL, 2026, 2030},
                                    {"early fault tolerance, up to a million T gates", NULL, 2030, 2035},
                                    {"large scale", "a billion Toffolis", 2035, infinite}};
    const qn_timeline_milestone milestones[] = {
        {"100 logical qubits at 1e-4", "roadmap of vendor A & sons", 2027, 2027, 2029.5, 0},
        {"200 logical qubits, 1e8 gates", NULL, 2029, 2029, 2033, 0},
        {"a claim that nobody has written down in fewer words than these, which are many", NULL, 2033, 2033, 2040, 1},
        {"demonstrated: 48 logical qubits", NULL, 2023.9, none, none, 2},
        {"linear systems, N = 2^30", "needs 2e3 logical qubits", 2038, 2034, infinite, 3},
        {"recommendation", NULL, infinite, none, none, 3}};
    const char *groups[] = {"vendor A", "vendor B", "demonstrated", "what workloads need"};
    qn_timeline chart = QN_TIMELINE_INIT;
    chart.title = "When: roadmaps, their slips, and what the workloads need";
    chart.subtitle = "points: as announced; bars: with the slip of past roadmaps";
    chart.eras = eras;
    chart.neras = 4;
    chart.milestones = milestones;
    chart.nmilestones = 6;
    chart.group_names = groups;
    chart.ngroups = 4;
    chart.now = 2026.9;
    char *svg = picture("timeline", QN_FIGURE_TIMELINE, &chart);
    assert_int_equal(occurrences(svg, "class=\"era"), 4);
    assert_int_equal(occurrences(svg, "class=\"slip"), 4);
    assert_non_null(strstr(svg, "recommendation: never</title>"));
    assert_non_null(strstr(svg, "early fault tolerance, up to a million T gates, 2030 to 2035</title>"));
    free(svg);
    chart.width = 380;
    free(picture("timeline_narrow", QN_FIGURE_TIMELINE, &chart));
    chart.width = 0;
    chart.from = 2026;
    chart.to = 2032;
    free(picture("timeline_cut", QN_FIGURE_TIMELINE, &chart));
    chart = (qn_timeline)QN_TIMELINE_INIT;
    free(picture("timeline_empty", QN_FIGURE_TIMELINE, &chart));
    chart.milestones = milestones;
    chart.nmilestones = 1;
    free(picture("timeline_one", QN_FIGURE_TIMELINE, &chart));
    const qn_timeline_milestone wild[] = {{"a", NULL, 1e300, -1e300, 1e300, 9}, {NULL, NULL, none, none, none, 0}};
    chart.milestones = wild;
    chart.nmilestones = 2;
    free(picture("timeline_wild", QN_FIGURE_TIMELINE, &chart));
}

static void heat_maps(void **state)
{
    (void)state;
    static double values[300 * 260];
    const char *words[] = {"the", "quantum", "advantage", "of", "attention", "is", "disputed", "."};
    for (size_t i = 0; i < 64; i++) {
        values[i] = exp(-fabs((double)(i / 8) - (double)(i % 8))) / 2;
    }
    values[9] = none;
    qn_heat_map map = QN_HEAT_MAP_INIT;
    map.title = "Attention weights";
    map.subtitle = "head 0, exact";
    map.rows = map.columns = 8;
    map.values = values;
    map.row_names = map.column_names = words;
    map.y_label = "query";
    map.x_label = "key";
    char *svg = picture("heat_map", QN_FIGURE_HEAT_MAP, &map);
    assert_int_equal(occurrences(svg, "</title></rect>"), 63);
    assert_non_null(strstr(svg, "<title>the, quantum: 0.18394</title>"));
    const char *highest = strstr(svg, "<title>the, the: 0.5</title>"), *cell = strstr(strstr(svg, "<g shape"), "<rect");
    assert_true(strncmp(cell, "<rect class=\"h20\"", 17) == 0 && strchr(cell, '>') + 1 == highest);
    free(svg);
    map.diverging = true;
    for (size_t i = 0; i < 64; i++) {
        values[i] = sin((double)i) * (double)i;
    }
    free(picture("heat_map_diverging", QN_FIGURE_HEAT_MAP, &map));
    map = (qn_heat_map)QN_HEAT_MAP_INIT;
    for (size_t i = 0; i < 300 * 260; i++) {
        values[i] = cos((double)(i / 260) * 0.03) * cos((double)(i % 260) * 0.05);
    }
    map.title = "Energy landscape";
    map.rows = 300;
    map.columns = 260;
    map.values = values;
    svg = picture("heat_map_large", QN_FIGURE_HEAT_MAP, &map);
    assert_non_null(strstr(svg, "means over 3 \xC3\x97 3 entries"));
    assert_int_equal(occurrences(svg, "</title></rect>"), 100 * 87);
    free(svg);
    map.rows = 1;
    map.columns = 40;
    free(picture("heat_map_row", QN_FIGURE_HEAT_MAP, &map));
    map.rows = 40;
    map.columns = 2;
    free(picture("heat_map_column", QN_FIGURE_HEAT_MAP, &map));
    map.rows = map.columns = 1;
    free(picture("heat_map_one", QN_FIGURE_HEAT_MAP, &map));
    const double wild[] = {1.7e308, -1.7e308, none, infinite};
    map.rows = map.columns = 2;
    map.values = wild;
    free(picture("heat_map_wild", QN_FIGURE_HEAT_MAP, &map));
    map.rows = map.columns = 0;
    free(picture("heat_map_empty", QN_FIGURE_HEAT_MAP, &map));
}

static void labelled_plots(void **state)
{
    (void)state;
    const double time[] = {2e3, 1.2e5, 4e4, 9e5, 2.2e3, 5e4}, qubits[] = {3.1e6, 2.2e5, 8e5, 5e4, 2.8e6, 7.4e5};
    const char *names[] = {"superconducting, surface", "ions, surface",     "atoms, yoked surface",
                           "ions, gross code",         "Majorana, Floquet", "superconducting, gross code"};
    qn_plot_label labels[6];
    for (size_t i = 0; i < 6; i++) {
        labels[i] = (qn_plot_label){time[i], qubits[i], names[i]};
    }
    const qn_series points = {"hardware rows", time, qubits, 6, NULL, NULL, true};
    const qn_plot_mark marks[] = {{"crossover, 10 to 90 %", 1e5, 3e4, 4e5}, {"a year", 3.15e7, none, none}};
    qn_plot plot = QN_PLOT_INIT;
    plot.title = "Physical qubits against time";
    plot.subtitle = "N = 2^30, kappa = 100, eps = 0.01; each point a row of data/platforms.tsv with a code";
    plot.x_label = "seconds";
    plot.y_label = "physical qubits";
    plot.log_x = plot.log_y = true;
    plot.series = &points;
    plot.nseries = 1;
    plot.labels = labels;
    plot.nlabels = 6;
    plot.marks = marks;
    plot.nmarks = 2;
    char *svg = picture("plot_pareto", QN_FIGURE_PLOT, &plot);
    for (size_t i = 0; i < 6; i++) {
        char text[64];
        (void)snprintf(text, sizeof text, ">%s</text>", names[i]);
        assert_non_null(strstr(svg, text)); /* all of them found a place */
    }
    assert_int_equal(occurrences(svg, "class=\"area rf0\""), 2); /* legend and picture */
    free(svg);
    plot.width = 380;
    free(picture("plot_pareto_narrow", QN_FIGURE_PLOT, &plot));
    plot.width = 0;
    static double x[200], y[200];
    static qn_plot_label many[200];
    const uint64_t seed = qn_test_seed();
    for (size_t i = 0; i < 200; i++) {
        x[i] = qn__random_normal(seed, 1, i);
        y[i] = qn__random_normal(seed, 2, i);
        many[i] = (qn_plot_label){x[i], y[i], names[i % 6]};
    }
    const qn_series cloud = {"cloud", x, y, 200, NULL, NULL, true};
    plot.log_x = plot.log_y = false;
    plot.series = &cloud;
    plot.labels = many;
    plot.nlabels = 200;
    plot.nmarks = 0;
    svg = picture("plot_cloud", QN_FIGURE_PLOT, &plot);
    assert_true(occurrences(svg, "class=\"note\"") < 200 && occurrences(svg, "class=\"note\"") > 5);
    assert_int_equal(occurrences(svg, "class=\"hit rf1\""), 200);
    free(svg);
    const qn_plot_mark open[] = {
        {"everything above", none, 0.5, infinite}, {"below", 0.0, -infinite, 0.0}, {NULL, none, none, none}};
    plot.title =
        "A title that is so long that it cannot stand in one line over a picture of this width, and must be continued "
        "below itself, and even there it does not come to an end before the third line is full, which is when it is "
        "cut";
    plot.subtitle = plot.title;
    plot.marks = open;
    plot.nmarks = 3;
    plot.nlabels = 0;
    free(picture("plot_marks", QN_FIGURE_PLOT, &plot));
}

static void wrong_sizes_are_refused(void **state)
{
    (void)state;
    const uint32_t wrong = 3;
    for (int kind = 0; kind <= 5; kind++) {
        const qn_figure figure = {(qn_figure_kind)kind, &wrong};
        const char *bytes = NULL;
        qn_text *text = NULL;
        assert_ok(qn_text_create(&text));
        qn_text_figure(text, &figure, true);
        assert_fails(qn_text_finish(text, &bytes, NULL), QN_ERR_ARGUMENT, "invalid argument");
        qn_text_destroy(text);
    }
}

static void tables_fit_the_terminal(void **state)
{
    (void)state;
    const qn_table_column heads[] = {{"workload", false}, {"crossover", true}, {"verdict", false}};
    const char *const cells[] = {"linear systems",
                                 "2^53",
                                 "no advantage: reading the data alone takes as long as the classical answer",
                                 "search",
                                 NULL,
                                 "none below 2^80",
                                 "\xCE\xBA \xE2\x89\xA5 1",
                                 "12",
                                 ""};
    const qn_table table = {heads, 3, cells, 3};
    for (uint32_t width = 20; width <= 120; width += 20) {
        const qn_style style = {false, width % 40 == 0, width};
        qn_text *text = NULL;
        assert_ok(qn_text_create(&text));
        qn_text_table(text, &table, &style);
        char *out = finish(text), *rest = out;
        for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
            size_t columns = 0;
            for (const char *at = line; *at != '\0'; at++) {
                columns += ((unsigned char)*at & 0xC0) != 0x80;
            }
            assert_true(columns <= (width < 40 ? 40 : width));
            assert_true(line[0] == '\0' || line[strlen(line) - 1] != ' ');
        }
        free(out);
    }
    const qn_style wide = {false, false, 200};
    qn_text *text = NULL;
    assert_ok(qn_text_create(&text));
    qn_text_table(text, &table, &wide);
    char *out = finish(text);
    assert_string_equal(
        out, "workload        crossover  verdict\n"
             "--------------  ---------  --------------------------------------------------------------------------\n"
             "linear systems       2^53  no advantage: reading the data alone takes as long as the classical answer\n"
             "search                     none below 2^80\n"
             "\xCE\xBA \xE2\x89\xA5 1                  12\n");
    free(out);
}

static void pages_of_sections(void **state)
{
    (void)state;
    const qn_table_column heads[] = {{"claim", false}, {"year <x>", true}};
    const char *const cells[] = {"A & B", "2027", NULL, "2030"};
    const qn_table table = {heads, 2, cells, 2};
    const qn_report_pair pairs[] = {{"N", "2^30"}};
    const qn_bar bar = {"kappa", 1, 0.5, 2, NULL};
    qn_bars chart = QN_BARS_INIT;
    chart.bars = &bar;
    chart.nbars = 1;
    const double values[] = {1, 2, 3, 4};
    qn_heat_map map = QN_HEAT_MAP_INIT;
    map.rows = map.columns = 2;
    map.values = values;
    const qn_figure figures[] = {{QN_FIGURE_BARS, &chart}, {QN_FIGURE_HEAT_MAP, &map}};
    const qn_report_section sections[] = {
        {.title = "First & foremost", .text = "One < two.\n\nThree\nstill three.\n\n\n", .pairs = pairs, .npairs = 1},
        {.table = &table, .note = "Small print."},
        {.title = "Pictures", .figures = figures, .nfigures = 2},
        {0}};
    qn_report_page page = QN_REPORT_PAGE_INIT;
    page.title = "Sections";
    page.lead = "One sentence.";
    page.sections = sections;
    page.nsections = 4;
    page.command = "quern advise linear N=2^30";
    qn_text *text = NULL;
    assert_ok(qn_text_create(&text));
    qn_text_html(text, &page);
    char *html = finish(text);
    keep("page", "html", html);
    const char *const order[] = {"<h2>First &amp; foremost</h2>",
                                 "<p>One &lt; two.</p>",
                                 "<p>Three\nstill three.</p>",
                                 "<th scope=\"row\">N</th><td>2^30</td>",
                                 "<th>claim</th><th class=\"right\">year &lt;x&gt;</th>",
                                 "<td>A &amp; B</td><td class=\"right\">2027</td>",
                                 "<td></td><td class=\"right\">2030</td>",
                                 "<p class=\"small\">Small print.</p>",
                                 "<h2>Pictures</h2>",
                                 "class=\"bar f0\"",
                                 "class=\"h20\"",
                                 "<h2>Made by</h2>"};
    const char *at = strstr(html, "<main>");
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        at = strstr(at, order[i]);
        if (at == NULL) {
            print_error("missing, or not in its place: %s\n", order[i]);
            fail();
        }
    }
    assert_int_equal(occurrences(html, "<p>"), 2);
    char *inner = strndup(strstr(html, "<main>"), (size_t)(strstr(html, "</main>") - strstr(html, "<main>")) + 7);
    assert_true(well_formed(inner));
    free(inner);
    free(html);
}

/* The checkers can say no. */
static void checkers(void **state)
{
    (void)state;
    assert_int_equal(
        words_in_the_way("<svg viewBox=\"0 0 100 50\"><text x=\"5\" y=\"20\" text-anchor=\"start\">abcdef</text>"
                         "<text x=\"20\" y=\"22\" text-anchor=\"start\">x</text></svg>"),
        1);
    assert_int_equal(
        words_in_the_way(
            "<svg viewBox=\"0 0 100 50\"><text x=\"95\" y=\"20\" text-anchor=\"start\">abcdef</text></svg>"),
        1);
}

static qn_status all_kinds(qn_text *text)
{
    const double values[] = {1, 2, 3, 4};
    const qn_bar bar = {"b", 1, 0.5, 2, NULL};
    const qn_column_group group = {"g", values, NULL, NULL};
    const qn_timeline_milestone milestone = {"m", NULL, 2030, 2029, 2035, 0};
    const qn_plot_label label = {1, 2, "p"};
    qn_bars b = QN_BARS_INIT;
    b.bars = &bar;
    b.nbars = 1;
    qn_columns c = QN_COLUMNS_INIT;
    c.groups = &group;
    c.ngroups = 1;
    c.ncategories = 4;
    qn_timeline t = QN_TIMELINE_INIT;
    t.milestones = &milestone;
    t.nmilestones = 1;
    qn_heat_map h = QN_HEAT_MAP_INIT;
    h.rows = h.columns = 2;
    h.values = values;
    qn_plot p = QN_PLOT_INIT;
    p.labels = &label;
    p.nlabels = 1;
    const qn_figure figures[] = {{QN_FIGURE_BARS, &b},
                                 {QN_FIGURE_COLUMNS, &c},
                                 {QN_FIGURE_TIMELINE, &t},
                                 {QN_FIGURE_HEAT_MAP, &h},
                                 {QN_FIGURE_PLOT, &p}};
    for (size_t i = 0; i < 5; i++) {
        qn_text_figure(text, &figures[i], false);
    }
    const qn_table_column head = {"x", false};
    const char *const cell = "y";
    const qn_table table = {&head, 1, &cell, 1};
    const qn_style style = {false, false, 80};
    qn_text_table(text, &table, &style);
    const char *bytes = NULL;
    return qn_text_finish(text, &bytes, NULL);
}

static void allocation_failures(void **state)
{
    (void)state;
    const uint64_t before = qn_memory().bytes_now;
    bool finished = false;
    uint64_t n = 1;
    for (; !finished; n++) {
        assert_true(n < 300);
        (void)qn__alloc_fail_at(n, false);
        qn_text *text = NULL;
        qn_status status = qn_text_create(&text);
        status = status == QN_OK ? all_kinds(text) : status;
        (void)qn__alloc_fail_at(0, false);
        finished = status == QN_OK;
        assert_true(finished || status == QN_ERR_MEMORY);
        qn_text_destroy(text);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checkers),
        cmocka_unit_test(bars),
        cmocka_unit_test(columns),
        cmocka_unit_test(timelines),
        cmocka_unit_test(heat_maps),
        cmocka_unit_test(labelled_plots),
        cmocka_unit_test(wrong_sizes_are_refused),
        cmocka_unit_test(tables_fit_the_terminal),
        cmocka_unit_test(pages_of_sections),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
