/* answer.c: the frame of every answer. */
#include "answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "terminal.h"

const cli_value *cli_value_of(const cli_invocation *invocation, const char *name)
{
    const cli_command *command = invocation->command;
    for (size_t i = 0; i < command->noptions; i++) {
        if (strcmp(command->options[i].name, name) == 0) {
            return &invocation->values[i];
        }
    }
    (void)fprintf(stderr, "quern: internal error: no option --%s in '%s'\n", name, command->name);
    abort();
}

static bool to_standard_output(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

static void write_json(qn_json *json, const cli_answer *answer)
{
    char schema[64];
    (void)snprintf(schema, sizeof schema, "quern.%s/1", answer->invocation->command->name);
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", schema);
    qn_json_string(json, "version", qn_version());
    if (!answer->deterministic) {
        qn_json_unsigned(json, "seed", cli_value_of(answer->invocation, "seed")->integer);
    }
    if (answer->input_json != NULL) {
        qn_json_begin_object(json, "input");
        answer->input_json(json, answer->user);
        qn_json_end_object(json);
    }
    qn_json_begin_object(json, "result");
    answer->result_json(json, answer->user);
    qn_json_end_object(json);
    if (answer->ledger != NULL) {
        qn_json_ledger(json, "ledger", answer->ledger);
    }
    qn_json_end_object(json);
}

static bool has_picture(const cli_answer *answer)
{
    return answer->nplots > 0 || answer->figure != NULL;
}

static void write_text(qn_text *text, const cli_answer *answer)
{
    const cli_invocation *invocation = answer->invocation;
    const qn_style style = cli_terminal_style();
    answer->text(text, &style, answer->user);
    if (cli_value_of(invocation, "quiet")->given) {
        return;
    }
    if (!answer->deterministic) {
        qn_text_printf(text, "seed %llu\n", (unsigned long long)cli_value_of(invocation, "seed")->integer);
    }
    if (answer->ledger != NULL) {
        qn_text_printf(text, "\n");
        qn_text_ledger(text, answer->ledger, &style);
    }
    const char *plot = has_picture(answer) ? cli_value_of(invocation, "plot")->text : NULL;
    const char *report = cli_value_of(invocation, "report")->text;
    if (plot != NULL || report != NULL) {
        qn_text_printf(text, "\n");
    }
    if (plot != NULL) {
        qn_text_printf(text, "picture: %s\n", plot);
    }
    if (report != NULL) {
        qn_text_printf(text, "report:  %s\n", report);
    }
}

static qn_status write_plot(qn_text *text, const cli_answer *answer)
{
    const qn_figure first = {QN_FIGURE_PLOT, answer->plots};
    qn_text_figure(text, answer->figure != NULL ? answer->figure : &first, true);
    return QN_OK;
}

static qn_status write_page(qn_text *text, const cli_answer *answer)
{
    qn_text *command = NULL;
    const char *line = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_text_create(&command));
    cli_echo_command(command, answer->invocation);
    CLI_TRY(qn_text_finish(command, &line, NULL));
    qn_report_page page = QN_REPORT_PAGE_INIT;
    page.title = answer->title;
    page.lead = answer->lead;
    page.pairs = answer->pairs;
    page.npairs = answer->npairs;
    page.plots = answer->plots;
    page.nplots = answer->nplots;
    page.sections = answer->sections;
    page.nsections = answer->nsections;
    page.ledger = answer->ledger;
    page.command = line;
    qn_text_html(text, &page);
cleanup:
    qn_text_destroy(command);
    return status;
}

static qn_status write_file(const char *path, const cli_answer *answer,
                            qn_status (*write)(qn_text *, const cli_answer *))
{
    qn_text *text = NULL;
    qn_status status = qn_text_create(&text);
    if (status == QN_OK) {
        status = write(text, answer);
        status = status == QN_OK ? cli_write(path, text) : status;
    }
    qn_text_destroy(text);
    return status;
}

qn_status cli_answer_give(const cli_answer *answer)
{
    const char *plot = cli_value_of(answer->invocation, "plot")->text;
    const char *report = cli_value_of(answer->invocation, "report")->text;
    qn_text *text = NULL;
    qn_json *json = NULL;
    qn_status status = QN_OK;
    cli_terminal_clear();
    if (cli_value_of(answer->invocation, "json")->given) {
        CLI_TRY(qn_text_create(&text));
        CLI_TRY(qn_json_create(text, &json));
        write_json(json, answer);
        CLI_TRY(cli_print(text));
    } else if (!to_standard_output(plot) && !to_standard_output(report)) {
        CLI_TRY(qn_text_create(&text));
        write_text(text, answer);
        CLI_TRY(cli_print(text));
    }
    if (plot != NULL && has_picture(answer)) {
        CLI_TRY(write_file(plot, answer, write_plot));
    } else if (plot != NULL) {
        cli_note("this answer has no picture; %s was not written", plot);
    }
    if (report != NULL) {
        CLI_TRY(write_file(report, answer, write_page));
    }
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    return status;
}
