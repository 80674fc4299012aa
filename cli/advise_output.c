/* advise_output.c: a weighed workload as JSON and as text. */
#include "advise_output.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool advise_stacks(char *buffer, size_t capacity, const qn_advise_result *r)
{
    char number[64];
    size_t used = 0;
    buffer[0] = '\0';
    for (uint32_t i = 0; i < r->nstacks && used < capacity; i++) {
        if (isfinite(r->stacks[i].physical_qubits)) {
            const int length =
                snprintf(buffer + used, capacity - used, "%s%s %s", used > 0 ? ", " : "by stack: ", r->stacks[i].id,
                         qn_human(number, sizeof number, r->stacks[i].physical_qubits, NULL));
            used += length > 0 ? (size_t)length : 0;
        }
    }
    return used > 0;
}

/* 2^80 rather than 1.209e+24. */
static const char *size_words(char *buffer, size_t capacity, qn_magnitude value)
{
    const double power = value.log10 / log10(2);
    if (power > 20 && fabs(power - round(power)) < 1e-9) {
        (void)snprintf(buffer, capacity, "2^%.0f", power);
        return buffer;
    }
    return advise_words(buffer, capacity, value, NULL);
}

/* Orders of magnitude where the range spans more than two of them: no false digits. */
static const char *range_words(char *buffer, size_t capacity, qn_magnitude value, bool wide)
{
    const double year = 365.25 * 86400;
    if (!wide || !isfinite(value.log10)) {
        return advise_words(buffer, capacity, value, "s");
    }
    const bool years = value.log10 > log10(10 * year);
    (void)snprintf(buffer, capacity, "10^%.0f %s", value.log10 - (years ? log10(year) : 0), years ? "years" : "s");
    return buffer;
}

const char *advise_words(char *buffer, size_t capacity, qn_magnitude value, const char *unit)
{
    const double year = 365.25 * 86400;
    if (isfinite(value.value) && !(unit != NULL && strcmp(unit, "s") == 0 && value.value > 1e4 * year)) {
        return qn_human(buffer, capacity, value.value, unit);
    }
    if (!isfinite(value.log10)) {
        (void)snprintf(buffer, capacity, "unknown");
    } else if (unit != NULL && strcmp(unit, "s") == 0) {
        (void)snprintf(buffer, capacity, "10^%.1f years", value.log10 - log10(year));
    } else {
        (void)snprintf(buffer, capacity, "10^%.1f%s%s", value.log10, unit != NULL ? " " : "", unit != NULL ? unit : "");
    }
    return buffer;
}

const char *advise_range(char *buffer, size_t capacity, const qn_advise_result *r)
{
    char a[64], b[64], d[64];
    const bool wide = r->quantum_seconds.p90.log10 - r->quantum_seconds.p10.log10 > 2;
    (void)snprintf(buffer, capacity, "%s (%s to %s, %s)", range_words(a, sizeof a, r->quantum_seconds.central, wide),
                   range_words(b, sizeof b, r->quantum_seconds.p10, wide),
                   range_words(d, sizeof d, r->quantum_seconds.p90, wide),
                   r->quantum_seconds.sampled ? "10 to 90 % of samples" : "extreme corners");
    return buffer;
}

const char *advise_era(char *buffer, size_t capacity, const qn_advise_result *r)
{
    bool scenario = false;
    for (uint32_t i = 0; i < r->neras; i++) {
        scenario |= r->eras[i].scenario && strcmp(r->eras[i].name, r->era) == 0;
    }
    (void)snprintf(buffer, capacity, "%s%s", r->era, scenario ? " (scenario)" : "");
    return buffer;
}

const char *advise_code(char *buffer, size_t capacity, const qn_advise_result *r)
{
    switch (r->verdict) {
    case QN_VERDICT_HEURISTIC:
        (void)snprintf(buffer, capacity, "HEURISTIC_UNPROVEN");
        return buffer;
    case QN_VERDICT_NEEDS_INPUT:
        (void)snprintf(buffer, capacity, "NEEDS(%s)", r->needs);
        return buffer;
    case QN_VERDICT_POSSIBLE:
        (void)snprintf(buffer, capacity, "POSSIBLE(%s)", r->era);
        return buffer;
    default:
        (void)snprintf(buffer, capacity, "%s", qn_verdict_key(r->verdict));
        for (char *at = buffer; *at != '\0'; at++) {
            *at = (char)(*at == '-' ? '_' : toupper((unsigned char)*at));
        }
        return buffer;
    }
}

void advise_input_json(qn_json *json, const void *user)
{
    const advise_answer *answer = user;
    qn_json_string(json, "workload", answer->result->workload);
    qn_json_begin_object(json, "keys");
    for (size_t i = 0; i < answer->npairs; i++) {
        qn_json_string(json, answer->pairs[i].key, answer->pairs[i].value);
    }
    qn_json_end_object(json);
    qn_json_string(json, "hardware", answer->options->hardware);
    qn_json_string(json, "baseline", answer->options->baseline);
    qn_json_string(json, "baseline_name", answer->result->classical.baseline);
    qn_json_number(json, "budget", answer->options->budget);
    qn_json_string(json, "data_edition", answer->edition);
}

/* A number, and beside it its logarithm, which is there also where no double is. */
static void number(qn_json *json, const char *key, qn_magnitude value)
{
    char name[64];
    qn_json_number(json, key, value.value);
    (void)snprintf(name, sizeof name, "log10_%s", key);
    qn_json_number(json, name, value.log10);
}

static void lines(qn_json *json, const char *key, char *const *items, size_t count)
{
    qn_json_begin_array(json, key);
    for (size_t i = 0; i < count; i++) {
        qn_json_string(json, NULL, items[i]);
    }
    qn_json_end_array(json);
}

static void costs_json(qn_json *json, const qn_advise_result *r)
{
    qn_json_begin_object(json, "logical");
    number(json, "qubits", r->logical.qubits);
    number(json, "t_count", r->logical.t_count);
    number(json, "toffoli_count", r->logical.toffoli_count);
    number(json, "queries", r->logical.queries);
    number(json, "depth", r->logical.depth);
    number(json, "repetitions", r->logical.repetitions);
    qn_json_end_object(json);
    qn_json_string(json, "loading", r->loading);
    qn_json_begin_object(json, "loading_cost");
    number(json, "toffoli", r->loading_cost.toffoli);
    number(json, "t_count", r->loading_cost.t_count);
    number(json, "bits", r->loading_cost.bits);
    number(json, "data_bytes", r->loading_cost.data_bytes);
    number(json, "circuit_seconds", r->loading_cost.circuit_seconds);
    number(json, "bandwidth_seconds", r->loading_cost.bandwidth_seconds);
    qn_json_end_object(json);
    qn_json_begin_object(json, "classical");
    qn_json_string(json, "method", r->classical.method[0] != '\0' ? r->classical.method : NULL);
    number(json, "seconds", r->classical.seconds);
    qn_json_string(json, "baseline", r->classical.baseline);
    qn_json_bool(json, "measured", r->classical.measured);
    qn_json_end_object(json);
}

static void times_json(qn_json *json, const qn_advise_result *r)
{
    qn_json_begin_object(json, "quantum_seconds");
    number(json, "central", r->quantum_seconds.central);
    number(json, "p10", r->quantum_seconds.p10);
    number(json, "p50", r->quantum_seconds.p50);
    number(json, "p90", r->quantum_seconds.p90);
    qn_json_bool(json, "sampled", r->quantum_seconds.sampled);
    qn_json_end_object(json);
    qn_json_begin_object(json, "crossover");
    qn_json_bool(json, "defined", r->crossover.defined);
    qn_json_bool(json, "exists", r->crossover.exists);
    qn_json_string(json, "counts", r->size_name[0] != '\0' ? r->size_name : NULL);
    number(json, "size", r->crossover.crossing_size);
    number(json, "seconds", r->crossover.seconds);
    number(json, "size_p10", r->crossover.size_p10);
    number(json, "size_p90", r->crossover.size_p90);
    number(json, "seconds_p10", r->crossover.seconds_p10);
    number(json, "seconds_p90", r->crossover.seconds_p90);
    qn_json_number(json, "share_of_samples", r->crossover.share);
    number(json, "closed_form_calls", r->crossover.closed_size);
    number(json, "closed_form_seconds", r->crossover.closed_seconds);
    number(json, "largest_size", r->crossover.largest);
    qn_json_end_object(json);
}

static void eras_json(qn_json *json, const qn_advise_result *r)
{
    qn_json_begin_array(json, "eras");
    for (uint32_t i = 0; i < r->neras; i++) {
        const qn_era_fit *era = &r->eras[i];
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "name", era->name);
        qn_json_number(json, "first_year", era->first_year);
        qn_json_number(json, "logical_qubits", era->qubits[1]);
        qn_json_number(json, "operations", era->operations[1]);
        qn_json_bool(json, "fits_pessimistic", era->fits[0]);
        qn_json_bool(json, "fits", era->fits[1]);
        qn_json_bool(json, "fits_optimistic", era->fits[2]);
        qn_json_bool(json, "scenario", era->scenario);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

static void price_json(qn_json *json, const char *key, const qn_advise_price *price)
{
    qn_json_begin_object(json, key);
    qn_json_number(json, "physical_qubits", price->known ? price->physical_qubits : (double)NAN);
    qn_json_number(json, "runtime_seconds", price->known ? price->runtime_s : (double)NAN);
    qn_json_number(json, "code_distance", price->known ? price->code_distance : (double)NAN);
    qn_json_string(json, "note", price->note);
    qn_json_end_object(json);
}

void advise_result_json(qn_json *json, const void *user)
{
    const advise_answer *answer = user;
    const qn_advise_result *r = answer->result;
    char code[160];
    qn_json_string(json, "workload", r->workload);
    qn_json_string(json, "verdict", qn_verdict_key(r->verdict));
    qn_json_string(json, "verdict_code", advise_code(code, sizeof code, r));
    qn_json_string(json, "verdict_text", qn_verdict_text(r->verdict));
    qn_json_string(json, "needs", r->needs[0] != '\0' ? r->needs : NULL);
    lines(json, "reasons", r->reasons, r->nreasons);
    qn_json_string(json, "era", r->era);
    qn_json_number(json, "probability_by_year", r->probability_by_year);
    number(json, "problem_size", r->problem_size);
    costs_json(json, r);
    times_json(json, r);
    eras_json(json, r);
    qn_json_number(json, "toffoli_seconds", r->toffoli_seconds);
    qn_json_string(json, "bound", r->bound);
    qn_json_begin_object(json, "physical");
    price_json(json, "model_a", &r->price_a);
    price_json(json, "model_b", &r->price_b);
    qn_json_begin_object(json, "stacks");
    for (uint32_t i = 0; i < r->nstacks; i++) {
        qn_json_number(json, r->stacks[i].id, r->stacks[i].physical_qubits);
    }
    qn_json_end_object(json);
    qn_json_end_object(json);
    qn_json_begin_array(json, "sensitivities");
    for (uint32_t i = 0; i < r->nsensitivities; i++) {
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "name", r->sensitivities[i].name);
        qn_json_number(json, "quantum_seconds", r->sensitivities[i].quantum);
        qn_json_number(json, "crossover_seconds", r->sensitivities[i].crossover);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_string(json, "speedup_asymptotic", r->asymptotic[0] != '\0' ? r->asymptotic : NULL);
    lines(json, "trace", r->trace, r->ntrace);
}

/* Label and value, the value wrapped under itself. */
static void row(qn_text *text, const qn_style *style, const char *label, const char *value)
{
    const size_t indent = 24, width = (style->width > 40 ? style->width : 80) - indent;
    qn_text_printf(text, "  %-21s ", label);
    bool first = true;
    while (*value != '\0') {
        size_t length = strlen(value);
        if (length > width) {
            length = width;
            while (length > 0 && value[length] != ' ') {
                length--;
            }
            length = length > 0 ? length : strcspn(value, " ");
        }
        qn_text_printf(text, "%*s%.*s\n", first ? 0 : (int)indent, "", (int)length, value);
        value += length;
        value += strspn(value, " ");
        first = false;
    }
    if (first) {
        qn_text_printf(text, "\n");
    }
}

static void heading(qn_text *text, const qn_style *style, const char *words)
{
    qn_text_printf(text, "\n%s%s%s\n", style->color ? "\033[1m" : "", words, style->color ? "\033[0m" : "");
}

static const char *seconds_words(char *buffer, size_t capacity, double seconds)
{
    return advise_words(buffer, capacity, (qn_magnitude){seconds, log10(seconds)}, "s");
}

static void numbers_text(qn_text *text, const qn_style *style, const qn_advise_result *r)
{
    char a[64], b[64], line[512];
    heading(text, style, "One run");
    row(text, style, "logical qubits", advise_words(a, sizeof a, r->logical.qubits, NULL));
    (void)snprintf(line, sizeof line, "%s Toffoli, %s T", advise_words(a, sizeof a, r->logical.toffoli_count, NULL),
                   advise_words(b, sizeof b, r->logical.t_count, NULL));
    row(text, style, "gates", line);
    (void)snprintf(line, sizeof line, "%s queries; %s runs for the answer",
                   advise_words(a, sizeof a, r->logical.queries, NULL),
                   advise_words(b, sizeof b, r->logical.repetitions, NULL));
    row(text, style, "calls", line);
    row(text, style, "data loading", r->loading);
    if (r->price_a.known) {
        (void)snprintf(line, sizeof line, "%s by model A (Beverland), distance %u, %s",
                       qn_human(a, sizeof a, r->price_a.physical_qubits, NULL), r->price_a.code_distance,
                       seconds_words(b, sizeof b, r->price_a.runtime_s));
        row(text, style, "physical qubits", line);
    } else if (r->price_a.note[0] != '\0') {
        (void)snprintf(line, sizeof line, "model A: %s", r->price_a.note);
        row(text, style, "physical qubits", line);
    }
    if (r->price_b.known) {
        (void)snprintf(line, sizeof line, "%s by model B (Gidney-Fowler), distance %u, %s",
                       qn_human(a, sizeof a, r->price_b.physical_qubits, NULL), r->price_b.code_distance,
                       seconds_words(b, sizeof b, r->price_b.runtime_s));
        row(text, style, r->price_a.known ? "" : "physical qubits", line);
    } else if (r->price_b.note[0] != '\0') {
        (void)snprintf(line, sizeof line, "model B: %s", r->price_b.note);
        row(text, style, "", line);
    }
    char stacks[256];
    if (advise_stacks(stacks, sizeof stacks, r)) {
        row(text, style, "", stacks);
    }
    heading(text, style, "Times");
    row(text, style, "quantum", advise_range(line, sizeof line, r));
    /* a time that a paper or the user gave rests on no row of rates */
    const bool rated =
        isfinite(r->classical.seconds.log10) && strstr(r->classical.method, r->classical.baseline) != NULL;
    (void)snprintf(line, sizeof line, "%s: %s%s", advise_words(a, sizeof a, r->classical.seconds, "s"),
                   r->classical.method, rated && !r->classical.measured ? " (typical rates, not measured)" : "");
    row(text, style, "classical", line);
    if (r->crossover.defined && r->crossover.exists) {
        (void)snprintf(line, sizeof line, "%s %s, after %s",
                       advise_words(a, sizeof a, r->crossover.crossing_size, NULL), r->size_name,
                       advise_words(b, sizeof b, r->crossover.seconds, "s"));
    } else if (r->crossover.defined) {
        (void)snprintf(line, sizeof line, "none below %s %s", size_words(a, sizeof a, r->crossover.largest),
                       r->size_name);
    } else {
        (void)snprintf(line, sizeof line, "not defined");
    }
    row(text, style, "crossover", line);
    if (isfinite(r->crossover.share)) {
        (void)snprintf(line, sizeof line, "%.0f %% of samples cross at all", 100 * r->crossover.share);
        row(text, style, "", line);
    }
    if (isfinite(r->crossover.closed_seconds.log10)) {
        (void)snprintf(line, sizeof line, "%s calls, %s by the closed form (arXiv:2011.04149)",
                       advise_words(a, sizeof a, r->crossover.closed_size, NULL),
                       advise_words(b, sizeof b, r->crossover.closed_seconds, "s"));
        row(text, style, "", line);
    }
    row(text, style, "era", advise_era(line, sizeof line, r));
    if (isfinite(r->probability_by_year)) {
        (void)snprintf(line, sizeof line, "%.0f %% that such a machine is there by the year asked for",
                       100 * r->probability_by_year);
        row(text, style, "", line);
    }
}

void advise_text(qn_text *text, const qn_style *style, const void *user)
{
    const advise_answer *answer = user;
    const qn_advise_result *r = answer->result;
    char line[128];
    qn_text_printf(text, "%s%s: %s%s%s%s\n", style->color ? "\033[1m" : "", r->workload, qn_verdict_key(r->verdict),
                   r->needs[0] != '\0' ? " " : "", r->needs, style->color ? "\033[0m" : "");
    qn_text_printf(text, "%s\n", qn_verdict_text(r->verdict));
    for (size_t i = 0; i < r->nreasons; i++) {
        row(text, style, i == 0 ? "because" : "", r->reasons[i]);
    }
    if (r->logical.qubits.log10 == r->logical.qubits.log10) {
        numbers_text(text, style, r);
    } else {
        row(text, style, "data loading", r->loading);
    }
    if (answer->quiet) {
        return;
    }
    if (r->nsensitivities > 0) {
        heading(text, style, "One percent more of");
        for (uint32_t i = 0; i < r->nsensitivities; i++) {
            if (isfinite(r->sensitivities[i].crossover)) {
                (void)snprintf(line, sizeof line, "%+.2f %% quantum time, %+.2f %% crossover time",
                               r->sensitivities[i].quantum, r->sensitivities[i].crossover);
            } else {
                (void)snprintf(line, sizeof line, "%+.2f %% quantum time", r->sensitivities[i].quantum);
            }
            row(text, style, r->sensitivities[i].name, line);
        }
    }
    if (r->ntrace > 0) {
        heading(text, style, "How it was computed");
        for (size_t i = 0; i < r->ntrace; i++) {
            row(text, style, "", r->trace[i]);
        }
    }
    if (r->asymptotic[0] != '\0') {
        heading(text, style, "Textbook speed-up (not a forecast)");
        row(text, style, "", r->asymptotic);
    }
    qn_text_printf(text, "\nfacts of %s\n", answer->edition);
}
