/* command_rl.c: `quern rl`: decision processes by value iteration and by its quantum form. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "commands.h"
#include "output.h"
#include "rl_view.h"
#include "session.h"
#include "suggest.h"
#include "table_input.h"

enum {
#define OPTION(id, ...) RL_##id,
#include "options_rl.def"
#undef OPTION
    RL_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_rl.def"
#undef OPTION
};

static const char *const worlds[] = {"gridworld", "frozenlake", "garnet", "table"};
enum { WORLDS = sizeof worlds / sizeof *worlds };

static uint32_t small(uint64_t value)
{
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static qn_status make_process(rl_view *view, const cli_value *values)
{
    const double discount = values[RL_DISCOUNT].real;
    if (strcmp(view->world, "frozenlake") == 0) {
        return qn_mdp_frozen_lake(small(values[RL_SIZE].integer), strcmp(values[RL_SLIPPERY].text, "on") == 0, discount,
                                  &view->mdp);
    }
    if (strcmp(view->world, "gridworld") == 0) {
        return qn_mdp_gridworld(small(values[RL_WIDTH].integer), small(values[RL_HEIGHT].integer), values[RL_SLIP].real,
                                discount, &view->mdp);
    }
    return qn_mdp_garnet(small(values[RL_STATES].integer), small(values[RL_ACTIONS].integer),
                         small(values[RL_BRANCHES].integer), discount, values[RL_SEED].integer, &view->mdp);
}

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

static qn_status solve(rl_view *view, const qn_context *context, const cli_value *values)
{
    qn_status status = QN_OK;
    qn_quantum_iteration_options wanted = QN_QUANTUM_ITERATION_OPTIONS_INIT;
    char samples[32];
    wanted.epsilon = view->epsilon;
    wanted.failure = view->failure;
    wanted.seed = values[RL_SEED].integer;
    CLI_TRY(make_process(view, values));
    /* first, as it refuses what would take too long */
    CLI_TRY(qn_quantum_value_iteration(context, view->mdp, &wanted, &view->quantum));
    CLI_TRY(qn_value_iteration(context, view->mdp, view->epsilon, &view->plain));
    set(&view->ledger.classical_seconds, view->plain->seconds, QN_SOURCE_MEASURED);
    /* the seconds are those of the wanted precision; errors are measured against values far better than that */
    qn_mdp_solution_free(view->plain);
    view->plain = NULL;
    CLI_TRY(qn_value_iteration(context, view->mdp, 1e-9, &view->plain));
    view->plain->seconds = view->ledger.classical_seconds.value;
    CLI_TRY(qn_quantum_iteration_ledger(view->mdp, view->quantum, view->epsilon, &view->ledger));
    if (strcmp(values[RL_SCHEDULE].text, "both") == 0 && !view->quantum->interrupted) {
        wanted.reduced = true;
        const qn_status second = qn_quantum_value_iteration(context, view->mdp, &wanted, &view->reduced);
        if (second == QN_ERR_TOO_LARGE) { /* the plain run is done and stands */
            cli_note("without variance reduction: %s", qn_last_error()->message);
        } else {
            CLI_TRY(second);
        }
    }
    (void)snprintf(view->ledger.classical_method, sizeof view->ledger.classical_method,
                   "value iteration with the model known");
    set(&view->ledger.classical_value, view->plain->value[view->mdp->first], QN_SOURCE_EXACT);
    set(&view->ledger.classical_error, view->epsilon, QN_SOURCE_EXACT);
    set(&view->ledger.answer_error, fabs(view->ledger.answer.value - view->ledger.classical_value.value),
        QN_SOURCE_EXACT); /* of this one state; the largest of all is among the results */
    qn_ledger_add_reason(&view->ledger,
                         "Without the model, sampling needs %s samples for the same promise; the quantum scheme needs "
                         "%.3g queries, each a circuit that must hold the model.",
                         qn_human(samples, sizeof samples, view->quantum->samples, NULL), view->quantum->queries);
cleanup:
    return status;
}

static qn_status look_up(rl_view *view, const qn_context *context, const cli_value *values)
{
    qn_status status = QN_OK;
    CLI_TRY(cli_table_read_real(view->name, &view->table, &view->left_out));
    CLI_TRY(qn_greedy_actions(context, view->table->data, view->table->rows, view->table->columns, view->failure,
                              values[RL_SEED].integer, &view->greedy));
    CLI_TRY(qn_greedy_ledger(view->greedy, view->table->rows, view->table->columns, &view->ledger));
cleanup:
    return status;
}

static qn_status write_policy(const rl_view *view, const char *path)
{
    const size_t count = view->greedy != NULL ? view->table->rows : view->mdp->states;
    const uint32_t *policy = view->greedy != NULL ? view->greedy->action : view->quantum->policy;
    qn_array *array = NULL;
    qn_status status = qn_array_create(count, 1, false, &array);
    for (size_t k = 0; status == QN_OK && k < count; k++) {
        array->data[k] = policy[k];
    }
    status = status == QN_OK ? qn_array_write_npy(path, array) : status;
    qn_array_free(array);
    return status;
}

/* The world that an option belongs to; NULL: all of them. */
static const char *world_of(unsigned option)
{
    switch (option) {
    case RL_SIZE:
    case RL_SLIPPERY:
        return "frozenlake";
    case RL_WIDTH:
    case RL_HEIGHT:
    case RL_SLIP:
        return "gridworld";
    case RL_STATES:
    case RL_ACTIONS:
    case RL_BRANCHES:
        return "garnet";
    default:
        return NULL;
    }
}

static int check_options(const cli_invocation *invocation)
{
    for (unsigned k = 0; k < RL_COUNT; k++) {
        const char *const owner = world_of(k);
        if (invocation->values[k].given && invocation->noperands == 2 &&
            (k == RL_DISCOUNT || k == RL_EPSILON || k == RL_SCHEDULE)) {
            return cli_usage_error(invocation->command, "--%s has no meaning for a table", options[k].name);
        }
        if (invocation->values[k].given && owner != NULL && strcmp(owner, invocation->operands[0]) != 0) {
            return cli_usage_error(invocation->command, "--%s is an option of '%s'; '%s' has none such",
                                   options[k].name, owner, invocation->operands[0]);
        }
    }
    return CLI_EXIT_OK;
}

static int check_usage(const cli_invocation *invocation)
{
    if (invocation->noperands == 0) {
        return cli_usage_error(invocation->command, "which world: gridworld, frozenlake, garnet or table FILE?");
    }
    const char *world = invocation->operands[0];
    cli_suggestion suggestion;
    bool known = false;
    cli_suggest_start(&suggestion, world);
    for (size_t k = 0; k < WORLDS; k++) {
        known = known || strcmp(world, worlds[k]) == 0;
        cli_suggest_offer(&suggestion, worlds[k], strlen(worlds[k]));
    }
    if (!known) {
        char hint[128];
        return cli_usage_error(invocation->command, "unknown world '%s'%s", world,
                               cli_suggest_text(&suggestion, "", hint, sizeof hint));
    }
    const bool table = strcmp(world, "table") == 0;
    if (table != (invocation->noperands == 2)) {
        return cli_usage_error(invocation->command,
                               table ? "a table of action values is read from one FILE" : "'%s' takes no FILE", world);
    }
    const cli_value *const values = invocation->values;
    if (!(values[RL_FAILURE].real > 0 && values[RL_FAILURE].real < 1) || !(values[RL_EPSILON].real > 0)) {
        return cli_usage_error(invocation->command, "--failure lies between 0 and 1, --epsilon above 0");
    }
    return check_options(invocation);
}

static void release(rl_view *view)
{
    if (view != NULL) {
        qn_array_free(view->table);
        qn_array_skipped_free(&view->left_out);
        qn_mdp_free(view->mdp);
        qn_mdp_solution_free(view->plain);
        qn_quantum_iteration_free(view->quantum);
        qn_quantum_iteration_free(view->reduced);
        qn_greedy_free(view->greedy);
        free(view->x);
        free(view->y);
        free(view->reduced_x);
        free(view->reduced_y);
        free(view);
    }
}

static int run(const cli_invocation *invocation)
{
    const cli_value *const values = invocation->values;
    const int usage = check_usage(invocation);
    if (usage != CLI_EXIT_OK) {
        return usage;
    }
    rl_view *view = calloc(1, sizeof *view);
    qn_context *context = NULL;
    qn_status status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    bool interrupted = false;
    CLI_TRY(status);
    view->invocation = invocation;
    view->world = invocation->operands[0];
    view->name = invocation->noperands == 2 ? invocation->operands[1] : NULL;
    view->epsilon = values[RL_EPSILON].real;
    view->failure = values[RL_FAILURE].real;
    qn_ledger_init(&view->ledger);
    (void)snprintf(view->ledger.input, sizeof view->ledger.input, "%.100s",
                   view->name != NULL ? view->name : view->world);
    CLI_TRY(cli_session_open(values[RL_THREADS].integer, values[RL_QUIET].given, &context));
    CLI_TRY(view->name != NULL ? look_up(view, context, values) : solve(view, context, values));
    interrupted =
        (view->quantum != NULL && view->quantum->interrupted) || (view->reduced != NULL && view->reduced->interrupted);
    qn_advise(&view->ledger);
    CLI_TRY(rl_picture(view));
    cli_answer answer = {.invocation = invocation,
                         .title = view->title,
                         .lead = view->subtitle,
                         .input_json = rl_input_json,
                         .result_json = rl_result_json,
                         .text = rl_text,
                         .plots = &view->plot,
                         .nplots = 1,
                         .ledger = &view->ledger,
                         .user = view};
    CLI_TRY(cli_answer_give(&answer));
    if (values[RL_OUTPUT].text != NULL) {
        CLI_TRY(write_policy(view, values[RL_OUTPUT].text));
    }
cleanup:
    release(view);
    qn_context_free(context);
    return status != QN_OK ? cli_library_error(status) : interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
}

const cli_command cli_command_rl = {
    "rl",
    "decision processes by quantum value iteration, greedy actions out of a table",
    "quern rl frozenlake --epsilon 0.05\nquern rl garnet --states 50 --actions 16 --plot error.svg\nquern rl table "
    "q-values.npy",
    "WORLD [FILE]",
    NULL,
    "Solves a decision process (gridworld, frozenlake, garnet) by value iteration whose means come from amplitude "
    "estimation and whose maxima may come from threshold search, with every query of the model counted, beside plain "
    "value "
    "iteration and sampling. 'table FILE' looks up the best action of each row of a table of action values (.csv or "
    ".npy) by "
    "threshold search, with the price of loading the table.",
    options,
    RL_COUNT,
    run};
