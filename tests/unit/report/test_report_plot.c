/* test_report_plot.c: ticks, plots and pages. */
#include <qn_test.h>

#include <quern/context.h>
#include <quern/report.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "report/plot_scale.h"
#include "xml_check.h"

/* For random ranges over many magnitudes: ticks lie inside, are evenly spaced, few, and their labels differ and mean
 * their value. */
static void linear_ticks(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint64_t i = 0; i < 3000 * qn_test_scale(); i++) {
        const double center =
            (qn__random_uniform(seed, 1, i) - 0.5) * pow(10.0, 8 * qn__random_uniform(seed, 2, i) - 4);
        const double span = pow(10.0, 10 * qn__random_uniform(seed, 3, i) - 7);
        qn__scale scale;
        qn__scale_make(&scale, center, center + span, false, 6, 0.05, false);
        assert_true(scale.low <= center && scale.high >= center + span);
        assert_true(scale.count >= 2 && scale.count <= 8);
        const double step = scale.ticks[1].value - scale.ticks[0].value;
        const double mantissa = step / pow(10.0, floor(log10(step) + 1e-6));
        assert_true(fabs(mantissa - 1) < 1e-4 || fabs(mantissa - 2) < 1e-4 || fabs(mantissa - 5) < 1e-4);
        for (size_t t = 0; t < scale.count; t++) {
            const qn__tick *tick = &scale.ticks[t];
            assert_true(tick->value >= scale.low - 1e-9 * span && tick->value <= scale.high + 1e-9 * span);
            if (scale.note[0] == '\0') {
                assert_near(strtod(tick->text, NULL), tick->value, 1e-3 * step);
            } else {
                const double unit = strtod(strstr(scale.note, "\xC3\x97 ") + 3, NULL);
                const double base = strtod(scale.note, NULL);
                assert_near(base + unit * strtod(tick->text, NULL), tick->value, 1e-3 * step);
                assert_true(strlen(tick->text) <= 6);
            }
            assert_true(strlen(tick->text) <= 14);
            if (t > 0) {
                assert_string_not_equal(tick->text, scale.ticks[t - 1].text);
                assert_near(tick->value - scale.ticks[t - 1].value, step, 1e-6 * step + 1e-15 * fabs(tick->value));
            }
        }
    }
}

static void narrow_ranges_keep_their_digits(void **state)
{
    (void)state;
    qn__scale scale;
    qn__scale_make(&scale, -2.0198039, -2.0197, false, 6, 0.0, false);
    assert_string_equal(scale.ticks[0].text, "-2.01980");
    qn__scale_make(&scale, -0.3, 0.3, false, 6, 0.0, false);
    assert_string_equal(scale.ticks[3].text, "0.0"); /* without a minus */
    qn__scale_make(&scale, 5, 5, false, 6, 0.05, false);
    assert_true(scale.low < 5 && scale.high > 5 && scale.count >= 2);
    qn__scale_make(&scale, 0, 3, false, 12, 0.0, true);
    assert_int_equal(scale.count, 4); /* whole numbers only */
}

static void logarithmic_ticks(void **state)
{
    (void)state;
    qn__scale scale;
    qn__scale_make(&scale, 1e-14, 1.0, true, 6, 0.0, false);
    for (size_t t = 0; t < scale.count; t++) {
        assert_near(strtod(scale.ticks[t].text, NULL) / scale.ticks[t].value, 1.0, 1e-9);
    }
    assert_true(scale.count >= 3 && scale.count <= 7);
    assert_near(qn__scale_place(&scale, 1e-7), 0.5, 1e-12);
    qn__scale_make(&scale, 1, 100, true, 6, 0.0, false);
    size_t labels = 0;
    for (size_t t = 0; t < scale.count; t++) {
        labels += !scale.ticks[t].minor;
    }
    assert_int_equal(labels, 3);
    assert_int_equal(scale.count, 3 + 16);
    qn__scale_make(&scale, 2, 3, true, 6, 0.0, false); /* within one decade */
    assert_true(scale.count >= 3);
}

enum { POINTS = 20000 };

static char *draw(const qn_plot *plot, bool standalone)
{
    qn_text *text = NULL;
    const char *bytes = NULL;
    assert_ok(qn_text_create(&text));
    qn_text_plot(text, plot, standalone);
    assert_ok(qn_text_finish(text, &bytes, NULL));
    char *copy = strdup(bytes);
    qn_text_destroy(text);
    return copy;
}

static void pictures_are_well_formed(void **state)
{
    (void)state;
    static double x[POINTS], y[POINTS], low[POINTS], high[POINTS];
    for (size_t i = 0; i < POINTS; i++) {
        x[i] = (double)i;
        y[i] = i % 1000 < 10 ? (double)NAN : exp(-(double)i / 3000) + 0.05 * sin((double)i * 0.37);
        low[i] = y[i] - 0.1;
        high[i] = y[i] + 0.1;
    }
    const qn_series series[] = {{"a <b> & \"c\"", x, y, POINTS, low, high, false},
                                {"points", x, y, 40, NULL, NULL, true}};
    const qn_plot_line lines[] = {{"exact & \"true\"", 0.25, 0.01}, {"other", -0.1, 0}};
    for (int kind = 0; kind < 16; kind++) {
        qn_plot plot = QN_PLOT_INIT;
        plot.title = kind & 1 ? "Energy of <H> & more" : NULL;
        plot.subtitle = kind & 1 ? "it's 2 qubits" : NULL;
        plot.x_label = kind & 2 ? "iteration" : NULL;
        plot.y_label = kind & 2 ? "energy" : NULL;
        plot.log_y = (kind & 4) != 0;
        plot.log_x = (kind & 8) != 0;
        plot.series = series;
        plot.nseries = (size_t)kind % 3;
        plot.lines = lines;
        plot.nlines = (size_t)kind % 2 + 1;
        char *svg = draw(&plot, true);
        assert_true(strncmp(svg, "<?xml", 5) == 0);
        assert_true(well_formed(svg));
        assert_null(strstr(svg, "nan"));
        assert_null(strstr(svg, "inf"));
        assert_non_null(strstr(svg, "prefers-color-scheme:dark"));
        if (plot.nseries > 0) {
            assert_true(strlen(svg) < 400000);
            assert_non_null(strstr(svg, "a &lt;b&gt; &amp; &quot;c&quot;"));
        }
        free(svg);
    }
    const char *broken[] = {"<a><b></a></b>", "<a x=\"1>", "<a>&</a>", "<a>"};
    for (size_t i = 0; i < 4; i++) {
        assert_false(well_formed(broken[i])); /* the reader can say no */
    }
}

/* Thinning must not lose the one spike among many points. */
static void thinning_keeps_extremes(void **state)
{
    (void)state;
    static double x[POINTS], y[POINTS];
    for (size_t i = 0; i < POINTS; i++) {
        x[i] = (double)i;
        y[i] = 0.0;
    }
    const size_t spike = 13579, dip = 4321;
    y[spike] = 100.0;
    y[dip] = -50.0;
    const qn_series series = {"s", x, y, POINTS, NULL, NULL, false};
    qn_plot plot = QN_PLOT_INIT;
    plot.series = &series;
    plot.nseries = 1;
    char *svg = draw(&plot, false);
    const char *path = strstr(strstr(svg, "</style>"), "<path class=\"line s0\"");
    assert_non_null(path);
    const char *at = strstr(path, "d=\"M") + 4;
    double top = 1e9, bottom = -1e9;
    size_t vertices = 0;
    while (*at != '"') {
        char *end = NULL;
        (void)strtod(at, &end);
        const double py = strtod(end, &end);
        top = fmin(top, py);
        bottom = fmax(bottom, py);
        vertices++;
        at = *end == 'L' ? end + 1 : end;
    }
    assert_true(vertices <= 2002 && vertices > 500);
    assert_true(bottom - top > 250.0); /* both reach across the whole area */
    free(svg);
}

static void gaps_split_the_line(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2, 3, 4, 5}, y[] = {1, 2, (double)NAN, 3, (double)INFINITY, 4};
    const qn_series series = {"s", x, y, 6, NULL, NULL, false};
    qn_plot plot = QN_PLOT_INIT;
    plot.series = &series;
    plot.nseries = 1;
    char *svg = draw(&plot, false);
    assert_int_equal(occurrences(svg, "<path class=\"line"), 3);
    assert_int_equal(occurrences(svg, "<circle class=\"hit"), 4); /* hover targets of the finite points */
    assert_non_null(strstr(svg, "<title>s (3, 3)</title>"));
    free(svg);
    plot.log_y = true;
    const double z[] = {1, -1, 0, 3, 2, 4};
    const qn_series below = {"s", x, z, 6, NULL, NULL, false};
    plot.series = &below;
    svg = draw(&plot, false);
    assert_int_equal(occurrences(svg, "<path class=\"line"), 2);
    free(svg);
    plot.size = 3;
    qn_text *text = NULL;
    const char *bytes = NULL;
    assert_ok(qn_text_create(&text));
    qn_text_plot(text, &plot, false);
    assert_fails(qn_text_finish(text, &bytes, NULL), QN_ERR_ARGUMENT, "invalid argument");
    qn_text_destroy(text);
}

static void pages(void **state)
{
    (void)state;
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    ledger.answer = (qn_quantity){-2.0198039027, QN_SOURCE_EXACT};
    ledger.classical_seconds = (qn_quantity){1e-3, QN_SOURCE_MEASURED};
    ledger.verdict = QN_VERDICT_NO_CLASSICAL;
    qn_ledger_add_reason(&ledger, "Because 1 < 2 & 3 > 2.");
    const double x[] = {0, 1}, y[] = {1, 2};
    const qn_series series = {"energy", x, y, 2, NULL, NULL, false};
    qn_plot plot = QN_PLOT_INIT;
    plot.series = &series;
    plot.nseries = 1;
    const qn_report_pair pairs[] = {{"Energy", "-2.0198"}, {"<script>", "alert('x')"}};
    qn_report_page page = QN_REPORT_PAGE_INIT;
    page.title = "VQE & <friends>";
    page.lead = "One sentence.";
    page.pairs = pairs;
    page.npairs = 2;
    page.plots = &plot;
    page.nplots = 1;
    page.ledger = &ledger;
    page.command = "quern vqe --hamiltonian '1 Z; 0.5 X'";
    qn_text *text = NULL;
    const char *html = NULL;
    assert_ok(qn_text_create(&text));
    qn_text_html(text, &page);
    assert_ok(qn_text_finish(text, &html, NULL));
    assert_non_null(strstr(html, "<title>VQE &amp; &lt;friends&gt;</title>"));
    assert_null(strstr(html, "<script"));
    assert_int_equal(occurrences(html, "http"),
                     occurrences(html, "http://www.w3.org/2000/svg")); /* nothing is fetched */
    assert_non_null(strstr(html, "Because 1 &lt; 2 &amp; 3 &gt; 2."));
    assert_non_null(strstr(html, "name=\"viewport\""));
    assert_non_null(strstr(html, "@media print"));
    assert_non_null(strstr(html, "-2.019803903"));
    assert_non_null(strstr(html, "quern vqe --hamiltonian &#39;1 Z; 0.5 X&#39;"));
    const char *body = strstr(html, "<main>"), *end = strstr(html, "</main>");
    char *inner = strndup(body, (size_t)(end - body) + 7);
    assert_true(well_formed(inner));
    free(inner);
    qn_text_destroy(text);
}

static void allocation_failures(void **state)
{
    (void)state;
    const uint64_t before = qn_memory().bytes_now;
    static double x[500], y[500];
    for (size_t i = 0; i < 500; i++) {
        x[i] = (double)i;
        y[i] = cos((double)i);
    }
    const qn_series series = {"s", x, y, 500, NULL, NULL, false};
    qn_plot plot = QN_PLOT_INIT;
    plot.series = &series;
    plot.nseries = 1;
    bool finished = false;
    uint64_t n = 1;
    for (; !finished; n++) {
        assert_true(n < 200);
        qn__alloc_fail_at(n, false);
        qn_text *text = NULL;
        qn_status status = qn_text_create(&text);
        if (status == QN_OK) {
            const char *bytes = NULL;
            qn_text_plot(text, &plot, true);
            status = qn_text_finish(text, &bytes, NULL);
        }
        qn__alloc_fail_at(0, false);
        finished = status == QN_OK;
        assert_true(finished || status == QN_ERR_MEMORY);
        qn_text_destroy(text);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_ticks),
        cmocka_unit_test(narrow_ranges_keep_their_digits),
        cmocka_unit_test(logarithmic_ticks),
        cmocka_unit_test(pictures_are_well_formed),
        cmocka_unit_test(thinning_keeps_extremes),
        cmocka_unit_test(gaps_split_the_line),
        cmocka_unit_test(pages),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
