/* advise_page.c: times against size with the crossover, qubits against time over hardware rows, eras, sensitivities. */
#include "advise_page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "output.h"

enum { HARDWARE = 24, MILESTONES = 32, PAIRS = 12, TEXT = 512 };

/* Everything the page's structs point to. */
enum { SECTIONS = 7 }; /* as many as build() adds at most */

typedef struct page {
    const advise_answer *answer;
    qn_series series[3];
    qn_plot_mark mark;
    qn_plot times, pareto;
    double today_x[2], today_y[2];
    double qubits[HARDWARE], seconds[HARDWARE];
    qn_plot_label labels[HARDWARE];
    char label_text[HARDWARE][64];
    double shown_x[2][HARDWARE], shown_y[2][HARDWARE]; /* design points, machines there are */
    size_t shown[2];
    double front_x[HARDWARE], front_y[HARDWARE];
    qn_series points[3];
    qn_timeline_era eras[QN_ADVISE_ERAS];
    qn_timeline_milestone milestones[MILESTONES + 1];
    char milestone_text[MILESTONES + 1][96], era_text[QN_ADVISE_ERAS][160];
    qn_timeline timeline;
    qn_bar bars[QN_ADVISE_SENSITIVITIES];
    qn_bars sensitivity;
    qn_figure figures[4];
    qn_report_section sections[SECTIONS];
    size_t nsections;
    qn_report_pair pairs[PAIRS];
    char pair_text[PAIRS][TEXT];
    size_t npairs;
    char lead[TEXT], times_title[96], times_note[256], crossover_name[96];
    char *reasons, *trace; /* joined paragraphs */
} page;

static void plot_times(page *p)
{
    const qn_advise_result *r = p->answer->result;
    char a[64];
    p->times = (qn_plot)QN_PLOT_INIT;
    (void)snprintf(p->times_title, sizeof p->times_title, "%s: time against size", r->workload);
    p->times.title = p->times_title;
    p->times.subtitle = "logarithmic axes; the band spans the extreme corners of the uncertain inputs";
    p->times.x_label = r->size_name;
    p->times.y_label = "seconds";
    p->times.log_x = p->times.log_y = true;
    p->series[0] = (qn_series){.name = "quantum",
                               .x = r->curve_size,
                               .y = r->curve_quantum,
                               .count = r->curve,
                               .y_low = r->curve_low,
                               .y_high = r->curve_high};
    p->series[1] = (qn_series){.name = "classical", .x = r->curve_size, .y = r->curve_classical, .count = r->curve};
    p->today_x[0] = r->problem_size.value;
    p->today_y[0] = r->quantum_seconds.central.value;
    p->series[2] = (qn_series){.name = "this instance", .x = p->today_x, .y = p->today_y, .count = 1, .points = true};
    p->times.series = p->series;
    p->times.nseries = isfinite(p->today_x[0]) && isfinite(p->today_y[0]) ? 3 : 2;
    if (r->crossover.exists && isfinite(r->crossover.crossing_size.value)) {
        (void)snprintf(p->crossover_name, sizeof p->crossover_name, "crossover, %s",
                       advise_words(a, sizeof a, r->crossover.seconds, "s"));
        /* A hard end that never crosses leaves the band open. */
        const double high = isfinite(r->crossover.size_p90.value) ? r->crossover.size_p90.value : (double)INFINITY;
        p->mark = (qn_plot_mark){p->crossover_name, r->crossover.crossing_size.value, r->crossover.size_p10.value,
                                 isfinite(r->crossover.size_p10.value) ? high : (double)NAN};
        p->times.marks = &p->mark;
        p->times.nmarks = 1;
    }
}

/* The rows that no other beats in both time and qubits, by time. */
static size_t best_rows(page *p, size_t count)
{
    size_t best = 0;
    double least = (double)INFINITY, after = -1;
    for (size_t step = 0; step < count; step++) {
        size_t next = count;
        for (size_t i = 0; i < count; i++) {
            const bool later = p->seconds[i] > after && p->qubits[i] < least;
            if (later && (next == count || p->seconds[i] < p->seconds[next] ||
                          (p->seconds[i] == p->seconds[next] && p->qubits[i] < p->qubits[next]))) {
                next = i;
            }
        }
        if (next == count) {
            break;
        }
        p->front_x[best] = after = p->seconds[next];
        p->front_y[best++] = least = p->qubits[next];
    }
    return best;
}

/* The same instance on every row of hardware that has a threshold to be below. */
static qn_status plot_hardware(page *p, const qn_advice *advice)
{
    const advise_answer *answer = p->answer;
    size_t count = 0;
    const char *id = NULL;
    qn_status status = QN_OK;
    for (size_t i = 0; status == QN_OK && count < HARDWARE; i++) {
        status = qn_advice_cell(advice, "hardware", i, "id", &id);
        if (status != QN_OK || id == NULL) {
            break;
        }
        qn_advise_options how = *answer->options;
        qn_advise_result r = {0};
        how.hardware = id;
        how.platform = NULL;
        how.samples = how.curve = 0;
        how.sensitivities = false;
        const qn_status weighed =
            qn_advise_workload(advice, answer->result->workload, answer->pairs, answer->npairs, &how, &r);
        if (weighed == QN_ERR_MEMORY) {
            status = weighed;
        } else if (weighed == QN_OK && r.price_b.known && isfinite(r.quantum_seconds.central.value)) {
            p->qubits[count] = r.price_b.physical_qubits;
            p->seconds[count] = r.quantum_seconds.central.value;
            const char *demonstrated = "";
            status = qn_advice_cell(advice, "hardware", i, "demonstrated", &demonstrated);
            const size_t group = demonstrated != NULL && strcmp(demonstrated, "yes") == 0 ? 1 : 0;
            p->shown_x[group][p->shown[group]] = p->seconds[count];
            p->shown_y[group][p->shown[group]++] = p->qubits[count];
            (void)snprintf(p->label_text[count], sizeof p->label_text[0], "%s", id);
            p->labels[count] = (qn_plot_label){p->seconds[count], p->qubits[count], p->label_text[count]};
            count++;
        }
        qn_advise_result_clear(&r);
    }
    p->pareto = (qn_plot)QN_PLOT_INIT;
    p->pareto.title = "Physical qubits against time";
    p->pareto.subtitle = "this instance on every hardware row; below and to the left is better (model B)";
    p->pareto.x_label = "seconds for the answer";
    p->pareto.y_label = "physical qubits";
    p->pareto.log_x = p->pareto.log_y = true;
    static const char *const groups[2] = {"design points", "error rates and cycles of machines there are"};
    size_t shown = 0;
    for (size_t g = 0; g < 2; g++) {
        if (p->shown[g] > 0) {
            p->points[shown++] = (qn_series){
                .name = groups[g], .x = p->shown_x[g], .y = p->shown_y[g], .count = p->shown[g], .points = true};
        }
    }
    const size_t best = best_rows(p, count);
    if (best > 1) {
        p->points[shown++] =
            (qn_series){.name = "none better in both", .x = p->front_x, .y = p->front_y, .count = best};
    }
    p->pareto.series = p->points;
    p->pareto.nseries = shown;
    p->pareto.labels = p->labels;
    p->pareto.nlabels = count;
    return status;
}

static qn_status plot_eras(page *p, const qn_advice *advice)
{
    const qn_advise_result *r = p->answer->result;
    p->timeline = (qn_timeline)QN_TIMELINE_INIT;
    p->timeline.title = "When a machine may hold one run";
    p->timeline.subtitle = "eras by logical capacity; promises with the slip of their makers' record";
    size_t count = 0;
    for (uint32_t i = 0; i < r->neras; i++) {
        const qn_era_fit *era = &r->eras[i];
        char a[64], b[64];
        (void)snprintf(p->era_text[i], sizeof p->era_text[i], "%s logical qubits, %s operations%s: %s",
                       qn_human(a, sizeof a, era->qubits[1], NULL), qn_human(b, sizeof b, era->operations[1], NULL),
                       era->scenario ? " (scenario)" : "",
                       era->fits[1]   ? "holds it"
                       : era->fits[2] ? "holds it only at its optimistic edge"
                                      : "does not hold it");
        p->eras[i] = (qn_timeline_era){era->name, p->era_text[i], era->first_year,
                                       era->scenario ? (double)INFINITY : era->last_year};
    }
    for (size_t i = 0; count < MILESTONES; i++) {
        qn_milestone m;
        bool there = false;
        const qn_status status = qn_milestone_at(advice, i, &m, &there);
        if (status != QN_OK) {
            return status;
        }
        if (!there) {
            break;
        }
        /* What a maker does not say is not counted in its favour. */
        const bool holds = m.logical >= r->logical.qubits.value &&
                           m.operations >= r->logical.toffoli_count.value + r->logical.t_count.value;
        (void)snprintf(p->milestone_text[count], sizeof p->milestone_text[0], "%.36s: %.48s", m.vendor, m.name);
        p->milestones[count] = (qn_timeline_milestone){p->milestone_text[count], m.note,
                                                       m.promised + m.slip[1],   m.promised + m.slip[0],
                                                       m.promised + m.slip[2],   holds ? 1 : 0};
        count++;
    }
    static const char *const groups[] = {"too small for this run, or its gates are not said",
                                         "qubits and gates for this run"};
    p->timeline.eras = p->eras;
    p->timeline.neras = r->neras;
    p->timeline.milestones = p->milestones;
    p->timeline.nmilestones = count;
    static const char *const bounds[] = {"too small for this run, or its gates are not said",
                                         "qubits and gates for the least that this run takes"};
    p->timeline.group_names = strcmp(r->era, "unknown") == 0 ? bounds : groups;
    p->timeline.ngroups = 2;
    return QN_OK;
}

static void plot_sensitivities(page *p)
{
    const qn_advise_result *r = p->answer->result;
    p->sensitivity = (qn_bars)QN_BARS_INIT;
    p->sensitivity.title = "What one percent more does to the quantum time";
    p->sensitivity.subtitle = "elasticity d ln T / d ln x around the central values";
    p->sensitivity.x_label = "percent";
    size_t count = 0;
    for (uint32_t i = 0; i < r->nsensitivities; i++) {
        if (fabs(r->sensitivities[i].quantum) > 0.005) { /* the others move the crossover alone */
            p->bars[count++] =
                (qn_bar){r->sensitivities[i].name, r->sensitivities[i].quantum, (double)NAN, (double)NAN, NULL};
        }
    }
    p->sensitivity.bars = p->bars;
    p->sensitivity.nbars = count;
}

/* Lines as paragraphs. */
static char *joined(char *const *lines, size_t count)
{
    size_t room = 1;
    for (size_t i = 0; i < count; i++) {
        room += strlen(lines[i]) + 2;
    }
    char *text = malloc(room);
    size_t used = 0;
    if (text != NULL) {
        text[0] = '\0';
        for (size_t i = 0; i < count; i++) {
            const int n = snprintf(text + used, room - used, "%s%s", i > 0 ? "\n\n" : "", lines[i]);
            used += n > 0 ? (size_t)n : 0;
        }
    }
    return text;
}

static void pair(page *p, const char *key, const char *format, ...) QN_PRINTF(3, 4);
static void pair(page *p, const char *key, const char *format, ...)
{
    if (p->npairs == PAIRS) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(p->pair_text[p->npairs], TEXT, format, arguments);
    va_end(arguments);
    p->pairs[p->npairs] = (qn_report_pair){key, p->pair_text[p->npairs]};
    p->npairs++;
}

static void summarise(page *p)
{
    const qn_advise_result *r = p->answer->result;
    char a[64], b[64], line[256];
    pair(p, "verdict", "%s%s%s", qn_verdict_key(r->verdict), r->needs[0] != '\0' ? " " : "", r->needs);
    pair(p, "data loading", "%s", r->loading);
    (void)snprintf(p->lead, sizeof p->lead, "%s", qn_verdict_text(r->verdict));
    if (!isfinite(r->logical.qubits.log10)) {
        pair(p, "facts of", "%s", p->answer->edition);
        return; /* nothing is priced */
    }
    pair(p, "logical qubits", "%s", advise_words(a, sizeof a, r->logical.qubits, NULL));
    pair(p, "gates of one run", "%s Toffoli, %s T", advise_words(a, sizeof a, r->logical.toffoli_count, NULL),
         advise_words(b, sizeof b, r->logical.t_count, NULL));
    pair(p, "quantum time", "%s", advise_range(line, sizeof line, r));
    pair(p, "classical time", "%s: %s", advise_words(a, sizeof a, r->classical.seconds, "s"), r->classical.method);
    if (r->crossover.exists) {
        pair(p, "crossover", "%s %s, after %s", advise_words(a, sizeof a, r->crossover.crossing_size, NULL),
             r->size_name, advise_words(b, sizeof b, r->crossover.seconds, "s"));
    } else {
        pair(p, "crossover", "%s", r->crossover.defined ? "none below the largest size looked at" : "not defined");
    }
    pair(p, "era", "%s", advise_era(line, sizeof line, r));
    if (r->price_a.known) {
        pair(p, "physical qubits, model A", "%s at distance %u, %s a run",
             qn_human(a, sizeof a, r->price_a.physical_qubits, NULL), r->price_a.code_distance,
             qn_human(b, sizeof b, r->price_a.runtime_s, "s"));
    }
    if (r->price_b.known) {
        pair(p, "physical qubits, model B", "%s at distance %u, %s a run",
             qn_human(a, sizeof a, r->price_b.physical_qubits, NULL), r->price_b.code_distance,
             qn_human(b, sizeof b, r->price_b.runtime_s, "s"));
    }
    char stacks[256];
    if (advise_stacks(stacks, sizeof stacks, r)) {
        pair(p, "physical qubits", "%s", stacks);
    }
    pair(p, "facts of", "%s", p->answer->edition);
}

static void add_section(page *p, const qn_report_section *section)
{
    p->sections[p->nsections++] = *section;
}

static qn_status build(page *p, const qn_advice *advice)
{
    const qn_advise_result *r = p->answer->result;
    const bool priced = isfinite(r->logical.qubits.log10);
    p->reasons = joined(r->reasons, r->nreasons);
    p->trace = joined(r->trace, r->ntrace);
    if (p->reasons == NULL || p->trace == NULL) {
        return QN_ERR_MEMORY;
    }
    summarise(p);
    add_section(p, &(qn_report_section){.title = "Why", .text = p->reasons});
    if (priced && r->curve > 0) {
        plot_times(p);
        p->figures[0] = (qn_figure){QN_FIGURE_PLOT, &p->times};
        add_section(p, &(qn_report_section){.title = "At which size", .figures = &p->figures[0], .nfigures = 1});
    }
    if (priced) {
        const qn_status status = plot_hardware(p, advice);
        if (status != QN_OK) {
            return status;
        }
        p->figures[1] = (qn_figure){QN_FIGURE_PLOT, &p->pareto};
        if (p->pareto.nseries > 0) {
            add_section(
                p, &(qn_report_section){.title = "On which hardware",
                                        .figures = &p->figures[1],
                                        .nfigures = 1,
                                        .note = "Newer stacks (yoked storage, cultivation, qLDPC codes) are priced 10 "
                                                "to 400 times lower on paper; the verdict rests on logical counts."});
        }
        const qn_status eras = plot_eras(p, advice);
        if (eras != QN_OK) {
            return eras;
        }
        p->figures[2] = (qn_figure){QN_FIGURE_TIMELINE, &p->timeline};
        add_section(p, &(qn_report_section){.title = "When", .figures = &p->figures[2], .nfigures = 1});
    }
    if (r->nsensitivities > 0) {
        plot_sensitivities(p);
        p->figures[3] = (qn_figure){QN_FIGURE_BARS, &p->sensitivity};
        add_section(p, &(qn_report_section){.title = "What it depends on", .figures = &p->figures[3], .nfigures = 1});
    }
    if (r->ntrace > 0) {
        add_section(p, &(qn_report_section){.title = "How it was computed", .text = p->trace});
    }
    if (r->asymptotic[0] != '\0') {
        add_section(p, &(qn_report_section){.title = "Textbook speed-up (not a forecast)", .note = r->asymptotic});
    }
    return QN_OK;
}

qn_status advise_page_give(const cli_invocation *invocation, const qn_advice *advice, const advise_answer *answer)
{
    const bool pictures =
        cli_value_of(invocation, "plot")->text != NULL || cli_value_of(invocation, "report")->text != NULL;
    char title[96];
    page *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return QN_ERR_MEMORY;
    }
    p->answer = answer;
    (void)snprintf(title, sizeof title, "quern advise %s", answer->result->workload);
    qn_status status = pictures ? build(p, advice) : QN_OK;
    if (status == QN_OK) {
        const bool curve = p->times.nseries > 0;
        const cli_answer shown = {
            .invocation = invocation,
            .title = title,
            .lead = p->lead,
            .input_json = advise_input_json,
            .result_json = advise_result_json,
            .text = advise_text,
            .pairs = p->pairs,
            .npairs = p->npairs,
            .deterministic = answer->options->samples == 0,
            .user = answer,
            .figure = curve                   ? &p->figures[0]
                      : p->timeline.neras > 0 ? &p->figures[2]
                                              : NULL,
            .sections = p->sections,
            .nsections = p->nsections,
        };
        status = cli_answer_give(&shown);
    }
    free(p->reasons);
    free(p->trace);
    free(p);
    return status;
}
