/* interrupt.h: Ctrl-C. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

/* From now on the first Ctrl-C (or SIGTERM) sets the flag, the second ends the process with 130. */
void cli_interrupt_install(void);
/* The flag, to be given to a context. */
const volatile int *cli_interrupt_flag(void);

#endif
