/* interrupt.c: signals become a flag that long work looks at. The flag is the one mutable global of the command: a
 * handler has no other way to say anything. */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile int flag;

static void on_signal(int signal_number)
{
    (void)signal_number;
    if (flag != 0) {
        _exit(130);
    }
    flag = 1;
}

static void end_at_once(int signal_number)
{
    (void)signal_number;
    _exit(130);
}

static void install(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    /* A reader that has seen enough (`| head`) ends us without a word, also when our parent ignores the signal. */
    (void)signal(SIGPIPE, SIG_DFL);
}

void cli_interrupt_install(void)
{
    install(on_signal);
}

void cli_interrupt_at_once(void)
{
    install(end_at_once);
}

const volatile int *cli_interrupt_flag(void)
{
    return &flag;
}
