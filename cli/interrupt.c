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

void cli_interrupt_install(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    /* A reader that has seen enough (`| head`) ends us without a word, also when our parent ignores the signal. */
    (void)signal(SIGPIPE, SIG_DFL);
}

const volatile int *cli_interrupt_flag(void)
{
    return &flag;
}
