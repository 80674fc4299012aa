/* answer.h: the end of every command: an answer with its ledger, as text or JSON, as picture and as page.
 *
 * The command says what is its own (the members of "input" and "result", the lines above the ledger, its pictures); the
 * frame is the same for all. Its option table includes options_answer.def. */
#ifndef CLI_ANSWER_H
#define CLI_ANSWER_H

#include <quern/quern.h>

#include "options.h"

typedef struct cli_answer {
    const cli_invocation *invocation;
    const char *title, *lead; /* of the page; one line each */
    void (*input_json)(qn_json *json, const void *user);
    void (*result_json)(qn_json *json, const void *user);
    void (*text)(qn_text *text, const qn_style *style,
                 const void *user); /* `quiet`: also printed, without the ledger */
    const qn_report_pair *pairs;    /* summary of the page */
    size_t npairs;
    const qn_plot *plots; /* the first one is --plot's */
    size_t nplots;
    const qn_ledger *ledger;           /* judged already (qn_advise); NULL: none */
    bool deterministic;                /* no seed to print */
    const void *user;                  /* what the functions get */
    const qn_figure *figure;           /* for --plot instead of the first plot, or NULL; not on the page by itself */
    const qn_report_section *sections; /* of the page, between its plots and the ledger */
    size_t nsections;
} cli_answer;

/* Prints the answer first, then writes --plot and --report; a picture that cannot be written does not cost the answer.
 */
qn_status cli_answer_give(const cli_answer *answer);

/* Value of an option by its name; it must be in the command's table. */
const cli_value *cli_value_of(const cli_invocation *invocation, const char *name);

#endif
