/* session.c: the context a command runs in. */
#include "session.h"

#include "interrupt.h"
#include "terminal.h"

qn_status cli_session_open(uint64_t threads, bool quiet, qn_context **out)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = threads > UINT32_MAX ? UINT32_MAX : (uint32_t)threads;
    options.interrupt = cli_interrupt_flag();
    options.progress = !quiet && cli_terminal_live() ? cli_terminal_progress : NULL;
    cli_interrupt_install();
    return qn_context_create(&options, out);
}
