/* bench_machine.c: `quern bench machine`: measures this machine once, shows it, and stores it. */
#include "bench_machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "machine_file.h"
#include "output.h"
#include "terminal.h"

enum { BAR = 18, RATES = 16 };

/* A qn_progress_fn: a bar, and what is measured now. */
static void show_bar(void *user, const qn_progress *progress)
{
    const bool unicode = *(const bool *)user;
    const uint64_t full = progress->total > 0 ? progress->done * BAR / progress->total : 0;
    (void)fputs("\r\033[K", stderr);
    for (uint64_t i = 0; i < BAR; i++) {
        (void)fputs(i < full ? (unicode ? "\xE2\x96\x88" : "#") : unicode ? "\xE2\x96\x91" : ".", stderr);
    }
    (void)fprintf(stderr, " %llu/%llu  %s", (unsigned long long)progress->done + 1, (unsigned long long)progress->total,
                  progress->stage);
    (void)fflush(stderr);
}

/* On a busy machine every rate is too low, and every comparison too kind to the quantum side. */
static void warn_when_busy(uint32_t threads)
{
    double load[1];
    if (getloadavg(load, 1) == 1 && load[0] > 0.5 * threads) {
        cli_note("this machine was busy in the last minute (load %.1f): its rates may be higher than these", load[0]);
    }
}

static void write_table(qn_text *text, const qn_machine *machine)
{
    static const qn_table_column columns[] = {{"what", false}, {"measured", true}};
    const char *cells[2 * RATES];
    char values[RATES][64];
    const qn_style style = cli_terminal_style();
    size_t count = 0;
    for (; count < qn_machine_rate_count() && count < RATES; count++) {
        const qn_machine_rate *rate = qn_machine_rate_at(count);
        cells[2 * count] = rate->label;
        cells[2 * count + 1] =
            qn_human(values[count], sizeof values[count], qn_machine_rate_get(machine, count), rate->unit);
    }
    qn_text_printf(text, "%s, %u thread%s, %.10s\n\n", machine->cpu, machine->threads, machine->threads == 1 ? "" : "s",
                   machine->date);
    const qn_table table = {columns, 2, cells, count};
    qn_text_table(text, &table, &style);
    if (machine->blas_threads != machine->threads) {
        qn_text_printf(text, "\nmatrix products ran in %u thread%s: OPENBLAS_NUM_THREADS sets it\n",
                       machine->blas_threads, machine->blas_threads == 1 ? "" : "s");
    }
}

static qn_status show(const qn_machine *machine, const char *path, bool json, bool quiet)
{
    qn_text *text = NULL;
    qn_status status = QN_OK;
    if (json || (path != NULL && strcmp(path, "-") == 0)) {
        return qn_machine_write("-", machine);
    }
    CLI_TRY(qn_text_create(&text));
    write_table(text, machine);
    if (path != NULL && !quiet) {
        qn_text_printf(text, "\nstored: %s\n", path);
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_text_destroy(text);
    return status;
}

int bench_machine(uint32_t threads, double seconds, const char *path, bool json, bool quiet)
{
    qn_context *context = NULL;
    qn_machine machine = QN_MACHINE_INIT;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    char stored[4096];
    bool unicode = cli_terminal_style().unicode;
    qn_status status = QN_OK, written = QN_OK;
    options.threads = threads;
    options.interrupt = cli_interrupt_flag();
    options.progress = !quiet && cli_terminal_live() ? show_bar : NULL;
    options.progress_user = &unicode;
    cli_interrupt_install();
    CLI_TRY(qn_context_create(&options, &context));
    if (!quiet) {
        warn_when_busy(qn_context_threads(context));
    }
    status = qn_machine_measure(context, seconds, &machine);
    cli_terminal_clear();
    CLI_TRY(status);
    if (path == NULL) {
        path = cli_machine_path(stored, sizeof stored, true) ? stored : NULL;
        if (path == NULL) {
            cli_note("not stored: neither XDG_CACHE_HOME nor HOME names a folder; --machine FILE does");
        }
    }
    if (path != NULL && strcmp(path, "-") != 0) {
        written = qn_machine_write(path, &machine);
        path = written == QN_OK ? path : NULL;
    }
    if (written != QN_OK) { /* what was measured is shown all the same */
        (void)cli_library_error(written);
    }
    CLI_TRY(show(&machine, path, json, quiet));
cleanup:
    qn_context_free(context);
    return status != QN_OK ? cli_library_error(status) : qn_status_exit_code(written);
}
